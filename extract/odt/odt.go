// Package odt reads OpenDocument texts: paragraphs with the numbers of their lists, headings, and
// tables, whose cells say what they span.
//
// As in the other readers the rule is to give what a reader of the finished document sees: deletions,
// notes, comments and hidden text are left out, lists are numbered, text boxes are read where they
// are anchored.
package odt

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/numbering"
	"github.com/nianbao/nianbao/extract/parts"
	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/figure"
)

var prefixes = map[string]string{
	"urn:oasis:names:tc:opendocument:xmlns:office:1.0":                     "office",
	"urn:oasis:names:tc:opendocument:xmlns:text:1.0":                       "text",
	"urn:oasis:names:tc:opendocument:xmlns:table:1.0":                      "table",
	"urn:oasis:names:tc:opendocument:xmlns:style:1.0":                      "style",
	"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0":                    "draw",
	"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0":             "svg",
	"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0":                   "manifest",
	"urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0":     "field",
	"urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0": "loext",
	"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0":          "fo",
	"http://www.w3.org/1999/xlink":                                         "xlink",
	"http://www.w3.org/XML/1998/namespace":                                 "xml",
}

// minWidth and minHeight in millimetres of a picture outside tables that may hold a table: wider than
// a seal, which has 42 mm at most.
const minWidth, minHeight = 50, 20

// Read gives the blocks of a document. Errors wrap diag.ErrEmpty, ErrDamaged, ErrEncrypted,
// ErrTooLarge or ErrFormat.
func Read(data []byte) (*layout.Document, []diag.Warning, error) {
	if len(data) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	pkg, err := parts.Open(data)
	if err != nil {
		return nil, nil, fmt.Errorf("ODT: %w", err)
	}
	r := &reader{pkg: pkg, styles: map[string]*style{}, lists: map[string]*xmltree.Node{}, open: map[string]*numbering.Instance{}, ground: flow.White}
	if m, err := r.tree("META-INF/manifest.xml"); err == nil {
		locked := false
		m.Find(func(*xmltree.Node) { locked = true }, "manifest:encryption-data")
		if locked {
			return nil, nil, fmt.Errorf("ODT: %w", diag.ErrEncrypted)
		}
	}
	content, err := r.tree("content.xml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%w: an archive without an OpenDocument text (%w)", diag.ErrFormat, err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("ODT: %w", err)
	}
	body := content.Kid("office:body").Kid("office:text")
	if body == nil {
		return nil, nil, fmt.Errorf("%w: an OpenDocument that is no text", diag.ErrFormat)
	}
	if common, err := r.tree("styles.xml"); err == nil {
		r.load(common)
	}
	r.load(content)
	var s story
	r.content(body, &s, nil)
	return flow.Document(s.out), nil, nil
}

type reader struct {
	pkg     *parts.Archive
	styles  map[string]*style        // by family and name
	lists   map[string]*xmltree.Node // definitions, by name
	open    map[string]*numbering.Instance
	outline *numbering.Instance
	ground  flow.Ground // of what is being read
}

// style is what a style says of its text, by the attributes in says; what it does not say, its parent says.
type style struct {
	parent string
	says   look
	whole  *xmltree.Node
}

// look is what is said of a text, by attribute.
type look map[string]string

// says are the attributes that tell how text is shown.
var says = []string{"text:display", "style:text-position", "style:text-line-through-style", "style:text-line-through-type", "style:font-name", "fo:color", "fo:background-color", autoColor,
	"fo:font-size", "style:text-scale", "fo:letter-spacing", "loext:opacity", "style:text-combine"}

// What is said of the ground of a paragraph, and of a cell, a row or a table, beside that of the text itself.
const paragraphGround, cellGround = "paragraph ground", "cell ground"

// autoColor says that a program chooses a color of text that is seen on its ground.
const autoColor = "style:use-window-font-color"

// smallest in points is the size up to which print is not seen, leastSmaller by how much figures are smaller than those beside them where they may
// be the mark of a note, tightest the distance in points at which letters lie on one another; narrowest and faint are hundredths of the usual.
const smallest, leastSmaller, tightest, narrowest, faint = 2, 1.25, -5, 5, 10

// size of the print in points; 0 where nobody says, or says it of another's.
func (l look) size() float64 {
	if !strings.HasSuffix(l["fo:font-size"], "pt") {
		return 0
	}
	return millimetres(l["fo:font-size"]) * 72 / 25.4
}

// hundredths reads a part of a whole; all of it where nothing is said.
func hundredths(s string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	if err != nil {
		return 100
	}
	return v
}

// doubtful says that figures of this look may be shown otherwise than they stand here.
func (l look) doubtful() bool {
	return millimetres(l["fo:letter-spacing"])*72/25.4 <= tightest || l["style:text-combine"] == "lines"
}

// over gives a look where what the other says counts only as far as this one says nothing.
func (l look) over(other look) look {
	out := maps.Clone(other)
	if out == nil {
		out = look{}
	}
	maps.Copy(out, l)
	return out
}

func (l look) hidden() bool {
	size := l.size()
	clear := l[autoColor] != "true" && l["fo:color"] != "" && hundredths(l["loext:opacity"]) <= faint // LibreOffice says it of colors that a program chooses, too
	return clear || l["text:display"] == "none" || size > 0 && size <= smallest || hundredths(l["style:text-scale"]) <= narrowest
}

func (l look) struck() bool {
	line := cmp.Or(l["style:text-line-through-style"], l["style:text-line-through-type"])
	return line != "" && line != "none"
}

// pale says that the text has the color of its ground. A program chooses a color that is seen where it may.
func (l look) pale(behind flow.Ground) bool {
	color, ok := flow.Hex(l["fo:color"])
	return ok && l[autoColor] != "true" && ground(l["fo:background-color"], ground(l[paragraphGround], behind)).Hides(color)
}

// ground is what a color of a background makes of the ground around it.
func ground(color string, around flow.Ground) flow.Ground {
	if color == "" || color == "transparent" {
		return around
	}
	c, ok := flow.Hex(color)
	return flow.Ground{Color: c, Known: ok}
}

// rise is positive for raised text, negative for lowered text.
func (l look) rise() int {
	switch place, _, _ := strings.Cut(l["style:text-position"], " "); {
	case place == "super":
		return 1
	case place == "sub", strings.HasPrefix(place, "-"):
		return -1
	case place != "" && strings.Trim(place, "0%.") != "":
		return 1
	}
	return 0
}

// ground notes what properties say of a ground.
func (s *style) ground(name string, of *xmltree.Node) {
	if color := of.Attr("fo:background-color"); color != "" {
		s.says = s.says.over(look{name: color})
	}
}

func (r *reader) tree(part string) (*xmltree.Node, error) {
	data, err := r.pkg.Read(part)
	if err != nil {
		return nil, err
	}
	n, err := xmltree.Parse(data, prefixes)
	if err != nil {
		return nil, fmt.Errorf("part %q: %w", part, err)
	}
	return n, nil
}

// load collects the styles of a part.
func (r *reader) load(n *xmltree.Node) {
	n.Find(func(k *xmltree.Node) {
		switch k.Name {
		case "style:style", "style:default-style":
			s := &style{parent: k.Attr("style:parent-style-name"), whole: k}
			if t := k.Kid("style:text-properties"); t != nil {
				s.says = look{}
				for _, name := range says {
					if v := t.Attr(name); v != "" {
						s.says[name] = v
					}
				}
			}
			if s.says["fo:color"] != "" && s.says[autoColor] == "" {
				s.says[autoColor] = "false"
			}
			for _, of := range k.Kids {
				switch of.Name {
				case "style:paragraph-properties":
					s.ground(paragraphGround, of)
				case "style:table-cell-properties", "style:table-row-properties", "style:table-properties":
					s.ground(cellGround, of)
				}
			}
			r.styles[k.Attr("style:family")+"/"+k.Attr("style:name")] = s
		case "text:list-style":
			r.lists[k.Attr("style:name")] = k
		case "text:outline-style":
			r.outline = &numbering.Instance{List: define(k)}
		}
	}, "style:style", "style:default-style", "text:list-style", "text:outline-style")
}

// formats are number formats by what ODF writes for them: the first number of a sequence.
var formats = map[string]string{
	"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
	"一": "chineseCounting", "壹": "chineseLegalSimplified", "①": "decimalEnclosedCircle", "甲": "ideographTraditional",
	"子": "ideographZodiac", "１": "decimalFullWidth", "〇": "ideographDigital", "": "none",
}

// define makes a list of the definitions of its levels.
func define(n *xmltree.Node) *numbering.List {
	l := &numbering.List{}
	for _, k := range n.Kids {
		at, err := strconv.Atoi(k.Attr("text:level"))
		if err != nil || at < 1 || at > numbering.Levels {
			continue
		}
		lvl := &numbering.Level{Start: 1, Format: "bullet", Restart: -1}
		if k.Name == "text:list-level-style-number" || k.Name == "text:outline-level-style" {
			first, _, _ := strings.Cut(k.Attr("style:num-format"), ",")
			lvl.Format = "decimal"
			if f, ok := formats[first]; ok {
				lvl.Format = f
			}
			if v, err := strconv.Atoi(k.Attr("text:start-value")); err == nil {
				lvl.Start = v
			}
			shown, err := strconv.Atoi(k.Attr("text:display-levels"))
			if err != nil {
				shown = 1
			}
			var places []string
			for i := max(1, at-shown+1); i <= at; i++ {
				places = append(places, "%"+strconv.Itoa(i))
			}
			lvl.Text = k.Attr("style:num-prefix") + strings.Join(places, ".") + k.Attr("style:num-suffix")
			if f := k.Attr("loext:num-list-format"); f != "" { // %1%.%2% in LibreOffice
				for i := 1; i <= numbering.Levels; i++ {
					f = strings.ReplaceAll(f, "%"+strconv.Itoa(i)+"%", "%"+strconv.Itoa(i))
				}
				lvl.Text = f
			}
			if lvl.Format == "none" && k.Attr("style:num-prefix", "style:num-suffix") == "" {
				lvl.Text = ""
			}
			align := k.Kid("style:list-level-properties").Kid("style:list-level-label-alignment")
			lvl.Close = align != nil && align.Attr("text:label-followed-by") == "nothing"
		}
		l.Levels[at-1] = lvl
	}
	return l
}

// story collects the blocks of the document, a cell or a text box.
type story struct {
	out []layout.Block
	ink flow.Ink
}

// item is where in a list a paragraph stands.
type item struct {
	of      *numbering.Instance
	level   int
	counted bool // the item has its number already
}

// content reads what stands at the level of paragraphs.
func (r *reader) content(n *xmltree.Node, s *story, at *item) {
	for _, k := range n.Kids {
		switch k.Name {
		case "text:p", "text:h":
			r.paragraph(k, s, at)
		case "text:list":
			r.list(k, s, at)
		case "table:table":
			s.out = append(s.out, r.table(k)...)
		case "draw:frame", "draw:custom-shape", "draw:g", "draw:rect", "draw:text-box":
			var p para
			r.shape(k, &p)
			s.out, s.ink = append(s.out, p.after...), s.ink|p.ink
		case "text:tracked-changes", "office:forms", "text:sequence-decls", "text:variable-decls", "text:user-field-decls",
			"office:annotation", "text:index-title-template", "text:table-of-content-source":
		case "":
		default:
			if k.Attr("text:display") == "none" || k.Attr("text:is-hidden") == "true" {
				s.ink |= flow.Unsaid.If(flow.Clean(k.Content()) != "")
			} else {
				r.content(k, s, at)
			}
		}
	}
}

func (r *reader) list(n *xmltree.Node, s *story, at *item) {
	in := &item{}
	if at != nil {
		in.of, in.level = at.of, at.level+1
	}
	name := n.Attr("text:style-name")
	if at == nil || name != "" {
		continued := n.Attr("text:continue-list")
		switch {
		case continued != "" && r.open["#"+continued] != nil:
			in.of = r.open["#"+continued]
		case n.Attr("text:continue-numbering") == "true" && r.open[name] != nil:
			in.of = r.open[name]
		case r.lists[name] != nil:
			in.of = &numbering.Instance{List: define(r.lists[name])}
		}
		if in.of != nil {
			r.open[name] = in.of
			if id := n.Attr("xml:id"); id != "" {
				r.open["#"+id] = in.of
			}
		}
	}
	for _, k := range n.Kids {
		if k.Name == "text:list-item" || k.Name == "text:list-header" {
			in.counted = k.Name == "text:list-header"
			r.content(k, s, in)
		}
	}
}

// para collects the content of one paragraph.
type para struct {
	text  strings.Builder
	after []layout.Block
	ink   flow.Ink
	size  float64 // of the last figures, in points
	// from is where the text of an open field begins; shows, that a program puts something there.
	from  int
	shows bool
}

func (r *reader) paragraph(n *xmltree.Node, s *story, at *item) {
	label := ""
	heading := 0
	if n.Name == "text:h" {
		heading, _ = strconv.Atoi(n.Attr("text:outline-level"))
		heading = min(max(heading, 1), 9)
	}
	switch {
	case at != nil && at.of != nil && !at.counted:
		label, at.counted = at.of.Next(at.level), true
	case at == nil && heading > 0 && r.outline != nil && n.Attr("text:is-list-header") != "true":
		label = r.outline.Next(heading - 1)
	}
	var p para
	pressed, off := r.pressed(n.Attr("text:style-name"))
	if look := r.look("paragraph", n.Attr("text:style-name")); !look.hidden() && !pressed && !unshown(n) {
		r.inline(n, &p, look)
		p.ink |= flow.Struck.If(off)
	} else {
		label = ""
		p.ink = flow.Unsaid.If(flow.Clean(n.Content()) != "")
	}
	s.ink |= p.ink | flow.Struck.If(flow.Meet(label, p.text.String()))
	text := flow.Clean(label + p.text.String())
	if heading > 0 && text != "" {
		s.out = append(s.out, flow.Paragraph(text, heading))
	} else {
		for l := range strings.SplitSeq(text, "\n") {
			if l != "" {
				s.out = append(s.out, flow.Paragraph(l, 0))
			}
		}
	}
	s.out = append(s.out, p.after...)
}

// unshown says that a field hides the whole paragraph.
func unshown(n *xmltree.Node) bool {
	hides := false
	n.Find(func(k *xmltree.Node) { hides = hides || k.Attr("text:is-hidden") == "true" }, "text:hidden-paragraph")
	return hides
}

// look gives what a style says, with what it inherits.
func (r *reader) look(family, name string) look {
	const longest = 32 // a chain may be a circle
	var out look
	for range longest {
		s := r.styles[family+"/"+name]
		if s == nil {
			break
		}
		out = out.over(s.says)
		name = s.parent
	}
	if usual := r.styles[family+"/"]; usual != nil && family == "paragraph" {
		out = out.over(usual.says)
	}
	return out
}

// property that a style sets of a paragraph, a cell, a row or a drawing, or one that it inherits from; "" where none does.
func (r *reader) property(family, name, of, attribute string) string {
	const longest = 32 // a chain may be a circle
	for range longest {
		s := r.styles[family+"/"+name]
		if s == nil {
			return ""
		}
		if v := s.whole.Kid("style:" + of + "-properties").Attr(attribute); v != "" {
			return v
		}
		name = s.parent
	}
	return ""
}

// lowest in millimetres is the height of a line or row, said to be exact, in which nothing is seen; outLeft and outRight are how far an indent
// puts print out of a cell.
const lowest, outLeft, outRight = 2, -15, 100

// pressed says that the lines of a paragraph are too low to show anything; off, that it is indented out of where it stands.
func (r *reader) pressed(style string) (pressed, off bool) {
	height := r.property("paragraph", style, "paragraph", "fo:line-height")
	indent := millimetres(r.property("paragraph", style, "paragraph", "fo:margin-left")) + millimetres(r.property("paragraph", style, "paragraph", "fo:text-indent"))
	mm := millimetres(height)
	return height != "" && !strings.HasSuffix(height, "%") && height != "normal" && mm <= lowest, indent <= outLeft || indent >= outRight
}

// inline reads what stands in a paragraph, in a look.
func (r *reader) inline(n *xmltree.Node, p *para, look look) {
	for _, k := range n.Kids {
		switch k.Name {
		case "":
			r.write(p, collapse(k.Text), look)
		case "text:span":
			within := r.look("text", k.Attr("text:style-name")).over(look)
			if within.hidden() {
				// What a cell hides is not read, but such a cell is not blank either.
				p.ink |= flow.Unsaid.If(flow.Clean(k.Content()) != "")
				continue
			}
			r.inline(k, p, within)
		case "text:s":
			c, err := strconv.Atoi(k.Attr("text:c"))
			if err != nil {
				c = 1
			}
			const most = 1000
			r.write(p, strings.Repeat(" ", min(max(c, 0), most)), look)
		case "text:tab":
			p.text.WriteByte('\t')
		case "text:line-break":
			p.text.WriteByte('\n')
		case "text:ruby":
			if base := k.Kid("text:ruby-base"); base != nil {
				r.inline(base, p, look)
			}
		case "draw:frame", "draw:custom-shape", "draw:g", "draw:rect", "draw:line", "draw:connector", "draw:polyline", "draw:polygon", "draw:path", "draw:ellipse",
			"draw:circle", "draw:measure":
			r.shape(k, p)
		case "text:placeholder", "draw:control":
			p.ink |= flow.Unsaid // an invitation, or a field whose value stands elsewhere
		case "loext:content-control":
			if k.Attr("loext:showing-place-holder") == "true" {
				p.ink |= flow.Unsaid.If(flow.Clean(k.Content()) != "")
			} else {
				r.inline(k, p, look)
			}
		case "field:fieldmark":
			r.fieldMark(k, p, look)
		case "field:fieldmark-start":
			p.open(k)
		case "field:fieldmark-end":
			p.ink |= flow.Unsaid.If(p.shows && p.text.Len() == p.from)
			p.shows = false
		case "text:date", "text:time", "text:page-number", "text:page-count", "text:chapter", "text:sequence", "text:conditional-text", "text:table-formula", "text:expression",
			"text:variable-get", "text:variable-set", "text:user-field-get", "text:user-defined", "text:database-display":
			before := p.text.Len()
			r.inline(k, p, look)
			// A program computes it: what it shows need not be what the file holds of it.
			p.ink |= flow.Unsaid.If(p.text.Len() == before && k.Attr("text:display") != "none") | flow.Struck.If(k.Attr("text:fixed") != "true" && figure.IsDigit(last(p.text.String()[before:])))
		case "text:change":
			p.ink |= flow.Unsaid // something was deleted here
		case "text:note", "office:annotation", "text:hidden-text", "text:bibliography-mark", "office:binary-data":
		default:
			r.inline(k, p, look)
		}
	}
}

// collapse makes runs of white space one blank, as the format has it.
func collapse(s string) string {
	var b strings.Builder
	blank := false
	for _, c := range s {
		white := c == ' ' || c == '\t' || c == '\n' || c == '\r'
		if !white {
			b.WriteRune(c)
		} else if !blank {
			b.WriteByte(' ')
		}
		blank = white
	}
	return b.String()
}

func (r *reader) write(p *para, s string, look look) {
	font := look["style:font-name"]
	if strings.ContainsFunc(s, figure.IsDigit) {
		size, before := look.size(), p.text.String()
		other := size > 0 && p.size > 0 && before != "" && look.rise() == 0 && !look.struck() && figure.IsDigit(rune(before[len(before)-1])) && figure.IsDigit(rune(s[0])) &&
			max(size, p.size) >= leastSmaller*min(size, p.size)
		p.ink |= flow.Struck.If(other || look.doubtful())
		p.size = size
	}
	switch {
	case look.pale(r.ground) && figure.Bare(strings.TrimSpace(s)):
		p.ink |= flow.Unsaid
	case look.struck():
		// Struck out is not said; but a cell in which something is struck out is not blank.
		p.ink |= flow.Struck.If(flow.Clean(s) != "")
	case look.rise() > 0:
		p.text.WriteString(flow.Superscript(s))
	case look.rise() < 0:
		p.text.WriteString(flow.Subscript(s))
	case font != "":
		for _, c := range s {
			p.text.WriteString(flow.Symbol(font, c))
		}
	default:
		p.text.WriteString(s)
	}
}

// fieldMark reads a field of a form as Word has them: of a list what is chosen, of a box that it is there.
func (r *reader) fieldMark(n *xmltree.Node, p *para, look look) {
	kind := n.Attr("field:type")
	if !strings.HasSuffix(kind, "FORMDROPDOWN") {
		p.ink |= flow.Unsaid.If(strings.HasSuffix(kind, "FORMCHECKBOX"))
		r.inline(n, p, look)
		return
	}
	var entries []string
	chosen := 0
	for _, k := range n.Kids {
		switch value := k.Attr("field:value"); k.Attr("field:name") {
		case "Dropdown_ListEntry":
			entries = append(entries, value)
		case "Dropdown_Selected":
			if i, err := strconv.Atoi(value); err == nil {
				chosen = i
			}
		}
	}
	if chosen >= 0 && chosen < len(entries) {
		r.write(p, entries[chosen], look)
	}
}

// open notes the beginning of a field that LibreOffice kept of a Word document without knowing it.
func (p *para) open(n *xmltree.Node) {
	p.from, p.shows = p.text.Len(), false
	for _, k := range n.Kids {
		if strings.HasSuffix(k.Attr("field:name"), ".field.code") {
			code := k.Attr("field:value")
			p.shows = flow.FieldShows(code)
			p.ink |= flow.Struck.If(flow.FieldDoubtful(code))
		}
	}
}

// last character of a text; 0 of none.
func last(s string) rune {
	c, _ := utf8.DecodeLastRuneInString(s)
	return c
}

// shape reads the text of a drawing and notes its pictures.
func (r *reader) shape(n *xmltree.Node, p *para) {
	var s story
	if anchor := n.Attr("text:anchor-type"); anchor != "as-char" && anchor != "" && r.property("graphic", n.Attr("draw:style-name"), "graphic", "style:run-through") != "background" {
		wrap := r.property("graphic", n.Attr("draw:style-name"), "graphic", "style:wrap")
		s.ink |= (flow.Unsaid | flow.Struck).If(wrap == "run-through" || n.Name != "draw:frame" && wrap == "") // it floats before the text
	}
	n.Find(func(k *xmltree.Node) {
		switch k.Name {
		case "draw:object", "draw:object-ole":
			s.ink |= flow.Unsaid
		case "text:p", "text:h", "text:list", "table:table":
			r.content(&xmltree.Node{Kids: []*xmltree.Node{k}}, &s, nil)
		case "draw:image":
			s.ink |= flow.Unsaid
			w, h := millimetres(n.Attr("svg:width")), millimetres(n.Attr("svg:height"))
			if w > 0 && w < minWidth || h > 0 && h < minHeight {
				return
			}
			name := k.Attr("xlink:href")
			var scan *layout.Source
			if data, err := r.pkg.Read(name); err == nil {
				scan = flow.ScanAs(data, w, h)
			}
			s.out = append(s.out, flow.Picture(path.Base(name), scan))
		}
	}, "text:p", "text:h", "text:list", "table:table", "draw:image", "draw:object", "draw:object-ole")
	p.after, p.ink = append(p.after, s.out...), p.ink|s.ink
}

// millimetres reads a length; 0 when it is none.
func millimetres(s string) float64 {
	for unit, mm := range map[string]float64{"mm": 1, "cm": 10, "in": 25.4, "pt": 25.4 / 72} {
		if rest, ok := strings.CutSuffix(s, unit); ok {
			v, err := strconv.ParseFloat(rest, 64)
			if err != nil {
				return 0
			}
			return v * mm
		}
	}
	return 0
}

// table places the cells of a table. Covered cells are said too, so a cell's column is its number.
func (r *reader) table(n *xmltree.Node) []layout.Block {
	var g flow.Grid
	row := 0
	around := r.ground
	defer func() { r.ground = around }()
	whole := ground(r.look("table", n.Attr("table:style-name"))[cellGround], around)
	rows(n, func(tr *xmltree.Node) {
		behind := ground(r.look("table-row", tr.Attr("table:style-name"))[cellGround], whole)
		if tr.Attr("table:visibility") == "collapse" || tr.Attr("table:visibility") == "filter" {
			return
		}
		high := millimetres(r.property("table-row", tr.Attr("table:style-name"), "table-row", "style:row-height"))
		low := high > 0 && high <= lowest
		for range repeated(tr, "table:number-rows-repeated") {
			col := 0
			for _, k := range tr.Kids {
				if k.Name != "table:table-cell" && k.Name != "table:covered-table-cell" {
					continue
				}
				for range repeated(k, "table:number-columns-repeated") {
					if k.Name == "table:table-cell" {
						col = g.Next(row, col) // some programs do not say what a span covers
						if c := g.Place(row, col, count(k, "table:number-rows-spanned"), count(k, "table:number-columns-spanned")); c != nil {
							var s story
							r.ground = ground(r.look("table-cell", k.Attr("table:style-name"))[cellGround], behind)
							r.content(k, &s, nil)
							// Some programs write a height that they do not keep: what stands in a row too low is read, and asked about.
							c.Content, c.Ink = s.out, s.ink|flow.Struck.If(low || r.crossed(k.Attr("table:style-name")))
						}
					}
					col++
				}
			}
			row++
		}
	})
	return g.Table()
}

// crossed says that a line runs across a cell from corner to corner.
func (r *reader) crossed(style string) bool {
	for _, name := range []string{"style:diagonal-tl-br", "style:diagonal-bl-tr"} {
		if line := r.property("table-cell", style, "table-cell", name); line != "" && !strings.Contains(line, "none") {
			return true
		}
	}
	return false
}

// rows calls f for the rows of a table, in whatever they are grouped.
func rows(n *xmltree.Node, f func(*xmltree.Node)) {
	for _, k := range n.Kids {
		switch k.Name {
		case "table:table-row":
			f(k)
		case "table:table-header-rows", "table:table-rows", "table:table-row-group":
			rows(k, f)
		}
	}
}

func count(n *xmltree.Node, name string) int {
	v, err := strconv.Atoi(n.Attr(name))
	if err != nil {
		return 1
	}
	return v
}

// repeated bounds how often something is repeated: sheets fill the page with blank cells so.
func repeated(n *xmltree.Node, name string) int {
	const most = 64
	return min(max(count(n, name), 1), most)
}
