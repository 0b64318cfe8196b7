package normalize

import (
	"github.com/nianbao/nianbao/normalize/statement"
	"github.com/nianbao/nianbao/report"
)

// narrate takes the key quantities from the prose of a report that has no tables. They stand in a
// table of their own, each with its sentence; the first statement of a quantity counts.
func narrate(r *report.Report) {
	for _, s := range r.Sections {
		origin := report.OriginText
		if s.Confidence < 1 {
			origin = report.OriginOCR
		}
		for _, st := range statement.Find(s.Text) {
			path := "/tables/narrative/" + string(st.Key)
			if _, ok := r.Tables.Value(path); ok {
				continue
			}
			n := st.Number
			c := report.Cell{Path: path, Raw: n.String(), Mark: report.MarkNumber, Verdict: report.Read, Confidence: s.Confidence, Origin: origin, Sentence: st.Sentence, Label: 1}
			if n.IsZero() {
				c.Mark = report.MarkZero
			}
			if len(s.Pages) == 1 {
				page := s.Pages[0]
				c.Page = &page
			}
			r.Tables.Set(path, report.Value{Number: &n})
			r.Cells = append(r.Cells, c)
		}
	}
}
