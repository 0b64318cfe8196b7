package raster

import (
	"math/bits"
	"slices"
)

// bitmap holds one bit for each pixel, set where there is ink. Pixel x of a row is bit x%64 of word
// x/64. The unused bits at the end of a row are always clear.
type bitmap struct {
	w, h, stride int
	words        []uint64
}

func newBitmap(w, h int) *bitmap {
	stride := (w + 63) / 64
	return &bitmap{w, h, stride, make([]uint64, stride*h)}
}

func (b *bitmap) clone() *bitmap { return &bitmap{b.w, b.h, b.stride, slices.Clone(b.words)} }

func (b *bitmap) row(y int) []uint64 { return b.words[y*b.stride : (y+1)*b.stride] }

func (b *bitmap) at(x, y int) bool {
	return x >= 0 && y >= 0 && x < b.w && y < b.h && b.words[y*b.stride+x>>6]>>(x&63)&1 != 0
}

func (b *bitmap) set(x, y int) { b.words[y*b.stride+x>>6] |= 1 << (x & 63) }

// count says how many pixels of row y are set from x0 up to but without x1.
func (b *bitmap) count(y, x0, x1 int) int {
	x0, x1 = max(x0, 0), min(x1, b.w)
	if y < 0 || y >= b.h || x0 >= x1 {
		return 0
	}
	row := b.row(y)
	i, j := x0>>6, (x1-1)>>6
	first, last := ^uint64(0)<<(x0&63), ^uint64(0)>>(63-(x1-1)&63)
	if i == j {
		return bits.OnesCount64(row[i] & first & last)
	}
	n := bits.OnesCount64(row[i]&first) + bits.OnesCount64(row[j]&last)
	for _, w := range row[i+1 : j] {
		n += bits.OnesCount64(w)
	}
	return n
}

// anyOf says how many columns from x0 up to x1 have a pixel set in rows y0 up to y1.
func (b *bitmap) anyOf(y0, y1, x0, x1 int) int {
	y0, y1, x0, x1 = max(y0, 0), min(y1, b.h), max(x0, 0), min(x1, b.w)
	if y0 >= y1 || x0 >= x1 {
		return 0
	}
	n := 0
	for i := x0 >> 6; i <= (x1-1)>>6; i++ {
		var w uint64
		for y := y0; y < y1; y++ {
			w |= b.words[y*b.stride+i]
		}
		if i == x0>>6 {
			w &= ^uint64(0) << (x0 & 63)
		}
		if i == (x1-1)>>6 {
			w &= ^uint64(0) >> (63 - (x1-1)&63)
		}
		n += bits.OnesCount64(w)
	}
	return n
}

// clearAlong says that no pixel is set in the box of two pixels, which lies within b, nor near it in its rows.
func (b *bitmap) clearAlong(x0, y0, x1, y1 int) bool {
	x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
	if x0 < 0 || y0 < 0 || x1 >= b.w || y1 >= b.h {
		return false
	}
	var any uint64
	for y := y0; y <= y1; y++ {
		for _, w := range b.words[y*b.stride+x0>>6 : y*b.stride+x1>>6+1] {
			any |= w
		}
	}
	return any == 0
}

// stretch gives n pixels of row y from x on, at most 64, all within b.
func (b *bitmap) stretch(x, y, n int) uint64 {
	row := b.row(y)
	v := row[x>>6] >> (x & 63)
	if x&63+n > 64 {
		v |= row[x>>6+1] << (64 - x&63)
	}
	return v & (^uint64(0) >> (64 - n))
}

// transposed mirrors b at its main diagonal: columns become rows.
func (b *bitmap) transposed() *bitmap {
	t := newBitmap(b.h, b.w)
	var m [64]uint64
	for by := 0; by < b.h; by += 64 {
		for bx := range b.stride {
			var any uint64
			for i := range m {
				m[i] = 0
				if by+i < b.h {
					m[i] = b.words[(by+i)*b.stride+bx]
					any |= m[i]
				}
			}
			if any == 0 {
				continue
			}
			transpose64(&m)
			for i := range min(64, b.w-bx*64) {
				t.words[(bx*64+i)*t.stride+by/64] = m[i]
			}
		}
	}
	return t
}

// transpose64 swaps the rows and columns of a matrix of 64 x 64 bits: first its quarters of 32 x 32,
// then the quarters of each of these, down to single bits.
func transpose64(m *[64]uint64) {
	mask := uint64(0x00000000ffffffff)
	for j := 32; j != 0; j >>= 1 {
		for k := 0; k < 64; k = (k + j + 1) &^ j {
			t := (m[k]>>j ^ m[k+j]) & mask
			m[k] ^= t << j
			m[k+j] ^= t
		}
		mask ^= mask << (j / 2)
	}
}

// turned turns b clockwise by quarter turns.
func (b *bitmap) turned(quarters int) *bitmap {
	switch quarters & 3 {
	case 1:
		return b.flipped().transposed()
	case 2:
		return b.flipped().mirrored()
	case 3:
		return b.transposed().flipped()
	}
	return b
}

// flipped puts the last row first.
func (b *bitmap) flipped() *bitmap {
	f := newBitmap(b.w, b.h)
	for y := range b.h {
		copy(f.row(b.h-1-y), b.row(y))
	}
	return f
}

// mirrored puts the last column first.
func (b *bitmap) mirrored() *bitmap {
	f := newBitmap(b.w, b.h)
	shift := uint(b.stride*64 - b.w)
	for y := range b.h {
		in, out := b.row(y), f.row(y)
		for i, w := range in {
			out[b.stride-1-i] = bits.Reverse64(w)
		}
		if shift > 0 {
			for i := range out {
				out[i] >>= shift
				if i+1 < len(out) {
					out[i] |= out[i+1] << (64 - shift)
				}
			}
		}
	}
	return f
}

// run is a stretch of set pixels in a row, x0 up to but without x1, of which n are set.
type run struct{ y, x0, x1, n int }

// runs appends the stretches of row that are at least long pixels wide, looking over breaks of up to
// gap pixels.
func runs(out []run, row []uint64, w, y, gap, long int) []run {
	var cur run
	open := false
	flush := func() {
		if open && cur.x1-cur.x0 >= long {
			out = append(out, cur)
		}
	}
	for i, word := range row {
		base := i * 64
		for word != 0 {
			a := bits.TrailingZeros64(word)
			n := bits.TrailingZeros64(^(word >> a))
			x0, x1 := base+a, base+a+n
			if open && x0-cur.x1 <= gap {
				cur.x1, cur.n = x1, cur.n+n
			} else {
				flush()
				cur, open = run{y, x0, x1, n}, true
			}
			if a+n >= 64 {
				break
			}
			word &= ^uint64(0) << (a + n)
		}
	}
	flush()
	return out
}
