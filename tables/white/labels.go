package white

import (
	"math"
	"slices"
)

// partHeads parts the texts of the lines without figures, from line floor on, where they leave white, though little, between columns of
// figures: labels of a header are wider than what stands under them.
func (t *table) partHeads(floor int) []line {
	lines, whites := slices.Clone(t.lines), whites(t.columns)
	for i := floor; i < t.end; i++ {
		if lines[i].figures > 0 {
			continue
		}
		var parts []segment
		for _, p := range lines[i].parts {
			parts = append(parts, p.cut(func(first, k int, to float64) bool {
				at, start := p.words[k].from, p.words[first].from
				// Both sides reach a column, else it is a title in the white between two.
				return at-to >= closeGap*t.em && slices.ContainsFunc(whites, func(c span) bool {
					return at > c.from && to < c.to && start < c.from && p.to > c.to
				})
			})...)
		}
		lines[i].parts = parts
	}
	return lines
}

// whites are the stretches between columns.
func whites(columns []span) (out []span) {
	for k := 1; k < len(columns); k++ {
		out = append(out, span{columns[k-1].to, columns[k].from})
	}
	return out
}

// partLabels parts the labels of the body where a word begins in line with the labels of other rows: a
// group's label may end close before them.
func (t *table) partLabels() []line {
	lines := slices.Clone(t.lines)
	var starts []float64
	for _, l := range lines[t.body:t.end] {
		for _, p := range l.label() {
			starts = append(starts, p.from)
		}
	}
	aligned := func(x float64) bool {
		n := 0
		for _, s := range starts {
			if math.Abs(s-x) <= alignGap*t.em {
				n++
			}
		}
		return n >= leastRows
	}
	for i := t.body; i < t.end; i++ {
		var parts []segment
		for _, p := range lines[i].label() {
			parts = append(parts, p.cut(func(_, k int, to float64) bool {
				return p.words[k].from-to >= columnGap*t.em && aligned(p.words[k].from)
			})...)
		}
		lines[i].parts = append(parts, lines[i].values()...)
	}
	return lines
}

// labelColumns are the columns of the body's labels. Texts that run over several of them tell none, unless many do.
func (t *table) labelColumns() []span {
	var parts []span
	count := 0
	for _, l := range t.lines[t.body:t.end] {
		if l.banner {
			continue
		}
		for _, p := range l.label() {
			parts = append(parts, p.span)
		}
		if len(l.label()) > 0 {
			count++
		}
	}
	crosses := func(p span) bool {
		return slices.ContainsFunc(parts, func(q span) bool {
			return q.from > p.from+columnGap*t.em && q.from < p.to-columnGap*t.em
		})
	}
	plain := slices.DeleteFunc(slices.Clone(parts), crosses)
	if float64(len(parts)-len(plain)) > spanning*float64(count) {
		plain = parts
	}
	return t.columnsOf(plain, t.lines[t.body].box.Y0, t.lines[t.end-1].box.Y1)
}
