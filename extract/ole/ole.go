// Package ole opens compound files ([MS-CFB]), the container of .doc, .xls, Kingsoft .wps and of
// encrypted Office documents, and gives their streams whole.
package ole

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/richardlehane/mscfb"

	"github.com/nianbao/nianbao/layout/diag"
)

// File is an open compound file. Only streams at the top are given: those of embedded documents lie
// deeper and are none of the document's own.
type File struct {
	streams map[string]*mscfb.File
	limit   int64
}

// Is says whether data starts like a compound file.
func Is(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// Open reads the directory. The error wraps diag.ErrDamaged.
func Open(data []byte) (f *File, err error) {
	defer func() {
		// The library reads what the file says of itself; a file that lies must not end the program.
		if p := recover(); p != nil {
			f, err = nil, fmt.Errorf("%w: compound file (%v)", diag.ErrDamaged, p)
		}
	}()
	r, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: compound file (%w)", diag.ErrDamaged, err)
	}
	f = &File{streams: map[string]*mscfb.File{}, limit: int64(len(data))}
	for _, e := range r.File {
		if k := strings.ToLower(e.Name); len(e.Path) == 0 && !e.FileInfo().IsDir() && f.streams[k] == nil {
			f.streams[k] = e
		}
	}
	return f, nil
}

// Has says whether there is a stream of this name.
func (f *File) Has(name string) bool { return f.streams[strings.ToLower(name)] != nil }

// Stream gives a stream's bytes. The error wraps diag.ErrDamaged when there is none or it is cut.
func (f *File) Stream(name string) (data []byte, err error) {
	e := f.streams[strings.ToLower(name)]
	if e == nil {
		return nil, fmt.Errorf("%w: no stream %q", diag.ErrDamaged, name)
	}
	defer func() {
		if p := recover(); p != nil {
			data, err = nil, fmt.Errorf("%w: stream %q (%v)", diag.ErrDamaged, name, p)
		}
	}()
	if e.Size < 0 || e.Size > f.limit {
		return nil, fmt.Errorf("%w: stream %q claims %d bytes", diag.ErrDamaged, name, e.Size)
	}
	data = make([]byte, e.Size)
	if n, err := io.ReadFull(e, data); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: stream %q ends after %d of %d bytes (%w)", diag.ErrDamaged, name, n, e.Size, err)
	}
	return data, nil
}
