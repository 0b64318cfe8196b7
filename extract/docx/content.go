package docx

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/html"
	"github.com/nianbao/nianbao/extract/kind"
	"github.com/nianbao/nianbao/extract/text"
	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/figure"
)

// story collects the blocks of the body, a cell or a text box.
type story struct {
	out []layout.Block
	// carry is the text of a paragraph whose mark is deleted: the next paragraph goes on with it.
	carry string
	// ink is set when something is seen that is not text.
	ink flow.Ink
}

// join ends the story.
func (s *story) join() {
	if t := flow.Clean(s.carry); t != "" {
		s.out = append(s.out, flow.Paragraph(t, 0))
	}
	s.carry = ""
}

// para collects the content of one paragraph.
type para struct {
	text strings.Builder
	// after are the tables, text boxes and pictures that are anchored in the paragraph.
	after []layout.Block
	ink   flow.Ink
	// style of the paragraph, and the height in half-points of its first text above the line.
	style string
	base  int
	// size of the last figures, in half-points.
	size float64
}

func (p *para) empty() bool { return p.text.Len() == 0 && len(p.after) == 0 && p.ink == 0 }

// content reads what stands at the level of paragraphs.
func (r *reader) content(n *xmltree.Node, s *story) {
	var before *[]layout.Block // the table that was read last
	over := false              // a drawing of the paragraph before reaches over what comes
	for _, k := range n.Kids {
		switch k.Name {
		case "w:p":
			r.paragraph(k, s)
			down, up := reaches(k)
			if n := len(s.out); up && before != nil && n > 0 {
				cover(*before)
			}
			over, before = down || over && k.Content() == "", nil
		case "w:tbl":
			s.join()
			blocks := r.table(k)
			if over {
				cover(blocks)
			}
			over, before = false, &blocks
			s.out = append(s.out, blocks...)
		case "w:sdt":
			c := k.Kid("w:sdtContent")
			switch {
			case placeholder(k):
				s.ink |= flow.Unsaid.If(c.Content() != "")
			case c != nil:
				r.content(c, s)
			}
		case "mc:AlternateContent":
			r.alternate(k, func(branch *xmltree.Node) bool {
				var sub story
				r.content(branch, &sub)
				sub.join()
				s.out, s.ink = append(s.out, sub.out...), s.ink|sub.ink
				return len(sub.out) > 0
			})
		case "w:altChunk":
			s.join()
			s.out = append(s.out, r.chunk(k.Attr("r:id"))...)
		case "w:del", "w:moveFrom":
			s.ink |= flow.Unsaid.If(k.Content() != "")
		case "w:sectPr", "w:subDoc":
		case "w:r", "w:hyperlink", "w:fldSimple", "w:smartTag", "w:t":
			r.paragraph(&xmltree.Node{Name: "w:p", Kids: []*xmltree.Node{k}}, s)
		default:
			if !strings.HasSuffix(k.Name, "Pr") {
				r.content(k, s)
			}
		}
	}
}

// alternate tries the branches of an alternative in their order until one gives something.
func (r *reader) alternate(n *xmltree.Node, read func(*xmltree.Node) bool) {
	for _, name := range []string{"mc:Choice", "mc:Fallback"} {
		for _, k := range n.Kids {
			if k.Name == name && (name == "mc:Fallback" || understood(k.Attr("Requires"))) && read(k) {
				return
			}
		}
	}
}

// extensions are the prefixes of what today's Word knows, as all programs call them.
var extensions = map[string]bool{
	"wps": true, "wpg": true, "wpc": true, "wpi": true, "wp14": true, "w14": true, "w15": true, "w16": true, "w16se": true, "w16cid": true, "w16cex": true,
	"w16sdtdh": true, "w16du": true, "a14": true, "a16": true, "pic14": true, "v": true, "o": true, "cx": true, "cx1": true, "am3d": true, "aink": true, "wpsCustomData": true,
}

// understood says that Word knows all that a branch of an alternative requires.
func understood(requires string) bool {
	for name := range strings.FieldsSeq(requires) {
		if !extensions[name] {
			return false
		}
	}
	return true
}

// placeholder says that a content control only shows the invitation to fill it in. That is no text of
// the report; but the page shows something, so its cell is not blank.
func placeholder(sdt *xmltree.Node) bool { return on(sdt.Kid("w:sdtPr").Kid("w:showingPlcHdr")) }

func (r *reader) paragraph(n *xmltree.Node, s *story) {
	props := n.Kid("w:pPr")
	p := para{style: r.styleOf(props)}
	p.base = r.base(n, p.style)
	around := r.ground
	r.ground = r.behind(props, p.style, around)
	defer func() { r.ground = around }()
	pressed, off := r.pressed(props, p.style)
	r.inline(n, &p)
	if pressed {
		p.ink |= flow.Unsaid.If(p.text.Len() > 0)
		p.text.Reset()
	}
	p.ink |= flow.Struck.If(off)
	for i := range r.fields {
		r.fields[i].instruction = false // an instruction does not go on in the next paragraph
	}
	s.ink |= p.ink
	mark := props.Kid("w:rPr")
	if mark.Kid("w:del") != nil || mark.Kid("w:moveFrom") != nil {
		s.carry += p.text.String()
		s.out = append(s.out, p.after...)
		return
	}
	label := r.label(props)
	s.ink |= flow.Struck.If(flow.Meet(label, s.carry+p.text.String()))
	text := flow.Clean(label + s.carry + p.text.String())
	s.carry = ""
	level := r.heading(props)
	if level > 0 && text != "" {
		s.out = append(s.out, flow.Paragraph(text, level))
	} else {
		for l := range strings.SplitSeq(text, "\n") {
			if l != "" {
				s.out = append(s.out, flow.Paragraph(l, 0))
			}
		}
	}
	s.out = append(s.out, p.after...)
}

// seen says that no field's instruction is being read.
func (r *reader) seen() bool {
	return !slices.ContainsFunc(r.fields, func(f field) bool { return f.instruction })
}

// inline reads what stands in a paragraph.
func (r *reader) inline(n *xmltree.Node, p *para) {
	for _, k := range n.Kids {
		switch k.Name {
		case "w:r", "m:r":
			r.run(k, p)
		case "w:t", "m:t":
			if r.seen() {
				p.text.WriteString(k.Content())
			}
		case "m:sup", "m:sub", "m:f", "m:rad", "m:borderBox", "m:phant", "m:nary":
			r.formula(k, p)
		case "w:bdo":
			r.inline(k, p)
			p.ink |= flow.Struck.If(val(k) == "rtl")
		case "w:fldSimple":
			before := p.text.Len()
			r.inline(k, p)
			p.ink |= flow.Unsaid.If(p.text.Len() == before && flow.FieldShows(k.Attr("w:instr"))) | flow.Struck.If(flow.FieldDoubtful(k.Attr("w:instr")) || outdated(k))
		case "w:tab", "w:ptab":
			p.text.WriteByte('\t')
		case "w:br", "w:cr":
			p.text.WriteByte('\n')
		case "w:noBreakHyphen":
			p.text.WriteByte('-')
		case "w:sym":
			if r.seen() {
				if code, err := strconv.ParseUint(k.Attr("w:char"), 16, 16); err == nil {
					p.text.WriteString(flow.Symbol(k.Attr("w:font"), rune(code)))
				}
			}
		case "w:fldChar":
			r.field(k, p)
		case "w:instrText":
			if n := len(r.fields); n > 0 && r.fields[n-1].instruction {
				r.fields[n-1].code += k.Content()
			}
		case "w:ruby":
			if base := k.Kid("w:rubyBase"); base != nil {
				r.inline(base, p)
			}
		case "w:sdt":
			c := k.Kid("w:sdtContent")
			switch {
			case placeholder(k):
				p.ink |= flow.Unsaid.If(c.Content() != "")
			case c != nil:
				r.inline(c, p)
			}
		case "w:drawing", "w:pict", "w:object":
			r.graphic(k, p)
		case "w:tbl":
			p.after = append(p.after, r.table(k)...)
		case "w:p":
			var s story
			r.paragraph(k, &s)
			s.join()
			p.after, p.ink = append(p.after, s.out...), p.ink|s.ink
		case "mc:AlternateContent":
			r.alternate(k, func(branch *xmltree.Node) bool {
				sub := para{style: p.style, base: p.base}
				r.inline(branch, &sub)
				p.text.WriteString(sub.text.String())
				p.after, p.ink = append(p.after, sub.after...), p.ink|sub.ink
				return !sub.empty()
			})
		case "w:del", "w:moveFrom":
			p.ink |= flow.Unsaid.If(k.Content() != "")
		case "w:delText", "w:delInstrText", "w:softHyphen",
			"w:footnoteReference", "w:endnoteReference", "w:annotationRef", "w:commentReference", "w:pgNum":
		case "":
		default:
			if !strings.HasSuffix(k.Name, "Pr") {
				r.inline(k, p)
			}
		}
	}
}

func (r *reader) run(n *xmltree.Node, p *para) {
	props := n.Kid("w:rPr")
	if props.Kid("w:del") != nil { // of an equation
		p.ink |= flow.Unsaid
		return
	}
	look := r.look(props, p)
	if look.hidden {
		// What a cell hides is not read, but such a cell is not blank either.
		p.ink |= flow.Unsaid.If(n.Content() != "" || n.Kid("w:sym") != nil)
		return
	}
	font := ""
	if f := r.property(props, p.style, "w:rFonts"); f != nil {
		font = strings.ToLower(f.Attr("w:ascii", "w:hAnsi"))
	}
	symbols := strings.HasPrefix(font, "wingdings") || font == "webdings"
	if n.Kid("w:footnoteReference") != nil || n.Kid("w:endnoteReference") != nil {
		look.rise = 1 // a mark of a note, however it stands
	}
	sub := para{style: p.style, base: p.base}
	r.inline(n, &sub)
	p.after, p.ink = append(p.after, sub.after...), p.ink|sub.ink
	if text := sub.text.String(); text != "" && strings.ContainsFunc(text, figure.IsDigit) {
		before := p.text.String()
		other := before != "" && figure.IsDigit(rune(before[len(before)-1])) && figure.IsDigit(rune(text[0])) &&
			max(look.size, p.size) >= leastSmaller*min(look.size, p.size)
		p.ink |= flow.Struck.If(look.doubtful || other && !look.struck && look.rise == 0)
		p.size = look.size
	}
	switch {
	case look.pale && figure.Bare(strings.TrimSpace(sub.text.String())):
		// Of the color of its ground; of a heading that is not believed, for its ground may be dark by a style that is not read.
		p.ink |= flow.Unsaid
	case look.struck:
		// Struck out is not said; but a cell in which something is struck out is not blank.
		p.ink |= flow.Struck.If(flow.Clean(sub.text.String()) != "")
	case look.rise > 0:
		p.text.WriteString(flow.Superscript(sub.text.String()))
	case look.rise < 0:
		p.text.WriteString(flow.Subscript(sub.text.String()))
	case symbols:
		for _, c := range sub.text.String() {
			p.text.WriteString(flow.Symbol(font, c))
		}
	default:
		p.text.WriteString(sub.text.String())
	}
}

// field follows a field's beginning, its instruction, and its result. A drop-down list has no result:
// it shows the entry that was chosen.
func (r *reader) field(n *xmltree.Node, p *para) {
	const deepest = 64
	switch n.Attr("w:fldCharType") {
	case "begin":
		p.ink |= flow.Struck.If(outdated(n)) | flow.Unsaid.If(n.Kid("w:ffData").Kid("w:checkBox") != nil)
		if list := n.Kid("w:ffData").Kid("w:ddList"); list != nil && r.seen() {
			chosen := number(list.Kid("w:result"), number(list.Kid("w:default"), 0))
			for _, e := range list.Kids {
				if e.Name != "w:listEntry" {
					continue
				}
				if chosen == 0 {
					p.text.WriteString(val(e))
				}
				chosen--
			}
		}
		if len(r.fields) < deepest {
			r.fields = append(r.fields, field{instruction: true, before: p.text.Len()})
		}
	case "separate":
		if len(r.fields) > 0 {
			r.fields[len(r.fields)-1].instruction = false
		}
	case "end":
		if n := len(r.fields); n > 0 {
			f := r.fields[n-1]
			r.fields = r.fields[:n-1]
			p.ink |= flow.Struck.If(flow.FieldDoubtful(f.code))
			if !r.seen() || p.text.Len() > f.before {
				return
			}
			if shown, ok := flow.Equation(f.code); ok {
				p.text.WriteString(shown)
			} else {
				p.ink |= flow.Unsaid.If(flow.FieldShows(f.code))
			}
		}
	}
}

// outdated says that a program is to compute a field anew when it opens the document.
func outdated(n *xmltree.Node) bool {
	d := n.Attr("w:dirty")
	return d == "1" || d == "true" || d == "on"
}

// formula reads a part of an equation that is not said as it stands in a line.
func (r *reader) formula(n *xmltree.Node, p *para) {
	sub := para{style: p.style, base: p.base}
	r.inline(n, &sub)
	text := sub.text.String()
	p.after, p.ink = append(p.after, sub.after...), p.ink|sub.ink
	props := n.Kid(n.Name + "Pr")
	switch n.Name {
	case "m:sup":
		text = flow.Superscript(text)
	case "m:sub":
		text = flow.Subscript(text)
	case "m:f":
		var top, foot para
		if num, den := n.Kid("m:num"), n.Kid("m:den"); num != nil && den != nil {
			r.inline(num, &top)
			r.inline(den, &foot)
			text = top.text.String() + "/" + foot.text.String()
		}
	case "m:rad":
		text = "√" + text
	case "m:nary":
		text = "∑" + text
	case "m:borderBox":
		for _, name := range []string{"m:strikeH", "m:strikeV", "m:strikeBLTR", "m:strikeTLBR"} {
			if k := props.Kid(name); k != nil && k.Attr("m:val", "val") != "0" && k.Attr("m:val", "val") != "off" {
				p.ink |= flow.Struck
				return
			}
		}
	case "m:phant":
		if v := props.Kid("m:show"); v != nil && (v.Attr("m:val", "val") == "0" || v.Attr("m:val", "val") == "off") {
			p.ink |= flow.Unsaid
			return
		}
	}
	p.text.WriteString(text)
}

// graphic reads the text boxes of a drawing and notes its pictures.
func (r *reader) graphic(n *xmltree.Node, p *para) {
	hidden := false
	n.Find(func(d *xmltree.Node) { hidden = hidden || d.Attr("hidden") == "1" || d.Attr("hidden") == "true" }, "wp:docPr")
	n.Find(func(d *xmltree.Node) {
		hidden = hidden || strings.Contains(strings.ReplaceAll(d.Attr("style"), " ", ""), "visibility:hidden")
	}, "v:shape", "v:rect", "v:oval", "v:roundrect", "v:group", "v:line")
	if hidden {
		return
	}
	w, h := extent(n)
	p.ink |= (flow.Unsaid | flow.Struck).If(covers(n))
	n.Find(func(k *xmltree.Node) {
		switch k.Name {
		case "w:txbxContent":
			open := r.fields
			r.fields = nil
			var s story
			r.content(k, &s)
			s.join()
			r.fields = open
			p.after, p.ink = append(p.after, s.out...), p.ink|s.ink
		case "mc:AlternateContent":
			r.alternate(k, func(branch *xmltree.Node) bool {
				var sub para
				r.graphic(branch, &sub)
				p.after, p.ink = append(p.after, sub.after...), p.ink|sub.ink
				return !sub.empty()
			})
		case "a:blip", "v:imagedata":
			p.ink |= flow.Unsaid
			if w > 0 && w < minWidth || h > 0 && h < minHeight {
				return
			}
			rel, ok := r.relation(k.Attr("r:embed", "r:id", "r:link"))
			if !ok {
				return
			}
			var scan *layout.Source
			if !rel.external {
				if data, err := r.pkg.Read(rel.target); err == nil {
					scan = flow.ScanAs(data, w, h)
				}
			}
			p.after = append(p.after, flow.Picture(path.Base(rel.target), scan))
		case "o:OLEObject":
			r.warnings = append(r.warnings, diag.Warning{
				Code: diag.Attachment, Message: fmt.Sprintf("an embedded object (%.60s) was not read", k.Attr("ProgID")),
			})
		case "v:textpath":
			p.ink |= flow.Unsaid.If(strings.TrimSpace(k.Attr("string")) != "")
		}
	}, "w:txbxContent", "mc:AlternateContent", "a:blip", "v:imagedata", "o:OLEObject", "v:textpath")
}

// extent gives the size in points that a drawing claims on the page, 0 when it claims none.
func extent(n *xmltree.Node) (w, h float64) {
	n.Find(func(k *xmltree.Node) {
		if k.Name == "wp:extent" {
			cx, _ := strconv.ParseFloat(k.Attr("cx"), 64)
			cy, _ := strconv.ParseFloat(k.Attr("cy"), 64)
			w, h = max(w, cx/emu), max(h, cy/emu)
			return
		}
		for part := range strings.SplitSeq(k.Attr("style"), ";") {
			name, value, _ := strings.Cut(part, ":")
			v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), "pt"), 64)
			switch strings.TrimSpace(name) {
			case "width":
				if err == nil {
					w = max(w, v)
				}
			case "height":
				if err == nil {
					h = max(h, v)
				}
			}
		}
	}, "wp:extent", "v:shape", "v:rect")
	return w, h
}

// chunk reads a document of another kind that is imported at a place.
func (r *reader) chunk(id string) []layout.Block {
	rel, ok := r.relation(id)
	if !ok || rel.external {
		return nil
	}
	data, err := r.pkg.Read(rel.target)
	var blocks []layout.Block
	var warnings []diag.Warning
	if err == nil {
		switch k := kind.Of(data); k {
		case kind.HTML, kind.MHT:
			blocks, warnings, err = firstPage(html.Read(data))
		case kind.Text:
			blocks, warnings, err = firstPage(text.Read(data))
		case kind.DOCX:
			if r.depth >= maxNesting {
				err = diag.ErrTooLarge
				break
			}
			blocks, warnings, err = read(data, r.depth+1)
		default:
			err = fmt.Errorf("%w: %s", diag.ErrFormat, k.MediaType())
		}
	}
	r.warnings = append(r.warnings, warnings...)
	if err != nil {
		r.warnings = append(r.warnings, diag.Warning{
			Code: diag.Attachment, Message: fmt.Sprintf("the imported part %q was not read: %v", path.Base(rel.target), err),
		})
	}
	return blocks
}

func firstPage(d *layout.Document, w []diag.Warning, err error) ([]layout.Block, []diag.Warning, error) {
	if err != nil {
		return nil, nil, err
	}
	return d.Pages[0].Blocks, w, nil
}
