package raster

import (
	"cmp"
	"image"
	"math"
	"math/bits"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/union"
)

// Pieces gives the boxes of the connected pieces of ink on the flat page, rulings left out, in its
// coordinates, from left to right: characters, strokes of characters, specks. Where a seal was, its pale
// remains are left out; what was taken for a ruling and is a stroke of print is not.
func (s *Sheet) Pieces() []layout.Rect {
	found := s.print().pieces()
	out := make([]layout.Rect, len(found))
	for i, l := range found {
		out[i] = layout.Rect{X0: float64(l.x0) * s.textScale, Y0: float64(l.y0) * s.textScale, X1: float64(l.x1) * s.textScale, Y1: float64(l.y1) * s.textScale}
	}
	return out
}

// print is the flat page's ink without rulings and without what is left of seals.
func (s *Sheet) print() *bitmap {
	out := s.text
	if strokes := s.strokes(); len(strokes) > 0 {
		out = s.text.clone()
		for _, r := range strokes {
			half := int(r.Thickness/2) + 2
			for y := max(0, int(r.From.Y)-half); y <= min(out.h-1, int(r.To.Y)+half); y++ {
				for x := max(0, int(r.From.X)-half); x <= min(out.w-1, int(r.To.X)+half); x++ {
					if s.whole.at(x, y) {
						out.set(x, y)
					}
				}
			}
		}
	}
	return s.withoutRemains(s.withoutFolds(out))
}

// foldRows is how many rows beside a fold's are of it, where it drifts from row to row.
const foldRows = 1

// withoutFolds is a text without level lines that are longer than strokes of print and were taken for no rulings: the folds of paper, which
// join all print that they run through.
func (s *Sheet) withoutFolds(text *bitmap) *bitmap {
	em := s.TextHeight / s.textScale
	var found []run
	for y := range text.h {
		found = runs(found, text.row(y), text.w, y, int(foldBreak*em), int(strokeLong*em))
	}
	if len(found) == 0 {
		return text
	}
	out := text.clone()
	for _, r := range found {
		for y := max(0, r.y-foldRows); y <= min(out.h-1, r.y+foldRows); y++ {
			out.clear(y, r.x0, r.x1)
		}
	}
	return out
}

// drawn are the rulings in pixels of the text.
func (s *Sheet) drawn() []layout.Ruling {
	out := slices.Clone(s.Rulings)
	for i := range out {
		r := &out[i]
		r.From.X, r.From.Y, r.To.X, r.To.Y, r.Thickness = r.From.X/s.textScale, r.From.Y/s.textScale, r.To.X/s.textScale, r.To.Y/s.textScale, r.Thickness/s.textScale
	}
	return out
}

// In heights of a character: a ruling of strokeLong stands for itself, strokeJoin is how near it ends to
// one that it meets, strokeLine how far from its line others go on.
// foldBreak is a break within a fold: between characters there is more.
const strokeLong, strokeJoin, strokeLine, foldBreak = 8, 0.5, 0.2, 0.05

// strokes gives the rulings that are print, in pixels of the text: short ones that meet no other and have
// none in their line. On poor scans the strokes of a line of text run together.
func (s *Sheet) strokes() []layout.Ruling {
	em := s.TextHeight / s.textScale
	all := s.drawn()
	return slices.DeleteFunc(slices.Clone(all), func(r layout.Ruling) bool {
		long := 0.0
		for _, o := range all {
			switch {
			case r.Horizontal() == o.Horizontal():
				at, from, to := o.From.Y-r.From.Y, o.From.X, o.To.X
				if !r.Horizontal() {
					at, from, to = o.From.X-r.From.X, o.From.Y, o.To.Y
				}
				if math.Abs(at) <= strokeLine*em {
					long += to - from
				}
			case r.From.X-strokeJoin*em <= o.To.X && o.From.X <= r.To.X+strokeJoin*em && r.From.Y-strokeJoin*em <= o.To.Y && o.From.Y <= r.To.Y+strokeJoin*em:
				return true
			}
		}
		return long > strokeLong*em
	})
}

// remainPart of the print's contrast is more than what is left of a seal's ink has. Pixels beside darker
// ones are the soft edge of print.
const remainPart = 0.8

// withoutRemains is a text without what is left of seals.
func (s *Sheet) withoutRemains(text *bitmap) *bitmap {
	if s.page.sealed == nil {
		return text
	}
	out := text.clone()
	g := s.page.gray
	dark := func(x, y, limit int) bool {
		for j := max(0, y-1); j <= min(g.Rect.Dy()-1, y+1); j++ {
			for i := max(0, x-1); i <= min(g.Rect.Dx()-1, x+1); i++ {
				if int(g.Pix[j*g.Stride+i]) < limit {
					return true
				}
			}
		}
		return false
	}
	for y := range out.h {
		for i, w := range text.row(y) {
			for ; w != 0; w &= w - 1 {
				x := i*64 + bits.TrailingZeros64(w)
				p := s.mesh.at(layout.Point{X: (float64(x) + .5) * s.textScale, Y: (float64(y) + .5) * s.textScale})
				at := image.Pt(int(p.X)*s.shrunk/mark, int(p.Y)*s.shrunk/mark)
				for _, seal := range s.page.sealed.seals {
					if at.In(seal.Rectangle) && !dark(int(p.X), int(p.Y), int(seal.paper-remainPart*s.Contrast)) {
						out.clear(y, x, x+1)
					}
				}
			}
		}
	}
	return out
}

// pieces gives the boxes of the connected parts of b, in all eight directions. Stretches of ink that
// touch from row to row are joined, so that the work goes with the ink and not with the area.
func (b *bitmap) pieces() []lump {
	var all union.Sets
	var boxes []lump
	type stretch struct {
		x0, x1 int
		id     int
	}
	var above, here []stretch
	var found []run
	for y := range b.h {
		found = runs(found[:0], b.row(y), b.w, y, 0, 1)
		here = here[:0]
		k := 0
		for _, r := range found {
			id := -1
			for k < len(above) && above[k].x1 < r.x0 {
				k++
			}
			for i := k; i < len(above) && above[i].x0 <= r.x1; i++ {
				a := all.Leader(above[i].id)
				switch {
				case id < 0:
					id = a
				case a != id:
					o := boxes[max(a, id)]
					id = all.Join(a, id)
					boxes[id] = boxes[id].union(o)
				}
			}
			box := lump{r.x0, y, r.x1, y + 1}
			if id < 0 {
				id = all.Add()
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
		if all.Leader(i) == i {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b lump) int { return cmp.Or(a.x0-b.x0, a.y0-b.y0, a.x1-b.x1, a.y1-b.y1) })
	return out
}

func (l lump) union(o lump) lump {
	return lump{min(l.x0, o.x0), min(l.y0, o.y0), max(l.x1, o.x1), max(l.y1, o.y1)}
}
