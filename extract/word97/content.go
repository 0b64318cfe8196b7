package word97

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// Characters that mean something else than themselves.
const (
	charPicture    = 0x01
	charCell       = 0x07
	charDrawing    = 0x08
	charTab        = 0x09
	charLine       = 0x0B
	charPage       = 0x0C
	charParagraph  = 0x0D
	charColumn     = 0x0E
	charFieldBegin = 0x13
	charFieldParts = 0x14
	charFieldEnd   = 0x15
	charHyphen     = 0x1E
	charSoftHyphen = 0x1F
	charSymbol     = 0x28

	// Characters of symbol fonts have 0xF000 added to their codes.
	firstSymbol, lastSymbol = 0xF000, 0xF0FF
)

// paragraph is one paragraph as it was read.
type paragraph struct {
	properties
	text  string
	after []layout.Block // pictures and text boxes that are anchored here
	ink   flow.Ink       // something that is not text was seen
	cell  bool           // it ends with the mark of a cell
	// gone says that the paragraph's mark is deleted or hidden: the next one goes on with it, and a
	// row with such an end is not seen.
	gone bool
	// colors of its figures that are not on a ground of their own.
	colors []flow.Color
}

func (d *document) blocks() ([]layout.Block, error) {
	d.budget = maxModifiers
	if err := d.readPieces(); err != nil {
		return nil, err
	}
	var err error
	const papx, chpx = 13, 1 // bytes of an entry in a page
	if d.paragraphs, err = d.readExtents(tablePapx, paragraphExtent, papx); err != nil {
		return nil, err
	}
	if d.characters, err = d.readExtents(tableChpx, characterExtent, chpx); err != nil {
		return nil, err
	}
	d.readStyles()
	d.readFonts()
	d.readLists()
	d.readBoxes()
	main, err := d.read(0, u32(d.main, atLengths))
	if err != nil {
		return nil, err
	}
	out, err := d.build(main)
	if err != nil {
		return nil, err
	}
	for i := range d.boxes {
		more, err := d.box(&d.boxes[i]) // those whose anchor was not met
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// read gives the paragraphs of a range of characters.
func (d *document) read(first, last int) ([]paragraph, error) {
	var out []paragraph
	r := reader{d: d}
	for i := range d.pieces {
		p := &d.pieces[i]
		from, to := max(first, p.first), min(last, p.last)
		for cp := from; cp < to; cp++ {
			at := p.at + (cp-p.first)*p.size
			unit := narrow(d.main[at])
			if p.size == 2 {
				unit = uint16(u16(d.main, at))
			}
			if err := r.look(at, p); err != nil {
				return nil, err
			}
			if unit == charDrawing {
				more, err := d.anchored(cp)
				if err != nil {
					return nil, err
				}
				r.after = append(r.after, more...)
			}
			if !r.put(unit) {
				continue
			}
			para, err := r.end(unit, at, p)
			if err != nil {
				return nil, err
			}
			out = append(out, para)
		}
	}
	if len(r.units) > 0 {
		out = append(out, paragraph{properties: properties{list: -1, outline: -1}, text: r.take(), after: r.after, ink: r.ink})
	}
	return out, nil
}

// narrow decodes a character of one byte.
func narrow(b byte) uint16 {
	if b < 0x80 {
		return uint16(b)
	}
	return uint16(charmap.Windows1252.DecodeByte(b))
}

// field is a field that is being read.
type field struct {
	instruction bool // what comes belongs to the instruction, which is not seen
	code        []uint16
	before      int // characters of the paragraph before the field
}

// reader follows the characters of one part of the document.
type reader struct {
	d      *document
	units  []uint16
	ink    flow.Ink
	after  []layout.Block
	count  int     // of pictures
	fields []field // that are open, innermost last
	at     *extent // the extent that this is the look of
	piece  *piece
	now    look
	base   int // by how many half-points the first text of the paragraph was moved
	begun  bool
	size   int          // of the last figure, in half-points
	colors []flow.Color // of the paragraph's figures
	white  []int        // where figures stand that have the color of paper
}

// leastRise in half-points tells text that is raised or lowered from text that was moved to sit well on its line.
const leastRise = 4

// rise of a character: positive where it is raised, against the paragraph's first text where it was only moved.
func (r *reader) rise() int {
	if r.now.rise != 0 {
		return r.now.rise
	}
	if d := r.now.shift - r.base; d >= leastRise || d <= -leastRise {
		return d
	}
	return 0
}

// look finds out how the character at a place looks.
func (r *reader) look(at int, p *piece) error {
	if r.at != nil && r.piece == p && at >= r.at.from && at < r.at.to {
		return nil
	}
	r.at, r.piece, r.now = find(r.d.characters, at), p, look{picture: -1}
	if r.at == nil {
		return nil
	}
	if of := find(r.d.paragraphs, at); of != nil {
		if err := r.d.ofStyle(of.style, &r.now); err != nil {
			return err
		}
	}
	if err := r.d.look(r.at.modifiers, &r.now); err != nil {
		return err
	}
	return r.d.look(p.modifiers, &r.now)
}

// seen says that no field's instruction is being read.
func (r *reader) seen() bool {
	return !slices.ContainsFunc(r.fields, func(f field) bool { return f.instruction })
}

// put takes a character and says whether it ends a paragraph.
func (r *reader) put(unit uint16) bool {
	const deepest = 64
	switch unit {
	case charParagraph, charCell, charPage:
		return true
	case charFieldBegin:
		if len(r.fields) < deepest {
			r.fields = append(r.fields, field{instruction: true, before: len(r.units)})
		}
		return false
	case charFieldParts:
		if n := len(r.fields); n > 0 {
			r.fields[n-1].instruction = false
		}
		return false
	case charFieldEnd:
		if n := len(r.fields); n > 0 {
			f := r.fields[n-1]
			r.fields = r.fields[:n-1]
			if shown, ok := flow.Equation(string(utf16.Decode(f.code))); ok && r.seen() && len(r.units) <= f.before {
				r.units = append(r.units, utf16.Encode([]rune(shown))...)
			} else if code := string(utf16.Decode(f.code)); r.seen() {
				r.ink |= flow.Unsaid.If(len(r.units) <= f.before && !ok && flow.FieldShows(code)) | flow.Struck.If(flow.FieldDoubtful(code))
			}
		}
		return false
	}
	if unit == charPicture && r.now.form {
		r.ink |= flow.Unsaid.If(r.d.choice(r.now.picture))
		return false
	}
	const longest = 4096 // characters of an instruction that matter
	if n := len(r.fields); n > 0 && r.fields[n-1].instruction && unit >= ' ' && len(r.fields[n-1].code) < longest {
		r.fields[n-1].code = append(r.fields[n-1].code, unit)
	}
	if !r.seen() {
		return false
	}
	if r.now.hidden || r.now.deleted || r.now.size > 0 && r.now.size <= smallest || r.now.scale > 0 && r.now.scale <= narrowest {
		// What a cell hides is not read, but such a cell is not blank either.
		r.ink |= flow.Unsaid.If(unit > ' ')
		return false
	}
	switch unit {
	case charPicture:
		r.ink |= flow.Unsaid
		r.count++
		if b, ok := r.d.picture(r.now.picture, r.count); ok {
			r.after = append(r.after, b)
		}
	case charDrawing:
		r.ink |= flow.Unsaid | flow.Struck // it may float before the text
	case charLine, charColumn:
		r.units = append(r.units, '\n')
	case charTab:
		r.units = append(r.units, '\t')
	case charHyphen:
		r.units = append(r.units, '-')
	case charSoftHyphen:
	default:
		if !r.begun && unit > ' ' {
			r.begun, r.base = true, r.now.shift
		}
		r.digit(unit)
		switch {
		case r.now.struck || r.now.doubled:
			// Struck out is not said; but a cell in which something is struck out is not blank.
			r.ink |= flow.Struck.If(unit > ' ')
		case unit == charSymbol && r.now.symbol != "":
			r.units = append(r.units, utf16.Encode([]rune(r.now.symbol))...)
		case unit >= firstSymbol && unit <= lastSymbol, strings.HasPrefix(strings.ToLower(r.now.font), "wingdings"), strings.EqualFold(r.now.font, "webdings"):
			r.units = append(r.units, utf16.Encode([]rune(flow.Symbol(r.now.font, rune(unit))))...)
		case r.now.told && r.now.grounded && r.now.ground.Hides(r.now.color) && figure.IsDigit(rune(unit)):
			r.ink |= flow.Unsaid
		case r.rise() > 0:
			r.units = append(r.units, utf16.Encode([]rune(flow.Superscript(string(rune(unit)))))...)
		case r.rise() < 0:
			r.units = append(r.units, utf16.Encode([]rune(flow.Subscript(string(rune(unit)))))...)
		case unit >= ' ':
			r.units = append(r.units, unit)
		}
	}
	return false
}

// smallest in half-points is the size up to which print is not seen; narrowest the part of its width, in hundredths; tightest the distance in
// twentieths of a point at which letters lie on one another; leastSmaller by how much figures are smaller than those beside them where they may be the
// mark of a note.
const smallest, narrowest, tightest, leastSmaller = 4, 5, -100, 1.25

// digit notes how a figure looks: its color, for the ground of its cell is told at the end of the row, and whether it is set apart from the one before it.
func (r *reader) digit(unit uint16) {
	if !figure.IsDigit(rune(unit)) || r.now.struck || r.now.doubled {
		return
	}
	if r.now.told && !r.now.grounded && !slices.Contains(r.colors, r.now.color) {
		r.colors = append(r.colors, r.now.color)
	}
	if r.now.told && !r.now.grounded && flow.White.Hides(r.now.color) {
		r.white = append(r.white, len(r.units))
	}
	size := max(r.now.size, 1)
	if n := len(r.units); n > 0 && r.size > 0 && r.now.size > 0 && r.rise() == 0 && figure.IsDigit(rune(r.units[n-1])) {
		r.ink |= flow.Struck.If(float64(max(size, r.size)) >= leastSmaller*float64(min(size, r.size)))
	}
	r.size = r.now.size
	// Some programs print black on black where no color is named, others white.
	blackened := r.now.grounded && !r.now.told && r.now.ground.Hides(flow.Color{})
	r.ink |= flow.Struck.If(r.now.spacing <= tightest || r.now.inTwo || blackened)
}

func (r *reader) take() string {
	s := string(utf16.Decode(r.units))
	r.units = r.units[:0]
	return s
}

// end makes a paragraph of what was taken since the last one.
func (r *reader) end(mark uint16, at int, p *piece) (paragraph, error) {
	out := paragraph{properties: properties{list: -1, level: -1, outline: -1}, ink: r.ink, after: r.after, cell: mark == charCell, colors: r.colors}
	out.gone = r.now.hidden || r.now.deleted
	r.ink, r.after, r.colors, r.size = 0, nil, nil, 0
	r.at, r.base, r.begun = nil, 0, false // the next paragraph has a style of its own
	for i := range r.fields {
		r.fields[i].instruction = false // an instruction does not go on in the next paragraph
	}
	if e := find(r.d.paragraphs, at); e != nil {
		out.style = e.style
		if err := r.d.apply(e.modifiers, &out.properties, 0); err != nil {
			return out, err
		}
	}
	if err := r.d.apply(p.modifiers, &out.properties, 0); err != nil {
		return out, err
	}
	if out.shaded {
		out.colors = nil
	} else if !out.inTable {
		for i := len(r.white) - 1; i >= 0; i-- {
			if at := r.white[i]; at < len(r.units) {
				r.units = slices.Delete(r.units, at, at+1)
			}
			out.ink |= flow.Unsaid
		}
	}
	r.white = nil
	out.text = r.take()
	if out.pressed && out.text != "" {
		out.text, out.ink = "", out.ink|flow.Unsaid
	}
	out.ink |= flow.Struck.If(out.off)
	return out, r.d.inherit(&out.properties)
}

// level is one table that is being read, innermost last.
type level struct {
	rows  []tableRow
	cells []*story // of the row that is being read
	cell  *story
}

type tableRow struct {
	row
	cells []*story
}

// story collects the blocks of the document or of a cell.
type story struct {
	out   []layout.Block
	carry string
	ink   flow.Ink
	// colors of its figures that are not on a ground of their own.
	colors []flow.Color
}

// ground is what a row says that the cell's text is printed on: figures that nobody sees there are named.
func (s *story) ground(of flow.Ground) {
	if slices.ContainsFunc(s.colors, of.Hides) {
		s.ink |= flow.Unsaid
		var out []layout.Block
		for _, b := range s.out {
			if len(s.colors) > 1 || b.Paragraph == nil || !figure.Bare(strings.TrimSpace(b.Paragraph.Text)) {
				out = append(out, b) // of several colors: not all of it may be hidden
				s.ink |= flow.Struck
			}
		}
		s.out = out
	}
}

func (s *story) add(d *document, p *paragraph) {
	s.ink |= p.ink
	s.colors = append(s.colors, p.colors...)
	defer func() { s.out = append(s.out, p.after...) }()
	if p.gone && !p.cell {
		s.carry += p.text
		return
	}
	label := ""
	if p.list > 0 && p.list <= len(d.lists) {
		label = d.lists[p.list-1].Next(max(p.level, 0))
	}
	s.ink |= flow.Struck.If(flow.Meet(label, s.carry+p.text))
	text := flow.Clean(label + s.carry + p.text)
	s.carry = ""
	const body = 9
	if p.outline >= 0 && p.outline < body {
		if text != "" {
			s.out = append(s.out, flow.Paragraph(text, p.outline+1))
		}
		return
	}
	for l := range strings.SplitSeq(text, "\n") {
		if l != "" {
			s.out = append(s.out, flow.Paragraph(l, 0))
		}
	}
}

// maxDepth of tables in tables.
const maxDepth = 32

// build makes blocks of paragraphs: rows of cells, rows to tables, tables in tables.
func (d *document) build(paragraphs []paragraph) ([]layout.Block, error) {
	var top story
	var open []*level
	// close ends tables down to a depth.
	shut := func(depth int) error {
		for len(open) > depth {
			l := open[len(open)-1]
			open = open[:len(open)-1]
			if len(l.cells) > 0 || l.cell != nil {
				return fmt.Errorf("%w: a row without its end", ErrUnsure)
			}
			blocks, err := l.table()
			if err != nil {
				return err
			}
			into := &top
			if len(open) > 0 {
				into = open[len(open)-1].current()
			}
			into.out = append(into.out, blocks...)
		}
		return nil
	}
	for i := range paragraphs {
		p := &paragraphs[i]
		depth := 0
		if p.inTable || p.rowEnd {
			depth = max(p.depth, 1)
		}
		if depth > maxDepth {
			return nil, fmt.Errorf("%w: tables %d deep", ErrUnsure, depth)
		}
		if depth == 0 && p.cell {
			return nil, fmt.Errorf("%w: a cell outside a table", ErrUnsure)
		}
		for len(open) < depth {
			open = append(open, &level{})
		}
		if err := shut(depth); err != nil {
			return nil, err
		}
		if depth == 0 {
			top.add(d, p)
			continue
		}
		l := open[depth-1]
		rowEnd, cellEnd := p.rowEnd, p.cell && !p.rowEnd
		if depth > 1 {
			rowEnd, cellEnd = p.innerRowEnd, p.innerCell && !p.innerRowEnd
		}
		switch {
		case rowEnd:
			if p.row == nil || l.cell != nil || len(p.row.cells) != len(l.cells) {
				return nil, fmt.Errorf("%w: a row of %d cells tells another number", ErrUnsure, len(l.cells))
			}
			for i, c := range l.cells {
				of := flow.White
				if i < len(p.shades) {
					of = p.shades[i]
				}
				c.ground(of)
				c.ink |= flow.Struck.If(p.crossed[i])
				if p.low && len(c.out) > 0 {
					c.out, c.ink = nil, c.ink|flow.Unsaid
				}
			}
			if !p.gone {
				l.rows = append(l.rows, tableRow{*p.row, l.cells})
			}
			l.cells = nil
		default:
			l.current().add(d, p)
			if cellEnd {
				l.cells = append(l.cells, l.cell)
				l.cell = nil
			}
		}
	}
	if err := shut(0); err != nil {
		return nil, err
	}
	return top.out, nil
}

func (l *level) current() *story {
	if l.cell == nil {
		l.cell = &story{}
	}
	return l.cell
}

// table places the cells of all rows on the grid of their edges.
func (l *level) table() ([]layout.Block, error) {
	var edges []int
	for _, r := range l.rows {
		edges = append(edges, r.edges...)
	}
	column := columns(edges)
	var g flow.Grid
	open := map[int]*flow.Cell{} // vertically merged cells of the row above, by column
	for i, r := range l.rows {
		next := map[int]*flow.Cell{}
		for k := 0; k < len(r.cells); k++ {
			last := k
			if r.row.cells[k].first {
				for last+1 < len(r.cells) && r.row.cells[last+1].merged {
					last++
				}
			}
			from, to := column(r.edges[k]), column(r.edges[last+1])
			vertical, s := r.row.cells[k].vertical, r.cells[k]
			k = last
			if to <= from {
				if len(s.out) == 0 && s.ink == 0 {
					continue // a cell without width or content is not seen
				}
				return nil, fmt.Errorf("%w: a cell without width", ErrUnsure)
			}
			if above := open[from]; vertical == verticalMerged && above != nil && above.ColSpan() == to-from && g.Extend(above, i) {
				next[from] = above
				continue
			}
			c := g.Place(i, from, 1, to-from)
			if c == nil {
				return nil, fmt.Errorf("%w: cells over one another", ErrUnsure)
			}
			if c.ColSpan() != to-from {
				return nil, fmt.Errorf("%w: cells over one another", ErrUnsure)
			}
			c.Content, c.Ink = s.out, s.ink
			if vertical == verticalMerged || vertical == verticalRestart {
				next[from] = c
			}
		}
		open = next
	}
	return g.Table(), nil
}

// columns gives a function from edges to columns: edges that lie close together are one line, since
// Word lets rows of one table differ by a few units.
func columns(edges []int) func(int) int {
	const close = 35 // twentieths of a point; the narrowest cells have some hundreds
	edges = slices.Clone(edges)
	slices.Sort(edges)
	edges = slices.Compact(edges)
	at := make(map[int]int, len(edges))
	n, start := -1, 0
	for i, e := range edges {
		if i == 0 || e-start > close {
			n, start = n+1, e
		}
		at[e] = n
	}
	return func(edge int) int { return at[edge] }
}
