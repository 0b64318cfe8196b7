package form

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

// TestOfficialFaults: the program's own forms are held to what is asked of the user's.
func TestOfficialFaults(t *testing.T) {
	names, err := fs.Glob(data, "data/*.json")
	if err != nil || len(names) < 3 {
		t.Fatalf("%d forms, %v", len(names), err)
	}
	for _, n := range names {
		b, err := data.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, faults := parse(b, false); len(faults) > 0 {
			t.Errorf("%s: %v", n, faults)
		}
	}
}

// TestShared: a table that several forms print alike tells none of them.
func TestShared(t *testing.T) {
	s := Official()
	for _, f := range s.All() {
		for i := range f.Tables {
			x := &f.Tables[i]
			if got, want := s.Shared(x), x.Key == "review_and_litigation"; got != want {
				t.Errorf("%s %s is shared: %v", f.Name, x.Key, got)
			}
		}
	}
}

func TestOpen(t *testing.T) {
	for reason, files := range map[string]fstest.MapFS{
		"no form": {}, "no national form": {"data/a.json": {Data: []byte(`{"name": "a", "local": true}`)}}, "no JSON": {"data/a.json": {Data: []byte(`{`)}},
	} {
		if _, err := Open(files); err == nil {
			t.Errorf("%s is enough", reason)
		}
	}
}
