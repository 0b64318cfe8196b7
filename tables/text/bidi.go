package text

import (
	"slices"
	"strings"
	"unicode"
)

// logical puts a line of text that was gathered from left to right into the order in which it is read, where letters are in it that run
// from right to left: Arabic and Hebrew. Numbers and Latin words among them keep their order.
func logical(s string) string {
	left, right := 0, 0
	for _, r := range s {
		switch {
		case leftward(r):
			left++
		case unicode.IsLetter(r):
			right++
		}
	}
	if left == 0 {
		return s
	}
	rs := []rune(s)
	if left > right {
		turn(rs)
		runs(rs, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsLetter(r) && !leftward(r) }, slices.Reverse[[]rune])
	} else {
		runs(rs, leftward, turn)
	}
	return string(rs)
}

func leftward(r rune) bool {
	return r >= 0x0590 && r < 0x0900 && !unicode.IsDigit(r) || unicode.In(r, unicode.Arabic, unicode.Hebrew) && !unicode.IsDigit(r)
}

// runs does something to each run of characters that begins and ends with such ones, with marks and blanks between them.
func runs(rs []rune, in func(rune) bool, do func([]rune)) {
	for i := 0; i < len(rs); i++ {
		if !in(rs[i]) {
			continue
		}
		last := i
		for k := i + 1; k < len(rs) && (in(rs[k]) || !unicode.IsLetter(rs[k]) && !unicode.IsDigit(rs[k])); k++ {
			if in(rs[k]) {
				last = k
			}
		}
		do(rs[i : last+1])
		i = last
	}
}

// turn reverses text. Some documents say of a bracket how it looks, others how it is read: turned about, the first must open.
func turn(rs []rune) {
	const open, shut = "([{", ")]}"
	slices.Reverse(rs)
	first := slices.IndexFunc(rs, func(r rune) bool { return strings.ContainsRune(open+shut, r) })
	if first < 0 || strings.ContainsRune(open, rs[first]) {
		return
	}
	for i, r := range rs {
		if k := strings.IndexRune(open, r); k >= 0 {
			rs[i] = rune(shut[k])
		} else if k := strings.IndexRune(shut, r); k >= 0 {
			rs[i] = rune(open[k])
		}
	}
}
