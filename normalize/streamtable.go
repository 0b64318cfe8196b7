package normalize

import (
	"slices"
	"strings"
	"sync"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// regrouped gives the blocks of a document without pages in which tables that lost their walls are
// tables again, and sections begin with a paragraph. What is left of a table's paragraphs stays where it
// was.
func regrouped(blocks []layout.Block, forms form.Set) []layout.Block {
	var cuts []cut
	ls := sync.OnceValue(func() labels { return labelsIn(forms) })
	for _, atoms := range atomsOf(blocks) {
		st := newStream(atoms, ls, forms)
		for _, f := range st.find() {
			if !st.sound(f, blocks, forms) {
				cuts = append(cuts, st.place(f, forms))
			}
		}
	}
	return parted(unfilled(replaced(blocks, cuts), forms), forms)
}

func newStream(atoms []atom, ls func() labels, forms form.Set) *stream {
	st := &stream{atoms: atoms, segs: segmentsOf(atoms, ls)}
	st.taken = make([]bool, len(st.segs))
	for _, f := range forms.All() {
		for i := range f.Tables {
			st.sights = append(st.sights, newSight(&f.Tables[i]))
		}
	}
	return st
}

// minStreamed is the least score of a table in a stream: a row with its header, or a few rows.
const minStreamed = 2

// find gives the tables of a stream, the clearest first. No segment is part of two.
func (st *stream) find() []*streamed {
	for _, g := range st.sights {
		g.found = st.tables(g)
	}
	var out []*streamed
	for {
		var best *streamed
		for _, g := range st.sights {
			for _, x := range g.found {
				if x.score >= minStreamed && (best == nil || x.score > best.score) {
					best = x
				}
			}
		}
		if best == nil {
			return out
		}
		for i := best.first; i <= best.last; i++ {
			st.taken[i] = true
		}
		out = append(out, best)
		for _, g := range st.sights {
			if slices.ContainsFunc(g.found, func(x *streamed) bool { return x.first <= best.last && best.first <= x.last }) {
				g.found = st.tables(g)
			}
		}
	}
}

// tables reads a form's table wherever the stream may have it.
func (st *stream) tables(g *sight) []*streamed {
	t := g.table
	if len(t.Rows) == 1 && t.Rows[0].Key == "" {
		if x := st.singleIn(g); x != nil {
			return []*streamed{x}
		}
		return nil
	}
	var out []*streamed
	for _, r := range st.regions(g) {
		var x *streamed
		switch {
		case t.Bands:
			x = st.bandsIn(g, r[0], r[1])
		case len(t.Columns) == 1:
			x = st.statisticsIn(g, r[0], r[1])
		default:
			x = st.matrixIn(g, r[0], r[1])
		}
		if x != nil {
			out = append(out, x)
		}
	}
	return out
}

// cut is a stretch of blocks whose place a table takes: from an offset in the text of a paragraph, or
// a row of a table, up to another.
type cut struct {
	fromBlock, from int
	toBlock, to     int
	table           *layout.Table
}

// place gives the stretch of blocks that a table takes, with its header.
func (st *stream) place(f *streamed, forms form.Set) cut {
	s := &st.segs[f.first]
	var w wording
	w.add(s.words)
	label := len(w.letters)
	for _, r := range f.rows {
		if r.seg == f.first && r.row >= 0 && r.letters > 0 {
			bare, _ := withoutUnit(w.letters)
			label = max(0, min(label, len(bare)-r.letters))
			break
		}
	}
	c := cut{table: f.grid()}
	first := s.values[0]
	c.fromBlock, c.from = first.block, first.from
	if begin := begins(&w, label, vocabularyOf(f.table), forms); begin < len(w.letters) {
		p := w.places[begin]
		c.fromBlock, c.from = p.atom.block, p.atom.from
		if p.at > 0 {
			start := p.atom.starts[p.at]
			c.from = p.atom.from + len(strings.TrimRight(p.atom.text[:start], "（(“《"))
		}
	}
	last := st.segs[f.last].values
	end := last[len(last)-1]
	c.toBlock, c.to = end.block, end.to
	return c
}

// begins says at which letter of the words before a table's first label its header begins: nothing of
// the prose and the heading before it.
func begins(w *wording, label int, v *vocabulary, forms form.Set) int {
	floor := headingEnd(w.letters[:label], forms)
	known := v.known(w.letters)
	start := func(i int) int { // of the line that holds a letter
		for i > floor && (w.places[i].at > 0 || w.places[i].atom.gap != broken) {
			i--
		}
		return i
	}
	at := label
	for at > floor {
		from := start(at - 1)
		if v.header(w, from, at, known) {
			at = from
			continue
		}
		if from > floor || w.places[from].at > 0 || w.places[from].atom.gap != broken || at == label {
			const longestGap = 3 // letters of a header that its form does not print
			gap := 0
			for i := at - 1; i >= from && gap <= longestGap; i-- {
				if known[i] {
					at, gap = i, 0
				} else {
					gap++
				}
			}
		}
		break
	}
	return at
}

// header says that a line before a table is part of it: most of it is labels, or pieces of them.
func (v *vocabulary) header(w *wording, from, to int, known []bool) bool {
	n, exact, torn := to-from, 0, 0
	for i := from; i < to; i++ {
		if known[i] {
			exact++
		}
		if v.letters[w.letters[i]] {
			torn++
		}
	}
	const shortLine = 16
	last := w.places[to-1].atom.text
	return !strings.ContainsAny(last[len(last)-min(len(last), 3):], "。；！") && (3*exact >= 2*n || n <= shortLine && 10*torn >= 9*n)
}

// headingEnd is the end of the last section's heading in letters.
func headingEnd(letters []rune, forms form.Set) int {
	end := 0
	for _, f := range forms.All() {
		for _, s := range f.Sections {
			for _, h := range append([]string{s.Heading}, s.Aliases...) {
				word := newName(h).full
				for at := indexOf(letters, word, 0); at >= 0; at = indexOf(letters, word, at+1) {
					if at > 0 && figure.Han(letters[at-1]) > 0 {
						end = max(end, at+len(word))
					}
				}
			}
		}
	}
	return end
}

// grid draws the table as its form prints it.
func (f *streamed) grid() *layout.Table {
	g := &drawing{}
	t := f.table
	switch {
	case len(t.Rows) == 1 && t.Rows[0].Key == "":
		g.groups(t.Columns)
		g.row()
		g.values(0, &f.rows[0], len(t.Columns))
	case t.Bands:
		f.bands(g)
	case len(t.Columns) == 1:
		f.statistics(g)
	default:
		g.row()
		g.put(0, 1, "")
		g.put(1, len(t.Columns), t.Title)
		g.row()
		g.put(0, 1, "")
		for i, c := range t.Columns {
			g.put(i+1, 1, c.Label)
		}
		for _, r := range f.ordered() {
			g.row()
			g.put(0, 1, t.Rows[r.row].Label)
			g.values(1, &r, len(t.Columns))
		}
	}
	return &g.table
}

// ordered gives the rows of the form, those without cells too, which tell the form.
func (f *streamed) ordered() []streamRow {
	out := slices.DeleteFunc(slices.Clone(f.rows), func(r streamRow) bool { return r.row < 0 })
	slices.SortStableFunc(out, func(a, b streamRow) int { return a.row - b.row })
	return out
}

// bands draws the rows under the headers that they stand under.
func (f *streamed) bands(g *drawing) {
	t := f.table
	width := 1
	for i := range t.Rows {
		width = max(width, 1+len(t.Rows[i].Columns))
	}
	group, head := "", []string(nil)
	for _, r := range f.ordered() {
		row := &t.Rows[r.row]
		if n := len(row.Groups); n > 0 && row.Groups[n-1] != group {
			group, head = row.Groups[n-1], nil
			g.row()
			g.put(0, width, group)
		}
		if !slices.Equal(head, row.Columns) {
			head = row.Columns
			g.row()
			g.put(0, 1, t.Corner)
			for i, key := range row.Columns {
				g.put(i+1, 1, f.heads[slices.IndexFunc(t.Columns, func(c form.Column) bool { return c.Key == key })])
			}
		}
		g.row()
		g.put(0, 1, row.Label)
		g.values(1, &r, len(row.Columns))
	}
}

// statistics draws rows of label, unit and values with the labels as they stand.
func (f *streamed) statistics(g *drawing) {
	g.row()
	g.put(0, 1, "指标名称")
	g.put(1, 1, "单位")
	heads := f.heads
	if len(heads) == 0 {
		heads = []string{f.table.Columns[0].Label}
	}
	for i, s := range heads {
		g.put(i+2, 1, s)
	}
	for _, r := range f.rows {
		g.row()
		g.put(0, 1, r.label)
		g.put(1, 1, r.unit)
		g.values(2, &r, len(heads))
	}
}

// drawing is a table that grows row by row.
type drawing struct{ table layout.Table }

func (d *drawing) row() { d.table.Rows++ }

func (d *drawing) put(col, span int, text string) {
	d.table.Cols = max(d.table.Cols, col+span)
	d.table.Cells = append(d.table.Cells, layout.Cell{Row: d.table.Rows - 1, Col: col, RowSpan: 1, ColSpan: span, Text: text})
}

// values draws a row's n values from a column on: what is not known is there and lost.
func (d *drawing) values(col int, r *streamRow, n int) {
	for i := range n {
		if len(r.cells) > 0 && (r.some == nil || r.some[i]) {
			d.put(col+i, 1, r.cells[i])
			continue
		}
		d.put(col+i, 1, strings.Join(textsOf(figures(r.values)), " "))
		d.table.Cells[len(d.table.Cells)-1].Lost = true
	}
}

// groups draws a header of several rows: groups over the columns that they have in common, and a
// label over the rows that it needs no group in.
func (d *drawing) groups(cols []form.Column) {
	height := 0
	for _, c := range cols {
		height = max(height, len(c.Groups))
	}
	for level := 0; level <= height; level++ {
		d.row()
		for i := 0; i < len(cols); {
			j := i + 1
			text := ""
			switch gs := cols[i].Groups; {
			case level < len(gs):
				for j < len(cols) && len(cols[j].Groups) > level && slices.Equal(cols[j].Groups[:level+1], gs[:level+1]) {
					j++
				}
				text = gs[level]
			case level == height:
				text = cols[i].Label
			}
			d.put(i, j-i, text)
			i = j
		}
	}
}
