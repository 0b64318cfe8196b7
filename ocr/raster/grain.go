package raster

import (
	"image"
	"math/bits"
)

// A scanner that sets its threshold by what is around, and a copy of a copy, put grain all over the paper: black pixels that stand alone.
// To a person they are nothing; but they turn grey where print is brought to the size that it is read at, and labels of 0.99 are then read with
// 0.6, upside down as well as upright.
const (
	// grainDPI is the least resolution of a page whose grain is taken away: the point in a small number has four pixels there, and one at 150.
	grainDPI = 250
	// A page has grain where grainShare of its pixels stand alone, spread over grainSpread of its squares: the faxes of corpora have 0.0036 at most,
	// and shading is in one place.
	grainShare, grainSpread = 0.0045, 0.6
)

// ungrain makes black pixels that stand alone, or by twos, white, on a page that has many, in the picture and in the bitmap of its white pixels.
func ungrain(g *image.Gray, white *bitmap) {
	if float64(min(white.w, white.h)) < grainDPI*shortInch {
		return
	}
	specks := white.specks()
	tw := (white.w + screenTile - 1) / screenTile
	n, squares := 0, 0
	with := make([]bool, tw)
	for y := range white.h {
		if y%screenTile == 0 {
			clear(with)
		}
		for i, v := range specks.row(y) {
			n += bits.OnesCount64(v)
			for j := i * 64 / screenTile; v != 0; j++ {
				if v&(1<<screenTile-1) != 0 && !with[j] {
					with[j] = true
					squares++
				}
				v >>= screenTile
			}
		}
	}
	if float64(n) < grainShare*float64(white.w*white.h) || float64(squares) < grainSpread*float64(tw*((white.h+screenTile-1)/screenTile)) {
		return
	}
	for y := range white.h {
		row := g.Pix[y*g.Stride:][:white.w]
		for i, v := range specks.row(y) {
			white.row(y)[i] |= v
			for ; v != 0; v &= v - 1 {
				row[i*64+bits.TrailingZeros64(v)] = 255
			}
		}
	}
}

// specks are the black pixels with no other beside them, and those with one that has no other itself.
func (white *bitmap) specks() *bitmap {
	black := newBitmap(white.w, white.h)
	last := ^uint64(0) >> (63 - (white.w-1)&63)
	for i, v := range white.words {
		black.words[i] = ^v
		if i%white.stride == white.stride-1 {
			black.words[i] &= last
		}
	}
	alone, twin := newBitmap(white.w, white.h), newBitmap(white.w, white.h) // pixels with no neighbour, and those with one
	empty := make([]uint64, white.stride)
	at := func(b *bitmap, y int) []uint64 {
		if y < 0 || y >= b.h {
			return empty
		}
		return b.row(y)
	}
	for y := range white.h {
		up, row, down := at(black, y-1), black.row(y), at(black, y+1)
		for i, v := range row {
			if v == 0 {
				continue
			}
			one, more := uint64(0), uint64(0)
			add := func(v uint64) { one, more = one|v, more|one&v }
			for _, r := range [...][]uint64{up, row, down} {
				left, right := beside(r, i)
				add(left)
				add(right)
			}
			add(up[i])
			add(down[i])
			alone.row(y)[i], twin.row(y)[i] = v&^one, v&one&^more
		}
	}
	for y := range white.h {
		up, row, down := at(twin, y-1), twin.row(y), at(twin, y+1)
		for i, v := range row {
			if v == 0 {
				continue
			}
			near := up[i] | down[i]
			for _, r := range [...][]uint64{up, row, down} {
				left, right := beside(r, i)
				near |= left | right
			}
			alone.row(y)[i] |= v & near
		}
	}
	return alone
}

// beside gives what is on the left and on the right of the pixels of word i of a row.
func beside(row []uint64, i int) (left, right uint64) {
	left, right = row[i]<<1, row[i]>>1
	if i > 0 {
		left |= row[i-1] >> 63
	}
	if i+1 < len(row) {
		right |= row[i+1] << 63
	}
	return left, right
}
