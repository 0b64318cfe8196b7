package white

import (
	"cmp"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// draw gives the rulings of the table's cells.
func (b *banded) draw() []layout.Ruling {
	var out []layout.Ruling
	line := func(x0, y0, x1, y1 float64) {
		out = append(out, layout.Ruling{From: layout.Point{X: x0, Y: y0}, To: layout.Point{X: x1, Y: y1}})
	}
	n := len(b.at) - 1
	all := slices.Concat([]float64{b.left}, b.labels, b.edges, []float64{b.right})
	snap := func(x float64) float64 {
		return slices.MinFunc(all, func(p, q float64) int { return cmp.Compare(math.Abs(p-x), math.Abs(q-x)) })
	}
	line(b.left, b.at[0], b.left, b.at[n])
	line(b.right, b.at[0], b.right, b.at[n])
	line(b.left, b.at[0], b.right, b.at[0])
	line(b.left, b.at[n], b.right, b.at[n])
	for i := 1; i < n; i++ {
		if i >= b.body {
			line(snap(b.begin(i)), b.at[i], b.right, b.at[i])
			continue
		}
		for _, p := range b.pieces[i] {
			if x0, x1 := snap(p.from), snap(p.to); x0 < x1 {
				line(x0, b.at[i], x1, b.at[i])
			}
		}
	}
	for i := range n {
		for _, x := range b.across(i, all) {
			line(x, b.at[i], x, b.at[i+1])
		}
	}
	return out
}

// across are the edges that part a row. In a header, a ruling below it lies under the name of a group.
func (b *banded) across(i int, all []float64) []float64 {
	inner := all[1 : len(all)-1]
	if i < b.body-1 {
		return b.groups(i, all)
	}
	over := func(x float64) bool {
		among := x > b.columns[0].from
		if i == b.body-1 && among {
			return false // labels, each over its column, that nearly touch
		}
		return slices.ContainsFunc(b.rows[i], func(w layout.Word) bool {
			reach := overEdge * b.em
			if among && w.Box.Width() <= bandWide*b.em {
				return false // figures that nearly touch
			}
			return w.Box.X0 < x-reach && w.Box.X1 > x+reach
		})
	}
	return slices.DeleteFunc(slices.Clone(inner), over)
}

// groups are the edges in a row of a header over its last: those on both sides of what the ruling below lies under, those between the
// names of several groups over one ruling, and all where there is no ruling below.
func (b *banded) groups(i int, all []float64) []float64 {
	under := func(x float64) bool {
		return slices.ContainsFunc(b.pieces[i+1], func(p span) bool { return p.from < x-b.em && p.to > x+b.em })
	}
	var out []float64
	for k := max(1, len(b.labels)); k < len(all)-1; k++ { // from the columns of figures on
		if !under(all[k]) {
			out = append(out, all[k])
		}
	}
	for _, p := range b.pieces[i+1] {
		var names []layout.Word
		for _, w := range b.rows[i] {
			if x := w.Box.Center().X; x > p.from && x < p.to {
				names = append(names, w)
			}
		}
		at := p.from
		parts := joined(names, bandGap*b.em)
		for k := 0; k+1 < len(parts); k++ {
			// A name stands in the middle over its columns.
			want := ((parts[k].from + parts[k].to) - at + (parts[k].to+parts[k+1].from)/2) / 2
			at = slices.MinFunc(all, func(p, q float64) int { return cmp.Compare(math.Abs(p-want), math.Abs(q-want)) })
			if at > p.from && at < p.to {
				out = append(out, at)
			}
		}
	}
	return out
}
