package raster_test

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/nianbao/nianbao/ocr/raster"
)

// TestPaleRulings: where a page's rulings are much paler than its print, those are seen, too, that are hardly darker than the paper; where they
// are black, what is as pale shows through from the back.
func TestPaleRulings(t *testing.T) {
	const rows, columns, high, wide = 12, 5, 40, 190
	for _, tt := range []struct {
		name  string
		ruled uint8
		seen  bool
	}{{"pale", 205, true}, {"black", 30, false}} {
		rng := rand.New(rand.NewPCG(7, 8))
		img := image.NewGray(image.Rect(0, 0, 1240, 1754))
		for i := range img.Pix {
			img.Pix[i] = uint8(249 + rng.IntN(4))
		}
		line := func(x0, y0, x1, y1 int, v uint8) {
			draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(color.Gray{Y: v}), image.Point{}, draw.Src)
		}
		const left, top, right, bottom = 140, 200, 140 + columns*wide, 200 + rows*high
		for r := range rows + 1 {
			v := tt.ruled
			if r%3 == 1 {
				v = 228 // less than what print needs
			}
			line(left, top+r*high, right+2, top+r*high+2, v)
		}
		for c := range columns + 1 {
			line(left+c*wide, top, left+c*wide+2, bottom+2, tt.ruled)
		}
		for r := range rows {
			for c := range columns {
				for n := range 5 { // strokes of characters
					x, y := left+30+c*wide+22*n, top+12+r*high
					line(x, y, x+3, y+18, 30)
					line(x, y+8, x+16, y+10, 30)
				}
			}
		}
		sheet, err := raster.Flatten(img)
		if err != nil {
			t.Fatal(err)
		}
		for r := range rows + 1 {
			at := sheet.ToSource
			long := 0.0
			for _, l := range sheet.Rulings {
				if a, b := at(l.From), at(l.To); l.Horizontal() && math.Abs(a.Y-float64(top+r*high+1)) < 4 {
					long += math.Abs(b.X - a.X)
				}
			}
			if found, want := long > 0.9*(right-left), r%3 != 1 || tt.seen; found != want {
				t.Errorf("%s: ruling %d is seen: %v, want %v (%.0f of %d)", tt.name, r, found, want, long, right-left)
			}
		}
	}
}
