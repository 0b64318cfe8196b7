package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"

	"github.com/nianbao/nianbao/layout/diag"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// chunk is one chunk of a PNG; cut when the file ends within it.
type chunk struct {
	name string
	body []byte
	cut  bool
	// ok says that its check sum is right.
	ok bool
}

func pngChunks(data []byte) []chunk {
	var chunks []chunk
	for at := len(pngMagic); at+8 <= len(data); {
		n := clampInt(uint64(binary.BigEndian.Uint32(data[at:])))
		c := chunk{name: string(data[at+4 : at+8])}
		if end := at + 8 + n; end+4 <= len(data) {
			c.body = data[at+8 : end]
			c.ok = crc32.ChecksumIEEE(data[at+4:end]) == binary.BigEndian.Uint32(data[end:])
		} else {
			c.body, c.cut = data[at+8:min(end, len(data))], true
		}
		chunks = append(chunks, c)
		at += 12 + n
	}
	return chunks
}

func readPNG(data []byte) ([]picture, error) {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", diag.ErrDamaged, err)
	}
	p := picture{width: c.Width, height: c.Height, orientation: 1, damage: errors.New("the file ends early")}
	chunks := pngChunks(data)
	for _, c := range chunks {
		switch {
		case c.name == "IEND":
			p.damage = nil
		case c.name == "pHYs" && len(c.body) == 9 && c.body[8] == 1:
			const metre = 0.0254 // in inches
			p.xDPI = float64(binary.BigEndian.Uint32(c.body)) * metre
			p.yDPI = float64(binary.BigEndian.Uint32(c.body[4:])) * metre
		case c.name == "eXIf":
			p.orientation, _, _ = exif(c.body)
		}
	}
	for _, c := range chunks {
		if !c.ok && !c.cut && p.damage == nil {
			p.damage = fmt.Errorf("the check sum of a %q chunk is wrong", c.name)
		}
	}
	p.decode = func() (image.Image, error) {
		whole := data
		if p.damage != nil {
			if err := checkSize(p.width, p.height); err != nil {
				return nil, err
			}
			whole = mendPNG(chunks, c)
		}
		img, err := png.Decode(bytes.NewReader(whole))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", diag.ErrDamaged, err)
		}
		return img, nil
	}
	return []picture{p}, nil
}

// mendPNG writes a PNG again with the pixels that are left, white ones after them, and right check
// sums.
func mendPNG(chunks []chunk, c image.Config) []byte {
	var out, packed, pixels bytes.Buffer
	out.WriteString(pngMagic)
	put := func(name string, body []byte) {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(body)))
		out.Write(n[:])
		at := out.Len()
		out.WriteString(name)
		out.Write(body)
		binary.BigEndian.PutUint32(n[:], crc32.ChecksumIEEE(out.Bytes()[at:]))
		out.Write(n[:])
	}
	var header []byte
	for _, k := range chunks {
		switch k.name {
		case "IHDR":
			header = k.body
			put(k.name, k.body)
		case "PLTE", "tRNS":
			put(k.name, k.body)
		case "IDAT":
			packed.Write(k.body)
		}
	}
	// An interlaced picture has at most one filter byte more for each row of its seven passes.
	perPixel := map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[header[9]] * int(header[8])
	size := int64(c.Width)*int64(perPixel)/8*int64(c.Height) + int64(c.Height)*16 + int64(c.Width) + 64
	if r, err := zlib.NewReader(&packed); err == nil {
		_, _ = io.Copy(&pixels, io.LimitReader(r, size)) // an error is what we are here for
	}
	rest := io.LimitReader(repeated(0), size-int64(pixels.Len()))
	if _, paletted := c.ColorModel.(color.Palette); !paletted && header[12] == 0 {
		rest = whiteRows(&pixels, (int64(c.Width)*int64(perPixel)+7)/8, size)
	}
	var again bytes.Buffer
	w, _ := zlib.NewWriterLevel(&again, zlib.NoCompression)
	_, _ = io.Copy(w, io.MultiReader(&pixels, rest)) // from memory to memory: nothing fails, here and below
	_ = w.Close()
	put("IDAT", again.Bytes())
	put("IEND", nil)
	return out.Bytes()
}

// whiteRows cuts pixels back to whole rows and gives unfiltered white ones up to size.
func whiteRows(pixels *bytes.Buffer, rowBytes, size int64) io.Reader {
	pixels.Truncate(pixels.Len() - int(int64(pixels.Len())%(rowBytes+1)))
	row := bytes.Repeat([]byte{255}, int(rowBytes)+1)
	row[0] = 0
	var rows []io.Reader
	for n := int64(pixels.Len()); n < size; n += int64(len(row)) {
		rows = append(rows, bytes.NewReader(row))
	}
	return io.LimitReader(io.MultiReader(rows...), size-int64(pixels.Len()))
}
