package html

import (
	"strings"

	"github.com/nianbao/nianbao/layout/pattern"
)

// The window that a page is read in, in pixels: a usual screen of a desk. What a page shows in others alone is not read.
const windowWidth, windowHeight = 1280, 720

// fits says that what a query of media asks for is true of the window.
func fits(query string) bool {
	query = strings.ToLower(strings.TrimSpace(query))
	if query == "" {
		return true
	}
	for _, one := range split(query, ',') {
		if holds(one, medium) {
			return true
		}
	}
	return false
}

// supported says that today's browsers know what a query of features asks for. They know what pages ask for; so only a not is false.
func supported(query string) bool {
	return holds(strings.ToLower(strings.TrimSpace(query)), func(string) bool { return true })
}

// holds evaluates a condition of parts in parentheses, joined by not, and, or.
func holds(query string, part func(string) bool) bool {
	query = strings.TrimPrefix(strings.TrimSpace(query), "only ")
	if rest, ok := strings.CutPrefix(query, "not"); ok && rest != "" && (rest[0] == ' ' || rest[0] == '(') {
		return !holds(rest, part)
	}
	words := split(query, ' ')
	join := ""
	var parts []string
	for _, w := range words {
		if w == "and" || w == "or" {
			join = w
		} else if n := len(parts); n > 0 && parts[n-1] == "not" {
			parts[n-1] = "not " + w
		} else {
			parts = append(parts, w)
		}
	}
	if len(parts) == 1 {
		if rest, ok := strings.CutPrefix(parts[0], "not "); ok {
			return !holds(rest, part)
		}
		inner, open := strings.CutPrefix(parts[0], "(")
		inner = strings.TrimSpace(strings.TrimSuffix(inner, ")"))
		if open && (strings.HasPrefix(inner, "(") || strings.HasPrefix(inner, "not ") || strings.HasPrefix(inner, "not(")) {
			return holds(inner, part)
		}
		return part(inner)
	}
	for _, p := range parts {
		if holds(p, part) != (join != "or") {
			return join == "or"
		}
	}
	return join != "or"
}

// told are the features of media that are words, as the window has them.
var told = map[string]string{
	"orientation": "landscape", "prefers-color-scheme": "light", "hover": "hover", "any-hover": "hover", "pointer": "fine", "any-pointer": "fine",
	"prefers-reduced-motion": "no-preference", "prefers-contrast": "no-preference", "display-mode": "browser", "scripting": "enabled", "forced-colors": "none", "update": "fast",
}

// medium says that a kind of media or a feature is the window's.
func medium(part string) bool {
	name, value, _ := strings.Cut(part, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch name {
	case "all", "screen", "color", "hover", "pointer", "any-hover", "any-pointer", "scripting":
		return value == "" || told[name] == value
	}
	if word, ok := told[name]; ok {
		return value == word
	}
	if bound, ok := strings.CutPrefix(name, "min-"); ok {
		return between(bound, ">=", value)
	}
	if bound, ok := strings.CutPrefix(name, "max-"); ok {
		return between(bound, "<=", value)
	}
	if m := ranges().FindStringSubmatch(part); m != nil {
		return (m[1] == "" || between(m[3], turned[m[2]], m[1])) && (m[5] == "" || between(m[3], m[4], m[5]))
	}
	return false
}

var ranges = pattern.Of(`^(?:([\d.]+[a-z]*)\s*([<>]=?|=)\s*)?(width|height|resolution)\s*(?:([<>]=?|=)\s*([\d.]+[a-z]*))?$`)

// turned is a comparison read from its other side.
var turned = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}

// between compares what the window has with a value.
func between(name, is, value string) bool {
	var own float64
	switch strings.TrimPrefix(name, "device-") {
	case "width", "inline-size":
		own = windowWidth
	case "height", "block-size":
		own = windowHeight
	case "resolution", "color":
		own = 1
	default:
		return false
	}
	v, ok := pixelsOf(value, 0)
	if !ok {
		return false
	}
	switch is {
	case "<":
		return own < v
	case "<=":
		return own <= v
	case ">":
		return own > v
	case ">=":
		return own >= v
	}
	return own == v
}
