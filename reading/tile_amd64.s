#include "textflag.h"

// func tileAVX(dst, src, weights, bias *float32, rows, run, line, step, outStep int, floor float32)
//
// Four output pixels of eight channels: Y0 to Y3. Product and sum are two instructions on purpose (see tile.apply).
TEXT ·tileAVX(SB), NOSPLIT, $0-76
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ weights+16(FP), DX
	MOVQ bias+24(FP), AX
	MOVQ rows+32(FP), R8
	MOVQ run+40(FP), R9
	MOVQ line+48(FP), R10
	MOVQ step+56(FP), R11
	MOVQ outStep+64(FP), R12
	VBROADCASTSS floor+72(FP), Y15
	SHLQ $2, R10
	SHLQ $2, R11
	SHLQ $2, R12
	LEAQ (R11)(R11*2), R13
	VMOVUPS (AX), Y0
	VMOVAPS Y0, Y1
	VMOVAPS Y0, Y2
	VMOVAPS Y0, Y3

row:
	MOVQ SI, BX
	MOVQ R9, CX

next:
	VMOVUPS (DX), Y4
	VBROADCASTSS (BX), Y5
	VBROADCASTSS (BX)(R11*1), Y6
	VBROADCASTSS (BX)(R11*2), Y7
	VBROADCASTSS (BX)(R13*1), Y8
	VMULPS Y4, Y5, Y5
	VMULPS Y4, Y6, Y6
	VMULPS Y4, Y7, Y7
	VMULPS Y4, Y8, Y8
	VADDPS Y5, Y0, Y0
	VADDPS Y6, Y1, Y1
	VADDPS Y7, Y2, Y2
	VADDPS Y8, Y3, Y3
	ADDQ $32, DX
	ADDQ $4, BX
	DECQ CX
	JNZ next
	ADDQ R10, SI
	DECQ R8
	JNZ row

	VMAXPS Y15, Y0, Y0
	VMAXPS Y15, Y1, Y1
	VMAXPS Y15, Y2, Y2
	VMAXPS Y15, Y3, Y3
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, (DI)(R12*1)
	VMOVUPS Y2, (DI)(R12*2)
	LEAQ (R12)(R12*2), R13
	VMOVUPS Y3, (DI)(R13*1)
	VZEROUPPER
	RET

// func pairAVX(dst, src, weights, bias *float32, rows, run, line, step, outStep, block int, floor float32)
//
// Four output pixels of sixteen channels, whose weights lie block values apart: Y0 to Y3 and Y4 to Y7. Eight sums keep the
// adders busy where four wait for one another; each sum is made as tileAVX makes it.
TEXT ·pairAVX(SB), NOSPLIT, $0-84
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ weights+16(FP), DX
	MOVQ bias+24(FP), AX
	MOVQ rows+32(FP), R8
	MOVQ run+40(FP), R9
	MOVQ line+48(FP), R10
	MOVQ step+56(FP), R11
	MOVQ outStep+64(FP), R12
	VBROADCASTSS floor+80(FP), Y15
	VMOVUPS (AX), Y0
	VMOVUPS 32(AX), Y4
	MOVQ block+72(FP), AX
	SHLQ $2, AX
	SHLQ $2, R10
	SHLQ $2, R11
	SHLQ $2, R12
	LEAQ (R11)(R11*2), R13
	VMOVAPS Y0, Y1
	VMOVAPS Y4, Y5
	VMOVAPS Y0, Y2
	VMOVAPS Y4, Y6
	VMOVAPS Y0, Y3
	VMOVAPS Y4, Y7

row:
	MOVQ SI, BX
	MOVQ R9, CX

next:
	VMOVUPS (DX), Y8
	VMOVUPS (DX)(AX*1), Y9
	VBROADCASTSS (BX), Y10
	VMULPS Y8, Y10, Y11
	VMULPS Y9, Y10, Y10
	VADDPS Y11, Y0, Y0
	VADDPS Y10, Y4, Y4
	VBROADCASTSS (BX)(R11*1), Y12
	VMULPS Y8, Y12, Y13
	VMULPS Y9, Y12, Y12
	VADDPS Y13, Y1, Y1
	VADDPS Y12, Y5, Y5
	VBROADCASTSS (BX)(R11*2), Y10
	VMULPS Y8, Y10, Y11
	VMULPS Y9, Y10, Y10
	VADDPS Y11, Y2, Y2
	VADDPS Y10, Y6, Y6
	VBROADCASTSS (BX)(R13*1), Y12
	VMULPS Y8, Y12, Y13
	VMULPS Y9, Y12, Y12
	VADDPS Y13, Y3, Y3
	VADDPS Y12, Y7, Y7
	ADDQ $32, DX
	ADDQ $4, BX
	DECQ CX
	JNZ next
	ADDQ R10, SI
	DECQ R8
	JNZ row

	LEAQ (R12)(R12*2), R13
	VMAXPS Y15, Y0, Y0
	VMAXPS Y15, Y1, Y1
	VMAXPS Y15, Y2, Y2
	VMAXPS Y15, Y3, Y3
	VMAXPS Y15, Y4, Y4
	VMAXPS Y15, Y5, Y5
	VMAXPS Y15, Y6, Y6
	VMAXPS Y15, Y7, Y7
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, (DI)(R12*1)
	VMOVUPS Y2, (DI)(R12*2)
	VMOVUPS Y3, (DI)(R13*1)
	VMOVUPS Y4, 32(DI)
	VMOVUPS Y5, 32(DI)(R12*1)
	VMOVUPS Y6, 32(DI)(R12*2)
	VMOVUPS Y7, 32(DI)(R13*1)
	VZEROUPPER
	RET

// func cpuid(leaf uint32) (ecx uint32)
TEXT ·cpuid(SB), NOSPLIT, $0-12
	MOVL leaf+0(FP), AX
	XORL CX, CX
	CPUID
	MOVL CX, ecx+8(FP)
	RET

// func xgetbv() (eax uint32)
TEXT ·xgetbv(SB), NOSPLIT, $0-4
	XORL CX, CX
	XGETBV
	MOVL AX, eax+0(FP)
	RET
