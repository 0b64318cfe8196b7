package normalize

import (
	"slices"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/report"
)

// dataRow is a row of values with the labels that stand before them.
type dataRow struct {
	part  *part
	row   int
	label label
	leaf  *layout.Cell
	cells []*layout.Cell // from the first value cell on
}

func labelsOf(data []dataRow) []label {
	out := make([]label, len(data))
	for i, d := range data {
		out[i] = d.label
	}
	return out
}

// dataRow takes a row apart: the labels up to the boundary, and beyond it while a cell is plainly
// a label of the form (sources that lost their spans shift their rows); the rest are values.
func (p *part) dataRow(r int, rows []target) (dataRow, bool) {
	d := dataRow{part: p, row: r}
	cells := p.rows[r]
	from := p.firstValue(r, rows)
	var labels []*layout.Cell
	for _, c := range cells[:from] {
		if len(labels) > 0 && c.Col == p.units && p.units > 0 {
			continue
		}
		if p.kinds[c] == textCell && (len(labels) == 0 || unitIn(c.Text) == "") || p.kinds[c] == unreadCell {
			labels = append(labels, c) // a unit between label and value names nothing
		}
	}
	d.cells = startingAt(cells[from:], r)
	for k := len(labels) - 1; k >= 0; k-- {
		c := labels[k]
		// The leaf begins in this row; a group spans further rows or began above.
		if d.leaf == nil && c.Row == r && (c.RowSpan == 1 || k == len(labels)-1) {
			d.leaf = c
			d.label.leaf = p.names[c]
			continue
		}
		d.label.groups = append([]name{p.names[c]}, d.label.groups...)
	}
	return d, d.leaf != nil || len(d.cells) > 0
}

// firstValue is the index in a row of the first cell that is no label.
func (p *part) firstValue(r int, rows []target) int {
	cells := p.rows[r]
	start := 0
	if p.ragged { // values begin after the last label
		for k, c := range cells {
			if p.kinds[c] == textCell && !report.IsNothing(c.Text) && unitIn(c.Text) == "" {
				start = k + 1
			}
		}
	}
	for k := start; k < len(cells); k++ {
		c := cells[k]
		if c.Col >= p.boundary && (p.kinds[c] != textCell || !isLabel(p.names[c], rows)) {
			return k
		}
	}
	return len(cells)
}

// regain gives a row's label to its second line where a copy made rows of both and the values stand in that one.
func regain(data []dataRow, rm []match, rows []target) {
	for i := 1; i < len(data); i++ {
		m := rm[i-1]
		if rm[i].target >= 0 || m.target < 0 || data[i-1].counts() || !data[i].counts() {
			continue
		}
		if tornFrom(data[i].label.leaf, rows[m.target:m.target+1]) == 0 {
			rm[i] = match{target: m.target, sim: tornSimilarity, trust: max(m.trust, tornSimilarity)}
			rm[i-1] = match{target: -1}
		}
	}
}

// besideTrust is the label confidence of a scanned row whose label may be that of another beside it.
const besideTrust = 0.25

// besides are the scanned rows whose figures may belong to a label beside theirs: next to a row that has figures, no label and no
// place, and under the same heading as one that follows or leads a heading with figures, which has none. Where white space makes the
// rows of a text layer, labels of several lines are cut where rows end: next to a row with figures whose label is none of the form's.
func besides(t *form.Table, data []dataRow, rm []match) map[int]bool {
	out := map[int]bool{}
	heading := func(i int) bool { return rm[i].target >= 0 && t.Rows[rm[i].target].Heading }
	within := func(i, k int) bool { return k >= 0 && k < len(data) && data[k].part == data[i].part }
	for i, d := range data {
		switch {
		case !d.part.doubt && !d.part.table.WhiteRows() || !d.counts():
		case rm[i].target < 0 && (d.unlabelled() || !d.part.doubt):
			for _, k := range []int{i - 1, i + 1} {
				if within(i, k) {
					out[k] = true
				}
			}
		case heading(i):
			for _, step := range []int{-1, 1} {
				for k := i + step; within(i, k) && !heading(k); k += step {
					out[k] = true
				}
			}
		}
	}
	return out
}

// counts says that a row has a number among its values.
func (d *dataRow) counts() bool {
	return slices.ContainsFunc(d.cells, func(c *layout.Cell) bool {
		return d.part.kinds[c] == figureCell && report.ParseFigure(c.Text).Number != nil
	})
}

// unlabelled says that a row's first cell holds nothing that was read.
func (d *dataRow) unlabelled() bool {
	first := d.part.rows[d.row][0]
	kind := d.part.kinds[first]
	return first.Row == d.row && (kind == blankCell || kind == unreadCell)
}

// asides of the row that stand in its part's columns for other times.
func (d *dataRow) asides() asides {
	at := func(col int) *layout.Cell {
		if c := d.part.cellAt(d.row, col); col > 0 && c != nil && c.Row == d.row && c != d.leaf {
			return c
		}
		return nil
	}
	return asides{at(d.part.cumulative), at(d.part.period)}
}

// beside are all cells of the row.
func (d *dataRow) beside() []*layout.Cell { return d.part.rows[d.row] }

// unit that a cell of the row prints, "" for none.
func (d *dataRow) unit() string {
	unit := ""
	for _, c := range d.part.rows[d.row] {
		if s := unitOf(c.Text); s != "" && d.part.kinds[c] == textCell {
			unit = s
		}
	}
	return unit
}
