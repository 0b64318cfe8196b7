// Package stages holds the order of the stages: extract → tables (for scans: ocr) → normalize → check.
// The stages know nothing of one another. It is a room of its own below the library so that the tools
// that measure the readers can stop in the middle, for which the library has no door.
package stages

import (
	"context"
	"errors"
	"fmt"
	"image"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/normalize"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/report"
)

// Converter holds what the stages need. It is safe for concurrent use when its parts are.
type Converter struct {
	// Open reads a file's bytes into a document. It must be set.
	Open func(ctx context.Context, name string, data []byte) (*layout.Document, []diag.Warning, error)
	// Recognizer is the general recogniser; nil when none is installed, and then Missing says why.
	Recognizer ocr.Recognizer
	Missing    error
	// TablesOnly leaves the prose of scanned pages unread.
	TablesOnly bool
	// Forms are the forms that tables are looked for; the zero Set is the official ones.
	Forms form.Set
	// Producer goes into every report.
	Producer report.Producer
	// Page, when set, is told before each page is read: its number and how many there are.
	Page func(number, of int)
}

// Convert turns one file into a report. name is its base name. The error is non-nil when the file
// cannot be read; everything less is in the report's warnings and review, and its Outcome says whether
// the document is a report at all.
func (c *Converter) Convert(ctx context.Context, name string, data []byte) (_ *report.Report, err error) {
	doc, warnings, err := c.Document(ctx, name, data)
	if err != nil {
		return nil, err
	}
	if doc.Close != nil {
		defer func() { err = errors.Join(err, doc.Close()) }()
	}
	r, evidence, w := normalize.Report(doc, c.Forms)
	warnings = append(warnings, w...)
	r.Producer = c.Producer
	if err := c.second(ctx, doc, r, evidence); err != nil {
		return nil, err
	}
	r.Warnings = append(r.Warnings, reportWarnings(warnings)...)
	r.Warnings = append(r.Warnings, reportWarnings(check.Run(r, c.Forms, look(evidence)))...)
	return r, nil
}

// Document reads a file and finds the blocks of all its pages: text, tables, cells. Where the
// document has a Close, the caller must call it.
func (c *Converter) Document(ctx context.Context, name string, data []byte) (*layout.Document, []diag.Warning, error) {
	doc, warnings, err := c.Open(ctx, name, data)
	if err != nil {
		return nil, nil, err
	}
	w, err := c.readPages(ctx, doc)
	if err != nil {
		if doc.Close != nil {
			err = errors.Join(err, doc.Close())
		}
		return nil, nil, err
	}
	return doc, append(warnings, w...), nil
}

// second has the cells that package check wants read again: those of scans by the general
// recogniser, those of text layers from the page as it is drawn.
func (c *Converter) second(ctx context.Context, doc *layout.Document, r *report.Report, evidence normalize.Evidence) error {
	drawn := map[int]image.Image{}
	for _, path := range check.Wants(r, c.Forms) {
		cell := evidence[path]
		if cell == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if cell.Reading == nil {
			if text, differs := shown(doc, drawn, cell); differs {
				r.Cell(path).Second = &text
			}
			continue
		}
		text, err := ocr.Second(ctx, cell.Reading, c.Recognizer)
		if err != nil {
			return err
		}
		r.Cell(path).Second = &text
	}
	return nil
}

const (
	// drawnPixels is what a page is drawn with to be held against its text layer: A4 at 200 dpi.
	drawnPixels = 1654 * 2339
	// sureShown is the probability from which a drawn number may contradict the text layer.
	sureShown = 0.995
	// smallPrint is the height of small print on a page, in parts of the page's width: 9 of 595 pt.
	smallPrint = 9.0 / 595
)

// shown says whether a page surely shows another number in a cell than its text layer says, and
// which. drawn keeps the pages that were drawn.
func shown(doc *layout.Document, drawn map[int]image.Image, cell *layout.Cell) (text string, differs bool) {
	for i := range doc.Pages {
		p := &doc.Pages[i]
		if p.Number != cell.Page || p.Render == nil || p.Width <= 0 {
			continue
		}
		img, ok := drawn[p.Number]
		if !ok {
			var err error
			if img, err = p.Render(drawnPixels); err != nil {
				img = nil // what cannot be drawn proves nothing
			}
			drawn[p.Number] = img
		}
		if img == nil {
			return "", false
		}
		k := float64(img.Bounds().Dx()) / p.Width
		box := image.Rect(int(cell.Box.X0*k)+1, int(cell.Box.Y0*k)+1, int(cell.Box.X1*k), int(cell.Box.Y1*k))
		text, sure := ocr.Shown(img, box, smallPrint*min(p.Width, p.Height)*k)
		a, b := report.ParseFigure(text), report.ParseFigure(cell.Text)
		switch {
		case sure < sureShown || a.Number == nil || b.Number == nil:
			return "", false // marks and notes are read in other words
		}
		return text, !a.Number.Equal(b.Number.Decimal)
	}
	return "", false
}

// look lets package check have the cells that it doubts read in further ways.
func look(evidence normalize.Evidence) check.Look {
	return func(path string, asked []string) []report.Candidate {
		cell := evidence[path]
		if cell == nil || cell.Reading == nil {
			return nil
		}
		var out []report.Candidate
		for _, c := range ocr.Again(cell.Reading, asked) {
			out = append(out, report.Candidate{Raw: c.Text, Probability: c.Probability})
		}
		return out
	}
}

func reportWarnings(ws []diag.Warning) []report.Warning {
	out := make([]report.Warning, 0, len(ws))
	for _, w := range ws {
		x := report.Warning{Code: w.Code, Message: w.Message}
		if w.Page > 0 {
			page := w.Page
			x.Page = &page
		}
		out = append(out, x)
	}
	return out
}

// missing says why a page's pixels cannot be read.
func (c *Converter) missing() error {
	if c.Missing != nil {
		return c.Missing
	}
	return fmt.Errorf("no recogniser for scanned pages: %w", diag.ErrMissingProgram)
}
