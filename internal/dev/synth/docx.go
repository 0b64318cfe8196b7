package synth

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

const docxContentTypes = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`

const docxRelations = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`

const docxDocumentRelations = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`

const docxNamespace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`

const docxStyles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles ` + docxNamespace + `><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/><w:basedOn w:val="a"/></w:style><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>`

// DOCX writes the report as an office document: headings by style, tables with merged cells.
func (r *Report) DOCX(st Style) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n<w:document " + docxNamespace + "><w:body>")
	p := docxWriter{&b, st}
	p.paragraph(st.label(r.Title), "a3", titleSize, st.Head, "center")
	p.paragraph(st.label(r.Lead()), "", proseSize, st.Face, "")
	for _, s := range r.Sections {
		p.paragraph(st.label(s.Heading), "1", headingSize, st.Head, "")
		for _, x := range s.Paragraphs {
			p.paragraph(st.label(x), "", proseSize, st.Face, "")
		}
		if s.Table != "" {
			for _, g := range r.Grids(s.Table, st) {
				p.table(g)
				p.paragraph("", "", proseSize, st.Face, "")
			}
		}
	}
	w, h, orient := paperShort, paperLong, ""
	if st.Landscape {
		w, h, orient = h, w, ` w:orient="landscape"`
	}
	fmt.Fprintf(&b, `<w:sectPr><w:pgSz w:w="%.0f" w:h="%.0f"%s/><w:pgMar w:top="%.0[4]f" w:bottom="%.0[4]f" w:left="%.0[4]f" w:right="%.0[4]f"/></w:sectPr></w:body></w:document>`,
		w*20, h*20, orient, margin*20)
	return zipped([][2]string{
		{"[Content_Types].xml", docxContentTypes}, {"_rels/.rels", docxRelations}, {"word/document.xml", b.String()},
		{"word/_rels/document.xml.rels", docxDocumentRelations}, {"word/styles.xml", docxStyles},
	})
}

// zipped packs files without times, so that the bytes are the same each time.
func zipped(files [][2]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		w, err := z.Create(f[0])
		if err == nil {
			_, err = w.Write([]byte(f[1]))
		}
		if err != nil {
			panic(err) // a buffer takes everything
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}

type docxWriter struct {
	*strings.Builder
	st Style
}

func (p docxWriter) run(text string, size float64, face Face, bold bool) {
	latin := face
	if p.st.Figures >= Times {
		latin = p.st.Figures
	}
	b := ""
	if bold {
		b = "<w:b/>"
	}
	fmt.Fprintf(p.Builder, `<w:r><w:rPr><w:rFonts w:ascii="%s" w:hAnsi="%[1]s" w:eastAsia="%s"/>%s<w:sz w:val="%.0f"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r>`,
		officeNames[latin], officeNames[face], b, size*2, escaped(text))
}

func (p docxWriter) paragraph(text, style string, size float64, face Face, align string) {
	p.WriteString("<w:p><w:pPr>")
	if style != "" {
		fmt.Fprintf(p.Builder, `<w:pStyle w:val="%s"/>`, style)
	}
	if align != "" {
		fmt.Fprintf(p.Builder, `<w:jc w:val="%s"/>`, align)
	}
	p.WriteString("</w:pPr>")
	if text != "" {
		p.run(text, size, face, style != "")
	}
	p.WriteString("</w:p>")
}

func (p docxWriter) table(g Grid) {
	sum, full := 0.0, paperShort-2*margin
	if p.st.Landscape {
		full = paperLong - 2*margin
	}
	for _, w := range g.Widths {
		sum += w
	}
	width := func(from, to int) (w float64) {
		for _, x := range g.Widths[from:to] {
			w += x / sum * full * 20
		}
		return w
	}
	p.WriteString("<w:tbl><w:tblPr><w:tblBorders>")
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(p.Builder, `<w:%s w:val="single" w:sz="%.0f" w:color="000000"/>`, side, max(2, p.st.Rule*8))
	}
	p.WriteString("</w:tblBorders></w:tblPr><w:tblGrid>")
	for i := range g.Widths {
		fmt.Fprintf(p.Builder, `<w:gridCol w:w="%.0f"/>`, width(i, i+1))
	}
	p.WriteString("</w:tblGrid>")
	for row := range g.Rows {
		p.WriteString("<w:tr><w:trPr>")
		if row < g.Header && p.st.Repeat {
			p.WriteString("<w:tblHeader/>")
		}
		p.WriteString("</w:trPr>")
		for _, b := range rowBoxes(g, row) {
			fmt.Fprintf(p.Builder, `<w:tc><w:tcPr><w:tcW w:w="%.0f" w:type="dxa"/>`, width(b.Col, b.Col+b.ColSpan))
			if b.ColSpan > 1 {
				fmt.Fprintf(p.Builder, `<w:gridSpan w:val="%d"/>`, b.ColSpan)
			}
			if b.RowSpan > 1 && b.Row == row {
				p.WriteString(`<w:vMerge w:val="restart"/>`)
			} else if b.RowSpan > 1 {
				p.WriteString(`<w:vMerge/>`)
			}
			if b.Shaded && p.st.Shade < 1 {
				v := int(p.st.Shade * 255)
				fmt.Fprintf(p.Builder, `<w:shd w:val="clear" w:fill="%02X%02X%02X"/>`, v, v, v)
			}
			if b.Vertical {
				p.WriteString(`<w:textDirection w:val="tbRlV"/>`)
			}
			p.WriteString(`<w:vAlign w:val="center"/></w:tcPr>`)
			align := `<w:jc w:val="center"/>`
			if b.Left {
				align = ""
			}
			fmt.Fprintf(p.Builder, "<w:p><w:pPr>%s</w:pPr>", align)
			if b.Row == row && b.Text != "" {
				p.run(b.Text, p.st.Size, p.st.Face, b.Bold)
			}
			p.WriteString("</w:p></w:tc>")
		}
		p.WriteString("</w:tr>")
	}
	p.WriteString("</w:tbl>")
}

// rowBoxes are the boxes that cover a row, those that began further up too, from left to right.
func rowBoxes(g Grid, row int) []Box {
	var boxes []Box
	for col := 0; col < len(g.Widths); {
		next := col + 1
		for _, b := range g.Boxes {
			if b.Col == col && b.Row <= row && row < b.Row+b.RowSpan {
				boxes = append(boxes, b)
				next = col + b.ColSpan
			}
		}
		col = next
	}
	return boxes
}
