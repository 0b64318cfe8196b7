package pdf

import (
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// maxAnnotations bounds what is looked at on one page.
const maxAnnotations = 10_000

// flatten draws annotations and form fields into the page, where PDFium finds their text: a filled-in
// form keeps its numbers there, not in the page. It reports whether the page changed.
func (d *document) flatten(ref references.FPDF_PAGE) bool {
	page := requests.Page{ByReference: &ref}
	count, err := d.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: page})
	if err != nil || count.Count == 0 {
		return false
	}
	worth := false
	for i := range min(count.Count, maxAnnotations) {
		a, err := d.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: page, Index: i})
		if err != nil {
			continue
		}
		kind, err := d.FPDFAnnot_GetSubtype(&requests.FPDFAnnot_GetSubtype{Annotation: a.Annotation})
		switch {
		case err != nil:
		case kind.Subtype == enums.FPDF_ANNOT_SUBTYPE_WIDGET, kind.Subtype == enums.FPDF_ANNOT_SUBTYPE_FREETEXT,
			kind.Subtype == enums.FPDF_ANNOT_SUBTYPE_STAMP:
			worth = true
		}
		d.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a.Annotation})
	}
	if !worth {
		return false
	}
	// Drawing the annotations once makes PDFium write the appearance of fields that have only a value.
	drawn, err := d.RenderPageInPixels(&requests.RenderPageInPixels{
		Page: page, Width: 16, Height: 16, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
	})
	if err == nil {
		drawn.Cleanup()
	}
	done, err := d.FPDFPage_Flatten(&requests.FPDFPage_Flatten{Page: page, Usage: requests.FPDFPage_FlattenUsageNormalDisplay})
	return err == nil && int(done.Result) == int(requests.FPDFPage_FlattenUsagePrint)
}
