package draft_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/golden"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/out/draft"
	"github.com/nianbao/nianbao/layout"
)

// grid makes a table of lines: | between cells, < for a cell that goes on from the left, ^ for one from above.
func grid(text string) *layout.Table {
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		rows = append(rows, strings.Split(strings.TrimSpace(line), "|"))
	}
	t := &layout.Table{Rows: len(rows), Cols: len(rows[0])}
	for r, row := range rows {
		for c, s := range row {
			if s == "<" || s == "^" {
				continue
			}
			x := layout.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Text: s}
			for c+x.ColSpan < len(row) && row[c+x.ColSpan] == "<" {
				x.ColSpan++
			}
			for r+x.RowSpan < len(rows) && rows[r+x.RowSpan][c] == "^" {
				x.RowSpan++
			}
			t.Cells = append(t.Cells, x)
		}
	}
	return t
}

// drafted are rows, columns and equations of a draft in a line each.
func drafted(f *form.Form) string {
	var b strings.Builder
	for _, t := range f.Tables {
		for _, c := range t.Columns {
			b.WriteString("col " + strings.Join(append(slices.Clone(c.Groups), c.Label), "/") + " " + c.Key + " " + c.Unit + flags(c.Decimal, c.Signed) + "\n")
		}
		for _, r := range t.Rows {
			b.WriteString("row " + strings.Join(append(slices.Clone(r.Groups), r.Label), "/") + " " + r.Key + " " + r.Unit + r.Code + flags(r.Decimal, false) + "\n")
		}
		for _, e := range t.Equations {
			b.WriteString("sum " + e.Words + "\n")
		}
	}
	return b.String()
}

func flags(decimal, signed bool) string {
	s := ""
	if decimal {
		s += " decimal"
	}
	if signed {
		s += " signed"
	}
	return s
}

func TestMake(t *testing.T) {
	tests := []struct {
		reason, table string
		want          []string
		not           string
		notes         string
	}{
		{"a total in the last column and one in the last row", `
			项目|甲类|乙类|合计
			来访|3|4|7
			来信|5|1|6
			共计|8|5|13`,
			[]string{"col 甲类 column_1", "col 合计 total", "row 来访 row_1", "sum 甲类 + 乙类 = 合计", "sum 来访 + 来信 = 共计"}, "", ""},
		{"a total before its parts, and 其中", `
			指标名称|计量单位|代码|本年
			受理总数|件|01|30
			其中：网上受理|件|02|12
			1.当场办结|件|03|21
			2.限时办结|件|04|9`,
			[]string{"col 本年  \n", "row 受理总数 row_1 件01", "row 其中：网上受理 row_2 件02", "sum 当场办结 + 限时办结 = 受理总数", "sum 网上受理 ≤ 受理总数"}, "", ""},
		{"one number proves nothing where no label says that it is a sum", `
			项目|数量
			开放日|3
			参观|1
			咨询|2`, []string{"row 咨询 row_3"}, "sum", ""},
		{"a sum that the numbers contradict", `
			项目|甲类|乙类|合计
			来访|3|4|7
			来信|5|1|9`, nil, "sum 甲类", "not proven: 甲类 + 乙类 = 合计"},
		{"a blank", `
			项目|甲类|乙类|合计
			来访|||
			来信|||
			合计|||`, []string{"row 来信 row_2", "col 乙类 column_2"}, "sum", "no number is printed"},
		{"groups over columns and before rows", `
			项目|<|个人|单位|<|总计
			^|^|^|企业|学校|^
			接待|当面|1|2|3|6
			^|电话|4|0|5|9
			^|小计|5|2|8|15
			办理|直接|2|2|2|6
			^|转交|3|0|6|9`,
			[]string{"col 单位/企业 business", "col 单位/学校 column_3", "row 接待/当面 row_1", "row 办理/转交 row_5", "sum 个人 + 企业 + 学校 = 总计", "sum 当面 + 电话 = 小计"}, "", ""},
		{"a title, a unit and numbered columns in the table", `
			便民服务情况统计表|<|<
			单位：万元|<|<
			项目|预算|决算
			甲|1|2
			设备购置|12.5|11.75
			培训|3|3.2`,
			[]string{"col 预算 column_1 万元 decimal", "col 决算 column_2 万元 decimal", "row 设备购置 row_1", "row 培训 row_2"}, "row 甲", ""},
		{"headings over the whole width are groups", `
			项目|本年|上年
			一、接待|<|<
			来访|3|4
			来信|1|1
			二、增减|<|<
			来访|-3|2`,
			[]string{"row 一、接待/来访 row_1", "row 二、增减/来访 row_3", "col 本年 column_1  signed"}, "", ""},
		{"one row under a header of two levels", `
			复议|<|<|诉讼|<
			维持|纠正|总计|维持|总计
			3|1|4|2|2`,
			[]string{"col 复议/维持 column_1", "col 复议/总计 total", "row   \n", "sum 维持 + 纠正 = 总计"}, "", ""},
		{"units in brackets", `
			项目|数量
			政府采购金额（万元）|12.5
			接待批次（次）|3`,
			[]string{"row 政府采购金额（万元） row_1 万元 decimal", "row 接待批次（次） row_2 次"}, "", ""},
	}
	for _, tt := range tests {
		d, err := draft.Make("own", "", []draft.Table{{Number: 1, Title: "统计表", Table: grid(strings.ReplaceAll(tt.table, "\t", ""))}}, true)
		if err != nil {
			t.Errorf("%s: %v", tt.reason, err)
			continue
		}
		got := drafted(d.Form)
		for _, w := range tt.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", tt.reason, w, got)
			}
		}
		if tt.not != "" && strings.Contains(got, tt.not) {
			t.Errorf("%s: %q in\n%s", tt.reason, tt.not, got)
		}
		if tt.notes != "" && !strings.Contains(strings.Join(d.Notes, "\n"), tt.notes) {
			t.Errorf("%s: notes %q", tt.reason, d.Notes)
		}
		var b bytes.Buffer
		if err := draft.Write(&b, d.Form); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(b.Bytes()) {
			t.Errorf("%s: no JSON:\n%s", tt.reason, b.String())
		}
		if _, err := form.Parse(b.Bytes()); err != nil {
			t.Errorf("%s: the draft has faults: %v\n%s", tt.reason, err, b.String())
		}
	}
}

func TestNothingToDraft(t *testing.T) {
	for _, text := range []string{"甲|乙\n丙|丁", "1|2\n3|4", "标题"} {
		if d, err := draft.Make("own", "", []draft.Table{{Number: 1, Table: grid(text)}}, true); err == nil {
			t.Errorf("%q gives\n%s", text, drafted(d.Form))
		}
	}
	if _, err := draft.Make("own", "", []draft.Table{{Number: 1, Table: &layout.Table{}}}, true); err == nil {
		t.Error("an empty table is one")
	}
}

// TestOfficial: tables of official forms are no forms of the user's own.
func TestOfficial(t *testing.T) {
	r := synth.Make(3, synth.Options{})
	var tables []draft.Table
	for i, key := range []string{"requests", "review_and_litigation"} {
		tables = append(tables, draft.Table{Number: i + 1, Table: printed(r.Grids(key, synth.Plain())[0])})
	}
	if d, err := draft.Make("own", "", tables, true); err == nil {
		t.Errorf("drafted:\n%s", drafted(d.Form))
	}
	if _, err := draft.Make("own", "", tables[:1], false); err != nil {
		t.Errorf("one that was asked for: %v", err)
	}
}

// printed is a grid of the generator as a document has it.
func printed(g synth.Grid) *layout.Table {
	t := &layout.Table{Rows: g.Rows, Cols: len(g.Widths)}
	for _, b := range g.Boxes {
		t.Cells = append(t.Cells, layout.Cell{Row: b.Row, Col: b.Col, RowSpan: b.RowSpan, ColSpan: b.ColSpan, Text: b.Text})
	}
	return t
}

// TestDraft: what is drafted of a filled-in form is the form, but for its keys and what no numbers tell.
func TestDraft(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "forms", "hall.json"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	r := synth.Make(14, synth.Options{Own: f, Size: synth.Medium})
	d, err := draft.Make("hall", "", []draft.Table{{Number: 1, Title: f.Title, Table: printed(r.Grids("hall_services", synth.Plain())[0])}}, true)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := draft.Write(&out, d.Form); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, filepath.Join("testdata", "hall.json"), out.Bytes())
	got, err := form.Parse(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range f.Tables[0].Rows {
		if y := got.Tables[0].Rows[i]; y.Label != x.Label || !slices.Equal(y.Groups, x.Groups) || y.Unit != x.Unit {
			t.Errorf("row %d: %+v, want %+v", i, y, x)
		}
	}
	for i, x := range f.Tables[0].Columns {
		if y := got.Tables[0].Columns[i]; y.Label != x.Label || !slices.Equal(y.Groups, x.Groups) {
			t.Errorf("column %d: %+v, want %+v", i, y, x)
		}
	}
}

// FuzzMake: whatever a table looks like, a draft is JSON that can be read.
func FuzzMake(f *testing.F) {
	f.Add("项目|甲类|合计\n来访|3|7\n来信|5|9")
	f.Add("复议|<|诉讼\n维持|总计|^\n3|4|2")
	f.Fuzz(func(t *testing.T, text string) {
		rows := strings.Split(strings.TrimSpace(text), "\n")
		n := strings.Count(rows[0], "|")
		for _, r := range rows {
			if strings.Count(r, "|") != n {
				return
			}
		}
		if len(rows) > 20 || n > 12 {
			return
		}
		d, err := draft.Make("own", "", []draft.Table{{Number: 1, Table: grid(text)}}, false)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := draft.Write(&b, d.Form); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(b.Bytes()) {
			t.Fatalf("no JSON: %s", b.String())
		}
	})
}
