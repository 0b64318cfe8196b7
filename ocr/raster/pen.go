package raster

import (
	"image"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// penEdge is the share of the paper's brightness from which what is left of a pen's stroke is its edge, where compression mixes its
// colour with that of the paper: it has 0.75 and more, print that faded to half of its black 0.6.
const penEdge = 0.68

// oneHue is the least length of the mean colour of what has one hue, in the mean length of its colours, in each square: seals and pens
// have 0.9 and more, the coloured edges of letters on screens 0.3 and less.
const oneHue = 0.7

// samePart of an ink's colour in leastSame pixels says that it runs on into a square, if they are more saturated than yellowed paper,
// which has up to 0.22.
const samePart, leastSame, paperSaturation = 0.4, 2, 0.25

// leastStain is the share of an ink's colour that its soft edge has, and yellowed paper has not.
const leastStain = 0.25

// edgePart of the colour beside a pixel is added to it: all of it would take the edges of black print with it.
const edgePart = 0.5

// stripWide and stripLong are how wide at most and how long at least, in squares, a part of a ruling in colour is. A dash is shorter.
const stripWide, stripLong = 2, 8

// threadInch is how thick a thread is at most that a stroke's edge leaves; print is thicker.
const threadInch = 1. / 150

// pens is a page without what is coloured and no larger than a word: strokes of pens, ticks, small stamps, and print in colour. Which
// of it is print only a cell can say: what all of its ink is.
type pens struct {
	*marks
	gray *image.Gray // the page without them
}

// unpen gives a page without its small marks of colour, nil where it has none. What runs into a seal or rulings in colour is no small mark.
// On tinted paper a pen's ink can't be told: thin black print has colours as strong there, since compressed pictures keep them at half
// of their resolution.
func (t *tints) unpen(g *image.Gray, samples int, rgb func(x, y int) (r, g, b int32)) *pens {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	m := newMarks(w, h)
	if !m.note(t.any, samples) {
		return nil
	}
	_, small := m.groups(sealSide(w, h))
	if small == nil {
		return nil
	}
	small = slices.DeleteFunc(small, func(r image.Rectangle) bool { return straight(r) || !m.oneHue(r, rgb) })
	if len(small) == 0 {
		return nil
	}
	p := &pens{newMarks(w, h), &image.Gray{Pix: slices.Clone(g.Pix), Stride: g.Stride, Rect: g.Rect}}
	for _, r := range small {
		k := stain(g, m, r, rgb)
		r = m.follow(r, k, rgb)
		m.lift(p.gray, p.marks, r, func(x, y int, light uint8) uint8 { return k.withoutPen(x, y, w, h, light, rgb) })
		m.thin(p.gray, r, k, rgb)
	}
	return p
}

// thin takes off what a stroke leaves where its edge has no colour: threads beside it, thinner than print.
func (m *marks) thin(g *image.Gray, r image.Rectangle, k dye, rgb func(x, y int) (r, g, b int32)) {
	most := max(1, int(threadInch*float64(min(m.width, m.height))/shortInch))
	limit := uint8(penEdge * k.paper)
	dark := func(x, y int) bool {
		return x >= 0 && y >= 0 && x < m.width && y < m.height && g.Pix[y*g.Stride+x] < limit
	}
	run := func(x, y, dx, dy int) (n int) {
		for i, j := x, y; dark(i, j) && n <= most; i, j, n = i+dx, j+dy, n+1 {
		}
		for i, j := x-dx, y-dy; dark(i, j) && n <= most; i, j, n = i-dx, j-dy, n+1 {
		}
		return n
	}
	var threads []int
	for y := r.Min.Y * mark; y < min(m.height, r.Max.Y*mark); y++ {
		for x := r.Min.X * mark; x < min(m.width, r.Max.X*mark); x++ {
			if !m.near(x/mark, y/mark) || !dark(x, y) || min(run(x, y, 1, 0), run(x, y, 0, 1)) > most {
				continue
			}
			if c, _ := strongest(x, y, m.width, m.height, rgb); c >= leastStain*k.colour {
				threads = append(threads, y*g.Stride+x)
			}
		}
	}
	for _, i := range threads {
		g.Pix[i] = uint8(min(k.paper, 255))
	}
}

// straight says that marks in so widened a box are of a ruling.
func straight(r image.Rectangle) bool {
	long, short := max(r.Dx(), r.Dy())-2, min(r.Dx(), r.Dy())-2
	return short <= stripWide && long >= stripLong
}

// oneHue says that what is coloured in the squares r has one hue in each. The edges of black letters on a screen have red and blue ones,
// side by side, and are no ink.
func (m *marks) oneHue(r image.Rectangle, rgb func(x, y int) (r, g, b int32)) bool {
	same, all := 0.0, 0.0
	for sy := r.Min.Y; sy < r.Max.Y; sy++ {
		for sx := r.Min.X; sx < r.Max.X; sx++ {
			if !m.set[sy*m.w+sx] {
				continue
			}
			var blues, reds float64
			for y := sy * mark; y < min(m.height, (sy+1)*mark); y++ {
				for x := sx * mark; x < min(m.width, (sx+1)*mark); x++ {
					red, green, blue := rgb(x, y)
					if is, _ := coloured(red, green, blue); !is {
						continue
					}
					grey := float64(red+green+blue) / 3
					u, v := float64(blue)-grey, float64(red)-grey
					blues, reds, all = blues+u, reds+v, all+math.Hypot(u, v)
				}
			}
			same += math.Hypot(blues, reds)
		}
	}
	return same >= oneHue*all
}

// follow sets squares that the same ink runs on into, from those in r, and gives the squares around all of it.
func (m *marks) follow(r image.Rectangle, k dye, rgb func(x, y int) (r, g, b int32)) image.Rectangle {
	stained := func(sx, sy int) bool {
		n := 0
		for y := sy * mark; y < min(m.height, (sy+1)*mark); y++ {
			for x := sx * mark; x < min(m.width, (sx+1)*mark); x++ {
				red, green, blue := rgb(x, y)
				if c, top := colourOf(red, green, blue); c >= samePart*k.colour && top-float64(min(red, green, blue)) > paperSaturation*top {
					if n++; n >= leastSame {
						return true
					}
				}
			}
		}
		return false
	}
	var stack []image.Point
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if m.set[y*m.w+x] {
				stack = append(stack, image.Pt(x, y))
			}
		}
	}
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for y := max(0, p.Y-1); y <= min(m.h-1, p.Y+1); y++ {
			for x := max(0, p.X-1); x <= min(m.w-1, p.X+1); x++ {
				if !m.set[y*m.w+x] && stained(x, y) {
					m.set[y*m.w+x] = true
					stack = append(stack, image.Pt(x, y))
					r = r.Union(image.Rect(x, y, x+1, y+1).Inset(-1)).Intersect(image.Rect(0, 0, m.w, m.h))
				}
			}
		}
	}
	return r
}

// withoutPen gives a pixel as it would be without a stroke of this ink; light is its grey, w and h the page's size. As strokes are thin,
// and compressed pictures keep colours at half of their resolution, the strongest colour beside a pixel is its own.
func (d *dye) withoutPen(x, y, w, h int, light uint8, rgb func(x, y int) (r, g, b int32)) uint8 {
	_, top := colourOf(rgb(x, y))
	most, over := strongest(x, y, w, h, rgb)
	if d.colour == 0 || most < leastStain*d.colour {
		return light
	}
	v := d.under(most, min(255, max(top, float64(light)+edgePart*over)))
	if v > penEdge*d.paper {
		v = d.paper
	}
	return uint8(min(v, 255))
}

// strongest gives the strongest colour of a pixel and those around it, and by how much its brightest channel is over its grey.
func strongest(x, y, w, h int, rgb func(x, y int) (r, g, b int32)) (colour, over float64) {
	for _, p := range [...]image.Point{{}, {X: -2}, {X: 2}, {Y: -2}, {Y: 2}} {
		red, green, blue := rgb(min(max(0, x+p.X), w-1), min(max(0, y+p.Y), h-1))
		if c, top := colourOf(red, green, blue); c > colour {
			grey := float64(19595*red+38470*green+7471*blue) / (1 << 16)
			colour, over = c, top-grey
		}
	}
	return colour, over
}

// CropBlack is Crop without what is coloured.
func (s *Sheet) CropBlack(r layout.Rect, scale float64) *image.Gray {
	if s.page.pens == nil {
		return s.Crop(r, scale)
	}
	return s.crop(s.page.pens.gray, r, scale)
}

// Coloured says whether anything within a box of the flat page is coloured that is no seal.
func (s *Sheet) Coloured(r layout.Rect) bool {
	return s.page.pens != nil && s.touches(s.page.pens.marks, r)
}
