package raster

import "golang.org/x/sys/cpu"

// mixes says whether the machine has AVX2, and its system keeps the registers.
var mixes = cpu.X86.HasAVX2

//go:noescape
func mixVector(dst, upper *uint8, eights, stride int, x, dx, y, dy int32)

//go:noescape
func gatherVector(dst, pix *uint8, eights, stride int, x, dx, y, dy int32)
