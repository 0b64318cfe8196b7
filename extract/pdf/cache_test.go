package pdf_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/nianbao/nianbao/extract/pdf"
)

// TestCacheDir reads a file with cache directories that cannot be used: that costs time and nothing
// else. A container's file system is read-only, and its image may have been built on another CPU.
func TestCacheDir(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles PDFium, which takes seconds")
	}
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc, where not even root can make files")
	}
	sample, err := os.ReadFile("../../testdata/reports/city_2021form.pdf")
	if err != nil {
		t.Fatal(err)
	}
	read(t, sample) // fills the tests' own cache
	entries, err := filepath.Glob(filepath.Join(engine.CacheDir, "wazero-*", "*"))
	if err != nil || len(entries) == 0 {
		t.Fatalf("the cache is empty (%v)", err)
	}
	name := filepath.Base(filepath.Dir(entries[0]))
	for _, c := range []struct {
		reason string
		make   func(dir string) error
	}{
		{"cannot be written", func(dir string) error {
			return os.Symlink("/proc/self/fdinfo", filepath.Join(dir, name))
		}},
		{"damaged", func(dir string) error {
			if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, name, filepath.Base(entries[0])), []byte("WAZEVO and no more"), 0o600)
		}},
	} {
		t.Run(c.reason, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := c.make(dir); err != nil {
				t.Fatal(err)
			}
			readWith(t, dir, sample)
		})
	}
}

func readWith(t *testing.T, dir string, data []byte) {
	t.Helper()
	e := &pdf.Engine{CacheDir: dir}
	defer e.Close()
	doc, _, err := e.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Pages) == 0 || len(doc.Pages[0].Words) == 0 {
		t.Fatal("nothing was read")
	}
	if err := doc.Close(); err != nil {
		t.Fatal(err)
	}
}
