// Package normalize turns a document's blocks into a report: which table is which form's, which
// row and column each cell belongs to, what its text says, and what the prose around it is.
//
// The form is told table by table from labels, never from the year. Rows and columns are matched by
// label, in the order of the form, with the groups around them; a place in the grid decides only
// where a label could not be read, and the output says so. Nothing is computed here: a value is what
// a cell prints, or null.
package normalize

import (
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// localForm is what the output calls every form that is not a national one.
const localForm = form.LocalName

// Report normalizes a document whose pages have their blocks. Its tables are looked for among forms. cells
// are those of the document that the values were taken from, by the values' paths.
func Report(doc *layout.Document, forms form.Set) (r *report.Report, cells map[string]*layout.Cell, warnings []diag.Warning) {
	r = &report.Report{
		Schema:   report.Schema,
		Forms:    map[string]string{},
		Source:   source(doc),
		Sections: []report.Section{},
		Cells:    []report.Cell{},
		Checks:   []report.Check{},
		Review:   []report.Review{},
		Warnings: []report.Warning{},
	}
	var blocks []layout.Block
	for _, p := range doc.Pages {
		if p.Number == 0 && p.Route == layout.RouteCells {
			blocks = append(blocks, regrouped(p.Blocks, forms)...)
		} else {
			blocks = append(blocks, p.Blocks...)
		}
	}
	text := readProse(doc, blocks, forms)
	found := findTables(blocks, forms, func() int {
		if text.found.Year != nil && text.found.Year.Doubt != "" {
			return 0 // a year that was guessed, perhaps from a table's caption, chooses among no tables
		}
		return yearOf(text.found)
	})
	cells = map[string]*layout.Cell{}
	if !(genre{text, doc, blocks, found}).isReport() {
		r.Form, r.Outcome = form.NarrativeName, report.NotAReport
		return r, cells, []diag.Warning{{Code: diag.NotReport, Message: "too little in the document is of an annual report"}}
	}
	warnings = append(warnings, found.warnings...)
	main := decide(r, forms, found.fits, found.others)
	warnings = append(warnings, text.put(r, forms, main)...)
	if main == nil && len(found.others) == 0 {
		narrate(r, blocks)
	}
	likely := main
	if likely == nil || len(likely.Sections) == 0 {
		likely = likeliestForm(text.heads, r.Meta.Year, forms)
	}
	found.announced(r, likely, forms, text.paras)
	warnings = append(warnings, fill(r, forms, main, found, cells)...)
	return r, cells, warnings
}

func source(doc *layout.Document) report.Source {
	s := report.Source{Name: doc.Name, SHA256: doc.SHA256, MediaType: doc.MediaType, Pages: []report.Page{}}
	for _, p := range doc.Pages {
		if p.Number > 0 {
			s.Pages = append(s.Pages, report.Page{Number: p.Number, Turn: p.Turn, Width: round(p.Width), Height: round(p.Height), Unit: string(p.Unit), Route: string(p.Route)})
		}
	}
	return s
}
