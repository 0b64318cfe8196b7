// Package vector turns what a page description draws into what stands on the page: glyphs into
// words, paths into rulings. PDF and OFD draw alike; their readers share it.
//
// Coordinates are those of the displayed page: points, origin top left, y down.
package vector

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/layout"
)

const (
	// wordGap, in em, is where a word ends. Full-width punctuation leaves half an em inside its own
	// box, not between boxes; the columns of the narrowest tables stand 0.4 em apart.
	wordGap = 0.3
	// overlap, in em, is how far a glyph may reach back over the one before it (kerning, bold
	// printed twice).
	overlap = 0.5
	// baseline, in em, is how far a glyph may stand off the line of the one before it.
	baseline = 0.2
	// sizeChange is the ratio of font sizes where a word ends.
	sizeChange = 1.15
	// raised, in em of the print beside it, is how far a digit must stand off its base line to be raised or lowered: text programs move
	// notes by 0.14 (lowered) to 0.4.
	raised = 0.1
	// stacked is how far apart, in em, the glyphs of a vertical run are at most.
	stacked = 1.6
	// Bold print is sometimes made by printing a glyph a second time, at a distance of twice em at
	// most. Whatever repeats a glyph within twice that distance is taken for bold print. No second
	// letter is, since the narrowest letters are 0.22 em wide.
	twice = 0.06
)

// The box that a full-width character stands in, in em from the base line.
const (
	Ascent  = 0.88 // above it
	Descent = 0.12 // below it
)

// Glyph is one character as it stands on the displayed page.
type Glyph struct {
	Text string
	// Box is the character's cell, one em high and as wide as its advance; Ink what is printed.
	Box, Ink layout.Rect
	Size     float64
	// Quarter is how many quarter turns clockwise the glyph is turned, -1 for other angles.
	Quarter int
	// After is set when the source has a blank or a line end before the glyph.
	After bool
	// Downward is set when the source itself writes the glyph under the one before it.
	Downward bool
	// Hidden is set for text that no viewer shows, and for text that is Struck: struck out, or covered by what was painted over it.
	Hidden, Struck bool
	// Mirrored is set for glyphs that are seen as in a mirror.
	Mirrored bool
	// Unmapped is set when the source does not say which character the glyph is.
	Unmapped bool
	// Font names the font, as well as the source tells fonts apart.
	Font string
}

// Visible drops what is outside the page and what is printed twice for boldness. It reuses glyphs.
func Visible(glyphs []Glyph, page layout.Rect) []Glyph {
	seen := map[string]places{}
	out := glyphs[:0]
	var before Glyph
	for _, g := range glyphs {
		last := before
		before = g
		if !page.Contains(g.Box.Center()) {
			continue
		}
		g.Hidden = g.Hidden || unreadable(g)
		at := seen[g.Text]
		if at == nil {
			at = places{}
			seen[g.Text] = at
		}
		repeats := false
		for i := range at.near(g.Box) {
			repeats = repeats || out[i].repeats(g)
		}
		if repeats && !ligature(last, g) {
			continue
		}
		at.add(len(out), g.Box)
		out = append(out, g)
	}
	return out
}

// ligature says that two letters are of one drawn sign, as the f of ff are: they come one after the other and have its place to the point.
func ligature(a, b Glyph) bool {
	return a.Text == b.Text && a.Box == b.Box && strings.ContainsFunc(b.Text, unicode.IsLetter)
}

// repeats says that g is the same character printed a second time in its place. What is shown does not repeat what is hidden.
func (g Glyph) repeats(h Glyph) bool {
	p, q := g.Box.Center(), h.Box.Center()
	far := min(2*twice*g.Size, g.Box.Width()/2, g.Box.Height()/2)
	return g.Hidden == h.Hidden && near(g.Size, h.Size, (sizeChange-1)*g.Size) && near(p.X, q.X, far) && near(p.Y, q.Y, far)
}

// Words joins glyphs, in the order in which the page sets them. Text at an angle that is no quarter turn (a watermark) is left out.
func Words(glyphs []Glyph, rulings []layout.Ruling) []layout.Word {
	walls := newWalls(rulings)
	var out []layout.Word
	var run []Glyph
	flush := func() {
		if len(run) > 0 {
			out = append(out, word(run))
			run = run[:0]
		}
	}
	for _, g := range glyphs {
		if g.Hidden || g.Quarter < 0 {
			flush()
			continue
		}
		if len(run) > 0 && !joins(run, g, walls) {
			flush()
		}
		run = append(run, g)
	}
	flush()
	notes(out, walls)
	return out
}

func word(run []Glyph) layout.Word {
	w := layout.Word{Confidence: 1, Size: run[0].Size, Vertical: run[0].Quarter%2 == 1 || len(run) > 1 && Below(run[0], run[1]), Up: run[0].Quarter == 3}
	if run[0].Quarter == 2 {
		slices.Reverse(run)
	}
	var text strings.Builder
	for _, g := range run {
		text.WriteString(g.Text)
		w.Box = w.Box.Union(g.Box)
	}
	w.Text = text.String()
	return w
}

// Below says that b stands under a, as in vertical writing.
func Below(a, b Glyph) bool {
	p, q := a.Box.Center(), b.Box.Center()
	return a.Quarter == 0 && near(p.X, q.X, overlap*a.Size/2) && q.Y-p.Y > overlap*a.Size
}

// joins says whether g goes on the word of run.
func joins(run []Glyph, g Glyph, w walls) bool {
	last := run[len(run)-1]
	if g.Quarter != last.Quarter || g.Size > last.Size*sizeChange || last.Size > g.Size*sizeChange {
		return false
	}
	em := g.Size
	p, q := last.Box.Center(), g.Box.Center()
	vertical := len(run) > 1 && Below(run[0], run[1])
	if Below(last, g) && (vertical || len(run) == 1) {
		return g.Downward && q.Y-p.Y <= stacked*em && !w.horizontal(p, q)
	}
	if vertical {
		return false
	}
	a, b := last.Box, g.Box
	switch last.Quarter {
	case 1: // downwards
		a, b = turn(a), turn(b)
		p, q = layout.Point{X: p.Y, Y: p.X}, layout.Point{X: q.Y, Y: q.X}
	case 3: // upwards
		a, b = turn(a), turn(b)
		a, b = mirror(a), mirror(b)
		p, q = layout.Point{X: -p.Y, Y: p.X}, layout.Point{X: -q.Y, Y: q.X}
	case 2:
		a, b = mirror(a), mirror(b)
		p, q = layout.Point{X: -p.X, Y: p.Y}, layout.Point{X: -q.X, Y: q.Y}
	}
	gap := b.X0 - a.X1
	if !near(p.Y, q.Y, baseline*em) || gap > wordGap*em || gap < -overlap*em || q.X <= p.X-twice*em {
		return false
	}
	// A blank in the text is a blank even where it is narrow; between Han it is PDFium's guess.
	if g.After && gap > wordGap/2*em {
		return false
	}
	if last.Quarter%2 == 1 {
		return !w.horizontal(last.Box.Center(), g.Box.Center())
	}
	return !w.vertical(last.Box.Center(), g.Box.Center())
}

func turn(r layout.Rect) layout.Rect   { return layout.Rect{X0: r.Y0, Y0: r.X0, X1: r.Y1, Y1: r.X1} }
func mirror(r layout.Rect) layout.Rect { return layout.Rect{X0: -r.X1, Y0: r.Y0, X1: -r.X0, Y1: r.Y1} }

// walls finds rulings between two glyphs.
type walls struct {
	down, across []layout.Ruling // by position
}

func newWalls(rulings []layout.Ruling) walls {
	var w walls
	for _, r := range rulings {
		if r.Horizontal() {
			w.across = append(w.across, r)
		} else {
			w.down = append(w.down, r)
		}
	}
	slices.SortStableFunc(w.down, func(a, b layout.Ruling) int { return cmp.Compare(a.From.X, b.From.X) })
	slices.SortStableFunc(w.across, func(a, b layout.Ruling) int { return cmp.Compare(a.From.Y, b.From.Y) })
	return w
}

// vertical says that a vertical ruling stands between the centres p and q.
func (w walls) vertical(p, q layout.Point) bool {
	x0, x1, y := min(p.X, q.X), max(p.X, q.X), (p.Y+q.Y)/2
	for i := sort.Search(len(w.down), func(i int) bool { return w.down[i].From.X > x0 }); i < len(w.down) && w.down[i].From.X < x1; i++ {
		if w.down[i].From.Y <= y && w.down[i].To.Y >= y {
			return true
		}
	}
	return false
}

// horizontal says that a horizontal ruling lies between the centres p and q.
func (w walls) horizontal(p, q layout.Point) bool {
	y0, y1, x := min(p.Y, q.Y), max(p.Y, q.Y), (p.X+q.X)/2
	for i := sort.Search(len(w.across), func(i int) bool { return w.across[i].From.Y > y0 }); i < len(w.across) && w.across[i].From.Y < y1; i++ {
		if w.across[i].From.X <= x && w.across[i].To.X >= x {
			return true
		}
	}
	return false
}
