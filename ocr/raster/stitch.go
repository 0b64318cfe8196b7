package raster

import (
	"cmp"
	"image"
	"slices"
)

// A program draws a dotted or a dashed ruling evenly: marks of one length and gaps of one width, one after the other in one row. On a
// picture of a screen that is to be seen as it is, and no likelihood need be added up: at so few pixels to an inch, figures that
// stand one under the other seem dots, too (undot).
const (
	// drawnPaper is the least share of a drawn page that is pure white; of scanned ones a quarter is, at most.
	drawnPaper = 0.45
	// stitchedShare is how much darker than the paper their marks are: their gaps take some of it when a picture is compressed.
	stitchedShare = 0.4
	// markInch is the longest mark of a dotted or dashed ruling, spaceInch its widest gap. They differ by evenMost pixels at most, for
	// their places are rounded to such.
	markInch, spaceInch, evenMost = 0.065, 0.045, 1
	// leastStitched marks in a row make a part of a ruling where they are alike, or where alikeMarks of them are along longStitched, in inches.
	leastStitched, alikeMarks, longStitched = 6, 0.6, 0.4
	// besideStitched rows beside a part there is paper: no more than stitchedDirt of it has ink on one side, and touchedDirt on the
	// other, where print may come near.
	besideStitched, stitchedDirt, touchedDirt = 2, 0.15, 0.5
	// stitchedInch of such long ones, each way, are a table's; the dots that lead to page numbers run one way only.
	stitchedInch = 2
)

// isDrawn says that a program drew a picture, at the resolution of a screen. One in black and white may be a fax.
func isDrawn(g *image.Gray, dpi float64) bool {
	if dpi > screenDPI || pure(g) < drawnPaper {
		return false
	}
	_, twoTone := bilevel(g)
	return !twoTone
}

// stitch draws the gaps of the dotted and dashed rulings of a page that a program drew, in ink and in the same transposed, which it
// gives back; both stay as they are where there are no such rulings. Dark is the ink that is no trace of its compression.
func stitch(level, side, dark *bitmap, dpi float64) (_, _ *bitmap) {
	across, upright := dark.evenGaps(dpi), dark.transposed().evenGaps(dpi)
	long := func(gs []chain) (out []chain, sum int) {
		for _, g := range gs {
			if float64(g.x1-g.x0) >= longStitched*dpi {
				out, sum = append(out, g), sum+g.x1-g.x0
			}
		}
		return out, sum
	}
	la, a := long(across)
	lu, u := long(upright)
	if float64(min(a, u)) < stitchedInch*dpi {
		return level, side
	}
	// Short ones are parts of rulings where they are like the long ones.
	typical := append(la, lu...)
	slices.SortFunc(typical, func(g, h chain) int { return cmp.Compare(g.n, h.n) })
	mark := typical[len(typical)/2].n
	slices.SortFunc(typical, func(g, h chain) int { return cmp.Compare(g.gap, h.gap) })
	gap := typical[len(typical)/2].gap
	unlike := func(g chain) bool {
		return float64(g.x1-g.x0) < longStitched*dpi && (max(g.n-mark, mark-g.n) > evenMost || max(g.gap-gap, gap-g.gap) > evenMost)
	}
	across, upright = slices.DeleteFunc(across, unlike), slices.DeleteFunc(upright, unlike)
	drawn, turned := level.clone(), side.clone()
	turned.fillChains(upright)
	turned = turned.transposed()
	drawn.fillChains(across)
	for i, w := range turned.words {
		drawn.words[i] |= w
	}
	return drawn, drawn.transposed()
}

func (b *bitmap) fillChains(rs []chain) {
	for _, r := range rs {
		for x := r.x0; x < r.x1; x++ {
			b.set(x, r.y)
		}
	}
}

// chain is a part of a row that is marks and gaps by turns; n pixels long is a mark, and gap a gap.
type chain struct {
	run
	gap int
}

// evenGaps finds them.
func (b *bitmap) evenGaps(dpi float64) []chain {
	longest, widest := int(markInch*dpi+.5), int(spaceInch*dpi+.5)
	var out []chain
	var marks []run
	for y := range b.h {
		marks = runs(marks[:0], b.row(y), b.w, y, 0, 1)
		long := func(i int) int { return marks[i].x1 - marks[i].x0 }
		for i := 0; i+1 < len(marks); {
			if long(i) > longest {
				i++
				continue
			}
			// Where two dashes meet, or a ruling crosses, a mark is longer than the others.
			j, alike, gap := i+1, 1, marks[i+1].x0-marks[i].x1
			for ; j < len(marks); j++ {
				if g := marks[j].x0 - marks[j-1].x1; g > widest || max(g-gap, gap-g) > evenMost || long(j) > 2*longest {
					break
				}
				if d := long(j) - long(i); max(d, -d) <= evenMost {
					alike++
				}
			}
			r := chain{run{x0: marks[i].x0, x1: marks[j-1].x1, y: y, n: long(i)}, gap}
			if alike < leastStitched || float64(alike) < alikeMarks*float64(j-i) || alike < j-i && float64(r.x1-r.x0) < longStitched*dpi {
				i++
				continue
			}
			// To what it leads to on both sides.
			if i > 0 && r.x0-marks[i-1].x1 <= widest {
				r.x0 = marks[i-1].x1
			}
			if j < len(marks) && marks[j].x0-r.x1 <= widest {
				r.x1 = marks[j].x0
			}
			above, below := b.count(y-besideStitched, r.x0, r.x1), b.count(y+besideStitched, r.x0, r.x1)
			if n := float64(r.x1 - r.x0); float64(min(above, below)) <= stitchedDirt*n && float64(max(above, below)) <= touchedDirt*n {
				out = append(out, r)
			}
			i = j
		}
	}
	return out
}
