package check

import (
	"strings"

	"github.com/nianbao/nianbao/report"
)

// mistakenLeast is how many figures of a report a second reader must have taken for another, where sums hold, for what it says of the others
// to say nothing.
const mistakenLeast = 3

// taken is a figure as it stands, and as a second reader read it.
type taken struct{ raw, second string }

// mistaken counts what a second reader made of the figures that sums hold: of small print it may take every 0 for a 6. Sums of noughts alone
// count for nothing, since they hold as well where every 6 was taken for a 0.
func (s *sheet) mistaken(r *report.Report) map[taken]int {
	out := map[taken]int{}
	for i := range s.cells {
		if ev := s.evidence(r, i); ev != nil && ev.Second != nil && ev.Repair == nil && !s.cells[i].near && s.weighed(i) {
			out[taken{ev.Raw, strings.Trim(*ev.Second, specks)}]++
		}
	}
	return out
}

// weighed says that a cell is in a sum that holds and is not 0.
func (s *sheet) weighed(i int) bool {
	_, fail := s.count(i)
	if fail > 0 {
		return false
	}
	for _, k := range s.cells[i].rels {
		if r := &s.rels[k]; r.equation() && r.status == report.Pass && !r.l.IsZero() {
			return true
		}
	}
	return false
}

// mistakes says that a second reader takes figures like this for what it reads here, oftener than it reads that rightly.
func mistakes(all map[taken]int, raw, second string) bool {
	n := all[taken{raw, second}]
	return n >= mistakenLeast && n > all[taken{second, second}]
}
