package ccitt

import (
	"bytes"
	"errors"
	"image"
	"io"
	"math/rand/v2"
	"testing"

	xccitt "golang.org/x/image/ccitt"
)

// noise draws rows of runs whose lengths range from a pixel to the whole width.
func noise(w, h int, seed uint64) *image.Gray {
	r := rand.New(rand.NewPCG(seed, 1))
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		row := img.Pix[y*w : (y+1)*w]
		if y > 0 && r.IntN(3) > 0 { // like the row above, so that all modes are met
			copy(row, img.Pix[(y-1)*w:])
			for range r.IntN(6) {
				row[r.IntN(w)] ^= 255
			}
			continue
		}
		v, left := uint8(r.IntN(2)*255), 0
		for x := range row {
			if left == 0 {
				v, left = 255-v, 1+r.IntN(1<<r.IntN(13))
			}
			row[x] = v
			left--
		}
	}
	return img
}

func TestGroup4AgainstAnotherReader(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {7, 3}, {64, 20}, {1728, 60}, {6000, 40}} {
		img := noise(size.X, size.Y, uint64(size.X))
		data := Encode(img)
		got := image.NewGray(img.Rect)
		if n, err := Decode(got, data, Group4); err != nil || n != size.Y {
			t.Errorf("%v: Decode = %d, %v", size, n, err)
		}
		if !bytes.Equal(got.Pix, img.Pix) {
			t.Errorf("%v: what was read is not what was written", size)
		}
		r := xccitt.NewReader(bytes.NewReader(data), xccitt.MSB, xccitt.Group4, size.X, size.Y, &xccitt.Options{})
		packed, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%v: the other reader: %v", size, err)
		}
		stride := (size.X + 7) / 8
		for y := range size.Y {
			for x := range size.X {
				ink := packed[y*stride+x/8]&(0x80>>(x%8)) != 0
				if ink == (img.Pix[y*size.X+x] < 128) {
					t.Fatalf("%v: the other reader sees pixel %d,%d otherwise", size, x, y)
				}
			}
		}
	}
}

func TestCutShort(t *testing.T) {
	img := noise(500, 200, 3)
	data := Encode(img)
	got := image.NewGray(img.Rect)
	n, err := Decode(got, data[:len(data)/2], Group4)
	if !errors.Is(err, ErrDamaged) || n < 50 || n > 150 {
		t.Fatalf("Decode = %d, %v; want about half of the rows and ErrDamaged", n, err)
	}
	if !bytes.Equal(got.Pix[:(n-1)*500], img.Pix[:(n-1)*500]) {
		t.Error("the rows before the cut differ")
	}
	if got.Pix[199*500] != 255 {
		t.Error("rows after the cut are not paper")
	}
}

// Rows of one-dimensional code with an end-of-line code before each.
func group3(img *image.Gray) []byte {
	w := writer{}
	for y := range img.Rect.Dy() {
		w.put(code{1, 12})
		x, ink := 0, false
		for _, c := range changesOf(img.Pix[y*img.Stride : y*img.Stride+img.Rect.Dx()]) {
			codes := whiteCodes
			if ink {
				codes = blackCodes
			}
			if x < img.Rect.Dx() {
				w.run(c-x, codes)
			}
			x, ink = c, !ink
		}
	}
	for range 6 {
		w.put(code{1, 12})
	}
	return w.flush()
}

func TestGroup3GoesOnAfterABrokenRow(t *testing.T) {
	img := noise(1728, 50, 4)
	data := group3(img)
	got := image.NewGray(img.Rect)
	if n, err := Decode(got, data, Group3); n != 50 || err != nil || !bytes.Equal(got.Pix, img.Pix) {
		t.Fatalf("sound data: %d rows, %v", n, err)
	}
	data[len(data)/2] ^= 0x5a
	if _, err := Decode(got, data, Group3); err != nil && !errors.Is(err, ErrDamaged) {
		t.Fatal(err)
	}
	same := 0
	for y := range 50 {
		if bytes.Equal(got.Pix[y*1728:(y+1)*1728], img.Pix[y*1728:(y+1)*1728]) {
			same++
		}
	}
	if same < 45 {
		t.Errorf("%d of 50 rows came through one flipped byte", same)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Encode(noise(40, 10, 1)), 40, 10)
	f.Add(group3(noise(40, 10, 2)), 40, 10)
	f.Add([]byte{}, 1, 1)
	f.Fuzz(func(t *testing.T, data []byte, w, h int) {
		if w < 1 || h < 1 || w > 3000 || h > 300 {
			return
		}
		for _, c := range []Coding{Huffman, Group3, Group32D, Group4} {
			img := image.NewGray(image.Rect(0, 0, w, h))
			n, err := Decode(img, data, c)
			if n > h || err != nil && !errors.Is(err, ErrDamaged) {
				t.Fatalf("%d rows of %d, %v", n, h, err)
			}
			again := image.NewGray(img.Rect)
			if _, err := Decode(again, Encode(img), Group4); err != nil || !bytes.Equal(again.Pix, img.Pix) {
				t.Fatalf("an image that was read cannot be written: %v", err)
			}
		}
	})
}

func BenchmarkDecodeGroup4(b *testing.B) {
	img := noise(2480, 3508, 9)
	data := Encode(img)
	for b.Loop() {
		if _, err := Decode(img, data, Group4); err != nil {
			b.Fatal(err)
		}
	}
}
