package pdf_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// builder writes small PDF files, so that each test shows the very operators that it is about.
type builder struct {
	objects []string // from object 1 on
}

// add writes an object and gives its number.
func (b *builder) add(body string) int {
	b.objects = append(b.objects, body)
	return len(b.objects)
}

func (b *builder) stream(dict, data string) int {
	return b.add(fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(data), data))
}

// bytes writes the file. The catalog is object root.
func (b *builder) bytes(root int) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xe4\xe5\xf6\xfc\n")
	offsets := make([]int, len(b.objects))
	for i, o := range b.objects {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(b.objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d /Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(b.objects)+1, root, start)
	return out.Bytes()
}

// sheet is one page of a test file.
type sheet struct {
	content   string
	extra     string // further entries of the page dictionary
	xobjects  string // entries of the XObject resources, as "/X 7 0 R"
	mediaBox  string
	resources string
}

// file writes a document with those pages. Fonts: /F1 is Helvetica, /F2 an Identity-H font whose
// codes are Unicode and that is not in the file, /F3 an embedded font set vertically, whose codes
// are those of glyphCodes, /F4 the same set level, which says that every glyph is a 1. more may add objects first and gives what the
// sheets refer to by number.
func file(more func(*builder) []sheet) []byte {
	b := &builder{}
	helvetica := b.add("<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>")
	unicode := b.stream("", `/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Same def 1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfrange <0020> <00FF> <0020> <2000> <20FF> <2000> endbfrange
100 beginbfrange `+ranges()+` endbfrange
endcmap end end`)
	descriptor := b.add("<</Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80>>")
	cid := b.add(fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /DW 1000 /CIDToGIDMap /Identity>>", descriptor))
	song := b.add(fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", cid, unicode))
	ttf, err := os.ReadFile("testdata/some.ttf")
	if err != nil {
		panic(err)
	}
	program := b.stream(fmt.Sprintf("/Length1 %d", len(ttf)), string(ttf))
	inside := b.add(fmt.Sprintf("<</Type /FontDescriptor /FontName /AAAAAA+Some /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 /FontFile2 %d 0 R>>", program))
	some := b.add(fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Some /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /DW 1000 /W [1 [500 500 500 500]] /CIDToGIDMap /Identity>>", inside))
	honest := b.stream("", cmap(glyphCodes))
	lying := b.stream("", cmap(strings.Repeat("1", len([]rune(glyphCodes)))))
	down := b.add(fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Some /Encoding /Identity-V /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", some, honest))
	liar := b.add(fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Some /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", some, lying))
	sheets := more(b)
	pages := len(b.objects) + 2*len(sheets) + 1
	var kids []string
	for _, s := range sheets {
		content := b.stream("", s.content)
		box := s.mediaBox
		if box == "" {
			box = "0 0 595 842"
		}
		kids = append(kids, fmt.Sprintf("%d 0 R", b.add(fmt.Sprintf(
			"<</Type /Page /Parent %d 0 R /MediaBox [%s] /Contents %d 0 R /Resources <</Font <</F1 %d 0 R /F2 %d 0 R /F3 %d 0 R /F4 %d 0 R>> /XObject <<%s>> %s>> %s>>",
			pages, box, content, helvetica, song, down, liar, s.xobjects, s.resources, s.extra))))
	}
	b.add(fmt.Sprintf("<</Type /Pages /Kids [%s] /Count %d>>", strings.Join(kids, " "), len(kids)))
	root := b.add(fmt.Sprintf("<</Type /Catalog /Pages %d 0 R %s>>", pages, catalog))
	return b.bytes(root)
}

// catalog holds further entries of the document catalog of the next file.
var catalog string

// glyphCodes are the characters of testdata/some.ttf by glyph, from glyph 1 on.
const glyphCodes = "0123办年度总本理计"

// glyphs writes a string for the fonts /F3 and /F4.
func glyphs(s string) string {
	var out strings.Builder
	out.WriteByte('<')
	for _, r := range s {
		fmt.Fprintf(&out, "%04X", 1+len([]rune(glyphCodes[:strings.IndexRune(glyphCodes, r)])))
	}
	out.WriteByte('>')
	return out.String()
}

// cmap says which character each glyph is, from glyph 1 on.
func cmap(s string) string {
	var out strings.Builder
	out.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n/CMapName /Some def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n")
	fmt.Fprintf(&out, "%d beginbfchar\n", len([]rune(s)))
	for i, r := range []rune(s) {
		fmt.Fprintf(&out, "<%04X> <%04X>\n", i+1, r)
	}
	out.WriteString("endbfchar endcmap end end")
	return out.String()
}

// ranges maps the Han and full-width codes to themselves.
func ranges() string {
	var s strings.Builder
	for i := range 100 {
		hi := 0x4E + i
		if i >= 82 { // beyond the Han: full-width forms and the rest of the used planes
			hi = 0xFF
		}
		fmt.Fprintf(&s, "<%02X00> <%02XFF> <%02X00> ", hi, hi, hi)
	}
	return s.String()
}

// han writes a string for the fonts /F2 and /F3.
func han(s string) string {
	var out strings.Builder
	out.WriteByte('<')
	for _, r := range s {
		fmt.Fprintf(&out, "%04X", r)
	}
	out.WriteByte('>')
	return out.String()
}

// page makes a file of one page.
func page(s sheet) []byte {
	return file(func(*builder) []sheet { return []sheet{s} })
}
