package normalize_test

import (
	"strings"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/normalize"
)

// TestUnits: a figure is in its field's unit, whatever the cell, its row, its column's header or the table's caption
// says that it is printed in.
func TestUnits(t *testing.T) {
	const fees, budget = "/tables/proactive_disclosure/fees/amount_wan_yuan", "/tables/statistics/budget_wan_yuan"
	band := func(header, cell string) string {
		return "第二十条第（六）项|<\n信息内容|本年处理决定数量\n行政处罚|4119\n第二十条第（八）项|<\n信息内容|" + header + "\n行政事业性收费|" + cell
	}
	statistics := func(unit, cell string) string {
		lines := []string{"统计指标|单位|统计数"}
		for _, r := range form.Official().Get("2014").Table("statistics").Rows {
			u, v := r.Unit, "1"
			if r.Key == "budget_wan_yuan" {
				u, v = unit, cell
			}
			lines = append(lines, r.Label+"|"+u+"|"+v)
		}
		return strings.Join(lines, "\n")
	}
	tests := []struct {
		caption, table, path string
		want, note, stated   string
		reason               string
	}{
		{"", band("本年收费金额（单位：万元）", "25.1"), fees, "25.1", "", "", "the form's own header"},
		{"", band("本年收费金额（单位：万元）", "251000元"), fees, "25.1", "元", "", "the cell says 元"},
		{"", band("本年收费金额（单位：万元）", "3.2亿元"), fees, "32000", "亿元", "", "the cell says 亿元"},
		{"", band("本年收费金额（单位：元）", "251000"), fees, "25.1", "元", "元", "the header says 元"},
		{"", band("本年收费金额（元）", "251000"), fees, "25.1", "元", "元", "the header says 元, in brackets alone"},
		{"", band("本年收费金额（单位：元）", "25.1万元"), fees, "25.1", "万元", "元", "the cell knows better than the header"},
		{"", band("本年收费金额", "25.1"), fees, "25.1", "", "", "nobody says it: the form's unit"},
		{"单位：元", band("本年收费金额", "251000"), fees, "25.1", "元", "元", "the caption says 元"},
		{"（单位：件、元）", band("本年收费金额", "251000"), fees, "25.1", "元", "元", "the caption lists 元 for what is money"},
		{"（单位：件、元）", band("本年收费金额", "251000"), "/tables/proactive_disclosure/penalty/decisions", "4119", "", "", "and 件 for what is counted"},
		{"单位：元、万元", band("本年收费金额", "25.1"), fees, "25.1", "", "", "a caption that lists both says nothing"},
		{"单位：元", band("本年收费金额（单位：万元）", "25.1"), fees, "25.1", "", "", "the header knows better than the caption"},
		{"填报单位：甲局", band("本年收费金额", "25.1"), fees, "25.1", "", "", "that 单位 is no unit"},
		{"", "单位：元|<\n" + band("本年收费金额", "251000"), fees, "25.1", "元", "元", "a caption in the table"},
		{"", band("本年收费金额（单位：万元）", "/"), fees, "null", "", "", "nothing in any unit"},
		{"", statistics("万元", "25.1"), budget, "25.1", "", "", "the row's own unit"},
		{"", statistics("元", "251000"), budget, "25.1", "元", "元", "the row says 元"},
		{"", statistics("万元", "251000元"), budget, "25.1", "元", "", "the cell says 元"},
		{"", strings.Replace(statistics("条", "1"), "统计数", "统计数（单位：万）", 1), "/tables/statistics/proactive_total", "1", "", "", "万 alone is no unit of things"},
	}
	for _, tt := range tests {
		parts := []any{"二、主动公开政府信息情况"}
		if tt.caption != "" {
			parts = append(parts, tt.caption)
		}
		r, _, _ := normalize.Report(document(append(parts, grid(tt.table))...), form.Set{})
		c := r.Cell(tt.path)
		if c == nil {
			t.Errorf("%s: no cell", tt.reason)
			continue
		}
		if got := value(r, tt.path); got != tt.want || c.Note != tt.note || c.Unit != tt.stated {
			t.Errorf("%s: %s, note %q, unit %q; want %s, %q, %q", tt.reason, got, c.Note, c.Unit, tt.want, tt.note, tt.stated)
		}
	}
}

// TestQuantities: a value that is no exact number keeps its row, and moves no other value.
func TestQuantities(t *testing.T) {
	two := "第二十条第（五）项|<|<|<\n信息内容|上一年项目数量|本年增/减|处理决定数量\n行政许可|%s|+1|3"
	for text, want := range map[string]string{
		"12": "12", "十二": "12", "约12": "null", "12余": "null", "3 5": "null", "12\n34": "null", "若干": "null", "①": "null", "12①": "12",
	} {
		g := grid(two)
		for i := range g.Cells {
			g.Cells[i].Text = strings.Replace(g.Cells[i].Text, "%s", text, 1)
		}
		r, _, _ := normalize.Report(document(g), form.Set{})
		p := "/tables/proactive_disclosure/licensing/"
		if a, b, c := value(r, p+"items_last_year"), value(r, p+"items_change"), value(r, p+"decisions"); a != want || b != "1" || c != "3" {
			t.Errorf("%q: %s %s %s, want %s 1 3", text, a, b, c, want)
		}
	}
}

// TestQuantitiesOfLocalRows: a row of statistics whose value is not exact is kept, with the unit that its cell prints.
func TestQuantitiesOfLocalRows(t *testing.T) {
	r, _, _ := normalize.Report(document("甲县2011年政府信息公开工作年度报告", "附表", grid("统计项目|2011年度\n开放日活动|3次\n政务大厅接待|1万余\n收费|25.1万元\n网站访问量|12万")), form.Set{})
	want := map[string]string{
		"0/value": "3", "0/unit": `"次"`, "1/value": "null", "1/unit": "null", "2/value": "25.1", "2/unit": `"万元"`, "3/value": "120000", "3/unit": "null",
	}
	for k, w := range want {
		if got := value(r, "/tables/local/"+k); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
	}
}

// TestPixelNumerals: what was recognised as 一 is a stroke, and other numerals are what print was taken for.
func TestPixelNumerals(t *testing.T) {
	for text, want := range map[string]string{"12": "12", "一": "null", "十二": "null"} {
		g := grid("第二十条第（五）项|<\n信息内容|本年处理决定数量\n行政许可|" + text)
		for i := range g.Cells {
			g.Cells[i].Reading = &layout.Reading{Candidates: []layout.Candidate{{Text: g.Cells[i].Text, Probability: 1}}}
		}
		r, _, _ := normalize.Report(document(g), form.Set{})
		if got := value(r, "/tables/proactive_disclosure/licensing/decisions"); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestQuantitiesWithoutWalls: in a copy that lost its walls, a value that is not exact keeps its place too.
func TestQuantitiesWithoutWalls(t *testing.T) {
	lines := strings.Split("第二十条第（一）项 信息内容 本年制发件数 本年废止件数 现行有效件数 规章 0 0 0 行政规范性文件 约120 0 3 "+
		"第二十条第（五）项 信息内容 本年处理决定数量 行政许可 1万余 第二十条第（六）项 信息内容 本年处理决定数量 行政处罚 251件 行政强制 12① "+
		"第二十条第（八）项 信息内容 本年收费金额（单位：元） 行政事业性收费 5000", " ")
	parts := []any{"甲局2023年政府信息公开工作年度报告", "二、主动公开政府信息情况"}
	for _, l := range lines {
		parts = append(parts, l)
	}
	r, _, _ := normalize.Report(document(parts...), form.Set{})
	for k, w := range map[string]string{
		"normative_documents/issued": "null", "normative_documents/repealed": "0", "normative_documents/in_force": "3", "licensing/decisions": "null",
		"penalty/decisions": "251", "coercion/decisions": "12", "fees/amount_wan_yuan": "0.5",
	} {
		if got := value(r, "/tables/proactive_disclosure/"+k); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
	}
}
