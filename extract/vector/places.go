package vector

import (
	"iter"

	"github.com/nianbao/nianbao/layout"
)

const (
	// square is the side, in points, of the squares that a page is parted into to find what stands near: that of the usual print.
	square = 12.0
	// crowd is how many boxes of one square are kept. Print that can be read has no more than some.
	crowd = 64
	// longWord, in squares, is how far a box is followed.
	longWord = 64
)

// places finds boxes by where they are.
type places map[[2]int][]int

// add keeps a box by its number.
func (p places) add(i int, box layout.Rect) {
	for at := range squares(box) {
		if len(p[at]) < crowd {
			p[at] = append(p[at], i)
		}
	}
}

// near gives the numbers of the boxes that share a square with one, some more than once.
func (p places) near(box layout.Rect) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at := range squares(box) {
			for _, i := range p[at] {
				if !yield(i) {
					return
				}
			}
		}
	}
}

func squares(box layout.Rect) iter.Seq[[2]int] {
	return func(yield func([2]int) bool) {
		x0, y0 := int(box.X0/square), int(box.Y0/square)
		x1, y1 := min(int(box.X1/square), x0+longWord), min(int(box.Y1/square), y0+longWord)
		for y := y0; y <= y1; y++ {
			for x := x0; x <= x1; x++ {
				if !yield([2]int{x, y}) {
					return
				}
			}
		}
	}
}
