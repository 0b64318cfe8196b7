package ocr

import (
	"image"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/reading"
)

// leastAsked is the probability of a reading that was asked for below which the pixels do not show it.
const leastAsked = 1e-6

// Again reads a cell's lines as a number in other ways than the first time, and gives what it finds
// with the mean of the probabilities: smaller, larger, and in black and white. A reading that one
// scale missed is mostly found by another one. asked are readings that are scored even if no search
// comes upon them; those that the pixels do not show are left out.
func Again(r *layout.Reading, asked []string) []layout.Candidate {
	if len(r.Lines) == 0 {
		return nil
	}
	ways := []struct {
		height float64 // of a digit, to what it is taken for
		plain  bool
	}{{0.86, false}, {1.16, false}, {1, true}}
	var all []layout.Candidate
	for _, way := range ways {
		var c layout.Cell
		c.Reading = &layout.Reading{}
		var lines []line
		for _, l := range r.Lines {
			if way.plain {
				l = blackWhite(l)
			}
			lines = append(lines, line{image: l})
		}
		readNumber(&c, lines, func(line) float64 { return r.Height * way.height })
		found := map[string]bool{}
		for _, x := range c.Reading.Candidates {
			found[x.Text] = true
			x.Probability /= float64(len(ways))
			all = append(all, x)
		}
		if len(lines) > 1 {
			continue
		}
		for i, p := range reading.Numbers().Score(lines[0].image, r.Height*way.height, asked) {
			if p >= leastAsked && !found[asked[i]] {
				all = append(all, layout.Candidate{Text: asked[i], Probability: p / float64(len(ways))})
			}
		}
	}
	return keepAsked(merge(all), all, asked)
}

// keepAsked adds to the best readings those that were asked for and are shown, though the search
// came upon likelier ones enough to leave them out: the sums may want just these.
func keepAsked(best, all []layout.Candidate, asked []string) []layout.Candidate {
	for _, a := range asked {
		p := 0.0
		for _, c := range all {
			if c.Text == a {
				p += c.Probability
			}
		}
		known := false
		for _, c := range best {
			known = known || c.Text == a
		}
		if p > 0 && !known {
			best = append(best, layout.Candidate{Text: a, Probability: p})
		}
	}
	return best
}

// blackWhite parts an image at the level that divides its grays best (Otsu 1979).
func blackWhite(src *image.Gray) *image.Gray {
	var count [256]float64
	all, sum := 0.0, 0.0
	b := src.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for _, p := range src.Pix[src.PixOffset(b.Min.X, y):][:b.Dx()] {
			count[p]++
			all++
			sum += float64(p)
		}
	}
	level, best := 127, 0.0
	n, s := 0.0, 0.0
	for v := range 255 {
		n += count[v]
		s += float64(v) * count[v]
		if n == 0 || n == all {
			continue
		}
		d := s/n - (sum-s)/(all-n)
		if between := n * (all - n) * d * d; between > best {
			level, best = v, between
		}
	}
	out := image.NewGray(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := out.Pix[out.PixOffset(b.Min.X, y):][:b.Dx()]
		for x, p := range src.Pix[src.PixOffset(b.Min.X, y):][:b.Dx()] {
			if int(p) > level {
				row[x] = 255
			}
		}
	}
	return out
}
