package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestSettingsGiven: flags have the value of the command line, else of the command's table, else of the table around it, else of
// the top level.
func TestSettingsGiven(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		args       []string // a command and its flags
		flag, want string
	}{
		{"top level", `jobs = 3`, []string{"batch"}, "jobs", "3"},
		{"own table", "jobs = 3\n[batch]\njobs = 4", []string{"batch"}, "jobs", "4"},
		{"table of another", "jobs = 3\n[serve]\njobs = 4", []string{"batch"}, "jobs", "3"},
		{"command line", "[batch]\njobs = 4", []string{"batch", "--jobs", "5"}, "jobs", "5"},
		{"command line, short", "[batch]\njobs = 4", []string{"batch", "-j5"}, "jobs", "5"},
		{"nothing", "", []string{"tables"}, "format", "json"},
		{"yes", `tables-only = true`, []string{"convert"}, "tables-only", "true"},
		{"command line says no", `tables-only = true`, []string{"convert", "--tables-only=false"}, "tables-only", "false"},
		{"time", `timeout = "90s"`, []string{"convert"}, "timeout", "1m30s"},
		{"size", `memory = "3G"`, []string{"convert"}, "memory", "3G"},
		{"size in bytes", `memory = 3221225472`, []string{"convert"}, "memory", "3G"},
		{"array", `form = ["a.json", "b,c.json"]`, []string{"convert"}, "form", `[a.json,"b,c.json"]`},
		{"one for an array", `form = "a.json"`, []string{"convert"}, "form", `[a.json]`},
		{"array against the command line", `form = ["a.json", "b.json"]`, []string{"convert", "--form", "c.json"}, "form", `[c.json]`},
		{"array in both", "form = \"a.json\"\n[convert]\nform = \"b.json\"", []string{"convert"}, "form", `[b.json]`},
		{"empty array", `form = []`, []string{"convert"}, "form", `[]`},
		{"numbers", "[form.draft]\ntable = [1, 3]", []string{"form", "draft"}, "table", `[1,3]`},
		{"table around", "[form]\ntable = 2", []string{"form", "draft"}, "table", `[2]`},
		{"dotted key", `serve.queue = 7`, []string{"serve"}, "queue", "7"},
		{"file of a secret", "[serve]\ntoken-file = '/run/secrets/token'", []string{"serve"}, "token-file", "/run/secrets/token"},
		{"mark of Windows' editor", "\ufeffjobs = 3", []string{"batch"}, "jobs", "3"},
		{"of a flag and a command of one name", "[inspect]\nreport = 'a.json'\n[report]\npictures = true", []string{"inspect"}, "report", "a.json"},
		{"language", `lang = "zh"`, []string{"version"}, "lang", "zh"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, configFile, tt.file)
			root := newRootCommand(&env{getenv: os.Getenv})
			c, rest, err := root.Find(tt.args)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.ParseFlags(rest); err != nil {
				t.Fatal(err)
			}
			if err := readSettings(tt.args).apply(c); err != nil {
				t.Fatal(err)
			}
			if got := c.Flag(tt.flag).Value.String(); got != tt.want {
				t.Errorf("--%s is %s, want %s", tt.flag, got, tt.want)
			}
		})
	}
}

// TestSettingsFaults: each fault of the file is wrong usage, with the file and the key, for every command.
func TestSettingsFaults(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		want       string
	}{
		{"unknown flag", `tabels-only = true`, "nianbao.toml: tabels-only: there is no such flag; did you mean tables-only?"},
		{"unknown command", "[bacth]\njobs = 1", "nianbao.toml: [bacth]: there is no such command; did you mean batch?"},
		{"unknown command below one", "[form.chekc]\n", "nianbao.toml: [form.chekc]: there is no such command; did you mean check?"},
		{"flag of another command", "[check]\njobs = 1", "nianbao.toml: check.jobs: there is no such flag"},
		{"language of one command", "[batch]\nlang = 'zh'", "nianbao.toml: batch.lang: there is no such flag"},
		{"not to be set", `help = true`, "nianbao.toml: help: there is no such flag"},
		{"another file", `config = "b.toml"`, "nianbao.toml: config: there is no such flag"},
		{"secret", "[serve]\ntoken = 'abcdefghijklmnopqrstuvwxyz'", "nianbao.toml: serve.token: there is no such flag"},
		{"text for a number", "[batch]\njobs = '4'", "nianbao.toml: batch.jobs: a whole number is expected"},
		{"fraction", "[batch]\njobs = 1.5", "nianbao.toml: batch.jobs: a whole number is expected"},
		{"number for a text", "[batch]\noutput = 4", "nianbao.toml: batch.output: a text in quotes is expected"},
		{"text for yes and no", "[batch]\nwatch = 'yes'", "nianbao.toml: batch.watch: true or false is expected"},
		{"number for a time", "[batch]\ntimeout = 4", "nianbao.toml: batch.timeout: a time in quotes"},
		{"no time", "[batch]\ntimeout = 'long'", `nianbao.toml: batch.timeout: "long" does not fit`},
		{"no size", "memory = 'much'", `nianbao.toml: memory (batch.memory): "much" does not fit`},
		{"array for one", "[batch]\njobs = [4]", "nianbao.toml: batch.jobs: a whole number is expected"},
		{"numbers for texts", "[batch]\ninclude = [4]", "nianbao.toml: batch.include: an array of texts"},
		{"arrays in arrays", "[batch]\ninclude = [['a']]", "nianbao.toml: batch.include: an array of texts"},
		{"texts for numbers", "[form.draft]\ntable = ['1']", "nianbao.toml: form.draft.table: an array of whole numbers"},
		{"date", "[apply]\nwho = 2024-01-01", "nianbao.toml: apply.who: a text in quotes is expected"},
		{"array of tables", "[[batch]]\njobs = 1", "nianbao.toml: batch: there is no such flag"},
		{"of two meanings", `queue = 3`, "nianbao.toml: queue (batch.queue): a text in quotes is expected"},
		{"password", "[batch]\nqueue = 'postgres://me:secret@host/db'", "nianbao.toml: batch.queue: secrets do not belong"},
		{"password behind", "[batch]\nqueue = 'postgres://me@host/db?password=secret'", "nianbao.toml: batch.queue: secrets do not belong"},
		{"no TOML", "jobs = 1\njobs", "nianbao.toml:2: is not valid TOML"},
		{"twice", "jobs = 1\njobs = 2", "is not valid TOML"},
		{"not UTF-8", "lang = '\xd6\xd0'", "is not valid TOML"},
		{"language", `lang = "fr"`, `unknown --lang "fr": zh or en; --lang is set in nianbao.toml`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, configFile, tt.file)
			_, stderr, status := inProcess(t, "", "version")
			if status != exitUsage || !strings.Contains(stderr, tt.want) {
				t.Errorf("exit %d: %s", status, stderr)
			}
			if strings.Contains(stderr, "secret@") || strings.Contains(stderr, "=secret") {
				t.Error("the secret is told")
			}
			for _, args := range [][]string{{"--help"}, {"help", "batch"}, {"completion", "bash"}, {"__complete", "ba"}, {"version", "--config="}} {
				if _, stderr, status := inProcess(t, "", args...); status != 0 {
					t.Errorf("%v: exit %d: %s", args, status, stderr)
				}
			}
		})
	}
}

// TestSettingsFile: a file that is named must be there; one that is not need not.
func TestSettingsFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, "other.toml", "lang = 'zh'\n[convert]\nlog-format = 'xml'\n")
	for _, tt := range []struct {
		name   string
		args   []string
		want   string
		status int
	}{
		{"none", []string{"version"}, "", 0},
		{"named", []string{"version", "--config", "other.toml"}, "", 0},
		{"named before the command", []string{"--config=other.toml", "version"}, "", 0},
		{"absent", []string{"version", "--config", "absent.toml"}, "absent.toml: cannot be read", exitUsage},
		{"folder", []string{"version", "--config", dir}, "cannot be read", exitUsage},
		{"a value that the command refuses", []string{"--config=other.toml", "--lang", "en", "convert", "a.pdf"}, "--log-format is set in other.toml", exitUsage},
		{"in its language", []string{"--config=other.toml", "convert", "a.pdf"}, "--log-format 是在 other.toml 中设置的", exitUsage},
		{"typed", []string{"--config=other.toml", "--lang", "en", "convert", "a.pdf", "--log-format", "yaml"}, "yaml", exitUsage},
	} {
		_, stderr, status := inProcess(t, "", tt.args...)
		if status != tt.status || !strings.Contains(stderr, tt.want) {
			t.Errorf("%s: exit %d: %s", tt.name, status, stderr)
		}
		if tt.name == "typed" && strings.Contains(stderr, "other.toml") {
			t.Errorf("the file is blamed for what was typed: %s", stderr)
		}
	}
	write(t, configFile, "[batch]\noutput = 'results'\nquiet = true\n")
	if err := os.Mkdir("cabinet", 0o755); err != nil {
		t.Fatal(err)
	}
	if _, stderr, _ := inProcess(t, "", "batch", "cabinet"); strings.Contains(stderr, "--output") {
		t.Errorf("the output folder of the file did not count: %s", stderr)
	}
	if _, err := os.Stat("results"); err != nil {
		t.Error(err)
	}
}

// TestSettingsKinds: every flag of every command can stand in the file.
func TestSettingsKinds(t *testing.T) {
	var each func(c *cobra.Command)
	each = func(c *cobra.Command) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if expected[f.Value.Type()] == nil {
				t.Errorf("%s --%s is of type %s, which no value of the file is for", c.CommandPath(), f.Name, f.Value.Type())
			}
		})
		for _, sub := range c.Commands() {
			each(sub)
		}
	}
	root := newRootCommand(&env{getenv: os.Getenv})
	each(root)
	if known := flagsBelow(root); !slices.Contains(known, "webhook-secret-file") {
		t.Errorf("flags: %v", known)
	}
}

// TestSettingsDocs: the examples of the documents are good ones.
func TestSettingsDocs(t *testing.T) {
	for _, doc := range []string{"../../docs/configuration.md", "../../docs/zh/manual.md"} {
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		_, example, _ := strings.Cut(string(text), "```toml\n")
		example, _, found := strings.Cut(example, "```")
		if !found {
			t.Fatalf("%s has no example", doc)
		}
		file := filepath.Join(t.TempDir(), "example.toml")
		write(t, file, example)
		if _, stderr, status := inProcess(t, "", "version", "--config", file); status != 0 {
			t.Errorf("%s: exit %d: %s", doc, status, stderr)
		}
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Clean(name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
