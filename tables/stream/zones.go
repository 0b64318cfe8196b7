package stream

import (
	"cmp"
	"slices"
	"sort"

	"github.com/nianbao/nianbao/layout"
)

// zone is a part of the page that is read from top to bottom: all of it, or one of the columns that its prose is set in. Lines that are
// not its own but stand in its way are barriers.
type zone struct {
	lines    []line
	barriers []bool
}

// gutter is the white between two columns of prose, and from where to where they stand beside it.
type gutter struct {
	at     span
	y0, y1 float64
}

// zonesOf parts the lines at the gutters of the page.
func zonesOf(lines []line, level []Rule, em float64) []zone {
	gutters := guttersOf(lines, em)
	if len(gutters) == 0 {
		z := zone{}
		for _, l := range lines {
			z.add(l)
		}
		return []zone{z}
	}
	type key struct{ from, to int }
	zones := map[key]*zone{}
	var keys []key
	parts := make([]map[key]line, len(lines))
	for i := range lines {
		parts[i] = map[key]line{}
		open := openGutters(lines, i, gutters, level)
		from := 0
		rest := lines[i].segs
		for g := 0; g <= len(gutters); g++ {
			if g < len(gutters) && !open[g] {
				continue
			}
			n := len(rest)
			if g < len(gutters) {
				n = sort.Search(len(rest), func(k int) bool { return rest[k].box.X0 >= gutters[g].at.from })
			}
			if n > 0 {
				k := key{from, g}
				l := line{segs: rest[:n]}
				for _, s := range l.segs {
					l.box = l.box.Union(s.box)
				}
				parts[i][k] = l
				if zones[k] == nil {
					zones[k] = &zone{}
					keys = append(keys, k)
				}
			}
			rest, from = rest[n:], g+1
		}
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out []zone
	for _, k := range keys {
		z := zones[k]
		for i := range lines {
			if l, ok := parts[i][k]; ok {
				z.add(l)
				continue
			}
			for o, l := range parts[i] {
				if o.from <= k.to && o.to >= k.from {
					z.lines, z.barriers = append(z.lines, l), append(z.barriers, true)
					break
				}
			}
		}
		out = append(out, *z)
	}
	return out
}

// add puts a line into the zone; prose is a barrier, with what stands beside it left for its own line.
func (z *zone) add(l line) {
	var rest []segment
	var prose layout.Rect
	for _, s := range l.segs {
		if s.prose {
			prose = prose.Union(s.box)
		} else {
			rest = append(rest, s)
		}
	}
	if !prose.Empty() {
		z.lines, z.barriers = append(z.lines, line{box: prose}), append(z.barriers, true)
	}
	if len(rest) == 0 {
		return
	}
	n := line{segs: rest}
	for _, s := range rest {
		n.box = n.box.Union(s.box)
	}
	z.lines, z.barriers = append(z.lines, n), append(z.barriers, false)
}

// within gives the lines of a run; prose and texts of another zone that stand beside them are none of its table.
func (z *zone) within(r run) []line {
	var out []line
	for k := r.from; k < r.to; k++ {
		if !z.barriers[k] {
			out = append(out, z.lines[k])
		}
	}
	return out
}

// guttersOf finds the white between columns of prose.
func guttersOf(lines []line, em float64) []gutter {
	type column struct {
		span
		y0, y1 float64
		n      int
	}
	var columns []column
	for _, l := range lines {
		for k := range l.segs {
			s := &l.segs[k]
			if !s.prose {
				continue
			}
			i := slices.IndexFunc(columns, func(c column) bool { return c.meets(spanOf(s)) })
			if i < 0 {
				columns = append(columns, column{spanOf(s), s.box.Y0, s.box.Y1, 1})
				continue
			}
			c := &columns[i]
			c.from, c.to, c.y1, c.n = min(c.from, s.box.X0), max(c.to, s.box.X1), max(c.y1, s.box.Y1), c.n+1
		}
	}
	columns = slices.DeleteFunc(columns, func(c column) bool { return c.n < surelyProse })
	slices.SortFunc(columns, func(a, b column) int { return cmp.Compare(a.from, b.from) })
	var out []gutter
	for i := 1; i < len(columns); i++ {
		a, b := columns[i-1], columns[i]
		if b.from-a.to < columnGap*em {
			continue
		}
		out = append(out, gutter{span{a.to, b.from}, min(a.y0, b.y0), max(a.y1, b.y1)})
	}
	return out
}

// openGutters says which gutters part line i: those that no text and no ruling of its band of lines runs over, or that prose stands beside.
func openGutters(lines []line, i int, gutters []gutter, level []Rule) []bool {
	out := make([]bool, len(gutters))
	prose := func(k int) bool { return slices.ContainsFunc(lines[k].segs, func(s segment) bool { return s.prose }) }
	from, to := i, i
	if !prose(i) {
		for from > 0 && !prose(from-1) {
			from--
		}
		for to+1 < len(lines) && !prose(to+1) {
			to++
		}
	}
	for g, gut := range gutters {
		y := lines[i].box.Center().Y
		if y < gut.y0 || y > gut.y1 {
			continue
		}
		crossed := false
		for k := from; k <= to; k++ {
			for _, s := range lines[k].segs {
				crossed = crossed || s.box.X0 < gut.at.from && s.box.X1 > gut.at.to
			}
		}
		for _, r := range level {
			crossed = crossed || r.At >= lines[from].box.Y0 && r.At <= lines[to].box.Y1 && r.From < gut.at.from && r.To > gut.at.to
		}
		out[g] = !crossed || prose(i) && !slices.ContainsFunc(lines[i].segs, func(s segment) bool { return s.box.X0 < gut.at.from && s.box.X1 > gut.at.to })
	}
	return out
}
