package raster

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

const (
	// maxPixels is the most that a sheet keeps; a larger picture is reduced once. A4 at 300 dpi has 8.7
	// million.
	maxPixels = 12_000_000
	// workSide is the shorter side that geometry is found on, at most.
	workSide = 1900
	// shortInch is the shorter side of A4: pages tell no true resolution, but this is what they are.
	shortInch = 8.27
	// flipSure is how sure it must be that an upright page is upside down.
	flipSure = 1
	// leastDPI is the least resolution at which small print can be read. What seems to have less is
	// a part of a page.
	leastDPI = 96
	// sizeTimes: text so many times larger or smaller than a page's would be says that this is no page.
	sizeTimes = 1.6
	// blackWhite is the contrast of a page in black and white: nothing shows through there that is paler than what is in front, and the
	// dots of a pale ruling are as black as all else.
	blackWhite = 255
	// textPoints is the smallest text in the tables of reports.
	textPoints = 9
)

// Sheet is a scanned page made flat: skew, perspective and curl are known and undone for
// coordinates, while the pixels stay as they were until a part of them is asked for.
type Sheet struct {
	// Width and Height of the flat page, in pixels of the size that the sheet keeps.
	Width, Height float64
	// Rulings found on the page, in flat coordinates.
	Rulings []layout.Ruling
	// TextHeight is about how high a full-width character of the tables' print is: measured where there
	// is enough of it, else from the page's size.
	TextHeight float64

	// Contrast is by how much most of the page's print and rulings are darker than its paper, out of 255.
	Contrast float64

	// Upright says how sure it is that the page is not upside down, in standard deviations: below 2
	// it should be looked at, and turned by Rotate180 if need be.
	Upright float64

	page page
	// folds of the paper, which were taken from the rulings.
	folds []layout.Ruling
	// size is that of the picture; shrunk is how many of its pixels one pixel of page stands for, each way.
	size   image.Point
	shrunk int
	mesh   *mesh
	// text is the flat page's ink without its rulings, whole with them, a pixel of both textScale of the page's.
	text, whole *bitmap
	textScale   float64
}

// ErrEmpty says that a picture has no pixels to read, or too few.
var ErrEmpty = errors.New("the picture is too small to be a page")

// Flatten finds out how a scanned page lies. The sheet takes the picture over and may change its samples. The one error is
// ErrEmpty.
func Flatten(img image.Image) (*Sheet, error) {
	return flatten(img, func(string, func() image.Image) {})
}

// flatten tells show what there is at each stage; the picture is made when it asks.
func flatten(img image.Image, show func(name string, picture func() image.Image)) (*Sheet, error) {
	b := img.Bounds()
	if b.Dx() < 2*meshStep || b.Dy() < 2*meshStep {
		return nil, fmt.Errorf("%w: %d x %d pixels, where %d each way are needed", ErrEmpty, b.Dx(), b.Dy(), 2*meshStep)
	}
	s := &Sheet{page: grey(img), size: b.Size(), shrunk: 1}
	if n := b.Dx() * b.Dy(); n > maxPixels {
		s.shrunk = int(math.Ceil(math.Sqrt(float64(n) / maxPixels)))
		s.page.gray = reduced(s.page.gray, s.shrunk)
		if p := s.page.pens; p != nil {
			p.gray = reduced(p.gray, s.shrunk)
		}
	}
	turnDarkParts(s.page.gray)
	w, h := s.page.gray.Rect.Dx(), s.page.gray.Rect.Dy()
	k := (min(w, h) + workSide - 1) / workSide
	work := reduced(s.page.gray, k)
	dpi := max(leastDPI, float64(min(work.Rect.Dx(), work.Rect.Dy()))/shortInch)
	black, contrast := ink(work, dpi)
	s.Contrast = contrast
	level, side := s.mend(black, k)
	exact := isDrawn(work, dpi)
	if exact {
		level, side = stitch(level, side, bold(work, dpi, stitchedShare), dpi)
	} else {
		level, side = undot(level, side, dpi)
		level, side = level.twins(side, dpi)
	}
	show("gray", func() image.Image { return s.page.gray })
	if s.page.sealed != nil {
		show("seals", func() image.Image { return s.lifted() })
	}
	show("ink", func() image.Image { return level.picture() })
	c := newScene(level, side)
	c.drawn = exact
	c.look(dpi)
	em := dpi * textPoints / 72
	if seen, ok := c.textHeight(em); ok {
		if seen > em*sizeTimes || seen*sizeTimes < em {
			// No page of A4: a part of one, or a picture of a page with much beside it. Or lines that touch, which at that size are none.
			c.look(seen * 72 / textPoints)
			if again, ok := c.textHeight(seen); ok {
				seen = again
			} else {
				seen = em
				c.look(dpi)
			}
		}
		em = seen
	}
	if contrast < blackWhite {
		c.rulings = inFront(c.rulings, c.mesh, work)
	}
	s.Rulings, s.Upright, s.mesh = slices.Clone(c.rulings), c.upright, c.mesh
	f := float64(k)
	s.text, s.whole, s.textScale = c.text, c.flat, f
	for i := range s.Rulings {
		r := &s.Rulings[i]
		r.From.X, r.From.Y, r.To.X, r.To.Y, r.Thickness = r.From.X*f, r.From.Y*f, r.To.X*f, r.To.Y*f, r.Thickness*f
	}
	for i := range s.mesh.nodes {
		s.mesh.nodes[i].X, s.mesh.nodes[i].Y = s.mesh.nodes[i].X*f, s.mesh.nodes[i].Y*f
	}
	s.mesh.step *= f
	s.Width, s.Height = float64(c.flat.w)*f, float64(c.flat.h)*f
	s.unfold()
	s.Rulings = s.led(s.bridged(s.Rulings, dpi*f), dpi*f)
	s.TextHeight = em * f
	// Few pages lie upside down, and of those that a program drew hardly any; those that lay on their side do as likely as not.
	flip := s.Upright < 0 && c.turned || s.Upright < -flipSure && !exact
	if flip {
		s.Rotate180()
		// What shows through from the back is mirrored and looks turned: such a page is looked at again.
		s.Upright = min(s.Upright, flipSure)
	}
	show("flat", func() image.Image { return upturned(c.flat.picture(), flip) })
	show("rulings", func() image.Image { return upturned(drawn(c.text, c.rulings), flip) })
	return s, nil
}

// mend takes the lines of dead sensor cells out of the page and its ink, of which one pixel is k of
// the page, and gives the ink and the same transposed.
func (s *Sheet) mend(ink *bitmap, k int) (level, side *bitmap) {
	side = ink.transposed()
	if rows := deadLines(ink); rows != nil {
		ink.mend(rows)
		side = ink.transposed()
		for _, g := range s.page.grays() {
			mendRows(g, rows, k)
		}
	}
	if cols := deadLines(side); cols != nil {
		side.mend(cols)
		ink = side.transposed()
		for _, g := range s.page.grays() {
			mendColumns(g, cols, k)
		}
	}
	return ink, side
}

// Rotate180 turns the flat page upside down.
func (s *Sheet) Rotate180() {
	s.mesh = s.mesh.turned(s.Width, s.Height).turned(s.Height, s.Width)
	s.text, s.whole = s.text.turned(2), s.whole.turned(2)
	s.Upright = -s.Upright
	for _, rulings := range [...][]layout.Ruling{s.Rulings, s.folds} {
		for i := range rulings {
			r := &rulings[i]
			r.From, r.To = layout.Point{X: s.Width - r.To.X, Y: s.Height - r.To.Y}, layout.Point{X: s.Width - r.From.X, Y: s.Height - r.From.Y}
		}
	}
}

// Crop draws a part of the flat page, scale pixels for each of its own, straight from the picture.
func (s *Sheet) Crop(r layout.Rect, scale float64) *image.Gray { return s.crop(s.page.gray, r, scale) }

// crop is Crop of one way in which the page was made grey.
func (s *Sheet) crop(g *image.Gray, r layout.Rect, scale float64) *image.Gray {
	w, h := int(math.Round(r.Width()*scale)), int(math.Round(r.Height()*scale))
	if w <= 0 || h <= 0 {
		return image.NewGray(image.Rectangle{})
	}
	out := image.NewGray(image.Rect(0, 0, w, h))
	// A stretch of this many pixels is straight enough.
	const stretch = 16
	gw, gh := g.Rect.Dx(), g.Rect.Dy()
	for y := range h {
		row := out.Pix[y*out.Stride:][:w]
		fy := r.Y0 + (float64(y)+.5)/scale
		b := s.mesh.at(layout.Point{X: r.X0 + .5/scale, Y: fy})
		for x := 0; x < w; x += stretch {
			a := b
			b = s.mesh.at(layout.Point{X: r.X0 + (float64(x+stretch)+.5)/scale, Y: fy})
			px, py := int((a.X-.5)*one), int((a.Y-.5)*one)
			dx, dy := int((b.X-a.X)*one)/stretch, int((b.Y-a.Y)*one)/stretch
			end := min(w, x+stretch)
			lx, ly := px+(end-1-x)*dx, py+(end-1-x)*dy // the last pixel
			if v, ok := even(g, px>>16, py>>16, lx>>16, ly>>16); ok {
				for i := x; i < end; i++ {
					row[i] = v
				}
				continue
			}
			if (px|py)&(one-1) == 0 && dx == one && dy == 0 && px >= 0 && py >= 0 && px>>16+end-x < gw && py>>16+1 < gh {
				copy(row[x:end], g.Pix[py>>16*g.Stride+px>>16:]) // pixel upon pixel
				continue
			}
			inside := min(px, lx) >= 0 && min(py, ly) >= 0 && max(px, lx)>>16+1 < gw && max(py, ly)>>16+1 < gh
			if inside {
				mix(row[x:end], g.Pix, g.Stride, place{px, py, dx, dy})
				continue
			}
			for i := x; i < end; i++ {
				sx, sy := px>>16, py>>16
				if sx >= 0 && sy >= 0 && sx+1 < gw && sy+1 < gh {
					mix(row[i:i+1], g.Pix, g.Stride, place{x: px, y: py})
				} else {
					row[i] = g.Pix[min(max(sy, 0), gh-1)*g.Stride+min(max(sx, 0), gw-1)]
				}
				px, py = px+dx, py+dy
			}
		}
	}
	s.heal(out, r, scale)
	return out
}

// even says that all samples around a line from one place to another are the same, and which: on black-and-white scans paper is.
func even(g *image.Gray, x0, y0, x1, y1 int) (v uint8, ok bool) {
	x0, x1, y0, y1 = min(x0, x1), max(x0, x1)+2, min(y0, y1), max(y0, y1)+2
	x1 += -(x1 - x0) & 7 // whole words
	if x0 < 0 || y0 < 0 || x1 > g.Rect.Dx() || y1 > g.Rect.Dy() {
		return 0, false
	}
	v = g.Pix[y0*g.Stride+x0]
	all := uint64(v) * 0x0101010101010101
	for y := y0; y < y1; y++ {
		for row := g.Pix[y*g.Stride+x0 : y*g.Stride+x1]; len(row) > 0; row = row[8:] {
			if binary.LittleEndian.Uint64(row) != all {
				return 0, false
			}
		}
	}
	return v, true
}

// Touched says whether a seal's ink was taken off within a box of the flat page.
func (s *Sheet) Touched(r layout.Rect) bool {
	return s.page.sealed != nil && s.touches(s.page.sealed, r)
}

// touches says whether there are marks within a box of the flat page.
func (s *Sheet) touches(m *marks, r layout.Rect) bool {
	b := s.mesh.box(r, float64(s.shrunk))
	for y := max(0, int(b.Y0)/mark); y <= min(m.h-1, int(b.Y1)/mark); y++ {
		for x := max(0, int(b.X0)/mark); x <= min(m.w-1, int(b.X1)/mark); x++ {
			if m.set[y*m.w+x] {
				return true
			}
		}
	}
	return false
}
