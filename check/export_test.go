package check

import "github.com/nianbao/nianbao/report"

// Batch gathers the quality of many reports: one has too few misreadings to hold an estimate against.
type Batch struct{ tally }

// Add takes a report in that Run has seen.
func (b *Batch) Add(r *report.Report) {
	if r.Quality == nil {
		return
	}
	pixels := make(map[string]bool, len(r.Cells))
	for i := range r.Cells {
		if c := &r.Cells[i]; c.Origin == report.OriginOCR && c.ReadConfidence != nil {
			pixels[c.Path] = true
		}
	}
	seen := map[string]bool{}
	for _, c := range r.Checks {
		if c.Relation != "=" || c.Severity != "error" || c.Status == report.Unknown {
			continue
		}
		n := 0
		for _, p := range c.Cells {
			if pixels[p] {
				n++
				seen[p] = true
			}
		}
		b.equation(n)
	}
	b.cells += len(seen)
	b.failing += r.Quality.Failing
	b.repaired += r.Quality.Repaired
	b.review += r.Quality.Review
}

// Quality is that of all reports together.
func (b *Batch) Quality() *report.Quality { return b.quality() }
