package check_test

import (
	"slices"
	"testing"
)

// TestMistaken: a second reader that takes the noughts of a report for another figure, as its sums show, says nothing of a nought that no sum
// holds; sums of noughts alone show nothing.
func TestMistaken(t *testing.T) {
	const alone = "/tables/proactive_disclosure/rules/issued"
	held := []string{t3 + "granted/research", t3 + "granted/public_welfare", t3 + "granted/legal_service", t3 + "granted/other_org"}
	blank := []string{t3 + "refused_state_secret/research", t3 + "refused_state_secret/public_welfare", t3 + "refused_state_secret/legal_service"}
	for name, tt := range map[string]struct {
		taken  []string // for a 6, besides the one that no sum holds
		review bool
	}{
		"as those of sums":   {taken: held},
		"few of them":        {taken: held[:2], review: true},
		"none but itself":    {review: true},
		"in sums of 0 alone": {taken: blank, review: true},
	} {
		r := scan()
		six := "6"
		for _, p := range append([]string{alone}, tt.taken...) {
			if c := r.Cell(p); c == nil || c.Raw != "0" {
				t.Fatalf("%s: %s is %+v", name, p, c)
			}
			r.Cell(p).Second = &six
		}
		prove(t, r, nil)
		if got := slices.Contains(reviewed(r), "proactive_disclosure/rules/issued low_confidence"); got != tt.review {
			t.Errorf("%s: in review %v, want %v", name, got, tt.review)
		}
	}
}
