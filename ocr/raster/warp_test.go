package raster

import (
	"math"
	"testing"

	"github.com/nianbao/nianbao/layout"
)

// TestStraightenAmongText: the strokes of lines of prose may go on one above the other farther than any ruling of the page is long. What most
// tracks agree upon is the page's shape, and not the bend of those.
func TestStraightenAmongText(t *testing.T) {
	line := func(from, to, y, slope, wave float64) (out track) {
		for x := from; x <= to; x += strip {
			stray := wave * math.Sin((x-from)/130)
			out.points = append(out.points, layout.Point{X: x, Y: y + slope*(x-from) + stray})
			out.ink += strip
		}
		return out
	}
	text := []track{line(-900, -800, -500, -.0128, .3), line(-900, -800, 160, .0092, .5), line(-960, -670, -530, -.0016, .4), line(-800, 160, -500, -.0006, .9)}
	rulings := []track{line(730, 1050, 530, 0, 0), line(830, 1050, -110, 0, 0), line(830, 1050, 130, 0, 0), line(830, 1050, 290, 0, 0)}
	for _, c := range []struct {
		name   string
		tracks []track
	}{
		{"rulings alone", rulings},
		{"text first", append(append([]track{}, text...), rulings...)},
		{"rulings first", append(append([]track{}, rulings...), text...)},
	} {
		b := straighten(c.tracks, 1170)
		for i, r := range rulings {
			if slope, _ := b.straightened(r).slope(); math.Abs(slope)*r.length() > 1 {
				t.Errorf("%s: ruling %d leans by %.1f pixels", c.name, i, slope*r.length())
			}
		}
	}
}
