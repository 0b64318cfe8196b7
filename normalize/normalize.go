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
	"github.com/nianbao/nianbao/normalize/title"
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
	paras := paragraphs(blocks)
	whole := titleSource(doc, blocks, paras, len(paras))
	found := findTables(blocks, forms, func() int { return yearOf(title.Find(whole)) })
	warnings = append(warnings, found.warnings...)
	main := decide(r, forms, found.fits, found.others)
	chapters := main
	if chapters == nil || len(chapters.Sections) == 0 {
		chapters = chaptersOf(whole, forms)
	}
	warnings = append(warnings, prose(r, doc, blocks, chapters)...)
	if r.Form == form.NarrativeName && r.Meta.Title == "" && len(r.Sections) == 0 {
		r.Outcome = report.NotAReport
		warnings = append(warnings, diag.Warning{Code: diag.NotReport, Message: "nothing in the document looks like an annual report"})
	}
	cells = map[string]*layout.Cell{}
	if main == nil && len(found.others) == 0 {
		narrate(r, blocks)
	}
	found.announced(r, chapters, forms, paras)
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
