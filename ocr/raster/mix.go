package raster

import (
	"encoding/binary"
	"math"
)

// one is the distance of two samples, in the unit of places between them.
const one = 1 << 16

// place is one in a picture and the step to the next, in 65536ths of a sample.
type place struct{ x, y, dx, dy int }

// level says that n places from p on lie between the same two rows, each between the next two samples of them.
func (p place) level(n int) bool {
	u, v := p.x&(one-1), p.y&(one-1)
	lu, lv := u+(n-1)*(p.dx-one), v+(n-1)*p.dy
	return uint(lu) < one && uint(lv) < one
}

// mix draws a stretch of pixels whose places lie within a picture, stride samples to a row, so that each has four samples around it.
func mix(dst, pix []uint8, stride int, p place) {
	if n := len(dst) &^ 7; mixes && n > 0 {
		end := max(p.y, p.y+(n-1)*p.dy)>>16*stride + max(p.x, p.x+(n-1)*p.dx)>>16 // of the last pixel's samples, or behind it
		switch {
		case p.level(n):
			at := p.y>>16*stride + p.x>>16
			_ = pix[at+stride+n] // the last sample
			mixVector(&dst[0], &pix[at], n/8, stride, int32(p.x&(one-1)), int32(p.dx-one), int32(p.y&(one-1)), int32(p.dy))
		case end+stride+4 <= len(pix) && max(p.x, p.y)+n*one < math.MaxInt32: // four bytes are gathered at once
			gatherVector(&dst[0], &pix[0], n/8, stride, int32(p.x), int32(p.dx), int32(p.y), int32(p.dy))
		default:
			n = 0
		}
		dst = dst[n:]
		p.x, p.y = p.x+n*p.dx, p.y+n*p.dy
	}
	p.each(dst, pix, stride)
}

// each is mix, one pixel after the other.
func (p place) each(dst, pix []uint8, stride int) {
	for i := range dst {
		x, y := p.x+i*p.dx, p.y+i*p.dy
		at := y>>16*stride + x>>16
		upper, lower := binary.LittleEndian.Uint16(pix[at:]), binary.LittleEndian.Uint16(pix[at+stride:])
		dst[i] = between(upper, lower, x&(one-1), y&(one-1))
	}
}

// between mixes four samples, two beside each other in a word, by the place between them in 65536ths.
func between(upper, lower uint16, u, v int) uint8 {
	mixed := func(w uint16) int { left := int(w & 255); return (left<<16 + (int(w>>8)-left)*u) >> 8 }
	a := mixed(upper)
	return uint8((a<<16 + (mixed(lower)-a)*v + 1<<23) >> 24)
}
