package html

import (
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/image/colornames"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout/pattern"
)

// sheet is what a page's style elements say of what is shown and how: the rules, the weightiest last, and where those are that name a tag, a
// class or an id.
type sheet struct {
	rules []rule
	named map[string][]int
}

// rule gives declarations to the elements that a selector names.
type rule struct {
	of    cascadia.Sel
	style map[string]string
}

// properties that say whether and how text is shown; of others only those are kept that a page defines itself.
var properties = map[string]bool{
	"display": true, "visibility": true, "opacity": true, "font-size": true, "text-indent": true, "position": true, "float": true,
	"left": true, "top": true, "right": true, "bottom": true, "vertical-align": true, "text-decoration": true, "text-decoration-line": true, "mso-hide": true,
	"color": true, "-webkit-text-fill-color": true, "background": true, "background-color": true, "background-image": true,
	"overflow": true, "overflow-x": true, "overflow-y": true, "width": true, "height": true, "max-width": true, "max-height": true,
	"clip": true, "clip-path": true, "transform": true, "filter": true, "content-visibility": true, "margin-left": true, "content": true,
}

// maxRules bounds the rules of a page; the sheets of office programs have some hundreds.
const maxRules = 5000

var comments = pattern.Of(`(?s)/\*.*?\*/|<!--|-->`)

// styles reads the style elements of a page in their order.
func styles(root *xhtml.Node) sheet {
	var s []rule
	for n := range root.Descendants() {
		if n.DataAtom != atom.Style || n.FirstChild == nil || !onScreen(attr(n, "media")) {
			continue
		}
		s = append(s, rules(comments().ReplaceAllString(n.FirstChild.Data, ""))...)
		if len(s) > maxRules {
			s = s[:maxRules]
			break
		}
	}
	slices.SortStableFunc(s, func(a, b rule) int {
		p, q := a.of.Specificity(), b.of.Specificity()
		return slices.Compare(p[:], q[:])
	})
	out := sheet{s, map[string][]int{}}
	for i, r := range s {
		name := lastName(r.of.String())
		out.named[name] = append(out.named[name], i)
	}
	return out
}

// name is what the elements of a compound selector are called: a class or an id, or else a tag.
var (
	brackets = pattern.Of(`\[[^\]]*\]|\([^()]*\)`)
	name     = pattern.Of(`^[.#][\w-]+|[^\\][.#][\w-]+`)
	tag      = pattern.Of(`^[a-zA-Z][\w-]*`)
)

// lastName is a name that each element has that a selector fits; "" where it names none.
func lastName(selector string) string {
	for brackets().MatchString(selector) {
		selector = brackets().ReplaceAllString(selector, "")
	}
	if strings.ContainsAny(selector, `\,`) {
		return ""
	}
	selector = selector[strings.LastIndexAny(selector, " >+~")+1:]
	if m := name().FindString(selector); m != "" {
		return m[strings.IndexAny(m, ".#"):]
	}
	return strings.ToLower(tag().FindString(selector))
}

// fitting gives the rules that fit an element, or what is written beside it, the weightiest last.
func (s sheet) fitting(n *xhtml.Node, beside bool) []rule {
	at := slices.Concat(s.named[""], s.named[n.Data])
	if id := attr(n, "id"); id != "" {
		at = append(at, s.named["#"+id]...)
	}
	for _, class := range slices.Compact(slices.Sorted(slices.Values(strings.Fields(attr(n, "class"))))) {
		at = append(at, s.named["."+class]...)
	}
	slices.Sort(at)
	var out []rule
	for _, i := range at {
		if r := s.rules[i]; (r.of.PseudoElement() != "") == beside && r.of.Match(n) {
			out = append(out, r)
		}
	}
	return out
}

func onScreen(media string) bool {
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "" || media == "all" || strings.HasPrefix(media, "screen") || strings.HasPrefix(media, "all")
}

// rules of a style sheet. What stands in a query of the screen counts only where it names nothing but the screen.
func rules(css string) []rule {
	var s []rule
	for {
		head, rest, ok := strings.Cut(css, "{")
		if !ok {
			return s
		}
		if i := strings.LastIndex(head, ";"); i >= 0 {
			head = head[i+1:] // what stands before is @import or @charset
		}
		head = strings.TrimSpace(head)
		body, after := braced(rest)
		css = after
		if media, ok := strings.CutPrefix(head, "@media"); ok {
			if !strings.Contains(media, "(") && onScreen(media) {
				s = append(s, rules(body)...)
			}
			continue
		}
		if strings.HasPrefix(head, "@supports") || strings.HasPrefix(head, "@layer") {
			s = append(s, rules(body)...) // today's browsers support what pages ask for
			continue
		}
		if strings.HasPrefix(head, "@") {
			continue
		}
		style := declarations(body)
		if len(style) == 0 {
			continue
		}
		named, err := cascadia.ParseGroupWithPseudoElements(head)
		if err != nil {
			continue // as browsers do with what they do not know
		}
		for _, of := range named {
			s = append(s, rule{of, style})
		}
	}
}

// braced gives what stands before the brace that closes a block, and what stands after it.
func braced(s string) (body, after string) {
	depth := 1
	for i, c := range s {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[:i], s[i+1:]
			}
		}
	}
	return s, ""
}

// important ends the name of a declaration that no other overrules.
const important = "!important"

func declarations(s string) map[string]string {
	out := map[string]string{}
	for d := range strings.SplitSeq(strings.ToLower(s), ";") {
		name, value, _ := strings.Cut(d, ":")
		if name = strings.TrimSpace(name); properties[name] || strings.HasPrefix(name, "--") {
			out[name] = strings.TrimSpace(value)
		}
	}
	return out
}

// of gives what the sheet and the element's own style say of it.
func (s sheet) of(n *xhtml.Node) map[string]string {
	inline := attr(n, "style")
	out := map[string]string{}
	set := func(style map[string]string) {
		for k, v := range style {
			if !strings.Contains(out[k], important) || strings.Contains(v, important) {
				out[k] = v
			}
		}
	}
	for _, r := range s.fitting(n, false) {
		set(r.style)
	}
	if inline != "" {
		set(declarations(inline))
	}
	for k, v := range out {
		out[k] = strings.TrimSpace(strings.ReplaceAll(v, important, ""))
	}
	return out
}

// written says that the sheet prints a figure before or after what stands in an element.
func (s sheet) written(n *xhtml.Node) bool {
	return slices.ContainsFunc(s.fitting(n, true), func(r rule) bool { return quoted().MatchString(r.style["content"]) })
}

// quoted is a text with a digit in it.
var quoted = pattern.Of(`"[^"\\]*\d[^"]*"|'[^'\\]*\d[^']*'`)

// asked is a property that a page defines itself, and what counts where it does not.
var asked = pattern.Of(`var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)`)

// resolve puts what a page defines in place of its names.
func (r *reader) resolve(n *xhtml.Node, style map[string]string) {
	for k, v := range style {
		if !strings.Contains(v, "var(") {
			continue
		}
		style[k] = strings.TrimSpace(asked().ReplaceAllStringFunc(v, func(call string) string {
			m := asked().FindStringSubmatch(call)
			if own, ok := style[m[1]]; ok && m[1] != k {
				return own
			}
			for up := n.Parent; up != nil && up.Type == xhtml.ElementNode; up = up.Parent {
				if v, ok := r.style(up)[m[1]]; ok {
					return v
				}
			}
			return m[2]
		}))
	}
}

// offScreen in pixels or points is farther out than any page is wide.
const offScreen = -500

// hides says that a browser shows nothing of an element with this style, though it takes its place.
func hides(n *xhtml.Node, style map[string]string) bool {
	positioned := style["position"] != "" && style["position"] != "static"
	return length(style["opacity"]) == 0 || faded().MatchString(style["filter"]) || length(style["text-indent"]) <= offScreen || length(style["margin-left"]) <= offScreen ||
		positioned && min(length(style["left"]), length(style["top"]), length(style["right"])) <= offScreen ||
		boxed(n, style) && clipped(style)
}

// boxed says that an element has a size of its own, which its cells do not change.
func boxed(n *xhtml.Node, style map[string]string) bool {
	switch n.DataAtom {
	case atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Html, atom.Body:
		return false
	}
	if p := style["position"]; p == "absolute" || p == "fixed" || style["float"] == "left" || style["float"] == "right" {
		return true
	}
	display := style["display"]
	return display != "inline" && (display != "" || !inline[n.DataAtom])
}

// sliver in pixels is the height or width of a box in which nothing can be read.
const sliver = 1

var (
	clips  = pattern.Of(`^rect\(\s*([\d.]+)[a-z]*[\s,]+([\d.]+)[a-z]*[\s,]+([\d.]+)[a-z]*[\s,]+([\d.]+)[a-z]*\s*\)$`)
	insets = pattern.Of(`^inset\((?:[5-9]\d|100)%|^circle\(0`)
	scales = pattern.Of(`scale[xy3d]*\(\s*0(?:\.0*)?\s*[,)]|translate[x3d]*\(\s*-\d{4,}px`)
	faded  = pattern.Of(`opacity\(\s*0(?:\.0*)?%?\s*\)`)
)

// clipped says that nothing of a box is seen, for it has no size, or is cut away.
func clipped(style map[string]string) bool {
	cut := style["overflow"] + style["overflow-x"] + style["overflow-y"]
	if strings.Contains(cut, "hidden") || strings.Contains(cut, "clip") {
		for _, name := range []string{"width", "height", "max-width", "max-height"} {
			v := style[name]
			if f := length(v); f == 0 || f <= sliver && strings.HasSuffix(v, "px") {
				return true
			}
		}
	}
	if m := clips().FindStringSubmatch(style["clip"]); m != nil {
		if length(m[3])-length(m[1]) <= sliver || length(m[2])-length(m[4]) <= sliver {
			return true
		}
	}
	return insets().MatchString(style["clip-path"]) || scales().MatchString(style["transform"]) || style["content-visibility"] == "hidden"
}

// length in the unit that it is written in, ems as pixels of the usual letter; 1 when it is none.
func length(v string) float64 {
	f, err := strconv.ParseFloat(strings.TrimRight(v, "abcdefghijklmnopqrstuvwxyz% "), 64)
	if err != nil {
		return 1
	}
	if strings.HasSuffix(v, "em") {
		f *= 16
	}
	return f
}

// leastShift and mostShift, in pixels or points, are between where text that was moved up or down beside other text is the mark of a note.
const leastShift, mostShift = 2, 14

// rise of the text of an inline element against the text beside it: 1 where it is raised, -1 where it is lowered.
func rise(style map[string]string) int {
	switch align := style["vertical-align"]; align {
	case "super":
		return 1
	case "sub":
		return -1
	default:
		up := shift(align)
		if up == 0 && style["position"] == "relative" {
			up = shift(style["bottom"]) - shift(style["top"])
		}
		switch {
		case up >= leastShift && up <= mostShift:
			return 1
		case -up >= leastShift && -up <= mostShift:
			return -1
		}
	}
	return 0
}

// shift is a length by which text is moved, in pixels; parts of a line are taken of the usual line.
func shift(v string) float64 {
	if v == "" || strings.Trim(v[:1], "+-.0123456789") != "" {
		return 0
	}
	if part, ok := strings.CutSuffix(v, "%"); ok {
		v = part + "em"
		return length(v) / 100
	}
	return length(v)
}

// color reads a color; clear says that text of it is not seen on any ground.
func color(v string) (c flow.Color, known, clear bool) {
	v = strings.ReplaceAll(v, " ", "")
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
	for i := range c {
		n, err := strconv.Atoi(m[i+1])
		if err != nil || n > 255 {
			return c, false, false
		}
		c[i] = uint8(n)
	}
	return c, m[4] == "" || length(m[4]) > 0, m[4] != "" && length(m[4]) == 0
}

// mixed is a color of red, green and blue, and how much of it covers.
var mixed = pattern.Of(`^rgba?\((\d+),?(\d+),?(\d+)(?:[,/]([\d.]+%?))?\)$`)

// ground is what a style or a bgcolor says of the ground of an element's text; false where it says nothing.
func ground(n *xhtml.Node, style map[string]string) (flow.Ground, bool) {
	if image := style["background-image"]; image != "" && image != "none" {
		return flow.Ground{}, true
	}
	for _, v := range []string{style["background-color"], style["background"], strings.ToLower(attr(n, "bgcolor"))} {
		switch v {
		case "", "none", "transparent", "inherit", "initial", "unset", "0", "0 0":
			continue
		}
		c, known, clear := color(v)
		if clear {
			continue
		}
		return flow.Ground{Color: c, Known: known}, true
	}
	return flow.Ground{}, false
}

// picture is the address of a picture that is the ground of an element; "" where there is none.
func picture(style map[string]string) string {
	for _, v := range []string{style["background-image"], style["background"]} {
		if m := address().FindStringSubmatch(v); m != nil {
			return m[1]
		}
	}
	return ""
}

var address = pattern.Of(`url\(\s*["']?([^"')]+)`)

// struckBy says that a style draws a line through its text.
func struckBy(style map[string]string) bool {
	line := style["text-decoration-line"]
	if line == "" {
		line = style["text-decoration"]
	}
	return strings.Contains(line, "line-through")
}
