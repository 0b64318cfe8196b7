package batch_test

import (
	"archive/zip"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/internal/dev/work"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/worker"
)

// TestOneNameCostsOneResult: where a result cannot be written under its name, it gets another, and all others theirs.
func TestOneNameCostsOneResult(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a": "1", "b": "2", "c": "cut", "d/e": "3", "d/f": "cut, too"})
	write(t, out, map[string]string{
		"ledger.lock":   "",
		"json/a.json/x": "", "quarantine/c.reason.json/x": "", // a folder stands where the file would go
		"json/d": "", "quarantine/d": "", // and a file where the folder would
	})
	if s := run(t, options(in, out)); s.Converted != 3 || s.Failed != 2 {
		t.Errorf("%+v", s)
	}
	sum := func(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }
	want := []string{
		"json/_/" + sum("3") + ".json", "json/a.json/x", "json/a~" + sum("1")[:12] + ".json", "json/b.json", "json/d",
		"quarantine/_/" + sum("cut, too") + ".reason.json", "quarantine/c.reason.json/x", "quarantine/c~" + sum("cut")[:12] + ".reason.json", "quarantine/d",
	}
	if got := names(tree(t, out)); got != strings.Join(want, " ") {
		t.Errorf("got %s\nwant %v", got, want)
	}
	if s := run(t, options(in, out)); s.Skipped != 3 || s.KnownFailed != 2 {
		t.Errorf("again: %+v", s)
	}
}

// TestDamagedResults are noticed, kept aside and made again.
func TestDamagedResults(t *testing.T) {
	for name, damage := range map[string]func(file string) error{
		"cut short": func(f string) error { return os.Truncate(f, 20) },
		"one bit": func(f string) error {
			b, err := os.ReadFile(f)
			info, serr := os.Stat(f)
			if err := errors.Join(err, serr); err != nil {
				return err
			}
			b[len(b)/2] ^= 1
			return errors.Join(os.WriteFile(f, b, 0o644), os.Chtimes(f, time.Time{}, info.ModTime()))
		},
		"gone": os.Remove,
	} {
		in, out := t.TempDir(), t.TempDir()
		write(t, in, map[string]string{"a": "1", "b": "2"})
		run(t, options(in, out))
		want := tree(t, out)["json/a.json"]
		if err := damage(filepath.Join(out, "json", "a.json")); err != nil {
			t.Fatal(err)
		}
		var told []string
		o := options(in, out)
		o.Notify = func(e batch.Event) {
			if e.Kind == batch.Trouble {
				told = append(told, e.Input)
			}
		}
		if s := run(t, o); s.Converted != 1 || s.Skipped != 1 {
			t.Errorf("%s: %+v", name, s)
		}
		if name != "gone" && !slices.Equal(told, []string{"a.json"}) {
			t.Errorf("%s: told %v", name, told)
		}
		files := tree(t, out)
		if files["json/a.json"] != want {
			t.Errorf("%s: the result is not as before", name)
		}
		if _, kept := files["quarantine/a.altered.json"]; kept != (name != "gone") {
			t.Errorf("%s: %s", name, names(files))
		}
	}
}

// TestEditedLedger: a row that leads out of the output folder is as if it were not there.
func TestEditedLedger(t *testing.T) {
	for _, bad := range []string{"../../evil.json", "/tmp/evil.json", "json", "a/../../../evil.json"} {
		root := t.TempDir()
		in, out := filepath.Join(root, "in"), filepath.Join(root, "x", "y", "out")
		write(t, in, map[string]string{"a": "1", "b": "cut"})
		run(t, options(in, out))
		db, err := sql.Open("sqlite", filepath.Join(out, "ledger.db"))
		if err == nil {
			_, err = db.Exec("UPDATE document SET output = ? WHERE state = 'done'", bad)
			err = errors.Join(err, db.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		o := options(in, out)
		o.Identity.Version = "2" // everything is written again
		o.Retry = true
		if s := run(t, o); s.Finished() != 2 {
			t.Errorf("%s: %+v", bad, s)
		}
		err = filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
			if err == nil && strings.Contains(p, "evil") {
				t.Errorf("%s was written", p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := names(tree(t, out)); got != "json/a.json quarantine/b.reason.json" {
			t.Errorf("%s: %s", bad, got)
		}
	}
}

// TestForeignFolder is not written into.
func TestForeignFolder(t *testing.T) {
	in := t.TempDir()
	write(t, in, map[string]string{"a": "1"})
	for _, tt := range []struct {
		reason string
		files  map[string]string
		ok     bool
	}{
		{"somebody's settings", map[string]string{"settings.json": "{}", "tmp/run/work": "x"}, false},
		{"somebody's forms", map[string]string{"forms/a.json": "{}"}, false},
		{"a folder of documents", map[string]string{"a.pdf": "x"}, false},
		{"what systems leave behind", map[string]string{".DS_Store": "x"}, true},
		{"answers that were kept", map[string]string{"answers/x": ""}, true},
		{"a batch whose ledger is lost", map[string]string{"json/a": "", "quarantine/a": "", "settings.json": "{}"}, true},
		{"a batch and what was exported from it", map[string]string{"ledger-1-of-2.db": "", "reports.xlsx": ""}, true},
	} {
		out := t.TempDir()
		write(t, out, tt.files)
		_, err := batch.Run(t.Context(), options(in, out))
		if tt.ok != (err == nil) || !tt.ok && !errors.Is(err, batch.ErrInput) {
			t.Errorf("%s: %v", tt.reason, err)
		}
		for name, content := range tt.files {
			if b, err := os.ReadFile(filepath.Join(out, name)); !tt.ok && (err != nil || string(b) != content) {
				t.Errorf("%s: %s was touched", tt.reason, name)
			}
		}
	}
}

// TestArchiveOfManyMembers: the directory of an archive is read once and not for each member, so that four times the
// members do not take ten times as long.
func TestArchiveOfManyMembers(t *testing.T) {
	many := func(n int) func() {
		in := t.TempDir()
		files := map[string]string{}
		for i := range n {
			files[fmt.Sprintf("%05d.txt", i)] = "the same"
		}
		if err := os.WriteFile(filepath.Join(in, "z.zip"), []byte(zipped(t, files)), 0o600); err != nil {
			t.Fatal(err)
		}
		return func() {
			if s := run(t, options(in, t.TempDir())); s.Converted != 1 || s.Duplicates != n-1 {
				t.Errorf("%+v", s)
			}
		}
	}
	work.Grows(t, 10, many(2000), many(8000))
}

// TestArchiveMembersThatAreNotRead say how they are packed.
func TestArchiveMembersThatAreNotRead(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	f, err := os.Create(filepath.Join(in, "z.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "a.txt", Method: 14, CompressedSize64: 3, UncompressedSize64: 3})
	if err == nil {
		_, err = io.WriteString(w, "abc")
	}
	if err := errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	run(t, options(in, out))
	var q batch.Quarantined
	if err := json.Unmarshal([]byte(tree(t, out)["quarantine/z.zip/a.txt.reason.json"]), &q); err != nil {
		t.Fatal(err)
	}
	if q.Reason != worker.Unsupported || !strings.Contains(q.Message, "LZMA") {
		t.Errorf("%+v", q)
	}
}

// TestDocumentsAreNoArchives: a document is told by the names of its parts, however a program writes them.
func TestDocumentsAreNoArchives(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	for name, part := range map[string]string{"a.ofd": "ofd.xml", "b.docx": `WORD\Document.xml`} {
		data := zipped(t, map[string]string{part: "abc", "x/y.txt": "abc"})
		if err := os.WriteFile(filepath.Join(in, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, options(in, out))
	for _, name := range []string{"a.ofd", "b.docx"} {
		if tree(t, out)["json/"+name+".json"] == "" {
			t.Errorf("%s was taken for an archive", name)
		}
	}
}
