package vector

import (
	"cmp"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/union"
)

const (
	// shortStroke, in points, is the longest stroke that may be one of a figure: print of 20 points, twice what tables are set in.
	shortStroke = 20
	// mostFigures, in points, is how wide figures of such strokes are: six of them.
	mostFigures = 72
	// meet, in points, is how near the strokes of one figure come to each other, and how near to a ruling they must not come.
	meet = 1
	// inLine is how many strokes one behind the other are a dashed line, and apart how far they stand apart, in their own lengths.
	inLine, apart = 3, 3
	// mostPieces bounds how many strokes of a page are looked at: a chart or a map has more.
	mostPieces = 5000
)

// piece keeps a drawn part as small as a stroke of a figure.
func (a *Art) piece(sub []layout.Point) {
	if len(sub) < 2 || len(a.pieces) > mostPieces {
		return
	}
	if b := Bounds(sub...); max(b.Width(), b.Height()) <= shortStroke && max(b.Width(), b.Height()) >= leastMark {
		a.pieces = append(a.pieces, b)
	}
}

// Figures gives the places of short strokes that belong to no ruling: they may be figures that no font draws, and a cell that holds nothing else
// is not blank. What stands at print is an underline or strikes it out.
func (a *Art) Figures(glyphs []Glyph) []layout.Rect {
	if len(a.pieces) > mostPieces {
		return nil
	}
	var left []layout.Rect
	for i, p := range a.pieces {
		if !a.dashed(i, p) {
			left = append(left, p)
		}
	}
	slices.SortFunc(left, func(p, q layout.Rect) int { return cmp.Compare(p.X0, q.X0) })
	sets := union.Of(len(left))
	for i, p := range left {
		for k := i + 1; k < len(left) && left[k].X0 <= p.X1+meet; k++ {
			if touches(p, left[k]) {
				sets.Join(i, k)
			}
		}
	}
	var out []layout.Rect
	for _, group := range sets.Groups() {
		b := left[group[0]]
		for _, i := range group[1:] {
			p := left[i]
			b = layout.Rect{X0: min(b.X0, p.X0), Y0: min(b.Y0, p.Y0), X1: max(b.X1, p.X1), Y1: max(b.Y1, p.Y1)} // a line has no width: Union leaves it out
		}
		if b.Width() <= mostFigures && b.Height() <= shortStroke && !a.ruled(b) {
			out = append(out, layout.Rect{X0: b.X0 - meet/2., Y0: b.Y0 - meet/2., X1: b.X1 + meet/2., Y1: b.Y1 + meet/2.})
		}
	}
	if len(out)*len(glyphs) > maxTries {
		return nil
	}
	return slices.DeleteFunc(out, func(b layout.Rect) bool {
		return slices.ContainsFunc(glyphs, func(g Glyph) bool { return !g.Hidden && touches(b, g.Box) })
	})
}

func touches(p, q layout.Rect) bool {
	return p.X0 <= q.X1+meet && q.X0 <= p.X1+meet && p.Y0 <= q.Y1+meet && q.Y0 <= p.Y1+meet
}

// dashed says that a stroke is one of many in a line.
func (a *Art) dashed(i int, p layout.Rect) bool {
	n := 1
	for k, q := range a.pieces {
		if k == i {
			continue
		}
		level := p.Width() >= p.Height() && p.Height() <= meet && q.Height() <= meet && near(p.Center().Y, q.Center().Y, meet) && gap(p.X0, p.X1, q.X0, q.X1) <= apart*p.Width()
		upright := p.Height() > p.Width() && p.Width() <= meet && q.Width() <= meet && near(p.Center().X, q.Center().X, meet) && gap(p.Y0, p.Y1, q.Y0, q.Y1) <= apart*p.Height()
		if level || upright {
			if n++; n >= inLine {
				return true
			}
		}
	}
	return false
}

// gap between two stretches of a line.
func gap(a0, a1, b0, b1 float64) float64 { return max(a0, b0) - min(a1, b1) }

// ruled says that something long begins, ends or runs where the strokes stand: they are of a table.
func (a *Art) ruled(b layout.Rect) bool {
	return slices.ContainsFunc(a.Rulings, func(r layout.Ruling) bool {
		box := Bounds(r.From, r.To)
		inside := box.X0 >= b.X0-meet && box.X1 <= b.X1+meet && box.Y0 >= b.Y0-meet && box.Y1 <= b.Y1+meet
		return !inside && touches(box, b)
	})
}
