package reading

import "image"

// ReadAndScore is Read, and how likely each of the texts is to be what the line prints, by the network
// alone: the probability of all ways to read it (the forward pass of connectionist temporal
// classification). That answers for any text, however unlikely; one with a character that the reader
// does not know has none. These probabilities are not calibrated.
func (r *Reader) ReadAndScore(line *image.Gray, digitHeight float64, texts []string) ([]Candidate, []float64) {
	scores := make([]float64, len(texts))
	if line.Bounds().Empty() {
		return nil, scores
	}
	sc := r.pool.Get().(*scratch)
	defer r.pool.Put(sc)
	frames := r.probabilities(sc, line, digitHeight)
	class := r.classOf()
	for i, t := range texts {
		syms := []int{0} // a blank before, between and after the characters
		known := true
		for _, c := range t {
			known = known && class[c] > 0
			syms = append(syms, class[c], 0)
		}
		if known {
			scores[i] = forward(sc.probs, frames, r.net.classes, syms)
		}
	}
	return r.net.candidates(sc.beam.search(sc.probs, frames, r.net.classes)), scores
}

// forward is the probability of a sequence of classes, blanks (0) between them, over all the ways to
// lay it along the frames.
func forward(probs []float32, frames, classes int, syms []int) float64 {
	at := make([]float64, len(syms))
	at[0] = 1
	for f := range frames {
		advance(at, probs[f*classes:][:classes], syms, f == 0)
	}
	return ended(at)
}

// advance lays a sequence along one frame more: at[k] is the probability of all ways that end in its class k, p that
// of each class in the frame.
func advance(at []float64, p []float32, syms []int, first bool) {
	for k := len(syms) - 1; k >= 0; k-- {
		sum := at[k]
		if k > 0 && (!first || k == 1) {
			sum += at[k-1]
		}
		if k > 1 && syms[k] != 0 && syms[k] != syms[k-2] {
			sum += at[k-2]
		}
		at[k] = float64(sum * float64(p[syms[k]]))
	}
}

// ended is the probability of all ways that have come to the sequence's end, with a blank behind it or without.
func ended(at []float64) float64 {
	sum := at[len(at)-1]
	if len(at) > 1 {
		sum += at[len(at)-2]
	}
	return sum
}
