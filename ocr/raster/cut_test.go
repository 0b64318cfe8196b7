package raster_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/nianbao/nianbao/ocr/raster"
)

// TestFlattenCutHeader: where a page breaks within a header, its walls lead from the last ruling to nothing, with print close on both sides,
// and are found, the other way up too. Print that ends before the others' ends is no wall.
func TestFlattenCutHeader(t *testing.T) {
	const left, top, right = 120, 1450, 760
	inner := []int{470, 518, 566, 614, 662}
	for _, down := range []bool{true, false} {
		s := newSketch(3)
		mirror := func(y, h int) int { // the same at the other end of the page
			if down {
				return y
			}
			return 1754 - y - h
		}
		fill := func(x0, y0, x1, y1 int) { s.fill(x0, mirror(y0, y1-y0), x1, mirror(y0, y1-y0)+y1-y0, s.ink) }
		for i := range 18 {
			s.text(120, mirror(150+i*60, 28), 28, 28-i%4*3)
		}
		fill(left, top, right+2, top+2)
		fill(420, top+40, right+2, top+42)
		fill(inner[0], top+76, inner[4]+2, top+78)
		for _, x := range []int{left, 420, right} { // they are sure
			fill(x, top, x+2, top+170)
		}
		for i, x := range inner {
			from := top + 76
			if i == 0 || i == 4 {
				from = top + 40
			}
			fill(x, from, x+2, top+170)
			for line := range 3 {
				for n := range 2 { // two characters of strokes in each line, three pixels from the walls
					if cx, cy := x+5+21*n, top+84+line*27; i < 4 {
						for k := range 4 {
							fill(cx, cy+6*k, cx+19, cy+6*k+2)
						}
						fill(cx, cy, cx+2, cy+20)
						fill(cx+17, cy, cx+19, cy+20)
					}
				}
			}
		}
		sheet, err := raster.Flatten(s.img)
		if err != nil {
			t.Fatal(err)
		}
		_, upright := places(sheet.Rulings)
		if want := 3 + len(inner); len(upright) != want {
			t.Errorf("down %v: %d walls, want %d: %.0f", down, len(upright), want, upright)
		}
	}
}

// TestFlattenSealBetween: a seal over the heading between two tables makes no wall that leads from one to the other.
func TestFlattenSealBetween(t *testing.T) {
	s := newSketch(1)
	s.text(200, 150, 30, 14)
	widths := []int{300, 100, 90, 90, 90, 90, 100}
	s.table(120, 260, widths, 10, 40)
	foot := int(s.ys[len(s.ys)-1])
	s.text(130, foot+28, 28, 24)
	s.table(120, foot+84, widths, 10, 40)
	for i := range 8 {
		s.text(120, 1180+i*48, 28, 28)
	}
	wall := int(s.xs[1])
	img := image.NewRGBA(s.img.Rect)
	for y := range 1754 {
		for x := range 1240 {
			v := s.img.GrayAt(x, y).Y
			p := color.RGBA{v, v, v, 255}
			if d := math.Hypot(float64(x-wall+70), float64(y-foot-42)); d < 76 && d > 64 || d < 20 {
				p = color.RGBA{uint8(215 * int(v) / 255), uint8(50 * int(v) / 255), uint8(45 * int(v) / 255), 255}
			}
			img.SetRGBA(x, y, p)
		}
	}
	sheet, err := raster.Flatten(img)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range sheet.Rulings {
		if r.Horizontal() {
			continue
		}
		n++
		if r.From.Y < float64(foot+30) && r.To.Y > float64(foot+50) {
			t.Errorf("a wall from %.0f to %.0f at %.0f leads from table to table", r.From.Y, r.To.Y, r.From.X)
		}
	}
	if n < 2*(len(widths)+1) {
		t.Errorf("%d walls, want %d", n, 2*(len(widths)+1))
	}
}
