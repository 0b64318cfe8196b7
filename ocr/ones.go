package ocr

import (
	"image"
	"slices"

	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr/reading"
)

// Shares of the height of a 1.
const (
	// oneWide is the greatest width of a stroke that is a 1 without serifs, oneEdge the least white between it and the picture's edge.
	oneWide, oneEdge = 0.3, 0.4
	// oneLevel is by how much what stands beside it may be higher or lower at top and bottom.
	oneLevel = 0.14
	// oneFrom and oneTo are the least and the greatest white between it and the next digit: in the faces of reports 0.5.
	oneFrom, oneTo = 0.1, 0.65
	// besideOne is the least width of what stands beside it: the halves of a worn 0 are narrower. oneSpeck is the side of the largest dirt.
	besideOne, oneSpeck = 0.3, 0.2
	// oneHeight is by how much its height may differ from that of the table's digits.
	oneHeight = 0.15
)

// oneTrust is how far a stroke is believed to be a 1 that the network thinks possible, with oneLeast and more, and makes nothing of: dirt
// it is sure of.
const oneTrust, oneLeast = 0.8, 0.01

// withOne gives the readings of a line of digits with that in which a lone upright stroke at its begin or end is a 1. On a fax, without
// serifs, the network takes such a stroke for what is left of a ruling. It is none: it is as high as the digits, on their line, a digit's
// distance from the next, and away from the picture's edge. If the line reads the same without it, the network made nothing of it.
func withOne(l *image.Gray, read []reading.Candidate, height float64) []reading.Candidate {
	if len(read) == 0 || !figure.Digits(read[0].Text) {
		return read
	}
	text := read[0].Text
	thought := func(with string) bool {
		return slices.ContainsFunc(read, func(x reading.Candidate) bool { return x.Text == with && x.Probability >= oneLeast })
	}
	if !thought("1"+text) && !thought(text+"1") {
		return read
	}
	box, paper, first, ok := loneStroke(l, height)
	with := text + "1"
	if first {
		with = "1" + text
	}
	if !ok || !thought(with) {
		return read
	}
	without := image.NewGray(image.Rect(0, 0, l.Rect.Dx(), l.Rect.Dy()))
	for y := range l.Rect.Dy() {
		row := without.Pix[y*without.Stride:][:without.Stride]
		copy(row, l.Pix[y*l.Stride:])
		if y >= box.Min.Y-1 && y <= box.Max.Y {
			fill(row[max(0, box.Min.X-1):min(len(row), box.Max.X+1)], paper)
		}
	}
	if again := reading.Numbers().Read(without, height); len(again) == 0 || again[0].Text != text {
		return read
	}
	out := []reading.Candidate{{Text: with, Probability: oneTrust}}
	for _, x := range read {
		x.Probability *= 1 - oneTrust
		if x.Text == with {
			out[0].Probability += x.Probability
			continue
		}
		out = append(out, x)
	}
	return out
}

// loneStroke finds an upright stroke at the begin of a line of digits, or else at its end, that can only be a 1.
func loneStroke(l *image.Gray, height float64) (box image.Rectangle, paper uint8, first, ok bool) {
	w, h := l.Rect.Dx(), l.Rect.Dy()
	em := height / digitPart
	if height == 0 {
		em = float64(h)
	}
	white, ink := levels(l, em)
	if white-ink < minContrast {
		return box, 0, false, false
	}
	tr := tracers.Get().(*tracer)
	defer tracers.Put(tr)
	pieces := tr.pieces(l, inkLimit(white, ink))
	for _, p := range pieces {
		tall, wide := float64(p.box.Dy()), float64(p.box.Dx())
		if wide > oneWide*tall || height > 0 && (tall < height*(1-oneHeight) || tall > height*(1+oneHeight)) ||
			float64(p.box.Min.X) < oneEdge*tall || float64(w-p.box.Max.X) < oneEdge*tall {
			continue
		}
		var rest image.Rectangle
		for _, q := range pieces {
			if q.box != p.box && (float64(q.box.Dx()) > oneSpeck*tall || float64(q.box.Dy()) > oneSpeck*tall) {
				rest = rest.Union(q.box)
			}
		}
		line := oneLevel * tall
		if float64(rest.Dx()) < besideOne*tall || float64(max(rest.Min.Y-p.box.Min.Y, p.box.Min.Y-rest.Min.Y)) > line || float64(max(rest.Max.Y-p.box.Max.Y, p.box.Max.Y-rest.Max.Y)) > line {
			continue
		}
		before, after := float64(rest.Min.X-p.box.Max.X), float64(p.box.Min.X-rest.Max.X)
		if gap := max(before, after); gap >= oneFrom*tall && gap <= oneTo*tall {
			return p.box, uint8(white), before > after, true
		}
	}
	return box, 0, false, false
}
