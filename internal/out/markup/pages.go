package markup

import "github.com/nianbao/nianbao/layout"

// Of takes the tables of a document that begin on the pages wanted.
func Of(doc *layout.Document, want layout.Pages) []Table {
	var out []Table
	for _, p := range doc.Pages {
		for _, b := range p.Blocks {
			if b.Table == nil || len(b.Table.Cells) == 0 {
				continue
			}
			page := b.Table.Cells[0].Page
			if want.Has(page) {
				out = append(out, Table{Number: len(out) + 1, Page: page, Table: b.Table})
			}
		}
	}
	return out
}
