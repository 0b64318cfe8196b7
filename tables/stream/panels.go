package stream

import (
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables/text"
)

// panels parts words that stand side by side and have nothing to do with each other: on both sides of a wall that no ruling crosses, or in
// two stacks of rulings, with lines or rulings at other heights on one side than on the other. A table has its rows at one height.
func panels(words []layout.Word, level, walls []Rule, em float64) [][]layout.Word {
	for _, c := range slices.Concat(cutsAtWalls(level, walls, em), cutsBetweenStacks(level, em)) {
		var left, right, rest []layout.Word
		crossed := false
		for _, w := range words {
			switch y := w.Box.Center().Y; {
			case y < c.From || y > c.To:
				rest = append(rest, w)
			case w.Box.X1 < c.At+c.reach:
				left = append(left, w)
			case w.Box.X0 > c.At-c.reach:
				right = append(right, w)
			default:
				crossed = true
			}
		}
		if crossed || len(left) == 0 || len(right) == 0 || !c.stacks && !apartInHeight(left, right, em) {
			continue
		}
		var out [][]layout.Word
		for _, part := range [][]layout.Word{rest, left, right} {
			if len(part) > 0 {
				out = append(out, panels(part, level, walls, em)...)
			}
		}
		return out
	}
	return [][]layout.Word{words}
}

// cut is where a page may be parted: an x, from one height to another. A text may reach over it a little.
type cut struct {
	Rule
	reach  float64
	stacks bool // two stacks of rulings stand beside it
}

// cutsAtWalls are long walls that no level ruling crosses between their ends.
func cutsAtWalls(level, walls []Rule, em float64) []cut {
	var out []cut
	for _, w := range walls {
		crossed := slices.ContainsFunc(level, func(r Rule) bool {
			return r.At > w.From+em/2 && r.At < w.To-em/2 && r.From < w.At-em/2 && r.To > w.At+em/2
		})
		if w.To-w.From >= panelHeight*em && !crossed {
			out = append(out, cut{w, 0.1 * em, false})
		}
	}
	return out
}

// cutsBetweenStacks are the whites between two stacks of rulings of one length each, side by side, most of them at other heights.
func cutsBetweenStacks(level []Rule, em float64) []cut {
	var stacks [][]Rule
	for _, r := range level {
		k := slices.IndexFunc(stacks, func(s []Rule) bool { return math.Abs(s[0].From-r.From)+math.Abs(s[0].To-r.To) < sameEdge*em })
		if k < 0 {
			stacks = append(stacks, []Rule{r})
		} else if s := stacks[k]; r.At > s[len(s)-1].At+em/2 {
			stacks[k] = append(s, r)
		}
	}
	stacks = slices.DeleteFunc(stacks, func(s []Rule) bool { return len(s) < leastStacked })
	var out []cut
	for _, a := range stacks {
		for _, b := range stacks {
			top, bottom := min(a[0].At, b[0].At), max(a[len(a)-1].At, b[len(b)-1].At)
			both := min(a[len(a)-1].At, b[len(b)-1].At) - max(a[0].At, b[0].At)
			if a[0].To > b[0].From || 2*both < bottom-top || 2*shared(heights(a), heights(b), 0.2*em) > min(len(a), len(b)) {
				continue
			}
			out = append(out, cut{Rule{(a[0].To + b[0].From) / 2, top - em/2, bottom + em/2}, (b[0].From - a[0].To) / 2, true})
		}
	}
	return out
}

func heights(rs []Rule) (out []float64) {
	for _, r := range rs {
		out = append(out, r.At)
	}
	return out
}

// shared counts the heights of the shorter list that are in the other, too.
func shared(a, b []float64, tol float64) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for _, x := range a {
		if slices.ContainsFunc(b, func(y float64) bool { return math.Abs(x-y) <= tol }) {
			n++
		}
	}
	return n
}

// apartInHeight says that the lines on both sides, each with texts side by side, mostly stand at other heights.
func apartInHeight(left, right []layout.Word, em float64) bool {
	var at [2][]float64
	for i, words := range [][]layout.Word{left, right} {
		side := 0
		for _, l := range linesOf(words, nil, em) {
			if len(l.segs) > 1 {
				side++
			}
		}
		if side < leastRows {
			return false
		}
		for _, l := range text.Lines(words) {
			at[i] = append(at[i], l.Box.Center().Y)
		}
	}
	return float64(shared(at[0], at[1], sameHeight*em)) < alignedShare*float64(min(len(at[0]), len(at[1])))
}
