package raster

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/nianbao/nianbao/layout"
)

// Stage is a picture of what was seen of a page on the way to its rulings.
type Stage struct {
	// Name is one word: gray is the page without its seals; seals, of a page that has some, the same with
	// red where ink was taken off; ink what is darker than the paper; flat the same made flat and
	// upright; rulings the rulings, in red, and the ink that is none of them.
	Name  string
	Image image.Image
}

// Stages does what Flatten does and gives what was seen on the way, in order: to be looked at, not
// to be read. Only gray and seals have the size that the sheet keeps; the others are as small as
// geometry needs.
func Stages(img image.Image) ([]Stage, error) {
	var out []Stage
	_, err := flatten(img, func(name string, picture func() image.Image) {
		out = append(out, Stage{name, picture()})
	})
	return out, err
}

// picture is the bitmap in black on white.
func (b *bitmap) picture() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, b.w, b.h))
	for y := range b.h {
		row := b.row(y)
		for x := range b.w {
			if row[x>>6]>>(x&63)&1 == 0 {
				g.Pix[y*g.Stride+x] = 255
			}
		}
	}
	return g
}

// drawn is the text with the rulings in red.
func drawn(text *bitmap, rs []layout.Ruling) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, text.w, text.h))
	draw.Draw(out, out.Rect, text.picture(), image.Point{}, draw.Src)
	red := image.NewUniform(color.RGBA{220, 30, 30, 255})
	for _, r := range rs {
		half := r.Thickness / 2
		box := image.Rect(int(r.From.X), int(r.From.Y-half), int(r.To.X), int(r.From.Y+half)+1)
		if !r.Horizontal() {
			box = image.Rect(int(r.From.X-half), int(r.From.Y), int(r.From.X+half)+1, int(r.To.Y))
		}
		draw.Draw(out, box, red, image.Point{}, draw.Src)
	}
	return out
}

// lifted is the page with red where the ink of a seal was taken off.
func (s *Sheet) lifted() *image.RGBA {
	out := image.NewRGBA(s.page.gray.Rect)
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			c := color.RGBA{A: 255}
			c.R = s.page.gray.GrayAt(x, y).Y
			c.G, c.B = c.R, c.R
			if m := s.page.sealed; m.set[y*s.shrunk/mark*m.w+x*s.shrunk/mark] {
				c.G, c.B = c.G/3*2, c.B/3*2
			}
			out.SetRGBA(x, y, c)
		}
	}
	return out
}

// upturned turns a picture upside down in place if flip is set.
func upturned(img draw.Image, flip bool) image.Image {
	b := img.Bounds()
	for i := 0; flip && i < b.Dx()*b.Dy()/2; i++ {
		x, y := i%b.Dx(), i/b.Dx()
		u, v := b.Dx()-1-x, b.Dy()-1-y
		c, d := img.At(x, y), img.At(u, v)
		img.Set(x, y, d)
		img.Set(u, v, c)
	}
	return img
}
