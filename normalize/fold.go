package normalize

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
	"github.com/nianbao/nianbao/normalize/simplified"
	"github.com/nianbao/nianbao/report"
)

// fold brings a label to the form in which labels are compared: compatibility forms resolved
// (㈠, full-width digits, Kangxi radicals), simplified characters, no white space, no punctuation but
// brackets, no quotes. forms.md section 8 lists the variants that this must make equal.
func fold(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return !common(r) }) {
		return simplified.Text(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		switch {
		case common(r):
			b.WriteRune(r)
		case r == '(' || r == '（' || r == '〔' || r == '[' || r == '【':
			b.WriteRune('(')
		case r == ')' || r == '）' || r == '〕' || r == ']' || r == '】':
			b.WriteRune(')')
		case r == '/':
			b.WriteRune('/')
		case unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return simplified.Text(b.String())
}

// common says that a character is one of the first block of Han, which are most of what there is and stay as they are.
func common(r rune) bool { return '一' <= r && r <= '龥' }

// withoutBrackets drops bracketed remarks from a folded label.
func withoutBrackets(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			if depth > 0 {
				depth--
			}
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// name is a label ready to be compared: once whole, once without its bracketed remarks.
type name struct {
	enum  figure.Enumerator
	full  []rune
	short []rune // full itself where there are no remarks
	label string // as it stands, without its number
}

var noBrackets = strings.NewReplacer("(", "", ")", "")

func newName(label string) name {
	e, rest := figure.SplitEnumerator(label)
	f := fold(rest)
	n := name{enum: e, label: rest, full: []rune(noBrackets.Replace(f))}
	n.short = n.full
	if short := withoutBrackets(f); short != "" && len(short) < len(f) {
		n.short = []rune(short)
	}
	return n
}

// several parts the things that a label counts together.
var several = pattern.Of(`[、/／]|以?及|[和与或]`)

// apart gives the labels of the single things that a label names together, 信函申请数 and 传真申请数 for 信函、传真申请数: what stands before a mark, with each end of the
// last part that all may share, and the last part alone.
func apart(label string) [][]rune {
	if !strings.ContainsAny(label, "、/／及和与或") {
		return nil
	}
	parts := several().Split(label, -1)
	last := []rune(fold(parts[len(parts)-1]))
	if len(last) < 2 {
		return nil
	}
	out := [][]rune{last}
	for _, p := range parts[:len(parts)-1] {
		for i := 1; i < len(last) && len(out) < maxApart; i++ {
			out = append(out, append([]rune(fold(p)), last[i:]...))
		}
	}
	return out
}

// maxApart bounds how many labels are made of one: 信函、传真申请数 makes 5.
const maxApart = 24

// moreAlone is by how much one of the things that a label names must be more like another label than the whole is, for the
// whole to be a label of several things, and leastAlone how like.
const moreAlone, leastAlone = 0.1, 0.7

// together says that a label names several things of which one of the targets is one, more than it names that target.
func (n name) together(targets []target) bool {
	alone := apart(n.label)
	if len(alone) == 0 {
		return false
	}
	named := func(m name) bool {
		whole := n.similarity(m)
		least := max(leastAlone, whole+moreAlone)
		return whole < 1 && slices.ContainsFunc(alone, func(a []rune) bool { return editSimilarity(a, m.full, least-1e-9) >= least }) && len(apart(m.label)) == 0
	}
	return slices.ContainsFunc(targets, func(t target) bool { return slices.ContainsFunc(t.names, named) })
}

// leastCharacters is how many each of two labels has at least that ran together.
const leastCharacters = 2

// ranTogether says that a label is those of two targets, one behind the other: two columns of a scan between which nothing was seen. It names
// neither, or what stands under the second would be the first one's.
func (n name) ranTogether(targets []target) bool {
	named := func(is func(m name) bool) bool {
		return slices.ContainsFunc(targets, func(t target) bool { return slices.ContainsFunc(t.names, is) })
	}
	return named(func(first name) bool {
		k := len(first.full)
		if k < leastCharacters || len(n.full)-k < leastCharacters || !slices.Equal(n.full[:k], first.full) {
			return false
		}
		return named(func(m name) bool { return slices.Equal(m.full, n.full[k:]) })
	}) && !named(func(m name) bool { return slices.Equal(m.full, n.full) })
}

func (n name) empty() bool { return len(n.full) == 0 }

// similarity of two names, 0 to 1: the better of the edit similarities with and without bracketed
// remarks; a cut label counts by how much of it is there.
func (n name) similarity(m name) float64 { return n.similarityOver(m, 0) }

// similarityOver is similarity where that is more than least; else it is anything up to least.
func (n name) similarityOver(m name, least float64) float64 {
	if n.empty() || m.empty() {
		return 0
	}
	s := max(least, editSimilarity(n.full, m.full, least))
	remarkN, remarkM := len(n.short) < len(n.full), len(m.short) < len(m.full)
	if remarkN && remarkM {
		s = max(s, editSimilarity(n.short, m.short, s))
	}
	if remarkM {
		s = max(s, 0.98*editSimilarity(n.full, m.short, s/0.98))
	}
	if remarkN {
		s = max(s, 0.98*editSimilarity(n.short, m.full, s/0.98))
	}
	return max(s, 0.9*containment(n.short, m.short), 0.9*containment(m.short, n.short))
}

// containment says how much of the shorter name a stands at the start of b: labels are cut
// (本年新) or go on (规章设区的市应提供).
func containment(a, b []rune) float64 {
	if len(a) < 2 || len(a) >= len(b) {
		return 0
	}
	for i := range a {
		if a[i] != b[i] {
			return 0
		}
	}
	switch {
	case len(a) >= 4:
		return 1
	case len(a) == 3:
		return 0.9
	}
	return 0.7
}

// Costs of an edit distance, in tenths of an edit. A glyph that nobody could read speaks neither for
// nor against.
const (
	editCost    = 10
	unknownCost = 6
	alikeCost   = 5
)

// editSimilarity is 1 - d/len for an edit distance in which characters that look alike cost half. It
// is 0 where it cannot be more than least, or than a half.
func editSimilarity(a, b []rune, least float64) float64 {
	a, b = a[:min(len(a), maxLabel)], b[:min(len(b), maxLabel)]
	n, shorter := max(len(a), len(b)), min(len(a), len(b))
	if n == 0 || 2*shorter < n || float64(shorter) <= least*float64(n) {
		return 0
	}
	most := int((1-least)*float64(editCost*n)) + 1
	var rows [2][maxLabel + 1]int
	prev, cur := &rows[0], &rows[1]
	for j := range len(b) + 1 {
		prev[j] = editCost * j
	}
	for i, x := range a {
		cur[0] = editCost * (i + 1)
		left, lowest := cur[0], cur[0]
		for j, y := range b {
			c := prev[j]
			if x != y {
				switch {
				case x == report.Unread || y == report.Unread:
					c += unknownCost
				case lookAlike(x, y):
					c += alikeCost
				default:
					c += editCost
				}
			}
			left = min(c, prev[j+1]+editCost, left+editCost)
			cur[j+1] = left
			lowest = min(lowest, left)
		}
		if lowest > most {
			return 0
		}
		prev, cur = cur, prev
	}
	return max(0, 1-float64(prev[len(b)])/float64(editCost*n))
}

// maxLabel bounds the characters of a label that are compared; the longest official one has 45.
const maxLabel = 64

// alike are groups of characters that recognisers take for one another on poor print.
var alike = []string{"己已巳", "未末", "日曰目", "人入八", "士土", "千干于", "天夫无", "大太犬", "科料", "治冶", "王主玉", "申甲由电", "政改", "收攻", "公么", "件仵", "其共具", "总息", "法洁", "复夏", "诉诈", "理埋", "0oO〇", "1lI", "数教", "制刺", "规现", "处外", "许讦", "罚罰", "强弹"}

// alikeGroup gives the group of a character of the basic plane, 0 for none. It is an array because
// it is asked for in the innermost loop.
var alikeGroup = func() *[1 << 16]uint8 {
	m := new([1 << 16]uint8)
	for i, g := range alike {
		for _, r := range g {
			m[r] = uint8(i + 1)
		}
	}
	return m
}()

func lookAlike(a, b rune) bool {
	if a >= 1<<16 || b >= 1<<16 {
		return false
	}
	g := alikeGroup[a]
	return g != 0 && g == alikeGroup[b]
}

// narrow resolves compatibility forms and drops white space, in which titles abound.
func narrow(s string) string { return strings.Join(strings.Fields(norm.NFKC.String(s)), "") }
