package docx

import (
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout"
)

// box is a cell of one row as the grid has it, with what it merged to its right.
type box struct {
	node      *xmltree.Node
	col, span int
	width     float64 // in twentieths of a point, 0 when it is not told
	vertical  string  // "", "restart" or "continue"
}

// table places the cells of a table on the grid.
func (r *reader) table(n *xmltree.Node) []layout.Block {
	var lines []float64 // positions of the grid's lines
	if grid := n.Kid("w:tblGrid"); grid != nil {
		x := 0.0
		lines = append(lines, x)
		for _, k := range grid.Kids {
			if k.Name == "w:gridCol" {
				w, _ := strconv.ParseFloat(k.Attr("w:w"), 64)
				x += max(w, 0)
				lines = append(lines, x)
			}
		}
	}
	around := r.ground
	styled := r.behind(n.Kid("w:tblPr"), val(n.Kid("w:tblPr").Kid("w:tblStyle")), around)
	named, outside := r.tableStyle(n.Kid("w:tblPr")), r.cell
	defer func() { r.ground, r.cell = around, outside }()
	rows := 0
	elements(n, "w:tr", func(*xmltree.Node) { rows++ })
	var g flow.Grid
	open := map[int]*flow.Cell{} // vertically merged cells of the row above, by column
	row := 0
	elements(n, "w:tr", func(tr *xmltree.Node) {
		props := tr.Kid("w:trPr")
		if props.Kid("w:del") != nil || on(props.Kid("w:hidden")) {
			return
		}
		next := map[int]*flow.Cell{}
		for _, b := range boxes(tr, lines) {
			if above := open[b.col]; b.vertical == "continue" && above != nil && above.ColSpan() == b.span && g.Extend(above, row) {
				next[b.col] = above
				continue
			}
			c := g.Place(row, b.col, 1, b.span)
			if c == nil {
				break
			}
			var s story
			r.ground = r.behind(b.node.Kid("w:tcPr"), "", styled)
			r.cell = named.runs(row, rows, b.col, max(len(lines)-1, b.col+b.span))
			r.content(b.node, &s)
			s.join()
			if low(props) && len(s.out) > 0 {
				s.out, s.ink = nil, s.ink|flow.Unsaid
			}
			c.Content, c.Ink = s.out, s.ink|flow.Struck.If(crossed(b.node.Kid("w:tcPr")))
			if b.vertical != "" {
				next[b.col] = c
			}
		}
		open = next
		row++
	})
	return g.Table()
}

// low says that a row is too low to show anything.
func low(props *xmltree.Node) bool {
	h := props.Kid("w:trHeight")
	if h == nil || h.Attr("w:hRule") != "exact" {
		return false
	}
	v, err := strconv.Atoi(val(h))
	return err == nil && v <= lowest
}

// crossed says that a line runs across a cell from corner to corner.
func crossed(props *xmltree.Node) bool {
	for _, name := range []string{"w:tl2br", "w:tr2bl"} {
		if line := props.Kid("w:tcBorders").Kid(name); line != nil && val(line) != "nil" && on(line) {
			return true
		}
	}
	return false
}

// elements calls f for the rows of a table or the cells of a row, in whatever they are wrapped.
func elements(n *xmltree.Node, name string, f func(*xmltree.Node)) {
	for _, k := range n.Kids {
		switch k.Name {
		case name:
			f(k)
		case "w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo":
			elements(k, name, f)
		case "mc:AlternateContent":
			for _, branch := range k.Kids {
				before := branch.Kid(name) != nil
				if before {
					elements(branch, name, f)
					break
				}
			}
		}
	}
}

// boxes gives the cells of a row, those that are merged to the left joined.
func boxes(tr *xmltree.Node, lines []float64) []box {
	col := span(tr.Kid("w:trPr").Kid("w:gridBefore"), 0)
	before := col
	var out []box
	elements(tr, "w:tc", func(tc *xmltree.Node) {
		props := tc.Kid("w:tcPr")
		if props.Kid("w:cellDel") != nil {
			return
		}
		b := box{node: tc, col: col, span: span(props.Kid("w:gridSpan"), 1)}
		if w := props.Kid("w:tcW"); w != nil && (w.Attr("w:type") == "dxa" || w.Attr("w:type") == "") {
			b.width, _ = strconv.ParseFloat(w.Attr("w:w"), 64)
		}
		col += b.span
		if h := props.Kid("w:hMerge"); h != nil && val(h) != "restart" && len(out) > 0 {
			last := &out[len(out)-1]
			last.span += b.span
			last.width += b.width
			return
		}
		if v := props.Kid("w:vMerge"); v != nil {
			b.vertical = "continue"
			if val(v) == "restart" {
				b.vertical = "restart"
			}
		} else if m := props.Kid("w:cellMerge"); m != nil { // tracked, hence accepted
			switch m.Attr("w:vMerge") {
			case "rest":
				b.vertical = "restart"
			case "cont":
				b.vertical = "continue"
			}
		}
		out = append(out, b)
	})
	if before == 0 && tr.Kid("w:trPr").Kid("w:gridAfter") == nil && col < len(lines)-1 {
		snap(out, lines)
	}
	return out
}

// snap mends a row that says too few columns but tells widths that end on the grid's lines: some
// programs write a merged cell without its gridSpan.
func snap(row []box, lines []float64) {
	const tolerance = 30 // twentieths of a point; borders and rounding take up to 20
	x, at := 0.0, 0
	fits := make([]int, 0, len(row))
	for _, b := range row {
		if b.width <= 0 {
			return
		}
		x += b.width
		next := at + 1
		for next < len(lines)-1 && lines[next] < x-tolerance {
			next++
		}
		if next >= len(lines) || lines[next] < x-tolerance || lines[next] > x+tolerance {
			return
		}
		fits, at = append(fits, next-at), next
	}
	if at != len(lines)-1 {
		return
	}
	col := 0
	for i := range row {
		row[i].col, row[i].span = col, fits[i]
		col += fits[i]
	}
}

func span(n *xmltree.Node, otherwise int) int {
	v, err := strconv.Atoi(strings.TrimSpace(val(n)))
	if err != nil || v < otherwise {
		return otherwise
	}
	return min(v, flow.MaxColumns)
}
