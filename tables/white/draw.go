package white

import (
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// draw gives the table's rulings: around it, around each cell of the header, along every row, and along the columns where no text
// runs over them.
func (t *table) draw() []layout.Ruling {
	var box layout.Rect
	for _, l := range t.lines[t.top:t.end] {
		box = box.Union(l.box)
	}
	edges, rows := t.edges(), t.rows()
	levels := t.levels(rows, box)
	top, foot := box.Y0-margin*t.em, levels[len(rows)]
	left, right := t.sides(box)
	var out []layout.Ruling
	draw := func(x0, y0, x1, y1 float64) {
		out = append(out, layout.Ruling{From: layout.Point{X: x0, Y: y0}, To: layout.Point{X: x1, Y: y1}})
	}
	draw(left, top, left, foot)
	draw(right, top, right, foot)
	draw(left, top, right, top)
	for _, y := range levels {
		draw(left, y, right, y)
	}
	if t.top < t.body {
		xs := slices.Concat([]float64{left}, edges, []float64{right})
		for _, c := range t.headCells(edges, top, levels[0]) {
			x0, x1 := xs[c.from], xs[c.to+1]
			draw(x0, c.y0, x1, c.y0)
			draw(x0, c.y1, x1, c.y1)
			draw(x0, c.y0, x0, c.y1)
			draw(x1, c.y0, x1, c.y1)
		}
	}
	for k, r := range rows {
		for _, x := range t.rowEdges(r, edges) {
			draw(x, levels[k], x, levels[k+1])
		}
	}
	return out
}

// sides are the places of the outer lines: those of rulings near the texts, or a little beside them.
func (t *table) sides(box layout.Rect) (left, right float64) {
	left, right = box.X0-sideMargin*t.em, box.X1+sideMargin*t.em
	if x, ok := t.wall(box.X0-outerWall*t.em, box.X0+overEdge*t.em, box.X0); ok {
		left = x
	}
	if x, ok := t.wall(box.X1-overEdge*t.em, box.X1+outerWall*t.em, box.X1); ok {
		right = x
	}
	return left, right
}

// rows gives the lines of each row of the body, by number. A row has one line of figures at most; what
// stands of its label above and below hangs together with it.
func (t *table) rows() (rows [][2]int) {
	parted := make([]bool, t.end+1) // before line i
	parted[t.body], parted[t.end] = true, true
	for i := t.body + 1; i < t.end; i++ {
		a, b := &t.lines[i-1], &t.lines[i]
		parted[i] = t.ruled(a.box.Center().Y, b.box.Center().Y) || b.box.Y0-a.box.Y1 > lineStep*t.em || a.banner || b.banner ||
			b.numbered && len(b.label()) > 0
	}
	last := -1 // the line of figures before
	for i := t.body; i < t.end; i++ {
		if !t.lines[i].valued() {
			continue
		}
		if last >= 0 && !slices.Contains(parted[last+1:i+1], true) {
			parted[t.widest(last+1, i)] = true
		}
		last = i
	}
	from := t.body
	for i := t.body + 1; i <= t.end; i++ {
		if parted[i] {
			rows = append(rows, [2]int{from, i})
			from = i
		}
	}
	return rows
}

// widest is the line, from the first to the last given, with most white over it.
func (t *table) widest(first, last int) int {
	over := func(k int) float64 { return t.lines[k].box.Y0 - t.lines[k-1].box.Y1 }
	out := first
	for k := first; k <= last; k++ {
		if over(k) > over(out) {
			out = k
		}
	}
	return out
}

// levels are the heights of the lines over each row and under the last.
func (t *table) levels(rows [][2]int, box layout.Rect) []float64 {
	out := make([]float64, 0, len(rows)+1)
	if t.top == t.body {
		out = append(out, box.Y0-margin*t.em)
	} else {
		out = append(out, t.between(t.lines[t.body-1].box.Y1, t.lines[t.body].box.Y0))
	}
	for k := 1; k < len(rows); k++ {
		a, b := &t.lines[rows[k-1][1]-1], &t.lines[rows[k][0]]
		y := t.between(a.box.Y1, b.box.Y0)
		// A group's label may stand beside both: it has no figure cut.
		if a.figures > 0 {
			y = max(y, a.bottom())
		}
		if b.figures > 0 {
			y = min(y, b.top())
		}
		out = append(out, y)
	}
	return append(out, box.Y1+margin*t.em)
}

// between is the place of a line between two lines of text: that of a ruling, or their middle.
func (t *table) between(y0, y1 float64) float64 {
	if y, ok := t.rule(min(y0, y1), max(y0, y1)); ok {
		return y
	}
	return (y0 + y1) / 2
}

// headCell is a label of the header with the columns that its text runs over, by number, and its cell's
// heights.
type headCell struct {
	from, to int
	y0, y1   float64
}

// meets says that two labels stand over a column both.
func (c headCell) meets(o headCell) bool { return c.from <= o.to && o.from <= c.to }

// within says that all of a label's columns are the other's too, or the other way round.
func (c headCell) within(o headCell) bool {
	return o.from <= c.from && o.to >= c.to || c.from <= o.from && c.to >= o.to
}

// union is the cell of two lines of one label.
func (c headCell) union(o headCell) headCell {
	return headCell{min(o.from, c.from), max(o.to, c.to), min(o.y0, c.y0), max(o.y1, c.y1)}
}

// headCells gives the cells of the header, which lies between two heights: each label's, as high as what
// stands above and below it in its columns leaves it.
func (t *table) headCells(edges []float64, top, bottom float64) []headCell {
	labels := t.headLabels(edges)
	out := slices.Clone(labels)
	for i, c := range labels {
		next := math.Inf(1)
		for _, o := range labels {
			if c.meets(o) && o.y0 > c.y0 {
				next = min(next, o.y0)
			}
		}
		out[i].y1 = bottom
		if !math.IsInf(next, 1) {
			out[i].y1 = t.between(c.y1, next)
		}
	}
	for i, c := range labels {
		out[i].y0 = top
		for k, o := range labels {
			if c.meets(o) && o.y0 < c.y0 {
				out[i].y0 = max(out[i].y0, out[k].y1)
			}
		}
	}
	return out
}

// headLabels are the labels of the header with the heights of their texts. Lines of one label are joined.
func (t *table) headLabels(edges []float64) []headCell {
	var out []headCell
	for _, l := range t.lines[t.top:t.body] {
		var beside []headCell
		for _, p := range l.parts {
			beside = append(beside, t.headLabel(p, edges))
		}
		for _, c := range beside {
			i := slices.IndexFunc(out, func(o headCell) bool {
				n := 0 // what stands under a group side by side goes on none of its lines
				for _, d := range beside {
					if o.meets(d) {
						n++
					}
				}
				return o.within(c) && n == 1 && c.y0-o.y1 <= wrapStep*t.em && !t.ruled((o.y0+o.y1)/2, (c.y0+c.y1)/2)
			})
			if i >= 0 {
				out[i] = out[i].union(c)
			} else {
				out = append(out, c)
			}
		}
	}
	return out
}

// headLabel is one line of a label.
func (t *table) headLabel(p segment, edges []float64) headCell {
	c := headCell{0, 0, p.y0, p.y1}
	for _, x := range edges {
		if x <= p.from+overEdge*t.em {
			c.from++
		}
		if x < p.to-overEdge*t.em {
			c.to++
		}
	}
	c.to = max(c.from, c.to)
	return c
}
