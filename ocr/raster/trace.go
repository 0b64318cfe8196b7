package raster

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// Tracing follows lines through a page that is not flat yet. The page is cut into strips strip
// pixels wide; in each, a line is a few rows with ink all along and paper above and below. What
// goes on from strip to strip without a jump is a track. Text is full of such places, too, but they
// do not go on.
const (
	strip = 32
	// stripInk of a strip's columns must have ink for a line to pass there.
	stripInk = 24
	// stripPaper columns with ink are still paper: crossing lines and noise.
	stripPaper = 8
	// paperReach is how many rows above and below a line are searched for paper.
	paperReach = 5
	// stripThick is the most rows that a line takes in a strip, drift included.
	stripThick = 11
	// leanMax is the steepest a track may be, as a slope: 7 degrees.
	leanMax = 0.123
	// trackInk of a track's columns must have ink in the mean: more than of a line of text.
	trackInk = 27
	// trackStrips is the fewest strips that make a track, trackSkip the most that it may miss in a row.
	trackStrips, trackSkip = 4, 2
)

// track is a line as it was found: points in its middle, one a strip, x along the line and y across.
type track struct {
	points []layout.Point
	// ink is how many columns of a strip had ink, in the sum over the points.
	ink int
}

func (t *track) length() float64 { return t.points[len(t.points)-1].X - t.points[0].X }

// slope of the straight line through the points, and how far they lie from it in the mean.
func (t *track) slope() (slope, spread float64) {
	var n, sx, sy, sxx, sxy, syy float64
	x0, y0 := t.points[0].X, t.points[0].Y
	for _, p := range t.points {
		x, y := p.X-x0, p.Y-y0
		n, sx, sy, sxx, sxy, syy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y, syy+y*y
	}
	vx, vxy, vy := sxx-sx*sx/n, sxy-sx*sy/n, syy-sy*sy/n
	if vx <= 0 {
		return 0, math.Inf(1)
	}
	return vxy / vx, math.Sqrt(max(0, vy-vxy*vxy/vx) / n)
}

// trace finds the lines that go from left to right.
func trace(b *bitmap) []track {
	strips := b.w / strip
	// one holds, for each strip and row, how many of its columns have ink there; three the same for
	// the row and its two neighbours together, so that a line that drifts or frays is whole.
	one, three := make([]uint8, strips*b.h), make([]uint8, strips*b.h)
	half := func(w uint64, i int) uint32 { return uint32(w >> (i & 1 * strip)) }
	for y := range b.h {
		mid := b.row(y)
		up, down := mid, mid
		if y > 0 {
			up = b.row(y - 1)
		}
		if y+1 < b.h {
			down = b.row(y + 1)
		}
		for s := range strips {
			m := half(mid[s/2], s)
			all := m | half(up[s/2], s) | half(down[s/2], s)
			if all != 0 {
				one[s*b.h+y], three[s*b.h+y] = uint8(bits.OnesCount32(m)), uint8(bits.OnesCount32(all))
			}
		}
	}
	var done, active []track
	var places []passage
	for s := range strips {
		places = passages(places[:0], one[s*b.h:][:b.h], three[s*b.h:][:b.h])
		x := float64(s*strip + strip/2)
		active = follow(active, places, x)
		active = slices.DeleteFunc(active, func(t track) bool {
			if x-t.points[len(t.points)-1].X < (trackSkip+1)*strip {
				return false
			}
			done = append(done, t)
			return true
		})
	}
	return slices.DeleteFunc(append(done, active...), func(t track) bool {
		if len(t.points) < trackStrips || t.ink < trackInk*len(t.points) {
			return true
		}
		slope, spread := t.slope()
		// A long line may bend a little, a short one has no room to.
		return math.Abs(slope) > leanMax || spread > 0.4+3e-6*t.length()*t.length()
	})
}

// passage is where a line passes a strip: its height, and how many columns have ink there.
type passage struct {
	y   float64
	ink int
}

// passages appends where lines pass a strip.
func passages(out []passage, one, three []uint8) []passage {
	for y := 0; y < len(three); y++ {
		if three[y] < stripInk {
			continue
		}
		a := y
		for y+1 < len(three) && three[y+1] >= stripInk {
			y++
		}
		// Three rows see a line one row too early and too late.
		if y-a+1 > stripThick || !paperNear(one, a+1, -1) || !paperNear(one, y-1, 1) {
			continue
		}
		var sum, weight float64
		var most uint8
		for r := a; r <= y; r++ {
			most = max(most, three[r])
			sum += (float64(r) + .5) * float64(one[r])
			weight += float64(one[r])
		}
		if weight > 0 {
			out = append(out, passage{sum / weight, int(most)})
		}
	}
	return out
}

func paperNear(one []uint8, y, step int) bool {
	for range paperReach {
		y += step
		if y < 0 || y >= len(one) || one[y] <= stripPaper {
			return true
		}
	}
	return false
}

// follow carries the tracks on to the places found at x, each to the nearest that it could have
// reached, and starts tracks at the places that are left.
func follow(active []track, places []passage, x float64) []track {
	type pair struct {
		far   float64
		track int
		place int
	}
	var pairs []pair
	for i := range active {
		p := active[i].points
		last := p[len(p)-1]
		slope, reach := 0.0, strip*leanMax
		if n := len(p); n > 1 {
			first := p[max(0, n-6)]
			slope = (last.Y - first.Y) / (last.X - first.X)
			reach = 1.2 + 3/float64(n)
		}
		want := last.Y + slope*(x-last.X)
		k, _ := slices.BinarySearchFunc(places, want-reach, func(p passage, y float64) int { return cmp.Compare(p.y, y) })
		for ; k < len(places) && places[k].y <= want+reach; k++ {
			pairs = append(pairs, pair{math.Abs(places[k].y - want), i, k})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.far, b.far), a.track-b.track, a.place-b.place)
	})
	went, taken := make([]bool, len(active)), make([]bool, len(places))
	for _, p := range pairs {
		if !went[p.track] && !taken[p.place] {
			went[p.track], taken[p.place] = true, true
			t := &active[p.track]
			t.points = append(t.points, layout.Point{X: x, Y: places[p.place].y})
			t.ink += places[p.place].ink
		}
	}
	for k, p := range places {
		if !taken[k] {
			active = append(active, track{[]layout.Point{{X: x, Y: p.y}}, p.ink})
		}
	}
	return active
}
