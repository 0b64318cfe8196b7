package batch

import (
	"archive/zip"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/nianbao/nianbao/internal/run/folder"
)

// archives keeps ZIP files open between the readings of their members: to open one is to read its whole directory,
// which for 10,000 members takes longer than the members. The zero value holds none.
type archives struct {
	mu   sync.Mutex
	kept []*archive // the last one used is the last
}

// maxArchives is how many unused archives are kept open: a batch reads its inputs in order, so the last ones matter.
const maxArchives = 4

// archive is an open ZIP file. Its members may be read at the same time.
type archive struct {
	*zip.Reader
	file  string
	size  int64
	made  time.Time
	from  folder.File
	users int
	shelf *archives
}

// open gives the archive as it is now; release ends its use.
func (a *archives) open(tree folder.Tree, file string) (*archive, error) {
	info, err := tree.Stat(file)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, z := range a.kept {
		if z.file != file || z.size != info.Size() || !z.made.Equal(info.ModTime()) {
			continue
		}
		z.users++
		a.kept = append(append(a.kept[:i:i], a.kept[i+1:]...), z)
		return z, nil
	}
	f, err := tree.Open(file)
	if err != nil {
		return nil, err
	}
	z := &archive{file: file, size: info.Size(), made: info.ModTime(), from: f, users: 1, shelf: a}
	// A section, since a directory may lead to before the file's beginning, which a file calls a fault of the disk.
	if z.Reader, err = zip.NewReader(io.NewSectionReader(f, 0, info.Size()), info.Size()); err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, errors.Join(err, f.Close())
	}
	a.kept = append(a.kept, z)
	a.trim(maxArchives)
	return z, nil
}

func (z *archive) release() {
	z.shelf.mu.Lock()
	defer z.shelf.mu.Unlock()
	z.users--
	z.shelf.trim(maxArchives)
}

// trim closes the archives that were not used for longest until at most so many are open. The lock is held.
func (a *archives) trim(most int) {
	for i := 0; i < len(a.kept) && len(a.kept) > most; {
		if z := a.kept[i]; z.users == 0 {
			_ = z.from.Close() // it was only read
			a.kept = append(a.kept[:i], a.kept[i+1:]...)
			continue
		}
		i++
	}
}

// close closes what is not in use.
func (a *archives) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.trim(0)
}
