package check_test

import (
	"testing"

	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

func TestOutcome(t *testing.T) {
	year := 2023
	meta := report.Meta{Title: "甲局2023年政府信息公开工作年度报告", Issuer: "甲局", Year: &year}
	tests := []struct {
		reason string
		change func(*report.Report)
		want   report.Outcome
	}{
		{"all is there", func(*report.Report) {}, report.Complete},
		{"no year", func(r *report.Report) { r.Meta.Year = nil }, report.Partial},
		{"no issuer", func(r *report.Report) { r.Meta.Issuer = "" }, report.Partial},
		{"no title", func(r *report.Report) { r.Meta.Title = "" }, report.Partial},
		{"a cell that could not be read", func(r *report.Report) {
			r.Cells[3].Verdict = report.Missing
			r.Tables.Set(r.Cells[3].Path, report.Value{})
		}, report.Partial},
		{"a page that could not be read", func(r *report.Report) { r.Warnings = []report.Warning{{Code: diag.PageUnreadable}} }, report.Partial},
		{"only a warning", func(r *report.Report) { r.Warnings = []report.Warning{{Code: diag.SectionMissing}} }, report.Complete},
		{"blanks alone", func(r *report.Report) {
			for _, c := range r.Cells {
				print(r, c.Path, "")
			}
		}, report.NoNumbers},
		{"no report", func(r *report.Report) { r.Outcome = report.NotAReport }, report.NotAReport},
	}
	for _, tt := range tests {
		r := blank("2021", "requests")
		r.Meta = meta
		tt.change(r)
		for range 2 { // running again changes nothing
			prove(t, r, nil)
			if r.Outcome != tt.want {
				t.Errorf("%s: got %s, want %s", tt.reason, r.Outcome, tt.want)
			}
		}
	}
}
