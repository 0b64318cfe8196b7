package reading

import (
	"image"
	"math"
	"slices"
)

// shape is the input of a network: how a line of print is scaled and framed.
type shape struct {
	Rows   int     `json:"rows"`   // height of the input
	Size   int     `json:"size"`   // height that a digit (or a Han character) is scaled to
	Aspect float64 `json:"aspect"` // how much wider than high a pixel of the input is drawn
}

// The steps and numbers below are those of training/normalise.py: a network reads well only what it was trained on, so
// change both or neither.
const (
	minContrast = 40   // gray levels: less than this between paper and ink is noise
	maxColumns  = 4096 // of the input
	pad         = 6    // blank columns kept on both sides
	edgeRows    = 4    // rows at the edge of the crop that count less
	wordSize    = 22   // pixels that a character of words is high: digits are lower
	inkLevel    = 90   // of 255: what counts as ink when the line is located
	inkColumn   = 204  // sum of ink that makes a column part of the line: four fifths of a black pixel
	maxHeight   = 64   // of a crop, in heights of the input: more is no line of print
)

// frame is a line of print as the network sees it: rows times columns, 255 where the ink is black, columns a multiple of 4.
type frame struct {
	pix  []uint8
	cols int
}

// normalise scales, stretches and frames a line whose digits are digit pixels high.
func (sc *scratch) normalise(line *image.Gray, digit float64, sh shape) frame {
	w, h := sc.stretched(line, digit, sh)
	x := sc.ink
	y0 := sc.locate(x, w, h, sh)
	rows := sh.Rows
	first, last := -1, -1
	for c := range w {
		sum := 0
		for r := max(0, y0); r < min(h, y0+rows); r++ {
			if p := x[r*w+c]; p >= inkLevel {
				sum += int(p)
			}
		}
		if sum >= inkColumn {
			if first < 0 {
				first = c
			}
			last = c
		}
	}
	if first < 0 {
		out := grow(&sc.frame, rows*4*pad)
		clear(out)
		return frame{out, 4 * pad}
	}
	lo, hi := max(0, first-pad), min(w, last+1+pad)
	left := pad - (first - lo)
	width := left + hi - lo + pad - (hi - last - 1)
	width = max(4*pad, (width+3)/4*4)
	out := grow(&sc.frame, rows*width)
	clear(out)
	for r := max(0, y0); r < min(h, y0+rows); r++ {
		copy(out[(r-y0)*width+left:], x[r*w+lo:r*w+hi])
	}
	return frame{out, width}
}

// stretched scales the line and leaves its ink, w pixels to a row, in sc.ink.
func (sc *scratch) stretched(line *image.Gray, digit float64, sh shape) (w, h int) {
	b := line.Bounds()
	s := float64(sh.Size) / digit
	h = min(maxHeight*sh.Rows, max(1, int(float64(b.Dy())*s+.5)))
	w = min(maxColumns, max(1, int(float64(b.Dx())*s*sh.Aspect+.5)))
	v := sc.resample(line, w, h)
	x := grow(&sc.ink, w*h)
	whole := image.Rect(0, 0, w, h)
	stretch(x, v, w, whole)
	// Remains of rulings at the edges go, and the contrast is taken again without them: they may be far blacker than the print.
	if in := inside(x, w, h, sh.Size); in != whole {
		clear(x)
		stretch(x, v, w, in)
	}
	return w, h
}

// stretch turns the gray levels of a part of the image, w pixels to a row, into ink from 0 to 255: paper is what four fifths of
// its pixels are darker than, ink the darkest hundredth.
func stretch(x []uint8, v []float32, w int, part image.Rectangle) {
	var hist [256]int
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for _, f := range v[y*w+part.Min.X : y*w+part.Max.X] {
			hist[clamp255(f+.5)]++
		}
	}
	n := part.Dx() * part.Dy()
	paper, ink := rank(&hist, n-1-n/5), rank(&hist, min(n-1, max(6, n/100)))
	k := float32(255 / math.Max(float64(paper-ink), minContrast))
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for i := y*w + part.Min.X; i < y*w+part.Max.X; i++ {
			x[i] = uint8(clamp255(float32((float32(paper)-v[i])*k) + .5))
		}
	}
}

// inside returns the part of the crop between what is left of rulings at its edges.
func inside(x []uint8, w, h, size int) image.Rectangle {
	in := image.Rect(0, 0, w, h)
	t := size / 2 // how far from the edge rulings are looked for
	if h >= size*7/8+t {
		// A ruling is one stroke; bold print is as dark, and lost its upper or lower half. The strokes of two bold digits run together over
		// half of a line; lines of words are longer, and rulings break on faxes.
		whole := 7
		if size >= wordSize {
			whole = 4
		}
		ruled := func(r int) bool {
			sum, run, longest := 0, 0, 0
			for _, p := range x[r*w : (r+1)*w] {
				sum += int(p)
				if run++; p < inkLevel {
					run = 0
				}
				longest = max(longest, run)
			}
			return sum*5 > 255*2*w && longest*10 >= whole*w
		}
		for r := range min(t, h/4) {
			if ruled(r) {
				in.Min.Y = r + 2
			}
		}
		for r := h - 1; r >= max(h-t, h-h/4); r-- {
			if ruled(r) {
				in.Max.Y = r - 1
			}
		}
	}
	if 4*h >= 5*size && w >= 2*t {
		ruled := func(c int) bool {
			sum := 0
			for r := in.Min.Y; r < in.Max.Y; r++ {
				sum += int(x[r*w+c])
			}
			return sum*5 > 255*3*h
		}
		for c := range min(t, w/4) {
			if ruled(c) {
				in.Min.X = c + 2
			}
		}
		for c := w - 1; c >= max(w-t, w-w/4); c-- {
			if ruled(c) {
				in.Max.X = c - 1
			}
		}
	}
	return in
}

// locate returns the first row, perhaps negative, of the window that holds most ink.
func (sc *scratch) locate(x []uint8, w, h int, sh shape) int {
	rows := sh.Rows
	r := grow(&sc.profile, h)
	for i := range r {
		sum := 0
		for _, p := range x[i*w : (i+1)*w] {
			if p >= inkLevel {
				sum += int(p)
			}
		}
		r[i] = sum
	}
	for i := range min(edgeRows, h/2) {
		r[i] = r[i] * (i + 1) / (edgeRows + 1)
		r[h-1-i] = r[h-1-i] * (i + 1) / (edgeRows + 1)
	}
	// A digit's height counts fully, less towards the edges of the window, the middle a little more.
	weights := grow(&sc.weights, rows)
	flat, out := sh.Size+1, rows+1
	for j := range weights {
		d2 := max(2*j-(rows-1), rows-1-2*j) // twice the distance from the middle
		weights[j] = 4000
		if d2 > flat {
			weights[j] = 4000 * (out - d2) / (out - flat)
		}
		weights[j] -= d2 * d2
	}
	best, at := 0, (h-rows)>>1
	for y := 1 - rows; y < h; y++ {
		score := 0
		for j := max(0, -y); j < min(rows, h-y); j++ {
			score += weights[j] * r[y+j]
		}
		if score > best {
			best, at = score, y
		}
	}
	return at
}

// resample scales a line with a triangle filter that widens where the image shrinks.
func (sc *scratch) resample(line *image.Gray, w, h int) []float32 {
	b := line.Bounds()
	h0, w0 := b.Dy(), b.Dx()
	sc.taps.fill(w0, w)
	mid := grow(&sc.mid, h0*w)
	for y := range h0 {
		src := line.Pix[line.PixOffset(b.Min.X, b.Min.Y+y):][:w0]
		dst := mid[y*w : (y+1)*w]
		for i := range dst {
			from, k := sc.taps.at(i)
			sum := 0.0
			for j, f := range k {
				sum += float64(src[from+j]) * f
			}
			dst[i] = float32(sum)
		}
	}
	sc.taps.fill(h0, h)
	out := grow(&sc.gray, h*w)
	sums := grow(&sc.sums, w)
	for y := range h {
		from, k := sc.taps.at(y)
		clear(sums)
		for j, f := range k {
			for i, v := range mid[(from+j)*w : (from+j+1)*w] {
				sums[i] += float64(v) * f
			}
		}
		for i, s := range sums {
			out[y*w+i] = float32(s)
		}
	}
	return out
}

// taps holds, for every output sample of one direction, the input samples that it is made of and their shares.
type taps struct {
	from, start []int
	share       []float64
}

// at returns the first input sample of output sample i, and the shares of it and those after it.
func (t *taps) at(i int) (int, []float64) { return t.from[i], t.share[t.start[i]:t.start[i+1]] }

func (t *taps) fill(in, out int) {
	t.from, t.start, t.share = t.from[:0], append(t.start[:0], 0), t.share[:0]
	scale := float64(in) / float64(out)
	support := math.Max(scale, 1)
	for i := range out {
		center := (float64(i) + .5) * scale
		lo := max(0, int(center-support+.5))
		hi := min(in, int(center+support+.5))
		sum, start := 0.0, len(t.share)
		for x := lo; x < hi; x++ {
			f := math.Max(0, 1-math.Abs((float64(x)-center+.5)/support))
			t.share = append(t.share, f)
			sum += f
		}
		for j := start; j < len(t.share); j++ {
			t.share[j] /= sum
		}
		t.from, t.start = append(t.from, lo), append(t.start, len(t.share))
	}
}

func clamp255(f float32) int {
	if f < 0 {
		return 0
	}
	return min(255, int(f))
}

// rank returns the gray level that is the k-th from the darkest, from 0.
func rank(hist *[256]int, k int) int {
	for v, n := range hist {
		if k < n {
			return v
		}
		k -= n
	}
	return 255
}

// grow returns *s with length n, its contents unspecified.
func grow[T any](s *[]T, n int) []T {
	*s = slices.Grow((*s)[:0], n)[:n]
	return *s
}
