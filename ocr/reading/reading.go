// Package reading reads one line of print in a table cell: a number, a mark or a note (Numbers), or a label (Labels).
//
// A reader is a small convolutional network of our own, trained by the programs in training/ on lines drawn in many fonts and
// then scanned, faxed and photographed by program. The line is scaled to a fixed height and stretched in contrast
// (normalise.go), the network turns every four columns into a frame of probabilities, one for each character and one for
// "nothing new here" (connectionist temporal classification: Graves et al., ICML 2006), and a prefix beam search (beam.go)
// adds up all the ways to read each text. So nothing is cut into characters beforehand, and touching digits are no trouble.
//
// Rules: a reading comes with its rivals and a calibrated probability for each; what is left to 1 is the chance that the print
// says none of them. The same image gives the same readings on every machine. The package knows no form and no page.
package reading

import (
	"cmp"
	"image"
	"math"
	"slices"
	"strings"
	"sync"
)

// Other is the character that stands in a reading for one outside the reader's alphabet.
const Other = '□'

// Candidate is one reading of a line.
type Candidate struct {
	Text        string  // "" says that nothing is printed; Other stands for a character outside the alphabet
	Probability float64 // calibrated chance that this is what is printed
}

// Rune is one character of the likeliest reading, with the network's own probability for it.
type Rune struct {
	Rune        rune
	Probability float64
}

// Reader reads lines of print. It may be used by several goroutines at once.
type Reader struct {
	net  *network
	pool sync.Pool // of *scratch
}

// scratch is the memory of one reading, kept for the next.
type scratch struct {
	taps       taps
	mid, gray  []float32
	sums       []float64
	ink, frame []uint8
	profile    []int
	weights    []int
	seen       []bool
	found      []piece
	stack      []int32
	maps       [2]fmap
	probs      []float32
	beam       beam
}

func newReader(weights []byte) *Reader {
	n, err := decode(weights)
	if err != nil {
		panic(err) // the weights are part of the program
	}
	return &Reader{net: n, pool: sync.Pool{New: func() any { return new(scratch) }}}
}

// Alphabet returns the characters that the reader tells apart, Other among them.
func (r *Reader) Alphabet() string { return string(r.net.alphabet) }

// Read returns the readings of one line of print, dark on light, likeliest first, none twice. A line on which nothing is
// printed reads as "". digitHeight is the height in pixels of a digit in line (for Labels of a Han character), right to a
// tenth or so; 0: estimated from the ink. An empty image has no readings.
func (r *Reader) Read(line *image.Gray, digitHeight float64) []Candidate {
	if line.Bounds().Empty() {
		return nil
	}
	sc := r.pool.Get().(*scratch)
	defer r.pool.Put(sc)
	frames := r.probabilities(sc, line, digitHeight)
	return r.net.candidates(sc.beam.search(sc.probs, frames, r.net.classes))
}

// Runes returns the likeliest character of each place with its probability. It is quicker than Read and says where a long
// reading is in doubt.
func (r *Reader) Runes(line *image.Gray, digitHeight float64) []Rune {
	if line.Bounds().Empty() {
		return nil
	}
	sc := r.pool.Get().(*scratch)
	defer r.pool.Put(sc)
	return r.net.runes(sc, r.logits(sc, line, digitHeight))
}

// ReadUnless is Read where the line's Runes are not told to be of another kind: the price is that of one of the two.
func (r *Reader) ReadUnless(other func([]Rune) bool, line *image.Gray, digitHeight float64) (read []Candidate, is bool) {
	if line.Bounds().Empty() {
		return nil, other(nil)
	}
	sc := r.pool.Get().(*scratch)
	defer r.pool.Put(sc)
	logits := r.logits(sc, line, digitHeight)
	if other(r.net.runes(sc, logits)) {
		return nil, true
	}
	frames := r.net.probabilities(sc, logits)
	return r.net.candidates(sc.beam.search(sc.probs, frames, r.net.classes)), false
}

// runes are the likeliest characters of the head's values.
func (n *network) runes(sc *scratch, logits *fmap) []Rune {
	var out []Rune
	last := 0
	for f := range logits.w {
		v := n.frame(logits, f)
		best := 0
		for c, x := range v {
			if x > v[best] {
				best = c
			}
		}
		if best != 0 {
			p := grow(&sc.probs, len(v))
			n.softmax(p, v)
			if best != last {
				out = append(out, Rune{n.alphabet[best-1], float64(p[best])})
			} else {
				o := &out[len(out)-1]
				o.Probability = max(o.Probability, float64(p[best]))
			}
		}
		last = best
	}
	return out
}

// Text joins the characters of a reading.
func Text(runes []Rune) string {
	var b strings.Builder
	for _, r := range runes {
		b.WriteRune(r.Rune)
	}
	return b.String()
}

// logits runs the network and returns its head: a column for each frame.
func (r *Reader) logits(sc *scratch, line *image.Gray, digitHeight float64) *fmap {
	return r.net.run(sc, sc.normalise(line, digit(sc, line, digitHeight), r.net.Shape))
}

// probabilities leaves a row of class probabilities in sc.probs for each of the frames returned.
func (r *Reader) probabilities(sc *scratch, line *image.Gray, digitHeight float64) int {
	return r.net.probabilities(sc, r.logits(sc, line, digitHeight))
}

// digit returns the height to go by: the one given, or else an estimate, within bounds.
func digit(sc *scratch, line *image.Gray, given float64) float64 {
	if !(given > 0) {
		given = sc.estimate(line)
	}
	return min(max(given, minDigit), maxDigit)
}

const (
	minDigit = 4    // pixels: print smaller than this cannot be read
	maxDigit = 2048 // pixels: nor is a line this high one line of a table
)

// run feeds a frame to the network and returns the head's values, which lie in sc.
func (n *network) run(sc *scratch, f frame) *fmap {
	in := &sc.maps[0]
	in.reset(n.Shape.Rows, f.cols, 1)
	for y := range n.Shape.Rows {
		row := in.v[(y+1)*(f.cols+2)+1:]
		for x, p := range f.pix[y*f.cols : (y+1)*f.cols] {
			row[x] = int16(p)
		}
	}
	for i := range n.layers {
		n.layers[i].apply(&sc.maps[i&1], &sc.maps[1-i&1])
	}
	return &sc.maps[len(n.layers)&1]
}

// frame returns the head's values of one frame, in units of the head.
func (n *network) frame(head *fmap, f int) []int16 {
	return head.v[(head.w+2)*head.c+(f+1)*head.c:][:n.classes]
}

// probabilities leaves the probabilities of every frame of the head in sc.probs and returns how many
// frames there are.
func (n *network) probabilities(sc *scratch, head *fmap) int {
	probs := grow(&sc.probs, head.w*n.classes)
	for f := range head.w {
		n.softmax(probs[f*n.classes:][:n.classes], n.frame(head, f))
	}
	return head.w
}

// softmax turns the head's values into probabilities at the calibrated temperature.
func (n *network) softmax(p []float32, v []int16) {
	v = v[:len(p)]
	top := slices.Max(v)
	sum := 0.0
	for i, x := range v {
		e := math.Exp(float64(int(x)-int(top)) / (headUnit * n.Calibration.Temperature))
		p[i] = float32(e)
		sum += e
	}
	for i := range p {
		p[i] = float32(float64(p[i]) / sum)
	}
}

// candidates weighs what the beam search found and calibrates it.
func (n *network) candidates(found []hypothesis) []Candidate {
	out := make([]Candidate, len(found))
	before, after := 0.0, 0.0
	for i, h := range found {
		text := make([]rune, len(h.syms))
		for j, s := range h.syms {
			text[j] = n.alphabet[s-1]
		}
		out[i] = Candidate{string(text), h.p}
		before += h.p
		if n.Grammar && !wellFormed(out[i].Text) {
			out[i].Probability *= malformed
		}
		after += out[i].Probability
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Compare(b.Probability, a.Probability) })
	c := n.Calibration
	top := min(max(out[0].Probability*before/after, 1e-9), 1-1e-9)
	first := 1 / (1 + math.Exp(-(c.Slope*math.Log(top/(1-top)) + c.Offset)))
	rest := after - out[0].Probability
	out[0].Probability = first
	for i := 1; i < len(out); i++ {
		p := min(first, (1-first)*(1-c.Missing)*out[i].Probability/rest)
		if !(p >= leastProbability) {
			return out[:i]
		}
		out[i].Probability = p
	}
	return out
}

// leastProbability is that of a rival worth telling.
const leastProbability = 1e-7
