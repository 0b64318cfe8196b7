package normalize

import (
	"slices"

	"github.com/nianbao/nianbao/form"
)

// fitSingle matches a table with one row of values under a header of several rows (表四).
func fitSingle(t *form.Table, grids []*grid) *fit {
	f := newFit(t)
	ts := targetsOf(t)
	f.all = float64(len(ts.cols))
	var heads []header
	for _, g := range grids {
		r := g.firstValueRow()
		if r < 0 {
			continue
		}
		if r > 0 {
			heads = g.headers(0, r)
		}
		cs := columns{heads, align(headLabels(heads), ts.cols, func(int) bool { return true })}
		d := dataRow{part: &part{grid: g}, row: r, cells: startingAt(g.rows[r], r)}
		if len(heads) != len(ts.cols) && (g.ragged || g.doubt && len(d.cells) == len(ts.cols)) {
			// A header without its spans or walls, of no use to the parts that follow either: the form's
			// order, and a person.
			heads, cs = nil, columns{}
		}
		for _, p := range d.place(cs, len(ts.cols)) {
			j, trust := cs.column(p.at)
			if j < 0 || len(heads) > 0 && len(heads) < len(ts.cols) && !heads[p.at].under(ts.cols[j]) {
				continue // the labels of all groups are alike: where columns lack, their order tells nothing
			}
			path := form.Path(t.Key, "", t.Columns[j].Key)
			if _, ok := f.hits[path]; !ok {
				f.matched += max(leastShown, trust)
			}
			f.put(path, hit{cell: p.cell, label: trust, beside: d.beside(), over: cs.head(p.at)})
		}
	}
	return f
}

// under says that a header stands under the group of the form's column, if that has one.
func (h header) under(t target) bool {
	if len(t.groups) == 0 {
		return true
	}
	group := t.groups[len(t.groups)-1]
	return slices.ContainsFunc(h.path, func(n name) bool { return n.similarity(group) >= sureSimilarity })
}

// firstValueRow is the first row of values, one that has figures before one of cells that nobody could read, or -1; what
// follows it is no part of the form.
func (g *grid) firstValueRow() int {
	first := -1
	for r := range g.rows {
		if !g.valueRow(r) {
			continue
		}
		if g.hasFigure(startingAt(g.rows[r], r)) {
			return r
		}
		if first < 0 {
			first = r
		}
	}
	return first
}

// valueRow says whether a row holds values: figures and blanks, and at least one of either that is
// no leftover of the header.
func (g *grid) valueRow(r int) bool {
	values, texts, starts := 0, 0, 0
	for _, c := range g.rows[r] {
		if c.Row != r {
			continue
		}
		starts++
		switch g.kinds[c] {
		case figureCell, unreadCell:
			values++
		case textCell:
			texts++
		}
	}
	if values > 0 && texts*3 <= values {
		return true
	}
	// A row that is blank through and through is a row of values when it is the last one.
	return starts > 0 && texts == 0 && values == 0 && r == g.table.Rows-1 && r > 0
}
