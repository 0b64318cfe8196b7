package report_test

import (
	"testing"

	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/report"
)

// TestFigureIn: numbers are exact, in the field's unit. What texts mean is tested in package figure.
func TestFigureIn(t *testing.T) {
	wan := figure.Field{Unit: "万元"}
	tests := []struct {
		field      figure.Field
		in, number string
		mark       report.Mark
		note       string
		otherUnit  bool
		unsure     bool
	}{
		{figure.Field{}, "22", "22", report.MarkNumber, "", false, false},
		{figure.Field{}, "0.00", "0.00", report.MarkZero, "", false, false},
		{figure.Field{}, "", "", report.MarkBlank, "", false, false},
		{figure.Field{}, "/", "", report.MarkSlash, "", false, false},
		{figure.Field{}, "——", "", report.MarkDash, "", false, false},
		{figure.Field{}, "12\n34", "", report.MarkText, "", false, false},
		{figure.Field{}, "1 234", "1234", report.MarkNumber, "", false, true},
		{figure.Field{}, "22（其中修订16件）", "22", report.MarkNumber, "其中修订16件", false, false},
		{wan, "7730.28", "7730.28", report.MarkNumber, "", false, false},
		{wan, "251000元", "25.1", report.MarkNumber, "元", true, false},
		{wan, "3件", "", report.MarkText, "", true, false},
		{figure.Field{Unit: figure.Count}, "12万", "120000", report.MarkNumber, "万", true, false},
	}
	for _, tt := range tests {
		f := report.FigureIn(tt.field, tt.in)
		got := ""
		if f.Number != nil {
			got = f.Number.String()
		}
		if got != tt.number || f.Mark != tt.mark || f.Note != tt.note || f.OtherUnit != tt.otherUnit || (f.Unsure != "") != tt.unsure {
			t.Errorf("%q: %q %s %q %v %q, want %q %s %q %v %v", tt.in, got, f.Mark, f.Note, f.OtherUnit, f.Unsure, tt.number, tt.mark, tt.note, tt.otherUnit, tt.unsure)
		}
	}
}

// FuzzParseFigure: what is read as a number reads the same when printed again.
func FuzzParseFigure(f *testing.F) {
	for _, s := range []string{"22（其中修订16件）", "1,234.50万元", "-2", "——", "约１０００余", "0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := report.ParseFigure(s)
		if (a.Number == nil) == (a.Mark == report.MarkNumber || a.Mark == report.MarkZero) {
			t.Fatalf("%q: mark %s and number %v", s, a.Mark, a.Number)
		}
		if a.Number == nil {
			return
		}
		b := report.ParseFigure(a.Number.String())
		if b.Number == nil || !b.Number.Equal(a.Number.Decimal) || b.Note != "" {
			t.Fatalf("%q reads as %s, and that as %v with note %q", s, a.Number, b.Number, b.Note)
		}
	})
}
