package worker

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"sync"
)

// Document is a job as the child has it.
type Document struct {
	Name  string
	Task  []byte
	Pages []File // one for a file, more for the files of the pages
	Times Times  // for the handler to add to

	mapped []mapping // of the pages, for as long as the job is done
}

// File is a file's content.
type File struct {
	Name string
	Data []byte
}

// Handler turns a document into a result. page tells the parent which page of how many is next, which
// gives the document its time; it may be called from several goroutines.
type Handler func(ctx context.Context, doc Document, page func(n, of int)) ([]byte, error)

// Serve is the child's side: it runs jobs from in until that ends. A panic of the handler is not
// caught: it ends the child, and the parent reports it.
func Serve(ctx context.Context, in io.Reader, out io.Writer, handle Handler) error {
	w := &locked{w: out}
	if err := w.frame(frameReady, nil); err != nil {
		return err
	}
	for served := false; ; served = true {
		doc, err := receive(in, served)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errAborted):
			if err := w.frame(frameAborted, nil); err != nil {
				return err
			}
			continue
		case errors.As(err, new(*Failure)):
			if err := w.fail(FailureOf(err)); err != nil {
				return err
			}
			continue
		case err != nil:
			return fmt.Errorf("the parent's job: %w", err)
		}
		stop := giveBack(doc.mapped)
		result, err := handle(ctx, doc, func(n, of int) {
			var b [8]byte
			binary.BigEndian.PutUint32(b[:], uint32(n))
			binary.BigEndian.PutUint32(b[4:], uint32(of))
			// When the parent is gone the next read says so.
			_ = w.frame(framePage, b[:])
		})
		stop()
		terr := w.times(doc.Times)
		if err != nil {
			err = w.fail(FailureOf(err))
		} else {
			err = w.frame(frameResult, result)
		}
		err = errors.Join(err, terr)
		if err = errors.Join(err, doc.unmap()); err != nil {
			return err
		}
	}
}

var errAborted = errors.New("aborted")

// receive reads one job; io.EOF when there is none. served says that there was one before. A *Failure is of a
// job that was read to its end and cannot be done.
func receive(in io.Reader, served bool) (doc Document, err error) {
	const most = 1 << 30 // of one frame; the parent bounds the whole
	f, err := readFrame(in, most)
	if err != nil {
		return Document{}, err
	}
	if served {
		// The pages of a scan are large and few: what they left goes back before the next come.
		debug.FreeOSMemory()
	}
	var head jobHead
	if f.kind != frameJob {
		return Document{}, fmt.Errorf("frame %q where a job was expected", f.kind)
	}
	if err := json.Unmarshal(f.data, &head); err != nil {
		return Document{}, err
	}
	doc = Document{Name: head.Name, Task: head.Task, Times: Times{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, doc.unmap())
			doc = Document{}
		}
	}()
	var failed error
	for _, name := range head.Parts {
		data, m, err := receivePart(in, most)
		switch {
		case errors.As(err, new(*Failure)):
			failed = err // the parent says all before it listens
		case err != nil:
			return doc, err
		}
		if m != nil {
			doc.mapped = append(doc.mapped, m)
		}
		doc.Pages = append(doc.Pages, File{name, data})
	}
	return doc, failed
}

// receivePart reads one file of a job.
func receivePart(in io.Reader, most int64) ([]byte, mapping, error) {
	var c content
	defer c.close()
	var failed error
	for {
		f, err := readFrame(in, most)
		if err != nil {
			return nil, nil, noEOF(err)
		}
		switch f.kind {
		case frameData:
			if failed == nil {
				_, failed = c.Write(f.data)
			}
		case framePartEnd:
			if failed != nil {
				return nil, nil, failed
			}
			return c.bytes()
		case frameAbort:
			return nil, nil, errAborted
		default:
			return nil, nil, fmt.Errorf("frame %q within a document", f.kind)
		}
	}
}

// unmap ends the use of the pages.
func (d *Document) unmap() error {
	var errs []error
	for _, m := range d.mapped {
		errs = append(errs, m.unmap())
	}
	return errors.Join(errs...)
}

// noEOF makes io.ErrUnexpectedEOF of an io.EOF: the input may end between jobs, but not within one.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) frame(kind byte, data []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return writeFrame(l.w, kind, data)
}

func (l *locked) times(t Times) error {
	if len(t) == 0 {
		return nil
	}
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return l.frame(frameTimes, b)
}

func (l *locked) fail(f *Failure) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return l.frame(frameFailure, b)
}

// ballast is allocated and never touched, so that it takes no real memory but makes the heap look
// large to the garbage collector. With a small heap the collector would run every few hundredths of a
// second, which costs a tenth of the time for a page.
var ballast []byte //nolint:unused // it is there to be held, not to be read

// light is the size of the heap, in bytes, below which collecting garbage is not worth its time.
const light = 64 << 20

// spare sets the garbage collector for a child. Most of its garbage is pictures, which are cheap to
// collect and large to keep. What prepare leaves in the heap is collected once; until then the
// collector does not run.
func spare(memory int64, prepare func()) {
	const percent = 20
	debug.SetGCPercent(-1)
	ballast = make([]byte, light)
	prepare()
	runtime.GC()
	debug.SetGCPercent(percent)
	debug.SetMemoryLimit(memory/4*3 + light)
}

// Digest is the hash, in hex, of a document whose parts have these hashes: the only one, or that of
// all of them, each in hex on a line of its own.
func Digest(parts [][sha256.Size]byte) string {
	if len(parts) == 1 {
		return hex.EncodeToString(parts[0][:])
	}
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%x\n", p)
	}
	return hex.EncodeToString(h.Sum(nil))
}
