package raster

import (
	"image"
	"testing"
)

// TestNegative: light print on a dark page is turned about; dark print on paper, a photograph half of which is a dark table, and blank pages are not.
func TestNegative(t *testing.T) {
	for _, tt := range []struct {
		name          string
		ground, print uint8
		covered       int // hundredths of the rows that print covers
		then          uint8
	}{
		{"a negative", 20, 230, 10, 235},
		{"a dark scan", 40, 200, 6, 215},
		{"a page of night", 41, 245, 8, 214},
		{"paper", 250, 20, 10, 250},
		{"a sheet on a dark table", 30, 240, 50, 30},
		{"blank", 250, 250, 0, 250},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := image.NewGray(image.Rect(0, 0, 300, 300))
			for i := range g.Pix {
				g.Pix[i] = tt.ground
				if y := i / 300; y%100 >= 100-tt.covered {
					g.Pix[i] = tt.print
				}
			}
			p := page{gray: g}
			p.positive()
			if p.gray.Pix[0] != tt.then {
				t.Errorf("the ground of %d became %d, want %d", tt.ground, p.gray.Pix[0], tt.then)
			}
		})
	}
}
