package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"github.com/nianbao/nianbao/extract/turbo"
	"github.com/nianbao/nianbao/layout/diag"
)

// jpegHeader is what the segments before the pixels say.
type jpegHeader struct {
	width, height int
	components    int
	luma          byte // how often the first component is sampled: across in the upper four bits, down in the lower
	adobe         bool
	orientation   int
	xDPI, yDPI    float64
}

// scanJPEG walks the segments up to the first scan.
func scanJPEG(data []byte) jpegHeader {
	h := jpegHeader{orientation: 1}
	var exifX, exifY float64
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xff {
			at++
			continue
		}
		marker := data[at+1]
		if marker == 0xff || marker == 0 || marker == 1 || marker >= 0xd0 && marker <= 0xd8 {
			at++
			continue
		}
		n := int(data[at+2])<<8 | int(data[at+3])
		if marker == 0xda || marker == 0xd9 || n < 2 || at+2+n > len(data) {
			break
		}
		body := data[at+4 : at+2+n]
		switch {
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc && len(body) >= 6:
			h.height, h.width = int(body[1])<<8|int(body[2]), int(body[3])<<8|int(body[4])
			h.components = int(body[5])
			if len(body) > 7 {
				h.luma = body[7]
			}
		case marker == 0xe0 && len(body) >= 12 && string(body[:5]) == "JFIF\x00":
			perInch := map[byte]float64{1: 1, 2: 2.54}[body[7]]
			h.xDPI = float64(int(body[8])<<8|int(body[9])) * perInch
			h.yDPI = float64(int(body[10])<<8|int(body[11])) * perInch
		case marker == 0xe1 && len(body) > 6 && string(body[:6]) == "Exif\x00\x00":
			h.orientation, exifX, exifY = exif(body[6:])
		case marker == 0xee && len(body) >= 12 && string(body[:5]) == "Adobe":
			h.adobe = true
		}
		at += 2 + n
	}
	if h.xDPI == 0 || h.yDPI == 0 {
		h.xDPI, h.yDPI = exifX, exifY
	}
	return h
}

// tailLength is how far from the end of a file the end marker of a JPEG may lie: cameras and senders
// append data of their own.
const tailLength = 1 << 16

func readJPEG(data []byte) ([]picture, error) {
	h := scanJPEG(data)
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, jpegError(err)
	}
	p := picture{width: c.Width, height: c.Height, orientation: h.orientation, xDPI: h.xDPI, yDPI: h.yDPI}
	if !bytes.Contains(data[max(0, len(data)-tailLength):], []byte{0xff, 0xd9}) {
		p.damage = errors.New("the file ends early")
	}
	p.decode = func() (image.Image, error) {
		if p.damage != nil {
			return decodeCutJPEG(data, h)
		}
		return decodeWhole(data, h)
	}
	return []picture{p}, nil
}

// decodeWhole decodes a stream that is all there, by the faster library where that can do it.
func decodeWhole(data []byte, h jpegHeader) (image.Image, error) {
	if checkSize(h.width, h.height) == nil {
		if img := turbo.Decode(data, h.frame()); img != nil {
			return img, nil
		}
	}
	return decodeJPEG(bytes.NewReader(data), h)
}

// frame is what the faster library is told, which looks whether it is so.
func (h *jpegHeader) frame() turbo.Frame {
	f := turbo.Frame{Width: h.width, Height: h.height, Components: h.components, Across: 1, Down: 1}
	if h.components > 1 {
		f.Across, f.Down = int(h.luma>>4), int(h.luma&15)
	}
	return f
}

func jpegError(err error) error {
	var unsupported jpeg.UnsupportedError
	if errors.As(err, &unsupported) {
		return fmt.Errorf("%w: %w; convert the picture to PNG or TIFF", diag.ErrFormat, err)
	}
	return fmt.Errorf("%w: %w", diag.ErrDamaged, err)
}

// adobeRGB is an Adobe segment that says "no colour transform": the decoder then takes the components
// as they are.
var adobeRGB = []byte{0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0}

// decodeJPEG decodes a stream that begins with the start marker. Adobe stores the four inks
// inverted, and the decoder takes that for granted; without Adobe's mark they are as they are.
func decodeJPEG(r io.Reader, h jpegHeader) (image.Image, error) {
	fourInks := h.components == 4
	if fourInks && !h.adobe {
		r = withSegment(r, adobeRGB)
	}
	img, err := jpeg.Decode(r)
	if err != nil {
		return nil, jpegError(err)
	}
	if cmyk, ok := img.(*image.CMYK); ok {
		if !h.adobe {
			for i := range cmyk.Pix {
				cmyk.Pix[i] = 255 - cmyk.Pix[i]
			}
		}
		return inks(cmyk), nil
	}
	return img, nil
}

// withSegment puts a segment behind a stream's start marker.
func withSegment(r io.Reader, segment []byte) io.Reader {
	return io.MultiReader(io.LimitReader(r, 2), bytes.NewReader(segment), r)
}

// inks mixes four inks on paper.
func inks(img *image.CMYK) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy()))
	for y := range img.Rect.Dy() {
		from, to := img.Pix[y*img.Stride:], out.Pix[y*out.Stride:]
		for x := range img.Rect.Dx() {
			s := from[4*x : 4*x+4]
			r, g, b := color.CMYKToRGB(s[0], s[1], s[2], s[3])
			d := to[4*x : 4*x+4]
			d[0], d[1], d[2], d[3] = r, g, b, 255
		}
	}
	return out
}

// decodeCutJPEG decodes a file whose end is missing. The decoder gives all or nothing, so it is given
// a made-up rest, twice and not the same: from the first row on that comes out differently, nothing
// is known and the picture is white.
func decodeCutJPEG(data []byte, h jpegHeader) (image.Image, error) {
	data = bytes.TrimRight(data, "\xff") // half a marker would swallow a byte of the rest
	var tries [2]*image.RGBA
	for i, rest := range []byte{0x00, 0x24} {
		// No code word needs more than 32 bits, nor a dot more than one per component.
		n := int64(h.width)*int64(h.height)*4 + 1<<16
		r := io.MultiReader(bytes.NewReader(data), io.LimitReader(repeated(rest), n), bytes.NewReader([]byte{0xff, 0xd9}))
		img, err := decodeJPEG(r, h)
		if err != nil {
			return nil, err
		}
		tries[i] = onPaper(img, img.Bounds().Dx(), img.Bounds().Dy())
	}
	a, b := tries[0], tries[1]
	same := 0
	for same < len(a.Pix) && a.Pix[same] == b.Pix[same] {
		same++
	}
	row := same / a.Stride
	row -= row % 16 // the two tries may be alike in the first of a block's rows
	for i := row * a.Stride; i < len(a.Pix); i++ {
		a.Pix[i] = 255
	}
	if row == 0 {
		return nil, fmt.Errorf("%w: the file ends before the first row of the picture", diag.ErrDamaged)
	}
	return a, nil
}

// repeated is an endless stream of one byte.
type repeated byte

func (b repeated) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}
