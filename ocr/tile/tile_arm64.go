package tile

// Vector: every arm64 has NEON.
const Vector = true

//go:noescape
func tileVector(dst, src *int16, weights *byte, scale, bias *float32, rows, pairs, line, step, outStep int, floor, limit float32)

//go:noescape
func pairVector(dst, src *int16, weights *byte, scale, bias *float32, rows, pairs, line, step, outStep, block int, floor, limit float32)
