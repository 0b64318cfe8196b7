package raster_test

import (
	"image"
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/nianbao/nianbao/layout"
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

// TestFlattenDrawnDots: walls of dots beside which figures stand close, on a page that leans, are whole from row to row, and
// so are the short ones of a table below, which stand near those of the first and end where the page does.
func TestFlattenDrawnDots(t *testing.T) {
	const left, top, height, rows, slope = 200, 300, 38, 14, -0.011
	walls := []int{left, 560, 660, 760, 860, 960}
	low := []int{left, 300, 400, 556, 651, 768, 871, 960} // of the table below
	const below, lowRows = top + height*(rows+4), 3
	rng := rand.New(rand.NewSource(3))
	img := image.NewGray(image.Rect(0, 0, 1686, 2386))
	for i := range img.Pix {
		if img.Pix[i] = 255; rng.Float64() < .001 {
			img.Pix[i] = 0
		}
	}
	fill := func(x, y, w, h int) { // as the page leans
		for j := range h {
			for i := range w {
				fx, fy := float64(x+i)-843, float64(y+j)-1193
				if p := image.Pt(int(math.Round(843+fx-slope*fy)), int(math.Round(1193+fy+slope*fx))); p.In(img.Rect) {
					img.Pix[p.Y*img.Stride+p.X] = 0
				}
			}
		}
	}
	table := func(walls []int, top, rows int, open bool) {
		end := top + rows*height
		for r := range rows + 1 {
			for x := left; x < walls[len(walls)-1] && (!open || r < rows); x += 4 {
				fill(x, top+r*height, 2, 2)
			}
		}
		for _, x := range walls {
			for y := top; y < end; y += 4 {
				fill(x, y, 2, 2)
			}
		}
		for r := 0; r < rows && !open; r++ {
			for _, x := range walls[2:] {
				y := top + r*height + 9
				fill(x-16, y, 2, 20) // a nought that is set to the right
				fill(x-7, y, 2, 20)
				fill(x-14, y-2, 8, 2)
				fill(x-14, y+20, 8, 2)
			}
		}
	}
	table(walls, top, rows, false)
	for i := range 12 {
		fill(left+60+i*34, top+(rows+2)*height, 22, 4) // a heading
		fill(left+70+i*34, top+(rows+2)*height-10, 4, 26)
	}
	table(low, below, lowRows, true)
	sheet, err := raster.Flatten(img)
	if err != nil {
		t.Fatal(err)
	}
	wall := func(x, y int) bool { // of the table as it was before it leant
		fx, fy := float64(x)+1-843, float64(y)-1193
		at := layout.Point{X: 843 + fx - slope*fy, Y: 1193 + fy + slope*fx}
		return slices.ContainsFunc(sheet.Rulings, func(r layout.Ruling) bool {
			p, q := sheet.ToSource(r.From), sheet.ToSource(r.To)
			return !r.Horizontal() && p.Y < at.Y-8 && q.Y > at.Y+8 && math.Abs(p.X+(q.X-p.X)*(at.Y-p.Y)/(q.Y-p.Y)-at.X) < 5
		})
	}
	for r := range rows {
		for _, x := range walls {
			if !wall(x, top+r*height+19) {
				t.Errorf("no wall at %d in row %d", x, r)
			}
		}
	}
	for r := range lowRows {
		for _, x := range low {
			if !wall(x, below+r*height+19) {
				t.Errorf("no wall at %d in row %d of the table below", x, r)
			}
		}
	}
}

// TestDashedTablesApart: of two tables in dashes one over the other, the walls end where the first ends, though of the second's upper rulings half
// was not seen.
func TestDashedTablesApart(t *testing.T) {
	const left, right, gap = 120, 980, 140
	img := image.NewGray(image.Rect(0, 0, 1240, 1754))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	rng := rand.New(rand.NewSource(5))
	dash := func(x0, y0, x1, y1 int) {
		for y := y0; y <= y1; y++ {
			for x := x0; x <= x1; x++ {
				if (x+y)%9 < 4 && rng.Float64() < .75 {
					img.Pix[y*img.Stride+x] = 0
				}
			}
		}
	}
	end := 200 + 8*50
	for _, top := range []int{200, end + gap} {
		for r := range 9 {
			from := left
			if top > 200 && r < 4 {
				from = left + 430
			}
			dash(from, top+r*50, right, top+r*50)
		}
		for x := left; x <= right; x += 215 {
			dash(x, top, x, top+8*50)
		}
	}
	sheet, err := raster.Flatten(img)
	if err != nil {
		t.Fatal(err)
	}
	walls := 0
	for _, r := range sheet.Rulings {
		if r.Horizontal() {
			continue
		}
		walls++
		if r.From.Y < float64(end)-20 && r.To.Y > float64(end+gap)+20 {
			t.Errorf("a wall at %.0f leads from %.0f to %.0f, over the gap", r.From.X, r.From.Y, r.To.Y)
		}
	}
	if walls < 10 {
		t.Errorf("%d walls were found, want 10", walls)
	}
}
