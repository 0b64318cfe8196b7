// Package folder is where documents lie and results go: a folder of the file system, or a prefix of a bucket
// in an S3-compatible store. Whoever reads and writes through it need not know which.
package folder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/nianbao/nianbao/internal/whole"
)

// Folder holds files under slash paths. What is written is there whole or not at all.
type Folder interface {
	// String is the folder as Open takes it.
	String() string
	// Read gives a file. The error matches fs.ErrNotExist where there is none.
	Read(name string) ([]byte, error)
	Write(name string, data []byte) error
	// Move gives a file another name; the error matches fs.ErrNotExist where there is none.
	Move(from, to string) error
	// Remove removes a file; none there is no error.
	Remove(name string) error
	Has(name string) (bool, error)
	// List gives all files below a folder of it, whose name may be "", in no order that is promised.
	List(below string, each func(Entry) error) error
}

// Entry is a file of a folder.
type Entry struct {
	Name     string
	Modified time.Time
}

// File is a document's file being read. ReadAt is for archives, whose directory is at their end.
type File interface {
	io.ReadCloser
	io.ReaderAt
	io.Seeker
	Size() (int64, error)
}

// Tree is where documents are looked for. Its paths are absolute ones of package filepath, in a store with the
// bucket as their first element.
type Tree interface {
	// Show is the path as people write it.
	Show(name string) string
	ReadDir(name string) ([]fs.DirEntry, error)
	// Stat follows links. What Sys gives of the info is a string where the store knows the content's version.
	Stat(name string) (fs.FileInfo, error)
	Open(name string) (File, error)
}

// ErrUnavailable matches errors of a store or a network mount that has gone away or refuses to work for now: they
// say nothing about a document.
var ErrUnavailable = errors.New("the store cannot be reached")

const scheme = "s3://"

// InStore says that a folder's name is that of a store.
func InStore(name string) bool { return strings.HasPrefix(name, scheme) }

// Open gives the folder of a name: s3://bucket/prefix, or a folder of the file system, which need not be there yet.
// Files on their way are kept in temp, a folder of the same file system, or beside their place where it is "".
func Open(ctx context.Context, name, temp string) (Folder, error) {
	if InStore(name) {
		return openBucket(ctx, name)
	}
	return Dir{Root: name, Temp: temp}, nil
}

// TreeOf gives the tree that an input is in, and the input's path in it.
func TreeOf(ctx context.Context, name string) (Tree, string, error) {
	if !InStore(name) {
		return Local{}, name, nil
	}
	b, err := openBucket(ctx, name)
	if err != nil {
		return nil, "", err
	}
	return b, filepath.FromSlash(path.Join("/", b.bucket, b.prefix)), nil
}

// Dir is a folder of the file system.
type Dir struct {
	Root string
	Temp string // where files wait for their names; "" is beside them
}

func (d Dir) String() string { return d.Root }

// Path is where a file is.
func (d Dir) Path(name string) string { return filepath.Join(d.Root, filepath.FromSlash(name)) }

// Read reads a file.
func (d Dir) Read(name string) ([]byte, error) { return os.ReadFile(d.Path(name)) }

// Write writes a file, so that it stays when the power fails.
func (d Dir) Write(name string, data []byte) error {
	to, way := d.Path(name), d.Temp
	if way == "" {
		way = filepath.Dir(to)
	}
	if err := os.MkdirAll(way, 0o755); err != nil {
		return err
	}
	return whole.Write(to, data, d.Temp)
}

// Move gives a file another name.
func (d Dir) Move(from, to string) error { return whole.Move(d.Path(from), d.Path(to)) }

// Remove removes a file.
func (d Dir) Remove(name string) error {
	if err := os.Remove(d.Path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Has says whether there is a file. There is none under a name that the file system refuses.
func (d Dir) Has(name string) (bool, error) {
	_, err := os.Lstat(d.Path(name))
	if err = away(err); errors.Is(err, ErrUnavailable) {
		return false, err
	}
	return err == nil, nil
}

// List lists the files below a folder, which need not exist.
func (d Dir) List(below string, each func(Entry) error) error {
	err := filepath.WalkDir(d.Path(below), func(p string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(d.Root, p)
		if err != nil {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		if err != nil {
			return err
		}
		return each(Entry{filepath.ToSlash(rel), info.ModTime()})
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Local is the file system as a tree.
type Local struct{}

// Show gives the path.
func (Local) Show(name string) string { return name }

// ReadDir lists a folder.
func (Local) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// Stat describes a file.
func (Local) Stat(name string) (fs.FileInfo, error) {
	info, err := os.Stat(name)
	return info, away(err)
}

// Open opens a file.
func (Local) Open(name string) (File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, away(err)
	}
	return localFile{f}, nil
}

type localFile struct{ *os.File }

func (f localFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, away(err)
	}
	return info.Size(), nil
}

func (f localFile) Read(b []byte) (int, error) {
	n, err := f.File.Read(b)
	return n, away(err)
}

func (f localFile) ReadAt(b []byte, at int64) (int, error) {
	n, err := f.File.ReadAt(b, at)
	return n, away(err)
}

// away marks what a network mount says that has lost its server.
func away(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	for _, e := range lostMount {
		if errors.Is(err, e) {
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	return err
}
