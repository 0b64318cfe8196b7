package statement

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout/pattern"
)

// topic is what a chapter, a label or the sentence before is about.
type topic uint8

const (
	noTopic topic = iota
	onProactive
	onRequests
	onDisputes
	onFees
)

// reader reads a report's text paragraph by paragraph: what a heading or a sentence is about holds for those
// that follow.
type reader struct {
	in           Context
	text         string
	chapter      topic // of the last heading
	topic        topic // of the paragraph
	stated, sure []Key // in the paragraph: all, and those without a doubt
	scope        span  // with which the last sentence of the paragraph ended
}

var (
	sentenceEnd = pattern.Of(`[。！？!?]`)
	partEnd     = pattern.Of(`[；;]`)
	// number is what may open a sentence without belonging to it: 一、 （二） 3.
	number = pattern.Of(`^(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}[）)、.．])`)
	// chapterNumber is that of a chapter, which may stand in the middle of a paragraph that has them all.
	chapterNumber = pattern.Of(`^(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)`)
	// numbered years are no numbers: 1.2012年.
	numbered = pattern.Of(`^\d{1,2}[.．]\d{1,3}(?:\D|$)`)
)

// longestHeading in characters.
const longestHeading = 46

// read gives the statements of the text in order.
func (r *reader) read() []Statement {
	var out []Statement
	for _, p := range paragraphs(r.text) {
		out = append(out, r.paragraph(p[0], p[1])...)
	}
	return out
}

// pieces are the places between the separators of a text, from and to, without white space at their ends.
func pieces(text string, separators [][]int) [][2]int {
	var out [][2]int
	from := 0
	for _, s := range append(separators, []int{len(text), len(text)}) {
		piece := text[from:s[0]]
		start := from + len(piece) - len(strings.TrimLeftFunc(piece, unicode.IsSpace))
		if end := from + len(strings.TrimRightFunc(piece, unicode.IsSpace)); end > start {
			out = append(out, [2]int{start, end})
		}
		from = s[1]
	}
	return out
}

var lineEnd = pattern.Of(`[\r\n]+`)

// paragraphs are the lines of a text, those together that a line's end only breaks.
func paragraphs(text string) [][2]int {
	var out [][2]int
	last := ""
	for _, l := range pieces(text, lineEnd().FindAllStringIndex(text, -1)) {
		line := text[l[0]:l[1]]
		if n := len(out); n > 0 && goesOn(last, line) {
			out[n-1][1] = l[1]
		} else {
			out = append(out, l)
		}
		last = line
	}
	return out
}

// longLine in characters is longer than a heading without a number is.
const longLine = 20

// goesOn says that a line goes on in the next one.
func goesOn(line, next string) bool {
	last, _ := utf8.DecodeLastRuneInString(line)
	first, _ := utf8.DecodeRuneInString(next)
	switch {
	case strings.ContainsRune("。！？!?；;：:|", last), strings.ContainsRune("#|-*·•【", first), number().MatchString(next) && !numbered().MatchString(next):
		return false
	case unicode.IsDigit(last) && unicode.IsDigit(first):
		return false
	case unicode.IsDigit(last), unicode.IsDigit(first) && !number().MatchString(line), strings.ContainsRune("，,、。；;）)", first), strings.ContainsRune("，,、", last):
		return true
	}
	n := len([]rune(line))
	return n > longestHeading || n > longLine && !number().MatchString(line)
}

func (r *reader) paragraph(from, to int) []Statement {
	r.topic, r.stated, r.sure, r.scope = r.chapter, nil, nil, unsaid
	text := r.text[from:to]
	var out []Statement
	for _, s := range pieces(text, sentenceEnd().FindAllStringIndex(text, -1)) {
		out = append(out, r.sentence(from+s[0], from+s[1])...)
	}
	if len(out) == 0 && len([]rune(text)) <= longestHeading && !sentenceEnd().MatchString(text) {
		if t := about(newLine(strip(text)).read(r.in.Year)); t != noTopic || number().MatchString(text) {
			r.chapter = t
		}
	}
	return out
}

// strip takes the number off the start of a sentence.
func strip(s string) string {
	s = strings.TrimLeft(strings.TrimSpace(s), "#*·•- ")
	if !numbered().MatchString(s) {
		s = number().ReplaceAllString(s, "")
	}
	return strings.TrimSpace(s)
}

// about says what a heading or a label is about.
func about(tokens []token) topic {
	f := sum(tokens)
	asks := f.has(request) || f.has(refused)
	switch {
	case f.has(review) || f.has(litigation):
		return onDisputes
	case f.has(fee) || f.has(free):
		return onFees
	case f.has(proactive) && asks:
		return noTopic
	case asks:
		return onRequests
	case f.has(proactive):
		return onProactive
	}
	return noTopic
}

// sentence reads up to a full stop. Its parts, which semicolons divide, share what is said of time and of
// whom.
func (r *reader) sentence(from, to int) []Statement {
	text := r.text[from:to]
	s := &sentence{reader: r, before: r.scope}
	var out []Statement
	for i, p := range pieces(text, partEnd().FindAllStringIndex(text, -1)) {
		s.printed, s.offset = text[p[0]:p[1]], from+p[0]
		s.line = newLine(strip(s.printed))
		s.pending = nil
		tokens := s.line.read(r.in.Year)
		if i == 0 && chapterNumber().MatchString(text) {
			if t := about(heading(tokens)); t != noTopic {
				r.topic, r.chapter = t, t
			}
		}
		out = append(out, s.read(tokens)...)
	}
	r.scope = s.scope
	switch {
	case s.asked:
		r.topic = onRequests
	case s.proactive:
		r.topic = onProactive
	}
	r.stated, r.sure = append(r.stated, s.stated...), append(r.sure, s.sure...)
	return out
}

// heading are the words of a sentence before it comes to a time or a number.
func heading(tokens []token) []token {
	if i := slices.IndexFunc(tokens, func(t token) bool {
		return slices.Contains([]class{when, quantity, comma, colon}, t.class)
	}); i >= 0 {
		return tokens[:i]
	}
	return tokens
}

// features are the classes of a run of words, with the last place of each.
type features struct {
	last   [reaching + 1]int // one more than the index
	tokens []token
}

func sum(tokens []token) features {
	f := features{tokens: tokens}
	for i, t := range tokens {
		f.last[t.class] = i + 1
	}
	return f
}

func (f features) has(cs ...class) bool {
	return slices.ContainsFunc(cs, func(c class) bool { return f.last[c] > 0 })
}

// heads are the words that say what is counted.
var heads = []class{receive, takeOn, answer, complete, publish, proactive, request, granted, partly, refused, exempt, review, litigation, occur, fee}

// head is the index of the first word that says what is counted, -1 where none does.
func (f features) head() int {
	return slices.IndexFunc(f.tokens, func(t token) bool { return slices.Contains(heads, t.class) })
}

// has a word that is none of the vocabulary.
func (f features) strange() bool { return f.has(other) }
