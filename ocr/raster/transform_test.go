package raster

import (
	"math"
	"testing"

	"github.com/nianbao/nianbao/layout"
)

// TestThinned: a page that is askew needs a few nodes, a curled one more, and both lead to the same
// places as before.
func TestThinned(t *testing.T) {
	m := func(f func(x, y float64) layout.Point) *mesh {
		m := &mesh{cols: 53, rows: 74, step: meshStep}
		for i := range m.cols * m.rows {
			m.nodes = append(m.nodes, f(float64(i%m.cols*meshStep), float64(i/m.cols*meshStep)))
		}
		return m
	}
	for _, tt := range []struct {
		name string
		at   func(x, y float64) layout.Point
		most int // nodes
	}{
		{"askew", func(x, y float64) layout.Point { return layout.Point{X: 12 + .99*x - .03*y, Y: .03*x + .99*y} }, 100},
		{"curled", func(x, y float64) layout.Point { return layout.Point{X: x, Y: y + 20*(x/830-1)*(x/830-1)} }, 1200},
		{"crumpled", func(x, y float64) layout.Point { return layout.Point{X: x, Y: y + 3*math.Sin(x/20)} }, 53 * 74},
	} {
		whole := m(tt.at)
		thin := whole.thinned()
		if len(thin.nodes) > tt.most {
			t.Errorf("%s: %d nodes, want at most %d", tt.name, len(thin.nodes), tt.most)
		}
		for y := 3.0; y < 2300; y += 37 {
			for x := 5.0; x < 1650; x += 41 {
				p := layout.Point{X: x, Y: y}
				a, b := whole.at(p), thin.at(p)
				if math.Abs(a.X-b.X) > 2*thinError || math.Abs(a.Y-b.Y) > 2*thinError {
					t.Fatalf("%s: %v leads to %v, before to %v", tt.name, p, b, a)
				}
			}
		}
	}
}
