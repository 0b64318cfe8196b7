package stages

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/report"
)

// TestEveryForm reads every form that the program knows from every kind of source: a page of a site, a PDF, a scan.
func TestEveryForm(t *testing.T) {
	opener := &extract.Opener{}
	opener.PDF.CacheDir = filepath.Join(os.TempDir(), "nianbao-pdfium") // kept: its start is slow
	defer opener.PDF.Close()
	c := Converter{Open: opener.Open, TablesOnly: true}
	for _, f := range race.Few(form.Official().All(), 1) {
		want := synth.Make(5, synth.Options{Form: f.Name, Size: synth.Medium})
		pages := synth.LayOut(want, synth.Plain())
		for _, file := range []struct {
			name string
			data []byte
		}{
			{"page.html", want.HTML(synth.Plain())},
			{"page.pdf", pages.PDF()},
			{"scan.tif", synth.TIFF(pages.Scans(synth.Office, 5))},
		} {
			t.Run(f.Name+"/"+file.name, func(t *testing.T) {
				all, err := c.Convert(t.Context(), file.name, file.data)
				if err != nil {
					t.Fatal(err)
				}
				got := all[0]
				for _, table := range f.Tables {
					if got.Forms[table.Key] != f.Name {
						t.Errorf("%s is told as form %q", table.Key, got.Forms[table.Key])
					}
				}
				for _, cell := range want.Cells {
					n := report.ParseFigure(cell.Printed).Number
					v, ok := got.Tables.Value(cell.Path)
					if !ok || (n == nil) != (v.Number == nil) || n != nil && !n.Equal(v.Number.Decimal) {
						t.Errorf("%s is printed %q and read %v", cell.Path, cell.Printed, v.Number)
					}
				}
			})
		}
	}
}
