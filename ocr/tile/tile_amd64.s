#include "textflag.h"

// Distances (line, step, outStep, block) are in bytes. A kernel's inputs go in pairs: one instruction multiplies two of them with
// their weights in each of eight channels and adds the two products, the next adds that to the sums.

// FINISH makes outputs of sums: sum × scale + bias, no less than Y14 and no more than Y15, in whole numbers. Product and sum are two
// instructions on purpose (see tile.finish).
#define FINISH(sum, scale, bias) \
	VCVTDQ2PS sum, sum;\
	VMULPS    scale, sum, sum;\
	VADDPS    bias, sum, sum;\
	VMAXPS    Y14, sum, sum;\
	VMINPS    Y15, sum, sum;\
	VCVTPS2DQ sum, sum

// func tileVector(dst, src *int16, weights *byte, scale, bias *float32, rows, pairs, line, step, outStep int, floor, limit float32)
//
// Four output pixels of eight channels: Y0 to Y3.
TEXT ·tileVector(SB), NOSPLIT, $0-88
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ weights+16(FP), DX
	MOVQ rows+40(FP), R8
	MOVQ pairs+48(FP), R9
	MOVQ line+56(FP), R10
	MOVQ step+64(FP), R11
	MOVQ outStep+72(FP), R12
	LEAQ (R11)(R11*2), R13
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3

row:
	MOVQ SI, BX
	MOVQ R9, CX

next:
	VMOVDQU (DX), Y4
	VPBROADCASTD (BX), Y5
	VPBROADCASTD (BX)(R11*1), Y6
	VPBROADCASTD (BX)(R11*2), Y7
	VPBROADCASTD (BX)(R13*1), Y8
	VPMADDWD Y4, Y5, Y5
	VPMADDWD Y4, Y6, Y6
	VPMADDWD Y4, Y7, Y7
	VPMADDWD Y4, Y8, Y8
	VPADDD Y5, Y0, Y0
	VPADDD Y6, Y1, Y1
	VPADDD Y7, Y2, Y2
	VPADDD Y8, Y3, Y3
	ADDQ $32, DX
	ADDQ $4, BX
	DECQ CX
	JNZ next
	ADDQ R10, SI
	DECQ R8
	JNZ row

	MOVQ scale+24(FP), AX
	VMOVUPS (AX), Y12
	MOVQ bias+32(FP), AX
	VMOVUPS (AX), Y13
	VBROADCASTSS floor+80(FP), Y14
	VBROADCASTSS limit+84(FP), Y15
	LEAQ (R12)(R12*2), R13
	FINISH(Y0, Y12, Y13)
	VEXTRACTI128 $1, Y0, X5
	VPACKSSDW X5, X0, X0
	VMOVDQU X0, (DI)
	FINISH(Y1, Y12, Y13)
	VEXTRACTI128 $1, Y1, X5
	VPACKSSDW X5, X1, X1
	VMOVDQU X1, (DI)(R12*1)
	FINISH(Y2, Y12, Y13)
	VEXTRACTI128 $1, Y2, X5
	VPACKSSDW X5, X2, X2
	VMOVDQU X2, (DI)(R12*2)
	FINISH(Y3, Y12, Y13)
	VEXTRACTI128 $1, Y3, X5
	VPACKSSDW X5, X3, X3
	VMOVDQU X3, (DI)(R13*1)
	VZEROUPPER
	RET

// func pairVector(dst, src *int16, weights *byte, scale, bias *float32, rows, pairs, line, step, outStep, block int, floor, limit float32)
//
// Four output pixels of sixteen channels, the weights of the upper eight block bytes after those of the lower: Y0 to Y3 and Y4 to Y7.
// Eight sums keep the adders busy where four wait for one another.
TEXT ·pairVector(SB), NOSPLIT, $0-96
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ weights+16(FP), DX
	MOVQ rows+40(FP), R8
	MOVQ pairs+48(FP), R9
	MOVQ line+56(FP), R10
	MOVQ step+64(FP), R11
	MOVQ outStep+72(FP), R12
	MOVQ block+80(FP), AX
	LEAQ (R11)(R11*2), R13
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7

row:
	MOVQ SI, BX
	MOVQ R9, CX

next:
	VMOVDQU (DX), Y8
	VMOVDQU (DX)(AX*1), Y9
	VPBROADCASTD (BX), Y10
	VPMADDWD Y8, Y10, Y11
	VPMADDWD Y9, Y10, Y10
	VPADDD Y11, Y0, Y0
	VPADDD Y10, Y4, Y4
	VPBROADCASTD (BX)(R11*1), Y12
	VPMADDWD Y8, Y12, Y13
	VPMADDWD Y9, Y12, Y12
	VPADDD Y13, Y1, Y1
	VPADDD Y12, Y5, Y5
	VPBROADCASTD (BX)(R11*2), Y10
	VPMADDWD Y8, Y10, Y11
	VPMADDWD Y9, Y10, Y10
	VPADDD Y11, Y2, Y2
	VPADDD Y10, Y6, Y6
	VPBROADCASTD (BX)(R13*1), Y12
	VPMADDWD Y8, Y12, Y13
	VPMADDWD Y9, Y12, Y12
	VPADDD Y13, Y3, Y3
	VPADDD Y12, Y7, Y7
	ADDQ $32, DX
	ADDQ $4, BX
	DECQ CX
	JNZ next
	ADDQ R10, SI
	DECQ R8
	JNZ row

	MOVQ scale+24(FP), AX
	VMOVUPS (AX), Y10
	VMOVUPS 32(AX), Y11
	MOVQ bias+32(FP), AX
	VMOVUPS (AX), Y12
	VMOVUPS 32(AX), Y13
	VBROADCASTSS floor+88(FP), Y14
	VBROADCASTSS limit+92(FP), Y15
	LEAQ (R12)(R12*2), R13
	FINISH(Y0, Y10, Y12)
	FINISH(Y4, Y11, Y13)
	VPACKSSDW Y4, Y0, Y0
	VPERMQ $0xD8, Y0, Y0 // packing goes half by half
	VMOVDQU Y0, (DI)
	FINISH(Y1, Y10, Y12)
	FINISH(Y5, Y11, Y13)
	VPACKSSDW Y5, Y1, Y1
	VPERMQ $0xD8, Y1, Y1 // packing goes half by half
	VMOVDQU Y1, (DI)(R12*1)
	FINISH(Y2, Y10, Y12)
	FINISH(Y6, Y11, Y13)
	VPACKSSDW Y6, Y2, Y2
	VPERMQ $0xD8, Y2, Y2 // packing goes half by half
	VMOVDQU Y2, (DI)(R12*2)
	FINISH(Y3, Y10, Y12)
	FINISH(Y7, Y11, Y13)
	VPACKSSDW Y7, Y3, Y3
	VPERMQ $0xD8, Y3, Y3 // packing goes half by half
	VMOVDQU Y3, (DI)(R13*1)
	VZEROUPPER
	RET
