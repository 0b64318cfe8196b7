// Command nianbao turns annual disclosure reports (政府信息公开工作年度报告) into JSON that proves itself.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/wording"
	"github.com/nianbao/nianbao/layout/diag"
)

// version is set by the linker for releases.
var version = ""

// Exit statuses, as the help of every command says.
const (
	exitOK     = 0
	exitFailed = 1 // an input failed
	exitUsage  = 2 // wrong flag or argument
	exitReview = 3 // done, and a person must look at something
)

const exitHelp = `
Exit status:
  0  all well
  1  an input failed
  2  wrong usage
  3  done, but a report is not complete or has something to review (with --no-review-exit: 0)`

// seenHelp is that of commands that make no report.
const seenHelp = `
Exit status:
  0  all well
  1  the input failed
  2  wrong usage`

// env is the process as the commands see it; tests give another.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	words          *wording.Words // of the user's language; set by run
	settings       *settings      // of the configuration file; set by run
	log            logOptions     // of the flags of all commands
}

// statusError ends the program with a status; its message, if any, has been printed already.
type statusError struct{ status int }

func (e statusError) Error() string { return fmt.Sprintf("exit status %d", e.status) }

// usageError is a mistake in flags or arguments.
type usageError struct{ error }

// run is the program without the process.
func run(ctx context.Context, args []string, e *env) int {
	in := *e // the caller's stays as it is
	e = &in
	e.settings = readSettings(args)
	e.words = wording.In(languageOf(args, e.settings, e.getenv))
	e.stderr = &voice{e.stderr, e.words}
	root := newRootCommand(e)
	inChinese(root, e.words)
	root.SetArgs(args)
	root.SetIn(e.stdin)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	err := root.ExecuteContext(ctx)
	var status statusError
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return status.status
	case errors.As(err, &usage):
		if err = e.settings.blame(err); e.log.format == "json" {
			e.logger().Error(oneLine(err), "usage", true)
			return exitUsage
		}
		_, _ = fmt.Fprintln(e.stderr, e.words.Say("nianbao: %s; see nianbao %s--help", printable(e.words.Text(oneLine(err))), commandOf(root, args)))
		return exitUsage
	}
	if e.log.format == "json" {
		e.logger().Error(oneLine(err), "hint", hint(err))
		return exitFailed
	}
	line := "nianbao" + e.words.Joint(": ") + printable(e.words.Text(oneLine(err)))
	if h := hint(err); h != "" {
		line += e.words.Joint("; ") + e.words.Text(h)
	}
	_, _ = fmt.Fprintln(e.stderr, line) // where the terminal is gone, nobody is left to tell
	return exitFailed
}

func commandOf(root *cobra.Command, args []string) string {
	if c, _, err := root.Find(args); err == nil && c != root {
		return strings.TrimPrefix(c.CommandPath(), root.Name()+" ") + " "
	}
	return ""
}

func newRootCommand(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:   "nianbao",
		Short: "Turn annual disclosure reports (政府信息公开工作年度报告) into JSON that proves itself",
		Long: `nianbao reads annual disclosure reports of Chinese public bodies, 2008 to today, from scans, PDF, DOCX,
DOC, OFD, web pages and text, and writes one JSON schema. Every number is checked against the sums of
the form; what a person must look at is named in "review". It works offline.

nianbao 把各级行政机关的政府信息公开工作年度报告转换为统一的 JSON：逐格核对勾稽关系，只纠正自己的误读，
绝不改动原文数字，需要人工核对的单元格列在 review 中。`,
		Example: `  nianbao convert report.pdf
  nianbao convert -o out *.pdf *.docx
  nianbao check out/report.json`,
		Version:       programVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.NoArgs(cmd, args); err != nil {
				return usageError{meant(err, cmd.SuggestionsFor(args[0]))}
			}
			return nil
		},
		RunE: helpOnly,
	}
	root.PersistentFlags().String(languageFlag, "", "`language` of messages and help: zh or en (default: as LC_ALL, LC_MESSAGES or LANG say)")
	root.PersistentFlags().String(configFlag, "", "read flags from `FILE` (default: "+configFile+" of the working directory, if there is one)")
	e.log.add(root.PersistentFlags())
	root.SetVersionTemplate("nianbao {{.Version}}\n")
	root.SuggestionsMinimumDistance = nearby
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError{meant(err, flagsLike(c, err))} })
	root.AddCommand(
		newConvertCommand(e),
		newTablesCommand(e),
		newInspectCommand(e),
		newBatchCommand(e),
		newSubmitCommand(e),
		newWorkCommand(e),
		newStatusCommand(e),
		newExportCommand(e),
		newReviewCommand(e),
		newServeCommand(e),
		newReportCommand(e),
		newManifestCommand(e),
		newVerifyCommand(e),
		newCheckCommand(e),
		newExplainCommand(e),
		newApplyCommand(e),
		newFormCommand(e),
		newSchemaCommand(e),
		newVersionCommand(e),
	)
	root.InitDefaultCompletionCmd()
	if c, _, err := root.Find([]string{"completion"}); err == nil {
		c.RunE = helpOnly
	}
	usageOfArgs(root)
	completeValues(root)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := e.settings.apply(cmd); err != nil {
			return err
		}
		if v := cmd.Flag(languageFlag).Value.String(); v != "" && !isLanguage(v) {
			return usageError{fmt.Errorf("unknown --lang %q: zh or en", v)}
		}
		return e.log.check()
	}
	return root
}

// choices are the flags whose values are few, by command; "" stands for all.
var choices = map[string]map[string][]string{
	"":         {languageFlag: {wording.Chinese, wording.English}, "log-format": {"text", "json"}},
	"batch":    {"page-folders": {"auto", "always", "never"}},
	"submit":   {"page-folders": {"auto", "always", "never"}},
	"export":   {"to": {"csv", "xlsx", "sqlite", "parquet", "jsonl", "pdf", "alto", "hocr"}, "shape": {"long", "wide"}},
	"manifest": {"to": {"csv", "xlsx", "jsonl"}},
	"tables":   {"format": {"json", "csv", "md", "html"}},
}

// completeValues has shells complete them.
func completeValues(root *cobra.Command) {
	for _, c := range append(root.Commands(), root) {
		name := c.Name()
		if c == root {
			name = ""
		}
		for flag, values := range choices[name] {
			if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
				panic(err) // there is no such flag
			}
		}
	}
}

// helpOnly is a command that does nothing without one of its own.
func helpOnly(cmd *cobra.Command, _ []string) error {
	if err := cmd.Help(); err != nil {
		return err
	}
	return statusError{exitUsage}
}

// nearby is how many letters what was meant may differ in from what was typed.
const nearby = 2

// meant adds to an error what was probably meant.
func meant(err error, names []string) error {
	if len(names) == 0 {
		return err
	}
	return fmt.Errorf("%w; did you mean %s?", err, strings.Join(names, ", "))
}

// flagsLike are the flags of a command whose names are like one that there is not.
func flagsLike(c *cobra.Command, err error) (names []string) {
	typed, ok := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !ok {
		return nil
	}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	names = like(typed, names)
	for i := range names {
		names[i] = "--" + names[i]
	}
	return names
}

// like are the names that a name may have been meant for. Of a short name at most half may differ: any three letters are two from others.
func like(typed string, names []string) (found []string) {
	for _, n := range names {
		if distance(typed, n) <= min(nearby, len(typed)/2) || len(typed) > nearby && strings.HasPrefix(n, typed) {
			found = append(found, n)
		}
	}
	return found
}

// distance is how many letters must be put in, taken out or changed to make one word of another (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			before, row[j+1] = row[j+1], min(before+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// usageOfArgs makes what is wrong with arguments of the commands below one a mistake of usage.
func usageOfArgs(parent *cobra.Command) {
	for _, c := range parent.Commands() {
		args := c.Args
		c.Args = func(cmd *cobra.Command, a []string) error {
			if slices.Contains(a, "") { // a shell's variable without a value; for paths it would be the working directory
				return usageError{errors.New("an argument is empty")}
			}
			if args == nil {
				return nil
			}
			if err := args(cmd, a); err != nil {
				return usageError{err}
			}
			return nil
		}
		usageOfArgs(c)
	}
}

// programVersion is the linker's, else the module's, else the revision's.
func programVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// hint says what to do about an error.
func hint(err error) string {
	switch {
	case errors.Is(err, diag.ErrDamaged):
		return "get the file again from its source; nothing was written for it"
	case errors.Is(err, diag.ErrFormat):
		return "nianbao reads PDF, OFD, DOCX, DOC, WPS, ODT, RTF, XLSX, XLS, ODS, HTML, MHT, text and page images"
	case errors.Is(err, diag.ErrNotReport):
		return "if it is one, its tables and its text are elsewhere or could not be read; --any lets such files pass"
	case errors.Is(err, batch.ErrMoved):
		return "run nianbao batch on the folder that it is in now, with the same -o: nothing is converted again"
	case errors.Is(err, diag.ErrTooLarge):
		return "split the file; --max-input raises the limit on a whole file"
	}
	return ""
}
