package tables

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
	"github.com/nianbao/nianbao/tables/text"
)

const (
	// headBand is the part of a page, at its head and at its foot, where running heads stand.
	headBand = 0.12
	// sameHead, in parts of the page's height, is how far a running head may move from page to page.
	sameHead = 0.02
	// sameRead is how alike two running heads must be that were read from pixels, and longHead their least length in characters.
	sameRead, longHead = 0.8, 8
	// indent, in character heights, is the least first-line indent; two characters are the rule.
	indent = 1.2
	// fewLines: a page with fewer does not show its margins.
	fewLines = 4
	// ragged, in character heights, is how much a full line may lack at its end: no line begins with
	// a closing mark, so that up to two characters may go to the next line.
	ragged = 2.6
	// apart is the distance of two lines, in that of the lines of a paragraph, that parts paragraphs.
	apart = 1.6
	// larger is the ratio of sizes that parts a heading from the text under it.
	larger = 1.12
	// centred, in character heights, is how far the middle of a centred line may be off.
	centred = 1.0
	// plainRoom and titleRoom, in character heights, is the room on both sides of a centred line of
	// common and of larger size. The first line of a paragraph may by chance leave two on both.
	plainRoom, titleRoom = 2.7, 0.3
)

// Flow sets the Blocks of every page: paragraphs made of the words outside the tables, and the
// tables, in reading order; a picture that may hold a table stands as one. found holds each page's tables, filled. Page numbers and running heads
// are left out; tables and paragraphs that a page break cut are joined, and stand on the page where
// they begin.
func Flow(pages []layout.Page, found [][]layout.Table) {
	lines := make([][]text.Line, len(pages))
	for i := range pages {
		lines[i] = outside(&pages[i], found[i])
	}
	dropHeads(pages, lines)
	margins := marginsOf(pages, lines)
	for i := range pages {
		pages[i].Blocks = blocks(&pages[i], lines[i], found[i], margins[i])
	}
	join(pages)
}

// outside gives the lines that lie in no table.
func outside(p *layout.Page, found []layout.Table) []text.Line {
	boxes := make([]layout.Rect, len(found))
	for i := range found {
		boxes[i] = Box(&found[i])
	}
	var upright []layout.Word
	var vertical []text.Line
	for _, w := range p.Words {
		c := w.Box.Center()
		switch {
		case slices.ContainsFunc(boxes, func(r layout.Rect) bool { return r.Contains(c) }):
		case w.Vertical:
			vertical = append(vertical, text.Line{Words: []layout.Word{w}, Box: w.Box})
		default:
			upright = append(upright, w)
		}
	}
	return append(text.Lines(upright), vertical...)
}

// pageNumber is a line that holds a page number and nothing else.
var pageNumber = pattern.Of(`^[-—–－―─·•~〜\s]*(第\s*)?\d{1,4}(\s*页)?([\s,，/]*(共|of)?\s*\d{0,4}\s*页?)?[-—–－―─·•~〜\s]*$`)

// spoiltSigns and spoiltTrust are the most characters and the confidence of a page number that could not be read.
const spoiltSigns, spoiltTrust = 2, 0.5

// spoiltNumber says that a line at a page's head or foot, above or below all others, is a page number of a scan that could not be read.
func spoiltNumber(l *text.Line, all []text.Line) bool {
	t := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, l.Text())
	if utf8.RuneCountInString(t) > spoiltSigns || l.Confidence() >= spoiltTrust {
		return false
	}
	above, below := false, false
	for _, o := range all {
		above = above || o.Box.Y0 < l.Box.Y0 && o.Box.Y1 > l.Box.Y0-l.Height()
		below = below || o.Box.Y1 > l.Box.Y1 && o.Box.Y0 < l.Box.Y1+l.Height()
	}
	return !above && !below
}

// dropHeads removes page numbers and lines that stand in the same place of several pages.
func dropHeads(pages []layout.Page, lines [][]text.Line) {
	type head struct {
		text string
		y    float64
		page int
		sure bool // it was not recognised from pixels
	}
	same := func(a, b head) bool {
		if a.page == b.page || math.Abs(a.y-b.y) >= sameHead {
			return false
		}
		x, y := []rune(a.text), []rune(b.text)
		return a.text == b.text || !a.sure && !b.sure && min(len(x), len(y)) >= longHead && alike(x, y) >= sameRead
	}
	var heads []head
	digits := func(r rune) rune {
		if figure.IsDigit(r) {
			return '#'
		}
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}
	inBand := func(p *layout.Page, l *text.Line) bool {
		y := l.Box.Center().Y / p.Height
		return y < headBand || y > 1-headBand
	}
	for i := range pages {
		for k := range lines[i] {
			if l := &lines[i][k]; inBand(&pages[i], l) {
				heads = append(heads, head{strings.Map(digits, l.Text()), l.Box.Center().Y / pages[i].Height, i, l.Confidence() == 1})
			}
		}
	}
	for i := range pages {
		all := slices.Clone(lines[i])
		lines[i] = slices.DeleteFunc(lines[i], func(l text.Line) bool {
			if !inBand(&pages[i], &l) {
				return false
			}
			text := l.Text()
			if pageNumber().MatchString(text) || spoiltNumber(&l, all) {
				return true
			}
			h := head{strings.Map(digits, text), l.Box.Center().Y / pages[i].Height, i, l.Confidence() == 1}
			return slices.ContainsFunc(heads, func(o head) bool { return same(o, h) })
		})
	}
}

// blocks puts paragraphs and tables in order.
func blocks(p *layout.Page, lines []text.Line, found []layout.Table, margins margins) []layout.Block {
	type placed struct {
		box   layout.Rect
		block layout.Block
	}
	var all []placed
	for i := range found {
		all = append(all, placed{Box(&found[i]), layout.Block{Table: &found[i]}})
	}
	for _, scan := range p.Pictures {
		all = append(all, placed{scan.Box, layout.Block{Table: &layout.Table{Picture: fmt.Sprintf("on page %d", p.Number), Source: scan}}})
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.box.Y0, b.box.Y0) })
	// A table ends the paragraph before it.
	var run []text.Line
	next := 0
	var out []layout.Block
	flush := func() {
		for _, q := range paragraphs(run, margins, p.Number) {
			out = append(out, layout.Block{Paragraph: q})
		}
		run = nil
	}
	slices.SortStableFunc(lines, func(a, b text.Line) int { return cmp.Compare(a.Box.Center().Y, b.Box.Center().Y) })
	for _, l := range lines {
		for next < len(all) && all[next].box.Center().Y < l.Box.Center().Y {
			flush()
			out = append(out, all[next].block)
			next++
		}
		run = append(run, l)
	}
	flush()
	for ; next < len(all); next++ {
		out = append(out, all[next].block)
	}
	return out
}

// margins are those of the prose of a page, with the distance of its lines and their height.
type margins struct{ left, right, leading, height float64 }

func marginsOf(pages []layout.Page, lines [][]text.Line) []margins {
	out := make([]margins, len(pages))
	for i := range pages {
		out[i] = marginsIn(lines[i])
	}
	// A page with little prose may have no full line: the other pages tell.
	for i := range pages {
		if len(lines[i]) >= fewLines {
			continue
		}
		for k := range pages {
			if len(lines[k]) >= fewLines && near(pages[k].Width, pages[i].Width, pages[i].Width/100) {
				out[i].left, out[i].right = min(out[i].left, out[k].left), max(out[i].right, out[k].right)
			}
		}
	}
	return out
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

func marginsIn(lines []text.Line) margins {
	if len(lines) == 0 {
		return margins{}
	}
	m := margins{left: math.Inf(1), right: math.Inf(-1)}
	for _, l := range lines {
		m.left, m.right = min(m.left, l.Box.X0), max(m.right, l.Box.X1)
	}
	var steps []float64
	for i := 1; i < len(lines); i++ {
		if step := lines[i].Box.Y0 - lines[i-1].Box.Y0; step > 0 && step < 3*lines[i].Height() {
			steps = append(steps, step)
		}
	}
	if len(steps) > 0 {
		m.leading = median(steps)
	}
	var heights []float64
	for _, l := range lines {
		for _, w := range l.Words {
			for range w.Text {
				heights = append(heights, w.Size)
			}
		}
	}
	m.height = median(heights)
	return m
}

// paragraphs joins lines that run on.
func paragraphs(lines []text.Line, m margins, page int) []*layout.Paragraph {
	var out []*layout.Paragraph
	for i := range lines {
		l := &lines[i]
		if i > 0 && runsOn(&lines[i-1], l, m) {
			q := out[len(out)-1]
			q.Text = text.Join(q.Text, l.Text())
			q.Box = q.Box.Union(l.Box)
			q.Confidence = min(q.Confidence, l.Confidence())
			continue
		}
		out = append(out, &layout.Paragraph{Text: l.Text(), Page: page, Box: l.Box, Confidence: l.Confidence()})
	}
	return out
}

// runsOn says that b goes on the paragraph that a is in.
func runsOn(a, b *text.Line, m margins) bool {
	ha, hb := a.Height(), b.Height()
	if ha > larger*hb || hb > larger*ha {
		return false
	}
	if m.leading > 0 && b.Box.Y0-a.Box.Y0 > apart*m.leading {
		return false
	}
	if isCentred(a, m) && isCentred(b, m) {
		// The lines of one title; a list of centred lines is none.
		return !figure.OpensItem(b.Text())
	}
	if figure.OpensItem(b.Text()) && ended(a.Text()) {
		return false // a list whose items are not indented
	}
	return b.Box.X0 < m.left+indent*hb && a.Box.X1 > m.right-ragged*ha
}

// ended says that a text ends with a stop.
func ended(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " ”’）)"))
	return strings.ContainsRune("。！？：；.!?:;", r)
}

// isCentred says that a line stands in the middle with room on both sides.
func isCentred(l *text.Line, m margins) bool {
	h := l.Height()
	left, right := l.Box.X0-m.left, m.right-l.Box.X1
	room := plainRoom
	if h > larger*m.height {
		room = titleRoom
	}
	return min(left, right) > room*h && math.Abs(left-right) < 2*centred*h
}
