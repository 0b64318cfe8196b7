package normalize

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
)

// A copy may have lost its line ends: headings then stand amid the text of a paragraph. They are told by
// their numbers, which count up, and by the names that the forms give their sections.

// sectionNumber is what opens a section.
var sectionNumber = pattern.Of(`[一二三四五六七八九十]{1,3}\s*、`)

// parted gives blocks whose paragraphs begin with the headings of sections and hold none within.
func parted(blocks []layout.Block, forms form.Set) []layout.Block {
	ps := parting{names: headWordsOf(forms).sections}
	var out []layout.Block
	for _, b := range blocks {
		p := b.Paragraph
		if p == nil {
			out = append(out, b)
			continue
		}
		at := 0
		for _, c := range ps.cuts(p.Text) {
			if text := strings.TrimSpace(p.Text[at:c]); text != "" {
				q := *p
				q.Text = text
				out = append(out, layout.Block{Paragraph: &q})
			}
			at = c
		}
		if at == 0 {
			out = append(out, b)
		} else if text := strings.TrimSpace(p.Text[at:]); text != "" {
			q := *p
			q.Text = text
			out = append(out, layout.Block{Paragraph: &q})
		}
	}
	return out
}

// parting finds headings in paragraphs, in their order.
type parting struct {
	names [][]rune
	last  int // number of the last section
	// running is set once a heading was found amid a paragraph.
	running bool
}

// cuts gives the offsets at which a paragraph must be parted: before headings within, and behind them.
func (ps *parting) cuts(text string) []int {
	var out []int
	for _, m := range sectionNumber().FindAllStringIndex(text, -1) {
		e, _ := figure.SplitEnumerator(text[m[0]:m[1]])
		end := ps.heading(text, m[1])
		start := len(strings.TrimRight(text[:m[0]], "# ")) // with the marks of a heading
		amid := strings.TrimSpace(text[:start]) != ""
		switch {
		case e.N <= ps.last && ps.last > 0 || amid && !sentenceEnd(text[:m[0]]) && end < 0:
			continue
		case end < 0 && (!amid || !ps.running || e.N != ps.last+1):
			continue
		case end < 0:
			end = ownHeading(text, m[1])
		}
		ps.last = e.N
		if amid {
			ps.running = true
			out = append(out, start)
		}
		if ps.running && end > 0 && strings.TrimSpace(text[end:]) != "" {
			out = append(out, end)
		}
	}
	return out
}

// heading gives the offset behind the name of a section that begins at an offset of a text, or -1 where
// none does. In a list of sections each name is followed by the next.
func (ps *parting) heading(text string, from int) int {
	const longest = 160 // bytes of a heading, with blanks
	letters, starts := lettersOf(text[from:min(len(text), from+longest)])
	for _, n := range ps.names {
		if len(n) == 0 || len(n) > len(letters) || !slices.Equal(letters[:len(n)], n) {
			continue
		}
		end := len(text)
		if len(n) < len(letters) {
			end = from + starts[len(n)]
		}
		_, size := utf8.DecodeRuneInString(text[from+starts[len(n)-1]:])
		last := from + starts[len(n)-1] + size
		if strings.ContainsAny(text[last:end], "、，,；;") {
			return -1
		}
		if i := strings.IndexAny(text[last:end], "（(《“"); i >= 0 {
			end = last + i
		}
		return end
	}
	return -1
}

// ownHeading gives the offset behind the heading of a chapter of the body's own, or -1: it goes up to a
// blank, a number or a bracket.
func ownHeading(text string, from int) int {
	const longest = 30 // characters
	n := 0
	for i, r := range strings.TrimLeft(text[from:], " \u3000") {
		switch {
		case n > longest || strings.ContainsRune("，。；：、,;:", r):
			return -1
		case n > 3 && (strings.ContainsRune(" \u3000\n（(", r) || r >= '0' && r <= '9'):
			return from + len(text[from:]) - len(strings.TrimLeft(text[from:], " \u3000")) + i
		}
		n++
	}
	return -1
}

// sentenceEnd says that a text ends where a chapter may begin.
func sentenceEnd(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune("。；！？”）) \u3000\n", r)
}
