package raster

import (
	"math"
	"slices"

	"github.com/nianbao/nianbao/layout"
)

// scene is a page's ink made flat, at the size that geometry is found on, and what was seen there.
type scene struct {
	flat, side *bitmap // side is flat transposed
	mesh       *mesh

	rulings []layout.Ruling
	// text is the ink without the rulings.
	text    *bitmap
	lumps   []lump
	upright float64
	// turned is set when the page lay on its side.
	turned bool
}

// newScene makes ink flat; side is the same transposed. It goes by the rulings, or by the text where
// there are hardly any.
func newScene(ink, side *bitmap) *scene {
	across, upright := trace(ink), trace(side)
	length := 0.0
	for _, t := range slices.Concat(across, upright) {
		length += t.length()
	}
	skew := 0.0
	if length < float64(min(ink.w, ink.h)) {
		across, upright, skew = nil, nil, textSkew(ink, side)
	}
	wp := unbend(across, upright, ink.w, ink.h, skew)
	m, w, h := wp.mesh(ink.w, ink.h)
	if !m.plain {
		ink = m.flatten(ink, w, h)
		side = ink.transposed()
	}
	return &scene{flat: ink, side: side, mesh: m}
}

// look finds the rulings and turns the scene so that text runs across.
func (c *scene) look(dpi float64) {
	em := dpi * textPoints / 72
	c.rulings = rulings(c.flat, c.side, dpi)
	text := c.flat.clone()
	text.without(c.rulings, false)
	text = text.transposed()
	text.without(c.rulings, true)
	c.text = text.transposed()
	c.lumps = c.text.lumps()
	if !across(c.lumps, em) {
		c.mesh = c.mesh.turned(float64(c.flat.w), float64(c.flat.h))
		c.flat, c.text, c.turned = c.flat.turned(1), c.text.turned(1), true
		// What pads a ruling of one direction does not pad one of the other.
		c.side = c.flat.transposed()
		c.rulings = rulings(c.flat, c.side, dpi)
		c.lumps = c.text.lumps()
	}
	c.upright = upright(c.text, c.lumps, c.rulings, em)
}

const (
	// printShape is how many times longer than high a line is that surely holds full-width characters,
	// printLines how many such lines tell their height, printPart how much of a character's height
	// its ink has. Print is leastPrint pixels high or cannot be read.
	printShape, printLines, printPart, leastPrint = 3, 5, 0.92, 7
	// printSame of the lines must agree, within printSpread of the height.
	printSame, printSpread = 0.6, 0.25
)

// textHeight gives the height of a full-width character in the tables; em is about what it should be.
func (c *scene) textHeight(em float64) (height float64, ok bool) {
	var heights []float64
	for _, l := range lines(c.lumps, em) {
		if l.x1-l.x0 < printShape*(l.y1-l.y0) {
			continue
		}
		if left, right := gaps(l, c.rulings); math.IsInf(left+right, 1) {
			continue
		}
		top, bottom := l.y0, l.y1
		// A row with one pixel of ink is noise.
		for top < bottom && c.text.count(top, l.x0, l.x1) < 2 {
			top++
		}
		for bottom > top && c.text.count(bottom-1, l.x0, l.x1) < 2 {
			bottom--
		}
		if h := float64(bottom - top); h >= leastPrint {
			heights = append(heights, h)
		}
	}
	if len(heights) < printLines {
		return 0, false
	}
	slices.Sort(heights)
	height = heights[len(heights)/2]
	same := 0
	for _, h := range heights {
		if math.Abs(h-height) <= printSpread*height {
			same++
		}
	}
	return height / printPart, float64(same) >= printSame*float64(len(heights))
}

const (
	// skewMax is the largest skew that is looked for in text, as a slope; skewStep and skewFine are the
	// steps.
	skewMax, skewStep, skewFine = 0.09, 0.0045, 0.0009
)

// textSkew is the slope at which lines of text and the paper between them are parted best; for pages
// without rulings.
func textSkew(ink, side *bitmap) float64 {
	count, w, h := ink.squares()
	slope, best := slant(count, w, h)
	// A page on its side has lines that run up; a slope there is the same turn the other way.
	count, w, h = side.squares()
	if s, v := slant(count, w, h); v > best {
		return -s
	}
	return slope
}

// slant is the slope at which ink lies on lines least evenly, and how unevenly.
func slant(count []uint8, w, h int) (slope, best float64) {
	try := func(from, to, step float64) {
		for s := from; s <= to; s += step {
			if v := parted(count, w, h, s); v > best {
				best, slope = v, s
			}
		}
	}
	try(-skewMax, skewMax, skewStep)
	try(slope-skewStep, slope+skewStep, skewFine)
	return slope, best
}

// parted measures how unevenly ink lies on the lines of a slope: the mean of its squares, against
// that of an even page.
func parted(count []uint8, w, h int, slope float64) float64 {
	rows := make([]float64, h+int(2*skewMax*float64(w))+2)
	base := int(skewMax * float64(w))
	sum := 0.0
	for x := range w {
		shift := base - int(math.Round(slope*float64(x-w/2)))
		for y := range h {
			if n := count[y*w+x]; n >= clusterInk {
				if k := y + shift; k >= 0 && k < len(rows) {
					rows[k]++
					sum++
				}
			}
		}
	}
	if sum == 0 {
		return 0
	}
	squares := 0.0
	for _, n := range rows {
		squares += n * n
	}
	return squares * float64(h) / (sum * sum)
}
