package numbering_test

import (
	"testing"

	"github.com/nianbao/nianbao/extract/numbering"
)

func TestNext(t *testing.T) {
	list := &numbering.List{}
	list.Levels[0] = &numbering.Level{Start: 1, Format: "chineseCounting", Text: "%1、", Close: true, Restart: -1}
	list.Levels[1] = &numbering.Level{Start: 1, Format: "chineseCounting", Text: "（%2）", Close: true, Restart: -1}
	list.Levels[2] = &numbering.Level{Start: 1, Format: "decimal", Text: "%1.%3", Restart: 0, Legal: true}
	main := &numbering.Instance{List: list}
	other := &numbering.Instance{List: list, Start: map[int]int{0: 6}, Override: map[int]*numbering.Level{1: {Start: 3, Format: "bullet", Text: "•"}}}
	for i, c := range []struct {
		of     *numbering.Instance
		level  int
		want   string
		reason string
	}{
		{main, 0, "一、", "the first"},
		{main, 1, "（一）", "one level down"},
		{main, 2, "1.1 ", "two levels in one number, in Arabic digits"},
		{main, 0, "二、", "back up"},
		{main, 1, "（一）", "lower levels start anew"},
		{main, 2, "2.2 ", "except those that never do"},
		{other, 0, "六、", "an instance that starts elsewhere"},
		{other, 1, "", "a bullet"},
		{main, 0, "七、", "all instances count together"},
		{main, 2, "7.3 ", "under a number that nobody wrote"},
		{main, 1, "（二）", "which counts all the same"},
		{main, 5, "", "a level that is not defined"},
		{&numbering.Instance{}, 0, "", "an instance of nothing"},
	} {
		if got := c.of.Next(c.level); got != c.want {
			t.Errorf("%d, %s: got %q, want %q", i, c.reason, got, c.want)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		v            int
		format, want string
	}{
		{10, "chineseCounting", "十"}, {12, "chineseCounting", "十二"}, {20, "chineseCountingThousand", "二十"}, {105, "chineseCounting", "一百零五"}, {110, "chineseCounting", "一百一十"}, {0, "chineseCounting", "零"},
		{11, "chineseLegalSimplified", "壹拾壹"}, {10, "ideographDigital", "一〇"}, {3, "ideographTraditional", "丙"}, {11, "ideographTraditional", "11"}, {12, "ideographZodiac", "亥"},
		{20, "decimalEnclosedCircle", "⑳"}, {21, "decimalEnclosedCircle", "21"}, {3, "decimalEnclosedParen", "⑶"}, {21, "decimalEnclosedParen", "(21)"}, {3, "decimalEnclosedFullstop", "⒊"}, {4, "ideographEnclosedCircle", "㊃"},
		{14, "upperRoman", "XIV"}, {9, "lowerRoman", "ix"}, {28, "lowerLetter", "bb"}, {26, "upperLetter", "Z"}, {7, "decimalZero", "07"}, {12, "decimalFullWidth", "１２"}, {1, "none", ""}, {2, "hebrew1", "2"}, {-1, "upperRoman", "-1"},
	} {
		if got := numbering.Format(c.v, c.format); got != c.want {
			t.Errorf("%s of %d: got %q, want %q", c.format, c.v, got, c.want)
		}
	}
}
