package stages_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/stages"
)

// other is a document that is no annual report: lines, and tables as rows of cells.
type other struct {
	kind   string
	blocks []any // string or [][]string
}

// writer makes such documents from a seed. Their subjects are near: disclosure, budgets of fees, lists of licences.
type writer struct{ *rand.Rand }

func pick[T any](w writer, of ...T) T { return of[w.IntN(len(of))] }

func (w writer) body() string {
	return pick(w, "甲市", "乙县", "丙区", "丁镇") + pick(w, "人民政府办公室", "财政局", "民政局", "水利局", "教育局", "统计局")
}

func (w writer) year() int { return 2009 + w.IntN(16) }

func (w writer) n(most int) string { return fmt.Sprint(w.IntN(most)) }

var kinds = []func(writer) other{
	writer.notice, writer.reply, writer.letter, writer.law, writer.rules, writer.guide, writer.budget, writer.accounts, writer.powers, writer.names,
	writer.catalogue, writer.listOfReports, writer.ruleOfLaw, writer.siteReport, writer.workReport, writer.bulletin, writer.application, writer.minutes, writer.review, writer.note,
}

// notice asks for annual reports and says what they must hold.
func (w writer) notice() other {
	y := w.year()
	return other{"通知", []any{
		fmt.Sprintf("关于做好%d年度政府信息公开工作年度报告编制和发布工作的通知", y), "各乡镇人民政府，各部门：",
		fmt.Sprintf("根据《中华人民共和国政府信息公开条例》规定，现就做好%d年度政府信息公开工作年度报告编制发布工作通知如下：", y),
		"一、报告内容", "（一）总体情况。", "（二）主动公开政府信息情况。", "（三）收到和处理政府信息公开申请情况。", "（四）政府信息公开行政复议、行政诉讼情况。", "（五）存在的主要问题及改进情况。", "（六）其他需要报告的事项。",
		"二、报送要求", fmt.Sprintf("请于%d年1月31日前在门户网站发布，统计期限为%d年1月1日至%d年12月31日。", y+1, y, y), "联系人：张三，联系电话：8000000", w.body(), fmt.Sprintf("%d年1月5日", y+1),
	}}
}

// reply answers one request for information.
func (w writer) reply() other {
	y := w.year()
	return other{"答复书", []any{
		pick(w, "政府信息公开申请答复书", "政府信息公开告知书", "关于政府信息公开申请的答复"), fmt.Sprintf("甲公开答〔%d〕%s号", y, w.n(90)), "李四：",
		fmt.Sprintf("你于%d年3月2日提交的政府信息公开申请，本机关于3月3日收到。经审查，你申请公开的信息属于不予公开的范围。", y),
		"如对本答复不服，可以在收到之日起60日内申请行政复议，或者在6个月内提起行政诉讼。", w.body(), fmt.Sprintf("%d年3月20日", y),
	}}
}

func (w writer) letter() other {
	y := w.year()
	return other{"函", []any{
		pick(w, fmt.Sprintf("%s关于报送%d年政府信息公开工作年度报告的函", w.body(), y), "关于商请协助开展培训的函", "关于征求政府信息公开办法修改意见的函"), "市政府办公室：",
		pick(w, fmt.Sprintf("现将我局%d年政府信息公开工作年度报告报上，请审阅。", y), "现将有关事项函告如下，请予支持。"), "附件：1.年度报告；2.统计表", w.body(), fmt.Sprintf("%d年1月20日", y+1),
	}}
}

func (w writer) law() other {
	return other{"条例", []any{
		pick(w, "中华人民共和国政府信息公开条例", "甲省政府信息公开规定", "高等学校信息公开办法"), "第一章 总则", "第一条 为了保障公民、法人和其他组织依法获取政府信息，制定本条例。",
		"第二章 公开的主体和范围", "第十条 行政机关制作的政府信息，由制作该政府信息的行政机关负责公开。", "第三章 主动公开", "第二十条 行政机关应当主动公开本行政机关的下列政府信息：", "（一）行政法规、规章和规范性文件；",
		"（五）办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果；", "第四章 依申请公开", "第二十九条 公民、法人或者其他组织申请获取政府信息的，应当提出政府信息公开申请。",
		"第五章 监督和保障", "第五十条 政府信息公开工作年度报告应当包括下列内容：", "（一）行政机关主动公开政府信息的情况；", "（二）行政机关收到和处理政府信息公开申请的情况；", "（三）因政府信息公开工作被申请行政复议、提起行政诉讼的情况；",
		"（四）政府信息公开工作存在的主要问题及改进情况；", "（五）其他需要报告的事项。", "第六章 附则",
	}}
}

func (w writer) rules() other {
	return other{"制度", []any{
		w.body() + pick(w, "政府信息公开工作考核办法", "依申请公开政府信息工作制度", "政府信息主动公开制度", "政府信息公开工作年度报告制度"),
		"一、总则", "为做好政府信息公开工作，根据《中华人民共和国政府信息公开条例》，制定本制度。", "二、主动公开", "各科室应当及时主动公开政府信息。", "三、依申请公开", "收到申请后在20个工作日内答复。",
		"四、年度报告", "每年1月31日前编制并公布上一年度的政府信息公开工作年度报告。", "五、附则", "本制度自发布之日起施行。",
	}}
}

func (w writer) guide() other {
	return other{"指南", []any{
		w.body() + "政府信息公开指南", "为了更好地提供政府信息公开服务，根据《中华人民共和国政府信息公开条例》，编制本指南。", "一、主动公开", "（一）公开范围", "本机关主动公开机构职能、政策文件等政府信息。",
		"二、依申请公开", "（一）申请的提出", "申请人可以当面、邮寄、传真提出申请。", "三、收费", "按照规定收取信息处理费。", "四、监督和救济", "可以申请行政复议或者提起行政诉讼。",
	}}
}

func (w writer) budget() other {
	y := w.year()
	rows := [][]string{{"项目", "预算数", "上年执行数", "增减%"}, {"一、本年收入合计", w.n(9000), w.n(9000), w.n(30)}, {"行政事业性收费收入", w.n(900), w.n(900), w.n(30)}, {"罚没收入", w.n(900), w.n(900), "0"},
		{"其他收入", w.n(90), w.n(90), "0"}, {"二、上年结转", w.n(900), w.n(900), "0"}, {"收入总计", w.n(9000), w.n(9000), "0"}}
	return other{"预算", []any{
		fmt.Sprintf("%s%d年部门预算公开", w.body(), y), "第一部分 部门概况", "一、主要职责", "负责全市有关工作。", "第二部分 部门预算表", "收支总表", "单位：万元", rows, "第三部分 情况说明",
		fmt.Sprintf("一、%d年部门预算总体情况", y), "收入预算比上年增加，其中行政事业性收费减免情况另行公布。", "二、其他需要说明的事项", "无。",
	}}
}

func (w writer) accounts() other {
	y := w.year()
	rows := [][]string{{"序号", "指标名称", "计量单位", "本年", "累计"}, {"1", "行政事业性收费", "万元", w.n(900), w.n(9000)}, {"2", "政府采购", "万元", w.n(900), w.n(9000)}, {"3", "其他支出", "万元", w.n(90), w.n(900)}, {"4", "合计", "万元", w.n(9000), w.n(90000)}}
	return other{"决算", []any{fmt.Sprintf("%s%d年度部门决算", w.body(), y), "一、收入支出决算总体情况", rows, "二、“三公”经费支出情况", "与上年持平。"}}
}

// powers lists licences and penalties with their numbers.
func (w writer) powers() other {
	rows := [][]string{{"类别", "数量"}, {"行政许可", w.n(90)}, {"行政处罚", w.n(900)}, {"行政强制", w.n(40)}, {"行政征收", w.n(20)}, {"其他", w.n(90)}, {"合计", w.n(2000)}}
	return other{"清单", []any{w.body() + pick(w, "权责清单", "行政权力事项目录", "行政执法统计年报表"), "单位：项", rows}}
}

func (w writer) names() other {
	rows := [][]string{{"序号", "姓名", "单位", "总计"}}
	for i := range 6 {
		rows = append(rows, []string{fmt.Sprint(i + 1), pick(w, "张三", "李四", "王五"), w.body(), w.n(100)})
	}
	return other{"名单", []any{fmt.Sprintf("%d年%s", w.year(), pick(w, "拟录用人员名单公示", "低保对象名单", "先进单位名单", "考试成绩一览表")), rows}}
}

// catalogue says what is made public, and by which article.
func (w writer) catalogue() other {
	rows := [][]string{{"序号", "公开事项", "公开依据", "公开主体", "公开方式"}}
	for i := range 5 {
		rows = append(rows, []string{fmt.Sprint(i + 1), pick(w, "行政许可", "行政处罚", "规章", "行政规范性文件"), "《条例》第二十条第（五）项", w.body(), pick(w, "主动公开", "依申请公开")})
	}
	return other{"目录", []any{w.body() + pick(w, "主动公开基本目录", "政务公开标准目录", "政府信息公开目录"), rows}}
}

// listOfReports is a page of links to annual reports.
func (w writer) listOfReports() other {
	o := other{"列表", []any{"当前位置：首页 > 政府信息公开 > 政府信息公开年报"}}
	for range 8 {
		y := w.year()
		o.blocks = append(o.blocks, fmt.Sprintf("%s%d年政府信息公开工作年度报告", w.body(), y), fmt.Sprintf("%d-01-20", y+1))
	}
	return o
}

func (w writer) ruleOfLaw() other {
	y := w.year()
	rows := [][]string{{"类别", "维持", "纠正", "其他", "总计"}, {"行政复议", w.n(9), w.n(9), w.n(9), w.n(30)}, {"行政诉讼", w.n(9), w.n(9), w.n(9), w.n(30)}}
	return other{"法治报告", []any{
		fmt.Sprintf("%s%d年法治政府建设年度报告", w.body(), y), "一、总体情况", "认真学习贯彻有关精神，推进法治政府建设。", "二、主要做法", fmt.Sprintf("全年主动公开政府信息%s条。", w.n(900)), "三、行政复议、行政应诉情况", rows,
		"四、存在的主要问题", "人员不足。", "五、下一步打算", "继续推进。",
	}}
}

func (w writer) siteReport() other {
	rows := [][]string{{"项目", "内容", "数量"}, {"信息发布", "总数（单位：条）", w.n(900)}, {"解读回应", "解读信息发布数量", w.n(90)}, {"互动交流", "收到留言数量", w.n(90)}, {"", "办结留言数量", w.n(90)}}
	return other{"网站报表", []any{w.body() + pick(w, "政府网站工作年度报表", "政务新媒体年度报表"), fmt.Sprintf("（%d年度）", w.year()), "填报单位：" + w.body(), rows}}
}

func (w writer) workReport() other {
	return other{"工作报告", []any{
		pick(w, "政府工作报告", w.body()+"工作总结", "审计工作报告"), fmt.Sprintf("——%d年1月10日在人民代表大会上", w.year()), "各位代表：", "现在，我代表人民政府，向大会报告工作，请予审议。",
		"一、过去一年工作回顾", fmt.Sprintf("政务公开不断深化，受理群众来信%s件。", w.n(900)), "二、今年工作安排", "加强自身建设，推进政务公开。",
	}}
}

func (w writer) bulletin() other {
	rows := [][]string{{"指标", "单位", "绝对数", "增长%"}, {"地区生产总值", "亿元", w.n(900), "6.1"}, {"农业总产值", "亿元", w.n(90), "3.2"}, {"财政收入", "亿元", w.n(90), "4"}, {"法人单位", "个", w.n(9000), "2"}}
	return other{"公报", []any{fmt.Sprintf("甲市%d年国民经济和社会发展统计公报", w.year()), "一、综合", rows, "二、农业", "粮食产量增长。"}}
}

func (w writer) application() other {
	rows := [][]string{{"申请人信息", "自然人", "姓名", ""}, {"", "法人或其他组织", "名称", ""}, {"", "", "类型", "商业企业 科研机构 社会公益组织 法律服务机构 其他"}, {"所需信息情况", "内容描述", "", ""}, {"", "是否申请减免费用", "", ""}}
	return other{"申请表", []any{w.body() + "政府信息公开申请表", rows}}
}

func (w writer) minutes() other {
	return other{"纪要", []any{
		"政府常务会议纪要", fmt.Sprintf("%d年第%s次", w.year(), w.n(20)), "会议听取了政府信息公开工作情况的汇报。", "一、会议指出，政府信息公开工作存在的主要问题是主动公开不够及时。", "二、会议要求，做好依申请公开工作，全年收到申请" + w.n(90) + "件，均已办结。",
	}}
}

func (w writer) review() other {
	return other{"决定书", []any{
		"行政复议决定书", fmt.Sprintf("甲政复决字〔%d〕%s号", w.year(), w.n(60)), "申请人：王五", "被申请人：" + w.body(), "申请人对被申请人作出的政府信息公开答复不服，申请行政复议。", "本机关决定：维持被申请人作出的政府信息公开答复。",
	}}
}

func (w writer) note() other {
	return other{"便条", []any{pick(w, "404 not found", "页面不存在", "请登录后查看"), pick(w, "会议改在下午三点。", "收到请回复。", "Dear all, please find the report attached.")}}
}

func (o other) text() []byte {
	var b strings.Builder
	for _, x := range o.blocks {
		switch x := x.(type) {
		case string:
			b.WriteString(x + "\n")
		case [][]string:
			for _, row := range x {
				b.WriteString(strings.Join(row, "\t") + "\n")
			}
		}
	}
	return []byte(b.String())
}

func (o other) html() []byte {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>" + html.EscapeString(fmt.Sprint(o.blocks[0])) + "_甲市人民政府</title></head><body><div>首页</div><div>政务公开</div><div>政府信息公开年报</div><div>走进甲市</div>")
	for _, x := range o.blocks {
		switch x := x.(type) {
		case string:
			b.WriteString("<p>" + html.EscapeString(x) + "</p>")
		case [][]string:
			b.WriteString("<table border=1>")
			for _, row := range x {
				b.WriteString("<tr>")
				for _, c := range row {
					b.WriteString("<td>" + html.EscapeString(c) + "</td>")
				}
				b.WriteString("</tr>")
			}
			b.WriteString("</table>")
		}
	}
	return []byte(b.String() + "<div>打印</div><div>关闭窗口</div></body></html>")
}

func (o other) docx(t *testing.T) []byte {
	t.Helper()
	para := func(s string) string { return "<w:p><w:r><w:t>" + html.EscapeString(s) + "</w:t></w:r></w:p>" }
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for _, x := range o.blocks {
		switch x := x.(type) {
		case string:
			b.WriteString(para(x))
		case [][]string:
			b.WriteString("<w:tbl><w:tblPr/><w:tblGrid>" + strings.Repeat(`<w:gridCol w:w="1500"/>`, len(x[0])) + "</w:tblGrid>")
			for _, row := range x {
				b.WriteString("<w:tr>")
				for _, c := range row {
					b.WriteString(`<w:tc><w:tcPr><w:tcW w:w="1500" w:type="dxa"/></w:tcPr>` + para(c) + "</w:tc>")
				}
				b.WriteString("</w:tr>")
			}
			b.WriteString("</w:tbl>")
		}
	}
	b.WriteString("</w:body></w:document>")
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range []struct{ name, text string }{
		{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", b.String()},
	} {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = w.Write([]byte(f.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestNoReports: letters, laws, budgets and lists are no reports, in whatever format, and give no value.
func TestNoReports(t *testing.T) {
	c := stages.Converter{Open: (&extract.Opener{}).Open}
	n, samples := 0, race.Times(100, 2*len(kinds))
	for seed := range uint64(samples) {
		w := writer{rand.New(rand.NewPCG(seed, 1))}
		o := kinds[int(seed)%len(kinds)](w)
		for name, data := range map[string][]byte{"a.txt": o.text(), "a.html": o.html(), "a.docx": o.docx(t)} {
			n++
			all, err := c.Convert(t.Context(), name, data)
			if err != nil || len(all) == 0 {
				t.Errorf("%s %d %s: %d reports, %v", o.kind, seed, name, len(all), err)
			}
			for _, r := range all {
				if r.Outcome != report.NotAReport || len(r.Tables.Paths()) > 0 || len(r.Review) > 0 || r.Form != "narrative" {
					t.Errorf("%s %d %s: %s, form %s, values %v, review %v, title %q\n%s", o.kind, seed, name, r.Outcome, r.Form, r.Tables.Paths(), r.Review, r.Meta.Title, o.text())
				}
			}
		}
	}
	if n != 3*samples {
		t.Errorf("%d documents", n)
	}
}
