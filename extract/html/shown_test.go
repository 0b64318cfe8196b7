package html_test

import (
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/html"
	"github.com/nianbao/nianbao/layout/figure"
)

// TestWhatABrowserShows: a cell and a style sheet, and the number that a browser shows in it. "" where it shows none, another, or several,
// or where only a browser can tell: such a cell must not be a number that nobody asks about.
func TestWhatABrowserShows(t *testing.T) {
	for _, c := range []struct{ css, cell, want string }{
		{`:is(.x,.y){text-decoration:line-through}`, `<td><span class="x">444</span></td>`, ""},
		{`:where(.x,.y){text-decoration:line-through}`, `<td><span class="x">444</span></td>`, ""},
		{`:is(td,th) .x{text-decoration:line-through}`, `<td><span class="x">444</span></td>`, ""},
		{`table :where(td) > span{text-decoration:line-through}`, `<td><span class="x">444</span></td>`, ""},
		{`span:not(.a,.b){text-decoration:line-through}`, `<td><span class="x">444</span></td>`, ""},
		{`table{ td { .x{text-decoration:line-through} } }`, `<td><span class="x">444</span></td>`, ""},
		{`.x{ color:#000; &.y{text-decoration:line-through} }`, `<td><span class="x y">444</span></td>`, ""},
		{`tr:nth-child(7) td:nth-child(2) span{text-decoration:line-through}`, `<td><span>444</span></td>`, ""},
		{`tr:nth-of-type(7) td:last-of-type span{text-decoration:line-through}`, `<td><span>444</span></td>`, ""},
		{`td:has(.x){text-decoration:line-through}`, `<td><span class="x">444</span></td>`, ""},
		{`[data-d=old]{text-decoration:line-through}`, `<td><span data-d="old">444</span></td>`, ""},
		{`[data-d="old" i]{text-decoration:line-through}`, `<td><span data-d="OLD">444</span></td>`, ""},
		{`.x{text-decoration:line-through}`, `<td class="x">444</td>`, ""},
		{`@media print{.x{text-decoration:line-through}}`, `<td><span class="x">444</span></td>`, "444"},
		{`@media screen{.x{text-decoration:line-through}}`, `<td><span class="x">444</span></td>`, ""},
		{`@media screen and (min-width:600px){.x{display:none}}`, `<td><span class="x">444</span></td>`, ""},
		{`@media (min-width:1px){.x{display:none}}`, `<td><span class="x">444</span></td>`, ""},
		{`@media only screen{.x{display:none}}`, `<td><span class="x">444</span></td>`, ""},
		{`@media not print{.x{display:none}}`, `<td><span class="x">444</span></td>`, ""},
		{`@supports (display:grid){.x{display:none}}`, `<td><span class="x">444</span></td>`, ""},
		{`@supports not (display:grid){.x{display:none}}`, `<td><span class="x">444</span></td>`, "444"},
		{`@layer a{.x{display:none !ie}} @layer b{#q .x{display:none}} .x{display:inline}`, `<td><span class="x">444</span></td>`, "444"},
		{`@layer a{td span.x{display:none}} .x{display:inline}`, `<td><span class="x" >444</span></td>`, "444"},
		{`.x{display:none!important}`, `<td><span class="x" style="display:inline">444</span></td>`, ""},
		{`.x{display:none ! important}`, `<td><span class="x" style="display:inline">444</span></td>`, ""},
		{`.x{text-decoration:line-through}`, `<td><span class="x" style="text-decoration:none">444</span></td>`, "444"},
		{`.x{text-decoration:line-through}`, `<td><span class="x"><span style="text-decoration:none">444</span></span></td>`, ""},
		{``, `<td><span style="text-decoration:line-through red 2px">444</span></td>`, ""},
		{``, `<td><span style="text-decoration-line:underline line-through">444</span></td>`, ""},
		{``, `<td><span style="--d:line-through;text-decoration:var(--d)">444</span></td>`, ""},
		{`:root{--d:line-through} .x{text-decoration:var(--d)}`, `<td><span class="x">444</span></td>`, ""},
		{``, `<td><span style="position:relative">444<span style="position:absolute;left:0;right:0;top:50%;border-top:1px solid red"></span></span></td>`, ""},
		{`.x{position:relative} .x::after{content:"";position:absolute;left:0;right:0;top:50%;border-top:2px solid #000}`, `<td><span class="x">444</span></td>`, ""},
		{``, `<td><del>12</del><ins>444</ins></td>`, "444"},
		{``, `<td><s><b><i>444</i></b></s></td>`, ""},
		{``, `<td><s style="text-decoration:none">444</s></td>`, "444"},
		{`del{text-decoration:none}`, `<td><del>444</del></td>`, "444"},
		{``, `<td><span hidden>12</span>444</td>`, "444"},
		{``, `<td><span hidden>444</span></td>`, ""},
		{``, `<td><span hidden style="display:inline">444</span></td>`, "444"},
		{``, `<td><details><summary>444</summary>12</details></td>`, "444"},
		{``, `<td><details><summary></summary>444</details></td>`, ""},
		{``, `<td><details open><summary></summary>444</details></td>`, "444"},
		{``, `<td><dialog>12</dialog>444</td>`, "444"},
		{``, `<td><template>12</template>444</td>`, "444"},
		{``, `<td><noscript>12</noscript>444</td>`, "444"},
		{`.x{text-indent:-9999px}`, `<td><span class="x">444</span></td>`, "444"},
		{`.x{text-indent:-9999px}`, `<td><div class="x">444</div></td>`, ""},
		{``, `<td style="text-indent:-9999px">444</td>`, ""},
		{`.x{text-indent:-999em}`, `<td><div class="x">444</div></td>`, ""},
		{`.x{text-indent:100%;white-space:nowrap;overflow:hidden}`, `<td><div class="x">444</div></td>`, ""},
		{``, `<td><span style="visibility:hidden">444</span></td>`, ""},
		{``, `<td><span style="visibility:hidden">12<span style="visibility:visible">444</span></span></td>`, "444"},
		{``, `<td><span style="visibility:collapse">444</span></td>`, ""},
		{``, `<td style="visibility:hidden"><span>444</span></td>`, ""},
		{``, `<td><span style="display:contents">444</span></td>`, "444"},
		{``, `<td><span style="font-size:0">12</span>444</td>`, "444"},
		{``, `<td style="font-size:0"><span style="font-size:14px">444</span></td>`, "444"},
		{``, `<td><span style="font:0/0 a">444</span></td>`, ""},
		{``, `<td><span style="font: normal 0px serif">444</span></td>`, ""},
		{``, `<td><span style="font-size:1px">444</span></td>`, ""},
		{``, `<td><span style="font-size:0.01em">444</span></td>`, ""},
		{``, `<td><span style="opacity:0%">444</span></td>`, ""},
		{``, `<td><span style="opacity:.01">444</span></td>`, ""},
		{``, `<td style="opacity:0">444</td>`, ""},
		{``, `<td><span style="opacity:calc(0)">444</span></td>`, ""},
		{``, `<td><div style="width:0;overflow:hidden">444</div></td>`, ""},
		{``, `<td><div style="height:0;overflow:hidden">444</div></td>`, ""},
		{``, `<td><div style="height:0">444</div></td>`, "444"},
		{`.x{max-height:0;overflow:hidden}`, `<td><div class=x>444</div></td>`, ""},
		{``, `<td><span style="position:absolute;clip:rect(0,0,0,0)">444</span></td>`, ""},
		{``, `<td><span style="position:absolute;clip:rect(1px,1px,1px,1px)">444</span></td>`, ""},
		{``, `<td><span style="clip-path:inset(100%)">444</span></td>`, ""},
		{``, `<td><div style="clip-path:inset(50%)">444</div></td>`, ""},
		{``, `<td><div style="clip-path:polygon(0 0,0 0,0 0)">444</div></td>`, ""},
		{`.sr-only{position:absolute;width:1px;height:1px;padding:0;margin:-1px;overflow:hidden;clip:rect(0,0,0,0);border:0}`, `<td><span class="sr-only">12</span>444</td>`, "444"},
		{``, `<td><div style="transform:scale(0)">444</div></td>`, ""},
		{``, `<td><div style="scale:0">444</div></td>`, ""},
		{``, `<td><div style="transform:scaleY(0)">444</div></td>`, ""},
		{``, `<td><div style="translate:-9999px 0">444</div></td>`, ""},
		{``, `<td><div style="transform:translateY(-9999px)">444</div></td>`, ""},
		{``, `<td><div style="transform:matrix(0,0,0,0,0,0)">444</div></td>`, ""},
		{``, `<td><div style="transform:rotateY(90deg)">444</div></td>`, ""},
		{``, `<td><div style="position:absolute;left:-9999px">12</div>444</td>`, "444"},
		{``, `<td><span style="position:relative;left:-999em">444</span></td>`, ""},
		{``, `<td><span style="left:-9999px">444</span></td>`, "444"},
		{``, `<td><span style="position:absolute;left:-100vw">444</span></td>`, ""},
		{``, `<td><span style="position:absolute;left:-200%">444</span></td>`, ""},
		{``, `<td><span style="position:absolute;left:calc(-9999px)">444</span></td>`, ""},
		{``, `<td><span style="position:absolute;inset:0 auto auto -9999px">444</span></td>`, ""},
		{``, `<td><span style="position:absolute;inset-inline-start:-9999px">444</span></td>`, ""},
		{``, `<td><span style="position:absolute;left:99999px">444</span></td>`, ""},
		{``, `<td><div style="margin-left:-9999px">444</div></td>`, ""},
		{``, `<td><div style="margin-top:-9999px">444</div></td>`, ""},
		{``, `<td><div style="margin:0 0 0 -9999px">444</div></td>`, ""},
		{``, `<td><span style="filter:opacity(0)">444</span></td>`, ""},
		{``, `<td><div style="content-visibility:hidden">444</div></td>`, ""},
		{``, `<td><span style="color:white">444</span></td>`, ""},
		{``, `<td><span style="color:rgb(255 255 255)">444</span></td>`, ""},
		{``, `<td><span style="color:hsl(0,0%,100%)">444</span></td>`, ""},
		{``, `<td><span style="color:hsl(0 0% 100%)">444</span></td>`, ""},
		{``, `<td><span style="color:rgb(100%,100%,100%)">444</span></td>`, ""},
		{``, `<td><span style="color:oklch(1 0 0)">444</span></td>`, ""},
		{``, `<td><font color="#ffffff">444</font></td>`, ""},
		{``, `<td><font color="white">444</font></td>`, ""},
		{``, `<td><font color="ffffff">444</font></td>`, ""},
		{``, `<td><span style="color:transparent">444</span></td>`, ""},
		{``, `<td><span style="color:rgba(0,0,0,0)">444</span></td>`, ""},
		{``, `<td><span style="color:rgb(0 0 0 / 0)">444</span></td>`, ""},
		{``, `<td><span style="color:rgb(0 0 0 / 0%)">444</span></td>`, ""},
		{``, `<td><span style="color:#00000000">444</span></td>`, ""},
		{``, `<td style="color:#fff"><span style="color:currentColor">444</span></td>`, ""},
		{``, `<td style="color:#fff"><span style="color:inherit">444</span></td>`, ""},
		{``, `<td style="color:#fff"><span style="color:initial">444</span></td>`, "444"},
		{``, `<td style="background:#000;color:#fff">444</td>`, "444"},
		{``, `<td style="background:#000">444</td>`, ""},
		{``, `<td><span style="background:#000;color:#000">444</span></td>`, ""},
		{``, `<td><span style="background:#000">444</span></td>`, ""},
		{``, `<td bgcolor=black>444</td>`, ""},
		{`body{background:#fff} .x{color:#fefefe}`, `<td><span class=x>444</span></td>`, ""},
		{``, `<td><a href="#" style="color:#fff">444</a></td>`, ""},
		{``, `<td><span style="-webkit-text-fill-color:transparent">444</span></td>`, ""},
		{``, `<td><span style="color:#fff;-webkit-text-fill-color:#000">444</span></td>`, "444"},
		{``, `<td style="position:relative">444<div style="position:absolute;left:0;top:0;width:100%;height:100%;background:#000"></div></td>`, ""},
		{``, `<td style="position:relative">444<div style="position:absolute;inset:0;background:#fff"></div></td>`, ""},
		{`.x{position:relative}.x::before{content:"";position:absolute;inset:0;background:#fff;}`, `<td class="x">444</td>`, ""},
		{``, `<td style="position:relative">444<span style="position:absolute;left:0;top:0;background:#fff">12</span></td>`, ""},
		{``, `<td>444<span style="display:inline-block;width:60px;height:20px;background:#000;margin-left:-60px"></span></td>`, ""},
		{`.x::before{content:"444"}`, `<td class="x"></td>`, ""},
		{`.x:before{content:"12"}`, `<td class="x">4</td>`, ""},
		{`.x span:after{content:"12"}`, `<td class="x"><span>4</span></td>`, ""},
		{`.x::before{counter-increment:a 444;content:counter(a)}`, `<td class="x"></td>`, ""},
		{`.x::before{content:attr(data-v)}`, `<td class="x" data-v="444"></td>`, ""},
		{`.x::before{content:attr(data-v)}`, `<td class="x" data-v="12">4</td>`, ""},
		{`.x::before{content:"\31 2"}`, `<td class="x">4</td>`, ""},
		{`.x{--c:"12"}.x::before{content:var(--c)}`, `<td class="x">4</td>`, ""},
		{`.x{content:url(a.png)}`, `<td><span class="x">4</span></td>`, ""},
		{`.x::before{content:"-"}`, `<td class="x">444</td>`, ""},
		{`.x::before{content:"12";display:none}`, `<td class="x">444</td>`, "444"},
		{``, `<td><bdo dir=rtl>123</bdo></td>`, ""},
		{``, `<td><span style="unicode-bidi:bidi-override;direction:rtl">123</span></td>`, ""},
		{``, `<td dir=rtl>444</td>`, "444"},
		{``, `<td><span style="float:right">4</span>12</td>`, ""},
		{``, `<td><span style="float:left">4</span>12</td>`, ""},
		{``, `<td><div style="display:flex;flex-direction:row-reverse"><span>1</span><span>2</span></div></td>`, ""},
		{``, `<td><div style="display:flex"><span style="order:2">1</span><span>2</span></div></td>`, ""},
		{``, `<td><div style="display:flex"><span>1</span><span>2</span></div></td>`, ""},
		{``, `<td><div style="display:grid"><span>1</span><span>2</span></div></td>`, ""},
		{``, `<td><span style="display:inline-block;width:60px">1</span><span>2</span></td>`, ""},
		{``, `<td><span style="padding-right:40px">1</span><span>2</span></td>`, ""},
		{``, `<td><div>1</div><div>2</div></td>`, ""},
		{`.b{display:block}`, `<td><span class=b>1</span><span class=b>2</span></td>`, ""},
		{``, `<td>4<wbr>44</td>`, "444"},
		{``, `<td>1<br>2</td>`, ""},
		{``, `<td>1&nbsp;&nbsp;2</td>`, ""},
		{``, `<td>1&emsp;2</td>`, ""},
		{``, `<td><ul><li>1</li><li>2</li></ul></td>`, ""},
		{``, `<td><table><tr><td>1</td><td>2</td></tr></table></td>`, ""},
		{``, `<td><pre>1	2</pre></td>`, ""},
		{``, `<td>4&#8203;44</td>`, "444"},
		{``, `<td>4&shy;44</td>`, "444"},
		{``, `<td>444<sup>1</sup></td>`, "444"},
		{``, `<td>444<span style="vertical-align:text-top;font-size:60%">1</span></td>`, "444"},
		{``, `<td>444<span style="vertical-align:top;font-size:8px">1</span></td>`, "444"},
		{``, `<td>444<span style="vertical-align:.5em;font-size:.6em">1</span></td>`, "444"},
		{``, `<td>444<span style="display:inline-block;transform:translateY(-5px);font-size:8px">1</span></td>`, "444"},
		{``, `<td>444<span style="display:inline-block;translate:0 -5px;font-size:8px">1</span></td>`, "444"},
		{``, `<td>444<span style="position:relative;top:-.5em;font-size:.6em">1</span></td>`, "444"},
		{``, `<td>444<span style="position:relative;bottom:.4em">1</span></td>`, "444"},
		{``, `<td>444<span style="position:relative;inset:-5px auto auto auto">1</span></td>`, "444"},
		{`.x{vertical-align:super;font-size:smaller}`, `<td>444<i class=x>1</i></td>`, "444"},
		{`.sup{vertical-align:super}`, `<td>444<span class="sup"><span>1</span></span></td>`, "444"},
		{``, `<td>444<small>1</small></td>`, ""},
		{``, `<td>444<span style="font-size:7px">1</span></td>`, ""},
		{``, `<td>444<sup><a href="#n1">[1]</a></sup></td>`, "444"},
		{`sup{vertical-align:baseline;font-size:inherit}`, `<td>4<sup class=x>4</sup>4</td>`, "444"},
		{``, `<td>1<sup>1</sup>/<sub>2</sub></td>`, ""},
		{``, `<td><math><mfrac><mn>1</mn><mn>2</mn></mfrac></math></td>`, ""},
		{``, `<td>444²</td>`, "444"},
		{``, `<td>444①</td>`, "444"},
		{``, `<td>444<sup>(1)</sup></td>`, "444"},
		{`.x{vertical-align:super}`, `<td>444<a class="x">1</a></td>`, "444"},
		{``, `<td><ruby>444<rt>12</rt></ruby></td>`, "444"},
		{``, `<td><input value="444"></td>`, "444"},
		{``, `<td><input type=hidden value=12>444</td>`, "444"},
		{``, `<td><input type=password value=444></td>`, ""},
		{``, `<td><input placeholder="444"></td>`, ""},
		{``, `<td><input type=checkbox value=444></td>`, ""},
		{``, `<td><input type=tel value=444></td>`, "444"},
		{``, `<td><input type=button value=444></td>`, "444"},
		{``, `<td><select><option>1<option selected>444</select></td>`, "444"},
		{``, `<td><select multiple><option>1<option>444</select></td>`, ""},
		{``, `<td><select style="display:none"><option>1</select>444</td>`, "444"},
		{``, `<td><textarea>444</textarea></td>`, "444"},
		{``, `<td><button>444</button></td>`, "444"},
		{``, `<td><progress value=4>444</progress></td>`, ""},
		{``, `<td><meter value=4>444</meter></td>`, ""},
		{``, `<td><canvas>444</canvas></td>`, ""},
		{``, `<td><video>444</video></td>`, ""},
		{``, `<td><svg><text>444</text></svg></td>`, ""},
		{``, `<td><object>444</object></td>`, ""},
		{``, `<td><img alt="444" src="x.png"></td>`, ""},
		{``, `<td style="background-image:url(a.png)"></td>`, ""},
		{``, `<td><!-- 12 -->444</td>`, "444"},
		{``, `<td><![CDATA[12]]>444</td>`, "444"},
		{``, `<td><script>document.write("444")</script></td>`, ""},
		{``, `<td><div><template shadowrootmode="open">444</template>12</div></td>`, ""},
		{`@import url("data:text/css,.x{display:none}");`, `<td><span class=x>444</span></td>`, ""},
		{``, `<td><span style="mso-hide:all">12</span>444</td>`, "444"},
		{``, `<td><!--[if mso]>12<![endif]-->444</td>`, "444"},
		{``, `<td><![if !supportMisalignedColumns]>444<![endif]></td>`, "444"},
		{`.X{DISPLAY:NONE}`, `<td><SPAN CLASS="X">444</SPAN></td>`, ""},
		{`.a\:b{display:none}`, `<td><span class="a:b">444</span></td>`, ""},
		{`.旧{display:none}`, `<td><span class="旧">444</span></td>`, ""},
		{`.x/*a*/{display/**/:none}`, `<td><span class="x">444</span></td>`, ""},
		{`.y::before{content:"}"} .x{display:none}`, `<td><span class="x">444</span></td>`, ""},
		{`.y{background:url("data:a;b}")} .x{display:none}`, `<td><span class="x">444</span></td>`, ""},
		{``, `<td><span style="background:url(data:a;b);display:none">444</span></td>`, ""},
		{`span:lang(zh){display:none}`, `<td><span lang=zh>444</span></td>`, ""},
		{`span:empty{display:none}`, `<td><span>444</span></td>`, "444"},
		{`td span:first-child{display:none}`, `<td><span>12</span><span>444</span></td>`, "444"},
		{`.x:hover{display:none}`, `<td><span class=x>444</span></td>`, "444"},
		{`#a:not(:target){color:#000}`, `<td><span id=a>444</span></td>`, "444"},
		{`#a:not(:target){display:none}`, `<td><span id=a>444</span></td>`, ""},
		{`input:checked + .x{display:none}`, `<td><input type=checkbox checked><span class=x>444</span></td>`, ""},
		{`a:link{display:none}`, `<td><a href="#">444</a></td>`, ""},
		{`a:any-link{display:none}`, `<td><a href="#">444</a></td>`, ""},
		{`div::first-line{color:#fff}`, `<td><div>444</div></td>`, ""},
		{`div::first-letter{font-size:0}`, `<td><div>444</div></td>`, ""},
		{`@media (width >= 600px){.x{display:none}}`, `<td><span class=x>444</span></td>`, ""},
		{`@media (prefers-color-scheme:dark){.x{display:none}}`, `<td><span class=x>444</span></td>`, "444"},
		{`.x{display:none} td .x{all:unset}`, `<td><span class=x>444</span></td>`, "444"},
		{`@container (min-width:1px){.x{display:none}}`, `<td><span class=x>444</span></td>`, ""},
		{`@scope (table){.x{display:none}}`, `<td><span class=x>444</span></td>`, ""},
	} {
		page := "<html><head><style>" + c.css + `</style></head><body><table><tr><td>甲</td><td>1</td></tr><tr><td>甲</td><td>1</td></tr><tr><td>甲</td><td>1</td></tr><tr><td>甲</td><td>1</td></tr>` +
			`<tr><td>甲</td><td>1</td></tr><tr><td>甲</td><td>1</td></tr><tr><td>甲</td>` + c.cell + `</tr><tr><td>乙</td><td>2</td></tr></table></body></html>`
		d, _, err := html.Read([]byte(page))
		if err != nil {
			t.Fatal(err)
		}
		cell := d.Pages[0].Blocks[0].Table.At(6, 1)
		text := strings.TrimRight(cell.Text, "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉①[]()*")
		switch asked := cell.Struck || cell.Reading != nil && cell.Reading.Ink; {
		case c.want != "" && text != c.want:
			t.Errorf("%s %s: %q; want %q", c.css, c.cell, cell.Text, c.want)
		case c.want == "" && !asked && (text == "" || figure.Bare(text)):
			t.Errorf("%s %s: %q, and nobody is asked", c.css, c.cell, cell.Text)
		}
	}
}

// TestSheetsOfAnArchive: a web archive holds the style sheets that its page names.
func TestSheetsOfAnArchive(t *testing.T) {
	for name, head := range map[string]string{
		"by its id": `<link rel="stylesheet" href="cid:css-1@mhtml.blink">`, "by a relative address": `<link rel=stylesheet href="s.css">`,
		"imported": `<style>@import url("s.css") screen;</style>`, "in itself": `<link rel=stylesheet href="data:text/css,.x%7Bdisplay:none%7D">`,
		"of an import that the page outweighs": `<style>@import "s.css"; span.x{color:black}</style>`,
	} {
		page := "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Location: http://a.gov.cn/x/a.html\r\n\r\n" +
			"<html><head>" + head + `</head><body><table><tr><td>甲</td><td><span class="x">9</span>444</td></tr><tr><td>乙</td><td>2</td></tr></table></body></html>` +
			"\r\n--b\r\nContent-Type: text/css\r\nContent-Location: cid:css-1@mhtml.blink\r\n\r\n.x{display:none}\r\n--b\r\nContent-Type: text/css\r\nContent-Location: http://a.gov.cn/x/s.css\r\n\r\n.x{display:none}\r\n--b--\r\n"
		d, _, err := html.Read([]byte(page))
		if err != nil {
			t.Fatal(err)
		}
		if cell := d.Pages[0].Blocks[0].Table.At(0, 1); cell.Text != "444" {
			t.Errorf("%s: %q", name, cell.Text)
		}
	}
}

// TestRulesInRulesAreBounded: rules that name those around them again and again get an end.
func TestRulesInRulesAreBounded(t *testing.T) {
	css := ".x{display:none}"
	for range 20 {
		css = strings.Repeat("& ", 200) + "{" + css + "}"
	}
	if _, _, err := html.Read([]byte("<style>p{" + css + "}</style><p>1</p>")); err != nil {
		t.Error(err)
	}
}

// TestFrames: a page in a frame is read where the file holds it.
func TestFrames(t *testing.T) {
	page := `<html><body><p>前</p><iframe srcdoc="<p>中</p>"></iframe><iframe width="0" srcdoc="<p>无</p>"></iframe><p>后</p></body></html>`
	d, _, err := html.Read([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, b := range d.Pages[0].Blocks {
		got += b.Paragraph.Text
	}
	if got != "前中后" {
		t.Errorf("%q", got)
	}
}
