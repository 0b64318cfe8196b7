// Package form holds the official blanks as data: their sections, rows, columns and equations.
//
// Each form is one file under data/, named after the year in which it came into force. A form's
// table is rows × columns; a field is one position of it and its path is the JSON pointer of the
// number in the output, so that there is one name for a number everywhere. Forms of the same table
// can be mixed in one report: the form is decided table by table, from labels.
//
// The labels and equations are those of the notices 国办公开办函〔2021〕30号, 国办公开办函〔2019〕60号
// and 国办发〔2014〕32号, and of the local forms named in each file.
package form

import "slices"

// Form is one official blank.
type Form struct {
	// Name is what the output calls the form: "2021", "2019", "2014", or the place of a local form.
	Name  string `json:"name"`
	Title string `json:"title"`
	// Local forms are those of one place, 2008 to 2013. Their rows have the keys of the 2014 form where
	// they mean the same, else "local." and their code.
	Local bool `json:"local"`
	// Source says where the form's text is from, and what is not known of it.
	Source   string    `json:"source"`
	Sections []Section `json:"sections"`
	Tables   []Table   `json:"tables"`
}

// Section is a chapter of the report's prose.
type Section struct {
	Key     string   `json:"key"`
	Heading string   `json:"heading"` // without its number
	Aliases []string `json:"aliases"`
}

// Table is one table of a form.
type Table struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	// Bands is set when the table is a stack of small tables, each with its own header row, in
	// which a row has only some of the columns.
	Bands     bool       `json:"bands"`
	Columns   []Column   `json:"columns"`
	Rows      []Row      `json:"rows"`
	Equations []Equation `json:"equations"`
}

// Row is a line of a form's table. Key is "" where the table has a single unnamed row.
type Row struct {
	Key     string   `json:"key"`
	Label   string   `json:"label"`
	Aliases []string `json:"aliases"`
	// Groups are the labels of the cells that span this row, outermost first.
	Groups []string `json:"groups"`
	Code   string   `json:"code"`
	Unit   string   `json:"unit"`
	// Columns are the keys of the row's columns; empty means all.
	Columns []string `json:"columns"`
	// Heading rows carry no number.
	Heading bool `json:"heading"`
	Decimal bool `json:"decimal"`
}

// Column is a column of values. Key is "" where the table has a single unnamed column.
type Column struct {
	Key     string   `json:"key"`
	Label   string   `json:"label"`
	Aliases []string `json:"aliases"`
	// Groups are the labels of the header cells above, topmost first.
	Groups []string `json:"groups"`
	Unit   string   `json:"unit"`
	// UnitKey names the member that holds the unit where the report itself chooses it.
	UnitKey string `json:"unit_key"`
	Decimal bool   `json:"decimal"`
	Signed  bool   `json:"signed"`
}

// Equation is a 勾稽关系 as the data files write it. Left and Right are sums of rows (Each is
// "columns"), of columns (Each is "rows") or of paths below the table (Each is "").
type Equation struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"` // "error" or "warning"
	Relation string   `json:"relation"` // "=" when empty, or "<="
	Each     string   `json:"each"`
	Scope    string   `json:"scope"`
	Left     []string `json:"left"`
	Right    []string `json:"right"`
}

// Field is one number of a table.
type Field struct {
	Path string // JSON pointer: /tables/requests/received/natural_person
	Row  *Row
	Col  *Column
	// Decimal fields hold money; all others are integers. Signed fields may be negative.
	Decimal, Signed bool
}

// Relation is an equation over fields, ready to be tested.
type Relation struct {
	Rule     string
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

// Relations of the table, one for each scope, in the order of the form.
func (t *Table) Relations() []Relation {
	var out []Relation
	for _, e := range t.Equations {
		add := func(scope string, path func(string) string) {
			r := Relation{Rule: e.Rule, Scope: scope, Severity: e.Severity, AtMost: e.Relation == "<="}
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
				add(row.Key, func(k string) string { return Path(t.Key, row.Key, k) })
			}
		case "columns":
			for _, col := range t.Columns {
				add(col.Key, func(k string) string { return Path(t.Key, k, col.Key) })
			}
		default:
			add(e.Scope, func(k string) string { return Path(t.Key, k, "") })
		}
	}
	return out
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
