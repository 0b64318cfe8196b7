package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/internal/wording"
	"github.com/nianbao/nianbao/report"
)

type checkOptions struct {
	formOptions
	json         bool
	all          bool
	noReviewExit bool
}

func newCheckCommand(e *env) *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check FILE.json...",
		Short: "Test the schema and the equations again, after a hand edit or on anyone's JSON",
		Long: `Test JSON reports against the schema and the equations of their forms (勾稽关系). Nothing is altered.
Equations that hold are counted; those that fail, and with --all every one, are listed with both sides.
` + `
Exit status:
  0  every file is valid and no equation fails
  1  a file is invalid or cannot be read
  2  wrong usage
  3  valid, but an equation fails, or a table's form was not given (with --no-review-exit: 0)`,
		Example: `  nianbao check out/*.json
  nianbao check --json report.json | jq '.checks[] | select(.status == "fail")'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return runCheck(e, o, args) },
	}
	o.add(c.Flags())
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON object a file")
	c.Flags().BoolVar(&o.all, "all", false, "list the equations that hold, too")
	c.Flags().BoolVar(&o.noReviewExit, "no-review-exit", false, "exit 0 even when an equation fails")
	return c
}

// checkedFile is what check says of one file.
type checkedFile struct {
	File string `json:"file"`
	*check.Examination
	report *report.Report // nil where it cannot be read
}

func runCheck(e *env, o checkOptions, files []string) error {
	log := e.logger()
	forms, err := o.set(e, files...)
	if err != nil {
		return err
	}
	status := exitOK
	for _, f := range files {
		c, err := e.checkFile(f, forms)
		if err != nil {
			logError(log, f, err)
			status = exitFailed
			continue
		}
		if o.json {
			j := json.NewEncoder(e.stdout)
			j.SetEscapeHTML(false)
			err = j.Encode(c)
		} else {
			err = c.print(e.stdout, e.words, forms, o.all)
		}
		if err != nil {
			return err
		}
		switch {
		case !c.Valid || len(c.Problems) > 0:
			status = exitFailed
		case c.Failing()+len(c.Untested) > 0 && status == exitOK && !o.noReviewExit:
			status = exitReview
		}
	}
	if status != exitOK {
		return statusError{status}
	}
	return nil
}

func (e *env) checkFile(file string, forms form.Set) (*checkedFile, error) {
	_, data, err := e.readInput(file)
	if err != nil {
		return nil, err
	}
	x, err := check.Examine(data, forms)
	if err != nil {
		return nil, err
	}
	r, err := report.Decode(data)
	if err != nil {
		r = nil // the examination says what is wrong with it
	}
	return &checkedFile{file, x, r}, nil
}

// maxFaults bounds the faults that are listed for one file.
const maxFaults = 20

// print writes a readable table: a line for the file, one for each fault, a row for each equation.
func (c *checkedFile) print(w io.Writer, words *wording.Words, forms form.Set, all bool) error {
	counts := map[report.Status]int{}
	for _, k := range c.Checks {
		counts[k.Status]++
	}
	var b strings.Builder
	verdict := words.Say("valid")
	if !c.Valid {
		verdict = words.Say("NOT VALID")
	}
	b.WriteString(printable(words.Say("%s: %s, %d equations hold, %d fail, %d unknown", c.File, verdict, counts[report.Pass], counts[report.Fail], counts[report.Unknown])) + "\n")
	where := func(path string) string {
		if path == "" {
			return words.Say("the whole document")
		}
		return path
	}
	for i, f := range slices.Concat(c.Faults, c.Problems) {
		if i == maxFaults {
			b.WriteString("  " + words.Say("… %d more", len(c.Faults)+len(c.Problems)-maxFaults) + "\n")
			break
		}
		fmt.Fprintf(&b, "  %s%s%s\n", where(f.Path), words.Joint(": "), words.Text(f.Message))
	}
	for _, f := range c.Untested {
		fmt.Fprintf(&b, "  %s%s%s\n", where(f.Path), words.Joint(": "), words.Text(f.Message))
	}
	var rows [][]string
	for _, k := range c.Checks {
		if k.Status != report.Fail && !all {
			continue
		}
		left, right := "?", "?"
		if k.Left != nil && k.Right != nil {
			left, right = k.Left.String(), k.Right.String()
		}
		sign := k.Relation
		if k.Status == report.Fail {
			sign = map[string]string{"=": "≠", "<=": ">", ">=": "<"}[sign]
		}
		severity := ""
		if k.Severity == "warning" {
			severity = words.Say("(usually holds)")
		}
		rule, scope := k.Rule, k.Scope
		if words.Language() == wording.Chinese && c.report != nil {
			rule, scope = export.Equation(forms, c.report, k)
		}
		rows = append(rows, []string{words.Say(string(k.Status)), rule, scope, left + " " + sign + " " + right, severity})
	}
	if len(rows) > 0 {
		rows = append([][]string{{words.Say("status"), words.Say("rule"), words.Say("scope"), words.Say("left, right"), ""}}, rows...)
	}
	writeColumns(&b, rows)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeColumns aligns rows by the width that a terminal gives their characters.
func writeColumns(b *strings.Builder, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, s := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], runewidth.StringWidth(s))
		}
	}
	for _, row := range rows {
		line := " "
		for i, s := range row {
			line += " " + s + strings.Repeat(" ", widths[i]-runewidth.StringWidth(s)+1)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
