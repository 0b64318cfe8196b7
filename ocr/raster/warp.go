package raster

import (
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// A sheet is made flat by two smooth functions that are fitted to its own rulings: after a turn by
// the page's skew, what lies on one horizontal ruling gets one y, what lies on one vertical ruling
// one x. That covers skew, a camera held askew and paper that is not flat, without knowing which.
// The functions are polynomials without terms that move whole rulings, which nothing on the page
// could tell.

// bend is a polynomial: how far a point must move across the rulings, by its place along and across.
type bend struct {
	coef [len(terms)]float64
	// The rulings that it comes from lie here; outside it stays as it is at the border, because a
	// polynomial runs wild where nothing holds it.
	box   layout.Rect
	scale float64
}

// terms are the powers along and across, and the share of half the page that such a term moves
// things by, at most.
var terms = [...]struct {
	along, across int
	size          float64
}{
	{1, 0, .06}, {1, 1, .06}, {2, 0, .05}, {1, 2, .03}, {2, 1, .03}, {3, 0, .03}, {3, 1, .02}, {2, 2, .02}, {1, 3, .02}, {4, 0, .02},
}

const (
	// traceError is how exact a point of a track is, in pixels.
	traceError = 0.5
	// A track that the fit leaves leaning by slantError from end to end, or strayError in the mean, is
	// no ruling.
	slantError, strayError = 2.0, 1.2
	// coreShare of the longest track's length makes a long one.
	coreShare = 0.4
	// agreeTimes as much must agree with another bend for it to be taken.
	agreeTimes = 1.25
	fitRounds  = 6
)

// at gives how far to move; x along and y across, as the tracks had them.
func (b *bend) at(x, y float64) float64 {
	if b.scale == 0 {
		return 0
	}
	var f [len(terms)]float64
	b.features(&f, x, y)
	s := 0.0
	for i, c := range b.coef {
		s += c * f[i]
	}
	return s
}

func (b *bend) features(f *[len(terms)]float64, x, y float64) {
	u := min(max(x, b.box.X0), b.box.X1) / b.scale
	v := min(max(y, b.box.Y0), b.box.Y1) / b.scale
	for i, t := range terms {
		p := u
		for range t.along - 1 {
			p *= u
		}
		for range t.across {
			p *= v
		}
		f[i] = p
	}
}

// straighten fits the bend that makes the tracks level; half is half the page's longer side.
func straighten(tracks []track, half float64) bend {
	b := bend{scale: half}
	if len(tracks) == 0 {
		return bend{}
	}
	for i, t := range tracks {
		for j, p := range t.points {
			if i == 0 && j == 0 {
				b.box = layout.Rect{X0: p.X, Y0: p.Y, X1: p.X, Y1: p.Y}
			}
			b.box = layout.Rect{X0: min(b.box.X0, p.X), Y0: min(b.box.Y0, p.Y), X1: max(b.box.X1, p.X), Y1: max(b.box.Y1, p.Y)}
		}
	}
	// Long tracks are rulings; short ones may be text that happened to go on, and are believed when they agree with the long ones. But so may
	// the longest be: where more agrees with all of them, it is no measure.
	longest, all := 0.0, 0.0
	for _, t := range tracks {
		longest, all = max(longest, t.length()), all+t.length()
	}
	out, agree := b.fit(tracks, coreShare*longest)
	if agree*agreeTimes < all {
		if o, also := b.fit(tracks, 0); also > agreeTimes*agree {
			return o
		}
	}
	return out
}

// fit is the bend that makes most of the tracks level, those of some length at first, and the length of all that it does. It gives none where it
// makes none level.
func (b bend) fit(tracks []track, core float64) (out bend, level float64) {
	agree := slices.DeleteFunc(slices.Clone(tracks), func(t track) bool { return t.length() < core })
	for round := range fitRounds {
		b.coef = b.solve(agree, round > 0)
		level = 0
		agree = slices.DeleteFunc(slices.Clone(tracks), func(t track) bool {
			if t.length() < core && round < fitRounds/2 {
				return true
			}
			slope, spread := b.straightened(t).slope()
			if math.Abs(slope)*t.length() > slantError || spread > strayError {
				return true
			}
			level += t.length()
			return false
		})
		if len(agree) == 0 {
			return bend{}, 0
		}
	}
	return b, level
}

// straightened is the track as the bend has it.
func (b *bend) straightened(t track) *track {
	out := &track{points: slices.Clone(t.points)}
	for i, p := range t.points {
		out.points[i].Y += b.at(p.X, p.Y)
	}
	return out
}

// residuals gives how far a track's points lie from the level that they share.
func (b *bend) residuals(t track) []float64 {
	r := make([]float64, len(t.points))
	for i, p := range t.points {
		r[i] = p.Y + b.at(p.X, p.Y)
	}
	s := slices.Clone(r)
	slices.Sort(s)
	for i := range r {
		r[i] -= s[len(s)/2]
	}
	return r
}

// solve finds the coefficients by least squares. Each track has a level of its own, which is taken
// out by centring. With robust set, points count the less the farther they lie off.
func (b *bend) solve(tracks []track, robust bool) [len(terms)]float64 {
	const n = len(terms)
	var a [n][n + 1]float64
	for i, t := range terms {
		a[i][i] = (traceError / (t.size * b.scale)) * (traceError / (t.size * b.scale))
	}
	var feats [][n]float64
	var weights []float64
	for _, t := range tracks {
		feats, weights = feats[:0], weights[:0]
		var mean [n]float64
		var level, sum float64
		var res []float64
		if robust {
			res = b.residuals(t)
		}
		for i, p := range t.points {
			var f [n]float64
			b.features(&f, p.X, p.Y)
			w := 1.0
			if robust {
				w = 1 / (1 + res[i]*res[i]/(4*traceError*traceError))
			}
			for k := range f {
				mean[k] += w * f[k]
			}
			level += w * p.Y
			sum += w
			feats, weights = append(feats, f), append(weights, w)
		}
		for k := range mean {
			mean[k] /= sum
		}
		level /= sum
		for i, p := range t.points {
			f, w := &feats[i], weights[i]
			for k := range f {
				f[k] -= mean[k]
			}
			d := level - p.Y
			for j := range n {
				for k := range n {
					a[j][k] += w * f[j] * f[k]
				}
				a[j][n] += w * f[j] * d
			}
		}
	}
	return gauss(a)
}

// gauss solves a system whose matrix is positive definite.
func gauss(a [len(terms)][len(terms) + 1]float64) (x [len(terms)]float64) {
	n := len(terms)
	for i := range n {
		for j := i + 1; j < n; j++ {
			f := a[j][i] / a[i][i]
			for k := i; k <= n; k++ {
				a[j][k] -= f * a[i][k]
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		x[i] = a[i][n]
		for k := i + 1; k < n; k++ {
			x[i] -= a[i][k] * x[k]
		}
		x[i] /= a[i][i]
	}
	return x
}

// warp leads from a flat page to the crooked one and back. Both have their origin in the middle of
// the crooked page.
type warp struct {
	cos, sin float64
	// down moves points in y so that horizontal rulings become level, aside in x so that vertical
	// ones become upright.
	down, aside bend
}

// unbend fits the warp of a page of w x h pixels to its rulings; the vertical ones have x and y
// swapped. Skew is the slope to use when there are none.
func unbend(across, upright []track, w, h int, skew float64) warp {
	if s, ok := skewOf(across, upright); ok {
		skew = s
	}
	a := math.Atan(skew)
	wp := warp{cos: math.Cos(a), sin: math.Sin(a)}
	cx, cy := float64(w)/2, float64(h)/2
	turn := func(ts []track, swapped bool) []track {
		out := make([]track, len(ts))
		for i, t := range ts {
			out[i].points = make([]layout.Point, len(t.points))
			for j, p := range t.points {
				if swapped {
					p.X, p.Y = p.Y, p.X
				}
				p = wp.level(layout.Point{X: p.X - cx, Y: p.Y - cy})
				if swapped {
					p.X, p.Y = p.Y, p.X
				}
				out[i].points[j] = p
			}
		}
		return out
	}
	half := max(cx, cy)
	wp.down = straighten(turn(across, false), half)
	wp.aside = straighten(turn(upright, true), half)
	return wp
}

// skewOf is the slope of most rulings, weighed by their length.
func skewOf(across, upright []track) (skew float64, ok bool) {
	type vote struct{ slope, length float64 }
	var votes []vote
	var sum float64
	for i, ts := range [][]track{across, upright} {
		for _, t := range ts {
			s, _ := t.slope()
			if i == 1 {
				s = -s
			}
			votes = append(votes, vote{s, t.length()})
			sum += t.length()
		}
	}
	slices.SortFunc(votes, func(a, b vote) int {
		if a.slope < b.slope {
			return -1
		}
		return 1
	})
	for _, v := range votes {
		if sum -= 2 * v.length; sum <= 0 {
			return v.slope, true
		}
	}
	return 0, false
}

// level turns a point of the crooked page by the skew.
func (w *warp) level(p layout.Point) layout.Point {
	return layout.Point{X: w.cos*p.X + w.sin*p.Y, Y: w.cos*p.Y - w.sin*p.X}
}

// flat gives the place on the flat page of a point on the crooked one.
func (w *warp) flat(p layout.Point) layout.Point {
	p = w.level(p)
	return layout.Point{X: p.X + w.aside.at(p.Y, p.X), Y: p.Y + w.down.at(p.X, p.Y)}
}

// crooked is the inverse of flat, sought from near, a place on the crooked page that is not far off.
func (w *warp) crooked(p, near layout.Point) layout.Point {
	q := w.level(near)
	for range 12 {
		next := layout.Point{X: p.X - w.aside.at(q.Y, q.X), Y: p.Y - w.down.at(q.X, q.Y)}
		far := math.Abs(next.X-q.X) + math.Abs(next.Y-q.Y)
		if q = next; far < 0.01 {
			break
		}
	}
	return layout.Point{X: w.cos*q.X - w.sin*q.Y, Y: w.sin*q.X + w.cos*q.Y}
}

// mesh is a warp in the form of a table: the place on the picture for every step-th pixel of the flat
// page, both ways, and linear between.
type mesh struct {
	cols, rows int
	step       float64
	nodes      []layout.Point
	// plain is set when flat and picture are the same.
	plain bool
}

// meshStep is the mesh's step in pixels of the reduced page; a power of two that divides 64.
const meshStep = 32

// plainError is how far a mesh may lie off, in pixels, and still count as no warp at all.
const plainError = 0.4

// mesh tabulates the warp for a crooked page of w x h pixels. The flat page, width x height, holds
// all of it.
func (wp *warp) mesh(w, h int) (m *mesh, width, height int) {
	cx, cy := float64(w)/2, float64(h)/2
	lo, hi := layout.Point{X: math.Inf(1), Y: math.Inf(1)}, layout.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for i := range 9 {
		p := wp.flat(layout.Point{X: float64(i%3-1) * cx, Y: float64(i/3-1) * cy})
		lo = layout.Point{X: min(lo.X, p.X), Y: min(lo.Y, p.Y)}
		hi = layout.Point{X: max(hi.X, p.X), Y: max(hi.Y, p.Y)}
	}
	if math.Abs(lo.X+cx) < plainError && math.Abs(lo.Y+cy) < plainError {
		lo = layout.Point{X: -cx, Y: -cy}
	}
	width, height = int(math.Ceil(hi.X-lo.X-.5)), int(math.Ceil(hi.Y-lo.Y-.5))
	m = &mesh{cols: (width+meshStep-1)/meshStep + 1, rows: (height+meshStep-1)/meshStep + 1, step: meshStep, plain: true}
	m.nodes = make([]layout.Point, m.cols*m.rows)
	for r := range m.rows {
		for c := range m.cols {
			p := layout.Point{X: float64(c*meshStep) + lo.X, Y: float64(r*meshStep) + lo.Y}
			q := wp.crooked(p, p)
			q.X, q.Y = q.X+cx, q.Y+cy
			m.nodes[r*m.cols+c] = q
			if math.Abs(q.X-float64(c*meshStep)) > plainError || math.Abs(q.Y-float64(r*meshStep)) > plainError {
				m.plain = false
			}
		}
	}
	return m, width, height
}

// at gives the place on the picture of a point of the flat page.
func (m *mesh) at(p layout.Point) layout.Point {
	u, v := p.X/m.step, p.Y/m.step
	c := min(max(int(u), 0), m.cols-2) // what is below 0 is 0 either way
	r := min(max(int(v), 0), m.rows-2)
	u, v = u-float64(c), v-float64(r)
	n := m.nodes[r*m.cols+c:]
	a, b, d, e := n[0], n[1], n[m.cols], n[m.cols+1]
	return layout.Point{
		X: (a.X*(1-u)+b.X*u)*(1-v) + (d.X*(1-u)+e.X*u)*v,
		Y: (a.Y*(1-u)+b.Y*u)*(1-v) + (d.Y*(1-u)+e.Y*u)*v,
	}
}

// turned is the mesh of the flat page, width x height in the mesh's own unit, turned a quarter
// clockwise.
func (m *mesh) turned(width, height float64) *mesh {
	cols, rows := int(math.Ceil(height/m.step))+1, int(math.Ceil(width/m.step))+1
	t := &mesh{cols: cols, rows: rows, step: m.step, nodes: make([]layout.Point, cols*rows)}
	for r := range rows {
		for c := range cols {
			t.nodes[r*cols+c] = m.at(layout.Point{X: float64(r) * m.step, Y: height - float64(c)*m.step})
		}
	}
	return t
}

// flatten draws the ink of a crooked page on the flat one.
func (m *mesh) flatten(ink *bitmap, width, height int) *bitmap {
	out := newBitmap(width, height)
	for y := range height {
		row := out.row(y)
		v := float64(y) + .5
		b := m.at(layout.Point{X: .5, Y: v})
		for x := 0; x < width; x += meshStep {
			n := min(meshStep, width-x)
			a := b
			b = m.at(layout.Point{X: float64(x+meshStep) + .5, Y: v})
			px, py := int(a.X*one), int(a.Y*one)
			dx, dy := int((b.X-a.X)*one)/meshStep, int((b.Y-a.Y)*one)/meshStep
			lx, ly := px+(n-1)*dx, py+(n-1)*dy // the last pixel
			if ink.clearAlong(px>>16, py>>16, lx>>16, ly>>16) {
				continue
			}
			var bits uint64
			if py>>16 == ly>>16 && lx>>16-px>>16 == n-1 && px >= 0 && lx>>16 < ink.w && uint(py>>16) < uint(ink.h) {
				bits = ink.stretch(px>>16, py>>16, n) // pixel upon pixel
			} else {
				for i := range n {
					sx, sy := px>>16, py>>16
					if uint(sx) < uint(ink.w) && uint(sy) < uint(ink.h) {
						bits |= (ink.words[sy*ink.stride+sx>>6] >> (sx & 63) & 1) << i
					}
					px, py = px+dx, py+dy
				}
			}
			row[x>>6] |= bits << (x & 63)
		}
	}
	return out
}
