package raster_test

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/nianbao/nianbao/ocr/raster"
)

// TestTextHeightOfTightLines: at the resolution of a screen the lines of a label stand two pixels apart, and are not one line of twice the height.
func TestTextHeightOfTightLines(t *testing.T) {
	const em = 15
	img := image.NewGray(image.Rect(0, 0, 794, 1123))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	fill := func(x0, y0, x1, y1 int, v uint8) {
		draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(color.Gray{Y: v}), image.Point{}, draw.Src)
	}
	const rows, height = 16, 44
	for r := range rows + 1 {
		fill(80, 80+r*height, 700, 81+r*height, 90)
	}
	for _, x := range []int{80, 300, 380, 460, 540, 620, 700} {
		fill(x, 80, x+1, 80+rows*height, 90)
	}
	for r := range rows {
		for line := range 2 {
			for n := range 12 {
				x, y := 84+(em+1)*n, 86+r*height+line*(em+2)
				for k := 0; k < em; k += 3 {
					fill(x, y+k, x+em, y+k+1, 60)
				}
				fill(x+n%5, y, x+n%5+2, y+em, 60)
			}
		}
	}
	sheet, err := raster.Flatten(img)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.TextHeight < em*0.9 || sheet.TextHeight > em*1.25 {
		t.Errorf("print is %.1f high, want %d", sheet.TextHeight, em)
	}
}

// TestTextHeightOfTouchingLines: labels in two lines that touch are not one line of twice the height.
func TestTextHeightOfTouchingLines(t *testing.T) {
	const em = 16
	s := newSketch(3)
	for r := range 6 {
		s.fill(150, 300+r*70, 1050, 301+r*70, s.ink)
	}
	for k := range 4 {
		s.fill(150+k*300, 300, 151+k*300, 651, s.ink)
	}
	for r := range 5 {
		for k := range 3 {
			x, y := 170+k*300, 320+r*70
			s.text(x, y, em, 8)
			s.text(x, y+em, em, 8)
			s.fill(x+3, y, x+6, y+2*em-2, s.ink) // by which they touch
		}
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.TextHeight > 1.5*em {
		t.Errorf("print is %.1f high, want %d", sheet.TextHeight, em)
	}
}
