package raster

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"
)

// TestColouredTable: the rulings of a table in colour, level and leaning, are no seal; one that stands over them is.
func TestColouredTable(t *testing.T) {
	ink := color.RGBA{31, 78, 158, 255}
	for name, slope := range map[string]float64{"level": 0, "leaning": .02} {
		m := image.NewRGBA(image.Rect(0, 0, 1240, 1754))
		draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
		for x := 150; x <= 1050; x++ {
			for y := 200; y <= 1000; y++ {
				if (x-150)%100 < 2 || (y-200)%40 < 2 {
					m.SetRGBA(x-int(slope*float64(y)), y+int(slope*float64(x)), ink)
				}
				if d := math.Hypot(float64(x-800), float64(y-800)); d > 100 && d < 112 {
					m.SetRGBA(x, y, color.RGBA{215, 50, 45, 255})
				}
			}
		}
		for kind, img := range kinds(m) {
			t.Run(name+", "+kind, func(t *testing.T) {
				p := grey(img)
				if p.sealed == nil {
					t.Fatal("no seal is seen")
				}
				at := func(x, y int) bool { return p.sealed.set[y/mark*p.sealed.w+x/mark] }
				ring := 0
				for i := range 100 {
					sin, cos := math.Sincos(2 * math.Pi * float64(i) / 100)
					if at(800+int(106*cos), 800+int(106*sin)) {
						ring++
					}
				}
				if ring < 85 { // where a ruling runs along it, it may be taken for that
					t.Errorf("%d of 100 places of the seal's ring are marked", ring)
				}
				for y := 200; y <= 600; y += 40 { // the seal's own paper begins below
					for x := 150; x < 600; x += 50 {
						u, v := x-int(slope*float64(y)), y+int(slope*float64(x))
						if at(u, v) {
							t.Fatalf("the ruling at %d, %d is marked", u, v)
						}
					}
				}
			})
		}
	}
}
