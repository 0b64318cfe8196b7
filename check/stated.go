package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/normalize/statement"
	"github.com/nianbao/nianbao/report"
)

// sureProse is the confidence from which recognised prose may contradict a table: below it the
// prose is the likelier to be misread.
const sureProse = 0.85

// stated are the tables' values that the same quantity in the prose disagrees with. Only statements
// that can mean one thing are compared: the forms say which, and with what.
func stated(r *report.Report, forms form.Set) []report.Review {
	in := statement.Context{Issuer: r.Meta.Issuer}
	if r.Meta.Year != nil {
		in.Year = *r.Meta.Year
	}
	var out []report.Review
	seen := map[string]bool{}
	for _, s := range r.Sections {
		if s.Confidence < sureProse || !slices.ContainsFunc(r.Tables.Keys, func(key string) bool { return states(r, forms, key, s.Key) }) {
			continue
		}
		for _, st := range statement.Settle(statement.Find(s.Text, in)) {
			printed, path, ok := tabled(r, forms, st.Key, s.Key)
			if !ok || st.Doubt != statement.Sure || st.Says(printed) || seen[path] {
				continue
			}
			seen[path] = true
			out = append(out, report.Review{Path: path, Reason: report.TextDisagrees,
				Detail: fmt.Sprintf("the table says %s, the text (%s) “%s”", printed, s.Heading, st.Sentence)})
		}
	}
	return out
}

// doubts are what is told of a number that the prose does not surely state.
var doubts = map[statement.Doubt]string{
	statement.Estimate: "it is no exact number",
	statement.Range:    "it is no exact number",
	statement.Someone:  "it may be of a part of those whom the report is on",
	statement.Channel:  "it may be of a part of what was published or received",
	statement.Period:   "it may be of more than the year",
	statement.Kind:     "it may count something else",
	statement.Unit:     "its unit leaves open what it counts",
	statement.Share:    "it may be a part of a larger number",
	statement.Combined: "it counts two things together",
}

// narrated are the quantities of a report without tables that a person must look at: those that the prose does
// not surely state, or states in two ways, and those of prose that was hardly read.
func narrated(r *report.Report) []report.Review {
	var out []report.Review
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.Sentence == "" || c.Verdict == report.Confirmed {
			continue
		}
		also, otherwise := strings.CutPrefix(c.Note, statement.AlsoSays)
		v := report.Review{Path: c.Path, Reason: report.LowConfidence}
		switch {
		case c.Mark == report.MarkText:
			v.Detail = fmt.Sprintf("“%s”: %s", c.Sentence, doubts[statement.Doubt(c.Note)])
		case otherwise:
			v.Reason, v.Detail = report.TextDisagrees, fmt.Sprintf("the text says %s, and elsewhere %s", c.Raw, also)
		case c.Confidence < minAgreed:
			v.Detail = "hardly read"
		case strings.ContainsAny(c.Raw, "万亿萬億"):
			v.Reason, v.Detail = report.OtherUnit, fmt.Sprintf("printed as %q", c.Raw)
		default:
			continue
		}
		out = append(out, v)
	}
	return out
}

// states says that statements of a section can be held against a table.
func states(r *report.Report, forms form.Set, key, section string) bool {
	t := forms.Table(r.Forms[key], key)
	return t != nil && slices.ContainsFunc(t.Stated, func(x form.Stated) bool { return slices.Contains(x.Sections, section) })
}

// tabled is what the tables say of a quantity that a section states, and the path of its first part; false
// where none prints it.
func tabled(r *report.Report, forms form.Set, quantity statement.Key, section string) (n report.Number, path string, ok bool) {
next:
	for _, key := range r.Tables.Keys {
		if !states(r, forms, key, section) {
			continue
		}
		for _, x := range forms.Table(r.Forms[key], key).Stated {
			if x.Quantity != string(quantity) || !slices.Contains(x.Sections, section) {
				continue
			}
			n, path = report.Number{}, form.Path(key, x.Sum[0], "")
			for _, p := range x.Sum {
				v, ok := r.Tables.Value(form.Path(key, p, ""))
				if !ok || v.Number == nil {
					continue next
				}
				n = n.Plus(*v.Number)
			}
			return n, path, true
		}
	}
	return n, "", false
}
