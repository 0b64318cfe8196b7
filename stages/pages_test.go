package stages

import (
	"context"
	"image"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/ocr"
)

// counter is a general recogniser that sees nothing, and adds up how high the prose is that it is given.
type counter struct{ height int }

func (c *counter) Recognize(_ context.Context, t ocr.Task) ([]ocr.TextLine, error) {
	if t.Mode == ocr.Block {
		c.height += t.Image.Rect.Dy()
	}
	return nil, nil
}

// TestProseForTables: whoever takes tables pays for no prose but what tells whether they go on, and for no page that was not asked for.
func TestProseForTables(t *testing.T) {
	scans := synth.LayOut(synth.Make(3, synth.Options{}), synth.Plain()).Scans(synth.Office, 3)
	if len(scans) < 2 {
		t.Fatalf("the report has %d pages", len(scans))
	}
	tests := []struct {
		name  string
		pages int
		any   bool
		want  layout.Pages
		read  int     // pages
		prose float64 // at most, in that of all pages
	}{
		{name: "a report", pages: len(scans), read: len(scans), prose: 1},
		{name: "tables", pages: len(scans), any: true, read: len(scans), prose: 0.85},
		{name: "tables of one page", pages: 1, any: true, read: 1},
		{name: "tables of a page that was asked for", pages: len(scans), any: true, want: layout.Pages{{2, 2}}, read: 1, prose: 0.5},
	}
	all := 0
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opener, rec := &extract.Opener{}, &counter{}
			defer opener.PDF.Close()
			c := Converter{Recognizer: rec, AnyTables: tt.any, Pages: tt.want}
			read := 0
			c.Open = func(ctx context.Context, name string, data []byte) (*layout.Document, []diag.Warning, error) {
				doc, warnings, err := opener.Open(ctx, name, data)
				for i := range doc.Pages {
					s := *doc.Pages[i].Source
					pixels := s.Pixels
					s.Pixels = func(most int) (image.Image, error) { read++; return pixels(most) }
					doc.Pages[i].Source = &s
				}
				return doc, warnings, err
			}
			_, _, err := c.Document(t.Context(), "scan.tif", synth.TIFF(scans[:tt.pages]))
			if err != nil {
				t.Fatal(err)
			}
			if all = max(all, rec.height); read != tt.read || float64(rec.height) > tt.prose*float64(all) {
				t.Errorf("%d pages were read and %d rows of prose, in %d of all pages", read, rec.height, all)
			}
			if !tt.any && all == 0 {
				t.Error("no prose of a report was read")
			}
		})
	}
}
