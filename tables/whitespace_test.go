package tables_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables"
)

// set gives the words of a page: one line of text a row, a word at each given x where the text has
// a bar, "~" for none.
func set(y, step float64, xs []float64, rows ...string) []layout.Word {
	var out []layout.Word
	for i, row := range rows {
		for k, text := range strings.Split(row, "|") {
			if text != "~" && text != "" {
				out = append(out, word(text, xs[k], y+float64(i)*step))
			}
		}
	}
	return out
}

func rule(y, x0, x1 float64) layout.Ruling {
	return layout.Ruling{From: layout.Point{X: x0, Y: y}, To: layout.Point{X: x1, Y: y}, Thickness: 0.5}
}

// walls are vertical rulings.
func walls(y0, y1 float64, xs ...float64) (out []layout.Ruling) {
	for _, x := range xs {
		out = append(out, layout.Ruling{From: layout.Point{X: x, Y: y0}, To: layout.Point{X: x, Y: y1}, Thickness: 0.5})
	}
	return out
}

func join(parts ...[]layout.Word) []layout.Word {
	var out []layout.Word
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func TestWhiteSpace(t *testing.T) {
	statistics := []float64{60, 360, 450}
	requests := []float64{60, 250, 300, 350, 400, 450, 500, 540}
	full := strings.Repeat("政府信息公开", 8)
	tests := []struct {
		name   string
		words  []layout.Word
		rules  []layout.Ruling
		want   string // the tables, a blank line between them
		reason string
	}{
		{"statistics without any ruling", join(
			set(60, 20, []float64{80}, full+"，"+"其中", "2023年共受理申请12件。"),
			set(120, 20, statistics, "统计指标|单位|统计数", "一、主动公开情况", "（一）主动公开政府信息数|条|128", "其中：主动公开规范性文件数|条|12", "制发规范性文件总数|件|12"),
			set(240, 20, []float64{80}, full)), nil,
			"统计指标|单位|统计数\n一、主动公开情况|<|<\n（一）主动公开政府信息数|条|128\n其中：主动公开规范性文件数|条|12\n制发规范性文件总数|件|12",
			"figures stand in columns behind labels; prose before and after stays prose"},
		{"three rules", set(120, 20, statistics, "统计指标|单位|统计数", "主动公开政府信息数|条|128", "规范性文件数|条|12", "文件总数|件|0"),
			[]layout.Ruling{rule(115, 55, 500), rule(135, 55, 500), rule(197, 55, 500)},
			"统计指标|单位|统计数\n主动公开政府信息数|条|128\n规范性文件数|条|12\n文件总数|件|0", "rulings above and below the header and at the foot"},
		{"a ruling under every row", set(120, 20, statistics, "统计指标|单位|统计数", "主动公开政府信息数|条|128", "规范性文件数|条|12", "文件总数|件|0"),
			[]layout.Ruling{rule(115, 55, 500), rule(135, 55, 500), rule(155, 55, 500), rule(175, 55, 500), rule(197, 55, 500)},
			"统计指标|单位|统计数\n主动公开政府信息数|条|128\n规范性文件数|条|12\n文件总数|件|0", ""},
		{"framed rows", set(120, 20, statistics, "统计指标|单位|统计数", "主动公开政府信息数|条|128", "规范性文件数|条|12", "文件总数|件|0"),
			[]layout.Ruling{rule(115, 55, 500), rule(135, 55, 500), rule(155, 55, 500), rule(175, 55, 500), rule(197, 55, 500),
				{From: layout.Point{X: 55, Y: 115}, To: layout.Point{X: 55, Y: 197}}, {From: layout.Point{X: 500, Y: 115}, To: layout.Point{X: 500, Y: 197}}},
			"统计指标|单位|统计数\n主动公开政府信息数|条|128\n规范性文件数|条|12\n文件总数|件|0", "a table with rows alone has its columns found"},
		{"strokes that meet a ruling", set(120, 20, statistics, "统计指标|单位|统计数", "主动公开政府信息数|条|128", "规范性文件数|条|12", "文件总数|件|0"),
			append(walls(155, 161, 300, 320, 340), rule(115, 55, 500), rule(135, 55, 500), rule(155, 55, 500), rule(161, 300, 340), rule(175, 55, 500), rule(197, 55, 500)),
			"统计指标|单位|统计数\n主动公开政府信息数|条|128\n规范性文件数|条|12\n文件总数|件|0", "what is lower than a line of text is no table"},
		{"columns ruled alone", join(
			set(100, 20, []float64{60, 262, 293, 324, 355}, "指标名称|甲乙丙|丁戊己|总合计", "公开数|12|7|19", "文件数|0|0|0")),
			walls(95, 135, 55, 261, 292.5, 323.5, 356),
			"指标名称|甲乙丙|丁戊己|总合计\n公开数|12|7|19\n文件数|0|0|0", "labels stand close to both sides of a ruling"},
		{"figures close to a ruling between them", set(100, 20, []float64{60, 200, 213}, "公开数量|12|34", "文件数量|11|30", "文件条数|10|24"),
			walls(95, 160, 211.5), "公开数量|12|34\n文件数量|11|30\n文件条数|10|24", "the ruling parts two columns, however narrow they are"},
		{"labels close to a ruling between them", set(100, 20, []float64{60, 93, 200, 260}, "（三）|1.公开数量|12|34", "~|2.文件数量|11|30", "~|3.文件条数|10|24"),
			walls(95, 160, 91.5), "（三）|1.公开数量|12|34\n|2.文件数量|11|30\n|3.文件条数|10|24", ""},
		{"a heading's dashes", join(
			set(60, 20, statistics, "（二）不同渠道公开|——|——", "1.政府公报公开数|条|0", "2.政府网站公开数|条|6", "二、回应解读|——|——", "（一）回应热点数|次|9"),
			set(160, 20, statistics, "三、依申请公开|——|——", "（一）收到申请数|件|2")), nil,
			"（二）不同渠道公开|——|——\n1.政府公报公开数|条|0\n2.政府网站公开数|条|6\n二、回应解读|——|——\n（一）回应热点数|次|9\n三、依申请公开|——|——\n（一）收到申请数|件|2",
			"under units they stand for none, and under figures they are no zeros"},
		{"a unit that looks like a figure", join(
			set(60, 20, statistics, "指标|单位|数量", "1.公开数|14|128", "2.文件数|件|12", "3.条数|条|2", "4.次数|次|7", "5.人数|14|7")), nil,
			"指标|单位|数量\n1.公开数|14|128\n2.文件数|件|12\n3.条数|条|2\n4.次数|次|7\n5.人数|14|7", "the other rows have units there"},
		{"a speck beside the rows", set(60, 20, []float64{60, 360, 450, 540}, "1.公开数|条|128", "2.文件数|件|12", "3.条数|条|2", "4.次数|次|7|—"), nil,
			"1.公开数|条|128\n2.文件数|件|12\n3.条数|条|2\n4.次数|次|7", "a stroke alone under no label is no column"},
		{"a figure that looks like a text", join(
			set(100, 20, requests, "~|自然人|企业|科研|公益|法律|其他|总计"),
			set(130, 20, requests, "一、新收数量|5|0|1|0|0|0|6", "二、结转数量|0|0|某|0|0|0|0", "（一）公开|5|0|1|0|0|0|6", "（二）部分|5|0|1|0|0|0|6")), nil,
			"|自然人|企业|科研|公益|法律|其他|总计\n一、新收数量|5|0|1|0|0|0|6\n二、结转数量|0|0|某|0|0|0|0\n（一）公开|5|0|1|0|0|0|6\n（二）部分|5|0|1|0|0|0|6", "it stands in a column of figures"},
		{"the end of a label that looks like a figure", join(
			set(100, 24, requests, "~|自然人|企业|科研|公益|法律|其他|总计", "1.属于国家秘密的|5|0|1|0|0|0|6", "2.属于执法案卷的|0|0|0|0|0|0|0", "3.属于查询事项的|5|0|1|0|0|0|6"),
			set(196, 12, requests, "4.本机关不掌握信"), set(202, 12, []float64{75, 250, 300, 350, 400, 450, 500, 540}, "8|5|0|1|0|0|0|6"), set(226, 24, requests, "5.其他|5|0|1|0|0|0|6")), nil,
			"|自然人|企业|科研|公益|法律|其他|总计\n1.属于国家秘密的|5|0|1|0|0|0|6\n2.属于执法案卷的|0|0|0|0|0|0|0\n3.属于查询事项的|5|0|1|0|0|0|6\n4.本机关不掌握信/8|5|0|1|0|0|0|6\n5.其他|5|0|1|0|0|0|6", "it stands under labels"},
		{"label over two lines", join(
			set(120, 30, []float64{60, 360, 450}, "指标|单位|数量", "1.公开|条|1", "~|条|2", "3.文件|件|3"),
			set(173, 14, []float64{60}, "2.不同渠道和方式公开", "政府信息的数量")), nil,
			"指标|单位|数量\n1.公开|条|1\n2.不同渠道和方式公开/政府信息的数量|条|2\n3.文件|件|3", "figures stand in the middle of their label"},
		{"requests", join(
			set(100, 12, requests, "~|自然人|商业|科研|公益|法律|其他|总计", "~|~|企业|机构|组织|机构|~|~"),
			set(130, 20, requests, "一、本年新收数量|5|0|1|0|0|0|6", "二、上年结转数量|0|0|0|0|0|0|0", "（一）予以公开|5|0|1|0|0|0|6", "（七）总计|5|0|1|0|0|0|6")),
			nil,
			"|自然人|商业/企业|科研/机构|公益/组织|法律/机构|其他|总计\n一、本年新收数量|5|0|1|0|0|0|6\n二、上年结转数量|0|0|0|0|0|0|0\n（一）予以公开|5|0|1|0|0|0|6\n（七）总计|5|0|1|0|0|0|6",
			"a header's labels go over two lines"},
		{"bands with headers of their own", join(
			set(100, 20, []float64{60, 200, 300, 420}, "~|第二十条第（一）项", "信息内容|本年制发件数|本年废止件数|现行有效件数"),
			set(140, 20, []float64{60, 230, 330, 450}, "规章|0|0|2", "规范性文件|1|0|3", "其他文件|1|0|4"),
			set(200, 20, []float64{60, 200, 300, 420}, "~|第二十条第（八）项", "信息内容|~|本年收费金额"),
			set(240, 20, []float64{60, 230, 330, 450}, "行政事业性收费|~|5")), nil,
			"信息内容|本年制发件数|本年废止件数|现行有效件数\n规章|0|0|2\n规范性文件|1|0|3\n其他文件|1|0|4\n|第二十条第（八）项|<|\n信息内容|本年收费金额|<|<\n行政事业性收费|5|<|<",
			"a band has the columns of its own header"},
		{"one row of figures under a header", join(
			set(60, 20, []float64{60}, "四、行政复议情况"),
			set(100, 24, []float64{110, 300}, "行政复议|行政诉讼"),
			set(124, 24, []float64{60, 110, 160, 210, 260, 310, 360}, "维持|纠正|其他|总计|维持|纠正|总计"),
			set(148, 24, []float64{65, 115, 165, 215, 265, 315, 365}, "0|1|0|1|2|0|2")), nil,
			"维持|行政复议|<|总计|维持|行政诉讼|总计\n^|纠正|其他|^|^|纠正|^\n0|1|0|1|2|0|2", "no label stands before the figures"},
		{"one row of figures", set(100, 24, []float64{65, 115, 165, 215, 265, 315, 365}, "0|20|40|60|80|100|120"), nil, "", "the axis of a chart"},
		{"one row of figures, some blank", join(
			set(124, 24, []float64{60, 110, 160, 210, 260, 310, 360}, "维持|纠正|其他|总计|维持|纠正|总计"),
			set(148, 24, []float64{65, 115, 165, 215, 265, 315, 365}, "0|1|~|1|2|0|2")), nil,
			"", "labels that are alike do not tell which column is blank"},
		{"bands of a row or two", join(
			set(100, 20, []float64{60, 200, 300, 420}, "信息内容|本年制发件数|本年废止件数|现行有效件数"),
			set(120, 20, []float64{60, 230, 330, 450}, "规章|0|0|2", "规范性文件|1|0|3"),
			set(190, 20, []float64{60, 280}, "~|第二十条第（五）项", "信息内容|本年处理决定数量"),
			set(230, 20, []float64{60, 330}, "行政许可|5")), nil,
			"信息内容|本年制发件数|本年废止件数|现行有效件数\n规章|0|0|2\n规范性文件|1|0|3\n||第二十条第（五）项|\n信息内容|本年处理决定数量|<|<\n行政许可|5|<|<",
			"headers name every column"},
		{"label over the figures of the first row", join(
			set(100, 14, []float64{60}, "5.要求确认或重新", "出具信息"),
			set(107, 30, requests, "~|5|0|1|0|0|0|6", "（七）总计|5|0|1|0|0|0|6", "四、结转|5|0|1|0|0|0|6")), nil,
			"5.要求确认或重新/出具信息|5|0|1|0|0|0|6\n（七）总计|5|0|1|0|0|0|6\n四、结转|5|0|1|0|0|0|6", "figures stand in the middle of their label"},
		{"column left blank", join(
			set(100, 20, statistics, "指标|上年|本年"),
			set(120, 20, statistics, "公开数|~|128", "文件数|~|12", "条数|~|2")), nil,
			"", "two columns are no table, one of them blank"},
		{"one of many columns left blank", join(
			set(100, 20, requests, "~|自然人|企业|科研|公益|法律|其他|总计"),
			set(130, 20, requests, "一、新收数量|5|0|~|0|0|0|6", "二、结转数量|0|0|~|0|0|0|0", "（一）公开|5|0|~|0|0|0|6")), nil,
			"|自然人|企业|科研|公益|法律|其他|总计\n一、新收数量|5|0||0|0|0|6\n二、结转数量|0|0||0|0|0|0\n（一）公开|5|0||0|0|0|6", "its label shows it"},
		{"row left blank", join(
			set(100, 20, requests, "~|自然人|企业|科研|公益|法律|其他|总计"),
			set(130, 20, requests, "一、新收数量|5|0|1|0|0|0|6", "二、结转数量", "（一）公开|5|0|1|0|0|0|6")), nil,
			"|自然人|企业|科研|公益|法律|其他|总计\n一、新收数量|5|0|1|0|0|0|6\n二、结转数量|<|<|<|<|<|<|<\n（一）公开|5|0|1|0|0|0|6", "nobody knows that its blanks are any"},
		{"rows far apart, evenly", join(
			set(60, 45, statistics, "统计指标|单位|统计数", "公开数|条|12", "文件数|件|7"), set(195, 45, []float64{200}, "第二十条第（五）项"),
			set(240, 45, statistics, "统计指标|单位|统计数", "许可数|件|19", "处罚数|件|3")), nil,
			"统计指标|单位|统计数\n公开数|条|12\n文件数|件|7\n第二十条第（五）项|<|\n统计指标|单位|统计数\n许可数|件|19\n处罚数|件|3",
			"the first lines show how far apart the rows are"},
		{"rows as far apart as those of long labels", join(
			set(60, 12, requests, "甲乙丙丁", "戊己庚辛|5|0|1|0|0|0|6", "壬癸子丑"), set(110, 12, requests, "寅卯辰巳", "午未申酉|5|0|1|0|0|0|6", "戌亥甲乙"),
			set(160, 12, requests, "丙丁戊己", "庚辛壬癸|5|0|1|0|0|0|6", "子丑寅卯"), set(222, 0, requests, "总计|15|0|3|0|0|0|18")), nil,
			"甲乙丙丁/戊己庚辛/壬癸子丑|5|0|1|0|0|0|6\n寅卯辰巳/午未申酉/戌亥甲乙|5|0|1|0|0|0|6\n丙丁戊己/庚辛壬癸/子丑寅卯|5|0|1|0|0|0|6\n总计|15|0|3|0|0|0|18",
			"a short label leaves more white"},
		{"figures far apart in prose", set(60, 45, []float64{80, 300, 330}, "本年度共收到申请|12", full, "上年度共收到申请|10", full, "其中自然人|8"), nil, "", "even, but no columns"},
		{"torn", join(
			set(60, 20, requests, "甲|12345678901234", "乙|5|0|1|0|0|0|6", "丙|5|~|1|0|0|0|6", "丁|5|~|1|0|0|0|6")), nil,
			"", "rows without a header below something that could not be told"},
		{"prose", set(60, 20, []float64{80}, full, full, "2023年，本机关共收到申请12件。", full, full), nil, "", "prose is no table"},
		{"prose in two columns", set(60, 20, []float64{60, 320}, "本年度主动公开信息共十二|件，比上年增加三件，办结", "全部依申请公开事项合计为|12", "本年度主动公开信息共十二|件，比上年增加三件，办结", "本年度主动公开信息共十二|34", "本年度主动公开信息共十二|56"), nil, "", "two columns are prose, though figures end a line"},
		{"figures in prose", set(60, 20, []float64{80, 300, 330}, "本年度共收到申请|12", full, "上年度共收到申请|10", full, "其中自然人|8"), nil, "", "full lines stand between"},
		{"contents", set(60, 20, []float64{60, 90, 400, 500}, "1|总体情况|…………|1", "2|主动公开|…………|2", "3|申请|…………|4", "4|复议|…………|5"), nil, "", "dots lead to page numbers"},
		{"two rows", set(60, 20, statistics, "公开数|条|1", "文件数|件|2"), nil, "", "two rows may be chance"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := layout.Page{Number: 1, Width: 595, Height: 842, Unit: layout.Points, Words: tt.words, Rulings: tt.rules}
			var got []string
			for _, f := range tables.Digital(&p) {
				got = append(got, render(&f))
			}
			if text := strings.Join(got, "\n\n"); text != tt.want {
				t.Errorf("tables\n%s\nwant\n%s\n%s", text, tt.want, tt.reason)
			}
		})
	}
}

// TestWhiteSpaceKeepsFigures: where a group's label stands beside two rows, the line between them runs clear
// of both rows' figures.
func TestWhiteSpaceKeepsFigures(t *testing.T) {
	xs := []float64{60, 130, 300, 350, 400, 450, 500}
	rows := set(100, 14, xs, "~|1.国家秘密|5|0|1|0|6", "~|2.法律禁止|0|0|0|0|0", "~|3.三安全|5|0|1|0|6", "~|4.第三方|5|0|1|0|6")
	p := layout.Page{Number: 1, Width: 595, Height: 842, Unit: layout.Points,
		Words: join(rows, []layout.Word{sized("（三）", 60, 118, 14), sized("不予", 60, 132, 14)})}
	found := tables.Digital(&p)
	if len(found) != 1 {
		t.Fatalf("%d tables", len(found))
	}
	for _, w := range rows {
		for _, c := range found[0].Cells {
			if c.Box.Contains(w.Box.Center()) && (w.Box.Y0 < c.Box.Y0 || w.Box.Y1 > c.Box.Y1) {
				t.Errorf("%s from %v to %v stands in a cell from %v to %v", w.Text, w.Box.Y0, w.Box.Y1, c.Box.Y0, c.Box.Y1)
			}
		}
	}
}

// TestRuledRows: where rulings part rows and no columns, what stands between two of them is a row.
func TestRuledRows(t *testing.T) {
	level := func(from, to float64, ys ...float64) (out []layout.Ruling) {
		for _, y := range ys {
			out = append(out, rule(y, from, to))
		}
		return out
	}
	requests := []float64{60, 130, 300, 350, 400, 450, 500}
	groups := []float64{60, 115, 175, 300, 350, 400, 450, 500}
	worn := []float64{60, 100, 130, 180, 300, 350, 400, 450, 500}
	results := []float64{60, 108, 156, 204, 252, 300, 348, 396, 444, 492}
	tests := []struct {
		name  string
		words []layout.Word
		rules []layout.Ruling
		want  string
	}{
		{"groups of rows and of columns, a figure broken over two lines, a label over three",
			join(
				set(100, 0, requests, "~|~|~|申请人情况"),
				set(120, 0, requests, "~|~|自然人|~|法人组织|~|总计"),
				set(140, 0, requests, "~|~|~|企业|科研|公益"),
				set(165, 0, requests, "一、新收数量|~|124|3|1|0|1244"), set(175, 0, requests, "~|~|0"),
				set(195, 0, requests, "（一）公开|~|7|0|~|0|7"),
				set(220, 10, requests, "~|1.属于国家秘密，不", "（二）|予公开的，其他不再|5|0|0|0|5", "~|计算"),
				set(257, 0, requests, "~|2.其他|2|0|0|0|2")),
			slices.Concat(level(55, 540, 95, 158, 188, 210, 275), level(290, 540, 114), level(340, 490, 134), level(120, 540, 254)),
			"|<|申请人情况|<|<|<|<\n" +
				"^|<|自然人|法人组织|<|<|总计\n" +
				"^|<|^|企业|科研|公益|^\n" +
				"一、新收数量||124/0|3|1|0|1244\n" +
				"（一）公开||7|0||0|7\n" +
				"（二）|1.属于国家秘密，不/予公开的，其他不再/计算|5|0|0|0|5\n" +
				"^|2.其他|2|0|0|0|2"},
		{"bands with titles and headers of their own", join(
			set(100, 0, []float64{250}, "第二十条第（一）项"), set(120, 20, []float64{60, 250, 400}, "信息内容|本年制发|本年废止", "规章|6|0", "文件|12|3"),
			set(180, 0, []float64{250}, "第二十条第（五）项"), set(200, 20, []float64{60, 300}, "信息内容|处理决定数量", "许可|236")),
			level(55, 540, 95, 115, 135, 155, 175, 195, 215, 235),
			"第二十条第（一）项|<|<\n信息内容|本年制发|本年废止\n规章|6|0\n文件|12|3\n\n第二十条第（五）项|<\n信息内容|处理决定数量\n许可|236"},
		{"one row under a header of two groups", join(
			set(100, 0, []float64{150, 400}, "行政复议|行政诉讼"),
			set(120, 0, results, "维持|纠正|其他|未结|总计|维持|纠正|其他|未结|总计"),
			set(140, 0, results, "0|5|0|0|5|0|0|9|2|11")),
			level(55, 540, 95, 115, 135, 155),
			"行政复议|<|<|<|<|行政诉讼|<|<|<|<\n维持|纠正|其他|未结|总计|维持|纠正|其他|未结|总计\n0|5|0|0|5|0|0|9|2|11"},
		{"a row at the head of a page, a fold across it", join(
			set(100, 0, results, "0|5|0|0|5|0|0|9|2|11"), set(140, 20, []float64{80}, "五、存在的主要问题", "改进情况如下。")),
			append(level(55, 540, 95, 115), rule(104, 0, 595)), "0|5|0|0|5|0|0|9|2|11"},
		{"figures that were not read as such are no header", join(
			set(120, 20, requests, "甲||1|2|3|4|5", "乙||6|7|8|9|5"), set(160, 0, requests, "丙||某|某|某|某|5"), set(180, 20, requests, "丁||1|2|3|4|5", "戊||6|7|8|9|5")),
			level(55, 540, 115, 135, 155, 175, 195, 215), "甲|1|2|3|4|5\n乙|6|7|8|9|5\n丙|某|某|某|某|5\n丁|1|2|3|4|5\n戊|6|7|8|9|5"},
		{"columns of which no row has both, on a page without a header", set(120, 20, requests, "甲||1|~|3|4|8", "乙||~|6|7|~|13", "丙||2|~|~|5|7", "丁||~|1|~|~|1"),
			level(55, 540, 115, 135, 155, 175, 195), "甲|1||3|4|8\n乙||6|7||13\n丙|2|||5|7\n丁||1|||1"},
		{"a header that a page break parts from its rows", join(
			set(100, 20, []float64{60, 300}, "信息内容|处理决定数量", "许可|236"), set(140, 0, []float64{60}, "三、收到申请情况"),
			set(160, 0, requests, "~|~|~|申请人情况"), set(180, 0, requests, "~|~|自然人|企业|科研|公益|总计")),
			level(55, 540, 95, 115, 135, 155, 175, 195), "信息内容|处理决定数量\n许可|236\n\n三、收到申请情况|<|<|<|<|<\n申请人情况|<|<|<|<|<\n|自然人|企业|科研|公益|总计"},
		{"labels of a header with one character under the other", join(
			set(102, 18, requests, "~|~|自|企|科|社|总", "~|~|然|业|研|会|计", "~|~|人|~|~|公", "~|~|~|~|~|益", "~|~|~|~|~|组", "~|~|~|~|~|织"),
			set(217, 20, requests, "一、新收||1|2|3|4|10", "二、结转||0|2|0|4|6")),
			level(55, 540, 98, 212, 232, 252),
			"|自然人|企业|科研|社会公益组织|总计\n一、新收|1|2|3|4|10\n二、结转|0|2|0|4|6"},
		{"a page that ends in a group's first row", join(
			set(100, 0, groups, "~|~|~|自然人|企业|科研|公益|总计"),
			set(120, 20, groups, "一、新收|~|~|1|2|3|4|10", "二、结转|~|~|0|2|0|4|6", "三、果|一公开|~|1|0|1|0|2", "~|二部分|~|0|2|0|4|6", "~|三不予|1.属于秘密|1|2|3|4|10")),
			append(append(level(55, 540, 95, 115, 135, 155), level(110, 540, 175, 195)...), rule(215, 172, 540)),
			"|||自然人|企业|科研|公益|总计\n一、新收|||1|2|3|4|10\n二、结转|||0|2|0|4|6\n三、果|一公开||1|0|1|0|2\n^|二部分||0|2|0|4|6\n^|三不予|1.属于秘密|1|2|3|4|10"},
		{"labels so worn that pieces of them read as figures", set(120, 20, worn, "~|1|某某|-|4|5|6|7|22", "~|2|□|某某|0|0|0|0|0", "~|某某|1|~|0|1|0|0|1", "~|1|--|某某|9|0|0|0|9", "~|3|某|1|0|0|2|0|2", "~|一|某某|~|0|3|0|0|3", "甲|~|某|2|0|8|0|7|15"),
			level(55, 540, 115, 135, 155, 175, 195, 215, 235, 255),
			"|1|某某|-|4|5|6|7|22\n|2|□|某某|0|0|0|0|0\n|某某|1||0|1|0|0|1\n|1|--|某某|9|0|0|0|9\n|3|某|1|0|0|2|0|2\n|一|某某||0|3|0|0|3\n甲||某|2|0|8|0|7|15"},
		{"all figures of a row broken over two lines, its label between them", join(
			set(102, 0, requests, "~|~|自然人|企业|科研|公益|总计"),
			set(126, 0, requests, "一、新收"), set(120, 12, requests, "~|~|61|19|23|21|73", "~|~|01|1|4|8|28"),
			set(146, 20, requests, "二、结转||0|2|0|4|6", "三、公开||1|0|0|0|1")),
			level(55, 540, 95, 115, 142, 160, 180), "|自然人|企业|科研|公益|总计\n一、新收|61/01|19/1|23/4|21/8|73/28\n二、结转|0|2|0|4|6\n三、公开|1|0|0|0|1"},
		{"what stands between two rulings is several rows", set(120, 20, []float64{60, 300, 400, 500}, "甲|1|2|3", "乙|4|5|6"), level(55, 540, 115, 158), ""},
		{"a rule above and below prose", set(120, 20, []float64{60, 300}, "本年度主动公开信息共|件", "较上年增加三件"), level(55, 540, 115, 158), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := layout.Page{Number: 1, Width: 595, Height: 842, Unit: layout.Points, Words: tt.words, Rulings: tt.rules}
			var got []string
			for _, f := range tables.Digital(&p) {
				got = append(got, render(&f))
			}
			if text := strings.Join(got, "\n\n"); text != tt.want {
				t.Errorf("tables\n%s\nwant\n%s", text, tt.want)
			}
		})
	}
}
