//go:build !amd64

package raster

const mixes = false

func mixVector(dst, upper *uint8, eights, stride int, x, dx, y, dy int32) {
	panic("raster: no vector unit")
}

func gatherVector(dst, pix *uint8, eights, stride int, x, dx, y, dy int32) {
	panic("raster: no vector unit")
}
