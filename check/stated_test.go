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
		{"2023年，县政府办公室受理政府信息公开申请17件。", 1, false, "of a part of the whole"},
		{"收到政府信息公开申请21件，其中县教育局受理5件。", 1, false, "of a part of the whole"},
		{"收到政府信息公开申请比上年增加9件。", 1, false, "a difference"},
		{"收到政府信息公开申请约20件。", 1, false, "an estimate contradicts nothing"},
		{"收到政府信息公开申请24件（含上年结转3件）。", 1, false, "with what was carried over"},
		{"收到政府信息公开申請22件。", 1, true, "traditional characters"},
	}
	for _, tt := range tests {
		year := 2023
		r := &report.Report{Form: "2021", Forms: map[string]string{"requests": "2021"}, Meta: report.Meta{Year: &year, Issuer: "青山县人民政府"},
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

func TestNarrated(t *testing.T) {
	n := report.Int(12)
	for _, c := range []struct {
		name   string
		cell   report.Cell
		reason report.Reason // "" for none
	}{
		{"plain", report.Cell{Raw: "12", Mark: report.MarkNumber, Confidence: 1}, ""},
		{"an estimate", report.Cell{Raw: "12余", Mark: report.MarkText, Note: "estimate", Confidence: 1}, report.LowConfidence},
		{"two numbers", report.Cell{Raw: "12", Mark: report.MarkNumber, Note: "also 13", Confidence: 1}, report.TextDisagrees},
		{"hardly read", report.Cell{Raw: "12", Mark: report.MarkNumber, Confidence: 0.9}, report.LowConfidence},
		{"in another unit", report.Cell{Raw: "1.2万", Mark: report.MarkNumber, Confidence: 1}, report.OtherUnit},
	} {
		c.cell.Path, c.cell.Sentence, c.cell.Origin, c.cell.Verdict = "/tables/narrative/requests_received", "收到申请", report.OriginText, report.Read
		r := &report.Report{Form: "narrative", Cells: []report.Cell{c.cell}}
		if c.cell.Mark == report.MarkNumber {
			r.Tables.Set(c.cell.Path, report.Value{Number: &n})
		}
		prove(t, r, nil)
		var got []report.Reason
		for _, v := range r.Review {
			got = append(got, v.Reason)
		}
		if len(got) > 1 || len(got) == 0 && c.reason != "" || len(got) == 1 && got[0] != c.reason {
			t.Errorf("%s: %v, want %q", c.name, got, c.reason)
		}
	}
}
