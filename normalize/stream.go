package normalize

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/figure"
)

// segment is a run of words and the figures that follow it: in a table, the end of the words is the
// label of the figures.
type segment struct {
	words   []atom
	values  []atom // figures, and blank cells between and after them
	letters []rune // of the words
	first   int    // index of the first atom in the stream
}

// segmentsOf parts a stream into segments. A run of words that only blank cells follow is joined to
// the words after it, unless it ends with a row of a form: merged headers leave such blanks.
func segmentsOf(atoms []atom, ls func() labels) []segment {
	var out []segment
	var now segment
	push := func(next int) {
		if len(now.words) > 0 || len(now.values) > 0 {
			out = append(out, now)
		}
		now = segment{first: next}
	}
	for i, a := range atoms {
		switch a.kind {
		case wordAtom:
			if len(now.values) > 0 {
				if !blankOnly(now.values) || len(now.words) > 0 && ls().row(newName(now.words[len(now.words)-1].text)) {
					push(i)
				}
				now.values = nil
			}
			now.words = append(now.words, a)
			now.letters = append(now.letters, a.letters...)
		case figureAtom:
			if n := len(now.words); n > 0 && len(now.words[n-1].letters) == 1 && strings.ContainsRune("甲乙丙丁戊", now.words[n-1].letters[0]) {
				continue // 甲 乙 丙 1 2 numbers the columns
			}
			if len(now.values) == 0 && amidWords(now.letters, atoms[i+1:]) && ls().within(now.letters, a.text, atoms[i+1]) {
				continue
			}
			now.values = append(now.values, a)
		case blankAtom:
			if len(now.words) > 0 || len(now.values) > 0 {
				now.values = append(now.values, a)
			}
		}
	}
	push(len(atoms))
	return out
}

// labels are those of the rows of all forms' tables.
type labels struct {
	rows []name
	// numbered are those in which a number stands: …计1次）.
	numbered [][]rune
}

func labelsIn(forms form.Set) labels {
	var ls labels
	for _, f := range forms.All() {
		for i := range f.Tables {
			for _, t := range targetsOf(&f.Tables[i]).rows {
				if !t.names[0].empty() {
					ls.rows = append(ls.rows, t.names[0])
				}
				for _, n := range t.names {
					if slices.ContainsFunc(n.full, unicode.IsDigit) {
						ls.numbered = append(ls.numbered, n.full)
					}
				}
			}
		}
	}
	return ls
}

// row says that a label is a row's, number and all.
func (ls labels) row(n name) bool {
	return slices.ContainsFunc(ls.rows, func(m name) bool { return m.enum == n.enum && slices.Equal(m.full, n.full) })
}

// labelContext is how many letters before a figure tell whether it is part of a label.
const labelContext = 4

// amidWords says that words enough stand before a figure, and some behind it, for it to be part of a label.
func amidWords(before []rune, after []atom) bool {
	return len(before) >= labelContext && len(after) > 0 && after[0].kind == wordAtom
}

// within says that a figure amid words is part of a label that a line's end broke there.
func (ls labels) within(before []rune, figure string, after atom) bool {
	digits, _ := lettersOf(figure)
	piece := slices.Concat(before[len(before)-labelContext:], digits, after.letters[:1])
	return slices.ContainsFunc(ls.numbered, func(n []rune) bool { return indexOf(n, piece, 0) >= 0 })
}

func blankOnly(as []atom) bool {
	return !slices.ContainsFunc(as, func(a atom) bool { return a.kind != blankAtom })
}

// figures gives the atoms of a run that are no blank cells.
func figures(as []atom) []atom {
	var out []atom
	for _, a := range as {
		if a.kind == figureAtom {
			out = append(out, a)
		}
	}
	return out
}

// textsOf gives the texts of atoms.
func textsOf(as []atom) []string {
	out := make([]string, len(as))
	for i, a := range as {
		out[i] = a.text
	}
	return out
}

// lines parts values where lines end.
func lines(as []atom) [][]atom {
	var out [][]atom
	for i, a := range as {
		if i == 0 || a.gap == broken {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], a)
	}
	return out
}

// trimBlanks drops the blank cells at the end of a run.
func trimBlanks(as []atom) []atom {
	for len(as) > 0 && as[len(as)-1].kind == blankAtom {
		as = as[:len(as)-1]
	}
	return as
}

// vocabulary is what the words of one form table are: the labels, and what stands around them.
type vocabulary struct {
	byStart map[[2]rune][][]rune
	letters map[rune]bool // of all of them
}

// aroundTables are words of the forms that are neither rows nor columns, as letters.
var aroundTables = []string{
	"申请人情况", "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和", "本年度办理结果",
	"指标名称", "统计指标", "统计项目", "计量单位", "单位", "统计数", "代码", "历年累计", "本年累计", "本期实际", "年度", "累计", "其中", "甲乙丙",
	"条", "件", "次", "篇", "个", "人", "人次", "万元", "元",
}

var vocabularyCache sync.Map // *form.Table → *vocabulary: forms never change

func vocabularyOf(t *form.Table) *vocabulary {
	if x, ok := vocabularyCache.Load(t); ok {
		return x.(*vocabulary)
	}
	v := newVocabulary(t)
	vocabularyCache.Store(t, v)
	return v
}

func newVocabulary(t *form.Table) *vocabulary {
	v := &vocabulary{byStart: map[[2]rune][][]rune{}, letters: map[rune]bool{}}
	add := func(w []rune) {
		for _, r := range w {
			v.letters[r] = true
		}
		if len(w) == 1 {
			v.byStart[[2]rune{w[0]}] = [][]rune{w}
		} else if len(w) > 1 {
			k := [2]rune{w[0], w[1]}
			v.byStart[k] = append(v.byStart[k], w)
		}
	}
	for _, n := range targetsOf(t).names {
		add(n.full)
		add(n.short)
	}
	for _, s := range append([]string{t.Corner}, aroundTables...) {
		add(newName(s).full)
	}
	return v
}

// known says of each letter whether it is part of a word of the vocabulary. Numbers of list items
// are.
func (v *vocabulary) known(letters []rune) []bool {
	out := make([]bool, len(letters))
	mark := func(i int, ws [][]rune) {
		for _, w := range ws {
			if i+len(w) <= len(letters) && slices.Equal(letters[i:i+len(w)], w) {
				for k := range w {
					out[i+k] = true
				}
			}
		}
	}
	for i, r := range letters {
		mark(i, v.byStart[[2]rune{r}])
		if i+1 < len(letters) {
			mark(i, v.byStart[[2]rune{r, letters[i+1]}])
		}
		if figure.Han(r) > 0 || r >= '0' && r <= '9' {
			out[i] = true
		}
	}
	return out
}

// strange counts the letters that are part of no word of the vocabulary.
func (v *vocabulary) strange(letters []rune) (n int) {
	for _, k := range v.known(letters) {
		if !k {
			n++
		}
	}
	return n
}

// candidate is a row that a segment's label may be.
type candidate struct {
	seg, row int
	sim      float64
	letters  int // how many of the segment's last letters, without the unit, are the label
}

// units that stand between a label and its value in the statistics.
var units = []string{"人次", "万元", "条", "件", "次", "篇", "个", "人", "元"}

// withoutUnit gives letters without the unit at their end.
func withoutUnit(letters []rune) ([]rune, string) {
	for _, u := range units {
		r := []rune(u)
		if n := len(letters) - len(r); n > 0 && slices.Equal(letters[n:], r) {
			return letters[:n], u
		}
	}
	return letters, ""
}

// endsWith says how well letters end with a name, and over how many of them.
func endsWith(letters []rune, n name, near bool) (float64, int) {
	best, length := 0.0, 0
	for _, w := range [][]rune{n.full, n.short} {
		if len(w) == 0 {
			continue
		}
		if len(w) <= len(letters) && slices.Equal(letters[len(letters)-len(w):], w) {
			if best < 1 || len(w) > length {
				best, length = 1, len(w)
			}
			continue
		}
		if !near || best == 1 || len(w) < 4 {
			continue
		}
		for l := max(3, len(w)-2); l <= min(len(letters), len(w)+4); l++ {
			if s := editSimilarity(letters[len(letters)-l:], w, max(best, sureSimilarity-0.001)); s > best {
				best, length = s, l
			}
		}
	}
	return best, length
}

// candidates of a segment among a table's rows: those with the longest label that ends it.
func candidatesOf(i int, s *segment, t *form.Table, rows []target, near bool) []candidate {
	var out []candidate
	longest := 0
	bare, _ := withoutUnit(s.letters)
	for j, r := range rows {
		if t.Rows[j].Heading {
			continue
		}
		c := candidate{seg: i, row: j}
		for _, n := range r.names {
			for _, ls := range [][]rune{s.letters, bare} {
				if sim, l := endsWith(ls, n, near); sim > c.sim || sim == c.sim && l > c.letters {
					c.sim, c.letters = sim, l
				}
			}
		}
		if c.sim >= sureSimilarity {
			out = append(out, c)
			if c.sim == 1 {
				longest = max(longest, c.letters)
			}
		}
	}
	return slices.DeleteFunc(out, func(c candidate) bool { return c.letters < longest })
}

// ascending chooses candidates so that segments and rows both ascend, by the best sum of likenesses.
func ascending(cs []candidate) []candidate {
	best := make([]float64, len(cs))
	next := make([]int, len(cs))
	start := -1
	for a := len(cs) - 1; a >= 0; a-- {
		next[a] = -1
		best[a] = cs[a].sim
		for b := a + 1; b < len(cs); b++ {
			if cs[b].seg > cs[a].seg && cs[b].row > cs[a].row && cs[a].sim+best[b] > best[a] {
				best[a], next[a] = cs[a].sim+best[b], b
			}
		}
		if start < 0 || best[a] >= best[start] {
			start = a
		}
	}
	var out []candidate
	for a := start; a >= 0; a = next[a] {
		out = append(out, cs[a])
	}
	return out
}
