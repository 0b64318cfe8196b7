package pdf_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/ccitt"
	"github.com/nianbao/nianbao/extract/pdf"
	"github.com/nianbao/nianbao/extract/turbo"
	"github.com/nianbao/nianbao/layout"
)

// scanPage is a page that a scanner made: further entries of its dictionary, its content, and its image.
type scanPage struct{ extra, content, dict, data string }

// scanOf makes a file of such pages.
func scanOf(pages ...scanPage) []byte {
	b := &builder{}
	tree := 3*len(pages) + 1
	var kids []string
	for _, p := range pages {
		img := b.stream("/Type /XObject /Subtype /Image "+p.dict, p.data)
		content := b.stream("", p.content)
		kids = append(kids, fmt.Sprintf("%d 0 R", b.add(fmt.Sprintf(
			"<</Type /Page /Parent %d 0 R /Contents %d 0 R /Resources <</XObject <</Im0 %d 0 R>>>> %s>>", tree, content, img, p.extra))))
	}
	b.add(fmt.Sprintf("<</Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 595.32 841.92]>>", strings.Join(kids, " "), len(kids)))
	return b.bytes(b.add(fmt.Sprintf("<</Type /Catalog /Pages %d 0 R>>", tree)))
}

// jpegOf is a picture of noise with a slope, as image/jpeg stores it, and its dictionary.
func jpegOf(grey bool, width, height int) (dict, data string) {
	r := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	var m image.Image
	space := "/DeviceGray"
	if grey {
		img := image.NewGray(image.Rect(0, 0, width, height))
		for i := range img.Pix {
			img.Pix[i] = uint8(i + r.IntN(60))
		}
		m = img
	} else {
		img := image.NewRGBA(image.Rect(0, 0, width, height))
		for i := range img.Pix {
			img.Pix[i] = uint8(i/3 + r.IntN(90))
		}
		m, space = img, "/DeviceRGB"
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		panic(err)
	}
	return fmt.Sprintf("/Width %d /Height %d /BitsPerComponent 8 /ColorSpace %s /Filter /DCTDecode", width, height, space), out.String()
}

// faxOf is a picture of dots, coded by T.6.
func faxOf(width, height int, parameters string) (dict, data string) {
	r := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		if img.Pix[i] = 255; r.IntN(5) == 0 {
			img.Pix[i] = 0
		}
	}
	return fmt.Sprintf("/Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms <</K -1 /Columns %d %s>>",
		width, height, width, parameters), string(ccitt.Encode(img))
}

const fullPage = "q 595.32 0 0 841.92 0 0 cm /Im0 Do Q"

// same holds what was read of a file without PDFium against what PDFium reads.
func same(t *testing.T, data []byte) {
	t.Helper()
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return // before anybody reads it
	}
	got, warnings, err := engine.Read(data)
	want, known, err2 := engine.ReadByPDFium(data)
	if (err == nil) != (err2 == nil) || !slices.Equal(warnings, known) {
		t.Fatalf("%v, %v; by PDFium %v, %v", err, warnings, err2, known)
	}
	if err != nil {
		return
	}
	defer got.Close()
	defer want.Close()
	if len(got.Pages) != len(want.Pages) {
		t.Fatalf("%d pages, by PDFium %d", len(got.Pages), len(want.Pages))
	}
	for i, g := range got.Pages {
		w := want.Pages[i]
		if g.Width != w.Width || g.Height != w.Height || g.Route != w.Route || g.Number != w.Number || g.Unit != w.Unit ||
			(g.Source == nil) != (w.Source == nil) || len(g.Words) != len(w.Words) {
			t.Fatalf("page %+v, by PDFium %+v", g, w)
		}
		if g.Route != layout.RouteOCR {
			continue
		}
		if g.Source.Box != w.Source.Box {
			t.Fatalf("page %d: an image at %v, by PDFium %v", i+1, g.Source.Box, w.Source.Box)
		}
		a, err := g.Source.Pixels(0)
		b, err2 := w.Source.Pixels(0)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("page %d: %v; by PDFium %v", i+1, err, err2)
		}
		if err == nil && !equal(a, b) {
			t.Fatalf("page %d: other pixels, %T %v, by PDFium %T %v", i+1, a, a.Bounds(), b, b.Bounds())
		}
	}
}

func equal(a, b image.Image) bool {
	switch a := a.(type) {
	case *image.Gray:
		b, ok := b.(*image.Gray)
		return ok && a.Rect == b.Rect && bytes.Equal(a.Pix, b.Pix)
	case *image.RGBA:
		b, ok := b.(*image.RGBA)
		return ok && a.Rect == b.Rect && bytes.Equal(a.Pix, b.Pix)
	}
	return false
}

// TestSheets: scans are read without PDFium, to the same bit.
func TestSheets(t *testing.T) {
	pages := map[string]scanPage{}
	add := func(name, extra, content string, dict, data string) {
		pages[name] = scanPage{extra, content, dict, data}
	}
	colour, colourData := jpegOf(false, 83, 117)
	grey, greyData := jpegOf(true, 83, 117)
	add("colour", "", fullPage, colour, colourData)
	add("grey", "", fullPage, grey, greyData)
	add("turned", "/Rotate 90", fullPage, grey, greyData)
	add("turned back", "/Rotate -90", fullPage, colour, colourData)
	add("upside down", "", "q -595.32 0 0 -841.92 595.32 841.92 cm /Im0 Do Q", grey, greyData)
	add("on its side", "/MediaBox [0 0 841.92 595.32]", "q 0 595.32 -841.92 0 841.92 0 cm /Im0 Do Q", grey, greyData)
	add("margins", "/CropBox [10.5 10.5 580 900]", "q 500.1234 0 0 700.98765 40.1 50.7 cm /Im0 Do Q", grey, greyData)
	for i, parameters := range []string{"/Rows 91", "/Rows 91 /BlackIs1 true", "/BlackIs1 false"} {
		dict, data := faxOf(67, 91, parameters)
		add(fmt.Sprint("fax ", i), "", fullPage, dict, data)
	}
	for name, p := range pages {
		t.Run(name, func(t *testing.T) {
			data := scanOf(p, p)
			same(t, data)
			e := &pdf.Engine{}
			defer e.Close()
			doc, _, err := e.Read(data)
			if err != nil {
				t.Fatal(err)
			}
			defer doc.Close()
			if img, err := doc.Pages[1].Source.Pixels(0); err != nil || img.Bounds().Empty() {
				t.Fatal(err)
			}
			if e.Started() && turbo.Dots([]byte(greyData), 1, 83, 117) != nil { // without cgo PDFium decodes
				t.Error("PDFium was started")
			}
		})
	}
}

// TestSheetNumbers: places are the same to the bit, whatever the numbers.
func TestSheetNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	dict, data := jpegOf(true, 16, 16)
	number := func(from, to float64) string { return fmt.Sprintf("%.*f", r.IntN(9), from+r.Float64()*(to-from)) }
	var pages []scanPage
	for range 200 {
		pages = append(pages, scanPage{
			fmt.Sprintf("/MediaBox [%s %s %s %s] /Rotate %d", number(-9, 9), number(-9, 9), number(500, 900), number(500, 900), 90*r.IntN(8)-360),
			fmt.Sprintf("q %s 0 0 %s %s %s cm /Im0 Do Q", number(500, 900), number(500, 900), number(-9, 9), number(-9, 9)), dict, data,
		})
	}
	same(t, scanOf(pages...))
	e := &pdf.Engine{}
	defer e.Close()
	doc, _, err := e.Read(scanOf(pages...))
	if err != nil {
		t.Fatal(err)
	}
	defer doc.Close()
	if e.Started() {
		t.Error("PDFium was started")
	}
}

// TestPackedSheets: newer files keep their objects, and the table of them, in streams.
func TestPackedSheets(t *testing.T) {
	dict, picture := jpegOf(true, 21, 30)
	var out bytes.Buffer
	out.WriteString("%PDF-1.5\n")
	at := map[int]int{}
	stream := func(number int, dict, data string) {
		at[number] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n<<%s /Length %d>>\nstream\n%s\nendstream\nendobj\n", number, dict, len(data), data)
	}
	packed := func(s string) string {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		_, _ = z.Write([]byte(s))
		_ = z.Close()
		return b.String()
	}
	objects := []string{
		"<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595.32 841.92]>>",
		"<</Type /Page /Parent 2 0 R /Contents 5 0 R /Resources <</XObject <</Im0 4 0 R>>>>>>",
	}
	index, bodies := "", ""
	for i, o := range objects {
		index += fmt.Sprintf("%d %d ", i+1, len(bodies))
		bodies += o + " "
	}
	stream(4, "/Type /XObject /Subtype /Image "+dict, picture)
	stream(5, "/Filter /FlateDecode", packed(fullPage))
	stream(6, fmt.Sprintf("/Type /ObjStm /N %d /First %d /Filter /FlateDecode", len(objects), len(index)), packed(index+bodies))
	rows, above := "", make([]byte, 4)
	for n := range 8 {
		row := []byte{0, 0, 0, 0}
		switch {
		case n >= 1 && n <= 3:
			row = []byte{2, 0, 6, byte(n - 1)}
		case n == 7:
			row = []byte{1, byte(out.Len() >> 8), byte(out.Len()), 0}
		case n > 3:
			row = []byte{1, byte(at[n] >> 8), byte(at[n]), 0}
		}
		rows += "\x02"
		for i := range row {
			rows += string([]byte{row[i] - above[i]})
		}
		above = row
	}
	start := out.Len()
	stream(7, "/Type /XRef /Size 8 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns 4>>", packed(rows))
	fmt.Fprintf(&out, "startxref\n%d\n%%%%EOF\n", start)
	same(t, out.Bytes())
	e := &pdf.Engine{}
	defer e.Close()
	doc, _, err := e.Read(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	defer doc.Close()
	if e.Started() {
		t.Error("PDFium was started")
	}
}

// TestMoreThanSheets: what is more than an image, or an image of another kind, is PDFium's.
func TestMoreThanSheets(t *testing.T) {
	dict, data := jpegOf(true, 83, 117)
	colour, colourData := jpegOf(false, 83, 117)
	for _, p := range []scanPage{
		{"", fullPage + " BT ET", dict, data},
		{"", "q 0 0 10 10 re W n 595.32 0 0 841.92 0 0 cm /Im0 Do Q", dict, data},
		{"", fullPage + fullPage, dict, data},
		{"", "q 2 0 0 2 0 0 cm 297.66 0 0 420.96 0 0 cm /Im0 Do Q", dict, data},
		{"", "q 59.532 0 0 84.192 0 0 cm /Im0 Do Q", dict, data},
		{"", "q 595.32 100 -100 841.92 0 0 cm /Im0 Do Q", dict, data},
		{"", fullPage, dict + " /Decode [1 0]", data},
		{"", fullPage, dict + " /Mask [0 9]", data},
		{"", fullPage, strings.Replace(dict, "117", "116", 1), data},
		{"", fullPage, strings.Replace(dict, "DeviceGray", "DeviceRGB", 1), data},
		{"", fullPage, dict, data[:len(data)-40]},
		{"", fullPage, strings.Replace(colour, "/DeviceRGB", "[/CalRGB <</WhitePoint [0.9 1 1.1]>>]", 1), colourData},
		{"/Annots [<</Type /Annot /Subtype /Square /Rect [0 0 50 50] /C [1 0 0]>>]", fullPage, dict, data},
		{"/UserUnit 2", fullPage, dict, data},
		{"/Rotate 45", fullPage, dict, data},
		{"/Group <</S /Transparency /CS /DeviceRGB>>", fullPage, dict, data},
	} {
		same(t, scanOf(p))
		e := &pdf.Engine{CacheDir: engine.CacheDir}
		if doc, _, err := e.Read(scanOf(p)); err == nil {
			if doc.Pages[0].Source != nil {
				_, _ = doc.Pages[0].Source.Pixels(0) // what is asked is who is asked
			}
			doc.Close()
		}
		if !e.Started() {
			t.Errorf("%v was read without PDFium", p)
		}
		e.Close()
	}
}

// FuzzSheets holds what is read without PDFium against PDFium, of files that are damaged.
func FuzzSheets(f *testing.F) {
	dict, data := jpegOf(true, 21, 30)
	f.Add(scanOf(scanPage{"", fullPage, dict, data}))
	dict, data = jpegOf(false, 21, 30)
	f.Add(scanOf(scanPage{"/Rotate 90", fullPage, dict, data}))
	dict, data = faxOf(21, 30, "/BlackIs1 true")
	f.Add(scanOf(scanPage{"", fullPage, dict, data}))
	f.Fuzz(same)
}

// TestDamagedSheets: of a scan with one byte of another kind, at any place, the same is read as by PDFium.
func TestDamagedSheets(t *testing.T) {
	tries := 400
	if testing.Short() {
		tries = 40
	}
	r := rand.New(rand.NewPCG(7, 11))
	grey, greyData := jpegOf(true, 21, 30)
	colour, colourData := jpegOf(false, 21, 30)
	fax, faxData := faxOf(21, 30, "/Rows 30 /BlackIs1 true")
	whole := [][]byte{
		scanOf(scanPage{"/Rotate 90 /CropBox [1 2 590 830]", fullPage, colour, colourData}),
		scanOf(scanPage{"", fullPage, grey, greyData}),
		scanOf(scanPage{"", "q 0 595.32 -841.92 0 595.32 0 cm /Im0 Do Q", fax, faxData}),
	}
	const kinds = "0123456789 /<>[]()%-.\nRQqfn#X\x00\xff"
	for i := range tries {
		data := bytes.Clone(whole[i%len(whole)])
		at := r.IntN(len(data))
		if begin := bytes.Index(data, []byte("\xff\xd8")); at >= begin && at < begin+len(colourData) && begin > 0 {
			continue // what is no picture any more is noise, and each library's its own
		}
		data[at] = kinds[r.IntN(len(kinds))]
		t.Run(fmt.Sprintf("%d.%q", i%len(whole), string(data[max(0, at-20):min(len(data), at+10)])), func(t *testing.T) { same(t, data) })
	}
}
