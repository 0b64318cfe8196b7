package nianbao

import (
	"image"
	"image/color"
	"image/png"
	"testing"

	"bytes"

	"github.com/nianbao/nianbao/internal/dev/synth"
)

func TestTurned(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 3, 2))
	img.SetGray(2, 0, color.Gray{Y: 200}) // top right
	for degrees, want := range map[int]image.Point{0: {X: 2, Y: 0}, 90: {X: 1, Y: 2}, 180: {X: 0, Y: 1}, 270: {X: 0, Y: 0}} {
		out := turned(img, degrees)
		if g, ok := out.At(want.X, want.Y).(color.Gray); !ok || g.Y != 200 {
			t.Errorf("%d degrees: not at %v in %v", degrees, want, out.Bounds())
		}
	}
}

// TestTurnedPages: a page that was scanned lying or upside down is drawn upright, and so is the picture of a cell.
func TestTurnedPages(t *testing.T) {
	c, err := New(Options{TablesOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}()
	scans := synth.LayOut(synth.Make(2, synth.Options{Form: "2021"}), synth.MakeStyle(2)).Scans(synth.Clean, 2)
	page := scans[1].Image
	const path = "/tables/requests/received/total"
	var want image.Rectangle
	for _, degrees := range []int{0, 90, 180, 270} {
		var b bytes.Buffer
		if err := png.Encode(&b, turned(page, degrees)); err != nil {
			t.Fatal(err)
		}
		res, err := c.Convert(t.Context(), Bytes("page.png", b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Report.Source.Pages[0].Turn; got != (360-degrees)%360 {
			t.Errorf("turned by %d degrees, the report says %d", degrees, got)
			continue
		}
		drawn, err := res.Page(t.Context(), 1, 100)
		if err != nil {
			t.Fatal(err)
		}
		if s := drawn.Bounds().Size(); s.X > s.Y {
			t.Errorf("turned by %d degrees, the page is drawn lying, %v", degrees, s)
		}
		cell := res.Report.Cells[0].Path
		if res.Report.Cell(path) != nil {
			cell = path
		}
		img, err := res.Crop(t.Context(), cell)
		if err != nil {
			t.Fatal(err)
		}
		if degrees == 0 {
			want = img.Bounds()
		}
		if s, w := img.Bounds().Size(), want.Size(); s.X < w.X-12 || s.X > w.X+12 || s.Y < w.Y-12 || s.Y > w.Y+12 {
			t.Errorf("turned by %d degrees, the cell is drawn in %v, upright in %v", degrees, s, w)
		}
	}
}
