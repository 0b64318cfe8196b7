package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/union"
	"github.com/nianbao/nianbao/report"
)

// Confidences below which a cell that was read from pixels is shown to a person.
const (
	// minCovered holds for a cell that equations contain, after decoding.
	minCovered = 1 - minDoubt
	// minRepaired holds for a repaired cell, and for one whose reading may as well be a misprint of what the sums ask
	// for. A cell that is both is always shown.
	minRepaired = 0.9999
	// minAgreed holds for a number that no equation contains and that two readers read alike, minMark for a stroke
	// that stands for no number. Without a second reader both are always shown. A blank is not: there the ink
	// decides.
	minAgreed = 0.999
	minMark   = 0.99
	// minClear holds for a reading that is taken for what is printed although sums speak against it.
	minClear = 0.999
	// besideLabel is the likeness below which a label may be that of the row above or below.
	besideLabel = 0.3
	// minLabel is the likeness of a row's or a column's label below which its values may stand in
	// the wrong place although they are read rightly.
	minLabel = 0.6
)

// verdicts sets the verdict of every cell of the sheet from the relations' statuses.
func (s *sheet) verdicts(r *report.Report) {
	for i := range s.cells {
		c := &s.cells[i]
		if c.at < 0 {
			continue
		}
		ev := &r.Cells[c.at]
		hold, fail := s.count(i)
		switch {
		case ev.Verdict == report.Confirmed:
		case c.state == missing && (ev.Mark != report.MarkText || ev.Verdict == report.Missing):
			ev.Verdict = report.Missing
		case ev.Repair != nil:
			ev.Verdict = report.Repaired
		case fail > 0:
			ev.Verdict = report.Conflict
		case hold > 1:
			ev.Verdict = report.Proven
		case hold == 1:
			ev.Verdict = report.Supported
		default:
			ev.Verdict = report.Read
		}
	}
	for i := range r.Cells {
		if r.Cells[i].Verdict == "" {
			r.Cells[i].Verdict = report.Read
		}
	}
}

// count says how many equations that hold and that fail contain a cell.
func (s *sheet) count(i int) (hold, fail int) {
	for _, k := range s.cells[i].rels {
		r := &s.rels[k]
		switch {
		case !r.equation():
			if r.Severity == "error" && r.status == report.Fail {
				fail++
			}
		case r.status == report.Pass:
			hold++
		case r.status == report.Fail:
			fail++
		}
	}
	return hold, fail
}

// entry is a line of the review before it is put in order.
type entry struct {
	report.Review
	rank   int
	weight float64 // the larger, the earlier within a rank
}

// Ranks of the review: what settles most comes first.
const (
	rankConflict = iota
	rankRepaired
	rankMissing
	rankDoubt
)

// review names the cells that a person must look at.
func (s *sheet) review(r *report.Report, fs figures) []report.Review {
	var all []entry // one a cell, the gravest
	at := map[string]int{}
	add := func(path string, reason report.Reason, rank int, weight float64, detail string) {
		e := entry{report.Review{Path: path, Reason: reason, Detail: detail}, rank, weight}
		k, ok := at[path]
		switch {
		case !ok:
			at[path] = len(all)
			all = append(all, e)
		case rank < all[k].rank || rank == all[k].rank && weight > all[k].weight:
			all[k] = e
		}
	}
	for _, part := range s.failing() {
		part = s.unsettled(r, fs, part)
		named := s.doubtfulOf(r, part)
		if len(named) == 0 {
			named = s.suspects(part)
		}
		for _, x := range append(named, s.uncleared(part)...) {
			ev := s.evidence(r, x.cell)
			if ev != nil && ev.Verdict == report.Confirmed {
				continue
			}
			reason := report.PrintedInconsistency
			if readable(ev) && s.cells[x.cell].clear < minClear {
				reason = report.InConflict
			}
			add(s.cells[x.cell].field.Path, reason, rankConflict, x.weight, x.detail)
		}
	}
	swapped := s.exchanged(r)
	for i := range s.cells {
		if w, ok := swapped[i]; ok && s.evidence(r, i).Verdict != report.Confirmed {
			add(s.cells[i].field.Path, report.LowConfidence, rankDoubt, w, "its row or column may be another: the labels were hardly read and no sum tells them apart")
		}
		if c := &s.cells[i]; c.state == number && !c.valid(c.value) {
			add(c.field.Path, report.PrintedInconsistency, rankConflict, 1, fmt.Sprintf("%s: %s is no count", ruleNN, c.value))
		}
	}
	s.reviewCells(r, fs, add)
	for _, w := range r.Warnings {
		if w.Path != "" {
			add(w.Path, report.IsMissing, rankMissing, 1, w.Message)
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.weight, a.weight)) })
	out := make([]report.Review, len(all))
	for i, e := range all {
		out[i] = e.Review
	}
	return out
}

// reviewCells names the cells that are to be looked at for what was read of each alone.
func (s *sheet) reviewCells(r *report.Report, fs figures, add func(path string, reason report.Reason, rank int, weight float64, detail string)) {
	mistaken := s.mistaken(r)
	for i := range r.Cells {
		ev := &r.Cells[i]
		if report.IsMeta(ev.Path) {
			continue
		}
		hold, near := 0, false
		if k, ok := s.index[ev.Path]; ok {
			hold, _ = s.count(k)
			near = s.cells[k].near
		}
		f := fs.of(ev, ev.Raw)
		switch {
		case ev.Verdict == report.Confirmed, ev.Sentence != "": // prose is held against itself elsewhere
		case ev.Verdict == report.Missing && ev.Raw != "":
			add(ev.Path, report.IsMissing, rankMissing, 0, cmp.Or(ev.Note, fmt.Sprintf("the row has %q: nobody knows which of it is in which column", ev.Raw)))
		case ev.Verdict == report.Missing:
			add(ev.Path, report.IsMissing, rankMissing, 0, cmp.Or(ev.Note, "nothing could be read here"))
		case f.OtherUnit:
			add(ev.Path, report.OtherUnit, rankMissing, 1, otherUnit(ev, fs[ev.Path]))
		case ev.Mark == report.MarkText && !report.IsNothing(ev.Raw):
			add(ev.Path, report.LowConfidence, rankMissing, 0, fmt.Sprintf("%q is not a number", ev.Raw))
		case f.Unsure != "" && hold == 0 && ev.Repair == nil:
			add(ev.Path, report.LowConfidence, rankDoubt, 1, f.Unsure)
		case ev.Struck && hold == 0:
			add(ev.Path, report.LowConfidence, rankDoubt, 1, "beside it something is struck out or covered, and no sum tells which of them counts")
		case hold == 0 && ev.Label > 0 && ev.Label < besideLabel:
			add(ev.Path, report.LowConfidence, rankDoubt, 1-ev.Label, "a row beside its own has figures and no label: the label may be that row's, and no sum tells")
		case !readable(ev) && ev.Second != nil && !sameFigure(*ev.Second, ev.Raw):
			add(ev.Path, report.LowConfidence, rankDoubt, 1, fmt.Sprintf("the text layer says %q, the page shows %q", ev.Raw, *ev.Second))
		case !readable(ev):
		case ev.Repair != nil && (near || ev.Confidence < minRepaired):
			add(ev.Path, report.WasRepaired, rankRepaired, 1-ev.Confidence, fmt.Sprintf("read as %q", ev.Raw))
		case hold > 0 && ev.Confidence >= minCovered && (!near || ev.Confidence >= minRepaired):
		case hold > 0 && ev.Confidence >= minMark && figure.Stroke(ev.Raw):
		case hold > 0:
			add(ev.Path, report.LowConfidence, rankDoubt, 1-ev.Confidence, "hardly read")
		case ev.Second != nil && !agrees(*ev.Second, ev.Raw) && !mistakes(mistaken, ev.Raw, strings.Trim(*ev.Second, specks)):
			add(ev.Path, report.LowConfidence, rankDoubt, 1-ev.Confidence, fmt.Sprintf("a second reader read %q", *ev.Second))
		case ev.Confidence < minMark, (ev.Mark == report.MarkNumber || ev.Mark == report.MarkZero) && ev.Confidence < minAgreed:
			add(ev.Path, report.LowConfidence, rankDoubt, 1-ev.Confidence, "hardly read")
		case ev.Second == nil && ev.Mark != report.MarkBlank:
			add(ev.Path, report.LowConfidence, rankDoubt, 1-ev.Confidence, "no sum and no second reader confirms it")
		}
	}
}

func (s *sheet) evidence(r *report.Report, i int) *report.Cell {
	if at := s.cells[i].at; at >= 0 {
		return &r.Cells[at]
	}
	return nil
}

// otherUnit says which unit a figure is printed in, and which its field is in.
func otherUnit(ev *report.Cell, f figure.Field) string {
	printed := fmt.Sprintf("%q is printed", ev.Raw)
	if ev.Unit != "" {
		printed += ", and the page says that it is in " + ev.Unit
	}
	if f.Unit == "" {
		return printed
	}
	return printed + "; the value is in " + f.Unit
}

// specks are what a second reader takes dirt at the edge of a cell for: 0 read as "0." is no other number.
const specks = ".,"

// agrees says that what a second reader read is the same figure, whatever it made of dirt and of a note in brackets.
func agrees(second, raw string) bool {
	second = strings.Trim(second, specks)
	if sameFigure(second, raw) {
		return true
	}
	a, _, noted := strings.Cut(raw, "(")
	b, _, both := strings.Cut(second, "(")
	return noted && both && figure.Bare(a) && sameFigure(strings.Trim(b, specks), a)
}

// sameFigure says that two readings mean the same.
func sameFigure(a, b string) bool {
	x, y := report.ParseFigure(a), report.ParseFigure(b)
	switch {
	case x.Number != nil && y.Number != nil:
		return x.Number.Equal(y.Number.Decimal)
	case x.Mark == report.MarkText || y.Mark == report.MarkText:
		return a == b
	}
	return x.Number == nil && y.Number == nil
}

// failing are the failing error relations in groups that share cells.
func (s *sheet) failing() [][]int {
	var fails []int
	for k := range s.rels {
		if r := &s.rels[k]; r.status == report.Fail && r.Severity == "error" {
			fails = append(fails, k)
		}
	}
	groups := union.Sharing(len(fails), func(n int) []int { return s.rels[fails[n]].cells() })
	for _, g := range groups {
		for k, n := range g {
			g[k] = fails[n]
		}
	}
	return groups
}

// doubtfulOf are the cells of failing relations that decoding leaves in doubt. All cells that were
// read from pixels are, where nothing was decoded.
func (s *sheet) doubtfulOf(r *report.Report, part []int) []suspect {
	hits := map[int]int{}
	var order []int
	for _, k := range part {
		for _, i := range s.rels[k].cells() {
			if hits[i]++; hits[i] == 1 {
				order = append(order, i)
			}
		}
	}
	var out []suspect
	for _, i := range order {
		ev := s.evidence(r, i)
		if readable(ev) && (!s.cells[i].decoded || ev.Confidence < minCovered) {
			doubt := 1.0
			if s.cells[i].decoded {
				doubt = 1 - ev.Confidence
			}
			out = append(out, suspect{i, float64(hits[i]) * doubt, s.tell(i, part)})
		}
	}
	return out
}

// suspect is a cell that may be what breaks failing relations.
type suspect struct {
	cell   int
	weight float64
	detail string
}

// suspects of a group of failing relations: the cells of which each alone, with another value,
// would mend them all and break none. Where there is none, the cells in which two failing relations
// meet, and the sums themselves.
func (s *sheet) suspects(part []int) []suspect {
	fails := map[int]bool{}
	hits := map[int]int{}
	var order []int
	for _, k := range part {
		fails[k] = true
		for _, i := range s.rels[k].cells() {
			if hits[i]++; hits[i] == 1 {
				order = append(order, i)
			}
		}
	}
	isSum := func(i int) float64 {
		for _, k := range part {
			for _, j := range s.rels[k].right {
				if i == j {
					return 0.5
				}
			}
		}
		return 0
	}
	var out []suspect
	for _, i := range order {
		if hits[i] == len(part) && s.mends(i, fails) {
			out = append(out, suspect{i, float64(hits[i]) + isSum(i), s.tell(i, part)})
		}
	}
	if len(out) == 0 {
		for _, i := range order {
			if hits[i] > 1 || isSum(i) > 0 {
				out = append(out, suspect{i, float64(hits[i]) + isSum(i), s.tell(i, part)})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b suspect) int { return cmp.Compare(b.weight, a.weight) })
	return out
}

// unsettled are the failing relations that no person has settled. A person who confirms the reading of the one cell that
// may break a sum says that the number is printed wrong, which settles the relation.
func (s *sheet) unsettled(r *report.Report, fs figures, part []int) []int {
	fails := map[int]bool{}
	for _, k := range part {
		fails[k] = true
	}
	printed := func(i int) bool {
		ev := s.evidence(r, i)
		if ev == nil || ev.Verdict != report.Confirmed {
			return false
		}
		v, _ := r.Value(ev.Path)
		return fs.reads(ev, ev.Raw, v) && s.mends(i, fails)
	}
	var out []int
	for _, k := range part {
		if !slices.ContainsFunc(s.rels[k].cells(), printed) {
			out = append(out, k)
		}
	}
	return out
}

// uncleared are the cells of failing relations that no equation that holds contains: whatever else is in doubt, they
// may be wrong too.
func (s *sheet) uncleared(part []int) []suspect {
	var out []suspect
	for _, k := range part {
		for _, i := range s.rels[k].cells() {
			if hold, _ := s.count(i); hold == 0 {
				out = append(out, suspect{i, 0, s.tell(i, part)})
			}
		}
	}
	return out
}

// mends says whether one other value of the cell makes all its failing relations hold, and it is in
// none that hold.
func (s *sheet) mends(i int, fails map[int]bool) bool {
	c := &s.cells[i]
	var want *report.Number
	for _, k := range c.rels {
		r := &s.rels[k]
		if !r.equation() || !fails[k] {
			if r.equation() && r.status == report.Pass {
				return false
			}
			continue
		}
		d := report.Number{Decimal: r.r.Sub(r.l.Decimal)}
		if has(r.right, i) {
			d = report.Number{Decimal: d.Neg()}
		}
		v := c.value.Plus(d)
		if want != nil && !want.Equal(v.Decimal) {
			return false
		}
		want = &v
	}
	return want != nil && c.valid(*want)
}

// tell names the failing relations of a cell with their numbers.
func (s *sheet) tell(i int, part []int) string {
	t := ""
	for _, k := range part {
		r := &s.rels[k]
		if !has(r.left, i) && !has(r.right, i) {
			continue
		}
		if t != "" {
			t += "; "
		}
		sign := "≠"
		if r.AtMost {
			sign = ">"
		}
		t += fmt.Sprintf("%s: %s %s %s", r.name(), r.l, sign, r.r)
	}
	return t
}

func (r *relation) name() string { return r.Rule + " " + r.Scope }

func has(list []int, x int) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}
