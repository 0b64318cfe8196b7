package form

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// checker finds what is wrong with a form. Pointers are those of its JSON.
type checker struct {
	form   *Form
	own    bool // a form of the user's own
	faults Faults
}

func (c *checker) fault(pointer, format string, args ...any) {
	c.faults = append(c.faults, Fault{Pointer: pointer, Message: fmt.Sprintf(format, args...)})
}

var (
	// namePattern is what forms and their tables are called: members of the output that any program can
	// take as a name. keyPattern allows more than one level: review/upheld.
	namePattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	keyPattern  = regexp.MustCompile(`^[a-z][a-z0-9_.]*(/[a-z][a-z0-9_.]*)*$`)
	// official forms are named after a year.
	yearPattern = regexp.MustCompile(`^20\d\d$`)
)

// Names that the output has for forms and tables that are none of those that there are as data.
const (
	LocalName      = "local"      // the form of a report whose statistics are of some place; its rows that no form knows
	NarrativeName  = "narrative"  // the form of a report without tables; the quantities that its prose states
	CumulativeName = "cumulative" // what statistics print of all years
	PeriodName     = "period"     // what statistics print of a part of the year
)

// Reserved says that a name is one of these, which no form or table may have.
func Reserved(name string) bool {
	return slices.Contains([]string{LocalName, NarrativeName, CumulativeName, PeriodName}, name)
}

// Bounds of a form: ten times what the largest official one has.
const (
	maxFields = 5000
	maxTerms  = 50000
)

func (c *checker) check() {
	f := c.form
	switch {
	case f.Name == "":
		c.fault("/name", "the form has no name")
	case !namePattern.MatchString(f.Name) && (c.own || !yearPattern.MatchString(f.Name)):
		c.fault("/name", "%q is no name: small letters a to z, digits and _ are, a letter first", f.Name)
	case Reserved(f.Name):
		c.fault("/name", "%q is what the output calls something else", f.Name)
	}
	if c.own && official().Get(f.Name) != nil {
		c.fault("/name", "%q is an official form", f.Name)
	}
	if strings.TrimSpace(f.Title) == "" {
		c.fault("/title", "the form has no title")
	}
	if c.own && f.Local {
		c.fault("/local", "is for the program's own forms, whose rows have the keys of the 2014 form")
	}
	c.sections()
	if len(f.Tables) == 0 {
		c.fault("/tables", "the form has no table")
	}
	seen := map[string]bool{}
	for i := range f.Tables {
		t := &f.Tables[i]
		p := "/tables/" + strconv.Itoa(i)
		switch {
		case !namePattern.MatchString(t.Key):
			c.fault(p+"/key", "%q is no key of a table: small letters a to z, digits and _ are, a letter first", t.Key)
		case Reserved(t.Key):
			c.fault(p+"/key", "%q is what the output calls something else", t.Key)
		case c.own && slices.Contains(official().Keys(), t.Key):
			c.fault(p+"/key", "%q is an official table: its numbers would stand among those", t.Key)
		case seen[t.Key]:
			c.fault(p+"/key", "the form has the table %q twice", t.Key)
		}
		seen[t.Key] = true
		(&tableChecker{checker: c, table: t, at: p, unique: true}).check()
	}
	c.years()
}

// apart checks that a form shares neither name nor table with another of the user's own.
func (c *checker) apart(o *Form) {
	if c.form.Name == o.Name {
		c.fault("/name", "another form is called %q, too", o.Name)
	}
	for i := range c.form.Tables {
		if k := c.form.Tables[i].Key; o.Table(k) != nil {
			c.fault("/tables/"+strconv.Itoa(i)+"/key", "the form %q has a table %q, too", o.Name, k)
		}
	}
}

func (c *checker) sections() {
	seen := map[string]bool{}
	for i, s := range c.form.Sections {
		p := "/sections/" + strconv.Itoa(i)
		if !namePattern.MatchString(s.Key) {
			c.fault(p+"/key", "%q is no key: small letters a to z, digits and _ are, a letter first", s.Key)
		}
		if seen[s.Key] {
			c.fault(p+"/key", "the form has the section %q twice", s.Key)
		}
		seen[s.Key] = true
		if strings.TrimSpace(s.Heading) == "" {
			c.fault(p+"/heading", "the section has no heading")
		}
	}
}

// years checks the rules between years.
func (c *checker) years() {
	for i, y := range c.form.Years {
		p := "/years/" + strconv.Itoa(i)
		c.rule(p, y.Rule, y.Severity)
		t := c.form.Table(y.Table)
		switch {
		case t == nil:
			c.fault(p+"/table", "the form has no table %q", y.Table)
			continue
		case y.Each != "rows" && y.Each != "columns":
			c.fault(p+"/each", `"rows" or "columns" is expected`)
			continue
		case y.Left == "" || len(y.Before) == 0:
			c.fault(p, "left and before must both be there")
			continue
		}
		lines, keys := t.rowKeys(), t.columnKeys()
		if y.Each == "columns" {
			lines, keys = keys, lines
		}
		c.known(p+"/only", y.Only, lines, y.Each)
		other := map[string]string{"rows": "columns", "columns": "rows"}[y.Each]
		if !slices.Contains(keys, y.Left) {
			c.fault(p+"/left", "%q is none of the table's %s", y.Left, other)
		}
		c.known(p+"/before", y.Before, keys, other)
		c.known(p+"/plus", y.Plus, keys, other)
		c.known(p+"/minus", y.Minus, keys, other)
	}
}

// rule checks what all rules have.
func (c *checker) rule(pointer, name, severity string) {
	switch name {
	case "":
		c.fault(pointer+"/rule", "the rule has no name")
	case "NN":
		c.fault(pointer+"/rule", `"NN" is the rule that counts are whole and not negative`)
	}
	if severity != "error" && severity != "warning" {
		c.fault(pointer+"/severity", `%q: "error" or "warning" is expected`, severity)
	}
}

// known says which keys of a list are none of those that there are.
func (c *checker) known(pointer string, list, keys []string, what string) {
	for i, k := range list {
		if !slices.Contains(keys, k) {
			c.fault(pointer+"/"+strconv.Itoa(i), "%q is none of the table's %s", k, what)
		}
	}
}

func (t *Table) rowKeys() []string {
	var out []string
	for i := range t.Rows {
		if !t.Rows[i].Heading {
			out = append(out, t.Rows[i].Key)
		}
	}
	return out
}

func (t *Table) columnKeys() []string {
	var out []string
	for i := range t.Columns {
		out = append(out, t.Columns[i].Key)
	}
	return out
}

// tableChecker finds what is wrong with one table.
type tableChecker struct {
	*checker
	table  *Table
	at     string // its pointer
	unique bool   // no key is there twice
}

func (c *tableChecker) check() {
	t := c.table
	if strings.TrimSpace(t.Title) == "" {
		c.fault(c.at+"/title", "the table has no title")
	}
	if len(t.Rows) == 0 {
		c.fault(c.at+"/rows", "the table has no row")
	}
	if len(t.Columns) == 0 {
		c.fault(c.at+"/columns", "the table has no column")
	}
	if (t.Band != "" || t.Corner != "") && !t.Bands {
		c.fault(c.at, `band and corner are for a table with "bands": true`)
	}
	if len(t.Rows)*len(t.Columns) > maxFields {
		c.fault(c.at, "%d numbers; a table has at most %d", len(t.Rows)*len(t.Columns), maxFields)
		return
	}
	rows, cols := make([]named, len(t.Rows)), make([]named, len(t.Columns))
	for i, r := range t.Rows {
		rows[i] = named{r.Key, r.Label, r.Aliases, r.Groups}
	}
	for i, x := range t.Columns {
		cols[i] = named{x.Key, x.Label, x.Aliases, x.Groups}
	}
	c.names("/rows", "row", rows)
	c.names("/columns", "column", cols)
	c.rows()
	c.columns()
	c.paths()
	c.equations()
	c.stated()
}

// named is a row or a column.
type named struct {
	key, label      string
	aliases, groups []string
}

// names checks that keys and labels tell rows, or columns, apart.
func (c *tableChecker) names(part, what string, list []named) {
	keys := map[string]int{}
	labels := map[string]int{}
	for i, x := range list {
		p := c.at + part + "/" + strconv.Itoa(i)
		single := x.key == "" && len(list) == 1
		if !single && !keyPattern.MatchString(x.key) {
			c.fault(p+"/key", "%q is no key: small letters a to z, digits and _ are, a letter first; / between levels", x.key)
		}
		if k, ok := keys[x.key]; ok {
			c.fault(p+"/key", "%s %d has the key %q, too", what, k+1, x.key)
			c.unique = false
		}
		keys[x.key] = i
		if folded(x.label) == "" && !single {
			c.fault(p+"/label", "the %s has no label", what)
			continue
		}
		for j, l := range append([]string{x.label}, x.aliases...) {
			at := p + "/label"
			if j > 0 {
				at = p + "/aliases/" + strconv.Itoa(j-1)
			}
			id := folded(strings.Join(x.groups, "\n")) + "\n" + folded(l)
			switch k, ok := labels[id]; {
			case folded(l) == "" && j > 0:
				c.fault(at, "an alias is empty")
			case ok && k != i:
				c.fault(at, "%s %d has the label %q under the same groups, too: nothing tells them apart", what, k+1, l)
			case ok && j > 0:
				c.fault(at, "%q says what the label or another alias says", l)
			}
			labels[id] = i
		}
	}
}

// folded is a label without what is not compared: blanks, punctuation, the width of characters.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

func (c *tableChecker) rows() {
	for i, r := range c.table.Rows {
		p := c.at + "/rows/" + strconv.Itoa(i)
		c.known(p+"/columns", r.Columns, c.table.columnKeys(), "columns")
		c.unit(p, r.Unit, r.Decimal)
		switch {
		case r.Heading && (len(r.Columns) > 0 || r.Unit != "" || r.Decimal):
			c.fault(p+"/heading", "a heading has no number, and so neither columns nor unit")
		case c.table.Bands && len(r.Columns) == 0 && !r.Heading:
			c.fault(p, "a row in a table of bands must name its columns")
		case c.table.Bands && len(r.Groups) == 0:
			c.fault(p, "a row in a table of bands must name its band in groups")
		}
	}
}

func (c *tableChecker) columns() {
	for i, x := range c.table.Columns {
		p := c.at + "/columns/" + strconv.Itoa(i)
		c.unit(p, x.Unit, x.Decimal)
		if x.UnitKey == "" {
			continue
		}
		if !keyPattern.MatchString(x.UnitKey) || slices.Contains(c.table.columnKeys(), x.UnitKey) {
			c.fault(p+"/unit_key", "%q is no key, or a column's", x.UnitKey)
		}
		if x.Unit != "" {
			c.fault(p+"/unit_key", "the form names the unit, so the report cannot choose it")
		}
	}
	for i, x := range c.table.Columns {
		k := slices.IndexFunc(c.table.Rows, func(r Row) bool {
			return r.Unit != "" && x.Unit != "" && r.Unit != x.Unit && !r.Heading && (len(r.Columns) == 0 || slices.Contains(r.Columns, x.Key))
		})
		if k >= 0 {
			c.fault(c.at+"/columns/"+strconv.Itoa(i)+"/unit", "the column counts in %s, its row %q in %s", x.Unit, c.table.Rows[k].Label, c.table.Rows[k].Unit)
		}
	}
}

// unitPattern is a unit as it stands behind a number, without brackets and without 单位.
var unitPattern = regexp.MustCompile(`^[\p{Han}A-Za-z%‰℃㎡²³·/]{1,6}$`)

func (c *tableChecker) unit(pointer, unit string, decimal bool) {
	switch {
	case unit == "":
	case !unitPattern.MatchString(unit) || strings.Contains(unit, "单位"):
		c.fault(pointer+"/unit", "%q is no unit as it stands behind a number: 件, 人次, 万元", unit)
	case !decimal && (strings.HasSuffix(unit, "万元") || strings.HasSuffix(unit, "亿元")):
		c.fault(pointer+"/unit", `amounts in %s have decimals: "decimal": true is missing`, unit)
	}
}

// paths checks that every number has a path of its own.
func (c *tableChecker) paths() {
	seen := map[string]bool{}
	fields := c.table.Fields()
	for _, f := range fields {
		switch {
		case f.Row.Key == "" && f.Col.Key == "":
			c.fault(c.at, "the only number needs a key of its row or of its column")
		case seen[f.Path] && c.unique:
			c.fault(c.at, "two numbers would be %s", f.Path)
			return // others are of the same keys
		}
		seen[f.Path] = true
		if f.Col.UnitKey != "" {
			if u := Path(c.table.Key, f.Row.Key, f.Col.UnitKey); seen[u] {
				c.fault(c.at, "a number and a unit would be %s", u)
			}
		}
	}
	for _, f := range fields {
		for i, r := range f.Path {
			if r == '/' && seen[f.Path[:i]] {
				c.fault(c.at, "%s would be a number, and hold %s", f.Path[:i], f.Path)
				return // others are of the same keys
			}
		}
	}
}

func (c *tableChecker) equations() {
	units := map[string]string{} // of fields
	for _, f := range c.table.Fields() {
		u := f.Row.Unit
		if f.Col.Unit != "" {
			u = f.Col.Unit
		}
		units[f.Path] = u
	}
	terms := 0
	for i := range c.table.Equations {
		e := c.table.Equations[i]
		n := len(e.Left) + len(e.Right)
		if e.Each != "" {
			n *= max(len(c.table.Rows), len(c.table.Columns))
		}
		if terms += n; terms > maxTerms {
			c.fault(c.at+"/equations/"+strconv.Itoa(i), "too many equations: they may add up at most %d numbers in all", maxTerms)
			return
		}
		c.equation(i, units)
	}
	known := map[string]bool{}
	for i := range c.table.Equations {
		for _, r := range (&Table{Key: c.table.Key, Rows: c.table.Rows, Columns: c.table.Columns, Equations: c.table.Equations[i : i+1]}).Relations() {
			id := strings.TrimSpace(r.Rule + " " + r.Scope)
			if known[id] {
				c.fault(c.at+"/equations/"+strconv.Itoa(i), "there are two equations %s; rule or scope must tell them apart", id)
				break
			}
			known[id] = true
		}
	}
}

// equation checks one equation: that it is of numbers that there are, and of the same kind.
func (c *tableChecker) equation(i int, units map[string]string) {
	e := c.table.Equations[i]
	p := c.at + "/equations/" + strconv.Itoa(i)
	c.rule(p, e.Rule, e.Severity)
	if e.Relation != "" && e.Relation != "=" && e.Relation != "<=" {
		c.fault(p+"/relation", `%q: "=" or "<=" is expected`, e.Relation)
	}
	keys, what := []string(nil), ""
	switch e.Each {
	case "":
	case "rows":
		keys, what = c.table.columnKeys(), "columns"
	case "columns":
		keys, what = c.table.rowKeys(), "rows"
	default:
		c.fault(p+"/each", `%q: "rows", "columns" or nothing is expected`, e.Each)
		return
	}
	if e.Each != "" && e.Scope != "" {
		c.fault(p+"/scope", "the scope of an equation for each row or column is its key")
	}
	sound := true
	sides := map[string]string{}
	for _, side := range []struct {
		name string
		list []string
	}{{"left", e.Left}, {"right", e.Right}} {
		if len(side.list) == 0 {
			c.fault(p+"/"+side.name, "this side is empty")
			sound = false
		}
		for k, key := range side.list {
			at := p + "/" + side.name + "/" + strconv.Itoa(k)
			_, field := units[Path(c.table.Key, key, "")]
			switch {
			case e.Each != "" && !slices.Contains(keys, key):
				c.fault(at, "%q is none of the table's %s", key, what)
				sound = false
			case e.Each == "" && !field:
				c.fault(at, "the table has no number %q; below it, a number is its row's key, / and its column's", key)
				sound = false
			case sides[key] != "":
				c.fault(at, "%q is in the equation twice", key)
			}
			sides[key] = side.name
		}
	}
	if sound {
		c.terms(p, e, units)
	}
}

// terms checks the numbers of an equation whose keys are all there: that it has some, and where it must hold
// that it adds up what can be added up.
func (c *tableChecker) terms(pointer string, e Equation, units map[string]string) {
	t := Table{Key: c.table.Key, Rows: c.table.Rows, Columns: c.table.Columns, Equations: []Equation{e}}
	all := t.Relations()
	if len(all) == 0 {
		c.fault(pointer, "none of the table's %s has all of these numbers", e.Each)
	}
	for _, r := range all {
		unit, from := "", ""
		for _, path := range slices.Concat(r.Left, r.Right) {
			u := units[path]
			if r.AtMost || r.Severity != "error" {
				u = ""
			}
			if u != "" && unit != "" && u != unit {
				c.fault(pointer, "%s counts in %s, %s in %s", from, unit, path, u)
				return
			}
			if u != "" {
				unit, from = u, path
			}
		}
	}
}

// stated checks which quantities of the prose are held against the table.
func (c *tableChecker) stated() {
	for i, s := range c.table.Stated {
		p := c.at + "/stated/" + strconv.Itoa(i)
		if c.own && !official().states(s.Quantity) {
			c.fault(p+"/quantity", "%q is no quantity that is looked for in prose", s.Quantity)
		}
		if len(s.Sections) == 0 {
			c.fault(p+"/sections", "no section is named")
		}
		if len(s.Sum) == 0 {
			c.fault(p+"/sum", "no number is named")
		}
		fields := map[string]bool{}
		for _, f := range c.table.Fields() {
			fields[f.Path] = true
		}
		for k, key := range s.Sum {
			if !fields[Path(c.table.Key, key, "")] {
				c.fault(p+"/sum/"+strconv.Itoa(k), "the table has no number %q", key)
			}
		}
	}
}
