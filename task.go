package nianbao

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/ocr/tesseract"
	"github.com/nianbao/nianbao/paper"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/stages"
	"github.com/nianbao/nianbao/worker"
)

// What a task does with a document, and what its result is.
const (
	doConvert  = "convert"  // the report's JSON, indented
	doLayout   = "layout"   // a sight
	doPage     = "page"     // a PNG of one page; nothing where the format has no pages to draw
	doCrops    = "crops"    // a list of PNGs, one for each place
	doPaper    = "paper"    // a paper for the archive; nothing where no page is a scan
	doDescribe = "describe" // the producer; there is no document
)

// task is what is asked of an engine. It goes to worker processes as JSON.
type task struct {
	Do         string
	TablesOnly bool            `json:",omitempty"`
	Spell      bool            `json:",omitempty"`
	AnyTables  bool            `json:",omitempty"`
	Structure  bool            `json:",omitempty"`
	Pages      layout.Pages    `json:",omitempty"` // that are read
	Version    string          `json:",omitempty"`
	Forms      json.RawMessage `json:",omitempty"` // a list of the user's own
	Page, DPI  int             `json:",omitempty"`
	Turn       int             `json:",omitempty"` // of Page
	Places     []place         `json:",omitempty"`
	Paper      paper.Kind      `json:",omitempty"`
	Attach     bool            `json:",omitempty"` // the report, to the paper
	Report     json.RawMessage `json:",omitempty"` // what the paper says of numbers
}

// place is a box on a page, in the page's unit, origin top left.
type place struct {
	Page, Turn int
	Box        layout.Rect
}

// description is what an engine says of itself.
type description struct {
	Producer report.Producer
	Missing  string // why scans cannot be read; empty where they can
	Locks    []worker.Lock
}

// sight is a document's layout with the warnings of reading it.
type sight struct {
	Document layout.Document
	Warnings []diag.Warning
}

// tools are what is installed, opened for use.
type tools struct {
	opener     extract.Opener
	recognizer ocr.Recognizer // nil where there is none, and then missing says why
	missing    error
	engines    map[string]string
	locks      []worker.Lock // of this process, where it is a worker
	rooms      worker.Rooms  // what it needs of the machine

	mu    sync.Mutex
	last  []byte // the forms of the last task, as they came and as they are used
	forms form.Set
}

// The variables of the environment that stand in for empty options.
const (
	cacheVariable    = "NIANBAO_CACHE"
	officeVariable   = "NIANBAO_SOFFICE"
	tessdataVariable = "TESSDATA_PREFIX"
)

// orEnvironment fills empty options from the environment.
func (o Options) orEnvironment() Options {
	for v, name := range map[*string]string{&o.Cache: cacheVariable, &o.Office: officeVariable, &o.Tessdata: tessdataVariable} {
		if *v == "" {
			*v = os.Getenv(name)
		}
	}
	if o.Cache == "" {
		if base, err := os.UserCacheDir(); err == nil {
			o.Cache = filepath.Join(base, "nianbao")
		}
	}
	if o.Version == "" {
		o.Version = moduleVersion()
	}
	return o
}

// modulePath is how programs that embed this package know it.
const modulePath = "github.com/nianbao/nianbao"

func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == modulePath && m.Version != "" && m.Version != "(devel)" {
			return m.Version
		}
	}
	return "devel"
}

// open finds what is installed.
func open(o Options) *tools {
	t := &tools{}
	t.opener.PDF.CacheDir = o.Cache
	t.opener.Office.Program = o.Office
	if engine, err := tesseract.Open(o.Tessdata); err != nil {
		t.missing = err
	} else {
		t.recognizer, t.engines = engine, engine.Versions()
		t.rooms.Read = append(t.rooms.Read, engine.Data())
		if p := engine.Program(); p != "" {
			t.rooms.Run = append(t.rooms.Run, p)
		}
	}
	read, run := t.opener.Office.Needs()
	t.rooms.Read, t.rooms.Run = append(t.rooms.Read, read...), append(t.rooms.Run, run...)
	// What runs as machine code must not be written by who read a stranger's file: only the first workers may fill the
	// cache.
	if o.Cache != "" && t.opener.PDF.Cached() {
		t.rooms.Read = append(t.rooms.Read, o.Cache)
	} else if o.Cache != "" {
		t.rooms.Write = append(t.rooms.Write, o.Cache)
	}
	return t
}

// close frees the engines.
func (t *tools) close() error {
	t.opener.PDF.Close()
	if c, ok := t.recognizer.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// run does a task.
func (t *tools) run(ctx context.Context, k task, doc worker.Document, page func(n, of int)) ([]byte, error) {
	switch k.Do {
	case doConvert:
		return t.convert(ctx, k, doc, page)
	case doLayout:
		return t.layout(ctx, k, doc, page)
	case doPage:
		return t.page(ctx, k, doc)
	case doCrops:
		return t.crops(ctx, k, doc)
	case doPaper:
		return t.paper(ctx, k, doc, page)
	case doDescribe:
		return t.describe(k)
	}
	return nil, fmt.Errorf("the task %q is unknown: parent and worker are not of the same build", k.Do)
}

func (t *tools) describe(k task) ([]byte, error) {
	d := description{Producer: producer(k.Version, t.engines), Locks: t.locks}
	if t.missing != nil {
		d.Missing = t.missing.Error()
	}
	return json.Marshal(d)
}

// formsOf are the official forms and those of a task, which are mostly those of the task before.
func (t *tools) formsOf(k task) (form.Set, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if bytes.Equal(k.Forms, t.last) {
		return t.forms, nil
	}
	var own []*form.Form
	if len(k.Forms) > 0 {
		if err := json.Unmarshal(k.Forms, &own); err != nil {
			return form.Set{}, fmt.Errorf("the parent's forms: %w", err)
		}
	}
	set, err := form.Official().With(own...)
	if err != nil {
		return form.Set{}, fmt.Errorf("the parent's forms: %w", err)
	}
	t.last, t.forms = k.Forms, set
	return set, nil
}

// stages are the stages in their order, for a document.
func (t *tools) stages(k task, doc worker.Document, page func(n, of int)) *stages.Converter {
	return &stages.Converter{
		Open: func(ctx context.Context, _ string, _ []byte) (*layout.Document, []diag.Warning, error) {
			return t.document(ctx, doc, k.Pages)
		},
		Pages:      k.Pages,
		Recognizer: t.recognizer,
		Missing:    t.missing,
		TablesOnly: k.TablesOnly,
		Spell:      k.Spell,
		AnyTables:  k.AnyTables,
		Structure:  k.Structure,
		Producer:   producer(k.Version, t.engines),
		Page:       page,
		Took:       func(stage string, d time.Duration) { doc.Times[stage] += d },
	}
}

// document opens a file, or files that are the pages of one document. Of a PDF no pages but the wanted ones are read.
func (t *tools) document(ctx context.Context, doc worker.Document, want layout.Pages) (*layout.Document, []diag.Warning, error) {
	if len(doc.Pages) == 1 {
		return t.opener.OpenSome(ctx, doc.Name, doc.Pages[0].Data, want)
	}
	var files []extract.File
	for _, p := range doc.Pages {
		files = append(files, extract.File{Name: p.Name, Data: p.Data})
	}
	return t.opener.OpenPages(ctx, doc.Name, files)
}

func (t *tools) convert(ctx context.Context, k task, doc worker.Document, page func(n, of int)) ([]byte, error) {
	c := t.stages(k, doc, page)
	var err error
	if c.Forms, err = t.formsOf(k); err != nil {
		return nil, err
	}
	all, err := c.Convert(ctx, doc.Name, nil)
	if err != nil {
		return nil, err
	}
	return encoded(all...)
}

// encoded is the JSON of reports, one behind the other.
func encoded(all ...*report.Report) ([]byte, error) {
	var b bytes.Buffer
	for _, r := range all {
		if err := report.Encode(&b, r, true); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

func (t *tools) layout(ctx context.Context, k task, doc worker.Document, page func(n, of int)) (out []byte, err error) {
	d, warnings, err := t.stages(k, doc, page).Document(ctx, doc.Name, nil)
	if err != nil {
		return nil, err
	}
	defer closeDocument(d, &err)
	return json.Marshal(sight{*d, warnings})
}

func (t *tools) paper(ctx context.Context, k task, doc worker.Document, page func(n, of int)) (out []byte, err error) {
	r, err := report.Decode(k.Report)
	if err != nil {
		return nil, err
	}
	d, _, err := t.stages(k, doc, page).Document(ctx, doc.Name, nil)
	if err != nil {
		return nil, err
	}
	defer closeDocument(d, &err)
	if !paper.Scanned(d) {
		return nil, nil
	}
	of := paper.Document{Layout: d, Report: r}
	if k.Attach {
		of.Attach = k.Report
	}
	for _, p := range doc.Pages {
		of.Files = append(of.Files, p.Data)
	}
	var b bytes.Buffer
	if err := paper.Write(&b, k.Paper, of); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (t *tools) page(ctx context.Context, k task, doc worker.Document) (out []byte, err error) {
	d, _, err := t.document(ctx, doc, nil)
	if err != nil {
		return nil, err
	}
	defer closeDocument(d, &err)
	p, err := pageOf(d, k.Page)
	var img image.Image
	if err == nil {
		img, err = drawPage(p, k.DPI)
	}
	if errors.Is(err, ErrNoPages) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("page %d: %w", k.Page, err)
	}
	return encodePNG(turned(img, k.Turn))
}

// crops draws every place, each page once.
func (t *tools) crops(ctx context.Context, k task, doc worker.Document) (out []byte, err error) {
	d, _, err := t.document(ctx, doc, nil)
	if err != nil {
		return nil, err
	}
	defer closeDocument(d, &err)
	pictures := make([][]byte, len(k.Places))
	at := map[int][]int{}
	for i, x := range k.Places {
		at[x.Page] = append(at[x.Page], i)
	}
	for number, places := range at {
		p, err := pageOf(d, number)
		if err != nil {
			return nil, err
		}
		img, err := drawPage(p, 0)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", number, err)
		}
		for _, i := range places {
			if pictures[i], err = encodePNG(turned(crop(img, p, k.Places[i].Box), k.Places[i].Turn)); err != nil {
				return nil, err
			}
		}
	}
	return json.Marshal(pictures)
}

func closeDocument(d *layout.Document, err *error) {
	if d.Close != nil {
		if e := d.Close(); *err == nil {
			*err = e
		}
	}
}

func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
	return b.Bytes(), err
}

func decodePNG(b []byte) (image.Image, error) {
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("the worker's picture: %w", err)
	}
	return img, nil
}
