package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/extract/ccitt"
	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// reader gives a converter as the program builds it, in this process.
func reader(t *testing.T) *nianbao.Converter {
	t.Helper()
	c, err := nianbao.New(nianbao.Options{TablesOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// tablesOf gives the JSON of a file's tables, and the report.
func tablesOf(t *testing.T, c *nianbao.Converter, name string, data []byte) (string, *report.Report) {
	t.Helper()
	res, err := c.Convert(t.Context(), nianbao.Bytes(name, data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	tables, err := json.Marshal(res.Report.Tables)
	if err != nil {
		t.Fatal(err)
	}
	return string(tables), res.Report
}

// holds says what of a report's printed numbers the tables do not hold.
func holds(t *testing.T, want *synth.Report, table string, got *report.Report) {
	t.Helper()
	cells := 0
	for _, c := range want.Cells {
		if table != "" && !underTable(c.Path, table) {
			continue
		}
		cells++
		n := report.ParseFigure(c.Printed).Number
		v, ok := got.Tables.Value(c.Path)
		if !ok || (n == nil) != (v.Number == nil) || n != nil && !n.Equal(v.Number.Decimal) {
			t.Errorf("%s is %v, printed %q", c.Path, v.Number, c.Printed)
		}
	}
	if cells == 0 {
		t.Errorf("the report has no table %q", table)
	}
}

func underTable(path, table string) bool {
	return strings.HasPrefix(path, "/tables/"+table+"/")
}

// TestFormatsAgree: one report of every form gives the same tables from every format that holds text.
// Where soffice is not installed, what LibreOffice writes is left out.
func TestFormatsAgree(t *testing.T) {
	c := reader(t)
	dir := t.TempDir()
	want := map[string]string{}
	var docx, html []string
	same := func(t *testing.T, form, name string, data []byte) {
		t.Helper()
		if got, _ := tablesOf(t, c, name, data); got != want[form] {
			t.Errorf("form %s as %s gives\n%s\nwant\n%s", form, name, got, want[form])
		}
	}
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	forms := race.Few([]string{"2021", "2019", "2014"}, 1)
	for i, form := range forms {
		r := synth.Make(uint64(310+i), synth.Options{Form: form, Size: synth.Medium})
		st := synth.Plain()
		docx = append(docx, write(form+".docx", r.DOCX(st)))
		page := r.HTML(st)
		html = append(html, write(form+"page.html", page))
		source, got := tablesOf(t, c, "a.docx", r.DOCX(st))
		want[form] = source
		holds(t, r, "", got)
		laid := synth.LayOut(r, st)
		same(t, form, "own.pdf", laid.PDF())
		same(t, form, "own.ofd", laid.OFD())
		same(t, form, "own.html", page)
		same(t, form, "own.txt", r.Text(st))
	}
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed: files of LibreOffice are not tried")
	}
	profile := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "profile"))}
	for _, tt := range []struct {
		to, ext string
		files   []string
		filter  string
		names   []string // under which the file is given to the program
	}{
		{"doc:MS Word 97", "doc", docx, "", []string{"a.doc", "a.wps"}},
		{"odt", "odt", docx, "", []string{"a.odt"}},
		{"rtf", "rtf", docx, "", []string{"a.rtf"}},
		{"html:HTML (StarWriter)", "html", docx, "", []string{"a.html"}},
		{"pdf", "pdf", docx, "", []string{"a.pdf"}},
		{"xlsx:Calc MS Excel 2007 XML", "xlsx", html, "HTML (StarCalc)", []string{"a.xlsx"}},
		{"xls:MS Excel 97", "xls", html, "HTML (StarCalc)", []string{"a.xls"}},
	} {
		t.Run(tt.ext, func(t *testing.T) {
			if strings.HasPrefix(tt.ext, "xls") && !hasCalc(t, soffice) {
				t.Skip("LibreOffice is installed without Calc (Debian: libreoffice-calc-nogui)")
			}
			out := filepath.Join(dir, tt.ext)
			args := []string{"-env:UserInstallation=" + profile.String(), "--headless", "--norestore", "--convert-to", tt.to, "--outdir", out}
			if tt.filter != "" {
				args = append(args, "--infilter="+tt.filter)
			}
			if said, err := exec.CommandContext(t.Context(), soffice, append(args, tt.files...)...).CombinedOutput(); err != nil {
				t.Fatalf("soffice: %v\n%s", err, said)
			}
			for i, form := range forms {
				base := filepath.Base(tt.files[i])
				data, err := os.ReadFile(filepath.Join(out, base[:len(base)-len(filepath.Ext(base))]+"."+tt.ext))
				if err != nil {
					t.Fatal(err)
				}
				for _, name := range tt.names {
					same(t, form, name, data)
				}
			}
		})
	}
}

// hasCalc says whether LibreOffice has its part for workbooks.
func hasCalc(t *testing.T, soffice string) bool {
	t.Helper()
	real, err := filepath.EvalSymlinks(soffice)
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(filepath.Dir(real), "libsclo.so"))
	return err == nil && len(found) > 0
}

// TestEncodingsAgree: a page in an encoding that it does not declare, or declares wrongly, gives the same tables.
func TestEncodingsAgree(t *testing.T) {
	c := reader(t)
	for i, form := range []string{"2021", "2019", "2014"} {
		r := synth.Make(uint64(310+i), synth.Options{Form: form, Size: synth.Medium})
		page := string(r.HTML(synth.Plain()))
		want, got := tablesOf(t, c, "a.html", []byte(page))
		holds(t, r, "", got)
		bare := strings.Replace(page, `<meta charset="utf-8">`, "", 1)
		if bare == page {
			t.Fatal("the page declares no encoding")
		}
		for _, tt := range []struct{ name, text string }{
			{"undeclared", bare},
			{"declared wrongly", page},
		} {
			data, err := simplifiedchinese.GB18030.NewEncoder().String(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := tablesOf(t, c, "a.html", []byte(data)); got != want {
				t.Errorf("form %s, GB18030 %s, gives\n%s\nwant\n%s", form, tt.name, got, want)
			}
		}
	}
}

// onePage is the report whose first table testdata/page shows.
func onePage() *synth.Report { return synth.Make(320, synth.Options{Size: synth.Medium}) }

const onePageTable = "proactive_disclosure"

// stored are the pixels of testdata/page/page.png, all ink or paper.
func stored(t *testing.T) *image.Gray {
	t.Helper()
	data, err := os.ReadFile("testdata/page/page.png")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewGray(img.Bounds())
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Src)
	for i, v := range out.Pix {
		out.Pix[i] = 0
		if v > 150 {
			out.Pix[i] = 255
		}
	}
	return out
}

// placed is an image in a PDF: how it is coded, and from which row of the page on it stands.
type placed struct {
	filter string
	data   []byte
	rows   image.Rectangle
}

func fax(img *image.Gray, rows image.Rectangle) placed {
	part := image.NewGray(image.Rect(0, 0, rows.Dx(), rows.Dy()))
	draw.Draw(part, part.Rect, img, rows.Min, draw.Src)
	return placed{fmt.Sprintf("/CCITTFaxDecode /DecodeParms <</K -1 /Columns %d /Rows %d>>", rows.Dx(), rows.Dy()), ccitt.Encode(part), rows}
}

// jbig2 codes a page as one generic region in MMR (T.88, 7.4.6), in the form that PDF embeds.
func jbig2(img *image.Gray) placed {
	w, h := uint32(img.Rect.Dx()), uint32(img.Rect.Dy())
	segment := func(number uint32, kind byte, data []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, number)
		out = append(out, kind, 0, 1)
		return append(binary.BigEndian.AppendUint32(out, uint32(len(data))), data...)
	}
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	page := append(bytes.Clone(size), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	region := append(bytes.Clone(size), 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
	region = append(region, ccitt.Encode(img)...)
	return placed{"/JBIG2Decode", append(segment(0, 48, page), segment(1, 38, region)...), img.Rect}
}

// scanned writes a PDF of one page at 150 dots an inch: text below the images, the images, text above.
func scanned(size image.Rectangle, below, above string, images ...placed) []byte {
	w, h := float64(size.Dx())*72/150, float64(size.Dy())*72/150
	var objects []string
	stream := func(dict string, data []byte) int {
		objects = append(objects, fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(data), data))
		return len(objects)
	}
	content, names := below, ""
	for i, p := range images {
		id := stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter %s", p.rows.Dx(), p.rows.Dy(), p.filter), p.data)
		names += fmt.Sprintf("/P%d %d 0 R ", i, id)
		content += fmt.Sprintf("q %.3f 0 0 %.3f 0 %.3f cm /P%d Do Q\n", w, float64(p.rows.Dy())*72/150, h-float64(p.rows.Max.Y)*72/150, i)
	}
	text := stream("", []byte(content+above))
	n := len(objects)
	objects = append(objects,
		"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>",
		fmt.Sprintf("<</Type /Page /Parent %d 0 R /MediaBox [0 0 %.3f %.3f] /Contents %d 0 R /Resources <</Font <</F %d 0 R>> /XObject <<%s>>>>>>", n+3, w, h, text, n+1, names),
		fmt.Sprintf("<</Type /Pages /Kids [%d 0 R] /Count 1>>", n+2),
		fmt.Sprintf("<</Type /Catalog /Pages %d 0 R>>", n+3))
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n")
	var table strings.Builder
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %[1]d /Root %[3]d 0 R>>\nstartxref\n%[4]d\n%%%%EOF\n", len(objects)+1, table.String(), len(objects), start)
	return out.Bytes()
}

// TestPicturesAgree: one page gives its numbers from every coding of its pixels.
func TestPicturesAgree(t *testing.T) {
	c := reader(t)
	if _, err := c.Producer(t.Context()); errors.Is(err, nianbao.ErrMissingProgram) {
		t.Skip(err)
	}
	files := map[string][]byte{}
	entries, err := os.ReadDir("testdata/page")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext == ".py" || ext == ".md" {
			continue
		}
		if files[e.Name()], err = os.ReadFile(filepath.Join("testdata/page", e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	img := stored(t)
	third := func(k int) placed {
		h := img.Rect.Dy()
		return fax(img, image.Rect(0, k*h/3, img.Rect.Dx(), (k+1)*h/3))
	}
	files["jbig2 of ours.pdf"] = scanned(img.Rect, "", "", jbig2(img))
	files["three strips of ours.pdf"] = scanned(img.Rect, "", "", third(0), third(1), third(2))
	files["picture in a page.html"] = fmt.Appendf(nil, `<html><meta charset="utf-8"><h1>%s</h1><p>二、主动公开政府信息情况</p><img src="data:image/png;base64,%s"></html>`,
		onePage().Title, base64.StdEncoding.EncodeToString(files["page.png"]))
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			_, r := tablesOf(t, c, name, data)
			holds(t, onePage(), onePageTable, r)
		})
	}
}

// TestLyingLayers: the pixels of a good scan are read whatever text lies over or under them, and a warning says why.
func TestLyingLayers(t *testing.T) {
	c := reader(t)
	if _, err := c.Producer(t.Context()); errors.Is(err, nianbao.ErrMissingProgram) {
		t.Skip(err)
	}
	img := stored(t)
	var lines strings.Builder
	for y := 40; y < 400; y += 20 {
		fmt.Fprintf(&lines, "1 0 0 1 60 %d Tm (9999   \\325\\376\\316\\361\\271\\253   777) Tj\n", y)
	}
	scan := fax(img, img.Rect)
	for _, tt := range []struct{ name, below, above string }{
		{"garbage under the scan", "BT /F 9 Tf\n" + lines.String() + "ET\n", ""},
		{"garbage that is not painted", "", "BT /F 9 Tf 3 Tr\n" + lines.String() + "ET\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, r := tablesOf(t, c, "a.pdf", scanned(img.Rect, tt.below, tt.above, scan))
			holds(t, onePage(), onePageTable, r)
			warned := false
			for _, w := range r.Warnings {
				warned = warned || w.Code == diag.TextLayerRejected && w.Page != nil && *w.Page == 1 && w.Message != ""
			}
			if !warned {
				t.Errorf("warnings %v do not say that the text was rejected", r.Warnings)
			}
		})
	}
}

// TestFormatsAreDocumentedTruly: every row of docs/formats.md names tests, and those that it and docs/seen.md name there are.
func TestFormatsAreDocumentedTruly(t *testing.T) {
	named := regexp.MustCompile("`([a-z0-9/]+)\\.(Test[A-Za-z0-9]+)`")
	for _, tt := range []struct {
		name  string
		every bool // row names a test
		least int  // tests named
	}{{"formats.md", true, 15}, {"seen.md", false, 5}} {
		doc, err := os.ReadFile("../../docs/" + tt.name)
		if err != nil {
			t.Fatal(err)
		}
		tests := 0
		for line := range strings.Lines(string(doc)) {
			found := named.FindAllStringSubmatch(line, -1)
			if tt.every && len(found) == 0 && strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| container") {
				t.Errorf("%s: no test backs the row %s", tt.name, line)
			}
			for _, x := range found {
				tests++
				if !hasTest(t, x[1], x[2]) {
					t.Errorf("%s: %s has no test %s", tt.name, x[1], x[2])
				}
			}
		}
		if tests < tt.least {
			t.Errorf("%s names %d tests", tt.name, tests)
		}
	}
}

// hasTest says whether a package has a test.
func hasTest(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(source, []byte("\nfunc "+name+"(")) {
			return true
		}
	}
	return false
}
