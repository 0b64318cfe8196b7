package ocr

import (
	"image"
	"testing"
)

// TestParted: a blank between digits is told by the distances of their middles, whatever they measure.
func TestParted(t *testing.T) {
	paper := image.NewGray(image.Rect(0, 0, 80, 30))
	for i := range paper.Pix {
		paper.Pix[i] = 255
	}
	// Digits are 20 high; each is given by where it begins and ends.
	for _, c := range []struct {
		name   string
		digits [][2]int
		want   bool
	}{
		{"one number", [][2]int{{0, 12}, {15, 27}, {30, 42}}, false},
		{"two ones", [][2]int{{3, 8}, {18, 23}}, false},
		{"a blank between", [][2]int{{0, 12}, {15, 27}, {37, 49}, {52, 64}}, true},
		{"a blank between ones", [][2]int{{3, 8}, {25, 30}}, true},
		{"digits of full width", [][2]int{{0, 12}, {28, 40}, {56, 68}}, false},
		{"wide digits", [][2]int{{0, 14}, {20, 34}}, false},
		{"a digit in two pieces", [][2]int{{0, 5}, {7, 12}, {15, 27}}, false},
	} {
		var print []piece
		var box image.Rectangle
		for _, d := range c.digits {
			b := image.Rect(d[0], 0, d[1], 20)
			print, box = append(print, piece{box: b}), box.Union(b)
		}
		from, to, ok := parted(paper, print, box, 28)
		if ok != c.want || ok && from >= to {
			t.Errorf("%s: parted %v from %d to %d", c.name, ok, from, to)
		}
	}
	digits := []piece{{box: image.Rect(0, 0, 12, 20)}, {box: image.Rect(24, 0, 36, 20)}}
	for i := range 200 {
		paper.Pix[i%20*paper.Stride+i/20] = 0 // ink, as of a digit
	}
	if _, _, ok := parted(paper, digits, image.Rect(0, 0, 36, 20), 28); !ok {
		t.Error("two digits with white between are one number")
	}
	paper.Pix[18*paper.Stride+17] = 90
	if _, _, ok := parted(paper, digits, image.Rect(0, 0, 36, 20), 28); ok {
		t.Error("the white around a point is no blank")
	}
}
