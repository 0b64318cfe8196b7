package extract_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/extract/office"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

func picture(t *testing.T, width int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 300))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func archive(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, n := range names {
		if _, err := w.Create(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOpen(t *testing.T) {
	tests := []struct {
		name, file string
		data       []byte
		media      string
		pages      int // 0: a format without pages
		reason     string
	}{
		{"web page", "report.pdf", []byte("<html><body><p>年度报告</p></body></html>"), "text/html", 0, "the content decides, not the name"},
		{"text", "a.txt", []byte("一、总体情况\n本年新收申请 12 件。"), "text/plain", 0, ""},
		{"picture", `C:\scans\a.png`, picture(t, 200), "image/png", 1, "a path is no name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, _, err := new(extract.Opener).Open(context.Background(), tt.file, tt.data)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(tt.data)
			if d.SHA256 != hex.EncodeToString(sum[:]) {
				t.Errorf("SHA256 %q", d.SHA256)
			}
			if strings.ContainsAny(d.Name, `/\`) || !strings.HasSuffix(tt.file, d.Name) || d.Name == "" {
				t.Errorf("name %q of %q: %s", d.Name, tt.file, tt.reason)
			}
			if d.MediaType != tt.media {
				t.Errorf("media type %q, want %q: %s", d.MediaType, tt.media, tt.reason)
			}
			if n := d.Pages[0].Number; len(d.Pages) != 1 || n != tt.pages {
				t.Errorf("%d pages, the first is %d", len(d.Pages), n)
			}
		})
	}
}

// TestOpenOffice opens what the office formats' readers are tested with, by content alone.
func TestOpenOffice(t *testing.T) {
	for name, media := range map[string]string{
		"docx/testdata/python-docx.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"word97/testdata/form.doc":       "application/msword",
		"odt/testdata/libreoffice.odt":   "application/vnd.oasis.opendocument.text",
		"sheet/testdata/libreoffice.xls": "application/vnd.ms-excel",
		"html/testdata/python-email.mht": "multipart/related",
	} {
		data, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		none := extract.Opener{Office: office.Office{Program: "no-such-program"}}
		d, warnings, err := none.Open(context.Background(), "x", data)
		if err != nil || len(warnings) > 0 {
			t.Errorf("%s: error %v, warnings %v", name, err, warnings)
			continue
		}
		found := false
		for _, b := range d.Pages[0].Blocks {
			found = found || b.Table != nil && len(b.Table.Cells) >= 18
		}
		if d.MediaType != media || !found {
			t.Errorf("%s: %s, table found: %v", name, d.MediaType, found)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want error
		says string
	}{
		{"empty", nil, diag.ErrEmpty, ""},
		{"unknown", bytes.Repeat([]byte{0, 1, 2, 3, 0xFF, 0x80}, 100), diag.ErrFormat, ""},
		{"archive", archive(t, "a.jpg"), diag.ErrFormat, "unpack"},
		{"Word that needs LibreOffice, which is not there", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00"), diag.ErrMissingProgram, "install"},
		{"OFD without content", archive(t, "OFD.xml"), diag.ErrDamaged, "OFD.xml"},
		{"PDF in name only", []byte("%PDF-1.7\n"), diag.ErrDamaged, ""},
	}
	o := extract.Opener{Office: office.Office{Program: "no-such-program"}}
	o.PDF.CacheDir = filepath.Join(os.TempDir(), "nianbao-pdfium") // kept: its start is slow
	defer o.PDF.Close()
	for _, tt := range tests {
		_, _, err := o.Open(context.Background(), "a", tt.data)
		if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: error %v, want %v saying %q", tt.name, err, tt.want, tt.says)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := o.Open(ctx, "a", []byte("文")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
}

func TestOpenPages(t *testing.T) {
	files := []extract.File{{"scans/1.png", picture(t, 200)}, {"scans/2.png", picture(t, 210)}, {"scans/3.png", picture(t, 220)}}
	var o extract.Opener
	d, warnings, err := o.OpenPages(context.Background(), "/in/scans", files)
	if err != nil || len(warnings) != 0 {
		t.Fatal(err, warnings)
	}
	defer d.Close()
	if d.Name != "scans" || d.MediaType != "image/png" || len(d.SHA256) != 64 {
		t.Errorf("document %q %q %q", d.Name, d.MediaType, d.SHA256)
	}
	for i, p := range d.Pages {
		if p.Number != i+1 || p.Route != layout.RouteOCR {
			t.Errorf("page %d has number %d, route %s", i+1, p.Number, p.Route)
		}
		img, err := p.Source.Pixels(0)
		if err != nil {
			t.Fatal(err)
		}
		if w := img.Bounds().Dx(); w != 200+10*i {
			t.Errorf("page %d is %d pixels wide: each page keeps its own picture", i+1, w)
		}
	}
	files[0], files[1] = files[1], files[0]
	e, _, err := o.OpenPages(context.Background(), "scans", files)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if e.SHA256 == d.SHA256 {
		t.Error("another order of pages has the same sum")
	}
}

func TestOpenPagesErrors(t *testing.T) {
	tests := []struct {
		name  string
		files []extract.File
		want  error
		says  string
	}{
		{"none", nil, diag.ErrEmpty, ""},
		{"a text", []extract.File{{"1.png", picture(t, 200)}, {"in/2.txt", []byte("一、总体情况")}}, diag.ErrFormat, "2.txt"},
		{"an empty file", []extract.File{{"1.png", nil}}, diag.ErrEmpty, "1.png"},
	}
	for _, tt := range tests {
		_, _, err := new(extract.Opener).OpenPages(context.Background(), "scans", tt.files)
		if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "in/") {
			t.Errorf("%s: error %v, want %v saying %q", tt.name, err, tt.want, tt.says)
		}
	}
}
