package paper

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// fontName is that of the font of the text layer, whose characters print nothing.
const fontName = "Unseen"

// font adds a font that has every character of the basic plane, each one em wide and blank: what stands in the image must not be printed
// a second time, and PDF/A wants the fonts of all text in the file.
func (b *builder) font() (types.IndirectRef, error) {
	program := blankFont()
	file, err := packed(types.Dict{"Length1": types.Integer(len(program))}, program)
	if err != nil {
		return types.IndirectRef{}, err
	}
	toGlyphs, err := packed(types.Dict{}, bytes.Repeat([]byte{0, 1}, 1<<16))
	if err != nil {
		return types.IndirectRef{}, err
	}
	unicode, err := packed(types.Dict{}, []byte(`/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`))
	if err != nil {
		return types.IndirectRef{}, err
	}
	descriptor := b.add(types.Dict{
		"Type": types.Name("FontDescriptor"), "FontName": types.Name(fontName), "Flags": types.Integer(4), "FontBBox": types.Array{types.Integer(0), types.Integer(0), types.Integer(1000), types.Integer(1000)},
		"ItalicAngle": types.Integer(0), "Ascent": types.Integer(1000), "Descent": types.Integer(0), "CapHeight": types.Integer(1000), "StemV": types.Integer(80), "FontFile2": b.add(file),
	})
	cid := b.add(types.Dict{
		"Type": types.Name("Font"), "Subtype": types.Name("CIDFontType2"), "BaseFont": types.Name(fontName), "FontDescriptor": descriptor, "DW": types.Integer(1000),
		"CIDSystemInfo": types.Dict{"Registry": types.StringLiteral("Adobe"), "Ordering": types.StringLiteral("Identity"), "Supplement": types.Integer(0)}, "CIDToGIDMap": b.add(toGlyphs),
	})
	return b.add(types.Dict{
		"Type": types.Name("Font"), "Subtype": types.Name("Type0"), "BaseFont": types.Name(fontName), "Encoding": types.Name("Identity-H"),
		"DescendantFonts": types.Array{cid}, "ToUnicode": b.add(unicode),
	}), nil
}

// blankFont is a TrueType font of two glyphs without outlines, 1000 units wide of 1000 an em: no character, and every character.
func blankFont() []byte {
	u16 := func(vs ...int) (out []byte) {
		for _, v := range vs {
			out = binary.BigEndian.AppendUint16(out, uint16(v))
		}
		return out
	}
	head := append(u16(1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 1000), make([]byte, 16)...)
	head = append(head, u16(0, 0, 1000, 1000, 0, 8, 2, 0, 0)...)
	tables := []struct {
		tag  string
		data []byte
	}{ // in the order of their names
		{"cmap", u16(0, 1, 3, 1, 0, 12, 4, 24, 0, 2, 0, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0)},
		{"glyf", make([]byte, 4)},
		{"head", head},
		{"hhea", u16(1, 0, 1000, 0, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, 2)},
		{"hmtx", u16(1000, 0, 1000, 0)},
		{"loca", u16(0, 0, 0)},
		{"maxp", u16(1, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)},
	}
	sum := func(b []byte) (s uint32) {
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
		for i := 0; i < len(b); i += 4 {
			s += binary.BigEndian.Uint32(b[i:])
		}
		return s
	}
	out := u16(1, 0, len(tables), 64, 2, len(tables)*16-64)
	at := 12 + 16*len(tables)
	var body []byte
	for _, t := range tables {
		out = fmt.Append(out, t.tag)
		out = binary.BigEndian.AppendUint32(out, sum(t.data))
		out = binary.BigEndian.AppendUint32(out, uint32(at+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		body = append(body, t.data...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	return append(out, body...)
}
