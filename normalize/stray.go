package normalize

import (
	"slices"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
)

// strayFigure is why a blank is no value: a figure of its row stands under no column, and may be the blank's.
const strayFigure = "a figure of the row stands under no column, and may be this one's"

// strays takes the blanks of a row back where a figure of the row went to none of its columns: where walls or white
// space told the columns wrong, a blank is what is left over of the place that the figure has.
func (f *fit) strays(d dataRow, row *form.Row, columns []string) {
	var blank []string // paths of the row's blanks
	taken := map[*layout.Cell]bool{}
	for _, key := range columns {
		p := form.Path(f.table.Key, row.Key, key)
		h, ok := f.hits[p]
		if !ok {
			continue
		}
		if taken[h.cell] = true; slices.Contains(d.cells, h.cell) && d.part.kinds[h.cell] == blankCell && !h.cell.Lost {
			blank = append(blank, p)
		}
	}
	a := d.asides()
	taken[a.cumulative], taken[a.period] = true, true
	if len(blank) == 0 || !slices.ContainsFunc(d.cells, func(c *layout.Cell) bool {
		k := d.part.kinds[c]
		return (k == figureCell || k == unreadCell) && !taken[c]
	}) {
		return
	}
	for _, p := range blank {
		h := f.hits[p]
		c := *h.cell
		c.Lost, c.Why = true, strayFigure
		h.cell = &c
		f.hits[p] = h
	}
}
