package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// strange are the tables of a report whose forms are not at hand: those of the user's own that were not given
// again. Nothing can be said of them, and nothing is changed.
func strange(r *report.Report, forms form.Set) []string {
	var out []string
	for _, k := range r.Tables.Keys {
		if name, ok := r.Forms[k]; ok && !slices.Contains(forms.Keys(), k) && forms.Table(name, k) == nil {
			out = append(out, k)
		}
	}
	return out
}

// unknownForm says what is to be done about a strange table.
func unknownForm(r *report.Report, key string) string {
	return fmt.Sprintf("the form %q of this table is not known here, so its sums are not tested; give the form's file, too (--form)", r.Forms[key])
}

// inTable says that a path is one of the tables'.
func inTable(path string, keys []string) bool {
	parts := strings.SplitN(path, "/", 4)
	return len(parts) > 2 && parts[1] == "tables" && slices.Contains(keys, parts[2])
}

// aside is what a report says of its strange tables.
type aside struct {
	keys   []string
	cells  []report.Cell // all of the report's
	checks []report.Check
	review []report.Review
}

// setAside takes strange tables' cells out of a report, and remembers what is said of these tables.
func setAside(r *report.Report, forms form.Set) *aside {
	a := &aside{keys: strange(r, forms)}
	if len(a.keys) == 0 {
		return a
	}
	a.cells = r.Cells
	r.Cells = nil
	for _, c := range a.cells {
		if !inTable(c.Path, a.keys) {
			r.Cells = append(r.Cells, c)
		}
	}
	for _, c := range r.Checks {
		if c.Rule == ruleNN && slices.Contains(a.keys, c.Scope) || c.Rule != ruleNN && len(c.Cells) > 0 && inTable(c.Cells[0], a.keys) {
			a.checks = append(a.checks, c)
		}
	}
	for _, v := range r.Review {
		if inTable(v.Path, a.keys) && v.Reason != report.AnswerUnused {
			a.review = append(a.review, v)
		}
	}
	return a
}

// back puts what was set aside to the rest, each cell in its place, and says which tables it is about.
func (a *aside) back(r *report.Report) []diag.Warning {
	if len(a.keys) == 0 {
		return nil
	}
	known := r.Cells
	for i := range a.cells {
		if !inTable(a.cells[i].Path, a.keys) {
			a.cells[i], known = known[0], known[1:]
		}
	}
	r.Cells = a.cells
	r.Checks = append(r.Checks, a.checks...)
	r.Review = append(r.Review, a.review...)
	var out []diag.Warning
	for _, k := range a.keys {
		out = append(out, diag.Warning{Code: diag.FormUnknown, Message: "/tables/" + k + ": " + unknownForm(r, k)})
	}
	return out
}
