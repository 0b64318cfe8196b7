#include "textflag.h"

DATA lanes<>+0(SB)/4, $0
DATA lanes<>+4(SB)/4, $1
DATA lanes<>+8(SB)/4, $2
DATA lanes<>+12(SB)/4, $3
DATA lanes<>+16(SB)/4, $4
DATA lanes<>+20(SB)/4, $5
DATA lanes<>+24(SB)/4, $6
DATA lanes<>+28(SB)/4, $7
GLOBL lanes<>(SB), RODATA|NOPTR, $32

// func mixVector(dst, upper, lower *uint8, eights int, u, du, v, dv int32)
//
// Eight pixels at a time, their places between samples in Y0 and Y1, in 65536ths: what between does, to the last bit.
TEXT ·mixVector(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ upper+8(FP), SI
	MOVQ lower+16(FP), DX
	MOVQ eights+24(FP), CX
	VMOVDQU lanes<>(SB), Y8
	MOVL du+36(FP), AX
	VMOVD AX, X2
	VPBROADCASTD X2, Y2
	VPMULLD Y8, Y2, Y0
	MOVL u+32(FP), AX
	VMOVD AX, X9
	VPBROADCASTD X9, Y9
	VPADDD Y9, Y0, Y0
	VPSLLD $3, Y2, Y2
	MOVL dv+44(FP), AX
	VMOVD AX, X3
	VPBROADCASTD X3, Y3
	VPMULLD Y8, Y3, Y1
	MOVL v+40(FP), AX
	VMOVD AX, X9
	VPBROADCASTD X9, Y9
	VPADDD Y9, Y1, Y1
	VPSLLD $3, Y3, Y3
	VPCMPEQD Y4, Y4, Y4
	VPSRLD $31, Y4, Y4
	VPSLLD $23, Y4, Y4 // a half

next:
	VPMOVZXBD (SI), Y5
	VPMOVZXBD 1(SI), Y6
	VPSUBD Y5, Y6, Y6
	VPMULLD Y0, Y6, Y6
	VPSLLD $16, Y5, Y5
	VPADDD Y6, Y5, Y5
	VPSRLD $8, Y5, Y5
	VPMOVZXBD (DX), Y6
	VPMOVZXBD 1(DX), Y7
	VPSUBD Y6, Y7, Y7
	VPMULLD Y0, Y7, Y7
	VPSLLD $16, Y6, Y6
	VPADDD Y7, Y6, Y6
	VPSRLD $8, Y6, Y6
	VPSUBD Y5, Y6, Y6
	VPMULLD Y1, Y6, Y6
	VPSLLD $16, Y5, Y5
	VPADDD Y6, Y5, Y5
	VPADDD Y4, Y5, Y5
	VPSRLD $24, Y5, Y5
	VEXTRACTI128 $1, Y5, X6
	VPACKUSDW X6, X5, X5
	VPACKUSWB X5, X5, X5
	VMOVQ X5, (DI)
	VPADDD Y2, Y0, Y0
	VPADDD Y3, Y1, Y1
	ADDQ $8, SI
	ADDQ $8, DX
	ADDQ $8, DI
	DECQ CX
	JNZ next
	VZEROUPPER
	RET
