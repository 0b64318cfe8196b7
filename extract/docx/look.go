package docx

import (
	"strings"

	"github.com/nianbao/nianbao/extract/xmltree"
)

// look is how a run is shown, by itself or by its styles.
type look struct {
	hidden, struck bool
	white          bool // and nothing is said to be behind it
	// rise is positive for raised text, negative for lowered text.
	rise int
}

// leastRise in half-points tells text that is raised or lowered from text that a program moved to sit
// well on its line: converters of PDF move runs by a point, notes stand 2 points off at least.
const leastRise = 4

// look of a run with these properties in a paragraph.
func (r *reader) look(props *xmltree.Node, p *para) look {
	l := look{
		hidden: r.toggled(props, p.style, "w:vanish"),
		struck: r.toggled(props, p.style, "w:strike") || on(r.property(props, p.style, "w:dstrike")),
	}
	l.white = !r.filled && strings.EqualFold(val(r.property(props, p.style, "w:color")), "ffffff") && paper(r.property(props, p.style, "w:shd"))
	switch val(r.property(props, p.style, "w:vertAlign")) {
	case "superscript":
		l.rise = 1
	case "subscript":
		l.rise = -1
	default:
		if d := number(r.property(props, p.style, "w:position"), 0) - p.base; d >= leastRise || d <= -leastRise {
			l.rise = d
		}
	}
	return l
}

// paper says that a shading leaves the paper as it is.
func paper(shading *xmltree.Node) bool {
	if shading == nil {
		return true
	}
	fill := strings.ToLower(shading.Attr("w:fill"))
	return (fill == "" || fill == "auto" || fill == "ffffff") && shading.Attr("w:themeFill") == "" && (val(shading) == "" || val(shading) == "clear" || val(shading) == "nil")
}

// shaded says that an element, or the style that it names, shades something.
func (r *reader) shaded(props *xmltree.Node, named string) bool {
	found := false
	look := func(n *xmltree.Node) {
		if n == nil {
			return
		}
		n.Find(func(k *xmltree.Node) { found = found || !paper(k) }, "w:shd")
	}
	if look(props); found || named == "" {
		return found
	}
	known, ok := r.shades[named]
	if !ok {
		r.chain(named, func(_ string, of *style) bool {
			look(of.whole)
			return found
		})
		r.shades[named], known = found, found
	}
	return known
}

// base is the height of a paragraph's first text: a number that is raised as a whole is no note.
func (r *reader) base(n *xmltree.Node, style string) int {
	base, found := 0, false
	n.Find(func(k *xmltree.Node) {
		if t := k.Kid("w:t"); !found && t != nil && t.Content() != "" {
			base, found = number(r.property(k.Kid("w:rPr"), style, "w:position"), 0), true
		}
	}, "w:r")
	return base
}

// property of a run: its own, else that of its character style, else that of its paragraph's style.
func (r *reader) property(props *xmltree.Node, paragraph, name string) *xmltree.Node {
	if v := props.Kid(name); v != nil {
		return v
	}
	if v := r.ofStyle(val(props.Kid("w:rStyle")), name); v != nil {
		return v
	}
	return r.ofStyle(paragraph, name)
}

// toggled is a property that a character style switches back where the paragraph's style has it on
// (ECMA-376 part 1, 17.7.3).
func (r *reader) toggled(props *xmltree.Node, paragraph, name string) bool {
	if v := props.Kid(name); v != nil {
		return on(v)
	}
	return on(r.ofStyle(val(props.Kid("w:rStyle")), name)) != on(r.ofStyle(paragraph, name))
}

// ofStyle gives a property of runs that a style sets, or one that it is based on.
func (r *reader) ofStyle(id, name string) *xmltree.Node {
	var v *xmltree.Node
	r.chain(id, func(_ string, s *style) bool {
		v = s.run.Kid(name)
		return v != nil
	})
	return v
}
