package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/draft"
	"github.com/nianbao/nianbao/layout"
)

type draftOptions struct {
	limitOptions
	name, title string
	tables      []int
}

func newFormDraftCommand(e *env) *cobra.Command {
	var o draftOptions
	c := &cobra.Command{
		Use:   "draft FILE",
		Short: "Write a first version of a form from a blank or filled-in table",
		Long: `Write a first version of a form of your own from a table in any document that nianbao reads: rows and columns
with their labels, groups and units; keys where an official form has the label, too, else numbers to be
replaced; and the equations that the table's numbers prove. What to look at goes to standard error. Of several
tables, those of official forms are left out.` + "\n" + `
Exit status:
  0  written
  1  the document has no such table or cannot be read
  2  wrong usage`,
		Example: `  nianbao form draft filled-in.docx --name hall > hall.json
  nianbao form draft report.pdf --name hall --table 4 > hall.json
  nianbao form check hall.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runFormDraft(cmd.Context(), e, o, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&o.name, "name", "own", "`name` of the form: small letters, digits and _")
	f.StringVar(&o.title, "title", "", "`title` of the form; that of its table by default")
	f.IntSliceVar(&o.tables, "table", nil, "take the document's `n`th table, as nianbao tables counts them (repeatable)")
	o.add(f)
	return c
}

func runFormDraft(ctx context.Context, e *env, o draftOptions, file string) error {
	log := e.logger().With("file", file)
	if err := o.check(); err != nil {
		return err
	}
	err := e.see(ctx, nianbao.Options{Logger: log, Spell: true}, &o.limitOptions, file, func(_ *nianbao.Converter, _ nianbao.Input, doc *layout.Document) error {
		all := titled(doc)
		for _, n := range o.tables {
			if n < 1 || n > len(all) {
				return fmt.Errorf("--table %d: the document has %d tables", n, len(all))
			}
		}
		if len(o.tables) > 0 {
			all = slices.DeleteFunc(all, func(t draft.Table) bool { return !slices.Contains(o.tables, t.Number) })
		}
		return e.writeDraft(file, o, all)
	})
	if err != nil {
		logError(e.logger(), file, err)
		return statusError{exitFailed}
	}
	return nil
}

// writeDraft writes the form to standard output, and what to look at to standard error.
func (e *env) writeDraft(file string, o draftOptions, tables []draft.Table) error {
	d, err := draft.Make(o.name, o.title, tables, len(o.tables) == 0)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := draft.Write(&b, d.Form); err != nil {
		return err
	}
	notes := d.Notes
	if _, err := form.Parse(b.Bytes()); err != nil {
		notes = append(notes, "the draft has faults: save it and run nianbao form check")
	}
	for _, n := range notes {
		if _, err := fmt.Fprintf(e.stderr, "%s%s%s\n", file, e.words.Joint(": "), e.words.Text(n)); err != nil {
			return err
		}
	}
	_, err = e.stdout.Write(b.Bytes())
	return err
}

// longestCaption is the longest line above a table, in characters, that is taken for its title.
const longestCaption = 40

// titled are the tables of a document with the lines above them.
func titled(doc *layout.Document) []draft.Table {
	var out []draft.Table
	caption := ""
	for _, p := range doc.Pages {
		for _, b := range p.Blocks {
			switch {
			case b.Paragraph != nil:
				if text := strings.Join(strings.Fields(b.Paragraph.Text), ""); text != "" {
					caption = text
				}
			case len(b.Table.Cells) > 0:
				t := draft.Table{Number: len(out) + 1, Table: b.Table}
				if len([]rune(caption)) <= longestCaption {
					t.Title = caption
				}
				out = append(out, t)
				caption = ""
			}
		}
	}
	return out
}
