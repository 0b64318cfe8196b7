#include "textflag.h"

// Distances (line, step, outStep, block) are in bytes. A kernel's inputs go in pairs, as their weights lie in the file: VLD2 parts the
// weights of a pair's first value from those of its second, for eight channels, and SMLAL adds the products of four channels with one
// value to their sums. What Go's assembler has no name for is written as its number.

#define SMLAL(d, n, m, i) WORD $(0x0F402000 | i<<20 | m<<16 | n<<5 | d)  // d.S4 += n.H4 × m.H[i]: the lower four channels
#define SMLAL2(d, n, m, i) WORD $(0x4F402000 | i<<20 | m<<16 | n<<5 | d) // the upper four
#define SCVTF(d) WORD $(0x4E21D800 | d<<5 | d)                           // whole numbers to floats
#define FMUL(d, m) WORD $(0x6E20DC00 | m<<16 | d<<5 | d)                 // d ×= m
#define FADD(d, m) WORD $(0x4E20D400 | m<<16 | d<<5 | d)                 // d += m
#define FMAX(d, m) WORD $(0x4E20F400 | m<<16 | d<<5 | d)
#define FMIN(d, m) WORD $(0x4EA0F400 | m<<16 | d<<5 | d)
#define FCVTNS(d) WORD $(0x4E21A800 | d<<5 | d)                          // to the nearest whole number, of two to the even one
#define SQXTN(d, n) WORD $(0x0E614800 | n<<5 | d)                        // 32 bits to 16: the lower four
#define SQXTN2(d, n) WORD $(0x4E614800 | n<<5 | d)                       // the upper four

// ADD8 adds the products of a pair, the two values in register x, with the weights a and b of eight channels.
#define ADD8(x, a, b, low, high) \
	SMLAL(low, a, x, 0); \
	SMLAL2(high, a, x, 0); \
	SMLAL(low, b, x, 1); \
	SMLAL2(high, b, x, 1)

// FINISH makes outputs of sums: sum × scale + bias, no less than V14 and no more than V15, in whole numbers. Product and sum are two
// instructions on purpose (see tile.finish).
#define FINISH(sum, scale, bias) \
	SCVTF(sum); \
	FMUL(sum, scale); \
	FADD(sum, bias); \
	FMAX(sum, 14); \
	FMIN(sum, 15); \
	FCVTNS(sum)

// FINISH8 makes outputs of eight channels in one register of their sums in two, with the scales V8 and V9 and the biases V10 and V11.
#define FINISH8(low, high) \
	FINISH(low, 8, 10); \
	FINISH(high, 9, 11); \
	SQXTN(low, low); \
	SQXTN2(low, high)

#define ZERO4(a, b, c, d) \
	VEOR a.B16, a.B16, a.B16; \
	VEOR b.B16, b.B16, b.B16; \
	VEOR c.B16, c.B16, c.B16; \
	VEOR d.B16, d.B16, d.B16

// func tileVector(dst, src *int16, weights *byte, scale, bias *float32, rows, pairs, line, step, outStep int, floor, limit float32)
//
// Four output pixels of eight channels: the sums of the first in V16 and V17, of the last in V22 and V23.
TEXT ·tileVector(SB), NOSPLIT, $0-88
	MOVD dst+0(FP), R0
	MOVD src+8(FP), R1
	MOVD weights+16(FP), R2
	MOVD rows+40(FP), R5
	MOVD pairs+48(FP), R6
	MOVD line+56(FP), R7
	MOVD step+64(FP), R8
	MOVD outStep+72(FP), R9
	ZERO4(V16, V17, V18, V19)
	ZERO4(V20, V21, V22, V23)

row:
	MOVD R1, R10
	ADD  R8, R10, R11
	ADD  R8, R11, R12
	ADD  R8, R12, R13
	MOVD R6, R14

next:
	VLD2.P 32(R2), [V0.H8, V1.H8]
	FMOVS.P 4(R10), F4
	FMOVS.P 4(R11), F5
	FMOVS.P 4(R12), F6
	FMOVS.P 4(R13), F7
	ADD8(4, 0, 1, 16, 17)
	ADD8(5, 0, 1, 18, 19)
	ADD8(6, 0, 1, 20, 21)
	ADD8(7, 0, 1, 22, 23)
	SUBS $1, R14, R14
	BNE  next
	ADD  R7, R1, R1
	SUBS $1, R5, R5
	BNE  row

	MOVD  scale+24(FP), R3
	MOVD  bias+32(FP), R4
	MOVD  $floor+80(FP), R5
	MOVD  $limit+84(FP), R6
	VLD1R (R5), [V14.S4]
	VLD1R (R6), [V15.S4]
	VLD1.P 32(R3), [V8.S4, V9.S4]
	VLD1.P 32(R4), [V10.S4, V11.S4]
	FINISH8(16, 17)
	VST1 [V16.H8], (R0)
	ADD  R9, R0, R0
	FINISH8(18, 19)
	VST1 [V18.H8], (R0)
	ADD  R9, R0, R0
	FINISH8(20, 21)
	VST1 [V20.H8], (R0)
	ADD  R9, R0, R0
	FINISH8(22, 23)
	VST1 [V22.H8], (R0)
	RET

// func pairVector(dst, src *int16, weights *byte, scale, bias *float32, rows, pairs, line, step, outStep, block int, floor, limit float32)
//
// Four output pixels of sixteen channels, the weights of the upper eight block bytes after those of the lower: the sums of the first in
// V16 to V19, of the last in V28 to V31. Each value is loaded once for both.
TEXT ·pairVector(SB), NOSPLIT, $0-96
	MOVD dst+0(FP), R0
	MOVD src+8(FP), R1
	MOVD weights+16(FP), R2
	MOVD rows+40(FP), R5
	MOVD pairs+48(FP), R6
	MOVD line+56(FP), R7
	MOVD step+64(FP), R8
	MOVD outStep+72(FP), R9
	MOVD block+80(FP), R15
	ADD  R2, R15, R15
	ZERO4(V16, V17, V18, V19)
	ZERO4(V20, V21, V22, V23)
	ZERO4(V24, V25, V26, V27)
	ZERO4(V28, V29, V30, V31)

row:
	MOVD R1, R10
	ADD  R8, R10, R11
	ADD  R8, R11, R12
	ADD  R8, R12, R13
	MOVD R6, R14

next:
	VLD2.P 32(R2), [V0.H8, V1.H8]
	VLD2.P 32(R15), [V2.H8, V3.H8]
	FMOVS.P 4(R10), F4
	FMOVS.P 4(R11), F5
	FMOVS.P 4(R12), F6
	FMOVS.P 4(R13), F7
	ADD8(4, 0, 1, 16, 17)
	ADD8(4, 2, 3, 18, 19)
	ADD8(5, 0, 1, 20, 21)
	ADD8(5, 2, 3, 22, 23)
	ADD8(6, 0, 1, 24, 25)
	ADD8(6, 2, 3, 26, 27)
	ADD8(7, 0, 1, 28, 29)
	ADD8(7, 2, 3, 30, 31)
	SUBS $1, R14, R14
	BNE  next
	ADD  R7, R1, R1
	SUBS $1, R5, R5
	BNE  row

	MOVD  scale+24(FP), R3
	MOVD  bias+32(FP), R4
	MOVD  $floor+88(FP), R5
	MOVD  $limit+92(FP), R6
	VLD1R (R5), [V14.S4]
	VLD1R (R6), [V15.S4]
	VLD1.P 32(R3), [V8.S4, V9.S4]
	VLD1.P 32(R4), [V10.S4, V11.S4]
	FINISH8(16, 17)
	FINISH8(20, 21)
	FINISH8(24, 25)
	FINISH8(28, 29)
	VLD1 (R3), [V8.S4, V9.S4]
	VLD1 (R4), [V10.S4, V11.S4]
	FINISH8(18, 19)
	FINISH8(22, 23)
	FINISH8(26, 27)
	FINISH8(30, 31)
	VMOV V18.B16, V17.B16 // a store wants neighbours
	VMOV V22.B16, V21.B16
	VMOV V26.B16, V25.B16
	VMOV V30.B16, V29.B16
	VST1 [V16.H8, V17.H8], (R0)
	ADD  R9, R0, R0
	VST1 [V20.H8, V21.H8], (R0)
	ADD  R9, R0, R0
	VST1 [V24.H8, V25.H8], (R0)
	ADD  R9, R0, R0
	VST1 [V28.H8, V29.H8], (R0)
	RET
