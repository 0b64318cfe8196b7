package vector

import (
	"strings"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// maxRatio is how many times larger the print beside a note is at most.
const maxRatio = 4.0

// notes writes digits that stand raised or lowered beside larger print as the marks of notes that they are. A smaller digit on the same
// line is set apart: it may be a note, or not.
func notes(words []layout.Word, w walls) {
	at := places{}
	for i := range words {
		at.add(i, words[i].Box)
	}
	for i := range words {
		n := &words[i]
		if n.Vertical || !digits(n.Text) {
			continue
		}
		around := n.Box
		around.X0 -= wordGap * maxRatio * n.Size
		around.X1 += wordGap * maxRatio * n.Size
		for j := range at.near(around) {
			b := &words[j]
			if j == i || b.Vertical || b.Size < n.Size || b.Size > maxRatio*n.Size || !noted(b, n) || w.vertical(b.Box.Center(), n.Box.Center()) {
				continue
			}
			// Both boxes reach as far below their base lines, in em of their own.
			rise := (b.Box.Y1 - Descent*b.Size) - (n.Box.Y1 - Descent*n.Size)
			smaller := b.Size > n.Size*sizeChange
			if !smaller && (len(b.Text) < len(n.Text) || len(b.Text) == len(n.Text) && b.Box.X0 > n.Box.X0) {
				continue // of two as large, the longer or the first stands on the line
			}
			switch {
			case rise >= raised*b.Size && (smaller || rise >= baseline*b.Size):
				n.Text = flow.Superscript(n.Text)
			case rise <= -raised*b.Size && (smaller || rise <= -baseline*b.Size):
				n.Text = flow.Subscript(n.Text)
			case smaller && digits(b.Text) && n.Box.X0 > b.Box.X0:
				n.Text = " " + n.Text
			case smaller && digits(b.Text):
				n.Text += " "
			default:
				continue
			}
			break
		}
	}
}

// noted says that n stands beside b, or is smaller and stands over its end: narrow notes are set back over the print that they belong to.
func noted(b, n *layout.Word) bool {
	if beside(b.Box, n.Box, wordGap*b.Size) {
		return true
	}
	return b.Size > n.Size*sizeChange && min(b.Box.Y1, n.Box.Y1) > max(b.Box.Y0, n.Box.Y0) &&
		(n.Box.X1 > b.Box.X1-wordGap*b.Size && n.Box.X0 < b.Box.X1 || n.Box.X0 < b.Box.X0+wordGap*b.Size && n.Box.X1 > b.Box.X0)
}

// beside says that two boxes of one line stand side by side, at most so far apart.
func beside(a, b layout.Rect, gap float64) bool {
	if min(a.Y1, b.Y1) <= max(a.Y0, b.Y0) {
		return false
	}
	apart := max(b.X0-a.X1, a.X0-b.X1)
	return apart <= gap && apart >= -gap
}

// digits says that a text is digits, in brackets or not.
func digits(s string) bool {
	s = strings.Trim(s, "[]()（）〔〕 ")
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !figure.IsDigit(r) }) < 0
}
