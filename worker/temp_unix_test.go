//go:build unix

package worker

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// TestSweep: what nobody has a claim on goes, however young; what somebody has stays, also while others sweep as it is
// being made.
func TestSweep(t *testing.T) {
	temp := t.TempDir()
	left := filepath.Join(temp, tempPrefix+"left")
	other := filepath.Join(temp, "other")
	for _, dir := range []string{left, other} {
		if err := os.MkdirAll(filepath.Join(dir, "nianbao-office-1", "profile"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	held, claimed, err := claim(temp)
	if err != nil {
		t.Fatal(err)
	}
	sweep(temp)
	for dir, stays := range map[string]bool{left: false, other: true, held: true} {
		if _, err := os.Stat(dir); (err == nil) != stays {
			t.Errorf("%s: %v", dir, err)
		}
	}
	_ = claimed.Close()
	if sweep(temp); exists(held) {
		t.Error("a folder without a claim stays")
	}

	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 200 {
				sweep(temp)
				dir, held, err := claim(temp)
				if err != nil {
					t.Error(err)
					return
				}
				sweep(temp)
				if !exists(dir) {
					t.Errorf("%s was swept", dir)
				}
				_ = held.Close()
			}
		})
	}
	all.Wait()
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
