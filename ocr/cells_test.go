package ocr_test

import (
	"context"
	"image"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/tables"
)

// sheetOf is the page of a drawn report that holds the most numbers, at 200 dpi, each pixel changed
// by tone.
func sheetOf(t *testing.T, tone func(uint8) uint8) *raster.Sheet {
	t.Helper()
	return sheetWith(t, synth.Options{Form: "2021"}, tone)
}

// sheetWith is sheetOf of a report with options.
func sheetWith(t *testing.T, o synth.Options, tone func(uint8) uint8) *raster.Sheet {
	t.Helper()
	p := synth.LayOut(synth.Make(1, o), synth.Plain())
	page := p.Draw(200)[fullest(p)]
	img := image.NewGray(page.Rect)
	for i, v := range page.Pix {
		img.Pix[i] = tone(v)
	}
	sheet, err := raster.Flatten(img)
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

// fullest is the page that holds the most numbers.
func fullest(p *synth.Pages) int {
	count := make([]int, p.Len())
	for _, place := range p.Places {
		count[place.Page]++
	}
	return slices.Index(count, slices.Max(count))
}

// largest is the sheet's table with most cells.
func largest(t *testing.T, sheet *raster.Sheet) layout.Table {
	t.Helper()
	found := tables.Find(sheet.Rulings, sheet.TextHeight/4)
	if len(found) == 0 {
		t.Fatal("no table was found")
	}
	return slices.MaxFunc(found, func(a, b layout.Table) int { return len(a.Cells) - len(b.Cells) })
}

func read(t *testing.T, sheet *raster.Sheet, tab layout.Table, prints *ocr.Prints) []layout.Cell {
	t.Helper()
	if err := ocr.Cells(context.Background(), sheet, []layout.Table{tab}, ocr.Means{Prints: prints}); err != nil {
		t.Fatal(err)
	}
	return tab.Cells
}

func same(v uint8) uint8 { return v }

// TestFaint holds that faint print is read, or at least never taken for surely blank.
func TestFaint(t *testing.T) {
	sheet := sheetOf(t, same)
	tab := largest(t, sheet)
	boxes := slices.Clone(tab.Cells)
	clear := read(t, sheet, tab, nil)
	for _, c := range []struct {
		name  string
		depth float64 // how much darker print is than paper, of 255
		read  float64 // the least share of the numbers that is read
	}{{"half", 110, 0.98}, {"pale", 55, 0.95}, {"hardly there", 34, 0}} {
		t.Run(c.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			faint := sheetOf(t, func(v uint8) uint8 {
				return uint8(240 - c.depth*(1-float64(v)/255) + rng.NormFloat64()*2)
			})
			right, numbers := 0, 0
			for i, got := range read(t, faint, layout.Table{Rows: tab.Rows, Cols: tab.Cols, Cells: slices.Clone(boxes)}, nil) {
				want := clear[i].Text
				if strings.Trim(want, "0123456789.") != "" || want == "" {
					continue
				}
				numbers++
				if got.Text == want {
					right++
				}
				if got.Text == "" && got.Confidence() > 0.99 {
					t.Errorf("%q is taken for surely blank", want)
				}
			}
			if numbers < 100 || float64(right) < c.read*float64(numbers) {
				t.Errorf("%d of %d numbers are read", right, numbers)
			}
		})
	}
}

// TestLostWall: the numbers of two cells between which no ruling was seen are not one number, and a second
// look offers each alone.
func TestLostWall(t *testing.T) {
	sheet := sheetOf(t, same)
	tab := largest(t, sheet)
	boxes := slices.Clone(tab.Cells)
	cells := read(t, sheet, tab, nil)
	var prints ocr.Prints
	for _, c := range []struct {
		name string
		next func(c, o layout.Cell) bool
	}{
		{"above", func(c, o layout.Cell) bool { return o.Row == c.Row+c.RowSpan && o.Col == c.Col }},
		{"beside", func(c, o layout.Cell) bool { return o.Col == c.Col+c.ColSpan && o.Row == c.Row }},
	} {
		t.Run(c.name, func(t *testing.T) {
			numbers, offered := 0, 0
			for i, a := range cells {
				j := slices.IndexFunc(tab.Cells, func(o layout.Cell) bool { return c.next(a, o) })
				if j < 0 || !digits(a.Text) || !digits(tab.Cells[j].Text) {
					continue
				}
				one := layout.Table{Rows: 1, Cols: 1, Cells: []layout.Cell{boxes[i]}}
				one.Cells[0].Box = boxes[i].Box.Union(boxes[j].Box)
				got := read(t, sheet, one, &prints)[0]
				if got.Text != "" || !got.Reading.Ink {
					t.Errorf("%q %s %q are read as %q", a.Text, c.name, tab.Cells[j].Text, got.Text)
				}
				numbers++
				print, err := prints.Get(got.Reading.Print)
				if err != nil {
					t.Fatal(err)
				}
				again := ocr.Again(print, nil)
				has := func(text string) bool {
					return slices.ContainsFunc(again, func(x layout.Candidate) bool { return x.Text == text })
				}
				if has(a.Text) && has(tab.Cells[j].Text) {
					offered++
				}
			}
			if numbers < 20 || offered < numbers*9/10 {
				t.Errorf("%d pairs, both numbers of %d are offered", numbers, offered)
			}
		})
	}
}

// TestStrokeAndNumber: the stroke for none of one row and the number of the next, between which no ruling was seen, are not that number.
func TestStrokeAndNumber(t *testing.T) {
	sheet := sheetWith(t, synth.Options{Form: "2021", Zero: "—"}, same)
	tab := largest(t, sheet)
	boxes := slices.Clone(tab.Cells)
	cells := read(t, sheet, tab, nil)
	pairs := 0
	for i, a := range cells {
		j := slices.IndexFunc(cells, func(o layout.Cell) bool { return o.Row == a.Row+a.RowSpan && o.Col == a.Col })
		if j < 0 {
			continue
		}
		if b := cells[j]; (!figure.Stroke(a.Text) || !figure.Bare(b.Text)) && (!figure.Bare(a.Text) || !figure.Stroke(b.Text)) {
			continue
		}
		pairs++
		box := boxes[i].Box.Union(boxes[j].Box)
		got := read(t, sheet, layout.Table{Rows: 1, Cols: 1, Cells: []layout.Cell{{RowSpan: 1, ColSpan: 1, Box: box}}}, nil)[0]
		if got.Text != "" || !got.Reading.Ink {
			t.Errorf("%q above %q are read as %q", a.Text, cells[j].Text, got.Text)
		}
	}
	if pairs < 20 {
		t.Errorf("%d pairs: the test shows nothing", pairs)
	}
}

// TestRowsRunTogether: where white space makes the rows, two numbers one above the other are not one that is wrapped, however
// narrow their column, and no look at both says anything.
func TestRowsRunTogether(t *testing.T) {
	sheet := sheetOf(t, same)
	tab := largest(t, sheet)
	boxes := slices.Clone(tab.Cells)
	cells := read(t, sheet, tab, nil)
	joined := 0
	var prints ocr.Prints
	for i, a := range cells {
		j := slices.IndexFunc(cells, func(o layout.Cell) bool { return o.Row == a.Row+a.RowSpan && o.Col == a.Col })
		if j < 0 || !digits(a.Text) || !digits(cells[j].Text) {
			continue
		}
		box := boxes[i].Box.Union(boxes[j].Box)
		middle := box.Center().X
		box.X0, box.X1 = middle-sheet.TextHeight, middle+sheet.TextHeight
		for _, white := range []bool{false, true} {
			got := read(t, sheet, layout.Table{Rows: 1, Cols: 1, White: white, Cells: []layout.Cell{{RowSpan: 1, ColSpan: 1, Box: box}}}, &prints)[0]
			switch {
			case !white && got.Text != "":
				joined++
			case white && (got.Text != "" || !got.Reading.Ink || got.Reading.Print != 0):
				t.Errorf("%q above %q are read as %q", a.Text, cells[j].Text, got.Text)
			}
		}
	}
	if joined < 20 {
		t.Errorf("%d numbers of two rows are read as one between rulings: the test shows nothing", joined)
	}
}

// wholeTable is a table with all of its walls, unread, and its cells as they are read.
func wholeTable(t *testing.T) (sheet *raster.Sheet, whole layout.Table, cells []layout.Cell) {
	sheet = sheetOf(t, same)
	tab := largest(t, sheet)
	whole = layout.Table{Rows: tab.Rows, Cols: tab.Cols, Cells: slices.Clone(tab.Cells)}
	return sheet, whole, read(t, sheet, tab, nil)
}

// digits says that a text is a number and nothing else.
func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// TestLostWallBetweenRows: where the columns on both sides have a wall, figures above and below where one was lost are two numbers; where
// they have none, they are one cell's, and so are words.
func TestLostWallBetweenRows(t *testing.T) {
	sheet, whole, cells := wholeTable(t)
	numbers, words := 0, 0
	for i, a := range cells {
		j := slices.IndexFunc(cells, func(o layout.Cell) bool { return o.Row == a.Row+1 && o.Col == a.Col })
		if a.Row < 6 || a.Row > 9 || a.RowSpan > 1 || a.ColSpan > 1 || j < 0 || cells[j].RowSpan > 1 || cells[j].ColSpan > 1 || a.Col == 0 {
			continue
		}
		lost := layout.Table{Rows: whole.Rows, Cols: whole.Cols, Cells: slices.Clone(whole.Cells)}
		lost.Cells[i].RowSpan, lost.Cells[i].Box = 2, lost.Cells[i].Box.Union(lost.Cells[j].Box)
		lost.Cells = slices.Delete(lost.Cells, j, j+1)
		got := read(t, sheet, lost, nil)
		at := func(row int) *layout.Cell {
			k := slices.IndexFunc(got, func(c layout.Cell) bool { return c.Row == row && c.Col == a.Col })
			if k < 0 {
				return &layout.Cell{}
			}
			return &got[k]
		}
		if !digits(a.Text) || !digits(cells[j].Text) {
			if words++; at(a.Row).RowSpan != 2 {
				t.Errorf("%q above %q are parted", a.Text, cells[j].Text)
			}
			continue
		}
		if numbers++; at(a.Row).Text != a.Text || at(a.Row+1).Text != cells[j].Text {
			t.Errorf("%q above %q are read as %q and %q", a.Text, cells[j].Text, at(a.Row).Text, at(a.Row+1).Text)
		}
	}
	if numbers < 10 || words == 0 {
		t.Errorf("%d pairs of numbers, %d of words: the test shows little", numbers, words)
	}
}

// mergedIn is a table in which the cells of which is holds are one, with what stands in it.
func mergedIn(tab layout.Table, is func(c *layout.Cell) bool) layout.Table {
	out := layout.Table{Rows: tab.Rows, Cols: tab.Cols}
	one := -1
	for _, c := range tab.Cells {
		if !is(&c) || one < 0 {
			if is(&c) {
				one = len(out.Cells)
			}
			out.Cells = append(out.Cells, c)
			continue
		}
		o := &out.Cells[one]
		o.RowSpan, o.ColSpan = max(o.Row+o.RowSpan, c.Row+c.RowSpan)-o.Row, max(o.Col+o.ColSpan, c.Col+c.ColSpan)-o.Col
		o.Box = o.Box.Union(c.Box)
	}
	return out
}

// TestLostWallsOfARow: a row that lost all of its walls, and a column that lost them below its header, are parted where the rows or columns
// beside them say, each figure read as in its own cell; words that stand in several columns are one cell's.
func TestLostWallsOfARow(t *testing.T) {
	sheet, whole, cells := wholeTable(t)
	figures := 0
	for row := range whole.Rows {
		first := slices.IndexFunc(cells, func(c layout.Cell) bool { return c.Row == row && c.RowSpan == 1 })
		if first < 0 || row%2 > 0 {
			continue
		}
		label := cells[first].Col
		lost := mergedIn(whole, func(c *layout.Cell) bool { return c.Row == row && c.RowSpan == 1 && c.Col >= label })
		for _, got := range read(t, sheet, lost, nil) {
			k := slices.IndexFunc(cells, func(c layout.Cell) bool { return c.Row == got.Row && c.Col == got.Col })
			if got.Row != row || !digits(cells[k].Text) {
				continue
			}
			if got.ColSpan != cells[k].ColSpan || got.Text != cells[k].Text {
				t.Errorf("row %d, column %d: %q over %d columns, want %q", row, got.Col, got.Text, got.ColSpan, cells[k].Text)
			}
			figures++
		}
	}
	last := whole.Cols - 1
	top := slices.IndexFunc(cells, func(c layout.Cell) bool { return c.Col == last && digits(c.Text) })
	lost := mergedIn(whole, func(c *layout.Cell) bool { return c.Col == last && c.Row < cells[top].Row+3 && c.Row > 0 })
	below := 0
	for _, got := range read(t, sheet, lost, nil) {
		k := slices.IndexFunc(cells, func(c layout.Cell) bool { return c.Row == got.Row && c.Col == got.Col })
		if got.Col == last && got.Row >= cells[top].Row && got.Row < cells[top].Row+3 && got.Text == cells[k].Text {
			below++
		}
	}
	if figures < 50 || below != 3 {
		t.Errorf("%d figures of rows and %d below a header stand in cells of their own", figures, below)
	}
	for _, row := range []int{0, 1, 2} { // of the header
		lost := mergedIn(whole, func(c *layout.Cell) bool { return c.Row == row && c.RowSpan == 1 })
		if got := read(t, sheet, lost, nil); len(got) != len(lost.Cells) {
			t.Errorf("words of row %d are parted", row)
		}
	}
}
