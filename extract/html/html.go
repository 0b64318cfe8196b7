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
	r := &reader{root: root, resources: resources, sheet: styles(root), cache: map[*xhtml.Node]map[string]string{}, numbers: map[*xhtml.Node]int{}}
	var s story
	r.walk(root, &s)
	s.flush()
	return s.out
}

type reader struct {
	resources map[string][]byte
	sheet     sheet
	cache     map[*xhtml.Node]map[string]string
	numbers   map[*xhtml.Node]int // of items of ordered lists
	pictures  int
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

// gone says that an element takes no place.
func (r *reader) gone(n *xhtml.Node) bool {
	if n.Type != xhtml.ElementNode {
		return false
	}
	st := r.style(n)
	return st["display"] == "none" || st["visibility"] == "collapse" || st["mso-hide"] == "all" ||
		slices.ContainsFunc(n.Attr, func(a xhtml.Attribute) bool { return a.Key == "hidden" })
}

// hidden says that nothing of an element is shown, whatever what stands in it says.
func (r *reader) hidden(n *xhtml.Node) bool { return r.gone(n) || hides(n, r.style(n)) }

// unseen says that the nearest word on the size or visibility of a text takes it away, or that figures have the color of what is behind
// them. Of a heading that is not believed: its ground may be dark by a style that is not read.
func (r *reader) unseen(text *xhtml.Node) bool {
	size, sight, ink := "", "", ""
	behind, grounded := flow.White, false
	for n := text.Parent; n != nil && n.Type == xhtml.ElementNode; n = n.Parent {
		st := r.style(n)
		size = cmp.Or(size, st["font-size"])
		sight = cmp.Or(sight, st["visibility"])
		ink = cmp.Or(ink, st["-webkit-text-fill-color"], st["color"], fontColor(n))
		if !grounded {
			if g, ok := ground(n, st); ok {
				behind, grounded = g, true
			}
		}
	}
	if sight == "hidden" || length(size) == 0 || length(size) <= sliver && (strings.HasSuffix(size, "px") || strings.HasSuffix(size, "pt")) {
		return true
	}
	c, known, clear := color(ink)
	return (clear || known && behind.Hides(c)) && figure.Bare(strings.TrimSpace(text.Data))
}

// fontColor is the color that an element of old pages gives its text.
func fontColor(n *xhtml.Node) string {
	if n.DataAtom == atom.Font {
		return strings.ToLower(attr(n, "color"))
	}
	return ""
}

func (r *reader) kids(n *xhtml.Node, s *story) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		r.walk(k, s)
	}
}

func (r *reader) walk(n *xhtml.Node, s *story) {
	switch n.Type {
	case xhtml.TextNode:
		if r.unseen(n) {
			s.ink |= flow.Unsaid.If(flow.Clean(n.Data) != "")
			return
		}
		s.text(n.Data)
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
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Audio, atom.Button, atom.Rp, atom.Rt, atom.Datalist:
	case atom.Object, atom.Iframe, atom.Embed, atom.Svg, atom.Video, atom.Canvas, atom.Math:
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
		switch strings.ToLower(attr(n, "type")) {
		case "", "text", "number":
			s.text(attr(n, "value"))
		}
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

// inline are the elements that hold a piece of a line.
var inline = map[atom.Atom]bool{
	atom.Span: true, atom.Font: true, atom.Small: true, atom.A: true, atom.B: true, atom.Strong: true, atom.I: true, atom.Em: true, atom.U: true,
	atom.Sup: true, atom.Sub: true, atom.Label: true, atom.Big: true,
}

// marked reads text that is struck out, raised or lowered by its element or its style, and says whether it is.
func (r *reader) marked(n *xhtml.Node, s *story) bool {
	style := r.style(n)
	moved := 0
	if inline[n.DataAtom] {
		moved = rise(style)
	}
	form := flow.Superscript
	switch {
	case n.DataAtom == atom.Del || n.DataAtom == atom.S || n.DataAtom == atom.Strike || struckBy(style):
		// Struck out is not said; but a cell in which something is struck out is not blank.
		s.ink |= flow.Struck.If(content(n) != "")
		return true
	case moved < 0 || n.DataAtom == atom.Sub && moved == 0:
		form = flow.Subscript
	case moved > 0 || n.DataAtom == atom.Sup:
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
		selected := false
		for _, a := range k.Attr {
			selected = selected || a.Key == "selected"
		}
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
		if struckBy(r.style(n)) || n.Type == xhtml.ElementNode && hides(n, r.style(n)) {
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

// beside is the ink that the style of an element of a cell adds: a figure that it writes, or a picture.
func (r *reader) beside(n *xhtml.Node) flow.Ink {
	return (flow.Unsaid | flow.Struck).If(r.sheet.written(n)) | flow.Unsaid.If(r.painted(n))
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
