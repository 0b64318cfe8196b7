package html

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/layout/pattern"
)

// properties that say whether and how text is shown; of others only those are kept that a page defines itself.
var properties = map[string]bool{
	"all": true, "display": true, "visibility": true, "opacity": true, "font-size": true, "text-indent": true, "position": true, "float": true,
	"left": true, "top": true, "right": true, "bottom": true, "vertical-align": true, "text-decoration-line": true, "mso-hide": true,
	"color": true, "-webkit-text-fill-color": true, "background-color": true, "background-image": true,
	"overflow": true, "overflow-x": true, "overflow-y": true, "width": true, "height": true, "max-width": true, "max-height": true,
	"clip": true, "clip-path": true, "transform": true, "scale": true, "translate": true, "rotate": true, "zoom": true, "filter": true,
	"mask": true, "mask-image": true, "mix-blend-mode": true, "content-visibility": true, "content": true, "flex-direction": true,
	"margin-left": true, "margin-right": true, "margin-top": true, "padding-left": true, "padding-right": true, "border-top": true, "border-bottom": true,
	"direction": true, "unicode-bidi": true, "font-variant-position": true, "font-feature-settings": true,
}

// inherited are the properties that an element has from the one around it where it says nothing.
var inherited = map[string]string{
	"color": "#000", "-webkit-text-fill-color": "", "visibility": "visible", "font-size": "16px", "text-indent": "0", "direction": "ltr",
}

// important ends the name of a declaration that no other overrules.
const important = "!important"

var exclaimed = pattern.Of(`!\s*important`)

// declarations reads what stands in the braces of a rule or in a style attribute; of properties that stand for several, what these say.
func declarations(s string) map[string]string {
	out := map[string]string{}
	for _, d := range split(strings.ToLower(comments().ReplaceAllString(s, "")), ';') {
		name, value, _ := strings.Cut(d, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(exclaimed().ReplaceAllString(value, important))
		weight := ""
		if bare, ok := strings.CutSuffix(value, important); ok {
			value, weight = strings.TrimSpace(bare), important
		}
		for k, v := range parts(name, value) {
			if (properties[k] || strings.HasPrefix(k, "--")) && (out[k] == "" || weight != "" || !strings.HasSuffix(out[k], important)) {
				out[k] = v + weight
			}
		}
	}
	return out
}

// parts gives the properties that a declaration sets.
func parts(name, value string) map[string]string {
	words := split(value, ' ')
	// side is the word of four sides, given from the top to the left, that stands for one of them.
	side := func(i int) string {
		switch {
		case len(words) == 0 || len(words) > 4:
			return ""
		case i < len(words):
			return words[i]
		case i == 3 && len(words) > 1:
			return words[1]
		}
		return words[0]
	}
	switch name {
	case "font":
		for _, w := range words {
			size, _, _ := strings.Cut(w, "/")
			if _, ok := pixelsOf(size, 16); ok && strings.Trim(size, "123456789.0") != "" || size == "0" || size == "smaller" || size == "larger" {
				return map[string]string{"font-size": size}
			}
		}
		return nil
	case "margin":
		return map[string]string{"margin-top": side(0), "margin-right": side(1), "margin-left": side(3)}
	case "padding":
		return map[string]string{"padding-right": side(1), "padding-left": side(3)}
	case "inset":
		return map[string]string{"top": side(0), "right": side(1), "bottom": side(2), "left": side(3)}
	case "inset-inline-start", "inset-block-start", "margin-inline-start":
		return map[string]string{map[string]string{"inset-inline-start": "left", "inset-block-start": "top", "margin-inline-start": "margin-left"}[name]: value}
	case "text-decoration", "-webkit-text-decoration", "-webkit-text-decoration-line":
		return map[string]string{"text-decoration-line": value}
	case "border":
		return map[string]string{"border-top": value, "border-bottom": value}
	case "-webkit-mask", "-webkit-mask-image":
		return map[string]string{"mask": value}
	case "background":
		out := map[string]string{"background-color": "transparent", "background-image": "none"}
		for _, w := range words {
			_, known, clear := color(w)
			switch {
			case strings.Contains(w, "url(") || strings.Contains(w, "gradient(") || strings.HasPrefix(w, "image"):
				out["background-image"] = w
			case known || clear || strings.HasPrefix(w, "var(") || strings.HasSuffix(w, ")") || w == "currentcolor":
				out["background-color"] = w
			}
		}
		return out
	}
	return map[string]string{name: value}
}

// ownStyle is what browsers give an element before any sheet speaks.
func ownStyle(n *xhtml.Node) map[string]string {
	out := map[string]string{}
	switch n.DataAtom {
	case atom.Del, atom.S, atom.Strike:
		out["text-decoration-line"] = "line-through"
	case atom.Sup:
		out["vertical-align"], out["font-size"] = "super", "smaller"
	case atom.Sub:
		out["vertical-align"], out["font-size"] = "sub", "smaller"
	case atom.Small:
		out["font-size"] = "smaller"
	case atom.Big:
		out["font-size"] = "larger"
	case atom.Font:
		if size, ok := fontSizes[strings.TrimSpace(attr(n, "size"))]; ok {
			out["font-size"] = size
		}
		if c := strings.ToLower(strings.TrimSpace(attr(n, "color"))); c != "" {
			if _, known, _ := color("#" + c); known && len(c) == len("ffffff") {
				c = "#" + c // old pages leave the sign out
			}
			out["color"] = c
		}
	case atom.Body:
		if c := strings.ToLower(attr(n, "text")); c != "" {
			out["color"] = c
		}
	case atom.Dialog:
		if !given(n, "open") {
			out["display"] = "none"
		}
	case atom.A:
		if given(n, "href") {
			out["color"] = "#0000ee"
		}
	case atom.Bdo:
		out["unicode-bidi"] = "bidi-override"
	}
	if dir := strings.ToLower(attr(n, "dir")); dir != "" {
		out["direction"] = dir
	}
	if given(n, "hidden") {
		out["display"] = "none"
	}
	return out
}

// fontSizes are the sizes that the font element counts.
var fontSizes = map[string]string{"1": "10px", "2": "13px", "3": "16px", "4": "18px", "5": "24px", "6": "32px", "7": "48px", "-1": "13px", "-2": "10px", "+1": "18px", "+2": "24px"}

// given says that an element has an attribute, whatever its value.
func given(n *xhtml.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a xhtml.Attribute) bool { return a.Key == key })
}

// of gives what browsers, the sheet and the element's own style say of it.
func (s sheet) of(n *xhtml.Node) map[string]string {
	out := ownStyle(n)
	for _, r := range s.fitting(n, false) {
		overlay(out, r.style)
	}
	if inline := attr(n, "style"); inline != "" {
		overlay(out, declarations(inline))
	}
	return settled(out)
}

// overlay lets a style speak over what was said before.
func overlay(out, style map[string]string) {
	if style["all"] != "" {
		maps.DeleteFunc(out, func(k, v string) bool { return !strings.HasPrefix(k, "--") && !strings.HasSuffix(v, important) })
	}
	for k, v := range style {
		if !strings.HasSuffix(out[k], important) || strings.HasSuffix(v, important) {
			out[k] = v
		}
	}
}

// settled takes the weights off a style, and the words for what an element has anyhow.
func settled(style map[string]string) map[string]string {
	for k, v := range style {
		v = strings.TrimSuffix(v, important)
		start, inherits := inherited[k]
		switch v {
		case "inherit", "unset", "revert", "revert-layer":
			delete(style, k)
			continue
		case "initial":
			if !inherits {
				delete(style, k)
				continue
			}
			v = start
		case "currentcolor":
			if k == "color" {
				delete(style, k)
				continue
			}
		}
		style[k] = v
	}
	return style
}

// beside gives the styles of what a sheet writes before and after what stands in an element, and of its first line and letter.
func (s sheet) beside(n *xhtml.Node) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, r := range s.fitting(n, true) {
		name := r.of.PseudoElement()
		if out[name] == nil {
			out[name] = map[string]string{}
		}
		overlay(out[name], r.style)
	}
	for _, style := range out {
		settled(style)
	}
	return out
}

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

// units of lengths in pixels.
var units = map[string]float64{
	"": 1, "px": 1, "pt": 96. / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6, "em": 16, "rem": 16, "ex": 8, "ch": 8,
	"vw": windowWidth / 100., "vh": windowHeight / 100., "vmin": windowHeight / 100., "vmax": windowWidth / 100., "dppx": 1, "x": 1, "dpi": 1. / 96,
}

// pixelsOf a length, ems as those of the usual letter, parts of a whole; false when it is none.
func pixelsOf(v string, whole float64) (float64, bool) {
	v = strings.TrimSpace(v)
	if inner, ok := strings.CutPrefix(v, "calc("); ok {
		v = strings.TrimSpace(strings.TrimSuffix(inner, ")"))
	}
	number := strings.TrimRight(v, "abcdefghijklmnopqrstuvwxyz%")
	f, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, false
	}
	unit := v[len(number):]
	if unit == "%" {
		return f / 100 * whole, true
	}
	k, ok := units[unit]
	return f * k, ok
}

// length in pixels, with parts of a hundred as they are; otherwise when it is none.
func length(v string, otherwise float64) float64 {
	if f, ok := pixelsOf(v, 100); ok {
		return f
	}
	return otherwise
}
