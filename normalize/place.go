package normalize

import "github.com/nianbao/nianbao/layout"

// placedTrust is the label confidence of a row or column that was matched by its place alone.
const placedTrust = 0.5

// placed is a value cell and the header that it stands under: an index, or -1 where that is none or none alone.
type placed struct {
	cell *layout.Cell
	at   int
}

// place drops blank cells that are too many from the ends of a row and says which header each cell that is
// left stands under. all is how many cells a row has without headers. It is nil where there are too few cells
// and nothing says which they are; their columns say so if byColumn is set.
func (d *dataRow) place(heads []header, all int, byColumn bool) []placed {
	n := len(heads)
	if n == 0 {
		n = all
	}
	cells := d.cells
	if extra := len(cells) - n; extra > 0 {
		cells = dropBlanks(d.part.grid, cells, extra)
	}
	out := standing(d.part.grid, cells, heads)
	if out == nil {
		if len(cells) != n && (len(heads) == 0 || !byColumn) {
			return nil
		}
		out = make([]placed, len(cells))
		for i, c := range cells {
			out[i] = placed{c, i}
			if len(cells) != n {
				out[i].at = overlap(c, heads)
			}
		}
	}
	for i := range out {
		if d.lostWall(out[i].cell, heads) {
			out[i].at = -1
		}
	}
	return out
}

// hollow says that a scanned cell is blank, and so is what should be its column's header: nothing tells that the column is here at
// all, and not where the rulings got lost. trust is the header's.
func (g *grid) hollow(c *layout.Cell, trust float64) bool {
	return g.doubt && g.kinds[c] == blankCell && trust <= placedTrust
}

// dropBlanks drops up to n blank cells from the ends: copies from web pages leave empty columns.
func dropBlanks(g *grid, cells []*layout.Cell, n int) []*layout.Cell {
	for n > 0 && len(cells) > 0 && g.kinds[cells[len(cells)-1]] == blankCell {
		cells, n = cells[:len(cells)-1], n-1
	}
	for n > 0 && len(cells) > 0 && g.kinds[cells[0]] == blankCell {
		cells, n = cells[1:], n-1
	}
	return cells
}

// overlap is the header that shares most columns with a cell, or -1.
func overlap(c *layout.Cell, heads []header) int {
	best, at := 0, -1
	for i, h := range heads {
		if o := min(c.Col+c.ColSpan, h.c1) - max(c.Col, h.c0); o > best {
			best, at = o, i
		}
	}
	return at
}

// standing gives, for the cells of a scanned row, the header that each stands under, -1 where it is
// none or one of several under one: walls that were not seen leave as many cells as headers by chance.
// It is nil where order and place agree, and where the header is of another grid.
func standing(g *grid, cells []*layout.Cell, heads []header) []placed {
	if len(heads) == 0 || heads[len(heads)-1].c1 != g.table.Cols {
		return nil
	}
	out, count, agree := make([]placed, len(cells)), map[int]int{}, len(cells) == len(heads)
	for i, c := range cells {
		if c.Reading == nil {
			return nil
		}
		out[i] = placed{c, overlap(c, heads)}
		count[out[i].at]++
		agree = agree && out[i].at == i
	}
	if agree {
		return nil
	}
	for i := range out {
		if count[out[i].at] > 1 {
			out[i].at = -1
		}
	}
	return out
}

// lostWall says that a scanned cell lies under several headers, or reaches into the row below its
// label's: the wall between two cells was not seen, and what was read is of neither alone.
func (d *dataRow) lostWall(c *layout.Cell, heads []header) bool {
	if c.Reading == nil {
		return false
	}
	if d.leaf != nil && c.Row+c.RowSpan > d.leaf.Row+d.leaf.RowSpan {
		return true
	}
	if len(heads) == 0 || heads[len(heads)-1].c1 != d.part.table.Cols {
		return false // the header is of another grid
	}
	under := 0
	for _, h := range heads {
		if o := min(c.Col+c.ColSpan, h.c1) - max(c.Col, h.c0); 2*o > h.c1-h.c0 {
			under++
		}
	}
	return under > 1
}
