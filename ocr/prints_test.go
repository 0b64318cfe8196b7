package ocr

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// printOf makes a print of lines whose pixels tell which print they are of.
func printOf(n int, sizes ...image.Point) Print {
	p := Print{Height: float64(n) + 0.5}
	for i, s := range sizes {
		// A line is a part of its cell's picture.
		cell := image.NewGray(image.Rect(0, 0, s.X+7, s.Y+5))
		for k := range cell.Pix {
			cell.Pix[k] = uint8(n*31 + i*7 + k)
		}
		p.Lines = append(p.Lines, cell.SubImage(image.Rect(3, 2, 3+s.X, 2+s.Y)).(*image.Gray))
	}
	return p
}

func samePrint(t *testing.T, got, want Print) {
	t.Helper()
	if got.Height != want.Height || len(got.Lines) != len(want.Lines) {
		t.Fatalf("a print of %d lines, height %v; want %d, %v", len(got.Lines), got.Height, len(want.Lines), want.Height)
	}
	for i, w := range want.Lines {
		g := got.Lines[i]
		if g.Rect.Size() != w.Rect.Size() {
			t.Fatalf("line %d is %v, want %v", i, g.Rect, w.Rect.Size())
		}
		for y := range w.Rect.Dy() {
			if !bytes.Equal(g.Pix[y*g.Stride:][:g.Rect.Dx()], w.Pix[y*w.Stride:][:w.Rect.Dx()]) {
				t.Fatalf("line %d has other pixels", i)
			}
		}
	}
}

// TestPrintsBounded: however many cells a document has, their pixels take no more memory than is set
// apart for them, and all can be had again.
func TestPrintsBounded(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	var s Prints
	sizes := []image.Point{{180, 45}, {40, 45}}
	const many = 5 * mostKept / (220 * 45)
	var numbers []int64
	for i := range many {
		n, err := s.keep(printOf(i, sizes[:1+i%2]...))
		if err != nil || n == 0 {
			t.Fatalf("print %d is kept under %d: %v", i, n, err)
		}
		numbers = append(numbers, n)
		if len(s.recent) > mostKept || cap(s.recent) > 2*mostKept {
			t.Fatalf("%d bytes are held after %d prints", cap(s.recent), i)
		}
	}
	if s.filed == 0 {
		t.Fatal("nothing went to the file: the test shows nothing")
	}
	for i := range many {
		i = (i * 7919) % many // as the sums ask: in no order
		got, err := s.Get(numbers[i])
		if err != nil {
			t.Fatal(err)
		}
		samePrint(t, got, printOf(i, sizes[:1+i%2]...))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%d files are left behind (%v)", len(left), err)
	}
}

func TestPrints(t *testing.T) {
	var s Prints
	if p, err := s.Get(0); err != nil || len(p.Lines) > 0 {
		t.Errorf("where nothing was kept: %d lines, %v", len(p.Lines), err)
	}
	for i, want := range []Print{printOf(1), printOf(2, image.Point{3, 4}), printOf(3, image.Point{}, image.Point{5, 1}), printOf(4, image.Point{4000, 3000})} {
		n, err := s.keep(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Get(n)
		if err != nil {
			t.Fatalf("print %d: %v", i, err)
		}
		samePrint(t, got, want)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestPrintsWithoutRoom: where nothing can be written, the error says what for.
func TestPrintsWithoutRoom(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "nowhere"))
	var s Prints
	var err error
	for i := 0; err == nil && i < 4; i++ {
		_, err = s.keep(printOf(i, image.Point{X: mostKept / 1000, Y: 900}))
	}
	if err == nil || !strings.Contains(err.Error(), "pixels of cells") {
		t.Errorf("error %v", err)
	}
}
