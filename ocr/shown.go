package ocr

import (
	"image"
	"image/draw"
	"math"

	"github.com/nianbao/nianbao/layout"
)

// Shown reads the number that a drawn page shows in a box, in pixels of the page: what a viewer sees,
// whatever the text layer says. em is the height of small print in pixels. The probability is that
// of the reading; 0 says that nothing can be said.
func Shown(page image.Image, box image.Rectangle, em float64) (string, float64) {
	box = box.Intersect(page.Bounds())
	if float64(box.Dx()) < 0.3*em || float64(box.Dy()) < 0.3*em {
		return "", 0
	}
	crop := func(r layout.Rect) *image.Gray {
		at := image.Rect(int(math.Floor(r.X0+.5)), int(math.Floor(r.Y0+.5)), int(math.Floor(r.X1+.5)), int(math.Floor(r.Y1+.5)))
		g := image.NewGray(image.Rect(0, 0, at.Dx(), at.Dy()))
		draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src) // beyond the page
		in := at.Intersect(page.Bounds())
		draw.Draw(g, in.Sub(at.Min), page, in.Min, draw.Src)
		return g
	}
	ink := view{crop, nil, em, minContrast}.cell(layout.Rect{X0: float64(box.Min.X), Y0: float64(box.Min.Y), X1: float64(box.Max.X), Y1: float64(box.Max.Y)})
	if len(ink.lines) == 0 {
		return "", blankTrust
	}
	c := layout.Cell{Reading: &layout.Reading{}}
	readInk(&c, &ink, nil, true, func(line) float64 { return 0 })
	return c.Text, c.Confidence()
}
