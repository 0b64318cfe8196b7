package normalize

import (
	"fmt"
	"math"
	"slices"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// minEvidence is how many labels of a form's table a table must show to be taken for a part of it.
const minEvidence = 1.4

// found is what a document's tables turned out to be.
type found struct {
	fits   map[string]chosen // by the table's key
	others []localRow        // statistics that no form knows
	// unread are the tables of which something was seen and nothing read, by their key; why says what was seen.
	unread   map[string]diag.Warning
	warnings []diag.Warning
	// pixels says that tables were read from pixels.
	pixels bool
}

// chosen is the form that a table turned out to be.
type chosen struct {
	form *form.Form
	fit  *fit
}

// told are the grids of a document by the key of the table that they are parts of.
type told map[string][]seen

// findTables sorts the document's tables by the form table that they are parts of, and for each of these takes the form
// that fits best. year gives the report's, 0 where that is not known; it is asked for where a table is there for several.
func findTables(blocks []layout.Block, forms form.Set, year func() int) found {
	out := found{fits: map[string]chosen{}, unread: map[string]diag.Warning{}}
	list := seenIn(blocks)
	out.pixels = slices.ContainsFunc(list, func(s seen) bool { return s.doubt })
	parts := tell(list, forms, &out)
	ties := map[string][]chosen{}
	for _, k := range forms.Keys() {
		if len(parts[k]) == 0 {
			continue
		}
		copies := copiesOf(restarted(parts[k]), k, forms)
		if len(copies) > 1 {
			copies = out.ofYear(k, copies, year(), forms)
		}
		best := fittest(k, copies, forms)
		if len(best) == 0 {
			first := parts[k][0]
			out.unread[k] = warning(diag.TableMissing, first.page(), "a table of %d rows and %d columns has its labels, and no value of it could be read", first.table.Rows, first.table.Cols)
			continue
		}
		ties[k] = best
		out.fits[k] = best[0]
	}
	untie(out.fits, ties, forms)
	return out
}

func warning(code diag.Code, page int, format string, args ...any) diag.Warning {
	return diag.Warning{Code: code, Message: fmt.Sprintf(format, args...), Page: page}
}

// tell says which table each grid is a part of. What is part of none is statistics of a local form, or is named.
func tell(list []seen, forms form.Set, out *found) told {
	parts := told{}
	last := ""
	for _, s := range list {
		key, best := likeliest(s.grid, forms, last)
		if k := s.shapeOf(forms); best < minEvidence && s.doubt && len(parts[k]) == 0 && oneRow(k, forms) {
			parts[k] = append(parts[k], s) // its labels were cut off or cannot be read: the form's order, and a person
			last = k
			continue
		}
		if best < minEvidence && !goesOn(parts[last], s.grid, key == last && best >= sureSimilarity, last, forms) {
			if rows := statisticsRows(s.grid); len(rows) > 0 {
				out.others = append(out.others, rows...)
			} else {
				out.other(s, forms)
			}
			continue
		}
		if best < minEvidence {
			key = last
		}
		parts[key] = append(parts[key], s)
		last = key
	}
	return parts
}

// oneRow says that a table has one row of values in every form.
func oneRow(key string, forms form.Set) bool {
	found := false
	for _, f := range forms.National() {
		if t := f.Table(key); t != nil {
			if len(t.Rows) != 1 || t.Rows[0].Key != "" {
				return false
			}
			found = true
		}
	}
	return found
}

// someLabel is how much more of one table must be shown than of another, in labels, to be told from it where
// one of them is the user's own: such a table may be an official one with rows more or less.
const someLabel = 0.3

// likeliest is the key of the table whose labels a grid shows most of, and how many labels that is. A form of the user's
// own may have many labels in common with an official one. Where the grid shows about as many labels of both, the table
// before it decides; where that is neither, the form decides of which the greater part is shown.
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

// goesOn says that a grid is the rest of the table before it, which a break cut off. It is where its label is one of that
// table, or where it has no text and as many columns as that table, all of them or those of values alone.
func goesOn(before []seen, g *grid, labelled bool, key string, forms form.Set) bool {
	if len(before) == 0 {
		return false
	}
	if labelled || g.hasText() {
		return labelled
	}
	return before[len(before)-1].table.Cols == g.table.Cols || slices.ContainsFunc(forms.All(), func(f *form.Form) bool {
		t := f.Table(key)
		return t != nil && len(t.Columns) > 1 && len(t.Columns) == g.table.Cols
	})
}

// other names a table that is part of no form. Where it has the shape of a form's table, that table is named as one that
// could not be read.
func (f *found) other(s seen, forms form.Set) {
	w := warning(diag.OtherTable, s.page(), "a table of %d rows and %d columns is part of no form", s.table.Rows, s.table.Cols)
	if key := s.shapeOf(forms); key != "" {
		f.unread[key] = warning(diag.TableMissing, s.page(), "a table of %d rows and %d columns has its shape, and its labels could not be read", s.table.Rows, s.table.Cols)
	} else if s.tabular() {
		w.Path = "/tables/local"
	}
	f.warnings = append(f.warnings, w)
}

// fittest are the forms whose table explains its copies in the document best. There are several where what was found is in
// the tables of several forms.
func fittest(key string, copies [][]seen, forms form.Set) []chosen {
	var all []chosen
	most := 0.0
	for _, f := range forms.All() {
		t := f.Table(key)
		if t == nil {
			continue
		}
		x := fitCopies(t, copies, forms)
		if len(x.hits) == 0 {
			continue
		}
		most = max(most, x.explained())
		all = append(all, chosen{f, x})
	}
	all = slices.DeleteFunc(all, func(c chosen) bool { return c.fit.explained() < most-tied })
	if slices.ContainsFunc(all, func(c chosen) bool { return c.form.Local }) {
		slices.SortStableFunc(all, func(a, b chosen) int { return -cmpFloat(a.fit.score(), b.fit.score()) })
	}
	return all
}

// tied is the difference, in rows and columns that are explained, up to which two forms fit equally well. A label of another
// form that is hardly like one of this form makes a greater difference.
const tied = 0.1

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// fitCopies fits a form's table to its copies, each in either orientation where it may be turned.
func fitCopies(t *form.Table, copies [][]seen, forms form.Set) *fit {
	try := func(gs []*grid) *fit {
		if forms.Owns(t.Key) {
			gs = spelled(t, gs)
		}
		return fitTable(t, gs)
	}
	var out *fit
	for _, c := range copies {
		x := try(gridsOf(c))
		if t.Turns {
			if y := try(turned(gridsOf(c))); y.score() > x.score() {
				x = y
			}
		}
		if out == nil {
			out = x
		} else {
			out.contradict(x)
		}
	}
	return out
}

// untie lets a table that several forms have alike follow the tables that only one form has.
func untie(fits map[string]chosen, ties map[string][]chosen, forms form.Set) {
	for _, k := range forms.Keys() {
		if len(ties[k]) < 2 {
			continue
		}
		for _, o := range forms.Keys() {
			if len(ties[o]) != 1 {
				continue
			}
			if i := slices.IndexFunc(ties[k], func(c chosen) bool { return c.form == ties[o][0].form }); i >= 0 {
				fits[k] = ties[k][i]
				break
			}
		}
	}
}

func gridsOf(list []seen) []*grid {
	out := make([]*grid, len(list))
	for i, s := range list {
		out[i] = s.grid
	}
	return out
}

func turned(gs []*grid) []*grid {
	out := make([]*grid, len(gs))
	for i, g := range gs {
		out[i] = newGrid(transposed(g.table))
		out[i].caption = g.caption
	}
	return out
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

// title of a table as the first form that has it calls it.
func titleOf(key string, forms form.Set) string {
	for _, f := range forms.All() {
		if t := f.Table(key); t != nil {
			return t.Title
		}
	}
	return key
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
