package normalize_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/normalize"
	"github.com/nianbao/nianbao/report"
)

// grid makes a table of lines whose cells are divided by "|": "<" goes on the cell to the left, "^"
// the cell above.
func grid(text string) *layout.Table {
	var rows [][]string
	for _, l := range strings.Split(strings.TrimSpace(text), "\n") {
		rows = append(rows, strings.Split(strings.TrimSpace(l), "|"))
	}
	t := &layout.Table{Rows: len(rows)}
	owner := map[[2]int]int{}
	for r, row := range rows {
		t.Cols = max(t.Cols, len(row))
		for c, s := range row {
			switch s {
			case "<":
				i := owner[[2]int{r, c - 1}]
				owner[[2]int{r, c}] = i
				t.Cells[i].ColSpan = c - t.Cells[i].Col + 1
			case "^":
				i := owner[[2]int{r - 1, c}]
				owner[[2]int{r, c}] = i
				t.Cells[i].RowSpan = r - t.Cells[i].Row + 1
			default:
				owner[[2]int{r, c}] = len(t.Cells)
				t.Cells = append(t.Cells, layout.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Text: s})
			}
		}
	}
	return t
}

func document(parts ...any) *layout.Document {
	var bs []layout.Block
	for _, p := range parts {
		switch x := p.(type) {
		case string:
			bs = append(bs, layout.Block{Paragraph: &layout.Paragraph{Text: x, Confidence: 1}})
		case *layout.Table:
			bs = append(bs, layout.Block{Table: x})
		}
	}
	return &layout.Document{Name: "x.docx", Pages: []layout.Page{{Route: layout.RouteCells, Blocks: bs}}}
}

const review = `
行政复议|<|<|<|<|行政诉讼|<|<|<|<|<|<|<|<|<
结果维持|结果纠正|其他结果|尚未审结|总计|未经复议直接起诉|<|<|<|<|复议后起诉|<|<|<|<
^|^|^|^|^|结果维持|结果纠正|其他结果|尚未审结|总计|结果维持|结果纠正|其他结果|尚未审结|总计
1|2|3|4|10|5|0|0|1|6|/|—||无|0`

func TestReview(t *testing.T) {
	r, _, _ := normalize.Report(document("四、政府信息公开行政复议、行政诉讼情况", grid(review)), form.Set{})
	want := map[string]string{
		"review/upheld": "1", "review/corrected": "2", "review/other_result": "3", "review/pending": "4", "review/total": "10",
		"litigation_direct/upheld": "5", "litigation_direct/total": "6",
		"litigation_after_review/upheld": "null", "litigation_after_review/corrected": "null", "litigation_after_review/total": "0",
	}
	for k, w := range want {
		if got := value(r, "/tables/review_and_litigation/"+k); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
	}
	if m := r.Cell("/tables/review_and_litigation/litigation_after_review/pending").Mark; m != report.MarkText {
		t.Errorf("无 has mark %s", m)
	}
}

// TestReviewWithALostLabel: a blank label below a group is a column of its own.
func TestReviewWithALostLabel(t *testing.T) {
	r, _, _ := normalize.Report(document(grid(strings.Replace(review, "|结果维持|结果纠正|其他结果|尚未审结|总计|结果维持", "|结果维持|结果纠正||尚未审结|总计|结果维持", 1))), form.Set{})
	for k, w := range map[string]string{"litigation_direct/upheld": "5", "litigation_direct/other_result": "0", "litigation_direct/pending": "1", "litigation_after_review/total": "0"} {
		if got := value(r, "/tables/review_and_litigation/"+k); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
	}
}

// TestReviewByShape: a scanned row of as many figures as the table has columns is that table, though its header stands on the page before
// or cannot be read. The labels confirm none of its columns.
func TestReviewByShape(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(review), "\n")
	for name, tab := range map[string]*layout.Table{"labels that cannot be read": grid(review), "no header": grid(rows[len(rows)-1])} {
		r, _, _ := normalize.Report(document("青山镇2023年政府信息公开工作年度报告", bands2021(), unlabelled(tab)), form.Set{})
		for k, w := range map[string]string{"review/upheld": "1", "litigation_direct/upheld": "5", "litigation_after_review/total": "0"} {
			path := "/tables/review_and_litigation/" + k
			if got := value(r, path); got != w {
				t.Errorf("%s: %s is %s, want %s", name, k, got, w)
			} else if c := r.Cell(path); c.Label == 0 || c.Label > 0.5 {
				t.Errorf("%s: %s: label confidence %.2f, though nobody read the label", name, k, c.Label)
			}
		}
	}
}

// TestReviewWithoutAllColumns: the labels of all groups are alike. Where columns lack, only what stands under the name of its group is told;
// all else is named, and never moved by a group.
func TestReviewWithoutAllColumns(t *testing.T) {
	r, _, _ := normalize.Report(document("四、政府信息公开行政复议、行政诉讼情况", grid(`
行政复议|<|<|行政诉讼|<|<|<|<|<|<|<|<
结果维持|审结|结果维持|结果纠正|其他结果|尚未审结|总计|结果维持|结果纠正|其他结果|尚未审结|总计
0 0|0 10|10 54|0|2|14|70|13|4|0|0|17`)), form.Set{})
	for _, f := range form.Official().All()[0].Table("review_and_litigation").Fields() {
		path := f.Path
		if got := value(r, path); got != "null" && got != "absent" {
			t.Errorf("%s is %s, though nobody knows its column", path, got)
		}
	}
}

func value(r *report.Report, path string) string {
	v, ok := r.Tables.Value(path)
	if !ok {
		return "absent"
	}
	b, err := v.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// matrix draws 表三 of a form with a different number in every cell: row*10+column. edit changes
// the lines before they are drawn.
func matrix(name string, edit func(head, rows []string) ([]string, []string)) *layout.Table {
	ft := form.Official().Get(name).Table("requests")
	head := []string{
		"（勾稽关系）|<|<|申请人情况|<|<|<|<|<|<",
		"^|^|^|自然人|法人或其他组织|<|<|<|<|总计",
		"^|^|^|^|商业企业|科研机构|社会公益组织|法律服务机构|其他|^",
	}
	var rows []string
	last := ""
	for i, r := range ft.Rows {
		labels := r.Label + "|<|<"
		switch len(r.Groups) {
		case 1:
			labels = "^|" + r.Label + "|<"
		case 2:
			labels = "^|^|" + r.Label
			if r.Groups[1] != last {
				labels = "^|" + r.Groups[1] + "|" + r.Label
			}
			last = r.Groups[1]
		}
		if i > 0 && len(r.Groups) > 0 && len(ft.Rows[i-1].Groups) == 0 {
			labels = r.Groups[0] + labels[1:]
		}
		for c := range ft.Columns {
			labels += fmt.Sprintf("|%d", 10*(i+1)+c)
		}
		rows = append(rows, labels)
	}
	if edit != nil {
		head, rows = edit(head, rows)
	}
	return grid(strings.Join(append(head, rows...), "\n"))
}

func replaced(old, new string) func(h, r []string) ([]string, []string) {
	return func(h, r []string) ([]string, []string) {
		for _, lines := range [][]string{h, r} {
			for i := range lines {
				lines[i] = strings.ReplaceAll(lines[i], old, new)
			}
		}
		return h, r
	}
}

// inTraditional writes a table in traditional characters, by OpenCC's table.
func inTraditional(t *testing.T) func(h, r []string) ([]string, []string) {
	t.Helper()
	b, err := os.ReadFile("simplified/testdata/STCharacters.txt")
	if err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
			pairs = append(pairs, f[0], f[1])
		}
	}
	all := strings.NewReplacer(pairs...)
	return func(h, r []string) ([]string, []string) {
		for _, lines := range [][]string{h, r} {
			for i := range lines {
				lines[i] = all.Replace(lines[i])
			}
		}
		return h, r
	}
}

func TestMatrix(t *testing.T) {
	swapRows := func(a, b int) func(h, r []string) ([]string, []string) {
		return func(h, r []string) ([]string, []string) {
			r[a], r[b] = r[b], r[a]
			return h, r
		}
	}
	tests := []struct {
		name, form string
		edit       func(h, r []string) ([]string, []string)
		lost       map[string]string // fields that differ from row*10+column
		code       diag.Code
	}{
		{name: "as printed 2021", form: "2021"},
		{name: "as printed 2019", form: "2019"},
		{name: "brackets of the other width", form: "2021", edit: replaced("（", "(")},
		{name: "enumerators with another stop", form: "2021", edit: replaced("1.", "1、")},
		{name: "a typo of 洪泽 2023", form: "2021", edit: replaced("其他法律行政法规禁止公开", "其他法律行政止公开")},
		{name: "blanks within labels", form: "2021", edit: replaced("总计", "总 计")},
		{name: "traditional characters", form: "2021", edit: inTraditional(t)},
		{name: "traditional characters 2019", form: "2019", edit: inTraditional(t)},
		{name: "two columns exchanged with their labels", form: "2021",
			edit: replaced("|商业企业|科研机构|", "|科研机构|商业企业|"),
			lost: map[string]string{"*/business": "+1", "*/research": "-1"}},
		{name: "two rows exchanged with their labels", form: "2021", edit: swapRows(7, 8)},
		{name: "an unknown row", form: "2021", code: diag.UnknownRow,
			edit: func(h, r []string) ([]string, []string) {
				return h, append(append(append([]string{}, r[:2]...), "省级增设统计项目|<|<|9|9|9|9|9|9|9"), r[2:]...)
			}},
		{name: "an absent row", form: "2021",
			edit: func(h, r []string) ([]string, []string) { return h, append(append([]string{}, r[:16]...), r[17:]...) },
			lost: map[string]string{"declined_repeat/*": "null"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tab := matrix(tt.form, tt.edit)
			r, _, warnings := normalize.Report(document("三、收到和处理政府信息公开申请情况", tab), form.Set{})
			if r.Forms["requests"] != tt.form {
				t.Fatalf("form %q", r.Forms["requests"])
			}
			ft := form.Official().Get(tt.form).Table("requests")
			for i, row := range ft.Rows {
				for c, col := range ft.Columns {
					want := fmt.Sprint(10*(i+1) + c)
					for _, k := range []string{"*/" + col.Key, row.Key + "/*"} {
						switch d := tt.lost[k]; d {
						case "":
						case "+1":
							want = fmt.Sprint(10*(i+1) + c + 1)
						case "-1":
							want = fmt.Sprint(10*(i+1) + c - 1)
						default:
							want = d
						}
					}
					if got := value(r, form.Path("requests", row.Key, col.Key)); got != want {
						t.Errorf("%s/%s is %s, want %s", row.Key, col.Key, got, want)
					}
				}
			}
			if tt.code != "" {
				found := false
				for _, w := range warnings {
					found = found || w.Code == tt.code
				}
				if !found {
					t.Errorf("no warning %s in %v", tt.code, warnings)
				}
			}
		})
	}
}

func TestBands(t *testing.T) {
	tests := []struct {
		name  string
		parts []any
		want  map[string]string
	}{
		{
			name: "2019 with uneven spans and a unit in the cell",
			parts: []any{grid(`第二十条第（五）项|<|<|<|<
信息内容|上一年项目数量|本年增/减|<|处理决定数量
行政许可|7|<|+173|0
第二十条第（六）项|<|<|<|<
信息内容|上一年项目数量|本年增/减|<|处理决定数量
行政处罚|3|<|-2|195
行政强制|1|<|未增未减|4
第二十条第（九）项|<|<|<|<
信息内容|采购项目数量|<|采购总金额|<
政府集中采购|6|<|251000元|<`)},
			want: map[string]string{
				"licensing/items_last_year": "7", "licensing/items_change": "173", "licensing/decisions": "0",
				"penalty/items_change": "-2", "coercion/items_change": "null", "coercion/decisions": "4",
				"procurement/projects": "6", "procurement/amount": "251000", "procurement/amount_unit": `"元"`,
			},
		},
		{
			name: "a header that is one cell: no band has that of the one before",
			parts: []any{grid("第二十条第（五）项|<|<|<\n信息内容|上一年项目数量|本年增/减|处理决定数量\n行政许可|7|0|1\n其他对外管理服务事项|0|0|0\n第二十条第（六）项|<|<|<\n信息内容上一年项目数量|<|本年增/减|处理决定数量\n行政处罚|19|0|2\n行政强制|0|26|0"),
				grid("第二十条第（八）项|<|<\n信息内容上一年项目数量本年增/减|<|<\n行政事业性收费|6|0")},
			want: map[string]string{"fees/items_last_year": "6", "fees/items_change": "0"},
		},
		{
			name: "a header of another band before a row with a value in its label",
			parts: []any{grid("第二十条第（五）项|<|<|<\n信息内容|上一年项目数量|本年增/减|处理决定数量\n行政许可|7|0|1\n其他对外管理服务事项|0|0|0\n第二十条第（六）项|<|<|<\n信息内容|上一年项目数量|本年增/减|处理决定数量\n行政处罚|19|0|2\n行政强制|0|26|0"),
				grid("行政事业性收费6|0")},
			want: map[string]string{"coercion/items_change": "26", "fees/items_last_year": "null", "fees/items_change": "null"},
		},
		{
			name: "2021, one table a band, one header for the page before",
			parts: []any{
				grid("第二十条第（一）项|<|<|<\n信息内容|本年（2023）制发件数|本年废止件数|现行有效件数\n规章（设区的市、自治州人民政府应提供）|0|1|2\n行政规范性文件|22（其中修订16件）|4|5"),
				grid("第二十条 第（六）项|<|<|<\n信息内容|本年处理决定数量|<|<"),
				"-3-",
				grid("行政处罚|4119|<|<"),
				grid("行政强制|195|<|<"),
				grid("第二十条第（八）项|<\n信息内容|本年收费金额（单位：万元）\n行政事业型收费|7730.28"),
			},
			want: map[string]string{
				"rules/issued": "0", "rules/repealed": "1", "rules/in_force": "2", "normative_documents/issued": "22",
				"penalty/decisions": "4119", "coercion/decisions": "195", "fees/amount_wan_yuan": "7730.28", "licensing/decisions": "null",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, _, _ := normalize.Report(document(tt.parts...), form.Set{})
			for k, w := range tt.want {
				if got := value(r, "/tables/proactive_disclosure/"+k); got != w {
					t.Errorf("%s is %s, want %s", k, got, w)
				}
			}
		})
	}
}

func TestStatistics(t *testing.T) {
	lines := []string{"统  计  指  标|单位|统计数"}
	ft := form.Official().Get("2014").Table("statistics")
	for i, r := range ft.Rows {
		v, u := fmt.Sprint(i), r.Unit
		if r.Heading {
			v, u = "——", "——"
		}
		lines = append(lines, r.Label+"|"+u+"|"+v)
	}
	upright := grid(strings.Join(lines, "\n"))
	var across [3]string
	for i, l := range lines {
		for k, s := range strings.Split(l, "|") {
			if i > 0 {
				across[k] += "|"
			}
			across[k] += s
		}
	}
	for name, tab := range map[string]*layout.Table{"upright": upright, "across": grid(strings.Join(across[:], "\n"))} {
		r, _, _ := normalize.Report(document("附件：政府信息公开情况统计表（2016年度）", tab), form.Set{})
		if r.Form != "2014" {
			t.Fatalf("%s: form %q", name, r.Form)
		}
		for i, row := range ft.Rows {
			if row.Heading {
				continue
			}
			if got := value(r, form.Path("statistics", row.Key, "")); got != fmt.Sprint(i) {
				t.Errorf("%s: %s is %s, want %d", name, row.Key, got, i)
			}
		}
	}
}

// TestMixedForms is 洪泽 2023: 表二 of 2021 with 表三 of 2019.
func TestMixedForms(t *testing.T) {
	two := grid("第二十条第（五）项|<\n信息内容|本年处理决定数量\n行政许可|550")
	r, _, _ := normalize.Report(document("洪泽区人民政府", "2023年政府信息公开工作年度报告", "二、主动公开政府信息情况", two, matrix("2019", nil), grid(review)), form.Set{})
	want := map[string]string{"proactive_disclosure": "2021", "requests": "2019", "review_and_litigation": "2021"}
	for k, w := range want {
		if r.Forms[k] != w {
			t.Errorf("%s has form %q, want %q", k, r.Forms[k], w)
		}
	}
	if r.Form != "2021" || r.Meta.Issuer != "洪泽区人民政府" || r.Meta.Year == nil || *r.Meta.Year != 2023 {
		t.Errorf("form %q, report %+v", r.Form, r.Meta)
	}
}

func TestMeta(t *testing.T) {
	tests := []struct {
		lines  []string
		issuer string
		year   int
		reason string
	}{
		{[]string{"青山镇人民政府2023年政府信息公开工作年度报告", "一、总体情况"}, "青山镇人民政府", 2023, ""},
		{[]string{"2019年上海市人民政府办公厅政府信息公开工作年度报告", "一、总体情况"}, "上海市人民政府办公厅", 2019, "year first"},
		{[]string{"# 小铺乡 2024 年政府信息公开工作年度报告", "## 一、总体情况"}, "小铺乡", 2024, "blanks of a web page"},
		{[]string{"东阳市教育局", "２０１６年度", "政府信息公开年度报告", "一、概述"}, "东阳市教育局", 2016, "three lines, full-width digits"},
		{[]string{"索引号：0001", "发布日期：2024-01-02", "石桥县审计局政府信息公开工作年度报告（2023年）", "本报告中所列数据统计期限自2023年1月1日起至2023年12月31日止。", "一、总体情况"}, "石桥县审计局", 2023, "page furniture before the title"},
		{[]string{"北川县财政局政务信息公开年度报告", "所列数据的统计期限自2012年1月1日起至2012年12月31日止。", "一、概述"}, "北川县财政局", 2012, "the year only in the period"},
		{[]string{"南岭街道办事处二〇一五年政府信息公开年报", "一、概述"}, "南岭街道办事处", 2015, "Han numerals"},
		{[]string{"清源市自然资源和规划局2024年政府信息公开工作年度报", "， 告", "一、总体情况"}, "清源市自然资源和规划局", 2024, "a title of two lines with a speck between them"},
		{[]string{"长宁县财政局2023年政府信息公开工作年度报告林报告根据《中华人民共和国政府信息公开条例》要求编制，所列数据统计期限自2023年1月1日起至2023年12月31日止。", "一、总体情况"}, "长宁县财政局", 2023, "the preamble in the title's paragraph"},
	}
	for _, tt := range tests {
		var parts []any
		for _, l := range tt.lines {
			parts = append(parts, l)
		}
		r, _, _ := normalize.Report(document(parts...), form.Set{})
		year := 0
		if r.Meta.Year != nil {
			year = *r.Meta.Year
		}
		if r.Meta.Issuer != tt.issuer || year != tt.year {
			t.Errorf("%v: %q %d, want %q %d (%s)", tt.lines, r.Meta.Issuer, year, tt.issuer, tt.year, tt.reason)
		}
	}
}

func TestSections(t *testing.T) {
	r, _, w := normalize.Report(document("青山镇2023年政府信息公开工作年度报告",
		"一、总体情况", "（一）主动公开：第一段。", "第二段。",
		"### 二、 主动公开政府信息情况",
		"四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
		"五、存在问题及改进情况", "一是不够。",
		"六、其他需要报告的事项：无"), form.Set{})
	var keys []string
	for _, s := range r.Sections {
		keys = append(keys, s.Key)
	}
	if got := strings.Join(keys, " "); got != "overview proactive_disclosure review_and_litigation problems_and_improvements other_matters" {
		t.Errorf("sections %s", got)
	}
	if r.Sections[0].Text != "（一）主动公开：第一段。\n第二段。" {
		t.Errorf("text %q", r.Sections[0].Text)
	}
	if r.Sections[4].Text != "无" {
		t.Errorf("text after the heading is %q", r.Sections[4].Text)
	}
	missing := 0
	for _, x := range w {
		if x.Code == diag.SectionMissing {
			missing++
		}
	}
	if missing != 1 {
		t.Errorf("%d missing sections named, want 1: %v", missing, w)
	}
}

// The groups of 表四 have the same columns: what a scan left of a label in one of them tells its column in all.
func TestGroupsVouchForEachOther(t *testing.T) {
	figures := "3|2|0|1|6|0|0|4|1|5|8|0|3|0|11"
	for _, tt := range []struct {
		labels string
		sure   bool
		reason string
	}{
		{"结果维持|□正|供□|尚□|总计|结□持|结果纠正|果|为未审结|总计|□|正|其他结果|□|总计", true, "each is read somewhere"},
		{"结布持|结果纠正|其理果|尚未审结|总计|结金持|结果纠正|其要渠|尚未审结|总计|结回班持|结果纠正|其要渠|尚未审结|总计", true, "two are read nowhere, and all together tell"},
		{"□|□|其他结果|尚未审结|总计|□|□|其他结果|尚未审结|总计|□|□|其他结果|尚未审结|总计", false, "two that nobody could read"},
	} {
		g := grid("行政复议|<|<|<|<|行政诉讼|<|<|<|<|<|<|<|<|<\n^|^|^|^|^|未经复议直接起诉|<|<|<|<|复议后起诉|<|<|<|<\n" + tt.labels + "\n" + figures)
		for i := range g.Cells {
			g.Cells[i].Reading = &layout.Reading{}
		}
		r, _, _ := normalize.Report(document("四、政府信息公开行政复议、行政诉讼情况", g), form.Set{})
		at := 0
		for _, f := range form.Official().Get("2021").Table("review_and_litigation").Fields() {
			c := r.Cell(f.Path)
			if c == nil || c.Raw != strings.Split(figures, "|")[at] {
				t.Errorf("%s: %s: %+v", tt.reason, f.Path, c)
			} else if doubt := c.Label != 0 && c.Label < 0.6; doubt == tt.sure && at%5 < 2 {
				t.Errorf("%s: %s has a label of %v", tt.reason, f.Path, c.Label)
			}
			at++
		}
	}
}

// TestWhiteRowsOfAText: where white space makes the rows of a text layer, figures below labels of several lines slip to the next row, and
// headings of several lines into each other. What no sum holds has a label in doubt, so that it is named.
func TestWhiteRowsOfAText(t *testing.T) {
	for row, lines := range map[string]string{
		"refused_three_securities_one_stability": `|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计
一、本年新收政府信息公开申请数量|196|29|69|16|39|33|382
二、上年结转政府信息公开申请数量|0|0|0|0|0|0|0
（一）予以公开|0|0|0|0|0|0|0
1.属于国家秘密|125|0|0|0|2|5|132
2.其他法律行政法规禁||||||||
止公开3.危及“三安全一稳定|0|0|15|0|0|2|17
”|8|3|0|0|0|0|11`,
		"received": `|自然人|商业企业|科研机构织|构|其他|
一、本年新收政府信息公开申请数量|196|29|69|16|39|33
二、上年结转政府信息公开申请数量|0|0|0|0|0|0
（一）予以公开|0|0|0|0|0|0
1.属于国家秘密|125|0|0|0|2|5`,
	} {
		g := grid(lines)
		g.White = true
		r, _, _ := normalize.Report(document("三、收到和处理政府信息公开申请情况", g), form.Set{})
		n := 0
		for _, c := range r.Cells {
			if !strings.Contains(c.Path, "/"+row+"/") || c.Raw == "" {
				continue
			}
			if n++; c.Label == 0 || c.Label >= 0.3 {
				t.Errorf("%s is %s with a label of %v", c.Path, c.Raw, c.Label)
			}
		}
		if n == 0 {
			t.Errorf("no value of %s: %v", row, r.Forms)
		}
	}
}

// What a poor scan makes of units names no row: a column is one of units by most of its cells, whatever its header was read as.
func TestUnitsThatCannotBeRead(t *testing.T) {
	rows := form.Official().Get("2014").Table("statistics").Rows
	lines := []string{"统计指标|革位|统计数"}
	for i, r := range rows {
		unit, value := r.Unit, fmt.Sprint(i)
		switch {
		case r.Heading:
			unit, value = "一一", "—"
		case i%3 == 0:
			unit = []string{"平", "索", "□"}[i/3%3]
		}
		lines = append(lines, r.Label+"|"+unit+"|"+value)
	}
	g := grid(strings.Join(lines, "\n"))
	for i := range g.Cells {
		g.Cells[i].Reading = &layout.Reading{}
	}
	r, _, _ := normalize.Report(document("附表", g), form.Set{})
	for i, row := range rows {
		c := r.Cell(form.Path("statistics", row.Key, ""))
		if !row.Heading && (c == nil || c.Raw != fmt.Sprint(i) || c.Label != 0) {
			t.Errorf("%s: %+v", row.Label, c)
		}
	}
}

// A scanned part without a header, with a column too many, does not say which column holds the values: a blank one is not believed.
func TestColumnTooMany(t *testing.T) {
	rows := form.Official().Get("2014").Table("statistics").Rows
	lines := []string{"统计指标|单位|统计数"}
	for i, r := range rows[:20] {
		lines = append(lines, fmt.Sprintf("%s|%s|%d", r.Label, r.Unit, i))
	}
	first, then := grid(strings.Join(lines, "\n")), []string{}
	for i, r := range rows[20:40] {
		then = append(then, fmt.Sprintf("%s|%s|%d|", r.Label, r.Unit, i))
	}
	second := grid(strings.Join(then, "\n"))
	for _, g := range []*layout.Table{first, second} {
		for i := range g.Cells {
			g.Cells[i].Reading = &layout.Reading{}
		}
	}
	r, _, _ := normalize.Report(document("附表", first, second), form.Set{})
	for i, row := range rows[:40] {
		path := form.Path("statistics", row.Key, "")
		if row.Heading {
			continue
		}
		switch v, ok := r.Tables.Value(path); {
		case i < 20 && (!ok || v.Number == nil):
			t.Errorf("%s is lost", path)
		case i >= 20 && r.Cell(path) != nil && r.Cell(path).Verdict != report.Missing:
			t.Errorf("%s is %s", path, r.Cell(path).Verdict)
		}
	}
}

// A blank under a header that is blank too, where rulings were lost, does not say that nothing is printed.
func TestBlankUnderBlank(t *testing.T) {
	const path = "/tables/proactive_disclosure/licensing/decisions"
	for _, tt := range []struct {
		text    string
		scanned bool
		want    report.Verdict
	}{
		{"第二十条第（五）项|<\n信息内容|\n行政许可|", true, report.Missing},
		{"第二十条第（五）项|<\n信息内容|\n行政许可|3", true, ""},
		{"第二十条第（五）项|<\n信息内容|本年处理决定数量\n行政许可|", true, ""},
		{"第二十条第（五）项|<\n信息内容|\n行政许可|", false, ""},
	} {
		g := grid(tt.text + "\n第二十条第（六）项|<\n信息内容|本年处理决定数量\n行政处罚|1\n行政强制|2")
		for i := range g.Cells {
			if tt.scanned {
				g.Cells[i].Reading = &layout.Reading{}
			}
		}
		r, _, _ := normalize.Report(document("二、主动公开政府信息情况", g), form.Set{})
		if cell := r.Cell(path); cell == nil || cell.Verdict != tt.want {
			t.Errorf("%q, scanned %v: %+v, want verdict %q", tt.text, tt.scanned, cell, tt.want)
		}
	}
}

// Scanned rows may have run past their labels: next to a row of figures without a label, and around a heading that has figures.
func TestRowsPastLabels(t *testing.T) {
	rows := form.Official().Get("2014").Table("statistics").Rows
	for _, tt := range []struct {
		name string
		line func(i int, r form.Row) []string
		past func(i int) bool
	}{
		{"a row without a label", func(i int, r form.Row) []string {
			line := []string{fmt.Sprintf("%s|%s|%d", r.Label, r.Unit, i)}
			if i == 12 {
				line = append([]string{"|件|7"}, line...)
			}
			if r.Heading {
				line[len(line)-1] = fmt.Sprintf("%s|—|—", r.Label)
			}
			return line
		}, func(i int) bool { return i == 11 || i == 12 }},
		{"a heading with figures", func(i int, r form.Row) []string {
			if r.Heading && i != 20 {
				return []string{fmt.Sprintf("%s|—|—", r.Label)}
			}
			return []string{fmt.Sprintf("%s|%s|%d", r.Label, r.Unit, i)}
		}, func(i int) bool {
			from, to := 20, 20
			for from > 0 && !rows[from-1].Heading {
				from--
			}
			for to+1 < len(rows) && !rows[to+1].Heading {
				to++
			}
			return i >= from && i <= to
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lines := []string{"统计指标|单位|统计数"}
			for i, r := range rows {
				lines = append(lines, tt.line(i, r)...)
			}
			g := grid(strings.Join(lines, "\n"))
			for i := range g.Cells {
				g.Cells[i].Reading = &layout.Reading{}
			}
			r, _, _ := normalize.Report(document("附表", g), form.Set{})
			for i, row := range rows {
				cell := r.Cell(form.Path("statistics", row.Key, ""))
				if !row.Heading && cell.Verdict != report.Missing && tt.past(i) != (cell.Label > 0 && cell.Label < 0.3) {
					t.Errorf("%s: label %.2f", row.Label, cell.Label)
				}
			}
		})
	}
}

func TestLocalForms(t *testing.T) {
	heads := map[string]string{
		"dingxi":   "指 标 名 称|计量单位|代码|本期实际|本年累计\n甲|乙|丙|1|2",
		"putian":   "指标名称|计量单位|2009年度|历年累计",
		"shanghai": "指标名称|计算单位|代码|本月累计|年度累计",
	}
	for name, head := range heads {
		t.Run(name, func(t *testing.T) {
			lines := []string{head}
			ft := form.Official().Get(name).Table("statistics")
			for i, r := range ft.Rows {
				switch name {
				case "putian":
					lines = append(lines, fmt.Sprintf("%s|%s|%d|%d", r.Label, r.Unit, i, 1000+i))
				default:
					lines = append(lines, fmt.Sprintf("%s|%s|%02d|%d|%d", r.Label, r.Unit, i+1, 1000+i, i))
				}
			}
			r, _, _ := normalize.Report(document("附表", grid(strings.Join(lines, "\n"))), form.Set{})
			if r.Form != "local" || r.Forms["statistics"] != name {
				t.Fatalf("form %q, %v", r.Form, r.Forms)
			}
			for i, row := range ft.Rows {
				if got := value(r, form.Path("statistics", row.Key, "")); got != fmt.Sprint(i) {
					t.Errorf("%s is %s, want %d", row.Key, got, i)
				}
				other := "period"
				if name == "putian" {
					other = "cumulative"
				}
				if got := value(r, form.Path(other, row.Key, "")); got != fmt.Sprint(1000+i) {
					t.Errorf("%s of %s is %s, want %d", other, row.Key, got, 1000+i)
				}
			}
			if _, ok := r.Tables.Value("/tables/local/0/value"); ok {
				t.Error("a known row is local")
			}
		})
	}
}

// TestLocalPrint: places change their forms: what two rows counted becomes one, words change, rows go, and the year's column may
// be blank where that of all years is not. So it is on a scan, where a row that was not found may have been overlooked.
func TestLocalPrint(t *testing.T) {
	for _, scan := range []bool{false, true} {
		t.Run(fmt.Sprintf("scan %v", scan), func(t *testing.T) { localPrint(t, scan) })
	}
}

func localPrint(t *testing.T, scan bool) {
	tab := grid(`指标名称|计量单位|2014年度|历年累计
主动公开文件数|条|2543|78967
其中：1、政府网站公开数|条|2540|78960
受理依申请公开信息总数|条|5|9
其中：1、当面申请数|条|1|1
2、网上申请数|条|1|4
3、信函、传真申请数|条|3|4
对申请的答复总数|条|5|9
4、其他类型答复数|条||7
行政复议数|件|0|0
行政申诉、举报数|件|2|3`)
	for i := range tab.Cells {
		if scan {
			tab.Cells[i].Reading = &layout.Reading{Ink: tab.Cells[i].Text != "", Candidates: []layout.Candidate{{Text: tab.Cells[i].Text, Probability: 0.99}}}
		}
	}
	r, _, _ := normalize.Report(document("附表", tab), form.Set{})
	for k, w := range map[string]string{
		"statistics/proactive_total": "2543", "cumulative/proactive_total": "78967", "statistics/channel_website": "2540",
		"statistics/received_by_letter": "", "statistics/received_by_fax": "", "statistics/administrative_appeals": "", "statistics/received_other": "",
		"local/0/label": `"3、信函、传真申请数"`, "local/0/value": "3", "local/0/cumulative": "4",
		"local/1/label": `"4、其他类型答复数"`, "local/1/value": "null", "local/1/cumulative": "7",
		"local/2/label": `"行政申诉、举报数"`, "local/2/value": "2",
	} {
		path := "/tables/" + k
		if w == "" {
			if asked := r.Cell(path) != nil; asked != scan {
				t.Errorf("%s is asked for: %v, where this print never had the row", k, asked)
			}
			continue
		}
		if got := value(r, path); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
	}
}

func TestStatisticsOfNoForm(t *testing.T) {
	r, _, _ := normalize.Report(document("甲县2011年政府信息公开工作年度报告", "附表", grid("序号|统计项目|单位|2011年度|历年累计\n1|开放日活动|次|3|9\n2|政务大厅接待|人次|1,204|4000\n3|公开栏|块|/|12")), form.Set{})
	want := map[string]string{
		"0/label": `"开放日活动"`, "0/unit": `"次"`, "0/value": "3", "0/code": `"1"`,
		"1/value": "1204", "2/value": "null", "0/cumulative": "9",
	}
	for k, w := range want {
		if got := value(r, "/tables/local/"+k); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
	}
	if r.Form != "local" {
		t.Errorf("form %q", r.Form)
	}
}

func TestNarrative(t *testing.T) {
	r, _, _ := normalize.Report(document("柳林县审计局2010年政府信息公开年度报告",
		"一、概述", "2010年主动公开政府信息88条。",
		"三、依申请公开情况", "全年受理政府信息公开申请12件，同意公开答复9件。受理政府信息公开申请12件。"), form.Set{})
	if r.Form != "narrative" {
		t.Fatalf("form %q", r.Form)
	}
	for k, w := range map[string]string{"proactive_total": "88", "requests_received": "12", "answered_granted": "9"} {
		if got := value(r, "/tables/narrative/"+k); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
	}
	c := r.Cell("/tables/narrative/proactive_total")
	if c == nil || c.Sentence != "2010年主动公开政府信息88条" || c.Raw != "88" || c.Verdict != report.Read {
		t.Errorf("evidence %+v", c)
	}
}

// TestNarrativeDoubts: what the text does not surely state is null, with its words and the reason.
func TestNarrativeDoubts(t *testing.T) {
	r, _, _ := normalize.Report(document("柳林县审计局2010年政府信息公开年度报告",
		"一、概述", "2008年以来累计主动公开政府信息8536条。全年主动公开政府信息３00余条。",
		"三、依申请公开情况", "全年受理政府信息公开申请12件。共收到申请13件。2009年受理9件。"), form.Official())
	for path, want := range map[string]struct {
		value string
		cell  report.Cell
	}{
		"proactive_total":   {"null", report.Cell{Raw: "３00余", Mark: report.MarkText, Note: "estimate", Sentence: "全年主动公开政府信息３00余条"}},
		"requests_received": {"12", report.Cell{Raw: "12", Mark: report.MarkNumber, Note: "also 13", Sentence: "全年受理政府信息公开申请12件"}},
	} {
		c := r.Cell("/tables/narrative/" + path)
		if c == nil {
			t.Errorf("no %s", path)
			continue
		}
		if got := value(r, c.Path); got != want.value || c.Raw != want.cell.Raw || c.Mark != want.cell.Mark || c.Note != want.cell.Note || c.Sentence != want.cell.Sentence {
			t.Errorf("%s is %s: %+v", path, got, *c)
		}
	}
}

// withoutSpans gives the table as a source does that lost its spans: each cell takes one place, and
// what it spanned is gone.
func withoutSpans(t *layout.Table) *layout.Table {
	out := &layout.Table{Rows: t.Rows}
	for r := range t.Rows {
		col := 0
		for _, c := range t.Cells {
			if c.Row == r {
				c.Col, c.RowSpan, c.ColSpan = col, 1, 1
				out.Cells = append(out.Cells, c)
				col++
				out.Cols = max(out.Cols, col)
			}
		}
	}
	return out
}

// TestLostSpans: values keep their fields, or are null, but never move to another field unnamed.
func TestLostSpans(t *testing.T) {
	for _, name := range []string{"2021", "2019"} {
		r, _, _ := normalize.Report(document(withoutSpans(matrix(name, nil)), withoutSpans(grid(review))), form.Set{})
		ft := form.Official().Get(name).Table("requests")
		found := 0
		for i, row := range ft.Rows {
			for c, col := range ft.Columns {
				path := form.Path("requests", row.Key, col.Key)
				switch got, want := value(r, path), fmt.Sprint(10*(i+1)+c); {
				case got == want:
					found++
				case got != "null":
					t.Errorf("%s: %s is %s, want %s or null", name, path, got, want)
				}
				if cell := r.Cell(path); cell != nil && cell.Verdict != report.Missing && cell.Label > 0.55 {
					t.Errorf("%s: %s has label confidence %.2f though its column is a guess", name, path, cell.Label)
				}
			}
		}
		if found < 150 {
			t.Errorf("%s: only %d values found", name, found)
		}
		if got := value(r, "/tables/review_and_litigation/review/total"); got != "10" && got != "null" {
			t.Errorf("review total %s", got)
		}
	}
}

// TestLostWall: a wall of the header that was not found on a scan hides no value.
func TestLostWall(t *testing.T) {
	tab := grid(strings.Replace(review, "结果维持|结果纠正|其他结果|尚未审结|总计|未经", "结果结果维持纠正|<|其他结果|尚未审结|总计|未经", 1))
	for i := range tab.Cells {
		tab.Cells[i].Reading = &layout.Reading{Ink: tab.Cells[i].Text != "", Candidates: []layout.Candidate{{Text: tab.Cells[i].Text, Probability: 0.99}}}
	}
	r, _, _ := normalize.Report(document(tab), form.Set{})
	for k, w := range map[string]string{"review/upheld": "1", "review/corrected": "2", "review/total": "10", "litigation_direct/total": "6"} {
		path := "/tables/review_and_litigation/" + k
		if got := value(r, path); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
		if c := r.Cell(path); c.Label == 0 || c.Label >= 0.6 {
			t.Errorf("%s: label confidence %.2f though its column is a guess", k, c.Label)
		}
	}
}

// TestHeaderOfHalves: on a scan without rulings white space parts the lines of a header's labels, so that the lowest cell of each column holds
// its second line alone, and groups lie over the wrong columns. As many figures as the form has columns stand in the form's order.
func TestHeaderOfHalves(t *testing.T) {
	tab := &layout.Table{Rows: 5, Cols: 15, White: true}
	add := func(row, col, rows, cols int, text string) {
		read := &layout.Reading{Ink: text != "", Candidates: []layout.Candidate{{Text: text, Probability: 0.999}}}
		tab.Cells = append(tab.Cells, layout.Cell{Row: row, Col: col, RowSpan: rows, ColSpan: cols, Text: text, Reading: read})
	}
	add(0, 0, 1, 4, "行政复议")
	add(0, 4, 4, 1, "总")
	add(0, 5, 1, 4, "行政诉讼")
	add(0, 9, 4, 1, "总")
	add(0, 10, 1, 4, "复议后起诉")
	add(0, 14, 4, 1, "总计")
	add(1, 5, 1, 4, "未经复议直接起诉")
	for g := range 3 {
		top := 1
		if g == 1 {
			top = 2
		}
		for k, lines := range [][2]string{{"结果", "维持"}, {"结果", "纠正"}, {"其他", "结果"}, {"尚未", "审结"}} {
			add(top, 5*g+k, 3-top, 1, lines[0])
			add(3, 5*g+k, 1, 1, lines[1])
		}
	}
	var want []string
	for i, v := range []int{0, 1, 1, 0, 2, 1, 0, 0, 0, 1, 0, 0, 3, 0, 3} {
		want = append(want, fmt.Sprint(v))
		add(4, i, 1, 1, want[i])
	}
	r, _, _ := normalize.Report(document("四、政府信息公开行政复议、行政诉讼情况", tab), form.Set{})
	for i, c := range form.Official().Get("2021").Table("review_and_litigation").Columns {
		path := form.Path("review_and_litigation", "", c.Key)
		if got := value(r, path); got != want[i] {
			t.Errorf("%s is %s, want %s", c.Key, got, want[i])
		}
	}
}

// TestLostLabelWall: labels of two rows that a scan shows in one cell are each their own row's.
func TestLostLabelWall(t *testing.T) {
	ft := form.Official().Get("2021").Table("requests")
	row := slices.IndexFunc(ft.Rows, func(r form.Row) bool { return r.Key == "other_not_corrected" })
	a, b := ft.Rows[row], ft.Rows[row+1]
	tab := matrix("2021", func(h, r []string) ([]string, []string) {
		h, r = replaced("|"+b.Label+"|", "|^|")(h, r)
		return replaced("|"+a.Label+"|", "|"+a.Label+b.Label+"|")(h, r)
	})
	for i := range tab.Cells {
		c := &tab.Cells[i]
		c.Reading = &layout.Reading{Ink: c.Text != "", Candidates: []layout.Candidate{{Text: c.Text, Probability: 0.99}}}
	}
	r, _, _ := normalize.Report(document(tab), form.Set{})
	for i, k := range []string{a.Key, b.Key} {
		if got, want := value(r, "/tables/requests/"+k+"/natural_person"), fmt.Sprint(10*(row+i+1)); got != want {
			t.Errorf("%s is %s, want %s", k, got, want)
		}
	}
}

// TestLostLabelWalls: of many rows in one cell, those from the next row on are nearly as like.
func TestLostLabelWalls(t *testing.T) {
	rows := form.Official().Get("2014").Table("statistics").Rows
	first := slices.IndexFunc(rows, func(r form.Row) bool { return r.Key == "refused_security_stability" })
	const merged = 7
	for _, tt := range []struct {
		name string
		said int // labels that the cell holds
	}{{"each its own", merged}, {"one more than rows", merged + 1}} {
		t.Run(tt.name, func(t *testing.T) {
			lines := []string{"统计指标|单位|统计数"}
			all := ""
			for _, r := range rows[first : first+tt.said] {
				all += r.Label
			}
			for i, r := range rows {
				label, value := r.Label, fmt.Sprint(i)
				switch {
				case i == first:
					label = all
				case i > first && i < first+merged:
					label = "^"
				case i == first+merged && tt.said > merged:
					continue // the wall between its figures and those above is lost, too
				}
				if r.Heading {
					value = "—"
				}
				lines = append(lines, fmt.Sprintf("%s|%s|%s", label, cmp.Or(r.Unit, "—"), value))
			}
			g := grid(strings.Join(lines, "\n"))
			for i := range g.Cells {
				g.Cells[i].Reading = &layout.Reading{}
			}
			r, _, _ := normalize.Report(document("附表", g), form.Set{})
			for i, row := range rows[first : first+merged] {
				got, want := value(r, form.Path("statistics", row.Key, "")), fmt.Sprint(first+i)
				if tt.said > merged && i > 0 { // the cell begins with the first row's label
					want = "null"
				}
				if got != want {
					t.Errorf("%s is %s, want %s", row.Key, got, want)
				}
			}
		})
	}
}

// TestRowWithoutPrint: a row without label and figures, as the rest of one that a page break cut, says no blank.
func TestRowWithoutPrint(t *testing.T) {
	rows := form.Official().Get("2014").Table("statistics").Rows
	at := slices.IndexFunc(rows, func(r form.Row) bool { return r.Key == "meetings" })
	for _, tt := range []struct {
		line string
		want report.Verdict
	}{{"||", report.Missing}, {rows[at].Label + "|次|", ""}} {
		lines := []string{"统计指标|单位|统计数"}
		for i, r := range rows {
			line := fmt.Sprintf("%s|%s|%d", r.Label, cmp.Or(r.Unit, "—"), i)
			if i == at {
				line = tt.line
			}
			lines = append(lines, line)
		}
		g := grid(strings.Join(lines, "\n"))
		for i := range g.Cells {
			g.Cells[i].Reading = &layout.Reading{Candidates: []layout.Candidate{{Text: g.Cells[i].Text, Probability: 0.999}}}
		}
		r, _, _ := normalize.Report(document("附表", g), form.Set{})
		if c := r.Cell(form.Path("statistics", "meetings", "")); c == nil || c.Verdict != tt.want {
			t.Errorf("%q: %+v, want verdict %q", tt.line, c, tt.want)
		}
	}
}

// TestLostValueWall: what a scan shows where the wall between two values was not found is neither's.
func TestLostValueWall(t *testing.T) {
	for _, tt := range []struct {
		name     string
		old, new string
		none     []string // fields without a value
		right    map[string]string
	}{
		{"between two columns", "|21|22|23|", "|2122|<|23|", []string{"carried_in/business", "carried_in/research"}, map[string]string{"carried_in/public_welfare": "23", "carried_in/natural_person": "20"}},
		{"above one value, and in the header, so that as many are left", "|21|22|23|", "|21|^|23|", []string{"carried_in/research", "carried_in/public_welfare", "carried_in/legal_service"}, map[string]string{"carried_in/business": "21", "carried_in/other_org": "25"}},
		{"between two rows", "|160|161|", "|^|161|", []string{"unable_unclear_after_correction/natural_person", "declined_petition/natural_person"}, map[string]string{"declined_petition/business": "161"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tab := matrix("2021", func(h, r []string) ([]string, []string) {
				if strings.Contains(tt.name, "header") {
					h, r = replaced("|社会公益组织|法律服务机构|", "|社会法律|<|")(h, r)
				}
				return replaced(tt.old, tt.new)(h, r)
			})
			for i := range tab.Cells {
				c := &tab.Cells[i]
				c.Reading = &layout.Reading{Ink: c.Text != "", Candidates: []layout.Candidate{{Text: c.Text, Probability: 0.99}}}
			}
			r, _, _ := normalize.Report(document(tab), form.Set{})
			for _, k := range tt.none {
				if got := value(r, "/tables/requests/"+k); got != "null" {
					t.Errorf("%s is %s", k, got)
				}
				if c := r.Cell("/tables/requests/" + k); c.Verdict != report.Missing {
					t.Errorf("%s has verdict %s, want it missing", k, c.Verdict)
				}
			}
			for k, w := range tt.right {
				if got := value(r, "/tables/requests/"+k); got != w {
					t.Errorf("%s is %s, want %s", k, got, w)
				}
			}
		})
	}
	// The last row of 表四.
	scanned := func(tab *layout.Table) *layout.Table {
		for i := range tab.Cells {
			tab.Cells[i].Reading = &layout.Reading{Ink: true, Candidates: []layout.Candidate{{Text: tab.Cells[i].Text, Probability: 0.99}}}
		}
		return tab
	}
	r, _, _ := normalize.Report(document(scanned(grid(strings.Replace(review, "|5|0|0|1|6", "|50|<|0|1|6", 1)))), form.Set{})
	for k, w := range map[string]string{"litigation_direct/upheld": "null", "litigation_direct/corrected": "null", "litigation_direct/total": "6"} {
		if got := value(r, "/tables/review_and_litigation/"+k); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
	}
}

// TestTornPartOfFewColumns: a part of a table over the page that shows fewer columns than the form has, none of
// them named, gives no field a value: once its four numbers went to the first four columns.
func TestTornPartOfFewColumns(t *testing.T) {
	torn := grid("2.没有现成信息需要另行制作|6|16|1|23")
	for i := range torn.Cells {
		torn.Cells[i].Reading = &layout.Reading{Ink: true, Candidates: []layout.Candidate{{Text: torn.Cells[i].Text, Probability: 0.9999}}}
	}
	whole := matrix("2021", nil)
	kept := &layout.Table{Cols: whole.Cols}
	last := 0
	for _, c := range whole.Cells {
		if strings.HasPrefix(c.Text, "2.没有现成信息") {
			last = c.Row
		}
	}
	for _, c := range whole.Cells {
		if c.Row < last {
			c.RowSpan = min(c.RowSpan, last-c.Row)
			kept.Cells, kept.Rows = append(kept.Cells, c), last
		}
	}
	r, _, _ := normalize.Report(document(kept, torn), form.Set{})
	for _, col := range []string{"natural_person", "business", "research", "public_welfare", "total"} {
		path := "/tables/requests/unable_must_be_created/" + col
		if got := value(r, path); got != "null" {
			t.Errorf("%s is %s: nothing says that it stands there", path, got)
		}
		if c := r.Cell(path); c == nil || c.Verdict != report.Missing {
			t.Errorf("%s is %+v, want it missing", path, c)
		}
	}
	if got := value(r, "/tables/requests/granted/business"); got != "31" {
		t.Errorf("granted/business is %s, want 31", got)
	}
}

// TestColumnOfTwo: a column of a torn part that stands under two columns of the header, between which no wall was seen, is neither.
func TestColumnOfTwo(t *testing.T) {
	rows := form.Official().Get("2021").Table("requests").Rows
	edges := []float64{0, 30, 60, 120, 156, 200, 240, 280, 320, 360, 400}
	whole := matrix("2021", nil)
	kept := &layout.Table{Cols: whole.Cols, Rows: whole.Rows - 8}
	for _, c := range whole.Cells {
		if c.Row >= kept.Rows {
			continue
		}
		c.RowSpan = min(c.RowSpan, kept.Rows-c.Row)
		kept.Cells = append(kept.Cells, c)
	}
	var rest []string
	for i := len(rows) - 8; i < len(rows); i++ {
		rest = append(rest, rows[i].Label+"|4|4||||8")
	}
	torn := grid(strings.Join(rest, "\n"))
	scanned := func(tab *layout.Table, edges []float64) {
		for i := range tab.Cells {
			c := &tab.Cells[i]
			c.Box = layout.Rect{X0: edges[c.Col], X1: edges[c.Col+c.ColSpan], Y0: float64(20 * c.Row), Y1: float64(20 * (c.Row + c.RowSpan))}
			c.Reading = &layout.Reading{Ink: c.Text != "", Candidates: []layout.Candidate{{Text: c.Text, Probability: 0.9999}}}
		}
	}
	scanned(kept, edges)
	scanned(torn, []float64{0, 120, 200, 240, 280, 320, 360, 400})
	r, _, _ := normalize.Report(document(kept, torn), form.Set{})
	for k, want := range map[string]string{"natural_person": "null", "business": "null", "research": "4", "total": "8"} {
		path := "/tables/requests/handled_total/" + k
		if got := value(r, path); got != want {
			t.Errorf("%s is %s, want %s", k, got, want)
		}
	}
}

// TestHeaderCutOff: a page break stands between the header and the first row.
func TestHeaderCutOff(t *testing.T) {
	whole := matrix("2021", nil)
	split := func(from, to int) *layout.Table {
		out := &layout.Table{Rows: to - from, Cols: whole.Cols}
		for _, c := range whole.Cells {
			if c.Row >= from && c.Row < to {
				c.Row -= from
				out.Cells = append(out.Cells, c)
			}
		}
		return out
	}
	r, _, _ := normalize.Report(document(split(0, 3), split(3, whole.Rows)), form.Set{})
	for k, w := range map[string]string{"received/natural_person": "10", "granted/business": "31", "carried_out/total": "256"} {
		path := "/tables/requests/" + k
		if got := value(r, path); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
		if c := r.Cell(path); c.Label != 0 && c.Label < 0.6 {
			t.Errorf("%s: label confidence %.2f though its column has a label", k, c.Label)
		}
	}
}

// TestHeaderOverBlanks: cells of the header that span two rows may stand as a label and a blank below it.
func TestHeaderOverBlanks(t *testing.T) {
	for _, name := range []string{"2021", "2019"} {
		tab := matrix(name, func(head, rows []string) ([]string, []string) {
			return []string{head[0], head[1], "^|^|^||商业企业|科研机构|社会公益组织|法律服务机构|其他|"}, rows
		})
		r, _, _ := normalize.Report(document(tab), form.Set{})
		if r.Forms["requests"] != name {
			t.Errorf("a table of %s is told as %s", name, r.Forms["requests"])
		}
		for k, w := range map[string]string{"received/natural_person": "10", "granted/business": "31", "carried_in/total": "26"} {
			if got := value(r, "/tables/requests/"+k); got != w {
				t.Errorf("%s: %s is %s, want %s", name, k, got, w)
			}
		}
	}
}

// TestHeaderCutThrough: a page break cuts the lowest row of the header, and of what is left beyond it a wall was not seen.
func TestHeaderCutThrough(t *testing.T) {
	tab := matrix("2021", func(head, rows []string) ([]string, []string) {
		return []string{head[0], head[1], "^|^|^|^|商业企业|科研机构|社会公益|法律服务|其他|^", "|<|<|<|||组织|机构||"}, rows
	})
	r, _, _ := normalize.Report(document(tab), form.Set{})
	for k, w := range map[string]string{"received/natural_person": "10", "granted/business": "31", "carried_out/total": "256"} {
		if got := value(r, "/tables/requests/"+k); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
	}
}

// onPaper gives each cell a place, so that the columns of several grids can be held against each other.
func onPaper(page int, xs []float64, tab *layout.Table) *layout.Table {
	for i := range tab.Cells {
		c := &tab.Cells[i]
		c.Page, c.Box = page, layout.Rect{X0: xs[c.Col], X1: xs[c.Col+c.ColSpan], Y0: float64(c.Row), Y1: float64(c.Row + c.RowSpan)}
	}
	return tab
}

// TestHeaderOnThePageBefore: blanks keep their columns in a part whose header, or most of it, a page break cut off.
func TestHeaderOnThePageBefore(t *testing.T) {
	xs := []float64{40, 90, 170, 340, 370, 400, 430, 460, 490, 520, 550}
	body := `一、本年新收政府信息公开申请数量|<|<|9||31|4||2|46
二、上年结转政府信息公开申请数量|<|<||3|||1||4
三、本年度办理结果|（一）予以公开|<||5|||||5
^|（三）不予公开|1.属于国家秘密|||7||||7`
	wider := strings.NewReplacer("|<|<|", "|<|<|<|", "公开|<|", "公开|<|<|", "秘密|", "秘密|<|").Replace(body)
	for name, parts := range map[string][]any{
		"all of it": {
			onPaper(1, xs, grid("（勾稽关系）|<|<|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计")),
			onPaper(2, []float64{40, 90, 170, 200, 340, 370, 400, 430, 460, 490, 520, 550}, grid(wider))},
		"but for its last row": {
			onPaper(1, []float64{40, 340, 370, 520, 550}, grid("（勾稽关系）|申请人情况|<|<\n^|自然|法人或其他组织|总计")),
			"人",
			onPaper(2, xs, grid("|<|<||商业企业|科研机构|社会公益组织|法律服务机构|其他|\n"+body))},
	} {
		r, _, _ := normalize.Report(document(parts...), form.Set{})
		for k, w := range map[string]string{
			"received/natural_person": "9", "received/research": "31", "received/public_welfare": "4", "received/other_org": "2", "received/total": "46",
			"carried_in/natural_person": "null", "carried_in/business": "3", "carried_in/legal_service": "1", "carried_in/total": "4",
			"granted/business": "5", "granted/total": "5",
		} {
			if got := value(r, "/tables/requests/"+k); got != w {
				t.Errorf("%s: %s is %s, want %s", name, k, got, w)
			}
		}
	}
}

// TestWhiteColumnsOfAnotherPage: where white space parts columns, a page may have as many as that of the header, and of its labels one more and of
// its figures one less. None of its figures is another column's and no review names it.
func TestWhiteColumnsOfAnotherPage(t *testing.T) {
	head := grid("（勾稽关系）|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计\n一、本年新收政府信息公开申请数量|9|2|31|4|1|2|49\n二、上年结转政府信息公开申请数量|1|1|1|1|1|1|6")
	rest := grid("（三）不予公开|1.属于国家秘密|3|4||||7\n^|2.其他法律行政法规禁止公开||2|3|||5")
	parts := []any{onPaper(1, []float64{40, 170, 220, 270, 320, 370, 420, 470, 550}, head), onPaper(2, []float64{40, 100, 170, 220, 320, 370, 420, 470, 550}, rest)}
	for _, p := range parts {
		p.(*layout.Table).White, p.(*layout.Table).Ruled = true, true
	}
	r, _, _ := normalize.Report(document(parts...), form.Set{})
	for _, c := range []string{"refused_state_secret/research", "refused_state_secret/business", "refused_other_law/public_welfare", "refused_other_law/research"} {
		v, _ := r.Tables.Value("/tables/requests/" + c)
		if v.Number == nil {
			continue
		}
		if e := r.Cell("/tables/requests/" + c); e == nil || e.Label == 0 || e.Label > 0.5 {
			t.Errorf("%s is %s, as if a header stood over it: %+v", c, v.Number, e)
		}
	}
}

// TestAdrift: what the reader says of columns that may lie wrong is kept with each cell of the report.
func TestAdrift(t *testing.T) {
	g := grid("（勾稽关系）|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计\n一、本年新收政府信息公开申请数量|9|2|31|4|1|2|49\n二、上年结转政府信息公开申请数量|1|1|1|1|1|1|6")
	for i := range g.Cells {
		g.Cells[i].Reading = &layout.Reading{Ink: true, Candidates: []layout.Candidate{{Text: g.Cells[i].Text, Probability: 1}}, Adrift: true}
	}
	r, _, _ := normalize.Report(document(g), form.Set{})
	if e := r.Cell("/tables/requests/received/business"); e == nil || e.Raw != "2" || e.Label == 0 || e.Label > 0.5 {
		t.Errorf("the doubt is not kept: %+v", e)
	}
}

// TestHeaderWithAColumnMore: a wall that is dirt parts the header, and not the rows on the next page: these have the form's columns in their
// order, which the labels that were read vouch for.
func TestHeaderWithAColumnMore(t *testing.T) {
	for _, tt := range []struct {
		header string
		sure   bool
	}{
		{"（勾稽关系）|<|<|自然人||商业企业|科研机构|社会公益组织|法律服务机构|其他|总计", true},
		{"（勾稽关系）|<|<|自然人||商业企业|□|□|法律服务机构|其他|总计", false},
	} {
		first := grid(tt.header + "\n一、本年新收政府信息公开申请数量|<|<|9||0|31|4|0|2|46\n二、上年结转政府信息公开申请数量|<|<|0||3|0|0|1|0|4")
		then := grid("三、本年度办理结果|（一）予以公开|<|5|6|7|8|9|0|35\n^|（三）不予公开|1.属于国家秘密|1|2|3|4|5|6|21\n四、结转下年度继续办理|<|<|0|0|0|0|0|1|1")
		for _, g := range []*layout.Table{first, then} {
			for i := range g.Cells {
				g.Cells[i].Reading = &layout.Reading{Ink: g.Cells[i].Text != "", Candidates: []layout.Candidate{{Text: g.Cells[i].Text, Probability: 0.9999}}}
			}
		}
		r, _, _ := normalize.Report(document(first, then), form.Set{})
		for k, w := range map[string]string{"granted/natural_person": "5", "granted/business": "6", "granted/total": "35", "refused_state_secret/other_org": "6"} {
			path := "/tables/requests/" + k
			if got := value(r, path); got != w {
				t.Errorf("%s: %s is %s, want %s", tt.header, k, got, w)
			}
			if c := r.Cell(path); c == nil || c.Label != 0 {
				t.Errorf("%s: %s: %+v, though its column's label was read", tt.header, k, c)
			}
		}
		if c := r.Cell("/tables/requests/granted/research"); c == nil || (c.Label == 0) != tt.sure {
			t.Errorf("%s: research: %+v", tt.header, c)
		}
	}
}

// TestShortRow: a written row that has fewer cells than its header does not say under which they stand.
func TestShortRow(t *testing.T) {
	r, _, _ := normalize.Report(document(grid("信息内容|本年制发件数|本年废止件数|现行有效件数\n规章|0|0|0\n行政规范性文件|34|189")), form.Set{})
	for _, k := range []string{"issued", "repealed", "in_force"} {
		path := "/tables/proactive_disclosure/normative_documents/" + k
		if got := value(r, path); got != "null" || r.Cell(path).Verdict != report.Missing {
			t.Errorf("%s is %s, %s", k, got, r.Cell(path).Verdict)
		}
	}
	if got := value(r, "/tables/proactive_disclosure/rules/in_force"); got != "0" {
		t.Errorf("the row above is lost: %s", got)
	}
}

// TestTornLabels: rows keep their fields where a copy kept only a line out of the middle of their labels, or made two rows of
// them; and what they are decides the form.
func TestTornLabels(t *testing.T) {
	tab := grid(`项目|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计
一、本年新收政府信息公开申请数量|9|1|0|0|0|0|10
（一）予以公开|3|0|0|0|0|0|3
期不补正、行政机关不|4|1|0|0|0|0|5
2.申请人逾期未按收费|||||||
通知要求缴纳费用、行|1|0|0|0|0|0|1
3.其他|1|0|0|0|0|0|1
（七）总计|9|1|0|0|0|0|10`)
	r, _, _ := normalize.Report(document(tab), form.Set{})
	if r.Forms["requests"] != "2021" {
		t.Errorf("told as %s", r.Forms["requests"])
	}
	for k, w := range map[string]string{"other_not_corrected/total": "5", "other_fee_unpaid/natural_person": "1", "other_other/total": "1"} {
		if got := value(r, "/tables/requests/"+k); got != w {
			t.Errorf("%s is %s, want %s", k, got, w)
		}
	}
	if _, ok := r.Tables.Value("/tables/local/0/value"); ok {
		t.Error("a torn row is local")
	}
}

// lost are the pointers that warnings name as lost.
func lost(ws []diag.Warning) string {
	var out []string
	for _, w := range ws {
		if w.Path != "" {
			out = append(out, w.Path)
		}
	}
	return strings.Join(out, " ")
}

// unlabelled makes a table one that was read from pixels, its labels not at all.
func unlabelled(tab *layout.Table) *layout.Table {
	for i := range tab.Cells {
		c := &tab.Cells[i]
		if c.Reading = (&layout.Reading{Ink: c.Text != ""}); len([]rune(c.Text)) > 1 && strings.Trim(c.Text, "0123456789") != "" {
			c.Text = ""
		}
	}
	return tab
}

// TestNoTableDisappears: a table that the document shows or announces and that was not read is named by its pointer.
func TestNoTableDisappears(t *testing.T) {
	const all = "/tables/proactive_disclosure /tables/requests /tables/review_and_litigation"
	head := []any{"青山镇2023年政府信息公开工作年度报告", "一、总体情况", "甲。"}
	tests := []struct {
		name  string
		parts []any
		want  string
	}{
		{"a section without its table", []any{"二、主动公开政府信息情况", bands2021(), "三、收到和处理政府信息公开申请情况", "本年收到3件。"}, "/tables/requests"},
		{"none of the tables", []any{"本年收到3件。"}, all},
		{"labels in the text", []any{bands2021(), "一、本年新收政府信息公开申请数量 3 二、上年结转政府信息公开申请数量 0 （七）总计 3 四、结转下年度继续办理 0"}, "/tables/requests"},
		{"labels of a scan that could not be read", []any{bands2021(), unlabelled(matrix("2021", nil))}, "/tables/requests /tables/review_and_litigation"},
		{"labels without a value", []any{bands2021(), grid("一、本年新收政府信息公开申请数量\n二、上年结转政府信息公开申请数量\n四、结转下年度继续办理")}, "/tables/requests"},
		{"a table of figures that no form knows", []any{bands2021(), grid("部门|网站|微博\n甲局|12|3\n乙局|7|0")}, "/tables/local"},
		{"a table that holds no figures", []any{bands2021(), grid("部门|电话\n甲局|见网站\n乙局|见网站")}, ""},
	}
	for _, tt := range tests {
		_, _, w := normalize.Report(document(append(append([]any{}, head...), tt.parts...)...), form.Set{})
		if got := lost(w); got != tt.want {
			t.Errorf("%s: %q is named, want %q", tt.name, got, tt.want)
		}
	}
	// Of a scan every table of its form that was not found.
	scan := bands2021()
	for i := range scan.Cells {
		c := &scan.Cells[i]
		c.Reading = &layout.Reading{Ink: c.Text != "", Candidates: []layout.Candidate{{Text: c.Text, Probability: 0.99}}}
	}
	if _, _, w := normalize.Report(document(append(slices.Clone(head), scan)...), form.Set{}); lost(w) != "/tables/requests /tables/review_and_litigation" {
		t.Errorf("a scan of 表二 alone: %q is named", lost(w))
	}
	for _, narrative := range [][]any{
		{"青山镇2012年政府信息公开工作年度报告", "一、概述", "甲。", "二、主动公开政府信息情况", "公开3条。", "三、依申请公开政府信息情况", "收到3件。"},
		{"青山镇2017年政府信息公开工作年度报告", "一、概述", "甲。", "二、政府信息公开情况", "公开3条。"},
	} {
		if _, _, w := normalize.Report(document(narrative...), form.Set{}); lost(w) != "" {
			t.Errorf("%v: %q is named, though no table was usual", narrative[0], lost(w))
		}
	}
}

// TestContradictingCopies: a table may stand in a report more than once. The captions say which is the report's; where they do not, a number
// that the copies do not agree on is nobody's.
func TestContradictingCopies(t *testing.T) {
	mine, other := bands2021(), bands2021()
	for i := range other.Cells {
		if other.Cells[i].Text == "12" {
			other.Cells[i].Text = "99"
		}
	}
	title := "青山镇2023年政府信息公开工作年度报告"
	for _, tt := range []struct {
		name  string
		parts []any
		want  string
	}{
		{"the year before stands first", []any{title, "二、主动公开政府信息情况", "附：上年度数据", other, "本年度数据", mine}, "12"},
		{"years in captions", []any{title, "2022年主动公开情况表", other, "2023年主动公开情况表", mine}, "12"},
		{"the year before comes after", []any{title, mine, "（上年度）", other}, "12"},
		{"one copy alone names another year", []any{title, "2022年12月制表", mine}, "12"},
		{"the same twice", []any{title, mine, "附表", bands2021()}, "12"},
		{"nothing says which", []any{title, mine, "附表", other}, "null"},
	} {
		r, _, _ := normalize.Report(document(tt.parts...), form.Set{})
		path := "/tables/proactive_disclosure/licensing/decisions"
		if got := value(r, path); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if c := r.Cell(path); tt.want == "null" && (c.Verdict != report.Missing || !strings.Contains(c.Note, "12, 99")) {
			t.Errorf("%s: %+v", tt.name, c)
		}
		if got := value(r, "/tables/proactive_disclosure/rules/issued"); got != "1" {
			t.Errorf("%s: a number that all copies agree on is %s", tt.name, got)
		}
	}
}

// TestFormOfAPart: a table cut off before the rows that tell its form is of the form of the other tables, else of the newest.
func TestFormOfAPart(t *testing.T) {
	part := grid("项目|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计\n一、本年新收政府信息公开申请数量|9|1|0|0|0|0|10\n（一）予以公开|3|0|0|0|0|0|3")
	older := grid("信息内容|本年新制作数量|本年新公开数量|对外公开总数量\n规章|0|0|0\n规范性文件|1|2|3")
	for _, tt := range []struct {
		parts []any
		want  string
	}{{[]any{part}, "2021"}, {[]any{bands2021(), part}, "2021"}, {[]any{older, part}, "2019"}} {
		r, _, _ := normalize.Report(document(tt.parts...), form.Set{})
		if got := r.Forms["requests"]; got != tt.want {
			t.Errorf("%d tables: form %q, want %q", len(tt.parts), got, tt.want)
		}
	}
}

// bands2021 is a filled-in 表二.
func bands2021() *layout.Table {
	return grid(`第二十条第（一）项|<|<|<
信息内容|本年制发件数|本年废止件数|现行有效件数
规章|1|0|4
行政规范性文件|2|0|7
第二十条第（五）项|<|<|<
信息内容|本年处理决定数量|<|<
行政许可|12|<|<
第二十条第（六）项|<|<|<
信息内容|本年处理决定数量|<|<
行政处罚|3|<|<
行政强制|0|<|<
第二十条第（八）项|<|<|<
信息内容|本年收费金额（单位：万元）|<|<
行政事业性收费|0.5|<|<`)
}

// scanned is a table as it was read from pixels.
func scanned(tab *layout.Table) *layout.Table {
	for i := range tab.Cells {
		c := &tab.Cells[i]
		c.Reading = &layout.Reading{Ink: c.Text != "", Candidates: []layout.Candidate{{Text: c.Text, Probability: 0.999}}}
	}
	return tab
}

// TestLabelsInTwoCells: a header's label whose lines a scan made two cells of names its column as one cell would.
func TestLabelsInTwoCells(t *testing.T) {
	tab := scanned(matrix("2021", func(h, r []string) ([]string, []string) {
		return []string{
			h[0],
			"^|^|^|自然|法人或其他组织|<|<|<|<|总计",
			"^|^|^|^|商业|科研|社会公益|法律服务|其|^",
			"^|^|^|人|企业|机|组织|机构|他|^",
		}, r
	}))
	r, _, _ := normalize.Report(document("三、收到和处理政府信息公开申请情况", tab), form.Set{})
	for k, c := range form.Official().Get("2021").Table("requests").Columns {
		path := form.Path("requests", "received", c.Key)
		if got := value(r, path); got != fmt.Sprint(10+k) {
			t.Errorf("%s is %s, want %d", c.Key, got, 10+k)
		}
		if got := r.Cell(path).Label; got != 0 {
			t.Errorf("%s: its label is in doubt, %v", c.Key, got)
		}
	}
}

// TestOneColumnWithoutHeader: where one column of figures stands beside labels that were read, no header is needed; where rows have two
// cells, which of them counts is in doubt.
func TestOneColumnWithoutHeader(t *testing.T) {
	for _, more := range []string{"", "|"} {
		var lines []string
		rows := form.Official().Get("2014").Table("statistics").Rows
		for i, r := range rows {
			v := fmt.Sprint(i)
			if r.Heading {
				v = "——"
			}
			lines = append(lines, r.Label+"|"+v+more)
		}
		r, _, _ := normalize.Report(document("附件：政府信息公开情况统计表（2016年度）", scanned(grid(strings.Join(lines, "\n")))), form.Set{})
		for i, row := range rows {
			path := form.Path("statistics", row.Key, "")
			if row.Heading || value(r, path) != fmt.Sprint(i) {
				continue
			}
			if doubt := r.Cell(path).Label != 0; doubt != (more != "") {
				t.Errorf("%q: %s is in doubt: %v", more, row.Key, doubt)
			}
		}
	}
}
