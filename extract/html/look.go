package html

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
)

// offScreen in pixels is farther out than any page is wide to the left or the top; farOut is wider than any to the right.
const offScreen, farOut = -500, 5000

// faint is an opacity that nobody sees.
const faint = 0.1

// hides says that a browser shows nothing of an element with this style, though it takes its place.
func hides(n *xhtml.Node, style map[string]string) bool {
	if opacity(style["opacity"]) < faint || faded().MatchString(style["filter"]) || clippedAway().MatchString(style["clip-path"]) ||
		length(style["zoom"], 1) < faint || strings.HasPrefix(style["content"], "url(") {
		return true
	}
	far := math.Min(across(style["margin-left"]), length(style["margin-top"], 0))
	if !inline(n) || boxed(n, style) {
		far = math.Min(far, length(style["text-indent"], 0))
	}
	if placed(style) || style["position"] == "relative" {
		for _, side := range []string{"left", "top", "right", "bottom"} {
			at := across(style[side])
			far = math.Min(far, at)
			if at >= farOut {
				return true
			}
		}
	}
	return far <= offScreen || boxed(n, style) && (clipped(style) || movedAway(style) || indentedAway(style))
}

// across is a length along the window, in pixels.
func across(v string) float64 {
	f, _ := pixelsOf(v, windowWidth)
	return f
}

// opacity that a style gives; 1 where it gives none.
func opacity(v string) float64 {
	f, ok := pixelsOf(v, 1)
	if !ok {
		return 1
	}
	return f
}

// placed says that an element is taken out of the line and put somewhere.
func placed(style map[string]string) bool {
	p := style["position"]
	return p == "absolute" || p == "fixed" || p == "sticky"
}

// boxed says that an element has a size of its own, which its cells do not change.
func boxed(n *xhtml.Node, style map[string]string) bool {
	switch n.DataAtom {
	case atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Html, atom.Body:
		return false
	}
	if p := style["position"]; p == "absolute" || p == "fixed" || floats(style) {
		return true
	}
	display := style["display"]
	return display != "inline" && (display != "" || !inline(n))
}

func floats(style map[string]string) bool {
	return style["float"] == "left" || style["float"] == "right"
}

// sliver in pixels is the height or width of a box, and the size of print, in which nothing can be read.
const sliver = 1

var (
	clips       = pattern.Of(`^rect\(\s*([\d.]+)[a-z]*[\s,]+([\d.]+)[a-z]*[\s,]+([\d.]+)[a-z]*[\s,]+([\d.]+)[a-z]*\s*\)$`)
	clippedAway = pattern.Of(`^inset\(\s*(?:[5-9]\d|100)%|^(?:circle|ellipse)\(\s*0|^polygon\(\s*(?:0[a-z%]*\s+0[a-z%]*\s*,?\s*)+\)`)
	faded       = pattern.Of(`opacity\(\s*0(?:\.0*)?%?\s*\)`)
	motions     = pattern.Of(`([a-z0-9]+)\(([^()]*)\)`)
)

// clipped says that nothing of a box is seen, for it has no size, or is cut away.
func clipped(style map[string]string) bool {
	if cut := cutting(style); cut {
		for _, name := range []string{"width", "height", "max-width", "max-height"} {
			if f, ok := pixelsOf(style[name], windowWidth); ok && f <= sliver {
				return true
			}
		}
	}
	if m := clips().FindStringSubmatch(style["clip"]); m != nil {
		if length(m[3], 0)-length(m[1], 0) <= sliver || length(m[2], 0)-length(m[4], 0) <= sliver {
			return true
		}
	}
	return style["content-visibility"] == "hidden"
}

// cutting says that an element cuts off what stands out of its box.
func cutting(style map[string]string) bool {
	cut := style["overflow"] + style["overflow-x"] + style["overflow-y"]
	return strings.Contains(cut, "hidden") || strings.Contains(cut, "clip")
}

// indentedAway says that the text of a box begins right of where it is cut off.
func indentedAway(style map[string]string) bool {
	f, ok := pixelsOf(style["text-indent"], windowWidth)
	return ok && f >= windowWidth && cutting(style)
}

// motion gives what the transformations of an element do: by how much they move it, in pixels, and whether they turn or stretch it, or
// leave nothing of it.
func motion(style map[string]string) (x, y float64, turned, nothing bool) {
	all := style["transform"]
	for _, name := range []string{"scale", "rotate", "translate"} {
		if v := style[name]; v != "" && v != "none" {
			all += " " + name + "(" + strings.Join(strings.Fields(v), ",") + ")"
		}
	}
	for _, m := range motions().FindAllStringSubmatch(all, -1) {
		args := strings.Split(m[2], ",")
		first := length(args[0], 1)
		switch name := m[1]; {
		case strings.HasPrefix(name, "translate"):
			if strings.HasPrefix(name, "translatey") {
				y += across(args[0])
				continue
			}
			x += across(args[0])
			if len(args) > 1 {
				y += across(args[1])
			}
		case strings.HasPrefix(name, "scale"):
			for _, a := range args {
				f := length(a, 1)
				nothing, turned = nothing || math.Abs(f) < faint, turned || f < 0
			}
		case name == "matrix" && len(args) == 6:
			var f [6]float64
			for i := range f {
				f[i] = length(args[i], 0)
			}
			nothing = nothing || math.Abs(f[0]*f[3]-f[1]*f[2]) < faint*faint
			turned = turned || f[0] <= 0 || f[3] <= 0
			x, y = x+f[4], y+f[5]
		case (name == "rotatex" || name == "rotatey") && (first == 90 || first == 270 || first == -90):
			nothing = true
		case first != 0 || name == "matrix3d":
			turned = true
		}
	}
	return x, y, turned, nothing
}

// movedAway says that transformations leave nothing of an element to see.
func movedAway(style map[string]string) bool {
	x, y, _, nothing := motion(style)
	return nothing || x <= offScreen || y <= offScreen || x >= farOut || y >= farOut
}

// leastMove in pixels is by how much print must be moved to stand elsewhere than it is read.
const leastMove = 4

// doubtful says that a style may show otherwise what stands in an element: moved, turned, cut, covered, faded. Figures in it are shown to a person.
func doubtful(n *xhtml.Node, style map[string]string) bool {
	x, y, turned, _ := motion(style)
	if boxed(n, style) && (turned || math.Abs(x) >= leastMove || math.Abs(y) > mostShift) {
		return true
	}
	for _, name := range []string{"clip-path", "mask", "mask-image"} {
		if v := style[name]; v != "" && v != "none" {
			return true
		}
	}
	for _, name := range []string{"margin-left", "margin-right", "margin-top"} {
		if across(style[name]) <= -leastMove {
			return true
		}
	}
	if p := style["position"]; p == "absolute" || p == "fixed" || p == "relative" && math.Max(math.Abs(across(style["left"])), math.Abs(across(style["right"]))) >= leastMove {
		return true
	}
	if f, ok := pixelsOf(style["opacity"], 1); style["opacity"] != "" && (!ok || f < 2*faint) {
		return true
	}
	if b := style["mix-blend-mode"]; b != "" && b != "normal" {
		return true
	}
	if f := style["filter"]; f != "" && f != "none" || style["flex-direction"] == "row-reverse" || style["flex-direction"] == "column-reverse" {
		return true
	}
	return strings.HasSuffix(style["unicode-bidi"], "-override") && style["direction"] == "rtl"
}

// leastShift and mostShift, in pixels, are between where text that was moved up or down beside other text is the mark of a note.
const leastShift, mostShift = 2, 19

// rise of the text of an inline element against the text beside it: 1 where it is raised, -1 where it is lowered. smaller says that it is
// printed smaller than that.
func rise(style map[string]string, smaller bool) int {
	switch align := style["vertical-align"]; align {
	case "super":
		return 1
	case "sub":
		return -1
	case "top", "text-top":
		if smaller {
			return 1
		}
	case "bottom", "text-bottom":
		if smaller {
			return -1
		}
	default:
		up := shift(align)
		if up == 0 && style["position"] == "relative" {
			up = shift(style["bottom"]) - shift(style["top"])
		}
		if up == 0 {
			_, down, _, _ := motion(style)
			up = -down
		}
		switch {
		case up >= leastShift && up <= mostShift:
			return 1
		case -up >= leastShift && -up <= mostShift:
			return -1
		}
	}
	for _, v := range []string{style["font-variant-position"], style["font-feature-settings"]} {
		switch {
		case v == "super" || strings.Contains(v, "sups"):
			return 1
		case v == "sub" || strings.Contains(v, "subs"):
			return -1
		}
	}
	return 0
}

// shift is a length by which text is moved, in pixels; parts of a line are taken of the usual line.
func shift(v string) float64 {
	f, _ := pixelsOf(v, 16)
	return f
}

// color reads a color; clear says that text of it is not seen on any ground.
func color(v string) (c flow.Color, known, clear bool) {
	if v == "transparent" {
		return c, false, true
	}
	if named, ok := colornames.Map[v]; ok {
		return flow.Color{named.R, named.G, named.B}, true, false
	}
	if hex, ok := strings.CutPrefix(v, "#"); ok {
		const short, shortAlpha, alpha = 3, 4, 8
		if len(hex) == short || len(hex) == shortAlpha {
			var wide strings.Builder
			for _, r := range hex {
				wide.WriteString(strings.Repeat(string(r), 2))
			}
			hex = wide.String()
		}
		if len(hex) == alpha {
			clear, hex = hex[6:] == "00", hex[:6]
		}
		c, known = flow.Hex(hex)
		return c, known && !clear, clear
	}
	m := mixed().FindStringSubmatch(v)
	if m == nil {
		return c, false, false
	}
	if m[5] != "" && opacity(m[5]) < faint {
		return c, false, true
	}
	var f [3]float64
	for i := range f {
		whole := 255.
		if m[1] == "hsl" {
			whole = 1
		}
		if f[i], known = pixelsOf(strings.TrimSuffix(m[i+2], "deg"), whole); !known {
			return c, false, false
		}
	}
	if m[1] == "hsl" {
		hue, wide := f[0], f[1]*math.Min(f[2], 1-f[2])
		for i, of := range []float64{0, 8, 4} {
			n := math.Mod(of+hue/30+12, 12)
			f[i] = 255 * (f[2] - wide*math.Max(-1, math.Min(math.Min(n-3, 9-n), 1)))
		}
	}
	for i := range c {
		c[i] = uint8(math.Max(0, math.Min(255, math.Round(f[i]))))
	}
	return c, true, false
}

// mixed is a color of red, green and blue, or of hue, saturation and lightness, and how much of it covers.
var mixed = pattern.Of(`^(rgb|hsl)a?\(\s*([-\d.]+(?:%|deg)?)[\s,]+([\d.]+%?)[\s,]+([\d.]+%?)\s*(?:[,/]\s*([\d.]+%?))?\s*\)$`)

// ground is what a style or a bgcolor says of the ground of an element's text; false where it says nothing.
func ground(n *xhtml.Node, style map[string]string) (flow.Ground, bool) {
	if image := style["background-image"]; image != "" && image != "none" {
		return flow.Ground{}, true
	}
	for _, v := range []string{style["background-color"], strings.ToLower(attr(n, "bgcolor"))} {
		switch v {
		case "", "none", "transparent", "0", "0 0":
			continue
		}
		c, known, clear := color(v)
		if !known && !clear {
			c, known = flow.Hex(v) // a bgcolor without its sign
		}
		if clear {
			continue
		}
		return flow.Ground{Color: c, Known: known}, true
	}
	return flow.Ground{}, false
}

// picture is the address of a picture that is the ground of an element; "" where there is none.
func picture(style map[string]string) string {
	if m := address().FindStringSubmatch(style["background-image"]); m != nil {
		return m[1]
	}
	return ""
}

var address = pattern.Of(`url\(\s*["']?([^"')]+)`)

// struckBy says that a style draws a line through its text.
func struckBy(style map[string]string) bool {
	return strings.Contains(style["text-decoration-line"], "line-through")
}

// said is what a style writes before or after what stands in an element: a text, attributes of the element and pictures among it.
var (
	said    = pattern.Of(`"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|attr\(\s*([\w-]+)[^)]*\)|counters?\([^)]*\)|var\([^)]*\)`)
	escaped = pattern.Of(`\\([0-9a-f]{1,6})\s?`)
)

// changes says that what a style writes beside a text makes another number of it.
func changes(n *xhtml.Node, content string) bool {
	for _, m := range said().FindAllStringSubmatch(content, -1) {
		text := m[1] + m[2]
		switch {
		case m[3] != "":
			text = attr(n, m[3])
		case text == "" && strings.HasSuffix(m[0], ")"):
			return true
		}
		text = escaped().ReplaceAllStringFunc(text, func(s string) string {
			code, err := strconv.ParseUint(strings.TrimSpace(s[1:]), 16, 32)
			if err != nil {
				return ""
			}
			return string(rune(code))
		})
		if strings.ContainsFunc(text, figure.IsDigit) || strings.ContainsAny(text, "-−－–.,．，%％万亿千百十") {
			return true
		}
	}
	return false
}

// drawn says that a style gives an element something to see where it has no text: a ground or a line.
func drawn(style map[string]string) bool {
	if c := style["background-color"]; c != "" && c != "transparent" && c != "none" {
		return true
	}
	for _, name := range []string{"border-top", "border-bottom", "background-image"} {
		if v := style[name]; v != "" && !strings.HasPrefix(v, "none") && !strings.HasPrefix(v, "0") {
			return true
		}
	}
	return false
}
