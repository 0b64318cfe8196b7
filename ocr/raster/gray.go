package raster

import (
	"image"
	"image/color"
	"image/draw"
	"slices"
)

// A sample is coloured when its brightest and its darkest channel differ by more than this share of
// the brightest. The ink of seals does. The shading of forms (C6D9F1) has 0.18, and the noise of JPEG
// less.
const inkSaturation = 0.3

// sealShare is the smallest size of a seal, as a share of the page's shorter side: 1.2 cm on A4.
// Smaller marks of colour are text in colour and stay.
const sealShare = 0.057

// mark is the edge of the squares in which coloured ink is noted.
const mark = 8

// marks notes squares of mark x mark pixels.
type marks struct {
	w, h          int
	width, height int // in pixels
	set           []bool
	// seals are around the seals that the marks are of.
	seals []sealBox
}

// sealBox is where a seal was, in squares, and how bright the paper around it is.
type sealBox struct {
	image.Rectangle
	paper float64
}

func newMarks(w, h int) *marks {
	m := &marks{w: (w + mark - 1) / mark, h: (h + mark - 1) / mark, width: w, height: h}
	m.set = make([]bool, m.w*m.h)
	return m
}

// page is a picture made grey: its seals are gone, and sealed says where they were.
type page struct {
	gray   *image.Gray
	sealed *marks // nil when there was none
	pens   *pens  // likewise
}

// grays are the ways in which the page was made grey.
func (p *page) grays() []*image.Gray {
	if p.pens == nil {
		return []*image.Gray{p.gray}
	}
	return []*image.Gray{p.gray, p.pens.gray}
}

// grey makes img grey, without its seals.
//
// What is coloured and large is taken for the ink of a seal. In its brightest channel the ink is
// palest, while black print under it stays black in all channels; type dye tells how the two are
// parted. The page's sealed says where ink was taken off, because a cell that a seal touches is never
// beyond doubt.
//
// A negative is turned about first. What was a seal on it in its own colour has the opposite one then, so that any colour may be a seal's.
func grey(img image.Image) page {
	img = plain(img)
	turned := positive(img)
	switch m := img.(type) {
	case *image.Gray:
		return greyOnly(m)
	case *image.YCbCr:
		return greyYCbCr(m, turned)
	}
	return greyRGBA(img.(*image.RGBA), turned)
}

// plain gives a picture in one of three kinds: grey, as JPEG has its colours, or as screens have them.
func plain(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.Gray, *image.YCbCr:
		return img
	case *image.Paletted:
		if g, ok := greyPalette(m); ok {
			return g
		}
	}
	return rgba(img)
}

func greyOnly(m *image.Gray) page {
	b := m.Bounds()
	g := &image.Gray{Pix: m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], Stride: m.Stride, Rect: image.Rect(0, 0, b.Dx(), b.Dy())}
	unscreen(g)
	return page{gray: g}
}

// greyPalette reads a palette of greys without looking at colours; ok is false for other palettes.
func greyPalette(m *image.Paletted) (g *image.Gray, ok bool) {
	var table [256]uint8
	for i, c := range m.Palette {
		r, g, b, a := c.RGBA()
		if r != g || g != b || a != 0xffff || i > 255 {
			return nil, false
		}
		table[i] = uint8(r >> 8)
	}
	b := m.Bounds()
	g = image.NewGray(b)
	for y := range b.Dy() {
		in := m.Pix[y*m.Stride:][:b.Dx()]
		for x, v := range in {
			g.Pix[y*g.Stride+x] = table[v]
		}
	}
	return g, true
}

func rgba(img image.Image) *image.RGBA {
	if m, ok := img.(*image.RGBA); ok {
		return m
	}
	b := img.Bounds()
	m := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	// White under what is transparent: that is how a page looks.
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(m, m.Bounds(), img, b.Min, draw.Over)
	return m
}

// coloured says whether a pixel has the colour of ink: it is saturated. That of seals is red or blue rather than green.
func coloured(r, g, b int32) (any, seal bool) {
	top, low := max(r, g, b), min(r, g, b)
	any = top-low > 40 && float32(top-low) > inkSaturation*float32(top)
	return any, any && top > g
}

// tints counts, in each square, the samples that have any colour, and those that have that of seals, which on a negative is any.
type tints struct {
	any, seal []uint8
	cols      int
	negative  bool
	paper     stock
}

func newTints(w, h int, negative bool, rgb func(x, y int) (r, g, b int32)) *tints {
	cols, rows := (w+mark-1)/mark, (h+mark-1)/mark
	return &tints{make([]uint8, cols*rows), make([]uint8, cols*rows), cols, negative, stockOf(w, h, rgb)}
}

// count counts a coloured sample, unless its colour is the paper's.
func (t *tints) count(x, y int, red, green, blue int32, seal bool) {
	if t.paper.tinted() {
		any := false
		if any, seal = coloured(t.paper.without(red, green, blue)); !any {
			return
		}
	}
	k := y/mark*t.cols + x/mark
	t.any[k]++
	if seal || t.negative {
		t.seal[k]++
	}
}

// page takes the seals off g, and then makes one without any colour. A full square has so many samples.
func (t *tints) page(g *image.Gray, samples int, rgb func(x, y int) (r, g, b int32)) page {
	if t.paper.tinted() {
		seen := rgb
		rgb = func(x, y int) (r, g, b int32) { return t.paper.without(seen(x, y)) }
	}
	sealed := unseal(g, t.seal, samples, rgb)
	return page{gray: g, sealed: sealed, pens: t.unpen(g, samples, rgb)}
}

// luma is how light a colour is.
func luma(r, g, b int32) uint8 { return uint8((19595*r + 38470*g + 7471*b + 1<<15) >> 16) }

func greyRGBA(m *image.RGBA, negative bool) page {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	g := image.NewGray(image.Rect(0, 0, w, h))
	at := func(x, y int) (red, green, blue int32) {
		p := m.Pix[m.PixOffset(x+b.Min.X, y+b.Min.Y):]
		return int32(p[0]), int32(p[1]), int32(p[2])
	}
	tints := newTints(w, h, negative, at)
	for y := range h {
		in := m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):][: 4*w : 4*w]
		out := g.Pix[y*g.Stride:][:w]
		for x := range out {
			p := in[4*x : 4*x+3 : 4*x+3]
			r, gr, bl := int32(p[0]), int32(p[1]), int32(p[2])
			out[x] = luma(r, gr, bl)
			if any, seal := coloured(r, gr, bl); any {
				tints.count(x, y, r, gr, bl, seal)
			}
		}
	}
	unscreen(g)
	return tints.page(g, mark*mark, at)
}

func greyYCbCr(m *image.YCbCr, negative bool) page {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	// Chroma is looked at in every other pixel: seals are large, and it has no more anyway.
	rgb := func(x, y int) (red, green, blue int32) { return rgbOf(m, x+b.Min.X, y+b.Min.Y) }
	tints := newTints(w, h, negative, rgb)
	some := false
	at := make([]int, (w+1)/2) // places of chroma in a row
	for i := range at {
		at[i] = m.COffset(b.Min.X+2*i, b.Min.Y) - m.COffset(b.Min.X, b.Min.Y)
	}
	for y := 0; y < h; y += 2 {
		row := m.COffset(b.Min.X, b.Min.Y+y)
		blue, red := m.Cb[row:], m.Cr[row:]
		for i, k := range at {
			// In samples as pale as this, no two channels differ by 40, but in yellow paper.
			if blue[k] < 128+12 && red[k] < 128+12 && (blue[k] > 128-12 || red[k] > 128-12) {
				continue
			}
			red, green, blue := rgb(2*i, y)
			if any, seal := coloured(red, green, blue); any {
				tints.count(2*i, y, red, green, blue, seal)
				some = true
			}
		}
	}
	g := &image.Gray{Pix: m.Y[m.YOffset(b.Min.X, b.Min.Y):], Stride: m.YStride, Rect: image.Rect(0, 0, w, h)}
	if !some {
		return page{gray: g}
	}
	g = &image.Gray{Pix: slices.Clone(g.Pix), Stride: g.Stride, Rect: g.Rect} // colours are asked for while seals go
	return tints.page(g, mark*mark/4, rgb)
}

func rgbOf(m *image.YCbCr, x, y int) (r, g, b int32) {
	i := m.COffset(x, y)
	cr, cg, cb := color.YCbCrToRGB(m.Y[m.YOffset(x, y)], m.Cb[i], m.Cr[i])
	return int32(cr), int32(cg), int32(cb)
}

// unseal takes the seals off g and says where they were, nil when there are none. Count holds, for
// each square, how many of its samples were coloured.
func unseal(g *image.Gray, count []uint8, samples int, rgb func(x, y int) (r, g, b int32)) *marks {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	m := newMarks(w, h)
	if !m.note(count, samples) {
		return nil
	}
	m.unframe()
	seals, _ := m.groups(sealSide(w, h))
	seals = slices.DeleteFunc(seals, func(r image.Rectangle) bool { return !m.oneHue(r, rgb) })
	if len(seals) == 0 {
		return nil
	}
	out := newMarks(w, h)
	for _, r := range seals {
		k := stain(g, m, r, rgb)
		out.seals = append(out.seals, sealBox{r, k.paper})
		m.lift(g, out, r, func(x, y int, light uint8) uint8 {
			red, green, blue := rgb(x, y)
			return k.without(red, green, blue, light)
		})
	}
	return out
}

// sealSide is the least side of a seal, in squares.
func sealSide(w, h int) float64 { return float64(min(w, h)) * sealShare / mark }

// note sets the squares with enough coloured samples and says whether there are any.
func (m *marks) note(count []uint8, samples int) (found bool) {
	for i, n := range count {
		// Half a stroke of a seal's border in the square is enough, a speck is not.
		if int(n)*8 >= samples {
			m.set[i], found = true, true
		}
	}
	return found
}

// lift takes an ink off g where the marks in the squares r are, and notes in out where that was; without gives a pixel, of which the grey
// is known, as it is without the ink.
func (m *marks) lift(g *image.Gray, out *marks, r image.Rectangle, without func(x, y int, light uint8) uint8) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if m.near(x, y) {
				out.set[y*m.w+x] = true
			}
		}
	}
	for y := r.Min.Y * mark; y < min(m.height, r.Max.Y*mark); y++ {
		for x := r.Min.X * mark; x < min(m.width, r.Max.X*mark); x++ {
			if m.near(x/mark, y/mark) {
				i := y*g.Stride + x
				g.Pix[i] = max(g.Pix[i], without(x, y, g.Pix[i]))
			}
		}
	}
}

// near says whether a square or one of its neighbours is set: a stroke's soft edge lies there.
func (m *marks) near(x, y int) bool {
	for j := max(0, y-1); j <= min(m.h-1, y+1); j++ {
		for i := max(0, x-1); i <= min(m.w-1, x+1); i++ {
			if m.set[j*m.w+i] {
				return true
			}
		}
	}
	return false
}

// boxStamp is how low a stamp in a frame may be, in the least size of a seal; frameShare of its border must have ink. Text in
// colour has no frame.
const boxStamp, frameShare = 0.3, 0.85

// framed says that there are marks all along the border of a box.
func (m *marks) framed(r image.Rectangle) bool {
	n, all := 0, 0
	look := func(x, y, dx, dy int) {
		all++
		if m.set[y*m.w+x] || m.set[(y+dy)*m.w+x+dx] {
			n++
		}
	}
	for x := r.Min.X; x < r.Max.X; x++ {
		look(x, r.Min.Y, 0, 1)
		look(x, r.Max.Y-1, 0, -1)
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		look(r.Min.X, y, 1, 0)
		look(r.Max.X-1, y, -1, 0)
	}
	return float64(n) >= frameShare*float64(all)
}

// groups gives the boxes, in squares and a little widened, around groups of marks: those that are large, at least
// side squares wide and high, and the others. Marks with one empty square between them belong together.
func (m *marks) groups(side float64) (large, small []image.Rectangle) {
	seen := make([]bool, len(m.set))
	var stack []int
	for i := range m.set {
		if !m.set[i] || seen[i] {
			continue
		}
		seen[i] = true
		stack = append(stack[:0], i)
		r := image.Rect(i%m.w, i/m.w, i%m.w+1, i/m.w+1)
		for len(stack) > 0 {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := k%m.w, k/m.w
			r = r.Union(image.Rect(x, y, x+1, y+1))
			for b := max(0, y-2); b <= min(m.h-1, y+2); b++ {
				for a := max(0, x-2); a <= min(m.w-1, x+2); a++ {
					if j := b*m.w + a; m.set[j] && !seen[j] {
						seen[j] = true
						stack = append(stack, j)
					}
				}
			}
		}
		long, short := float64(max(r.Dx(), r.Dy())), float64(min(r.Dx(), r.Dy()))
		wide := r.Inset(-1).Intersect(image.Rect(0, 0, m.w, m.h))
		if short >= side || long >= side && short >= max(2, boxStamp*side) && m.framed(r) {
			large = append(large, wide)
		} else {
			small = append(small, wide)
		}
	}
	return large, small
}

// reduced averages k x k pixels into one.
func reduced(g *image.Gray, k int) *image.Gray {
	if k <= 1 {
		return g
	}
	w, h := g.Rect.Dx()/k, g.Rect.Dy()/k
	out := image.NewGray(image.Rect(0, 0, w, h))
	if k == 2 {
		for y := range h {
			a, b := g.Pix[2*y*g.Stride:][:2*w], g.Pix[(2*y+1)*g.Stride:][:2*w]
			o := out.Pix[y*out.Stride:][:w]
			for x := range o {
				o[x] = uint8((uint(a[2*x]) + uint(a[2*x+1]) + uint(b[2*x]) + uint(b[2*x+1]) + 2) >> 2)
			}
		}
		return out
	}
	sum := make([]int, w)
	for y := range h {
		clear(sum)
		for j := range k {
			in := g.Pix[(y*k+j)*g.Stride:]
			for x := range sum {
				for i := range k {
					sum[x] += int(in[x*k+i])
				}
			}
		}
		o := out.Pix[y*out.Stride:][:w]
		for x, s := range sum {
			o[x] = uint8(s / (k * k))
		}
	}
	return out
}
