// Package wording says in Chinese what the program says in English.
//
// The code speaks English throughout; what machines read stays so in every language. What a person reads goes through
// a Words, which knows two ways. Say puts a message together in the language. Text takes a message that is finished, such as an
// error from far below or a detail that stands in a report, finds the messages of the catalogue that it was put together from, and
// says it anew. So no package but those that print knows of languages, and an error stays an error.
//
// The catalogue is zh.txt; a test holds it to the sources.
package wording

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// The languages.
const (
	English = "en"
	Chinese = "zh"
)

// Words says things in a language. The zero value speaks English, and so does nil.
type Words struct{ chinese *catalogue }

// In gives the words of a language.
func In(language string) *Words {
	if language == Chinese {
		return &Words{chinese()}
	}
	return &Words{}
}

// Language that the words are of.
func (w *Words) Language() string {
	if w == nil || w.chinese == nil {
		return English
	}
	return Chinese
}

// Say is fmt.Sprintf in the language. Arguments are said as they are.
func (w *Words) Say(format string, args ...any) string {
	if w != nil && w.chinese != nil {
		before, m, after := trimmed(format)
		zh, ok := w.chinese.text[m]
		if !ok {
			zh = m
		}
		format = joints.Replace(before) + zh + joints.Replace(after)
	}
	if len(args) == 0 {
		return strings.ReplaceAll(format, "%%", "%")
	}
	return fmt.Sprintf(format, args...)
}

// What joins a message to others.
var (
	joinsBefore = regexp.MustCompile(`^(?:[ ;,:\n]|%[wsv]: )+`)
	joinsAfter  = regexp.MustCompile(`(?:[ ;,:\n]|: %[wsv]| \(%[wv]\))+$`)
)

// trimmed takes what joins it to others off a message.
func trimmed(s string) (before, message, after string) {
	before = joinsBefore.FindString(s)
	message = s[len(before):]
	after = joinsAfter.FindString(message)
	return before, message[:len(message)-len(after)], after
}

// joints are the marks of Chinese in the place of those of English.
var joints = strings.NewReplacer("; ", "；", ", ", "，", ": ", "：", ":", "：", " (", "（", ")", "）")

// Joint is a mark between messages as the language has it: ": ", "; " or ", ".
func (w *Words) Joint(en string) string {
	if w == nil || w.chinese == nil {
		return en
	}
	return joints.Replace(en)
}

// paragraph parts the help of a command into messages.
const paragraph = "\n\n"

// Help says a text of several paragraphs, each of which is a message.
func (w *Words) Help(text string) string {
	if w == nil || w.chinese == nil {
		return text
	}
	all := strings.Split(text, paragraph)
	for i, p := range all {
		before, m, after := trimmed(p)
		if zh, ok := w.chinese.text[m]; ok {
			all[i] = before + zh + after
		}
	}
	return strings.Join(all, paragraph)
}

// Text says a finished message in the language. What the catalogue does not know of it, such as what a library or the
// system says, stands as it is in brackets behind the rest.
func (w *Words) Text(s string) string {
	if w == nil || w.chinese == nil || s == "" {
		return s
	}
	return aside(w.chinese.translate(s, maxDepth))
}

var (
	// clause is what stands between the marks that join messages in Chinese.
	clause = regexp.MustCompile(`[^：；，（）“”\n]+`)
	// foreign are two words of English in a row, which no path, name or code is.
	foreign = regexp.MustCompile(`(?:^|[ (])[a-z]{2,}:? [a-z]{2,}(?:[ ).,:;]|$)`)
)

// command is one that a message tells to run.
var command = regexp.MustCompile(`^ *(?:nianbao|apt-get) `)

// aside puts the clauses of a Chinese message that are in English into brackets, behind a sentence that says where they are from
// if the message begins with one.
func aside(s string) string {
	var b strings.Builder
	last := 0
	for _, at := range clause.FindAllStringIndex(s, -1) {
		text := s[at[0]:at[1]]
		if strings.ContainsFunc(text, han) || !foreign.MatchString(text) || strings.HasSuffix(s[:at[0]], "（") || command.MatchString(text) {
			continue
		}
		before := s[last:at[0]]
		if last = at[1]; b.Len() == 0 && before == "" {
			b.WriteString(others)
		}
		b.WriteString(strings.TrimSuffix(strings.TrimSuffix(before, "："), "，") + "（" + text + "）")
	}
	return b.String() + s[last:]
}

// others begins a message that is not the program's.
const others = "系统或程序库报告错误"

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// maxDepth bounds messages within messages; an error is wrapped some five times.
const maxDepth = 12

//go:embed zh.txt
var file string

// catalogue is zh.txt, read.
type catalogue struct {
	text     map[string]string
	machine  map[string]bool // messages that are for machines
	foreign  map[string]bool // messages of others: of libraries, and of the system
	patterns []pattern
}

// pattern finds a message with arguments in a finished one.
type pattern struct {
	begin, end string // what stands before the first argument and after the last one
	expression *regexp.Regexp
	verbs      []string
	zh         []piece
	weight     int  // how much of the message is its own
	marked     bool // it has a mark of its own that joins messages
}

// piece of a translation: a text, or the argument of a number.
type piece struct {
	text     string
	argument int // from 1
}

var chinese = sync.OnceValue(func() *catalogue { return parse(file) })

// parse reads a catalogue, whose entries are parted by blank lines. Lines that begin with ">" are a message in English, those with "<" the same in Chinese; "!" stands in the
// place of ">" where the message is for machines and has no Chinese, "~" where it is another's, such as the system's. "#" begins a comment.
func parse(file string) *catalogue {
	c := &catalogue{text: map[string]string{}, machine: map[string]bool{}, foreign: map[string]bool{}}
	var en, zh []string
	mark := byte(0)
	flush := func() {
		if m := strings.Join(en, "\n"); mark != 0 {
			switch {
			case mark == '!':
				c.machine[m] = true
			case zh != nil:
				c.text[m] = strings.Join(zh, "\n")
				c.foreign[m] = mark == '~'
			}
		}
		en, zh, mark = nil, nil, 0
	}
	for line := range strings.Lines(file) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			flush()
			continue
		}
		if line[0] == '#' {
			continue
		}
		rest := strings.TrimPrefix(line[1:], " ")
		switch line[0] {
		case '>', '~', '!':
			mark = line[0]
			en = append(en, rest)
		case '<':
			zh = append(zh, rest)
		}
	}
	flush()
	c.compile()
	return c
}

// verb is a verb of package fmt.
var verb = regexp.MustCompile(`%(?:%|[-+# 0]*(?:\[\d+\])?\d*(?:\.\d+)?[a-zA-Z])`)

// compile makes patterns of the messages that have arguments.
func (c *catalogue) compile() {
	for en, zh := range c.text {
		if verbs := verb.FindAllString(en, -1); len(verbs) > 0 {
			c.patterns = append(c.patterns, patternOf(en, zh))
		}
	}
	slices.SortFunc(c.patterns, func(a, b pattern) int {
		if a.weight != b.weight {
			return b.weight - a.weight
		}
		return strings.Compare(a.begin+a.end, b.begin+b.end)
	})
}

func patternOf(en, zh string) pattern {
	var p pattern
	var b strings.Builder
	b.WriteString(`(?s)^`)
	last := 0
	for _, at := range verb.FindAllStringIndex(en, -1) {
		text, v := en[last:at[0]], en[at[0]:at[1]]
		if last == 0 {
			p.begin = text
		}
		if v == "%%" {
			b.WriteString(regexp.QuoteMeta(text + "%"))
			p.weight += len(text) + 1
			last = at[1]
			continue
		}
		b.WriteString(regexp.QuoteMeta(text))
		p.weight += len(text)
		switch v[len(v)-1] {
		case 'd':
			b.WriteString(`(-?\d+)`)
		case 'f', 'g':
			b.WriteString(`(-?[\d.]+(?:e[+-]?\d+)?|NaN|[+-]Inf)`)
		case 'q':
			b.WriteString("(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|'[^']*')")
		default:
			b.WriteString(`(.*?)`)
		}
		p.verbs = append(p.verbs, v)
		last = at[1]
	}
	p.end = en[last:]
	p.weight += len(p.end)
	p.marked = strings.Contains(en, "; ")
	if strings.Contains(p.begin, "%") {
		p.begin = ""
	}
	b.WriteString(regexp.QuoteMeta(p.end))
	if p.end != "" {
		b.WriteString(`(?:(: )(.*))?`) // an error that it wraps
	}
	b.WriteString(`$`)
	p.expression = regexp.MustCompile(b.String())
	p.zh = piecesOf(zh)
	return p
}

var position = regexp.MustCompile(`\[(\d+)\]`)

func piecesOf(zh string) []piece {
	var out []piece
	last, next := 0, 1
	for _, at := range verb.FindAllStringIndex(zh, -1) {
		v := zh[at[0]:at[1]]
		out = append(out, piece{text: zh[last:at[0]]})
		last = at[1]
		if v == "%%" {
			out = append(out, piece{text: "%"})
			continue
		}
		if m := position.FindStringSubmatch(v); m != nil {
			_, _ = fmt.Sscan(m[1], &next) // it is a number
		}
		out = append(out, piece{argument: next})
		next++
	}
	return append(out, piece{text: zh[last:]})
}

// translate says a message. What it was put together from is found in this order: the message itself, a message with
// arguments, of which the longest counts, and what stands before and after a colon or a semicolon, which joins errors.
func (c *catalogue) translate(s string, depth int) string {
	if zh, ok := c.text[s]; ok {
		return strings.ReplaceAll(zh, "%%", "%")
	}
	if depth == 0 {
		return s
	}
	for i := range c.patterns {
		if zh, ok := c.filled(&c.patterns[i], s, depth); ok {
			return zh
		}
	}
	return c.parts(s, depth)
}

// filled says a message that a pattern finds, with its arguments.
func (c *catalogue) filled(p *pattern, s string, depth int) (string, bool) {
	if !strings.HasPrefix(s, p.begin) || !strings.Contains(s, p.end) || len(s) < p.weight {
		return "", false
	}
	m := p.expression.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	var b strings.Builder
	for _, x := range p.zh {
		b.WriteString(x.text)
		if x.argument < 1 || x.argument > len(p.verbs) {
			continue
		}
		arg := m[x.argument]
		switch v := p.verbs[x.argument-1]; v[len(v)-1] {
		case 'd', 'f', 'g', 'q':
		default:
			arg = c.translate(arg, depth-1)
		}
		b.WriteString(arg)
	}
	if p.end != "" {
		if join, rest := m[len(m)-2], m[len(m)-1]; join != "" {
			b.WriteString(joints.Replace(join) + c.translate(rest, depth-1))
		}
	}
	return b.String(), true
}

// parts says what stands before and after what joins messages: a line end, a semicolon, a bracket at the end or a colon.
func (c *catalogue) parts(s string, depth int) string {
	joins := []string{"\n", "; ", " (", ": "}
	if bracket, colon := strings.Index(s, " ("), strings.Index(s, ": "); colon >= 0 && colon < bracket {
		joins = []string{"\n", "; ", ": ", " ("}
	}
	// What is known as a whole is not taken apart: where a message with marks of its own stands behind others, those go first.
	for i := 0; i < len(s) && depth > 1; {
		at := strings.Index(s[i:], ": ")
		if at < 0 {
			break
		}
		i += at + len(": ")
		if zh, ok := c.text[s[i:]]; ok {
			return c.translate(s[:i-len(": ")], depth-1) + joints.Replace(": ") + strings.ReplaceAll(zh, "%%", "%")
		}
		for j := range c.patterns {
			if p := &c.patterns[j]; p.marked {
				if zh, ok := c.filled(p, s[i:], depth); ok {
					return c.translate(s[:i-len(": ")], depth-1) + joints.Replace(": ") + zh
				}
			}
		}
	}
	for _, join := range joins {
		before, after, ok := strings.Cut(s, join)
		if !ok {
			continue
		}
		tail := ""
		if join == " (" {
			if !strings.HasSuffix(after, ")") {
				continue
			}
			after, tail = strings.TrimSuffix(after, ")"), "）"
		}
		x, y := c.translate(before, depth-1), c.translate(after, depth-1)
		if x == before && y == after {
			continue // nothing of it is known
		}
		return x + joints.Replace(join) + y + tail
	}
	return s
}
