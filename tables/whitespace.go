package tables

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// Distances in heights of a character.
const (
	// segmentGap parts what stands in two columns, figureGap two figures.
	segmentGap, figureGap = 0.9, 0.5
	// columnGap is the least white between two columns of a table.
	columnGap = 0.4
	// rowStep is the most white between two lines of a table that no ruling parts.
	rowStep = 2.5
	// bandStep is the same before a band with a header of its own.
	bandStep = 4
	// lineStep is the most white between two lines of one cell, wrapStep between those of a header's
	// label: labels of different height stand close there.
	lineStep, wrapStep = 0.6, 0.45
	// closeGap is the least white between the labels of two columns.
	closeGap = 0.2
	// alignGap is how far the beginnings of labels of one column may be apart.
	alignGap = 0.3
	// leastWall is the least length of a vertical ruling that parts columns, outerWall how far from the texts
	// the outer ones stand at most.
	leastWall, outerWall = 1.5, 4
	// overEdge is how far a text must reach over a column's edge to stand in both.
	overEdge = 0.1
)

const (
	// leastRows of figures make a table, with leastColumns. Fewer rows do where there is leastFigures
	// of them in leastWide columns behind labels, or a header over every column.
	leastRows, leastColumns = 3, 3
	leastFigures, leastWide = 6, 5
	// bannerWidth is the most width of a title between the rows of a table.
	bannerWidth = 16
	// cornerWidth is the most width of what names the labels of rows in a header.
	cornerWidth = 8
	// unitWidth is the most width of a unit, unitLines how many lines around are looked at for one.
	unitWidth, unitLines = 3, 8
	// maxWhiteLines is the most lines of a page that is looked at: it bounds the work.
	maxWhiteLines = 400
	// maxWalls is the most vertical rulings of a page that part its lines.
	maxWalls = 200
	// maxHead is the most lines of a header.
	maxHead = 12
	// maxLoose lines without figures may stand between two rows of them.
	maxLoose = 5
	// ruleShare is how much of a table's width a ruling must have to part its rows.
	ruleShare = 0.6
	// spanning is the share of lines whose text may run over the edge of a column of labels.
	spanning = 0.4
)

// span is a stretch along one axis.
type span struct{ from, to float64 }

// meets says that two stretches share more than an end.
func (s span) meets(t span) bool { return s.from < t.to && s.to > t.from }

// segment is what a line holds in one column.
type segment struct {
	span
	y0, y1 float64
	figure bool
	digits bool // a figure that is more than a mark for none
	words  []span
}

// part is that of some of the words, which end at to.
func (s *segment) part(from, until int, to float64) segment {
	p := *s
	p.span, p.words = span{s.words[from].from, to}, s.words[from:until]
	return p
}

// whiteLine is a line taken apart where it leaves white.
type whiteLine struct {
	box     layout.Rect
	em      float64 // height of a character
	parts   []segment
	figures int // how many figures stand at its end
	numbered,
	leaders bool // dots lead to a page number
	digits bool // one of the figures is more than a mark for none
	banner bool // a title or a header between the rows of a table
}

func (l *whiteLine) label() []segment { return l.parts[:len(l.parts)-l.figures] }
func (l *whiteLine) values() []segment {
	return l.parts[len(l.parts)-l.figures:]
}

// top and bottom are those of a line's figures, of which it has some.
func (l *whiteLine) top() float64 {
	return slices.MinFunc(l.values(), func(a, b segment) int { return cmp.Compare(a.y0, b.y0) }).y0
}

func (l *whiteLine) bottom() float64 {
	return slices.MaxFunc(l.values(), func(a, b segment) int { return cmp.Compare(a.y1, b.y1) }).y1
}

// valued says that a line may be a row of a table: figures behind a label, or figures alone.
func (l *whiteLine) valued() bool { return l.figures > 0 && len(l.parts) > 1 && !l.leaders }

// counted says that a line surely is a row: a heading has marks for none at most.
func (l *whiteLine) counted() bool { return l.valued() && l.digits }

// whiteLines takes words for lines and parts them where they leave white, and at walls, which are vertical
// rulings.
func whiteLines(words []layout.Word, walls []piece) []whiteLine {
	var out []whiteLine
	for _, l := range Lines(words) {
		em := l.Height()
		y := l.Box.Center().Y
		walled := func(x0, x1 float64) bool {
			return slices.ContainsFunc(walls, func(p piece) bool {
				return p.at > x0-overEdge*em && p.at < x1+overEdge*em && p.from < y && p.to > y
			})
		}
		w := whiteLine{box: l.Box, em: em}
		text := l.Text()
		w.numbered = strings.HasPrefix(strings.TrimSpace(text), "其中") || slices.ContainsFunc(l.Words, func(word layout.Word) bool {
			return figure.OpensItem(word.Text) && !figure.Wordless(word.Text) // behind a group's label too
		})
		w.leaders = strings.Contains(text, "……") || strings.Contains(text, "....")
		for i := 0; i < len(l.Words); {
			k := i + 1
			to := l.Words[i].Box.X1
			for k < len(l.Words) && l.Words[k].Box.X0-to < segmentGap*em && !walled(to, l.Words[k].Box.X0) &&
				!(l.Words[k].Box.X0-to > figureGap*em && figure.Wordless(l.Words[k-1].Text) && figure.Wordless(l.Words[k].Text)) {
				to = max(to, l.Words[k].Box.X1)
				k++
			}
			part := Line{Words: l.Words[i:k]}
			text := strings.TrimSpace(part.Text())
			if text != "" {
				s := segment{span: span{l.Words[i].Box.X0, to}, y0: l.Words[i].Box.Y0, y1: l.Words[i].Box.Y1, figure: figure.Wordless(text)}
				s.digits = s.figure && strings.Trim(text, "-—–―/") != ""
				w.digits = w.digits || s.digits
				for _, word := range part.Words {
					s.y0, s.y1 = min(s.y0, word.Box.Y0), max(s.y1, word.Box.Y1)
					s.words = append(s.words, span{word.Box.X0, word.Box.X1})
				}
				w.parts = append(w.parts, s)
			}
			i = k
		}
		for k := len(w.parts) - 1; k >= 0 && w.parts[k].figure; k-- {
			w.figures++
		}
		if len(w.parts) > 0 {
			out = append(out, w)
		}
	}
	for i := range out {
		for out[i].figures > 1 && unit(out, i) {
			out[i].figures--
		}
	}
	return out
}

// unit says that the first figure of line i is none: it stands where the lines around it have short labels,
// such as units.
func unit(lines []whiteLine, i int) bool {
	first := lines[i].values()[0]
	labels, figures := 0, 0
	for k := max(0, i-unitLines); k <= min(len(lines)-1, i+unitLines); k++ {
		if k == i || !lines[k].valued() {
			continue
		}
		for _, p := range lines[k].parts {
			switch em := lines[k].em; {
			case p.to <= first.from || p.from >= first.to:
			case p.figure:
				figures++
			case p.to-p.from <= unitWidth*em:
				labels++
			}
		}
	}
	return labels >= leastRows && labels > 2*figures
}

// white finds the tables that white space rules, or rulings one way only: figures in columns behind
// labels, at least three rows of them and three columns. Prose has no figures that stand in columns.
// What it finds is drawn as rulings, so that Find makes the cells.
func white(words []layout.Word, rulings []layout.Ruling, em float64) []layout.Table {
	rules, walls := levels(rulings, em)
	lines := whiteLines(words, walls)
	if len(lines) > maxWhiteLines {
		return nil
	}
	var out []layout.Table
	floor := 0
	for i := 0; i < len(lines); i++ {
		if !lines[i].valued() {
			continue
		}
		w, ok := newWhite(lines, floor, i, rules, walls)
		if !ok {
			continue
		}
		if t := Find(w.rulings(), drawnTol*em); len(t) == 1 {
			t[0].White = true
			out = append(out, t[0])
			floor, i = w.end, w.end-1
		}
	}
	return out
}

// WithWhite adds the tables that white space rules to those that rulings do, found, in order. One whose
// rulings part rows alone, or that is lower than a line of text, is taken again. Of the words, those that stand in no table
// count; em is the usual height of a character. No text is filled in.
func WithWhite(found []layout.Table, words []layout.Word, rulings []layout.Ruling, em float64) []layout.Table {
	var known []layout.Rect
	for i := range found {
		if !open(&found[i], em) {
			known = append(known, Box(&found[i]))
		}
	}
	taken := func(at layout.Point) bool {
		return slices.ContainsFunc(known, func(r layout.Rect) bool { return r.Contains(at) })
	}
	var loose []layout.Word
	for _, w := range words {
		if !w.Vertical && !taken(w.Box.Center()) {
			loose = append(loose, w)
		}
	}
	seen := white(loose, rulings, em)
	if len(seen) == 0 {
		return found
	}
	out := slices.DeleteFunc(slices.Clone(found), func(t layout.Table) bool {
		return open(&t, em) && slices.ContainsFunc(seen, func(s layout.Table) bool { return overlap(Box(&s), Box(&t)) })
	})
	for _, s := range seen {
		if !slices.ContainsFunc(known, func(r layout.Rect) bool { return overlap(r, Box(&s)) }) {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b layout.Table) int { return cmp.Compare(Box(&a).Y0, Box(&b).Y0) })
	return out
}

// open says that what rulings make does not keep white space from ruling a table there: it has no columns, or
// is lower than a line of text, as where strokes meet a ruling.
func open(t *layout.Table, em float64) bool { return t.Cols == 1 || Box(t).Height() < em }

// overlap says that two boxes share some of the page.
func overlap(a, b layout.Rect) bool {
	return min(a.X1, b.X1) > max(a.X0, b.X0) && min(a.Y1, b.Y1) > max(a.Y0, b.Y0)
}

// levels gives the horizontal rulings, from top to bottom, and the vertical ones, from left to right, with the
// broken ones joined.
func levels(rulings []layout.Ruling, em float64) (rules, walls []piece) {
	tol := drawnTol * em
	whole := func(ps []piece) (out []piece) {
		for _, l := range lines(ps, tol) {
			for _, p := range l.drawn {
				out = append(out, piece{l.at, p.from, p.to})
			}
		}
		return out
	}
	h, v := pieces(rulings, tol)
	walls = slices.DeleteFunc(whole(v), func(p piece) bool { return p.length() < leastWall*em })
	return whole(h), walls[:min(len(walls), maxWalls)]
}

// whiteTable is a table that white space rules: its body is lines[body:end], its header
// lines[top:body].
type whiteTable struct {
	lines          []whiteLine
	top, body, end int
	columns        []span // of figures
	blanks         int    // labels in the header without figures under them
	labels         []span
	box            layout.Rect
	rules          []piece // horizontal, all of the page
	walls          []piece // vertical, all of the page
	em             float64
}

// newWhite gathers the body of a table from its first row of figures, at, and its header, not above
// line floor.
func newWhite(lines []whiteLine, floor, at int, rules, walls []piece) (*whiteTable, bool) {
	em := lines[at].em
	lines = slices.Clone(lines) // what is found out of them holds for this table
	w := &whiteTable{lines: lines, top: at, body: at, end: at, rules: rules, walls: walls, em: em}
	loose := 0 // lines without figures behind the last row
	for i := at; i < len(lines); i++ {
		l := &lines[i]
		l.banner = w.isBanner(i)
		if i > at {
			step := l.box.Y0 - lines[i-1].box.Y1
			if step > rowStep*em && !w.ruled(lines[i-1].box.Y1, l.box.Y0) && !(l.banner && step <= bandStep*em) {
				break
			}
		}
		if !l.valued() && !l.banner {
			l.figures = w.among(l)
		}
		if !l.valued() {
			loose++
			if l.banner && loose <= maxLoose {
				continue
			}
			if l.leaders || len(w.columns) == 0 || l.parts[len(l.parts)-1].to > w.columns[0].from-columnGap*em || loose > maxLoose {
				break
			}
			continue
		}
		columns, ok := w.with(l)
		if !ok && w.unmark(l) {
			columns, ok = w.with(l)
		}
		if n := w.among(l); !ok && n > l.figures {
			l.figures = n
			columns, ok = w.with(l)
		}
		if !ok {
			break
		}
		w.columns, w.end, loose = columns, i+1, 0
	}
	for i := floor; i < w.end; i++ {
		if w.lines[i].figures == 0 {
			w.lines[i].parts = w.apart(w.lines[i].parts)
		}
	}
	w.partLabels()
	w.findLabels()
	w.head(floor)
	w.strayColumns()
	w.blankColumns()
	if !w.enough() || w.torn() {
		return nil, false
	}
	// The last row's label may go on below its figures.
	for w.end < len(lines) {
		l := &lines[w.end]
		if l.valued() || l.numbered || len(l.parts) > 1 || l.box.Y0-lines[w.end-1].box.Y1 > lineStep*em/2 ||
			l.parts[0].to > w.columns[0].from-columnGap*em || w.ruled(lines[w.end-1].box.Y1, l.box.Y0) {
			break
		}
		w.end++
	}
	w.findLabels()
	for _, l := range lines[w.top:w.end] {
		w.box = w.box.Union(l.box)
	}
	return w, true
}

// among counts the texts at the end of a line that stand each in a column of figures, behind a label: in a
// row of figures some may be words, or read as such. It is 0 where the line is no such row.
func (w *whiteTable) among(l *whiteLine) int {
	if len(w.columns) == 0 || l.leaders {
		return 0
	}
	edge, n := w.columns[0].from-columnGap*w.em, 0
	for _, p := range l.parts {
		if p.to <= edge {
			continue
		}
		in := 0
		for _, c := range w.columns {
			if p.meets(c) {
				in++
			}
		}
		if in != 1 || p.from < edge {
			return 0
		}
		n++
	}
	if n == len(l.parts) {
		return 0 // no label
	}
	return n
}

// apart parts the texts of a header where they leave white, though little, between columns of figures:
// labels are wider than what stands under them.
func (w *whiteTable) apart(parts []segment) []segment {
	var out []segment
	for _, p := range parts {
		from, to := 0, p.words[0].to
		cut := func(k int) {
			out = append(out, p.part(from, k, to))
			from = k
		}
		for k := 1; k < len(p.words); k++ {
			at, start := p.words[k].from, p.words[from].from
			// Both sides reach a column, else it is a title in the white between two.
			if at-to >= closeGap*w.em && slices.ContainsFunc(w.whites(), func(c span) bool {
				return at > c.from && to < c.to && start < c.from && p.to > c.to
			}) {
				cut(k)
			}
			to = max(to, p.words[k].to)
		}
		cut(len(p.words))
	}
	return out
}

// partLabels parts the labels of the body where a word begins in line with the labels of other rows: a
// group's label may end close before them.
func (w *whiteTable) partLabels() {
	var starts []float64
	for _, l := range w.lines[w.body:w.end] {
		for _, p := range l.label() {
			starts = append(starts, p.from)
		}
	}
	aligned := func(x float64) bool {
		n := 0
		for _, s := range starts {
			if math.Abs(s-x) <= alignGap*w.em {
				n++
			}
		}
		return n >= leastRows
	}
	for i := w.body; i < w.end; i++ {
		l := &w.lines[i]
		var parts []segment
		for _, p := range l.label() {
			from, to := 0, p.words[0].to
			for k := 1; k <= len(p.words); k++ {
				if k == len(p.words) || p.words[k].from-to >= columnGap*w.em && aligned(p.words[k].from) {
					parts = append(parts, p.part(from, k, to))
					from = k
				}
				if k < len(p.words) {
					to = max(to, p.words[k].to)
				}
			}
		}
		l.parts = append(parts, l.values()...)
	}
}

// whites are the stretches between the columns of figures.
func (w *whiteTable) whites() (out []span) {
	for k := 1; k < len(w.columns); k++ {
		out = append(out, span{w.columns[k-1].to, w.columns[k].from})
	}
	return out
}

// strayColumns drops the columns that hold a mark for none and nothing else, in one row of many and under no label: a speck.
func (w *whiteTable) strayColumns() {
	rows, marks, digits := 0, make([]int, len(w.columns)), make([]int, len(w.columns))
	for i := w.top; i < w.end; i++ {
		l := &w.lines[i]
		if l.valued() {
			rows++
		}
		for _, p := range l.parts {
			for k, c := range w.columns {
				if p.meets(c) {
					if p.digits || !p.figure {
						digits[k]++
					} else {
						marks[k]++
					}
				}
			}
		}
	}
	var kept, stray []span
	for k, c := range w.columns {
		if digits[k] > 0 || marks[k] > 1 || rows < leastRows {
			kept = append(kept, c)
		} else {
			stray = append(stray, c)
		}
	}
	if len(kept) == 0 || len(stray) == 0 {
		return
	}
	w.columns = kept
	for i := w.top; i < w.end; i++ {
		w.lines[i].drop(stray)
	}
}

// drop takes the figures in some columns out of the line, if it has others.
func (l *whiteLine) drop(columns []span) {
	kept := slices.DeleteFunc(slices.Clone(l.values()), func(p segment) bool {
		return slices.ContainsFunc(columns, func(c span) bool { return p.meets(c) })
	})
	if len(kept) == 0 || len(kept) == l.figures {
		return
	}
	l.parts, l.figures = append(slices.Clone(l.label()), kept...), len(kept)
	l.box.X0, l.box.X1 = l.parts[0].from, l.parts[len(l.parts)-1].to
}

// blankColumns adds the columns that have a label in the header and no figure under it, where every
// other column has its label. Of many columns, one without a label is none: specks stand there.
func (w *whiteTable) blankColumns() {
	var blank []span
	over := map[int]bool{}
	for i := w.top; i < w.body; i++ {
		for _, p := range w.lines[i].parts {
			if p.to < w.columns[0].from || w.group(i, p) {
				continue
			}
			nearest, far := -1, math.Inf(1)
			for i, c := range w.columns {
				if d := math.Abs(p.from + p.to - c.from - c.to); p.meets(c) && d < far {
					nearest, far = i, d
				}
			}
			if nearest >= 0 {
				over[nearest] = true
			} else {
				blank = append(blank, p.span)
			}
		}
	}
	if k := len(w.columns); k > leastWide && len(over) < k && k-len(over) <= k/leastWide {
		var named []span
		for i, c := range w.columns {
			if over[i] {
				named = append(named, c)
			}
		}
		w.columns = named
		over = map[int]bool{}
		for i := range named {
			over[i] = true
		}
	}
	w.blanks = len(blank)
	if len(over) == len(w.columns) && len(blank) > 0 {
		w.columns = merged(append(slices.Clone(w.columns), blank...), columnGap*w.em)
	}
}

// torn says that a table without a header goes on what stands close above in its columns: rows that could
// not be told, so that a column may lack all of its figures here.
func (w *whiteTable) torn() bool {
	if w.top < w.body {
		return false
	}
	for i := w.body - 1; i >= 0; i-- {
		l, under := &w.lines[i], &w.lines[i+1]
		if under.box.Y0-l.box.Y1 > rowStep*w.em && !w.ruled(l.box.Y1, under.box.Y0) {
			break
		}
		if l.parts[len(l.parts)-1].to > w.columns[0].from {
			return true
		}
	}
	return false
}

// enough says that the rows are no chance.
func (w *whiteTable) enough() bool {
	rows, wide, labelled, figures, headed, bands := 0, 0, 0, 0, 0, 0
	head := w.body > w.top && w.names(&w.lines[w.body-1], &w.lines[w.body])
	under := head // a header that names every column
	for i := w.body; i < w.end; i++ {
		l := &w.lines[i]
		if l.banner {
			if len(l.parts) > 1 && i+1 < w.end {
				under = w.names(l, &w.lines[i+1])
				bands++
			}
			continue
		}
		if !l.valued() {
			continue
		}
		rows++
		figures += l.figures
		beside := i > 0 && w.lines[i-1].box.Y1 > l.box.Y0 || i+1 < len(w.lines) && w.lines[i+1].box.Y0 < l.box.Y1
		if l.figures > 1 || len(l.parts) >= leastColumns || beside {
			wide++
		}
		if len(l.label()) > 0 {
			labelled++
		}
		if under {
			headed++
		}
	}
	columns := len(w.labels) + len(w.columns)
	switch {
	case labelled == 0:
		// The one table without labels before its figures has a header over each of them, and none over
		// blanks: its headers are alike, so that a place alone tells them apart.
		return rows == 1 && figures >= leastWide && w.blanks == 0 && w.headed() == len(w.columns)
	case 2*labelled < rows:
		return false
	case rows >= leastRows && wide >= leastRows && columns >= leastColumns:
		return true
	case labelled == rows && figures >= leastFigures && len(w.columns) >= leastWide:
		return true
	case head && columns >= leastColumns && figures >= leastRows && labelled == rows:
		return true
	}
	return headed == rows && rows >= leastRows && bands > 0
}

// names says that a line is a header over a row: a text for each of its labels and figures, over it.
func (w *whiteTable) names(head, row *whiteLine) bool {
	if head.figures > 0 || head.leaders || len(head.parts) != len(row.parts) || row.box.Y0-head.box.Y1 > rowStep*w.em ||
		len(row.label()) > 0 && (head.parts[0].to-head.parts[0].from > cornerWidth*w.em || head.parts[0].to > w.columns[0].from) {
		return false
	}
	for i, p := range head.parts {
		q := row.parts[i]
		if p.figure || i > 0 && row.parts[i-1].to > p.from || i+1 < len(row.parts) && row.parts[i+1].from < p.to {
			return false
		}
		if i+len(row.values()) >= len(row.parts) && (q.from > p.to || q.to < p.from) {
			return false
		}
	}
	return true
}

// headed counts the columns of figures that have a text in the header.
func (w *whiteTable) headed() (n int) {
	for _, c := range w.columns {
		if slices.ContainsFunc(w.lines[w.top:w.body], func(l whiteLine) bool {
			return slices.ContainsFunc(l.parts, func(p segment) bool { return !p.figure && p.meets(c) })
		}) {
			n++
		}
	}
	return n
}

// isBanner says that line i is the header of a further band of rows, or the title over one: the
// header has texts over labels and figures, and figures follow.
func (w *whiteTable) isBanner(i int) bool {
	header := func(k int) bool {
		if k+1 >= len(w.lines) || len(w.columns) == 0 {
			return false
		}
		l := &w.lines[k]
		return !l.leaders && !slices.ContainsFunc(l.parts, func(p segment) bool { return p.figure }) && len(l.parts) > 1 && l.parts[0].to < w.columns[0].from &&
			l.parts[len(l.parts)-1].to > w.columns[0].from && w.lines[k+1].valued()
	}
	l := &w.lines[i]
	return header(i) || len(l.parts) == 1 && !l.leaders && l.box.Width() < bannerWidth*w.em && header(i+1)
}

// with gives the columns of figures when a line is added; it says no where the line does not fit.
func (w *whiteTable) with(l *whiteLine) ([]span, bool) {
	var all []span
	for _, v := range l.values() {
		all = append(all, v.span)
	}
	all = merged(append(all, w.columns...), columnGap*w.em)
	if len(all) < max(len(w.columns), l.figures) {
		return nil, false
	}
	if w.columns != nil && all[0].from < w.columns[0].from-columnGap*w.em && len(all) > len(w.columns) {
		return nil, false // a figure where the labels are
	}
	edge := all[0].from - columnGap*w.em
	for i := w.body; i < w.end; i++ {
		if w.lines[i].banner {
			continue
		}
		if n := len(w.lines[i].label()); n > 0 && w.lines[i].parts[n-1].to > edge {
			return nil, false
		}
	}
	if n := len(l.label()); n > 0 && l.parts[n-1].to > edge {
		return nil, false
	}
	return all, true
}

// underLabels says that a text stands where the rows before have labels.
func (w *whiteTable) underLabels(p segment) bool {
	n := 0
	for _, l := range w.lines[w.body:w.end] {
		if slices.ContainsFunc(l.label(), func(q segment) bool { return q.from <= p.from && q.to >= p.to }) {
			n++
		}
	}
	return n >= leastRows
}

// unmark takes figures that stand where other rows have labels, such as the dashes of a heading under the
// units or the end of a label that looks like one, for labels: those of a line, or the marks for none of all
// lines before it. It says whether there were any.
func (w *whiteTable) unmark(l *whiteLine) bool {
	if len(w.columns) == 0 {
		return false
	}
	n := l.figures
	for edge := w.columns[0].from - columnGap*w.em; l.figures > 1 && l.values()[0].to < edge && (!l.digits || w.underLabels(l.values()[0])); {
		l.figures--
	}
	if l.figures < n || !l.digits {
		return l.figures < n
	}
	label := l.label()
	if len(label) == 0 || slices.ContainsFunc(w.lines[w.body:w.end], func(o whiteLine) bool { return o.digits }) {
		return false
	}
	edge := label[len(label)-1].to + columnGap*w.em
	k := slices.IndexFunc(w.columns, func(c span) bool { return c.from > edge })
	if k <= 0 {
		return false
	}
	w.columns = w.columns[k:]
	for i := w.body; i < w.end; i++ {
		o := &w.lines[i]
		for o.figures > 0 && o.values()[0].from <= edge {
			o.figures--
		}
	}
	return true
}

// merged joins spans that overlap or leave less than gap.
func merged(in []span, gap float64) []span {
	slices.SortFunc(in, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out []span
	for _, s := range in {
		if k := len(out) - 1; k >= 0 && s.from < out[k].to+gap {
			out[k].to = max(out[k].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// ruled says that a ruling runs between two heights, over most of the table's columns.
func (w *whiteTable) ruled(y0, y1 float64) bool {
	_, ok := w.rule(y0, y1)
	return ok
}

// rule gives the lowest such ruling.
func (w *whiteTable) rule(y0, y1 float64) (float64, bool) {
	if len(w.columns) == 0 {
		return 0, false
	}
	from, to := w.lines[w.body].box.X0, w.columns[len(w.columns)-1].to
	for i := len(w.rules) - 1; i >= 0; i-- {
		r := w.rules[i]
		if r.at >= y0 && r.at <= y1 && min(r.to, to)-max(r.from, from) > ruleShare*(to-from) {
			return r.at, true
		}
	}
	return 0, false
}

// findLabels parts the labels into columns where few of them run over the gap.
func (w *whiteTable) findLabels() {
	var parts []span
	count := 0
	for _, l := range w.lines[w.body:w.end] {
		if l.banner {
			continue
		}
		for _, p := range l.label() {
			parts = append(parts, p.span)
		}
		if len(l.label()) > 0 {
			count++
		}
	}
	if count == 0 {
		return
	}
	// A text that runs over the left edges of several others spans columns: it shows no gap itself.
	crossed := map[int]int{}
	for i, p := range parts {
		for _, q := range parts {
			if q.from > p.from+columnGap*w.em && q.from < p.to-columnGap*w.em {
				crossed[i]++
			}
		}
	}
	var plain []span
	over := 0
	for i, p := range parts {
		if crossed[i] > 0 {
			over++
			continue
		}
		plain = append(plain, p)
	}
	if float64(over) > spanning*float64(count) {
		plain = parts
	}
	w.labels = merged(slices.Clone(plain), columnGap*w.em)
}

// head looks for the header above the body, not above line floor; the label of the first row may begin
// above its figures.
func (w *whiteTable) head(floor int) {
	w.findHead(floor)
	if !slices.ContainsFunc(w.lines[w.top:w.body], func(l whiteLine) bool { return l.parts[len(l.parts)-1].to > w.columns[0].from }) {
		w.top = w.body // labels alone
	}
	// A heading over the first rows is none of the columns'.
	for edge := w.columns[0].from - columnGap*w.em; w.body-1 > w.top; w.body-- {
		if l := &w.lines[w.body-1]; !l.numbered || l.parts[len(l.parts)-1].to > edge {
			break
		}
	}
}

func (w *whiteTable) findHead(floor int) {
	edge, right := w.columns[0].from-columnGap*w.em, w.columns[len(w.columns)-1].to
	for w.body > floor {
		l := &w.lines[w.body-1]
		if len(w.labels) == 0 || l.leaders || l.figures > 0 || l.parts[len(l.parts)-1].to > edge || w.lines[w.body].numbered ||
			w.lines[w.body].box.Y0-l.box.Y1 > lineStep*w.em || w.ruled(l.box.Center().Y, w.lines[w.body].box.Center().Y) {
			break
		}
		w.body--
	}
	w.top = w.body
	under := w.lines[w.body].box.Y0
	rule, ok := w.rule(under-rowStep*w.em, under)
	if ok {
		// The header of a table with rulings stands between two of them.
		if top, ok := w.rule(rule-4*rowStep*w.em, rule-w.em); ok {
			for w.top > floor && w.lines[w.top-1].box.Center().Y > top && !w.lines[w.top-1].counted() {
				w.top--
			}
			if w.top < w.body {
				return
			}
		}
	}
	for i := w.body - 1; i >= floor; i-- {
		l := &w.lines[i]
		if w.top == w.body-1 && len(l.parts) == 1 && w.names(&w.lines[w.top], &w.lines[w.body]) {
			break // what stands over a whole header is a title
		}
		if w.lines[i+1].box.Y0-l.box.Y1 > rowStep*w.em || l.leaders || l.counted() || w.body-i > maxHead ||
			slices.ContainsFunc(l.parts, func(p segment) bool { return p.to > edge && p.to-p.from > bannerWidth*w.em }) {
			break
		}
		first, last := l.parts[0], l.parts[len(l.parts)-1]
		switch {
		case len(l.parts) > 1 && last.to > edge:
			w.top = i
		case first.from > edge && last.to < right+rowStep*w.em && !l.numbered:
			w.top = i
		case last.to > edge:
			i = floor // prose
		}
	}
}

// edges are the places of the column lines, without the outer ones.
func (w *whiteTable) edges() []float64 {
	columns := append(slices.Clone(w.labels), w.columns...)
	var out []float64
	for k := 1; k < len(columns); k++ {
		out = append(out, w.edge(columns[k-1].to, columns[k].from))
	}
	return out
}

// wall gives the vertical ruling between two places that stands along most of the table; of rulings that stand
// as long, the one nearest to x.
func (w *whiteTable) wall(from, to, x float64) (at float64, ok bool) {
	y0, y1 := w.lines[w.top].box.Y0, w.lines[w.end-1].box.Y1
	most := 0.0
	for _, p := range w.walls {
		if p.at < from || p.at > to {
			continue
		}
		long := 0.0
		for _, o := range w.walls {
			if math.Abs(o.at-p.at) <= overEdge*w.em {
				long += max(0, min(o.to, y1)-max(o.from, y0))
			}
		}
		if long < leastWall*w.em || ok && (long < most-w.em || long < most+w.em && math.Abs(p.at-x) >= math.Abs(at-x)) {
			continue
		}
		at, most, ok = p.at, long, true
	}
	return at, ok
}

// edge is the place between two columns: that of a ruling, or where fewest texts run over, in the middle of
// the widest such white. Titles of bands and groups of columns do not count.
func (w *whiteTable) edge(from, to float64) float64 {
	if x, ok := w.wall(from-overEdge*w.em, to+overEdge*w.em, (from+to)/2); ok {
		return x
	}
	cuts := []float64{from, to}
	var over []span
	for i, l := range w.lines[w.top:w.end] {
		for _, p := range l.parts {
			if p.to > from && p.from < to && (!l.banner || len(l.parts) > 1) && !w.group(w.top+i, p) {
				over = append(over, p.span)
				cuts = append(cuts, min(max(p.from, from), to), min(max(p.to, from), to))
			}
		}
	}
	slices.Sort(cuts)
	best, fewest, widest := (from+to)/2, len(over)+1, 0.0
	for i := 1; i < len(cuts); i++ {
		mid, width := (cuts[i-1]+cuts[i])/2, cuts[i]-cuts[i-1]
		if width < 0.05*w.em {
			continue
		}
		n := 0
		for _, s := range over {
			if s.from < mid && s.to > mid {
				n++
			}
		}
		if n < fewest || n == fewest && width > widest {
			best, fewest, widest = mid, n, width
		}
	}
	return best
}

// group says that a text of a header's line stands over the labels of columns.
func (w *whiteTable) group(line int, p segment) bool {
	return line < w.body && slices.ContainsFunc(w.lines[line:w.body], func(l whiteLine) bool {
		return slices.ContainsFunc(l.parts, func(q segment) bool {
			return q.from < p.to && q.to > p.from && q.y0-p.y1 > wrapStep*w.em
		})
	})
}

// rows gives the lines of each row of the body, by number. A row has one line of figures at most; what
// stands of its label above and below hangs together with it.
func (w *whiteTable) rows() (rows [][2]int) {
	parted := make([]bool, w.end+1) // before line i
	parted[w.body], parted[w.end] = true, true
	for i := w.body + 1; i < w.end; i++ {
		a, b := &w.lines[i-1], &w.lines[i]
		parted[i] = w.ruled(a.box.Center().Y, b.box.Center().Y) || b.box.Y0-a.box.Y1 > lineStep*w.em || a.banner || b.banner ||
			b.numbered && len(b.label()) > 0
	}
	last := -1 // the line of figures before
	for i := w.body; i < w.end; i++ {
		if !w.lines[i].valued() {
			continue
		}
		if last >= 0 && !slices.Contains(parted[last+1:i+1], true) {
			widest := last + 1
			for k := last + 1; k <= i; k++ {
				if w.lines[k].box.Y0-w.lines[k-1].box.Y1 > w.lines[widest].box.Y0-w.lines[widest-1].box.Y1 {
					widest = k
				}
			}
			parted[widest] = true
		}
		last = i
	}
	from := w.body
	for i := w.body + 1; i <= w.end; i++ {
		if parted[i] {
			rows = append(rows, [2]int{from, i})
			from = i
		}
	}
	return rows
}

// bandEdges are the edges that part the band of rows that line i is in: where a table has bands with
// headers of their own, each has the columns of its header and no others, else a blank would stand
// under a header beside its figure.
func (w *whiteTable) bandEdges(i int, edges []float64) []float64 {
	bands := slices.ContainsFunc(w.lines[w.body:w.end], func(l whiteLine) bool { return l.banner })
	isHead := func(k int) bool {
		return len(w.lines[k].parts) > 1 && (w.lines[k].banner || k == w.body-1)
	}
	whole := func(k int) bool { return k+1 < w.end && w.names(&w.lines[k], &w.lines[k+1]) }
	head := i
	for head >= w.top && !isHead(head) {
		head--
	}
	if !bands {
		return edges
	}
	if head < w.top {
		head = w.top // rows that go on from the page before: the first tells the columns
	} else if !whole(head) {
		return edges // the header does not say what columns there are
	}
	parts := w.lines[head].parts
	var out []float64
	for n := 1; n < len(parts); n++ {
		from, to := parts[n-1].to, parts[n].from
		for k := head + 1; k < w.end && !w.lines[k].banner; k++ {
			if p := w.lines[k].parts; len(p) == len(parts) {
				from, to = max(from, p[n-1].to), min(to, p[n].from)
			}
		}
		at := slices.IndexFunc(edges, func(x float64) bool { return x > from && x < to })
		if at < 0 {
			return edges
		}
		out = append(out, edges[at])
	}
	return out
}

// over says that one of a line's texts runs over x.
func (w *whiteTable) over(l *whiteLine, x float64) bool {
	return slices.ContainsFunc(l.parts, func(p segment) bool {
		runs := func(s span) bool { return s.from < x-overEdge*w.em && s.to > x+overEdge*w.em }
		if x > w.columns[0].from {
			return slices.ContainsFunc(p.words, runs) // between figures a little white is enough
		}
		return runs(p.span)
	})
}

// rulings draws the table: the header, every row, and the columns where no text runs over them. A row
// without figures has no columns of them either: it may be a heading, or the half of a label, and no
// blank that was never printed may come of it.
func (w *whiteTable) rulings() []layout.Ruling {
	edges := w.edges()
	rows := w.rows()
	at := func(k int) float64 { // the line over row k
		switch {
		case k == 0 && w.top == w.body:
			return w.box.Y0 - w.em/4
		case k == 0:
			return w.between(w.lines[w.body-1].box.Y1, w.lines[w.body].box.Y0)
		case k == len(rows):
			return w.box.Y1 + w.em/4
		}
		a, b := &w.lines[rows[k-1][1]-1], &w.lines[rows[k][0]]
		y := w.between(a.box.Y1, b.box.Y0)
		// A group's label may stand beside both: it has no figure cut.
		if a.figures > 0 {
			y = max(y, a.bottom())
		}
		if b.figures > 0 {
			y = min(y, b.top())
		}
		return y
	}
	top, left, right := w.box.Y0-w.em/4, w.box.X0-w.em/2, w.box.X1+w.em/2
	if x, ok := w.wall(w.box.X0-outerWall*w.em, w.box.X0+overEdge*w.em, w.box.X0); ok {
		left = x
	}
	if x, ok := w.wall(w.box.X1-overEdge*w.em, w.box.X1+outerWall*w.em, w.box.X1); ok {
		right = x
	}
	var out []layout.Ruling
	draw := func(x0, y0, x1, y1 float64) {
		out = append(out, layout.Ruling{From: layout.Point{X: x0, Y: y0}, To: layout.Point{X: x1, Y: y1}})
	}
	draw(left, top, left, at(len(rows)))
	draw(right, top, right, at(len(rows)))
	draw(left, top, right, top)
	for k := 0; k <= len(rows); k++ {
		draw(left, at(k), right, at(k))
	}
	if w.top < w.body {
		xs := append(append([]float64{left}, edges...), right)
		for _, b := range w.header(edges, top, at(0)) {
			x0, x1 := xs[b.from], xs[b.to+1]
			draw(x0, b.y0, x1, b.y0)
			draw(x0, b.y1, x1, b.y1)
			draw(x0, b.y0, x0, b.y1)
			draw(x1, b.y0, x1, b.y1)
		}
	}
	for k, r := range rows {
		lines := w.lines[r[0]:r[1]]
		here := w.bandEdges(r[0], edges)
		plain := !slices.ContainsFunc(lines, func(l whiteLine) bool {
			return l.figures > 0 || l.banner || l.parts[len(l.parts)-1].to > w.columns[0].from
		})
		if plain {
			here = edges[:max(0, len(w.labels)-1)]
		}
		for _, x := range here {
			if plain && !slices.ContainsFunc(lines, func(l whiteLine) bool { return l.parts[len(l.parts)-1].from > x }) {
				break
			}
			if !slices.ContainsFunc(lines, func(l whiteLine) bool { return w.over(&l, x) }) {
				draw(x, at(k), x, at(k+1))
			}
		}
	}
	return out
}

// between is the place of a line between two lines of text: that of a ruling, or their middle.
func (w *whiteTable) between(y0, y1 float64) float64 {
	if y, ok := w.rule(min(y0, y1), max(y0, y1)); ok {
		return y
	}
	return (y0 + y1) / 2
}

// headCell is a label of the header with the columns that its text runs over, by number, and its cell's
// heights.
type headCell struct {
	from, to int
	y0, y1   float64
}

// header gives the cells of the header, which lies between two heights: each label's, as high as what
// stands above and below it in its columns leaves it. Lines of one label are one cell.
func (w *whiteTable) header(edges []float64, top, bottom float64) []headCell {
	var cells []headCell // first with the heights of the texts
	meet := func(a, b headCell) bool { return a.from <= b.to && b.from <= a.to }
	for _, l := range w.lines[w.top:w.body] {
		var line []headCell
		for _, p := range l.parts {
			c := headCell{0, 0, p.y0, p.y1}
			for _, x := range edges {
				if x <= p.from+overEdge*w.em {
					c.from++
				}
				if x < p.to-overEdge*w.em {
					c.to++
				}
			}
			c.to = max(c.from, c.to)
			line = append(line, c)
		}
		for _, c := range line {
			i := slices.IndexFunc(cells, func(o headCell) bool {
				beside := 0 // what stands under a group side by side goes on none of its lines
				for _, d := range line {
					if meet(o, d) {
						beside++
					}
				}
				nested := o.from <= c.from && o.to >= c.to || c.from <= o.from && c.to >= o.to
				return nested && beside == 1 && c.y0-o.y1 <= wrapStep*w.em && !w.ruled((o.y0+o.y1)/2, (c.y0+c.y1)/2)
			})
			if i >= 0 {
				o := &cells[i]
				*o = headCell{min(o.from, c.from), max(o.to, c.to), min(o.y0, c.y0), max(o.y1, c.y1)}
				continue
			}
			cells = append(cells, c)
		}
	}
	out := slices.Clone(cells)
	for i, c := range cells {
		next := math.Inf(1)
		for _, o := range cells {
			if meet(c, o) && o.y0 > c.y0 {
				next = min(next, o.y0)
			}
		}
		out[i].y1 = bottom
		if !math.IsInf(next, 1) {
			out[i].y1 = w.between(c.y1, next)
		}
	}
	for i, c := range cells {
		out[i].y0 = top
		for k, o := range cells {
			if meet(c, o) && o.y0 < c.y0 {
				out[i].y0 = max(out[i].y0, out[k].y1)
			}
		}
	}
	return out
}
