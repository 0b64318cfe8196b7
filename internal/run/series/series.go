// Package series compares the reports of one issuer over the years: what one year carries out the
// next carries in, and stocks follow from the stock before and the year's changes.
//
// The rules are the forms'. Most are warnings: reorganisations, recounts and expiry break them lawfully.
// Issuers are the same when their names are equal but for blanks and the width of characters; prefixes of
// places are not guessed. A rule is tested only where every number is printed. Reports are small here: an
// Entry holds what the rules need.
package series

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// Entry is what the rules need of a report.
type Entry struct {
	// Name tells reports apart: the path of its JSON.
	Name   string `json:"name"`
	Issuer string `json:"issuer"`
	Year   int    `json:"year"` // 0 when unknown
	Title  string `json:"title,omitempty"`
	Form   string `json:"form,omitempty"`
	// Values by path, only those of rules, only printed numbers.
	Values map[string]Value `json:"values,omitempty"`
	// Tables holds a digest of each table's numbers.
	Tables map[string]string `json:"tables,omitempty"`
}

// Value is a printed number and how far it is proven.
type Value struct {
	Number  report.Number  `json:"number"`
	Verdict report.Verdict `json:"verdict"`
}

// Term is a number in a rule, with its sign.
type Term struct {
	Report  string         `json:"report"`
	Year    int            `json:"year"`
	Path    string         `json:"path"`
	Sign    int            `json:"sign"` // 1 or -1
	Value   report.Number  `json:"value"`
	Verdict report.Verdict `json:"verdict"`
}

// Finding is a rule that does not hold between reports, or reports that contradict each other.
type Finding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"` // "error" or "warning"
	Issuer   string `json:"issuer"`
	Years    []int  `json:"years"`
	// Reports are all that take part.
	Reports []string `json:"reports"`
	// Scope is the row or column, or for X.duplicate the table that differs.
	Scope string `json:"scope"`
	// Left and Right are the two sides; nil for X.duplicate.
	Left       *report.Number `json:"left"`
	Right      *report.Number `json:"right"`
	LeftTerms  []Term         `json:"left_terms,omitempty"`
	RightTerms []Term         `json:"right_terms,omitempty"`
}

// Series is the outcome over many reports.
type Series struct {
	Issuers int `json:"issuers"`
	// Reports with an issuer and a year, and Unplaced without.
	Reports  int `json:"reports"`
	Unplaced int `json:"unplaced"`
	// Tested counts the rules tested, Findings lists those that do not hold.
	Tested   int       `json:"tested"`
	Findings []Finding `json:"findings"`
	// ByReport names, for each report that takes part in one, its findings by index.
	ByReport map[string][]int `json:"by_report"`

	rules []form.Succession
}

// Duplicate is the rule that an issuer has one report a year. All others are the forms'.
const Duplicate = "X.duplicate"

// Rules are those that the forms have between years.
type Rules struct {
	list   []form.Succession
	wanted map[string]bool // the paths that they speak of
}

// RulesOf gives the rules of forms. One that several forms have is one rule.
func RulesOf(forms form.Set) *Rules {
	rs := &Rules{wanted: map[string]bool{}}
	known := map[string]bool{}
	for _, f := range forms.All() {
		for _, r := range f.Successions() {
			if id := fmt.Sprint(r); !known[id] {
				known[id] = true
				rs.list = append(rs.list, r)
			}
			for _, list := range [][]string{{r.Left}, r.Before, r.Plus, r.Minus} {
				for _, p := range list {
					rs.wanted[p] = true
				}
			}
		}
	}
	return rs
}

// Entry takes what is needed from a report.
func (rs *Rules) Entry(r *report.Report, name string) Entry {
	e := Entry{Name: name, Issuer: r.Meta.Issuer, Title: r.Meta.Title, Form: r.Form, Values: map[string]Value{}, Tables: map[string]string{}}
	if r.Meta.Year != nil {
		e.Year = *r.Meta.Year
	}
	verdicts := map[string]report.Verdict{}
	for i := range r.Cells {
		if c := &r.Cells[i]; rs.wanted[c.Path] {
			verdicts[c.Path] = c.Verdict
		}
	}
	digests := map[string][]string{}
	for _, p := range r.Tables.Paths() {
		v, _ := r.Tables.Value(p)
		if v.Number != nil && rs.wanted[p] {
			e.Values[p] = Value{*v.Number, verdicts[p]}
		}
		key, _, _ := strings.Cut(strings.TrimPrefix(p, "/tables/"), "/")
		switch {
		case v.Number != nil:
			digests[key] = append(digests[key], p+"="+v.Number.Decimal.String())
		case v.Text != nil:
			digests[key] = append(digests[key], p+"="+*v.Text)
		}
	}
	for key, lines := range digests {
		h := sha256.Sum256([]byte(strings.Join(lines, "\n")))
		e.Tables[key] = hex.EncodeToString(h[:8])
	}
	return e
}

// Issuer is the name that issuers are matched by: without blanks, in one width.
func Issuer(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, width.Fold.String(name))
}

// Check compares all reports. The order of the entries does not matter.
func (rs *Rules) Check(entries []Entry) *Series {
	s := rs.New()
	s.Add(entries)
	return s
}

// New is an outcome without reports.
func (rs *Rules) New() *Series {
	return &Series{Findings: []Finding{}, ByReport: map[string][]int{}, rules: rs.list}
}

// Add compares further reports with one another. All reports of an issuer must come in one call.
func (s *Series) Add(entries []Entry) {
	known := len(s.Findings)
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(strings.Compare(Issuer(a.Issuer), Issuer(b.Issuer)), cmp.Compare(a.Year, b.Year), strings.Compare(a.Name, b.Name))
	})
	for len(entries) > 0 {
		issuer := Issuer(entries[0].Issuer)
		n := 1
		for n < len(entries) && Issuer(entries[n].Issuer) == issuer {
			n++
		}
		group := slices.DeleteFunc(entries[:n:n], func(e Entry) bool { return e.Year == 0 })
		entries = entries[n:]
		if issuer == "" {
			s.Unplaced += n
			continue
		}
		s.Unplaced += n - len(group)
		if len(group) > 0 {
			s.Issuers++
			s.Reports += len(group)
			s.issuer(group)
		}
	}
	for i := known; i < len(s.Findings); i++ {
		for _, r := range s.Findings[i].Reports {
			s.ByReport[r] = append(s.ByReport[r], i)
		}
	}
}

// issuer tests the reports of one issuer, in order of year.
func (s *Series) issuer(group []Entry) {
	var years [][]Entry // one version of each different content
	for len(group) > 0 {
		n := 1
		for n < len(group) && group[n].Year == group[0].Year {
			n++
		}
		years = append(years, s.versions(group[:n]))
		group = group[n:]
	}
	for i := 1; i < len(years); i++ {
		if years[i][0].Year != years[i-1][0].Year+1 {
			continue
		}
		for _, before := range years[i-1] {
			for _, after := range years[i] {
				s.pair(before, after)
			}
		}
	}
}

// versions lists the reports of one year that differ and gives one of each.
func (s *Series) versions(same []Entry) []Entry {
	out := []Entry{same[0]}
next:
	for _, e := range same[1:] {
		for _, o := range out {
			if differing(o, e) == nil {
				continue next
			}
		}
		for _, table := range differing(out[0], e) {
			s.Findings = append(s.Findings, Finding{
				Rule: Duplicate, Severity: "warning", Issuer: e.Issuer, Years: []int{e.Year}, Reports: []string{out[0].Name, e.Name}, Scope: table,
			})
		}
		out = append(out, e)
	}
	return out
}

// differing names the tables in which two reports differ, in order.
func differing(a, b Entry) []string {
	var out []string
	for t, d := range a.Tables {
		if b.Tables[t] != d {
			out = append(out, t)
		}
	}
	for t := range b.Tables {
		if _, ok := a.Tables[t]; !ok {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}

func (s *Series) pair(before, after Entry) {
	for _, r := range s.rules {
		left, lt, ok := addUp(after, []string{r.Left}, 1)
		sum, terms, ok2 := addUp(before, r.Before, 1)
		plus, pt, ok3 := addUp(after, r.Plus, 1)
		minus, mt, ok4 := addUp(after, r.Minus, -1)
		if !ok || !ok2 || !ok3 || !ok4 {
			continue
		}
		s.Tested++
		right := sum.Plus(plus).Plus(minus)
		if left.Equal(right.Decimal) {
			continue
		}
		s.Findings = append(s.Findings, Finding{
			Rule: r.Rule, Severity: r.Severity, Issuer: after.Issuer, Years: []int{before.Year, after.Year},
			Reports: []string{before.Name, after.Name}, Scope: r.Scope, Left: &left, Right: &right,
			LeftTerms: lt, RightTerms: slices.Concat(terms, pt, mt),
		})
	}
}

func addUp(e Entry, paths []string, sign int) (sum report.Number, terms []Term, ok bool) {
	for _, p := range paths {
		v, ok := e.Values[p]
		if !ok {
			return sum, nil, false
		}
		terms = append(terms, Term{e.Name, e.Year, p, sign, v.Number, v.Verdict})
		if sign < 0 {
			sum = report.Number{Decimal: sum.Sub(v.Number.Decimal)}
		} else {
			sum = sum.Plus(v.Number)
		}
	}
	return sum, terms, true
}
