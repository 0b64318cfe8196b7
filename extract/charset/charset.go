// Package charset turns the bytes of Chinese text into UTF-8, whatever the text says of itself.
//
// Web pages of public bodies are UTF-8, GB2312/GBK/GB18030 or Big5, often without a label and often
// with a wrong one. A byte order mark is believed. Otherwise each encoding is tried and scored by
// how many of the most frequent Chinese characters come out and how many bytes make no character;
// the label only settles ties. GB18030 stands for all of GB2312 and GBK, whose superset it is.
package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// The encodings that are told apart.
const (
	UTF8    = "utf-8"
	UTF16LE = "utf-16le"
	UTF16BE = "utf-16be"
	GB18030 = "gb18030"
	Big5    = "big5"
)

// Text is decoded text.
type Text struct {
	// Text without a byte order mark.
	Text     string
	Encoding string
	// Guessed is set when the label was wrong, or when there was none and the text is not UTF-8,
	// which proves itself.
	Guessed bool
	// Lost is the number of characters that could not be decoded; each is U+FFFD in Text.
	Lost int
}

// Decode gives the text of data. Label is the encoding that the source declares, "" when it does not.
func Decode(data []byte, label string) Text {
	label = canonical(label)
	if name, n := bom(data); n > 0 {
		t := decode(data[n:], name)
		t.Guessed = false
		return t
	}
	if name := wide(data); name != "" {
		t := decode(data, name)
		t.Guessed = label != name
		return t
	}
	if utf8.Valid(data) {
		ascii := bytes.IndexFunc(data, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
		return Text{Text: string(data), Encoding: UTF8, Guessed: !ascii && label != UTF8 && label != ""}
	}
	var best Text
	bestScore := 0
	for i, name := range []string{UTF8, GB18030, Big5} {
		t := decode(data, name)
		score := 2 * t.score()
		if name == label {
			score++
		}
		if i == 0 || score > bestScore || (score == bestScore && name == GB18030) {
			best, bestScore = t, score
		}
	}
	best.Guessed = best.Encoding != label
	return best
}

// bom gives the encoding that a byte order mark tells, and the mark's length.
func bom(data []byte) (string, int) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return UTF8, 3
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return UTF16LE, 2
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return UTF16BE, 2
	}
	return "", 0
}

// wide tells UTF-16 without a mark by the zero bytes of its ASCII characters.
func wide(data []byte) string {
	head := data[:min(len(data), 4096)&^1]
	var zero [2]int
	for i, b := range head {
		if b == 0 {
			zero[i&1]++
		}
	}
	// Line ends, digits and blanks make at least one character in twenty of any report.
	enough := max(1, len(head)/2/20)
	switch {
	case zero[1] >= enough && 4*zero[0] <= zero[1]: // 一 is U+4E00
		return UTF16LE
	case zero[0] >= enough && 4*zero[1] <= zero[0]:
		return UTF16BE
	}
	return ""
}

func canonical(label string) string {
	switch l := strings.ToLower(strings.Trim(strings.TrimSpace(label), `"'`)); l {
	case "utf-8", "utf8":
		return UTF8
	case "gb2312", "gbk", "gb18030", "gb_2312-80", "gb_2312", "chinese", "csgb2312", "iso-ir-58", "x-gbk", "cp936", "ms936", "windows-936", "euc-cn", "gb2312-80":
		return GB18030
	case "big5", "big5-hkscs", "cn-big5", "x-x-big5", "csbig5", "cp950", "ms950", "windows-950":
		return Big5
	case "utf-16", "utf-16le", "unicode":
		return UTF16LE
	case "utf-16be":
		return UTF16BE
	default:
		return l
	}
}

func decode(data []byte, name string) Text {
	var e encoding.Encoding
	switch name {
	case UTF16LE:
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case GB18030:
		e = simplifiedchinese.GB18030
	case Big5:
		e = traditionalchinese.Big5
	}
	s := strings.ToValidUTF8(string(data), "\ufffd")
	if e != nil {
		if out, err := e.NewDecoder().Bytes(data); err == nil {
			s = string(out)
		}
	}
	return Text{Text: s, Encoding: name, Guessed: true, Lost: strings.Count(s, "\ufffd")}
}

// frequent are the commonest characters of official prose and of the forms' labels, simplified, and
// those of them that are written otherwise in traditional text.
var frequent = func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严" +
		"國為個時來們這會對發動過說產種後學經進電裡現實體機當點從業開還應義間樣與關線內數無軍題黨總設長資邊級圖統較將組見計別運農幾區強決幹戰則隊給門導熱領規東壓爭濟階術極聯認權證轉單風帶場車務萬達積議聲報鬥類離華確張馬節話況傳許廣記觀織裝眾書復須際驗連斷難礦備辦習響約勞團歷構稱準號維劃選標寫親養層專狀廠識適屬圓調滿縣參紅細聽該鐵價嚴請訊費" {
		m[r] = true
	}
	return m
}()

// score rates how much like Chinese prose a decoding looks: the share of Han characters that are
// frequent, in thousandths, less what could not be decoded.
func (t Text) score() int {
	han, hits := 0, 0
	for _, r := range t.Text {
		if r >= 0x80 && r != '\ufffd' {
			han++
			if frequent[r] || (r >= 0x3000 && r <= 0x3002) || (r >= 0xff00 && r <= 0xff1f) || r == '“' || r == '”' {
				hits++
			}
		}
	}
	total := han + 3*t.Lost
	if total == 0 {
		return 0
	}
	return 1000 * (hits - 3*t.Lost) / total
}
