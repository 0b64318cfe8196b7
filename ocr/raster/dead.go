package raster

import "image"

const (
	// A dead sensor cell draws a line over at least deadShare of the scan's length. The borders of
	// tables are shorter, since pages have margins.
	deadShare = 0.98
	// maxDead is the most dead lines of a scan. Where more are found, they are the rulings of a table
	// that was cut out of its page without margins.
	maxDead = 3
	// deadWidth is the width of the widest dead line, in pixels. Beside it there must be paper in most
	// places.
	deadWidth, deadPaper = 4, 0.6
)

// deadLines finds the lines that a scanner's dead cells leave in its direction of travel: ranges of
// rows, from and up to, that are dark from one end of the ink to the other.
func deadLines(ink *bitmap) [][2]int {
	dark := make([]int, ink.h)
	for y := range dark {
		dark[y] = ink.count(y, 0, ink.w)
	}
	light := func(y int) bool {
		return y < 0 || y >= ink.h || float64(dark[y]) < deadPaper*float64(ink.w)
	}
	var out [][2]int
	for y := 0; y < ink.h; y++ {
		if float64(dark[y]) < deadShare*float64(ink.w) {
			continue
		}
		a := y
		for y+1 < ink.h && !light(y+1) {
			y++
		}
		for a > 0 && !light(a-1) {
			a--
		}
		if y+1-a <= deadWidth {
			out = append(out, [2]int{a, y + 1})
		}
	}
	if len(out) > maxDead {
		return nil
	}
	return out
}

// mend takes dead lines, ranges of rows of ink, out of it. What crosses them stays.
func (b *bitmap) mend(dead [][2]int) {
	for _, d := range dead {
		for i := range b.stride {
			above, below := ^uint64(0), ^uint64(0)
			if d[0] > 0 {
				above = b.words[(d[0]-1)*b.stride+i]
			}
			if d[1] < b.h {
				below = b.words[d[1]*b.stride+i]
			}
			for y := d[0]; y < d[1]; y++ {
				b.words[y*b.stride+i] &= above & below
			}
		}
	}
}

// mendColumns fills columns of g with what is beside them. One column of a range stands for k columns
// of g.
func mendColumns(g *image.Gray, dead [][2]int, k int) {
	w := g.Rect.Dx()
	for _, d := range dead {
		a, b := max(0, d[0]*k), min(w, d[1]*k)
		for y := range g.Rect.Dy() {
			row := g.Pix[y*g.Stride:][:w]
			left, right := 255, 255
			if a > 0 {
				left = int(row[a-1])
			}
			if b < w {
				right = int(row[b])
			}
			for x := a; x < b; x++ {
				row[x] = uint8((left*(b-x) + right*(x-a+1)) / (b - a + 1))
			}
		}
	}
}

// mendRows is mendColumns for rows.
func mendRows(g *image.Gray, dead [][2]int, k int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	for _, d := range dead {
		a, b := max(0, d[0]*k), min(h, d[1]*k)
		for y := a; y < b; y++ {
			for x := range w {
				above, below := 255, 255
				if a > 0 {
					above = int(g.Pix[(a-1)*g.Stride+x])
				}
				if b < h {
					below = int(g.Pix[b*g.Stride+x])
				}
				g.Pix[y*g.Stride+x] = uint8((above*(b-y) + below*(y-a+1)) / (b - a + 1))
			}
		}
	}
}
