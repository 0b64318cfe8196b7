package ocr

import (
	"image"
	"testing"
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
