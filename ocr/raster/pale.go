package raster

import (
	"image"
	"math/bits"
)

// Rulings that are much paler than print, grey hair lines that a copier lit away, are dots and dashes where ink is told from paper by what print
// needs. What tells less of it shows them whole, and noise besides, which does not lie on end.
const (
	// The rulings of a page are pale where their contrast is less than the share paleLines of its ink's: what is paler than black ones shows
	// through from the back. They have at least paleLeast times as many pixels as the page is wide, as two of them do.
	paleLines, paleLeast = 0.75, 3
	// lineShare of what tells ink from paper tells a pale ruling. lineInch is the least length of one, lineThick its most rows: what is thicker is a
	// shadow. lineEdge rows beside what is seen already are its soft edge.
	lineShare, lineInch, lineThick, lineEdge = 0.5, 0.4, 5, 3
)

// withPale adds pale rulings to the ink of g, told from paper by the share, if the others are pale, too. tiles are the paper's, tw in a row, and
// contrast that of the ink; outside says which tiles lie beside the page.
func (b *bitmap) withPale(g *image.Gray, dpi, share, contrast float64, tiles, outside []uint8, tw int) {
	long := int(lineInch * dpi)
	level := b.longRuns(long)
	n := 0
	for _, w := range level.words {
		n += bits.OnesCount64(w)
	}
	if n < paleLeast*b.w || level.contrast(g, tiles, tw) >= paleLines*contrast {
		return
	}
	limits := make([]uint8, len(tiles))
	for i, t := range tiles {
		if outside[i] == 0 {
			limits[i] = uint8(float64(t) * (1 - lineShare*share))
		}
	}
	faint, side := under(g, limits, tw), b.transposed()
	b.join(faint.longRuns(long).beside(level))
	b.join(faint.transposed().longRuns(long).beside(side.longRuns(long)).transposed())
}

// join adds what another bitmap has.
func (b *bitmap) join(o *bitmap) {
	for i, w := range o.words {
		b.words[i] |= w
	}
}

// beside takes known level runs and their edges out of others.
func (b *bitmap) beside(known *bitmap) *bitmap {
	for y := range b.h {
		row := b.row(y)
		for k := max(0, y-lineEdge); k <= min(b.h-1, y+lineEdge); k++ {
			for i, w := range known.row(k) {
				row[i] &^= w
			}
		}
	}
	return b
}

// longRuns gives what lies in level runs of so many pixels, which lack two on end at most and may step into the next row.
func (b *bitmap) longRuns(long int) *bitmap {
	out, opened := newBitmap(b.w, b.h), newBitmap(b.w, b.h)
	closed, shifted := make([]uint64, b.stride), make([]uint64, b.stride)
	for y := range b.h {
		o, any := opened.row(y), uint64(0)
		for i, w := range b.row(y) {
			if y+1 < b.h {
				w |= b.row(y + 1)[i]
			}
			closed[i] = w
		}
		fill(o, closed)
		for have := 1; have < long; { // what has so many behind it
			n := min(have, long-have)
			down(shifted, o, n)
			any = 0
			for i := range o {
				o[i] &= shifted[i]
				any |= o[i]
			}
			if any == 0 {
				break
			}
			have += n
		}
		for have := 1; any != 0 && have < long; {
			n := min(have, long-have)
			up(shifted, o, n)
			for i := range o {
				o[i] |= shifted[i]
			}
			have += n
		}
	}
	for y := range b.h {
		fill(closed, b.row(y))
		for i, w := range opened.row(y) {
			if w &= closed[i]; w == 0 {
				continue
			}
			if y >= lineThick {
				w &^= opened.row(y - lineThick)[i]
			}
			if y+lineThick < b.h {
				w &^= opened.row(y + lineThick)[i]
			}
			out.row(y)[i] = w
		}
	}
	return out
}

// fill gives a row of a bitmap with its gaps of one pixel or two closed.
func fill(out, row []uint64) {
	for i, w := range row {
		before, behind := uint64(0), uint64(0)
		if i > 0 {
			before = row[i-1]
		}
		if i+1 < len(row) {
			behind = row[i+1]
		}
		left1, left2 := w<<1|before>>63, w<<2|before>>62
		right1, right2 := w>>1|behind<<63, w>>2|behind<<62
		out[i] = w | left1&(right1|right2) | left2&right1
	}
}

// down gives a row shifted by n pixels to its beginning, up to its end.
func down(out, row []uint64, n int) {
	words, bits := n/64, uint(n%64)
	for i := range out {
		out[i] = 0
		if k := i + words; k < len(row) {
			out[i] = row[k] >> bits
			if k+1 < len(row) && bits > 0 {
				out[i] |= row[k+1] << (64 - bits)
			}
		}
	}
}

// up gives a row shifted by n pixels to its end.
func up(out, row []uint64, n int) {
	words, bits := n/64, uint(n%64)
	for i := range out {
		out[i] = 0
		if k := i - words; k >= 0 {
			out[i] = row[k] << bits
			if k > 0 && bits > 0 {
				out[i] |= row[k-1] >> (64 - bits)
			}
		}
	}
}

// twinInch is the least length of either line of a double ruling, more than strokes of two lines of print have one above the other;
// twinGap is the most pixels between the two.
const twinInch, twinGap = 0.3, 2

// twins fills the white between the two lines of double rulings, level and upright, where those are so near to one another that either is dirt
// beside the other.
func (b *bitmap) twins(side *bitmap, dpi float64) (_, _ *bitmap) {
	level, upright := b.between(int(twinInch*dpi)), side.between(int(twinInch*dpi))
	if level == nil && upright == nil {
		return b, side
	}
	if level != nil {
		b.join(level)
	}
	if upright != nil {
		b.join(upright.transposed())
	}
	return b, b.transposed()
}

// between gives the white between level runs that are so long, nil where there is none.
func (b *bitmap) between(long int) (out *bitmap) {
	found, runs := false, b.longRuns(long)
	out = newBitmap(b.w, b.h)
	for y := range b.h {
		for gap := 1; gap <= twinGap && y+gap+1 < b.h; gap++ {
			lower, white := runs.row(y+gap+1), out.words
			for i, w := range runs.row(y) {
				if w &= lower[i] &^ b.row(y + 1)[i]; w != 0 {
					found = true
					for k := 1; k <= gap; k++ {
						white[(y+k)*b.stride+i] |= w
					}
				}
			}
		}
	}
	if !found {
		return nil
	}
	return out
}
