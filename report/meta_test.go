package report_test

import (
	"testing"

	"github.com/nianbao/nianbao/report"
)

func TestValuesOfWhatAReportSaysOfItself(t *testing.T) {
	text := func(s string) report.Value { return report.Value{Text: &s} }
	number := func(s string) report.Value {
		n, err := report.ParseNumber(s)
		if err != nil {
			t.Fatal(err)
		}
		return report.Value{Number: &n}
	}
	tests := []struct {
		path  string
		value report.Value
		ok    bool
	}{
		{report.TitlePath, text("甲局年报"), true}, {report.TitlePath, report.Value{}, true}, {report.TitlePath, number("3"), false},
		{report.IssuerPath, text("甲局"), true}, {report.IssuerPath, number("3"), false},
		{report.YearPath, number("2013"), true}, {report.YearPath, report.Value{}, true}, {report.YearPath, text("2013"), false},
		{report.YearPath, number("13"), false}, {report.YearPath, number("2013.5"), false},
	}
	for _, tt := range tests {
		r := sample()
		if err := r.Set(tt.path, tt.value); (err == nil) != tt.ok {
			t.Errorf("%s %v: %v", tt.path, tt.value, err)
		}
		if !tt.ok {
			continue
		}
		got, ok := r.Value(tt.path)
		a, _ := got.MarshalJSON()
		b, _ := tt.value.MarshalJSON()
		if !ok || string(a) != string(b) {
			t.Errorf("%s: set %s, got %s", tt.path, b, a)
		}
	}
	if _, ok := sample().Value("/report/other"); ok {
		t.Error("a value at a pointer to nothing")
	}
}
