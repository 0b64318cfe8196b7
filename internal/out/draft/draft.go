// Package draft makes a first version of a form of a table that was seen in a document: rows and columns with
// their labels, groups and units, keys, and the equations that the table's numbers prove.
//
// A draft is for a person to finish. What could not be made out, and sums that a label announces and no number
// proves, are in its notes.
package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// Table is a table of a document with what stands above it.
type Table struct {
	Number int    // among the document's, from 1
	Title  string // "" where there is none
	*layout.Table
}

// Draft is a first version of a form.
type Draft struct {
	Form *form.Form
	// Notes are what a person should look at.
	Notes []string
}

func (d *Draft) note(format string, args ...any) {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
}

// Make drafts a form of tables. Those of official forms are left out if others is set. The error says that there is
// no table that could be one of a form.
func Make(name, title string, tables []Table, others bool) (*Draft, error) {
	d := &Draft{Form: &form.Form{Name: name, Title: title}}
	for _, t := range tables {
		g := see(t.Table)
		if g == nil {
			d.note("table %d has no rows and columns of numbers: it is left out", t.Number)
			continue
		}
		if o := official(g); o != "" && others {
			d.note("table %d is the official %s: it is left out (--table %[1]d takes it)", t.Number, o)
			continue
		}
		key := name + "_table"
		if n := len(d.Form.Tables); n > 0 {
			key += "_" + strconv.Itoa(n+1)
		}
		d.Form.Tables = append(d.Form.Tables, d.table(g, key, t))
	}
	if len(d.Form.Tables) == 0 {
		return nil, fmt.Errorf("no table of the document can be drafted: %s", strings.Join(append(d.Notes, "there is none with labels and cells for numbers"), "; "))
	}
	if d.Form.Title == "" {
		d.Form.Title = d.Form.Tables[0].Title
	}
	return d, nil
}

// table drafts one table.
func (d *Draft) table(g *grid, key string, t Table) form.Table {
	out := form.Table{Key: key, Title: t.Title}
	if g.title != "" {
		out.Title = g.title
	}
	if out.Title == "" {
		out.Title = key
		d.note("/tables/%d/title: the table has no title in the document", len(d.Form.Tables))
	}
	taken := map[string]bool{}
	for i, c := range g.columns {
		x := form.Column{Key: keyOf(c.label, "column_"+strconv.Itoa(i+1), taken), Label: c.label, Groups: c.groups}
		if len(g.columns) == 1 && len(g.rows) > 1 {
			x.Key = ""
		}
		if x.Label == "" {
			x.Label = "数量"
			d.note("/tables/%d/columns/%d/label: the column has no label in the document", len(d.Form.Tables), i)
		}
		if x.Unit = unitIn(c.label); x.Unit == "" && g.unit != "" && !g.rowUnits() {
			x.Unit = g.unit
		}
		for r := range g.rows {
			n := g.numbers[r][i]
			x.Signed = x.Signed || n != nil && n.IsNegative()
			x.Decimal = x.Decimal || n != nil && n.Exponent() < 0 && !g.rowUnits()
		}
		x.Decimal = x.Decimal || amount(x.Unit)
		out.Columns = append(out.Columns, x)
	}
	taken = map[string]bool{}
	for i, r := range g.rows {
		x := form.Row{Key: keyOf(r.label, "row_"+strconv.Itoa(i+1), taken), Label: r.label, Groups: r.groups, Code: r.code, Unit: r.unit}
		if len(g.rows) == 1 && r.label == "" {
			x.Key = ""
		}
		if x.Unit == "" {
			x.Unit = unitIn(r.label)
		}
		for c := range g.columns {
			n := g.numbers[i][c]
			x.Decimal = x.Decimal || x.Unit != "" && n != nil && n.Exponent() < 0
		}
		x.Decimal = x.Decimal || amount(x.Unit)
		out.Rows = append(out.Rows, x)
	}
	if g.doubt {
		d.note("/tables/%d: the labels were read from pixels: hold each against the page", len(d.Form.Tables))
	}
	d.equations(g, &out)
	return out
}

// amount says that a unit is one of money that is printed with decimals.
func amount(unit string) bool {
	return strings.HasSuffix(unit, "万元") || strings.HasSuffix(unit, "亿元")
}

// unitIn finds the unit that a label names in brackets.
func unitIn(label string) string {
	if m := bracketUnit.FindStringSubmatch(label); m != nil {
		return m[1]
	}
	return ""
}

var bracketUnit = regexp.MustCompile(`[（(](?:单位[:：])?(亿元|万元|元|人次|件次|件|条|次|人|个|篇|份|项|宗|家|部|例|起|卷|册|场|期|户|册次)[）)]`)

// bare is a label without its number, 其中 and remarks: what names it.
func bare(label string) string {
	_, s := figure.SplitEnumerator(label)
	s = strings.TrimLeft(strings.TrimPrefix(s, "其中"), ":：")
	if i := strings.IndexAny(s, "（("); i > 0 {
		s = s[:i]
	}
	return strings.Join(strings.Fields(s), "")
}

// keyOf is what an official form calls a label, else a number; taken are the keys that there are.
func keyOf(label, number string, taken map[string]bool) string {
	key := number
	if k, ok := vocabulary()[bare(label)]; ok && !taken[k] {
		key = k
	}
	taken[key] = true
	return key
}

// vocabulary are the official forms' keys by their labels.
var vocabulary = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	add := func(label string, aliases []string, key string) {
		key = key[strings.LastIndexByte(key, '/')+1:]
		for _, l := range append([]string{label}, aliases...) {
			if b := bare(l); b != "" && out[b] == "" && key != "" && !strings.Contains(key, ".") {
				out[b] = key
			}
		}
	}
	for _, f := range form.Official().All() {
		for _, t := range f.Tables {
			for _, c := range t.Columns { // first: 总计 is a column's in more forms than a row's
				add(c.Label, c.Aliases, c.Key)
			}
			for _, r := range t.Rows {
				add(r.Label, r.Aliases, r.Key)
			}
		}
	}
	return out
})

// What makes a table an official one: most of its labels are, and more than a few.
const (
	mostLabels = 0.7
	fewLabels  = 4
)

// official names the official table that a grid is, "" for none.
func official(g *grid) string {
	var labels []string
	for _, r := range append(slices.Clone(g.rows), g.columns...) {
		if b := bare(r.label); b != "" && !slices.Contains(labels, b) {
			labels = append(labels, b)
		}
	}
	for _, f := range form.Official().All() {
		for _, t := range f.Tables {
			known := map[string]bool{}
			for _, r := range t.Rows {
				known[bare(r.Label)] = true
			}
			for _, c := range t.Columns {
				known[bare(c.Label)] = true
			}
			n := 0
			for _, l := range labels {
				if known[l] {
					n++
				}
			}
			if n > fewLabels && float64(n) >= mostLabels*float64(len(labels)) && 2*n >= len(known) {
				return t.Title + "（" + f.Name + "）"
			}
		}
	}
	return ""
}
