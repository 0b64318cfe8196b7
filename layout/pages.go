package layout

import (
	"fmt"
	"strconv"
	"strings"
)

// Pages is a choice of pages: ranges of their numbers, first and last. An empty one means all.
type Pages [][2]int

// ParsePages reads "2-4,7"; the empty list means all.
func ParsePages(s string) (Pages, error) {
	if s == "" {
		return nil, nil
	}
	var out Pages
	for _, part := range strings.Split(s, ",") {
		lo, hi, isRange := strings.Cut(strings.TrimSpace(part), "-")
		a, err := strconv.Atoi(lo)
		b := a
		if err == nil && isRange {
			b, err = strconv.Atoi(hi)
		}
		if err != nil || a < 1 || b < a {
			return nil, fmt.Errorf("pages %q: a list such as 2-4,7 is expected", s)
		}
		out = append(out, [2]int{a, b})
	}
	return out, nil
}

// Has says that a page is chosen. Formats without pages have page 0, which always is.
func (p Pages) Has(n int) bool {
	for _, r := range p {
		if n >= r[0] && n <= r[1] {
			return true
		}
	}
	return n == 0 || len(p) == 0
}
