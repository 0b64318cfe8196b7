package normalize

import (
	"maps"
	"slices"
	"sort"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// grid is a table prepared for matching: its cells by row, and what each of them says. It is made once and
// never changed: all forms that are tried share it.
type grid struct {
	table *layout.Table
	rows  [][]*layout.Cell // the distinct cells that cover each row, by column
	names map[*layout.Cell]name
	kinds map[*layout.Cell]kind
	// caption is what is said of units above the table, or in a cell of it.
	caption string
	doubt   bool // the text was recognised from pixels, so that labels may be misread
	// ragged: the source lost its spans, so that a cell's column says nothing. Cells then count from
	// the row's end.
	ragged bool
}

// kind says what a cell looks like before it is known what it is.
type kind int

const (
	blankCell kind = iota
	figureCell
	textCell
	unreadCell // ink that nobody could read, or a figure that nobody can place
)

func newGrid(t *layout.Table) *grid {
	g := &grid{table: t, rows: make([][]*layout.Cell, t.Rows), names: map[*layout.Cell]name{}, kinds: map[*layout.Cell]kind{}}
	for i := range t.Cells {
		c := &t.Cells[i]
		g.names[c] = newName(c.Text)
		switch f := (figure.Field{Pixels: c.Reading != nil}).Parse(c.Text); {
		case c.Lost:
			g.kinds[c] = unreadCell
		case f.Kind == figure.Blank && c.Reading != nil && c.Reading.Ink:
			g.kinds[c] = unreadCell
		case f.Kind == figure.Blank:
			g.kinds[c] = blankCell
		case f.Kind == figure.Text && !f.Quantity:
			g.kinds[c] = textCell
		default:
			g.kinds[c] = figureCell
		}
		g.doubt = g.doubt || c.Reading != nil
		if g.caption == "" && isCaption(c.Text) {
			g.caption = c.Text
		}
		for r := c.Row; r < min(c.Row+c.RowSpan, t.Rows); r++ {
			if r >= 0 {
				g.rows[r] = append(g.rows[r], c)
			}
		}
	}
	for _, row := range g.rows {
		sort.SliceStable(row, func(i, j int) bool { return row[i].Col < row[j].Col })
	}
	g.ragged = g.lostSpans()
	return g
}

// spelled gives grids with each label as a table has it, where one of its readings is likelier to be so than
// the first: the label network knows the characters of the official forms, and takes others for those that
// look like them.
func spelled(t *form.Table, gs []*grid) []*grid {
	known := targetsOf(t).names
	likest := func(n name) (best float64) {
		for _, k := range known {
			best = max(best, n.similarityOver(k, best))
		}
		return best
	}
	out := slices.Clone(gs)
	for i, g := range gs {
		var names map[*layout.Cell]name
		for c, n := range g.names {
			if c.Reading == nil || g.kinds[c] != textCell {
				continue
			}
			best := likest(n)
			for _, x := range c.Reading.Candidates {
				o := newName(x.Text)
				if s := likest(o); x.Text != c.Text && s > best {
					if names == nil {
						names = maps.Clone(g.names)
					}
					names[c], best = o, s
				}
			}
		}
		if names != nil {
			other := *g
			other.names = names
			out[i] = &other
		}
	}
	return out
}

// lostSpans says that rows end in different columns and no cell spans any: no form is printed so.
func (g *grid) lostSpans() bool {
	if g.doubt {
		return false
	}
	for i := range g.table.Cells {
		if c := &g.table.Cells[i]; c.RowSpan > 1 || c.ColSpan > 1 {
			return false
		}
	}
	end := -1
	for _, row := range g.rows {
		if len(row) == 0 {
			continue
		}
		last := row[len(row)-1].Col
		if end >= 0 && last != end {
			return true
		}
		end = last
	}
	return false
}

// transposed gives the table with rows and columns exchanged: statistics tables are printed in
// either orientation.
func transposed(t *layout.Table) *layout.Table {
	u := *t
	u.Rows, u.Cols = t.Cols, t.Rows
	u.Cells = append([]layout.Cell{}, t.Cells...)
	for i := range u.Cells {
		c := &u.Cells[i]
		c.Row, c.Col, c.RowSpan, c.ColSpan = c.Col, c.Row, c.ColSpan, c.RowSpan
	}
	sort.SliceStable(u.Cells, func(i, j int) bool {
		a, b := &u.Cells[i], &u.Cells[j]
		return a.Row < b.Row || a.Row == b.Row && a.Col < b.Col
	})
	return &u
}

// header is a column of values: the grid columns that it takes and the labels above it, topmost
// first.
type header struct {
	cell   *layout.Cell
	c0, c1 int // grid columns [c0, c1)
	path   []name
}

// headers gives the leaf header cells over the columns from first on, for data that begin in row
// end. Where a source lost its spans, a group stands in its leftmost column and blanks follow it.
func (g *grid) headers(first, end int) []header {
	var out []header
	for c := first; c < g.table.Cols; {
		// The lowest cell of the header says how wide the column is, even when it is blank; but not where it is wider than the label
		// over it: a page break cut that, and what is left below it shows few walls.
		next := c + 1
		low := g.cellAt(end-1, c)
		if low != nil {
			next = max(next, low.Col+low.ColSpan)
			for r := end - 2; r >= 0 && g.kinds[low] == blankCell; r-- {
				if x := g.cellAt(r, c); x != nil && g.kinds[x] == textCell {
					next = max(c+1, min(next, x.Col+x.ColSpan))
					break
				}
			}
		}
		var leaf *layout.Cell
		var path []name
		for r := end - 1; r >= 0; r-- {
			x := g.cellAt(r, c)
			switch {
			case x != nil && (g.kinds[x] == textCell || g.kinds[x] == unreadCell):
				if leaf == nil {
					leaf = x
					if low != nil && x != low && x.ColSpan > low.ColSpan {
						path = []name{{}} // a group: the label below it is lost
					}
				}
				path = append([]name{g.names[x]}, path...)
				r = min(r, x.Row)
			case leaf != nil:
				if l := g.leftOf(r, c, first); l != nil {
					path = append([]name{g.names[l]}, path...)
				}
			}
		}
		out = append(out, header{leaf, c, next, path})
		c = next
	}
	return out
}

// label of a column: the innermost header and those above it.
func (h header) label() label {
	if len(h.path) == 0 {
		return label{}
	}
	n := len(h.path) - 1
	l := label{leaf: h.path[n], groups: h.path[:n]}
	if n > 0 {
		l.whole = newName(h.path[n-1].label + h.path[n].label)
	}
	return l
}

func (g *grid) cellAt(row, col int) *layout.Cell {
	if row < 0 || row >= len(g.rows) {
		return nil
	}
	for _, x := range g.rows[row] {
		if col >= x.Col && col < x.Col+x.ColSpan {
			return x
		}
	}
	return nil
}

// leftOf is the nearest text in a header row at or left of a column, with nothing but blanks between.
func (g *grid) leftOf(row, col, first int) *layout.Cell {
	for c := col; c >= first; c-- {
		x := g.cellAt(row, c)
		if x == nil || g.kinds[x] == blankCell {
			continue
		}
		if g.kinds[x] == textCell {
			return x
		}
		return nil
	}
	return nil
}

// mostlyFigures says that half of the cells that begin in a row hold figures, and at least three.
func (g *grid) mostlyFigures(r int) bool {
	figures, all := 0, 0
	for _, c := range g.rows[r] {
		if c.Row != r {
			continue
		}
		all++
		if g.kinds[c] == figureCell {
			figures++
		}
	}
	return figures >= 3 && figures*2 >= all
}

// valuesAfter says that the cells are values: not more than a third of them hold text.
func (g *grid) valuesAfter(cells []*layout.Cell) bool {
	texts := 0
	for _, c := range cells {
		if g.kinds[c] == textCell && unitIn(c.Text) == "" {
			texts++
		}
	}
	return len(cells) > 0 && texts*3 <= len(cells)
}

func (g *grid) allBlank(cells []*layout.Cell) bool {
	return !slices.ContainsFunc(cells, func(c *layout.Cell) bool { return g.kinds[c] != blankCell })
}

func (g *grid) hasFigure(cells []*layout.Cell) bool {
	return slices.ContainsFunc(cells, func(c *layout.Cell) bool { return g.kinds[c] == figureCell })
}

func (g *grid) hasUnread(cells []*layout.Cell) bool {
	return slices.ContainsFunc(cells, func(c *layout.Cell) bool { return g.kinds[c] == unreadCell })
}

func (g *grid) hasText() bool {
	for _, k := range g.kinds {
		if k == textCell {
			return true
		}
	}
	return false
}

// startingAt gives the cells that begin in a row.
func startingAt(cells []*layout.Cell, r int) []*layout.Cell {
	var out []*layout.Cell
	for _, c := range cells {
		if c.Row == r {
			out = append(out, c)
		}
	}
	return out
}
