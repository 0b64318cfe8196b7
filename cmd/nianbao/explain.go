package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/internal/wording"
	"github.com/nianbao/nianbao/report"
)

type explainOptions struct {
	limitOptions
	formOptions
	of, png, original string
}

func newExplainCommand(e *env) *cobra.Command {
	var o explainOptions
	c := &cobra.Command{
		Use:   "explain FILE.json POINTER",
		Short: "Say where a number comes from: its place, its other readings, its equations",
		Long: `Say in a few lines where a value of a converted report comes from: its place on the page, how it was
read and how else it could be, the equations that contain it, and the decision. With --png the cell is drawn,
from the original that a batch found, or from --original. With --of, FILE.json is a result by its name below json/.` + "\n" + `
Exit status:
  0  explained
  1  the file cannot be read, or has no such value
  2  wrong usage`,
		Example: `  nianbao explain report.json /tables/requests/received/total
  nianbao explain report.json /tables/requests/received/total --png cell.png --original report.pdf
  nianbao explain 2021/a.pdf.json /tables/requests/received/total --of postgres://nianbao@db/nianbao`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runExplain(cmd.Context(), e, o, args[0], args[1])
		},
	}
	c.Flags().StringVar(&o.png, "png", "", "draw the cell into `FILE`")
	c.Flags().StringVar(&o.original, "original", "", "`FILE` that the report was made of; that of a result in a batch's output folder is known")
	addOf(c.Flags(), &o.of)
	o.formOptions.add(c.Flags())
	o.limitOptions.add(c.Flags())
	return c
}

func runExplain(ctx context.Context, e *env, o explainOptions, file, pointer string) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.original != "" && o.png == "" {
		return usageError{errors.New("--original is for --png: it is drawn from there")}
	}
	log := e.logger()
	at, err := o.result(ctx, e, log, o.of, file)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	defer at.close()
	lines, err := check.ExplainIn(speech(e.words, at.forms, at.report), at.report, at.forms, pointer)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(e.stdout, l); err != nil {
			return err
		}
	}
	if o.png == "" {
		return nil
	}
	return o.draw(ctx, e, at, pointer)
}

// speech is how an explanation of a report is put into the user's words.
func speech(words *wording.Words, forms form.Set, r *report.Report) check.Speech {
	if words.Language() != wording.Chinese {
		return check.Speech{}
	}
	return check.Speech{
		Say:      words.Say,
		Text:     func(m string) string { return export.Detail(forms, r, report.Review{Detail: m}) },
		Equation: func(c report.Check) string { return export.Named(forms, r, c.Rule+" "+c.Scope) },
		Reason:   export.ReasonLabel,
	}
}

// draw draws the cell of a value.
func (o *explainOptions) draw(ctx context.Context, e *env, at *result, pointer string) (err error) {
	original := e.input(o.original, int64(o.input))
	if o.original == "" {
		if at.place == nil {
			return usageError{errors.New("--png needs --original: the file that the report was made of")}
		}
		book, err := at.book()
		if err != nil {
			return err
		}
		defer book.Close()
		job, err := book.Original(at.name)
		if err != nil {
			return err
		}
		original = nianbao.Pages(job.Name, job.Parts...)
	}
	c, err := o.converter(nianbao.Options{}, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	img, err := c.Reopen(at.report, original).Crop(ctx, pointer)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return err
	}
	return whole.Write(o.png, b.Bytes(), "")
}

// readReport reads a converted report.
func (e *env) readReport(file string) (*report.Report, error) {
	_, data, err := e.readInput(file)
	if err != nil {
		return nil, err
	}
	return report.Decode(data)
}
