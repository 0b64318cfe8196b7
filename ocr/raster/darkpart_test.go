package raster

import (
	"image"
	"testing"
)

// TestTurnDarkParts: light print on dark is turned about. Heavy dark print on light is not, nor what reaches the edge of the picture, nor a bar without
// print.
func TestTurnDarkParts(t *testing.T) {
	page := func() *image.Gray {
		g := image.NewGray(image.Rect(0, 0, 1240, 1754))
		for i := range g.Pix {
			g.Pix[i] = 250
		}
		return g
	}
	fill := func(g *image.Gray, x0, y0, x1, y1 int, v uint8) {
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				g.Pix[y*g.Stride+x] = v
			}
		}
	}
	print := func(g *image.Gray, x0, y0, x1, y1 int, v uint8) { // strokes, a third of it
		for x := x0; x+4 < x1; x += 12 {
			fill(g, x, y0, x+4, y1, v)
		}
	}
	for _, c := range []struct {
		name   string
		draw   func(g *image.Gray)
		turned bool
	}{
		{"a table", func(g *image.Gray) {
			fill(g, 200, 300, 1000, 700, 34)
			for y := 310; y < 690; y += 40 {
				print(g, 220, y, 980, y+20, 238)
			}
		}, true},
		{"a head", func(g *image.Gray) { fill(g, 200, 300, 1000, 340, 60); print(g, 220, 310, 980, 330, 250) }, true},
		{"a title", func(g *image.Gray) { fill(g, 200, 300, 1000, 340, 20); print(g, 205, 300, 1000, 340, 250) }, false},
		{"a bar", func(g *image.Gray) { fill(g, 200, 300, 1000, 340, 20) }, false},
		{"the edge", func(g *image.Gray) { fill(g, 0, 300, 1000, 700, 34); print(g, 220, 310, 980, 330, 238) }, false},
	} {
		g := page()
		c.draw(g)
		before := g.Pix[320*g.Stride+203]
		turnDarkParts(g)
		if turned := g.Pix[320*g.Stride+203] != before; turned != c.turned {
			t.Errorf("%s: turned is %v", c.name, turned)
		}
	}
}
