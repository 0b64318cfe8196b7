package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/dev/notices"
)

// commit is set by the linker for releases: the revision they are built from.
var commit = ""

func newVersionCommand(e *env) *cobra.Command {
	var licences, security, asJSON bool
	c := &cobra.Command{
		Use:   "version",
		Short: "Print the version, its engines, and with --licenses the licences of all that is inside",
		Long: `Print the version, the revision it was built from, and the engines that conversions use here: what a
report's "producer" says. With --licenses, name everything inside the program with its licence, and
print the licences' texts. With --security, say what keeps documents from the rest of this machine: which
of the locks around worker processes the system has.`,
		Example: `  nianbao version
  nianbao version --security
  nianbao version --licenses | less`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if licences {
				return notices.All().Write(e.stdout)
			}
			if security {
				return printLocks(e, asJSON)
			}
			return printVersion(e, asJSON)
		},
	}
	c.Flags().BoolVar(&licences, "licenses", false, "print what is inside the program, and its licences")
	c.Flags().BoolVar(&security, "security", false, "print how worker processes are locked in here")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.MarkFlagsMutuallyExclusive("licenses", "security")
	c.MarkFlagsMutuallyExclusive("licenses", "json")
	return c
}

// locks asks a worker process how it is locked in.
func locks(ctx context.Context) ([]nianbao.Lock, error) {
	var o limitOptions
	c, err := o.converter(nianbao.Options{}, "")
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.Locks(ctx)
}

func printLocks(e *env, asJSON bool) error {
	all, err := locks(context.Background())
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(e.stdout, all)
	}
	t := tabwriter.NewWriter(e.stdout, 0, 8, 2, ' ', 0)
	for _, l := range all {
		holds := e.words.Say("holds")
		if !l.Held {
			holds = e.words.Say("DOES NOT HOLD")
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", l.Name, holds, e.words.Text(l.Means))
	}
	return t.Flush()
}

// warnOfMissingLocks is warnOfLocks for commands that open files of whoever runs them: where the system has no locks at
// all, there is nothing that they could mend, and version --security tells.
func warnOfMissingLocks(log *slog.Logger, all []nianbao.Lock) {
	if runtime.GOOS == "linux" {
		warnOfLocks(log, all)
	}
}

// warnOfLocks says in the log which locks around workers do not hold here, and gives the names of those that do.
func warnOfLocks(log *slog.Logger, all []nianbao.Lock) (held []string) {
	for _, l := range all {
		if l.Held {
			held = append(held, l.Name)
		} else {
			log.Warn(fmt.Sprintf("workers are not locked in by %s: %s", l.Name, l.Means))
		}
	}
	return held
}

// engine is a part of the program, or a program that it uses, and its version.
type engine struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

func printVersion(e *env, asJSON bool) error {
	all := []engine{{"nianbao", programVersion()}}
	if r := programRevision(); r != "" {
		all = append(all, engine{"revision", r})
	}
	all = append(all, engine{"go", runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH})
	c, err := nianbao.New(nianbao.Options{Version: programVersion()})
	if err != nil {
		return err
	}
	defer c.Close()
	p, missing := c.Producer(context.Background())
	for _, name := range slices.Sorted(maps.Keys(p.Engines)) {
		all = append(all, engine{name, p.Engines[name]})
	}
	if missing != nil && !asJSON {
		all = append(all, engine{"tesseract", e.words.Text(missing.Error())})
	}
	for _, m := range notices.All().Components {
		if m.Name == "github.com/klippa-app/go-pdfium" || m.Name == "github.com/tetratelabs/wazero" {
			all = append(all, engine{strings.TrimPrefix(m.Name, "github.com/"), m.Version})
		}
	}
	if asJSON {
		return printJSON(e.stdout, all)
	}
	t := tabwriter.NewWriter(e.stdout, 0, 8, 2, ' ', 0)
	for _, x := range all {
		fmt.Fprintf(t, "%s\t%s\n", x.Name, x.Version)
	}
	return t.Flush()
}

// printJSON prints what programs read.
func printJSON(w io.Writer, v any) error {
	j := json.NewEncoder(w)
	j.SetEscapeHTML(false)
	j.SetIndent("", "  ")
	return j.Encode(v)
}

// programRevision is the linker's, else that of the version control that the build saw.
func programRevision() string {
	if commit != "" {
		return commit
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	r, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			r = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	if r == "" {
		return ""
	}
	return r + changed
}
