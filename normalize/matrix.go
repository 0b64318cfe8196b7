package normalize

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/report"
)

// fitMatrix matches a table of labelled rows and labelled columns (表三, the statistics).
func fitMatrix(t *form.Table, grids []*grid) *fit {
	f := newFit(t)
	ts := targetsOf(t)
	parts := matrixParts(ts, grids)
	data := matrixRows(parts, ts.rows)
	rm := align(labelsOf(data), ts.rows, func(i int) bool {
		d := data[i]
		return len(d.cells) > 0 && (d.leaf == nil || d.part.kinds[d.leaf] != textCell || d.part.doubt)
	})
	regain(data, rm, ts.rows)
	doubtful := besides(t, data, rm)
	found := make([]float64, len(t.Rows))
	for i, m := range rm {
		d := data[i]
		if m.target < 0 {
			cs := d.columns(len(ts.cols))
			f.unknown(d, cs, d.place(cs, len(ts.cols)))
			continue
		}
		row := &t.Rows[m.target]
		found[m.target] = m.shown()
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
		if !d.part.lost && (!m.placed || !d.hollow()) {
			f.values(d, row, trust)
		}
	}
	for _, x := range found {
		f.all++
		f.matched += x
	}
	best := bestHeaded(parts)
	for i := range ts.cols {
		f.all++
		if best != nil {
			f.matched += best.cols.shown(i)
		}
	}
	f.all += float64(f.strange)
	return f
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
	shareLabels(out, rows)
	return out
}

// sharedMargin is how much liker the labels in one cell must be to those of as many rows than to those of the rows before or after: where
// the cell holds one label more than it has rows, or one less, both are as like.
const sharedMargin = 0.05

// shareLabels gives rows whose label a lost wall left in one cell each its own: where the cell says what as many rows of the form say,
// one after the other.
func shareLabels(data []dataRow, rows []target) {
	for i := range data {
		leaf := data[i].leaf
		if leaf == nil || leaf.RowSpan < 2 || !data[i].part.doubt {
			continue
		}
		n := 1
		for i+n < len(data) && data[i+n].part == data[i].part && data[i+n].leaf == nil && data[i+n].row < leaf.Row+leaf.RowSpan {
			n++
		}
		if n < 2 {
			continue
		}
		// Of many rows, those from one row farther on are nearly as like.
		best, second, at := 0.0, 0.0, -1
		said := data[i].label.leaf.full
		for j := 0; j+n <= len(rows); j++ {
			var all []rune
			for _, t := range rows[j : j+n] {
				all = append(all, t.names[0].full...)
			}
			if s := alikeBothEnds(said, all); s > best {
				best, second, at = s, best, j
			} else {
				second = max(second, s)
			}
		}
		if best <= sureSimilarity || best-second < sharedMargin {
			continue
		}
		for k := range n {
			data[i+k].leaf, data[i+k].label.leaf = leaf, rows[at+k].names[0]
		}
	}
}

// alikeBothEnds is how like the labels of several rows are, the worse of their beginnings and their ends: of that many characters, not all are
// compared.
func alikeBothEnds(a, b []rune) float64 {
	return min(editSimilarity(a, b, 0), editSimilarity(a[max(0, len(a)-maxLabel):], b[max(0, len(b)-maxLabel):], 0))
}

// firstDataRow is the first row of data: one in which a label of the form stands before values, or any label before
// figures, or which is mostly figures, for the label may be misread. On a scan, where a header may be misread as figures, too, any
// label must stand right below one that was read. It is -1 when there is none.
func (g *grid) firstDataRow(ts *targets) int {
	for r, cells := range g.rows {
		switch {
		case g.namesColumns(r, ts.cols) || g.numbering(r):
		case g.mostlyFigures(r) || g.labelled(cells, r, ts.rows) || g.counted(r) && (!g.doubt || r > 0 && g.namesColumns(r-1, ts.cols) && !g.hasUnread(g.rows[r])):
			return r
		}
	}
	return -1
}

// namesColumns says that a row is one of the header: two of its cells, or one of a form with one column, are columns
// of the form.
func (g *grid) namesColumns(r int, cols []target) bool {
	found := 0
	for _, c := range g.rows[r] {
		if c.Row == r && g.kinds[c] == textCell && isLabel(g.names[c], cols) {
			found++
		}
	}
	return found >= min(2, len(cols))
}

// labelled says that a label of the form stands before values.
func (g *grid) labelled(cells []*layout.Cell, r int, rows []target) bool {
	for i, c := range cells {
		if c.Row != r || g.kinds[c] != textCell || !g.valuesAfter(cells[i+1:]) {
			continue
		}
		for _, t := range rows {
			if sim, _ := likeness(label{leaf: g.names[c]}, t); sim >= sureSimilarity {
				return true
			}
		}
	}
	return false
}

// counted says that nothing but figures, blanks and units follows the first label of a row, and that one of the figures
// is no year, which headers print too.
func (g *grid) counted(r int) bool {
	labels, figures := 0, 0
	for _, c := range g.rows[r] {
		switch g.kinds[c] {
		case textCell:
			if c.Row == r && unitIn(c.Text) == "" && !report.IsNothing(c.Text) {
				if figures > 0 {
					return false
				}
				labels++
			}
		case figureCell:
			if c.Row == r && !isYear(c.Text) && report.ParseFigure(c.Text).Number != nil {
				figures++
			}
		case unreadCell:
			figures++ // there is one, if nobody can tell which
		}
	}
	return labels > 0 && figures > 0
}

// isYear says that a cell holds nothing but a year in which there were such reports.
func isYear(text string) bool {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	return err == nil && firstYear <= n && n < firstYear+100
}

// firstYear is the first that a report was written for: the regulation is of 2007.
const firstYear = 2007

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
	at := slices.IndexFunc(ms, func(m match) bool { return m.target >= 0 })
	if at < 0 {
		return columns{}, -1
	}
	// A first column whose own header could not be read still has its place before the second.
	switch k := ms[at].target; {
	case g.doubt && len(all)-at < len(cols) && at-k > 0:
		at -= k
	case !g.doubt:
		for ; k > 0 && at > 1 && all[at-1].cell == nil && g.figuresUnder(all[at-1], body); k-- {
			at--
		}
	}
	end := len(all)
	for end > at+1 && all[end-1].cell == nil && (g.ragged || !g.figuresUnder(all[end-1], body)) {
		end-- // an empty column after the last one is a leftover of the copy
	}
	heads := all[at:end]
	return columns{heads, align(labels[at:end], cols, func(int) bool { return true })}, heads[0].c0
}

// figuresUnder says that a column holds figures below its header, and hardly a label.
func (g *grid) figuresUnder(h header, body int) bool {
	figures, texts := 0, 0
	for r := body; r < g.table.Rows; r++ {
		switch c := g.cellAt(r, h.c0); {
		case c == nil || c.Row != r:
		case g.kinds[c] == figureCell:
			figures++
		case g.kinds[c] == textCell:
			texts++
		}
	}
	return figures > 2*texts
}

func headLabels(hs []header) []label {
	out := make([]label, len(hs))
	for i, h := range hs {
		out[i] = h.label()
	}
	return out
}

// columns are the headers that tell a row's columns: none where walls of a scanned header were lost, or most of its labels. Then
// the form's order must do, and a person; where the row has as many cells as the form has columns
// and all labels but one were read in their order, that will do.
func (d *dataRow) columns(all int) columns {
	cs := d.part.cols
	switch {
	case !d.part.doubt:
	case 2*cs.matched() < all:
		return columns{}
	case len(cs.heads) == all || len(d.cells) != all:
	case cs.matched() < all-1:
		return columns{}
	default:
		return cs.inOrder(all)
	}
	return cs
}

// values gives a row's cells to the form's columns.
func (f *fit) values(d dataRow, row *form.Row, trust float64) {
	all := len(f.table.Columns)
	cs := d.columns(all)
	if d.part.table.WhiteRows() && len(cs.heads) > 0 && cs.matched() < all {
		trust = min(trust, besideTrust) // a label that was not found may be any column's
	}
	for _, p := range d.place(cs, all) {
		j, ct := cs.column(p.at)
		if j < 0 || j >= all || d.part.hollow(p.cell, ct) {
			continue
		}
		if all == 1 && len(d.cells) == 1 {
			ct = trust // it has no other to change places with
		}
		h := hit{cell: p.cell, label: min(trust, ct), asides: d.asides(), beside: d.beside(), over: cs.head(p.at)}
		f.put(form.Path(f.table.Key, row.Key, f.table.Columns[j].Key), h)
	}
	var keys []string
	for _, c := range f.table.Columns {
		keys = append(keys, c.Key)
	}
	f.strays(d, row, keys)
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
