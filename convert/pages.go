package convert

import (
	"context"

	"github.com/nianbao/nianbao/diag"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables"
)

// readPages finds the blocks of every page that the source did not give.
func (c *Converter) readPages(ctx context.Context, doc *layout.Document) ([]diag.Warning, error) {
	found := make([][]layout.Table, len(doc.Pages))
	open := true
	for i := range doc.Pages {
		p := &doc.Pages[i]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if c.Page != nil {
			c.Page(i+1, len(doc.Pages))
		}
		if p.Blocks != nil {
			open = false
			continue
		}
		if p.Scan != nil {
			return nil, c.missing()
		}
		found[i] = tables.Digital(p)
	}
	if open {
		tables.Flow(doc.Pages, found)
	}
	return nil, nil
}
