//go:build unix

package worker

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// claim marks a temporary folder as in use, for as long as this process lives and the claim is not closed.
func claim(dir string) (io.Closer, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) // where there are no locks, nothing is swept
	return f, nil
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
		if err == nil && owned(info) && time.Since(info.ModTime()) > birth && syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(name) // what cannot be removed is in nobody's way
		}
		_ = f.Close()
	}
}

// birth is the age from which a folder without a claim is nobody's: one is claimed as soon as it is made.
const birth = time.Minute

func owned(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Getuid()
}
