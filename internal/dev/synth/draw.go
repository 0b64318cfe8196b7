package synth

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Draw draws the pages at a resolution.
func (p *Pages) Draw(dpi float64) []*image.Gray {
	d := painter{k: dpi / 72, faces: map[faceSize]font.Face{}}
	var out []*image.Gray
	for i := range p.pages {
		img := image.NewGray(p.bounds(dpi))
		for k := range img.Pix {
			img.Pix[k] = 255
		}
		d.paint(img, &p.pages[i])
		out = append(out, img)
	}
	return out
}

type faceSize struct {
	face Face
	size float64
}

type painter struct {
	k     float64 // pixels a point
	faces map[faceSize]font.Face
}

func (d *painter) paint(img *image.Gray, p *page) {
	for _, f := range p.fills {
		b := f.box
		d.box(img, b.X0*d.k, b.Y0*d.k, b.X1*d.k, b.Y1*d.k, f.level)
	}
	for _, l := range p.lines {
		half := math.Max(l.thickness*d.k, 1) / 2
		if l.y0 == l.y1 {
			d.box(img, l.x0*d.k-half, l.y0*d.k-half, l.x1*d.k+half, l.y0*d.k+half, 0)
		} else {
			d.box(img, l.x0*d.k-half, l.y0*d.k-half, l.x0*d.k+half, l.y1*d.k+half, 0)
		}
	}
	for _, g := range p.glyphs {
		face := d.face(faceSize{g.face, g.size})
		shifts := []float64{0}
		if g.bold {
			shifts = []float64{0, g.size * d.k * 0.03}
		}
		for _, dx := range shifts {
			dot := fixed.Point26_6{X: fixed.Int26_6((g.x*d.k + dx) * 64), Y: fixed.Int26_6(g.y * d.k * 64)}
			if box, mask, at, _, ok := face.Glyph(dot, g.r); ok {
				draw.DrawMask(img, box, image.NewUniform(color.Gray{}), image.Point{}, mask, at, draw.Over)
			}
		}
	}
}

func (d *painter) face(fs faceSize) font.Face {
	if f, ok := d.faces[fs]; ok {
		return f
	}
	f, err := opentype.NewFace(loadFaces()[fs.face].Font, &opentype.FaceOptions{Size: fs.size * d.k, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // only a nil font fails
	}
	d.faces[fs] = f
	return f
}

// box darkens a box to a level, its edges in proportion to what of a pixel they cover.
func (d *painter) box(img *image.Gray, x0, y0, x1, y1, level float64) {
	cover := func(i int, from, to float64) float64 {
		return math.Max(0, math.Min(float64(i+1), to)-math.Max(float64(i), from))
	}
	for y := max(0, int(math.Floor(y0))); y < min(img.Rect.Dy(), int(math.Ceil(y1))); y++ {
		cy := cover(y, y0, y1)
		for x := max(0, int(math.Floor(x0))); x < min(img.Rect.Dx(), int(math.Ceil(x1))); x++ {
			part := cy * cover(x, x0, x1)
			p := &img.Pix[y*img.Stride+x]
			*p = min(*p, uint8(255*(1-part*(1-level))+0.5))
		}
	}
}
