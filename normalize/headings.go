package normalize

import (
	"slices"
	"strings"
	"sync"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// heading is a paragraph that opens a chapter. Where the whole chapter is one paragraph, rest is what follows the
// heading in it.
type heading struct {
	key, heading, rest string
	name               name
}

const (
	// maxHeading is the longest heading in characters; the longest official one has 36.
	maxHeading = 46
	// maxUnknown is the longest heading of a chapter that no form knows, maxBare the longest one without a number.
	maxUnknown, maxBare = 24, 20
)

// How like a heading must be to a name of a form.
const (
	// isName: a name of the form, as it is or misread in a character.
	isName = 0.92
	// nearName: likelier this name than anything else, with nearMargin to the next best, where no word tells.
	nearName, nearMargin = 0.75, 0.1
	// byWord is what a word in the heading is worth: less than a name.
	byWord = 0.8
)

// chapter is a section of the forms as headings are compared with it: all forms' names for it together.
type chapter struct {
	key        string
	names      []name
	about, not []string
	beside     []name
	with       string
}

// headWords is what a set of forms calls its chapters, and what its tables print beside figures.
type headWords struct {
	chapters []*chapter
	sections [][]rune // the names of the chapters as labels are compared, the longest first
	labels   labelSet
}

var headWordsCache sync.Map // address of a set's first form → *headWords: sets never change

func headWordsOf(forms form.Set) *headWords {
	all := forms.All()
	if len(all) == 0 {
		return &headWords{}
	}
	if v, ok := headWordsCache.Load(&all[0]); ok {
		return v.(*headWords)
	}
	v := &headWords{chapters: chaptersOf(forms), labels: formLabels(forms)}
	for _, c := range v.chapters {
		for _, n := range c.names {
			v.sections = append(v.sections, n.full)
		}
	}
	slices.SortStableFunc(v.sections, func(a, b []rune) int { return len(b) - len(a) })
	headWordsCache.Store(&all[0], v)
	return v
}

func chaptersOf(forms form.Set) []*chapter {
	var out []*chapter
	byKey := map[string]*chapter{}
	for _, f := range forms.All() {
		for _, s := range f.Sections {
			c := byKey[s.Key]
			if c == nil {
				c = &chapter{key: s.Key}
				byKey[s.Key] = c
				out = append(out, c)
			}
			for _, text := range append([]string{s.Heading}, s.Aliases...) {
				if n := newName(text); !slices.ContainsFunc(c.names, func(m name) bool { return slices.Equal(m.full, n.full) }) {
					c.names = append(c.names, n)
				}
			}
			c.about, c.not = append(c.about, s.About...), append(c.not, s.Not...)
			for _, text := range s.Beside {
				c.beside = append(c.beside, newName(text))
			}
			if s.With != "" {
				c.with = s.With
			}
		}
	}
	return out
}

// likeness of a heading to the chapter's names.
func (c *chapter) likeness(n name) float64 {
	best := 0.0
	for _, m := range c.names {
		best = max(best, n.similarityOver(m, best))
	}
	return best
}

// speaksOf says that the heading has a word of the chapter's and none of another's.
func (c *chapter) speaksOf(text string) bool {
	has := func(w string) bool { return strings.Contains(text, w) }
	return slices.ContainsFunc(c.about, has) && !slices.ContainsFunc(c.not, has)
}

// headLine is a paragraph that may be a heading.
type headLine struct {
	head, rest string
	enum       figure.Enumerator
	name       name
	marked     bool // the source itself says that it is one
	key        string
	score      float64
}

// headings finds the paragraphs that open chapters: 一、 and a name, or a name of a form alone. A numbered one that no
// form knows opens a chapter without a key. Of several that mean one section the likest has its key.
func headings(paras []*layout.Paragraph, forms form.Set) []*heading {
	v := headWordsOf(forms)
	chapters, labels := v.chapters, v.labels
	lines := make([]*headLine, len(paras))
	for i, p := range paras {
		lines[i] = headLineOf(p, chapters)
	}
	top := topStyle(lines)
	first := slices.IndexFunc(lines, func(h *headLine) bool { return h != nil && h.enum.Style == top && h.key != "" })
	taken := map[string]int{}
	chosen := make([]bool, len(lines))
	last, item := 0, 0 // the number of the last chapter, and of the last item of a list inside it
	for i, h := range lines {
		if h == nil || h.key == "" && labels.full[string(h.name.full)] {
			continue
		}
		j, double := taken[h.key]
		if known := h.key != "" && !(double && h.score <= lines[j].score); !known && h.enum.Style == top && last > 0 && h.enum.N == item+1 && (item > 0 || h.enum.N <= last) {
			item++
			continue
		}
		switch {
		case !h.opens(top, last):
			continue
		case i < first && h.enum.Style == 0 && lines[first].enum.N == 1:
			continue // it stands before the first chapter: a page's menu, or the table of contents
		}
		item = 0
		chosen[i] = true
		if h.enum.Style == top {
			last = max(last, h.enum.N)
		}
		if h.key == "" {
			continue
		}
		if j, ok := taken[h.key]; !ok || h.score > lines[j].score {
			taken[h.key] = i
		}
	}
	besideOthers(lines, chosen, chapters, taken)
	out := make([]*heading, len(paras))
	for i, h := range lines {
		if !chosen[i] {
			continue
		}
		key := h.key
		if j, ok := taken[key]; key != "" && (!ok || j != i) {
			key = ""
			if h.rest != "" || h.enum.Style != top {
				continue // known by its name alone, and that is another's
			}
		}
		out[i] = &heading{key, h.head, h.rest, h.name}
	}
	return out
}

// besideOthers gives their key to headings such as 政府信息公开情况, where the chapter that they would else hold too has a
// heading of its own.
func besideOthers(lines []*headLine, chosen []bool, chapters []*chapter, taken map[string]int) {
	for _, c := range chapters {
		if _, ok := taken[c.with]; !ok || len(c.beside) == 0 {
			continue
		}
		if _, ok := taken[c.key]; ok {
			continue
		}
		for i, h := range lines {
			if chosen[i] && h.key == "" && slices.ContainsFunc(c.beside, func(n name) bool { return slices.Equal(n.full, h.name.full) }) {
				h.key, taken[c.key] = c.key, i
				break
			}
		}
	}
}

// headLineOf reads a paragraph as a heading, nil where it can be none.
func headLineOf(p *layout.Paragraph, chapters []*chapter) *headLine {
	line := strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(p.Text), "#"))
	h := &headLine{head: line, marked: p.Heading > 0}
	if j := strings.IndexAny(line, "\n。：:"); j > 0 && len([]rune(line[:j])) <= maxHeading {
		h.head, h.rest = line[:j], strings.TrimLeft(line[j:], "\n。：:")
	}
	var body string
	h.enum, body = enumeratorOf(h.head)
	if len([]rune(h.head)) > maxHeading {
		// The heading may run on into its text without a stop.
		if h.enum.Style != '一' {
			return nil
		}
		if h.head, h.rest = cutHeading(line, chapters); h.head == "" {
			return nil
		}
		_, body = enumeratorOf(h.head)
	}
	if strings.ContainsAny(h.head, "，,；;！？|") {
		if h.enum.Style != '一' || strings.ContainsAny(h.head, "；;！？|") {
			return nil
		}
	}
	h.name = newName(body)
	h.key, h.score = keyOf(h.name, chapters)
	return h
}

// enumeratorOf takes the number off a heading; 第一部分 is one, too.
func enumeratorOf(head string) (figure.Enumerator, string) {
	e, body := figure.SplitEnumerator(head)
	if rest, ok := strings.CutPrefix(strings.TrimSpace(head), "第"); ok && e.Style == 0 {
		for _, word := range []string{"部分", "章", "节"} {
			if n, after, ok := strings.Cut(rest, word); ok && len([]rune(n)) <= 2 {
				if x, _ := figure.SplitEnumerator(n + "、"); x.Style == '一' {
					return x, strings.TrimLeft(after, "、：: \u3000")
				}
			}
		}
	}
	return e, body
}

// keyOf gives the section that a heading means, "" where that is not sure.
func keyOf(n name, chapters []*chapter) (key string, score float64) {
	if n.empty() {
		return "", 0
	}
	best, next := 0.0, 0.0
	for _, c := range chapters {
		s := c.likeness(n)
		switch {
		case s > best:
			best, next, key = s, best, c.key
		case s > next:
			next = s
		}
	}
	if best >= isName {
		return key, best
	}
	text := string(n.full)
	var words []string
	for _, c := range chapters {
		if c.speaksOf(text) {
			words = append(words, c.key)
		}
	}
	switch {
	case len(words) == 1:
		return words[0], byWord
	case len(words) == 0 && best >= nearName && best-next >= nearMargin:
		return key, byWord * best
	}
	return "", 0
}

// topStyle is how the chapters are numbered: 一、 where there are such; else （一） or 1. where two of them are known.
func topStyle(lines []*headLine) rune {
	known := map[rune]map[string]bool{'(': {}, '1': {}}
	for _, h := range lines {
		switch {
		case h == nil:
		case h.enum.Style == '一', h.enum.Style == 0 && h.score >= isName && h.rest == "":
			return '一'
		case h.key != "" && h.enum.Style != 0:
			known[h.enum.Style][h.key] = true
		}
	}
	for _, style := range []rune{'(', '1'} {
		if len(known[style]) >= 2 {
			return style
		}
	}
	return '一'
}

// bareEnds are what headings without a number end with.
var bareEnds = []string{"情况", "概述", "概况", "措施", "事项", "问题", "统计表"}

// opens says that a line opens a chapter where chapters are numbered in style top and the last had the number last.
func (h *headLine) opens(top rune, last int) bool {
	switch {
	case h.enum.Style == top && h.key != "":
		return true
	case h.enum.Style == top:
		// One that no form knows goes on with the numbers; a list inside a chapter begins anew.
		return len(h.name.full) > 1 && len(h.name.full) <= maxUnknown && h.enum.N > last && (h.rest == "" || top != '一') &&
			!strings.ContainsAny(h.head[len("一"):], "，,")
	case h.key == "" || h.enum.Style == '(' || h.enum.Style == '1':
		return false
	case h.score >= isName && (h.rest == "" || h.marked), h.marked && h.score >= byWord && h.rest == "":
		return true
	case h.enum.Style != 0 || last > 0 || h.rest != "" || len(h.name.full) > maxBare:
		return false
	}
	return slices.ContainsFunc(bareEnds, func(end string) bool { return strings.HasSuffix(string(h.name.full), end) })
}

// cutHeading finds an official heading at the start of a paragraph that runs on.
func cutHeading(line string, chapters []*chapter) (head, rest string) {
	rs := []rune(line)
	for n := min(maxHeading, len(rs)); n >= 5; n-- {
		_, body := enumeratorOf(string(rs[:n]))
		read := newName(body)
		for _, c := range chapters {
			for _, m := range c.names {
				if len(read.full) == len(m.full) && read.similarity(m) >= 0.97 {
					return string(rs[:n]), string(rs[n:])
				}
			}
		}
	}
	return "", ""
}
