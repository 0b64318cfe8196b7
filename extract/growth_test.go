package extract_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/dev/work"
)

// TestGrowth: eight times the input costs about eight times as much, whatever it is full of. Loops that go over all
// for each, which one odd file shows, are found here for the kind.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	var o extract.Opener
	o.PDF.CacheDir = filepath.Join(os.TempDir(), "nianbao-pdfium") // kept: its start is slow
	defer o.PDF.Close()
	repeat := strings.Repeat
	for _, g := range append(inOffice(t), []growing{
		{"HTML list", 4000, page(func(n int) string { return "<ol>" + repeat("<li>项", n) + "</ol>" })},
		{"HTML lists in one another", 60, page(func(n int) string { return repeat("<ol><li>a<li>b", min(n, 200)) })},
		{"HTML rows", 6000, page(func(n int) string { return "<table>" + repeat("<tr><td>a<td>1", n) + "</table>" })},
		{"HTML columns", 1500, page(func(n int) string { return "<table>" + repeat("<tr>"+repeat("<td>1", 8), n) + "</table>" })},
		{"HTML row spans", 2000, page(func(n int) string {
			return "<table>" + repeat("<tr><td rowspan=65534>a<td colspan=1000>1", n) + "</table>"
		})},
		{"HTML empty rows", 2000, page(func(n int) string { return "<table>" + repeat("<tr></tr><tr><td rowspan=3>a", n) + "</table>" })},
		{"HTML tables", 4000, page(func(n int) string { return repeat("<table><tr><td>a<td>1</table>", n) })},
		{"HTML text in a line", 20000, page(func(n int) string { return repeat("<b>字</b> ", n) })},
		{"HTML hidden text", 2000, page(func(n int) string { return repeat("<p style='display:none'>字</p><p>a</p>", n) })},
		{"HTML styles", 1000, page(func(n int) string {
			var b strings.Builder
			b.WriteString("<style>")
			for i := range 100 {
				fmt.Fprintf(&b, ".c%d p b{display:none}", i)
			}
			return b.String() + "</style>" + repeat("<div class=c1><p>a<b>b</b></div>", n)
		})},
		{"text lines", 5000, func(_ *testing.T, n int) []byte { return []byte(repeat("政府信息公开\n", n)) }},
		{"text with pipes", 2000, func(_ *testing.T, n int) []byte { return []byte(repeat("|年|月|日|\n", n)) }},
		{"DOCX paragraphs", 3000, docx(func(n int) string { return repeat("<w:p><w:r><w:t>字</w:t></w:r></w:p>", n) })},
		{"DOCX runs", 5000, docx(func(n int) string { return "<w:p>" + repeat("<w:r><w:t>字</w:t></w:r>", n) + "</w:p>" })},
		{"DOCX rows", 3000, docx(func(n int) string {
			return "<w:tbl>" + repeat("<w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>", n) + "</w:tbl>"
		})},
		{"DOCX merged rows", 1000, docx(func(n int) string {
			return "<w:tbl>" + repeat(`<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:tcPr><w:gridSpan w:val="9"/></w:tcPr><w:p/></w:tc></w:tr>`, n) + "</w:tbl>"
		})},
		{"DOCX numbers", 2000, docx(func(n int) string {
			return repeat(`<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>`, n)
		})},
		{"XLSX rows", 200, func(t *testing.T, n int) []byte { return workbook(t, n, 5) }},
		{"XLSX columns", 20, func(t *testing.T, n int) []byte { return workbook(t, 20, n) }},
		{"OFD text", 1000, ofd(func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, `<ofd:TextObject ID="%d" Boundary="%d %d 20 5" Size="4"><ofd:TextCode X="0" Y="4">字12</ofd:TextCode></ofd:TextObject>`, i, i%10*20, i/10%100*3)
			}
			return b.String()
		})},
		{"OFD lines", 2000, ofd(func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, `<ofd:PathObject ID="%d" Boundary="0 %d 200 1" LineWidth="0.3"><ofd:AbbreviatedData>M 0 0 L 200 0</ofd:AbbreviatedData></ofd:PathObject>`, i, i%290)
			}
			return b.String()
		})},
		{"PDF text", 1000, func(_ *testing.T, n int) []byte {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "BT /F1 8 Tf %d %d Td (12 ab) Tj ET\n", i%10*50, 20+i/10%80*10)
			}
			return pdf(b.String())
		}},
		{"PDF lines", 500, func(_ *testing.T, n int) []byte {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "%d %d m %d %d l S\n", i%500, 10+i%80*10, i%500+60, 10+i%80*10)
			}
			return pdf(b.String())
		}},
		{"TIFF tiles", 4096, func(_ *testing.T, n int) []byte { return tiles(n) }},
		{"MHT rows", 4000, func(t *testing.T, n int) []byte {
			return webArchive(page(func(n int) string { return "<table>" + repeat("<tr><td>a<td>1", n) + "</table>" })(t, n))
		}},
		{"MHT parts", 100, func(_ *testing.T, n int) []byte {
			return webArchive([]byte("<p>a</p>"), repeat("--x\r\nContent-Type: image/png\r\n\r\na\r\n", n))
		}},
		{"ODT paragraphs", 4000, odt(func(n int) string { return repeat("<text:p>字<text:span>a</text:span></text:p>", n) })},
		{"ODT rows", 3000, odt(func(n int) string {
			return "<table:table>" + repeat("<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell/></table:table-row>", n) + "</table:table>"
		})},
		{"ODT repeated rows", 300, odt(func(n int) string {
			return "<table:table>" + repeat(`<table:table-row table:number-rows-repeated="900"><table:table-cell table:number-columns-repeated="900"/></table:table-row>`, n) + "</table:table>"
		})},
		{"ODT lists", 3000, odt(func(n int) string {
			return "<text:list>" + repeat("<text:list-item><text:p>a</text:p></text:list-item>", n) + "</text:list>"
		})},
	}...) {
		t.Run(g.name, func(t *testing.T) {
			small, large := g.make(t, g.n), g.make(t, 8*g.n)
			opened(t, &o, small) // what is done once is none of the cost
			// Eight times, and what a logarithm and a colder cache add. A square gives 64.
			work.Grows(t, 24, func() { opened(t, &o, small) }, func() { opened(t, &o, large) })
		})
	}
}

// opened reads a file, its first page's pixels included.
func opened(t *testing.T, o *extract.Opener, data []byte) {
	t.Helper()
	d, _, err := o.Open(t.Context(), "x", data)
	if err != nil {
		t.Fatal(err)
	}
	if s := d.Pages[0].Source; s != nil {
		if _, err := s.Pixels(0); err != nil {
			t.Fatal(err)
		}
	}
	if d.Close != nil {
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func page(body func(n int) string) func(*testing.T, int) []byte {
	return func(_ *testing.T, n int) []byte {
		return []byte("<!DOCTYPE html><html><head><meta charset=utf-8></head><body>" + body(n) + "</body></html>")
	}
}

func zipped(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func docx(body func(n int) string) func(*testing.T, int) []byte {
	const space = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	return func(t *testing.T, n int) []byte {
		return zipped(t,
			"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
			"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
			"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/></Relationships>`,
			"word/numbering.xml", `<w:numbering `+space+`><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`,
			"word/document.xml", `<w:document `+space+`><w:body>`+body(n)+`</w:body></w:document>`)
	}
}

func workbook(t *testing.T, rows, cols int) []byte {
	t.Helper()
	f := excelize.NewFile()
	for r := range rows {
		for c := range cols {
			at, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err == nil {
				err = f.SetCellValue("Sheet1", at, r*c)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ofd(content func(n int) string) func(*testing.T, int) []byte {
	const space = ` xmlns:ofd="http://www.ofdspec.org/2016"`
	return func(t *testing.T, n int) []byte {
		return zipped(t,
			"OFD.xml", `<ofd:OFD`+space+` Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`,
			"Doc_0/Document.xml", `<ofd:Document`+space+`><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Page.xml"/></ofd:Pages></ofd:Document>`,
			"Doc_0/Page.xml", `<ofd:Page`+space+`><ofd:Content><ofd:Layer ID="2">`+content(n)+`</ofd:Layer></ofd:Content></ofd:Page>`)
	}
}

// pdf is a page with that content and Helvetica as /F1.
func pdf(content string) []byte {
	objects := []string{
		"<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R] /Count 1>>",
		"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources <</Font <</F1 4 0 R>>>>>>",
		"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content),
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

// tiles is a grey picture of about n tiles of 16 x 16 pixels, which share their bytes.
func tiles(n int) []byte {
	var tile bytes.Buffer
	z := zlib.NewWriter(&tile)
	_, _ = z.Write(bytes.Repeat([]byte{255}, 256))
	_ = z.Close()
	side := uint32(math.Sqrt(float64(n)))
	count := side * side
	const entries = 10
	lists := uint32(8 + 2 + entries*12 + 4)
	at := lists + 8*count
	var b bytes.Buffer
	put := func(v ...any) {
		for _, x := range v {
			_ = binary.Write(&b, binary.LittleEndian, x)
		}
	}
	put([]byte("II*\x00"), uint32(8), uint16(entries))
	for _, e := range [][4]uint32{
		{256, 4, 1, side * 16}, {257, 4, 1, side * 16}, {258, 3, 1, 8}, {259, 3, 1, 8}, {262, 3, 1, 1}, {277, 3, 1, 1}, {322, 3, 1, 16}, {323, 3, 1, 16},
		{324, 4, count, lists}, {325, 4, count, lists + 4*count},
	} {
		put(uint16(e[0]), uint16(e[1]), e[2], e[3])
	}
	put(uint32(0))
	for _, v := range []uint32{at, uint32(tile.Len())} {
		for range count {
			put(v)
		}
	}
	b.Write(tile.Bytes())
	return b.Bytes()
}

// growing is a kind of input of any size.
type growing struct {
	name string
	n    int // of the smaller input: large enough to be measured
	make func(t *testing.T, n int) []byte
}

// inOffice are inputs that LibreOffice makes, where it is installed: DOC and XLS, whose bytes nobody writes by hand; and RTF and Word 2003 XML,
// which it reads.
func inOffice(t *testing.T) []growing {
	t.Helper()
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Log("DOC, XLS, RTF and Word 2003 XML are left out: soffice is not installed")
		return nil
	}
	as := func(to string, body func(n int) string) func(*testing.T, int) []byte {
		return func(t *testing.T, n int) []byte {
			t.Helper()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "a.html"), page(body)(t, n), 0o600); err != nil {
				t.Fatal(err)
			}
			filter := map[string]string{"doc": "doc:MS Word 97", "xls": "xls:MS Excel 97"}[to]
			from := map[string]string{"doc": "--infilter=HTML (StarWriter)", "xls": "--infilter=HTML (StarCalc)"}[to]
			cmd := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", from, "--convert-to", filter, "--outdir", dir, filepath.Join(dir, "a.html"))
			cmd.Env = append(os.Environ(), "HOME="+dir)
			said, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			data, err := os.ReadFile(filepath.Join(dir, "a."+to))
			if err != nil {
				t.Skipf("LibreOffice makes no %s here: %s", to, said)
			}
			return data
		}
	}
	rows := func(n int) string { return "<table>" + strings.Repeat("<tr><td>a<td>1", n) + "</table>" }
	return []growing{
		{"DOC paragraphs", 1500, as("doc", func(n int) string { return strings.Repeat("<p>字a</p>", n) })},
		{"DOC rows", 400, as("doc", rows)},
		{"XLS rows", 1500, as("xls", rows)},
		{"RTF paragraphs", 1000, func(_ *testing.T, n int) []byte {
			return []byte(`{\rtf1\ansi ` + strings.Repeat("a 1\\par\n", n) + "}")
		}},
		{"Word 2003 XML paragraphs", 300, func(_ *testing.T, n int) []byte {
			return []byte(`<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>` +
				strings.Repeat("<w:p><w:r><w:t>字a 1</w:t></w:r></w:p>", n) + "</w:body></w:wordDocument>")
		}},
	}
}

// webArchive is a web page as browsers keep one, with more parts.
func webArchive(page []byte, more ...string) []byte {
	return []byte("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"x\"; type=\"text/html\"\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
		string(page) + "\r\n" + strings.Join(more, "") + "--x--\r\n")
}

func odt(body func(n int) string) func(*testing.T, int) []byte {
	return func(t *testing.T, n int) []byte {
		return zipped(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml",
			`<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" `+
				`xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:text>`+body(n)+`</office:text></office:body></office:document-content>`)
	}
}
