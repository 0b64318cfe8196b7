package stages

import (
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/tables"
)

// readScans reads a report that was laid out and scanned, and gives the share of its numbers that are right.
// A wrong one that review does not name is an error.
func readScans(t *testing.T, want *synth.Report, style synth.Style, level synth.Level, seed uint64) float64 {
	t.Helper()
	opener := &extract.Opener{}
	defer opener.PDF.Close()
	c := Converter{Open: opener.Open, TablesOnly: true}
	all, err := c.Convert(t.Context(), "scan.tif", synth.TIFF(synth.LayOut(want, style).Scans(level, seed)))
	if err != nil {
		t.Fatal(err)
	}
	got := all[0]
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
	if evidence := got.Cell(want.Cells[0].Path); evidence == nil || evidence.Origin != "ocr" || evidence.Box == nil {
		t.Errorf("the first number has no evidence: %+v", evidence)
	}
	return float64(right) / float64(len(want.Cells))
}

// TestWhiteSpaceScans holds that tables without rulings, with three, with rows or columns alone or without an
// outer border are read from scans: nearly every number, and none wrong without being in review.
func TestWhiteSpaceScans(t *testing.T) {
	type sample struct {
		name   string
		form   string
		ruling synth.Ruling
		level  synth.Level
		least  float64 // share of the numbers that are right
	}
	for _, tt := range race.Few([]sample{
		{"no rulings", "2021", synth.Unruled, synth.Clean, 0.95},
		{"no rulings, statistics", "2014", synth.Unruled, synth.Office, 0.95},
		{"three rulings", "2014", synth.ThreeLine, synth.Fax, 0.95},
		{"rows ruled", "2021", synth.RowRuled, synth.Office, 0.95},
		{"columns ruled", "2021", synth.ColumnRuled, synth.Office, 0.95},
		{"no outer border", "2021", synth.Borderless, synth.Clean, 0.99},
		{"no outer border, fax", "2014", synth.Borderless, synth.Fax, 0.95},
	}, 1) {
		t.Run(tt.name, func(t *testing.T) {
			want := synth.Make(11, synth.Options{Form: tt.form, Size: synth.Medium})
			style := synth.Plain()
			style.Ruling = tt.ruling
			if share := readScans(t, want, style, tt.level, 3); share < tt.least {
				t.Errorf("%.3f of the numbers are right, want %.2f", share, tt.least)
			}
		})
	}
}

// TestWhiteSpaceSpoilt holds the same of pages that lost whole tables.
func TestWhiteSpaceSpoilt(t *testing.T) {
	type sample struct {
		name   string
		report uint64
		form   string
		style  uint64
		ruling synth.Ruling
		level  synth.Level
		seed   uint64
		least  float64
	}
	for _, tt := range race.Few([]sample{
		{"what a seal leaves is a column", 2003, "2021", 103, synth.ThreeLine, synth.Sealed, 3, 0.97},
		{"what a seal leaves parts rows", 2000, "2021", 100, synth.Unruled, synth.Sealed, 0, 0.97},
		{"a figure of the first row is not read", 2000, "2021", 100, synth.ThreeLine, synth.Fax, 0, 0.95},
		{"strokes of a label are a ruling", 2004, "2019", 104, synth.Unruled, synth.Fax, 4, 0.95},
		{"dashes head a page", 2005, "2014", 105, synth.Unruled, synth.Fax, 5, 0.95},
		{"upside down", 2000, "2021", 100, synth.Unruled, synth.Photocopy, 0, 0.95},
		{"specks in shading", 2003, "2021", 103, synth.Unruled, synth.Photocopy, 3, 0.95},
		{"slivers of rulings between columns", 2000, "2021", 100, synth.ColumnRuled, synth.Sealed, 0, 0.95},
		{"held askew, no ruling across", 2005, "2014", 105, synth.ColumnRuled, synth.Phone, 5, 0.9},
		{"columns lean", 2082, "2019", 182, synth.Unruled, synth.Phone, 82, 0.95},
		{"columns of figures lean, each otherwise", 2021, "2021", 121, synth.ThreeLine, synth.Phone, 21, 0.95},
		{"lines lean below a ruled head", 2014, "2014", 114, synth.ThreeLine, synth.Phone, 14, 0.95},
		{"a speck beside the rows", 2002, "2014", 102, synth.Unruled, synth.Phone, 2, 0.95},
	}, 1) {
		t.Run(tt.name, func(t *testing.T) {
			style := synth.MakeStyle(tt.style)
			style.Ruling = tt.ruling
			if share := readScans(t, synth.Make(tt.report, synth.Options{Form: tt.form}), style, tt.level, tt.seed); share < tt.least {
				t.Errorf("%.3f of the numbers are right, want %.2f", share, tt.least)
			}
		})
	}
}

// TestNoTableInProse holds that scanned prose is no table, and that ruled tables are all there is on their
// pages.
func TestNoTableInProse(t *testing.T) {
	r := synth.Make(11, synth.Options{Form: "2021", Size: synth.Medium})
	for _, level := range race.Few(synth.Levels(), 1) {
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
