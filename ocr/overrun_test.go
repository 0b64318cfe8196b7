package ocr_test

import (
	"image"
	"image/draw"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
)

// TestOverrun: where a table has no walls and its columns were taken to part too far to the right, as on a page that leans, figures are cut. No part
// of one is taken for the whole: it is read whole, or not at all, or the table is said to be adrift.
func TestOverrun(t *testing.T) {
	page, flat, truth, whole := drawnTable(t)
	for _, r := range flat.Rulings { // no walls
		if !r.Horizontal() {
			box := image.Rect(int(r.From.X-r.Thickness-2), int(r.From.Y), int(r.To.X+r.Thickness+2), int(r.To.Y))
			draw.Draw(page, box, image.White, image.Point{}, draw.Src)
		}
	}
	bare, err := raster.Flatten(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, shift := range []float64{-0.9, -0.6, 0, 0.6, 0.9} { // heights of a character
		tab := truth
		tab.White, tab.Ruled = true, true
		tab.Cells = nil
		for _, c := range truth.Cells {
			c.Text, c.Reading = "", nil
			if c.Col > 0 {
				c.Box.X0 += shift * bare.TextHeight
			}
			if c.Col+c.ColSpan < truth.Cols {
				c.Box.X1 += shift * bare.TextHeight
			}
			tab.Cells = append(tab.Cells, c)
		}
		cut := 0
		for i, c := range read(t, bare, tab, nil) {
			want := whole[i].Text
			if !digits(want) || c.Text == want {
				continue
			}
			if cut++; c.Text != "" && !c.Reading.Adrift {
				t.Errorf("shifted by %v: %q was read as %q", shift, want, c.Text)
			}
		}
		if shift == 0 && cut > 0 {
			t.Errorf("%d figures are lost though no edge runs through one", cut)
		}
	}
}

// TestWallWithinACell: where each cell has a thick frame of its own and the walls between two columns were not seen, what stands on both sides of them is
// never one number.
func TestWallWithinACell(t *testing.T) {
	page, flat, truth, whole := drawnTable(t)
	em := int(flat.TextHeight)
	merged := truth
	merged.Cells = nil
	want := map[[2]int]string{} // by row and column, of two columns that are one
	for i, c := range truth.Cells {
		k := slices.IndexFunc(truth.Cells, func(o layout.Cell) bool { return o.Row == c.Row && o.Col == c.Col+1 && o.ColSpan == 1 })
		switch {
		case c.Col%2 == 1 && c.ColSpan == 1 && k >= 0 && digits(whole[i].Text) && digits(whole[k].Text):
			x, y0, y1 := int(c.Box.X1), int(c.Box.Y0)+em/5, int(c.Box.Y1)-em/5
			draw.Draw(page, image.Rect(x-em/3, y0-em/10, x+em/3, y1+em/10), image.White, image.Point{}, draw.Src)
			for _, side := range []int{-1, 1} { // frames: two strokes that end before the row does
				at := x + side*em/5
				draw.Draw(page, image.Rect(at-em/9, y0, at+em/9, y1), image.Black, image.Point{}, draw.Src)
			}
			want[[2]int{c.Row, c.Col}] = whole[i].Text + whole[k].Text
			c.ColSpan, c.Box = 2, c.Box.Union(truth.Cells[k].Box)
		case slices.ContainsFunc(merged.Cells, func(o layout.Cell) bool { return o.Row == c.Row && o.ColSpan == 2 && o.Col == c.Col-1 && o.Col%2 == 1 }):
			continue
		}
		merged.Cells = append(merged.Cells, c)
	}
	sheet, err := raster.Flatten(page)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range read(t, sheet, merged, nil) {
		if both, ok := want[[2]int{c.Row, c.Col}]; ok && c.ColSpan == 2 {
			if n++; strings.Trim(c.Text, "0123456789") == "" && c.Text != "" {
				t.Errorf("row %d: %q is one number, %q", c.Row, both, c.Text)
			}
		}
	}
	if n < 5 {
		t.Errorf("%d pairs: the test shows little", n)
	}
}

// drawnTable is a page in pixels, the same made flat, its largest table without text, and what is read of that.
func drawnTable(t *testing.T) (page *image.Gray, flat *raster.Sheet, empty layout.Table, cells []layout.Cell) {
	t.Helper()
	p := synth.LayOut(synth.Make(1, synth.Options{Form: "2021"}), synth.Plain())
	page = p.Draw(200)[fullest(p)]
	flat, err := raster.Flatten(clone(page))
	if err != nil {
		t.Fatal(err)
	}
	empty = largest(t, flat)
	return page, flat, empty, read(t, flat, empty, nil)
}

func clone(g *image.Gray) *image.Gray {
	out := image.NewGray(g.Rect)
	copy(out.Pix, g.Pix)
	return out
}
