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
	logOptions
	limitOptions
	format string
	pages  string
}

func newTablesCommand(e *env) *cobra.Command {
	var o tablesOptions
	c := &cobra.Command{
		Use:   "tables FILE",
		Short: "Print every table of any document, report or not",
		Long: `Print every table of a document. JSON and HTML keep spans; in CSV and Markdown a cell that spans stands
at its first position. Tables that go on over pages are one table, on the page where they begin.
` + exitHelp,
		Example: `  nianbao tables budget.pdf --format csv
  nianbao tables scan.tif --pages 2-4 --format html > tables.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runTables(cmd.Context(), e, o, args[0]) },
	}
	o.logOptions.add(c.Flags())
	o.limitOptions.add(c.Flags())
	c.Flags().StringVarP(&o.format, "format", "f", "json", "json, csv, md or html")
	c.Flags().StringVar(&o.pages, "pages", "", "pages to take tables from: 2-4,7")
	return c
}

func runTables(ctx context.Context, e *env, o tablesOptions, file string) error {
	log, err := o.logger(e.stderr)
	if err != nil {
		return err
	}
	if err := markup.Write(io.Discard, markup.Format(o.format), nil); err != nil {
		return usageError{err}
	}
	want, err := markup.Pages(o.pages)
	if err != nil {
		return usageError{err}
	}
	if err := o.check(); err != nil {
		return err
	}
	err = e.see(ctx, nianbao.Options{Logger: log}, &o.limitOptions, file, func(_ *nianbao.Converter, _ nianbao.Input, doc *layout.Document) error {
		return markup.Write(e.stdout, markup.Format(o.format), markup.Of(doc, want))
	})
	if err != nil {
		logError(log, file, err)
		return statusError{exitFailed}
	}
	return nil
}
