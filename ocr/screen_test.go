package ocr_test

import (
	"fmt"
	"image"
	"image/color"
	"slices"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr/raster"
)

// TestColouredEdges: a picture of a screen whose letters have coloured edges, as Windows draws them, is read as the same in grey. Once
// these edges were taken for the ink of seals, and nothing was left.
func TestColouredEdges(t *testing.T) {
	p := synth.LayOut(synth.Make(1, synth.Options{Form: "2021"}), synth.Plain())
	count := make([]int, p.Len())
	for _, place := range p.Places {
		count[place.Page]++
	}
	for _, dpi := range []float64{110, 150} {
		t.Run(fmt.Sprint(dpi), func(t *testing.T) {
			page := p.Draw(3 * dpi)[slices.Index(count, slices.Max(count))]
			img := image.NewRGBA(image.Rect(0, 0, page.Rect.Dx()/3, page.Rect.Dy()/3))
			gray := image.NewGray(img.Rect)
			for y := range img.Rect.Dy() {
				for x := range img.Rect.Dx() {
					var c [3]int // of the stripes of red, green and blue, each with its neighbours
					for k := range 9 {
						for d := -1; d <= 1; d++ {
							c[k%3] += int(page.GrayAt(max(0, 3*x+k%3+d), 3*y+k/3).Y)
						}
					}
					img.SetRGBA(x, y, color.RGBA{uint8(c[0] / 9), uint8(c[1] / 9), uint8(c[2] / 9), 255})
					gray.SetGray(x, y, color.Gray{uint8((c[0] + c[1] + c[2]) / 27)})
				}
			}
			figures := func(img image.Image) (n int) {
				sheet, err := raster.Flatten(img)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range read(t, sheet, largest(t, sheet), nil) {
					if figure.Digits(c.Text) {
						n++
					}
				}
				return n
			}
			if want, got := figures(gray), figures(img); want < 100 || got != want {
				t.Errorf("%d figures with coloured edges, %d in grey", got, want)
			}
		})
	}
}
