package picture_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/nianbao/nianbao/extract/picture"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func read(t testing.TB, data []byte) *layout.Document {
	t.Helper()
	doc, warnings, err := picture.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(warnings) != 0 {
		t.Errorf("warnings: %v", warnings)
	}
	return doc
}

func decode(t testing.TB, p layout.Page) image.Image {
	t.Helper()
	img, err := p.Source.Pixels(0)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// difference is the mean distance of two pictures' samples, and -1 when their sizes differ.
func difference(a, b image.Image) float64 {
	if a.Bounds() != b.Bounds() {
		return -1
	}
	sum, n := 0.0, 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			p := color.NRGBAModel.Convert(a.At(x, y)).(color.NRGBA)
			q := color.NRGBAModel.Convert(b.At(x, y)).(color.NRGBA)
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B)} {
				sum += max(float64(d), -float64(d))
				n++
			}
		}
	}
	return sum / float64(n)
}

func original(t testing.TB, name string) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(file(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

const (
	exact = 0.0
	lossy = 6.0 // levels, on average, that JPEG at quality 90 may be off on a line drawing
)

func TestReadAsDrawn(t *testing.T) {
	tests := []struct {
		file, as string
		within   float64
		reason   string
	}{
		{"bilevel.png", "bilevel.png", exact, "one bit a dot"},
		{"gray.png", "gray.png", exact, "the plain case"},
		{"color.png", "color.png", exact, "the plain case"},
		{"alpha.png", "gray.png", exact, "opaque alpha changes nothing"},
		{"clear.png", "gray.png", 16, "transparent means paper, not black"},
		{"palette.png", "color.png", 3, "16 colours"},
		{"gray_16.png", "gray.png", exact, "16 bits"},
		{"interlaced.png", "gray.png", exact, "Adam7"},
		{"g4.tif", "bilevel.png", exact, "Group 4"},
		{"huffman.tif", "bilevel.png", exact, "rows on byte boundaries without end-of-line codes"},
		{"g3_2d.tif", "bilevel.png", exact, "Group 3, two-dimensional, with fill bits"},
		{"g4_lsb_strips.tif", "bilevel.png", exact, "bits reversed, a strip every 20 rows"},
		{"g4_tiles.tif", "bilevel.png", exact, "tiles that reach over the edges"},
		{"magick_g3.tif", "bilevel.png", exact, "the Group 3 file that other Go readers refuse"},
		{"magick_min_is_black.tif", "bilevel.png", exact, "black is zero"},
		{"gray_none.tif", "gray.png", exact, "no compression"},
		{"gray_lzw.tif", "gray.png", exact, "LZW"},
		{"gray_packbits_big.tif", "gray.png", exact, "PackBits, big endian"},
		{"gray_bigtiff.tif", "gray.png", exact, "64-bit offsets"},
		{"gray_16.tif", "gray.png", exact, "16 bits, Deflate"},
		{"palette.tif", "gray.png", 12, "4 colours"},
		{"color_lzw.tif", "color.png", exact, "RGB"},
		{"color_lzw_predictor.tif", "color.png", exact, "differences from the left neighbour"},
		{"color_planes.tif", "color.png", exact, "each colour on its own"},
		{"color_tiles.tif", "color.png", exact, "LZW tiles"},
		{"cmyk.tif", "color.png", 3, "four inks"},
		{"color_jpeg.tif", "color.png", lossy, "JPEG with tables apart"},
		{"color_jpeg_rgb_strips.tif", "color.png", lossy, "JPEG of plain RGB in strips"},
		{"color_jpeg_tiles.tif", "color.png", lossy, "JPEG tiles"},
		{"gray.jpg", "gray.png", lossy, "one component"},
		{"color_progressive.jpg", "color.png", lossy, "progressive"},
		{"color_444.jpg", "color.png", lossy, "a chroma for every dot"},
		{"color_422.jpg", "color.png", lossy, "one for two dots side by side"},
		{"color_440.jpg", "color.png", lossy, "one for two dots one above the other"},
		{"color_420.jpg", "color.png", lossy, "one for four dots"},
		{"cmyk_adobe.jpg", "color.png", lossy, "four inks, inverted as Adobe does"},
		{"cmyk_magick.jpg", "color.png", lossy, "four inks by ImageMagick"},
		{"exif_3.jpg", "color.png", lossy, "upside down"},
		{"exif_6.jpg", "color.png", lossy, "a telephone held upright"},
		{"exif_8.jpg", "color.png", lossy, "a telephone held upright, the other way"},
		{"oriented_2.tif", "gray.png", exact, "mirrored"},
		{"oriented_4.tif", "gray.png", exact, "mirrored upside down"},
		{"oriented_5.tif", "gray.png", exact, "mirrored and turned"},
		{"oriented_7.tif", "gray.png", exact, "mirrored and turned the other way"},
		{"gray.bmp", "gray.png", exact, "BMP"},
		{"bilevel.bmp", "bilevel.png", exact, "BMP of one bit"},
		{"gray.gif", "gray.png", exact, "GIF"},
		{"color.webp", "color.png", exact, "WebP"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			if !picture.Is(file(t, tt.file)) {
				t.Error("Is says no")
			}
			doc := read(t, file(t, tt.file))
			if len(doc.Pages) != 1 {
				t.Fatalf("%d pages", len(doc.Pages))
			}
			p := doc.Pages[0]
			img, want := decode(t, p), original(t, tt.as)
			if d := difference(img, want); d < 0 || d > tt.within {
				t.Errorf("%s: differs by %.2f from %s, want at most %.1f", tt.reason, d, tt.as, tt.within)
			}
			if p.Width != float64(img.Bounds().Dx()) || p.Height != float64(img.Bounds().Dy()) || p.Unit != layout.Pixels || p.Route != layout.RouteOCR {
				t.Errorf("page %v x %v %s %s does not fit its picture %v", p.Width, p.Height, p.Unit, p.Route, img.Bounds())
			}
			switch img.(type) {
			case *image.Gray, *image.YCbCr, *image.RGBA:
			default:
				t.Errorf("a picture of type %T", img)
			}
		})
	}
}

// TestTwoDecoders: whichever library decodes a JPEG, its samples are the same but for rounding, and what one refuses
// is refused.
func TestTwoDecoders(t *testing.T) {
	const rounding = 3
	samples := func(img image.Image, x, y int) [3]uint8 {
		switch m := img.(type) {
		case *image.Gray:
			return [3]uint8{m.GrayAt(x, y).Y}
		case *image.YCbCr:
			c := m.YCbCrAt(x, y)
			return [3]uint8{c.Y, c.Cb, c.Cr}
		}
		t.Fatalf("a picture of type %T", img)
		return [3]uint8{}
	}
	for _, name := range []string{"gray.jpg", "color_420.jpg", "color_422.jpg", "color_440.jpg", "color_444.jpg", "color_progressive.jpg"} {
		data := file(t, name)
		img := decode(t, read(t, data).Pages[0])
		want, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != want.Bounds() {
			t.Fatalf("%s: %v for %v", name, img.Bounds(), want.Bounds())
		}
		for y := range want.Bounds().Dy() {
			for x := range want.Bounds().Dx() {
				a, b := samples(img, x, y), samples(want, x, y)
				for i := range a {
					if d := int(a[i]) - int(b[i]); d > rounding || d < -rounding {
						t.Fatalf("%s: %v at %d, %d for %v", name, a, x, y, b)
					}
				}
			}
		}
		broken := bytes.Clone(data)
		copy(broken[len(broken)*2/3:], "\xff\xc4\x00\x03\x7f")
		_, want2 := jpeg.Decode(bytes.NewReader(broken))
		_, got := read(t, broken).Pages[0].Source.Pixels(0)
		if (got == nil) != (want2 == nil) {
			t.Errorf("%s, broken in the middle: %v for %v", name, got, want2)
		}
	}
}

// TestTwoSizes: a file that says its size twice, the second time a page as large as a house, is refused before anything
// that large is made.
func TestTwoSizes(t *testing.T) {
	data := file(t, "gray.jpg")
	scan := bytes.Index(data, []byte{0xff, 0xda})
	huge := []byte{0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0}
	twice := append(append(bytes.Clone(data[:scan]), huge...), data[scan:]...)
	var before, after runtime.MemStats
	p := read(t, twice).Pages[0]
	runtime.ReadMemStats(&before)
	_, err := p.Source.Pixels(0)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, diag.ErrDamaged) && !errors.Is(err, diag.ErrFormat) {
		t.Errorf("decoded with %v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 100<<20 {
		t.Errorf("%d bytes were made", n)
	}
}

func TestFaxDotsBecomeSquare(t *testing.T) {
	p := read(t, file(t, "g3.tif")).Pages[0]
	if p.Width != 163 || p.Height != 189 {
		t.Fatalf("page of %v x %v, want 163 x 189 (91 rows * 204/98)", p.Width, p.Height)
	}
	img := decode(t, p).(*image.Gray)
	if img.Bounds() != image.Rect(0, 0, 163, 189) {
		t.Fatalf("picture %v", img.Bounds())
	}
	// The rulings at rows 8, 40 and 80, two dots thick, must be where they were drawn out to.
	for _, y := range []float64{9, 41, 81} {
		if v := img.GrayAt(30, int(y*204/98)).Y; v > 100 {
			t.Errorf("no ruling at row %d: level %d", int(y*204/98), v)
		}
	}
}

func TestPages(t *testing.T) {
	doc := read(t, file(t, "pages.tif"))
	if len(doc.Pages) != 3 {
		t.Fatalf("%d pages, want 3", len(doc.Pages))
	}
	for i, name := range []string{"bilevel.png", "gray.png", "color.png"} {
		if doc.Pages[i].Number != i+1 {
			t.Errorf("page %d has number %d", i+1, doc.Pages[i].Number)
		}
		if d := difference(decode(t, doc.Pages[i]), original(t, name)); d != 0 {
			t.Errorf("page %d differs by %.2f from %s", i+1, d, name)
		}
	}
}

func TestInksWithoutAdobesMark(t *testing.T) {
	data := file(t, "cmyk_adobe.jpg")
	at := bytes.Index(data, []byte("\xff\xee\x00\x0eAdobe"))
	if at < 0 {
		t.Fatal("the fixture has no Adobe segment")
	}
	data = append(append([]byte{}, data[:at]...), data[at+16:]...)
	img := decode(t, read(t, data).Pages[0])
	// The same samples now mean the opposite amounts of ink: pale paper becomes dark.
	if r, _, _, _ := img.At(80, 3).RGBA(); r>>8 > 60 {
		t.Errorf("level %d where much ink is", r>>8)
	}
}

// What is left of a cut file must be as drawn, the rest white, and a warning must say so.
func TestCutShort(t *testing.T) {
	for name, as := range map[string]string{
		"gray.jpg": "gray.png", "gray.png": "gray.png", "color.png": "color.png", "gray_none.tif": "gray.png",
		"gray_bigtiff.tif": "", "color_jpeg.tif": "", "g4.tif": "", "color_progressive.jpg": "",
	} {
		data := file(t, name)
		for _, part := range []float64{0.97, 0.75, 0.5} {
			cut := data[:int(part*float64(len(data)))]
			doc, warnings, err := picture.Read(cut)
			if err != nil { // the directory of a TIFF may come last
				if !errors.Is(err, diag.ErrDamaged) {
					t.Errorf("%s cut to %.2f: %v, want ErrDamaged", name, part, err)
				}
				continue
			}
			if len(warnings) == 0 && name == "g4.tif" && part > 0.9 {
				continue // what comes last in this file is not needed
			}
			if len(warnings) != 1 || warnings[0].Code != diag.Truncated || warnings[0].Page != 1 {
				t.Errorf("%s cut to %.2f: warnings %v", name, part, warnings)
			}
			img, err := doc.Pages[0].Source.Pixels(0)
			if err != nil {
				if !errors.Is(err, diag.ErrDamaged) {
					t.Errorf("%s cut to %.2f: %v, want ErrDamaged", name, part, err)
				}
				continue
			}
			if as == "" {
				continue
			}
			want, rows := original(t, as), img.Bounds().Dy()
			good := 0
			for y := range rows {
				line := image.Rect(0, y, 163, y+1)
				if d := difference(sub(img, line), sub(want, line)); d < 12 {
					good++
				}
			}
			if float64(good) < (part-0.35)*float64(rows) {
				t.Errorf("%s cut to %.2f: %d of %d rows are as drawn", name, part, good, rows)
			}
		}
	}
}

func sub(img image.Image, r image.Rectangle) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for y := range r.Dy() {
		for x := range r.Dx() {
			out.Set(x, y, img.At(r.Min.X+x, r.Min.Y+y))
		}
	}
	return out
}

func TestRefused(t *testing.T) {
	big := file(t, "gray_none.tif")
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, diag.ErrEmpty},
		{"text", []byte("年度报告"), diag.ErrFormat},
		{"JPEG 2000", []byte("\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\x00\x14ftypjp2 "), diag.ErrFormat},
		{"HEIC of a telephone", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), diag.ErrFormat},
		{"a PNG that ends in its header", file(t, "gray.png")[:20], diag.ErrDamaged},
		{"a TIFF that says 60000 x 60000", widened(t, big), diag.ErrTooLarge},
		{"a TIFF without a directory", []byte("II*\x00\x08\x00\x00\x00"), diag.ErrDamaged},
	}
	for _, tt := range tests {
		if _, _, err := picture.Read(tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// widened rewrites the sizes in a little-endian TIFF's directory.
func widened(t *testing.T, data []byte) []byte {
	data = bytes.Clone(data)
	n := 0
	for _, tag := range []string{"\x00\x01", "\x01\x01"} {
		for _, kind := range []string{"\x03\x00", "\x04\x00"} {
			entry := []byte(tag + kind + "\x01\x00\x00\x00")
			if at := bytes.Index(data, entry); at >= 0 {
				copy(data[at+8:], "\x60\xea\x00\x00")
				n++
			}
		}
	}
	if n != 2 {
		t.Fatal("the directory has no sizes")
	}
	return data
}

func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil || len(names) < 40 {
		f.Fatalf("%d seeds, %v", len(names), err)
	}
	for _, name := range names {
		f.Add(file(f, filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, _, err := picture.Read(data)
		if err != nil {
			if !errors.Is(err, diag.ErrFormat) && !errors.Is(err, diag.ErrDamaged) && !errors.Is(err, diag.ErrEmpty) && !errors.Is(err, diag.ErrTooLarge) {
				t.Fatalf("an error that says nothing to the user: %v", err)
			}
			return
		}
		for _, p := range doc.Pages {
			if p.Width*p.Height > 4e6 {
				continue
			}
			img, err := p.Source.Pixels(0)
			if err != nil {
				if !errors.Is(err, diag.ErrFormat) && !errors.Is(err, diag.ErrDamaged) && !errors.Is(err, diag.ErrTooLarge) {
					t.Fatalf("page %d: %v", p.Number, err)
				}
				continue
			}
			if b := img.Bounds(); b.Min != (image.Point{}) || float64(b.Dx()) != p.Width || float64(b.Dy()) != p.Height {
				t.Fatalf("page %d of %v x %v decodes to %v", p.Number, p.Width, p.Height, b)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for _, name := range []string{"g4.tif", "gray.jpg", "gray.png"} {
		b.Run(name, func(b *testing.B) {
			p := read(b, file(b, name)).Pages[0]
			for b.Loop() {
				decode(b, p)
			}
		})
	}
}
