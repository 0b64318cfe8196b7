package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The truth of the committed samples must be what the generator still makes of their seeds; the files
// themselves are packed differently by different versions of Go and are not compared.
func TestTruthOfTheSamples(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "..", "testdata")
	all, err := samples(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		want, err := s.truth()
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(folder, s.name+".truth.json"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: its truth is no longer what the generator makes; run go run ./internal/dev/synth/makesamples testdata", s.name)
		}
		if info, err := os.Stat(filepath.Join(folder, s.name)); err != nil || info.Size() > 300_000 {
			t.Errorf("%s: %v, or larger than 300 kB", s.name, err)
		}
	}
}
