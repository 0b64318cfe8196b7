package nianbao

import (
	"bytes"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// Apply lays a person's answers over a report and gives another: the values are frozen, and the sums
// decide anew what they settle. The report given stays as it is. The error names the first answer that
// fits no value of it. Forms are those of the user's own that the report was converted with; a table whose
// form is not there stays as it is, with a warning.
func Apply(r *report.Report, answers []report.Patch, forms ...*form.Form) (*report.Report, error) {
	set, err := form.Official().With(forms...)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := report.Encode(&b, r, false); err != nil {
		return nil, err
	}
	out, err := report.Decode(b.Bytes())
	if err != nil {
		return nil, err
	}
	if err := check.Apply(out, set, answers); err != nil {
		return nil, err
	}
	return out, nil
}

// Problem is a way in which a report contradicts itself: the path of a value, and what is wrong.
type Problem = check.Problem

// Check tests a report as it stands, after a hand edit or by anyone: its equations, and whether its
// values, evidence and review fit each other. It alters nothing. Forms are those of the user's own that the
// report was converted with; where they cannot be used together, a problem without a path says why.
func Check(r *report.Report, forms ...*form.Form) ([]report.Check, []Problem) {
	set, err := form.Official().With(forms...)
	checks, problems := check.Recheck(r, set)
	if err != nil {
		problems = append([]Problem{{Message: err.Error()}}, problems...)
	}
	return checks, problems
}

// Explain says in a few lines where a value comes from: its place, its other readings, its equations.
// The error says that the report has no such value.
func Explain(r *report.Report, path string, forms ...*form.Form) ([]string, error) {
	set, err := form.Official().With(forms...)
	if err != nil {
		return nil, err
	}
	return check.Explain(r, set, path)
}
