package raster

import (
	"image"
	"math"

	"github.com/nianbao/nianbao/layout"
)

// Transform leads from a flat page to the page on which its picture lies. It holds no pixels, so that it
// can be kept when the sheet is let go.
type Transform struct {
	mesh *mesh // to the picture that the sheet keeps
	// shrunk is how many of the picture's pixels one of the sheet's stands for, size those of the whole
	// picture, box its place on the page.
	shrunk float64
	size   image.Point
	box    layout.Rect
}

// Onto gives the transform to a page on which the sheet's picture takes a box, in that page's unit.
func (s *Sheet) Onto(box layout.Rect) Transform {
	return Transform{s.mesh.thinned(), float64(s.shrunk), s.size, box}
}

// Point gives the place on the page of a point of the flat page.
func (t Transform) Point(p layout.Point) layout.Point {
	b := t.Box(layout.Rect{X0: p.X, Y0: p.Y, X1: p.X, Y1: p.Y})
	return layout.Point{X: b.X0, Y: b.Y0}
}

// Box gives the smallest upright box on the page around a box of the flat page.
func (t Transform) Box(r layout.Rect) layout.Rect {
	s := t.mesh.box(r, t.shrunk)
	kx, ky := t.box.Width()/float64(t.size.X), t.box.Height()/float64(t.size.Y)
	return layout.Rect{X0: t.box.X0 + s.X0*kx, Y0: t.box.Y0 + s.Y0*ky, X1: t.box.X0 + s.X1*kx, Y1: t.box.Y0 + s.Y1*ky}
}

// Turn says by how many degrees clockwise the page must be turned for what is printed on it to stand upright: 0, 90,
// 180 or 270. at is a place on the flat page.
func (t Transform) Turn(at layout.Point) int {
	const along = 100 // pixels: far enough to tell the direction of a line
	from, to := t.Point(at), t.Point(layout.Point{X: at.X + along, Y: at.Y})
	switch x, y := to.X-from.X, to.Y-from.Y; {
	case math.Abs(x) >= math.Abs(y) && x >= 0:
		return 0
	case math.Abs(x) >= math.Abs(y):
		return 180
	case y > 0:
		return 270
	}
	return 90
}

// box is the smallest upright box on the picture, enlarged k times, around a box of the flat page.
func (m *mesh) box(r layout.Rect, k float64) layout.Rect {
	a := m.at(layout.Point{X: r.X0, Y: r.Y0})
	out := layout.Rect{X0: a.X * k, Y0: a.Y * k, X1: a.X * k, Y1: a.Y * k}
	for _, p := range []layout.Point{{X: r.X1, Y: r.Y0}, {X: r.X0, Y: r.Y1}, {X: r.X1, Y: r.Y1}} {
		q := m.at(p)
		out = layout.Rect{X0: min(out.X0, q.X*k), Y0: min(out.Y0, q.Y*k), X1: max(out.X1, q.X*k), Y1: max(out.Y1, q.Y*k)}
	}
	return out
}

const (
	// thinnest is how many times as wide as a mesh its thinned copy may be.
	thinnest = 8
	// thinError is how far a thinned mesh may lie off, in pixels: boxes of cells, whose walls are two pixels wide and
	// more, are not as exact. At 0.05 a torn fax keeps four times as many nodes, 30 KB a page.
	thinError = 0.2
)

// thinned gives the widest mesh that leads to the same places: a page that is only askew needs few nodes.
func (m *mesh) thinned() *mesh {
	for k := thinnest; k > 1; k /= 2 {
		if t := m.every(k); t.leadsAs(m) {
			return t
		}
	}
	return m
}

// every is the mesh with one node for k of its own, both ways.
func (m *mesh) every(k int) *mesh {
	t := &mesh{cols: (m.cols+k-2)/k + 1, rows: (m.rows+k-2)/k + 1, step: m.step * float64(k)}
	for r := range t.rows {
		for c := range t.cols {
			t.nodes = append(t.nodes, m.at(layout.Point{X: float64(c) * t.step, Y: float64(r) * t.step}))
		}
	}
	return t
}

// leadsAs says that the mesh leads where the nodes of another one do.
func (m *mesh) leadsAs(o *mesh) bool {
	for i, q := range o.nodes {
		p := m.at(layout.Point{X: float64(i%o.cols) * o.step, Y: float64(i/o.cols) * o.step})
		if math.Abs(p.X-q.X) > thinError || math.Abs(p.Y-q.Y) > thinError {
			return false
		}
	}
	return true
}
