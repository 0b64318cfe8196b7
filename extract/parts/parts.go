// Package parts opens documents that are zip archives (DOCX, ODT, OFD) and gives their parts within
// limits, whatever sizes the archive claims.
//
// Names are matched as office programs match them: without regard to case, to a leading slash, or to
// the direction of slashes.
package parts

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/nianbao/nianbao/layout/diag"
)

// Limits of one archive, far above what a report needs and far below what harms.
const (
	maxParts = 20_000
	// MaxPart is the size of one part, unpacked, in bytes.
	MaxPart = 96 << 20
	// MaxTotal bounds everything that is read from one archive, unpacked, in bytes.
	MaxTotal = 384 << 20
)

// Archive is an open zip archive. It is not for use by several goroutines at once.
type Archive struct {
	files map[string]*zip.File
	names []string
	left  int64
}

// Open reads the directory of an archive. The error is diag.ErrDamaged when there is none, as in a
// file that was cut, and diag.ErrTooLarge when it lists too many parts.
func Open(data []byte) (*Archive, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("%w: no zip directory (%w)", diag.ErrDamaged, err)
	}
	if len(r.File) > maxParts {
		return nil, fmt.Errorf("%w: %d parts in the archive", diag.ErrTooLarge, len(r.File))
	}
	a := &Archive{files: make(map[string]*zip.File, len(r.File)), left: MaxTotal}
	for _, f := range r.File {
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
		if name == "" || strings.HasSuffix(name, "/") {
			continue
		}
		k := key(name)
		if a.files[k] == nil {
			a.files[k] = f
			a.names = append(a.names, name)
		}
	}
	return a, nil
}

func key(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// Names of the parts in the order of the archive, folders left out.
func (a *Archive) Names() []string { return a.names }

// Has says whether there is a part of this name.
func (a *Archive) Has(name string) bool { return a.files[key(name)] != nil }

// Read gives a part unpacked. The error is fs.ErrNotExist when there is none, diag.ErrDamaged when
// its bytes are not what the archive promises, diag.ErrEncrypted or diag.ErrTooLarge.
func (a *Archive) Read(name string) ([]byte, error) {
	f := a.files[key(name)]
	if f == nil {
		return nil, fmt.Errorf("part %q: %w", name, fs.ErrNotExist)
	}
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return nil, fmt.Errorf("part %q: %w", name, diag.ErrEncrypted)
	}
	limit := min(MaxPart, a.left)
	if f.UncompressedSize64 > uint64(limit) {
		return nil, fmt.Errorf("part %q: %w: %d bytes unpacked", name, diag.ErrTooLarge, f.UncompressedSize64)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("part %q: %w (%w)", name, diag.ErrDamaged, err)
	}
	data, err := io.ReadAll(io.LimitReader(rc, limit+1))
	if cerr := rc.Close(); err == nil {
		err = cerr // the reader of a damaged part says the same once more
	}
	if err != nil {
		return nil, fmt.Errorf("part %q: %w (%w)", name, diag.ErrDamaged, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("part %q: %w", name, diag.ErrTooLarge)
	}
	a.left -= int64(len(data))
	return data, nil
}
