package report

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Figure is what the text of a value cell says.
type Figure struct {
	Number *Number // nil when no number is printed
	Mark   Mark
	Note   string // what stood beside the number
}

var (
	figure = regexp.MustCompile(`^([+-]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(.*)$`)
	// about are words before a number that make it no less a number.
	about = regexp.MustCompile(`^(约|共|计|合计|近|超)`)
	// footnote is the mark of a note behind a number. Resolved as a compatibility form it would be
	// another digit of the number: 12¹ is not 121.
	footnote = regexp.MustCompile(`(?s)^(.*[0-9０-９])\s*([⁰¹²³⁴⁵⁶⁷⁸⁹①-⑳]+)$`)
	unit     = regexp.MustCompile(`^(余|多)?(万元|亿元|元|件次|人次|件|条|个|次|人|篇|项|份|宗|家|起|部|例|万)?(余|多)?$`)
)

// ParseFigure reads the text of a value cell: 22, 1,234, ７, +173, 251000元, 22（其中修订16件）, /, —, 无,
// 未增未减. Nothing is guessed: what is not plainly one number is text.
func ParseFigure(text string) Figure {
	if text != "" && strings.Trim(text, "0123456789") == "" {
		return printed(text, "") // most are: without the expressions below
	}
	if m := footnote.FindStringSubmatch(strings.TrimSpace(text)); m != nil {
		f := ParseFigure(m[1])
		if f.Number != nil {
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
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return Figure{Mark: MarkBlank}
	}
	bare := strings.ReplaceAll(s, " ", "")
	switch {
	case strings.Trim(bare, "/\\|") == "" && strings.ContainsAny(bare, "/\\"):
		return Figure{Mark: MarkSlash}
	case strings.Trim(bare, "-—–―‐‑‒─━一_~") == "":
		return Figure{Mark: MarkDash}
	}
	body, note := bare, ""
	if a := about.FindString(body); a != "" {
		body, note = strings.TrimPrefix(body, a), a
	}
	m := figure.FindStringSubmatch(body)
	if m == nil {
		return Figure{Mark: MarkText}
	}
	rest := m[3]
	if i := strings.IndexAny(rest, "(（"); i >= 0 {
		inner := rest[i:]
		if !strings.HasSuffix(inner, ")") && !strings.HasSuffix(inner, "）") {
			inner += ")"
		}
		if !unit.MatchString(rest[:i]) {
			return Figure{Mark: MarkText}
		}
		note += rest[:i]
		note += strings.Trim(inner, "()（）")
	} else if unit.MatchString(rest) {
		note += rest
	} else {
		return Figure{Mark: MarkText}
	}
	return printed(m[1]+strings.ReplaceAll(m[2], ",", ""), note)
}

// printed is the figure of a number's sign and digits, and of what stood beside it.
func printed(number, note string) Figure {
	n, err := ParseNumber(number)
	if err != nil {
		return Figure{Mark: MarkText}
	}
	f := Figure{Number: &n, Mark: MarkNumber, Note: note}
	if n.IsZero() {
		f.Mark = MarkZero
	}
	return f
}

// IsNothing says that a text is a way of printing no number.
func IsNothing(raw string) bool {
	switch strings.Join(strings.Fields(raw), "") {
	case "无", "空", "未增未减", "没有", "暂无", "不涉及", "無":
		return true
	}
	return false
}
