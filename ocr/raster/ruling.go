package raster

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/nianbao/nianbao/layout"
)

// Rulings on a flat page are straight, so that they are found as stretches of ink: long ones are
// taken first, and what lies in line with them is added. Text has such stretches, too, along the
// strokes of its characters. So a stretch is taken for a ruling when it is long with paper on both
// sides, or when it leads from one ruling to another. Lengths are in inches of the page.
const (
	// breakInch is a break within a stroke, gapInch one between the parts of a broken ruling.
	breakInch, gapInch = 0.02, 0.08
	// coveredInch is the widest break where something lies over a ruling: a seal, a fold, a strip that a fax lost.
	coveredInch = 0.9
	// partInch is the shortest part of a broken ruling, ruleInch the shortest ruling: the height of the
	// smallest cell.
	partInch, ruleInch = 0.07, 0.15
	// lowInch is the shortest wall: that of the lowest row, which stands alone where a page breaks.
	lowInch = 0.1
	// Rulings that a page break cut end within cutInch of one another. What is not sure leads over cutLong there, more than a line of print,
	// of which strokes may end at the break, too; or it is in line with a sure one.
	cutInch, cutLong = 0.02, 0.25
	// edgeInch is the least distance of crossing rulings: a row that goes on over a page has a line of
	// text left there.
	edgeInch = 0.075
	// ruleBand is how many rows a ruling may stray from its middle, in pixels.
	ruleBand = 2
	// ruleReachInch is how far from a ruling paper is looked for.
	ruleReachInch = 0.045
	// A sure ruling is at least sureInch long, sureInk of it is drawn, sureFull of it in one row or nearly all of it in three, for a hairline
	// that leans goes on in the next row, and no more than sureDirt of what is beside it has ink.
	sureInch, sureInk, sureFull, sureDirt = 0.42, 0.8, 0.6, 0.15
	// So is one of solidInch that has no gaps: the strokes of a line of text do.
	solidInch, solidFull, solidInk = 0.8, 0.85, 0.95
	// Any other must lead from one ruling to another, ending within jointInch of them, with linkInk of
	// it drawn and no more than linkDirt beside it.
	jointInch, linkInk, linkDirt = 0.025, 0.85, 0.25
	// A piece that text touches may be less solid than the sure rulings by tighter at most, one that
	// none touches by looser. Long rulings may be as broken as they like.
	tighter, looser, longInch = 0.03, 0.12, 2
	// cleanDirt beside a piece says that there is no text it could be a stroke of; of such pieces no more
	// than cleanInk need be drawn.
	cleanDirt, cleanInk = 0.1, 0.6
	// At both ends, endInk of the last sixth must be drawn. The strokes of a character have no ink
	// there, since they keep away from the borders of their cell. What has nothing but clean paper
	// beside it, spotless at most, is no stroke in any case.
	endInk, spotless = 0.5, 0.04
	// drawnInk of a ruling are there at least on a page that a program drew: the strokes of print as small as that of screens lead over most
	// of a row, too, but from ruling to ruling they do not.
	drawnInk = 0.9
	// thickTimes is how many times thicker or thinner than most a ruling may be.
	thickTimes = 2.2
	// thickInch is the thickest ruling.
	thickInch = 0.045
	// touchedInk is how much of the ink of its fullest row each of a ruling's rows has. Bold print that a photograph blurred has
	// two thirds of it; where it touches the ruling, the two are told apart by that.
	touchedInk = 0.85
	// slantShare of its length is what the ends of a stroke are apart that leans: a slash of Arial's leans by a quarter from end to end, two thirds of
	// which its first and last thirds show. Its ink lies within slantReach rows.
	slantShare, slantReach = 0.1, 7
	// A hairline that leans steps from row to row: of a scan that lost its faintest pixels, stepInk at least are left of where it does, with
	// stepClear rows of paper above and below.
	stepInk, stepClear = 0.4, 4
	// barInk of the rows of a bar is drawn: of a double rule that a blurred scan made one, all is.
	barInk = 0.93
	// hungFull and hungInk are what solidFull and solidInk are for a ruling that print hangs from: of the strokes at the upper edge of a
	// line of bold print, 0.89 and 0.96 are drawn.
	hungFull, hungInk = 0.95, 0.98
)

// stretch is ink that may be a ruling: from x0 to x1 at the height y. Cover is the share of it that
// is drawn, full that of its fullest row, solid that of three rows together, dirt the ink beside it; it
// takes so many rows. Ends is how much of its ends is drawn, of the worse one.
type stretch struct {
	x0, x1, y, thick, cover, full, solid, dirt, ends, clear float64
	rows                                                    int
	touched                                                 bool  // by print that is dense enough to seem a part of it
	drawn                                                   []run // what of it is drawn, from left to right
}

// direction is what there is to know of the rulings of one direction. The ink of the vertical ones is
// transposed, so that they lie level, too.
type direction struct {
	ink *bitmap
	dpi float64
	// padded says that cells keep text away from these rulings, as they do from vertical ones; lines
	// of text may touch horizontal ones.
	padded bool
	// drawn says that a program drew the page, so that rulings lack nothing.
	drawn bool
	sure  []stretch
	rest  []stretch
	// solid and thick is what rulings on this page are, where there is no doubt of them.
	solid, thick float64
}

// thickest is how many rows a ruling takes at most.
func (d *direction) thickest() int { return int(thickInch*d.dpi) + 2 }

// find parts what may be a ruling into what is one for sure and the rest.
func (d *direction) find() {
	b, dpi := d.ink, d.dpi
	gap := int(breakInch*dpi + .5)
	all := make([]run, 0, 4*b.h) // about as many as a page in small print has
	for y := range b.h {
		all = runs(all, b.row(y), b.w, y, gap, int(partInch*dpi))
	}
	// By row, to find the runs near a row.
	first := make([]int, b.h+1)
	for _, r := range all {
		first[r.y+1]++
	}
	for y := range b.h {
		first[y+1] += first[y]
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(cmp.Compare(all[j].n, all[i].n), cmp.Compare(i, j)) })
	used := make([]bool, len(all))
	var band []rowRuns
	var near []run
	for _, i := range order {
		if used[i] {
			continue
		}
		seed := all[i]
		band = band[:0]
		for y := max(0, seed.y-ruleBand); y < min(b.h, seed.y+ruleBand+1); y++ {
			band = append(band, rowRuns{runs: all[first[y]:first[y+1]], used: used[first[y]:first[y+1]]})
		}
		x0, x1 := extend(band, seed, int(gapInch*dpi), d.steps)
		least := ruleInch
		if d.padded {
			least = lowInch
		}
		if float64(x1-x0) < least*dpi {
			used[i] = true
			continue
		}
		near = inLine(near[:0], band, x0, x1)
		used[i] = true
		st := d.profile(seed.y, x0, x1)
		for _, r := range near {
			st.cover += float64(r.x1-r.x0) / float64(x1-x0)
		}
		length := float64(x1-x0) / dpi
		solid := length >= solidInch && st.full >= solidFull && st.solid >= solidInk
		if st.rows > d.thickest() || st.touched && (d.padded || !solid || st.full < hungFull || st.solid < hungInk || st.clear > cleanDirt) {
			continue
		}
		for k := first[max(0, seed.y-ruleBand-1)]; k < first[min(b.h, seed.y+ruleBand+2)]; k++ {
			if all[k].x0 >= x0-gap && all[k].x1 <= x1+gap {
				used[k] = true
			}
		}
		st.drawn = slices.Clone(near)
		switch {
		case solid || length >= sureInch && st.cover >= sureInk && (st.full >= sureFull || st.solid >= solidInk) && st.dirt <= sureDirt:
			d.sure = append(d.sure, st)
		case length >= longInch && st.cover >= cleanInk && st.solid >= sureInk && st.dirt <= spotless:
			// Its parts are no farther apart than its steps.
			st.drawn = append(st.drawn[:0], run{y: seed.y, x0: x0, x1: x1})
			d.sure = append(d.sure, st)
		default:
			d.rest = append(d.rest, st)
		}
	}
}

// doubt takes from the sure rulings those that are short and less solid than most of this page, and
// adds them to the rest. What goes on in the line of a long one is a part of that.
func (d *direction) doubt() {
	var long []stretch
	for _, s := range d.sure {
		if s.x1-s.x0 >= longInch*d.dpi {
			long = append(long, s)
		}
	}
	d.sure = slices.DeleteFunc(d.sure, func(s stretch) bool {
		doubtful := s.x1-s.x0 < longInch*d.dpi && s.solid < d.solid-looser &&
			!slices.ContainsFunc(long, func(o stretch) bool { return o.inLine(s, d.dpi) })
		if doubtful {
			d.rest = append(d.rest, s)
		}
		return doubtful
	})
}

// inLine says that two stretches may be parts of one ruling, that something covers between them.
func (s *stretch) inLine(o stretch, dpi float64) bool {
	return math.Abs(s.y-o.y) <= ruleBand && max(s.x0, o.x0)-min(s.x1, o.x1) <= coveredInch*dpi
}

// typical gives how solid and how thick most of the length of the rulings is.
func typical(ss []stretch) (solid, thick float64) {
	if len(ss) == 0 {
		return 1, 0
	}
	median := func(of func(stretch) float64) float64 {
		s := slices.Clone(ss)
		slices.SortFunc(s, func(a, b stretch) int { return cmp.Compare(of(a), of(b)) })
		total := 0.0
		for _, t := range s {
			total += t.x1 - t.x0
		}
		for _, t := range s {
			if total -= 2 * (t.x1 - t.x0); total <= 0 {
				return of(t)
			}
		}
		return of(s[len(s)-1])
	}
	return median(func(s stretch) float64 { return s.solid }), median(func(s stretch) float64 { return s.thick })
}

// extend gives the ends of what lies in line with the seed in a band of rows, with gaps no wider than gap, or twice as wide where the line steps
// to the row beside it, as steps says.
func extend(band []rowRuns, seed run, gap int, steps func(y, x0, x1 int) bool) (x0, x1 int) {
	x0, x1 = seed.x0, seed.x1
	for i := range band {
		row := &band[i]
		row.from = sort.Search(len(row.runs), func(k int) bool { return row.runs[k].x1 >= x0-gap })
		row.to = row.from
	}
	add := func(row *rowRuns, k int) {
		if !row.used[k] {
			x0, x1 = min(x0, row.runs[k].x0), max(x1, row.runs[k].x1)
		}
	}
	for {
		was0, was1 := x0, x1
		for i := range band {
			row := &band[i]
			for ; row.to < len(row.runs) && row.runs[row.to].x0 <= x1+gap; row.to++ {
				add(row, row.to)
			}
			for ; row.from > 0 && row.runs[row.from-1].x1 >= x0-gap; row.from-- {
				add(row, row.from-1)
			}
		}
		if x0 != was0 || x1 != was1 {
			continue
		}
		for i := range band {
			row := &band[i]
			if row.to < len(row.runs) && row.runs[row.to].x0 <= x1+2*gap && steps(seed.y, x1, row.runs[row.to].x0) {
				add(row, row.to)
				row.to++
			}
			if row.from > 0 && row.runs[row.from-1].x1 >= x0-2*gap && steps(seed.y, row.runs[row.from-1].x1, x0) {
				row.from--
				add(row, row.from)
			}
		}
		if x0 == was0 && x1 == was1 {
			return x0, x1
		}
	}
}

// steps says that a line that is one pixel thick and leans goes on between two places, in part, in the row above or below, with paper on both
// sides. What is drawn there is too short to be a part by itself.
func (d *direction) steps(y, x0, x1 int) bool {
	if x1 <= x0 || y < stepClear || y+stepClear >= d.ink.h || float64(d.ink.anyOf(y-1, y+2, x0, x1)) < stepInk*float64(x1-x0) {
		return false
	}
	return d.ink.anyOf(y-stepClear, y-1, x0, x1) == 0 && d.ink.anyOf(y+2, y+stepClear+1, x0, x1) == 0
}

// inLine gathers what a band of rows that was extended has between x0 and x1, from left to right, in the memory of near.
func inLine(near []run, band []rowRuns, x0, x1 int) []run {
	for _, row := range band {
		for k := row.from; k < row.to; k++ {
			if r := row.runs[k]; !row.used[k] && r.x1 >= x0 && r.x0 < x1 {
				near = append(near, r)
			}
		}
	}
	slices.SortFunc(near, func(a, b run) int { return cmp.Or(cmp.Compare(a.x0, b.x0), cmp.Compare(a.x1, b.x1)) })
	n := 1
	for _, r := range near[1:] {
		if last := &near[n-1]; r.x0 <= last.x1 {
			last.x1 = max(last.x1, r.x1)
		} else {
			near[n] = r
			n++
		}
	}
	return near[:n]
}

// rowRuns are the runs of a row from left to right, and which of them belong to a stretch already.
type rowRuns struct {
	runs     []run
	used     []bool
	from, to int // those that were looked at
}

// profile looks at the rows around y, from x0 to x1.
func (d *direction) profile(y, x0, x1 int) stretch {
	b, reach, length := d.ink, int(ruleReachInch*d.dpi+.5), float64(x1-x0)
	share := func(y int) float64 { return float64(b.count(y, x0, x1)) / length }
	// The ruling's own rows have more ink than half of the fullest.
	full, at := 0.0, y
	for r := y - ruleBand; r <= y+ruleBand; r++ {
		if s := share(r); s > full {
			full, at = s, r
		}
	}
	rows := func(y int, least float64) (top, end int) {
		top, end = y, y+1
		for share(top-1) > least && y-top < 2*reach {
			top--
		}
		for share(end) > least && end-y < 2*reach {
			end++
		}
		return top, end
	}
	top, end := rows(y, full/2)
	touched := end-top > d.thickest()
	if touched { // dense print beside it
		top, end = rows(at, touchedInk*full)
	}
	var sum, weight float64
	for r := top; r < end; r++ {
		sum += share(r) * (float64(r) + .5)
		weight += share(r)
	}
	// The row next to it may be frayed. Beyond, all is paper where cells have padding, or at least three
	// rows on end.
	beside := func(from, step int) float64 {
		least, sum := 1.0, 0.0
		for i := 1; i+2 <= reach; i++ {
			r := from + i*step
			three := (share(r) + share(r+step) + share(r+2*step)) / 3
			least, sum = min(least, three), sum+three/float64(reach-2)
		}
		if d.padded || touched { // strokes of dense print have white rows between them
			return sum
		}
		return least
	}
	// What crosses at the ends is not the ruling's own.
	skip := int(d.thick/2 + 1.5)
	end6 := max(2, (x1-x0)/6)
	ends := float64(min(b.anyOf(at-1, at+2, x0+skip, x0+skip+end6), b.anyOf(at-1, at+2, x1-skip-end6, x1-skip))) / float64(end6)
	above, below := beside(top-1, -1), beside(end, 1)
	return stretch{
		ends:    ends,
		touched: touched, x0: float64(x0), x1: float64(x1), y: sum / max(weight, 1e-9), thick: weight, full: full, solid: float64(b.anyOf(at-1, at+2, x0, x1)) / length, rows: end - top,
		dirt: max(above, below), clear: min(above, below),
	}
}

// rulings tells the rulings from what else is straight; drawn says that a program drew the page.
func rulings(level, upright *bitmap, dpi float64, drawn bool) []layout.Ruling {
	h, v := direction{ink: level, dpi: dpi, drawn: drawn}, direction{ink: upright, dpi: dpi, padded: true, drawn: drawn}
	h.find()
	v.find()
	h.solid, h.thick = typical(slices.Concat(h.sure, v.sure))
	v.solid, v.thick = h.solid, h.thick
	h.doubt()
	v.doubt()
	for {
		n := len(h.sure) + len(v.sure)
		h.link(&v)
		v.link(&h)
		if len(h.sure)+len(v.sure) == n {
			break
		}
	}
	v.cutOff(&h)
	h.prune(&v)
	v.prune(&h)
	var out []layout.Ruling
	add := func(sure []stretch, swap bool) {
		for _, s := range sure {
			for _, r := range s.drawn {
				a, b := layout.Point{X: float64(r.x0), Y: s.y}, layout.Point{X: float64(r.x1), Y: s.y}
				if swap {
					a.X, a.Y, b.X, b.Y = a.Y, a.X, b.Y, b.X
				}
				out = append(out, layout.Ruling{From: a, To: b, Thickness: s.thick})
			}
		}
	}
	add(h.sure, false)
	add(v.sure, true)
	return out
}

// cutOff makes sure what leads from the last crossing ruling to where a page break cut the table: two sure ones at least end there
// too, and of print nothing comes as far.
func (d *direction) cutOff(across *direction) {
	for _, end := range [...]float64{-1, 1} {
		at, ok := d.cutAt(across, end)
		if !ok {
			continue
		}
		d.rest = slices.DeleteFunc(d.rest, func(s stretch) bool {
			if math.Abs(s.reach(end)-at) > cutInch*d.dpi {
				return false
			}
			joints := d.joints(s, across.sure, gapInch)
			if len(joints) == 0 {
				return false
			}
			last := joints[0]
			if end > 0 {
				last = joints[len(joints)-1]
			}
			a, b := min(last, at), max(last, at)
			if b-a < lowInch*d.dpi || b-a < cutLong*d.dpi && !slices.ContainsFunc(d.sure, func(o stretch) bool { return math.Abs(o.y-s.y) <= 2*ruleBand }) {
				return false
			}
			l := d.profile(int(s.y), int(a), int(b))
			l.take(&s)
			if l.cover < linkInk || l.solid < linkInk || l.ends < endInk {
				return false
			}
			d.sure = append(d.sure, l)
			return true
		})
	}
}

// take tells a part of a stretch what of that is drawn along it, and how much of it is; other is what is drawn of the rest.
func (s *stretch) take(of *stretch) (other []run) {
	s.drawn, other = cut(of.drawn, int(s.x0), int(s.x1))
	for _, r := range s.drawn {
		s.cover += float64(r.x1-r.x0) / (s.x1 - s.x0)
	}
	return other
}

// reach is where a stretch ends that way.
func (s *stretch) reach(end float64) float64 {
	if end < 0 {
		return s.x0
	}
	return s.x1
}

// cutAt is where at least two sure rulings end, that way, well beyond all that cross them.
func (d *direction) cutAt(across *direction, end float64) (at float64, ok bool) {
	var ends []float64
	for _, s := range d.sure {
		e := s.reach(end)
		if j := d.joints(s, across.sure, gapInch); len(j) > 0 && min(math.Abs(e-j[0]), math.Abs(e-j[len(j)-1])) >= lowInch*d.dpi {
			ends = append(ends, e)
		}
	}
	slices.SortFunc(ends, func(a, b float64) int { return cmp.Compare(end*b, end*a) })
	for i := 1; i < len(ends); i++ { // the farthest two that agree
		if math.Abs(ends[i]-ends[i-1]) <= cutInch*d.dpi {
			return (ends[i] + ends[i-1]) / 2, true
		}
	}
	return 0, false
}

// prune takes out of the sure rulings what leads from one crossing ruling to the next with text all
// along: a ruling often ends where a stroke of a character goes on. So it does with strokes that lean,
// one in each of several low rows.
func (d *direction) prune(across *direction) {
	for i := range d.sure {
		s := &d.sure[i]
		// A stroke that a ruling went on along need not reach the next one.
		joints := d.joints(*s, across.sure, gapInch)
		strokes := d.padded && d.strokes(*s, joints)
		for k := 1; k < len(joints); k++ {
			a, b := int(joints[k-1]), int(joints[k])
			if float64(b-a) < edgeInch*d.dpi {
				continue
			}
			if l := d.profile(int(s.y), a, b); !(strokes && float64(b-a) < ruleInch*d.dpi) && (l.dirt <= spotless || d.fits(l)) {
				continue
			}
			_, s.drawn = cut(s.drawn, a, b)
		}
	}
}

// fits says whether a piece between two crossing rulings looks like the sure ones.
func (d *direction) fits(s stretch) bool {
	switch {
	case s.ends < endInk || d.drawn && s.solid < drawnInk:
		return false
	case s.dirt <= cleanDirt:
		return s.solid >= cleanInk
	case s.dirt <= linkDirt:
		return s.solid >= d.solid-looser && (d.thick == 0 || s.thick*thickTimes >= d.thick && (s.thick <= d.thick*thickTimes || s.bar()))
	}
	// The text blurs how thick the ruling is.
	return s.solid >= d.solid-tighter
}

// bar says that a stretch is black from edge to edge, as a double rule is whose two lines ran together.
func (s *stretch) bar() bool {
	return !s.touched && s.full >= barInk && s.thick >= barInk*float64(s.rows)
}

// joints gives where sure rulings of the other direction cross or meet s, or come as near as inch to
// its ends.
func (d *direction) joints(s stretch, across []stretch, inch float64) []float64 {
	var out []float64
	slack := inch * d.dpi
	for _, a := range across {
		if a.y >= s.x0-slack && a.y <= s.x1+slack && s.y >= a.x0-slack && s.y <= a.x1+slack {
			out = append(out, a.y)
		}
	}
	slices.Sort(out)
	return out
}

// mended gives the sure rulings, and for each break in one that something covers a stretch that leads over it.
func (d *direction) mended() []stretch {
	out := slices.Clone(d.sure)
	for i, a := range d.sure {
		next := -1 // what goes on behind it
		for j, b := range d.sure {
			if j != i && b.x0 > a.x1 && a.inLine(b, d.dpi) && (next < 0 || b.x0 < d.sure[next].x0) {
				next = j
			}
		}
		if next >= 0 {
			out = append(out, stretch{x0: a.x1, x1: d.sure[next].x0, y: (a.y + d.sure[next].y) / 2})
		}
	}
	return out
}

// link finds, in the rest, what leads from one sure ruling of the other direction to the next, and
// makes it sure.
func (d *direction) link(across *direction) {
	var rest []stretch
	crossing := across.mended()
	for _, s := range d.rest {
		joints := d.joints(s, crossing, jointInch)
		for i := 1; i < len(joints); i++ {
			edge := joints[i] - joints[i-1]
			// In a row this low a stroke of text reaches from border to border. Unlike a stroke, a
			// ruling goes on beyond them, or has nothing but paper beside it.
			if edge < edgeInch*d.dpi || edge < ruleInch*d.dpi && (!d.beyond(s, joints[i-1], joints[i]) || d.padded && d.slants(s, joints[i-1], joints[i])) {
				continue
			}
			l := d.profile(int(s.y), int(joints[i-1]), int(joints[i]))
			if !d.fits(l) || d.padded && l.clear > linkDirt && !d.goesOn(s, joints, i) {
				continue
			}
			other := l.take(&s)
			if l.cover >= linkInk && l.full >= sureFull || l.cover >= cleanInk && l.dirt <= cleanDirt {
				d.sure = append(d.sure, l)
				s.drawn = other
			}
		}
		if len(joints) > 0 {
			for _, end := range [2][2]float64{{s.x0, joints[0]}, {joints[len(joints)-1], s.x1}} {
				if l, ok := d.end(s, end[0], end[1]); ok {
					_, s.drawn = cut(s.drawn, int(l.x0), int(l.x1))
					d.sure = append(d.sure, l)
				}
			}
		}
		if len(s.drawn) > 0 {
			rest = append(rest, s)
		}
	}
	d.rest = rest
}

// end gives the end of a stretch beyond the last ruling that it meets, where that is a sure ruling by itself: what lies in line with it on the
// other side, strokes of print, says nothing of it.
func (d *direction) end(s stretch, from, to float64) (l stretch, ok bool) {
	if to-from < sureInch*d.dpi {
		return l, false
	}
	l = d.profile(int(s.y), int(from), int(to))
	l.take(&s)
	return l, !l.touched && l.cover >= sureInk && l.full >= sureFull && l.dirt <= sureDirt && l.solid >= d.solid-looser
}

// beyond says that a stretch from border to border of a low row is a ruling: it goes on, or paper is beside it. What goes on
// through two rows alone may be strokes of two lines of text, one above the other.
func (d *direction) beyond(s stretch, from, to float64) bool {
	rows := (s.x1 - s.x0) / (to - from)
	if rows >= 3 || !d.padded {
		return rows >= 2
	}
	in := int(d.thick) + 2 // without the rulings that it meets, which seem ink beside so short a wall
	l := d.profile(int(s.y), int(from)+in, int(to)-in)
	if rows >= 2 {
		return l.dirt <= cleanDirt
	}
	return l.dirt <= spotless && l.solid >= solidInk
}

// strokes says that a stretch leans in most of the low rows that it leads through.
func (d *direction) strokes(s stretch, joints []float64) bool {
	low, leaning := 0, 0
	for k := 1; k < len(joints); k++ {
		if edge := joints[k] - joints[k-1]; edge >= edgeInch*d.dpi && edge < ruleInch*d.dpi {
			low++
			if d.slants(s, joints[k-1], joints[k]) {
				leaning++
			}
		}
	}
	return 2*leaning > low
}

// slants says that the ink of a stretch leans between two rulings, as the stroke does that stands for none in a cell, and no ruling of a flat page.
func (d *direction) slants(s stretch, from, to float64) bool {
	in := int(d.thick) + 2
	y, x0, x1 := int(s.y), int(from)+in, int(to)-in
	third := (x1 - x0) / 3
	if third < 1 {
		return false
	}
	middle := func(from, to int) float64 {
		var sum, n float64
		for r := y - slantReach; r <= y+slantReach; r++ {
			k := float64(d.ink.count(r, from, to))
			sum, n = sum+k*float64(r), n+k
		}
		return sum / max(n, 1)
	}
	return math.Abs(middle(x0, x0+third)-middle(x1-third, x1)) > slantShare*float64(x1-x0)
}

// goesOn says whether s is a ruling beyond its i-th joint, or before the one ahead of it, with paper
// beside it. What has text on both sides and fills one row alone are the strokes of two lines of text
// that stand one above the other.
func (d *direction) goesOn(s stretch, joints []float64, i int) bool {
	for _, k := range []int{i - 1, i + 1} {
		if k < 1 || k >= len(joints) || joints[k]-joints[k-1] < edgeInch*d.dpi {
			continue
		}
		if l := d.profile(int(s.y), int(joints[k-1]), int(joints[k])); l.clear <= linkDirt && d.fits(l) {
			return true
		}
	}
	return false
}

// cut parts runs at a and b.
func cut(rs []run, a, b int) (inside, outside []run) {
	add := func(to *[]run, r run, x0, x1 int) {
		if r.x0, r.x1 = max(r.x0, x0), min(r.x1, x1); r.x0 < r.x1 {
			*to = append(*to, r)
		}
	}
	for _, r := range rs {
		add(&outside, r, r.x0, a)
		add(&inside, r, a, b)
		add(&outside, r, b, r.x1)
	}
	return inside, outside
}
