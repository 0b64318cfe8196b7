package stages_test

import (
	"context"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/normalize"
	"github.com/nianbao/nianbao/stages"
)

// A fax that wears the print: strokes of a 2 come loose, and a 1 is left without its serifs. Once
// such a 2 was cut into two lines, its height misjudged, and the 1 taken for what is left of a ruling.
func TestWornDigitsAreRead(t *testing.T) {
	const seed = 50003
	printed := synth.Make(seed, synth.Options{Form: "2021"})
	scans := synth.LayOut(printed, synth.MakeStyle(seed)).Scans(synth.Fax, seed)
	opener := &extract.Opener{}
	defer opener.PDF.Close()
	c := &stages.Converter{Open: opener.Open, TablesOnly: true}
	doc, _, err := c.Document(context.Background(), "fax.tif", synth.TIFF(scans))
	if err != nil {
		t.Fatal(err)
	}
	r, _, _ := normalize.Report(doc, form.Set{})
	wrong := 0
	for _, cell := range printed.Cells {
		if ev := r.Cell(cell.Path); ev == nil || ev.Raw != cell.Printed {
			wrong++
			t.Logf("%s: printed %q, got %+v", cell.Path, cell.Printed, ev)
		}
	}
	if wrong > 1 { // one 1 is worn beyond the network, which names it second
		t.Errorf("%d numbers are misread before any sum was asked", wrong)
	}
}
