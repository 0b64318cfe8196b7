package check

import (
	"context"
	"fmt"
	"math"
	"sort"

	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/union"
	"github.com/nianbao/nianbao/report"
)

// What a repair needs.
const (
	// repairMargin is the least log odds of a repair of one reading; repairStep is what every
	// further change that shares an equation with it adds, and tableStep what every other one of
	// the table does: several misreadings at once can satisfy sums that they should not.
	repairMargin = 3.5
	repairStep   = 0.5
	tableStep    = 0.1
	// kindMargin is the least log odds that a zero is printed as the reading has it: as a number, or
	// as nothing. Sums do not tell; the reading and the other zeros of the table do.
	kindMargin = 3.5
	// loneMargin is added where the cell is in one equation: that detects and does not locate.
	loneMargin = 1.0
	// nearMargin is added where a likelier reading differs from the repaired one as a misprint does:
	// the sums may be wrong by what is printed. cleanMargin is added to that where nothing else in the part
	// was misread: the better a table is read, the fewer of its wrong sums are the reader's.
	nearMargin, cleanMargin = 1.5, 2
	// maxRepairs is the number of changes above which a part goes to a person whole.
	maxRepairs = 14
	// unseen is how many explanations are reckoned with just beyond what a bounded search saw.
	unseen = 3
	// maxLooks bounds the cells of a part that are looked at again.
	maxLooks = 16
	// minDoubt is the probability of being wrong from which a cell is singled out.
	minDoubt = 1e-3
)

// verdictOf is what decoding says of a part.
type solution struct {
	part   *part
	found  []explanation
	weight []float64
	gaveUp bool
	// value is the option of each cell in the likeliest explanation, freeValue where it is free.
	value []int
	// chance of each cell's options in all explanations; what is left to 1 is a free value's.
	chance [][]float64
}

// solve decodes a part.
func (p *part) solve() solution {
	found, beyond := p.search()
	x := solution{part: p, found: found}
	if len(found) == 0 {
		x.gaveUp = true
		return x
	}
	best := found[0].cost
	rest := 0.0
	if beyond < best+window {
		rest = unseen * math.Exp(min(0, best-beyond))
		x.gaveUp = beyond < best+repairMargin
	}
	sum := rest
	x.weight = make([]float64, len(found))
	for k := range found {
		x.weight[k] = math.Exp(best - found[k].cost)
		sum += x.weight[k]
	}
	x.value = make([]int, len(p.cells))
	x.chance = make([][]float64, len(p.cells))
	for i := range p.cells {
		x.chance[i] = make([]float64, len(p.choices[i].options))
		x.chance[i][0] = 1
	}
	for _, c := range found[0].changes {
		x.value[c.cell] = c.option
	}
	for k := range found {
		w := x.weight[k] / sum
		x.weight[k] = w
		for _, c := range found[k].changes {
			x.chance[c.cell][0] -= w
			if c.option != freeValue {
				x.chance[c.cell][c.option] += w
			}
		}
	}
	if rest > 0 {
		// An explanation that was not seen may change any cell that one of those seen changes.
		for i := range x.chance {
			if x.chance[i][0] < 1 {
				x.chance[i][0] = max(0, x.chance[i][0]-rest/sum)
			}
		}
	}
	return x
}

// reconcile decodes the parts that pixels stand behind and corrects what was misread. It gives the
// solutions, by the first cell of their parts.
func (s *sheet) reconcile(ctx context.Context, r *report.Report, reader Reader) ([]diag.Warning, error) {
	var warnings []diag.Warning
	assumed := s.assume(r)
	defer func() {
		for i, c := range assumed {
			s.cells[i].faint = false
			if ev := s.evidence(r, i); ev.Repair == nil {
				s.cells[i].state, s.cells[i].value = c.state, c.value
			}
		}
	}()
	for _, p := range s.parts(r) {
		if !s.decodable(p, r) {
			continue
		}
		x := p.solve()
		if reader != nil {
			more, err := s.lookAgain(ctx, r, &x, reader)
			if err != nil {
				return nil, err
			}
			if more {
				for j, i := range p.cells {
					p.choices[j] = s.cells[i].choice(s.evidence(r, i))
				}
				x = p.solve()
			}
		}
		if x.gaveUp {
			t := s.rels[p.rels[0]].table
			warnings = append(warnings, diag.Warning{Code: diag.GaveUp, Message: fmt.Sprintf("%s: too much is unsure to find the most probable table; what the failing sums contain is in the review", t)})
		}
		s.apply(r, &x)
	}
	return warnings, nil
}

// assume lets the cells of which no figure was read hold their likeliest candidate, and blanks that
// were not read surely count as numbers, so that the equations can be tested; it gives what they
// held.
func (s *sheet) assume(r *report.Report) map[int]cell {
	was := map[int]cell{}
	for i := range s.cells {
		c := &s.cells[i]
		ev := s.evidence(r, i)
		if c.state == number || !readable(ev) {
			continue
		}
		ch := c.choice(ev)
		sure := ch.options[0].value == 0 && ch.confidence(ev.Raw) >= minZero
		switch {
		case c.state == missing:
			was[i] = *c
			c.set(report.FigureIn(c.place, ch.options[0].raw))
			c.faint = c.state == nothing && !sure
		case !sure:
			was[i] = *c
			c.faint = true
		}
	}
	if len(was) > 0 {
		s.test()
	}
	return was
}

// set lets a cell hold what a figure prints.
func (c *cell) set(f report.Figure) {
	c.state, c.value = nothing, report.Number{}
	if f.Number != nil {
		c.state, c.value = number, *f.Number
	}
}

// lookAgain asks for further readings of the cells that the failing equations single out and no
// candidate settles, and says whether there are any.
func (s *sheet) lookAgain(ctx context.Context, r *report.Report, x *solution, reader Reader) (bool, error) {
	p := x.part
	settled := !x.gaveUp
	for i := range p.cells {
		settled = settled && !x.doubtful(i)
	}
	if settled {
		return false, nil
	}
	var at []int
	for j, i := range p.cells {
		if ev := s.evidence(r, i); readable(ev) && !ev.Walls && (x.gaveUp && s.inFailing(i) || !x.gaveUp && x.doubtful(j)) {
			at = append(at, j)
		}
	}
	doubt := func(j int) float64 {
		if x.gaveUp {
			return 1 - p.choices[j].options[0].p
		}
		return 1 - x.settled(j)
	}
	sort.SliceStable(at, func(a, b int) bool { return doubt(at[a]) > doubt(at[b]) })
	if len(at) > maxLooks {
		at = at[:maxLooks]
	}
	more := false
	for _, j := range at {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		ev := s.evidence(r, p.cells[j])
		seen, err := reader.Again(ctx, ev.Path, x.wanted(j))
		if err != nil {
			return false, fmt.Errorf("second look at %s: %w", ev.Path, err)
		}
		more = merge(ev, seen) || more
	}
	return more, nil
}

// maxAsked bounds the readings that a look at one cell is asked for.
const maxAsked = 4

// wanted are the readings that a cell would have to have in the explanations: where it is free, where
// it is not what was read, and 0 where it is that or a blank.
func (x *solution) wanted(j int) []string {
	var out []string
	if len(x.found) == 0 {
		return nil
	}
	if k := x.value[j]; k != freeValue {
		o := &x.part.choices[j].options[k]
		switch {
		case o.value == 0:
			out = append(out, "0")
		case k != x.part.choices[j].read:
			out = append(out, o.raw)
		}
	}
	for k := range x.found {
		v, ok := x.found[k].freeAt(j)
		if t := fmt.Sprint(v); ok && len(out) < maxAsked && !hasPath(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// held is the chance, over all explanations, that a cell prints what it prints in the likeliest one.
func (x *solution) held(j int) float64 {
	if o := x.value[j]; o != freeValue {
		return x.chance[j][o]
	}
	return 0
}

// freeAt gives the value of a cell; ok is false where the cell is not free.
func (e *explanation) freeAt(cell int) (v int64, ok bool) {
	n := 0
	for _, c := range e.changes {
		if c.option != freeValue {
			continue
		}
		if c.cell == cell {
			return e.free[n], true
		}
		n++
	}
	return 0, false
}

// settled is the chance of the value and of its likeliest reading.
func (x *solution) settled(j int) float64 {
	if x.value[j] == freeValue {
		return 0
	}
	o := &x.part.choices[j].options[x.value[j]]
	if o.hidden {
		return 0
	}
	return x.chance[j][x.value[j]] * o.kind(o.raw)
}

// doubtful says that a second look may change what a cell is taken for. One that may be read right and
// misprinted always is.
func (x *solution) doubtful(j int) bool {
	o, c := x.value[j], &x.part.choices[j]
	return x.settled(j) < 1-minDoubt || o != freeValue && o != c.read && c.misprinted(o)
}

func (s *sheet) inFailing(i int) bool {
	_, fail := s.count(i)
	return fail > 0
}

// merge adds what a second look gives to a cell's readings and says whether there is any.
func merge(ev *report.Cell, more []report.Candidate) bool {
	if len(more) == 0 {
		return false
	}
	seen := 0.0
	at := map[string]int{}
	for i := range ev.Candidates {
		at[ev.Candidates[i].Raw] = i
		ev.Candidates[i].Again = 0
	}
	for _, c := range more {
		if !(c.Probability > 0 && c.Probability <= 1) {
			continue
		}
		if c.Raw == ev.Raw {
			seen = c.Probability
			continue
		}
		i, ok := at[c.Raw]
		if !ok {
			i = len(ev.Candidates)
			at[c.Raw] = i
			ev.Candidates = append(ev.Candidates, report.Candidate{Raw: c.Raw})
		}
		ev.Candidates[i].Again = c.Probability
	}
	ev.ReadAgain = &seen
	w := weights{&twoLooks, shownFirst, shownAgain}
	likely := func(c report.Candidate) float64 { return w.of(c.Probability, c.Again) }
	sort.SliceStable(ev.Candidates, func(a, b int) bool { return likely(ev.Candidates[a]) > likely(ev.Candidates[b]) })
	return true
}

// apply repairs what the solution settles and sets the confidence of the part's cells.
func (s *sheet) apply(r *report.Report, x *solution) {
	p := x.part
	if len(x.found) == 0 {
		return
	}
	var changed []int // cells whose likeliest value is not the one that was read, free ones too
	repairs := 0
	for j := range p.cells {
		if x.value[j] == freeValue || x.value[j] != p.choices[j].read || otherKind(p, x, j, s.evidence(r, p.cells[j])) {
			changed = append(changed, j)
			if x.value[j] != freeValue {
				repairs++
			}
		}
	}
	final := make([]int, len(p.cells)) // options; -1: what was read and is no figure
	for j := range final {
		final[j] = p.choices[j].read
	}
	for _, group := range p.clusters(changed) {
		var sure []int
		for _, j := range group {
			if x.value[j] == freeValue || x.gaveUp || repairs > maxRepairs || !readable(s.evidence(r, p.cells[j])) {
				continue
			}
			need := repairMargin + repairStep*float64(len(group)-1) + tableStep*float64(repairs-1)
			if len(p.in[j]) == 1 {
				need += loneMargin
			}
			if p.choices[j].misprinted(x.value[j]) {
				need += nearMargin
				if repairs == 1 {
					need += cleanMargin
				}
			}
			o := &p.choices[j].options[x.value[j]]
			if !o.hidden && logOdds(x.held(j)) >= need && logOdds(o.kind(o.raw)) >= kindMargin {
				sure = append(sure, j)
			}
		}
		if p.keeps(sure, x.value) {
			for _, j := range sure {
				final[j] = x.value[j]
				s.repair(r, p, j, x.value[j])
			}
		}
	}
	for j, i := range p.cells {
		ev := s.evidence(r, i)
		if !readable(ev) {
			continue
		}
		s.cells[i].decoded = true
		s.cells[i].clear = p.choices[j].confidence(ev.Raw)
		ev.Confidence = 0
		if o := final[j]; o >= 0 {
			opt, raw := &p.choices[j].options[o], ev.Raw
			s.cells[i].near = p.choices[j].nearTo(o, likely)
			if ev.Repair != nil {
				raw = opt.raw
			}
			held := x.chance[j][o]
			if v, ok := x.found[0].freeAt(j); ok {
				// The sums ask for a value that the pixels do not show: printed wrong, or misread beyond all
				// candidates. In the first case what was read is what is printed.
				free := 1.0
				for _, q := range x.chance[j] {
					free -= q
				}
				held += max(free, 0) * p.choices[j].misprint(v)
			}
			ev.Confidence = round(held * opt.kind(raw))
		}
		if ev.Repair != nil {
			ev.Repair.Probability = round(p.choices[j].options[final[j]].best)
		}
	}
}

// otherKind says that a zero was read as a number where the table prints none, or the other way
// about: the value stands, and the likelier reading of it is another one.
func otherKind(p *part, x *solution, j int, ev *report.Cell) bool {
	o := &p.choices[j].options[x.value[j]]
	return readable(ev) && !o.hidden && o.value == 0 && o.raw != ev.Raw && o.kind(o.raw) > o.kind(ev.Raw)
}

// round to 1e-6: the last bits of a sum are no knowledge.
func round(p float64) float64 { return math.Round(min(max(p, 0), 1)*1e6) / 1e6 }

func logOdds(q float64) float64 {
	if q >= 1 {
		return math.Inf(1)
	}
	return math.Log(q / (1 - q))
}

// clusters groups changed cells that share equations.
func (p *part) clusters(changed []int) [][]int {
	groups := union.Sharing(len(changed), func(n int) []int {
		var eqs []int
		for _, y := range p.in[changed[n]] {
			eqs = append(eqs, y.eq)
		}
		return eqs
	})
	for _, g := range groups {
		for k, n := range g {
			g[k] = changed[n]
		}
	}
	return groups
}

// keeps says that no equation that holds with what was read fails once some cells are repaired.
func (p *part) keeps(group []int, value []int) bool {
	delta := map[int]int64{}
	before := map[int]int64{}
	for _, j := range group {
		for _, y := range p.in[j] {
			if _, ok := before[y.eq]; !ok {
				before[y.eq] = p.asRead(y.eq)
			}
			was := int64(0)
			if k := p.choices[j].read; k >= 0 {
				was = p.choices[j].options[k].value
			}
			delta[y.eq] += y.sign * (p.choices[j].options[value[j]].value - was)
		}
	}
	for e, b := range before {
		if b == 0 && b+delta[e] != 0 {
			return false
		}
	}
	return true
}

// asRead is by how much the two sides of an equation differ with what was read.
func (p *part) asRead(e int) int64 {
	var t int64
	for n, j := range p.eqs[e].cells {
		if k := p.choices[j].read; k >= 0 {
			t += p.eqs[e].signs[n] * p.choices[j].options[k].value
		}
	}
	return t
}

// repair replaces a reading by another one of the same pixels.
func (s *sheet) repair(r *report.Report, p *part, j, o int) {
	i := p.cells[j]
	ev := s.evidence(r, i)
	f := report.FigureIn(s.cells[i].place, p.choices[j].options[o].raw)
	ev.Repair = &report.Repair{From: ev.Raw, Rules: []string{}}
	for _, y := range p.in[j] {
		ev.Repair.Rules = append(ev.Repair.Rules, s.rels[p.rels[y.eq]].name())
	}
	ev.Mark, ev.Note = f.Mark, f.Note
	r.Tables.Set(ev.Path, report.Value{Number: f.Number})
	s.cells[i].set(f)
}
