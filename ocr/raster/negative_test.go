package raster

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"
)

// kinds gives a picture in all kinds that are told apart.
func kinds(m *image.RGBA) map[string]image.Image {
	b := m.Bounds()
	ycc, deep := image.NewYCbCr(b, image.YCbCrSubsampleRatio420), image.NewNRGBA64(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			c := m.RGBAAt(x, y)
			i, k := ycc.YOffset(x, y), ycc.COffset(x, y)
			ycc.Y[i], ycc.Cb[k], ycc.Cr[k] = color.RGBToYCbCr(c.R, c.G, c.B)
		}
	}
	draw.Draw(deep, b, m, image.Point{}, draw.Src)
	own := image.NewRGBA(b)
	copy(own.Pix, m.Pix)
	return map[string]image.Image{"RGBA": own, "YCbCr": ycc, "NRGBA64": deep}
}

// TestNegative: light print on a dark page is turned about; dark print on paper, a photograph half of which is a dark table, and blank pages are not.
func TestNegative(t *testing.T) {
	for _, tt := range []struct {
		name          string
		ground, print uint8
		covered       int // hundredths of the rows that print covers
		then          uint8
	}{
		{"a negative", 20, 230, 10, 235},
		{"a dark scan", 40, 200, 6, 215},
		{"a page of night", 41, 245, 8, 214},
		{"paper", 250, 20, 10, 250},
		{"a sheet on a dark table", 30, 240, 50, 30},
		{"blank", 250, 250, 0, 250},
	} {
		m := image.NewRGBA(image.Rect(0, 0, 300, 300))
		for y := range 300 {
			v := tt.ground
			if y%100 >= 100-tt.covered {
				v = tt.print
			}
			draw.Draw(m, image.Rect(0, y, 300, y+1), image.NewUniform(color.Gray{Y: v}), image.Point{}, draw.Src)
		}
		pictures := kinds(m)
		gray := image.NewGray(m.Rect)
		draw.Draw(gray, m.Rect, m, image.Point{}, draw.Src)
		pictures["Gray"] = gray
		for kind, img := range pictures {
			t.Run(tt.name+", "+kind, func(t *testing.T) {
				if got := grey(img).gray.Pix[0]; max(got, tt.then)-min(got, tt.then) > 1 {
					t.Errorf("the ground of %d became %d, want %d", tt.ground, got, tt.then)
				}
			})
		}
	}
}

// TestSealOnNegative: a seal is told on a negative of its page, and in its own colour on a page that is dark itself.
func TestSealOnNegative(t *testing.T) {
	for name, ring := range map[string]color.RGBA{"a negative": {40, 205, 205, 255}, "a dark page": {215, 50, 50, 255}} {
		m := image.NewRGBA(image.Rect(0, 0, 800, 1100))
		draw.Draw(m, m.Rect, image.NewUniform(color.Gray{Y: 25}), image.Point{}, draw.Src)
		for y := 100; y < 1000; y += 40 { // print
			draw.Draw(m, image.Rect(80, y, 720, y+3), image.White, image.Point{}, draw.Src)
		}
		for y := range 300 {
			for x := range 300 {
				if d := math.Hypot(float64(x-150), float64(y-150)); d < 120 && d > 105 {
					m.SetRGBA(400+x, 600+y, ring)
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
				if !at(550, 638) || at(100, 120) {
					t.Errorf("its ring is marked: %v; print far from it: %v", at(550, 638), at(100, 120))
				}
			})
		}
	}
}
