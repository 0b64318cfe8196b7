package main

import (
	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/report"
)

func newSchemaCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema (draft 2020-12) of the output",
		Example: "  nianbao schema > annual-report.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := e.stdout.Write(report.SchemaJSON())
			return err
		},
	}
}
