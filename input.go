package nianbao

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/nianbao/nianbao/stages"
	"github.com/nianbao/nianbao/worker"
)

// Input is a document to convert: a file, or files that are its pages. What kind of file it is is told
// from its content, never from its name.
type Input struct {
	name  string
	parts []worker.Part
	err   error
	page  func(n, of int)
	times func(Times)
}

// Times are how long the stages of a conversion took, by the names that Stages gives.
type Times = worker.Times

// Stages are the names of the stages, in their order. What is read again for a check is of the check.
func Stages() []string { return slices.Clone(stages.Names) }

// OnTimes is the same document, of which times is told how long each stage took before it is answered, be it by an error;
// not where its worker process was ended.
func (in Input) OnTimes(times func(Times)) Input {
	in.times = times
	return in
}

// OnPage is the same document, of which page is told before each page is read: the page, counted from 1, and how
// many there are. It may be called from several goroutines.
func (in Input) OnPage(page func(n, of int)) Input {
	in.page = page
	return in
}

// Part is one file of an Input. Open is called each time that the content is needed.
type Part = worker.Part

// File is a file on disk, read when it is converted and again for each drawing.
func File(path string) Input {
	name := filepath.Base(path)
	return Input{name: name, parts: []Part{{Name: name, Open: func() (io.ReadCloser, error) { return openFile(path) }}}}
}

// Bytes is a file in memory. name is its base name, which the report repeats.
func Bytes(name string, data []byte) Input {
	return Input{name: name, parts: []Part{{Name: name, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}}}
}

// Reader is a file that is read from r, once, when it is converted, and then kept in memory: at most a
// gigabyte.
func Reader(name string, r io.Reader) Input {
	read := sync.OnceValues(func() ([]byte, error) {
		data, err := io.ReadAll(io.LimitReader(r, largest+1))
		if err == nil && len(data) > largest {
			err = fmt.Errorf("%w: the limit is %d MB", ErrTooLarge, largest>>20)
		}
		return data, err
	})
	return Input{name: name, parts: []Part{{Name: name, Open: func() (io.ReadCloser, error) {
		data, err := read()
		return io.NopCloser(bytes.NewReader(data)), err
	}}}}
}

// Folder is a folder whose files, in the order of their names, are the pages of one document: page
// images or PDFs. Hidden files are left out.
func Folder(path string) Input {
	entries, err := os.ReadDir(path)
	if err != nil {
		return Input{name: filepath.Base(path), err: sayOpen(err)}
	}
	in := Input{name: filepath.Base(path)}
	for _, e := range entries {
		if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
			in.parts = append(in.parts, File(filepath.Join(path, e.Name())).parts...)
		}
	}
	if len(in.parts) == 0 {
		in.err = fmt.Errorf("%w: the folder %s holds no files", ErrEmpty, in.name)
	}
	return in
}

// Pages is a document of several files that are its pages, in this order; of one, the file itself.
func Pages(name string, parts ...Part) Input {
	return Input{name: name, parts: slices.Clone(parts)}
}

// largest is the size of a file, in bytes, up to which it is read into memory.
const largest = 1 << 30

// read takes the whole input into memory.
func (in Input) read() (worker.Document, error) {
	doc := worker.Document{Name: in.name}
	room := int64(largest)
	for _, p := range in.parts {
		r, err := p.Open()
		if err != nil {
			return doc, err
		}
		data, err := io.ReadAll(io.LimitReader(r, room+1))
		err = errors.Join(err, r.Close())
		switch room -= int64(len(data)); {
		case err != nil:
			return doc, sayOpen(err)
		case room < 0:
			return doc, fmt.Errorf("%w: the limit is %d MB", ErrTooLarge, largest>>20)
		}
		doc.Pages = append(doc.Pages, worker.File{Name: p.Name, Data: data})
	}
	return doc, nil
}

// sum is the hash of the input as reports give it.
func (in Input) sum() (string, error) {
	sums := make([][sha256.Size]byte, len(in.parts))
	for i, p := range in.parts {
		r, err := p.Open()
		if err != nil {
			return "", err
		}
		h := sha256.New()
		_, err = io.Copy(h, r)
		if err = errors.Join(err, r.Close()); err != nil {
			return "", sayOpen(err)
		}
		h.Sum(sums[i][:0])
	}
	return worker.Digest(sums), nil
}

func openFile(path string) (io.ReadCloser, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, sayOpen(err)
	case info.IsDir():
		return nil, errors.New("is a directory: nianbao batch converts folders")
	case !info.Mode().IsRegular():
		return nil, errors.New("is not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, sayOpen(err)
	}
	return f, nil
}

// sayOpen says without the path, which whoever prints the error knows, why a file cannot be read.
func sayOpen(err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("no such file%w", silent{fs.ErrNotExist})
	case errors.As(err, &path):
		return fmt.Errorf("cannot be read: %w", path.Err)
	}
	return err
}

// silent matches an error and adds nothing to what is said.
type silent struct{ error }

func (silent) Error() string   { return "" }
func (s silent) Unwrap() error { return s.error }
