package tables_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables"
)

// TestWithOuterRows: a row of figures under or over a table, of which the outer ruling was lost, is one of its rows; what does not stand in its
// columns is none, nor is what stands farther away or lacks a figure.
func TestWithOuterRows(t *testing.T) {
	const em = 10
	walls := []float64{0, 30, 100, 140, 180, 220} // a group, its labels, three columns of figures
	table := func() layout.Table {
		t := layout.Table{Rows: 3, Cols: 5, Cells: []layout.Cell{{RowSpan: 3, ColSpan: 1, Box: layout.Rect{X0: 0, Y0: 100, X1: 30, Y1: 160}}}}
		for r := range 3 {
			for c := 1; c < 5; c++ {
				y := 100 + 20*float64(r)
				t.Cells = append(t.Cells, layout.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Box: layout.Rect{X0: walls[c], Y0: y, X1: walls[c+1], Y1: y + 20}})
			}
		}
		return t
	}
	word := func(text string, x, y float64) layout.Word {
		return layout.Word{Text: text, Box: layout.Rect{X0: x, Y0: y, X1: x + 5*float64(len([]rune(text))), Y1: y + 9}}
	}
	row := func(y float64) []layout.Word {
		return []layout.Word{word("其他情形", 40, y), word("10", 115, y), word("0", 158, y), word("3", 198, y)}
	}
	for _, c := range []struct {
		name  string
		words []layout.Word
		rows  int    // that the table has then
		group string // the rows of the group's cell, first and how many
		left  int    // words that are left
	}{
		{"below", row(165), 4, "0+4", 0},
		{"above", row(86), 4, "0+4", 0},
		{"on both sides", append(row(165), row(86)...), 5, "0+5", 0},
		{"strokes for none", []layout.Word{word("10", 115, 165), word("—", 158, 165), word("/", 198, 165)}, 4, "0+4", 0},
		{"a lone number of a page", []layout.Word{word("3", 198, 165)}, 3, "0+3", 1},
		{"one missing", append(row(165)[:2:2], row(165)[3]), 3, "0+3", 3},
		{"two in a column", append(row(165), word("7", 208, 165)), 3, "0+3", 5},
		{"far away", row(185), 3, "0+3", 4},
		{"over a wall", append(row(165)[1:], word("收到和处理的数量", 80, 165)), 3, "0+3", 4},
		{"words", []layout.Word{word("10", 115, 165), word("某", 158, 165), word("3", 198, 165)}, 3, "0+3", 3},
		{"a line of text beside it", append(row(165), word("一二三四五", 200, 172)), 3, "0+3", 5},
	} {
		found, left := tables.WithOuterRows([]layout.Table{table()}, c.words, em)
		got := found[0]
		if group := fmt.Sprintf("%d+%d", got.Cells[0].Row, got.Cells[0].RowSpan); got.Rows != c.rows || group != c.group || len(left) != c.left {
			t.Errorf("%s: %d rows, the group in %s, %d words left, want %d, %s, %d", c.name, got.Rows, group, len(left), c.rows, c.group, c.left)
		}
		covered := map[string]bool{}
		for _, x := range got.Cells {
			for r := range x.RowSpan {
				for k := range x.ColSpan {
					covered[fmt.Sprint(x.Row+r, x.Col+k)] = true
				}
			}
		}
		if len(covered) != got.Rows*got.Cols {
			t.Errorf("%s: %d of %d positions are covered", c.name, len(covered), got.Rows*got.Cols)
		}
		for _, w := range c.words {
			if got.Rows == 3 || strings.Contains(w.Text, "其他") {
				continue
			}
			in := 0
			for _, x := range got.Cells {
				if x.Box.Contains(w.Box.Center()) {
					in++
				}
			}
			if in != 1 {
				t.Errorf("%s: %q stands in %d cells", c.name, w.Text, in)
			}
		}
	}
}
