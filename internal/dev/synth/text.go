package synth

import (
	"fmt"
	"strings"
)

// HTML writes the report as the page of a public body's site has it: an article with tables, between
// the site's own lines.
func (r *Report) HTML(st Style) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>%s</title></head>\n<body>\n", escaped(r.Title))
	fmt.Fprintf(&b, "<div class=\"nav\"><a href=\"/\">首页</a> &gt; 政府信息公开年报</div>\n<div class=\"article\">\n<h1>%s</h1>\n<p>%s</p>\n",
		escaped(st.label(r.Title)), escaped(st.label(r.Lead())))
	for _, s := range r.Sections {
		fmt.Fprintf(&b, "<h2>%s</h2>\n", escaped(st.label(s.Heading)))
		for _, p := range s.Paragraphs {
			fmt.Fprintf(&b, "<p>　　%s</p>\n", escaped(st.label(p)))
		}
		if s.Table != "" {
			for _, g := range r.Grids(s.Table, st) {
				htmlTable(&b, g)
			}
		}
	}
	b.WriteString("</div>\n<div class=\"share\">扫一扫在手机打开当前页</div>\n</body></html>\n")
	return []byte(b.String())
}

func htmlTable(b *strings.Builder, g Grid) {
	b.WriteString("<table border=\"1\">\n")
	for row := range g.Rows {
		b.WriteString("<tr>")
		for _, x := range g.Boxes {
			if x.Row != row {
				continue
			}
			b.WriteString("<td")
			if x.RowSpan > 1 {
				fmt.Fprintf(b, " rowspan=\"%d\"", x.RowSpan)
			}
			if x.ColSpan > 1 {
				fmt.Fprintf(b, " colspan=\"%d\"", x.ColSpan)
			}
			fmt.Fprintf(b, ">%s</td>", escaped(x.Text))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
}

// Text writes the report as it is when it was copied out of a browser: a tab between cells, and nothing
// where a cell from further up or further left reaches.
func (r *Report) Text(st Style) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n", st.label(r.Title), st.label(r.Lead()))
	for _, s := range r.Sections {
		fmt.Fprintf(&b, "\n%s\n", st.label(s.Heading))
		for _, p := range s.Paragraphs {
			fmt.Fprintf(&b, "%s\n", st.label(p))
		}
		if s.Table == "" {
			continue
		}
		for _, g := range r.Grids(s.Table, st) {
			b.WriteString("\n")
			for row := range g.Rows {
				cells := make([]string, len(g.Widths))
				for _, x := range g.Boxes {
					if x.Row == row {
						cells[x.Col] = x.Text
					}
				}
				b.WriteString(strings.Join(cells, "\t") + "\n")
			}
		}
	}
	return []byte(b.String())
}
