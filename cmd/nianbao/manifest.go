package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/internal/out/manifest"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/internal/run/queue"
	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/internal/wording"
)

type manifestOptions struct {
	to, out     string
	bom, labels bool
}

func newManifestCommand(e *env) *cobra.Command {
	var o manifestOptions
	c := &cobra.Command{
		Use:   "manifest OUT|URL",
		Short: "List every input of a batch and what became of it, to be handed over",
		Long: `List every input that a batch has found: its path, also within a ZIP, its size and SHA-256, what became of it
(complete, partial, no_numbers, not_a_report, quarantined, duplicate, waiting), its result with the SHA-256 of that,
of what it is a duplicate, why it has no result, and its pages, numbers and entries to review. The totals, which
add up to the inputs that the last run found, are said on standard error, and stand in a sheet of the workbook.
nianbao verify OUT LIST.csv holds the folder against the list later. Of a queue (its URL) all is listed that was ever
submitted.

Exit status:
  0  all well
  1  the folder cannot be read or the list not written
  2  wrong usage`,
		Example: `  nianbao manifest out > list.csv
  nianbao manifest out --bom --labels -o 清单.csv
  nianbao manifest out --to xlsx -o 清单.xlsx`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runManifest(cmd.Context(), e, o, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&o.to, "to", "csv", "`format`: csv, xlsx or jsonl")
	f.StringVarP(&o.out, "output", "o", "", "output `file`; standard output for csv and jsonl when not given")
	f.BoolVar(&o.bom, "bom", false, "csv: begin with a byte order mark, so that Excel takes it for UTF-8")
	f.BoolVar(&o.labels, "labels", false, "csv: Chinese headings, outcomes and reasons instead of keys")
	return c
}

func runManifest(ctx context.Context, e *env, o manifestOptions, out string) error {
	log := e.logger()
	switch {
	case o.to != "csv" && o.to != "xlsx" && o.to != "jsonl":
		return usageError{fmt.Errorf("unknown --to %q: csv, xlsx or jsonl", o.to)}
	case (o.bom || o.labels) && o.to != "csv":
		return usageError{errors.New("--bom and --labels are for csv")}
	case o.to == "xlsx" && o.out == "":
		return usageError{errors.New("-o is missing: xlsx cannot go to standard output")}
	}
	list, _, done, err := listed(ctx, e, log, out)
	if err != nil {
		return err
	}
	defer done()
	m, err := list()
	if err != nil {
		return err
	}
	write := func(w io.Writer) error {
		switch o.to {
		case "xlsx":
			return manifest.XLSX(w, m)
		case "jsonl":
			return manifest.JSONL(w, m)
		}
		return manifest.CSV(w, m, manifest.CSVOptions{BOM: o.bom, Labels: o.labels})
	}
	if o.out == "" {
		b := bufio.NewWriter(e.stdout)
		err = errors.Join(write(b), b.Flush())
	} else {
		err = whole.Stream(o.out, write)
	}
	if err != nil {
		return err
	}
	log.Info(totals(e.told(), m))
	switch {
	case o.out == "":
	case o.to == "csv":
		e.tell("written: %s; nianbao verify %s %s tells later what is not as it says", typed(o.out), typed(out), typed(o.out))
	default:
		e.tell("written: %s", typed(o.out))
	}
	return nil
}

// listed opens an output folder, or a queue: list gives its inputs, results is where the results are, and done ends it.
func listed(ctx context.Context, e *env, log *slog.Logger, out string) (list func() (*batch.Manifest, error), results folder.Folder, done func(), err error) {
	if !queue.IsURL(out) {
		return func() (*batch.Manifest, error) { return batch.ReadManifest(out) }, folder.Dir{Root: out}, func() {}, nil
	}
	at, err := new(formOptions).at(ctx, e, log, out)
	if err != nil {
		return nil, nil, nil, err
	}
	return func() (*batch.Manifest, error) { return at.manifest(ctx) }, at.out.Folder, at.close, nil
}

// totals says in a line what became of the inputs.
func totals(words *wording.Words, m *batch.Manifest) string {
	var parts []string
	for _, f := range batch.Fates {
		if n := m.Totals[f]; n > 0 {
			name := string(f)
			if words.Language() == wording.Chinese {
				name = manifest.FateLabel(f)
			}
			parts = append(parts, fmt.Sprintf("%d %s", n, name))
		}
	}
	s := words.Say("%d inputs", m.Found)
	if len(parts) > 0 {
		s = words.Say("%d inputs: %s", m.Found, strings.Join(parts, words.Joint(", ")))
	}
	if m.Gone > 0 {
		s += words.Say("; %d of earlier runs are not among the inputs of the last one", m.Gone)
	}
	return s
}

type verifyOptions struct {
	originals, json bool
}

func newVerifyCommand(e *env) *cobra.Command {
	var o verifyOptions
	c := &cobra.Command{
		Use:   "verify OUT|URL [LIST.csv]",
		Short: "Hold the output folder of a batch against its list: nothing missing, changed or added",
		Long: `Hold the output folder of a batch against the list that nianbao manifest wrote of it, or, without one, against its
own ledger: every result and every reason must be there, every result must have the SHA-256 that it had, and
nothing else may be among them. With --originals the inputs are tested, too. What is not so is printed, one line each.

Exit status:
  0  all as the list says
  1  something is not, or the folder or the list cannot be read
  2  wrong usage`,
		Example: `  nianbao verify out
  nianbao verify out list.csv --originals`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error { return runVerify(cmd.Context(), e, o, args) },
	}
	c.Flags().BoolVar(&o.json, "json", false, "print JSON")
	c.Flags().BoolVar(&o.originals, "originals", false, "test the inputs, too, where they were found")
	return c
}

func runVerify(ctx context.Context, e *env, o verifyOptions, args []string) error {
	log := e.logger()
	list, out, done, err := listed(ctx, e, log, args[0])
	if err != nil {
		return err
	}
	defer done()
	var lines []batch.Line
	if len(args) == 1 {
		m, err := list()
		if err != nil {
			return err
		}
		lines = m.Lines
	} else {
		f, err := os.Open(args[1])
		if err != nil {
			return err
		}
		lines, err = manifest.ReadCSV(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("%s: %w", args[1], err)
		}
	}
	faults, looked, err := batch.Verify(out, lines, o.originals)
	if err != nil {
		return err
	}
	if o.json {
		if faults == nil {
			faults = []batch.Fault{}
		}
		err = printJSON(e.stdout, map[string]any{"files": looked, "faults": faults})
	} else {
		for _, f := range faults {
			_, ferr := fmt.Fprintln(e.stdout, printable(f.Path+e.words.Joint(": ")+e.words.Text(f.Message)))
			err = errors.Join(err, ferr)
		}
	}
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		log.Error(fmt.Sprintf("%d of %d files are not as listed", len(faults), looked))
		return statusError{exitFailed}
	}
	log.Info(fmt.Sprintf("%d files are as listed", looked))
	return nil
}
