package tables_test

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables"
)

// One character of a drawing is unit wide and high; tol is a quarter of a character of text.
const (
	unit = 5.0
	tol  = 2.5
)

// drawing reads rulings off a picture made of + - and |. A = draws a doubled horizontal ruling.
func drawing(s string) []layout.Ruling {
	var grid [][]rune
	for _, l := range strings.Split(strings.Trim(s, "\n"), "\n") {
		grid = append(grid, []rune(strings.TrimLeft(l, "\t")))
	}
	at := func(x, y int) rune {
		if y < 0 || y >= len(grid) || x < 0 || x >= len(grid[y]) {
			return ' '
		}
		return grid[y][x]
	}
	var out []layout.Ruling
	run := func(x, y, dx, dy int, set string) {
		in := func(x, y int) bool { return strings.ContainsRune(set, at(x, y)) }
		if !in(x, y) || in(x-dx, y-dy) {
			return
		}
		n, double := 0, false
		for in(x+n*dx, y+n*dy) {
			double = double || at(x+n*dx, y+n*dy) == '='
			n++
		}
		if n < 2 {
			return
		}
		r := layout.Ruling{
			From:      layout.Point{X: float64(x) * unit, Y: float64(y) * unit},
			To:        layout.Point{X: float64(x+(n-1)*dx) * unit, Y: float64(y+(n-1)*dy) * unit},
			Thickness: 0.5,
		}
		out = append(out, r)
		if double {
			r.From.Y, r.To.Y = r.From.Y+tol, r.To.Y+tol
			out = append(out, r)
		}
	}
	for y := range grid {
		for x := range grid[y] {
			run(x, y, 1, 0, "+-=")
			run(x, y, 0, 1, "+|")
		}
	}
	return out
}

// describe prints a table as rows x cols and its cells as row,col, with +rowspan+colspan if merged.
func describe(ts []layout.Table) string {
	var b []string
	for _, t := range ts {
		s := fmt.Sprintf("%dx%d:", t.Rows, t.Cols)
		for _, c := range t.Cells {
			s += fmt.Sprintf(" %d,%d", c.Row, c.Col)
			if c.RowSpan > 1 || c.ColSpan > 1 {
				s += fmt.Sprintf("+%d+%d", c.RowSpan, c.ColSpan)
			}
			if c.Tables != nil {
				s += "{" + describe(c.Tables) + "}"
			}
		}
		b = append(b, s)
	}
	return strings.Join(b, "; ")
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ name, drawing, want, reason string }{
		{"plain", `
			+---+---+
			|   |   |
			+---+---+
			|   |   |
			+---+---+`,
			"2x2: 0,0 0,1 1,0 1,1", "a full grid"},
		{"spans", `
			+---+---+---+
			|   |       |
			|   +---+---+
			|   |   |   |
			+---+---+---+
			|       |   |
			+-------+---+`,
			"3x3: 0,0+2+1 0,1+1+2 1,1 1,2 2,0+1+2 2,2", "positions without a wall between them are one cell"},
		{"open sides", `
			----+---+----
			    |   |
			----+---+----
			    |   |
			----+---+----`,
			"2x3: 0,0 0,1 0,2 1,0 1,1 1,2", "the rules' ends stand for the missing left and right border"},
		{"open top and bottom", `
			|   |   |
			|   |   |
			|   |   |
			|   |   |
			+---+---+
			|   |   |
			|   |   |
			|   |   |
			|   |   |`,
			"2x2: 0,0 0,1 1,0 1,1", "a table cut by a page break has no rule at the cut"},
		{"a low row at a page break", `
			+---+---+
			|   |   |
			|   |   |
			|   |   |
			+---+---+
			|   |   |
			|   |   |
			|   |   |`,
			"2x2: 0,0 0,1 1,0 1,1", "walls that end at one place were cut, though one line of print alone fits between them"},
		{"a low row at a page break that some walls lost", `
			+---+---+---+---+
			|   |   |   |   |
			|   |   |   |   |
			|   |   |   |   |
			+---+---+---+---+
			|       |   |
			|       |   |
			|       |   |`,
			"2x4: 0,0 0,1 0,2 0,3 1,0+1+2 1,2 1,3", "three of five were cut at one place"},
		{"walls that run too far", `
			+---+---+
			|   |   |
			|   |   |
			|   |   |
			+---+---+
			|       |
			|       |
			        |`,
			"1x2: 0,0 0,1", "they end at different places"},
		{"double rules", `
			+===+===+
			|   |   |
			|   |   |
			+===+===+
			|   |   |
			|   |   |
			+===+===+`,
			"2x2: 0,0 0,1 1,0 1,1", "a doubled rule is one border"},
		{"two tables", `
			+---+---+
			|   |   |
			+---+---+


			+---+---+---+
			|   |   |   |
			+---+---+---+`,
			"1x2: 0,0 0,1; 1x3: 0,0 0,1 0,2", "tables that do not touch are not one"},
		{"side by side", `
			+---+---+     +---+
			|   |   |     |   |
			+---+---+     +---+
			|   |   |     |   |
			+---+---+     +---+`,
			"2x2: 0,0 0,1 1,0 1,1; 2x1: 0,0 1,0", "rules at the same height are not one across a gap"},
		{"single lines", `
			-----------------

			        |
			        |`,
			"", "lines alone are no table"},
		{"frame", `
			+-------------------+
			|                   |
			|   +---+---+       |
			|   |   |   |       |
			|   +---+---+       |
			|                   |
			+-------------------+`,
			"1x2: 0,0 0,1", "a frame around the page is no table, and what is in it not nested"},
		{"nested", `
			+-------------------+---+
			|                   |   |
			|   +---+---+       |   |
			|   |   |   |       |   |
			|   +---+---+       |   |
			|                   |   |
			+-------------------+---+`,
			"1x2: 0,0{1x2: 0,0 0,1} 0,1", "a table in a cell belongs to the cell"},
		{"underline in a cell", `
			+---------+---------+
			|         |         |
			|         |         |
			| ------  |         |
			|         |         |
			+---------+---------+`,
			"1x2: 0,0 0,1", "a line that reaches no border parts nothing"},
		{"no outer border, one line between columns", `
			          |
			          |
			          |
			          |
			          |
			----------+----------
			          |
			          |
			----------+----------
			          |
			          |
			          |
			          |
			          |`,
			"3x2: 0,0 0,1 1,0 1,1 2,0 2,1", "one line that goes on where no other ends shows a row"},
		{"stub at a border", `
			+---------+---------+
			|         |         |
			+----     |         |
			|         |         |
			+---------+---------+`,
			"1x2: 0,0 0,1", "a line that stops on its way to the next border parts nothing"},
		{"broken rules", `
			+----------+----------+
			|          |          |
			                      |
			|          |          |
			|          |          |
			|          |          |
			|          |          |
			|          |          |
			+----- ----+---- -----+
			|          |          |
			|                     |
			|          |          |
			|          |          |
			           |          |
			|          |          |
			|          |          |
			+-- -------+----------+`,
			"2x2: 0,0 0,1 1,0 1,1", "a wall counts when most of it is there"},
		{"missing wall", `
			+---+---+
			|   |   |
			+---+   |
			|   |   |
			+---+---+`,
			"2x2: 0,0 0,1+2+1 1,0", "a merged column beside two rows"},
		{"uneven", `
			+---+---+
			|       |
			+---+   |
			|   |   |
			+---+---+
			|   |   |
			+---+---+`,
			"3x2: 0,0+1+2 1,0 1,1 2,0 2,1", "cells are rectangles: what has lost walls is cut again"},
		{"two tables and a stroke of the heading between them", `
			+---+---+---+
			|   |   |   |
			|   |   |   |
			+---+---+---+
			    |
			    |
			    |
			    |
			+---+-------+
			|   |       |
			|   |       |
			+---+-------+`,
			"1x3: 0,0 0,1 0,2; 1x2: 0,0 0,1", "neither outer wall goes on between them"},
		{"a title that lost its outer walls", `
			+---+---+---+
			|   |   |   |
			|   |   |   |
			+---+---+---+
			    |   |
			    |   |
			    |   |
			    |   |
			+---+---+---+
			|   |   |   |
			|   |   |   |
			+---+---+---+`,
			"3x3: 0,0 0,1 0,2 1,0 1,1 1,2 2,0 2,1 2,2", "a row of as many walls is no heading"},
		{"a stroke from ruling to ruling", `
			-------------
			-------------

			-------------
			    |
			-------------`,
			"", "a table whose rows alone are ruled has no wall in one of them"},
	} {
		if got := describe(tables.Find(drawing(c.drawing), tol)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s\nbecause %s", c.name, got, c.want, c.reason)
		}
	}
}

const spans = `
	+---+---+---+
	|   |       |
	|   +---+---+
	|   |   |   |
	+---+---+---+`

func TestFindBoxes(t *testing.T) {
	ts := tables.Find(drawing(spans), tol)
	if len(ts) != 1 {
		t.Fatalf("%d tables", len(ts))
	}
	if got, want := tables.Box(&ts[0]), (layout.Rect{X0: 0, Y0: 0, X1: 12 * unit, Y1: 4 * unit}); got != want {
		t.Errorf("table at %v, want %v", got, want)
	}
	if got, want := ts[0].At(0, 2).Box, (layout.Rect{X0: 4 * unit, Y0: 0, X1: 12 * unit, Y1: 2 * unit}); got != want {
		t.Errorf("cell 0,2 at %v, want %v", got, want)
	}
}

// A title stands above a table, or a note below it, that lacks its border there. Strokes of it that stand in line with walls make these
// seem to go on; the table begins and ends where the walls do.
func TestFindOpenUnderPrint(t *testing.T) {
	const table = `
		|     |     |     |
		|     |     |     |
		|     |     |     |
		|     |     |     |
		+-----+-----+-----+
		|     |     |     |
		|     |     |     |
		|     |     |     |
		|     |     |     |`
	stroke := func(x, from, to float64) layout.Ruling {
		return layout.Ruling{From: layout.Point{X: x * unit, Y: from}, To: layout.Point{X: x * unit, Y: to}, Thickness: .5}
	}
	for _, c := range []struct {
		name    string
		strokes []layout.Ruling
	}{
		{"none", nil},
		{"above one wall", []layout.Ruling{stroke(6, -14, -4)}},
		{"above two of four walls", []layout.Ruling{stroke(6, -14, -4), stroke(12, -15, -3.5)}},
		{"touching a wall", []layout.Ruling{stroke(6, -14, 0)}},
		{"below", []layout.Ruling{stroke(0, 8*unit+4, 8*unit+14), stroke(12, 8*unit+3.5, 8*unit+15)}},
	} {
		got := tables.Find(append(drawing(table), c.strokes...), tol)
		if len(got) != 1 {
			t.Errorf("%s: %d tables", c.name, len(got))
			continue
		}
		if box, want := tables.Box(&got[0]), (layout.Rect{X0: 0, Y0: 0, X1: 18 * unit, Y1: 8 * unit}); box != want {
			t.Errorf("%s: table at %v, want %v", c.name, box, want)
		}
		if s, want := describe(got), "2x3: 0,0 0,1 0,2 1,0 1,1 1,2"; s != want {
			t.Errorf("%s: got %s, want %s", c.name, s, want)
		}
	}
}

// Where rules without an outer border are broken at one place, what goes on beyond it of two of them is the table still: a border there would
// cut numbers in two.
func TestFindOpenBrokenRules(t *testing.T) {
	got := tables.Find(drawing(`
		+-----+-----+---------
		|     |     |
		+-----+-----+----
		|     |     |
		+-----+-----+----
		|     |     |
		+-----+-----+---------
		|     |     |
		+-----+-----+----`), tol)
	if len(got) != 1 || got[0].Cols != 3 || tables.Box(&got[0]).X1 < 21*unit {
		t.Errorf("%s, to %v", describe(got), tables.Box(&got[0]))
	}
}

func TestFindIgnores(t *testing.T) {
	h := func(y, x0, x1, thick float64) layout.Ruling {
		return layout.Ruling{From: layout.Point{X: x0, Y: y}, To: layout.Point{X: x1, Y: y}, Thickness: thick}
	}
	for _, c := range []struct {
		add    layout.Ruling
		reason string
	}{
		{h(10, 0, 120, 20), "a shaded band is a fill, not a border"},
		{h(10, 0, 120, math.NaN()), "a thickness that is no number is no line"},
		{h(10, 3, 4, .5), "a dot is no line"},
		{h(10, math.Inf(-1), math.NaN(), .5), "coordinates that are no numbers"},
		{layout.Ruling{To: layout.Point{X: 120, Y: 40}}, "a diagonal parts no rows"},
	} {
		want := describe(tables.Find(drawing(spans), tol))
		if got := describe(tables.Find(append(drawing(spans), c.add), tol)); got != want {
			t.Errorf("%v: got %s, because %s", c.add, got, c.reason)
		}
	}
	if got := tables.Find(drawing(spans), 0); got != nil {
		t.Errorf("no tolerance: %v", got)
	}
}

// A careless hand: rulings cut in parts that jitter, in any order, must give the same table.
func TestFindJitter(t *testing.T) {
	want := describe(tables.Find(drawing(spans), tol))
	rng := rand.New(rand.NewSource(1))
	for range 200 {
		var rs []layout.Ruling
		for _, r := range drawing(spans) {
			d := layout.Point{X: (r.To.X - r.From.X) / 2, Y: (r.To.Y - r.From.Y) / 2}
			for i := range 2 {
				p := layout.Point{X: r.From.X + d.X*float64(i), Y: r.From.Y + d.Y*float64(i)}
				q := layout.Point{X: p.X + d.X, Y: p.Y + d.Y}
				for _, v := range []*float64{&p.X, &p.Y, &q.X, &q.Y} {
					*v += rng.Float64()*2 - 1
				}
				rs = append(rs, layout.Ruling{From: p, To: q})
			}
		}
		rng.Shuffle(len(rs), func(i, j int) { rs[i], rs[j] = rs[j], rs[i] })
		if got := describe(tables.Find(rs, tol)); got != want {
			t.Fatalf("got %s\nwant %s\nfrom %v", got, want, rs)
		}
	}
}

// requests draws a table the size of the form's largest: 28 rows, 10 columns.
func requests() []layout.Ruling {
	var rs []layout.Ruling
	for i := range 29 {
		rs = append(rs, layout.Ruling{From: layout.Point{X: 0, Y: float64(i) * 20}, To: layout.Point{X: 400, Y: float64(i) * 20}})
	}
	for i := range 11 {
		rs = append(rs, layout.Ruling{From: layout.Point{X: float64(i) * 40, Y: 0}, To: layout.Point{X: float64(i) * 40, Y: 560}})
	}
	return rs
}

func BenchmarkFind(b *testing.B) {
	rs := requests()
	for b.Loop() {
		tables.Find(rs, tol)
	}
}

// FuzzFind holds that cells stay in the grid, never overlap, and have boxes with area.
func FuzzFind(f *testing.F) {
	seed := func(rs []layout.Ruling) {
		var b []byte
		for _, r := range rs {
			b = append(b, byte(r.From.X), byte(r.From.Y), byte(r.To.X), byte(r.To.Y))
		}
		f.Add(b)
	}
	seed(drawing(spans))
	seed(requests()[:12])
	f.Fuzz(func(t *testing.T, b []byte) {
		var rs []layout.Ruling
		for q := range slices.Chunk(b, 4) {
			if len(q) == 4 {
				rs = append(rs, layout.Ruling{
					From: layout.Point{X: float64(q[0]), Y: float64(q[1])},
					To:   layout.Point{X: float64(q[2]), Y: float64(q[3])},
				})
			}
		}
		checkTables(t, tables.Find(rs, tol))
	})
}

func checkTables(t *testing.T, ts []layout.Table) {
	for _, tb := range ts {
		taken := make([]bool, tb.Rows*tb.Cols)
		for _, c := range tb.Cells {
			if c.Box.Empty() || c.RowSpan < 1 || c.ColSpan < 1 {
				t.Fatalf("empty cell %+v", c)
			}
			for r := c.Row; r < c.Row+c.RowSpan; r++ {
				for k := c.Col; k < c.Col+c.ColSpan; k++ {
					if r < 0 || r >= tb.Rows || k < 0 || k >= tb.Cols || taken[r*tb.Cols+k] {
						t.Fatalf("cell %+v in %dx%d", c, tb.Rows, tb.Cols)
					}
					taken[r*tb.Cols+k] = true
				}
			}
			checkTables(t, c.Tables)
		}
	}
}
