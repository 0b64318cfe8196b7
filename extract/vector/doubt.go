package vector

import (
	"cmp"
	"slices"
	"sort"

	"github.com/nianbao/nianbao/layout"
)

const (
	// throughTop and throughFoot, in em above the base line, are between where a ruling of a table goes through a figure.
	throughTop, throughFoot = 0.5, 0.2
	// whole is the share of a figure's width that such a ruling runs over.
	whole = 0.9
	// tight, in em, is the most that the digits of one number stand apart.
	tight = 0.12
	// sliver, in em, is the width of print that nobody reads, and smallest, in points, its size.
	sliver, smallest = 0.03, 1
	// slantedSize in points is the largest print at an angle that may be a value; what is larger is a watermark.
	slantedSize = 16
	// leastMark, in points, is the least side of a picture or a drawing that may be a figure; mostWide and mostHigh are the most.
	leastMark, mostWide, mostHigh = 3, 250, 60
)

// Doubtful gives the places of figures that are read and may be seen otherwise: two numbers on one another, turned upside down or mirrored,
// parted by a wall, with a ruling through them; and of figures that are seen and not read, for they stand at an angle.
func (a *Art) Doubtful(glyphs []Glyph) (struck, unsaid []layout.Rect) {
	at := places{}
	for i, g := range glyphs {
		if !g.Hidden && g.Quarter >= 0 {
			at.add(i, g.Box)
		}
	}
	level := slices.DeleteFunc(slices.Clone(a.Rulings), func(r layout.Ruling) bool { return !r.Horizontal() })
	slices.SortStableFunc(level, func(p, q layout.Ruling) int { return cmp.Compare(p.From.Y, q.From.Y) })
	walls := newWalls(a.Rulings)
	tries := 0
	for i, g := range glyphs {
		if g.Hidden || g.Text < "0" || g.Text > "9" {
			continue
		}
		switch {
		case g.Quarter < 0:
			if g.Size <= slantedSize {
				unsaid = append(unsaid, g.Box)
			}
			continue
		case g.Quarter == 2 || g.Mirrored:
			struck = append(struck, g.Box)
			continue
		}
		doubt := through(level, g, &tries)
		for k := range at.near(g.Box) {
			if tries++; tries > maxTries {
				return struck, unsaid
			}
			o := glyphs[k]
			doubt = doubt || k != i && o.Size < 2*g.Size && g.Size < 2*o.Size && lies(o.Box, g.Box)
		}
		if i > 0 && upright(glyphs[i-1]) && upright(g) && !glyphs[i-1].Hidden {
			b := glyphs[i-1]
			gap := g.Box.X0 - b.Box.X1
			if near(b.Size, g.Size, (sizeChange-1)*g.Size) && near(b.Box.Y1, g.Box.Y1, baseline*g.Size) && gap <= tight*g.Size && gap >= -overlap*g.Size &&
				walls.vertical(b.Box.Center(), g.Box.Center()) {
				struck, doubt = append(struck, b.Box), true
			}
		}
		if doubt {
			struck = append(struck, g.Box)
		}
	}
	return struck, unsaid
}

// through says that a ruling goes through the middle of a figure.
func through(level []layout.Ruling, g Glyph, tries *int) bool {
	if g.Quarter != 0 {
		return false
	}
	base := g.Box.Y1 - Descent*g.Size
	for k := sort.Search(len(level), func(k int) bool { return level[k].From.Y >= base-throughTop*g.Size }); k < len(level) && level[k].From.Y <= base-throughFoot*g.Size; k++ {
		if *tries++; *tries > maxTries {
			return false
		}
		if r := level[k]; min(r.To.X, g.Box.X1)-max(r.From.X, g.Box.X0) >= whole*g.Box.Width() {
			return true
		}
	}
	return false
}

// lies says that two glyphs stand on one another.
func lies(a, b layout.Rect) bool {
	w, h := min(a.X1, b.X1)-max(a.X0, b.X0), min(a.Y1, b.Y1)-max(a.Y0, b.Y0)
	return w > overlaid*min(a.Width(), b.Width()) && h > overlaid*min(a.Height(), b.Height())
}

// unreadable says that a figure is so small or so narrow that nobody reads it.
func unreadable(g Glyph) bool {
	return g.Size < smallest || g.Text >= "0" && g.Text <= "9" && g.Quarter == 0 && !g.Ink.Empty() && g.Ink.Width() < sliver*g.Size
}

// Mark says that a picture or a drawing is as large as figures in a cell are: where nothing else stands, the cell is not blank.
func Mark(box layout.Rect) bool {
	return box.Width() >= leastMark && box.Height() >= leastMark && box.Width() <= mostWide && box.Height() <= mostHigh
}
