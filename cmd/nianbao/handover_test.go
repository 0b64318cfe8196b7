package main

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packed writes a ZIP of samples under other names.
func packed(t *testing.T, file string, names map[string]string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, sample := range names {
		data, err := os.ReadFile(samples + sample)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

func copied(t *testing.T, to, sample string) {
	t.Helper()
	data, err := os.ReadFile(samples + sample)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatStandsForAFile: a ZIP stands for its members, a name in it for one, and each result has a name of its own.
func TestWhatStandsForAFile(t *testing.T) {
	dir := t.TempDir()
	zipFile := filepath.Join(dir, "z.zip")
	packed(t, zipFile, map[string]string{"d/县.docx": "county_2021form.docx", "b.txt": "township_2014form.txt"})
	copied(t, filepath.Join(dir, "a.docx"), "county_2021form.docx")
	copied(t, filepath.Join(dir, "a.txt"), "township_2014form.txt")
	copied(t, filepath.Join(dir, "b.html"), "bureau_2019form.html")
	out := filepath.Join(dir, "out")
	if _, errs, status := inProcess(t, "", "convert", "-q", "-o", out, filepath.Join(dir, "a.docx"), filepath.Join(dir, "a.txt"), filepath.Join(dir, "b.html"), zipFile); status != exitOK {
		t.Fatalf("exit %d: %s", status, errs)
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if want := "a.docx.json a.txt.json b.json z.zip_b.json z.zip_d_县.json"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	one, errs, status := inProcess(t, "", "convert", filepath.Join(zipFile, "d", "县.docx"))
	if status != exitOK || !strings.Contains(one, `"name": "县.docx"`) {
		t.Errorf("exit %d: %s", status, errs)
	}
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"inspect", zipFile}, "holds 2 documents: name one"},
		{[]string{"convert", dir}, "is a directory, and not of the pages"},
		{[]string{"convert", filepath.Join(zipFile, "none")}, "there is no such file in the archive"},
	} {
		if _, errs, status := inProcess(t, "", tt.args...); status != exitFailed || !strings.Contains(errs, tt.says) {
			t.Errorf("%v: exit %d: %s", tt.args, status, errs)
		}
	}
}

// TestHandOver: a batch is listed, the list adds up, and what is changed afterwards is found.
func TestHandOver(t *testing.T) {
	dir := t.TempDir()
	in, out, list := filepath.Join(dir, "in"), filepath.Join(dir, "out"), filepath.Join(dir, "list.csv")
	if err := os.Mkdir(in, 0o755); err != nil {
		t.Fatal(err)
	}
	copied(t, filepath.Join(in, "a.docx"), "county_2021form.docx")
	copied(t, filepath.Join(in, "copy.docx"), "county_2021form.docx")
	if err := os.WriteFile(filepath.Join(in, "b.pdf"), []byte("%PDF-1.7 cut"), 0o600); err != nil {
		t.Fatal(err)
	}
	inProcess(t, "", "batch", "-q", in, "-o", out)
	if _, errs, status := inProcess(t, "", "manifest", out, "--bom", "-o", list); status != exitOK || !strings.Contains(errs, "3 inputs: 1 complete, 1 quarantined, 1 duplicate") {
		t.Errorf("exit %d: %s", status, errs)
	}
	if text, errs, status := inProcess(t, "", "verify", out, list, "--originals"); status != exitOK || text != "" {
		t.Errorf("exit %d: %s%s", status, text, errs)
	}
	result := filepath.Join(out, "json", "a.docx.json")
	if err := os.Truncate(result, 100); err != nil {
		t.Fatal(err)
	}
	if text, _, status := inProcess(t, "", "verify", out, list); status != exitFailed || text != "json/a.docx.json: is not as it was written\n" {
		t.Errorf("exit %d: %s", status, text)
	}
	// The damaged one costs no more than itself, in what goes out as well.
	copied(t, filepath.Join(in, "c.txt"), "township_2014form.txt")
	if err := os.WriteFile(filepath.Join(out, "json", "d.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"export", out, "--to", "jsonl", "--shape", "wide"}, {"report", out}} {
		if _, errs, status := inProcess(t, "", args...); status != exitFailed || !strings.Contains(errs, "d.json: left out") {
			t.Errorf("%v: exit %d: %s", args, status, errs)
		}
	}
	inProcess(t, "", "batch", "-q", in, "-o", out)
	if data, err := os.ReadFile(result); err != nil || !json.Valid(data) {
		t.Errorf("the damaged result was not made again: %v", err)
	}
}

// TestMeant: what was mistyped is told with what was probably meant.
func TestMeant(t *testing.T) {
	for _, tt := range []struct{ args, says string }{
		{"convrt a.pdf", "did you mean convert?"},
		{"verifi out", "did you mean verify?"},
		{"convert --tiemout 5m a.pdf", "did you mean --timeout?"},
		{"convert --no-review a.pdf", "did you mean --no-review-exit?"},
		{"zzzz", `unknown command "zzzz"`},
		{"convrt a.pdf --lang=zh", "是否想用 convert？"},
		{"convert --tiemout 5m a.pdf --lang=zh", "是否想用 --timeout？"},
		{"completoin bash", "did you mean completion?"},
	} {
		_, errs, status := inProcess(t, "", append([]string{"--lang=en"}, strings.Fields(tt.args)...)...)
		if status != exitUsage || !strings.Contains(errs, tt.says) || tt.args == "zzzz" && strings.Contains(errs, "mean") {
			t.Errorf("%s: exit %d: %s", tt.args, status, errs)
		}
	}
}

// TestPrintable: no control character of a name comes through.
func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{"年报.pdf": "年报.pdf", "a\nb": `a\nb`, "\x1b[31m": `\x1b[31m`, "a\u202eb": `a\u202eb`, "\u0085": `\u0085`} {
		if got := printable(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
