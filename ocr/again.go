package ocr

import (
	"image"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/reading"
)

// leastAsked is the least probability of a reading that was asked for; below it the pixels do not show it.
const leastAsked = 1e-6

// ways are those in which a line is read again: smaller and larger, in black and white, with its ink
// spread and worn by a pixel, for print that broke or ran, and blurred along, across and both ways by half
// a pixel, which samples it elsewhere. Twice as many tell more than the first five: the loss of what
// training/evidence.py fits falls by an eighth.
var ways = []struct {
	height float64 // of a digit, to what it is taken for
	change func(*image.Gray) *image.Gray
}{
	{0.86, nil},
	{1.16, nil},
	{1, blackWhite},
	{1, func(g *image.Gray) *image.Gray { return ranked(g, func(a, b uint8) uint8 { return min(a, b) }) }},
	{1, func(g *image.Gray) *image.Gray { return ranked(g, func(a, b uint8) uint8 { return max(a, b) }) }},
	{0.93, nil},
	{1.08, nil},
	{1, func(g *image.Gray) *image.Gray { return blurred(g, 1, 0) }},
	{1, func(g *image.Gray) *image.Gray { return blurred(g, 0, 1) }},
	{1.05, func(g *image.Gray) *image.Gray { return blurred(blurred(g, 1, 0), 0, 1) }},
}

// Again reads a cell's lines as a number in other ways than the first time, and gives what it finds
// with the mean of the probabilities: a reading that one way missed is mostly found by another one. Of
// several lines each is read alone too, since the others may be dirt. asked are readings that are
// scored even if no search comes upon them; those that the pixels do not show are left out.
func Again(p Print, asked []string) []layout.Candidate {
	if len(p.Lines) == 0 {
		return nil
	}
	prints := [][]*image.Gray{p.Lines}
	if len(p.Lines) > 1 {
		for _, l := range p.Lines {
			prints = append(prints, []*image.Gray{l})
		}
	}
	var all []layout.Candidate
	for _, print := range prints {
		ink := printed(print, p.Height)
		for _, way := range ways {
			found := readAgain(print, p.Height*way.height, way.change, asked)
			if ink {
				doubtBlank(found)
			}
			for _, x := range found {
				x.Probability /= float64(len(ways) * len(prints))
				all = append(all, x)
			}
		}
	}
	return keepAsked(merge(all), all, asked)
}

// readAgain reads lines in one way; change, which may be nil, alters a picture first.
func readAgain(print []*image.Gray, height float64, change func(*image.Gray) *image.Gray, asked []string) []layout.Candidate {
	c := layout.Cell{Reading: &layout.Reading{}}
	var lines []line
	for _, l := range print {
		if change != nil {
			l = change(l)
		}
		lines = append(lines, line{image: l})
	}
	if len(lines) > 1 {
		readNumber(&c, lines, nil, true, func(line) float64 { return height })
		return c.Reading.Candidates
	}
	first, scores := reading.Numbers().ReadAndScore(lines[0].image, height, asked)
	readNumber(&c, lines, first, true, func(line) float64 { return height })
	out := c.Reading.Candidates
	for i, p := range scores {
		if p >= leastAsked && !slices.ContainsFunc(out, func(x layout.Candidate) bool { return x.Text == asked[i] }) {
			out = append(out, layout.Candidate{Text: asked[i], Probability: p})
		}
	}
	return out
}

// ranked replaces every pixel by the one that better prefers among it and its four neighbours.
func ranked(src *image.Gray, better func(a, b uint8) uint8) *image.Gray {
	b := src.Bounds()
	out := image.NewGray(b)
	w, h := b.Dx(), b.Dy()
	for y := range h {
		at := func(x, y int) uint8 { return src.Pix[src.PixOffset(b.Min.X+x, b.Min.Y+y)] }
		for x := range w {
			v := at(x, y)
			v = better(v, at(max(x-1, 0), y))
			v = better(v, at(min(x+1, w-1), y))
			v = better(v, at(x, max(y-1, 0)))
			v = better(v, at(x, min(y+1, h-1)))
			out.Pix[out.PixOffset(b.Min.X+x, b.Min.Y+y)] = v
		}
	}
	return out
}

// blurred replaces every pixel by the mean of it and the one that is so far to the right and below.
func blurred(src *image.Gray, right, below int) *image.Gray {
	b := src.Bounds()
	out := image.NewGray(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			o := src.GrayAt(min(x+right, b.Max.X-1), min(y+below, b.Max.Y-1))
			out.Pix[out.PixOffset(x, y)] = uint8((int(src.GrayAt(x, y).Y) + int(o.Y)) / 2)
		}
	}
	return out
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
