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

// drawn are pictures without any order in them, grey and coloured, whose sides are no whole units.
func drawn() []image.Image {
	grey, colours := image.NewGray(image.Rect(0, 0, 21, 13)), image.NewRGBA(image.Rect(0, 0, 21, 37))
	r := rand.New(rand.NewPCG(1, 2))
	for _, pix := range [][]byte{grey.Pix, colours.Pix} {
		for i := range pix {
			pix[i] = uint8(r.Uint32())
		}
	}
	return []image.Image{grey, colours}
}

// encoded is a picture as image/jpeg stores it, and its frame.
func encoded(t testing.TB, m image.Image) ([]byte, turbo.Frame) {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	f := turbo.Frame{Width: m.Bounds().Dx(), Height: m.Bounds().Dy(), Components: 1, Across: 1, Down: 1}
	if _, grey := m.(*image.Gray); !grey {
		f.Components, f.Across, f.Down = 3, 2, 2
	}
	return b.Bytes(), f
}

// TestDots: every dot is the one that image/jpeg, whose place the decoder takes, makes of the stream, as near as two ways of
// rounding are.
func TestDots(t *testing.T) {
	for _, m := range drawn() {
		data, frame := encoded(t, m)
		got := turbo.Decode(data, frame)
		want, err := jpeg.Decode(bytes.NewReader(data))
		if got == nil || err != nil {
			t.Fatalf("%v, %v", got, err)
		}
		for y := range frame.Height {
			for x := range frame.Width {
				a, c := planesAt(got, x, y), planesAt(want, x, y)
				for i := range a {
					const rounding = 4 // of 255
					if max(a[i], c[i])-min(a[i], c[i]) > rounding {
						t.Fatalf("at %d, %d: %v, image/jpeg %v", x, y, a, c)
					}
				}
			}
		}
	}
}

// FuzzDecode: a picture is as large as its frame says, as image/jpeg's is, and the same each time. What its dots are is
// said of sound streams alone: of coefficients beyond the last, or beyond what a dot can be, each decoder makes its own.
func FuzzDecode(f *testing.F) {
	for _, m := range drawn() {
		data, frame := encoded(f, m)
		f.Add(data, uint8(frame.Width), uint8(frame.Height), uint8(frame.Components), uint8(frame.Across), uint8(frame.Down))
	}
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
		if other, err := jpeg.Decode(bytes.NewReader(data)); err == nil && other.Bounds() != m.Bounds() { // it decodes less: no arithmetic coding
			t.Fatalf("bounds %v, those of image/jpeg %v", m.Bounds(), other.Bounds())
		}
		for y := range frame.Height {
			for x := range frame.Width {
				if a, b := planesAt(m, x, y), planesAt(again, x, y); a != b {
					t.Fatalf("at %d, %d: %v, again %v", x, y, a, b)
				}
			}
		}
	})
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
