package normalize_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/report"
)

// TestStreams reads small copies with one trouble each. want are values by path; "" means that none is
// taken and the review names the path.
func TestStreams(t *testing.T) {
	const bands = "二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n"
	const p = "/tables/proactive_disclosure/"
	const q = "/tables/requests/"
	const head = "三、收到和处理政府信息公开申请情况\n申请人情况\n自然人\n法人或其他组织\n总计\n商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他\n"
	for _, c := range []struct {
		reason, in string
		want       map[string]string
	}{
		{"a row shorter than its header", bands + "规章 0 0 0\n行政规范性文件 34 189\n", map[string]string{
			p + "rules/issued": "0", p + "normative_documents/issued": "", p + "normative_documents/repealed": "", p + "normative_documents/in_force": ""}},
		{"zeros that ran together are told, other figures are not", bands + "规章000行政规范性文件6233440", map[string]string{
			p + "rules/in_force": "0", p + "normative_documents/issued": ""}},
		{"a header of another form", strings.ReplaceAll(bands, "废止", "公布") + "规章 0 0 0\n行政规范性文件 2 0 7\n第二十条第（五）项\n信息内容\n本年处理决定数量\n行政许可 12\n", map[string]string{
			p + "licensing/decisions": "12", p + "normative_documents/in_force": ""}},
		{"the number of a page between rows", head + "一、本年新收政府信息公开申请数量 3 0 0 0 0 0 3\n— 2 —\n二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0\n（一）予以公开 1 0 0 0 0 0 1\n", map[string]string{
			q + "received/total": "3", q + "carried_in/natural_person": "0", q + "granted/total": "1"}},
		{"the number of a page among cells one a line", head + "一、本年新收政府信息公开申请数量\n3\n0\n— 6 —\n3\n二、上年结转政府信息公开申请数量\n0\n0\n0\n0\n0\n0\n0\n（一）予以公开\n1\n0\n0\n0\n0\n0\n1\n", map[string]string{
			q + "received/natural_person": "", q + "received/total": "", q + "carried_in/total": "0"}},
		{"figures that ran together, told by the row's sum", head + "一、本年新收政府信息公开申请数量21710000218二、上年结转政府信息公开申请数量0000000三、本年度办理结果（一）予以公开710000071", map[string]string{
			q + "received/natural_person": "217", q + "received/business": "1", q + "received/total": "218", q + "granted/natural_person": "71"}},
		{"blank cells that are lost", head + "一、本年新收政府信息公开申请数量\n3\n1\n4\n二、上年结转政府信息公开申请数量\n0\n0\n0\n0\n0\n0\n0\n（一）予以公开\n1\n0\n0\n0\n0\n0\n1\n", map[string]string{
			q + "received/natural_person": "", q + "received/total": "", q + "carried_in/total": "0"}},
		{"a sum that is blank beside figures", head + "| 一、本年新收政府信息公开申请数量 | 3 | 0 | 0 | 0 | 0 | 0 | |\n| 二、上年结转政府信息公开申请数量 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |\n| （一）予以公开 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |\n", map[string]string{
			q + "received/natural_person": "3", q + "received/total": "", q + "carried_in/total": "1"}},
		{"a label that goes on behind its figures", head + "一、本年新收政府信息公 3 0 0 0 0 0 3\n开申请数量\n二、上年结转政府信息公 0 0 0 0 0 0 0\n开申请数量\n（一）予以公开 1 0 0 0 0 0 1\n", map[string]string{
			q + "received/total": "3", q + "carried_in/total": "0"}},
		{"rows whose labels ran past them, between two that stand beside theirs",
			head + "| 三、 | （一）予以公开 | 9 | 0 | 0 | 0 | 0 | 0 | 9 |\n\n（二）部分公开（区分处理的，只计这一情形，不计其他情形）\n2.其他法律行政法规禁\n止公开\n\n| 2 | 0 | 0 | 0 | 0 | 0 | 2 |\n| 1.属于国家秘密 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |\n\n| 1 | 0 | 0 | 0 | 0 | 0 | 1 |\n| 3.危及“三安全一稳定” | 0 | 0 | 0 | 0 | 0 | 0 | 0 |\n", map[string]string{
				q + "granted/total": "9", q + "partly_granted/natural_person": "2", q + "refused_other_law/natural_person": "1", q + "refused_state_secret/total": "0"}},
		{"labels alone", "二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\n本年新制作数量\n本年新公开数量\n对外公开总数量\n规章\n规范性文件\n第二十条第（五）项\n信息内容\n上一年项目数量\n本年增/减\n处理决定数量\n行政许可\n其他对外管理服务事项\n", map[string]string{
			p + "rules/made": "", p + "licensing/decisions": ""}},
		{"codes before the values", "指标名称\n计量单位\n代码\n本期实际\n本年累计\n主动公开信息数\n条\n01\n5\n25\n申请总数\n条\n10\n1\n3\n其中：1.当面申请数\n条\n11\n1\n3\n2.传真申请数\n条\n12\n0\n0\n", map[string]string{
			"/tables/statistics/proactive_total": "25", "/tables/statistics/requests_received": "3", "/tables/period/requests_received": "1"}},
		{"a value of two that is not there", "指标名称 计量 单位 2013年度 历年累计 主动公开信息数 条 7 9 其中：1、网站公开 条 7 9 2、政府公报公开 条 0  受理依申请公开信息总数 件 0 0 其中：1、当面申请数 件 0 0", map[string]string{
			"/tables/statistics/proactive_total": "7", "/tables/statistics/channel_gazette": "", "/tables/statistics/requests_received": "0"}},
	} {
		t.Run(c.reason, func(t *testing.T) {
			got := convert(t, "甲市乙局2023年政府信息公开工作年度报告\n"+c.in)
			for path, want := range c.want {
				v, _ := got.Tables.Value(path)
				named := slices.ContainsFunc(got.Review, func(x report.Review) bool { return x.Path == path })
				switch {
				case want == "" && (v.Number != nil || !named):
					t.Errorf("%s: %v, named %v; nothing in the text says what it is", path, v.Number, named)
				case want != "" && (v.Number == nil || v.Number.String() != want):
					t.Errorf("%s: %v, want %s", path, v.Number, want)
				}
			}
		})
	}
}

// TestRunningText finds the sections of a report on one line.
func TestRunningText(t *testing.T) {
	got := convert(t, "甲局2023年政府信息公开工作年度报告 本报告由总体情况、主动公开政府信息情况等组成。 一、总体情况 2023年，甲局公开25条。 二、主动公开政府信息情况 第二十条第（一）项 信息内容 本年制发件数 本年废止件数 现行有效件数 规章 0 0 0 行政规范性文件 2 0 7 五、存在的主要问题及改进情况 无。 六、其他需要报告的事项 另无。")
	var have []string
	for _, s := range got.Sections {
		have = append(have, s.Key+":"+s.Text)
	}
	want := []string{"overview:2023年，甲局公开25条。", "proactive_disclosure:", "problems_and_improvements:无。", "other_matters:另无。"}
	if !slices.Equal(have, want) {
		t.Errorf("sections %q, want %q", have, want)
	}
}
