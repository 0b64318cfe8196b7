package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	perrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/nianbao/nianbao/layout/diag"
)

// instanceWait is how long a new instance may take; it takes a tenth of a second.
const instanceWait = time.Minute

// file is a PDF file that may have an instance of PDFium.
type file struct {
	engine *Engine
	data   []byte
	closed bool

	once              sync.Once
	mayLayer, mayMask bool // as layers and masks say

	sheets   []*sheet     // by page, nil for all that are more than a stored image
	decoding sync.RWMutex // the data are read by others than PDFium
}

// document is a file open in an instance of PDFium.
type document struct {
	pdfium.Pdfium
	pool pdfium.Pool
	ref  references.FPDF_DOCUMENT
	file *file
	from *counted
	// handles is how many objects of pages the instance was asked for.
	handles int
	// fields of the page that was opened last.
	fields []field
}

// counted counts the bytes that PDFium asks for.
type counted struct {
	*bytes.Reader
	read int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += n
	return n, err
}

// mostRead is how many bytes of a file PDFium may read before the file is closed and opened again.
// PDFium keeps all that it has read for as long as a document is open, so that a large scan would take
// its whole size in memory. With four times as much, a scan of 400 pages took 1.16 times the memory of one of 60.
const mostRead = 4 << 20

// mostHandles is how many objects of pages an instance may be asked for before another one takes its place. It keeps
// some 200 bytes for each as long as it lives: 100 kB for a page of text, which was half of what 1,000 pages took.
const mostHandles = 100_000

// loan is an instance in the hands of a file.
type loan struct {
	document *document
	file     *file
	pool     pdfium.Pool
	busy     bool
	used     int // by the engine's clock
}

// use opens the file, unless it is open, and lets f use it alone.
func (f *file) use(do func(*document) error) error {
	e := f.engine
	l, err := e.lend(f)
	if err != nil {
		return err
	}
	if l.document == nil {
		l.document, err = f.open(l.pool)
	}
	if err == nil {
		err = do(l.document)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	l.busy = false
	if err != nil {
		// PDFium may have stopped in the middle of something: the instance is not used again.
		e.drop(l)
	}
	e.freed.Broadcast()
	return err
}

// lend waits for the file's own instance, a new one, or the one used longest ago.
func (e *Engine) lend(f *file) (*loan, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.freed.L == nil {
		e.freed.L = &e.mu
	}
	for {
		if f.closed {
			return nil, errors.New("the PDF is closed")
		}
		pool, err := e.start()
		if err != nil {
			return nil, err
		}
		var own, idle *loan
		for _, l := range e.lent {
			switch {
			case l.file == f:
				own = l
			case !l.busy && (idle == nil || l.used < idle.used):
				idle = l
			}
		}
		if own == nil && len(e.lent) >= max(e.Parallel, 1) && idle != nil {
			e.drop(idle)
		}
		if own == nil && len(e.lent) < max(e.Parallel, 1) {
			own = &loan{file: f, pool: pool}
			e.lent = append(e.lent, own)
		}
		if own != nil && !own.busy {
			e.clock++
			own.busy, own.used = true, e.clock
			return own, nil
		}
		e.freed.Wait()
	}
}

// drop ends a loan. The engine is locked.
func (e *Engine) drop(l *loan) {
	if l.document != nil {
		_ = l.document.Close() // an instance that is stuck half-way cannot be helped
	}
	e.lent = slices.DeleteFunc(e.lent, func(o *loan) bool { return o == l })
}

// close ends the file's loan, after the use that is under way.
func (f *file) close() error {
	e := f.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	f.closed = true
	for {
		i := slices.IndexFunc(e.lent, func(l *loan) bool { return l.file == f })
		if i < 0 {
			break
		}
		if !e.lent[i].busy {
			e.drop(e.lent[i])
			break
		}
		e.freed.Wait()
	}
	f.decoding.Lock()
	f.data, f.sheets = nil, nil
	f.decoding.Unlock()
	if e.freed.L != nil {
		e.freed.Broadcast()
	}
	return nil
}

// open opens the file in a new instance.
func (f *file) open(pool pdfium.Pool) (*document, error) {
	d := &document{file: f, pool: pool}
	if err := d.start(); err != nil {
		return nil, err
	}
	return d, nil
}

// start opens the file in a new instance.
func (d *document) start() error {
	instance, err := d.pool.GetInstance(instanceWait)
	if err != nil {
		return fmt.Errorf("PDF engine: %w", err)
	}
	d.Pdfium, d.handles = instance, 0
	if err := d.open(); err != nil {
		_ = instance.Close() // why the file was not opened is what matters
		return err
	}
	return nil
}

// open opens the file in the document's instance.
func (d *document) open() error {
	d.from = &counted{Reader: bytes.NewReader(d.file.data)}
	opened, err := d.OpenDocument(&requests.OpenDocument{FileReader: d.from, FileReaderSize: int64(len(d.file.data))})
	d.from.read = 0 // of a damaged file all may have been searched for its parts: opening it again frees nothing
	switch {
	case err == nil:
		d.ref = opened.Document
		return nil
	case errors.Is(err, perrors.ErrPassword):
		return diag.ErrEncrypted
	case errors.Is(err, perrors.ErrSecurity):
		return fmt.Errorf("%w: encrypted in an unknown way", diag.ErrEncrypted)
	}
	return fmt.Errorf("%w: %w", diag.ErrDamaged, err)
}

// refresh has PDFium forget what it has read of the file where that is much, and what it was asked for. No page may
// be open.
func (d *document) refresh() error {
	if d.handles >= mostHandles {
		if err := d.Close(); err != nil {
			return err
		}
		return d.start()
	}
	if d.from.read < mostRead {
		return nil
	}
	if _, err := d.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: d.ref}); err != nil {
		return err
	}
	return d.open()
}
