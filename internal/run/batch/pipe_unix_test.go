//go:build unix

package batch_test

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestPipesAreNamedNotRead(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a": "1"})
	if err := syscall.Mkfifo(filepath.Join(in, "p"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, options(in, out))
	if got, want := names(tree(t, out)), "json/a.json quarantine/p.reason.json"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
