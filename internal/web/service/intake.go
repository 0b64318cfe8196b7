package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/nianbao/nianbao"
)

// request is the HTTP request of an operation, for those whose bodies are too large to be read by huma.
type request struct {
	r *http.Request
	w http.ResponseWriter
}

// Resolve takes the request.
func (q *request) Resolve(ctx huma.Context) []error {
	q.r, q.w = humago.Unwrap(ctx)
	return nil
}

// sender gives whoever reads an answer a time: a write that does not end in it ends the connection.
type sender struct{ http.ResponseWriter }

// sendTime is how long one write may wait for a client that does not read.
const sendTime = 30 * time.Second

func (s *sender) Write(p []byte) (int, error) {
	// Not all that is written to is a connection: tests have recorders.
	_ = http.NewResponseController(s.ResponseWriter).SetWriteDeadline(time.Now().Add(sendTime))
	return s.ResponseWriter.Write(p)
}

// Unwrap gives it to http.ResponseController.
func (s *sender) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// paced reads a body that must come at a pace.
type paced struct {
	io.Reader
	control *http.ResponseController
	begun   time.Time
	grace   time.Duration
	pace    int64
	got     int64
}

func (p *paced) Read(b []byte) (int, error) {
	until := p.begun.Add(p.grace + time.Duration(p.got)*time.Second/time.Duration(p.pace))
	_ = p.control.SetReadDeadline(until) // recorders of tests have none
	n, err := p.Reader.Read(b)
	p.got += int64(n)
	if err == io.EOF { // of a body that did not end, the server reads the rest away, and not for long
		// After its end the connection is read on, to learn whether the client is gone, for as long as the answer takes.
		_ = p.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// body is a request's body within its limits. What is declared too large is not read at all.
func (s *Service) body(q request, most int64) (io.Reader, error) {
	if q.r.ContentLength > most {
		// The rest of the body would only be read to be thrown away.
		q.w.Header().Set("Connection", "close")
		return nil, &http.MaxBytesError{Limit: most}
	}
	limited := http.MaxBytesReader(q.w, q.r.Body, most)
	return &paced{Reader: limited, control: http.NewResponseController(q.w), begun: time.Now(), grace: s.Limits.Grace, pace: s.Limits.Pace}, nil
}

// json reads a body that is JSON.
func (s *Service) json(q request) ([]byte, error) {
	if t, _, _ := mime.ParseMediaType(q.r.Header.Get("Content-Type")); t != "application/json" {
		return nil, problem(http.StatusUnsupportedMediaType, "wrong", "the body must be JSON: send it with Content-Type: application/json")
	}
	r, err := s.body(q, s.Limits.Report)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// document is what a request brought: files in a folder of its own.
type document struct {
	name  string
	dir   string
	files []string // their names; the files are called 0, 1, 2 …
	size  int64
}

// input is the document for the converter.
func (d *document) input() nianbao.Input {
	var parts []nianbao.Part
	for i, name := range d.files {
		parts = append(parts, nianbao.Part{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(d.file(i)) }})
	}
	return nianbao.Pages(d.name, parts...)
}

func (d *document) file(i int) string { return filepath.Join(d.dir, strconv.Itoa(i)) }

func (d *document) remove() error { return os.RemoveAll(d.dir) }

// mostFiles is how many files a document may have: one a page.
const mostFiles = 2000

// take reads the document of a request into a folder.
func (s *Service) take(q request, name string) (d *document, err error) {
	body, err := s.body(q, s.Limits.Body)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(s.taken(), "")
	if err != nil {
		return nil, err
	}
	d = &document{dir: dir}
	begun := time.Now()
	defer func() { s.metrics.took(stageReceive, begun) }()
	defer func() {
		if err != nil {
			err = errors.Join(err, d.remove())
		}
	}()
	kind, _, err := mime.ParseMediaType(q.r.Header.Get("Content-Type"))
	if err != nil {
		kind = "" // it is the document's own, and its content says what it is
	}
	if kind != "multipart/form-data" {
		if name == "" {
			name = fileOf(q.r.Header.Get("Content-Disposition"))
		}
		d.name = plainName(name)
		return d, d.add(d.name, body)
	}
	q.r.Body = io.NopCloser(body)
	parts, err := q.r.MultipartReader()
	if err != nil {
		return d, wrong("the multipart body cannot be read: %v", err)
	}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return d, unread(err)
		}
		if p.FileName() == "" {
			return d, wrong("the part %q of the form is no file: settings go into the address", p.FormName())
		}
		if len(d.files) == mostFiles {
			return d, problem(http.StatusRequestEntityTooLarge, "too_large", fmt.Sprintf("a document may have %d files", mostFiles))
		}
		if err := d.add(plainName(p.FileName()), p); err != nil {
			return d, unread(err)
		}
	}
	if _, err := io.Copy(io.Discard, body); err != nil { // what may stand behind the form
		return d, unread(err)
	}
	if len(d.files) == 0 {
		return d, wrong("the form has no file: send it as a part with a file name")
	}
	if d.name = d.files[0]; name != "" {
		d.name = plainName(name)
	}
	return d, nil
}

// unread keeps what is known of a body that cannot be read; all else is the form's fault.
func unread(err error) error {
	var large *http.MaxBytesError
	var p *os.PathError
	if errors.As(err, &large) || errors.As(err, &p) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.Canceled) {
		return err
	}
	return wrong("the multipart body cannot be read: %v", err)
}

// add writes one file.
func (d *document) add(name string, r io.Reader) error {
	f, err := os.OpenFile(d.file(len(d.files)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, r)
	d.files = append(d.files, name)
	d.size += n
	return errors.Join(err, f.Close())
}

// fileOf is the file name of a Content-Disposition.
func fileOf(header string) string {
	_, parameters, err := mime.ParseMediaType(header)
	if err != nil {
		return ""
	}
	return parameters["filename"]
}

// longestName of a file, in bytes, as file systems have it.
const longestName = 255

// plainName is a name without a path and without what a terminal would act upon.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "�"), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf) {
			return -1
		}
		return r
	}, name)
	if name = strings.TrimSpace(name); name == "" || name == "." || name == ".." || name == "/" {
		return "document"
	}
	for len(name) > longestName {
		r := []rune(name)
		name = string(r[1:]) // the end has the extension
	}
	return name
}

// bounded has a document of too many pages given up as soon as that is known.
func (s *Service) bounded(ctx context.Context, page func(n, of int)) (context.Context, context.CancelFunc, func(n, of int)) {
	ctx, give := context.WithCancelCause(ctx)
	return ctx, func() { give(nil) }, func(n, of int) {
		if of > s.Limits.Pages {
			give(problem(http.StatusRequestEntityTooLarge, "too_many_pages", fmt.Sprintf("the document has %d pages, the limit is %d: split it, or have the limit of the service raised (--max-pages)", of, s.Limits.Pages)))
			return
		}
		if page != nil {
			page(n, of)
		}
	}
}
