// Package seen holds what is read of documents of any kind against what a person sees of them: the
// words that other programs find on the drawn pages. It shows what a reader lost or made up, whatever
// the document is about; whose documents they are does not matter, and none is kept here.
package seen

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/layout"
)

// Bag counts the words and numbers of a text, in no order.
type Bag map[string]int

// Difference is what one side has and the other has not.
type Difference struct {
	// Unread was shown and is not read; Unseen was read and is not shown.
	Unread, Unseen []string
}

// Numbers gives those of some words that hold a digit.
func Numbers(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.ContainsFunc(w, unicode.IsDigit) })
}

// raised are digits that stand apart from the number that they are raised or lowered beside.
const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"

// Add takes a text apart: numbers with their sign, points and commas; words without regard to capitals, which styles make;
// Chinese, Japanese and Korean characters one by one. Punctuation is left out, since programs draw much of it themselves.
func (b Bag) Add(text string) {
	var apart strings.Builder
	for _, r := range text {
		if strings.ContainsRune(raised, r) {
			apart.WriteByte(' ')
		}
		apart.WriteRune(r)
	}
	rs := []rune(norm.NFKC.String(apart.String()))
	for i := 0; i < len(rs); {
		r := rs[i]
		j := i + 1
		switch {
		case unicode.IsDigit(r) || minus(r) && j < len(rs) && unicode.IsDigit(rs[j]) && (i == 0 || !word(rs[i-1])):
			for j < len(rs) && (unicode.IsDigit(rs[j]) || (rs[j] == '.' || rs[j] == ',') && j+1 < len(rs) && unicode.IsDigit(rs[j+1])) {
				j++
			}
			b[strings.Map(plainMinus, string(rs[i:j]))]++
		case single(r):
			b[string(r)]++
		case unicode.IsLetter(r):
			for j < len(rs) && (unicode.IsLetter(rs[j]) && !single(rs[j]) || unicode.Is(unicode.Mn, rs[j])) {
				j++
			}
			w := rs[i:j]
			if unicode.In(r, unicode.Arabic, unicode.Hebrew) {
				w = slices.Clone(w)
				slices.Sort(w) // programs that look at a page take such a word from left to right, or from right to left
			}
			b[strings.ToLower(string(w))]++
		}
		i = j
	}
}

func minus(r rune) bool { return r == '-' || r == '−' || r == '‐' }

func plainMinus(r rune) rune {
	if minus(r) {
		return '-'
	}
	return r
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func single(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// Document gives the words of all blocks of a document.
func Document(d *layout.Document) Bag {
	b := Bag{}
	var table func(t *layout.Table)
	table = func(t *layout.Table) {
		for i := range t.Cells {
			b.Add(t.Cells[i].Text)
			for j := range t.Cells[i].Tables {
				table(&t.Cells[i].Tables[j])
			}
		}
	}
	for i := range d.Pages {
		for _, x := range d.Pages[i].Blocks {
			if x.Paragraph != nil {
				b.Add(x.Paragraph.Text)
			} else {
				table(x.Table)
			}
		}
	}
	return b
}

// pieces is into how many parts a word may have fallen by lines and runs that end in it.
const pieces = 6

// Compare says in what two bags differ. A word that is left on one side and stands in pieces on the other is the same: lines
// and runs end anywhere, and programs that look at a page join what stands close.
func Compare(shown, read Bag) Difference {
	left, right := Bag{}, Bag{}
	for w, n := range shown {
		if d := n - read[w]; d > 0 {
			left[w] = d
		}
	}
	for w, n := range read {
		if d := n - shown[w]; d > 0 {
			right[w] = d
		}
	}
	join(left, right)
	join(right, left)
	return Difference{left.list(), right.list()}
}

// join takes from both bags the words of whole that parts are the pieces of.
func join(whole, parts Bag) {
	for _, w := range whole.list() {
		if used := split(w, parts, pieces); used != nil {
			take(whole, w)
			for _, u := range used {
				take(parts, u)
			}
		}
	}
}

func take(b Bag, w string) {
	if b[w]--; b[w] <= 0 {
		delete(b, w)
	}
}

// split finds words of a bag that make w, one after the other; nil if there are none.
func split(w string, parts Bag, most int) []string {
	if most == 0 {
		return nil
	}
	for n := len(w); n > 0; n-- {
		p := w[:n]
		if parts[p] == 0 {
			continue
		}
		if n == len(w) {
			return []string{p}
		}
		parts[p]--
		rest := split(strings.TrimLeft(w[n:], ".,-"), parts, most-1)
		parts[p]++
		if rest != nil {
			return append([]string{p}, rest...)
		}
	}
	return nil
}

// list gives every word as often as it is counted, in order.
func (b Bag) list() []string {
	var out []string
	for w, n := range b {
		for range n {
			out = append(out, w)
		}
	}
	sort.Strings(out)
	return out
}
