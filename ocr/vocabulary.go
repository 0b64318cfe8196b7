package ocr

import (
	"image"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr/reading"
)

// Vocabulary is what labels mostly say: the closed set that a form prints. A label that cannot be spelled may still be told by
// how likely its pixels are to print each of the set.
type Vocabulary struct {
	words []word
	of    map[string]int // what they mean, by their letters
}

// word is a label in the ways that it may be printed, with the reader's characters.
type word struct {
	prints  []string
	meaning int
}

// NewVocabulary makes a vocabulary of labels, each with the others that mean the same.
func NewVocabulary(labels [][]string) *Vocabulary {
	v := &Vocabulary{of: map[string]int{}}
	for _, same := range labels {
		for _, l := range same {
			v.add(l, same[0])
		}
	}
	return v
}

// add takes up a label that means what another one does.
func (v *Vocabulary) add(l, means string) {
	key := letters(l)
	if _, known := v.of[key]; known || key == "" {
		return
	}
	meaning, known := v.of[letters(means)]
	if !known {
		meaning = len(v.of)
	}
	v.of[key] = meaning
	l = narrow.Replace(l)
	w := word{prints: []string{l}, meaning: meaning}
	if e, rest := figure.SplitEnumerator(l); e.Style != 0 && rest != "" && rest != l {
		w.prints = append(w.prints, rest)
		if at := strings.IndexAny(l, ".、"); at > 0 && len(rest) < len(l) {
			for _, dot := range []string{".", "、"} {
				if other := l[:at] + dot + rest; other != l {
					w.prints = append(w.prints, other)
				}
			}
		}
	}
	v.words = append(v.words, w)
}

// narrow maps characters that labels are printed with to those that the label network reads them as.
var narrow = strings.NewReplacer("（", "(", "）", ")", "：", ":", "，", ",", "．", ".", "“", "\"", "”", "\"")

// letters of a label, without its number and signs.
func letters(s string) string {
	_, rest := figure.SplitEnumerator(s)
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, rest)
}

// What tells a label of the vocabulary, in logarithms of probabilities.
const (
	// wordMargin is by how much it must be likelier than every other one.
	wordMargin = 7
	// wordLoss is how much less likely than the best spelling of the pixels it may be, for each of its characters. Text that
	// is not in the vocabulary loses more.
	wordLoss = 3.2
	// widthOff is the part of its width by which print may be wider or narrower than the label would be, with half a
	// character beside. Print that is one character wider is another label.
	widthOff = 0.08
	// Where the size of the print is not known well, its width says little: print may be wider by farOff, if the label is likelier than every
	// other one by farMargin and loses no more than farLoss.
	farOff, farMargin, farLoss = 0.6, 20, 1.6
)

// widthOf is about how wide a text is printed, in full-width characters.
func widthOf(text string) (n float64) {
	for _, r := range text {
		if r < unicode.MaxASCII {
			n += 0.5
		} else {
			n++
		}
	}
	return n
}

// has says that a text is of the vocabulary.
func (v *Vocabulary) has(text string) bool { _, ok := v.of[letters(text)]; return ok }

// tell gives the label that lines print, if they print one of the vocabulary; em is the height of a full-width character.
func (v *Vocabulary) tell(lines []line, em float64) (text string, ok bool) {
	var images []*image.Gray
	width := 0.0
	for _, l := range lines {
		images = append(images, l.image)
		width += max(0, float64(l.image.Rect.Dx())-4*linePad*em) / em
	}
	if text, ok = v.among(images, em, width, widthOff, wordMargin, wordLoss); !ok {
		text, ok = v.among(images, em, width, farOff, farMargin, farLoss)
	}
	return text, ok
}

// among is tell among the labels about as wide as the print: off is the part of its width by which it may differ.
func (v *Vocabulary) among(images []*image.Gray, em, width, off, margin, loss float64) (text string, ok bool) {
	var texts []string
	var of []int
	for i, w := range v.words {
		for _, p := range w.prints {
			if n := widthOf(p); math.Abs(n-width) <= off*n+0.5 {
				texts, of = append(texts, p), append(of, i)
			}
		}
	}
	if len(texts) == 0 {
		return "", false
	}
	scores, free := reading.Labels().Known(images, em, texts)
	best, second := -1, math.Inf(-1)
	for k := range texts {
		if best < 0 || scores[k] > scores[best] {
			best = k
		}
	}
	for k := range texts {
		if v.words[of[k]].meaning != v.words[of[best]].meaning {
			second = max(second, scores[k])
		}
	}
	n := float64(utf8.RuneCountInString(texts[best]))
	if scores[best]-second < margin || free-scores[best] > loss*n {
		return "", false
	}
	return texts[best], true
}
