package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// plain gives the same picture as *image.Gray, *image.YCbCr or *image.RGBA, without transparency and
// with its origin at 0, 0.
func plain(img image.Image) image.Image {
	b := img.Bounds()
	if b.Min == (image.Point{}) {
		switch img := img.(type) {
		case *image.Gray, *image.YCbCr:
			return img
		case *image.RGBA:
			if img.Opaque() {
				return img
			}
		}
	}
	switch img := img.(type) {
	case *image.Gray16:
		out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
		for y := range b.Dy() {
			row := img.Pix[y*img.Stride:]
			for x := range b.Dx() {
				out.Pix[y*out.Stride+x] = row[2*x]
			}
		}
		return out
	case *image.Paletted:
		if levels, ok := grayPalette(img.Palette); ok {
			out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
			for y := range b.Dy() {
				for x, v := range img.Pix[y*img.Stride : y*img.Stride+b.Dx()] {
					out.Pix[y*out.Stride+x] = levels[v]
				}
			}
			return out
		}
	}
	return onPaper(img, b.Dx(), b.Dy())
}

// grayPalette gives the palette over white paper as levels of gray, if it has no colours.
func grayPalette(p color.Palette) (levels [256]uint8, ok bool) {
	for i, c := range p {
		r, g, b, a := c.RGBA()
		if r != g || g != b || i >= len(levels) {
			return levels, false
		}
		levels[i] = uint8((r + 0xffff - a) >> 8)
	}
	return levels, true
}

// onPaper lays a picture, which may be transparent, at its place on white paper.
func onPaper(img image.Image, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	b := img.Bounds()
	at := out.Rect
	if b.Dx() != w || b.Dy() != h {
		at = b // a frame within the picture
	}
	draw.Draw(out, at, img, b.Min, draw.Over)
	return out
}

// maxStretch is the largest difference between the two resolutions of a picture that is believed: the
// coarsest fax mode is 204 by 98 dots an inch.
const maxStretch = 3

// squareSize is the size of the picture with square pixels.
func (p picture) squareSize() (w, h int) {
	r := p.xDPI / p.yDPI
	switch {
	case !(p.xDPI > 0 && p.yDPI > 0) || r > maxStretch || r < 1.0/maxStretch || math.Abs(r-1) < 0.02:
	case r > 1:
		if h := int(math.Round(float64(p.height) * r)); int64(p.width)*int64(h) <= maxPixels {
			return p.width, h
		}
	default:
		if w := int(math.Round(float64(p.width) / r)); int64(w)*int64(p.height) <= maxPixels {
			return w, p.height
		}
	}
	return p.width, p.height
}

// Square draws a picture out so that its pixels are squares, where it is shown with so many dots an inch across and down.
func Square(img image.Image, across, down float64) image.Image {
	b := img.Bounds()
	return square(img, picture{width: b.Dx(), height: b.Dy(), xDPI: across, yDPI: down})
}

// SquareSize is the size that Square gives a picture.
func SquareSize(width, height int, across, down float64) (w, h int) {
	return picture{width: width, height: height, xDPI: across, yDPI: down}.squareSize()
}

// square draws a picture out along the axis with fewer dots, between dots in proportion.
func square(img image.Image, p picture) image.Image {
	w, h := p.squareSize()
	if w == p.width && h == p.height {
		return img
	}
	n := 1
	var pix, out []uint8
	var stride int
	var result image.Image
	switch img := img.(type) {
	case *image.Gray:
		r := image.NewGray(image.Rect(0, 0, w, h))
		pix, stride, out, result = img.Pix, img.Stride, r.Pix, r
	default:
		rgba, ok := img.(*image.RGBA)
		if !ok {
			rgba = onPaper(img, p.width, p.height)
		}
		r := image.NewRGBA(image.Rect(0, 0, w, h))
		pix, stride, out, result, n = rgba.Pix, rgba.Stride, r.Pix, r, 4
	}
	xs, ys := between(w, p.width), between(h, p.height)
	for y, v := range ys {
		upper, lower := pix[v.from*stride:], pix[v.to*stride:]
		row := out[y*w*n : (y+1)*w*n]
		for x, u := range xs {
			for c := range n {
				a := upper[u.from*n+c]
				b := lower[u.to*n+c]
				if u.from != u.to { // one axis is drawn out, never both
					b = upper[u.to*n+c]
					row[x*n+c] = mix(a, b, u.part)
					continue
				}
				row[x*n+c] = mix(a, b, v.part)
			}
		}
	}
	return result
}

// step is a place between two of the old dots, part of 256 of the way to the second.
type step struct{ from, to, part int }

func between(to, from int) []step {
	steps := make([]step, to)
	for i := range steps {
		at := (float64(i)+0.5)*float64(from)/float64(to) - 0.5
		at = max(0, min(at, float64(from-1)))
		f := int(at)
		steps[i] = step{f, min(f+1, from-1), int((at - float64(f)) * 256)}
		if steps[i].part == 0 {
			steps[i].to = f
		}
	}
	return steps
}

func mix(a, b uint8, part int) uint8 {
	return uint8((int(a)*(256-part) + int(b)*part) >> 8)
}

// upright undoes an EXIF orientation.
func upright(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	var pix, out []uint8
	var result image.Image
	stride, n := 0, 1
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	switch img := img.(type) {
	case *image.Gray:
		r := image.NewGray(size)
		pix, stride, out, result = img.Pix, img.Stride, r.Pix, r
	default:
		rgba, ok := img.(*image.RGBA)
		if !ok {
			rgba = onPaper(img, w, h)
		}
		r := image.NewRGBA(size)
		pix, stride, out, result, n = rgba.Pix, rgba.Stride, r.Pix, r, 4
	}
	// Where the stored picture's first dot goes, and the strides of its x and y there.
	ow, oh := size.Dx(), size.Dy()
	var start, dx, dy int
	switch orientation {
	case 2:
		start, dx, dy = ow-1, -1, ow
	case 3:
		start, dx, dy = ow*oh-1, -1, -ow
	case 4:
		start, dx, dy = ow*(oh-1), 1, -ow
	case 5:
		start, dx, dy = 0, ow, 1
	case 6:
		start, dx, dy = ow-1, ow, -1
	case 7:
		start, dx, dy = ow*oh-1, -ow, -1
	case 8:
		start, dx, dy = ow*(oh-1), -ow, 1
	}
	for y := range h {
		at := start + y*dy
		row := pix[y*stride:]
		for x := range w {
			copy(out[at*n:at*n+n], row[x*n:x*n+n])
			at += dx
		}
	}
	return result
}
