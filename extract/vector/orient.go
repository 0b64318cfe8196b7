package vector

import (
	"image"
	"math"

	"github.com/nianbao/nianbao/layout"
)

// Orient copies a picture so that its own axes run as across and down say, which are vectors on the
// page along its axes.
func Orient(src image.Image, across, down layout.Point) image.Image {
	swap := math.Abs(across.Y) > math.Abs(across.X)
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	flipX, flipY := across.X < 0, down.Y < 0
	if swap {
		w, h = h, w
		flipX, flipY = down.X < 0, across.Y < 0
	}
	// from gives the source of a target pixel.
	from := func(x, y int) (int, int) {
		if flipX {
			x = w - 1 - x
		}
		if flipY {
			y = h - 1 - y
		}
		if swap {
			return y, x
		}
		return x, y
	}
	switch s := src.(type) {
	case *image.Gray:
		if !swap && !flipX && !flipY {
			out := image.NewGray(image.Rect(0, 0, w, h))
			for y := range h {
				copy(out.Pix[y*out.Stride:y*out.Stride+w], s.Pix[y*s.Stride:])
			}
			return out
		}
		out := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				sx, sy := from(x, y)
				out.Pix[y*out.Stride+x] = s.Pix[sy*s.Stride+sx]
			}
		}
		return out
	case *image.RGBA:
		out := image.NewRGBA(image.Rect(0, 0, w, h))
		if !swap && !flipX && !flipY {
			for y := range h {
				copy(out.Pix[y*out.Stride:y*out.Stride+4*w], s.Pix[y*s.Stride:])
			}
			return out
		}
		for y := range h {
			for x := range w {
				sx, sy := from(x, y)
				copy(out.Pix[y*out.Stride+4*x:][:4], s.Pix[sy*s.Stride+4*sx:])
			}
		}
		return out
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := from(x, y)
			out.Set(x, y, src.At(b.Min.X+sx, b.Min.Y+sy))
		}
	}
	return out
}
