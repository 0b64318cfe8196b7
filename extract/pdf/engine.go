// Package pdf reads PDF files: words with boxes, ruling lines and scans.
//
// PDFium does the reading, but for plain scans, compiled to WebAssembly, so that a broken file can harm
// nothing outside its sandbox. Every page is routed by itself. A page whose text layer can be trusted gives Words
// and Rulings (RouteText). A page without text, or whose text layer is a hidden OCR layer, is
// unmapped, or says the same character for glyphs of different shape, gives its pixels alone (RouteOCR).
//
// Pages that are one stored image and nothing else, as scanners make them, need no PDFium: package cos reads their objects, and the image
// is decoded here, as JPEG or Group 4, to the same bit (sheet.go). That is done only where a file is sound and says nothing that is not on
// a list, and a file of such pages alone does not start PDFium. Of a JPEG that is damaged without its decoder noticing, the noise may be other noise.
//
// Coordinates are points on the page as a viewer shows it: /Rotate is applied, the crop box is cut
// out, and a page whose text is set sideways is turned upright.
//
// Rules:
//   - a glyph joins a word only when no gap, no change of size and no ruling stands between, so that
//     the digits of two cells never become one number;
//   - text that a viewer does not show (invisible, outside the page, under an image) is no text;
//   - a damaged page is a warning, a document without a readable page is an error.
//
// github.com/ledongthuc/pdf is not used: it puts glyphs in the wrong place for the PDFs of Word,
// ONLYOFFICE and Chromium, knows neither GBK encodings nor form XObjects nor lines, and panics on one
// damaged file in six. A cross-check that is wrong more often than the thing it checks says nothing;
// Page.Source allows a better one, against the pixels.
package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

const (
	// maxPages: the longest annual report seen has 60 pages.
	maxPages = 2000
	// maxBytes is what PDFium is given, which counts them in 32 bits; a 100-page colour scan has about 100 MB.
	maxBytes = 2<<30 - 1
	// memoryPages bounds the sandbox's memory, in WebAssembly pages of 64 KiB: 2 GiB.
	memoryPages = 32768
	// maxAttachments bounds the warnings about files within the file.
	maxAttachments = 50
	// headerWithin is where the PDF header must begin, by the rule of common viewers.
	headerWithin = 1024
)

// Engine holds PDFium. The zero value works; it starts with the first Read. Safe for use by several
// goroutines.
//
// A document needs an instance of PDFium to be read and to decode its scans. Instances are lent: when
// all are in use, the one that was used longest ago goes from its document to the next, and comes back
// when that document is asked for more. So any number of documents may be open.
type Engine struct {
	// CacheDir keeps the compiled PDFium between runs (about 21 MB). When empty, or when it neither
	// holds PDFium for this kind of CPU nor can be written, every start compiles it anew: 6 s and
	// 340 MB.
	CacheDir string
	// Parallel is how many instances there are, of about 50 MB and the file each. 0 is 1.
	Parallel int

	mu    sync.Mutex
	freed sync.Cond // an instance is idle
	pool  pdfium.Pool
	cache wazero.CompilationCache
	lent  []*loan
	clock int
}

// start compiles PDFium, or takes it from the cache. The engine is locked.
func (e *Engine) start() (pdfium.Pool, error) {
	if e.pool != nil {
		return e.pool, nil
	}
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(memoryPages)
	tries := []wazero.CompilationCache{nil}
	if e.CacheDir != "" {
		if cache, err := wazero.NewCompilationCacheWithDir(e.CacheDir); err == nil {
			// What cannot be written to the directory stays in the cache's memory, where the second
			// try finds it. A damaged entry fails both; the last try does without.
			tries = []wazero.CompilationCache{cache, cache, nil}
			e.cache = cache
		}
	}
	var errs []error
	for _, cache := range tries {
		c := config
		if cache != nil {
			c = c.WithCompilationCache(cache)
		}
		pool, err := webassembly.Init(webassembly.Config{
			MaxTotal:      max(e.Parallel, 1),
			MaxIdle:       1,
			RuntimeConfig: c,
			FSConfig:      wazero.NewFSConfig(), // nothing of the machine's disk
			Stdout:        io.Discard,
			Stderr:        io.Discard,
		})
		if err == nil {
			e.pool = pool
			return pool, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("PDF engine: %w", errors.Join(errs...))
}

// Cached says that CacheDir holds what was compiled: wazero keeps that in a folder named after its version, the CPU and
// the system. Where the version is not known, as in builds of tests, any version counts.
func (e *Engine) Cached() bool {
	version := "*"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "github.com/tetratelabs/wazero" {
				version = m.Version
			}
		}
	}
	found, err := filepath.Glob(filepath.Join(e.CacheDir, "wazero-"+version+"-"+runtime.GOARCH+"-"+runtime.GOOS, "*"))
	return err == nil && len(found) > 0
}

// Close frees the engine. Documents that are still open must not be used any more.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var errs []error
	if e.pool != nil {
		errs = append(errs, e.pool.Close())
		e.pool, e.lent = nil, nil
	}
	if e.cache != nil {
		errs = append(errs, e.cache.Close(context.Background()))
		e.cache = nil
	}
	return errors.Join(errs...)
}

// Read reads a PDF file. The document's Close must be called: scans are decoded only when asked for,
// and data are kept until then; do not change them. Errors wrap diag.ErrEmpty, ErrFormat, ErrDamaged,
// ErrEncrypted or ErrTooLarge.
func (e *Engine) Read(data []byte) (*layout.Document, []diag.Warning, error) {
	return e.ReadSome(data, nil)
}

// ReadSome is Read for some pages; the others come without their content.
func (e *Engine) ReadSome(data []byte, want layout.Pages) (*layout.Document, []diag.Warning, error) {
	switch {
	case len(data) == 0:
		return nil, nil, diag.ErrEmpty
	case len(data) > maxBytes:
		return nil, nil, fmt.Errorf("%w: %d MB, the limit is %d MB", diag.ErrTooLarge, len(data)>>20, maxBytes>>20)
	case !bytes.Contains(data[:min(len(data), headerWithin)], []byte("%PDF-")):
		return nil, nil, fmt.Errorf("%w: no PDF header", diag.ErrFormat)
	}
	f := &file{engine: e, data: data}
	if doc := f.scanned(want); doc != nil {
		doc.Close = f.close
		return doc, nil, nil
	}
	return f.read(want)
}

// read reads the wanted pages by PDFium.
func (f *file) read(want layout.Pages) (doc *layout.Document, warnings []diag.Warning, err error) {
	err = f.use(func(d *document) (err error) {
		doc, warnings, err = d.read(want)
		return err
	})
	if err != nil {
		return nil, nil, errors.Join(err, f.close())
	}
	doc.Close = f.close
	return doc, warnings, nil
}

// read reads the wanted pages.
func (d *document) read(want layout.Pages) (*layout.Document, []diag.Warning, error) {
	count, err := d.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.ref})
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("%w: %w", diag.ErrDamaged, err)
	case count.PageCount == 0:
		return nil, nil, fmt.Errorf("%w: no pages", diag.ErrDamaged)
	case count.PageCount > maxPages:
		return nil, nil, fmt.Errorf("%w: %d pages, the limit is %d", diag.ErrTooLarge, count.PageCount, maxPages)
	}
	warnings := d.attachments()
	if ok, err := d.FPDF_DocumentHasValidCrossReferenceTable(&requests.FPDF_DocumentHasValidCrossReferenceTable{Document: d.ref}); err == nil && !ok.DocumentHasValidCrossReferenceTable {
		warnings = append(warnings, diag.Warning{
			Code:    diag.Truncated,
			Message: "the PDF is damaged; its parts were found by searching, and some may be missing",
		})
	}
	doc := &layout.Document{MediaType: "application/pdf"}
	unreadable := 0
	for i := range count.PageCount {
		if !want.Has(i + 1) {
			doc.Pages = append(doc.Pages, layout.Page{Number: i + 1, Unit: layout.Points, Route: layout.RouteText})
			continue
		}
		page, found, err := d.page(i)
		if err != nil {
			unreadable++
			found = []diag.Warning{{Code: diag.PageUnreadable, Message: err.Error()}}
			page = layout.Page{Unit: layout.Points, Route: layout.RouteText}
		}
		page.Number = i + 1
		for _, w := range found {
			w.Page = page.Number
			warnings = append(warnings, w)
		}
		doc.Pages = append(doc.Pages, page)
	}
	if unreadable == count.PageCount {
		return nil, nil, fmt.Errorf("%w: none of its %d pages can be read", diag.ErrDamaged, count.PageCount)
	}
	return doc, warnings, nil
}

// attachments names the files inside the file; a portfolio is a file with little else.
func (d *document) attachments() []diag.Warning {
	count, err := d.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: d.ref})
	if err != nil {
		return nil
	}
	var warnings []diag.Warning
	for i := range min(count.AttachmentCount, maxAttachments) {
		name := fmt.Sprintf("number %d", i+1)
		if a, err := d.FPDFDoc_GetAttachment(&requests.FPDFDoc_GetAttachment{Document: d.ref, Index: i}); err == nil {
			if n, err := d.FPDFAttachment_GetName(&requests.FPDFAttachment_GetName{Attachment: a.Attachment}); err == nil {
				name = n.Name
			}
		}
		warnings = append(warnings, diag.Warning{
			Code:    diag.Attachment,
			Message: fmt.Sprintf("the PDF holds the file %q, which was not read; save it and convert it by itself", name),
		})
	}
	return warnings
}
