package raster

import (
	"cmp"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

const (
	// bridgeInch is the widest gap that a seal makes in a ruling: where its border runs along it.
	bridgeInch = 0.9
	// bridgeSealed of a gap must lie where a seal's ink was.
	bridgeSealed = 0.5
	// bridgeOff is how far two pieces of a ruling may be out of line, in inches.
	bridgeOff = 0.02
)

// bridged gives rulings with the gaps that seals made in them: their ink covers pale rulings, and goes with it.
func (s *Sheet) bridged(rulings []layout.Ruling, dpi float64) []layout.Ruling {
	if s.page.sealed == nil {
		return rulings
	}
	out := slices.Clone(rulings)
	for _, level := range []bool{true, false} {
		at := func(r layout.Ruling) (pos, from, to float64) {
			if level {
				return (r.From.Y + r.To.Y) / 2, r.From.X, r.To.X
			}
			return (r.From.X + r.To.X) / 2, r.From.Y, r.To.Y
		}
		var same []layout.Ruling
		for _, r := range rulings {
			if r.Horizontal() == level {
				same = append(same, r)
			}
		}
		slices.SortFunc(same, func(a, b layout.Ruling) int { _, p, _ := at(a); _, q, _ := at(b); return cmp.Compare(p, q) })
		for i, r := range same {
			pos, _, end := at(r)
			// The nearest that goes on in its line.
			for _, o := range same[i+1:] {
				p, from, to := at(o)
				if math.Abs(p-pos) > bridgeOff*dpi || to <= end {
					continue
				}
				if gap := from - end; gap > 0 && gap <= bridgeInch*dpi && s.sealedAlong(level, (p+pos)/2, end, from) {
					b := layout.Ruling{From: layout.Point{X: end, Y: pos}, To: layout.Point{X: from, Y: p}, Thickness: r.Thickness}
					if !level {
						b.From, b.To = layout.Point{X: pos, Y: end}, layout.Point{X: p, Y: from}
					}
					out = append(out, b)
				}
				break
			}
		}
	}
	return out
}

// sealedAlong says that most of a line from one place to another lies where a seal's ink was.
func (s *Sheet) sealedAlong(level bool, pos, from, to float64) bool {
	const step = mark / 2
	n, hit := 0, 0
	for x := from + step/2; x < to; x += step {
		r := layout.Rect{X0: x - 1, Y0: pos - 1, X1: x + 1, Y1: pos + 1}
		if !level {
			r = layout.Rect{X0: pos - 1, Y0: x - 1, X1: pos + 1, Y1: x + 1}
		}
		n++
		if s.Touched(r) {
			hit++
		}
	}
	return n > 0 && float64(hit) >= bridgeSealed*float64(n)
}
