//go:build !amd64 && !arm64

package tile

const Vector = false

func tileVector(dst, src *int16, weights *byte, scale, bias *float32, rows, pairs, line, step, outStep int, floor, limit float32) {
	panic("tile: no vector unit")
}

func pairVector(dst, src *int16, weights *byte, scale, bias *float32, rows, pairs, line, step, outStep, block int, floor, limit float32) {
	panic("tile: no vector unit")
}
