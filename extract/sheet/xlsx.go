package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/parts"
	"github.com/nianbao/nianbao/layout/diag"
)

// readXLSX reads a workbook with excelize, which formats the numbers.
func readXLSX(data []byte) (sheets []sheet, err error) {
	defer func() {
		// The library is not written for files that lie; such a file must not end the program.
		if p := recover(); p != nil {
			sheets, err = nil, fmt.Errorf("%w: XLSX (%v)", diag.ErrDamaged, p)
		}
	}()
	pkg, err := parts.Open(data)
	if err != nil {
		return nil, fmt.Errorf("XLSX: %w", err)
	}
	if data, err = named(pkg, data); err != nil {
		return nil, fmt.Errorf("XLSX: %w", err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: parts.MaxTotal, UnzipXMLSizeLimit: parts.MaxTotal})
	if err != nil {
		return nil, fmt.Errorf("%w: XLSX (%w)", diag.ErrDamaged, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	names := f.GetSheetList()
	if len(names) > maxSheets {
		return nil, fmt.Errorf("%w: %d sheets", diag.ErrTooLarge, len(names))
	}
	applied(f)
	parts := openBook(pkg)
	all := &reading{File: f, styles: map[int]style{}, computed: maxComputed}
	if props, err := f.GetCalcProps(); err == nil && props.FullCalcOnLoad != nil {
		all.anew = *props.FullCalcOnLoad
	}
	for _, name := range names {
		if visible, err := f.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		s, err := all.sheet(name)
		if err != nil {
			return nil, fmt.Errorf("sheet %.40q: %w", name, err)
		}
		parts.overlay(name).lay(f, &s)
		s.name = name
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// maxCells bounds the cells of one sheet, blank ones included: the library holds all of them, up to
// the last column of each row.
const maxCells = 2_000_000

// maxComputed bounds the formulas without results that are computed for one workbook, and timeComputed how long that takes; what is not computed
// is named.
const (
	maxComputed  = 2000
	timeComputed = 10 * time.Second
)

// reading is a workbook while it is read.
type reading struct {
	*excelize.File
	styles   map[int]style // what is known of the styles
	computed int           // how many formulas may still be computed
	spent    time.Duration // on that
	followed int           // how many formulas were looked at to see which refer to themselves
	anew     bool          // the program that opens the workbook computes all formulas anew
	code     bool          // the sheet shows formulas in place of their results
}

// applied has every format of cells take its parts: Excel does, whatever the flags beside them say.
func applied(f *excelize.File) {
	if _, err := f.GetStyle(0); err != nil || f.Styles == nil || f.Styles.CellXfs == nil {
		return
	}
	for i := range f.Styles.CellXfs.Xf {
		of := &f.Styles.CellXfs.Xf[i]
		of.ApplyFont, of.ApplyFill, of.ApplyBorder, of.ApplyAlignment, of.ApplyNumberFormat = nil, nil, nil, nil, nil
	}
}

// sheet reads one sheet.
func (f *reading) sheet(name string) (sheet, error) {
	s := sheet{hiddenRows: map[int]bool{}, hiddenCols: map[int]bool{}, low: map[int]float64{}}
	rows, err := f.Rows(name)
	if err != nil {
		return s, nil // nothing of it is there
	}
	texts, width, err := s.readRows(rows)
	if err = errors.Join(err, rows.Close()); err != nil || len(texts) == 0 {
		return s, err // a sheet of a chart has no rows, and the library says of it that it is no worksheet
	}
	view, err := f.GetSheetView(name, -1)
	noZeros := err == nil && view.ShowZeros != nil && !*view.ShowZeros
	f.code = err == nil && view.ShowFormulas != nil && *view.ShowFormulas
	for r, cells := range texts {
		high, err := f.GetRowHeight(name, r+1)
		if err == nil && high == 0 {
			s.hiddenRows[r] = true
		}
		if err == nil && high < lowest {
			s.low[r] = high
		}
		// The library leaves out blank cells at the end of a row; with borders they are seen, and a value may be hidden by its format.
		for c := range width {
			at, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				return s, damaged(err)
			}
			st, err := f.styleOf(name, at)
			if err != nil {
				return s, damaged(err)
			}
			text := ""
			if c < len(cells) {
				text = cells[c]
			}
			seen, err := f.displayed(name, at, text, st, noZeros)
			if err != nil {
				return s, damaged(err)
			}
			seen.border = st.border
			s.put(r, c, seen)
		}
	}
	for c := range width {
		col, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return s, damaged(err)
		}
		if visible, err := f.GetColVisible(name, col); err == nil && !visible {
			s.hiddenCols[c] = true
		}
	}
	merged, err := f.GetMergeCells(name, true)
	if err != nil {
		return s, damaged(err)
	}
	for _, m := range merged {
		c0, r0, err0 := excelize.CellNameToCoordinates(m.GetStartAxis())
		c1, r1, err1 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err0 != nil || err1 != nil {
			continue
		}
		s.merges = append(s.merges, merge{r0 - 1, c0 - 1, r1 - 1, c1 - 1})
	}
	return s, nil
}

func damaged(err error) error { return fmt.Errorf("%w: %w", diag.ErrDamaged, err) }

// readRows gives the texts of a sheet's rows, and how many cells the longest has; it marks the rows that are hidden. The rows are read
// as a stream and measured before anything is asked that makes the library hold the sheet.
func (s *sheet) readRows(rows *excelize.Rows) (texts [][]string, width int, err error) {
	held := 0
	for r := 0; rows.Next(); r++ {
		if rows.GetRowOpts().Hidden {
			s.hiddenRows[r] = true
		}
		cells, err := rows.Columns()
		if err != nil {
			return nil, 0, damaged(err)
		}
		held += len(cells)
		if held > maxCells {
			return nil, 0, fmt.Errorf("%w: row %d with %d cells", diag.ErrTooLarge, r+1, len(cells))
		}
		for c, text := range cells {
			if text = flow.Clean(text); text != "" && (c >= maxColumns || r >= maxRows) {
				s.leftOut(r, c)
			}
			cells[c] = text
		}
		cells = cells[:min(len(cells), maxColumns)]
		width = max(width, len(cells))
		if r < maxRows {
			texts = append(texts, slices.Clone(cells))
		}
	}
	if err := rows.Error(); err != nil {
		return nil, 0, damaged(err)
	}
	if len(texts)*width > maxCells {
		return nil, 0, fmt.Errorf("%w: %d rows of %d cells", diag.ErrTooLarge, len(texts), width)
	}
	return texts, width, nil
}
