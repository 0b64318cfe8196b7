package pdf

import (
	"fmt"
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/nianbao/nianbao/extract/vector"
	"github.com/nianbao/nianbao/layout"
)

const (
	// maxObjects and maxSegments bound the drawings of one page; a page of a report has 300 lines.
	maxObjects  = 100_000
	maxSegments = 200_000
	// maxForms is how deep form XObjects may be nested.
	maxForms = 12
	// speck, in parts of the page, is a picture too small to hold text.
	speck = 0.02
)

// drawings is what is on a page beside text.
type drawings struct {
	vector.Art
	images []placed
	// coveredText is set when an opaque picture of the page lies over all of its text.
	coveredText bool
	// texts are the text objects of the page.
	texts []textObject
}

// textObject is a run of text on the page, as it was painted.
type textObject struct {
	ref   references.FPDF_PAGEOBJECT
	at    matrix // of what it stands in
	order int
	layer bool // it may be of a layer that is not shown
}

// placed is an image on a page.
type placed struct {
	path          []int // the object's index on the page, then in each form XObject on the way
	whole         layout.Rect
	box           layout.Rect // what of it is on the page
	width, height int         // pixels
	// across and down are the vectors of the image's own axes on the displayed page.
	across, down layout.Point
	masked       bool // a stencil, or seen through: its own pixels are not what is shown
}

// cover gives the largest image of a page, if all of its images together take that share of the area:
// a picture of the page may be stored as tiles.
func (a *drawings) cover(area, share float64) *placed {
	var best *placed
	sum := 0.0
	for i := range a.images {
		p := &a.images[i]
		sum += p.box.Width() * p.box.Height()
		if best == nil || p.box.Width()*p.box.Height() > best.box.Width()*best.box.Height() {
			best = p
		}
	}
	if sum < share*area {
		return nil
	}
	return best
}

// picture says whether an image or a drawing of the page may show text.
func (a *drawings) picture(area float64) bool {
	return a.Shapes > drawnPaths || a.cover(area, speck) != nil
}

// matrix is a PDF transformation: x' = ax + cy + e, y' = bx + dy + f.
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// then is m followed by n.
func (m matrix) then(n matrix) matrix {
	e, f := n.apply(m.e, m.f)
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d, e, f,
	}
}

// walker goes through the objects of one page.
type walker struct {
	d        *document
	page     requests.Page
	v        view
	size     layout.Rect
	out      *drawings
	objects  int
	segments int
	covered  int // text objects seen before the last opaque picture of the page
}

// object is what stands on a page, or in a form XObject.
type object struct {
	ref  references.FPDF_PAGEOBJECT
	kind enums.FPDF_PAGEOBJ
	path []int    // its index on the page, then in each form on the way
	kids []object // of a form
}

// objects are those of a page, in the order in which they are painted. hides says that some text among them is invisible, or may be, where
// there are more than are looked at.
func (d *document) objects(page requests.Page) (all []object, hides bool, err error) {
	count, err := d.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return nil, false, fmt.Errorf("drawings cannot be read: %w", err)
	}
	n := 0
	// take gives an object of a page or form.
	var take func(obj references.FPDF_PAGEOBJECT, path []int) (object, bool)
	take = func(obj references.FPDF_PAGEOBJECT, path []int) (object, bool) {
		if n++; n > maxObjects || len(path) > maxForms+1 {
			hides = true
			return object{}, false
		}
		d.handles++
		kind, err := d.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: obj})
		if err != nil {
			return object{}, false
		}
		o := object{ref: obj, kind: kind.Type, path: path}
		switch kind.Type {
		case enums.FPDF_PAGEOBJ_TEXT:
			hides = hides || d.invisible(obj)
		case enums.FPDF_PAGEOBJ_FORM:
			count, err := d.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: obj})
			if err != nil {
				return o, true
			}
			for i := range count.Count {
				if child, err := d.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: obj, Index: uint64(i)}); err == nil {
					if kid, ok := take(child.PageObject, append(slices.Clone(path), i)); ok {
						o.kids = append(o.kids, kid)
					}
				}
			}
		}
		return o, true
	}
	for i := range count.Count {
		if obj, err := d.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i}); err == nil {
			if o, ok := take(obj.PageObject, []int{i}); ok {
				all = append(all, o)
			}
		}
	}
	return all, hides, nil
}

// drawings takes what is drawn from a page's objects, form XObjects included.
func (d *document) drawings(page requests.Page, objects []object, v view) *drawings {
	w := &walker{d: d, page: page, v: v, out: &drawings{}}
	w.size.X1, w.size.Y1 = v.size()
	w.out.Width, w.out.Height = v.size()
	for _, o := range objects {
		w.object(o, matrix{a: 1, d: 1})
	}
	w.out.coveredText = len(w.out.texts) > 0 && w.covered == len(w.out.texts)
	return w.out
}

func (w *walker) object(o object, parent matrix) {
	w.objects++
	switch o.kind {
	case enums.FPDF_PAGEOBJ_TEXT:
		w.out.texts = append(w.out.texts, textObject{o.ref, parent, w.objects, w.d.layered(o.ref, len(o.path) > 1)})
	case enums.FPDF_PAGEOBJ_PATH:
		w.path(o.ref, w.matrix(o.ref).then(parent))
	case enums.FPDF_PAGEOBJ_IMAGE:
		w.image(o.ref, w.matrix(o.ref).then(parent), o.path)
	case enums.FPDF_PAGEOBJ_FORM:
		m := w.matrix(o.ref).then(parent)
		for _, kid := range o.kids {
			w.object(kid, m)
		}
	}
}

func (w *walker) matrix(obj references.FPDF_PAGEOBJECT) matrix {
	m, err := w.d.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: obj})
	if err != nil {
		return matrix{a: 1, d: 1}
	}
	x := m.Matrix
	return matrix{float64(x.A), float64(x.B), float64(x.C), float64(x.D), float64(x.E), float64(x.F)}
}

// path takes the rulings out of a drawn path.
func (w *walker) path(obj references.FPDF_PAGEOBJECT, m matrix) {
	mode, err := w.d.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: obj})
	if err != nil {
		return
	}
	filled := mode.FillMode != enums.FPDF_FILLMODE_NONE
	if !filled && !mode.Stroke {
		return // a clip or nothing
	}
	thickness := 0.0
	if mode.Stroke {
		if s, err := w.d.FPDFPageObj_GetStrokeWidth(&requests.FPDFPageObj_GetStrokeWidth{PageObject: obj}); err == nil {
			thickness = float64(s.StrokeWidth) * math.Sqrt(math.Abs(m.a*m.d-m.b*m.c))
		}
	}
	count, err := w.d.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: obj})
	if err != nil {
		return
	}
	p := vector.Path{Stroked: mode.Stroke, Thickness: thickness, Filled: filled, Order: w.objects}
	p.Color, p.Clear = w.d.paint(obj, filled)
	for i := range count.Count {
		if w.segments++; w.segments > maxSegments {
			return
		}
		w.d.handles++
		s, err := w.d.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: obj, Index: i})
		if err != nil {
			continue
		}
		kind, err := w.d.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: s.PathSegment})
		if err != nil {
			continue
		}
		at, err := w.d.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: s.PathSegment})
		if err != nil {
			continue
		}
		point := w.v.point(m.apply(float64(at.X), float64(at.Y)))
		switch kind.Type {
		case enums.FPDF_SEGMENT_MOVETO:
			p.Move(point)
		case enums.FPDF_SEGMENT_BEZIERTO:
			p.Curve(point)
		default:
			p.Line(point)
		}
		if end, err := w.d.FPDFPathSegment_GetClose(&requests.FPDFPathSegment_GetClose{PathSegment: s.PathSegment}); err == nil && end.IsClose {
			p.Close()
		}
	}
	w.out.Add(&p)
}

// place says where an image stands that a matrix draws.
func (v view) place(m matrix, path []int) placed {
	at := func(x, y float64) layout.Point { return v.point(m.apply(x, y)) }
	corner, right, up, far := at(0, 0), at(1, 0), at(0, 1), at(1, 1)
	box := vector.Bounds(corner, right, up, far)
	width, height := v.size()
	return placed{
		path:   path,
		whole:  box,
		box:    layout.Rect{X0: max(box.X0, 0), Y0: max(box.Y0, 0), X1: min(box.X1, width), Y1: min(box.Y1, height)},
		across: layout.Point{X: right.X - corner.X, Y: right.Y - corner.Y},
		down:   layout.Point{X: corner.X - up.X, Y: corner.Y - up.Y},
	}
}

// image notes a picture; one as thin as a line is a ruling.
func (w *walker) image(obj references.FPDF_PAGEOBJECT, m matrix, path []int) {
	p := w.v.place(m, path)
	if w.out.Fill(p.whole) {
		return
	}
	if !(p.box.Width() > 0 && p.box.Height() > 0) {
		return
	}
	size, err := w.d.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: obj})
	if err != nil || size.Width < 1 || size.Height < 1 {
		return
	}
	p.width, p.height = int(size.Width), int(size.Height)
	if meta, err := w.d.FPDFImageObj_GetImageMetadata(&requests.FPDFImageObj_GetImageMetadata{ImageObject: obj, Page: w.page}); err == nil {
		p.masked = meta.ImageMetadata.BitsPerPixel == 1 && meta.ImageMetadata.Colorspace == enums.FPDF_COLORSPACE_UNKNOWN
	}
	if see, err := w.d.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: obj}); err != nil || see.HasTransparency {
		p.masked = true
	}
	p.masked = p.masked || w.d.masked(obj, w.page)
	if !p.masked {
		w.out.Covers = append(w.out.Covers, vector.Cover{Box: p.box, Order: w.objects, Picture: true})
	}
	if !p.masked && p.box.Width()*p.box.Height() >= coverShare*w.size.Width()*w.size.Height() {
		w.covered = len(w.out.texts)
	}
	w.out.images = append(w.out.images, p)
}
