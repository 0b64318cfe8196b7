package reading

import (
	"image"
	"math"
)

// Known says how likely lines of print, each going on where the one before ends, are to print each of some texts: the logarithm of
// the probability, by the network alone, of all ways to read it. free is that of the likeliest path, whatever it reads: no text has
// much more. A text with a character that the reader does not know has -Inf. digitHeight is as for Read.
func (r *Reader) Known(lines []*image.Gray, digitHeight float64, texts []string) (scores []float64, free float64) {
	sc := r.pool.Get().(*scratch)
	defer r.pool.Put(sc)
	var probs []float32
	frames := 0
	for _, l := range lines {
		if l.Bounds().Empty() {
			continue
		}
		n := r.probabilities(sc, l, digitHeight)
		probs = append(probs, sc.probs[:n*r.net.classes]...)
		frames += n
	}
	for f := range frames {
		most := float32(0)
		for _, p := range probs[f*r.net.classes:][:r.net.classes] {
			most = max(most, p)
		}
		free += math.Log(float64(most))
	}
	class := r.classOf()
	scores = make([]float64, len(texts))
	var syms []int
	for i, t := range texts {
		syms = append(syms[:0], 0) // a blank before, between and after the characters
		known := true
		for _, c := range t {
			known = known && class[c] > 0
			syms = append(syms, class[c], 0)
		}
		scores[i] = math.Inf(-1)
		if known {
			scores[i] = logForward(probs, frames, r.net.classes, syms)
		}
	}
	return scores, free
}

// classOf gives the class of each character that the reader tells apart; the blank has 0.
func (r *Reader) classOf() map[rune]int {
	class := map[rune]int{}
	for i, c := range []rune(r.Alphabet()) {
		class[c] = i + 1
	}
	return class
}

// logForward is the logarithm of what forward gives, scaled at each frame: of a long text it may be less than a float holds.
func logForward(probs []float32, frames, classes int, syms []int) float64 {
	at := make([]float64, len(syms))
	at[0] = 1
	scale := 0.0
	for f := range frames {
		advance(at, probs[f*classes:][:classes], syms, f == 0)
		all := 0.0
		for k := len(at) - 1; k >= 0; k-- {
			all += at[k]
		}
		if all == 0 {
			return math.Inf(-1)
		}
		for k := range at {
			at[k] /= all
		}
		scale += math.Log(all)
	}
	return scale + math.Log(ended(at))
}
