package normalize

import "github.com/nianbao/nianbao/layout"

// placedTrust is the label confidence of a row or column that was matched by its place alone.
const placedTrust = 0.5

// placed is a value cell and the header that it stands under: an index, or -1 where that is none or none alone.
type placed struct {
	cell *layout.Cell
	at   int
}

// place says which header each value cell of a row stands under, or which of the all columns of a row without headers.
// It is nil where nothing says so. Where cells have places on paper, those say it; rows that a program wrote have all of
// their cells, though their spans may be wrong, so that there the order says it.
func (d *dataRow) place(cs columns, all int) []placed {
	heads, g := cs.heads, d.part.grid
	switch {
	case g.doubt:
		return d.placeScanned(heads, all)
	case len(heads) == 0:
		return inOrder(g.window(d.cells, all))
	case len(d.cells) > 0 && !d.cells[0].Box.Empty():
		return under(d.cells, heads)
	}
	n := len(d.cells)
	if cs.matched() == len(heads) {
		n = len(heads) // what a row has more is blank
	}
	if cells := g.window(d.cells, n); len(cells) == len(heads) {
		return inOrder(cells)
	}
	if g.ragged {
		return nil
	}
	return under(d.cells, heads)
}

// inOrder gives cells to the columns one by one.
func inOrder(cells []*layout.Cell) []placed {
	var out []placed
	for i, c := range cells {
		out = append(out, placed{c, i})
	}
	return out
}

// window takes as many blank cells from the ends of a row as it has more than n: copies from web pages leave empty
// columns. It is nil where there are fewer, where that does not do, and where more than one way does.
func (g *grid) window(cells []*layout.Cell, n int) []*layout.Cell {
	extra := len(cells) - n
	if extra < 0 {
		return nil
	}
	left, right := 0, len(cells)
	for left < len(cells) && g.kinds[cells[left]] == blankCell {
		left++
	}
	for right > left && g.kinds[cells[right-1]] == blankCell {
		right--
	}
	switch right = len(cells) - right; {
	case left+right < extra:
		return nil
	case extra == 0, left == 0, left == len(cells):
		return cells[:n]
	case right == 0:
		return cells[extra:]
	}
	return nil
}

// under gives each cell the header that it stands under. It gives none where two cells stand under one header, or one cell
// under two.
func under(cells []*layout.Cell, heads []header) []placed {
	out, count := make([]placed, len(cells)), map[int]int{}
	for i, c := range cells {
		out[i] = placed{c, overlap(c, heads)}
		if spans(c, heads) > 1 {
			out[i].at = -1
		}
		count[out[i].at]++
	}
	for i := range out {
		if count[out[i].at] > 1 {
			out[i].at = -1
		}
	}
	return out
}

// placeScanned is place for cells that were found on a picture.
func (d *dataRow) placeScanned(heads []header, all int) []placed {
	n := len(heads)
	if n == 0 {
		n = all
	}
	cells := d.cells
	if extra := len(cells) - n; extra > 0 {
		cells = dropBlanks(d.part.grid, cells, extra)
	}
	out := standing(cells, heads)
	if out == nil {
		if len(cells) != n && len(heads) == 0 {
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

// hollow says that a scanned cell is blank and that its column's header is blank, too. Then nothing shows that the column is
// there; a ruling may have been lost. trust is how surely the header is the column's.
func (g *grid) hollow(c *layout.Cell, trust float64) bool {
	return g.doubt && g.kinds[c] == blankCell && trust <= placedTrust
}

// hollow says that a scanned row has neither a label nor a figure. Then nothing shows that it is the row: where a page breaks a row in two,
// its print may be on the page before.
func (d *dataRow) hollow() bool {
	return d.part.doubt && (d.leaf == nil || d.part.kinds[d.leaf] == blankCell) && !d.part.hasFigure(d.cells) && !d.part.hasUnread(d.cells)
}

// dropBlanks drops up to n blank cells from the ends.
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
// It is nil where order and place agree, and where there are no headers.
func standing(cells []*layout.Cell, heads []header) []placed {
	if len(heads) == 0 {
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
	return d.leaf != nil && c.Row+c.RowSpan > d.leaf.Row+d.leaf.RowSpan || spans(c, heads) > 1
}

// spans counts the headers most of which a cell lies under.
func spans(c *layout.Cell, heads []header) int {
	n := 0
	for _, h := range heads {
		if o := min(c.Col+c.ColSpan, h.c1) - max(c.Col, h.c0); 2*o > h.c1-h.c0 {
			n++
		}
	}
	return n
}
