package raster_test

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/work"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
)

func same(p layout.Point) layout.Point { return p }

// TestFlatten holds that a crooked page's rulings come out straight and that flat places lead back to
// where they are on the picture.
func TestFlatten(t *testing.T) {
	perspective := func(p layout.Point) layout.Point {
		w := 1 + .00003*p.X + .00002*p.Y
		return layout.Point{X: (p.X*.99 + p.Y*.012 + 14) / w, Y: (p.Y*.985 + p.X*.02 + 20) / w}
	}
	curl := func(p layout.Point) layout.Point {
		return layout.Point{X: p.X, Y: p.Y + 10*math.Sin(p.X/1240*math.Pi+.4)}
	}
	for _, c := range []struct {
		name   string
		bend   func(layout.Point) layout.Point
		spoil  func(*image.Gray) image.Image
		within float64 // pixels of the picture
		reason string
	}{
		{"straight", same, nil, .7, "a clean page stays as it is"},
		{"skew", rotation(1.3), nil, 1, "a sheet fed askew"},
		{"steep skew", rotation(-4.5), nil, 1.2, "a sheet laid down carelessly"},
		{"perspective", perspective, nil, 1.5, "a camera held askew"},
		{"curl", curl, nil, 1.5, "paper that is not flat"},
		{"all", func(p layout.Point) layout.Point { return perspective(curl(rotation(1)(p))) }, nil, 2, "a telephone's picture"},
		{"noise", rotation(1), func(g *image.Gray) image.Image { return noisy(g, 14, 1) }, 1.2, "a copy of a copy"},
		{"fax", rotation(.6), func(g *image.Gray) image.Image { return fax(g, 1) }, 1.2, "black and white with specks"},
		{"dead cell", rotation(.8), func(g *image.Gray) image.Image {
			for y := range g.Rect.Dy() {
				g.SetGray(507, y, color.Gray{})
			}
			return fax(g, 1)
		}, 1.2, "a scanner's dead cell draws a line that is no ruling"},
		{"broken dead cell", same, func(g *image.Gray) image.Image {
			for y := range g.Rect.Dy() {
				v := color.Gray{}
				if y/2 == 837 { // near the end, where the surroundings of a page may show
					v.Y = 255
				}
				g.SetGray(507, y, v)
			}
			return fax(g, 1)
		}, 1.2, "so it does where two lines of a fax were not received"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := form(1)
			var img image.Image = s.bent(c.bend)
			if c.spoil != nil {
				img = c.spoil(img.(*image.Gray))
			}
			sheet, err := raster.Flatten(img)
			if err != nil {
				t.Fatal(err)
			}
			checkLines(t, sheet, s, c.bend, c.within)
			if sheet.TextHeight < 16 || sheet.TextHeight > 23 {
				t.Errorf("characters are %.1f high, want 19", sheet.TextHeight)
			}
			if sheet.Upright < 2 {
				t.Errorf("upright by %.1f only", sheet.Upright)
			}
		})
	}
}

// checkLines holds that the sheet's rulings are the sketch's, all of them and no others, and that
// their crossings lead to those on the picture.
func checkLines(t *testing.T, sheet *raster.Sheet, s *sketch, bend func(layout.Point) layout.Point, within float64) {
	t.Helper()
	level, upright := places(sheet.Rulings)
	if len(level) != len(s.ys) || len(upright) != len(s.xs) {
		t.Fatalf("%d by %d lines, want %d by %d: %v %v", len(level), len(upright), len(s.ys), len(s.xs), level, upright)
	}
	for i, y := range s.ys {
		for j, x := range s.xs {
			want := bend(layout.Point{X: x, Y: y})
			got := sheet.ToSource(layout.Point{X: upright[j], Y: level[i]})
			if d := math.Hypot(got.X-want.X, got.Y-want.Y); d > within {
				t.Errorf("crossing %d, %d is %.1f pixels off: %v, want %v", i, j, d, got, want)
			}
		}
	}
}

// places gives where rulings lie, those within 5 pixels of each other as one.
func places(rs []layout.Ruling) (level, upright []float64) {
	add := func(to []float64, at float64) []float64 {
		for i, v := range to {
			if math.Abs(v-at) < 5 {
				return to
			} else if v > at {
				return append(to[:i], append([]float64{at}, to[i:]...)...)
			}
		}
		return append(to, at)
	}
	for _, r := range rs {
		// Strokes of text may come with the rulings; what joins nothing is no part of a table.
		if r.Horizontal() && r.To.X-r.From.X > 60 {
			level = add(level, r.From.Y)
		} else if !r.Horizontal() && r.To.Y-r.From.Y > 60 {
			upright = add(upright, r.From.X)
		}
	}
	return level, upright
}

func TestFlattenTurned(t *testing.T) {
	for quarters := range 4 {
		s := form(2)
		sheet, err := raster.Flatten(turned(s.img, quarters))
		if err != nil {
			t.Fatal(err)
		}
		back := func(p layout.Point) layout.Point {
			w, h := 1240.0, 1754.0
			for range quarters {
				p = layout.Point{X: h - p.Y, Y: p.X}
				w, h = h, w
			}
			return p
		}
		t.Logf("turned by %d quarters: upright by %.1f", quarters, sheet.Upright)
		checkLines(t, sheet, s, back, .7)
	}
}

// What is left of double rulings runs up and down, and is no text.
func TestFlattenDouble(t *testing.T) {
	s := newSketch(1)
	s.text(200, 150, 30, 8)
	s.table(120, 260, []int{200, 100, 90, 90, 90, 90, 100}, 6, 60)
	for _, x := range s.xs {
		for y := 264; y < 620; y += 60 { // broken as on a fax
			s.fill(int(x)+6, y, int(x)+7, y+48, s.ink)
		}
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	if p := sheet.ToSource(layout.Point{X: 300, Y: 100}); math.Abs(p.X-300) > 5 || math.Abs(p.Y-100) > 5 {
		t.Errorf("the page was turned: 300, 100 is at %v", p)
	}
}

// The halves of widely set characters of prose are higher than wide; the page does not lie on its side.
func TestFlattenHalves(t *testing.T) {
	s := newSketch(1)
	s.table(120, 260, []int{200, 100, 90, 90, 90, 90, 100}, 4, 60)
	for line := range 6 {
		for i := range 20 {
			x, y := 130+i*48, 700+line*64
			s.fill(x, y, x+10, y+34, s.ink)
			s.fill(x+17, y, x+26, y+34, s.ink)
		}
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.Width > sheet.Height {
		t.Error("the page was turned")
	}
}

func TestRotate180(t *testing.T) {
	s := form(1)
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	p := layout.Point{X: 300, Y: 500}
	before, sure := sheet.ToSource(p), sheet.Upright
	sheet.Rotate180()
	after := sheet.ToSource(layout.Point{X: sheet.Width - p.X, Y: sheet.Height - p.Y})
	if math.Hypot(before.X-after.X, before.Y-after.Y) > .01 || sheet.Upright != -sure {
		t.Errorf("%v became %v, upright by %.1f", before, after, sheet.Upright)
	}
	sheet.Rotate180()
	checkLines(t, sheet, s, same, .7)
}

func TestFlattenReduces(t *testing.T) {
	// 600 dpi: four times as many pixels each way.
	s := form(1)
	big := image.NewGray(image.Rect(0, 0, 4*1240, 4*1754))
	for y := range big.Rect.Dy() {
		for x := range big.Rect.Dx() {
			big.Pix[y*big.Stride+x] = s.img.Pix[y/4*s.img.Stride+x/4]
		}
	}
	sheet, err := raster.Flatten(big)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.Width*sheet.Height > 12.1e6 {
		t.Errorf("kept %.0f x %.0f", sheet.Width, sheet.Height)
	}
	got := sheet.ToSource(layout.Point{X: sheet.Width, Y: sheet.Height})
	if math.Abs(got.X-4960) > 8 || math.Abs(got.Y-7016) > 8 {
		t.Errorf("the lower right corner is at %v", got)
	}
	box := sheet.SourceBox(layout.Rect{X1: sheet.Width / 2, Y1: sheet.Height / 2})
	if math.Abs(box.X1-2480) > 8 || math.Abs(box.Y1-3508) > 8 {
		t.Errorf("the upper left quarter is %v", box)
	}
}

func TestFlattenSeal(t *testing.T) {
	for _, c := range []struct {
		name string
		ink  color.RGBA // of the seal on white paper
	}{{"red", color.RGBA{215, 50, 45, 255}}, {"dark red", color.RGBA{140, 40, 60, 255}}, {"blue", color.RGBA{40, 60, 190, 255}}, {"dark blue", color.RGBA{30, 35, 120, 255}}} {
		t.Run(c.name, func(t *testing.T) {
			s := form(1)
			s.fill(596, 800, 604, 813, s.ink) // print under the ring
			img := image.NewRGBA(s.img.Rect)
			for y := range 1754 {
				for x := range 1240 {
					v := s.img.GrayAt(x, y).Y
					p := color.RGBA{v, v, v, 255}
					if d := math.Hypot(float64(x-600), float64(y-700)); d > 100 && d < 112 || d < 35 {
						under := func(ink uint8) uint8 { return uint8(int(ink) * int(v) / 255) }
						p = color.RGBA{under(c.ink.R), under(c.ink.G), under(c.ink.B), 255}
					}
					// A value in red, which is no seal.
					if x > 1000 && x < 1012 && y > 1600 && y < 1618 {
						p = color.RGBA{200, 20, 20, 255}
					}
					img.SetRGBA(x, y, p)
				}
			}
			sheet, err := raster.Flatten(img)
			if err != nil {
				t.Fatal(err)
			}
			checkLines(t, sheet, s, same, .7)
			at := func(x, y float64) uint8 {
				return sheet.Crop(layout.Rect{X0: x, Y0: y, X1: x + 1, Y1: y + 1}, 1).Pix[0]
			}
			if v := at(640, 796); v < 225 {
				t.Errorf("the seal's ring is %d, want it as light as paper", v)
			}
			if v := at(600, 806); v > 60 {
				t.Errorf("print under the ring is %d, want it black", v)
			}
			if v := at(1005, 1610); v > 130 {
				t.Errorf("a red value became %d, want it kept dark", v)
			}
			if !sheet.Touched(layout.Rect{X0: 590, Y0: 800, X1: 605, Y1: 815}) {
				t.Error("the cell under the ring is not marked")
			}
			if sheet.Touched(layout.Rect{X0: 990, Y0: 1590, X1: 1020, Y1: 1620}) || sheet.Touched(layout.Rect{X0: 100, Y0: 300, X1: 200, Y1: 340}) {
				t.Error("cells far from the seal are marked")
			}
		})
	}
}

// A page of prose has no rulings to go by.
func TestFlattenProse(t *testing.T) {
	for _, degrees := range []float64{-3, .8} {
		s := newSketch(4)
		for i := range 24 {
			s.text(130, 200+i*50, 28, 28-i%4*3)
		}
		sheet, err := raster.Flatten(s.bent(rotation(degrees)))
		if err != nil {
			t.Fatal(err)
		}
		a, b := sheet.ToSource(layout.Point{X: 200, Y: 900}), sheet.ToSource(layout.Point{X: 1000, Y: 900})
		if got := math.Atan2(b.Y-a.Y, b.X-a.X) * 180 / math.Pi; math.Abs(got-degrees) > .15 {
			t.Errorf("a line runs at %.2f degrees, want %.2f", got, degrees)
		}
	}
}

// Text shows how lines lean that no ruling runs along, though a camera that was held askew has them lean
// more at the foot than at the head.
func TestFlattenLeaning(t *testing.T) {
	slope := func(y float64) float64 { return .004 + .016*(y-877)/877 }
	for _, walls := range []int{0, 3} {
		s := newSketch(4)
		for i := range 24 {
			s.text(130, 200+i*50, 19, 44-i%4*3)
		}
		for i := range walls {
			s.fill(100+i*500, 180, 102+i*500, 1420, s.ink)
		}
		sheet, err := raster.Flatten(s.bent(func(p layout.Point) layout.Point {
			return layout.Point{X: p.X, Y: p.Y + slope(p.Y)*(p.X-620)}
		}))
		if err != nil {
			t.Fatal(err)
		}
		for _, y := range []float64{250, 800, 1350} {
			a, b := sheet.ToSource(layout.Point{X: 200, Y: y}), sheet.ToSource(layout.Point{X: 1000, Y: y})
			if got, want := (b.Y-a.Y)/(b.X-a.X), slope(y); math.Abs(got-want) > .003 {
				t.Errorf("%d walls, line at %v: slope %.4f, want %.4f", walls, y, got, want)
			}
		}
	}
}

// Where rows are ruled and columns are not, the ends of the rulings show how columns lean on a page that a camera saw askew, farther than text is
// searched for. What ends elsewhere, as the rulings beside a group's label, is no matter.
func TestFlattenByEnds(t *testing.T) {
	slope := func(x float64) float64 { return .042 + .012*(x-620)/620 }
	s := newSketch(4)
	for i := range 24 {
		from := 130
		if i%5 != 0 {
			from = 330
		}
		s.fill(from, 200+i*50, 1100, 202+i*50, s.ink)
		for k := range 5 {
			s.fill(500+k*130, 218+i*50, 510+k*130, 234+i*50, s.ink)
		}
	}
	sheet, err := raster.Flatten(s.bent(func(p layout.Point) layout.Point {
		return layout.Point{X: p.X + slope(p.X)*(p.Y-877), Y: p.Y}
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []float64{330, 700, 1100} {
		a, b := sheet.ToSource(layout.Point{X: x, Y: 300}), sheet.ToSource(layout.Point{X: x, Y: 1300})
		if got, want := (b.X-a.X)/(b.Y-a.Y), slope(x); math.Abs(got-want) > .004 {
			t.Errorf("column at %v: slope %.4f, want %.4f", x, got, want)
		}
	}
}

// TestStrokesInLowRows: a stroke that stands for none reaches from ruling to ruling of a low row, and one stands over the other in many. It leans, and
// is no wall; what stands upright is.
func TestStrokesInLowRows(t *testing.T) {
	for lean, want := range map[int]bool{0: true, 4: false} {
		s := newSketch(4)
		for i := range 30 {
			y := 200 + i*22
			s.fill(130, y, 1100, y+3, s.ink)
			for k := range 5 * min(1, 29-i) {
				for d := range 19 {
					x := 400 + k*130 + (18-d)*lean/18
					s.fill(x, y+3+d, x+3, y+4+d, s.ink)
				}
			}
		}
		sheet, err := raster.Flatten(s.bent(func(p layout.Point) layout.Point { return p }))
		if err != nil {
			t.Fatal(err)
		}
		walls := 0
		for _, r := range sheet.Rulings {
			if !r.Horizontal() {
				walls++
			}
		}
		if walls > 0 != want {
			t.Errorf("strokes that lean by %d pixels: %d walls", lean, walls)
		}
	}
}

// What is left of a seal is no print, and a stroke that stands alone is no ruling.
func TestPiecesOfPrint(t *testing.T) {
	s := newSketch(7)
	for i := range 10 {
		s.text(130, 1100+i*50, 28, 28)
	}
	s.fill(596, 790, 604, 813, s.ink) // print under the ring
	s.fill(560, 700, 610, 703, 150)   // what the picture's compression keeps of the seal
	s.fill(604, 740, 640, 743, 150)   // the same, on print
	s.fill(600, 730, 606, 755, s.ink) //
	s.fill(300, 400, 390, 402, s.ink) // a stroke
	s.fill(300, 500, 900, 502, s.ink) // a ruling
	s.fill(160, 300, 200, 302, 150)   // pale print far from the seal
	img := image.NewRGBA(s.img.Rect)
	for y := range 1754 {
		for x := range 1240 {
			v := s.img.GrayAt(x, y).Y
			p := color.RGBA{v, v, v, 255}
			if d := math.Hypot(float64(x-600), float64(y-700)); d > 100 && d < 112 {
				p = color.RGBA{uint8(215 * int(v) / 255), uint8(50 * int(v) / 255), uint8(45 * int(v) / 255), 255}
			}
			img.SetRGBA(x, y, p)
		}
	}
	sheet, err := raster.Flatten(img)
	if err != nil {
		t.Fatal(err)
	}
	pieces := sheet.Pieces()
	for _, tt := range []struct {
		name string
		at   layout.Rect
		want bool
	}{
		{"print under the ring", layout.Rect{X0: 596, Y0: 790, X1: 604, Y1: 813}, true},
		{"a remain", layout.Rect{X0: 560, Y0: 700, X1: 610, Y1: 703}, false},
		{"print that a remain touches", layout.Rect{X0: 600, Y0: 730, X1: 606, Y1: 755}, true},
		{"a stroke", layout.Rect{X0: 300, Y0: 400, X1: 390, Y1: 402}, true},
		{"a ruling", layout.Rect{X0: 300, Y0: 500, X1: 900, Y1: 502}, false},
		{"pale print", layout.Rect{X0: 160, Y0: 300, X1: 200, Y1: 302}, true},
	} {
		got := slices.ContainsFunc(pieces, func(p layout.Rect) bool {
			return math.Abs(p.X0-tt.at.X0)+math.Abs(p.X1-tt.at.X1)+math.Abs(p.Y0-tt.at.Y0)+math.Abs(p.Y1-tt.at.Y1) < 10
		})
		if got != tt.want {
			t.Errorf("%s is a piece: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A part of a page says nothing of its resolution: its text does.
func TestFlattenPart(t *testing.T) {
	s := form(1)
	part := s.img.SubImage(image.Rect(100, 240, 1000, 600)).(*image.Gray)
	sheet, err := raster.Flatten(part)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.TextHeight < 16 || sheet.TextHeight > 23 {
		t.Errorf("characters are %.1f high, want 19", sheet.TextHeight)
	}
	level, upright := places(sheet.Rulings)
	if len(level) != 9 || len(upright) != 8 {
		t.Errorf("%d by %d lines, want 9 by 8", len(level), len(upright))
	}
}

// Strokes of two lines of text that stand one above the other fill a low row from border to border.
func TestFlattenStrokes(t *testing.T) {
	s := form(1)
	for i, x := range []int{150, 208, 262, 330} {
		y := 260 + (3+4*i)*40
		s.fill(122, y+2, 418, y+39, s.paper)
		s.text(128, y+1, s.em, 13)
		s.text(128, y+20, s.em, 13)
		for k := 3; k < 38; k += 5 {
			s.fill(x-14, y+k, x+16, y+k+2, s.ink)
		}
		s.fill(x, y+1, x+2, y+40, s.ink)
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range sheet.Rulings {
		if !r.Horizontal() && r.From.X > 130 && r.From.X < 410 {
			t.Errorf("strokes of text are taken for a ruling from %v to %v", r.From, r.To)
		}
	}
	if level, upright := places(sheet.Rulings); len(level) != 21 || len(upright) != 8 {
		t.Errorf("%d by %d lines, want 21 by 8", len(level), len(upright))
	}
}

// Black and white alone draw grey in dots, which run along rulings.
func TestFlattenDots(t *testing.T) {
	bilevel := color.Palette{color.Black, color.White}
	for _, c := range []struct {
		name  string
		paper uint8
		draw  func(*image.Gray) image.Image
	}{
		{"pattern", 222, func(g *image.Gray) image.Image {
			out := image.NewPaletted(g.Rect, bilevel)
			draw.FloydSteinberg.Draw(out, g.Rect, g, image.Point{})
			return out
		}},
		{"noise", 250, func(g *image.Gray) image.Image {
			out := noisy(g, 12, 1)
			for i, v := range out.Pix {
				if out.Pix[i] = 255; v < 215 {
					out.Pix[i] = 0
				}
			}
			return out
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSketch(1)
			s.paper = c.paper
			s.fill(0, 0, 1240, 1754, s.paper)
			s.table(120, 260, []int{300, 100, 90, 90, 90, 90, 100}, 20, 40)
			for _, row := range []int{0, 1, 5} { // shaded but for the rulings
				for x := 120; x < 980; x++ {
					for y := 260 + row*40; y < 300+row*40; y++ {
						if p := &s.img.Pix[y*s.img.Stride+x]; *p > 200 {
							*p = 212
						}
					}
				}
			}
			sheet, err := raster.Flatten(c.draw(s.img))
			if err != nil {
				t.Fatal(err)
			}
			if level, upright := places(sheet.Rulings); len(level) != 21 || len(upright) != 8 {
				t.Errorf("%d by %d lines, want 21 by 8", len(level), len(upright))
			}
		})
	}
}

// What is printed on the back shows through thin paper, mirrored: its rulings are none of this page.
func TestFlattenShowThrough(t *testing.T) {
	s := newSketch(1)
	s.table(120, 260, []int{300, 100, 90, 90, 90, 90, 100}, 20, 40)
	through := image.NewGray(s.img.Rect)
	for y := range 1754 {
		for x := range 1240 {
			front := int(s.img.GrayAt(x, y).Y)
			back := 255 - int(s.img.GrayAt(1239-x, (y+250)%1754).Y) // 255 is ink
			through.Pix[y*through.Stride+x] = uint8(front * (255 - back/5) / 255)
		}
	}
	sheet, err := raster.Flatten(through)
	if err != nil {
		t.Fatal(err)
	}
	checkLines(t, sheet, s, same, .7)
	if level, upright := places(sheet.Rulings); len(level) != 21 || len(upright) != 8 {
		t.Errorf("%d by %d lines, want 21 by 8", len(level), len(upright))
	}
	// Pale rulings are rulings where there are no others.
	pale := newSketch(1)
	pale.ink = 205
	pale.table(120, 260, []int{300, 100, 90, 90, 90, 90, 100}, 20, 40)
	if sheet, err = raster.Flatten(pale.img); err != nil {
		t.Fatal(err)
	}
	if level, upright := places(sheet.Rulings); len(level) != 21 || len(upright) != 8 {
		t.Errorf("pale: %d by %d lines, want 21 by 8", len(level), len(upright))
	}
}

func TestStages(t *testing.T) {
	s := form(1)
	stages, err := raster.Stages(s.bent(rotation(1)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, st := range stages {
		names = append(names, st.Name)
	}
	if want := []string{"gray", "ink", "flat", "rulings"}; !slices.Equal(names, want) {
		t.Fatalf("stages %v, want %v", names, want)
	}
	// The page's rulings are as many and as long as drawn: each is some 860 red pixels, two thick.
	red, black := 0, 0
	last := stages[3].Image.(*image.RGBA)
	for i := 0; i < len(last.Pix); i += 4 {
		switch {
		case last.Pix[i] > 200 && last.Pix[i+1] < 50:
			red++
		case last.Pix[i] == 0:
			black++
		}
	}
	if red < 40000 || red > 130000 || black < 20000 {
		t.Errorf("%d red pixels, %d black ones", red, black)
	}
	// The heading is seen at the top although the page lay upside down, and red where a seal was.
	sealed := image.NewRGBA(s.img.Rect)
	draw.Draw(sealed, sealed.Rect, turned(s.img, 2), image.Point{}, draw.Src)
	draw.Draw(sealed, image.Rect(900, 100, 1020, 220), image.NewUniform(color.RGBA{210, 40, 40, 255}), image.Point{}, draw.Src)
	stages, err = raster.Stages(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(stages); n != 5 || stages[1].Name != "seals" {
		t.Fatalf("%d stages", n)
	}
	if r, g, _, _ := stages[1].Image.At(960, 160).RGBA(); r < g+0x2000 {
		t.Errorf("a seal is drawn %d %d", r>>8, g>>8)
	}
	dark := 0
	for x := 200; x < 620; x++ {
		for y := 150; y < 180; y++ {
			if stages[3].Image.(*image.Gray).GrayAt(x, y).Y == 0 {
				dark++
			}
		}
	}
	if dark < 2000 {
		t.Errorf("%d pixels of the heading where it should be", dark)
	}
	if _, err := raster.Stages(image.NewGray(image.Rectangle{})); !errors.Is(err, raster.ErrEmpty) {
		t.Errorf("an empty picture: %v", err)
	}
}

func TestFlattenEmpty(t *testing.T) {
	for _, r := range []image.Rectangle{{}, image.Rect(0, 0, 1, 1), image.Rect(0, 0, 2000, 3)} {
		if _, err := raster.Flatten(image.NewGray(r)); !errors.Is(err, raster.ErrEmpty) {
			t.Errorf("%v: error %v", r, err)
		}
	}
	for _, v := range []uint8{0, 128, 255} {
		img := image.NewGray(image.Rect(0, 0, 700, 900))
		for i := range img.Pix {
			img.Pix[i] = v
		}
		sheet, err := raster.Flatten(img)
		if err != nil || len(sheet.Rulings) != 0 {
			t.Errorf("a page of %d: %v", v, err)
		}
	}
}

// Pictures of anything come in: with four times as many grains, a photograph must not take ten times as long.
func TestFlattenGrain(t *testing.T) {
	flatten := func(grains int) func() {
		img := image.NewGray(image.Rect(0, 0, 1240, 1754))
		rng := rand.New(rand.NewSource(1))
		for i := range img.Pix {
			img.Pix[i] = 255
		}
		for range grains {
			x, y := rng.Intn(1220), rng.Intn(1754)
			for i := range 4 + rng.Intn(16) {
				img.Pix[y*img.Stride+x+i] = 0
			}
		}
		return func() {
			if _, err := raster.Flatten(img); err != nil {
				t.Fatal(err)
			}
		}
	}
	work.Grows(t, 10, flatten(22500), flatten(90000))
}

// FuzzFlatten holds that no picture is too odd.
func FuzzFlatten(f *testing.F) {
	f.Add(uint16(300), uint16(200), []byte{0, 255, 3, 9})
	f.Add(uint16(64), uint16(900), []byte{1, 0, 0, 0, 0, 0, 0, 255})
	f.Fuzz(func(t *testing.T, w, h uint16, b []byte) {
		img := image.NewGray(image.Rect(0, 0, int(w%700), int(h%700)))
		for i := range img.Pix {
			if len(b) > 0 {
				img.Pix[i] = b[(i+i/97)%len(b)]
			}
		}
		s, err := raster.Flatten(img)
		if err != nil {
			return
		}
		for _, r := range s.Rulings {
			if math.IsNaN(r.From.X + r.From.Y + r.To.X + r.To.Y) {
				t.Fatal("a ruling at no place")
			}
		}
		s.Crop(layout.Rect{X0: -5, Y0: -5, X1: s.Width + 5, Y1: s.Height + 5}, .5)
	})
}

func BenchmarkFlatten(b *testing.B) {
	bend := rotation(1)
	for _, dpi := range []int{150, 300} {
		small := form(1).bent(bend)
		k := dpi / 150
		img := image.NewYCbCr(image.Rect(0, 0, 1240*k, 1754*k), image.YCbCrSubsampleRatio420)
		for y := range 1754 * k {
			for x := range 1240 * k {
				img.Y[y*img.YStride+x] = small.Pix[y/k*small.Stride+x/k]
			}
		}
		for i := range img.Cb {
			img.Cb[i], img.Cr[i] = 128, 128
		}
		b.Run(map[int]string{150: "A4 150 dpi", 300: "A4 300 dpi"}[dpi], func(b *testing.B) {
			for b.Loop() {
				if _, err := raster.Flatten(img); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestFlattenDotted: pale rulings that a black-and-white scan turned to dots are found, and the dots that lead to page numbers are
// no rulings.
func TestFlattenDotted(t *testing.T) {
	dots := func(s *sketch, share float64) *image.Gray {
		out := image.NewGray(s.img.Rect)
		for i, v := range s.img.Pix {
			out.Pix[i] = 255
			if v < 60 || v < 200 && s.rng.Float64() < share || s.rng.Float64() < .0008 {
				out.Pix[i] = 0
			}
		}
		return out
	}
	for _, share := range []float64{.25, .4} {
		s := newSketch(3)
		s.table(120, 260, []int{300, 100, 90, 90, 90, 90, 100}, 20, 40)
		for _, y := range s.ys { // the table's lines are pale, the rest is not
			s.fill(120, int(y)-1, 981, int(y)+1, 150)
		}
		for i, x := range s.xs {
			top := 260
			if i > 1 && i < len(s.xs)-1 {
				top += 40
			}
			s.fill(int(x)-1, top, int(x)+1, 1060, 150)
		}
		sheet, err := raster.Flatten(dots(s, share))
		if err != nil {
			t.Fatal(err)
		}
		if level, upright := places(sheet.Rulings); len(level) != 21 || len(upright) != 8 {
			t.Errorf("dots of %.2f: %d by %d lines, want 21 by 8", share, len(level), len(upright))
		}
	}
	s := newSketch(4)
	for y := 300; y < 1200; y += 40 {
		s.text(120, y, 19, 12)
		for x := 400; x < 1000; x += 8 {
			s.fill(x, y+15, x+2, y+17, s.ink)
		}
		s.text(1020, y, 19, 1)
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range sheet.Rulings {
		if r.To.X-r.From.X > 300 {
			t.Errorf("the dots of a list of contents are a ruling: %v", r)
		}
	}
}

// TestFlattenEdge: a dark strip along the edge of a page whose print has come to pieces does not turn it.
func TestFlattenEdge(t *testing.T) {
	s := newSketch(5)
	for y := 300; y < 700; y += 60 {
		s.text(200, y, 19, 3)
	}
	for y := 0; y < 1754; y += 2 { // black and white by turns, as one pattern of grey is
		s.fill(1216, y, 1238, y+1, s.ink)
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.Width > sheet.Height {
		t.Errorf("the page was turned: it is %.0f by %.0f", sheet.Width, sheet.Height)
	}
}

// TestFlattenStamp: a low stamp in a frame goes, though it is no larger than print, with the rulings that its frame would be; a heading
// in colour stays. Pale rulings that the ink of a seal covers are joined again.
func TestFlattenStamp(t *testing.T) {
	s := form(1)
	for _, y := range s.ys {
		s.fill(int(s.xs[0]), int(y)-1, int(s.xs[len(s.xs)-1]), int(y)+1, 170)
	}
	for _, x := range s.xs {
		s.fill(int(x)-1, int(s.ys[1]), int(x)+1, int(s.ys[len(s.ys)-1]), 170)
	}
	img := image.NewRGBA(s.img.Rect)
	draw.Draw(img, img.Rect, s.img, image.Point{}, draw.Src)
	ink := color.RGBA{200, 60, 50, 255}
	box := func(x0, y0, x1, y1 int) {
		draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(ink), image.Point{}, draw.Src)
	}
	x, y := int(s.xs[2])+20, int(s.ys[5])-14 // over a wall and a ruling
	box(x, y, x+130, y+3)
	box(x, y+41, x+130, y+44)
	box(x, y, x+3, y+44)
	box(x+127, y, x+130, y+44)
	for i := range 4 { // what it says
		box(x+14+i*30, y+12, x+28+i*30, y+14)
		box(x+14+i*30, y+28, x+28+i*30, y+30)
	}
	for r := 0; r < 12; r++ { // a heading
		box(300+r*30, 60, 322+r*30, 64)
		box(308+r*30, 60, 312+r*30, 90)
	}
	// A seal whose border runs along a wall of the last column but one.
	wall := int(s.xs[len(s.xs)-2])
	for yy := int(s.ys[9]); yy < int(s.ys[9])+120; yy++ {
		for xx := wall - 120; xx < wall+9; xx++ {
			if d := math.Hypot(float64(xx-(wall-56)), float64(yy-int(s.ys[9])-60)); d > 50 && d < 62 || d < 20 {
				img.SetRGBA(xx, yy, ink)
			}
		}
	}
	sheet, err := raster.Flatten(img)
	if err != nil {
		t.Fatal(err)
	}
	checkLines(t, sheet, s, same, .8)
	at := func(x, y float64) uint8 {
		return sheet.Crop(layout.Rect{X0: x, Y0: y, X1: x + 1, Y1: y + 1}, 1).Pix[0]
	}
	if v := at(float64(x+60), float64(y+1)); v < 225 {
		t.Errorf("the stamp's frame is %d, want it as light as paper", v)
	}
	if v := at(310, 75); v > 150 {
		t.Errorf("a heading in colour became %d, want it kept", v)
	}
	drawn := 0.0
	for _, r := range sheet.Rulings {
		if !r.Horizontal() && math.Abs(r.From.X-float64(wall)) < 3 {
			drawn += r.To.Y - r.From.Y
		}
	}
	if want := s.ys[len(s.ys)-1] - s.ys[1]; drawn < .97*want {
		t.Errorf("%.0f of %.0f pixels of a wall under a seal were found", drawn, want)
	}
}

// Bold print that hangs from a ruling, as in cells without padding on a photograph, does not hide it; a bar of ink and the upper strokes
// of such print are none.
func TestFlattenTouched(t *testing.T) {
	s := newSketch(1)
	s.text(200, 150, 30, 14)
	s.table(120, 260, []int{300, 100, 90, 90, 90, 90, 100}, 8, 60)
	for _, row := range []int{2, 5} {
		y := int(s.ys[row])
		for x := 124; x < 970; x += 20 {
			s.fill(x, y, x+14, y+17, s.ink)
		}
	}
	s.fill(150, 1000, 900, 1017, s.ink)
	for y := range 17 {
		for x := 150; x < 900; x += 20 {
			s.fill(x+y%2*10, 1060+y, x+y%2*10+map[bool]int{true: 18, false: 13}[y < 7], 1061+y, s.ink)
		}
	}
	for i := range 8 {
		s.text(120, 1180+i*48, 28, 28)
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	checkLines(t, sheet, s, same, .7)
}

// TestFlattenUnderSeal: a seal's ink hides where a wall meets the next rulings, and little of it is left; where nothing is, none is made up.
func TestFlattenUnderSeal(t *testing.T) {
	draw := func(wall bool) image.Image {
		s := newSketch(1)
		s.text(200, 150, 30, 14)
		s.table(120, 260, []int{300, 100, 90, 90, 90, 90, 100}, 10, 60)
		for i := range 8 {
			s.text(120, 1180+i*48, 28, 28)
		}
		// The wall ends in the third row, and between that and the header scraps of it are left.
		x := int(s.xs[1])
		for y := int(s.ys[0]) + 3; y < int(s.ys[2]); y++ {
			if !wall || y%24 > 7 {
				s.fill(x-2, y, x+3, y+1, s.paper)
			}
		}
		img := image.NewRGBA(s.img.Rect)
		for y := range 1754 {
			for i := range 1240 {
				v := s.img.GrayAt(i, y).Y
				p := color.RGBA{v, v, v, 255}
				if d := math.Hypot(float64(i-x), float64(y)-s.ys[1]); d < 62 && d > 50 || math.Abs(float64(i-x)) < 6 && d < 62 {
					under := func(ink uint8) uint8 { return uint8(int(ink) * int(v) / 255) }
					p = color.RGBA{under(215), under(50), under(45), 255}
				}
				img.SetRGBA(i, y, p)
			}
		}
		return img
	}
	for _, wall := range []bool{true, false} {
		sheet, err := raster.Flatten(draw(wall))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, r := range sheet.Rulings {
			found = found || !r.Horizontal() && math.Abs(r.From.X-420) < 3 && r.From.Y < 300 && r.To.Y > 310
		}
		if found != wall {
			t.Errorf("a wall under the seal: %v, found: %v", wall, found)
		}
	}
}

// TestFlattenLowRow: where a page breaks, one low row may stand alone. Its walls are as short as strokes of print, and have paper beside
// them; strokes of two lines of print, one above the other, have not.
func TestFlattenLowRow(t *testing.T) {
	s := newSketch(1)
	s.text(200, 150, 30, 14)
	widths := []int{300, 250, 250}
	s.table(120, 260, widths, 1, 19)
	lone := s.xs
	for _, x := range lone {
		s.fill(int(x)-1, 260, int(x)+1, 279, s.ink)
	}
	s.table(120, 400, widths, 8, 19)
	// A stroke through two rows, with others beside it, as of 本 below ）.
	for i := range 5 {
		s.fill(860+i*4, 401+7*19, 862+i*4, 401+9*19-3, s.ink)
	}
	for i := range 8 {
		s.text(120, 1180+i*48, 28, 28)
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range lone {
		if !slices.ContainsFunc(sheet.Rulings, func(r layout.Ruling) bool {
			return !r.Horizontal() && math.Abs(r.From.X-x) < 3 && r.From.Y < 264 && r.To.Y > 275 && r.To.Y < 300
		}) {
			t.Errorf("the wall at %v is not found", x)
		}
	}
	for _, r := range sheet.Rulings {
		if !r.Horizontal() && r.From.X > 850 && r.From.X < 885 {
			t.Errorf("strokes are a wall: %+v", r)
		}
	}
}

// TestFlattenCovered: a seal, a fold or a lost strip breaks a ruling. Walls that meet it in the break are found, and so is a worn piece that goes
// on behind it; but strokes in line with no ruling are none.
func TestFlattenCovered(t *testing.T) {
	s := newSketch(1)
	s.text(200, 150, 30, 14)
	s.table(120, 260, []int{200, 200, 200, 200, 200}, 1, 37)
	s.fill(670, 255, 770, 266, s.paper) // the wall at 720 meets the upper ruling in the break
	for _, x := range s.xs {
		s.fill(int(x)-1, 260, int(x)+1, 297, s.ink)
	}
	s.table(120, 400, []int{300, 700}, 8, 60)
	worn := int(s.ys[3])
	s.fill(760, worn-4, 880, worn+5, s.paper)
	dashes := func(x0, x1, y int) {
		for x := x0; x < x1; x++ {
			v := s.paper
			if x%7 != 0 {
				v = s.ink
			}
			s.fill(x, y-1, x+1, y+1, v)
		}
	}
	dashes(880, 1120, worn)
	stray := int(s.ys[5]) + 30
	dashes(820, 1000, stray)
	for i := range 8 {
		s.text(120, 1180+i*48, 28, 28)
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		level       bool
		at, pos, to float64
		want        bool
	}{
		"a wall in a break":       {false, 720, 275, 290, true},
		"a worn piece behind one": {true, float64(worn), 900, 980, true},
		"strokes by themselves":   {true, float64(stray), 850, 980, false},
	} {
		found := slices.ContainsFunc(sheet.Rulings, func(r layout.Ruling) bool {
			if r.Horizontal() != tt.level {
				return false
			}
			at, from, to := r.From.Y, r.From.X, r.To.X
			if !tt.level {
				at, from, to = r.From.X, r.From.Y, r.To.Y
			}
			return math.Abs(at-tt.at) < 3 && from <= tt.pos+20 && to >= tt.pos+10
		})
		if found != tt.want {
			t.Errorf("%s: found %v", name, found)
		}
	}
}

// TestFlattenBars: double rules that ran together, in one part of the page, are as good rulings there as the single lines that most of them
// still are elsewhere.
func TestFlattenBars(t *testing.T) {
	s := newSketch(6)
	s.em, s.thick = 26, 2
	widths := []int{300, 44, 44, 44, 44, 44, 44}
	s.table(120, 260, widths, 20, 40)
	level, upright := len(s.ys), len(s.xs)
	for i, y := range s.ys { // the second line of each rule
		if s.fill(120, int(y)+3, 684, int(y)+5, s.ink); i >= 6 && i <= 9 {
			s.fill(552, int(y)-1, 684, int(y)+5, s.ink)
		}
	}
	for i, x := range s.xs {
		if i > 0 {
			s.fill(int(x)+3, 300, int(x)+5, 1060, s.ink)
		}
		if i == 1 || i > 4 {
			s.fill(int(x)-1, 500, int(x)+5, 900, s.ink)
		}
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	for i := 2; i+1 < level; i++ {
		for k := 1; k < upright; k++ {
			mid := layout.Point{X: (s.xs[k-1] + s.xs[k]) / 2, Y: (s.ys[i] + s.ys[i+1]) / 2}
			if !slices.ContainsFunc(sheet.Rulings, func(r layout.Ruling) bool {
				return r.Horizontal() && math.Abs(r.From.Y-s.ys[i]) < 5 && r.From.X < mid.X && r.To.X > mid.X
			}) {
				t.Errorf("no rule above row %d in column %d", i, k)
			}
			if !slices.ContainsFunc(sheet.Rulings, func(r layout.Ruling) bool {
				return !r.Horizontal() && math.Abs(r.From.X-s.xs[k]) < 5 && r.From.Y < mid.Y && r.To.Y > mid.Y
			}) {
				t.Errorf("no wall behind column %d in row %d", k, i)
			}
		}
	}
}

// TestFlattenInLine: a wall that nothing closes is one though a stroke of the print above stands in line with it.
func TestFlattenInLine(t *testing.T) {
	s := newSketch(7)
	s.table(120, 260, []int{300, 140, 140, 140}, 8, 40)
	foot := 260 + 8*40
	for i, x := range s.xs {
		s.fill(int(x)-1, foot, int(x)+1, foot+80, s.ink)
		if i == 2 { // the header's cell is over all columns, and its print reaches down to its foot
			s.fill(int(x)-1, 262, int(x)+1, 600-20, s.paper)
			for y := 462; y < 570; y += 20 {
				s.fill(int(x)-1, y, int(x)+1, y+12, s.ink)
				s.fill(int(x)-9, y, int(x)+9, y+2, s.ink)
			}
		}
	}
	sheet, err := raster.Flatten(s.img)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range s.xs {
		if !slices.ContainsFunc(sheet.Rulings, func(r layout.Ruling) bool {
			return !r.Horizontal() && math.Abs(r.From.X-x) < 4 && r.From.Y < float64(foot+10) && r.To.Y > float64(foot+70)
		}) {
			t.Errorf("no wall at %.0f below the table", x)
		}
	}
}
