// Package synth makes annual reports that nobody wrote: forms filled in at random whose printed
// characters are known, as DOCX, HTML, text, PDF and page images, and the same pages as a scanner, a
// fax or a telephone would have left them. Tests and docs/accuracy.md are built on it.
//
// Everything is decided by a seed. Numbers obey the equations of package form unless a report is asked
// to break one. Labels come from package form; the tables' shapes are those of the printed blanks.
package synth

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/form"
)

// Size says how large a body's numbers are.
type Size int

// The sizes: a township with hardly a request, a county, a large city. AnySize lets the seed decide.
const (
	AnySize Size = iota
	Small
	Medium
	Large
)

// Options choose what a report is like. The zero value is a sound 2021 form of any size.
type Options struct {
	// Form is the name of an official form, national or local; "" is "2021".
	Form string
	// Own is a form of nobody's that is printed in the place of an official one; nil for none. Only boxes
	// with rows of all columns are known how to print.
	Own  *form.Form
	Size Size
	// BreakOne changes one number after the sums were made, as bodies do in print.
	BreakOne bool
	// Zero is what is printed for zero in the tables of requests, of cases and of 2014: "0" when
	// Zero is "", and nothing when it is Blank.
	Zero string
	// Commas sets thousands marks, Notes remarks such as （其中修订2件）.
	Commas, Notes bool
}

// Blank as Options.Zero leaves cells empty.
const Blank = " "

// Report is a filled-in report.
type Report struct {
	Form   string
	Issuer string
	Year   int
	Title  string
	// Cells in the order of the form.
	Cells []Cell
	// Broken names the relations that do not hold, as "rule scope".
	Broken   []string
	Sections []Section

	printed map[string]string
	form    *form.Form
}

// Cell is one number as printed. Path is its JSON pointer in the output.
type Cell struct {
	Path    string `json:"path"`
	Printed string `json:"printed"`
}

// Section is a chapter: paragraphs, then a form's table when Table names one.
type Section struct {
	Heading    string
	Paragraphs []string
	Table      string
}

// Make fills in a report.
func Make(seed uint64, o Options) *Report {
	if o.Form == "" {
		o.Form = "2021"
	}
	blank := o.Own
	if blank == nil {
		blank = form.Official().Get(o.Form)
	}
	m := maker{rng: rand.New(rand.NewPCG(seed, 0x6e69616e)), form: blank, size: o.Size, values: map[string]float64{}}
	if m.size == AnySize {
		m.size = []Size{Small, Small, Medium, Medium, Large}[m.rng.IntN(5)]
	}
	years := map[string][2]int{"2021": {2021, 2025}, "2019": {2019, 2020}, "2014": {2014, 2018}}[o.Form]
	if m.form.Local || o.Own != nil {
		years = [2]int{2008, 2013}
	}
	r := &Report{
		Form:    blank.Name,
		form:    blank,
		Issuer:  pick(m.rng, places) + pick(m.rng, bodies),
		Year:    years[0] + m.rng.IntN(years[1]-years[0]+1),
		printed: map[string]string{},
	}
	r.Title = fmt.Sprintf("%s%d年政府信息公开工作年度报告", r.Issuer, r.Year)
	for i := range m.form.Tables {
		t := &m.form.Tables[i]
		if o.Own != nil {
			m.anyTable(t)
			continue
		}
		switch t.Key {
		case "proactive_disclosure":
			m.disclosure(t)
		case "requests":
			m.requests(t)
		case "review_and_litigation":
			m.review(t)
		case "statistics":
			if m.form.Local {
				m.local(t)
			} else {
				m.statistics(t)
			}
		}
	}
	if o.BreakOne {
		m.breakOne()
	}
	for i := range m.form.Tables {
		t := &m.form.Tables[i]
		for _, relation := range t.Relations() {
			if relation.Severity == "error" && !m.holds(relation) {
				r.Broken = append(r.Broken, strings.TrimSpace(relation.Rule+" "+relation.Scope))
			}
		}
		for _, f := range t.Fields() {
			s := m.print(f, t.Key, o)
			r.Cells = append(r.Cells, Cell{f.Path, s})
			r.printed[f.Path] = s
		}
	}
	if o.Own != nil {
		for _, t := range blank.Tables {
			r.Sections = append(r.Sections, Section{Heading: t.Title, Table: t.Key})
		}
		return r
	}
	m.prose(r)
	return r
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

type maker struct {
	rng    *rand.Rand
	form   *form.Form
	size   Size
	values map[string]float64
}

// count is zero most of the time, small mostly, and large once in a while, as in real reports.
func (m *maker) count(size Size) float64 {
	zero := map[Size]float64{Small: 0.8, Medium: 0.5, Large: 0.2}[size]
	top := map[Size]float64{Small: 9, Medium: 150, Large: 6000}[size]
	if m.rng.Float64() < zero {
		return 0
	}
	return math.Max(1, math.Floor(math.Pow(top, m.rng.Float64()*m.rng.Float64())*(0.7+m.rng.Float64())))
}

func (m *maker) sum(paths []string) float64 {
	s := 0.0
	for _, p := range paths {
		s += m.values[p]
	}
	return s
}

func (m *maker) holds(r form.Relation) bool {
	left, right := m.sum(r.Left), m.sum(r.Right)
	if r.AtMost {
		return left <= right+1e-9
	}
	return math.Abs(left-right) < 1e-9
}

// total makes every relation of a rule hold by its right side, which must be one number.
func (m *maker) total(t *form.Table, rule string) {
	for _, r := range t.Relations() {
		if r.Rule == rule {
			m.values[r.Right[0]] = m.sum(r.Left)
		}
	}
}

func (m *maker) requests(t *form.Table) {
	inner := max(Small, m.size-1)
	columns := t.Columns[:len(t.Columns)-1]
	for _, c := range columns {
		size := inner
		if c.Key == "natural_person" {
			size = m.size
		}
		for _, row := range t.Rows {
			if len(row.Groups) > 0 && row.Key != "handled_total" {
				m.values[form.Path(t.Key, row.Key, c.Key)] = m.count(size)
			}
		}
	}
	m.total(t, "T3.items")
	for _, c := range columns {
		at := func(row string) string { return form.Path(t.Key, row, c.Key) }
		if m.rng.Float64() < 0.6 {
			m.values[at("carried_out")] = m.count(inner)
		}
		whole := m.values[at("handled_total")] + m.values[at("carried_out")]
		if m.rng.Float64() < 0.6 {
			m.values[at("carried_in")] = math.Min(whole, m.count(inner))
		}
		m.values[at("received")] = whole - m.values[at("carried_in")]
	}
	m.total(t, "T3.row")
}

func (m *maker) review(t *form.Table) {
	for _, f := range t.Fields() {
		if !strings.HasSuffix(f.Path, "/total") {
			m.values[f.Path] = m.count(max(Small, m.size-1))
		}
	}
	m.total(t, "T4.sum")
}

func (m *maker) disclosure(t *form.Table) {
	top := map[Size]int{Small: 60, Medium: 1200, Large: 90000}[m.size]
	some := func() float64 {
		switch m.rng.IntN(4) {
		case 0, 1:
			return 0
		case 2:
			return float64(m.rng.IntN(10))
		}
		return float64(m.rng.IntN(top))
	}
	for _, f := range t.Fields() {
		switch f.Col.Key {
		case "amount_wan_yuan", "amount":
			if m.rng.IntN(2) == 0 {
				scale := math.Pow10(m.rng.IntN(5))
				m.values[f.Path] = math.Round(m.rng.Float64()*float64(top)*scale) / scale
			}
		case "items_change":
			if m.rng.IntN(3) == 0 {
				m.values[f.Path] = float64(m.rng.IntN(40) - 15)
			}
		default:
			m.values[f.Path] = some()
			if f.Row.Key == "rules" && m.size != Large {
				m.values[f.Path] = 0
			}
		}
	}
}

func (m *maker) statistics(t *form.Table) {
	for _, f := range t.Fields() {
		m.values[f.Path] = m.count(m.size)
		if f.Decimal && m.values[f.Path] > 0 {
			m.values[f.Path] += pick(m.rng, []float64{0, 0.5, 0.25, 0.1234})
		}
	}
	at := func(key string) string { return form.Path(t.Key, key, "") }
	largest := func(keys ...string) (v float64) {
		for _, k := range keys {
			v = math.Max(v, m.values[at(k)])
		}
		return v
	}
	m.total(t, "B4")
	for _, rule := range []string{"B1", "B3", "B5", "B6"} {
		m.total(t, rule)
	}
	done := m.values[at("requests_answered")]
	m.values[at("requests_completed")] = done
	m.values[at("completed_extended")] = math.Min(m.values[at("completed_extended")], done)
	m.values[at("completed_on_time")] = done - m.values[at("completed_extended")]
	m.values[at("proactive_total")] = largest("channel_gazette", "channel_website", "channel_weibo", "channel_wechat", "channel_other")
	m.values[at("response_total")] = largest("press_conferences", "online_interviews", "policy_interpretations", "weibo_wechat_responses", "other_responses")
	documents := at("proactive_normative_documents")
	m.values[documents] = math.Min(m.values[documents], math.Min(m.values[at("proactive_total")], m.values[at("normative_documents_issued")]))
	for _, k := range []string{"press_conferences", "online_interviews"} {
		m.values[at(k+"_by_head")] = math.Min(m.values[at(k+"_by_head")], m.values[at(k)])
	}
}

// local fills in the statistics of a local form: what its equations do not bind is any number.
func (m *maker) local(t *form.Table) {
	for _, f := range t.Fields() {
		m.values[f.Path] = m.count(m.size)
	}
	for range t.Equations { // a sum may be an item of another one
		for _, e := range t.Equations {
			m.total(t, e.Rule)
		}
	}
}

// breakOne changes a number that an equation contains.
func (m *maker) breakOne() {
	var paths []string
	for i := range m.form.Tables {
		for _, r := range m.form.Tables[i].Relations() {
			if r.Severity == "error" && !r.AtMost {
				paths = append(append(paths, r.Left...), r.Right...)
			}
		}
	}
	p := pick(m.rng, paths)
	step := pick(m.rng, []float64{-1, 1, 1, 2, 10})
	if m.values[p] == 0 {
		step = math.Abs(step)
	}
	m.values[p] += step
}

func (m *maker) print(f form.Field, table string, o Options) string {
	v := m.values[f.Path]
	if v == 0 && table != "proactive_disclosure" && o.Zero != "" {
		return strings.TrimSpace(o.Zero)
	}
	s := strconv.FormatFloat(math.Round(v*1e4)/1e4, 'f', -1, 64)
	if o.Commas && v >= 1000 {
		whole, part, _ := strings.Cut(s, ".")
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
		s = whole
		if part != "" {
			s += "." + part
		}
	}
	if o.Notes && f.Col.Key == "issued" && v > 3 {
		s += fmt.Sprintf("（其中修订%d件）", 1+m.rng.IntN(int(v)))
	}
	return s
}

// Truth is what a truth file holds.
type Truth struct {
	Form   string   `json:"form"`
	Issuer string   `json:"issuer"`
	Year   int      `json:"year"`
	Title  string   `json:"title"`
	Broken []string `json:"broken"`
	Cells  []Cell   `json:"cells"`
}

// Truth of the report: what was printed.
func (r *Report) Truth() Truth {
	return Truth{r.Form, r.Issuer, r.Year, r.Title, r.Broken, r.Cells}
}
