package pdf

import (
	"errors"
	"fmt"
	"slices"
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
}

// document is a file open in an instance of PDFium.
type document struct {
	pdfium.Pdfium
	ref  references.FPDF_DOCUMENT
	file *file
}

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
	f.data = nil
	if e.freed.L != nil {
		e.freed.Broadcast()
	}
	return nil
}

// open opens the file in a new instance.
func (f *file) open(pool pdfium.Pool) (*document, error) {
	instance, err := pool.GetInstance(instanceWait)
	if err != nil {
		return nil, fmt.Errorf("PDF engine: %w", err)
	}
	opened, err := instance.OpenDocument(&requests.OpenDocument{File: &f.data})
	if err == nil {
		return &document{instance, opened.Document, f}, nil
	}
	_ = instance.Close() // why the file was not opened is what matters
	switch {
	case errors.Is(err, perrors.ErrPassword):
		return nil, diag.ErrEncrypted
	case errors.Is(err, perrors.ErrSecurity):
		return nil, fmt.Errorf("%w: encrypted in an unknown way", diag.ErrEncrypted)
	}
	return nil, fmt.Errorf("%w: %w", diag.ErrDamaged, err)
}
