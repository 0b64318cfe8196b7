package ocr

import (
	"image"
	"image/draw"
	"math"
	"testing"

	"github.com/nianbao/nianbao/layout"
)

// TestTwoFigures holds that figures as far apart as in two columns are no number, and that a number set
// wide is one.
func TestTwoFigures(t *testing.T) {
	const em = 40
	one := func(g *image.Gray, x int) { // a 1 of 28 pixels with its flag
		for y := 12; y < 40; y++ {
			for i := range 5 {
				g.Pix[y*g.Stride+x+i] = 0
			}
		}
		for i := range 7 {
			for y := 16 + i; y < 20+i; y++ {
				g.Pix[y*g.Stride+x-i] = 0
			}
		}
	}
	for _, tt := range []struct {
		name string
		at   []int
		want bool
	}{
		{"one", []int{150}, false},
		{"a number set wide", []int{120, 150, 180}, false},
		{"two columns", []int{60, 240}, true},
	} {
		g := image.NewGray(image.Rect(0, 0, 300, 52))
		for i := range g.Pix {
			g.Pix[i] = 250
		}
		for _, x := range tt.at {
			one(g, x)
		}
		found, _ := lines(g, em, minContrast)
		if len(found) != 1 || twoFigures(found[0]) != tt.want {
			t.Errorf("%s: %d lines, two figures: %v", tt.name, len(found), !tt.want)
		}
	}
}

// TestApart holds that lines of words which touch are parted where least ink is, squeezed ones too.
func TestApart(t *testing.T) {
	const em = 40
	for _, tt := range []struct {
		name        string
		lines       []int // heights of the print
		tall, pitch float64
		parts       int
	}{
		{"one line", []int{38}, tallLine, linePitch, 1},
		{"two that touch", []int{40, 40}, tallLine, linePitch, 2},
		{"two in a low cell, taken for one", []int{32, 32}, tallLine, linePitch, 1},
		{"four without any lead", []int{38, 38, 38, 38}, tightLine, closePitch, 4},
		{"two in a low cell", []int{32, 32}, tightLine, tightPitch, 2},
		{"three in a low cell", []int{32, 32, 34}, tightLine, tightPitch, 3},
	} {
		height := len(tt.lines) - 1
		for _, h := range tt.lines {
			height += h
		}
		g := image.NewGray(image.Rect(0, 0, 120, height))
		var want []int // the rows between the lines
		y := 0
		for _, h := range tt.lines {
			y += h
			want = append(want, y)
			for x := 0; y < height && x < 120; x++ {
				g.Pix[y*g.Stride+x] = 220 // a stroke that nearly joins them
			}
			y++
		}
		parts := apart([]line{{image: g, ink: float64(height)}}, em, tt.tall, tt.pitch)
		if len(parts) != tt.parts {
			t.Errorf("%s: %d parts", tt.name, len(parts))
			continue
		}
		for i, p := range parts[:len(parts)-1] {
			if p.image.Rect.Max.Y != want[i] {
				t.Errorf("%s: cut at %d, want %d", tt.name, p.image.Rect.Max.Y, want[i])
			}
		}
	}
}

// TestPrintUnderWalls holds that print which stands where remnants of walls are looked for, and is none, is not lost: a dash, and a 7 that
// fills its cell, whose upper stroke is as wide as a wall.
func TestPrintUnderWalls(t *testing.T) {
	const em = 40
	box := layout.Rect{X0: 100, Y0: 60, X1: 140, Y1: 120}
	wide := layout.Rect{X0: 100, Y0: 60, X1: 200, Y1: 120}
	for _, tt := range []struct {
		name  string
		box   layout.Rect
		print []image.Rectangle
		high  float64
	}{
		{"a dash", wide, []image.Rectangle{image.Rect(140, 71, 164, 74)}, 3},
		{"a 7", box, []image.Rectangle{image.Rect(108, 71, 133, 74), image.Rect(122, 74, 126, 100)}, 29},
		{"a 2 above a wall", box, []image.Rectangle{image.Rect(116, 82, 121, 106), image.Rect(108, 106, 133, 109)}, 27},
	} {
		page := image.NewGray(image.Rect(0, 0, 300, 200))
		fill(page.Pix, 250)
		black := func(r image.Rectangle) {
			for y := r.Min.Y; y < r.Max.Y; y++ {
				fill(page.Pix[y*page.Stride+r.Min.X:y*page.Stride+r.Max.X], 10)
			}
		}
		b := image.Rect(int(tt.box.X0), int(tt.box.Y0), int(tt.box.X1), int(tt.box.Y1))
		var rulings []layout.Ruling
		for _, r := range []image.Rectangle{
			image.Rect(b.Min.X-2, b.Min.Y-2, b.Max.X+2, b.Min.Y+2), image.Rect(b.Min.X-2, b.Max.Y-2, b.Max.X+2, b.Max.Y+2),
			image.Rect(b.Min.X-2, b.Min.Y-2, b.Min.X+2, b.Max.Y+2), image.Rect(b.Max.X-2, b.Min.Y-2, b.Max.X+2, b.Max.Y+2),
		} {
			black(r)
			line := layout.Ruling{Thickness: 4}
			if r.Dx() > r.Dy() {
				y := float64(r.Min.Y+r.Max.Y) / 2
				line.From, line.To = layout.Point{X: float64(r.Min.X), Y: y}, layout.Point{X: float64(r.Max.X), Y: y}
			} else {
				x := float64(r.Min.X+r.Max.X) / 2
				line.From, line.To = layout.Point{X: x, Y: float64(r.Min.Y)}, layout.Point{X: x, Y: float64(r.Max.Y)}
			}
			rulings = append(rulings, line)
		}
		for _, r := range tt.print {
			black(r)
		}
		crop := func(r layout.Rect) *image.Gray {
			at := image.Rect(int(math.Round(r.X0)), int(math.Round(r.Y0)), int(math.Round(r.X1)), int(math.Round(r.Y1)))
			out := image.NewGray(image.Rect(0, 0, at.Dx(), at.Dy()))
			draw.Draw(out, out.Rect, page, at.Min, draw.Src)
			return out
		}
		ink := view{crop, rulings, em, minContrast}.cell(tt.box)
		if len(ink.lines) != 1 || math.Abs(ink.lines[0].ink-tt.high) > 1 {
			t.Errorf("%s: %d lines, blank %v, want one %g high: %+v", tt.name, len(ink.lines), ink.blank, tt.high, ink.lines)
		}
	}
}
