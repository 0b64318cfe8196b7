// Package sheet reads spreadsheets, XLSX and XLS (Excel 97 to 2003), as the pages of paragraphs and
// tables that a reader of the sheets sees.
//
// A sheet has cells but does not say where a table begins. Its borders do: rows with borders are
// tables, rows without that hold a single text are paragraphs, and blank rows part what stands above
// from what stands below. In a sheet without borders, a text alone before rows of several cells is a
// paragraph. Hidden rows, columns and sheets are not read. Numbers come as their format shows them.
package sheet

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/ole"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/figure"
)

// Limits of a workbook. A form has 28 rows; these leave room for a whole province.
const (
	maxSheets  = 256
	maxRows    = 5000
	maxColumns = 256
	// maxCovered bounds the cells that merges of one sheet cover together.
	maxCovered = 2_000_000
)

// Read gives the blocks of all sheets, in their order. Errors wrap diag.ErrEmpty, diag.ErrDamaged,
// diag.ErrEncrypted, diag.ErrTooLarge, or diag.ErrFormat for workbooks older than Excel 97.
func Read(data []byte) (*layout.Document, []diag.Warning, error) {
	if len(data) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	read := readXLSX
	if ole.Is(data) {
		read = readXLS
	}
	sheets, err := read(data)
	if err != nil {
		return nil, nil, err
	}
	var blocks []layout.Block
	var warnings []diag.Warning
	for i := range sheets {
		sheets[i].squeeze()
		sheets[i].press()
		found := sheets[i].blocks()
		if year := yearOf.FindString(sheets[i].name); year != "" && len(sheets) > 1 && len(found) > 0 {
			// A reader sees the name below the sheet; which year's it is, nothing else may say.
			blocks = append(blocks, flow.Paragraph(strings.TrimSuffix(year, "年")+"年", 0))
		}
		blocks = append(blocks, found...)
		if s := &sheets[i]; s.beyond > 0 {
			warnings = append(warnings, diag.Warning{Code: diag.Truncated, Message: fmt.Sprintf(
				"%d cells of sheet %d lie beyond row %d or column %d and were not read; the first is in row %d, column %d", s.beyond, i+1, maxRows, maxColumns, s.beyondRow+1, s.beyondCol+1)})
		}
	}
	return flow.Document(blocks), warnings, nil
}

// cell of a sheet.
type cell struct {
	text   string
	border bool
	lost   bool // what it shows cannot be told, or it shows nothing of what it holds
	struck bool // something of it is struck out, or may be shown otherwise
	// Of a number: its value, how many characters wide it is, how it looks and on what.
	number bool
	value  float64
	need   float64
	look   look
	ground flow.Ground
}

// merge is a range of cells that are one, all bounds included.
type merge struct{ row0, col0, row1, col1 int }

// sheet is one sheet, hidden rows and columns still in it.
type sheet struct {
	name       string
	rows       map[int]map[int]cell
	last       int // the last row that has cells
	merges     []merge
	hiddenRows map[int]bool
	hiddenCols map[int]bool
	// widths of columns in characters, and that of those that say none.
	widths map[int]float64
	usual  float64
	// low are rows too low to show what stands in them, and how high they are in points.
	low map[int]float64
	// looks is how often a range was held against cells.
	looks int
	// beyond is how many cells with text lie beyond the limits, and where the first of them is.
	beyond, beyondRow, beyondCol int
}

// yearOf finds the year in the name of a sheet.
var yearOf = regexp.MustCompile(`20\d\d年?`)

// put sets a cell. One beyond the limits, which a slip of the hand leaves in many workbooks, is left out; the sheet
// keeps what is to be said of it.
func (s *sheet) put(row, col int, c cell) {
	if c.text == "" && !c.border && !c.lost && !c.struck {
		return
	}
	if row < 0 || col < 0 || row >= maxRows || col >= maxColumns {
		if c.text != "" || c.lost {
			s.leftOut(row, col)
		}
		return
	}
	if s.rows == nil {
		s.rows = map[int]map[int]cell{}
	}
	if s.rows[row] == nil {
		s.rows[row] = map[int]cell{}
	}
	s.rows[row][col] = c
	s.last = max(s.last, row)
}

// leftOut notes a cell that is not read.
func (s *sheet) leftOut(row, col int) {
	if s.beyond == 0 {
		s.beyondRow, s.beyondCol = row, col
	}
	s.beyond++
}

// box is a cell as it is seen: where it starts, what it spans.
type box struct {
	col, rows, cols int
	cell
}

type place struct{ row, col int }

// span is what is seen of a merge.
type span struct {
	cell
	rows, cols int
}

// spans gives what is seen of the merges by the place where it starts, and the places they cover.
func (s *sheet) spans() (map[place]span, map[place]bool) {
	at, covered := map[place]span{}, map[place]bool{}
	for _, m := range s.merges {
		m.row0, m.col0 = max(m.row0, 0), max(m.col0, 0)
		m.row1, m.col1 = min(m.row1, s.last), min(m.col1, maxColumns-1)
		if m.row0 > m.row1 || m.col0 > m.col1 || len(covered)+(m.row1-m.row0+1)*(m.col1-m.col0+1) > maxCovered {
			continue
		}
		v := span{cell: s.rows[m.row0][m.col0]}
		var start *place
		for r := m.row0; r <= m.row1; r++ {
			seen := !s.hiddenRows[r]
			if seen {
				v.rows++
			}
			for c := m.col0; c <= m.col1; c++ {
				covered[place{r, c}] = true
				v.border = v.border || s.rows[r][c].border
				if seen && !s.hiddenCols[c] {
					if start == nil {
						start = &place{r, c}
					}
					if r == start.row {
						v.cols++
					}
				}
			}
		}
		if start != nil {
			at[*start] = v
		}
	}
	return at, covered
}

// visible gives the boxes of each row that is seen; hidden rows and columns are left out, and blank
// cells without borders.
func (s *sheet) visible() [][]box {
	spans, covered := s.spans()
	var out [][]box
	for r := 0; r <= s.last; r++ {
		if s.hiddenRows[r] {
			continue
		}
		var row []box
		col := 0
		for c := range maxColumns {
			if s.hiddenCols[c] {
				continue
			}
			at := place{r, c}
			if v, ok := spans[at]; ok && (v.text != "" || v.border || v.lost) {
				row = append(row, box{col, v.rows, v.cols, v.cell})
			} else if v, ok := s.rows[r][c]; ok && !covered[at] {
				row = append(row, box{col, 1, 1, v})
			}
			col++
		}
		out = append(out, row)
	}
	return out
}

// blocks parts a sheet into paragraphs and tables.
func (s *sheet) blocks() []layout.Block {
	rows := s.visible()
	ruled := false
	first, last := maxColumns, -1 // columns that are used
	for _, row := range rows {
		for _, b := range row {
			ruled = ruled || b.border
			first, last = min(first, b.col), max(last, b.col+b.cols-1)
		}
	}
	var out []layout.Block
	var table [][]box
	end := func() {
		out = append(out, grid(table, first, last, ruled)...)
		table = nil
	}
	reach := 0 // the row after the last one that a cell of the table spans
	for i, row := range rows {
		texts, borders := 0, 0
		var text box
		for _, b := range row {
			if b.text != "" {
				texts, text = texts+1, b
			}
			if b.border {
				borders++
			}
		}
		wide := texts == 1 && len(row) == 1 && text.col <= first && text.col+text.cols-1 >= last
		switch {
		case len(row) == 0 && i < reach && table != nil:
			table = append(table, nil) // a row of merged cells only
		case len(row) == 0:
			end()
		case texts == 1 && borders == 0 && (ruled || table == nil || figure.OpensSection(text.text)),
			wide && figure.OpensSection(text.text):
			end()
			for l := range strings.SplitSeq(text.text, "\n") {
				out = append(out, flow.Paragraph(l, 0))
			}
		default:
			table = append(table, row)
			for _, b := range row {
				reach = max(reach, i+b.rows)
			}
		}
	}
	end()
	return out
}

// grid gives rows as a table. Without borders a position without a cell is a blank cell.
func grid(rows [][]box, first, last int, ruled bool) []layout.Block {
	var g flow.Grid
	for r, row := range rows {
		for _, b := range row {
			if c := g.Place(r, b.col-first, b.rows, b.cols); c != nil {
				c.Lost, c.Ink = b.lost, flow.Struck.If(b.struck)
				switch {
				case b.lost && b.struck:
					c.Why = "what stands here is struck out"
				case b.lost:
					c.Why = "the value is not shown, or not told by the file"
				}
				if b.text != "" {
					c.Content = []layout.Block{flow.Paragraph(b.text, 0)}
				}
			}
		}
		if !ruled {
			for c := g.Next(r, 0); c <= last-first; c = g.Next(r, c) {
				if g.Place(r, c, 1, 1) == nil {
					break
				}
			}
		}
	}
	return g.Table()
}
