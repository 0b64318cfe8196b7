package lstm

import (
	"encoding/binary"
	"math"
	"sync"

	"github.com/nianbao/nianbao/ocr/tile"
)

const (
	// whole is what an activation of 1 is, as in Tesseract. unit is what a sum of products of 1 is: no curve changes beyond 8 in what an
	// activation tells. Those of the last layer go further.
	whole    = 127
	unit     = 1 << 12
	lastUnit = 1 << 10
	// abreast is how many lines go through a layer side by side: twice what a tile takes, so that weights which are fetched from far away
	// are used twice.
	abreast = 2 * tile.Rows
	// mostState bounds what an LSTM remembers (lstm.cpp: kStateClip).
	mostState = 100
)

// product is a matrix as tiles take it.
type product struct {
	in, out     int // in is even, out a multiple of tile.Lanes
	weights     []byte
	scale, bias []float32
}

// products lays matrices of the same inputs one after the other.
func products(unit float64, ms ...matrix) product {
	p := product{in: (ms[0].in + 1) / 2 * 2}
	for _, m := range ms {
		p.out += m.out
	}
	p.out = (p.out + tile.Lanes - 1) / tile.Lanes * tile.Lanes
	p.scale, p.bias = make([]float32, p.out), make([]float32, p.out)
	p.weights = make([]byte, p.out/tile.Lanes*p.in/2*tile.PairBytes)
	o := 0
	for _, m := range ms {
		for row := range m.out {
			p.scale[o] = float32(m.scale[row] / whole * unit)
			w := m.weights[row*(m.in+1):][:m.in+1]
			p.bias[o] = float32(float64(w[m.in]) * m.scale[row] * unit)
			block := p.weights[o/tile.Lanes*(p.in/2)*tile.PairBytes:]
			for i, v := range w[:m.in] {
				binary.LittleEndian.PutUint16(block[i/2*tile.PairBytes+o%tile.Lanes*4+i%2*2:], uint16(int16(v)))
			}
			o++
		}
	}
	return p
}

// apply multiplies n rows of inputs, a multiple of tile.Rows, which stand step values apart.
func (p *product) apply(dst []int16, outStep int, src []int16, step, n int) {
	p.fields(dst, outStep, src, step, n, 1, 0)
}

// fields multiplies n fields of a picture: the inputs of each are so many lines of it.
func (p *product) fields(dst []int16, outStep int, src []int16, step, n, lines, line int) {
	t := tile.Tile{N: tile.Rows, Rows: lines, Pairs: p.in / 2 / lines, Line: line, Step: step, OutStep: outStep, Floor: -math.MaxInt16, Limit: math.MaxInt16}
	block := p.in / 2 * tile.PairBytes
	b := 0
	if tile.Vector {
		for ; b+2*tile.Lanes <= p.out; b += 2 * tile.Lanes {
			for r := 0; r < n; r += tile.Rows {
				t.Pair(dst[r*outStep+b:], src[r*step:], p.weights[b/tile.Lanes*block:][:2*block], p.scale[b:][:2*tile.Lanes], p.bias[b:][:2*tile.Lanes])
			}
		}
	}
	for ; b < p.out; b += tile.Lanes {
		for r := 0; r < n; r += tile.Rows {
			t.Apply(dst[r*outStep+b:], src[r*step:], p.weights[b/tile.Lanes*block:][:block], p.scale[b:][:tile.Lanes], p.bias[b:][:tile.Lanes])
		}
	}
}

// curve is a function of sums of 16 bits, by all but their lowest curveBits.
type curve [1 << (16 - curveBits)]float32

const curveBits = 3

// curves are the hyperbolic tangent and the logistic function, made when the first reader is.
var curves = sync.OnceValues(func() (tanhs, logistics *curve) {
	tanhs, logistics = new(curve), new(curve)
	for i := range tanhs {
		x := (float64(int16(i<<curveBits)) + (1<<curveBits)/2.0) / unit // the middle of those that share the entry
		tanhs[i], logistics[i] = float32(math.Tanh(x)), float32(1/(1+math.Exp(-x)))
	}
	return tanhs, logistics
})

func (c *curve) at(v int16) float32 { return c[uint16(v)>>curveBits] }

// rounded is an activation, of -1 to 1, in whole numbers: cut off behind the point where it is positive, for rounding either way costs more.
func rounded(v float32) int16 { return int16(int32(float32(v*whole)+(whole+1.5)) - (whole + 1)) }

// sequence is a run of values through which an LSTM goes: n steps of some width, stride values apart.
type sequence struct {
	v         []int16
	n, stride int
}

func (s sequence) at(t, width int) []int16 { return s.v[t*s.stride:][:width] }

// lstm goes through abreast sequences at a time.
type lstm struct {
	in, out          int
	gates            product
	backward         bool
	tanhs, logistics *curve
	x, sums          []int16
	state            []float32
}

func newLSTM(l *layer) *lstm {
	g := l.gates
	n := &lstm{in: l.in, out: l.out, gates: products(unit, g[0], g[1], g[2], g[3]), backward: l.backward}
	n.tanhs, n.logistics = curves()
	n.x = make([]int16, abreast*n.gates.in)
	n.sums = make([]int16, abreast*n.gates.out)
	n.state = make([]float32, abreast*n.out)
	return n
}

// run goes through up to abreast sequences. What it gives at each step goes to out; where that has one step only, what it gives at the end.
func (n *lstm) run(in, out []sequence) {
	clear(n.x)
	clear(n.state)
	most := 0
	for _, s := range in {
		most = max(most, s.n)
	}
	place := func(s sequence, t int) int { // the step of a sequence that is the t-th on the way through
		if n.backward {
			return s.n - 1 - t
		}
		return t
	}
	step := n.gates.in
	rows := (len(in) + tile.Rows - 1) / tile.Rows * tile.Rows
	for t := range most {
		for i, s := range in {
			if t < s.n {
				copy(n.x[i*step:], s.at(place(s, t), n.in))
			}
		}
		n.gates.apply(n.sums, n.gates.out, n.x, step, rows)
		for i, s := range in {
			if t >= s.n {
				continue
			}
			back := n.x[i*step+n.in:][:n.out]
			n.gate(i, back)
			switch {
			case out[i].n == s.n:
				copy(out[i].at(place(s, t), n.out), back)
			case t == s.n-1:
				copy(out[i].at(0, n.out), back)
			}
		}
	}
}

// gate makes of the sums of one sequence its new state and output.
func (n *lstm) gate(i int, to []int16) {
	sums := n.sums[i*n.gates.out:]
	w := n.out
	tanhs, logistics := n.tanhs, n.logistics
	state := n.state[i*w:][:w]
	cell, in, keep, out := sums[:w], sums[w:][:w], sums[2*w:][:w], sums[3*w:][:w]
	to = to[:len(state)]
	cell, in, keep, out = cell[:len(state)], in[:len(state)], keep[:len(state)], out[:len(state)]
	for j, c := range state {
		c = float32(c*logistics.at(keep[j])) + float32(tanhs.at(cell[j])*logistics.at(in[j]))
		c = min(max(c, -mostState), mostState)
		state[j] = c
		c = min(max(float32(c*unit), math.MinInt16), math.MaxInt16)
		to[j] = rounded(float32(tanhs.at(int16(c)) * logistics.at(out[j])))
	}
}

// Reader reads lines with a model. It is not safe for concurrent use.
type Reader struct {
	m      *Model
	conv   product // of a field of the picture, row by row
	halfX  int
	halfY  int
	column *lstm
	along  []*lstm
	last   product
}

// NewReader lays a model out for computing.
func NewReader(m *Model) *Reader {
	c, d := m.layers[0], m.layers[1].dense
	r := &Reader{m: m, halfX: c.halfX, halfY: c.halfY, column: newLSTM(&m.layers[3])}
	// Tesseract goes through a field column by column; memory lies row by row, and a row has an even number of values.
	high, wide := 2*c.halfY+1, 2*c.halfX+1
	turned := matrix{in: high * (wide + 1), out: d.out, scale: d.scale}
	turned.weights = make([]int8, d.out*(turned.in+1))
	for o := range d.out {
		from, to := d.weights[o*(d.in+1):], turned.weights[o*(turned.in+1):]
		for y := range high {
			for x := range wide {
				to[y*(wide+1)+x] = from[x*high+y]
			}
		}
		to[turned.in] = from[d.in]
	}
	r.conv = products(unit, turned)
	for i := range m.layers[4 : len(m.layers)-1] {
		r.along = append(r.along, newLSTM(&m.layers[4+i]))
	}
	r.last = products(lastUnit, m.layers[len(m.layers)-1].dense)
	return r
}

// picture is a line as the network takes it: rows of values of -127, black, to 127, white.
type picture struct {
	h, w int
	v    []int16
}

// features are what the rows of a picture say in columns: steps of depth values.
func (r *Reader) features(p picture) sequence {
	l := r.m.layers
	depth, poolX, poolY := l[1].out, l[2].poolX, l[2].poolY
	w, h := p.w/poolX, p.h/poolY
	// The picture with what lies beyond its edges, where the network was shown noise.
	line := p.w + 2*r.halfX
	wide := make([]int16, (p.h+2*r.halfY)*line+tile.Rows+1)
	noise := uint32(1)
	for i := range wide {
		noise = noise*1664525 + 1013904223
		wide[i] = int16(noise>>16) % (whole + 1)
	}
	for y := range p.h {
		copy(wide[(y+r.halfY)*line+r.halfX:], p.v[y*p.w:][:p.w])
	}
	across := (p.w + tile.Rows - 1) / tile.Rows * tile.Rows
	sums := make([]int16, across*r.conv.out)
	pooled := make([]int16, h*w*depth)
	for i := range pooled {
		pooled[i] = math.MinInt16
	}
	for y := range h * poolY {
		r.conv.fields(sums, r.conv.out, wide[y*line:], 1, across, 2*r.halfY+1, line)
		for x := range w * poolX {
			to := pooled[(y/poolY*w+x/poolX)*depth:][:depth]
			for i, v := range sums[x*r.conv.out:][:depth] {
				to[i] = max(to[i], v)
			}
		}
	}
	tanhs, _ := curves()
	// The curve rises, so that the highest sum is the highest activation.
	for i, v := range pooled {
		pooled[i] = rounded(tanhs.at(v))
	}
	out := sequence{v: make([]int16, w*r.column.out), n: w, stride: r.column.out}
	var in, to [abreast]sequence
	for x := 0; x < w; x += abreast {
		n := min(abreast, w-x)
		for i := range n {
			in[i] = sequence{v: pooled[(x+i)*depth:], n: h, stride: w * depth}
			to[i] = sequence{v: out.at(x+i, r.column.out), n: 1}
		}
		r.column.run(in[:n], to[:n])
	}
	return out
}

// outputs are, for each line and step, how likely each output of the network is.
func (r *Reader) outputs(lines []picture) [][]float32 {
	seq := make([]sequence, len(lines))
	for i, p := range lines {
		seq[i] = r.features(p)
	}
	for _, n := range r.along {
		next := make([]sequence, len(seq))
		for i, s := range seq {
			next[i] = sequence{v: make([]int16, s.n*n.out), n: s.n, stride: n.out}
		}
		for i := 0; i < len(seq); i += abreast {
			k := min(abreast, len(seq)-i)
			n.run(seq[i:i+k], next[i:i+k])
		}
		seq = next
	}
	out := make([][]float32, len(seq))
	width := r.m.layers[len(r.m.layers)-1].out
	for i, s := range seq {
		rows := (s.n + tile.Rows - 1) / tile.Rows * tile.Rows
		v := append(s.v, make([]int16, (rows-s.n)*s.stride)...)
		sums := make([]int16, rows*r.last.out)
		r.last.apply(sums, r.last.out, v, s.stride, rows)
		out[i] = make([]float32, s.n*width)
		for t := range s.n {
			softmax(out[i][t*width:][:width], sums[t*r.last.out:])
		}
	}
	return out
}

// least is how much less than the highest sum one may be and still count: e to the power of it is nothing.
const least = 16

// softmax makes probabilities of sums.
func softmax(to []float32, sums []int16) {
	most := sums[0]
	for _, v := range sums[:len(to)] {
		most = max(most, v)
	}
	total := 0.0
	for i := range to {
		d := int(most) - int(sums[i])
		if d > least*lastUnit {
			to[i] = 0
			continue
		}
		e := math.Exp(-float64(d) / lastUnit)
		to[i] = float32(e)
		total += e
	}
	for i := range to {
		to[i] = float32(float64(to[i]) / total)
	}
}
