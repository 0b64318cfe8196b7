package ocr

import (
	"cmp"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
)

// Distances in heights of a full-width character.
const (
	// overrunReach is how far print is followed to both sides of an edge that white space gave: more than half of the longest number has.
	overrunReach = 4.0
	// overrunGap is less white than between the figures of two columns, and more than between two digits: a 1 stands in the middle of its room,
	// and two of them leave as much white as a third of a character.
	overrunGap = 0.42
	// overrunMost is wider than a figure; words are no matter here.
	overrunMost = 6.5
	// overrunWall is how far from an edge the ruling may lie that it was drawn along.
	overrunWall = 0.4
	// overrunPad is the white that is left between print and an edge that is put beside it.
	overrunPad = 0.2
	// overrunWhite is the least white at an edge that two figures nearly touch, and more than overrunApart times what is between their digits.
	overrunWhite, overrunApart = 0.3, 1.6
)

const (
	// overrunSide of a figure on one side of an edge says that it is of that side's column.
	overrunSide = 0.72
	// An edge, or several, over which print runs in overrunMany rows, one of overrunOf, lie wrong: figures that they don't cut may be in the wrong
	// column, too.
	overrunMany, overrunOf = 3, 8
)

// overran is what overrun found: the cells, by number, of which nobody can say whose the print is, and whether the table's columns lie wrong.
type overran struct {
	cells map[int]bool
	table bool
}

// overrun looks at the columns' edges of a table that white space gave: no wall says that they are there, and where a page leans they may lie
// wrong. Where print of a row runs over an edge, the edge is put beside it there, if one side has nearly all of it and nothing else.
func overrun(sheet *raster.Sheet, t *layout.Table) overran {
	out := overran{cells: map[int]bool{}}
	begin := make(map[[2]int]int, len(t.Cells)) // the cell that begins at a row and column
	for i := range t.Cells {
		begin[[2]int{t.Cells[i].Row, t.Cells[i].Col}] = i
	}
	rows := map[int]bool{}
	for i := range t.Cells {
		a := &t.Cells[i]
		k, ok := begin[[2]int{a.Row, a.Col + a.ColSpan}]
		if !ok || t.Cells[k].RowSpan != a.RowSpan {
			continue
		}
		b := &t.Cells[k]
		x := (a.Box.X1 + b.Box.X0) / 2
		if slices.ContainsFunc(sheet.Rulings, func(r layout.Ruling) bool {
			return !r.Horizontal() && math.Abs((r.From.X+r.To.X)/2-x) < overrunWall*sheet.TextHeight &&
				min(r.To.Y, a.Box.Y1)-max(r.From.Y, a.Box.Y0) > leastWall*a.Box.Height()
		}) {
			continue
		}
		p, ok := overEdge(sheet, a.Box.Union(b.Box), x)
		if !ok {
			continue
		}
		rows[a.Row] = true
		pad := overrunPad * sheet.TextHeight
		switch wide := p.to - p.from; {
		case x-p.from >= overrunSide*wide && p.to+pad < b.Box.X1 && !p.before:
			a.Box.X1, b.Box.X0 = p.to+pad, p.to+pad
		case p.to-x >= overrunSide*wide && p.from-pad > a.Box.X0 && !p.behind:
			a.Box.X1, b.Box.X0 = p.from-pad, p.from-pad
		default:
			out.cells[i], out.cells[k] = true, true
		}
	}
	out.table = len(rows) >= overrunMany && len(rows)*overrunOf >= t.Rows
	return out
}

// overrunning is print of a row that runs over an edge; before and behind say that more stands there in the row.
type overrunning struct {
	from, to       float64
	before, behind bool
}

// overEdge gives the print of two cells that runs over the edge between them, unless it looks like that of both: at the edge is more white than
// anywhere else in it.
func overEdge(sheet *raster.Sheet, cells layout.Rect, x float64) (out overrunning, ok bool) {
	em := sheet.TextHeight
	in, reach := cellInset*em, overrunReach*em
	box := layout.Rect{X0: max(cells.X0+in, x-reach), X1: min(cells.X1-in, x+reach), Y0: cells.Y0 + in, Y1: cells.Y1 - in}
	g := sheet.Crop(box, 1)
	paper, ink := levels(g, em)
	if float64(paper-ink) < leastContrast(sheet) {
		return out, false
	}
	tr := tracers.Get().(*tracer)
	defer tracers.Put(tr)
	type span struct{ from, to float64 }
	var spans []span
	for _, p := range tr.pieces(g, inkLimit(paper, ink)) {
		if !remnant(p, g.Rect.Dx(), g.Rect.Dy(), em) && float64(p.area) > speckSide*em*speckSide*em && float64(p.box.Dx()) <= overrunMost*em {
			spans = append(spans, span{box.X0 + float64(p.box.Min.X), box.X0 + float64(p.box.Max.X)})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var parts []span // of print, those that overlap as one
	for _, s := range spans {
		if n := len(parts); n > 0 && s.from <= parts[n-1].to {
			parts[n-1].to = max(parts[n-1].to, s.to)
			continue
		}
		parts = append(parts, s)
	}
	// What stands close together is one figure.
	for i, k := 0, 0; i < len(parts); i = k {
		here, most := 0.0, 0.0 // the white at the edge, and the most elsewhere
		for k = i + 1; k < len(parts) && parts[k].from-parts[k-1].to <= overrunGap*em; k++ {
			if gap := parts[k].from - parts[k-1].to; parts[k-1].to <= x+1 && parts[k].from >= x-1 {
				here = gap
			} else {
				most = max(most, gap)
			}
		}
		p := overrunning{parts[i].from, parts[k-1].to, i > 0, k < len(parts)}
		if p.from < x-1 && p.to > x+1 {
			return p, p.to-p.from <= overrunMost*em && here < max(overrunWhite*em, overrunApart*most)
		}
	}
	return out, false
}
