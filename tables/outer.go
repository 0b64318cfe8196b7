package tables

import (
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

const (
	// outerFigures is how many figures stand at least in a row whose outer ruling was lost.
	outerFigures = 3
	// outerReach is how far from the table its print begins at most, in heights of the table's rows.
	outerReach = 0.9
	// outerSlack is how far print may reach over a wall, in heights of a character, outerPad the least white between it and its ruling.
	outerSlack, outerPad = 0.2, 0.2
)

// WithOuterRows gives tables the row below their last ruling, and the one above their first, where that stands among words: a scan lost the
// ruling at its other side. Each of its figures stands under a column of the table, none is missing after the first, and all that is before it
// stands between walls. It gives the words that are left, too; em is the usual height of a character.
func WithOuterRows(found []layout.Table, words []layout.Word, em float64) (out []layout.Table, rest []layout.Word) {
	out, rest = slices.Clone(found), words
	for i := range out {
		for _, above := range []bool{false, true} {
			t, used := withOuterRow(&out[i], rest, above, em)
			if len(used) == 0 || slices.ContainsFunc(found, func(o layout.Table) bool { return overlap(Box(&o), outerBox(&t, above)) }) {
				continue
			}
			out[i] = t
			var left []layout.Word
			for k, w := range rest {
				if !slices.Contains(used, k) {
					left = append(left, w)
				}
			}
			rest = left
		}
	}
	return out, rest
}

// outerBox is the box of a table's first or last row.
func outerBox(t *layout.Table, first bool) (box layout.Rect) {
	for _, c := range t.Cells {
		if c.RowSpan == 1 && (first && c.Row == 0 || !first && c.Row == t.Rows-1) {
			box = box.Union(c.Box)
		}
	}
	return box
}

// withOuterRow is a table with the row above or below it, and the numbers of the words that stand in that; none where there is no such row.
func withOuterRow(t *layout.Table, words []layout.Word, above bool, em float64) (out layout.Table, used []int) {
	if t.White || t.Cols <= outerFigures {
		return out, nil
	}
	box, height := Box(t), rowHeight(t)
	far := func(w layout.Rect) float64 { // from the table to the print
		if above {
			return box.Y0 - w.Y1
		}
		return w.Y0 - box.Y1
	}
	var edge []layout.Cell // the cells at that side
	for _, c := range t.Cells {
		if above && c.Row == 0 || !above && c.Row+c.RowSpan == t.Rows {
			edge = append(edge, c)
		}
	}
	slices.SortFunc(edge, func(a, b layout.Cell) int { return a.Col - b.Col })
	in := make([][]int, len(edge)) // the words under each
	var row, line layout.Rect      // of all words, and of the figures
	for k, w := range words {
		if d := far(w.Box); d < -outerSlack*em || d > outerReach*height || w.Box.X1 < box.X0-em || w.Box.X0 > box.X1+em {
			continue
		}
		at := slices.IndexFunc(edge, func(c layout.Cell) bool {
			return w.Box.X0 >= c.Box.X0-outerSlack*em && w.Box.X1 <= c.Box.X1+outerSlack*em
		})
		if at < 0 {
			return out, nil
		}
		in[at], used, row = append(in[at], k), append(used, k), row.Union(w.Box)
	}
	first := slices.IndexFunc(in, func(ks []int) bool { return len(ks) == 1 && isFigure(words[ks[0]].Text) })
	if first < 0 || len(in)-first < outerFigures {
		return out, nil
	}
	for _, ks := range in[first:] {
		if len(ks) != 1 || !isFigure(words[ks[0]].Text) {
			return out, nil
		}
		line = line.Union(words[ks[0]].Box)
	}
	if line.Height() > 2*em {
		return out, nil
	}
	pad := max(outerPad*em, far(line))
	out = *t
	out.Cells = slices.Clone(t.Cells)
	out.Rows++
	for i := range out.Cells {
		if above {
			out.Cells[i].Row++
		}
	}
	for k, c := range edge {
		n := c
		n.RowSpan, n.Text = 1, ""
		if above {
			n.Box.Y0, n.Box.Y1 = row.Y0-pad, c.Box.Y0
		} else {
			n.Row, n.Box.Y0, n.Box.Y1 = t.Rows, c.Box.Y1, row.Y1+pad
		}
		if k < first && len(in[k]) == 0 && c.RowSpan > 1 { // the label of a group that goes on
			i := slices.IndexFunc(t.Cells, func(o layout.Cell) bool { return o.Row == c.Row && o.Col == c.Col })
			o := &out.Cells[i]
			o.Row, o.RowSpan, o.Box = min(o.Row, n.Row), o.RowSpan+1, o.Box.Union(n.Box)
			continue
		}
		out.Cells = append(out.Cells, n)
	}
	out.SortCells()
	return out, used
}

// isFigure says that a word is a number or a mark for none, and no words.
func isFigure(text string) bool { return figure.Written(text) || figure.Stroke(text) }

// rowHeight is the usual height of a table's rows.
func rowHeight(t *layout.Table) float64 {
	var hs []float64
	for _, c := range t.Cells {
		if c.RowSpan == 1 {
			hs = append(hs, c.Box.Height())
		}
	}
	if len(hs) == 0 {
		return 0
	}
	return median(hs)
}
