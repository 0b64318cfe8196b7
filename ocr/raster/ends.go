package raster

import (
	"cmp"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

const (
	// endsFew is the fewest ends of rulings that show where a table ends, and endsShare of the ends on that side they are at least: those of
	// other tables, and of rulings that are broken, lie elsewhere. They cover leanBand of the page's height at least.
	endsFew, endsShare = 5, 0.4
	// endsOff is how far an end may lie from the line that it is on, in pixels: noise and blur move one by less.
	endsOff = 2.0
	// endGap is how many columns without ink end a ruling.
	endGap = 3
)

// endLines are tracks down the page, x and y swapped, along which rulings begin and end. Where rows are ruled and columns are not, nothing else
// tells as exactly how columns lean on a page that a camera saw askew.
func endLines(ink *bitmap, across []track) []track {
	var out []track
	for _, step := range []int{-1, 1} {
		var ends []layout.Point
		for _, t := range across {
			if p, ok := t.end(ink, step); ok {
				ends = append(ends, layout.Point{X: p.Y, Y: p.X})
			}
		}
		if on := aligned(ends); len(on) >= endsFew && float64(len(on)) >= endsShare*float64(len(ends)) {
			if t := (track{points: on}); t.length() >= leanBand*float64(ink.h) {
				out = append(out, t)
			}
		}
	}
	return out
}

// end is the last place that has ink of the track, to its right or left; ok is false where it leads into something else.
func (t *track) end(ink *bitmap, step int) (p layout.Point, ok bool) {
	p = t.points[len(t.points)-1]
	if step < 0 {
		p = t.points[0]
	}
	slope, _ := t.slope()
	last := 0
	for d := 0; d < 2*strip; d++ {
		x, y := int(p.X)+step*d, int(math.Round(p.Y-.5+slope*float64(step*d)))
		if x < 0 || x >= ink.w {
			break
		}
		for r := max(0, y-2); r <= min(y+2, ink.h-1); r++ {
			if ink.at(x, r) {
				last = d
				break
			}
		}
		if d-last > endGap {
			return layout.Point{X: p.X + float64(step*last), Y: p.Y + slope*float64(step*last)}, true
		}
	}
	return p, false
}

// aligned are those points, ordered by X, that lie on one line that hardly leans: the line with the most of them.
func aligned(ps []layout.Point) []layout.Point {
	var best []layout.Point
	for i, a := range ps {
		for _, b := range ps[:i] {
			slope := (b.Y - a.Y) / (b.X - a.X)
			if math.Abs(b.X-a.X) < strip || math.Abs(slope) > leanMax {
				continue
			}
			n := 0
			for _, p := range ps {
				if math.Abs(p.Y-a.Y-slope*(p.X-a.X)) <= endsOff {
					n++
				}
			}
			if n <= len(best) {
				continue
			}
			best = best[:0]
			for _, p := range ps {
				if math.Abs(p.Y-a.Y-slope*(p.X-a.X)) <= endsOff {
					best = append(best, p)
				}
			}
		}
	}
	slices.SortFunc(best, func(a, b layout.Point) int { return cmp.Compare(a.X, b.X) })
	return best
}
