package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/docx"
	"github.com/nianbao/nianbao/extract/flow/flowtest"
	"github.com/nianbao/nianbao/layout/diag"
)

const namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"`

// archive packs parts, given as name and content in turn.
func archive(t testing.TB, nameAndContent ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(nameAndContent); i += 2 {
		f, err := w.Create(nameAndContent[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(nameAndContent[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claiming packs a part that says that it unpacks to so many bytes.
func claiming(t testing.TB, name string, size uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: 5, UncompressedSize64: size})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("\x03\x00\x00\x00\x00")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func rels(entries string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + entries + `</Relationships>`
}

func rel(id, kind, target string) string {
	return fmt.Sprintf(`<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`, id, kind, target)
}

// document packs a body with further parts.
func document(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	doc := `<?xml version="1.0" encoding="UTF-8"?><w:document ` + namespaces + `><w:body>` + body + `<w:sectPr/></w:body></w:document>`
	return archive(t, append([]string{"_rels/.rels", rels(rel("rId1", "officeDocument", "word/document.xml")), "word/document.xml", doc}, more...)...)
}

func p(text string) string {
	return `<w:p><w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:p>`
}

func tc(props, text string) string {
	return `<w:tc><w:tcPr>` + props + `</w:tcPr>` + p(text) + `</w:tc>`
}

func tr(cells ...string) string { return `<w:tr>` + strings.Join(cells, "") + `</w:tr>` }

func tbl(rows ...string) string { return `<w:tbl><w:tblPr/>` + strings.Join(rows, "") + `</w:tbl>` }

func styles(s string) []string {
	return []string{"word/_rels/document.xml.rels", rels(rel("s", "styles", "styles.xml") + rel("n", "numbering", "numbering.xml")),
		"word/styles.xml", `<w:styles ` + namespaces + `>` + s + `</w:styles>`}
}

const (
	span2, span3    = `<w:gridSpan w:val="2"/>`, `<w:gridSpan w:val="3"/>`
	restart, proper = `<w:vMerge w:val="restart"/>`, `<w:vMerge/>`
)

func TestBody(t *testing.T) {
	cell := func(inner string) string {
		return tbl(tr(tc("", "甲"), `<w:tc>`+inner+`</w:tc>`))
	}
	for _, c := range []struct {
		reason, body, want string
		more               []string
	}{
		{"paragraphs, blank ones left out", p("一、总体情况") + p("") + p(" \u3000无。 "), "一、总体情况\n无。\n", nil},
		{"runs, tabs and line ends", `<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r><w:r><w:noBreakHyphen/><w:t>1</w:t></w:r></w:p>`, "甲 乙\n丙-1\n", nil},
		{"horizontal and vertical merges", tbl(
			tr(tc(restart+span2, "项目"), tc(span2, "申请人")), tr(tc(proper+span2, ""), tc("", "自然人"), tc("", "总计")),
			tr(tc("", "甲"), tc("", "乙"), tc("", "1"), tc("", "2"))),
			"|0:项目{2,2}|2:申请人{1,2}|\n|2:自然人|3:总计|\n|0:甲|1:乙|2:1|3:2|\n", nil},
		{"old horizontal merge with hMerge, over two rows", tbl(
			tr(tc(`<w:hMerge w:val="restart"/>`+restart, "头"), tc(`<w:hMerge/>`+restart, ""), tc("", "1")),
			tr(tc(`<w:hMerge w:val="restart"/>`+proper, ""), tc(`<w:hMerge/>`+proper, ""), tc("", "2")),
			tr(tc("", "甲"), tc("", "乙"), tc("", "3"))),
			"|0:头{2,2}|2:1|\n|2:2|\n|0:甲|1:乙|2:3|\n", nil},
		{"a row that the grid indents", tbl(tr(tc("", "1"), tc("", "2"), tc("", "3")),
			`<w:tr><w:trPr><w:gridBefore w:val="1"/><w:gridAfter w:val="1"/></w:trPr>`+tc("", "5")+`</w:tr>`),
			"|0:1|1:2|2:3|\n|1:5|\n", nil},
		{"a merge that goes on under nothing is a cell of its own", tbl(tr(tc("", "甲"), tc("", "1")), tr(tc(proper, "乙"), tc("", "2"))),
			"|0:甲|1:1|\n|0:乙|1:2|\n", nil},
		{"a merge does not go on below another width", tbl(tr(tc(restart+span2, "甲"), tc("", "1")), tr(tc(proper, "乙"), tc("", "2"), tc("", "3"))),
			"|0:甲{1,2}|2:1|\n|0:乙|1:2|2:3|\n", nil},
		{"columns in which nothing starts are not seen", tbl(tr(tc(span3, "甲"), tc(span2, "1")), tr(tc(span3, "乙"), tc(span2, "2"))),
			"|0:甲|1:1|\n|0:乙|1:2|\n", nil},
		{"widths mend a merged cell without gridSpan", `<w:tbl><w:tblGrid><w:gridCol w:w="1000"/><w:gridCol w:w="1000"/><w:gridCol w:w="500"/></w:tblGrid>` +
			tr(tc(`<w:tcW w:w="2000" w:type="dxa"/>`, "信息内容"), tc(`<w:tcW w:w="500" w:type="dxa"/>`, "数量")) + tr(tc("", "1"), tc("", "2"), tc("", "3")) + `</w:tbl>`,
			"|0:信息内容{1,2}|2:数量|\n|0:1|1:2|2:3|\n", nil},
		{"widths off the grid change nothing", `<w:tbl><w:tblGrid><w:gridCol w:w="1000"/><w:gridCol w:w="1000"/><w:gridCol w:w="500"/></w:tblGrid>` +
			tr(tc(`<w:tcW w:w="1500" w:type="dxa"/>`, "甲"), tc(`<w:tcW w:w="1000" w:type="dxa"/>`, "乙")) + tr(tc("", "1"), tc("", "2"), tc("", "3")) + `</w:tbl>`,
			"|0:甲|1:乙|\n|0:1|1:2|2:3|\n", nil},
		{"paragraphs of a cell are its lines", cell(p("商业") + p("企业")), "|0:甲|1:商业⏎企业|\n", nil},
		{"a nested table stays in its cell", tbl(tr(tc("", "甲"), tc("", "乙"), tc("", "丙")), tr(tc("", "丁"), tc("", "戊"), `<w:tc>`+p("文")+tbl(tr(tc("", "1"), tc("", "2")))+p("末")+`</w:tc>`)),
			"|0:甲|1:乙|2:丙|\n|0:丁|1:戊|2:文⏎末[|0:1|1:2|]|\n", nil},
		{"a frame around a table is not seen", `<w:tbl><w:tr><w:tc>` + p("前") + tbl(tr(tc("", "1"), tc("", "2"))) + p("后") + `</w:tc></w:tr></w:tbl>`, "前\n|0:1|1:2|\n后\n", nil},
		{"a table inside a run", `<w:p><w:r><w:t>表</w:t>` + tbl(tr(tc("", "1"), tc("", "2"))) + `</w:r></w:p>`, "表\n|0:1|1:2|\n", nil},
		{"tracked changes are accepted", `<w:p><w:r><w:t>共</w:t></w:r><w:del><w:r><w:delText>12</w:delText></w:r></w:del><w:ins><w:r><w:t>13</w:t></w:r></w:ins>` +
			`<w:moveFrom><w:r><w:t>甲</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>件</w:t></w:r></w:moveTo></w:p>`, "共13件\n", nil},
		{"a deleted paragraph mark joins two paragraphs", `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>一、总体</w:t></w:r></w:p>` + p("情况"), "一、总体情况\n", nil},
		{"deleted rows and cells are gone, inserted ones stay", tbl(tr(tc("", "甲"), tc("", "1")), `<w:tr><w:trPr><w:del/></w:trPr>`+tc("", "乙")+tc("", "2")+`</w:tr>`,
			`<w:tr><w:trPr><w:ins/></w:trPr>`+tc("", "丙")+tc(`<w:cellDel/>`, "9")+tc("", "3")+`</w:tr>`), "|0:甲|1:1|\n|0:丙|1:3|\n", nil},
		{"content controls around everything", `<w:sdt><w:sdtContent>` + p("甲") + `<w:p><w:sdt><w:sdtContent><w:r><w:t>乙</w:t></w:r></w:sdtContent></w:sdt></w:p></w:sdtContent></w:sdt>` +
			`<w:tbl><w:sdt><w:sdtContent>` + `<w:tr><w:sdt><w:sdtContent>` + tc("", "1") + `</w:sdtContent></w:sdt>` + tc("", "2") + `</w:tr></w:sdtContent></w:sdt></w:tbl>`, "甲\n乙\n|0:1|1:2|\n", nil},
		{"a control that only invites to fill it in has no text, but is not blank", cell(`<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处输入文字。</w:t></w:r></w:sdtContent></w:sdt></w:p>`), "|0:甲|1:▮|\n", nil},
		{"links and simple fields", `<w:p><w:hyperlink><w:r><w:t>政府</w:t></w:r></w:hyperlink><w:fldSimple w:instr="PAGE"><w:r><w:t>3</w:t></w:r></w:fldSimple></w:p>`, "政府3\n", nil},
		{"a field shows its result, not its instruction", cell(`<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>=SUM(ABOVE)</w:instrText><w:t>x</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` +
			`<w:r><w:t>42</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`), "|0:甲|1:42|\n", nil},
		{"a field in another's instruction", `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>内</w:t></w:r>` +
			`<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>外</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, "外\n", nil},
		{"a field that never ends does not swallow the document", `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>` + p("一、总体情况"), "一、总体情况\n", nil},
		{"an equation field shows what its instruction says", `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>eq \o\ac(○</w:instrText></w:r><w:r><w:instrText>,1)</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>项</w:t></w:r></w:p>`, "1项\n", nil},
		{"a drop-down list shows its choice", `<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="否"/><w:listEntry w:val="是"/></w:ddList></w:ffData></w:fldChar></w:r>` +
			`<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, "是\n", nil},
		{"a text box is read once", `<w:p><w:r><w:t>文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wps:txbx><w:txbxContent>` + p("框") +
			`</w:txbxContent></wps:txbx></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>` + p("框") + `</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`,
			"文\n框\n", nil},
		{"the fallback serves where the choice gives nothing", `<w:p><mc:AlternateContent><mc:Choice Requires="wpc"/><mc:Fallback><w:r><w:t>备</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>`, "备\n", nil},
		{"hidden text is not read", `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r><w:r><w:rPr><w:rStyle w:val="H"/></w:rPr><w:t>藏</w:t></w:r></w:p>`, "显\n",
			styles(`<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>`)},
		{"pinyin above the text is not text", `<w:p><w:r><w:ruby><w:rt><w:r><w:t>bào</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>报</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`, "报\n", nil},
		{"the mark of a note is no digit of a number", cell(`<w:p><w:r><w:t>12</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r></w:p>`), "|0:甲|1:12¹|\n", nil},
		{"a lowered mark", cell(`<w:p><w:r><w:t>12</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="subscript"/></w:rPr><w:t>1</w:t></w:r></w:p>`), "|0:甲|1:12₁|\n", nil},
		{"a mark raised by its height", cell(`<w:p><w:r><w:t>12</w:t></w:r><w:r><w:rPr><w:position w:val="10"/></w:rPr><w:t>1</w:t></w:r></w:p>`), "|0:甲|1:12¹|\n", nil},
		{"a number that is raised as a whole", cell(`<w:p><w:r><w:rPr><w:position w:val="10"/></w:rPr><w:t>12</w:t></w:r></w:p>`), "|0:甲|1:12|\n", nil},
		{"a mark raised by its style", cell(`<w:p><w:r><w:t>12</w:t></w:r><w:r><w:rPr><w:rStyle w:val="N"/></w:rPr><w:t>1</w:t></w:r></w:p>`), "|0:甲|1:12¹|\n",
			styles(`<w:style w:type="character" w:styleId="M"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style><w:style w:type="character" w:styleId="N"><w:basedOn w:val="M"/></w:style>`)},
		{"struck out by the paragraph's style", cell(`<w:p><w:pPr><w:pStyle w:val="S"/></w:pPr><w:r><w:t>12</w:t></w:r><w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>3</w:t></w:r></w:p>`), "|0:甲|1:3|\n",
			styles(`<w:style w:type="paragraph" w:styleId="S"><w:rPr><w:strike/></w:rPr></w:style>`)},
		{"hidden text alone leaves a cell not blank", cell(`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>12</w:t></w:r></w:p>`), "|0:甲|1:▮|\n", nil},
		{"struck out is not said, but not blank", cell(`<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>12</w:t></w:r></w:p>`), "|0:甲|1:▮|\n", nil},
		{"a correction by hand", cell(`<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>12</w:t></w:r><w:r><w:t>13</w:t></w:r></w:p>`), "|0:甲|1:13|\n", nil},
		{"symbol fonts", `<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t><w:sym w:font="Wingdings" w:char="F0A8"/><w:t>否</w:t><w:sym w:font="Wingdings" w:char="F099"/><w:sym w:font="宋体" w:char="5E74"/></w:r></w:p>`, "☑是□否\ufffd年\n", nil},
		{"letters in a symbol font", `<w:p><w:r><w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr><w:t>R</w:t></w:r><w:r><w:t>是</w:t></w:r></w:p>`, "☑是\n", nil},
		{"formulas", `<w:p><m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath></w:p>`, "x+1\n", nil},
		{"headings by style, by its name, by the paragraph", `<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val="b"/></w:pPr><w:r><w:t>乙</w:t></w:r></w:p><w:p><w:pPr><w:outlineLvl w:val="2"/></w:pPr><w:r><w:t>丙</w:t></w:r></w:p>` +
			`<w:p><w:pPr><w:pStyle w:val="a"/><w:outlineLvl w:val="9"/></w:pPr><w:r><w:t>丁</w:t></w:r></w:p>`, "# 甲\n## 乙\n### 丙\n丁\n",
			styles(`<w:style w:type="paragraph" w:styleId="0"><w:name w:val="base"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="0"/></w:style>` +
				`<w:style w:type="paragraph" w:styleId="b"><w:name w:val="heading 2"/><w:basedOn w:val="b"/></w:style>`)},
		{"a heading over two lines is one heading", `<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>区政府</w:t><w:br/><w:t>年度报告</w:t></w:r></w:p>`, "# 区政府⏎年度报告\n", nil},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, warnings, err := docx.Read(document(t, c.body, c.more...))
			if err != nil || len(warnings) > 0 {
				t.Fatalf("error %v, warnings %v", err, warnings)
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestNumbering(t *testing.T) {
	lvl := func(i int, format, text, more string) string {
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/>%s</w:lvl>`, i, format, text, more)
	}
	const none = `<w:suff w:val="nothing"/>`
	numbering := `<w:numbering ` + namespaces + `>` +
		`<w:abstractNum w:abstractNumId="0">` + lvl(0, "chineseCountingThousand", "%1、", none) + lvl(1, "chineseCounting", "（%2）", none) + lvl(2, "decimal", "%3.", "") + `</w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="1">` + lvl(0, "decimal", "第%1章", "") + lvl(1, "decimal", "%1.%2", "") + lvl(2, "bullet", "•", "") + `</w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="2">` + lvl(0, "chineseCounting", "%1", "") + lvl(1, "decimalEnclosedCircle", "%1.%2", `<w:isLgl/><w:pStyle w:val="sub"/>`) + `</w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>` +
		`<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="6"/></w:lvlOverride></w:num>` +
		`<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num></w:numbering>`
	item := func(num, lvl int, text string) string {
		return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, lvl, num, text)
	}
	for _, c := range []struct{ reason, body, want string }{
		{"sections and labels of the form", item(1, 0, "总体情况") + p("文") + item(1, 1, "予以公开") + item(1, 1, "部分公开") + item(1, 0, "主动公开") + item(1, 1, "甲") + item(1, 2, "乙"),
			"一、总体情况\n文\n（一）予以公开\n（二）部分公开\n二、主动公开\n（一）甲\n1. 乙\n"},
		{"levels in one number", item(2, 0, "甲") + item(2, 1, "乙") + item(2, 1, "丙") + item(2, 2, "点") + item(2, 0, "丁") + item(2, 1, "戊"), "第1章 甲\n1.1 乙\n1.2 丙\n点\n第2章 丁\n2.1 戊\n"},
		{"an instance that starts elsewhere goes on from there", item(1, 0, "甲") + item(3, 0, "乙") + item(3, 0, "丙") + item(1, 0, "丁"), "一、甲\n六、乙\n七、丙\n八、丁\n"},
		{"the level of a style; legal numbers", item(4, 0, "甲") + `<w:p><w:pPr><w:pStyle w:val="sub"/></w:pPr><w:r><w:t>乙</w:t></w:r></w:p>`, "一 甲\n1.1 乙\n"},
		{"a style that says the level of a list alone", item(4, 0, "甲") + `<w:p><w:pPr><w:pStyle w:val="deep"/></w:pPr><w:r><w:t>乙</w:t></w:r></w:p>`, "一 甲\n1.1 乙\n"},
		{"no number where it is taken away", `<w:p><w:pPr><w:pStyle w:val="sub"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr><w:r><w:t>乙</w:t></w:r></w:p>`, "乙\n"},
		{"numbers in cells", tbl(tr(`<w:tc>`+item(1, 1, "甲")+`</w:tc>`, tc("", "1")), tr(`<w:tc>`+item(1, 1, "乙")+`</w:tc>`, tc("", "2"))), "|0:（一）甲|1:1|\n|0:（二）乙|1:2|\n"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			more := append(styles(`<w:style w:type="paragraph" w:styleId="sub"><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>`+
				`<w:style w:type="paragraph" w:styleId="top"><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="deep"><w:basedOn w:val="top"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>`),
				"word/numbering.xml", numbering)
			d, _, err := docx.Read(document(t, c.body, more...))
			if err != nil {
				t.Fatal(err)
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestNumberFormats(t *testing.T) {
	for _, c := range []struct {
		format string
		start  int
		want   string
	}{
		{"chineseCounting", 10, "十"}, {"chineseCounting", 12, "十二"}, {"chineseCountingThousand", 20, "二十"}, {"chineseCounting", 105, "一百零五"}, {"chineseCounting", 110, "一百一十"},
		{"chineseLegalSimplified", 11, "壹拾壹"}, {"ideographDigital", 10, "一〇"}, {"ideographTraditional", 3, "丙"}, {"decimalEnclosedCircle", 20, "⑳"}, {"decimalEnclosedCircle", 21, "21"},
		{"upperRoman", 14, "XIV"}, {"lowerLetter", 28, "bb"}, {"decimalZero", 7, "07"}, {"decimalFullWidth", 12, "１２"}, {"none", 1, "x"}, {"hebrew1", 2, "2"},
	} {
		num := fmt.Sprintf(`<w:numbering %s><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="%d"/><w:numFmt w:val="%s"/><w:lvlText w:val="%%1"/><w:suff w:val="nothing"/></w:lvl></w:abstractNum>`+
			`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`, namespaces, c.start, c.format)
		text := ""
		if c.format == "none" {
			text = "x"
		}
		d, _, err := docx.Read(document(t, `<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>`+text+`</w:t></w:r></w:p>`, append(styles(""), "word/numbering.xml", num)...))
		if err != nil {
			t.Fatal(err)
		}
		if got := flowtest.Show(d.Pages[0].Blocks); got != c.want+"\n" {
			t.Errorf("%s of %d: got %q, want %q", c.format, c.start, got, c.want)
		}
	}
}

func picturePNG(t testing.TB, w, h int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPictures(t *testing.T) {
	drawing := func(widthCM, heightCM int) string {
		return fmt.Sprintf(`<w:drawing><wp:inline><wp:extent cx="%d" cy="%d"/><a:blip r:embed="pic"/></wp:inline></w:drawing>`, widthCM*360000, heightCM*360000)
	}
	more := []string{"word/_rels/document.xml.rels", rels(rel("pic", "image", "media/image1.png")), "word/media/image1.png", picturePNG(t, 60, 40)}
	for _, c := range []struct{ reason, body, want string }{
		{"a large picture may hold a table", `<w:p><w:r>` + drawing(15, 10) + `</w:r></w:p>`, "<image1.png 60x40>\n"},
		{"a seal is no table", `<w:p><w:r><w:t>（盖章）</w:t>` + drawing(4, 4) + `</w:r></w:p>`, "（盖章）\n"},
		{"a cell with a picture is not blank", tbl(tr(tc("", "总计"), `<w:tc><w:p><w:r>`+drawing(1, 1)+`</w:r></w:p></w:tc>`)), "|0:总计|1:▮|\n"},
		{"a picture of old Word", `<w:p><w:r><w:pict><v:shape style="width:300pt;height:200pt"><v:imagedata r:id="pic"/></v:shape></w:pict></w:r></w:p>`, "<image1.png 60x40>\n"},
		{"a picture whose dots are no squares", `<w:p><w:r>` + drawing(15, 20) + `</w:r></w:p>`, "<image1.png 60x80>\n"},
		{"a picture that is not in the file", `<w:p><w:r><w:drawing><a:blip r:embed="gone"/></w:drawing></w:r></w:p>`, ""},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, _, err := docx.Read(document(t, c.body, more...))
			if err != nil {
				t.Fatal(err)
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			for _, b := range d.Pages[0].Blocks {
				if b.Table != nil && b.Table.Source != nil {
					if m, err := b.Table.Source.Pixels(0); err != nil || m.Bounds().Dx() != 60 {
						t.Errorf("picture %v, error %v", m, err)
					}
				}
			}
		})
	}
}

func TestPackage(t *testing.T) {
	body := `<w:document ` + namespaces + `><w:body>` + p("文") + `</w:body></w:document>`
	strict := strings.NewReplacer("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main").Replace(body)
	strictRels := rels(`<Relationship Id="1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="word/document.xml"/>`)
	other := strings.NewReplacer("w:", "ns0:", "xmlns:w=", "xmlns:ns0=").Replace(body)
	for _, c := range []struct {
		reason string
		parts  []string
	}{
		{"the main part is where the relationship says", []string{"_rels/.rels", rels(rel("1", "officeDocument", "word/document2.xml")), "word/document2.xml", body}},
		{"an absolute target", []string{"_rels/.rels", rels(rel("1", "officeDocument", "/word/document.xml")), "word/document.xml", body}},
		{"backslashes and capitals in names", []string{`_rels\.rels`, rels(rel("1", "officeDocument", "word/document.xml")), `Word\Document.xml`, body}},
		{"no relationships at all", []string{"word/document.xml", body}},
		{"strict Office Open XML", []string{"_rels/.rels", strictRels, "word/document.xml", strict}},
		{"any prefix", []string{"word/document.xml", other}},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, _, err := docx.Read(archive(t, c.parts...))
			if err != nil {
				t.Fatal(err)
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != "文\n" {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestImportedParts(t *testing.T) {
	page := "<table><tr><td>甲<td>1</table>"
	inner := document(t, p("内"))
	for _, c := range []struct {
		reason, name, content, want string
		warning                     diag.Code
	}{
		{"a page", "word/a.html", "<meta charset=utf-8>" + page, "前\n|0:甲|1:1|\n后\n", ""},
		{"a web archive", "word/a.mht", "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(page)), "前\n|0:甲|1:1|\n后\n", ""},
		{"a text", "word/a.txt", "甲\t1\n乙\t2\n", "前\n|0:甲|1:1|\n|0:乙|1:2|\n后\n", ""},
		{"a document", "word/a.docx", string(inner), "前\n内\n后\n", ""},
		{"what cannot be read is told", "word/a.rtf", `{\rtf1 x}`, "前\n后\n", diag.Attachment},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, warnings, err := docx.Read(document(t, p("前")+`<w:altChunk r:id="c"/>`+p("后"), "word/_rels/document.xml.rels", rels(rel("c", "aFChunk", "/"+c.name)), c.name, c.content))
			if err != nil {
				t.Fatal(err)
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			if (c.warning == "") != (len(warnings) == 0) || len(warnings) > 0 && warnings[0].Code != c.warning {
				t.Errorf("warnings %v, want %q", warnings, c.warning)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	whole := document(t, p("文"))
	bomb := claiming(t, "word/document.xml", 97<<20)
	flipped := bytes.Clone(document(t, p(strings.Repeat("文本", 500))))
	at := bytes.Index(flipped, []byte("word/document.xml")) + 40
	flipped[at] ^= 0xff
	for _, c := range []struct {
		reason string
		data   []byte
		want   error
	}{
		{"nothing", nil, diag.ErrEmpty},
		{"a cut file", whole[:len(whole)-30], diag.ErrDamaged},
		{"changed bytes", flipped, diag.ErrDamaged},
		{"an archive of something else", archive(t, "a.txt", "x"), diag.ErrFormat},
		{"no archive", []byte("PK is not enough"), diag.ErrDamaged},
		{"broken XML", document(t, "<w:p>"), diag.ErrDamaged},
		{"an entity bomb", archive(t, "word/document.xml", `<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>`), diag.ErrDamaged},
		{"a zip bomb", bomb, diag.ErrTooLarge},
		{"nesting without end", document(t, strings.Repeat("<w:sdt><w:sdtContent>", 1000)+strings.Repeat("</w:sdtContent></w:sdt>", 1000)), diag.ErrTooLarge},
		{"a compound file that does not open", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), diag.ErrEncrypted},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, _, err := docx.Read(c.data)
			if !errors.Is(err, c.want) || d != nil {
				t.Errorf("document %v, error %v, want %v", d, err, c.want)
			}
		})
	}
}

// TestForeign reads files that other programs wrote; testdata/README.md tells how.
func TestForeign(t *testing.T) {
	for _, c := range []struct {
		name, want string
		err        error
	}{
		{"libreoffice.docx", form, nil},
		{"python-docx.docx", form, nil},
		{"encrypted.docx", "", diag.ErrEncrypted},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", c.name))
			if err != nil {
				t.Fatal(err)
			}
			d, _, err := docx.Read(data)
			if !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if err != nil {
				return
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

const form = `# 柳林区人民政府2023年政府信息公开工作年度报告
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
`

func FuzzRead(f *testing.F) {
	f.Add(document(f, p("一、总体情况")+tbl(tr(tc(restart+span2, "甲"), tc("", "1")), tr(tc(proper+span2, ""), tc("", "2")))))
	f.Add(document(f, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p><w:tbl><w:tr><w:trPr><w:gridBefore w:val="999999"/></w:trPr>`+tc(span2, "x")+`</w:tr></w:tbl>`))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _, err := docx.Read(data)
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

// FuzzBody fuzzes what is inside the archive, which bytes of a zip file hardly reach.
func FuzzBody(f *testing.F) {
	f.Add(p("甲") + tbl(tr(tc(restart+span2, "甲"), tc("", "1")), tr(tc(proper+span2, ""), tc("", "2"))))
	f.Add(`<w:tbl><w:tr><w:trPr><w:gridBefore w:val="-5"/></w:trPr>` + tc(span3, "x") + `</w:tr><w:tr>` + tc(proper, "") + `</w:tr></w:tbl>`)
	f.Add(`<w:p><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>` + p("x") + `</w:txbxContent></w:drawing></mc:Choice></mc:AlternateContent></w:p>`)
	f.Fuzz(func(t *testing.T, body string) {
		d, _, err := docx.Read(document(t, body))
		if err == nil {
			err = flowtest.CheckAll(d)
		} else if errors.Is(err, diag.ErrDamaged) || errors.Is(err, diag.ErrTooLarge) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	row := tr(tc("", "1.属于国家秘密"), tc("", "0"), tc("", "12"), tc("", "3"), tc("", "0"), tc("", "0"), tc("", "0"), tc("", "15"))
	data := document(b, strings.Repeat(p("全年主动公开政府信息。"), 200)+tbl(strings.Repeat(row, 28)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := docx.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}

// TestColors: a cell with a figure in a look, then 444. What is shown of both?
func TestColors(t *testing.T) {
	const black, white = `<w:shd w:val="clear" w:color="auto" w:fill="000000"/>`, `<w:color w:val="FFFFFF"/>`
	for _, c := range []struct{ look, paragraph, cell, want string }{
		{white, "", "", "444"},
		{`<w:color w:val="FDFDFD"/>`, "", "", "444"},
		{`<w:color w:val="auto"/>`, "", black, "9444"}, // a color that is seen on any ground
		{`<w:color w:val="000000"/>`, "", black, "444"},
		{`<w:color w:val="000000"/><w:highlight w:val="black"/>`, "", "", "444"},
		{white + `<w:highlight w:val="black"/>`, "", "", "9444"},
		{white + black, "", "", "9444"},
		{white, black, "", "9444"},
		{white, "", black, "9444"},
		{white + `<w:highlight w:val="none"/>`, "", black, "9444"},
		{white, `<w:shd w:val="clear" w:fill="FFFFFF"/>`, black, "444"},
		{white, "", `<w:shd w:val="clear" w:fill="FFFFFF" w:themeFill="accent1"/>`, "9444"}, // nobody knows
		{white, "", `<w:shd w:val="pct50" w:color="000000" w:fill="FFFFFF"/>`, "9444"},
		{`<w:color w:val="000000"/>`, "", `<w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/>`, "444"},
	} {
		body := `<w:tbl>` + tr(tc("", "甲"), `<w:tc><w:tcPr>`+c.cell+`</w:tcPr><w:p><w:pPr>`+c.paragraph+`</w:pPr><w:r><w:rPr>`+c.look+`</w:rPr><w:t>9</w:t></w:r><w:r><w:t>444</w:t></w:r></w:p></w:tc>`) + tr(tc("", "乙"), tc("", "2")) + `</w:tbl>`
		d, _, err := docx.Read(document(t, body))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Pages[0].Blocks[0].Table.At(0, 1).Text; got != c.want {
			t.Errorf("%s in %s, %s: %q, want %q", c.look, c.paragraph, c.cell, got, c.want)
		}
	}
}
