package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
	"github.com/nianbao/nianbao/normalize/simplified"
)

// A stream is what is left of a table whose walls were lost on the way: cells one a line, rows whose
// cells blanks divide, a whole report on one line. Its atoms are read in their order; which row and
// column a figure belongs to is found out from the labels between the figures (stream.go).

// gap is what stands between an atom and the one before it.
type gap uint8

const (
	glued  gap = iota // nothing
	spaced            // a blank
	walled            // a pipe, a tab, the wall of a cell
	broken            // the end of a line or of a table's row
)

// atomKind says what an atom may be in a table.
type atomKind uint8

const (
	wordAtom   atomKind = iota
	figureAtom          // a number, or what stands for none
	blankAtom           // a cell that is there and holds nothing
)

// atom is a word, a figure or a blank cell of a stream.
type atom struct {
	kind atomKind
	gap  gap
	text string
	// letters are those of a word as labels are compared, and starts the offsets in the word's text at
	// which they begin.
	letters []rune
	starts  []int
	// block is the index of the atom's block; from and to are offsets in the text of a paragraph, and
	// in a table from is the row.
	block, from, to int
}

// lexer parts blocks into atoms.
type lexer struct {
	atoms []atom
	block int
	gap   gap  // before the next atom
	pipe  bool // the last thing seen was a pipe
}

// atomsOf gives the atoms of a run of blocks. A table with spans, nested tables or pictures keeps its
// walls: it ends the stream before it and begins another.
func atomsOf(blocks []layout.Block) [][]atom {
	var out [][]atom
	l := &lexer{}
	flush := func() {
		if len(l.atoms) > 0 {
			out = append(out, l.atoms)
		}
		*l = lexer{}
	}
	for i, b := range blocks {
		l.block = i
		switch {
		case b.Paragraph != nil:
			l.paragraph(b.Paragraph.Text)
		case b.Table != nil && loose(b.Table):
			l.table(b.Table)
		case b.Table != nil:
			flush()
		}
	}
	flush()
	return out
}

// loose says that nothing but its cells' order holds a table together.
func loose(t *layout.Table) bool {
	return len(t.Cells) > 0 && !slices.ContainsFunc(t.Cells, func(c layout.Cell) bool {
		return c.RowSpan > 1 || c.ColSpan > 1 || c.Reading != nil || len(c.Tables) > 0 || c.Page > 0
	})
}

func (l *lexer) add(a atom) {
	a.gap, a.block = l.gap, l.block
	l.atoms = append(l.atoms, a)
	l.gap, l.pipe = glued, false
}

func (l *lexer) wall(g gap) { l.gap = max(l.gap, g) }

// ruleLine is the line under the head of a Markdown table.
var ruleLine = pattern.Of(`^[\s|:+=\-—─]*(?:---|──|———)[\s|:+=\-—─]*$`)

// pageLine is the number of a page between strokes, which viewers copy with the text.
var pageLine = pattern.Of(`^\s*[-—–－]+\s*[0-9０-９]{1,4}\s*[-—–－]+\s*$`)

func (l *lexer) paragraph(text string) {
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		l.wall(broken)
		if line := text[at:end]; !ruleLine().MatchString(line) && !pageLine().MatchString(line) {
			l.line(line, at)
		}
		at = end + 1
	}
}

// line parts a line at its pipes and tabs. Nothing between two pipes is a blank cell, on whatever
// lines they stand.
func (l *lexer) line(line string, base int) {
	from := 0
	for i := 0; i <= len(line); i++ {
		if i < len(line) && line[i] != '|' && line[i] != '\t' {
			continue
		}
		if strings.TrimSpace(line[from:i]) != "" {
			l.piece(line[from:i], base+from)
		}
		if i == len(line) {
			break
		}
		if line[i] == '|' && l.pipe {
			l.add(atom{kind: blankAtom, from: base + i, to: base + i})
		}
		l.wall(walled)
		l.pipe = line[i] == '|'
		from = i + 1
	}
}

func (l *lexer) table(t *layout.Table) {
	row := -1
	for i := range t.Cells {
		c := &t.Cells[i]
		if c.Row != row {
			row = c.Row
			l.wall(broken)
		}
		l.wall(walled)
		n := len(l.atoms)
		if strings.TrimSpace(c.Text) == "" {
			l.add(atom{kind: blankAtom})
		} else {
			l.piece(strings.ReplaceAll(c.Text, "\n", " "), 0)
		}
		for k := n; k < len(l.atoms); k++ {
			l.atoms[k].from, l.atoms[k].to = c.Row, c.Row
		}
	}
}

// piece reads what stands between two walls: one figure, or words and figures that blanks divide.
func (l *lexer) piece(s string, base int) {
	type word struct{ from, to int }
	var words []word
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		j := i
		for j < len(s) {
			r, n := utf8.DecodeRuneInString(s[j:])
			if unicode.IsSpace(r) {
				break
			}
			j += n
		}
		words = append(words, word{i, j})
		i = j
	}
	all := true
	for _, w := range words {
		all = all && isFigure(s[w.from:w.to])
	}
	if !all && len(words) > 1 && isFigure(s) {
		words = []word{{words[0].from, words[len(words)-1].to}}
	}
	for i, w := range words {
		t := s[w.from:w.to]
		if i > 0 {
			l.wall(spaced)
		}
		switch dated := i+1 < len(words) && dateUnit().MatchString(s[words[i+1].from:]); {
		case isFigure(t) && !dated:
			l.add(atom{kind: figureAtom, text: t, from: base + w.from, to: base + w.to})
		default:
			l.mixed(t, base+w.from)
		}
	}
}

var dateUnit = pattern.Of(`^[年月日号]`)

// isFigure says that a text is what a value cell may hold. Numerals are words here, 一 too: alone between blanks
// they number a chapter.
func isFigure(s string) bool {
	counts := strings.IndexFunc(s, figure.IsDigit) >= 0
	switch f := figure.Parse(s); f.Kind {
	case figure.Blank:
		return false
	case figure.Text:
		return figure.IsNothing(s) || counts && f.Quantity && strings.ContainsAny(s, "约近超余多")
	case figure.Number, figure.Zero:
		return counts
	}
	return strings.TrimSpace(s) != "一"
}

// digits of a number within a word.
var digits = pattern.Of(`[0-9０-９]+(?:[,，.．][0-9０-９]+)*`)

// mixed parts a word in which labels and figures may have run together: 规章000行政规范性文件.
func (l *lexer) mixed(s string, base int) {
	from := 0
	for _, m := range digits().FindAllStringIndex(s, -1) {
		if m[0] < from {
			continue
		}
		if end := figureIn(s, m[0], m[1]); end > m[0] {
			l.word(s[from:m[0]], base+from)
			l.add(atom{kind: figureAtom, text: s[m[0]:end], from: base + m[0], to: base + end})
			from = end
		}
	}
	l.word(s[from:], base+from)
}

// figureIn gives the end of the figure that begins with the digits [from, to) of a word, or from when
// they are part of a label or of a sentence: a year, a list's number, a count with its unit.
func figureIn(s string, from, to int) int {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, n := utf8.DecodeRuneInString(s[to:])
	if from > 0 && (!unicode.Is(unicode.Han, before) && !strings.ContainsRune(")）]】》”\"", before) || strings.ContainsRune("近约超逾达共仅第增减", before)) {
		return from
	}
	if to == len(s) || unicode.Is(unicode.Han, after) || after == '（' || after == '(' {
		switch {
		case to < len(s) && strings.ContainsRune("年月日号时分条件次个人篇项份宗家起部例万亿余多期届版页点至", after):
			return from
		case after == '元':
			return to + n
		}
		return to
	}
	// The number of the next item follows the figure: 002.传真申请数.
	next, _ := utf8.DecodeRuneInString(s[to+n:])
	if from > 0 && strings.ContainsRune(".．、", after) && (unicode.Is(unicode.Han, next) || strings.ContainsRune("“\"《", next)) {
		_, last := utf8.DecodeLastRuneInString(s[from:to])
		return to - last
	}
	return from
}

func (l *lexer) word(s string, base int) {
	if s == "" {
		return
	}
	letters, starts := lettersOf(s)
	if len(letters) == 0 {
		return
	}
	l.add(atom{kind: wordAtom, text: s, letters: letters, starts: starts, from: base, to: base + len(s)})
}

// lettersOf gives the characters of a text that tell labels apart, and where each begins.
func lettersOf(s string) ([]rune, []int) {
	letters := make([]rune, 0, len(s)/3+1)
	starts := make([]int, 0, len(s)/3+1)
	for i, r := range s {
		if common(r) {
			letters, starts = append(letters, simplified.Character(r)), append(starts, i)
			continue
		}
		for _, x := range fold(string(r)) {
			if x != '(' && x != ')' {
				letters = append(letters, x)
				starts = append(starts, i)
			}
		}
	}
	return letters, starts
}
