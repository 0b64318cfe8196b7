package raster_test

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/nianbao/nianbao/ocr/raster"
)

// TestFlattenScreen: on a picture of a screen dotted and dashed rulings are drawn where they are, label beside them or not, and not where cells
// are one; noughts that stand one under the other, beside walls or without any, are no dots of one, and dots that lead to page numbers are no ruling.
func TestFlattenScreen(t *testing.T) {
	const top, height, rows, left, shared = 200, 22, 21, 60, 4
	widths := []int{60, 140, 50, 50, 50, 50, 50, 50}
	right, xs := left, []int{left}
	for _, w := range widths {
		right += w
		xs = append(xs, right)
	}
	for _, c := range []struct {
		name           string
		on, off, thick int // pixels of a mark and behind it, and across
		smear          uint8
		walls          bool
		leaders        bool // nothing but the dots that lead from names to page numbers
	}{
		{name: "dots", on: 1, off: 1, thick: 1, walls: true},
		{name: "dots, smeared", on: 1, off: 1, thick: 1, smear: 70, walls: true},
		{name: "thick dots", on: 2, off: 2, thick: 2, walls: true},
		{name: "dashes", on: 4, off: 3, thick: 1, walls: true},
		{name: "solid rows without walls", on: 1, thick: 1},
		{name: "leaders", leaders: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			img := image.NewGray(image.Rect(0, 0, 794, 1123))
			draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
			fill := func(x0, y0, x1, y1 int, v uint8) {
				draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(color.Gray{Y: v}), image.Point{}, draw.Src)
			}
			line := func(x0, y0, x1, y1 int) { // level or upright
				for x := x0; x < x1 || x == x0 && x1 == x0; x++ {
					for y := y0; y < y1 || y == y0 && y1 == y0; y++ {
						if (x-x0+y-y0)%(c.on+c.off) < c.on {
							fill(x, y, x+c.thick*min(1, y1-y0)+1-min(1, y1-y0), y+c.thick*min(1, x1-x0)+1-min(1, x1-x0), 0)
						} else if c.smear > 0 {
							fill(x, y, x+1, y+1, 255-c.smear)
						}
					}
				}
			}
			nought := func(x, y int) {
				fill(x, y, x+1, y+8, 30)
				fill(x+4, y, x+5, y+8, 30)
				fill(x+1, y-1, x+4, y, 60)
				fill(x+1, y+8, x+4, y+9, 60)
			}
			if c.leaders {
				for r := range 12 {
					for x := 120; x < 600; x += 4 {
						fill(x, top+r*30, x+1, top+1+r*30, 0)
					}
					nought(60, top+r*30-8)
					nought(620, top+r*30-8)
				}
			} else {
				for r := 0; r <= rows; r++ {
					from := left
					if r > shared && r < rows { // the first column's cells are one
						from = xs[1]
					}
					line(from, top+r*height, right+1, top+r*height)
				}
				for i, x := range xs {
					if c.walls {
						line(x, top, x, top+rows*height+1)
					}
					for r := 0; r < rows && i > 1 && i < len(widths); r++ {
						nought((x+xs[i+1])/2, top+r*height+7)
					}
				}
				for r := range rows { // labels, two pixels from the wall
					for n := range 9 {
						fill(xs[1]+3+12*n, top+r*height+6, xs[1]+4+12*n, top+r*height+16, 30)
						fill(xs[1]+3+12*n, top+r*height+8+n%3, xs[1]+12+12*n, top+r*height+9+n%3, 30)
					}
				}
			}
			sheet, err := raster.Flatten(img)
			if err != nil {
				t.Fatal(err)
			}
			level, upright := places(sheet.Rulings)
			wantLevel, wantUpright := rows+1, len(xs)
			if !c.walls {
				wantUpright = 0
			}
			if c.leaders {
				wantLevel = 0
			}
			if len(level) != wantLevel || len(upright) != wantUpright {
				t.Fatalf("%d by %d lines, want %d by %d: %.0f", len(level), len(upright), wantLevel, wantUpright, upright)
			}
			for _, r := range sheet.Rulings {
				if y := r.From.Y; r.Horizontal() && r.From.X < float64(left+widths[0]/2) && y > top+(shared+0.5)*height && y < top+(rows-0.5)*height {
					t.Errorf("a ruling at %.0f goes through cells that are one", y)
				}
			}
		})
	}
}
