package normalize

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
)

// letterAt is where a letter of a stretch of words stands.
type letterAt struct {
	atom *atom
	at   int // index of the letter in the atom
}

// wording is the words of a stretch of segments, letter by letter.
type wording struct {
	letters []rune
	places  []letterAt
}

func (w *wording) add(words []atom) {
	for i := range words {
		a := &words[i]
		for k, r := range a.letters {
			w.letters = append(w.letters, r)
			w.places = append(w.places, letterAt{a, k})
		}
	}
}

// text gives letters [from, to) as they stand, with the brackets that belong to them.
func (w *wording) text(from, to int) string {
	var b strings.Builder
	for i := from; i < to; {
		a, k := w.places[i].atom, w.places[i].at
		j := i
		for j < to && w.places[j].atom == a {
			j++
		}
		start, end := a.starts[k], len(a.text)
		if last := w.places[j-1].at; last+1 < len(a.starts) {
			end = a.starts[last+1]
		}
		if i == from {
			for _, open := range []string{"（", "(", "“", "《"} {
				if strings.HasSuffix(a.text[:start], open) {
					start -= len(open)
				}
			}
		}
		b.WriteString(a.text[start:end])
		i = j
	}
	return strings.TrimRight(b.String(), "（(“《、.． ")
}

// headed says whether the columns of a table are named in order in the words before its first row,
// and how many of them are. Columns under groups stand in another line of the header than those
// without.
func headed(letters []rune, t *form.Table) (n int) {
	for _, grouped := range []bool{false, true} {
		at := 0
		for i, c := range targetsOf(t).cols {
			if (len(t.Columns[i].Groups) > 0) != grouped {
				continue
			}
			for _, m := range c.names {
				if k := indexOf(letters, m.full, at); k >= 0 {
					at = k + len(m.full)
					n++
					break
				}
			}
		}
	}
	return n
}

// longestHeader is how many letters before the first row may be its header.
const longestHeader = 240

// matrixIn reads a table of rows and columns in a region of a stream.
func (st *stream) matrixIn(g *sight, first, last int) *streamed {
	t := g.table
	n := len(t.Columns)
	rows := st.valueRows(first, last, n)
	st.assign(rows, t)
	g.equations().read(rows)
	f := &streamed{table: t, rows: rows, first: first, last: last}
	if !f.trim() {
		return nil
	}
	var before wording
	before.add(st.segs[f.first].words)
	heads := headed(before.letters[max(0, len(before.letters)-longestHeader):], t)
	if 3*heads < 2*n && !g.equations().witnessed(rows) {
		return nil // no header says which columns these are, and no sum
	}
	for _, r := range rows {
		if r.row >= 0 && r.cells != nil {
			f.score += r.sim
		}
	}
	if f.score > 0 {
		f.score += float64(heads) / 2
	}
	return f
}

// trim takes the segments at the ends off that hold no row of the form. It is false when there is no
// row at all.
func (f *streamed) trim() bool {
	known := slices.DeleteFunc(slices.Clone(f.rows), func(r streamRow) bool { return r.row < 0 })
	if len(known) == 0 {
		return false
	}
	f.first, f.last = known[0].seg, known[len(known)-1].seg
	return true
}

// witnessed says that the sums of the rows hold, and at least one is of numbers other than 0.
func (e *equations) witnessed(rows []streamRow) bool {
	found := false
	for _, r := range rows {
		if r.row < 0 || r.cells == nil || r.some != nil {
			continue
		}
		x := asRead(r.cells)
		for _, s := range e.sums[r.row] {
			if x.odd || !s.holds(x) {
				return false
			}
			found = found || slices.ContainsFunc(x.numbers, func(n int64) bool { return n > 0 })
		}
	}
	return found
}

// bandsIn reads a stack of small tables, each with a header of its own, in a region of a stream. A
// row's values are its columns' only where the words before it name these last.
func (st *stream) bandsIn(g *sight, first, last int) *streamed {
	t := g.table
	rows := st.valueRows(first, last, 0)
	st.assign(rows, t)
	g.equations().read(rows)
	f := &streamed{table: t, rows: rows, first: first, last: last, heads: make([]string, len(t.Columns))}
	if !f.trim() {
		return nil
	}
	var before wording
	seg := f.first
	for i := range rows {
		r := &rows[i]
		for ; seg <= r.seg; seg++ {
			before.add(st.segs[seg].words)
		}
		if r.row < 0 {
			continue
		}
		if r.cells == nil {
			f.score += shownRow
		} else if heads := bandHeads(&before, t, &t.Rows[r.row], vocabularyOf(t)); heads == nil {
			r.cells = nil
			f.score += shownRow
		} else {
			for c, s := range heads {
				f.heads[c] = s
			}
			f.score += r.sim + 0.5*float64(len(heads))
		}
	}
	return f
}

// shownRow is what a row counts whose label was found and whose values nobody can place.
const shownRow = 0.5

// bandHeads finds the labels of a row's columns in the words before it: in their order, and no other
// column's among or after them.
func bandHeads(w *wording, t *form.Table, row *form.Row, v *vocabulary) map[int]string {
	out := map[int]string{}
	at, start := -1, -1
	spots := make([]spot, len(t.Columns))
	for i, c := range targetsOf(t).cols {
		spots[i] = spot{-1, -1}
		for _, m := range c.names {
			if k, l := lastOf(w.letters, m.full); k > spots[i].from || k == spots[i].from && k+l > spots[i].to {
				spots[i] = spot{k, k + l}
			}
		}
	}
	for _, key := range row.Columns {
		i := slices.IndexFunc(t.Columns, func(c form.Column) bool { return c.Key == key })
		if i < 0 || spots[i].from <= at {
			return nil
		}
		at = spots[i].from
		if start < 0 {
			start = at
		}
		out[i] = w.text(spots[i].from, spots[i].to)
	}
	// What no label accounts for may be another column.
	const tolerated = 3 // letters
	if intro, l := lastOf(w.letters[:start], newName(t.Corner).full); intro >= 0 && l > 0 {
		start = intro + l
	}
	rest := slices.Clone(w.letters[start:])
	for i := range out {
		for k := spots[i].from; k < spots[i].to; k++ {
			rest[k-start] = 0
		}
	}
	rest = slices.DeleteFunc(rest, func(r rune) bool { return r == 0 })
	if v.strange(rest) > tolerated {
		return nil
	}
	for i, s := range spots {
		if _, own := out[i]; own || s.from < start {
			continue
		}
		inside := false // 处理决定数量 in 本年处理决定数量
		for j := range out {
			inside = inside || spots[j].from <= s.from && s.to <= spots[j].to
		}
		if !inside {
			return nil
		}
	}
	return out
}

// spot is where a label stands among letters.
type spot struct{ from, to int }

// nearHead is the least likeness of a column's label in a header whose letters were torn or mistyped,
// and headWindow how many of the last letters may hold it.
const (
	nearHead   = 0.75
	headWindow = 60
)

// lastOf gives the last place of a word in letters, and how long it is there; of a long word also one
// that is nearly there, close to the end. It is -1 where there is none.
func lastOf(letters, word []rune) (int, int) {
	for i := len(letters) - len(word); i >= 0; i-- {
		if slices.Equal(letters[i:i+len(word)], word) {
			return i, len(word)
		}
	}
	if len(word) < 5 {
		return -1, 0
	}
	best, at, length := nearHead-0.001, -1, 0
	for i := max(0, len(letters)-headWindow); i < len(letters); i++ {
		for l := len(word) - 1; l <= len(word)+1 && i+l <= len(letters); l++ {
			if s := editSimilarity(letters[i:i+l], word, best); s > best {
				best, at, length = s, i, l
			}
		}
	}
	return at, length
}

var (
	// valueHead are the names of columns of statistics.
	valueHead = pattern.Of(`20\d\d年度?|本年度?(?:累计|实际|统计)?数?|本期(?:实际|累计)?数?|本月(?:累计)?数?|本季度?数?|历年累计|年度累计|累计数?|统计数[据量]?|数[量据值]`)
	// beforeValues are the headers of the columns before the values.
	beforeValues = []string{codeHead, "单位"}
)

const codeHead = "代码"

// statisticsIn reads a table of label, unit and values in a region of a stream, with the rows around
// it that the form lacks.
func (st *stream) statisticsIn(g *sight, first, last int) *streamed {
	t := g.table
	first, last = st.widened(first, last)
	rows := st.valueRows(first, last, 0)
	if len(rows) == 0 {
		return nil
	}
	st.assign(rows, t)
	f := &streamed{table: t, rows: rows, first: first, last: last}
	var head wording
	head.add(st.segs[first].words)
	var coded bool
	f.heads, f.label, coded = valueHeads(&head)
	n := len(f.heads)
	if n == 0 {
		n = usual(rows)
	}
	for i := range rows {
		rows[i].dropCode(t, n, coded)
	}
	equationsOf(manyColumns(t, n)).read(rows)
	exact := 0
	for i := range rows {
		r := &rows[i]
		from := 0
		if i == 0 {
			from = f.label
		}
		st.name(r, from)
		if r.row < 0 {
			r.cells = alone(r.values, n)
		}
		if r.row >= 0 && r.sim == 1 {
			exact++
		}
		if r.row >= 0 && r.cells != nil {
			f.score += r.sim
		}
	}
	if exact < minLocalRows || len(f.heads) == 0 && n > 1 {
		return nil
	}
	return f
}

// manyColumns is a table of one column as it is printed with several, of the month, the year, the years
// since 2008: each adds up by itself.
func manyColumns(t *form.Table, n int) *form.Table {
	m := *t
	m.Columns, m.Equations = nil, nil
	for i := range n {
		m.Columns = append(m.Columns, form.Column{Key: strconv.Itoa(i)})
	}
	for _, e := range t.Equations {
		e.Each = "columns"
		m.Equations = append(m.Equations, e)
	}
	return &m
}

// alone gives the cells of a row that no equation contains.
func alone(values []atom, n int) []string {
	if cells := inPlace(values, n, 0); cells != nil {
		return cells
	}
	if l := layings(textsOf(figures(values)), n, nil); len(l) == 1 {
		return l[0].texts
	}
	return nil
}

// widened takes into a region the rows of statistics before and after it that the form lacks: a label,
// a unit and a figure.
func (st *stream) widened(first, last int) (int, int) {
	row := func(i int) bool {
		if i < 0 || i >= len(st.segs) || st.taken[i] {
			return false
		}
		s := &st.segs[i]
		_, unit := withoutUnit(s.letters)
		return unit != "" && len(figures(s.values)) > 0
	}
	for indexOf(st.segs[first].letters, []rune("单位"), 0) < 0 && row(first-1) && len(st.segs[first].letters) <= maxStrange {
		first--
	}
	for row(last+1) && len(st.segs[last+1].letters) <= maxStrange {
		last++
	}
	return first, last
}

// valueHeads gives the names of the value columns in a header of statistics, at which letter the first
// label begins, and whether a column of codes stands before the values.
func valueHeads(w *wording) (heads []string, label int, coded bool) {
	at := -1
	for _, s := range beforeValues {
		if k, l := lastOf(w.letters, []rune(s)); k >= 0 && k+l > at {
			at, coded = k+l, s == codeHead
		}
	}
	if at < 0 {
		return nil, 0, false
	}
	for {
		m := valueHead().FindStringIndex(string(w.letters[at:]))
		if m == nil || m[0] != 0 {
			break
		}
		n := len([]rune(string(w.letters[at:])[:m[1]]))
		heads = append(heads, w.text(at, at+n))
		at += n
	}
	for at < len(w.letters) && strings.ContainsRune("甲乙丙丁戊", w.letters[at]) {
		at++
	}
	return heads, at, coded
}

// usual is how many figures most rows have.
func usual(rows []streamRow) int {
	count := map[int]int{}
	best := 0
	for _, r := range rows {
		n := len(figures(r.values))
		if count[n]++; count[n] > count[best] {
			best = n
		}
	}
	return best
}

// dropCode drops the code that stands before a row's values.
func (r *streamRow) dropCode(t *form.Table, n int, coded bool) {
	if r.values[0].kind != figureAtom || !coded && len(figures(r.values)) <= n {
		return
	}
	code := r.values[0].text
	if r.row >= 0 && t.Rows[r.row].Code == code || len(code) == 2 && strings.Trim(code, "0123456789") == "" {
		r.values = r.values[1:]
	}
}

// name keeps the label and the unit of a row of statistics as they stand; the label begins at a letter
// of the segment.
func (st *stream) name(r *streamRow, from int) {
	var w wording
	w.add(st.segs[r.seg].words)
	bare, unit := withoutUnit(w.letters)
	end := len(bare)
	r.unit = unit
	if r.row >= 0 {
		if end < r.letters { // the label itself ends like a unit
			end, r.unit = len(w.letters), ""
		}
		from = max(from, end-r.letters)
		for i := 0; i < 2 && from > 0 && (figure.Han(w.letters[from-1]) > 0 || w.letters[from-1] >= '0' && w.letters[from-1] <= '9'); i++ {
			from--
		}
		if from >= 2 && string(w.letters[from-2:from]) == "其中" {
			from -= 2
		}
	}
	if from < end {
		r.label = w.text(from, end)
	}
}

// singleIn reads a table of one row (表四) in a stream: its figures follow the labels of as many
// columns, all at once or some at a time. Where the labels were torn, the sums must tell.
func (st *stream) singleIn(g *sight) *streamed {
	t := g.table
	cols := targetsOf(t).cols
	cells := make([]string, len(cols))
	f := &streamed{table: t, first: -1}
	next := 0
	groups := 0
	for i := range st.segs {
		s := &st.segs[i]
		figs := figures(s.values)
		if st.taken[i] || len(figs) == 0 {
			continue
		}
		if x := st.wholeRow(s, g); x != nil {
			return &streamed{table: t, first: i, last: i, score: float64(len(cols)), rows: []streamRow{{seg: i, values: s.values, row: 0, cells: x}}}
		}
		n := leafsAt(s.letters, cols, next)
		if n == 0 && next > 0 {
			break
		}
		if n == 0 || len(figs) != n {
			continue
		}
		if f.first < 0 {
			f.first = i
		}
		f.last = i
		for k, a := range figs {
			cells[next+k] = a.text
		}
		next += n
		groups++
	}
	if next < len(cols) || groups < 2 {
		return nil
	}
	f.rows = []streamRow{{seg: f.last, row: 0, cells: cells}}
	f.score = float64(len(cols))
	return f
}

// wholeRow gives the cells of a table of one row that all stand behind its header: none where they cannot
// be told, and nil where its header is not here.
func (st *stream) wholeRow(s *segment, g *sight) []string {
	t := g.table
	cols := targetsOf(t).cols
	named := leafsAt(s.letters, cols, 0) == len(cols)
	sums := func() []sum { return g.equations().sums[0] }
	candidates := [][]atom{s.values}
	if ls := lines(s.values); len(ls) > 1 {
		candidates = append(candidates, ls...)
	}
	for _, vs := range candidates {
		cells := inPlace(vs, len(cols), 0)
		if cells == nil {
			if named {
				if x := amid(vs, len(cols), sums()); x != nil {
					return x.texts
				}
			}
			continue
		}
		x := asRead(cells)
		proven := len(sums()) > 0 && !x.odd && !slices.ContainsFunc(sums(), func(u sum) bool { return !u.holds(x) })
		if proven && groupsIn(s.letters, t) || named && (len(vs) == len(cols) || !slices.Contains(cells, "")) {
			return cells
		}
	}
	if named {
		if l := layings(textsOf(figures(s.values)), len(cols), sums()); len(l) == 1 {
			return l[0].texts
		}
		return []string{} // the header alone: what follows cannot be told
	}
	return nil
}

// leafsAt counts the labels of columns, from the next one on, that stand in order in letters.
func leafsAt(letters []rune, cols []target, next int) int {
	at, n := 0, 0
	for _, c := range cols[next:] {
		found := -1
		for _, m := range c.names {
			if k := indexOf(letters, m.full, at); k >= 0 && (found < 0 || k+len(m.full) < found) {
				found = k + len(m.full)
			}
		}
		if found < 0 {
			break
		}
		at = found
		n++
	}
	return n
}

// groupsIn says that the groups of a table's columns are named in letters.
func groupsIn(letters []rune, t *form.Table) bool {
	for _, c := range targetsOf(t).cols {
		for _, g := range c.groups {
			if indexOf(letters, g.full, 0) < 0 {
				return false
			}
		}
	}
	return true
}
