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
	// leastLine is the mean confidence of a line of prose below which it is no text: the recogniser sees text in the grain of paper, and
	// gives it 0 to 0.2, while the worst lines that were read in part have 0.35.
	leastLine = 0.25
	// leastPiece is the longer side of a piece of ink that may be print, and stripMargin the white that is left above and below print,
	// in heights of small print.
	leastPiece, stripMargin = 0.3, 1.5
	// endBand is the part of a page where running heads stand, as package tables has it, and nextLines how many lines next to a table
	// tell whether text stands between it and the page's end: three may be a page number that could not be read, a speck and an edge.
	endBand, nextLines = 0.12, 4
	// proseLanguage reads prose; eng would only add confusions.
	proseLanguage = "chi_sim"
)

// Prose reads what stands outside the tables of a sheet: the strips above, between and below them; with ends only, what says
// whether the tables are all of the page: its head and foot, and the lines next to its first table and its last. The words are in the sheet's coordinates.
func Prose(ctx context.Context, sheet *raster.Sheet, found []layout.Table, ends bool, rec Recognizer) ([]layout.Word, error) {
	pieces := sheet.Pieces()
	parts := strips(sheet, found, ends)
	if ends && len(found) > 0 {
		parts = atEnds(parts, pieces, sheet)
	}
	var inked []layout.Rect
	for _, strip := range parts {
		if strip, ok := trimmed(strip, pieces, sheet.TextHeight); ok {
			inked = append(inked, strip)
		}
	}
	if by, ok := rec.(LineReader); ok && by.LineHeight() > 0 {
		words, err := proseLines(ctx, sheet, inked, pieces, by)
		if err != nil || len(words) > 0 {
			return words, err
		}
		// Ink and no line that is legible: light print on dark ground, say, which Tesseract turns about.
	}
	return proseBlocks(ctx, sheet, inked, rec)
}

// proseBlocks has the recogniser find the lines of strips.
func proseBlocks(ctx context.Context, sheet *raster.Sheet, strips []layout.Rect, rec Recognizer) ([]layout.Word, error) {
	var words []layout.Word
	for _, strip := range strips {
		scale := proseHeight / sheet.TextHeight
		img := sheet.Crop(strip, scale)
		lines, err := rec.Recognize(ctx, Task{Image: img, Language: proseLanguage, Mode: Block})
		if err != nil {
			return nil, fmt.Errorf("prose: %w", err)
		}
		for _, l := range lines {
			if confidence([]TextLine{l}) < leastLine {
				continue
			}
			for _, w := range l.Words {
				w.Box = layout.Rect{X0: strip.X0 + w.Box.X0/scale, Y0: strip.Y0 + w.Box.Y0/scale, X1: strip.X0 + w.Box.X1/scale, Y1: strip.Y0 + w.Box.Y1/scale}
				w.Size = l.Box.Height() / scale
				words = append(words, w)
			}
		}
	}
	return words, nil
}

// atEnds are the parts of strips above and below tables where running heads stand, and the lines next to the tables.
func atEnds(strips, pieces []layout.Rect, sheet *raster.Sheet) []layout.Rect {
	var out []layout.Rect
	for _, strip := range strips {
		lines := linesOf(strip, pieces, leastPiece*sheet.TextHeight)
		open := false
		for i, l := range lines {
			near := len(lines) - i // to the table, of a strip that stands above it
			if strip.Y0 > 0 {
				near = i + 1
			}
			if middle := l.Center().Y; near > nextLines && middle > endBand*sheet.Height && middle < (1-endBand)*sheet.Height {
				open = false
				continue
			}
			part := layout.Rect{X0: strip.X0, Y0: strip.Y0, X1: strip.X1, Y1: strip.Y1}
			if i > 0 {
				part.Y0 = (lines[i-1].Y1 + l.Y0) / 2
			}
			if i+1 < len(lines) {
				part.Y1 = (l.Y1 + lines[i+1].Y0) / 2
			}
			if open {
				out[len(out)-1].Y1 = part.Y1
			} else {
				out = append(out, part)
			}
			open = true
		}
	}
	return out
}

// linesOf are the bands of a strip that hold pieces of ink of at least that size, from above, with nothing but white between them.
func linesOf(strip layout.Rect, pieces []layout.Rect, least float64) []layout.Rect {
	var in []layout.Rect
	for _, p := range pieces {
		if strip.Contains(p.Center()) && max(p.Width(), p.Height()) >= least {
			in = append(in, p)
		}
	}
	sort.Slice(in, func(i, j int) bool { return in[i].Y0 < in[j].Y0 })
	var out []layout.Rect
	for _, p := range in {
		if n := len(out); n > 0 && p.Y0 <= out[n-1].Y1 {
			out[n-1] = out[n-1].Union(p)
		} else {
			out = append(out, p)
		}
	}
	return out
}

// trimmed is a strip without the white above and below its ink; inked says that it has any.
func trimmed(strip layout.Rect, pieces []layout.Rect, em float64) (_ layout.Rect, inked bool) {
	y0, y1 := strip.Y1, strip.Y0
	for _, p := range pieces {
		if strip.Contains(p.Center()) && max(p.Width(), p.Height()) >= leastPiece*em {
			y0, y1 = min(y0, p.Y0), max(y1, p.Y1)
		}
	}
	if y0 >= y1 {
		return strip, false
	}
	strip.Y0, strip.Y1 = max(strip.Y0, y0-stripMargin*em), min(strip.Y1, y1+stripMargin*em)
	return strip, true
}

// strips are the parts of the page, as wide as it is, that no table covers; with ends only, not those between tables.
func strips(sheet *raster.Sheet, found []layout.Table, ends bool) []layout.Rect {
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
	for i, t := range taken {
		if i == 0 || !ends {
			add(y, t.y0)
		}
		y = max(y, t.y1)
	}
	add(y, sheet.Height)
	return out
}
