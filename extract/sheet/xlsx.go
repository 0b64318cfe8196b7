package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

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
	// The library unpacks all parts at once, so all of them are measured first.
	for _, name := range pkg.Names() {
		if _, err := pkg.Read(name); err != nil {
			return nil, fmt.Errorf("XLSX: %w", err)
		}
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
	borders := map[int]bool{}
	for _, name := range names {
		if visible, err := f.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		s, err := readSheet(f, name, borders)
		if err != nil {
			return nil, fmt.Errorf("sheet %.40q: %w", name, err)
		}
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// maxCells bounds the cells of one sheet, blank ones included: the library holds all of them, up to
// the last column of each row.
const maxCells = 2_000_000

// readSheet reads one sheet; borders remembers which styles have borders.
func readSheet(f *excelize.File, name string, borders map[int]bool) (sheet, error) {
	s := sheet{hiddenRows: map[int]bool{}, hiddenCols: map[int]bool{}}
	rows, err := f.Rows(name)
	if err != nil {
		return s, nil // a sheet of a chart has no rows
	}
	texts, width, err := readRows(rows, s.hiddenRows)
	if err = errors.Join(err, rows.Close()); err != nil {
		return s, err
	}
	for r, cells := range texts {
		// The library leaves out blank cells at the end of a row; with borders they are seen.
		for c := range width {
			text := ""
			if c < len(cells) {
				text = cells[c]
			}
			border, err := bordered(f, name, r, c, borders)
			if err != nil {
				return s, damaged(err)
			}
			if err := s.put(r, c, cell{text, border}); err != nil {
				return s, err
			}
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
func readRows(rows *excelize.Rows, hidden map[int]bool) (texts [][]string, width int, err error) {
	held := 0
	for r := 0; rows.Next(); r++ {
		if rows.GetRowOpts().Hidden {
			hidden[r] = true
		}
		cells, err := rows.Columns()
		if err != nil {
			return nil, 0, damaged(err)
		}
		held += len(cells)
		if held > maxCells || len(cells) > 0 && r >= maxRows {
			return nil, 0, fmt.Errorf("%w: row %d with %d cells", diag.ErrTooLarge, r+1, len(cells))
		}
		for c, text := range cells {
			if text = flow.Clean(text); text != "" && c >= maxColumns {
				return nil, 0, fmt.Errorf("%w: a cell in row %d, column %d", diag.ErrTooLarge, r+1, c+1)
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

func bordered(f *excelize.File, name string, row, col int, known map[int]bool) (bool, error) {
	at, err := excelize.CoordinatesToCellName(col+1, row+1)
	if err != nil {
		return false, err
	}
	id, err := f.GetCellStyle(name, at)
	if err != nil {
		return false, err
	}
	if b, ok := known[id]; ok {
		return b, nil
	}
	style, err := f.GetStyle(id)
	if err != nil {
		return false, nil // a style that is not there has no borders
	}
	b := false
	for _, line := range style.Border {
		b = b || line.Style > 0
	}
	known[id] = b
	return b, nil
}
