package check

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// Reader reads cells of a report's document once more. Cells are named by the paths of their values; of
// one that the reader has no pixels of, it says nothing.
type Reader interface {
	// Second has a second, independent reader read a cell; ok is false where it says nothing. Cells are
	// asked for page by page.
	Second(ctx context.Context, path string) (text string, ok bool, err error)
	// Third has a third reader read a cell over which the others differ.
	Third(ctx context.Context, path string) (text string, ok bool, err error)
	// Again reads a cell in other ways than the first time (another scale, another binarization) and
	// gives what it finds, with probabilities. asked are readings that the sums would have: it says how
	// likely these pixels are to print them, if they may at all.
	Again(ctx context.Context, path string, asked []string) ([]report.Candidate, error)
}

// sureReading is the confidence from which a reading that an equation covers needs no second reader.
const sureReading = 0.995

// readSecond has the cells that want it read by a second reader.
func (s *sheet) readSecond(ctx context.Context, r *report.Report, reader Reader) error {
	for _, c := range s.wants(r) {
		if err := ctx.Err(); err != nil {
			return err
		}
		text, ok, err := reader.Second(ctx, c.Path)
		if err != nil {
			return fmt.Errorf("second reading of %s: %w", c.Path, err)
		}
		if ok {
			c.Second = &text
		}
	}
	return nil
}

// wants gives the cells that a second reader should read, by page: those of a text layer that no holding
// equation covers, for the layer may lie about a digit; those read from pixels that no holding equation
// covers, or that were not read surely. What is read surely and held by a sum a second reader would not
// change, a seal or not.
func (s *sheet) wants(r *report.Report) []*report.Cell {
	covered := map[string]bool{}
	for _, c := range s.cells {
		for _, k := range c.rels {
			covered[c.field.Path] = covered[c.field.Path] || s.rels[k].equation() && s.rels[k].status == report.Pass
		}
	}
	var out []*report.Cell
	for i := range r.Cells {
		c := &r.Cells[i]
		if report.IsMeta(c.Path) || c.Second != nil || c.Verdict == report.Missing {
			continue
		}
		if c.Origin != report.OriginOCR {
			if c.Page != nil && !covered[c.Path] {
				out = append(out, c)
			}
			continue
		}
		sure := c.ReadConfidence != nil && *c.ReadConfidence >= sureReading
		if !covered[c.Path] || !sure {
			out = append(out, c)
		}
	}
	page := func(c *report.Cell) int {
		if c.Page == nil {
			return 0
		}
		return *c.Page
	}
	slices.SortStableFunc(out, func(a, b *report.Cell) int { return cmp.Compare(page(a), page(b)) })
	return out
}

// lookAlone has the numbers looked at again that no equation which holds contains and that their readers doubt, or differ over. Where the
// first reader is sure at both looks, a third one decides: what the second read stays as a candidate. What the ink near a wall makes another
// number is left to a person: a 6 whose side a wall took is a 5 at any look.
func (s *sheet) lookAlone(ctx context.Context, r *report.Report, fs figures, reader Reader) error {
	looks := 0
	for i := range r.Cells {
		ev := &r.Cells[i]
		if !readable(ev) || report.IsMeta(ev.Path) || ev.Second == nil || ev.ReadAgain != nil || !printsNumber(ev.Raw) || ev.Verdict == report.Missing || ev.Walls {
			continue
		}
		c, held := s.lone(ev, fs)
		differs := !agrees(*ev.Second, ev.Raw)
		if ch := c.choice(ev); held || !differs && ch.confidence(ev.Raw) >= minAgreed {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if looks++; looks > maxLooks {
			break
		}
		seen, err := reader.Again(ctx, ev.Path, nil)
		if err != nil {
			return fmt.Errorf("second look at %s: %w", ev.Path, err)
		}
		merge(ev, seen)
		if ch := c.choice(ev); !differs || ch.confidence(ev.Raw) < minAgreed {
			continue
		}
		third, ok, err := reader.Third(ctx, ev.Path)
		if err != nil {
			return fmt.Errorf("third reading of %s: %w", ev.Path, err)
		}
		if ok && sameFigure(third, ev.Raw) {
			ev.Candidates = append(ev.Candidates, report.Candidate{Raw: *ev.Second})
			ev.Second = &third
		}
	}
	return nil
}

// lone is a cell as its readers alone see it, and whether an equation that holds contains it.
func (s *sheet) lone(ev *report.Cell, fs figures) (c cell, held bool) {
	c = cell{field: form.Field{Decimal: true, Signed: true}, place: fs[ev.Path]}
	if k, ok := s.index[ev.Path]; ok {
		c.field, c.zeros = s.cells[k].field, s.cells[k].zeros
		hold, _ := s.count(k)
		held = hold > 0
	}
	return c, held
}
