package figure

import (
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/layout/pattern"
)

// IsNothing says that a text is a way of printing no number in words.
func IsNothing(raw string) bool {
	switch strings.ToLower(strings.Join(strings.Fields(raw), "")) {
	case "无", "無", "空", "空白", "没有", "沒有", "暂无", "暫無", "未增未减", "未增未減", "不涉及", "不适用", "不適用",
		"无此项", "無此項", "无数据", "無數據", "无此情况", "none", "nil", "null", "n/a", "na":
		return true
	}
	return false
}

// IsDigit says that a character is a digit, full-width ones too. Marks such as ² and ① are none.
func IsDigit(r rune) bool { return unicode.IsDigit(r) }

// Digits says that a text is plain digits, one at least.
func Digits(s string) bool { return s != "" && strings.Trim(s, digits) == "" }

const digits = "0123456789"

// IsPart says that a character is part of a number within: a plain digit, a point or a comma.
func IsPart(r rune) bool { return strings.ContainsRune(digits+".,", r) }

// Bare says that a text is made of the parts of numbers alone, one at least.
func Bare(s string) bool { return s != "" && strings.Trim(s, digits+".,") == "" }

// Written says that a text is made of what cells of values are written with alone, one at least: parts of
// numbers, signs, strokes, brackets.
func Written(s string) bool { return s != "" && strings.Trim(s, digits+".,+-/()") == "" }

// Stroke says that a text is what a table prints for no number.
func Stroke(s string) bool { return s != "" && strings.Trim(s, "/-—") == "" }

// ZeroLed says that a text begins with a zero before another digit: nobody prints 02.
func ZeroLed(s string) bool { return len(s) > 1 && s[0] == '0' && IsDigit(rune(s[1])) }

// Noted says that a text is a number with a note in brackets, or the beginning of one, whatever the note.
func Noted(s string) bool {
	rest := strings.TrimLeft(s, digits+".,")
	return len(rest) < len(s) && strings.HasPrefix(rest, "(")
}

// Wordless says that a text has no letters and is not blank: in a table that can only be a figure.
func Wordless(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Han, r) }) < 0
}

// WellFormed says that a text is a number as one prints it: perhaps a sign, groups of three digits or none,
// no zero before other digits, no point at either end.
func WellFormed(s string) bool {
	for _, sign := range []string{"+", "-", "—"} {
		if after, ok := strings.CutPrefix(s, sign); ok {
			s = after
			break
		}
	}
	whole, decimals, point := strings.Cut(s, ".")
	if point && !Digits(decimals) {
		return false
	}
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if !Digits(g) || len(groups) > 1 && (i == 0 && len(g) > 3 || i > 0 && len(g) != 3) {
			return false
		}
	}
	return len(whole) == 1 || whole[0] != '0'
}

var value = pattern.Of(`^[+\-]?[0-9０-９][0-9０-９,，.．]*|^[/／\-—–]+$`)

// Begins says that a text begins with a number or is a stroke, as the cells of a row of values do.
func Begins(s string) bool { return value().MatchString(s) }
