package white

import (
	"math"
	"slices"
)

// edges are the places of the lines between columns.
func (t *table) edges() []float64 {
	columns := slices.Concat(t.labels, t.columns)
	var out []float64
	for k := 1; k < len(columns); k++ {
		out = append(out, t.edge(columns[k-1].to, columns[k].from))
	}
	return out
}

// edge is the place between two columns: that of a ruling, or where fewest texts run over, in the middle of
// the widest such white. Titles of bands and groups of columns do not count.
func (t *table) edge(from, to float64) float64 {
	if x, ok := t.wall(from-overEdge*t.em, to+overEdge*t.em, (from+to)/2); ok {
		return x
	}
	cuts := []float64{from, to}
	var over []span
	for i, l := range t.lines[t.top:t.end] {
		for _, p := range l.parts {
			if p.meets(span{from, to}) && (!l.banner || len(l.parts) > 1) && !t.group(t.top+i, p) {
				over = append(over, p.span)
				cuts = append(cuts, min(max(p.from, from), to), min(max(p.to, from), to))
			}
		}
	}
	slices.Sort(cuts)
	best, fewest, widest := (from+to)/2, len(over)+1, 0.0
	for i := 1; i < len(cuts); i++ {
		mid, width := (cuts[i-1]+cuts[i])/2, cuts[i]-cuts[i-1]
		if width < leastGap*t.em {
			continue
		}
		n := 0
		for _, s := range over {
			if s.from < mid && s.to > mid {
				n++
			}
		}
		if n < fewest || n == fewest && width > widest {
			best, fewest, widest = mid, n, width
		}
	}
	return best
}

// wall gives the vertical ruling between two places that stands along most of the table; of rulings that stand
// as long, the one nearest to x.
func (t *table) wall(from, to, x float64) (at float64, ok bool) {
	y0, y1 := t.lines[t.top].box.Y0, t.lines[t.end-1].box.Y1
	most := 0.0
	for _, r := range t.walls {
		if r.At < from || r.At > to {
			continue
		}
		long := t.standing(r.At, y0, y1)
		if long < leastWall*t.em || ok && (long < most-t.em || long < most+t.em && math.Abs(r.At-x) >= math.Abs(at-x)) {
			continue
		}
		at, most, ok = r.At, long, true
	}
	return at, ok
}

// standing is the length of the vertical rulings at a place, between two heights.
func (p *paper) standing(at, y0, y1 float64) float64 {
	long := 0.0
	for _, r := range p.walls {
		if math.Abs(r.At-at) <= overEdge*p.em {
			long += max(0, min(r.To, y1)-max(r.From, y0))
		}
	}
	return long
}

// bandEdges are the edges that part the band of rows that line i is in: where a table has bands with
// headers of their own, each has the columns of its header and no others, else a blank would stand
// under a header beside its figure.
func (t *table) bandEdges(i int, edges []float64) []float64 {
	if !slices.ContainsFunc(t.lines[t.body:t.end], func(l line) bool { return l.banner }) {
		return edges
	}
	head := i
	for head >= t.top && (len(t.lines[head].parts) <= 1 || !t.lines[head].banner && head != t.body-1) {
		head--
	}
	if head < t.top {
		head = t.top // rows that go on from the page before: the first tells the columns
	} else if head+1 >= t.end || !t.names(&t.lines[head], &t.lines[head+1]) {
		return edges // the header does not say what columns there are
	}
	parts := t.lines[head].parts
	var out []float64
	for n := 1; n < len(parts); n++ {
		from, to := parts[n-1].to, parts[n].from
		for k := head + 1; k < t.end && !t.lines[k].banner; k++ {
			if p := t.lines[k].parts; len(p) == len(parts) {
				from, to = max(from, p[n-1].to), min(to, p[n].from)
			}
		}
		at := slices.IndexFunc(edges, func(x float64) bool { return x > from && x < to })
		if at < 0 {
			return edges
		}
		out = append(out, edges[at])
	}
	return out
}

// rowEdges are the edges that are drawn along a row: those that no text of its lines runs over. A row without figures has no columns of
// them either: it may be a heading, or the half of a label, and no blank that was never printed may come of it.
func (t *table) rowEdges(row [2]int, edges []float64) []float64 {
	lines := t.lines[row[0]:row[1]]
	if !slices.ContainsFunc(lines, func(l line) bool { return l.figures > 0 || l.banner || l.end() > t.columns[0].from }) {
		edges = edges[:max(0, len(t.labels)-1)]
		for k, x := range edges {
			if !slices.ContainsFunc(lines, func(l line) bool { return l.parts[len(l.parts)-1].from > x }) {
				edges = edges[:k]
				break
			}
		}
	} else {
		edges = t.bandEdges(row[0], edges)
	}
	return slices.DeleteFunc(slices.Clone(edges), func(x float64) bool {
		return slices.ContainsFunc(lines, func(l line) bool { return t.over(&l, x) })
	})
}

// over says that one of a line's texts runs over x.
func (t *table) over(l *line, x float64) bool {
	return slices.ContainsFunc(l.parts, func(p segment) bool {
		runs := func(s span) bool { return s.from < x-overEdge*t.em && s.to > x+overEdge*t.em }
		if x > t.columns[0].from {
			return slices.ContainsFunc(p.words, runs) // between figures a little white is enough
		}
		return runs(p.span)
	})
}
