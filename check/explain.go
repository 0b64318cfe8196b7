package check

import (
	"fmt"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// Speech is how an explanation is put into words. The zero value speaks English and calls equations by their rules.
type Speech struct {
	// Say is fmt.Sprintf in the reader's language, Text says a message that stands in the report, Equation names an
	// equation, Reason a reason of the review.
	Say      func(format string, args ...any) string
	Text     func(message string) string
	Equation func(c report.Check) string
	Reason   func(r report.Reason) string
}

func (s Speech) orEnglish() Speech {
	if s.Say == nil {
		s.Say = fmt.Sprintf
	}
	if s.Text == nil {
		s.Text = func(m string) string { return m }
	}
	if s.Equation == nil {
		s.Equation = func(c report.Check) string { return c.Rule + " " + c.Scope }
	}
	if s.Reason == nil {
		s.Reason = func(r report.Reason) string { return string(r) }
	}
	return s
}

// Explain says in a few plain lines where a value comes from: what it is, its place on the page, how
// it was read and how else it could be, its equations, and why it was decided so. The error says
// that the report has no such value.
func Explain(r *report.Report, forms form.Set, path string) ([]string, error) {
	return ExplainIn(Speech{}, r, forms, path)
}

// ExplainIn is Explain in other words.
func ExplainIn(s Speech, r *report.Report, forms form.Set, path string) ([]string, error) {
	s = s.orEnglish()
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
		out = append(out, s.Say("field: %s", label))
	} else if inTable(path, strange(r, forms)) {
		out = append(out, s.Say("field: %s", s.Text(unknownForm(r, strings.Split(path, "/")[2]))))
	}
	ev := r.Cell(path)
	if ev == nil {
		return append(out, s.Say("evidence: none")), nil
	}
	out = append(out, s.where(r, ev), s.Say("read: %s", s.readings(ev)))
	if ev.Sentence != "" {
		out = append(out, s.Say("sentence: “%s”", ev.Sentence))
	}
	for _, c := range r.Checks {
		if hasPath(c.Cells, path) {
			out = append(out, s.Say("equation: %s", s.equationLine(c)))
		}
	}
	out = append(out, s.Say("decision: %s", s.decision(ev)))
	for _, x := range r.Review {
		switch {
		case x.Path != path:
		case x.Detail == "":
			out = append(out, s.Say("review: %s", s.Reason(x.Reason)))
		default:
			out = append(out, s.Say("review: %s, %s", s.Reason(x.Reason), s.Text(x.Detail)))
		}
	}
	for _, p := range r.Patches {
		if p.Path == path && p.Note != "" {
			out = append(out, s.Say("note: %s", p.Note))
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

func (s Speech) where(r *report.Report, ev *report.Cell) string {
	how := s.Say("from the document's own text")
	if ev.Origin == report.OriginOCR {
		how = s.Say("from pixels")
	}
	if ev.Page == nil || ev.Box == nil {
		return s.Say("place: %s; the format has no pages", how)
	}
	unit := ""
	for _, p := range r.Source.Pages {
		if p.Number == *ev.Page {
			unit = " " + p.Unit
		}
	}
	b := *ev.Box
	return s.Say("place: %s; page %d, box %.1f %.1f %.1f %.1f%s", how, *ev.Page, b[0], b[1], b[2], b[3], unit)
}

// leastTold is the probability below which another reading is no news.
const leastTold = 5e-5

func (s Speech) readings(ev *report.Cell) string {
	t := fmt.Sprintf("%q", ev.Raw)
	if ev.ReadConfidence != nil {
		t += fmt.Sprintf(" %.4f", *ev.ReadConfidence)
	}
	if ev.ReadAgain != nil {
		t += s.Say(" and %.4f at a second look", *ev.ReadAgain)
	}
	first := true
	for _, c := range ev.Candidates {
		if max(c.Probability, c.Again) < leastTold {
			continue
		}
		if first {
			t += s.Say("; or %q %.4f", c.Raw, c.Probability)
		} else {
			t += s.Say(", %q %.4f", c.Raw, c.Probability)
		}
		first = false
		if ev.ReadAgain != nil {
			t += s.Say(" and %.4f", c.Again)
		}
	}
	if ev.Second != nil {
		t += s.Say("; a second reader: %q", *ev.Second)
	}
	if ev.Seal {
		t += s.Say("; a seal or a pen touches it")
	}
	if ev.Struck {
		t += s.Say("; beside it something is struck out or covered")
	}
	return t
}

func (s Speech) equationLine(c report.Check) string {
	name := s.Equation(c)
	switch {
	case c.Status == report.Unknown || c.Left == nil || c.Right == nil:
		return s.Say("%s: cannot be tested, something is missing or its sum is blank", name)
	case c.Status == report.Pass:
		return s.Say("%s: %s %s %s holds", name, c.Left, c.Relation, c.Right)
	}
	return s.Say("%s: %s %s %s: it fails", name, c.Left, map[string]string{"=": "≠", "<=": ">", ">=": "<"}[c.Relation], c.Right)
}

func (s Speech) decision(ev *report.Cell) string {
	sure := fmt.Sprintf(" (%.4f)", ev.Confidence)
	switch ev.Verdict {
	case report.Proven:
		return s.Say("proven: at least two independent equations hold with it") + sure
	case report.Supported:
		return s.Say("supported: one equation holds with it") + sure
	case report.Repaired:
		if ev.Repair != nil {
			return s.Say("repaired: read as %q; the other reading of the same pixels is the one with which %s hold", ev.Repair.From, s.Text(strings.Join(ev.Repair.Rules, ", "))) + sure
		}
		return s.Say("repaired") + sure
	case report.Conflict:
		return s.Say("conflict: an equation fails and no reading of these pixels settles it; it stays as read") + sure
	case report.Missing:
		return s.Say("missing: nothing could be read here")
	case report.Confirmed:
		return s.Say("confirmed by a person")
	}
	return s.Say("read: no equation covers it") + sure
}

func hasPath(list []string, p string) bool {
	for _, x := range list {
		if x == p {
			return true
		}
	}
	return false
}
