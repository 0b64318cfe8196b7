package reading

import "github.com/nianbao/nianbao/ocr/tile"

// The network computes in whole numbers: weights are steps of their channel, activations 256ths. Sums of whole numbers come out the
// same in any order and on any machine, and a processor adds twice as many of them at a time as of floats.
const (
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
	in, out          int // channels; out is padded to a multiple of tile.Lanes
	rows, cols       int // of the kernel
	strideY, strideX int
	padY, padX       int
	head             bool
	scale, bias      []float32 // out: sum of products × scale + bias is the output
	weights          []byte    // out/tile.Lanes blocks of rows × pairs × tile.Lanes × 2, each 16 bits, little-endian: as the file has them
}

// pairs is half the number of values in a row of the kernel, which lie in one run of memory. An odd run has a weight of 0 more.
func (l *layer) pairs() int { return (l.cols*l.in + 1) / 2 }

// block is the number of bytes that hold the weights of tile.Lanes channels.
func (l *layer) block() int { return l.rows * l.pairs() * tile.PairBytes }

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
	t := tile.Tile{Rows: l.rows, Pairs: l.pairs(), Line: inLine, Step: l.strideX * in.c, OutStep: l.out, Floor: 0, Limit: largest}
	if l.head {
		t.Floor, t.Limit = -headLargest, headLargest
	}
	for y := range h {
		for x := 0; x < w; x += tile.Rows {
			x := x
			t.N = w - x
			if t.N > tile.Rows {
				t.N = tile.Rows
			} else if w >= tile.Rows {
				x, t.N = w-tile.Rows, tile.Rows // overlap rather than leave a remainder
			}
			src := in.v[(y*l.strideY+1-l.padY)*inLine+(x*l.strideX+1-l.padX)*in.c:]
			dst := out.v[(y+1)*outLine+(x+1)*l.out:]
			b := 0
			if t.N == tile.Rows && tile.Vector {
				for ; b+2*tile.Lanes <= l.out; b += 2 * tile.Lanes {
					t.Pair(dst[b:], src, l.weights[b/tile.Lanes*block:][:2*block], l.scale[b:][:2*tile.Lanes], l.bias[b:][:2*tile.Lanes])
				}
			}
			for ; b < l.out; b += tile.Lanes {
				t.Apply(dst[b:], src, l.weights[b/tile.Lanes*block:][:block], l.scale[b:][:tile.Lanes], l.bias[b:][:tile.Lanes])
			}
		}
	}
}
