package ocr_test

import (
	"image"
	"image/draw"

	"testing"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/ocr/raster"
)

// TestOverrun: where a table has no walls and its columns were taken to part too far to the right, as on a page that leans, figures are cut. No part
// of one is taken for the whole: it is read whole, or not at all, or the table is said to be adrift.
func TestOverrun(t *testing.T) {
	p := synth.LayOut(synth.Make(1, synth.Options{Form: "2021"}), synth.Plain())
	page := p.Draw(200)[fullest(p)]
	flat, err := raster.Flatten(clone(page))
	if err != nil {
		t.Fatal(err)
	}
	truth := largest(t, flat)
	whole := read(t, flat, truth, nil)
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

func clone(g *image.Gray) *image.Gray {
	out := image.NewGray(g.Rect)
	copy(out.Pix, g.Pix)
	return out
}
