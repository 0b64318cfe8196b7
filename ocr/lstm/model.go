// Package lstm reads lines of print with the line network of a Tesseract model (a .traineddata file): the same weights and alphabet as
// Tesseract's, computed by this program.
//
// Tesseract spends most of a line's time between its layers: on indices of maps, and on copies of them. Here the lines of a page go through
// a layer side by side, so that each weight is fetched once for several of them, and activations and sums are whole numbers as Tesseract's
// are. What a model holds, and what its layers compute, is that of Tesseract's sources (tesseract-ocr, Apache-2.0: lstm/network.cpp,
// weightmatrix.cpp, lstm.cpp, convolve.cpp; ccutil/tessdatamanager.cpp, unicharset.cpp, unicharcompress.cpp).
package lstm

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
)

// ErrModel says that a model is none, or has a layer that is not known here; Tesseract may read it all the same.
var ErrModel = errors.New("not a line network that is known here")

// The entries of a .traineddata file that a line network is made of (tessdatamanager.h).
const (
	entryLSTM     = 17
	entryAlphabet = 21
	entryRecoder  = 22
	maxEntries    = 64
	maxLayers     = 64
	maxWeights    = 1 << 26
	maxAlphabet   = 1 << 16
	maxCodeLength = 9
	mostHeight    = 256
)

// Model is a network with its alphabet. It is not changed by reading and may be shared.
type Model struct {
	layers []layer
	height int // of a line in pixels
	null   int // the output that stands for no character
	words  *node
}

// node is a place in the tree of the characters' codes.
type node struct {
	next []*node // by code; nil where none leads on
	text string  // of the character whose code ends here, "" if none does
}

// Parse reads a model.
func Parse(data []byte) (*Model, error) {
	r := &reader{b: data}
	n := int(r.i32())
	if n <= entryRecoder || n > maxEntries {
		return nil, fmt.Errorf("%d entries: %w", n, ErrModel)
	}
	at := make([]int64, n)
	for i := range at {
		at[i] = int64(r.u64())
	}
	entry := func(i int) []byte {
		if at[i] < 0 || at[i] > int64(len(data)) {
			return nil
		}
		end := int64(len(data))
		for _, o := range at {
			if o > at[i] && o < end {
				end = o
			}
		}
		return data[at[i]:end]
	}
	net := &reader{b: entry(entryLSTM)}
	m := &Model{}
	if err := m.network(net); err != nil {
		return nil, err
	}
	net.text() // the network's description
	net.skip(12)
	m.null = int(net.i32())
	if net.err != nil {
		return nil, net.err
	}
	chars, err := alphabet(entry(entryAlphabet))
	if err != nil {
		return nil, err
	}
	outputs := m.layers[len(m.layers)-1].out
	if m.null < 0 || m.null >= outputs {
		return nil, fmt.Errorf("output %d of %d stands for no character: %w", m.null, outputs, ErrModel)
	}
	m.words, err = codes(entry(entryRecoder), chars, outputs)
	return m, err
}

// alphabet reads the characters in the order of their numbers.
func alphabet(data []byte) ([]string, error) {
	s := bufio.NewScanner(bytes.NewReader(data))
	var n int
	if !s.Scan() {
		return nil, fmt.Errorf("no alphabet: %w", ErrModel)
	}
	if _, err := fmt.Sscan(s.Text(), &n); err != nil || n <= 0 || n > maxAlphabet {
		return nil, fmt.Errorf("an alphabet of %q characters: %w", s.Text(), ErrModel)
	}
	var out []string
	for len(out) < n && s.Scan() {
		c, _, _ := strings.Cut(s.Text(), " ")
		if c == "NULL" {
			c = " "
		}
		out = append(out, c)
	}
	if len(out) < n {
		return nil, fmt.Errorf("%d of %d characters: %w", len(out), n, ErrModel)
	}
	return out, nil
}

// codes reads the outputs that each character is spelled with, and makes a tree of them.
func codes(data []byte, chars []string, outputs int) (*node, error) {
	r := &reader{b: data}
	root := &node{next: make([]*node, outputs)}
	n := int(r.u32())
	if n > len(chars) {
		n = len(chars)
	}
	for i := range n {
		r.skip(1) // whether it is what Unicode makes of it
		length := int(r.i32())
		if r.err != nil || length < 0 || length > maxCodeLength {
			return nil, fmt.Errorf("the code of character %d: %w", i, ErrModel)
		}
		at := root
		for range length {
			c := int(r.i32())
			if c < 0 || c >= outputs {
				return nil, fmt.Errorf("the code of character %d: %w", i, ErrModel)
			}
			if at.next == nil {
				at.next = make([]*node, outputs)
			}
			if at.next[c] == nil {
				at.next[c] = &node{}
			}
			at = at.next[c]
		}
		if length > 0 && at.text == "" {
			at.text = chars[i]
		}
	}
	return root, r.err
}

// kind is what a layer does.
type kind int

const (
	kindConvolve kind = iota // a map's values and those around them, in one place
	kindPool                 // the highest of a field
	kindDense                // sums of products
	kindLSTM
)

// layer is a step of the network.
type layer struct {
	kind         kind
	in, out      int
	halfX, halfY int // of a convolution
	poolX, poolY int
	softmax      bool
	// Of an LSTM: along columns, leaving one value each; from right to left.
	column, backward bool
	gates            [4]matrix // what goes in, and the gates of input, memory and output
	dense            matrix
}

// network reads the layers, which a series holds, one after the other.
func (m *Model) network(r *reader) error {
	if err := m.part(r, false, false, 0); err != nil {
		return err
	}
	if r.err != nil {
		return r.err
	}
	return m.known()
}

// known says whether the network is of the one kind that is computed here, that of all of Tesseract's fast models: fields of the picture, their
// highest sums, columns, and what goes along them.
func (m *Model) known() error {
	l := m.layers
	ok := m.height > 0 && m.height <= mostHeight && len(l) >= 6 && l[0].kind == kindConvolve && l[0].in == 1 && l[1].kind == kindDense && !l[1].softmax && l[2].kind == kindPool &&
		l[3].kind == kindLSTM && l[3].column && l[len(l)-1].softmax && m.height%l[2].poolY == 0
	for i := 1; ok && i < len(l); i++ {
		ok = l[i].in == l[i-1].out && l[i].out > 0
		if i > 3 && i < len(l)-1 {
			ok = ok && l[i].kind == kindLSTM && !l[i].column
		}
	}
	if !ok {
		return fmt.Errorf("a network of another kind: %w", ErrModel)
	}
	return nil
}

// ownRates is the flag of a series whose parts learnt at rates of their own, which follow it (network.h: NF_LAYER_SPECIFIC_LR).
const ownRates = 64

// part reads a part of the network: a layer, or one around others.
func (m *Model) part(r *reader, column, backward bool, depth int) error {
	if r.u8() != 0 {
		return fmt.Errorf("a network of an old form: %w", ErrModel)
	}
	name := r.text()
	r.skip(2) // how it was trained
	flags := r.i32()
	in, out := int(r.i32()), int(r.i32())
	r.skip(4)
	r.text()
	if r.err != nil || depth > 8 || len(m.layers) > maxLayers || in < 0 || out < 0 || in > maxWeights || out > maxWeights {
		return fmt.Errorf("layer %d: %w", len(m.layers), ErrModel)
	}
	l := layer{in: in, out: out, column: column, backward: backward}
	switch name {
	case "Series", "RTLReversed", "XYTranspose":
		n := int(r.u32())
		if n > maxLayers || name != "Series" && n != 1 {
			return fmt.Errorf("%s of %d parts: %w", name, n, ErrModel)
		}
		for range n {
			if err := m.part(r, column != (name == "XYTranspose"), backward != (name == "RTLReversed"), depth+1); err != nil {
				return err
			}
		}
		if flags&ownRates != 0 {
			r.skip(4 * int(r.u32()))
		}
		return r.err
	case "Input":
		r.skip(4)
		m.height = int(r.i32())
		r.skip(4)
		if channels := r.i32(); channels != 1 {
			return fmt.Errorf("pictures of %d channels: %w", channels, ErrModel)
		}
		r.skip(4)
		return r.err
	case "Convolve":
		l.kind, l.halfX, l.halfY = kindConvolve, int(r.i32()), int(r.i32())
		if l.halfX < 0 || l.halfY < 0 || l.halfX > 8 || l.halfY > 8 {
			return fmt.Errorf("a convolution over %d × %d: %w", l.halfX, l.halfY, ErrModel)
		}
		l.out = l.in * (2*l.halfX + 1) * (2*l.halfY + 1)
	case "Maxpool":
		l.kind, l.poolX, l.poolY = kindPool, int(r.i32()), int(r.i32())
		if l.poolX < 1 || l.poolY < 1 || l.poolX > 16 || l.poolY > 16 {
			return fmt.Errorf("a pool of %d × %d: %w", l.poolX, l.poolY, ErrModel)
		}
		l.out = l.in
	case "Tanh", "Softmax":
		l.kind, l.softmax = kindDense, name == "Softmax"
		l.dense = r.matrix(l.in, l.out)
	case "LSTM", "SummLSTM":
		l.kind = kindLSTM
		if (name == "SummLSTM") != column {
			return fmt.Errorf("%s along another direction: %w", name, ErrModel)
		}
		if across := int(r.i32()); across != l.in+l.out {
			return fmt.Errorf("an LSTM of two dimensions: %w", ErrModel)
		}
		for i := range l.gates {
			l.gates[i] = r.matrix(l.in+l.out, l.out)
		}
	default:
		return fmt.Errorf("a layer %q: %w", name, ErrModel)
	}
	m.layers = append(m.layers, l)
	return r.err
}

// matrix are the weights of a layer: rows outputs of so many inputs and a last weight for the bias, in steps of the row's scale.
type matrix struct {
	in, out int
	weights []int8 // out rows of in+1
	scale   []float64
}

func (r *reader) matrix(in, out int) matrix {
	const wholeNumbers, doubles = 1, 128 // the flags of the form that is known
	if mode := r.u8(); mode&wholeNumbers == 0 || mode&doubles == 0 {
		r.fail("weights that are no whole numbers")
		return matrix{}
	}
	rows, columns := int(r.u32()), int(r.u32())
	r.skip(1) // what an empty cell would hold
	if rows != out || columns != in+1 {
		r.fail(fmt.Sprintf("%d × %d weights for %d × %d", rows, columns, out, in+1))
		return matrix{}
	}
	b := r.take(rows * columns)
	m := matrix{in: in, out: out, weights: make([]int8, len(b))}
	for i, v := range b {
		m.weights[i] = int8(v)
	}
	n := int(r.u32())
	if n < rows || n > rows+64 {
		r.fail("scales for other weights")
		return matrix{}
	}
	for range rows {
		m.scale = append(m.scale, math.Float64frombits(r.u64()))
	}
	r.skip(8 * (n - rows))
	return m
}

// reader reads numbers of a model, little end first. After the first error all is 0.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail(why string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: %w", why, ErrModel)
	}
	r.b = nil
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.fail("the file is cut off")
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) skip(n int) { r.take(n) }

func (r *reader) u8() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *reader) i32() int32 { return int32(r.u32()) }

func (r *reader) u64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *reader) text() string { return string(r.take(int(r.u32()))) }
