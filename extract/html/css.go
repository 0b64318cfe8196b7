package html

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// sheet is what a page's style elements say of what is shown and how.
type sheet []rule

// rule gives declarations to the elements that a selector names.
type rule struct {
	steps  []step // the element itself first, then what it stands in
	weight int    // specificity
	style  map[string]string
}

// step is one compound selector: all that it names must be there.
type step struct {
	tag, id string
	classes []string
	child   bool // it stands directly in the next step
}

// properties that say whether and how text is shown; others are not kept.
var properties = map[string]bool{
	"display": true, "visibility": true, "opacity": true, "font-size": true, "text-indent": true, "position": true,
	"left": true, "top": true, "right": true, "bottom": true, "vertical-align": true, "text-decoration": true, "text-decoration-line": true, "mso-hide": true,
	"color": true, "background": true, "background-color": true, "background-image": true,
}

// maxRules bounds the rules of a page; the sheets of office programs have some hundreds.
const maxRules = 5000

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/|<!--|-->`)
	compound = regexp.MustCompile(`^([a-zA-Z][\w-]*|\*)?((?:[.#][\w\p{L}-]+)*)$`)
	parts    = regexp.MustCompile(`[.#][\w\p{L}-]+`)
)

// styles reads the style elements of a page in their order.
func styles(root *xhtml.Node) sheet {
	var s sheet
	for n := range root.Descendants() {
		if n.DataAtom != atom.Style || n.FirstChild == nil || !onScreen(attr(n, "media")) {
			continue
		}
		s = append(s, rules(comments.ReplaceAllString(n.FirstChild.Data, ""))...)
		if len(s) > maxRules {
			s = s[:maxRules]
			break
		}
	}
	slices.SortStableFunc(s, func(a, b rule) int { return a.weight - b.weight })
	return s
}

func onScreen(media string) bool {
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "" || media == "all" || strings.HasPrefix(media, "screen") || strings.HasPrefix(media, "all")
}

// rules of a style sheet. What stands in a query of the screen counts only where it names nothing but the screen.
func rules(css string) sheet {
	var s sheet
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
		if strings.HasPrefix(head, "@") {
			continue
		}
		style := declarations(body)
		if len(style) == 0 {
			continue
		}
		for one := range strings.SplitSeq(head, ",") {
			if r, ok := selector(one); ok {
				r.style = style
				s = append(s, r)
			}
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
		if name = strings.TrimSpace(name); properties[name] {
			out[name] = strings.TrimSpace(value)
		}
	}
	return out
}

// selector reads types, classes, ids and what they stand in. Others, such as :hover, are not taken.
func selector(s string) (rule, bool) {
	var r rule
	child := false
	for f := range strings.FieldsSeq(strings.ReplaceAll(s, ">", " > ")) {
		if f == ">" {
			child = true
			continue
		}
		m := compound.FindStringSubmatch(f)
		if m == nil {
			return rule{}, false
		}
		st := step{tag: strings.ToLower(strings.TrimPrefix(m[1], "*"))}
		if st.tag != "" {
			r.weight++
		}
		for _, n := range parts.FindAllString(m[2], -1) {
			if n[0] == '#' {
				st.id = n[1:]
				r.weight += 1_000_000
			} else {
				st.classes = append(st.classes, n[1:])
				r.weight += 1000
			}
		}
		st.child = child
		child = false
		r.steps = append(r.steps, st)
	}
	slices.Reverse(r.steps)
	return r, len(r.steps) > 0
}

func (s step) fits(n *xhtml.Node) bool {
	if s.tag != "" && s.tag != n.Data || s.id != "" && s.id != attr(n, "id") {
		return false
	}
	if len(s.classes) == 0 {
		return true
	}
	have := strings.Fields(attr(n, "class"))
	return !slices.ContainsFunc(s.classes, func(c string) bool { return !slices.Contains(have, c) })
}

func (r rule) fits(n *xhtml.Node) bool {
	if !r.steps[0].fits(n) {
		return false
	}
	child := r.steps[0].child
	for _, st := range r.steps[1:] {
		for n = n.Parent; n != nil && n.Type == xhtml.ElementNode && !st.fits(n) && !child; {
			n = n.Parent
		}
		if n == nil || n.Type != xhtml.ElementNode || !st.fits(n) {
			return false
		}
		child = st.child
	}
	return true
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
	for _, r := range s {
		if r.fits(n) {
			set(r.style)
		}
	}
	if inline != "" {
		set(declarations(inline))
	}
	for k, v := range out {
		out[k] = strings.TrimSpace(strings.ReplaceAll(v, important, ""))
	}
	return out
}

// offScreen in pixels or points is farther out than any page is wide.
const offScreen = -500

// hides says that a browser shows nothing of an element with this style, though it takes its place.
func hides(style map[string]string) bool {
	positioned := style["position"] != "" && style["position"] != "static"
	return length(style["opacity"]) == 0 || length(style["text-indent"]) <= offScreen ||
		positioned && min(length(style["left"]), length(style["top"]), length(style["right"])) <= offScreen
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

// pale says that a color is that of paper, or none at all.
func pale(color string) bool {
	switch color = strings.ReplaceAll(color, " ", ""); color {
	case "white", "#fff", "#ffffff", "#ffff", "#ffffffff", "rgb(255,255,255)", "rgba(255,255,255,1)", "transparent":
		return true
	}
	return strings.HasPrefix(color, "rgba(") && (strings.HasSuffix(color, ",0)") || strings.HasSuffix(color, ",0.0)"))
}

// ground is what a style or a bgcolor says of the color behind an element's text; "" where it says nothing.
func ground(n *xhtml.Node, style map[string]string) string {
	if image := style["background-image"]; image != "" && image != "none" {
		return image
	}
	for _, v := range []string{style["background-color"], style["background"], strings.ToLower(attr(n, "bgcolor"))} {
		if v != "" && v != "none" && v != "transparent" && v != "inherit" && v != "initial" {
			return v
		}
	}
	return ""
}

// struckBy says that a style draws a line through its text.
func struckBy(style map[string]string) bool {
	line := style["text-decoration-line"]
	if line == "" {
		line = style["text-decoration"]
	}
	return strings.Contains(line, "line-through")
}
