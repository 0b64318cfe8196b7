package stages

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/tables"
)

// TestLostWalls holds that a table which lost most of its walls, of columns and of rows, is read as white space parts it: as ruled cells, most of
// its figures stand in one with others. Of a sound one, nothing is changed.
func TestLostWalls(t *testing.T) {
	scans := synth.LayOut(synth.Make(11, synth.Options{Form: "2021", Size: synth.Medium}), synth.Plain()).Scans(synth.Clean, 3)
	flat := func(img image.Image) (*raster.Sheet, []layout.Table) {
		sheet, err := raster.Flatten(img)
		if err != nil {
			t.Fatal(err)
		}
		found := tables.Find(sheet.Rulings, gridTolerance*sheet.TextHeight)
		if err := ocr.Cells(t.Context(), sheet, found, ocr.Means{}); err != nil {
			t.Fatal(err)
		}
		return sheet, found
	}
	for _, s := range scans {
		sheet, found := flat(s.Image)
		for i := range found {
			if found[i].Rows < 10 || found[i].Cols < 8 {
				continue
			}
			whole, err := withoutWalls(t.Context(), sheet, found, 1, ocr.Means{})
			if err != nil || whole[i].White {
				t.Fatalf("a sound table is parted by white space: %v", err)
			}
			all, _ := ocr.Parted(&found[i])

			box, em := tables.Box(&found[i]), sheet.TextHeight
			img := image.NewGray(s.Image.Bounds())
			draw.Draw(img, img.Rect, s.Image, image.Point{}, draw.Src)
			level := 0
			for _, r := range sheet.Rulings {
				x, y := (r.From.X+r.To.X)/2, (r.From.Y+r.To.Y)/2
				if y < box.Y0+em || y > box.Y1-em || !r.Horizontal() && (x < box.X0+box.Width()/2 || x > box.X1-em) {
					continue
				}
				if r.Horizontal() {
					if level++; level%2 == 0 {
						continue
					}
				}
				line := image.Rect(int(r.From.X), int(r.From.Y), int(r.To.X)+1, int(r.To.Y)+1).Inset(-int(r.Thickness) - 1)
				draw.Draw(img, line, image.NewUniform(color.White), image.Point{}, draw.Src)
			}
			sheet, found = flat(img)
			for k := range found {
				if found[k].Rows < 5 {
					continue
				}
				if _, several := ocr.Parted(&found[k]); several < leastUnparted {
					t.Fatal("no walls were lost")
				}
				parted, err := withoutWalls(t.Context(), sheet, found, 1, ocr.Means{})
				if err != nil {
					t.Fatal(err)
				}
				if n, several := ocr.Parted(&parted[k]); 10*n < 9*all || several > 1 {
					t.Errorf("%d of %d figures stand alone in their cells, and %d cells hold several", n, all, several)
				}
				return
			}
		}
	}
	t.Fatal("no table was found")
}
