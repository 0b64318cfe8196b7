// Package union gathers what belongs together, directly or by way of others: rulings that touch, cells that
// share an equation.
package union

// Sets are disjoint sets of the numbers 0, 1, 2 …. The smallest number of a set leads it, so that the result
// does not hang on the order in which sets are joined. The zero value has no numbers.
type Sets struct{ parent []int32 }

// Of gives n numbers, each a set of its own.
func Of(n int) *Sets {
	s := &Sets{make([]int32, n)}
	for i := range s.parent {
		s.parent[i] = int32(i)
	}
	return s
}

// Add adds a number, a set of its own, and gives it.
func (s *Sets) Add() int {
	i := len(s.parent)
	s.parent = append(s.parent, int32(i))
	return i
}

// Clear takes all numbers out; their memory is used again.
func (s *Sets) Clear() { s.parent = s.parent[:0] }

// Leader is the number that leads i's set.
func (s *Sets) Leader(i int) int {
	at := int32(i)
	for s.parent[at] != at {
		s.parent[at] = s.parent[s.parent[at]] // half the way for the next time
		at = s.parent[at]
	}
	return int(at)
}

// Join makes one set of those of i and j and gives its leader.
func (s *Sets) Join(i, j int) int {
	a, b := s.Leader(i), s.Leader(j)
	s.parent[max(a, b)] = int32(min(a, b))
	return min(a, b)
}

// Groups are the sets, each in rising order, by their leaders.
func (s *Sets) Groups() [][]int {
	var out [][]int
	at := make([]int, len(s.parent))
	for i := range s.parent {
		l := s.Leader(i)
		if l == i {
			at[i] = len(out)
			out = append(out, nil)
		}
		out[at[l]] = append(out[at[l]], i)
	}
	return out
}

// Sharing groups the numbers below n that share a key, directly or by way of others.
func Sharing[K comparable](n int, keys func(i int) []K) [][]int {
	s := Of(n)
	first := map[K]int{}
	for i := range n {
		for _, k := range keys(i) {
			if j, ok := first[k]; ok {
				s.Join(i, j)
			} else {
				first[k] = i
			}
		}
	}
	return s.Groups()
}
