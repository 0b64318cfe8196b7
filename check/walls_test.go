package check_test

import (
	"slices"
	"testing"

	"github.com/nianbao/nianbao/report"
)

// TestCutAtWalls: where walls may have taken a digit from an item and from its total alike, the sum holds with either, and no further look at
// the same ink says which.
func TestCutAtWalls(t *testing.T) {
	const block = "/tables/review_and_litigation/review/"
	cut := []string{block + "other_result", block + "total"}
	for _, walls := range []bool{true, false} {
		r := scan()
		for _, path := range cut {
			misread(r, path, "0", .5, report.Candidate{Raw: "10", Probability: .499})
			r.Cell(path).Walls = walls
		}
		prove(t, r, reader{
			second: func(path string) string { return r.Cell(path).Raw },
			again: func(path string, _ []string) []report.Candidate {
				if slices.Contains(cut, path) {
					return []report.Candidate{{Raw: "0", Probability: .9999}}
				}
				return nil
			},
		})
		named := slices.ContainsFunc(r.Review, func(v report.Review) bool { return slices.Contains(cut, v.Path) })
		if named != walls {
			t.Errorf("walls %v: in review %v", walls, named)
		}
	}
}
