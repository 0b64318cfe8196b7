package ocr

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/ocr/reading"
)

// splitWhite is how much white, in heights of a full-width character, there is on both sides of where a lost wall was.
const splitWhite = 0.1

// splitRows parts cells of several rows that hold a figure in each, where the walls of the columns on both sides say: what a scan lost of a wall
// between two figures. Cells that hold words stay, for labels of groups do stand beside several rows.
func splitRows(sheet *raster.Sheet, t *layout.Table) {
	if t.White {
		return
	}
	at := make(map[[2]int]int, len(t.Cells)) // the cell of each position
	for i := range t.Cells {
		c := &t.Cells[i]
		for r := range c.RowSpan {
			for k := range c.ColSpan {
				at[[2]int{c.Row + r, c.Col + k}] = i
			}
		}
	}
	// parted is where the column beside a cell has a wall below a row: the end of one of its cells.
	parted := func(row, col int) (y float64, ok bool) {
		a, isA := at[[2]int{row, col}]
		b, isB := at[[2]int{row + 1, col}]
		if !isA || !isB || a == b {
			return 0, false
		}
		return (t.Cells[a].Box.Y1 + t.Cells[b].Box.Y0) / 2, true
	}
	n := len(t.Cells)
	for i := range n {
		c := &t.Cells[i]
		if c.RowSpan < 2 || c.Col == 0 || len(c.Tables) > 0 {
			continue
		}
		edges := []float64{c.Box.Y0}
		for r := c.Row; r < c.Row+c.RowSpan-1; r++ {
			y, ok := parted(r, c.Col-1)
			if right := c.Col + c.ColSpan; ok && right < t.Cols {
				var other float64
				other, ok = parted(r, right)
				y = (y + other) / 2
			}
			if !ok {
				break
			}
			edges = append(edges, y)
		}
		if edges = append(edges, c.Box.Y1); len(edges) != c.RowSpan+1 || !figureEach(sheet, c.Box, edges) {
			continue
		}
		parts := make([]layout.Cell, c.RowSpan)
		for k := range parts {
			parts[k] = *c
			parts[k].Row, parts[k].RowSpan = c.Row+k, 1
			parts[k].Box.Y0, parts[k].Box.Y1 = edges[k], edges[k+1]
		}
		*c = parts[0]
		t.Cells = append(t.Cells, parts[1:]...)
	}
	if len(t.Cells) > n {
		slices.SortStableFunc(t.Cells, func(a, b layout.Cell) int { return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col)) })
	}
}

// figureEach says that between each two edges of a box there stands one figure, and white along the edges between them.
func figureEach(sheet *raster.Sheet, box layout.Rect, edges []float64) bool {
	white := splitWhite * sheet.TextHeight
	for k := 1; k < len(edges); k++ {
		part := layout.Rect{X0: box.X0, Y0: edges[k-1], X1: box.X1, Y1: edges[k]}
		if k < len(edges)-1 {
			in := cellInset * sheet.TextHeight
			along := layout.Rect{X0: box.X0 + in, Y0: edges[k] - white, X1: box.X1 - in, Y1: edges[k] + white}
			if len(cellLines(sheet, layout.Rect{X0: along.X0 - in, Y0: along.Y0 - in, X1: along.X1 + in, Y1: along.Y1 + in}).lines) > 0 {
				return false
			}
		}
		lines := cellLines(sheet, part).lines
		if len(lines) != 1 || lines[0].halves != nil || lines[0].ink > lineHeight*sheet.TextHeight {
			return false
		}
		text := reading.Text(reading.Numbers().Runes(lines[0].image, 0))
		if label(text) || strings.IndexFunc(text, figure.IsDigit) < 0 && !figure.Stroke(text) {
			return false
		}
	}
	return true
}
