package picture

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestResolution: what a file says of its resolution is found, for a fax's dots are no squares.
func TestResolution(t *testing.T) {
	for name, want := range map[string]float64{"gray.png": 300, "g4.tif": 200, "gray.jpg": 300, "g3.tif": 204, "bilevel.png": 0} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := find(data).read(data)
		if err != nil || math.Abs(got[0].xDPI-want) > 0.1 {
			t.Errorf("%s: %v dots an inch, want %v (%v)", name, got[0].xDPI, want, err)
		}
	}
}
