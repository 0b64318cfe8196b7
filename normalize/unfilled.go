package normalize

import (
	"slices"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
)

// leastShownRows is how many rows of a form's table must be named, beside most of its columns, for lines
// of labels to be the table: copies of blanks, or of a table whose figures nobody could place.
const leastShownRows = 3

// unfilled gives blocks in which lines that are nothing but the labels of a form's table are the table,
// whose values are lost.
func unfilled(blocks []layout.Block, forms form.Set) []layout.Block {
	letters := make([][]rune, len(blocks))
	headings := headWordsOf(forms).sections
	for i, b := range blocks {
		if b.Paragraph == nil {
			continue
		}
		ls, _ := lettersOf(b.Paragraph.Text)
		if !slices.ContainsFunc(headings, func(h []rune) bool { return len(ls) <= len(h)+2 && indexOf(ls, h, 0) >= 0 }) {
			letters[i] = ls
		}
	}
	var out []layout.Block
	for i := 0; i < len(blocks); {
		f, n := shownAt(letters[i:], forms)
		if f == nil {
			out = append(out, blocks[i])
			i++
			continue
		}
		out = append(out, layout.Block{Table: f.grid()})
		i += n
	}
	return out
}

// shownAt gives the form's table whose labels the first lines are, and how many lines these are.
func shownAt(lines [][]rune, forms form.Set) (*streamed, int) {
	var best *streamed
	length := 0
	for _, f := range forms.All() {
		for i := range f.Tables {
			t := &f.Tables[i]
			if len(lines[0]) == 0 || len(t.Rows) < leastShownRows {
				continue
			}
			v := vocabularyOf(t)
			n := 0
			for n < len(lines) && len(lines[n]) > 0 && v.strange(lines[n]) == 0 {
				n++
			}
			if n < leastShownRows {
				continue
			}
			if x := shown(lines[:n], t); x != nil && (best == nil || x.score > best.score) {
				best, length = x, n
			}
		}
	}
	return best, length
}

// shown gives a table of which lines name enough, without its values.
func shown(lines [][]rune, t *form.Table) *streamed {
	ts := targetsOf(t)
	is := func(x target) bool {
		return slices.ContainsFunc(lines, func(l []rune) bool {
			return slices.ContainsFunc(x.names, func(n name) bool {
				return len(n.full) > 1 && len(l) >= len(n.full) && slices.Equal(l[len(l)-len(n.full):], n.full)
			})
		})
	}
	f := &streamed{table: t}
	for j, r := range ts.rows {
		if !t.Rows[j].Heading && is(r) {
			f.rows = append(f.rows, streamRow{row: j, label: t.Rows[j].Label, unit: t.Rows[j].Unit})
		}
	}
	for i, c := range ts.cols {
		if is(c) {
			f.score++
		}
		if f.heads = append(f.heads, t.Columns[i].Label); len(ts.cols) == 1 {
			f.score++ // rows enough tell statistics
		}
	}
	if len(f.rows) < leastShownRows || 2*f.score < float64(len(ts.cols)) {
		return nil
	}
	f.score += float64(len(f.rows))
	return f
}
