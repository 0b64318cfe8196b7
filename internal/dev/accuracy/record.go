package accuracy

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"github.com/nianbao/nianbao/ocr"
)

// Record holds the figures that later measurements must not fall behind: by the name of the
// measurement, then by level or format.
type Record map[string]map[string]Tally

// The measurements of a record.
const (
	Full  = "full"  // all cases
	Short = "short" // those that the tests run
)

// AloneModes are the page segmentation modes that Tesseract alone is measured in: one block of text,
// and sparse text.
var AloneModes = []ocr.Mode{6, 11}

// AloneName is the name of the measurement of Tesseract alone in a mode, on Short's cases.
func AloneName(mode ocr.Mode) string { return fmt.Sprintf("tesseract psm %d", mode) }

// ReadRecord reads a record file; a file that does not exist is an empty record.
func ReadRecord(path string) (Record, error) {
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return Record{}, nil
	}
	if err != nil {
		return nil, err
	}
	r := Record{}
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// Write writes the record.
func (r Record) Write(path string) error {
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}

// OfShort picks the outcomes of Short's cases.
func OfShort(outcomes []Outcome) []Outcome {
	var list []Outcome
	for _, o := range outcomes {
		for _, i := range shortCases {
			if o.Case.Number == i {
				list = append(list, o)
			}
		}
	}
	return list
}

// ByLevel adds outcomes up by level.
func ByLevel(outcomes []Outcome) map[string]Tally {
	sums := map[string]Tally{}
	for _, o := range outcomes {
		t := sums[o.Case.Level.String()]
		t.Add(o.Tally)
		sums[o.Case.Level.String()] = t
	}
	return sums
}

// Sum adds all outcomes up.
func Sum(outcomes []Outcome) Tally {
	var t Tally
	for _, o := range outcomes {
		t.Add(o.Tally)
	}
	return t
}

// Tolerance is how many percent points of right numbers a level may lose before it counts.
const Tolerance = 0.2

// Losses says where a measurement falls behind the record: silent errors that were not there, or more
// than Tolerance lost. Levels that the record does not know are losses too.
func (r Record) Losses(name string, measured map[string]Tally) []string {
	var losses []string
	levels := make([]string, 0, len(measured))
	for level := range measured {
		levels = append(levels, level)
	}
	sort.Strings(levels)
	for _, level := range levels {
		got := measured[level]
		was, ok := r[name][level]
		switch {
		case !ok || was.Cells != got.Cells:
			losses = append(losses, fmt.Sprintf("%s: the record has no figures for these cases; run make accuracy and read docs/accuracy.md", level))
		case got.Silent > was.Silent:
			losses = append(losses, fmt.Sprintf("%s: %d silent errors, recorded were %d", level, got.Silent, was.Silent))
		case got.Share() < was.Share()-Tolerance:
			losses = append(losses, fmt.Sprintf("%s: %.2f %% of the numbers are right, recorded were %.2f %%", level, got.Share(), was.Share()))
		}
	}
	return losses
}
