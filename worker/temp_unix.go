//go:build unix

package worker

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// claim makes a temporary folder and marks it as in use, for as long as this process lives and the claim is not closed.
// Another process may take the new folder for one that was left behind before it is marked; then there is another.
func claim(temp string) (dir string, held io.Closer, err error) {
	const tries = 100
	for range tries {
		if dir, err = os.MkdirTemp(temp, tempPrefix); err != nil {
			return "", nil, err
		}
		f, err := os.Open(dir)
		if err != nil {
			continue // it was swept
		}
		// Where there are no locks, nothing is swept.
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
			ours, err := f.Stat()
			there, err2 := os.Stat(dir)
			if errors.Join(err, err2) == nil && os.SameFile(ours, there) {
				return dir, f, nil
			}
		}
		_ = f.Close()
	}
	return "", nil, errors.New("no temporary folder stays where it was made")
}

// sweep removes what processes that were killed left behind: the folders that nobody has a claim on.
func sweep(temp string) {
	if temp == "" {
		temp = os.TempDir()
	}
	entries, err := os.ReadDir(temp)
	if err != nil {
		return // whoever makes a folder in it will say so
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), tempPrefix) || !e.IsDir() {
			continue
		}
		name := filepath.Join(temp, e.Name())
		f, err := os.Open(name)
		if err != nil {
			continue
		}
		info, err := f.Stat()
		if err == nil && owned(info) && syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(name) // what cannot be removed is in nobody's way
		}
		_ = f.Close()
	}
}

func owned(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Getuid()
}
