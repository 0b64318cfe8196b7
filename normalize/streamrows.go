package normalize

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
)

// stream is a run of atoms in segments, of which some are taken by tables that were found.
type stream struct {
	atoms  []atom
	segs   []segment
	taken  []bool // of segs
	sights []*sight
}

// sight is a form's table as a stream is searched for it.
type sight struct {
	table  *form.Table
	rows   []target
	labels map[int][]candidate // of the segments whose labels were looked at
	found  []*streamed         // what the stream has of it
	known  *equations          // nil until they are asked for
}

func newSight(t *form.Table) *sight {
	return &sight{table: t, rows: targetsOf(t).rows, labels: map[int][]candidate{}}
}

// equations are those of the sight's table, made when rows of it were found: most streams hold none of most tables.
func (g *sight) equations() *equations {
	if g.known == nil {
		g.known = equationsOf(g.table)
	}
	return g.known
}

// streamed is a form's table found in a stream.
type streamed struct {
	table *form.Table
	rows  []streamRow
	// heads are the texts of the value columns: in a table of bands by the column's index, else in order.
	heads       []string
	first, last int // segments
	label       int // how many letters of the first segment stand before its label
	score       float64
}

// streamRow is a row of values in a stream.
type streamRow struct {
	seg    int
	values []atom
	// bare rows have no words of their own; firm ones stand on the line of their label.
	bare, firm bool
	row        int // of the form, -1 when none
	sim        float64
	letters    int    // of its segment, that are its label
	label      string // as it stands, where the form does not know the row
	unit       string
	cells      []string // nil where they are not known
	some       []bool   // which of the cells are known; nil for all
}

// maxStrange is how many letters that no table knows may stand between two of its rows: a row that the
// form lacks, a page's head.
const maxStrange = 40

// regions are the runs of segments between which rows of a table follow each other.
func (st *stream) regions(g *sight) [][2]int {
	t, rows := g.table, g.rows
	var out [][2]int
	last := -1
	for i := range st.segs {
		s := &st.segs[i]
		if st.taken[i] || len(s.values) == 0 {
			continue
		}
		cs, known := g.labels[i]
		if !known {
			if cs = candidatesOf(i, s, t, rows, false); len(cs) == 0 {
				cs = st.cut(i, t, rows)
			}
			g.labels[i] = cs
		}
		if len(cs) == 0 {
			continue
		}
		if last >= 0 && st.strangeBetween(last, i, cs[0].letters, vocabularyOf(t)) <= maxStrange {
			out[len(out)-1][1] = i
		} else {
			out = append(out, [2]int{i, i})
		}
		last = i
	}
	return out
}

// strangeBetween counts the letters between two segments' labels that are no table's; label is how
// many of the latter's letters are its label.
func (st *stream) strangeBetween(a, b, label int, v *vocabulary) int {
	n := 0
	for i := a + 1; i <= b; i++ {
		if st.taken[i] {
			return maxStrange + 1
		}
		ls := st.segs[i].letters
		if i == b {
			ls = ls[:len(ls)-min(len(ls), label)]
		} else if _, u := withoutUnit(ls); u != "" && len(figures(st.segs[i].values)) > 0 && len(ls) <= maxStrange {
			continue // a row of statistics that this form lacks
		}
		n += v.strange(ls)
	}
	return n
}

// valueRows parts the segments of a region into rows. n is how many columns a row has, 0 where that
// depends on the row.
func (st *stream) valueRows(first, last, n int) []streamRow {
	var out []streamRow
	for i := first; i <= last; i++ {
		s := &st.segs[i]
		if len(s.values) == 0 {
			continue
		}
		ls := lines(s.values)
		full := func(l []atom) bool { return n > 1 && len(figures(l)) == n }
		if first := ls[0]; len(ls) > 1 && n > 1 && first[0].gap != broken && inPlace(first, n, len(first)-n) != nil || len(ls) > 1 && slices.ContainsFunc(ls, full) {
			labelled := len(s.words) > 0
			for k, l := range ls {
				beside := k == 0 && l[0].gap != broken
				if !full(l) && !beside {
					continue // a page's number, a figure that slid out of its row
				}
				out = append(out, streamRow{seg: i, values: l, bare: !labelled, firm: labelled && beside && inPlace(l, n, max(0, len(l)-n)) != nil, row: -1})
				labelled = false
			}
			continue
		}
		beside := s.values[0].gap != broken && len(s.words) > 0
		out = append(out, streamRow{seg: i, values: s.values, bare: len(s.words) == 0, firm: beside && len(ls) == 1, row: -1})
	}
	return out
}

// assign gives rows of values their rows of the form. Labels and figures follow each other in the
// order of the form; where rows of figures have no label at all, labels and figures may have run past
// each other, and only rows on the line of their label are believed: between two of these the others
// are told by their order, if there are as many as the form has.
func (st *stream) assign(rows []streamRow, t *form.Table) {
	targets := targetsOf(t).rows
	bare := slices.ContainsFunc(rows, func(r streamRow) bool { return r.bare })
	var cs []candidate
	for i := range rows {
		if rows[i].bare {
			continue
		}
		for _, c := range st.labelled(rows[i].seg, t, targets) {
			c.seg = i
			cs = append(cs, c)
		}
	}
	if !bare {
		put(rows, ascending(cs), 0, len(rows))
		astray(rows, cs, t)
		return
	}
	anchors := ascending(slices.DeleteFunc(slices.Clone(cs), func(c candidate) bool { return !rows[c.seg].firm }))
	put(rows, anchors, 0, len(rows))
	from, above := 0, -1
	for _, a := range append(anchors, candidate{seg: len(rows), row: len(t.Rows)}) {
		within := rows[from:a.seg]
		var free []int
		for j := above + 1; j < a.row; j++ {
			if !t.Rows[j].Heading {
				free = append(free, j)
			}
		}
		switch {
		case len(free) == len(within) && st.named(rows, t, free):
			for k := range within {
				within[k].row, within[k].sim = free[k], placedTrust
			}
		case !slices.ContainsFunc(within, func(r streamRow) bool { return r.bare }):
			var here []candidate
			for _, c := range cs {
				if c.seg >= from && c.seg < a.seg && c.row > above && c.row < a.row {
					here = append(here, c)
				}
			}
			put(rows, ascending(here), from, a.seg)
		}
		from, above = a.seg+1, a.row
	}
}

// named says that the labels of some rows of the form are, if torn, among the words of the table.
func (st *stream) named(rows []streamRow, t *form.Table, free []int) bool {
	if len(free) == 0 {
		return false
	}
	pairs := map[[2]rune]bool{}
	for _, s := range st.segs[rows[0].seg : rows[len(rows)-1].seg+1] {
		for i := 1; i < len(s.letters); i++ {
			pairs[[2]rune{s.letters[i-1], s.letters[i]}] = true
		}
	}
	for _, j := range free {
		n := targetsOf(t).rows[j].names[0].full
		found := 0
		for i := 1; i < len(n); i++ {
			if pairs[[2]rune{n[i-1], n[i]}] {
				found++
			}
		}
		if 2*found < len(n)-1 {
			return false
		}
	}
	return true
}

func put(rows []streamRow, cs []candidate, from, to int) {
	for _, c := range cs {
		if c.seg >= from && c.seg < to {
			rows[c.seg].row, rows[c.seg].sim, rows[c.seg].letters = c.row, c.sim, c.letters
		}
	}
}

// astray gives rows whose labels were surely read their rows of the form although they stand elsewhere.
func astray(rows []streamRow, cs []candidate, t *form.Table) {
	used := map[int]bool{}
	for _, r := range rows {
		used[r.row] = true
	}
	leastLetters := 4
	if t.Bands {
		leastLetters = 2 // 规章; what stands over it confirms it
	}
	for _, c := range cs {
		if r := &rows[c.seg]; r.row < 0 && !used[c.row] && c.sim == 1 && c.letters >= leastLetters {
			used[c.row] = true
			r.row, r.sim, r.letters = c.row, c.sim, c.letters
		}
	}
}

// labelled gives the rows of the form that a segment's label may be, by what is left of it: a label
// that goes on behind its figures is the start of a row's.
func (st *stream) labelled(i int, t *form.Table, rows []target) []candidate {
	s := &st.segs[i]
	if cs := candidatesOf(i, s, t, rows, false); len(cs) > 0 {
		return cs
	}
	if cs := st.cut(i, t, rows); len(cs) > 0 {
		return cs
	}
	if cs := candidatesOf(i, s, t, rows, true); len(cs) > 0 || len(s.words) == 0 {
		return cs
	}
	// A piece of a label that was torn off at both ends.
	const least = 5 // letters
	piece, n := s.words[len(s.words)-1].letters, 0
	if len(piece) < least {
		return nil
	}
	var out []candidate
	for j, r := range rows {
		if !t.Rows[j].Heading && slices.ContainsFunc(r.names, func(m name) bool { return indexOf(m.full, piece, 0) >= 0 }) {
			out = append(out, candidate{i, j, 0.9, len(piece)})
			n++
		}
	}
	if n > 1 {
		return nil
	}
	return out
}

// cut gives the rows of the form whose labels go on behind a segment's figures.
func (st *stream) cut(i int, t *form.Table, rows []target) []candidate {
	if i+1 >= len(st.segs) {
		return nil
	}
	var out []candidate
	next := &st.segs[i+1]
	for j, r := range rows {
		if n := cutLabel(st.segs[i].letters, next.letters, r); n > 0 && !t.Rows[j].Heading {
			if bare, _ := withoutUnit(next.letters); len(bare) <= len(r.names[0].full)-n && len(figures(next.values)) > 0 {
				continue // figures before the label's end and behind it
			}
			out = append(out, candidate{i, j, 0.98, n})
		}
	}
	return out
}

// cutLabel says how many letters of a label end the words before the figures, if the rest of it is
// among the first words after them. Of a short piece the rest must follow at once.
func cutLabel(before, after []rune, t target) int {
	const (
		least  = 2  // letters of a label's first part
		long   = 4  // letters from which other words may stand between
		within = 24 // letters after the figures that may hold the rest
	)
	if len(before) < least {
		return 0
	}
	after = after[:min(len(after), within+maxLabel)]
	last := before[len(before)-1]
	for _, n := range t.names {
		for k := len(n.full) - 2; k >= least; k-- {
			if n.full[k-1] != last || k > len(before) || !slices.Equal(before[len(before)-k:], n.full[:k]) {
				continue
			}
			if at := indexOf(after, n.full[k:], 0); at == 0 || k >= long && at > 0 && at <= within {
				return k
			}
		}
	}
	return 0
}

// indexOf is where a word begins in letters at or after from, or -1.
func indexOf(letters, word []rune, from int) int {
	for i := from; i+len(word) <= len(letters); i++ {
		if slices.Equal(letters[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}

// read sets the cells of the rows that are known: those with as many figures as columns, and those
// whose figures fit into the columns in one way alone.
func (e *equations) read(rows []streamRow) {
	tail := e.trailing(rows)
	apart := apartIn(rows)
	open := make([]openRow, 0, len(rows))
	at := make([]int, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		if r.row < 0 || apart(r) {
			continue
		}
		o := openRow{row: &e.table.Rows[r.row], cols: e.cols[r.row]}
		sums := e.sums[r.row]
		if cells := inPlace(r.values, len(o.cols), tail); cells != nil {
			o.readings = []reading{asRead(cells)}
			r.some = confirmed(o.readings[0], sums)
		} else if x := amid(r.values, len(o.cols), sums); x != nil && stacked(r.values) {
			o.readings = []reading{*x}
		} else {
			o.readings = layings(textsOf(figures(r.values)), len(o.cols), sums)
		}
		open = append(open, o)
		at = append(at, i)
	}
	settle(e, open)
	for k, o := range open {
		if len(o.readings) == 1 {
			rows[at[k]].cells = o.readings[0].texts
		}
	}
}

// apartIn tells rows whose figures stand under their label where nearly all others' stand beside theirs:
// the figures may be a page's number. A whole row of them is no such thing.
func apartIn(rows []streamRow) func(*streamRow) bool {
	beside, all := 0, 0
	for _, r := range rows {
		if r.row >= 0 && !r.bare && len(r.values) > 0 {
			all++
			if r.values[0].gap != broken {
				beside++
			}
		}
	}
	return func(r *streamRow) bool {
		return 5*beside >= 4*all && !r.bare && len(figures(r.values)) == 1 && r.values[0].gap == broken
	}
}

// trailing is how many blank cells follow the values of every row that is full: cells that merged
// headers leave in a copy.
func (e *equations) trailing(rows []streamRow) int {
	least := -1
	for _, r := range rows {
		if r.row < 0 || len(figures(r.values)) != len(e.cols[r.row]) {
			continue
		}
		if n := len(r.values) - len(trimBlanks(r.values)); least < 0 || n < least {
			least = n
		}
	}
	return max(least, 0)
}

// inPlace gives the cells of a row where each is there, be it blank, with tail blank ones after them,
// or where all of them are figures. It is nil where cells are too many or too few.
func inPlace(values []atom, n, tail int) []string {
	if tail >= 0 && len(values) == n+tail && blankOnly(values[n:]) {
		return textsOf(values[:n])
	}
	if len(values) > n && blankOnly(values) {
		return make([]string, n)
	}
	vs := trimBlanks(values)
	for len(vs) > 0 && vs[0].kind == blankAtom {
		vs = vs[1:]
	}
	if len(vs) == n && len(figures(vs)) == n {
		return textsOf(vs)
	}
	return nil
}

// stacked says that values stand on one line, or each on a line of its own.
func stacked(values []atom) bool {
	ls := lines(values)
	return len(ls) == 1 || !slices.ContainsFunc(ls, func(l []atom) bool { return len(figures(l)) > 1 })
}

// amid gives the cells of a row among more, of which those on both sides are blank, where the sums hold
// of one choice alone.
func amid(values []atom, n int, sums []sum) *reading {
	var found *reading
	for k := 0; k+n <= len(values) && len(sums) > 0; k++ {
		if !blankOnly(values[:k]) || !blankOnly(values[k+n:]) {
			continue
		}
		x := asRead(textsOf(values[k : k+n]))
		if x.odd || slices.ContainsFunc(sums, func(s sum) bool { return !s.holds(x) && !s.blank(x) }) {
			continue
		}
		if found != nil || !slices.ContainsFunc(sums, func(s sum) bool { return s.holds(x) }) {
			return nil
		}
		found = &x
	}
	return found
}

// confirmed says which cells of a row are to be believed: a blank beside figures may be a figure that
// the copy lost, unless a sum of the row holds without it. It is nil where all are.
func confirmed(r reading, sums []sum) []bool {
	blank := func(s string) bool { return s == "" }
	if !slices.ContainsFunc(r.texts, blank) || len(sums) == 0 || strings.Join(r.texts, "") == "" {
		return nil
	}
	if !r.odd && !slices.ContainsFunc(sums, func(s sum) bool { return !s.holds(r) }) {
		return nil
	}
	out := make([]bool, len(r.texts))
	for i, t := range r.texts {
		out[i] = !blank(t)
	}
	return out
}
