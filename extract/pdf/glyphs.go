package pdf

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/nianbao/nianbao/layout"
)

const (
	// maxGlyphs bounds one page. A dense page of a report has 2 500.
	maxGlyphs = 200_000
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
	// stacked is how far apart, in em, the glyphs of a vertical run are at most.
	stacked = 1.6
	// ascent and descent, in em, of the box that a full-width character stands in.
	ascent, descent = 0.88, 0.12
	// narrow and wide, in em, bound the advances that are believed.
	narrow, wide = 0.05, 2.5
	// twice, in em, is how near a repetition of the same glyph is bold print, not a second glyph.
	twice = 0.12
)

// glyph is one character as it stands on the displayed page.
type glyph struct {
	text string
	// box is the character's cell, one em high and as wide as its advance; ink what is printed.
	box, ink layout.Rect
	size     float64
	// quarter is how many quarter turns clockwise the glyph is turned, -1 for other angles.
	quarter int
	// after is set when PDFium saw a blank or a line end before the glyph.
	after bool
	// downward is set when the file itself writes the glyph under the one before it.
	downward bool
	// hidden is set for text that no viewer shows.
	hidden bool
	// unmapped is set when the file does not say which character the glyph is.
	unmapped bool
	font     string
}

// glyphs gives the characters of a page in the order of its content.
func (d *document) glyphs(page requests.Page, v view) ([]glyph, error) {
	loaded, err := d.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return nil, fmt.Errorf("text cannot be read: %w", err)
	}
	text := loaded.TextPage
	defer d.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text})
	count, err := d.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text})
	if err != nil {
		return nil, fmt.Errorf("text cannot be read: %w", err)
	}
	if count.Count > maxGlyphs {
		return nil, fmt.Errorf("has %d characters, the limit is %d", count.Count, maxGlyphs)
	}
	var out []glyph
	after := true
	var high rune // the first half of a surrogate pair
	var object layout.Rect
	for i := range count.Count {
		u, err := d.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text, Index: i})
		if err != nil {
			continue
		}
		r := rune(u.Unicode)
		generated, err := d.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: text, Index: i})
		if r == 0 || unicode.IsSpace(r) || err == nil && generated.IsGenerated {
			after = true
			continue
		}
		if utf16.IsSurrogate(r) {
			if high == 0 {
				high = r
				continue
			}
			r, high = utf16.DecodeRune(high, r), 0
		}
		g, ok := d.glyph(text, i, v)
		if !ok {
			continue
		}
		// PDFium writes 2 for a hyphen at a line's end.
		if r == 2 || r == 0xFFFE {
			r = '-'
		}
		g.text, g.after = string(r), after
		after = false
		// Glyphs under each other in one text object are vertical writing. Between objects they may
		// be the rows of a table.
		if g.quarter == 0 && !g.after && len(out) > 0 && below(out[len(out)-1], g) {
			before := object
			if before.Empty() {
				before = d.object(text, i-1)
			}
			object = d.object(text, i)
			g.downward = !object.Empty() && object == before
		} else {
			object = layout.Rect{}
		}
		out = append(out, g)
	}
	return out, nil
}

// object gives the bounds of the text object that a character is in, which tell objects apart.
func (d *document) object(text references.FPDF_TEXTPAGE, i int) layout.Rect {
	obj, err := d.FPDFText_GetTextObject(&requests.FPDFText_GetTextObject{TextPage: text, Index: i})
	if err != nil {
		return layout.Rect{}
	}
	b, err := d.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: obj.TextObject})
	if err != nil {
		return layout.Rect{}
	}
	return layout.Rect{X0: float64(b.Left), Y0: float64(b.Bottom), X1: float64(b.Right), Y1: float64(b.Top)}
}

// glyph reads everything but the character; false when it stands nowhere.
func (d *document) glyph(text references.FPDF_TEXTPAGE, i int, v view) (glyph, bool) {
	origin, err := d.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: text, Index: i})
	if err != nil {
		return glyph{}, false
	}
	loose, err := d.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text, Index: i})
	if err != nil {
		return glyph{}, false
	}
	m, err := d.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: text, Index: i})
	if err != nil {
		return glyph{}, false
	}
	size, err := d.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: text, Index: i})
	if err != nil {
		return glyph{}, false
	}
	g := glyph{quarter: -1}
	a, b, c, e := float64(m.Matrix.A), float64(m.Matrix.B), float64(m.Matrix.C), float64(m.Matrix.D)
	g.size = math.Abs(size.FontSize) * math.Hypot(c, e)
	along := math.Atan2(b, a) // of the line of text, on the page, counter-clockwise
	if size.FontSize < 0 {
		along += math.Pi
	}
	if turned := along / (math.Pi / 2); near(turned, math.Round(turned), 0.05) {
		g.quarter = ((v.turns-int(math.Round(turned)))%4 + 4) % 4
	}
	if !(g.size > 0.1 && g.size < maxSide) {
		return glyph{}, false
	}
	r := loose.Rect
	box := v.rect(float64(r.Left), float64(r.Bottom), float64(r.Right), float64(r.Top))
	o := v.point(origin.X, origin.Y)
	// Across the line a font's own ascent cannot be believed: take one em around the base line.
	switch g.quarter {
	case 0:
		box.Y0, box.Y1 = o.Y-ascent*g.size, o.Y+descent*g.size
	case 1:
		box.X0, box.X1 = o.X-descent*g.size, o.X+ascent*g.size
	case 2:
		box.Y0, box.Y1 = o.Y-descent*g.size, o.Y+ascent*g.size
	case 3:
		box.X0, box.X1 = o.X-ascent*g.size, o.X+descent*g.size
	}
	g.ink = box
	if tight, err := d.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: text, Index: i}); err == nil {
		g.ink = v.rect(tight.Left, tight.Bottom, tight.Right, tight.Top)
	}
	// Along it, the advance of a vertical font and a broken width cannot.
	switch {
	case g.quarter != 0:
	case box.Width() >= wide*g.size:
		box.X0, box.X1 = o.X, o.X+g.size
	case box.Width() <= narrow*g.size && !g.ink.Empty():
		middle, half := g.ink.Center().X, max(g.ink.Width(), g.size/2)/2
		box.X0, box.X1 = middle-half, middle+half
	}
	g.box = box
	if bad, err := d.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: text, Index: i}); err == nil {
		g.unmapped = bad.HasUnicodeMapError
	}
	if font, err := d.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: text, Index: i}); err == nil {
		g.font = font.FontName
	}
	if obj, err := d.FPDFText_GetTextObject(&requests.FPDFText_GetTextObject{TextPage: text, Index: i}); err == nil {
		mode, err := d.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: obj.TextObject})
		g.hidden = err == nil && (mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE ||
			mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_CLIP)
	}
	return g, true
}

// visible drops what is outside the page and what is printed twice for boldness, and marks text that
// a picture covers.
func visible(glyphs []glyph, page layout.Rect, art *drawings) []glyph {
	type place struct {
		text string
		x, y int
	}
	seen := map[place]bool{}
	out := glyphs[:0]
	for _, g := range glyphs {
		center := g.box.Center()
		if !page.Contains(center) {
			continue
		}
		if art.coveredText {
			g.hidden = true
		}
		step := twice * g.size
		x, y := int(center.X/step), int(center.Y/step)
		repeated := false
		for _, dx := range []int{-1, 0, 1} {
			for _, dy := range []int{-1, 0, 1} {
				repeated = repeated || seen[place{g.text, x + dx, y + dy}]
			}
		}
		if repeated {
			continue
		}
		seen[place{g.text, x, y}] = true
		out = append(out, g)
	}
	return out
}

// words joins glyphs. Text at an angle that is no quarter turn (a watermark) is left out.
func words(glyphs []glyph, rulings []layout.Ruling) []layout.Word {
	walls := newWalls(rulings)
	var out []layout.Word
	var run []glyph
	flush := func() {
		if len(run) > 0 {
			out = append(out, word(run))
			run = run[:0]
		}
	}
	for _, g := range glyphs {
		if g.hidden || g.quarter < 0 {
			flush()
			continue
		}
		if len(run) > 0 && !joins(run, g, walls) {
			flush()
		}
		run = append(run, g)
	}
	flush()
	return out
}

func word(run []glyph) layout.Word {
	w := layout.Word{Confidence: 1, Size: run[0].size, Vertical: run[0].quarter%2 == 1 || len(run) > 1 && below(run[0], run[1])}
	if run[0].quarter == 2 {
		slices.Reverse(run)
	}
	var text strings.Builder
	for _, g := range run {
		text.WriteString(g.text)
		w.Box = w.Box.Union(g.box)
	}
	w.Text = text.String()
	return w
}

// below says that b stands under a, as in vertical writing.
func below(a, b glyph) bool {
	p, q := a.box.Center(), b.box.Center()
	return a.quarter == 0 && near(p.X, q.X, overlap*a.size/2) && q.Y-p.Y > overlap*a.size
}

// joins says whether g goes on the word of run.
func joins(run []glyph, g glyph, w walls) bool {
	last := run[len(run)-1]
	if g.quarter != last.quarter || g.size > last.size*sizeChange || last.size > g.size*sizeChange {
		return false
	}
	em := g.size
	p, q := last.box.Center(), g.box.Center()
	vertical := len(run) > 1 && below(run[0], run[1])
	if below(last, g) && (vertical || len(run) == 1) {
		return g.downward && q.Y-p.Y <= stacked*em && !w.horizontal(p, q)
	}
	if vertical {
		return false
	}
	a, b := last.box, g.box
	switch last.quarter {
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
	if g.after && gap > wordGap/2*em {
		return false
	}
	if last.quarter%2 == 1 {
		return !w.horizontal(last.box.Center(), g.box.Center())
	}
	return !w.vertical(last.box.Center(), g.box.Center())
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
