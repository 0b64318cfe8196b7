package docx

import (
	"strconv"

	"github.com/nianbao/nianbao/extract/xmltree"
)

// tableStyle is what a table's style says of the runs of its cells, wherever they stand.
type tableStyle struct {
	styles []*style // the nearest first
	// Which parts of the table the table has its style treat apart, and how many rows and columns a band has.
	first, last, firstCol, lastCol, rowBands, colBands bool
	rowBand, colBand                                   int
}

// tableStyle that a table's properties name.
func (r *reader) tableStyle(props *xmltree.Node) tableStyle {
	t := tableStyle{rowBand: 1, colBand: 1}
	r.chain(val(props.Kid("w:tblStyle")), func(_ string, s *style) bool {
		t.styles = append(t.styles, s)
		return false
	})
	for _, s := range t.styles {
		own := s.whole.Kid("w:tblPr")
		t.rowBand, t.colBand = max(1, number(own.Kid("w:tblStyleRowBandSize"), t.rowBand)), max(1, number(own.Kid("w:tblStyleColBandSize"), t.colBand))
	}
	look := props.Kid("w:tblLook")
	bits, err := strconv.ParseUint(val(look), 16, 32)
	// flag of the look by its name, or by its bit in older documents.
	flag := func(name string, bit uint64) bool {
		switch v := look.Attr("w:" + name); v {
		case "":
			return err == nil && bits&bit != 0
		default:
			return v == "1" || v == "true" || v == "on"
		}
	}
	if look != nil {
		t.first, t.last, t.firstCol, t.lastCol = flag("firstRow", 0x20), flag("lastRow", 0x40), flag("firstColumn", 0x80), flag("lastColumn", 0x100)
		t.rowBands, t.colBands = !flag("noHBand", 0x200), !flag("noVBand", 0x400)
	}
	return t
}

// runs gives the properties that the style sets for the runs of a cell, the weightiest first.
func (t tableStyle) runs(row, rows, col, cols int) []*xmltree.Node {
	if len(t.styles) == 0 {
		return nil
	}
	var names []string
	add := func(is bool, name string) {
		if is {
			names = append(names, name)
		}
	}
	top, foot, left, right := t.first && row == 0, t.last && row == rows-1, t.firstCol && col == 0, t.lastCol && col == cols-1
	add(foot && right, "seCell")
	add(foot && left, "swCell")
	add(top && right, "neCell")
	add(top && left, "nwCell")
	add(top, "firstRow")
	add(foot, "lastRow")
	add(left, "firstCol")
	add(right, "lastCol")
	if t.first {
		row--
	}
	if t.firstCol {
		col--
	}
	if t.rowBands && !top && !foot {
		add(row/t.rowBand%2 == 0, "band1Horz")
		add(row/t.rowBand%2 == 1, "band2Horz")
	}
	if t.colBands && !left && !right {
		add(col/t.colBand%2 == 0, "band1Vert")
		add(col/t.colBand%2 == 1, "band2Vert")
	}
	names = append(names, "wholeTable")
	var out []*xmltree.Node
	for _, name := range names {
		for _, s := range t.styles {
			s.whole.Find(func(k *xmltree.Node) {
				if k.Attr("w:type") == name && k.Kid("w:rPr") != nil {
					out = append(out, k.Kid("w:rPr"))
				}
			}, "w:tblStylePr")
		}
	}
	for _, s := range t.styles {
		if s.run != nil {
			out = append(out, s.run)
		}
	}
	return out
}
