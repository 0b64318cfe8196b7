package normalize

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/pattern"
	"github.com/nianbao/nianbao/report"
)

// seen is a table of the document and what its caption says of its time.
type seen struct {
	*grid
	year int  // the year that its caption names, or that of the title before it; 0 for none
	old  bool // the caption says that it is of the year before
}

// page that the table begins on, 0 where the format has none.
func (s seen) page() int {
	if len(s.table.Cells) == 0 {
		return 0
	}
	return s.table.Cells[0].Page
}

// Lines above a table of which a caption may be one, and the most characters of such a line.
const (
	aboveLines   = 4
	longestAbove = 40
)

var (
	captionYear = pattern.Of(`(20[0-4]\d)\s*年`)
	lastYear    = pattern.Of(`上一?年度?(?:的?数据|的?情况|[）)]|的?表|$)|去年`)
	reportTitle = pattern.Of(`(?:公开|政务)\S*(?:年度报告|年报)`)
)

// seenIn gives the tables of a run of blocks, nested ones after the table that holds them, each with what stands above it.
func seenIn(blocks []layout.Block) []seen {
	var out []seen
	units := captions(blocks)
	var above []string
	year := 0 // of the last title
	add := func(t *layout.Table) {}
	add = func(t *layout.Table) {
		if len(t.Cells) > 0 {
			s := seen{grid: newGrid(t), year: year}
			s.grid.caption = cmp.Or(units[t], s.grid.caption)
			s.caption(above)
			out = append(out, s)
		}
		for i := range t.Cells {
			for j := range t.Cells[i].Tables {
				add(&t.Cells[i].Tables[j])
			}
		}
	}
	for _, b := range blocks {
		switch {
		case b.Table != nil:
			add(b.Table)
			above = nil
		case b.Paragraph != nil:
			line := narrow(b.Paragraph.Text)
			if line == "" || len([]rune(line)) > longestAbove {
				continue
			}
			above = append(above, line)
			if m := captionYear().FindStringSubmatch(line); m != nil && reportTitle().MatchString(line) {
				year = number4(m[1])
			}
		}
	}
	return out
}

// caption takes the time from the nearest of the lines above a table, or of its own first row, that speaks of one.
func (s *seen) caption(above []string) {
	lines := above[max(0, len(above)-aboveLines):]
	if first := s.rows; len(first) > 0 && len(first[0]) == 1 {
		lines = append(slices.Clone(lines), narrow(first[0][0].Text))
	}
	for _, line := range slices.Backward(lines) {
		if strings.ContainsAny(line, "。；") || len([]rune(line)) > longestAbove {
			continue
		}
		if lastYear().MatchString(line) {
			s.year, s.old = 0, true
			return
		}
		if m := captionYear().FindStringSubmatch(line); m != nil {
			s.year = number4(m[1])
			return
		}
	}
}

func number4(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0 // four digits are a number
	}
	return n
}

// copiesOf parts the grids of one table into copies: a grid that fills again what the ones before it have filled begins
// another one.
func copiesOf(list []seen, key string, forms form.Set) [][]seen {
	if len(list) < 2 {
		return [][]seen{list}
	}
	best := fittest(key, [][]seen{list}, forms)
	if len(best) == 0 {
		return [][]seen{list}
	}
	t := best[0].fit.table
	var out [][]seen
	have := map[string]bool{}
	for _, s := range list {
		hits := filled(fitTable(t, []*grid{s.grid}))
		again := 0
		for _, p := range hits {
			if have[p] {
				again++
			}
		}
		if len(out) == 0 || again >= 2 && 2*again >= min(len(hits), len(have)) {
			out = append(out, nil)
			have = map[string]bool{}
		}
		out[len(out)-1] = append(out[len(out)-1], s)
		for _, p := range hits {
			have[p] = true
		}
	}
	return out
}

// filled are the fields that a fit found something for.
func filled(f *fit) []string {
	var out []string
	for p, h := range f.hits {
		if h.cell.Text != "" {
			out = append(out, p)
		}
	}
	return out
}

// ofYear leaves the copies of a table that may be the report's, and names the others: a caption or a title says of which
// year they are. Where none is left, all are.
func (f *found) ofYear(key string, copies [][]seen, year int, forms form.Set) [][]seen {
	other := func(c []seen) bool { return c[0].old || year != 0 && c[0].year != 0 && c[0].year != year }
	if !slices.ContainsFunc(copies, func(c []seen) bool { return !other(c) }) {
		return copies
	}
	var out [][]seen
	for _, c := range copies {
		switch {
		case !other(c):
			out = append(out, c)
		case c[0].old:
			f.warnings = append(f.warnings, warning(diag.OtherTable, c[0].page(), "%s: the table of the year before stands beside the report's and was not taken", titleOf(key, forms)))
		default:
			f.warnings = append(f.warnings, warning(diag.OtherTable, c[0].page(), "%s: a table of %d stands beside the report's and was not taken", titleOf(key, forms), c[0].year))
		}
	}
	return out
}

// Shares by which a table that shows no labels is known: rows of its values, of those that the form has.
const shapeRows = 0.6

// shapeOf is the key of the one table of a form that has as many columns of values, and about as many rows: what a scan shows
// whose labels could not be read. It is "" for none.
func (g *grid) shapeOf(forms form.Set) string {
	ends := map[int]int{} // how many rows end with so many values
	for r := range g.rows {
		n, figures := 0, 0
		for _, c := range slices.Backward(g.rows[r]) {
			if c.Row != r || g.kinds[c] == unreadCell || g.kinds[c] == textCell && !report.IsNothing(c.Text) {
				break
			}
			n++
			if g.kinds[c] == figureCell {
				figures++
			}
		}
		if figures > 0 {
			ends[n]++
		}
	}
	for _, k := range forms.Keys() {
		for _, f := range forms.National() {
			t := f.Table(k)
			if t == nil || t.Bands || len(t.Columns)*len(t.Rows) < decisiveShape {
				continue
			}
			if n := ends[len(t.Columns)]; len(t.Columns) > 1 && float64(n) >= shapeRows*float64(len(t.Rows)) {
				return k
			}
		}
	}
	return ""
}

// decisiveShape is how many fields a table must have for its shape to say what it is: a list may have three columns as well.
const decisiveShape = 15

// minFigures is how many numbers make a table of figures of one that is part of no form.
const minFigures = 4

// tabular says that a grid is a table of figures: rows and columns of which a good part are numbers, and no years or pages.
func (g *grid) tabular() bool {
	figures, texts, rows := 0, 0, 0
	for r, cells := range g.rows {
		n := 0
		for _, c := range startingAt(cells, r) {
			switch g.kinds[c] {
			case figureCell:
				if report.ParseFigure(c.Text).Number != nil && !isYear(c.Text) {
					n++
				}
			case textCell:
				texts++
			}
		}
		figures += n
		if n > 0 {
			rows++
		}
	}
	return rows > 1 && g.table.Cols > 1 && figures >= minFigures && 2*figures >= texts
}
