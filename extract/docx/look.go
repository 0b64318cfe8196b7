package docx

import (
	"strings"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/xmltree"
)

// look is how a run is shown, by itself or by its styles.
type look struct {
	hidden, struck bool
	pale           bool // of the color of its ground
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
	if color, ok := flow.Hex(val(r.property(props, p.style, "w:color"))); ok { // what says no color is seen on any ground
		behind := r.ground
		if shading := r.property(props, p.style, "w:shd"); shading != nil {
			behind = shade(shading, behind)
		}
		if marker := val(r.property(props, p.style, "w:highlight")); marker != "" && marker != "none" {
			behind.Color, behind.Known = markers[marker]
		}
		l.pale = behind.Hides(color)
	}
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

// markers are the colors in which text is highlighted (ECMA-376 part 1, 17.18.40).
var markers = map[string]flow.Color{
	"black": {}, "white": flow.Paper, "blue": {0, 0, 255}, "cyan": {0, 255, 255}, "green": {0, 255, 0}, "magenta": {255, 0, 255}, "red": {255, 0, 0},
	"yellow": {255, 255, 0}, "darkBlue": {0, 0, 139}, "darkCyan": {0, 139, 139}, "darkGreen": {0, 100, 0}, "darkMagenta": {139, 0, 139}, "darkRed": {139, 0, 0},
	"darkYellow": {139, 139, 0}, "darkGray": {169, 169, 169}, "lightGray": {211, 211, 211},
}

// shade is the ground that a shading makes of the one around it.
func shade(shading *xmltree.Node, around flow.Ground) flow.Ground {
	if shading == nil {
		return around
	}
	fill := shading.Attr("w:fill")
	switch pattern := val(shading); {
	case shading.Attr("w:themeFill") != "":
		return flow.Ground{} // the fill beside it is what the last program made of the theme, or not
	case pattern == "solid":
		fill = shading.Attr("w:color")
	case pattern != "" && pattern != "clear" && pattern != "nil":
		return flow.Ground{}
	}
	if fill == "" || strings.EqualFold(fill, "auto") {
		return around
	}
	color, ok := flow.Hex(fill)
	return flow.Ground{Color: color, Known: ok}
}

// behind is the ground that an element, or the style that it names, gives its text. A style may shade some rows alone, so that of one that
// shades anything nobody knows.
func (r *reader) behind(props *xmltree.Node, named string, around flow.Ground) flow.Ground {
	if own := props.Kid("w:shd"); own != nil {
		return shade(own, around)
	}
	if named == "" {
		return around
	}
	shades, known := r.shades[named]
	if !known {
		r.chain(named, func(_ string, of *style) bool {
			if of.whole != nil {
				of.whole.Find(func(k *xmltree.Node) { shades = shades || shade(k, flow.White) != flow.White }, "w:shd")
			}
			return shades
		})
		r.shades[named] = shades
	}
	if shades {
		return flow.Ground{}
	}
	return around
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
