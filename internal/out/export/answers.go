package export

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/report"
)

// Answer is what a person filled in for one line of the review sheet.
type Answer struct {
	Line int    // in the sheet, from 1
	File string // the result's name, as it was when the workbook was written
	report.Patch
}

// BadLine is a line of the sheet that cannot be taken.
type BadLine struct {
	Line int
	Err  error
}

func (b BadLine) Error() string { return fmt.Sprintf("line %d: %v", b.Line, b.Err) }
func (b BadLine) Unwrap() error { return b.Err }

// ErrNoSheet means that a workbook has no review sheet with the columns that answers are read by.
var ErrNoSheet = errors.New("the workbook has no sheet " + reviewSheet + " with the columns " + rightHead + ", " + fileHead + " and " + pathHead)

// blanks are what a person writes for a cell in which nothing is printed.
var blanks = map[string]bool{"空": true, "空白": true, "无": true, "/": true, "-": true, "—": true, "blank": true}

// ReadAnswers reads the answers of a workbook that XLSX wrote and a person filled in. Lines without an answer are
// passed by; those that cannot be taken come as BadLine.
func ReadAnswers(r io.Reader) (answers []Answer, bad []BadLine, err error) {
	f, err := excelize.OpenReader(r)
	if err != nil {
		return nil, nil, fmt.Errorf("not a workbook: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	rows, err := f.Rows(reviewSheet)
	if err != nil {
		return nil, nil, ErrNoSheet
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	column := map[string]int{}
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, nil, fmt.Errorf("line %d: %w", line, err)
		}
		if line == 1 {
			for i, c := range cells {
				column[strings.TrimSpace(c)] = i
			}
			for _, h := range []string{rightHead, fileHead, pathHead} {
				if _, ok := column[h]; !ok {
					return nil, nil, ErrNoSheet
				}
			}
			continue
		}
		get := func(head string) string {
			if i, ok := column[head]; ok && i < len(cells) {
				return strings.TrimSpace(cells[i])
			}
			return ""
		}
		if get(rightHead) == "" {
			continue
		}
		a := Answer{Line: line, File: get(fileHead), Patch: report.Patch{Path: get(pathHead), Who: get(whoHead)}}
		if a.File == "" || a.Path == "" {
			bad = append(bad, BadLine{line, errors.New(fileHead + " and " + pathHead + " are empty: leave these columns as they were")})
			continue
		}
		if a.Value, err = answered(a.Path, get(rightHead)); err != nil {
			bad = append(bad, BadLine{line, err})
			continue
		}
		answers = append(answers, a)
	}
	return answers, bad, rows.Error()
}

// answered is what a person wrote, as a value of the path.
func answered(path, text string) (report.Value, error) {
	if blanks[text] {
		return report.Value{}, nil
	}
	if path == report.TitlePath || path == report.IssuerPath {
		return report.Value{Text: &text}, nil
	}
	plain := strings.Map(func(r rune) rune {
		switch {
		case r == ',' || r == '，' || r == ' ' || r == '　':
			return -1
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '．':
			return '.'
		case r == '－':
			return '-'
		}
		return r
	}, text)
	n, err := report.ParseNumber(plain)
	if err != nil {
		return report.Value{}, fmt.Errorf("%q is not a number; write the number that is printed, or 空 where nothing is", text)
	}
	return report.Value{Number: &n}, nil
}
