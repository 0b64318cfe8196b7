package nianbao

import (
	"fmt"
	"image"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"

	"github.com/nianbao/nianbao/layout"
)

const (
	// longSide of A4, in inches: what a page image without a size counts as.
	longSide = 11.69
	// plainDPI is the resolution of pages that have no picture of their own.
	plainDPI = 200
	// mostDrawn, in pixels, bounds a drawn page: A3 at 400 dpi.
	mostDrawn = 4677 * 6614
	// cropMargin is the margin of a crop, in parts of the shorter side of the cell.
	cropMargin = 0.4
)

// pageOf is a document's page by its number.
func pageOf(d *layout.Document, number int) (*layout.Page, error) {
	for i := range d.Pages {
		if p := &d.Pages[i]; p.Number == number && number > 0 {
			return p, nil
		}
	}
	if len(d.Pages) == 0 || d.Pages[0].Number == 0 {
		return nil, fmt.Errorf("%s: %w", d.MediaType, ErrNoPages)
	}
	return nil, fmt.Errorf("there is no page %d: the document has pages 1 to %d", number, d.Pages[len(d.Pages)-1].Number)
}

// drawPage draws a whole page, at most as large as its own picture where it is one; 0 dpi asks for just
// that.
func drawPage(p *layout.Page, dpi int) (image.Image, error) {
	inches := max(p.Width, p.Height) / 72
	if p.Unit == layout.Pixels {
		inches = longSide
	}
	if p.Source == nil {
		return nil, ErrNoPages
	}
	if p.Route == layout.RouteOCR {
		img, err := p.Source.Pixels(0)
		if err != nil {
			return nil, err
		}
		return fitted(onPage(img, p), float64(dpi)*inches), nil
	}
	if dpi <= 0 {
		dpi = plainDPI
	}
	side := float64(dpi) * inches
	return p.Source.Pixels(min(mostDrawn, int(side*side*min(p.Width, p.Height)/max(p.Width, p.Height))))
}

// onPage lays a picture that covers a part of a page on the white page, at the picture's resolution.
func onPage(img image.Image, p *layout.Page) image.Image {
	b, on := img.Bounds(), p.Source.Box
	kx, ky := float64(b.Dx())/on.Width(), float64(b.Dy())/on.Height()
	x0, y0 := int(math.Round(on.X0*kx)), int(math.Round(on.Y0*ky))
	w, h := int(math.Round(p.Width*kx)), int(math.Round(p.Height*ky))
	if x0 == 0 && y0 == 0 && w == b.Dx() && h == b.Dy() || w*h > mostDrawn {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(x0, y0, x0+b.Dx(), y0+b.Dy()), img, b.Min, draw.Src)
	return out
}

// turned turns a picture clockwise by 90, 180 or 270 degrees.
func turned(img image.Image, degrees int) image.Image {
	if degrees == 0 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if degrees != 180 {
		w, h = h, w
	}
	from := func(x, y int) (int, int) { // where a pixel of the turned picture comes from
		switch degrees {
		case 90:
			return b.Min.X + y, b.Max.Y - 1 - x
		case 180:
			return b.Max.X - 1 - x, b.Max.Y - 1 - y
		}
		return b.Max.X - 1 - y, b.Min.Y + x
	}
	var out draw.Image = image.NewRGBA(image.Rect(0, 0, w, h))
	if _, gray := img.(*image.Gray); gray {
		out = image.NewGray(out.Bounds())
	}
	for y := range h {
		for x := range w {
			out.Set(x, y, img.At(from(x, y)))
		}
	}
	return out
}

// fitted draws a picture smaller if its long side has more than so many pixels; 0 keeps it.
func fitted(img image.Image, side float64) image.Image {
	b := img.Bounds()
	k := side / float64(max(b.Dx(), b.Dy()))
	if k <= 0 || k >= 1 {
		return img
	}
	r := image.Rect(0, 0, max(1, int(float64(b.Dx())*k)), max(1, int(float64(b.Dy())*k)))
	var out draw.Image = image.NewRGBA(r)
	if _, gray := img.(*image.Gray); gray {
		out = image.NewGray(r)
	}
	xdraw.ApproxBiLinear.Scale(out, r, img, b, draw.Src, nil)
	return out
}

// crop cuts a box, in the page's unit, out of the drawn page, with a margin.
func crop(img image.Image, p *layout.Page, box layout.Rect) image.Image {
	b := img.Bounds()
	kx, ky := float64(b.Dx())/p.Width, float64(b.Dy())/p.Height
	m := cropMargin * min(box.Width(), box.Height())
	r := image.Rect(
		b.Min.X+int(math.Floor((box.X0-m)*kx)), b.Min.Y+int(math.Floor((box.Y0-m)*ky)),
		b.Min.X+int(math.Ceil((box.X1+m)*kx)), b.Min.Y+int(math.Ceil((box.Y1+m)*ky)),
	).Intersect(b)
	if r.Empty() {
		r = image.Rectangle{b.Min, b.Min.Add(image.Pt(1, 1))}.Intersect(b)
	}
	var out draw.Image = image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	if _, gray := img.(*image.Gray); gray {
		out = image.NewGray(out.Bounds())
	}
	draw.Draw(out, out.Bounds(), img, r.Min, draw.Src)
	return out
}
