package check_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// blank is a report of a form's tables in which every cell prints 0 in a text layer.
func blank(name string, tables ...string) *report.Report {
	r := &report.Report{Schema: report.Schema, Form: name, Forms: map[string]string{}}
	for _, k := range tables {
		r.Forms[k] = name
		for _, f := range form.Official().Get(name).Table(k).Fields() {
			r.Cells = append(r.Cells, report.Cell{Path: f.Path, Origin: report.OriginText})
			print(r, f.Path, "0")
		}
	}
	return r
}

// print lets a cell print a text.
func print(r *report.Report, path, raw string) {
	c := r.Cell(path)
	if c == nil {
		panic(path)
	}
	f := report.ParseFigure(raw)
	c.Raw, c.Mark, c.Note, c.Confidence = raw, f.Mark, f.Note, 1
	r.Tables.Set(path, report.Value{Number: f.Number})
}

const t3 = "/tables/requests/"

// requests prints 表三 from the numbers of a row and column, sums included.
func requests(r *report.Report, parts map[string]int) {
	v := map[string]int{}
	rows := form.Official().Get(r.Forms["requests"]).Table("requests")
	for k, n := range parts {
		v[k] += n
	}
	for _, c := range rows.Columns {
		if c.Key == "total" {
			continue
		}
		for _, x := range rows.Rows {
			if x.Groups != nil && x.Key != "handled_total" {
				v["handled_total/"+c.Key] += v[x.Key+"/"+c.Key]
			}
		}
		v["received/"+c.Key] = v["handled_total/"+c.Key] + v["carried_out/"+c.Key] - v["carried_in/"+c.Key]
	}
	for _, x := range rows.Rows {
		for _, c := range rows.Columns {
			if c.Key != "total" {
				v[x.Key+"/total"] += v[x.Key+"/"+c.Key]
			}
		}
	}
	for k, n := range v {
		print(r, t3+k, fmt.Sprint(n))
	}
}

func failed(r *report.Report) []string {
	var out []string
	for _, c := range r.Checks {
		if c.Status == report.Fail && c.Severity == "error" {
			out = append(out, c.Rule+" "+c.Scope)
		}
	}
	return out
}

func reviewed(r *report.Report) []string {
	var out []string
	for _, x := range r.Review {
		out = append(out, strings.TrimPrefix(x.Path, "/tables/")+" "+string(x.Reason))
	}
	return out
}

func TestDigital(t *testing.T) {
	sound := func() *report.Report {
		r := blank("2021", "proactive_disclosure", "requests", "review_and_litigation")
		requests(r, map[string]int{"granted/natural_person": 12, "granted/business": 3, "unable_not_held/natural_person": 4,
			"carried_in/natural_person": 2, "carried_out/business": 1})
		return r
	}
	tests := []struct {
		reason string
		edit   func(r *report.Report)
		failed []string
		review []string
	}{
		{"a sound report", func(*report.Report) {}, nil, nil},
		{"a wrong item is where its row and its column meet", func(r *report.Report) {
			print(r, t3+"granted/natural_person", "13")
		}, []string{"T3.row granted", "T3.items natural_person"}, []string{"requests/granted/natural_person printed_inconsistency"}},
		{"a wrong sum of 表四 that the parts exceed: the sum first, and all that no other equation clears", func(r *report.Report) {
			print(r, "/tables/review_and_litigation/review/upheld", "10")
			print(r, "/tables/review_and_litigation/review/corrected", "1")
		}, []string{"T4.sum review"}, []string{
			"review_and_litigation/review/total printed_inconsistency", "review_and_litigation/review/upheld printed_inconsistency",
			"review_and_litigation/review/corrected printed_inconsistency", "review_and_litigation/review/other_result printed_inconsistency",
			"review_and_litigation/review/pending printed_inconsistency"}},
		{"a wrong sum of 表四 that a person confirmed as printed", func(r *report.Report) {
			print(r, "/tables/review_and_litigation/review/upheld", "10")
			r.Cell("/tables/review_and_litigation/review/total").Verdict = report.Confirmed
		}, []string{"T4.sum review"}, nil},
		{"a wrong sum of 表四 above its parts can be any of them, the sum first", func(r *report.Report) {
			print(r, "/tables/review_and_litigation/review/total", "1")
		}, []string{"T4.sum review"}, []string{
			"review_and_litigation/review/total printed_inconsistency", "review_and_litigation/review/upheld printed_inconsistency",
			"review_and_litigation/review/corrected printed_inconsistency", "review_and_litigation/review/other_result printed_inconsistency",
			"review_and_litigation/review/pending printed_inconsistency"}},
		{"a blank sum is unknown, and so is what adds it up", func(r *report.Report) {
			print(r, t3+"granted/total", "")
		}, nil, nil},
		{"a negative count", func(r *report.Report) {
			print(r, "/tables/proactive_disclosure/rules/issued", "-1")
		}, []string{"NN proactive_disclosure"}, []string{"proactive_disclosure/rules/issued printed_inconsistency"}},
		{"text where a number should be", func(r *report.Report) {
			print(r, "/tables/proactive_disclosure/rules/issued", "见附件")
		}, nil, []string{"proactive_disclosure/rules/issued low_confidence"}},
		{"无 is a way of printing none", func(r *report.Report) {
			print(r, "/tables/proactive_disclosure/rules/issued", "无")
		}, nil, nil},
		{"only totals are told", func(r *report.Report) {
			for i := range r.Cells {
				if p := r.Cells[i].Path; strings.HasPrefix(p, t3) && !strings.HasSuffix(p, "/total") {
					print(r, p, "")
				}
			}
		}, nil, nil},
		{"an absent cell", func(r *report.Report) {
			print(r, t3+"granted/research", "")
			r.Cell(t3 + "granted/research").Verdict = report.Missing
		}, nil, []string{"requests/granted/research missing"}},
	}
	for _, tt := range tests {
		r := sound()
		tt.edit(r)
		before := fmt.Sprint(r.Tables)
		prove(t, r, nil)
		if got := failed(r); !reflect.DeepEqual(got, tt.failed) {
			t.Errorf("%s: failing %q, want %q", tt.reason, got, tt.failed)
		}
		if got := reviewed(r); !reflect.DeepEqual(got, tt.review) {
			t.Errorf("%s: review %q, want %q", tt.reason, got, tt.review)
		}
		if fmt.Sprint(r.Tables) != before {
			t.Errorf("%s: a printed value was altered", tt.reason)
		}
	}
}

// TestReviewOrder: an entry that a graver one of the same cell took the place of leaves no doubt about the order of the others.
func TestReviewOrder(t *testing.T) {
	var want []string
	for range 20 {
		r := blank("2021", "proactive_disclosure", "requests", "review_and_litigation")
		for key, raw := range map[string]string{"upheld": "", "corrected": "1", "other_result": "日主", "pending": "", "total": ""} {
			path := "/tables/review_and_litigation/review/" + key
			print(r, path, raw)
			c := r.Cell(path)
			if c.Label = 0.4; raw == "" {
				c.Verdict = report.Missing
			}
		}
		prove(t, r, nil)
		if got := reviewed(r); want == nil {
			want = got
		} else if !reflect.DeepEqual(got, want) {
			t.Fatalf("review %q, and then %q", want, got)
		}
	}
}

func status(r *report.Report, rule, scope string) report.Status {
	for _, c := range r.Checks {
		if c.Rule == rule && c.Scope == scope {
			return c.Status
		}
	}
	return ""
}

// TestTotalsLeftBlank is the way some offices fill 表三: the total column only at its foot.
func TestTotalsLeftBlank(t *testing.T) {
	r := blank("2019", "requests")
	requests(r, map[string]int{"granted/natural_person": 12, "unable_not_held/business": 3})
	for i := range r.Cells {
		c := &r.Cells[i]
		row := strings.Split(c.Path, "/")[3]
		if c.Raw == "0" || strings.HasSuffix(c.Path, "/total") && row != "received" && row != "handled_total" {
			print(r, c.Path, "")
		}
	}
	prove(t, r, nil)
	if got := failed(r); got != nil {
		t.Errorf("false alarms: %q", got)
	}
	if len(r.Review) > 0 {
		t.Errorf("review %q", reviewed(r))
	}
	for _, x := range []struct {
		rule, scope string
		want        report.Status
	}{{"T3.row", "granted", report.Unknown}, {"T3.items", "total", report.Unknown}, {"T3.row", "received", report.Pass}, {"T3.items", "natural_person", report.Pass}} {
		if got := status(r, x.rule, x.scope); got != x.want {
			t.Errorf("%s %s is %s, want %s", x.rule, x.scope, got, x.want)
		}
	}
}

func TestAllBlank(t *testing.T) {
	r := blank("2021", "requests", "review_and_litigation")
	for i := range r.Cells {
		print(r, r.Cells[i].Path, "")
	}
	prove(t, r, nil)
	for _, c := range r.Checks {
		if c.Status != report.Unknown {
			t.Errorf("%s %s is %s", c.Rule, c.Scope, c.Status)
		}
	}
	if len(r.Review) > 0 {
		t.Errorf("review %q", reviewed(r))
	}
}

// TestReviewIsAList: a report without anything to review has an empty list, which JSON does not write as null.
func TestReviewIsAList(t *testing.T) {
	r := &report.Report{Meta: report.Meta{Title: "甲市人民政府2021年政府信息公开工作年度报告", Issuer: "甲市人民政府"}}
	if _, err := check.Run(t.Context(), r, form.Set{}, nil); err != nil {
		t.Fatal(err)
	}
	if r.Review == nil {
		t.Error("the review is null")
	}
}
