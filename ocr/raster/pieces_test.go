package raster

import (
	"slices"
	"strings"
	"testing"
)

// TestPieces holds that ink that hangs together is one piece, by its corners too.
func TestPieces(t *testing.T) {
	const picture = `
#.#......##
#.#.....#..
###....#...
......#...#
.#.......##`
	rows := strings.Split(strings.TrimSpace(picture), "\n")
	b := newBitmap(len(rows[0]), len(rows))
	for y, row := range rows {
		for x, c := range row {
			if c == '#' {
				b.set(x, y)
			}
		}
	}
	want := []lump{{0, 0, 3, 3}, {1, 4, 2, 5}, {6, 0, 11, 4}, {9, 3, 11, 5}}
	if got := b.pieces(); !slices.Equal(got, want) {
		t.Errorf("pieces %v, want %v", got, want)
	}
}
