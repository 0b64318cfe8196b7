package paper

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/nianbao/nianbao/layout"
)

// errOther says that a page of a PDF shows more than stored images, or such as PDF/A does not let stand.
var errOther = errors.New("the page is more than stored images")

const (
	// maxForms is how deep forms may stand in forms.
	maxForms = 4
	// maxContent bounds what a page's content is, in bytes: that of a scan is some lines.
	maxContent = 4 << 20
)

// source is a PDF that pages were read from.
type source struct{ *model.Context }

// openSource reads a PDF's objects. Streams stay as they are stored.
func openSource(data []byte) (s *source, err error) {
	defer caught(&err)
	api.DisableConfigDir()
	ctx, err := api.ReadContext(bytes.NewReader(data), model.NewDefaultConfiguration())
	if err != nil {
		return nil, err
	}
	if err := ctx.EnsurePageCount(); err != nil {
		return nil, err
	}
	return &source{ctx}, nil
}

// caught makes an error of a panic: a damaged PDF must not keep its pages from being drawn.
func caught(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", errOther, r)
	}
}

func (s *source) pages() int { return s.PageCount }

// matrix is a transformation as PDF writes it.
type matrix [6]float64

// times is what first m and then n does.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// placed is an image on a page.
type placed struct {
	ref types.IndirectRef
	at  matrix
}

// scanPage is a page of a PDF that shows images and nothing else.
type scanPage struct {
	crop   layout.Rect // Y0 is the lower edge
	rotate int
	images []placed
}

func (p *scanPage) media() types.Array {
	return types.Array{types.Float(p.crop.X0), types.Float(p.crop.Y0), types.Float(p.crop.X1), types.Float(p.crop.Y1)}
}

// point is where a place of the displayed page, its origin at the top left, is on the page.
func (p *scanPage) point(at layout.Point) layout.Point {
	c := p.crop
	switch p.rotate {
	case 90:
		return layout.Point{X: at.Y + c.X0, Y: at.X + c.Y0}
	case 180:
		return layout.Point{X: c.X1 - at.X, Y: at.Y + c.Y0}
	case 270:
		return layout.Point{X: c.X1 - at.Y, Y: c.Y1 - at.X}
	}
	return layout.Point{X: at.X + c.X0, Y: c.Y1 - at.Y}
}

// page finds the images of a page.
func (s *source) page(number int) (p *scanPage, err error) {
	defer caught(&err)
	d, _, inherited, err := s.PageDict(number, false)
	if err != nil || d == nil {
		return nil, fmt.Errorf("%w: %w", errOther, err)
	}
	p = &scanPage{rotate: ((inherited.Rotate % 360) + 360) % 360}
	box := inherited.MediaBox
	if inherited.CropBox != nil {
		box = inherited.CropBox
	}
	if box == nil || p.rotate%90 != 0 {
		return nil, errOther
	}
	p.crop = layout.Rect{X0: box.LL.X, Y0: box.LL.Y, X1: box.UR.X, Y1: box.UR.Y}
	if m := inherited.MediaBox; m != nil {
		p.crop = layout.Rect{X0: max(p.crop.X0, m.LL.X), Y0: max(p.crop.Y0, m.LL.Y), X1: min(p.crop.X1, m.UR.X), Y1: min(p.crop.Y1, m.UR.Y)}
	}
	content, err := s.PageContent(d, number)
	if err != nil || len(content) > maxContent {
		return nil, errOther
	}
	resources, err := s.DereferenceDict(d["Resources"])
	if resources == nil || err != nil {
		resources = inherited.Resources
	}
	if err := s.run(p, content, resources, matrix{1, 0, 0, 1, 0, 0}, 0); err != nil {
		return nil, err
	}
	if len(p.images) == 0 {
		return nil, errOther
	}
	return p, nil
}

// run goes through a content stream and notes where images are drawn. Text that is not seen is passed by; anything else that is shown
// makes it no scan alone, but for what the images cover.
func (s *source) run(p *scanPage, content []byte, resources types.Dict, m matrix, depth int) error {
	if depth > maxForms {
		return errOther
	}
	var stack []matrix
	var operands []string
	mode, text := 0, false // how text is shown, and whether some was
	for _, t := range tokens(content) {
		if t[0] == '/' || t[0] == '(' || t[0] == '<' || t[0] == '[' || t[0] == ']' || t[0] == '>' || isNumber(t) {
			operands = append(operands, t)
			continue
		}
		switch t {
		case "q":
			stack = append(stack, m)
		case "Q":
			if n := len(stack); n > 0 {
				m, stack = stack[n-1], stack[:n-1]
			}
		case "cm":
			var n matrix
			if len(operands) < 6 {
				return errOther
			}
			for i := range n {
				n[i], _ = strconv.ParseFloat(operands[len(operands)-6+i], 64)
			}
			m = n.times(m)
		case "Do":
			if len(operands) == 0 {
				return errOther
			}
			if err := s.draw(p, operands[len(operands)-1][1:], resources, m, depth); err != nil {
				return err
			}
		case "Tr":
			if len(operands) > 0 {
				mode, _ = strconv.Atoi(operands[len(operands)-1])
			}
		case "Tj", "TJ", "'", `"`:
			text = text || mode != 3 && mode != 7
		case "BI", "sh":
			return errOther
		case "S", "s", "f", "F", "f*", "B", "B*", "b", "b*":
			if len(p.images) > 0 {
				return errOther
			}
		}
		operands = operands[:0]
	}
	if text {
		return errOther
	}
	return nil
}

// draw notes an image, or goes through a form.
func (s *source) draw(p *scanPage, name string, resources types.Dict, m matrix, depth int) error {
	objects, err := s.DereferenceDict(resources["XObject"])
	if err != nil {
		return errOther
	}
	ref, ok := objects[name].(types.IndirectRef)
	if !ok {
		return errOther
	}
	x, _, err := s.DereferenceStreamDict(ref)
	if err != nil || x == nil {
		return errOther
	}
	kind := x.Subtype()
	switch {
	case kind != nil && *kind == "Image":
		p.images = append(p.images, placed{ref, m})
		return nil
	case kind == nil || *kind != "Form":
		return errOther
	}
	if err := x.Decode(); err != nil || len(x.Content) > maxContent {
		return errOther
	}
	if a, err := s.DereferenceArray(x.Dict["Matrix"]); err == nil && len(a) == 6 {
		var n matrix
		for i := range n {
			n[i], _ = s.DereferenceNumber(a[i])
		}
		m = n.times(m)
	}
	own, err := s.DereferenceDict(x.Dict["Resources"])
	if err != nil || own == nil {
		own = resources
	}
	return s.run(p, x.Content, own, m, depth+1)
}

func isNumber(t string) bool {
	return t[0] == '-' || t[0] == '+' || t[0] == '.' || t[0] >= '0' && t[0] <= '9'
}

// tokens takes a content stream apart; strings come as their first character alone.
func tokens(c []byte) (out []string) {
	delimiter := func(b byte) bool { return bytes.IndexByte([]byte("()<>[]{}/% \t\r\n\f\x00"), b) >= 0 }
	for i := 0; i < len(c); {
		switch b := c[i]; {
		case bytes.IndexByte([]byte(" \t\r\n\f\x00"), b) >= 0:
			i++
		case b == '%':
			for i < len(c) && c[i] != '\n' && c[i] != '\r' {
				i++
			}
		case b == '(':
			depth := 0
			for ; i < len(c); i++ {
				switch c[i] {
				case '\\':
					i++
					continue
				case '(':
					depth++
				case ')':
					depth--
				}
				if depth == 0 {
					break
				}
			}
			i++
			out = append(out, "(")
		case b == '<' || b == '>' || b == '[' || b == ']' || b == '{' || b == '}' || b == ')':
			if b == '<' && i+1 < len(c) && c[i+1] != '<' { // a string in hexadecimal digits
				n := bytes.IndexByte(c[i:], '>')
				if n < 0 {
					return out
				}
				i += n
			}
			if b != '{' && b != '}' && b != ')' {
				out = append(out, string(b))
			}
			i++
		default:
			from := i
			for i++; i < len(c) && !delimiter(c[i]); i++ {
			}
			out = append(out, string(c[from:i]))
		}
	}
	return out
}

// copier copies objects of one PDF into another.
type copier struct {
	b    *builder
	from *source
	to   map[int]types.IndirectRef
}

// image copies an image with all that it is decoded with, and nothing that PDF/A does not let stand.
func (c *copier) image(ref types.IndirectRef) (at types.IndirectRef, err error) {
	defer caught(&err)
	n := int(ref.ObjectNumber)
	if known, ok := c.to[n]; ok {
		return known, nil
	}
	x, _, err := c.from.DereferenceStreamDict(ref)
	if err != nil || x == nil {
		return types.IndirectRef{}, errOther
	}
	for _, f := range x.FilterPipeline {
		if f.Name == "LZWDecode" || f.Name == "Crypt" {
			return types.IndirectRef{}, errOther
		}
	}
	if c.fourColours(x.Dict["ColorSpace"]) {
		return types.IndirectRef{}, errOther
	}
	to := c.b.reserve()
	c.to[n] = to
	d := types.Dict{}
	for key, v := range x.Dict {
		switch key {
		case "Type", "Subtype", "Width", "Height", "BitsPerComponent", "ColorSpace", "Decode", "DecodeParms", "Filter", "ImageMask", "Mask", "SMask", "Matte", "Intent", "SMaskInData":
			if d[key], err = c.copy(v, 0); err != nil {
				return to, err
			}
		}
	}
	c.b.set(to, stream(d, x.Raw))
	return to, nil
}

// fourColours says that a colour space is one for printing, which an output intent for screens says nothing of.
func (c *copier) fourColours(o types.Object) bool {
	o, err := c.from.Dereference(o)
	if err != nil {
		return true
	}
	switch o := o.(type) {
	case types.Name:
		return o == "DeviceCMYK"
	case types.Array:
		if len(o) > 1 {
			if name, ok := o[0].(types.Name); ok && (name == "Indexed" || name == "Separation" || name == "DeviceN") {
				return name != "Indexed" || c.fourColours(o[1])
			}
		}
	}
	return false
}

// maxDeep bounds how deep objects stand in objects.
const maxDeep = 20

// copy copies an object and all that it points to.
func (c *copier) copy(o types.Object, depth int) (types.Object, error) {
	if depth > maxDeep {
		return nil, errOther
	}
	switch o := o.(type) {
	case types.IndirectRef:
		n := int(o.ObjectNumber)
		if known, ok := c.to[n]; ok {
			return known, nil
		}
		target, err := c.from.Dereference(o)
		if err != nil || target == nil {
			return nil, errOther
		}
		if s, ok := target.(types.StreamDict); ok {
			if t := s.Subtype(); t != nil && *t == "Image" {
				return c.image(o)
			}
		}
		to := c.b.reserve()
		c.to[n] = to
		copied, err := c.copy(target, depth+1)
		if err != nil {
			return nil, err
		}
		c.b.set(to, copied)
		return to, nil
	case types.Dict:
		d := types.Dict{}
		for k, v := range o {
			copied, err := c.copy(v, depth+1)
			if err != nil {
				return nil, err
			}
			d[k] = copied
		}
		return d, nil
	case types.Array:
		a := make(types.Array, 0, len(o))
		for _, v := range o {
			copied, err := c.copy(v, depth+1)
			if err != nil {
				return nil, err
			}
			a = append(a, copied)
		}
		return a, nil
	case types.StreamDict:
		d, err := c.copy(o.Dict, depth+1)
		if err != nil {
			return nil, err
		}
		return stream(d.(types.Dict), o.Raw), nil
	case types.Float:
		if math.IsNaN(float64(o)) {
			return nil, errOther
		}
	}
	return o, nil
}
