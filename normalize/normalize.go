// Package normalize turns a document's blocks into a report: which table is which form's, which
// row and column each cell belongs to, what its text says, and what the prose around it is.
//
// The form is told table by table from labels, never from the year. Rows and columns are matched by
// label, in the order of the form, with the groups around them; a place in the grid decides only
// where a label could not be read, and the output says so. Nothing is computed here: a value is what
// a cell prints, or null.
package normalize

import (
	"fmt"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// localForm is what the output calls every form that is not a national one.
const localForm = "local"

// minEvidence is how many labels of a form's table a table must show to be taken for a part of it.
const minEvidence = 1.4

// Report normalizes a document whose pages have their blocks. Its tables are looked for among forms. cells
// are those of the document that the values were taken from, by the values' paths.
func Report(doc *layout.Document, forms form.Set) (r *report.Report, cells map[string]*layout.Cell, warnings []diag.Warning) {
	r = &report.Report{
		Schema:   report.Schema,
		Forms:    map[string]string{},
		Source:   source(doc),
		Sections: []report.Section{},
		Cells:    []report.Cell{},
		Checks:   []report.Check{},
		Review:   []report.Review{},
		Warnings: []report.Warning{},
	}
	var blocks []layout.Block
	for _, p := range doc.Pages {
		blocks = append(blocks, p.Blocks...)
	}
	fits, others, w := findTables(tablesOf(blocks), forms)
	warnings = append(warnings, w...)
	main := decide(r, forms, fits, others)
	warnings = append(warnings, prose(r, doc, blocks, forms, main)...)
	if r.Form == "narrative" && r.Meta.Title == "" && len(r.Sections) == 0 {
		r.Outcome = report.NotAReport
		warnings = append(warnings, diag.Warning{Code: diag.NotReport, Message: "nothing in the document looks like an annual report"})
	}
	cells = map[string]*layout.Cell{}
	if main == nil && len(others) == 0 {
		narrate(r)
	}
	warnings = append(warnings, fill(r, forms, main, fits, others, cells)...)
	return r, cells, warnings
}

func source(doc *layout.Document) report.Source {
	s := report.Source{Name: doc.Name, SHA256: doc.SHA256, MediaType: doc.MediaType, Pages: []report.Page{}}
	for _, p := range doc.Pages {
		if p.Number > 0 {
			s.Pages = append(s.Pages, report.Page{Number: p.Number, Width: round(p.Width), Height: round(p.Height), Unit: string(p.Unit), Route: string(p.Route)})
		}
	}
	return s
}

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
func findTables(tables []*layout.Table, forms form.Set) (map[string]chosen, []localRow, []diag.Warning) {
	var others []localRow
	parts := map[string][]*grid{}
	last := ""
	var warnings []diag.Warning
	for _, t := range tables {
		g := newGrid(t)
		key, best := "", 0.0
		for _, k := range forms.Keys() {
			for _, f := range forms.All() {
				if ft := f.Table(k); ft != nil {
					if e := evidence(ft, g); e > best {
						key, best = k, e
					}
				}
			}
		}
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
			x := fitTable(ft, parts[k])
			if ft.Turns {
				if y := fitTable(ft, turned(parts[k])); y.score() > x.score() {
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

func turned(gs []*grid) []*grid {
	out := make([]*grid, len(gs))
	for i, g := range gs {
		out[i] = newGrid(transposed(g.table))
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
	for _, shared := range []bool{false, true} {
		for _, k := range forms.Keys() {
			if c, ok := fits[k]; ok && main == nil && forms.Shared(c.fit.table) == shared {
				main = c.form
			}
		}
	}
	if main == nil && len(others) > 0 {
		r.Form = localForm
		return nil
	}
	if main == nil {
		r.Form = "narrative"
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

// fill puts the fields of every table of the report's form into the report, and where they are from into cells.
func fill(r *report.Report, forms form.Set, main *form.Form, fits map[string]chosen, others []localRow, cells map[string]*layout.Cell) []diag.Warning {
	var warnings []diag.Warning
	locals := 0
	for _, k := range forms.Keys() {
		c, ok := fits[k]
		if !ok {
			if main != nil && main.Table(k) != nil {
				r.Tables.Add(k)
				warnings = append(warnings, diag.Warning{Code: diag.TableMissing, Message: fmt.Sprintf("the report has no table %q", main.Table(k).Title)})
			}
			continue
		}
		warnings = append(warnings, c.fit.warnings...)
		for _, f := range c.fit.table.Fields() {
			h, ok := c.fit.hits[f.Path]
			if !ok {
				r.Tables.Set(f.Path, report.Value{})
				r.Cells = append(r.Cells, report.Cell{Path: f.Path, Mark: report.MarkBlank, Verdict: report.Missing, Origin: report.OriginText})
				continue
			}
			cell, v, w := value(f.Path, h.cell)
			cell.Label = labelOf(h.label)
			cells[f.Path] = h.cell
			warnings = append(warnings, w...)
			r.Tables.Set(f.Path, v)
			r.Cells = append(r.Cells, cell)
			if f.Col.UnitKey != "" {
				p := f.Path[:strings.LastIndex(f.Path, "/")+1] + f.Col.UnitKey
				u := report.Value{}
				if s, ok := c.fit.units[p]; ok {
					u.Text = &s
				}
				r.Tables.Set(p, u)
			}
		}
		others = append(others, c.fit.local...)
	}
	for _, l := range others {
		p := fmt.Sprintf("/tables/local/%d/", locals)
		locals++
		cell, v, w := value(p+"value", l.cell)
		cells[p+"value"] = l.cell
		warnings = append(warnings, w...)
		r.Tables.Set(p+"label", textValue(l.label))
		r.Tables.Set(p+"unit", textValue(l.unit))
		r.Tables.Set(p+"code", textValue(l.code))
		r.Tables.Set(p+"value", v)
		r.Cells = append(r.Cells, cell)
	}
	return warnings
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

// value reads one cell.
func value(path string, c *layout.Cell) (report.Cell, report.Value, []diag.Warning) {
	f := report.ParseFigure(c.Text)
	cell := report.Cell{
		Path: path, Raw: strings.TrimSpace(c.Text), Mark: f.Mark, Note: f.Note,
		Confidence: c.Confidence(), Origin: report.OriginText,
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
		cell.Seal = rd.Seal
		if rd.Ink && c.Text == "" {
			cell.Verdict = report.Missing
		}
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

// unitOf finds the unit that a cell prints, beside a number or alone.
func unitOf(s string) string {
	if f := report.ParseFigure(s); f.Number != nil {
		s = f.Note
	}
	return unitIn(s)
}

// unitIn finds the unit in words that are no number.
func unitIn(s string) string {
	s = strings.Join(strings.Fields(s), "")
	for _, u := range []string{"万元", "亿元", "人次"} {
		if strings.Contains(s, u) {
			return u
		}
	}
	for _, u := range []string{"元", "条", "件", "次", "个", "人", "篇"} {
		if s == u || s == "（"+u+"）" || strings.Contains(s, "单位："+u) || strings.Contains(s, "单位:"+u) {
			return u
		}
	}
	return ""
}

// round to 0.01: the last bits of a sum are no place on a page.
func round(x float64) float64 {
	if x < 0 {
		return -round(-x)
	}
	return float64(int64(x*100+0.5)) / 100
}
