package synth

import (
	"image"
	"image/draw"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
)

// anyTable fills in a table of which nothing is known but its equations: parts are any numbers, sums are what
// they must be, and what may not be more than something else is not.
func (m *maker) anyTable(t *form.Table) {
	for _, f := range t.Fields() {
		m.values[f.Path] = m.count(m.size)
		if f.Decimal {
			m.values[f.Path] += pick(m.rng, []float64{0, 0.5, 0.25})
		}
	}
	all := t.Relations()
	partOf := map[string]string{} // the first part of each sum
	for _, r := range all {
		if !r.AtMost {
			partOf[r.Right[0]] = r.Left[0]
		}
	}
	for range len(all) { // a sum may be a part of another one
		for _, r := range all {
			_, isSum := partOf[r.Left[0]]
			over := m.sum(r.Left) - m.sum(r.Right)
			switch {
			case !r.AtMost:
				m.values[r.Right[0]] += over
			case over > 0 && !isSum:
				m.values[r.Left[0]] -= over
			case over > 0:
				p := r.Right[0]
				for next, ok := partOf[p]; ok; next, ok = partOf[p] {
					p = next
				}
				m.values[p] += over
			}
		}
	}
}

// anyGrid prints a table as its rows, columns and groups say: a column for each level of the rows' groups, one
// for units where there are any, a header row for each level of the columns' groups.
func (r *Report) anyGrid(t *form.Table) Grid {
	levels, heads, units := 0, 0, 0
	for _, x := range t.Rows {
		levels = max(levels, len(x.Groups))
		if x.Unit != "" {
			units = 1
		}
	}
	for _, c := range t.Columns {
		heads = max(heads, len(c.Groups))
	}
	levels, heads = levels+1, heads+1
	g := Grid{Rows: heads + len(t.Rows), Header: heads}
	for i := range levels + units + len(t.Columns) {
		g.Widths = append(g.Widths, map[bool]float64{true: 4, false: 2}[i == levels-1])
	}
	g.put(0, 0, heads, levels, "项目")
	if units > 0 {
		g.put(0, levels, heads, 1, "单位")
	}
	first := levels + units
	for i, c := range t.Columns {
		for depth, label := range c.Groups {
			same := func(k int) bool {
				return k >= 0 && k < len(t.Columns) && len(t.Columns[k].Groups) > depth && t.Columns[k].Groups[depth] == label
			}
			if !same(i - 1) {
				g.put(depth, first+i, 1, run(i, same), label)
			}
		}
		g.put(len(c.Groups), first+i, heads-len(c.Groups), 1, c.Label)
	}
	for i, x := range t.Rows {
		at := heads + i
		for depth, label := range x.Groups {
			same := func(k int) bool {
				return k >= 0 && k < len(t.Rows) && len(t.Rows[k].Groups) > depth && t.Rows[k].Groups[depth] == label
			}
			if !same(i - 1) {
				g.put(at, depth, run(i, same), 1, label)
			}
		}
		g.put(at, len(x.Groups), 1, levels-len(x.Groups), x.Label).Left = true
		if units > 0 {
			g.put(at, levels, 1, 1, x.Unit)
		}
		for k, c := range t.Columns {
			g.value(r, at, first+k, 1, form.Path(t.Key, x.Key, c.Key))
		}
	}
	return g
}

// run is how many lines from the i-th on are the same.
func run(i int, same func(int) bool) int {
	n := 1
	for same(i + n) {
		n++
	}
	return n
}

// Rubbed draws the pages as Scans does, the left edge of a number's last digit rubbed off before: what is left
// of an 8 looks like a 3.
func (p *Pages) Rubbed(path string, level Level, seed uint64) []*Scan {
	var out []*Scan
	for i, img := range p.Draw(level.DPI()) {
		for _, x := range p.Places {
			if x.Path == path && x.Page == i {
				rub(img, PixelBox(x.Box, level.DPI()))
			}
		}
		out = append(out, Degrade(img, level, seed*100+uint64(i)))
	}
	return out
}

// Of a cell: the pixels at its edges that are ruling, and how much of a digit's width is rubbed off.
const (
	rulingEdge = 6
	rubbedPart = 0.22
)

// rub whitens the left edge of the last digit in a cell.
func rub(img *image.Gray, cell layout.Rect) {
	box := image.Rect(int(cell.X0), int(cell.Y0), int(cell.X1), int(cell.Y1)).Inset(rulingEdge)
	inked := func(x int) bool {
		for y := box.Min.Y; y < box.Max.Y; y++ {
			if img.GrayAt(x, y).Y < 128 {
				return true
			}
		}
		return false
	}
	to := box.Max.X
	for to > box.Min.X && !inked(to-1) {
		to--
	}
	from := to
	for from > box.Min.X && inked(from-1) {
		from--
	}
	box.Min.X, box.Max.X = from, from+int(rubbedPart*float64(to-from))
	draw.Draw(img, box, image.White, image.Point{}, draw.Src)
}
