package raster

import "image"

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
	// leastStitched marks in a row make a part of a ruling.
	leastStitched = 6
	// besideStitched rows beside a part there is paper: no more than stitchedDirt of it has ink on one side, and touchedDirt on the
	// other, where print may come near.
	besideStitched, stitchedDirt, touchedDirt = 2, 0.15, 0.5
	// stitchedInch of such rulings, each way, are a table's; the dots that lead to page numbers run one way only.
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
	length := func(rs []run) (sum int) {
		for _, r := range rs {
			sum += r.x1 - r.x0
		}
		return sum
	}
	if float64(min(length(across), length(upright))) < stitchedInch*dpi {
		return level, side
	}
	drawn, turned := level.clone(), side.clone()
	turned.fillRuns(upright)
	turned = turned.transposed()
	drawn.fillRuns(across)
	for i, w := range turned.words {
		drawn.words[i] |= w
	}
	return drawn, drawn.transposed()
}

func (b *bitmap) fillRuns(rs []run) {
	for _, r := range rs {
		for x := r.x0; x < r.x1; x++ {
			b.set(x, r.y)
		}
	}
}

// evenGaps finds the parts of rows that are marks and gaps by turns, even ones.
func (b *bitmap) evenGaps(dpi float64) []run {
	longest, widest := int(markInch*dpi+.5), int(spaceInch*dpi+.5)
	var out []run
	var marks []run
	for y := range b.h {
		marks = runs(marks[:0], b.row(y), b.w, y, 0, 1)
		even := func(i, j int) bool { // mark j goes on as i and the gap behind it began
			m, n := marks[i].x1-marks[i].x0, marks[j].x1-marks[j].x0
			g, h := marks[i+1].x0-marks[i].x1, marks[j].x0-marks[j-1].x1
			return n <= longest && h <= widest && max(m-n, n-m) <= evenMost && max(g-h, h-g) <= evenMost
		}
		for i := 0; i+1 < len(marks); {
			j := i + 1
			if marks[i].x1-marks[i].x0 > longest {
				i++
				continue
			}
			for j < len(marks) && even(i, j) {
				j++
			}
			if j-i < leastStitched {
				i++
				continue
			}
			r := run{x0: marks[i].x0, x1: marks[j-1].x1, y: y}
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
