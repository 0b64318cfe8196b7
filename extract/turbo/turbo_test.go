//go:build cgo

package turbo_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"github.com/nianbao/nianbao/extract/turbo"
)

// FuzzDecode: a picture is as large as its frame says and the same each time, and every dot is the one that image/jpeg,
// whose place the decoder takes, makes of the stream, as near as two ways of rounding are.
func FuzzDecode(f *testing.F) {
	add := func(m image.Image, components, sampling uint8) {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, nil); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes(), uint8(m.Bounds().Dx()), uint8(m.Bounds().Dy()), components, sampling, sampling)
	}
	grey, colours := image.NewGray(image.Rect(0, 0, 21, 13)), image.NewRGBA(image.Rect(0, 0, 21, 37))
	r := rand.New(rand.NewPCG(1, 2))
	for _, pix := range [][]byte{grey.Pix, colours.Pix} {
		for i := range pix {
			pix[i] = 64 + uint8(r.Uint32N(128))
		}
	}
	add(grey, 1, 1)
	add(colours, 3, 2)
	f.Add([]byte{0xff, 0xd8, 0xff}, uint8(1), uint8(1), uint8(3), uint8(2), uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, width, height, components, across, down uint8) {
		frame := turbo.Frame{Width: int(width), Height: int(height), Components: int(components), Across: int(across), Down: int(down)}
		m := turbo.Decode(data, frame)
		if m == nil {
			return
		}
		if want := image.Rect(0, 0, frame.Width, frame.Height); m.Bounds() != want {
			t.Fatalf("bounds %v, want %v", m.Bounds(), want)
		}
		again := turbo.Decode(data, frame)
		if again == nil {
			t.Fatal("nothing at the second time")
		}
		other, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			other = m // it decodes less: no arithmetic coding
		}
		if other.Bounds() != m.Bounds() {
			t.Fatalf("bounds %v, those of image/jpeg %v", m.Bounds(), other.Bounds())
		}
		full := saturated(other)
		for y := range frame.Height {
			for x := range frame.Width {
				if full[image.Pt(x/unit, y/unit)] {
					continue
				}
				a, b, c := planesAt(m, x, y), planesAt(again, x, y), planesAt(other, x, y)
				for i := range a {
					const rounding = 4 // of 255
					if a[i] != b[i] || max(a[i], c[i])-min(a[i], c[i]) > rounding {
						t.Fatalf("at %d, %d: %v, again %v, image/jpeg %v", x, y, a, b, c)
					}
				}
			}
		}
	})
}

// unit is the side of the largest unit that a stream's dots are stored in.
const unit = 16

// saturated are the units in which a dot is as dark or as light as can be. A stream that nobody encoded may say that it is
// darker still: either decoder overflows in its own way then.
func saturated(m image.Image) map[image.Point]bool {
	full := map[image.Point]bool{}
	b := m.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			p := planesAt(m, x, y)
			if min(p[0], p[1], p[2]) == 0 || max(p[0], p[1], p[2]) == 255 {
				full[image.Pt(x/unit, y/unit)] = true
			}
		}
	}
	return full
}

// planesAt gives the dots as they are stored.
func planesAt(m image.Image, x, y int) [3]uint8 {
	switch m := m.(type) {
	case *image.Gray:
		g := m.GrayAt(x, y).Y
		return [3]uint8{g, g, g}
	case *image.YCbCr:
		c := m.YCbCrAt(x, y)
		return [3]uint8{c.Y, c.Cb, c.Cr}
	}
	return [3]uint8{1, 2, 3}
}
