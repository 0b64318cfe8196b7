package tables

import (
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables/text"
)

const (
	// drawnTol, in character heights, is Find's tolerance for rulings that a program drew: the two
	// strokes of a double line, the gap at a corner. Rows are lower here than between a hand's lines.
	drawnTol = 0.12
	// plainHeight is a character's height where a page has no words, in parts of the page's: 10.5 pt
	// on A4.
	plainHeight = 10.5 / 842
)

// Height is the usual height of a character on a page, in the page's unit.
func Height(p *layout.Page) float64 {
	var sizes []float64
	for _, w := range p.Words {
		if w.Size > 0 {
			sizes = append(sizes, w.Size)
		}
	}
	if len(sizes) == 0 {
		return plainHeight * max(p.Width, p.Height)
	}
	return median(sizes)
}

// Digital gives the tables of a page with a text layer: its rulings found, its words filled in. Where
// rulings part no columns, the white between the words does.
func Digital(p *layout.Page) []layout.Table {
	em := Height(p)
	found := Find(p.Rulings, drawnTol*em)
	found = WithWhite(found, p.Words, p.Rulings, em)
	for i := range found {
		setPage(&found[i], p.Number)
		Fill(&found[i], p.Words)
		doubt(&found[i], p)
	}
	return found
}

func setPage(t *layout.Table, number int) {
	for i := range t.Cells {
		t.Cells[i].Page = number
		for j := range t.Cells[i].Tables {
			setPage(&t.Cells[i].Tables[j], number)
		}
	}
}

// doubt marks the cells that hold nothing but what is struck out or not shown, for they are not blank, and those of which nobody knows what
// they say.
func doubt(t *layout.Table, p *layout.Page) {
	if len(p.Unsaid)+len(p.Struck)+len(p.Doubtful) == 0 {
		return
	}
	at := newLocator(t)
	for _, place := range p.Struck {
		if i := at.cell(place.Center()); i >= 0 {
			t.Cells[i].Struck = t.Cells[i].Text != ""
		}
	}
	for _, place := range slices.Concat(p.Unsaid, p.Struck) {
		if i := at.cell(place.Center()); i >= 0 && t.Cells[i].Text == "" && len(t.Cells[i].Tables) == 0 {
			t.Cells[i].Reading = &layout.Reading{Ink: true}
		}
	}
	for _, place := range p.Doubtful {
		if i := at.cell(place.Center()); i >= 0 && len(t.Cells[i].Tables) == 0 {
			t.Cells[i].Lost, t.Cells[i].Why = true, "the file says one thing here and shows another"
		}
	}
	for i := range t.Cells {
		for j := range t.Cells[i].Tables {
			doubt(&t.Cells[i].Tables[j], p)
		}
	}
}

// Fill sets the text of a table's cells, nested tables included: each word goes to the cell that its
// middle lies in. Words outside the table are left alone.
func Fill(t *layout.Table, words []layout.Word) {
	in := make([][]layout.Word, len(t.Cells))
	at := newLocator(t)
	for _, w := range words {
		if c := at.cell(w.Box.Center()); c >= 0 {
			in[c] = append(in[c], w)
		}
	}
	for i := range t.Cells {
		c := &t.Cells[i]
		for j := range c.Tables {
			Fill(&c.Tables[j], in[i])
			box := Box(&c.Tables[j])
			in[i] = slices.DeleteFunc(in[i], func(w layout.Word) bool { return box.Contains(w.Box.Center()) })
		}
		c.Text = text.Cell(in[i], c.Box.Width())
	}
}

// locator finds the cell at a point.
type locator struct {
	rows, cols []float64 // where each begins, and where the last ends
	cells      []int     // by position, -1 where none
	boxes      []layout.Cell
}

func newLocator(t *layout.Table) *locator {
	l := &locator{rows: make([]float64, t.Rows+1), cols: make([]float64, t.Cols+1), cells: make([]int, t.Rows*t.Cols), boxes: t.Cells}
	for i := range l.rows {
		l.rows[i] = math.NaN()
	}
	for i := range l.cols {
		l.cols[i] = math.NaN()
	}
	for i := range l.cells {
		l.cells[i] = -1
	}
	for i, c := range t.Cells {
		l.rows[c.Row], l.rows[c.Row+c.RowSpan] = c.Box.Y0, c.Box.Y1
		l.cols[c.Col], l.cols[c.Col+c.ColSpan] = c.Box.X0, c.Box.X1
		for r := c.Row; r < c.Row+c.RowSpan; r++ {
			for k := c.Col; k < c.Col+c.ColSpan; k++ {
				l.cells[r*t.Cols+k] = i
			}
		}
	}
	for _, lines := range [][]float64{l.rows, l.cols} {
		for i := range lines {
			if math.IsNaN(lines[i]) && i > 0 {
				lines[i] = lines[i-1] // a line that bounds no cell
			}
		}
	}
	return l
}

func (l *locator) cell(p layout.Point) int {
	between := func(lines []float64, x float64) int {
		i, hit := slices.BinarySearch(lines, x)
		if hit {
			i++
		}
		return i - 1
	}
	r, c := between(l.rows, p.Y), between(l.cols, p.X)
	if r < 0 || c < 0 || r >= len(l.rows)-1 || c >= len(l.cols)-1 {
		return -1
	}
	return l.cells[r*(len(l.cols)-1)+c]
}
