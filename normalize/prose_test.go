package normalize_test

import (
	"strings"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/normalize"
)

// chapters is what a text's sections are, as "key heading: text" with / for line ends.
func chapters(t *testing.T, lines ...string) string {
	t.Helper()
	parts := []any{"甲镇2010年政府信息公开工作年度报告"}
	for _, l := range lines {
		parts = append(parts, l)
	}
	r, _, _ := normalize.Report(document(parts...), form.Set{})
	var out []string
	for _, s := range r.Sections {
		out = append(out, strings.TrimSpace(s.Key+" "+s.Heading)+": "+strings.ReplaceAll(s.Text, "\n", "/"))
	}
	return strings.Join(out, "\n")
}

func TestHeadings(t *testing.T) {
	tests := []struct{ reason, lines, want string }{
		{"names that no form has",
			"一、政府信息公开工作的基本情况\n甲。\n二、政府信息公开情况\n乙。\n三、政府信息依申请公开办理情况\n丙。\n四、依申请信息公开收费情况\n丁。\n五、复议、诉讼和申诉情况\n戊。",
			"overview 一、政府信息公开工作的基本情况: 甲。\nproactive_disclosure 二、政府信息公开情况: 乙。\nrequests 三、政府信息依申请公开办理情况: 丙。\nfees 四、依申请信息公开收费情况: 丁。\nreview_and_litigation 五、复议、诉讼和申诉情况: 戊。"},
		{"the whole and its parts are not told apart by likeness",
			"一、政府信息公开总体工作情况\n甲。\n二、收费及减免\n乙。", "overview 一、政府信息公开总体工作情况: 甲。\nfees 二、收费及减免: 乙。"},
		{"disclosure without a chapter on requests may hold both", "一、概述\n甲。\n二、政府信息公开情况\n乙。", "overview 一、概述: 甲。\n二、政府信息公开情况: 乙。"},
		{"two subjects in one heading", "一、概述\n甲。\n二、主动公开和依申请公开情况\n乙。\n三、存在问题\n丙。", "overview 一、概述: 甲。\n二、主动公开和依申请公开情况: 乙。\nproblems_and_improvements 三、存在问题: 丙。"},
		{"chapters that no form knows keep their names", "一、概述\n甲。\n二、咨询情况\n乙。\n三、热点问题回应情况\n丙。\n四、机构建设、保障经费和会议培训\n丁。",
			"overview 一、概述: 甲。\n二、咨询情况: 乙。\n三、热点问题回应情况: 丙。\n四、机构建设、保障经费和会议培训: 丁。"},
		{"a list in a chapter", "一、概述\n甲。\n二、存在的主要问题及改进措施\n一、公开不及时\n二、人员不足\n三、其他需要报告的事项\n无",
			"overview 一、概述: 甲。\nproblems_and_improvements 二、存在的主要问题及改进措施: 一、公开不及时/二、人员不足\nother_matters 三、其他需要报告的事项: 无"},
		{"parts", "第一部分 概述\n甲。\n第二部分 主动公开政府信息情况\n乙。", "overview 第一部分概述: 甲。\nproactive_disclosure 第二部分主动公开政府信息情况: 乙。"},
		{"no numbers", "概述,政府信息主动公开情况,依申请公开情况,收费及减免情况,\n概述\n甲。\n政府信息主动公开情况\n（一）主动公开政府信息的数量\n乙。\n公开费用及收费减免情况\n丙。",
			"overview 概述: 甲。\nproactive_disclosure 政府信息主动公开情况: （一）主动公开政府信息的数量/乙。\nfees 公开费用及收费减免情况: 丙。"},
		{"lower numbers alone", "（一）主动公开工作情况：全年公开635条。\n（二）回应社会关切工作情况：办理66件。\n（三）依申请公开工作情况：未收到申请。\n（四）存在问题：信息量偏少。",
			"proactive_disclosure （一）主动公开工作情况: 全年公开635条。\n（二）回应社会关切工作情况: 办理66件。\nrequests （三）依申请公开工作情况: 未收到申请。\nproblems_and_improvements （四）存在问题: 信息量偏少。"},
		{"a menu before the first chapter", "基本情况\n主动公开情况\n一、概述\n甲。\n二、主动公开政府信息情况\n乙。", "overview 一、概述: 甲。\nproactive_disclosure 二、主动公开政府信息情况: 乙。"},
		{"no chapters at all", "本报告根据条例编制。\n甲镇全年公开信息17条。", ": 甲镇2010年政府信息公开工作年度报告/本报告根据条例编制。/甲镇全年公开信息17条。"},
		{"traditional characters", "一、概述\n甲。\n二、主動公開政府信息情況\n乙。\n三、政府信息公開收費及減免情況\n丙。",
			"overview 一、概述: 甲。\nproactive_disclosure 二、主動公開政府信息情況: 乙。\nfees 三、政府信息公開收費及減免情況: 丙。"},
	}
	for _, tt := range tests {
		if got := chapters(t, strings.Split(tt.lines, "\n")...); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.reason, got, tt.want)
		}
	}
}

func TestFurnitureIsNoText(t *testing.T) {
	got := chapters(t, "一、概述", "甲。", "【字体：大 中 小】 打印", "二、其他需要报告的事项", "无。",
		"附件：甲镇政府信息公开情况统计表", "附件下载", "2010年报.doc", "【打印本页】【关闭窗口】", "分享到：微信 新浪微博 QQ空间", "扫一扫在手机打开当前页", "上一篇：乙镇2010年报", "下一篇：没有了", "版权所有：甲县人民政府", "主办单位：甲县人民政府办公室", "网站地图 联系我们")
	want := "overview 一、概述: 甲。\nother_matters 二、其他需要报告的事项: 无。/附件：甲镇政府信息公开情况统计表"
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	// What comes after it and is a sentence stays.
	if got := chapters(t, "一、概述", "甲。", "打印", "本镇今后将进一步加强政府信息公开工作。"); !strings.Contains(got, "今后") {
		t.Errorf("a sentence was lost: %s", got)
	}
	// Labels and figures that nobody took for a table are no text, a figure among sentences is.
	got = chapters(t, "一、概述", "甲。", "信息内容", "规章", "0", "0", "0", "行政规范性文件", "2", "乙。")
	if want := "overview 一、概述: 甲。/乙。"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := chapters(t, "一、概述", "公开信息的数量", "12", "条。"); !strings.Contains(got, "12") {
		t.Errorf("a figure was lost: %s", got)
	}
}

// TestNoiseIsNoText: what a recogniser makes of specks and of the remains of tables is no paragraph of a report.
func TestNoiseIsNoText(t *testing.T) {
	doc := document("甲镇2010年政府信息公开工作年度报告", "一、概述", "全年公开信息17条。", "人", "| 和", "训生生让把二和二村全革广全这交合和 ee < 人", "无")
	for i, c := range []float64{0.95, 0.9, 0.9, 0.6, 0.7, 0.2, 0.58} {
		p := doc.Pages[0].Blocks[i].Paragraph
		p.Confidence = c
	}
	r, _, _ := normalize.Report(doc, form.Set{})
	if got := r.Sections[0].Text; got != "全年公开信息17条。\n无" {
		t.Errorf("got %q", got)
	}
}

func TestPreamble(t *testing.T) {
	r, _, _ := normalize.Report(document("国务院", "登录", "甲镇2010年政府信息公开工作年度报告", "发布时间：2011-03-01", "本报告根据条例编制，统计期限自2010年1月1日起至12月31日止。", "一、概述", "甲。"), form.Set{})
	if r.Preamble == nil || r.Preamble.Text != "本报告根据条例编制，统计期限自2010年1月1日起至12月31日止。" || r.Preamble.Confidence != 1 {
		t.Errorf("got %+v", r.Preamble)
	}
}

// TestSectionsThatNobodyMustHave: before 2020 no notice binds a report without tables to chapters.
func TestSectionsThatNobodyMustHave(t *testing.T) {
	for _, tt := range []struct {
		year string
		want int
	}{{"2010", 0}, {"2016", 0}, {"2019", 0}, {"2022", 5}} {
		_, _, w := normalize.Report(document("甲镇"+tt.year+"年政府信息公开工作年度报告", "一、概述", "甲。", "二、咨询情况", "乙。"), form.Set{})
		n := 0
		for _, x := range w {
			if x.Code == diag.SectionMissing {
				n++
			}
		}
		if n != tt.want {
			t.Errorf("%s: %d missing, want %d", tt.year, n, tt.want)
		}
	}
}
