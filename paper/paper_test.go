package paper

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/extract/picture"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/report"
)

// opener is shared: compiling its PDF engine takes seconds.
var opener extract.Opener

func TestMain(m *testing.M) {
	code := m.Run()
	_ = opener.PDF.Close()
	os.Exit(code)
}

// read is the document of a file with these blocks on its first page.
func read(t *testing.T, name string, data []byte) *layout.Document {
	t.Helper()
	d, _, err := opener.Open(context.Background(), name, data)
	if err != nil {
		t.Fatal(err)
	}
	if d.Close != nil {
		t.Cleanup(func() { _ = d.Close() })
	}
	return d
}

// filled is a document with a line, and a cell whose number the sums mended from 72 to 12.
func filled(t *testing.T, name string, data []byte) Document {
	t.Helper()
	d := read(t, name, data)
	p := &d.Pages[0]
	w, h := p.Width, p.Height
	p.Words = []layout.Word{{Text: "政府信息公开", Box: layout.Rect{X0: 0.1 * w, Y0: 0.1 * h, X1: 0.5 * w, Y1: 0.13 * h}, Size: 0.03 * h, Confidence: 0.9}}
	box := layout.Rect{X0: 0.6 * w, Y0: 0.5 * h, X1: 0.8 * w, Y1: 0.55 * h}
	cell := layout.Cell{RowSpan: 1, ColSpan: 1, Page: p.Number, Box: box, Text: "72"}
	p.Blocks = []layout.Block{{Table: &layout.Table{Rows: 1, Cols: 1, Cells: []layout.Cell{cell}}}}
	year := 2024
	r := &report.Report{Meta: report.Meta{Title: "甲县2024年度报告 <&>", Issuer: "甲县人民政府", Year: &year}, Producer: report.Producer{Name: "nianbao", Version: "1"}}
	const path = "/tables/requests/received/total"
	n, err := report.ParseNumber("12")
	if err != nil {
		t.Fatal(err)
	}
	r.Tables.Set(path, report.Value{Number: &n})
	number, at := p.Number, [4]float64{box.X0, box.Y0, box.X1, box.Y1}
	r.Cells = []report.Cell{{Path: path, Raw: "72", Verdict: report.Repaired, Confidence: 0.99, Page: &number, Box: &at}}
	d.SHA256 = strings.Repeat("0a", 32)
	return Document{Layout: d, Files: [][]byte{data}, Report: r}
}

func written(t *testing.T, k Kind, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, k, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// quarters is a picture whose quarters have four colours, 60 by 40.
func quarters() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	colours := []color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 0, 255}}
	for y := range 40 {
		for x := range 60 {
			img.Set(x, y, colours[x/30+2*(y/20)])
		}
	}
	return img
}

func pngOf(t *testing.T, img image.Image, orientation int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), byte(orientation), 0, 0, 0, 0, 0, 0)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(exif)))
	chunk = append(append(chunk, "eXIf"...), exif...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	const header = 8 + 25
	return append(append(append([]byte{}, b.Bytes()[:header]...), chunk...), b.Bytes()[header:]...)
}

func jpegOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func scans() []*synth.Scan {
	return synth.LayOut(synth.Make(3, synth.Options{Form: "2021", Size: synth.Medium}), synth.Plain()).Scans(synth.Fax, 3)
}

// around is a PDF around a JPEG, drawn through a form, with a page box off the origin, turned by some degrees; extra is more of its content.
func around(t *testing.T, data []byte, turn int, extra string) []byte {
	t.Helper()
	b := &strings.Builder{}
	var at []int
	object := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[10 20 310 220]/Rotate %d/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>", turn))
	content := "q 300 0 0 200 10 20 cm /F Do Q " + extra
	object(fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content))
	object("<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</I 6 0 R>>>>/Length 5>>stream\n/I Do\nendstream")
	object(fmt.Sprintf("<</Type/XObject/Subtype/Image/Width 60/Height 40/BitsPerComponent 8/ColorSpace/DeviceRGB/Interpolate true/Filter/DCTDecode/Length %d>>stream\n%s\nendstream", len(data), data))
	start := b.Len()
	fmt.Fprintf(b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return []byte(b.String())
}

// TestImagesStay: the bytes of stored images are in the paper as they are in the source.
func TestImagesStay(t *testing.T) {
	photo := jpegOf(t, quarters())
	fax := synth.TIFF(scans())
	stored := func(name string, data []byte) (parts [][]byte) {
		for _, s := range picture.StoredIn(data) {
			if s == nil {
				t.Fatalf("%s is not stored as it could be", name)
			}
			for _, p := range s.Parts {
				parts = append(parts, p.Data)
			}
		}
		return parts
	}
	plain := pngOf(t, quarters(), 1)
	for _, tt := range []struct {
		name  string
		data  []byte
		parts [][]byte
	}{
		{"photo.jpg", photo, [][]byte{photo}},
		{"fax.tif", fax, stored("fax", fax)},
		{"scan.png", plain, stored("png", plain)},
		{"scan.pdf", around(t, photo, 0, ""), [][]byte{photo}},
		{"turned.pdf", around(t, photo, 90, "BT 3 Tr /F 9 Tf (an old text layer \\) ) Tj ET"), [][]byte{photo}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := written(t, PDF, filled(t, tt.name, tt.data))
			for i, p := range tt.parts {
				if !bytes.Contains(out, p) {
					t.Errorf("part %d is not in the paper as it was stored", i)
				}
			}
			if again := written(t, PDF, filled(t, tt.name, tt.data)); !bytes.Equal(out, again) {
				t.Error("a second paper of the same document is another one")
			}
		})
	}
	if bytes.Contains(written(t, PDF, filled(t, "stamped.pdf", around(t, photo, 0, "10 10 50 50 re f"))), photo) {
		t.Error("what is drawn over the image is lost")
	}
}

// TestSeen: a paper shows what its source shows.
func TestSeen(t *testing.T) {
	photo := jpegOf(t, quarters())
	sources := map[string][]byte{"photo.jpg": photo, "fax.tif": synth.TIFF(scans()[:1])}
	for o := 1; o <= 8; o++ {
		sources[fmt.Sprintf("orientation%d.png", o)] = pngOf(t, quarters(), o)
	}
	for turn := 0; turn < 360; turn += 90 {
		sources[fmt.Sprintf("turn%d.pdf", turn)] = around(t, photo, turn, "")
		sources[fmt.Sprintf("stamped%d.pdf", turn)] = around(t, photo, turn, "10 10 50 50 re f")
	}
	for name, data := range sources {
		t.Run(name, func(t *testing.T) {
			d := filled(t, name, data)
			shown := func(p *layout.Page) image.Image {
				img, err := p.Source.Pixels(0)
				if err != nil {
					t.Fatal(err)
				}
				return img
			}
			want := shown(&d.Layout.Pages[0])
			paper := read(t, "paper.pdf", written(t, PDF, d))
			got := shown(&paper.Pages[0])
			a, b := d.Layout.Pages[0], paper.Pages[0]
			if math.Abs(a.Width/a.Height-b.Width/b.Height) > 0.01 {
				t.Fatalf("the page is %g x %g and was %g x %g", b.Width, b.Height, a.Width, a.Height)
			}
			for _, at := range [][2]float64{{0.2, 0.2}, {0.8, 0.2}, {0.2, 0.8}, {0.8, 0.8}, {0.5, 0.3}} {
				pick := func(img image.Image) color.Color {
					return img.At(int(at[0]*float64(img.Bounds().Dx())), int(at[1]*float64(img.Bounds().Dy())))
				}
				if w, g := pick(want), pick(got); !strings.HasSuffix(name, ".tif") && far(w, g) {
					t.Errorf("at %v it shows %v and was %v", at, g, w)
				}
			}
		})
	}
}

func far(a, b color.Color) bool {
	r, g, bl, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	d := func(x, y uint32) float64 { return math.Abs(float64(x) - float64(y)) }
	return d(r, r2)+d(g, g2)+d(bl, b2) > 3*0x3000
}

// placedWord is a word that poppler finds, and the place of its middle in parts of the page as it is shown.
type placedWord struct {
	text string
	x, y float64
}

// found are the words of a paper's only page. turned says that the page stands upright by a turn to the side.
func found(t *testing.T, paper []byte, turned bool) (out []placedWord) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("no pdftotext: install poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, paper, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-bbox", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	number := func(s string) float64 { x, _ := strconv.ParseFloat(s, 64); return x }
	page := pageSize.FindStringSubmatch(string(text)) // as it lies in the file, and the words as they are shown
	if turned {
		page[1], page[2] = page[2], page[1]
	}
	for _, m := range wordBox.FindAllStringSubmatch(string(text), -1) {
		out = append(out, placedWord{m[5], (number(m[1]) + number(m[3])) / 2 / number(page[1]), (number(m[2]) + number(m[4])) / 2 / number(page[2])})
	}
	return out
}

var (
	wordBox  = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>`)
	pageSize = regexp.MustCompile(`<page width="([\d.]+)" height="([\d.]+)"`)
)

// TestText: poppler finds the line and the mended number where they stand, whichever way the page lies.
func TestText(t *testing.T) {
	photo := jpegOf(t, quarters())
	for _, turn := range []int{0, 90, 180, 270} {
		words := found(t, written(t, PDF, filled(t, "scan.pdf", around(t, photo, turn, ""))), turn%180 != 0)
		for _, want := range []placedWord{{"政府信息公开", 0.3, 0.115}, {"12", 0.7, 0.525}} {
			if !slices.ContainsFunc(words, func(w placedWord) bool { return w.text == want.text && math.Hypot(w.x-want.x, w.y-want.y) < 0.02 }) {
				t.Errorf("turned by %d: there is no %v in %v", turn, want, words)
			}
		}
		if slices.ContainsFunc(words, func(w placedWord) bool { return w.text == "72" }) {
			t.Error("the number is there as it was misread")
		}
	}
}

// TestRows: numbers that stand evenly are words of their own, in cells of any shape, and one that was read as nothing and mended is there.
func TestRows(t *testing.T) {
	photo := jpegOf(t, quarters())
	for _, shape := range []struct{ width, height float64 }{{0.05, 0.1}, {0.03, 0.2}, {0.1, 0.03}, {0.05, 0.02}} {
		d := filled(t, "scan.pdf", around(t, photo, 0, ""))
		p := &d.Layout.Pages[0]
		table := p.Blocks[0].Table
		table.Cells[0].Text = "" // the sums mended it
		want := []placedWord{{"12", 0.7, 0.525}}
		for i := range 14 {
			text := []string{"0", "10", "2516", "0", "0", "0", "138.5"}[i%7]
			x, y := shape.width*float64(1+i%7), 0.1+shape.height*float64(i/7)
			box := layout.Rect{X0: x * p.Width, Y0: y * p.Height, X1: (x + shape.width) * p.Width, Y1: (y + shape.height) * p.Height}
			table.Cells = append(table.Cells, layout.Cell{Row: 1 + i/7, Col: i % 7, RowSpan: 1, ColSpan: 1, Page: 1, Box: box, Text: text})
			want = append(want, placedWord{text, x + shape.width/2, y + shape.height/2})
		}
		words := found(t, written(t, PDF, d), false)
		for _, w := range want {
			inCell := func(g placedWord) bool {
				return g.text == w.text && math.Abs(g.x-w.x) < shape.width/2 && math.Abs(g.y-w.y) < shape.height/2
			}
			if !slices.ContainsFunc(words, inCell) {
				t.Errorf("cells of %v: there is no %v in %v", shape, w, words)
			}
		}
	}
}

// TestVeraPDF has veraPDF look at the papers.
func TestVeraPDF(t *testing.T) {
	jars, err := filepath.Glob("../tools/verapdf/jars/*.jar")
	if _, java := exec.LookPath("java"); err != nil || java != nil || len(jars) == 0 {
		t.Skip("no veraPDF: make verapdf fetches it from Maven Central (Java and Maven are needed)")
	}
	photo := jpegOf(t, quarters())
	for part, attach := range map[string][]byte{"2b": nil, "3b": []byte(`{"schema":"annual-report/1"}`)} {
		args := []string{"-cp", "../tools/verapdf/jars/*", "../tools/verapdf/Validate.java", part}
		for name, data := range map[string][]byte{
			"photo.jpg": photo, "fax.tif": synth.TIFF(scans()), "scan.png": pngOf(t, quarters(), 6), "scan.pdf": around(t, photo, 90, ""), "stamped.pdf": around(t, photo, 0, "10 10 50 50 re f"),
		} {
			d := filled(t, name, data)
			d.Attach = attach
			file := filepath.Join(t.TempDir(), name+".pdf")
			if err := os.WriteFile(file, written(t, PDF, d), 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, file)
		}
		if out, err := exec.Command("java", args...).CombinedOutput(); err != nil {
			t.Errorf("PDF/A-%s: %v\n%s", part, err, out)
		}
	}
}

// TestALTO and TestHOCR: well-formed, every text in its box, the mended number with its path.
func TestALTO(t *testing.T) {
	out := written(t, ALTO, filled(t, "photo.jpg", jpegOf(t, quarters())))
	var f altoFile
	if err := xml.Unmarshal(out, &f); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<MeasurementUnit>pixel</MeasurementUnit>`, `CONTENT="12" WC="0.99"`, `LABEL="/tables/requests/received/total"`, `LABEL="row 0 column 0 rows 1 columns 1"`,
		`HPOS="6" VPOS="4" WIDTH="24" HEIGHT="1.2" CONTENT="政府信息公开" WC="0.9"`,
	} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("%s is not in\n%s", want, out)
		}
	}
	schema := os.Getenv("NIANBAO_ALTO_SCHEMA")
	if schema == "" {
		t.Skip("the schema was not tried: NIANBAO_ALTO_SCHEMA names no alto-4-4.xsd")
	}
	c := exec.Command("xmllint", "--noout", "--schema", schema, "-")
	c.Stdin = bytes.NewReader(out)
	if said, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

func TestHOCR(t *testing.T) {
	out := written(t, HOCR, filled(t, "scan.pdf", around(t, jpegOf(t, quarters()), 0, "")))
	d := xml.NewDecoder(bytes.NewReader(out))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{
		`title="image &quot;scan.pdf&quot;; bbox 0 0 1250 834; ppageno 0"`, `data-path="/tables/requests/received/total"`, `x_wconf 99">12</span>`, `title="bbox 125 83 625 109; x_wconf 90">政府信息公开</span>`,
		`<title>甲县2024年度报告 &lt;&amp;&gt;</title>`,
	} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("%s is not in\n%s", want, out)
		}
	}
}

// FuzzTokens: a content stream of any bytes is taken apart, and no token is empty.
func FuzzTokens(f *testing.F) {
	f.Add([]byte("q 1 0 0 1 0 0 cm /I Do Q (a\\)b) Tj <</A [1 2]>> <0a> % x\n"))
	f.Fuzz(func(t *testing.T, c []byte) {
		for _, token := range tokens(c) {
			if token == "" {
				t.Fatal("an empty token")
			}
		}
	})
}
