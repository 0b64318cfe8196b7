package stream

import (
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables/text"
)

// label is what stands in the header as one cell.
type label struct {
	from, to int // columns
	level    int // how many labels stand below it
	box      layout.Rect
	words    []layout.Word
}

func (l label) meets(o label) bool { return l.from <= o.to && o.from <= l.to }

func (l label) within(o label) bool { return o.from <= l.from && l.to <= o.to }

// header makes the cells of the header: lines of one label joined, those of groups over their columns.
func (g *grid) header() []layout.Cell {
	labels := g.labels()
	if len(labels) == 0 {
		return nil
	}
	depth := 0
	for i := len(labels) - 1; i >= 0; i-- {
		for k := range labels {
			if k != i && labels[i].meets(labels[k]) && labels[k].box.Y0 > labels[i].box.Y0 {
				labels[i].level = max(labels[i].level, labels[k].level+1)
			}
		}
		depth = max(depth, labels[i].level+1)
	}
	var out []layout.Cell
	for i, l := range labels {
		top := 0
		for k, o := range labels {
			if k != i && l.meets(o) && o.box.Y0 < l.box.Y0 {
				top = max(top, depth-o.level)
			}
		}
		row := depth - 1 - l.level
		top = min(top, row)
		out = append(out, layout.Cell{Row: top, Col: l.from, RowSpan: row - top + 1, ColSpan: l.to - l.from + 1, Box: l.box, Text: text.Cell(l.words, 0)})
	}
	slices.SortFunc(out, func(a, b layout.Cell) int {
		if a.Row != b.Row {
			return a.Row - b.Row
		}
		return a.Col - b.Col
	})
	return disjoint(out)
}

// disjoint is the cells with each position given to the first that claims it. One that keeps none of its own goes on the text of whose it is.
func disjoint(cells []layout.Cell) []layout.Cell {
	type position struct{ row, col int }
	owner := map[position]int{}
	var out []layout.Cell
	for _, c := range cells {
		free := func() int { // columns that are free in all rows of the cell
			n := 0
			for ; n < c.ColSpan; n++ {
				for r := c.Row; r < c.Row+c.RowSpan; r++ {
					if _, taken := owner[position{r, c.Col + n}]; taken {
						return n
					}
				}
			}
			return n
		}
		first := position{c.Row + c.RowSpan - 1, c.Col}
		for c.ColSpan > 0 && free() == 0 {
			if c.RowSpan > 1 {
				c.Row, c.RowSpan = c.Row+1, c.RowSpan-1
				continue
			}
			c.Col, c.ColSpan = c.Col+1, c.ColSpan-1
		}
		if c.ColSpan = free(); c.ColSpan == 0 {
			out[owner[first]].Text += "\n" + c.Text
			continue
		}
		for r := c.Row; r < c.Row+c.RowSpan; r++ {
			for k := c.Col; k < c.Col+c.ColSpan; k++ {
				owner[position{r, k}] = len(out)
			}
		}
		out = append(out, c)
	}
	return out
}

// labels are the texts over the body, lines of one label joined, from top to bottom.
func (g *grid) labels() []label {
	var out []label
	for i := 0; i < g.body; i++ {
		var beside []label
		for _, c := range g.pieces[i] {
			beside = append(beside, g.widened(label{from: c.from, to: c.to, box: c.box, words: c.words}, i))
		}
		for _, c := range beside {
			k := slices.IndexFunc(out, func(o label) bool {
				n := 0
				for _, d := range beside {
					if o.meets(d) {
						n++
					}
				}
				return (o.within(c) || c.within(o)) && n == 1 && c.box.Y0-o.box.Y1 <= g.wrap && c.box.Y0 > o.box.Y0 && !g.parted(o, c)
			})
			if k >= 0 {
				o := &out[k]
				o.from, o.to, o.box, o.words = min(o.from, c.from), max(o.to, c.to), o.box.Union(c.box), slices.Concat(o.words, c.words)
			} else {
				out = append(out, c)
			}
		}
	}
	return out
}

// widened is a label with the columns that a ruling under it groups.
func (g *grid) widened(l label, i int) label {
	for _, r := range g.level {
		if r.At < l.box.Y1-0.3*g.em || r.At > l.box.Y1+g.em || r.From > l.box.X0+g.em || r.To < l.box.X1-g.em {
			continue
		}
		from, to := l.from, l.to
		for k, c := range g.columns {
			if mid := (c.from + c.to) / 2; mid > r.From && mid < r.To {
				from, to = min(from, k), max(to, k)
			}
		}
		free := !slices.ContainsFunc(g.pieces[i], func(c piece) bool { return (c.from < l.from || c.from > l.to) && c.from <= to && c.to >= from })
		if free && !g.ofTable(r, g.box) {
			l.from, l.to = from, to
			return l
		}
	}
	if from, to := g.walledIn(l, i); from < to {
		l.from, l.to = from, to
		return l
	}
	if k := g.sharedWith(l, i); k >= 0 {
		l.from, l.to = min(l.from, k), max(l.to, k)
		return l
	}
	// One that stands alone over the middle of all columns of figures is their title.
	last := len(g.columns) - 1
	others := slices.ContainsFunc(g.pieces[i], func(c piece) bool { return c.from > 0 && c.from != l.from })
	if left, right := g.columns[1].from, g.columns[last].to; !others && last > 1 && l.from > 0 && math.Abs(l.box.Center().X-(left+right)/2) < centred*(right-left) {
		l.from, l.to = 1, last
	}
	return l
}

// walledIn gives the columns between the walls on both sides of a label that stands alone in their middle.
func (g *grid) walledIn(l label, i int) (from, to int) {
	left, right := g.box.X0-g.em, g.box.X1+g.em
	walled, y := false, l.box.Center().Y
	for _, w := range g.walls {
		switch {
		case w.From > y || w.To < y || w.At < left || w.At > right:
		case w.At <= l.box.X0:
			left, walled = w.At, true
		case w.At >= l.box.X1:
			right, walled = w.At, true
		}
	}
	from, to = len(g.columns), -1
	for k, c := range g.columns {
		if mid := (c.from + c.to) / 2; mid > left && mid < right {
			from, to = min(from, k), max(to, k)
		}
	}
	others := slices.ContainsFunc(g.pieces[i], func(c piece) bool { return (c.from < l.from || c.from > l.to) && c.from <= to && c.to >= from })
	if !walled || others || from > l.from || to < l.to || math.Abs(l.box.Center().X-(left+right)/2) > centred*(right-left) {
		return l.from, l.from
	}
	return from, to
}

// sharedWith is the column beside that of a label over which it stands, too, as the title of a pair does: nothing stands over the other,
// as over no two neighbours in the header, and the middle of what stands below both is nearer to its own than that of what stands below
// it alone. It is -1 where there is none.
func (g *grid) sharedWith(l label, i int) int {
	if l.from != l.to || l.from == 0 {
		return -1
	}
	open, below := make([]bool, len(g.columns)+1), map[int]span{}
	for k := range g.columns {
		over := false
		for j := range g.body {
			for _, c := range g.pieces[j] {
				switch s, ok := below[k]; {
				case c.from > k || c.to < k:
				case j <= i:
					over = true
				case c.from == c.to && ok:
					below[k] = span{min(s.from, c.box.X0), max(s.to, c.box.X1)}
				case c.from == c.to:
					below[k] = spanOf(&c.segment)
				}
			}
		}
		_, under := below[k]
		open[k] = under && !over
		if open[k] && (k < 2 || open[k-1]) {
			return -1
		}
	}
	own, ok := below[l.from]
	if !ok {
		return -1
	}
	at := l.box.Center().X
	for _, k := range []int{l.from - 1, l.from + 1} {
		if !open[k] {
			continue
		}
		if both := joined([]span{own, below[k]}, math.Inf(1))[0]; math.Abs(at-(both.from+both.to)/2) < math.Abs(at-(own.from+own.to)/2) {
			return k
		}
	}
	return -1
}

// parted says that a ruling runs between two labels.
func (g *grid) parted(a, b label) bool {
	return slices.ContainsFunc(g.level, func(r Rule) bool {
		x0, x1 := max(a.box.X0, b.box.X0), min(a.box.X1, b.box.X1)
		y0, y1 := a.box.Center().Y, b.box.Center().Y
		return r.At > y0 && r.At < y1 && min(r.To, x1)-max(r.From, x0) > (x1-x0)/2
	})
}
