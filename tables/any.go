package tables

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables/stream"
	"github.com/nianbao/nianbao/tables/text"
	"github.com/nianbao/nianbao/tables/white"
)

// Any gives the tables of a page of any document with a text layer: those that rulings draw, and those that white space parts.
func Any(p *layout.Page) []layout.Table {
	em := Height(p)
	found := Find(p.Rulings, drawnTol*em)
	var out []layout.Table
	var known []layout.Rect
	for i := 0; i < len(found); i++ { // which grows by what frames hold
		setPage(&found[i], p.Number)
		Fill(&found[i], p.Words)
		if closed(&found[i], p, em) {
			parted(&found[i], p.Words, em)
			labelled(&found[i], p.Words, em)
			out, known = append(out, found[i]), append(known, Box(&found[i]))
			continue
		}
		for _, c := range found[i].Cells {
			found = append(found, c.Tables...)
		}
	}
	var loose []layout.Word
	for _, w := range p.Words {
		if !w.Vertical && !slices.ContainsFunc(known, func(r layout.Rect) bool { return r.Contains(w.Box.Center()) }) {
			loose = append(loose, w)
		}
	}
	for i := range out {
		loose = headed(&out[i], loose, em)
	}
	level, upright := straight(p.Rulings, em)
	for _, t := range stream.Tables(loose, hints(level), hints(upright), em) {
		setPage(&t, p.Number)
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b layout.Table) int { return cmp.Compare(Box(&a).Y0, Box(&b).Y0) })
	return out
}

// closed says that a table's rulings part all of its texts: it has filled cells enough, and they hold neither columns nor rows of their own.
func closed(t *layout.Table, p *layout.Page, em float64) bool {
	words := p.Words
	in := make([][]layout.Word, len(t.Cells))
	at := newLocator(t)
	for _, w := range words {
		if c := at.cell(w.Box.Center()); c >= 0 && !w.Vertical {
			in[c] = append(in[c], w)
		}
	}
	filled, columns, figures, lone := 0, 0, 0, make([]int, t.Rows)
	long := false
	rows := make([]int, t.Rows) // how many cells hold rows, behind a label of several lines
	beside := make([]bool, t.Rows)
	label := make([]bool, t.Rows) // the first text of the row is in several lines
	begun := make([]bool, t.Rows)
	lists := make([][]stream.Parts, t.Rows)
	for i, c := range t.Cells {
		if c.Text == "" {
			continue
		}
		filled++
		if len(c.Tables) > 0 {
			long = true
			continue
		}
		parts := stream.PartsOf(in[i], em, c.Box.Width())
		if parts.Figure {
			figures++
		}
		if parts.Columns {
			columns++
		}
		beside[c.Row] = beside[c.Row] || parts.Beside
		long = long || parts.Lines > maxRowLines
		if begun[c.Row] && !parts.Rows {
			lone[c.Row]++
		}
		if !begun[c.Row] {
			begun[c.Row], label[c.Row] = true, parts.Lines > 1 && !parts.Wrapped
		}
		if parts.Rows && label[c.Row] {
			rows[c.Row]++
		}
		if parts.Listed {
			lists[c.Row] = append(lists[c.Row], parts)
		}
	}
	if figures == filled && 2*filled < len(t.Cells) {
		return false // the bars of a chart
	}
	open, listed := 0, 0
	for _, ls := range lists {
		if len(ls) > 1 && !slices.ContainsFunc(ls[1:], func(p stream.Parts) bool { return !p.Aligned(ls[0], em) }) {
			listed++
		}
	}
	if 2*listed >= t.Rows {
		return false
	}
	for r, n := range rows {
		if n >= 2 && n > lone[r] {
			return false
		}
		if beside[r] {
			open++
		}
	}
	if 2*open > t.Rows {
		return false
	}
	if box := Box(t); t.Rows == 1 && filled == len(t.Cells) && t.Cols > 1 && !long && (columns == 0 || !goesOnBelow(p.Rulings, box, em)) && box.Width() >= rowWidth*p.Width {
		return true // a row that a page break parted from the others
	}
	return t.Rows > 1 && t.Cols > 1 && filled >= leastFilled && filledShare*float64(len(t.Cells)) <= float64(filled) && openShare*float64(filled) > float64(columns)
}

// goesOnBelow says that walls of a row lead on far below it, in pieces or not: it is the header of rows that no rulings part.
func goesOnBelow(rulings []layout.Ruling, row layout.Rect, em float64) bool {
	down := slices.DeleteFunc(slices.Clone(rulings), func(r layout.Ruling) bool {
		return r.Horizontal() || r.From.X < row.X0+em || r.From.X > row.X1-em || r.To.Y < row.Y0
	})
	slices.SortFunc(down, func(a, b layout.Ruling) int { return cmp.Compare(a.From.Y, b.From.Y) })
	for _, wall := range down {
		foot := wall.To.Y
		if wall.From.Y > row.Y1 {
			break
		}
		for _, r := range down {
			if math.Abs(r.From.X-wall.From.X) < em/2 && r.From.Y <= foot+em {
				foot = max(foot, r.To.Y)
			}
		}
		if foot > row.Y1+farBelow*em {
			return true
		}
	}
	return false
}

const (
	// A table has at least leastFilled cells with text, and filledShare of all: a chart's grid has not.
	leastFilled, filledShare = 4, 0.3
	// rowWidth is the least width of a row alone, in that of the page: narrower ones are the foot of a page.
	rowWidth = 0.4
	// maxRowLines is the most lines in a cell of a row alone: longer ones are text in a frame.
	maxRowLines = 6
	// Where openShare of the filled cells hold texts side by side, rulings are missing between them.
	openShare = 0.25
	// farBelow, in heights of a character, is how far the walls of a header lead on below it at least.
	farBelow = 3
	// headReach, in heights of a character, is how high the header over a ruled table may be.
	headReach = 8
	// labelReach, in heights of a character, is how far from a table its labels may end.
	labelReach = 6
)

func hints(rs []white.Rule) []stream.Rule {
	out := make([]stream.Rule, len(rs))
	for i, r := range rs {
		out[i] = stream.Rule(r)
	}
	return out
}

// parted parts cells over several columns that hold texts side by side, such as the titles of groups of columns between which no ruling was
// drawn, at the columns' edges.
func parted(t *layout.Table, words []layout.Word, em float64) {
	at := newLocator(t)
	in := make([][]layout.Word, len(t.Cells))
	for _, w := range words {
		if c := at.cell(w.Box.Center()); c >= 0 && !w.Vertical {
			in[c] = append(in[c], w)
		}
	}
	var out []layout.Cell
	for i, c := range t.Cells {
		rest := c
		if c.ColSpan > 1 && len(c.Tables) == 0 {
			for _, white := range stream.Whites(in[i], em) {
				k, middle := 0, (white[0]+white[1])/2
				for n := rest.Col + 1; n < rest.Col+rest.ColSpan; n++ {
					if x := at.cols[n]; x > white[0] && x < white[1] && (k == 0 || math.Abs(x-middle) < math.Abs(at.cols[k]-middle)) {
						k = n
					}
				}
				if k > 0 {
					left := rest
					left.ColSpan, left.Box.X1 = k-rest.Col, at.cols[k]
					rest.Col, rest.ColSpan, rest.Box.X0 = k, rest.ColSpan-left.ColSpan, at.cols[k]
					out = append(out, left)
				}
			}
		}
		out = append(out, rest)
	}
	if len(out) > len(t.Cells) {
		t.Cells = out
		Fill(t, words)
	}
}

// headed gives a ruled table that begins with figures the header that stands right over its rulings: lines of words, no figures among them,
// each in one of its columns, in most of them. It gives back the words that are left.
func headed(t *layout.Table, loose []layout.Word, em float64) []layout.Word {
	box, at := Box(t), newLocator(t)
	if !slices.ContainsFunc(t.Cells, func(c layout.Cell) bool { return c.Row == 0 && c.Text != "" && stream.IsFigure(c.Text) }) {
		return loose
	}
	var above []layout.Word
	for _, w := range loose {
		if c := w.Box.Center(); c.Y < box.Y0 && c.Y > box.Y0-headReach*em && c.X > box.X0-em && c.X < box.X1+em {
			above = append(above, w)
		}
	}
	over, in := layout.Rect{}, map[int]bool{}
	lines := text.Lines(above)
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		if !over.Empty() && over.Y0-l.Box.Y1 > em/2 || over.Empty() && box.Y0-l.Box.Y1 > 2*em || slices.ContainsFunc(l.Words, func(w layout.Word) bool {
			k := column(at, w)
			return k < 0 || stream.IsFigure(w.Text) && strings.ContainsAny(w.Text, "0123456789") || w.Box.X0 < at.cols[k]-em/3 || w.Box.X1 > at.cols[k+1]+em/3
		}) {
			break
		}
		over = over.Union(l.Box)
		for _, w := range l.Words {
			in[column(at, w)] = true
		}
	}
	if len(in) < 2 || 2*len(in) <= t.Cols {
		return loose
	}
	setHeader(t, over, above)
	return slices.DeleteFunc(loose, func(w layout.Word) bool { return over.Contains(w.Box.Center()) })
}

// column is the one that a word stands in.
func column(at *locator, w layout.Word) int {
	k, _ := slices.BinarySearch(at.cols, w.Box.Center().X)
	if k == len(at.cols) {
		return -1
	}
	return k - 1
}

// setHeader puts the words of a box over a table into its columns, as a row of their own.
func setHeader(t *layout.Table, over layout.Rect, words []layout.Word) {
	at, in := newLocator(t), make([][]layout.Word, t.Cols)
	for _, w := range words {
		if over.Contains(w.Box.Center()) {
			k := column(at, w)
			in[k] = append(in[k], w)
		}
	}
	page := t.Cells[0].Page
	for i := range t.Cells {
		t.Cells[i].Row++
	}
	t.Rows++
	var head []layout.Cell
	for k, ws := range in {
		box := layout.Rect{X0: at.cols[k], Y0: over.Y0, X1: at.cols[k+1], Y1: at.rows[0]}
		head = append(head, layout.Cell{Col: k, RowSpan: 1, ColSpan: 1, Page: page, Box: box, Text: text.Cell(ws, 0)})
	}
	t.Cells = append(head, t.Cells...)
}

// labelled gives a table of figures the labels that stand beside its rows, left of its rulings, as a column of their own.
func labelled(t *layout.Table, words []layout.Word, em float64) {
	box, at := Box(t), newLocator(t)
	filled, figures := make([]bool, t.Rows), 0
	for _, c := range t.Cells {
		filled[c.Row] = filled[c.Row] || c.Text != ""
		if c.Col == 0 && stream.IsFigure(c.Text) {
			figures++
		}
	}
	beside := make([][]layout.Word, t.Rows)
	column := layout.Rect{}
	for _, w := range words {
		y := w.Box.Center().Y
		if w.Vertical || w.Box.X1 > box.X0 || y < box.Y0 || y > box.Y1 {
			continue
		}
		r, _ := slices.BinarySearch(at.rows, y)
		if r == 0 || !filled[r-1] {
			return // there is something else beside it
		}
		beside[r-1] = append(beside[r-1], w)
		column = column.Union(w.Box)
	}
	labels, single, rows := 0, 0, 0
	for r, ws := range beside {
		if len(ws) == 0 || !filled[r] {
			continue
		}
		labels++
		if len(text.Lines(ws)) == 1 {
			single++
		}
		if stream.PartsOf(ws, em, 0).Columns {
			return
		}
	}
	for _, c := range t.Cells {
		if c.Col == 0 && c.Text != "" {
			rows++
		}
	}
	if labels < leastFilled || 4*single < 3*labels || figures < labels || 2*figures < rows || box.X0-column.X1 > labelReach*em {
		return
	}
	for i := range t.Cells {
		t.Cells[i].Col++
	}
	t.Cols++
	for r, ws := range beside {
		if len(ws) > 0 {
			b := layout.Rect{X0: column.X0, Y0: at.rows[r], X1: box.X0, Y1: at.rows[r+1]}
			t.Cells = append(t.Cells, layout.Cell{Row: r, RowSpan: 1, ColSpan: 1, Page: t.Cells[0].Page, Box: b, Text: text.Cell(ws, b.Width())})
		}
	}
	t.SortCells()
}
