package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/internal/wording"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

type convertOptions struct {
	limitOptions
	formOptions
	out          string
	tablesOnly   bool
	answers      string
	noReviewExit bool
	any          bool

	written int // documents, those too that are no annual reports and count as failed
}

func newConvertCommand(e *env) *cobra.Command {
	var o convertOptions
	c := &cobra.Command{
		Use:   "convert FILE...",
		Short: "Convert reports to JSON",
		Long: `Convert reports to JSON: indented on standard output for one file, one line each (NDJSON) for several.
A file that holds several reports gives one JSON for each; source.part counts them. A folder of page images is
one report; of a ZIP every member is converted, or the one that is named (a.zip/b.pdf).
"-" reads standard input. What a file is is told from its content, not from its name. Files are converted
in a child process with limits; one that crashes, hangs or runs out of memory fails alone.

"status" in the JSON says what to expect: complete, partial (review names what is missing), no_numbers, or
not_a_report, which counts as a failed input unless --any is given.
` + exitHelp,
		Example: `  nianbao convert report.pdf > report.json
  nianbao convert -o out 2015.doc 2016.pdf 2017.tif
  nianbao convert --form hall.json report.pdf
  curl -s https://example.org/report.html | nianbao convert - | jq .tables.requests.received.total`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runConvert(cmd.Context(), e, o, args) },
	}
	o.limitOptions.add(c.Flags())
	o.formOptions.add(c.Flags())
	c.Flags().StringVarP(&o.out, "output", "o", "", "write `DIR`/NAME.json for each file instead of standard output")
	c.Flags().BoolVar(&o.tablesOnly, "tables-only", false, "leave the prose of scanned pages unread")
	c.Flags().StringVar(&o.answers, "answers", "", "lay over each report what `DIR` keeps of people's answers (the answers folder of a batch)")
	c.Flags().BoolVar(&o.noReviewExit, "no-review-exit", false, "exit 0 even when review is not empty")
	c.Flags().BoolVar(&o.any, "any", false, "do not fail for a document that is no annual report")
	return c
}

func runConvert(ctx context.Context, e *env, o convertOptions, files []string) error {
	log := e.logger()
	if err := o.check(); err != nil {
		return err
	}
	if o.out != "" {
		if err := os.MkdirAll(o.out, 0o755); err != nil {
			return fmt.Errorf("output directory: %w", err)
		}
	}
	debug.SetGCPercent(400) // the work is the child's; what this process holds is not worth collecting
	own, err := o.load(e)
	if err != nil {
		return err
	}
	c, err := o.converter(nianbao.Options{TablesOnly: o.tablesOnly, Forms: own}, "")
	if err != nil {
		return err
	}
	defer c.Close()
	locks, err := c.Locks(ctx)
	if err != nil {
		return err
	}
	warnOfMissingLocks(log, locks)
	docs, done := e.all(files, int64(o.input))
	defer done()
	if o.out != "" {
		nameOutputs(docs)
	}
	status := exitOK
	for _, d := range docs {
		s, err := o.convertOne(ctx, e, log, c, d, own, len(docs) == 1)
		if err != nil {
			return err
		}
		if s == exitFailed || status == exitOK {
			status = s
		}
	}
	if o.written > 0 {
		e.tell("%d of %d documents written to %s; nianbao explain FILE.json POINTER says where a number comes from", o.written, len(docs), typed(o.out))
	}
	if status != exitOK {
		return statusError{status}
	}
	return nil
}

// all are the documents of all arguments. What is wrong with one argument is the error of its source.
func (e *env) all(files []string, most int64) (docs []source, done func()) {
	var ends []func()
	done = func() {
		for _, end := range ends {
			end()
		}
	}
	for _, f := range files {
		some, end, err := e.sources(f, most)
		if err != nil {
			docs = append(docs, source{name: f, err: err})
			continue
		}
		ends = append(ends, end)
		docs = append(docs, some...)
	}
	return docs, done
}

// convertOne converts one document and gives the exit status for it. The error is what nothing more can come after.
func (o *convertOptions) convertOne(ctx context.Context, e *env, log *slog.Logger, c *nianbao.Converter, d source, own []*form.Form, alone bool) (int, error) {
	var res *nianbao.Result
	err := d.err
	if err == nil {
		res, err = c.Convert(ctx, d.input)
	}
	if err == nil {
		err = o.answer(res, own)
	}
	if ctx.Err() != nil {
		return exitFailed, fmt.Errorf("interrupted: %w", context.Cause(ctx))
	}
	var all []*report.Report
	if err == nil {
		all = append(all, res.Report)
		all = append(all, res.More...)
		if o.out != "" {
			if err = o.write(d.output, all); err == nil {
				o.written++
			}
		} else if err := printReports(e.stdout, all, alone); err != nil {
			return exitFailed, err // nobody listens any more
		}
	}
	if err == nil && res.Report.Outcome == report.NotAReport && !o.any {
		err = diag.ErrNotReport
	}
	if err != nil {
		logError(log, d.name, err)
		return exitFailed, nil
	}
	status := exitOK
	for _, r := range all {
		n := len(r.Review)
		if n == 0 && r.Outcome == report.Complete || r.Outcome == report.NotAReport {
			continue
		}
		log.Info(summary(e.words, r), "file", d.name, "status", string(r.Outcome), "review", n)
		if !o.noReviewExit {
			status = exitReview
		}
	}
	return status, nil
}

// printReports writes the reports of a file to standard output: indented, or a line each.
func printReports(w io.Writer, all []*report.Report, indent bool) error {
	for _, r := range all {
		if err := report.Encode(w, r, indent); err != nil {
			return err
		}
	}
	return nil
}

// write writes the reports of a document into the output folder, each to a file of its own.
func (o *convertOptions) write(name string, all []*report.Report) error {
	for i, r := range all {
		var b bytes.Buffer
		if err := report.Encode(&b, r, true); err != nil {
			return err
		}
		file := name + ".json"
		if i > 0 {
			file = fmt.Sprintf("%s.part%d.json", name, i+1)
		}
		if err := whole.Write(filepath.Join(o.out, file), b.Bytes(), ""); err != nil {
			return err
		}
	}
	return nil
}

// answer lays over the report what people said of these bytes. Of a file with several reports, answers are to the first.
func (o *convertOptions) answer(res *nianbao.Result, own []*form.Form) error {
	if o.answers == "" {
		return nil
	}
	h, err := answers.Open(o.answers).Load(res.Report.Source.SHA256)
	if err != nil {
		return err
	}
	forms, err := form.Official().With(own...)
	if err != nil {
		return err
	}
	_, err = answers.Settle(res.Report, forms, h)
	return err
}

func logError(log *slog.Logger, file string, err error) {
	args := []any{"file", file}
	if h := hint(err); h != "" {
		args = append(args, "hint", h)
	}
	log.Error(oneLine(err), args...)
}

// oneLine keeps an error to the line that it is promised: what was joined to it stands behind a semicolon, and nothing twice.
func oneLine(err error) string { return inLine(err.Error()) }

func inLine(message string) string {
	var parts []string
	for line := range strings.Lines(message) {
		if line = strings.Join(strings.Fields(line), " "); line == "" {
			continue
		}
		if n := len(parts); n > 0 && (parts[n-1] == line || strings.HasSuffix(parts[n-1], ": "+line)) {
			continue
		}
		parts = append(parts, line)
	}
	var b strings.Builder
	for i, p := range parts {
		switch {
		case i == 0:
		case strings.HasSuffix(parts[i-1], ":"): // a list begins, as with the addresses of a database
			b.WriteString(" ")
		default:
			b.WriteString("; ")
		}
		b.WriteString(p)
	}
	return b.String()
}

// nameOutputs gives each document the name of its result, without .json: its own without the ending, or with it where
// that would be the name of two, as a batch names them; where that is the same as well, a number is added.
func nameOutputs(docs []source) {
	short := func(d source) string { return strings.TrimSuffix(d.output, d.ending) }
	count := map[string]int{}
	for _, d := range docs {
		count[strings.ToLower(short(d))]++
	}
	taken := map[string]bool{}
	for i := range docs {
		name := docs[i].output
		if s := short(docs[i]); count[strings.ToLower(s)] == 1 && s != "" {
			name = s
		}
		free := name
		for n := 2; taken[strings.ToLower(free)]; n++ {
			free = fmt.Sprintf("%s-%d", name, n)
		}
		taken[strings.ToLower(free)] = true
		docs[i].output = free
	}
}

// whyIn is a reason of the review, as a person reads it.
func whyIn(words *wording.Words, r report.Reason) string {
	if words.Language() == wording.Chinese {
		return export.ReasonLabel(r)
	}
	return string(r)
}

// summary says in a line what a person must look at.
func summary(words *wording.Words, r *report.Report) string {
	counts := map[report.Reason]int{}
	for _, v := range r.Review {
		counts[v.Reason]++
	}
	var parts []string
	for _, reason := range []report.Reason{report.PrintedInconsistency, report.InConflict, report.WasRepaired, report.IsMissing, report.OtherUnit, report.LowConfidence, report.TextDisagrees} {
		if n := counts[reason]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, whyIn(words, reason)))
		}
	}
	failed := 0
	for _, c := range r.Checks {
		if c.Status == report.Fail && c.Severity == "error" {
			failed++
		}
	}
	s := words.Say("%d to review", len(r.Review))
	if len(parts) > 0 {
		s += words.Joint(" (") + strings.Join(parts, words.Joint(", ")) + words.Joint(")")
	}
	if r.Outcome != report.Complete {
		outcome := string(r.Outcome)
		if words.Language() == wording.Chinese {
			outcome = export.OutcomeLabel(r.Outcome)
		}
		s = outcome + words.Joint("; ") + s
	}
	if failed > 0 {
		s += words.Say("; %d equations fail", failed)
	}
	return s
}
