// Package accuracy measures how true conversions are: reports of package synth, drawn and degraded,
// go through package convert, and every number is compared with what was printed.
//
// A number is right when the JSON holds what is printed, null for a cell without a number. It is a
// silent error when it is wrong and the report's review does not name it. What is measured on the
// generator's pages holds for such pages; docs/accuracy.md says what was measured on others.
package accuracy

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"regexp"
	"strings"
	"sync"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/report"
)

// Case is one report in one style at one level.
type Case struct {
	Number int
	Level  synth.Level
	Report *synth.Report
	Style  synth.Style
}

// Forms of the cases.
var forms = []string{"2021", "2019", "2014"}

// Whole is how many cases hold every form, face and level together once.
const Whole = 54

// shortCases are the numbers of Short's cases: every level once, every form twice.
var shortCases = []int{0, 19, 50, 9, 28, 47}

// ShortCases are the few cases that the tests run, and that Tesseract alone is measured with.
func ShortCases() []Case {
	all := Cases(Whole)
	var list []Case
	for _, i := range shortCases {
		list = append(list, all[i])
	}
	return list
}

// Cases gives the first n cases. The levels come round fastest, then the faces, then the forms: Whole
// cases hold every combination once.
func Cases(n int) []Case {
	var list []Case
	for i := range n {
		levels, faces := len(synth.Levels()), synth.Faces()
		o := synth.Options{Form: forms[i/levels/len(faces)%len(forms)]}
		if n < Whole { // few cases: the forms and faces come round with the levels
			o.Form = forms[i%len(forms)]
		}
		o.BreakOne = i%4 == 3
		o.Zero = map[int]string{4: synth.Blank, 7: "/", 10: "—"}[i%11]
		o.Commas, o.Notes = i%10 == 9, i%10 == 6
		st := synth.MakeStyle(uint64(i))
		if st.Figures == st.Face {
			st.Figures = faces[i/levels%len(faces)]
		}
		st.Face = faces[i/levels%len(faces)]
		list = append(list, Case{i, synth.Levels()[i%levels], synth.Make(uint64(1000+i), o), st})
	}
	return list
}

// Tally is what was counted. Tallies add up.
type Tally struct {
	Reports int `json:"reports"`
	Failed  int `json:"failed"` // no output at all
	Pages   int `json:"pages"`
	// Perfect reports have every number right.
	Perfect     int `json:"perfect"`
	Tables      int `json:"tables"`
	TablesRight int `json:"tables_right"`
	Cells       int `json:"cells"`
	Right       int `json:"right"`
	// Silent errors are wrong, and not in review.
	Silent int `json:"silent"`
	// Flagged numbers are in review; FlaggedRight of them are right.
	Flagged      int `json:"flagged"`
	FlaggedRight int `json:"flagged_right"`
	// Broken reports are wrong in print; Found of them have a check that fails, and False of the others.
	Broken int `json:"broken"`
	Found  int `json:"found"`
	False  int `json:"false_alarms"`
}

// Add adds another tally.
func (t *Tally) Add(o Tally) {
	t.Reports += o.Reports
	t.Failed += o.Failed
	t.Pages += o.Pages
	t.Perfect += o.Perfect
	t.Tables += o.Tables
	t.TablesRight += o.TablesRight
	t.Cells += o.Cells
	t.Right += o.Right
	t.Silent += o.Silent
	t.Flagged += o.Flagged
	t.FlaggedRight += o.FlaggedRight
	t.Broken += o.Broken
	t.Found += o.Found
	t.False += o.False
}

// Share of the numbers that are right, in percent.
func (t Tally) Share() float64 {
	if t.Cells == 0 {
		return 0
	}
	return 100 * float64(t.Right) / float64(t.Cells)
}

// Bins of confidence for the reliability diagram: the lower edges.
var binEdges = []float64{0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999}

// Bin counts numbers that were read from pixels with a confidence of at least From.
type Bin struct {
	From       float64 `json:"from"`
	Cells      int     `json:"cells"`
	Right      int     `json:"right"`
	Confidence float64 `json:"-"` // their sum
}

// NewBins gives the empty diagram.
func NewBins() []Bin {
	var bins []Bin
	for _, e := range binEdges {
		bins = append(bins, Bin{From: e})
	}
	return bins
}

// Error is one number that came out wrong.
type Error struct {
	Case    int
	Level   synth.Level
	Path    string
	Printed string
	Got     string
	Silent  bool
}

func (e Error) String() string {
	kind := "in review"
	if e.Silent {
		kind = "SILENT"
	}
	return fmt.Sprintf("case %d (%s) %s: printed %q, got %s, %s", e.Case, e.Level, e.Path, e.Printed, e.Got, kind)
}

// Score compares a conversion with the truth and puts its confidences in bins, which may be nil. got
// is nil when there was no output.
func Score(c Case, got *report.Report, bins []Bin) (Tally, []Error) {
	t := Tally{Reports: 1}
	if got == nil {
		t.Failed = 1
		got = &report.Report{}
	}
	review := map[string]bool{}
	for _, r := range got.Review {
		review[r.Path] = true
	}
	cells := map[string]*report.Cell{}
	for i := range got.Cells {
		cells[got.Cells[i].Path] = &got.Cells[i]
	}
	var errs []Error
	wrong := map[string]bool{} // by table
	for _, cell := range c.Report.Cells {
		table, _, _ := strings.Cut(strings.TrimPrefix(cell.Path, "/tables/"), "/")
		if _, seen := wrong[table]; !seen {
			wrong[table] = false
		}
		value, found := got.Tables.Value(cell.Path)
		ok := found && same(value, cell.Printed)
		t.Cells++
		if ok {
			t.Right++
		} else {
			wrong[table] = true
			e := Error{c.Number, c.Level, cell.Path, cell.Printed, shown(value, found), found && !review[cell.Path]}
			if e.Silent {
				t.Silent++
			}
			errs = append(errs, e)
		}
		if review[cell.Path] {
			t.Flagged++
			if ok {
				t.FlaggedRight++
			}
		}
		if x := cells[cell.Path]; x != nil && x.Origin == report.OriginOCR && x.Verdict != "missing" {
			count(bins, x.Confidence, ok)
		}
	}
	for _, w := range wrong {
		t.Tables++
		if !w {
			t.TablesRight++
		}
	}
	if len(errs) == 0 {
		t.Perfect = 1
	}
	failing := 0
	for _, k := range got.Checks {
		if k.Status == report.Fail && k.Severity != "warning" {
			failing = 1
		}
	}
	if len(c.Report.Broken) > 0 {
		t.Broken, t.Found = 1, failing
	} else {
		t.False = failing
	}
	return t, errs
}

func count(bins []Bin, confidence float64, right bool) {
	for i := len(bins) - 1; i >= 0; i-- {
		if confidence >= bins[i].From {
			bins[i].Cells++
			bins[i].Confidence += confidence
			if right {
				bins[i].Right++
			}
			return
		}
	}
}

var remark = regexp.MustCompile(`（.*?）|\(.*?\)`)

// number is the number that is printed; false when there is none.
func number(printed string) (report.Number, bool) {
	n, err := report.ParseNumber(strings.ReplaceAll(remark.ReplaceAllString(printed, ""), ",", ""))
	return n, err == nil
}

func same(v report.Value, printed string) bool {
	want, ok := number(printed)
	if !ok {
		return v.IsNull()
	}
	return v.Number != nil && v.Number.Equal(want.Decimal)
}

func shown(v report.Value, found bool) string {
	switch {
	case !found:
		return "nothing"
	case v.Number != nil:
		return v.Number.String()
	case v.Text != nil:
		return *v.Text
	}
	return "null"
}

// Converter is package convert's, as far as it is needed here.
type Converter interface {
	Convert(ctx context.Context, name string, data []byte) ([]*report.Report, error)
}

// Outcome is what became of one case.
type Outcome struct {
	Case   Case
	Tally  Tally
	Errors []Error
	Bins   []Bin
	Err    error // why there is no output
}

// Scans converts every case as a scan, workers at a time, and gives the outcomes in order. done, when
// it is not nil, is told each outcome as it comes.
func Scans(ctx context.Context, c Converter, cases []Case, workers int, done func(Outcome)) []Outcome {
	var mu sync.Mutex
	return each(cases, workers, func(k Case) Outcome {
		scans := synth.LayOut(k.Report, k.Style).Scans(k.Level, uint64(k.Number))
		out := convert(ctx, c, k, fmt.Sprintf("case%03d.tif", k.Number), synth.TIFF(scans))
		out.Tally.Pages = len(scans)
		if done != nil {
			mu.Lock()
			defer mu.Unlock()
			done(out)
		}
		return out
	})
}

// Formats that hold their text, and how a case is written in each.
var Formats = []struct {
	Name  string
	write func(Case) []byte
}{
	{"docx", func(k Case) []byte { return k.Report.DOCX(k.Style) }},
	{"html", func(k Case) []byte { return k.Report.HTML(k.Style) }},
	{"txt", func(k Case) []byte { return k.Report.Text(k.Style) }},
	{"pdf", func(k Case) []byte { return synth.LayOut(k.Report, k.Style).PDF() }},
}

// Digital converts every case in the format of a name of Formats.
func Digital(ctx context.Context, c Converter, cases []Case, format string, workers int) []Outcome {
	return each(cases, workers, func(k Case) Outcome {
		for _, f := range Formats {
			if f.Name == format {
				return convert(ctx, c, k, fmt.Sprintf("case%03d.%s", k.Number, format), f.write(k))
			}
		}
		return Outcome{Case: k, Err: errors.New("no such format")}
	})
}

func convert(ctx context.Context, c Converter, k Case, name string, data []byte) Outcome {
	out := Outcome{Case: k, Bins: NewBins()}
	var r *report.Report // a drawn file holds one
	if all, err := c.Convert(ctx, name, data); err != nil {
		out.Err = fmt.Errorf("%s: %w", name, err)
	} else {
		r = all[0]
	}
	out.Tally, out.Errors = Score(k, r, out.Bins)
	return out
}

func each(cases []Case, workers int, do func(Case) Outcome) []Outcome {
	out := make([]Outcome, len(cases))
	next := make(chan int)
	var wg sync.WaitGroup
	for range max(1, workers) {
		wg.Go(func() {
			for i := range next {
				out[i] = do(cases[i])
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

// Alone measures a general recogniser without anything of ours: it reads whole pages in one of its
// modes, and its words are laid into the true cells.
func Alone(ctx context.Context, rec ocr.Recognizer, mode ocr.Mode, cases []Case, workers int) []Outcome {
	return each(cases, workers, func(k Case) Outcome {
		out := Outcome{Case: k}
		pages := synth.LayOut(k.Report, k.Style)
		scans := pages.Scans(k.Level, uint64(k.Number))
		read := map[string]string{}
		for i, s := range scans {
			lines, err := rec.Recognize(ctx, ocr.Task{Image: grayOf(s.Image), Language: "chi_sim", Mode: mode})
			if err != nil {
				out.Err = err
				continue
			}
			for _, p := range pages.Places {
				if p.Page == i {
					read[p.Path] = within(lines, corners(s, synth.PixelBox(p.Box, s.DPI)))
				}
			}
		}
		out.Tally = Tally{Reports: 1, Pages: len(scans)}
		for _, c := range k.Report.Cells {
			out.Tally.Cells++
			want, ok := number(c.Printed)
			got, err := report.ParseNumber(digits(read[c.Path]))
			if ok && err == nil && got.Equal(want.Decimal) || !ok && err != nil {
				out.Tally.Right++
			} else {
				out.Tally.Silent++ // it has no review
			}
		}
		if out.Tally.Right == out.Tally.Cells {
			out.Tally.Perfect = 1
		}
		return out
	})
}

// digits keeps what a number may be written with, to be fair to a recogniser that adds other marks.
func digits(s string) string {
	s = remark.ReplaceAllString(s, "")
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return -1
	}, s)
}

func grayOf(img image.Image) *image.Gray {
	if g, ok := img.(*image.Gray); ok {
		return g
	}
	g := image.NewGray(img.Bounds())
	draw.Draw(g, g.Rect, img, img.Bounds().Min, draw.Src)
	return g
}

func corners(s *synth.Scan, b layout.Rect) [4]layout.Point {
	return [4]layout.Point{
		s.Map(layout.Point{X: b.X0, Y: b.Y0}), s.Map(layout.Point{X: b.X1, Y: b.Y0}),
		s.Map(layout.Point{X: b.X1, Y: b.Y1}), s.Map(layout.Point{X: b.X0, Y: b.Y1}),
	}
}

// within joins the words whose middle lies in a quadrilateral.
func within(lines []ocr.TextLine, q [4]layout.Point) string {
	var s strings.Builder
	for _, l := range lines {
		for _, w := range l.Words {
			p := w.Box.Center()
			left, right := 0, 0
			for i, a := range q {
				b := q[(i+1)%4]
				if (b.X-a.X)*(p.Y-a.Y)-(b.Y-a.Y)*(p.X-a.X) >= 0 {
					left++
				} else {
					right++
				}
			}
			if left == 4 || right == 4 {
				s.WriteString(w.Text)
			}
		}
	}
	return s.String()
}
