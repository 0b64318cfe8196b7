// Package extract turns a file into a document: one reader a format, in packages below, chosen by
// what the file is and never by what it is called.
//
// A reader tells what its format tells: words and rulings of a PDF page, the cells of a DOCX, the
// pixels of a scan. What is still to find out is for the stages that follow.
package extract

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/extract/docx"
	"github.com/nianbao/nianbao/extract/html"
	"github.com/nianbao/nianbao/extract/kind"
	"github.com/nianbao/nianbao/extract/odt"
	"github.com/nianbao/nianbao/extract/ofd"
	"github.com/nianbao/nianbao/extract/office"
	"github.com/nianbao/nianbao/extract/pdf"
	"github.com/nianbao/nianbao/extract/picture"
	"github.com/nianbao/nianbao/extract/sheet"
	"github.com/nianbao/nianbao/extract/text"
	"github.com/nianbao/nianbao/extract/word97"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

// Opener holds what the readers need beyond the file. The zero value works.
type Opener struct {
	PDF pdf.Engine
	// Office is LibreOffice, for what no reader here can read.
	Office office.Office
}

// Open reads a file of any known kind. The base of name is kept for the output and decides nothing. Errors wrap
// those of package diag. Where the document has a Close, it must be called.
func (o *Opener) Open(ctx context.Context, name string, data []byte) (*layout.Document, []diag.Warning, error) {
	return o.OpenSome(ctx, name, data, nil)
}

// OpenSome is Open for some pages: where all of a file's are read at once, the others come without their content.
func (o *Opener) OpenSome(ctx context.Context, name string, data []byte, want layout.Pages) (*layout.Document, []diag.Warning, error) {
	if len(data) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	k := kind.Of(data)
	d, warnings, err := o.read(ctx, k, data, want)
	if errors.Is(err, diag.ErrEncrypted) {
		return nil, nil, fmt.Errorf("%w: %s", err, unlock(k))
	}
	if err != nil {
		return nil, nil, err
	}
	d.Name, d.SHA256, d.MediaType = base(name), sumOf(data), k.MediaType()
	return d, warnings, nil
}

// sumOf hashes a file piece by piece, for it may be mapped: what is hashed is given back meanwhile.
func sumOf(data []byte) string {
	h := sha256.New()
	for piece := range slices.Chunk(data, 1<<20) {
		h.Write(piece)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// File is a file's name and content.
type File struct {
	Name string
	Data []byte
}

// OpenPages reads several files, one after the other, as the pages of one document: a folder of
// scans. name is the folder's, and becomes the document's; its SHA256 is that of the files' sums, each
// in hex on a line of its own. The files must be scans or PDFs: a format without pages gives
// diag.ErrFormat. An error names its file.
func (o *Opener) OpenPages(ctx context.Context, name string, files []File) (*layout.Document, []diag.Warning, error) {
	if len(files) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	all := &layout.Document{Name: base(name)}
	var warnings []diag.Warning
	var open []func() error
	all.Close = func() error {
		var errs []error
		for _, f := range open {
			errs = append(errs, f())
		}
		open = nil
		return errors.Join(errs...)
	}
	sums := sha256.New()
	for _, f := range files {
		d, w, err := o.Open(ctx, f.Name, f.Data)
		if err == nil && d.Close != nil {
			open = append(open, d.Close)
		}
		if err == nil && (len(d.Pages) == 0 || d.Pages[0].Number == 0) {
			err = fmt.Errorf("%w: %s has no pages to put among others; convert it by itself", diag.ErrFormat, d.MediaType)
		}
		if err != nil {
			return nil, nil, errors.Join(fmt.Errorf("%s: %w", base(f.Name), err), all.Close())
		}
		fmt.Fprintln(sums, d.SHA256)
		if all.MediaType == "" {
			all.MediaType = d.MediaType
		}
		before := len(all.Pages)
		for _, p := range d.Pages {
			p.Number = len(all.Pages) + 1
			all.Pages = append(all.Pages, p)
		}
		for _, x := range w {
			if x.Page > 0 {
				x.Page += before
			} else {
				x.Message = base(f.Name) + ": " + x.Message
			}
			warnings = append(warnings, x)
		}
	}
	all.SHA256 = hex.EncodeToString(sums.Sum(nil))
	return all, warnings, nil
}

// base is a name without its folders, whichever way their slashes lean.
func base(name string) string {
	return name[strings.LastIndexAny(name, `/\`)+1:]
}

// unlock says how a document of a kind is freed of its password.
func unlock(k kind.Kind) string {
	switch k {
	case kind.PDF:
		return "qpdf --decrypt --password=… in.pdf out.pdf, or open it with its password and print it to a new PDF"
	case kind.OFD:
		return "open it in the program that it was locked with, and print it to a PDF"
	case kind.ODT, kind.ODS:
		return "open it with its password in LibreOffice and save it without one"
	case kind.DOC, kind.DOCX, kind.XLS, kind.XLSX, kind.Encrypted:
		return "open it with its password in Word, Excel, WPS or LibreOffice and save it without one"
	}
	return "save it without a password first"
}

func (o *Opener) read(ctx context.Context, k kind.Kind, data []byte, want layout.Pages) (*layout.Document, []diag.Warning, error) {
	switch {
	case k == kind.PDF:
		return o.PDF.ReadSome(data, want)
	case k == kind.OFD:
		return ofd.Read(data)
	case k == kind.DOCX:
		return docx.Read(data)
	case k == kind.DOC:
		d, warnings, err := word97.Read(data)
		if err == nil || errors.Is(err, diag.ErrEncrypted) {
			return d, warnings, err
		}
		d, warnings, second := o.Office.Read(ctx, data, k)
		if errors.Is(second, diag.ErrMissingProgram) {
			return nil, nil, fmt.Errorf("%w (%w)", second, err)
		}
		return d, warnings, second
	case k == kind.ODT:
		return odt.Read(data)
	case k == kind.XLSX || k == kind.XLS:
		d, warnings, err := sheet.Read(data)
		if errors.Is(err, diag.ErrFormat) {
			return o.Office.Read(ctx, data, k) // a workbook older than Excel 97
		}
		return d, warnings, err
	case k == kind.HTML || k == kind.MHT:
		return html.Read(data)
	case k == kind.Text:
		return text.Read(data)
	case k.Picture():
		return picture.Read(data)
	case office.Reads(k):
		return o.Office.Read(ctx, data, k)
	case k == kind.Encrypted:
		return nil, nil, diag.ErrEncrypted
	case k == kind.Zip:
		return nil, nil, fmt.Errorf("%w: an archive of files; unpack it and convert what is inside", diag.ErrFormat)
	case k == kind.Unknown:
		return nil, nil, diag.ErrFormat
	}
	return nil, nil, fmt.Errorf("%w: %s", diag.ErrFormat, k.MediaType())
}
