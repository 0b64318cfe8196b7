//go:build unix

package folder

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/servers"
)

// TestFolder does the same in a folder and in a store.
func TestFolder(t *testing.T) {
	servers.Store(t, "bucket")
	dir := t.TempDir()
	for _, name := range []string{filepath.Join(dir, "out"), "s3://bucket/some/where", "s3://bucket"} {
		f, err := Open(t.Context(), name, "")
		if err != nil {
			t.Fatal(err)
		}
		if f.String() != name {
			t.Errorf("%s calls itself %s", name, f)
		}
		if _, err := f.Read("json/none"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: a file that is not there: %v", name, err)
		}
		if err := f.Move("json/none", "json/other"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: to move what is not there: %v", name, err)
		}
		large := bytes.Repeat([]byte("0123456789abcdef"), partSize/16+1) // in two parts
		for file, data := range map[string][]byte{"json/县/年报 1%.json": []byte("{}"), "json/b": large, "empty": {}, "json/b.c/d": []byte("d")} {
			if err := f.Write(file, data); err != nil {
				t.Fatal(err)
			}
			if got, err := f.Read(file); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s: %s: %d bytes, %v", name, file, len(got), err)
			}
		}
		if err := f.Move("json/b", "json/moved/b"); err != nil {
			t.Error(err)
		}
		if there, err := f.Has("json/b"); there || err != nil {
			t.Errorf("%s: a file that was moved is there: %v", name, err)
		}
		if there, err := f.Has("json/moved/b"); !there || err != nil {
			t.Errorf("%s: a file that was moved is not there: %v", name, err)
		}
		for range 2 {
			if err := f.Remove("empty"); err != nil {
				t.Error(err)
			}
		}
		var names []string
		if err := f.List("json", func(e Entry) error {
			names = append(names, e.Name)
			if e.Modified.IsZero() {
				t.Errorf("%s: %s has no time", name, e.Name)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != "json/b.c/d json/moved/b json/县/年报 1%.json" {
			t.Errorf("%s holds %s", name, got)
		}
		if err := f.List("nothing", func(Entry) error { t.Error("something"); return nil }); err != nil {
			t.Error(err)
		}
	}
}

func TestTree(t *testing.T) {
	servers.Store(t, "bucket")
	dir := t.TempDir()
	content := strings.Repeat("0123456789", blockSize/5)
	for _, name := range []string{dir, "s3://bucket/in"} {
		f, err := Open(t.Context(), name, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []string{"a.txt", "b/c.txt", "b/d/e.txt"} {
			if err := f.Write(n, []byte(content)); err != nil {
				t.Fatal(err)
			}
		}
		tree, root, err := TreeOf(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if tree.Show(root) != name {
			t.Errorf("%s is shown as %s", name, tree.Show(root))
		}
		for path, want := range map[string]string{root: "a.txt b/", filepath.Join(root, "b"): "c.txt d/"} {
			entries, err := tree.ReadDir(path)
			var got []string
			for _, e := range entries {
				n := e.Name()
				if e.IsDir() {
					n += "/"
				} else if info, err := e.Info(); err != nil || info.Size() != int64(len(content)) {
					t.Errorf("%s: %v, %v", n, info, err)
				}
				got = append(got, n)
			}
			if err != nil || strings.Join(got, " ") != want {
				t.Errorf("%s holds %q, want %q, %v", path, got, want, err)
			}
		}
		if info, err := tree.Stat(filepath.Join(root, "b")); err != nil || !info.IsDir() {
			t.Errorf("b: %v, %v", info, err)
		}
		if _, err := tree.Stat(filepath.Join(root, "none")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("none: %v", err)
		}
		o, err := tree.Open(filepath.Join(root, "b", "c.txt"))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := o.Size(); err != nil || n != int64(len(content)) {
			t.Errorf("%d bytes, %v", n, err)
		}
		for _, at := range []int{len(content) - 7, 3, blockSize - 2, len(content) - 1} { // across blocks, back and forth
			b := make([]byte, 5)
			n, err := o.ReadAt(b, int64(at))
			if want := content[at:min(at+5, len(content))]; string(b[:n]) != want || n < 5 && !errors.Is(err, io.EOF) {
				t.Errorf("at %d: %q, want %q, %v", at, b[:n], want, err)
			}
		}
		if _, err := o.Seek(10, io.SeekStart); err != nil {
			t.Error(err)
		}
		if b, err := io.ReadAll(o); err != nil || string(b) != content[10:] {
			t.Errorf("%d bytes, %v", len(b), err)
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestTrouble tells what is wrong with a document's place from what is wrong with the store.
func TestTrouble(t *testing.T) {
	store := servers.Store(t, "bucket")
	for name, want := range map[string]string{
		"s3://": "is expected", "s3:///x": "is expected", "s3://b": "bucket", "s3://bucket/x?y=z": "is expected", "s3://me:pw@bucket/x": "is expected",
	} {
		if _, err := Open(t.Context(), name, ""); err == nil || !strings.Contains(strings.ToLower(err.Error()), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	read := func(name string) error {
		f, err := Open(t.Context(), name, "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Read("x")
		return err
	}
	if err := read("s3://nobucket"); err == nil || errors.Is(err, ErrUnavailable) || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such bucket: %v", err)
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wrong")
	if err := read("s3://bucket"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a wrong key: %v", err)
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", servers.SecretKey)
	t.Setenv("AWS_S3_ADDRESSING_STYLE", "odd")
	if _, err := Open(t.Context(), "s3://bucket", ""); err == nil {
		t.Error("an odd style is taken")
	}
	t.Setenv("AWS_S3_ADDRESSING_STYLE", "path")
	store.Kill()
	if err := read("s3://bucket"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("the store is away: %v", err)
	}
	t.Setenv("AWS_ENDPOINT_URL", "ftp://x")
	if _, err := Open(t.Context(), "s3://bucket", ""); err == nil {
		t.Error("an endpoint that is none is taken")
	}
}
