// Package series compares the reports of one issuer over the years: what one year carries out the
// next carries in, and stocks follow from the stock before and the year's changes.
//
// The rules are X.carry (an error), X.inforce, T2.c.items and T2.c.public (warnings: reorganisations,
// recounts and expiry break them lawfully). Issuers are the same when their names are equal but for
// blanks and the width of characters; prefixes of places are not guessed. A rule is tested only where
// every number is printed. Reports are small here: an Entry holds what the rules need.
package series

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
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
}

// The rules.
const (
	Carry     = "X.carry"
	InForce   = "X.inforce"
	Items     = "T2.c.items"
	Public    = "T2.c.public"
	Duplicate = "X.duplicate"
)

// rule is an equation between a year and the one before: left paths of the later year are the sum of
// the earlier's and the later's right paths.
type rule struct {
	name, severity, scope string
	left                  string // of the later year
	before                []string
	plus, minus           []string // of the later year
}

// rules are made when they are first asked for: most commands, and every conversion, never do.
var rules = sync.OnceValue(func() []rule {
	var out []rule
	for _, c := range form.Official().Get("2021").Table("requests").Columns {
		out = append(out, rule{
			name: Carry, severity: "error", scope: c.Key,
			left: form.Path("requests", "carried_in", c.Key), before: []string{form.Path("requests", "carried_out", c.Key)},
		})
	}
	at := func(row, col string) string { return form.Path("proactive_disclosure", row, col) }
	for _, row := range []string{"rules", "normative_documents"} {
		out = append(out, rule{
			name: InForce, severity: "warning", scope: row, left: at(row, "in_force"), before: []string{at(row, "in_force")},
			plus: []string{at(row, "issued")}, minus: []string{at(row, "repealed")},
		}, rule{
			name: Public, severity: "warning", scope: row, left: at(row, "public_total"), before: []string{at(row, "public_total")},
			plus: []string{at(row, "newly_public")},
		})
	}
	for _, row := range []string{"licensing", "other_services", "penalty", "coercion", "fees"} {
		out = append(out, rule{
			name: Items, severity: "warning", scope: row, left: at(row, "items_last_year"),
			before: []string{at(row, "items_last_year"), at(row, "items_change")},
		})
	}
	return out
})

// wanted are the paths that rules speak of.
var wanted = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, r := range rules() {
		for _, list := range [][]string{{r.left}, r.before, r.plus, r.minus} {
			for _, p := range list {
				m[p] = true
			}
		}
	}
	return m
})

// EntryOf takes what is needed from a report.
func EntryOf(r *report.Report, name string) Entry {
	wanted := wanted()
	e := Entry{Name: name, Issuer: r.Meta.Issuer, Values: map[string]Value{}, Tables: map[string]string{}}
	if r.Meta.Year != nil {
		e.Year = *r.Meta.Year
	}
	verdicts := map[string]report.Verdict{}
	for i := range r.Cells {
		if c := &r.Cells[i]; wanted[c.Path] {
			verdicts[c.Path] = c.Verdict
		}
	}
	digests := map[string][]string{}
	for _, p := range r.Tables.Paths() {
		v, _ := r.Tables.Value(p)
		if v.Number != nil && wanted[p] {
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
func Check(entries []Entry) *Series {
	s := New()
	s.Add(entries)
	return s
}

// New is an outcome without reports.
func New() *Series { return &Series{Findings: []Finding{}, ByReport: map[string][]int{}} }

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
	for _, r := range rules() {
		left, lt, ok := addUp(after, []string{r.left}, 1)
		sum, terms, ok2 := addUp(before, r.before, 1)
		plus, pt, ok3 := addUp(after, r.plus, 1)
		minus, mt, ok4 := addUp(after, r.minus, -1)
		if !ok || !ok2 || !ok3 || !ok4 {
			continue
		}
		s.Tested++
		right := sum.Plus(plus).Plus(minus)
		if left.Equal(right.Decimal) {
			continue
		}
		s.Findings = append(s.Findings, Finding{
			Rule: r.name, Severity: r.severity, Issuer: after.Issuer, Years: []int{before.Year, after.Year},
			Reports: []string{before.Name, after.Name}, Scope: r.scope, Left: &left, Right: &right,
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
