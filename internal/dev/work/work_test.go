package work_test

import (
	"testing"

	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/internal/dev/work"
)

var sum int

func loop(n int) func() {
	return func() {
		for i := range n * 30 * 1000 {
			sum += i ^ sum
		}
	}
}

// judge is a test that is looked at and does not fail.
type judge struct {
	testing.TB
	failed bool
}

func (j *judge) Errorf(string, ...any) { j.failed = true }

func TestGrows(t *testing.T) {
	if race.On {
		t.Skip("it skips there")
	}
	for _, tt := range []struct {
		large int
		fails bool
	}{{800, false}, {8000, true}} {
		j := &judge{TB: t}
		if work.Grows(j, 24, loop(100), loop(tt.large)); j.failed != tt.fails {
			t.Errorf("%d times as much: %v", tt.large/100, j.failed)
		}
	}
}
