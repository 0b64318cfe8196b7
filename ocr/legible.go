package ocr

import (
	"image"
	"sort"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/ocr/reading"
)

// legibleWidth is how much of a line tells whether it is legible, in heights of a character.
const legibleWidth = 6

// Legible says how well the labels of a sheet's tables can be read, as the mean probability of their
// characters: hardly at all when the page is upside down. It reads the first characters of the widest few cells,
// which hold labels. It is 0 when there are none.
func Legible(sheet *raster.Sheet, found []layout.Table, few int) float64 {
	var cells []layout.Cell
	for i := range found {
		cells = append(cells, found[i].Cells...)
	}
	sort.SliceStable(cells, func(i, j int) bool { return cells[i].Box.Width() > cells[j].Box.Width() })
	sum, n := 0.0, 0
	asked := 0
	for _, c := range cells {
		lines := cellLines(sheet, c.Box).lines
		if len(lines) == 0 {
			continue
		}
		for _, l := range apart(lines, sheet.TextHeight, tallLine, linePitch) {
			b := l.image.Rect
			b.Max.X = min(b.Max.X, b.Min.X+int(legibleWidth*sheet.TextHeight))
			for _, r := range reading.Labels().Runes(l.image.SubImage(b).(*image.Gray), 0) {
				n++
				if r.Rune != reading.Other {
					sum += r.Probability
				}
			}
		}
		if asked++; asked == few {
			break
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}
