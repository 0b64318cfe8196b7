package stream

import (
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// Parts says what the words of one ruled cell are.
type Parts struct {
	// Lines of text, and whether half of those below the first begin with a small letter, as those that go on do.
	Lines   int
	Wrapped bool
	// Columns: texts stand side by side with wide white between them, in most lines. Rows: figures stand one under another, or
	// paragraphs with white between them.
	Columns, Rows bool
	// Beside: a figure stands beside another text.
	Beside bool
	// Figure: there is one figure and nothing else.
	Figure bool
}

// PartsOf looks at the words of one cell.
func PartsOf(words []layout.Word, em float64) Parts {
	lines := linesOf(words, nil, em)
	out := Parts{Lines: len(lines)}
	side, figs, small := 0, 0, 0
	least, most := math.Inf(1), 0.0 // white between lines
	for i, l := range lines {
		if len(l.segs) > 1 {
			side++
			out.Beside = out.Beside || slices.ContainsFunc(l.segs[1:], func(s segment) bool { return s.figure })
		}
		if len(l.segs) == 1 && l.segs[0].figure {
			figs++
		}
		if i > 0 {
			if lower(l.segs[0].text) {
				small++
			}
			white := l.box.Y0 - lines[i-1].box.Y1
			least, most = min(least, white), max(most, white)
		}
	}
	out.Wrapped = small > 0 && 2*small >= len(lines)-1
	out.Figure = figs == 1 && len(lines) == 1
	out.Columns = side > 0 && 2*side >= len(lines)
	out.Rows = figs >= 2 && figs == len(lines) || len(lines) > 2 && most > wrapStep*em && most > 2*least+rowChange*em
	return out
}

// Whites are the stretches that no text of one cell runs over, between texts that all lines have on both sides.
func Whites(words []layout.Word, em float64) [][2]float64 {
	var texts []span
	for _, l := range linesOf(words, nil, em) {
		for i := range l.segs {
			texts = append(texts, spanOf(&l.segs[i]))
		}
	}
	var out [][2]float64
	for _, w := range whites(texts, wordGap*em) {
		out = append(out, [2]float64{w.from, w.to})
	}
	return out
}
