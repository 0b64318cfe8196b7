package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/synth"
)

// cabinet fills a folder with reports of one issuer and some files that are none.
func cabinet(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string][]byte{"cut.docx": synth.Make(9, synth.Options{}).DOCX(synth.Plain())[:3000], "empty.pdf": nil}
	for i := range uint64(3) {
		r := synth.Make(i+1, synth.Options{BreakOne: i == 1})
		files["县/"+r.Title+".docx"] = r.DOCX(synth.Plain())
	}
	for name, data := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestBatch(t *testing.T) {
	in, out := cabinet(t), t.TempDir()
	_, stderr, status := inProcess(t, "", "batch", in, "-o", out, "-j", "2")
	if status != exitFailed || !strings.Contains(stderr, "5 inputs: 3 converted, 2 in quarantine") {
		t.Fatalf("status %d\n%s", status, stderr)
	}
	results, err := filepath.Glob(filepath.Join(out, "json", "县", "*.json"))
	if err != nil || len(results) != 3 {
		t.Fatalf("%v, %v", results, err)
	}
	for _, name := range results {
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, _, _ := inProcess(t, "", "convert", filepath.Join(in, "县", strings.TrimSuffix(filepath.Base(name), ".json")))
		if !bytes.Equal(got, []byte(want)) {
			t.Errorf("%s is not what convert gives", name)
		}
	}
	stdout, _, status := inProcess(t, "", "status", out)
	for _, s := range []string{"done", "damaged", "empty", "finished"} {
		if !strings.Contains(stdout, s) || status != exitFailed {
			t.Errorf("status %d does not say %q:\n%s", status, s, stdout)
		}
	}
	if _, stderr, _ := inProcess(t, "", "batch", in, "-o", out, "--log-format", "json"); !strings.Contains(stderr, "0 converted, 3 done before, 2 in quarantine") {
		t.Errorf("again: %s", stderr)
	}
	if _, stderr, _ := inProcess(t, "", "batch", in, "-o", t.TempDir(), "--log-format", "json"); strings.Count(stderr, `"stages":{"check":`) != 3 {
		t.Errorf("as JSON: %s", stderr)
	}
	if _, stderr, _ := inProcess(t, "", "batch", in, "-o", out, "--tables-only"); !strings.Contains(stderr, "5 inputs: 3 converted, 2 in quarantine") {
		t.Errorf("with other settings: %s", stderr)
	}
}

func TestBatchExitStatus(t *testing.T) {
	in, out := cabinet(t), t.TempDir()
	tests := []struct {
		reason string
		args   []string
		want   int
	}{
		{"no output", []string{in}, exitUsage},
		{"overlapping", []string{in, "-o", in}, exitUsage},
		{"no such input", []string{filepath.Join(in, "none"), "-o", out}, exitUsage},
		{"a bad size", []string{in, "-o", out, "--memory", "much"}, exitUsage},
		{"too little memory", []string{in, "-o", out, "--memory", "1M"}, exitUsage},
		{"a bad shard", []string{in, "-o", out, "--shard", "3/2"}, exitUsage},
		{"a bad choice", []string{in, "-o", out, "--page-folders", "some"}, exitUsage},
		{"a printed sum is wrong", []string{in, "-o", out, "--exclude", "cut*", "--exclude", "empty*"}, exitReview},
		{"which may be accepted", []string{in, "-o", out, "--exclude", "cut*", "--exclude", "empty*", "--no-review-exit"}, exitOK},
	}
	for _, tt := range tests {
		if _, stderr, got := inProcess(t, "", append([]string{"batch"}, tt.args...)...); got != tt.want {
			t.Errorf("%s: status %d, want %d: %s", tt.reason, got, tt.want, stderr)
		}
	}
	if _, _, got := inProcess(t, "", "status", in); got != exitFailed {
		t.Errorf("status of a folder that is no batch: %d", got)
	}
}

func TestWhatABatchSays(t *testing.T) {
	if got := fit("年报abc", 6); got != "年报ab" {
		t.Errorf("fit: %q", got)
	}
	var s size
	for text, want := range map[string]size{"2G": 2 << 30, "512m": 512 << 20, "64MiB": 64 << 20, "1000": 1000} {
		if err := s.Set(text); err != nil || s != want {
			t.Errorf("%s: %d, %v", text, s, err)
		}
	}
	for _, text := range []string{"", "G", "-1", "1.5G"} {
		if s.Set(text) == nil {
			t.Errorf("%q is taken for %d", text, s)
		}
	}
}
