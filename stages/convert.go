// Package stages holds the order of the stages: extract → tables (for scans: ocr) → normalize → check.
// The stages know nothing of one another. It is a room of its own below the library so that the tools
// that measure the readers can stop in the middle, for which the library has no door.
package stages

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

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
	// Spell reads all labels by the general recogniser, too: the network for labels knows the characters of the
	// official forms alone. Forms of the user's own ask for it.
	Spell bool
	// AnyTables finds tables of every kind in text layers; without it only tables that may be a report's are found, and
	// with more certainty.
	AnyTables bool
	// Structure finds the cells of scanned pages and leaves them unread.
	Structure bool
	// Pages are those that are read.
	Pages layout.Pages
	// Forms are the forms that tables are looked for; the zero Set is the official ones.
	Forms form.Set
	// Producer goes into every report.
	Producer report.Producer
	// labels are what the forms print, once they were asked for.
	labels     *ocr.Vocabulary
	labelsOnce sync.Once
	// Page, when set, is told before each page is read: its number and how many there are.
	Page func(number, of int)
	// Took, when set, is told how long a piece of work of a stage took: one of Names.
	Took func(stage string, d time.Duration)
}

// Names are the names of the stages, in their order. The time of reading a cell again for the check counts as the check's.
var Names = []string{stageExtract, stageOCR, stageTables, stageNormalize, stageCheck}

const (
	stageExtract   = "extract"
	stageOCR       = "ocr"
	stageTables    = "tables"
	stageNormalize = "normalize"
	stageCheck     = "check"
)

// during begins a piece of work of a stage, and gives what ends it.
func (c *Converter) during(stage string) (end func()) {
	if c.Took == nil {
		return func() {}
	}
	begun := time.Now()
	return func() { c.Took(stage, time.Since(begun)) }
}

// Convert turns one file into the reports that it holds, in their order: mostly one. name is its base name. The error is
// non-nil when the file cannot be read; everything less is in a report's warnings and review, and its Outcome says whether
// the document is a report at all.
func (c *Converter) Convert(ctx context.Context, name string, data []byte) (_ []*report.Report, err error) {
	d, err := c.Draft(ctx, name, data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	defer c.during(stageCheck)()
	var out []*report.Report
	for more := true; more; more = d.Next() {
		warnings, err := check.Run(ctx, d.Report, c.Forms, d)
		if err != nil {
			return nil, err
		}
		d.Report.Warnings = append(d.Report.Warnings, reportWarnings(warnings)...)
		out = append(out, d.Report)
	}
	return out, nil
}

// Draft reads a file up to what the fields of its first report say, which nothing has proven yet. The caller must close it.
func (c *Converter) Draft(ctx context.Context, name string, data []byte) (_ *Draft, err error) {
	d := &Draft{recognizer: c.Recognizer}
	doc, warnings, err := c.read(ctx, name, data, &d.prints)
	if err != nil {
		return nil, errors.Join(err, d.prints.Close())
	}
	d.doc = doc
	defer c.during(stageNormalize)()
	parts := normalize.Split(doc)
	for i, part := range parts {
		r, cells, w := normalize.Report(part, c.Forms)
		if len(parts) > 1 {
			r.Source.Part, r.Source.Parts = i+1, len(parts)
		}
		r.Producer = c.Producer
		r.Warnings = append(r.Warnings, reportWarnings(append(warnings, w...))...)
		d.parts = append(d.parts, drafted{r, cells})
	}
	d.Next()
	return d, nil
}

// Document reads a file and finds the blocks of all its pages: text, tables, cells. Where the
// document has a Close, the caller must call it.
func (c *Converter) Document(ctx context.Context, name string, data []byte) (*layout.Document, []diag.Warning, error) {
	return c.read(ctx, name, data, nil)
}

// read does what Document says, and keeps the pixels of cells in prints unless that is nil.
func (c *Converter) read(ctx context.Context, name string, data []byte, prints *ocr.Prints) (*layout.Document, []diag.Warning, error) {
	end := c.during(stageExtract)
	doc, warnings, err := c.Open(ctx, name, data)
	end()
	if err != nil {
		return nil, nil, err
	}
	w, err := c.readPages(ctx, doc, prints)
	if err != nil {
		if doc.Close != nil {
			err = errors.Join(err, doc.Close())
		}
		return nil, nil, err
	}
	return doc, append(warnings, w...), nil
}

func reportWarnings(ws []diag.Warning) []report.Warning {
	out := make([]report.Warning, 0, len(ws))
	for _, w := range ws {
		x := report.Warning{Code: w.Code, Message: w.Message, Path: w.Path}
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

// vocabulary is what the labels of the forms say.
func (c *Converter) vocabulary() *ocr.Vocabulary {
	c.labelsOnce.Do(func() {
		var all [][]string
		for _, f := range c.Forms.All() {
			if f.Local && !slices.Contains(c.Forms.Own(), f) {
				continue // what is printed under a local form's heads is mostly another place's form
			}
			for i := range f.Tables {
				t := &f.Tables[i]
				all = append(all, []string{t.Band}, []string{t.Corner})
				for _, r := range t.Rows {
					all = append(all, append([]string{r.Label}, r.Aliases...))
					for _, g := range r.Groups {
						all = append(all, []string{g})
					}
				}
				for _, x := range t.Columns {
					all = append(all, append([]string{x.Label}, x.Aliases...))
					for _, g := range x.Groups {
						all = append(all, []string{g})
					}
				}
			}
		}
		c.labels = ocr.NewVocabulary(all)
	})
	return c.labels
}
