package reading

import (
	"image"
	"slices"
)

// piece is a connected piece of ink.
type piece struct {
	box image.Rectangle
	ink int // sum over its pixels
}

// pieces finds what is connected, corners included, among the pixels of x, w to a row, that are at least level.
func (sc *scratch) pieces(x []uint8, w, h int, level uint8) []piece {
	seen := grow(&sc.seen, w*h)
	clear(seen)
	out := sc.found[:0]
	stack := sc.stack[:0]
	for start, p := range x[:w*h] {
		if p < level || seen[start] {
			continue
		}
		seen[start] = true
		stack = append(stack, int32(start))
		c := piece{box: image.Rect(start%w, start/w, start%w+1, start/w+1)}
		for len(stack) > 0 {
			at := int(stack[len(stack)-1])
			stack = stack[:len(stack)-1]
			c.ink += int(x[at])
			y, col := at/w, at%w
			c.box.Min.X, c.box.Max.X = min(c.box.Min.X, col), max(c.box.Max.X, col+1)
			c.box.Max.Y = max(c.box.Max.Y, y+1)
			c.box.Min.Y = min(c.box.Min.Y, y)
			for ny := max(0, y-1); ny <= min(h-1, y+1); ny++ {
				for nx := max(0, col-1); nx <= min(w-1, col+1); nx++ {
					if n := ny*w + nx; !seen[n] && x[n] >= level {
						seen[n] = true
						stack = append(stack, int32(n))
					}
				}
			}
		}
		out = append(out, c)
	}
	sc.found, sc.stack = out, stack
	return out
}

// ruling reports whether a piece is what is left of a ruling: it lies along an edge of the crop, no deeper than depth, or runs
// along it from end to end.
func (p piece) ruling(w, h, depth int) bool {
	b := p.box
	return b.Max.X <= depth || b.Max.Y <= depth || b.Min.X >= w-depth || b.Min.Y >= h-depth ||
		b.Min.Y == 0 && b.Max.Y == h && (b.Min.X == 0 || b.Max.X == w) ||
		b.Min.X == 0 && b.Max.X == w && (b.Min.Y == 0 || b.Max.Y == h)
}

// estimate guesses the height of a digit from the ink of a line: that of its tallest piece, joined by the pieces beside it
// (worn print breaks). A dash has no height; then its width tells.
func (sc *scratch) estimate(line *image.Gray) float64 {
	const (
		dashAspect = 2.2 // wider than this, alone,
		dashFill   = .7  // and as full as this: a dash
		dashWidth  = .8  // in heights of a digit: between a hyphen and a dash
		leastShare = .25 // of the height of the crop
		smallShare = .04 // of the ink of the greatest piece: less is a speck
	)
	b := line.Bounds()
	h, w := b.Dy(), b.Dx()
	var hist [256]int
	gray := grow(&sc.ink, w*h)
	for y := range h {
		row := line.Pix[line.PixOffset(b.Min.X, b.Min.Y+y):][:w]
		copy(gray[y*w:], row)
		for _, p := range row {
			hist[p]++
		}
	}
	n := h * w
	paper, ink := rank(&hist, n-1-n/5), rank(&hist, min(n-1, max(6, n/100)))
	span := max(paper-ink, minContrast)
	for i, p := range gray {
		gray[i] = uint8(min(255, max(0, (paper-int(p))*255/span)))
	}
	all := sc.pieces(gray, w, h, inkLevel+20)
	all = slices.DeleteFunc(all, func(p piece) bool { return p.ruling(w, h, max(2, h/10)) })
	edge := image.Rect(1, 1, w-1, h-1)
	if slices.ContainsFunc(all, func(p piece) bool { return p.box.In(edge) && p.box.Dy() >= h/5 }) {
		all = slices.DeleteFunc(all, func(p piece) bool { return !p.box.In(edge) }) // rulings again, or a neighbour
	}
	if len(all) == 0 {
		return float64(h) / 2
	}
	great := slices.MaxFunc(all, func(p, q piece) int { return p.box.Dy()*p.ink - q.box.Dy()*q.ink })
	band := great.box
	for _, p := range all {
		mid := (p.box.Min.Y + p.box.Max.Y) / 2
		if float64(p.ink) >= smallShare*float64(great.ink) && mid >= great.box.Min.Y-great.box.Dy()/4 && mid <= great.box.Max.Y+great.box.Dy()/4 {
			band = band.Union(p.box)
		}
	}
	if tall, wide := float64(great.box.Dy()), float64(great.box.Dx()); wide > dashAspect*tall && float64(band.Dy()) < 1.5*tall &&
		float64(great.ink) > dashFill*255*tall*wide {
		return dashWidth * float64(great.box.Dx())
	}
	return max(leastShare*float64(h), min(float64(band.Dy()), 1.25*float64(great.box.Dy())))
}
