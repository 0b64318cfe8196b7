package ocr

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/lstm"
	"github.com/nianbao/nianbao/ocr/raster"
)

const (
	// Print of prose is at most mostPrintHigh, in heights of small print: a title is two to three heights. What is larger is a picture, a seal or the
	// edge of a page. A flat stroke that is wider than mostPrintWide is a ruling or a fold, where a dash of two Han is four wide.
	mostPrintHigh, mostPrintWide = 4, 10
	// rowSteps is how many steps a height of small print has where rows are told apart.
	rowSteps = 10
	// A row that is higher than the usual one by tallRow holds several; they are parted where less than thinPlace of their print stands.
	tallRow, thinPlace = 1.55, 0.3
	// A row lower than lowRow of the usual one that stands within nearRow of another is a part of it: dots and dashes.
	lowRow, nearRow = 0.4, 0.35
	// A small piece that stands further than pointGap from print, in heights of small print, is a speck.
	// No line begins or ends with a piece smaller than leastEnd.
	pointGap, leastEnd = 0.8, 0.2
	// rowMargin is the paper above and below a row in its picture, and runGap the white that parts what is read together, in heights of the row.
	rowMargin, runGap = 0.13, 2.5
)

// row is a line of print: its box, and the pieces of ink that it is made of, from left to right.
type row struct {
	box    layout.Rect
	pieces []layout.Rect
}

// rowsOf finds the lines of print in a strip, from above.
func rowsOf(strip layout.Rect, pieces []layout.Rect, em float64) []row {
	var in []layout.Rect
	for _, p := range pieces {
		if stroke := p.Height() < leastPiece*em && p.Width() > mostPrintWide*em; strip.Contains(p.Center()) && p.Height() <= mostPrintHigh*em && !stroke {
			in = append(in, p)
		}
	}
	bands := bandsOf(strip, in, em)
	rows := make([]row, len(bands))
	for _, p := range in {
		y := p.Center().Y
		for i, b := range bands {
			if y >= b.y0 && y <= b.y1 {
				rows[i].box = rows[i].box.Union(p)
				rows[i].pieces = append(rows[i].pieces, p)
			}
		}
	}
	for i, b := range bands { // a scrawl stands out of its line
		rows[i].box.Y0, rows[i].box.Y1 = max(rows[i].box.Y0, b.y0), min(rows[i].box.Y1, b.y1)
	}
	for i := range rows {
		slices.SortFunc(rows[i].pieces, func(a, b layout.Rect) int { return cmp.Compare(a.X0, b.X0) })
		rows[i].pieces = withoutSpecks(rows[i].pieces, em)
	}
	return slices.DeleteFunc(rows, func(r row) bool { return len(r.pieces) == 0 || r.box.Empty() })
}

// withoutSpecks leaves out small pieces that stand alone: a point or a comma stands next to print.
func withoutSpecks(pieces []layout.Rect, em float64) []layout.Rect {
	large := func(p layout.Rect) bool { return max(p.Width(), p.Height()) >= leastPiece*em }
	var out []layout.Rect
	end := math.Inf(-1) // of the print to the left
	for i, p := range pieces {
		if large(p) {
			end = max(end, p.X1)
			out = append(out, p)
			continue
		}
		next := math.Inf(1)
		for _, q := range pieces[i+1:] {
			if large(q) {
				next = q.X0
				break
			}
		}
		if min(p.X0-end, next-p.X1) < pointGap*em {
			out = append(out, p)
		}
	}
	speck := func(p layout.Rect) bool { return max(p.Width(), p.Height()) < leastEnd*em }
	for len(out) > 0 && speck(out[0]) {
		out = out[1:]
	}
	for len(out) > 0 && speck(out[len(out)-1]) {
		out = out[:len(out)-1]
	}
	return out
}

// band is a stretch of a strip's height.
type band struct{ y0, y1 float64 }

func (b band) height() float64 { return b.y1 - b.y0 }

// bandsOf are the stretches of a strip's height that print stands in.
func bandsOf(strip layout.Rect, pieces []layout.Rect, em float64) []band {
	step := em / rowSteps
	ink := make([]float64, int(strip.Height()/step)+2) // the width of print at each step
	for _, p := range pieces {
		if max(p.Width(), p.Height()) < leastPiece*em {
			continue
		}
		from, to := int((p.Y0-strip.Y0)/step), int(math.Ceil((p.Y1-strip.Y0)/step))
		for y := max(0, from); y < min(len(ink), to); y++ {
			ink[y] += min(p.Width(), 1.5*em) // a scrawl is no line
		}
	}
	var found []band // in steps
	for y := 0; y < len(ink); y++ {
		if ink[y] == 0 {
			continue
		}
		from := y
		for y < len(ink) && ink[y] > 0 {
			y++
		}
		found = append(found, band{float64(from), float64(y)})
	}
	usual := usualBand(found)
	var parted []band
	for _, b := range found {
		parted = partBand(parted, b, ink, usual)
	}
	var out []band
	for _, b := range parted {
		n := len(out)
		if n > 0 && b.y0-out[n-1].y1 < nearRow*usual && min(b.height(), out[n-1].height()) < lowRow*usual && b.y1-out[n-1].y0 < tallRow*usual {
			out[n-1].y1 = b.y1
			continue
		}
		out = append(out, b)
	}
	for i := range out {
		out[i] = band{strip.Y0 + out[i].y0*step, strip.Y0 + out[i].y1*step}
	}
	return out
}

// usualBand is the height of the band in the middle, of those that are as high as print is.
func usualBand(bands []band) float64 {
	var heights []float64
	for _, b := range bands {
		if h := b.height(); h >= 0.6*rowSteps && h <= mostPrintHigh*rowSteps {
			heights = append(heights, h)
		}
	}
	if len(heights) == 0 {
		return rowSteps
	}
	slices.Sort(heights)
	return heights[(len(heights)-1)/2]
}

// partBand parts a band that holds several lines where little print stands between them.
func partBand(to []band, b band, ink []float64, usual float64) []band {
	if b.height() <= tallRow*usual {
		return append(to, b)
	}
	most := 0.0
	for y := int(b.y0); y < int(b.y1); y++ {
		most = max(most, ink[y])
	}
	cut, least := 0, math.Inf(1)
	for y := int(b.y0 + 0.5*usual); y <= int(b.y1-0.5*usual); y++ {
		if ink[y] < least {
			cut, least = y, ink[y]
		}
	}
	if cut == 0 || least > thinPlace*most {
		return append(to, b)
	}
	end := cut + 1 // the middle of the thinnest stretch
	for end < int(b.y1-0.5*usual) && ink[end] == least {
		end++
	}
	at := float64(cut+end) / 2
	return partBand(partBand(to, band{b.y0, at}, ink, usual), band{at, b.y1}, ink, usual)
}

// stretch is a part of a row without wide white in it, and how it lies in its picture.
type stretch struct {
	row
	at    layout.Rect // of the picture
	scale float64
}

// draw gives its picture, nil where that is none of the height that a reader wants.
func (r *stretch) draw(sheet *raster.Sheet, height int) *image.Gray {
	img := sheet.Crop(r.at, r.scale)
	if img.Rect.Dy() != height || img.Rect.Dx() == 0 {
		return nil
	}
	blankEnds(img, int((r.box.X0-r.at.X0)*r.scale)-1, int((r.box.X1-r.at.X0)*r.scale)+2)
	return img
}

// stretchesOf cuts rows into stretches, whose pictures are of the height that a reader wants.
func stretchesOf(sheet *raster.Sheet, rows []row, height int) []stretch {
	var usual []float64
	for _, r := range rows {
		usual = append(usual, r.box.Height())
	}
	slices.Sort(usual)
	var out []stretch
	for i, r := range rows {
		high := max(r.box.Height(), 0.8*min(usual[len(usual)/2], 2*sheet.TextHeight)) // a row of dashes is not drawn as large as one of Han
		margin := rowMargin * high
		middle := r.box.Center().Y
		y0, y1 := middle-high/2-margin, middle+high/2+margin
		if i > 0 {
			y0 = max(y0, min(r.box.Y0, (rows[i-1].box.Y1+r.box.Y0)/2))
		}
		if i+1 < len(rows) {
			y1 = min(y1, max(r.box.Y1, (rows[i+1].box.Y0+r.box.Y1)/2))
		}
		for from := 0; from < len(r.pieces); {
			to, end := from+1, r.pieces[from].X1
			for to < len(r.pieces) && r.pieces[to].X0-end < runGap*high {
				end = max(end, r.pieces[to].X1)
				to++
			}
			part := row{pieces: r.pieces[from:to]}
			for _, p := range part.pieces {
				part.box = part.box.Union(p)
			}
			from = to
			if max(part.box.Width(), part.box.Height()) < leastPiece*sheet.TextHeight {
				continue // a speck
			}
			part.box.Y0, part.box.Y1 = r.box.Y0, r.box.Y1
			at := layout.Rect{X0: part.box.X0 - 2*margin, Y0: y0, X1: part.box.X1 + 2*margin, Y1: y1}
			out = append(out, stretch{row: part, at: at, scale: float64(height) / at.Height()})
		}
	}
	return out
}

// blankEnds makes paper of what stands left and right of a line in its picture: specks there are read as points and strokes.
func blankEnds(img *image.Gray, from, to int) {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	var count [256]int
	for y := range h {
		for _, v := range img.Pix[y*img.Stride:][:w] {
			count[v]++
		}
	}
	paper, n := 255, 0 // the brightness of two thirds of the picture, or more
	for ; paper > 0 && n+count[paper] < w*h/3; paper-- {
		n += count[paper]
	}
	for y := range h {
		row := img.Pix[y*img.Stride:][:w]
		for x := range row {
			if x < from || x >= to {
				row[x] = uint8(paper)
			}
		}
	}
}

// proseLines finds the lines of strips by their pieces of ink, and has them read one by one.
func proseLines(ctx context.Context, sheet *raster.Sheet, strips, pieces []layout.Rect, by LineReader) ([]layout.Word, error) {
	var stretches []stretch
	for _, s := range strips {
		stretches = append(stretches, stretchesOf(sheet, rowsOf(s, pieces, sheet.TextHeight), by.LineHeight())...)
	}
	var pictures []*image.Gray
	stretches = slices.DeleteFunc(stretches, func(r stretch) bool {
		img := r.draw(sheet, by.LineHeight())
		if img != nil {
			pictures = append(pictures, img)
		}
		return img == nil
	})
	read, err := by.ReadLines(ctx, pictures)
	if err != nil {
		return nil, fmt.Errorf("prose: %w", err)
	}
	var words []layout.Word
	for i, chars := range read {
		chars = stretches[i].withoutStrays(chars)
		pairBrackets(chars)
		line := stretches[i].words(chars)
		if confidence([]TextLine{{Words: line}}) >= leastLine {
			words = append(words, line...)
		}
	}
	return words, nil
}

const (
	// A point at an end of a line that stands beyond its ink is one from strayPoint of likelihood on (what paper was read as has 0.26, stops of a fax
	// 0.5), and a Han whose middle is within strayHan of the end, in heights of the row, from sureHan on: half of one is 0.4 wide.
	strayPoint, strayHan, sureHan = 0.4, 0.2, 0.7
)

// withoutStrays leaves out what the network saw in the white at either end of a line.
func (r *stretch) withoutStrays(chars []lstm.Char) []lstm.Char {
	stray := func(c lstm.Char, in float64) bool { // in is how far from the end of the ink, inwards
		if unicode.Is(unicode.Han, []rune(c.Text)[0]) {
			return in < strayHan*r.box.Height() && c.Likelihood < sureHan
		}
		return in <= 0 && c.Likelihood < strayPoint
	}
	at := func(c lstm.Char) float64 { return r.at.X0 + c.X/r.scale }
	for len(chars) > 1 && stray(chars[0], at(chars[0])-r.box.X0) {
		chars = chars[1:]
	}
	for n := len(chars); n > 1 && stray(chars[n-1], r.box.X1-at(chars[n-1])); n = len(chars) {
		chars = chars[:n-1]
	}
	return chars
}

// brackets are those that look alike on poor pages, each with what closes it.
var brackets = map[string]string{"(": ")", "（": "）", "《": "》", "〈": "〉", "[": "]", "【": "】", "「": "」"}

// pairBrackets makes the brackets of a pair one kind: that of the more likely of the two.
func pairBrackets(chars []lstm.Char) {
	opens := map[string]string{}
	for open, shut := range brackets {
		opens[shut] = open
	}
	var waiting []int // those that are open
	for i, c := range chars {
		if brackets[c.Text] != "" {
			waiting = append(waiting, i)
			continue
		}
		if opens[c.Text] == "" || len(waiting) == 0 {
			continue
		}
		open := &chars[waiting[len(waiting)-1]]
		waiting = waiting[:len(waiting)-1]
		switch {
		case brackets[open.Text] == c.Text:
		case open.Likelihood < c.Likelihood:
			open.Text = opens[c.Text]
		default:
			chars[i].Text = brackets[open.Text]
		}
	}
}

// words puts the characters of a stretch together: what blanks part are words. Each has the place of the pieces of ink nearest to it.
func (r *stretch) words(chars []lstm.Char) []layout.Word {
	var out []layout.Word
	of := make([]int, 0, len(chars)) // the word of each character
	var middles []float64
	open := false
	for _, c := range chars {
		if c.Text == " " { // what is told by the white as well
			open = false
			continue
		}
		if !open {
			out = append(out, layout.Word{Size: r.box.Height()})
			open = true
		}
		n := len(out) - 1
		out[n].Text += c.Text
		out[n].Confidence += charConfidence(c.Likelihood)
		of = append(of, n)
		middles = append(middles, r.at.X0+c.X/r.scale)
	}
	if len(out) == 0 {
		return nil
	}
	k := 0
	for _, p := range r.pieces {
		x := p.Center().X
		for k+1 < len(middles) && math.Abs(middles[k+1]-x) <= math.Abs(middles[k]-x) {
			k++
		}
		w := &out[of[k]]
		w.Box = w.Box.Union(layout.Rect{X0: p.X0, Y0: r.box.Y0, X1: p.X1, Y1: r.box.Y1})
	}
	for i := range out {
		if out[i].Box.Empty() { // no ink of its own
			for j, n := range of {
				if n == i {
					half := r.box.Height() / 4
					out[i].Box = out[i].Box.Union(layout.Rect{X0: middles[j] - half, Y0: r.box.Y0, X1: middles[j] + half, Y1: r.box.Y1})
				}
			}
		}
		out[i].Confidence /= float64(utf8.RuneCountInString(out[i].Text))
	}
	return out
}

// charConfidence is what Tesseract would say of a word of a character that is so likely (its certainty is seven logarithms, of which
// twenty are none): the two ways of reading prose are weighed alike.
func charConfidence(likelihood float64) float64 {
	return max(0, 1+0.35*math.Log(max(likelihood, 1e-9)))
}
