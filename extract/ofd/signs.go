package ofd

import (
	"reflect"
	"slices"
	"strconv"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/nianbao/nianbao/extract/vector"
	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout"
)

// sign is a digit that is drawn by a glyph of a font's own number, whatever the digit is.
type sign struct {
	font  string
	glyph int
	digit rune
	box   layout.Rect
}

// maxSigns bounds the signs of one page that are looked at.
const maxSigns = 20_000

// glyphNumbers gives the numbers of the glyphs that draw the characters of a text object, by the place of the character, as far as it names one
// for each (GB/T 33190, 11.4.2).
func glyphNumbers(n *xmltree.Node) map[int]int {
	var out map[int]int
	for _, k := range n.Kids {
		if k.Name != "CGTransform" {
			continue
		}
		at, err := strconv.Atoi(k.Attr("CodePosition"))
		codes, glyphs := count(k.Attr("CodeCount")), count(k.Attr("GlyphCount"))
		if err != nil || codes != glyphs {
			continue
		}
		for i, v := range numbers(k.Kid("Glyphs").Content(), min(codes, maxGlyphs)) {
			if out == nil {
				out = map[int]int{}
			}
			out[at+i] = int(v)
		}
	}
	return out
}

// count of characters or glyphs; one where nothing is said.
func count(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return 1
}

// sign notes a digit that a glyph of a number draws.
func (c *canvas) sign(font string, drawnBy map[int]int, at int, g vector.Glyph) {
	if glyph, ok := drawnBy[at]; ok && g.Text >= "0" && g.Text <= "9" && len(c.signs) < maxSigns {
		c.signs = append(c.signs, sign{font, glyph, rune(g.Text[0]), g.Box})
	}
}

// lying gives the places of digits that a font draws as something else: its own table names another glyph for the digit, one of another shape, or
// the same glyph stands for two digits of the page.
func (c *canvas) lying() []layout.Rect {
	type drawn struct {
		font  string
		glyph int
	}
	digits := map[drawn]rune{}
	two := map[drawn]bool{}
	for _, s := range c.signs {
		at := drawn{s.font, s.glyph}
		if before, ok := digits[at]; ok && before != s.digit {
			two[at] = true
		}
		digits[at] = s.digit
	}
	other := map[sign]bool{} // by font, glyph and digit
	var out []layout.Rect
	for _, s := range c.signs {
		key := sign{font: s.font, glyph: s.glyph, digit: s.digit}
		lies, known := other[key]
		if !known {
			lies = c.r.otherGlyph(s)
			other[key] = lies
		}
		if lies || two[drawn{s.font, s.glyph}] {
			out = append(out, s.box)
		}
	}
	return out
}

// otherGlyph says that a font that the file holds draws a digit by a glyph of another shape than the one of the digit.
func (r *reader) otherGlyph(s sign) bool {
	f := r.font(s.font)
	if f == nil || s.glyph <= 0 || s.glyph >= f.NumGlyphs() {
		return false
	}
	var b sfnt.Buffer
	own, err := f.GlyphIndex(&b, s.digit)
	if err != nil || own == 0 || int(own) == s.glyph {
		return false
	}
	const size = fixed.Int26_6(1000 << 6)
	shape := func(i int) (sfnt.Segments, bool) {
		at, err := f.LoadGlyph(&b, sfnt.GlyphIndex(i), size, nil) //nolint:gosec // less than NumGlyphs, which has 16 bits
		return slices.Clone(at), err == nil
	}
	a, ok1 := shape(int(own))
	z, ok2 := shape(s.glyph)
	return ok1 && ok2 && !reflect.DeepEqual(a, z)
}

// font gives a font that the file holds; nil where it holds none, or none that can be read.
func (r *reader) font(id string) *sfnt.Font {
	if f, ok := r.opened[id]; ok {
		return f
	}
	if r.opened == nil {
		r.opened = map[string]*sfnt.Font{}
	}
	r.opened[id] = nil
	data, err := r.archive.Read(r.fonts[id])
	if err != nil {
		return nil
	}
	if f, err := sfnt.Parse(data); err == nil {
		r.opened[id] = f
	}
	return r.opened[id]
}
