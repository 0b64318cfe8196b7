package answers

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nianbao/nianbao/report"
)

var content = strings.Repeat("ab", 32)

func answer(path string, n int64, who string) Entry {
	v := report.Int(n)
	return Entry{Patch: report.Patch{Path: path, Value: report.Value{Number: &v}, Who: who}}
}

// TestCurrent: the last answer of each value counts, unless it was taken back.
func TestCurrent(t *testing.T) {
	undo := func(path string, n int) Entry { return Entry{Patch: report.Patch{Path: path}, Undo: n} }
	tests := []struct {
		name    string
		entries []Entry
		want    string
	}{
		{"nothing", nil, ""},
		{"two values", []Entry{answer("/a", 1, ""), answer("/b", 2, "")}, "/a=1 /b=2"},
		{"a later answer keeps the place", []Entry{answer("/a", 1, ""), answer("/b", 2, ""), answer("/a", 3, "")}, "/a=3 /b=2"},
		{"taken back", []Entry{answer("/a", 1, ""), undo("/a", 1)}, ""},
		{"back to the answer before", []Entry{answer("/a", 1, ""), answer("/a", 2, ""), undo("/a", 2)}, "/a=1"},
		{"answered again", []Entry{answer("/a", 1, ""), undo("/a", 1), answer("/a", 4, "")}, "/a=4"},
	}
	for _, x := range tests {
		s := Open(t.TempDir())
		h, err := s.Load(content)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range x.entries {
			if h, err = s.Add(content, "a.pdf", -1, e); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, p := range h.Current() {
			got = append(got, fmt.Sprintf("%s=%s", p.Path, p.Value.Number))
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s: %v, want %s", x.name, got, x.want)
		}
	}
}

// TestAddIsForSeveral: no answer of many writers is lost, and nobody overwrites what he has not seen.
func TestAddIsForSeveral(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := Open(dir).Add(content, "a.pdf", 0, answer(fmt.Sprintf("/tables/x/%d", i), 1, "甲")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	h, err := Open(dir).Load(content)
	if err != nil || len(h.Entries) != 20 {
		t.Fatalf("%d entries, %v", len(h.Entries), err)
	}
	if h, err = Open(dir).Add(content, "a.pdf", 20, answer("/tables/x/3", 2, "甲")); err != nil || h.Last("/tables/x/3").N != 21 {
		t.Fatalf("%v", err)
	}
	h, err = Open(dir).Add(content, "a.pdf", 20, answer("/tables/x/3", 5, "乙"))
	if !errors.Is(err, ErrConflict) || h.Last("/tables/x/3").Who != "甲" {
		t.Errorf("an answer that nobody had seen was overwritten: %v", err)
	}
}

func TestDamagedHistoriesAreNotOverwritten(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, content+".json")
	for _, text := range []string{"", "{", `{"sha256": "` + strings.Repeat("cd", 32) + `"}`} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir).Add(content, "a.pdf", -1, answer("/a", 1, "")); err == nil {
			t.Errorf("%q: an answer was written over it", text)
		}
		if b, err := os.ReadFile(name); err != nil || string(b) != text {
			t.Errorf("%q became %q", text, b)
		}
	}
	if _, err := Open(dir).Load("../" + content[3:]); err == nil {
		t.Error("a path was taken for a hash")
	}
}
