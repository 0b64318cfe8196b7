package ocr

import (
	"image"
	"math"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/ocr/reading"
)

const (
	// splitWhite is how much white, in heights of a full-width character, there is on both sides of where a lost wall was: more than between
	// two characters of a label.
	splitWhite = 0.16
	// splitReach is how many rows or columns away the wall may be seen that a cell lacks.
	splitReach = 3
	// drawnShare of a wall is drawn at least where the cell has it whatever stands in it: no stroke of a character is nearly as high as a cell.
	drawnShare = 0.9
	// leastSplit is how many figures show that walls were lost which nothing but white tells.
	leastSplit = 2
)

// splitter parts cells in which a scan lost walls: those of a table, by position.
type splitter struct {
	sheet *raster.Sheet
	t     *layout.Table
	at    map[[2]int]int // the cell of each position
}

// splitCells parts cells that hold a figure in each of their columns, or rows, where the walls on both sides say: what a scan lost of the
// walls between them. Words may stand before the first figure only, for labels of groups do stand beside several rows, and over columns.
func splitCells(sheet *raster.Sheet, t *layout.Table) {
	if t.White {
		return
	}
	n := len(t.Cells)
	for _, across := range []bool{true, false} {
		s := splitter{sheet, t, make(map[[2]int]int, len(t.Cells))}
		for i := range t.Cells {
			c := &t.Cells[i]
			for r := range c.RowSpan {
				for k := range c.ColSpan {
					s.at[[2]int{c.Row + r, c.Col + k}] = i
				}
			}
		}
		for i := range len(t.Cells) {
			if parts := s.parts(t.Cells[i], across); len(parts) > 1 {
				t.Cells[i] = parts[0]
				t.Cells = append(t.Cells, parts[1:]...)
			}
		}
	}
	if len(t.Cells) > n {
		t.SortCells()
	}
}

// splitEdge is where a wall may have stood in a cell: before so many of its columns or rows.
type splitEdge struct {
	before int
	at     float64
}

// parts cuts a cell at the walls that it lost, those between columns if across is set; it gives none where nothing was lost.
func (s *splitter) parts(c layout.Cell, across bool) []layout.Cell {
	if len(c.Tables) > 0 {
		return nil
	}
	edges := s.edges(&c, across)
	if len(edges) == 0 {
		return nil
	}
	if !across && len(edges) == c.RowSpan-1 {
		// A figure in each row says enough, whatever is left of the walls between them.
		if out := s.figures(cutAt(c, edges, across), across); len(out) == c.RowSpan {
			return out
		}
	}
	drawn, white := s.lost(c.Box, edges, across)
	if len(drawn) > 0 {
		var out []layout.Cell
		for _, p := range cutAt(c, drawn, across) {
			if parts := s.parts(p, across); len(parts) > 0 {
				out = append(out, parts...)
			} else {
				out = append(out, p)
			}
		}
		return out
	}
	if len(white) == 0 {
		return nil
	}
	return s.figures(cutAt(c, white, across), across)
}

// cutAt cuts a cell at edges.
func cutAt(c layout.Cell, edges []splitEdge, across bool) []layout.Cell {
	var out []layout.Cell
	last := c
	for _, e := range edges {
		first, rest := last, last
		if across {
			first.ColSpan = c.Col + e.before - first.Col
			rest.Col, rest.ColSpan = c.Col+e.before, c.ColSpan-e.before
			first.Box.X1, rest.Box.X0 = e.at, e.at
		} else {
			first.RowSpan = c.Row + e.before - first.Row
			rest.Row, rest.RowSpan = c.Row+e.before, c.RowSpan-e.before
			first.Box.Y1, rest.Box.Y0 = e.at, e.at
		}
		out, last = append(out, first), rest
	}
	return append(out, last)
}

// edges are the places in a cell where walls stand in the rows above and below it, or the columns on both sides; at the table's end, on one.
func (s *splitter) edges(c *layout.Cell, across bool) []splitEdge {
	n, first, behind, all := c.ColSpan, c.Row, c.Row+c.RowSpan, s.t.Rows
	if !across {
		n, first, behind, all = c.RowSpan, c.Col, c.Col+c.ColSpan, s.t.Cols
	}
	if n < 2 || !across && c.Col == 0 {
		return nil
	}
	var out []splitEdge
	for k := 1; k < n; k++ {
		a, okA := s.wall(c, across, k, first-1, -1)
		b, okB := s.wall(c, across, k, behind, 1)
		switch {
		case okA && okB:
			out = append(out, splitEdge{k, (a + b) / 2})
		case okA && behind == all:
			out = append(out, splitEdge{k, a})
		case okB && first == 0:
			out = append(out, splitEdge{k, b})
		}
	}
	return out
}

// wall is where a row or column, the nearest from one on that has it, has the wall that a cell lacks before its k-th column or row. Only what
// lacks it, too, lies between.
func (s *splitter) wall(c *layout.Cell, across bool, k, from, step int) (at float64, ok bool) {
	for n := range splitReach {
		i := from + n*step
		p, q := [2]int{i, c.Col + k - 1}, [2]int{i, c.Col + k}
		if !across {
			p, q = [2]int{c.Row + k - 1, i}, [2]int{c.Row + k, i}
		}
		a, isA := s.at[p]
		b, isB := s.at[q]
		switch {
		case !isA || !isB:
			return 0, false
		case a == b && !across:
			return 0, false // rows are lost where one is lost; a group spans them beside it
		case a == b:
			continue
		case across:
			return (s.t.Cells[a].Box.X1 + s.t.Cells[b].Box.X0) / 2, true
		}
		return (s.t.Cells[a].Box.Y1 + s.t.Cells[b].Box.Y0) / 2, true
	}
	return 0, false
}

// lost gives the edges at which the wall is drawn all through the cell, though it was not taken for a ruling, as where a scrawl runs into it, and
// those beside which no print stands. What is thin and lies along an edge is left of its wall, and what is thin at the cell's border of that
// cell's own.
func (s *splitter) lost(box layout.Rect, edges []splitEdge, across bool) (drawn, white []splitEdge) {
	em := s.sheet.TextHeight
	in := cellInset * em
	g := s.sheet.Crop(layout.Rect{X0: box.X0 + in, Y0: box.Y0 + in, X1: box.X1 - in, Y1: box.Y1 - in}, 1)
	paper, ink := levels(g, em)
	if float64(paper-ink) < leastContrast(s.sheet) {
		return nil, nil
	}
	tr := tracers.Get().(*tracer)
	defer tracers.Put(tr)
	limit := inkLimit(paper, ink)
	pieces := tr.pieces(g, limit)
	for _, e := range edges {
		at := e.at - box.Y0 - in
		if across {
			at = e.at - box.X0 - in
		}
		share := darkest(g, limit, at, splitWhite*em, across)
		if share >= drawnShare {
			drawn = append(drawn, e)
		}
		if share > rulingShare || !slices.ContainsFunc(pieces, func(p piece) bool {
			from, to := p.box.Min.Y, p.box.Max.Y
			if across {
				from, to = p.box.Min.X, p.box.Max.X
			}
			return float64(to) > at-splitWhite*em && float64(from) < at+splitWhite*em &&
				!s.left(p.box, from, to, at) && !remnant(p, g.Rect.Dx(), g.Rect.Dy(), em)
		}) {
			white = append(white, e)
		}
	}
	return drawn, white
}

// darkest is the share that is dark of the darkest line of pixels through a cell, within reach of a place.
func darkest(g *image.Gray, limit uint8, at, reach float64, across bool) (share float64) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	most, long := h, w
	if across {
		most, long = w, h
	}
	for i := max(0, int(at-reach)); i <= min(most-1, int(at+reach)); i++ {
		dark := 0
		for k := range long {
			if x, y := k, i; across && g.Pix[x*g.Stride+y] < limit || !across && g.Pix[y*g.Stride+x] < limit {
				dark++
			}
		}
		share = max(share, float64(dark)/float64(long))
	}
	return share
}

// left says that a piece from one place to another, across the wall that stood at a third, is left of that, or a speck.
func (s *splitter) left(box image.Rectangle, from, to int, at float64) bool {
	em := s.sheet.TextHeight
	thin := float64(to-from) <= thinStroke*em && math.Abs(float64(from+to)/2-at) <= thinStroke*em
	return thin || float64(box.Dx()*box.Dy()) <= speckSide*em*speckSide*em
}

// figures gives the parts of a cell where each holds a figure, but for words before the first, which are one part, and blanks between columns;
// it gives none where they hold something else, or too few.
func (s *splitter) figures(parts []layout.Cell, across bool) []layout.Cell {
	words, figures, blanks := -1, 0, 0
	for i := range parts {
		switch is, blank := s.figure(&parts[i]); {
		case is:
			figures++
		case blank:
			blanks++
		case figures > 0:
			return nil
		default:
			words, blanks = i, 0
		}
	}
	if figures < leastSplit || blanks >= figures || blanks > 0 && !across {
		return nil
	}
	if words > 0 {
		first, last := &parts[0], &parts[words]
		last.Box = last.Box.Union(first.Box)
		last.ColSpan, last.RowSpan = last.Col+last.ColSpan-first.Col, last.Row+last.RowSpan-first.Row
		last.Col, last.Row = first.Col, first.Row
		parts = parts[words:]
	}
	return parts
}

// figure says that a part of a cell holds a figure, or as many as it has rows, or that it is blank.
func (s *splitter) figure(c *layout.Cell) (is, blank bool) {
	lines := cellLines(s.sheet, c.Box).lines
	if len(lines) == 0 || len(lines) > c.RowSpan {
		return false, len(lines) == 0
	}
	for _, l := range lines {
		if l.halves != nil || l.ink > lineHeight*s.sheet.TextHeight {
			return false, false
		}
		text := reading.Text(reading.Numbers().Runes(l.image, 0))
		if label(text) || strings.IndexFunc(text, figure.IsDigit) < 0 && !figure.Stroke(text) {
			return false, false
		}
	}
	return true, false
}

// Parted counts the cells of a table that was read which hold a figure, and those that hold several, of two columns or rows, which nobody can read.
func Parted(t *layout.Table) (figures, several int) {
	for i := range t.Cells {
		switch c := &t.Cells[i]; {
		case c.Text == "" && c.Reading != nil && c.Reading.Ink:
			several++
		case c.Text != "" && figure.Wordless(c.Text):
			figures++
		}
	}
	return figures, several
}
