package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	at := answerableOf(r, forms)
	for _, p := range patches {
		if err := at.fits(r, p); err != nil {
			return err
		}
	}
	at.lay(r, forms, patches)
	return nil
}

// Lay is Apply for answers that were given to an earlier conversion: those that no longer fit are left out and
// named in the review, and the rest is laid over the report.
func Lay(r *report.Report, forms form.Set, patches []report.Patch) {
	at := answerableOf(r, forms)
	var fit []report.Patch
	var unused []report.Review
	for _, p := range patches {
		if err := at.fits(r, p); err != nil {
			unused = append(unused, report.Review{Path: p.Path, Reason: report.AnswerUnused, Detail: err.Error()})
			continue
		}
		fit = append(fit, p)
	}
	r.Review = append(r.Review, unused...)
	at.lay(r, forms, fit)
}

// answerable says where a report can take answers: its cells by path, and the paths of its review that have
// no value.
type answerable struct {
	cells   map[string]int
	bare    map[string]bool
	strange []string // the tables whose form is not at hand
}

func answerableOf(r *report.Report, forms form.Set) answerable {
	at := answerable{make(map[string]int, len(r.Cells)), map[string]bool{}, strange(r, forms)}
	for i := range r.Cells {
		at.cells[r.Cells[i].Path] = i
	}
	for _, x := range r.Review {
		if _, ok := r.Value(x.Path); !ok && x.Reason != report.AnswerUnused {
			at.bare[x.Path] = true
		}
	}
	for _, p := range r.Patches {
		if _, ok := r.Value(p.Path); !ok {
			at.bare[p.Path] = true
		}
	}
	return at
}

// ErrUnfit matches answers that cannot be laid over a report: it has no such value, or the answer is of another
// kind.
var ErrUnfit = errors.New("the answer does not fit")

// unfit is such an error, with what is wrong.
type unfit string

func (u unfit) Error() string        { return string(u) }
func (u unfit) Is(target error) bool { return target == ErrUnfit }

// Fits says why an answer cannot be laid over a report, nil if it can. The error matches ErrUnfit.
func Fits(r *report.Report, forms form.Set, p report.Patch) error {
	return answerableOf(r, forms).fits(r, p)
}

// fits says why an answer cannot be laid over the report, nil if it can.
func (at answerable) fits(r *report.Report, p report.Patch) error {
	old, ok := r.Value(p.Path)
	_, cell := at.cells[p.Path]
	number := strings.HasPrefix(p.Path, "/tables/")
	switch {
	case inTable(p.Path, at.strange):
		return unfit(p.Path + ": " + unknownForm(r, strings.Split(p.Path, "/")[2]))
	case !ok && at.bare[p.Path] && !p.Value.IsNull():
		return unfit(p.Path + ": null is expected: the report has no single value there")
	case !ok && !at.bare[p.Path]:
		return unfit(p.Path + ": the report has no such value")
	case ok && number && cell && p.Value.Text != nil:
		return unfit(fmt.Sprintf("%s: %q is not a number; a number or null is expected", p.Path, *p.Value.Text))
	case ok && number && !cell && p.Value.Number != nil && old.Number == nil:
		return unfit(p.Path + ": a text or null is expected")
	case ok && !number:
		if err := (&report.Report{}).Set(p.Path, p.Value); err != nil {
			return unfit(err.Error())
		}
	}
	return nil
}

// lay puts answers that fit in their places and decides the rest anew.
func (at answerable) lay(r *report.Report, forms form.Set, patches []report.Patch) {
	fs := figuresOf(r, forms)
	for _, p := range patches {
		r.Patches = keep(r.Patches, p)
		if at.bare[p.Path] {
			continue
		}
		_ = r.Set(p.Path, p.Value) // it fits
		if i, ok := at.cells[p.Path]; ok {
			confirm(&r.Cells[i], p.Value, fs)
		}
	}
	again(r, forms)
}

// Withdraw takes an answer back: the value is again what stood there before, with its evidence, and the rest
// is decoded anew. before is the cell as it was, nil where the report gave no evidence.
func Withdraw(r *report.Report, forms form.Set, path string, value report.Value, before *report.Cell) error {
	if _, ok := r.Value(path); ok {
		if err := r.Set(path, value); err != nil {
			return err
		}
	}
	if c := r.Cell(path); c != nil && before != nil {
		*c = *before
	}
	r.Patches = slices.DeleteFunc(slices.Clone(r.Patches), func(p report.Patch) bool { return p.Path == path })
	again(r, forms)
	return nil
}

// again runs the check of a report that was checked before: what was read stays what it was, and answers
// that had no place stay named.
func again(r *report.Report, forms form.Set) {
	read := r.Quality
	answered := map[string]bool{}
	for _, p := range r.Patches {
		answered[p.Path] = true
	}
	var unused []report.Review
	for _, x := range r.Review {
		if x.Reason == report.AnswerUnused && !answered[x.Path] {
			unused = append(unused, x)
		}
	}
	warnings, _ := Run(context.Background(), r, forms, nil) // nobody is asked, so that nothing can fail
	r.Review = slices.DeleteFunc(r.Review, func(x report.Review) bool { return answered[x.Path] })
	r.Review = append(r.Review, unused...)
	r.Outcome = outcome(r)
	if read != nil && r.Quality != nil {
		r.Quality.Equations, r.Quality.Failing = read.Equations, read.Failing
		r.Quality.CellErrorRate, r.Quality.Interval = read.CellErrorRate, read.Interval
		r.Quality.Review = len(r.Review)
	}
	kept := r.Warnings[:0:0]
	for _, w := range r.Warnings {
		if w.Code != diag.GaveUp && w.Code != diag.FormUnknown {
			kept = append(kept, w)
		}
	}
	for _, w := range warnings {
		kept = append(kept, report.Warning{Code: w.Code, Message: w.Message})
	}
	if r.Warnings != nil || kept != nil {
		r.Warnings = kept
	}
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
func confirm(ev *report.Cell, v report.Value, fs figures) {
	ev.Verdict, ev.Confidence, ev.Repair = report.Confirmed, 1, nil
	if report.IsMeta(ev.Path) {
		ev.Note = ""
		if ev.Mark = report.MarkText; v.IsNull() {
			ev.Mark = report.MarkBlank
		}
		return
	}
	switch f := fs.of(ev, ev.Raw); {
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
	// Untested says that nothing is wrong that could be seen: the table's form is not known.
	Untested bool
}

// Recheck tests a report as it stands, after a hand edit or by anyone: its equations, of tables
// alone, and whether its values, evidence and review fit each other. It alters nothing.
func Recheck(r *report.Report, forms form.Set) ([]report.Check, []Problem) {
	var out []Problem
	add := func(path, format string, args ...any) {
		out = append(out, Problem{Path: path, Message: fmt.Sprintf(format, args...)})
	}
	unknown := strange(r, forms)
	for _, k := range r.Tables.Keys {
		name, ok := r.Forms[k]
		switch {
		case slices.Contains(unknown, k):
			out = append(out, Problem{Path: "/tables/" + k, Message: unknownForm(r, k), Untested: true})
		case !ok && r.Tables.Has(k) && !form.Reserved(k):
			add("/tables/"+k, "forms does not say which form this table has")
		case ok && forms.Table(name, k) == nil:
			add("/tables/"+k, "there is no form %q with this table", name)
		}
	}
	fs := figuresOf(r, forms)
	s := newSheet(r, forms, fs)
	s.test()
	for _, t := range s.tables {
		if f := forms.Get(r.Forms[t.key]); f != nil && f.Local {
			continue // its prints differ: a row that this one never had is no field of it
		}
		for _, c := range s.cells[t.cell0:t.cell1] {
			if _, ok := r.Tables.Value(c.field.Path); !ok {
				add(c.field.Path, "the form has this value and the report lacks it")
			}
		}
	}
	seen := map[string]bool{}
	for i := range r.Cells {
		ev := &r.Cells[i]
		v, ok := r.Value(ev.Path)
		switch {
		case seen[ev.Path]:
			add(ev.Path, "has evidence twice")
		case !ok:
			add(ev.Path, "has evidence and no value")
		case report.IsMeta(ev.Path):
		case ev.Verdict == report.Confirmed || ev.Verdict == report.Missing && v.IsNull():
		case ev.Sentence != "" && ev.Mark == report.MarkText && v.IsNull(): // a quantity in prose that may be another one
		case ev.Repair != nil && !fs.repairStands(ev, v):
			add(ev.Path, "the value is none of the readings")
		case ev.Repair == nil && !fs.reads(ev, ev.Raw, v):
			add(ev.Path, "the value is not what was read, %q, and nobody confirmed it", ev.Raw)
		}
		seen[ev.Path] = true
	}
	for _, x := range r.Review {
		if _, ok := r.Value(x.Path); !ok && x.Reason != report.AnswerUnused && x.Reason != report.IsMissing {
			add(x.Path, "is in the review and has no value")
		}
	}
	return s.checks(), out
}

func (fs figures) repairStands(ev *report.Cell, v report.Value) bool {
	for _, c := range ev.Candidates {
		if fs.reads(ev, c.Raw, v) {
			return true
		}
	}
	return ev.Second != nil && fs.reads(ev, *ev.Second, v)
}
