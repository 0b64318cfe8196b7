package normalize

import (
	"slices"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
)

// fitBands matches a stack of small tables, each with a header row of its own (表二).
func fitBands(t *form.Table, grids []*grid) *fit {
	f := newFit(t)
	ts := targetsOf(t)
	data, heads := bandRows(ts, grids)
	rm := align(labelsOf(data), ts.rows, func(i int) bool { return data[i].part.doubt && len(data[i].cells) > 0 })
	headSeen := map[int]float64{}
	for i, m := range rm {
		d, cs := data[i], heads[i]
		if m.target < 0 {
			f.unknown(d, cs, d.place(cs, len(d.cells)))
			continue
		}
		row := &t.Rows[m.target]
		if m.placed {
			f.byItsPlace(d, row)
		}
		f.matched += m.shown()
		if ofOtherBand(t, row, cs.matches) {
			f.bandValues(d, row, columns{}, m.trust)
			continue
		}
		f.bandValues(d, row, cs, m.trust)
		for _, cm := range cs.matches {
			if cm.target >= 0 {
				headSeen[cm.target] = max(headSeen[cm.target], cm.sim)
			}
		}
	}
	f.all = float64(len(t.Rows)+len(t.Columns)) + 0.5*float64(f.strange)
	for i := range ts.cols {
		f.matched += headSeen[i]
	}
	return f
}

// bandRows gives the rows of data, and for each the header of its band.
func bandRows(ts *targets, grids []*grid) ([]dataRow, []columns) {
	var data []dataRow
	var heads []columns
	var now columns
	var of *grid // the grid that now's headers stand in
	var group []name
	for _, g := range grids {
		p := &part{grid: g}
		for r := 0; r < g.table.Rows; r++ {
			cells := startingAt(g.rows[r], r)
			if len(cells) == 0 {
				continue
			}
			if b := bandTitle(ts, g, cells); b != nil {
				group, now = []name{*b}, columns{} // each band has a header of its own
				continue
			}
			if cs, ok := bandHeader(ts, g, cells); ok {
				now, of = cs, g
				continue
			}
			if g.allBlank(cells) || g.doubt && !g.hasFigure(cells[1:]) && !isLabel(g.names[cells[0]], ts.rows) {
				continue // a title or a header that could not be read
			}
			d := dataRow{part: p, row: r, label: label{leaf: g.names[cells[0]], groups: group}, leaf: cells[0], cells: cells[1:]}
			cs := now
			if of != nil && of != g && of.table.Cols != g.table.Cols {
				cs = now.over(d.cells)
			}
			data, heads = append(data, d), append(heads, cs)
		}
	}
	return data, heads
}

// ofOtherBand says that a header has a column which a row of the form has not: the header of the row's
// own band was not seen.
func ofOtherBand(t *form.Table, row *form.Row, ms []match) bool {
	for _, m := range ms {
		if m.target >= 0 && m.sim >= sureSimilarity && !slices.Contains(row.Columns, t.Columns[m.target].Key) {
			return true
		}
	}
	return false
}

// bandValues gives a band row's cells to the row's own columns.
func (f *fit) bandValues(d dataRow, row *form.Row, cs columns, trust float64) {
	ps := d.place(cs, len(row.Columns))
	inOrder := len(ps) == len(row.Columns) && (len(cs.heads) == 0 || d.part.doubt)
	for i, p := range ps {
		if p.at < 0 {
			continue
		}
		col, ct := f.bandColumn(row, cs, p.at)
		if col == nil && inOrder {
			col, ct = f.table.Column(row.Columns[i]), placedTrust
		}
		if col == nil || d.part.hollow(p.cell, ct) {
			continue
		}
		f.put(form.Path(f.table.Key, row.Key, col.Key), hit{cell: p.cell, label: min(trust, ct), beside: d.beside(), over: cs.head(p.at)})
		if col.UnitKey == "" {
			continue
		}
		u := unitOf(p.cell.Text)
		if h := cs.head(p.at); u == "" && h != nil {
			u = unitOf(h.Text)
		}
		if u != "" {
			f.units[form.Path(f.table.Key, row.Key, col.UnitKey)] = u
		}
	}
	f.strays(d, row, row.Columns)
}

// bandColumn is the column that the header at an index names and the band row has, and how surely it is; else nil.
func (f *fit) bandColumn(row *form.Row, cs columns, at int) (*form.Column, float64) {
	if at >= len(cs.matches) || cs.matches[at].target < 0 {
		return nil, 0
	}
	col := &f.table.Columns[cs.matches[at].target]
	if !slices.Contains(row.Columns, col.Key) {
		return nil, 0
	}
	return col, cs.matches[at].trust
}

// bandTitle recognises the title of a band, such as 第二十条第（一）项: alone in its row, but for blanks that lost spans leave.
func bandTitle(ts *targets, g *grid, cells []*layout.Cell) *name {
	if g.kinds[cells[0]] != textCell || !g.allBlank(cells[1:]) {
		return nil
	}
	n := g.names[cells[0]]
	if containment(ts.band.full, n.full) > 0 || len(cells) == 1 && cells[0].ColSpan == g.table.Cols && g.table.Cols > 1 {
		return &n
	}
	for _, t := range ts.titles {
		if editSimilarity(t.full, n.full, 0) >= minSimilarity {
			return &n
		}
	}
	return nil
}

// bandHeader recognises a header row: the corner, such as 信息内容, and the columns' labels.
func bandHeader(ts *targets, g *grid, cells []*layout.Cell) (columns, bool) {
	var hs []header
	for _, c := range cells[1:] {
		hs = append(hs, header{c, c.Col, c.Col + c.ColSpan, []name{g.names[c]}})
	}
	for len(hs) > 0 && g.kinds[hs[len(hs)-1].cell] == blankCell {
		hs = hs[:len(hs)-1]
	}
	intro := ts.corner.similarity(g.names[cells[0]]) >= minSimilarity
	if len(hs) == 0 {
		return columns{}, intro // a header whose columns could not be read
	}
	ms := align(headLabels(hs), ts.cols, nil)
	n := matchedCount(ms)
	if !intro && (n == 0 || n*2 < len(hs)) {
		return columns{}, false
	}
	return columns{hs, ms}, true
}
