package ofd

import (
	"bytes"
	"image/png"
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout"
)

const (
	// opaque is the opacity, of 255, from which nothing is read through a shape; faint that below which text may not be seen.
	opaque, faint = 230, 40
	// maxTries bounds how often a shape is held against a glyph: a page of a report takes some thousands.
	maxTries = 20_000_000
)

// ink is how a glyph was painted: when, and in which color.
type ink struct {
	order int
	color flow.Color
}

// fill gives the color in which an object is filled, by itself, by its DrawParam or by that of what it stands in, and its opacity. It says no
// where there is none, or one that is no plain color.
func (r *reader) fill(n *xmltree.Node, s state) (color flow.Color, alpha int, ok bool) {
	alpha = min(opacity(n), s.alpha)
	c := n.Kid("FillColor")
	if c == nil {
		c = r.fills[n.Attr("DrawParam")]
	}
	if c == nil {
		c = s.fill
	}
	if c == nil {
		return color, alpha, false
	}
	color, ok = plain(c)
	return color, min(alpha, opacity(c)), ok
}

// plain reads a color of one, three or four parts.
func plain(c *xmltree.Node) (color flow.Color, ok bool) {
	v := numbers(c.Attr("Value"), 4)
	part := func(x float64) uint8 { return uint8(max(0, min(255, x))) }
	switch len(v) {
	case 1:
		return flow.Color{part(v[0]), part(v[0]), part(v[0])}, true
	case 3:
		return flow.Color{part(v[0]), part(v[1]), part(v[2])}, true
	case 4: // inks
		for i := range color {
			color[i] = part((255 - v[i]) * (255 - v[3]) / 255)
		}
		return color, true
	}
	return color, false
}

// shaded says that a color is a shading or a pattern.
func shaded(c *xmltree.Node) bool {
	for _, k := range c.All() {
		switch k.Name {
		case "AxialShd", "RadialShd", "GouraudShd", "LaGourandShd", "Pattern":
			return true
		}
	}
	return false
}

func opacity(n *xmltree.Node) int {
	if v, err := strconv.Atoi(strings.TrimSpace(n.Attr("Alpha"))); err == nil {
		return v
	}
	return 255
}

// mostPixels of a picture that is looked through for transparency.
const mostPixels = 20_000_000

// solid says that a picture lets nothing through: its format knows no transparency, or it uses none. Seals are pictures that do.
func (r *reader) solid(file string) bool {
	data, err := r.archive.Read(file)
	if err != nil {
		return false
	}
	for _, sign := range []string{"\xff\xd8\xff", "BM", "II*\x00", "MM\x00*"} {
		if bytes.HasPrefix(data, []byte(sign)) {
			return true
		}
	}
	if size, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || size.Width*size.Height > mostPixels {
		return false
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return false
	}
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// conceal hides the glyphs that a viewer does not show: those that have the color of their ground or are covered by what was painted after
// them, on the page or in its notes, and those that a line strikes out.
func (c *canvas) conceal() {
	if len(c.glyphs)*(len(c.art.Covers)+len(c.notes.Covers)) <= maxTries {
		for i := range c.glyphs {
			g, by := &c.glyphs[i], c.inks[i]
			pale, over := c.art.Unseen(g.Box, by.order, by.color)
			_, noted := c.notes.Unseen(g.Box, by.order, by.color)
			covered := slices.ContainsFunc(append(over, noted...), func(r layout.Rect) bool { return r.Contains(g.Box.Center()) })
			g.Hidden, g.Struck = g.Hidden || pale || covered, covered
		}
	}
	c.art.Strike(c.glyphs)
	c.notes.Strike(c.glyphs)
}
