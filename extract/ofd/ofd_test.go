package ofd_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"github.com/nianbao/nianbao/extract/ofd"
	"github.com/nianbao/nianbao/internal/dev/work"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/tables"
)

const space = ` xmlns:ofd="http://www.ofdspec.org/2016"`

// file is an OFD file by its parts; file("") fills in what every file has.
type file map[string]string

// sheet makes a file of one page of 210 x 297 mm with that content.
func sheet(content string) file {
	return file{"Doc_0/Pages/Page_0/Content.xml": page(content)}
}

func page(content string) string {
	return `<ofd:Page` + space + `><ofd:Content><ofd:Layer ID="2">` + content + `</ofd:Layer></ofd:Content></ofd:Page>`
}

func (f file) bytes(t testing.TB) []byte {
	t.Helper()
	set := func(name, text string) {
		if _, ok := f[name]; !ok {
			f[name] = text
		}
	}
	set("OFD.xml", `<ofd:OFD`+space+` Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`)
	set("Doc_0/Document.xml", `<ofd:Document`+space+`><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`)
	set("Doc_0/PublicRes.xml", `<ofd:Res`+space+` BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体"/></ofd:Fonts></ofd:Res>`)
	var names []string
	for n := range f {
		names = append(names, n)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, n := range names {
		p, err := w.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write([]byte(f[n])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t *testing.T, f file) (*layout.Document, []diag.Warning) {
	t.Helper()
	doc, warnings, err := ofd.Read(f.bytes(t))
	if err != nil {
		t.Fatal(err)
	}
	return doc, warnings
}

func texts(p layout.Page) string {
	var out []string
	for _, w := range p.Words {
		out = append(out, w.Text)
	}
	return strings.Join(out, "|")
}

// text is a text object at 10, 20 mm with 4 mm characters.
func text(code string) string {
	return `<ofd:TextObject ID="4" Boundary="10 20 100 5" Font="3" Size="4">` + code + `</ofd:TextObject>`
}

// TestWorkIsBounded: a file of 3 KB may ask for a great deal of painting, by units in one another and lists of numbers
// that repeat; it gets an end.
func TestWorkIsBounded(t *testing.T) {
	nested := func(deep int) []byte {
		uses := func(id string) string {
			return strings.Repeat(`<ofd:CompositeObject ID="9" ResourceID="`+id+`" Boundary="g 99999 1"/>`, 20)
		}
		f := sheet(uses("1"))
		var units strings.Builder
		for i := 1; i < deep; i++ {
			fmt.Fprintf(&units, `<ofd:CompositeGraphicUnit ID="%d"><ofd:Content>%s</ofd:Content></ofd:CompositeGraphicUnit>`, i, uses(fmt.Sprint(i+1)))
		}
		line := `<ofd:PathObject ID="9" Boundary="0 0 9 9" CTM="g 99999 1"><ofd:AbbreviatedData>` + strings.Repeat("M 0 0 L 9 9 ", 20_000) + `</ofd:AbbreviatedData></ofd:PathObject>`
		code := `<ofd:TextObject ID="9" Boundary="0 0 9 9" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g 99999 1">字</ofd:TextCode></ofd:TextObject>`
		fmt.Fprintf(&units, `<ofd:CompositeGraphicUnit ID="%d"><ofd:Content>%s</ofd:Content></ofd:CompositeGraphicUnit>`, deep, strings.Repeat(line+code, 3))
		f["Doc_0/PublicRes.xml"] = `<ofd:Res` + space + `><ofd:CompositeGraphicUnits>` + units.String() + `</ofd:CompositeGraphicUnits></ofd:Res>`
		return f.bytes(t)
	}
	read := func(data []byte) func() {
		return func() {
			if _, _, err := ofd.Read(data); !errors.Is(err, diag.ErrTooLarge) {
				t.Errorf("%d bytes: %v", len(data), err)
			}
		}
	}
	work.Grows(t, 4, read(nested(9)), read(nested(12))) // which asks for 8,000 times as much
}

func TestWords(t *testing.T) {
	tests := []struct{ name, content, want, reason string }{
		{"steps", text(`<ofd:TextCode X="0" Y="4" DeltaX="4 4 4">行政许可</ofd:TextCode>`), "行政许可", ""},
		{"repeats", text(`<ofd:TextCode X="0" Y="4" DeltaX="g 4 4 2">行政许可12</ofd:TextCode>`), "行政许可12", "g n v is n times v"},
		{"a step for all", text(`<ofd:TextCode X="0" Y="4" DeltaX="2" DeltaY="0">100.00</ofd:TextCode>`), "100.00", "a list that ends early goes on with its last step"},
		{"repeats, and a step for the rest", text(`<ofd:TextCode X="0" Y="4" DeltaX="g 2 4 2">许可 332222111</ofd:TextCode>`), "许可|332222111", ""},
		{"apart", text(`<ofd:TextCode X="0" Y="4" DeltaX="2 20 2">1234</ofd:TextCode>`), "12|34", "a wide step parts words"},
		{"figures apart", text(`<ofd:TextCode X="0" Y="4" DeltaX="3.6">12</ofd:TextCode>`), "1|2", "two figures that far apart are two numbers"},
		{"blank", text(`<ofd:TextCode X="0" Y="4" DeltaX="2 2 2 2">12 34</ofd:TextCode>`), "12|34", ""},
		{"no steps", text(`<ofd:TextCode X="0" Y="4">行政许可</ofd:TextCode>`), "行政许可", "the font's own advance"},
		{"two runs", text(`<ofd:TextCode X="0" Y="4" DeltaX="2">12</ofd:TextCode><ofd:TextCode X="30" Y="4" DeltaX="2">34</ofd:TextCode>`), "12|34", ""},
		{"ruling between", text(`<ofd:TextCode X="0" Y="4" DeltaX="2 2.4 2">1234</ofd:TextCode>`) +
			`<ofd:PathObject ID="5" Boundary="14 15 1 15"><ofd:AbbreviatedData>M 0.1 0 L 0.1 15</ofd:AbbreviatedData></ofd:PathObject>`, "12|34", "a ruling parts cells, however near their figures are"},
		{"scaled", `<ofd:TextObject ID="4" CTM="0.5 0 0 0.5 0 0" Boundary="10 20 100 5" Font="3" Size="8"><ofd:TextCode X="0" Y="8" DeltaX="8">总计</ofd:TextCode></ofd:TextObject>`, "总计", ""},
		{"narrowed", `<ofd:TextObject ID="4" Boundary="10 20 100 5" Font="3" Size="8" HScale="0.5"><ofd:TextCode X="0" Y="8" DeltaX="4.1">总计</ofd:TextCode></ofd:TextObject>`, "总计", ""},
		{"hidden", text(`<ofd:TextCode X="0" Y="4" DeltaX="2">12</ofd:TextCode>`) + strings.Replace(text(`<ofd:TextCode X="40" Y="4">9</ofd:TextCode>`), "<ofd:TextObject", `<ofd:TextObject Alpha="0"`, 1) +
			strings.Replace(text(`<ofd:TextCode X="60" Y="4">9</ofd:TextCode>`), "<ofd:TextObject", `<ofd:TextObject Visible="false"`, 1), "12", "what no viewer shows is no text"},
		{"block", `<ofd:PageBlock ID="9">` + text(`<ofd:TextCode X="0" Y="4">7</ofd:TextCode>`) + `</ofd:PageBlock>`, "7", "objects may be grouped"},
		{"indented XML", text("<ofd:TextCode X=\"0\" Y=\"4\" DeltaX=\"4\">\n\t总计\n</ofd:TextCode>"), "总计", "line ends around the text are the file's, not the text's"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, warnings := read(t, sheet(tt.content))
			p := doc.Pages[0]
			if got := texts(p); got != tt.want {
				t.Errorf("words %q, want %q: %s", got, tt.want, tt.reason)
			}
			if p.Route != layout.RouteText || p.Number != 1 || math.Abs(p.Width-595.28) > 0.01 || len(warnings) != 0 {
				t.Errorf("page %d is %g wide, %s, warnings %v", p.Number, p.Width, p.Route, warnings)
			}
			if tt.name == "scaled" || tt.name == "steps" {
				w := p.Words[0]
				if math.Abs(w.Box.X0-28.35) > 0.1 || math.Abs(w.Size-11.34) > 0.1 || math.Abs(w.Box.Y1-(24*72/25.4+0.12*w.Size)) > 0.1 {
					t.Errorf("box %+v, size %g", w.Box, w.Size)
				}
			}
		})
	}
}

func TestVertical(t *testing.T) {
	doc, _ := read(t, sheet(text(`<ofd:TextCode X="0" Y="4" DeltaX="0 0 0" DeltaY="4 4 4">办理结果</ofd:TextCode>`)))
	w := doc.Pages[0].Words
	if len(w) != 1 || w[0].Text != "办理结果" || !w[0].Vertical || w[0].Box.Height() < 3*w[0].Box.Width() {
		t.Errorf("words %+v", w)
	}
	// Turned characters, as a table's narrow column has them.
	doc, _ = read(t, sheet(text(`<ofd:TextCode X="60" Y="4" DeltaX="4 4 4">行政许可</ofd:TextCode>`)+
		`<ofd:TextObject ID="4" CTM="0 1 -1 0 0 0" Boundary="10 20 5 50" Font="3" Size="4"><ofd:TextCode X="0" Y="0" DeltaX="4 4">总计数</ofd:TextCode></ofd:TextObject>`))
	w = doc.Pages[0].Words
	if len(w) != 2 || w[1].Text != "总计数" || !w[1].Vertical || w[0].Vertical {
		t.Errorf("words %+v", w)
	}
}

func TestRulings(t *testing.T) {
	object := func(attrs, data string) string {
		return `<ofd:PathObject ID="5" Boundary="20 30 100 50" ` + attrs + `><ofd:AbbreviatedData>` + data + `</ofd:AbbreviatedData></ofd:PathObject>`
	}
	tests := []struct {
		name, content string
		want          []layout.Ruling // in millimetres
		reason        string
	}{
		{"stroke", object(`LineWidth="0.5"`, "M 0 0 L 80 0"), []layout.Ruling{ruling(20, 30, 100, 30, 0.5)}, ""},
		{"start", object(`LineWidth="0.5"`, "S 0 0 L 80 0 C"), []layout.Ruling{ruling(20, 30, 100, 30, 0.5), ruling(20, 30, 100, 30, 0.5)}, "S begins too, C goes back"},
		{"draw parameter", object(`DrawParam="8"`, "M 0 0 L 80 0"), []layout.Ruling{ruling(20, 30, 100, 30, 0.25)}, ""},
		{"no width", object("", "M 0 0 L 80 0"), []layout.Ruling{ruling(20, 30, 100, 30, 0.353)}, "the standard's default"},
		{"thin fill", object(`Stroke="false" Fill="true"`, "M 0 0 L 80 0 L 80 0.4 L 0 0.4 C"), []layout.Ruling{ruling(20, 30.2, 100, 30.2, 0.4)}, ""},
		{"matrix", object(`LineWidth="1" CTM="0.5 0 0 0.5 10 0"`, "M 0 0 L 80 0"), []layout.Ruling{ruling(30, 30, 70, 30, 0.5)}, ""},
		{"shade", object(`Stroke="false" Fill="true"`, "M 0 0 L 80 0 L 80 40 L 0 40 C"), nil, "shading is no ruling"},
		{"nothing", object(`Stroke="false"`, "M 0 0 L 80 0"), nil, "neither stroked nor filled"},
		{"curve", object("", "M 0 0 B 10 10 20 10 30 0"), nil, "a letter or an ornament"},
		{"broken", object("", "M 0 L x y C L 1"), nil, "what makes no sense is left out"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := sheet(tt.content + text(`<ofd:TextCode X="0" Y="4">7</ofd:TextCode>`))
			f["Doc_0/PublicRes.xml"] = `<ofd:Res` + space + `><ofd:DrawParams><ofd:DrawParam ID="7" LineWidth="0.25"/><ofd:DrawParam ID="8" Relative="9"/><ofd:DrawParam ID="9" Relative="7"/></ofd:DrawParams></ofd:Res>`
			doc, _ := read(t, f)
			got := doc.Pages[0].Rulings
			if len(got) != len(tt.want) {
				t.Fatalf("rulings %v, want %v: %s", got, tt.want, tt.reason)
			}
			const mm = 72 / 25.4
			for i, r := range got {
				w := tt.want[i]
				for _, d := range []float64{r.From.X - w.From.X*mm, r.From.Y - w.From.Y*mm, r.To.X - w.To.X*mm, r.To.Y - w.To.Y*mm, r.Thickness - w.Thickness*mm} {
					if math.Abs(d) > 0.05 {
						t.Errorf("ruling %+v, want %+v mm: %s", r, w, tt.reason)
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

func TestTable(t *testing.T) {
	// A ruled table, its frame in a template: what a stamped form looks like.
	line := func(x0, y0, x1, y1 float64) string {
		return fmt.Sprintf(`<ofd:PathObject ID="5" Boundary="0 0 210 297"><ofd:AbbreviatedData>M %g %g L %g %g</ofd:AbbreviatedData></ofd:PathObject>`, x0, y0, x1, y1)
	}
	set := func(x, y float64, s string) string {
		return fmt.Sprintf(`<ofd:TextObject ID="4" Boundary="%g %g 50 5" Font="3" Size="4"><ofd:TextCode X="0" Y="4">%s</ofd:TextCode></ofd:TextObject>`, x, y, s)
	}
	f := file{
		"Doc_0/Document.xml": `<ofd:Document` + space + `><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>` +
			`<ofd:TemplatePage ID="77" BaseLoc="Tpls\Tpl_0\Content.xml" ZOrder="Background"/></ofd:CommonData>` +
			`<ofd:Pages><ofd:Page ID="1" BaseLoc="/Doc_0/Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`,
		"Doc_0/Tpls/Tpl_0/Content.xml": page(line(20, 30, 120, 30) + line(20, 40, 120, 40) + line(20, 50, 120, 50) + line(20, 30, 20, 50) + line(70, 30, 70, 50) + line(120, 30, 120, 50) + set(22, 33, "规章")),
		"Doc_0/Pages/Page_0/Content.xml": `<ofd:Page` + space + `><ofd:Template TemplateID="77"/><ofd:Content><ofd:Layer ID="2">` +
			set(90, 33, "12") + set(22, 43, "行政许可") + set(90, 43, "7730.28") + `</ofd:Layer></ofd:Content></ofd:Page>`,
	}
	doc, warnings := read(t, f)
	if len(warnings) != 0 {
		t.Errorf("warnings %v", warnings)
	}
	found := tables.Digital(&doc.Pages[0])
	if len(found) != 1 {
		t.Fatalf("%d tables", len(found))
	}
	var got []string
	for _, c := range found[0].Cells {
		got = append(got, c.Text)
	}
	if s := strings.Join(got, "|"); s != "规章|12|行政许可|7730.28" {
		t.Errorf("cells %q", s)
	}
}

// picture is a PNG of 4 x 6 pixels, black but for the one at the upper left.
func picture(t testing.TB) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 40, 60))
	for y := range 10 {
		for x := range 10 {
			img.SetGray(x, y, color.Gray{Y: 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestScan(t *testing.T) {
	full := `<ofd:ImageObject ID="6" CTM="190 0 0 285 0 0" Boundary="0 0 190 285" ResourceID="40"/>`
	words := text(`<ofd:TextCode X="0" Y="4" DeltaX="g 20 4">本年新收政府信息公开申请数量本年新收政府信息公开申请数量</ofd:TextCode>`)
	tests := []struct {
		name, content string
		corner        image.Point // where it is white
		warned        bool
		reason        string
	}{
		{"plain", full, image.Pt(2, 2), false, ""},
		{"no matrix", `<ofd:ImageObject ID="6" Boundary="0 0 190 285" ResourceID="40"/>`, image.Pt(2, 2), false, "the picture fills its boundary"},
		{"upside down", `<ofd:ImageObject ID="6" CTM="-190 0 0 -285 190 285" Boundary="0 0 190 285" ResourceID="40"/>`, image.Pt(37, 57), false, ""},
		{"hidden layer", full + strings.Replace(words, "<ofd:TextObject", `<ofd:TextObject Alpha="0"`, 1), image.Pt(2, 2), true, "双层OFD: the text is what somebody's OCR read"},
		{"covered", words + full, image.Pt(2, 2), true, "text under a picture is not seen"},
		{"number over it", full + text(`<ofd:TextCode X="0" Y="4">3</ofd:TextCode>`), image.Pt(2, 2), true, "a page number does not make it a text page"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := sheet(tt.content)
			f["Doc_0/PublicRes.xml"] = `<ofd:Res` + space + ` BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="40" Type="Image"><ofd:MediaFile>scan.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>`
			f["Doc_0/Res/scan.png"] = picture(t)
			doc, warnings := read(t, f)
			p := doc.Pages[0]
			if p.Route != layout.RouteOCR || p.Source == nil || len(p.Words) > 0 {
				t.Fatalf("route %s, warnings %v: %s", p.Route, warnings, tt.reason)
			}
			if warned := len(warnings) == 1 && warnings[0].Code == diag.TextLayerRejected; warned != tt.warned {
				t.Errorf("warnings %v: %s", warnings, tt.reason)
			}
			img, err := p.Source.Pixels(0)
			if err != nil {
				t.Fatal(err)
			}
			if img.Bounds().Dx() != 40 || img.Bounds().Dy() != 60 {
				t.Errorf("picture %v: pixels as stored", img.Bounds())
			}
			if g := color.GrayModel.Convert(img.At(tt.corner.X, tt.corner.Y)).(color.Gray).Y; g != 255 {
				t.Errorf("the white corner is not at %v: %s", tt.corner, tt.reason)
			}
		})
	}
	t.Run("flat pixels", func(t *testing.T) {
		f := sheet(`<ofd:ImageObject ID="6" CTM="200 0 0 150 0 0" Boundary="0 0 200 150" ResourceID="40"/>`)
		f["Doc_0/PublicRes.xml"] = `<ofd:Res` + space + ` BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="40" Type="Image"><ofd:MediaFile>scan.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>`
		f["Doc_0/Res/scan.png"] = picture(t)
		doc, _ := read(t, f)
		img, err := doc.Pages[0].Source.Pixels(0)
		if err != nil || img.Bounds().Size() != image.Pt(80, 60) {
			t.Errorf("picture %v, %v: dots that are not square are drawn out", img.Bounds(), err)
		}
	})
	t.Run("behind the text", func(t *testing.T) {
		f := sheet(full + words + strings.ReplaceAll(words, `"10 20 `, `"10 30 `))
		f["Doc_0/PublicRes.xml"] = `<ofd:Res` + space + ` BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="40"><ofd:MediaFile>/Doc_0/Res/scan.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>`
		f["Doc_0/Res/scan.png"] = picture(t)
		doc, _ := read(t, f)
		if p := doc.Pages[0]; p.Route != layout.RouteText || len(p.Words) == 0 {
			t.Errorf("route %s: a printed background is not a scan", p.Route)
		}
	})
}

func TestComposite(t *testing.T) {
	f := sheet(`<ofd:CompositeObject ID="8" Boundary="10 10 50 50" ResourceID="50"/>` + text(`<ofd:TextCode X="0" Y="4">7</ofd:TextCode>`))
	f["Doc_0/PublicRes.xml"] = `<ofd:Res` + space + `><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="50"><ofd:Content>` +
		`<ofd:PathObject ID="9" Boundary="10 10 30 1"><ofd:AbbreviatedData>M 0 0 L 30 0</ofd:AbbreviatedData></ofd:PathObject>` +
		`<ofd:CompositeObject ID="9" Boundary="1 1 1 1" ResourceID="50"/></ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>`
	doc, _ := read(t, f)
	// A unit that holds itself ends somewhere.
	if r := doc.Pages[0].Rulings; len(r) == 0 || len(r) > 20 || math.Abs(r[0].From.X-20*72/25.4) > 0.01 {
		t.Errorf("%d rulings, the first %+v", len(r), r[0])
	}
}

func TestAnnotations(t *testing.T) {
	f := sheet(text(`<ofd:TextCode X="0" Y="4">7</ofd:TextCode>`))
	f["Doc_0/Document.xml"] = `<ofd:Document` + space + `><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>` +
		`<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages><ofd:Annotations>Annots/Annotations.xml</ofd:Annotations><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>`
	f["Doc_0/Annots/Annotations.xml"] = `<ofd:Annotations` + space + `><ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>`
	note := func(kind, s string) string {
		return `<ofd:Annot Type="` + kind + `" ID="9"><ofd:Appearance Boundary="50 60 20 5"><ofd:TextObject ID="4" Boundary="0 0 20 5" Font="3" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="2">` + s + `</ofd:TextCode></ofd:TextObject>` +
			`<ofd:PathObject ID="5" Boundary="0 0 20 5"><ofd:AbbreviatedData>M 0 5 L 20 5</ofd:AbbreviatedData></ofd:PathObject></ofd:Appearance></ofd:Annot>`
	}
	f["Doc_0/Annots/Page_0/Annotation.xml"] = `<ofd:PageAnnot` + space + `>` + note("Stamp", "12") + note("Watermark", "99") + `</ofd:PageAnnot>`
	f["Doc_0/Attachs/Attachments.xml"] = `<ofd:Attachments` + space + `><ofd:Attachment ID="1" Name="annex.xlsx"/></ofd:Attachments>`
	doc, warnings := read(t, f)
	if p := doc.Pages[0]; texts(p) != "7|12" || len(p.Rulings) != 0 {
		t.Errorf("words %q, rulings %v", texts(p), p.Rulings)
	}
	if len(warnings) != 1 || warnings[0].Code != diag.Attachment || !strings.Contains(warnings[0].Message, "annex.xlsx") {
		t.Errorf("warnings %v", warnings)
	}
}

func TestBodies(t *testing.T) {
	f := file{
		"OFD.xml": `<ofd:OFD xmlns:ofd="http://www.ofdspec.org"><ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>` +
			`<ofd:DocBody><ofd:DocRoot>Doc_1\Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`,
		"Doc_0/Pages/Page_0/Content.xml": page(text(`<ofd:TextCode X="0" Y="4">1</ofd:TextCode>`)),
		"Doc_1/Document.xml":             `<ofd:Document` + space + `><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/><ofd:Page ID="2" BaseLoc="gone.xml"/></ofd:Pages></ofd:Document>`,
		"Doc_1/P.xml":                    `<ofd:Page` + space + `><ofd:Area><ofd:PhysicalBox>5 5 100 200</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer>` + text(`<ofd:TextCode X="0" Y="4">2</ofd:TextCode>`) + `</ofd:Layer></ofd:Content></ofd:Page>`,
	}
	doc, warnings := read(t, f)
	if len(doc.Pages) != 3 || texts(doc.Pages[0]) != "1" || texts(doc.Pages[1]) != "2" || doc.Pages[2].Number != 3 {
		t.Fatalf("pages %+v", doc.Pages)
	}
	if b := doc.Pages[1].Words[0].Box; math.Abs(b.X0-5*72/25.4) > 0.01 {
		t.Errorf("box %+v: the page's own corner is not at 0, 0", b)
	}
	if len(warnings) != 1 || warnings[0].Code != diag.PageUnreadable || warnings[0].Page != 3 {
		t.Errorf("warnings %v", warnings)
	}
}

func TestErrors(t *testing.T) {
	good := sheet(text(`<ofd:TextCode X="0" Y="4">1</ofd:TextCode>`)).bytes(t)
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"empty", nil, diag.ErrEmpty},
		{"no zip", []byte("OFD"), diag.ErrDamaged},
		{"cut", good[:len(good)/2], diag.ErrDamaged},
		{"no OFD.xml", func() []byte { f := sheet(""); f["OFD.xml"] = ""; return f.bytes(t) }(), diag.ErrDamaged},
		{"no document", file{"OFD.xml": `<ofd:OFD` + space + `><ofd:DocBody><ofd:DocRoot>Doc_9/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`}.bytes(t), diag.ErrDamaged},
		{"no page", file{}.bytes(t), diag.ErrDamaged},
		{"encrypted", func() []byte { f := sheet(""); f["Encryptions.xml"] = "<x/>"; return f.bytes(t) }(), diag.ErrEncrypted},
		{"endless repeat", sheet(text(`<ofd:TextCode X="0" Y="4" DeltaX="g 999999999 1">1</ofd:TextCode>`)).bytes(t), nil},
		{"enormous page", file{"Doc_0/Pages/Page_0/Content.xml": `<ofd:Page` + space + `><ofd:Area><ofd:PhysicalBox>0 0 1e30 297</ofd:PhysicalBox></ofd:Area></ofd:Page>`}.bytes(t), diag.ErrDamaged},
		{"crowded page", sheet(strings.Repeat(`<a/>`, 250_000)).bytes(t), diag.ErrTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, _, err := ofd.Read(tt.data); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

// TestOtherPrograms reads files that other programs wrote: see testdata/README.md.
func TestOtherPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/*.ofd")
	if err != nil || len(files) == 0 {
		t.Fatal("no files in testdata", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, warnings, err := ofd.Read(data)
		if err != nil {
			t.Fatal(name, err)
		}
		if len(warnings) != 0 {
			t.Errorf("%s: warnings %v", name, warnings)
		}
		all := ""
		for _, p := range doc.Pages {
			all += texts(p)
		}
		for _, want := range []string{"行政许可", "7730.28"} {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no %q among %q", name, want, all)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(text(`<ofd:TextCode X="0" Y="4" DeltaX="g 3 4 2 2">行政许可12</ofd:TextCode>`), "M 0 0 L 80 0 C")
	f.Add(text(`<ofd:TextCode X="-1e9" DeltaY="NaN 1">x</ofd:TextCode>`), "S 1 B Q A C L 1e400 2")
	f.Add(`<ofd:CompositeObject ID="8" CTM="0 0 0 0 0 0" ResourceID="50"/>`, "")
	f.Add(`<ofd:ImageObject ID="6" CTM="0 1 1 0 0 0" Boundary="1 2 3 4" ResourceID="40"/>`, "M 0 0")
	f.Fuzz(func(t *testing.T, content, path string) {
		path = strings.NewReplacer("<", "", "&", "", "]", "").Replace(path)
		doc, _, err := ofd.Read(sheet(content + `<ofd:PathObject ID="5" Boundary="0 0 9 9"><ofd:AbbreviatedData>` + path + `</ofd:AbbreviatedData></ofd:PathObject>`).bytes(t))
		if err != nil {
			if !errors.Is(err, diag.ErrDamaged) && !errors.Is(err, diag.ErrTooLarge) {
				t.Errorf("error %v is of no known kind", err)
			}
			return
		}
		for _, p := range doc.Pages {
			for _, r := range p.Rulings {
				if r.From.X > r.To.X || r.From.Y > r.To.Y || r.To.X > p.Width || r.To.Y > p.Height {
					t.Errorf("ruling %+v on a page of %g x %g", r, p.Width, p.Height)
				}
			}
			for _, w := range p.Words {
				if w.Text == "" || w.Box.Empty() || !(w.Size > 0) {
					t.Errorf("word %+v", w)
				}
			}
		}
	})
}

func FuzzArchive(f *testing.F) {
	f.Add(sheet(text(`<ofd:TextCode X="0" Y="4">1</ofd:TextCode>`)).bytes(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _, err := ofd.Read(data)
		if err == nil {
			return
		}
		for _, known := range []error{diag.ErrEmpty, diag.ErrDamaged, diag.ErrTooLarge, diag.ErrEncrypted} {
			if errors.Is(err, known) {
				return
			}
		}
		t.Errorf("error %v is of no known kind", err)
	})
}

func BenchmarkRead(b *testing.B) {
	var content strings.Builder
	for i := range 300 {
		fmt.Fprintf(&content, `<ofd:TextObject ID="4" Boundary="%d %d 100 5" Font="3" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4 4 4">行政许可</ofd:TextCode></ofd:TextObject>`, i%10*20, i/10*9)
	}
	data := sheet(content.String()).bytes(b)
	for b.Loop() {
		if _, _, err := ofd.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}

// TestShown: what a viewer does not show, or strikes out, is no text; what is raised or lowered is the mark of a note.
func TestShown(t *testing.T) {
	at := func(id, x, y, size, s, more string) string {
		return `<ofd:TextObject ID="` + id + `" Boundary="` + x + ` ` + y + ` 30 6" Font="3" Size="` + size + `"` + more + `<ofd:TextCode X="0" Y="4" DeltaX="g 9 2">` + s + `</ofd:TextCode></ofd:TextObject>`
	}
	plain := at("4", "50", "60", "4", "444", ">")
	path := func(id, boundary, attrs, data, color string) string {
		return `<ofd:PathObject ID="` + id + `" Boundary="` + boundary + `" ` + attrs + `>` + color + `<ofd:AbbreviatedData>` + data + `</ofd:AbbreviatedData></ofd:PathObject>`
	}
	fill := func(v string) string { return `<ofd:FillColor Value="` + v + `"/>` }
	box := func(color string) string {
		return path("5", "49 59 10 6", `Fill="true" Stroke="false"`, "M 0 0 L 10 0 L 10 6 L 0 6 C", color)
	}
	tests := []struct {
		name, content, want string
		unsaid              bool
	}{
		{"plain", plain, "444", false},
		{"struck", plain + path("5", "50 60 10 6", `LineWidth="0.2"`, "M 0 2.8 L 6 2.8", ""), "", true},
		{"crossed out", plain + path("5", "50 60 10 6", `LineWidth="0.2"`, "M 0 4 L 6 1", ""), "", true},
		{"underlined", plain + path("5", "50 60 10 6", `LineWidth="0.2"`, "M 0 4.6 L 6 4.6", ""), "444", false},
		{"under a black box", plain + box(fill("0 0 0")), "", true},
		{"under a white box", plain + box(fill("255 255 255")), "", true},
		{"under a box without a color", plain + box(""), "444", false},
		{"under a box that lets the print through", plain + box(`<ofd:FillColor Value="255 255 0" Alpha="90"/>`), "444", false},
		{"replaced", plain + box(fill("255 255 255")) + at("6", "50", "60", "4", "555", ">"), "555", true},
		{"on a box", box(fill("200 220 240")) + plain, "444", false},
		{"white on white", at("4", "50", "60", "4", "444", ">"+fill("255 255 255")), "", true},
		{"white on a dark row", box(fill("0 50 100")) + at("4", "50", "60", "4", "444", ">"+fill("255 255 255")), "444", false},
		{"not visible", at("4", "50", "60", "4", "444", ` Visible="false">`), "", true},
		{"in a block that is not visible", `<ofd:PageBlock ID="7" Visible="false">` + plain + `</ofd:PageBlock>`, "", true},
		{"without opacity", at("4", "50", "60", "4", "444", ` Alpha="0">`), "", true},
		{"raised", plain + at("6", "56.2", "59", "2.4", "1", ">"), "444|¹", false},
		{"lowered", plain + at("6", "56.2", "60.7", "2.4", "1", ">"), "444|₁", false},
		{"under a shaded box", plain + box(`<ofd:FillColor><ofd:AxialShd StartPoint="0 0" EndPoint="1 1"/></ofd:FillColor>`), "", true},
		{"on a shaded box", box(`<ofd:FillColor><ofd:AxialShd StartPoint="0 0" EndPoint="1 1"/></ofd:FillColor>`) + plain, "444", false},
		{"clipped away", at("4", "50", "60", "4", "444", "><ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary=\"20 0 5 5\"><ofd:AbbreviatedData>M 0 0 L 5 0 L 5 5 L 0 5 C</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"), "", true},
		{"clipped around it", at("4", "50", "60", "4", "444", "><ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary=\"0 0 30 6\"><ofd:AbbreviatedData>M 0 0 L 30 0 L 30 6 L 0 6 C</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"), "444", false},
		{"a box that is clipped away", plain + path("5", "49 59 10 6", `Fill="true" Stroke="false"`, "M 0 0 L 10 0 L 10 6 L 0 6 C", fill("0 0 0")+`<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary="20 0 5 5"><ofd:AbbreviatedData>M 0 0 L 5 0 L 5 5 L 0 5 C</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>`), "444", false},
		{"out of the box that it claims", `<ofd:TextObject ID="4" Boundary="50 60 3 6" Font="3" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4 4">444</ofd:TextCode></ofd:TextObject>`, "4|4|4", true},
		{"too small to see", at("4", "50", "60", "0.2", "444", ">"), "", true},
		{"too narrow to see", at("4", "50", "60", "4", "444", ` HScale="0.01">`), "", true},
		{"stroked in white", at("4", "50", "60", "4", "444", ` Fill="false" Stroke="true"><ofd:StrokeColor Value="255 255 255"/>`), "", true},
		{"in a white that its layer names", `<ofd:PageBlock ID="7" DrawParam="9">` + plain + `</ofd:PageBlock>`, "", true},
		{"in a unit that is not visible", `<ofd:CompositeObject ID="7" Boundary="0 0 200 200" ResourceID="8" Visible="false"/>`, "", true},
		{"in a unit without opacity", `<ofd:CompositeObject ID="7" Boundary="0 0 200 200" ResourceID="8" Alpha="0"/>`, "", true},
		{"in a unit", `<ofd:CompositeObject ID="7" Boundary="0 0 200 200" ResourceID="8"/>`, "444", false},
		{"digits of bare lines", path("5", "80 60 10 6", "", "M 0 0 L 2 0 L 1 3 M 4 0 L 4 3", ""), "", true},
		{"smaller on the line", plain + at("6", "56.2", "60", "2.4", "1", ">"), "444| 1", false},
	}
	for _, tt := range tests {
		f := sheet(tt.content)
		f["Doc_0/PublicRes.xml"] = `<ofd:Res` + space + ` BaseLoc="Res"><ofd:DrawParams><ofd:DrawParam ID="9">` + fill("255 255 255") + `</ofd:DrawParam></ofd:DrawParams>` +
			`<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="8" Width="200" Height="200"><ofd:Content>` + plain + `</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>`
		doc, _ := read(t, f)
		p := doc.Pages[0]
		if got := texts(p); got != tt.want || (len(p.Unsaid)+len(p.Struck) > 0) != tt.unsaid {
			t.Errorf("%s: words %q, unsaid %v, struck %v, want %q, %v", tt.name, got, p.Unsaid, p.Struck, tt.want, tt.unsaid)
		}
	}
}

// TestLyingGlyphs: an object may name the glyphs that draw its characters, whatever characters it says that they are. The font of the file knows better,
// and without one a glyph that stands for two digits.
func TestLyingGlyphs(t *testing.T) {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	glyph := func(r rune) int {
		i, err := f.GlyphIndex(nil, r)
		if err != nil {
			t.Fatal(err)
		}
		return int(i)
	}
	text := func(said, drawn string) string {
		var glyphs []string
		for _, r := range drawn {
			glyphs = append(glyphs, fmt.Sprint(glyph(r)))
		}
		return fmt.Sprintf(`<ofd:TextObject ID="4" Boundary="50 60 30 6" Font="3" Size="4"><ofd:CGTransform CodePosition="0" CodeCount="%d" GlyphCount="%d"><ofd:Glyphs>%s</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="0" Y="4" DeltaX="g 5 2">%s</ofd:TextCode></ofd:TextObject>`,
			len(said), len(glyphs), strings.Join(glyphs, " "), said)
	}
	for _, c := range []struct {
		name, content string
		font          bool
		struck        int
	}{
		{"as they are", text("72", "72"), true, 0},
		{"a digit for another", text("72", "12"), true, 1},
		{"without the font nobody knows", text("72", "12"), false, 0},
		{"one glyph for two digits", text("71", "11"), false, 2},
		{"more characters than glyphs", text("72", "1"), true, 0},
	} {
		file := sheet(c.content)
		if c.font {
			file["Doc_0/PublicRes.xml"] = `<ofd:Res` + space + ` BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="x"><ofd:FontFile>a.ttf</ofd:FontFile></ofd:Font></ofd:Fonts></ofd:Res>`
			file["Doc_0/Res/a.ttf"] = string(goregular.TTF)
		}
		doc, _ := read(t, file)
		if p := doc.Pages[0]; len(p.Struck) != c.struck {
			t.Errorf("%s: words %q, doubtful %v, want %d", c.name, texts(p), p.Struck, c.struck)
		}
	}
}
