package paper

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/nianbao/nianbao/extract/picture"
	"github.com/nianbao/nianbao/layout"
)

// pdfPage is a page of the paper before its text: its size, the images on it, and how they are drawn.
type pdfPage struct {
	media   types.Array
	rotate  int
	images  types.Dict
	content []byte
	// point is where a place of the page as it was read is on the paper.
	point func(layout.Point) layout.Point
}

// images finds the stored images of a document's pages.
type images struct {
	b       *builder
	stored  []*picture.Stored // by page; nil where the page is none
	pdf     []sourcePage      // by page
	raster  bool              // the files are images, which are never drawn with a loss
	scanned map[*source]*copier
}

// sourcePage is a page of a PDF that the document was read from.
type sourcePage struct {
	of     *source
	number int
}

func newImages(b *builder, d Document) *images {
	s := &images{b: b, raster: true, scanned: map[*source]*copier{}}
	for _, f := range d.Files {
		if bytes.Contains(f[:min(len(f), 1024)], []byte("%PDF-")) {
			s.raster = false
			src, err := openSource(f)
			n := len(d.Layout.Pages)
			if err == nil {
				n = src.pages()
			} else if len(d.Files) > 1 {
				n = 1
			}
			for k := range n {
				s.stored = append(s.stored, nil)
				s.pdf = append(s.pdf, sourcePage{src, k + 1})
			}
			continue
		}
		stored := picture.StoredIn(f)
		if stored == nil {
			stored = []*picture.Stored{nil}
		}
		s.stored = append(s.stored, stored...)
		s.pdf = append(s.pdf, make([]sourcePage, len(stored))...)
	}
	if len(s.stored) != len(d.Layout.Pages) { // nobody knows which image is which page
		s.stored, s.pdf = make([]*picture.Stored, len(d.Layout.Pages)), make([]sourcePage, len(d.Layout.Pages))
	}
	return s
}

// page makes page i: of its stored images where they are all that it shows, else as it is drawn.
func (s *images) page(i int, p *page) (pdfPage, error) {
	if st := s.stored[i]; st != nil {
		return s.picture(st, p), nil
	}
	if from := s.pdf[i]; from.of != nil && p.Route == layout.RouteOCR {
		out, err := s.original(from, p)
		if err == nil {
			return out, nil
		}
		if !errors.Is(err, errOther) {
			return out, err
		}
	}
	return s.drawn(p)
}

// sheet is a page of some size in points whose places are those of the page as it was read, times k.
func sheet(p *page, k float64) pdfPage {
	w, h := p.Width*k, p.Height*k
	return pdfPage{
		media: types.Array{types.Integer(0), types.Integer(0), types.Float(round(w)), types.Float(round(h))}, rotate: p.Turn, images: types.Dict{},
		point: func(at layout.Point) layout.Point { return layout.Point{X: at.X * k, Y: h - at.Y*k} },
	}
}

func round(x float64) float64 { return float64(int(x*1000+0.5)) / 1000 }

// scale is how many points a page's unit has.
func scale(p *page, dpi float64) float64 {
	switch {
	case p.Unit == layout.Points:
		return 1
	case dpi > 0:
		return 72 / dpi
	}
	return longSide / max(p.Width, p.Height)
}

// picture is the page of an image file.
func (s *images) picture(st *picture.Stored, p *page) pdfPage {
	dpi := max(st.XDPI, st.YDPI) // pixels are drawn out to squares along the coarser side
	if st.XDPI <= 0 || st.YDPI <= 0 {
		dpi = 0
	}
	out := sheet(p, scale(p, dpi))
	w, h := p.Width*scale(p, dpi), p.Height*scale(p, dpi)
	m := map[int][6]float64{ // of the unit square that PDF draws an image in, first the row that is stored first
		1: {w, 0, 0, h, 0, 0}, 2: {-w, 0, 0, h, w, 0}, 3: {-w, 0, 0, -h, w, h}, 4: {w, 0, 0, -h, 0, h},
		5: {0, -h, -w, 0, w, h}, 6: {0, -h, w, 0, 0, h}, 7: {0, h, w, 0, 0, 0}, 8: {0, h, -w, 0, w, 0},
	}[max(1, st.Orientation)]
	var c bytes.Buffer
	rows := 0
	parms := map[string]types.IndirectRef{} // a fax has dozens of strips, which say the same of themselves
	for i, part := range st.Parts {
		name := fmt.Sprintf("I%d", i)
		d := storedDict(st, part)
		if p, ok := d["DecodeParms"].(types.Dict); ok && len(st.Parts) > 2 {
			key := p.PDFString()
			if _, ok := parms[key]; !ok {
				parms[key] = s.b.add(p)
			}
			d["DecodeParms"] = parms[key]
		}
		out.images[name] = s.b.add(stream(d, part.Data))
		share, top := float64(part.Rows)/float64(st.Height), float64(rows)/float64(st.Height)
		rows += part.Rows
		low := 1 - top - share
		fmt.Fprintf(&c, "q %s %s %s %s %s %s cm /%s Do Q\n", number(m[0]), number(m[1]), number(m[2]*share), number(m[3]*share), number(m[4]+m[2]*low), number(m[5]+m[3]*low), name)
	}
	out.content = c.Bytes()
	return out
}

// storedDict says how a part of a stored picture is decoded.
func storedDict(st *picture.Stored, part picture.Part) types.Dict {
	d := types.Dict{"Subtype": types.Name("Image"), "Width": types.Integer(st.Width), "Height": types.Integer(part.Rows), "BitsPerComponent": types.Integer(st.Bits)}
	d["ColorSpace"] = types.Name("DeviceGray")
	if st.Components == 3 {
		d["ColorSpace"] = types.Name("DeviceRGB")
	}
	if st.Palette != nil {
		d["ColorSpace"] = types.Array{types.Name("Indexed"), types.Name("DeviceRGB"), types.Integer(len(st.Palette)/3 - 1), types.HexLiteral(fmt.Sprintf("%X", st.Palette))}
	}
	switch st.Coding {
	case picture.JPEG:
		d["Filter"] = types.Name("DCTDecode")
	case picture.Group4:
		d["Filter"] = types.Name("CCITTFaxDecode")
		parms := types.Dict{"K": types.Integer(-1), "Columns": types.Integer(st.Width), "Rows": types.Integer(part.Rows)}
		if st.BlackIsOne {
			parms["BlackIs1"] = types.Boolean(true)
		}
		d["DecodeParms"] = parms
	case picture.Zlib:
		d["Filter"] = types.Name("FlateDecode")
		d["DecodeParms"] = types.Dict{"Predictor": types.Integer(15), "Columns": types.Integer(st.Width), "Colors": types.Integer(st.Components), "BitsPerComponent": types.Integer(st.Bits)}
	}
	return d
}

// drawn is a page as a viewer shows it: of an image file without loss, of any other as a JPEG.
func (s *images) drawn(p *page) (pdfPage, error) {
	out := sheet(p, scale(p, 0))
	if p.Source == nil {
		return out, nil // a blank page
	}
	img, err := p.Source.Pixels(0)
	if err != nil {
		return out, nil // it cannot be shown, and what was read of it stays
	}
	k := scale(p, 0)
	at, high := p.Source.Box, p.Height*k
	b := img.Bounds()
	_, gray := img.(*image.Gray)
	d := types.Dict{"Type": types.Name("XObject"), "Subtype": types.Name("Image"), "Width": types.Integer(b.Dx()), "Height": types.Integer(b.Dy()), "BitsPerComponent": types.Integer(8), "ColorSpace": types.Name("DeviceRGB")}
	if gray {
		d["ColorSpace"] = types.Name("DeviceGray")
	}
	var data bytes.Buffer
	if s.raster {
		d["Filter"] = types.Name("FlateDecode")
		if err := pixels(&data, img, gray); err != nil {
			return out, err
		}
	} else {
		d["Filter"] = types.Name("DCTDecode")
		if err := jpeg.Encode(&data, img, &jpeg.Options{Quality: drawnQuality}); err != nil {
			return out, err
		}
	}
	out.images["I0"] = s.b.add(stream(d, data.Bytes()))
	out.content = []byte(fmt.Sprintf("q %s 0 0 %s %s %s cm /I0 Do Q\n", number(at.Width()*k), number(at.Height()*k), number(at.X0*k), number(high-at.Y1*k)))
	return out, nil
}

// pixels packs the pixels of an image row by row.
func pixels(to *bytes.Buffer, img image.Image, gray bool) error {
	z := zlib.NewWriter(to)
	b := img.Bounds()
	row := make([]byte, 0, 3*b.Dx())
	rgba, ok := img.(*image.RGBA)
	if !ok && !gray {
		rgba = image.NewRGBA(b)
		draw.Draw(rgba, b, img, b.Min, draw.Src)
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row = row[:0]
		if gray {
			g := img.(*image.Gray)
			row = append(row, g.Pix[g.PixOffset(b.Min.X, y):][:b.Dx()]...)
		} else {
			at := rgba.PixOffset(b.Min.X, y)
			for x := range b.Dx() {
				row = append(row, rgba.Pix[at+4*x:at+4*x+3]...)
			}
		}
		if _, err := z.Write(row); err != nil {
			return err
		}
	}
	return z.Close()
}

// original is a page of a PDF with the images that stand on it, as they are stored there.
func (s *images) original(from sourcePage, p *page) (out pdfPage, err error) {
	src, err := from.of.page(from.number)
	if err != nil {
		return out, err
	}
	c := s.scanned[from.of]
	if c == nil {
		c = &copier{b: s.b, from: from.of, to: map[int]types.IndirectRef{}}
		s.scanned[from.of] = c
	}
	out = pdfPage{media: src.media(), rotate: (src.rotate + p.Turn) % 360, images: types.Dict{}, point: src.point}
	var content strings.Builder
	for i, im := range src.images {
		name := fmt.Sprintf("I%d", i)
		ref, err := c.image(im.ref)
		if err != nil {
			return out, err
		}
		out.images[name] = ref
		m := im.at
		fmt.Fprintf(&content, "q %s %s %s %s %s %s cm /%s Do Q\n", number(m[0]), number(m[1]), number(m[2]), number(m[3]), number(m[4]), number(m[5]), name)
	}
	out.content = []byte(content.String())
	return out, nil
}
