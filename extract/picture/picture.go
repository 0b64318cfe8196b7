// Package picture takes image files as pages: PNG, JPEG, TIFF with any number of pages, BMP, GIF and
// WebP, as scanners, fax servers and telephones write them.
//
// Only headers are read at first; pixels are decoded when somebody asks. A picture comes out upright
// (EXIF and TIFF orientation applied), with square pixels (a fax of 204 by 98 dots an inch is drawn
// out), without transparency, and as one of *image.Gray, *image.YCbCr or *image.RGBA with its origin
// at 0, 0, so that a caller has three cases and the luma plane of a JPEG can be used where it lies.
//
// A file that ends early gives what it has, the rest as white paper, and a warning.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

const (
	// maxPixels bounds one picture: 200 Mpx is A3 at 1000 dots an inch.
	maxPixels = 200_000_000
	// maxPages bounds the pages of one file.
	maxPages = 5000
)

// picture is one page before its pixels are decoded.
type picture struct {
	width, height int // as stored
	xDPI, yDPI    float64
	orientation   int // EXIF's 1 to 8
	// damage is what is known to be wrong before decoding.
	damage error
	decode func() (image.Image, error)
}

// kind is a file format that package picture knows.
type kind struct {
	mediaType string
	is        func(head []byte) bool
	read      func(data []byte) ([]picture, error)
}

var kinds = []kind{
	{"image/png", prefix("\x89PNG\r\n\x1a\n"), readPNG},
	{"image/jpeg", prefix("\xff\xd8\xff"), readJPEG},
	{"image/tiff", isTIFF, readTIFF},
	{"image/bmp", isBMP, simple(bmp.DecodeConfig, bmp.Decode)},
	{"image/gif", prefix("GIF8"), simple(gif.DecodeConfig, gif.Decode)},
	{"image/webp", isWebP, simple(webp.DecodeConfig, webp.Decode)},
	{"image/jp2", isJPEG2000, refuse("JPEG 2000")},
	{"image/heic", isHEIF, refuse("HEIC or AVIF")},
}

func prefix(magic string) func([]byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }
}

func isBMP(head []byte) bool {
	// Two letters are too few to go by: the header's size comes after 14 bytes.
	return len(head) > 18 && head[0] == 'B' && head[1] == 'M' && head[14] >= 12 && head[14] <= 124 && head[15] == 0
}

func isWebP(head []byte) bool {
	return len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP"
}

func isJPEG2000(head []byte) bool {
	return prefix("\x00\x00\x00\x0cjP  \r\n\x87\n")(head) || prefix("\xff\x4f\xff\x51")(head)
}

func isHEIF(head []byte) bool {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return false
	}
	switch string(head[8:12]) {
	case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif":
		return true
	}
	return false
}

// Is says whether data begin like an image file, one that Read refuses with advice included.
func Is(data []byte) bool { return find(data) != nil }

func find(data []byte) *kind {
	for i := range kinds {
		if kinds[i].is(data) {
			return &kinds[i]
		}
	}
	return nil
}

// Read takes an image file as a document with one page a picture, in pixels, whose Source decodes the
// picture. Name and SHA256 are left to the caller. The document keeps data; do not change them.
//
// Errors wrap diag.ErrFormat (no image, or a coding that cannot be read; the message says what to
// do), diag.ErrDamaged, diag.ErrEmpty or diag.ErrTooLarge. Pixels gives errors of the same kinds.
func Read(data []byte) (*layout.Document, []diag.Warning, error) {
	if len(data) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	k := find(data)
	if k == nil {
		return nil, nil, fmt.Errorf("%w: not an image", diag.ErrFormat)
	}
	pictures, err := k.read(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", k.mediaType, err)
	}
	doc := &layout.Document{MediaType: k.mediaType}
	var warnings []diag.Warning
	for i, p := range pictures {
		number := i + 1
		if err := checkSize(p.width, p.height); err != nil {
			return nil, nil, fmt.Errorf("page %d: %w", number, err)
		}
		if p.damage != nil {
			warnings = append(warnings, diag.Warning{Code: diag.Truncated, Page: number,
				Message: "the picture is damaged, what is lost is left white: " + p.damage.Error()})
		}
		doc.Pages = append(doc.Pages, p.page(number))
	}
	return doc, warnings, nil
}

func checkSize(w, h int) error {
	if w <= 0 || h <= 0 {
		return fmt.Errorf("%w: a picture of %d x %d pixels", diag.ErrDamaged, w, h)
	}
	if int64(w)*int64(h) > maxPixels {
		return fmt.Errorf("%w: a picture of %d x %d pixels; scan it at 300 dots an inch", diag.ErrTooLarge, w, h)
	}
	return nil
}

func (p picture) page(number int) layout.Page {
	w, h := p.squareSize()
	if p.orientation >= 5 {
		w, h = h, w
	}
	box := layout.Rect{X1: float64(w), Y1: float64(h)}
	return layout.Page{
		Number: number, Width: box.X1, Height: box.Y1, Unit: layout.Pixels, Route: layout.RouteOCR,
		Source: &layout.Source{Box: box, Pixels: func(int) (image.Image, error) {
			img, err := p.decode()
			if err != nil {
				return nil, err
			}
			return upright(square(plain(img), p), p.orientation), nil
		}},
	}
}

// simple makes a reader from the two functions that decoders of the image package's kind have.
func simple(config func(io.Reader) (image.Config, error), decode func(io.Reader) (image.Image, error)) func([]byte) ([]picture, error) {
	return func(data []byte) ([]picture, error) {
		c, err := config(bytes.NewReader(data))
		if err != nil {
			return nil, failed(err)
		}
		p := picture{width: c.Width, height: c.Height, decode: func() (image.Image, error) {
			img, err := decode(bytes.NewReader(data))
			if err != nil {
				return nil, failed(err)
			}
			if img.Bounds() != image.Rect(0, 0, c.Width, c.Height) {
				img = onPaper(img, c.Width, c.Height) // a GIF's frame may be smaller than the picture
			}
			return img, nil
		}}
		return []picture{p}, nil
	}
}

// failed says whose fault a decoder's error is.
func failed(err error) error {
	if errors.Is(err, bmp.ErrUnsupported) {
		return fmt.Errorf("%w: a coding that is not read; convert the picture to PNG or TIFF", diag.ErrFormat)
	}
	return fmt.Errorf("%w: %w", diag.ErrDamaged, err)
}

func refuse(name string) func([]byte) ([]picture, error) {
	return func([]byte) ([]picture, error) {
		return nil, fmt.Errorf("%w: %s pictures are not read; convert it to PNG, JPEG or TIFF", diag.ErrFormat, name)
	}
}
