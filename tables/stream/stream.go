// Package stream finds the tables of any digital page in the white between its texts, with rulings as hints.
//
// Steps, each of which takes what is known and gives one thing more:
//
//	panels      words → what stands on both sides of a wall at other heights
//	linesOf     words → lines, parted where they leave white
//	markProse   paragraphs, which no table goes through
//	zonesOf     the columns that the page is set in
//	gather      lines whose white goes on from one to the next, and what rulings hold together with them
//	columnsOf   the columns that their texts stand in
//	isTable     is it a table?
//	rowsOf      lines → rows: what one cell holds in several lines
//	cells       texts → cells, those of the header over several columns
//
// Every distance, count and share that decides stands in tolerances.go.
package stream

import (
	"cmp"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/pattern"
)

// Tables finds the tables in words that stand in no other, with their text. level are the rulings from top to bottom, upright those from
// left to right, all in the words' coordinates, y downwards; em is the usual height of a character.
func Tables(words []layout.Word, level, upright []Rule, em float64) []layout.Table {
	walls := slices.DeleteFunc(slices.Clone(upright), func(r Rule) bool { return r.To-r.From < 1.5*em })
	walls, level = walls[:min(len(walls), maxRules)], level[:min(len(level), maxRules)]
	words, ruled := typed(words)
	level = slices.Concat(level, ruled)
	slices.SortStableFunc(level, func(a, b Rule) int { return cmp.Compare(a.At, b.At) })
	var out []layout.Table
	for _, part := range panels(words, level, walls, em) {
		out = append(out, inPanel(part, level, walls, em)...)
	}
	slices.SortStableFunc(out, func(a, b layout.Table) int { return cmp.Compare(a.Cells[0].Box.Y0, b.Cells[0].Box.Y0) })
	return out
}

// inPanel finds the tables in words that have nothing but rulings beside them.
func inPanel(words []layout.Word, level, walls []Rule, em float64) (out []layout.Table) {
	lines := linesOf(words, walls, em)
	if len(lines) > maxLines {
		return nil
	}
	markProse(lines, em)
	p := paper{level, walls, em, blank(lines)}
	for _, z := range zonesOf(lines, level, em) {
		floor := 0
		for i := 0; i < len(z.lines); i++ {
			if z.barriers[i] || len(z.lines[i].segs) < 2 || title().MatchString(z.lines[i].segs[0].text) {
				continue
			}
			r, ok := p.gather(z, floor, i)
			if !ok {
				continue
			}
			if t, ok := p.table(z.within(r)); ok {
				out = append(out, t)
				floor, i = r.to, r.to-1
			} else {
				i = r.last - 1
			}
		}
	}
	return out
}

// paper is what a table is measured with: the rulings of its page and the height of its characters.
type paper struct {
	level, walls []Rule
	em           float64
	blank        float64 // the usual white between two words
}

// blank is the usual white between two words of one text.
func blank(lines []line) float64 {
	var all []float64
	for _, l := range lines {
		for _, s := range l.segs {
			for i := 1; i < len(s.words); i++ {
				all = append(all, s.words[i].Box.X0-s.words[i-1].Box.X1)
			}
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// run is a run of lines that may be a table: the first and behind the last line with several texts, and what belongs to it above and below.
type run struct{ from, first, last, to int }

// caption begins the title of a table or figure.
var caption = pattern.Of(`^(?i)(table|figure|fig\.|exhibit|chart|box|annex|appendix|source|note|notes|表|图|附表|资料来源|注)[\s.:：0-9]`)

// title is a caption with its number: no header begins so.
var title = pattern.Of(`^(?i)(table|figure|fig\.|exhibit|chart|表|图|附表)\s*[:.：]?\s*[0-9]`)

// gather finds the run of lines that begins with line i of several texts, and does not reach above line floor.
func (p *paper) gather(z zone, floor, i int) (run, bool) {
	r := run{i, i, i + 1, i + 1}
	box := z.lines[i].box
	rows := []line{z.lines[i]}
	loose := 0
	for k := i + 1; k < len(z.lines) && loose <= maxLoose; k++ {
		l := z.lines[k]
		if z.barriers[k] {
			if l.box.X0 < box.X1 && l.box.X1 > box.X0 {
				break
			}
			continue
		}
		if above := z.lines[prev(z, k)].box; !p.near(above, l.box, box) && l.box.Y0-above.Y1 > groupStep*usual(rows) || p.begins(z, r.first, k, rows) {
			break
		}
		if len(l.segs) < 2 {
			if caption().MatchString(l.segs[0].text) {
				break
			}
			loose++
			continue
		}
		if !p.compatible(rows, l) {
			break
		}
		rows = append(rows, l)
		box = box.Union(l.box)
		r.last, loose = k+1, 0
	}
	r.to = r.last
	if len(rows) < leastRows {
		return r, false
	}
	p.head(z, &r, floor, box, rows)
	p.tail(z, &r, box, rows)
	return r, true
}

// usual is the white that mostly stands between rows, 0 where there are too few to tell.
func usual(rows []line) float64 {
	if len(rows) < leastBefore-1 {
		return 0
	}
	var all []float64
	for i := 1; i < len(rows); i++ {
		all = append(all, rows[i].box.Y0-rows[i-1].box.Y1)
	}
	slices.Sort(all)
	return all[(len(all)-1)/2]
}

// begins says that line k opens another table: there is more white over it than between the rows before, and it is the title of a group of
// columns, standing over figures alone.
func (p *paper) begins(z zone, first, k int, rows []line) bool {
	l := z.lines[k]
	white := l.box.Y0 - z.lines[prev(z, k)].box.Y1
	if len(rows) < leastBefore || len(l.segs) > 1 || white < otherStep*p.em || l.segs[0].figure {
		return false
	}
	columns := p.columnsOf(rows)
	return len(columns) > 1 && l.box.X0 > columns[0].to
}

// prev is the line before line k that is no barrier.
func prev(z zone, k int) int {
	for k--; k > 0 && z.barriers[k]; k-- {
	}
	return k
}

// near says that two lines, one under the other, may be of one table.
func (p *paper) near(a, b, box layout.Rect) bool {
	gap := b.Y0 - a.Y1
	if gap <= rowStep*p.em {
		return true
	}
	if gap > ruledStep*p.em {
		return false
	}
	_, ok := p.rule(box.Union(b), a.Y1-p.em/2, b.Y0+p.em/2)
	return ok || p.walled(box.Union(b), a.Y1, b.Y0)
}

// rule is the lowest ruling between two heights that is one of a table with that box: it runs over most of it and ends near it.
func (p *paper) rule(box layout.Rect, y0, y1 float64) (float64, bool) {
	for i := len(p.level) - 1; i >= 0; i-- {
		r := p.level[i]
		if r.At >= y0 && r.At <= y1 && p.ofTable(r, box) {
			return r.At, true
		}
	}
	return 0, false
}

func (p *paper) ofTable(r Rule, box layout.Rect) bool {
	// A ruling may be drawn in pieces, one a column.
	covered, from, to := 0.0, r.From, r.To
	for _, o := range p.level {
		if o.At-r.At < 0.2*p.em && r.At-o.At < 0.2*p.em {
			covered += max(0, min(o.To, box.X1)-max(o.From, box.X0))
			from, to = min(from, o.From), max(to, o.To)
		}
	}
	return covered >= ruleShare*box.Width() && from > box.X0-ruleReach*p.em-0.15*box.Width() && to < box.X1+ruleReach*p.em+0.15*box.Width()
}

// stack gives the longest run of rulings of one length, one over another, that begin where a table does and run over all of it: they
// may end far behind short texts of its last column. Two of them at least stand among its lines.
func (p *paper) stack(box layout.Rect) []Rule {
	var longest []Rule
	for i, r := range p.level {
		if r.At < box.Y0-rowStep*p.em || r.At > box.Y1 || r.From > box.X0 || r.From < box.X0-ruleReach*p.em || r.To < box.X1 {
			continue
		}
		run := []Rule{r}
		for _, o := range p.level[i+1:] {
			if o.At < box.Y1+longCell*p.em && o.At > run[len(run)-1].At+0.5*p.em && math.Abs(o.From-r.From)+math.Abs(o.To-r.To) < sameEdge*p.em {
				run = append(run, o)
			}
		}
		if len(run) >= leastStacked && run[1].At < box.Y1 && len(run) > len(longest) {
			longest = run
		}
	}
	return longest
}

// inLastCell says that a line goes on a cell behind the label of the last row, over the ruling that ends it.
func (p *paper) inLastCell(l, above, box layout.Rect, columns []span) bool {
	if len(columns) < 2 || l.X0 <= columns[0].to || l.Y0-above.Y1 > wrapStep*p.em {
		return false
	}
	for _, r := range p.stack(box) {
		if r.At > above.Center().Y {
			return r.At > l.Center().Y && l.X1 < r.To
		}
	}
	return false
}

// walled says that upright rulings lead from one height to the other inside the box.
func (p *paper) walled(box layout.Rect, y0, y1 float64) bool {
	return slices.ContainsFunc(p.walls, func(r Rule) bool {
		return r.At > box.X0-p.em && r.At < box.X1+p.em && r.From <= y0 && r.To >= y1
	})
}

// compatible says that the white of a line goes on that of the rows before it.
func (p *paper) compatible(rows []line, l line) bool {
	least := columnGap * p.em
	var mine []span
	for i := range l.segs {
		mine = append(mine, spanOf(&l.segs[i]))
	}
	here := whites(mine, least)
	count := func(as, bs []span) int {
		n := 0
		for _, a := range as {
			if slices.ContainsFunc(bs, func(b span) bool { return min(a.to, b.to)-max(a.from, b.from) >= least }) {
				n++
			}
		}
		return n
	}
	there := p.gaps(rows)
	common := count(here, there)
	if common == 0 {
		return false
	}
	return 2*common >= len(here) || 2*count(there, here) >= len(there)
}

// gaps are the whites between the columns of rows.
func (p *paper) gaps(rows []line) []span {
	columns := p.columnsOf(rows)
	return whites(columns, columnGap*p.em)
}

// head adds the lines of the header that stand over the first row in one text only, such as the title of a group of columns; and those
// that a ruling holds together with the rows.
func (p *paper) head(z zone, r *run, floor int, box layout.Rect, rows []line) {
	columns := p.columnsOf(rows)
	top := r.first
	for k := r.first - 1; k >= floor && r.first-k <= maxHead; k-- {
		if z.barriers[k] {
			if z.lines[k].box.X0 < box.X1 && z.lines[k].box.X1 > box.X0 {
				break
			}
			continue
		}
		l := z.lines[k]
		if l.box.X0 < box.X0-p.em || l.box.X1 > box.X1+p.em || caption().MatchString(l.segs[0].text) || !p.near(l.box, z.lines[top].box, box) {
			break
		}
		met := 0
		for _, c := range columns {
			if c.meets(spanOf(&l.segs[0])) {
				met++
			}
		}
		_, over := p.rule(box, l.box.Y0-p.em, l.box.Y0+p.em/4)
		_, under := p.rule(box, l.box.Y1-p.em/4, z.lines[top].box.Y0+p.em/4)
		titled := len(columns) > 0 && l.box.X0 > columns[0].to                                                                               // over columns of figures only
		labels := len(l.segs) > 2 && 2*len(l.segs) >= len(columns) && !slices.ContainsFunc(l.segs, func(s segment) bool { return s.figure }) // of most columns, in any case
		if over || (titled || labels) && !under && z.lines[top].box.Y0-l.box.Y1 < p.em {
			top = k
			r.from = k
		} else if len(columns) == 0 || under {
			break
		} else {
			top = k
		}
	}
}

// tail adds lines in one column that go on the last row, or that a ruling closes in.
func (p *paper) tail(z zone, r *run, box layout.Rect, rows []line) {
	columns := p.columnsOf(rows)
	for k := r.last; k < len(z.lines) && !z.barriers[k]; k++ {
		l, above := z.lines[k], z.lines[k-1]
		if p.inLastCell(l.box, above.box, box, columns) {
			r.to = k + 1
			continue
		}
		if k >= r.last+maxLoose || l.box.X0 < box.X0-p.em || l.box.X1 > box.X1+p.em || caption().MatchString(l.segs[0].text) || !p.near(above.box, l.box, box) {
			return
		}
		if _, closed := p.rule(box, above.box.Y1-p.em/4, l.box.Y0+p.em/4); closed {
			return
		}
		wraps := r.to == k && l.box.Y0-above.box.Y1 <= wrapStep*p.em && lower(l.segs[0].text) && l.box.Width() < box.Width()/2
		if _, under := p.rule(box, l.box.Y1-p.em/4, l.box.Y1+p.em); under || wraps {
			r.to = k + 1
		}
	}
}

// columnsOf gives the columns, from left to right, that texts of several lines stand in. A few lines may run over the white between two
// columns; a text that stands in no column is one of its own.
func (p *paper) columnsOf(lines []line) []span {
	type edge struct {
		x  float64
		by int
	}
	var edges []edge
	n := 0
	for _, l := range lines {
		if len(l.segs) < 2 {
			continue
		}
		n++
		for i := range l.segs {
			edges = append(edges, edge{l.segs[i].box.X0, 1}, edge{l.segs[i].box.X1, -1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.by, b.by)) })
	few := int(crossShare * float64(n))
	if n >= 4 {
		few = max(few, 1)
	}
	var out []span
	over := 0
	for _, e := range edges {
		before := over
		over += e.by
		switch {
		case before <= few && over > few:
			out = append(out, span{e.x, e.x})
		case before > few && over <= few:
			out[len(out)-1].to = e.x
		}
	}
	out = joined(out, columnGap*p.em)
	var lone []span
	for _, l := range lines {
		for i := range l.segs {
			if s := spanOf(&l.segs[i]); len(l.segs) > 1 && !slices.ContainsFunc(out, s.meets) {
				lone = append(lone, s)
			}
		}
	}
	out = append(out, joined(lone, columnGap*p.em)...)
	slices.SortFunc(out, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return out
}

// joined makes one of stretches with less than some white between them.
func joined(ss []span, least float64) []span {
	ss = slices.Clone(ss)
	slices.SortFunc(ss, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, s := range ss {
		if k := len(out) - 1; k >= 0 && s.from-out[k].to < least {
			out[k].to = max(out[k].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}
