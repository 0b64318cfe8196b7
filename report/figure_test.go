package report_test

import (
	"testing"

	"github.com/nianbao/nianbao/report"
)

func TestParseFigure(t *testing.T) {
	tests := []struct {
		in, number string
		mark       report.Mark
		note       string
		reason     string
	}{
		{"22", "22", report.MarkNumber, "", ""},
		{"0", "0", report.MarkZero, "", ""},
		{"0.00", "0.00", report.MarkZero, "", "places stay"},
		{"", "", report.MarkBlank, "", "blank is not zero"},
		{" \u00a0\u3000", "", report.MarkBlank, "", "white space of all kinds is blank"},
		{"/", "", report.MarkSlash, "", ""},
		{"／", "", report.MarkSlash, "", "full width"},
		{"\\", "", report.MarkSlash, "", ""},
		{"—", "", report.MarkDash, "", ""},
		{"——", "", report.MarkDash, "", ""},
		{"－", "", report.MarkDash, "", "full-width minus alone"},
		{"一", "", report.MarkDash, "", "a dash read as the numeral"},
		{"１２３", "123", report.MarkNumber, "", "full-width digits"},
		{"1,234", "1234", report.MarkNumber, "", "thousands mark"},
		{"1，234，567", "1234567", report.MarkNumber, "", "full-width comma"},
		{"12,34", "", report.MarkText, "", "no thousands mark stands there"},
		{"7730.28", "7730.28", report.MarkNumber, "", ""},
		{"251000元", "251000", report.MarkNumber, "元", "unit"},
		{"7730.28万元", "7730.28", report.MarkNumber, "万元", ""},
		{"22（其中修订16件）", "22", report.MarkNumber, "其中修订16件", "note in brackets"},
		{"55(含自然失效 29 件)", "55", report.MarkNumber, "含自然失效29件", ""},
		{"22件（其中修订16件", "22", report.MarkNumber, "件其中修订16件", "bracket lost at a line end"},
		{"12¹", "12", report.MarkNumber, "¹", "the mark of a note is no digit"},
		{"12件 ①", "", report.MarkText, "", "a mark behind a unit"},
		{"3①②", "3", report.MarkNumber, "①②", ""},
		{"+173", "173", report.MarkNumber, "", "sign of an increase"},
		{"-2", "-2", report.MarkNumber, "", ""},
		{"−2", "-2", report.MarkNumber, "", "mathematical minus"},
		{"12190余", "12190", report.MarkNumber, "余", ""},
		{"约1000", "1000", report.MarkNumber, "约", ""},
		{"113988\n89", "11398889", report.MarkNumber, "", "a number wrapped in a narrow cell"},
		{"未增未减", "", report.MarkText, "", ""},
		{"无", "", report.MarkText, "", ""},
		{"3/5", "", report.MarkText, "", "not one number"},
		{"3.", "", report.MarkText, "", "a lost digit is not guessed"},
		{"1.2.3", "", report.MarkText, "", ""},
		{"十二", "", report.MarkText, "", ""},
	}
	for _, tt := range tests {
		f := report.ParseFigure(tt.in)
		got := ""
		if f.Number != nil {
			got = f.Number.String()
		}
		if got != tt.number || f.Mark != tt.mark || f.Note != tt.note {
			t.Errorf("%q: %q %s %q, want %q %s %q (%s)", tt.in, got, f.Mark, f.Note, tt.number, tt.mark, tt.note, tt.reason)
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
			t.Fatalf("%q is %s, which is %v", s, a.Number, b)
		}
	})
}
