package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/parts"
	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout/figure"
)

// overlay is what the part of a sheet says beside its cells, which the library does not tell: widths, rules that change the look of cells, and
// drawings that lie over them.
type overlay struct {
	Format struct {
		Usual float64 `xml:"defaultColWidth,attr"`
	} `xml:"sheetFormatPr"`
	Cols struct {
		Col []struct {
			Min   int     `xml:"min,attr"`
			Max   int     `xml:"max,attr"`
			Width float64 `xml:"width,attr"`
		} `xml:"col"`
	}
	Rules   []ruleSet
	Drawing struct {
		ID string `xml:"id,attr"`
	}
	over []merge // places that drawings cover
}

// ruleSet are rules that change the look of the cells of some ranges.
type ruleSet struct {
	Ranges string `xml:"sqref,attr"`
	Named  string `xml:"sqref"` // by later versions
	Rule   []struct {
		Type     string     `xml:"type,attr"`
		Operator string     `xml:"operator,attr"`
		Look     *int       `xml:"dxfId,attr"`
		Formula  []string   `xml:"formula"`
		Bar      shownValue `xml:"dataBar"`
		Icons    shownValue `xml:"iconSet"`
		// Own is the look of a rule of later versions.
		Own *struct {
			Font   *struct{} `xml:"font"`
			Format *struct{} `xml:"numFmt"`
			Fill   *struct{} `xml:"fill"`
		} `xml:"dxf"`
	} `xml:"cfRule"`
}

type shownValue struct {
	Shown string `xml:"showValue,attr"`
}

func (v shownValue) hidden() bool { return v.Shown == "0" || v.Shown == "false" }

// book is a workbook as its parts name it: where its sheets are.
type book struct {
	pkg    *parts.Archive
	sheets map[string]string // the part of each sheet by its name
}

// spreadsheet gives names to the namespaces of drawings.
var spreadsheet = map[string]string{
	"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "xdr",
	"http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing":             "xdr",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":         "mc",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
	"http://schemas.openxmlformats.org/package/2006/relationships":        "",
	"http://schemas.openxmlformats.org/spreadsheetml/2006/main":           "",
	"http://purl.oclc.org/ooxml/spreadsheetml/main":                       "",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":             "r",
}

// part reads a part as a tree; nil where it cannot be read.
func (b book) part(name string) *xmltree.Node {
	data, err := b.pkg.Read(name)
	if err != nil {
		return nil
	}
	n, err := xmltree.Parse(data, spreadsheet)
	if err != nil {
		return nil
	}
	return n
}

// related gives the parts that a part names, by the ids of their relations.
func (b book) related(name string) map[string]string {
	out := map[string]string{}
	dir, base := path.Split(name)
	n := b.part(dir + "_rels/" + base + ".rels")
	if n == nil {
		return out
	}
	for _, k := range n.Kids {
		target := k.Attr("Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		out[k.Attr("Id")] = strings.TrimPrefix(target, "/")
	}
	return out
}

// openBook finds the parts of the sheets.
func openBook(pkg *parts.Archive) book {
	b := book{pkg, map[string]string{}}
	n, rels := b.part(bookPart), b.related(bookPart)
	if n == nil {
		return b
	}
	for _, k := range n.Kid("sheets").All() {
		b.sheets[k.Attr("name")] = rels[k.Attr("r:id")]
	}
	return b
}

// overlay reads what a sheet says beside its cells. What cannot be read is not there.
func (b book) overlay(name string) overlay {
	var o overlay
	part := b.sheets[name]
	data, err := b.pkg.Read(part)
	if err != nil {
		return o
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "sheetFormatPr":
			err = d.DecodeElement(&o.Format, &start)
		case "cols":
			err = d.DecodeElement(&o.Cols, &start)
		case "conditionalFormatting":
			var set ruleSet
			err = d.DecodeElement(&set, &start)
			o.Rules = append(o.Rules, set)
		case "drawing":
			err = d.DecodeElement(&o.Drawing, &start)
		case "sheetData":
			err = d.Skip()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			break
		}
	}
	if o.Drawing.ID != "" {
		o.over = b.covered(b.related(part)[o.Drawing.ID])
	}
	return o
}

// The usual sizes of cells in drawing units, for drawings that say their own size alone.
const usualWide, usualHigh = 609_600, 190_500

// covered gives the ranges that the drawings of a part lie over.
func (b book) covered(part string) []merge {
	n := b.part(part)
	if n == nil {
		return nil
	}
	var out []merge
	n.Find(func(anchor *xmltree.Node) {
		if !drawn(anchor) {
			return
		}
		number := func(of *xmltree.Node, name string) int {
			v, err := strconv.Atoi(strings.TrimSpace(of.Kid(name).Content()))
			if err != nil {
				return 0
			}
			return v
		}
		from, to := anchor.Kid("xdr:from"), anchor.Kid("xdr:to")
		m := merge{number(from, "xdr:row"), number(from, "xdr:col"), number(to, "xdr:row"), number(to, "xdr:col")}
		if to == nil {
			size := anchor.Kid("xdr:ext")
			wide, _ := strconv.Atoi(size.Attr("cx"))
			high, _ := strconv.Atoi(size.Attr("cy"))
			m.row1, m.col1 = m.row0+(number(from, "xdr:rowOff")+high)/usualHigh, m.col0+(number(from, "xdr:colOff")+wide)/usualWide
		} else {
			// One that ends where a cell begins does not lie over it.
			if number(to, "xdr:rowOff") == 0 && m.row1 > m.row0 {
				m.row1--
			}
			if number(to, "xdr:colOff") == 0 && m.col1 > m.col0 {
				m.col1--
			}
		}
		out = append(out, m)
	}, "xdr:twoCellAnchor", "xdr:oneCellAnchor")
	return out
}

// drawn says that something of an anchor is seen.
func drawn(anchor *xmltree.Node) bool {
	seen := false
	anchor.Find(func(k *xmltree.Node) {
		hidden := k.Attr("hidden")
		seen = seen || hidden != "1" && hidden != "true"
	}, "xdr:cNvPr")
	return seen
}

// number of a rule's formula; false where it is no plain number.
func constant(formula []string, i int) (float64, bool) {
	if i >= len(formula) {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(formula[i]), 64)
	return v, err == nil
}

// meetsRule says whether a number meets a rule that compares it with others; true where nobody knows.
func meetsRule(kind, operator string, formula []string, v float64) bool {
	a, ok := constant(formula, 0)
	if kind != "cellIs" || !ok {
		return true
	}
	switch operator {
	case "greaterThan":
		return v > a
	case "greaterThanOrEqual":
		return v >= a
	case "lessThan":
		return v < a
	case "lessThanOrEqual":
		return v <= a
	case "equal":
		return v == a
	case "notEqual":
		return v != a
	}
	b, ok := constant(formula, 1)
	if !ok {
		return true
	}
	return (v >= a && v <= b) == (operator == "between")
}

// ranges reads the ranges of a list of references.
func ranges(list string) []merge {
	var out []merge
	for ref := range strings.FieldsSeq(list) {
		from, to, ok := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
		if !ok {
			to = from
		}
		c0, r0, err0 := excelize.CellNameToCoordinates(from)
		c1, r1, err1 := excelize.CellNameToCoordinates(to)
		if err0 == nil && err1 == nil {
			out = append(out, merge{r0 - 1, c0 - 1, r1 - 1, c1 - 1})
		}
	}
	return out
}

// lay puts onto a sheet what lies over its cells, and names what a rule may hide or strike out.
func (o overlay) lay(f *excelize.File, s *sheet) {
	if o.Format.Usual > 0 {
		s.usual = o.Format.Usual
	}
	s.widths = map[int]float64{}
	for _, c := range o.Cols.Col {
		for col := max(c.Min, 1) - 1; col < min(c.Max, maxColumns); col++ {
			if s.widths[col] = c.Width; c.Width < narrowest {
				s.hiddenCols[col] = true
			}
		}
	}
	for _, m := range o.over {
		s.doubt(m, func(cell) bool { return true })
	}
	for _, set := range o.Rules {
		for _, rule := range set.Rule {
			hides := rule.Bar.hidden() || rule.Icons.hidden() || rule.Own != nil && (rule.Own.Font != nil || rule.Own.Format != nil || rule.Own.Fill != nil)
			for _, m := range ranges(set.Ranges + " " + set.Named) {
				s.doubt(m, func(c cell) bool {
					return (hides || rule.Look != nil && changes(f, *rule.Look, c)) && (!c.number || meetsRule(rule.Type, rule.Operator, rule.Formula, c.value))
				})
			}
		}
	}
}

// changes says that a look that a rule gives strikes out or hides what a cell shows, or shows it otherwise.
func changes(f *excelize.File, id int, c cell) bool {
	if f.Styles == nil || f.Styles.Dxfs == nil || id < 0 || id >= len(f.Styles.Dxfs.Dxfs) || f.Styles.Dxfs.Dxfs[id] == nil {
		return false
	}
	of := f.Styles.Dxfs.Dxfs[id]
	ground, ink, told := c.ground, c.look.color, c.look.told
	if of.Fill != nil && of.Fill.PatternFill != nil && of.Fill.PatternFill.BgColor != nil {
		b := of.Fill.PatternFill.BgColor
		color, ok := colorOf(f, b.Auto, b.RGB, b.Indexed, b.Theme, b.Tint)
		ground = flow.Ground{Color: color, Known: ok}
	}
	if of.Font != nil {
		if of.Font.Strike.Value() {
			return true
		}
		if k := of.Font.Color; k != nil {
			ink, told = colorOf(f, k.Auto, k.RGB, k.Indexed, k.Theme, k.Tint)
		}
	}
	return of.NumFmt != nil || told && ground.Hides(ink)
}

// narrowest, in characters, is the width of a column that nobody sees; lowest, in points, the height of a
// row in which print is cut, flat that of one in which nothing is seen.
const narrowest, lowest, flat = 0.5, 8, 3

// maxLooks bounds how often a range is held against cells: a sheet has some tens of ranges and some thousands of cells.
const maxLooks = 50_000_000

// doubt names the cells of a range that a test is true of: what they show is not told by what they hold.
func (s *sheet) doubt(m merge, of func(cell) bool) {
	if s.looks += len(s.rows) + len(s.merges); s.looks > maxLooks {
		return
	}
	for r, row := range s.rows {
		if r < m.row0 || r > m.row1 {
			continue
		}
		s.looks += len(row)
		for col, c := range row {
			if col >= m.col0 && col <= m.col1 && of(c) {
				c.struck = true
				row[col] = c
			}
		}
	}
	for _, at := range s.merges { // what is seen of merged cells stands in the first
		if at.row1 >= m.row0 && at.row0 <= m.row1 && at.col1 >= m.col0 && at.col0 <= m.col1 {
			if c, ok := s.rows[at.row0][at.col0]; ok && of(c) {
				c.struck = true
				s.rows[at.row0][at.col0] = c
			}
		}
	}
}

// press takes what stands in rows in which nothing is seen, and names what is cut. What merged cells hold is seen where another of their rows is high.
func (s *sheet) press() {
	tall := map[place]bool{}
	for _, m := range s.merges {
		tall[place{m.row0, m.col0}] = m.row1 > m.row0
	}
	for r, high := range s.low {
		for col, c := range s.rows[r] {
			switch {
			case c.text == "" || tall[place{r, col}]:
				continue
			case high < flat:
				c = cell{lost: true, border: c.border}
			case figure.Bare(c.text):
				c.struck = true
			}
			s.rows[r][col] = c
		}
	}
}

// usualWidth of a column in characters, and the size of print that it counts.
const usualWidth, usualPrint = 9.14, 11

// squeeze names the numbers that their columns are too narrow for: in their place ### is seen.
func (s *sheet) squeeze() {
	wide := func(col int) float64 {
		if s.hiddenCols[col] {
			return 0
		}
		if w, ok := s.widths[col]; ok && w > 0 {
			return w
		}
		if s.usual > 0 {
			return s.usual
		}
		return usualWidth
	}
	merged := map[place]float64{}
	for _, m := range s.merges {
		for col := max(0, m.col0); col <= min(m.col1, maxColumns-1); col++ {
			merged[place{m.row0, m.col0}] += wide(col)
		}
	}
	const spare = 0.3 // of a character
	for r, row := range s.rows {
		for col, c := range row {
			room, ok := merged[place{r, col}]
			if !ok {
				room = wide(col)
			}
			if c.need > room+spare {
				c.struck = true
				row[col] = c
			}
		}
	}
}

// needed is how many characters wide a number must be shown: General leaves decimals out where there is no room, other formats do not.
func needed(text string, general bool, size float64) float64 {
	if general {
		text, _, _ = strings.Cut(text, ".")
	}
	wide := 0.0
	for _, c := range text {
		switch {
		case c == '.' || c == ',' || c == ' ':
			wide += 0.5
		case c > 0xFF:
			wide += 2
		default:
			wide++
		}
	}
	if size > 0 {
		wide *= size / usualPrint
	}
	return wide
}
