package white

import (
	"cmp"
	"math"
	"slices"
)

// columnsOf gives the columns, from left to right, of texts that stand between two heights: those that overlap or leave little white
// are of one column, unless a ruling stands between them.
func (p *paper) columnsOf(texts []span, y0, y1 float64) []span {
	texts = slices.Clone(texts)
	slices.SortFunc(texts, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	walled := func(from, to float64) bool {
		return to >= from && slices.ContainsFunc(p.walls, func(r Rule) bool {
			return r.At > from-overEdge*p.em && r.At < to+overEdge*p.em && p.standing(r.At, y0, y1) >= min(leastWall*p.em, (y1-y0)/2)
		})
	}
	var out []span
	for _, s := range texts {
		if k := len(out) - 1; k >= 0 && s.from < out[k].to+columnGap*p.em && !walled(out[k].to, s.from) {
			out[k].to = max(out[k].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// withoutSpecks gives the columns without those that hold a mark for none and nothing else, in one row of many and under no label; and
// the lines without what stands in these.
func (t *table) withoutSpecks() ([]span, []line) {
	rows, marks, digits := 0, make([]int, len(t.columns)), make([]int, len(t.columns))
	for _, l := range t.lines[t.top:t.end] {
		if l.valued() {
			rows++
		}
		for _, p := range l.parts {
			for k, c := range t.columns {
				switch {
				case !p.meets(c):
				case p.digits || !p.figure:
					digits[k]++
				default:
					marks[k]++
				}
			}
		}
	}
	var kept, specks []span
	for k, c := range t.columns {
		if digits[k] > 0 || marks[k] > 1 || rows < leastRows {
			kept = append(kept, c)
		} else {
			specks = append(specks, c)
		}
	}
	if len(kept) == 0 || len(specks) == 0 {
		return t.columns, t.lines
	}
	lines := slices.Clone(t.lines)
	for i := t.top; i < t.end; i++ {
		lines[i] = lines[i].without(specks)
	}
	return kept, lines
}

// without is the line without the figures in some columns, if it has others.
func (l line) without(columns []span) line {
	kept := slices.DeleteFunc(slices.Clone(l.values()), func(p segment) bool {
		return slices.ContainsFunc(columns, p.meets)
	})
	if len(kept) == 0 || len(kept) == l.figures {
		return l
	}
	l.parts, l.figures = append(slices.Clone(l.label()), kept...), len(kept)
	l.box.X0, l.box.X1 = l.parts[0].from, l.end()
	return l
}

// withBlanks gives the columns with those that have a label in the header and no figure under it, where every
// other column has its label, and counts these labels. Of many columns, one without a label is none: specks stand there; but not where a row
// or two are all that there is, whose header may be of several heights.
func (t *table) withBlanks() (columns []span, blanks int) {
	columns = t.columns
	labelled, blank := t.underLabels()
	if k, n := len(columns), len(labelled); k > leastWide && n < k && k-n <= k/leastWide && t.valuedRows() >= leastRows {
		columns = labelled
	}
	if len(labelled) == len(columns) && len(blank) > 0 {
		columns = t.columnsOf(slices.Concat(columns, blank), t.lines[t.top].box.Y0, t.lines[t.end-1].box.Y1)
	}
	return columns, len(blank)
}

// valuedRows counts the rows of figures.
func (t *table) valuedRows() (n int) {
	for _, l := range t.lines[t.body:t.end] {
		if l.valued() {
			n++
		}
	}
	return n
}

// underLabels gives the columns that a label of the header stands over, and the labels that stand over none.
func (t *table) underLabels() (labelled, blank []span) {
	over := make([]bool, len(t.columns))
	for i := t.top; i < t.body; i++ {
		for _, p := range t.lines[i].parts {
			if p.to < t.columns[0].from || t.group(i, p) {
				continue
			}
			nearest, far := -1, math.Inf(1)
			for k, c := range t.columns {
				if d := math.Abs(p.from + p.to - c.from - c.to); p.meets(c) && d < far {
					nearest, far = k, d
				}
			}
			if nearest >= 0 {
				over[nearest] = true
			} else {
				blank = append(blank, p.span)
			}
		}
	}
	for k, c := range t.columns {
		if over[k] {
			labelled = append(labelled, c)
		}
	}
	return labelled, blank
}
