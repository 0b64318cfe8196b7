package pdf

import (
	"slices"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"

	"github.com/nianbao/nianbao/extract/vector"
	"github.com/nianbao/nianbao/layout"
)

// maxAnnotations bounds what is looked at on one page.
const maxAnnotations = 10_000

// telling are the annotations that say something, or take something back that the page says: text, and what is drawn over text.
var telling = []enums.FPDF_ANNOTATION_SUBTYPE{
	enums.FPDF_ANNOT_SUBTYPE_WIDGET, enums.FPDF_ANNOT_SUBTYPE_FREETEXT, enums.FPDF_ANNOT_SUBTYPE_STAMP,
	enums.FPDF_ANNOT_SUBTYPE_STRIKEOUT, enums.FPDF_ANNOT_SUBTYPE_INK, enums.FPDF_ANNOT_SUBTYPE_LINE, enums.FPDF_ANNOT_SUBTYPE_SQUARE,
	enums.FPDF_ANNOT_SUBTYPE_CIRCLE, enums.FPDF_ANNOT_SUBTYPE_POLYGON, enums.FPDF_ANNOT_SUBTYPE_POLYLINE, enums.FPDF_ANNOT_SUBTYPE_REDACT,
}

// field is a field of a form that a person fills in.
type field struct {
	box    structs.FPDF_FS_RECTF
	value  string
	hidden bool
}

// flatten draws annotations and form fields into the page, where PDFium finds their text: a filled-in
// form keeps its numbers there, not in the page. It reports whether the page changed, and keeps the values of its fields.
func (d *document) flatten(ref references.FPDF_PAGE) bool {
	d.fields = nil
	page := requests.Page{ByReference: &ref}
	count, err := d.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: page})
	if err != nil || count.Count == 0 {
		return false
	}
	worth := false
	var widgets []references.FPDF_ANNOTATION
	for i := range min(count.Count, maxAnnotations) {
		a, err := d.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: page, Index: i})
		if err != nil {
			continue
		}
		if kind, err := d.FPDFAnnot_GetSubtype(&requests.FPDFAnnot_GetSubtype{Annotation: a.Annotation}); err == nil {
			worth = worth || slices.Contains(telling, kind.Subtype)
			if kind.Subtype == enums.FPDF_ANNOT_SUBTYPE_WIDGET {
				widgets = append(widgets, a.Annotation)
				continue
			}
		}
		d.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a.Annotation})
	}
	d.values(widgets)
	for _, a := range widgets {
		d.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a})
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

// noHost answers what PDFium asks the program that shows a form, which nobody here looks at.
var noHost = structs.FPDF_FORMFILLINFO{
	FFI_Invalidate:         func(references.FPDF_PAGE, float64, float64, float64, float64) {},
	FFI_SetCursor:          func(enums.FXCT) {},
	FFI_SetTimer:           func(int, func(int)) int { return 0 },
	FFI_KillTimer:          func(int) {},
	FFI_GetLocalTime:       func() structs.FPDF_SYSTEMTIME { return structs.FPDF_SYSTEMTIME{} },
	FFI_GetPage:            func(references.FPDF_DOCUMENT, int) *references.FPDF_PAGE { return nil },
	FFI_GetRotation:        func(references.FPDF_PAGE) enums.FPDF_PAGE_ROTATION { return 0 },
	FFI_ExecuteNamedAction: func(string) {},
}

// values reads what the fields of a page say, whatever their drawings show.
func (d *document) values(widgets []references.FPDF_ANNOTATION) {
	if len(widgets) == 0 {
		return
	}
	form, err := d.FPDFDOC_InitFormFillEnvironment(&requests.FPDFDOC_InitFormFillEnvironment{Document: d.ref, FormFillInfo: noHost})
	if err != nil {
		return
	}
	defer func() {
		_, _ = d.FPDFDOC_ExitFormFillEnvironment(&requests.FPDFDOC_ExitFormFillEnvironment{FormHandle: form.FormHandle})
	}()
	for _, a := range widgets {
		kind, err := d.FPDFAnnot_GetFormFieldType(&requests.FPDFAnnot_GetFormFieldType{FormHandle: form.FormHandle, Annotation: a})
		if err != nil || kind.FormFieldType != enums.FPDF_FORMFIELD_TYPE_TEXTFIELD && kind.FormFieldType != enums.FPDF_FORMFIELD_TYPE_COMBOBOX {
			continue
		}
		value, err := d.FPDFAnnot_GetFormFieldValue(&requests.FPDFAnnot_GetFormFieldValue{FormHandle: form.FormHandle, Annotation: a})
		if err != nil || bare(value.FormFieldValue) == "" {
			continue
		}
		at, err := d.FPDFAnnot_GetRect(&requests.FPDFAnnot_GetRect{Annotation: a})
		if err != nil {
			continue
		}
		f := field{box: at.Rect, value: value.FormFieldValue}
		if flags, err := d.FPDFAnnot_GetFlags(&requests.FPDFAnnot_GetFlags{Annotation: a}); err == nil {
			f.hidden = flags.Flags&(enums.FPDF_ANNOT_FLAG_HIDDEN|enums.FPDF_ANNOT_FLAG_NOVIEW|enums.FPDF_ANNOT_FLAG_INVISIBLE) != 0
		}
		d.fields = append(d.fields, f)
	}
}

// fieldSize is the usual size of print in a field, in points.
const fieldSize = 9

// fill holds the values of a page's fields against what is drawn there. Where a value is not drawn it is taken from the field; where it is
// not, or otherwise, its place is in doubt.
func fill(page *layout.Page, fields []field, v view) {
	for _, f := range fields {
		box := v.rect(float64(f.box.Left), float64(f.box.Bottom), float64(f.box.Right), float64(f.box.Top))
		if f.hidden {
			page.Unsaid = append(page.Unsaid, box)
			continue
		}
		shown := ""
		for _, w := range page.Words {
			if box.Contains(w.Box.Center()) {
				shown += w.Text
			}
		}
		if bare(shown) == bare(f.value) {
			continue
		}
		page.Doubtful = append(page.Doubtful, box)
		if value := strings.Join(strings.Fields(f.value), " "); shown == "" && value != "" {
			size := min(fieldSize, box.Height())
			at := layout.Rect{X0: box.X0, X1: box.X1, Y0: box.Center().Y - size*vector.Ascent, Y1: box.Center().Y + size*vector.Descent}
			page.Words = append(page.Words, layout.Word{Text: value, Box: at, Size: size, Confidence: 1})
		}
	}
}

// bare is a value without what a field's format adds to it.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == ',' || r == '，' {
			return -1
		}
		return r
	}, s)
}
