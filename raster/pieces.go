package raster

import (
	"cmp"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// Pieces gives the boxes of the connected pieces of ink on the flat page, rulings left out, in its
// coordinates, from left to right: characters, strokes of characters, specks.
func (s *Sheet) Pieces() []layout.Rect {
	found := s.text.pieces()
	out := make([]layout.Rect, len(found))
	for i, l := range found {
		out[i] = layout.Rect{X0: float64(l.x0) * s.textScale, Y0: float64(l.y0) * s.textScale, X1: float64(l.x1) * s.textScale, Y1: float64(l.y1) * s.textScale}
	}
	return out
}

// pieces gives the boxes of the connected parts of b, in all eight directions. Stretches of ink that
// touch from row to row are joined, so that the work goes with the ink and not with the area.
func (b *bitmap) pieces() []lump {
	var parent []int32
	var boxes []lump
	root := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	type stretch struct {
		x0, x1 int
		id     int32
	}
	var above, here []stretch
	var found []run
	for y := range b.h {
		found = runs(found[:0], b.row(y), b.w, y, 0, 1)
		here = here[:0]
		k := 0
		for _, r := range found {
			id := int32(-1)
			for k < len(above) && above[k].x1 < r.x0 {
				k++
			}
			for i := k; i < len(above) && above[i].x0 <= r.x1; i++ {
				a := root(above[i].id)
				switch {
				case id < 0:
					id = a
				case a != id:
					lo, hi := min(a, id), max(a, id)
					parent[hi] = lo
					o := boxes[hi]
					boxes[lo] = boxes[lo].union(o)
					id = lo
				}
			}
			box := lump{r.x0, y, r.x1, y + 1}
			if id < 0 {
				id = int32(len(parent))
				parent = append(parent, id)
				boxes = append(boxes, box)
			} else {
				boxes[id] = boxes[id].union(box)
			}
			here = append(here, stretch{r.x0, r.x1, id})
		}
		above, here = here, above
	}
	var out []lump
	for i, l := range boxes {
		if parent[i] == int32(i) {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b lump) int { return cmp.Or(a.x0-b.x0, a.y0-b.y0, a.x1-b.x1, a.y1-b.y1) })
	return out
}

func (l lump) union(o lump) lump {
	return lump{min(l.x0, o.x0), min(l.y0, o.y0), max(l.x1, o.x1), max(l.y1, o.y1)}
}
