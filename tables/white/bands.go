package white

import (
	"cmp"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// Distances in heights of a character, where rulings part rows.
const (
	// bandRule is the least length of a ruling between rows, bandEnds how far apart the ends of those of one table may be.
	bandRule, bandEnds = 2, 1.5
	// bandLow is the least height of a row; rulings closer than that are one, drawn double.
	bandLow = 0.7
	// bandHigh is the most height of one: the longest label of a header has six characters, which may stand one under the other with as much
	// between them.
	bandHigh = 12
	// bandStepUp is the most white between the lines of a row at the edge of a page, over which no ruling is.
	bandStepUp = 0.8
	// bandWall is the length of a vertical ruling that says that rulings part columns, too.
	bandWall = 3
	// bandGap is the least white between two texts of a header.
	bandGap = 1.2
	// bandWide is the width from which a text over several columns is a title, and no figures that nearly touch.
	bandWide = 3
	// mergeWhite is more white than between two figures of one column, one of which was not read.
	mergeWhite = 0.5
	// leastHead is how many labels of columns a header has at least that stands alone at the foot of a page.
	leastHead = 5
	// labelNear is how far before the place where a ruling begins the label of a group ends at most, which it does not run under.
	labelNear = 3
	// bandNarrow is the most width of a figure that is none by its text: two digits.
	bandNarrow = 1.3
)

// Of someRules and more, one alone that begins where no other does is one of which a piece was not seen. As many full rows show where labels end.
const someRules = 6

// someLabels is how many labels reach as far as labels do.
const someLabels = 2

// blankStep is how far from a column of figures one without figures stands at least, in parts of the least distance of two of figures.
const blankStep = 0.7

// Words of a label whose middles are within sameLabel are one line, and what is offLine from the middle of another line is none of it: lines of print
// are a character apart at least.
const sameLabel, offLine = 0.4, 0.25

// someWord stands for a word that was read as a figure and is none.
const someWord = "某"

// apartFirst is by how much what stands apart is farther than what does not stand in the middle.
const apartFirst = 8

// rightHalf is the share of a table's width behind which the last label of a header stands.
const rightHalf = 0.55

// Ruled finds the tables whose rulings part rows and no columns. The rows are what the rulings say, so that a label of several lines and
// a figure that was broken are one cell; columns stand where figures do, and where the rulings under the groups of a header end. What
// is given and what is found is as with Tables; walls are the upright rulings and what else is known of places of columns.
func Ruled(words []layout.Word, level, upright, walls []Rule, em float64, find func([]layout.Ruling) []layout.Table) []layout.Table {
	var out []layout.Table
	words = slices.Clone(words)
	for _, s := range stacks(level, em) {
		for _, b := range s.bands(words, em) {
			b.walls = walls
			if b.walled(upright) || !b.columnsFound() {
				continue
			}
			if drawn := find(b.draw()); len(drawn) == 1 {
				out = append(out, drawn[0])
				taken := layout.Rect{X0: b.left, Y0: b.at[0], X1: b.right, Y1: b.at[len(b.at)-1]}
				words = slices.DeleteFunc(words, func(w layout.Word) bool { return taken.Contains(w.Box.Center()) })
			}
		}
	}
	return out
}

// banded is a part of a stack that is a table, with its words by band: rows[i] stands between at[i] and at[i+1].
type banded struct {
	stack
	em      float64
	walls   []Rule
	rows    [][]layout.Word
	first   bool      // of its stack: the table may go on from the page before
	last    bool      // of its stack: the table may go on over the page
	body    int       // the first row of figures
	labels  []float64 // the edges between columns of labels, and that behind them unless there are none
	columns []span    // of figures
	edges   []float64 // between these
}

// along is the stretch that a word takes.
func along(w layout.Word) span { return span{w.Box.X0, w.Box.X1} }

// walled says that vertical rulings part columns.
func (b *banded) walled(upright []Rule) bool {
	n := 0
	top, foot := b.at[0], b.at[len(b.at)-1]
	for _, r := range upright {
		if r.To-r.From > bandWall*b.em && r.At > b.left+b.em && r.At < b.right-b.em && min(r.To, foot)-max(r.From, top) > bandWall*b.em {
			n++
		}
	}
	return n > 1
}

// columnsFound finds the columns; it says no where the rows show too little to be a table.
func (b *banded) columnsFound() bool {
	b.figureColumns()
	b.body = slices.IndexFunc(b.rows, func(row []layout.Word) bool { return b.valued(row) })
	if b.body < 0 {
		return b.last && b.headFound()
	}
	b.mergeColumns()
	b.blankColumns()
	rows, figures, labelled := 0, 0, 0
	for _, row := range b.rows[b.body:] {
		if !b.valued(row) {
			continue
		}
		if b.stacked(row) {
			return false
		}
		rows++
		figures += figuresIn(row, b.em)
		if slices.ContainsFunc(row, func(w layout.Word) bool { return w.Box.Center().X < b.columns[0].from }) {
			labelled++
		}
	}
	headed := b.body > 0 && len(joined(b.rows[b.body-1], closeGap*b.em)) > 1
	switch {
	case labelled == rows && (headed || rows >= leastRows || b.first):
	case 2*labelled >= rows && rows >= leastRows:
	case labelled == 0 && rows == 1 && figures >= leastWide:
	default:
		return false
	}
	b.labelEdges()
	for k := 1; k < len(b.columns); k++ {
		b.edges = append(b.edges, b.edge(b.columns[k-1].to, b.columns[k].from))
	}
	return true
}

// headFound finds the columns of a header that a page break parted from its rows: what stands side by side in its last row are labels of columns.
func (b *banded) headFound() bool {
	b.columns = joined(b.rows[len(b.rows)-1], closeGap*b.em)
	if len(b.columns) > 0 && b.columns[0].to-b.columns[0].from > bandWide*b.em {
		b.columns = b.columns[1:] // the corner
	}
	if len(b.columns) < leastHead || slices.ContainsFunc(b.columns, func(c span) bool { return c.to-c.from > bandWide*b.em }) {
		return false
	}
	b.body = len(b.rows)
	for k := 1; k < len(b.columns); k++ {
		b.edges = append(b.edges, b.edge(b.columns[k-1].to, b.columns[k].from))
	}
	first := b.columns[0].from
	if x := first - (b.columns[1].from-b.columns[0].to)/2; x > b.left+b.em {
		b.labels = []float64{b.edge(max(b.left, x-b.em), first)}
	}
	return true
}

// stacked says that what stands between two rulings is more than one row: most of its figures stand one under the other. A few may have
// been broken, and all, where the row's one line of label stands between their lines.
func (b *banded) stacked(row []layout.Word) bool {
	one, more := 0, 0
	var upper, lower []float64 // middles of figures
	for _, c := range b.columns {
		var in []layout.Word
		for _, w := range figuresOf(row, b.em) {
			if c.meets(along(w)) {
				in = append(in, w)
			}
		}
		under := false
		for _, w := range in {
			for _, o := range in {
				if o.Box.Y0 > w.Box.Center().Y && w.Box.Y1 < o.Box.Center().Y {
					under, upper, lower = true, append(upper, w.Box.Center().Y), append(lower, o.Box.Center().Y)
				}
			}
		}
		switch {
		case under:
			more++
		case len(in) > 0:
			one++
		}
	}
	return more > one && !b.labelBetween(row, slices.Max(upper), slices.Min(lower))
}

// labelBetween says that a row has one line of label, which stands between two heights: as two rows, each would have its own.
func (b *banded) labelBetween(row []layout.Word, upper, lower float64) bool {
	at := math.NaN()
	for _, w := range row {
		if w.Box.X1 > b.columns[0].from {
			continue
		}
		if y := w.Box.Center().Y; math.IsNaN(at) {
			at = y
		} else if math.Abs(y-at) > sameLabel*b.em {
			return false
		}
	}
	return at > upper+offLine*b.em && at < lower-offLine*b.em
}

// figureColumns are the columns that figures stand in, from narrow ones to wide ones: one that meets two columns are two figures that
// nearly touch. A column that has text behind it in most rows is one of labels.
func (b *banded) figureColumns() {
	var all []layout.Word
	for _, row := range b.rows {
		all = append(all, figuresOf(row, b.em)...)
	}
	slices.SortStableFunc(all, func(x, y layout.Word) int { return cmp.Compare(x.Box.Width(), y.Box.Width()) })
	var columns []span
	for _, w := range all {
		s := along(w)
		var meets []int
		for k, c := range columns {
			if s.meets(c) {
				meets = append(meets, k)
			}
		}
		switch len(meets) {
		case 0:
			columns = append(columns, s)
		case 1:
			c := &columns[meets[0]]
			c.from, c.to = min(c.from, s.from), max(c.to, s.to)
		}
	}
	slices.SortFunc(columns, func(x, y span) int { return cmp.Compare(x.from, y.from) })
	b.columns = slices.DeleteFunc(columns, func(c span) bool {
		in, behind := 0, 0
		for _, row := range b.rows {
			if slices.ContainsFunc(figuresOf(row, b.em), func(w layout.Word) bool { return c.meets(along(w)) }) {
				in++
				if slices.ContainsFunc(row, func(w layout.Word) bool {
					return !numeric(w) && w.Box.X0 > c.to && w.Box.Width() > bandWide*b.em
				}) {
					behind++
				}
			}
		}
		return 2*behind > in
	})
}

// valued says that a row has a figure in a column.
func (b *banded) valued(row []layout.Word) bool {
	return slices.ContainsFunc(figuresOf(row, b.em), func(w layout.Word) bool {
		return slices.ContainsFunc(b.columns, along(w).meets)
	})
}

// mergeColumns makes one of two columns beside each other of which no row has figures in both, and which no labels of the header part. Without a
// header, on a page that a table goes on, nothing but white parts columns of which many rows are blank: in one column, figures share an edge or the
// middle.
func (b *banded) mergeColumns() {
	var heads []span
	if b.body > 0 {
		heads = joined(b.rows[b.body-1], overEdge*b.em)
	}
	in := func(row []layout.Word, c span) bool {
		return slices.ContainsFunc(figuresOf(row, b.em), func(w layout.Word) bool { return c.meets(along(w)) })
	}
	for k := 1; k < len(b.columns); {
		p, q := b.columns[k-1], b.columns[k]
		both := slices.ContainsFunc(b.rows[b.body:], func(row []layout.Word) bool {
			return in(row, p) && in(row, q)
		})
		parted := slices.ContainsFunc(heads, func(h span) bool { return h.meets(p) && !h.meets(q) }) &&
			slices.ContainsFunc(heads, func(h span) bool { return h.meets(q) && !h.meets(p) })
		if both || parted || len(heads) == 0 && q.from-p.to > mergeWhite*b.em {
			k++
			continue
		}
		b.columns[k-1].to = q.to
		b.columns = slices.Delete(b.columns, k, k+1)
	}
}

// blankColumns adds the columns that have a label in the header's last line and no figure, where every column of figures has a label of
// its own: the one nearest to it.
func (b *banded) blankColumns() {
	if b.body == 0 || len(b.columns) < 2 {
		return
	}
	left := b.columns[0].from
	if !slices.ContainsFunc(b.rows[b.body:], func(row []layout.Word) bool {
		return slices.ContainsFunc(row, func(w layout.Word) bool { return w.Box.X1 < left })
	}) {
		left = b.left // a table without labels of rows
	}
	labels := slices.DeleteFunc(joined(b.rows[b.body-1], overEdge*b.em), func(s span) bool { return (s.from+s.to)/2 < left })
	far := func(c, s span) float64 {
		return max(0, c.from-s.to, s.from-c.to)*apartFirst + math.Abs(c.from+c.to-s.from-s.to)
	}
	own := make([]bool, len(labels))
	for _, c := range b.columns {
		nearest := -1
		for k, s := range labels {
			if nearest < 0 || far(c, s) < far(c, labels[nearest]) {
				nearest = k
			}
		}
		if nearest < 0 || own[nearest] {
			return
		}
		own[nearest] = true
	}
	step := math.Inf(1)
	for k := 1; k < len(b.columns); k++ {
		step = min(step, b.columns[k].from+b.columns[k].to-b.columns[k-1].from-b.columns[k-1].to)
	}
	figures := b.columns
	for k, s := range labels {
		if !own[k] && !slices.ContainsFunc(figures, func(c span) bool {
			return s.meets(c) || math.Abs(s.from+s.to-c.from-c.to) < blankStep*step // the second half of a label
		}) {
			b.columns = append(b.columns, s)
		}
	}
	slices.SortFunc(b.columns, func(x, y span) int { return cmp.Compare(x.from, y.from) })
}

// labelEdges are where rulings that begin behind a group's label begin, or the white between labels in all rows; the last is that
// before the first figures.
func (b *banded) labelEdges() {
	first := b.columns[0].from
	end := b.left
	var labels []layout.Word
	for _, row := range b.rows[b.body:] {
		for _, w := range row {
			if w.Box.Center().X < first {
				labels = append(labels, w)
				if w.Box.X1 < first {
					end = max(end, w.Box.X1)
				}
			}
		}
	}
	if len(labels) == 0 {
		return
	}
	for i := b.body; i < len(b.at); i++ {
		from, like := b.begin(i), 0
		for k := b.body; k < len(b.at); k++ {
			if math.Abs(b.begin(k)-from) < bandLow*b.em {
				like++
			}
		}
		if (like > 1 || len(b.at)-b.body < someRules || b.partsLabels(i, from)) && from > b.left+b.em && from < first-b.em &&
			!slices.ContainsFunc(b.labels, func(x float64) bool { return math.Abs(x-from) < bandLow*b.em }) {
			b.labels = append(b.labels, from)
		}
	}
	if len(b.labels) == 0 {
		spans := joined(labels, columnGap*b.em)
		for k := 1; k < len(spans); k++ {
			b.labels = append(b.labels, b.edge(spans[k-1].to, spans[k].from))
		}
	}
	b.labels = append(b.labels, b.edge(end, first))
	slices.Sort(b.labels)
}

// partsLabels says that the i-th ruling, which begins at a place, begins under a text of which another stands before that place: where a page
// breaks within a group of rows, one ruling alone shows where its label ends.
func (b *banded) partsLabels(i int, from float64) bool {
	if i == 0 {
		return false
	}
	before, at := false, false
	for _, w := range b.rows[i-1] {
		switch {
		case math.Abs(w.Box.X0-from) < bandLow*b.em:
			at = true
		case w.Box.X1 < from && w.Box.X1 > from-labelNear*b.em:
			before = true
		case w.Box.X0 < from && w.Box.X1 > from:
			return false
		}
	}
	return before && at
}

// begin is where the i-th ruling begins.
func (b *banded) begin(i int) float64 {
	return slices.MinFunc(b.pieces[i], func(x, y span) int { return cmp.Compare(x.from, y.from) }).from
}

// edge is the place between two columns: where a ruling of the header ends, or where least of its labels stands, in the middle.
func (b *banded) edge(from, to float64) float64 {
	for i := range b.at {
		if i > b.body {
			break
		}
		for _, p := range b.pieces[i] {
			for _, x := range []float64{p.from, p.to} {
				if x > from-overEdge*b.em && x < to+overEdge*b.em {
					return x
				}
			}
		}
	}
	for _, r := range b.walls {
		if r.At > from-overEdge*b.em && r.At < to+overEdge*b.em && r.From < b.at[len(b.at)-1] && r.To > b.at[0] {
			return r.At
		}
	}
	best, fewest := (from+to)/2, math.MaxInt
	const steps = 16
	for k := range steps - 1 {
		// From the middle to both sides.
		off := float64((k+1)/2) / steps
		if k%2 == 1 {
			off = -off
		}
		x, over := from+(to-from)*(0.5+off), 0
		for i := max(0, b.body-1); i < b.body; i++ {
			for _, w := range b.rows[i] {
				if w.Box.X0 < x && w.Box.X1 > x {
					over++
				}
			}
		}
		if over < fewest {
			best, fewest = x, over
		}
	}
	return best
}
