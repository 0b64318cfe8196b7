package ofd

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/extract/flow"
	picturefile "github.com/nianbao/nianbao/extract/picture"
	"github.com/nianbao/nianbao/extract/vector"
	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

const (
	// maxGlyphs and maxObjects bound one page; a dense page of a report has 2 500 glyphs.
	maxGlyphs  = 200_000
	maxObjects = 200_000
	// maxDepth bounds composite units inside each other.
	maxDepth = 12
	// maxNumbers bounds the numbers of one path.
	maxNumbers = 100_000
	// plainWidth, in millimetres, is that of a line that says nothing of its width.
	plainWidth = 0.353
	// coverShare of the page is what a picture must cover to be the page itself; scanShare is the
	// same where there is no text, since a scan may leave wide margins.
	coverShare, scanShare = 0.8, 0.4
	// speck, in parts of the page, is a picture too small to hold text.
	speck = 0.02
	// drawnPaths: with no text at all, more small shapes than this are letters drawn as outlines.
	drawnPaths = 30
	// upright, in parts of its side, is how far a picture may stand off the page's axes.
	upright = 0.01
)

// matrix is a transformation: x' = ax + cy + e, y' = bx + dy + f, with y down.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// then is m followed by n.
func (m matrix) then(n matrix) matrix {
	e, f := n.apply(m.e, m.f)
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d, e, f,
	}
}

// canvas gathers what is painted on one page.
type canvas struct {
	r       *reader
	glyphs  []vector.Glyph
	inks    []ink // of the glyphs
	art     vector.Art
	images  []picture
	objects int
	// doubtful are places of print that viewers may cut off.
	doubtful []layout.Rect
	signs    []sign      // digits that glyphs of a number draw
	shown    layout.Rect // the part of the page that viewers may show alone
	// note is the kind of the note that is being painted: text, or what is drawn over the page's text, never its rulings or pictures.
	note  string
	notes vector.Art // what notes draw
}

// picture is an image on the page. below is how many glyphs were painted before it.
type picture struct {
	whole        layout.Rect
	box          layout.Rect // what of it is on the page
	file         string
	across, down layout.Point
	below        int
}

// page reads one entry of the document's list of pages.
func (r *reader) page(entry *xmltree.Node) (layout.Page, []diag.Warning, error) {
	name := r.find(r.main, entry.Attr("BaseLoc"))
	node, err := parse(r.archive, name)
	if err != nil {
		return layout.Page{}, nil, err
	}
	box, ok := area(node.Kid("Area"))
	if !ok {
		if box, ok = area(r.document.Kid("CommonData").Kid("PageArea")); !ok {
			return layout.Page{}, nil, fmt.Errorf("%w: the page has no size", diag.ErrDamaged)
		}
	}
	width, height := box.Width()*millimetre, box.Height()*millimetre
	if !(width > 0 && height > 0 && width <= maxSide && height <= maxSide) {
		return layout.Page{}, nil, fmt.Errorf("%w: the page is %g x %g mm", diag.ErrDamaged, box.Width(), box.Height())
	}
	c := &canvas{r: r, art: vector.Art{Width: width, Height: height}, notes: vector.Art{Width: width, Height: height}}
	if shown, ok := within(node, r.document.Kid("CommonData")); ok {
		c.shown = layout.Rect{X0: (shown.X0 - box.X0) * millimetre, Y0: (shown.Y0 - box.Y0) * millimetre, X1: (shown.X1 - box.X0) * millimetre, Y1: (shown.Y1 - box.Y0) * millimetre}
	}
	view := matrix{millimetre, 0, 0, millimetre, -box.X0 * millimetre, -box.Y0 * millimetre}
	var behind, before []*xmltree.Node
	var warnings []diag.Warning
	for _, k := range node.Kids {
		if k.Name != "Template" {
			continue
		}
		template, err := r.template(k.Attr("TemplateID"))
		if err != nil {
			warnings = append(warnings, diag.Warning{Code: diag.Truncated, Message: "a template of the page cannot be read: " + err.Error()})
			continue
		}
		order := k.Attr("ZOrder")
		if entry := r.templates[k.Attr("TemplateID")]; order == "" && entry != nil {
			order = entry.Attr("ZOrder")
		}
		if order == "Foreground" {
			before = append(before, template)
		} else {
			behind = append(behind, template)
		}
	}
	for _, n := range append(append(behind, node), before...) {
		c.layers(n.Kid("Content"), view)
	}
	if notes := r.notes[entry.Attr("ID")]; notes != "" {
		c.annotations(notes, view)
	}
	if c.objects > maxObjects || len(c.glyphs) > maxGlyphs {
		return layout.Page{}, nil, fmt.Errorf("%w: more than %d objects on a page", diag.ErrTooLarge, maxObjects)
	}
	page, found := c.page()
	return page, append(warnings, found...), nil
}

func (r *reader) template(id string) (*xmltree.Node, error) {
	entry := r.templates[id]
	if entry == nil {
		return nil, fmt.Errorf("template %q is not listed", id)
	}
	name := r.find(r.main, entry.Attr("BaseLoc"))
	if n := r.parsed[name]; n != nil {
		return n, nil
	}
	n, err := parse(r.archive, name)
	if err == nil {
		r.parsed[name] = n
	}
	return n, err
}

// area reads a page's box in millimetres.
func area(n *xmltree.Node) (layout.Rect, bool) {
	x := numbers(n.Kid("PhysicalBox").Content(), 4)
	if len(x) < 4 {
		return layout.Rect{}, false
	}
	return layout.Rect{X0: x[0], Y0: x[1], X1: x[0] + x[2], Y1: x[1] + x[3]}, true
}

// within is the part of a page in which it says that its content stands.
func within(page, common *xmltree.Node) (layout.Rect, bool) {
	n := page.Kid("Area")
	if n == nil {
		n = common.Kid("PageArea")
	}
	x := numbers(n.Kid("ApplicationBox").Content(), 4)
	if len(x) < 4 || !(x[2] > 0 && x[3] > 0) {
		return layout.Rect{}, false
	}
	return layout.Rect{X0: x[0], Y0: x[1], X1: x[0] + x[2], Y1: x[1] + x[3]}, true
}

// page makes the page of what was painted.
func (c *canvas) page() (layout.Page, []diag.Warning) {
	page := layout.Page{Width: c.art.Width, Height: c.art.Height, Unit: layout.Points}
	area := page.Width * page.Height
	covered := 0.0
	var largest *picture
	for i := range c.images {
		p := &c.images[i]
		size := p.box.Width() * p.box.Height()
		covered += size
		if largest == nil || size > largest.box.Width()*largest.box.Height() {
			largest = p
		}
	}
	cover := largest != nil && largest.box.Width()*largest.box.Height() >= coverShare*area
	for i := range c.glyphs {
		if cover && i < largest.below {
			c.glyphs[i].Hidden = true
		}
	}
	c.conceal()
	glyphs := vector.Visible(c.glyphs, layout.Rect{X1: page.Width, Y1: page.Height})
	use, reason := vector.Judge(glyphs, cover, covered >= speck*area || c.art.Shapes > drawnPaths)
	page.Route = layout.RouteText
	if use != vector.Pixels {
		page.Rulings = c.art.Rulings
		page.Words = vector.Words(glyphs, c.art.Rulings)
		page.Unsaid, page.Struck = vector.Unsaid(glyphs)
		struck, unsaid := c.art.Doubtful(glyphs)
		page.Unsaid, page.Struck = slices.Concat(page.Unsaid, unsaid, c.art.Marks, c.art.Figures(glyphs)), append(append(page.Struck, struck...), slices.Concat(c.doubtful, c.lying())...)
		for _, p := range c.images {
			if vector.Mark(p.box) {
				page.Unsaid = append(page.Unsaid, p.box)
			}
		}
		return page, nil
	}
	var warnings []diag.Warning
	if largest != nil && largest.box.Width()*largest.box.Height() >= scanShare*area {
		if page.Source = c.scan(largest); page.Source != nil {
			page.Route = layout.RouteOCR
			if reason != "" {
				warnings = append(warnings, diag.Warning{Code: diag.TextLayerRejected, Message: "the text layer was not used: " + reason})
			}
			return page, warnings
		}
	}
	if reason == "" {
		reason = "it is drawn as outlines or in several pictures"
	}
	return page, []diag.Warning{{Code: diag.PageUnreadable, Message: "the page's text cannot be read: " + reason + "; print the OFD to a PDF and convert that"}}
}

// scan gives a picture that is the page, turned as it stands there.
func (c *canvas) scan(p *picture) *layout.Source {
	data, err := c.r.archive.Read(p.file)
	if err != nil {
		return nil
	}
	scan := flow.Scan(data)
	if scan == nil {
		return nil
	}
	stored := scan.Pixels
	return &layout.Source{
		Box: p.box,
		Pixels: func(most int) (image.Image, error) {
			img, err := stored(most)
			if err != nil {
				return nil, err
			}
			if p.across.X <= 0 || p.down.Y <= 0 {
				img = vector.Orient(img, p.across, p.down)
			}
			b := img.Bounds() // its dots may be no squares on the page
			return picturefile.Square(img, float64(b.Dx())/p.whole.Width(), float64(b.Dy())/p.whole.Height()), nil
		},
	}
}

// layers paints the layers of a page: those behind first.
func (c *canvas) layers(content *xmltree.Node, view matrix) {
	if content == nil {
		return
	}
	var layers []*xmltree.Node
	for _, k := range content.Kids {
		if k.Name == "Layer" {
			layers = append(layers, k)
		}
	}
	depth := map[string]int{"Background": -1, "Foreground": 1}
	sort.SliceStable(layers, func(i, j int) bool { return depth[layers[i].Attr("Type")] < depth[layers[j].Attr("Type")] })
	for _, l := range layers {
		c.block(l, view, c.inside(l, state{width: plainWidth, alpha: 255}), 0)
	}
}

// state is what an element has from those around it.
type state struct {
	width float64
	fill  *xmltree.Node // in which it is filled
	alpha int
	clip  *layout.Rect // beyond which nothing of it is seen
}

// inside is the state of what stands in an element.
func (c *canvas) inside(n *xmltree.Node, s state) state {
	s.width, s.alpha = c.width(n, s.width), min(s.alpha, opacity(n))
	if f := c.r.fills[n.Attr("DrawParam")]; f != nil {
		s.fill = f
	}
	return s
}

// clipped adds what an object cuts off of itself.
func (s state) clipped(n *xmltree.Node, view matrix) state {
	for _, clip := range n.Kid("Clips").All() {
		if clip.Name != "Clip" {
			continue
		}
		m := object(n, view)
		if n.Kid("Clips").Attr("TransFlag") == "false" {
			m = object(&xmltree.Node{Attrs: []xmltree.Attr{{Name: "Boundary", Value: n.Attr("Boundary")}}}, view)
		}
		var open layout.Rect
		for _, a := range clip.Kids {
			if shape := a.Kid("Path"); a.Name == "Area" && shape != nil {
				var p vector.Path
				draw(shape.Kid("AbbreviatedData").Content(), object(shape, object(a, m)), &p)
				open = open.Union(p.Bounds())
			}
		}
		if s.clip != nil {
			open = layout.Rect{X0: max(open.X0, s.clip.X0), Y0: max(open.Y0, s.clip.Y0), X1: min(open.X1, s.clip.X1), Y1: min(open.Y1, s.clip.Y1)}
		}
		s.clip = &open
	}
	return s
}

// cuts says that nothing at a place is seen.
func (s state) cuts(at layout.Point) bool { return s.clip != nil && !s.clip.Contains(at) }

// width is the line width that an element sets, itself or by its DrawParam, or else the one around it.
func (c *canvas) width(n *xmltree.Node, around float64) float64 {
	if w, err := strconv.ParseFloat(n.Attr("LineWidth"), 64); err == nil {
		return w
	}
	if w, ok := c.r.widths[n.Attr("DrawParam")]; ok {
		return w
	}
	return around
}

// block paints the objects of a layer, a page block or a composite unit.
func (c *canvas) block(n *xmltree.Node, view matrix, s state, depth int) {
	for _, k := range n.Kids {
		if k.Name == "" {
			continue
		}
		if k.Attr("Visible") == "false" {
			c.unseen(k, view, s, depth)
			continue
		}
		if c.objects++; c.objects > maxObjects || depth > maxDepth {
			return
		}
		if !c.r.spend(weight(k)) {
			c.objects = maxObjects + 1
			return
		}
		switch k.Name {
		case "PageBlock", "Layer":
			c.block(k, view, c.inside(k, s), depth+1)
		case "TextObject":
			c.text(k, object(k, view), s.clipped(k, view), view)
		case "PathObject":
			c.path(k, object(k, view), c.inside(k, s).clipped(k, view))
		case "ImageObject":
			if c.note == "" && s.alpha > faint {
				c.image(k, object(k, view), s.clipped(k, view))
			}
		case "CompositeObject":
			if content := c.r.composites[k.Attr("ResourceID")].Kid("Content"); content != nil {
				c.block(content, object(k, view), c.inside(k, s).clipped(k, view), depth+1)
			}
		}
	}
}

// unseen notes where an object has text that no viewer shows: a cell that holds nothing else is not blank.
func (c *canvas) unseen(n *xmltree.Node, view matrix, s state, depth int) {
	if c.objects++; c.objects > maxObjects || depth > maxDepth || !c.r.spend(weight(n)) {
		return
	}
	before := len(c.glyphs)
	switch n.Name {
	case "TextObject":
		c.text(n, object(n, view), s, view)
	case "PageBlock", "Layer":
		for _, k := range n.Kids {
			c.unseen(k, view, s, depth+1)
		}
	case "CompositeObject":
		for _, k := range c.r.composites[n.Attr("ResourceID")].Kid("Content").All() {
			c.unseen(k, object(n, view), s, depth+1)
		}
	}
	for i := before; i < len(c.glyphs); i++ {
		c.glyphs[i].Hidden = true
	}
}

// weight is about how much work it is to paint an object: its text.
func weight(n *xmltree.Node) int {
	const each = 100 // of an object without any
	sum := each
	for _, a := range n.Attrs {
		sum += len(a.Value)
	}
	for _, k := range n.Kids {
		if n.Name == "PageBlock" || n.Name == "Layer" {
			break // its objects weigh for themselves
		}
		sum += len(k.Content())
		for _, a := range k.Attrs {
			sum += len(a.Value)
		}
	}
	return sum
}

// object gives the transformation from an object's own coordinates to the displayed page.
func object(n *xmltree.Node, view matrix) matrix {
	m := identity
	if x := numbers(n.Attr("CTM"), 6); len(x) >= 6 {
		m = matrix{x[0], x[1], x[2], x[3], x[4], x[5]}
	}
	if b := numbers(n.Attr("Boundary"), 4); len(b) >= 2 {
		m.e += b[0]
		m.f += b[1]
	}
	return m.then(view)
}

// annotations paints the text of a page's notes.
func (c *canvas) annotations(name string, view matrix) {
	list, err := parse(c.r.archive, name)
	if err != nil {
		return
	}
	for _, a := range list.Kids {
		if a.Name != "Annot" || a.Attr("Visible") == "false" || a.Attr("Type") == "Watermark" {
			continue
		}
		c.note = cmp.Or(a.Attr("Type"), "Path")
		if look := a.Kid("Appearance"); look != nil {
			at := object(look, view)
			c.block(look, at, state{width: plainWidth, alpha: 255}, 0)
		}
	}
	c.note = ""
}

// smallest size of print that is seen, in points; outside, in sizes of it, is how far print may stand out of the box that its object claims:
// some writers claim boxes that are too small, and viewers cut off there or not.
const smallest, outside = 1, 0.5

// text places the glyphs of a text object, which stands in what view shows.
func (c *canvas) text(n *xmltree.Node, m matrix, s state, view matrix) {
	size, err := strconv.ParseFloat(n.Attr("Size", "size"), 64)
	if err != nil || !(size > 0) {
		return
	}
	narrow := narrowing(n)
	direction, _ := strconv.Atoi(n.Attr("CharDirection"))
	down := n.Attr("ReadDirection") == "90" || n.Attr("ReadDirection") == "270"
	color, alpha, _ := c.r.fill(n, s) // black, where nothing is said
	if n.Attr("Fill") == "false" && n.Kid("StrokeColor") != nil {
		color, _ = plain(n.Kid("StrokeColor"))
		alpha = min(alpha, opacity(n.Kid("StrokeColor")))
	}
	em := size * math.Hypot(m.c, m.d) // on the page, in points
	hidden := alpha < faint || n.Attr("Fill") == "false" && n.Attr("Stroke") != "true" || em < smallest || narrow < faintWidth
	quarter := -1
	if turned := math.Atan2(m.b, m.a)/(math.Pi/2) + float64(direction)/90; math.Abs(turned-math.Round(turned)) < 0.05 {
		quarter = (int(math.Round(turned))%4 + 4) % 4
	}
	if !(em > 0 && em < maxSide) {
		return
	}
	claimed, claims := claim(n, view)
	drawnBy, place := glyphNumbers(n), 0 // the place of a character in the object
	x, y := 0.0, 0.0
	for _, code := range n.Kids {
		if code.Name != "TextCode" {
			continue
		}
		if v, err := strconv.ParseFloat(code.Attr("X"), 64); err == nil {
			x = v
		}
		if v, err := strconv.ParseFloat(code.Attr("Y"), 64); err == nil {
			y = v
		}
		text := []rune(strings.Trim(code.Content(), "\r\n\t"))
		dx, dy := numbers(code.Attr("DeltaX"), len(text)), numbers(code.Attr("DeltaY"), len(text))
		if len(c.glyphs)+len(text) > maxGlyphs {
			c.objects = maxObjects + 1
			return
		}
		after := true
		px, py := x, y
		for i, r := range text {
			width := advance(r) * size * narrow
			stepX, saysX := step(dx, i)
			stepY, saysY := step(dy, i)
			if !saysX && !saysY {
				if down {
					stepY = size
				} else {
					stepX = width // the font's own advance
				}
			}
			if !unicode.IsSpace(r) && r != 0 {
				// A letter is as wide as its step, within reason; a figure is half an em, so that figures
				// set apart are told from each other.
				if unicode.IsLetter(r) && r < 0x2E80 && stepX > 0 {
					width = min(stepX, size*narrow)
				}
				g := vector.Glyph{Text: string(r), Size: em, Quarter: quarter, After: after, Hidden: hidden, Font: n.Attr("Font")}
				g.Box = box(m, direction, px, py, width, size)
				g.Mirrored = m.a*m.d-m.b*m.c < 0
				at := g.Box.Center()
				g.Hidden = g.Hidden || s.cuts(at)
				if cut := outside * em; !g.Hidden && unicode.IsDigit(r) && (claims && out(claimed, at, cut) || c.shown.Width() > 0 && out(c.shown, at, cut)) {
					c.doubtful = append(c.doubtful, g.Box)
				}
				if k := len(c.glyphs) - 1; k >= 0 && !after && vector.Below(c.glyphs[k], g) {
					g.Downward = true
				}
				c.sign(n.Attr("Font"), drawnBy, place+i, g)
				c.glyphs, c.inks = append(c.glyphs, g), append(c.inks, ink{c.objects, color})
				after = false
			} else {
				after = true
			}
			px, py = px+stepX, py+stepY
		}
		place += len(text)
	}
}

// step is how far it is from character i to the next by a list of steps, if there is one. Where the list ends early, viewers go on with its
// last step.
func step(list []float64, i int) (by float64, says bool) {
	if len(list) == 0 {
		return 0, false
	}
	return list[min(i, len(list)-1)], true
}

// narrowing is how wide a text is set, in parts of its usual width.
func narrowing(n *xmltree.Node) float64 {
	const most = 10
	if s, err := strconv.ParseFloat(n.Attr("HScale"), 64); err == nil && s > 0 && s < most {
		return s
	}
	return 1
}

// faintWidth is how narrow print may be set, in parts of its usual width.
const faintWidth = 0.05

// claim is the box on the page that an object says it takes.
func claim(n *xmltree.Node, view matrix) (layout.Rect, bool) {
	b := numbers(n.Attr("Boundary"), 4)
	if len(b) < 4 || !(b[2] > 0 && b[3] > 0) {
		return layout.Rect{}, false
	}
	x0, y0 := view.apply(b[0], b[1])
	x1, y1 := view.apply(b[0]+b[2], b[1]+b[3])
	return vector.Bounds(layout.Point{X: x0, Y: y0}, layout.Point{X: x1, Y: y1}), true
}

// out says that a place lies farther outside a box than is allowed.
func out(box layout.Rect, at layout.Point, by float64) bool {
	return at.X < box.X0-by || at.X > box.X1+by || at.Y < box.Y0-by || at.Y > box.Y1+by
}

// box is a character's cell on the page. Its origin is at x, y of the object, on the base line.
func box(m matrix, direction int, x, y, width, size float64) layout.Rect {
	// The cell's corners from the origin, before the character is turned.
	x0, y0, x1, y1 := 0.0, -vector.Ascent*size, width, vector.Descent*size
	sin, cos := math.Sincos(float64(direction) * math.Pi / 180)
	corner := func(u, v float64) layout.Point {
		px, py := m.apply(x+u*cos-v*sin, y+u*sin+v*cos)
		return layout.Point{X: px, Y: py}
	}
	return vector.Bounds(corner(x0, y0), corner(x1, y0), corner(x0, y1), corner(x1, y1))
}

// advance is about how wide a character is, in em. The standard leaves it to the font, which the
// steps of a text run almost always say anyway.
func advance(r rune) float64 {
	if r < 0x2E80 && r != '—' && r != '…' && r != '“' && r != '”' {
		return 0.5
	}
	return 1
}

// path takes the rulings out of a path object.
func (c *canvas) path(n *xmltree.Node, m matrix, s state) {
	stroked, filled := n.Attr("Stroke") != "false", n.Attr("Fill") == "true"
	if !stroked && !filled || s.alpha == 0 {
		return
	}
	width := s.width
	p := vector.Path{Stroked: stroked, Thickness: width * math.Sqrt(math.Abs(m.a*m.d-m.b*m.c)), Filled: filled, Order: c.objects}
	color, alpha, plain := c.r.fill(n, s)
	p.Color, p.Shaded = color, shaded(n.Kid("FillColor"))
	switch {
	case filled:
		p.Clear = !plain && !p.Shaded || alpha < opaque
	default:
		p.Clear = s.alpha < opaque
	}
	draw(n.Kid("AbbreviatedData").Content(), m, &p)
	if b := p.Bounds(); s.clip != nil && (b.X0 > s.clip.X1 || b.X1 < s.clip.X0 || b.Y0 > s.clip.Y1 || b.Y1 < s.clip.Y0) {
		return
	}
	if c.note != "" {
		p.Clear = p.Clear || c.note == "Highlight" || c.note == "Stamp" // these let the text through
		c.notes.Add(&p)
		return
	}
	c.art.Add(&p)
}

// draw follows the abbreviated path language of the standard (9.3.1): S and M begin, L draws a line,
// Q, B and A curves, C goes back to the beginning.
func draw(data string, m matrix, p *vector.Path) {
	fields := strings.Fields(data)
	if len(fields) > maxNumbers {
		fields = fields[:maxNumbers]
	}
	var args []float64
	for i := 0; i < len(fields); {
		command := fields[i]
		i++
		args = args[:0]
		for i < len(fields) {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				break
			}
			args = append(args, v)
			i++
		}
		end := func() (layout.Point, bool) {
			if len(args) < 2 {
				return layout.Point{}, false
			}
			x, y := m.apply(args[len(args)-2], args[len(args)-1])
			return layout.Point{X: x, Y: y}, true
		}
		to, ok := end()
		switch {
		case command == "C":
			p.Close()
		case !ok:
		case command == "S" || command == "M":
			p.Move(to)
		case command == "L":
			p.Line(to)
		case command == "Q" || command == "B" || command == "A":
			p.Curve(to)
		}
	}
}

// image notes a picture; one as thin as a line is a ruling.
func (c *canvas) image(n *xmltree.Node, m matrix, s state) {
	at := func(x, y float64) layout.Point {
		px, py := m.apply(x, y)
		return layout.Point{X: px, Y: py}
	}
	if n.Attr("CTM") == "" {
		// Without one the picture fills its boundary.
		if b := numbers(n.Attr("Boundary"), 4); len(b) >= 4 {
			m = matrix{a: b[2], d: b[3]}.then(m)
		}
	}
	corner, right, bottom, far := at(0, 0), at(1, 0), at(0, 1), at(1, 1)
	box := vector.Bounds(corner, right, bottom, far)
	if c.art.Fill(box) {
		return
	}
	whole := box
	if s.clip != nil {
		box = layout.Rect{X0: max(box.X0, s.clip.X0), Y0: max(box.Y0, s.clip.Y0), X1: min(box.X1, s.clip.X1), Y1: min(box.Y1, s.clip.Y1)}
	}
	box = layout.Rect{X0: max(box.X0, 0), Y0: max(box.Y0, 0), X1: min(box.X1, c.art.Width), Y1: min(box.Y1, c.art.Height)}
	if !(box.Width() > 0 && box.Height() > 0) {
		return
	}
	p := picture{
		whole:  whole,
		box:    box,
		file:   c.r.media[n.Attr("ResourceID")],
		across: layout.Point{X: right.X - corner.X, Y: right.Y - corner.Y},
		down:   layout.Point{X: bottom.X - corner.X, Y: bottom.Y - corner.Y},
		below:  len(c.glyphs),
	}
	flat := func(q layout.Point) bool {
		return min(math.Abs(q.X), math.Abs(q.Y)) <= upright*max(math.Abs(q.X), math.Abs(q.Y))
	}
	if p.file != "" && flat(p.across) && flat(p.down) && n.Attr("Alpha") != "0" {
		c.images = append(c.images, p)
		if min(opacity(n), s.alpha) >= opaque && n.Attr("ImageMask") == "" && c.r.solid(p.file) {
			c.art.Covers = append(c.art.Covers, vector.Cover{Box: box, Order: c.objects, Picture: true})
		}
	}
}

// numbers reads the first numbers of a list; "g n v" stands for n times v.
func numbers(s string, most int) []float64 {
	fields := strings.Fields(s)
	var out []float64
	for i := 0; i < len(fields) && len(out) < most; i++ {
		if fields[i] == "g" && i+2 < len(fields) {
			n, err1 := strconv.Atoi(fields[i+1])
			v, err2 := strconv.ParseFloat(fields[i+2], 64)
			if err1 != nil || err2 != nil || n < 0 {
				return out
			}
			for range min(n, most-len(out)) {
				out = append(out, v)
			}
			i += 2
			continue
		}
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return out
		}
		out = append(out, v)
	}
	return out
}
