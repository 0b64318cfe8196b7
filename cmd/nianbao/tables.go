package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/out/markup"
	"github.com/nianbao/nianbao/layout"
)

type tablesOptions struct {
	limitOptions
	format string
	pages  string

	structure bool
}

func newTablesCommand(e *env) *cobra.Command {
	var o tablesOptions
	c := &cobra.Command{
		Use:   "tables FILE",
		Short: "Print every table of any document, report or not",
		Long: `Print every table of a document. JSON and HTML keep spans; in CSV and Markdown a cell that spans stands
at its first position. Tables that go on over pages are one table, on the page where they begin; of --pages, no others are read, so that
a table ends with the last of them. Of text layers, tables are found whose
rows and columns nothing but white space parts; of scans, those that rulings draw and those that look like a report's.
` + seenHelp,
		Example: `  nianbao tables budget.pdf --format csv
  nianbao tables scan.tif --pages 2-4 --format html > tables.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runTables(cmd.Context(), e, o, args[0]) },
	}
	o.add(c.Flags())
	c.Flags().StringVarP(&o.format, "format", "f", "json", "json, csv, md or html")
	c.Flags().BoolVar(&o.structure, "structure", false, "of scans, give the cells that rulings make, and do not read them")
	c.Flags().StringVar(&o.pages, "pages", "", "pages to take tables from: 2-4,7")
	return c
}

func runTables(ctx context.Context, e *env, o tablesOptions, file string) error {
	log := e.logger().With("file", file)
	if err := markup.Write(io.Discard, markup.Format(o.format), nil); err != nil {
		return usageError{err}
	}
	want, err := layout.ParsePages(o.pages)
	if err != nil {
		return usageError{err}
	}
	if err := o.check(); err != nil {
		return err
	}
	c, err := o.converter(nianbao.Options{Logger: log}, "")
	if err != nil {
		return err
	}
	defer c.Close()
	var doc *layout.Document
	in, done, err := e.one(file, int64(o.input))
	if err == nil {
		defer done()
		doc, err = c.Tables(ctx, in, nianbao.TableOptions{Structure: o.structure, Pages: want})
	}
	if err == nil {
		found := markup.Of(doc, want)
		if len(found) == 0 {
			log.Warn("there are no tables in it, or none on these pages")
		}
		err = markup.Write(e.stdout, markup.Format(o.format), found)
	}
	if err != nil {
		logError(e.logger(), file, err)
		return statusError{exitFailed}
	}
	return nil
}
