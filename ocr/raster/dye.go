package raster

import "image"

// dye is the ink of one seal. Seal and print lie over each other like two colour filters: a pixel's
// brightness is that of the paper, times the share of light that the one lets through, times the share
// that the other does. The pixel's colour tells how much of the seal's ink lies there. What that much
// ink lets through is known, so its part is divided out and the print remains. This is done in the
// colour channel in which the ink is palest.
type dye struct {
	paper float64 // the paper around it
	// How strong the colour of the ink is where it is thickest, and how bright it is there in the
	// channel in which it is palest, both out of 255. Colour is 0 where there was no ink.
	colour, top float64
}

const (
	// leastColour is the least colour that counts as ink, leastLift the least that is taken off: less is
	// the noise of a picture's compression.
	leastColour, leastLift = 24, 6
	// fullShare of a seal's ink is thinner than the ink that is taken for the thickest.
	fullShare = 0.7
	// leastPart of a pixel's colour is added in any case. Compressed pictures keep colours at a lower
	// resolution than brightness, so that thin strokes show less colour than their ink has.
	leastPart = 0.5
)

// colourOf is how much brighter a pixel is in the channel of its ink than in the others.
func colourOf(red, green, blue int32) (colour, top float64) {
	a, b := red, green+blue
	switch {
	case green > max(red, blue):
		a, b = green, red+blue
	case blue > red:
		a, b = blue, red+green
	}
	return float64(a) - float64(b)/2, float64(a)
}

// stain measures the ink of the seal in the squares r of m; g is the page as it is.
func stain(g *image.Gray, m *marks, r image.Rectangle, rgb func(x, y int) (r, g, b int32)) dye {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	var hist, paper [256]int
	inks, papers := 0, 0
	each := func(do func(colour, top float64)) {
		for y := r.Min.Y * mark; y < min(h, r.Max.Y*mark); y++ {
			for x := r.Min.X * mark; x < min(w, r.Max.X*mark); x++ {
				if !m.near(x/mark, y/mark) {
					continue
				}
				if c, top := colourOf(rgb(x, y)); c >= leastColour {
					do(c, top)
				}
			}
		}
	}
	each(func(c, _ float64) {
		hist[min(255, int(c))]++
		inks++
	})
	for y := r.Min.Y * mark; y < min(h, r.Max.Y*mark); y++ {
		for x := r.Min.X * mark; x < min(w, r.Max.X*mark); x++ {
			if !m.near(x/mark, y/mark) {
				paper[g.Pix[y*g.Stride+x]]++
				papers++
			}
		}
	}
	d := dye{paper: 255}
	if inks == 0 {
		return d
	}
	if papers > 0 {
		d.paper = float64(share(&paper, papers, 3./4))
	}
	full := float64(share(&hist, inks, fullShare))
	var n float64
	each(func(c, top float64) {
		if c >= full {
			n++
			d.colour, d.top = d.colour+c, d.top+top
		}
	})
	d.colour, d.top = d.colour/n, d.top/n
	return d
}

// share gives the value that a share q of the n counted lies below.
func share(hist *[256]int, n int, q float64) int {
	k := 0
	for v, c := range hist {
		if k += c; float64(k) > q*float64(n) {
			return v
		}
	}
	return 255
}

// without gives a pixel as it would be without the ink; light is its grey. It is no brighter than paper: what is would be an edge, and
// make the paper around it ink.
func (d *dye) without(red, green, blue int32, light uint8) uint8 {
	c, top := colourOf(red, green, blue)
	if c < leastLift || d.colour == 0 {
		return light
	}
	return uint8(min(d.paper, max(d.under(c, top), top+leastPart*c)))
}

// under is how bright what lies under so much ink is, of a pixel that is so bright.
func (d *dye) under(c, top float64) float64 {
	ink := min(1, c/d.colour)
	return d.paper * top / (d.paper - ink*(d.paper-d.top))
}
