package raster

import (
	"cmp"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// Three things tell which way is up, and none needs a character to be read. Lines of text are longer
// than high. Full stops, commas and the points behind numbers stand at the foot of their line. In a
// cell, text that is not centred starts at the left.
const (
	// cluster is the edge of the squares in which the characters of a line run together.
	cluster = 4
	// clusterInk is how many pixels make a square count: one may be noise.
	clusterInk = 2
	// lineEms is the shortest line of text that has a direction, as a multiple of a character's height,
	// lineShape the least ratio of its sides.
	lineEms, lineShape = 1.5, 1.5
	// crossEms is the length, in character heights, of the shortest line that tells whether a page
	// lies on its side. Shorter ones may be the left or right half of a single large character, which
	// is higher than wide however the page lies.
	crossEms = 2.2
	// thickEms is the thickest: a heading. What is thinner than thinEms is what is left of double rulings.
	thickEms, thinEms = 2.6, 0.45
	// turnShare: a page is turned when so much more text runs up than across. Less than fewEms of both, in character heights, tell nothing: pages with
	// a table have hundreds.
	turnShare, fewEms = 1.3, 20
	// pointEms is the largest point or comma, as a share of the line's height.
	pointEms = 0.42
	// joinEms is the widest gap within a line.
	joinEms = 1
	// edgeStrip of a page, on each side, holds no text.
	edgeStrip = 0.03
	// proseEms is the shortest full line of prose.
	proseEms = 20
	// Text that is not centred starts at most besideEms from one border of its cell and ends at least
	// awayEms from the other.
	besideEms, awayEms = 0.9, 1.8
)

// without takes rulings out of ink, with a pixel on both sides.
func (b *bitmap) without(rs []layout.Ruling, vertical bool) {
	for _, r := range rs {
		if r.Horizontal() == vertical {
			continue
		}
		at, from, to := r.From.Y, r.From.X, r.To.X
		if vertical {
			at, from, to = r.From.X, r.From.Y, r.To.Y
		}
		half := r.Thickness/2 + 1.5
		for y := max(0, int(at-half)); y < min(b.h, int(at+half)+1); y++ {
			b.clear(y, int(from)-2, int(to)+2)
		}
	}
}

// clear empties row y from x0 up to but without x1.
func (b *bitmap) clear(y, x0, x1 int) {
	for x := max(0, x0); x < min(b.w, x1); {
		if x&63 == 0 && x+64 <= min(b.w, x1) {
			b.words[y*b.stride+x>>6] = 0
			x += 64
			continue
		}
		b.words[y*b.stride+x>>6] &^= 1 << (x & 63)
		x++
	}
}

// lump is a connected piece of text, in pixels, up to but without X1 and Y1.
type lump struct{ x0, y0, x1, y1 int }

// squares counts the ink in squares of cluster pixels.
func (b *bitmap) squares() (count []uint8, w, h int) {
	w, h = (b.w+cluster-1)/cluster, (b.h+cluster-1)/cluster
	count = make([]uint8, w*h)
	for y := range b.h {
		row := count[y/cluster*w:][:w]
		for i, word := range b.row(y) {
			for k := 0; word != 0; k++ {
				// Bits are added by pairs: 0, 1, 2, 3 or 4 to a square.
				if n := word & 15; n != 0 {
					row[i*64/cluster+k] += [16]uint8{0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4}[n]
				}
				word >>= 4
			}
		}
	}
	return count, w, h
}

// lumps gathers the text into pieces: lines, words, or lone characters.
func (b *bitmap) lumps() []lump {
	count, w, h := b.squares()
	var out []lump
	var stack []int
	for i := range count {
		if count[i] < clusterInk {
			continue
		}
		l := lump{i % w, i / w, i%w + 1, i/w + 1}
		count[i] = 0
		stack = append(stack[:0], i)
		for len(stack) > 0 {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := k%w, k/w
			l = lump{min(l.x0, x), min(l.y0, y), max(l.x1, x+1), max(l.y1, y+1)}
			visit := func(ok bool, j int) {
				if ok && count[j] >= clusterInk {
					count[j] = 0
					stack = append(stack, j)
				}
			}
			visit(x > 0, k-1)
			visit(x+1 < w, k+1)
			visit(y > 0, k-w)
			visit(y+1 < h, k+w)
		}
		out = append(out, lump{l.x0 * cluster, l.y0 * cluster, min(b.w, l.x1*cluster), min(b.h, l.y1*cluster)})
	}
	return out
}

// across says whether the text of a page, so wide and high, runs from left to right rather than from top to bottom. What lies
// along the page's very edge is no text: it is the lid's shadow, or the next sheet.
func across(ls []lump, em float64, wide, high int) bool {
	x, y := edgeStrip*float64(wide), edgeStrip*float64(high)
	ls = slices.DeleteFunc(slices.Clone(ls), func(l lump) bool {
		return float64(l.x1) < x || float64(l.x0) > float64(wide)-x || float64(l.y1) < y || float64(l.y0) > float64(high)-y
	})
	level, steep := lengths(ls, em)
	if steep <= turnShare*level || level+steep >= fewEms*em {
		return steep <= turnShare*level
	}
	// Thin print that came to pieces: the pieces stand closer along a line than across it.
	level, _ = lengths(lines(ls, em), em)
	turned := make([]lump, len(ls))
	for i, l := range ls {
		turned[i] = lump{l.y0, l.x0, l.y1, l.x1}
	}
	steep, _ = lengths(lines(turned, em), em)
	return steep <= turnShare*level
}

// lengths adds up how long those lumps are that run from left to right, as lines of text do, and those that run from top to bottom.
func lengths(ls []lump, em float64) (level, steep float64) {
	for _, l := range ls {
		w, h := float64(l.x1-l.x0), float64(l.y1-l.y0)
		if max(w, h) < crossEms*em || min(w, h) > thickEms*em || min(w, h) < thinEms*em {
			continue
		}
		if w > lineShape*h {
			level += w
		} else if h > lineShape*w {
			steep += h
		}
	}
	return level, steep
}

// upright says how sure it is that text that runs across is not upside down: the number of signs
// for it less that of signs against it, in standard deviations.
func upright(text *bitmap, ls []lump, rs []layout.Ruling, em float64) float64 {
	side := text.transposed()
	var yes, no float64
	joined := lines(ls, em)
	a, b := margins(joined, em)
	yes, no = yes+a, no+b
	for _, l := range joined {
		w, h := float64(l.x1-l.x0), float64(l.y1-l.y0)
		if w < lineEms*em || h > thickEms*em || w < lineShape*h || h < em/2 {
			continue
		}
		foot, head := points(side, l)
		yes, no = yes+float64(foot), no+float64(head)
		left, right := gaps(l, rs)
		if left < besideEms*em && right > awayEms*em && !math.IsInf(right, 1) {
			yes++
		} else if right < besideEms*em && left > awayEms*em && !math.IsInf(left, 1) {
			no++
		}
	}
	if yes+no == 0 {
		return 0
	}
	return (yes - no) / math.Sqrt(yes+no)
}

// lines joins the lumps that stand side by side, no more than a character apart.
func lines(ls []lump, em float64) []lump {
	ls = slices.Clone(ls)
	slices.SortFunc(ls, func(a, b lump) int { return cmp.Or(a.x0-b.x0, a.y0-b.y0) })
	var out []lump
	for _, l := range ls {
		best := -1
		for i := len(out) - 1; i >= 0; i-- {
			o := &out[i]
			common := min(o.y1, l.y1) - max(o.y0, l.y0)
			if float64(l.x0-o.x1) <= joinEms*em && 2*common > min(o.y1-o.y0, l.y1-l.y0) &&
				float64(max(o.y1, l.y1)-min(o.y0, l.y0)) <= thickEms*em {
				best = i
				break
			}
		}
		if best < 0 {
			out = append(out, l)
			continue
		}
		o := &out[best]
		*o = lump{o.x0, min(o.y0, l.y0), max(o.x1, l.x1), max(o.y1, l.y1)}
	}
	return out
}

// margins counts what ends short of a common margin in prose: first lines of paragraphs are indented
// by two characters, last lines end anywhere.
func margins(ls []lump, em float64) (yes, no float64) {
	var long []lump
	var lefts, rights []int
	for _, l := range ls {
		if float64(l.x1-l.x0) > proseEms*em {
			long = append(long, l)
			lefts, rights = append(lefts, l.x0), append(rights, l.x1)
		}
	}
	if len(long) < 3 {
		return 0, 0
	}
	slices.Sort(lefts)
	slices.Sort(rights)
	left, right := lefts[len(lefts)/2], rights[len(rights)/2]
	for _, l := range ls {
		h := float64(l.y1 - l.y0)
		if h > thickEms*em || float64(l.x1-l.x0) < lineEms*em {
			continue
		}
		a, b := float64(l.x0-left)/h, float64(right-l.x1)/h
		indented := func(x float64) bool { return x > 1 && x < 3 }
		switch {
		case math.Abs(a) < .5 && b > 3.5, indented(a) && math.Abs(b) < .8:
			yes++
		case math.Abs(b) < .5 && a > 3.5, indented(b) && math.Abs(a) < .8:
			no++
		}
	}
	return yes, no
}

// points counts the small marks that stand alone at the foot of a line of text, and those at its head.
// side is the text transposed.
func points(side *bitmap, l lump) (foot, head int) {
	h := float64(l.y1 - l.y0)
	x0, top, bottom := -1, 0, 0
	flush := func(x1 int) {
		if x0 >= 0 {
			high, wide := float64(bottom-top), float64(x1-x0)
			middle := (float64(top+bottom)/2 - float64(l.y0)) / h
			if high <= pointEms*h && wide <= pointEms*h && high >= 2 && wide >= 2 {
				if middle > .68 {
					foot++
				} else if middle < .32 {
					head++
				}
			}
		}
		x0 = -1
	}
	for x := l.x0; x < l.x1; x++ {
		a, b, ok := side.extent(x, l.y0, l.y1)
		if !ok {
			flush(x)
			continue
		}
		if x0 < 0 {
			x0, top, bottom = x, a, b
		}
		top, bottom = min(top, a), max(bottom, b)
	}
	flush(l.x1)
	return foot, head
}

// extent gives the first set pixel of row y from x0 up to x1, and the one behind the last.
func (b *bitmap) extent(y, x0, x1 int) (first, last int, ok bool) {
	for first = x0; first < x1 && !b.at(first, y); first++ {
	}
	for last = x1; last > first && !b.at(last-1, y); last-- {
	}
	return first, last, first < last
}

// gaps gives the distances from a line of text to the vertical rulings on both sides of it.
func gaps(l lump, rs []layout.Ruling) (left, right float64) {
	left, right = math.Inf(1), math.Inf(1)
	y := float64(l.y0+l.y1) / 2
	for _, r := range rs {
		if r.Horizontal() || r.From.Y > y || r.To.Y < y {
			continue
		}
		if d := float64(l.x0) - r.From.X; d > -cluster {
			left = min(left, d)
		}
		if d := r.From.X - float64(l.x1); d > -cluster {
			right = min(right, d)
		}
	}
	return left, right
}
