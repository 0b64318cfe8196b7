package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/wording"
)

// formOptions are the forms of the user's own that a command is given.
type formOptions struct{ files []string }

func (o *formOptions) add(f *pflag.FlagSet) {
	f.StringArrayVar(&o.files, "form", nil, "look for a form of your own, too: its `file` (repeatable; see nianbao form)")
}

// load reads the forms. A form that has a fault is a mistake of the call.
func (o *formOptions) load(e *env) ([]*form.Form, error) {
	var out []*form.Form
	for _, name := range o.files {
		_, data, err := e.readInput(name)
		if err != nil {
			return nil, usageError{fmt.Errorf("--form %s: %w", name, err)}
		}
		f, err := form.Parse(data)
		if err != nil {
			return nil, usageError{fmt.Errorf("--form %s: %w", name, err)}
		}
		out = append(out, f)
	}
	if _, err := form.Official().With(out...); err != nil {
		return nil, usageError{fmt.Errorf("--form: %w", err)}
	}
	return out, nil
}

// set is the official forms and those that were given, and for results in the output folder of a batch those
// that they were made with.
func (o *formOptions) set(e *env, results ...string) (form.Set, error) {
	own, err := o.load(e)
	if err != nil {
		return form.Set{}, err
	}
	for _, r := range results {
		out, _, ok := batch.Place(r)
		if info, err := os.Stat(r); !ok && err == nil && info.IsDir() {
			out, ok = r, true
		}
		if !ok {
			continue
		}
		kept, err := batch.OwnForms(out)
		if err != nil {
			return form.Set{}, err
		}
		own = append(own, missing(kept, own)...)
	}
	return form.Official().With(own...)
}

// missing are the forms of kept that are not among own.
func missing(kept, own []*form.Form) []*form.Form {
	var out []*form.Form
	for _, f := range kept {
		if !slices.ContainsFunc(own, func(x *form.Form) bool { return x.Name == f.Name }) {
			out = append(out, f)
		}
	}
	return out
}

func newFormCommand(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "form",
		Short: "Check a form of your own, or draft one from a blank",
		Long: `Forms of your own are tables that the program does not know: those of a province or a city, or old local
ones. A form is a JSON file with the labels of its rows and columns, the keys that its numbers are to have,
and its equations; docs/forms.md explains it. convert, batch, check, explain, apply, export, report and review
take it with --form.`,
		Example: `  nianbao form draft blank.docx --name hall > hall.json
  nianbao form check hall.json
  nianbao convert --form hall.json report.pdf`,
		Args: cobra.NoArgs,
		RunE: helpOnly,
	}
	c.AddCommand(newFormCheckCommand(e), newFormDraftCommand(e))
	return c
}

func newFormCheckCommand(e *env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "Name everything that is wrong with a form of your own",
		Long: `Name everything that is wrong with forms of your own, each with its line and its place: fields that there are
not, keys and labels that are there twice, equations of rows and columns that there are not, units that do not
go together, names and keys of official forms. A form without faults is described in a line. Several forms are
held against one another, too.` + "\n" + `
Exit status:
  0  no faults
  1  a form has faults or cannot be read
  2  wrong usage`,
		Example: `  nianbao form check hall.json`,
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return runFormCheck(e, args, asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a file")
	return c
}

// checkedForm is what form check says of one file.
type checkedForm struct {
	File   string      `json:"file"`
	Form   string      `json:"form"` // its name; "" where it has faults
	Faults []formFault `json:"faults"`
}

type formFault struct {
	Line    int    `json:"line"`
	Pointer string `json:"pointer"`
	Message string `json:"message"`
}

func (c *checkedForm) print(e *env, f *form.Form, asJSON bool) error {
	if asJSON {
		j := json.NewEncoder(e.stdout)
		j.SetEscapeHTML(false)
		return j.Encode(c)
	}
	if f != nil {
		_, err := fmt.Fprintln(e.stdout, c.File+e.words.Joint(": ")+describe(e.words, f))
		return err
	}
	var b strings.Builder
	for _, x := range c.Faults {
		fmt.Fprintf(&b, "%s:%d%s%s\n", c.File, x.Line, e.words.Joint(": "), form.Fault{Pointer: x.Pointer, Message: e.words.Text(x.Message)})
	}
	_, err := io.WriteString(e.stdout, b.String())
	return err
}

func runFormCheck(e *env, files []string, asJSON bool) error {
	failed := false
	set := form.Official()
	for _, name := range files {
		_, data, err := e.readInput(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f, err := form.Parse(data)
		if err == nil {
			var more form.Set
			if more, err = set.With(f); err == nil {
				set = more
			}
		}
		said := checkedForm{File: name, Faults: []formFault{}}
		var faults form.Faults
		switch {
		case err == nil:
			said.Form = f.Name
		case errors.As(err, &faults):
			failed, f = true, nil
			for _, x := range faults {
				said.Faults = append(said.Faults, formFault{max(1, x.Line), x.Pointer, x.Message})
			}
		default:
			return err
		}
		if err := said.print(e, f, asJSON); err != nil {
			return err
		}
	}
	if failed {
		return statusError{exitFailed}
	}
	return nil
}

// describe says in a line what a form has.
func describe(words *wording.Words, f *form.Form) string {
	s := words.Say("form %s, no faults", f.Name)
	for i := range f.Tables {
		t := &f.Tables[i]
		s += words.Say("; table %s: %d rows, %d columns, %d numbers, %d equations that are tested %d times",
			t.Key, len(t.Rows), len(t.Columns), len(t.Fields()), len(t.Equations), len(t.Relations()))
	}
	return s
}
