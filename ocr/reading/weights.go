package reading

import (
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/nianbao/nianbao/ocr/tile"
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

const magic = "nianbao network 2\n"

var errWeights = errors.New("not a file of weights")

// decode reads a file of weights, which the network goes on using: the magic line, the length of the header (32 bits,
// little-endian), the header in JSON, then for each layer, its output channels padded to a multiple of eight, the step of each
// channel's weights and its bias (32-bit floats), and the weights in steps (16-bit whole numbers), as layer has them.
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
	from, in := 1.0/255, 1 // what 1 of the input is: a level of gray, then a unit of an activation
	for i, h := range n.Layers {
		l := layer{in: in, out: (h.Out + tile.Lanes - 1) / tile.Lanes * tile.Lanes, rows: h.Kernel[0], cols: h.Kernel[1],
			strideY: h.Stride[0], strideX: h.Stride[1], padY: h.Pad[0], padX: h.Pad[1], head: i == len(n.Layers)-1}
		to := float64(unit)
		if l.head {
			to = headUnit
		}
		size := l.out / tile.Lanes * l.block()
		if h.In != in || len(b) < 8*l.out+size {
			return nil, errWeights
		}
		l.scale, b = floats(b, l.out, from*to)
		l.bias, b = floats(b, l.out, to)
		l.weights, b = b[:size:size], b[size:]
		n.layers = append(n.layers, l)
		from, in = 1.0/unit, l.out
	}
	if len(b) != 0 || len(n.layers) == 0 || n.Layers[len(n.Layers)-1].Out != n.classes {
		return nil, errWeights
	}
	return n, nil
}

// floats takes n numbers off b, times by.
func floats(b []byte, n int, by float64) (out []float32, rest []byte) {
	out = make([]float32, n)
	for i := range out {
		out[i] = float32(float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))) * by)
	}
	return out, b[4*n:]
}
