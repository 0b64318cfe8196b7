package nianbao

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"maps"
	"time"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/worker"
)

// Why an input has no report. Match them with errors.Is; the message of the error says more.
var (
	ErrFormat         = diag.ErrFormat         // of no kind that can be read
	ErrDamaged        = diag.ErrDamaged        // so damaged that nothing of it can be read
	ErrEncrypted      = diag.ErrEncrypted      // needs a password
	ErrEmpty          = diag.ErrEmpty          // no bytes
	ErrTooLarge       = diag.ErrTooLarge       // beyond a limit of size
	ErrMissingProgram = diag.ErrMissingProgram // Tesseract or LibreOffice is needed and not installed
	ErrLimit          = worker.ErrLimit        // a worker crashed, or went beyond its time or memory
	ErrNoPages        = errors.New("the format has no pages that could be drawn")
	ErrNoScan         = errors.New("no page of the document is a scan")
	ErrNoPlace        = errors.New("the value has no place on a page")
	ErrChanged        = errors.New("the original is not the file that was converted")
)

// Options of a Converter. The zero value works.
type Options struct {
	// TablesOnly leaves the prose of scanned pages unread, which saves two thirds of the time.
	TablesOnly bool
	// Spell reads the labels of scanned tables by the general recogniser, too: our own knows the characters of
	// the official forms alone. Forms ask for it; it is for the tables of other documents.
	Spell bool
	// Forms are forms of the user's own, beside the official ones: form.Load reads one.
	Forms []*form.Form
	// Isolate converts in worker processes with limits, as the program does; nil converts in this one,
	// where a file that makes a C library crash takes the program along.
	Isolate *Isolation
	// Logger is told what is doubtful about a document while it is read; nil tells nobody.
	Logger *slog.Logger
	// Progress is told before each page: the input's name, the page, counted from 1, and how many there
	// are. It may be called from several goroutines.
	Progress func(name string, page, of int)
	// Cache is the folder for the compiled PDF engine, Office the LibreOffice program, Tessdata the folder
	// of Tesseract's models. Where one is empty, NIANBAO_CACHE, NIANBAO_SOFFICE and TESSDATA_PREFIX of the
	// environment count, then the usual places.
	Cache, Office, Tessdata string
	// Version goes into every report as the producer's; empty is this module's.
	Version string
}

// Isolation says how worker processes are kept. The program must call WorkerMain first thing in main.
type Isolation struct {
	// Processes is how many documents are converted at a time; 0 is one.
	Processes int
	// Limits of each document, in bytes and wall time.
	Limits Limits
	// Temp is the folder for temporary files; empty is the system's.
	Temp string
}

// Limits bound one document in a worker process. A field that is zero takes its default.
type Limits = worker.Limits

// Converter turns files into reports. It is safe for concurrent use.
type Converter struct {
	options Options
	engine  engine
	forms   []byte // the options', as JSON
}

// engine does what is asked of a document, in this process or in another.
type engine interface {
	do(ctx context.Context, t task, in Input, page func(n, of int)) ([]byte, error)
	close() error
}

// New makes a Converter of what is installed. Close it after use. The error, a form.Faults, says what is
// wrong with a form of the options.
func New(o Options) (*Converter, error) {
	if _, err := form.Official().With(o.Forms...); err != nil {
		return nil, err
	}
	o = o.orEnvironment()
	c := &Converter{options: o}
	if len(o.Forms) > 0 {
		var err error
		if c.forms, err = json.Marshal(o.Forms); err != nil {
			return nil, err
		}
	}
	if o.Isolate != nil {
		c.engine = isolate(o)
		return c, nil
	}
	c.engine = &local{opened: open(o)}
	return c, nil
}

// Close ends the worker processes and frees the PDF engine.
func (c *Converter) Close() error { return c.engine.close() }

// TablesOnly is the converter as Options.TablesOnly makes it, with the same engine: close the first one alone.
func (c *Converter) TablesOnly() *Converter {
	other := *c
	other.options.TablesOnly = true
	return &other
}

// Memory is how many bytes the worker processes and what they started take at this moment; 0 without isolation, and
// where the system does not tell.
func (c *Converter) Memory() int64 {
	if p, ok := c.engine.(*isolated); ok {
		return p.memory()
	}
	return 0
}

// Convert turns a file into its report, or into the reports that it holds. The error says why there is none; what is
// doubtful or missing in a report is in its review and its warnings.
func (c *Converter) Convert(ctx context.Context, in Input) (*Result, error) {
	t := task{Do: doConvert}
	begun := time.Now()
	b, err := c.ask(ctx, t, in)
	if err != nil {
		return nil, err
	}
	all, err := report.DecodeAll(b)
	if err != nil {
		return nil, fmt.Errorf("the worker's report: %w", err)
	}
	r := all[0]
	if l := c.options.Logger; l != nil {
		for _, w := range r.Warnings {
			l.InfoContext(ctx, w.Message, "input", in.name, "code", string(w.Code))
		}
		l.DebugContext(ctx, "converted", "input", in.name, "form", r.Form, "review", len(r.Review), "seconds", time.Since(begun).Seconds())
	}
	return &Result{Report: r, More: all[1:], json: b, converter: c, input: in}, nil
}

// Reopen is the result of an earlier conversion, from its report and the file that it was made of, so
// that its pages and cells can be drawn. Drawing gives ErrChanged where the file is another one now.
func (c *Converter) Reopen(r *report.Report, original Input) *Result {
	return &Result{Report: r, converter: c, input: original}
}

// Layout says what is seen on the pages of any document, before anything is taken for a report's number:
// words, rulings, tables and their cells. Coordinates are in each page's unit, origin top left.
// Its types may change between versions.
func (c *Converter) Layout(ctx context.Context, in Input) (*layout.Document, error) {
	return c.layout(ctx, task{Do: doLayout}, in)
}

// TableOptions say what Tables looks for; the zero value is every table, read.
type TableOptions struct {
	// Structure finds the cells of scans and does not read them, which is quicker.
	Structure bool
	// Pages are those that are read; all others come without words and tables. A table that goes on beyond them ends there.
	Pages layout.Pages
}

// Tables is Layout for documents of every kind. In text layers it also finds tables that are not a report's; a blank cell of
// these may be one whose text was not found. Of scans it reads no more prose than tells whether a table goes on.
func (c *Converter) Tables(ctx context.Context, in Input, o TableOptions) (*layout.Document, error) {
	return c.layout(ctx, task{Do: doLayout, AnyTables: true, Structure: o.Structure, Pages: o.Pages}, in)
}

func (c *Converter) layout(ctx context.Context, t task, in Input) (*layout.Document, error) {
	b, err := c.ask(ctx, t, in)
	if err != nil {
		return nil, err
	}
	var seen sight
	if err := json.Unmarshal(b, &seen); err != nil {
		return nil, fmt.Errorf("the worker's layout: %w", err)
	}
	if l := c.options.Logger; l != nil {
		for _, w := range seen.Warnings {
			l.InfoContext(ctx, w.Message, "input", in.name, "code", string(w.Code), "page", w.Page)
		}
	}
	return &seen.Document, nil
}

// Page draws page number, counted from 1, of any document as a viewer shows it, at so many dots an inch;
// 0 is the resolution of the page's own picture. A page image whose file does not say how large it is
// counts as A4, and no picture is enlarged.
func (c *Converter) Page(ctx context.Context, in Input, number, dpi int) (image.Image, error) {
	return c.page(ctx, in, number, dpi, 0)
}

// page draws a page and turns it by so many degrees.
func (c *Converter) page(ctx context.Context, in Input, number, dpi, turn int) (image.Image, error) {
	b, err := c.ask(ctx, task{Do: doPage, Page: number, DPI: dpi, Turn: turn}, in)
	if err != nil {
		return nil, err
	}
	if len(b) == 0 {
		return nil, fmt.Errorf("%s: %w", in.name, ErrNoPages)
	}
	return decodePNG(b)
}

// Producer is what the reports say of the program: its version, the engines and their models. The error
// matches ErrMissingProgram where scans cannot be read here, and says what to install.
func (c *Converter) Producer(ctx context.Context) (report.Producer, error) {
	d, err := c.describe(ctx)
	if err == nil && d.Missing != "" {
		err = &worker.Failure{Reason: worker.MissingProgram, Message: d.Missing}
	}
	return d.Producer, err
}

// Lock is one way in which worker processes are kept from the rest of the machine: whether it holds here, and what it
// keeps out.
type Lock = worker.Lock

// Locks says how worker processes are locked in; nothing without isolation.
func (c *Converter) Locks(ctx context.Context) ([]Lock, error) {
	d, err := c.describe(ctx)
	return d.Locks, err
}

func (c *Converter) describe(ctx context.Context) (d description, err error) {
	b, err := c.ask(ctx, task{Do: doDescribe}, Input{})
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(b, &d); err != nil {
		return d, fmt.Errorf("the worker's description: %w", err)
	}
	return d, nil
}

// ask has the engine do a task with the settings of the converter.
func (c *Converter) ask(ctx context.Context, t task, in Input) ([]byte, error) {
	if in.err != nil {
		return nil, in.err
	}
	t.TablesOnly, t.Spell, t.Version, t.Forms = c.options.TablesOnly, c.options.Spell, c.options.Version, c.forms
	page := in.page
	if f := c.options.Progress; f != nil {
		page = func(n, of int) {
			f(in.name, n, of)
			if in.page != nil {
				in.page(n, of)
			}
		}
	}
	return c.engine.do(ctx, t, in, page)
}

func producer(version string, engines map[string]string) report.Producer {
	return report.Producer{Name: "nianbao", Version: version, Engines: maps.Clone(engines)}
}
