package tables

import (
	"cmp"
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables/white"
)

const (
	// jointGap, in points, is how far apart the pieces of one rule may end and begin: programs that draw a border cell by cell round to a
	// quarter of a point.
	jointGap = 0.75
	// jointPiece, in character heights, is the least length of such a piece: what is shorter is the dash of a dashed line.
	jointPiece = 1.0
	// jointRules is the least number of rules one under the other that meet at the same places.
	jointRules = 3
)

// joints gives the walls that nobody drew: where the level rules of a table are drawn cell by cell, their pieces meet where its columns
// do. A wall stands between two rules that meet at the same place, unless a word stands across it: that is a cell over several columns.
func joints(rulings []layout.Ruling, words []layout.Word, em float64) []white.Rule {
	rules := meetings(rulings, em)
	count := map[int]int{} // rules by where they meet, in steps of a gap
	at := func(x float64) int { return int(math.Round(x / jointGap)) }
	for _, r := range rules {
		for _, x := range r.meet {
			count[at(x)]++
		}
	}
	known := func(x float64) bool { return count[at(x)-1]+count[at(x)]+count[at(x)+1] >= jointRules }
	var out []white.Rule
	for i := 1; i < len(rules); i++ {
		above, below := rules[i-1], rules[i]
		for _, x := range below.meet {
			same := slices.ContainsFunc(above.meet, func(y float64) bool { return math.Abs(x-y) <= jointGap })
			if same && known(x) && !slices.ContainsFunc(words, func(w layout.Word) bool {
				y := w.Box.Center().Y
				return y > above.y && y < below.y && w.Box.X0 < x-jointGap && w.Box.X1 > x+jointGap
			}) {
				out = append(out, white.Rule{At: x, From: above.y, To: below.y})
			}
		}
	}
	return out
}

// meeting is a level rule and where its pieces meet.
type meeting struct {
	y    float64
	meet []float64
}

// meetings gives the level rules whose pieces meet, from top to bottom.
func meetings(rulings []layout.Ruling, em float64) []meeting {
	var level []layout.Ruling
	for _, r := range rulings {
		if r.Horizontal() && r.To.X-r.From.X >= jointPiece*em {
			level = append(level, r)
		}
	}
	slices.SortStableFunc(level, func(a, b layout.Ruling) int {
		if math.Abs(a.From.Y-b.From.Y) > jointGap {
			return cmp.Compare(a.From.Y, b.From.Y)
		}
		return cmp.Compare(a.From.X, b.From.X)
	})
	var out []meeting
	for i := 1; i < len(level); i++ {
		a, b := level[i-1], level[i]
		if math.Abs(a.From.Y-b.From.Y) > jointGap || math.Abs(a.To.X-b.From.X) > jointGap {
			continue
		}
		if k := len(out) - 1; k >= 0 && math.Abs(out[k].y-a.From.Y) <= jointGap {
			out[k].meet = append(out[k].meet, b.From.X)
		} else {
			out = append(out, meeting{a.From.Y, []float64{b.From.X}})
		}
	}
	return out
}
