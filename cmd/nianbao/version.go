package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
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
	var licences, security bool
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
				return printLocks(e)
			}
			return printVersion(e)
		},
	}
	c.Flags().BoolVar(&licences, "licenses", false, "print what is inside the program, and its licences")
	c.Flags().BoolVar(&security, "security", false, "print how worker processes are locked in here")
	c.MarkFlagsMutuallyExclusive("licenses", "security")
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

func printLocks(e *env) error {
	all, err := locks(context.Background())
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(e.stdout, 0, 8, 2, ' ', 0)
	for _, l := range all {
		holds := "holds"
		if !l.Held {
			holds = "DOES NOT HOLD"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", l.Name, holds, l.Means)
	}
	return t.Flush()
}

// warnOfLocks says in the log which locks around workers do not hold here, and gives the names of those that do.
func warnOfLocks(log *slog.Logger, all []nianbao.Lock) (held []string) {
	for _, l := range all {
		if l.Held {
			held = append(held, l.Name)
		} else {
			log.Warn("workers are not locked in by " + l.Name + ": " + l.Means)
		}
	}
	return held
}

func printVersion(e *env) error {
	out := bufio.NewWriter(e.stdout)
	t := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintf(t, "nianbao\t%s\n", programVersion())
	if r := programRevision(); r != "" {
		fmt.Fprintf(t, "revision\t%s\n", r)
	}
	fmt.Fprintf(t, "go\t%s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	c, err := nianbao.New(nianbao.Options{Version: programVersion()})
	if err != nil {
		return err
	}
	defer c.Close()
	p, missing := c.Producer(context.Background())
	engines := p.Engines
	for _, name := range slices.Sorted(maps.Keys(engines)) {
		fmt.Fprintf(t, "%s\t%s\n", name, engines[name])
	}
	if missing != nil {
		fmt.Fprintf(t, "tesseract\t%v\n", missing)
	}
	for _, m := range notices.All().Components {
		if m.Name == "github.com/klippa-app/go-pdfium" || m.Name == "github.com/tetratelabs/wazero" {
			fmt.Fprintf(t, "%s\t%s\n", strings.TrimPrefix(m.Name, "github.com/"), m.Version)
		}
	}
	return errors.Join(t.Flush(), out.Flush())
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
