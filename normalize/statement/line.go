package statement

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/normalize/simplified"
)

// line is a sentence ready to be read: simplified characters, compatibility forms resolved, no white
// space but between digits. from tells where each of its characters stands in what was printed.
type line struct {
	runes   []rune
	printed string
	from    []int // byte offsets into printed, one more than there are runes
}

func newLine(printed string) line {
	l := line{printed: printed}
	blank := false
	for i, r := range printed {
		if unicode.IsSpace(r) {
			blank = true
			continue
		}
		// Between digits white space stays, for it may part two numbers.
		if n := len(l.runes); blank && n > 0 && figure.IsDigit(r) && figure.IsDigit(l.runes[n-1]) {
			l.runes, l.from = append(l.runes, ' '), append(l.from, i)
		}
		blank = false
		if r < 0x3000 || r >= 0xF900 { // no Han character has a compatibility form in between
			for _, c := range norm.NFKC.String(string(r)) {
				if !unicode.IsSpace(c) {
					l.runes, l.from = append(l.runes, c), append(l.from, i)
				}
			}
			continue
		}
		l.runes, l.from = append(l.runes, r), append(l.from, i)
	}
	l.from = append(l.from, len(printed))
	// OpenCC's phrases keep their length; a table in which one does not would only cost the phrase.
	if s := []rune(simplified.Text(string(l.runes))); len(s) == len(l.runes) {
		l.runes = s
	}
	return l
}

// text is what was printed for some of the line's characters.
func (l line) text(from, to int) string {
	return strings.TrimSpace(l.printed[l.from[from]:l.from[to]])
}

// starts says that the words stand at i.
func (l line) starts(i int, words string) bool {
	for _, r := range words {
		if i >= len(l.runes) || l.runes[i] != r {
			return false
		}
		i++
	}
	return true
}
