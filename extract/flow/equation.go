package flow

import (
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/layout/figure"
)

// Equation gives what an EQ field shows, which has no other result: Word and WPS write pinyin above
// characters, characters in circles and boxes, and small fractions so. The second result is false for
// other fields. Of characters over one another the last is taken: it is the text, what stands before
// it the pinyin or the circle.
func Equation(instruction string) (string, bool) {
	rest, ok := cutWord(strings.TrimSpace(instruction), "eq")
	if !ok {
		return "", false
	}
	e := equation{rest: []rune(rest)}
	return Clean(e.sequence(0)), true
}

func cutWord(s, word string) (string, bool) {
	if len(s) < len(word) || !strings.EqualFold(s[:len(word)], word) {
		return "", false
	}
	rest := s[len(word):]
	return rest, rest == "" || strings.ContainsAny(rest[:1], " \t\\")
}

type equation struct{ rest []rune }

// sequence reads up to a comma or bracket that belongs to what surrounds it.
func (e *equation) sequence(depth int) string {
	var b strings.Builder
	for len(e.rest) > 0 {
		switch c := e.rest[0]; {
		case depth > 0 && strings.ContainsRune(",;)", c):
			return b.String()
		case c == '\\':
			b.WriteString(e.command(depth))
		case c == '(':
			e.rest = e.rest[1:]
			b.WriteString("(" + strings.Join(e.arguments(depth+1), ",") + ")")
		default:
			b.WriteRune(c)
			e.rest = e.rest[1:]
		}
	}
	return b.String()
}

// command reads a backslash and what belongs to it: a command has one letter, its options have two.
func (e *equation) command(depth int) string {
	name, option := ' ', ""
	for len(e.rest) > 0 && e.rest[0] == '\\' {
		e.rest = e.rest[1:]
		if len(e.rest) > 0 && !isLetter(e.rest[0]) && e.rest[0] != '*' {
			c := e.rest[0]
			e.rest = e.rest[1:]
			return string(c) // a character that stands for itself
		}
		if len(e.rest) > 0 && e.rest[0] == '*' {
			e.rest = e.rest[1:]
			e.blanks()
			if len(e.rest) > 0 && e.rest[0] == '"' {
				end := 1
				for end < len(e.rest) && e.rest[end] != '"' {
					end++
				}
				e.rest = e.rest[min(end+1, len(e.rest)):]
			} else {
				for len(e.rest) > 0 && (isLetter(e.rest[0]) || isDigit(e.rest[0])) {
					e.rest = e.rest[1:]
				}
			}
			e.blanks()
			continue
		}
		n := 0
		for n < len(e.rest) && isLetter(e.rest[n]) {
			n++
		}
		if n == 1 {
			name = e.rest[0] | 0x20
		} else {
			option = strings.ToLower(string(e.rest[:n]))
		}
		e.rest = e.rest[n:]
		e.blanks()
		for len(e.rest) > 0 && isDigit(e.rest[0]) {
			e.rest = e.rest[1:]
		}
		e.blanks()
	}
	const deepest = 32
	if len(e.rest) == 0 || e.rest[0] != '(' || depth > deepest {
		return ""
	}
	e.rest = e.rest[1:]
	args := e.arguments(depth + 1)
	switch name {
	case 'o':
		top := args[len(args)-1]
		if len(args) > 1 && strings.ContainsFunc(args[0], figure.IsDigit) && !strings.ContainsFunc(top, unicode.IsLetter) {
			return "\ufffd" // a figure with something over it
		}
		return top
	case 'f':
		return strings.Join(args, "/")
	case 'r':
		return "√" + strings.Join(args, " ")
	case 'a', 'l', 'i':
		return strings.Join(args, " ")
	case 's':
		switch option {
		case "up":
			return Superscript(strings.Join(args, " "))
		case "do":
			return Subscript(strings.Join(args, " "))
		}
		return strings.Join(args, " ")
	}
	return strings.Join(args, "")
}

// arguments reads up to the bracket that closes them; there is at least one.
func (e *equation) arguments(depth int) []string {
	args := []string{e.sequence(depth)}
	for len(e.rest) > 0 {
		c := e.rest[0]
		e.rest = e.rest[1:]
		if c == ')' {
			break
		}
		args = append(args, e.sequence(depth))
	}
	return args
}

func (e *equation) blanks() {
	for len(e.rest) > 0 && (e.rest[0] == ' ' || e.rest[0] == '\t') {
		e.rest = e.rest[1:]
	}
}

func isLetter(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isDigit(c rune) bool  { return c >= '0' && c <= '9' }
