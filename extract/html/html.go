// Package html reads web pages, and web archives (MHT) that hold one.
//
// The page is parsed as browsers parse it; what is left is a walk over the tree that keeps what a
// reader sees: paragraphs, headings, and tables with their spans. Scripts, styles, navigation,
// footers and hidden elements are dropped. Tables that only arrange the page are dissolved (package
// flow), so that a menu built as a table does not hide the report inside it.
package html

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"math"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/extract/charset"
	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
)

// Limits.
const (
	// maxBytes of one page: pages with the pictures inside them have some megabytes.
	maxBytes = 64 << 20
	// maxRowSpan and maxColSpan are the limits of the HTML standard.
	maxRowSpan = 65534
	maxColSpan = 1000
	// minWidth and minHeight in CSS pixels of a picture that may hold a table: larger than logos,
	// buttons and most QR codes.
	minWidth, minHeight = 240, 80
	// dot is the size in pixels up to which a picture in a cell is a spacer, not ink.
	dot = 3
)

// Read gives the blocks of a page. Errors wrap diag.ErrEmpty, diag.ErrTooLarge or diag.ErrDamaged.
func Read(data []byte) (*layout.Document, []diag.Warning, error) {
	var resources map[string][]byte
	label := ""
	if IsArchive(data) {
		page, err := unpack(data)
		if err != nil {
			return nil, nil, err
		}
		data, label, resources = page.html, page.charset, page.resources
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	if len(data) > maxBytes {
		return nil, nil, fmt.Errorf("%w: %d bytes of HTML", diag.ErrTooLarge, len(data))
	}
	if label == "" {
		label = declared(data)
	}
	text := charset.Decode(data, label)
	var warnings []diag.Warning
	if text.Guessed || text.Lost > 0 {
		warnings = append(warnings, diag.Warning{Code: diag.EncodingGuessed, Message: guess(text, label)})
	}
	root, err := parse(text.Text)
	if err != nil {
		return nil, nil, err
	}
	doc := flow.Document(blocks(root, resources))
	doc.Names = names(root)
	return doc, warnings, nil
}

func guess(t charset.Text, label string) string {
	m := "the page declares no encoding"
	if label != "" {
		m = fmt.Sprintf("the page declares the encoding %.40q", label)
	}
	m += ", read as " + t.Encoding
	if t.Lost > 0 {
		m += fmt.Sprintf(", %d characters could not be decoded", t.Lost)
	}
	return m
}

// Blocks gives the blocks of a page or a fragment of one that is decoded already.
func Blocks(text string) ([]layout.Block, error) {
	root, err := parse(text)
	if err != nil {
		return nil, err
	}
	return blocks(root, nil), nil
}

// parse gives the tree of a page. The parser gives up on nothing but elements that stand too deep in one another, more
// than 512, which no page that people read has.
func parse(text string) (*xhtml.Node, error) {
	root, err := xhtml.Parse(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%w: elements of the page stand too deep in one another (%w)", diag.ErrTooLarge, err)
	}
	return root, nil
}

var labels = pattern.Of(`(?i)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_.:-]+)`)

// declared finds the encoding that a page's head names.
func declared(data []byte) string {
	const head = 8192 // browsers look at 1024 bytes, but long comments stand before many heads
	if m := labels().FindSubmatch(data[:min(len(data), head)]); m != nil {
		return string(m[1])
	}
	return ""
}

func blocks(root *xhtml.Node, resources map[string][]byte) []layout.Block {
	r := newReader(root, resources)
	var s story
	r.walk(root, &s)
	s.flush()
	return s.out
}

func newReader(root *xhtml.Node, resources map[string][]byte) *reader {
	r := &reader{root: root, resources: resources, cache: map[*xhtml.Node]map[string]string{}, sizes: map[*xhtml.Node]float64{}, numbers: map[*xhtml.Node]int{}}
	r.sheet = styles(root, r.sheetText)
	return r
}

type reader struct {
	resources map[string][]byte
	sheet     sheet
	cache     map[*xhtml.Node]map[string]string
	sizes     map[*xhtml.Node]float64 // of the print of elements, in pixels
	numbers   map[*xhtml.Node]int     // of items of ordered lists
	pictures  int
	frames    int // around this page
	root      *xhtml.Node
	behind    map[string]bool // the pictures that lie behind text, once they were asked for
}

// story collects the blocks of the page or of one cell.
type story struct {
	out     []layout.Block
	line    strings.Builder
	heading int
	pre     bool
	inCell  bool
	// ink is set when something is seen that is not text.
	ink flow.Ink
	// size of the last print, in pixels.
	size float64
}

// flush ends the current paragraph.
func (s *story) flush() {
	if text := flow.Clean(s.line.String()); text != "" {
		s.out = append(s.out, flow.Paragraph(text, s.heading))
	}
	s.line.Reset()
}

// text adds a run of text, white space collapsed as browsers do.
func (s *story) text(t string) {
	if s.pre {
		for i, l := range strings.Split(t, "\n") {
			if i > 0 {
				s.flush()
			}
			s.line.WriteString(l)
		}
		return
	}
	blank := s.line.Len() == 0 || strings.HasSuffix(s.line.String(), " ")
	for _, c := range t {
		switch c {
		case ' ', '\t', '\n', '\r', '\f':
			if !blank {
				s.line.WriteByte(' ')
			}
			blank = true
		default:
			s.line.WriteRune(c)
			blank = false
		}
	}
}

// style of an element; it is asked for often.
func (r *reader) style(n *xhtml.Node) map[string]string {
	st, ok := r.cache[n]
	if !ok {
		st = r.sheet.of(n)
		r.resolve(n, st)
		r.cache[n] = st
	}
	return st
}

// sheetText is the text of a style sheet that the file itself holds.
func (r *reader) sheetText(address string) (string, bool) {
	name := r.pictures
	_, data := r.resource(address)
	r.pictures = name
	return charset.Decode(data, "").Text, data != nil
}

// gone says that an element takes no place.
func (r *reader) gone(n *xhtml.Node) bool {
	if n.Type != xhtml.ElementNode {
		return false
	}
	st := r.style(n)
	return st["display"] == "none" || st["visibility"] == "collapse" || st["mso-hide"] == "all" || folded(n)
}

// folded says that an element stands in details that are closed, where only a summary is seen.
func folded(n *xhtml.Node) bool {
	if n.Parent == nil || n.Parent.DataAtom != atom.Details || given(n.Parent, "open") || n.Type == xhtml.TextNode && strings.TrimSpace(n.Data) == "" {
		return false
	}
	for k := n.PrevSibling; k != nil; k = k.PrevSibling {
		if k.DataAtom == atom.Summary {
			return true
		}
	}
	return n.DataAtom != atom.Summary
}

// hidden says that nothing of an element is shown, whatever what stands in it says.
func (r *reader) hidden(n *xhtml.Node) bool { return r.gone(n) || hides(n, r.style(n)) }

// usualSize of print in pixels.
const usualSize = 16

// size of an element's print in pixels.
func (r *reader) size(n *xhtml.Node) float64 {
	if n == nil || n.Type != xhtml.ElementNode {
		return usualSize
	}
	if s, ok := r.sizes[n]; ok {
		return s
	}
	around := r.size(n.Parent)
	s := around
	switch v := r.style(n)["font-size"]; v {
	case "":
	case "smaller":
		s = around / 1.2
	case "larger":
		s = around * 1.2
	default:
		f, ok := pixelsOf(v, around)
		switch {
		case !ok:
		case strings.HasSuffix(v, "em") && !strings.HasSuffix(v, "rem"):
			s = f / usualSize * around
		default:
			s = f
		}
	}
	r.sizes[n] = s
	return s
}

// unseen says that the nearest word on the size or visibility of a text takes it away, or that figures have the color of what is behind
// them; doubtful, that nobody knows. Of a heading that is not believed: its ground may be dark by a style that is not read.
func (r *reader) unseen(text *xhtml.Node) (unseen, doubtful bool) {
	sight, ink := "", ""
	behind, grounded := flow.White, false
	for n := text.Parent; n != nil && n.Type == xhtml.ElementNode; n = n.Parent {
		st := r.style(n)
		sight = cmp.Or(sight, st["visibility"])
		ink = cmp.Or(ink, st["-webkit-text-fill-color"], st["color"])
		if !grounded {
			if g, ok := ground(n, st); ok {
				behind, grounded = g, true
				unseen = st["background-color"] == "currentcolor"
			}
		}
	}
	if sight == "hidden" || r.size(text.Parent) <= sliver {
		return true, false
	}
	if ink == "" && !r.sheet.partial {
		ink = "black"
	}
	c, known, clear := color(ink)
	bare := figure.Bare(strings.TrimSpace(text.Data))
	return (unseen || clear || known && behind.Hides(c)) && bare, strings.HasSuffix(ink, ")") && !known && !clear && bare
}

func (r *reader) kids(n *xhtml.Node, s *story) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		r.walk(k, s)
	}
}

func (r *reader) walk(n *xhtml.Node, s *story) {
	switch n.Type {
	case xhtml.TextNode:
		r.print(n, s)
		return
	case xhtml.DocumentNode:
		r.kids(n, s)
		return
	case xhtml.ElementNode:
	default:
		return
	}
	if r.hidden(n) {
		// What a cell hides is not read, but such a cell is not blank either.
		s.ink |= flow.Unsaid.If(s.inCell && content(n) != "")
		return
	}
	if s.inCell {
		s.ink |= r.beside(n)
	}
	if r.marked(n, s) {
		return
	}
	switch {
	case r.apart(n):
		s.flush()
		defer s.flush()
	case s.inCell && r.stretched(n):
		s.text(" ")
		defer s.text(" ")
	}
	r.element(n, s)
}

// element reads an element that is shown.
func (r *reader) element(n *xhtml.Node, s *story) {
	switch n.DataAtom {
	case atom.Head, atom.Title, atom.Style, atom.Noscript, atom.Audio, atom.Rp, atom.Rt, atom.Datalist:
	case atom.Script:
		s.ink |= (flow.Unsaid | flow.Struck).If(s.inCell && strings.Contains(content(n), "write"))
	case atom.Template:
		s.ink |= (flow.Unsaid | flow.Struck).If(s.inCell && given(n, "shadowrootmode"))
	case atom.Button:
		if s.inCell {
			r.kids(n, s)
		}
	case atom.Progress, atom.Meter:
		s.ink |= flow.Unsaid.If(s.inCell)
	case atom.Iframe, atom.Frame:
		r.frame(n, s)
	case atom.Object, atom.Embed, atom.Svg, atom.Video, atom.Canvas, atom.Math:
		r.drawing(n, s)
	case atom.Nav, atom.Footer, atom.Aside, atom.Menu:
		if has(n, atom.Table) {
			r.block(n, s)
		}
	case atom.Br:
		if s.heading > 0 {
			s.line.WriteByte('\n') // a title over two lines is one title
		} else {
			s.flush()
		}
	case atom.Table:
		s.flush()
		s.out = append(s.out, r.table(n)...)
	case atom.Img:
		r.image(n, s)
	case atom.Input:
		r.input(n, s)
	case atom.Select:
		r.option(n, s)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		s.flush()
		s.heading = int(n.Data[1] - '0')
		r.kids(n, s)
		s.flush()
		s.heading = 0
	case atom.Pre, atom.Textarea, atom.Xmp, atom.Listing:
		s.flush()
		s.pre = true
		r.kids(n, s)
		s.flush()
		s.pre = false
	case atom.Li:
		s.flush()
		s.text(r.number(n))
		r.kids(n, s)
		s.flush()
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.Ul, atom.Ol, atom.Dl,
		atom.Dt, atom.Dd, atom.Blockquote, atom.Center, atom.Form, atom.Fieldset, atom.Legend, atom.Address,
		atom.Hr, atom.Body, atom.Html, atom.Figure, atom.Figcaption, atom.Details, atom.Summary, atom.Tr,
		atom.Caption, atom.Dir, atom.Hgroup:
		r.block(n, s)
	default:
		r.kids(n, s)
	}
}

// notInline are the elements that are no piece of a line.
var notInline = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Main: true, atom.Header: true, atom.Ul: true, atom.Ol: true, atom.Dl: true,
	atom.Dt: true, atom.Dd: true, atom.Li: true, atom.Blockquote: true, atom.Center: true, atom.Form: true, atom.Fieldset: true, atom.Legend: true,
	atom.Address: true, atom.Hr: true, atom.Body: true, atom.Html: true, atom.Figure: true, atom.Figcaption: true, atom.Details: true,
	atom.Summary: true, atom.Table: true, atom.Thead: true, atom.Tbody: true, atom.Tfoot: true, atom.Tr: true, atom.Td: true, atom.Th: true,
	atom.Caption: true, atom.Dir: true, atom.Hgroup: true, atom.Pre: true, atom.Nav: true, atom.Footer: true, atom.Aside: true, atom.Menu: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Xmp: true, atom.Listing: true,
}

// inline says that an element holds a piece of a line, where no style says otherwise.
func inline(n *xhtml.Node) bool { return !notInline[n.DataAtom] }

// apart says that a style makes a block of an element that is none by itself.
func (r *reader) apart(n *xhtml.Node) bool {
	if !inline(n) || n.FirstChild == nil {
		return false
	}
	st := r.style(n)
	switch st["display"] {
	case "block", "flex", "grid", "table", "list-item", "flow-root", "table-cell", "table-row", "-webkit-box":
		return true
	}
	if floats(st) || placed(st) {
		return true
	}
	if p := n.Parent; p != nil && p.Type == xhtml.ElementNode {
		switch r.style(p)["display"] {
		case "flex", "inline-flex", "grid", "inline-grid":
			return true
		}
	}
	return false
}

// wordGap in pixels is as wide as the blank between two words.
const wordGap = 4

// stretched says that a style puts white around what stands in an element of a line.
func (r *reader) stretched(n *xhtml.Node) bool {
	if !inline(n) {
		return false
	}
	st := r.style(n)
	for _, name := range []string{"margin-left", "margin-right", "padding-left", "padding-right"} {
		if across(st[name]) >= wordGap {
			return true
		}
	}
	return strings.HasPrefix(st["display"], "inline-") && across(st["width"]) >= 2*usualSize
}

// leastSmaller is by how much print is smaller than that beside it where it may be the mark of a note; the words of a text that differ in
// size for other reasons differ by a sixth at most.
const leastSmaller = 1.18

// print reads a piece of text.
func (r *reader) print(n *xhtml.Node, s *story) {
	unseen, doubtful := r.unseen(n)
	if unseen || folded(n) {
		s.ink |= flow.Unsaid.If(flow.Clean(n.Data) != "")
		return
	}
	s.ink |= flow.Struck.If(doubtful && s.inCell)
	if s.inCell && n.Data != "" {
		size := r.size(n.Parent)
		if before := s.line.String(); before != "" && figure.IsDigit(rune(before[len(before)-1])) && figure.IsDigit(rune(n.Data[0])) {
			s.ink |= flow.Struck.If(math.Max(size, s.size) >= leastSmaller*math.Min(size, s.size))
		}
		s.size = size
	}
	s.text(n.Data)
}

// input reads a field of a form: what it shows, or in a cell that it shows something.
func (r *reader) input(n *xhtml.Node, s *story) {
	switch strings.ToLower(attr(n, "type")) {
	case "hidden":
	case "password", "checkbox", "radio", "image", "range", "color", "file":
		s.ink |= flow.Unsaid.If(s.inCell)
	case "button", "submit", "reset":
		if s.inCell {
			s.text(attr(n, "value"))
		}
	default:
		s.text(attr(n, "value"))
		s.ink |= flow.Unsaid.If(s.inCell && attr(n, "value") == "" && attr(n, "placeholder") != "")
	}
}

// marked reads text that is struck out, raised or lowered by its element or its style, and says whether it is.
func (r *reader) marked(n *xhtml.Node, s *story) bool {
	style := r.style(n)
	if struckBy(style) {
		// Struck out is not said; but a cell in which something is struck out is not blank.
		s.ink |= flow.Struck.If(content(n) != "")
		return true
	}
	if !inline(n) {
		return false
	}
	form := flow.Superscript
	switch rise(style, r.size(n) < r.size(n.Parent)) {
	case 1:
	case -1:
		form = flow.Subscript
	default:
		return false
	}
	sub := story{pre: true, inCell: s.inCell}
	r.kids(n, &sub)
	sub.flush()
	s.ink |= sub.ink
	for _, b := range sub.out {
		if b.Paragraph != nil {
			s.text(form(b.Paragraph.Text))
		}
	}
	return true
}

func (r *reader) block(n *xhtml.Node, s *story) {
	s.flush()
	r.kids(n, s)
	s.flush()
}

func attr(n *xhtml.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *xhtml.Node, a atom.Atom) bool {
	for k := range n.Descendants() {
		if k.DataAtom == a {
			return true
		}
	}
	return false
}

func content(n *xhtml.Node) string {
	var b strings.Builder
	for k := range n.Descendants() {
		if k.Type == xhtml.TextNode {
			b.WriteString(k.Data)
		}
	}
	return flow.Clean(b.String())
}

// option gives the chosen option of a list: the only one that is seen.
func (r *reader) option(n *xhtml.Node, s *story) {
	var chosen *xhtml.Node
	for k := range n.Descendants() {
		if k.DataAtom != atom.Option {
			continue
		}
		selected := given(k, "selected")
		if chosen == nil || selected {
			chosen = k
		}
		if selected {
			break
		}
	}
	if chosen != nil {
		s.text(content(chosen))
	}
	s.ink |= flow.Struck.If(s.inCell && (given(n, "multiple") || length(attr(n, "size"), 1) > 1)) // more than one is seen
}

// number is the number that a browser puts before an item of an ordered list.
func (r *reader) number(li *xhtml.Node) string {
	list := li.Parent
	if list == nil || list.DataAtom != atom.Ol || strings.Contains(attr(list, "style")+attr(li, "style"), "none") {
		return ""
	}
	if _, known := r.numbers[li]; !known { // all of the list at once, which may be long
		n := 1
		if v, err := strconv.Atoi(attr(list, "start")); err == nil {
			n = v
		}
		for k := list.FirstChild; k != nil; k = k.NextSibling {
			if k.DataAtom == atom.Li {
				r.numbers[k] = n
				n++
			}
		}
	}
	n := r.numbers[li]
	switch t := attr(list, "type"); {
	case (t == "a" || t == "A") && n >= 1 && n <= 26:
		return string(rune(t[0])+rune(n-1)) + ". "
	case t == "" || t == "1":
		return strconv.Itoa(n) + ". "
	}
	return ""
}

// table gives the blocks of a table: its caption and its grid, or what it arranged.
func (r *reader) table(n *xhtml.Node) []layout.Block {
	var out []layout.Block
	var groups [3][][]*xhtml.Node // head, bodies, foot: each group is a list of rows
	var loose []*xhtml.Node
	var collect func(n *xhtml.Node)
	collect = func(n *xhtml.Node) {
		for k := n.FirstChild; k != nil; k = k.NextSibling {
			if k.Type != xhtml.ElementNode || r.gone(k) {
				continue
			}
			switch k.DataAtom {
			case atom.Caption:
				var s story
				r.kids(k, &s)
				s.flush()
				out = append(out, s.out...)
			case atom.Thead:
				groups[0] = append(groups[0], r.rows(k))
			case atom.Tfoot:
				groups[2] = append(groups[2], r.rows(k))
			case atom.Tbody:
				groups[1] = append(groups[1], r.rows(k))
			case atom.Tr:
				loose = append(loose, k)
			default:
				collect(k)
			}
		}
	}
	collect(n)
	if loose != nil {
		groups[1] = append(groups[1], loose)
	}
	all := slices.Concat(groups[0], groups[1], groups[2])
	var g flow.Grid
	r.place(all, &g, r.skipsEmpty(all), func(c *flow.Cell, td *xhtml.Node) {
		s := story{inCell: true}
		if !r.takenAway(td, &s) {
			s.ink |= r.beside(td)
			r.kids(td, &s)
		}
		s.flush()
		c.Content, c.Ink = s.out, s.ink
	})
	return append(out, g.Table()...)
}

// takenAway says that a cell, its row or its table is struck out or hidden as a whole.
func (r *reader) takenAway(td *xhtml.Node, s *story) bool {
	for n := td; n != nil && n.DataAtom != atom.Body; n = n.Parent {
		if n.Type == xhtml.ElementNode && (struckBy(r.style(n)) || hides(n, r.style(n))) {
			s.ink |= flow.Unsaid.If(content(td) != "")
			return true
		}
	}
	return false
}

// skipsEmpty says that rows without cells are not to be counted. Browsers count them; but some
// programs write one for every row that merged cells cover, and do not mean it. The reading that
// makes the fuller grid is taken.
func (r *reader) skipsEmpty(groups [][]*xhtml.Node) bool {
	empty := false
	for _, group := range groups {
		empty = empty || slices.ContainsFunc(group, isEmpty)
	}
	if !empty {
		return false
	}
	var counted, skipped flow.Grid
	none := func(*flow.Cell, *xhtml.Node) {}
	n := r.place(groups, &counted, false, none)
	m := r.place(groups, &skipped, true, none)
	return skipped.Misfits(m) < counted.Misfits(n)
}

func isEmpty(tr *xhtml.Node) bool {
	for td := range tr.ChildNodes() {
		if td.DataAtom == atom.Td || td.DataAtom == atom.Th {
			return false
		}
	}
	return true
}

// place puts the cells of groups of rows on a grid, hands each to fill, and gives the number of rows.
func (r *reader) place(groups [][]*xhtml.Node, g *flow.Grid, skipEmpty bool, fill func(*flow.Cell, *xhtml.Node)) int {
	row := 0
	for _, group := range groups {
		for _, tr := range group {
			if skipEmpty && isEmpty(tr) {
				continue
			}
			r.placeRow(tr, g, row, fill)
			row++
		}
		g.Close(row)
	}
	return row
}

func (r *reader) rows(group *xhtml.Node) []*xhtml.Node {
	var out []*xhtml.Node
	for k := group.FirstChild; k != nil; k = k.NextSibling {
		if k.DataAtom == atom.Tr && !r.gone(k) {
			out = append(out, k)
		}
	}
	return out
}

func (r *reader) placeRow(tr *xhtml.Node, g *flow.Grid, row int, fill func(*flow.Cell, *xhtml.Node)) {
	col := 0
	for td := range tr.ChildNodes() {
		if td.DataAtom != atom.Td && td.DataAtom != atom.Th || r.gone(td) {
			continue
		}
		col = g.Next(row, col)
		rowSpan := span(td, "rowspan", maxRowSpan)
		if rowSpan == 0 {
			rowSpan = maxRowSpan // to the end of the group
		}
		c := g.Place(row, col, rowSpan, span(td, "colspan", maxColSpan))
		if c == nil {
			return
		}
		fill(c, td)
		col += c.ColSpan()
	}
}

// span reads a span as browsers do: leading digits count, the rest does not.
func span(n *xhtml.Node, key string, limit int) int {
	v, ok := 0, false
	for _, c := range strings.TrimSpace(attr(n, key)) {
		if c < '0' || c > '9' || v > limit {
			break
		}
		v, ok = v*10+int(c-'0'), true
	}
	if !ok {
		return 1
	}
	return min(v, limit)
}

// maxFrames bounds pages in pages.
const maxFrames = 4

// frame reads the page that stands in a frame, where the file itself holds it.
func (r *reader) frame(n *xhtml.Node, s *story) {
	if attr(n, "width") == "0" || attr(n, "height") == "0" {
		return
	}
	page := attr(n, "srcdoc")
	if page == "" {
		if _, data := r.resource(attr(n, "src")); len(data) > 0 {
			page = charset.Decode(data, declared(data)).Text
		}
	}
	root, err := parse(page)
	if page == "" || err != nil || r.frames >= maxFrames {
		r.drawing(n, s)
		return
	}
	s.flush()
	inner := newReader(root, r.resources)
	inner.frames, inner.pictures = r.frames+1, r.pictures
	sub := story{inCell: s.inCell}
	inner.walk(root, &sub)
	sub.flush()
	r.pictures = inner.pictures
	s.out, s.ink = append(s.out, sub.out...), s.ink|sub.ink
}

// drawing notes what shows something that is not read: in a cell it is ink, and a figure in it stands beside what is read.
func (r *reader) drawing(n *xhtml.Node, s *story) {
	if n.DataAtom == atom.Object && strings.HasPrefix(attr(n, "type"), "image/") {
		r.image(n, s)
		return
	}
	if !s.inCell {
		return
	}
	s.ink |= flow.Unsaid
	if (n.DataAtom == atom.Svg || n.DataAtom == atom.Math) && strings.ContainsFunc(content(n), figure.IsDigit) {
		s.ink |= flow.Struck
	}
}

// beside is the ink that the style of an element of a cell adds: a figure that it writes, a picture, or what lies over the text; and what
// nobody can tell to be shown as it is read.
func (r *reader) beside(n *xhtml.Node) flow.Ink {
	ink := flow.Unsaid.If(r.painted(n))
	for name, style := range r.sheet.beside(n) {
		for k, v := range r.style(n) {
			if strings.HasPrefix(k, "--") && style[k] == "" {
				style[k] = v
			}
		}
		r.resolve(n, style)
		switch {
		case name == "first-line" || name == "first-letter":
			ink |= flow.Struck.If(len(style) > 0)
		case name != "before" && name != "after" || style["display"] == "none" || style["content"] == "" || style["content"] == "none" || hides(n, style):
		case changes(n, style["content"]):
			ink |= flow.Unsaid | flow.Struck
		case placed(style) && drawn(style):
			ink |= flow.Struck
		}
	}
	style := r.style(n)
	text := strings.TrimSpace(content(n))
	return ink | flow.Struck.If(doubtful(n, style) && (strings.ContainsFunc(text, figure.IsDigit) || text == "" && drawn(style)))
}

// painted says that an element has a picture for its ground that no element with text in it has: others are ornaments.
func (r *reader) painted(n *xhtml.Node) bool {
	address := picture(r.style(n))
	return address != "" && content(n) == "" && !r.ornaments()[address]
}

// ornaments are the pictures that lie behind text.
func (r *reader) ornaments() map[string]bool {
	if r.behind == nil {
		r.behind = map[string]bool{}
		for n := range r.root.Descendants() {
			if n.Type == xhtml.ElementNode {
				if address := picture(r.style(n)); address != "" && content(n) != "" {
					r.behind[address] = true
				}
			}
		}
	}
	return r.behind
}

// image notes a picture: as ink in a cell, and as a block when it is large enough for a table.
func (r *reader) image(n *xhtml.Node, s *story) {
	src := strings.TrimSpace(cmp.Or(attr(n, "src"), attr(n, "data")))
	if src == "" {
		return
	}
	name, data := r.resource(src)
	w, h := pixels(n, "width"), pixels(n, "height")
	scan := flow.ScanAs(data, float64(w), float64(h))
	if scan != nil && (w == 0 || h == 0) {
		w, h = int(scan.Box.X1), int(scan.Box.Y1)
	}
	if w > 0 && w <= dot || h > 0 && h <= dot {
		return
	}
	if s.inCell {
		s.ink |= flow.Unsaid
	}
	if w > 0 && w < minWidth || h > 0 && h < minHeight {
		return
	}
	s.flush()
	s.out = append(s.out, flow.Picture(name, scan))
}

func pixels(n *xhtml.Node, key string) int {
	v := attr(n, key)
	if strings.HasSuffix(strings.TrimSpace(v), "%") || v == "" {
		return 0
	}
	return span(n, key, 1<<20)
}

// resource gives a name for a picture and its bytes when the file itself holds them.
func (r *reader) resource(src string) (string, []byte) {
	r.pictures++
	name := fmt.Sprintf("picture %d", r.pictures)
	if rest, ok := strings.CutPrefix(src, "data:"); ok {
		meta, body, _ := strings.Cut(rest, ",")
		if strings.HasSuffix(strings.TrimSpace(meta), ";base64") {
			return name, base64Bytes(body)
		}
		s, err := url.PathUnescape(body)
		if err != nil {
			return name, nil
		}
		return name, []byte(s)
	}
	data := r.resources[strings.TrimPrefix(src, "cid:")]
	if data == nil {
		data = r.resources[src[strings.LastIndexAny(src, `/\`)+1:]]
	}
	if u, err := url.Parse(src); err == nil && u.Path != "" && path.Base(u.Path) != "/" {
		name = path.Base(u.Path)
	}
	return name, data
}

// base64Bytes decodes with white space and without padding, as browsers do; nil when it is not base64.
func base64Bytes(s string) []byte {
	if u, err := url.PathUnescape(s); err == nil {
		s = u
	}
	s = strings.TrimRight(strings.Join(strings.Fields(s), ""), "=")
	b, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	return b
}
