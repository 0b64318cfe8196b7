package accuracy

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/nianbao/nianbao/internal/dev/synth"
)

// Foreign is what was measured on scans that this project did not draw.
type Foreign struct {
	// Kind is how the scans were worn.
	Kind     string
	Outcomes []Outcome
}

// truth is a file that says what a scan shows: every number's path and what is printed there, what is wrong in
// print, the scan's file beside it and its kind.
type truth struct {
	Cells  map[string]string `json:"cells"`
	Broken []json.RawMessage `json:"broken"`
	Scan   string            `json:"scan"`
	Kind   string            `json:"kind"`
}

// Foreigners converts the scans of folders that hold one with its truth in a JSON file each, and gives the outcomes by kind. done,
// when it is not nil, is told each outcome as it comes.
func Foreigners(ctx context.Context, c Converter, folders []string, done func(Outcome)) ([]Foreign, error) {
	var all []Foreign
	for _, folder := range folders {
		names, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil {
			return nil, err
		}
		found := false
		for _, name := range names {
			t, err := readTruth(name)
			if err != nil {
				return nil, err
			}
			if t.Scan == "" || len(t.Cells) == 0 {
				continue
			}
			found = true
			data, err := os.ReadFile(filepath.Join(folder, t.Scan))
			if err != nil {
				return nil, err
			}
			out := convert(ctx, c, Case{Report: t.report()}, t.Scan, data)
			if done != nil {
				done(out)
			}
			k := slices.IndexFunc(all, func(f Foreign) bool { return f.Kind == t.Kind })
			if k < 0 {
				k = len(all)
				all = append(all, Foreign{Kind: t.Kind})
			}
			all[k].Outcomes = append(all[k].Outcomes, out)
		}
		if !found {
			return nil, fmt.Errorf("%s: %w", folder, errNoTruth)
		}
	}
	slices.SortFunc(all, func(a, b Foreign) int { return cmp.Compare(a.Kind, b.Kind) })
	return all, nil
}

var errNoTruth = errors.New("it holds no scan with its truth in a JSON file")

func readTruth(name string) (*truth, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	t := new(truth)
	if err := json.Unmarshal(b, t); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// report is the truth as a drawn report has it.
func (t *truth) report() *synth.Report {
	r := &synth.Report{}
	for path, printed := range t.Cells {
		r.Cells = append(r.Cells, synth.Cell{Path: path, Printed: printed})
	}
	slices.SortFunc(r.Cells, func(a, b synth.Cell) int { return cmp.Compare(a.Path, b.Path) })
	for _, x := range t.Broken {
		r.Broken = append(r.Broken, string(x))
	}
	return r
}
