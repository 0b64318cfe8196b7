package normalize

import (
	"fmt"
	"math"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// tablesOf gives the tables of a run of blocks, nested ones after the table that holds them.
func tablesOf(blocks []layout.Block) []*layout.Table {
	var out []*layout.Table
	var add func(t *layout.Table)
	add = func(t *layout.Table) {
		if len(t.Cells) > 0 {
			out = append(out, t)
		}
		for i := range t.Cells {
			for j := range t.Cells[i].Tables {
				add(&t.Cells[i].Tables[j])
			}
		}
	}
	for _, b := range blocks {
		if b.Table != nil {
			add(b.Table)
		}
	}
	return out
}

// chosen is the form that a table turned out to be.
type chosen struct {
	form *form.Form
	fit  *fit
}

// findTables sorts the document's tables by the form table that they are parts of, and for each of
// these takes the form that fits best. Statistics that no form knows come back as rows.
func findTables(tables []*layout.Table, captions map[*layout.Table]string, forms form.Set) (map[string]chosen, []localRow, []diag.Warning) {
	var others []localRow
	parts := map[string][]*grid{}
	last := ""
	var warnings []diag.Warning
	for _, t := range tables {
		g := newGrid(t)
		if c := captions[t]; c != "" {
			g.caption = c
		}
		key, best := likeliest(g, forms, last)
		if best < minEvidence {
			// A part that a page break cut off goes with the part before it: it has no label of its
			// own, or one that is of the same form.
			prev := parts[last]
			if last != "" && (prev[len(prev)-1].table.Cols == t.Cols && !g.hasText() || key == last && best >= sureSimilarity) {
				key = last
			} else if rows := statisticsRows(g); len(rows) > 0 {
				others = append(others, rows...)
				continue
			} else {
				w := diag.Warning{Code: diag.OtherTable, Message: fmt.Sprintf("a table of %d rows and %d columns is part of no form", t.Rows, t.Cols)}
				if len(t.Cells) > 0 {
					w.Page = t.Cells[0].Page
				}
				warnings = append(warnings, w)
				continue
			}
		}
		parts[key] = append(parts[key], g)
		last = key
	}
	out := map[string]chosen{}
	for _, k := range forms.Keys() {
		if len(parts[k]) == 0 {
			continue
		}
		var best chosen
		for _, f := range forms.All() {
			ft := f.Table(k)
			if ft == nil {
				continue
			}
			try := func(gs []*grid) *fit {
				if forms.Owns(k) {
					gs = spelled(ft, gs)
				}
				return fitTable(ft, gs)
			}
			x := try(parts[k])
			if ft.Turns {
				if y := try(turned(parts[k])); y.score() > x.score() {
					x = y
				}
			}
			if best.fit == nil || x.score() > best.fit.score() {
				best = chosen{f, x}
			}
		}
		if len(best.fit.hits) > 0 {
			out[k] = best
		}
	}
	return out, others, warnings
}

// someLabel is how much more of one table must be shown than of another, in labels, to be told from it where
// one of them is the user's own: such a table may be an official one with rows more or less.
const someLabel = 0.3

// likeliest is the key of the table of which a grid shows most, and how much. Where it shows as much of
// several, one of which is the user's own, it is that of the table before, else the one of which that is most.
func likeliest(g *grid, forms form.Set, last string) (key string, most float64) {
	share := 0.0
	for _, k := range forms.Keys() {
		for _, f := range forms.All() {
			ft := f.Table(k)
			if ft == nil {
				continue
			}
			x := g
			own := forms.Owns(k)
			if own {
				x = spelled(ft, []*grid{g})[0]
			}
			e := evidence(ft, x)
			part := e / float64(max(1, len(targetsOf(ft).names)))
			more := e > most
			if own && key != "" && math.Abs(e-most) < someLabel {
				more = k == last || key != last && part > share
			}
			if more {
				key, most, share = k, e, part
			}
		}
	}
	return key, most
}

func turned(gs []*grid) []*grid {
	out := make([]*grid, len(gs))
	for i, g := range gs {
		out[i] = newGrid(transposed(g.table))
		out[i].caption = g.caption
	}
	return out
}

func (g *grid) hasText() bool {
	for _, k := range g.kinds {
		if k == textCell {
			return true
		}
	}
	return false
}

// decide names the report's form and the form of each table. The form is that of the first table that
// tells it; one that several forms print alike follows the others.
func decide(r *report.Report, forms form.Set, fits map[string]chosen, others []localRow) *form.Form {
	var main *form.Form
	for rank := range 3 {
		for _, k := range forms.Keys() {
			if c, ok := fits[k]; ok && main == nil && telling(forms, c.fit.table) == rank {
				main = c.form
			}
		}
	}
	if main == nil && len(others) > 0 {
		r.Form = localForm
		return nil
	}
	if main == nil {
		r.Form = form.NarrativeName
		return nil
	}
	r.Form = main.Name
	if main.Local {
		r.Form = localForm
	}
	for _, k := range forms.Keys() {
		c, ok := fits[k]
		if !ok {
			continue
		}
		if t := main.Table(k); t != nil && t.Alike(c.fit.table) {
			c.form, c.fit.table = main, t
			fits[k] = c
		}
		r.Forms[k] = c.form.Name
	}
	return main
}

// telling orders tables by what they say of the report's form: those of one official form, those that several
// print alike, those of the user's own.
func telling(forms form.Set, t *form.Table) int {
	switch {
	case forms.Owns(t.Key):
		return 2
	case forms.Shared(t):
		return 1
	}
	return 0
}
