package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

func newExplainCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "explain FILE.json POINTER",
		Short: "Say where a number comes from: its place, its other readings, its equations",
		Long: `Say in a few lines where a value of a converted report comes from: its place on the page, how it was
read and how else it could be, the equations that contain it, and the decision.` + "\n" + `
Exit status:
  0  explained
  1  the file cannot be read, or has no such value
  2  wrong usage`,
		Example: `  nianbao explain report.json /tables/requests/received/total`,
		Args:    cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := e.readReport(args[0])
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			lines, err := check.Explain(r, form.Set{}, args[1])
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			for _, l := range lines {
				if _, err := fmt.Fprintln(e.stdout, l); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// readReport reads a converted report.
func (e *env) readReport(file string) (*report.Report, error) {
	_, data, err := e.readInput(file)
	if err != nil {
		return nil, err
	}
	return report.Decode(data)
}
