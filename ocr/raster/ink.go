package raster

import (
	"encoding/binary"
	"image"
	"math/bits"
)

const (
	// tile is the edge of the squares whose mean stands for the paper.
	tile = 4
	// strokeInch is wider than any stroke of small print, so that some paper shows in every stretch of
	// this length.
	strokeInch = 0.12
	// inkShare is how much darker than the paper ink is at least; faintShare on a page without noise.
	inkShare, faintShare = 0.25, 0.12
	// What is darker than the paper by less than noiseShare of three standard deviations of the noise
	// is no ink.
	noiseDeviations = 3
	// A picture of at most screenDPI whose paper is pure white in most places, cleanPaper of them, was drawn by a program, with hair lines
	// a fifth darker than the paper: what little it has besides are edges of characters, and no noise. Paper that was scanned is not so.
	screenDPI, cleanPaper = 130, 0.8
	// surroundShare: a wide area darker than this share of the page's paper is not part of the page
	// but what lies beside it: a table top, or the lid of the scanner.
	surroundShare = 0.42
	// At most peelShare of a row or a column, at either end, may lie beside the page.
	peelShare = 0.12
	// Rows or columns that are dark beyond are broken over less than peelBreak pixels.
	peelBreak = 5
)

// paper estimates, for each tile of g, how bright the paper is there: the mean of tiles, closed over
// strokes, so that shaded cells keep their own brightness up to their borders.
func paper(g *image.Gray, dpi float64) (tiles []uint8, w, h int) {
	gw, gh := g.Rect.Dx(), g.Rect.Dy()
	w, h = (gw+tile-1)/tile, (gh+tile-1)/tile
	tiles = make([]uint8, w*h)
	pairs := make([]uint64, gw/(2*tile)) // of two tiles, the sums of every other sample and the next, 16 bits each
	sum := make([]int, w+1)
	for ty := range h {
		clear(pairs)
		clear(sum)
		y1 := min((ty+1)*tile, gh)
		for y := ty * tile; y < y1; y++ {
			row := g.Pix[y*g.Stride:][:gw]
			for i := range pairs {
				const even = 0x00ff00ff00ff00ff
				v := binary.LittleEndian.Uint64(row[i*2*tile:])
				pairs[i] += v&even + v>>8&even
			}
			for x := len(pairs) * 2 * tile; x < gw; x++ {
				sum[x/tile] += int(row[x])
			}
		}
		for i, p := range pairs {
			p = p&0xffff0000ffff + p>>16&0xffff0000ffff
			sum[2*i], sum[2*i+1] = int(p&0xffff), int(p>>32)
		}
		for i, s := range sum[:w] {
			tiles[ty*w+i] = uint8(s / ((min((i+1)*tile, gw) - i*tile) * (y1 - ty*tile)))
		}
	}
	r := max(1, int(strokeInch*dpi/tile/2+.5))
	brighten(tiles, w, h, r)
	invert(tiles)
	brighten(tiles, w, h, r)
	invert(tiles)
	return tiles, w, h
}

func invert(t []uint8) {
	for i := range t {
		t[i] = ^t[i]
	}
}

// brighten replaces each tile by the brightest of those at most r tiles away in x and in y. It takes
// the brightest along each row first, and then the brightest of these along each column. Beyond the
// last tile there is only darkness, which changes nothing.
func brighten(t []uint8, w, h, r int) {
	// A row gets r dark tiles on both sides, so that the windows at its ends are whole, and is filled
	// up to a whole number of words.
	stride := (w + 2*r + 7) / 8 * 8
	in := make([]uint8, stride*(h+2*r)+8)
	for y := range h {
		copy(in[(y+r)*stride+r:], t[y*w:][:w])
	}
	out := make([]uint8, len(in))
	highest(out, in, 2*r+1, 1)
	highest(in, out, 2*r+1, stride)
	for y := range h {
		copy(t[y*w:][:w], in[y*stride:][:w])
	}
}

// highest gives, for each element of src, the highest of it and of the next n-1 that lie step apart.
// Windows of two are compared first, then windows of twice the length as long as they fit into n; two
// of the last, overlapping, make one of n. It overwrites src. Results for the last n-1 elements mean
// nothing, since their windows reach over the end.
func highest(dst, src []uint8, n, step int) {
	have := 1
	for have < n {
		next := min(have, n-have)
		higher(dst, src, next*step)
		if have += next; have < n {
			copy(src, dst)
		}
	}
	if n == 1 {
		copy(dst, src)
	}
}

// higher gives for each of src the higher one of it and the one that lies off behind, eight at a time (Warren, Hacker's
// Delight, 2-19).
func higher(dst, src []uint8, off int) {
	n := (len(src) - off) / 8 * 8
	a, b, d := src[:n], src[off:][:n], dst[:n]
	for i := 0; i+8 <= len(a); i += 8 {
		x, y := binary.LittleEndian.Uint64(a[i:i+8]), binary.LittleEndian.Uint64(b[i:i+8])
		m := ^Below(x, y) & tops // which are as high
		m = m | (m - m>>7)       // all of their bits
		binary.LittleEndian.PutUint64(d[i:i+8], x&m|y&^m)
	}
	for i := n; i < len(src); i++ {
		dst[i] = src[i]
		if i+off < len(src) {
			dst[i] = max(src[i], src[i+off])
		}
	}
}

// noise is the standard deviation of the pixels' noise, from differences of near neighbours. Most
// of a page is paper, so that the median difference knows nothing of ink.
func noise(g *image.Gray) float64 {
	var hist [256]int
	n := 0
	for y := 0; y < g.Rect.Dy(); y += 7 {
		row := g.Pix[y*g.Stride:][:g.Rect.Dx()]
		for x := 0; x+2 < len(row); x += 5 {
			// What is clipped at white or black has lost its noise.
			if a, b := row[x], row[x+2]; a < 255 && b < 255 && a > 0 && b > 0 {
				hist[max(a, b)-min(a, b)]++
				n++
			}
		}
	}
	if n == 0 {
		return 0
	}
	sum := 0
	for d, c := range hist {
		if sum += c; 2*sum >= n {
			// The median lies within the step from d-1/2 to d+1/2; 0.954 is that of a difference of
			// two standard normal values.
			return (float64(d) + .5 - float64(sum-n/2)/float64(max(c, 1))) / 0.954
		}
	}
	return 0
}

// pure is the share of a picture that is white beyond all others, as drawn paper is.
func pure(g *image.Gray) float64 {
	white, n := 0, 0
	for y := 0; y < g.Rect.Dy(); y += 7 {
		for x, row := 0, g.Pix[y*g.Stride:][:g.Rect.Dx()]; x < len(row); x += 5 {
			if n++; row[x] == 255 {
				white++
			}
		}
	}
	return float64(white) / float64(max(1, n))
}

// ink tells what is darker than the paper around it. What lies outside the page, dark over a wide
// area, is no ink. Contrast is by how much most of the ink is darker, out of 255.
func ink(g *image.Gray, dpi float64) (b *bitmap, contrast float64) {
	tiles, tw, th := paper(g, dpi)
	white := quantile(tiles, .75)
	share := min(inkShare, max(faintShare, noiseDeviations*noise(g)/max(1, float64(white))))
	if dpi <= screenDPI && pure(g) >= cleanPaper {
		share = faintShare
	}
	outside := make([]uint8, len(tiles))
	for i, t := range tiles {
		if float64(t) < surroundShare*float64(white) {
			outside[i] = 1
		}
	}
	// The edge of the page is blurred.
	brighten(outside, tw, th, 2)
	limits := make([]uint8, len(tiles))
	for i, t := range tiles {
		if outside[i] == 0 {
			limits[i] = uint8(float64(t) * (1 - share))
		}
	}
	b = under(g, limits, tw)
	dark := b.clone()
	for i, o := range outside {
		for y := i / tw * tile; o != 0 && y < min(b.h, i/tw*tile+tile); y++ {
			for x := i % tw * tile; x < min(b.w, i%tw*tile+tile); x++ {
				dark.set(x, y)
			}
		}
	}
	b.peel(dark)
	b.peelEnds(dark)
	contrast = b.contrast(g, tiles, tw)
	b.withPale(g, dpi, share, contrast, tiles, outside, tw)
	return b, contrast
}

// under gives what of g is darker than the limit of its tile, of which a row has tw.
func under(g *image.Gray, limits []uint8, tw int) *bitmap {
	b := newBitmap(g.Rect.Dx(), g.Rect.Dy())
	wide := make([]uint64, b.w/(2*tile)) // the limits of two tiles, one for each of eight pixels
	for y := range b.h {
		row, limit, out := g.Pix[y*g.Stride:][:b.w], limits[y/tile*tw:][:tw], b.row(y)
		if y%tile == 0 {
			for i := range wide {
				wide[i] = uint64(limit[2*i])*0x01010101 | uint64(limit[2*i+1])*0x01010101<<32
			}
		}
		for i, t := range wide {
			out[i>>3] |= darker(binary.LittleEndian.Uint64(row[i*8:]), t) << (i & 7 * 8)
		}
		for x := len(wide) * 8; x < len(row); x++ {
			if row[x] < limit[x/tile] {
				b.set(x, y)
			}
		}
	}
	return b
}

// bold gives what is darker than the paper around it by a share of that.
func bold(g *image.Gray, dpi, share float64) *bitmap {
	limits, tw, _ := paper(g, dpi)
	for i, t := range limits {
		limits[i] = uint8(float64(t) * (1 - share))
	}
	return under(g, limits, tw)
}

// darker sets, for each of eight samples below its limit, a bit, the first sample's the lowest.
func darker(samples, limits uint64) uint64 {
	return gathered(Below(samples, limits) >> 7)
}

// tops are the highest bits of eight samples.
const tops = 0x8080808080808080

// Below sets, for each of eight samples in a word that is below the one in the same place of limits, its highest bit, and no other.
func Below(samples, limits uint64) uint64 {
	notLess := (samples | tops) - (limits &^ tops) // the highest bits say which of the lower seven are not less
	return (^samples&limits | ^(samples^limits)&^notLess) & tops
}

// gathered puts the lowest bits of eight samples, which have no other, side by side, the first sample's the lowest.
func gathered(bits uint64) uint64 { return bits * 0x0102040810204080 >> 56 }

// contrastShare of the ink is paler than its contrast: the edges of strokes, and shadows.
const contrastShare = 0.75

// contrast is by how much the ink is darker than its paper; tiles are the paper's, tw in a row.
func (b *bitmap) contrast(g *image.Gray, tiles []uint8, tw int) float64 {
	var hist [256]int
	n := 0
	for y := 0; y < b.h; y += 2 {
		for i, w := range b.row(y) {
			for ; w != 0; w &= w - 1 {
				x := i*64 + bits.TrailingZeros64(w)
				p, v := tiles[y/tile*tw+x/tile], g.Pix[y*g.Stride+x]
				hist[p-min(p, v)]++
				n++
			}
		}
	}
	return float64(share(&hist, n, contrastShare))
}

// peel takes what is dark from the left or the right end of a row on out of the ink: the surroundings
// show there when the page lies askew. Long dark rows are rulings of a picture without margins, or lines of dead sensor cells, though
// they may be broken: a fax lacks lines that were not received.
func (b *bitmap) peel(dark *bitmap) {
	limit := int(peelShare * float64(b.w))
	for y := range b.h {
		for _, end := range [2]struct{ x, step int }{{0, 1}, {b.w - 1, -1}} {
			n, far := 0, 0 // how far it is dark, and how far but for breaks
			for ; far <= limit && far < b.w; far++ {
				if !dark.at(end.x+far*end.step, y) {
					if n == 0 {
						n = far
					}
					k := 1
					for k < peelBreak && !dark.at(end.x+(far+k)*end.step, y) {
						k++
					}
					if far == 0 || k == peelBreak {
						break
					}
				}
			}
			if n == 0 {
				n = far
			}
			switch {
			case far > limit || far == 0:
			case end.step > 0:
				b.clear(y, 0, n)
			default:
				b.clear(y, b.w-n, b.w)
			}
		}
	}
}

// peelEnds is peel for columns.
func (b *bitmap) peelEnds(dark *bitmap) {
	limit := int(peelShare * float64(b.h))
	for i := range b.stride {
		for _, end := range [2]struct{ y, step int }{{0, 1}, {b.h - 1, -1}} {
			word := func(n int) int { return (end.y+n*end.step)*b.stride + i }
			long := dark.words[word(0)] // columns that are dark for longer than the limit
			for n := 1; n <= limit && long != 0; n++ {
				var any uint64
				for k := n; k < min(n+peelBreak, b.h); k++ {
					any |= dark.words[word(k)]
				}
				long &= any
			}
			for n, m := 0, dark.words[word(0)]&^long; m != 0; n++ {
				if m &= dark.words[word(n)]; m != 0 {
					b.words[word(n)] &^= m
				}
			}
		}
	}
}

// quantile gives the value that a share q of v lies below.
func quantile(v []uint8, q float64) uint8 {
	var hist [256]int
	for _, x := range v {
		hist[x]++
	}
	n := 0
	for x, c := range hist {
		if n += c; float64(n) > q*float64(len(v)) {
			return uint8(x)
		}
	}
	return 255
}
