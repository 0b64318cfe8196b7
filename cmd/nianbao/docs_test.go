package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/dev/golden"
)

// TestFormsDoc runs the commands of docs/forms.md on its files and compares what they print with what the
// document says; -update puts it there.
func TestFormsDoc(t *testing.T) {
	if _, err := reader(t).Producer(t.Context()); errors.Is(err, nianbao.ErrMissingProgram) {
		t.Skip(err) // it reads a scan
	}
	doc, err := filepath.Abs("../../docs/forms.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../testdata/forms")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	var out strings.Builder
	code, skip := false, false
	for line := range strings.Lines(string(text)) {
		switch command, is := strings.CutPrefix(strings.TrimSpace(line), "$ "); {
		case strings.HasPrefix(line, "```"):
			code, skip = !code, false
			out.WriteString(line)
		case code && is:
			out.WriteString(line)
			out.WriteString(shell(t, command))
			skip = true
		case !skip:
			out.WriteString(line)
		}
	}
	golden.Equal(t, doc, []byte(out.String()))
}

// shell runs a command of a document in this process: nianbao with its arguments, perhaps into a file, or cat.
func shell(t *testing.T, command string) string {
	t.Helper()
	command, file, _ := strings.Cut(command, " > ")
	args := strings.Fields(command)
	if args[0] == "cat" {
		b, err := os.ReadFile(args[1])
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	stdout, stderr, _ := inProcess(t, "", args[1:]...)
	if file != "" {
		if err := os.WriteFile(file, []byte(stdout), 0o644); err != nil {
			t.Fatal(err)
		}
		return stderr
	}
	return stdout + stderr
}
