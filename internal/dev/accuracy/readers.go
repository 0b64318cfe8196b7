package accuracy

import (
	"context"
	"errors"
	"fmt"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/stages"
)

// Readers is how many cells with a number two readers read right, each alone: no sums, no second look.
type Readers struct {
	Cells   int
	Ours    int // the number network
	General int // the general recogniser, a cell a call, on the same cleaned lines
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
func ReadersAlone(ctx context.Context, c *stages.Converter, rec ocr.Recognizer, cases []Case) (map[string]Readers, error) {
	sums := map[string]Readers{}
	for _, k := range cases {
		sum, err := readersOf(ctx, c, rec, k)
		if err != nil {
			return nil, fmt.Errorf("case %d: %w", k.Number, err)
		}
		all := sums[k.Level.String()]
		sums[k.Level.String()] = Readers{all.Cells + sum.Cells, all.Ours + sum.Ours, all.General + sum.General}
	}
	return sums, nil
}

// readersOf counts what both readers read right in one case.
func readersOf(ctx context.Context, c *stages.Converter, rec ocr.Recognizer, k Case) (sum Readers, err error) {
	scans := synth.LayOut(k.Report, k.Style).Scans(k.Level, uint64(k.Number))
	d, err := c.Draft(ctx, "scan.tif", synth.TIFF(scans))
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	for _, cell := range k.Report.Cells {
		ev := d.Report.Cell(cell.Path)
		want, ok := number(cell.Printed)
		if !ok || ev == nil || ev.Origin != report.OriginOCR {
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
		print, err := d.Print(cell.Path)
		if err != nil {
			return sum, err
		}
		text, err := ocr.General(ctx, print, rec)
		if err != nil {
			return sum, fmt.Errorf("%s: %w", cell.Path, err)
		}
		if is(text) {
			sum.General++
		}
	}
	return sum, nil
}
