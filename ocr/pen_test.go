package ocr_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"slices"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr/raster"
)

// penned is the page of a drawn report that holds the most numbers, at 200 dpi, as a scanner in colour has it, with print so black on
// paper of a colour; mark draws on it.
func penned(t *testing.T, black int, paper color.RGBA, mark func(*image.RGBA)) *raster.Sheet {
	t.Helper()
	p := synth.LayOut(synth.Make(1, synth.Options{Form: "2021"}), synth.Plain())
	count := make([]int, p.Len())
	for _, place := range p.Places {
		count[place.Page]++
	}
	page := p.Draw(200)[slices.Index(count, slices.Max(count))]
	img := image.NewRGBA(page.Rect)
	for y := range page.Rect.Dy() {
		for x := range page.Rect.Dx() {
			v := black + int(page.GrayAt(x, y).Y)*(245-black)/255
			at := func(p uint8) uint8 { return uint8(v * int(p) / 255) }
			img.SetRGBA(x, y, color.RGBA{at(paper.R), at(paper.G), at(paper.B), 255})
		}
	}
	mark(img)
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: 70}); err != nil {
		t.Fatal(err)
	}
	scan, err := jpeg.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := raster.Flatten(scan)
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

// stroke draws a pen's stroke from one point to another; its ink lets black through.
func stroke(img *image.RGBA, from, to layout.Point, wide float64, ink color.RGBA) {
	dx, dy := to.X-from.X, to.Y-from.Y
	long := math.Hypot(dx, dy)
	for y := int(min(from.Y, to.Y) - wide); y <= int(max(from.Y, to.Y)+wide); y++ {
		for x := int(min(from.X, to.X) - wide); x <= int(max(from.X, to.X)+wide); x++ {
			px, py := float64(x)-from.X, float64(y)-from.Y
			along := (px*dx + py*dy) / long
			cover := min(1, max(0, wide/2+0.5-math.Abs(px*dy-py*dx)/long))
			if along < 0 || along > long || cover == 0 || !image.Pt(x, y).In(img.Rect) {
				continue
			}
			c := img.RGBAAt(x, y)
			under := func(v, ink uint8) uint8 {
				return uint8(float64(v) * (1 - cover + cover*float64(ink)/255))
			}
			img.SetRGBA(x, y, color.RGBA{under(c.R, ink.R), under(c.G, ink.G), under(c.B, ink.B), 255})
		}
	}
}

// TestPens holds that figures are read that strokes of a pen in any colour cross, and figures that are themselves in colour, with such
// strokes elsewhere on the page.
func TestPens(t *testing.T) {
	white := color.RGBA{255, 255, 242, 255}
	clean := penned(t, 30, white, func(*image.RGBA) {})
	tab := largest(t, clean)
	boxes := slices.Clone(tab.Cells)
	want := read(t, clean, tab, nil)
	var numbers []int
	for i, c := range want {
		if figure.Digits(c.Text) {
			numbers = append(numbers, i)
		}
	}
	if len(numbers) < 50 {
		t.Fatalf("only %d numbers", len(numbers))
	}
	through, beside, colour := 0, 1, 2 // ways in which a figure is marked
	for _, c := range []struct {
		name  string
		ink   color.RGBA
		ways  []int // of the numbers in turn
		black int
		paper color.RGBA
	}{
		{"red", color.RGBA{220, 50, 50, 255}, []int{through, beside, colour, -1}, 30, white},
		{"blue", color.RGBA{40, 70, 190, 255}, []int{through, beside, colour, -1}, 30, white},
		{"green", color.RGBA{40, 150, 70, 255}, []int{through, beside, colour, -1}, 30, white},
		{"violet", color.RGBA{140, 50, 180, 255}, []int{through, beside, colour, -1}, 30, white},
		{"orange", color.RGBA{230, 120, 30, 255}, []int{through, beside, colour, -1}, 30, white},
		{"all in red", color.RGBA{220, 50, 50, 255}, []int{colour}, 30, white},
		{"all in green", color.RGBA{40, 150, 70, 255}, []int{colour}, 30, white},
		{"red on paper with a tint", color.RGBA{220, 50, 50, 255}, []int{through, beside, -1}, 60, color.RGBA{255, 244, 228, 255}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ink := c.ink
			sheet := penned(t, c.black, c.paper, func(img *image.RGBA) {
				for n, i := range numbers {
					b := boxes[i].Box
					cx, cy, r := (b.X0+b.X1)/2, (b.Y0+b.Y1)/2, clean.TextHeight*0.6
					switch c.ways[n%len(c.ways)] {
					case through:
						stroke(img, layout.Point{X: cx - r, Y: cy + r/2}, layout.Point{X: cx + r, Y: cy - r/2}, 3, ink)
					case beside: // a tick, over the wall
						stroke(img, layout.Point{X: b.X1 - r, Y: cy}, layout.Point{X: b.X1 - r/2, Y: cy + r}, 3, ink)
						stroke(img, layout.Point{X: b.X1 - r/2, Y: cy + r}, layout.Point{X: b.X1 + r/2, Y: cy - r}, 3, ink)
					case colour: // the figure itself
						for y := int(b.Y0) + 4; y < int(b.Y1)-4; y++ {
							for x := int(b.X0) + 4; x < int(b.X1)-4; x++ {
								dark := float64(245-img.RGBAAt(x, y).R) / 215
								at := func(v uint8) uint8 { return uint8(245 - max(0, dark)*float64(245-min(245, int(v)))) }
								img.SetRGBA(x, y, color.RGBA{at(ink.R), at(ink.G), at(ink.B), 255})
							}
						}
					}
				}
			})
			found := largest(t, sheet)
			if len(found.Cells) != len(boxes) {
				t.Fatalf("%d cells, want %d", len(found.Cells), len(boxes))
			}
			cells, wrong := read(t, sheet, found, nil), 0
			for n, i := range numbers {
				got := cells[i]
				if got.Text != want[i].Text {
					wrong++
					if got.Confidence() > 0.9 && !got.Reading.Seal {
						t.Errorf("%d is surely misread", i)
					}
					t.Logf("%d (way %d): %q, want %q: %v", i, c.ways[n%len(c.ways)], got.Text, want[i].Text, got.Reading.Candidates)
				}
			}
			if wrong > 2 { // ten are where colour is not taken off
				t.Errorf("%d of %d numbers are misread", wrong, len(numbers))
			}
		})
	}
}
