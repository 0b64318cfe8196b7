package charset_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/nianbao/nianbao/extract/charset"
)

const (
	simplified  = "一、总体情况\n2023年，全区主动公开政府信息503条，收到申请12件。\n行政许可\t0\n"
	traditional = "一、總體情況\n2023年，全區主動公開政府信息503條，收到申請12件。\n行政許可\t0\n"
)

func encoded(t *testing.T, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecode(t *testing.T) {
	gbk, big5 := encoded(t, simplifiedchinese.GBK, simplified), encoded(t, traditionalchinese.Big5, traditional)
	le, be := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	for _, c := range []struct {
		reason   string
		data     []byte
		label    string
		encoding string
		text     string
		guessed  bool
		lost     int
	}{
		{"a byte order mark is believed and removed", []byte("\xef\xbb\xbf" + simplified), "gb2312", "utf-8", simplified, false, 0},
		{"UTF-8 as declared", []byte(simplified), "UTF-8", "utf-8", simplified, false, 0},
		{"valid UTF-8 wins over a wrong label", []byte(simplified), "gb2312", "utf-8", simplified, true, 0},
		{"ASCII fits every label", []byte("1 2 3"), "gb2312", "utf-8", "1 2 3", false, 0},
		{"GBK as declared", gbk, `"GB2312"`, "gb18030", simplified, false, 0},
		{"GBK without a label", gbk, "", "gb18030", simplified, true, 0},
		{"GBK called UTF-8", gbk, "utf-8", "gb18030", simplified, true, 0},
		{"GBK called Latin 1", gbk, "iso-8859-1", "gb18030", simplified, true, 0},
		{"GBK called Big5", gbk, "big5", "gb18030", simplified, true, 0},
		{"Big5 as declared", big5, "big5", "big5", traditional, false, 0},
		{"Big5 without a label", big5, "", "big5", traditional, true, 0},
		{"Big5 called GBK", big5, "gbk", "big5", traditional, true, 0},
		{"GB18030 with four bytes for a rare character", encoded(t, simplifiedchinese.GB18030, simplified+"𠮷㺿"), "gbk", "gb18030", simplified + "𠮷㺿", false, 0},
		{"traditional text in GBK", encoded(t, simplifiedchinese.GBK, traditional), "", "gb18030", traditional, true, 0},
		{"UTF-16 with a mark", append([]byte("\xff\xfe"), encoded(t, le, simplified)...), "", "utf-16le", simplified, false, 0},
		{"UTF-16 big endian with a mark", append([]byte("\xfe\xff"), encoded(t, be, simplified)...), "", "utf-16be", simplified, false, 0},
		{"UTF-16 without a mark", encoded(t, le, simplified), "", "utf-16le", simplified, true, 0},
		{"one broken character does not make UTF-8 into GBK", []byte(simplified + "公\xe5\x85"), "utf-8", "utf-8", simplified + "公\ufffd", false, 1},
		{"nothing", nil, "", "utf-8", "", false, 0},
	} {
		t.Run(c.reason, func(t *testing.T) {
			got := charset.Decode(c.data, c.label)
			want := charset.Text{Text: c.text, Encoding: c.encoding, Guessed: c.guessed, Lost: c.lost}
			if got != want {
				t.Errorf("got %+v\nwant %+v", got, want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(simplified), "utf-8")
	f.Add([]byte("\xb9\xab\xbf\xaa"), "")
	f.Add([]byte("\xff\xfe\x00"), "utf-16")
	f.Fuzz(func(t *testing.T, data []byte, label string) {
		got := charset.Decode(data, label)
		if strings.ToValidUTF8(got.Text, "") != got.Text {
			t.Errorf("invalid UTF-8 from %q: %q", data, got.Text)
		}
	})
}
