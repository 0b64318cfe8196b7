package raster

import (
	"image"
	"math/rand"
	"slices"
	"testing"
)

// TestUngrain: the grain of a page in black and white goes, points do not; nor does anything go of a page of less resolution, of shading, of a
// fax's few specks.
func TestUngrain(t *testing.T) {
	const left, top = 300, 300 // where the print is
	for name, tt := range map[string]struct {
		w, h   int
		grains float64
		shaded bool // the grains are in one part of the page
		gone   bool
	}{
		"grain":      {2480, 3508, .008, false, true},
		"a fax":      {2480, 3508, .003, false, false},
		"150 dpi":    {1240, 1754, .008, false, false},
		"one shaded": {2480, 3508, .02, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewSource(1))
			img := image.NewGray(image.Rect(0, 0, tt.w, tt.h))
			for i := range img.Pix {
				img.Pix[i] = 255
			}
			black := func(x, y, w, h int) {
				for j := range h {
					for i := range w {
						img.Pix[(y+j)*img.Stride+x+i] = 0
					}
				}
			}
			high := tt.h
			if tt.shaded {
				high /= 3
			}
			for range int(tt.grains * float64(tt.w*tt.h)) {
				x, y := rng.Intn(tt.w-2), rng.Intn(high-1)
				black(x, y, 1+rng.Intn(12)/11, 1)
			}
			for y := top - 9; y < top+9; y++ { // no grain beside the print
				for x := left - 9; x < left+29; x++ {
					img.Pix[y*img.Stride+x] = 255
				}
			}
			black(left, top, 2, 2)    // a point
			black(left+10, top, 1, 3) // a stroke's end
			black(left+20, top-5, 3, 9)
			black(left+17, top, 1, 1) // near it, and alone
			count := func() (n int) {
				for _, v := range img.Pix {
					if v == 0 {
						n++
					}
				}
				return n
			}
			before := count()
			white, ok := bilevel(img)
			if !ok {
				t.Fatal("not black and white")
			}
			ungrain(img, white)
			after := count()
			if gone := 4*after < before; gone != tt.gone {
				t.Fatalf("%d black pixels of %d are left", after, before)
			}
			if again, _ := bilevel(img); again == nil || !slices.Equal(again.words, white.words) {
				t.Error("the bitmap is not that of the picture")
			}
			if !tt.gone {
				if after != before {
					t.Errorf("%d black pixels of %d are left", after, before)
				}
				return
			}
			for _, p := range []image.Point{{left, top}, {left + 1, top + 1}, {left + 10, top + 2}, {left + 20, top}} {
				if img.GrayAt(p.X, p.Y).Y != 0 {
					t.Errorf("the print at %v is gone", p)
				}
			}
			if img.GrayAt(left+17, top).Y != 255 {
				t.Error("a grain near print is left")
			}
		})
	}
}
