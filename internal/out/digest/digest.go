// Package digest makes one page of HTML about many reports: how many there are and how far they are
// proven, what has no result and why, the sums that are wrong in print with both sides of the
// equation, the cells to review first, and what contradicts other years.
//
// The page is in Chinese, holds its style and its charts (inline SVG), and loads nothing.
package digest

import (
	"cmp"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/internal/out/manifest"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/wording"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/worker"
)

//go:embed page.html
var pageHTML string

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"percent":     percent,
		"shown":       func(of, shown int) struct{ Of, Shown int } { return struct{ Of, Shown int }{of, shown} },
		"chartHeight": func(n int) int { return n * barStep },
		"px":          func(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) },
		"at":          func(x float64) string { return strconv.FormatFloat(chartLeft+x, 'f', 1, 64) },
		"after": func(b bar) string {
			last := b.Parts[len(b.Parts)-1]
			return strconv.FormatFloat(chartLeft+last.X+last.W+6, 'f', 1, 64)
		},
	}).Parse(pageHTML))
})

// listed is how many lines a list of the page has at most; the export has all of them.
const listed = 300

// Failure is an input without a result.
type Failure struct{ Input, Reason, Message string }

// Write writes the page about a set of reports, the inputs that have none, and where there is one the list of all inputs.
func Write(w io.Writer, set *export.Set, failures []Failure, list *batch.Manifest) error {
	d, err := gather(set, failures)
	if err != nil {
		return err
	}
	d.list(list)
	return page().Execute(w, d)
}

type data struct {
	Reports, Issuers, Cells, Filled int
	FirstYear, LastYear             int
	Clean, ToReview                 int // reports
	Complete, Partial, NoNumbers    int // reports
	ReviewCells, Proven             int
	WrongSums, WrongReports         int
	ExpectedWrong                   string
	ErrorRate                       string
	OCRPages, Pages                 int
	ByYear, ByForm                  []bar
	ByVerdict, ByReason             []bar
	Failures                        []Failure
	FailureCount                    int
	FailureReasons                  []bar
	Sums                            []sum
	Review                          []review
	Series                          []finding
	SeriesTested                    int
	SeriesCount                     int
	// The list of all inputs.
	Fates  []bar
	Inputs []input
	Found  int // inputs of the last run
}

// input is a line of the list of inputs.
type input struct {
	Path, Outcome, Class, Result, Note string
	Bytes                              int64
	Review                             int
}

// bar is a line of a chart: parts of a whole, in pixels.
type bar struct {
	Label string
	Total int
	Parts []part
	Y     int
}

type part struct {
	Class, Title string
	N            int
	X, W         float64
}

type sum struct {
	Issuer, Source, Rule, Scope string
	Year                        string
	Left, Right                 string // in words and numbers
	LeftSum, RightSum           string
}

type review struct {
	Issuer, Year, Source, Where, Value, Raw, Reason, Detail, Page string
	Class                                                         report.Reason
	Picture                                                       template.URL // of the cell, where it was drawn
	name, path                                                    string
	rank                                                          int
	confidence                                                    float64
}

type finding struct {
	Issuer, Years, Rule, Text, Severity string
	Reports                             []string
}

// urgency orders the reasons: what contradicts itself first.
var urgency = []report.Reason{
	report.InConflict, report.PrintedInconsistency, report.WasRepaired, report.OtherUnit, report.TextDisagrees, report.LowConfidence, report.IsMissing,
}

var verdicts = []report.Verdict{
	report.Proven, report.Supported, report.Read, report.Confirmed, report.Repaired, report.Conflict, report.Missing,
}

// The kinds of reports in the charts.
const (
	clean = iota
	lacking
	doubtful
	wrong
	kinds
)

var classes = [kinds]struct{ class, title string }{{"clean", "完整，无需核对"}, {"missing", "无数字或有缺漏"}, {"doubtful", "有待核对单元格"}, {"wrong", "原文勾稽不符"}}

func gather(set *export.Set, failures []Failure) (*data, error) {
	t := &tally{
		data: &data{Reports: set.Len(), FailureCount: len(failures), SeriesTested: set.Series.Tested, SeriesCount: len(set.Series.Findings), Issuers: set.Series.Issuers},
		set:  set, years: map[string]*[kinds]int{}, forms: map[string]*[kinds]int{},
		verdicts: map[report.Verdict]int{}, reasons: map[report.Reason]int{},
	}
	if err := set.Each(t.add); err != nil {
		return nil, err
	}
	d := t.data
	d.ExpectedWrong = strconv.FormatFloat(t.expected, 'f', 2, 64)
	if len(t.rates) > 0 {
		total := 0.0
		for _, x := range t.rates {
			total += x
		}
		d.ErrorRate = strconv.FormatFloat(100*total/float64(len(t.rates)), 'f', 3, 64) + " %"
	}
	d.ByYear = stacked(t.years, func(s string) string { return s })
	d.ByForm = stacked(t.forms, func(name string) string { return export.FormLabel(name, set.Forms) })
	for _, v := range verdicts {
		if n := t.verdicts[v]; n > 0 {
			d.ByVerdict = append(d.ByVerdict, single(export.VerdictLabel(v), string(v), n))
		}
	}
	for _, x := range urgency {
		if n := t.reasons[x]; n > 0 {
			d.ByReason = append(d.ByReason, single(export.ReasonLabel(x), string(x), n))
		}
	}
	d.fail(failures)
	for _, bars := range [][]bar{d.ByVerdict, d.ByReason, d.FailureReasons, d.ByYear, d.ByForm} {
		place(bars)
	}
	for _, f := range set.Series.Findings[:min(listed, len(set.Series.Findings))] {
		var ys []string
		for _, y := range f.Years {
			ys = append(ys, strconv.Itoa(y))
		}
		d.Series = append(d.Series, finding{
			Issuer: f.Issuer, Years: strings.Join(ys, "–"), Rule: set.RuleLabel(f.Rule), Text: set.Explain(f), Severity: f.Severity, Reports: f.Reports,
		})
	}
	d.sortReview()
	return d, d.illustrate(set)
}

// maxPictures bounds the bytes of pictures on the page, before they are written in base64.
const maxPictures = 4 << 20

// illustrate draws the cells of the lines that the page has.
func (d *data) illustrate(set *export.Set) error {
	if set.Pictures == nil {
		return nil
	}
	lines := map[string][]*review{}
	for i := range d.Review {
		l := &d.Review[i]
		lines[l.name] = append(lines[l.name], l)
	}
	room := maxPictures
	return set.Each(func(name string, r *report.Report) error {
		if len(lines[name]) == 0 || room <= 0 {
			return nil
		}
		pictures := set.Pictures(name, r)
		for _, l := range lines[name] {
			if p := pictures[l.path]; len(p) > 0 && len(p) <= room {
				room -= len(p)
				l.Picture = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(p))
			}
		}
		return nil
	})
}

// tally is the page's data while the reports are counted one after the other.
type tally struct {
	*data
	set          *export.Set
	years, forms map[string]*[kinds]int // reports of each class
	verdicts     map[report.Verdict]int
	reasons      map[report.Reason]int
	expected     float64 // wrong numbers that review does not name, by the readers' own confidence
	rates        []float64
}

// add counts a report.
func (t *tally) add(name string, r *report.Report) error {
	figures := map[string]*export.Figure{}
	all := t.set.Figures(name, r)
	for i := range all {
		figures[all[i].Path] = &all[i]
	}
	t.classify(r, t.addChecks(name, r, figures))
	t.addCells(r, t.addReviews(name, r, figures))
	for _, p := range r.Source.Pages {
		t.Pages++
		if p.Route == "ocr" {
			t.OCRPages++
		}
	}
	if r.Quality != nil {
		t.rates = append(t.rates, r.Quality.CellErrorRate)
	}
	return nil
}

// addChecks counts the equations that fail, and gives their number.
func (t *tally) addChecks(name string, r *report.Report, figures map[string]*export.Figure) (failed int) {
	for _, c := range r.Checks {
		if c.Status == report.Fail && c.Severity == "error" {
			failed++
			if len(t.Sums) < listed {
				t.Sums = append(t.Sums, equation(name, r, c, figures, t.set.Forms))
			}
		}
	}
	t.WrongSums += failed
	if failed > 0 {
		t.WrongReports++
	}
	return failed
}

// classify counts a report in the charts by its year and by its form.
func (t *tally) classify(r *report.Report, failed int) {
	class, year := t.count(r, failed), "年份不明"
	if y := r.Meta.Year; y != nil {
		year = strconv.Itoa(*y)
		if t.FirstYear == 0 || *y < t.FirstYear {
			t.FirstYear = *y
		}
		t.LastYear = max(t.LastYear, *y)
	}
	mark := func(by map[string]*[kinds]int, key string) {
		if by[key] == nil {
			by[key] = new([kinds]int)
		}
		by[key][class]++
	}
	mark(t.years, year)
	mark(t.forms, r.Form)
}

// addReviews counts what a person must look at, and gives the paths.
func (t *tally) addReviews(name string, r *report.Report, figures map[string]*export.Figure) map[string]bool {
	if len(r.Review) > 0 {
		t.ToReview++
	}
	paths := map[string]bool{}
	for _, v := range r.Review {
		paths[v.Path] = true
		t.reasons[v.Reason]++
		t.ReviewCells++
		t.addReview(line(t.set.Forms, name, r, v, figures[v.Path]))
	}
	return paths
}

// addCells counts the numbers of a report.
func (t *tally) addCells(r *report.Report, inReview map[string]bool) {
	for i := range r.Cells {
		c := &r.Cells[i]
		if report.IsMeta(c.Path) {
			continue
		}
		t.Cells++
		t.verdicts[c.Verdict]++
		if c.Verdict == report.Proven || c.Verdict == report.Supported {
			t.Proven++
		}
		if c.Verdict != report.Missing {
			t.Filled++
			if !inReview[c.Path] {
				t.expected += 1 - c.Confidence
			}
		}
	}
}

// fail lists the inputs without a result, and counts them by reason, the most frequent first.
func (d *data) fail(failures []Failure) {
	reasons := map[string]int{}
	for _, f := range failures {
		reasons[f.Reason]++
		if len(d.Failures) < listed {
			f.Message = wording.In(wording.Chinese).Text(f.Message)
			f.Reason = manifest.ReasonLabel(worker.Reason(f.Reason))
			d.Failures = append(d.Failures, f)
		}
	}
	keys := slices.SortedFunc(maps.Keys(reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(reasons[b], reasons[a]), strings.Compare(a, b))
	})
	for _, k := range keys {
		d.FailureReasons = append(d.FailureReasons, single(manifest.ReasonLabel(worker.Reason(k)), "failure", reasons[k]))
	}
}

// fateClasses are the colours of what became of inputs.
var fateClasses = map[batch.Fate]string{
	batch.FateComplete: "clean", batch.FatePartial: "doubtful", batch.FateNoNumbers: "missing", batch.FateNotAReport: "failure",
	batch.FateQuarantined: "failure", batch.FateDuplicate: "read", batch.FateWaiting: "missing",
}

// inputLines is how many inputs the page lists at most.
const inputLines = 2000

// list takes the list of all inputs.
func (d *data) list(m *batch.Manifest) {
	if m == nil {
		return
	}
	d.Found = m.Found
	for _, f := range batch.Fates {
		if n := m.Totals[f]; n > 0 {
			d.Fates = append(d.Fates, single(manifest.FateLabel(f), fateClasses[f], n))
		}
	}
	place(d.Fates)
	for _, l := range m.Lines {
		if len(d.Inputs) == inputLines {
			break
		}
		if !l.Found {
			continue
		}
		note := l.DuplicateOf
		if l.Reason != "" {
			note = manifest.ReasonLabel(l.Reason)
		}
		d.Inputs = append(d.Inputs, input{l.Input, manifest.FateLabel(l.Fate), fateClasses[l.Fate], l.Result, note, l.Bytes, l.Review})
	}
}

// count counts a report by its outcome and gives its class in the charts. Only a complete one can need
// nobody's look.
func (d *data) count(r *report.Report, failed int) int {
	switch r.Outcome {
	case report.Complete:
		d.Complete++
	case report.NoNumbers, report.NotAReport:
		d.NoNumbers++
	default:
		d.Partial++
	}
	switch {
	case failed > 0:
		return wrong
	case r.Outcome != report.Complete:
		return lacking
	case len(r.Review) > 0:
		return doubtful
	}
	d.Clean++
	return clean
}

// addReview keeps the most urgent lines, without holding them all.
func (d *data) addReview(l review) {
	d.Review = append(d.Review, l)
	if len(d.Review) >= 4*listed {
		d.sortReview()
	}
}

func (d *data) sortReview() {
	slices.SortStableFunc(d.Review, func(a, b review) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.confidence, b.confidence))
	})
	d.Review = d.Review[:min(listed, len(d.Review))]
}

func line(forms form.Set, name string, r *report.Report, v report.Review, f *export.Figure) review {
	l := review{
		name: name, path: v.Path,
		Issuer: r.Meta.Issuer, Year: yearOf(r), Source: sourceOf(name, r), Where: export.PathLabel(v.Path), Reason: export.ReasonLabel(v.Reason), Class: v.Reason,
		Detail: export.Detail(forms, r, v), rank: slices.Index(urgency, v.Reason), confidence: 1,
	}
	if l.rank < 0 {
		l.rank = len(urgency)
	}
	if f != nil {
		l.Where, l.Value, l.Raw, l.confidence = export.Where(f), value(f), f.Cell.Raw, f.Cell.Confidence
		if f.Cell.Page != nil {
			l.Page = strconv.Itoa(*f.Cell.Page)
		}
	}
	return l
}

// sourceOf tells the document of a report from others of its name: by its path below the inputs, which is the name of its result, or
// by the result itself where that was called otherwise.
func sourceOf(name string, r *report.Report) string {
	place := strings.TrimSuffix(name, ".json")
	switch base := path.Base(place); {
	case base == r.Source.Name || r.Source.Name == "":
		return place
	default:
		return r.Source.Name + "（" + name + "）"
	}
}

func yearOf(r *report.Report) string {
	if r.Meta.Year == nil {
		return "?"
	}
	return strconv.Itoa(*r.Meta.Year)
}

func value(f *export.Figure) string {
	switch {
	case f == nil, f.Value.IsNull():
		return "（空）"
	case f.Value.Number != nil:
		return f.Value.Number.String()
	}
	return *f.Value.Text
}

// equation puts a failed check into words: the terms of both sides with their numbers.
func equation(name string, r *report.Report, c report.Check, figures map[string]*export.Figure, forms form.Set) sum {
	s := sum{Issuer: r.Meta.Issuer, Year: yearOf(r), Source: sourceOf(name, r), Rule: "分项之和 = 合计", Scope: c.Scope}
	left, right := c.Cells, []string(nil)
	t := export.TableOf(forms, r, c)
	if rel := export.Relation(t, c); rel != nil {
		left, right = rel.Left, rel.Right
		if rel.Words != "" {
			s.Rule = rel.Words
		}
	}
	var all []*export.Figure
	for _, p := range slices.Concat(left, right) {
		if f := figures[p]; f != nil {
			all = append(all, f)
		}
	}
	// What all terms have in common names the equation, what differs names the terms.
	sameRow := !slices.ContainsFunc(all, func(f *export.Figure) bool { return f.Labels[1] != all[0].Labels[1] })
	s.Left, s.Right = terms(left, figures, sameRow), terms(right, figures, sameRow)
	if c.Left != nil {
		s.LeftSum = c.Left.String()
	}
	if c.Right != nil {
		s.RightSum = c.Right.String()
	}
	if len(all) == 0 {
		return s
	}
	first, last := all[0], all[len(all)-1]
	switch {
	case t != nil && len(t.Columns) == 1:
		s.Scope = last.Labels[1]
	case sameRow && first.Labels[1] != "":
		s.Scope = first.Labels[1]
	case sameRow:
		s.Scope, _, _ = cut(first.Labels[2])
	default:
		s.Scope = first.Labels[2]
	}
	return s
}

// cut divides a label at its last group.
func cut(label string) (groups, last string, ok bool) {
	i := strings.LastIndex(label, " / ")
	if i < 0 {
		return label, label, false
	}
	return label[:i], label[i+len(" / "):], true
}

// terms lists the numbers of a side by column or by row; those that are zero or empty only when all
// are.
func terms(paths []string, figures map[string]*export.Figure, byColumn bool) string {
	var some, every []string
	for _, p := range paths {
		f := figures[p]
		if f == nil {
			continue
		}
		label := f.Labels[1]
		if byColumn {
			label = f.Labels[2]
		}
		_, name, _ := cut(label)
		text := name + " " + value(f)
		every = append(every, text)
		if f.Value.Number != nil && !f.Value.Number.IsZero() {
			some = append(some, text)
		}
	}
	if len(some) == 0 {
		some = every[:min(1, len(every))]
	}
	return strings.Join(some, " + ")
}

// Charts: bars of at most chartWidth pixels, one under the other.
const (
	chartLeft  = 170.0
	chartWidth = 420.0
	barStep    = 26
)

func stacked(m map[string]*[kinds]int, name func(string) string) []bar {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var out []bar
	for _, k := range keys {
		b := bar{Label: name(k)}
		for i, n := range m[k] {
			b.Total += n
			if n > 0 {
				b.Parts = append(b.Parts, part{Class: classes[i].class, Title: fmt.Sprintf("%s：%s %d", b.Label, classes[i].title, n), N: n})
			}
		}
		out = append(out, b)
	}
	return out
}

func single(label, class string, n int) bar {
	return bar{Label: label, Total: n, Parts: []part{{Class: class, Title: fmt.Sprintf("%s：%d", label, n), N: n}}}
}

// place gives the bars their pixels; the longest one fills the chart.
func place(bars []bar) {
	longest := 1
	for _, b := range bars {
		longest = max(longest, b.Total)
	}
	for i := range bars {
		bars[i].Y = i * barStep
		x := 0.0
		for j := range bars[i].Parts {
			p := &bars[i].Parts[j]
			p.X, p.W = x, math.Max(1.5, chartWidth*float64(p.N)/float64(longest))
			x += p.W
		}
	}
}

func percent(n, of int) string {
	if of == 0 {
		return "–"
	}
	return strconv.FormatFloat(100*float64(n)/float64(of), 'f', 1, 64) + " %"
}
