package series_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/series"
	"github.com/nianbao/nianbao/report"
)

// entry makes a report with values given as "path=number".
func entry(t *testing.T, issuer string, year int, values ...string) series.Entry {
	t.Helper()
	r := &report.Report{Meta: report.Meta{Issuer: issuer, Year: &year}}
	for _, v := range values {
		path, number, _ := strings.Cut(v, "=")
		value := report.Value{}
		if number != "" {
			n, err := report.ParseNumber(number)
			if err != nil {
				t.Fatal(err)
			}
			value.Number = &n
		}
		path = "/tables/" + path
		r.Tables.Set(path, value)
		r.Cells = append(r.Cells, report.Cell{Path: path, Verdict: report.Proven})
	}
	e := series.RulesOf(form.Set{}).Entry(r, fmt.Sprintf("%s-%d-%d.json", issuer, year, len(values)))
	// As it comes back from a ledger.
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back series.Entry
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

func TestCheck(t *testing.T) {
	const (
		in, out = "requests/carried_in/total", "requests/carried_out/total"
		normIn  = "proactive_disclosure/normative_documents/"
		licence = "proactive_disclosure/licensing/"
	)
	tests := []struct {
		reason  string
		entries []series.Entry
		tested  int
		want    string // rule scope left right, joined
	}{
		{"what is carried out is carried in", []series.Entry{
			entry(t, "宿迁市人民政府", 2024, in+"=34"), entry(t, "宿迁市人民政府", 2023, out+"=34"),
		}, 1, ""},
		{"or not", []series.Entry{
			entry(t, "宿迁市人民政府", 2023, out+"=34"), entry(t, "宿迁市人民政府", 2024, in+"=43"),
		}, 1, "X.carry total 43 34"},
		{"blanks and width make no other issuer", []series.Entry{
			entry(t, "宿迁市 人民政府（办）", 2023, out+"=34"), entry(t, "宿迁市人民政府(办)", 2024, in+"=43"),
		}, 1, "X.carry total 43 34"},
		{"a prefix does", []series.Entry{
			entry(t, "江苏省宿迁市人民政府", 2023, out+"=34"), entry(t, "宿迁市人民政府", 2024, in+"=43"),
		}, 0, ""},
		{"a year between is missing", []series.Entry{
			entry(t, "甲", 2022, out+"=34"), entry(t, "甲", 2024, in+"=43"),
		}, 0, ""},
		{"a blank says nothing", []series.Entry{
			entry(t, "甲", 2023, out+"="), entry(t, "甲", 2024, in+"=43"),
		}, 0, ""},
		{"documents in force: 597 + 50 - 227 = 420", []series.Entry{
			entry(t, "甲", 2023, normIn+"in_force=597"), entry(t, "甲", 2024, normIn+"issued=50", normIn+"repealed=227", normIn+"in_force=420"),
		}, 1, ""},
		{"and 5 + 3 - 0 is not 9", []series.Entry{
			entry(t, "甲", 2023, normIn+"in_force=5"), entry(t, "甲", 2024, normIn+"issued=3", normIn+"repealed=0", normIn+"in_force=9"),
		}, 1, "X.inforce normative_documents 9 8"},
		{"items of the 2019 form", []series.Entry{
			entry(t, "甲", 2019, licence+"items_last_year=100", licence+"items_change=-2"), entry(t, "甲", 2020, licence+"items_last_year=97"),
		}, 1, "T2.c.items licensing 97 98"},
		{"two reports of one year that differ are both held against the next", []series.Entry{
			entry(t, "甲", 2023, out+"=1"), entry(t, "甲", 2023, out+"=2", in+"=0"), entry(t, "甲", 2024, in+"=1"),
		}, 2, "X.duplicate requests - - X.carry total 1 2"},
		{"two that agree are one", []series.Entry{
			entry(t, "甲", 2023, out+"=1", in+"="), entry(t, "甲", 2023, out+"=1"), entry(t, "甲", 2024, in+"=2"),
		}, 1, "X.carry total 2 1"},
		{"no year, no issuer", []series.Entry{entry(t, "甲", 0, out+"=1"), entry(t, "", 2024, in+"=2")}, 0, ""},
	}
	for _, tt := range tests {
		s := series.RulesOf(form.Set{}).Check(tt.entries)
		var got []string
		for _, f := range s.Findings {
			l, r := "-", "-"
			if f.Left != nil {
				l, r = f.Left.String(), f.Right.String()
			}
			got = append(got, f.Rule, f.Scope, l, r)
			if len(f.Reports) != 2 || len(s.ByReport[f.Reports[0]]) == 0 || len(s.ByReport[f.Reports[1]]) == 0 {
				t.Errorf("%s: not named in both reports: %+v", tt.reason, s.ByReport)
			}
		}
		if strings.Join(got, " ") != tt.want || s.Tested != tt.tested {
			t.Errorf("%s: got %q and %d tested, want %q and %d", tt.reason, strings.Join(got, " "), s.Tested, tt.want, tt.tested)
		}
	}
}
