package synth

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/nianbao/nianbao/layout"
)

// Level is a way in which pages become scans, from clean to poor.
type Level int

// The levels.
const (
	Clean     Level = iota // 300 dpi, nothing lost
	Office                 // 300 dpi, a little askew, soft and noisy, JPEG
	Sealed                 // 200 dpi, askew, mostly with a red seal, uneven light, JPEG
	Fax                    // 200 dpi, black and white, specks, dead lines
	Phone                  // a telephone's photograph: perspective, curl, shadow, JPEG
	Photocopy              // 150 dpi, askew up to 2.5°, sometimes thickened or turned, noisy, dark edges, JPEG
)

// Levels are all of them.
func Levels() []Level { return []Level{Clean, Office, Sealed, Fax, Phone, Photocopy} }

var levelNames = []string{"clean", "office", "sealed", "fax", "phone", "photocopy"}

func (l Level) String() string { return levelNames[l] }

// DPI is the resolution that pages of the level are drawn at.
func (l Level) DPI() float64 { return []float64{300, 300, 200, 200, 190, 150}[l] }

// Scan is a page as a scanner left it.
type Scan struct {
	Image image.Image // *image.Gray or *image.RGBA; of a fax, 0 and 255 alone
	DPI   float64
	// Bilevel pages are kept as Group 4, the others as JPEG.
	Bilevel bool
	JPEG    []byte
	// Map says where a place of the drawn page came to lie, in pixels.
	Map func(layout.Point) layout.Point
}

// Degrade turns a page that was drawn at the level's resolution into a scan.
func Degrade(page *image.Gray, level Level, seed uint64) *Scan {
	d := degrader{rng: rand.New(rand.NewPCG(seed, uint64(level)+0x7363616e)), w: page.Rect.Dx(), h: page.Rect.Dy()}
	s := &Scan{DPI: level.DPI(), Map: func(p layout.Point) layout.Point { return p }}
	between := func(a, b float64) float64 { return a + d.rng.Float64()*(b-a) }
	switch level {
	case Clean:
		s.JPEG, s.Image = d.jpeg(page, 92)
	case Office:
		g := d.geometry(between(-0.6, 0.6), 0, 0)
		img := g.apply(page, 255)
		blur(img, 0.6)
		d.noise(img, 4)
		s.Map = g.forward
		s.JPEG, s.Image = d.jpeg(img, 65)
	case Sealed:
		g := d.geometry(between(-1.5, 1.5), 0, 0)
		img := g.apply(page, 255)
		s.Map = g.forward
		var ink *image.Gray
		if d.rng.Float64() < 0.65 {
			ink = g.apply(d.seal(), 255)
			blur(ink, 0.6)
		}
		blur(img, 0.6)
		d.shade(img, 0.12)
		d.noise(img, 6)
		if ink == nil {
			s.JPEG, s.Image = d.jpeg(img, 45)
		} else {
			s.JPEG, s.Image = d.jpeg(d.stamped(img, ink), 45)
		}
	case Fax:
		g := d.geometry(between(-1, 1), 0, 0)
		img := g.apply(page, 255)
		s.Map = g.forward
		blur(img, 0.7)
		d.noise(img, 25)
		d.transmit(img, uint8(between(140, 190)))
		s.Image, s.Bilevel = img, true
	case Phone:
		g := d.geometry(between(-1.5, 1.5), 0.035, between(0, 0.006)*float64(d.h))
		img := g.apply(page, uint8(between(50, 110)))
		s.Map = g.forward
		blur(img, 0.8)
		d.shade(img, between(0.25, 0.45))
		d.noise(img, 6)
		s.JPEG, s.Image = d.jpeg(img, 50)
	case Photocopy:
		g := d.geometry(between(-2.5, 2.5), 0, 0)
		img := g.apply(page, 255)
		if d.rng.IntN(2) == 0 {
			thicken(img)
		}
		blur(img, 0.8)
		d.noise(img, 14)
		d.edges(img)
		turns := 0
		if d.rng.Float64() < 0.3 {
			turns = 1 + d.rng.IntN(3)
		}
		img, s.Map = turned(img, turns, g.forward)
		s.JPEG, s.Image = d.jpeg(img, 40)
	}
	return s
}

type degrader struct {
	rng  *rand.Rand
	w, h int
}

// transmit makes a page black and white, with specks, and up to two columns black where the scanner's row
// of sensors is dead.
func (d *degrader) transmit(img *image.Gray, cut uint8) {
	for i, v := range img.Pix {
		img.Pix[i] = 0
		if v > cut {
			img.Pix[i] = 255
		}
		switch d.rng.Uint32N(2000) {
		case 0, 1, 2:
			img.Pix[i] = 0
		case 3, 4, 5:
			img.Pix[i] = 255
		}
	}
	for range d.rng.IntN(3) {
		x := d.rng.IntN(d.w)
		for y := range d.h {
			img.Pix[y*img.Stride+x] = 0
		}
	}
}

// edges darkens the left and the lower edge, which lie beyond the sheet on the glass.
func (d *degrader) edges(img *image.Gray) {
	edge := d.w / 50
	left, low := 1+d.rng.IntN(edge), 1+d.rng.IntN(edge)
	for y := range d.h {
		for x := range d.w {
			if x < left || y >= d.h-low {
				img.Pix[y*img.Stride+x] = uint8(25 + d.rng.IntN(15))
			}
		}
	}
}

func (d *degrader) jpeg(img image.Image, quality int) ([]byte, image.Image) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // only a page beyond 65535 pixels fails
	}
	back, err := jpeg.Decode(bytes.NewReader(b.Bytes()))
	if err != nil {
		panic(err)
	}
	return b.Bytes(), back
}

// geometry is a rotation about the middle, then a perspective, then a curl of the paper.
type geometry struct {
	w, h     float64
	sin, cos float64
	to, from [9]float64 // homographies
	curl     float64    // height of the wave in pixels
	phase    float64
}

// geometry makes one: degrees of rotation, how far in the corners may move as a part of the page, and
// the height of the curl.
func (d *degrader) geometry(degrees, corner, curl float64) *geometry {
	g := &geometry{w: float64(d.w), h: float64(d.h), curl: curl, phase: d.rng.Float64() * math.Pi}
	g.sin, g.cos = math.Sincos(degrees * math.Pi / 180)
	var x, y [4]float64
	for i, c := range [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
		in := func(v float64) float64 { return v + d.rng.Float64()*corner*(1-2*v) }
		x[i], y[i] = in(c[0])*g.w, in(c[1])*g.h
	}
	g.to = squareTo(x, y, g.w, g.h)
	g.from = inverse(g.to)
	return g
}

func (g *geometry) forward(p layout.Point) layout.Point {
	x, y := p.X-g.w/2, p.Y-g.h/2
	p = layout.Point{X: g.cos*x - g.sin*y + g.w/2, Y: g.sin*x + g.cos*y + g.h/2}
	p = project(g.to, p)
	p.Y -= g.curl * math.Sin(p.X/g.w*math.Pi+g.phase)
	return p
}

func (g *geometry) backward(p layout.Point) layout.Point {
	p.Y += g.curl * math.Sin(p.X/g.w*math.Pi+g.phase)
	p = project(g.from, p)
	x, y := p.X-g.w/2, p.Y-g.h/2
	return layout.Point{X: g.cos*x + g.sin*y + g.w/2, Y: -g.sin*x + g.cos*y + g.h/2}
}

func project(m [9]float64, p layout.Point) layout.Point {
	k := m[6]*p.X + m[7]*p.Y + m[8]
	return layout.Point{X: (m[0]*p.X + m[1]*p.Y + m[2]) / k, Y: (m[3]*p.X + m[4]*p.Y + m[5]) / k}
}

// squareTo is the homography that takes a w by h page to a quadrilateral, corners clockwise from the
// top left (Heckbert 1989, Fundamentals of Texture Mapping, 2.2.3).
func squareTo(x, y [4]float64, w, h float64) [9]float64 {
	dx1, dx2, dx3 := x[1]-x[2], x[3]-x[2], x[0]-x[1]+x[2]-x[3]
	dy1, dy2, dy3 := y[1]-y[2], y[3]-y[2], y[0]-y[1]+y[2]-y[3]
	det := dx1*dy2 - dx2*dy1
	g, k := (dx3*dy2-dx2*dy3)/det, (dx1*dy3-dx3*dy1)/det
	m := [9]float64{x[1] - x[0] + g*x[1], x[3] - x[0] + k*x[3], x[0], y[1] - y[0] + g*y[1], y[3] - y[0] + k*y[3], y[0], g, k, 1}
	for i := 0; i < 9; i += 3 {
		m[i] /= w
		m[i+1] /= h
	}
	return m
}

func inverse(m [9]float64) [9]float64 {
	a, b, c, d, e, f, g, h, i := m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]
	det := a*(e*i-f*h) - b*(d*i-f*g) + c*(d*h-e*g)
	n := [9]float64{e*i - f*h, c*h - b*i, b*f - c*e, f*g - d*i, a*i - c*g, c*d - a*f, d*h - e*g, b*g - a*h, a*e - b*d}
	for k := range n {
		n[k] /= det
	}
	return n
}

// apply moves the pixels of a page, with cubic interpolation (Keys 1981, a = -0.5); where no page was
// is border.
func (g *geometry) apply(src *image.Gray, border uint8) *image.Gray {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	out := image.NewGray(src.Rect)
	at := func(x, y int) float64 {
		if x < 0 || y < 0 || x >= w || y >= h {
			return float64(border)
		}
		return float64(src.Pix[y*src.Stride+x])
	}
	for y := range h {
		for x := range w {
			p := g.backward(layout.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			fx, fy := math.Floor(p.X-0.5), math.Floor(p.Y-0.5)
			ix, iy := int(fx), int(fy)
			if ix >= 1 && iy >= 1 && ix < w-2 && iy < h-2 && blank(src, ix-1, iy-1) {
				out.Pix[y*out.Stride+x] = 255
				continue
			}
			kx, ky := cubic(p.X-0.5-fx), cubic(p.Y-0.5-fy)
			v := 0.0
			for j, a := range ky {
				for i, b := range kx {
					v += a * b * at(ix-1+i, iy-1+j)
				}
			}
			out.Pix[y*out.Stride+x] = uint8(max(0, min(255, v+0.5)))
		}
	}
	return out
}

// blank says that 4 x 4 pixels are paper, which most are.
func blank(img *image.Gray, x, y int) bool {
	for j := range 4 {
		r := img.Pix[(y+j)*img.Stride+x:]
		if r[0]&r[1]&r[2]&r[3] != 255 {
			return false
		}
	}
	return true
}

func cubic(t float64) [4]float64 {
	return [4]float64{
		-0.5*t + t*t - 0.5*t*t*t, 1 - 2.5*t*t + 1.5*t*t*t,
		0.5*t + 2*t*t - 1.5*t*t*t, -0.5*t*t + 0.5*t*t*t,
	}
}

// blur is a Gaussian of 5 x 5 pixels.
func blur(img *image.Gray, sigma float64) {
	var k [5]int32
	sum := 0.0
	for i := range k {
		sum += math.Exp(-float64((i-2)*(i-2)) / (2 * sigma * sigma))
	}
	rest := int32(1 << 12)
	for i := range k {
		if i != 2 {
			k[i] = int32(math.Exp(-float64((i-2)*(i-2))/(2*sigma*sigma)) / sum * (1 << 12))
			rest -= k[i]
		}
	}
	k[2] = rest
	w, h := img.Rect.Dx(), img.Rect.Dy()
	line := make([]uint8, max(w, h)+4)
	pass := func(start, step, n int) {
		for i := range n + 4 {
			line[i] = img.Pix[start+step*max(0, min(n-1, i-2))]
		}
		for i := range n {
			v := int32(1 << 11)
			for j, f := range k {
				v += f * int32(line[i+j])
			}
			img.Pix[start+step*i] = uint8(v >> 12)
		}
	}
	for y := range h {
		pass(y*img.Stride, 1, w)
	}
	for x := range w {
		pass(x, img.Stride, h)
	}
}

// noise adds near-Gaussian noise: the number of ones in 64 random bits has deviation 4.
func (d *degrader) noise(img *image.Gray, sigma float64) {
	k := sigma / 4
	for i, v := range img.Pix {
		n := float64(v) + k*float64(bits.OnesCount64(d.rng.Uint64())-32)
		img.Pix[i] = uint8(max(0, min(255, n+0.5)))
	}
}

// shade darkens the page unevenly, by at most depth.
func (d *degrader) shade(img *image.Gray, depth float64) {
	a, b, c := d.rng.Float64()*2-1, d.rng.Float64()*2-1, d.rng.Float64()*2-1
	for y := range d.h {
		v := 2*float64(y)/float64(d.h) - 1
		for x := range d.w {
			u := 2*float64(x)/float64(d.w) - 1
			f := 1 - depth*(0.5+0.5*max(-1, min(1, a*u+b*v+c*u*v)))
			img.Pix[y*img.Stride+x] = uint8(float64(img.Pix[y*img.Stride+x]) * f)
		}
	}
}

// thicken spreads ink to the pixel on the right and the one below, as copies of copies do.
func thicken(img *image.Gray) {
	for y := img.Rect.Dy() - 1; y >= 0; y-- {
		for x := img.Rect.Dx() - 1; x >= 0; x-- {
			p := &img.Pix[y*img.Stride+x]
			if x > 0 {
				*p = min(*p, img.Pix[y*img.Stride+x-1])
			}
			if y > 0 {
				*p = min(*p, img.Pix[(y-1)*img.Stride+x])
			}
		}
	}
}

// seal draws the ink of a round official seal with its star and a ring of characters.
func (d *degrader) seal() *image.Gray {
	img := image.NewGray(image.Rect(0, 0, d.w, d.h))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	r := float64(min(d.w, d.h)) * (0.09 + 0.03*d.rng.Float64())
	cx, cy := float64(d.w)*(0.25+0.5*d.rng.Float64()), float64(d.h)*(0.3+0.5*d.rng.Float64())
	tilt := d.rng.Float64()*0.6 - 0.3
	p := painter{k: 1}
	for y := int(cy - r - 2); y < int(cy+r+2); y++ {
		for x := int(cx - r - 2); x < int(cx+r+2); x++ {
			if x < 0 || y < 0 || x >= d.w || y >= d.h {
				continue
			}
			dx, dy := float64(x)-cx, float64(y)-cy
			if dist := math.Hypot(dx, dy); dist < r && dist > r*0.93 || inStar(dx, dy, r*0.36, tilt) {
				img.Pix[y*img.Stride+x] = 0
			}
		}
	}
	for i := range 13 { // strokes that stand for characters
		a := tilt - 2.3 + float64(i)*4.6/12
		x, y, s := cx+r*0.75*math.Sin(a), cy-r*0.75*math.Cos(a), r*0.1
		for k := range 3 {
			off := s * (float64(k) - 1)
			p.box(img, x-s, y+off-1, x+s, y+off+1, 0)
			if d.rng.IntN(2) == 0 {
				p.box(img, x+off-1, y-s, x+off+1, y+s, 0)
			}
		}
	}
	return img
}

// inStar says whether a place lies in a five-pointed star of radius r.
func inStar(x, y, r, tilt float64) bool {
	const turn = 2 * math.Pi / 5
	a := math.Mod(math.Atan2(x, -y)-tilt+4*math.Pi, turn)
	if a > turn/2 {
		a = turn - a
	}
	// The edge runs from the tip to the inner corner at 0.382 of the radius.
	px, py := math.Hypot(x, y)*math.Cos(a), math.Hypot(x, y)*math.Sin(a)
	ix, iy := 0.382*r*math.Cos(turn/2), 0.382*r*math.Sin(turn/2)
	return (px-r)*iy-py*(ix-r) < 0
}

// stamped lays red ink over a page.
func (d *degrader) stamped(img, ink *image.Gray) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	strength := 0.6 + 0.4*d.rng.Float64()
	for i, v := range img.Pix {
		k := 1 - strength*(1-float64(ink.Pix[i])/255)
		c := color.RGBA{uint8(float64(v) * (0.15*k + 0.85)), uint8(float64(v) * (0.2 + 0.8*k)), uint8(float64(v) * (0.2 + 0.8*k)), 255}
		out.Pix[4*i], out.Pix[4*i+1], out.Pix[4*i+2], out.Pix[4*i+3] = c.R, c.G, c.B, c.A
	}
	return out
}

// turned turns a page clockwise by quarters.
func turned(img *image.Gray, quarters int, m func(layout.Point) layout.Point) (*image.Gray, func(layout.Point) layout.Point) {
	for range quarters {
		w, h := img.Rect.Dx(), img.Rect.Dy()
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				out.Pix[x*out.Stride+h-1-y] = img.Pix[y*img.Stride+x]
			}
		}
		before := m
		m = func(p layout.Point) layout.Point {
			q := before(p)
			return layout.Point{X: float64(h) - q.Y, Y: q.X}
		}
		img = out
	}
	return img, m
}
