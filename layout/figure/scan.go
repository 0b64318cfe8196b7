package figure

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// isMark says that a character marks a note or numbers an item: raised, lowered, circled and bracketed digits and
// letters. Resolved as compatibility forms they would be digits of the number beside them: 12¹ is not 121.
func isMark(r rune) bool {
	if unicode.Is(unicode.No, r) {
		return !strings.ContainsRune(norm.NFKC.String(string(r)), '⁄') // ½ is a number, and not a whole one
	}
	if !unicode.Is(unicode.Lm, r) && r != 'ª' && r != 'º' {
		return false
	}
	letter := norm.NFKC.String(string(r))
	return len(letter) == 1 && unicode.IsLetter(rune(letter[0])) // ᵃ, and not ー
}

// footnotes are other marks of notes.
const footnotes = "*※#†‡§△▲★☆"

// prepare resolves compatibility forms, except those of marks, and writes signs, thousands marks and white space (a
// blank, a tab, a line's end) in one way each. Characters that are not seen are dropped.
func prepare(text string) []rune {
	var out []rune
	resolved := func(s string) {
		for _, r := range norm.NFKC.String(s) {
			switch r {
			case '−', '﹣':
				r = '-'
			case '‘', '’', 'ʼ', '′', '`':
				r = '\''
			case '\t':
			case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
				r = '\n'
			default:
				if unicode.Is(unicode.Cf, r) {
					continue
				}
				if unicode.IsSpace(r) {
					r = ' '
				}
			}
			out = append(out, r)
		}
	}
	from := 0
	for i, r := range text {
		if isMark(r) {
			resolved(text[from:i])
			out = append(out, r)
			from = i + len(string(r))
		}
	}
	resolved(text[from:])
	for len(out) > 0 && unicode.IsSpace(out[0]) {
		out = out[1:]
	}
	for len(out) > 0 && unicode.IsSpace(out[len(out)-1]) {
		out = out[:len(out)-1]
	}
	return out
}

func withoutBlanks(rs []rune) string {
	return string(slices.DeleteFunc(slices.Clone(rs), unicode.IsSpace))
}

// scanner goes over the prepared text of a cell.
type scanner struct {
	rest  []rune
	field Field
	told
}

// Words before a number that leave it the number it is, and words that say which way it changed.
var (
	sums  = []string{"共计", "合计", "总计", "共", "计"}
	rises = []string{"净增加", "增加", "净增", "新增", "上升", "增", "↑"}
	falls = []string{"净减少", "减少", "净减", "下降", "减", "↓"}
	coins = []string{"人民币", "¥", "RMB", "CNY"}
)

// read takes a text apart that is one number with what belongs to it, and nothing else.
func (f Field) read(rs []rune) (told, bool) {
	if n := len(rs); n > 2 && rs[0] == '(' && rs[n-1] == ')' && f.Signed {
		if t, ok := f.read(rs[1 : n-1]); ok && !t.negative && t.note == "" {
			t.negative, t.unsure = true, unsureMinus
			return t, true
		}
	}
	s := scanner{rest: rs, field: f}
	s.marks()
	s.word(sums)
	s.sign()
	if !s.number() {
		return told{}, false
	}
	s.blanks()
	s.measure()
	return s.told, s.notes() && len(s.rest) == 0
}

// blanks passes over white space.
func (s *scanner) blanks() {
	for len(s.rest) > 0 && unicode.IsSpace(s.rest[0]) {
		s.rest = s.rest[1:]
	}
}

// word takes one of some words, which then is in the note, and the white space behind it.
func (s *scanner) word(words []string) bool {
	for _, w := range words {
		if n := len([]rune(w)); n <= len(s.rest) && string(s.rest[:n]) == w {
			s.note += w
			s.rest = s.rest[n:]
			s.blanks()
			return true
		}
	}
	return false
}

// marks takes the marks of notes.
func (s *scanner) marks() {
	for len(s.rest) > 0 && (isMark(s.rest[0]) || strings.ContainsRune(footnotes, s.rest[0])) {
		s.note += string(s.rest[0])
		s.rest = s.rest[1:]
		s.blanks()
	}
}

// sign takes what stands before a number and says which way it counts, and a sign of money.
func (s *scanner) sign() {
	if s.field.Signed && !s.word(rises) {
		s.negative = s.word(falls)
	}
	s.currency = s.word(coins)
	if len(s.rest) == 0 {
		return
	}
	switch r := s.rest[0]; {
	case r == '+':
	case r == '-':
		s.negative = !s.negative
	case s.field.Signed && strings.ContainsRune("—–―", r):
		s.negative, s.unsure = !s.negative, unsureSign
	default:
		return
	}
	s.rest = s.rest[1:]
	s.blanks()
}

// number takes a number in digits or, unless the text was recognised from pixels, in Chinese numerals.
func (s *scanner) number() bool {
	n := 0
	for n < len(s.rest) && plain(s.rest[n]) {
		n++
	}
	if n == 0 {
		return !s.field.Pixels && s.inWords()
	}
	s.decimal = string(s.rest[:n])
	if n <= 3 && s.rest[0] != '0' {
		n = s.groups(n)
	}
	s.rest = s.rest[n:]
	if len(s.rest) > 1 && s.rest[0] == '.' && plain(s.rest[1]) {
		n = 2
		for n < len(s.rest) && plain(s.rest[n]) {
			n++
		}
		s.decimal += string(s.rest[:n])
		s.rest = s.rest[n:]
	}
	return true
}

// plain says that a character is one of the ten digits.
func plain(r rune) bool { return r >= '0' && r <= '9' }

// groups takes the groups of exactly three digits that follow the first n, each behind the same mark, and gives
// how far they go. A blank may also part two numbers.
func (s *scanner) groups(n int) int {
	if n >= len(s.rest) || !strings.ContainsRune(", '", s.rest[n]) {
		return n
	}
	mark := s.rest[n]
	for n+3 < len(s.rest) && s.rest[n] == mark && plain(s.rest[n+1]) && plain(s.rest[n+2]) && plain(s.rest[n+3]) {
		s.decimal += string(s.rest[n+1 : n+4])
		n += 4
		if mark == ' ' {
			s.unsure = unsureGroups
		}
	}
	return n
}

// inWords takes a number in Chinese numerals. A 万 or 亿 at its end goes with the unit, if there is one.
func (s *scanner) inWords() bool {
	n := 0
	for n < len(s.rest) && IsNumeral(s.rest[n]) {
		n++
	}
	if n > 1 && strings.ContainsRune("万萬亿億", s.rest[n-1]) && !strings.ContainsAny(string(s.rest[:n-1]), "万萬亿億") {
		n--
	}
	var ok bool
	s.decimal, ok = numeral(s.rest[:n])
	s.rest = s.rest[n:]
	return ok
}

// measure takes a unit.
func (s *scanner) measure() {
	for n := min(longestUnit, len(s.rest)); n > 0; n-- {
		if u, ok := parseUnit(string(s.rest[:n])); ok {
			s.unit, s.printed = u, string(s.rest[:n])
			s.note += s.printed
			s.rest = s.rest[n:]
			s.blanks()
			return
		}
	}
}

// notes takes what may follow a number: marks of notes, and remarks in brackets, of which the last may have lost
// its end. A unit in brackets is the number's. It is false where a remark says that the number is not exact.
func (s *scanner) notes() bool {
	for {
		s.marks()
		if len(s.rest) == 0 {
			return true
		}
		k := strings.IndexRune("([{【〔〈《", s.rest[0])
		if k < 0 {
			return true
		}
		shut := []rune(")]}】〕〉》")[len([]rune("([{【〔〈《"[:k]))]
		end, next := slices.Index(s.rest, shut), 0
		if next = end + 1; end < 0 {
			end, next = len(s.rest), len(s.rest)
		}
		remark := withoutBlanks(s.rest[1:end])
		if isVague(remark) {
			return false
		}
		if u, ok := parseUnit(remark); ok && s.printed == "" {
			s.unit, s.printed = u, remark
		}
		s.note += remark
		s.rest = s.rest[next:]
		s.blanks()
	}
}

// vague are words that make of a number something that is not exact.
var vague = []string{"不少于", "不超过", "不足", "左右", "上下", "以上", "以下", "以内", "大约", "大概", "将近", "接近", "超过", "至少", "最多", "若干",
	"估计", "近", "约", "約", "超", "逾", "余", "餘", "多", "几", "幾", "数", "數", "来", "許", "许"}

func isVague(s string) bool { return slices.Contains(vague, s) }

// quantity says that a text speaks of a number that is not told exactly, or of several: 12万余, 近300, 若干, 3 5, 3-5, 12%.
// The number of a list's item is none.
func (f Field) quantity(rs []rune) bool {
	if OpensItem(string(rs)) && !slices.ContainsFunc(rs, isMark) {
		return false
	}
	some := false
	for len(rs) > 0 {
		switch r := rs[0]; {
		case plain(r), isMark(r), !f.Pixels && IsNumeral(r):
			some = true
			rs = rs[1:]
			continue
		case unicode.IsSpace(r), strings.ContainsRune("+-—–―~～.,:/%‰<>≤≥≈^'()[]±至到"+footnotes, r):
			rs = rs[1:]
			continue
		}
		n := 0
		for _, w := range vague {
			if v := []rune(w); len(v) <= len(rs) && string(rs[:len(v)]) == w {
				n, some = len(v), some || strings.ContainsAny(w, "若几幾数數")
				break
			}
		}
		for k := min(longestUnit, len(rs)); k > n; k-- {
			if IsUnit(string(rs[:k])) {
				n = k
			}
		}
		for _, w := range slices.Concat(sums, rises, falls, coins) {
			if v := []rune(w); len(v) > n && len(v) <= len(rs) && string(rs[:len(v)]) == w {
				n = len(v)
			}
		}
		if n == 0 {
			return false
		}
		rs = rs[n:]
	}
	return some
}

// Broken joins the lines of a text to one number if a narrow cell may have broken it: each line is a part of a number
// and no longer than the line before. Whether it is one number the text alone does not say.
func Broken(text string) (string, bool) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) < 2 {
		return "", false
	}
	last := 0
	for i, l := range lines {
		l = strings.TrimSpace(l)
		if !Bare(l) || i > 0 && len(l) > last {
			return "", false
		}
		lines[i], last = l, len(l)
	}
	whole := strings.Join(lines, "")
	if !WellFormed(whole) {
		return "", false
	}
	return strings.ReplaceAll(whole, ",", ""), true
}
