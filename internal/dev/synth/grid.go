package synth

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/form"
)

// Style is how a report is set. The zero value is not usable; take one from MakeStyle or Plain.
type Style struct {
	Face Face // of labels and prose
	Head Face // of the title and headings
	// Figures is the face of figures and Latin: Times or Termes, as word processors have it, or the
	// same as Face.
	Figures Face
	Size    float64 // of type in tables, in points
	Rule    float64 // thickness of rulings, in points
	Row     float64 // least height of a table's row, in points
	// Shade is the gray of shaded cells, 1 for none; 0.85 is a light one.
	Shade float64
	// Vertical sets the label that spans the results one character below the other.
	Vertical bool
	// Landscape turns the page.
	Landscape bool
	// HalfWidth prints (一) for （一）.
	HalfWidth bool
	// Repeat prints a table's header again on every page.
	Repeat bool
	// Spaced puts blanks into long labels, as hand-made tables have them.
	Spaced bool
	// Note prints the form's remark on its sums in the corner cell.
	Note bool
	// Split sets each band of the first table as a table of its own.
	Split bool
	// Ruling says which rulings of the tables are drawn.
	Ruling Ruling
}

// Ruling is how the tables of a report are ruled. MakeStyle draws all rulings.
type Ruling int

// The ways: a box around every cell; nothing but white space; lines above, below the header and at
// the foot; lines between rows alone; lines between cells, without the outer border; lines between
// columns alone.
const (
	Boxed Ruling = iota
	Unruled
	ThreeLine
	RowRuled
	Borderless
	ColumnRuled
)

// Plain is the official template's style.
func Plain() Style {
	return Style{Face: Song, Head: Hei, Figures: Times, Size: 9, Rule: 0.5, Row: 18, Shade: 1, Vertical: true, Note: true}
}

// MakeStyle draws a style.
func MakeStyle(seed uint64) Style {
	rng := rand.New(rand.NewPCG(seed, 0x7374796c))
	face := pick(rng, Faces())
	return Style{
		Face: face, Head: pick(rng, Faces()), Figures: pick(rng, []Face{face, Times, Times, Termes, Termes}),
		Size: pick(rng, []float64{8.5, 9, 9, 10, 10.5}), Rule: pick(rng, []float64{0.5, 0.5, 0.5, 0.75, 1, 1.5}),
		Row: pick(rng, []float64{15, 17, 20, 23}), Shade: pick(rng, []float64{1, 1, 0.92, 0.85}),
		Vertical: rng.IntN(2) == 0, Landscape: rng.IntN(7) == 0, HalfWidth: rng.IntN(4) == 0, Repeat: rng.IntN(5) == 0,
		Spaced: rng.IntN(4) == 0, Note: rng.IntN(3) > 0, Split: rng.IntN(2) == 0,
	}
}

// Grid is one printed table.
type Grid struct {
	Rows   int
	Widths []float64 // of the columns, in any unit
	// Header is the number of rows that may be repeated on a new page.
	Header int
	Boxes  []Box // by row, then column
}

// Box is one cell of a Grid. Path is set when it holds a number.
type Box struct {
	Row, Col, RowSpan, ColSpan int
	Text                       string
	Path                       string
	Bold, Left, Vertical       bool
	Shaded                     bool
}

func (g *Grid) put(row, col, rows, cols int, text string) *Box {
	g.Boxes = append(g.Boxes, Box{Row: row, Col: col, RowSpan: rows, ColSpan: cols, Text: text})
	return &g.Boxes[len(g.Boxes)-1]
}

// value puts a number.
func (g *Grid) value(r *Report, row, col, cols int, path string) {
	g.put(row, col, 1, cols, r.printed[path]).Path = path
}

// sort orders the boxes by row, then column.
func (g *Grid) sort() {
	at := make(map[[2]int]Box, len(g.Boxes))
	for _, b := range g.Boxes {
		at[[2]int{b.Row, b.Col}] = b
	}
	boxes := g.Boxes[:0]
	for row := range g.Rows {
		for col := range g.Widths {
			if b, ok := at[[2]int{row, col}]; ok {
				boxes = append(boxes, b)
			}
		}
	}
	g.Boxes = boxes
}

// Grids gives a form's table as it is printed: one grid, or one for each band.
func (r *Report) Grids(table string, st Style) []Grid {
	t := r.form.Table(table)
	var grids []Grid
	switch table {
	case "proactive_disclosure":
		grids = r.bands(t, st)
	case "requests":
		grids = []Grid{r.requestsGrid(t, st)}
	case "review_and_litigation":
		grids = []Grid{r.reviewGrid(t)}
	case "statistics":
		if heads, ok := localHeads[r.Form]; ok {
			grids = []Grid{r.localGrid(t, heads)}
		} else {
			grids = []Grid{r.statisticsGrid(t)}
		}
	default:
		grids = []Grid{r.anyGrid(t)}
	}
	for i := range grids {
		grids[i].sort()
		for k := range grids[i].Boxes {
			b := &grids[i].Boxes[k]
			if b.Path == "" { // numbers stay as the truth has them
				b.Text = st.label(b.Text)
			}
		}
	}
	return grids
}

// label sets a label as the style wants it.
func (st Style) label(s string) string {
	if st.HalfWidth {
		s = strings.NewReplacer("（", "(", "）", ")").Replace(s)
	}
	return s
}

func (r *Report) bands(t *form.Table, st Style) []Grid {
	var grids []Grid
	var g *Grid
	for i := 0; i < len(t.Rows); {
		end := i
		for end < len(t.Rows) && t.Rows[end].Groups[0] == t.Rows[i].Groups[0] {
			end++
		}
		if g == nil || st.Split {
			grids = append(grids, Grid{Widths: []float64{4, 3.6, 3.6, 3.6}})
			g = &grids[len(grids)-1]
		}
		keys := t.Rows[i].Columns
		spans := [][]int{nil, {3}, {2, 1}, {1, 1, 1}}[len(keys)]
		g.put(g.Rows, 0, 1, 4, t.Rows[i].Groups[0]).Shaded = true
		g.put(g.Rows+1, 0, 1, 1, "信息内容").Bold = true
		col := 1
		for k, key := range keys {
			for _, c := range t.Columns {
				if c.Key == key {
					g.put(g.Rows+1, col, 1, spans[k], c.Label).Bold = true
				}
			}
			col += spans[k]
		}
		g.Rows += 2
		for _, row := range t.Rows[i:end] {
			g.put(g.Rows, 0, 1, 1, row.Label).Left = true
			col := 1
			for k, key := range keys {
				g.value(r, g.Rows, col, spans[k], form.Path(t.Key, row.Key, key))
				col += spans[k]
			}
			g.Rows++
		}
		i = end
	}
	return grids
}

const flowNote = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"

func (r *Report) requestsGrid(t *form.Table, st Style) Grid {
	g := Grid{Rows: 3 + len(t.Rows), Header: 3, Widths: []float64{1.1, 2.2, 4.6, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.2}}
	if st.Landscape {
		g.Widths[2] = 8
	}
	note := ""
	if st.Note {
		note = flowNote
	}
	g.put(0, 0, 3, 3, note).Left = true
	g.put(0, 3, 1, 7, "申请人情况")
	for i, c := range t.Columns {
		switch {
		case len(c.Groups) == 0:
			g.put(1, 3+i, 2, 1, c.Label)
		case len(t.Columns[i-1].Groups) == 0:
			n := 0
			for n+i < len(t.Columns) && len(t.Columns[n+i].Groups) > 0 {
				n++
			}
			g.put(1, 3+i, 1, n, c.Groups[0])
			fallthrough
		default:
			g.put(2, 3+i, 1, 1, c.Label)
		}
	}
	for i, row := range t.Rows {
		at := 3 + i
		for depth, label := range row.Groups {
			if i > 0 && len(t.Rows[i-1].Groups) > depth && t.Rows[i-1].Groups[depth] == label {
				continue
			}
			n := 1
			for i+n < len(t.Rows) && len(t.Rows[i+n].Groups) > depth && t.Rows[i+n].Groups[depth] == label {
				n++
			}
			b := g.put(at, depth, n, 1, label)
			b.Vertical = depth == 0 && st.Vertical
			b.Bold = depth == 0
		}
		label := row.Label
		if cut := len([]rune(label)) / 2; st.Spaced && cut > 6 {
			label = string([]rune(label)[:cut]) + " " + string([]rune(label)[cut:])
		}
		b := g.put(at, len(row.Groups), 1, 3-len(row.Groups), label)
		b.Left = true
		b.Bold = len(row.Groups) == 0
		for k, c := range t.Columns {
			g.value(r, at, 3+k, 1, form.Path(t.Key, row.Key, c.Key))
		}
	}
	return g
}

func (r *Report) reviewGrid(t *form.Table) Grid {
	g := Grid{Rows: 4, Header: 3}
	for i, c := range t.Columns {
		g.Widths = append(g.Widths, 1)
		for depth, label := range c.Groups {
			if i > 0 && len(t.Columns[i-1].Groups) > depth && t.Columns[i-1].Groups[depth] == label {
				continue
			}
			n := 1
			for i+n < len(t.Columns) && len(t.Columns[i+n].Groups) > depth && t.Columns[i+n].Groups[depth] == label {
				n++
			}
			g.put(depth, i, 1, n, label)
		}
		g.put(len(c.Groups), i, 3-len(c.Groups), 1, c.Label)
		g.value(r, 3, i, 1, form.Path(t.Key, "", c.Key))
	}
	return g
}

func (r *Report) statisticsGrid(t *form.Table) Grid {
	g := Grid{Rows: 1 + len(t.Rows), Header: 1, Widths: []float64{10.4, 2, 3.4}}
	for i, h := range []string{"统  计  指  标", "单位", "统计数"} {
		g.put(0, i, 1, 1, h).Bold = true
	}
	for i, row := range t.Rows {
		b := g.put(1+i, 0, 1, 1, row.Label)
		b.Left, b.Bold = true, row.Heading
		if row.Heading {
			g.put(1+i, 1, 1, 1, "——")
			g.put(1+i, 2, 1, 1, "——")
			continue
		}
		g.put(1+i, 1, 1, 1, row.Unit)
		g.value(r, 1+i, 2, 1, form.Path(t.Key, row.Key, ""))
	}
	return g
}

// localHeads are the headers of the local forms' tables (forms.md, section 5): the label, the unit, perhaps a code, and two
// columns of numbers of which one is the year's.
var localHeads = map[string][]string{
	"dingxi":   {"指 标 名 称", "计量单位", "代码", "本期实际", "本年累计"},
	"shanghai": {"指标名称", "计算单位", "代码", "本月累计", "年度累计"},
	"putian":   {"指标名称", "计量单位", "2009年度", "历年累计"},
}

// Other is the number that a local form prints in its other column beside the year's: less for a part of the year, more for all years.
func (r *Report) Other(path string) string {
	n, _ := strconv.Atoi(r.printed[path])
	if r.Form == "putian" {
		return strconv.Itoa(3*n + 1)
	}
	return strconv.Itoa(n / 3)
}

func (r *Report) localGrid(t *form.Table, heads []string) Grid {
	g := Grid{Rows: 1 + len(t.Rows), Header: 1, Widths: []float64{9, 2, 1.5, 2.4, 2.4}[:len(heads)]}
	for i, h := range heads {
		g.put(0, i, 1, 1, h).Bold = true
	}
	year := len(heads) - 1
	other := year - 1
	if r.Form == "putian" {
		year, other = other, year
	}
	for i, row := range t.Rows {
		path := form.Path(t.Key, row.Key, "")
		g.put(1+i, 0, 1, 1, row.Label).Left = true
		g.put(1+i, 1, 1, 1, row.Unit)
		if len(heads) > 4 {
			g.put(1+i, 2, 1, 1, fmt.Sprintf("%02d", 1+i))
		}
		g.put(1+i, other, 1, 1, r.Other(path))
		g.value(r, 1+i, year, 1, path)
	}
	return g
}
