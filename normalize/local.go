package normalize

import (
	"strings"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
	"github.com/nianbao/nianbao/report"
)

// minLocalRows is how many rows of label and value make statistics of a table.
const minLocalRows = 3

var (
	labelHeader = pattern.Of(`指标|项目|类别|内容|名称`)
	unitHeader  = pattern.Of(`单位`)
	unitsHeader = pattern.Of(`^(计量|计算|统计)?单位$`)
	codeHeader  = pattern.Of(`代码|编号|序号`)
	valueHeader = pattern.Of(`累计|统计数|数量|数据|合计|年度|本年|数值|件数|条数`)
	// Columns for other times than the year: all years, and a part of it.
	cumulativeHeader = pattern.Of(`历年|以来|历史`)
	periodHeader     = pattern.Of(`本月|当月|本期|本季|上半年|下半年`)
)

// otherTimes gives the columns under the header whose labels say that they count all years, or a part of one; 0 for none.
func (g *grid) otherTimes(body int) (cumulative, period int) {
	for _, h := range g.headers(0, body) {
		if h.cell == nil {
			continue
		}
		switch s := narrow(h.cell.Text); {
		case cumulativeHeader().MatchString(s):
			cumulative = h.c0
		case periodHeader().MatchString(s):
			period = h.c0
		}
	}
	return cumulative, period
}

// leastUnits is how many units a column without a header that says so must hold to be one of units.
const leastUnits = 5

// unitColumn gives the column under the header whose label says that it holds units, or the first in which most cells are
// units and no other is longer than two characters; 0 for none. What such a column says need not be a unit that is known, or
// that could be read.
func (g *grid) unitColumn(body int) int {
	for _, h := range g.headers(0, body) {
		if h.cell != nil && h.c1 == h.c0+1 && unitsHeader().MatchString(narrow(h.cell.Text)) {
			return h.c0
		}
	}
	units, others := make([]int, g.table.Cols), make([]int, g.table.Cols)
	for r := body; r < g.table.Rows; r++ {
		for _, c := range startingAt(g.rows[r], r) {
			switch {
			case report.IsNothing(c.Text):
			case unitIn(c.Text) != "":
				units[c.Col]++
			case utf8.RuneCountInString(c.Text) <= 2:
				others[c.Col]++
			default:
				others[c.Col] = g.table.Rows
			}
		}
	}
	for c := 1; c < g.table.Cols; c++ {
		if units[c] >= leastUnits && units[c] > others[c] {
			return c
		}
	}
	return 0
}

// localColumns are the columns of statistics that no form knows, by what their headers say; -1 for none.
type localColumns struct {
	label, unit, code, value int
	body                     int
}

func (g *grid) localColumns() localColumns {
	at := localColumns{label: -1, unit: -1, code: -1, value: -1, body: 1}
	for _, c := range g.rows[0] {
		s := narrow(c.Text)
		at.body = max(at.body, c.RowSpan)
		switch {
		case codeHeader().MatchString(s) && at.code < 0:
			at.code = c.Col
		case unitHeader().MatchString(s) && at.unit < 0 && len([]rune(s)) <= 5:
			at.unit = c.Col
		case cumulativeHeader().MatchString(s) || periodHeader().MatchString(s):
		case valueHeader().MatchString(s):
			if at.value < 0 {
				at.value = c.Col
			}
		case labelHeader().MatchString(s) && at.label < 0:
			at.label = c.Col
		}
	}
	return at
}

// statisticsRows reads a table that no form knows as rows of label, unit and value, if its header
// says that it is one: the local statistics of 2008 to 2013 have a hundred forms.
func statisticsRows(g *grid) []localRow {
	if g.table.Rows < minLocalRows+1 || g.table.Cols < 2 {
		return nil
	}
	at := g.localColumns()
	if at.label < 0 || at.value < 0 {
		return nil
	}
	p := &part{grid: g, body: at.body}
	p.cumulative, p.period = g.otherTimes(at.body)
	var out []localRow
	for r := at.body; r < g.table.Rows; r++ {
		if g.numbering(r) {
			continue
		}
		l, v := g.cellAt(r, at.label), g.cellAt(r, at.value)
		if l == nil || v == nil || l == v || g.kinds[l] != textCell || g.kinds[v] == textCell && !report.IsNothing(v.Text) {
			continue
		}
		d := dataRow{part: p, row: r, leaf: l}
		row := localRow{label: l.Line(), cell: v, asides: d.asides()}
		if u := g.cellAt(r, at.unit); u != nil && at.unit >= 0 && u != v {
			row.unit = u.Line()
		}
		if c := g.cellAt(r, at.code); c != nil && at.code >= 0 && c != v {
			row.code = c.Line()
		}
		out = append(out, row)
	}
	if len(out) < minLocalRows {
		return nil
	}
	return out
}

// numbering says that a row only numbers the columns: 甲 乙 丙 1 2.
func (g *grid) numbering(r int) bool {
	letters, n := 0, 0
	for _, c := range g.rows[r] {
		if c.Row != r || g.kinds[c] == blankCell {
			continue
		}
		s := narrow(c.Text)
		if !figure.NumbersColumn(s) {
			return false
		}
		n++
		if strings.ContainsAny(s, "甲乙丙丁") {
			letters++
		}
	}
	return letters > 0 && n > 1
}
