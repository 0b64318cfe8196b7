package check

import (
	"fmt"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// Explain says in a few plain lines where a value comes from: what it is, its place on the page, how
// it was read and how else it could be, its equations, and why it was decided so. The error says
// that the report has no such value.
func Explain(r *report.Report, forms form.Set, path string) ([]string, error) {
	v, ok := r.Value(path)
	if !ok {
		return nil, fmt.Errorf("%s: the report has no such value; take a pointer from its cells or its review", path)
	}
	value := "null"
	switch {
	case v.Number != nil:
		value = v.Number.String()
	case v.Text != nil:
		value = fmt.Sprintf("%q", *v.Text)
	}
	out := []string{path + " = " + value}
	if label := labelOf(r, forms, path); label != "" {
		out = append(out, "field: "+label)
	} else if inTable(path, strange(r, forms)) {
		out = append(out, "field: "+unknownForm(r, strings.Split(path, "/")[2]))
	}
	ev := r.Cell(path)
	if ev == nil {
		return append(out, "evidence: none"), nil
	}
	out = append(out, where(r, ev), "read: "+readings(ev))
	if ev.Sentence != "" {
		out = append(out, "sentence: “"+ev.Sentence+"”")
	}
	for _, c := range r.Checks {
		if hasPath(c.Cells, path) {
			out = append(out, "equation: "+equationLine(c))
		}
	}
	out = append(out, "decision: "+decision(ev))
	for _, x := range r.Review {
		if x.Path == path {
			line := "review: " + string(x.Reason)
			if x.Detail != "" {
				line += ", " + x.Detail
			}
			out = append(out, line)
		}
	}
	for _, p := range r.Patches {
		if p.Path == path && p.Note != "" {
			out = append(out, "note: "+p.Note)
		}
	}
	return out, nil
}

// labelOf is a field's row and column as the form prints them.
func labelOf(r *report.Report, forms form.Set, path string) string {
	parts := strings.SplitN(path, "/", 4)
	if len(parts) < 4 {
		return ""
	}
	t := forms.Table(r.Forms[parts[2]], parts[2])
	if t == nil {
		return ""
	}
	for _, f := range t.Fields() {
		if f.Path == path {
			names := append(append([]string{}, f.Row.Groups...), f.Row.Label)
			names = append(append(names, f.Col.Groups...), f.Col.Label)
			var kept []string
			for _, n := range names {
				if n != "" {
					kept = append(kept, n)
				}
			}
			return strings.Join(kept, " / ")
		}
	}
	return ""
}

func where(r *report.Report, ev *report.Cell) string {
	how := "from the document's own text"
	if ev.Origin == report.OriginOCR {
		how = "from pixels"
	}
	if ev.Page == nil || ev.Box == nil {
		return "place: " + how + "; the format has no pages"
	}
	unit := ""
	for _, p := range r.Source.Pages {
		if p.Number == *ev.Page {
			unit = " " + p.Unit
		}
	}
	b := *ev.Box
	return fmt.Sprintf("place: %s; page %d, box %.1f %.1f %.1f %.1f%s", how, *ev.Page, b[0], b[1], b[2], b[3], unit)
}

// leastTold is the probability below which another reading is no news.
const leastTold = 5e-5

func readings(ev *report.Cell) string {
	t := fmt.Sprintf("%q", ev.Raw)
	if ev.ReadConfidence != nil {
		t += fmt.Sprintf(" %.4f", *ev.ReadConfidence)
	}
	if ev.ReadAgain != nil {
		t += fmt.Sprintf(" and %.4f at a second look", *ev.ReadAgain)
	}
	sep := "; or "
	for _, c := range ev.Candidates {
		if max(c.Probability, c.Again) < leastTold {
			continue
		}
		t += fmt.Sprintf("%s%q %.4f", sep, c.Raw, c.Probability)
		if ev.ReadAgain != nil {
			t += fmt.Sprintf(" and %.4f", c.Again)
		}
		sep = ", "
	}
	if ev.Second != nil {
		t += fmt.Sprintf("; a second reader: %q", *ev.Second)
	}
	if ev.Seal {
		t += "; a seal touches it"
	}
	if ev.Struck {
		t += "; beside it something is struck out or covered"
	}
	return t
}

func equationLine(c report.Check) string {
	t := c.Rule + " " + c.Scope + ": "
	switch {
	case c.Status == report.Unknown || c.Left == nil || c.Right == nil:
		return t + "cannot be tested, something is missing or its sum is blank"
	case c.Status == report.Pass:
		return t + fmt.Sprintf("%s %s %s holds", c.Left, c.Relation, c.Right)
	}
	return t + fmt.Sprintf("%s %s %s: it fails", c.Left, map[string]string{"=": "≠", "<=": ">", ">=": "<"}[c.Relation], c.Right)
}

func decision(ev *report.Cell) string {
	sure := fmt.Sprintf(" (%.4f)", ev.Confidence)
	switch ev.Verdict {
	case report.Proven:
		return "proven: at least two independent equations hold with it" + sure
	case report.Supported:
		return "supported: one equation holds with it" + sure
	case report.Repaired:
		if ev.Repair != nil {
			return fmt.Sprintf("repaired: read as %q; the other reading of the same pixels is the one with which %s hold%s", ev.Repair.From, strings.Join(ev.Repair.Rules, ", "), sure)
		}
		return "repaired" + sure
	case report.Conflict:
		return "conflict: an equation fails and no reading of these pixels settles it; it stays as read" + sure
	case report.Missing:
		return "missing: nothing could be read here"
	case report.Confirmed:
		return "confirmed by a person"
	}
	return "read: no equation covers it" + sure
}

func hasPath(list []string, p string) bool {
	for _, x := range list {
		if x == p {
			return true
		}
	}
	return false
}
