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
	// borderInch is how near its end a ruling meets the border of a table, a double one's outer line included.
	borderInch = 0.05
	// bridgeOff is how far two pieces of a ruling may be out of line, in inches.
	bridgeOff = 0.02
	// ledInch is how far a ruling is followed under a seal, to the next one that it meets. Of that way ledKnown must be drawn or
	// sealed, ledSealed sealed and ledInk drawn: by so much more than beside it, ledBeside inches away, where print is as dense.
	ledInch, ledKnown, ledSealed, ledInk, ledBeside = 2, 0.9, 0.25, 0.15, 0.03
)

// bridged gives rulings with the gaps that seals made in them: their ink covers pale rulings, and goes with it.
func (s *Sheet) bridged(rulings []layout.Ruling, dpi float64) []layout.Ruling {
	if s.page.sealed == nil {
		return rulings
	}
	out := slices.Clone(rulings)
	for _, level := range []bool{true, false} {
		var same []layout.Ruling
		for _, r := range rulings {
			if r.Horizontal() == level {
				same = append(same, r)
			}
		}
		slices.SortFunc(same, func(a, b layout.Ruling) int {
			_, p, _ := along(a, level)
			_, q, _ := along(b, level)
			return cmp.Compare(p, q)
		})
		for i, r := range same {
			pos, _, end := along(r, level)
			// The nearest that goes on in its line.
			for _, o := range same[i+1:] {
				p, from, to := along(o, level)
				if math.Abs(p-pos) > bridgeOff*dpi || to <= end {
					continue
				}
				if gap := from - end; gap > 0 && gap <= bridgeInch*dpi && s.sealedAlong(level, (p+pos)/2, end, from) && !parted(rulings, level, (p+pos)/2, end, from, dpi) {
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

// parted says that a gap in a wall is one between two tables, which stand one above the other: it leads from a ruling that crosses there to
// another, and no wall beside it leads over it.
func parted(rulings []layout.Ruling, level bool, pos, from, to, dpi float64) bool {
	if level {
		return false
	}
	slack := borderInch * dpi
	var ends [2]bool
	left, right := pos, pos // how far the rulings lead that it ends at, broken by a seal or not
	for _, r := range rulings {
		if !r.Horizontal() {
			continue
		}
		at, a, b := along(r, true)
		for k, end := range [2]float64{from, to} {
			if math.Abs(at-end) <= slack {
				ends[k] = ends[k] || a-slack <= pos && pos <= b+slack
				left, right = min(left, a), max(right, b)
			}
		}
	}
	return ends[0] && ends[1] && !slices.ContainsFunc(rulings, func(r layout.Ruling) bool {
		at, a, b := along(r, false)
		return !r.Horizontal() && at >= left-slack && at <= right+slack && a <= from+slack && b >= to-slack
	})
}

// led gives rulings with what goes on of them under seals: where a seal's ink covers the end of a ruling, scraps of it are left, too
// short to be rulings, between where it breaks off and the next one that it meets.
func (s *Sheet) led(rulings []layout.Ruling, dpi float64) []layout.Ruling {
	if s.page.sealed == nil {
		return rulings
	}
	out := slices.Clone(rulings)
	for _, r := range rulings {
		level := r.Horizontal()
		pos, from, to := along(r, level)
		for _, way := range []float64{-1, 1} {
			end := map[bool]float64{true: to, false: from}[way > 0]
			for _, q := range crossings(rulings, level, pos, end, way, dpi) {
				if a, b := min(end, q), max(end, q); !s.scraps(level, pos, a, b, dpi) || parted(rulings, level, pos, a, b, dpi) {
					break
				}
				out = append(out, stretched(r, level, pos, min(end, q), max(end, q)))
				end = q
			}
		}
	}
	return out
}

// along gives where a ruling runs: its place across its direction, and its ends.
func along(r layout.Ruling, level bool) (pos, from, to float64) {
	if level {
		return (r.From.Y + r.To.Y) / 2, r.From.X, r.To.X
	}
	return (r.From.X + r.To.X) / 2, r.From.Y, r.To.Y
}

// stretched is a ruling like another from one place to the next.
func stretched(r layout.Ruling, level bool, pos, from, to float64) layout.Ruling {
	out := layout.Ruling{From: layout.Point{X: from, Y: pos}, To: layout.Point{X: to, Y: pos}, Thickness: r.Thickness}
	if !level {
		out.From, out.To = layout.Point{X: pos, Y: from}, layout.Point{X: pos, Y: to}
	}
	return out
}

// crossings are the places ahead of a line's end, within reach and the nearest first, where rulings of the other direction cross it.
func crossings(rulings []layout.Ruling, level bool, pos, end, way, dpi float64) []float64 {
	var out []float64
	slack := jointInch * dpi
	for _, o := range rulings {
		if o.Horizontal() == level {
			continue
		}
		at, from, to := along(o, !level)
		if ahead := (at - end) * way; ahead > slack && ahead <= ledInch*dpi && from-slack <= pos && pos <= to+slack {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(a, b float64) int { return cmp.Compare(a*way, b*way) })
	return out
}

// scraps says that what lies between two places of a line is what a seal leaves of a ruling.
func (s *Sheet) scraps(level bool, pos, from, to, dpi float64) bool {
	known, sealed, inked, beside := 0, 0, 0, [2]int{}
	off := max(3, ledBeside*dpi)
	n := 0
	for x := from + 1; x < to-1; x += 2 {
		n++
		ink, seal := s.inkAt(level, x, pos), s.touchedAt(level, x, pos)
		if ink {
			inked++
		}
		if seal {
			sealed++
		}
		if ink || seal {
			known++
		}
		for k, d := range []float64{-off, off} {
			if s.inkAt(level, x, pos+d) {
				beside[k]++
			}
		}
	}
	share := func(k int) float64 { return float64(k) / float64(max(1, n)) }
	return n > 0 && share(known) >= ledKnown && share(sealed) >= ledSealed && share(inked-max(beside[0], beside[1])) >= ledInk
}

// inkAt says that there is ink within a pixel of a place of a line.
func (s *Sheet) inkAt(level bool, x, pos float64) bool {
	for d := -1; d <= 1; d++ {
		i, j := int(x/s.textScale), int(pos/s.textScale)+d
		if !level {
			i, j = int(pos/s.textScale)+d, int(x/s.textScale)
		}
		if i >= 0 && j >= 0 && i < s.whole.w && j < s.whole.h && s.whole.at(i, j) {
			return true
		}
	}
	return false
}

// touchedAt says that a seal's ink was at a place of a line.
func (s *Sheet) touchedAt(level bool, x, pos float64) bool {
	if !level {
		x, pos = pos, x
	}
	return s.Touched(layout.Rect{X0: x - 1, Y0: pos - 1, X1: x + 1, Y1: pos + 1})
}

// sealedAlong says that most of a line from one place to another lies where a seal's ink was.
func (s *Sheet) sealedAlong(level bool, pos, from, to float64) bool {
	const step = mark / 2
	n, hit := 0, 0
	for x := from + step/2; x < to; x += step {
		n++
		if s.touchedAt(level, x, pos) {
			hit++
		}
	}
	return n > 0 && float64(hit) >= bridgeSealed*float64(n)
}
