package layout

import "testing"

func TestPages(t *testing.T) {
	tests := []struct {
		in      string
		has     []int
		lacks   []int
		invalid bool
	}{
		{in: "", has: []int{0, 1, 7, 2000}},
		{in: "2-4, 7", has: []int{0, 2, 4, 7}, lacks: []int{1, 5, 8}},
		{in: "3", has: []int{0, 3}, lacks: []int{2, 4, 33}},
		{in: "4-2", invalid: true},
		{in: "0", invalid: true},
		{in: "-", invalid: true},
		{in: "1,,2", invalid: true},
		{in: "x", invalid: true},
	}
	for _, tt := range tests {
		p, err := ParsePages(tt.in)
		if (err != nil) != tt.invalid {
			t.Errorf("ParsePages(%q): %v", tt.in, err)
		}
		for _, n := range tt.has {
			if !p.Has(n) {
				t.Errorf("%q lacks page %d", tt.in, n)
			}
		}
		for _, n := range tt.lacks {
			if p.Has(n) {
				t.Errorf("%q has page %d", tt.in, n)
			}
		}
	}
}
