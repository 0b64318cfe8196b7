package raster_test

import (
	"math"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
)

// TestFold: a crease from edge to edge of the page is no ruling, and print that it runs through is drawn without it; where it lies on a ruling,
// that stays.
func TestFold(t *testing.T) {
	for name, c := range map[string]struct {
		y    int
		fold bool
	}{"between rulings": {280 + 40*10, true}, "on a ruling": {260 + 40*10, false}} {
		t.Run(name, func(t *testing.T) {
			drawn := form(1)
			drawn.fill(700, 670, 704, 692, drawn.ink) // as a 1, over which it runs
			m := drawn.img
			for x := 20; x < m.Rect.Dx()-20; x++ {
				for y := c.y; y < c.y+2; y++ {
					m.Pix[y*m.Stride+x] = uint8(.6 * float64(m.Pix[y*m.Stride+x]))
				}
			}
			sheet, err := raster.Flatten(m)
			if err != nil {
				t.Fatal(err)
			}
			long := 0.0
			for _, r := range sheet.Rulings {
				if r.Horizontal() && math.Abs(r.From.Y-float64(c.y)) < 4 {
					long += r.To.X - r.From.X
				}
			}
			if got := long > 800; got == c.fold {
				t.Errorf("rulings of %.0f pixels are where the fold is", long)
			}
			if !c.fold {
				return
			}
			cell := sheet.Crop(layout.Rect{X0: 690, Y0: 662, X1: 714, Y1: 698}, 1)
			for x := range 24 {
				v, want := cell.GrayAt(x, c.y-662).Y, drawn.paper
				if x >= 10 && x < 14 {
					want = drawn.ink
				}
				if math.Abs(float64(v)-float64(want)) > 40 && x != 9 && x != 14 {
					t.Errorf("%d at %d in the line of the fold, want %d", v, x, want)
				}
			}
		})
	}
}
