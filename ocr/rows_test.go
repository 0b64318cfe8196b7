package ocr

import (
	"slices"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/lstm"
)

// TestRows: lines are told apart by the pieces of ink that stand in them, whatever else lies on the page.
func TestRows(t *testing.T) {
	const em = 20.0
	line := func(y float64, from, to int) (out []layout.Rect) { // characters of one em each
		for i := from; i < to; i++ {
			out = append(out, layout.Rect{X0: 24 * float64(i), Y0: y, X1: 24*float64(i) + em, Y1: y + em})
		}
		return out
	}
	speck := func(x, y float64) layout.Rect { return layout.Rect{X0: x, Y0: y, X1: x + 2, Y1: y + 2} }
	strip := layout.Rect{X1: 1000, Y1: 400}
	for _, tt := range []struct {
		name   string
		pieces [][]layout.Rect
		want   []layout.Rect
	}{
		{"lines apart", [][]layout.Rect{line(20, 2, 30), line(60, 0, 30)}, []layout.Rect{{X0: 48, Y0: 20, X1: 716, Y1: 40}, {Y0: 60, X1: 716, Y1: 80}}},
		{
			"a scrawl through two",
			[][]layout.Rect{line(20, 0, 30), line(50, 0, 30), line(80, 0, 30), {{X0: 200, Y0: 25, X1: 260, Y1: 66}}},
			[]layout.Rect{{Y0: 20, X1: 716, Y1: 40}, {Y0: 45, X1: 716, Y1: 70}, {Y0: 80, X1: 716, Y1: 100}},
		},
		{"specks at either end", [][]layout.Rect{line(20, 10, 20), {speck(3, 24), speck(232, 30), speck(470, 31), speck(900, 24)}}, []layout.Rect{{X0: 240, Y0: 20, X1: 476, Y1: 40}}},
		{"a stop at the end", [][]layout.Rect{line(20, 10, 20), {{X0: 482, Y0: 33, X1: 488, Y1: 39}}}, []layout.Rect{{X0: 240, Y0: 20, X1: 488, Y1: 40}}},
		{
			"a fold that joins a line's print", [][]layout.Rect{line(20, 0, 30), {{X0: 0, Y0: 60, X1: 716, Y1: 82}}, line(100, 0, 30)},
			[]layout.Rect{{Y0: 20, X1: 716, Y1: 40}, {Y0: 60, X1: 716, Y1: 82}, {Y0: 100, X1: 716, Y1: 120}},
		},
		{"a long stroke", [][]layout.Rect{line(20, 0, 30), {{X0: 0, Y0: 50, X1: 900, Y1: 53}}}, []layout.Rect{{Y0: 20, X1: 716, Y1: 40}}},
		{"a seal", [][]layout.Rect{line(20, 0, 30), {{X0: 300, Y0: 10, X1: 500, Y1: 210}}}, []layout.Rect{{Y0: 20, X1: 716, Y1: 40}}},
		{"nothing", nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pieces := slices.Concat(tt.pieces...)
			var got []layout.Rect
			for _, r := range rowsOf(strip, pieces, em) {
				box := r.pieces[0]
				for _, p := range r.pieces {
					box = box.Union(p)
				}
				got = append(got, layout.Rect{X0: box.X0, Y0: r.box.Y0, X1: box.X1, Y1: r.box.Y1})
			}
			near := func(a, b float64) bool { return a-b < em/4 && b-a < em/4 }
			if !slices.EqualFunc(got, tt.want, func(a, b layout.Rect) bool {
				return near(a.X0, b.X0) && near(a.Y0, b.Y0) && near(a.X1, b.X1) && near(a.Y1, b.Y1)
			}) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// TestBracketsPair: of two brackets that do not fit the less likely is read again.
func TestBracketsPair(t *testing.T) {
	for _, tt := range []struct {
		text string
		sure []float64
		want string
	}{
		{"《一)", []float64{0.5, 1, 0.9}, "(一)"},
		{"《法)", []float64{0.9, 1, 0.5}, "《法》"},
		{"(一)《法》", []float64{1, 1, 1, 1, 1, 1}, "(一)《法》"},
		{"一)", []float64{1, 1}, "一)"},
	} {
		var chars []lstm.Char
		for i, r := range []rune(tt.text) {
			chars = append(chars, lstm.Char{Text: string(r), Likelihood: tt.sure[i]})
		}
		pairBrackets(chars)
		got := ""
		for _, c := range chars {
			got += c.Text
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
}

// TestStrays: what is read in the white at either end of a line is left out; a faint stop at its end is not.
func TestStrays(t *testing.T) {
	r := stretch{row: row{box: layout.Rect{X0: 10, Y0: 0, X1: 110, Y1: 20}}, at: layout.Rect{X1: 120, Y1: 20}, scale: 1}
	for _, tt := range []struct {
		chars []lstm.Char
		want  string
	}{
		{[]lstm.Char{{Text: "年", X: 20, Likelihood: 1}, {Text: "作", X: 100, Likelihood: 1}, {Text: ".", X: 113, Likelihood: 0.26}}, "年作"},
		{[]lstm.Char{{Text: "年", X: 20, Likelihood: 1}, {Text: "。", X: 111, Likelihood: 0.5}}, "年。"},
		{[]lstm.Char{{Text: "了", X: 12, Likelihood: 0.57}, {Text: "永", X: 20, Likelihood: 0.6}}, "永"},
		{[]lstm.Char{{Text: "1", X: 12, Likelihood: 0.3}, {Text: "月", X: 30, Likelihood: 1}}, "1月"},
		{[]lstm.Char{{Text: "无", X: 12, Likelihood: 0.3}}, "无"},
	} {
		got := ""
		for _, c := range r.withoutStrays(tt.chars) {
			got += c.Text
		}
		if got != tt.want {
			t.Errorf("%v: %s, want %s", tt.chars, got, tt.want)
		}
	}
}
