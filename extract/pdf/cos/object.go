// Package cos reads the objects of PDF files that are sound, and of no others: dictionaries, arrays and streams, where the
// cross-reference table says that they are. It searches for nothing, mends nothing and guesses nothing. A file in which anything is
// not as the standard has it gives ErrOther, and is for a reader that knows what others make of it.
package cos

import (
	"errors"
	"strconv"
	"strings"
)

// ErrOther says that a file, or a part of it, is more or other than what is read here.
var ErrOther = errors.New("no plain PDF")

// An object is nil (null), a bool, Number, String, Name, Array, Dict, Stream or Ref.
type (
	// Number is a number as it is written, with digits before its point and none in powers of ten.
	Number string
	// String is a string as it is written, between its brackets: none is read.
	String string
	// Name is a name without its slash.
	Name string
	// Array holds objects.
	Array []any
	// Dict holds objects by their names.
	Dict map[Name]any
	// Stream is a dictionary and bytes, as they are stored.
	Stream struct {
		Dict Dict
		Data []byte
	}
	// Ref stands for an object of the file.
	Ref struct{ Number, Generation int }
)

// Operator is what a content stream does, and with what.
type Operator struct {
	Name     string
	Operands []any
}

const (
	// maxDepth bounds how deep objects stand in objects.
	maxDepth = 16
	// maxWhole and maxParts bound the digits of a number on both sides of its point, so that it has one value for all readers.
	maxWhole, maxParts = 9, 12
	// maxOperands is what the operators of a page take at most.
	maxOperands = 8
)

// Int gives a whole number.
func (n Number) Int() (int, error) {
	i, err := strconv.Atoi(string(n))
	if err != nil {
		return 0, ErrOther
	}
	return i, nil
}

// Float gives the number in the precision in which PDF readers compute.
func (n Number) Float() (float64, error) {
	f, err := strconv.ParseFloat(string(n), 32)
	if err != nil {
		return 0, ErrOther
	}
	return f, nil
}

// keyword is any token that is no object of its own.
type keyword string

// lexer takes objects from bytes.
type lexer struct {
	data []byte
	at   int
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// skip passes white space and comments.
func (l *lexer) skip() {
	for l.at < len(l.data) {
		c := l.data[l.at]
		switch {
		case isSpace(c):
			l.at++
		case c == '%':
			for l.at < len(l.data) && l.data[l.at] != '\n' && l.data[l.at] != '\r' {
				l.at++
			}
		default:
			return
		}
	}
}

func (l *lexer) more() bool { l.skip(); return l.at < len(l.data) }

// word takes characters up to the next space or delimiter.
func (l *lexer) word() string {
	from := l.at
	for l.at < len(l.data) && !isSpace(l.data[l.at]) && !isDelimiter(l.data[l.at]) {
		l.at++
	}
	return string(l.data[from:l.at])
}

// peek says whether s is next.
func (l *lexer) peek(s string) bool {
	return len(l.data)-l.at >= len(s) && string(l.data[l.at:l.at+len(s)]) == s
}

// token takes an object, or a keyword. References are three tokens.
func (l *lexer) token(depth int) (any, error) {
	if depth > maxDepth || !l.more() {
		return nil, ErrOther
	}
	switch c := l.data[l.at]; {
	case c == '/':
		l.at++
		name := l.word()
		for _, c := range []byte(name) {
			if c == '#' || c < '!' || c > '~' {
				return nil, ErrOther
			}
		}
		if name == "" {
			return nil, ErrOther
		}
		return Name(name), nil
	case l.peek("<<"):
		return l.dict(depth)
	case c == '[':
		l.at++
		all, err := l.until("]", depth)
		return Array(all), err
	case c == '(' || c == '<':
		return l.text()
	case isDelimiter(c):
		return nil, ErrOther
	}
	switch word := l.word(); {
	case word == "true":
		return true, nil
	case word == "false":
		return false, nil
	case word == "null":
		return nil, nil
	case isNumber(word):
		return Number(word), nil
	case word[0] >= '0' && word[0] <= '9' || word[0] == '+' || word[0] == '-' || word[0] == '.':
		return nil, ErrOther
	default:
		return keyword(word), nil
	}
}

// isNumber takes digits with a sign before and a point among them.
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, parts, _ := strings.Cut(s, ".")
	digits := func(s string) bool { return strings.Trim(s, "0123456789") == "" }
	return whole != "" && len(whole) <= maxWhole && len(parts) <= maxParts && digits(whole) && digits(parts)
}

// until takes objects up to the closing token; references are put together.
func (l *lexer) until(end string, depth int) ([]any, error) {
	var out []any
	for {
		if !l.more() {
			return nil, ErrOther
		}
		if l.peek(end) {
			l.at += len(end)
			return out, nil
		}
		o, err := l.token(depth + 1)
		if err != nil {
			return nil, err
		}
		if k, ok := o.(keyword); ok {
			if k != "R" || len(out) < 2 {
				return nil, ErrOther
			}
			r, err := reference(out[len(out)-2], out[len(out)-1])
			if err != nil {
				return nil, err
			}
			out = append(out[:len(out)-2], r)
			continue
		}
		out = append(out, o)
	}
}

func reference(number, generation any) (Ref, error) {
	n, isNumber := number.(Number)
	g, alsoNumber := generation.(Number)
	if !isNumber || !alsoNumber {
		return Ref{}, ErrOther
	}
	i, err := n.Int()
	k, err2 := g.Int()
	if err != nil || err2 != nil || i <= 0 || k < 0 {
		return Ref{}, ErrOther
	}
	return Ref{i, k}, nil
}

func (l *lexer) dict(depth int) (any, error) {
	l.at += 2
	all, err := l.until(">>", depth)
	if err != nil {
		return nil, err
	}
	if len(all)%2 != 0 {
		return nil, ErrOther
	}
	d := make(Dict, len(all)/2)
	for i := 0; i < len(all); i += 2 {
		name, ok := all[i].(Name)
		if _, twice := d[name]; !ok || twice {
			return nil, ErrOther
		}
		d[name] = all[i+1]
	}
	return d, nil
}

// text takes a string, which nobody here reads.
func (l *lexer) text() (any, error) {
	from := l.at
	if l.data[l.at] == '<' {
		for l.at < len(l.data) && l.data[l.at] != '>' {
			l.at++
		}
		if l.at == len(l.data) {
			return nil, ErrOther
		}
		l.at++
		return String(l.data[from:l.at]), nil
	}
	for open := 0; l.at < len(l.data); l.at++ {
		switch l.data[l.at] {
		case '\\':
			l.at++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.at++
				return String(l.data[from:l.at]), nil
			}
		}
	}
	return nil, ErrOther
}

// Operators gives what a content stream does.
func Operators(content []byte) ([]Operator, error) {
	l := &lexer{data: content}
	var out []Operator
	var operands []any
	for l.more() {
		o, err := l.token(0)
		if err != nil {
			return nil, err
		}
		if k, ok := o.(keyword); ok {
			out = append(out, Operator{string(k), operands})
			operands = nil
			continue
		}
		if operands = append(operands, o); len(operands) > maxOperands {
			return nil, ErrOther
		}
	}
	if len(operands) > 0 {
		return nil, ErrOther
	}
	return out, nil
}
