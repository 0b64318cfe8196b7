package lstm

import (
	"image"
	"slices"
)

// Char is a character of a line, or a blank.
type Char struct {
	Text string
	// X is where its middle is, in pixels of the line's picture from the left.
	X float64
	// Likelihood is that of the least likely of the outputs that spell it.
	Likelihood float64
}

// Height is that of the pictures that are read, in pixels.
func (m *Model) Height() int { return m.height }

// Read reads lines. Their pictures are dark print on light paper, Height pixels high, with a little paper around the print. What is read of a
// line does not depend on the others.
func (r *Reader) Read(lines []*image.Gray) [][]Char {
	order := make([]int, len(lines)) // lines that go side by side take the time of the longest
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return lines[a].Bounds().Dx() - lines[b].Bounds().Dx() })
	pictures := make([]picture, len(lines))
	for k, i := range order {
		pictures[k] = prepare(lines[i])
	}
	width, step := r.m.layers[len(r.m.layers)-1].out, float64(r.m.layers[2].poolX)
	out := make([][]Char, len(lines))
	for k, outputs := range r.outputs(pictures) {
		for _, c := range r.m.decode(outputs, width) {
			out[order[k]] = append(out[order[k]], Char{Text: c.text, X: float64(c.from+c.to) / 2 * step, Likelihood: c.likelihood})
		}
	}
	return out
}

// prepare makes a line's picture, as high as the network wants it, into the network's numbers: the paper of its middle row is white, and the
// print black (networkio.cpp: ComputeBlackWhite).
func prepare(img *image.Gray) picture {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	p := picture{h: h, w: w, v: make([]int16, w*h)}
	row := img.Pix[h/2*img.Stride:][:w]
	var lows, highs []int
	for x := 1; x+1 < w; x++ {
		last, v, next := int(row[x-1]), int(row[x]), int(row[x+1])
		if v < last && v <= next || v <= last && v < next {
			lows = append(lows, v)
		}
		if v > last && v >= next || v >= last && v > next {
			highs = append(highs, v)
		}
	}
	black, white := quartile(append(lows, 0)[:max(len(lows), 1)], 0.25), quartile(append(highs, 255)[:max(len(highs), 1)], 0.75)
	contrast := float32(white-black) / 2
	if contrast <= 0 {
		contrast = 1
	}
	for y := range h {
		for x, v := range img.Pix[y*img.Stride:][:w] {
			f := (float32(v)-float32(black))/contrast - 1
			p.v[y*w+x] = int16(min(max(f*(whole+1), -whole), whole))
		}
	}
	return p
}

func quartile(v []int, share float64) int {
	slices.Sort(v)
	return v[min(int(share*float64(len(v))), len(v)-1)]
}
