package reading

import "image"

// estimate guesses the height of a digit from the ink of a line: that of the tallest band of inked rows, rulings at the edges
// left out. A line of nothing but a dash, or of nothing, says little, so the guess stays within bounds of the crop's height.
func estimate(line *image.Gray) float64 {
	const (
		leastShare = .28 // of the crop's height: a dash alone in a cell
		cap        = .2  // share of the mean ink of inked rows that makes a row inked
	)
	b := line.Bounds()
	h, w := b.Dy(), b.Dx()
	var hist [256]int
	for y := range h {
		for _, p := range line.Pix[line.PixOffset(b.Min.X, b.Min.Y+y):][:w] {
			hist[p]++
		}
	}
	n := h * w
	paper, ink := rank(&hist, n-1-n/5), rank(&hist, min(n-1, max(6, n/100)))
	threshold := paper - max(paper-ink, minContrast)/2
	rows := make([]int, h)
	for y := range h {
		for x, p := range line.Pix[line.PixOffset(b.Min.X, b.Min.Y+y):][:w] {
			// columns at the edges may be rulings
			if int(p) < threshold && x >= w/16 && x < w-w/16 {
				rows[y]++
			}
		}
	}
	for y := range h / 5 { // a ruling at an edge is a row mostly inked
		for _, at := range [2]int{y, h - 1 - y} {
			if rows[at]*2 > w {
				rows[at] = 0
			}
		}
	}
	sum, inked := 0, 0
	for _, r := range rows {
		sum += r
		if r > 0 {
			inked++
		}
	}
	best := 0
	if inked > 0 {
		level := int(cap * float64(sum) / float64(inked))
		run, gap := 0, 0
		for _, r := range rows {
			switch {
			case r > level:
				run += 1 + gap
				gap = 0
				best = max(best, run)
			case run > 0 && gap < max(1, h/24): // a break within worn print
				gap++
			default:
				run, gap = 0, 0
			}
		}
	}
	return max(float64(best), leastShare*float64(h))
}
