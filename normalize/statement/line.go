package statement

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/normalize/simplified"
)

// line is a sentence ready to be read: simplified characters, compatibility forms resolved, no white
// space. from tells where each of its characters stands in what was printed.
type line struct {
	runes   []rune
	printed string
	from    []int // byte offsets into printed, one more than there are runes
}

func newLine(printed string) line {
	l := line{printed: printed}
	for i, r := range printed {
		if unicode.IsSpace(r) {
			continue
		}
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

// digits reads a number with digits at i: 21, 1,204, 0.5. It gives the index after it, i where there
// is none, and the number without thousands marks.
func (l line) digits(i int) (int, string) {
	isDigit := func(j int) bool { return j < len(l.runes) && '0' <= l.runes[j] && l.runes[j] <= '9' }
	j := i
	for isDigit(j) {
		j++
	}
	if j == i {
		return i, ""
	}
	n := string(l.runes[i:j])
	if j-i <= 3 {
		for j < len(l.runes) && l.runes[j] == ',' && isDigit(j+1) && isDigit(j+2) && isDigit(j+3) && !isDigit(j+4) {
			n += string(l.runes[j+1 : j+4])
			j += 4
		}
	}
	if j < len(l.runes) && l.runes[j] == '.' && isDigit(j+1) {
		k := j + 1
		for isDigit(k) {
			k++
		}
		n += string(l.runes[j:k])
		j = k
	}
	return j, n
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
