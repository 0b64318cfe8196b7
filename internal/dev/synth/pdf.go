package synth

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// pdfWriter numbers and collects the objects of a PDF.
type pdfWriter struct {
	out     bytes.Buffer
	offsets []int
}

func newPDF() *pdfWriter {
	w := &pdfWriter{}
	w.out.WriteString("%PDF-1.7\n%\xe5\xb9\xb4\xe6\x8a\xa5\n")
	return w
}

// reserve gives the number of an object that is written later.
func (w *pdfWriter) reserve() int {
	w.offsets = append(w.offsets, 0)
	return len(w.offsets)
}

func (w *pdfWriter) object(n int, format string, args ...any) {
	w.offsets[n-1] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n"+format+"\nendobj\n", append([]any{n}, args...)...)
}

func (w *pdfWriter) add(format string, args ...any) int {
	n := w.reserve()
	w.object(n, format, args...)
	return n
}

// stream adds a stream object; entries are its dictionary's. Data are packed unless entries names a
// filter.
func (w *pdfWriter) stream(entries string, data []byte) int {
	if !strings.Contains(entries, "/Filter") {
		var packed bytes.Buffer
		z := zlib.NewWriter(&packed)
		_, _ = z.Write(data) // into memory: neither fails
		_ = z.Close()
		data = packed.Bytes()
		entries += " /Filter /FlateDecode"
	}
	n := w.reserve()
	w.offsets[n-1] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n<< %s /Length %d >>\nstream\n", n, entries, len(data))
	w.out.Write(data)
	w.out.WriteString("\nendstream\nendobj\n")
	return n
}

// finish writes the page tree, the catalogue and the cross-reference table. Every page must name tree
// as its parent.
func (w *pdfWriter) finish(tree int, pages []int) []byte {
	var kids strings.Builder
	for _, p := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", p)
	}
	w.object(tree, "<< /Type /Pages /Count %d /Kids [%s] >>", len(pages), kids.String())
	root := w.add("<< /Type /Catalog /Pages %d 0 R >>", tree)
	start := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, o := range w.offsets {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&w.out, "trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets)+1, root, start)
	return w.out.Bytes()
}

// PDF writes the pages with a text layer, embedded fonts and stroked rulings.
func (p *Pages) PDF() []byte {
	w := newPDF()
	tree := w.reserve()
	used := map[Face]map[rune]sfnt.GlyphIndex{}
	var buf sfnt.Buffer
	for _, pg := range p.pages {
		for _, g := range pg.glyphs {
			if used[g.face] == nil {
				used[g.face] = map[rune]sfnt.GlyphIndex{}
			}
			if _, ok := used[g.face][g.r]; !ok {
				i, _ := loadFaces()[g.face].GlyphIndex(&buf, g.r)
				used[g.face][g.r] = i
			}
		}
	}
	var fonts strings.Builder
	for face := Song; face <= Termes; face++ {
		if used[face] != nil {
			fmt.Fprintf(&fonts, "/F%d %d 0 R ", face, w.font(face, used[face]))
		}
	}
	resources := w.add("<< /Font << %s>> >>", fonts.String())
	var pages []int
	for _, pg := range p.pages {
		content := w.stream("", p.content(&pg, used))
		pages = append(pages, w.add("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f] /Resources %d 0 R /Contents %d 0 R >>",
			tree, p.Width, p.Height, resources, content))
	}
	return w.finish(tree, pages)
}

func (p *Pages) content(pg *page, used map[Face]map[rune]sfnt.GlyphIndex) []byte {
	var b bytes.Buffer
	for _, f := range pg.fills {
		fmt.Fprintf(&b, "%.3f g %.2f %.2f %.2f %.2f re f\n", f.level, f.box.X0, p.Height-f.box.Y1, f.box.Width(), f.box.Height())
	}
	b.WriteString("0 g 0 G\n")
	for _, l := range pg.lines {
		fmt.Fprintf(&b, "%.2f w %.2f %.2f m %.2f %.2f l S\n", l.thickness, l.x0, p.Height-l.y0, l.x1, p.Height-l.y1)
	}
	b.WriteString("BT\n")
	var last glyph
	var buf sfnt.Buffer
	end := 0.0
	open := false
	for i, g := range pg.glyphs {
		// Characters that follow each other without a gap are shown together.
		joined := i > 0 && open && g.face == last.face && g.size == last.size && g.bold == last.bold && g.y == last.y && g.x-end < 0.01 && end-g.x < 0.01
		if !joined {
			if open {
				b.WriteString("> Tj\n")
			}
			if i == 0 || g.face != last.face || g.size != last.size || g.bold != last.bold {
				mode := 0
				if g.bold {
					mode = 2
				}
				fmt.Fprintf(&b, "/F%d %.2f Tf %d Tr %.2f w\n", g.face, g.size, mode, g.size*0.03)
			}
			fmt.Fprintf(&b, "1 0 0 1 %.3f %.3f Tm <", g.x, p.Height-g.y)
			open = true
		}
		fmt.Fprintf(&b, "%04x", used[g.face][g.r])
		a, _ := loadFaces()[g.face].GlyphAdvance(&buf, used[g.face][g.r], fixed.I(1000), font.HintingNone)
		end = g.x + float64(a)/64/1000*g.size
		last = g
	}
	if open {
		b.WriteString("> Tj\n")
	}
	b.WriteString("ET\n")
	return b.Bytes()
}

// font adds a composite font with the face's file, its widths, and the way back to characters.
func (w *pdfWriter) font(face Face, glyphs map[rune]sfnt.GlyphIndex) int {
	f := loadFaces()[face]
	var buf sfnt.Buffer
	runes := make([]rune, 0, len(glyphs))
	for r := range glyphs {
		runes = append(runes, r)
	}
	slices.Sort(runes)
	var widths, back strings.Builder
	fmt.Fprintf(&back, "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Back def /CMapType 2 def\n"+
		"1 begincodespacerange <0000> <ffff> endcodespacerange\n")
	for i, r := range runes {
		a, _ := f.GlyphAdvance(&buf, glyphs[r], fixed.I(1000), font.HintingNone)
		fmt.Fprintf(&widths, "%d [%.0f] ", glyphs[r], float64(a)/64)
		if i%100 == 0 {
			if i > 0 {
				back.WriteString("endbfchar\n")
			}
			fmt.Fprintf(&back, "%d beginbfchar\n", min(100, len(runes)-i))
		}
		fmt.Fprintf(&back, "<%04x> <", glyphs[r])
		for _, u := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&back, "%04x", u)
		}
		back.WriteString(">\n")
	}
	back.WriteString("endbfchar endcmap CMapName currentdict /CMap defineresource pop end end\n")
	name := fmt.Sprintf("NIANBA+Face%d", face)
	file := w.stream(fmt.Sprintf("/Length1 %d", len(f.data)), f.data)
	descriptor := w.add("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [-200 -250 1200 950] /ItalicAngle 0 "+
		"/Ascent 880 /Descent -120 /CapHeight 730 /StemV 80 /FontFile2 %d 0 R >>", name, file)
	child := w.add("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "+
		"/FontDescriptor %d 0 R /DW 1000 /W [%s] /CIDToGIDMap /Identity >>", name, descriptor, widths.String())
	unicode := w.stream("", []byte(back.String()))
	return w.add("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", name, child, unicode)
}
