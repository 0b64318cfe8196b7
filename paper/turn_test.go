package paper

import (
	"testing"

	"github.com/nianbao/nianbao/layout"
)

// TestTurnedLines: on a page that lies upside down or on its side, a line is read as its print stands.
func TestTurnedLines(t *testing.T) {
	for turn := 0; turn < 360; turn += 90 {
		p := &layout.Page{Width: 400, Height: 300, Turn: turn}
		width, height := 400.0, 300.0
		if turn%180 != 0 {
			width, height = height, width
		}
		for i, s := range []string{"甲市", "政府", "年报"} {
			upright := layout.Rect{X0: 20 + 30*float64(i), Y0: 50, X1: 40 + 30*float64(i), Y1: 60}
			p.Words = append(p.Words, layout.Word{Text: s, Size: 10, Box: turned(upright, 360-turn, width, height)})
		}
		got := loose(&page{Page: p})
		if len(got) != 1 || got[0].whole != "甲市政府年报" && got[0].whole != "甲市 政府 年报" || got[0].words[0].box != p.Words[0].Box {
			t.Errorf("turned by %d: %+v", turn, got)
		}
	}
}
