package normalize_test

import (
	"context"
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/extract/text"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/normalize"
	"github.com/nianbao/nianbao/report"
)

// starting gives a table's cells by the row in which they start.
func starting(g synth.Grid) [][]string {
	rows := make([][]string, g.Rows)
	for _, b := range g.Boxes {
		rows[b.Row] = append(rows[b.Row], b.Text)
	}
	return rows
}

// spread gives a table's cells with those that a cell spans, as fill makes them.
func spread(g synth.Grid, fill func(text string, first bool) string) [][]string {
	rows := make([][]string, g.Rows)
	for r := range rows {
		rows[r] = make([]string, len(g.Widths))
	}
	for _, b := range g.Boxes {
		for r := b.Row; r < b.Row+b.RowSpan; r++ {
			for c := b.Col; c < b.Col+b.ColSpan; c++ {
				rows[r][c] = fill(b.Text, r == b.Row && c == b.Col)
			}
		}
	}
	return rows
}

func blankRest(s string, first bool) string {
	if first {
		return s
	}
	return ""
}

func joinRows(rows [][]string, cell func(string) string, before, between, after string) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(before)
		for i, s := range row {
			if i > 0 {
				b.WriteString(between)
			}
			b.WriteString(cell(s))
		}
		b.WriteString(after)
	}
	return b.String()
}

func same(s string) string { return s }

// wrapped breaks labels into lines of n characters, and puts a row's figures on one of those of its own
// label, as a PDF viewer copies them; the narrow cells of groups break sooner.
func wrapped(g synth.Grid, n int, line func(lines int) int) string {
	var b strings.Builder
	broken := func(s string, n int) []string {
		rs := []rune(s)
		var out []string
		for len(rs) > n {
			out, rs = append(out, string(rs[:n])), rs[n:]
		}
		return append(out, string(rs))
	}
	values := map[int][]string{}
	labels := map[int][]synth.Box{}
	for _, x := range g.Boxes {
		if x.Path != "" {
			values[x.Row] = append(values[x.Row], x.Text)
		} else {
			labels[x.Row] = append(labels[x.Row], x)
		}
	}
	for r := range g.Rows {
		var lines []string
		for i, x := range labels[r] {
			width := n
			if x.RowSpan > 1 && i+1 < len(labels[r]) {
				width = 4
			}
			ls := broken(x.Text, width)
			if vs := values[r]; len(vs) > 0 && i == len(labels[r])-1 {
				k := line(len(ls))
				ls[k] = strings.TrimSpace(ls[k] + " " + strings.Join(vs, " "))
			}
			lines = append(lines, ls...)
		}
		if vs := values[r]; len(vs) > 0 && len(labels[r]) == 0 {
			lines = append(lines, strings.Join(vs, " "))
		}
		b.WriteString(strings.Join(lines, "\n") + "\n")
	}
	return b.String()
}

type copyStyle struct {
	name   string
	table  func(g synth.Grid) string
	oneRow string // what takes the place of line ends in the whole text, when set
}

var copyStyles = []copyStyle{
	{"cell a line", func(g synth.Grid) string { return joinRows(starting(g), same, "", "\n", "\n") }, ""},
	{"cell a line, blank lines", func(g synth.Grid) string { return joinRows(starting(g), same, "", "\n\n", "\n\n") }, ""},
	{"cell and pipe a line", func(g synth.Grid) string { return joinRows(starting(g), same, "", "\n|\n", "\n|\n") }, ""},
	{"cell and pipe, spread", func(g synth.Grid) string { return joinRows(spread(g, blankRest), same, "", "\n|\n", "\n|\n") }, ""},
	{"pipe newline", func(g synth.Grid) string { return joinRows(starting(g), same, "", " |\n", " |\n") }, ""},
	{"trailing pipes", func(g synth.Grid) string { return joinRows(starting(g), same, "", " | ", " |\n") }, ""},
	{"trailing pipes, spread", func(g synth.Grid) string { return joinRows(spread(g, blankRest), same, "", " | ", " |\n") }, ""},
	{"leading pipes broken", func(g synth.Grid) string { return joinRows(starting(g), same, "| \n ", "  | \n ", "  |\n") }, ""},
	{"pipes", func(g synth.Grid) string { return joinRows(starting(g), same, "| ", " | ", " |\n") }, ""},
	{"pipes, spread", func(g synth.Grid) string { return joinRows(spread(g, blankRest), same, "| ", " | ", " |\n") }, ""},
	{"pipes, repeated", func(g synth.Grid) string {
		return joinRows(spread(g, func(s string, _ bool) string { return s }), same, "| ", " | ", " |\n")
	}, ""},
	{"tabs", func(g synth.Grid) string { return joinRows(starting(g), same, "", "\t", "\n") }, ""},
	{"tabs, spread", func(g synth.Grid) string { return joinRows(spread(g, blankRest), same, "", "\t", "\n") }, ""},
	{"tabs, paragraphs in cells", func(g synth.Grid) string { return joinRows(starting(g), same, "", "\n\t", "\n") }, ""},
	{"blanks", func(g synth.Grid) string { return joinRows(starting(g), same, "", " ", "\n") }, ""},
	{"runs of blanks", func(g synth.Grid) string { return joinRows(starting(g), same, "", "     ", "\n") }, ""},
	{"full-width blanks", func(g synth.Grid) string { return joinRows(starting(g), same, "　", "　", "\n") }, ""},
	{"one line", func(g synth.Grid) string { return joinRows(starting(g), same, "", " ", " ") }, " "},
	{"one line, pipes", func(g synth.Grid) string { return joinRows(starting(g), same, "", "|", "|") }, "|"},
	{"glued", func(g synth.Grid) string { return joinRows(starting(g), same, "", "", "") }, ""},
	{"glued rows", func(g synth.Grid) string { return joinRows(starting(g), same, "", "", "\n") }, ""},
	{"wrapped, first", func(g synth.Grid) string { return wrapped(g, 11, func(n int) int { return 0 }) }, ""},
	{"wrapped, middle", func(g synth.Grid) string { return wrapped(g, 11, func(n int) int { return n / 2 }) }, ""},
	{"wrapped, last", func(g synth.Grid) string { return wrapped(g, 11, func(n int) int { return n - 1 }) }, ""},
}

func copyOf(r *synth.Report, st synth.Style, c copyStyle) string {
	var b strings.Builder
	b.WriteString(r.Title + "\n")
	for _, s := range r.Sections {
		b.WriteString(s.Heading + "\n")
		for _, p := range s.Paragraphs {
			b.WriteString(p + "\n")
		}
		if s.Table != "" {
			for _, g := range r.Grids(s.Table, st) {
				b.WriteString(c.table(g) + "\n")
			}
		}
	}
	if c.oneRow != "" {
		return strings.ReplaceAll(b.String(), "\n", c.oneRow)
	}
	return b.String()
}

func convert(t *testing.T, s string) *report.Report {
	t.Helper()
	doc, _, err := text.Read([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	r, _, warnings := normalize.Report(doc, form.Set{})
	for _, w := range warnings {
		r.Warnings = append(r.Warnings, report.Warning{Code: w.Code, Message: w.Message, Path: w.Path})
	}
	if _, err := check.Run(context.Background(), r, form.Set{}, nil); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCopies reads copies of reports as browsers, word processors, viewers and converters leave them.
// Every number is right, or it is named in the review; where zeros are printed nothing is lost but by
// copies that have run their figures together.
func TestCopies(t *testing.T) {
	forms := []string{"2021", "2019", "2014"}
	zeros := []string{"0", "/", synth.Blank}
	for i, c := range copyStyles {
		for k, f := range forms {
			if k == (i+1)%len(forms) {
				continue // two forms a style are enough
			}
			zero := zeros[(i+k)%len(zeros)]
			t.Run(fmt.Sprintf("%s, %s, zero %q", c.name, f, zero), func(t *testing.T) {
				r := synth.Make(uint64(17*i+k), synth.Options{Form: f, Zero: zero, Size: synth.Medium})
				s := copyOf(r, synth.MakeStyle(uint64(i+7*k)), c)
				lost := compareCopy(t, r, convert(t, s))
				if glued := strings.HasPrefix(c.name, "glued"); lost > 0 && zero == "0" && (!glued || 5*lost > len(r.Cells)) {
					t.Errorf("%d of %d numbers are not read", lost, len(r.Cells))
				}
				if t.Failed() {
					t.Log(s)
				}
			})
		}
	}
}

// compareCopy holds what was read against what is printed: what differs must be named. It gives how many
// numbers were not read.
func compareCopy(t *testing.T, r *synth.Report, got *report.Report) (lost int) {
	t.Helper()
	named := map[string]bool{}
	for _, v := range got.Review {
		named[v.Path] = true
	}
	for _, c := range r.Cells {
		want := report.ParseFigure(c.Printed).Number
		v, ok := got.Tables.Value(c.Path)
		if ok && (want == nil && v.Number == nil || want != nil && v.Number != nil && v.Number.Equal(want.Decimal)) {
			continue
		}
		lost++
		said := named[c.Path]
		for p := path.Dir(c.Path); p != "/tables" && !ok; p = path.Dir(p) {
			said = said || named[p] // a table or a row that is not there at all is named by its own pointer
		}
		if !said && (ok || want != nil) {
			t.Errorf("%s prints %q, got %v, and nothing is said", c.Path, c.Printed, v.Number)
		}
	}
	return lost
}

// FuzzCopies reads whatever stands between labels and figures without failing.
func FuzzCopies(f *testing.F) {
	for i, c := range copyStyles {
		r := synth.Make(uint64(i), synth.Options{Form: []string{"2021", "2019", "2014"}[i%3], Size: synth.Small})
		f.Add(copyOf(r, synth.MakeStyle(uint64(i)), c))
	}
	f.Fuzz(func(t *testing.T, s string) {
		doc, _, err := text.Read([]byte(s))
		if err != nil {
			return
		}
		normalize.Report(doc, form.Set{})
	})
}
