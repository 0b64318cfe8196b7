package accuracy

import (
	"context"
	"fmt"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/normalize"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/report"
)

// Readers is how many cells with a number two readers read right, each alone: no sums, no second look.
type Readers struct {
	Cells   int
	Ours    int // the number network
	General int // the general recogniser, a cell a call, on the same cleaned lines
}

// Documents is package convert's Converter, as far as it reads cells.
type Documents interface {
	Document(ctx context.Context, name string, data []byte) (*layout.Document, []diag.Warning, error)
}

// HeldOut picks the cases whose figures are set in a face that the networks were never trained on.
func HeldOut(cases []Case) []Case {
	var list []Case
	for _, c := range cases {
		if f := c.Style.Figures; f == synth.Kai || f == synth.Termes {
			list = append(list, c)
		}
	}
	return list
}

// ReadersAlone has the numbers of every case read by the number network and by a general recogniser,
// and counts by level what each reads right.
func ReadersAlone(ctx context.Context, c Documents, rec ocr.Recognizer, cases []Case) (map[string]Readers, error) {
	sums := map[string]Readers{}
	for _, k := range cases {
		scans := synth.LayOut(k.Report, k.Style).Scans(k.Level, uint64(k.Number))
		doc, _, err := c.Document(ctx, "scan.tif", synth.TIFF(scans))
		if err != nil {
			return nil, fmt.Errorf("case %d: %w", k.Number, err)
		}
		r, evidence, _ := normalize.Report(doc, form.Set{})
		sum := sums[k.Level.String()]
		for _, cell := range k.Report.Cells {
			ev, at := r.Cell(cell.Path), evidence[cell.Path]
			want, ok := number(cell.Printed)
			if !ok || ev == nil || at == nil || at.Reading == nil {
				continue // no number, or a cell that was not found
			}
			sum.Cells++
			is := func(text string) bool {
				f := report.ParseFigure(text)
				return f.Number != nil && f.Number.Equal(want.Decimal)
			}
			if is(ev.Raw) {
				sum.Ours++
			}
			text, err := ocr.General(ctx, at.Reading, rec)
			if err != nil {
				return nil, fmt.Errorf("case %d: %s: %w", k.Number, cell.Path, err)
			}
			if is(text) {
				sum.General++
			}
		}
		sums[k.Level.String()] = sum
	}
	return sums, nil
}
