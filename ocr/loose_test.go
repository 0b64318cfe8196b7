package ocr

import (
	"image"
	"image/draw"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
)

// TestLooseStrokes: zeros of which a scan left no more than their upright strokes stand alone on paper: nothing of them is a wall.
func TestLooseStrokes(t *testing.T) {
	page := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
	const cols, rows = 6, 8
	for r := range rows {
		for c := range cols {
			zero(page, 300+160*c, 600+70*r)
		}
	}
	sheet, err := raster.Flatten(page)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, w := range Loose(sheet, nil) {
		if w.Text == "0" {
			found++
		}
	}
	if found < cols*rows*9/10 {
		t.Errorf("%d of %d figures are read", found, cols*rows)
	}
}

// zero draws a 0 of which a scan left its strokes.
func zero(page *image.Gray, x, y int) {
	for _, r := range []image.Rectangle{
		image.Rect(x, y+3, x+3, y+21), image.Rect(x+2, y, x+5, y+4), image.Rect(x+2, y+20, x+5, y+24),
		image.Rect(x+13, y+3, x+16, y+21), image.Rect(x+11, y, x+14, y+4), image.Rect(x+11, y+20, x+14, y+24),
	} {
		draw.Draw(page, r, image.Black, image.Point{}, draw.Src)
	}
}

// TestLooseRow: three figures in the one row of a table that a page has at its foot are looked at between rulings, and nowhere else.
func TestLooseRow(t *testing.T) {
	for _, ruled := range []bool{true, false} {
		page := image.NewGray(image.Rect(0, 0, 1654, 2339))
		draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
		for y := 300; y < 1800; y += 60 { // prose
			for x := 250; x < 1400; x += 30 {
				draw.Draw(page, image.Rect(x, y, x+22, y+26), image.Black, image.Point{}, draw.Src)
				draw.Draw(page, image.Rect(x+3, y+3, x+19, y+23), image.White, image.Point{}, draw.Src)
			}
		}
		for c := range 3 {
			zero(page, 700+250*c, 1918)
		}
		draw.Draw(page, image.Rect(250, 1916, 400, 1944), image.Black, image.Point{}, draw.Src)
		for y := 1900; ruled && y < 2000; y += 60 {
			draw.Draw(page, image.Rect(240, y, 1400, y+3), image.Black, image.Point{}, draw.Src)
		}
		sheet, err := raster.Flatten(page)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, w := range Loose(sheet, nil) {
			if w.Text == "0" {
				found++
			}
		}
		if want := map[bool]int{true: 3}[ruled]; found != want {
			t.Errorf("between rulings %v: %d figures are read, want %d", ruled, found, want)
		}
	}
}

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
