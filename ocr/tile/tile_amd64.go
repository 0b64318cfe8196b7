package tile

import "golang.org/x/sys/cpu"

// Vector says whether the machine has AVX2, and its system keeps the registers.
var Vector = cpu.X86.HasAVX2

//go:noescape
func tileVector(dst, src *int16, weights *byte, scale, bias *float32, rows, pairs, line, step, outStep int, floor, limit float32)

//go:noescape
func pairVector(dst, src *int16, weights *byte, scale, bias *float32, rows, pairs, line, step, outStep, block int, floor, limit float32)
