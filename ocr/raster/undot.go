package raster

import (
	"cmp"
	"math"
	"slices"
)

// What is drawn of the faint lines of a page.
const (
	// A line is solid where solidStrips of its strips are drawn from end to end, or what is drawn is solidMark pixels long in the mean. One
	// in faintLines lines must be faint, and where they are, a line of less than wholeStrips of them has gaps.
	solidStrips, solidMark, faintLines, wholeStrips = 0.7, 12, 3, 0.9
	// leastDotted faint lines of either direction make a table, or aloneDotted level ones of aloneMarks a pixel: the dots that lead to page
	// numbers run one way only, too, but from text to text.
	leastDotted, aloneDotted, aloneMarks = 2, 4, 0.07
	// A line between two others has paper on both sides along heldPaper of it.
	heldPaper = 0.85
	// Within reachPart of a piece from the lines that cross it, reachEdge pixels left out, or half of it in a low row, a ruling has at least reachShare of the ink that its
	// middle has in as much room, if that has reachMarks marks: figures and strokes stand in the middle of their cells.
	reachPart, reachEdge, reachShare, reachMarks = 0.25, 4, 0.4, 6
	// Between two crossing lines a ruling is not drawn where it should have missingMarks and has no more than a missingShare of what it should
	// have beyond these; or no more than strayMarks and a strayShare of all where the piece beside it lacks them, too. Beyond the last
	// line it needs endShare of them. Where at least
	// half of the lines have no more than a lowShare of their marks, bandMarks in all, none of these is drawn: a title stands there.
	// Text stands beside a piece that has paper on both sides along less than clearShare of it: what is left of it may be strokes, unless it has
	// endShare of its marks where paper is on one side, along as much as that; or amidShare of them where text stands on both.
	// A stretch without a mark is none of the line if it would have voidMarks: by chance one stretch in 160,000 has none. It is looked for
	// at voidSteps places in its length.
	voidMarks, voidSteps                                                                                     = 12, 8
	missingMarks, missingShare, strayMarks, strayShare, lowShare, bandMarks, endShare, amidShare, clearShare = 3, 0.25, 1, 0.1, 0.42, 10, 0.6, 0.8, 0.75
)

// undot draws the rulings of which a black-and-white scan left dots, in ink and in the same transposed, which it gives back; both stay
// as they are where there are no such rulings.
func undot(level, side *bitmap, dpi float64) (_, _ *bitmap) {
	across, upright := level.dotted(dpi), side.dotted(dpi)
	across, upright = level.held(across, upright), side.held(upright, across)
	across, upright = level.reaching(across, upright), side.reaching(upright, across)
	faint := func(ds []dotted) (n int) {
		for i := range ds {
			if ds[i].faint() {
				n++
			}
		}
		if faintLines*n < len(ds) {
			return 0 // the page's rulings are well drawn, and these are something else
		}
		return n
	}
	a, u := faint(across), faint(upright)
	if a+u < leastDotted || (len(across) < leastDotted || len(upright) < leastDotted) && !alone(level, across) {
		return level, side
	}
	drawn, turned := level.clone(), side.clone()
	if u > 0 {
		turned.draw(side, upright, across, true)
	}
	turned = turned.transposed()
	if a > 0 {
		drawn.draw(level, across, upright, false)
	}
	for i, w := range turned.words {
		drawn.words[i] |= w
	}
	return drawn, drawn.transposed()
}

// alone says that level lines are rulings of a table though none crosses them: there are several, of more marks than a row of strokes has, and
// they end in paper.
func alone(b *bitmap, ds []dotted) bool {
	n := 0
	for i := range ds {
		d := &ds[i]
		if d.faint() && d.marks >= aloneMarks && b.blank(d.from()-2*endLong, d.from()-endLong/2, d.at(d.from())) &&
			b.blank(d.to()+endLong/2, d.to()+2*endLong, d.at(d.to())) {
			n++
		}
	}
	return n >= aloneDotted
}

// blank says that beside the end of a line, from one place to another, there is no text.
func (b *bitmap) blank(x0, x1 int, y float64) bool {
	n := 0
	for r := int(y) - besideTo; r <= int(y)+besideTo; r++ {
		n += b.count(r, x0, x1)
	}
	return n <= 2*mostDirt
}

// held leaves out the lines that are not sure and do not lead, through paper, from one sure line of the other direction to another.
func (b *bitmap) held(ds, across []dotted) []dotted {
	return slices.DeleteFunc(slices.Clone(ds), func(d dotted) bool {
		if d.sure {
			return false
		}
		if d.paper < heldPaper {
			return true // the strokes of a line of print
		}
		from, to := d.ends(b)
		at := func(x int) bool {
			y := int(d.at(x))
			return slices.ContainsFunc(across, func(a dotted) bool {
				return a.sure && y >= a.from()-heldReach && y <= a.to()+heldReach && math.Abs(a.at(y)-float64(x)) <= heldReach
			})
		}
		return !at(from) || !at(to)
	})
}

// reaching leaves out the lines that do not reach those which cross them: columns of figures, whose strokes may be long, and rows of strokes.
func (b *bitmap) reaching(ds, across []dotted) []dotted {
	return slices.DeleteFunc(slices.Clone(ds), func(d dotted) bool {
		if d.solid >= solidStrips {
			return false
		}
		var marks float64 // in the middle
		var ends, middle, endRoom, middleRoom int
		inked := func(x0, x1 int) (ink, room int) {
			room = b.runsIn(&d, x0, x1, both, func(long int) { ink += long })
			return ink, room
		}
		for _, p := range d.pieces(b, across) {
			part := int(reachPart * float64(p.x1-p.x0))
			edge := min(reachEdge, part/2)
			if p.from < 0 || p.to < 0 || edge < reachEdge/2 || p.none() {
				continue
			}
			for _, x := range [...]int{p.x0 + edge, p.x1 - part} {
				ink, room := inked(x, x+part-edge)
				ends, endRoom = ends+ink, endRoom+room
			}
			ink, room := inked(p.x0+part, p.x1-part)
			middle, middleRoom = middle+ink, middleRoom+room
			n, _ := b.marksIn(&d, p.x0+part, p.x1-part, both)
			marks += n
		}
		return marks >= reachMarks && float64(ends)*float64(middleRoom) < reachShare*float64(middle)*float64(endRoom)
	})
}

// piece is a stretch of a line between two crossing ones, whose numbers it has, or its end.
type piece struct {
	x0, x1      int
	from, to    int     // -1 beyond the last of them
	marks, want float64 // that it has, and that it would have as most of the line has
	paper       int     // how many of its pixels have paper on both sides
	text        bool    // text stands beside it, and what is left of it may be strokes
}

// none says that noise alone would leave as many marks.
func (p *piece) none() bool {
	return p.want >= missingMarks && p.marks <= missingShare*(p.want-missingMarks)
}

// add adds the marks of another piece.
func (p *piece) add(o piece) { p.marks, p.want = p.marks+o.marks, p.want+o.want }

// low says that there are too few marks for a line, though it may be by chance.
func (p *piece) low() bool { return p.marks <= lowShare*p.want }

// scarce says that so few marks are hardly what a line has.
func (p *piece) scarce() bool {
	return p.want >= missingMarks && p.marks <= strayMarks+strayShare*p.want
}

// missing says that a line is not drawn along piece k: it has next to no marks there, or too few there and beside it, or beside where
// it is missing.
func missing(pieces []piece, k int) bool {
	if p := &pieces[k]; p.none() || p.scarce() && (k > 0 && pieces[k-1].scarce() || k+1 < len(pieces) && pieces[k+1].scarce()) {
		return true
	}
	for _, step := range []int{-1, 1} {
		for i := k; i >= 0 && i < len(pieces) && pieces[i].low(); i += step {
			if pieces[i].none() {
				return true
			}
		}
	}
	return false
}

// pieces parts a line that is seen in ink where others cross it, from its first mark to its last.
func (d *dotted) pieces(ink *bitmap, across []dotted) []piece {
	from, to := d.ends(ink)
	type cut struct{ x, number int }
	var cuts []cut
	for i := range across {
		a := &across[i]
		x := int(a.at(int(d.at((from + to) / 2))))
		if y := int(d.at(x)); x > from-endLong && x < to+endLong && y >= a.from()-endLong && y <= a.to()+endLong {
			cuts = append(cuts, cut{int(a.at(y)), i})
		}
	}
	slices.SortStableFunc(cuts, func(p, q cut) int { return cmp.Compare(p.x, q.x) })
	if len(cuts) == 0 || from < cuts[0].x {
		cuts = slices.Insert(cuts, 0, cut{from, -1})
	}
	if to > cuts[len(cuts)-1].x {
		cuts = append(cuts, cut{to, -1})
	}
	var out []piece
	var rates []float64
	for k := 1; k < len(cuts); k++ {
		p := piece{x0: cuts[k-1].x, x1: cuts[k].x, from: cuts[k-1].number, to: cuts[k].number}
		p.marks, p.paper = ink.marksIn(d, p.x0, p.x1, both)
		p.text = float64(p.paper) < clearShare*float64(p.x1-p.x0)
		if p.paper > 0 && !p.text {
			rates = append(rates, p.marks/float64(p.paper))
		}
		out = append(out, p)
	}
	// As in most pieces: the line may go on where there is none.
	usual := d.marks
	if slices.Sort(rates); len(rates) > 0 {
		usual = max(usual, rates[len(rates)/2])
	}
	out = d.voided(out, ink, usual)
	for k := range out {
		p := &out[k]
		p.want = usual * float64(p.paper)
		if !p.text {
			continue
		}
		share := amidShare
		for _, side := range [...]sides{above, below} {
			if marks, paper := ink.marksIn(d, p.x0, p.x1, side); paper > p.paper && float64(paper) >= clearShare*float64(p.x1-p.x0) {
				p.marks, p.want, p.paper, share = marks, usual*float64(paper), paper, endShare
			}
		}
		p.text = p.want < missingMarks || p.marks < share*p.want
	}
	return out
}

// voided parts pieces where they have no mark over a stretch that has paper beside it and would have voidMarks of them: there the line ends, and another begins, as the
// walls of two tables one over the other, of which a ruling between was not seen. usual is how many marks a pixel has.
func (d *dotted) voided(pieces []piece, ink *bitmap, usual float64) (out []piece) {
	long := int(math.Ceil(voidMarks / usual))
	for _, p := range pieces {
		at := -1
		for x := p.x0; at < 0 && !p.text && x+long <= p.x1; x += max(1, long/voidSteps) {
			if marks, paper := ink.marksIn(d, x, x+long, both); marks == 0 && float64(paper) >= heldPaper*float64(long) {
				at = x
			}
		}
		if at < 0 {
			out = append(out, p)
			continue
		}
		from, to := at, at+long
		grown := func(x0, x1 int) bool { marks, _ := ink.marksIn(d, x0, x1, both); return marks == 0 }
		for from > p.x0 && grown(from-1, from) {
			from--
		}
		for to < p.x1 && grown(to, to+1) {
			to++
		}
		for _, q := range [...]piece{{x0: p.x0, x1: from, from: p.from, to: -1}, {x0: from, x1: to, from: -1, to: -1}, {x0: to, x1: p.x1, from: -1, to: p.to}} {
			if q.x1 > q.x0 {
				q.marks, q.paper = ink.marksIn(d, q.x0, q.x1, both)
				out = append(out, q)
			}
		}
	}
	return out
}

// draw makes lines that are seen in ink with gaps solid, but for the stretches between crossing lines where they are missing: there cells
// are one, or there is none. Where one line alone does not tell, all lines between these two crossing ones do. Padded says that cells keep
// text away from them: what has text beside it is the gap between two tables.
func (b *bitmap) draw(ink *bitmap, ds, across []dotted, padded bool) {
	type between struct{ from, to int } // numbers of crossing lines
	type sums struct {
		all, low   piece // over the pieces of all lines there, and of those that have too few marks
		lines, few int   // how many these are
	}
	seen := map[between]*sums{}
	parts := make([][]piece, len(ds))
	for i := range ds {
		parts[i] = ds[i].pieces(ink, across)
		for _, p := range parts[i] {
			s := seen[between{p.from, p.to}]
			if s == nil {
				s = &sums{}
				seen[between{p.from, p.to}] = s
			}
			s.all.add(p)
			s.lines++
			if p.low() {
				s.low.add(p)
				s.few++
			}
		}
	}
	for i := range ds {
		for k, p := range parts[i] {
			s := seen[between{p.from, p.to}]
			switch end := p.from < 0 || p.to < 0; {
			case ds[i].solid >= wholeStrips:
			case end && len(parts[i]) > 1 && (p.x1-p.x0 < endLong || p.marks < endShare*p.want):
			case padded && p.text:
			case p.low() && 2*s.few >= s.lines && s.low.want >= bandMarks:
			case missing(parts[i], k) || p.want < missingMarks && s.all.none():
			default:
				b.fill(&ds[i], p.x0, p.x1)
			}
		}
	}
}

// fill draws a line from one place to another, in full: marks beside its middle that are left out of it would leave a zigzag, of which no row
// is drawn from end to end.
func (b *bitmap) fill(d *dotted, x0, x1 int) {
	for x := max(0, x0); x < min(b.w, x1); x++ {
		for y := int(d.at(x)); y <= int(d.at(x))+1; y++ {
			if y >= 0 && y < b.h {
				b.set(x, y)
			}
		}
	}
}
