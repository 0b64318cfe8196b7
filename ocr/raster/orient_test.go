package raster

import "testing"

// TestAcrossPieces: of thin print that came to pieces two may hang together from one line to the next; a page that shows no more of its lines
// does not lie on its side for that; one whose lines of pieces run down does.
func TestAcrossPieces(t *testing.T) {
	const em = 25.0
	var ls []lump
	for row := range 12 {
		for i := range 9 {
			x, y := 300+i*26, 300+row*110
			ls = append(ls, lump{x, y, x + 14, y + 18})
		}
	}
	turned := []lump{{300, 1500, 324, 1660}} // a word of a page that does lie on its side
	for _, l := range ls {
		turned = append(turned, lump{l.y0, l.x0, l.y1, l.x1})
	}
	ls = append(ls, lump{700, 1528, 724, 1588}, lump{760, 1528, 788, 1588}) // two labels of two lines
	if !across(ls, em, 1686, 2386) {
		t.Error("the page was turned")
	}
	if across(turned, em, 2386, 1686) {
		t.Error("the page that lies on its side was not turned")
	}
}
