package raster

import "github.com/nianbao/nianbao/layout"

// ToSource gives the place on the sheet's own picture of a point of the flat page.
func (s *Sheet) ToSource(p layout.Point) layout.Point { return s.onSelf().Point(p) }

// SourceBox is the smallest upright box on the sheet's own picture around a box of the flat page.
func (s *Sheet) SourceBox(r layout.Rect) layout.Rect { return s.onSelf().Box(r) }

func (s *Sheet) onSelf() Transform {
	return s.Onto(layout.Rect{X1: float64(s.size.X), Y1: float64(s.size.Y)})
}
