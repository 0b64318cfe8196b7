package normalize

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
)

// A table begins again where rows repeat the labels of its first rows: againRows of them one after the other, againLabels of these
// different. Headers that a program repeats on each page have fewer rows, and other labels follow them. againFrom is the last row that
// the first copy may begin with: titles stand above it.
const againRows, againLabels, againFrom = 4, 3, 2

// restarted parts the tables that hold several copies: programs make one table of two that follow each other. What a row between two
// copies says of their time is said of the second.
func restarted(list []seen) []seen {
	var out []seen
	for _, s := range list {
		cuts := s.restarts()
		if len(cuts) == 0 {
			out = append(out, s)
			continue
		}
		first := 0
		year, old := s.year, s.old
		for _, end := range append(cuts, s.table.Rows) {
			if part := rowsOf(s.table, first, end); len(part.Cells) > 0 {
				p := seen{grid: newGrid(part), year: year, old: old}
				if p.grid.caption == "" {
					p.grid.caption = s.grid.caption
				}
				if first > 0 {
					p.year, p.old = 0, false
					p.caption(s.linesAbove(first))
				}
				out = append(out, p)
			}
			first = end
		}
	}
	return out
}

// restarts gives the rows in which a grid begins again, with the titles that stand above its header there.
func (g *grid) restarts() []int {
	labels := make([]string, g.table.Rows)
	for r := range labels {
		var b strings.Builder
		for _, c := range startingAt(g.rows[r], r) {
			if g.kinds[c] == textCell {
				b.WriteString(fold(c.Text) + "|")
			}
		}
		labels[r] = b.String()
	}
	for from := range min(againFrom+1, g.table.Rows) {
		var out []int
		last := from
		for r := from + againRows; r+againRows <= len(labels); r++ {
			if r-last < againRows || !slices.Equal(labels[from:from+againRows], labels[r:r+againRows]) || distinct(labels[r:r+againRows]) < againLabels {
				continue
			}
			last = r
			cut := r
			for cut > 1 && g.title(cut-1) {
				cut--
			}
			out = append(out, cut)
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// title says that a row is one text over the whole table.
func (g *grid) title(r int) bool {
	cells := startingAt(g.rows[r], r)
	return len(cells) == 1 && g.kinds[cells[0]] == textCell && cells[0].ColSpan == g.table.Cols && cells[0].RowSpan == 1
}

// linesAbove are the titles of the rows from one on.
func (g *grid) linesAbove(r int) []string {
	var out []string
	for ; r < g.table.Rows && g.title(r); r++ {
		out = append(out, narrow(startingAt(g.rows[r], r)[0].Text))
	}
	return out
}

func distinct(labels []string) int {
	seen := map[string]bool{}
	for _, l := range labels {
		if l != "" {
			seen[l] = true
		}
	}
	return len(seen)
}

// rowsOf gives some rows of a table as one of their own.
func rowsOf(t *layout.Table, first, end int) *layout.Table {
	out := *t
	out.Rows, out.Cells = end-first, nil
	for _, c := range t.Cells {
		if c.Row >= first && c.Row < end {
			c.RowSpan = min(c.RowSpan, end-c.Row)
			c.Row -= first
			out.Cells = append(out.Cells, c)
		}
	}
	return &out
}
