package raster_test

import (
	"image"
	"math"
	"math/rand"

	"github.com/nianbao/nianbao/layout"
)

// sketch is a page drawn for a test, at 150 dpi, A4. Its table has the shape of the form's largest.
type sketch struct {
	img        *image.Gray
	xs, ys     []float64 // the table's lines
	rng        *rand.Rand
	em, thick  int
	paper, ink uint8
}

func newSketch(seed int64) *sketch {
	s := &sketch{img: image.NewGray(image.Rect(0, 0, 1240, 1754)), rng: rand.New(rand.NewSource(seed)), em: 19, thick: 2, paper: 250, ink: 10}
	s.fill(0, 0, 1240, 1754, s.paper)
	return s
}

func (s *sketch) fill(x0, y0, x1, y1 int, v uint8) {
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if image.Pt(x, y).In(s.img.Rect) {
				s.img.Pix[y*s.img.Stride+x] = v
			}
		}
	}
}

// text draws n made-up characters and a comma at the foot behind every fourth; 0 advances in em.
func (s *sketch) text(x, y, em, n int) {
	for i := range n {
		for range 3 {
			a := s.rng.Intn(em - 4)
			s.fill(x+1, y+a, x+em-2, y+a+2, s.ink)
			s.fill(x+a, y+1, x+a+2, y+em-2, s.ink)
		}
		x += em
		if i%4 == 3 {
			s.fill(x+1, y+em-5, x+5, y+em-1, s.ink)
			x += em / 2
		}
	}
}

// table draws lines with the first row's cells but the first merged, labels at the left and a digit's
// worth of ink in the rest.
func (s *sketch) table(x, y int, widths []int, rows, height int) {
	s.xs, s.ys = []float64{float64(x)}, nil
	right := x
	for _, w := range widths {
		right += w
		s.xs = append(s.xs, float64(right))
	}
	for r := range rows + 1 {
		s.ys = append(s.ys, float64(y+r*height))
		s.fill(x-s.thick/2, y+r*height-s.thick/2, right+s.thick-s.thick/2, y+r*height+s.thick-s.thick/2, s.ink)
	}
	for i, vx := range s.xs {
		top := y
		if i > 1 && i < len(s.xs)-1 {
			top += height
		}
		s.fill(int(vx)-s.thick/2, top, int(vx)+s.thick-s.thick/2, y+rows*height, s.ink)
	}
	for r := 1; r < rows; r++ {
		s.text(x+10, y+r*height+(height-s.em)/2, s.em, 4+s.rng.Intn(4))
		for i := 1; i < len(widths); i++ {
			cx := int(s.xs[i]+s.xs[i+1])/2 - 4
			cy := y + r*height + (height-14)/2
			s.fill(cx, cy, cx+9, cy+14, s.ink)
			s.fill(cx+2, cy+2, cx+7, cy+12, s.paper)
		}
	}
}

// form is a page with a heading, a table and some prose.
func form(seed int64) *sketch {
	s := newSketch(seed)
	s.text(200, 150, 30, 14)
	s.table(120, 260, []int{300, 100, 90, 90, 90, 90, 100}, 20, 40)
	for i := range 8 {
		s.text(120, 1180+i*48, 28, 28-i%4*3)
	}
	return s
}

// bent gives the picture of the page under a map from places on the flat page to places on the
// picture. What lies beside the page is dark.
func (s *sketch) bent(to func(layout.Point) layout.Point) *image.Gray {
	b := s.img.Rect
	out := image.NewGray(b)
	// The way back is sought for every tenth pixel and is linear between.
	const step = 10
	back := func(x, y int) layout.Point {
		p := layout.Point{X: float64(x) + .5, Y: float64(y) + .5}
		q := p
		for range 8 {
			r := to(q)
			q.X, q.Y = q.X+p.X-r.X, q.Y+p.Y-r.Y
		}
		return q
	}
	for y := range b.Dy() {
		for x := 0; x < b.Dx(); x += step {
			y0 := y - y%step
			v := float64(y%step) / step
			mix := func(x int) layout.Point {
				p, q := back(x, y0), back(x, y0+step)
				return layout.Point{X: p.X*(1-v) + q.X*v, Y: p.Y*(1-v) + q.Y*v}
			}
			p, q := mix(x), mix(x+step)
			for i := 0; i < step && x+i < b.Dx(); i++ {
				u := float64(i) / step
				out.Pix[y*out.Stride+x+i] = s.sample(p.X*(1-u)+q.X*u-.5, p.Y*(1-u)+q.Y*u-.5)
			}
		}
	}
	return out
}

func (s *sketch) sample(x, y float64) uint8 {
	i, j := int(math.Floor(x)), int(math.Floor(y))
	if i < 0 || j < 0 || i+1 >= s.img.Rect.Dx() || j+1 >= s.img.Rect.Dy() {
		return 72
	}
	u, v := x-float64(i), y-float64(j)
	p := s.img.Pix[j*s.img.Stride+i:]
	q := p[s.img.Stride:]
	return uint8((float64(p[0])*(1-u)+float64(p[1])*u)*(1-v) + (float64(q[0])*(1-u)+float64(q[1])*u)*v + .5)
}

func turned(img *image.Gray, quarters int) *image.Gray {
	for range quarters & 3 {
		b := img.Rect
		t := image.NewGray(image.Rect(0, 0, b.Dy(), b.Dx()))
		for y := range b.Dy() {
			for x := range b.Dx() {
				t.Pix[x*t.Stride+b.Dy()-1-y] = img.Pix[y*img.Stride+x]
			}
		}
		img = t
	}
	return img
}

func rotation(degrees float64) func(layout.Point) layout.Point {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return func(p layout.Point) layout.Point {
		x, y := p.X-620, p.Y-877
		return layout.Point{X: 620 + cos*x - sin*y, Y: 877 + sin*x + cos*y}
	}
}

func noisy(img *image.Gray, sigma float64, seed int64) *image.Gray {
	rng := rand.New(rand.NewSource(seed))
	out := image.NewGray(img.Rect)
	for i, v := range img.Pix {
		out.Pix[i] = uint8(min(255, max(0, float64(v)+rng.NormFloat64()*sigma)))
	}
	return out
}

// fax makes img black and white, with salt and pepper.
func fax(img *image.Gray, seed int64) *image.Gray {
	rng := rand.New(rand.NewSource(seed))
	out := image.NewGray(img.Rect)
	for i, v := range img.Pix {
		if out.Pix[i] = 255; v < 160 {
			out.Pix[i] = 0
		}
		if rng.Intn(400) == 0 {
			out.Pix[i] ^= 255
		}
	}
	return out
}
