package normalize

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// Labels of a table that its document's prose must hold for the table to be there, in whatever state: as many, of at least so
// many characters. Shorter ones, and one alone, a sentence may hold as well.
const shownLabels, shownLabel = 3, 5

// announced adds to what was seen and not read the tables that the report's headings or its prose show, and those that every
// report of its year has in a section of their own. f is the form whose chapters the report has.
func (x *found) announced(r *report.Report, f *form.Form, forms form.Set, paras []*layout.Paragraph) {
	if r.Outcome == report.NotAReport {
		return
	}
	none := len(x.fits) == 0
	var text strings.Builder
	for _, p := range paras {
		text.WriteString(fold(p.Text))
	}
	prose := noBrackets.Replace(text.String())
	for i := range f.Tables {
		t := &f.Tables[i]
		if _, ok := x.fits[t.Key]; ok || x.unread[t.Key].Code != "" {
			continue
		}
		page, under := underHeading(r, t)
		since := firstYearOf(t.Key, forms)
		of := slices.ContainsFunc(f.Sections, func(s form.Section) bool { return s.Key == t.Key })
		if year := r.Meta.Year; of && year != nil && *year < since {
			continue // the section is older than the table
		}
		switch {
		case under:
			x.unread[t.Key] = warning(diag.TableMissing, page, "its section is there, and no table could be read in it")
		case shownIn(prose, t) >= shownLabels:
			x.unread[t.Key] = warning(diag.TableMissing, 0, "its labels stand in the text, and no table could be read")
		case none && of && r.Meta.Year != nil && since > 0:
			x.unread[t.Key] = warning(diag.TableMissing, 0, "every report since %d has it, and no table could be read", since)
		}
	}
}

// firstYearOf is the first year whose reports have a table, 0 where that is not known.
func firstYearOf(key string, forms form.Set) int {
	first := 0
	for _, f := range forms.National() {
		if f.Table(key) != nil && f.From > 0 && (first == 0 || f.From < first) {
			first = f.From
		}
	}
	return first
}

// underHeading says that the report has the section of a table, or a heading that is the table's title, and on which page.
func underHeading(r *report.Report, t *form.Table) (page int, ok bool) {
	title := newName(t.Title)
	for _, s := range r.Sections {
		if s.Key == t.Key || editSimilarity(newName(s.Heading).full, title.full, sureSimilarity-1e-9) >= sureSimilarity {
			if len(s.Pages) > 0 {
				page = s.Pages[0]
			}
			return page, true
		}
	}
	return 0, false
}

// shownIn counts the labels of a table that a folded text holds.
func shownIn(text string, t *form.Table) int {
	n := 0
	for _, m := range targetsOf(t).names {
		if len(m.full) >= shownLabel && strings.Contains(text, string(m.full)) {
			n++
		}
	}
	return n
}
