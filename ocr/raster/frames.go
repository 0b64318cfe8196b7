package raster

// frameLong of a page's shorter side, 8 cm on A4, is longer than any seal or stamp: what is coloured and straight for as long is a ruling of
// a table. It is frameWide squares wide at most, for one that leans takes a step now and then, and leans by frameLean at most. Where it is
// wider something stands beside it, and stays. It is too pale to be seen over framePale squares at most.
const frameLong, frameWide, frameLean, framePale = 0.38, 2, 0.1, 2

// unframe takes the rulings of tables that are printed in colour from what may be seals: a table's frame and walls are one group as large
// as itself, and lifted like a seal's ink they were too pale to be found.
func (m *marks) unframe() {
	least := frameLong * float64(min(m.width, m.height)) / mark
	across := m.strips(least, 1, m.w, m.w, m.h)
	down := m.strips(least, m.w, 1, m.h, m.w)
	for _, i := range across {
		m.set[i] = false
	}
	for _, i := range down {
		m.set[i] = false
	}
}

// strips gives the squares of strips that are at least so long. Along a strip and across it, squares lie so far apart in set; that way
// there are so many of them.
func (m *marks) strips(least float64, along, over, long, wide int) (out []int) {
	at := func(x, y int) bool { return y >= 0 && y < wide && m.set[x*along+y*over] }
	// band is the top and the end of the squares that are set above and below one.
	band := func(x, y int) (top, end int) {
		for top = y; at(x, top-1) && y-top <= frameWide; top-- {
		}
		for end = y + 1; at(x, end) && end-y <= frameWide; end++ {
		}
		return top, end
	}
	seen := make([]bool, len(m.set))
	var strip []int
	for x0 := range long {
		for y0 := range wide {
			if !at(x0, y0) || seen[x0*along+y0*over] {
				continue
			}
			if top, end := band(x0, y0); end-top > frameWide {
				continue
			}
			strip = strip[:0]
			last := x0
			for x, y := x0, y0; x < long && x-last <= framePale+1; x++ {
				for _, d := range [...]int{0, -1, 1} {
					if at(x, y+d) {
						y += d
						break
					}
				}
				if max(y-y0, y0-y) > frameWide+int(frameLean*float64(x-x0)) {
					break
				}
				if !at(x, y) {
					continue
				}
				last = x
				top, end := band(x, y)
				if end-top > frameWide {
					continue
				}
				for k := top; k < end; k++ {
					seen[x*along+k*over] = true
					strip = append(strip, x*along+k*over)
				}
				y = (top + end - 1) / 2
			}
			if float64(last-x0) >= least {
				out = append(out, strip...)
			}
		}
	}
	return out
}
