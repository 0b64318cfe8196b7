// Package text makes lines of words, and of lines the text of cells and paragraphs. All boxes of one call lie in one coordinate
// system, y downwards; sizes and widths are in its unit.
package text

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

const (
	// sameLine is the share of the lower word's height that two words of one line have in common.
	sameLine = 0.5
	// blankGap, in character heights, parts words of Latin letters and digits.
	blankGap = 0.2
	// hanGap, in character heights, is so wide that it means something between Han too.
	hanGap = 1.5
	// wrapRoom, in character heights, is the most a line of digits leaves free when the next digit
	// went to the next line for want of room: two margins of a cell and the digit.
	wrapRoom = 1.6
)

// Cell joins the words of a cell in reading order: lines from top to bottom joined by "\n", blanks
// only between Latin letters and digits that stand apart. Vertical text is read downwards, columns
// from right to left, unless it is turned to be read upwards; a column of single Han is one word. Width is the cell's, 0 when it is not
// known: a number that it broke in two is put together again.
func Cell(words []layout.Word, width float64) string {
	if len(words) == 0 {
		return ""
	}
	var upright, downward []layout.Word
	for _, w := range words {
		if w.Vertical {
			downward = append(downward, w)
		} else {
			upright = append(upright, w)
		}
	}
	var parts []string
	if len(downward) > 0 {
		parts = append(parts, columns(downward))
	}
	lines := Lines(upright)
	for i, l := range lines {
		text := l.Text()
		if i > 0 {
			last := &parts[len(parts)-1]
			switch before := lines[i-1]; {
			case loneHan(text) && loneHan(before.Text()):
				*last += text
				continue
			case width > 0 && partOfNumber(lastRune(*last)) && partOfNumber(firstRune(text)) && width-before.Box.Width() < wrapRoom*before.Height() && !longer(*last, text):
				*last += text
				continue
			}
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n")
}

// columns reads vertical words. Those of Latin letters are turned and have blanks; a column of them is a line.
func columns(words []layout.Word) string {
	slices.SortStableFunc(words, func(a, b layout.Word) int {
		p, q := a.Box.Center(), b.Box.Center()
		sign := 1.0
		if a.Up && b.Up {
			sign = -1
		}
		if !oneColumn(a, b) {
			return cmp.Compare(sign*q.X, sign*p.X)
		}
		return cmp.Compare(sign*p.Y, sign*q.Y)
	})
	var text strings.Builder
	for i, w := range words {
		if i > 0 {
			last := words[i-1]
			gap := max(w.Box.Y0-last.Box.Y1, last.Box.Y0-w.Box.Y1)
			switch latin := western(lastRune(last.Text)) && western(firstRune(w.Text)); {
			case !oneColumn(last, w) && (latin || w.Up):
				text.WriteByte('\n')
			case latin && gap > blankGap*min(w.Size, last.Size):
				text.WriteByte(' ')
			}
		}
		text.WriteString(w.Text)
	}
	return text.String()
}

func oneColumn(a, b layout.Word) bool {
	return math.Abs(a.Box.Center().X-b.Box.Center().X) <= min(a.Size, b.Size)/2
}

func loneHan(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n == len(s) && n > 0 && (unicode.Is(unicode.Han, r) || strings.ContainsRune("、（）()“”", r))
}

// longer says that of two lines of digits the second has more: a cell breaks a number where it is full, so they are two.
func longer(a, b string) bool { return figure.Bare(a) && figure.Bare(b) && len(b) > len(a) }

// partOfNumber says that a character may be where a number is broken over two lines.
func partOfNumber(r rune) bool { return figure.IsDigit(r) || r == '.' }

// Line is a line of upright text: words from left to right.
type Line struct {
	Words []layout.Word
	Box   layout.Rect
}

// Height is the size of most of the line's characters.
func (l *Line) Height() float64 {
	best, most := 0.0, 0
	count := map[float64]int{}
	for _, w := range l.Words {
		size := math.Round(w.Size*2) / 2
		count[size] += utf8.RuneCountInString(w.Text)
		if n := count[size]; n > most || n == most && size > best {
			best, most = size, n
		}
	}
	return best
}

// Text of the line.
func (l *Line) Text() string {
	var text strings.Builder
	for i, w := range l.Words {
		if i > 0 {
			last := l.Words[i-1]
			gap := (w.Box.X0 - last.Box.X1) / max(min(w.Size, last.Size), 1e-6)
			if gap > hanGap || gap > blankGap && western(lastRune(last.Text)) && western(firstRune(w.Text)) {
				text.WriteByte(' ')
			}
		}
		text.WriteString(w.Text)
	}
	return logical(text.String())
}

// Confidence is the mean over the line's characters.
func (l *Line) Confidence() float64 {
	sum, n := 0.0, 0
	for _, w := range l.Words {
		k := utf8.RuneCountInString(w.Text)
		sum += w.Confidence * float64(k)
		n += k
	}
	if n == 0 {
		return 1
	}
	return sum / float64(n)
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
func lastRune(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }

func western(r rune) bool { return r < 0x2E80 && (unicode.IsLetter(r) || figure.IsDigit(r)) }

// Lines groups upright words into lines, from top to bottom.
func Lines(words []layout.Word) []Line {
	sorted := slices.Clone(words)
	slices.SortStableFunc(sorted, func(a, b layout.Word) int {
		return cmp.Or(cmp.Compare(a.Box.Center().Y, b.Box.Center().Y), cmp.Compare(a.Box.X0, b.Box.X0))
	})
	var out []Line
	for _, w := range sorted {
		if k := len(out) - 1; k >= 0 && together(out[k].Box, w.Box) {
			out[k].Words = append(out[k].Words, w)
			out[k].Box = out[k].Box.Union(w.Box)
			continue
		}
		out = append(out, Line{[]layout.Word{w}, w.Box})
	}
	for i := range out {
		slices.SortStableFunc(out[i].Words, func(a, b layout.Word) int { return cmp.Compare(a.Box.X0, b.Box.X0) })
	}
	return out
}

// together says that two boxes are of one line.
func together(a, b layout.Rect) bool {
	return min(a.Y1, b.Y1)-max(a.Y0, b.Y0) > sameLine*min(a.Height(), b.Height())
}

// Join puts a line of prose behind another, with a blank where both meet in Latin letters.
func Join(a, b string) string {
	x, y := lastRune(a), firstRune(b)
	if western(x) && western(y) && (!figure.IsDigit(x) || !figure.IsDigit(y)) {
		return a + " " + b
	}
	return a + b
}
