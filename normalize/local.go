package normalize

import (
	"regexp"
	"strings"

	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/report"
)

// minLocalRows is how many rows of label and value make statistics of a table.
const minLocalRows = 3

var (
	labelHeader = regexp.MustCompile(`指标|项目|类别|内容|名称`)
	unitHeader  = regexp.MustCompile(`单位`)
	codeHeader  = regexp.MustCompile(`代码|编号|序号`)
	valueHeader = regexp.MustCompile(`累计|统计数|数量|数据|合计|年度|本年|数值|件数|条数`)
	// yearHeader is preferred where a table has several columns of values: the year, not the month or
	// the years since 2008.
	yearHeader = regexp.MustCompile(`年度|本年|全年|20\d\d`)
	sinceEver  = regexp.MustCompile(`历年|以来`)
)

// statisticsRows reads a table that no form knows as rows of label, unit and value, if its header
// says that it is one: the local statistics of 2008 to 2013 have a hundred forms.
func statisticsRows(g *grid) []localRow {
	if g.table.Rows < minLocalRows+1 || g.table.Cols < 2 {
		return nil
	}
	labelCol, unitCol, codeCol, valueCol := -1, -1, -1, -1
	body := 1
	for _, c := range g.rows[0] {
		s := narrow(c.Text)
		body = max(body, c.RowSpan)
		switch {
		case codeHeader.MatchString(s) && codeCol < 0:
			codeCol = c.Col
		case unitHeader.MatchString(s) && unitCol < 0 && len([]rune(s)) <= 5:
			unitCol = c.Col
		case valueHeader.MatchString(s):
			if valueCol < 0 || yearHeader.MatchString(s) && !sinceEver.MatchString(s) {
				valueCol = c.Col
			}
		case labelHeader.MatchString(s) && labelCol < 0:
			labelCol = c.Col
		}
	}
	if labelCol < 0 || valueCol < 0 {
		return nil
	}
	var out []localRow
	for r := body; r < g.table.Rows; r++ {
		if g.numbering(r) {
			continue
		}
		l, v := g.cellAt(r, labelCol), g.cellAt(r, valueCol)
		if l == nil || v == nil || l == v || g.kinds[l] != textCell || g.kinds[v] == textCell && !report.IsNothing(v.Text) {
			continue
		}
		row := localRow{label: l.Line(), cell: v}
		if u := g.cellAt(r, unitCol); u != nil && unitCol >= 0 && u != v {
			row.unit = u.Line()
		}
		if c := g.cellAt(r, codeCol); c != nil && codeCol >= 0 && c != v {
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
