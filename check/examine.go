package check

import (
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// Examination is what can be said of a report's JSON as it stands: whether it keeps to the schema, what contradicts
// itself, what could not be tested, and every equation.
type Examination struct {
	Valid    bool           `json:"valid"`
	Faults   []report.Fault `json:"faults"`
	Problems []report.Fault `json:"problems"`
	Untested []report.Fault `json:"untested"`
	Checks   []report.Check `json:"checks"`
}

// Examine tests JSON that is said to be a report. The error says that it is no JSON at all, or that it could not be
// read although the schema finds nothing wrong.
func Examine(data []byte, forms form.Set) (*Examination, error) {
	found, err := report.Validate(data)
	if err != nil {
		return nil, err
	}
	x := &Examination{Valid: len(found) == 0, Faults: append([]report.Fault{}, found...), Problems: []report.Fault{}, Untested: []report.Fault{}, Checks: []report.Check{}}
	r, err := report.Decode(data)
	if err != nil {
		if x.Valid {
			return nil, err
		}
		return x, nil // the faults say what is wrong with it
	}
	checks, problems := Recheck(r, forms)
	x.Checks = append(x.Checks, checks...)
	for _, p := range problems {
		f := report.Fault{Path: p.Path, Message: p.Message}
		if p.Untested {
			x.Untested = append(x.Untested, f)
		} else {
			x.Problems = append(x.Problems, f)
		}
	}
	return x, nil
}

// Failing is how many equations fail that must hold.
func (x *Examination) Failing() (n int) {
	for _, k := range x.Checks {
		if k.Status == report.Fail && k.Severity == "error" {
			n++
		}
	}
	return n
}
