// Package flow builds the blocks of documents that have no pages: DOCX, HTML, text, sheets. Their
// tables say themselves which cell spans what; what is left is to place cells on one grid, to bound
// spans that lie, and to take away the tables that only serve as frames around other content.
//
// A cell's content is a list of blocks until its table is finished, so that a frame can be dissolved
// into the blocks that it held, in their order.
package flow

import (
	"cmp"
	"image"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/extract/picture"
	"github.com/nianbao/nianbao/layout"
)

// Limits of one table. Official forms have 28 rows of 15 columns; web pages use spans of 1000 for
// "the whole width".
const (
	// MaxColumns is the number of grid columns beyond which cells are cut.
	MaxColumns = 2000
	// MaxCells is the number of cells of one table beyond which cells are dropped.
	MaxCells = 200_000
)

// Document is a document without pages that holds blocks.
func Document(blocks []layout.Block) *layout.Document {
	if blocks == nil {
		blocks = []layout.Block{}
	}
	return &layout.Document{Pages: []layout.Page{{Route: layout.RouteCells, Blocks: blocks}}}
}

// Clean gives text as a reader sees it: white space at the ends of lines and blank lines at both
// ends are gone, characters without ink are removed, and no-break spaces are spaces.
func Clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u2007', '\u202f', '\t', '\f', '\v':
			return ' '
		case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\ufffc':
			return -1
		case '\r', '\u0085', '\u2028', '\u2029':
			return '\n'
		case '\n':
			return r
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	if !strings.Contains(s, "\n") {
		return strings.TrimSpace(s)
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// Paragraph is a block of prose; heading is 0 for plain text.
func Paragraph(text string, heading int) layout.Block {
	return layout.Block{Paragraph: &layout.Paragraph{Text: text, Heading: heading, Confidence: 1}}
}

// turned are the characters that have what follows written from right to left, figures too.
const turned = "\u202e\u2067"

// Superscript writes digits as superscript digits, so that the mark of a note does not become part
// of the number before it.
func Superscript(s string) string { return small(s, "⁰¹²³⁴⁵⁶⁷⁸⁹") }

// Subscript writes digits as subscript digits, for the same reason.
func Subscript(s string) string { return small(s, "₀₁₂₃₄₅₆₇₈₉") }

func small(s, forms string) string {
	digits := []rune(forms)
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return digits[r-'0']
		case r >= '０' && r <= '９':
			return digits[r-'０']
		}
		return r
	}, s)
}

// Scan is an embedded picture as a scan, nil when it is of no kind that can be decoded.
func Scan(data []byte) *layout.Source {
	if !picture.Is(data) {
		return nil
	}
	d, _, err := picture.Read(data)
	if err != nil || len(d.Pages) == 0 {
		return nil
	}
	return d.Pages[0].Source
}

// ScanAs is Scan for a picture that the document shows with a width and height, in any unit: where these draw it out, so are its pixels.
func ScanAs(data []byte, width, height float64) *layout.Source {
	s := Scan(data)
	if s == nil || !(width > 0 && height > 0) {
		return s
	}
	stored := s.Pixels
	across, down := s.Box.Width()/width, s.Box.Height()/height
	w, h := picture.SquareSize(int(s.Box.Width()), int(s.Box.Height()), across, down)
	return &layout.Source{Box: layout.Rect{X1: float64(w), Y1: float64(h)}, Pixels: func(most int) (image.Image, error) {
		img, err := stored(most)
		if err != nil {
			return nil, err
		}
		return picture.Square(img, across, down), nil
	}}
}

// Picture is a block for a picture that may hold a table; scan is nil when its pixels cannot be had.
func Picture(name string, scan *layout.Source) layout.Block {
	return layout.Block{Table: &layout.Table{Picture: name, Source: scan}}
}

// Ink is what is seen of something that is not text.
type Ink uint8

// The kinds of ink: a picture, or something else that is not said; text that is struck out.
const (
	Unsaid Ink = 1 << iota
	Struck
)

// If gives the ink where something is seen, else none.
func (k Ink) If(seen bool) Ink {
	if seen {
		return k
	}
	return 0
}

// Cell is a cell that a Grid places. Its row and column are fixed, its spans may grow.
type Cell struct {
	row, col, rowSpan, colSpan int
	// Content in reading order: paragraphs, nested tables, pictures.
	Content []layout.Block
	// Ink is what the cell shows that is not text.
	Ink Ink
	// Lost says that the source does not tell what the cell shows, as layout.Cell.Lost does.
	Lost bool
	// Why it does not, as layout.Cell.Why says.
	Why string
}

// ColSpan of the cell, at least 1.
func (c *Cell) ColSpan() int { return c.colSpan }

// Grid places cells row by row. The zero value is an empty grid.
type Grid struct {
	cells []*Cell
	// free is, for each column, the first row that no cell covers.
	free []int
	rows int
	// cut is the number of columns that spans asked for and did not get.
	cut int
	// closed is the number of cells that no later Close can change.
	closed int
}

// Next gives the first column at or after col that is free in a row.
func (g *Grid) Next(row, col int) int {
	for col < len(g.free) && g.free[col] > row {
		col++
	}
	return col
}

// Place puts a cell at a free position. Spans below 1 count as 1; a span that would run into a cell
// from above or over the limit is cut. It gives nil when the position is taken or beyond the limits.
func (g *Grid) Place(row, col, rowSpan, colSpan int) *Cell {
	if row < 0 || col < 0 || col >= MaxColumns || len(g.cells) >= MaxCells || g.Next(row, col) != col {
		return nil
	}
	rowSpan, colSpan = max(rowSpan, 1), min(max(colSpan, 1), MaxColumns-col)
	for len(g.free) < col+colSpan {
		g.free = append(g.free, 0)
	}
	for k := 1; k < colSpan; k++ {
		if g.free[col+k] > row {
			g.cut += colSpan - k
			colSpan = k
		}
	}
	c := &Cell{row: row, col: col, rowSpan: rowSpan, colSpan: colSpan}
	for k := range colSpan {
		g.free[col+k] = row + rowSpan
	}
	g.cells = append(g.cells, c)
	g.rows = max(g.rows, row+1)
	return c
}

// Extend makes a cell reach down to and including a row, if its columns are free there.
func (g *Grid) Extend(c *Cell, row int) bool {
	for k := range c.colSpan {
		if g.free[c.col+k] > row {
			return false
		}
	}
	c.rowSpan = row + 1 - c.row
	for k := range c.colSpan {
		g.free[c.col+k] = row + 1
	}
	g.rows = max(g.rows, row+1)
	return true
}

// Close cuts all spans that reach row or beyond: a group of rows ends above it.
func (g *Grid) Close(row int) {
	for _, c := range g.cells[g.closed:] {
		if c.row < row && c.row+c.rowSpan > row {
			c.rowSpan = row - c.row
		}
	}
	for i := range g.free {
		g.free[i] = min(g.free[i], row)
	}
	if row >= g.rows {
		g.closed = len(g.cells)
	}
}

// Misfits counts what a drawn table would not have: positions of the given rows that no cell covers,
// and columns that spans asked for and did not get. It tells which of two readings fits better.
func (g *Grid) Misfits(rows int) int {
	covered := 0
	for _, c := range g.cells {
		covered += c.colSpan * max(0, min(c.rowSpan, rows-c.row))
	}
	return rows*len(g.free) - covered + g.cut
}

// Table gives the grid as blocks: one table, or what it held when it was only a frame. Rows and
// columns in which no cell starts are taken out, since no reader sees them.
func (g *Grid) Table() []layout.Block {
	g.Close(g.rows)
	if len(g.cells) == 0 {
		return nil
	}
	if g.frame() {
		var out []layout.Block
		for _, c := range g.ordered() {
			out = append(out, c.Content...)
		}
		return out
	}
	rows, cols := make([]int, 0, g.rows), make([]int, 0, len(g.free))
	for _, c := range g.cells {
		rows, cols = append(rows, c.row), append(cols, c.col)
	}
	rows, cols = distinct(rows), distinct(cols)
	t := &layout.Table{Rows: len(rows), Cols: len(cols), Cells: make([]layout.Cell, 0, len(g.cells))}
	for _, c := range g.ordered() {
		r0, c0 := sort.SearchInts(rows, c.row), sort.SearchInts(cols, c.col)
		cell := layout.Cell{
			Row: r0, RowSpan: sort.SearchInts(rows, c.row+c.rowSpan) - r0,
			Col: c0, ColSpan: sort.SearchInts(cols, c.col+c.colSpan) - c0,
		}
		cell.Text, cell.Tables = split(c.Content)
		cell.Lost, cell.Why = c.Lost, c.Why
		ink := c.Ink != 0
		cell.Struck = (c.Ink&Struck != 0 || strings.ContainsAny(cell.Text, turned)) && cell.Text != ""
		for i := range cell.Tables {
			ink = ink || cell.Tables[i].Picture != "" || count(&cell.Tables[i]) > 0
		}
		if cell.Text == "" && ink {
			// In these forms a blank cell says that there is nothing. A cell with a picture in it is
			// not blank.
			cell.Reading = &layout.Reading{Ink: true}
		}
		t.Cells = append(t.Cells, cell)
	}
	return []layout.Block{{Table: t}}
}

// frame says that the table only arranges other content: a single cell, or tables in its cells that
// hold as many cells as it has itself.
func (g *Grid) frame() bool {
	if len(g.cells) == 1 {
		return true
	}
	nested := 0
	for _, c := range g.cells {
		for _, b := range c.Content {
			if b.Table != nil {
				nested += count(b.Table)
			}
		}
	}
	return nested >= len(g.cells)
}

func count(t *layout.Table) int {
	n := len(t.Cells)
	for i := range t.Cells {
		for j := range t.Cells[i].Tables {
			n += count(&t.Cells[i].Tables[j])
		}
	}
	return n
}

func (g *Grid) ordered() []*Cell {
	slices.SortStableFunc(g.cells, func(a, b *Cell) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col))
	})
	return g.cells
}

func distinct(v []int) []int {
	slices.Sort(v)
	return slices.Compact(v)
}

// split parts a cell's content into its text and its tables.
func split(content []layout.Block) (string, []layout.Table) {
	var lines []string
	var tables []layout.Table
	for _, b := range content {
		switch {
		case b.Paragraph != nil && b.Paragraph.Text != "":
			lines = append(lines, b.Paragraph.Text)
		case b.Table != nil:
			tables = append(tables, *b.Table)
		}
	}
	return strings.Join(lines, "\n"), tables
}
