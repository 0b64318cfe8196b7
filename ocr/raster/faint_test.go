package raster_test

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/nianbao/nianbao/ocr/raster"
)

// TestHairLines: on a page drawn by a program at the resolution of a screen, hair lines a fifth darker than the paper are rulings; text
// stands between them, with the soft edges that it has there.
func TestHairLines(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 794, 1123))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	line := func(x0, y0, x1, y1 int, v uint8) {
		draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(color.Gray{Y: v}), image.Point{}, draw.Src)
	}
	const rows, columns = 9, 4
	for r := range rows + 1 {
		line(100, 200+21*r, 100+140*columns+1, 201+21*r, 150)
	}
	for c := range columns + 1 {
		line(100+140*c, 200, 101+140*c, 200+21*rows, 196)
		line(101+140*c, 200, 102+140*c, 200+21*rows, 226) // it stands between two pixels
	}
	for r := range rows {
		for c := range columns {
			for n := range 6 { // strokes of characters
				x, y := 110+140*c+11*n, 205+21*r
				line(x, y, x+2, y+11, 40)
				line(x+2, y, x+3, y+11, 190)
				for k := range 8 { // with soft edges, which are no noise of the paper
					line(x+k, y+5, x+k+1, y+6, uint8(40+170*(k/2%2)))
				}
			}
		}
	}
	sheet, err := raster.Flatten(img)
	if err != nil {
		t.Fatal(err)
	}
	upright := 0
	for _, r := range sheet.Rulings {
		if !r.Horizontal() && r.To.Y-r.From.Y > 20*rows {
			upright++
		}
	}
	if upright != columns+1 {
		t.Errorf("%d lines from top to bottom of %d", upright, columns+1)
	}
}

// TestHairLinesThatStep: a hair line that leans by one pixel goes on in the next row from its middle on. It is a ruling, though no row of
// pixels has much more than half of it and no wall meets it.
func TestHairLinesThatStep(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	line := func(x0, y0, x1, y1 int) {
		draw.Draw(img, image.Rect(x0, y0, x1, y1), image.Black, image.Point{}, draw.Src)
	}
	const rows, long, high = 12, 900, 60
	for r := range rows + 1 {
		y, middle := 300+high*r, 300+long*(45+r)/100
		line(300, y, middle, y+1)
		line(middle, y+1, 300+long, y+2)
	}
	for r := range rows { // characters, by their strokes
		for n := range 4 {
			x, y := 310+30*n, 317+high*r
			line(x, y, x+3, y+26)
			line(x+12, y, x+15, y+26)
			line(x, y+12, x+24, y+14)
		}
	}
	sheet, err := raster.Flatten(img)
	if err != nil {
		t.Fatal(err)
	}
	level, _ := places(sheet.Rulings)
	if len(level) != rows+1 {
		t.Errorf("%d level rulings of %d: %.0f", len(level), rows+1, level)
	}
}

// TestHairLinesThatFlicker: of hairlines that lean and were thinned to a pixel, what is left where they step from row to row is shorter than any part of
// a ruling. They are rulings all the same, where nothing stands beside them; a row of dashes is none.
func TestHairLinesThatFlicker(t *testing.T) {
	for name, step := range map[string]int{"a ruling": 9, "dashes": 0} {
		img := image.NewGray(image.Rect(0, 0, 1240, 1754))
		draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
		line := func(x0, y0, x1, y1 int) {
			draw.Draw(img, image.Rect(x0, y0, x1, y1), image.Black, image.Point{}, draw.Src)
		}
		const rows, left, right, high = 12, 200, 1000, 60
		for r := range rows + 1 {
			y := 300 + high*r
			if r%3 != 1 {
				line(left, y, right, y+1)
				continue
			}
			for x := left; x < right; x += 40 {
				line(x, y, x+25, y+1)
				line(x+25, y+1, x+25+step, y+2)
			}
		}
		for r := range rows { // characters, by their strokes
			for n := range 4 {
				x, y := left+10+30*n, 317+high*r
				line(x, y, x+3, y+20)
				line(x+12, y, x+15, y+20)
				line(x, y+12, x+24, y+14)
			}
		}
		sheet, err := raster.Flatten(img)
		if err != nil {
			t.Fatal(err)
		}
		want := rows + 1
		if step == 0 {
			want = 2*(rows+1)/3 + 1
		}
		whole := 0
		for _, l := range sheet.Rulings {
			if l.Horizontal() && l.To.X-l.From.X > 0.95*(right-left) {
				whole++
			}
		}
		if whole != want {
			t.Errorf("%s: %d level rulings, want %d", name, whole, want)
		}
	}
}
