package reading

import (
	"encoding/binary"
	"encoding/json"
	"image"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/nianbao/nianbao/ocr/tile"
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

// TestSumsFit: whatever the activations, no sum of products leaves 32 bits.
func TestSumsFit(t *testing.T) {
	for name, r := range map[string]*Reader{"numbers": Numbers(), "labels": Labels()} {
		for i, l := range r.net.layers {
			for o := range l.out {
				up, down := 0, 0
				block := l.weights[o/tile.Lanes*l.block():][:l.block()]
				for k := range len(block) / 2 {
					switch w := int16(binary.LittleEndian.Uint16(block[2*k:])); {
					case k/2%tile.Lanes != o%tile.Lanes:
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
