package check

import (
	"context"
	"fmt"
	"slices"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// Apply lays a person's answers over a report: their values are frozen (verdict confirmed), and the
// rest is decoded again with them. The answers are kept in Patches, the last one for each value, so
// that they can be laid over another conversion of the same file; laying them over twice changes
// nothing. The error names the first answer that fits no value of the report, which is then left as
// it was.
func Apply(r *report.Report, forms form.Set, patches []report.Patch) error {
	at := make(map[string]int, len(r.Cells))
	for i := range r.Cells {
		at[r.Cells[i].Path] = i
	}
	for _, p := range patches {
		old, ok := r.Tables.Value(p.Path)
		_, cell := at[p.Path]
		switch {
		case !ok:
			return fmt.Errorf("%s: the report has no such value", p.Path)
		case cell && p.Value.Text != nil:
			return fmt.Errorf("%s: %q is not a number; a number or null is expected", p.Path, *p.Value.Text)
		case !cell && p.Value.Number != nil && old.Number == nil:
			return fmt.Errorf("%s: a text or null is expected", p.Path)
		}
	}
	for _, p := range patches {
		r.Patches = keep(r.Patches, p)
		r.Tables.Set(p.Path, p.Value)
		if i, ok := at[p.Path]; ok {
			confirm(&r.Cells[i], p.Value)
		}
	}
	read := r.Quality
	warnings, err := Run(context.Background(), r, forms, nil) // nobody is asked, so that there is nothing to wait for
	if err != nil {
		return err
	}
	if read != nil && r.Quality != nil {
		// What was read stays what it was.
		r.Quality.Equations, r.Quality.Failing = read.Equations, read.Failing
		r.Quality.CellErrorRate, r.Quality.Interval = read.CellErrorRate, read.Interval
	}
	kept := r.Warnings[:0:0]
	for _, w := range r.Warnings {
		if w.Code != diag.GaveUp {
			kept = append(kept, w)
		}
	}
	for _, w := range warnings {
		kept = append(kept, report.Warning{Code: w.Code, Message: w.Message})
	}
	if r.Warnings != nil || kept != nil {
		r.Warnings = kept
	}
	return nil
}

// keep puts an answer in the place of an earlier one for the same value, or at the end.
func keep(list []report.Patch, p report.Patch) []report.Patch {
	for i := range list {
		if list[i].Path == p.Path {
			out := append([]report.Patch(nil), list...)
			out[i] = p
			return out
		}
	}
	return append(list, p)
}

// confirm freezes a cell.
func confirm(ev *report.Cell, v report.Value) {
	ev.Verdict, ev.Confidence, ev.Repair = report.Confirmed, 1, nil
	switch f := report.ParseFigure(ev.Raw); {
	case v.Number == nil && f.Number == nil && (f.Mark != report.MarkText || report.IsNothing(ev.Raw)):
		ev.Mark, ev.Note = f.Mark, f.Note
	case v.Number == nil:
		ev.Mark, ev.Note = report.MarkBlank, ""
	case v.Number.IsZero():
		ev.Mark = report.MarkZero
	default:
		ev.Mark = report.MarkNumber
	}
}

// Problem is a way in which a report contradicts itself.
type Problem struct {
	Path    string
	Message string
}

// Recheck tests a report as it stands, after a hand edit or by anyone: its equations, of tables
// alone, and whether its values, evidence and review fit each other. It alters nothing.
func Recheck(r *report.Report, forms form.Set) ([]report.Check, []Problem) {
	var out []Problem
	add := func(path, format string, args ...any) {
		out = append(out, Problem{path, fmt.Sprintf(format, args...)})
	}
	for _, k := range r.Tables.Keys {
		if name, ok := r.Forms[k]; !ok && r.Tables.Has(k) && slices.Contains(forms.Keys(), k) {
			add("/tables/"+k, "forms does not say which form this table has")
		} else if ok && forms.Table(name, k) == nil {
			add("/tables/"+k, "there is no form %q with this table", name)
		}
	}
	s := newSheet(r, forms)
	s.test()
	for i := range s.cells {
		if _, ok := r.Tables.Value(s.cells[i].field.Path); !ok {
			add(s.cells[i].field.Path, "the form has this value and the report lacks it")
		}
	}
	seen := map[string]bool{}
	for i := range r.Cells {
		ev := &r.Cells[i]
		v, ok := r.Tables.Value(ev.Path)
		switch {
		case seen[ev.Path]:
			add(ev.Path, "has evidence twice")
		case !ok:
			add(ev.Path, "has evidence and no value")
		case ev.Verdict == report.Confirmed || ev.Verdict == report.Missing && v.IsNull():
		case ev.Repair != nil && !repairStands(ev, v):
			add(ev.Path, "the value is none of the readings")
		case ev.Repair == nil && !reads(ev.Raw, v):
			add(ev.Path, "the value is not what was read, %q, and nobody confirmed it", ev.Raw)
		}
		seen[ev.Path] = true
	}
	for _, x := range r.Review {
		if _, ok := r.Tables.Value(x.Path); !ok {
			add(x.Path, "is in the review and has no value")
		}
	}
	return s.checks(), out
}

func repairStands(ev *report.Cell, v report.Value) bool {
	for _, c := range ev.Candidates {
		if reads(c.Raw, v) {
			return true
		}
	}
	return ev.Second != nil && reads(*ev.Second, v)
}

// reads says that a reading has the value.
func reads(raw string, v report.Value) bool {
	f := report.ParseFigure(raw)
	if f.Number == nil || v.Number == nil {
		return f.Number == nil && v.Number == nil
	}
	return f.Number.Equal(v.Number.Decimal)
}
