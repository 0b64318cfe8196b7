package check

import (
	"fmt"
	"strings"

	"github.com/nianbao/nianbao/normalize/statement"
	"github.com/nianbao/nianbao/report"
)

// sureProse is the confidence from which recognised prose may contradict a table: below it the
// prose is the likelier to be misread.
const sureProse = 0.85

// stated are the tables' values that the same quantity in the prose disagrees with. Only statements
// that can mean one thing are compared: what was received, and what was taken on (received and carried
// over). Published items are not: the prose counts what the form does not.
func stated(r *report.Report) []report.Review {
	year := ""
	if r.Meta.Year != nil {
		year = fmt.Sprint(*r.Meta.Year)
	}
	sum := func(paths ...string) (report.Number, string, bool) {
		var n report.Number
		for _, p := range paths {
			v, ok := r.Tables.Value(p)
			if !ok || v.Number == nil {
				return n, "", false
			}
			n = n.Plus(*v.Number)
		}
		return n, paths[0], true
	}
	var out []report.Review
	seen := map[string]bool{}
	for _, s := range r.Sections {
		if s.Confidence < sureProse || s.Key != "overview" && s.Key != "requests" {
			continue
		}
		for _, st := range statement.Find(s.Text) {
			if other := otherYear(st.Sentence, year); other {
				continue
			}
			var printed report.Number
			var path string
			var ok bool
			switch st.Key {
			case statement.Received:
				if printed, path, ok = sum("/tables/requests/received/total"); !ok {
					printed, path, ok = sum("/tables/statistics/requests_received")
				}
			case statement.TakenOn:
				printed, path, ok = sum("/tables/requests/received/total", "/tables/requests/carried_in/total")
			}
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
