package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"sync/atomic"

	"golang.org/x/image/tiff/lzw"

	"github.com/nianbao/nianbao/extract/ccitt"
	"github.com/nianbao/nianbao/layout/diag"
)

// TIFF's numbers for compressions and for what sample values mean.
const (
	compressNone     = 1
	compressHuffman  = 2
	compressGroup3   = 3
	compressGroup4   = 4
	compressLZW      = 5
	compressOldJPEG  = 6
	compressJPEG     = 7
	compressDeflate  = 8
	compressPackBits = 32773
	compressDeflate2 = 32946

	whiteIsZero  = 0
	blackIsZero  = 1
	photoRGB     = 2
	photoPalette = 3
	photoCMYK    = 5
	photoYCbCr   = 6
)

func isTIFF(head []byte) bool {
	_, _, _, ok := tiffHeader(head)
	return ok
}

func readTIFF(data []byte) ([]picture, error) {
	order, big, at, _ := tiffHeader(data)
	var pictures, reduced []picture
	var broken error
	seen := map[int]bool{}
	budget, keep := max(minChecked, len(data)*maxRatio), maxKept
	for at != 0 && !seen[at] {
		if len(seen) == maxPages {
			return nil, fmt.Errorf("%w: more than %d pages", diag.ErrTooLarge, maxPages)
		}
		seen[at] = true
		d, next, err := readDirectory(data, order, big, at)
		if err != nil {
			broken = err
			break
		}
		page := tiffPage{directory: d, data: data}
		p, read := page.picture(budget)
		size := p.width * p.height
		budget -= size
		if read != nil && size <= keep {
			keep -= size
			p.decode = once(read, p.decode)
		}
		if d.int(tagNewSubfileType, 0)&1 != 0 {
			reduced = append(reduced, p)
		} else {
			pictures = append(pictures, p)
		}
		at = next
	}
	if len(pictures) == 0 {
		pictures = reduced // a file of nothing but previews
	}
	if len(pictures) == 0 {
		if broken == nil {
			broken = fmt.Errorf("%w: a TIFF without pictures", diag.ErrDamaged)
		}
		return nil, broken
	}
	if last := &pictures[len(pictures)-1]; broken != nil && last.damage == nil {
		last.damage = errors.New("the pages after this one cannot be found")
	}
	return pictures, nil
}

// tiffPage is one directory with the file that it points into.
type tiffPage struct {
	directory
	data []byte
}

// Faxes are read once to see whether they are whole. A hostile file can promise thousands of large
// pages in a few bytes: beyond minChecked pixels, no more than maxRatio for each byte are looked at.
// (An A4 page at 300 dpi has some 300 pixels to the byte.)
const (
	minChecked = 1_000_000_000
	maxRatio   = 2000
)

// maxKept pixels of a file's first pages are kept from that reading for the first who asks for them: a page or two.
const maxKept = 20_000_000

// once gives what has been decoded already, and from then on what decode does.
func once(img *image.Gray, decode func() (image.Image, error)) func() (image.Image, error) {
	var kept atomic.Pointer[image.Gray]
	kept.Store(img)
	return func() (image.Image, error) {
		if first := kept.Swap(nil); first != nil {
			return first, nil
		}
		return decode()
	}
}

// picture describes the page; at most check pixels may be decoded for it, and read has them.
func (t tiffPage) picture(check int) (p picture, read *image.Gray) {
	p = picture{
		width: t.int(tagImageWidth, 0), height: t.int(tagImageLength, 0),
		orientation: t.orientation(), decode: t.decode,
	}
	p.xDPI, p.yDPI = t.dpi()
	if checkSize(p.width, p.height) != nil {
		return p, nil // Read refuses it
	}
	segments, err := t.segments()
	switch {
	case err != nil: // decode tells
	case t.isFax():
		// Nothing but reading tells whether a fax is whole; that takes milliseconds.
		if p.width*p.height <= check {
			img, err := t.decodeBilevel(segments)
			if err == nil {
				read = img
			} else if errors.Is(err, ccitt.ErrDamaged) {
				read, p.damage = img, err
			}
		}
	default:
		for _, s := range segments {
			if s.cut {
				p.damage = errors.New("the file ends early")
			}
		}
	}
	return p, read
}

// segment is a strip or a tile: a part of the picture that is compressed on its own.
type segment struct {
	box   image.Rectangle // not clipped to the picture
	plane int
	data  []byte
	cut   bool // the file ends within it
}

// segments lists the strips or tiles that have any data.
func (t tiffPage) segments() ([]segment, error) {
	w, h := t.int(tagImageWidth, 0), t.int(tagImageLength, 0)
	offsets, counts := t.ints(tagTileOffsets), t.ints(tagTileByteCounts)
	sw, sh := t.int(tagTileWidth, 0), t.int(tagTileLength, 0)
	if offsets == nil {
		offsets, counts = t.ints(tagStripOffsets), t.ints(tagStripByteCounts)
		sw, sh = w, t.int(tagRowsPerStrip, h)
	}
	if t.int(tagCompression, 0) == compressOldJPEG {
		offsets, counts, sw, sh = t.ints(tagJPEGOffset), t.ints(tagJPEGLength), w, h
	}
	sh = min(sh, max(h, t.int(tagTileLength, 0)))
	if len(offsets) == 0 || sw <= 0 || sh <= 0 {
		return nil, fmt.Errorf("%w: a page without strips or tiles", diag.ErrDamaged)
	}
	if err := checkSize(sw, sh); err != nil {
		return nil, err
	}
	across, down := (w+sw-1)/sw, (h+sh-1)/sh
	tiled, reversed := t.ints(tagTileOffsets) != nil, t.int(tagFillOrder, 1) == 2
	// The parts of a picture lie side by side in the file; those that share their bytes, or claim them all, may add up
	// to what the picture has unpacked.
	room := len(t.data) + 4*w*h*max(1, min(t.int(tagSamplesPerPixel, 1), 4))
	var list []segment
	for i, at := range offsets {
		plane := i / (across * down)
		k := i % (across * down)
		s := segment{plane: plane, box: image.Rect(0, 0, sw, sh).Add(image.Pt(k%across*sw, k/across*sh))}
		if !tiled {
			s.box.Max.Y = min(s.box.Max.Y, h) // the last strip is shorter, the last tile is padded
		}
		n := len(t.data)
		if i < len(counts) && counts[i] > 0 {
			n = counts[i]
		} else if i+1 < len(offsets) && offsets[i+1] > at {
			n = offsets[i+1] - at
		}
		if at < 0 || at >= len(t.data) {
			s.cut = true
		} else {
			s.cut = i < len(counts) && at+n > len(t.data)
			s.data = t.data[at:min(at+n, len(t.data))]
		}
		if room -= len(s.data); room < 0 {
			return nil, fmt.Errorf("%w: the strips or tiles of a page lie over one another", diag.ErrDamaged)
		}
		if reversed {
			s.data = ccitt.Reverse(s.data)
		}
		list = append(list, s)
	}
	return list, nil
}

func (t tiffPage) isFax() bool {
	c := t.int(tagCompression, compressNone)
	return c == compressHuffman || c == compressGroup3 || c == compressGroup4
}

func (t tiffPage) decode() (image.Image, error) {
	segments, err := t.segments()
	if err != nil {
		return nil, err
	}
	switch {
	case t.isFax():
		img, err := t.decodeBilevel(segments)
		if err != nil && !errors.Is(err, ccitt.ErrDamaged) {
			return nil, err
		}
		return img, nil
	case t.int(tagCompression, 0) == compressJPEG || t.int(tagCompression, 0) == compressOldJPEG:
		return t.decodeJPEG(segments)
	}
	return t.decodeSamples(segments)
}

// decodeBilevel decodes the fax codings. With an error that wraps ccitt.ErrDamaged the picture holds
// what could be read.
func (t tiffPage) decodeBilevel(segments []segment) (*image.Gray, error) {
	w, h := t.int(tagImageWidth, 0), t.int(tagImageLength, 0)
	coding := ccitt.Group4
	switch t.int(tagCompression, 0) {
	case compressHuffman:
		coding = ccitt.Huffman
	case compressGroup3:
		coding = ccitt.Group3
		if t.int(tagT4Options, 0)&1 != 0 {
			coding = ccitt.Group32D
		}
	}
	out := image.NewGray(image.Rect(0, 0, w, h))
	ccitt.Whiten(out.Pix)
	var damage error
	for _, s := range segments {
		if !s.box.Overlaps(out.Rect) || s.plane > 0 {
			continue
		}
		strip := s.box.Dx() == w && s.box.Max.Y <= h
		size := image.Rect(0, 0, s.box.Dx(), s.box.Dy())
		var dst *image.Gray
		if strip { // read it where it belongs
			dst = &image.Gray{Pix: out.Pix[s.box.Min.Y*w : s.box.Max.Y*w], Stride: w, Rect: size}
		} else {
			dst = image.NewGray(size)
		}
		if _, err := ccitt.Decode(dst, s.data, coding); err != nil {
			damage = err
		}
		if !strip {
			draw.Draw(out, s.box, dst, image.Point{}, draw.Src)
		}
	}
	if t.int(tagPhotometric, whiteIsZero) == blackIsZero {
		for i, v := range out.Pix {
			out.Pix[i] = ^v
		}
	}
	return out, damage
}

// maxJPEGTables bounds the tables that strips share: four of quantization and eight Huffman tables have at most 3 KB.
const maxJPEGTables = 16 << 10

// decodeJPEG decodes strips or tiles that are JPEG streams, their tables perhaps kept apart.
func (t tiffPage) decodeJPEG(segments []segment) (image.Image, error) {
	w, h := t.int(tagImageWidth, 0), t.int(tagImageLength, 0)
	tables := t.fields[tagJPEGTables].data
	if len(tables) > maxJPEGTables {
		return nil, fmt.Errorf("%w: JPEG tables of %d bytes", diag.ErrDamaged, len(tables))
	}
	var out *image.RGBA
	for _, s := range segments {
		if len(s.data) < 4 || s.plane > 0 {
			continue
		}
		stream := s.data
		if len(tables) > 4 {
			// Both have start markers, and the tables an end marker.
			stream = append(append([]byte{}, tables[:len(tables)-2]...), s.data[2:]...)
		}
		head := scanJPEG(stream)
		if head.width > 2*s.box.Dx()+64 || head.height > 2*s.box.Dy()+64 {
			return nil, fmt.Errorf("%w: a strip of %d x %d pixels holds a JPEG of %d x %d", diag.ErrDamaged,
				s.box.Dx(), s.box.Dy(), head.width, head.height)
		}
		var img image.Image
		var err error
		switch {
		case s.cut:
			img, err = decodeCutJPEG(stream, head)
		case head.components == 3 && !head.adobe && t.int(tagPhotometric, photoYCbCr) == photoRGB:
			img, err = decodeJPEG(withSegment(bytes.NewReader(stream), adobeRGB), head)
		default:
			img, err = decodeWhole(stream, head)
		}
		if err != nil {
			return nil, err
		}
		if len(segments) == 1 && img.Bounds() == image.Rect(0, 0, w, h) {
			return img, nil
		}
		if out == nil {
			out = onPaper(image.NewRGBA(image.Rectangle{}), w, h)
		}
		draw.Draw(out, s.box, img, image.Point{}, draw.Src)
	}
	if out == nil {
		return nil, fmt.Errorf("%w: a page without pixels", diag.ErrDamaged)
	}
	return out, nil
}

// decodeSamples decodes everything whose samples lie one after the other once unpacked.
func (t tiffPage) decodeSamples(segments []segment) (image.Image, error) {
	w, h := t.int(tagImageWidth, 0), t.int(tagImageLength, 0)
	bits, samples := t.int(tagBitsPerSample, 1), t.int(tagSamplesPerPixel, 1)
	photo, planar := t.int(tagPhotometric, blackIsZero), t.int(tagPlanar, 1) == 2
	needs, known := map[int]int{whiteIsZero: 1, blackIsZero: 1, photoRGB: 3, photoPalette: 1, photoCMYK: 4, photoYCbCr: 3}[photo]
	if s := t.ints(tagYCbCrSampling); photo == photoYCbCr && (len(s) != 2 || s[0] != 1 || s[1] != 1) {
		known = false
	}
	if f := t.int(tagSampleFormat, 1); f != 1 && f != 4 {
		known = false
	}
	switch bits {
	case 1, 2, 4, 8, 16:
	default:
		known = false
	}
	if !known || samples < needs || samples > 16 {
		return nil, fmt.Errorf("%w: TIFF samples of photometric kind %d, %d of %d bits; convert the picture to PNG",
			diag.ErrFormat, photo, samples, bits)
	}
	inRow := samples // samples of one pixel that lie together
	if planar {
		inRow = 1
	}
	var palette []uint16
	if photo == photoPalette {
		for _, v := range t.ints(tagColorMap) {
			palette = append(palette, uint16(v))
		}
		if bits > 8 || len(palette) < 3<<bits {
			return nil, fmt.Errorf("%w: a palette that is too short", diag.ErrDamaged)
		}
	}
	canvas := newCanvas(w, h, photo, bits, palette)
	for _, s := range segments {
		if !s.box.Overlaps(image.Rect(0, 0, w, h)) || s.plane >= needs {
			continue
		}
		rowBytes := (s.box.Dx()*inRow*bits + 7) / 8
		if rowBytes*s.box.Dy() > maxUnpacked {
			return nil, fmt.Errorf("%w: a strip of %d bytes", diag.ErrTooLarge, rowBytes*s.box.Dy())
		}
		raw, err := t.unpack(s, rowBytes*s.box.Dy())
		if err != nil {
			return nil, err
		}
		row := make([]uint16, s.box.Dx()*inRow)
		for y := s.box.Min.Y; y < min(s.box.Max.Y, h) && len(raw) >= rowBytes; y++ {
			unpackRow(row, raw[:rowBytes], bits, t.order)
			raw = raw[rowBytes:]
			if t.int(tagPredictor, 1) == 2 {
				mask := uint16(1<<bits - 1)
				for i := inRow; i < len(row); i++ {
					row[i] = (row[i] + row[i-inRow]) & mask
				}
			}
			canvas.row(row, s.box.Min.X, y, inRow, s.plane)
		}
	}
	return canvas.picture(), nil
}

// maxUnpacked bounds what one strip or tile unpacks to: maxPixels of four samples.
const maxUnpacked = 4 * maxPixels

// unpack gives the first n bytes of a segment, fewer when it is damaged.
func (t tiffPage) unpack(s segment, n int) ([]byte, error) {
	var r io.Reader
	switch c := t.int(tagCompression, compressNone); c {
	case compressNone:
		return s.data[:min(n, len(s.data))], nil
	case compressPackBits:
		return unpackBits(s.data, n), nil
	case compressLZW:
		r = lzw.NewReader(bytes.NewReader(s.data), lzw.MSB, 8)
	case compressDeflate, compressDeflate2:
		z, err := zlib.NewReader(bytes.NewReader(s.data))
		if err != nil {
			return nil, nil
		}
		r = z
	default:
		return nil, fmt.Errorf("%w: TIFF compression %d; convert the picture to PNG", diag.ErrFormat, c)
	}
	if t.int(tagPredictor, 1) > 2 {
		return nil, fmt.Errorf("%w: TIFF predictor %d; convert the picture to PNG", diag.ErrFormat, t.int(tagPredictor, 1))
	}
	var out bytes.Buffer
	_, _ = io.Copy(&out, io.LimitReader(r, int64(n))) // what came before an error is what there is
	return out.Bytes(), nil
}

// unpackBits undoes Apple's run-length coding.
func unpackBits(data []byte, n int) []byte {
	var out []byte
	for i := 0; i < len(data) && len(out) < n; {
		k := int(int8(data[i]))
		i++
		switch {
		case k >= 0:
			end := min(i+k+1, len(data))
			out = append(out, data[i:end]...)
			i = end
		case k > -128 && i < len(data):
			for range 1 - k {
				out = append(out, data[i])
			}
			i++
		}
	}
	return out[:min(n, len(out))]
}

// unpackRow spreads packed samples.
func unpackRow(row []uint16, raw []byte, bits int, order binary.ByteOrder) {
	switch bits {
	case 8:
		for i := range row {
			row[i] = uint16(raw[i])
		}
	case 16:
		for i := range row {
			row[i] = order.Uint16(raw[2*i:])
		}
	default:
		mask := byte(1<<bits - 1)
		for i := range row {
			at := i * bits
			row[i] = uint16(raw[at>>3] >> (8 - bits - at&7) & mask)
		}
	}
}

// canvas takes rows of samples and turns them into a picture.
type canvas struct {
	photo, bits int
	palette     []uint16
	gray        *image.Gray
	colors      *image.RGBA // three samples, or four inks, to a pixel until the end
	levels      []uint8     // sample value to level, up to 8 bits
}

func newCanvas(w, h, photo, bits int, palette []uint16) *canvas {
	c := &canvas{photo: photo, bits: bits, palette: palette}
	size := image.Rect(0, 0, w, h)
	if bits <= 8 {
		top := 1<<bits - 1
		for v := range top + 1 {
			c.levels = append(c.levels, uint8(v*255/top))
		}
	}
	if photo == whiteIsZero || photo == blackIsZero {
		c.gray = image.NewGray(size)
		for i := range c.gray.Pix {
			c.gray.Pix[i] = 255
		}
		for i := range c.levels {
			if photo == whiteIsZero {
				c.levels[i] = 255 - c.levels[i]
			}
		}
		return c
	}
	c.colors = image.NewRGBA(size)
	paper := [4]uint8{255, 255, 255, 255}
	switch photo {
	case photoCMYK:
		paper = [4]uint8{}
	case photoYCbCr:
		paper = [4]uint8{255, 128, 128, 255}
	}
	for i := range c.colors.Pix {
		c.colors.Pix[i] = paper[i&3]
	}
	return c
}

func (c *canvas) level(v uint16) uint8 {
	if c.levels != nil {
		return c.levels[v]
	}
	l := uint8(v >> 8)
	if c.photo == whiteIsZero {
		return 255 - l
	}
	return l
}

// row takes the samples of pixels from x on; inRow samples lie together, the first of them being
// plane.
func (c *canvas) row(samples []uint16, x, y, inRow, plane int) {
	if c.gray != nil {
		dst := c.gray.Pix[y*c.gray.Stride+x : (y+1)*c.gray.Stride]
		for i := 0; i < len(dst) && i*inRow < len(samples); i++ {
			dst[i] = c.level(samples[i*inRow])
		}
		return
	}
	dst := c.colors.Pix[y*c.colors.Stride+4*x : (y+1)*c.colors.Stride]
	used := 3
	if c.photo == photoCMYK {
		used = 4
	}
	for i := 0; 4*i < len(dst) && i*inRow < len(samples); i++ {
		if c.photo == photoPalette {
			v, n := int(samples[i*inRow]), len(c.palette)/3
			dst[4*i], dst[4*i+1], dst[4*i+2] = uint8(c.palette[v]>>8), uint8(c.palette[n+v]>>8), uint8(c.palette[2*n+v]>>8)
			continue
		}
		for k := 0; k < min(inRow, used) && k+plane < 4; k++ {
			dst[4*i+k+plane] = c.level(samples[i*inRow+k])
		}
	}
}

func (c *canvas) picture() image.Image {
	if c.gray != nil {
		return c.gray
	}
	pix := c.colors.Pix
	switch c.photo {
	case photoCMYK:
		return inks(&image.CMYK{Pix: pix, Stride: c.colors.Stride, Rect: c.colors.Rect})
	case photoYCbCr:
		for i := 0; i+3 < len(pix); i += 4 {
			pix[i], pix[i+1], pix[i+2] = color.YCbCrToRGB(pix[i], pix[i+1], pix[i+2])
		}
	}
	return c.colors
}
