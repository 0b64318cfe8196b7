package ocr

import (
	"image"
	"sort"
)

// Shares of the height of a line of digits.
const (
	// digitPitch is the greatest distance from the middle of a digit to that of the next; over a blank it is greater. Digits are set 0.7 to 0.8
	// apart in the faces of reports, and over a blank of a quarter of an em 1.05 at least.
	digitPitch = 0.93
	// pitchChange is by how much the distance over a blank is more than the others of the line, where there are some: digits of full
	// width are set wider than digitPitch.
	pitchChange = 1.25
	// blankWhite is the least white at a blank: a quarter of an em and what digits keep to each other are 0.43. Bold digits of wide faces
	// (DejaVu, Courier) have their middles 0.95 to 1.0 apart, with white of at most 0.3 between them.
	blankWhite = 0.33
	// digitTall and digitWide are between what pieces of print measure that may be digits.
	digitTall, digitWide = 0.8, 0.85
	// pointInk is how dark a point is, of what the print is: worn ones are pale.
	pointInk = 0.3
	// mostDigits is the most digits of two numbers that stand in a cell.
	mostDigits = 16
)

// parted gives the ends of the white that parts two figures of a line: as wide as between two columns, or that of a blank between digits,
// which would be another number if they were read as one.
func parted(g *image.Gray, print []piece, box image.Rectangle, em float64) (from, to int, ok bool) {
	if from, to = widest(print, box); float64(to-from) >= columnWhite*em {
		return from, to, true
	}
	var in []image.Rectangle
	height := float64(box.Dy())
	for _, p := range print {
		if !p.box.In(box) {
			continue
		}
		if float64(p.box.Dy()) < digitTall*height || float64(p.box.Dx()) > digitWide*height || len(in) == mostDigits {
			return 0, 0, false // no line of digits alone, or a worn one
		}
		in = append(in, p.box)
	}
	if len(in) < 2 {
		return 0, 0, false
	}
	sort.Slice(in, func(i, j int) bool { return in[i].Min.X < in[j].Min.X })
	var pitches []float64
	at, most := 0, 0.0
	for i := 1; i < len(in); i++ {
		p := float64(in[i].Min.X+in[i].Max.X-in[i-1].Min.X-in[i-1].Max.X) / 2 / height
		pitches = append(pitches, p)
		if p > most {
			at, most = i, p
		}
	}
	sort.Float64s(pitches)
	if most < digitPitch || len(pitches) > 1 && most < pitchChange*pitches[len(pitches)-2] {
		return 0, 0, false
	}
	if from, to = in[at-1].Max.X, in[at].Min.X; float64(to-from) < blankWhite*height {
		return 0, 0, false
	}
	return from, to, !pointed(g, image.Rect(from+1, box.Min.Y, to-1, box.Max.Y+box.Dy()/4), em)
}

// pointed says that something stands in the white between two digits: a point or a comma, which may be too small to be a piece of print.
func pointed(g *image.Gray, white image.Rectangle, em float64) bool {
	paper, ink := levels(g, em)
	least := uint8(paper - int(pointInk*float64(paper-ink)))
	white = white.Intersect(image.Rect(0, 0, g.Rect.Dx(), g.Rect.Dy()))
	for y := white.Min.Y; y < white.Max.Y; y++ {
		for _, v := range g.Pix[y*g.Stride+white.Min.X : y*g.Stride+white.Max.X] {
			if v < least {
				return true
			}
		}
	}
	return false
}
