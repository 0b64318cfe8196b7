package pdf_test

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nianbao/nianbao/extract/pdf"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

// engine is shared by all tests: its start is the slow part.
var engine *pdf.Engine

func TestMain(m *testing.M) {
	engine = &pdf.Engine{CacheDir: filepath.Join(os.TempDir(), "nianbao-pdfium"), Parallel: 2}
	code := m.Run()
	if err := engine.Close(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func read(t *testing.T, data []byte) (*layout.Document, []diag.Warning) {
	t.Helper()
	doc, warnings, err := engine.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { doc.Close() })
	return doc, warnings
}

func texts(p layout.Page) string {
	var out []string
	for _, w := range p.Words {
		out = append(out, w.Text)
	}
	return strings.Join(out, "|")
}

func TestWords(t *testing.T) {
	tests := []struct {
		name, content, want, reason string
	}{
		{"run", "BT /F1 12 Tf 100 700 Td (7730.28) Tj ET", "7730.28", "one run is one word"},
		{"apart", "BT /F1 12 Tf 100 700 Td (12) Tj 30 0 Td (34) Tj ET", "12|34", "a gap wider than 0.3 em parts words"},
		{"touching", "BT /F1 12 Tf 100 700 Td (12) Tj 13.4 0 Td (34) Tj ET", "1234", "pieces of one number are set by several operators"},
		{"ruling between", "114 690 m 114 720 l S BT /F1 12 Tf 100 700 Td (12) Tj 15 0 Td (34) Tj ET", "12|34", "a ruling between two digits parts cells, however near they are"},
		{"ruling between in one run", "113.6 690 m 113.6 720 l S BT /F1 12 Tf 100 700 Td (1234) Tj ET", "12|34", "the same within one operator"},
		{"ruling above", "114 720 m 114 740 l S BT /F1 12 Tf 100 700 Td (1234) Tj ET", "1234", "a ruling elsewhere parts nothing"},
		{"size", "BT /F1 12 Tf 100 700 Td (12) Tj 13.4 0 Td /F1 7 Tf (1) Tj ET", "12| 1", "a smaller digit on the line may be a note: it is set apart"},
		{"scaled font", "BT /F1 1 Tf 12 0 0 12 100 700 Tm (739) Tj ET", "739", "the size is in the matrix as often as in the font"},
		{"blank", "BT /F1 12 Tf 100 700 Td (12 34) Tj ET", "12|34", "a blank ends a word"},
		{"bold twice", "BT /F1 12 Tf 100 700 Td (12) Tj 0.3 0 Td (12) Tj ET", "12", "a repetition on the same spot is bold print"},
		{"narrow letters", "BT /F1 12 Tf 100 700 Td (ill...) Tj ET", "ill...", "the same narrow letter twice is no bold print"},
		{"han", "BT /F2 12 Tf 100 700 Td " + han("行政许可") + " Tj ET", "行政许可", ""},
		{"wide width kept", "BT /F2 12 Tf 100 700 Td " + han("２０２４") + " Tj ET", "２０２４", "widths are for normalize to fold"},
		{"invisible", "BT /F1 12 Tf 100 700 Td (12) Tj 3 Tr 60 0 Td (99) Tj ET", "12", "text that is not shown is no text"},
		{"watermark", "BT /F1 12 Tf 100 700 Td (12) Tj ET BT /F1 40 Tf 0.7 0.7 -0.7 0.7 200 300 Tm (77) Tj ET", "12", "text at an angle lies over the page"},
		{"outside", "BT /F1 12 Tf 100 700 Td (12) Tj 600 0 Td (99) Tj ET", "12", "text outside the page is not shown"},
		{"stacked rows", "BT /F1 12 Tf 100 700 Td (1) Tj 0 -14 Td (2) Tj 0 -14 Td (3) Tj ET", "1|2|3", "figures under each other are rows, not a vertical number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, _ := read(t, page(sheet{content: tt.content}))
			p := doc.Pages[0]
			if got := texts(p); got != tt.want {
				t.Errorf("words %q, want %q: %s", got, tt.want, tt.reason)
			}
			if p.Route != layout.RouteText || p.Unit != layout.Points || p.Number != 1 {
				t.Errorf("route %s, unit %s, number %d", p.Route, p.Unit, p.Number)
			}
		})
	}
}

func TestVertical(t *testing.T) {
	doc, _ := read(t, page(sheet{content: "BT /F3 10 Tf 100 700 Td " + glyphs("本年度办理") + " Tj ET BT /F2 10 Tf 200 700 Td " + han("总计") + " Tj ET"}))
	words := doc.Pages[0].Words
	if got := texts(doc.Pages[0]); got != "本年度办理|总计" {
		t.Fatalf("words %q", got)
	}
	if !words[0].Vertical || words[1].Vertical {
		t.Errorf("Vertical is %v and %v, want true and false", words[0].Vertical, words[1].Vertical)
	}
	if b := words[0].Box; b.Height() < 45 || b.Width() > 12 {
		t.Errorf("box %v is not that of five characters under each other", b)
	}
}

func TestRotation(t *testing.T) {
	// The same displayed page, stored in four ways: "12" stands 100 points from the left and 200
	// from the top of a page of 400 x 300 points, its base line level.
	tests := []struct {
		rotate                 int
		box, content, cropText string
	}{
		{0, "0 0 400 300", "BT /F1 10 Tf 1 0 0 1 100 100 Tm (12) Tj ET 100 90 m 300 90 l S", ""},
		{90, "0 0 300 400", "BT /F1 10 Tf 0 1 -1 0 200 100 Tm (12) Tj ET 210 100 m 210 300 l S", ""},
		{180, "0 0 400 300", "BT /F1 10 Tf -1 0 0 -1 300 200 Tm (12) Tj ET 100 210 m 300 210 l S", ""},
		{270, "0 0 300 400", "BT /F1 10 Tf 0 -1 1 0 100 300 Tm (12) Tj ET 90 300 m 90 100 l S", ""},
		{0, "50 60 450 360", "BT /F1 10 Tf 1 0 0 1 150 160 Tm (12) Tj ET 150 150 m 350 150 l S", ""},
	}
	for _, tt := range tests {
		doc, _ := read(t, page(sheet{content: tt.content, mediaBox: tt.box, extra: fmt.Sprintf("/Rotate %d", tt.rotate)}))
		p := doc.Pages[0]
		if p.Width != 400 || p.Height != 300 {
			t.Errorf("rotate %d: page %g x %g", tt.rotate, p.Width, p.Height)
		}
		if len(p.Words) != 1 || p.Words[0].Text != "12" || p.Words[0].Vertical {
			t.Fatalf("rotate %d: words %+v", tt.rotate, p.Words)
		}
		b := p.Words[0].Box
		if math.Abs(b.X0-100) > 1 || math.Abs(b.Y1-201.2) > 1 || b.Height() != 10 && math.Abs(b.Height()-10) > 0.1 {
			t.Errorf("rotate %d: box %+v", tt.rotate, b)
		}
		if len(p.Rulings) != 1 {
			t.Fatalf("rotate %d: rulings %v", tt.rotate, p.Rulings)
		}
		r := p.Rulings[0]
		if !r.Horizontal() || math.Abs(r.From.X-100) > 0.1 || math.Abs(r.From.Y-210) > 0.1 || math.Abs(r.To.X-300) > 0.1 {
			t.Errorf("rotate %d: ruling %+v", tt.rotate, r)
		}
	}
}

func TestSideways(t *testing.T) {
	// A page whose text runs upwards is turned clockwise by the reader.
	doc, _ := read(t, page(sheet{content: "BT /F1 10 Tf 0 1 -1 0 200 100 Tm (1234) Tj ET 210 100 m 210 300 l S"}))
	p := doc.Pages[0]
	if p.Width != 842 || p.Height != 595 {
		t.Errorf("page %g x %g, want it turned", p.Width, p.Height)
	}
	if got := texts(p); got != "1234" || p.Words[0].Vertical || p.Words[0].Box.Width() < 20 {
		t.Errorf("words %+v", p.Words)
	}
	if len(p.Rulings) != 1 || !p.Rulings[0].Horizontal() {
		t.Errorf("rulings %v", p.Rulings)
	}
}

func TestRulings(t *testing.T) {
	word := " BT /F1 10 Tf 500 50 Td (x) Tj ET"
	tests := []struct {
		name, content string
		want          []layout.Ruling
		reason        string
	}{
		{"stroke", "2 w 100 742 m 300 742 l S", []layout.Ruling{ruling(100, 100, 300, 100, 2)}, ""},
		{"scaled", "q 2 0 0 2 100 0 cm 1 w 0 371 m 100 371 l S Q", []layout.Ruling{ruling(100, 100, 300, 100, 2)}, "the matrix counts, for the thickness too"},
		{"thin fill", "100 741.5 200 1 re f", []layout.Ruling{ruling(100, 100, 300, 100, 1)}, "Word draws borders as filled rectangles"},
		{"thin fill upright", "100 642 0.5 100 re f", []layout.Ruling{ruling(100.25, 100, 100.25, 200, 0.5)}, ""},
		{"box", "100 642 200 100 re S", []layout.Ruling{ruling(100, 200, 300, 200, 1), ruling(300, 100, 300, 200, 1), ruling(100, 100, 300, 100, 1), ruling(100, 100, 100, 200, 1)}, "a stroked rectangle has four sides"},
		{"frame", "100 642 200 100 re 101 643 198 98 re f*", []layout.Ruling{ruling(100.5, 100, 100.5, 200, 1), ruling(299.5, 100, 299.5, 200, 1), ruling(100, 100.5, 300, 100.5, 1), ruling(100, 199.5, 300, 199.5, 1)}, "WeasyPrint fills between two rectangles"},
		{"thick frame", "100 642 200 100 re 120 662 160 60 re f*", nil, "that is no line"},
		{"shade", "0.8 g 100 642 200 100 re f", nil, "shading is no ruling"},
		{"clip", "100 642 200 100 re W n", nil, "a clip is not drawn"},
		{"curve", "100 742 m 150 800 250 800 300 742 c S", nil, "letters and ornaments are no rulings"},
		{"slant", "100 742 m 300 700 l S", nil, "a stroke across a cell is none"},
		{"dot", "100 742 0.5 0.5 re f", nil, "the corner of a border is not a border"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, _ := read(t, page(sheet{content: tt.content + word}))
			got := doc.Pages[0].Rulings
			if len(got) != len(tt.want) {
				t.Fatalf("rulings %v, want %v: %s", got, tt.want, tt.reason)
			}
			for i, r := range got {
				w := tt.want[i]
				for _, d := range []float64{r.From.X - w.From.X, r.From.Y - w.From.Y, r.To.X - w.To.X, r.To.Y - w.To.Y, r.Thickness - w.Thickness} {
					if math.Abs(d) > 0.05 {
						t.Errorf("ruling %+v, want %+v: %s", r, w, tt.reason)
						break
					}
				}
			}
		})
	}
}

func ruling(x0, y0, x1, y1, thickness float64) layout.Ruling {
	return layout.Ruling{From: layout.Point{X: x0, Y: y0}, To: layout.Point{X: x1, Y: y1}, Thickness: thickness}
}

func TestFormXObject(t *testing.T) {
	data := file(func(b *builder) []sheet {
		font := "<</Font <</F1 1 0 R>>>>"
		inner := b.stream("/Type /XObject /Subtype /Form /BBox [0 0 400 400] /Matrix [1 0 0 1 10 0] /Resources "+font,
			"BT /F1 10 Tf 0 10 Td (77) Tj ET 0 0 m 100 0 l S")
		outer := b.stream(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Resources <</XObject <</I %d 0 R>>>>", inner),
			"q 1 0 0 1 20 300 cm /I Do Q")
		return []sheet{{content: "q 1 0 0 1 70 242 cm /O Do Q", xobjects: fmt.Sprintf("/O %d 0 R", outer)}}
	})
	doc, _ := read(t, data)
	p := doc.Pages[0]
	if texts(p) != "77" || math.Abs(p.Words[0].Box.X0-100) > 0.5 {
		t.Errorf("words %+v", p.Words)
	}
	if len(p.Rulings) != 1 || math.Abs(p.Rulings[0].From.X-100) > 0.1 || math.Abs(p.Rulings[0].From.Y-300) > 0.1 {
		t.Errorf("rulings %v, want one from 100, 300: forms nest and move", p.Rulings)
	}
}

// picture adds an image of 4 x 6 pixels: black but for the pixel at the upper left.
func picture(b *builder, dict string) int {
	data := make([]byte, 24)
	data[0] = 0xFF
	return b.stream("/Type /XObject /Subtype /Image /Width 4 /Height 6 /ColorSpace /DeviceGray /BitsPerComponent 8"+dict, string(data))
}

func TestScan(t *testing.T) {
	full := "q 595 0 0 842 0 0 cm /X Do Q"
	hidden := "BT 3 Tr /F1 12 Tf 100 700 Td (1234 5678) Tj ET "
	tests := []struct {
		name, content, extra string
		corner               image.Point // where the white pixel is seen
		size                 image.Point
		warned               bool
		reason               string
	}{
		{"plain", full, "", image.Pt(0, 0), image.Pt(4, 6), false, "pixels as stored, not resampled"},
		{"turned", "q 396.6 0 0 595 200 0 cm /X Do Q", "/MediaBox [0 0 842 595] /Rotate 90", image.Pt(5, 0), image.Pt(6, 4), false, "a viewer turns it clockwise"},
		{"upside down", "q -595 0 0 -842 595 842 cm /X Do Q", "", image.Pt(3, 5), image.Pt(4, 6), false, "the matrix turns it"},
		{"margins", "q 420 0 0 640 80 100 cm /X Do Q", "", image.Pt(0, 0), image.Pt(4, 6), false, "a scan need not fill the page"},
		{"hidden layer", full + " " + hidden, "", image.Pt(0, 0), image.Pt(4, 6), true, "an OCR layer is not what is printed"},
		{"covered text", strings.Replace(hidden, "3 Tr", "", 1) + full, "", image.Pt(0, 0), image.Pt(4, 6), true, "text under an opaque picture is not seen"},
		{"page number over it", full + " BT /F1 12 Tf 290 30 Td (3) Tj ET", "", image.Pt(0, 0), image.Pt(4, 6), true, "a number laid over a scan does not make it a text page"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, warnings := read(t, file(func(b *builder) []sheet {
				return []sheet{{content: tt.content, extra: tt.extra, xobjects: fmt.Sprintf("/X %d 0 R", picture(b, ""))}}
			}))
			p := doc.Pages[0]
			if p.Route != layout.RouteOCR || p.Source == nil || len(p.Words) > 0 {
				t.Fatalf("route %s, scan %v, words %v: %s", p.Route, p.Source != nil, p.Words, tt.reason)
			}
			if warned := len(warnings) == 1 && warnings[0].Code == diag.TextLayerRejected && warnings[0].Page == 1; warned != tt.warned {
				t.Errorf("warnings %v: %s", warnings, tt.reason)
			}
			img, err := p.Source.Pixels(0)
			if err != nil {
				t.Fatal(err)
			}
			if img.Bounds().Size() != tt.size {
				t.Fatalf("picture %v, want %v: %s", img.Bounds(), tt.size, tt.reason)
			}
			for y := range tt.size.Y {
				for x := range tt.size.X {
					want := uint8(0)
					if (image.Point{X: x, Y: y}) == tt.corner {
						want = 255
					}
					if got := color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y; got != want {
						t.Errorf("pixel %d, %d is %d, want %d: %s", x, y, got, want, tt.reason)
					}
				}
			}
		})
	}
}

// TestFlatPixels: the dots of a fax are no squares; they are drawn out as a viewer does.
func TestFlatPixels(t *testing.T) {
	doc, _ := read(t, file(func(b *builder) []sheet {
		return []sheet{{content: "q 595 0 0 446 0 0 cm /X Do Q", xobjects: fmt.Sprintf("/X %d 0 R", picture(b, ""))}}
	}))
	img, err := doc.Pages[0].Source.Pixels(0)
	if err != nil || img.Bounds().Size() != image.Pt(8, 6) {
		t.Errorf("picture %v, %v, want 8 x 6 dots", img.Bounds(), err)
	}
}

func TestDrawnScan(t *testing.T) {
	tests := []struct {
		name, content, reason string
		dict                  string
	}{
		{"tiles", "q 595 0 0 421 0 421 cm /X Do Q q 595 0 0 421 0 0 cm /X Do Q", "several images make up the page", ""},
		{"outlines", strings.Repeat("100 100 m 110 120 120 120 130 100 c f ", 60), "letters drawn as curves must be read from pixels", ""},
		{"stencil", "q 595 0 0 842 0 0 cm /X Do Q", "a mask has no colours of its own", "/ImageMask true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, _ := read(t, file(func(b *builder) []sheet {
				id := picture(b, "")
				if tt.dict != "" {
					id = b.stream("/Type /XObject /Subtype /Image /Width 8 /Height 6 /BitsPerComponent 1 /ImageMask true", "\x00\xFF\x00\xFF\x00\xFF")
				}
				return []sheet{{content: tt.content, xobjects: fmt.Sprintf("/X %d 0 R", id)}}
			}))
			p := doc.Pages[0]
			if p.Route != layout.RouteOCR || p.Source == nil {
				t.Fatalf("route %s: %s", p.Route, tt.reason)
			}
			img, err := p.Source.Pixels(0)
			if err != nil {
				t.Fatal(err)
			}
			size := img.Bounds().Size()
			if size.X*size.Y > 12_000_000 || size.X < 1000 {
				t.Errorf("picture %v", size)
			}
			dark := false
			for y := 0; y < size.Y; y += 7 {
				for x := 0; x < size.X; x += 7 {
					dark = dark || color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y < 128
				}
			}
			if !dark {
				t.Errorf("the drawing is empty: %s", tt.reason)
			}
		})
	}
}

func TestPictures(t *testing.T) {
	line := "BT /F2 12 Tf 50 %d Td " + han("坚持以公开为常态不公开为例外围绕群众关切的重点领域") + " Tj ET "
	prose := fmt.Sprintf(line, 800) + fmt.Sprintf(line, 780)
	tests := []struct {
		name, content string
		want          int
		reason        string
	}{
		{"a table as a picture", prose + "q 300 0 0 450 100 50 cm /X Do Q", 1, ""},
		{"a masked picture", prose + "q 300 0 0 450 100 50 cm /M Do Q", 1, "what its mask leaves is drawn"},
		{"a seal", prose + "q 110 0 0 110 400 300 cm /X Do Q", 0, "too small for a table"},
		{"a background", "q 400 0 0 200 40 650 cm /X Do Q " + prose, 0, "text stands over it"},
		{"the page's background", "q 595 0 0 842 0 0 cm /X Do Q " + prose, 0, "it is the paper"},
	}
	for _, tt := range tests {
		doc, _ := read(t, file(func(b *builder) []sheet {
			mask := b.stream("/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8", "\x00\xff\x00\xff")
			return []sheet{{content: tt.content, xobjects: fmt.Sprintf("/X %d 0 R /M %d 0 R", picture(b, ""), picture(b, fmt.Sprintf("/SMask %d 0 R", mask)))}}
		}))
		p := doc.Pages[0]
		if p.Route != layout.RouteText || len(p.Pictures) != tt.want {
			t.Errorf("%s: route %s, %d pictures, want %d: %s", tt.name, p.Route, len(p.Pictures), tt.want, tt.reason)
			continue
		}
		for _, s := range p.Pictures {
			img, err := s.Pixels(0)
			if err != nil || math.Abs(s.Box.X0-100) > 0.1 || math.Abs(s.Box.Y0-342) > 0.1 {
				t.Fatalf("%s: picture at %+v, %v", tt.name, s.Box, err)
			}
			// The picture is black on its right side, as stored and through its mask.
			b := img.Bounds()
			left, _, _, _ := img.At(b.Dx()/4, b.Dy()/2).RGBA()
			right, _, _, _ := img.At(b.Dx()*3/4, b.Dy()/2).RGBA()
			if masked := tt.name == "a masked picture"; (left > 0x8000) != masked || right > 0x8000 || (b.Dx() == 4) == masked {
				t.Errorf("%s: picture %v, %x on the left, %x on the right", tt.name, b, left, right)
			}
		}
	}
}

func TestDamagedTable(t *testing.T) {
	data := page(sheet{content: "BT /F1 12 Tf 100 700 Td (12) Tj ET"})
	i := strings.LastIndex(string(data), "startxref")
	doc, warnings := read(t, append(data[:i:i], "startxref\n7\n%%EOF\n"...))
	if texts(doc.Pages[0]) != "12" || len(warnings) != 1 || warnings[0].Code != diag.Truncated {
		t.Errorf("words %q, warnings %v", texts(doc.Pages[0]), warnings)
	}
}

func TestHugePage(t *testing.T) {
	// 200 inches square at 300 dpi would be 3.6 gigapixels.
	doc, _ := read(t, page(sheet{mediaBox: "0 0 14400 14400", content: strings.Repeat("100 100 m 110 120 120 120 130 100 c f ", 60)}))
	img, err := doc.Pages[0].Source.Pixels(0)
	if err != nil {
		t.Fatal(err)
	}
	if s := img.Bounds().Size(); s.X*s.Y > 12_000_000 {
		t.Errorf("picture %v: a page is drawn by pixels, not by dpi", s)
	}
}

func TestBlankPage(t *testing.T) {
	doc, warnings := read(t, page(sheet{content: "100 742 m 300 742 l S"}))
	if p := doc.Pages[0]; p.Route != layout.RouteText || p.Source != nil || len(p.Rulings) != 1 || len(warnings) != 0 {
		t.Errorf("page %+v, warnings %v: a page with rulings alone has nothing to read", p, warnings)
	}
}

func TestGarbageLayer(t *testing.T) {
	line := func(s string) string {
		return "BT /F2 12 Tf 50 700 Td " + han(s) + " Tj ET"
	}
	tests := []struct {
		name, text string
		garbage    bool
	}{
		{"prose", "坚持以公开为常态不公开为例外围绕群众关切的重点领域及时准确公开各类政府信息", false},
		{"traditional", "本機關主動公開政府資訊情況如下所示年度報告依據條例第五十條之規定編製", false},
		{"rare", "犐犆犛犔犌犕狅狆犲狉犪狋犻狅狀狊犮狉狔狆狋狅犵狉犪狆犺狔", true},
		{"soup", `!"#$%&'()*+,-./:;<=>?@[\]^_!"#$%&'()*+,-./`, true},
		{"western bytes", "ÕþÎñ¹«¿ªÐÅÏ¢±¨¸æ¹¤×÷Äê¶ÈÕþ¸®ÐÅÏ¢", true},
		{"cid", "(cid:123)(cid:77)(cid:9)(cid:123)(cid:77)", true},
		{"figures", "0 0 0 12 34 5 6 7 8 9 10 11 / / / - - 7730.28 1,234", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, warnings := read(t, page(sheet{content: line(tt.text)}))
			p := doc.Pages[0]
			if rejected := p.Route == layout.RouteOCR; rejected != tt.garbage {
				t.Errorf("route %s, warnings %v", p.Route, warnings)
			}
			if tt.garbage != (len(warnings) == 1) {
				t.Errorf("warnings %v", warnings)
			}
		})
	}
}

func TestLyingFont(t *testing.T) {
	// The file says that every glyph is a 1; the glyphs differ in shape.
	doc, warnings := read(t, page(sheet{content: "BT /F4 10 Tf 100 700 Td " + glyphs("本年度0办理321总计") + " Tj ET"}))
	if p := doc.Pages[0]; p.Route != layout.RouteOCR || len(warnings) != 1 || warnings[0].Code != diag.TextLayerRejected {
		t.Fatalf("route %s, words %q, warnings %v", p.Route, texts(p), warnings)
	}
	img, err := doc.Pages[0].Source.Pixels(0)
	if err != nil {
		t.Fatal(err)
	}
	if s := img.Bounds().Size(); s.X != 2479 && s.X != 2480 {
		t.Errorf("drawn %v, want 300 dpi", s)
	}
}

func TestAnnotations(t *testing.T) {
	tests := []struct{ name, annotation, reason string }{
		{"free text", "/Subtype /FreeText /Rect [100 600 200 620] /DA (/F1 12 Tf 0 g) /Contents (4119) /AP <</N %d 0 R>>", "typed over the page"},
		{"field", "/Subtype /Widget /FT /Tx /T (a) /V (4119) /Rect [100 600 200 620] /DA (/F1 12 Tf 0 g) /AP <</N %d 0 R>>", "a filled-in form keeps its numbers outside the page"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, _ := read(t, file(func(b *builder) []sheet {
				look := b.stream("/Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources <</Font <</F1 1 0 R>>>>", "BT /F1 12 Tf 2 5 Td (4119) Tj ET")
				id := b.add("<</Type /Annot /F 4 " + fmt.Sprintf(tt.annotation, look) + ">>")
				return []sheet{{content: "BT /F1 12 Tf 100 700 Td (12) Tj ET", extra: fmt.Sprintf("/Annots [%d 0 R]", id)}}
			}))
			p := doc.Pages[0]
			if got := texts(p); got != "12|4119" {
				t.Fatalf("words %q: %s", got, tt.reason)
			}
			if b := p.Words[1].Box; math.Abs(b.X0-102) > 1 || math.Abs(b.Y1-238.5) > 2 {
				t.Errorf("box %+v", b)
			}
		})
	}
}

func TestField(t *testing.T) {
	// The value alone, no appearance: the viewer is asked to draw it.
	catalog = "/AcroForm <</NeedAppearances true /DR <</Font <</Helv 1 0 R>>>> /DA (/Helv 12 Tf 0 g) /Fields [13 0 R]>>"
	defer func() { catalog = "" }()
	doc, _ := read(t, file(func(b *builder) []sheet {
		id := b.add("<</Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (4119) /F 4 /Rect [100 600 200 620] /DA (/Helv 12 Tf 0 g)>>")
		return []sheet{{content: "BT /F1 12 Tf 100 700 Td (12) Tj ET", extra: fmt.Sprintf("/Annots [%d 0 R]", id)}}
	}))
	if got := texts(doc.Pages[0]); got != "12|4119" {
		t.Errorf("words %q", got)
	}
}

func TestAttachment(t *testing.T) {
	catalog = "/Names <</EmbeddedFiles <</Names [(a) 14 0 R]>>>>"
	defer func() { catalog = "" }()
	_, warnings := read(t, file(func(b *builder) []sheet {
		data := b.stream("/Type /EmbeddedFile", "x")
		b.add(fmt.Sprintf("<</Type /Filespec /F (annex.docx) /UF (annex.docx) /EF <</F %d 0 R>>>>", data))
		return []sheet{{content: "BT /F1 12 Tf 100 700 Td (12) Tj ET"}}
	}))
	if len(warnings) != 1 || warnings[0].Code != diag.Attachment || !strings.Contains(warnings[0].Message, "annex.docx") {
		t.Errorf("warnings %v", warnings)
	}
}

func TestDamagedPage(t *testing.T) {
	// The second of two pages is no page: the first must still come out.
	b := &builder{}
	font := b.add("<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>")
	content := b.stream("", "BT /F1 12 Tf 100 700 Td (12) Tj ET")
	pages := len(b.objects) + 2
	b.add(fmt.Sprintf("<</Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources <</Font <</F1 %d 0 R>>>>>>", pages, content, font))
	b.add(fmt.Sprintf("<</Type /Pages /Kids [%d 0 R 99 0 R] /Count 2>>", pages-1))
	root := b.add(fmt.Sprintf("<</Type /Catalog /Pages %d 0 R>>", pages))
	doc, warnings := read(t, b.bytes(root))
	if len(doc.Pages) != 2 || texts(doc.Pages[0]) != "12" {
		t.Fatalf("pages %+v", doc.Pages)
	}
	if len(warnings) != 1 || warnings[0].Code != diag.PageUnreadable || warnings[0].Page != 2 {
		t.Errorf("warnings %v", warnings)
	}
}

// TestManyObjects: a file that asks PDFium for more than one instance keeps is read on in another.
func TestManyObjects(t *testing.T) {
	const pages = 40
	doc, warnings := read(t, file(func(*builder) (out []sheet) {
		for i := range pages {
			var c strings.Builder
			fmt.Fprintf(&c, "BT /F1 5 Tf 10 820 Td (page %d) Tj ET\n", i)
			c.WriteString("BT 3 Tr /F1 5 Tf 10 10 Td (unseen) Tj 0 Tr ET\n") // for which each character's object is asked for
			for line := range 70 {
				fmt.Fprintf(&c, "BT /F1 5 Tf 10 %d Td (%s) Tj ET\n", 800-10*line, strings.Repeat("12 ", 30))
			}
			out = append(out, sheet{content: c.String()})
		}
		return out
	}))
	if len(doc.Pages) != pages || len(warnings) != 0 {
		t.Fatalf("%d pages, %v", len(doc.Pages), warnings)
	}
	for i, p := range doc.Pages {
		if want := fmt.Sprintf("page|%d|12", i); !strings.HasPrefix(texts(p), want) {
			t.Errorf("page %d says %.40q", i, texts(p))
		}
		if img, err := p.Source.Pixels(20000); err != nil || img.Bounds().Empty() { // the page is drawn from what is open now
			t.Errorf("page %d: %v", i, err)
		}
	}
}

func TestErrors(t *testing.T) {
	good := page(sheet{content: "BT /F1 12 Tf 100 700 Td (12) Tj ET"})
	locked, err := os.ReadFile("testdata/locked.pdf")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"empty", nil, diag.ErrEmpty},
		{"text", []byte("年度报告"), diag.ErrFormat},
		{"header alone", []byte("%PDF-1.4\n"), diag.ErrDamaged},
		{"cut", good[:200], diag.ErrDamaged},
		{"locked", locked, diag.ErrEncrypted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := engine.Read(tt.data)
			if !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

func TestCloseTwice(t *testing.T) {
	doc, _, err := engine.Read(page(sheet{content: "BT /F1 12 Tf 100 700 Td (12) Tj ET"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Close(); err != nil {
		t.Error(err)
	}
	if err := doc.Close(); err != nil {
		t.Error(err)
	}
}

func TestMoreDocumentsThanInstances(t *testing.T) {
	// A folder of scans, each a PDF: all are open before the first is decoded.
	var docs []*layout.Document
	for range 5 {
		doc, _ := read(t, file(func(b *builder) []sheet {
			return []sheet{{content: "q 595 0 0 842 0 0 cm /X Do Q", xobjects: fmt.Sprintf("/X %d 0 R", picture(b, ""))}}
		}))
		docs = append(docs, doc)
	}
	var group sync.WaitGroup
	for i, doc := range docs {
		group.Go(func() {
			for range 3 {
				img, err := doc.Pages[0].Source.Pixels(0)
				if err != nil || img.Bounds().Dx() != 4 {
					t.Errorf("document %d: %v", i, err)
					return
				}
			}
		})
	}
	group.Wait()
	if err := docs[0].Close(); err != nil {
		t.Error(err)
	}
	if _, err := docs[0].Pages[0].Source.Pixels(0); err == nil {
		t.Error("a closed document was decoded")
	}
}

// TestOtherPrograms reads files that LibreOffice wrote: see testdata/README.md.
func TestOtherPrograms(t *testing.T) {
	for _, name := range []string{"table.pdf", "restricted.pdf"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			doc, warnings := read(t, data)
			p := doc.Pages[0]
			for _, want := range []string{"行政许可", "7730.28", "规章"} {
				if !strings.Contains("|"+texts(p)+"|", "|"+want+"|") {
					t.Errorf("no word %q among %q", want, texts(p))
				}
			}
			if len(p.Rulings) < 8 || len(warnings) != 0 {
				t.Errorf("%d rulings, warnings %v", len(p.Rulings), warnings)
			}
			img, err := p.Source.Pixels(100_000)
			if err != nil {
				t.Fatal(err)
			}
			if s := img.Bounds().Size(); s.X*s.Y > 100_000 || s.X*s.Y < 90_000 {
				t.Errorf("drawn as %v, want at most 100 000 pixels", s)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	data, err := os.ReadFile("testdata/table.pdf")
	if err != nil {
		b.Fatal(err)
	}
	pages := 0
	for b.Loop() {
		doc, _, err := engine.Read(data)
		if err != nil {
			b.Fatal(err)
		}
		pages += len(doc.Pages)
		doc.Close()
	}
	b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
}

// FuzzRead holds the reader to its promise for files of any kind: known errors, pages that add up.
func FuzzRead(f *testing.F) {
	f.Add(page(sheet{content: "BT /F1 12 Tf 100 700 Td (12) Tj ET 100 742 m 300 742 l S"}))
	f.Add(file(func(b *builder) []sheet {
		return []sheet{{content: "q 595 0 0 842 0 0 cm /X Do Q", xobjects: fmt.Sprintf("/X %d 0 R", picture(b, "")), extra: "/Rotate 90"}}
	}))
	f.Add([]byte("%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, _, err := engine.Read(data)
		if err != nil {
			for _, known := range []error{diag.ErrEmpty, diag.ErrFormat, diag.ErrDamaged, diag.ErrEncrypted, diag.ErrTooLarge} {
				if errors.Is(err, known) {
					return
				}
			}
			t.Fatalf("error %v is of no known kind", err)
		}
		defer doc.Close()
		for i, p := range doc.Pages {
			if p.Number != i+1 || p.Route == layout.RouteOCR && p.Source == nil {
				t.Errorf("page %d: number %d, route %s, scan %v", i+1, p.Number, p.Route, p.Source != nil)
			}
			for _, w := range p.Words {
				if w.Text == "" || !(layout.Rect{X1: p.Width, Y1: p.Height}).Contains(w.Box.Center()) {
					t.Errorf("word %+v on a page of %g x %g", w, p.Width, p.Height)
				}
			}
		}
	})
}
