package stages

import (
	"testing"

	"github.com/nianbao/nianbao/layout"
)

// TestLegible: a table in a picture is one with cells enough that were read surely; a chart is none.
func TestLegible(t *testing.T) {
	read := func(text string, p float64) layout.Cell {
		return layout.Cell{Text: text, Reading: &layout.Reading{Candidates: []layout.Candidate{{Text: text, Probability: p}}}}
	}
	table := []layout.Cell{read("项目", 0.9), read("件数", 0.95), read("规章", 0.97), read("12", 0.99), read("废止", 0.4), read("", 0)}
	chart := []layout.Cell{read("88888", 0.2), read("-", 0.3), read("受受受受", 0.1), read("8", 0.6), read("", 0), read("", 0)}
	frame := []layout.Cell{read("2024", 0.99), read("", 0), read("", 0), read("", 0)}
	for _, tt := range []struct {
		name  string
		cells []layout.Cell
		want  bool
	}{{"table", table, true}, {"chart", chart, false}, {"frame", frame, false}} {
		if got := legible(&layout.Table{Cells: tt.cells}); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
