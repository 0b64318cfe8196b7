package lstm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// writer writes a model as Tesseract does.
type writer struct{ b []byte }

func (w *writer) u8(v byte)     { w.b = append(w.b, v) }
func (w *writer) i32(v int)     { w.b = binary.LittleEndian.AppendUint32(w.b, uint32(int32(v))) }
func (w *writer) f64(v float64) { w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(v)) }
func (w *writer) text(s string) { w.i32(len(s)); w.b = append(w.b, s...) }

// layer writes what all layers have.
func (w *writer) layer(kind string, in, out int) {
	w.u8(0)
	w.text(kind)
	w.u8(0)
	w.u8(0)
	w.i32(0)
	w.i32(in)
	w.i32(out)
	w.i32(0)
	w.text("layer")
}

func (w *writer) around(kind string, in, out int) {
	w.layer(kind, in, out)
	w.i32(1)
}

func (w *writer) matrix(rng *rand.Rand, in, out int) {
	w.u8(1 | 128)
	w.i32(out)
	w.i32(in + 1)
	w.u8(0)
	for range out * (in + 1) {
		w.u8(byte(rng.IntN(255) - 127))
	}
	w.i32(out)
	for range out {
		w.f64((0.5 + rng.Float64()) / 127)
	}
}

func (w *writer) lstm(rng *rand.Rand, kind string, in, out int) {
	w.layer(kind, in, out)
	w.i32(in + out)
	for range 4 {
		w.matrix(rng, in+out, out)
	}
}

// tiny is a model with all kinds of layers: lines 6 pixels high, the characters a and b of an output each and 中 of two.
func tiny(seed uint64) []byte {
	rng := rand.New(rand.NewPCG(seed, 1))
	var net writer
	net.layer("Series", 1, 5)
	net.i32(7)
	net.layer("Input", 1, 1)
	for _, v := range []int{1, 6, 0, 1, 0} {
		net.i32(v)
	}
	net.layer("Series", 1, 6)
	net.i32(2)
	net.layer("Convolve", 1, 9)
	net.i32(1)
	net.i32(1)
	net.layer("Tanh", 9, 6)
	net.matrix(rng, 9, 6)
	net.layer("Maxpool", 6, 6)
	net.i32(3)
	net.i32(3)
	net.around("XYTranspose", 6, 10)
	net.lstm(rng, "SummLSTM", 6, 10)
	net.lstm(rng, "LSTM", 10, 8)
	net.around("RTLReversed", 8, 12)
	net.lstm(rng, "LSTM", 8, 12)
	net.layer("Softmax", 12, 5)
	net.matrix(rng, 12, 5)
	net.text("a tiny one")
	for _, v := range []int{0, 0, 0, 4} {
		net.i32(v)
	}
	var codes writer
	codes.i32(3)
	for _, c := range [][]int{{0}, {1}, {2, 3}} {
		codes.u8(1)
		codes.i32(len(c))
		for _, v := range c {
			codes.i32(v)
		}
	}
	alphabet := []byte("3\na 0\nb 0\n中 0\n")
	const entries = entryRecoder + 1
	var w writer
	w.i32(entries)
	at := 4 + 8*entries
	for i := range entries {
		place := -1
		switch i {
		case entryLSTM:
			place = at
		case entryAlphabet:
			place = at + len(net.b)
		case entryRecoder:
			place = at + len(net.b) + len(alphabet)
		}
		w.b = binary.LittleEndian.AppendUint64(w.b, uint64(int64(place)))
	}
	return append(append(append(w.b, net.b...), alphabet...), codes.b...)
}

// slow computes a line's outputs as the layers are defined, in floats, one line and step at a time.
func slow(m *Model, p picture) [][]float64 {
	value := func(mx matrix, row int, in []float64) float64 {
		w := mx.weights[row*(mx.in+1):]
		s := float64(w[mx.in])
		for i, v := range in {
			s += float64(w[i]) * v
		}
		return s * mx.scale[row]
	}
	r := NewReader(m) // for the noise beyond the edges
	l := m.layers
	depth, w, h := l[1].out, p.w/l[2].poolX, p.h/l[2].poolY
	line := p.w + 2*r.halfX
	wide, noise := make([]float64, (p.h+2*r.halfY)*line), uint32(1)
	for i := range wide {
		noise = noise*1664525 + 1013904223
		wide[i] = float64(int16(noise>>16)%(whole+1)) / whole
	}
	for y := range p.h {
		for x := range p.w {
			wide[(y+r.halfY)*line+x+r.halfX] = float64(p.v[y*p.w+x]) / whole
		}
	}
	pooled := make([][]float64, w*h)
	for y := range h * l[2].poolY {
		for x := range w * l[2].poolX {
			field := make([]float64, 9)
			for dy := range 3 {
				for dx := range 3 {
					field[dx*3+dy] = wide[(y+dy)*line+x+dx]
				}
			}
			k := y/l[2].poolY*w + x/l[2].poolX
			if pooled[k] == nil {
				pooled[k] = make([]float64, depth)
				for i := range pooled[k] {
					pooled[k][i] = -1
				}
			}
			for i := range depth {
				pooled[k][i] = max(pooled[k][i], math.Tanh(value(l[1].dense, i, field)))
			}
		}
	}
	run := func(l layer, in [][]float64) [][]float64 {
		out := make([][]float64, len(in))
		state, last := make([]float64, l.out), make([]float64, l.out)
		sigmoid := func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }
		for k := range in {
			t := k
			if l.backward {
				t = len(in) - 1 - k
			}
			x := append(append([]float64{}, in[t]...), last...)
			next := make([]float64, l.out)
			for j := range state {
				state[j] = state[j]*sigmoid(value(l.gates[2], j, x)) + math.Tanh(value(l.gates[0], j, x))*sigmoid(value(l.gates[1], j, x))
				next[j] = math.Tanh(state[j]) * sigmoid(value(l.gates[3], j, x))
			}
			last, out[t] = next, next
		}
		return out
	}
	var seq [][]float64
	for x := range w {
		var column [][]float64
		for y := range h {
			column = append(column, pooled[y*w+x])
		}
		ends := run(l[3], column)
		seq = append(seq, ends[len(ends)-1])
	}
	for _, l := range l[4 : len(l)-1] {
		seq = run(l, seq)
	}
	for t, x := range seq {
		end := l[len(l)-1].dense
		p, total := make([]float64, end.out), 0.0
		for i := range p {
			p[i] = math.Exp(value(end, i, x))
			total += p[i]
		}
		for i := range p {
			p[i] /= total
		}
		seq[t] = p
	}
	return seq
}

// TestOutputs: what is computed in whole numbers, many lines side by side, is what the layers say in floats, one by one.
func TestOutputs(t *testing.T) {
	for seed := range uint64(6) {
		m, err := Parse(tiny(seed))
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(seed, 2))
		var lines []picture
		for range 11 {
			p := picture{h: 6, w: 4 + rng.IntN(40)}
			for range p.h * p.w {
				p.v = append(p.v, int16(rng.IntN(2*whole+1)-whole))
			}
			lines = append(lines, p)
		}
		got := NewReader(m).outputs(lines)
		for i, p := range lines {
			want := slow(m, p)
			if len(got[i]) != len(want)*5 {
				t.Fatalf("line %d: %d outputs for %d steps", i, len(got[i]), len(want))
			}
			for k, v := range got[i] {
				// Activations are rounded to 127ths on the way through five layers.
				if d := math.Abs(float64(v) - want[k/5][k%5]); d > 0.06 {
					t.Fatalf("seed %d, line %d, step %d, output %d: %.3f, want %.3f", seed, i, k/5, k%5, v, want[k/5][k%5])
				}
			}
		}
	}
}

// TestDecode: outputs that stand for nothing part characters, those that go on are one, and a character may take two.
func TestDecode(t *testing.T) {
	m, err := Parse(tiny(1))
	if err != nil {
		t.Fatal(err)
	}
	const none = 4
	for _, tt := range []struct {
		outputs []int
		want    string
	}{
		{[]int{none, 0, 0, none, 1}, "a1-3 b4-5"},
		{[]int{0, none, 0}, "a0-1 a2-3"},
		{[]int{0, 0, 0}, "a0-3"},
		{[]int{2, 3, none, 2, none, 3, 3}, "中0-2 中3-7"},
		{[]int{none, none}, ""},
		{nil, ""},
	} {
		var outputs []float32
		for _, o := range tt.outputs {
			p := []float32{0.01, 0.01, 0.01, 0.01, 0.01}
			p[o] = 0.96
			outputs = append(outputs, p...)
		}
		got := ""
		for i, c := range m.decode(outputs, 5) {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprintf("%s%d-%d", c.text, c.from, c.to)
			if math.Abs(c.likelihood-0.96) > 1e-6 {
				t.Errorf("%v: %s has %v", tt.outputs, c.text, c.likelihood)
			}
		}
		if got != tt.want {
			t.Errorf("%v: %q, want %q", tt.outputs, got, tt.want)
		}
	}
}

// TestRefused: a model that is cut off, or has other layers, is none.
func TestRefused(t *testing.T) {
	whole := tiny(3)
	for n := range len(whole) {
		if _, err := Parse(whole[:n]); err == nil || !errors.Is(err, ErrModel) {
			t.Fatalf("%d bytes of %d: %v", n, len(whole), err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(tiny(1))
	f.Add(tiny(2)[:300])
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			return
		}
		if m.height > 64 {
			t.Skip("a high picture")
		}
		NewReader(m).Read([]*image.Gray{image.NewGray(image.Rect(0, 0, 20, m.height))})
	})
}
