package parts_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/parts"
	"github.com/nianbao/nianbao/layout/diag"
)

func archive(t testing.TB, headers ...*zip.FileHeader) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, h := range headers {
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(h.Name, "/") {
			continue
		}
		if _, err := f.Write([]byte(h.Name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRead(t *testing.T) {
	a, err := parts.Open(archive(t, &zip.FileHeader{Name: "word/"}, &zip.FileHeader{Name: `/Word\a.xml`, Method: zip.Deflate}, &zip.FileHeader{Name: "word/../WORD/A.xml"}, &zip.FileHeader{Name: "../up.xml"}))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"Word/a.xml", "../up.xml"}; !slices.Equal(a.Names(), want) {
		t.Errorf("names %q, want %q", a.Names(), want)
	}
	for _, name := range []string{"word/a.xml", "/WORD/A.XML", `word\a.xml`, "word/x/../a.xml"} {
		if data, err := a.Read(name); err != nil || string(data) != `/Word\a.xml` || !a.Has(name) {
			t.Errorf("%s: got %q, error %v", name, data, err)
		}
	}
	if _, err := a.Read("gone"); !errors.Is(err, fs.ErrNotExist) || a.Has("gone") {
		t.Errorf("error %v", err)
	}
}

func TestErrors(t *testing.T) {
	if _, err := parts.Open([]byte("PK\x03\x04")); !errors.Is(err, diag.ErrDamaged) {
		t.Errorf("no directory: error %v", err)
	}
	many := make([]*zip.FileHeader, 20_001)
	for i := range many {
		many[i] = &zip.FileHeader{Name: "x"}
	}
	if _, err := parts.Open(archive(t, many...)); !errors.Is(err, diag.ErrTooLarge) {
		t.Errorf("many parts: error %v", err)
	}
	a, err := parts.Open(archive(t, &zip.FileHeader{Name: "secret", Flags: 1}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Read("secret"); !errors.Is(err, diag.ErrEncrypted) {
		t.Errorf("encrypted part: error %v", err)
	}
	broken := archive(t, &zip.FileHeader{Name: "x"})
	broken[bytes.Index(broken, []byte("x"))+1] ^= 0xff
	if a, err = parts.Open(broken); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Read("x"); !errors.Is(err, diag.ErrDamaged) {
		t.Errorf("changed bytes: error %v", err)
	}
}

// FuzzOpen: every part that an archive names can be asked for by any way to write its name, and gives the same bytes
// each time or an error of the four kinds.
func FuzzOpen(f *testing.F) {
	f.Add(archive(f, &zip.FileHeader{Name: "word/"}, &zip.FileHeader{Name: `/Word\a.xml`, Method: zip.Deflate}, &zip.FileHeader{Name: "word/../WORD/A.xml"}, &zip.FileHeader{Name: "../up.xml"}))
	f.Add(archive(f, &zip.FileHeader{Name: `word\`}, &zip.FileHeader{Name: "secret", Flags: 1}, &zip.FileHeader{Name: "//a//b"}, &zip.FileHeader{Name: `..\`}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := parts.Open(data)
		if err != nil {
			if !errors.Is(err, diag.ErrDamaged) && !errors.Is(err, diag.ErrTooLarge) {
				t.Errorf("error %v", err)
			}
			return
		}
		for _, name := range a.Names() {
			if strings.HasSuffix(name, "/") {
				t.Errorf("folder %q among the parts", name)
			}
			for _, n := range []string{name, "/" + name, strings.ReplaceAll(name, "/", `\`), "./" + name} {
				if !a.Has(n) {
					t.Errorf("%q is not there as %q", name, n)
				}
			}
			first, err := a.Read(name)
			if err != nil {
				if first != nil || !errors.Is(err, diag.ErrDamaged) && !errors.Is(err, diag.ErrEncrypted) && !errors.Is(err, diag.ErrTooLarge) {
					t.Errorf("%q: %d bytes, error %v", name, len(first), err)
				}
				continue
			}
			again, err := a.Read("/" + name)
			if !bytes.Equal(first, again) && !errors.Is(err, diag.ErrTooLarge) {
				t.Errorf("%q: %d bytes, then %d (error %v)", name, len(first), len(again), err)
			}
		}
	})
}
