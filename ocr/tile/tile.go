// Package tile multiplies whole numbers: a tile is up to four rows of inputs, which share their weights, and eight or sixteen outputs of each.
// Networks that read cells, labels and lines compute with it. Sums of whole numbers come out the same in any order and on any machine, and a
// processor adds twice as many of them at a time as of floats.
package tile

import (
	"encoding/binary"
	"math"
)

const (
	// Lanes is how many output channels are worked on together.
	Lanes = 8
	// Rows is how many output pixels are.
	Rows = 4
	// PairBytes hold a pair of weights of Lanes channels, 16 bits each, little end first.
	PairBytes = 2 * 2 * Lanes
)

// Tile is up to four neighbouring output pixels, eight channels of each. Distances are in values.
type Tile struct {
	N            int     // pixels
	Rows, Pairs  int     // of the kernel: rows, and pairs of values in one row
	Line         int     // from one row of the input to the next
	Step         int     // from the input of one output pixel to that of the next
	OutStep      int     // from one output pixel to the next
	Floor, Limit float32 // of the output
}

// Apply computes the tile: an output is the sum of products × scale + bias, between Floor and Limit. weights are Rows × Pairs × Lanes × 2 of 16 bits.
// No sum may leave 32 bits.
func (t *Tile) Apply(dst, src []int16, weights []byte, scale, bias []float32) {
	if t.N == Rows && Vector {
		t.check(dst, src, weights, scale, bias, Lanes)
		tileVector(&dst[0], &src[0], &weights[0], &scale[0], &bias[0], t.Rows, t.Pairs, 2*t.Line, 2*t.Step, 2*t.OutStep, t.Floor, t.Limit)
		return
	}
	t.generic(dst, src, weights, scale, bias)
}

// Pair computes four pixels and twice as many channels, the weights of the upper half after those of the lower: what two calls of Apply do, in
// less time. It wants a Vector unit and N to be 4.
func (t *Tile) Pair(dst, src []int16, weights []byte, scale, bias []float32) {
	t.check(dst, src, weights, scale, bias, 2*Lanes)
	pairVector(&dst[0], &src[0], &weights[0], &scale[0], &bias[0], t.Rows, t.Pairs, 2*t.Line, 2*t.Step, 2*t.OutStep,
		t.Rows*t.Pairs*PairBytes, t.Floor, t.Limit)
}

// check touches the last value of each, so that the assembly may trust the bounds.
func (t *Tile) check(dst, src []int16, weights []byte, scale, bias []float32, channels int) {
	_ = src[(t.Rows-1)*t.Line+(Rows-1)*t.Step+2*t.Pairs-1]
	_ = dst[(Rows-1)*t.OutStep+channels-1]
	_ = weights[t.Rows*t.Pairs*PairBytes/Lanes*channels-1]
	_ = scale[channels-1]
	_ = bias[channels-1]
}

// generic computes the tile without a vector unit. Two channels share a multiplication, one in the lower half of 64 bits and
// one in the upper: neither sum leaves its 32 bits (see largest).
func (t *Tile) generic(dst, src []int16, weights []byte, scale, bias []float32) {
	for c := 0; c < Lanes; c += 4 {
		for p := 0; p < t.N; p += 2 {
			q := min(p+1, t.N-1)
			var p01, p23, q01, q23 int64 // sums of pixels p and q in channels 0 and 1, 2 and 3
			for r := range t.Rows {
				w := weights[r*t.Pairs*PairBytes+4*c:]
				x := src[r*t.Line+p*t.Step:][:2*t.Pairs]
				y := src[r*t.Line+q*t.Step:][:2*t.Pairs]
				for i := 0; i < len(x)-1 && i < len(y)-1; i += 2 {
					k := w[i/2*PairBytes:][:16]
					w01, w23 := weight(k)+weight(k[4:])<<32, weight(k[8:])+weight(k[12:])<<32
					u, v := int64(x[i]), int64(y[i])
					p01 += u * w01
					p23 += u * w23
					q01 += v * w01
					q23 += v * w23
					w01, w23 = weight(k[2:])+weight(k[6:])<<32, weight(k[10:])+weight(k[14:])<<32
					u, v = int64(x[i+1]), int64(y[i+1])
					p01 += u * w01
					p23 += u * w23
					q01 += v * w01
					q23 += v * w23
				}
			}
			t.finish(dst[p*t.OutStep+c:], p01, p23, scale[c:], bias[c:])
			t.finish(dst[q*t.OutStep+c:], q01, q23, scale[c:], bias[c:])
		}
	}
}

func weight(b []byte) int64 { return int64(int16(binary.LittleEndian.Uint16(b))) }

// finish makes outputs of the sums of four channels.
func (t *Tile) finish(dst []int16, s01, s23 int64, scale, bias []float32) {
	s0, s2 := int32(s01), int32(s23)
	for i, s := range [...]int32{s0, int32((s01 - int64(s0)) >> 32), s2, int32((s23 - int64(s2)) >> 32)} {
		// The conversions forbid fused multiply-add, which some machines have and some have not.
		v := float32(float32(s)*scale[i]) + bias[i]
		dst[i] = int16(math.RoundToEven(float64(min(max(v, t.Floor), t.Limit))))
	}
}
