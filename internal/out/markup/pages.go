package markup

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/layout"
)

// Of takes the tables of a document that begin on the pages wanted.
func Of(doc *layout.Document, want func(int) bool) []Table {
	var out []Table
	for _, p := range doc.Pages {
		for _, b := range p.Blocks {
			if b.Table == nil || len(b.Table.Cells) == 0 {
				continue
			}
			page := b.Table.Cells[0].Page
			if want(page) {
				out = append(out, Table{Number: len(out) + 1, Page: page, Table: b.Table})
			}
		}
	}
	return out
}

// Pages reads "2-4,7"; the empty list means all. Tables of formats without pages are on page
// 0 and always wanted.
func Pages(s string) (func(int) bool, error) {
	if s == "" {
		return func(int) bool { return true }, nil
	}
	var ranges [][2]int
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
		ranges = append(ranges, [2]int{a, b})
	}
	return func(n int) bool {
		for _, r := range ranges {
			if n >= r[0] && n <= r[1] || n == 0 {
				return true
			}
		}
		return false
	}, nil
}
