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

// TestPiecesOnFold: a fold that was taken for no ruling joins no print that it runs through.
func TestPiecesOnFold(t *testing.T) {
	b := newBitmap(800, 100)
	bars := 0
	for x := 50; x < 750; x += 20 {
		bars++
		for y := 40; y < 60; y++ {
			for k := range 4 {
				b.set(x+k, y)
			}
		}
	}
	for x := range b.w {
		b.set(x, 50+x/400) // it drifts
	}
	s := &Sheet{text: b, whole: b, textScale: 1, TextHeight: 25}
	halves := 0
	for _, p := range s.Pieces() {
		if p.Width() > 20 {
			t.Errorf("a piece is %v", p)
		}
		if p.Height() > 5 {
			halves++
		}
	}
	if halves != 2*bars {
		t.Errorf("%d halves of %d strokes", halves, bars)
	}
}
