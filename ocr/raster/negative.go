package raster

import "image"

const (
	// darkPage is the share of a page's samples nearer to its darkest than to its lightest from which on the page is a negative, light print on dark
	// paper: print and rulings cover a tenth of a page, and a photograph that shows a quarter of paper and else a dark table is none of a report.
	darkPage = 0.8
	// negativeStep is how far apart samples are by which that is told.
	negativeStep = 7
)

// positive turns a negative about, in place and before anything is taken off it: seals and pens are told by their colours on light paper. The
// picture is one of those that plain gives.
func positive(img image.Image) (turned bool) {
	b := img.Bounds()
	switch m := img.(type) {
	case *image.Gray:
		if turned = negative(b, func(x, y int) uint8 { return m.Pix[m.PixOffset(x, y)] }); turned {
			invert(m.Pix)
		}
	case *image.YCbCr:
		if turned = negative(b, func(x, y int) uint8 { return m.Y[m.YOffset(x, y)] }); turned {
			invert(m.Y)
			for _, colours := range [...][]uint8{m.Cb, m.Cr} {
				for i, v := range colours { // around 128
					colours[i] = uint8(min(255, 256-int(v)))
				}
			}
		}
	case *image.RGBA:
		if turned = negative(b, func(x, y int) uint8 {
			p := m.Pix[m.PixOffset(x, y):]
			return luma(int32(p[0]), int32(p[1]), int32(p[2]))
		}); turned {
			for i := range m.Pix {
				if i%4 < 3 {
					m.Pix[i] = ^m.Pix[i]
				}
			}
		}
	}
	return turned
}

// negative says that most of a picture is dark and the rest light.
func negative(b image.Rectangle, light func(x, y int) uint8) bool {
	var count [256]int
	n := 0
	for y := b.Min.Y; y < b.Max.Y; y += negativeStep {
		for x := b.Min.X; x < b.Max.X; x += negativeStep {
			count[light(x, y)]++
			n++
		}
	}
	middle := (share(&count, n, 0.01) + share(&count, n, 0.99)) / 2 // of the darkest and the lightest, but for a hundredth of the samples
	dark := 0
	for _, k := range count[:middle+1] {
		dark += k
	}
	return share(&count, n, 0.5) < 128 && float64(dark) >= darkPage*float64(n)
}
