package raster

import (
	"encoding/binary"
	"image"
	"math/bits"
)

// Black-and-white scans draw grey, the shading of a header or paper that is not quite white, as dots:
// in a pattern, or where noise happened to cross the threshold. Dots are no ink, but they run along
// rulings and hide them. Averaged, they are the grey that they stand for.
const (
	// screenTile is the edge of the squares in which dots are counted, in pixels.
	screenTile = 16
	// screenShare of a square's pixels stand alone where there are dots: noise at half black has 1 in
	// 16, a pattern more; print and the specks of a poor line have a tenth of that.
	screenShare = 0.04
)

// unscreen averages what is drawn in dots on a page that has black and white alone.
func unscreen(g *image.Gray) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	tw, th := (w+screenTile-1)/screenTile, (h+screenTile-1)/screenTile
	alone := make([]uint16, tw*th)
	for y := 1; y+1 < h; y++ {
		up, row, down := g.Pix[(y-1)*g.Stride:][:w], g.Pix[y*g.Stride:][:w], g.Pix[(y+1)*g.Stride:][:w]
		n := alone[y/screenTile*tw:][:tw]
		// A pixel unlike all four beside it: eight at a time, a difference of black and white has all bits set.
		x := 1
		count := func(end int) {
			for ; x < end; x++ {
				if v := row[x]; v != row[x+1] && v != row[x-1] && v != up[x] && v != down[x] {
					n[x/screenTile]++
				}
			}
		}
		count(min(8, w-1))
		for ; x+9 <= w; x += 8 {
			v := binary.LittleEndian.Uint64(row[x : x+8])
			d := v ^ binary.LittleEndian.Uint64(row[x-1:x+7])
			d &= v ^ binary.LittleEndian.Uint64(row[x+1:x+9])
			d &= v ^ binary.LittleEndian.Uint64(up[x:x+8])
			d &= v ^ binary.LittleEndian.Uint64(down[x:x+8])
			n[x/screenTile] += uint16(bits.OnesCount64(d) / 8)
		}
		count(w - 1)
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
	src := image.NewGray(g.Rect)
	copy(src.Pix, g.Pix)
	// Binomial weights, a deviation of one pixel.
	weights := [5]int{1, 4, 6, 4, 1}
	for i := range m.set {
		// A square that touches one with dots has the rest of them.
		if !m.near(i%tw, i/tw) {
			continue
		}
		box := image.Rect(0, 0, screenTile, screenTile).Add(image.Pt(i%tw*screenTile, i/tw*screenTile)).Intersect(g.Rect)
		for y := box.Min.Y; y < box.Max.Y; y++ {
			for x := box.Min.X; x < box.Max.X; x++ {
				sum := 0
				for j, a := range weights {
					row := src.Pix[min(max(y+j-2, 0), h-1)*src.Stride:]
					for k, b := range weights {
						sum += a * b * int(row[min(max(x+k-2, 0), w-1)])
					}
				}
				g.Pix[y*g.Stride+x] = uint8(sum >> 8)
			}
		}
	}
}
