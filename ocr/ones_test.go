package ocr

import (
	"image"
	"image/draw"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/nianbao/nianbao/ocr/reading"
)

// TestWithOne: a lone stroke on the line of a digit is a 1 where the network thinks it possible, and dirt or a wall elsewhere.
func TestWithOne(t *testing.T) {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 28, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	const digit, foot = 20, 36 // height of a digit, and where it stands
	maybe := []reading.Candidate{{Text: "5", Probability: 0.88}, {Text: "15", Probability: 0.08}, {Text: "51", Probability: 0.02}}
	never := []reading.Candidate{{Text: "5", Probability: 0.999}, {Text: "15", Probability: 1e-4}}
	for _, c := range []struct {
		name   string
		stroke image.Rectangle
		read   []reading.Candidate
		want   string
	}{
		{"before", image.Rect(30, foot-digit, 33, foot), maybe, "15"},
		{"behind", image.Rect(64, foot-digit, 67, foot), maybe, "51"},
		{"what the network is sure to be dirt", image.Rect(30, foot-digit, 33, foot), never, "5"},
		{"higher than the digit, as a wall", image.Rect(30, foot-digit-6, 33, foot+6), maybe, "5"},
		{"a part of a wall above the line", image.Rect(30, foot-digit-8, 33, foot-8), maybe, "5"},
		{"as wide as a digit", image.Rect(24, foot-digit, 33, foot), maybe, "5"},
		{"at the picture's edge", image.Rect(4, foot-digit, 7, foot), maybe, "5"},
		{"far away", image.Rect(16, foot-digit, 19, foot), maybe, "5"},
		{"touching", image.Rect(38, foot-digit, 42, foot), maybe, "5"},
	} {
		g := image.NewGray(image.Rect(0, 0, 100, 56))
		draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src)
		(&font.Drawer{Dst: g, Src: image.Black, Face: face, Dot: fixed.P(40, foot)}).DrawString("5")
		draw.Draw(g, c.stroke, image.Black, image.Point{}, draw.Src)
		got := withOne(g, c.read, digit)
		sum := 0.0
		for _, x := range got {
			sum += x.Probability
		}
		if got[0].Text != c.want || sum > 1 || len(got) != len(c.read) {
			t.Errorf("%s: read as %v, want %s", c.name, got, c.want)
		}
	}
	halves := image.NewGray(image.Rect(0, 0, 100, 56)) // of a worn 0
	draw.Draw(halves, halves.Rect, image.White, image.Point{}, draw.Src)
	for _, x := range []int{44, 54} {
		draw.Draw(halves, image.Rect(x, foot-digit, x+3, foot), image.Black, image.Point{}, draw.Src)
	}
	if _, _, _, ok := loneStroke(halves, digit); ok {
		t.Error("the half of a 0 is a 1")
	}
}
