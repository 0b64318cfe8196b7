// Package check proves a report by the sums of its forms: it tests every equation, corrects its own
// misreadings where the sums and the pixels leave one answer, and names what a person must look at.
//
// The rules: what a report prints is never altered, only what was read from its pixels, and only to
// another reading of those pixels. A value that is not proven and not surely read is in the review.
// The package knows forms and reports; it never sees a document.
package check

import (
	"context"
	"slices"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/report"
)

// Run proves a report. It tests the equations of every table that forms know, corrects what was misread where
// the sums and the pixels leave one answer, and fills Checks, Review, Quality, the Outcome, and of Cells the
// verdicts, confidences and repairs; Tables hold the corrected values. reader, which may be nil, reads
// again what no sum proves, and the few cells that failing equations single out. Without it, running
// again changes nothing, and there is no error; else the error is the reader's, or the context's. Tables of
// a form that is not among forms are left as they are, and a warning says so.
func Run(ctx context.Context, r *report.Report, forms form.Set, reader Reader) ([]diag.Warning, error) {
	strange := setAside(r, forms)
	fs := figuresOf(r, forms)
	reset(r, fs)
	s := newSheet(r, forms, fs)
	s.test()
	s.whole(r, fs)
	if reader != nil {
		if err := s.readSecond(ctx, r, reader); err != nil {
			return nil, err
		}
		s = newSheet(r, forms, fs)
		s.test()
	}
	r.Quality = s.quality(r)
	warnings, err := s.reconcile(ctx, r, reader)
	if err != nil {
		return nil, err
	}
	s.test()
	if reader != nil {
		if err := s.lookAlone(ctx, r, fs, reader); err != nil {
			return nil, err
		}
	}
	s.alone(r, fs)
	r.Checks = s.checks()
	s.verdicts(r)
	r.Review = append([]report.Review{}, slices.Concat(s.review(r, fs), named(r), stated(r, forms), narrated(r))...) // a list, though it is empty
	warnings = append(warnings, strange.back(r)...)
	r.Outcome = outcome(r)
	if r.Quality != nil {
		r.Quality.Review = len(r.Review)
		for i := range r.Cells {
			if r.Cells[i].Repair != nil {
				r.Quality.Repaired++
			}
		}
	}
	return warnings, nil
}

// reset takes the cells that were read from pixels back to what was read.
func reset(r *report.Report, fs figures) {
	for i := range r.Cells {
		ev := &r.Cells[i]
		if !readable(ev) {
			continue
		}
		f := fs.of(ev, ev.Raw)
		ev.Repair, ev.Mark, ev.Note, ev.Confidence = nil, f.Mark, f.Note, *ev.ReadConfidence
		switch {
		case ev.Verdict == report.Missing || unread(ev):
			ev.Verdict = report.Missing
		default:
			ev.Verdict = report.Read
		}
		r.Tables.Set(ev.Path, report.Value{Number: f.Number})
	}
}

// unread says that there is ink in the cell that its recogniser could not settle upon.
func unread(ev *report.Cell) bool {
	return ev.Raw == "" && (*ev.ReadConfidence == 0 || slices.ContainsFunc(ev.Candidates, func(c report.Candidate) bool { return c.Probability > *ev.ReadConfidence }))
}

// alone sets the confidence of cells that no decoded equation contains: what their recognisers
// give together.
func (s *sheet) alone(r *report.Report, fs figures) {
	for i := range r.Cells {
		ev := &r.Cells[i]
		k, ok := s.index[ev.Path]
		if !readable(ev) || ok && s.cells[k].decoded {
			continue
		}
		c, _ := s.lone(ev, fs)
		ch := c.choice(ev)
		ev.Confidence = round(ch.confidence(ev.Raw))
	}
}

// state of a cell as the equations see it.
type state uint8

const (
	number  state = iota // a number is printed
	nothing              // none is printed: 0 in a sum
	missing              // the page lacks the cell, or it could not be read
)

// cell is one field of a form's table with what the report holds for it.
type cell struct {
	field form.Field
	place figure.Field
	state state
	value report.Number
	at    int   // index in Report.Cells, -1 when the report gives no evidence
	rels  []int // indices of the sheet's relations that contain it
	// decoded is set when the sums had their say on the cell's confidence.
	decoded bool
	zeros   *zeros // of its table
	// faint is set while decoding where nothing was read, and not surely: there may be a number.
	faint bool
	// clear is what the recognisers alone give to what was read.
	clear float64
	// near is set where another likely reading differs from the one that stands as a misprint does.
	near bool
}

// relation is a form's relation over the sheet's cells.
type relation struct {
	form.Relation
	table       string
	left, right []int // indices of cells
	status      report.Status
	l, r        report.Number
}

// sheet is the report as the equations see it.
type sheet struct {
	cells  []cell
	rels   []relation
	tables []span
	index  map[string]int
}

// span is the part of the sheet that one table takes.
type span struct {
	key                      string
	cell0, cell1, rel0, rel1 int
}

// newSheet lays out the tables of the report that a form knows, in the report's order.
func newSheet(r *report.Report, forms form.Set, fs figures) *sheet {
	s := &sheet{index: map[string]int{}}
	at := make(map[string]int, len(r.Cells))
	for i := range r.Cells {
		at[r.Cells[i].Path] = i
	}
	for _, key := range r.Tables.Keys {
		ft := forms.Table(r.Forms[key], key)
		if ft == nil || !r.Tables.Has(key) {
			continue
		}
		zs := new(zeros)
		sp := span{key: key, cell0: len(s.cells), rel0: len(s.rels)}
		for _, fd := range ft.Fields() {
			c := cell{field: fd, place: fs[fd.Path], at: -1, zeros: zs}
			var ev *report.Cell
			if i, ok := at[fd.Path]; ok {
				c.at, ev = i, &r.Cells[i]
			}
			v, ok := r.Tables.Value(fd.Path)
			c.state, c.value = stateOf(v, ok, ev)
			zs.count(&c, ev)
			s.index[fd.Path] = len(s.cells)
			s.cells = append(s.cells, c)
		}
		for _, fr := range ft.Relations() {
			rel := relation{Relation: fr, table: key}
			k := len(s.rels)
			side := func(paths []string) (out []int) {
				for _, p := range paths {
					i := s.index[p]
					out = append(out, i)
					s.cells[i].rels = append(s.cells[i].rels, k)
				}
				return out
			}
			rel.left, rel.right = side(fr.Left), side(fr.Right)
			s.rels = append(s.rels, rel)
		}
		sp.cell1, sp.rel1 = len(s.cells), len(s.rels)
		s.tables = append(s.tables, sp)
	}
	return s
}

// stateOf tells number, nothing and missing apart. ev is nil when there is no evidence; then a null
// is taken for a blank.
func stateOf(v report.Value, ok bool, ev *report.Cell) (state, report.Number) {
	switch {
	case !ok:
		return missing, report.Number{}
	case v.Number != nil:
		return number, *v.Number
	case v.Text != nil:
		return missing, report.Number{}
	case ev != nil && ev.Verdict == report.Missing:
		return missing, report.Number{}
	case ev != nil && ev.Mark == report.MarkText && !report.IsNothing(ev.Raw):
		return missing, report.Number{}
	}
	return nothing, report.Number{}
}

// equation says whether the relation can prove: a sum that must hold.
func (r *relation) equation() bool { return !r.AtMost && r.Severity == "error" }

// cells of the relation, left then right.
func (r *relation) cells() []int { return append(append([]int{}, r.left...), r.right...) }
