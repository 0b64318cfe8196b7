package ocr

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/ocr/reading"
)

// Shares of the height of small print.
const (
	tallPiece    = 0.45 // height of a piece that shows which line it is of
	hugePiece    = 2.2  // height from which a piece is a picture, or a seal
	wordGap      = 0.4  // white within a word
	besideWord   = 0.25 // how far over or under its word a stroke or a point may stand
	overWord     = 0.8  // the same where they stand one over the other: 二, 六
	looseLine    = 1.6  // the most height of a line of small print
	largeLine    = 1.3  // the same of larger print, in heights of what is known of it
	wordHeight   = 0.9  // least height that a word counts as: a dash stands in a line of this height, too
	strayWidth   = 0.65 // less than the width of a full-width character
	figureWidth  = 5    // the most width of a figure that is looked for
	figureNarrow = 1.5  // width of a figure of two digits
	figureHigh   = 1.2  // the most height of one
	figureLeast  = 0.35 // the least of its longer side: less is a point
	wallHigh     = 1.5  // the least height of a vertical ruling that parts words
	edgeLong     = 1.4  // height from which a piece that is no wider than edgeThin is no character
	edgeThin     = 0.35
	sliverWide   = 0.25 // width of what is left beside one
	dashHigh     = 0.3  // the most height of a dash, whatever it is read as
	digitWidest  = 1    // the most width of a digit, in heights of a character,
	digitSlack   = 0.3  // and of what noise stands beside a figure
	figureWorn   = 2.2  // the most width of one of which digits stand apart
	digitApart   = 0.65 // the most white between these
	figureApart  = 0.9  // white between a figure and its neighbours
	labelStart   = 3.5  // what is read of a label: its number, its first characters
	figureUnder  = 10   // most white between two figures of a column: between them may be the title and header of a band
	columnNear   = 4    // the same where a text between them may be a figure too
	rowHigh      = 2.5  // how far the rulings of a row of one line are from the middle of its print, at most
	figureNear   = 12   // how far from figures their labels and headers are
	leaderDot    = 0.25 // side of a dot that leads to a page number
	leastLeaders = 4    // that many dots lead
)

// leastFigures is how many figures make a page worth a search for tables without rulings: in a column, in a row between
// two rulings, or leastAcross of them in any row.
const leastFigures, leastAcross = 3, 5

// someLetter stands for a label that could not be read: it is no figure.
const someLetter = "某"

// Loose gives the words that stand outside of a sheet's tables, read just well enough to tell where
// there are figures, and how labels begin: enough for package tables to find tables that white space
// rules, no more. Where there are no figures that stand apart it gives none, and looks no further:
// that is how prose is passed by.
func Loose(sheet *raster.Sheet, found []layout.Table) []layout.Word {
	em := sheet.TextHeight
	walls := walls(sheet)
	words := rejoined(looseWords(outside(sheet, found, walls), walls, em), em)
	var out []layout.Word
	figures := map[int]string{}
	read := func(some []int) {
		for _, i := range some {
			box := words[i].box
			if box.Height() <= dashHigh*em && box.Width() >= figureLeast*em && words[i].dots == 0 {
				figures[i] = "—"
			} else if text := looseFigure(sheet, box); text != "" {
				figures[i] = text
			}
		}
	}
	lone := standApart(words, em)
	likely := inColumns(words, lone, sheet.Rulings, em)
	read(likely)
	if len(inColumns(words, slices.Sorted(maps.Keys(figures)), sheet.Rulings, em)) == 0 {
		return nil
	}
	// There may be a table: where it is mostly blank, a figure is alone in its column.
	read(slices.DeleteFunc(slices.Clone(lone), func(i int) bool { return slices.Contains(likely, i) }))
	for _, i := range amongFigures(words, lone, figures, em) {
		figures[i] = string(reading.Other)
	}
	for i, w := range words {
		if figures[i] == "" && stray(words, i, figures, em) {
			continue
		}
		word := layout.Word{Text: figures[i], Box: w.line(em), Size: max(em, min(w.box.Height(), hugePiece*em))}
		near := func(k int) bool { return math.Abs(words[k].box.Center().Y-w.box.Center().Y) <= figureNear*em }
		switch {
		case word.Text != "":
		case slices.ContainsFunc(slices.Collect(maps.Keys(figures)), near):
			word.Text, word.Confidence = beginning(sheet, w, em)
		default:
			word.Text = someLetter
		}
		out = append(out, word)
	}
	return out
}

// looseWord is a run of pieces.
type looseWord struct {
	box    layout.Rect
	pieces int
	dots   int // of which are dots
}

// line is the word's box, made as high as a line of print.
func (w looseWord) line(em float64) layout.Rect {
	b := w.box
	if lack := wordHeight*em - b.Height(); lack > 0 {
		b.Y0, b.Y1 = b.Y0-lack/2, b.Y1+lack/2
	}
	return b
}

// outside gives the pieces of ink that stand in no table with columns and a line of text, without what is left
// of walls.
func outside(sheet *raster.Sheet, found []layout.Table, walls []layout.Ruling) []layout.Rect {
	em := sheet.TextHeight
	sliver := func(p layout.Rect) bool {
		return p.Width() < sliverWide*em && slices.ContainsFunc(walls, func(r layout.Ruling) bool {
			return math.Abs(p.Center().X-r.From.X) <= r.Thickness/2+sliverWide*em && p.Y1 > r.From.Y-em && p.Y0 < r.To.Y+em
		})
	}
	var known []layout.Rect
	for i := range found {
		if found[i].Cols < 2 {
			continue
		}
		var box layout.Rect
		for _, c := range found[i].Cells {
			box = box.Union(c.Box)
		}
		if box.Height() >= em { // what is lower holds no print
			known = append(known, box)
		}
	}
	return slices.DeleteFunc(sheet.Pieces(), func(p layout.Rect) bool {
		return slices.ContainsFunc(known, func(k layout.Rect) bool { return k.Contains(p.Center()) }) || sliver(p)
	})
}

// walls are the vertical rulings of a sheet that are no strokes.
func walls(sheet *raster.Sheet) []layout.Ruling {
	return slices.DeleteFunc(slices.Clone(sheet.Rulings), func(r layout.Ruling) bool {
		return r.Horizontal() || r.To.Y-r.From.Y < wallHigh*sheet.TextHeight
	})
}

// looseWords joins pieces, which come from left to right, to words: those that are tall enough show the
// lines, then small ones join them, and what is left joins among itself; never over a wall. em is the height
// of small print.
func looseWords(pieces []layout.Rect, walls []layout.Ruling, em float64) []looseWord {
	walled := func(a, b layout.Rect) bool {
		x0, x1 := a.Center().X, b.Center().X
		if x0 > x1 {
			x0, x1 = x1, x0
		}
		y := (a.Center().Y + b.Center().Y) / 2
		return slices.ContainsFunc(walls, func(r layout.Ruling) bool {
			return r.From.X > x0 && r.From.X < x1 && r.From.Y < y && r.To.Y > y
		})
	}
	var tall, small []layout.Rect
	for _, p := range pieces {
		w, h := p.Width(), p.Height()
		switch {
		case h > hugePiece*em || w < speckSide*em && h < speckSide*em:
		case h > edgeLong*em && w < edgeThin*em: // of the paper, or a seal
		case h >= tallPiece*em:
			tall = append(tall, p)
		default:
			small = append(small, p)
		}
	}
	words := chain(nil, tall, func(w, p layout.Rect) float64 {
		common := min(w.Y1, p.Y1) - max(w.Y0, p.Y0)
		if common < min(w.Height(), p.Height())/2 || !oneLine(w, p, em) || walled(w, p) {
			return 0
		}
		return common
	}, em)
	words = overlapping(words, walled, em)
	beside := func(w, p layout.Rect) float64 {
		far := besideWord * max(em, w.Height())
		if common := min(w.X1, p.X1) - max(w.X0, p.X0); 2*common > min(w.Width(), p.Width()) {
			far = overWord * em
		}
		if y := p.Center().Y; y < w.Y0-far || y > w.Y1+far || !oneLine(w, p, em) || walled(w, p) {
			return 0
		}
		return em / (1 + math.Abs(w.Center().Y-p.Center().Y))
	}
	words = chain(words, small, beside, em)
	return overlapping(words, walled, em)
}

// rejoined joins narrow words that stand close in a line, with white before and behind: the digits of a worn figure, of which some stand
// apart. Characters are wider, and stand closer.
func rejoined(words []looseWord, em float64) []looseWord {
	narrow := func(w looseWord) bool {
		return w.box.Width() <= strayWidth*em && w.box.Height() >= tallPiece*em && w.box.Height() <= figureHigh*em
	}
	inLine := func(a, b layout.Rect) bool { return min(a.Y1, b.Y1)-max(a.Y0, b.Y0) >= min(a.Height(), b.Height())/2 }
	var out []looseWord
	taken := make([]bool, len(words))
	for i, w := range words { // which come from left to right
		if taken[i] {
			continue
		}
		parts := []int{i}
		for again := narrow(w); again; {
			again = false
			for k, o := range words {
				if taken[k] || slices.Contains(parts, k) || !narrow(o) || !inLine(w.box, o.box) || o.box.X0 < w.box.X1 || o.box.X0 > w.box.X1+digitApart*em {
					continue
				}
				w = looseWord{w.box.Union(o.box), w.pieces + o.pieces, w.dots + o.dots}
				parts, again = append(parts, k), true
			}
		}
		apart := !slices.ContainsFunc(words, func(o looseWord) bool {
			return inLine(w.box, o.box) && !w.box.Contains(o.box.Center()) && o.box.X0 < w.box.X1+figureApart*em && o.box.X1 > w.box.X0-figureApart*em
		})
		if len(parts) == 1 || !apart || w.box.Width() > figureWorn*em {
			out = append(out, words[i])
			continue
		}
		for _, k := range parts {
			taken[k] = true
		}
		out = append(out, w)
	}
	return out
}

// oneLine says that what is around both boxes is no higher than a line, of small print or of as large
// print as one of them is.
func oneLine(a, b layout.Rect, em float64) bool {
	return a.Union(b).Height() <= max(looseLine*em, largeLine*max(a.Height(), b.Height()))
}

// chain adds pieces, from left to right, each to the word that fits best and ends close before it, or
// else as a word of its own.
func chain(words []looseWord, pieces []layout.Rect, fits func(word, piece layout.Rect) float64, em float64) []looseWord {
	for _, p := range pieces {
		best, at := 0.0, -1
		for i := range words {
			b := words[i].box
			if gap := wordGap * max(em, b.Height(), p.Height()); b.X1 < p.X0-gap || b.X0 > p.X1+gap {
				continue
			}
			if f := fits(words[i].box, p); f > best {
				best, at = f, i
			}
		}
		if at < 0 {
			at = len(words)
			words = append(words, looseWord{box: p})
		}
		w := &words[at]
		w.box = w.box.Union(p)
		w.pieces++
		if max(p.Width(), p.Height()) <= leaderDot*em {
			w.dots++
		}
	}
	return words
}

// overlapping joins words that stand in each other's line, close by: the halves of a character may have
// begun a word each.
func overlapping(words []looseWord, walled func(a, b layout.Rect) bool, em float64) []looseWord {
	slices.SortFunc(words, func(a, b looseWord) int {
		return cmp.Or(cmp.Compare(a.box.X0, b.box.X0), cmp.Compare(a.box.Y0, b.box.Y0))
	})
	for again := true; again; {
		again = false
		for i := 0; i < len(words); i++ {
			for k := i + 1; k < len(words); k++ {
				a, b := words[i].box, words[k].box
				if b.X0 > a.X1+wordGap*hugePiece*em {
					break
				}
				if b.X0 > a.X1+wordGap*max(em, a.Height(), b.Height()) ||
					min(a.Y1, b.Y1)-max(a.Y0, b.Y0) < min(a.Height(), b.Height())/2 || !oneLine(a, b, em) || walled(a, b) {
					continue
				}
				words[i] = looseWord{a.Union(b), words[i].pieces + words[k].pieces, words[i].dots + words[k].dots}
				words = slices.Delete(words, k, k+1)
				again = true
				k--
			}
		}
	}
	return words
}

// standApart gives the words that may be figures in a column, by number: narrow ones, with white before
// and behind, and another word on the line.
func standApart(words []looseWord, em float64) []int {
	var out []int
	for i, w := range words {
		if w.box.Width() > figureWidth*em || w.box.Height() > figureHigh*em || max(w.box.Width(), w.box.Height()) < figureLeast*em {
			continue
		}
		a := w.line(em)
		others, apart := false, true
		for k, o := range words {
			b := o.line(em)
			if k == i || min(a.Y1, b.Y1)-max(a.Y0, b.Y0) < min(a.Height(), b.Height())/2 {
				continue
			}
			others = true
			apart = apart && (b.X0 > a.X1+figureApart*em || b.X1 < a.X0-figureApart*em)
		}
		if others && apart {
			out = append(out, i)
		}
	}
	return out
}

// stray says that a word that is no figure is no print either: it is a speck or a point, or narrower than a
// character and stands apart from all other words and from all columns of figures.
func stray(words []looseWord, i int, figures map[int]string, em float64) bool {
	box := words[i].box
	if max(box.Width(), box.Height()) < tallPiece*em {
		return true
	}
	if box.Width() > strayWidth*em {
		return false
	}
	a := words[i].line(em)
	for k, o := range words {
		b := o.line(em)
		beside := o.box.Width() > strayWidth*em && min(a.Y1, b.Y1) > max(a.Y0, b.Y0) && b.X0 < a.X1+figureApart*em && b.X1 > a.X0-figureApart*em
		if k != i && (beside || figures[k] != "" && b.X0 < a.X1 && b.X1 > a.X0) {
			return false
		}
	}
	return true
}

// inColumns gives those of some words, by number, that stand under each other or in a row as the figures
// of a table do; none where they are too few. Between two rulings, fewer make a row.
func inColumns(words []looseWord, some []int, rulings []layout.Ruling, em float64) []int {
	var out []int
	for _, i := range some {
		a := words[i].line(em)
		under, beside := false, 1
		for _, k := range some {
			b := words[k].line(em)
			switch {
			case k == i:
			case min(a.Y1, b.Y1)-max(a.Y0, b.Y0) >= min(a.Height(), b.Height())/2:
				beside++
			case b.X0 < a.X1 && b.X1 > a.X0 && max(a.Y0, b.Y0)-min(a.Y1, b.Y1) <= figureUnder*em:
				under = true
			}
		}
		if under || beside >= leastAcross || beside >= leastFigures && between(a, rulings, em) {
			out = append(out, i)
		}
	}
	if len(out) < leastFigures {
		return nil
	}
	return out
}

// between says that a ruling runs close above a box and another close below it.
func between(b layout.Rect, rulings []layout.Ruling, em float64) bool {
	above, below := false, false
	for _, r := range rulings {
		if !r.Horizontal() || r.From.X > b.X0 || r.To.X < b.X1 {
			continue
		}
		y := r.From.Y - b.Center().Y
		above, below = above || y < 0 && -y < rowHigh*em, below || y > 0 && y < rowHigh*em
	}
	return above && below
}

// amongFigures gives those of the lone words, by number, that must be figures though they do not read as
// such: they stand in a column of figures, and in a row of them or, narrow, with one above and one below; or
// they are narrow and go on a row of so many that it is no label's.
func amongFigures(words []looseWord, lone []int, figures map[int]string, em float64) []int {
	var out []int
	for _, i := range lone {
		if figures[i] != "" {
			continue
		}
		a := words[i].line(em)
		row, before, over, under, others := 0, 0, 0, 0, 0
		for _, k := range lone {
			b := words[k].line(em)
			switch {
			case k == i:
			case min(a.Y1, b.Y1)-max(a.Y0, b.Y0) >= min(a.Height(), b.Height())/2:
				if figures[k] != "" {
					row++
					if b.X1 < a.X0 {
						before++
					}
				}
			case b.X0 >= a.X1 || b.X1 <= a.X0 || max(a.Y0, b.Y0)-min(a.Y1, b.Y1) > columnNear*em:
			case figures[k] == "":
				others++
			case b.Y0 < a.Y0:
				over++
			default:
				under++
			}
		}
		narrow := a.Width() <= figureNarrow*em
		digit := a.Width() <= strayWidth*em && words[i].box.Height() >= tallPiece*em // no label's character is as narrow
		if over+under > 2*others && (row > 0 || over > 0 && under > 0 && narrow) || narrow && (before > 0 || digit) && row+1 >= leastAcross {
			out = append(out, i)
		}
	}
	return out
}

// looseFigure reads a word as a number or a mark for none; "" when it is neither.
func looseFigure(sheet *raster.Sheet, box layout.Rect) string {
	l, ok := onlyLine(sheet, box)
	if !ok {
		return ""
	}
	text := reading.Text(reading.Numbers().Runes(l.image, 0))
	if figure.Wordless(text) && strings.Trim(text, "-—–―/") != "" && box.Width() > (digitWidest*float64(utf8.RuneCountInString(text))+digitSlack)*max(sheet.TextHeight, box.Height()) {
		return "" // fewer digits than would be as wide: worn characters
	}
	if label(text) || strings.Trim(text, "()（）") == "" {
		return ""
	}
	return text
}

// beginning reads how a word begins, with the mean probability of its characters.
func beginning(sheet *raster.Sheet, w looseWord, em float64) (string, float64) {
	if w.dots >= leastLeaders && w.dots == w.pieces {
		return "……", 1
	}
	box := w.box
	box.X1 = min(box.X1, box.X0+labelStart*em)
	l, ok := onlyLine(sheet, box)
	if !ok {
		return someLetter, 0
	}
	runes := reading.Labels().Runes(l.image, 0)
	text, sum := reading.Text(runes), 0.0
	for _, r := range runes {
		sum += r.Probability
	}
	if strings.IndexFunc(text, unicode.IsLetter) < 0 {
		text += someLetter
	}
	return text, sum / float64(max(1, len(runes)))
}

// onlyLine cuts out a word's line of print, with so much paper on both sides that a stroke of it is not taken for what is left of a wall.
func onlyLine(sheet *raster.Sheet, box layout.Rect) (line, bool) {
	em := sheet.TextHeight
	pad, side := linePad*em, (borderIn+speckSide)*em
	found, _ := lines(sheet.Crop(layout.Rect{X0: box.X0 - side, Y0: box.Y0 - pad, X1: box.X1 + side, Y1: box.Y1 + pad}, 1), em, leastContrast(sheet))
	if len(found) == 0 {
		return line{}, false
	}
	return slices.MaxFunc(found, func(a, b line) int { return cmp.Compare(a.ink, b.ink) }), true
}
