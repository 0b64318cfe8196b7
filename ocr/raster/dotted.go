package raster

import (
	"math"
	"math/bits"
	"slices"
)

// A pale ruling that was scanned in black and white is a row of dots: where its gray crossed the threshold by chance, or met the
// scanner's own raster. To whoever looks for strokes they are noise, but there is nothing else that is so long and thin and has
// paper on both sides.
const (
	// dotsAround is how many rows above and below its middle a dotted ruling takes, with what it leans along a word of pixels.
	dotsAround = 2
	// leastDots are in a word's length of it, and in three rows on either side of it mostDirt at most, or one for cleaner of them:
	// others may cross it.
	leastDots, mostDirt, cleaner = 7, 2, 4
	// noiseDots is by how many standard deviations they are more than what noise puts there.
	noiseDots = 6
	// someDots of them stand apart, no longer than longDot pixels in the mean: the strokes of figures that stand one above the other are
	// fewer and longer.
	someDots, longDot = 5, 4
	// dottedInch is the shortest dotted ruling, dotsDrift how many rows it may drift from one word to the next.
	dottedInch, dotsDrift = 0.9, 3
	// leastDotted of each direction make a table. The dots that lead to page numbers run one way only.
	leastDotted = 2
)

// dotted is a row of dots: the height of its middle in each word of pixels from the one of index first on.
type dotted struct {
	first  int
	middle []int
}

// undot draws the rulings of which a black-and-white scan left dots, in ink and in the same transposed, which it gives back; both stay
// as they are where there are no such rulings.
func undot(level, side *bitmap, dpi float64) (_, _ *bitmap) {
	across, upright := level.dotted(dpi), side.dotted(dpi)
	if len(across) < leastDotted || len(upright) < leastDotted {
		return level, side
	}
	level, side = level.clone(), side.clone()
	for _, d := range upright {
		side.draw(d)
	}
	turned := side.transposed()
	for i, w := range turned.words {
		level.words[i] |= w
	}
	for _, d := range across {
		level.draw(d)
	}
	return level, level.transposed()
}

// dotted finds rows of dots.
func (b *bitmap) dotted(dpi float64) []dotted {
	const rim = dotsAround + 3 // how far paper is looked for
	if b.h < 2*rim+1 {
		return nil
	}
	need := int(math.Ceil(dottedInch * dpi / 64))
	least := max(leastDots, int(math.Ceil(b.speckled(2*dotsAround+1))))
	var open, out []dotted
	count := make([]int, b.h)
	for i := range b.stride {
		for y := range count {
			count[y] = bits.OnesCount64(b.words[y*b.stride+i])
		}
		sum := func(from, to int) (n int) {
			for _, c := range count[from:to] {
				n += c
			}
			return n
		}
		var here []int
		for y := rim; y < b.h-rim; y++ {
			if count[y] == 0 {
				continue
			}
			n := sum(y-dotsAround, y+dotsAround+1)
			if dirt := max(mostDirt, n/cleaner); n < least || sum(y-rim, y-dotsAround) > dirt || sum(y+dotsAround+1, y+rim+1) > dirt {
				continue
			}
			var any uint64
			for k := y - dotsAround; k <= y+dotsAround; k++ {
				any |= b.words[k*b.stride+i]
			}
			dots := bits.OnesCount64(any &^ (any << 1))
			if dots < someDots || bits.OnesCount64(any) > longDot*dots {
				continue
			}
			at := 0
			for k := y - dotsAround; k <= y+dotsAround; k++ {
				at += k * count[k]
			}
			if middle := (at + n/2) / n; len(here) == 0 || middle-here[len(here)-1] > dotsAround {
				here = append(here, middle)
			}
		}
		// What goes on from the word before, or over one that text crosses.
		var next []dotted
		taken := make([]bool, len(here))
		for _, d := range open {
			end, last := d.first+len(d.middle), d.middle[len(d.middle)-1]
			best := -1
			for k, y := range here {
				if off := abs(y - last); !taken[k] && off <= dotsDrift*(i-end+1) && (best < 0 || off < abs(here[best]-last)) {
					best = k
				}
			}
			switch {
			case best >= 0:
				taken[best] = true
				for len(d.middle) < i-d.first {
					d.middle = append(d.middle, (last+here[best])/2)
				}
				d.middle = append(d.middle, here[best])
				next = append(next, d)
			case i-end < 1:
				next = append(next, d)
			case len(d.middle) >= need:
				out = append(out, d)
			}
		}
		for k, y := range here {
			if !taken[k] {
				next = append(next, dotted{i, []int{y}})
			}
		}
		open = next
	}
	return append(out, slices.DeleteFunc(open, func(d dotted) bool { return len(d.middle) < need })...)
}

// speckled is the most dots that noise may put into so many rows of a word.
func (b *bitmap) speckled(rows int) float64 {
	few, none := 0, 0 // words of a row with one dot or two, and with none
	for _, w := range b.words {
		switch bits.OnesCount64(w) {
		case 0:
			none++
		case 1, 2:
			few++
		}
	}
	mean := float64(rows) * float64(few) / float64(max(1, few+none))
	return mean + noiseDots*math.Sqrt(mean)
}

// draw makes a row of dots a line, from its first dot to its last.
func (b *bitmap) draw(d dotted) {
	from, to := d.first*64, min(b.w, (d.first+len(d.middle))*64)
	dot := func(x, y int) bool { return b.anyOf(y-dotsAround, y+dotsAround+1, x, x+1) > 0 }
	for from < to && !dot(from, d.middle[0]) {
		from++
	}
	for to > from && !dot(to-1, d.middle[len(d.middle)-1]) {
		to--
	}
	for x := from; x < to; x++ {
		// Between the middles of words it runs straight.
		at := float64(x-d.first*64)/64 - 0.5
		k := min(max(0, int(math.Floor(at))), len(d.middle)-1)
		y := float64(d.middle[k])
		if k+1 < len(d.middle) && at > float64(k) {
			y += (at - float64(k)) * float64(d.middle[k+1]-d.middle[k])
		}
		for _, r := range [...]int{int(y), int(y) + 1} {
			if r < b.h {
				b.set(x, r)
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }
