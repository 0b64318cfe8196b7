package reading

import (
	"encoding/binary"
	"math"
)

// The network computes in whole numbers: weights are steps of their channel, activations 256ths. Sums of whole numbers come out the
// same in any order and on any machine, and a processor adds twice as many of them at a time as of floats.
const (
	lanes = 8 // output channels worked on together
	tiles = 4 // output pixels worked on together

	unit     = 1 << 8 // what an activation of 1 is,
	headUnit = 1 << 9 // and a value of 1 of the head
	// Activations beyond 32 are cut off. Training normalises them; the highest in 84 pages was 14. training/export.py bounds the weights
	// so that no sum of their products leaves 32 bits.
	largest     = 1<<13 - 1
	headLargest = 1<<15 - 1
)

// layer is a convolution with its bias, followed by a rectifier unless it is the head. Maps are stored row by row, pixel
// by pixel, channel by channel, with a border of one zero pixel all around, so that padding needs no special case.
type layer struct {
	in, out          int // channels; out is padded to a multiple of lanes
	rows, cols       int // of the kernel
	strideY, strideX int
	padY, padX       int
	head             bool
	scale, bias      []float32 // out: sum of products × scale + bias is the output
	weights          []byte    // out/lanes blocks of rows × pairs × lanes × 2, each 16 bits, little-endian: as the file has them
}

// pairs is half the number of values in a row of the kernel, which lie in one run of memory. An odd run has a weight of 0 more.
func (l *layer) pairs() int { return (l.cols*l.in + 1) / 2 }

// block is the number of bytes that hold the weights of lanes channels.
func (l *layer) block() int { return l.rows * l.pairs() * pairBytes }

// pairBytes hold a pair of weights of lanes channels.
const pairBytes = 2 * 2 * lanes

// fmap is a feature map with a border of one pixel.
type fmap struct {
	h, w, c int
	v       []int16 // (h+2) × (w+2) × c, and one value more, for the last odd run
}

func (m *fmap) reset(h, w, c int) {
	m.h, m.w, m.c = h, w, c
	v := grow(&m.v, (h+2)*(w+2)*c+1)
	line := (w + 2) * c
	clear(v[:line])
	clear(v[(h+1)*line:])
	for y := 1; y <= h; y++ {
		clear(v[y*line : y*line+c])
		clear(v[(y+1)*line-c : (y+1)*line])
	}
}

// apply runs the layer over in and leaves the result in out.
func (l *layer) apply(in, out *fmap) {
	h := (in.h+2*l.padY-l.rows)/l.strideY + 1
	w := (in.w+2*l.padX-l.cols)/l.strideX + 1
	out.reset(h, w, l.out)
	inLine, outLine := (in.w+2)*in.c, (w+2)*l.out
	block := l.block()
	t := tile{rows: l.rows, pairs: l.pairs(), line: inLine, step: l.strideX * in.c, outStep: l.out, floor: 0, limit: largest}
	if l.head {
		t.floor, t.limit = -headLargest, headLargest
	}
	for y := range h {
		for x := 0; x < w; x += tiles {
			x := x
			t.n = w - x
			if t.n > tiles {
				t.n = tiles
			} else if w >= tiles {
				x, t.n = w-tiles, tiles // overlap rather than leave a remainder
			}
			src := in.v[(y*l.strideY+1-l.padY)*inLine+(x*l.strideX+1-l.padX)*in.c:]
			dst := out.v[(y+1)*outLine+(x+1)*l.out:]
			b := 0
			if t.n == tiles && vector {
				for ; b+2*lanes <= l.out; b += 2 * lanes {
					t.pair(dst[b:], src, l.weights[b/lanes*block:][:2*block], l.scale[b:][:2*lanes], l.bias[b:][:2*lanes])
				}
			}
			for ; b < l.out; b += lanes {
				t.apply(dst[b:], src, l.weights[b/lanes*block:][:block], l.scale[b:][:lanes], l.bias[b:][:lanes])
			}
		}
	}
}

// tile is up to four neighbouring output pixels, eight channels of each.
type tile struct {
	n            int     // pixels
	rows, pairs  int     // of the kernel: rows, and pairs of values in one row
	line         int     // from one row of the input to the next
	step         int     // from the input of one output pixel to that of the next
	outStep      int     // from one output pixel to the next
	floor, limit float32 // of the output
}

// apply computes the tile.
func (t *tile) apply(dst, src []int16, weights []byte, scale, bias []float32) {
	if t.n == tiles && vector {
		t.check(dst, src, weights, scale, bias, lanes)
		tileVector(&dst[0], &src[0], &weights[0], &scale[0], &bias[0], t.rows, t.pairs, 2*t.line, 2*t.step, 2*t.outStep, t.floor, t.limit)
		return
	}
	t.generic(dst, src, weights, scale, bias)
}

// pair computes four pixels and twice as many channels: what two calls of apply do, in less time.
func (t *tile) pair(dst, src []int16, weights []byte, scale, bias []float32) {
	t.check(dst, src, weights, scale, bias, 2*lanes)
	pairVector(&dst[0], &src[0], &weights[0], &scale[0], &bias[0], t.rows, t.pairs, 2*t.line, 2*t.step, 2*t.outStep,
		t.rows*t.pairs*pairBytes, t.floor, t.limit)
}

// check touches the last value of each, so that the assembly may trust the bounds.
func (t *tile) check(dst, src []int16, weights []byte, scale, bias []float32, channels int) {
	_ = src[(t.rows-1)*t.line+(tiles-1)*t.step+2*t.pairs-1]
	_ = dst[(tiles-1)*t.outStep+channels-1]
	_ = weights[t.rows*t.pairs*pairBytes/lanes*channels-1]
	_ = scale[channels-1]
	_ = bias[channels-1]
}

// generic computes the tile without a vector unit. Two channels share a multiplication, one in the lower half of 64 bits and
// one in the upper: neither sum leaves its 32 bits (see largest).
func (t *tile) generic(dst, src []int16, weights []byte, scale, bias []float32) {
	for c := 0; c < lanes; c += 4 {
		for p := 0; p < t.n; p += 2 {
			q := min(p+1, t.n-1)
			var p01, p23, q01, q23 int64 // sums of pixels p and q in channels 0 and 1, 2 and 3
			for r := range t.rows {
				w := weights[r*t.pairs*pairBytes+4*c:]
				x := src[r*t.line+p*t.step:][:2*t.pairs]
				y := src[r*t.line+q*t.step:][:2*t.pairs]
				for i := 0; i < len(x)-1 && i < len(y)-1; i += 2 {
					k := w[i/2*pairBytes:][:16]
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
			t.finish(dst[p*t.outStep+c:], p01, p23, scale[c:], bias[c:])
			t.finish(dst[q*t.outStep+c:], q01, q23, scale[c:], bias[c:])
		}
	}
}

func weight(b []byte) int64 { return int64(int16(binary.LittleEndian.Uint16(b))) }

// finish makes outputs of the sums of four channels.
func (t *tile) finish(dst []int16, s01, s23 int64, scale, bias []float32) {
	s0, s2 := int32(s01), int32(s23)
	for i, s := range [...]int32{s0, int32((s01 - int64(s0)) >> 32), s2, int32((s23 - int64(s2)) >> 32)} {
		// The conversions forbid fused multiply-add, which some machines have and some have not.
		v := float32(float32(s)*scale[i]) + bias[i]
		dst[i] = int16(math.RoundToEven(float64(min(max(v, t.floor), t.limit))))
	}
}
