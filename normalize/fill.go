package normalize

import (
	"fmt"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/report"
)

// fill puts the fields of every table of the report's form into the report, and where they are from into cells. Tables that
// the document shows or announces and that were not read are named with their pointer.
func fill(r *report.Report, forms form.Set, main *form.Form, f found, cells map[string]*layout.Cell) []diag.Warning {
	w := writer{report: r, cells: cells}
	others := f.others
	for _, k := range forms.Keys() {
		c, ok := f.fits[k]
		lost, shown := f.unread[k]
		switch {
		case ok:
			w.table(c, forms.Owns(k))
			others = append(others, c.fit.local...)
		case shown:
			lost.Path = form.Path(k, "", "")
			lost.Message = titleOf(k, forms) + ": " + lost.Message
			w.warnings = append(w.warnings, lost)
		case main != nil && main.Table(k) != nil:
			none := warning(diag.TableMissing, 0, "the report has no table %q", main.Table(k).Title)
			if f.pixels { // it may be there, and not a ruling or a label of it was seen
				none.Path = form.Path(k, "", "")
			}
			w.warnings = append(w.warnings, none)
		}
		if !ok && main != nil && main.Table(k) != nil {
			r.Tables.Add(k)
		}
	}
	for i, l := range others {
		w.local(fmt.Sprintf("/tables/local/%d/", i), l)
	}
	return w.warnings
}

// writer puts values and what they were taken from into a report.
type writer struct {
	report   *report.Report
	cells    map[string]*layout.Cell // by the path of what was taken from them
	warnings []diag.Warning
}

// table writes all fields of a form's table, own where that is the user's. A row that a local form's print never had is no field of it.
func (w *writer) table(c chosen, own bool) {
	w.warnings = append(w.warnings, c.fit.warnings...)
	for _, f := range c.fit.table.Fields() {
		h, ok := c.fit.hits[f.Path]
		switch {
		case !ok && c.form.Local && !c.fit.doubt:
			continue
		case !ok:
			w.report.Tables.Set(f.Path, report.Value{})
			w.report.Cells = append(w.report.Cells, report.Cell{Path: f.Path, Mark: report.MarkBlank, Verdict: report.Missing, Origin: report.OriginText})
			continue
		}
		w.put(f.Path, h.cell, c.fit.field(f), h.label)
		if twice := c.fit.twice[f.Path]; len(twice) > 0 {
			w.unsettle(f.Path, twice)
		}
		if f.Col.UnitKey != "" {
			p := unitPath(f.Path, f.Col.UnitKey)
			w.report.Tables.Set(p, textValue(c.fit.units[p]))
		}
	}
	if own {
		return // a form of the user's own has columns of all times that it asks for
	}
	for _, f := range c.fit.table.Fields() {
		if h := c.fit.hits[f.Path]; h.cell != nil {
			field := c.fit.field(f)
			w.aside(form.Path(form.CumulativeName, f.Row.Key, ""), h.cumulative, field, h.label)
			w.aside(form.Path(form.PeriodName, f.Row.Key, ""), h.period, field, h.label)
		}
	}
}

// unsettle takes back a value that another copy of the table contradicts, since nothing says which copy is the report's.
func (w *writer) unsettle(path string, others []string) {
	c := &w.report.Cells[len(w.report.Cells)-1]
	c.Note = "printed more than once: " + strings.Join(append([]string{c.Raw}, others...), ", ")
	c.Raw, c.Mark, c.Verdict, c.Confidence, c.ReadConfidence, c.Candidates = "", report.MarkBlank, report.Missing, 0, nil, nil
	w.report.Tables.Set(path, report.Value{})
}

// local writes a row that no form knows.
func (w *writer) local(path string, l localRow) {
	if l.unit == "" {
		l.unit = unitOf(l.cell.Text)
	}
	field := figure.Field{Unit: l.unit}
	w.report.Tables.Set(path+"label", textValue(l.label))
	w.report.Tables.Set(path+"unit", textValue(l.unit))
	w.report.Tables.Set(path+"code", textValue(l.code))
	w.put(path+"value", l.cell, field, 1)
	w.aside(path+form.CumulativeName, l.cumulative, field, 1)
	w.aside(path+form.PeriodName, l.period, field, 1)
}

func (w *writer) aside(path string, c *layout.Cell, field figure.Field, label float64) {
	if c != nil {
		w.put(path, c, field, label)
	}
}

// put writes the value of a field's cell. label is how surely its labels are the path's, 0 to 1.
func (w *writer) put(path string, c *layout.Cell, field figure.Field, label float64) {
	cell, v, warnings := value(path, c, field)
	cell.Unit = field.Stated
	if c.Reading != nil && c.Reading.Adrift {
		label = min(label, placedTrust) // kept with the cell: whoever tests the report again must know it
	}
	cell.Label = labelOf(label)
	w.cells[path] = c
	w.warnings = append(w.warnings, warnings...)
	w.report.Tables.Set(path, v)
	w.report.Cells = append(w.report.Cells, cell)
}

// labelOf is the likeness of a cell's labels where it is in doubt, else 0.
func labelOf(sim float64) float64 {
	if sim >= sureSimilarity {
		return 0
	}
	return max(0.01, round(sim))
}

func textValue(s string) report.Value {
	if s == "" {
		return report.Value{}
	}
	return report.Value{Text: &s}
}

// value reads one cell of a field.
func value(path string, c *layout.Cell, field figure.Field) (report.Cell, report.Value, []diag.Warning) {
	field.Pixels = c.Reading != nil
	f := report.FigureIn(field, c.Text)
	cell := report.Cell{
		Path: path, Raw: strings.TrimSpace(c.Text), Mark: f.Mark, Note: f.Note,
		Confidence: c.Confidence(), Origin: report.OriginText, Struck: c.Struck,
	}
	if c.Page > 0 {
		page := c.Page
		cell.Page = &page
		cell.Box = &[4]float64{round(c.Box.X0), round(c.Box.Y0), round(c.Box.X1), round(c.Box.Y1)}
	}
	var warnings []diag.Warning
	if rd := c.Reading; rd != nil {
		cell.Origin = report.OriginOCR
		conf := cell.Confidence
		cell.ReadConfidence = &conf
		for _, x := range rd.Candidates {
			if x.Text != c.Text {
				cell.Candidates = append(cell.Candidates, report.Candidate{Raw: x.Text, Probability: x.Probability})
			}
		}
		cell.Seal, cell.Walls = rd.Seal, rd.Walls
		if rd.Ink && c.Text == "" {
			cell.Verdict = report.Missing
		}
	}
	if c.Lost {
		cell.Mark, cell.Note, cell.Verdict, cell.Confidence = report.MarkText, c.Why, report.Missing, 0
		return cell, report.Value{}, nil
	}
	if f.Mark == report.MarkText && !report.IsNothing(cell.Raw) {
		warnings = append(warnings, diag.Warning{Code: diag.NotNumber, Message: fmt.Sprintf("%s holds %q", path, cell.Raw), Page: c.Page})
	}
	v := report.Value{}
	if f.Number != nil {
		v.Number = f.Number
	}
	return cell, v, warnings
}

// round to 0.01: the last bits of a sum are no place on a page.
func round(x float64) float64 {
	if x < 0 {
		return -round(-x)
	}
	return float64(int64(x*100+0.5)) / 100
}
