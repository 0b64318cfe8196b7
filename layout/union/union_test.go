package union_test

import (
	"reflect"
	"testing"

	"github.com/nianbao/nianbao/layout/union"
)

func TestGroups(t *testing.T) {
	tests := []struct {
		n     int
		pairs [][2]int
		want  [][]int
	}{
		{0, nil, nil},
		{2, nil, [][]int{{0}, {1}}},
		{3, [][2]int{{2, 1}}, [][]int{{0}, {1, 2}}},
		{6, [][2]int{{5, 4}, {3, 2}, {4, 2}, {4, 5}}, [][]int{{0}, {1}, {2, 3, 4, 5}}},
	}
	for _, tt := range tests {
		for _, turn := range []bool{false, true} { // the order of joins says nothing
			s := union.Of(tt.n)
			for i := range tt.pairs {
				p := tt.pairs[i]
				if turn {
					p = tt.pairs[len(tt.pairs)-1-i]
				}
				if l := s.Join(p[0], p[1]); l != s.Leader(p[0]) || l != s.Leader(p[1]) {
					t.Errorf("join %v gives %d, which does not lead both", p, l)
				}
			}
			if got := s.Groups(); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%d joined by %v: %v, want %v", tt.n, tt.pairs, got, tt.want)
			}
		}
	}
}

func TestAdd(t *testing.T) {
	var s union.Sets
	a, b, c := s.Add(), s.Add(), s.Add()
	s.Join(c, a)
	if s.Leader(c) != a || s.Leader(b) != b {
		t.Errorf("leaders of %d, %d, %d: %d %d %d", a, b, c, s.Leader(a), s.Leader(b), s.Leader(c))
	}
}

func TestSharing(t *testing.T) {
	keys := [][]string{{"a"}, {"b"}, {"c", "a"}, nil, {"c"}}
	got := union.Sharing(len(keys), func(i int) []string { return keys[i] })
	if want := [][]int{{0, 2, 4}, {1}, {3}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestClear: sets that were cleared begin anew.
func TestClear(t *testing.T) {
	s := union.Of(3)
	s.Join(0, 2)
	s.Clear()
	s.Add()
	s.Add()
	if got := s.Groups(); len(got) != 2 || s.Leader(1) != 1 {
		t.Errorf("groups %v", got)
	}
}
