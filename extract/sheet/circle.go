package sheet

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/layout/pattern"
)

const (
	// maxFollowed bounds how many formulas of one workbook are followed to see whether one refers to itself, and maxRange how many cells of a
	// range; a form has some hundreds of formulas over columns of 30 cells.
	maxFollowed = 5000
	maxRange    = 200
)

// reference finds the cells that a formula refers to: a sheet, a cell, the other corner of a range. A name with a bracket behind it is a function.
var reference = pattern.Of(`(?:('(?:[^']|'')+'|[\p{L}\p{N}_.]+)!)?\$?\b([A-Za-z]{1,3})\$?([0-9]{1,7})\b(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\b)?(\()?`)

// quoted is text within a formula.
var quoted = pattern.Of(`"(?:[^"]|"")*"`)

// places are functions that ask where a cell stands, and not what is in it.
var places = pattern.Of(`(?i)\b(?:ROWS?|COLUMNS?)\([^()]*\)`)

// at is a cell of a workbook.
type at struct {
	sheet    string
	row, col int
}

// circular says that a formula refers to its own cell, itself or by way of others: whatever the file holds as its result, Excel refuses to compute it.
func (f *reading) circular(name, cell, formula string) bool {
	col, row, err := excelize.CellNameToCoordinates(cell)
	if err != nil {
		return false
	}
	start := at{strings.ToLower(name), row, col}
	seen := map[at]bool{}
	var follow func(name, formula string) bool
	follow = func(name, formula string) bool {
		found := false
		references(formula, name, func(sheet string, c0, r0, c1, r1 int) {
			lower := strings.ToLower(sheet)
			if found || lower == start.sheet && start.row >= r0 && start.row <= r1 && start.col >= c0 && start.col <= c1 {
				found = true
				return
			}
			if (r1-r0+1)*(c1-c0+1) > maxRange {
				return
			}
			for r := r0; r <= r1; r++ {
				for c := c0; c <= c1; c++ {
					next := at{lower, r, c}
					if found || seen[next] || f.followed >= maxFollowed {
						continue
					}
					seen[next] = true
					f.followed++
					coordinates, err := excelize.CoordinatesToCellName(c, r)
					if err != nil {
						continue
					}
					if formula, err := f.GetCellFormula(sheet, coordinates); err == nil && formula != "" {
						found = follow(sheet, formula)
					}
				}
			}
		})
		return found
	}
	return follow(name, formula)
}

// references calls f for the ranges that a formula on a sheet refers to.
func references(formula, name string, f func(sheet string, c0, r0, c1, r1 int)) {
	for _, m := range reference().FindAllStringSubmatch(places().ReplaceAllString(quoted().ReplaceAllString(formula, `""`), "0"), -1) {
		if m[6] != "" {
			continue
		}
		sheet := name
		if m[1] != "" {
			sheet = strings.ReplaceAll(strings.Trim(m[1], "'"), "''", "'")
		}
		c0, r0, err := excelize.CellNameToCoordinates(m[2] + m[3])
		if err != nil {
			continue
		}
		c1, r1 := c0, r0
		if m[4] != "" {
			if c1, r1, err = excelize.CellNameToCoordinates(m[4] + m[5]); err != nil {
				continue
			}
		}
		f(sheet, min(c0, c1), min(r0, r1), max(c0, c1), max(r0, r1))
	}
}
