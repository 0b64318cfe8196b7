package normalize

import (
	"fmt"
	"slices"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// fit is a form's table found in the document.
type fit struct {
	table    *form.Table
	hits     map[string]hit // by the field's path
	units    map[string]string
	local    []localRow
	warnings []diag.Warning
	// matched counts the rows and columns of the form that were found by their text, of all.
	matched, all float64
}

// hit is the cell that holds a field.
type hit struct {
	cell  *layout.Cell
	label float64 // how surely row and column are the field's, 0 to 1
}

// localRow is a row of values that the form does not know.
type localRow struct {
	label, unit, code string
	cell              *layout.Cell
}

// score of the fit: the share of the form that was found, less what the table has and the form
// does not.
func (f *fit) score() float64 {
	if f.all == 0 {
		return 0
	}
	return f.matched / f.all
}

func newFit(t *form.Table) *fit {
	return &fit{table: t, hits: map[string]hit{}, units: map[string]string{}}
}

// put gives a field its cell. Where a field is found twice (a repeated table, a copied header) the
// cell that says something wins, then the first.
func (f *fit) put(path string, c *layout.Cell, label float64) {
	old, ok := f.hits[path]
	if ok && (old.cell.Text != "" || c.Text == "") {
		return
	}
	f.hits[path] = hit{c, label}
}

// fitTable matches the tables that seem to be parts of one form table.
func fitTable(t *form.Table, parts []*grid) *fit {
	switch {
	case t.Bands:
		return fitBands(t, parts)
	case len(t.Rows) == 1 && t.Rows[0].Key == "":
		return fitSingle(t, parts)
	}
	return fitMatrix(t, parts)
}

// dataRow is a row of values with the labels that stand before them.
type dataRow struct {
	part  *grid
	row   int
	label label
	leaf  *layout.Cell
	cells []*layout.Cell // from the first value cell on
}

// fitMatrix matches a table of labelled rows and labelled columns (表三, the statistics).
func fitMatrix(t *form.Table, parts []*grid) *fit {
	f := newFit(t)
	rows, cols := targetsOf(t).rows, targetsOf(t).cols
	var data []dataRow
	var heads []header
	var colMatch []match
	first := -1
	var main *grid
	for _, g := range parts {
		body := g.firstDataRow(rows)
		if g.table.Rows == 0 {
			continue
		}
		if body < 0 {
			// Nothing but a header, which a page break cut off, or nothing at all.
			body = g.table.Rows
		}
		h, m, boundary := g.columns(cols, body)
		if g.ragged && matchedCount(m) < len(cols) {
			boundary, g.unheaded = -1, true
		}
		switch {
		case boundary >= 0:
			if matchedCount(m) > matchedCount(colMatch) {
				heads, colMatch = h, m
			}
			first, main = boundary, g
		case main != nil && g.table.Cols == main.table.Cols:
			boundary = first
		default:
			boundary, g.foreign = g.valuesByOrder(len(cols)), true
		}
		for r := body; r < g.table.Rows; r++ {
			if g.numbering(r) {
				continue
			}
			if d, ok := g.dataRow(r, boundary, rows); ok {
				data = append(data, d)
			}
		}
	}
	labels := make([]label, len(data))
	for i, d := range data {
		labels[i] = d.label
	}
	rm := align(labels, rows, func(i int) bool {
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
			f.warn(diag.LabelUncertain, d.leaf, "row %q is taken for %q by its place", lineOf(d.leaf), row.Label)
		}
		if doubtful[i] {
			trust = min(trust, besideTrust)
		}
		if d.part.foreign && d.part.doubt && d.spare() {
			continue // a column too many, and no header says which: nobody knows the values
		}
		if d.part.unheaded || 2*matchedCount(colMatch) < len(cols) && len(d.cells) > 0 && d.cells[0].Reading != nil {
			// No header, or a scanned one of which so little is left that its walls cannot be trusted.
			f.values(d, row, nil, nil, trust)
		} else {
			f.values(d, row, heads, colMatch, trust)
		}
	}
	for i := range t.Rows {
		f.all++
		f.matched += found[i]
	}
	for i := range cols {
		f.all++
		for _, m := range colMatch {
			if m.target == i {
				f.matched += max(0.3, m.sim)
				break
			}
		}
	}
	f.all += float64(len(f.local))
	return f
}

// besideTrust is the label confidence of a scanned row whose label may be that of another beside it.
const besideTrust = 0.25

// besides are the scanned rows whose figures may belong to a label beside theirs: next to a row that has figures, no label and no
// place, and under the same heading as one that follows or leads a heading with figures, which has none.
func besides(t *form.Table, data []dataRow, rm []match) map[int]bool {
	out := map[int]bool{}
	heading := func(i int) bool { return rm[i].target >= 0 && t.Rows[rm[i].target].Heading }
	within := func(i, k int) bool { return k >= 0 && k < len(data) && data[k].part == data[i].part }
	for i, d := range data {
		switch {
		case !d.part.doubt || !d.counts():
		case rm[i].target < 0 && d.unlabelled():
			for _, k := range []int{i - 1, i + 1} {
				if within(i, k) {
					out[k] = true
				}
			}
		case heading(i):
			for _, step := range []int{-1, 1} {
				for k := i + step; within(i, k) && !heading(k); k += step {
					out[k] = true
				}
			}
		}
	}
	return out
}

// counts says that a row has a number among its values.
func (d *dataRow) counts() bool {
	return slices.ContainsFunc(d.cells, func(c *layout.Cell) bool {
		return d.part.kinds[c] == figureCell && report.ParseFigure(c.Text).Number != nil
	})
}

// spare says that a figure stands between a row's label and its values.
func (d *dataRow) spare() bool {
	return d.leaf != nil && slices.ContainsFunc(d.part.rows[d.row], func(c *layout.Cell) bool {
		return c.Col > d.leaf.Col && c.Row == d.row && d.part.kinds[c] == figureCell && !report.IsNothing(c.Text) && !slices.Contains(d.cells, c)
	})
}

// unlabelled says that a row's first cell holds nothing that was read.
func (d *dataRow) unlabelled() bool {
	first := d.part.rows[d.row][0]
	kind := d.part.kinds[first]
	return first.Row == d.row && (kind == blankCell || kind == unreadCell)
}

// placedTrust is the label confidence of a row or column that was matched by its place alone.
const placedTrust = 0.5

func matchedCount(ms []match) (n int) {
	for _, m := range ms {
		if m.target >= 0 {
			n++
		}
	}
	return n
}

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

// mostlyFigures says that half of the cells that begin in a row hold figures, and at least three.
func (g *grid) mostlyFigures(r int) bool {
	figures, all := 0, 0
	for _, c := range g.rows[r] {
		if c.Row != r {
			continue
		}
		all++
		if g.kinds[c] == figureCell {
			figures++
		}
	}
	return figures >= 3 && figures*2 >= all
}

// valuesAfter says that the cells are values: not more than a third of them hold text.
func (g *grid) valuesAfter(cells []*layout.Cell) bool {
	texts := 0
	for _, c := range cells {
		if g.kinds[c] == textCell && unitIn(c.Text) == "" {
			texts++
		}
	}
	return len(cells) > 0 && texts*3 <= len(cells)
}

// columns matches the header over the data to the form's columns and says where values begin, or
// -1 when there is no header that the form knows.
func (g *grid) columns(cols []target, body int) ([]header, []match, int) {
	if body == 0 {
		return nil, nil, -1
	}
	all := g.headers(0, body)
	// Values begin at the first header that is a column of the form.
	labels := make([]label, len(all))
	for i, h := range all {
		labels[i] = h.label()
	}
	ms := align(labels, cols, nil)
	at := -1
	for i, m := range ms {
		if m.target >= 0 {
			at = i
			break
		}
	}
	if at < 0 {
		return nil, nil, -1
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
	ms = align(labels[at:end], cols, func(int) bool { return true })
	return heads, ms, heads[0].c0
}

func (h header) label() label {
	if len(h.path) == 0 {
		return label{}
	}
	return label{h.path[len(h.path)-1], h.path[:len(h.path)-1]}
}

// valuesByOrder says where the last n columns begin, for a part without a header.
func (g *grid) valuesByOrder(n int) int { return max(1, g.table.Cols-n) }

// dataRow takes a row apart: the labels up to the boundary, and beyond it while a cell is plainly
// a label of the form (sources that lost their spans shift their rows); the rest are values.
func (g *grid) dataRow(r, boundary int, rows []target) (dataRow, bool) {
	d := dataRow{part: g, row: r}
	cells := g.rows[r]
	i := 0
	var labels []*layout.Cell
	end := 0 // in a ragged row values begin after the last label
	if g.ragged {
		for k, c := range cells {
			if g.kinds[c] == textCell && !report.IsNothing(c.Text) && unitIn(c.Text) == "" {
				end = k + 1
			}
		}
	}
	isValue := func(k int) bool {
		switch c := cells[k]; {
		case g.ragged && k < end:
			return false
		case g.unheaded:
			return true
		default:
			return c.Col >= boundary && !(g.kinds[c] == textCell && isLabel(g.names[c], rows))
		}
	}
	for ; i < len(cells) && !isValue(i); i++ {
		c := cells[i]
		if g.kinds[c] == textCell && !(len(labels) > 0 && unitIn(c.Text) != "") || g.kinds[c] == unreadCell {
			labels = append(labels, c) // a unit between label and value names nothing
		}
	}
	d.cells = startingAt(cells[i:], r)
	for k := len(labels) - 1; k >= 0; k-- {
		c := labels[k]
		// The leaf begins in this row; a group spans further rows or began above.
		if d.leaf == nil && c.Row == r && (c.RowSpan == 1 || k == len(labels)-1) {
			d.leaf = c
			d.label.leaf = g.names[c]
			continue
		}
		d.label.groups = append([]name{g.names[c]}, d.label.groups...)
	}
	return d, d.leaf != nil || len(d.cells) > 0
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

// values gives a row's cells to the form's columns: by their order when there are as many as
// headers (forms with uneven spans print them so), else by the columns that they share.
func (f *fit) values(d dataRow, row *form.Row, heads []header, ms []match, trust float64) {
	if all := len(f.table.Columns); len(heads) != all && d.part.doubt && len(d.cells) == all {
		heads, ms = nil, nil // walls of the header were lost: the form's order, and a person
	}
	colTrust := func(i int) (int, float64) {
		if len(heads) == 0 {
			return i, placedTrust
		}
		if i >= len(ms) {
			return -1, 0
		}
		return ms[i].target, ms[i].trust
	}
	for i, at := range d.place(heads, len(f.table.Columns), !d.part.ragged && !d.part.foreign) {
		if at < 0 {
			continue
		}
		j, ct := colTrust(at)
		if j < 0 || j >= len(f.table.Columns) {
			continue
		}
		if d.part.hollow(d.cells[i], ct) {
			continue
		}
		f.put(form.Path(f.table.Key, row.Key, f.table.Columns[j].Key), d.cells[i], min(trust, ct))
	}
}

// place drops blank cells that are too many from the ends of a row and gives, for each cell that is left,
// the header that it stands under, -1 where that is none or none alone. all is how many cells a row has
// without headers. It is nil where there are too few cells and nothing says which they are; their columns
// say so if byColumn is set.
func (d *dataRow) place(heads []header, all int, byColumn bool) []int {
	n := len(heads)
	if n == 0 {
		n = all
	}
	if extra := len(d.cells) - n; extra > 0 {
		d.cells = dropBlanks(d.part, d.cells, extra)
	}
	out := standing(d.part, d.cells, heads)
	if out == nil && len(d.cells) != n && (len(heads) == 0 || !byColumn) {
		return nil
	}
	if out == nil {
		out = make([]int, len(d.cells))
		for i, c := range d.cells {
			out[i] = i
			if len(d.cells) != n {
				out[i] = overlap(c, heads)
			}
		}
	}
	for i, c := range d.cells {
		if lostWall(*d, c, heads) {
			out[i] = -1
		}
	}
	return out
}

// hollow says that a scanned cell is blank, and so is what should be its column's header: nothing tells that the column is here at
// all, and not where the rulings got lost. trust is the header's.
func (g *grid) hollow(c *layout.Cell, trust float64) bool {
	return g.doubt && g.kinds[c] == blankCell && trust <= placedTrust
}

// dropBlanks drops up to n blank cells from the ends: copies from web pages leave empty columns.
func dropBlanks(g *grid, cells []*layout.Cell, n int) []*layout.Cell {
	for n > 0 && len(cells) > 0 && g.kinds[cells[len(cells)-1]] == blankCell {
		cells, n = cells[:len(cells)-1], n-1
	}
	for n > 0 && len(cells) > 0 && g.kinds[cells[0]] == blankCell {
		cells, n = cells[1:], n-1
	}
	return cells
}

// overlap is the header that shares most columns with a cell, or -1.
func overlap(c *layout.Cell, heads []header) int {
	best, at := 0, -1
	for i, h := range heads {
		if o := min(c.Col+c.ColSpan, h.c1) - max(c.Col, h.c0); o > best {
			best, at = o, i
		}
	}
	return at
}

// standing gives, for the cells of a scanned row, the header that each stands under, -1 where it is
// none or one of several under one: walls that were not seen leave as many cells as headers by chance.
// It is nil where order and place agree, and where the header is of another grid.
func standing(g *grid, cells []*layout.Cell, heads []header) []int {
	if len(heads) == 0 || heads[len(heads)-1].c1 != g.table.Cols {
		return nil
	}
	out, count, agree := make([]int, len(cells)), map[int]int{}, len(cells) == len(heads)
	for i, c := range cells {
		if c.Reading == nil {
			return nil
		}
		out[i] = overlap(c, heads)
		count[out[i]]++
		agree = agree && out[i] == i
	}
	if agree {
		return nil
	}
	for i, at := range out {
		if count[at] > 1 {
			out[i] = -1
		}
	}
	return out
}

// lostWall says that a scanned cell lies under several headers, or reaches into the row below its
// label's: the wall between two cells was not seen, and what was read is of neither alone.
func lostWall(d dataRow, c *layout.Cell, heads []header) bool {
	if c.Reading == nil {
		return false
	}
	if d.leaf != nil && c.Row+c.RowSpan > d.leaf.Row+d.leaf.RowSpan {
		return true
	}
	if len(heads) == 0 || heads[len(heads)-1].c1 != d.part.table.Cols {
		return false // the header is of another grid
	}
	under := 0
	for _, h := range heads {
		if o := min(c.Col+c.ColSpan, h.c1) - max(c.Col, h.c0); 2*o > h.c1-h.c0 {
			under++
		}
	}
	return under > 1
}

// fitBands matches a stack of small tables, each with a header row of its own (表二).
func fitBands(t *form.Table, parts []*grid) *fit {
	f := newFit(t)
	rows, cols := targetsOf(t).rows, targetsOf(t).cols
	var data []dataRow
	type band struct {
		heads []header
		ms    []match
	}
	var bands []band // of each data row
	var now band
	var group []name
	for _, g := range parts {
		for r := 0; r < g.table.Rows; r++ {
			cells := startingAt(g.rows[r], r)
			if len(cells) == 0 {
				continue
			}
			if b := bandTitle(g, cells); b != nil {
				group, now = []name{*b}, band{} // each band has a header of its own
				continue
			}
			if hs, ms, ok := bandHeader(g, cells, cols); ok {
				now = band{hs, ms}
				continue
			}
			d := dataRow{part: g, row: r, leaf: cells[0], cells: cells[1:]}
			d.label = label{g.names[cells[0]], group}
			if allBlank(g, cells) || g.doubt && !hasFigure(g, cells[1:]) && !isLabel(g.names[cells[0]], rows) {
				continue // a title or a header that could not be read
			}
			data = append(data, d)
			bands = append(bands, now)
		}
	}
	labels := make([]label, len(data))
	for i, d := range data {
		labels[i] = d.label
	}
	rm := align(labels, rows, func(i int) bool { return data[i].part.doubt && len(data[i].cells) > 0 })
	headSeen := map[int]float64{}
	for i, m := range rm {
		d, b := data[i], bands[i]
		if m.target < 0 {
			f.unknown(d)
			continue
		}
		row := &t.Rows[m.target]
		trust := m.trust
		if m.placed {
			f.warn(diag.LabelUncertain, d.leaf, "row %q is taken for %q by its place", lineOf(d.leaf), row.Label)
		}
		f.matched++
		if ofOtherBand(t, row, b.ms) {
			f.bandValues(d, row, nil, nil, trust)
			continue
		}
		f.bandValues(d, row, b.heads, b.ms, trust)
		for _, cm := range b.ms {
			if cm.target >= 0 {
				headSeen[cm.target] = max(headSeen[cm.target], cm.sim)
			}
		}
	}
	f.all = float64(len(t.Rows)+len(t.Columns)) + 0.5*float64(len(f.local))
	for i := range cols {
		f.matched += headSeen[i]
	}
	return f
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
func (f *fit) bandValues(d dataRow, row *form.Row, heads []header, ms []match, trust float64) {
	want := row.Columns
	column := func(key string) *form.Column {
		for i := range f.table.Columns {
			if f.table.Columns[i].Key == key {
				return &f.table.Columns[i]
			}
		}
		return nil
	}
	for i, at := range d.place(heads, len(want), true) {
		if at < 0 {
			continue
		}
		c := d.cells[i]
		key, ct := "", placedTrust
		if at < len(ms) && ms[at].target >= 0 && slices.Contains(want, f.table.Columns[ms[at].target].Key) {
			key, ct = f.table.Columns[ms[at].target].Key, ms[at].trust
		} else if len(d.cells) == len(want) && (len(heads) == 0 || d.part.doubt) {
			key = want[i]
		}
		col := column(key)
		if key == "" || col == nil {
			continue
		}
		if d.part.hollow(c, ct) {
			continue
		}
		f.put(form.Path(f.table.Key, row.Key, key), c, min(trust, ct))
		if col.UnitKey != "" {
			u := unitOf(c.Text)
			if u == "" && at < len(heads) && heads[at].cell != nil {
				u = unitOf(heads[at].cell.Text)
			}
			if u != "" {
				f.units[form.Path(f.table.Key, row.Key, col.UnitKey)] = u
			}
		}
	}
}

func startingAt(cells []*layout.Cell, r int) []*layout.Cell {
	var out []*layout.Cell
	for _, c := range cells {
		if c.Row == r {
			out = append(out, c)
		}
	}
	return out
}

func allBlank(g *grid, cells []*layout.Cell) bool {
	for _, c := range cells {
		if g.kinds[c] != blankCell {
			return false
		}
	}
	return true
}

func hasFigure(g *grid, cells []*layout.Cell) bool {
	for _, c := range cells {
		if g.kinds[c] == figureCell {
			return true
		}
	}
	return false
}

// bandTitle recognises 第二十条第（一）项: alone in its row, but for blanks that lost spans leave.
func bandTitle(g *grid, cells []*layout.Cell) *name {
	if g.kinds[cells[0]] != textCell || !allBlank(g, cells[1:]) {
		return nil
	}
	n := g.names[cells[0]]
	if containment([]rune("第二十条"), n.full) > 0 || len(cells) == 1 && cells[0].ColSpan == g.table.Cols && g.table.Cols > 1 {
		return &n
	}
	if editSimilarity([]rune("第二十条第一项"), n.full, 0) >= minSimilarity {
		return &n
	}
	return nil
}

// bandHeader recognises a header row: 信息内容 and the columns' labels.
func bandHeader(g *grid, cells []*layout.Cell, cols []target) ([]header, []match, bool) {
	var hs []header
	var labels []label
	for _, c := range cells[1:] {
		hs = append(hs, header{c, c.Col, c.Col + c.ColSpan, []name{g.names[c]}})
		labels = append(labels, label{leaf: g.names[c]})
	}
	for len(hs) > 0 && g.kinds[hs[len(hs)-1].cell] == blankCell {
		hs, labels = hs[:len(hs)-1], labels[:len(labels)-1]
	}
	intro := newName("信息内容").similarity(g.names[cells[0]]) >= minSimilarity
	if len(hs) == 0 {
		return nil, nil, intro // a header whose columns could not be read
	}
	ms := align(labels, cols, nil)
	n := matchedCount(ms)
	if n == 0 && !intro || n*2 < len(hs) && !intro {
		return nil, nil, false
	}
	return hs, ms, true
}

// fitSingle matches a table with one row of values under a header of several rows (表四).
func fitSingle(t *form.Table, parts []*grid) *fit {
	f := newFit(t)
	cols := targetsOf(t).cols
	f.all = float64(len(cols))
	var heads []header
	for _, g := range parts {
		for r := 0; r < g.table.Rows; r++ {
			if !g.valueRow(r) {
				continue
			}
			if r > 0 {
				heads = g.headers(0, r)
			}
			labels := make([]label, len(heads))
			for i, h := range heads {
				labels[i] = h.label()
			}
			ms := align(labels, cols, func(int) bool { return true })
			d := dataRow{part: g, row: r, cells: startingAt(g.rows[r], r)}
			if len(heads) != len(cols) && (g.ragged || g.doubt && len(d.cells) == len(cols)) {
				heads, ms = nil, nil // a header without its spans or walls: the form's order, and a person
			}
			for i, at := range d.place(heads, len(cols), true) {
				if at < 0 {
					continue
				}
				j, trust := at, placedTrust
				if len(heads) > 0 {
					j, trust = ms[at].target, ms[at].trust
				}
				if j < 0 {
					continue
				}
				path := form.Path(t.Key, "", t.Columns[j].Key)
				if _, ok := f.hits[path]; !ok {
					f.matched += max(0.3, trust)
				}
				f.put(path, d.cells[i], trust)
			}
			break // what follows the first row of values is no part of the form
		}
	}
	return f
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

// unknown keeps a row of values that the form does not know.
func (f *fit) unknown(d dataRow) {
	if d.leaf == nil || d.label.leaf.empty() || len(d.cells) == 0 {
		return
	}
	for _, c := range d.cells {
		if k := d.part.kinds[c]; k == figureCell || k == unreadCell {
			r := localRow{label: d.leaf.Line(), cell: c}
			for _, u := range d.part.rows[d.row] {
				if s := unitOf(u.Text); s != "" && d.part.kinds[u] == textCell {
					r.unit = s
				}
			}
			f.local = append(f.local, r)
			f.warn(diag.UnknownRow, d.leaf, "the form has no row %q", d.leaf.Line())
			return
		}
	}
}

func (f *fit) warn(code diag.Code, at *layout.Cell, format string, args ...any) {
	w := diag.Warning{Code: code, Message: f.table.Title + ": " + fmt.Sprintf(format, args...)}
	if at != nil {
		w.Page = at.Page
	}
	f.warnings = append(f.warnings, w)
}

func lineOf(c *layout.Cell) string {
	if c == nil {
		return ""
	}
	return c.Line()
}

// minShown is the least likeness of a text that counts as a form's label being there.
const minShown = 0.7

// evidence says how much of a form's table a grid's texts show: the sum of the labels found.
func evidence(t *form.Table, g *grid) float64 {
	names := targetsOf(t).names
	found := 0.0
	for i := range g.table.Cells {
		n := g.names[&g.table.Cells[i]]
		if g.kinds[&g.table.Cells[i]] != textCell || n.empty() {
			continue
		}
		const none = minShown - 1e-9
		best := none
		for _, m := range names {
			if best = max(best, n.similarityOver(m, best)); best == 1 {
				break
			}
		}
		if best > none {
			found += best
		}
	}
	return found
}
