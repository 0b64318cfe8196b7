package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/worker"
)

// source is one document that a command is given.
type source struct {
	name   string // as messages have it
	output string // what it is called, where it gives a file
	ending string // of output, where it has one
	input  nianbao.Input
	err    error // why it is not read
}

// sources are the documents that a path stands for: a file, the page images of a folder, the members of a ZIP.
func (e *env) sources(path string, most int64) (all []source, done func(), err error) {
	if path == "-" {
		return []source{{name: path, output: "stdin", input: e.input(path, most)}}, func() {}, nil
	}
	docs, refused, done, err := batch.Documents(path)
	if errors.Is(err, batch.ErrSeveral) {
		return nil, nil, err
	}
	if err != nil && withinFile(path) {
		return nil, nil, errors.New("there is no such file in the archive")
	}
	// A file, and what is none, is left to the library, which says what is wrong with it.
	if err != nil || len(docs) == 1 && len(refused) == 0 && len(docs[0].Parts) == 1 && !docs[0].Inside() {
		if done != nil {
			done()
		}
		return []source{{name: path, output: filepath.Base(path), ending: filepath.Ext(path), input: nianbao.File(path)}}, func() {}, nil
	}
	for _, d := range docs {
		job := d.Job()
		s := source{name: path, output: job.Name, input: nianbao.Pages(job.Name, job.Parts...)}
		if len(d.Parts) == 1 {
			s.ending = filepath.Ext(job.Name)
		}
		if d.Inside() {
			if s.name = path; !strings.HasSuffix(filepath.ToSlash(filepath.Clean(path)), d.Rel) { // the archive was named, not what is in it
				s.name = filepath.Join(filepath.Dir(path), filepath.FromSlash(d.Rel))
			}
			s.output = strings.ReplaceAll(d.Rel, "/", "_")
		}
		all = append(all, s)
	}
	for _, r := range refused {
		all = append(all, source{name: filepath.Join(filepath.Dir(path), filepath.FromSlash(r.Rel)), err: &worker.Failure{Reason: r.Reason, Message: r.Message}})
	}
	return all, done, nil
}

// withinFile says that a path leads on from a file.
func withinFile(path string) bool {
	for at := filepath.Dir(path); ; at = filepath.Dir(at) {
		if info, err := os.Stat(at); err == nil {
			return info.Mode().IsRegular()
		}
		if at == filepath.Dir(at) {
			return false
		}
	}
}

// input is a file, or standard input for "-", of which at most so many bytes and one are kept.
func (e *env) input(path string, most int64) nianbao.Input {
	if path != "-" {
		return nianbao.File(path)
	}
	read := sync.OnceValues(func() ([]byte, error) { return io.ReadAll(io.LimitReader(e.stdin, most+1)) })
	return nianbao.Pages("stdin", nianbao.Part{Name: "stdin", Open: func() (io.ReadCloser, error) {
		data, err := read()
		return io.NopCloser(bytes.NewReader(data)), err
	}})
}

// converter makes a converter that works in a child process with limits.
func (o *limitOptions) converter(with nianbao.Options, temp string) (*nianbao.Converter, error) {
	with.Version = programVersion()
	with.Isolate = &nianbao.Isolation{Limits: o.limits(), Temp: temp}
	return nianbao.New(with)
}

// see has the pages of any document read in a child process, and hands them to use, with a way to draw
// them; warnings are logged.
func (e *env) see(ctx context.Context, with nianbao.Options, o *limitOptions, file string, use func(*nianbao.Converter, nianbao.Input, *layout.Document) error) (err error) {
	c, err := o.converter(with, "")
	if err != nil {
		return err
	}
	defer c.Close()
	in, done, err := e.one(file, int64(o.input))
	if err != nil {
		return err
	}
	defer done()
	doc, err := c.Layout(ctx, in)
	if err != nil {
		return err
	}
	return use(c, in, doc)
}

// one is the document of a command that takes one.
func (e *env) one(file string, most int64) (in nianbao.Input, done func(), err error) {
	all, done, err := e.sources(file, most)
	switch {
	case err != nil:
		return in, nil, err
	case len(all) != 1:
		err = fmt.Errorf("holds %d documents: name one, such as %s", len(all), all[0].name)
	default:
		in, err = all[0].input, all[0].err
	}
	if err != nil {
		done()
	}
	return in, done, err
}

// slot converts for a batch, one document after the other.
type slot struct {
	converter *nianbao.Converter
	err       error // why there is no converter
	page      func(n, of int)
}

// newSlot makes a converter of a batch; temp is the folder for its temporary files.
func (o *batchOptions) newSlot(temp string) batch.Converter {
	s := &slot{}
	s.converter, s.err = o.converter(nianbao.Options{
		TablesOnly: o.tablesOnly,
		Forms:      o.own,
		Progress:   func(_ string, n, of int) { s.page(n, of) },
	}, temp)
	return s
}

// Do converts a document of the batch.
func (s *slot) Do(ctx context.Context, job worker.Job, page func(n, of int)) ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	s.page = page
	res, err := s.converter.Convert(ctx, nianbao.Pages(job.Name, job.Parts...).OnTimes(job.Times))
	if err != nil {
		return nil, err
	}
	return res.First()
}

var _ io.Closer = (*slot)(nil)

// Close ends the child process.
func (s *slot) Close() error {
	if s.converter == nil {
		return nil
	}
	return s.converter.Close()
}
