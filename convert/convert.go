// Package convert runs the stages in order: extract → tables → (for scans: raster, ocr) → normalize
// → check. The stages know nothing of one another; this is the one place that knows their order.
package convert

import (
	"context"
	"errors"
	"fmt"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/diag"
	"github.com/nianbao/nianbao/layout"
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
	// Producer goes into every report.
	Producer report.Producer
	// Page, when set, is told before each page is read: its number and how many there are.
	Page func(number, of int)
}

// Convert turns one file into a report. name is its base name. The error is non-nil when there is
// no report; everything less is in the report's warnings and review.
func (c *Converter) Convert(ctx context.Context, name string, data []byte) (*report.Report, error) {
	doc, warnings, err := c.Document(ctx, name, data)
	if err != nil {
		return nil, err
	}
	if doc.Close != nil {
		defer doc.Close()
	}
	r, evidence, w := normalize.Report(doc)
	warnings = append(warnings, w...)
	r.Producer = c.Producer
	if err := c.second(ctx, r, evidence); err != nil {
		return nil, err
	}
	warnings = append(warnings, check.Run(r, look(evidence))...)
	r.Warnings = append(r.Warnings, reportWarnings(warnings)...)
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

// second has the cells that package check wants read again by the general recogniser.
func (c *Converter) second(ctx context.Context, r *report.Report, evidence normalize.Evidence) error {
	for _, path := range check.Wants(r) {
		cell := evidence[path]
		if cell == nil || cell.Reading == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		text, err := ocr.Second(ctx, cell.Reading, c.Recognizer)
		if err != nil {
			return err
		}
		r.Cell(path).Second = &text
	}
	return nil
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
