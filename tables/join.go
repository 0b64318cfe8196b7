package tables

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
	"github.com/nianbao/nianbao/tables/text"
)

const (
	// maxHeader is the most rows of a header that are looked for again after a page break.
	maxHeader = 6
	// shortProse, in characters, is a line that may well be a heading.
	shortProse = 12
	// headerRows is the most rows that a header has.
	headerRows = 4
	// sameColumn is how far a column line may move from part to part, in parts of the width.
	sameColumn = 0.012
	// sameText is how alike the text of a repeated header must be where it was read from pixels.
	sameText = 0.6
)

// goesOn matches a line between two parts of a table that says no more than that the table is
// continued.
var goesOn = pattern.Of(`^[（(]?\s*(续\s*表|接\s*上\s*页|续\s*上\s*表|接\s*上\s*表)[\d一二三四五六]*\s*[）)]?$`)

// join makes one table of those that a page break cut, and one paragraph likewise.
func join(pages []layout.Page) {
	last := -1 // the page that holds the block before the break
	var open part
	for i := range pages {
		p := &pages[i]
		if len(p.Blocks) == 0 {
			continue
		}
		if last >= 0 {
			before := pages[last].Blocks
			end := before[len(before)-1]
			k := 0
			for k < len(p.Blocks)-1 && p.Blocks[k].Paragraph != nil && goesOn().MatchString(p.Blocks[k].Paragraph.Text) {
				k++
			}
			if n, m := lastTable(before), firstTable(p.Blocks[k:]); n+m > 0 && n >= 0 && m >= 0 && continues(before[len(before)-1-n].Table, p.Blocks[k+m].Table) {
				end, k = before[len(before)-1-n], k+m
			}
			switch head := p.Blocks[k]; {
			case end.Table != nil && head.Table != nil && end.Table.Picture == "" && head.Table.Picture == "":
				if open.table != end.Table {
					open = part{end.Table, columnLines(end.Table)}
				}
				if open.add(head.Table) {
					p.Blocks = p.Blocks[k+1:]
					if !slices.ContainsFunc(p.Blocks, func(b layout.Block) bool { return !stray(b) || b.Paragraph.Box.Y0 < (1-headBand)*p.Height }) {
						p.Blocks = nil // nothing but the foot of a page over which the table goes on
					}
				}
			case end.Paragraph != nil && head.Paragraph != nil && k == 0 && cutProse(&pages[last], p):
				end.Paragraph.Text = text.Join(end.Paragraph.Text, head.Paragraph.Text)
				end.Paragraph.Confidence = min(end.Paragraph.Confidence, head.Paragraph.Confidence)
				p.Blocks = p.Blocks[1:]
			}
		}
		if len(p.Blocks) > 0 {
			last = i
		}
	}
}

// straySigns is the most characters, without digits, of what a scan shows between two parts of a table and is no text: a page number
// that could not be read, a speck, the edge of the paper. strayLines are so many lines of it at most.
const straySigns, strayLines = 6, 3

// stray says that a block is such a line.
func stray(b layout.Block) bool {
	p := b.Paragraph
	if p == nil || p.Heading != 0 || p.Confidence == 1 || figure.OpensSection(p.Text) || figure.OpensItem(p.Text) {
		return false
	}
	n := 0
	for _, r := range p.Text {
		if !unicode.IsSpace(r) && !figure.IsDigit(r) {
			n++
		}
	}
	return n <= straySigns
}

// lastTable is how many stray lines follow the last table of a page; -1 where anything else does.
func lastTable(blocks []layout.Block) int {
	for n := 0; n <= strayLines && n < len(blocks); n++ {
		b := blocks[len(blocks)-1-n]
		if b.Table != nil && b.Table.Picture == "" {
			return n
		}
		if !stray(b) {
			break
		}
	}
	return -1
}

// firstTable is how many stray lines lead to the first table of a page; -1 where anything else does.
func firstTable(blocks []layout.Block) int {
	for n := 0; n <= strayLines && n < len(blocks); n++ {
		if t := blocks[n].Table; t != nil && t.Picture == "" {
			return n
		}
		if !stray(blocks[n]) {
			break
		}
	}
	return -1
}

// continues says that a table has no header of its own, or that of the one before it.
func continues(a, b *layout.Table) bool {
	if repeated(a, b) > 0 {
		return true
	}
	return slices.ContainsFunc(b.Cells, func(c layout.Cell) bool { return c.Row == 0 && figure.Wordless(c.Text) })
}

// part is a table that may go on, with its column lines in parts of its width.
type part struct {
	table   *layout.Table
	columns []float64
}

// cutProse says that the first paragraph of page q continues the last one of page p. It does when the
// last one ends without a full stop, near the foot of its page and at the right margin, and the first
// one begins without an indent.
func cutProse(p, q *layout.Page) bool {
	a, b := p.Blocks[len(p.Blocks)-1].Paragraph, q.Blocks[0].Paragraph
	if a.Heading != 0 || b.Heading != 0 || a.Page != p.Number || figure.OpensItem(b.Text) {
		return false
	}
	end := []rune(strings.TrimSpace(a.Text))
	if len(end) < shortProse || ended(string(end)) {
		return false
	}
	left := math.Inf(1)
	for _, blk := range q.Blocks {
		if blk.Paragraph != nil {
			left = min(left, blk.Paragraph.Box.X0)
		}
	}
	first := text.Lines(wordsIn(q.Words, b.Box))
	return len(first) > 0 && first[0].Box.X0 < left+indent*first[0].Height() && a.Box.X1 > p.Width/2
}

func wordsIn(words []layout.Word, box layout.Rect) []layout.Word {
	var out []layout.Word
	for _, w := range words {
		if box.Contains(w.Box.Center()) {
			out = append(out, w)
		}
	}
	return out
}

// add puts the rows of b under those of the part. It leaves both as they are, and says no, where
// their columns do not agree.
func (t *part) add(b *layout.Table) bool {
	a := t.table
	ma, mb, columns := sameColumns(t.columns, columnLines(b))
	if columns == nil {
		return false
	}
	t.columns = columns
	stretch(a, ma)
	stretch(b, mb)
	dropRows(b, repeated(a, b))
	foot := a.Rows
	into := map[int]*layout.Cell{} // cells of b by index, and the cell of a that each goes on
	if cutHeader(a, b) {
		for i := range b.Cells {
			if b.Cells[i].Row == 0 {
				into[i] = over(a, &b.Cells[i])
			}
		}
	} else if cutRow(a, b) {
		foot--
		for i := range b.Cells {
			if b.Cells[i].Row == 0 {
				into[i] = over(a, &b.Cells[i])
			}
		}
	} else {
		continued(a, b, into)
	}
	for i := range b.Cells {
		c := b.Cells[i]
		c.Row += foot
		if o := into[i]; o != nil {
			o.RowSpan = c.Row + c.RowSpan - o.Row
			absorb(o, &c)
		}
	}
	for i := range b.Cells {
		if into[i] == nil {
			c := b.Cells[i]
			c.Row += foot
			a.Cells = append(a.Cells, c)
		}
	}
	a.Rows = foot + b.Rows
	slices.SortStableFunc(a.Cells, func(x, y layout.Cell) int {
		return cmp.Or(cmp.Compare(x.Row, y.Row), cmp.Compare(x.Col, y.Col))
	})
	return true
}

// columnLines gives where the columns of a table on one page begin and end, in parts of its width.
func columnLines(t *layout.Table) []float64 {
	box := Box(t)
	out := make([]float64, t.Cols+1)
	for i := range out {
		out[i] = math.NaN()
	}
	for _, c := range t.Cells {
		out[c.Col] = (c.Box.X0 - box.X0) / box.Width()
		out[c.Col+c.ColSpan] = (c.Box.X1 - box.X0) / box.Width()
	}
	// A line that bounds no cell stands somewhere between its neighbours.
	for i := 1; i < len(out)-1; i++ {
		if math.IsNaN(out[i]) {
			k := i + 1
			for k < len(out)-1 && math.IsNaN(out[k]) {
				k++
			}
			out[i] = out[i-1] + (out[k]-out[i-1])/float64(k-i+1)
		}
	}
	return out
}

// sameColumns gives all column lines of two parts, and the place of each part's own among them; no
// lines unless those of one part are all among those of the other.
func sameColumns(a, b []float64) (ma, mb []int, all []float64) {
	ma, mb = make([]int, len(a)), make([]int, len(b))
	i, j, common := 0, 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && math.Abs(a[i]-b[j]) <= sameColumn:
			ma[i], mb[j] = len(all), len(all)
			all = append(all, b[j])
			i, j, common = i+1, j+1, common+1
		case j == len(b) || i < len(a) && a[i] < b[j]:
			ma[i] = len(all)
			all = append(all, a[i])
			i++
		case i == len(a) || b[j] < a[i]:
			mb[j] = len(all)
			all = append(all, b[j])
			j++
		default:
			return nil, nil, nil // not numbers: a table without width
		}
	}
	if common < min(len(a), len(b)) {
		return nil, nil, nil
	}
	return ma, mb, all
}

// stretch gives a table the column numbers that its columns have in the joined table.
func stretch(t *layout.Table, m []int) {
	for i := range t.Cells {
		c := &t.Cells[i]
		end := m[c.Col+c.ColSpan]
		c.Col = m[c.Col]
		c.ColSpan = end - c.Col
	}
	t.Cols = m[len(m)-1]
}

func dropRows(t *layout.Table, n int) {
	if n == 0 {
		return
	}
	t.Cells = slices.DeleteFunc(t.Cells, func(c layout.Cell) bool { return c.Row < n })
	for i := range t.Cells {
		t.Cells[i].Row -= n
	}
	t.Rows -= n
}

// repeated counts the rows at the head of b that print the header of a once more.
func repeated(a, b *layout.Table) int {
	for n := min(a.Rows, b.Rows-1, maxHeader); n > 0; n-- {
		x, y := headOf(a, n), headOf(b, n)
		if x == nil || len(x) != len(y) {
			continue
		}
		alike, text := true, false
		for i := range x {
			p, q := x[i], y[i]
			alike = alike && p.Row == q.Row && p.Col == q.Col && p.RowSpan == q.RowSpan && p.ColSpan == q.ColSpan &&
				!figure.Wordless(p.Text) && sameLabel(p, q)
			text = text || hasHan(p.Text)
		}
		if alike && text {
			return n
		}
	}
	return 0
}

// headOf gives the cells of the first n rows; nil when a cell reaches over their end.
func headOf(t *layout.Table, n int) []*layout.Cell {
	var out []*layout.Cell
	for i := range t.Cells {
		c := &t.Cells[i]
		if c.Row >= n {
			continue
		}
		if c.Row+c.RowSpan > n {
			return nil
		}
		out = append(out, c)
	}
	return out
}

// over is the cell of a that a cell in the first row of b may be the rest of. It ends with the last row of a and takes
// the same columns.
func over(a *layout.Table, c *layout.Cell) *layout.Cell {
	o := a.At(a.Rows-1, c.Col)
	if o == nil || o.Col != c.Col || o.ColSpan != c.ColSpan || o.Row+o.RowSpan != a.Rows {
		return nil
	}
	return o
}

// continued finds the cells of groups of rows that the break cut in two. They stand in the first row
// of b, before the row's own label, and are blank, repeat the group's label or hold the rest of it.
func continued(a, b *layout.Table, into map[int]*layout.Cell) {
	var row []int
	for i := range b.Cells {
		if b.Cells[i].Row == 0 {
			row = append(row, i)
		}
	}
	for k, i := range row {
		c := &b.Cells[i]
		o := over(a, c)
		if o == nil || k+1 == len(row) {
			return
		}
		label := &b.Cells[row[k+1]]
		for _, j := range row[k+1:] {
			if label = &b.Cells[j]; !blank(label) {
				break
			}
		}
		if blank(label) || figure.Wordless(label.Text) {
			return // c is the row's own label, or a value
		}
		group := o.RowSpan > 1 || c.RowSpan > 1
		switch {
		case blank(c) && (group || !blank(o)):
		case blank(o) && !figure.OpensItem(label.Text) && !group:
			return
		case blank(o):
		case group && sameLabel(o, c):
		case group && figure.OpensItem(o.Text) && !figure.OpensItem(c.Text) && figure.OpensItem(label.Text):
		default:
			return
		}
		into[i] = o
	}
}

// cutHeader says that the break goes through a header: the first row of b divides cells of the last
// row of a, and neither holds a figure. The cells that are not divided stand in both rows.
func cutHeader(a, b *layout.Table) bool {
	divided, whole := false, false
	for i := range b.Cells {
		c := &b.Cells[i]
		if c.Row != 0 {
			continue
		}
		if figure.Wordless(c.Text) {
			return false
		}
		if o := over(a, c); o != nil {
			if figure.Wordless(o.Text) || figure.OpensItem(c.Text) {
				return false
			}
			whole = true
			continue
		}
		o := a.At(a.Rows-1, c.Col)
		if o == nil || o.Col+o.ColSpan < c.Col+c.ColSpan || blank(o) {
			return false
		}
		divided = true
	}
	return divided && whole
}

// cutRow says that the first row of b is the rest of the last row of a. Only text tells, so it is
// not asked of a scan.
func cutRow(a, b *layout.Table) bool {
	cells, both, figuresA, figuresB := 0, 0, 0, 0
	label, late, rest, labelled := false, false, false, true // labels: before, behind, on both sides of the break
	for i := range b.Cells {
		c := &b.Cells[i]
		if c.Row != 0 {
			continue
		}
		o := over(a, c)
		if o == nil || o.Reading != nil || c.Reading != nil {
			return false
		}
		cells++
		// The number of an item may stand alone before the break, and what it numbers behind it.
		fa, fb := figure.Wordless(o.Text) && (!itself().MatchString(o.Text) || !hasHan(c.Text)), figure.Wordless(c.Text)
		switch {
		case fa && !blank(c), fb && !blank(o):
			return false // a figure is not cut, nor is it under its heading
		case fa:
			figuresA++
		case fb:
			figuresB++
		}
		if c.RowSpan > 1 || fb || fa {
			continue
		}
		switch {
		case !blank(c) && blank(o):
			late = true
		case !blank(c):
			if figure.OpensItem(c.Text) {
				return false
			}
			both++
			rest = true
			labelled = labelled && figure.OpensItem(o.Text)
		case !blank(o):
			label = true
		}
	}
	switch {
	case cells < 3:
		return false
	case late && (figuresA > 0) != (figuresB > 0):
		// Either the label alone stands behind the break, or all of the row does, and only its borders
		// stand before it.
		return true
	case late && !rest:
		return false
	case rest && labelled:
		return figuresA == 0 || figuresB == 0
	case rest:
		// A header, most of whose labels go on, before the first figures.
		return 2*both > cells && a.Rows <= headerRows && !figures(a) && figures(b)
	}
	return label && figuresA == 0 && figuresB > 0
}

// itself is the number of an item, and nothing else.
var itself = pattern.Of(`^\s*[（(]?\s*\d{1,2}\s*[）)、.．]\s*$`)

// figures says that a table has value cells.
func figures(t *layout.Table) bool {
	return slices.ContainsFunc(t.Cells, func(c layout.Cell) bool { return figure.Wordless(c.Text) })
}

// absorb adds the text of c to o.
func absorb(o, c *layout.Cell) {
	o.Tables = append(o.Tables, c.Tables...)
	if blank(c) || !blank(o) && sameLabel(o, c) {
		return
	}
	if blank(o) {
		o.Text, o.Reading, o.Page, o.Box = c.Text, c.Reading, c.Page, c.Box
		return
	}
	p := o.Confidence() * c.Confidence()
	o.Text += "\n" + c.Text
	if o.Reading != nil || c.Reading != nil {
		o.Reading = &layout.Reading{Ink: true, Candidates: []layout.Candidate{{Text: o.Text, Probability: p}}}
	}
}

func blank(c *layout.Cell) bool {
	return strings.TrimSpace(c.Text) == "" && (c.Reading == nil || !c.Reading.Ink) && len(c.Tables) == 0
}

func hasHan(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}

// sameLabel says that two cells print the same label.
func sameLabel(a, b *layout.Cell) bool {
	bare := func(s string) []rune {
		return []rune(strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s))
	}
	x, y := bare(a.Text), bare(b.Text)
	if a.Reading == nil && b.Reading == nil {
		return slices.Equal(x, y)
	}
	return alike(x, y) >= sameText
}

// alike is the share of characters that two texts have in common, in order.
func alike(a, b []rune) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	row := make([]int, len(b)+1)
	for _, r := range a {
		diagonal := 0
		for j, s := range b {
			up := row[j+1]
			if r == s {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(up, row[j])
			}
			diagonal = up
		}
	}
	return 2 * float64(row[len(b)]) / float64(len(a)+len(b))
}
