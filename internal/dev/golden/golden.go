// Package golden compares what a test made with files that hold what it made before.
//
// Golden files say what the program prints today, not what is true; truth is kept apart and is never
// rewritten. Run the tests with -update to rewrite golden files, then read the difference. That is
// refused where CI is set, and a missing file fails, so that no test passes by writing its own answer.
package golden

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

var update = flag.Bool("update", false, "rewrite golden files with what the tests make")

// T is what of a *testing.T is needed.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Updating says whether the tests were asked to rewrite their files. It fails t where CI is set.
func Updating(t T) bool {
	t.Helper()
	if *update && os.Getenv("CI") != "" {
		t.Fatalf("-update is refused in CI: rewrite golden files by hand and read them")
	}
	return *update
}

// Equal compares got with the file at path, and shows the lines that differ.
func Equal(t T, path string, got []byte) {
	t.Helper()
	if Updating(t) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatalf("%v", err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatalf("%v", err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("no golden file: %v (run the test with -update and read what it writes)", err)
		return
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (-want +got):\n%s", path, Diff(string(want), string(got)))
	}
}

// maxShown bounds the lines that Diff shows.
const maxShown = 40

// Diff shows the lines of want that got does not have, marked -, and the other way round, marked +,
// each with its number; "" when they are the same.
func Diff(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	var out strings.Builder
	shown := 0
	show := func(mark string, number int, line string) {
		if shown++; shown <= maxShown {
			fmt.Fprintf(&out, "%s%4d %s\n", mark, number, line)
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		if i < len(a) && j < len(b) && a[i] == b[j] {
			i, j = i+1, j+1
			continue
		}
		di, dj := meet(a[i:], b[j:])
		for ; di > 0; di-- {
			show("-", i+1, a[i])
			i++
		}
		for ; dj > 0; dj-- {
			show("+", j+1, b[j])
			j++
		}
	}
	if shown > maxShown {
		fmt.Fprintf(&out, "… and %d more lines\n", shown-maxShown)
	}
	return out.String()
}

// meet gives how many lines of a and b to pass over until they are alike again, as few as can be.
func meet(a, b []string) (int, int) {
	for sum := 1; sum <= len(a)+len(b); sum++ {
		for i := max(0, sum-len(b)); i <= min(sum, len(a)); i++ {
			j := sum - i
			if i == len(a) && j == len(b) || i < len(a) && j < len(b) && a[i] == b[j] {
				return i, j
			}
		}
	}
	return len(a), len(b)
}

// Orphans fails t for every file in a folder that no test named: names are the base names in use.
func Orphans(t T, folder string, names []string) {
	t.Helper()
	used := map[string]bool{}
	for _, n := range names {
		used[n] = true
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatalf("%v", err)
		return
	}
	for _, e := range entries {
		if !used[e.Name()] {
			t.Errorf("%s: no test uses this file", filepath.Join(folder, e.Name()))
		}
	}
}
