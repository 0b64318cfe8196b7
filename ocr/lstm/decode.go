package lstm

import (
	"cmp"
	"math"
	"slices"
)

// char is a character of a line: where it stands, in steps of the network from the left, and how likely it is.
type char struct {
	text       string
	from, to   int // steps
	likelihood float64
}

const (
	// beam is how many ways of reading a line are followed, and leastOutput the probability below which an output is not followed.
	beam        = 8
	leastOutput = 1e-3
)

// path is a way of reading a line up to a step. Outputs spell characters, one output or more each; an output that goes on over several steps is
// one, and one that stands for nothing parts two that are the same.
type path struct {
	score float64 // sum of logarithms
	at    *node   // in the tree of the characters' codes
	code  int     // the last output, -1 after one that stands for nothing
	done  *spelt  // what stands before
	from  int     // where the character that is being spelt began
	worst float64 // the least likely of its outputs
}

// spelt is a character with those before it, n in all.
type spelt struct {
	before *spelt
	char
	n int
}

func (s *spelt) count() int {
	if s == nil {
		return 0
	}
	return s.n
}

// decode finds the likeliest characters of a line.
func (m *Model) decode(outputs []float32, width int) []char {
	paths := []path{{at: m.words, code: -1}}
	var likely []int
	var next ways
	for t := range len(outputs) / width {
		p := outputs[t*width:][:width]
		likely = likely[:0]
		for c, v := range p {
			if v >= leastOutput {
				likely = append(likely, c)
			}
		}
		next = next[:0]
		for _, q := range paths {
			for _, c := range likely {
				m.follow(&next, q, t, c, float64(p[c]))
			}
		}
		paths = next.best(m.words)
	}
	for _, q := range paths {
		if q.at != m.words {
			continue
		}
		var out []char
		for s := q.done; s != nil; s = s.before {
			out = append(out, s.char)
		}
		slices.Reverse(out)
		return out
	}
	return nil
}

// follow adds where a path may go with output c at step t.
func (m *Model) follow(to *ways, q path, t, c int, likelihood float64) {
	score := q.score + math.Log(likelihood)
	switch c {
	case m.null:
		q.score, q.code = score, -1
		to.add(q)
		return
	case q.code: // it goes on
		q.score, q.worst = score, max(q.worst, likelihood)
		if q.at == m.words && q.done != nil {
			last := *q.done
			last.to, last.likelihood = t+1, max(last.likelihood, likelihood)
			q.done = &last
		}
		to.add(q)
		return
	}
	at := q.at.next[c]
	if at == nil {
		return
	}
	n := path{score: score, code: c, done: q.done, from: q.from, worst: min(q.worst, likelihood)}
	if q.at == m.words {
		n.from, n.worst = t, likelihood
	}
	if at.next != nil { // more is to come, or may
		k := n
		k.at = at
		to.add(k)
	}
	if at.text != "" {
		n.at, n.done = m.words, &spelt{q.done, char{at.text, n.from, t + 1, n.worst}, q.done.count() + 1}
		to.add(n)
	}
}

// ways are paths, each text and place once.
type ways []path

func (w *ways) add(n path) {
	for i := range *w {
		o := &(*w)[i]
		if o.at == n.at && o.code == n.code && same(o.done, n.done) {
			if n.score > o.score {
				*o = n
			}
			return
		}
	}
	*w = append(*w, n)
}

// best are the likeliest, from the first. Whole characters and parts of some are followed apart: where a stroke may begin many characters, none
// would be left that ends the line.
func (w ways) best(whole *node) []path {
	slices.SortStableFunc(w, func(a, b path) int { return cmp.Compare(b.score, a.score) })
	var out []path
	ended, begun := 0, 0
	for _, n := range w {
		count := &begun
		if n.at == whole {
			count = &ended
		}
		if *count++; *count <= beam {
			out = append(out, n)
		}
	}
	return out
}

// same says whether two readings are of the same text.
func same(a, b *spelt) bool {
	for a != b {
		if a == nil || b == nil || a.n != b.n || a.text != b.text {
			return false
		}
		a, b = a.before, b.before
	}
	return true
}
