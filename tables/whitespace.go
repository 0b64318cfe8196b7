package tables

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout"
)

// Distances in heights of a character.
const (
	// segmentGap parts what stands in two columns.
	segmentGap = 0.9
	// columnGap is the least white between two columns of a table.
	columnGap = 0.4
	// rowStep is the most white between two lines of a table that no ruling parts.
	rowStep = 2.5
	// lineStep is the most white between two lines of one cell.
	lineStep = 0.6
	// overEdge is how far a text must reach over a column's edge to stand in both.
	overEdge = 0.1
)

const (
	// leastRows of figures make a table, with leastColumns.
	leastRows, leastColumns = 3, 3
	// bannerWidth is the most width of a title between the rows of a table.
	bannerWidth = 16
	// maxWhiteLines is the most lines of a page that is looked at: it bounds the work.
	maxWhiteLines = 400
	// maxLoose lines without figures may stand between two rows of them.
	maxLoose = 5
	// ruleShare is how much of a table's width a ruling must have to part its rows.
	ruleShare = 0.6
	// spanning is the share of lines whose text may run over the edge of a column of labels.
	spanning = 0.25
)

// span is a stretch along one axis.
type span struct{ from, to float64 }

// segment is what a line holds in one column.
type segment struct {
	span
	figure, short bool
}

// whiteLine is a line taken apart where it leaves white.
type whiteLine struct {
	box     layout.Rect
	parts   []segment
	figures int // how many figures stand at its end
	numbered,
	leaders bool // dots lead to a page number
	banner bool // a title or a header between the rows of a table
}

func (l *whiteLine) label() []segment { return l.parts[:len(l.parts)-l.figures] }
func (l *whiteLine) values() []segment {
	return l.parts[len(l.parts)-l.figures:]
}

// valued says that a line may be a row of a table: figures behind a label, or figures alone.
func (l *whiteLine) valued() bool { return l.figures > 0 && len(l.parts) > 1 && !l.leaders }

func whiteLines(words []layout.Word, em float64) []whiteLine {
	var out []whiteLine
	for _, l := range Lines(words) {
		w := whiteLine{box: l.Box}
		text := l.Text()
		w.numbered = numbered(text) || strings.HasPrefix(strings.TrimSpace(text), "其中")
		w.leaders = strings.Contains(text, "……") || strings.Contains(text, "....")
		for i := 0; i < len(l.Words); {
			k := i + 1
			to := l.Words[i].Box.X1
			for k < len(l.Words) && l.Words[k].Box.X0-to < segmentGap*em {
				to = max(to, l.Words[k].Box.X1)
				k++
			}
			part := Line{Words: l.Words[i:k]}
			text := strings.TrimSpace(part.Text())
			if text != "" {
				w.parts = append(w.parts, segment{span{l.Words[i].Box.X0, to}, isFigure(text), utf8.RuneCountInString(text) <= 3})
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
	return out
}

// white finds the tables that white space rules, or rulings one way only: figures in columns behind
// labels, at least three rows of them and three columns. Prose has no figures that stand in columns.
// What it finds is drawn as rulings, so that Find makes the cells.
func white(words []layout.Word, rulings []layout.Ruling, em float64) []layout.Table {
	lines := whiteLines(words, em)
	if len(lines) > maxWhiteLines {
		return nil
	}
	rules := levels(rulings, em)
	var out []layout.Table
	floor := 0
	for i := 0; i < len(lines); i++ {
		if !lines[i].valued() {
			continue
		}
		w, ok := newWhite(lines, i, rules, em)
		if !ok {
			continue
		}
		w.head(floor)
		if t := Find(w.rulings(), drawnTol*em); len(t) == 1 {
			out = append(out, t[0])
			floor, i = w.end, w.end-1
		}
	}
	return out
}

// withWhite adds the tables that white space rules to those that rulings do. One whose rulings part
// rows alone is taken again, with its columns.
func withWhite(p *layout.Page, found []layout.Table, em float64) []layout.Table {
	var known []layout.Rect
	for i := range found {
		if found[i].Cols > 1 {
			known = append(known, Box(&found[i]))
		}
	}
	taken := func(at layout.Point) bool {
		return slices.ContainsFunc(known, func(r layout.Rect) bool { return r.Contains(at) })
	}
	var words []layout.Word
	for _, w := range p.Words {
		if !w.Vertical && !taken(w.Box.Center()) {
			words = append(words, w)
		}
	}
	seen := white(words, p.Rulings, em)
	if len(seen) == 0 {
		return found
	}
	out := slices.DeleteFunc(slices.Clone(found), func(t layout.Table) bool {
		return t.Cols == 1 && slices.ContainsFunc(seen, func(s layout.Table) bool { return overlap(Box(&s), Box(&t)) })
	})
	for _, s := range seen {
		if !slices.ContainsFunc(known, func(r layout.Rect) bool { return overlap(r, Box(&s)) }) {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b layout.Table) int { return cmp.Compare(Box(&a).Y0, Box(&b).Y0) })
	return out
}

// overlap says that two boxes share some of the page.
func overlap(a, b layout.Rect) bool {
	return min(a.X1, b.X1) > max(a.X0, b.X0) && min(a.Y1, b.Y1) > max(a.Y0, b.Y0)
}

// levels gives the horizontal rulings, from top to bottom, with the broken ones joined.
func levels(rulings []layout.Ruling, em float64) []piece {
	tol := drawnTol * em
	h, _ := pieces(rulings, tol)
	var out []piece
	for _, l := range lines(h, tol) {
		for _, p := range l.drawn {
			out = append(out, piece{l.at, p.from, p.to})
		}
	}
	return out
}

// whiteTable is a table that white space rules: its body is lines[body:end], its header
// lines[top:body].
type whiteTable struct {
	lines          []whiteLine
	top, body, end int
	columns        []span // of figures
	labels         []span
	box            layout.Rect
	rules          []piece // horizontal, all of the page
	em             float64
}

// newWhite gathers the body of a table from its first row of figures.
func newWhite(lines []whiteLine, at int, rules []piece, em float64) (*whiteTable, bool) {
	w := &whiteTable{lines: lines, top: at, body: at, end: at, rules: rules, em: em}
	rows, wide, labelled := 0, 0, 0
	loose := 0 // lines without figures behind the last row
	for i := at; i < len(lines); i++ {
		l := &lines[i]
		if i > at {
			step := l.box.Y0 - lines[i-1].box.Y1
			if step > rowStep*em && !w.ruled(lines[i-1].box.Y1, l.box.Y0) {
				break
			}
		}
		if !l.valued() {
			loose++
			if l.banner = w.isBanner(i); l.banner && loose <= maxLoose {
				continue
			}
			if l.leaders || len(w.columns) == 0 || l.parts[len(l.parts)-1].to > w.columns[0].from-columnGap*em || loose > maxLoose {
				break
			}
			continue
		}
		columns, ok := w.with(l)
		if !ok {
			break
		}
		w.columns, w.end, loose = columns, i+1, 0
		rows++
		beside := i > 0 && lines[i-1].box.Y1 > l.box.Y0 || i+1 < len(lines) && lines[i+1].box.Y0 < l.box.Y1
		if l.figures > 1 || len(l.parts) >= leastColumns || beside {
			wide++
		}
		if len(l.label()) > 0 {
			labelled++
		}
	}
	if rows < leastRows || wide < leastRows || 2*labelled < rows {
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
	if len(w.labels)+len(w.columns) < leastColumns || len(w.labels) == 0 {
		return nil, false
	}
	for _, l := range lines[w.body:w.end] {
		w.box = w.box.Union(l.box)
	}
	return w, true
}

// isBanner says that line i is the header of a further band of rows, or the title over one: the
// header has texts over labels and figures, and figures follow.
func (w *whiteTable) isBanner(i int) bool {
	header := func(k int) bool {
		if k+1 >= len(w.lines) || len(w.columns) == 0 {
			return false
		}
		l := &w.lines[k]
		return !l.leaders && l.figures == 0 && len(l.parts) > 1 && l.parts[0].to < w.columns[0].from &&
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

// head looks for the header above the body, not above line floor.
func (w *whiteTable) head(floor int) {
	edge, right := w.columns[0].from-columnGap*w.em, w.columns[len(w.columns)-1].to
	under := w.lines[w.body].box.Y0
	rule, ok := w.rule(under-rowStep*w.em, under)
	if ok {
		// The header of a table with rulings stands between two of them.
		if top, ok := w.rule(rule-4*rowStep*w.em, rule-w.em); ok {
			i := w.body
			for i > floor && w.lines[i-1].box.Center().Y > top {
				i--
			}
			if i < w.body {
				w.top = i
				for _, l := range w.lines[w.top:w.body] {
					w.box = w.box.Union(l.box)
				}
				return
			}
		}
	}
	for i := w.body - 1; i >= floor; i-- {
		l := &w.lines[i]
		if w.lines[i+1].box.Y0-l.box.Y1 > rowStep*w.em || l.leaders {
			break
		}
		first, last := l.parts[0], l.parts[len(l.parts)-1]
		switch {
		case len(l.parts) > 1 && last.to > edge:
			w.top = i
		case first.from > edge && last.to < right+rowStep*w.em:
			w.top = i
		case last.to > edge:
			i = floor // prose
		}
	}
	for _, l := range w.lines[w.top:w.body] {
		w.box = w.box.Union(l.box)
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

// edge is the place between two columns that fewest texts run over, in the middle of
// the widest such white.
func (w *whiteTable) edge(from, to float64) float64 {
	cuts := []float64{from, to}
	var over []span
	for _, l := range w.lines[w.top:w.end] {
		for _, p := range l.parts {
			if p.to > from && p.from < to {
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

// rows gives the lines of each row, by number: the header's rows first.
func (w *whiteTable) rows(edges []float64) (rows [][2]int) {
	values := edges[max(0, len(w.labels)-1):]
	for i := w.top; i < w.end; i++ {
		l := &w.lines[i]
		fresh := true
		if k := len(rows) - 1; k >= 0 && !(i == w.body) {
			before := w.lines[i-1].box
			valued := slices.ContainsFunc(w.lines[rows[k][0]:i], func(l whiteLine) bool { return l.valued() })
			gap := l.box.Y0 - before.Y1
			switch {
			case w.ruled(before.Center().Y, l.box.Center().Y):
			case gap > lineStep*w.em:
			case l.banner || w.lines[i-1].banner:
			case i < w.body:
				fresh = w.crosses(&w.lines[i-1], values) || w.crosses(l, values)
			case l.valued() && valued:
			default:
				fresh = l.numbered && len(l.label()) > 0
			}
		}
		if fresh {
			rows = append(rows, [2]int{i, i + 1})
			continue
		}
		rows[len(rows)-1][1] = i + 1
	}
	return rows
}

func (w *whiteTable) crosses(l *whiteLine, edges []float64) bool {
	return slices.ContainsFunc(edges, func(x float64) bool { return w.over(l, x) })
}

// bandEdges are the edges that part the band of rows that line i is in: where a table has bands with
// headers of their own, each has the columns of its header and no others, else a blank would stand
// under a header beside its figure.
func (w *whiteTable) bandEdges(i int, edges []float64) []float64 {
	bands := slices.ContainsFunc(w.lines[w.body:w.end], func(l whiteLine) bool { return l.banner })
	isHead := func(k int) bool {
		return len(w.lines[k].parts) > 1 && (w.lines[k].banner || k == w.body-1)
	}
	head := i
	for head >= w.top && !isHead(head) {
		head--
	}
	if !bands {
		return edges
	}
	if head < w.top {
		head = w.top // rows that go on from the page before: the first tells the columns
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
		return p.from < x-overEdge*w.em && p.to > x+overEdge*w.em
	})
}

// rulings draws the table: every row, and the columns where no text runs over them.
func (w *whiteTable) rulings() []layout.Ruling {
	edges := w.edges()
	rows := w.rows(edges)
	at := func(k int) float64 { // the line over row k
		switch {
		case k == 0:
			return w.box.Y0 - w.em/4
		case k == len(rows):
			return w.box.Y1 + w.em/4
		}
		above, below := w.lines[rows[k-1][1]-1].box, w.lines[rows[k][0]].box
		return (above.Y1 + below.Y0) / 2
	}
	left, right := w.box.X0-w.em/2, w.box.X1+w.em/2
	var out []layout.Ruling
	draw := func(x0, y0, x1, y1 float64) {
		out = append(out, layout.Ruling{From: layout.Point{X: x0, Y: y0}, To: layout.Point{X: x1, Y: y1}})
	}
	draw(left, at(0), left, at(len(rows)))
	draw(right, at(0), right, at(len(rows)))
	for k := 0; k <= len(rows); k++ {
		draw(left, at(k), right, at(k))
	}
	for k, r := range rows {
		for _, x := range w.bandEdges(r[0], edges) {
			if !slices.ContainsFunc(w.lines[r[0]:r[1]], func(l whiteLine) bool { return w.over(&l, x) }) {
				draw(x, at(k), x, at(k+1))
			}
		}
	}
	return out
}
