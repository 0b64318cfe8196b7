package raster_test

import (
	"image"
	"math"
	"testing"

	"github.com/nianbao/nianbao/ocr/raster"
)

// TestFlattenDashed: a table whose rulings are dashes and dots, on a page in black and white that leans, is found whole. Its walls end at a
// band over all columns, the strokes that stand for none are no ruling though they stand in a row, and shaded cells have none either.
func TestFlattenDashed(t *testing.T) {
	const top, height, rows, band, left = 260, 40, 21, 10, 120 // the band is in the middle: nothing tells which way the page lies
	widths := []int{300, 100, 90, 90, 90, 90, 100}
	for _, c := range []struct {
		name      string
		on, off   int     // pixels of a dash and behind it
		share     float64 // of its pixels that are black
		shade     float64 // the same of the cells of the first row
		none      bool    // strokes for none
		slope     float64
		specks    float64
		unpainted bool // nothing is drawn at all: a page of specks
	}{
		{name: "dashes", on: 6, off: 7, share: 1, none: true, slope: 0.01, specks: .0008},
		{name: "dashes, worn", on: 6, off: 6, share: .75, none: true, slope: -0.006, specks: .0015},
		{name: "dots of a pale ruling", on: 1, off: 0, share: .12, slope: 0.01, specks: .0004},
		{name: "dots and shading", on: 1, off: 0, share: .3, shade: .03, slope: 0.004, specks: .0004},
		{name: "specks", specks: .01, unpainted: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSketch(7)
			img := image.NewGray(s.img.Rect)
			for i := range img.Pix {
				img.Pix[i] = 255
				if s.rng.Float64() < c.specks {
					img.Pix[i] = 0
				}
			}
			set := func(x, y int) { // as the page leans
				fx, fy := float64(x)-620, float64(y)-877
				if p := image.Pt(int(math.Round(620+fx-c.slope*fy)), int(math.Round(877+fy+c.slope*fx))); p.In(img.Rect) {
					img.Pix[p.Y*img.Stride+p.X] = 0
				}
			}
			drawn := func(k int) bool { return k%(c.on+c.off) < c.on && s.rng.Float64() < c.share }
			right, xs := left, []int{left}
			for _, w := range widths {
				right += w
				xs = append(xs, right)
			}
			for r := 0; r <= rows && !c.unpainted; r++ {
				for x := left; x < right; x++ {
					if drawn(x) {
						set(x, top+r*height)
					}
				}
			}
			for i, x := range xs {
				for y := top; y < top+rows*height && !c.unpainted; y++ {
					if inner := i > 0 && i < len(xs)-1; drawn(y) && (!inner || (y-top)/height != band) {
						set(x, y)
					}
				}
			}
			for y := top; y < top+height; y++ {
				for x := left; x < right; x++ {
					if s.rng.Float64() < c.shade {
						set(x, y)
					}
				}
			}
			for r := 1; r < rows && !c.unpainted; r++ {
				y := top + r*height + 12
				for i := 1; i < len(widths); i++ {
					middle := (xs[i] + xs[i+1]) / 2
					switch {
					case r == band:
					case c.none && (r+i)%3 > 0:
						for x := middle - 9; x < middle+9; x++ {
							if s.rng.Float64() < .7 {
								set(x, y+8)
							}
						}
					default: // a nought
						for k := range 15 {
							set(middle-5, y+k)
							set(middle+5, y+k)
						}
						for k := -4; k <= 4; k++ {
							set(middle+k, y-1)
							set(middle+k, y+15)
						}
					}
				}
			}
			sheet, err := raster.Flatten(img)
			if err != nil {
				t.Fatal(err)
			}
			level, upright := places(sheet.Rulings)
			if c.unpainted {
				if len(level)+len(upright) > 0 {
					t.Errorf("specks are %d by %d lines", len(level), len(upright))
				}
				return
			}
			if len(level) != rows+1 || len(upright) != len(xs) {
				t.Fatalf("%d by %d lines, want %d by %d: %.0f", len(level), len(upright), rows+1, len(xs), upright)
			}
			middle := (level[band] + level[band+1]) / 2
			for _, r := range sheet.Rulings {
				if x := r.From.X; !r.Horizontal() && r.From.Y < middle && r.To.Y > middle && x > upright[0]+5 && x < upright[len(upright)-1]-5 {
					t.Errorf("a wall at %.0f goes through the band", x)
				}
			}
		})
	}
}
