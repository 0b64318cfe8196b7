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
	"fmt"

	"github.com/nianbao/nianbao/diag"
	"github.com/nianbao/nianbao/extract/docx"
	"github.com/nianbao/nianbao/extract/html"
	"github.com/nianbao/nianbao/extract/kind"
	"github.com/nianbao/nianbao/extract/pdf"
	"github.com/nianbao/nianbao/extract/picture"
	"github.com/nianbao/nianbao/extract/text"
	"github.com/nianbao/nianbao/layout"
)

// Opener holds what the readers need beyond the file. The zero value works.
type Opener struct {
	PDF pdf.Engine
}

// Open reads a file of any known kind. name is kept for the output and decides nothing. Errors wrap
// those of package diag. Where the document has a Close, it must be called.
func (o *Opener) Open(ctx context.Context, name string, data []byte) (*layout.Document, []diag.Warning, error) {
	if len(data) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	k := kind.Of(data)
	d, warnings, err := o.read(k, data)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(data)
	d.Name, d.SHA256, d.MediaType = name, hex.EncodeToString(sum[:]), k.MediaType()
	return d, warnings, nil
}

func (o *Opener) read(k kind.Kind, data []byte) (*layout.Document, []diag.Warning, error) {
	switch {
	case k == kind.PDF:
		return o.PDF.Read(data)
	case k == kind.DOCX:
		return docx.Read(data)
	case k == kind.HTML || k == kind.MHT:
		return html.Read(data)
	case k == kind.Text:
		return text.Read(data)
	case k.Picture():
		return picture.Read(data)
	case k == kind.Encrypted:
		return nil, nil, diag.ErrEncrypted
	case k == kind.Unknown:
		return nil, nil, diag.ErrFormat
	}
	return nil, nil, fmt.Errorf("%w: %s", diag.ErrFormat, k.MediaType())
}
