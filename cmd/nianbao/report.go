package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/internal/out/digest"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/whole"
)

func newReportCommand(e *env) *cobra.Command {
	var o reportOptions
	c := &cobra.Command{
		Use:   "report OUT|URL",
		Short: "Write one HTML page about a whole batch",
		Long: `Write one HTML page, in Chinese and with everything in it, about the results of a batch: totals by year,
form and verdict, what is in quarantine and why, the sums that are wrong in print with both sides of the
equation (勾稽不符清单), the cells to review first, and contradictions between years.

Exit status:
  0  all well
  1  the folder cannot be read or the page not written
  2  wrong usage`,
		Example: "  nianbao report out\n  nianbao report out --pictures\n  nianbao report out -o - > page.html",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runReport(cmd.Context(), e, o, args[0]) },
	}
	c.Flags().BoolVar(&o.pictures, "pictures", false, "show the cells to review that the page lists, drawn from the originals")
	o.formOptions.add(c.Flags())
	o.limitOptions.add(c.Flags())
	c.Flags().StringVarP(&o.out, "output", "o", "", "output `file`, - for standard output (default OUT/report.html)")
	return c
}

type reportOptions struct {
	limitOptions
	formOptions
	out      string
	pictures bool
}

func runReport(ctx context.Context, e *env, o reportOptions, arg string) (err error) {
	log := e.logger()
	if err := o.check(); err != nil {
		return err
	}
	at, err := o.at(ctx, e, log, arg)
	if err != nil {
		return err
	}
	defer at.close()
	if info, err := os.Stat(at.dir); err == nil && !info.IsDir() {
		return usageError{fmt.Errorf("%s is no folder: the output folder of a batch, or a folder of reports, is expected", arg)}
	}
	if o.out == "" {
		if o.out, err = at.beside("report.html"); err != nil {
			return err
		}
	}
	var failures []digest.Failure
	quarantined, err := batch.Reasons(at.out.Folder) // none in a folder of reports
	if err != nil {
		return err
	}
	for _, q := range quarantined {
		failures = append(failures, digest.Failure{Input: q.Input, Reason: string(q.Reason), Message: q.Message})
	}
	files, err := at.files()
	if err != nil && len(failures) == 0 {
		return err
	}
	fewerCollections()
	bad := badReports{log: log}
	set, err := export.Open(files, at.forms, bad.add)
	if err != nil {
		return err
	}
	defer func() { err = bad.status(err) }()
	if o.pictures {
		done, err := o.draw(ctx, log, set, at)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, done()) }()
	}
	list, err := at.manifest(ctx)
	if err != nil {
		return err
	}
	if o.out == "-" {
		b := bufio.NewWriter(e.stdout)
		return errors.Join(digest.Write(b, set, failures, list), b.Flush())
	}
	if err := whole.Stream(o.out, func(w io.Writer) error { return digest.Write(w, set, failures, list) }); err != nil {
		return err
	}
	e.tell("written: %s; open it in a browser", typed(o.out))
	return nil
}
