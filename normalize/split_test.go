package normalize_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/normalize"
)

func TestSplit(t *testing.T) {
	report := func(title string) []any {
		return []any{title, "一、总体情况", "全年平稳。", "二、主动公开政府信息情况", bands2021(), "五、存在的主要问题及改进情况", "人员不足。"}
	}
	tests := []struct {
		name  string
		parts []any
		want  []string // issuers and years
	}{
		{"one", report("甲镇2023年政府信息公开工作年度报告"), []string{"甲镇 2023"}},
		{"two bodies", append(append([]any{"合订本"}, report("甲镇2023年政府信息公开工作年度报告")...), report("乙乡2023年政府信息公开工作年度报告")...), []string{"甲镇 2023", "乙乡 2023"}},
		{"two years", append(report("甲镇2023年政府信息公开工作年度报告"), report("甲镇2022年政府信息公开工作年度报告")...), []string{"甲镇 2023", "甲镇 2022"}},
		{"the title on each page", append(report("甲镇2023年政府信息公开工作年度报告"), "甲镇2023年政府信息公开工作年度报告", "六、其他需要报告的事项", bands2021()), []string{"甲镇 2023"}},
		{"a running head that was misread", append(report("南岭镇人民政府2023年政府信息公开工作年度报告"), "南台镇人民政府2023年政府信息公开工作年度报告", "五、存在的主要问题", "六、其他需要报告的事项", bands2021()), []string{"南岭镇人民政府 2023"}},
		{"a list of others below", append(report("甲镇2023年政府信息公开工作年度报告"), "甲镇2022年政府信息公开工作年度报告", "甲镇2021年政府信息公开工作年度报告"), []string{"甲镇 2023"}},
		{"a list of others above", append([]any{"甲镇2022年政府信息公开工作年度报告", "甲镇2021年政府信息公开工作年度报告"}, report("甲镇2023年政府信息公开工作年度报告")...), []string{"甲镇 2023"}},
		{"spoken of", append(report("甲镇2023年政府信息公开工作年度报告"), "比甲镇2022年政府信息公开工作年度报告多3件。", bands2021()), []string{"甲镇 2023"}},
	}
	read := append(report("南岭镇人民政府2023年政府信息公开工作年度报告"), "南台镇人民政府2023年政府信息公开工作年度报告", bands2021())
	scan := document(read...)
	scan.Pages[0].Route = layout.RouteOCR
	if n := len(normalize.Split(scan)); n != 1 {
		t.Errorf("a running head over a table that goes on: %d reports", n)
	}
	if n := len(normalize.Split(document(read...))); n != 2 {
		t.Errorf("names that no print is between: %d reports", n)
	}
	for _, tt := range tests {
		var got []string
		for _, d := range normalize.Split(document(tt.parts...)) {
			r, _, _ := normalize.Report(d, form.Set{})
			year := "?"
			if r.Meta.Year != nil {
				year = fmt.Sprint(*r.Meta.Year)
			}
			got = append(got, r.Meta.Issuer+" "+year)
			if v := value(r, "/tables/proactive_disclosure/licensing/decisions"); v != "12" {
				t.Errorf("%s: the table of %s has %s", tt.name, r.Meta.Issuer, v)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
