package ocr

import (
	"testing"

	"github.com/nianbao/nianbao/layout"
)

// TestRejoined: the digits of a worn figure that stand apart are one word; halves of characters, digits of two columns and the ones of a
// label are none.
func TestRejoined(t *testing.T) {
	const em = 25
	word := func(x0, x1 float64) looseWord {
		return looseWord{box: layout.Rect{X0: x0, Y0: 100, X1: x1, Y1: 122}, pieces: 1}
	}
	for _, c := range []struct {
		name  string
		words []looseWord
		want  []layout.Rect
	}{
		{"a figure of two digits", []looseWord{word(193, 196), word(207, 213)}, []layout.Rect{{X0: 193, Y0: 100, X1: 213, Y1: 122}}},
		{"one of three", []looseWord{word(100, 104), word(114, 124), word(136, 140)}, []layout.Rect{{X0: 100, Y0: 100, X1: 140, Y1: 122}}},
		{"figures of two columns", []looseWord{word(100, 110), word(140, 150)}, []layout.Rect{{X0: 100, Y0: 100, X1: 110, Y1: 122}, {X0: 140, Y0: 100, X1: 150, Y1: 122}}},
		{"parts of a character beside another", []looseWord{word(100, 105), word(112, 120), word(130, 155)},
			[]layout.Rect{{X0: 100, Y0: 100, X1: 105, Y1: 122}, {X0: 112, Y0: 100, X1: 120, Y1: 122}, {X0: 130, Y0: 100, X1: 155, Y1: 122}}},
		{"a whole character", []looseWord{word(100, 124)}, []layout.Rect{{X0: 100, Y0: 100, X1: 124, Y1: 122}}},
	} {
		got := rejoined(c.words, em)
		ok := len(got) == len(c.want)
		for i := range got {
			ok = ok && got[i].box == c.want[i]
		}
		if !ok {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
