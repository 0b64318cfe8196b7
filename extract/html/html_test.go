package html_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/nianbao/nianbao/extract/flow/flowtest"
	"github.com/nianbao/nianbao/extract/html"
	"github.com/nianbao/nianbao/layout/diag"
)

func show(t *testing.T, data []byte) string {
	t.Helper()
	d, _, err := html.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := flowtest.CheckAll(d); err != nil {
		t.Error(err)
	}
	return flowtest.Show(d.Pages[0].Blocks)
}

func TestBlocks(t *testing.T) {
	for _, c := range []struct{ reason, page, want string }{
		{"headings and paragraphs", "<h1>年度报告</h1><h3> 一、总体\n情况 </h3><p>甲<b>乙</b> &nbsp; 丙<div>丁</div>", "# 年度报告\n### 一、总体 情况\n甲乙   丙\n丁\n"},
		{"one paragraph by line ends becomes several", "<p>一、总体情况<br/>文<br><br>二、主动公开</p>", "一、总体情况\n文\n二、主动公开\n"},
		{"a heading over two lines is one heading", "<h1>区政府<br>年度报告</h1>", "# 区政府⏎年度报告\n"},
		{"what nobody sees", "<title>x</title><style>x</style><script>x</script><nav>x</nav><p hidden>x</p><p style='DISPLAY : none'>x</p><footer>x</footer><p>文<!--x--></p><title>x</title><noscript>x</noscript><template>x</template>", "文\n"},
		{"a report in a page's frame", "<aside><table><tr><td>甲<td>1</table></aside>", "|0:甲|1:1|\n"},
		{"lists", "<ol start=3><li>甲<li>乙</ol><ol type=a><li>丙</ol><ul><li>丁</ul><ol style='list-style:none'><li>戊</ol>", "3. 甲\n4. 乙\na. 丙\n丁\n戊\n"},
		{"preformatted text keeps its lines", "<pre>甲\n  乙\n</pre>", "甲\n乙\n"},
		{"pinyin above the text is not text", "<p><ruby>报<rp>(<rt>bào<rp>)</ruby>告", "报告\n"},
		{"what was filled in", "<p>共<input value=12>件<input type=hidden value=9><select><option>甲<option selected>乙</select><button>打印</button><textarea>\n文</textarea>", "共12件乙\n文\n"},

		{"spans", "<table><tr><td rowspan=2 colspan=2>甲<td>乙<tr><td>丙<tr><td>1<td>2<td>3</table>", "|0:甲{2,2}|2:乙|\n|2:丙|\n|0:1|1:2|2:3|\n"},
		{"rowspan 0 reaches to the end of its group", "<table><tbody><tr><td rowspan=0>甲<td>1<tr><td>2<tbody><tr><td>乙<td>3</table>", "|0:甲{2,1}|1:1|\n|1:2|\n|0:乙|1:3|\n"},
		{"a span does not leave its group", "<table><thead><tr><th rowspan=9>甲<th>乙</thead><tr><td>1<td>2</table>", "|0:甲|1:乙|\n|0:1|1:2|\n"},
		{"a span does not leave the table", "<table><tr><td rowspan=99>甲<td colspan=50>乙<tr><td>1<td>2</table>", "|0:甲{2,1}|1:乙{1,2}|\n|1:1|2:2|\n"},
		{"rows without cells count where merged cells need them", "<table><tr><td rowspan=2>甲<td rowspan=2>1</tr><tr></tr><tr><td>乙<td>2</table>", "|0:甲|1:1|\n|0:乙|1:2|\n"},
		{"rows without cells that a program did not mean", "<table><tr><td rowspan=3>甲<td>1</tr><tr></tr><tr><td>2</tr><tr></tr><tr><td>3</tr><tr></tr><tr><td>乙<td>4</table>", "|0:甲{3,1}|1:1|\n|1:2|\n|1:3|\n|0:乙|1:4|\n"},
		{"spans that overlap are cut", "<table><tr><td>1<td rowspan=2>2<td>3<tr><td colspan=3>4<tr><td>5<td>6<td>7</table>", "|0:1|1:2{2,1}|2:3|\n|0:4|\n|0:5|1:6|2:7|\n"},
		{"spans that lie are bounded", "<table><tr><td colspan=99999999999 rowspan=99999999999>甲<tr><td>乙<td>丙</table>", "|0:甲{2,1}|\n|1:乙|2:丙|\n"},
		{"spans that are no numbers", "<table><tr><td colspan='2px'>甲<td colspan=x>乙<tr><td>1<td>2<td>3</table>", "|0:甲{1,2}|2:乙|\n|0:1|1:2|2:3|\n"},
		{"the foot stands below wherever it is written", "<table><tfoot><tr><td>总计<td>3</tfoot><tr><td>甲<td>3</table>", "|0:甲|1:3|\n|0:总计|1:3|\n"},
		{"hidden rows and cells", "<table><tr style='display:none'><td>x<td>x<tr><td>甲<td hidden>x<td>1</table>", "|0:甲|1:1|\n"},
		{"the caption comes first", "<table><caption>表一</caption><tr><td>甲<td>1</table>", "表一\n|0:甲|1:1|\n"},
		{"lines of a cell", "<table><tr><td><p>商业</p><p>企业</p><td>本年新<br/>制作<td>&nbsp;</table>", "|0:商业⏎企业|1:本年新⏎制作|2:|\n"},
		{"a nested table stays in its cell", "<table><tr><td>甲<td>乙<td>丙<tr><td>丁<td>戊<td>己<table><tr><td>1<td>2</table></table>", "|0:甲|1:乙|2:丙|\n|0:丁|1:戊|2:己[|0:1|1:2|]|\n"},
		{"tables that arrange the page are not seen", "<table><tr><td><table><tr><td>首页<td>新闻</table><td><h2>报告</h2><table><tr><td>甲<td>1<tr><td>乙<td>2</table></table>", "|0:首页|1:新闻|\n## 报告\n|0:甲|1:1|\n|0:乙|1:2|\n"},
		{"a number in a frame of its own", "<table><tr><td>甲<td><table><tr><td>12</table><tr><td>乙<td>3</table>", "|0:甲|1:12|\n|0:乙|1:3|\n"},
		{"a row that ends early leaves the rest uncovered", "<table><tr><td>甲<td>1<td>2<tr><td>乙</table>", "|0:甲|1:1|2:2|\n|0:乙|\n"},
		{"the mark of a note is no digit of a number", "<table><tr><td>甲<td>12<sup>1</sup></table>", "|0:甲|1:12¹|\n"},
		{"struck out is not said, but not blank", "<table><tr><td>甲<td><s>12</s><tr><td>乙<td><del>1</del>2</table>", "|0:甲|1:▮|\n|0:乙|1:2|\n"},
		{"a lowered mark", "<table><tr><td>甲<td>12<sub>1</sub></table>", "|0:甲|1:12₁|\n"},
		{"marks by style", "<style>.n{vertical-align:super}</style><table><tr><td>甲<td>12<span class=n>1</span><tr><td>乙<td>3<span style='vertical-align:sub'>2</span></table>", "|0:甲|1:12¹|\n|0:乙|1:3₂|\n"},
		{"struck out by style", "<style>td .s, #x{text-decoration:line-through} tr.s td{color:red}</style><table><tr><td>甲<td><b class='a s'>9</b>12<tr><td>乙<td><i id=x>3</i><tr><td>丙<td style='text-decoration:red line-through'>4</table>", "|0:甲|1:12|\n|0:乙|1:▮|\n|0:丙|1:▮|\n"},
		{"hidden by a style sheet", "<style>/* .v{display:none} */ .z{display:none}b.y{font-size:0}.x,.w{opacity:0.0}.u{position:absolute;left:-9999px}.t{display:inline-block;text-indent:-999em}@media print{.v{display:none}}@media screen{table>.r{display:none}tr.r{display:none}}</style>" +
			"<table><tr class=r><td>x<td>9<tr><td>甲<td><i class=z>9</i><b class=y>8</b><i class=w>7</i><i class=u>6</i><i class=t>5</i>12<tr><td>乙<td><b class=v>3</b><tr><td>丙<td><i class=z>3</i></table>", "|0:甲|1:12|\n|0:乙|1:3|\n|0:丙|1:▮|\n"},
		{"what overrules is shown", "<style>td i{display:none}i.a{display:inline!important}.b{display:none}</style><table><tr><td>甲<td><i id=c class=a>1</i><b class=b style='display:inline'>2</b></table>", "|0:甲|1:12|\n"},
		{"what is not seen keeps its place", "<table><tr><td>甲<td style='visibility:hidden'>9<td style='font-size:0'>8<td>1<tr style='font-size:0'><td style='font-size:9pt'>乙<td><b style='font-size:9pt'>1</b><td>2<td style='opacity:0'>3</table>", "|0:甲|1:▮|2:▮|3:1|\n|0:乙|1:1|2:▮|3:▮|\n"},
		{"a table without its end, cells without rows", "<table><td>甲<td>1", "|0:甲|1:1|\n"},
		{"office namespaces", "<table><tr><td><p class=MsoNormal><span lang=EN-US>12<o:p></o:p></span></p><td style='mso-x:y'>乙</table>", "|0:12|1:乙|\n"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if got := show(t, []byte("<meta charset=utf-8>"+c.page)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestPictures(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 600, 300))); err != nil {
		t.Fatal(err)
	}
	data := "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
	for _, c := range []struct{ reason, page, want string }{
		{"a picture inside the page", "<p>表<img src='" + data + "'>", "表\n<picture 1 600x300>\n"},
		{"a picture that is elsewhere", "<img src='/images/2023/t1.png?v=1'>", "<t1.png>\n"},
		{"buttons and logos are no tables", "<img src=a.gif width=88 height=31><img src=b.png height='40px'>", ""},
		{"a cell with a picture is not blank", "<table><tr><td>甲<td><img src=a.gif width=20 height=20></table>", "|0:甲|1:▮|\n"},
		{"a spacer is nothing", "<table><tr><td>甲<td><img src=a.gif width=1 height=9></table>", "|0:甲|1:|\n"},
		{"a picture as the only cell", "<table><tr><td><img src='" + data + "'></table>", "<picture 1 600x300>\n"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if got := show(t, []byte(c.page)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func encoded(t *testing.T, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodings(t *testing.T) {
	const page = "<p>二、主动公开政府信息情况</p><table><tr><td>行政许可<td>12</table>"
	const big5 = "<p>二、主動公開政府信息情況</p><table><tr><td>行政許可<td>12</table>"
	meta := func(label string) string {
		return `<meta http-equiv="Content-Type" content="text/html; charset=` + label + `">`
	}
	gbk, utf16 := simplifiedchinese.GBK, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	for _, c := range []struct {
		reason  string
		data    []byte
		guessed bool
	}{
		{"UTF-8 as declared", []byte(meta("utf-8") + page), false},
		{"UTF-8 proves itself", []byte(page), false},
		{"a byte order mark", []byte("\xef\xbb\xbf" + meta("gbk") + page), false},
		{"UTF-16", encoded(t, utf16, page), false},
		{"GB2312 as declared", encoded(t, gbk, meta("gb2312")+page), false},
		{"GBK without a label", encoded(t, gbk, page), true},
		{"GBK called UTF-8", encoded(t, gbk, `<meta charset="utf-8">`+page), true},
		{"UTF-8 called GBK", []byte(meta("gbk") + page), true},
		{"Big5 as declared", encoded(t, traditionalchinese.Big5, meta("big5")+big5), false},
		{"Big5 without a label", encoded(t, traditionalchinese.Big5, big5), true},
		{"XHTML", []byte(`<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>` + page + `</body></html>`), false},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, warnings, err := html.Read(c.data)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.NewReplacer("動", "动", "開", "开", "況", "况", "許", "许").Replace(flowtest.Show(d.Pages[0].Blocks))
			if want := "二、主动公开政府信息情况\n|0:行政许可|1:12|\n"; got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			if guessed := len(warnings) == 1 && warnings[0].Code == diag.EncodingGuessed; guessed != c.guessed || len(warnings) > 1 {
				t.Errorf("warnings %v, want one: %v", warnings, c.guessed)
			}
		})
	}
}

// mht packs a page and a picture as browsers do.
func mht(t testing.TB, page, charset, coding string) []byte {
	t.Helper()
	var body bytes.Buffer
	switch coding {
	case "quoted-printable":
		w := quotedprintable.NewWriter(&body)
		if _, err := w.Write([]byte(page)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	case "base64":
		s := base64.StdEncoding.EncodeToString([]byte(page))
		for len(s) > 76 {
			body.WriteString(s[:76] + "\r\n")
			s = s[76:]
		}
		body.WriteString(s)
	default:
		body.WriteString(page)
	}
	var pic bytes.Buffer
	if err := png.Encode(&pic, image.NewGray(image.Rect(0, 0, 640, 480))); err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, "From: <Saved by a browser>\r\nSubject: =?utf-8?B?5oql5ZGK?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----=_Part\"\r\n\r\n"+
		"------=_Part\r\nContent-Type: text/html; charset=\"%s\"\r\nContent-Transfer-Encoding: %s\r\nContent-Location: file:///C:/1.htm\r\n\r\n%s\r\n"+
		"------=_Part\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: file:///C:/1.files/image001.png\r\n\r\n%s\r\n------=_Part--\r\n",
		charset, coding, body.String(), base64.StdEncoding.EncodeToString(pic.Bytes()))
}

func TestArchive(t *testing.T) {
	const page = "<html><body><h1>年度报告</h1><table><tr><td>甲<td>1</table><img src=\"1.files/image001.png\"></body></html>"
	const want = "# 年度报告\n|0:甲|1:1|\n<image001.png 640x480>\n"
	gbk := string(encoded(t, simplifiedchinese.GBK, page))
	for _, c := range []struct {
		reason string
		data   []byte
	}{
		{"quoted printable", mht(t, page, "utf-8", "quoted-printable")},
		{"base64, GBK", mht(t, gbk, "gb2312", "base64")},
		{"8bit", mht(t, page, "utf-8", "8bit")},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if got := show(t, c.data); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		reason string
		data   []byte
		want   error
	}{
		{"nothing", nil, diag.ErrEmpty},
		{"blanks", []byte(" \n"), diag.ErrEmpty},
		{"too much", bytes.Repeat([]byte("<p>"), 65<<20/3), diag.ErrTooLarge},
		{"an archive without a page", []byte("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: image/png\r\n\r\nx\r\n--x--\r\n"), diag.ErrDamaged},
		{"archives in archives", []byte("MIME-Version: 1.0\r\n" + nested(9)), diag.ErrTooLarge},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if d, _, err := html.Read(c.data); !errors.Is(err, c.want) || d != nil {
				t.Errorf("document %v, error %v, want %v", d, err, c.want)
			}
		})
	}
}

func nested(depth int) string {
	if depth == 0 {
		return "Content-Type: text/html\r\n\r\nx\r\n"
	}
	b := fmt.Sprintf("y%d", depth)
	return "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n--" + b + "\r\n" + nested(depth-1) + "\r\n--" + b + "--\r\n"
}

// TestForeign reads files that other programs wrote; testdata/README.md tells how.
func TestForeign(t *testing.T) {
	for _, name := range []string{"libreoffice.html", "python-email.mht"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			got := show(t, data)
			if got != form {
				t.Errorf("got\n%swant\n%s", got, form)
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
	f.Add([]byte("<table><tr><td rowspan=2 colspan=2>甲<td>乙<tr><td>丙<table><tr><td>1<td>2</table></table>"))
	f.Add([]byte("<table><tr><td rowspan=0 colspan=0>甲<tfoot><tr><td rowspan=-1><img src=data:,x></table><ol start=-9><li>x<sup>1<table>"))
	f.Add(mht(f, "<p>甲", "utf-8", "quoted-printable"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _, err := html.Read(data)
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

func BenchmarkRead(b *testing.B) {
	row := "<tr><td colspan=3>1.属于国家秘密</td>" + strings.Repeat("<td>&nbsp;</td><td>12</td>", 4) + "</tr>"
	data := []byte("<meta charset=utf-8>" + strings.Repeat("<p>全年主动公开政府信息。</p>", 200) + "<table>" + strings.Repeat(row, 28) + "</table>")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := html.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}

// TestStyles: a cell with a figure whose element has a style, then 444. What is shown of both?
func TestStyles(t *testing.T) {
	for _, c := range []struct {
		css, want string
		struck    bool
	}{
		{".x{display:none}", "444", false},
		{"td .x{visibility:hidden!important}", "444", false},
		{"@media screen{.x{display:none}}", "444", false},
		{"@media print{.x{display:none}}", "9444", false},
		{"@supports (display:grid){.x{display:none}}", "444", false},
		{"span[class=x]{display:none}", "444", false},
		{"td>span.x:first-child{display:none}", "444", false},
		{"td span:nth-child(1){display:none}", "444", false},
		{"td:not(.y) .x{display:none}", "444", false},
		{"span:hover{display:none}", "9444", false},
		{"span:unheard-of,.x{display:none}", "9444", false}, // no browser takes a rule with a selector that it does not know
		{":root{--c:none}.x{display:var(--c)}", "444", false},
		{".x{display:var(--c,none)}", "444", false},
		{".x{opacity:0}", "444", false},
		{".x{font-size:0}", "444", false},
		{".x{font-size:1px}", "444", false},
		{".x{font-size:1em}", "9444", false},
		{".x{position:absolute;clip:rect(0,0,0,0)}", "444", false},
		{".x{position:absolute;clip:rect(1px,1px,1px,1px)}", "444", false},
		{".x{position:absolute;clip-path:inset(50%)}", "444", false},
		{".x{display:inline-block;text-indent:-9999px}", "444", false},
		{".x{position:absolute;left:-9999px}", "444", false},
		{".x{display:inline-block;width:0;height:0;overflow:hidden}", "444", false},
		{".x{width:0;height:0;overflow:hidden}", "9444", false}, // what stands in a line has no size of its own
		{".x{display:inline-block;max-height:0;overflow:hidden}", "444", false},
		{".x{display:inline-block;transform:scale(0)}", "444", false},
		{".x{filter:opacity(0)}", "444", false},
		{".x{display:inline-block;content-visibility:hidden}", "444", false},
		{".x{color:transparent}", "444", false},
		{".x{-webkit-text-fill-color:transparent}", "444", false},
		{".x{color:white}", "444", false},
		{".x{color:rgb(253, 253, 253)}", "444", false},
		{".x{color:#fffe}", "444", false},
		{".x{color:rgba(0,0,0,0)}", "444", false},
		{".x{color:snow}", "444", false},
		{".x{color:black;background:black}", "444", false},
		{".x{color:white;background:#000}", "9444", false},
		{".x{color:white} td{background:url(dark.png)}", "9444", false},
		{".x:before{content:'7'}", "9444", true},
		{".x:before{content:'*'}", "9444", false},
	} {
		page := "<html><head><style>" + c.css + `</style></head><body><table><tr><td>甲</td><td><span class="x">9</span>444</td></tr><tr><td>乙</td><td>2</td></tr></table></body></html>`
		d, _, err := html.Read([]byte(page))
		if err != nil {
			t.Fatal(err)
		}
		if cell := d.Pages[0].Blocks[0].Table.At(0, 1); cell.Text != c.want || cell.Struck != c.struck {
			t.Errorf("%s: %q, struck %v; want %q, %v", c.css, cell.Text, cell.Struck, c.want, c.struck)
		}
	}
}

// TestInkThatIsNotRead: what a cell shows beside text makes it no blank one.
func TestInkThatIsNotRead(t *testing.T) {
	for _, c := range []struct {
		cell   string
		inked  bool
		struck bool
	}{
		{`<td></td>`, false, false},
		{`<td><object data="12.png" type="image/png"></object></td>`, true, false},
		{`<td><object data="12.swf">12</object></td>`, true, false},
		{`<td><svg><text>12</text></svg></td>`, true, false},
		{`<td>4<svg><text>12</text></svg></td>`, false, true},
		{`<td>4<svg><path d="M0 0"/></svg></td>`, false, false},
		{`<td style="background-image:url(12.png)"></td>`, true, false},
		{`<td><div style="background:url('12.png') no-repeat"></div></td>`, true, false},
		{`<td style="background:url(ornament.png)"></td>`, false, false},
		{`<td style="background:#fff"></td>`, false, false},
	} {
		page := `<html><body><table><tr><td style="background:url(ornament.png)">甲</td>` + c.cell + `</tr><tr><td>乙</td><td>2</td></tr></table></body></html>`
		d, _, err := html.Read([]byte(page))
		if err != nil {
			t.Fatal(err)
		}
		cell := d.Pages[0].Blocks[0].Table.At(0, 1)
		if inked := cell.Reading != nil && cell.Reading.Ink; inked != c.inked || cell.Struck != c.struck {
			t.Errorf("%s: ink %v, struck %v; want %v, %v", c.cell, inked, cell.Struck, c.inked, c.struck)
		}
	}
}
