package raster

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// A pale ruling that was scanned in black and white is a row of dots: where its gray crossed the threshold by chance, or met the
// scanner's own raster; so is one that was drawn dotted or dashed. To whoever looks for strokes they are noise, and a short stretch of
// them is. But along a whole ruling there are many more than noise puts into any other line of the page, with paper on both sides.
//
// So the page is cut into strips of three rows and pieceLong pixels. The more marks a strip has, the likelier it is one of a ruling's
// than one of paper, and the line along which these likelihoods add up is found: first the one slope of the page's lines, then
// each line, which may stray from that slope a little.
const (
	// pieceLong is the length of a strip: a quarter of a word of pixels. endLong is how far off the end of a line may be.
	pieceLong, endLong = 16, 32
	// A ruling that was drawn in dots has dotMarks a pixel: a pale one has half as many. A dot is no farther from the next than loneTimes the usual way.
	dotMarks, loneTimes = 0.15, 6
	// Of its strips without text fullStrips have mostMarks, of leastKnown that lie between gaps, and of longKnown along half of it. What lies in
	// line has mostParts, farther apart than shortGap strips: a pale ruling that leans has gaps all along.
	fullStrips, leastKnown, longKnown, mostParts, shortGap = 0.6, 2, 4, 3, 3
	// besideFrom to besideTo rows from a strip's middle there is paper, with mostDirt pixels of noise on either side at most; else
	// the strip has text, and says nothing.
	besideFrom, besideTo, mostDirt = 4, 6, 1
	// A ruling has at least moreMarks times as many marks as noise has, and leastMarks in a strip. No more than mostMarks of a strip
	// count; one of several times dashLong pixels counts as so many, and where the marks of a line are counted, one of markLong.
	moreMarks, leastMarks, mostMarks, dashLong, markLong = 3, 0.17, 3, 4, 8
	// Noise is looked for in shadeRows rows from shadeFrom rows above and below on.
	shadeFrom, shadeRows = 7, 14
	// textCost is what a strip with text takes off a line's likelihood, strayCost what a step aside does, of its logarithm.
	textCost, strayCost = 0.08, 3
	// lineLikely is the least logarithm of likelihood of a ruling, heldLikely that of one that leads from one crossing ruling to another,
	// ending within heldReach pixels of them: where they cross, a strip is taken for one with text.
	lineLikely, heldLikely, heldReach = 13, 9, 18
	// dottedInch is the shortest dotted ruling, heldInch the shortest one between others.
	dottedInch, heldInch = 0.45, 0.2
	// tiltMost is the steepest slope of a page's lines that is looked for, in tiltSteps either way.
	tiltMost, tiltSteps = 0.06, 36
	// A ruling has paper on both sides along leastPaper of it, a faint one with less than denseMarks a pixel along faintPaper: the strokes of
	// prose have less; and manyMarks, or someMarks that are noiseLong at most in the mean, with paper along noisePaper.
	leastPaper, faintPaper, denseMarks, manyMarks, someMarks, noiseLong, noisePaper = 0.45, 0.77, 0.11, 0.055, 0.039, 1.6, 0.92
	// It has fewMarks of their usual number. What is longer than dotLong are strokes where there are less than fewStrokes of it, or fewer
	// than usual that are strokeTimes as long.
	fewMarks, fewStrokes, dotLong, strokeTimes = 0.3, 0.6, 2.5, 2
)

// strips are those of a page: what speaks for a ruling in each, by row.
type strips struct {
	n, h  int     // strips in a row, rows
	marks []int8  // of strip i in row y at i*h+y; less than 0 where there is text
	noise float64 // marks in a strip of paper
	// around is the sum of marks of strip i in all rows before y, and clean how many of these have no text, at i*(h+1)+y.
	around, clean []int32
	// known are likelihoods that were computed, by how many strips around are clean, the marks in them, and those of the strip; 0 where not.
	known [2*shadeRows + 1][2*shadeRows*mostMarks + 1][mostMarks + 1]float64
}

// stripsOf counts marks.
func (b *bitmap) stripsOf() *strips {
	s := &strips{n: b.stride * 4, h: b.h, marks: make([]int8, b.stride*4*b.h)}
	dirt := make([]int, b.h) // of a strip
	clean, none := 0, 0
	for i := range s.n {
		shift := uint(i%4) * pieceLong
		for y := range dirt {
			dirt[y] = bits.OnesCount16(uint16(b.words[y*b.stride+i/4] >> shift))
		}
		three := func(y int) int { return dirt[y] + dirt[y+1] + dirt[y+2] }
		for y := range b.h {
			at := &s.marks[i*s.h+y]
			if y < besideTo || y >= b.h-besideTo {
				continue
			}
			if three(y-besideTo) > mostDirt || three(y+besideFrom) > mostDirt {
				*at = -1
				continue
			}
			clean++
			if three(y-1) == 0 {
				none++
				continue
			}
			any := uint16((b.words[(y-1)*b.stride+i/4] | b.words[y*b.stride+i/4] | b.words[(y+1)*b.stride+i/4]) >> shift)
			n := max(bits.OnesCount16(any&^(any<<1)), bits.OnesCount16(any)/dashLong)
			*at = int8(min(n, mostMarks))
		}
	}
	s.around, s.clean = make([]int32, s.n*(s.h+1)), make([]int32, s.n*(s.h+1))
	for i := range s.n {
		at := i * (s.h + 1)
		for y := range s.h {
			m, c := s.around[at+y], s.clean[at+y]
			if v := s.marks[i*s.h+y]; v >= 0 {
				m, c = m+int32(v), c+1
			}
			s.around[at+y+1], s.clean[at+y+1] = m, c
		}
	}
	s.noise = -math.Log(float64(max(1, none)) / float64(max(1, clean))) // as many of them without any is what chance leaves
	return s
}

// dotted is a line of strips: the height of its middle in each from that of index first on.
type dotted struct {
	first  int
	middle []int
	// marks are how many it has a pixel, where it has paper on both sides, as it has along the share paper of it, and long is how long
	// they are in the mean; solid is the share of its strips that are drawn from end to end.
	marks, paper, long, solid float64
	// sure says that it is a ruling whatever crosses it.
	sure bool
}

func (d *dotted) from() int { return d.first * pieceLong }
func (d *dotted) to() int   { return (d.first + len(d.middle)) * pieceLong }

// ends are its first mark and where its last ends, in ink; of a dotted one without specks that stand alone before and behind.
func (d *dotted) ends(ink *bitmap) (from, to int) {
	from, to = d.from(), min(ink.w, d.to())
	line := ink.along(d)
	reach := ink.w
	if d.marks >= dotMarks {
		reach = int(loneTimes / d.marks)
	}
	next := func(x, end, step int) int { // the next mark
		for x != end {
			if drawn, _ := line.pixel(x); drawn {
				break
			}
			x += step
		}
		return x
	}
	end := func(x, end, step int) int {
		first := next(x, end, step)
		for x = first; x != end; first = x {
			for x != end {
				if drawn, _ := line.pixel(x); !drawn {
					break
				}
				x += step
			}
			if x = next(x, end, step); (x-first)*step <= reach {
				break
			}
		}
		return first
	}
	from = end(from, to, 1)
	if from < to {
		to = end(to-1, from, -1) + 1
	}
	return from, to
}

// faint says that it is not drawn solid.
func (d *dotted) faint() bool { return d.solid < solidStrips && d.long < solidMark }

// at is its height x pixels along: between the middles of strips it runs straight.
func (d *dotted) at(x int) float64 {
	at := float64(x-d.from())/pieceLong - 0.5
	k := min(max(0, int(math.Floor(at))), len(d.middle)-1)
	y := float64(d.middle[k])
	if k+1 < len(d.middle) && at > float64(k) {
		y += (at - float64(k)) * float64(d.middle[k+1]-d.middle[k])
	}
	return y
}

// likelyAt is the logarithm of how much likelier so many marks in strip i of row y are on a ruling than on paper, where noise puts as
// many marks into a strip as there are around it, if that is more than on the whole page, as in shading.
func (s *strips) likelyAt(marks, i, y int) float64 {
	at := i * (s.h + 1)
	around, clean := int32(0), int32(0)
	for _, from := range [...]int{y - shadeFrom - shadeRows, y + shadeFrom + 1} {
		from, to := at+min(max(0, from), s.h), at+min(max(0, from+shadeRows), s.h)
		around, clean = around+s.around[to]-s.around[from], clean+s.clean[to]-s.clean[from]
	}
	if clean < shadeRows/2 {
		around, clean = 0, 1
	}
	known := &s.known[clean][around][marks]
	if *known == 0 {
		*known = likely(marks, max(s.noise, leastMarks/10, float64(around)/float64(clean)))
	}
	return *known
}

// likely is the logarithm of how much likelier so many marks in a strip are on a ruling than on paper with so many.
func likely(marks int, noise float64) float64 {
	ruling := max(leastMarks, moreMarks*noise)
	return float64(marks)*math.Log(ruling/noise) - (ruling - noise)
}

// slope is that of the page's lines: along it marks lie most unevenly.
func (s *strips) slope() float64 {
	type mark struct{ row, n int32 }
	marks := make([]mark, 0, len(s.marks)/16) // a fax's; others have less
	first := make([]int, s.n+1)               // of each strip
	for i := range s.n {
		for y, m := range s.marks[i*s.h : (i+1)*s.h] {
			if m > 0 {
				marks = append(marks, mark{int32(y), int32(m)})
			}
		}
		first[i+1] = len(marks)
	}
	reach := int(tiltMost*pieceLong*float64(s.n)/2) + 1
	rows := make([]int32, s.h+2*reach)
	best, out := 0.0, 0.0
	for k := -tiltSteps; k <= tiltSteps; k++ {
		slope := tiltMost * float64(k) / tiltSteps
		clear(rows)
		for i := range s.n {
			off := int32(reach - s.off(i, slope))
			for _, m := range marks[first[i]:first[i+1]] {
				rows[m.row+off] += m.n
			}
		}
		sum := 0.0
		for _, r := range rows {
			sum += float64(r) * float64(r)
		}
		if sum > best {
			best, out = sum, slope
		}
	}
	return out
}

// off is how much lower a line of a slope is in strip i than in the page's middle.
func (s *strips) off(i int, slope float64) int {
	return int(math.Round(slope * pieceLong * (float64(i) - float64(s.n)/2)))
}

// dotted finds the lines of the page along which there are many marks, solid ones too.
func (b *bitmap) dotted(dpi float64) []dotted {
	s := b.stripsOf()
	slope := s.slope()
	used := make([]bool, s.n*s.h)
	parts := func(*dotted) [][2]int { return nil }
	found := b.likeliest(s, slope, used, dpi, parts)
	if s.inDots(found) {
		clear(used)
		parts = s.parts
		found = b.likeliest(s, slope, used, dpi, parts)
	}
	out := found
	// Where one ruling could go on another, aside from it, it is thought to do so, and is seen by itself once that is taken: so they are looked for
	// again.
	for slices.ContainsFunc(found, func(d dotted) bool { return d.faint() && d.marks >= dotMarks }) {
		for i := range s.n {
			for y, off := 0, s.off(i, slope); y < s.h; y++ {
				if r := y + off; used[i*s.h+y] && r >= 0 && r < s.h {
					s.marks[i*s.h+r] = taken
				}
			}
		}
		found = b.likeliest(s, slope, used, dpi, parts)
		out = append(out, found...)
	}
	return rulingsOf(out)
}

// inDots says that most of what is drawn faintly was drawn in dots, and is not pale.
func (s *strips) inDots(ds []dotted) bool {
	all, drawn := 0, 0
	for i := range ds {
		if d := &ds[i]; d.faint() {
			all += len(d.middle)
			if len(s.parts(d)) > 0 {
				drawn += len(d.middle)
			}
		}
	}
	return 4*drawn > 3*all
}

// likeliest takes the likeliest lines of a slope that share no strip with one another, nor with those that were used, in parts.
func (b *bitmap) likeliest(s *strips, slope float64, used []bool, dpi float64, parts func(*dotted) [][2]int) []dotted {
	const near = besideFrom // rows that one line keeps others away from
	w := s.ways(slope)
	var out []dotted
	var ys []int
	for _, e := range w.ends {
		ys = ys[:0]
		free := true
		for i, y := e.i, e.y; free; i-- {
			free = !used[i*s.h+y]
			ys = append(ys, y)
			step := w.came[i*s.h+y]
			if step == begins {
				break
			}
			y += int(step)
		}
		if !free {
			continue
		}
		slices.Reverse(ys)
		whole := dotted{first: e.i + 1 - len(ys)}
		for k, y := range ys {
			whole.middle = append(whole.middle, min(max(0, y+s.off(whole.first+k, slope)), s.h-1))
		}
		ps := parts(&whole)
		if len(ps) == 0 {
			ps = append(ps, [2]int{0, len(ys)})
		}
		for _, p := range ps {
			from, to := p[0], p[1]
			d := dotted{first: whole.first + from, middle: whole.middle[from:to]}
			likely := w.best[(d.first+to-from-1)*s.h+ys[to-1]]
			if from > 0 {
				likely -= w.best[(d.first-1)*s.h+ys[from-1]]
			}
			d.sure = likely >= lineLikely && float64(to-from) >= dottedInch*dpi/pieceLong
			if likely < heldLikely || !d.sure && float64(to-from) < heldInch*dpi/pieceLong {
				continue
			}
			for k, y := range ys[from:to] {
				for r := max(0, y-near); r <= min(s.h-1, y+near); r++ {
					used[(d.first+k)*s.h+r] = true
				}
			}
			b.measure(&d)
			out = append(out, d)
		}
	}
	return out
}

// ways are the likeliest lines along a slope: best is how likely the likeliest line is that ends with strip i, at i*h+y, came the step
// that led to it, or begins; y is the row that it would have in the page's middle. Ends are where lines end, the likeliest first.
type ways struct {
	best []float32
	came []int8
	ends []end
}

// end is strip i of row y, the found-th that was found.
type end struct{ i, y, found int }

// parts gives those of a line that was drawn in dots, between the gaps that it has: where nothing was drawn there, what lies in line may be
// another, or strokes of print. A pale line has gaps by chance, and none.
func (s *strips) parts(d *dotted) (parts [][2]int) {
	from, to := 0, 0            // what was gathered of a part
	sum, full, known := 0, 0, 0 // marks, strips that have no text, and those of them that have mostMarks
	blank := 0                  // of these, behind it, have none
	all, long := 0, 0           // marks of the line, and of its long parts
	add := func() {
		if known >= leastKnown && float64(full) >= fullStrips*float64(known-1) {
			if n := len(parts); n > 0 && from-parts[n-1][1] <= shortGap {
				parts[n-1][1] = to
			} else {
				parts = append(parts, [2]int{from, to})
			}
			if known >= longKnown {
				long += sum
			}
		}
		all, sum, full, known = all+sum, 0, 0, 0
	}
	for k, y := range d.middle {
		switch m := int(s.marks[(d.first+k)*s.h+y]); {
		case m > 0:
			if known > 0 && blank > 1 {
				add()
			}
			if known == 0 {
				from = k
			} else {
				known += blank
			}
			if sum, known = sum+m, known+1; m == mostMarks {
				full++
			}
			to, blank = k+1, 0
		case m == 0:
			blank++
		}
	}
	if add(); 2*long < all || len(parts) > mostParts {
		return nil
	}
	return parts
}

// begins says that no strip led to one, taken, in the place of its marks, that a line was found there.
const begins, taken = 2, -2

// ways finds them, from the strips on the left to those on the right.
func (s *strips) ways(slope float64) ways {
	w := ways{best: make([]float32, s.n*s.h), came: make([]int8, s.n*s.h)}
	none := likely(0, max(s.noise, leastMarks/10))
	empty, rises, rising := make([]float32, s.h), make([]bool, s.h), make([]bool, s.h)
	for i := range s.n {
		off := s.off(i, slope)
		before, here, marks := empty, w.best[i*s.h:(i+1)*s.h], s.marks[i*s.h:(i+1)*s.h]
		if i > 0 {
			before = w.best[(i-1)*s.h : i*s.h]
		}
		for y := range s.h {
			v := -textCost
			if r := y + off; r >= 0 && r < s.h {
				switch m := marks[r]; {
				case m == 0:
					v = none
				case m > 0:
					v = s.likelyAt(int(m), i, r)
				case m == taken:
					v = math.Inf(-1)
				}
			}
			above, below := before[max(0, y-1)], before[min(s.h-1, y+1)]
			if v <= 0 && before[y] == 0 && above == 0 && below == 0 { // nothing leads here, as nearly everywhere
				w.came[i*s.h+y], rising[y] = begins, false
				continue
			}
			most, step := float32(0), int8(begins)
			if p := before[y]; p > most {
				most, step = p, 0
			}
			if p := above - strayCost; p > most {
				most, step = p, -1
			}
			if p := below - strayCost; p > most {
				most, step = p, 1
			}
			here[y], w.came[i*s.h+y] = max(0, most+float32(v)), step
			// A line ends where it is likeliest: before it lacks marks, or where the page ends.
			switch {
			case v > 0 && i == s.n-1 && here[y] >= heldLikely:
				w.ends = append(w.ends, end{i, y, len(w.ends)})
			case v <= 0 && step != begins && rises[y+int(step)] && before[y+int(step)] >= heldLikely:
				w.ends = append(w.ends, end{i - 1, y + int(step), len(w.ends)})
				rises[y+int(step)] = false // once
			}
			rising[y] = v > 0
		}
		rises, rising = rising, rises
	}
	slices.SortFunc(w.ends, func(p, q end) int {
		return cmp.Or(cmp.Compare(w.best[q.i*s.h+q.y], w.best[p.i*s.h+p.y]), cmp.Compare(p.found, q.found))
	})
	return w
}

// sight looks along a line in ink. It keeps what it saw of a word of pixels, as long as the line stays in its row.
type sight struct {
	b            *bitmap
	d            *dotted
	word, y      int
	ink          uint64
	above, below uint64 // text
}

func (b *bitmap) along(d *dotted) *sight { return &sight{b: b, d: d, word: -1} }

// pixel says of the line's place x along it whether it is drawn there, and on which sides there is paper.
func (s *sight) pixel(x int) (ink bool, paper sides) {
	if x < 0 || x >= s.b.w {
		return false, both
	}
	if y := int(s.d.at(x)); x>>6 != s.word || y != s.y {
		any := func(from, to int) (bits uint64) {
			for r := max(0, from); r <= min(s.b.h-1, to); r++ {
				bits |= s.b.words[r*s.b.stride+x>>6]
			}
			return bits
		}
		s.word, s.y, s.ink = x>>6, y, any(y-1, y+1)
		s.above, s.below = any(y-besideTo, y-besideFrom), any(y+besideFrom, y+besideTo)
	}
	if s.above>>(x&63)&1 == 0 {
		paper |= above
	}
	if s.below>>(x&63)&1 == 0 {
		paper |= below
	}
	return s.ink>>(x&63)&1 != 0, paper
}

// sides are those of a line, of a page that lies level.
type sides uint8

const (
	above sides = 1 << iota
	below
	both = above | below
)

// runsIn gives the lengths of a line's marks from one place to another that have paper on the given sides, and counts the pixels that have.
func (b *bitmap) runsIn(d *dotted, x0, x1 int, on sides, mark func(long int)) (paper int) {
	s := b.along(d)
	long := 0
	for x := x0; x <= x1; x++ {
		ink, clean := false, false
		if x < x1 {
			var at sides
			ink, at = s.pixel(x)
			clean = at&on == on
		}
		if clean {
			paper++
		}
		if ink && clean {
			long++
		} else if long > 0 {
			mark(long)
			long = 0
		}
	}
	return paper
}

// worth is how many marks one of a length counts for.
func worth(long int) float64 { return max(1, float64(long)/markLong) }

// marksIn counts a line's marks from one place to another, and the pixels of it that have paper on the given sides; long marks count as several.
func (b *bitmap) marksIn(d *dotted, x0, x1 int, on sides) (marks float64, paper int) {
	paper = b.runsIn(d, x0, x1, on, func(long int) { marks += worth(long) })
	return marks, paper
}

// measure fills in what a line is like.
func (b *bitmap) measure(d *dotted) {
	marks, full, ink, runs := 0.0, 0, 0, 0
	paper := b.runsIn(d, d.from(), min(b.w, d.to()), both, func(long int) {
		marks, ink, runs = marks+worth(long), ink+long, runs+1
	})
	d.marks = marks / float64(max(1, paper))
	d.paper = float64(paper) / float64(d.to()-d.from())
	d.long = float64(ink) / float64(max(1, runs))
	for k, y := range d.middle {
		x := d.from() + k*pieceLong
		if b.anyOf(y-2, y+3, x, x+pieceLong) >= pieceLong-markLong/4 {
			full++
		}
	}
	d.solid = float64(full) / float64(len(d.middle))
}

// rulingsOf gives those lines that are rulings: they have paper on both sides and many marks, not far fewer than most of them. The strokes
// of figures that stand one under the other are fewer, and so are the marks for none of a row.
func rulingsOf(ds []dotted) []dotted {
	ds = slices.DeleteFunc(ds, func(d dotted) bool {
		return d.paper < leastPaper || d.faint() && d.paper < faintPaper && d.marks < denseMarks || d.marks < someMarks || d.marks < manyMarks && (d.long > noiseLong || d.paper < noisePaper)
	})
	if len(ds) == 0 {
		return ds
	}
	var marks, long []float64
	for i := range ds {
		if ds[i].sure {
			marks, long = append(marks, ds[i].marks), append(long, ds[i].long)
		}
	}
	if len(marks) == 0 {
		return nil
	}
	slices.Sort(marks)
	slices.Sort(long)
	usual, dash := marks[len(marks)/2], long[len(long)/2]
	return slices.DeleteFunc(ds, func(d dotted) bool {
		strokes := d.faint() && d.long > dotLong && (d.marks < fewStrokes*usual || d.marks < usual && d.long > strokeTimes*dash)
		return d.marks < fewMarks*usual || strokes
	})
}
