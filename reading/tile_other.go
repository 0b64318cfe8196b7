//go:build !amd64

package reading

const vector = false

func tileAVX(dst, src, weights, bias *float32, rows, run, line, step, outStep int, floor float32) {
	panic("reading: no vector unit")
}

func pairAVX(dst, src, weights, bias *float32, rows, run, line, step, outStep, block int, floor float32) {
	panic("reading: no vector unit")
}
