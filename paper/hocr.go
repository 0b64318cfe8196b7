package paper

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"math"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/layout"
)

// hocrDPI is what pages in points are measured with: hOCR knows whole pixels alone.
const hocrDPI = 300.0

// writeHOCR writes the pages as hOCR 1.2. A table is an area of its own, and each of its cells a paragraph with its place in the table.
func writeHOCR(w io.Writer, d Document, pages []page) error {
	b := &bytes.Buffer{}
	title := d.Layout.Name
	version := ""
	if d.Report != nil {
		title, version = d.Report.Meta.Title, " "+d.Report.Producer.Version
	}
	fmt.Fprintf(b, `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="zh" lang="zh">
 <head>
  <title>%s</title>
  <meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
  <meta name="ocr-system" content="nianbao%s"/>
  <meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_table ocr_par ocr_line ocrx_word"/>
 </head>
 <body>
`, html.EscapeString(printable(title)), html.EscapeString(version))
	n := 0
	id := func(kind string) string { n++; return fmt.Sprintf("%s_%d", kind, n) }
	for _, p := range pages {
		k := 1.0
		if p.Unit == layout.Points {
			k = hocrDPI / 72
		}
		box := func(r layout.Rect) string {
			return fmt.Sprintf("bbox %d %d %d %d", int(math.Floor(max(0, r.X0*k))), int(math.Floor(max(0, r.Y0*k))), int(math.Ceil(r.X1*k)), int(math.Ceil(r.Y1*k)))
		}
		lines := func(ls []line) {
			for _, l := range ls {
				fmt.Fprintf(b, `    <span class="ocr_line" id="%s" title="%s">`, id("line"), box(l.box))
				for i, w := range l.words {
					if i > 0 {
						b.WriteByte(' ')
					}
					fmt.Fprintf(b, `<span class="ocrx_word" id="%s" title="%s; x_wconf %d">%s</span>`, id("word"), box(w.box), int(math.Round(100*w.confidence)), html.EscapeString(printable(w.text)))
				}
				b.WriteString("</span>\n")
			}
		}
		fmt.Fprintf(b, `  <div class="ocr_page" id="page_%d" title="image &quot;%s&quot;; %s; ppageno %d">`+"\n", p.Number, html.EscapeString(strings.ReplaceAll(printable(d.Layout.Name), `"`, "'")), box(layout.Rect{X1: p.Width, Y1: p.Height}), p.Number-1)
		for _, l := range p.lines {
			fmt.Fprintf(b, `   <div class="ocr_carea" id="%s" title="%s"><p class="ocr_par" id="%s" title="%s">`+"\n", id("block"), box(l.box), id("par"), box(l.box))
			lines([]line{l})
			b.WriteString("   </p></div>\n")
		}
		for _, g := range p.tables {
			fmt.Fprintf(b, `   <div class="ocr_table" id="%s" title="%s">`+"\n", id("table"), box(g.box))
			for _, c := range g.cells {
				fmt.Fprintf(b, `   <p class="ocr_par" id="%s" title="%s" data-row="%d" data-column="%d" data-rows="%d" data-columns="%d" data-path="%s">`+"\n",
					id("cell"), box(c.Box), c.Row, c.Col, c.RowSpan, c.ColSpan, html.EscapeString(c.path))
				lines(c.lines)
				b.WriteString("   </p>\n")
			}
			b.WriteString("   </div>\n")
		}
		b.WriteString("  </div>\n")
	}
	b.WriteString(" </body>\n</html>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// printable is a text without what XML cannot hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}
