package draft

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/report"
)

// line is a row or a column of a table as it is printed.
type line struct {
	label      string
	groups     []string
	code, unit string
}

// grid is a table taken apart: its rows and columns of numbers, with what stands before and above them.
type grid struct {
	rows, columns []line
	numbers       [][]*report.Number // nil where none is printed
	title, unit   string             // of the table, where its own cells say them
	doubt         bool               // read from pixels
}

// Most rows of a header and columns of labels.
const (
	maxHead   = 5
	maxLabels = 5
)

// see takes a table apart; nil where it has no rows and columns of numbers.
func see(t *layout.Table) *grid {
	v := &view{Table: t}
	if t.Rows == 0 || t.Cols == 0 || len(t.Cells) == 0 {
		return nil
	}
	g := &grid{}
	for i := range t.Cells {
		g.doubt = g.doubt || t.Cells[i].Reading != nil
	}
	top := 0
	for top < t.Rows && v.whole(top) != nil { // a title in the table
		text := textOf(v.whole(top))
		if m := tableUnit.FindStringSubmatch(text); m != nil {
			g.unit = m[1]
		} else if text != "" && g.title == "" {
			g.title = text
		}
		top++
	}
	head, labels := v.frame(top)
	if head < 0 {
		return nil
	}
	if corner := v.At(head-1, 0); head > top && corner != nil && labels > 0 {
		if m := tableUnit.FindStringSubmatch(textOf(corner)); m != nil {
			g.unit = m[1]
		}
	}
	at := v.columns(g, top, head, labels)
	v.rows(g, head, labels, at)
	named := func(l line) bool { return l.label != "" && figure.Parse(l.label).Decimal == "" }
	if len(g.rows) == 0 || !slices.ContainsFunc(append(slices.Clone(g.rows), g.columns...), named) {
		return nil
	}
	return g
}

// rowUnits says that rows have units of their own.
func (g *grid) rowUnits() bool {
	return slices.ContainsFunc(g.rows, func(l line) bool { return l.unit != "" })
}

var (
	tableUnit  = regexp.MustCompile(`单位[:：]\s*([\p{Han}]{1,4})\s*[）)]?$`)
	unitHeader = regexp.MustCompile(`^(计量|计算|统计)?单位$`)
	codeHeader = regexp.MustCompile(`^(指标)?(代码|编号|序号|行次|行号|编码)$`)
	// numbering is what stands in a row that only numbers the columns: 甲 乙 1 2.
	numbering = regexp.MustCompile(`^([甲乙丙丁戊己庚辛]|[(（]?[0-9]{1,2}[)）]?)$`)
)

// view asks a table what stands where.
type view struct{ *layout.Table }

// kind of a cell for a draft.
type kind int

const (
	blank kind = iota
	number
	words
)

func kindOf(c *layout.Cell) kind {
	if c == nil {
		return blank
	}
	text := textOf(c)
	switch f := figure.Parse(text); {
	case text == "" || f.Kind == figure.Blank || f.Kind == figure.Dash || f.Kind == figure.Slash || figure.IsNothing(text):
		return blank
	case f.Decimal != "":
		return number
	}
	return words
}

// textOf is the best reading of a cell's words: that of the network for labels where it is a label of an
// official form, whose characters it knows alone, else that of the general recogniser, which comes after it.
func textOf(c *layout.Cell) string {
	if c.Reading == nil {
		return tidy(c.Text)
	}
	if _, known := vocabulary()[bare(tidy(c.Text))]; known || figure.Parse(c.Text).Decimal != "" {
		return tidy(c.Text)
	}
	text := c.Text
	for _, x := range c.Reading.Candidates {
		if x.Text != "" && x.Text != c.Text && figure.Parse(x.Text).Decimal == "" {
			text = x.Text
		}
	}
	return tidy(text)
}

// tidy puts a label on one line: a break within it, and blanks that only spread it, say nothing.
func tidy(s string) string {
	rs := []rune(strings.Join(strings.Fields(s), " "))
	var b strings.Builder
	for i, r := range rs {
		if r == ' ' && i > 0 && i+1 < len(rs) && (rs[i-1] > 127 || rs[i+1] > 127) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// whole is the cell that fills a row from end to end, nil where there is none.
func (v *view) whole(row int) *layout.Cell {
	c := v.At(row, 0)
	if c != nil && v.Cols > 1 && c.ColSpan == v.Cols && kindOf(c) == words {
		return c
	}
	return nil
}

// frame finds how many rows are header and how many columns are labels: where words stand above and before,
// and none among the cells for numbers. head is -1 where there is no such place.
func (v *view) frame(top int) (head, labels int) {
	head, best := -1, 0.0
	for h := top; h <= min(top+maxHead, v.Rows-1); h++ {
		for l := 0; l <= min(maxLabels, v.Cols-1); l++ {
			if l == 0 && v.Rows-h != 1 {
				continue // without labels one row alone can be told
			}
			if c := v.cost(top, h, l); head < 0 || c < best {
				head, labels, best = h, l, c
			}
		}
	}
	if head < 0 || 2*best > float64(len(v.Cells)) {
		return -1, 0
	}
	return head, labels
}

// cost is how much speaks against a header of rows top to h and labels of l columns, in cells.
func (v *view) cost(top, h, l int) float64 {
	cost := 0.0
	if h == top {
		cost = 1 // nearly every table has a header
	}
	for i := range v.Cells {
		c := &v.Cells[i]
		if c.Row < top || v.whole(c.Row) == c {
			continue
		}
		above, before := c.Row < h, c.Col < l
		crosses := !above && before && c.Col+c.ColSpan > l || above && !before && c.Row+c.RowSpan > h
		switch k := kindOf(c); {
		case crosses:
			cost++
		case !above && !before && (k == words || v.coded(top, c.Col)), above && k == number:
			cost++
		case above && !before && k == blank:
			cost += 0.6
		case !above && before && k == blank:
			cost += 0.8
		case !above && before && k == number && !v.coded(top, c.Col):
			cost++
		}
	}
	return cost
}

// coded says that a column holds the rows' codes.
func (v *view) coded(top, col int) bool {
	c := v.At(top, col)
	return c != nil && codeHeader.MatchString(strings.ReplaceAll(textOf(c), " ", ""))
}

// span is a column of numbers: the columns of the table that it takes.
type span struct{ from, to int }

// columns finds the labels over the numbers.
func (v *view) columns(g *grid, top, head, labels int) []span {
	var at []span
	for col := labels; col < v.Cols; {
		next := col + 1
		var path []string
		for row := top; row < head; row++ {
			c := v.At(row, col)
			if c == nil {
				continue
			}
			if text := textOf(c); text != "" && (len(path) == 0 || path[len(path)-1] != text) {
				path = append(path, text)
			}
			if row == head-1 {
				next = max(next, c.Col+c.ColSpan)
			}
		}
		var l line
		if n := len(path); n > 0 {
			l = line{label: path[n-1], groups: path[:n-1]}
		}
		g.columns = append(g.columns, l)
		at = append(at, span{col, next})
		col = next
	}
	return at
}

// rows finds the labels before the numbers, and the numbers.
func (v *view) rows(g *grid, head, labels int, at []span) {
	unitCol, codeCol := -1, -1
	for col := range labels {
		for row := range head {
			switch c := v.At(row, col); {
			case c == nil:
			case unitHeader.MatchString(strings.ReplaceAll(textOf(c), " ", "")):
				unitCol = col
			case v.coded(row, col):
				codeCol = col
			}
		}
	}
	var heading []string
	for row := head; row < v.Rows; row++ {
		if c := v.whole(row); c != nil {
			heading = []string{textOf(c)}
			continue
		}
		if v.numbers(row) {
			continue
		}
		l := line{groups: slices.Clone(heading)}
		var path []string
		leaf := labels == 0
		for col := 0; col < labels; col++ {
			c := v.At(row, col)
			if c == nil || c.Col != col {
				continue
			}
			switch text := textOf(c); {
			case col == unitCol:
				l.unit = strings.Trim(text, "（）()—-/ ")
			case col == codeCol:
				l.code = text
			case text != "":
				path = append(path, text)
				leaf = leaf || c.Row == row
			}
		}
		if !leaf {
			continue // a line of the row above
		}
		if n := len(path); n > 0 {
			l.label, l.groups = path[n-1], append(l.groups, path[:n-1]...)
		}
		var values []*report.Number
		for _, s := range at {
			var n *report.Number
			if c := v.At(row, s.from); c != nil {
				n = report.ParseFigure(c.Text).Number
			}
			values = append(values, n)
		}
		g.rows = append(g.rows, l)
		g.numbers = append(g.numbers, values)
	}
}

// numbers says that a row only numbers the columns.
func (v *view) numbers(row int) bool {
	letters, all := 0, 0
	for i := range v.Cells {
		c := &v.Cells[i]
		text := textOf(c)
		if c.Row != row || text == "" {
			continue
		}
		if !numbering.MatchString(text) {
			return false
		}
		all++
		if strings.ContainsAny(text, "甲乙丙丁") {
			letters++
		}
	}
	return letters > 0 && all > 1
}
