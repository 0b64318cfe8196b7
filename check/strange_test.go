package check_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// hall is the official forms and one more, with a report of that form: all 0 but one misread sum.
func hall(t *testing.T) (form.Set, *report.Report) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", "forms", "hall.json"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	forms, err := form.Official().With(f)
	if err != nil {
		t.Fatal(err)
	}
	r := &report.Report{Schema: report.Schema, Form: f.Name, Forms: map[string]string{f.Tables[0].Key: f.Name}}
	zero, sure := report.Int(0), 0.9999
	for _, x := range f.Tables[0].Fields() {
		r.Tables.Set(x.Path, report.Value{Number: &zero})
		r.Cells = append(r.Cells, report.Cell{Path: x.Path, Raw: "0", Mark: report.MarkZero, Confidence: sure, ReadConfidence: &sure, Origin: report.OriginOCR})
	}
	c := r.Cell(inHall)
	low := 0.6
	c.Raw, c.Mark, c.Confidence, c.ReadConfidence = "6", report.MarkNumber, low, &low
	c.Candidates = []report.Candidate{{Raw: "0", Probability: 0.39}}
	return forms, r
}

const inHall = "/tables/hall_services/received/person"

func run(t *testing.T, r *report.Report, forms form.Set) []diag.Warning {
	t.Helper()
	warnings, err := check.Run(t.Context(), r, forms, nil)
	if err != nil {
		t.Fatal(err)
	}
	return warnings
}

// TestOwnForm: the sums of a form of the user's own prove and repair as those of the official ones do.
func TestOwnForm(t *testing.T) {
	forms, r := hall(t)
	run(t, r, forms)
	if c := r.Cell(inHall); c.Verdict != report.Repaired {
		t.Errorf("%s is %s", c.Path, c.Verdict)
	}
	if c := r.Cell("/tables/hall_services/online/person"); c.Verdict != report.Proven {
		t.Errorf("%s is %s", c.Path, c.Verdict)
	}
	failed := 0
	for _, k := range r.Checks {
		if k.Status == report.Fail {
			failed++
		}
	}
	if len(r.Checks) != 12+4+4+4+4+1+1 || failed > 0 {
		t.Errorf("%d checks, %d fail", len(r.Checks), failed)
	}
}

// TestUnknownForm: what was found with a form stays when the form is not given again, and a warning says so.
func TestUnknownForm(t *testing.T) {
	forms, r := hall(t)
	run(t, r, forms)
	encoded := func() string {
		var b bytes.Buffer
		if err := report.Encode(&b, r, true); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	r.Quality = nil // there is none without a table whose sums are known
	before := encoded()
	warnings := run(t, r, form.Set{})
	if after := encoded(); after != before {
		t.Errorf("the report was changed:\n%s", after)
	}
	if len(warnings) != 1 || warnings[0].Code != diag.FormUnknown || !strings.Contains(warnings[0].Message, `"hall"`) {
		t.Errorf("warnings %v", warnings)
	}
	if _, problems := check.Recheck(r, form.Set{}); len(problems) != 1 || !problems[0].Untested {
		t.Errorf("problems %v", problems)
	}
	if checks, problems := check.Recheck(r, forms); len(problems) > 0 || len(checks) != len(r.Checks) {
		t.Errorf("with the form: %d checks, %v", len(checks), problems)
	}
	n := report.Int(1)
	answer := []report.Patch{{Path: inHall, Value: report.Value{Number: &n}}}
	if err := check.Apply(r, form.Set{}, answer); err == nil || !strings.Contains(err.Error(), "--form") {
		t.Errorf("an answer that cannot be checked: %v", err)
	}
	if err := check.Apply(r, forms, answer); err != nil {
		t.Error(err)
	}
	for set, want := range map[string]string{"": "its sums are not tested", "own": "一、接待情况 / 4.接待总数 / 个人"} {
		s := form.Set{}
		if set != "" {
			s = forms
		}
		lines, err := check.Explain(r, s, inHall)
		if err != nil || !strings.Contains(strings.Join(lines, "\n"), want) {
			t.Errorf("%v %v", lines, err)
		}
	}
}

// TestNoForm: a table of which nothing says whose it is, is a fault.
func TestNoForm(t *testing.T) {
	forms, r := hall(t)
	run(t, r, forms)
	r.Forms = map[string]string{}
	if _, problems := check.Recheck(r, form.Set{}); len(problems) != 1 || problems[0].Untested {
		t.Errorf("problems %v", problems)
	}
}
