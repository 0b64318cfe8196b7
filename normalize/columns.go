package normalize

import (
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/report"
)

// columns are the headers over a part's values and the form's column that each of them is. They are those of
// the part's own grid; without any, the form's order must do.
type columns struct {
	heads   []header
	matches []match
}

func (cs columns) matched() int { return matchedCount(cs.matches) }

// shown says how surely a header names the form's column: it counts even where it was taken by its place.
func (cs columns) shown(column int) float64 {
	for _, m := range cs.matches {
		if m.target == column {
			return m.shown()
		}
	}
	return 0
}

// column is the form's column of the i-th header and how surely it is, by the form's order where there are
// no headers; -1 for none.
func (cs columns) column(i int) (int, float64) {
	switch {
	case i < 0:
		return -1, 0
	case len(cs.heads) == 0 && len(cs.matches) == 0:
		return i, placedTrust
	case i >= len(cs.matches):
		return -1, 0
	}
	return cs.matches[i].target, cs.matches[i].trust
}

// inOrder are all n columns of the form in its order, each as sure as its header, or by its place where it has none. Headers stand in that
// order, too, or this says nothing.
func (cs columns) inOrder(n int) columns {
	out, last := columns{matches: make([]match, n)}, -1
	for j := range out.matches {
		out.matches[j] = match{target: j, trust: placedTrust}
	}
	for _, m := range cs.matches {
		switch {
		case m.target < 0:
		case m.target <= last:
			return columns{}
		default:
			last = m.target
			out.matches[last].sim, out.matches[last].trust = m.sim, max(m.trust, placedTrust)
		}
	}
	return out
}

// head is the cell of the i-th header, nil where there is none.
func (cs columns) head(i int) *layout.Cell {
	if i < 0 || i >= len(cs.heads) {
		return nil
	}
	return cs.heads[i].cell
}

// part is a grid as one form sees it: where its data begin, and how its columns are told.
type part struct {
	*grid
	body     int // the first row of data
	boundary int // the grid column in which values begin; -1 where rows lost their places
	cols     columns
	headed   bool // it has a header of its own
	// cumulative and period are the grid columns that count another time than the year; 0 for none.
	cumulative, period int
	units              int // the grid column that holds the rows' units; 0 for none
	// lost: nothing says which columns the values stand in, so that none is taken.
	lost bool
}

// matrixParts tells where the values of each grid stand and what its columns are. Parts that a page break cut off
// have no header: theirs is that of the part that names most columns.
func matrixParts(ts *targets, grids []*grid) []part {
	var parts []part
	for _, g := range grids {
		if g.table.Rows > 0 {
			parts = append(parts, headedPart(ts, g))
		}
	}
	best := bestHeaded(parts)
	out := slices.Clone(parts)
	for i := range out {
		p := &out[i]
		switch {
		case p.headed && p.cols.matched() == len(ts.cols), p.ragged:
		case best == nil:
			p.lost = !p.inOrder(len(ts.cols))
		case p.table.Cols == best.table.Cols && (!p.table.White || len(p.valueColumns()) == len(best.cols.heads)): // or white parts labels where it parted figures
			p.cols, p.boundary = best.cols, best.boundary
			p.cumulative, p.period, p.units = best.cumulative, best.period, best.units
		case p.headed && 2*p.cols.matched() >= len(ts.cols):
		default:
			p.continues(best, len(ts.cols))
		}
	}
	return out
}

// bestHeaded is the part whose header names most of the form's columns; nil where none has a header.
func bestHeaded(parts []part) *part {
	var best *part
	for i := range parts {
		if p := &parts[i]; p.headed && (best == nil || p.cols.matched() > best.cols.matched()) {
			best = p
		}
	}
	return best
}

// headedPart tells where a grid's data begin, and its columns where it has a header that the form knows.
func headedPart(ts *targets, g *grid) part {
	p := part{grid: g, body: g.firstDataRow(ts)}
	if p.body < 0 {
		p.body = g.table.Rows // nothing but a header, which a page break cut off, or nothing at all
	}
	p.cols, p.boundary = g.columns(ts.cols, p.body)
	p.units = g.unitColumn(p.body)
	switch {
	case g.ragged && p.cols.matched() < len(ts.cols):
		// Rows that lost their places under a header that does not name every column: values are what follows
		// the last label, in the form's order, and a person must look.
		p.cols, p.boundary = columns{}, -1
	case p.boundary >= 0:
		p.headed = true
		if len(ts.cols) == 1 {
			p.cumulative, p.period = g.otherTimes(p.body)
		}
	default:
		p.boundary = max(1, g.table.Cols-len(ts.cols))
	}
	return p
}

// inOrder says that a part without a header can have its values in the form's order.
func (p *part) inOrder(n int) bool {
	v := p.valueColumns()
	if len(v) != n {
		return false
	}
	p.boundary = v[0].c0
	return true
}

// continues takes the columns of a part without a header from the part that has one: as many columns of values are
// the same ones; else those that stand below each other. What neither says is lost.
func (p *part) continues(head *part, n int) {
	v := p.valueColumns()
	if len(v) == len(head.cols.heads) && len(v) > 0 {
		p.cols, p.boundary = columns{v, head.cols.matches}, v[0].c0
		return
	}
	if cs, ok := p.below(head, v); ok {
		p.cols, p.boundary = cs, v[0].c0
		return
	}
	p.cols, p.lost = columns{}, !p.inOrder(n)
	if !p.lost && head.cols.matched() >= n-1 {
		p.cols = head.cols.inOrder(n)
	}
}

// over gives the headers that stand over the cells of a row in another grid: by their places on paper, else one by one where
// there are as many.
func (cs columns) over(cells []*layout.Cell) columns {
	var out columns
	for i, c := range cells {
		at := -1
		for k, h := range cs.heads {
			if h.cell != nil && !h.cell.Box.Empty() && !c.Box.Empty() && sameExtent(h.cell.Box.X0, h.cell.Box.X1, c.Box.X0, c.Box.X1) {
				at = k
			}
		}
		if at < 0 && len(cells) == len(cs.heads) {
			at = i
		}
		if at >= 0 && at < len(cs.matches) {
			out.heads = append(out.heads, header{cs.heads[at].cell, c.Col, c.Col + c.ColSpan, cs.heads[at].path})
			out.matches = append(out.matches, cs.matches[at])
		}
	}
	return out
}

// sameExtent says that two stretches of a page are one column's: more than half of the wider is common to both.
func sameExtent(x0, x1, y0, y1 float64) bool {
	return 2*(min(x1, y1)-max(x0, y0)) > max(x1-x0, y1-y0)
}

// below gives the columns of values the headers that stand over them on their page.
func (p *part) below(head *part, v []header) (columns, bool) {
	cs := columns{heads: v, matches: make([]match, len(v))}
	found := 0
	for i, h := range v {
		cs.matches[i].target = -1
		x0, x1, ok := p.extent(h)
		if !ok {
			return columns{}, false
		}
		under := 0 // headers most of which stand over the column: where there are two, no wall was seen between their columns
		for k, o := range head.cols.heads {
			y0, y1, ok := head.extent(o)
			if !ok || k >= len(head.cols.matches) {
				continue
			}
			if 2*(min(x1, y1)-max(x0, y0)) > y1-y0 {
				under++
			}
			if sameExtent(x0, x1, y0, y1) {
				cs.matches[i] = head.cols.matches[k]
				if p.table.White { // and other columns than on the page of the header: none of them has walls
					cs.matches[i].trust = min(cs.matches[i].trust, placedTrust)
				}
			}
		}
		switch {
		case under > 1:
			cs.matches[i] = match{target: -1}
		case cs.matches[i].target >= 0:
			found++
		}
	}
	return cs, found > 0
}

// extent is where the cells of a column stand on their page, in its unit; false where the format has no places.
func (g *grid) extent(h header) (x0, x1 float64, ok bool) {
	for i := range g.table.Cells {
		if c := &g.table.Cells[i]; c.Col == h.c0 && c.Col+c.ColSpan == h.c1 && !c.Box.Empty() {
			return c.Box.X0, c.Box.X1, true
		}
	}
	return 0, 0, false
}

// valueColumns are the columns at the right of a part's data that hold values: no labels and no units. Columns that are
// blank throughout and stand behind the others are none, unless walls may have been lost.
func (p *part) valueColumns() []header {
	var out []header
	for c := p.table.Cols - 1; c > 0; c-- {
		figures, texts, all, end := 0, 0, 0, c+1
		for r := p.body; r < p.table.Rows; r++ {
			x := p.cellAt(r, c)
			if x == nil || x.Col != c || x.Row != r {
				continue
			}
			all++
			switch p.kinds[x] {
			case figureCell, unreadCell:
				figures++
			case textCell:
				if !report.IsNothing(x.Text) {
					texts++
				}
			}
			if x.ColSpan > 1 && texts+figures > 0 {
				end = max(end, x.Col+x.ColSpan)
			}
		}
		if all == 0 {
			continue
		}
		if texts*3 > all {
			break
		}
		if figures == 0 && len(out) == 0 && !p.doubt {
			continue
		}
		if len(out) > 0 {
			end = out[len(out)-1].c0
		}
		out = append(out, header{c0: c, c1: end})
	}
	slices.Reverse(out)
	return out
}
