package ocr_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/tables"
)

// walled draws a table whose cells print numbers off pixels from their left walls, or from their right ones where off is
// negative, each number in a row of its own. Rows are high pixels high; above and below the print there is as much.
func walled(t *testing.T, numbers []string, cols, off, thick, high int) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 32, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	page := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
	const left, top, wide = 200, 200, 110
	fill := func(r image.Rectangle) { draw.Draw(page, r, image.Black, image.Point{}, draw.Src) }
	for r := range len(numbers) + 1 {
		y := top + r*high
		fill(image.Rect(left, y, left+cols*wide+thick, y+thick))
	}
	for c := range cols + 1 {
		x := left + c*wide
		fill(image.Rect(x, top, x+thick, top+len(numbers)*high+thick))
	}
	for r, text := range numbers {
		for c := range cols {
			box, _ := font.BoundString(face, text)
			x := fixed.I(left+c*wide+thick+off) - box.Min.X // its first ink
			if off < 0 {
				x = fixed.I(left+(c+1)*wide+off) - box.Max.X
			}
			y := fixed.I(top+r*high+thick) + (fixed.I(high-thick)-box.Max.Y+box.Min.Y)/2 - box.Min.Y
			(&font.Drawer{Dst: page, Src: image.NewUniform(color.Black), Face: face, Dot: fixed.Point26_6{X: x, Y: y}}).DrawString(text)
		}
	}
	return page
}

// TestDigitsAtWalls holds that a digit beside a wall is never lost: a number is read whole, or not surely.
func TestDigitsAtWalls(t *testing.T) {
	numbers := []string{"1", "13", "17", "41", "10690", "3", "0", "7", "201", "11"}
	for _, off := range []int{-3, -1, 0, 1, 2, 4} {
		for _, thick := range []int{1, 2, 4} {
			for _, high := range []int{36, 90} {
				t.Run(fmt.Sprintf("%d_pixels_beside_%d,row_of_%d", off, thick, high), func(t *testing.T) {
					sheet, err := raster.Flatten(walled(t, numbers, 4, off, thick, high))
					if err != nil {
						t.Fatal(err)
					}
					found := tables.Find(sheet.Rulings, sheet.TextHeight/4)
					if len(found) == 1 && tables.Box(&found[0]).Y0 > sheet.Height/2 { // figures alone do not tell which way is up
						sheet.Rotate180()
						found = tables.Find(sheet.Rulings, sheet.TextHeight/4)
					}
					if len(found) != 1 || found[0].Rows != len(numbers) || found[0].Cols != 4 {
						t.Skip("the table's walls were not found")
					}
					wrong := 0
					for _, c := range read(t, sheet, found[0], nil) {
						want := numbers[c.Row]
						if c.Text == want {
							continue
						}
						wrong++
						if p := c.Confidence(); p > 0.99 {
							t.Errorf("%s: read as %q with %.4f", want, c.Text, p)
						}
					}
					if wrong > len(numbers)*4/10 {
						t.Errorf("%d of %d numbers misread", wrong, len(numbers)*4)
					}
				})
			}
		}
	}
}

// TestSevenUnderRuling: what is left of a 7 whose upper end lies in the ruling above it looks like a stroke that stands for none, and is not
// surely one.
func TestSevenUnderRuling(t *testing.T) {
	numbers := []string{"7", "7", "7", "7", "7", "7"}
	const high, thick = 90, 5
	for _, hidden := range []int{2, 3, 4, 5} {
		page := walled(t, numbers, 4, 40, thick, high)
		for r := range numbers {
			for c := range 4 {
				in := image.Rect(200+c*110+8, 200+r*high+thick, 200+(c+1)*110-4, 200+(r+1)*high)
				first := in.Min.Y
				for ; first < in.Max.Y; first++ {
					row := page.Pix[page.PixOffset(in.Min.X, first):][:in.Dx()]
					if slices.Min(row) < 128 {
						break
					}
				}
				up := first - in.Min.Y + hidden
				for y := first; y < in.Max.Y; y++ {
					for x := in.Min.X; x < in.Max.X; x++ {
						at := page.PixOffset(x, y-up)
						page.Pix[at] = min(page.Pix[at], page.GrayAt(x, y).Y)
						page.SetGray(x, y, color.Gray{Y: 255})
					}
				}
			}
		}
		sheet, err := raster.Flatten(page)
		if err != nil {
			t.Fatal(err)
		}
		found := tables.Find(sheet.Rulings, sheet.TextHeight/4)
		if len(found) == 1 && sheet.Upright < 0 {
			sheet.Rotate180()
			found = tables.Find(sheet.Rulings, sheet.TextHeight/4)
		}
		if len(found) != 1 {
			t.Fatalf("%d tables", len(found))
		}
		for _, c := range read(t, sheet, found[0], nil) {
			if p := c.Confidence(); c.Text != "7" && p > 0.99 {
				t.Errorf("with %d of it hidden, it is read as %q with %.4f", hidden, c.Text, p)
			}
		}
	}
}

// TestScrawl: handwriting that runs through a wall above a number is no part of it; a digit that hangs over a wall is.
func TestScrawl(t *testing.T) {
	numbers := []string{"0", "7", "13", "201", "40"}
	page := walled(t, numbers, 4, 60, 2, 120)
	for r := range numbers { // through the wall between the second column and the third, above the number
		x0, y0 := 200+2*110, 200+r*120+18
		for k := -30; k < 34; k++ {
			y := y0 - k/3 + (k+30)/16%2*4
			draw.Draw(page, image.Rect(x0+k, y, x0+k+2, y+3), image.Black, image.Point{}, draw.Src)
		}
	}
	sheet, err := raster.Flatten(page)
	if err != nil {
		t.Fatal(err)
	}
	found := tables.Find(sheet.Rulings, sheet.TextHeight/4)
	if len(found) == 1 && tables.Box(&found[0]).Y0 > sheet.Height/2 {
		sheet.Rotate180()
		found = tables.Find(sheet.Rulings, sheet.TextHeight/4)
	}
	if len(found) != 1 || found[0].Rows != len(numbers) || found[0].Cols != 4 {
		t.Fatalf("%d tables", len(found))
	}
	for _, c := range read(t, sheet, found[0], nil) {
		if want := numbers[c.Row]; c.Text != want {
			t.Errorf("%s in column %d is read as %q, %.3f", want, c.Col, c.Text, c.Confidence())
		}
	}
}
