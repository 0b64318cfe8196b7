package answers

import (
	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// Settle brings a result to what its history says: answers that it lacks are laid over it, and those that were
// taken back give way to what stood there before. It says whether the result changed. Answers that no longer
// fit are named in the review.
func Settle(r *report.Report, forms form.Set, h *History) (changed bool, err error) {
	current := h.Current()
	want := map[string]report.Patch{}
	for _, p := range current {
		want[p.Path] = p
	}
	for _, p := range r.Patches {
		if _, ok := want[p.Path]; ok {
			continue
		}
		b := h.origin(p.Path)
		if b == nil {
			continue // nobody knows what stood there; a new conversion will
		}
		if err := check.Withdraw(r, forms, p.Path, b.Value, b.Cell); err != nil {
			return changed, err
		}
		changed = true
	}
	had := map[string]report.Patch{}
	for _, p := range r.Patches {
		had[p.Path] = p
	}
	for _, x := range r.Review {
		if x.Reason == report.AnswerUnused {
			had[x.Path] = want[x.Path] // it was tried
		}
	}
	var lacking []report.Patch
	for _, p := range current {
		if old, ok := had[p.Path]; !ok || !same(old, p) {
			lacking = append(lacking, p)
		}
	}
	if len(lacking) > 0 {
		check.Lay(r, forms, lacking)
		changed = true
	}
	return changed, nil
}

// origin is what stood at a path before it was first answered.
func (h *History) origin(path string) *Before {
	for _, e := range h.Entries {
		if e.Path == path && e.Before != nil {
			return e.Before
		}
	}
	return nil
}

func same(a, b report.Patch) bool {
	return a.Path == b.Path && a.Note == b.Note && a.Who == b.Who && a.When == b.When && a.Value.Equal(b.Value)
}

// Of makes the entry of an answer to a report as it stands.
func Of(r *report.Report, p report.Patch) Entry {
	e := Entry{Patch: p}
	if v, ok := r.Value(p.Path); ok {
		e.Before = &Before{Value: v}
		if c := r.Cell(p.Path); c != nil {
			cell := *c
			e.Before.Cell = &cell
		}
	}
	return e
}
