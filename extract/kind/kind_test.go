package kind_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/nianbao/nianbao/extract/kind"
)

func zipped(t *testing.T, nameAndContent ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(nameAndContent); i += 2 {
		f, err := w.Create(nameAndContent[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(nameAndContent[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOf(t *testing.T) {
	types := func(main string) string {
		return `<Types><Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/><Override ContentType="application/vnd.` + main + `"/></Types>`
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte("一、总体情况\n全年主动公开政府信息503条。\n"))
	if err != nil {
		t.Fatal(err)
	}
	doc := zipped(t, "[Content_Types].xml", types("openxmlformats-officedocument.wordprocessingml.document.main+xml"), "word/document.xml", "x")
	for _, c := range []struct {
		reason string
		data   []byte
		want   kind.Kind
	}{
		{"nothing", nil, kind.Unknown},
		{"PDF", []byte("%PDF-1.7\n"), kind.PDF},
		{"PDF behind something else", []byte("\r\n\r\nx%PDF-1.4 "), kind.PDF},
		{"DOCX", doc, kind.DOCX},
		{"DOCX that holds a sheet", zipped(t, "[Content_Types].xml", types("ms-word.document.macroEnabled.main+xml"), "word/embeddings/a.xlsx", "x"), kind.DOCX},
		{"DOCX that was cut", doc[:len(doc)-40], kind.DOCX},
		{"XLSX", zipped(t, "[Content_Types].xml", types("openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), "xl/workbook.xml", "x"), kind.XLSX},
		{"slides are no report", zipped(t, "[Content_Types].xml", types("openxmlformats-officedocument.presentationml.presentation.main+xml"), "ppt/presentation.xml", "x"), kind.Zip},
		{"OFD", zipped(t, "OFD.xml", "<ofd:OFD/>", "Doc_0/Document.xml", "x"), kind.OFD},
		{"ODT", zipped(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "x"), kind.ODT},
		{"ODS", zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "x"), kind.ODS},
		{"some archive", zipped(t, "a.txt", "x"), kind.Zip},
		{"some archive that was cut", zipped(t, "a.txt", "x")[:60], kind.Zip},
		{"a compound file that was cut", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00"), kind.DOC},
		{"a compound file of nothing known", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), kind.OtherOLE},
		{"RTF", []byte(`{\rtf1\ansi`), kind.RTF},
		{"PNG", []byte("\x89PNG\r\n\x1a\n\x00"), kind.PNG},
		{"JPEG", []byte("\xff\xd8\xff\xe0\x00\x10JFIF"), kind.JPEG},
		{"TIFF", []byte("II*\x00\x08\x00"), kind.TIFF},
		{"TIFF, big endian", []byte("MM\x00*\x00\x00"), kind.TIFF},
		{"GIF", []byte("GIF89a\x01\x00"), kind.GIF},
		{"BMP", []byte("BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00"), kind.BMP},
		{"text that begins with BM", []byte("BMW 12 a line of text"), kind.Text},
		{"WebP", []byte("RIFF\x10\x00\x00\x00WEBPVP8 "), kind.WebP},
		{"JPEG 2000", []byte("\x00\x00\x00\x0cjP  \r\n\x87\n"), kind.JPEG2000},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), kind.HEIC},
		{"HTML", []byte("\xef\xbb\xbf\n<!DOCTYPE html><p>x"), kind.HTML},
		{"HTML behind comments", []byte("<!-- a -->\n<!-- b --><p>文</p>"), kind.HTML},
		{"a fragment of HTML", []byte("<dialog open><p>文</p></dialog>"), kind.HTML},
		{"HTML behind a note", []byte("/* served by a */\n<HTML>\n<TITLE>文</TITLE><BODY>x"), kind.HTML},
		{"text that names an element", []byte("写成 <html> 即可"), kind.Text},
		{"a fragment", []byte("<TABLE border=1><tr><td>1</table>"), kind.HTML},
		{"XHTML", []byte(`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`), kind.HTML},
		{"HTML in UTF-16", []byte("\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00"), kind.HTML},
		{"what Excel and Word save as HTML", []byte(`<html xmlns:o="urn:schemas-microsoft-com:office:office">`), kind.HTML},
		{"a web archive", []byte("From: <Saved by x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"x\"\r\n\r\n"), kind.MHT},
		{"Word 2003 XML", []byte(`<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">`), kind.WordXML},
		{"other XML", []byte(`<?xml version="1.0"?><feed/>`), kind.Unknown},
		{"text", []byte("一、总体情况\n"), kind.Text},
		{"Markdown with a table inside", []byte("# 报告\n<table><tr><td>1</table>"), kind.Text},
		{"text in GBK", gbk, kind.Text},
		{"text in UTF-16", []byte("\xff\xfe\x00\x4e\x01\x30"), kind.Text},
		{"a program", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x03\x00\x3e\x00\x01\x00\x00\x00"), kind.Unknown},
		{"zeros", make([]byte, 64), kind.Unknown},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if got := kind.Of(c.data); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestForeign tells files that other programs wrote, those that the readers are tested with.
func TestForeign(t *testing.T) {
	for name, want := range map[string]kind.Kind{
		"docx/testdata/python-docx.docx": kind.DOCX,
		"docx/testdata/libreoffice.docx": kind.DOCX,
		"docx/testdata/encrypted.docx":   kind.Encrypted,
		"word97/testdata/form.doc":       kind.DOC,
		"sheet/testdata/libreoffice.xls": kind.XLS,
		"sheet/testdata/openpyxl.xlsx":   kind.XLSX,
		"sheet/testdata/encrypted.xls":   kind.Encrypted,
		"html/testdata/libreoffice.html": kind.HTML,
		"html/testdata/python-email.mht": kind.MHT,
	} {
		data, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if got := kind.Of(data); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add([]byte("<?xml?><!-- --><html>"))
	f.Add([]byte("PK\x03\x04[Content_Types].xml"))
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
	f.Add([]byte("Mime-Version: 1.0\nContent-Type: text/html\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if k := kind.Of(data); k != kind.Unknown && k.MediaType() == "application/octet-stream" {
			t.Errorf("kind %q has no media type", k)
		}
	})
}
