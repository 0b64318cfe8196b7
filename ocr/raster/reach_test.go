package raster

import "testing"

// TestReaching: strokes of figures one below the other are no ruling, however long they are; a worn ruling is one.
func TestReaching(t *testing.T) {
	const pitch, rows = 56, 14
	line := func(at, long int) dotted {
		d := dotted{middle: make([]int, long/pieceLong+1)}
		for i := range d.middle {
			d.middle[i] = at
		}
		return d
	}
	var across []dotted
	for r := range rows + 1 {
		across = append(across, line(r*pitch+8, 200))
	}
	for name, tt := range map[string]struct {
		drawn func(x int) bool // so many pixels behind the last line that crosses
		want  int
	}{
		"noughts":      {func(x int) bool { return x > 15 && x < 41 }, 0},
		"a worn wall":  {func(x int) bool { return x%19 < 14 }, 1},
		"a solid wall": {func(x int) bool { return true }, 1},
	} {
		b := newBitmap(rows*pitch+16, 200)
		for x := range b.w {
			if k := x - 8; k >= 0 && k < rows*pitch && tt.drawn(k%pitch) {
				b.set(x, 100)
			}
		}
		d := line(100, rows*pitch)
		b.measure(&d)
		if got := len(b.reaching([]dotted{d}, across)); got != tt.want {
			t.Errorf("%s: %d lines, want %d; %.2f of it is solid, marks are %.0f pixels long", name, got, tt.want, d.solid, d.long)
		}
	}
}
