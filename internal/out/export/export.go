// Package export writes many reports as one table, workbook or database.
//
// There are two forms. The long form has a row for each number: whose and which, with its labels, its
// value, what was read and how far it is proven. The wide form has a row for each report and a column
// for each number of the official forms. Numbers are exact where the format can hold text beside them;
// columns and rows are in the order of the forms, reports in order of issuer and year. Reports are
// read one at a time, twice: once for the order, once for the content.
package export

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/series"
	"github.com/nianbao/nianbao/report"
)

// Shape is a form of export.
type Shape string

// The shapes.
const (
	LongForm Shape = "long"
	WideForm Shape = "wide"
)

// Set is the reports to export.
type Set struct {
	// Forms are those that labels and rules are taken from.
	Forms form.Set
	// Pictures draws, for the review sheet of a workbook, the cells that a report has in its review: PNGs by path.
	// name is the report's as it was opened. Nil draws none; what cannot be drawn is left out.
	Pictures func(name string, r *report.Report) map[string][]byte
	// Progress, if set, is told before each report is written: its number, and how many there are.
	Progress func(n, of int)
	items    []item
	wide     []field
	Series   *series.Series
	labels   map[string]*labels // by form and table
	byPath   map[string]int     // path → index in wide
	entries  []series.Entry
	bad      func(File, error)
}

type item struct {
	file   File
	name   string
	issuer string
	year   int
}

// field is a column of the wide form.
type field struct {
	path, table, row, col string // path and labels
}

// File is a report's JSON: where it is, and what it is called. Read gives it where it is in no file of this machine.
type File struct {
	Path, Name string
	Read       func() ([]byte, error)
}

// Open reads the reports' heads and puts them in order. A file that is no report is told to bad and left out; where
// bad is nil it is an error. Numbers of a form that is not among forms have their keys in the place of labels.
func Open(files []File, forms form.Set, bad func(File, error)) (*Set, error) {
	s := &Set{Forms: forms, bad: bad, labels: map[string]*labels{}, byPath: map[string]int{}}
	rules := series.RulesOf(forms)
	seen := map[string]bool{}
	var strange []string // paths of tables that no form has
	for _, f := range files {
		r, err := read(f, report.DecodeFigures)
		if err != nil && bad != nil {
			bad(f, err)
			continue
		}
		if err != nil {
			return nil, err
		}
		it := item{file: f, name: f.Name, issuer: r.Meta.Issuer}
		if r.Meta.Year != nil {
			it.year = *r.Meta.Year
		}
		s.items = append(s.items, it)
		s.entries = append(s.entries, rules.Entry(r, f.Name))
		for key, name := range r.Forms {
			seen[name] = true
			if forms.Table(name, key) == nil {
				strange = append(strange, pathsOf(r, key)...)
			}
		}
	}
	slices.SortFunc(s.items, func(a, b item) int {
		return cmp.Or(strings.Compare(series.Issuer(a.issuer), series.Issuer(b.issuer)), cmp.Compare(a.year, b.year), strings.Compare(a.name, b.name))
	})
	s.Series = rules.Check(s.entries)
	s.entries = nil
	for _, f := range forms.All() {
		if seen[f.Name] {
			s.addFields(f)
		}
	}
	slices.Sort(strange) // the reports have them in no order
	for _, p := range strange {
		_, row, _ := strings.Cut(strings.TrimPrefix(p, "/tables/"), "/")
		row, col, _ := strings.Cut(row, "/")
		s.addField(field{p, strings.Split(p, "/")[2], row, col})
	}
	return s, nil
}

// pathsOf are the values of one table of a report.
func pathsOf(r *report.Report, key string) []string {
	return slices.DeleteFunc(r.Tables.Paths(), func(p string) bool { return !strings.HasPrefix(p, "/tables/"+key+"/") })
}

// Len is the number of reports.
func (s *Set) Len() int { return len(s.items) }

func read(f File, decode func([]byte) (*report.Report, error)) (*report.Report, error) {
	get := f.Read
	if get == nil {
		get = func() ([]byte, error) { return os.ReadFile(f.Path) }
	}
	b, err := get()
	if err != nil {
		return nil, err
	}
	r, err := decode(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	if r.Schema != report.Schema {
		return nil, fmt.Errorf("%s: schema %q, want %q: is it a report?", f.Path, r.Schema, report.Schema)
	}
	return r, nil
}

// Each gives the reports in order.
func (s *Set) Each(do func(name string, r *report.Report) error) error {
	for n, it := range s.items {
		r, err := read(it.file, report.Decode)
		if err != nil && s.bad != nil { // its numbers were sound, and something beside them is not
			s.bad(it.file, err)
			continue
		}
		if err != nil {
			return err
		}
		if s.Progress != nil {
			s.Progress(n+1, len(s.items))
		}
		if err := do(it.name, r); err != nil {
			return err
		}
	}
	return nil
}

// addFields adds the columns of a form that no newer form has.
func (s *Set) addFields(f *form.Form) {
	for i := range f.Tables {
		t := &f.Tables[i]
		for _, x := range t.Fields() {
			s.addField(field{x.Path, t.Title, rowLabel(x.Row), colLabel(x.Col)})
			if x.Col.UnitKey != "" {
				s.addField(field{form.Path(t.Key, x.Row.Key, x.Col.UnitKey), t.Title, rowLabel(x.Row), colLabel(x.Col) + "（单位）"})
			}
		}
	}
}

func (s *Set) addField(f field) {
	if _, ok := s.byPath[f.path]; !ok {
		s.byPath[f.path] = len(s.wide)
		s.wide = append(s.wide, f)
	}
}

func rowLabel(r *form.Row) string { return joined(r.Groups, r.Label) }

func colLabel(c *form.Column) string { return joined(c.Groups, c.Label) }

func joined(groups []string, label string) string {
	return strings.Join(append(slices.Clone(groups), label), " / ")
}

// none leaves an empty label out.
func none(label string) []string {
	if label == "" {
		return nil
	}
	return []string{label}
}

// labels are those of one table of one form, by path.
type labels struct {
	title  string
	fields map[string]form.Field
}

func (s *Set) labelsOf(name, table string) *labels {
	key := name + "/" + table
	if l, ok := s.labels[key]; ok {
		return l
	}
	l := &labels{fields: map[string]form.Field{}}
	if t := s.Forms.Table(name, table); t != nil {
		l.title = t.Title
		for _, x := range t.Fields() {
			l.fields[x.Path] = x
		}
	}
	s.labels[key] = l
	return l
}

// Figure is a row of the long form.
type Figure struct {
	Issuer             string
	Year               *int
	Title              string
	Form               string // of the table
	Table, Row, Column string // keys
	Labels             [3]string
	Unit               string
	Path               string
	Value              report.Value
	Cell               report.Cell // zero when there is no evidence
	Review             report.Reason
	Report             string // the name of its JSON
	Source, SHA256     string
}

// Figures are the long form of one report, in the order of its tables.
func (s *Set) Figures(name string, r *report.Report) []Figure {
	cells := map[string]*report.Cell{}
	for i := range r.Cells {
		cells[r.Cells[i].Path] = &r.Cells[i]
	}
	review := map[string]report.Reason{}
	for _, v := range r.Review {
		if _, ok := review[v.Path]; !ok { // the most telling one comes first
			review[v.Path] = v.Reason
		}
	}
	paths := r.Tables.Paths()
	out := make([]Figure, 0, len(paths))
	for _, p := range paths {
		keys := strings.Split(strings.TrimPrefix(p, "/tables/"), "/")
		v, _ := r.Tables.Value(p)
		f := Figure{
			Issuer: r.Meta.Issuer, Year: r.Meta.Year, Title: r.Meta.Title, Form: r.Forms[keys[0]], Table: keys[0], Path: p,
			Value: v, Review: review[p], Report: name, Source: r.Source.Name, SHA256: r.Source.SHA256,
		}
		if c := cells[p]; c != nil {
			f.Cell = *c
		}
		if len(keys) > 1 {
			f.Row = keys[1]
		}
		if len(keys) > 2 {
			f.Column = strings.Join(keys[2:], "/")
		}
		l := s.labelsOf(f.Form, f.Table)
		f.Labels[0] = l.title
		if x, ok := l.fields[p]; ok {
			f.Row, f.Column = x.Row.Key, x.Col.Key
			f.Labels[1], f.Labels[2] = rowLabel(x.Row), colLabel(x.Col)
			f.Unit = cmp.Or(x.Col.Unit, x.Row.Unit)
		} else if i := strings.LastIndexByte(p, '/'); i > 0 {
			// A list of rows with labels of their own, or the unit of a number.
			f.Labels[1] = text(r, p[:i]+"/label")
			if f.Labels[1] != "" && f.Column == "value" {
				f.Unit = text(r, p[:i]+"/unit")
			}
		}
		out = append(out, f)
	}
	return out
}

func text(r *report.Report, path string) string {
	if v, ok := r.Tables.Value(path); ok && v.Text != nil {
		return *v.Text
	}
	return ""
}

// kind is a column's type.
type kind int

const (
	textual kind = iota
	integer
	number // exact
	real
)

// column of a table in any format.
type column struct {
	key, label string
	kind       kind
}

var longColumns = []column{
	{"issuer", "单位", textual}, {"year", "年份", integer}, {"form", "格式", textual},
	{"table", "表", textual}, {"row", "行", textual}, {"column", "列", textual},
	{"table_label", "表名", textual}, {"row_label", "行名", textual}, {"column_label", "列名", textual}, {"unit", "计量单位", textual},
	{"path", "路径", textual}, {"value", "数值", number}, {"value_text", "数值（原样）", textual}, {"raw", "读取文本", textual}, {"mark", "标记", textual}, {"note", "附注", textual},
	{"verdict", "结论", textual}, {"confidence", "置信度", real}, {"review", "核对原因", textual}, {"origin", "来源方式", textual}, {"page", "页", integer},
	{"source", "原文件", textual}, {"sha256", "SHA-256", textual}, {"report", "结果文件", textual},
}

// row of the long form, in the order of longColumns: nil, string, int64, float64 or report.Number.
func (f *Figure) row() []any {
	var value, confidence any
	exact := ""
	switch {
	case f.Value.Number != nil:
		value, exact = *f.Value.Number, f.Value.Number.String()
	case f.Value.Text != nil:
		exact = *f.Value.Text
	}
	if f.Cell.Path != "" {
		confidence = f.Cell.Confidence
	}
	return []any{
		f.Issuer, integerOf(f.Year), f.Form, f.Table, f.Row, f.Column, f.Labels[0], f.Labels[1], f.Labels[2], f.Unit,
		f.Path, value, exact, f.Cell.Raw, string(f.Cell.Mark), f.Cell.Note, string(f.Cell.Verdict), confidence, string(f.Review), f.Cell.Origin,
		integerOf(f.Cell.Page), f.Source, f.SHA256, f.Report,
	}
}

func integerOf(n *int) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}

var wideHead = []column{
	{"issuer", "单位", textual}, {"year", "年份", integer}, {"title", "标题", textual}, {"form", "格式", textual}, {"status", "状态", textual},
	{"review", "待核对", integer}, {"failed", "勾稽不符", integer}, {"across_years", "跨年不符", integer},
	{"source", "原文件", textual}, {"sha256", "SHA-256", textual}, {"report", "结果文件", textual},
}

func (s *Set) wideColumns() []column {
	out := slices.Clone(wideHead)
	for _, f := range s.wide {
		c := column{strings.ReplaceAll(strings.TrimPrefix(f.path, "/tables/"), "/", "."), joined([]string{f.table}, joined(none(f.row), f.col)), number}
		if strings.HasSuffix(f.path, "_unit") {
			c.kind = textual
		}
		out = append(out, c)
	}
	return out
}

// wideRow is a report in the order of wideColumns.
func (s *Set) wideRow(name string, r *report.Report) []any {
	failed := 0
	for _, c := range r.Checks {
		if c.Status == report.Fail && c.Severity == "error" {
			failed++
		}
	}
	out := []any{
		r.Meta.Issuer, integerOf(r.Meta.Year), r.Meta.Title, r.Form, string(r.Outcome), int64(len(r.Review)), int64(failed), int64(len(s.Series.ByReport[name])),
		r.Source.Name, r.Source.SHA256, name,
	}
	for _, f := range s.wide {
		v, _ := r.Tables.Value(f.path)
		switch {
		case v.Number != nil:
			out = append(out, *v.Number)
		case v.Text != nil:
			out = append(out, *v.Text)
		default:
			out = append(out, nil)
		}
	}
	return out
}

// plain is a value as text, "" for none.
func plain(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case report.Number:
		return x.String()
	}
	return fmt.Sprint(v)
}

// rowWriter writes a table in one format.
type rowWriter interface {
	row([]any) error
	close() error
}

// rows sends a shape of the set to a writer.
func (s *Set) rows(shape Shape, w rowWriter) error {
	err := s.Each(func(name string, r *report.Report) error {
		if shape == WideForm {
			return w.row(s.wideRow(name, r))
		}
		for _, f := range s.Figures(name, r) {
			if err := w.row(f.row()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.close()
}

func (s *Set) columns(shape Shape) []column {
	if shape == WideForm {
		return s.wideColumns()
	}
	return longColumns
}
