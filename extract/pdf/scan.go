package pdf

import (
	"errors"
	"fmt"
	"image"
	"image/draw"
	"math"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/nianbao/nianbao/extract/picture"
	"github.com/nianbao/nianbao/extract/vector"
	"github.com/nianbao/nianbao/layout"
)

const (
	// drawnDPI is the resolution of a page that has none of its own.
	drawnDPI = 300.0
	// maxDPI: no form is printed so small that more would help.
	maxDPI = 400.0
	// minDPI: below it, drawing the page larger does no harm and readers expect some size.
	minDPI = 150.0
	// maxDrawn, in pixels, bounds a drawn page (A3 at 250 dpi).
	maxDrawn = 12_000_000
	// level is how far off the page's axes an image may stand, in parts of its side.
	level = 0.01
	// A picture may be a table when it takes pictureShare of the page's area and pictureWidth of its
	// width at least. At most maxPictures of a page are looked at, and none that has more than
	// pictureText characters over it.
	pictureShare, pictureWidth = 0.06, 0.4
	maxPictures, pictureText   = 10, 20
	// maxDecoded, in pixels, bounds a stored image (A3 at 600 dpi).
	maxDecoded = 80_000_000
)

// scan gives the picture of a page: the image itself where one image is the page, else a drawing.
func (d *document) scan(i int, v view, extra int, art *drawings) *layout.Source {
	width, height := v.size()
	var one *placed
	dpi := 0.0
	for k := range art.images {
		p := &art.images[k]
		if p.box.Width()*p.box.Height() < speck*width*height {
			continue
		}
		dpi = max(dpi, p.resolution())
		if one != nil {
			one = &placed{masked: true} // several: none of them alone is the page
			continue
		}
		one = p
	}
	if one != nil && !one.masked && upright(one) &&
		one.box.Width()*one.box.Height() >= scanShare*width*height && one.width*one.height <= maxDecoded {
		return d.file.image(i, one)
	}
	want := drawnDPI
	if one != nil && art.Shapes <= drawnPaths && !d.file.masks() { // a mask may be finer than its picture

		want = min(max(dpi, minDPI), maxDPI)
	}
	pixels := int(min(width*height*want*want/72/72, maxDrawn))
	return d.drawing(i, v, extra, pixels, requests.RenderImageFormatRGBA)
}

// drawing gives page i as a viewer shows it, in the given number of pixels where nobody asks for fewer.
func (d *document) drawing(i int, v view, extra, pixels int, format requests.RenderImageFormat) *layout.Source {
	width, height := v.size()
	return &layout.Source{Box: layout.Rect{X1: width, Y1: height}, Pixels: func(most int) (image.Image, error) {
		if most <= 0 {
			most = pixels
		}
		return d.file.picture(func(d *document) (image.Image, error) { return d.draw(i, v, extra, min(most, maxDrawn), format) })
	}}
}

// part gives a part of page i as a viewer shows it.
func (d *document) part(i int, v view, extra int, box layout.Rect) *layout.Source {
	width, height := v.size()
	pixels := int(min(width*height*drawnDPI*drawnDPI/72/72, maxDrawn))
	return &layout.Source{Box: box, Pixels: func(int) (image.Image, error) {
		return d.file.picture(func(d *document) (image.Image, error) {
			img, err := d.draw(i, v, extra, pixels, requests.RenderImageFormatGrayscale)
			if err != nil {
				return nil, err
			}
			k := float64(img.Bounds().Dx()) / width
			at := image.Rect(int(box.X0*k), int(box.Y0*k), int(box.X1*k)+1, int(box.Y1*k)+1).Intersect(img.Bounds())
			out := image.NewGray(image.Rect(0, 0, at.Dx(), at.Dy()))
			draw.Draw(out, out.Rect, img, at.Min, draw.Src)
			return out, nil
		})
	}}
}

// image gives an image of page i as it is stored.
func (f *file) image(i int, p *placed) *layout.Source {
	return &layout.Source{Box: p.box, Pixels: func(int) (image.Image, error) {
		if img := f.decode(i); img != nil {
			return p.set(img), nil
		}
		return f.picture(func(d *document) (image.Image, error) { return d.stored(i, p) })
	}}
}

// set gives the pixels of an image as it stands on the page.
func (p *placed) set(pixels image.Image) image.Image {
	img := vector.Orient(pixels, p.across, p.down)
	b := img.Bounds()
	return picture.Square(img, 72*float64(b.Dx())/p.whole.Width(), 72*float64(b.Dy())/p.whole.Height())
}

// pictures gives the images of a text page that may hold a table: large, not a background of the
// page, and without text over them.
func (d *document) pictures(i int, v view, extra int, page *layout.Page, art *drawings) []*layout.Source {
	var out []*layout.Source
	for k := range art.images {
		p := &art.images[k]
		share := p.box.Width() * p.box.Height() / (page.Width * page.Height)
		if share < pictureShare || share > coverShare || p.box.Width() < pictureWidth*page.Width ||
			len(out) == maxPictures {
			continue
		}
		over := 0
		for _, w := range page.Words {
			if p.box.Contains(w.Box.Center()) {
				over += utf8.RuneCountInString(w.Text)
			}
		}
		switch {
		case over > pictureText:
		case p.masked || !upright(p) || p.width*p.height > maxDecoded:
			out = append(out, d.part(i, v, extra, p.box))
		default:
			out = append(out, d.file.image(i, p))
		}
	}
	return out
}

// resolution of the image on the page, in dots an inch.
func (p *placed) resolution() float64 {
	return 72 * math.Sqrt(float64(p.width)*float64(p.height)/math.Abs(p.across.X*p.down.Y-p.across.Y*p.down.X))
}

// picture opens the file, if it is not open, and has draw make a picture from it. Scans are asked for
// long after the page was read, when the file may have been closed.
func (f *file) picture(draw func(*document) (image.Image, error)) (img image.Image, err error) {
	err = f.use(func(d *document) error {
		img, err = draw(d)
		return err
	})
	return img, err
}

// upright says that the image's axes run along those of the page.
func upright(p *placed) bool {
	flat := func(q layout.Point) bool {
		return min(math.Abs(q.X), math.Abs(q.Y)) <= level*max(math.Abs(q.X), math.Abs(q.Y))
	}
	return flat(p.across) && flat(p.down)
}

// stored decodes an image as it is in the file, without resampling, turned as it stands on the page.
func (d *document) stored(page int, p *placed) (image.Image, error) {
	ref, closer, err := d.load(page)
	if err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	defer closer()
	top, err := d.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: ref, Index: p.path[0]})
	if err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	obj := top.PageObject
	for _, k := range p.path[1:] {
		child, err := d.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: obj, Index: uint64(k)})
		if err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		obj = child.PageObject
	}
	got, err := d.FPDFImageObj_GetBitmap(&requests.FPDFImageObj_GetBitmap{ImageObject: obj})
	if err != nil {
		return nil, fmt.Errorf("scan: the image cannot be decoded: %w", err)
	}
	defer d.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: got.Bitmap})
	pixels, err := d.bitmap(got.Bitmap)
	if err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	return p.set(pixels), nil
}

// bitmap copies PDFium's pixels: gray ones to image.Gray, others to image.RGBA on white.
func (d *document) bitmap(ref references.FPDF_BITMAP) (image.Image, error) {
	width, err := d.FPDFBitmap_GetWidth(&requests.FPDFBitmap_GetWidth{Bitmap: ref})
	if err != nil {
		return nil, err
	}
	height, err := d.FPDFBitmap_GetHeight(&requests.FPDFBitmap_GetHeight{Bitmap: ref})
	if err != nil {
		return nil, err
	}
	stride, err := d.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: ref})
	if err != nil {
		return nil, err
	}
	format, err := d.FPDFBitmap_GetFormat(&requests.FPDFBitmap_GetFormat{Bitmap: ref})
	if err != nil {
		return nil, err
	}
	buffer, err := d.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: ref})
	if err != nil {
		return nil, err
	}
	w, h, step, src := width.Width, height.Height, stride.Stride, buffer.Buffer
	if w <= 0 || h <= 0 || w*h > maxDecoded || len(src) < step*h {
		return nil, errors.New("the image has no usable pixels")
	}
	size := 0
	switch format.Format {
	case enums.FPDF_BITMAP_FORMAT_GRAY:
		size = 1
	case enums.FPDF_BITMAP_FORMAT_BGR:
		size = 3
	case enums.FPDF_BITMAP_FORMAT_BGRX, enums.FPDF_BITMAP_FORMAT_BGRA:
		size = 4
	default:
		return nil, fmt.Errorf("the image has the unknown pixel format %d", format.Format)
	}
	if step < w*size {
		return nil, errors.New("the image has no usable pixels")
	}
	if size == 1 {
		out := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			copy(out.Pix[y*out.Stride:y*out.Stride+w], src[y*step:])
		}
		return out, nil
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	alpha := format.Format == enums.FPDF_BITMAP_FORMAT_BGRA
	for y := range h {
		from, to := src[y*step:y*step+w*size], out.Pix[y*out.Stride:]
		for x := range w {
			b, g, r := from[x*size], from[x*size+1], from[x*size+2]
			if alpha {
				a := int(from[x*size+3])
				on := func(c byte) byte { return byte((int(c)*a + 255*(255-a) + 127) / 255) }
				b, g, r = on(b), on(g), on(r)
			}
			to[x*4], to[x*4+1], to[x*4+2], to[x*4+3] = r, g, b, 255
		}
	}
	return out, nil
}

// draw renders a page in at most that many pixels.
func (d *document) draw(page int, v view, extra, pixels int, format requests.RenderImageFormat) (image.Image, error) {
	ref, closer, err := d.load(page)
	if err != nil {
		return nil, fmt.Errorf("page cannot be drawn: %w", err)
	}
	defer closer()
	return d.render(ref, v, extra, pixels, format)
}

// render draws a page that is open.
func (d *document) render(ref requests.Page, v view, extra, pixels int, format requests.RenderImageFormat) (image.Image, error) {
	width, height := v.size()
	if extra%2 == 1 {
		width, height = height, width
	}
	scale := math.Sqrt(float64(pixels) / (width * height))
	drawn, err := d.RenderPageInPixels(&requests.RenderPageInPixels{
		Page:        ref,
		Width:       max(int(width*scale), 1),
		Height:      max(int(height*scale), 1),
		ImageFormat: format,
	})
	if err != nil {
		return nil, fmt.Errorf("page cannot be drawn: %w", err)
	}
	defer drawn.Cleanup()
	across, down := layout.Point{X: 1}, layout.Point{Y: 1}
	for range extra {
		across, down = layout.Point{X: -across.Y, Y: across.X}, layout.Point{X: -down.Y, Y: down.X}
	}
	// Orient copies the pixels, since those of PDFium are freed when this function returns.
	return vector.Orient(drawn.Result.RenderedImage, across, down), nil
}
