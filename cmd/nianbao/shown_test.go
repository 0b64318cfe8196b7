package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/report"
)

// inked is a piece of a cell's text and how it is shown.
type inked struct{ text, look string }

// shownCell is a cell of 表二, what it is made of, and what is read of it: its number, or none, and whether a person is asked.
type shownCell struct {
	path  string
	runs  []inked
	want  string
	named bool
}

// shownCells has every look in some cell of the table.
var shownCells = []shownCell{
	{"rules/issued", []inked{{"12", "struck"}, {"13", ""}}, "13", true},
	{"rules/repealed", []inked{{"4", ""}, {"1", "raised"}}, "4", false},
	{"rules/in_force", []inked{{"5", ""}, {"2", "lowered"}}, "5", false},
	{"normative_documents/issued", []inked{{"6", "struck"}}, "", true},
	{"normative_documents/repealed", []inked{{"8", ""}, {"7", "hidden"}}, "8", false},
	{"normative_documents/in_force", []inked{{"9", "white"}}, "", true},
	{"licensing/decisions", []inked{{"444", ""}, {"1", "moved"}}, "444", false},
	{"penalty/decisions", []inked{{"31", ""}, {"2", "raised by style"}}, "31", false},
	{"coercion/decisions", []inked{{"17", "struck by style"}}, "", true},
	{"fees/amount_wan_yuan", []inked{{"12", ""}, {" ", ""}, {"34", ""}}, "", true},
}

// shownTable is 表二; %0 to %9 stand for its cells, and a cell that begins with & goes on to the right.
const shownTable = `第二十条第（一）项|&|&|&
信息内容|本年制发件数|本年废止件数|现行有效件数
规章|%0|%1|%2
行政规范性文件|%3|%4|%5
第二十条第（五）项|&|&|&
信息内容|本年处理决定数量|&|&
行政许可|%6|&|&
第二十条第（六）项|&|&|&
信息内容|本年处理决定数量|&|&
行政处罚|%7|&|&
行政强制|%8|&|&
第二十条第（八）项|&|&|&
信息内容|本年收费金额（单位：万元）|&|&
行政事业性收费|%9|&|&`

const shownTitle = "柳林区人民政府2023年政府信息公开工作年度报告"

// shownRows gives the rows of the table with the runs of each cell and how many columns it has.
func shownRows(row func(texts [][]inked, spans []int)) {
	for line := range strings.SplitSeq(shownTable, "\n") {
		var texts [][]inked
		var spans []int
		for cell := range strings.SplitSeq(line, "|") {
			switch {
			case cell == "&":
				spans[len(spans)-1]++
				continue
			case strings.HasPrefix(cell, "%"):
				texts = append(texts, shownCells[cell[1]-'0'].runs)
			default:
				texts = append(texts, []inked{{cell, ""}})
			}
			spans = append(spans, 1)
		}
		row(texts, spans)
	}
}

// archive packs parts into a ZIP archive.
func archive(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err == nil {
			_, err = f.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func shownDOCX(t *testing.T) []byte {
	looks := map[string]string{
		"struck": "<w:strike/>", "raised": `<w:vertAlign w:val="superscript"/>`, "lowered": `<w:vertAlign w:val="subscript"/>`, "hidden": "<w:vanish/>",
		"white": `<w:color w:val="FFFFFF"/>`, "moved": `<w:position w:val="12"/>`, "raised by style": `<w:rStyle w:val="Up"/>`, "struck by style": `<w:rStyle w:val="Out"/>`,
	}
	var rows strings.Builder
	shownRows(func(texts [][]inked, spans []int) {
		rows.WriteString("<w:tr>")
		for i, runs := range texts {
			fmt.Fprintf(&rows, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:gridSpan w:val="%d"/></w:tcPr><w:p>`, 2200*spans[i], spans[i])
			for _, r := range runs {
				fmt.Fprintf(&rows, `<w:r><w:rPr>%s</w:rPr><w:t xml:space="preserve">%s</w:t></w:r>`, looks[r.look], r.text)
			}
			rows.WriteString("</w:p></w:tc>")
		}
		rows.WriteString("</w:tr>")
	})
	const ns = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	const borders = `<w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders>`
	return archive(t,
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`,
		"word/styles.xml", `<w:styles `+ns+`><w:style w:type="character" w:styleId="Up"><w:name w:val="Up"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style><w:style w:type="character" w:styleId="Out"><w:name w:val="Out"/><w:rPr><w:strike/></w:rPr></w:style></w:styles>`,
		"word/document.xml", `<w:document `+ns+`><w:body><w:p><w:r><w:t>`+shownTitle+`</w:t></w:r></w:p><w:p><w:r><w:t>二、主动公开政府信息情况</w:t></w:r></w:p><w:tbl><w:tblPr><w:tblW w:w="8800" w:type="dxa"/>`+borders+
			`</w:tblPr><w:tblGrid><w:gridCol w:w="2200"/><w:gridCol w:w="2200"/><w:gridCol w:w="2200"/><w:gridCol w:w="2200"/></w:tblGrid>`+rows.String()+`</w:tbl><w:p/></w:body></w:document>`)
}

func shownHTML() []byte {
	looks := map[string][2]string{
		"": {"", ""}, "struck": {"<s>", "</s>"}, "raised": {"<sup>", "</sup>"}, "lowered": {"<sub>", "</sub>"}, "hidden": {`<span style="display:none">`, "</span>"},
		"white": {`<span style="color:#fff">`, "</span>"}, "moved": {`<span style="position:relative;top:-5px;font-size:8px">`, "</span>"},
		"raised by style": {`<span class="up">`, "</span>"}, "struck by style": {`<span class="out">`, "</span>"},
	}
	var b strings.Builder
	b.WriteString(`<html><head><meta charset="utf-8"><title>` + shownTitle + `</title><style>.up{vertical-align:super;font-size:60%} .out{text-decoration:line-through}</style></head><body><h1>` + shownTitle + `</h1><p>二、主动公开政府信息情况</p><table border="1">`)
	shownRows(func(texts [][]inked, spans []int) {
		b.WriteString("<tr>")
		for i, runs := range texts {
			fmt.Fprintf(&b, `<td colspan="%d">`, spans[i])
			for _, r := range runs {
				b.WriteString(looks[r.look][0] + r.text + looks[r.look][1])
			}
			b.WriteString("</td>")
		}
		b.WriteString("</tr>\n")
	})
	b.WriteString("</table></body></html>")
	return []byte(b.String())
}

func shownXLSX(t *testing.T) []byte {
	f := excelize.NewFile()
	looks := map[string]*excelize.Font{
		"struck": {Strike: true}, "struck by style": {Strike: true}, "raised": {VertAlign: "superscript"}, "raised by style": {VertAlign: "superscript"}, "moved": {VertAlign: "superscript"},
		"lowered": {VertAlign: "subscript"}, "white": {Color: "FFFFFF"},
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	border := []excelize.Border{{Type: "left", Style: 1, Color: "000000"}, {Type: "top", Style: 1, Color: "000000"}, {Type: "right", Style: 1, Color: "000000"}, {Type: "bottom", Style: 1, Color: "000000"}}
	ruled, err := f.NewStyle(&excelize.Style{Border: border})
	must(err)
	must(f.SetCellValue("Sheet1", "A1", shownTitle))
	must(f.SetCellValue("Sheet1", "A2", "二、主动公开政府信息情况"))
	row := 2
	shownRows(func(texts [][]inked, spans []int) {
		row++
		col := 1
		for i, runs := range texts {
			from, err := excelize.CoordinatesToCellName(col, row)
			must(err)
			to, err := excelize.CoordinatesToCellName(col+spans[i]-1, row)
			must(err)
			if from != to {
				must(f.MergeCell("Sheet1", from, to))
			}
			var rich []excelize.RichTextRun
			for _, r := range runs {
				if r.look != "hidden" { // a sheet hides cells, not runs
					rich = append(rich, excelize.RichTextRun{Text: r.text, Font: looks[r.look]})
				}
			}
			must(f.SetCellRichText("Sheet1", from, rich))
			must(f.SetCellStyle("Sheet1", from, to, ruled))
			if len(runs) == 1 && looks[runs[0].look] != nil {
				style, err := f.NewStyle(&excelize.Style{Border: border, Font: looks[runs[0].look]})
				must(err)
				must(f.SetCellStyle("Sheet1", from, to, style))
			}
			col += spans[i]
		}
	})
	var b bytes.Buffer
	must(f.Write(&b))
	return b.Bytes()
}

// shownMHT is the page in an archive of the web.
func shownMHT() []byte {
	return fmt.Appendf(nil, "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"; type=\"text/html\"\r\n\r\n--b\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Location: file:///a.htm\r\n\r\n%s\r\n--b--\r\n", shownHTML())
}

// TestShownAgrees: one table, with print that is struck out, raised, lowered, hidden or white, is read as it is shown from every format.
// Where soffice is not installed, what LibreOffice writes is left out.
func TestShownAgrees(t *testing.T) {
	c := reader(t)
	files := map[string][]byte{"own.docx": shownDOCX(t), "own.html": shownHTML(), "own.mht": shownMHT(), "own.xlsx": shownXLSX(t)}
	if soffice, err := exec.LookPath("soffice"); err == nil {
		dir := t.TempDir()
		for _, to := range []struct{ from, filter, ext string }{
			{"own.docx", "doc:MS Word 97", "doc"}, {"own.docx", "odt", "odt"}, {"own.docx", "rtf", "rtf"}, {"own.docx", "pdf", "pdf"}, {"own.xlsx", "xls:MS Excel 97", "xls"},
		} {
			from := filepath.Join(dir, to.from)
			if err := os.WriteFile(from, files[to.from], 0o600); err != nil {
				t.Fatal(err)
			}
			profile := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "profile"))}
			if said, err := exec.CommandContext(t.Context(), soffice, "-env:UserInstallation="+profile.String(), "--headless", "--norestore", "--convert-to", to.filter, "--outdir", dir, from).CombinedOutput(); err != nil {
				t.Fatalf("soffice: %v\n%s", err, said)
			}
			data, err := os.ReadFile(filepath.Join(dir, "own."+to.ext))
			if err != nil {
				t.Fatal(err)
			}
			files["of LibreOffice."+to.ext] = data
		}
	}
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			res, err := c.Convert(t.Context(), nianbao.Bytes(name, data))
			if err != nil {
				t.Fatal(err)
			}
			for _, cell := range shownCells {
				cell.check(t, res.Report)
			}
		})
	}
}

func (c shownCell) check(t *testing.T, r *report.Report) {
	t.Helper()
	path := "/tables/proactive_disclosure/" + c.path
	v, _ := r.Tables.Value(path)
	got := ""
	if v.Number != nil {
		got = v.Number.String()
	}
	named := false
	for _, e := range r.Review {
		named = named || e.Path == path
	}
	if got != c.want || named != c.named {
		raw := ""
		if ev := r.Cell(path); ev != nil {
			raw = ev.Raw
		}
		t.Errorf("%s of %v is %q (raw %q), named %v; want %q, %v", path, c.runs, got, raw, named, c.want, c.named)
	}
}

// TestNoTableIsNeverComplete: a report of 2019 or later has 表二, 表三 and 表四. One without any of them is not complete, whatever else it holds.
func TestNoTableIsNeverComplete(t *testing.T) {
	c := reader(t)
	other := `<table><tr><th>指标名称</th><th>单位</th><th>数量</th></tr><tr><td>主动公开政府信息数</td><td>条</td><td>120</td></tr><tr><td>举办新闻发布会总次数</td><td>次</td><td>3</td></tr><tr><td>政府网站公开政府信息数</td><td>条</td><td>100</td></tr></table>`
	for name, body := range map[string]string{
		"prose": `<p>一、总体情况</p><p>全年主动公开政府信息120条，收到政府信息公开申请12件，均已答复。</p>`,
		"chapters": `<p>一、总体情况</p><p>主动公开政府信息120条。</p><p>二、主动公开政府信息情况</p><p>见网站。</p><p>三、收到和处理政府信息公开申请情况</p><p>收到申请12件。</p>` +
			`<p>四、政府信息公开行政复议、行政诉讼情况</p><p>无。</p><p>五、存在的主要问题及改进情况</p><p>加强。</p><p>六、其他需要报告的事项</p><p>无。</p>`,
		"another table": `<p>一、总体情况</p><p>主动公开政府信息120条。</p>` + other,
	} {
		for _, year := range []int{2019, 2023} {
			data := fmt.Appendf(nil, `<html><meta charset="utf-8"><h1>柳林区人民政府%d年政府信息公开工作年度报告</h1>%s</html>`, year, body)
			if _, r := tablesOf(t, c, "a.html", data); r.Outcome == report.Complete {
				t.Errorf("%s of %d is complete", name, year)
			}
		}
	}
}

// TestCopiesOfAnotherYear: the table of the year before is told by what stands over it, or by the name of its sheet, wherever it stands; where
// nothing tells, what the copies contradict is named.
func TestCopiesOfAnotherYear(t *testing.T) {
	c := reader(t)
	const path = "/tables/proactive_disclosure/licensing/decisions"
	table := func(licensing string) string {
		var b strings.Builder
		for line := range strings.SplitSeq(strings.ReplaceAll(shownTable, "%6", licensing), "\n") {
			b.WriteString("<tr>")
			for cell := range strings.SplitSeq(line, "|") {
				if cell == "&" {
					continue
				}
				if strings.HasPrefix(cell, "%") {
					cell = "1"
				}
				fmt.Fprintf(&b, `<td colspan="%d">%s</td>`, 1+strings.Count(line, "&")/max(1, strings.Count(line, "|")+1-strings.Count(line, "&")), cell)
			}
			b.WriteString("</tr>")
		}
		return b.String()
	}
	page := func(body string) []byte {
		return []byte(`<html><meta charset="utf-8"><h1>` + shownTitle + `</h1><p>二、主动公开政府信息情况</p>` + body + `</html>`)
	}
	sheets := excelize.NewFile()
	for i, year := range []string{"2022", "2023年"} {
		if i > 0 {
			if _, err := sheets.NewSheet(year); err != nil {
				t.Fatal(err)
			}
		} else if err := sheets.SetSheetName("Sheet1", year); err != nil {
			t.Fatal(err)
		}
		row := 0
		for line := range strings.SplitSeq(strings.ReplaceAll(shownTable, "%6", []string{"470", "444"}[i]), "\n") {
			row++
			for col, cell := range strings.Split(line, "|") {
				at, err := excelize.CoordinatesToCellName(col+1, row)
				if err == nil && cell != "&" {
					if strings.HasPrefix(cell, "%") {
						cell = "1"
					}
					err = sheets.SetCellValue(year, at, cell)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var book bytes.Buffer
	if err := sheets.Write(&book); err != nil {
		t.Fatal(err)
	}
	var titled bytes.Buffer
	if err := sheets.InsertRows("2023年", 1, 1); err != nil {
		t.Fatal(err)
	}
	if err := sheets.SetCellValue("2023年", "A1", shownTitle); err != nil {
		t.Fatal(err)
	}
	if err := sheets.Write(&titled); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, file string
		data       []byte
		want       string
		named      bool
	}{
		{"under the words for the year before", "a.html", page("<p>附：上年度数据</p><table>" + table("470") + "</table><table>" + table("444") + "</table>"), "444", false},
		{"in one table", "a.html", page("<p>附：上年度数据</p><table>" + table("470") + table("444") + "</table>"), "444", false},
		{"in one table, under a title each", "a.html", page(`<table><tr><td colspan="4">2022年</td></tr>` + table("470") + `<tr><td colspan="4">2023年</td></tr>` + table("444") + "</table>"), "444", false},
		{"after this year's", "a.html", page("<table>" + table("444") + "</table><p>2022年情况</p><table>" + table("470") + "</table>"), "444", false},
		{"without a word", "a.html", page("<table>" + table("470") + "</table><table>" + table("444") + "</table>"), "", true},
		{"on sheets named by years", "清源市教育局2023年政府信息公开工作年度报告.xlsx", book.Bytes(), "", true},
		{"on sheets named by years, under a title", "a.xlsx", titled.Bytes(), "444", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res, err := c.Convert(t.Context(), nianbao.Bytes(tt.file, tt.data))
			if err != nil {
				t.Fatal(err)
			}
			shownCell{strings.TrimPrefix(path, "/tables/proactive_disclosure/"), nil, tt.want, tt.named}.check(t, res.Report)
		})
	}
}

// TestStruckOnAScan: a stroke through the digits of a scan is no print; whatever is read there, a person is asked.
func TestStruckOnAScan(t *testing.T) {
	spoilNumbers(t, 1, false, func(g *image.Gray, ink image.Rectangle) {
		for y := ink.Min.Y + ink.Dy()/2 - 1; y <= ink.Min.Y+ink.Dy()/2+1; y++ {
			for x := ink.Min.X - 6; x < ink.Max.X+6; x++ {
				g.Pix[y*g.Stride+x] = 0
			}
		}
	})
}

// TestRaisedOnAScan: smaller digits, raised or lowered behind those of a scan, are a note: a person is asked where the number is not read alone.
func TestRaisedOnAScan(t *testing.T) {
	for _, tt := range []struct {
		name    string
		larger  int // than the page is stored
		size    float64
		shifted float64 // of the foot, in heights of a digit: above the line where it is positive
	}{
		{"as word processors raise them", 1, 0.6, 0.47},
		{"as browsers do", 1, 0.83, 0.47},
		{"lowered", 1, 0.6, -0.2},
		{"as word processors raise them, larger", 2, 0.6, 0.47},
		{"as browsers do, larger", 2, 0.83, 0.47},
		{"lowered, larger", 2, 0.6, -0.2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			spoilNumbers(t, tt.larger, true, func(g *image.Gray, ink image.Rectangle) {
				high, wide := int(tt.size*float64(ink.Dy())), max(2, ink.Dy()/7) // a 1
				foot := ink.Max.Y - int(tt.shifted*float64(ink.Dy()))
				draw.Draw(g, image.Rect(ink.Max.X+4, foot-high, ink.Max.X+4+wide, foot), image.Black, image.Point{}, draw.Src)
			})
		})
	}
}

// spoilNumbers has each number of a scanned page, some times as large as it is stored, be named when its ink is spoilt, or read as
// before where that is right.
func spoilNumbers(t *testing.T, larger int, asBefore bool, spoil func(g *image.Gray, ink image.Rectangle)) {
	t.Helper()
	c := reader(t)
	if _, err := c.Producer(t.Context()); errors.Is(err, nianbao.ErrMissingProgram) {
		t.Skip(err)
	}
	page := stored(t)
	img := image.NewGray(image.Rect(0, 0, larger*page.Rect.Dx(), larger*page.Rect.Dy()))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			img.Pix[y*img.Stride+x] = page.Pix[y/larger*page.Stride+x/larger]
		}
	}
	convert := func(g *image.Gray) *report.Report {
		var b bytes.Buffer
		if err := png.Encode(&b, g); err != nil {
			t.Fatal(err)
		}
		_, r := tablesOf(t, c, "a.png", b.Bytes())
		return r
	}
	spoilt := image.NewGray(img.Rect)
	copy(spoilt.Pix, img.Pix)
	before := map[string]string{}
	for _, cell := range convert(img).Cells {
		if cell.Box == nil || cell.Mark != report.MarkNumber {
			continue
		}
		before[cell.Path] = cell.Raw
		var ink image.Rectangle
		for y := int(cell.Box[1]) + 4; y < int(cell.Box[3])-4; y++ {
			for x := int(cell.Box[0]) + 4; x < int(cell.Box[2])-4; x++ {
				if spoilt.GrayAt(x, y).Y < 128 {
					ink = ink.Union(image.Rect(x, y, x+1, y+1))
				}
			}
		}
		spoil(spoilt, ink)
	}
	if len(before) < 3 {
		t.Fatalf("the page has the numbers %v alone", before)
	}
	r := convert(spoilt)
	for path, raw := range before {
		if asBefore && r.Cell(path).Raw == raw {
			continue
		}
		if !slices.ContainsFunc(r.Review, func(e report.Review) bool { return e.Path == path }) {
			t.Errorf("%s is spoilt, read as %q, and not named", path, r.Cell(path).Raw)
		}
	}
}
