package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/internal/whole"
)

type exportOptions struct {
	to, out, shape string
	bom, labels    bool
}

func newExportCommand(e *env) *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use:   "export OUT|FILE.json... --to FORMAT",
		Short: "Write reports as CSV, XLSX, SQLite, Parquet or JSON lines",
		Long: `Write the results of a batch, or any JSON reports, as a table. --shape long has a row for each number
(issuer, year, form, table, row, column, labels, value, what was read, verdict, page, source), --shape
wide a row for each report. A workbook and a database hold both, with the cells to review, the sums
that do not hold and the contradictions between years.

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
		RunE: func(_ *cobra.Command, args []string) error { return runExport(e, o, args) },
	}
	f := c.Flags()
	f.StringVar(&o.to, "to", "", "`format`: csv, xlsx, sqlite, parquet or jsonl (required)")
	f.StringVarP(&o.out, "output", "o", "", "output `file`; standard output for csv and jsonl when not given")
	f.StringVar(&o.shape, "shape", "", "long or wide, for csv, parquet and jsonl (default long)")
	f.BoolVar(&o.bom, "bom", false, "csv: begin with a byte order mark, so that Excel takes it for UTF-8")
	f.BoolVar(&o.labels, "labels", false, "csv: Chinese headings instead of keys")
	return c
}

func runExport(e *env, o exportOptions, args []string) error {
	if err := o.check(); err != nil {
		return err
	}
	files, err := reportFiles(args)
	if err != nil {
		return err
	}
	set, err := export.Open(files, form.Set{})
	if err != nil {
		return err
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
		return whole.Make(o.out, set.SQLite)
	}
	return whole.Stream(o.out, write)
}

func (o *exportOptions) check() error {
	tables := false
	switch o.to {
	case "csv", "jsonl", "parquet":
		tables = true
	case "xlsx", "sqlite":
	case "":
		return usageError{errors.New("--to is missing: csv, xlsx, sqlite, parquet or jsonl")}
	default:
		return usageError{fmt.Errorf("unknown --to %q: csv, xlsx, sqlite, parquet or jsonl", o.to)}
	}
	switch {
	case o.shape != "" && !tables:
		return usageError{fmt.Errorf("--shape is not for %s, which holds both", o.to)}
	case o.shape != "" && o.shape != string(export.LongForm) && o.shape != string(export.WideForm):
		return usageError{fmt.Errorf("unknown --shape %q: long or wide", o.shape)}
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
