package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nianbao/nianbao/layout/diag"
)

// maxInput bounds what is read into memory for one file.
const maxInput = 1 << 30

// readInput reads a file, or standard input for "-". The name given back is a base name.
func (e *env) readInput(path string) (name string, data []byte, err error) {
	if path == "-" {
		data, err = io.ReadAll(io.LimitReader(e.stdin, maxInput+1))
		name = "stdin"
	} else {
		info, serr := os.Stat(path)
		switch {
		case errors.Is(serr, fs.ErrNotExist):
			return "", nil, errors.New("no such file")
		case serr != nil:
			return "", nil, fmt.Errorf("cannot be opened: %w", errors.Unwrap(serr))
		case info.IsDir():
			return "", nil, errors.New("is a directory: give the JSON files in it")
		case !info.Mode().IsRegular():
			return "", nil, errors.New("is not a regular file")
		case info.Size() > maxInput:
			return "", nil, fmt.Errorf("%w: %d MB, the limit is %d MB", diag.ErrTooLarge, info.Size()>>20, maxInput>>20)
		}
		data, err = os.ReadFile(path)
		name = filepath.Base(path)
	}
	var pathErr *fs.PathError
	switch {
	case errors.As(err, &pathErr):
		return "", nil, fmt.Errorf("cannot be read: %w", pathErr.Err)
	case err != nil:
		return "", nil, err
	case len(data) > maxInput:
		return "", nil, fmt.Errorf("%w: the limit is %d MB", diag.ErrTooLarge, maxInput>>20)
	case len(data) == 0:
		return "", nil, diag.ErrEmpty
	}
	return name, data, nil
}
