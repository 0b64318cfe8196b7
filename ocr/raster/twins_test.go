package raster_test

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"github.com/nianbao/nianbao/ocr/raster"
)

// TestDoubleRulings: two lines with a pixel or two of white between them, which is lost here and there, are one ruling all along.
func TestDoubleRulings(t *testing.T) {
	const rows, columns, high, wide, left, top = 12, 6, 52, 160, 140, 200
	img := image.NewGray(image.Rect(0, 0, 1240, 1754))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	fill := func(x0, y0, x1, y1 int, v uint8) {
		draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(color.Gray{Y: v}), image.Point{}, draw.Src)
	}
	for r := range rows + 1 {
		y := top + r*high
		fill(left, y, left+columns*wide+4, y+4, 0)
	}
	for c := range columns + 1 {
		x := left + c*wide
		for y := top; y < top+rows*high; y++ {
			lean := (y - top) / 90
			fill(x+lean, y, x+lean+4, y+1, 0)
			if in := (y - top) % high; c > 0 && c < columns && in >= 4 && in < high-12 {
				fill(x+lean+1, y, x+lean+3-in/30, y+1, 255)
			}
		}
	}
	for r := range rows {
		for c := range columns { // figures
			x, y := left+70+c*wide, top+18+r*high
			fill(x, y, x+12, y+18, 0)
			fill(x+3, y+3, x+9, y+15, 255)
		}
	}
	sheet, err := raster.Flatten(img)
	if err != nil {
		t.Fatal(err)
	}
	for c := range columns + 1 {
		long := 0.0
		for _, l := range sheet.Rulings {
			if a, b := sheet.ToSource(l.From), sheet.ToSource(l.To); !l.Horizontal() && math.Abs(a.X-float64(left+c*wide+5)) < 7 {
				long += math.Abs(b.Y - a.Y)
			}
		}
		if long < 0.95*rows*high {
			t.Errorf("wall %d is seen on %.0f pixels of %d", c, long, rows*high)
		}
	}
}
