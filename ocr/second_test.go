package ocr_test

import (
	"context"
	"image"
	"math"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr"
)

// asked is a recogniser that says the same of everything, and counts how often it is asked.
type asked struct {
	says  string
	times int
}

func (a *asked) Recognize(context.Context, ocr.Task) ([]ocr.TextLine, error) {
	a.times++
	return []ocr.TextLine{{Words: []layout.Word{{Text: a.says}}}}, nil
}

// slash draws a stroke as a table prints it for nothing, 20 pixels high.
func slash() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 60, 40))
	for y := range 40 {
		for x := range 60 {
			d := math.Abs(float64(x)-30+0.45*(float64(y)-20)) * 0.9
			v := 255.0
			if y >= 9 && y < 31 {
				v = 255 * min(1, max(0, d-0.7))
			}
			g.Pix[g.PixOffset(x, y)] = uint8(v)
		}
	}
	return g
}

// dash draws the other mark that a table prints for nothing.
func dash() *image.Gray { return flat(24) }

// flat draws flat ink, so many pixels wide.
func flat(wide int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 60, 40))
	for y := range 40 {
		for x := range 60 {
			g.Pix[g.PixOffset(x, y)] = 255
			if x >= 18 && x < 18+wide && y >= 19 && y < 21 {
				g.Pix[g.PixOffset(x, y)] = 0
			}
		}
	}
	return g
}

// TestSecond holds when the general recogniser is asked, and what it counts for.
func TestSecond(t *testing.T) {
	for _, c := range []struct {
		name  string
		line  *image.Gray
		first layout.Candidate
		seal  bool
		says  string
		want  string
		times int
	}{
		{"a sure reading that the label network shares", slash(), layout.Candidate{Text: "/", Probability: 0.9999}, false, "7", "/", 0},
		{"a mark in doubt that it shares", slash(), layout.Candidate{Text: "/", Probability: 0.6}, false, "7", "/", 0},
		{"a dash: ink as flat and wide is no figure", dash(), layout.Candidate{Text: "—", Probability: 0.6}, false, "-5", "—", 0},
		{"a dash under a seal", dash(), layout.Candidate{Text: "—", Probability: 0.6}, true, "5", "5", 1},
		{"what may be left of a worn 0", flat(9), layout.Candidate{Text: "—", Probability: 0.6}, false, "5", "-", 0},
		{"a mark under a seal", slash(), layout.Candidate{Text: "/", Probability: 0.9999}, true, "7", "7", 1},
		{"a sure reading that it does not share", slash(), layout.Candidate{Text: "7", Probability: 0.9999}, false, "7", "7", 1},
		{"a number in doubt", slash(), layout.Candidate{Text: "7", Probability: 0.6}, false, "1", "1", 1},
		{"no figure from the general recogniser", slash(), layout.Candidate{Text: "7", Probability: 0.6}, false, "Efa", "/", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			rec := &asked{says: c.says}
			r := &layout.Reading{Candidates: []layout.Candidate{c.first}, Seal: c.seal}
			p := ocr.Print{Lines: []*image.Gray{c.line}, Height: 20}
			got, err := ocr.Second(context.Background(), p, r, rec)
			if err != nil || got != c.want || rec.times != c.times {
				t.Errorf("Second = %q, %v, asked %d times; want %q, %d times", got, err, rec.times, c.want, c.times)
			}
			if got, err := ocr.Second(context.Background(), p, r, nil); err != nil || got != "/" && got != "-" {
				t.Errorf("without a general recogniser: %q, %v", got, err)
			}
		})
	}
}
