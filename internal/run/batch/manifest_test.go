package batch_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/internal/out/manifest"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/folder"
)

// newcomer is a folder as people have them: reports, broken files, pages, an archive, duplicates.
func newcomer(t *testing.T) (in string, files int) {
	in = t.TempDir()
	write(t, in, map[string]string{
		"a.pdf": "whole", "copy/a.pdf": "whole", "b.pdf": "partial", "c.pdf": "no_numbers", "d.txt": "not_a_report", "e.doc": "encrypted", "f.pdf": "cut", "g.txt": "",
		"甲/001.png": png + "1", "甲/002.png": png + "2", "乙-1.png": png + "3", "乙-2.png": png + "4", "乙-3.png": png + "5", "丙-1.png": png + "6",
		"z.zip": zipped(t, map[string]string{"a.txt": "whole", "年报/b.txt": "other", "页/1.png": png + "1", "页/2.png": png + "9"}),
	})
	if err := os.Symlink("a.pdf", filepath.Join(in, "l.pdf")); err != nil {
		t.Fatal(err)
	}
	return in, 15
}

func TestManifest(t *testing.T) {
	in, n := newcomer(t)
	out := t.TempDir()
	run(t, options(in, out))
	m, err := batch.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	want := map[batch.Fate]int{
		batch.FateComplete: 6, batch.FatePartial: 1, batch.FateNoNumbers: 1, batch.FateNotAReport: 1, batch.FateQuarantined: 4, batch.FateDuplicate: 2,
	}
	total := 0
	for f, k := range want {
		total += k
		if m.Totals[f] != k {
			t.Errorf("%s: %d, want %d", f, m.Totals[f], k)
		}
	}
	if m.Found != n || len(m.Lines) != n || total != n || m.Gone != 0 {
		t.Errorf("%d found, %d lines, %d gone, want %d", m.Found, len(m.Lines), m.Gone, n)
	}
	at := map[string]batch.Line{}
	for _, l := range m.Lines {
		at[l.Input] = l
		if l.Fate != batch.FateWaiting && l.Result == "" {
			t.Errorf("%s has no result and no reason", l.Input)
		}
		if _, err := os.Stat(filepath.Join(out, l.Result)); err != nil {
			t.Errorf("%s: %v", l.Input, err)
		}
	}
	if l := at["copy/a.pdf"]; l.DuplicateOf != "a.pdf" || l.Result != "json/a.pdf.json" || l.Bytes != 5 {
		t.Errorf("%+v", l)
	}
	if l := at["z.zip/年报/b.txt"]; l.Inside != "年报/b.txt" || filepath.Base(l.Place) != "z.zip" || l.Fate != batch.FateComplete {
		t.Errorf("%+v", l)
	}
	if l := at["甲"]; l.Files != 2 || l.Pages != 2 || l.SHA256 == "" {
		t.Errorf("%+v", l)
	}
	if l := at["乙"]; l.Files != 3 {
		t.Errorf("%+v", l)
	}
	if l := at["e.doc"]; l.Reason != "encrypted" || l.Result != "quarantine/e.doc.reason.json" {
		t.Errorf("%+v", l)
	}
	if l := at["l.pdf"]; l.Reason != batch.Symlink || l.SHA256 != "" {
		t.Errorf("%+v", l)
	}

	// An input that is gone stays in the list and is counted apart; the rest still adds up.
	if err := os.Remove(filepath.Join(in, "b.pdf")); err != nil {
		t.Fatal(err)
	}
	run(t, options(in, out))
	if m, err = batch.ReadManifest(out); err != nil || m.Found != n-1 || m.Gone != 1 || m.Totals[batch.FatePartial] != 0 {
		t.Errorf("%d found, %d gone, %v", m.Found, m.Gone, err)
	}
}

func TestManifestOfShards(t *testing.T) {
	in, n := newcomer(t)
	out := t.TempDir()
	for i := 1; i <= 3; i++ {
		o := options(in, out)
		o.Shard = batch.Shard{Index: i, Count: 3}
		run(t, o)
	}
	if m, err := batch.ReadManifest(out); err != nil || m.Found != n {
		t.Errorf("%d found, want %d: %v", m.Found, n, err)
	}
}

// TestVerifyAfterAMove: where the inputs were moved and found again, those of the old place are not missed.
func TestVerifyAfterAMove(t *testing.T) {
	in, n := newcomer(t)
	out, moved := t.TempDir(), in+"-moved"
	run(t, options(in, out))
	if err := os.Rename(in, moved); err != nil {
		t.Fatal(err)
	}
	run(t, options(moved, out))
	m, err := batch.ReadManifest(out)
	if err != nil || m.Found != n || m.Gone != n {
		t.Fatalf("%d found, %d gone, of %d, %v", m.Found, m.Gone, n, err)
	}
	for _, o := range []manifest.CSVOptions{{}, {BOM: true, Labels: true}} {
		var list bytes.Buffer
		if err := manifest.CSV(&list, m, o); err != nil {
			t.Fatal(err)
		}
		lines, err := manifest.ReadCSV(&list)
		if err != nil {
			t.Fatal(err)
		}
		for _, lines := range [][]batch.Line{m.Lines, lines} {
			if faults, looked, err := batch.Verify(folder.Dir{Root: out}, lines, true); err != nil || len(faults) > 0 || looked < n {
				t.Errorf("%v, %d looked at, %v", faults, looked, err)
			}
		}
	}
}

// TestVerify finds each way in which a folder may differ from its list.
func TestVerify(t *testing.T) {
	in, _ := newcomer(t)
	out := t.TempDir()
	run(t, options(in, out))
	m, err := batch.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	var list bytes.Buffer
	if err := manifest.CSV(&list, m, manifest.CSVOptions{BOM: true, Labels: true}); err != nil {
		t.Fatal(err)
	}
	lines, err := manifest.ReadCSV(&list)
	if err != nil || len(lines) != len(m.Lines) {
		t.Fatal(len(lines), err)
	}
	if faults, looked, err := batch.Verify(folder.Dir{Root: out}, lines, true); err != nil || len(faults) > 0 || looked < len(lines) {
		t.Fatalf("%v, %d looked at, %v", faults, looked, err)
	}
	json := filepath.Join(out, "json")
	for _, f := range []func() error{
		func() error { return os.Remove(filepath.Join(json, "c.pdf.json")) },
		func() error { return os.Truncate(filepath.Join(json, "a.pdf.json"), 30) },
		func() error { return os.WriteFile(filepath.Join(json, "new.json"), []byte("{}"), 0o644) },
		func() error { return os.WriteFile(filepath.Join(in, "f.pdf"), []byte("cut and changed"), 0o644) },
		func() error { return os.Remove(filepath.Join(in, "乙-2.png")) },
	} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	faults, _, err := batch.Verify(folder.Dir{Root: out}, lines, true)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, f := range faults {
		said = append(said, f.Path+" "+f.Message)
	}
	want := []string{
		"json/c.pdf.json is missing", "json/a.pdf.json is not as it was written", "json/new.json is not in the list",
		"f.pdf the original is not what it was", "乙 the original is not where it was",
	}
	for _, w := range want {
		if !strings.Contains(strings.Join(said, "\n")+"\n", w+"\n") {
			t.Errorf("not said: %s", w)
		}
	}
	if len(said) != len(want) {
		t.Errorf("said\n%s", strings.Join(said, "\n"))
	}
}
