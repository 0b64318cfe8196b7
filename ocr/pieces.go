package ocr

import (
	"encoding/binary"
	"image"
	"math/bits"
	"slices"
	"sync"

	"github.com/nianbao/nianbao/layout/union"
	"github.com/nianbao/nianbao/ocr/raster"
)

// piece is a connected part of a cell's ink.
type piece struct {
	box  image.Rectangle
	runs []run // from top to bottom, the tracer's own
	area int   // in pixels
}

// run is ink without a gap in row y, from x0 up to, but not including, x1.
type run struct{ y, x0, x1 int32 }

// tracer finds the pieces of pictures; it keeps its memory from one to the next, until which its pieces last.
type tracer struct {
	runs, sorted []run
	sets         union.Sets // of the numbers of runs
	at, counts   []int      // of each run, which piece found it is of; of each piece, how many runs it has
	found        []piece
}

var tracers = sync.Pool{New: func() any { return new(tracer) }}

// pieces are the connected parts of what is darker than a limit, in all eight directions, in the order of their first pixels. Their
// coordinates count from the picture's first pixel.
func (t *tracer) pieces(g *image.Gray, limit uint8) []piece {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	t.runs, t.found = t.runs[:0], t.found[:0]
	t.sets.Clear()
	above := 0 // the first run of the row above
	for y := range h {
		first := len(t.runs)
		t.scan(g.Pix[y*g.Stride:][:w], int32(y), limit)
		t.join(above, first)
		above = first
	}
	t.at = slices.Grow(t.at[:0], len(t.runs))[:len(t.runs)]
	for i, r := range t.runs {
		first := t.sets.Leader(i)
		if first == i {
			t.at[i] = len(t.found)
			t.found = append(t.found, piece{box: image.Rect(int(r.x0), int(r.y), int(r.x1), int(r.y)+1)})
		}
		t.at[i] = t.at[first]
		p := &t.found[t.at[i]]
		p.box.Min.X, p.box.Max.X, p.box.Max.Y = min(p.box.Min.X, int(r.x0)), max(p.box.Max.X, int(r.x1)), int(r.y)+1
		p.area += int(r.x1 - r.x0)
	}
	t.group()
	return t.found
}

// scan finds the runs of a row.
func (t *tracer) scan(row []uint8, y int32, limit uint8) {
	limits := uint64(limit) * 0x0101010101010101
	for x := 0; x < len(row); {
		if x+8 <= len(row) {
			dark := raster.Below(binary.LittleEndian.Uint64(row[x:]), limits)
			if dark == 0 {
				x += 8
				continue
			}
			x += bits.TrailingZeros64(dark) >> 3
		} else if row[x] >= limit {
			x++
			continue
		}
		from := x
		for x < len(row) && row[x] < limit {
			x++
		}
		t.sets.Add()
		t.runs = append(t.runs, run{y, int32(from), int32(x)})
	}
}

// join makes one piece of each of the row's runs, which begin at first, and those that touch it in the row above, whose begin at above.
func (t *tracer) join(above, first int) {
	if first == len(t.runs) || above == first {
		return
	}
	up := above
	for i := first; i < len(t.runs); i++ {
		r := t.runs[i]
		for up < first && t.runs[up].x1 < r.x0 {
			up++
		}
		for k := up; k < first && t.runs[k].x0 <= r.x1; k++ {
			t.sets.Join(i, k)
		}
	}
}

// group gives each piece its runs, side by side in memory.
func (t *tracer) group() {
	t.sorted = slices.Grow(t.sorted[:0], len(t.runs))[:len(t.runs)]
	t.counts = slices.Grow(t.counts[:0], len(t.found))[:len(t.found)]
	clear(t.counts)
	for _, k := range t.at {
		t.counts[k]++
	}
	start := 0
	for i := range t.found {
		n := t.counts[i]
		t.found[i].runs = t.sorted[start : start : start+n]
		start += n
	}
	for i, r := range t.runs {
		p := &t.found[t.at[i]]
		p.runs = append(p.runs, r)
	}
}
