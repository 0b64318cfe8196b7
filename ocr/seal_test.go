package ocr_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/tables"
)

// TestSealBeside: a seal that touches a cell beside its print takes nothing from the number; one over it does, and one in a cell without
// print.
func TestSealBeside(t *testing.T) {
	for _, c := range []struct {
		name   string
		cx, cy int
		at     bool // the seal's ink is at a number's print
	}{
		{"over the wall between two rows, far from their print", 600, 720, false},
		{"its ring over a print", 600, 590, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			gray := walled(t, []string{"13", "7", "201", "40", "5"}, 8, 40, 2, 260)
			img := image.NewRGBA(gray.Rect)
			for y := range gray.Rect.Dy() {
				for x := range gray.Rect.Dx() {
					v := float64(gray.GrayAt(x, y).Y)
					under := func(ink float64) uint8 { return uint8(v) }
					if d := math.Hypot(float64(x-c.cx), float64(y-c.cy)); d <= 70 && d > 60 {
						under = func(ink float64) uint8 { return uint8(v * ink / 255) }
					}
					img.SetRGBA(x, y, color.RGBA{under(215), under(50), under(50), 255})
				}
			}
			sheet, err := raster.Flatten(img)
			if err != nil {
				t.Fatal(err)
			}
			found := tables.Find(sheet.Rulings, sheet.TextHeight/4)
			if len(found) != 1 {
				t.Fatalf("%d tables", len(found))
			}
			touched, at := 0, 0
			for _, c := range read(t, sheet, found[0], nil) {
				if sheet.Touched(c.Box) {
					touched++
				}
				if c.Reading.Seal {
					at++
				}
			}
			if touched < 2 || at > 0 != c.at || at == touched {
				t.Errorf("the seal touches %d cells, and the print of %d", touched, at)
			}
		})
	}
}
