package check

import (
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// sureReading is the confidence from which a reading that an equation covers needs no second reader.
const sureReading = 0.995

// Wants gives the cells that a second, independent reader should read before Run: those of a text
// layer that no holding equation covers, for the layer may lie about a digit; those read from
// pixels that no holding equation covers, or that were not read surely. What is read surely and held
// by a sum a second reader would not change, a seal or not. Paths are in the report's order.
func Wants(r *report.Report, forms form.Set) []string {
	s := newSheet(r, forms)
	s.test()
	covered := map[string]bool{}
	for _, c := range s.cells {
		for _, k := range c.rels {
			covered[c.field.Path] = covered[c.field.Path] || s.rels[k].equation() && s.rels[k].status == report.Pass
		}
	}
	var out []string
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.Second != nil || c.Verdict == report.Missing {
			continue
		}
		if c.Origin != report.OriginOCR {
			if c.Page != nil && !covered[c.Path] {
				out = append(out, c.Path)
			}
			continue
		}
		sure := c.ReadConfidence != nil && *c.ReadConfidence >= sureReading
		if !covered[c.Path] || !sure {
			out = append(out, c.Path)
		}
	}
	return out
}
