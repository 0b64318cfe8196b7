package tables

import (
	"cmp"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables/white"
)

// WithWhite adds the tables that white space rules to those that rulings do, found, in order. One whose
// rulings part rows alone, or that is lower than a line of text, is taken again. Of the words, those that stand in no table
// count; em is the usual height of a character. No text is filled in.
func WithWhite(found []layout.Table, words []layout.Word, rulings []layout.Ruling, em float64) []layout.Table {
	var known []layout.Rect
	for i := range found {
		if !open(&found[i], em) {
			known = append(known, Box(&found[i]))
		}
	}
	taken := func(at layout.Point) bool {
		return slices.ContainsFunc(known, func(r layout.Rect) bool { return r.Contains(at) })
	}
	var loose []layout.Word
	for _, w := range words {
		if !w.Vertical && !taken(w.Box.Center()) {
			loose = append(loose, w)
		}
	}
	level, upright := straight(rulings, em)
	level = slices.DeleteFunc(level, func(r white.Rule) bool { return taken(layout.Point{X: (r.From + r.To) / 2, Y: r.At}) })
	find := func(drawn []layout.Ruling) []layout.Table { return Find(drawn, drawnTol*em) }
	walls := append(upright, joints(rulings, loose, em)...)
	seen := white.Ruled(loose, level, upright, walls, em, find)
	for i := range seen {
		seen[i].Ruled = true
	}
	first := len(known)
	for i := range seen {
		known = append(known, Box(&seen[i]))
	}
	loose = slices.DeleteFunc(loose, func(w layout.Word) bool { return taken(w.Box.Center()) })
	for _, s := range white.Tables(loose, level, walls, em, find) {
		if !slices.ContainsFunc(known[first:], func(r layout.Rect) bool { return overlap(r, Box(&s)) }) {
			seen = append(seen, s)
		}
	}
	known = known[:first]
	if len(seen) == 0 {
		return found
	}
	out := slices.DeleteFunc(slices.Clone(found), func(t layout.Table) bool {
		return open(&t, em) && slices.ContainsFunc(seen, func(s layout.Table) bool { return overlap(Box(&s), Box(&t)) })
	})
	for _, s := range seen {
		s.White = true
		if !slices.ContainsFunc(known, func(r layout.Rect) bool { return overlap(r, Box(&s)) }) {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b layout.Table) int { return cmp.Compare(Box(&a).Y0, Box(&b).Y0) })
	return out
}

// open says that what rulings make does not keep white space from ruling a table there: it has no columns, or
// is lower than a line of text, as where strokes meet a ruling.
func open(t *layout.Table, em float64) bool { return t.Cols == 1 || Box(t).Height() < em }

// overlap says that two boxes share some of the page.
func overlap(a, b layout.Rect) bool {
	return min(a.X1, b.X1) > max(a.X0, b.X0) && min(a.Y1, b.Y1) > max(a.Y0, b.Y0)
}

// straight gives the horizontal rulings, from top to bottom, and the vertical ones, from left to right, straightened, with the
// broken ones joined.
func straight(rulings []layout.Ruling, em float64) (level, upright []white.Rule) {
	tol := drawnTol * em
	whole := func(ps []piece) (out []white.Rule) {
		for _, l := range lines(ps, tol) {
			for _, p := range l.drawn {
				out = append(out, white.Rule{At: l.at, From: p.from, To: p.to})
			}
		}
		return out
	}
	h, v := pieces(rulings, tol)
	return whole(h), whole(v)
}
