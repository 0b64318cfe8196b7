package stream

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/pattern"
	"github.com/nianbao/nianbao/tables/text"
)

// Rule is a straight ruling of a page. Of a level one At is its y and From to To its stretch along x; of an upright one it is the
// other way round.
type Rule struct{ At, From, To float64 }

// segment is a run of words that no wide white parts.
type segment struct {
	box    layout.Rect
	words  []layout.Word
	text   string
	figure bool // a number, or a mark in its place
	prose  bool // of a paragraph
}

func (s *segment) width() float64 { return s.box.Width() }

// line is a line of text taken apart where it leaves white.
type line struct {
	box  layout.Rect
	segs []segment
}

// figures are what stands in a column of figures: numbers with units, currencies, marks of notes, and what stands for none.
var figures = pattern.Of(`^(?i)[\s(\[<>≤≥~≈±+\-−–—*]*[$€£¥]?\s*[(\-−–—+±]*\d[\d.,'’/:×x\-−–— ()±]*(e[+\-]?\d+)?\s*([a-z]{1,2})?\s*(%|‰|[$€£¥元]|[*†‡§¶¹²³⁴⁵⁶⁷⁸⁹#]{1,3}|[(\[]\d[^\p{L}]*[)\]]|\([a-z0-9]\))*\s*([a-z]{1,2})?[\s)\]]*$` +
	`|^[$€£¥%—–−\-.…·*†‡/xX✓✔●○•◦#]{1,4}$|^\((X|Z|S|D|B|NA|N|R)\)$|^(?i)(n/?\.?a\.?|nil|none|\.\.+|c|:)$`)

// IsFigure says that a text is a number, with what belongs to it, or a mark in the place of one.
func IsFigure(s string) bool { return isFigure(s) }

func isFigure(s string) bool {
	return len(s) <= 40 && figures().MatchString(s) || strings.Trim(s, "…. ·-—") == ""
}

// bullet opens an item of a list.
var bullet = pattern.Of(`^([•●▪◦○■□►✓·*\-–—o]|\(?[0-9]{1,2}[.)]|\(?[a-zA-Z][.)])$`)

// dot is a mark that opens an item and stands for nothing in a table, disc one that may be a mark of a table's, too; item numbers a heading or an item.
var (
	dot  = pattern.Of(`^[•▪◦►]$`)
	disc = pattern.Of(`^[●○■]$`)
	item = pattern.Of(`^([•●▪◦○■□►✓·*\-–—o]|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)]|\d{1,2}(\.\d{1,2}){0,3}\.?|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)$`)
)

// unit stands behind a figure.
var unit = pattern.Of(`^(%|‰|€|元)$`)

// linesOf makes lines of words and parts them where they leave white, and at walls.
func linesOf(words []layout.Word, walls []Rule, em float64) []line {
	var out []line
	for _, l := range text.Lines(words) {
		n := line{box: l.Box}
		size := l.Height()
		if size <= 0 {
			size = em
		}
		for i := 0; i < len(l.Words); {
			k, to := i+1, l.Words[i].Box.X1
			for ; k < len(l.Words) && !apart(l.Words[i:k], l.Words[k], to, size, walls); k++ {
				to = max(to, l.Words[k].Box.X1)
			}
			n.segs = append(n.segs, segmentOf(l.Words[i:k])...)
			i = k
		}
		if len(n.segs) == 2 && bullet().MatchString(n.segs[0].text) && !n.segs[1].figure {
			n.segs = segmentOf(slices.Concat(n.segs[0].words, n.segs[1].words))
		}
		for i := 0; i+1 < len(n.segs); i++ {
			if a, b := &n.segs[i], &n.segs[i+1]; (dot().MatchString(a.text) || disc().MatchString(a.text) && len(b.text) >= leastItem) && !b.figure && b.box.X0-a.box.X1 < itemGap*em {
				n.segs = slices.Replace(n.segs, i, i+2, segmentOf(slices.Concat(a.words, b.words))...)
			}
		}
		if len(n.segs) > 0 {
			out = append(out, n)
		}
	}
	return out
}

// apart says that a word does not go on the words before it, which end at to.
func apart(before []layout.Word, w layout.Word, to, em float64, walls []Rule) bool {
	last, gap := before[len(before)-1], w.Box.X0-to
	one := last.Text == "-" && w.Text == "-" || unit().MatchString(w.Text) // a typed ruling, or a figure and its unit
	if gap >= wordGap*em || gap > figureGap*em && isFigure(last.Text) && isFigure(w.Text) && !one {
		return true
	}
	if gap > figureGap*em && leads(last.Text) {
		return true
	}
	y := w.Box.Center().Y
	return slices.ContainsFunc(walls, func(r Rule) bool {
		return r.At > to-0.1*em && r.At < w.Box.X0+0.1*em && r.From < y && r.To > y
	})
}

// typed takes out of the words what a typewriter rules with: rows of dashes, which are rulings, and of dots, which lead to a figure.
func typed(words []layout.Word) (out []layout.Word, rules []Rule) {
	for _, w := range words {
		if dashes := strings.Trim(w.Text, "-_=─—━"); dashes == "" && utf8.RuneCountInString(w.Text) >= leastDashes {
			rules = append(rules, Rule{w.Box.Center().Y, w.Box.X0, w.Box.X1})
			continue
		}
		if cut := strings.TrimRight(w.Text, ".…·"); strings.Count(w.Text[len(cut):], ".")+3*strings.Count(w.Text[len(cut):], "…")+strings.Count(w.Text[len(cut):], "·") >= leastDots {
			share := float64(utf8.RuneCountInString(cut)) / float64(utf8.RuneCountInString(w.Text))
			w.Text, w.Box.X1 = cut, w.Box.X0+share*w.Box.Width()
			if cut == "" {
				continue
			}
		}
		out = append(out, w)
	}
	return out, rules
}

// leads says that a text is dots that lead to another.
func leads(s string) bool { return strings.HasSuffix(s, "...") || strings.HasSuffix(s, "…") }

// unled is words without the dots behind them that lead to a figure, each a word.
func unled(words []layout.Word) []layout.Word {
	n, dots := len(words), 0
	for n > 0 && strings.Trim(words[n-1].Text, ".·…") == "" {
		n--
		dots += utf8.RuneCountInString(words[n].Text)
	}
	if n == 0 || dots < leastDots {
		return words
	}
	return words[:n]
}

// segmentOf is that of some words, none where they are blank.
func segmentOf(words []layout.Word) []segment {
	words = unled(words)
	l := text.Line{Words: words}
	s := segment{words: words, text: strings.TrimSpace(l.Text())}
	if s.text == "" {
		return nil
	}
	for _, w := range words {
		s.box = s.box.Union(w.Box)
	}
	s.figure = isFigure(s.text)
	return []segment{s}
}

// place is a segment by its line and its number there.
type place struct{ line, seg int }

// stack is a run of segments that stand one under another as the lines of a paragraph do.
type stack struct {
	places []place
	box    layout.Rect
	step   float64 // the white between its lines
}

// markProse marks the segments of paragraphs: wide ones that begin one under another at one distance. What stands beside other texts is
// none unless it is long, or set as wide as what is.
func markProse(lines []line, em float64) {
	at := func(p place) *segment { return &lines[p.line].segs[p.seg] }
	var long, short []stack
	for _, st := range stacks(lines, em) {
		wide, letters, beside, valued, small, ragged := 0, 0, 0, 0, 0, 0
		for _, p := range st.places {
			if at(p).width() > proseWidth*em {
				wide++
			}
			for _, r := range at(p).text {
				if unicode.IsLetter(r) {
					letters++
				}
			}
			if len(lines[p.line].segs) > 1 {
				beside++
			}
			if lines[p.line].values(p.seg) {
				valued++
			}
			if lower(at(p).text) {
				small++
			}
			if at(p).width() < raggedShare*st.box.Width() {
				ragged++
			}
		}
		n := len(st.places)
		switch {
		case n < leastProse || wide+1 < n || letters < leastLetters*n:
		case 2*small < n && (valued+1 >= n || 3*valued >= n && 3*ragged >= n): // the long labels of rows of figures, and of groups of them
		case n >= surelyProse || beside == 0:
			long = append(long, st)
		default:
			short = append(short, st)
		}
	}
	for _, st := range short {
		if slices.ContainsFunc(long, func(o stack) bool {
			return math.Abs(o.box.X0-st.box.X0) < sameEdge*em && math.Abs(o.box.X1-st.box.X1) < 2*em
		}) {
			long = append(long, st)
		}
	}
	for _, st := range long {
		for _, p := range st.places {
			at(p).prose = true
		}
	}
	for _, st := range long {
		if len(st.places) >= surelyProse {
			st.up(lines, em)
		}
	}
}

// up marks the lines right over a column of prose that go on at its distance, as the end of a paragraph and the first line of the next do,
// which is set in.
func (st *stack) up(lines []line, em float64) {
	top := st.box
	top.Y1 = lines[st.places[0].line].segs[st.places[0].seg].box.Y1
	for i, n := st.places[0].line-1, 0; i >= 0 && n < leastProse && top.Y0-lines[i].box.Y1 <= proseStep*em; i-- {
		for k := range lines[i].segs {
			s := &lines[i].segs[k]
			if s.box.X0 < st.box.X0-sameEdge*em || s.box.X0 > st.box.X0+firstIndent*em || s.box.X1 > st.box.X1+sameEdge*em || s.width() < st.box.Width()/3 ||
				math.Abs(top.Y0-s.box.Y1-st.step) > stepChange*em || s.figure {
				continue
			}
			s.prose, top = true, s.box
			n++
			break
		}
	}
}

// values says that nothing but figures stands behind a segment, and some do.
func (l *line) values(seg int) bool {
	for i := range l.segs {
		if i > seg && !l.segs[i].figure {
			return false
		}
	}
	return seg+1 < len(l.segs)
}

// stacks gathers segments that may be paragraphs.
func stacks(lines []line, em float64) []stack {
	var out []stack
	for i := range lines {
		for k := range lines[i].segs {
			s := &lines[i].segs[k]
			n := -1
			for m := len(out) - 1; m >= 0 && n < 0; m-- {
				if lines[i].box.Y0-out[m].box.Y1 > proseStep*em {
					if m < len(out)-200 {
						break
					}
					continue
				}
				if out[m].takes(lines, i, s, em) {
					n = m
				}
			}
			if n < 0 {
				out = append(out, stack{places: []place{{i, k}}, box: s.box, step: -1})
				continue
			}
			st := &out[n]
			st.step = s.box.Y0 - st.box.Y1
			st.places, st.box = append(st.places, place{i, k}), st.box.Union(s.box)
		}
	}
	return out
}

// takes says that a segment of line i goes on the stack.
func (st *stack) takes(lines []line, i int, s *segment, em float64) bool {
	p := st.places[len(st.places)-1]
	last := &lines[p.line].segs[p.seg]
	step := s.box.Y0 - last.box.Y1
	if p.line == i || step > proseStep*em || len(st.places) > 1 && math.Abs(step-st.step) > stepChange*em || last.width() <= proseWidth*em {
		return false
	}
	indent := math.Abs(s.box.X0 - last.box.X0)
	return indent < sameEdge*em || len(st.places) == 1 && indent < firstIndent*em
}

// span is a stretch along the lines of text.
type span struct{ from, to float64 }

func (s span) meets(t span) bool { return s.from < t.to && s.to > t.from }

func spanOf(s *segment) span { return span{s.box.X0, s.box.X1} }

// whites are the stretches between texts, from left to right, at least so wide.
func whites(texts []span, least float64) []span {
	texts = slices.Clone(texts)
	slices.SortFunc(texts, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for i, s := range texts {
		if i > 0 && s.from-texts[0].to >= least {
			out = append(out, span{texts[0].to, s.from})
		}
		texts[0].to = max(texts[0].to, s.to)
	}
	return out
}
