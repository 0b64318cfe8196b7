package reading

import (
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
)

//go:embed numbers.weights
var numbersWeights []byte

// Numbers returns the reader of numbers: digits, . , - + / — ( ), anything else Other. Full-width forms read as the plain ones,
// and a run of dashes as one.
func Numbers() *Reader { return numbers() }

var numbers = sync.OnceValue(func() *Reader { return newReader(numbersWeights) })

//go:embed labels.weights
var labelsWeights []byte

// Labels returns the reader of labels: the characters of the forms' labels, headings and captions, digits and punctuation, anything
// else Other. It reads a line broken anywhere; brackets and points read as the half-width ones.
func Labels() *Reader { return labels() }

var labels = sync.OnceValue(func() *Reader { return newReader(labelsWeights) })

// network is a trained network, ready to run.
type network struct {
	header
	alphabet []rune
	classes  int // characters and the blank
	layers   []layer
}

// header begins a file of weights.
type header struct {
	Shape       shape       `json:"shape"`
	Alphabet    string      `json:"alphabet"`
	Grammar     bool        `json:"grammar"` // readings are numbers: malformed ones count less
	Calibration calibration `json:"calibration"`
	Layers      []struct {
		In     int    `json:"in"`
		Out    int    `json:"out"`
		Kernel [2]int `json:"kernel"`
		Stride [2]int `json:"stride"`
		Pad    [2]int `json:"pad"`
	} `json:"layers"`
}

// calibration turns what the network believes into what may be believed (training/calibrate.py).
type calibration struct {
	Temperature float64 `json:"temperature"` // divides the values of the head
	Slope       float64 `json:"slope"`       // of the log odds of the best reading,
	Offset      float64 `json:"offset"`      // and what is added to them
	Missing     float64 `json:"missing"`     // chance that the truth is not among the rivals when the best is wrong
}

const magic = "nianbao network 1\n"

var errWeights = errors.New("not a file of weights")

// decode reads a file of weights: the magic line, the length of the header (32 bits, little-endian), the header in JSON, then
// for each layer the biases and the weights (out, row, column, in), all in half precision.
func decode(b []byte) (*network, error) {
	if len(b) < len(magic)+4 || string(b[:len(magic)]) != magic {
		return nil, errWeights
	}
	b = b[len(magic):]
	size := int(binary.LittleEndian.Uint32(b))
	if b = b[4:]; size > len(b) {
		return nil, errWeights
	}
	n := &network{}
	if err := json.Unmarshal(b[:size], &n.header); err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	b = b[size:]
	n.alphabet = []rune(n.Alphabet)
	n.classes = len(n.alphabet) + 1
	for i, h := range n.Layers {
		out := (h.Out + lanes - 1) / lanes * lanes
		l := layer{in: h.In, out: out, rows: h.Kernel[0], cols: h.Kernel[1], strideY: h.Stride[0], strideX: h.Stride[1],
			padY: h.Pad[0], padX: h.Pad[1], head: i == len(n.Layers)-1}
		if i > 0 {
			l.in = n.layers[i-1].out // a padded channel is always zero
		}
		run := l.rows * l.cols * h.In
		if len(b) < 2*h.Out*(1+run) {
			return nil, errWeights
		}
		l.bias = make([]float32, out)
		for o := range h.Out {
			l.bias[o] = half(b[2*o:])
		}
		b = b[2*h.Out:]
		l.weights = make([]float32, out*l.rows*l.cols*l.in)
		for o := range h.Out {
			for tap := range l.rows * l.cols {
				for c := range h.In {
					at := ((o/lanes*l.rows*l.cols+tap)*l.in + c) * lanes
					l.weights[at+o%lanes] = half(b[2*((o*l.rows*l.cols+tap)*h.In+c):])
				}
			}
		}
		b = b[2*h.Out*run:]
		n.layers = append(n.layers, l)
	}
	if len(b) != 0 || len(n.layers) == 0 || n.Layers[len(n.Layers)-1].Out != n.classes {
		return nil, errWeights
	}
	return n, nil
}

// half reads an IEEE 754 half-precision number.
func half(b []byte) float32 {
	h := uint32(binary.LittleEndian.Uint16(b))
	sign, exp, frac := h>>15<<31, h>>10&31, h&1023
	if exp == 0 { // zero and subnormal numbers
		v := float32(frac) / (1 << 24)
		if sign != 0 {
			v = -v
		}
		return v
	}
	return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
}
