package white

import (
	"cmp"
	"math"
	"slices"
	"unicode"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// stack are level rulings one above the other that end at the same place on the right: at[i] is the height of the i-th, pieces[i] what of
// it is drawn.
type stack struct {
	left, right float64
	at          []float64
	pieces      [][]span
}

// stacks gathers the rulings of tables: those that end on the right where most do, from the leftmost place where several begin, and what
// lies between these.
func stacks(level []Rule, em float64) []stack {
	rest := slices.DeleteFunc(slices.Clone(level), func(r Rule) bool { return r.To-r.From < bandRule*em })
	slices.SortStableFunc(rest, func(a, b Rule) int { return cmp.Compare(b.To-b.From, a.To-a.From) })
	alike := func(r Rule, same func(o Rule) bool) (n int) {
		for _, o := range rest {
			if math.Abs(o.To-r.To) < bandEnds*em && same(o) {
				n++
			}
		}
		return n
	}
	var out []stack
	for len(rest) > 1 {
		frame, most := rest[0], 0
		for _, r := range rest {
			if n := alike(r, func(Rule) bool { return true }); n > most {
				frame, most = r, n
			}
		}
		if most < 2 {
			break
		}
		for _, r := range rest {
			if math.Abs(r.To-frame.To) < bandEnds*em && alike(r, func(o Rule) bool { return math.Abs(o.From-r.From) < bandEnds*em }) > 1 {
				frame.From = min(frame.From, r.From)
			}
		}
		var own, others []Rule
		for _, r := range rest {
			if r.From >= frame.From-bandEnds*em && r.To <= frame.To+bandEnds*em {
				own = append(own, r)
			} else {
				others = append(others, r)
			}
		}
		rest = others
		slices.SortStableFunc(own, func(a, b Rule) int { return cmp.Compare(a.At, b.At) })
		s := stack{left: frame.From, right: frame.To}
		for _, r := range own {
			k := len(s.at) - 1
			if k >= 0 && r.At-s.at[k] < bandLow*em {
				s.pieces[k] = append(s.pieces[k], span{r.From, r.To})
				continue
			}
			if k >= 0 && r.At-s.at[k] > bandHigh*em {
				out = append(out, s)
				s = stack{left: frame.From, right: frame.To}
			}
			s.at, s.pieces = append(s.at, r.At), append(s.pieces, []span{{r.From, r.To}})
		}
		out = append(out, s)
	}
	return out
}

// bands gives the parts of a stack that may be tables: each begins with what stands over a header, or with the header.
func (s stack) bands(words []layout.Word, em float64) []banded {
	words = slices.DeleteFunc(slices.Clone(words), func(w layout.Word) bool {
		x := w.Box.Center().X
		return x < s.left-em || x > s.right+em
	})
	s = s.whole(words, em)
	if len(s.at) < 2 {
		return nil
	}
	rows := make([][]layout.Word, len(s.at)-1)
	for _, w := range words {
		if i, _ := slices.BinarySearch(s.at, w.Box.Center().Y); i > 0 && i < len(s.at) {
			rows[i-1] = append(rows[i-1], w)
		}
	}
	withoutNumerals(rows, em)
	var out []banded
	from := 0
	cut := func(to int) {
		if to > from {
			out = append(out, banded{stack: stack{s.left, s.right, s.at[from : to+1], s.pieces[from : to+1]}, em: em, rows: rows[from:to]})
		}
		from = to
	}
	labels, above := s.left, -1 // where labels end, and the last row that has figures
	head := func(i int) {       // a header that ends before row i begins another part
		if above < 0 || above >= i-1 || !s.header(rows[i-1], em) {
			return
		}
		for k := above + 1; k < i; k++ {
			if parts := joined(rows[k], bandGap*em); len(parts) > 0 && parts[len(parts)-1].to > labels+em {
				cut(k)
				labels = s.left
				return
			}
		}
	}
	for i, row := range rows {
		if figuresIn(row, em) == 0 && (above < 0 || !oneLine(row, labels, em)) {
			continue
		}
		head(i)
		above = i
		if found := figuresOf(row, em); len(found) > 0 {
			first := slices.MinFunc(found, func(v, w layout.Word) int { return cmp.Compare(v.Box.X0, w.Box.X0) }).Box.X0
			for _, w := range row {
				if w.Box.X1 < first {
					labels = max(labels, w.Box.X1)
				}
			}
		}
	}
	head(len(rows))
	cut(len(rows))
	if len(out) > 0 {
		out[0].first, out[len(out)-1].last = true, true
	}
	return out
}

// oneLine says that the words of a row behind its label are as narrow as figures and stand in one line: figures that were not read as such.
func oneLine(row []layout.Word, labels, em float64) bool {
	top, foot, n := math.Inf(1), math.Inf(-1), 0
	for _, w := range row {
		if w.Box.X0 < labels {
			continue
		}
		if w.Box.Width() > bandNarrow*em {
			return false
		}
		y := w.Box.Center().Y
		top, foot, n = min(top, y), max(foot, y), n+1
	}
	return n > 1 && foot-top < lineStep*em
}

// whole adds the ruling over the first row, or under the last, where a page ends within a table: figures stand close there. Where a
// further row follows that one, rulings do not part rows: they stand over and under a header, or under the whole table.
func (s stack) whole(words []layout.Word, em float64) stack {
	close := func(y, step float64) (far float64, row []layout.Word) {
		far = y
		gap := rowStep * em
		for grown := true; grown; {
			grown = false
			for _, w := range words {
				near, end := w.Box.Y1, w.Box.Y0
				if step > 0 {
					near, end = end, near
				}
				if (w.Box.Center().Y-y)*step > 0 && (end-far)*step > 0 && (near-far)*step < gap && math.Abs(end-y) < bandHigh*em {
					far, gap, grown = end, bandStepUp*em, true
				}
			}
		}
		var next []layout.Word
		for _, w := range words {
			switch c := w.Box.Center().Y; {
			case (c-y)*step > 0 && (c-far)*step < 0:
				row = append(row, w)
			case (c-far)*step > 0 && (c-far)*step < rowStep*em:
				next = append(next, w)
			}
		}
		if isRow(next, em) {
			return far, nil
		}
		return far + step*margin*em, row
	}
	if y, row := close(s.at[0], -1); isRow(row, em) {
		s.at, s.pieces = slices.Insert(slices.Clone(s.at), 0, y), slices.Insert(slices.Clone(s.pieces), 0, []span{{s.left, s.right}})
	}
	if y, row := close(s.at[len(s.at)-1], 1); isRow(row, em) {
		s.at, s.pieces = append(slices.Clone(s.at), y), append(slices.Clone(s.pieces), []span{{s.left, s.right}})
	}
	return s
}

// isRow says that words are figures behind a label, or several figures.
func isRow(row []layout.Word, em float64) bool {
	found := figuresOf(row, em)
	return len(found) > 1 || len(found) == 1 && slices.ContainsFunc(row, func(w layout.Word) bool { return w.Box.X1 < found[0].Box.X0 })
}

// header says that a row without figures is a header's last: it has labels side by side, the last of them on the right.
func (s *stack) header(row []layout.Word, em float64) bool {
	parts := joined(row, closeGap*em)
	if len(parts) < 2 {
		return false
	}
	last := parts[len(parts)-1]
	return (last.from+last.to)/2 > s.left+rightHalf*(s.right-s.left)
}

// numeric says that a word is a figure, or was read from pixels as one with a character that is none.
func numeric(w layout.Word) bool {
	if figure.Wordless(w.Text) || w.Confidence >= 1 {
		return figure.Wordless(w.Text)
	}
	digits, others := 0, 0
	for _, r := range w.Text {
		switch {
		case figure.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			others++
		}
	}
	return digits > 1 && others <= 1
}

// figuresOf are the figures of a row. It has none where more words stand among them: these are labels, of which some were read as marks
// for none. What follows a figure closely is its note.
func figuresOf(row []layout.Word, em float64) []layout.Word {
	var out []layout.Word
	first := math.Inf(1)
	for _, w := range row {
		if numeric(w) {
			out = append(out, w)
			first = min(first, w.Box.X0)
		}
	}
	words := 0
	for _, w := range row {
		if !numeric(w) && w.Box.X0 > first && !slices.ContainsFunc(out, func(f layout.Word) bool {
			return f.Box.X0 < w.Box.X0 && w.Box.X0-f.Box.X1 < segmentGap*em
		}) {
			words++
		}
	}
	if words >= len(out) {
		return nil
	}
	return out
}

func figuresIn(row []layout.Word, em float64) int { return len(figuresOf(row, em)) }

// joined are the stretches that words take, those less than a gap apart as one.
func joined(words []layout.Word, gap float64) []span {
	var all, out []span
	for _, w := range words {
		all = append(all, along(w))
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for _, s := range all {
		if k := len(out) - 1; k >= 0 && s.from < out[k].to+gap {
			out[k].to = max(out[k].to, s.to)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// withoutNumerals takes the figures among the pieces of labels for words: of print so worn that its characters stand apart, some read as digits or
// strokes. Where many columns hold a figure in most rows, labels end before these, as far as words do in several of the rows.
func withoutNumerals(rows [][]layout.Word, em float64) {
	columns, fullest := spansOf(rows)
	columns = slices.DeleteFunc(columns, func(c counted) bool { return 2*c.rows < fullest })
	if fullest < leastRows || len(columns) < leastWide {
		return
	}
	// A column between whose figures and the next ones words stand is one of labels.
	words := func(row []layout.Word, from, to float64) bool {
		return slices.ContainsFunc(row, func(w layout.Word) bool { return !numeric(w) && w.Box.X0 >= from && w.Box.X1 <= to })
	}
	for len(columns) > leastWide {
		in, behind := 0, 0
		for _, row := range rows {
			if columns[0].in(row) {
				in++
				if words(row, columns[0].to, columns[1].from) {
					behind++
				}
			}
		}
		if 2*behind <= in {
			break
		}
		columns = columns[1:]
	}
	first := columns[0].from - columnGap*em
	full := slices.DeleteFunc(slices.Clone(rows), func(row []layout.Word) bool {
		n := 0
		for _, c := range columns {
			if c.in(row) {
				n++
			}
		}
		// Figures beside the columns are those of another table.
		return 2*n < len(columns) || slices.ContainsFunc(row, func(w layout.Word) bool {
			return numeric(w) && w.Box.X0 > first && !slices.ContainsFunc(columns, func(c counted) bool { return c.meets(along(w)) })
		})
	})
	if len(full) < someRules {
		return
	}
	var ends []float64
	for _, row := range full {
		end := math.Inf(-1)
		for _, w := range row {
			if !numeric(w) && w.Box.X1 < first {
				end = max(end, w.Box.X1)
			}
		}
		ends = append(ends, end)
	}
	slices.Sort(ends)
	end := ends[len(ends)-someLabels]
	for _, row := range full {
		for i, w := range row {
			if numeric(w) && w.Box.X1 <= end {
				row[i].Text = someWord
			}
		}
	}
}

// counted is a column of figures, and in how many rows it has some.
type counted struct {
	span
	rows int
}

// in says that a row has a figure in the column.
func (c counted) in(row []layout.Word) bool {
	return slices.ContainsFunc(row, func(w layout.Word) bool { return numeric(w) && c.meets(along(w)) })
}

// spansOf are the columns that the figures of rows stand in, from left to right, and in how many rows the fullest has some.
func spansOf(rows [][]layout.Word) (out []counted, fullest int) {
	var all []layout.Word
	for _, row := range rows {
		for _, w := range row {
			if numeric(w) {
				all = append(all, w)
			}
		}
	}
	slices.SortStableFunc(all, func(v, w layout.Word) int { return cmp.Compare(v.Box.X0, w.Box.X0) })
	for _, w := range all {
		if k := len(out) - 1; k >= 0 && out[k].meets(along(w)) {
			out[k].to = max(out[k].to, w.Box.X1)
		} else {
			out = append(out, counted{span: along(w)})
		}
	}
	for k := range out {
		for _, row := range rows {
			if out[k].in(row) {
				out[k].rows++
			}
		}
		fullest = max(fullest, out[k].rows)
	}
	return out, fullest
}
