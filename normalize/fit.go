package normalize

import (
	"fmt"
	"slices"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// fit is a form's table found in the document.
type fit struct {
	table    *form.Table
	hits     map[string]hit // by the field's path
	units    map[string]string
	local    []localRow
	warnings []diag.Warning
	// matched counts the rows and columns of the form that were found by their text, of all.
	matched, all float64
	// doubt: labels were recognised from pixels, so that rows may be there which were not found.
	doubt bool
	// caption is what is said of units above the table, or in a cell of it.
	caption string
	// strange counts the rows that the form does not have.
	strange int
	// twice holds what other copies of the table print for a field.
	twice map[string][]string
}

// hit is the cell that holds a field.
type hit struct {
	cell  *layout.Cell
	label float64 // how surely row and column are the field's, 0 to 1
	asides
	beside []*layout.Cell // the cells of its row, itself among them
	over   *layout.Cell   // its column's header, nil where there is none
}

// asides are the cells of a row of statistics that count another time than the year; nil where there is none.
type asides struct {
	cumulative *layout.Cell // all years to this one
	period     *layout.Cell // a month, or the time since the last report
}

// localRow is a number of a row that the form does not know.
type localRow struct {
	label, unit, code string
	cell              *layout.Cell
	asides
}

// score rates the fit: how many rows and columns were found, as a share of the form's and of the rows that the form does
// not have.
func (f *fit) score() float64 {
	if f.all == 0 {
		return 0
	}
	return f.matched / f.all
}

// explained is how much of what is printed the form knows: rows and columns that were found by their text, less the rows that
// it does not have.
func (f *fit) explained() float64 { return f.matched - float64(f.strange) }

// contradict compares the fit with another copy of the table. A field for which the two print different numbers gets no
// number.
func (f *fit) contradict(o *fit) {
	for p, h := range o.hits {
		mine, ok := f.hits[p]
		if !ok || mine.cell.Text == "" {
			f.hits[p] = h
			continue
		}
		if a, b := report.ParseFigure(mine.cell.Text), report.ParseFigure(h.cell.Text); a.Number != nil && b.Number != nil && !a.Number.Equal(b.Number.Decimal) {
			f.twice[p] = append(f.twice[p], h.cell.Line())
		}
	}
}

func newFit(t *form.Table) *fit {
	return &fit{table: t, hits: map[string]hit{}, units: map[string]string{}, twice: map[string][]string{}}
}

// fitTable matches the grids that seem to be parts of one form table. The grids are shared by all forms
// that are tried and stay as they are: what a form makes of them is in its fit.
func fitTable(t *form.Table, grids []*grid) *fit {
	var f *fit
	switch {
	case t.Bands:
		f = fitBands(t, grids)
	case len(t.Rows) == 1 && t.Rows[0].Key == "":
		f = fitSingle(t, grids)
	default:
		f = fitMatrix(t, grids)
	}
	f.doubt = slices.ContainsFunc(grids, func(g *grid) bool { return g.doubt })
	for _, g := range grids {
		if f.caption == "" {
			f.caption = g.caption
		}
	}
	return f
}

// put gives a field its cell. Where a field is found twice (a repeated table, a copied header) the
// cell that says something wins, then the first.
func (f *fit) put(path string, h hit) {
	old, ok := f.hits[path]
	if ok && (old.cell.Text != "" || h.cell.Text == "") {
		return
	}
	f.hits[path] = h
}

// unknown keeps what a row that the form does not know counts: under its label, and that of the column where a row has several
// numbers. ps are its cells under their headers.
func (f *fit) unknown(d dataRow, cs columns, ps []placed) {
	if d.leaf == nil || d.label.leaf.empty() || !d.part.hasFigure(d.cells) && !d.part.hasUnread(d.cells) {
		return
	}
	f.strange++
	f.warn(diag.UnknownRow, d.leaf, "the form has no row %q", d.leaf.Line())
	row := localRow{label: d.leaf.Line(), unit: d.unit(), asides: d.asides()}
	if len(f.table.Columns) == 1 {
		for _, p := range ps {
			if j, _ := cs.column(p.at); j == 0 {
				row.cell = p.cell
				f.local = append(f.local, row)
				return
			}
		}
	}
	for i, c := range d.cells {
		if k := d.part.kinds[c]; k != figureCell && k != unreadCell || c == row.cumulative || c == row.period {
			continue
		}
		x := row
		x.cell = c
		if i < len(ps) && ps[i].cell == c && ps[i].at >= 0 && ps[i].at < len(cs.heads) && cs.heads[ps[i].at].cell != nil && len(d.cells) > 1 {
			x.label += " " + cs.heads[ps[i].at].cell.Line()
		}
		f.local = append(f.local, x)
	}
}

// byItsPlace warns of a row whose label could not be read.
func (f *fit) byItsPlace(d dataRow, row *form.Row) {
	f.warn(diag.LabelUncertain, d.leaf, "row %q is taken for %q by its place", lineOf(d.leaf), row.Label)
}

func (f *fit) warn(code diag.Code, at *layout.Cell, format string, args ...any) {
	w := diag.Warning{Code: code, Message: f.table.Title + ": " + fmt.Sprintf(format, args...)}
	if at != nil {
		w.Page = at.Page
	}
	f.warnings = append(f.warnings, w)
}

func lineOf(c *layout.Cell) string {
	if c == nil {
		return ""
	}
	return c.Line()
}

// minShown is the least likeness of a text that counts as a form's label being there.
const minShown = 0.7

// evidence says how much of a form's table a grid's texts show: the sum of the labels found.
func evidence(t *form.Table, g *grid) float64 {
	names := targetsOf(t).names
	found := 0.0
	for i := range g.table.Cells {
		n := g.names[&g.table.Cells[i]]
		if g.kinds[&g.table.Cells[i]] != textCell || n.empty() {
			continue
		}
		const none = minShown - 1e-9
		best := none
		for _, m := range names {
			if best = max(best, n.similarityOver(m, best)); best == 1 {
				break
			}
		}
		if best > none {
			found += best
		}
	}
	return found
}
