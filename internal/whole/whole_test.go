package whole_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/nianbao/nianbao/internal/whole"
)

// TestWhole: every way of writing replaces the file, and one that fails leaves the old one and nothing else.
func TestWhole(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		way   string
		write func(name string) error
		fails bool
	}{
		{"write", func(name string) error { return whole.Write(name, []byte("new"), "") }, false},
		{"write by way of a folder", func(name string) error { return whole.Write(name, []byte("new"), filepath.Dir(name)) }, false},
		{"make", func(name string) error {
			return whole.Make(name, func(temp string) error {
				return errors.Join(os.WriteFile(temp+"-journal", nil, 0o600), os.WriteFile(temp, []byte("new"), 0o600))
			})
		}, false},
		{"stream", func(name string) error {
			return whole.Stream(name, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err })
		}, false},
		{"a stream that breaks", func(name string) error {
			return whole.Stream(name, func(w io.Writer) error { _, _ = io.WriteString(w, "ne"); return broken })
		}, true},
		{"a file that cannot take the place of a folder", func(name string) error {
			if err := errors.Join(os.Remove(name), os.MkdirAll(filepath.Join(name, "kept"), 0o755)); err != nil {
				return nil
			}
			defer func() {
				_ = os.RemoveAll(name)
				_ = os.WriteFile(name, []byte("old"), 0o600)
			}()
			return whole.Write(name, []byte("new"), "")
		}, true},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		name := filepath.Join(dir, "report.json")
		if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		err := tt.write(name)
		want := "new"
		if tt.fails {
			want = "old"
		}
		if got, _ := os.ReadFile(name); string(got) != want || (err != nil) != tt.fails {
			t.Errorf("%s: %q with error %v, want %q", tt.way, got, err, want)
		}
		if left, _ := os.ReadDir(dir); len(left) != 1 {
			t.Errorf("%s: %d files are left", tt.way, len(left))
		}
	}
}

func TestMoveMakesTheFolder(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "a"), filepath.Join(dir, "b", "c", "a")
	if err := os.WriteFile(from, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := whole.Move(from, to); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(to); err != nil {
		t.Error(err)
	}
	if err := whole.Move(from, to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is gone: %v", err)
	}
}
