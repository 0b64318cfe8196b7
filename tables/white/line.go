package white

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/tables/text"
)

// span is a stretch along the lines of text.
type span struct{ from, to float64 }

// meets says that two stretches share more than an end.
func (s span) meets(t span) bool { return s.from < t.to && s.to > t.from }

// segment is what a line holds in one column.
type segment struct {
	span
	y0, y1 float64
	figure bool // no letters
	digits bool // a figure that is more than a mark for none
	words  []span
}

// part is a segment of some of the words, which end at to.
func (s segment) part(from, until int, to float64) segment {
	s.span, s.words = span{s.words[from].from, to}, s.words[from:until]
	return s
}

// cut parts a segment before each word that starts says a new one begins with. It is given the number of the word with which the
// part begun so far begins, that of the word asked about, and where what stands before that word ends.
func (s segment) cut(starts func(first, k int, to float64) bool) []segment {
	var out []segment
	from, to := 0, s.words[0].to
	for k := 1; k < len(s.words); k++ {
		if starts(from, k, to) {
			out = append(out, s.part(from, k, to))
			from = k
		}
		to = max(to, s.words[k].to)
	}
	return append(out, s.part(from, len(s.words), to))
}

// line is a line of text taken apart where it leaves white.
type line struct {
	box      layout.Rect
	em       float64 // height of a character
	parts    []segment
	figures  int  // how many figures stand at its end
	numbered bool // an item of a list, or a part of one
	leaders  bool // dots lead to a page number
	digits   bool // one of the figures is more than a mark for none
	banner   bool // a title or a header between the rows of a table
}

func (l *line) label() []segment  { return l.parts[:len(l.parts)-l.figures] }
func (l *line) values() []segment { return l.parts[len(l.parts)-l.figures:] }

// end is where the line's last text ends.
func (l *line) end() float64 { return l.parts[len(l.parts)-1].to }

// top and bottom are those of a line's figures, of which it has some.
func (l *line) top() float64 {
	return slices.MinFunc(l.values(), func(a, b segment) int { return cmp.Compare(a.y0, b.y0) }).y0
}

func (l *line) bottom() float64 {
	return slices.MaxFunc(l.values(), func(a, b segment) int { return cmp.Compare(a.y1, b.y1) }).y1
}

// valued says that a line may be a row of a table: figures behind a label, or figures alone.
func (l *line) valued() bool { return l.figures > 0 && len(l.parts) > 1 && !l.leaders }

// counted says that a line surely is a row: a heading has marks for none at most.
func (l *line) counted() bool { return l.valued() && l.digits }

// linesOf makes lines of words and parts them where they leave white, and at walls.
func linesOf(words []layout.Word, walls []Rule) []line {
	var out []line
	for _, l := range text.Lines(words) {
		if p := parted(l, walls); len(p.parts) > 0 {
			out = append(out, p)
		}
	}
	for i := range out {
		for out[i].figures > 1 && unit(out, i) {
			out[i].figures--
		}
	}
	return out
}

// parted takes one line apart.
func parted(l text.Line, walls []Rule) line {
	em, all := l.Height(), l.Text()
	out := line{
		box: l.Box, em: em,
		numbered: strings.HasPrefix(strings.TrimSpace(all), "其中") || slices.ContainsFunc(l.Words, func(w layout.Word) bool {
			return figure.OpensItem(w.Text) && !figure.Wordless(w.Text) // behind a group's label too
		}),
		leaders: strings.Contains(all, "……") || strings.Contains(all, "...."),
	}
	y := l.Box.Center().Y
	apart := func(to float64, a, b layout.Word) bool {
		x := b.Box.X0
		return x-to >= segmentGap*em || x-to > figureGap*em && figure.Wordless(a.Text) && figure.Wordless(b.Text) ||
			slices.ContainsFunc(walls, func(r Rule) bool {
				return r.At > to-overEdge*em && r.At < x+overEdge*em && r.From < y && r.To > y
			})
	}
	for i := 0; i < len(l.Words); {
		k, to := i+1, l.Words[i].Box.X1
		for ; k < len(l.Words) && !apart(to, l.Words[k-1], l.Words[k]); k++ {
			to = max(to, l.Words[k].Box.X1)
		}
		if s, ok := segmentOf(l.Words[i:k], to); ok {
			out.parts = append(out.parts, s)
			out.digits = out.digits || s.digits
		}
		i = k
	}
	for k := len(out.parts) - 1; k >= 0 && out.parts[k].figure; k-- {
		out.figures++
	}
	return out
}

// segmentOf is that of words that end at to; it says no where they are blank.
func segmentOf(words []layout.Word, to float64) (segment, bool) {
	part := text.Line{Words: words}
	content := strings.TrimSpace(part.Text())
	if content == "" {
		return segment{}, false
	}
	first := words[0].Box
	s := segment{span: span{first.X0, to}, y0: first.Y0, y1: first.Y1, figure: figure.Wordless(content)}
	s.digits = s.figure && strings.Trim(content, "-—–―/") != ""
	for _, w := range words {
		s.y0, s.y1 = min(s.y0, w.Box.Y0), max(s.y1, w.Box.Y1)
		s.words = append(s.words, span{w.Box.X0, w.Box.X1})
	}
	return s, true
}

// unit says that the first figure of line i is none: it stands where the lines around it have short labels,
// such as units.
func unit(lines []line, i int) bool {
	first := lines[i].values()[0]
	labels, figures := 0, 0
	for k := max(0, i-unitLines); k <= min(len(lines)-1, i+unitLines); k++ {
		if k == i || !lines[k].valued() {
			continue
		}
		for _, p := range lines[k].parts {
			switch {
			case !p.meets(first.span):
			case p.figure:
				figures++
			case p.to-p.from <= unitWidth*lines[k].em:
				labels++
			}
		}
	}
	return labels >= leastRows && labels > 2*figures
}
