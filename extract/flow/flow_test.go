package flow_test

import (
	"testing"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/flow/flowtest"
	"github.com/nianbao/nianbao/layout"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"white space at both ends, full-width too", " \u3000\t文 本\u00a0", "文 本"},
		{"blank lines at both ends, line ends of every kind", "\r\n\n甲 \r 乙\u2028丙\n\n", "甲\n乙\n丙"},
		{"characters without ink", "1\u200b2\ufeff\u00ad3", "123"},
		{"control characters", "1\x002\x07", "12"},
		{"nothing to see", "\u00a0\u3000\u200b\n", ""},
	} {
		if got := flow.Clean(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", c.reason, got, c.want)
		}
	}
}

func TestGrid(t *testing.T) {
	// Each cell is row, column, rows and columns that it spans.
	for _, c := range []struct {
		reason string
		cells  [][4]int
		want   string
	}{
		{"no cell, no table", nil, ""},
		{"a single cell is a frame", [][4]int{{0, 0, 1, 1}}, "0\n"},
		{"a taken place is refused", [][4]int{{0, 0, 2, 2}, {1, 1, 1, 1}, {0, 2, 1, 1}}, "|0:0|1:2|\n"},
		{"a span is cut before a cell from above", [][4]int{{0, 0, 1, 1}, {0, 1, 2, 1}, {1, 0, 1, 2}, {1, 2, 1, 1}}, "|0:0|1:1{2,1}|\n|0:2|2:3|\n"},
		{"a span past the last row is cut", [][4]int{{0, 0, 9, 1}, {0, 1, 1, 1}, {1, 1, 1, 1}}, "|0:0{2,1}|1:1|\n|1:2|\n"},
		{"rows and columns without a cell of their own", [][4]int{{0, 0, 3, 3}, {0, 3, 3, 1}, {3, 0, 1, 4}}, "|0:0|1:1|\n|0:2{1,2}|\n"},
		{"a place far to the right", [][4]int{{0, 0, 1, 1}, {0, 1 << 30, 1, 1}, {1, 0, 1, 1}}, "|0:0|\n|0:2|\n"},
		{"cells out of order", [][4]int{{0, 1, 1, 1}, {1, 0, 1, 1}, {1, 1, 1, 1}}, "|1:0|\n|0:1|1:2|\n"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			var g flow.Grid
			for i, p := range c.cells {
				if cell := g.Place(p[0], p[1], p[2], p[3]); cell != nil {
					cell.Content = []layout.Block{flow.Paragraph(string(rune('0'+i)), 0)}
				}
			}
			blocks := g.Table()
			if got := flowtest.Show(blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			for _, b := range blocks {
				if b.Table != nil {
					if err := flowtest.Check(b.Table); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

func TestGridBounds(t *testing.T) {
	var g flow.Grid
	for row := range 300 {
		for col := 0; col < flow.MaxColumns; col = g.Next(row, col) {
			if g.Place(row, col, 1, 1) == nil {
				break
			}
		}
	}
	if got := len(g.Table()[0].Table.Cells); got != flow.MaxCells {
		t.Errorf("%d cells, want %d", got, flow.MaxCells)
	}
}

func TestExtend(t *testing.T) {
	var g flow.Grid
	label := g.Place(0, 0, 1, 1)
	g.Place(0, 1, 1, 1)
	if !g.Extend(label, 1) {
		t.Error("a free place below was refused")
	}
	g.Place(1, 1, 1, 1)
	if g.Extend(label, 1) {
		t.Error("a place was given twice")
	}
	if got, want := flowtest.Show(g.Table()), "|0:{2,1}|1:|\n|1:|\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEquation(t *testing.T) {
	for _, c := range []struct {
		reason, in, want string
		ok               bool
	}{
		{"pinyin above a character", ` EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(bào),报)`, "报", true},
		{"a character in a circle", `eq \o\ac(○,1)`, "1", true},
		{"a fraction", `EQ \f(1,2)`, "1/2", true},
		{"text beside it", `EQ 第\o\ac(□,√)项`, "第√项", true},
		{"brackets of its own", `EQ \o(x,(三))`, "(三)", true},
		{"an escaped comma", `EQ \o(x,1\,2)`, "1,2", true},
		{"no end", `EQ \o(x,`, "", true},
		{"another field", "EQUIPMENT 1", "", false},
		{"a page number", "PAGE", "", false},
	} {
		if got, ok := flow.Equation(c.in); got != c.want || ok != c.ok {
			t.Errorf("%s: got %q, %v, want %q", c.reason, got, ok, c.want)
		}
	}
}

func TestSymbol(t *testing.T) {
	for _, c := range []struct {
		font string
		code rune
		want string
	}{
		{"Wingdings", 0xF0FE, "☑"}, {"Wingdings 2", 'R', "☑"}, {"Wingdings", 0xF099, "\ufffd"}, {"Symbol", '7', "7"}, {"宋体", '年', "年"}, {"宋体", 'R', "R"}, {"Wingdings", '年', "年"},
	} {
		if got := flow.Symbol(c.font, c.code); got != c.want {
			t.Errorf("%s %x: got %q, want %q", c.font, c.code, got, c.want)
		}
	}
}
