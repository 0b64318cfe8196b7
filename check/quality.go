package check

import (
	"math"

	"github.com/nianbao/nianbao/report"
)

// tally counts what the equations say of how well cells were read. The zero tally is empty.
type tally struct {
	sizes            map[int]int // equations by the number of their cells that were read from pixels
	equations        int
	failing          int
	places, cells    int
	repaired, review int
}

func (b *tally) equation(n int) {
	if n == 0 {
		return
	}
	if b.sizes == nil {
		b.sizes = map[int]int{}
	}
	b.sizes[n]++
	b.equations++
	b.places += n
}

// quality estimates the cell error rate of the readings before decoding, without any truth, from
// the rate of equations that fail. It is nil when no equation over pixels could be tested.
//
// An equation over n cells that were read from pixels fails, at an error rate e, when any of them is
// wrong: 1-(1-e)^n, as two that cancel are rarer by orders. The estimate is the e at which as many
// equations are expected to fail as failed; one with a reading that is no figure counts as failed. One wrong cell fails all the equations that it is in, so
// the 95 % interval is that of a Poisson count (Garwood 1936) of wrong cells, not of equations. A sum
// that the agency printed wrong counts as a misreading: that bounds the estimate from below, at
// about one cell in four thousand.
func (b *tally) quality() *report.Quality {
	if b.equations == 0 {
		return nil
	}
	group := float64(b.places) / float64(max(b.cells, 1)) // equations that one wrong cell fails
	lo, hi := poisson(float64(b.failing) / group)
	return &report.Quality{
		Equations: b.equations, Failing: b.failing,
		CellErrorRate: round(b.rate(float64(b.failing))),
		Interval:      [2]float64{round(b.rate(lo * group)), round(b.rate(hi * group))},
		Repaired:      b.repaired, Review: b.review,
	}
}

// rate is the error rate at which so many of the equations are expected to fail.
func (b *tally) rate(failing float64) float64 {
	lo, hi := 0.0, 1.0
	if failing <= 0 {
		return 0
	}
	for range 50 {
		e := (lo + hi) / 2
		sum := 0.0
		for n := 1; n <= maxPart; n++ {
			if k := b.sizes[n]; k > 0 {
				sum += float64(k) * (1 - math.Pow(1-e, float64(n)))
			}
		}
		if sum < failing {
			lo = e
		} else {
			hi = e
		}
	}
	return (lo + hi) / 2
}

// poisson is the 95 % interval of the mean of a Poisson count, by the approximation of Wilson and
// Hilferty (1931) of the chi-square quantiles in Garwood's limits.
func poisson(x float64) (lo, hi float64) {
	const z = 1.959964
	cube := func(x, z float64) float64 { return x * math.Pow(max(0, 1-1/(9*x)+z/(3*math.Sqrt(x))), 3) }
	if x > 0 {
		lo = cube(x, -z)
	}
	return lo, cube(x+1, z)
}

// quality is that of the sheet as it was read.
func (s *sheet) quality(r *report.Report) *report.Quality {
	var b tally
	seen := map[int]bool{}
	for k := range s.rels {
		rel := &s.rels[k]
		garbled := s.garbled(r, rel)
		if !rel.equation() || rel.status == report.Unknown && !garbled {
			continue
		}
		n := 0
		for _, i := range rel.cells() {
			if ev := s.evidence(r, i); ev != nil && ev.Origin == report.OriginOCR && ev.ReadConfidence != nil {
				n++
				seen[i] = true
			}
		}
		b.equation(n)
		if n > 0 && (garbled || rel.status == report.Fail) {
			b.failing++
		}
	}
	b.cells = len(seen)
	return b.quality()
}

// garbled says that a cell of the relation reads as something that is no figure: a misreading for
// sure, though the equation cannot be tested.
func (s *sheet) garbled(r *report.Report, rel *relation) bool {
	for _, i := range rel.cells() {
		if ev := s.evidence(r, i); s.cells[i].state == missing && readable(ev) && ev.Raw != "" {
			return true
		}
	}
	return false
}
