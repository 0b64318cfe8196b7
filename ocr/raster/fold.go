package raster

import (
	"cmp"
	"image"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

const (
	// foldLong of the page's width is what a fold is long at least, and by foldOver of it, it goes on beyond all rulings on both sides. Forms
	// keep a margin of a tenth; screens have none, but there nothing goes beyond.
	foldLong, foldOver = 0.85, 0.03
	// foldsOf rulings at least show how wide the page's tables are.
	foldsOf = 3
	// foldLine of the page's width is how far from one another pieces of a fold are, across it.
	foldLine = 0.003
	// foldMost is how much more ink than beside the tables a fold has within them; where it lies on a ruling it has that one's, too. It is
	// looked for in foldBand pixels on both sides.
	foldMost, foldBand = 1.5, 8
)

// unfold takes the folds of the paper from the rulings and remembers them: as rulings they cut rows in two, and run through their figures. A fold
// goes from edge to edge of the page, where rulings end at the sides of their table, and nothing meets it there. What is above all
// rulings or below may be a frame's; it cuts nothing.
func (s *Sheet) unfold() {
	for _, level := range [...]bool{true, false} {
		size := s.Width
		if !level {
			size = s.Height
		}
		for _, l := range folds(s.Rulings, level, size) {
			if s.ink(l, level, l.inner, l.outer) > foldMost*max(s.ink(l, level, l.from, l.inner), s.ink(l, level, l.outer, l.to)) {
				continue // a ruling lies there, too
			}
			s.Rulings = slices.DeleteFunc(s.Rulings, func(r layout.Ruling) bool {
				at, _, _ := along(r, level)
				is := r.Horizontal() == level && math.Abs(at-l.at) <= foldLine*size
				if is {
					s.folds = append(s.folds, r)
				}
				return is
			})
		}
	}
}

// foldStray is how far from its line a fold strays, in pixels of the page, and foldEdge how wide its soft edges are together.
const foldStray, foldEdge = 2, 2

// heal takes the folds out of a part of the page, drawn with so many pixels for each of the page's: what is dark there and no thicker across
// than the fold. A stroke of print that crosses it is longer.
func (s *Sheet) heal(m *image.Gray, part layout.Rect, scale float64) {
	for _, f := range s.folds {
		level := f.Horizontal()
		at, from, to := along(f, level)
		line, step, size, lines := 1, m.Stride, m.Rect.Dy(), m.Rect.Dx() // along the fold, and across it
		at, from, to = (at-part.Y0)*scale, (from-part.X0)*scale, (to-part.X0)*scale
		if !level {
			line, step, size, lines = m.Stride, 1, m.Rect.Dx(), m.Rect.Dy()
			at, from, to = at+(part.Y0-part.X0)*scale, from+(part.X0-part.Y0)*scale, to+(part.X0-part.Y0)*scale
		}
		thick := int(math.Ceil((f.Thickness + foldEdge) * scale))
		reach := (f.Thickness/2 + foldStray) * scale
		y0, y1 := max(0, int(at-reach)), min(size, int(at+reach)+1)
		if y0 >= y1 {
			continue
		}
		column := make([]uint8, 0, 64)
		for x := max(0, int(from)); x < min(lines, int(to)+1); x++ {
			column = column[:0]
			for y := max(0, y0-thick); y < min(size, y1+thick); y++ {
				column = append(column, m.Pix[x*line+y*step])
			}
			shift := y0 - max(0, y0-thick)
			for y := y0; y < y1; y++ {
				p := &m.Pix[x*line+y*step]
				*p = max(*p, closed(column, y-y0+shift, thick))
			}
		}
	}
}

// closed is how light the i-th of some values is where dark runs of n and fewer are light: the darkest of the lightest in each n+1 around it.
func closed(v []uint8, i, n int) uint8 {
	out := uint8(255)
	for a := max(0, i-n); a <= i && a+n < len(v); a++ {
		out = min(out, slices.Max(v[a:a+n+1]))
	}
	if i-n < 0 && i+n >= len(v) {
		return v[i] // too low to tell
	}
	return out
}

// crease is what may be a fold: how it runs, and between what the page's rulings lie.
type crease struct{ at, from, to, inner, outer float64 }

// ink is how much darker than the paper around it a crease is over a part of its length, added up across it, at most places.
func (s *Sheet) ink(c crease, level bool, from, to float64) float64 {
	part := layout.Rect{X0: from, Y0: c.at - foldBand, X1: to, Y1: c.at + foldBand}
	if !level {
		part = layout.Rect{X0: c.at - foldBand, Y0: from, X1: c.at + foldBand, Y1: to}
	}
	m := s.Crop(part, 1)
	lines, line, across := m.Rect.Dx(), 1, m.Stride
	if !level {
		lines, line, across = m.Rect.Dy(), m.Stride, 1
	}
	var sums []int
	for x := range lines {
		var column [2 * foldBand]int
		for y := range column {
			column[y] = int(m.Pix[x*line+y*across])
		}
		paper := column
		slices.Sort(paper[:])
		sum := 0
		for _, v := range column {
			sum += max(0, paper[len(paper)*3/4]-v)
		}
		sums = append(sums, sum)
	}
	if len(sums) == 0 {
		return 0
	}
	slices.Sort(sums)
	return float64(sums[len(sums)/2])
}

// folds tells where folds may lie that run one way; size is how long the page is that way.
func folds(rulings []layout.Ruling, level bool, size float64) (out []crease) {
	type line struct{ at, from, to float64 }
	var lines []line
	for _, r := range rulings {
		if r.Horizontal() == level {
			at, from, to := along(r, level)
			lines = append(lines, line{at, from, to})
		}
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.at, b.at) })
	joined := lines[:0]
	for _, l := range lines {
		if n := len(joined); n > 0 && l.at-joined[n-1].at <= foldLine*size {
			joined[n-1].from, joined[n-1].to = min(joined[n-1].from, l.from), max(joined[n-1].to, l.to)
			continue
		}
		joined = append(joined, l)
	}
	long := func(l line) bool { return l.to-l.from >= foldLong*size }
	from, to, first, last, n := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1), 0
	for _, l := range joined {
		if !long(l) {
			from, to, first, last = min(from, l.from), max(to, l.to), min(first, l.at), max(last, l.at)
			n++
		}
	}
	if n < foldsOf {
		return nil
	}
	for _, l := range joined {
		met := func(end float64) bool {
			return slices.ContainsFunc(rulings, func(r layout.Ruling) bool {
				at, a, b := along(r, !level)
				return r.Horizontal() != level && math.Abs(at-end) <= foldOver*size && a-foldLine*size <= l.at && b+foldLine*size >= l.at
			})
		}
		if long(l) && from-l.from >= foldOver*size && l.to-to >= foldOver*size && l.at > first && l.at < last && !met(l.from) && !met(l.to) {
			out = append(out, crease{l.at, l.from, l.to, from, to})
		}
	}
	return out
}
