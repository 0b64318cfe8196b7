package vector

import (
	"math"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout"
)

const (
	// thin, in points, is the most a filled shape may measure across to be a ruling.
	thin = 3.0
	// slender is how many times longer than thick a filled shape must be to be a ruling.
	slender = 3.0
	// shortest ruling, in points: what is shorter is a corner or the dot of a dotted line.
	shortest = 2.0
	// slant is how far off the axis a ruling may run, in parts of its length, or in points.
	slant, slantPoints = 0.01, 0.5
	// longest ruling, in points, is that of the largest page.
	longest = 20_000
	// manyLines: an outline with more corners that holds no ruling is a letter or an ornament.
	manyLines = 5
)

// Path is a drawn path, on the displayed page.
type Path struct {
	// Stroked paths draw their lines, with that thickness in points; others fill their area.
	Stroked   bool
	Thickness float64
	// Filled paths cover what was painted before them, unless they are Clear: seen through. Order is that of painting.
	Filled, Clear bool
	Order         int
	Color         flow.Color
	// Shaded says that the area has no plain color.
	Shaded bool

	subs   [][]layout.Point
	closed []bool
	curved bool
	points int
}

// Move begins a new part of the path.
func (p *Path) Move(to layout.Point) {
	p.points++
	p.subs = append(p.subs, []layout.Point{to})
	p.closed = append(p.closed, false)
}

// Line draws a straight line.
func (p *Path) Line(to layout.Point) {
	if len(p.subs) == 0 {
		p.Move(to)
		return
	}
	p.points++
	k := len(p.subs) - 1
	if p.closed[k] {
		// The pen is back at the beginning of the part that was closed.
		p.Move(p.subs[k][0])
		k++
	}
	p.subs[k] = append(p.subs[k], to)
}

// Curve draws any other line.
func (p *Path) Curve(to layout.Point) {
	p.Line(to)
	p.curved = true
}

// Close draws the line back to where the part began.
func (p *Path) Close() {
	if k := len(p.closed) - 1; k >= 0 {
		p.closed[k] = true
	}
}

// Bounds of the path.
func (p *Path) Bounds() layout.Rect {
	var all []layout.Point
	for _, sub := range p.subs {
		all = append(all, sub...)
	}
	if len(all) == 0 {
		return layout.Rect{}
	}
	return Bounds(all...)
}

// Art gathers what is drawn on a page of that size beside text and pictures.
type Art struct {
	Width, Height float64
	Rulings       []layout.Ruling
	// Covers are the filled shapes and the pictures, in the order of painting.
	Covers []Cover
	// Shapes counts drawings that are no rulings: letters drawn as outlines, ornaments.
	Shapes int
	// Marks are those of them that are as large as figures in a cell are.
	Marks []layout.Rect

	slanted [][2]layout.Point // strokes along neither axis
	pieces  []layout.Rect     // parts of drawings as small as strokes of figures
}

// Add takes the rulings out of a path: straight strokes along an axis, and filled shapes so thin that
// they are lines. A path with curves is a letter or a rounded frame: its straight pieces are no
// rulings of a table.
func (a *Art) Add(p *Path) {
	a.cover(p)
	if p.curved {
		a.shape(p)
		a.scrawl(p)
		return
	}
	before := len(a.Rulings)
	for i, sub := range p.subs {
		if !p.Clear || p.Stroked {
			a.piece(sub)
		}
		if len(sub) < 2 {
			continue
		}
		if i > 0 && !p.Stroked && a.frame(p.subs[i-1], sub) {
			continue
		}
		if !p.Stroked {
			a.Fill(Bounds(sub...))
			continue
		}
		for k := 1; k < len(sub); k++ {
			a.stroke(sub[k-1], sub[k], p.Thickness)
		}
		if p.closed[i] {
			a.stroke(sub[len(sub)-1], sub[0], p.Thickness)
		}
	}
	if len(a.Rulings) == before && p.points > manyLines {
		a.shape(p)
	}
}

// shape counts a drawing that is no ruling.
func (a *Art) shape(p *Path) {
	a.Shapes++
	if box := p.Bounds(); Mark(box) {
		a.Marks = append(a.Marks, box)
	}
}

// cover keeps what a path hides: the inside of filled rectangles, and of strokes so thick that nothing is seen of what they strike out.
func (a *Art) cover(p *Path) {
	if p.Clear {
		return
	}
	for i, sub := range p.subs {
		if len(sub) < 2 {
			continue
		}
		box := Bounds(sub...)
		switch {
		case p.Filled && (rectangle(sub) || p.curved):
			a.Covers = append(a.Covers, Cover{Box: box, Order: p.Order, Color: p.Color, Picture: p.Shaded})
		case p.Filled && len(p.subs) == 1 && len(sub) > 3:
			a.Covers = append(a.Covers, Cover{Box: box, Order: p.Order, Picture: true}) // not all of the box: what is seen there, the drawn page says
		case p.Stroked && p.Thickness > thin && !p.curved && len(sub) == 2 && !p.closed[i]:
			half := p.Thickness / 2
			box = layout.Rect{X0: box.X0 - half, Y0: box.Y0 - half, X1: box.X1 + half, Y1: box.Y1 + half}
			a.Covers = append(a.Covers, Cover{Box: box, Order: p.Order, Color: p.Color})
		}
	}
}

// scrawl keeps what a hand drew: an open line that winds may strike figures out.
func (a *Art) scrawl(p *Path) {
	for i, sub := range p.subs {
		for k := 1; k < len(sub) && p.Stroked && !p.Filled && !p.closed[i]; k++ {
			a.slanted = append(a.slanted, [2]layout.Point{sub[k-1], sub[k]})
		}
	}
}

// stroke keeps a line that runs along an axis.
func (a *Art) stroke(p, q layout.Point, thickness float64) {
	dx, dy := math.Abs(p.X-q.X), math.Abs(p.Y-q.Y)
	length := max(dx, dy)
	if !(length >= shortest && length <= longest) {
		return
	}
	if min(dx, dy) > max(slant*length, slantPoints) {
		a.slanted = append(a.slanted, [2]layout.Point{p, q})
		return
	}
	if dx >= dy {
		y := (p.Y + q.Y) / 2
		a.keep(min(p.X, q.X), y, max(p.X, q.X), y, thickness)
		return
	}
	x := (p.X + q.X) / 2
	a.keep(x, min(p.Y, q.Y), x, max(p.Y, q.Y), thickness)
}

// Fill keeps a filled box that is so thin that it is a line, and says so. Wider ones are shading.
func (a *Art) Fill(box layout.Rect) bool {
	dx, dy := box.Width(), box.Height()
	across, along := min(dx, dy), max(dx, dy)
	if !(across <= thin && along <= longest) {
		return false
	}
	if along < slender*across || along < shortest {
		return true
	}
	if c := box.Center(); dx >= dy {
		a.keep(box.X0, c.Y, box.X1, c.Y, across)
	} else {
		a.keep(c.X, box.Y0, c.X, box.Y1, across)
	}
	return true
}

// frame takes the sides of a border that is filled between two rectangles, one within the other.
func (a *Art) frame(p, q []layout.Point) bool {
	if !rectangle(p) || !rectangle(q) {
		return false
	}
	outer, inner := Bounds(p...), Bounds(q...)
	if outer.Width() < inner.Width() {
		outer, inner = inner, outer
	}
	sides := []layout.Rect{
		{X0: outer.X0, Y0: outer.Y0, X1: inner.X0, Y1: outer.Y1},
		{X0: inner.X1, Y0: outer.Y0, X1: outer.X1, Y1: outer.Y1},
		{X0: outer.X0, Y0: outer.Y0, X1: outer.X1, Y1: inner.Y0},
		{X0: outer.X0, Y0: inner.Y1, X1: outer.X1, Y1: outer.Y1},
	}
	for _, side := range sides {
		if side.Width() < 0 || side.Height() < 0 || min(side.Width(), side.Height()) > thin {
			return false
		}
	}
	for _, side := range sides {
		if !side.Empty() {
			a.Fill(side)
		}
	}
	return true
}

// rectangle says that an outline is one, with sides along the axes.
func rectangle(p []layout.Point) bool {
	if len(p) == 5 && p[4] == p[0] {
		p = p[:4]
	}
	if len(p) != 4 {
		return false
	}
	for i := range p {
		q := p[(i+1)%4]
		if math.Abs(p[i].X-q.X) > slantPoints && math.Abs(p[i].Y-q.Y) > slantPoints {
			return false
		}
	}
	return true
}

// keep cuts a ruling to the page.
func (a *Art) keep(x0, y0, x1, y1, thickness float64) {
	if x1 < 0 || y1 < 0 || x0 > a.Width || y0 > a.Height {
		return
	}
	a.Rulings = append(a.Rulings, layout.Ruling{
		From:      layout.Point{X: max(x0, 0), Y: max(y0, 0)},
		To:        layout.Point{X: min(x1, a.Width), Y: min(y1, a.Height)},
		Thickness: thickness,
	})
}

// Bounds is the smallest box around points, of which there must be one.
func Bounds(points ...layout.Point) layout.Rect {
	r := layout.Rect{X0: points[0].X, Y0: points[0].Y, X1: points[0].X, Y1: points[0].Y}
	for _, p := range points[1:] {
		r = layout.Rect{X0: min(r.X0, p.X), Y0: min(r.Y0, p.Y), X1: max(r.X1, p.X), Y1: max(r.Y1, p.Y)}
	}
	return r
}
