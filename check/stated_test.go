package check_test

import (
	"testing"

	"github.com/nianbao/nianbao/report"
)

func TestTextAgainstTable(t *testing.T) {
	tests := []struct {
		text       string
		confidence float64
		disagrees  bool
		reason     string
	}{
		{"2023年收到政府信息公开申请21件。", 1, false, "the same"},
		{"2023年收到政府信息公开申请22件。", 1, true, ""},
		{"2023年收到政府信息公开申请22件。", 0.5, false, "prose that was hardly read proves nothing"},
		{"2022年收到政府信息公开申请9件。", 1, false, "of another year"},
		{"全年收办政府信息公开申请24件。", 1, false, "收办 counts what was carried over"},
		{"全年收办政府信息公开申请21件。", 1, true, "收办 counts what was carried over"},
		{"主动公开政府信息9999条。", 1, false, "the form has no such number"},
	}
	for _, tt := range tests {
		year := 2023
		r := &report.Report{Form: "2021", Forms: map[string]string{"requests": "2021"}, Meta: report.Meta{Year: &year},
			Sections: []report.Section{{Key: "overview", Heading: "一、总体情况", Text: tt.text, Confidence: tt.confidence}}}
		for k, v := range map[string]int64{"received": 21, "carried_in": 3} {
			n := report.Int(v)
			r.Tables.Set("/tables/requests/"+k+"/total", report.Value{Number: &n})
		}
		prove(t, r, nil)
		got := false
		for _, v := range r.Review {
			got = got || v.Reason == report.TextDisagrees
		}
		if got != tt.disagrees {
			t.Errorf("%s: disagrees %v (%s)", tt.text, got, tt.reason)
		}
	}
}
