package picture

import "math"

// Coding says how the bytes of a stored picture are to be decoded.
type Coding string

// The codings that other containers can hold as they are.
const (
	JPEG   Coding = "jpeg"
	Group4 Coding = "group4"
	Zlib   Coding = "zlib" // rows with PNG's predictors
)

// Stored is a picture as its file stores it, so that it can be put into another container bit for bit.
type Stored struct {
	Coding        Coding
	Width, Height int
	// Parts stand one under another; Rows are how many rows each has.
	Parts []Part
	// Bits and Components of a sample; Palette holds three bytes an entry, nil where the picture has none.
	Bits, Components int
	Palette          []byte
	// BlackIsOne is how fax codings say what is black.
	BlackIsOne bool
	// Orientation is EXIF's, 1 to 8; the resolutions are in dots an inch, 0 where the file does not tell.
	Orientation int
	XDPI, YDPI  float64
}

// Part is a strip of a stored picture.
type Part struct {
	Data []byte
	Rows int
}

// StoredIn gives the pictures of an image file as they are stored, one for each page that Read gives; nil in the place of one whose
// coding no other container holds, or that is damaged.
func StoredIn(data []byte) []*Stored {
	k := find(data)
	if k == nil {
		return nil
	}
	switch k.mediaType {
	case "image/jpeg":
		return []*Stored{storedJPEG(data)}
	case "image/png":
		return []*Stored{storedPNG(data)}
	case "image/tiff":
		return storedTIFF(data)
	}
	return nil
}

func storedJPEG(data []byte) *Stored {
	ps, err := readJPEG(data)
	h := scanJPEG(data)
	if err != nil || ps[0].damage != nil || h.components != 1 && h.components != 3 {
		return nil
	}
	return &Stored{Coding: JPEG, Width: h.width, Height: h.height, Parts: []Part{{data, h.height}}, Bits: 8, Components: h.components, Orientation: h.orientation, XDPI: h.xDPI, YDPI: h.yDPI}
}

func storedPNG(data []byte) *Stored {
	ps, err := readPNG(data)
	if err != nil || ps[0].damage != nil {
		return nil
	}
	s := &Stored{Coding: Zlib, Width: ps[0].width, Height: ps[0].height, Orientation: max(1, ps[0].orientation), XDPI: ps[0].xDPI, YDPI: ps[0].yDPI}
	var packed []byte
	for _, c := range pngChunks(data) {
		switch c.name {
		case "IHDR":
			if len(c.body) < 13 || c.body[8] > 8 || c.body[12] != 0 { // interlaced, or of more bits than PDF/A-2 readers must know
				return nil
			}
			s.Bits = int(c.body[8])
			switch c.body[9] {
			case 0, 3:
				s.Components = 1
			case 2:
				s.Components = 3
			default:
				return nil // with transparency
			}
		case "PLTE":
			s.Palette = c.body
		case "tRNS":
			return nil
		case "IDAT":
			packed = append(packed, c.body...)
		}
	}
	if s.Components == 3 {
		s.Palette = nil // a suggestion
	}
	s.Parts = []Part{{packed, s.Height}}
	return s
}

// storedTIFF gives the pages of a TIFF that are Group 4; other faxes and codings have variants that PDF has not.
func storedTIFF(data []byte) []*Stored {
	order, big, at, ok := tiffHeader(data)
	if !ok {
		return nil
	}
	var out, reduced []*Stored
	seen := map[int]bool{}
	for at != 0 && !seen[at] && len(seen) < maxPages {
		seen[at] = true
		d, next, err := readDirectory(data, order, big, at)
		if err != nil {
			break
		}
		s := tiffPage{directory: d, data: data}.stored()
		if d.int(tagNewSubfileType, 0)&1 != 0 {
			reduced = append(reduced, s)
		} else {
			out = append(out, s)
		}
		at = next
	}
	if len(out) == 0 {
		return reduced
	}
	return out
}

func (t tiffPage) stored() *Stored {
	if t.int(tagCompression, compressNone) != compressGroup4 || t.ints(tagTileOffsets) != nil {
		return nil
	}
	p, _ := t.picture(math.MaxInt)
	segments, err := t.segments()
	if err != nil || p.damage != nil {
		return nil
	}
	s := &Stored{Coding: Group4, Width: p.width, Height: p.height, Bits: 1, Components: 1, Orientation: p.orientation, XDPI: p.xDPI, YDPI: p.yDPI,
		BlackIsOne: t.int(tagPhotometric, whiteIsZero) == blackIsZero}
	rows := 0
	for _, g := range segments {
		if g.cut || len(g.data) == 0 {
			return nil
		}
		s.Parts = append(s.Parts, Part{g.data, g.box.Dy()})
		rows += g.box.Dy()
	}
	if rows != p.height {
		return nil
	}
	return s
}
