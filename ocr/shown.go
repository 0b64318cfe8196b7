package ocr

import (
	"image"
	"image/draw"

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
	g := image.NewGray(image.Rect(0, 0, box.Dx(), box.Dy()))
	draw.Draw(g, g.Rect, page, box.Min, draw.Src)
	found, _ := lines(g, em, minContrast)
	if len(found) == 0 {
		return "", blankTrust
	}
	c := layout.Cell{Reading: &layout.Reading{}}
	readNumber(&c, found, nil, true, func(line) float64 { return 0 })
	return c.Text, c.Confidence()
}
