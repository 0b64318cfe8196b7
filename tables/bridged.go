package tables

import (
	"math"
	"slices"
)

const (
	// bridgeWide is the share of a group's width that a level ruling has which may be the first or the last of a table.
	bridgeWide = 0.8
	// bridgeFew is the most rulings that strokes of a heading, in line with the walls of two tables, make between them.
	bridgeFew = 2
	// strokeOthers is how many rulings at least show a table of which one stroke is no wall.
	strokeOthers = 2
	// bridgeHigh is the least height, in tol, of what stands between two tables: a line of print.
	bridgeHigh = 4
)

// strokeOnly says that the one upright ruling of a group is a stroke of print, which in a low row reaches from ruling to ruling: others, which it
// doesn't meet, begin and end where those do, as in a table whose rows alone are ruled.
func (g group) strokeOnly(level []piece, tol float64) bool {
	if len(g.v) != 1 {
		return false
	}
	reach := reachTols * tol
	alike := func(p, q piece) bool { return math.Abs(p.from-q.from) <= reach && math.Abs(p.to-q.to) <= reach }
	others := 0
	for _, p := range level {
		if !slices.Contains(g.h, p) && slices.ContainsFunc(g.h, func(q piece) bool { return alike(p, q) }) {
			others++
		}
	}
	return others >= strokeOthers
}

// unbridged parts a group that is two tables, one over the other, which strokes of the heading between them join: neither of the outer walls goes on
// there, as they do above and below.
func (g group) unbridged(tol float64) []group {
	left, right := math.Inf(1), math.Inf(-1)
	for _, p := range g.h {
		left, right = min(left, p.from), max(right, p.to)
	}
	reach := reachTols * tol
	// wall says that some ruling at x leads from one height to another, most of the way.
	wall := func(x, from, to float64) bool {
		sum := 0.0
		for _, p := range g.v {
			if math.Abs(p.at-x) <= reach {
				sum += max(0, min(p.to, to)-max(p.from, from))
			}
		}
		return sum > (to-from)/2
	}
	var wide []piece
	for _, l := range lines(g.h, tol) {
		drawn, p := 0.0, piece{l.at, math.Inf(1), math.Inf(-1)}
		for _, d := range l.drawn {
			drawn, p.from, p.to = drawn+d.length(), min(p.from, d.from), max(p.to, d.to)
		}
		if drawn >= bridgeWide*(right-left) {
			wide = append(wide, p)
		}
	}
	for i := 1; i < len(wide); i++ {
		a, b := wide[i-1], wide[i]
		walled := func(p piece, from, to float64) bool { return wall(p.from, from, to) && wall(p.to, from, to) }
		high := bridgeHigh * tol
		if b.at-a.at < high || wall(a.from, a.at, b.at) || wall(a.to, a.at, b.at) || wall(b.from, a.at, b.at) || wall(b.to, a.at, b.at) ||
			!walled(a, a.at-high, a.at) || !walled(b, b.at, b.at+high) ||
			slices.ContainsFunc(g.h, func(p piece) bool { return p.at > a.at+reach && p.at < b.at-reach }) {
			continue
		}
		crossing := func(y float64) (n int) {
			for _, p := range g.v {
				if p.from < y && p.to > y {
					n++
				}
			}
			return n
		}
		through := crossing((a.at + b.at) / 2)
		if through == 0 || through > bridgeFew || through+2 >= max(crossing(a.at-high/2), crossing(b.at+high/2)) {
			continue // a row that lost its outer walls has the inner ones
		}
		var v []piece
		for _, p := range g.v {
			over, under := p, p
			over.to, under.from = min(p.to, a.at+reach), max(p.from, b.at-reach)
			for _, q := range []piece{over, under} {
				if q.length() > tol {
					v = append(v, q)
				}
			}
		}
		slices.SortFunc(v, byPlace)
		var out []group
		for _, part := range groups(g.h, v, tol) {
			out = append(out, part.unbridged(tol)...)
		}
		return out
	}
	return []group{g}
}
