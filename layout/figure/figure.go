// Package figure says what a figure is, and what only looks like one: numbers as reports print them, the
// marks that stand for none, the numbers of lists. It knows characters and no documents.
package figure

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Kind says what stands in a cell of values.
type Kind string

// The kinds.
const (
	Number Kind = "number" // a number other than 0
	Zero   Kind = "zero"
	Blank  Kind = "blank"
	Slash  Kind = "slash" // strokes of either kind stand for no number
	Dash   Kind = "dash"
	Text   Kind = "text" // anything else: words, or what is not one exact number
)

// Figure is what the text of a value cell says.
type Figure struct {
	Kind Kind
	// Decimal is the number of a Number or a Zero, and "" for all other kinds: a sign, digits, and perhaps a
	// point with digits.
	Decimal string
	Note    string // what stood beside the number
}

// MaxDigits bounds what is taken for a number: no report prints more, and a longer run of digits is a
// misreading or an attack.
const MaxDigits = 24

var (
	number = regexp.MustCompile(`^([+-]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(.*)$`)
	// about are words before a number that make it no less a number.
	about = regexp.MustCompile(`^(约|共|计|合计|近|超)`)
	// footnote is the mark of a note behind a number. Resolved as a compatibility form it would be
	// another digit of the number: 12¹ is not 121.
	footnote = regexp.MustCompile(`(?s)^(.*[0-9０-９])\s*([⁰¹²³⁴⁵⁶⁷⁸⁹①-⑳]+)$`)
	unit     = regexp.MustCompile(`^(余|多)?(万元|亿元|元|件次|人次|件|条|个|次|人|篇|项|份|宗|家|起|部|例|万)?(余|多)?$`)
)

// Parse reads the text of a value cell: 22, 1,234, ７, +173, 251000元, 22（其中修订16件）, /, —, 无,
// 未增未减. Nothing is guessed: what is not plainly one number is text.
func Parse(text string) Figure {
	if Digits(text) {
		return printed(text, "") // most are: without the expressions below
	}
	if m := footnote.FindStringSubmatch(strings.TrimSpace(text)); m != nil {
		f := Parse(m[1])
		if f.Decimal != "" {
			f.Note += m[2]
		}
		return f
	}
	s := norm.NFKC.String(text)
	s = strings.Map(func(r rune) rune {
		switch r {
		case '−', '－', '﹣':
			return '-'
		case '，':
			return ','
		case '\u00a0', '\u3000', '\u200b', '\ufeff':
			return ' '
		}
		return r
	}, s)
	bare := strings.Join(strings.Fields(s), "")
	switch {
	case bare == "":
		return Figure{Kind: Blank}
	case strings.Trim(bare, "/\\|") == "" && strings.ContainsAny(bare, "/\\"):
		return Figure{Kind: Slash}
	case strings.Trim(bare, "-—–―‐‑‒─━一_~") == "":
		return Figure{Kind: Dash}
	}
	body, note := bare, ""
	if a := about.FindString(body); a != "" {
		body, note = strings.TrimPrefix(body, a), a
	}
	m := number.FindStringSubmatch(body)
	if m == nil {
		return Figure{Kind: Text}
	}
	rest := m[3]
	if i := strings.IndexAny(rest, "(（"); i >= 0 {
		inner := rest[i:]
		if !strings.HasSuffix(inner, ")") && !strings.HasSuffix(inner, "）") {
			inner += ")"
		}
		if !unit.MatchString(rest[:i]) {
			return Figure{Kind: Text}
		}
		note += rest[:i]
		note += strings.Trim(inner, "()（）")
	} else if unit.MatchString(rest) {
		note += rest
	} else {
		return Figure{Kind: Text}
	}
	return printed(m[1]+strings.ReplaceAll(m[2], ",", ""), note)
}

// printed is the figure of a number's sign and digits, and of what stood beside it.
func printed(decimal, note string) Figure {
	digits := 0
	for _, r := range decimal {
		if IsDigit(r) {
			digits++
		}
	}
	switch {
	case digits > MaxDigits:
		return Figure{Kind: Text}
	case strings.Trim(decimal, "+-0.") == "":
		return Figure{Zero, decimal, note}
	}
	return Figure{Number, decimal, note}
}

// IsNothing says that a text is a way of printing no number in words.
func IsNothing(raw string) bool {
	switch strings.Join(strings.Fields(raw), "") {
	case "无", "空", "未增未减", "没有", "暂无", "不涉及", "無":
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

// InProse is the expression, one group, of a number in running text.
const InProse = `(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)`

var value = regexp.MustCompile(`^[+\-]?[0-9０-９][0-9０-９,，.．]*|^[/／\-—–]+$`)

// Begins says that a text begins with a number or is a stroke, as the cells of a row of values do.
func Begins(s string) bool { return value.MatchString(s) }
