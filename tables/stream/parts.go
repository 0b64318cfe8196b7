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
	// Listed: lines that broke where there was room for more. Heights are where the lines stand.
	Listed  bool
	Heights []float64
}

// PartsOf looks at the words of one cell, which is so wide; 0 where that is not known.
func PartsOf(words []layout.Word, em, width float64) Parts {
	lines := linesOf(words, nil, em)
	out := Parts{Lines: len(lines)}
	side, figs, small, free := 0, 0, 0, 0
	least, most := math.Inf(1), 0.0 // white between lines
	for i, l := range lines {
		if len(l.segs) > 1 {
			side++
			out.Beside = out.Beside || slices.ContainsFunc(l.segs[1:], func(s segment) bool { return s.figure })
		}
		if len(l.segs) == 1 && l.segs[0].figure {
			figs++
		}
		out.Heights = append(out.Heights, l.box.Center().Y)
		if i > 0 {
			if next := l.segs[0].words[0]; !dot().MatchString(next.Text[:min(len(next.Text), 3)]) && lines[i-1].box.Width()+next.Box.Width()+roomLeft*em < width {
				free++
			}
			if lower(l.segs[0].text) {
				small++
			}
			white := l.box.Y0 - lines[i-1].box.Y1
			least, most = min(least, white), max(most, white)
		}
	}
	out.Listed = len(lines) >= leastBefore && 4*free >= 3*(len(lines)-1) && side == 0
	out.Wrapped = small > 0 && 2*small >= len(lines)-1
	out.Figure = figs == 1 && len(lines) == 1
	out.Columns = side > 0 && 2*side >= len(lines)
	out.Rows = figs >= 2 && figs == len(lines) || len(lines) > 2 && most > wrapStep*em && most > 2*least+rowChange*em
	return out
}

// Aligned says that most lines of one cell stand at the heights of another's.
func (p Parts) Aligned(o Parts, em float64) bool {
	return 4*shared(p.Heights, o.Heights, sameHeight*em) >= 3*max(len(p.Heights), len(o.Heights))
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
