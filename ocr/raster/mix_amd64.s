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

// SPREAD gives the places of eight pixels in one direction, from that of the first and the step to the next, and makes the step one of eight.
#define SPREAD(first, steps, X, Y, XSTEP, STEP) \
	MOVL first, AX;\
	VMOVD AX, X;\
	VPBROADCASTD X, Y;\
	MOVL steps, AX;\
	VMOVD AX, XSTEP;\
	VPBROADCASTD XSTEP, STEP;\
	VPMULLD lanes<>(SB), STEP, Y4;\
	VPADDD Y4, Y, Y;\
	VPSLLD $3, STEP, STEP

// START is how both functions begin: places in Y0 and Y1, steps of eight in Y2 and Y3, a half of what is rounded in Y4.
#define START \
	MOVQ dst+0(FP), DI;\
	MOVQ eights+16(FP), CX;\
	SPREAD(x+32(FP), dx+36(FP), X0, Y0, X2, Y2);\
	SPREAD(y+40(FP), dy+44(FP), X1, Y1, X3, Y3);\
	VPCMPEQD Y4, Y4, Y4;\
	VPSRLD $31, Y4, Y4;\
	VPSLLD $23, Y4, Y4

// BESIDE mixes two samples beside each other by the place between them; the result has eight bits more.
#define BESIDE(left, right, place) \
	VPSUBD left, right, right;\
	VPMULLD place, right, right;\
	VPSLLD $16, left, left;\
	VPADDD right, left, left;\
	VPSRLD $8, left, left

// STORE mixes what BESIDE gave of two rows, Y5 above and Y6 below, stores eight pixels, and goes on to the next.
#define STORE(place) \
	VPSUBD Y5, Y6, Y6;\
	VPMULLD place, Y6, Y6;\
	VPSLLD $16, Y5, Y5;\
	VPADDD Y6, Y5, Y5;\
	VPADDD Y4, Y5, Y5;\
	VPSRLD $24, Y5, Y5;\
	VEXTRACTI128 $1, Y5, X6;\
	VPACKUSDW X6, X5, X5;\
	VPACKUSWB X5, X5, X5;\
	VMOVQ X5, (DI);\
	VPADDD Y2, Y0, Y0;\
	VPADDD Y3, Y1, Y1;\
	ADDQ $8, DI

// func mixVector(dst, upper *uint8, eights, stride int, x, dx, y, dy int32)
//
// Eight pixels at a time between one row and the next, x and y the place between the samples: what between does, to the last bit.
TEXT ·mixVector(SB), NOSPLIT, $0-48
	START
	MOVQ upper+8(FP), SI
	MOVQ stride+24(FP), DX
	ADDQ SI, DX

next:
	VPMOVZXBD (SI), Y5
	VPMOVZXBD 1(SI), Y6
	BESIDE(Y5, Y6, Y0)
	VPMOVZXBD (DX), Y6
	VPMOVZXBD 1(DX), Y7
	BESIDE(Y6, Y7, Y0)
	STORE(Y1)
	ADDQ $8, SI
	ADDQ $8, DX
	DECQ CX
	JNZ next
	VZEROUPPER
	RET

// func gatherVector(dst, pix *uint8, eights, stride int, x, dx, y, dy int32)
//
// The same wherever in a picture the places lie: the samples are gathered, four bytes of which two count.
TEXT ·gatherVector(SB), NOSPLIT, $0-48
	START
	MOVQ pix+8(FP), SI
	MOVQ stride+24(FP), DX
	VMOVD DX, X9
	VPBROADCASTD X9, Y9
	ADDQ SI, DX
	VPCMPEQD Y10, Y10, Y10
	VPSRLD $24, Y10, Y11 // a sample
	VPSRLD $16, Y10, Y10 // a place between samples

again:
	VPSRAD $16, Y1, Y12
	VPMULLD Y9, Y12, Y12
	VPSRAD $16, Y0, Y13
	VPADDD Y13, Y12, Y12
	VPAND Y10, Y0, Y13
	VPAND Y10, Y1, Y14
	VPCMPEQD Y15, Y15, Y15
	VPGATHERDD Y15, (SI)(Y12*1), Y7
	VPAND Y11, Y7, Y5
	VPSRLD $8, Y7, Y7
	VPAND Y11, Y7, Y7
	BESIDE(Y5, Y7, Y13)
	VPCMPEQD Y15, Y15, Y15
	VPGATHERDD Y15, (DX)(Y12*1), Y7
	VPAND Y11, Y7, Y6
	VPSRLD $8, Y7, Y7
	VPAND Y11, Y7, Y7
	BESIDE(Y6, Y7, Y13)
	STORE(Y14)
	DECQ CX
	JNZ again
	VZEROUPPER
	RET
