package pdf

import (
	"fmt"
	"math"
	"unicode"
	"unicode/utf16"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"
	"github.com/klippa-app/go-pdfium/structs"

	"github.com/nianbao/nianbao/extract/vector"
	"github.com/nianbao/nianbao/layout"
)

const (
	// maxGlyphs bounds one page. A dense page of a report has 2 500.
	maxGlyphs = 200_000
	// narrow and wide, in em, bound the advances that are believed.
	narrow, wide = 0.05, 2.5
)

// glyphs gives the characters of a page in the order of its content. hides says that some text of the page may be invisible. told, where it
// is set, is called for each with the object that it is of.
func (d *document) glyphs(page requests.Page, v view, hides bool, told func(*vector.Glyph, references.FPDF_PAGEOBJECT)) ([]vector.Glyph, error) {
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
	var out []vector.Glyph
	after := true
	var high rune // the first half of a surrogate pair
	var object layout.Rect
	var last run
	for i := range count.Count {
		u, err := d.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text, Index: i})
		if err != nil {
			continue
		}
		r := rune(u.Unicode)
		if r == 0 || unicode.IsSpace(r) { // what PDFium adds between words and lines is white space, too
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
		g, ok := d.glyph(text, i, v, &last)
		if !ok {
			continue
		}
		// PDFium writes 2 for a hyphen at a line's end.
		if r == 2 || r == 0xFFFE {
			r = '-'
		}
		g.Text, g.After = string(r), after
		after = false
		if hides || told != nil {
			if obj, err := d.textObject(text, i); err == nil {
				g.Hidden = hides && d.invisible(obj.TextObject)
				if told != nil {
					told(&g, obj.TextObject)
				}
			}
		}
		// Glyphs under each other in one text object are vertical writing. Between objects they may
		// be the rows of a table.
		if g.Quarter == 0 && !g.After && len(out) > 0 && vector.Below(out[len(out)-1], g) {
			before := object
			if before.Empty() {
				before = d.object(text, i-1)
			}
			object = d.object(text, i)
			g.Downward = !object.Empty() && object == before
		} else {
			object = layout.Rect{}
		}
		out = append(out, g)
	}
	return out, nil
}

// textObject gives the text object that a character is in.
func (d *document) textObject(text references.FPDF_TEXTPAGE, i int) (*responses.FPDFText_GetTextObject, error) {
	d.handles++
	return d.FPDFText_GetTextObject(&requests.FPDFText_GetTextObject{TextPage: text, Index: i})
}

// object gives the bounds of the text object that a character is in, which tell objects apart.
func (d *document) object(text references.FPDF_TEXTPAGE, i int) layout.Rect {
	obj, err := d.textObject(text, i)
	if err != nil {
		return layout.Rect{}
	}
	b, err := d.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: obj.TextObject})
	if err != nil {
		return layout.Rect{}
	}
	return layout.Rect{X0: float64(b.Left), Y0: float64(b.Bottom), X1: float64(b.Right), Y1: float64(b.Top)}
}

// run is what the characters of one text object have in common. Each call of PDFium costs as much as all that is done with its answer.
type run struct {
	matrix structs.FPDF_FS_MATRIX // with the object's place: hardly two objects have the same
	size   float64
	font   string
}

// glyph reads everything but the character and whether it is seen; false when it stands nowhere.
func (d *document) glyph(text references.FPDF_TEXTPAGE, i int, v view, last *run) (vector.Glyph, bool) {
	origin, err := d.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: text, Index: i})
	if err != nil {
		return vector.Glyph{}, false
	}
	loose, err := d.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text, Index: i})
	if err != nil {
		return vector.Glyph{}, false
	}
	m, err := d.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: text, Index: i})
	if err != nil {
		return vector.Glyph{}, false
	}
	size, err := d.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: text, Index: i})
	if err != nil {
		return vector.Glyph{}, false
	}
	a, b, c, e := float64(m.Matrix.A), float64(m.Matrix.B), float64(m.Matrix.C), float64(m.Matrix.D)
	g := vector.Glyph{Quarter: -1, Mirrored: a*e-b*c < 0}
	g.Size = math.Abs(size.FontSize) * math.Hypot(c, e)
	along := math.Atan2(b, a) // of the line of text, on the page, counter-clockwise
	if size.FontSize < 0 {
		along += math.Pi
	}
	if turned := along / (math.Pi / 2); near(turned, math.Round(turned), 0.05) {
		g.Quarter = ((v.turns-int(math.Round(turned)))%4 + 4) % 4
	}
	if !(g.Size > 0.1 && g.Size < maxSide) {
		return vector.Glyph{}, false
	}
	r := loose.Rect
	box := v.rect(float64(r.Left), float64(r.Bottom), float64(r.Right), float64(r.Top))
	o := v.point(origin.X, origin.Y)
	// Fonts often state a wrong height. Across the line, the box is therefore one em high around the
	// base line, whatever the font says.
	switch g.Quarter {
	case 0:
		box.Y0, box.Y1 = o.Y-vector.Ascent*g.Size, o.Y+vector.Descent*g.Size
	case 1:
		box.X0, box.X1 = o.X-vector.Descent*g.Size, o.X+vector.Ascent*g.Size
	case 2:
		box.Y0, box.Y1 = o.Y-vector.Descent*g.Size, o.Y+vector.Ascent*g.Size
	case 3:
		box.X0, box.X1 = o.X-vector.Ascent*g.Size, o.X+vector.Descent*g.Size
	}
	g.Ink = box
	if tight, err := d.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: text, Index: i}); err == nil {
		g.Ink = v.rect(tight.Left, tight.Bottom, tight.Right, tight.Top)
	}
	// Along the line, the width is wrong where the font is one for vertical writing, or broken: where
	// it is far too wide, take one em, and where it has hardly any, the width of what is printed.
	switch {
	case g.Quarter != 0:
	case box.Width() >= wide*g.Size:
		box.X0, box.X1 = o.X, o.X+g.Size
	case box.Width() <= narrow*g.Size && !g.Ink.Empty():
		middle, half := g.Ink.Center().X, max(g.Ink.Width(), g.Size/2)/2
		box.X0, box.X1 = middle-half, middle+half
	}
	g.Box = box
	if bad, err := d.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: text, Index: i}); err == nil {
		g.Unmapped = bad.HasUnicodeMapError
	}
	if last.font == "" || last.matrix != m.Matrix || last.size != size.FontSize {
		*last = run{matrix: m.Matrix, size: size.FontSize}
		if font, err := d.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: text, Index: i}); err == nil {
			last.font = font.FontName
		}
	}
	g.Font = last.font
	return g, true
}

// invisible says that a text object prints nothing.
func (d *document) invisible(obj references.FPDF_PAGEOBJECT) bool {
	mode, err := d.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: obj})
	return err == nil && (mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE || mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_CLIP)
}
