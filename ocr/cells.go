package ocr

import (
	"cmp"
	"context"
	"image"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/ocr/reading"
)

const (
	// maxCandidates is how many readings of a cell are kept. The sums rarely need the third.
	maxCandidates = 8
	// digitPart is the height of a digit in that of a full-width character.
	digitPart = 0.7
	// leastDigit is the least height of a digit in that of small print: lower ink is of marks alone.
	leastDigit = 0.5
	// otherHeight is how much a line's ink may differ from a digit's height before the line is read
	// with the table's usual height: a dash, a slash or a comma tells nothing of it.
	otherHeight = 0.25
	// blankTrust is the probability that a cell without any piece of ink is blank.
	blankTrust = 0.999
	// inkedBlank is the most that a cell with ink in it is believed to be blank: a 0 worn away looks
	// like dirt, and no sum tells it from a blank.
	inkedBlank = 0.97
	// gapTrust is the most that a cell is believed to be blank in a table without rulings, where nobody knows where
	// cells end.
	gapTrust = 0.8
	// labelHeight is the height of a full-width character, in pixels, that labels are scaled to for the
	// general recogniser.
	labelHeight = 24
	// sureLabel is the mean probability of its characters from which a label that the network read
	// needs no other reader.
	sureLabel = 0.6
	// clearLabel is the mean probability from which a label beside a wall need not be read a second time without the
	// ink that touches the wall.
	clearLabel = 0.9
	// spelledLabel is the mean probability from which a label need not be read at another size.
	spelledLabel = 0.99
	// labelInk is the height of the ink of a line of full-width characters, in heights of such a character.
	labelInk = 0.95
	// otherSize is by how much the size that a table's digits say must differ from that of most of the page's labels for a
	// label to be read by it, too: figures are often set larger or smaller.
	otherSize = 0.12
)

// Means are what cells are read with. The zero value has our own networks alone.
type Means struct {
	// Recognizer reads labels that the network for labels could not.
	Recognizer Recognizer
	// Spell has it read all labels, too: the network knows the characters of the official forms alone, and
	// takes others for these without a doubt.
	Spell bool
	// Labels are what labels mostly say; nil where that is not known.
	Labels *Vocabulary
	// Prints keep what was read for another look, unless they are nil.
	Prints *Prints
}

// Cells reads every cell of the tables found on a sheet: Text and Reading are set. Each cell is read
// as a number first; one that holds other characters is read as a label.
func Cells(ctx context.Context, sheet *raster.Sheet, found []layout.Table, by Means) error {
	for i := range found {
		if err := readTable(ctx, sheet, &found[i], by); err != nil {
			return err
		}
	}
	return nil
}

func readTable(ctx context.Context, sheet *raster.Sheet, t *layout.Table, by Means) error {
	splitCells(sheet, t)
	var over overran
	if t.White {
		over = overrun(sheet, t)
	}
	inks, digits := readFigures(sheet, t, over.cells)
	r := cellReader{sheet: sheet, white: t.WhiteRows(), digits: digits, by: by}
	var numbers []*layout.Cell
	for i := range t.Cells {
		if err := ctx.Err(); err != nil {
			return err
		}
		c := &t.Cells[i]
		for j := range c.Tables { // whatever else the cell holds
			if err := readTable(ctx, sheet, &c.Tables[j], by); err != nil {
				return err
			}
		}
		if len(inks[i].lines) == 0 {
			continue
		}
		number, err := r.read(ctx, c, inks[i])
		if err != nil {
			return err
		}
		if number {
			numbers = append(numbers, c)
		}
	}
	favourMarks(numbers)
	if t.White {
		doubtGaps(t.Cells, numbers)
	}
	doubtFaded(t.Cells)
	for i := range t.Cells {
		if over.table && t.Cells[i].Reading != nil {
			t.Cells[i].Reading.Adrift = true
		}
	}
	return nil
}

// someZeros are enough to say that a table prints its zeros.
const someZeros = 2

// doubtGaps takes what is known of blanks from a table that prints its zeros and whose walls were not seen: what stands there may
// be in no cell.
func doubtGaps(cells []layout.Cell, numbers []*layout.Cell) {
	zeros := 0
	for _, c := range numbers {
		if c.Text == "0" {
			zeros++
		}
	}
	if zeros < someZeros {
		return
	}
	for i := range cells {
		if c := &cells[i]; c.Text == "" && c.Reading != nil && !c.Reading.Ink && len(c.Reading.Candidates) == 1 {
			c.Reading.Candidates[0].Probability = min(c.Reading.Candidates[0].Probability, gapTrust)
		}
	}
}

// fadedLabel is the probability below which a label was hardly read. Those of sound print have 0.97 and more.
const fadedLabel = 0.75

// doubtFaded takes what is known of blanks from rows of which nothing but the label is there, and hardly that: print has faded, and the thinnest, figures,
// may have gone altogether.
func doubtFaded(cells []layout.Cell) {
	faded, sound := map[int]bool{}, map[int]bool{}
	for i := range cells {
		switch c := &cells[i]; {
		case c.Text == "" || c.Reading == nil:
		case !figure.Wordless(c.Text) && c.Confidence() < fadedLabel:
			faded[c.Row] = true
		case figure.Wordless(c.Text):
			sound[c.Row] = true
		}
	}
	for i := range cells {
		if c := &cells[i]; faded[c.Row] && !sound[c.Row] && c.Text == "" && c.Reading != nil && !c.Reading.Ink && len(c.Reading.Candidates) == 1 {
			c.Reading.Candidates[0].Probability = min(c.Reading.Candidates[0].Probability, gapTrust)
		}
	}
}

// readFigures reads each cell as a number, by its own height, and gives the cells' print and the usual height of the table's digits,
// in pixels. A cell that holds words has reading.Other for its text; of those that are doubtful, figures are not taken.
func readFigures(sheet *raster.Sheet, t *layout.Table, doubtful map[int]bool) (inks []cellInk, digits float64) {
	inks = make([]cellInk, len(t.Cells))
	var heights []float64
	height := func(l line) float64 {
		if l.ink < leastDigit*sheet.TextHeight || l.ink > lineHeight*sheet.TextHeight {
			return 0 // a mark, or more than a line: the reader looks for itself
		}
		return l.ink
	}
	for i := range t.Cells {
		c := &t.Cells[i]
		inks[i] = cellLines(sheet, c.Box)
		ink := &inks[i]
		c.Reading = &layout.Reading{Seal: ink.sealed(sheet, c.Box)}
		if len(ink.lines) == 0 {
			c.Reading.Candidates = []layout.Candidate{{Probability: inkedBlank}}
			if ink.blank {
				c.Reading.Candidates[0].Probability = blankTrust
			}
			continue
		}
		first, is := words(ink.lines[0], height)
		if is && ink.coloured != nil {
			// What is left of a number without colour may look like words; in colour it does not.
			if whole, words := words(ink.coloured[0], height); !words {
				first, is, ink.lines, ink.coloured = whole, false, ink.coloured, nil
			}
		}
		if is {
			c.Text = string(reading.Other) // until it is read as a label
			continue
		}
		readInk(c, ink, first, !t.WhiteRows(), height)
		if doubtful[i] && !label(c.Text) {
			c.Text, c.Reading.Ink, c.Reading.Candidates = "", true, nil
			continue
		}
		if slices.ContainsFunc(ink.lines, twoFigures) {
			// A wall was lost, or one is dirt: run together they would be another number. Which it is the sums may
			// say, to which each is offered alone.
			c.Text, c.Reading.Ink = "", true
			ink.lines = halved(ink.lines)
			continue
		}
		if h, ok := tellsHeight(c, ink.lines); ok {
			heights = append(heights, h)
		}
	}
	if len(heights) == 0 {
		return inks, sheet.TextHeight * digitPart
	}
	sort.Float64s(heights)
	return inks, heights[len(heights)/2]
}

// cellReader reads the cells of one table once the height of its digits is known.
type cellReader struct {
	sheet  *raster.Sheet
	white  bool    // white space made the table's rows
	digits float64 // height, in pixels
	by     Means
}

// read reads a cell again where its lines have not the height of the table's digits, and reads its label where it holds no number; it
// says whether it holds one.
func (r *cellReader) read(ctx context.Context, c *layout.Cell, ink cellInk) (number bool, err error) {
	odd := slices.ContainsFunc(ink.lines, func(l line) bool {
		return l.ink < r.digits*(1-otherHeight) || l.ink > r.digits*(1+otherHeight)
	})
	neither := func() bool { return c.Reading.Ink && c.Text == "" } // of two cells
	if odd && !neither() && !label(c.Text) {
		readInk(c, &ink, nil, !r.white, func(line) float64 { return r.digits })
	}
	if !neither() && !label(c.Text) && c.Confidence() < sureFigure && r.linesTouch(ink) {
		c.Text = string(reading.Other) // until it is read as a label
	}
	lines := ink.lines
	if neither() && r.white && len(lines) > 1 {
		return false, nil // of several rows: no look at them together says anything
	}
	print := Print{Height: r.digits}
	for _, l := range lines {
		print.Lines = append(print.Lines, l.image)
	}
	if r.by.Prints != nil {
		if c.Reading.Print, err = r.by.Prints.keep(print); err != nil {
			return false, err
		}
	}
	switch {
	case neither():
		return false, nil
	case label(c.Text):
		return false, readLabel(ctx, r.sheet, c, ink, r.digits, r.by)
	}
	if slices.ContainsFunc(c.Reading.Candidates, func(x layout.Candidate) bool { return x.Text == "" }) && printed(print.Lines, r.digits) {
		doubtBlank(c.Reading.Candidates)
		c.Text, c.Reading.Ink = c.Reading.Candidates[0].Text, true
	}
	return true, nil
}

// linesTouch says that what seems one line is several of a label that is known. Print alone would not tell: what a seal left of itself is as tall.
func (r *cellReader) linesTouch(ink cellInk) bool {
	em := r.digits / digitPart
	if r.by.Labels == nil || !slices.ContainsFunc(ink.lines, func(l line) bool { return l.ink >= tightLine*em }) {
		return false
	}
	for _, pitch := range [...]float64{linePitch, closePitch, tightPitch} {
		if _, known := r.by.Labels.tell(apart(ink.lines, em, tightLine, pitch), em); known {
			return true
		}
	}
	return false
}

// markWeight is how much likelier a mark becomes where all of a table's cells hold it. The network
// was trained with all readings about as frequent; in a table that prints a stroke for nothing,
// strokes are a hundred times as frequent as any one digit, and half of that is believed.
const markWeight = 50

// favourMarks weighs the readings of a table's cells by the mark that the table prints for nothing:
// a stroke is taken for a 7 on poor print, and the other way about.
func favourMarks(cells []*layout.Cell) {
	count := map[string]float64{}
	for _, c := range cells {
		count[c.Text]++
	}
	for _, c := range cells {
		all, sum := 0.0, 0.0
		cands := c.Reading.Candidates
		for i := range cands {
			all += cands[i].Probability
			if figure.Stroke(cands[i].Text) {
				cands[i].Probability *= 1 + markWeight*count[cands[i].Text]/float64(len(cells))
			}
			sum += cands[i].Probability
		}
		if sum == 0 {
			continue
		}
		for i := range cands {
			cands[i].Probability *= all / sum
		}
		sort.SliceStable(cands, func(i, j int) bool { return cands[i].Probability > cands[j].Probability })
		c.Text = cands[0].Text
	}
}

// twoFigures says that a line holds two numbers, apart as in two columns.
func twoFigures(l line) bool {
	if l.halves == nil {
		return false
	}
	for _, h := range l.halves {
		text := reading.Text(reading.Numbers().Runes(h, 0))
		if label(text) || strings.IndexFunc(text, figure.IsDigit) < 0 {
			return false
		}
	}
	return true
}

// halved gives the numbers of lines that hold two as lines of their own.
func halved(lines []line) []line {
	var out []line
	for _, l := range lines {
		if l.halves == nil {
			out = append(out, l)
		}
		for _, h := range l.halves {
			out = append(out, line{image: h, ink: l.ink})
		}
	}
	return out
}

// tellsHeight gives the height of a digit where a cell surely holds one line of digits alone.
func tellsHeight(c *layout.Cell, lines []line) (float64, bool) {
	if len(lines) != 1 || !figure.Digits(c.Text) || c.Confidence() < sureFigure {
		return 0, false
	}
	return lines[0].ink, true
}

// The beginning of a cell's first line, in heights of its print, mostly tells words from a number at a
// part of the price of reading it all.
const (
	probeWidth = 3.2
	// longestNumber is wider than any number: fourteen digits and their commas have less.
	longestNumber = 12
	// sureOther is the network's own probability from which a character is surely not of numbers.
	sureOther = 0.9
)

// words says that a cell, whose first line is given, surely holds words and no number. A short line is read whole to find
// out; read is then what it was read as.
func words(l line, height func(line) float64) (read []reading.Candidate, is bool) {
	other := func(runes []reading.Rune) bool {
		sure := false
		for _, r := range runes {
			sure = sure || r.Rune == reading.Other && r.Probability >= sureOther
		}
		return sure && label(reading.Text(runes))
	}
	b := l.image.Rect
	if height(l) > 0 && l.halves == nil && float64(b.Dx()) > longestNumber*l.ink {
		return nil, true
	}
	if float64(b.Dx()) <= probeWidth*l.ink {
		return reading.Numbers().ReadUnless(other, l.image, height(l))
	}
	probe := int(probeWidth * l.ink)
	long := b.Dx() >= 2*probe
	b.Max.X = b.Min.X + probe
	runes := reading.Numbers().Runes(l.image.SubImage(b).(*image.Gray), 0)
	// What the probe cuts in two does not count.
	runes = runes[:max(0, len(runes)-1)]
	if is = other(runes); is || !long || !figure.MayEnumerate(reading.Text(runes)) {
		return nil, is
	}
	b = b.Add(image.Pt(probe/2, 0))
	runes = reading.Numbers().Runes(l.image.SubImage(b).(*image.Gray), 0)
	return nil, len(runes) > 2 && other(runes[1:len(runes)-1])
}

// label says that a reading is of words: it holds characters that are not of numbers.
func label(text string) bool {
	return strings.ContainsRune(text, reading.Other) && !figure.Noted(text)
}

// wrapRoom is the most room beside a line, in heights of a full-width character, that a number leaves
// which goes on in the next one: the cell's padding and less than another digit.
const wrapRoom = 2

// sureFigure is the least probability of what is surely a figure: it tells how high the table's digits are, and that taller print is one, too.
const sureFigure = 0.8

// leastOne is the least probability that one of two such lines is dirt for the other to be read.
const leastOne = 0.05

// strokeOne is the same where one of them is a stroke, which looks like dirt.
const strokeOne = 0.5

// wholeTrust is how far the reading with the ink near the walls is believed, against the reading without it; wholeUnsure is
// the same where a stroke of that ink runs into a wall. wholeLess is the same where less was read with that ink than without it: a digit
// was taken for a wall, or a wall for a digit, and in all cells of a row alike, so that sums may hold with either.
const wholeTrust, wholeUnsure, wholeLess = 0.995, 0.8, 0.5

// crossedTrust is the most that a number is believed beside which handwriting runs through a wall, and a stroke beside which
// there is coloured ink, or which hangs from the wall above: of a 7 whose upper end lies in the ruling no more is left.
const crossedTrust = 0.95

// sureColoured is the least probability of a number in colour.
const sureColoured = 0.97

// readInk reads a cell's print as a number. Where some of it stands near walls, it is read with and without that.
func readInk(c *layout.Cell, ink *cellInk, first []reading.Candidate, wraps bool, height func(line) float64) {
	readNumber(c, ink.lines, first, wraps, height)
	if label(c.Text) && ink.coloured != nil {
		whole := layout.Cell{Reading: &layout.Reading{}}
		if readNumber(&whole, ink.coloured, nil, wraps, height); !label(whole.Text) {
			c.Text, c.Reading.Candidates, c.Reading.Ink = whole.Text, whole.Reading.Candidates, whole.Reading.Ink
			ink.lines, ink.coloured = ink.coloured, nil
		}
	}
	if ink.coloured != nil && !label(c.Text) {
		readColoured(c, ink.coloured, wraps, height)
	}
	if ink.scrawled || (ink.coloured != nil || ink.hung) && figure.Stroke(c.Text) {
		for i := range c.Reading.Candidates {
			c.Reading.Candidates[i].Probability *= crossedTrust
		}
	}
	if !ink.beside || label(c.Text) {
		return
	}
	without := layout.Cell{Reading: &layout.Reading{Candidates: []layout.Candidate{{Probability: inkedBlank}}}}
	if len(ink.near) > 0 {
		readNumber(&without, ink.near, nil, wraps, height)
	}
	if label(without.Text) {
		c.Text, c.Reading.Candidates, c.Reading.Ink = without.Text, without.Reading.Candidates, true
		return
	}
	if without.Text == c.Text && without.Reading.Ink == c.Reading.Ink || without.Reading.Ink && without.Text == "" {
		return
	}
	c.Reading.Walls = figure.Bare(c.Text) && figure.Bare(without.Text)
	trust := wholeTrust
	switch {
	case c.Reading.Walls && len(without.Text) > len(c.Text):
		trust = wholeLess
	case ink.unsure:
		trust = wholeUnsure
	}
	var all []layout.Candidate
	for _, x := range c.Reading.Candidates {
		all = append(all, layout.Candidate{Text: x.Text, Probability: trust * x.Probability})
	}
	for _, x := range without.Reading.Candidates {
		all = append(all, layout.Candidate{Text: x.Text, Probability: (1 - trust) * x.Probability})
	}
	if all = merge(all); len(all) > 0 {
		c.Text, c.Reading.Candidates = all[0].Text, all
		c.Reading.Ink = c.Text != ""
	}
}

// readColoured reads the print of a cell with its colour, too, once it was read without. What is surely another number then may be print
// in colour, of which something was left; with a stroke of a pen through it, hardly any number is sure.
func readColoured(c *layout.Cell, lines []line, wraps bool, height func(line) float64) {
	whole := layout.Cell{Reading: &layout.Reading{}}
	readNumber(&whole, lines, nil, wraps, height)
	if whole.Text == c.Text || !figure.Bare(whole.Text) || whole.Confidence() < sureColoured {
		return
	}
	all := slices.Concat(c.Reading.Candidates, whole.Reading.Candidates)
	for i := range all {
		all[i].Probability /= 2
	}
	c.Reading.Candidates = merge(all)
	c.Text, c.Reading.Ink = c.Reading.Candidates[0].Text, true
}

// readNumber reads the lines of a cell as one number; one that is wrapped goes over two. Lines that
// had room for more are two numbers, or a stroke for none and a number, of two cells between which no ruling was seen: ink that says
// nothing. So are all lines where wraps is not set. first is what the first line was read as, nil if it was not.
func readNumber(c *layout.Cell, lines []line, first []reading.Candidate, wraps bool, height func(line) float64) {
	cands := []layout.Candidate{{Probability: 1}}
	for i, l := range lines {
		read := first
		if i > 0 || first == nil {
			read = reading.Numbers().Read(l.image, height(l))
		}
		read = withOne(l.image, read, height(l))
		var next []layout.Candidate
		apart, one := i > 0 && (!wraps || lines[i-1].room > wrapRoom), 0.0
		for _, b := range read {
			for _, a := range cands {
				if apart && (alone(a.Text) && alone(b.Text) || !wraps && a.Text != "" && b.Text != "") {
					continue
				}
				p := a.Probability * b.Probability
				next = append(next, layout.Candidate{Text: a.Text + b.Text, Probability: p})
				one += p
			}
		}
		least := leastOne
		if len(read) > 0 && figure.Stroke(read[0].Text) || figure.Stroke(cands[0].Text) {
			least = strokeOne
		}
		if apart && one < least {
			c.Text, c.Reading.Candidates, c.Reading.Ink = "", nil, true
			return
		}
		if len(next) > 0 {
			cands = merge(next)
		}
	}
	c.Text = cands[0].Text
	if c.Text == "" {
		// There is more ink than a speck: that it says nothing can never be sure.
		cands[0].Probability = min(cands[0].Probability, inkedBlank)
	}
	c.Reading.Candidates = cands
	c.Reading.Ink = c.Text != ""
}

// alone says that a reading is all that a cell holds: a number, or the stroke for none.
func alone(text string) bool { return figure.Bare(text) || figure.Stroke(text) }

// printedBlank is how much less likely a cell that holds print is to say nothing. The network knows
// upright strokes as what is left of rulings, and takes a worn 1 for one.
const printedBlank = 0.01

// doubtBlank weighs the readings of a cell by its ink: what has the height of a digit is no blank,
// whatever it reads as.
func doubtBlank(cands []layout.Candidate) {
	all := 1.0
	for i := range cands {
		if cands[i].Text == "" {
			all -= cands[i].Probability * (1 - printedBlank)
			cands[i].Probability *= printedBlank
		}
	}
	for i := range cands {
		cands[i].Probability /= all
	}
	sort.SliceStable(cands, func(i, j int) bool { return cands[i].Probability > cands[j].Probability })
}

// merge adds up equal readings and keeps the best.
func merge(cs []layout.Candidate) []layout.Candidate {
	at := map[string]int{}
	var out []layout.Candidate
	for _, c := range cs {
		if i, ok := at[c.Text]; ok {
			out[i].Probability += c.Probability
			continue
		}
		at[c.Text] = len(out)
		out = append(out, c)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Probability > out[j].Probability })
	return slices.Clone(out[:min(len(out), maxCandidates)]) // a list of its own size: cells are many
}

// readLabel reads a cell that holds words: by the network, line by line, and where that is unsure by
// the general recogniser, whose reading then stands beside as a candidate; so do the figures that the
// cell was read as, since a number in bad print looks like words. digits is the height of a digit in
// the table.
func readLabel(ctx context.Context, sheet *raster.Sheet, c *layout.Cell, ink cellInk, digits float64, by Means) error {
	em, other := digits/digitPart, sheet.TextHeight
	if high := slices.MaxFunc(apart(ink.lines, em, tallLine, linePitch), func(a, b line) int { return cmp.Compare(a.ink, b.ink) }).ink / labelInk; math.Abs(other-high) < math.Abs(em-high) {
		em, other = other, em
	}
	lines := apart(ink.lines, em, tallLine, linePitch)
	text, sure, ok := readWords(lines, em)
	known := func(text string) bool { return by.Labels != nil && by.Labels.has(text) }
	better := func(other []line, size float64) {
		if len(other) == 0 {
			return
		}
		if t, p, is := readWords(other, size); is && (p > sure || p >= sureLabel && known(t) && !known(text)) {
			text, sure, ok, lines, em = t, p, is, other, size
		}
	}
	// Of a label that is known and was read well, another size would say the same.
	if sure < spelledLabel && !(sure >= clearLabel && known(text)) && math.Abs(other-em) > otherSize*em {
		better(apart(ink.lines, other, tallLine, linePitch), other)
	}
	if sure < clearLabel {
		better(apart(ink.near, em, tallLine, linePitch), em)
	}
	// Lines that touch, and are squeezed: together they may read as a few characters, surely.
	for _, pitch := range [...]float64{closePitch, tightPitch} {
		if tight := apart(ink.lines, em, tightLine, pitch); sure < sureLabel || by.Labels != nil && !known(text) && len(tight) > len(lines) {
			better(tight, em)
		}
	}
	if by.Labels != nil && sure < clearLabel && !known(text) {
		if t, is := by.Labels.tell(lines, em); is {
			text, sure, ok = t, max(sure, sureLabel), true
		}
	}
	c.Reading.Ink = true
	asFigures := slices.DeleteFunc(c.Reading.Candidates, func(x layout.Candidate) bool { return label(x.Text) || x.Text == "" })
	defer func() { c.Reading.Candidates = append(c.Reading.Candidates, asFigures...) }()
	c.Reading.Candidates = nil
	c.Text = text
	if ok {
		c.Reading.Candidates = []layout.Candidate{{Text: text, Probability: sure}}
	}
	if by.Recognizer == nil || sure >= sureLabel && !by.Spell {
		return nil
	}
	in := cellInset * sheet.TextHeight
	box := layout.Rect{X0: c.Box.X0 + in, Y0: c.Box.Y0 + in, X1: c.Box.X1 - in, Y1: c.Box.Y1 - in}
	found, err := by.Recognizer.Recognize(ctx, Task{Image: sheet.Crop(box, labelHeight/sheet.TextHeight), Language: "chi_sim", Mode: Block})
	if err != nil {
		return err
	}
	if text := Text(found); text != "" {
		c.Reading.Candidates = append(c.Reading.Candidates, layout.Candidate{Text: text, Probability: confidence(found)})
		if c.Text == "" {
			c.Text = text
		}
	}
	return nil
}

// readWords reads lines of words by the network, with the mean probability of the characters; ok is false where
// there are none.
func readWords(lines []line, em float64) (text string, sure float64, ok bool) {
	var texts []string
	sum, n := 0.0, 0
	for _, l := range lines {
		runes := reading.Labels().Runes(l.image, em)
		for _, r := range runes {
			sum += r.Probability
			n++
		}
		if len(runes) > 0 {
			texts = append(texts, reading.Text(runes))
		}
	}
	if n == 0 {
		return "", 0, false
	}
	return strings.Join(texts, "\n"), sum / float64(n), true
}

// confidence is the mean of the words'.
func confidence(lines []TextLine) float64 {
	sum, n := 0.0, 0
	for _, l := range lines {
		for _, w := range l.Words {
			sum += w.Confidence
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}
