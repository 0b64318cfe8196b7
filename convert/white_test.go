package convert

import (
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/raster"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/tables"
)

// TestWhiteSpaceScans holds that tables without rulings, with three, with rows alone or without an outer
// border are read from scans: nearly every number, and none wrong without being in review.
func TestWhiteSpaceScans(t *testing.T) {
	for _, tt := range []struct {
		name   string
		form   string
		ruling synth.Ruling
		level  synth.Level
		least  float64 // share of the numbers that are right
	}{
		{"no rulings", "2021", synth.Unruled, synth.Clean, 0.95},
		{"no rulings, statistics", "2014", synth.Unruled, synth.Office, 0.95},
		{"three rulings", "2014", synth.ThreeLine, synth.Fax, 0.85}, // the rows behind a torn part are in review
		{"rows ruled", "2021", synth.RowRuled, synth.Office, 0.95},
		{"no outer border", "2021", synth.Borderless, synth.Clean, 0.99},
		{"no outer border, fax", "2014", synth.Borderless, synth.Fax, 0.95},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := synth.Make(11, synth.Options{Form: tt.form, Size: synth.Medium})
			style := synth.Plain()
			style.Ruling = tt.ruling
			data := synth.TIFF(synth.LayOut(want, style).Scans(tt.level, 3))
			opener := &extract.Opener{}
			defer opener.PDF.Close()
			c := Converter{Open: opener.Open, TablesOnly: true}
			got, err := c.Convert(t.Context(), "scan.tif", data)
			if err != nil {
				t.Fatal(err)
			}
			review := map[string]bool{}
			for _, r := range got.Review {
				review[r.Path] = true
			}
			right := 0
			for _, cell := range want.Cells {
				n := report.ParseFigure(cell.Printed).Number
				v, ok := got.Tables.Value(cell.Path)
				switch {
				case ok && (n == nil) == (v.Number == nil) && (n == nil || n.Equal(v.Number.Decimal)):
					right++
				case ok && !review[cell.Path]:
					t.Errorf("%s is printed %q and read %v, and review does not say so", cell.Path, cell.Printed, v.Number)
				}
			}
			if share := float64(right) / float64(len(want.Cells)); share < tt.least {
				t.Errorf("%d of %d numbers are right, want %.2f", right, len(want.Cells), tt.least)
			}
			if evidence := got.Cell(want.Cells[0].Path); evidence == nil || evidence.Origin != "ocr" || evidence.Box == nil {
				t.Errorf("the first number has no evidence: %+v", evidence)
			}
		})
	}
}

// TestSpecksAreNoColumn: what a seal leaves beside a three-line table is no column of it: once an eighth one
// took the place of a column that has a label.
func TestSpecksAreNoColumn(t *testing.T) {
	want := synth.Make(2003, synth.Options{Form: "2021"})
	style := synth.MakeStyle(103)
	style.Ruling = synth.ThreeLine
	opener := &extract.Opener{}
	defer opener.PDF.Close()
	c := Converter{Open: opener.Open, TablesOnly: true}
	got, err := c.Convert(t.Context(), "scan.tif", synth.TIFF(synth.LayOut(want, style).Scans(synth.Sealed, 3)))
	if err != nil {
		t.Fatal(err)
	}
	review := map[string]bool{}
	for _, r := range got.Review {
		review[r.Path] = true
	}
	right := 0
	for _, cell := range want.Cells {
		n := report.ParseFigure(cell.Printed).Number
		v, ok := got.Tables.Value(cell.Path)
		switch {
		case ok && (n == nil) == (v.Number == nil) && (n == nil || n.Equal(v.Number.Decimal)):
			right++
		case ok && !review[cell.Path]:
			t.Errorf("%s is printed %q and read %v, and review does not say so", cell.Path, cell.Printed, v.Number)
		}
	}
	t.Logf("%d of %d", right, len(want.Cells))
	if share := float64(right) / float64(len(want.Cells)); share < 0.9 {
		t.Errorf("%d of %d numbers are right, want %.2f", right, len(want.Cells), 0.9)
	}
}

// TestNoTableInProse holds that scanned prose is no table, and that ruled tables are all there is on their
// pages.
func TestNoTableInProse(t *testing.T) {
	r := synth.Make(11, synth.Options{Form: "2021", Size: synth.Medium})
	for _, level := range synth.Levels() {
		for i, scan := range synth.LayOut(r, synth.Plain()).Scans(level, 5) {
			sheet, err := raster.Flatten(scan.Image)
			if err != nil {
				t.Fatal(err)
			}
			found := tables.Find(sheet.Rulings, gridTolerance*sheet.TextHeight)
			all := tables.WithWhite(found, ocr.Loose(sheet, found), sheet.Rulings, sheet.TextHeight)
			if len(all) != len(found) {
				t.Errorf("%s, page %d: %d tables, %d of them ruled: %v", level, i+1, len(all), len(found), boxes(all))
			}
		}
	}
}

func boxes(found []layout.Table) (out []layout.Rect) {
	for i := range found {
		out = append(out, tables.Box(&found[i]))
	}
	return out
}
