package pdf

import (
	"fmt"
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/nianbao/nianbao/layout"
)

const (
	// maxObjects and maxSegments bound the drawings of one page; a page of a report has 300 lines.
	maxObjects  = 100_000
	maxSegments = 200_000
	// maxForms is how deep form XObjects may be nested.
	maxForms = 12
	// thin, in points, is the most a filled shape may measure across to be a ruling.
	thin = 3.0
	// slender is how many times longer than thick a filled shape must be to be a ruling.
	slender = 3.0
	// shortest ruling, in points: what is shorter is a corner or the dot of a dotted line.
	shortest = 2.0
	// slant is how far off the axis a ruling may run, in parts of its length.
	slant = 0.01
	// speck, in parts of the page, is a picture too small to hold text.
	speck = 0.02
)

// drawings is what is on a page beside text.
type drawings struct {
	rulings []layout.Ruling
	images  []picture
	// shapes counts drawings that are no rulings: letters drawn as outlines, ornaments.
	shapes int
	// coveredText is set when an opaque picture of the page lies over all of its text.
	coveredText bool
}

// picture is an image on a page.
type picture struct {
	path          []int // the object's index on the page, then in each form XObject on the way
	box           layout.Rect
	width, height int // pixels
	// across and down are the vectors of the image's own axes on the displayed page.
	across, down layout.Point
	masked       bool // a stencil, or seen through: its own pixels are not what is shown
}

// cover gives an image that covers that share of the page; tiles count together, as the largest.
func (a *drawings) cover(area, share float64) *picture {
	var best *picture
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

// picture says whether the drawings could hold text.
func (a *drawings) picture(area float64) bool {
	return a.shapes > drawnPaths || a.cover(area, speck) != nil
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
	texts    int // text objects seen
	covered  int // text objects seen before the last opaque picture of the page
}

// drawings walks the page's objects, form XObjects included.
func (d *document) drawings(page requests.Page, v view) (*drawings, error) {
	w := &walker{d: d, page: page, v: v, out: &drawings{}}
	w.size.X1, w.size.Y1 = v.size()
	count, err := d.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return nil, fmt.Errorf("drawings cannot be read: %w", err)
	}
	for i := range count.Count {
		obj, err := d.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			continue
		}
		w.object(obj.PageObject, matrix{a: 1, d: 1}, []int{i})
	}
	w.out.coveredText = w.texts > 0 && w.covered == w.texts
	return w.out, nil
}

func (w *walker) object(obj references.FPDF_PAGEOBJECT, parent matrix, path []int) {
	if w.objects++; w.objects > maxObjects {
		return
	}
	kind, err := w.d.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: obj})
	if err != nil {
		return
	}
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_TEXT:
		w.texts++
	case enums.FPDF_PAGEOBJ_PATH:
		w.path(obj, w.matrix(obj).then(parent))
	case enums.FPDF_PAGEOBJ_IMAGE:
		w.image(obj, w.matrix(obj).then(parent), path)
	case enums.FPDF_PAGEOBJ_FORM:
		if len(path) > maxForms {
			return
		}
		count, err := w.d.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: obj})
		if err != nil {
			return
		}
		m := w.matrix(obj).then(parent)
		for i := range count.Count {
			child, err := w.d.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: obj, Index: uint64(i)})
			if err != nil {
				continue
			}
			w.object(child.PageObject, m, append(slices.Clone(path), i))
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
	before := len(w.out.rulings)
	curved := false
	var sub []layout.Point
	closed := false
	flush := func() {
		if len(sub) > 1 && mode.Stroke {
			for i := 1; i < len(sub); i++ {
				w.ruling(sub[i-1], sub[i], thickness)
			}
			if closed {
				w.ruling(sub[len(sub)-1], sub[0], thickness)
			}
		} else if len(sub) > 1 {
			w.fill(sub)
		}
		sub, closed = sub[:0], false
	}
	for i := range count.Count {
		if w.segments++; w.segments > maxSegments {
			return
		}
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
		if kind.Type == enums.FPDF_SEGMENT_MOVETO {
			flush()
		}
		curved = curved || kind.Type == enums.FPDF_SEGMENT_BEZIERTO
		sub = append(sub, w.v.point(m.apply(float64(at.X), float64(at.Y))))
		if end, err := w.d.FPDFPathSegment_GetClose(&requests.FPDFPathSegment_GetClose{PathSegment: s.PathSegment}); err == nil && end.IsClose {
			closed = true
		}
	}
	if curved {
		// A rounded frame or a letter: its straight pieces are no rulings of a table.
		w.out.shapes++
		w.out.rulings = w.out.rulings[:before]
		return
	}
	flush()
	if len(w.out.rulings) == before && count.Count > 5 {
		w.out.shapes++
	}
}

// ruling keeps a line that runs along an axis, on the page.
func (w *walker) ruling(p, q layout.Point, thickness float64) {
	dx, dy := math.Abs(p.X-q.X), math.Abs(p.Y-q.Y)
	length := max(dx, dy)
	if !(length >= shortest) || min(dx, dy) > max(slant*length, 0.5) || length > maxSide {
		return
	}
	if dx >= dy {
		y := (p.Y + q.Y) / 2
		w.keep(layout.Ruling{From: layout.Point{X: min(p.X, q.X), Y: y}, To: layout.Point{X: max(p.X, q.X), Y: y}, Thickness: thickness})
		return
	}
	x := (p.X + q.X) / 2
	w.keep(layout.Ruling{From: layout.Point{X: x, Y: min(p.Y, q.Y)}, To: layout.Point{X: x, Y: max(p.Y, q.Y)}, Thickness: thickness})
}

func (w *walker) keep(r layout.Ruling) {
	if r.To.X < 0 || r.To.Y < 0 || r.From.X > w.size.X1 || r.From.Y > w.size.Y1 {
		return
	}
	r.From.X, r.From.Y = max(r.From.X, 0), max(r.From.Y, 0)
	r.To.X, r.To.Y = min(r.To.X, w.size.X1), min(r.To.Y, w.size.Y1)
	w.out.rulings = append(w.out.rulings, r)
}

// fill keeps a filled shape that is so thin that it is a line. Wider ones are shading.
func (w *walker) fill(points []layout.Point) {
	w.box(bounds(points))
}

func (w *walker) box(box layout.Rect) {
	dx, dy := box.Width(), box.Height()
	across, along := min(dx, dy), max(dx, dy)
	if across > thin || along < slender*across || along < shortest {
		return
	}
	c := box.Center()
	if dx >= dy {
		w.keep(layout.Ruling{From: layout.Point{X: box.X0, Y: c.Y}, To: layout.Point{X: box.X1, Y: c.Y}, Thickness: across})
		return
	}
	w.keep(layout.Ruling{From: layout.Point{X: c.X, Y: box.Y0}, To: layout.Point{X: c.X, Y: box.Y1}, Thickness: across})
}

func bounds(points []layout.Point) layout.Rect {
	r := layout.Rect{X0: points[0].X, Y0: points[0].Y, X1: points[0].X, Y1: points[0].Y}
	for _, p := range points[1:] {
		r = layout.Rect{X0: min(r.X0, p.X), Y0: min(r.Y0, p.Y), X1: max(r.X1, p.X), Y1: max(r.Y1, p.Y)}
	}
	return r
}

// image notes a picture; one as thin as a line is a ruling.
func (w *walker) image(obj references.FPDF_PAGEOBJECT, m matrix, path []int) {
	at := func(x, y float64) layout.Point { return w.v.point(m.apply(x, y)) }
	corner, right, up, far := at(0, 0), at(1, 0), at(0, 1), at(1, 1)
	box := bounds([]layout.Point{corner, right, up, far})
	if min(box.Width(), box.Height()) <= thin {
		w.box(box)
		return
	}
	box = layout.Rect{X0: max(box.X0, 0), Y0: max(box.Y0, 0), X1: min(box.X1, w.size.X1), Y1: min(box.Y1, w.size.Y1)}
	if !(box.Width() > 0 && box.Height() > 0) {
		return
	}
	size, err := w.d.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: obj})
	if err != nil || size.Width < 1 || size.Height < 1 {
		return
	}
	p := picture{
		path:   path,
		box:    box,
		width:  int(size.Width),
		height: int(size.Height),
		across: layout.Point{X: right.X - corner.X, Y: right.Y - corner.Y},
		down:   layout.Point{X: corner.X - up.X, Y: corner.Y - up.Y},
	}
	if meta, err := w.d.FPDFImageObj_GetImageMetadata(&requests.FPDFImageObj_GetImageMetadata{ImageObject: obj, Page: w.page}); err == nil {
		p.masked = meta.ImageMetadata.BitsPerPixel == 1 && meta.ImageMetadata.Colorspace == enums.FPDF_COLORSPACE_UNKNOWN
	}
	if see, err := w.d.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: obj}); err != nil || see.HasTransparency {
		p.masked = true
	}
	if !p.masked && box.Width()*box.Height() >= coverShare*w.size.Width()*w.size.Height() {
		w.covered = w.texts
	}
	w.out.images = append(w.out.images, p)
}
