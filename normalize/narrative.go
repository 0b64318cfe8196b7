package normalize

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/normalize/statement"
	"github.com/nianbao/nianbao/report"
)

// narrate takes the key quantities from the prose of a report that has no tables. They stand in a table of
// their own, each with its sentence. What the text does not surely state is null there, and its cell's note
// has the doubt.
func narrate(r *report.Report, blocks []layout.Block) {
	in := statement.Context{Issuer: r.Meta.Issuer}
	if r.Meta.Year != nil {
		in.Year = *r.Meta.Year
	}
	var text strings.Builder
	var paragraphs []*layout.Paragraph
	var from []int // where each begins in the text
	for _, b := range blocks {
		if b.Paragraph != nil {
			paragraphs, from = append(paragraphs, b.Paragraph), append(from, text.Len())
			text.WriteString(b.Paragraph.Text)
			text.WriteByte('\n')
		}
	}
	for _, s := range statement.Settle(statement.Find(text.String(), in)) {
		at, here := slices.BinarySearch(from, s.Offset)
		if !here {
			at--
		}
		p := paragraphs[at]
		path := s.Key.Path()
		c := report.Cell{Path: path, Raw: s.Raw, Mark: report.MarkText, Note: string(s.Doubt), Verdict: report.Read, Confidence: p.Confidence, Origin: report.OriginText, Sentence: s.Sentence}
		if p.Confidence < 1 {
			c.Origin = report.OriginOCR
		}
		if p.Page > 0 {
			page := p.Page
			c.Page = &page
		}
		v := report.Value{}
		if s.Doubt == statement.Sure {
			n := s.Number
			v.Number = &n
			c.Mark = report.MarkNumber
			if n.IsZero() {
				c.Mark = report.MarkZero
			}
			if s.Also != nil {
				c.Note = statement.AlsoSays + s.Also.Raw
			}
		}
		r.Tables.Set(path, v)
		r.Cells = append(r.Cells, c)
	}
}
