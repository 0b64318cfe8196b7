package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/report"
)

type applyOptions struct {
	out          string
	noReviewExit bool
}

func newApplyCommand(e *env) *cobra.Command {
	var o applyOptions
	c := &cobra.Command{
		Use:   "apply FILE.json PATCH.json",
		Short: "Lay a person's answers over a conversion",
		Long: `Lay a person's answers over a converted report. PATCH.json is a list of objects with "path", "value" and
perhaps "note". The values are frozen (verdict "confirmed"), the sums decide anew what they settle, and
the answers are kept in "patches", so that they can be laid over another conversion of the same file:
a report with "patches" can stand for PATCH.json.
` + exitHelp,
		Example: `  echo '[{"path": "/tables/requests/received/total", "value": 21, "note": "seen on paper"}]' > answers.json
  nianbao apply report.json answers.json > checked.json
  nianbao apply new-conversion.json checked.json -o new.json`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error { return runApply(e, o, args[0], args[1]) },
	}
	c.Flags().StringVarP(&o.out, "output", "o", "", "write `FILE` instead of standard output")
	c.Flags().BoolVar(&o.noReviewExit, "no-review-exit", false, "exit 0 even when review is not empty")
	return c
}

func runApply(e *env, o applyOptions, file, answers string) error {
	r, err := e.readReport(file)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	patches, err := e.readPatches(answers)
	if err != nil {
		return fmt.Errorf("%s: %w", answers, err)
	}
	if err := check.Apply(r, form.Set{}, patches); err != nil {
		return fmt.Errorf("%s: %w", answers, err)
	}
	var b bytes.Buffer
	if err := report.Encode(&b, r, true); err != nil {
		return err
	}
	if o.out != "" {
		err = whole.Write(o.out, b.Bytes(), "")
	} else {
		_, err = e.stdout.Write(b.Bytes())
	}
	if err == nil && len(r.Review) > 0 && !o.noReviewExit {
		return statusError{exitReview}
	}
	return err
}

// readPatches reads a list of answers, or those of a report that has some.
func (e *env) readPatches(file string) ([]report.Patch, error) {
	_, data, err := e.readInput(file)
	if err != nil {
		return nil, err
	}
	if data = bytes.TrimSpace(data); len(data) > 0 && data[0] == '{' {
		r, err := report.Decode(data)
		if err != nil {
			return nil, err
		}
		if len(r.Patches) == 0 {
			return nil, fmt.Errorf("the report has no patches")
		}
		return r.Patches, nil
	}
	var out []report.Patch
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("a list of {path, value, note} is expected: %w", err)
	}
	return out, nil
}
