// Package form holds the blanks as data: their sections, rows, columns and equations.
//
// Each official form is one file under data/, named after the year in which it came into force. A form's
// table is rows × columns; a field is one position of it and its path is the JSON pointer of the
// number in the output, so that there is one name for a number everywhere. Forms of the same table
// can be mixed in one report: the form is decided table by table, from labels.
//
// The labels and equations are those of the notices 国办公开办函〔2021〕30号, 国办公开办函〔2019〕60号
// and 国办发〔2014〕32号, and of the local forms named in each file.
package form

import "slices"

// Form is one blank: of the state, of a place, or of the user's own.
type Form struct {
	// Name is what the output calls the form: "2021", "2019", "2014", the place of a local form, or the
	// name of the user's own.
	Name  string `json:"name"`
	Title string `json:"title"`
	// From is the first year whose reports the form is for; 0 where that is not known.
	From int `json:"from,omitempty"`
	// Local forms are those of one place, 2008 to 2013. Their rows have the keys of the 2014 form where
	// they mean the same, else "local." and their code.
	Local bool `json:"local,omitempty"`
	// Source says where the form's text is from, and what is not known of it.
	Source   string    `json:"source,omitempty"`
	Sections []Section `json:"sections,omitempty"`
	Tables   []Table   `json:"tables"`
	// Years are the rules between the reports of two years.
	Years []YearRule `json:"years,omitempty"`
}

// Section is a chapter of the report's prose.
type Section struct {
	Key     string   `json:"key"`
	Heading string   `json:"heading"` // without its number
	Aliases []string `json:"aliases,omitempty"`
	// About are words of which a heading of this section has one, and Not words that no such heading has, for the
	// many headings that are none of its names.
	About []string `json:"about,omitempty"`
	Not   []string `json:"not,omitempty"`
	// Beside are headings that mean this section where the one named With has a heading of its own, and else
	// more than this one.
	Beside []string `json:"beside,omitempty"`
	With   string   `json:"with,omitempty"`
	// Optional sections are not missed where they are not there.
	Optional bool `json:"optional,omitempty"`
}

// Table is one table of a form.
type Table struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	// Bands is set when the table is a stack of small tables, each with a title and a header row of its own,
	// in which a row has only some of the columns. Band is what the titles begin with, Corner what stands
	// before the columns' labels.
	Bands  bool   `json:"bands,omitempty"`
	Band   string `json:"band,omitempty"`
	Corner string `json:"corner,omitempty"`
	// Turns is set when the table is printed in either orientation: its rows may be columns.
	Turns     bool       `json:"turns,omitempty"`
	Stated    []Stated   `json:"stated,omitempty"`
	Columns   []Column   `json:"columns"`
	Rows      []Row      `json:"rows"`
	Equations []Equation `json:"equations,omitempty"`
}

// Row is a line of a form's table. Key is "" where the table has a single unnamed row.
type Row struct {
	Key     string   `json:"key"`
	Label   string   `json:"label"`
	Aliases []string `json:"aliases,omitempty"`
	// Groups are the labels of the cells that span this row, outermost first.
	Groups []string `json:"groups,omitempty"`
	Code   string   `json:"code,omitempty"`
	Unit   string   `json:"unit,omitempty"`
	// Columns are the keys of the row's columns; empty means all.
	Columns []string `json:"columns,omitempty"`
	// Heading rows carry no number.
	Heading bool `json:"heading,omitempty"`
	Decimal bool `json:"decimal,omitempty"`
}

// Column is a column of values. Key is "" where the table has a single unnamed column.
type Column struct {
	Key     string   `json:"key"`
	Label   string   `json:"label"`
	Aliases []string `json:"aliases,omitempty"`
	// Groups are the labels of the header cells above, topmost first.
	Groups []string `json:"groups,omitempty"`
	Unit   string   `json:"unit,omitempty"`
	// UnitKey names the member that holds the unit where the report itself chooses it.
	UnitKey string `json:"unit_key,omitempty"`
	Decimal bool   `json:"decimal,omitempty"`
	Signed  bool   `json:"signed,omitempty"`
}

// Equation is a 勾稽关系 as the data files write it. Left and Right are sums of rows (Each is
// "columns"), of columns (Each is "rows") or of paths below the table (Each is "").
type Equation struct {
	Rule string `json:"rule"`
	// Words are the equation as a person says it: 各类申请人之和 = 总计.
	Words    string   `json:"words,omitempty"`
	Severity string   `json:"severity"`           // "error" or "warning"
	Relation string   `json:"relation,omitempty"` // "=" when empty, or "<="
	Each     string   `json:"each,omitempty"`
	Scope    string   `json:"scope,omitempty"`
	Left     []string `json:"left"`
	Right    []string `json:"right"`
}

// Stated is a quantity that the prose of a report states, too: the sum of fields, as paths below the
// table, that statements in the named sections are held against.
type Stated struct {
	Quantity string   `json:"quantity"` // as package statement calls it
	Sections []string `json:"sections"`
	Sum      []string `json:"sum"`
}

// YearRule is a rule between a report and that of the year before. In each column of the table (Each is
// "columns"; the keys below are rows) or in each row ("rows"; the keys are columns), Left of the later
// year is the sum of Before of the earlier year and Plus of the later, less Minus of the later.
type YearRule struct {
	Rule     string   `json:"rule"`
	Words    string   `json:"words,omitempty"`
	Severity string   `json:"severity"`
	Table    string   `json:"table"`
	Each     string   `json:"each"`
	Only     []string `json:"only,omitempty"` // the rows or columns that it holds for; empty means all
	Left     string   `json:"left"`
	Before   []string `json:"before"`
	Plus     []string `json:"plus,omitempty"`
	Minus    []string `json:"minus,omitempty"`
}

// Field is one number of a table.
type Field struct {
	Path string // JSON pointer: /tables/requests/received/natural_person
	Row  *Row
	Col  *Column
	// Decimal fields hold money; all others are integers. Signed fields may be negative.
	Decimal, Signed bool
}

// Unit is what the field's number is in, such as 万元 or 件; "" where the form does not say it, or leaves it to the
// report (see Column.UnitKey).
func (f *Field) Unit() string {
	if f.Row.Unit != "" {
		return f.Row.Unit
	}
	return f.Col.Unit
}

// Relation is an equation over fields, ready to be tested.
type Relation struct {
	Rule     string
	Words    string
	Scope    string
	Severity string
	AtMost   bool     // left <= right instead of left = right
	Left     []string // paths
	Right    []string
}

// Path joins a table, a row and a column to the JSON pointer of their number.
func Path(table, row, col string) string {
	p := "/tables/" + table
	for _, k := range []string{row, col} {
		if k != "" {
			p += "/" + k
		}
	}
	return p
}

// Column of the table by its key, or nil.
func (t *Table) Column(key string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Key == key {
			return &t.Columns[i]
		}
	}
	return nil
}

// Fields of the table in the order of the form.
func (t *Table) Fields() []Field {
	var out []Field
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Heading {
			continue
		}
		for j := range t.Columns {
			c := &t.Columns[j]
			if len(r.Columns) > 0 && !slices.Contains(r.Columns, c.Key) {
				continue
			}
			out = append(out, Field{Path(t.Key, r.Key, c.Key), r, c, r.Decimal || c.Decimal, c.Signed})
		}
	}
	return out
}

// Relations of the table, one for each scope, in the order of the form. An equation for each row is of the
// rows that have all of its columns, and one for each column likewise.
func (t *Table) Relations() []Relation {
	var out []Relation
	has := map[string]bool{}
	for _, f := range t.Fields() {
		has[f.Path] = true
	}
	// whole says that a row or column has all numbers of an equation.
	whole := func(e Equation, path func(string) string) bool {
		lacks := func(k string) bool { return !has[path(k)] }
		return !slices.ContainsFunc(e.Left, lacks) && !slices.ContainsFunc(e.Right, lacks)
	}
	for _, e := range t.Equations {
		add := func(scope string, path func(string) string) {
			r := Relation{Rule: e.Rule, Words: e.Words, Scope: scope, Severity: e.Severity, AtMost: e.Relation == "<="}
			for _, k := range e.Left {
				r.Left = append(r.Left, path(k))
			}
			for _, k := range e.Right {
				r.Right = append(r.Right, path(k))
			}
			out = append(out, r)
		}
		switch e.Each {
		case "rows":
			for _, row := range t.Rows {
				if path := func(k string) string { return Path(t.Key, row.Key, k) }; whole(e, path) {
					add(row.Key, path)
				}
			}
		case "columns":
			for _, col := range t.Columns {
				if path := func(k string) string { return Path(t.Key, k, col.Key) }; whole(e, path) {
					add(col.Key, path)
				}
			}
		default:
			add(e.Scope, func(k string) string { return Path(t.Key, k, "") })
		}
	}
	return out
}

// Succession is a year rule of one row or column, ready to be tested. Before are paths in the earlier
// report, all others in the later one.
type Succession struct {
	Rule, Scope, Severity string
	Left                  string
	Before, Plus, Minus   []string
}

// Successions of the form, in its order.
func (f *Form) Successions() []Succession {
	var out []Succession
	for _, y := range f.Years {
		t := f.Table(y.Table)
		if t == nil {
			continue
		}
		var lines []string
		for i := range t.Rows {
			if y.Each == "rows" {
				lines = append(lines, t.Rows[i].Key)
			}
		}
		for i := range t.Columns {
			if y.Each == "columns" {
				lines = append(lines, t.Columns[i].Key)
			}
		}
		for _, line := range lines {
			if len(y.Only) > 0 && !slices.Contains(y.Only, line) {
				continue
			}
			paths := func(keys ...string) (out []string) {
				for _, k := range keys {
					if y.Each == "rows" {
						out = append(out, Path(t.Key, line, k))
					} else {
						out = append(out, Path(t.Key, k, line))
					}
				}
				return out
			}
			out = append(out, Succession{y.Rule, line, y.Severity, paths(y.Left)[0], paths(y.Before...), paths(y.Plus...), paths(y.Minus...)})
		}
	}
	return out
}

// Alike says that two tables have the same fields under the same labels: what is printed does not tell
// whose it is.
func (t *Table) Alike(o *Table) bool {
	return t.Key == o.Key && slices.EqualFunc(t.Rows, o.Rows, func(x, y Row) bool {
		return x.Key == y.Key && x.Label == y.Label && x.Heading == y.Heading && slices.Equal(x.Groups, y.Groups) && slices.Equal(x.Columns, y.Columns)
	}) && slices.EqualFunc(t.Columns, o.Columns, func(x, y Column) bool {
		return x.Key == y.Key && x.Label == y.Label && slices.Equal(x.Groups, y.Groups)
	})
}

// Table of the form by its key, or nil.
func (f *Form) Table(key string) *Table {
	for i := range f.Tables {
		if f.Tables[i].Key == key {
			return &f.Tables[i]
		}
	}
	return nil
}
