package nianbao

import (
	"bytes"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// Apply lays a person's answers over a report and gives another: the values are frozen, and the sums
// decide anew what they settle. The report given stays as it is. The error names the first answer that
// fits no value of it.
func Apply(r *report.Report, answers []report.Patch) (*report.Report, error) {
	var b bytes.Buffer
	if err := report.Encode(&b, r, false); err != nil {
		return nil, err
	}
	out, err := report.Decode(b.Bytes())
	if err != nil {
		return nil, err
	}
	if err := check.Apply(out, form.Set{}, answers); err != nil {
		return nil, err
	}
	return out, nil
}

// Problem is a way in which a report contradicts itself: the path of a value, and what is wrong.
type Problem = check.Problem

// Check tests a report as it stands, after a hand edit or by anyone: its equations, and whether its
// values, evidence and review fit each other. It alters nothing.
func Check(r *report.Report) ([]report.Check, []Problem) { return check.Recheck(r, form.Set{}) }

// Explain says in a few lines where a value comes from: its place, its other readings, its equations.
// The error says that the report has no such value.
func Explain(r *report.Report, path string) ([]string, error) {
	return check.Explain(r, form.Set{}, path)
}
