package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/report"
)

// isPaper says that --to names a paper: one file for each scan.
func isPaper(to string) bool {
	return to == string(nianbao.PaperPDF) || to == string(nianbao.PaperALTO) || to == string(nianbao.PaperHOCR)
}

// runPapers writes a paper for each scan of a batch, below a folder, each where its result is below the results. A document that is no scan
// is passed by; one whose original is gone is named, and the others go on.
func (o *exportOptions) runPapers(ctx context.Context, log *slog.Logger, at *place) error {
	files, err := at.files()
	if err != nil {
		return err
	}
	book, err := at.book()
	if err != nil {
		return err
	}
	defer book.Close()
	o.output = max(o.output, o.input) // a paper holds the images
	c, err := o.converter(nianbao.Options{}, "")
	if err != nil {
		return err
	}
	defer c.Close()
	failed, written, passed := 0, 0, 0
	for _, f := range files {
		switch err := o.paper(ctx, c, book, f); {
		case errors.Is(err, nianbao.ErrNoScan):
			passed++
		case ctx.Err() != nil:
			return err
		case err != nil:
			failed++
			logError(log, f.Name, err)
		default:
			written++
		}
	}
	log.Info(fmt.Sprintf("%d papers written below %s; %d documents are no scans", written, o.out, passed))
	if failed > 0 {
		return statusError{exitFailed}
	}
	return nil
}

// paper writes the paper of one result.
func (o *exportOptions) paper(ctx context.Context, c *nianbao.Converter, book *batch.Book, f export.File) error {
	read := f.Read
	if read == nil {
		read = func() ([]byte, error) { return os.ReadFile(f.Path) }
	}
	data, err := read()
	if err != nil {
		return err
	}
	r, err := report.Decode(data)
	if err != nil {
		return err
	}
	job, err := book.Original(f.Name)
	if err != nil {
		return err
	}
	kind := nianbao.Paper(o.to)
	b, err := c.Reopen(r, nianbao.Pages(job.Name, job.Parts...)).Paper(ctx, kind, o.attach)
	if err != nil {
		return err
	}
	name := filepath.Join(o.out, filepath.FromSlash(strings.TrimSuffix(f.Name, ".json"))+kind.Extension())
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return whole.Write(name, b, "")
}
