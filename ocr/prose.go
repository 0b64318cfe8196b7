package ocr

import (
	"context"
	"fmt"
	"sort"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
)

const (
	// proseHeight is the height, in pixels, that small print is scaled to before prose is recognised:
	// body text is half as high again, which is where the recogniser is best (32 px) and still fast.
	proseHeight = 20
	// minStrip is the least height of a strip between tables that is read, in heights of small print.
	minStrip = 0.9
	// proseLanguage reads prose; eng would only add confusions.
	proseLanguage = "chi_sim"
)

// Prose reads what stands outside the tables of a sheet: the strips above, between and below them.
// The words are in the sheet's coordinates.
func Prose(ctx context.Context, sheet *raster.Sheet, found []layout.Table, rec Recognizer) ([]layout.Word, error) {
	var words []layout.Word
	for _, strip := range strips(sheet, found) {
		scale := proseHeight / sheet.TextHeight
		img := sheet.Crop(strip, scale)
		lines, err := rec.Recognize(ctx, Task{Image: img, Language: proseLanguage, Mode: Block})
		if err != nil {
			return nil, fmt.Errorf("prose: %w", err)
		}
		for _, l := range lines {
			for _, w := range l.Words {
				w.Box = layout.Rect{X0: strip.X0 + w.Box.X0/scale, Y0: strip.Y0 + w.Box.Y0/scale, X1: strip.X0 + w.Box.X1/scale, Y1: strip.Y0 + w.Box.Y1/scale}
				w.Size = l.Box.Height() / scale
				words = append(words, w)
			}
		}
	}
	return words, nil
}

// strips are the parts of the page, as wide as it is, that no table covers.
func strips(sheet *raster.Sheet, found []layout.Table) []layout.Rect {
	type span struct{ y0, y1 float64 }
	var taken []span
	for i := range found {
		var box layout.Rect
		for _, c := range found[i].Cells {
			box = box.Union(c.Box)
		}
		if !box.Empty() {
			taken = append(taken, span{box.Y0, box.Y1})
		}
	}
	sort.Slice(taken, func(i, j int) bool { return taken[i].y0 < taken[j].y0 })
	var out []layout.Rect
	add := func(y0, y1 float64) {
		if y1-y0 >= minStrip*sheet.TextHeight {
			out = append(out, layout.Rect{X0: 0, Y0: y0, X1: sheet.Width, Y1: y1})
		}
	}
	y := 0.0
	for _, t := range taken {
		add(y, t.y0)
		y = max(y, t.y1)
	}
	add(y, sheet.Height)
	return out
}
