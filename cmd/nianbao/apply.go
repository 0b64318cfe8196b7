package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/queue"
	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/report"
)

type applyOptions struct {
	formOptions
	of           string
	out          string
	who          string
	noReviewExit bool
}

func newApplyCommand(e *env) *cobra.Command {
	var o applyOptions
	c := &cobra.Command{
		Use:   "apply FILE.json|OUT|URL ANSWERS",
		Short: "Lay a person's answers over a conversion",
		Long: `Lay a person's answers over a converted report. ANSWERS is a JSON list of objects with "path", "value" and
perhaps "note", "who" and "when", a CSV file with these columns, or a report with "patches". The values are
frozen (verdict "confirmed"), and the sums decide anew what they settle.

Where FILE.json is a result in the output folder of a batch, the answers are kept there for good (answers/),
and the result and the ledger are brought to them: every later conversion of the same document has them.
FILE.json may be the output, too: -o FILE.json. With --of it is a result by its name below json/.

With the output folder of a batch, or the URL of a queue, in its place, ANSWERS is a workbook that nianbao export made of it, with the column
正确值 of its sheet 待核对 filled in: a number, or 空 where nothing is printed. Lines that cannot be taken are
named, all others are kept; taking the same workbook twice changes nothing.
` + exitHelp,
		Example: `  echo '[{"path": "/tables/requests/received/total", "value": 21, "note": "seen on paper"}]' > answers.json
  nianbao apply report.json answers.json > checked.json
  nianbao apply report.json answers.json -o report.json
  nianbao apply out/json/2021/a.pdf.json answers.csv --who 王
  nianbao apply 2021/a.pdf.json answers.csv --who 王 --of postgres://nianbao@db/nianbao
  nianbao export out --to xlsx -o review.xlsx && nianbao apply out review.xlsx --who 王`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if info, err := os.Stat(args[0]); err == nil && info.IsDir() || queue.IsURL(args[0]) {
				return applySheet(cmd.Context(), e, o, args[0], args[1])
			}
			return runApply(cmd.Context(), e, o, args[0], args[1])
		},
	}
	o.add(c.Flags())
	addOf(c.Flags(), &o.of)
	c.Flags().StringVarP(&o.out, "output", "o", "", "write `FILE` instead of standard output")
	c.Flags().StringVar(&o.who, "who", "", "`name` of who answers, for answers that do not say it")
	c.Flags().BoolVar(&o.noReviewExit, "no-review-exit", false, "exit 0 even when review is not empty")
	return c
}

func runApply(ctx context.Context, e *env, o applyOptions, file, said string) error {
	log := e.logger()
	at, err := o.result(ctx, e, log, o.of, file)
	if err != nil {
		if info, serr := os.Stat(file); serr == nil && info.Size() == 0 {
			err = errors.New("is empty: a shell empties the file that it redirects to before nianbao reads it; use -o " + file)
		}
		return fmt.Errorf("%s: %w", file, err)
	}
	defer at.close()
	r := at.report
	patches, err := e.readPatches(said)
	if err != nil {
		return fmt.Errorf("%s: %w", said, err)
	}
	for i := range patches {
		if patches[i].Who == "" {
			patches[i].Who = o.who
		}
	}
	if err := check.Apply(r, at.forms, patches); err != nil {
		return fmt.Errorf("%s: %w", said, err)
	}
	switch {
	case at.place == nil && batch.Bookless(file):
		log.Warn("this is a result of a batch whose ledger is not in its folder: the answers are not kept for later conversions; name its queue (--of URL)")
	case at.place != nil:
		var entries []answers.Entry
		for _, p := range patches {
			entries = append(entries, answers.Entry{Patch: p})
		}
		if r, _, err = at.out.Answer(at.name, at.forms, -1, entries...); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	var b bytes.Buffer
	if err := report.Encode(&b, r, true); err != nil {
		return err
	}
	if o.out != "" {
		if err = whole.Write(o.out, b.Bytes(), ""); err == nil {
			e.tell("written: %s; %d answers taken, %d entries left to review", typed(o.out), len(patches), len(r.Review))
		}
	} else {
		_, err = e.stdout.Write(b.Bytes())
	}
	if err == nil && len(r.Review) > 0 && !o.noReviewExit {
		return statusError{exitReview}
	}
	return err
}

// readPatches reads a list of answers, or those of a report that has some, in JSON or CSV and whichever
// Unicode encoding an editor left.
func (e *env) readPatches(file string) ([]report.Patch, error) {
	_, data, err := e.readInput(file)
	if err != nil {
		return nil, err
	}
	// A byte order mark decides; without one it is UTF-8.
	data, _, err = transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), data)
	if err != nil {
		return nil, fmt.Errorf("neither UTF-8 nor UTF-16: %w", err)
	}
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0:
		return nil, errors.New("there are no answers in it")
	case data[0] == '{':
		r, err := report.Decode(data)
		if err != nil {
			return nil, err
		}
		if len(r.Patches) == 0 {
			return nil, errors.New("the report has no patches")
		}
		return r.Patches, nil
	case data[0] != '[':
		return patchesOfCSV(data)
	}
	out, err := report.DecodePatches(data)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Value = asNumber(out[i].Path, out[i].Value)
	}
	return out, nil
}

// asNumber takes a number that was typed as a text for what it is, where a number is expected.
func asNumber(path string, v report.Value) report.Value {
	if v.Text == nil || path == report.TitlePath || path == report.IssuerPath {
		return v
	}
	s := strings.TrimSpace(*v.Text)
	if s == "" {
		return report.Value{}
	}
	if n, err := report.ParseNumber(s); err == nil {
		return report.Value{Number: &n}
	}
	return v
}

// patchesOfCSV reads a table with a header: path and value, and perhaps note, who and when.
func patchesOfCSV(data []byte) ([]report.Patch, error) {
	c := csv.NewReader(bytes.NewReader(data))
	if first, _, _ := bytes.Cut(data, []byte("\n")); bytes.Count(first, []byte("\t")) > bytes.Count(first, []byte(",")) {
		c.Comma = '\t'
	} else if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		c.Comma = ';'
	}
	c.FieldsPerRecord = -1
	rows, err := c.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("neither a JSON list of answers nor CSV: %w", err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range []string{"path", "value"} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("neither a JSON list of answers nor CSV with the columns path and value: there is no column %q", name)
		}
	}
	var out []report.Patch
	for _, row := range rows[1:] {
		field := func(name string) string {
			if i, ok := column[name]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		if field("path") == "" {
			continue
		}
		if len(row) <= column["value"] { // "" says that the original is blank; this says nothing
			return nil, fmt.Errorf("%s: the line has no value", field("path"))
		}
		value := field("value")
		out = append(out, report.Patch{
			Path: field("path"), Value: asNumber(field("path"), report.Value{Text: &value}),
			Note: field("note"), Who: field("who"), When: field("when"),
		})
	}
	return out, nil
}
