package normalize

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// A row of a stream whose figures are fewer than its columns has lost blank cells, or the gaps between
// its figures. Each way to lay the figures into the columns is a reading of the row; the sums of the
// form, and that no number begins with a needless 0, may leave one of them.

// reading is a row's cells: what each prints, and the number that it is.
type reading struct {
	texts   []string // "" where a cell is blank
	numbers []int64
	odd     bool // a cell holds a number with decimals, which no sum of counts has
}

// openRow is a row with the readings that are left of it.
type openRow struct {
	row      *form.Row
	cols     []string // keys of its columns
	readings []reading
}

// Bounds of what is tried for one row, and for the open rows of a table together.
const (
	maxSteps    = 200_000
	maxReadings = 5_000
	maxTogether = 20_000
)

// sum is an equation within a row: columns that add up to others.
type sum struct{ left, right []int }

// holds says whether the sum is true of a reading. A blank adds nothing; a blank sum proves nothing,
// so that it counts as failed.
func (s sum) holds(r reading) bool {
	var l, x int64
	blank := true
	for _, c := range s.left {
		l += r.numbers[c]
	}
	for _, c := range s.right {
		x += r.numbers[c]
		blank = blank && r.texts[c] == ""
	}
	return !blank && l == x
}

// blank says that nothing is printed in any cell of the sum.
func (s sum) blank(r reading) bool {
	return !slices.ContainsFunc(append(slices.Clone(s.left), s.right...), func(c int) bool { return r.texts[c] != "" })
}

// last column that the sum has.
func (s sum) last() int { return slices.Max(append(slices.Clone(s.left), s.right...)) }

// equations are those of a table that errors break: within each of its rows, and all of them.
type equations struct {
	table *form.Table
	cols  [][]string // of each row, the keys of its columns
	sums  [][]sum    // of each row
	all   []form.Relation
}

func equationsOf(t *form.Table) *equations {
	e := &equations{table: t}
	for _, r := range t.Relations() {
		if !r.AtMost && r.Severity == "error" {
			e.all = append(e.all, r)
		}
	}
	for i := range t.Rows {
		row := &t.Rows[i]
		keys := row.Columns
		if len(keys) == 0 {
			for _, c := range t.Columns {
				keys = append(keys, c.Key)
			}
		}
		e.cols = append(e.cols, keys)
		e.sums = append(e.sums, e.within(row, keys))
	}
	return e
}

// within gives the equations that lie within one row.
func (e *equations) within(row *form.Row, cols []string) []sum {
	at := map[string]int{}
	for i, c := range cols {
		at[form.Path(e.table.Key, row.Key, c)] = i
	}
	index := func(paths []string) (out []int) {
		for _, p := range paths {
			i, ok := at[p]
			if !ok {
				return nil
			}
			out = append(out, i)
		}
		return out
	}
	var out []sum
	for _, r := range e.all {
		if l, x := index(r.Left), index(r.Right); l != nil && x != nil {
			out = append(out, sum{l, x})
		}
	}
	return out
}

// laying lays figures into columns in all ways that the sums of the row allow. Each column takes the
// next figure or stays blank; of a run of digits it takes the next few.
type laying struct {
	figures []string
	numbers []int64 // that they are
	run     bool    // figures has one, of digits that may be several numbers
	n       int
	sums    [][]sum // by the last column that each has
	now     reading
	out     []reading
	steps   int
}

// layings gives the readings of a row of n columns. It is nil where there is none or where too many
// would have to be tried. One figure alone proves nothing: a sum of nothing is 0.
func layings(figs []string, n int, sums []sum) []reading {
	l := &laying{figures: figs, n: n, sums: make([][]sum, n)}
	l.run = len(figs) == 1 && n > 1 && len(figs[0]) > 1 && strings.Trim(figs[0], "0123456789") == ""
	if len(figs) > n || len(figs) == 0 || len(figs) == 1 && n > 1 && !l.run || !l.run && slices.ContainsFunc(figs, isOdd) {
		return nil
	}
	l.numbers = asRead(figs).numbers
	for _, s := range sums {
		l.sums[s.last()] = append(l.sums[s.last()], s)
	}
	l.now = reading{texts: make([]string, n), numbers: make([]int64, n)}
	if !l.lay(0, 0) {
		return nil
	}
	return l.out
}

// isOdd says that a text is a number with decimals, or none that fits.
func isOdd(text string) bool {
	f := report.ParseFigure(text)
	return f.Number != nil && (!f.Number.IsInteger() || !f.Number.BigInt().IsInt64()) || f.Mark == report.MarkText && !report.IsNothing(text)
}

// asRead is the reading of cells that are known one by one.
func asRead(texts []string) reading {
	r := reading{texts: texts, numbers: make([]int64, len(texts))}
	for i, t := range texts {
		if f := report.ParseFigure(t); isOdd(t) {
			r.odd = true
		} else if f.Number != nil {
			r.numbers[i] = f.Number.IntPart()
		}
	}
	return r
}

// lay fills the columns from c on with what follows the first at figures, or digits of the run. It is
// false when the bounds are passed.
func (l *laying) lay(c, at int) bool {
	if l.steps++; l.steps > maxSteps {
		return false
	}
	left := len(l.figures) - at
	if l.run {
		left = len(l.figures[0]) - at
	}
	if c == l.n {
		if left == 0 {
			l.out = append(l.out, reading{texts: slices.Clone(l.now.texts), numbers: slices.Clone(l.now.numbers)})
		}
		return len(l.out) <= maxReadings
	}
	try := func(text string, number int64, next int) bool {
		l.now.texts[c], l.now.numbers[c] = text, number
		if !slices.ContainsFunc(l.sums[c], func(s sum) bool { return !s.holds(l.now) }) && !l.lay(c+1, next) {
			return false
		}
		l.now.texts[c], l.now.numbers[c] = "", 0
		return true
	}
	const longest = 9 // digits of a count
	switch {
	case left == 0:
	case l.run:
		most := min(left, longest)
		if l.figures[0][at] == '0' {
			most = 1
		}
		var number int64
		for k := 1; k <= most; k++ {
			number = 10*number + int64(l.figures[0][at+k-1]-'0')
			if !try(l.figures[0][at:at+k], number, at+k) {
				return false
			}
		}
	case !try(l.figures[at], l.numbers[at], at+1):
		return false
	}
	if l.run || left < l.n-c {
		return try("", 0, at)
	}
	return true
}

// settle leaves each row the readings that the table's equations allow.
func settle(e *equations, rows []openRow) {
	if !slices.ContainsFunc(rows, func(r openRow) bool { return len(r.readings) > 1 }) {
		return
	}
	s := settling{rows: rows, at: make([]int, len(rows)), owner: map[string][2]int{}, of: make([][]form.Relation, len(rows))}
	for i, r := range rows {
		for k, c := range r.cols {
			s.owner[form.Path(e.table.Key, r.row.Key, c)] = [2]int{i, k}
		}
	}
	for _, r := range e.all {
		seen := map[int]bool{}
		for _, p := range append(slices.Clone(r.Left), r.Right...) {
			if o, ok := s.owner[p]; ok && !seen[o[0]] {
				seen[o[0]] = true
				s.of[o[0]] = append(s.of[o[0]], r)
			}
		}
	}
	one := func(i int) bool { return len(rows[i].readings) == 1 }
	for changed := true; changed; {
		changed = false
		for i := range rows {
			if len(rows[i].readings) < 2 {
				continue
			}
			left := s.keep(i, func() bool { return !s.refuted(i, func(j int) bool { return j == i || one(j) }) })
			changed = changed || len(left) < len(rows[i].readings)
			rows[i].readings = left
		}
	}
	s.together()
}

// settling is the rows of a table and the reading of each that is in question.
type settling struct {
	rows  []openRow
	at    []int
	owner map[string][2]int // row and column of a path
	of    [][]form.Relation // that contain a row
}

// keep gives the readings of a row for which ok holds while they are in question.
func (s *settling) keep(i int, ok func() bool) []reading {
	var left []reading
	for k, x := range s.rows[i].readings {
		if s.at[i] = k; ok() {
			left = append(left, x)
		}
	}
	s.at[i] = 0
	return left
}

// together tries the rows that are still open with one another.
func (s *settling) together() {
	var open []int
	all := 1
	for i, r := range s.rows {
		if len(r.readings) > 1 {
			open = append(open, i)
			if all *= len(r.readings); all > maxTogether {
				return
			}
		}
	}
	if len(open) < 2 {
		return
	}
	allowed := map[[2]int]bool{}
	for n := range all {
		for _, i := range open {
			s.at[i] = n % len(s.rows[i].readings)
			n /= len(s.rows[i].readings)
		}
		if !slices.ContainsFunc(open, func(i int) bool {
			return s.refuted(i, func(j int) bool { return len(s.rows[j].readings) > 0 })
		}) {
			for _, i := range open {
				allowed[[2]int{i, s.at[i]}] = true
			}
		}
	}
	for _, i := range open {
		s.rows[i].readings = s.keep(i, func() bool { return allowed[[2]int{i, s.at[i]}] })
	}
}

// refuted says that an equation fails which contains a row and whose rows are all among those asked
// for. A blank adds nothing; a blank sum says nothing.
func (s *settling) refuted(i int, asked func(int) bool) bool {
	for _, rel := range s.of[i] {
		l, _, ok := s.sum(rel.Left, asked)
		if !ok {
			continue
		}
		if x, blank, ok := s.sum(rel.Right, asked); ok && !blank && l != x {
			return true
		}
	}
	return false
}

func (s *settling) sum(paths []string, asked func(int) bool) (n int64, blank, ok bool) {
	blank = true
	for _, p := range paths {
		o, known := s.owner[p]
		if !known || !asked(o[0]) || len(s.rows[o[0]].readings) == 0 {
			return 0, false, false
		}
		r := s.rows[o[0]].readings[s.at[o[0]]]
		if r.odd {
			return 0, false, false
		}
		n += r.numbers[o[1]]
		blank = blank && r.texts[o[1]] == ""
	}
	return n, blank, true
}
