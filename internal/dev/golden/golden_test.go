package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorder is a test that is expected to fail.
type recorder struct{ failed []string }

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); panic(r) }

func run(f func(T)) (failed []string) {
	r := &recorder{}
	defer func() {
		if p := recover(); p != nil && p != any(r) {
			panic(p)
		}
		failed = r.failed
	}()
	f(r)
	return r.failed
}

func TestEqual(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.golden")
	if f := run(func(t T) { Equal(t, path, []byte("x\n")) }); len(f) != 1 || !strings.Contains(f[0], "no golden file") {
		t.Errorf("a missing file: %q", f)
	}
	if err := os.WriteFile(path, []byte("one\ntwo\nthree\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if f := run(func(t T) { Equal(t, path, []byte("one\ntwo\nthree\n")) }); len(f) != 0 {
		t.Errorf("the same: %q", f)
	}
	f := run(func(t T) { Equal(t, path, []byte("one\nzwei\nthree\n")) })
	if len(f) != 1 || !strings.Contains(f[0], "-   2 two") || !strings.Contains(f[0], "+   2 zwei") || strings.Contains(f[0], "three") {
		t.Errorf("a line that differs: %q", f)
	}
	if f := run(func(t T) { Orphans(t, dir, nil) }); len(f) != 1 {
		t.Errorf("an orphan: %q", f)
	}
	if f := run(func(t T) { Orphans(t, dir, []string{"a.golden"}) }); len(f) != 0 {
		t.Errorf("no orphan: %q", f)
	}
}

func TestUpdate(t *testing.T) {
	*update = true
	defer func() { *update = false }()
	path := filepath.Join(t.TempDir(), "new", "a.golden")
	t.Setenv("CI", "true")
	if f := run(func(t T) { Equal(t, path, nil) }); len(f) != 1 || !strings.Contains(f[0], "refused") {
		t.Errorf("in CI: %q", f)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a golden file was written in CI")
	}
	t.Setenv("CI", "")
	if f := run(func(t T) { Equal(t, path, []byte("x")) }); len(f) != 0 {
		t.Errorf("at home: %q", f)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "x" {
		t.Errorf("wrote %q, %v", got, err)
	}
}

func TestDiff(t *testing.T) {
	for _, tt := range []struct{ want, got, diff string }{
		{"a\nb", "a\nb", ""},
		{"a\nb\nc", "a\nc", "-   2 b\n"},
		{"a\nc", "a\nb\nc", "+   2 b\n"},
		{"a", "a\nb", "+   2 b\n"},
		{"a\nb\nc", "x\nb\ny", "-   1 a\n+   1 x\n-   3 c\n+   3 y\n"},
	} {
		if d := Diff(tt.want, tt.got); d != tt.diff {
			t.Errorf("Diff(%q, %q) = %q, want %q", tt.want, tt.got, d, tt.diff)
		}
	}
}
