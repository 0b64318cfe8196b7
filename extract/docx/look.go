package docx

import (
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/xmltree"
)

// look is how a run is shown, by itself or by its styles.
type look struct {
	hidden, struck bool
	pale           bool // of the color of its ground
	doubtful       bool // nobody can tell how its figures are seen
	size           float64
	// rise is positive for raised text, negative for lowered text.
	rise int
}

// leastRise in half-points tells text that is raised or lowered from text that a program moved to sit
// well on its line: converters of PDF move runs by a point, notes stand 2 points off at least.
const leastRise = 4

// smallest in half-points is the size up to which print is not seen; narrowest the part of its width, in hundredths; tightest the distance in
// twentieths of a point at which letters lie on one another; leastSmaller by how much figures are smaller than those beside them where
// they may be the mark of a note: the words of a line that differ in size for other reasons differ by less.
const smallest, narrowest, tightest, leastSmaller = 4, 5, -100, 1.25

// usualSize in half-points is that of documents that say none.
const usualSize = 20

// look of a run with these properties in a paragraph.
func (r *reader) look(props *xmltree.Node, p *para) look {
	l := look{
		hidden: r.toggled(props, p.style, "w:vanish"),
		struck: r.toggled(props, p.style, "w:strike") || on(r.property(props, p.style, "w:dstrike")),
		size:   float64(number(r.property(props, p.style, "w:sz"), usualSize)),
	}
	l.hidden = l.hidden || l.size <= smallest || number(r.property(props, p.style, "w:w"), 100) <= narrowest
	joined := r.property(props, p.style, "w:eastAsianLayout")
	l.doubtful = number(r.property(props, p.style, "w:spacing"), 0) <= tightest || joined != nil && joined.Attr("w:combine") != "" && joined.Attr("w:combine") != "0"
	behind := r.ground
	if shading := r.property(props, p.style, "w:shd"); shading != nil {
		behind = r.shade(shading, behind)
	}
	if marker := val(r.property(props, p.style, "w:highlight")); marker != "" && marker != "none" {
		behind.Color, behind.Known = markers[marker]
		// Some programs print black on black where no color is named, others white.
		l.doubtful = l.doubtful || behind.Known && behind.Color.Near(r.black)
	}
	ink, known := r.ink(r.property(props, p.style, "w:color")) // what says no color is seen on any ground
	if fill := r.property(props, p.style, "w14:textFill"); fill != nil {
		solid := fill.Kid("w14:solidFill")
		of := solid.Kid("w14:srgbClr")
		switch scheme := solid.Kid("w14:schemeClr"); {
		case fill.Kid("w14:noFill") != nil:
			l.hidden = true
		case of != nil:
			ink, known = flow.Hex(of.Attr("w14:val", "val"))
		case scheme != nil && scheme.Kid("w14:lumMod") == nil:
			of = scheme
			if ink, known = r.white, true; scheme.Attr("w14:val", "val") != "bg1" && scheme.Attr("w14:val", "val") != "lt1" {
				known = false
			}
		}
		if through, err := strconv.Atoi(of.Kid("w14:alpha").Attr("w14:val", "val")); err == nil && through >= clear {
			l.hidden = true
		}
	}
	l.pale = known && behind.Hides(ink)
	switch val(r.property(props, p.style, "w:vertAlign")) {
	case "superscript":
		l.rise = 1
	case "subscript":
		l.rise = -1
	default:
		d := number(r.property(props, p.style, "w:position"), 0) - p.base
		if d >= leastRise || d <= -leastRise {
			l.rise = d
		}
	}
	return l
}

// clear, in thousandths of a hundredth, is how much of what lies beneath is seen through print that is not seen.
const clear = 90_000

// ink is the color that a run names, by itself or as the theme's white or black.
func (r *reader) ink(color *xmltree.Node) (flow.Color, bool) {
	if color == nil {
		return flow.Color{}, false
	}
	if of, ok := r.themed(color.Attr("w:themeColor"), color.Attr("w:themeTint")+color.Attr("w:themeShade")); ok {
		return of, true
	}
	return flow.Hex(val(color))
}

// themed is the theme's white or black where it is named unchanged.
func (r *reader) themed(name, changed string) (flow.Color, bool) {
	switch {
	case changed != "":
	case name == "background1" || name == "light1":
		return r.white, true
	case name == "text1" || name == "dark1":
		return r.black, true
	}
	return flow.Color{}, false
}

// loadTheme finds what the theme calls white and black.
func (r *reader) loadTheme() {
	theme, err := r.related("theme")
	if theme == nil || err != nil {
		return
	}
	read := func(of *xmltree.Node, c *flow.Color) {
		value := of.Kid("a:srgbClr").Attr("val")
		if value == "" {
			value = of.Kid("a:sysClr").Attr("lastClr")
		}
		if known, ok := flow.Hex(value); ok {
			*c = known
		}
	}
	scheme := theme.Kid("a:themeElements").Kid("a:clrScheme")
	read(scheme.Kid("a:lt1"), &r.white)
	read(scheme.Kid("a:dk1"), &r.black)
}

// lowest in twentieths of a point is the height of a line or row, said to be exact, in which nothing is seen; outLeft and outRight are how far out
// of a cell an indent puts its text.
const lowest, outLeft, outRight = 120, -1000, 6000

// pressed says that the lines of a paragraph are too low to show anything; off, that it is indented out of where it stands.
func (r *reader) pressed(props *xmltree.Node, named string) (pressed, off bool) {
	spacing, indent := props.Kid("w:spacing"), props.Kid("w:ind")
	r.chain(named, func(_ string, s *style) bool {
		if spacing == nil {
			spacing = s.paragraph.Kid("w:spacing")
		}
		if indent == nil {
			indent = s.paragraph.Kid("w:ind")
		}
		return false
	})
	if spacing != nil && spacing.Attr("w:lineRule") == "exact" {
		line, err := strconv.Atoi(spacing.Attr("w:line"))
		pressed = err == nil && line <= lowest
	}
	if indent != nil {
		left, _ := strconv.Atoi(indent.Attr("w:left", "w:start"))
		first, _ := strconv.Atoi(indent.Attr("w:firstLine"))
		off = left+first <= outLeft || left+first >= outRight
	}
	return pressed, off
}

// markers are the colors in which text is highlighted (ECMA-376 part 1, 17.18.40).
var markers = map[string]flow.Color{
	"black": {}, "white": flow.Paper, "blue": {0, 0, 255}, "cyan": {0, 255, 255}, "green": {0, 255, 0}, "magenta": {255, 0, 255}, "red": {255, 0, 0},
	"yellow": {255, 255, 0}, "darkBlue": {0, 0, 139}, "darkCyan": {0, 139, 139}, "darkGreen": {0, 100, 0}, "darkMagenta": {139, 0, 139}, "darkRed": {139, 0, 0},
	"darkYellow": {139, 139, 0}, "darkGray": {169, 169, 169}, "lightGray": {211, 211, 211},
}

// shade is the ground that a shading makes of the one around it.
func (r *reader) shade(shading *xmltree.Node, around flow.Ground) flow.Ground {
	if shading == nil {
		return around
	}
	fill := shading.Attr("w:fill")
	switch pattern := val(shading); {
	case shading.Attr("w:themeFill") != "":
		if of, ok := r.themed(shading.Attr("w:themeFill"), shading.Attr("w:themeFillTint")+shading.Attr("w:themeFillShade")); ok {
			return flow.Ground{Color: of, Known: true}
		}
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
		return r.shade(own, around)
	}
	if named == "" {
		return around
	}
	shades, known := r.shades[named]
	if !known {
		r.chain(named, func(_ string, of *style) bool {
			if of.whole != nil {
				of.whole.Find(func(k *xmltree.Node) { shades = shades || r.shade(k, flow.White) != flow.White }, "w:shd")
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

// property of a run: its own, else that of its character style, of its paragraph's style, of its table's style, of all runs.
func (r *reader) property(props *xmltree.Node, paragraph, name string) *xmltree.Node {
	if v := props.Kid(name); v != nil {
		return v
	}
	if v := r.ofStyle(val(props.Kid("w:rStyle")), name); v != nil {
		return v
	}
	if v := r.ofStyle(paragraph, name); v != nil {
		return v
	}
	if v := r.ofTable(name); v != nil {
		return v
	}
	return r.defaults.Kid(name)
}

// ofTable gives a property of runs that the style of the table sets for the cell.
func (r *reader) ofTable(name string) *xmltree.Node {
	for _, run := range r.cell {
		if v := run.Kid(name); v != nil {
			return v
		}
	}
	return nil
}

// toggled is a property that each style switches over where another has it on, unless all runs have it (ECMA-376 part 1, 17.7.3).
func (r *reader) toggled(props *xmltree.Node, paragraph, name string) bool {
	if v := props.Kid(name); v != nil {
		return on(v)
	}
	styled := on(r.ofStyle(val(props.Kid("w:rStyle")), name)) != on(r.ofStyle(paragraph, name))
	return styled != on(r.ofTable(name)) || on(r.defaults.Kid(name))
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
