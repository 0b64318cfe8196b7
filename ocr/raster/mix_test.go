package raster

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// TestMix holds that a stretch is drawn the same, to the last bit, eight pixels at a time and one by one.
func TestMix(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const w, h = 64, 40
	pix := make([]uint8, w*h)
	fast := 0
	for range 6000 {
		for i := range pix {
			pix[i] = uint8(r.IntN(256))
			if r.IntN(8) == 0 {
				pix[i] = 255 * uint8(r.IntN(2))
			}
		}
		p := place{x: one + r.IntN(4*one), y: 3*one + r.IntN(one), dx: one + r.IntN(2001) - 1000, dy: r.IntN(2001) - 1000}
		dst := make([]uint8, 1+r.IntN(34))
		if r.IntN(3) == 0 { // the page is turned
			p.y, p.dx, p.dy = one+r.IntN(one), p.dy, p.dx
			if r.IntN(2) == 0 {
				p.x, p.dx = 40*one+p.x, -p.dx
				p.y, p.dy = (h-4)*one+p.y, -p.dy
			}
			dst = dst[:min(len(dst), h-5)]
		}
		if mixes && len(dst) >= 8 && p.level(len(dst)&^7) {
			fast++
		}
		mix(dst, pix, w, p)
		for i, got := range dst {
			x, y := p.x+i*p.dx, p.y+i*p.dy
			at := y>>16*w + x>>16
			want := between(binary.LittleEndian.Uint16(pix[at:]), binary.LittleEndian.Uint16(pix[at+w:]), x&(one-1), y&(one-1))
			if got != want {
				t.Fatalf("pixel %d of %d from %+v is %d, want %d", i, len(dst), p, got, want)
			}
		}
	}
	if mixes && fast < 300 {
		t.Errorf("only %d stretches were drawn eight pixels at a time", fast)
	}
}
