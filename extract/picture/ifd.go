package picture

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/nianbao/nianbao/layout/diag"
)

// The TIFF tags that are read.
const (
	tagNewSubfileType  = 254
	tagImageWidth      = 256
	tagImageLength     = 257
	tagBitsPerSample   = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagFillOrder       = 266
	tagStripOffsets    = 273
	tagOrientation     = 274
	tagSamplesPerPixel = 277
	tagRowsPerStrip    = 278
	tagStripByteCounts = 279
	tagXResolution     = 282
	tagYResolution     = 283
	tagPlanar          = 284
	tagT4Options       = 292
	tagResolutionUnit  = 296
	tagPredictor       = 317
	tagColorMap        = 320
	tagTileWidth       = 322
	tagTileLength      = 323
	tagTileOffsets     = 324
	tagTileByteCounts  = 325
	tagSampleFormat    = 339
	tagJPEGTables      = 347
	tagJPEGOffset      = 513
	tagJPEGLength      = 514
	tagYCbCrSampling   = 530
)

// field is one entry of a directory, its bytes still in the file's order.
type field struct {
	kind  uint16
	count int
	data  []byte
}

// fieldSize is the size of one value of each field type.
var fieldSize = map[uint16]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

// directory is one image file directory: of a TIFF page, or of EXIF.
type directory struct {
	order  binary.ByteOrder
	fields map[uint16]field
}

// tiffHeader reads the first bytes of a TIFF structure: byte order, whether offsets have 64 bits, and
// where the first directory lies.
func tiffHeader(data []byte) (order binary.ByteOrder, big bool, first int, ok bool) {
	if len(data) < 8 {
		return nil, false, 0, false
	}
	switch string(data[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return nil, false, 0, false
	}
	switch order.Uint16(data[2:]) {
	case 42:
		return order, false, int(order.Uint32(data[4:])), true
	case 43:
		if len(data) < 16 || order.Uint16(data[4:]) != 8 {
			return nil, false, 0, false
		}
		return order, true, clampInt(order.Uint64(data[8:])), true
	}
	return nil, false, 0, false
}

func clampInt(v uint64) int {
	if v > math.MaxInt32*1024 {
		return math.MaxInt32 * 1024
	}
	return int(v)
}

// readDirectory reads the directory at an offset and gives the next one's, 0 after the last. Fields
// whose values lie outside the data are left out.
func readDirectory(data []byte, order binary.ByteOrder, big bool, at int) (directory, int, error) {
	countSize, entrySize, inline := 2, 12, 4
	if big {
		countSize, entrySize, inline = 8, 20, 8
	}
	if at < 0 || at+countSize > len(data) {
		return directory{}, 0, fmt.Errorf("%w: a directory lies outside the file", diag.ErrDamaged)
	}
	word := func(at int) uint64 {
		if big {
			return order.Uint64(data[at:])
		}
		return uint64(order.Uint32(data[at:]))
	}
	n := int(order.Uint16(data[at:]))
	if big {
		n = clampInt(order.Uint64(data[at:]))
	}
	at += countSize
	if n > (len(data)-at)/entrySize {
		return directory{}, 0, fmt.Errorf("%w: a directory is cut short", diag.ErrDamaged)
	}
	d := directory{order: order, fields: make(map[uint16]field, n)}
	for range n {
		tag, kind := order.Uint16(data[at:]), order.Uint16(data[at+2:])
		count := clampInt(word(at + 4))
		size := fieldSize[kind]
		value := at + entrySize - inline
		if size > 0 && count <= len(data)/size {
			if count*size > inline {
				value = clampInt(word(value))
			}
			if value+count*size <= len(data) {
				if _, twice := d.fields[tag]; !twice {
					d.fields[tag] = field{kind, count, data[value : value+count*size]}
				}
			}
		}
		at += entrySize
	}
	next := 0
	if at+inline <= len(data) {
		next = clampInt(word(at))
	}
	return d, next, nil
}

// ints gives a field's values; nil when it is missing or of another kind.
func (d directory) ints(tag uint16) []int {
	f, ok := d.fields[tag]
	if !ok {
		return nil
	}
	values := make([]int, f.count)
	for i := range values {
		switch f.kind {
		case 1, 7:
			values[i] = int(f.data[i])
		case 3:
			values[i] = int(d.order.Uint16(f.data[2*i:]))
		case 4, 13:
			values[i] = int(d.order.Uint32(f.data[4*i:]))
		case 16, 18:
			values[i] = clampInt(d.order.Uint64(f.data[8*i:]))
		default:
			return nil
		}
	}
	return values
}

// int gives a field's first value, or what it is when the field is missing.
func (d directory) int(tag uint16, missing int) int {
	if v := d.ints(tag); len(v) > 0 {
		return v[0]
	}
	return missing
}

// ratio gives a rational field's value, 0 when it is missing.
func (d directory) ratio(tag uint16) float64 {
	f, ok := d.fields[tag]
	if !ok || f.count < 1 || f.kind != 5 {
		return 0
	}
	below := d.order.Uint32(f.data[4:])
	if below == 0 {
		return 0
	}
	return float64(d.order.Uint32(f.data)) / float64(below)
}

// dpi gives the two resolutions in dots an inch, 0 when the file does not tell.
func (d directory) dpi() (x, y float64) {
	perInch := 0.0
	switch d.int(tagResolutionUnit, 2) {
	case 2:
		perInch = 1
	case 3:
		perInch = 2.54
	}
	return d.ratio(tagXResolution) * perInch, d.ratio(tagYResolution) * perInch
}

func (d directory) orientation() int {
	if o := d.int(tagOrientation, 1); o >= 1 && o <= 8 {
		return o
	}
	return 1
}

// exif reads orientation and resolution out of an EXIF block, which is a TIFF without pixels.
func exif(block []byte) (orientation int, xDPI, yDPI float64) {
	order, big, first, ok := tiffHeader(block)
	if !ok {
		return 1, 0, 0
	}
	d, _, err := readDirectory(block, order, big, first)
	if err != nil {
		return 1, 0, 0
	}
	xDPI, yDPI = d.dpi()
	return d.orientation(), xDPI, yDPI
}
