package main

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/worker"
)

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
	in := e.input(file, int64(o.input))
	doc, err := c.Layout(ctx, in)
	if err != nil {
		return err
	}
	return use(c, in, doc)
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
	res, err := s.converter.Convert(ctx, nianbao.Pages(job.Name, job.Parts...))
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
