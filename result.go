package nianbao

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"slices"
	"strings"
	"sync"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/paper"
	"github.com/nianbao/nianbao/report"
)

// Result is a converted document: its report, and its pages for as long as the original is there.
type Result struct {
	Report *report.Report
	// More are the further reports of a file that holds several, in their order.
	More []*report.Report

	json      []byte
	converter *Converter
	input     Input
	same      sync.Once
	changed   error
}

// JSON is the report as the program prints it: indented, with a line break at its end. Of a file that holds several
// reports, it is those, one behind the other.
func (r *Result) JSON() ([]byte, error) {
	if r.json != nil {
		return bytes.Clone(r.json), nil
	}
	return encoded(append([]*report.Report{r.Report}, r.More...)...)
}

// First is the JSON of the first report alone, for who keeps one report a file. Where the file holds more, its review names
// them, and it is partial.
func (r *Result) First() ([]byte, error) {
	if len(r.More) == 0 {
		return r.JSON()
	}
	first := *r.Report
	first.Warnings, first.Review = slices.Clone(first.Warnings), slices.Clone(first.Review)
	var others []string
	for _, o := range r.More {
		others = append(others, o.Meta.Title)
	}
	w := report.Warning{Code: diag.OtherReport, Message: "the file holds further reports, which were left out: " + strings.Join(others, ", "), Path: "/report/others"}
	first.Warnings = append(first.Warnings, w)
	first.Review = append(first.Review, report.Review{Path: w.Path, Reason: report.IsMissing, Detail: w.Message})
	if first.Outcome == report.Complete {
		first.Outcome = report.Partial
	}
	return encoded(&first)
}

// Page draws page number, counted from 1, upright however it was scanned, at so many dots an inch; 0 is the
// resolution of the page's own picture. ErrNoPages where the format has none.
func (r *Result) Page(ctx context.Context, number, dpi int) (image.Image, error) {
	if err := r.original(); err != nil {
		return nil, err
	}
	return r.converter.page(ctx, r.input, number, dpi, r.turn(number))
}

// Paper is a kind of paper that an archive files a scan as.
type Paper = paper.Kind

// The papers: a searchable PDF/A of the original images, ALTO and hOCR.
const (
	PaperPDF  = paper.PDF
	PaperALTO = paper.ALTO
	PaperHOCR = paper.HOCR
)

// Paper reads a scan again and sets it as a paper for the archive, with the report's numbers where the sums or a person mended what was
// read. attach puts the report's JSON into a PDF, which is PDF/A-3b then, else 2b. ErrNoScan where no page was read from pixels.
func (r *Result) Paper(ctx context.Context, kind Paper, attach bool) ([]byte, error) {
	if err := r.original(); err != nil {
		return nil, err
	}
	b, err := encoded(r.Report)
	if err != nil {
		return nil, err
	}
	out, err := r.converter.ask(ctx, task{Do: doPaper, Paper: kind, Attach: attach, Report: b}, r.input)
	if err == nil && len(out) == 0 {
		err = ErrNoScan
	}
	return out, err
}

// Crop draws the cell that a value was taken from, by the value's path, upright and with a margin around it, at the
// resolution of the page's picture. ErrNoPlace where the value has no place on a page.
func (r *Result) Crop(ctx context.Context, path string) (image.Image, error) {
	all, err := r.Crops(ctx, path)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Crops draws the cells of several values, which takes little longer than one of a page.
func (r *Result) Crops(ctx context.Context, paths ...string) ([]image.Image, error) {
	t := task{Do: doCrops}
	for _, p := range paths {
		c := r.Report.Cell(p)
		if c == nil || c.Page == nil || c.Box == nil {
			return nil, fmt.Errorf("%s: %w", p, ErrNoPlace)
		}
		b := *c.Box
		t.Places = append(t.Places, place{*c.Page, r.turn(*c.Page), layout.Rect{X0: b[0], Y0: b[1], X1: b[2], Y1: b[3]}})
	}
	if err := r.original(); err != nil {
		return nil, err
	}
	b, err := r.converter.ask(ctx, t, r.input)
	if err != nil {
		return nil, err
	}
	var pictures [][]byte
	if err := json.Unmarshal(b, &pictures); err != nil {
		return nil, fmt.Errorf("the worker's pictures: %w", err)
	}
	out := make([]image.Image, len(pictures))
	for i, p := range pictures {
		if out[i], err = decodePNG(p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// turn is by how much a page must be turned to stand upright.
func (r *Result) turn(number int) int {
	for _, p := range r.Report.Source.Pages {
		if p.Number == number {
			return p.Turn
		}
	}
	return 0
}

// original says whether the input still is what the report was made of.
func (r *Result) original() error {
	r.same.Do(func() {
		if r.json != nil {
			return // it was converted just now
		}
		sum, err := r.input.sum()
		if err == nil && sum != r.Report.Source.SHA256 {
			err = fmt.Errorf("%s: %w", r.input.name, ErrChanged)
		}
		r.changed = err
	})
	return r.changed
}
