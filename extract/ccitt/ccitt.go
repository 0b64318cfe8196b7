// Package ccitt reads and writes the bilevel codings of fax machines and office scanners: ITU-T T.4
// (Group 3, one- and two-dimensional, with and without end-of-line codes) and T.6 (Group 4).
//
// A fax that came over a noisy line has broken rows. Where the coding has end-of-line codes, reading
// goes on at the next one and the broken row repeats the row above, as T.4 machines do; a Group 4
// stream has none, so everything after the first fault is left white.
package ccitt

import (
	"errors"
	"fmt"
	"image"
	"math/bits"
)

// Coding says how rows are coded.
type Coding int

// The codings: T.4 rows that begin on byte boundaries and have no end-of-line codes (TIFF's
// compression 2), T.4 with end-of-line codes, one- or two-dimensional, and T.6.
const (
	Huffman Coding = iota
	Group3
	Group32D
	Group4
)

// ErrDamaged says that some rows could not be read. The image holds what could.
var ErrDamaged = errors.New("damaged CCITT data")

// Decode reads rows into dst until its height is reached or the data end; ink is 0 and paper 255.
// Rows that are not in the data stay paper. It gives the number of rows read, and an error that
// wraps ErrDamaged when rows were broken or missing.
func Decode(dst *image.Gray, data []byte, coding Coding) (int, error) {
	return decode(dst, data, coding, false)
}

// DecodeSound reads a Group 4 stream of which every decoder makes the same: all rows are there, and none has a run of no length, which no
// machine writes and decoders that look at dots, not at changes, take for none.
func DecodeSound(dst *image.Gray, data []byte) error {
	_, err := decode(dst, data, Group4, true)
	return err
}

func decode(dst *image.Gray, data []byte, coding Coding, sound bool) (int, error) {
	d := decoder{data: data, width: dst.Rect.Dx(), sound: sound}
	Whiten(dst.Pix)
	// Change positions of the row above and of this one, ended by sentinels at the width.
	above := make([]int, 0, 64)
	above = append(above, d.width, d.width)
	row := make([]int, 0, 64)
	height, broken, y := dst.Rect.Dy(), 0, 0
	for y < height {
		twoDim := coding == Group4
		if coding == Group3 || coding == Group32D {
			if d.eol() {
				tag := coding == Group32D && d.take(1) == 0
				twoDim = tag
				if d.eol() { // two in a row end the page
					break
				}
			} else if y > 0 && coding == Group32D {
				// No end-of-line code: the line's coding is not known. Go on at the next one.
				if !d.seekEOL() {
					break
				}
				broken++
				continue
			}
		}
		if d.done() {
			break
		}
		var err error
		if twoDim {
			row, err = d.row2D(row[:0], above)
			if err == nil && d.sound && !rising(row, d.width) {
				err = errRun
			}
		} else {
			row, err = d.row1D(row[:0])
		}
		if err != nil {
			if coding == Group4 && d.endOfBlock(err) {
				break
			}
			broken++
			if coding == Group4 || coding == Huffman && d.done() {
				break
			}
			row = append(row[:0], above...)
			if coding != Huffman && !d.seekEOL() {
				break
			}
		}
		if coding == Huffman {
			d.align()
		}
		paint(dst.Pix[y*dst.Stride:y*dst.Stride+d.width], row)
		above, row = row, above
		y++
	}
	if broken > 0 || y < height {
		return y, fmt.Errorf("%w: %d broken rows, %d of %d read", ErrDamaged, broken, y, height)
	}
	return y, nil
}

// Whiten makes paper of all samples, twice as many each time.
func Whiten(pix []uint8) {
	if len(pix) > 0 {
		pix[0] = 255
	}
	for n := 1; n < len(pix); n *= 2 {
		copy(pix[n:], pix[:n])
	}
}

// paint blackens every second run of a row of paper.
func paint(pix []uint8, changes []int) {
	for i := 0; i+1 < len(changes); i += 2 {
		clear(pix[changes[i]:changes[i+1]])
	}
}

var (
	errCode = errors.New("no such code word")
	errRun  = errors.New("a run of no length")
)

// rising says that each change lies to the right of the last, up to the end of the row.
func rising(changes []int, width int) bool {
	for i := 1; i < len(changes) && changes[i-1] < width; i++ {
		if changes[i] <= changes[i-1] {
			return false
		}
	}
	return true
}

type decoder struct {
	data  []byte
	pos   int // in bits
	width int
	sound bool // a run of no length is an error
}

// peek gives the next n bits, at most 24, zeros after the end.
func (d *decoder) peek(n int) uint32 {
	var v uint32
	at := d.pos >> 3
	for i := range 4 {
		v <<= 8
		if at+i < len(d.data) {
			v |= uint32(d.data[at+i])
		}
	}
	return v << (d.pos & 7) >> (32 - n)
}

func (d *decoder) take(n int) uint32 {
	v := d.peek(n)
	d.pos += n
	return v
}

func (d *decoder) done() bool { return d.pos >= len(d.data)*8 }

func (d *decoder) align() { d.pos = (d.pos + 7) &^ 7 }

// eol takes an end-of-line code with the fill bits before it, if one is next.
func (d *decoder) eol() bool {
	end := len(d.data) * 8
	p := d.pos
	for p < end && d.data[p>>3]&(0x80>>(p&7)) == 0 {
		if p&7 == 0 && d.data[p>>3] == 0 {
			p += 8
			continue
		}
		p++
	}
	if p >= end || p-d.pos < 11 {
		return false
	}
	d.pos = p + 1
	return true
}

// seekEOL moves to the next end-of-line code without taking it.
func (d *decoder) seekEOL() bool {
	zeros, end := 0, len(d.data)*8
	for p := d.pos; p < end; p++ {
		if d.data[p>>3]&(0x80>>(p&7)) == 0 {
			zeros++
			continue
		}
		if zeros >= 11 {
			d.pos = p - 11
			return true
		}
		zeros = 0
	}
	d.pos = end
	return false
}

// endOfBlock says whether the T.6 stream stopped as it should: at two end-of-line codes, or with
// nothing but padding left.
func (d *decoder) endOfBlock(err error) bool {
	return errors.Is(err, errCode) && (d.peek(12) == 1 || d.done())
}

// run reads one run: any number of make-up codes and a terminating code.
func (d *decoder) run(table *[1 << maxCode]entry) (int, error) {
	total := 0
	for {
		e := table[d.peek(maxCode)]
		if e.len == 0 || d.done() {
			return 0, errCode
		}
		d.pos += int(e.len)
		total += int(e.run)
		if e.run < 64 {
			return total, nil
		}
		if total > d.width {
			return 0, errCode
		}
	}
}

// row1D reads one row of runs into changes.
func (d *decoder) row1D(changes []int) ([]int, error) {
	x, table, other := 0, whiteTable, blackTable
	for x < d.width {
		n, err := d.run(table)
		if err != nil {
			return changes, err
		}
		x += n
		if x > d.width {
			return changes, errCode
		}
		changes = append(changes, x)
		table, other = other, table
	}
	return append(changes, d.width, d.width), nil
}

// row2D reads one row that is coded against the row above.
func (d *decoder) row2D(changes, above []int) ([]int, error) {
	a0, color := -1, 0 // color 1 is ink
	b := 0             // above[b] is the first change right of a0, of either colour
	for a0 < d.width {
		m := modeTable[d.peek(modeBits)]
		if m.len == 0 || d.done() {
			return changes, errCode
		}
		// b1 is the first change right of a0 to the opposite of the present colour.
		for b > 0 && above[b-1] > a0 {
			b--
		}
		for b < len(above) && (above[b] <= a0 && above[b] < d.width || b&1 != color) {
			b++
		}
		b1, b2 := d.width, d.width
		if b < len(above) {
			b1 = above[b]
		}
		if b+1 < len(above) {
			b2 = above[b+1]
		}
		d.pos += int(m.len)
		switch m.mode {
		case modePass:
			a0 = b2
		case modeHorizontal:
			first, second := whiteTable, blackTable
			if color == 1 {
				first, second = second, first
			}
			n1, err := d.run(first)
			if err != nil {
				return changes, err
			}
			n2, err := d.run(second)
			if err != nil {
				return changes, err
			}
			a1 := max(a0, 0) + n1
			if a1+n2 > d.width {
				return changes, errCode
			}
			changes = append(changes, a1, a1+n2)
			a0 = a1 + n2
		default:
			a1 := b1 + int(m.mode-modeV0)
			if a1 < max(a0, 0) || a1 > d.width {
				return changes, errCode
			}
			if d.sound && a1 == a0 {
				return changes, errRun
			}
			changes = append(changes, a1)
			a0, color = a1, 1-color
		}
	}
	return append(changes, d.width, d.width), nil
}

// Encode writes img as T.6 (Group 4) with the end-of-block code; pixels below 128 are ink.
func Encode(img *image.Gray) []byte {
	w := writer{}
	width, height := img.Rect.Dx(), img.Rect.Dy()
	above := []int{width, width}
	for y := range height {
		row := changesOf(img.Pix[y*img.Stride : y*img.Stride+width])
		w.row2D(row, above, width)
		above = row
	}
	w.put(code{1, 12})
	w.put(code{1, 12})
	return w.flush()
}

func changesOf(pix []uint8) []int {
	var changes []int
	ink := false
	for x, v := range pix {
		if (v < 128) != ink {
			ink = !ink
			changes = append(changes, x)
		}
	}
	return append(changes, len(pix), len(pix))
}

type writer struct {
	out  []byte
	acc  uint32
	bits int
}

func (w *writer) put(c code) {
	w.acc = w.acc<<c.len | uint32(c.bits)
	w.bits += int(c.len)
	for w.bits >= 8 {
		w.bits -= 8
		w.out = append(w.out, byte(w.acc>>w.bits))
	}
}

func (w *writer) flush() []byte {
	if w.bits > 0 {
		w.put(code{0, uint8(8 - w.bits)})
	}
	return w.out
}

func (w *writer) run(n int, codes []code) {
	for ; n >= 2560+64; n -= 2560 {
		w.put(codes[63+2560/64])
	}
	if n >= 64 {
		w.put(codes[63+n/64])
	}
	w.put(codes[n%64])
}

func (w *writer) mode(m mode) {
	for _, c := range modeCodes {
		if c.mode == m {
			w.put(parseCode(c.word))
			return
		}
	}
}

func (w *writer) row2D(row, above []int, width int) {
	next := func(changes []int, from, parity int) int {
		for i, x := range changes {
			if x > from && i&1 == parity {
				return i
			}
		}
		return len(changes) - 1
	}
	a0, color := -1, 0
	for a0 < width {
		a1 := row[next(row, a0, color)]
		i := next(above, a0, color)
		b1, b2 := above[i], above[min(i+1, len(above)-1)]
		switch {
		case b2 < a1:
			w.mode(modePass)
			a0 = b2
		case a1-b1 >= -3 && a1-b1 <= 3:
			w.mode(modeV0 + mode(a1-b1))
			a0, color = a1, 1-color
		default:
			a2 := row[next(row, a1, 1-color)]
			w.mode(modeHorizontal)
			first, second := whiteCodes, blackCodes
			if color == 1 {
				first, second = second, first
			}
			w.run(a1-max(a0, 0), first)
			w.run(a2-a1, second)
			a0 = a2
		}
	}
}

// Reverse flips the bits of every byte, for streams that begin at the least significant bit.
func Reverse(data []byte) []byte {
	out := make([]byte, len(data))
	for i, b := range data {
		out[i] = bits.Reverse8(b)
	}
	return out
}
