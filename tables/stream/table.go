package stream

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables/text"
)

// grid is a table whose columns are known: which texts of which lines stand in which of them.
type grid struct {
	paper
	lines   []line
	columns []span
	pieces  [][]piece // by line
	box     layout.Rect
	body    int     // the first line that is no header
	wrap    float64 // the most white between two lines of one cell
}

// piece is a text and the columns that it stands in.
type piece struct {
	from, to int
	segment
}

// table makes a table of lines; it says no where they are none.
func (p *paper) table(lines []line) (layout.Table, bool) {
	g := grid{paper: *p, lines: lines, columns: p.columnsOf(lines)}
	if len(g.columns) < 2 {
		return layout.Table{}, false
	}
	for _, l := range lines {
		g.box = g.box.Union(l.box)
	}
	g.wrap = wrapStep * p.em
	if g.ruledLines() >= leastRuled {
		g.wrap = ruledWrap * p.em
	}
	g.body = g.bodyLine()
	g.pieces = make([][]piece, len(lines))
	for i, l := range lines {
		for _, s := range l.segs {
			g.pieces[i] = append(g.pieces[i], g.place(s, i < g.body)...)
		}
	}
	if !g.isTable() {
		return layout.Table{}, false
	}
	return g.cells(g.rows()), true
}

// place says which columns a text stands in. One in several is parted between two columns where its words leave white there.
func (g *grid) place(s segment, head bool) []piece {
	from, to := -1, -1
	far := 0.0
	nearest := 0
	for k, c := range g.columns {
		in := min(c.to, s.box.X1) - max(c.from, s.box.X0)
		if k == 0 || in > far {
			nearest, far = k, in
		}
		if in > min(overEdge*g.em, s.width()/2, (c.to-c.from)/2) {
			if from < 0 {
				from = k
			}
			to = k
		}
	}
	if from < 0 {
		from, to = nearest, nearest
	}
	if from == to {
		return []piece{{from, to, s}}
	}
	if cuts := g.cuts(s, from, to, head); len(cuts) > 0 {
		var out []piece
		last := 0
		for _, i := range append(cuts, len(s.words)) {
			for _, part := range segmentOf(s.words[last:i]) {
				out = append(out, g.place(part, head)...)
			}
			last = i
		}
		return out
	}
	return []piece{{from, to, s}}
}

// cuts are the words of a text before which a new column begins. A text over several columns is a title of theirs unless its words leave
// white between all of them, or wide white; in the body, where a figure stands on one side.
func (g *grid) cuts(s segment, from, to int, head bool) []int {
	var all, sure []int
	between := 0
	for k := from; k < to; k++ {
		for i := 1; i < len(s.words); i++ {
			a, b := s.words[i-1], s.words[i]
			gap := b.Box.X0 - a.Box.X1
			if b.Box.X0 < g.columns[k].to || a.Box.X1 > g.columns[k+1].from || gap < cutGap*g.em {
				continue
			}
			between++
			all = append(all, i)
			if gap >= max(headGap*g.em, wideBlank*g.blank) || !head && (isFigure(a.Text) || isFigure(b.Text)) {
				sure = append(sure, i)
			}
			break
		}
	}
	if between == to-from && to-from > 1 && len(s.words) >= 2*(to-from) {
		return all
	}
	return sure
}

// bodyLine is the first line that is no header: one with figures behind its first text, or the first under a ruling where none has.
func (g *grid) bodyLine() int {
	for i, l := range g.lines {
		n := 0
		for k := 1; k < len(l.segs); k++ {
			if l.segs[k].figure && !year(l.segs[k].text) {
				n++
			}
		}
		if n > 0 && 2*n >= len(l.segs)-1 {
			return g.underHeader(i)
		}
	}
	for i := 1; i < len(g.lines) && i <= maxHead; i++ {
		if _, ok := g.rule(g.box, g.lines[i-1].box.Center().Y, g.lines[i].box.Center().Y); ok {
			return i
		}
	}
	return min(1, len(g.lines)-1)
}

// underHeader is the first line of the body, whose first line of figures is line i: labels alone that stand right over it are no header.
func (g *grid) underHeader(i int) int {
	for i > 1 && len(g.lines[i-1].segs) == 1 && g.lines[i-1].box.X1 < g.columns[1].from && g.lines[i-1].box.X0 < g.columns[0].to {
		i--
	}
	return i
}

// year says that a text is a year, or years, which head columns as often as they stand in them.
func year(s string) bool {
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		} else if r != '-' && r != '–' && r != '/' {
			return false
		}
	}
	return digits >= 4 && (s[0] == '1' || s[0] == '2') && (digits == 4 || digits == 8 || digits == 6) && len(s) >= 4
}

// isTable says that the texts in columns are a table, and no list, no contents, no chart and no prose in columns.
func (g *grid) isTable() bool {
	rows, filled, letters, scale := 0, 0, 0, 0
	width := make([]float64, len(g.columns))
	count := make([]int, len(g.columns))
	fig := make([]int, len(g.columns))
	for i := range g.lines {
		if len(g.pieces[i]) < 2 {
			if g.pieces[i][0].figure {
				scale++
			}
			continue
		}
		rows++
		for _, c := range g.pieces[i] {
			filled++
			width[c.from] += c.width()
			count[c.from]++
			if c.figure {
				fig[c.from]++
			} else {
				letters++
			}
		}
	}
	if rows < leastRows {
		return false
	}
	if float64(filled) < fullShare*float64(rows*len(g.columns)) {
		return false
	}
	wordy, figured := 0, 0
	for k := range g.columns {
		if count[k] > 0 && width[k] > wordyWidth*g.em*float64(count[k]) {
			wordy++
		}
		if 2*fig[k] > count[k] {
			figured++
		}
	}
	ruled := max(g.ruledLines(), len(g.stack(g.box)))
	// A grid of figures without a label is a table where it is full: the figures of a chart stand apart.
	full := float64(filled) >= denseShare*float64(rows*len(g.columns))
	dense := full && rows >= leastDense && len(g.columns) > 2
	switch {
	case wordy > 1 && ruled < 2:
		return false
	case letters == 0 && ruled == 0 && !dense, scale >= leastScale && scaleShare*float64(len(g.lines)) <= float64(scale): // of a chart
		return false
	case len(g.columns) == 2:
		if (g.listed() || g.contents()) && ruled < leastStacked {
			return false
		}
		if g.numbered() { // the lines of a transcript, or a list
			figured--
		}
		return rows >= 3 && (figured > 0 && (wordy == 0 || g.priced()) || ruled >= 3) || ruled >= 2 && figured > 0
	case figured == 0:
		return ruled >= 2 && (rows > leastRows || full) || rows >= 4 && wordy == 0 && len(g.columns) >= 3
	}
	return rows >= 3 || ruled >= 1
}

// priced says that figures stand behind long labels that are no numbers of pages: those grow.
func (g *grid) priced() bool {
	n, grows, last := 0, 0, -1
	for _, ps := range g.pieces {
		if len(ps) < 2 {
			continue
		}
		if c := ps[len(ps)-1]; ps[0].figure || !c.figure {
			continue
		} else if k, err := strconv.Atoi(c.text); err == nil && k >= last {
			grows, last = grows+1, k
		}
		n++
	}
	return n >= leastDense && 2*grows < n
}

// contents says that numbers of pages stand behind all titles: they do not fall, and no header says what they are.
func (g *grid) contents() bool {
	n, last := 0, -1
	for _, ps := range g.pieces {
		if len(ps) < 2 {
			continue
		}
		k, err := strconv.Atoi(ps[len(ps)-1].text)
		if err != nil || k < last || ps[0].figure {
			return false
		}
		n, last = n+1, k
	}
	return n >= leastProse
}

// listed says that the first column numbers the headings or items that stand behind it.
func (g *grid) listed() bool {
	return !slices.ContainsFunc(g.pieces, func(ps []piece) bool {
		return len(ps) > 1 && (!item().MatchString(ps[0].text) || ps[1].figure)
	})
}

// numbered says that the first column counts the lines.
func (g *grid) numbered() bool {
	n, last := 0, 0
	for _, ps := range g.pieces {
		if ps[0].from != 0 {
			continue
		}
		k, err := strconv.Atoi(strings.Trim(ps[0].text, ".)"))
		if err != nil || n > 0 && k != last+1 {
			return false
		}
		n, last = n+1, k
	}
	return n >= leastProse
}

// ruledLines counts the table's level rulings.
func (g *grid) ruledLines() int {
	n := 0
	last := -1e9
	for _, r := range g.level {
		if r.At > g.box.Y0-1.5*g.em && r.At < g.box.Y1+1.5*g.em && r.At > last+0.3*g.em && g.ofTable(r, g.box) {
			n++
			last = r.At
		}
	}
	return n
}

// rows gives the lines of each row of the body, as the first line and the one behind the last.
func (g *grid) rows() [][2]int {
	var out [][2]int
	from := g.body
	for i := g.body + 1; i < len(g.lines); i++ {
		if !g.goesOn(from, i) {
			out = append(out, [2]int{from, i})
			from = i
		}
	}
	if from < len(g.lines) {
		out = append(out, [2]int{from, len(g.lines)})
	}
	return out
}

// goesOn says that line i goes on the row that begins with line from: its texts stand close under others that wrap, and it has no figure
// in a column that has one already.
func (g *grid) goesOn(from, i int) bool {
	a, b := g.lines[i-1].box, g.lines[i].box
	if g.around(i) || g.around(i-1) {
		return true
	}
	if b.Y0-a.Y1 > g.wrap {
		return false
	}
	if _, ok := g.rule(g.box, a.Center().Y, b.Center().Y); ok {
		return false
	}
	var row []piece
	for k := from; k < i; k++ {
		row = append(row, g.pieces[k]...)
	}
	mine := g.pieces[i]
	labelled := slices.ContainsFunc(mine, func(c piece) bool { return c.from == 0 })
	for _, c := range mine {
		if c.figure && slices.ContainsFunc(row, func(o piece) bool { return o.from <= c.to && o.to >= c.from && o.figure }) {
			return false
		}
	}
	switch {
	case !labelled:
		// What has no label goes on the texts above it.
		return !slices.ContainsFunc(mine, func(c piece) bool {
			return c.figure || !slices.ContainsFunc(row, func(o piece) bool { return o.from <= c.to && o.to >= c.from })
		})
	case len(mine) > 1:
		// Label and values: it goes on a label alone that broke before it.
		if len(row) == 0 || slices.ContainsFunc(row, func(o piece) bool { return o.from != 0 }) {
			return g.wrapsAll(row, mine)
		}
		return g.broke(row[len(row)-1], mine[0])
	}
	// A label alone: the row above is broken, where its label is.
	k := slices.IndexFunc(row, func(o piece) bool { return o.from == 0 })
	if k < 0 {
		return false
	}
	last := row[k]
	for _, o := range row {
		if o.from == 0 {
			last = o
		}
	}
	return g.broke(last, mine[0]) || lower(mine[0].text) && mine[0].box.X0 >= last.box.X0-0.2*g.em
}

// around says that the label of line i's figures stands around it, one line above and one below.
func (g *grid) around(i int) bool {
	if i <= g.body || i+1 >= len(g.lines) || slices.ContainsFunc(g.pieces[i], func(c piece) bool { return c.from == 0 }) {
		return false
	}
	above, below := g.pieces[i-1], g.pieces[i+1]
	if len(above) != 1 || len(below) != 1 || above[0].to != 0 || below[0].to != 0 {
		return false
	}
	_, ruled := g.rule(g.box, above[0].box.Center().Y, below[0].box.Center().Y)
	return !ruled && below[0].box.Y0-above[0].box.Y1 <= g.wrap
}

// wrapsAll says that a line with a label goes on a row that has values: all of its texts are words, and the first of them goes on one.
func (g *grid) wrapsAll(row, mine []piece) bool {
	if slices.ContainsFunc(mine, func(c piece) bool { return c.figure }) || slices.ContainsFunc(row, func(c piece) bool { return c.figure }) {
		return false
	}
	return lower(mine[0].text)
}

// broke says that a text is so wide that its next word went to the next line.
func (g *grid) broke(a, b piece) bool {
	if len(b.words) == 0 {
		return false
	}
	widest := 0.0
	for i := range g.pieces {
		for _, c := range g.pieces[i] {
			if c.from == 0 && c.to == 0 && i >= g.body {
				widest = max(widest, c.box.X1)
			}
		}
	}
	return a.box.X1+b.words[0].Box.Width()+0.25*g.em > widest && lower(b.text)
}

// lower says that a text begins with a small letter.
func lower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

// cells makes the table of the header and the rows.
func (g *grid) cells(rows [][2]int) layout.Table {
	t := layout.Table{Cols: len(g.columns), White: true}
	for _, h := range g.header() {
		t.Cells = append(t.Cells, h)
		t.Rows = max(t.Rows, h.Row+h.RowSpan)
	}
	head := t.Rows
	for n, r := range rows {
		t.Cells = append(t.Cells, g.row(r, head+n)...)
	}
	t.Rows = head + len(rows)
	edges := g.edges()
	for i := range t.Cells {
		c := &t.Cells[i]
		c.Box.X0, c.Box.X1 = min(c.Box.X0, edges[c.Col]), max(c.Box.X1, edges[c.Col+c.ColSpan])
	}
	return t
}

// edges are where the columns begin, and where the last one ends: in the middle of the white between them.
func (g *grid) edges() []float64 {
	out := []float64{g.box.X0}
	for k := 1; k < len(g.columns); k++ {
		out = append(out, (g.columns[k-1].to+g.columns[k].from)/2)
	}
	return append(out, g.box.X1)
}

// row makes the cells of one row of the body.
func (g *grid) row(r [2]int, number int) []layout.Cell {
	type cell struct {
		from, to int
		box      layout.Rect
		words    []layout.Word
	}
	var in []cell
	for i := r[0]; i < r[1]; i++ {
		for _, c := range g.pieces[i] {
			k := slices.IndexFunc(in, func(o cell) bool { return o.from <= c.to && o.to >= c.from })
			if k < 0 {
				in = append(in, cell{c.from, c.to, c.box, c.words})
				continue
			}
			o := &in[k]
			o.from, o.to, o.box, o.words = min(o.from, c.from), max(o.to, c.to), o.box.Union(c.box), slices.Concat(o.words, c.words)
		}
	}
	slices.SortFunc(in, func(a, b cell) int { return a.from - b.from })
	var out []layout.Cell
	next := 0
	for _, c := range in {
		from, to := max(c.from, next), c.to
		if from > to {
			k := len(out) - 1 // both run over one column: one text
			out[k].Text += " " + text.Cell(c.words, 0)
			continue
		}
		out = append(out, layout.Cell{Row: number, Col: from, RowSpan: 1, ColSpan: to - from + 1, Box: c.box, Text: text.Cell(c.words, 0)})
		next = to + 1
	}
	return out
}
