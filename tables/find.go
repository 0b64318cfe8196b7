// Package tables makes tables out of what lies on a page.
//
// Find takes rulings, wherever they come from, and goes the way of pdfplumber and Tabula:
//
//	rulings → pieces (straightened, snapped) → groups that touch → lines → walls → cells
//
// It knows nothing of text. Every tolerance hangs on one distance, tol, that the caller gives:
// about a quarter of a character's height. Rulings are read as drawn by a careless hand: doubled,
// broken, a little too long or too short; a cell's border counts when most of it is there.
package tables

import (
	"cmp"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/union"
)

const (
	// fillTols: a ruling thicker than this many tol is a fill, not a line.
	fillTols = 3
	// slopeMax is how far a ruling may lean, as a share of its length, and still be level.
	slopeMax = 0.03
	// Lines at most snapTols apart are one line. A row or column that holds text is wider than that.
	snapTols = 2
	// reachTols is how far apart two rulings may be that should meet in a corner.
	reachTols = 2
	// bridgeTols is the widest break in a ruling that grouping looks over.
	bridgeTols = 4
	// Where lines go on at least openTols beyond the last line that crosses them, an outer border is
	// missing. Where their ends are within alikeTols, nearOpenTols are enough, the height of one line of print: a page break cut them.
	openTols, nearOpenTols, alikeTols, cutLines, cutPart = 6, 4, 1, 3, 4
	// At least wallShare of a border must be drawn for it to part two cells, however poorly the table
	// is drawn. A border may also be worse than the table's usual one by wallWorse at most: what is
	// drawn still less is the stroke of a character that happens to stand in line with a ruling.
	wallShare, wallWorse = 0.55, 0.15
	// weakShare of a border is enough where the cells would not be rectangles without it.
	weakShare = 0.2
	// cornerTols next to a crossing line belong to the corner.
	cornerTols = 0.3
	// maxPieces bounds the work on pages full of line art, in each direction.
	maxPieces = 8192
	// maxLines bounds the rows and the columns of one table.
	maxLines = 1024
	// maxPositions bounds the grid positions of one table.
	maxPositions = 1 << 16
)

// Find gives the tables that rulings draw, from top to bottom, with a box for each cell and no text.
//
// The rulings lie in one flat coordinate system, in any order. Tol is the distance within which two
// lines are surely one, in the same unit: a quarter of the height of a character. A table has at least two cells and lines both ways;
// a frame around something is none. Where the outer border is missing on one side or on two, the
// ends of the lines stand for it. A table inside another table's cell is nested there.
func Find(rulings []layout.Ruling, tol float64) []layout.Table {
	if !(tol > 0) {
		return nil
	}
	h, v := pieces(rulings, tol)
	var found []layout.Table
	for _, g := range groups(h, v, tol) {
		for _, part := range g.unbridged(tol) {
			if part.strokeOnly(h, tol) {
				continue
			}
			if t, ok := part.table(tol); ok {
				found = append(found, t)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b layout.Table) int {
		p, q := Box(&a), Box(&b)
		return cmp.Or(cmp.Compare(p.Y0, q.Y0), cmp.Compare(p.X0, q.X0))
	})
	return nest(found, tol)
}

// Box is the smallest box around a table's cells.
func Box(t *layout.Table) layout.Rect {
	var r layout.Rect
	for i := range t.Cells {
		r = r.Union(t.Cells[i].Box)
	}
	return r
}

// piece is a straightened ruling: at is its y and from..to its x when it is horizontal, the other
// way round when it is vertical.
type piece struct{ at, from, to float64 }

func (p piece) length() float64 { return p.to - p.from }

// pieces parts the rulings by direction and drops what cannot be a border.
func pieces(rulings []layout.Ruling, tol float64) (h, v []piece) {
	for _, r := range rulings {
		if !(r.Thickness <= fillTols*tol) {
			continue
		}
		a, b := r.From, r.To
		p := piece{(a.Y + b.Y) / 2, min(a.X, b.X), max(a.X, b.X)}
		lean := max(a.Y, b.Y) - min(a.Y, b.Y)
		level := r.Horizontal()
		if !level {
			p = piece{(a.X + b.X) / 2, min(a.Y, b.Y), max(a.Y, b.Y)}
			lean = max(a.X, b.X) - min(a.X, b.X)
		}
		// The comparisons are turned so that a NaN fails them.
		if !(p.length() > tol) || !(lean <= tol+slopeMax*p.length()) {
			continue
		}
		if level {
			h = append(h, p)
		} else {
			v = append(v, p)
		}
	}
	return longest(h), longest(v)
}

// longest keeps the maxPieces longest pieces and sorts them, so that the result does not depend on the
// order of the input.
func longest(ps []piece) []piece {
	if len(ps) > maxPieces {
		slices.SortFunc(ps, func(a, b piece) int {
			return cmp.Or(cmp.Compare(b.length(), a.length()), cmp.Compare(a.at, b.at), cmp.Compare(a.from, b.from))
		})
		ps = ps[:maxPieces]
	}
	slices.SortFunc(ps, byPlace)
	return ps
}

// byPlace orders pieces.
func byPlace(a, b piece) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
}

// group is a set of rulings that hang together.
type group struct{ h, v []piece }

// groups gathers what touches: crossing rulings, and the parts of a broken one.
func groups(h, v []piece, tol float64) []group {
	set := union.Of(len(h) + len(v))
	reach := reachTols * tol
	for i, p := range h {
		lo, _ := slices.BinarySearchFunc(v, p.from-reach, func(q piece, x float64) int { return cmp.Compare(q.at, x) })
		for j := lo; j < len(v) && v[j].at <= p.to+reach; j++ {
			if p.at >= v[j].from-reach && p.at <= v[j].to+reach {
				set.Join(i, len(h)+j)
			}
		}
	}
	broken := func(ps []piece, base int) {
		for i, p := range ps {
			for j := i + 1; j < len(ps) && ps[j].at-p.at <= tol; j++ {
				if max(p.from, ps[j].from)-min(p.to, ps[j].to) <= bridgeTols*tol {
					set.Join(base+i, base+j)
				}
			}
		}
	}
	broken(h, 0)
	broken(v, len(h))
	var out []group
	index := map[int]int{}
	at := func(i int) *group {
		leader := set.Leader(i)
		k, ok := index[leader]
		if !ok {
			k = len(out)
			index[leader] = k
			out = append(out, group{})
		}
		return &out[k]
	}
	for i, p := range h {
		g := at(i)
		g.h = append(g.h, p)
	}
	for i, p := range v {
		g := at(len(h) + i)
		g.v = append(g.v, p)
	}
	return out
}

// line is one row or column line of a grid: its place and where it is drawn, sorted, apart from
// each other. An open line is not drawn: it stands for a missing outer border.
type line struct {
	at    float64
	drawn []piece
	open  bool
}

// lines snaps pieces that lie close to each other; ps is sorted by place.
func lines(ps []piece, tol float64) []line {
	var out []line
	var sum, weight float64
	for _, p := range ps {
		k := len(out) - 1
		if k < 0 || p.at-out[k].at > snapTols*tol {
			out = append(out, line{})
			k, sum, weight = k+1, 0, 0
		}
		sum += p.at * p.length()
		weight += p.length()
		out[k].at = sum / weight
		out[k].drawn = append(out[k].drawn, p)
	}
	for i := range out {
		out[i].drawn = joined(out[i].drawn, tol)
	}
	return out
}

// joined makes one piece of those that overlap or nearly touch.
func joined(ps []piece, tol float64) []piece {
	slices.SortFunc(ps, func(a, b piece) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	out := ps[:1]
	for _, p := range ps[1:] {
		if last := &out[len(out)-1]; p.from <= last.to+tol {
			last.to = max(last.to, p.to)
		} else {
			out = append(out, p)
		}
	}
	return out
}

// share says how much of from..to is drawn.
func (l *line) share(from, to, tol float64) float64 {
	inset := min(cornerTols*tol, (to-from)/4)
	from, to = from+inset, to-inset
	var sum float64
	for _, p := range l.drawn {
		sum += max(0, min(p.to, to)-max(p.from, from))
	}
	return sum / (to - from)
}

// full says whether there are two neighbouring crossing lines between which at least that share of the
// line is drawn. The strokes of characters do not reach from one to the next.
func (l *line) full(across []line, tol, share float64) bool {
	if l.open {
		return true
	}
	for i := 1; i < len(across); i++ {
		if l.share(across[i-1].at, across[i].at, tol) >= share {
			return true
		}
	}
	return false
}

// enough is the share of a border that must be drawn in this table.
func enough(rows, cols []line, tol float64) float64 {
	var shares []float64
	add := func(ls, across []line) {
		for i := range ls {
			for k := 1; k < len(across) && !ls[i].open; k++ {
				if s := ls[i].share(across[k-1].at, across[k].at, tol); s > wallShare {
					shares = append(shares, s)
				}
			}
		}
	}
	add(rows, cols)
	add(cols, rows)
	if len(shares) == 0 {
		return wallShare
	}
	return max(wallShare, median(shares)-wallWorse)
}

// table makes the group's table; ok is false when it is none.
func (g group) table(tol float64) (t layout.Table, ok bool) {
	rows, cols := lines(g.h, tol), lines(g.v, tol)
	if len(rows) == 0 || len(cols) == 0 {
		return t, false
	}
	// A false line cuts borders into shorter ones, which lets other false lines pass. So each time
	// some are dropped, the others are looked at again.
	for {
		r, c := opened(rows, cols, tol), opened(cols, rows, tol)
		n, share := len(rows)+len(cols), enough(r, c, tol)
		rows = slices.DeleteFunc(rows, func(l line) bool { return !l.full(c, tol, share) })
		cols = slices.DeleteFunc(cols, func(l line) bool { return !l.full(r, tol, share) })
		if len(rows)+len(cols) == n {
			rows, cols = r, c
			break
		}
		if len(rows) == 0 || len(cols) == 0 {
			return t, false
		}
	}
	nr, nc := len(rows)-1, len(cols)-1
	if nr < 1 || nc < 1 || nr*nc < 2 || nr > maxLines || nc > maxLines || nr*nc > maxPositions {
		return t, false
	}
	t = layout.Table{Rows: nr, Cols: nc, Cells: cells(rows, cols, tol)}
	return t, len(t.Cells) > 1
}

// opened adds the outer borders that are missing. Where at least two of the crossing lines, and at
// least half of them, go on beyond the last of ls, their ends stand for the border. A single crossing
// line is enough where no other one ends at the last of ls, as those of a closed table would; and several that a page break cut.
// A stroke of print that stands in line with a crossing line makes it seem to go on: where the lines themselves end at one place, it is that.
func opened(ls, across []line, tol float64) []line {
	if len(ls) == 0 {
		return ls
	}
	first, last := ls[0].at, ls[len(ls)-1].at
	var before, behind []float64           // how far lines go on
	var wholeBefore, wholeBehind []float64 // how far they do without a break
	var cutBefore, cutBehind []float64     // of which a page break may have cut what goes on less far
	reached := [2]int{}                    // lines that end at the first of ls, and at the last
	add := func(beyond float64, far, cut *[]float64, reached *int) {
		if beyond >= nearOpenTols*tol {
			*cut = append(*cut, beyond)
		}
		switch {
		case beyond > openTols*tol:
			*far = append(*far, beyond)
		case beyond >= -openTols*tol:
			*reached++
		}
	}
	for _, l := range across {
		add(first-l.drawn[0].from, &before, &cutBefore, &reached[0])
		add(l.drawn[len(l.drawn)-1].to-last, &behind, &cutBehind, &reached[1])
		for _, p := range l.drawn {
			if p.from < first-openTols*tol && p.to >= first-tol {
				wholeBefore = append(wholeBefore, first-p.from)
			}
			if p.to > last+openTols*tol && p.from <= last+tol {
				wholeBehind = append(wholeBehind, p.to-last)
			}
		}
	}
	missing := func(far, whole, cut []float64, reached int) (beyond float64, ok bool) {
		if len(far) >= 2 && 2*len(far) >= len(across) || len(far) == 1 && reached == 0 && len(ls) > 1 {
			if at, ok := farthest(whole, tol); ok {
				return at, true
			}
			return median(far), true
		}
		return cutOff(cut, len(across), tol)
	}
	out := slices.Clone(ls)
	if d, ok := missing(before, wholeBefore, cutBefore, reached[0]); ok {
		out = slices.Insert(out, 0, line{at: first - d, open: true})
	}
	if d, ok := missing(behind, wholeBehind, cutBehind, reached[1]); ok {
		out = append(out, line{at: last + d, open: true})
	}
	return out
}

// cutOff is where lines end that go on beyond the last that crosses them, one in cutPart of all, cutLines at least: at one place, where a page
// break cut them. Others of them may have been lost there.
func cutOff(beyond []float64, all int, tol float64) (at float64, ok bool) {
	slices.Sort(beyond)
	most := 0
	for i := range beyond {
		n := i
		for n < len(beyond) && beyond[n]-beyond[i] <= alikeTols*tol {
			n++
		}
		if n-i > most {
			most, at = n-i, beyond[(i+n)/2]
		}
	}
	return at, most >= cutLines && cutPart*most >= all
}

// farthest is the farthest place at which two lines end that go on there without a break: others may be broken before it, and print may stand
// in line with one.
func farthest(whole []float64, tol float64) (at float64, ok bool) {
	slices.Sort(whole)
	for i := len(whole) - 1; i > 0; i-- {
		if whole[i]-whole[i-1] <= alikeTols*tol {
			return whole[i], true
		}
	}
	return 0, false
}

func median(xs []float64) float64 {
	slices.Sort(xs)
	return xs[len(xs)/2]
}

// cells merges the grid positions that no wall parts.
func cells(rows, cols []line, tol float64) []layout.Cell {
	nr, nc := len(rows)-1, len(cols)-1
	// below[r][c] is how much of the border under position r, c is drawn, right[r][c] of that behind it.
	below, right := make([]float64, nr*nc), make([]float64, nr*nc)
	for r := range nr {
		for c := range nc {
			below[r*nc+c] = rows[r+1].share(cols[c].at, cols[c+1].at, tol)
			right[r*nc+c] = cols[c+1].share(rows[r].at, rows[r+1].at, tol)
		}
	}
	wall := enough(rows, cols, tol)
	set := merge(nr, nc, below, right, nil, wall, weakShare)
	if odd := uneven(set, nr, nc); odd != nil {
		// Faint walls count where the cells would be no rectangles without them.
		set = merge(nr, nc, below, right, odd, wall, weakShare)
	}
	var out []layout.Cell
	done := make([]bool, nr*nc)
	for r := range nr {
		for c := range nc {
			if done[r*nc+c] {
				continue
			}
			// Take the widest run of positions from here, and go down as long as the whole run is of
			// the same cell. A cell that is a rectangle is taken whole this way, and any other is cut
			// into rectangles.
			leader := set.Leader(r*nc + c)
			same := func(r, c int) bool { return !done[r*nc+c] && set.Leader(r*nc+c) == leader }
			w, h := 1, 1
			for c+w < nc && same(r, c+w) {
				w++
			}
			for r+h < nr && allOf(c, c+w, func(c int) bool { return same(r+h, c) }) {
				h++
			}
			for i := r; i < r+h; i++ {
				for j := c; j < c+w; j++ {
					done[i*nc+j] = true
				}
			}
			out = append(out, layout.Cell{
				Row: r, Col: c, RowSpan: h, ColSpan: w,
				Box: layout.Rect{X0: cols[c].at, Y0: rows[r].at, X1: cols[c+w].at, Y1: rows[r+h].at},
			})
		}
	}
	return slices.Clone(out) // a list of its own size: documents have many
}

func allOf(from, to int, ok func(int) bool) bool {
	for i := from; i < to; i++ {
		if !ok(i) {
			return false
		}
	}
	return true
}

// merge joins neighbouring positions that less than the given share of a wall parts. Among the positions of odd, it also
// joins those that less than weak of a wall parts.
func merge(nr, nc int, below, right []float64, odd []bool, wall, weak float64) *union.Sets {
	set := union.Of(nr * nc)
	open := func(i, j int, drawn float64) bool {
		if odd != nil && odd[i] && odd[j] {
			return drawn < weak
		}
		return drawn < wall
	}
	for r := range nr {
		for c := range nc {
			i := r*nc + c
			if c+1 < nc && open(i, i+1, right[i]) {
				set.Join(i, i+1)
			}
			if r+1 < nr && open(i, i+nc, below[i]) {
				set.Join(i, i+nc)
			}
		}
	}
	return set
}

// uneven marks the positions of merged cells that are no rectangles; nil when there are none.
func uneven(set *union.Sets, nr, nc int) []bool {
	type extent struct{ r0, r1, c0, c1, n int }
	all := make([]extent, nr*nc)
	for r := range nr {
		for c := range nc {
			e := &all[set.Leader(r*nc+c)]
			if e.n == 0 {
				*e = extent{r, r, c, c, 0}
			}
			e.r1, e.c0, e.c1, e.n = r, min(e.c0, c), max(e.c1, c), e.n+1
		}
	}
	var out []bool
	for i := range nr * nc {
		if e := all[set.Leader(i)]; e.n != (e.r1-e.r0+1)*(e.c1-e.c0+1) {
			if out == nil {
				out = make([]bool, nr*nc)
			}
			out[i] = true
		}
	}
	return out
}

// nest moves tables that lie in a cell of another table into that cell.
func nest(found []layout.Table, tol float64) []layout.Table {
	inside := func(a, b layout.Rect) bool {
		return a.X0 >= b.X0-tol && a.Y0 >= b.Y0-tol && a.X1 <= b.X1+tol && a.Y1 <= b.Y1+tol
	}
	boxes := make([]layout.Rect, len(found))
	for i := range found {
		boxes[i] = Box(&found[i])
	}
	area := func(r layout.Rect) float64 { return r.Width() * r.Height() }
	home := make([]*layout.Cell, len(found))
	for i := range found {
		for j := range found {
			if area(boxes[i]) >= area(boxes[j]) || !inside(boxes[i], boxes[j]) {
				continue
			}
			for k := range found[j].Cells {
				c := &found[j].Cells[k]
				if inside(boxes[i], c.Box) && (home[i] == nil || inside(c.Box, home[i].Box)) {
					home[i] = c
				}
			}
		}
	}
	for i := range found {
		// The cell's table shares its cells with found, so the order of moves does not matter.
		if home[i] != nil {
			home[i].Tables = append(home[i].Tables, found[i])
		}
	}
	var out []layout.Table
	for i := range found {
		if home[i] == nil {
			out = append(out, found[i])
		}
	}
	return out
}
