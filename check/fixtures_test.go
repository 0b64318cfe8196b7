package check_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// pixels lets every cell of a report have been read from pixels, surely.
func pixels(r *report.Report) *report.Report {
	for i := range r.Cells {
		p := 0.9998
		r.Cells[i].Origin, r.Cells[i].ReadConfidence = report.OriginOCR, &p
		second := r.Cells[i].Raw
		r.Cells[i].Second = &second
	}
	return r
}

// misread lets a cell have been read as raw with rivals.
func misread(r *report.Report, path, raw string, p float64, rivals ...report.Candidate) {
	print(r, path, raw)
	c := r.Cell(path)
	c.ReadConfidence, c.Candidates, c.Second = &p, rivals, nil
}

// reader reads cells again as its functions do; without one it says nothing.
type reader struct {
	second func(path string) string
	again  func(path string, asked []string) []report.Candidate
	third  func(path string) string
}

func (r reader) Second(_ context.Context, path string) (string, bool, error) {
	if r.second == nil {
		return "", false, nil
	}
	return r.second(path), true, nil
}

func (r reader) Third(_ context.Context, path string) (string, bool, error) {
	if r.third == nil {
		return "", false, nil
	}
	return r.third(path), true, nil
}

func (r reader) Again(_ context.Context, path string, asked []string) ([]report.Candidate, error) {
	if r.again == nil {
		return nil, nil
	}
	return r.again(path, asked), nil
}

// sees is a second look that has something to say of one cell.
func sees(at string, found ...report.Candidate) check.Reader {
	return reader{again: func(path string, _ []string) []report.Candidate {
		if path != at {
			return nil
		}
		return found
	}}
}

// prove runs the checks by the official forms.
func prove(t testing.TB, r *report.Report, again check.Reader) []diag.Warning {
	t.Helper()
	warnings, err := check.Run(t.Context(), r, form.Set{}, again)
	if err != nil {
		t.Fatal(err)
	}
	named(t, r)
	return warnings
}

// named holds a report to the contract: each cell of an equation that fails is in the review, or another equation that
// holds clears it, or a person confirmed it or the print's own fault.
func named(t testing.TB, r *report.Report) {
	t.Helper()
	cleared := map[string]bool{}
	for _, c := range r.Checks {
		if c.Status == report.Pass && c.Rule != "T1.repealed" && !strings.HasSuffix(c.Rule, ".most") {
			for _, p := range c.Cells {
				cleared[p] = true
			}
		}
	}
	for _, x := range r.Review {
		cleared[x.Path] = true
	}
	for i := range r.Cells {
		cleared[r.Cells[i].Path] = cleared[r.Cells[i].Path] || r.Cells[i].Verdict == report.Confirmed
	}
	for _, c := range r.Checks {
		confirmed := slices.ContainsFunc(c.Cells, func(p string) bool { x := r.Cell(p); return x != nil && x.Verdict == report.Confirmed })
		if c.Status != report.Fail || c.Severity == "warning" || confirmed {
			continue
		}
		for _, p := range c.Cells {
			if !cleared[p] {
				t.Errorf("%s %s fails, and %s is not in the review", c.Rule, c.Scope, p)
			}
		}
	}
}

func scan() *report.Report {
	r := blank("2021", "proactive_disclosure", "requests", "review_and_litigation")
	requests(r, map[string]int{"granted/natural_person": 12, "granted/business": 3, "unable_not_held/natural_person": 4, "unable_not_held/research": 2,
		"declined_repeat/other_org": 5, "carried_in/natural_person": 2, "carried_out/business": 1})
	return pixels(r)
}

func value(r *report.Report, path string) string {
	v, _ := r.Tables.Value(path)
	if v.Number == nil {
		return "null"
	}
	return v.Number.String()
}

func TestScanned(t *testing.T) {
	const granted = t3 + "granted/natural_person"
	const block = "/tables/review_and_litigation/review/"
	c := func(raw string, p float64) report.Candidate { return report.Candidate{Raw: raw, Probability: p} }
	tests := []struct {
		reason string
		edit   func(r *report.Report)
		look   check.Reader
		values map[string]string
		review []string
		failed []string
	}{
		{reason: "surely read"},
		{reason: "a rival that two equations single out",
			edit:   func(r *report.Report) { misread(r, granted, "72", 0.61, c("12", 0.33), c("22", 0.05)) },
			values: map[string]string{granted: "12"}},
		{reason: "a bracket is no digit",
			edit:   func(r *report.Report) { misread(r, granted, "(12", 0.61, c("12", 0.33), c("22", 0.05)) },
			values: map[string]string{granted: "12"}},
		{reason: "no rival mends the sums: it stays, and a person looks",
			edit:   func(r *report.Report) { misread(r, granted, "72", 0.61, c("22", 0.33)) },
			values: map[string]string{granted: "72"}, review: []string{"requests/granted/natural_person conflict"},
			failed: []string{"T3.row granted", "T3.items natural_person"}},
		{reason: "a second look finds the rival",
			edit: func(r *report.Report) { misread(r, granted, "72", 0.61, c("22", 0.33)) },
			look: reader{again: func(path string, asked []string) []report.Candidate {
				if path == granted && len(asked) > 0 && asked[0] == "12" {
					return []report.Candidate{c("12", 0.4)}
				}
				return nil
			}},
			values: map[string]string{granted: "12"}},
		{reason: "clear pixels that break sums are what is printed",
			edit:   func(r *report.Report) { misread(r, granted, "13", 0.9998, c("12", 1e-6)) },
			values: map[string]string{granted: "13"}, review: []string{"requests/granted/natural_person printed_inconsistency"},
			failed: []string{"T3.row granted", "T3.items natural_person"}},
		{reason: "a misreading beside a printed mistake is mended, the mistake is not",
			edit: func(r *report.Report) {
				print(r, t3+"unable_not_held/research", "3")
				misread(r, granted, "72", 0.61, c("12", 0.33))
			},
			values: map[string]string{granted: "12", t3 + "unable_not_held/research": "3"},
			review: []string{"requests/unable_not_held/research printed_inconsistency"},
			failed: []string{"T3.row unable_not_held", "T3.items research"}},
		{reason: "two misreadings in one row",
			edit: func(r *report.Report) {
				misread(r, granted, "72", 0.61, c("12", 0.33))
				misread(r, t3+"granted/business", "8", 0.55, c("3", 0.4))
			},
			values: map[string]string{granted: "12", t3 + "granted/business": "3"}},
		{reason: "two misreadings in one row that cancel in it",
			edit: func(r *report.Report) {
				misread(r, granted, "13", 0.61, c("12", 0.33))
				misread(r, t3+"granted/business", "2", 0.55, c("3", 0.4))
			},
			values: map[string]string{granted: "12", t3 + "granted/business": "3"}},
		{reason: "表四: the one cell that is unsure",
			edit: func(r *report.Report) {
				print(r, block+"upheld", "10")
				print(r, block+"total", "10")
				misread(r, block+"corrected", "6", 0.6, c("0", 0.39))
			},
			values: map[string]string{block + "corrected": "0"}},
		{reason: "表四: two cells about as unsure as each other: both to a person",
			edit: func(r *report.Report) {
				misread(r, block+"corrected", "1", 0.6, c("0", 0.38))
				misread(r, block+"total", "0", 0.6, c("1", 0.38))
			},
			values: map[string]string{block + "corrected": "1", block + "total": "0"},
			review: []string{"review_and_litigation/review/corrected conflict", "review_and_litigation/review/total conflict",
				"review_and_litigation/review/upheld printed_inconsistency", "review_and_litigation/review/other_result printed_inconsistency",
				"review_and_litigation/review/pending printed_inconsistency"},
			failed: []string{"T4.sum review"}},
		{reason: "what the sums want was read, and a misprint hardly less: a person looks",
			edit:   func(r *report.Report) { misread(r, t3+"carried_out/business", "1", 0.32, c("3", 0.3), c("□", 0.2)) },
			values: map[string]string{t3 + "carried_out/business": "1"}, review: []string{"requests/carried_out/business low_confidence"}},
		{reason: "a dim 10 where the sums want a 0: a 0 is much commoner than a 10, and that is no evidence against a misprint",
			edit: func(r *report.Report) {
				misread(r, t3+"granted/research", "10", 0.467, c("0", 0.155), c("70", 0.13), c("□0", 0.05))
			},
			look:   sees(t3+"granted/research", c("0", 0.32), c("10", 0.18), c("□0", 0.11), c("70", 0.07)),
			values: map[string]string{t3 + "granted/research": "10"}, review: []string{"requests/granted/research conflict"},
			failed: []string{"T3.row granted", "T3.items research"}},
		{reason: "a 7 where the sums want a 0, as dim: no misprint is likely",
			edit: func(r *report.Report) {
				misread(r, t3+"granted/research", "7", 0.467, c("0", 0.155), c("70", 0.13), c("□", 0.05))
			},
			look:   sees(t3+"granted/research", c("0", 0.32), c("7", 0.18), c("□", 0.11), c("70", 0.07)),
			values: map[string]string{t3 + "granted/research": "0"}},
		{reason: "one doubtful number in a table read well, and as near as a misprint: a person looks",
			edit:   func(r *report.Report) { misread(r, t3+"carried_out/business", "2", 0.9, c("1", 0.09)) },
			look:   sees(t3+"carried_out/business", c("2", 0.6), c("1", 0.2)),
			values: map[string]string{t3 + "carried_out/business": "2"}, review: []string{"requests/carried_out/business conflict"},
			failed: []string{"T3.row carried_out", "T3.flow business"}},
		{reason: "the same beside others that were misread: so was it",
			edit: func(r *report.Report) {
				misread(r, t3+"carried_out/business", "2", 0.9, c("1", 0.09))
				misread(r, granted, "72", 0.61, c("12", 0.33))
				misread(r, t3+"declined_repeat/other_org", "6", 0.5, c("5", 0.5))
			},
			look:   sees(t3+"carried_out/business", c("2", 0.6), c("1", 0.2)),
			values: map[string]string{t3 + "carried_out/business": "1", granted: "12"}},
		{reason: "a number that may be printed wrong, settled by the first look: a second one sees it too",
			edit:   func(r *report.Report) { misread(r, t3+"carried_out/business", "2", 0.6, c("1", 0.39)) },
			look:   sees(t3+"carried_out/business", c("2", 0.99), c("1", 0.005)),
			values: map[string]string{t3 + "carried_out/business": "2"}, review: []string{"requests/carried_out/business printed_inconsistency"},
			failed: []string{"T3.row carried_out", "T3.flow business"}},
		{reason: "a speck read as a point makes a number that is no count, and leaves the others provable",
			edit: func(r *report.Report) {
				misread(r, t3+"granted/natural_person", "1.2", 0.85, c("12", 0.13))
				misread(r, t3+"granted/business", "8", 0.7, c("3", 0.29))
			},
			values: map[string]string{t3 + "granted/natural_person": "12", t3 + "granted/business": "3"}},
		{reason: "表四 holds, and two unsure cells may have been misread alike",
			edit: func(r *report.Report) {
				misread(r, block+"corrected", "1", 0.6, c("7", 0.38))
				misread(r, block+"total", "1", 0.6, c("7", 0.38))
			},
			review: []string{"review_and_litigation/review/corrected low_confidence", "review_and_litigation/review/total low_confidence"}},
		{reason: "no equation and two readers that differ",
			edit: func(r *report.Report) {
				s := "8"
				r.Cell("/tables/proactive_disclosure/rules/issued").Second = &s
			},
			review: []string{"proactive_disclosure/rules/issued low_confidence"}},
		{reason: "no equation and no second reader",
			edit:   func(r *report.Report) { r.Cell("/tables/proactive_disclosure/rules/issued").Second = nil },
			review: []string{"proactive_disclosure/rules/issued low_confidence"}},
		{reason: "a label beside a row that has none, and no equation",
			edit:   func(r *report.Report) { r.Cell("/tables/proactive_disclosure/rules/issued").Label = 0.25 },
			review: []string{"proactive_disclosure/rules/issued low_confidence"}},
		{reason: "the same where sums hold",
			edit: func(r *report.Report) { r.Cell(granted).Label = 0.25 }},
		{reason: "ink that nobody could read",
			edit: func(r *report.Report) {
				misread(r, "/tables/proactive_disclosure/rules/issued", "", 0)
				r.Cell("/tables/proactive_disclosure/rules/issued").Verdict = report.Missing
			},
			review: []string{"proactive_disclosure/rules/issued missing"}},
	}
	for _, tt := range tests {
		r := scan()
		if tt.edit != nil {
			tt.edit(r)
		}
		prove(t, r, tt.look)
		for p, want := range tt.values {
			if got := value(r, p); got != want {
				t.Errorf("%s: %s is %s, want %s", tt.reason, p, got, want)
			}
		}
		var got []string
		for _, x := range r.Review {
			if x.Reason != report.WasRepaired {
				got = append(got, strings.TrimPrefix(x.Path, "/tables/")+" "+string(x.Reason))
			}
		}
		if !reflect.DeepEqual(got, tt.review) {
			t.Errorf("%s: review %q, want %q", tt.reason, got, tt.review)
		}
		if got := failed(r); !reflect.DeepEqual(got, tt.failed) {
			t.Errorf("%s: failing %q, want %q", tt.reason, got, tt.failed)
		}
		for i := range r.Cells {
			if c := &r.Cells[i]; c.Repair != nil && c.Raw != c.Repair.From {
				t.Errorf("%s: what was read was altered", tt.reason)
			}
		}
	}
}

// TestExchanged: rows and columns whose labels were hardly read, in a report in which every sum holds.
func TestExchanged(t *testing.T) {
	doubt := func(r *report.Report, part string) {
		for i := range r.Cells {
			if strings.Contains(r.Cells[i].Path+"/", "/"+part+"/") {
				r.Cells[i].Label = 0.4
			}
		}
	}
	tests := []struct {
		reason string
		lines  []string
		review []string
	}{
		{"one poor label is told by its neighbours", []string{"granted"}, nil},
		{"two rows that sums do not tell apart, where they differ", []string{"granted", "unable_not_held"}, []string{
			"requests/granted/natural_person", "requests/granted/business", "requests/granted/research", "requests/granted/total",
			"requests/unable_not_held/natural_person", "requests/unable_not_held/business", "requests/unable_not_held/research", "requests/unable_not_held/total"}},
		{"two columns", []string{"public_welfare", "other_org"}, []string{
			"requests/received/public_welfare", "requests/received/other_org", "requests/declined_repeat/public_welfare", "requests/declined_repeat/other_org",
			"requests/handled_total/public_welfare", "requests/handled_total/other_org"}},
		{"a sum tells a row from the total", []string{"granted", "handled_total"}, nil},
		{"rows that say the same", []string{"refused_third_party", "refused_other_law"}, nil},
	}
	for _, tt := range tests {
		r := scan()
		for _, l := range tt.lines {
			doubt(r, l)
		}
		prove(t, r, nil)
		got := map[string]bool{}
		for _, x := range r.Review {
			got[strings.TrimPrefix(x.Path, "/tables/")] = true
		}
		want := map[string]bool{}
		for _, p := range tt.review {
			want[p] = true
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: review %v, want %v", tt.reason, got, want)
		}
	}
}

// TestOffByOne: labels one line off the values: the sums do not hold, and the review is not empty.
func TestOffByOne(t *testing.T) {
	r := scan()
	s := scan()
	fields := []string{}
	for i := range s.Cells {
		if strings.HasPrefix(s.Cells[i].Path, t3) {
			fields = append(fields, s.Cells[i].Path)
		}
	}
	for k := 7; k < len(fields); k++ {
		print(r, fields[k], s.Cell(fields[k-7]).Raw)
		*r.Cell(fields[k]).ReadConfidence = 0.9998
	}
	prove(t, r, nil)
	if len(failed(r)) == 0 || len(r.Review) == 0 {
		t.Errorf("failing %q, review %q", failed(r), reviewed(r))
	}
}

func encode(t testing.TB, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.Encode(&b, r, false); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestApply(t *testing.T) {
	const granted = t3 + "granted/natural_person"
	num := func(n int64) report.Value { x := report.Int(n); return report.Value{Number: &x} }
	r := scan()
	misread(r, granted, "72", 0.61, report.Candidate{Raw: "22", Probability: 0.3})
	misread(r, t3+"granted/business", "8", 0.55, report.Candidate{Raw: "3", Probability: 0.4})
	prove(t, r, nil)
	if value(r, granted) != "72" {
		t.Fatal("the fixture is settled without a person")
	}
	bad := []report.Patch{{Path: granted, Value: num(12)}, {Path: t3 + "nothing/here", Value: num(1)}}
	before := encode(t, r)
	if err := check.Apply(r, form.Set{}, bad); err == nil || !strings.Contains(err.Error(), "nothing/here") {
		t.Errorf("a bad pointer gives %v", err)
	}
	word := "x"
	if err := check.Apply(r, form.Set{}, []report.Patch{{Path: granted, Value: report.Value{Text: &word}}}); err == nil {
		t.Error("a text is taken for a number")
	}
	if !bytes.Equal(before, encode(t, r)) {
		t.Error("a bad answer altered the report")
	}
	if err := check.Apply(r, form.Set{}, []report.Patch{{Path: granted, Value: num(12), Note: "seen"}}); err != nil {
		t.Fatal(err)
	}
	c := r.Cell(granted)
	if value(r, granted) != "12" || c.Verdict != report.Confirmed || c.Confidence != 1 || c.Raw != "72" {
		t.Errorf("the answer is not there: %s %+v", value(r, granted), c)
	}
	if value(r, t3+"granted/business") != "3" {
		t.Error("the answer does not settle the other cell of the row")
	}
	if len(failed(r)) > 0 {
		t.Errorf("failing %q", failed(r))
	}
	once := encode(t, r)
	s, err := report.Decode(once)
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Apply(s, form.Set{}, s.Patches); err != nil {
		t.Fatal(err)
	}
	if twice := encode(t, s); !bytes.Equal(once, twice) {
		t.Errorf("replaying the answers changes the report\n%s\n%s", once, twice)
	}
	lines, err := check.Explain(r, form.Set{}, granted)
	if err != nil || len(lines) < 5 || !strings.Contains(strings.Join(lines, "\n"), "confirmed by a person") {
		t.Errorf("%q %v", lines, err)
	}
}

// TestApplyAfterSecondLook: what a second look settled stays so when answers have all decided anew, without
// the pixels; and both looks are told.
func TestApplyAfterSecondLook(t *testing.T) {
	const granted = t3 + "granted/natural_person"
	r := scan()
	misread(r, granted, "72", 0.61, report.Candidate{Raw: "22", Probability: 0.3})
	prove(t, r, sees(granted, report.Candidate{Raw: "12", Probability: 0.7}, report.Candidate{Raw: "72", Probability: 0.2}))
	if c := r.Cell(granted); value(r, granted) != "12" || c.ReadAgain == nil || *c.ReadAgain != 0.2 || c.Candidates[0].Again != 0.7 {
		t.Fatalf("the second look settles nothing: %s %+v", value(r, granted), c)
	}
	x := report.Int(3)
	if err := check.Apply(r, form.Set{}, []report.Patch{{Path: t3 + "granted/business", Value: report.Value{Number: &x}}}); err != nil {
		t.Fatal(err)
	}
	if c := r.Cell(granted); value(r, granted) != "12" || c.Repair == nil || c.Repair.From != "72" {
		t.Errorf("the answer unsettles another cell: %s %+v", value(r, granted), c)
	}
	lines, err := check.Explain(r, form.Set{}, granted)
	if want := `"72" 0.6100 and 0.2000 at a second look; or "12" 0.0000 and 0.7000`; err != nil || !strings.Contains(strings.Join(lines, "\n"), want) {
		t.Errorf("%q %v, want %s", lines, err, want)
	}
}

func TestExplain(t *testing.T) {
	const granted = t3 + "granted/natural_person"
	r := scan()
	misread(r, granted, "72", 0.61, report.Candidate{Raw: "12", Probability: 0.33})
	page := 3
	r.Source.Pages = []report.Page{{Number: 3, Unit: "px"}}
	r.Cell(granted).Page, r.Cell(granted).Box = &page, &[4]float64{401.2, 560.1, 428, 575.3}
	prove(t, r, nil)
	lines, err := check.Explain(r, form.Set{}, granted)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(lines, "\n")
	for _, want := range []string{granted + " = 12", "（一）予以公开", "自然人", "page 3, box 401.2 560.1 428.0 575.3 px", `"72" 0.6100; or "12" 0.3300`,
		"T3.row granted: 15 = 15 holds", "T3.items natural_person: 16 = 16 holds", `repaired: read as "72"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if _, err := check.Explain(r, form.Set{}, "/tables/none"); err == nil {
		t.Error("an unknown pointer is explained")
	}
}

func TestRecheck(t *testing.T) {
	r := scan()
	prove(t, r, nil)
	if checks, problems := check.Recheck(r, form.Set{}); len(problems) > 0 || !reflect.DeepEqual(checks, r.Checks) {
		t.Errorf("a sound report has %v", problems)
	}
	n := report.Int(99)
	r.Tables.Set(t3+"granted/natural_person", report.Value{Number: &n})
	checks, problems := check.Recheck(r, form.Set{})
	if len(problems) != 1 || problems[0].Path != t3+"granted/natural_person" {
		t.Errorf("a hand edit gives %v", problems)
	}
	fails := 0
	for _, c := range checks {
		if c.Status == report.Fail {
			fails++
		}
	}
	if fails != 2 {
		t.Errorf("%d equations fail, want 2", fails)
	}
	// Tables alone, by another program.
	bare, err := report.Decode([]byte(`{"forms":{"review_and_litigation":"2021"},"tables":{"review_and_litigation":{"review":{"upheld":1,"corrected":null,"other_result":0,"pending":0,"total":2}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	checks, problems = check.Recheck(bare, form.Set{})
	if len(problems) != 10 || checks[0].Status != report.Fail {
		t.Errorf("%v %v", checks[0], problems)
	}
}

// TestRecheckLacks: a row that a local form's print never had is no fault, nor is a stated number that nobody took.
func TestRecheckLacks(t *testing.T) {
	const doubtful = `,"cells":[{"path":"/tables/narrative/answered_refused","raw":"10","mark":"text","note":"kind","verdict":"read",
		"confidence":1,"origin":"text","sentence":"不予公开信息有10条"}]`
	for _, c := range []struct {
		what, json string
		problems   int
	}{
		{"local", `{"forms":{"statistics":"shanghai"},"tables":{"statistics":{"proactive_total":425}}}`, 0},
		{"official", `{"forms":{"statistics":"2014"},"tables":{"statistics":{"proactive_total":425}}}`, -1},
		{"doubtful", `{"tables":{"narrative":{"answered_refused":null}}` + doubtful + `}`, 0},
		{"another number", `{"tables":{"narrative":{"answered_refused":12}}` + doubtful + `}`, 1},
	} {
		r, err := report.Decode([]byte(c.json))
		if err != nil {
			t.Fatal(err)
		}
		_, problems := check.Recheck(r, form.Set{})
		if len(problems) != c.problems && (c.problems >= 0 || len(problems) == 0) {
			t.Errorf("%s: %v", c.what, problems)
		}
	}
}

// TestGaveUp: a table of which nothing is sure ends in bounded time, and in the review.
func TestGaveUp(t *testing.T) {
	r := scan()
	rng := rand.New(rand.NewPCG(5, 5))
	for i := range r.Cells {
		if c := &r.Cells[i]; strings.HasPrefix(c.Path, t3) {
			var rivals []report.Candidate
			for range 8 {
				rivals = append(rivals, report.Candidate{Raw: fmt.Sprint(rng.IntN(300)), Probability: 0.1})
			}
			misread(r, c.Path, fmt.Sprint(rng.IntN(300)), 0.15, rivals...)
		}
	}
	looked := 0
	warnings := prove(t, r, reader{again: func(string, []string) []report.Candidate {
		looked++
		return nil
	}})
	if looked == 0 || looked > 20 {
		t.Errorf("looked at %d cells again", looked)
	}
	if len(warnings) != 1 || warnings[0].Code != diag.GaveUp {
		t.Errorf("warnings %v", warnings)
	}
}

// TestQuality: the rate of misreadings that sums can notice is found without the truth.
func TestQuality(t *testing.T) {
	b := loadBank(t)
	rng := rand.New(rand.NewPCG(3, 3))
	for _, rate := range []float64{0.003, 0.02} {
		var batch check.Batch
		wrong, all := 0, 0
		for range 60 {
			r, printed, _ := scanned(rng, b, setting{rate: rate})
			for i := range r.Cells {
				f := report.ParseFigure(r.Cells[i].Raw)
				v, garbled := "0", f.Mark == report.MarkText
				if f.Number != nil {
					v = f.Number.String()
				}
				if all++; garbled || v != printed[r.Cells[i].Path] {
					wrong++
				}
			}
			prove(t, r, nil)
			batch.Add(r)
		}
		q, truth := batch.Quality(), float64(wrong)/float64(all)
		if q.Interval[0] > truth || q.Interval[1] < truth || q.CellErrorRate < truth*0.6 || q.CellErrorRate > truth*1.7 {
			t.Errorf("at %.5f: %+v", truth, q)
		}
	}
}

// FuzzRun: decoding never turns an equation that holds into one that fails, alters no text layer,
// takes only values that were read, and running it again changes nothing.
func FuzzRun(f *testing.F) {
	f.Add(uint64(1), uint8(3))
	f.Add(uint64(2), uint8(40))
	f.Add(uint64(99), uint8(200))
	b := loadBank(f)
	f.Fuzz(func(t *testing.T, seed uint64, rate uint8) {
		rng := rand.New(rand.NewPCG(seed, 9))
		r, _, _ := scanned(rng, b, setting{rate: float64(rate) / 2000, agency: true})
		for i := range r.Cells {
			if c := &r.Cells[i]; rng.IntN(40) == 0 {
				c.Origin, c.ReadConfidence, c.Candidates = report.OriginText, nil, nil
			}
		}
		read := map[string]string{}
		for i := range r.Cells {
			read[r.Cells[i].Path] = value(r, r.Cells[i].Path)
		}
		before, _ := check.Recheck(r, form.Set{})
		prove(t, r, nil)
		for k, c := range r.Checks {
			if before[k].Status == report.Pass && c.Status == report.Fail {
				t.Errorf("%s %s held and fails", c.Rule, c.Scope)
			}
		}
		for i := range r.Cells {
			c := &r.Cells[i]
			now := value(r, c.Path)
			switch {
			case c.Repair == nil && now != read[c.Path]:
				t.Errorf("%s changed from %s to %s without a repair", c.Path, read[c.Path], now)
			case c.Repair != nil && c.Origin == report.OriginText:
				t.Errorf("%s is of a text layer and was repaired", c.Path)
			case c.Repair != nil:
				ok := false
				for _, x := range c.Candidates {
					v, _ := r.Tables.Value(c.Path)
					ok = ok || prints(v, x.Raw)
				}
				if !ok {
					t.Errorf("%s = %s is none of its readings", c.Path, now)
				}
			}
		}
		one, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		prove(t, r, nil)
		two, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one, two) {
			t.Error("running again changes the report")
		}
	})
}

// BenchmarkRun decodes a report as bad as those of level 3 (bilevel faxes): half a percent misread.
func BenchmarkRun(b *testing.B) { benchmark(b, 0.005) }

// BenchmarkRunWorst decodes what has a misreading in every second row.
func BenchmarkRunWorst(b *testing.B) { benchmark(b, 0.05) }

func benchmark(b *testing.B, rate float64) {
	bk := loadBank(b)
	rng := rand.New(rand.NewPCG(4, 4))
	var all []*report.Report
	for range 20 {
		r, _, _ := scanned(rng, bk, setting{rate: rate})
		all = append(all, r)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		prove(b, all[i%len(all)], nil)
	}
}
