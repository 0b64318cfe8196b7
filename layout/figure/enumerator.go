package figure

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/layout/pattern"
)

// Enumerator is the number that opens a label or a heading: "一、", "（二）", "3.". It is a hint at the row's
// place and no part of its name. The zero value is none.
type Enumerator struct {
	Style rune // '一' for 一、 '(' for （一） '1' for 1. and 0 for none
	N     int
}

var hanDigits = map[rune]int{'一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '十': 10}

// Han is the value of a Chinese numeral up to 十, 0 for any other character.
func Han(r rune) int { return hanDigits[r] }

// SplitEnumerator takes the number off a label, whose compatibility forms are resolved.
func SplitEnumerator(s string) (Enumerator, string) {
	t := strings.TrimSpace(norm.NFKC.String(s))
	rs := []rune(t)
	i := 0
	skip := func() {
		for i < len(rs) && unicode.IsSpace(rs[i]) {
			i++
		}
	}
	bracket := i < len(rs) && (rs[i] == '(' || rs[i] == '（')
	if bracket {
		i++
		skip()
	}
	n, style := 0, rune(0)
	start := i
	for i < len(rs) && Han(rs[i]) > 0 && i-start < 3 {
		d := Han(rs[i])
		switch {
		case d == 10 && n == 0:
			n = 10
		case d == 10:
			n *= 10
		default:
			n += d
		}
		style = '一'
		i++
	}
	if style == 0 {
		for i < len(rs) && rs[i] >= '0' && rs[i] <= '9' && i-start < 2 {
			n = n*10 + int(rs[i]-'0')
			style = '1'
			i++
		}
	}
	if style == 0 {
		return Enumerator{}, t
	}
	skip()
	if bracket {
		if i < len(rs) && (rs[i] == ')' || rs[i] == '）') {
			return Enumerator{'(', n}, strings.TrimSpace(string(rs[i+1:]))
		}
		return Enumerator{}, t
	}
	if i < len(rs) && strings.ContainsRune("、.．,，:：", rs[i]) {
		return Enumerator{style, n}, strings.TrimSpace(string(rs[i+1:]))
	}
	return Enumerator{}, t
}

var (
	item    = pattern.Of(`^\s*([（(]?\s*([一二三四五六七八九十]{1,3}|\d{1,2})\s*[）)、.．]|[㈠-㈩①-⑳⒈-⒛⑴-⒇]|第[一二三四五六七八九十百]+[章节条部])`)
	section = pattern.Of(`^[一二三四五六七八九十]+\s*、`)
	column  = pattern.Of(`^([甲乙丙丁戊己]|\(?[0-9]\)?)$`)
)

// OpensItem says that a line begins with the number of a list's item or of a chapter.
func OpensItem(line string) bool { return item().MatchString(line) }

// OpensSection says that a line begins with the number of a section: 一、.
func OpensSection(line string) bool { return section().MatchString(line) }

// NumbersColumn says that a cell holds what a table numbers its columns with, and nothing else: 甲, 1, (2).
func NumbersColumn(cell string) bool { return column().MatchString(cell) }

// MayEnumerate says that what was read as the beginning of a number may be the number of a label, (一) or 5., or words
// that are hard to read: it has no digits, or digits and a point alone.
func MayEnumerate(text string) bool {
	after := strings.TrimLeft(text, digits)
	return len(after) == len(text) || after == "."
}
