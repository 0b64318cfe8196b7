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
	year := ""
	if r.Meta.Year != nil {
		year = fmt.Sprint(*r.Meta.Year)
	}
	var out []report.Review
	seen := map[string]bool{}
	for _, s := range r.Sections {
		if s.Confidence < sureProse || !slices.ContainsFunc(r.Tables.Keys, func(key string) bool { return states(r, forms, key, s.Key) }) {
			continue
		}
		for _, st := range statement.Find(s.Text) {
			if other := otherYear(st.Sentence, year); other {
				continue
			}
			printed, path, ok := tabled(r, forms, st.Key, s.Key)
			if !ok || printed.Equal(st.Number.Decimal) || seen[path] {
				continue
			}
			seen[path] = true
			out = append(out, report.Review{Path: path, Reason: report.TextDisagrees,
				Detail: fmt.Sprintf("the table says %s, the text (%s) “%s”", printed, s.Heading, st.Sentence)})
		}
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

// otherYear says that a sentence speaks of a year that is not the report's.
func otherYear(sentence, year string) bool {
	if strings.Contains(sentence, "上年") || strings.Contains(sentence, "去年") || strings.Contains(sentence, "历年") || strings.Contains(sentence, "累计") {
		return true
	}
	i := strings.Index(sentence, "年")
	for i >= 4 {
		y := strings.TrimSpace(sentence[max(0, i-5):i])
		if len(y) >= 4 && strings.HasPrefix(y[len(y)-4:], "20") {
			return y[len(y)-4:] != year
		}
		next := strings.Index(sentence[i+len("年"):], "年")
		if next < 0 {
			return false
		}
		i += len("年") + next
	}
	return false
}
