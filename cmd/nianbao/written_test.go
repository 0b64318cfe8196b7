//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao"
)

// written is a command of a document, and what the document says that it prints.
type written struct {
	line    int
	command string
	prints  []string
}

// writtenIn lists the commands of a document's console blocks.
func writtenIn(t *testing.T, doc string) (all []written) {
	t.Helper()
	inside := false
	for i, line := range strings.Split(string(readFile(t, doc)), "\n") {
		switch command, is := strings.CutPrefix(line, "$ "); {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case inside && is:
			all = append(all, written{line: i + 1, command: command})
		case inside && len(all) > 0:
			w := &all[len(all)-1]
			w.prints = append(w.prints, line)
		}
	}
	return all
}

// prompt runs commands as they are typed, one after the other in one folder, in a language.
type prompt struct {
	dir  string
	env  []string
	last int // exit status of the one before
}

// newPrompt has the program on the PATH and the samples below the folder, as in a fresh clone after make build.
func newPrompt(t *testing.T, language string) *prompt {
	t.Helper()
	dir := t.TempDir()
	bin := filepath.Join(dir, ".bin")
	samples, err := filepath.Abs("../../testdata")
	if err == nil {
		err = errors.Join(os.Mkdir(bin, 0o755), os.Symlink(samples, filepath.Join(dir, "testdata")))
	}
	self, err2 := os.Executable()
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, "nianbao"), []byte("#!/bin/sh\nexec '"+self+"' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	// The C library of this machine may not know the language; the program goes by the name.
	return &prompt{dir: dir, env: append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "LC_ALL=", "LC_MESSAGES=", "LANG="+language)}
}

func (p *prompt) run(t *testing.T, command string) string {
	t.Helper()
	cmd := exec.Command("bash", "-c", fmt.Sprintf("(exit %d)\n%s", p.last, command))
	cmd.Dir, cmd.Env = p.dir, p.env
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	p.last = cmd.ProcessState.ExitCode()
	return string(out)
}

// passing are lines that come when something takes long, and what bash says of a language that the machine lacks.
var passing = regexp.MustCompile(`(?m)^(?:nianbao(?:：|: )\d+/\d+[，,].*|.*warning: setlocale: .*)\n`)

// printed says whether an output is the one that a document has, where a line "…" stands for any lines.
func printed(out string, want []string) bool {
	got := strings.Split(strings.TrimSuffix(passing.ReplaceAllString(out, ""), "\n"), "\n")
	if len(got) == 1 && got[0] == "" {
		got = nil
	}
	var b strings.Builder
	b.WriteString("^")
	for _, w := range want {
		if w == "…" {
			b.WriteString(`(?:.*\n)*?`)
			continue
		}
		b.WriteString(regexp.QuoteMeta(w) + "\n")
	}
	text := ""
	for _, g := range got {
		text += g + "\n"
	}
	return regexp.MustCompile(b.String() + "$").MatchString(text)
}

// TestWhatIsWrittenIsPrinted runs the commands of both READMEs and of the manual: what is written is what is printed, and in the other
// language they end as they do in their own.
func TestWhatIsWrittenIsPrinted(t *testing.T) {
	if _, err := reader(t).Producer(t.Context()); errors.Is(err, nianbao.ErrMissingProgram) {
		t.Skip(err) // they read a scan
	}
	_, noJQ := exec.LookPath("jq")
	for _, d := range []struct{ doc, own, other string }{
		{"../../README.md", "C", "zh_CN.UTF-8"}, {"../../README.zh-CN.md", "zh_CN.UTF-8", "C"}, {"../../docs/zh/manual.md", "zh_CN.UTF-8", "C"},
	} {
		t.Run(filepath.Base(d.doc), func(t *testing.T) {
			own, other := newPrompt(t, d.own), newPrompt(t, d.other)
			for _, p := range []*prompt{own, other} {
				pile(t, filepath.Join(p.dir, "扫描件"))
			}
			all := writtenIn(t, d.doc)
			if len(all) < 5 {
				t.Fatalf("only %d commands", len(all))
			}
			for _, w := range all {
				if strings.HasPrefix(w.command, "nianbao review ") || strings.HasPrefix(w.command, "jq ") && noJQ != nil {
					continue // a desk does not end by itself, and has tests of its own
				}
				if out := own.run(t, w.command); !printed(out, w.prints) {
					t.Errorf("line %d: %s prints\n%swritten is\n%s", w.line, w.command, out, strings.Join(w.prints, "\n"))
				}
				out := other.run(t, w.command)
				if own.last != other.last || strings.Contains(out, "panic:") {
					t.Errorf("line %d: %s ends with %d, and with %d at LANG=%s: %s", w.line, w.command, own.last, other.last, d.other, out)
				}
				if d.other != "C" && !strings.HasPrefix(w.command, "jq ") && !strings.HasPrefix(w.command, "echo ") {
					noEnglish(t, w.command, original.ReplaceAllString(passing.ReplaceAllString(out, ""), ""))
				}
			}
		})
	}
}

// pile is the folder that the manual begins with: the samples, one of them twice, and a broken file.
func pile(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(samples + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if base := filepath.Base(name); !strings.HasSuffix(base, ".truth.json") {
			copied(t, filepath.Join(dir, base), base)
		}
	}
	copied(t, filepath.Join(dir, "副本.docx"), "county_2021form.docx")
	if err := os.WriteFile(filepath.Join(dir, "破损.pdf"), []byte("%PDF-1.7 cut"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// mention is a command of the program in a line of code; inText one between backquotes.
var (
	mention  = regexp.MustCompile("(?:^(?:    )? *(?:\\$ |exec )?|&& |\\| )nianbao ([a-z][^\n|;&>]*)")
	inText   = regexp.MustCompile("`nianbao ([a-z][^`]*)`")
	flagName = regexp.MustCompile(`(?:^|\s)--([a-z][a-z-]*)`)
)

// mentions are the commands that a document names, in blocks of code and between backquotes.
func mentions(text string) (all []string) {
	block := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "```") {
			block = !block
		}
		of := inText
		if block || strings.HasPrefix(line, "    ") {
			of = mention
		}
		for _, m := range of.FindAllStringSubmatch(line, -1) {
			all = append(all, m[1])
		}
	}
	return all
}

// TestWhatIsNamedExists: every command and every flag that a document names is one of the program.
func TestWhatIsNamedExists(t *testing.T) {
	all := commandsOf(newRootCommand(&env{getenv: os.Getenv}))
	docs, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, doc := range append(docs, "../../README.md", "../../README.zh-CN.md", "../../docs/zh/manual.md", "../../CONTRIBUTING.md") {
		for _, m := range mentions(string(readFile(t, doc))) {
			words := strings.Fields(m)
			name := words[0]
			if len(words) > 1 && all[name+" "+words[1]] != nil {
				name += " " + words[1]
			}
			flags, ok := all[name]
			if !ok && name != "completion" && name != "form" && name != "help" && !strings.HasPrefix(name, "-") {
				t.Errorf("%s: there is no command %q: %s", doc, name, m)
				continue
			}
			found++
			for _, f := range flagName.FindAllStringSubmatch(m, -1) {
				if !slices.Contains(flags, f[1]) && f[1] != "help" {
					t.Errorf("%s: %s has no --%s: %s", doc, name, f[1], m)
				}
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d commands were found", found)
	}
}
