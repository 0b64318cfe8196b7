package synth

import (
	"fmt"
	"image"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// Place says where a number was printed: the box of its cell on a page, in points from the top left.
type Place struct {
	Path string
	Page int // from 0
	Box  layout.Rect
}

// Pages is a report laid out on paper, ready to be drawn or written as PDF.
type Pages struct {
	Width, Height float64 // in points
	Places        []Place
	report        *Report
	pages         []page
}

// Len is the number of pages.
func (p *Pages) Len() int { return len(p.pages) }

// page is what is put on one page. Coordinates are points, y down.
type page struct {
	glyphs []glyph
	lines  []line
	fills  []fill
}

type glyph struct {
	r    rune
	x, y float64 // of the origin on the baseline
	size float64
	face Face
	bold bool
}

type line struct {
	x0, y0, x1, y1 float64
	thickness      float64
}

type fill struct {
	box   layout.Rect
	level float64 // 1 is white
}

// Paper and type, in points, as office programs set a report.
const (
	paperLong, paperShort = 841.9, 595.3
	margin                = 68.0
	titleSize             = 18.0
	headingSize           = 15.0
	proseSize             = 14.0
	leading               = 1.6 // of prose, in type sizes
	cellLeading           = 1.3
	cellPadding           = 2.5
)

// LayOut sets a report on A4 pages; tables go on over the page where they must.
func LayOut(r *Report, st Style) *Pages {
	c := composer{st: st, out: &Pages{Width: paperShort, Height: paperLong, report: r}}
	if st.Landscape {
		c.out.Width, c.out.Height = paperLong, paperShort
	}
	c.newPage()
	c.paragraph(st.label(r.Title), titleSize, st.Head, true, alignCenter)
	c.y += titleSize / 2
	c.paragraph(st.label(r.Lead()), proseSize, st.Face, false, alignIndent)
	for _, s := range r.Sections {
		c.paragraph(st.label(s.Heading), headingSize, st.Head, true, alignIndent)
		for _, p := range s.Paragraphs {
			c.paragraph(st.label(p), proseSize, st.Face, false, alignIndent)
		}
		if s.Table != "" {
			for _, g := range r.Grids(s.Table, st) {
				c.table(g)
				c.y += proseSize
			}
		}
	}
	return c.out
}

type align int

const (
	alignLeft align = iota
	alignCenter
	alignIndent
)

type composer struct {
	st  Style
	out *Pages
	y   float64
	buf sfnt.Buffer
}

func (c *composer) page() *page { return &c.out.pages[len(c.out.pages)-1] }

func (c *composer) bottom() float64 { return c.out.Height - margin }

func (c *composer) newPage() {
	c.out.pages = append(c.out.pages, page{})
	c.y = margin
	number := fmt.Sprintf("- %d -", len(c.out.pages))
	w := c.width(number, 10, c.st.Face)
	c.text(number, (c.out.Width-w)/2, c.out.Height-margin/2, 10, c.st.Face, false)
}

// faceOf is the face that a character is set in.
func (c *composer) faceOf(r rune, face Face) Face {
	if r < 0x7f && c.st.Figures >= Times {
		return c.st.Figures
	}
	return face
}

func (c *composer) advance(r rune, size float64, face Face) float64 {
	f := loadFaces()[c.faceOf(r, face)]
	i, err := f.GlyphIndex(&c.buf, r)
	if err != nil || i == 0 {
		panic(fmt.Sprintf("synth: %q is not in the alphabet of face %d", r, face))
	}
	const ppem = 1000
	a, err := f.GlyphAdvance(&c.buf, i, fixed.I(ppem), font.HintingNone)
	if err != nil {
		panic(err)
	}
	return float64(a) / 64 / ppem * size
}

func (c *composer) width(s string, size float64, face Face) (w float64) {
	for _, r := range s {
		w += c.advance(r, size, face)
	}
	return w
}

// text sets s from x on with its baseline at y.
func (c *composer) text(s string, x, y, size float64, face Face, bold bool) {
	p := c.page()
	for _, r := range s {
		if r != ' ' {
			p.glyphs = append(p.glyphs, glyph{r, x, y, size, c.faceOf(r, face), bold})
		}
		x += c.advance(r, size, face)
	}
}

// noLineStart holds the characters that no line may begin with.
const noLineStart = "，。、；：）》”)〕,."

// wrap breaks s into lines of at most width; figures are kept together where they fit on a line.
func (c *composer) wrap(s string, width, first, size float64, face Face) []string {
	var lines []string
	rest := []rune(s)
	room := width - first
	for len(rest) > 0 {
		n, w := 0, 0.0
		for n < len(rest) {
			w += c.advance(rest[n], size, face)
			if w > room && n > 0 {
				break
			}
			n++
		}
		if n < len(rest) {
			cut := n
			for cut > 1 && (strings.ContainsRune(noLineStart, rest[cut]) || figure.IsPart(rest[cut]) && figure.IsPart(rest[cut-1])) {
				cut--
			}
			if cut > 1 || !figure.IsPart(rest[0]) {
				n = cut
			}
		}
		lines = append(lines, strings.TrimRight(string(rest[:n]), " "))
		rest = rest[n:]
		room = width
	}
	return lines
}

func (c *composer) paragraph(s string, size float64, face Face, bold bool, a align) {
	width, indent := c.out.Width-2*margin, 0.0
	if a == alignIndent {
		indent = 2 * size
	}
	for i, text := range c.wrap(s, width, indent, size, face) {
		if c.y+size*leading > c.bottom() {
			c.newPage()
		}
		x := margin
		switch {
		case a == alignCenter:
			x = (c.out.Width - c.width(text, size, face)) / 2
		case a == alignIndent && i == 0:
			x += indent
		}
		c.y += size * leading
		c.text(text, x, c.y-size*(leading-1)/2-size*0.12, size, face, bold)
	}
}

// cellText is the text of a box as lines, those that were set on an earlier page taken off.
type cellText struct {
	box   Box
	lines []string
	done  int
}

func (c *composer) table(g Grid) {
	st := c.st
	full := c.out.Width - 2*margin
	sum := 0.0
	for _, w := range g.Widths {
		sum += w
	}
	xs := []float64{margin}
	for _, w := range g.Widths {
		xs = append(xs, xs[len(xs)-1]+w/sum*full)
	}
	pitch := st.Size * cellLeading
	texts := make([]cellText, len(g.Boxes))
	heights := make([]float64, g.Rows)
	for i := range heights {
		heights[i] = st.Row
	}
	for span := 1; span <= g.Rows; span++ { // boxes of few rows first: tall ones need only what is left
		for i, b := range g.Boxes {
			if b.RowSpan != span {
				continue
			}
			texts[i] = cellText{box: b}
			if b.Vertical {
				for _, r := range b.Text {
					texts[i].lines = append(texts[i].lines, string(r))
				}
			} else if b.Text != "" {
				texts[i].lines = c.wrap(b.Text, xs[b.Col+b.ColSpan]-xs[b.Col]-2*cellPadding, 0, st.Size, st.Face)
			}
			need := float64(len(texts[i].lines))*pitch + 2*cellPadding
			have := 0.0
			for _, h := range heights[b.Row : b.Row+span] {
				have += h
			}
			if need > have {
				heights[b.Row+span-1] += need - have
			}
		}
	}
	head := 0.0
	for _, h := range heights[:min(g.Header+1, g.Rows)] {
		head += h
	}
	if c.y+head > c.bottom() {
		c.newPage()
	}
	for from := 0; from < g.Rows; {
		to, h := from, 0.0
		for to < g.Rows && (c.y+h+heights[to] <= c.bottom() || to == from) {
			h += heights[to]
			to++
		}
		c.rows(g, xs, heights, texts, from, to)
		from = to
		if from < g.Rows {
			c.newPage()
			if st.Repeat && g.Header > 0 {
				again := make([]cellText, 0, len(texts))
				for _, t := range texts {
					if t.box.Row < g.Header {
						t.done = 0
						again = append(again, t)
					}
				}
				c.rows(g, xs, heights, again, 0, g.Header)
			}
		}
	}
}

// rows sets the rows from to to of a table at the present place.
func (c *composer) rows(g Grid, xs, heights []float64, texts []cellText, from, to int) {
	st, p := c.st, c.page()
	ys := map[int]float64{from: c.y}
	for r := from; r < to; r++ {
		ys[r+1] = ys[r] + heights[r]
	}
	for i := range texts {
		t := &texts[i]
		b := t.box
		first, last := max(b.Row, from), min(b.Row+b.RowSpan, to)
		if first >= last {
			continue
		}
		box := layout.Rect{X0: xs[b.Col], Y0: ys[first], X1: xs[b.Col+b.ColSpan], Y1: ys[last]}
		if b.Shaded && st.Shade < 1 {
			p.fills = append(p.fills, fill{box, st.Shade})
		}
		over, under := line{box.X0, box.Y0, box.X1, box.Y0, st.Rule}, line{box.X0, box.Y1, box.X1, box.Y1, st.Rule}
		switch st.Ruling {
		case Boxed:
			p.lines = append(p.lines, over, under, line{box.X0, box.Y0, box.X0, box.Y1, st.Rule}, line{box.X1, box.Y0, box.X1, box.Y1, st.Rule})
		case ThreeLine:
			if b.Row == 0 && first == 0 {
				p.lines = append(p.lines, over)
			}
			if last == g.Rows || last == g.Header {
				p.lines = append(p.lines, under)
			}
		case RowRuled:
			p.lines = append(p.lines, over, under)
		case Borderless:
			if last < to || last == g.Header {
				p.lines = append(p.lines, under)
			}
			if b.Col+b.ColSpan < len(g.Widths) {
				p.lines = append(p.lines, line{box.X1, box.Y0, box.X1, box.Y1, st.Rule})
			}
		case ColumnRuled:
			p.lines = append(p.lines, line{box.X0, box.Y0, box.X0, box.Y1, st.Rule}, line{box.X1, box.Y0, box.X1, box.Y1, st.Rule})
		}
		if b.Path != "" {
			c.out.Places = append(c.out.Places, Place{b.Path, len(c.out.pages) - 1, box})
		}
		pitch := st.Size * cellLeading
		lines := t.lines[t.done:]
		if b.Row+b.RowSpan > to { // the box goes on over the page: its text too, if it must
			lines = lines[:min(len(lines), int((box.Height()-2*cellPadding)/pitch))]
		}
		t.done += len(lines)
		y := (box.Y0+box.Y1)/2 - float64(len(lines))*pitch/2
		for _, s := range lines {
			x := box.X0 + cellPadding
			if !b.Left {
				x = (box.X0 + box.X1 - c.width(s, st.Size, st.Face)) / 2
			}
			c.text(s, x, y+pitch*0.5+st.Size*0.36, st.Size, st.Face, b.Bold)
			y += pitch
		}
	}
	c.y = ys[to]
}

// PixelBox is a box of a page as it lies on a picture of so many dots an inch.
func PixelBox(b layout.Rect, dpi float64) layout.Rect {
	k := dpi / 72
	return layout.Rect{X0: b.X0 * k, Y0: b.Y0 * k, X1: b.X1 * k, Y1: b.Y1 * k}
}

// bounds is the size of a page's picture.
func (p *Pages) bounds(dpi float64) image.Rectangle {
	return image.Rect(0, 0, int(p.Width*dpi/72+0.5), int(p.Height*dpi/72+0.5))
}
