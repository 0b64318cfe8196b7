package pdf

import (
	"fmt"
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium/requests"

	"github.com/nianbao/nianbao/extract/vector"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

const (
	// maxSide bounds a page, in points. PDF itself allows 14 400.
	maxSide = 20_000
	// coverShare of the page is what a picture must cover to be the page itself.
	coverShare = 0.8
	// scanShare is the same share for a page without text, where a smaller picture is the page, too: a
	// scan may have wide margins.
	scanShare = 0.4
	// drawnPaths: with no text at all, more small shapes than this are letters drawn as outlines.
	drawnPaths = 30
)

// view turns page coordinates (points, origin anywhere, y up) into those of the displayed page
// (points, origin top left, y down).
type view struct {
	crop  layout.Rect // on the page, Y0 is the lower edge
	turns int         // quarter turns clockwise, 0 to 3
}

func (v view) size() (width, height float64) {
	if v.turns%2 == 1 {
		return v.crop.Height(), v.crop.Width()
	}
	return v.crop.Width(), v.crop.Height()
}

func (v view) point(x, y float64) layout.Point {
	switch v.turns {
	case 1:
		return layout.Point{X: y - v.crop.Y0, Y: x - v.crop.X0}
	case 2:
		return layout.Point{X: v.crop.X1 - x, Y: y - v.crop.Y0}
	case 3:
		return layout.Point{X: v.crop.Y1 - y, Y: v.crop.X1 - x}
	}
	return layout.Point{X: x - v.crop.X0, Y: v.crop.Y1 - y}
}

func (v view) rect(x0, y0, x1, y1 float64) layout.Rect {
	a, b := v.point(x0, y0), v.point(x1, y1)
	return layout.Rect{X0: min(a.X, b.X), Y0: min(a.Y, b.Y), X1: max(a.X, b.X), Y1: max(a.Y, b.Y)}
}

// page reads page i, counted from 0.
func (d *document) page(i int) (layout.Page, []diag.Warning, error) {
	ref, closer, err := d.load(i)
	if err != nil {
		return layout.Page{}, nil, fmt.Errorf("cannot be opened: %w", err)
	}
	defer closer()

	v, err := d.view(ref)
	if err != nil {
		return layout.Page{}, nil, err
	}
	objects, hides, err := d.objects(ref)
	if err != nil {
		return layout.Page{}, nil, err
	}
	glyphs, err := d.glyphs(ref, v, hides, nil)
	if err != nil {
		return layout.Page{}, nil, err
	}
	extra := 0
	if turns := vector.Sideways(glyphs); turns != 0 {
		// Most of the text is set sideways, so the page is turned.
		extra = turns
		v.turns = (v.turns + turns) % 4
		if glyphs, err = d.glyphs(ref, v, hides, nil); err != nil {
			return layout.Page{}, nil, err
		}
	}
	art := d.drawings(ref, objects, v)
	width, height := v.size()
	page := layout.Page{Width: width, Height: height, Unit: layout.Points}
	glyphs = vector.Visible(glyphs, layout.Rect{X1: width, Y1: height})
	if art.coveredText {
		for k := range glyphs {
			glyphs[k].Hidden = true
		}
	}
	glyphs, err = d.shown(v, extra, ref, art, glyphs)
	if err != nil {
		return layout.Page{}, nil, err
	}
	use, reason := vector.Judge(glyphs, art.cover(width*height, coverShare) != nil, art.picture(width*height))
	if use == vector.Pixels {
		page.Route = layout.RouteOCR
		page.Source = d.scan(i, v, extra, art)
		if reason == "" {
			return page, nil, nil
		}
		return page, []diag.Warning{{Code: diag.TextLayerRejected, Message: "the text layer was not used: " + reason}}, nil
	}
	page.Route = layout.RouteText
	page.Rulings = art.Rulings
	page.Words = vector.Words(glyphs, art.Rulings)
	page.Unsaid, page.Struck = vector.Unsaid(glyphs)
	struck, unsaid := art.Doubtful(glyphs)
	page.Unsaid, page.Struck = slices.Concat(page.Unsaid, unsaid, art.Marks, art.Figures(glyphs)), append(page.Struck, struck...)
	for _, p := range art.images {
		if vector.Mark(p.box) {
			page.Unsaid = append(page.Unsaid, p.box)
		}
	}
	fill(&page, d.fields, v)
	page.Pictures = d.pictures(i, v, extra, &page, art)
	if use == vector.Text {
		page.Source = d.drawing(i, v, extra, maxDrawn, requests.RenderImageFormatGrayscale)
	}
	return page, nil, nil
}

// load opens page i with its annotations drawn in. The page is to be closed after use.
func (d *document) load(i int) (page requests.Page, closer func(), err error) {
	if err := d.refresh(); err != nil {
		return requests.Page{}, nil, err
	}
	loaded, err := d.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.ref, Index: i})
	if err != nil {
		return requests.Page{}, nil, err
	}
	if d.flatten(loaded.Page) {
		d.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
		if loaded, err = d.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.ref, Index: i}); err != nil {
			return requests.Page{}, nil, err
		}
	}
	return requests.Page{ByReference: &loaded.Page}, func() {
		d.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	}, nil
}

// view finds the visible part of a page and its rotation.
func (d *document) view(page requests.Page) (view, error) {
	box, err := d.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: page})
	if err != nil {
		return view{}, fmt.Errorf("has no size: %w", err)
	}
	rotation, err := d.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: page})
	if err != nil {
		return view{}, fmt.Errorf("has no rotation: %w", err)
	}
	r := box.Rect
	v := view{
		crop:  layout.Rect{X0: float64(r.Left), Y0: float64(r.Bottom), X1: float64(r.Right), Y1: float64(r.Top)},
		turns: int(rotation.PageRotation) & 3,
	}
	if w, h := v.size(); !(w > 0 && h > 0 && w <= maxSide && h <= maxSide) {
		return view{}, fmt.Errorf("has a size that cannot be, %g x %g points", w, h)
	}
	return v, nil
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }
