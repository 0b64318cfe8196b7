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
	w, h int
	set  []bool
	// seals are around the seals that the marks are of.
	seals []sealBox
}

// sealBox is where a seal was, in squares, and how bright the paper around it is.
type sealBox struct {
	image.Rectangle
	paper float64
}

func newMarks(w, h int) *marks {
	m := &marks{w: (w + mark - 1) / mark, h: (h + mark - 1) / mark}
	m.set = make([]bool, m.w*m.h)
	return m
}

// page is a picture made grey: its seals are gone, and sealed says where they were.
type page struct {
	gray   *image.Gray
	sealed *marks // nil when there was none
}

// grey makes img grey, without its seals.
//
// What is coloured and large is taken for the ink of a seal. In its brightest channel the ink is
// palest, while black print under it stays black in all channels; type dye tells how the two are
// parted. The page's sealed says where ink was taken off, because a cell that a seal touches is never
// beyond doubt.
func grey(img image.Image) page {
	switch m := img.(type) {
	case *image.Gray:
		return greyOnly(m)
	case *image.YCbCr:
		return greyYCbCr(m)
	case *image.Paletted:
		if g, ok := greyPalette(m); ok {
			return greyOnly(g)
		}
	}
	return greyRGBA(rgba(img))
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

// coloured says whether a pixel has the colour of ink: saturated, and red or blue rather than green.
func coloured(r, g, b int32) bool {
	top, low := max(r, g, b), min(r, g, b)
	return top > g && top-low > 40 && float32(top-low) > inkSaturation*float32(top)
}

func greyRGBA(m *image.RGBA) page {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	g := image.NewGray(image.Rect(0, 0, w, h))
	count := make([]uint8, ((w+mark-1)/mark)*((h+mark-1)/mark))
	cols := (w + mark - 1) / mark
	for y := range h {
		in := m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):][: 4*w : 4*w]
		out := g.Pix[y*g.Stride:][:w]
		for x := range out {
			p := in[4*x : 4*x+3 : 4*x+3]
			r, gr, bl := int32(p[0]), int32(p[1]), int32(p[2])
			out[x] = uint8((19595*r + 38470*gr + 7471*bl + 1<<15) >> 16)
			if coloured(r, gr, bl) {
				count[y/mark*cols+x/mark]++
			}
		}
	}
	unscreen(g)
	return page{gray: g, sealed: unseal(g, count, mark*mark, func(x, y int) (red, green, blue int32) {
		p := m.Pix[m.PixOffset(x+b.Min.X, y+b.Min.Y):]
		return int32(p[0]), int32(p[1]), int32(p[2])
	})}
}

func greyYCbCr(m *image.YCbCr) page {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	// Chroma is looked at in every other pixel: seals are large, and it has no more anyway.
	count := make([]uint8, ((w+mark-1)/mark)*((h+mark-1)/mark))
	cols := (w + mark - 1) / mark
	some := false
	at := make([]int, (w+1)/2) // places of chroma in a row
	for i := range at {
		at[i] = m.COffset(b.Min.X+2*i, b.Min.Y) - m.COffset(b.Min.X, b.Min.Y)
	}
	for y := 0; y < h; y += 2 {
		row := m.COffset(b.Min.X, b.Min.Y+y)
		blue, red := m.Cb[row:], m.Cr[row:]
		for i, k := range at {
			// In samples as pale as this, no two channels differ by 40.
			if blue[k] < 128+12 && red[k] < 128+12 {
				continue
			}
			if coloured(rgbOf(m, b.Min.X+2*i, b.Min.Y+y)) {
				count[y/mark*cols+2*i/mark]++
				some = true
			}
		}
	}
	g := &image.Gray{Pix: m.Y[m.YOffset(b.Min.X, b.Min.Y):], Stride: m.YStride, Rect: image.Rect(0, 0, w, h)}
	if !some {
		return page{gray: g}
	}
	g = &image.Gray{Pix: slices.Clone(g.Pix), Stride: g.Stride, Rect: g.Rect} // colours are asked for while seals go
	return page{gray: g, sealed: unseal(g, count, mark*mark/4, func(x, y int) (red, green, blue int32) {
		return rgbOf(m, x+m.Rect.Min.X, y+m.Rect.Min.Y)
	})}
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
	found := false
	for i, n := range count {
		// Half a stroke of a seal's border in the square is enough, a speck is not.
		if int(n)*8 >= samples {
			m.set[i], found = true, true
		}
	}
	if !found {
		return nil
	}
	seals := m.large(float64(min(w, h)) * sealShare / mark)
	if seals == nil {
		return nil
	}
	out := newMarks(w, h)
	for _, r := range seals {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if !m.near(x, y) {
					continue
				}
				out.set[y*m.w+x] = true
			}
		}
		k := stain(g, m, r, rgb)
		out.seals = append(out.seals, sealBox{r, k.paper})
		for y := r.Min.Y * mark; y < min(h, r.Max.Y*mark); y++ {
			for x := r.Min.X * mark; x < min(w, r.Max.X*mark); x++ {
				if m.near(x/mark, y/mark) {
					i := y*g.Stride + x
					red, green, blue := rgb(x, y)
					g.Pix[i] = max(g.Pix[i], k.without(red, green, blue, g.Pix[i]))
				}
			}
		}
	}
	return out
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

// large gives the boxes, in squares and a little widened, around groups of marks that are at least
// side squares wide and high. Marks with one empty square between them belong together.
func (m *marks) large(side float64) []image.Rectangle {
	var out []image.Rectangle
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
		if short >= side || long >= side && short >= max(2, boxStamp*side) && m.framed(r) {
			out = append(out, r.Inset(-1).Intersect(image.Rect(0, 0, m.w, m.h)))
		}
	}
	return out
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
