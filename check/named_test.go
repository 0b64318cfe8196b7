package check_test

import (
	"strings"
	"testing"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// described is a report whose title is sure, whose issuer was hardly read and whose year was not found.
func described() *report.Report {
	r := blank("2021", "requests")
	r.Meta = report.Meta{Title: "甲局政府信息公开工作年度报告", Issuer: "甲局"}
	r.Cells = append([]report.Cell{
		{Path: report.TitlePath, Raw: r.Meta.Title, Mark: report.MarkText, Verdict: report.Read, Confidence: 1, Origin: report.OriginText},
		{Path: report.IssuerPath, Raw: r.Meta.Title, Mark: report.MarkText, Verdict: report.Read, Confidence: 0.9, Origin: report.OriginOCR},
		{Path: report.YearPath, Mark: report.MarkBlank, Verdict: report.Missing, Origin: report.OriginText},
	}, r.Cells...)
	return r
}

func TestNamed(t *testing.T) {
	r := described()
	if _, err := check.Run(t.Context(), r, form.Set{}, nil); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range r.Review {
		got = append(got, v.Path+" "+string(v.Reason))
	}
	if want := "/report/issuer low_confidence,/report/year missing"; strings.Join(got, ",") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if _, problems := check.Recheck(r, form.Set{}); len(problems) > 0 {
		t.Errorf("problems %v", problems)
	}
	if lines, err := check.Explain(r, form.Set{}, report.IssuerPath); err != nil || !strings.Contains(strings.Join(lines, "\n"), "甲局") {
		t.Errorf("%v, %v", lines, err)
	}
}

// TestNamedWithoutProse: of what was not looked for nobody says that it is not in the document.
func TestNamedWithoutProse(t *testing.T) {
	r := described()
	r.Warnings = []report.Warning{{Code: diag.ProseSkipped}}
	if _, err := check.Run(t.Context(), r, form.Set{}, nil); err != nil {
		t.Fatal(err)
	}
	if last := r.Review[len(r.Review)-1]; last.Path != report.YearPath || !strings.Contains(last.Detail, "--tables-only") {
		t.Errorf("%+v", last)
	}
}

// TestAnswersOnWhoseReportItIs: a title, an issuer and a year are answered like a number.
func TestAnswersOnWhoseReportItIs(t *testing.T) {
	name, n := "甲县局", report.Int(2013)
	r := described()
	if err := check.Apply(r, form.Set{}, []report.Patch{{Path: report.IssuerPath, Value: report.Value{Text: &name}}, {Path: report.YearPath, Value: report.Value{Number: &n}}}); err != nil {
		t.Fatal(err)
	}
	if r.Meta.Issuer != name || r.Meta.Year == nil || *r.Meta.Year != 2013 || len(r.Review) > 0 || r.Outcome != report.Complete {
		t.Errorf("%+v %+v %s", r.Meta, r.Review, r.Outcome)
	}
	if c := r.Cell(report.IssuerPath); c.Verdict != report.Confirmed || c.Raw != "甲局政府信息公开工作年度报告" {
		t.Errorf("%+v", c)
	}
	for _, p := range []report.Patch{{Path: report.YearPath, Value: report.Value{Text: &name}}, {Path: report.IssuerPath, Value: report.Value{Number: &n}}} {
		if err := check.Apply(described(), form.Set{}, []report.Patch{p}); err == nil {
			t.Errorf("%v was taken", p)
		}
	}
	// A person may say that the report names none.
	r = described()
	if err := check.Apply(r, form.Set{}, []report.Patch{{Path: report.YearPath}, {Path: report.IssuerPath}}); err != nil || len(r.Review) > 0 || r.Outcome != report.Complete {
		t.Errorf("%v %v %s", err, r.Review, r.Outcome)
	}
}
