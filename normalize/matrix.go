package normalize

import (
	"github.com/nianbao/nianbao/form"
)

// columns are the headers over a table's values and the form's column that each of them is.
type columns struct {
	heads   []header
	matches []match
}

func (cs columns) matched() int { return matchedCount(cs.matches) }

// part is a grid as one form sees it: where its data begin, and how its columns are told.
type part struct {
	*grid
	body     int // the first row of data
	boundary int // the grid column in which values begin; -1 where rows lost their places
	// unheaded: a ragged grid whose header does not name every column; the form's order decides,
	// and a person must look.
	unheaded bool
	// foreign: a part without a header of its own, whose columns are not those of the part that has
	// one; where a cell stands in it says nothing.
	foreign bool
}

// fitMatrix matches a table of labelled rows and labelled columns (表三, the statistics).
func fitMatrix(t *form.Table, grids []*grid) *fit {
	f := newFit(t)
	ts := targetsOf(t)
	parts, cols := matrixParts(ts, grids)
	data := matrixRows(parts, ts.rows)
	rm := align(labelsOf(data), ts.rows, func(i int) bool {
		d := data[i]
		return len(d.cells) > 0 && (d.leaf == nil || d.part.kinds[d.leaf] != textCell || d.part.doubt)
	})
	doubtful := besides(t, data, rm)
	found := make([]float64, len(t.Rows))
	for i, m := range rm {
		d := data[i]
		if m.target < 0 {
			f.unknown(d)
			continue
		}
		row := &t.Rows[m.target]
		found[m.target] = 1
		if row.Heading {
			continue
		}
		trust := m.trust
		if m.placed {
			f.byItsPlace(d, row)
		}
		if doubtful[i] {
			trust = min(trust, besideTrust)
		}
		if d.part.foreign && d.part.doubt && d.spare() {
			continue // a column too many, and no header says which: nobody knows the values
		}
		f.values(d, row, cols.of(d, len(ts.cols)), trust)
	}
	for _, x := range found {
		f.all++
		f.matched += x
	}
	for i := range ts.cols {
		f.all++
		f.matched += cols.shown(i)
	}
	f.all += float64(len(f.local))
	return f
}

// matrixParts tells where the values of each grid stand, and which of their headers names most columns.
func matrixParts(ts *targets, grids []*grid) ([]part, columns) {
	var out []part
	var best columns
	boundary := -1
	var headed *grid // the last grid that has a header
	for _, g := range grids {
		if g.table.Rows == 0 {
			continue
		}
		body := g.firstDataRow(ts.rows)
		if body < 0 {
			body = g.table.Rows // nothing but a header, which a page break cut off, or nothing at all
		}
		p := part{grid: g, body: body}
		var cs columns
		cs, p.boundary = g.columns(ts.cols, body)
		if g.ragged && cs.matched() < len(ts.cols) {
			p.boundary, p.unheaded = -1, true
		}
		switch {
		case p.boundary >= 0:
			if cs.matched() > best.matched() {
				best = cs
			}
			boundary, headed = p.boundary, g
		case headed != nil && g.table.Cols == headed.table.Cols:
			p.boundary = boundary
		default:
			p.boundary, p.foreign = g.valuesByOrder(len(ts.cols)), true
		}
		out = append(out, p)
	}
	return out, best
}

// matrixRows gives the rows of all parts that have a label or values.
func matrixRows(parts []part, rows []target) []dataRow {
	var out []dataRow
	for i := range parts {
		p := &parts[i]
		for r := p.body; r < p.table.Rows; r++ {
			if p.numbering(r) {
				continue
			}
			if d, ok := p.dataRow(r, rows); ok {
				out = append(out, d)
			}
		}
	}
	return out
}

// of gives the headers that tell a row's columns: none where it has no header, or a scanned one of which so
// little is left that its walls cannot be trusted. all is how many columns the form has.
func (cs columns) of(d dataRow, all int) columns {
	if d.part.unheaded || 2*cs.matched() < all && len(d.cells) > 0 && d.cells[0].Reading != nil {
		return columns{}
	}
	return cs
}

// shown says how surely a header names the form's column: it counts even where it was taken by its place.
func (cs columns) shown(column int) float64 {
	for _, m := range cs.matches {
		if m.target == column {
			return max(leastShown, m.sim)
		}
	}
	return 0
}

// leastShown is what a column that was told by its place counts in a form's score.
const leastShown = 0.3

// firstDataRow is the first row in which a label of the form stands before values, or which is
// mostly figures: the label may be misread. It is -1 when there is none.
func (g *grid) firstDataRow(rows []target) int {
	for r, cells := range g.rows {
		if g.mostlyFigures(r) {
			return r
		}
		for i, c := range cells {
			if c.Row != r || g.kinds[c] != textCell || !g.valuesAfter(cells[i+1:]) {
				continue
			}
			for _, t := range rows {
				if sim, _ := likeness(label{leaf: g.names[c]}, t); sim >= sureSimilarity {
					return r
				}
			}
		}
	}
	return -1
}

// columns matches the header over the data to the form's columns and says where values begin, or
// -1 when there is no header that the form knows.
func (g *grid) columns(cols []target, body int) (columns, int) {
	if body == 0 {
		return columns{}, -1
	}
	all := g.headers(0, body)
	labels := headLabels(all)
	// Values begin at the first header that is a column of the form.
	ms := align(labels, cols, nil)
	at := -1
	for i, m := range ms {
		if m.target >= 0 {
			at = i
			break
		}
	}
	if at < 0 {
		return columns{}, -1
	}
	// A first column whose own header could not be read still has its place before the second.
	if k := ms[at].target; k > 0 && len(all)-at < len(cols) && at-k > 0 && g.doubt {
		at -= k
	}
	end := len(all)
	for end > at+1 && all[end-1].cell == nil {
		end-- // an empty column after the last one is a leftover of the copy
	}
	heads := all[at:end]
	return columns{heads, align(labels[at:end], cols, func(int) bool { return true })}, heads[0].c0
}

// valuesByOrder says where the last n columns begin, for a part without a header.
func (g *grid) valuesByOrder(n int) int { return max(1, g.table.Cols-n) }

// values gives a row's cells to the form's columns: by their order when there are as many as
// headers (forms with uneven spans print them so), else by the columns that they share.
func (f *fit) values(d dataRow, row *form.Row, cs columns, trust float64) {
	all := len(f.table.Columns)
	if len(cs.heads) != all && d.part.doubt && len(d.cells) == all {
		cs = columns{} // walls of the header were lost: the form's order, and a person
	}
	for _, p := range d.place(cs.heads, all, !d.part.ragged && !d.part.foreign) {
		j, ct := cs.column(p.at)
		if j < 0 || j >= all || d.part.hollow(p.cell, ct) {
			continue
		}
		f.put(form.Path(f.table.Key, row.Key, f.table.Columns[j].Key), p.cell, min(trust, ct))
	}
}

// column is the form's column of the i-th header and how surely it is, by the form's order where there are
// no headers; -1 for none.
func (cs columns) column(i int) (int, float64) {
	switch {
	case i < 0:
		return -1, 0
	case len(cs.heads) == 0:
		return i, placedTrust
	case i >= len(cs.matches):
		return -1, 0
	}
	return cs.matches[i].target, cs.matches[i].trust
}

func headLabels(hs []header) []label {
	out := make([]label, len(hs))
	for i, h := range hs {
		out[i] = h.label()
	}
	return out
}

func isLabel(n name, rows []target) bool {
	for _, t := range rows {
		if sim, _ := likeness(label{leaf: n}, t); sim >= sureSimilarity {
			return true
		}
		for _, gr := range t.groups {
			if n.similarity(gr) >= sureSimilarity {
				return true
			}
		}
	}
	return false
}
