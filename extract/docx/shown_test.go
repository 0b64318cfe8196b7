package docx_test

import (
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/docx"
	"github.com/nianbao/nianbao/layout/figure"
)

// TestWhatWordShows: a cell in its row and table, with styles, and the number that Word shows in it. "" where it shows none, another, or
// several, or where only Word can tell: such a cell must not be a number, or blank, that nobody asks about.
func TestWhatWordShows(t *testing.T) {
	for _, c := range []struct{ table, row, props, cell, styles, want string }{
		{``, ``, ``, `<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:dstrike/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:rStyle w:val="B"/></w:rPr><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="character" w:styleId="A"><w:name w:val="A"/><w:pPr></w:pPr><w:rPr><w:strike/></w:rPr></w:style><w:style w:type="character" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/><w:pPr></w:pPr><w:rPr><w:b/></w:rPr></w:style>`, ""},
		{``, ``, ``, `<w:p><w:pPr><w:pStyle w:val="Q"/></w:pPr><w:r><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Q"/><w:pPr></w:pPr><w:rPr><w:strike/></w:rPr></w:style>`, ""},
		{``, ``, ``, `<w:p><w:pPr><w:pStyle w:val="Q2"/></w:pPr><w:r><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Q"/><w:pPr></w:pPr><w:rPr><w:strike/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Q2"><w:name w:val="Q2"/><w:basedOn w:val="Q"/><w:pPr></w:pPr><w:rPr></w:rPr></w:style>`, ""},
		{``, ``, ``, `<w:p><w:pPr><w:pStyle w:val="Q"/></w:pPr><w:r><w:rPr><w:rStyle w:val="A"/></w:rPr><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Q"/><w:pPr></w:pPr><w:rPr><w:strike/></w:rPr></w:style><w:style w:type="character" w:styleId="A"><w:name w:val="A"/><w:pPr></w:pPr><w:rPr><w:strike/></w:rPr></w:style>`, "444"},
		{`<w:tblStyle w:val="TS"/>`, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="table" w:styleId="TS"><w:name w:val="TS"/><w:pPr></w:pPr><w:rPr><w:strike/></w:rPr></w:style>`, ""},
		{`<w:tblStyle w:val="TS"/><w:tblLook w:noHBand="0"/>`, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="table" w:styleId="TS"><w:name w:val="TS"/><w:pPr></w:pPr><w:rPr></w:rPr><w:tblStylePr w:type="band2Horz"><w:rPr><w:strike/></w:rPr></w:tblStylePr></w:style>`, ""},
		{`<w:tblStyle w:val="TS"/>`, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="table" w:styleId="TS"><w:name w:val="TS"/><w:pPr></w:pPr><w:rPr><w:vanish/></w:rPr></w:style>`, ""},
		{`<w:tblStyle w:val="TS"/>`, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="table" w:styleId="TS"><w:name w:val="TS"/><w:pPr></w:pPr><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>`, ""},
		{`<w:tblStyle w:val="TS"/>`, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="table" w:styleId="TS"><w:name w:val="TS"/><w:pPr></w:pPr><w:rPr></w:rPr><w:tblStylePr w:type="firstRow"><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:tcPr><w:shd w:val="clear" w:fill="000000"/></w:tcPr></w:tblStylePr></w:style>`, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>12</w:t></w:r><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:sym w:font="Symbol" w:char="F034"/></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:webHidden/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:specVanish/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:pPr><w:pStyle w:val="Q"/></w:pPr><w:r><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Q"/><w:pPr></w:pPr><w:rPr><w:vanish/></w:rPr></w:style>`, ""},
		{``, ``, ``, `<w:p><w:pPr><w:pStyle w:val="Q"/></w:pPr><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Q"/><w:pPr></w:pPr><w:rPr><w:vanish/></w:rPr></w:style>`, "444"},
		{``, `<w:trPr><w:trHeight w:val="1" w:hRule="exact"/></w:trPr>`, ``, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, `<w:trPr><w:trHeight w:val="20" w:hRule="exact"/></w:trPr>`, ``, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, `<w:trPr><w:trHeight w:val="400" w:hRule="exact"/></w:trPr>`, ``, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:color w:val="fefefe"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:color w:val="FFFFFF" w:themeColor="background1"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:color w:themeColor="background1"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:rStyle w:val="A"/></w:rPr><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="character" w:styleId="A"><w:name w:val="A"/><w:pPr></w:pPr><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>`, ""},
		{``, ``, `<w:shd w:val="clear" w:color="auto" w:fill="000000"/>`, `<w:p><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, `<w:shd w:val="clear" w:color="auto" w:fill="000000"/>`, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, `<w:shd w:val="clear" w:color="auto" w:fill="000000"/>`, `<w:p><w:r><w:rPr><w:color w:val="000000"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, `<w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/>`, `<w:p><w:r><w:rPr><w:color w:val="000000"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:color w:val="000000"/><w:highlight w:val="black"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:highlight w:val="black"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:color w:val="FF0000"/><w:highlight w:val="red"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, `<w:shd w:val="pct50" w:color="auto" w:fill="FFFFFF"/>`, `<w:p><w:r><w:rPr><w:color w:val="808080"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{`<w:shd w:val="clear" w:fill="000000"/>`, ``, ``, `<w:p><w:r><w:rPr><w:color w:val="000000"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:pPr><w:shd w:val="clear" w:fill="000000"/></w:pPr><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w14:textFill><w14:noFill/></w14:textFill></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w14:textFill><w14:solidFill><w14:srgbClr w14:val="000000"><w14:alpha w14:val="100000"/></w14:srgbClr></w14:solidFill></w14:textFill></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w14:textFill><w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill></w14:textFill></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w14:textFill><w14:solidFill><w14:schemeClr w14:val="bg1"/></w14:solidFill></w14:textFill></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:sz w:val="1"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:rStyle w:val="A"/></w:rPr><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="character" w:styleId="A"><w:name w:val="A"/><w:pPr></w:pPr><w:rPr><w:sz w:val="2"/></w:rPr></w:style>`, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:w w:val="1"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:spacing w:val="-240"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:pPr><w:spacing w:line="1" w:lineRule="exact"/></w:pPr><w:r><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr><w:r><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:pPr><w:ind w:left="-20000"/></w:pPr><w:r><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:imprint/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:emboss/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:outline/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="subscript"/></w:rPr><w:t>1</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:rPr><w:position w:val="12"/></w:rPr><w:t>1</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:rPr><w:position w:val="-6"/></w:rPr><w:t>1</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:rPr><w:position w:val="6"/><w:sz w:val="12"/></w:rPr><w:t>1</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:sz w:val="24"/></w:rPr><w:t>444</w:t></w:r><w:r><w:rPr><w:position w:val="3"/><w:sz w:val="12"/></w:rPr><w:t>1</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:rPr><w:rStyle w:val="A"/></w:rPr><w:t>1</w:t></w:r></w:p>`, `<w:style w:type="character" w:styleId="A"><w:name w:val="A"/><w:pPr></w:pPr><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>`, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>44</w:t></w:r><w:r><w:rPr><w:rStyle w:val="A"/><w:vertAlign w:val="baseline"/></w:rPr><w:t>4</w:t></w:r></w:p>`, `<w:style w:type="character" w:styleId="A"><w:name w:val="A"/><w:pPr></w:pPr><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>`, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t>444</w:t></w:r><w:r><w:rPr><w:sz w:val="14"/></w:rPr><w:t>1</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="1"/></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:endnoteReference w:id="1"/></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>EQ \s\up5(1)</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><m:oMath><m:sSup><m:e><m:r><m:t>444</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><m:oMath><m:sSub><m:e><m:r><m:t>444</m:t></m:r></m:e><m:sub><m:r><m:t>2</m:t></m:r></m:sub></m:sSub></m:oMath></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><m:oMath><m:borderBox><m:borderBoxPr><m:strikeH m:val="1"/></m:borderBoxPr><m:e><m:r><m:t>444</m:t></m:r></m:e></m:borderBox></m:oMath></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><m:oMath><m:phant><m:phantPr><m:show m:val="0"/></m:phantPr><m:e><m:r><m:t>444</m:t></m:r></m:e></m:phant></m:oMath></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><m:oMath><m:r><w:rPr><w:strike/></w:rPr><m:t>444</m:t></m:r></m:oMath></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><m:oMath><m:r><m:rPr/><w:rPr><w:del w:id="1"/></w:rPr><m:t>444</m:t></m:r></m:oMath></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><m:oMath><m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e><m:r><m:t>4</m:t></m:r></m:e></m:rad></m:oMath></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:eastAsianLayout w:id="1" w:combine="1" w:combineBrackets="round"/></w:rPr><w:t>1234</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:fitText w:val="600"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:ruby><w:rt><w:r><w:t>12</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>444</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>４４４</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:noBreakHyphen/><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>4</w:t><w:softHyphen/><w:t>44</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:sym w:font="Wingdings 2" w:char="F06A"/></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:sym w:font="Symbol" w:char="F034"/><w:sym w:font="Symbol" w:char="F034"/></w:r></w:p>`, ``, "44"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:rFonts w:ascii="Webdings" w:hAnsi="Webdings"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:rFonts w:ascii="Wingdings 3" w:hAnsi="Wingdings 3"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:rStyle w:val="A"/></w:rPr><w:t>444</w:t></w:r></w:p>`, `<w:style w:type="character" w:styleId="A"><w:name w:val="A"/><w:pPr></w:pPr><w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr></w:style>`, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:rtl/></w:rPr><w:t>123</w:t></w:r></w:p>`, ``, "123"},
		{``, ``, `<w:textDirection w:val="btLr"/>`, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>444</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> QUOTE "444" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText> =1+1 </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>444</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:fldSimple w:instr=" =SUM(ABOVE) "><w:r><w:t>444</w:t></w:r></w:fldSimple></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:fldSimple w:instr=" =SUM(ABOVE) "/></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF 1 = 1 "444" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>444</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DOCPROPERTY x </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> SET a 12 </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TC "12" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> XE "12" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="a"/><w:textInput><w:default w:val="12"/></w:textInput></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMTEXT </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>444</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="12"/><w:listEntry w:val="444"/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> MACROBUTTON x 444 </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =1 </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>444</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:sdt><w:sdtPr></w:sdtPr><w:sdtContent><w:r><w:t>444</w:t></w:r></w:sdtContent></w:sdt></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>444</w:t></w:r></w:sdtContent></w:sdt></w:p>`, ``, ""},
		{``, ``, ``, `<w:sdt><w:sdtPr></w:sdtPr><w:sdtContent><w:p><w:r><w:t>444</w:t></w:r></w:p></w:sdtContent></w:sdt>`, ``, "444"},
		{``, ``, ``, `<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:sdt><w:sdtPr><w15:appearance w15:val="hidden"/></w:sdtPr><w:sdtContent><w:r><w:t>444</w:t></w:r></w:sdtContent></w:sdt></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:sdt><w:sdtPr></w:sdtPr><w:sdtContent><w:r><w:rPr><w:strike/></w:rPr><w:t>444</w:t></w:r></w:sdtContent></w:sdt></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>12</w:delText></w:r></w:del><w:ins w:id="2" w:author="a"><w:r><w:t>444</w:t></w:r></w:ins></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:ins w:id="2" w:author="a"><w:del w:id="1" w:author="a"><w:r><w:delText>12</w:delText></w:r></w:del><w:r><w:t>444</w:t></w:r></w:ins></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>444</w:delText></w:r></w:del></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:moveFrom w:id="1" w:author="a"><w:r><w:t>12</w:t></w:r></w:moveFrom><w:moveTo w:id="2" w:author="a"><w:r><w:t>444</w:t></w:r></w:moveTo></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:rPrChange w:id="1" w:author="a"><w:rPr><w:strike/></w:rPr></w:rPrChange></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:strike/><w:rPrChange w:id="1" w:author="a"></w:rPrChange></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:pPr><w:rPr><w:del w:id="1" w:author="a"/></w:rPr></w:pPr><w:r><w:t>4</w:t></w:r></w:p><w:p><w:r><w:t>44</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:del w:id="1" w:author="a"><w:r><w:t>12</w:t></w:r></w:del><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, `<w:trPr><w:ins w:id="1" w:author="a"/></w:trPr>`, ``, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline ><wp:extent cx="1000000" cy="400000"/><wp:docPr id="1" name="x"/><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>444</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>444</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>12</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor behindDoc="0"><wp:extent cx="1000000" cy="400000"/><wp:docPr id="1" name="x"/><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>444</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback></mc:Fallback></mc:AlternateContent></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:drawing><wp:anchor behindDoc="0"><wp:extent cx="1000000" cy="400000"/><wp:docPr id="1" name="x"/><a:graphic><a:graphicData><wps:wsp><wps:spPr><a:solidFill><a:srgbClr val="000000"/></a:solidFill></wps:spPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:pict><v:rect style="position:absolute;width:60pt;height:20pt" fillcolor="black"/></w:pict></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:drawing><wp:anchor behindDoc="0"><wp:extent cx="1000000" cy="400000"/><wp:docPr id="1" name="x"/><a:graphic><a:graphicData><wps:wsp><wps:spPr><a:prstGeom prst="line"/></wps:spPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:pict><v:line style="position:absolute" from="0,0" to="60pt,0"/></w:pict></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor behindDoc="0"><wp:extent cx="1000000" cy="400000"/><wp:docPr id="1" name="x"/><a:graphic><a:graphicData><wps:wsp><wps:spPr><a:prstGeom prst="line"/></wps:spPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:line from="0,0" to="60pt,0"/></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:drawing><wp:anchor behindDoc="0"><wp:extent cx="1000000" cy="400000"/><wp:docPr id="1" name="x"/><a:graphic><a:graphicData><wps:wsp><wps:cNvCnPr/><wps:spPr><a:prstGeom prst="straightConnector1"/></wps:spPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:drawing><wp:anchor behindDoc="1"><wp:extent cx="1000000" cy="400000"/><wp:docPr id="1" name="x"/><a:graphic><a:graphicData><wps:wsp><wps:spPr><a:solidFill><a:srgbClr val="EEEEEE"/></a:solidFill></wps:spPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:drawing><wp:anchor><wp:docPr id="1" name="x" hidden="1"/><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>12</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>444</w:t></w:r><w:r><w:pict><v:shape style="visibility:hidden"><v:textbox><w:txbxContent><w:p><w:r><w:t>12</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:pict><v:shape><v:textpath string="444"/></v:shape></w:pict></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="100"/><w:gridCol w:w="100"/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>`, ``, ""},
		{``, ``, ``, `<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="100"/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>444</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>1</w:t></w:r></w:p><w:p><w:r><w:t>2</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>1</w:t><w:br/><w:t>2</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>1</w:t><w:tab/><w:t>2</w:t></w:r></w:p>`, ``, ""},
		{``, ``, `<w:tcBorders><w:tl2br w:val="single" w:sz="4"/></w:tcBorders>`, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, `<w:tcBorders><w:tr2bl w:val="single" w:sz="4"/></w:tcBorders>`, `<w:p><w:r><w:t>444</w:t></w:r></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:bdr w:val="single"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:rPr><w:effect w:val="sparkle"/></w:rPr><w:t>444</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><w:t>4</w:t></w:r><w:smartTag><w:r><w:t>44</w:t></w:r></w:smartTag></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:hyperlink w:anchor="a"><w:r><w:t>444</w:t></w:r></w:hyperlink></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:hyperlink w:anchor="a"><w:r><w:rPr><w:strike/></w:rPr><w:t>444</w:t></w:r></w:hyperlink></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:dir w:val="rtl"><w:r><w:t>444</w:t></w:r></w:dir></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:bdo w:val="rtl"><w:r><w:t>123</w:t></w:r></w:bdo></w:p>`, ``, ""},
		{``, ``, ``, `<w:p><w:r><w:t>4</w:t><w:lastRenderedPageBreak/><w:t>44</w:t></w:r></w:p>`, ``, "444"},
		{``, ``, ``, `<w:p><w:r><mc:AlternateContent><mc:Choice Requires="zz99"><w:t>12</w:t></mc:Choice><mc:Fallback><w:t>444</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`, ``, "444"},
	} {
		body := `<w:tbl><w:tblPr>` + c.table + `</w:tblPr><w:tr>` + tc("", "甲") + tc("", "1") + `</w:tr><w:tr>` + c.row + tc("", "乙") + `<w:tc><w:tcPr>` + c.props + `</w:tcPr>` + c.cell + `</w:tc></w:tr></w:tbl>`
		d, _, err := docx.Read(document(t, body, styles(c.styles)...))
		if err != nil {
			t.Fatal(err)
		}
		cell := d.Pages[0].Blocks[0].Table.At(1, 1)
		text := strings.TrimRight(cell.Text, "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉")
		text = strings.NewReplacer("４", "4").Replace(text)
		switch asked := cell.Struck || cell.Reading != nil && cell.Reading.Ink; {
		case c.want != "" && strings.TrimLeft(text, "⁰¹²³⁴⁵⁶⁷⁸⁹") != c.want:
			t.Errorf("%s%s%s%s: %q; want %q", c.table, c.row, c.props, c.cell, cell.Text, c.want)
		case c.want == "" && !asked && (text == "" || figure.Bare(text)):
			t.Errorf("%s%s%s%s: %q, and nobody is asked", c.table, c.row, c.props, c.cell, cell.Text)
		}
	}
}

// TestDrawingsBeforeTables: what floats before a table, held by a paragraph beside it, may lie over its figures.
func TestDrawingsBeforeTables(t *testing.T) {
	shape := func(top, behind string) string {
		return `<w:p><w:r><w:drawing><wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" behindDoc="` + behind + `"><wp:positionV relativeFrom="paragraph"><wp:posOffset>` + top +
			`</wp:posOffset></wp:positionV><wp:extent cx="1000000" cy="127000"/><wp:wrapNone/></wp:anchor></w:drawing></w:r></w:p>`
	}
	for _, c := range []struct {
		name, before, after string
		asked               bool
	}{
		{"held by the paragraph above", shape("900000", "0"), "", true},
		{"a line under that paragraph", shape("100000", "0"), "", false},
		{"held by the paragraph below", "", shape("-900000", "0"), true},
		{"below that paragraph", "", shape("100000", "0"), false},
		{"behind the text", shape("900000", "1"), "", false},
		{"farther above", shape("900000", "0") + p("正文"), "", false},
	} {
		d, _, err := docx.Read(document(t, c.before+tbl(tr(tc("", "甲"), tc("", "12")), tr(tc("", "乙"), tc("", "3")))+c.after))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range d.Pages[0].Blocks {
			if b.Table != nil && b.Table.At(0, 1).Struck != c.asked {
				t.Errorf("%s: %v", c.name, b.Table.At(0, 1).Struck)
			}
		}
	}
}
