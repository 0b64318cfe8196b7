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

// widestPrint gives the lines of print of the few widest cells among those that have print.
func widestPrint(sheet *raster.Sheet, found []layout.Table, few int) [][]line {
	var cells []layout.Cell
	for i := range found {
		cells = append(cells, found[i].Cells...)
	}
	sort.SliceStable(cells, func(i, j int) bool { return cells[i].Box.Width() > cells[j].Box.Width() })
	var out [][]line
	for i := 0; i < len(cells) && len(out) < few; i++ {
		if lines := cellLines(sheet, cells[i].Box).lines; len(lines) > 0 {
			out = append(out, apart(lines, sheet.TextHeight, tallLine, linePitch))
		}
	}
	return out
}

// Told says how many of the widest few cells of a sheet's tables print a label of a vocabulary, as far as that can be told: none
// when the page is upside down.
func Told(sheet *raster.Sheet, found []layout.Table, words *Vocabulary, few int) int {
	told := 0
	for _, lines := range widestPrint(sheet, found, few) {
		if _, ok := words.tell(lines, sheet.TextHeight); ok {
			told++
		}
	}
	return told
}

// Legible says how well the labels of a sheet's tables can be read, as the mean probability of their
// characters: hardly at all when the page is upside down. It reads the first characters of the widest few cells,
// which hold labels. It is 0 when there are none.
func Legible(sheet *raster.Sheet, found []layout.Table, few int) float64 {
	sum, n := 0.0, 0
	for _, lines := range widestPrint(sheet, found, few) {
		for _, l := range lines {
			b := l.image.Rect
			b.Max.X = min(b.Max.X, b.Min.X+int(legibleWidth*sheet.TextHeight))
			for _, r := range reading.Labels().Runes(l.image.SubImage(b).(*image.Gray), 0) {
				n++
				if r.Rune != reading.Other {
					sum += r.Probability
				}
			}
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}
