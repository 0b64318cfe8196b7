package flow

import (
	"strconv"
	"strings"
)

// Color is red, green and blue.
type Color [3]uint8

// Paper is the color of paper.
var Paper = Color{255, 255, 255}

// leastContrast, of 255 in any of the three colors, is what an eye tells from its ground.
const leastContrast = 20

// Near says that an eye hardly tells two colors apart.
func (c Color) Near(d Color) bool {
	for i := range c {
		if max(c[i], d[i])-min(c[i], d[i]) >= leastContrast {
			return false
		}
	}
	return true
}

// Hex reads a color of six digits, with or without the sign that opens one.
func Hex(s string) (Color, bool) {
	s = strings.TrimPrefix(s, "#")
	v, err := strconv.ParseUint(s, 16, 32)
	if err != nil || len(s) != 6 {
		return Color{}, false
	}
	return Color{uint8(v >> 16), uint8(v >> 8), uint8(v)}, true
}

// Ground is what text is printed on. The zero value is one that nobody knows, on which any text is believed to be seen.
type Ground struct {
	Color Color
	Known bool
}

// White is the ground that is paper.
var White = Ground{Paper, true}

// Hides says that text of a color is not seen on the ground.
func (g Ground) Hides(text Color) bool { return g.Known && text.Near(g.Color) }
