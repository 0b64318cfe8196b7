package raster

import (
	"encoding/binary"
	"image"
	"math/bits"
)

// Black-and-white scans show grey (a shaded header, paper that is not quite white) as dots, either in
// a pattern or wherever noise crossed the threshold. Such dots are no ink, but beside a ruling they
// hide it. The average of the dots is the grey that they stand for.
const (
	// screenTile is the edge of the squares in which dots are counted, in pixels.
	screenTile = 16
	// screenShare of a square's pixels stand alone where there are dots: noise at half black has 1 in
	// 16, a pattern more; print and the specks of a poor line have a tenth of that.
	screenShare = 0.04
)

// unscreen averages what is drawn in dots on a page that has black and white alone, and takes its grain away.
func unscreen(g *image.Gray) {
	white, ok := bilevel(g)
	if !ok {
		return
	}
	ungrain(g, white)
	w, h := white.w, white.h
	tw, th := (w+screenTile-1)/screenTile, (h+screenTile-1)/screenTile
	alone := make([]uint16, tw*th)
	for y := 1; y+1 < h; y++ {
		up, row, down := white.row(y-1), white.row(y), white.row(y+1)
		n := alone[y/screenTile*tw:][:tw]
		for i, v := range row {
			// A pixel unlike all four beside it.
			left, right := beside(row, i)
			d := (v ^ left) & (v ^ right) & (v ^ up[i]) & (v ^ down[i])
			if i == 0 {
				d &^= 1
			}
			if i == len(row)-1 {
				d &= 1<<((w-1)&63) - 1
			}
			for j := i * 64 / screenTile; d != 0; j++ {
				n[j] += uint16(bits.OnesCount64(d & (1<<screenTile - 1)))
				d >>= screenTile
			}
		}
	}
	m := &marks{w: tw, h: th, set: make([]bool, tw*th)}
	found := false
	for i, n := range alone {
		m.set[i] = float64(n) >= screenShare*screenTile*screenTile
		found = found || m.set[i]
	}
	if !found {
		return
	}
	// Binomial weights, a deviation of one pixel.
	weights := [...]int{1, 4, 6, 4, 1}
	const reach = len(weights) / 2
	before := make([]uint8, (screenTile+2*reach)*w) // the rows of a row of squares, and those around, as they were
	row := func(y int) []uint8 { return before[(y+reach)*w:][:w] }
	for ty := range th {
		top := ty * screenTile
		for y := -reach; y < screenTile+reach; y++ {
			if ty > 0 && y < 0 {
				copy(row(y), row(screenTile+y)) // the rows above have been changed
			} else {
				copy(row(y), g.Pix[min(max(top+y, 0), h-1)*g.Stride:])
			}
		}
		for tx := range tw {
			// A square that touches one with dots has the rest of them.
			if !m.near(tx, ty) {
				continue
			}
			for y := range min(screenTile, h-top) {
				for x := tx * screenTile; x < min((tx+1)*screenTile, w); x++ {
					sum := 0
					for j, a := range weights {
						in := row(y + j - reach)
						for k, b := range weights {
							sum += a * b * int(in[min(max(x+k-reach, 0), w-1)])
						}
					}
					g.Pix[(top+y)*g.Stride+x] = uint8(sum >> 8)
				}
			}
		}
	}
}

// bilevel gives the white pixels of a picture; ok is false where it has others than white and black.
func bilevel(g *image.Gray) (white *bitmap, ok bool) {
	white = newBitmap(g.Rect.Dx(), g.Rect.Dy())
	for y := range white.h {
		row, out := g.Pix[y*g.Stride:][:white.w], white.row(y)
		x := 0
		for ; x+8 <= len(row); x += 8 {
			const lowest = 0x0101010101010101
			v := binary.LittleEndian.Uint64(row[x:])
			ones := v & lowest
			if ones*255 != v {
				return nil, false
			}
			out[x>>6] |= gathered(ones) << (x & 63)
		}
		for ; x < len(row); x++ {
			switch row[x] {
			case 0:
			case 255:
				white.set(x, y)
			default:
				return nil, false
			}
		}
	}
	return white, true
}
