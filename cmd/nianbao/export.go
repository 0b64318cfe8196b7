package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/report"
)

type exportOptions struct {
	to, out, shape string
	bom, labels    bool
	pictures       bool
	attach         bool
	limitOptions
	formOptions
}

func newExportCommand(e *env) *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use:   "export OUT|URL|FILE.json... --to FORMAT",
		Short: "Write reports as tables (CSV, XLSX, SQLite, Parquet), scans as searchable PDF/A, ALTO or hOCR",
		Long: `Write the results of a batch, or any JSON reports, as a table. --shape long has a row for each number
(issuer, year, form, table, row, column, labels, value, what was read, verdict, page, source), --shape
wide a row for each report. A workbook and a database hold both, with the cells to review, the sums
that do not hold and the contradictions between years.

The sheet 待核对 of a workbook has a column 正确值 for a person to fill in: nianbao apply OUT FILE.xlsx takes the
answers back. With --pictures each of its lines shows the cell, drawn from the original, where that still is where
the batch found it; that takes some tenths of a second for each report with cells to review.

--to pdf, alto and hocr write a file for each scan of a batch below the folder -o: a searchable PDF/A-2b with the original
images as they are stored, the text in its place, the numbers as the sums or a person mended them, title, issuer and year (with
--attach a PDF/A-3b that carries the JSON along); ALTO 4; hOCR. Scans are read again for it.

In CSV a text that a spreadsheet would run as a formula has an apostrophe before it.

Exit status:
  0  all well
  1  an input is no report, or the output cannot be written
  2  wrong usage`,
		Example: `  nianbao export out --to xlsx -o reports.xlsx
  nianbao export out --to csv --shape wide --bom --labels -o reports.csv
  nianbao export out --to sqlite -o reports.db && sqlite3 reports.db 'select issuer, year, value from cells where path = "/tables/requests/received/total"'
  nianbao export a.json b.json --to jsonl | jq -c 'select(.review != "")'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runExport(cmd.Context(), e, o, args) },
	}
	f := c.Flags()
	f.StringVar(&o.to, "to", "", "`format`: csv, xlsx, sqlite, parquet, jsonl, pdf, alto or hocr (required)")
	f.StringVarP(&o.out, "output", "o", "", "output `file`, or folder for pdf, alto and hocr; standard output for csv and jsonl when not given")
	f.BoolVar(&o.attach, "attach", false, "pdf: attach the JSON (PDF/A-3b)")
	f.StringVar(&o.shape, "shape", "", "long or wide, for csv, parquet and jsonl (default long)")
	f.BoolVar(&o.bom, "bom", false, "csv: begin with a byte order mark, so that Excel takes it for UTF-8")
	f.BoolVar(&o.pictures, "pictures", false, "xlsx of a batch's output folder: show each cell to review")
	o.limitOptions.add(f)
	o.formOptions.add(f)
	f.BoolVar(&o.labels, "labels", false, "csv: Chinese headings instead of keys")
	return c
}

func runExport(ctx context.Context, e *env, o exportOptions, args []string) (err error) {
	if err := errors.Join(o.check(), o.limitOptions.check()); err != nil {
		return err
	}
	log := e.logger()
	at, err := o.at(ctx, e, log, args...)
	if err != nil {
		return err
	}
	defer at.close()
	if isPaper(o.to) {
		return o.runPapers(ctx, log, at)
	}
	files, err := at.files()
	if err != nil {
		return err
	}
	fewerCollections()
	bad := badReports{log: log}
	set, err := export.Open(files, at.forms, bad.add)
	if err != nil {
		return err
	}
	defer func() { err = bad.status(err) }()
	set.Progress = told(log)
	if o.pictures {
		done, err := o.draw(ctx, log, set, at)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, done()) }()
	}
	shape := export.LongForm
	if o.shape != "" {
		shape = export.Shape(o.shape)
	}
	write := map[string]func(io.Writer) error{
		"csv":     func(w io.Writer) error { return set.CSV(w, shape, export.CSVOptions{BOM: o.bom, Labels: o.labels}) },
		"jsonl":   func(w io.Writer) error { return set.JSONL(w, shape) },
		"parquet": func(w io.Writer) error { return set.Parquet(w, shape) },
		"xlsx":    set.XLSX,
	}[o.to]
	if o.out == "" {
		b := bufio.NewWriter(e.stdout)
		return errors.Join(write(b), b.Flush())
	}
	if o.to == "sqlite" {
		err = whole.Make(o.out, set.SQLite)
	} else {
		err = whole.Stream(o.out, write)
	}
	if err != nil {
		return err
	}
	e.tell("written: %s, %d reports", typed(o.out), len(files)-bad.n)
	if o.to == "xlsx" && len(args) == 1 && batch.IsOutput(args[0]) {
		e.tell("answers that are filled into its sheet 待核对 are taken by nianbao apply %s %s", typed(args[0]), typed(o.out))
	}
	return nil
}

// fewerCollections is for what reads one report after the other: a fifth of its time goes into collecting what each leaves behind, and
// for a third more memory (100 MB for a thousand reports) it is a twentieth.
func fewerCollections() { debug.SetGCPercent(400) }

// badReports are files among results that are no reports: they are named, and what is written goes on without them.
type badReports struct {
	log *slog.Logger
	n   int
}

func (b *badReports) add(f export.File, err error) {
	b.n++
	logError(b.log, f.Path, fmt.Errorf("left out: %w", err))
}

// status is the end of a command that left files out.
func (b *badReports) status(err error) error {
	if err == nil && b.n > 0 {
		return statusError{exitFailed}
	}
	return err
}

// told says every few seconds how many reports were written.
func told(log *slog.Logger) func(n, of int) {
	const every = 5 * time.Second
	last := time.Now()
	return func(n, of int) {
		if now := time.Now(); now.Sub(last) >= every {
			last = now
			log.Info(fmt.Sprintf("%d of %d reports written", n, of))
		}
	}
}

// draw has the cells to review drawn from the originals of a batch. The function it gives ends the drawing, and says of how
// many reports nothing could be drawn: a sheet without pictures would look like one that needs none.
func (o *limitOptions) draw(ctx context.Context, log *slog.Logger, set *export.Set, at *place) (done func() error, err error) {
	book, err := at.book()
	if err != nil {
		return nil, err
	}
	c, err := o.converter(nianbao.Options{}, "")
	if err != nil {
		return nil, err
	}
	var undrawn int
	var first error
	set.Pictures = func(name string, r *report.Report) map[string][]byte {
		drawn, err := pictures(ctx, c, book, name, r)
		if err != nil {
			if undrawn++; undrawn == 1 {
				first = fmt.Errorf("%s: %w", name, err)
			}
		}
		return drawn
	}
	return func() error {
		if undrawn > 0 {
			log.Warn(fmt.Sprintf("no pictures of %d reports; the first: %s", undrawn, oneLine(first)), "hint", hint(first))
		}
		book.Close()
		return c.Close()
	}, nil
}

// pictures draws the cells that a report has in its review; none where they have no place on a page.
func pictures(ctx context.Context, c *nianbao.Converter, book *batch.Book, output string, r *report.Report) (map[string][]byte, error) {
	var paths []string
	for _, x := range r.Review {
		if cell := r.Cell(x.Path); cell != nil && cell.Page != nil && cell.Box != nil && !slices.Contains(paths, x.Path) {
			paths = append(paths, x.Path)
		}
	}
	if len(paths) == 0 {
		return nil, nil
	}
	job, err := book.Original(output)
	if err != nil {
		return nil, err
	}
	images, err := c.Reopen(r, nianbao.Pages(job.Name, job.Parts...)).Crops(ctx, paths...)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for i, img := range images {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err == nil {
			out[paths[i]] = b.Bytes()
		}
	}
	return out, nil
}

func (o *exportOptions) check() error {
	tables := false
	switch o.to {
	case "csv", "jsonl", "parquet":
		tables = true
	case "xlsx", "sqlite", "pdf", "alto", "hocr":
	case "":
		return usageError{errors.New("--to is missing: csv, xlsx, sqlite, parquet, jsonl, pdf, alto or hocr")}
	default:
		return usageError{fmt.Errorf("unknown --to %q: csv, xlsx, sqlite, parquet, jsonl, pdf, alto or hocr", o.to)}
	}
	switch {
	case o.shape != "" && !tables:
		return usageError{fmt.Errorf("--shape is not for %s", o.to)}
	case o.shape != "" && o.shape != string(export.LongForm) && o.shape != string(export.WideForm):
		return usageError{fmt.Errorf("unknown --shape %q: long or wide", o.shape)}
	case o.attach && o.to != "pdf":
		return usageError{errors.New("--attach is for pdf")}
	case o.pictures && o.to != "xlsx":
		return usageError{errors.New("--pictures is for xlsx")}
	case (o.bom || o.labels) && o.to != "csv":
		return usageError{errors.New("--bom and --labels are for csv")}
	case o.out == "" && o.to != "csv" && o.to != "jsonl":
		return usageError{fmt.Errorf("-o is missing: %s cannot go to standard output", o.to)}
	}
	return nil
}

// reportFiles lists JSON reports: files, folders of them, and output folders of batches.
func reportFiles(args []string) ([]export.File, error) {
	var files []export.File
	for _, a := range args {
		info, err := os.Stat(a)
		switch {
		case err != nil:
			return nil, err
		case !info.IsDir():
			files = append(files, export.File{Path: a, Name: filepath.Base(a)})
			continue
		}
		dir := a
		if sub, err := os.Stat(filepath.Join(a, "json")); err == nil && sub.IsDir() {
			dir = filepath.Join(a, "json")
		}
		names, err := jsonFiles(dir)
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			rel, err := filepath.Rel(dir, n)
			if err != nil {
				return nil, err
			}
			files = append(files, export.File{Path: n, Name: filepath.ToSlash(rel)})
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no JSON report in %s", strings.Join(args, ", "))
	}
	return files, nil
}

// jsonFiles lists the .json files below a folder.
func jsonFiles(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(p, ".json") {
			out = append(out, p)
		}
		return err
	})
	return out, err
}
