// Package kind tells what a file is by its content, never by its name: public bodies send Word files
// that are web pages, spreadsheets that are text, and scans called .doc.
package kind

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/extract/charset"
	"github.com/nianbao/nianbao/extract/html"
	"github.com/nianbao/nianbao/extract/ole"
	"github.com/nianbao/nianbao/extract/parts"
	"github.com/nianbao/nianbao/extract/picture"
	"github.com/nianbao/nianbao/layout/pattern"
)

// Kind is a kind of file. Its value is the usual extension.
type Kind string

// The kinds that are told apart.
const (
	Unknown   Kind = ""
	PDF       Kind = "pdf"
	OFD       Kind = "ofd"
	DOCX      Kind = "docx" // with or without macros
	DOC       Kind = "doc"  // Word 97-2003 and Kingsoft .wps
	Works     Kind = "wps"  // Microsoft Works, which shares the extension
	WordXML   Kind = "xml"  // Word 2003 XML and flat OPC
	ODT       Kind = "odt"
	ODS       Kind = "ods"
	RTF       Kind = "rtf"
	XLSX      Kind = "xlsx"
	XLS       Kind = "xls"
	HTML      Kind = "html"
	MHT       Kind = "mht"
	Text      Kind = "txt"
	PNG       Kind = "png"
	JPEG      Kind = "jpg"
	TIFF      Kind = "tif"
	BMP       Kind = "bmp"
	WebP      Kind = "webp"
	GIF       Kind = "gif"
	JPEG2000  Kind = "jp2"
	HEIC      Kind = "heic"      // or AVIF
	Zip       Kind = "zip"       // an archive of something else
	Encrypted Kind = "encrypted" // an Office document behind a password
	OtherOLE  Kind = "ole"       // a compound file of something else
)

var mediaTypes = map[Kind]string{
	PDF: "application/pdf", OFD: "application/ofd",
	DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	DOC:  "application/msword", Works: "application/vnd.ms-works", WordXML: "application/xml",
	ODT: "application/vnd.oasis.opendocument.text", ODS: "application/vnd.oasis.opendocument.spreadsheet", RTF: "application/rtf",
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XLS: "application/vnd.ms-excel",
	HTML: "text/html", MHT: "multipart/related", Text: "text/plain",
	PNG: "image/png", JPEG: "image/jpeg", TIFF: "image/tiff", BMP: "image/bmp", WebP: "image/webp",
	GIF: "image/gif", JPEG2000: "image/jp2", HEIC: "image/heic", Zip: "application/zip",
	Encrypted: "application/x-ole-storage", OtherOLE: "application/x-ole-storage",
}

// MediaType is the registered media type, "application/octet-stream" for an unknown kind.
func (k Kind) MediaType() string {
	if m, ok := mediaTypes[k]; ok {
		return m
	}
	return "application/octet-stream"
}

// Picture says that the kind is a picture.
func (k Kind) Picture() bool { return strings.HasPrefix(k.MediaType(), "image/") }

var magic = []struct {
	prefix string
	kind   Kind
}{
	{"\x89PNG\r\n\x1a\n", PNG},
	{"\xff\xd8\xff", JPEG},
	{"II*\x00", TIFF}, {"MM\x00*", TIFF}, {"II+\x00", TIFF}, {"MM\x00+", TIFF},
	{"GIF87a", GIF}, {"GIF89a", GIF},
	{"\x00\x00\x00\x0cjP  \r\n\x87\n", JPEG2000}, {"\xff\x4f\xff\x51", JPEG2000},
	{"{\\rtf", RTF},
}

// Of tells the kind of a file from its bytes.
func Of(data []byte) Kind {
	for _, m := range magic {
		if bytes.HasPrefix(data, []byte(m.prefix)) {
			return m.kind
		}
	}
	head := data[:min(len(data), 1024)]
	switch {
	case len(data) >= 12 && bytes.HasPrefix(data, []byte("RIFF")) && string(data[8:12]) == "WEBP":
		return WebP
	case bytes.HasPrefix(data, []byte("BM")) && picture.Is(data):
		return BMP // two letters are too few to go by
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return zipped(data)
	case ole.Is(data):
		return compound(data)
	case bytes.Contains(head, []byte("%PDF-")):
		return PDF
	case picture.Is(data):
		return HEIC // the others are told by their first bytes
	case html.IsArchive(data):
		return MHT
	}
	return textual(data)
}

// zipped looks into an archive. One whose directory is gone is told by the names inside, so that its
// reader can say that it is damaged.
func zipped(data []byte) Kind {
	a, err := parts.Open(data)
	if err != nil {
		for _, g := range []struct {
			name string
			kind Kind
		}{
			{"word/document", DOCX}, {"OFD.xml", OFD}, {"Doc_0/", OFD}, {"xl/", XLSX}, {"opendocument.text", ODT}, {"opendocument.spreadsheet", ODS}, {"[Content_Types].xml", DOCX},
		} {
			if bytes.Contains(data, []byte(g.name)) {
				return g.kind
			}
		}
		return Zip
	}
	if a.Has("OFD.xml") {
		return OFD
	}
	mime, err := a.Read("mimetype")
	switch {
	case err == nil && bytes.HasPrefix(mime, []byte("application/vnd.oasis.opendocument.text")):
		return ODT
	case err == nil && bytes.HasPrefix(mime, []byte("application/vnd.oasis.opendocument.spreadsheet")):
		return ODS
	}
	types, err := a.Read("[Content_Types].xml")
	switch {
	case err == nil && contains(types, "wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml", "ms-word.document.macroEnabled", "ms-word.template.macroEnabled"):
		return DOCX
	case err == nil && contains(types, "spreadsheetml.sheet.main+xml", "spreadsheetml.template.main+xml", "ms-excel.sheet.macroEnabled", "ms-excel.template.macroEnabled"):
		return XLSX
	case a.Has("word/document.xml"):
		return DOCX
	case a.Has("xl/workbook.xml"):
		return XLSX
	}
	return Zip
}

func contains(data []byte, any ...string) bool {
	for _, s := range any {
		if bytes.Contains(data, []byte(s)) {
			return true
		}
	}
	return false
}

func compound(data []byte) Kind {
	f, err := ole.Open(data)
	if err != nil {
		// The directory is broken; the names of the streams, in UTF-16, may still be there.
		switch {
		case bytes.Contains(data, []byte("W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00")):
			return DOC
		case bytes.Contains(data, []byte("W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00")):
			return XLS
		}
		return OtherOLE
	}
	switch {
	case f.Has("EncryptedPackage"):
		return Encrypted
	case f.Has("WordDocument"):
		return DOC
	case f.Has("Workbook"), f.Has("Book"):
		return XLS
	case f.Has("MatOST"), f.Has("CONTENTS"):
		return Works
	}
	return OtherOLE
}

var (
	markup   = pattern.Of(`(?i)^<(!doctype\s+html|html|head|body|meta|title|table|div|p|h[1-6]|center|style|script|font|span|ul|ol|dl|section|article|main|header|aside|nav|dialog|pre|blockquote|figure|tbody|tr|link|form|br)\b`)
	comment  = pattern.Of(`(?s)^\s*<!--.*?-->`)
	prolog   = pattern.Of(`(?s)^\s*<\?xml.*?\?>`)
	declares = pattern.Of(`(?i)<(html|body|table)[\s>]`)
	// A page may have a licence or a note of its server before it.
	within = pattern.Of(`(?is)<html[\s>].*<(head|title|body)[\s>]`)
)

// textual tells HTML, Word's XML and plain text from each other and from everything else.
func textual(data []byte) Kind {
	const enough = 64 << 10
	if len(data) == 0 {
		return Unknown
	}
	head := data[:min(len(data), enough)]
	text := charset.Decode(head, "").Text
	s := strings.TrimSpace(text)
	xml := false
	for {
		rest := prolog().ReplaceAllString(s, "")
		xml = xml || rest != s
		rest = strings.TrimSpace(comment().ReplaceAllString(rest, ""))
		if rest == s {
			break
		}
		s = rest
	}
	switch {
	case xml && (strings.Contains(s, "schemas.microsoft.com/office/word/2003/wordml") || strings.Contains(s, "schemas.microsoft.com/office/2006/xmlPackage")):
		return WordXML
	case markup().MatchString(s), strings.HasPrefix(s, "<") && declares().MatchString(s), within().MatchString(s):
		return HTML
	case xml:
		return Unknown
	}
	if !Readable(text) {
		return Unknown
	}
	return Text
}

// Readable says whether decoded text is text: almost all of it are characters that have a meaning.
func Readable(text string) bool {
	bad, all := 0, 0
	for _, r := range text {
		all++
		if r == utf8.RuneError || unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f\x1a\x85", r) || unicode.Is(unicode.Co, r) {
			bad++
		}
	}
	const tolerated = 0.01
	return all > 0 && float64(bad) <= tolerated*float64(all)+1
}
