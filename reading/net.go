package reading

// layer is a convolution with its bias, followed by a rectifier unless it is the head. Maps are stored row by row, pixel
// by pixel, channel by channel, with a border of one zero pixel all around, so that padding needs no special case.
type layer struct {
	in, out          int // channels; out is padded to a multiple of lanes
	rows, cols       int // of the kernel
	strideY, strideX int
	padY, padX       int
	head             bool
	bias             []float32 // out
	weights          []float32 // out/lanes blocks of rows × cols × in × lanes
}

const (
	lanes = 8 // output channels worked on together: one AVX register of float32
	tiles = 4 // output pixels worked on together
)

// fmap is a feature map with a border of one pixel.
type fmap struct {
	h, w, c int
	v       []float32 // (h+2) × (w+2) × c
}

func (m *fmap) reset(h, w, c int) {
	m.h, m.w, m.c = h, w, c
	v := grow(&m.v, (h+2)*(w+2)*c)
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
	block := l.rows * l.cols * l.in * lanes
	t := tile{
		rows: l.rows, run: l.cols * l.in, // a row of the kernel lies in one run of memory
		line: inLine, step: l.strideX * in.c, outStep: l.out, head: l.head,
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
					t.pair(dst[b:], src, l.weights[b/lanes*block:][:2*block], l.bias[b:][:2*lanes])
				}
			}
			for ; b < l.out; b += lanes {
				t.apply(dst[b:], src, l.weights[b/lanes*block:][:block], l.bias[b:][:lanes])
			}
		}
	}
}

// tile is up to four neighbouring output pixels, eight channels of each.
type tile struct {
	n         int // pixels
	rows, run int // of the kernel: rows, and values in one row
	line      int // from one row of the input to the next
	step      int // from the input of one output pixel to that of the next
	outStep   int // from one output pixel to the next
	head      bool
}

// apply computes the tile. Every sum is made in the order of the kernel and with products rounded before they are added,
// whatever the machine, so that the same image gives the same probabilities everywhere.
func (t *tile) apply(dst, src, weights, bias []float32) {
	if t.n == tiles && vector {
		// The last value touched, so that the assembly may trust the bounds.
		_ = src[(t.rows-1)*t.line+3*t.step+t.run-1]
		_ = dst[3*t.outStep+lanes-1]
		_ = weights[t.rows*t.run*lanes-1]
		_ = bias[lanes-1]
		floor := float32(0)
		if t.head {
			floor = lowest
		}
		tileAVX(&dst[0], &src[0], &weights[0], &bias[0], t.rows, t.run, t.line, t.step, t.outStep, floor)
		return
	}
	t.generic(dst, src, weights, bias)
}

// pair computes four pixels and twice as many channels, to the same bits as two calls of apply, in less time.
func (t *tile) pair(dst, src, weights, bias []float32) {
	_ = src[(t.rows-1)*t.line+3*t.step+t.run-1]
	_ = dst[3*t.outStep+2*lanes-1]
	_ = weights[2*t.rows*t.run*lanes-1]
	_ = bias[2*lanes-1]
	floor := float32(0)
	if t.head {
		floor = lowest
	}
	pairAVX(&dst[0], &src[0], &weights[0], &bias[0], t.rows, t.run, t.line, t.step, t.outStep, t.rows*t.run*lanes, floor)
}

const lowest = -3e38

func (t *tile) generic(dst, src, weights, bias []float32) {
	for p := range t.n {
		for half := 0; half < lanes; half += lanes / 2 {
			s0, s1, s2, s3 := bias[half], bias[half+1], bias[half+2], bias[half+3]
			for r := range t.rows {
				w := weights[r*t.run*lanes+half:]
				for i, x := range src[r*t.line+p*t.step:][:t.run] {
					k := w[i*lanes:][:lanes/2]
					// The conversions forbid fused multiply-add.
					s0 += float32(x * k[0])
					s1 += float32(x * k[1])
					s2 += float32(x * k[2])
					s3 += float32(x * k[3])
				}
			}
			d := dst[p*t.outStep+half:][:lanes/2]
			d[0], d[1], d[2], d[3] = s0, s1, s2, s3
			if !t.head {
				for i, v := range d {
					d[i] = max(v, 0)
				}
			}
		}
	}
}
