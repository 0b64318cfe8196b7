package white

import (
	"math"
	"slices"
)

// rows are the rows of figures that were gathered so far.
type rows struct {
	paper
	lines   []line // up to the last row of figures
	behind  []line // lines without figures behind it, which may yet stand between two rows
	columns []span // of figures
}

// gather takes the rows from line at on, which has figures: line after line, as long as they fit the columns of those before.
func gather(lines []line, at int, p paper) table {
	p.step = max(p.step, stepOf(lines[at:], p.em))
	r := rows{paper: p}
	for i := at; i < len(lines); i++ {
		l := lines[i]
		l.banner = r.banner(lines[i:])
		if i > at && r.far(&lines[i-1], &l) {
			if !r.even(&l) {
				r.behind = append(r.behind, l)
				break
			}
			r.step = l.box.Y0 - lines[i-1].box.Y1
		}
		var goesOn bool
		if r, goesOn = r.add(l); !goesOn {
			break
		}
	}
	t := table{paper: r.paper, lines: slices.Clone(lines), top: at, body: at, end: at + len(r.lines), columns: r.columns}
	copy(t.lines[t.body:], r.lines)
	copy(t.lines[t.end:], r.behind)
	return t
}

// even says that a line has a figure in each of many columns, and that it stands no farther below the row before than rows stood before it:
// where labels have many lines, it is these that leave little white.
func (r *rows) even(l *line) bool {
	if l.figures != len(r.columns) || len(r.columns) < leastWide || !l.valued() {
		return false
	}
	var at []float64
	for i := range r.lines {
		if o := &r.lines[i]; o.valued() {
			at = append(at, o.bottom())
		}
	}
	if len(at) < leastRows {
		return false
	}
	most := 0.0
	for k := 1; k < len(at); k++ {
		most = max(most, at[k]-at[k-1])
	}
	return l.bottom()-at[len(at)-1] <= most+evenOff*r.em
}

// stepOf is the most white between two lines of a table that begins with some lines, no ruling between them: that of rows that stand
// evenly is a little more than theirs.
func stepOf(lines []line, em float64) float64 {
	least, most := math.Inf(1), 0.0
	for k := 1; k <= evenSteps; k++ {
		if k >= len(lines) {
			return rowStep * em
		}
		white := lines[k].box.Y0 - lines[k-1].box.Y1
		least, most = min(least, white), max(most, white)
	}
	if most > evenStep*em || most-least > evenOff*em {
		return rowStep * em
	}
	return max(rowStep*em, most+evenOff*em)
}

// far says that a line is too far below another to be of the same table.
func (r *rows) far(above, l *line) bool {
	step := l.box.Y0 - above.box.Y1
	if step <= r.step || l.banner && step <= max(bandStep*r.em, r.step) {
		return false
	}
	_, ruled := r.lowest(r.lines[0].box.X0, r.columns, above.box.Y1, l.box.Y0, ruleShare)
	return !ruled
}

// banner says that the first of some lines is the header of a further band of rows, or the title over one: the header has texts
// over labels and figures, and figures follow.
func (r *rows) banner(lines []line) bool {
	if len(r.columns) == 0 {
		return false
	}
	figures := r.columns[0].from
	header := func(k int) bool {
		if k+1 >= len(lines) {
			return false
		}
		l := &lines[k]
		return !l.leaders && !slices.ContainsFunc(l.parts, func(p segment) bool { return p.figure }) &&
			len(l.parts) > 1 && l.parts[0].to < figures && l.end() > figures && lines[k+1].valued()
	}
	l := &lines[0]
	return header(0) || len(l.parts) == 1 && !l.leaders && l.box.Width() < bannerWidth*r.em && header(1)
}

// add gives the rows with a line more; it says no where that is no row and none of the table's lines.
func (r rows) add(l line) (rows, bool) {
	if !l.valued() && !l.banner {
		l.figures = r.among(&l)
	}
	if !l.valued() {
		r.behind = append(r.behind, l)
		return r, len(r.behind) <= maxLoose && (l.banner || !l.leaders && l.end() <= r.before(r.columns))
	}
	r, l, ok := r.fit(l)
	if !ok {
		r.behind = append(r.behind, l)
		return r, false
	}
	r.lines, r.behind = append(append(r.lines, r.behind...), l), nil
	return r, true
}

// fit gives the columns a line of figures more. Where it does not fit, some of what was taken for figures may be labels, of the line or
// of those before it, or some of what was taken for words figures.
func (r rows) fit(l line) (rows, line, bool) {
	columns, ok := r.with(&l)
	if !ok {
		if unmarked, plain, any := r.unmark(l); any {
			r, l = unmarked, plain
			columns, ok = r.with(&l)
		}
	}
	if n := r.among(&l); !ok && n > l.figures {
		l.figures = n
		columns, ok = r.with(&l)
	}
	if ok {
		r.columns = columns
	}
	return r, l, ok
}

// with gives the columns of figures when a line is added; it says no where the line does not fit.
func (r *rows) with(l *line) ([]span, bool) {
	all := slices.Clone(r.columns)
	for _, v := range l.values() {
		all = append(all, v.span)
	}
	all = r.columnsOf(all, l.box.Y0, l.box.Y1)
	if len(all) < max(len(r.columns), l.figures) {
		return nil, false // two columns would be one
	}
	edge := r.before(all)
	if len(r.columns) > 0 && all[0].from < r.before(r.columns) && len(all) > len(r.columns) {
		return nil, false // a figure where the labels are
	}
	over := func(l *line) bool {
		label := l.label()
		return len(label) > 0 && label[len(label)-1].to > edge
	}
	for i := range r.lines {
		if o := &r.lines[i]; !o.banner && over(o) {
			return nil, false
		}
	}
	return all, !over(l)
}

// among counts the texts at the end of a line that stand each in a column of figures, behind a label: in a
// row of figures some may be words, or read as such. It is 0 where the line is no such row.
func (r *rows) among(l *line) int {
	if len(r.columns) == 0 || l.leaders {
		return 0
	}
	edge, n := r.before(r.columns), 0
	for _, p := range l.parts {
		if p.to <= edge {
			continue
		}
		in := 0
		for _, c := range r.columns {
			if p.meets(c) {
				in++
			}
		}
		if in != 1 || p.from < edge {
			return 0
		}
		n++
	}
	if n == len(l.parts) {
		return 0 // no label
	}
	return n
}

// unmark takes figures that stand where other rows have labels, such as the dashes of a heading under the
// units or the end of a label that looks like one, for labels: those of a line, or the marks for none of all
// rows before it. It says whether there were any.
func (r rows) unmark(l line) (rows, line, bool) {
	if len(r.columns) == 0 {
		return r, l, false
	}
	n := l.figures
	for edge := r.before(r.columns); l.figures > 1 && l.values()[0].to < edge && (!l.digits || r.underLabels(l.values()[0].span)); {
		l.figures--
	}
	if l.figures < n || !l.digits {
		return r, l, l.figures < n
	}
	label := l.label()
	if len(label) == 0 || slices.ContainsFunc(r.lines, func(o line) bool { return o.digits }) {
		return r, l, false
	}
	edge := label[len(label)-1].to + columnGap*r.em
	k := slices.IndexFunc(r.columns, func(c span) bool { return c.from > edge })
	if k <= 0 {
		return r, l, false
	}
	r.columns, r.lines = r.columns[k:], slices.Clone(r.lines)
	for i := range r.lines {
		for o := &r.lines[i]; o.figures > 0 && o.values()[0].from <= edge; {
			o.figures--
		}
	}
	return r, l, true
}

// underLabels says that a text stands where the rows before have labels.
func (r *rows) underLabels(s span) bool {
	n := 0
	for i := range r.lines {
		if slices.ContainsFunc(r.lines[i].label(), func(p segment) bool { return p.from <= s.from && p.to >= s.to }) {
			n++
		}
	}
	return n >= leastRows
}
