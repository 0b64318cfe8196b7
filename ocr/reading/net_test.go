package reading

import (
	"encoding/binary"
	"encoding/json"
	"image"
	"image/draw"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// TestNetwork compares frames and probabilities with those that the training program computed from the same crops.
func TestNetwork(t *testing.T) {
	for name, r := range map[string]*Reader{"numbers": Numbers(), "labels": Labels()} {
		dir := filepath.Join("testdata", name)
		b, err := os.ReadFile(filepath.Join(dir, "golden.json"))
		if err != nil {
			t.Fatal(err)
		}
		var golden []struct {
			File          string
			Digit         float64
			Columns, Ink  int
			Classes       []int
			Probabilities []float64
		}
		if err := json.Unmarshal(b, &golden); err != nil {
			t.Fatal(err)
		}
		plain := *r.net // as trained, before calibration
		plain.Calibration.Temperature = 1
		for _, g := range golden {
			f, err := os.Open(filepath.Join(dir, g.File))
			if err != nil {
				t.Fatal(err)
			}
			m, err := png.Decode(f)
			f.Close()
			if err != nil {
				t.Fatal(err)
			}
			line := image.NewGray(m.Bounds())
			draw.Draw(line, line.Bounds(), m, m.Bounds().Min, draw.Src)
			var sc scratch
			fr := sc.normalise(line, g.Digit, plain.Shape)
			ink := 0
			for _, p := range fr.pix {
				ink += int(p)
			}
			if fr.cols != g.Columns || max(ink-g.Ink, g.Ink-ink) > g.Ink/2000+1 {
				t.Errorf("%s %s: %d columns with %d ink, training had %d with %d", name, g.File, fr.cols, ink, g.Columns, g.Ink)
				continue
			}
			if n := plain.probabilities(&sc, plain.run(&sc, fr)); n != len(g.Classes) {
				t.Errorf("%s %s: %d frames, training had %d", name, g.File, n, len(g.Classes))
				continue
			}
			for i, c := range g.Classes {
				if p := float64(sc.probs[i*plain.classes+c]); math.Abs(p-g.Probabilities[i]) > 3e-3 {
					t.Errorf("%s %s: frame %d: class %d has %.5f, training had %.5f", name, g.File, i, c, p, g.Probabilities[i])
				}
			}
		}
	}
}

// TestInside: a ruling at the edge is left out, print that is as dark and reaches as far is not.
func TestInside(t *testing.T) {
	const w, h, size = 60, 28, 16
	for _, c := range []struct {
		name     string
		row      int // of the stroke, two rows thick
		on, off  int // columns of ink and of paper, in turn
		from, to int // rows that remain
	}{
		{"a ruling above", 1, w, 0, 4, h},
		{"a ruling below", 25, w, 0, 0, 24},
		{"a ruling that is broken once", 1, 50, 10, 4, h},
		{"the upper strokes of bold print", 5, 8, 3, 0, h},
		{"the lower strokes of bold print", 23, 8, 3, 0, h},
		{"a stroke in the middle", 13, w, 0, 0, h},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := make([]uint8, w*h)
			for i := range w {
				if i%(c.on+c.off) < c.on {
					x[c.row*w+i], x[(c.row+1)*w+i] = 255, 255
				}
			}
			if in := inside(x, w, h, size); in.Min.Y != c.from || in.Max.Y != c.to {
				t.Errorf("rows %d to %d remain, want %d to %d", in.Min.Y, in.Max.Y, c.from, c.to)
			}
		})
	}
}

// TestTile: the assembly and the plain loop agree to the last bit, so that a machine's kind never shows in the output.
func TestTile(t *testing.T) {
	if !vector {
		t.Skip("no vector unit here: there is only the plain loop")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	whole := func(n, least, most int) []int16 {
		v := make([]int16, n)
		for i := range v {
			v[i] = int16(least + rng.IntN(most-least+1))
		}
		return v
	}
	bytes := func(ws []int16) (out []byte) {
		for _, w := range ws {
			out = binary.LittleEndian.AppendUint16(out, uint16(w))
		}
		return out
	}
	floats := func(n int, size float64) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(rng.NormFloat64() * size)
		}
		return v
	}
	for range 200 {
		tl := tile{n: tiles, rows: 1 + rng.IntN(4), pairs: 1 + rng.IntN(30), outStep: lanes * (1 + rng.IntN(3)), limit: largest}
		if rng.IntN(2) == 0 {
			tl.floor, tl.limit = -headLargest, headLargest
		}
		tl.step, tl.line = 1+rng.IntN(40), 1+rng.IntN(300)
		block := tl.rows * tl.pairs * pairBytes
		src, weights := whole((tl.rows-1)*tl.line+3*tl.step+2*tl.pairs, 0, largest), bytes(whole(block, -1000, 1000))
		scale, bias := floats(2*lanes, 2e-4), floats(2*lanes, 1000) // some outputs are cut off at either end
		got, want := make([]int16, 3*tl.outStep+2*lanes), make([]int16, 3*tl.outStep+2*lanes)
		tl.apply(got, src, weights[:block], scale[:lanes], bias[:lanes])
		tl.generic(want, src, weights[:block], scale[:lanes], bias[:lanes])
		same := func(what string) {
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("%s: %+v: value %d is %v, plain loop %v", what, tl, i, got[i], want[i])
				}
			}
		}
		same("eight channels")
		tl.outStep = lanes * (2 + rng.IntN(3))
		got, want = make([]int16, 3*tl.outStep+2*lanes), make([]int16, 3*tl.outStep+2*lanes)
		tl.pair(got, src, weights, scale, bias)
		tl.generic(want, src, weights[:block], scale, bias)
		tl.generic(want[lanes:], src, weights[block:], scale[lanes:], bias[lanes:])
		same("sixteen channels")
	}
}

// TestSumsFit: whatever the activations, no sum of products leaves 32 bits.
func TestSumsFit(t *testing.T) {
	for name, r := range map[string]*Reader{"numbers": Numbers(), "labels": Labels()} {
		for i, l := range r.net.layers {
			for o := range l.out {
				up, down := 0, 0
				block := l.weights[o/lanes*l.block():][:l.block()]
				for k := range len(block) / 2 {
					switch w := weight(block[2*k:]); {
					case k/2%lanes != o%lanes:
					case w > 0:
						up += int(w)
					default:
						down -= int(w)
					}
				}
				if most := max(up, down) * largest; most > math.MaxInt32 {
					t.Errorf("%s, layer %d, channel %d: a sum may be %d", name, i, o, most)
				}
			}
		}
	}
}

func TestDecodeRefusesDamage(t *testing.T) {
	for _, c := range []struct {
		reason string
		data   []byte
	}{
		{"empty", nil},
		{"another file", []byte("PNG image and more of it")},
		{"cut short", numbersWeights[:len(numbersWeights)-2]},
		{"too long", append(numbersWeights[:len(numbersWeights):len(numbersWeights)], 0, 0)},
		{"header longer than the file", append([]byte(magic), 255, 255, 255, 127)},
	} {
		if _, err := decode(c.data); err == nil {
			t.Errorf("%s: no error", c.reason)
		}
	}
}
