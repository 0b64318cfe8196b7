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
