package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commandsOf lists all commands with the names of their flags, those of all commands included.
func commandsOf(root *cobra.Command) map[string][]string {
	all := map[string][]string{}
	var each func(*cobra.Command)
	each = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			each(sub)
		}
		if name := strings.TrimPrefix(c.CommandPath(), "nianbao "); c.HasParent() && c.Name() != "help" && (c.Runnable() || !c.HasSubCommands()) {
			add := func(f *pflag.Flag) { all[name] = append(all[name], f.Name) }
			c.LocalFlags().VisitAll(add)
			c.InheritedFlags().VisitAll(add)
		}
	}
	each(root)
	return all
}

// TestFlagsAreEven holds the table of commands and flags: a flag of a kind of command is a flag of every command of that kind.
func TestFlagsAreEven(t *testing.T) {
	all := commandsOf(newRootCommand(&env{getenv: os.Getenv}))
	kinds := []struct {
		reason   string
		flags    []string
		commands string // "" for every one
	}{
		{"whatever says something", []string{"quiet", "log-format", "lang", "config"}, ""},
		{"prints a table for people", []string{"json"}, "status check verify version|form check"},
		{"opens documents", []string{"timeout", "page-timeout", "memory", "max-input", "max-output"}, "convert tables inspect batch submit work export review serve report explain|form draft"},
		{"tests equations", []string{"form"}, "convert batch submit check explain apply export report review serve"},
		{"may leave something to review", []string{"no-review-exit"}, "convert batch check apply"},
		{"writes a file or a folder", []string{"output"}, "convert batch submit export report manifest apply"},
		{"works on many at once", []string{"jobs"}, "batch work serve"},
		{"writes CSV", []string{"bom", "labels", "to"}, "export manifest"},
	}
	for _, k := range kinds {
		var want []string
		for _, part := range strings.Split(k.commands, "|") {
			if strings.HasPrefix(part, "form ") {
				want = append(want, part)
				continue
			}
			want = append(want, strings.Fields(part)...)
		}
		for command, flags := range all {
			if strings.HasPrefix(command, "completion") && k.commands != "" {
				continue
			}
			for _, f := range k.flags {
				has, should := slices.Contains(flags, f), k.commands == "" || slices.Contains(want, command)
				if has != should {
					t.Errorf("%s: --%s of %s: %v, want %v", k.reason, f, command, has, should)
				}
			}
		}
		for _, w := range want {
			if all[w] == nil {
				t.Errorf("%s: there is no command %s", k.reason, w)
			}
		}
	}
	if len(all) < 20 || all["completion bash"] == nil {
		t.Errorf("only %d commands", len(all))
	}
}

// TestQuietAndMachines: with -q nothing but errors is said, and with --log-format json all that is said are objects.
func TestQuietAndMachines(t *testing.T) {
	in, out := cabinet(t), t.TempDir()
	inProcess(t, "", "batch", in, "-o", out, "-q")
	file := func(name string) string { return t.TempDir() + "/" + name }
	for _, args := range [][]string{
		{"convert", samples + "county_2021form.docx", "-o", file("a")}, {"manifest", out, "-o", file("a.csv")}, {"report", out, "-o", file("a.html")},
		{"export", out, "--to", "xlsx", "-o", file("a.xlsx")}, {"verify", out}, {"tables", samples + "county_2021form.docx"}, {"batch", in, "-o", out, "--exclude", "*.pdf", "--exclude", "cut*"},
	} {
		_, loud, _ := inProcess(t, "", args...)
		_, quiet, _ := inProcess(t, "", append(args, "-q")...)
		if quiet != "" || loud == "" && args[0] != "tables" {
			t.Errorf("%v says %q, and with -q %q", args, loud, quiet)
		}
		_, machine, _ := inProcess(t, "", append(args, "--log-format", "json", "--lang", "zh")...)
		for line := range strings.Lines(machine) {
			if !strings.HasPrefix(line, "{") || strings.Contains(line, "，") {
				t.Errorf("%v says to machines %s", args, line)
			}
		}
	}
	for _, args := range [][]string{{"status", "/none"}, {"convert"}, {"verify", "/none"}, {"version", "x"}, {"form", "check", "/none"}} {
		_, errs, status := inProcess(t, "", append(args, "--log-format", "json", "--lang", "zh")...)
		if status == exitOK || !strings.HasPrefix(errs, `{"time":`) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: exit %d: %s", args, status, errs)
		}
	}
}
