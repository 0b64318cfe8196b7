package raster

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"testing"
)

// TestTintedPaper: compressed, black print on paper of a colour has that colour, darker, and was a seal with the red rulings around it. A red
// seal is one on such paper too, and print under it stays.
func TestTintedPaper(t *testing.T) {
	red := color.RGBA{192, 0, 0, 255}
	for name, paper := range map[string]color.RGBA{
		"white": {255, 255, 255, 255}, "cream": {253, 238, 196, 255}, "pink": {255, 220, 220, 255}, "peach": {255, 228, 200, 255}, "green": {214, 240, 214, 255},
	} {
		for _, seal := range []bool{false, true} {
			m := image.NewRGBA(image.Rect(0, 0, 1240, 1754))
			draw.Draw(m, m.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
			for x := 150; x <= 1050; x++ {
				for y := 200; y <= 1000; y++ {
					u, v := (x-150)%150, (y-200)%40
					switch {
					case v > 6 && v < 36 && u > 3 && u%6 == 0:
						m.SetRGBA(x, y, color.RGBA{30, 30, 30, 255})
					case u < 3 || v < 3, seal && x > 700 && x < 850 && y > 700 && y < 850 && (x/12+y/12)%2 == 0:
						m.SetRGBA(x, y, red)
					}
				}
			}
			var file bytes.Buffer
			// As scanners compress: hardly any of the change of colour within a block is kept.
			if err := jpeg.Encode(&file, m, &jpeg.Options{Quality: 40}); err != nil {
				t.Fatal(err)
			}
			img, err := jpeg.Decode(&file)
			if err != nil {
				t.Fatal(err)
			}
			p := grey(img)
			if (p.sealed != nil) != seal {
				t.Errorf("%s: a seal is seen: %v, want %v", name, p.sealed != nil, seal)
			}
			if at := p.gray.GrayAt(774, 744).Y; seal && at > 180 { // a stroke of print within the seal
				t.Errorf("%s: print under the seal is %d", name, at)
			}
		}
	}
}
