package ocr

import (
	"testing"

	"github.com/nianbao/nianbao/layout"
)

// TestDoubtFaded: a blank is not surely one in a row of which nothing but the label is left, and hardly that.
func TestDoubtFaded(t *testing.T) {
	cell := func(row, col int, text string, p float64) layout.Cell {
		return layout.Cell{Row: row, Col: col, RowSpan: 1, ColSpan: 1, Text: text,
			Reading: &layout.Reading{Ink: text != "", Candidates: []layout.Candidate{{Text: text, Probability: p}}}}
	}
	cells := []layout.Cell{
		cell(0, 0, "规章", 0.4), cell(0, 1, "", blankTrust), // faded
		cell(1, 0, "行政许可", 0.99), cell(1, 1, "", blankTrust), // sound print
		cell(2, 0, "行政处罚", 0.4), cell(2, 1, "12", 0.9), cell(2, 2, "", blankTrust), // figures are left
	}
	doubtFaded(cells)
	for i, want := range map[int]float64{1: gapTrust, 3: blankTrust, 6: blankTrust} {
		if got := cells[i].Confidence(); got != want {
			t.Errorf("row %d: blank with %v, want %v", cells[i].Row, got, want)
		}
	}
}
