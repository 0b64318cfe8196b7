package figure_test

import (
	"testing"

	"github.com/nianbao/nianbao/layout/figure"
)

var (
	counts = figure.Field{Unit: figure.Count}
	wan    = figure.Field{Unit: "万元"}
	yuan   = figure.Field{Unit: "元"}
	change = figure.Field{Unit: figure.Count, Signed: true}
	pixels = figure.Field{Unit: figure.Count, Pixels: true}
)

// TestParse is the table of what figures mean. A number is wanted by its digits, anything else by its kind.
func TestParse(t *testing.T) {
	const text, vague = "text", "text of a quantity"
	tests := []struct {
		field    figure.Field
		in, want string
		note     string
		look     string // "unit" or "unsure": a person should look although there is a value
		reason   string
	}{
		// One number.
		{counts, "22", "22", "", "", "digits are the number"},
		{counts, "0", "0", "", "", "a printed 0 is 0"},
		{counts, "0.00", "0.00", "", "", "places stay as printed"},
		{counts, "7730.28", "7730.28", "", "", "a point parts whole and places"},
		{counts, "１２３", "123", "", "", "full-width digits are digits"},
		{counts, "２５．１", "25.1", "", "", "a full-width point is a point"},
		{counts, "𝟏𝟐", "12", "", "", "so are digits of mathematical alphabets, which fonts for headings use"},
		{counts, "1\u200b2", "12", "", "", "what no viewer shows parts nothing"},
		{counts, " 12\n", "12", "", "", "white space around it says nothing"},
		{counts, "12345678901234567890123456789", vague, "", "", "no report prints so many digits"},
		{counts, "3.", text, "", "", "a lost digit is not guessed"},
		{counts, ".5", vague, "", "", "nor is one before the point"},
		{counts, "1.2.3", text, "", "", "one number has one point, and the number of an item stands before it"},
		{counts, "1e5", text, "", "", "no report counts so"},
		{counts, "十二号", text, "", "", "words"},

		// Thousands.
		{counts, "1,234", "1234", "", "", "a comma before groups of three"},
		{counts, "1，234，567.5", "1234567.5", "", "", "the full-width comma"},
		{counts, "1'234", "1234", "", "", "the apostrophe"},
		{counts, "1’234’567", "1234567", "", "", "as typesetters write it"},
		{counts, "1 234", "1234", "", "unsure", "a blank before exactly three digits, which may yet be two numbers"},
		{counts, "1\u00a0234", "1234", "", "unsure", "a no-break blank"},
		{counts, "1\u2009234\u202f567", "1234567", "", "unsure", "thin blanks"},
		{counts, "1　234", "1234", "", "unsure", "a full-width blank"},
		{counts, "12,34", vague, "", "", "groups of another size are no thousands"},
		{counts, "1,2345", vague, "", "", "nor is a group that goes on"},
		{counts, "1234,567", vague, "", "", "before the first mark stand three digits at most"},
		{counts, "0,123", vague, "", "", "and no zero in front"},
		{counts, "1,234 567", vague, "", "", "one number has one kind of mark"},
		{counts, "1.234.567", text, "", "", "points are no thousands marks"},
		{counts, "1  234", vague, "", "", "a wide gap parts numbers"},
		{counts, "1\t234", vague, "", "", "so does a tab"},

		// Two numbers are never one.
		{counts, "3 5", vague, "", "", "two numbers side by side"},
		{counts, "12 34", vague, "", "", "two numbers side by side"},
		{counts, "1234 567", vague, "", "", "two numbers, since 1234 is no first group"},
		{counts, "0 234", vague, "", "", "two numbers, since nobody prints 0234"},
		{counts, "12\n34", vague, "", "", "two numbers one above the other, or one that was broken: the text does not say"},
		{counts, "1\n234", vague, "", "", "a line's end is no thousands mark"},
		{counts, "113988\n89", vague, "", "", "even where a narrow cell may have broken it"},
		{counts, "12件 34件", vague, "", "", "two numbers with their units"},
		{counts, "12/34", vague, "", "", "two numbers, or a part of one"},
		{counts, "3、5", text, "", "", "two numbers, or the number of an item"},
		{counts, "①12②34", vague, "", "", "two numbers with the marks of their notes"},
		{pixels, "12\n34", vague, "", "", "nor are lines read from pixels"},

		// Ranges and parts.
		{counts, "3-5", vague, "", "", "a range is no number"},
		{counts, "3—5", vague, "", "", "a range"},
		{counts, "3～5", vague, "", "", "a range"},
		{counts, "3至5件", vague, "", "", "a range"},
		{counts, "50%", vague, "", "", "a share is no count"},
		{counts, "５０％", vague, "", "", "a share"},
		{counts, "½", text, "", "", "a fraction is no count"},
		{counts, "12½", text, "", "", "and not 121/2"},

		// Not exact.
		{counts, "约1000", vague, "", "", "about so many"},
		{counts, "近300", vague, "", "", "nearly"},
		{counts, "超300", vague, "", "", "more than"},
		{counts, "12190余", vague, "", "", "and some"},
		{counts, "12万余", vague, "", "", "and some"},
		{counts, "12多万", vague, "", "", "and some"},
		{counts, "300余件", vague, "", "", "and some"},
		{counts, "300左右", vague, "", "", "more or less"},
		{counts, "300（约）", vague, "", "", "a remark says so"},
		{counts, "≥300", vague, "", "", "at least"},
		{counts, "若干", vague, "", "", "some"},
		{counts, "十几件", vague, "", "", "ten and some"},
		{counts, "数百", vague, "", "", "hundreds"},

		// Units.
		{counts, "12件", "12", "件", "", "the unit is a remark"},
		{counts, "3 次", "3", "次", "", "a blank before it says nothing"},
		{counts, "12\n件", "12", "件", "", "nor does a line's end"},
		{counts, "共12件", "12", "共件", "", "a sum is a number"},
		{counts, "12万", "120000", "万", "unit", "twelve times ten thousand"},
		{counts, "1.2万条", "12000", "万条", "unit", "exactly"},
		{counts, "3千", "3000", "千", "unit", "three thousand"},
		{counts, "12元", vague, "", "unit", "money is no count"},
		{wan, "25.1万元", "25.1", "万元", "", "in the field's own unit"},
		{wan, "251000元", "25.1", "元", "unit", "exactly a ten thousandth"},
		{wan, "251000.50元", "25.10005", "元", "unit", "to the last place"},
		{wan, "5元", "0.0005", "元", "unit", "however little"},
		{wan, "0元", "0", "元", "unit", "nothing is nothing in any unit"},
		{wan, "3.2亿元", "32000", "亿元", "unit", "exactly ten thousand times"},
		{wan, "12百万元", "1200", "百万元", "unit", "powers of ten of 元"},
		{wan, "25.1万", "25.1", "万", "unit", "the 元 was left out"},
		{wan, "25.1（万元）", "25.1", "万元", "", "the unit in brackets"},
		{wan, "251000（元）", "25.1", "元", "unit", "the unit in brackets"},
		{wan, "人民币25.1万元", "25.1", "人民币万元", "", "what money it is"},
		{wan, "￥25.1", "25.1", "¥", "unsure", "the sign of money, in 万元 or in 元"},
		{wan, "12件", vague, "", "unit", "things are no money"},
		{wan, "十二万元", "12", "万元", "", "in words, in the field's own unit"},
		{yuan, "25.1万元", "251000", "万元", "unit", "a field of 元"},
		{yuan, "￥25", "25", "¥", "", "the sign of money in a field of 元"},
		{yuan, "12万", "120000", "万", "unit", "a power alone"},
		{figure.Field{}, "25.1万元", "25.1", "万元", "", "of an unknown field the unit is what is printed"},
		{figure.Field{}, "12万", "120000", "万", "unit", "but a power alone is none"},
		{figure.Field{Unit: "万元", Stated: "元"}, "251000", "25.1", "元", "unit", "the heading says 元"},
		{figure.Field{Unit: "万元", Stated: "元"}, "25.1万元", "25.1", "万元", "", "the cell knows better than the heading"},
		{figure.Field{Unit: figure.Count, Stated: "万条"}, "1.5", "15000", "万条", "unit", "the heading counts in 万"},
		{figure.Field{Unit: "万元", Stated: "元"}, "/", "slash", "", "", "nothing is nothing in any unit"},

		// Notes.
		{counts, "22（其中修订16件）", "22", "其中修订16件", "", "a remark in brackets"},
		{counts, "55(含自然失效 29 件)", "55", "含自然失效29件", "", "a remark in brackets"},
		{counts, "22件（其中修订16件", "22", "件其中修订16件", "", "whose end was lost at a line's end"},
		{counts, "12[1]", "12", "1", "", "the mark of a note in brackets"},
		{counts, "12〔2〕", "12", "2", "", "of any kind"},
		{counts, "12（3）", "12", "3", "", "of any kind"},
		{counts, "12¹", "12", "¹", "", "a raised digit is a mark"},
		{counts, "12²", "12", "²", "", "a raised digit is a mark"},
		{counts, "12₃", "12", "₃", "", "a lowered one too"},
		{counts, "12ᵃ", "12", "ᵃ", "", "a raised letter"},
		{counts, "12①", "12", "①", "", "a circled digit is a mark"},
		{counts, "3①②", "3", "①②", "", "two of them"},
		{counts, "①12", "12", "①", "", "before the number as well"},
		{counts, "12件 ①", "12", "件①", "", "behind a unit as well"},
		{counts, "12*", "12", "*", "", "a star"},
		{counts, "12※", "12", "※", "", "a reference mark"},
		{counts, "1²3", vague, "", "", "and what stands on both sides of one is no number"},
		{counts, "①", vague, "", "", "a mark alone is not 1"},
		{counts, "²", vague, "", "", "a mark alone"},
		{counts, "⒓", vague, "", "", "the number of an item"},
		{counts, "㈢", vague, "", "", "the number of an item"},
		{counts, "（1）", text, "", "", "the number of an item, or a note"},
		{counts, "[1]", vague, "", "", "a note alone"},

		// Signs.
		{change, "+173", "173", "", "", "an increase"},
		{change, "＋173", "173", "", "", "full width"},
		{change, "-2", "-2", "", "", "a decrease"},
		{change, "−2", "-2", "", "", "the mathematical minus"},
		{change, "－2", "-2", "", "", "the full-width one"},
		{change, "- 2", "-2", "", "", "a blank behind it"},
		{change, "–2", "-2", "", "unsure", "a dash for a minus"},
		{change, "—2", "-2", "", "unsure", "a dash for a minus"},
		{change, "(2)", "-2", "", "unsure", "as accountants write it, or the mark of a note"},
		{change, "（2项）", vague, "", "", "a remark"},
		{change, "减少5项", "-5", "减少项", "", "in words"},
		{change, "增3", "3", "增", "", "in words"},
		{change, "↓5", "-5", "↓", "", "by an arrow"},
		{change, "-0", "0", "", "", "nothing has no sign"},
		{counts, "-2", "-2", "", "", "what is printed is read; that a count is not below 0 is the check's to say"},
		{counts, "—2", vague, "", "", "a stroke and a number, where nothing is below 0"},
		{counts, "减少5项", vague, "", "", "no count"},
		{counts, "±5", vague, "", "", "either"},

		// Chinese numerals.
		{counts, "十二", "12", "", "", "in words"},
		{counts, "二十", "20", "", "", "in words"},
		{counts, "一百零三", "103", "", "", "in words"},
		{counts, "一千二百三十四", "1234", "", "", "in words"},
		{counts, "一万零五百", "10500", "", "", "in words"},
		{counts, "十二万三千", "123000", "", "", "in words"},
		{counts, "一亿零三", "100000003", "", "", "in words"},
		{counts, "两百", "200", "", "", "两 is 2"},
		{counts, "廿三", "23", "", "", "廿 is 20"},
		{counts, "壹佰贰拾叁", "123", "", "", "as on cheques"},
		{counts, "三件", "3", "件", "", "with a unit"},
		{counts, "五", "5", "", "", "a lone numeral"},
		{counts, "〇", "0", "", "", "zero"},
		{counts, "零", "0", "", "", "zero"},
		{counts, "二〇二", "202", "", "", "digit by digit"},
		{counts, "十二万", "120000", "万", "unit", "as 12万"},
		{counts, "三四", vague, "", "", "three or four"},
		{counts, "二百五", vague, "", "", "250 as one says it, 205 as one writes it"},
		{counts, "百", vague, "", "", "not said how many"},
		{counts, "一二三四五六七八九十", vague, "", "", "no number is said so"},
		{pixels, "十二", text, "", "", "recognised numerals are what other print was taken for"},

		// No number.
		{counts, "", "blank", "", "", "blank is not zero"},
		{counts, " \u00a0\u3000\u200b", "blank", "", "", "white space of all kinds is blank"},
		{counts, "/", "slash", "", "", "a stroke"},
		{counts, "／", "slash", "", "", "full width"},
		{counts, "\\", "slash", "", "", "the other way"},
		{counts, "∕", "slash", "", "", "the sign of division"},
		{counts, "-", "dash", "", "", "a stroke"},
		{counts, "—", "dash", "", "", "a dash"},
		{counts, "–", "dash", "", "", "a shorter one"},
		{counts, "——", "dash", "", "", "a double one"},
		{counts, "－", "dash", "", "", "full width"},
		{counts, "一", "dash", "", "unsure", "一 is typed for a dash, and may be 1"},
		{counts, "一一", "dash", "", "", "but 一一 is no number"},
		{pixels, "一", "dash", "", "", "a dash read as the numeral"},
		{counts, "未增未减", text, "", "", "words that say that there is none; see IsNothing"},
		{counts, "无", text, "", "", "the same"},
	}
	for _, tt := range tests {
		f := tt.field.Parse(tt.in)
		got, look := f.Decimal, ""
		switch {
		case got == "" && f.Kind == figure.Text && f.Quantity:
			got = vague
		case got == "":
			got = string(f.Kind)
		}
		switch {
		case f.OtherUnit:
			look = "unit"
		case f.Unsure != "":
			look = "unsure"
		}
		if got != tt.want || f.Note != tt.note || look != tt.look {
			t.Errorf("%q in %+v: %q, note %q, look %q; want %q, note %q, look %q: %s", tt.in, tt.field, got, f.Note, look, tt.want, tt.note, tt.look, tt.reason)
		}
		if number := f.Kind == figure.Number || f.Kind == figure.Zero; number != (f.Decimal != "") {
			t.Errorf("%q: kind %s with decimal %q", tt.in, f.Kind, f.Decimal)
		}
	}
}

func TestIsNothing(t *testing.T) {
	for _, s := range []string{"无", "無", " 无 ", "空", "未增未减", "不涉及", "None", "n/a", "N/A"} {
		if !figure.IsNothing(s) {
			t.Errorf("%q is a way of printing no number", s)
		}
	}
	for _, s := range []string{"", "0", "无锡", "/", "若干", "未统计"} {
		if figure.IsNothing(s) {
			t.Errorf("%q is not", s)
		}
	}
}

func TestStatedUnits(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"本年收费金额（单位：万元）", []string{"万元"}},
		{"本年收费金额（元）", []string{"元"}},
		{"单位:亿元", []string{"亿元"}},
		{"单位：件、人次、万元", []string{"件", "人次", "万元"}},
		{"万 元", []string{"万元"}},
		{"主动公开信息数（万条）", []string{"万条"}},
		{"填报单位：甲局", nil},
		{"主动公开政府信息数（不同渠道和方式公开相同信息计1条）", nil},
		{"本年收费金额", nil},
		{"", nil},
	}
	for _, tt := range tests {
		got := figure.StatedUnits(tt.in)
		if len(got) != len(tt.want) {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
			}
		}
	}
}

func TestBroken(t *testing.T) {
	tests := []struct{ in, want, reason string }{
		{"113988\n89", "11398889", "a narrow cell broke it"},
		{"1,234,\n567", "1234567", "behind a thousands mark"},
		{"12\n34", "1234", "or two numbers: the sums must say"},
		{"12\n345", "", "a cell breaks a number where it is full"},
		{"12", "", "not broken"},
		{"12\n件", "", "words"},
		{"0\n12", "", "nobody prints 012"},
	}
	for _, tt := range tests {
		if got, ok := figure.Broken(tt.in); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: %q %v, want %q: %s", tt.in, got, ok, tt.want, tt.reason)
		}
	}
}

// TestInWords says numbers and reads them again.
func TestInWords(t *testing.T) {
	for n, said := range map[string]string{
		"1": "一件", "10": "十", "11": "十一", "19": "十九", "20": "二十", "100": "一百", "101": "一百零一", "110": "一百一十", "1000": "一千",
		"1001": "一千零一", "1010": "一千零一十", "1100": "一千一百", "10001": "一万零一", "10010": "一万零一十", "110000": "十一万件",
		"100001000": "一亿零一千", "120000000": "一亿二千万件", "123456789": "一亿二千三百四十五万六千七百八十九",
	} {
		if f := figure.Parse(said); f.Decimal != n {
			t.Errorf("%s: %q, want %s", said, f.Decimal, n)
		}
	}
}

// FuzzParse: what is read as a number reads the same when it is printed again, and nothing is read in a field that
// knows more than in one that knows nothing.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"22（其中修订16件）", "1,234.50万元", "-2", "——", "约１０００余", "0", "一百零三", "1 234", "12\n34", "①12", "(2)", "𝟏²"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, field := range []figure.Field{{}, counts, wan, change, pixels, {Unit: "万元", Stated: "元"}} {
			a := field.Parse(s)
			number := a.Kind == figure.Number || a.Kind == figure.Zero
			if number != (a.Decimal != "") {
				t.Fatalf("%q: kind %s with decimal %q", s, a.Kind, a.Decimal)
			}
			if !number {
				continue
			}
			b := figure.Field{Unit: field.Unit, Signed: field.Signed}.Parse(a.Decimal)
			if b.Decimal != a.Decimal || b.Kind != a.Kind || b.Note != "" {
				t.Fatalf("%q reads as %q, and that as %q with note %q", s, a.Decimal, b.Decimal, b.Note)
			}
		}
		figure.Broken(s)
		figure.StatedUnits(s)
	})
}
