package batch

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/worker"
)

// FuzzArchive: each member of a ZIP is in a document or refused, under a name that leads nowhere else, and gives no more
// bytes than it says; and a ZIP that is no folder of reports is one document.
func FuzzArchive(f *testing.F) {
	seed := func(headers ...zip.FileHeader) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range headers {
			w, err := z.CreateHeader(&headers[i])
			if err == nil && !strings.HasSuffix(headers[i].Name, "/") {
				_, err = w.Write([]byte("\x89PNG\r\n\x1a\n" + headers[i].Name))
			}
			if err != nil {
				f.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	seed(zip.FileHeader{Name: "../../a.txt"}, zip.FileHeader{Name: `d\b.txt`, Method: zip.Deflate}, zip.FileHeader{Name: "d/"}, zip.FileHeader{Name: "\xc4\xea.txt", NonUTF8: true})
	seed(zip.FileHeader{Name: "p/1.png"}, zip.FileHeader{Name: "p/2.png"}, zip.FileHeader{Name: "p/.x"}, zip.FileHeader{Name: "secret", Flags: 1}, zip.FileHeader{Name: "l", ExternalAttrs: 0o120777 << 16, CreatorVersion: 3 << 8})
	seed(zip.FileHeader{Name: "A-1.png"}, zip.FileHeader{Name: "A-2.png"}, zip.FileHeader{Name: "A-2.png"}, zip.FileHeader{Name: `w\`})
	seed(zip.FileHeader{Name: "word/document.xml"})
	f.Fuzz(func(t *testing.T, data []byte) {
		in := t.TempDir()
		file := filepath.Join(in, "z.zip")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		m := newMemory()
		defer m.archives.close()
		docs, refused, err := find(t.Context(), []string{in}, "", Filter{}, m)
		if err != nil {
			t.Fatal(err)
		}
		if len(docs) == 1 && !docs[0].Inside() || len(refused) == 1 && refused[0].Reason == Bomb {
			return // left to the conversion, or refused as a whole
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
			t.Fatalf("%d documents of what is no archive: %v", len(docs), err)
		}
		want := 0
		for _, h := range z.File {
			if p := memberPath(h); p != "" && !isFolder(h) && !slices.ContainsFunc(strings.Split(p, "/"), junk) {
				want++
			}
		}
		got := len(refused)
		for _, d := range docs {
			got += len(d.Parts)
			if !filepath.IsLocal(filepath.FromSlash(d.Rel)) || !strings.HasPrefix(d.Rel, "z.zip") || strings.ContainsFunc(d.Rel, func(r rune) bool { return r < ' ' }) {
				t.Errorf("a document is called %q", d.Rel)
			}
			for _, p := range d.Parts {
				readPart(t, p)
			}
		}
		for _, r := range refused {
			if !filepath.IsLocal(filepath.FromSlash(r.Rel)) || r.Reason == "" || r.Message == "" {
				t.Errorf("refused is %+v", r)
			}
		}
		if got != want {
			t.Errorf("%d of %d members are in documents or refused", got, want)
		}
	})
}

func readPart(t *testing.T, p Part) {
	t.Helper()
	r, err := p.open()
	var n int64
	if err == nil {
		n, err = io.Copy(io.Discard, r)
		err = errors.Join(err, r.Close())
	}
	if p.Size < 0 || p.Size > maxUnpacked || n > p.Size {
		t.Errorf("%q: %d bytes, says %d", p.Name, n, p.Size)
	}
	if err != nil && !errors.As(err, new(*worker.Failure)) {
		t.Errorf("%q: %v", p.Name, err)
	}
	if err == nil && n != p.Size {
		t.Errorf("%q: %d bytes of %d, and no error", p.Name, n, p.Size)
	}
}
