package raster

import (
	"cmp"
	"image"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/union"
)

// What is printed on the back of thin paper shows through, tables and all, and runs across the table in
// front. It is paler by far than anything printed in front.
const (
	// ghostShare: a ruling whose darkness is less than this share of that of the rulings it touches
	// shows through from the back.
	ghostShare = 0.3
	// A ruling is compared with one than which paleShare of the touching rulings, by length, are
	// paler. A table in front and one behind have about the same length of rulings, so that one is
	// always of the table in front.
	paleShare = 0.67
	// ghostReach is how far beside a ruling paper is looked for, ghostStep how far apart a ruling is looked
	// at, both in pixels.
	ghostReach, ghostStep = 6, 4
	// maxGhosts bounds the work on pictures of anything.
	maxGhosts = 2000
)

// inFront drops the rulings that show through from the back of the page; m leads from them to g.
func inFront(rs []layout.Ruling, m *mesh, g *image.Gray) []layout.Ruling {
	if len(rs) > maxGhosts {
		return rs
	}
	dark, least := make([]float64, len(rs)), make([]float64, len(rs))
	for i, r := range rs {
		dark[i] = darkness(r, m, g)
	}
	for _, group := range touching(rs) {
		slices.SortStableFunc(group, func(i, j int) int { return cmp.Compare(dark[i], dark[j]) })
		length := 0.0
		for _, i := range group {
			length += lengthOf(rs[i])
		}
		passed, usual := 0.0, 0.0
		for _, i := range group {
			if passed += lengthOf(rs[i]); passed >= paleShare*length {
				usual = dark[i]
				break
			}
		}
		for _, i := range group {
			least[i] = ghostShare * usual
		}
	}
	var out []layout.Ruling
	for i, r := range rs {
		if dark[i] >= least[i] {
			out = append(out, r)
		}
	}
	return out
}

func lengthOf(r layout.Ruling) float64 { return r.To.X - r.From.X + r.To.Y - r.From.Y }

// darkness is how much darker than the paper beside it a ruling is, where it is drawn, as a share.
func darkness(r layout.Ruling, m *mesh, g *image.Gray) float64 {
	var all []float64
	n := int(lengthOf(r)/ghostStep) + 1
	for i := range n {
		k := (float64(i) + .5) / float64(n)
		p := layout.Point{X: r.From.X + k*(r.To.X-r.From.X), Y: r.From.Y + k*(r.To.Y-r.From.Y)}
		paper, ink := uint8(0), uint8(255)
		for d := -ghostReach; d <= ghostReach; d++ {
			q := p
			if r.Horizontal() {
				q.Y += float64(d)
			} else {
				q.X += float64(d)
			}
			q = m.at(q)
			x, y := min(max(int(q.X), 0), g.Rect.Dx()-1), min(max(int(q.Y), 0), g.Rect.Dy()-1)
			v := g.Pix[y*g.Stride+x]
			if paper = max(paper, v); -2 <= d && d <= 2 {
				ink = min(ink, v)
			}
		}
		all = append(all, 1-float64(ink)/max(1, float64(paper)))
	}
	slices.Sort(all)
	return all[len(all)*3/4]
}

// touching gives the rulings in groups that hang together, by their places in rs.
func touching(rs []layout.Ruling) [][]int {
	const slack = 4
	sets := union.Of(len(rs))
	for i, a := range rs {
		for j, b := range rs[:i] {
			if a.From.X <= b.To.X+slack && b.From.X <= a.To.X+slack && a.From.Y <= b.To.Y+slack && b.From.Y <= a.To.Y+slack {
				sets.Join(i, j)
			}
		}
	}
	return sets.Groups()
}
