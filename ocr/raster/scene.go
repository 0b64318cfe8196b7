package raster

import (
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// scene is a page's ink made flat, at the size that geometry is found on, and what was seen there.
type scene struct {
	flat, side *bitmap // side is flat transposed
	mesh       *mesh

	rulings []layout.Ruling
	// text is the ink without the rulings.
	text    *bitmap
	lumps   []lump
	upright float64
	// turned is set when the page lay on its side, drawn when a program drew it.
	turned, drawn bool
}

// newScene makes ink flat; side is the same transposed. It goes by the rulings, or by the text where
// there are hardly any.
func newScene(ink, side *bitmap) *scene {
	across, upright := trace(ink), trace(side)
	length := func(ts []track) (sum float64) {
		for _, t := range ts {
			sum += t.length()
		}
		return sum
	}
	short := float64(min(ink.w, ink.h))
	skew := 0.0
	if length(across)+length(upright) < short && !parallel(across, ruleLong*short) {
		across, upright, skew = nil, nil, textSkew(ink, side)
	}
	if !slices.ContainsFunc(across, func(t track) bool { return t.length() > ruleLong*short }) {
		across = nil // the edges of the paper, or strokes of text
	}
	if len(upright) == 0 {
		upright = endLines(ink, slices.DeleteFunc(slices.Clone(across), func(t track) bool { return t.length() < ruleLong*short }))
	}
	across = append(across, textLines(ink, across)...)
	wp := unbend(across, upright, ink.w, ink.h, skew)
	if len(across) == 0 {
		skew := wp.sin / wp.cos
		wp.down = leaning(leans(ink, skew), skew, ink.w, ink.h)
	}
	if len(upright) == 0 {
		skew := -wp.sin / wp.cos
		wp.aside = leaning(byClearness(leans(side, skew)), skew, ink.w, ink.h) // columns lean as lines do
	}
	m, w, h := wp.mesh(ink.w, ink.h)
	if !m.plain {
		ink = m.flatten(ink, w, h)
		side = ink.transposed()
	}
	return &scene{flat: ink, side: side, mesh: m}
}

// look finds the rulings and turns the scene so that text runs across.
func (c *scene) look(dpi float64) {
	em := dpi * textPoints / 72
	c.rulings = rulings(c.flat, c.side, dpi, c.drawn)
	text := c.flat.clone()
	text.without(c.rulings, false)
	text = text.transposed()
	text.without(c.rulings, true)
	c.text = text.transposed()
	c.lumps = c.text.lumps()
	if !across(c.lumps, em, c.flat.w, c.flat.h) {
		c.mesh = c.mesh.turned(float64(c.flat.w), float64(c.flat.h))
		c.flat, c.text, c.turned = c.flat.turned(1), c.text.turned(1), true
		// Horizontal and vertical rulings have changed places, and cells leave room beside vertical
		// ones alone: so the rulings are found again.
		c.side = c.flat.transposed()
		c.rulings = rulings(c.flat, c.side, dpi, c.drawn)
		c.lumps = c.text.lumps()
	}
	c.upright = upright(c.text, c.lumps, c.rulings, em)
}

const (
	// printShape is how many times longer than high a line is that surely holds full-width characters,
	// printLines how many such lines tell their height, printPart how much of a character's height
	// its ink has. Print is leastPrint pixels high or cannot be read.
	printShape, printLines, printPart, leastPrint = 3, 3, 0.92, 7
	// printSame of the lines must agree, within printSpread of the height.
	printSame, printSpread = 0.6, 0.25
	// printDense of a row of pixels is more than print has: the upper edge of a line in bold has 0.6.
	printDense = 0.96
	// A line that is printTouch times as high as it should be is several if between them there is no more than printThin of the ink of a usual row.
	printTouch, printThin = 1.5, 0.3
)

// textHeight gives the height of a full-width character in the tables; em is about what it should be.
func (c *scene) textHeight(em float64) (height float64, ok bool) {
	var heights []float64
	for _, l := range lines(c.lumps, em) {
		if l.x1-l.x0 < printShape*(l.y1-l.y0) {
			continue
		}
		if left, right := gaps(l, c.rulings); math.IsInf(left+right, 1) {
			continue
		}
		top, bottom := l.y0, l.y1
		// A row with one pixel of ink is noise.
		for top < bottom && c.text.count(top, l.x0, l.x1) < 2 {
			top++
		}
		for bottom > top && c.text.count(bottom-1, l.x0, l.x1) < 2 {
			bottom--
		}
		if c.ruled(l, top, bottom) {
			continue
		}
		heights = append(heights, c.printHeights(l, top, bottom, em)...)
	}
	if len(heights) < printLines {
		return 0, false
	}
	slices.Sort(heights)
	height = heights[len(heights)/2]
	same := 0
	for _, h := range heights {
		if math.Abs(h-height) <= printSpread*height {
			same++
		}
	}
	return height / printPart, float64(same) >= printSame*float64(len(heights))
}

// ruled says that what seems a line of print is a cell with what is left of its rulings.
func (c *scene) ruled(l lump, top, bottom int) bool {
	for y := top; y < bottom; y++ {
		if float64(c.text.count(y, l.x0, l.x1)) > printDense*float64(l.x1-l.x0) {
			return true
		}
	}
	return false
}

// printHeights gives the height of a line from top to bottom; where it is several that ran together, for squares are coarse where print is
// small, that of each: there are rows without ink between them, or hardly any where lines touch. em is about what a character is high.
func (c *scene) printHeights(l lump, top, bottom int, em float64) []float64 {
	var out []float64
	from := top
	for y := top; y <= bottom; y++ {
		if y < bottom && c.text.count(y, l.x0, l.x1) >= 2 {
			continue
		}
		if h := y - from; h >= leastPrint {
			out = append(out, c.touching(l, from, y, em)...)
		} else if h > 0 {
			out = nil // a part of a character
			break
		}
		from = y + 1
	}
	if h := float64(bottom - top); len(out) == 0 && h >= leastPrint {
		return []float64{h}
	}
	return out
}

// touching gives the heights of the lines that a line from top to bottom is, if it is several that touch: at each of the places where they
// would be parted there is a row with little ink.
func (c *scene) touching(l lump, top, bottom int, em float64) []float64 {
	h := float64(bottom - top)
	one := []float64{h}
	n := int(math.Round(h / em))
	if h < printTouch*em || n < 2 {
		return one
	}
	all := 0
	for y := top; y < bottom; y++ {
		all += c.text.count(y, l.x0, l.x1)
	}
	for k := 1; k < n; k++ {
		at, reach, least := top+(bottom-top)*k/n, int(em/4), all
		for y := max(top, at-reach); y < min(bottom, at+reach+1); y++ {
			least = min(least, c.text.count(y, l.x0, l.x1))
		}
		if float64(least) > printThin*float64(all)/h {
			return one
		}
		one = append(one, h)
	}
	for i := range one {
		one[i] = h / float64(n)
	}
	return one
}

const (
	// skewMax is the largest skew that is looked for in text, as a slope; skewStep and skewFine are the
	// steps.
	skewMax, skewStep, skewFine = 0.09, 0.0045, 0.0009
)

// textSkew is the slope at which lines of text and the paper between them are parted best; for pages
// without rulings.
func textSkew(ink, side *bitmap) float64 {
	count, w, h := ink.squares()
	slope, best := slant(count, w, h)
	// A page on its side has lines that run up; a slope there is the same turn the other way.
	count, w, h = side.squares()
	if s, v := slant(count, w, h); v > best {
		return -s
	}
	return slope
}

// parallelSlope is how much the slopes of two rulings of a page may differ at most, without any of its bends.
const parallelSlope = 0.002

// parallel says that two tracks are longer than least and run alike: the rulings of one row, where little else is on a page. The text of such a
// page says less of its slope.
func parallel(ts []track, least float64) bool {
	for i := range ts {
		for k := range i {
			if ts[i].length() <= least || ts[k].length() <= least {
				continue
			}
			a, _ := ts[i].slope()
			b, _ := ts[k].slope()
			if math.Abs(a-b) <= parallelSlope {
				return true
			}
		}
	}
	return false
}

// ruleLong of a page's shorter side is less than the longest ruling of a page has that has any.
const ruleLong = 0.3

const (
	// leanBands of a page, each leanBand of its height, show how the slope of text changes from its head to its
	// foot; by leanMost at most. In one of them it must part lines leanGain times as well as the skew.
	leanBands, leanBand, leanMost, leanGain = 6, 0.25, 0.03, 1.04
	// leanInk is the least part of the squares of a band that has ink.
	leanInk = 0.01
)

// leaning is the bend that makes lines of text level, or columns upright, once the page is turned by its skew: what no
// ruling that way shows. Of a page that a camera saw askew the slope changes evenly from head to foot. Its
// scale is 0 where text shows no more than the skew.
func leaning(bands []lean, skew float64, w, h int) bend {
	var n, sy, ss, syy, sys float64 // sums over bands, by their ink, of places and of slopes
	for _, l := range bands {
		k, s := l.ink, l.slope-skew
		n, sy, ss, syy, sys = n+k, sy+k*l.y, ss+k*s, syy+k*l.y*l.y, sys+k*l.y*s
	}
	if !slices.ContainsFunc(bands, func(l lean) bool { return l.sure }) {
		return bend{}
	}
	at, more := ss/n, 0.0
	if d := n*syy - sy*sy; len(bands) > 2 && d > 0 {
		more = (n*sys - sy*ss) / d
		at = (ss - more*sy) / n
	}
	half := float64(max(w, h)) / 2
	b := bend{scale: half, box: layout.Rect{X0: -half, Y0: -half, X1: half, Y1: half}}
	b.coef[0], b.coef[1] = -at*half, -more*half*half
	return b
}

// lean is the slope of text in a band of a page.
type lean struct {
	y     float64 // of the band's middle, from the page's
	slope float64
	ink   float64 // how much there is
	clear float64 // how much better the slope parts lines than slopes do in the mean
	sure  bool    // it parts them better than the page's skew
}

// byClearness weighs the bands by how clearly they show their slope. Columns of figures show it well,
// labels one above the other hardly at all.
func byClearness(bands []lean) []lean {
	for i := range bands {
		bands[i].ink *= bands[i].clear * bands[i].clear
	}
	return bands
}

// leans looks at the text of a page's bands.
func leans(ink *bitmap, skew float64) []lean {
	count, w, h := ink.squares()
	var out []lean
	for i := range leanBands {
		high := int(leanBand * float64(h))
		top := i * (h - high) / (leanBands - 1)
		band := count[top*w : (top+high)*w]
		lines := newSquares(band, w, high)
		inked := len(lines.ys)
		if float64(inked) < leanInk*float64(len(band)) {
			continue
		}
		before := lines.parted(skew)
		slope, best, mean := lines.search(skew-leanMost, skew+leanMost, skew, before)
		y := (float64(top) + float64(high)/2 - float64(h)/2) * cluster
		out = append(out, lean{y, slope, float64(inked), best/mean - 1, best > leanGain*before})
	}
	return out
}

// textLines are tracks that run as lines of text do, for a page whose few rulings lie close together: they say nothing of the rest.
func textLines(ink *bitmap, across []track) []track {
	const points = 9
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, t := range across {
		for _, p := range t.points {
			lo, hi = min(lo, p.Y), max(hi, p.Y)
		}
	}
	skew, ok := skewOf(across, nil)
	if !ok || hi-lo > leanBand*float64(ink.h) {
		return nil
	}
	var out []track
	for _, l := range leans(ink, skew) {
		y := float64(ink.h)/2 + l.y
		if !l.sure || y > lo && y < hi {
			continue
		}
		var t track
		for i := range points {
			x := float64(ink.w) * (float64(i) + .5) / points
			t.points = append(t.points, layout.Point{X: x, Y: y + l.slope*(x-float64(ink.w)/2)})
		}
		out = append(out, t)
	}
	return out
}

// slant is the slope at which ink lies on lines least evenly, and how unevenly.
func slant(count []uint8, w, h int) (slope, best float64) {
	slope, best, _ = newSquares(count, w, h).search(-skewMax, skewMax, 0, 0)
	return slope, best
}

// squares are those of a page, w by h, that hold ink: of column x ys[first[x]:first[x+1]].
type squares struct {
	w, h  int
	ys    []int32
	first []int32
}

// newSquares takes them from the number of pixels of ink in each.
func newSquares(count []uint8, w, h int) *squares {
	s := &squares{w: w, h: h, first: make([]int32, w+1)}
	for x := range w {
		for y := range h {
			if count[y*w+x] >= clusterInk {
				s.ys = append(s.ys, int32(y))
			}
		}
		s.first[x+1] = int32(len(s.ys))
	}
	return s
}

// search finds, from one slope to another and finely around the best, one that is better than slope, which parts lines as well as best
// says. mean is how well slopes part them in the mean.
func (s *squares) search(from, to, slope, best float64) (_, _, mean float64) {
	try := func(from, to, step float64) (sum, n float64) {
		for k := from; k <= to; k += step {
			v := s.parted(k)
			if v > best {
				best, slope = v, k
			}
			sum, n = sum+v, n+1
		}
		return sum, n
	}
	sum, n := try(from, to, skewStep)
	try(slope-skewStep, slope+skewStep, skewFine)
	return slope, best, sum / n
}

// parted measures how unevenly ink lies on the lines of a slope: the mean of its squares, against
// that of an even page.
func (s *squares) parted(slope float64) float64 {
	rows := make([]int32, s.h+int(2*skewMax*float64(s.w))+2)
	base := int(skewMax * float64(s.w))
	sum := 0
	for x := range s.w {
		shift := base - int(math.Round(slope*float64(x-s.w/2)))
		for _, y := range s.ys[s.first[x]:s.first[x+1]] {
			if k := int(y) + shift; k >= 0 && k < len(rows) {
				rows[k]++
				sum++
			}
		}
	}
	if sum == 0 {
		return 0
	}
	powers := 0.0
	for _, n := range rows {
		powers += float64(n) * float64(n)
	}
	return powers * float64(s.h) / (float64(sum) * float64(sum))
}
