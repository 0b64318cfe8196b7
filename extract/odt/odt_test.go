package odt_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/nianbao/nianbao/extract/flow/flowtest"
	"github.com/nianbao/nianbao/extract/odt"
	"github.com/nianbao/nianbao/layout/diag"
)

// document packs a body, with automatic styles before it.
func document(t testing.TB, styles, body string, more ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	const head = `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0">`
	parts := append([]string{"mimetype", "application/vnd.oasis.opendocument.text", "content.xml",
		head + "<office:automatic-styles>" + styles + "</office:automatic-styles><office:body><office:text>" + body + "</office:text></office:body></office:document-content>"}, more...)
	for i := 0; i+1 < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBlocks(t *testing.T) {
	const cell = "<table:table-cell><text:p>"
	const end = "</text:p></table:table-cell>"
	for _, c := range []struct{ reason, styles, body, want string }{
		{"headings, blanks, line ends", "", `<text:h text:outline-level="2">一、总体情况</text:h><text:p>甲 <text:s text:c="2"/>乙<text:line-break/>丙<text:tab/>
 丁</text:p><text:p/>`, "## 一、总体情况\n甲   乙\n丙  丁\n"},
		{"spans, and the cells they cover", "", `<table:table><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>头</text:p></table:table-cell><table:covered-table-cell/>` + cell + "总计" + end + `</table:table-row></table:table-header-rows>` +
			`<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>甲</text:p></table:table-cell>` + cell + "1" + end + cell + "2" + end + `</table:table-row><table:table-row><table:covered-table-cell/>` + cell + "3" + end + cell + end + `</table:table-row></table:table>`,
			"|0:头{1,2}|2:总计|\n|0:甲{2,1}|1:1|2:2|\n|1:3|2:|\n"},
		{"repeated cells are bounded", "", `<table:table><table:table-row>` + cell + "甲" + end + `<table:table-cell table:number-columns-repeated="2"/></table:table-row><table:table-row table:visibility="collapse">` + cell + "x" + end + `</table:table-row></table:table>`, "|0:甲|1:|2:|\n"},
		{"what nobody sees", `<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style><style:style style:name="K" style:family="text" style:parent-style-name="H"/>`,
			`<text:tracked-changes><text:p>删</text:p></text:tracked-changes><text:p>文<text:span text:style-name="K">隐</text:span><text:note><text:note-body><text:p>注</text:p></text:note-body></text:note><office:annotation><text:p>批</text:p></office:annotation><text:ruby><text:ruby-base>报</text:ruby-base><text:ruby-text>bào</text:ruby-text></text:ruby></text:p><text:section text:display="none"><text:p>x</text:p></text:section>`, "文报\n"},
		{"raised and struck-out text", `<style:style style:name="S" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style><style:style style:name="X" style:family="text"><style:text-properties style:text-line-through-style="solid"/></style:style>`,
			`<table:table><table:table-row>` + cell + `12<text:span text:style-name="S">1</text:span>` + end + cell + `<text:span text:style-name="X">5</text:span>` + end + `</table:table-row></table:table>`, "|0:12¹|1:▮|\n"},
		{"lowered text, and styles that take back what their parents say", `<style:style style:name="L" style:family="text"><style:text-properties style:text-position="sub 58%"/></style:style>` +
			`<style:style style:name="M" style:family="text"><style:text-properties style:text-position="-25% 80%"/></style:style><style:style style:name="N" style:family="text" style:parent-style-name="M"><style:text-properties style:text-position="0% 100%"/></style:style>` +
			`<style:style style:name="X" style:family="paragraph"><style:text-properties style:text-line-through-style="solid"/></style:style><style:style style:name="Y" style:family="text"><style:text-properties style:text-line-through-style="none"/></style:style>`,
			`<table:table><table:table-row>` + cell + `12<text:span text:style-name="L">1</text:span>` + end + cell + `12<text:span text:style-name="M">2</text:span>` + end + cell + `12<text:span text:style-name="N">3</text:span>` + end +
				`<table:table-cell><text:p text:style-name="X">7<text:span text:style-name="Y">8</text:span>` + end + `</table:table-row></table:table>`, "|0:12₁|1:12₂|2:123|3:8|\n"},
		{"white print", `<style:style style:name="W" style:family="text"><style:text-properties fo:color="#ffffff"/></style:style><style:style style:name="D" style:family="table-cell"><style:table-cell-properties fo:background-color="#1f4e79"/></style:style>`,
			`<table:table><table:table-row>` + cell + `<text:span text:style-name="W">5</text:span>` + end + cell + `<text:span text:style-name="W">总计</text:span>` + end +
				`<table:table-cell table:style-name="D"><text:p><text:span text:style-name="W">6</text:span>` + end + `</table:table-row></table:table>`, "|0:▮|1:总计|2:6|\n"},
		{"print of the color of its ground", `<style:style style:name="B" style:family="text"><style:text-properties fo:color="#000000"/></style:style><style:style style:name="A" style:family="text" style:parent-style-name="B"><style:text-properties style:use-window-font-color="true"/></style:style>` +
			`<style:style style:name="W" style:family="text"><style:text-properties fo:color="#fdfdfd"/></style:style><style:style style:name="P" style:family="paragraph"><style:paragraph-properties fo:background-color="#000000"/></style:style>` +
			`<style:style style:name="D" style:family="table-cell"><style:table-cell-properties fo:background-color="#000000"/></style:style><style:style style:name="R" style:family="table-row"><style:table-row-properties fo:background-color="#000000"/></style:style>`,
			`<table:table><table:table-row>` + cell + `<text:span text:style-name="W">5</text:span>` + end + `<table:table-cell table:style-name="D"><text:p><text:span text:style-name="B">6</text:span>` + end +
				`<table:table-cell table:style-name="D"><text:p><text:span text:style-name="A">7</text:span>` + end + `<table:table-cell><text:p text:style-name="P"><text:span text:style-name="W">8</text:span>` + end + `</table:table-row>` +
				`<table:table-row table:style-name="R">` + cell + `<text:span text:style-name="B">1</text:span>` + end + cell + `<text:span text:style-name="W">2</text:span>` + end + cell + "3" + end + cell + "4" + end + `</table:table-row></table:table>`,
			"|0:▮|1:▮|2:7|3:8|\n|0:▮|1:2|2:3|3:4|\n"},
		{"lists", `<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"><style:list-level-properties><style:list-level-label-alignment text:label-followed-by="nothing"/></style:list-level-properties></text:list-level-style-number>` +
			`<text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix="." text:display-levels="1"/></text:list-style>`,
			`<text:list text:style-name="L"><text:list-item><text:p>甲</text:p><text:p>续</text:p><text:list><text:list-item><text:p>乙</text:p></text:list-item></text:list></text:list-item></text:list><text:p>文</text:p>` +
				`<text:list text:style-name="L" text:continue-numbering="true"><text:list-item><text:p>丙</text:p></text:list-item></text:list><text:list text:style-name="L"><text:list-item><text:p>丁</text:p></text:list-item></text:list>`,
			"一、甲\n续\n1. 乙\n文\n二、丙\n一、丁\n"},
		{"text boxes and pictures", "", `<text:p>文<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame><draw:frame svg:width="15cm" svg:height="8cm"><draw:image xlink:href="Pictures/t.png"/></draw:frame><draw:frame svg:width="4cm" svg:height="4cm"><draw:image xlink:href="Pictures/seal.png"/></draw:frame></text:p>`, "文\n框\n<t.png>\n"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, warnings, err := odt.Read(document(t, c.styles, c.body))
			if err != nil || len(warnings) > 0 {
				t.Fatalf("error %v, warnings %v", err, warnings)
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			if err := flowtest.CheckAll(d); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestForeign reads files that other programs wrote; testdata/README.md tells how.
// TestSpansAlone reads rows whose spans are not followed by the cells that they cover, as ODF Toolkit writes them.
func TestSpansAlone(t *testing.T) {
	d, _, err := odt.Read(document(t, "", `<table:table><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>甲</text:p></table:table-cell><table:table-cell><text:p>4</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>乙</text:p></table:table-cell><table:covered-table-cell/><table:table-cell><text:p>5</text:p></table:table-cell></table:table-row></table:table>`))
	if err != nil {
		t.Fatal(err)
	}
	table := d.Pages[0].Blocks[0].Table
	for row, want := range []string{"4", "5"} {
		if c := table.At(row, table.Cols-1); c == nil || c.Text != want {
			t.Errorf("row %d: %v, want %s", row, c, want)
		}
	}
}

func TestForeign(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"libreoffice.odt", `# 柳林区人民政府2023年政府信息公开工作年度报告
## 一、总体情况
全年主动公开政府信息503条。
## 二、收到和处理政府信息公开申请情况
|0:勾稽关系{2,2}|2:申请人情况{1,3}|
|2:自然人|3:商业⏎企业|4:总计|
|0:一、本年新收{1,2}|2:12|3:0|4:12|
|0:三、办理结果{2,1}|1:（一）予以公开|2:7|3:|4:7|
|1:（二）部分公开|2:5|3:/|4:5|
## 六、其他需要报告的事项
无。
`},
		{"traits.odt", `一、总体情况
共13件，第7号²☑
二、主动公开
|0:（一）予以公开{2,1}|1:a|2:3|
|1:b|2:▮|
|0:（二）部分公开|1:English text⏎末{1,2}[|0:1|1:2|]|
|0:窄{1,2}|2:€5|
三、收到申请
框
四、诉讼
<100000000000003C00000028FC5C2C3F8FCA7D07.png 60x40>
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", c.name))
			if err != nil {
				t.Fatal(err)
			}
			d, _, err := odt.Read(data)
			if err != nil {
				t.Fatal(err)
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	whole := document(t, "", "<text:p>文</text:p>")
	const locked = `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`
	for _, c := range []struct {
		reason string
		data   []byte
		want   error
	}{
		{"nothing", nil, diag.ErrEmpty},
		{"a cut file", whole[:len(whole)-20], diag.ErrDamaged},
		{"broken XML", document(t, "", "<text:p>"), diag.ErrDamaged},
		{"a password", document(t, "", "", "META-INF/manifest.xml", locked), diag.ErrEncrypted},
		{"no archive", []byte("text"), diag.ErrDamaged},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if d, _, err := odt.Read(c.data); !errors.Is(err, c.want) || d != nil {
				t.Errorf("document %v, error %v, want %v", d, err, c.want)
			}
		})
	}
}

func FuzzBody(f *testing.F) {
	f.Add(`<text:list><text:list-item><text:p>甲</text:p></text:list-item></text:list>`)
	f.Add(`<table:table><table:table-row><table:table-cell table:number-rows-spanned="9" table:number-columns-spanned="-1"/><table:covered-table-cell table:number-columns-repeated="99999"/></table:table-row></table:table>`)
	f.Fuzz(func(t *testing.T, body string) {
		d, _, err := odt.Read(document(t, "", body))
		if (d == nil) == (err == nil) {
			t.Fatalf("document %v, error %v", d, err)
		}
		if d != nil {
			if err := flowtest.CheckAll(d); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestWhatWriterShows: a cell with a figure in a look, or something beside it, and whether a person is asked about it.
// unknownField is a field of a Word document as LibreOffice keeps it.
func unknownField(code, result string) string {
	return `<field:fieldmark-start field:type="vnd.oasis.opendocument.field.UNHANDLED"><field:param field:name="vnd.oasis.opendocument.field.code" field:value="` + code +
		`"/></field:fieldmark-start><field:fieldmark-separator/>` + result + `<field:fieldmark-end/>`
}

func TestWhatWriterShows(t *testing.T) {
	text := func(properties string) string {
		return `<style:style style:name="X" style:family="text"><style:text-properties ` + properties + `/></style:style>`
	}
	paragraph := func(properties string) string {
		return `<style:style style:name="Q" style:family="paragraph"><style:paragraph-properties ` + properties + `/></style:style>`
	}
	graphic := func(properties string) string {
		return `<style:style style:name="G" style:family="graphic"><style:graphic-properties ` + properties + `/></style:style>`
	}
	const cell = `<text:p text:style-name="Q"><text:span text:style-name="X">444</text:span></text:p>`
	for _, c := range []struct {
		styles, row, props, cell string
		asked                    bool
	}{
		{"", "", "", cell, false},
		{text(`fo:font-size="1pt"`), "", "", cell, true},
		{text(`fo:font-size="14pt"`), "", "", cell, false},
		{text(`style:text-scale="1%"`), "", "", cell, true},
		{text(`fo:letter-spacing="-8pt"`), "", "", cell, true},
		{text(`style:text-combine="lines"`), "", "", cell, true},
		{text(`fo:color="#000000" loext:opacity="0%"`), "", "", cell, true},
		{text(`style:use-window-font-color="true" loext:opacity="0%"`), "", "", cell, false},
		{text(`fo:font-size="14pt"`) + `<style:style style:name="Y" style:family="text"><style:text-properties fo:font-size="7pt"/></style:style>`, "", "", `<text:p><text:span text:style-name="X">444</text:span><text:span text:style-name="Y">1</text:span></text:p>`, true},
		{`<style:default-style style:family="paragraph"><style:text-properties style:text-line-through-style="solid"/></style:default-style>`, "", "", cell, true},
		{paragraph(`fo:line-height="0.5mm"`), "", "", cell, true},
		{paragraph(`fo:line-height="115%"`), "", "", cell, false},
		{paragraph(`fo:margin-left="-5cm"`), "", "", cell, true},
		{graphic(`style:wrap="run-through" style:run-through="foreground"`), "", "", `<text:p>444<draw:rect text:anchor-type="paragraph" draw:style-name="G"/></text:p>`, true},
		{graphic(`style:wrap="run-through" style:run-through="background"`), "", "", `<text:p>444<draw:rect text:anchor-type="paragraph" draw:style-name="G"/></text:p>`, false},
		{"", "", "", `<text:p>444<draw:line text:anchor-type="char"/></text:p>`, true},
		{"", "", "", `<text:p><text:placeholder text:placeholder-type="text">&lt;444&gt;</text:placeholder></text:p>`, true},
		{"", "", "", `<text:p><text:change text:change-id="a"/></text:p>`, true},
		{"", "", "", `<text:p><draw:control draw:control="c"/></text:p>`, true},
		{"", "", "", `<text:p><loext:content-control loext:showing-place-holder="true">444</loext:content-control></text:p>`, true},
		{"", "", "", `<text:p><loext:content-control>444</loext:content-control></text:p>`, false},
		{"", "", "", `<text:p><text:page-number>4</text:page-number></text:p>`, true},
		{"", "", "", `<text:p><text:date text:fixed="true">444</text:date></text:p>`, false},
		{"", "", "", `<text:p><text:user-defined text:name="x"/></text:p>`, true},
		{"", "", "", `<text:p><text:table-formula text:formula="ooow:1">444</text:table-formula></text:p>`, true},
		{"", "", "", `<text:p>` + unknownField("QUOTE 4", "") + `</text:p>`, true},
		{"", "", "", `<text:p>` + unknownField("QUOTE 444", "444") + `</text:p>`, false},
		{"", "", "", `<text:p>` + unknownField(`ADVANCE \u6`, "") + `444</text:p>`, true},
		{"", "", "", `<text:p>444<text:hidden-paragraph text:condition="ooow:1" text:is-hidden="true"/></text:p>`, true},
		{"", "", "", `<text:section text:display="condition" text:is-hidden="true"><text:p>444</text:p></text:section>`, true},
		{`<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" text:start-value="12"><style:list-level-properties><style:list-level-label-alignment text:label-followed-by="nothing"/></style:list-level-properties></text:list-level-style-number></text:list-style>`,
			"", "", `<text:list text:style-name="L"><text:list-item><text:p>444</text:p></text:list-item></text:list>`, true},
		{`<style:style style:name="R" style:family="table-row"><style:table-row-properties style:row-height="0.4mm"/></style:style>`, "R", "", cell, true},
		{`<style:style style:name="C" style:family="table-cell"><style:table-cell-properties style:diagonal-tl-br="0.5pt solid #000000"/></style:style>`, "", "C", cell, true},
		{`<style:style style:name="C" style:family="table-cell"><style:table-cell-properties style:diagonal-tl-br="none"/></style:style>`, "", "C", cell, false},
	} {
		body := `<table:table><table:table-row table:style-name="` + c.row + `"><table:table-cell><text:p>甲</text:p></table:table-cell><table:table-cell table:style-name="` + c.props + `">` + c.cell +
			`</table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>乙</text:p></table:table-cell><table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>`
		d, _, err := odt.Read(document(t, c.styles, body))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Pages[0].Blocks[0].Table.At(0, 1); (got.Struck || got.Reading != nil && got.Reading.Ink) != c.asked || !c.asked && got.Text != "444" {
			t.Errorf("%s %s: %q, struck %v; asked is to be %v", c.styles, c.cell, got.Text, got.Struck, c.asked)
		}
	}
}
