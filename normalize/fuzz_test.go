package normalize_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/normalize"
	"github.com/nianbao/nianbao/report"
)

// FuzzReport: whatever tables stand among whatever prose, a value is of a path of its own, out of a cell that says it in
// print, and no two fields of a form have it from one cell; and the same document gives the same report.
func FuzzReport(f *testing.F) {
	f.Add("某县2021年政府信息公开工作年度报告\n四、政府信息公开行政复议、行政诉讼情况\n" + strings.ReplaceAll(review, "\n", "\n|"))
	for _, name := range []string{"2019", "2021"} {
		f.Add("某县2022年政府信息公开工作年度报告\n" + drawn(matrix(name, func(head, rows []string) ([]string, []string) { return head, rows })))
	}
	f.Add("某县2016年政府信息公开工作年度报告\n|指标名称|计量单位|统计数\n|一、主动公开情况|—|—\n|（一）主动公开政府信息数|条|1,234\n|其中：主动公开规范性文件数|条|１２\n|制发规范性文件总数|件|3 4\n|四、机构建设|^|<")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 8<<10 {
			return
		}
		r, cells, _ := normalize.Report(drawing(s), form.Set{})
		text := squeezed(s)
		paths, owner := map[string]bool{}, map[*layout.Cell]string{}
		for _, c := range r.Cells {
			if paths[c.Path] {
				t.Errorf("%s is told twice", c.Path)
			}
			paths[c.Path] = true
			v, ok := r.Value(c.Path)
			if !ok {
				t.Errorf("%s has a cell and no value", c.Path)
			}
			if v.Number == nil || report.IsMeta(c.Path) {
				continue
			}
			if raw := squeezed(c.Raw); c.Mark == report.MarkBlank || raw == "" || !strings.Contains(text, raw) {
				t.Errorf("%s is %s, of %q (%s), which nothing prints", c.Path, v.Number, c.Raw, c.Mark)
			}
			if cell := cells[c.Path]; cell == nil {
				t.Errorf("%s = %s is of no cell", c.Path, v.Number)
			} else if other := owner[cell]; other != "" {
				t.Errorf("%s and %s are of one cell, %q", c.Path, other, cell.Text)
			} else {
				owner[cell] = c.Path
			}
		}
		again, _, _ := normalize.Report(drawing(s), form.Set{})
		if one, two := encoded(t, r), encoded(t, again); !bytes.Equal(one, two) {
			t.Errorf("first %s, then %s", one, two)
		}
	})
}

func encoded(t *testing.T, r *report.Report) []byte {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// squeezed is a text without its blanks.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// drawn writes a table as drawing reads it.
func drawn(t *layout.Table) string {
	var b strings.Builder
	for r := range t.Rows {
		for c := range t.Cols {
			b.WriteByte('|')
			switch x := t.At(r, c); {
			case x == nil:
			case x.Row < r:
				b.WriteByte('^')
			case x.Col < c:
				b.WriteByte('<')
			default:
				b.WriteString(strings.ReplaceAll(x.Text, "\n", ""))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// drawing makes a document of any text: lines that begin with "|" are the rows of a table, "<" goes on the cell to the
// left and "^" the cell above where the cell stays a box; other lines are paragraphs.
func drawing(s string) *layout.Document {
	var parts []any
	var rows [][]string
	end := func() {
		if rows != nil {
			parts = append(parts, boxed(rows))
		}
		rows = nil
	}
	for l := range strings.SplitSeq(s, "\n") {
		if row, ok := strings.CutPrefix(l, "|"); ok {
			rows = append(rows, strings.Split(row, "|"))
			continue
		}
		end()
		if l = strings.TrimSpace(l); l != "" {
			parts = append(parts, l)
		}
	}
	end()
	return document(parts...)
}

func boxed(rows [][]string) *layout.Table {
	t := &layout.Table{Rows: len(rows)}
	owner := map[[2]int]int{}
	for r, row := range rows {
		t.Cols = max(t.Cols, len(row))
		for c := 0; c < len(row); c++ {
			if up, ok := owner[[2]int{r - 1, c}]; ok && row[c] == "^" {
				if x := &t.Cells[up]; x.Col == c && c+x.ColSpan <= len(row) && strings.Trim(strings.Join(row[c:c+x.ColSpan], ""), "^<") == "" {
					x.RowSpan++
					for i := range x.ColSpan {
						owner[[2]int{r, c + i}] = up
					}
					c += x.ColSpan - 1
					continue
				}
			}
			if left, ok := owner[[2]int{r, c - 1}]; ok && row[c] == "<" && t.Cells[left].Row == r {
				t.Cells[left].ColSpan++
				owner[[2]int{r, c}] = left
				continue
			}
			owner[[2]int{r, c}] = len(t.Cells)
			t.Cells = append(t.Cells, layout.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Text: strings.TrimSpace(row[c])})
		}
	}
	return t
}
