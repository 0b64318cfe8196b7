package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestList holds docs/seen.csv to what it is for: of at least 500 files that were compared, no difference is without a cause, and what
// somebody read of one has the mark of the difference that it was.
func TestList(t *testing.T) {
	const recorded, least = "../../../../docs/seen.csv", 500
	entries, err := load(recorded)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, e := range entries {
		switch e.outcome {
		case same:
			compared++
		case numbers, words:
			compared++
			if e.cause == "" || e.by != byRule && e.by != byHand || e.by == byHand && e.mark == "" || e.unread+e.unseen == 0 {
				t.Errorf("%s: %+v has no cause", e.file(), e)
			}
		case ended, "":
			t.Errorf("%s: %q", e.file(), e.outcome)
		}
	}
	if compared < least {
		t.Errorf("%d files were compared, want %d", compared, least)
	}

	// A list is written as it was read.
	copied := filepath.Join(t.TempDir(), "seen.csv")
	if err := save(copied, entries); err != nil {
		t.Fatal(err)
	}
	a, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(copied) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Error("docs/seen.csv is not as compareseen writes it")
	}
	if n := summary([]entry{{outcome: numbers}, {outcome: words, cause: "chart"}, {outcome: same}}, ""); n != 1 {
		t.Errorf("%d differences without a cause, want 1", n)
	}
}
