// Package white draws the rulings that a table lacks: where nothing but white parts its columns, or rulings run one way only.
//
// A table is found in steps. Each takes what is known of it and gives one thing more, and none changes what it was given:
//
//	linesOf        words → lines, parted where they leave white
//	gather         the rows from a first line of figures on, and the columns that the figures stand in
//	partHeads      the labels over the columns, parted from each other
//	partLabels     the labels of the rows, parted from those of groups
//	labelColumns   the columns that labels stand in
//	header         which lines stand over the columns
//	withoutSpecks  columns that hold no figure are none
//	withBlanks     columns that hold none but have a label are some
//	enough, torn   is it a table, and a whole one?
//	tail           the last row's label may go on below its figures
//	draw           rulings along rows and columns
//
// Every distance, count and share that decides stands in tolerances.go.
package white

import (
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// Rule is a straight ruling of a page. Of a level one At is its y and From to To its stretch along x; of an upright one it is the
// other way round.
type Rule struct{ At, From, To float64 }

// Tables finds the tables in words that stand in no other: figures in columns behind labels, at least three rows of them and three
// columns. Prose has no figures that stand in columns. level are the rulings from top to bottom, upright those from left to right, all
// in the words' coordinates, y downwards; em is the usual height of a character. What is found is drawn as rulings, of which find makes
// the table; where it makes none or several, there is none.
func Tables(words []layout.Word, level, upright []Rule, em float64, find func([]layout.Ruling) []layout.Table) []layout.Table {
	walls := slices.DeleteFunc(slices.Clone(upright), func(r Rule) bool { return r.To-r.From < leastWall*em })
	walls = walls[:min(len(walls), maxWalls)]
	lines := linesOf(words, walls)
	if len(lines) > maxLines {
		return nil
	}
	var out []layout.Table
	floor, step := 0, 0.0 // the first line below the last table, and the most white between the lines of one
	for i := 0; i < len(lines); i++ {
		if !lines[i].valued() {
			continue
		}
		t, ok := tableAt(lines, floor, i, paper{level, walls, lines[i].em, step})
		if !ok {
			continue
		}
		if drawn := find(t.draw()); len(drawn) == 1 {
			out = append(out, drawn[0])
			floor, i, step = t.end, t.end-1, max(step, t.step)
		}
	}
	return out
}

// paper is what a table is measured with: the rulings of its page and the height of its characters.
type paper struct {
	level, walls []Rule
	em           float64
	step         float64 // the most white between two lines of a table
}

// table is what is known of a table: its body is lines[body:end], its header lines[top:body].
type table struct {
	paper
	lines          []line // all of the page, those of the table as the table shows them
	top, body, end int
	columns        []span // of figures
	blanks         int    // labels in the header without figures under them
	labels         []span // the columns of labels
}

// tableAt finds the table whose first row of figures is line at, and whose header does not begin above line floor.
func tableAt(lines []line, floor, at int, p paper) (table, bool) {
	t := gather(lines, at, p)
	if len(t.columns) == 0 {
		return t, false
	}
	t.lines = t.partHeads(floor)
	t.lines = t.partLabels()
	t.labels = t.labelColumns()
	t.top, t.body = t.header(floor)
	t.columns, t.lines = t.withoutSpecks()
	t.columns, t.blanks = t.withBlanks()
	if !t.enough() || t.torn() {
		return t, false
	}
	t.end = t.tail()
	t.labels = t.labelColumns()
	return t, true
}

// ruled says that a ruling runs between two heights, over most of the table's columns.
func (t *table) ruled(y0, y1 float64) bool {
	_, ok := t.rule(y0, y1)
	return ok
}

// rule gives the lowest such ruling.
func (t *table) rule(y0, y1 float64) (float64, bool) {
	return t.lowest(t.lines[t.body].box.X0, t.columns, y0, y1, ruleShare)
}

// lowest is the lowest ruling between two heights that runs over a share of what lies between a left edge and the last column.
func (p *paper) lowest(left float64, columns []span, y0, y1, share float64) (float64, bool) {
	if len(columns) == 0 {
		return 0, false
	}
	right := columns[len(columns)-1].to
	for i := len(p.level) - 1; i >= 0; i-- {
		r := p.level[i]
		if r.At >= y0 && r.At <= y1 && min(r.To, right)-max(r.From, left) > share*(right-left) {
			return r.At, true
		}
	}
	return 0, false
}

// before is the place that labels may reach to, at some distance left of the first column of figures.
func (p *paper) before(columns []span) float64 { return columns[0].from - columnGap*p.em }
