package tables_test

import (
	"math"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables"
)

// pageOf makes a page of bytes, four for each word or ruling: what it is, and where, on a grid that lets some stand in line.
func pageOf(data []byte) *layout.Page {
	texts := []string{"公开数量", "（一）", "其中：文件", "12", "—", "条", "1.", "……", " ", "7.5%"}
	p := &layout.Page{Number: 1, Width: 600, Height: 800, Unit: layout.Points}
	for ; len(data) >= 4; data = data[4:] {
		what, x, y, more := data[0], float64(data[1])*2.5, float64(data[2])*3, float64(data[3])
		switch {
		case what < 200:
			w := sized(texts[int(what)%len(texts)], x, y, 8+math.Mod(more, 5))
			w.Vertical = what >= 190
			p.Words = append(p.Words, w)
		case what < 228:
			p.Rulings = append(p.Rulings, rule(y, x, x+more*2.5))
		default:
			p.Rulings = append(p.Rulings, walls(y, y+more*3, x)...)
		}
	}
	return p
}

// FuzzDigital holds the tables of any page, of reports and of other documents, to their promise: cells within the table, apart from each other, and never a panic.
func FuzzDigital(f *testing.F) {
	row := func(y byte) []byte { return []byte{0, 20, y, 2, 3, 80, y, 2, 3, 85, y, 2} }
	var seed []byte
	for y := byte(40); y < 80; y += 8 {
		seed = append(seed, row(y)...)
	}
	f.Add(seed)
	f.Add(append(seed, 228, 84, 30, 60)) // a ruling between figures that stand close
	f.Add(append(seed, 200, 10, 38, 100, 200, 10, 80, 100))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := pageOf(data)
		for _, table := range append(tables.Digital(p), tables.Any(p)...) {
			taken := map[[2]int]bool{}
			for _, c := range table.Cells {
				if c.Row < 0 || c.Col < 0 || c.RowSpan < 1 || c.ColSpan < 1 || c.Row+c.RowSpan > table.Rows || c.Col+c.ColSpan > table.Cols {
					t.Fatalf("cell %+v in a table of %d × %d", c, table.Rows, table.Cols)
				}
				for r := c.Row; r < c.Row+c.RowSpan; r++ {
					for k := c.Col; k < c.Col+c.ColSpan; k++ {
						if taken[[2]int{r, k}] {
							t.Fatalf("two cells at row %d, column %d", r, k)
						}
						taken[[2]int{r, k}] = true
					}
				}
			}
		}
		tables.Flow([]layout.Page{*p}, [][]layout.Table{tables.Digital(p)})
	})
}
