package tables

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

const (
	// sameLine is the share of the lower word's height that two words of one line have in common.
	sameLine = 0.5
	// blankGap, in character heights, parts words of Latin letters and digits.
	blankGap = 0.2
	// hanGap, in character heights, is so wide that it means something between Han too.
	hanGap = 1.5
	// wrapRoom, in character heights, is the most a line of digits leaves free when the next digit
	// went to the next line for want of room: two margins of a cell and the digit.
	wrapRoom = 1.6
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
		c.Text = Text(in[i], c.Box.Width())
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

// Text joins the words of a cell in reading order: lines from top to bottom joined by "\n", blanks
// only between Latin letters and digits that stand apart. Vertical text is read downwards, columns
// from right to left; a column of single Han is one word. Width is the cell's, 0 when it is not
// known: a number that it broke in two is put together again.
func Text(words []layout.Word, width float64) string {
	if len(words) == 0 {
		return ""
	}
	var upright, downward []layout.Word
	for _, w := range words {
		if w.Vertical {
			downward = append(downward, w)
		} else {
			upright = append(upright, w)
		}
	}
	var parts []string
	if len(downward) > 0 {
		parts = append(parts, columns(downward))
	}
	lines := Lines(upright)
	for i, l := range lines {
		text := l.Text()
		if i > 0 {
			last := &parts[len(parts)-1]
			switch before := lines[i-1]; {
			case loneHan(text) && loneHan(before.Text()):
				*last += text
				continue
			case width > 0 && partOfNumber(lastRune(*last)) && partOfNumber(firstRune(text)) && width-before.Box.Width() < wrapRoom*before.Height():
				*last += text
				continue
			}
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n")
}

// columns reads vertical words.
func columns(words []layout.Word) string {
	slices.SortStableFunc(words, func(a, b layout.Word) int {
		p, q := a.Box.Center(), b.Box.Center()
		if math.Abs(p.X-q.X) > min(a.Size, b.Size)/2 {
			return cmp.Compare(q.X, p.X)
		}
		return cmp.Compare(p.Y, q.Y)
	})
	var text strings.Builder
	for _, w := range words {
		text.WriteString(w.Text)
	}
	return text.String()
}

func loneHan(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n == len(s) && n > 0 && (unicode.Is(unicode.Han, r) || strings.ContainsRune("、（）()“”", r))
}

// partOfNumber says that a character may be where a number is broken over two lines.
func partOfNumber(r rune) bool { return figure.IsDigit(r) || r == '.' }

// Line is a line of upright text: words from left to right.
type Line struct {
	Words []layout.Word
	Box   layout.Rect
}

// Height is the size of most of the line's characters.
func (l *Line) Height() float64 {
	best, most := 0.0, 0
	count := map[float64]int{}
	for _, w := range l.Words {
		size := math.Round(w.Size*2) / 2
		count[size] += utf8.RuneCountInString(w.Text)
		if n := count[size]; n > most || n == most && size > best {
			best, most = size, n
		}
	}
	return best
}

// Text of the line.
func (l *Line) Text() string {
	var text strings.Builder
	for i, w := range l.Words {
		if i > 0 {
			last := l.Words[i-1]
			gap := (w.Box.X0 - last.Box.X1) / max(min(w.Size, last.Size), 1e-6)
			if gap > hanGap || gap > blankGap && western(lastRune(last.Text)) && western(firstRune(w.Text)) {
				text.WriteByte(' ')
			}
		}
		text.WriteString(w.Text)
	}
	return text.String()
}

// Confidence is the mean over the line's characters.
func (l *Line) Confidence() float64 {
	sum, n := 0.0, 0
	for _, w := range l.Words {
		k := utf8.RuneCountInString(w.Text)
		sum += w.Confidence * float64(k)
		n += k
	}
	if n == 0 {
		return 1
	}
	return sum / float64(n)
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
func lastRune(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }

func western(r rune) bool { return r < 0x2E80 && (unicode.IsLetter(r) || figure.IsDigit(r)) }

// Lines groups upright words into lines, from top to bottom.
func Lines(words []layout.Word) []Line {
	sorted := slices.Clone(words)
	slices.SortStableFunc(sorted, func(a, b layout.Word) int {
		return cmp.Or(cmp.Compare(a.Box.Center().Y, b.Box.Center().Y), cmp.Compare(a.Box.X0, b.Box.X0))
	})
	var out []Line
	for _, w := range sorted {
		if k := len(out) - 1; k >= 0 && together(out[k].Box, w.Box) {
			out[k].Words = append(out[k].Words, w)
			out[k].Box = out[k].Box.Union(w.Box)
			continue
		}
		out = append(out, Line{[]layout.Word{w}, w.Box})
	}
	for i := range out {
		slices.SortStableFunc(out[i].Words, func(a, b layout.Word) int { return cmp.Compare(a.Box.X0, b.Box.X0) })
	}
	return out
}

// together says that two boxes are of one line.
func together(a, b layout.Rect) bool {
	return min(a.Y1, b.Y1)-max(a.Y0, b.Y0) > sameLine*min(a.Height(), b.Height())
}
