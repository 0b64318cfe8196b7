package vector

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sort"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout"
)

const (
	// strikeTop and strikeFoot, in em above the base line, are between where a line strikes text out: Word and LibreOffice draw it at
	// 0.25 to 0.35, a hand anywhere in a figure, which is 0.7 high. Underlines are below, the rules of tables above and below.
	strikeTop, strikeFoot = 0.6, 0.12
	// strikeThick, in em, is the thickest of such lines; what is thicker covers.
	strikeThick = 0.3
	// strikeOver, in em, is how far the line may go on beside the text that it strikes out.
	strikeOver = 1.2
	// crossed, in parts of a figure's box on each side, is what a slanted stroke may touch without crossing it.
	crossed = 0.2
	// wallReach, in points, is how near a ruling's end is to the ruling that it ends at.
	wallReach = 1.5
	// maxStrokes bounds the slanted strokes that are looked at: a page with more has drawings on it.
	maxStrokes = 500
	// maxTries bounds how often a line is held against a glyph, a shape against a text: a page of a report takes some thousands.
	maxTries = 20_000_000
	// overlaid is the share of a glyph that another one takes that was printed in its place.
	overlaid = 0.5
)

// Cover is a filled shape or an opaque picture: it hides what was painted before it and is the ground of what is painted after.
type Cover struct {
	Box   layout.Rect
	Order int
	// Color of the shape; pictures have none.
	Color   flow.Color
	Picture bool
}

// Unseen says that text of a color at a place cannot be told from what lies under it, and gives the covers that are painted over it:
// text of an object with that order and box may be hidden, which the drawn page shows.
func (a *Art) Unseen(box layout.Rect, order int, color flow.Color) (pale bool, over []layout.Rect) {
	ground, picture := flow.Paper, false
	for _, c := range a.Covers {
		switch {
		case c.Order > order && meets(c.Box, box):
			over = append(over, c.Box)
		case c.Order < order && c.Box.Contains(box.Center()):
			ground, picture = c.Color, c.Picture
		}
	}
	return !picture && color.Near(ground), over
}

func meets(a, b layout.Rect) bool {
	return a.X0 < b.X1 && b.X0 < a.X1 && a.Y0 < b.Y1 && b.Y0 < a.Y1
}

// Overlaid says of each glyph whether another one that is shown stands where it stands.
func Overlaid(glyphs []Glyph) func(Glyph) bool {
	at := places{}
	for i, g := range glyphs {
		if !g.Hidden {
			at.add(i, g.Box)
		}
	}
	return func(g Glyph) bool {
		for i := range at.near(g.Box) {
			o := glyphs[i]
			if o.Box == g.Box && o.Text == g.Text {
				continue
			}
			w := min(o.Box.X1, g.Box.X1) - max(o.Box.X0, g.Box.X0)
			h := min(o.Box.Y1, g.Box.Y1) - max(o.Box.Y0, g.Box.Y0)
			if w > overlaid*min(g.Box.Width(), o.Box.Width()) && h > overlaid*min(g.Box.Height(), o.Box.Height()) {
				return true
			}
		}
		return false
	}
}

// Strike hides the glyphs that a line strikes out.
func (a *Art) Strike(glyphs []Glyph) {
	level := slices.DeleteFunc(slices.Clone(a.Rulings), func(r layout.Ruling) bool { return !r.Horizontal() })
	slices.SortStableFunc(level, func(p, q layout.Ruling) int { return cmp.Compare(p.From.Y, q.From.Y) })
	under := map[int][]int{} // glyphs by the ruling that goes through them
	tries := 0
	for i, g := range glyphs {
		if g.Hidden || g.Quarter != 0 {
			continue
		}
		base := g.Box.Y1 - Descent*g.Size
		for k := sort.Search(len(level), func(k int) bool { return level[k].From.Y >= base-strikeTop*g.Size }); k < len(level) && level[k].From.Y <= base-strikeFoot*g.Size; k++ {
			if tries++; tries > maxTries {
				return
			}
			r := level[k]
			if r.Thickness <= strikeThick*g.Size && min(r.To.X, g.Box.X1)-max(r.From.X, g.Box.X0) >= g.Box.Width()/2 {
				under[k] = append(under[k], i)
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(under)) {
		struck := under[k]
		if tries += len(a.Rulings); tries > maxTries {
			return
		}
		r := level[k]
		var box layout.Rect
		for _, i := range struck {
			box = box.Union(glyphs[i].Box)
		}
		over := strikeOver * glyphs[struck[0]].Size
		if r.From.X < box.X0-over || r.To.X > box.X1+over || a.parts(r) {
			continue
		}
		for _, i := range struck {
			glyphs[i].Hidden, glyphs[i].Struck = true, true
		}
	}
	a.cross(glyphs)
}

// parts says that a ruling is one of a table: it ends at others, at both ends.
func (a *Art) parts(r layout.Ruling) bool {
	ends := func(p layout.Point) bool {
		return slices.ContainsFunc(a.Rulings, func(w layout.Ruling) bool {
			return !w.Horizontal() && near(w.From.X, p.X, wallReach) && w.From.Y-wallReach <= p.Y && p.Y <= w.To.Y+wallReach
		})
	}
	return ends(r.From) && ends(r.To)
}

// cross hides figures that a slanted stroke crosses out: with one of its digits, a number is crossed out as a whole.
func (a *Art) cross(glyphs []Glyph) {
	if len(a.slanted) == 0 || len(a.slanted) > maxStrokes {
		return
	}
	var out []int
	for i := range glyphs {
		g := &glyphs[i]
		if g.Hidden || !upright(*g) {
			continue
		}
		ink := g.Ink
		if ink.Empty() {
			ink = g.Box
		}
		dx, dy := crossed*ink.Width(), crossed*ink.Height()
		core := layout.Rect{X0: ink.X0 + dx, Y0: ink.Y0 + dy, X1: ink.X1 - dx, Y1: ink.Y1 - dy}
		if slices.ContainsFunc(a.slanted, func(s [2]layout.Point) bool { return passes(s[0], s[1], core) }) {
			g.Hidden, g.Struck = true, true
			out = append(out, i)
		}
	}
	for _, i := range out {
		for _, step := range []int{-1, 1} {
			for k := i + step; k >= 0 && k < len(glyphs) && upright(glyphs[k]) && !glyphs[k].Hidden && beside(glyphs[k].Box, glyphs[k-step].Box, wordGap*glyphs[k].Size); k += step {
				glyphs[k].Hidden, glyphs[k].Struck = true, true
			}
		}
	}
}

// upright says that a glyph is a digit of the level text.
func upright(g Glyph) bool { return g.Quarter == 0 && g.Text >= "0" && g.Text <= "9" }

// passes says that the line from p to q goes through a box (Liang and Barsky).
func passes(p, q layout.Point, box layout.Rect) bool {
	from, to := 0.0, 1.0
	for _, edge := range [4][2]float64{
		{p.X - q.X, p.X - box.X0}, {q.X - p.X, box.X1 - p.X},
		{p.Y - q.Y, p.Y - box.Y0}, {q.Y - p.Y, box.Y1 - p.Y},
	} {
		d, room := edge[0], edge[1]
		switch {
		case d == 0 && room < 0:
			return false
		case d < 0:
			from = math.Max(from, room/d)
		case d > 0:
			to = math.Min(to, room/d)
		}
	}
	return from < to
}

// Unsaid gives the places of the glyphs that are not said, those that are struck out or covered apart: a cell that holds nothing else is not blank.
func Unsaid(glyphs []Glyph) (unsaid, struck []layout.Rect) {
	for _, g := range glyphs {
		switch {
		case g.Struck:
			struck = append(struck, g.Box)
		case g.Hidden:
			unsaid = append(unsaid, g.Box)
		}
	}
	return unsaid, struck
}
