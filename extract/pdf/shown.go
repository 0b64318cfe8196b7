package pdf

import (
	"bytes"
	"fmt"
	"image"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/vector"
	"github.com/nianbao/nianbao/layout"
)

const (
	// clear is the opacity, of 255, below which what lies under a shape is still read.
	clear = 230
	// faint is the opacity, of 255, below which text may not be seen.
	faint = 40
	// markName begins the names of the marks that tell text objects in doubt from others.
	markName = "nianbao-"
	// shownDPI is the resolution in which a page is drawn to see whether print is there: the thinnest stroke of small print is a dot wide.
	shownDPI = 150.0
	// leastInk, of 255 in any color, is how far the dots of a glyph differ if it is seen.
	leastInk = 20
	// leastMasked is the share of an image that its mask takes away; the edge of one that stands askew is less.
	leastMasked = 0.01
	// maxTries bounds how often a shape is held against a text object: a page of a report takes some thousands.
	maxTries = 20_000_000
)

// paint gives the color in which a path fills or strokes, and says whether what lies under it is seen.
func (d *document) paint(obj references.FPDF_PAGEOBJECT, filled bool) (c flow.Color, through bool) {
	if t, err := d.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: obj}); err != nil || t.HasTransparency {
		through = true
	}
	if filled {
		f, err := d.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: obj})
		if err != nil {
			return flow.Paper, true
		}
		return rgb(f.FillColor), through || f.FillColor.A < clear
	}
	s, err := d.FPDFPageObj_GetStrokeColor(&requests.FPDFPageObj_GetStrokeColor{PageObject: obj})
	if err != nil {
		return flow.Paper, true
	}
	return rgb(s.StrokeColor), through || s.StrokeColor.A < clear
}

// rgb is a color as PDFium gives it, without how much of it covers.
func rgb(c structs.FPDF_COLOR) flow.Color { return flow.Color{uint8(c.R), uint8(c.G), uint8(c.B)} }

// layered says that text may be of a layer that is switched off: it is marked as one's, or stands in a form of a file that has layers.
func (d *document) layered(obj references.FPDF_PAGEOBJECT, inForm bool) bool {
	if !d.file.layers() {
		return false
	}
	if inForm {
		return true
	}
	count, err := d.FPDFPageObj_CountMarks(&requests.FPDFPageObj_CountMarks{PageObject: obj})
	if err != nil {
		return false
	}
	for i := range count.Count {
		mark, err := d.FPDFPageObj_GetMark(&requests.FPDFPageObj_GetMark{PageObject: obj, Index: uint64(i)})
		if err != nil {
			continue
		}
		if name, err := d.FPDFPageObjMark_GetName(&requests.FPDFPageObjMark_GetName{PageObjectMark: mark.Mark}); err == nil && name.Name == "OC" {
			return true
		}
	}
	return false
}

// layers says that a file may have layers: it names them, or keeps its catalog where one cannot see.
func (f *file) layers() bool { f.look(); return f.mayLayer }

// masks says that a file may have pictures with masks; the dictionaries of pictures are never packed.
func (f *file) masks() bool { f.look(); return f.mayMask }

func (f *file) look() {
	f.once.Do(func() {
		f.mayLayer = bytes.Contains(f.data, []byte("/OCProperties")) || bytes.Contains(f.data, []byte("/ObjStm"))
		f.mayMask = maskKey.Match(f.data)
	})
}

// maskKey is the key of a picture's mask; no graphics state that sets none is meant.
var maskKey = regexp.MustCompile(`/S?Mask\s*(?:\d|\[)`)

// doubt is why a text object may not be seen.
type doubt struct {
	whole bool          // all of it: its color or its layer hides it
	over  []layout.Rect // what was painted over it
}

// shown marks the glyphs that a viewer does not show, though the file holds them, as hidden: text that is covered, that has the color of its
// ground or is of a layer that is off, and text that is struck out. What the objects of the page make likely, the drawn page decides.
func (d *document) shown(v view, extra int, ref requests.Page, art *drawings, glyphs []vector.Glyph) ([]vector.Glyph, error) {
	if !slices.ContainsFunc(glyphs, func(g vector.Glyph) bool { return !g.Hidden }) {
		return glyphs, nil
	}
	art.Strike(glyphs)
	doubts := d.doubts(v, art)
	if len(doubts) == 0 {
		return glyphs, nil
	}
	suspects := map[layout.Rect]string{}
	covered := map[layout.Rect]bool{}
	if _, err := d.glyphs(ref, v, false, func(g *vector.Glyph, obj references.FPDF_PAGEOBJECT) {
		if k, ok := d.marked(obj); ok && k < len(doubts) {
			if doubts[k].whole || slices.ContainsFunc(doubts[k].over, func(r layout.Rect) bool { return r.Contains(g.Box.Center()) }) {
				suspects[g.Box] = g.Text
				covered[g.Box] = !doubts[k].whole
			}
		}
	}); err != nil {
		return nil, err
	}
	if len(suspects) == 0 {
		return glyphs, nil
	}
	width, height := v.size()
	img, err := d.render(ref, v, extra, int(min(width*height*shownDPI*shownDPI/72/72, maxDrawn)), requests.RenderImageFormatRGBA)
	if err != nil {
		return nil, fmt.Errorf("what is shown cannot be told: %w", err)
	}
	k := float64(img.Bounds().Dx()) / width
	sure := slices.Clone(glyphs)
	for n := range sure {
		if text, ok := suspects[sure[n].Box]; ok && text == sure[n].Text {
			sure[n].Hidden = true
		}
	}
	overlaid := vector.Overlaid(sure)
	for n := range glyphs {
		if text, ok := suspects[glyphs[n].Box]; ok && text == glyphs[n].Text && (!inked(img, glyphs[n], k) || overlaid(glyphs[n])) {
			glyphs[n].Hidden, glyphs[n].Struck = true, covered[glyphs[n].Box]
		}
	}
	return glyphs, nil
}

// doubts marks the text objects of a page that may not be seen, each with its number.
func (d *document) doubts(v view, art *drawings) []doubt {
	var out []doubt
	for _, t := range art.texts[:min(len(art.texts), maxTries/max(len(art.Covers), 1))] {
		var one doubt
		color, alpha := flow.Color{}, uint(255)
		if f, err := d.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: t.ref}); err == nil {
			color, alpha = rgb(f.FillColor), f.FillColor.A
		}
		if len(art.Covers) == 0 && !t.layer && alpha >= faint && !color.Near(flow.Paper) {
			continue // on bare paper, in ink
		}
		b, err := d.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: t.ref})
		if err != nil {
			continue
		}
		p := v.point(t.at.apply(float64(b.Left), float64(b.Bottom)))
		q := v.point(t.at.apply(float64(b.Right), float64(b.Top)))
		one.whole, one.over = art.Unseen(vector.Bounds(p, q), t.order, color)
		one.whole = one.whole || t.layer || alpha < faint
		if !one.whole && len(one.over) == 0 {
			continue
		}
		if _, err := d.FPDFPageObj_AddMark(&requests.FPDFPageObj_AddMark{PageObject: t.ref, Name: markName + strconv.Itoa(len(out))}); err == nil {
			out = append(out, one)
		}
	}
	return out
}

// marked gives the number that doubts gave to a text object.
func (d *document) marked(obj references.FPDF_PAGEOBJECT) (int, bool) {
	count, err := d.FPDFPageObj_CountMarks(&requests.FPDFPageObj_CountMarks{PageObject: obj})
	if err != nil || count.Count == 0 {
		return 0, false
	}
	mark, err := d.FPDFPageObj_GetMark(&requests.FPDFPageObj_GetMark{PageObject: obj, Index: uint64(count.Count - 1)})
	if err != nil {
		return 0, false
	}
	name, err := d.FPDFPageObjMark_GetName(&requests.FPDFPageObjMark_GetName{PageObjectMark: mark.Mark})
	if err != nil {
		return 0, false
	}
	number, ok := strings.CutPrefix(name.Name, markName)
	if !ok {
		return 0, false
	}
	k, err := strconv.Atoi(number)
	return k, err == nil && k >= 0
}

// inked says that print is seen where a glyph stands on a drawn page, k dots a point.
func inked(img image.Image, g vector.Glyph, k float64) bool {
	at := g.Ink
	if at.Empty() {
		at = g.Box
	}
	box := image.Rect(int(at.X0*k), int(at.Y0*k), int(at.X1*k)+1, int(at.Y1*k)+1).Intersect(img.Bounds())
	low, high := [3]uint32{255, 255, 255}, [3]uint32{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			r, gr, b, _ := img.At(x, y).RGBA()
			for c, v := range [3]uint32{r >> 8, gr >> 8, b >> 8} {
				low[c], high[c] = min(low[c], v), max(high[c], v)
			}
		}
	}
	for c := range low {
		if high[c] >= low[c]+leastInk {
			return true
		}
	}
	return false
}

// masked says that a mask takes something of an image away: what is shown is not what the image holds.
func (d *document) masked(obj references.FPDF_PAGEOBJECT, page requests.Page) bool {
	if !d.file.masks() {
		return false
	}
	got, err := d.FPDFImageObj_GetRenderedBitmap(&requests.FPDFImageObj_GetRenderedBitmap{Document: d.ref, Page: page, ImageObject: obj})
	if err != nil {
		return true
	}
	defer d.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: got.Bitmap})
	format, err := d.FPDFBitmap_GetFormat(&requests.FPDFBitmap_GetFormat{Bitmap: got.Bitmap})
	if err != nil {
		return true
	}
	if format.Format != enums.FPDF_BITMAP_FORMAT_BGRA {
		return false
	}
	buffer, err := d.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: got.Bitmap})
	if err != nil {
		return true
	}
	seen := 0
	for i := 3; i < len(buffer.Buffer); i += 4 {
		if buffer.Buffer[i] < clear {
			seen++
		}
	}
	return float64(seen) > leastMasked*float64(len(buffer.Buffer)/4)
}
