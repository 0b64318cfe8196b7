// Package work measures what code costs in processor time of this process, which other programs on the machine
// hardly change, and compares it with what less of the same costs. No test asks a clock.
package work

import (
	"math"
	"testing"
	"time"

	"github.com/nianbao/nianbao/internal/dev/race"
)

const (
	// least is what a small input counts as at least: below, garbage collection and caches are most of the time.
	least = 2 * time.Millisecond
	// rounds are how often both are tried before they are told to differ too much.
	rounds = 5
)

// Grows fails a test where large costs more than most times what small does. Both are run in turn, and the least that
// each cost counts. Under the race detector, which changes what things cost, the test is skipped.
func Grows(t testing.TB, most float64, small, large func()) {
	t.Helper()
	if race.On {
		t.Skip("what things cost says nothing under the race detector")
	}
	cost := func(f func()) time.Duration {
		before := spent()
		f()
		return spent() - before
	}
	one, more := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for range rounds {
		one, more = min(one, cost(small)), min(more, cost(large))
		if float64(more) <= most*float64(max(one, least)) {
			return
		}
	}
	t.Errorf("%v, and for more of the same %v: more than %v times as much", one, more, most)
}
