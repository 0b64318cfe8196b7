package reading_test

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nianbao/nianbao/ocr/reading"
)

// sample is a crop that the training program drew, with the height of a digit in it and what it printed.
type sample struct {
	File    string
	Printed string
	Digit   float64
	image   *image.Gray
}

func samples(t testing.TB, name string) []sample {
	t.Helper()
	dir := filepath.Join("testdata", name)
	b, err := os.ReadFile(filepath.Join(dir, "golden.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []sample
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatal("no samples")
	}
	for i := range out {
		f, err := os.Open(filepath.Join(dir, out[i].File))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		m, err := png.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		g := image.NewGray(m.Bounds())
		draw.Draw(g, g.Bounds(), m, m.Bounds().Min, draw.Src)
		out[i].image = g
	}
	return out
}

func TestReadNumbers(t *testing.T) {
	for _, s := range samples(t, "numbers") {
		for _, digit := range []float64{s.Digit, s.Digit * .92, s.Digit * 1.09} {
			got := reading.Numbers().Read(s.image, digit)
			if len(got) == 0 || got[0].Text != s.Printed {
				t.Errorf("%s: digit %.1f: read %v, printed %q", s.File, digit, got, s.Printed)
			}
		}
	}
}

func TestReadEstimatesTheHeight(t *testing.T) {
	for _, s := range samples(t, "numbers") {
		if strings.Trim(s.Printed, "-—") == "" {
			continue // a dash has no height to estimate
		}
		if got := reading.Numbers().Read(s.image, 0); got[0].Text != s.Printed {
			t.Errorf("%s: read %v, printed %q", s.File, got[:1], s.Printed)
		}
	}
}

func gray(w, h int, level uint8) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.Gray{level}), image.Point{}, draw.Src)
	return m
}

func TestReadLabels(t *testing.T) {
	for _, s := range samples(t, "labels") {
		for _, digit := range []float64{s.Digit, s.Digit * .98} {
			got := reading.Labels().Read(s.image, digit)
			if len(got) == 0 || got[0].Text != s.Printed {
				t.Errorf("%s: height %.1f: read %v, printed %q", s.File, digit, got, s.Printed)
			}
		}
		if got := reading.Text(reading.Labels().Runes(s.image, s.Digit)); got != s.Printed {
			t.Errorf("%s: read %q by runes, printed %q", s.File, got, s.Printed)
		}
	}
}

// TestNumbersTellText: a label is no number to the reader of numbers.
func TestNumbersTellText(t *testing.T) {
	for _, s := range samples(t, "labels") {
		if !strings.ContainsFunc(s.Printed, func(r rune) bool { return r > 0x4e00 }) {
			continue
		}
		if got := reading.Numbers().Read(s.image, s.Digit*.7); !strings.ContainsRune(got[0].Text, reading.Other) {
			t.Errorf("%s: printed %q, read %q", s.File, s.Printed, got[0].Text)
		}
	}
}

// nothing lists lines on which nothing is printed.
func nothing() []struct {
	reason string
	line   *image.Gray
} {
	speckled := gray(90, 40, 255)
	for i := range 12 {
		speckled.SetGray(7*i+3, (13*i)%40, color.Gray{})
	}
	ruled := gray(90, 40, 250)
	for x := range 90 {
		ruled.SetGray(x, 0, color.Gray{20})
		ruled.SetGray(x, 39, color.Gray{20})
	}
	for y := range 40 {
		ruled.SetGray(0, y, color.Gray{20})
		ruled.SetGray(1, y, color.Gray{60})
	}
	return []struct {
		reason string
		line   *image.Gray
	}{
		{"white paper", gray(80, 40, 255)},
		{"gray paper", gray(80, 40, 120)},
		{"black: no line of print", gray(80, 40, 0)},
		{"salt and pepper of a fax", speckled},
		{"remains of rulings", ruled},
		{"one pixel", gray(1, 1, 255)},
		{"one column", gray(1, 300, 255)},
		{"one row", gray(300, 1, 255)},
	}
}

func TestReadNothing(t *testing.T) {
	for _, c := range nothing() {
		got := reading.Numbers().Read(c.line, 20)
		if len(got) == 0 || got[0].Text != "" || got[0].Probability < .5 {
			t.Errorf("%s: read %v, want nothing", c.reason, got)
		}
	}
	if got := reading.Numbers().Read(image.NewGray(image.Rectangle{}), 20); got != nil {
		t.Errorf("empty image: read %v", got)
	}
}

// TestFaintPrintBesideRulings: rulings blacker than the print must not make it vanish.
func TestFaintPrintBesideRulings(t *testing.T) {
	m := gray(60, 44, 252)
	black := image.NewUniform(color.Gray{0})
	draw.Draw(m, image.Rect(0, 0, 60, 3), black, image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(0, 0, 3, 44), black, image.Point{}, draw.Src)
	for y := range 44 { // an elliptic ring, 12 × 20 pixels
		for x := range 60 {
			dx, dy := float64(x-31), float64(y-23)
			if outer, inner := dx*dx/36+dy*dy/100, dx*dx/12+dy*dy/72; outer <= 1 && inner >= 1 {
				m.SetGray(x, y, color.Gray{175})
			}
		}
	}
	if got := reading.Numbers().Read(m, 20); got[0].Text != "0" {
		t.Errorf("a faint 0 beside black rulings: read %v", got)
	}
}

func TestReadSurvivesAnyHeight(t *testing.T) {
	s := samples(t, "numbers")[0]
	for _, digit := range []float64{-3, 1e-9, .5, 1e6, math.NaN(), math.Inf(1), math.Inf(-1)} {
		reading.Numbers().Read(s.image, digit)
	}
}

func TestCandidatesAreDistinctAndOrdered(t *testing.T) {
	for _, s := range samples(t, "numbers") {
		seen, sum, last := map[string]bool{}, 0.0, 1.0
		for _, c := range reading.Numbers().Read(s.image, s.Digit) {
			if seen[c.Text] {
				t.Errorf("%s: %q twice", s.File, c.Text)
			}
			if c.Probability > last || !(c.Probability > 0) {
				t.Errorf("%s: %q has %v after %v", s.File, c.Text, c.Probability, last)
			}
			seen[c.Text], last = true, c.Probability
			sum += c.Probability
		}
		if sum > 1+1e-9 {
			t.Errorf("%s: probabilities add up to %v", s.File, sum)
		}
	}
}

func TestReadASubImage(t *testing.T) {
	s := samples(t, "numbers")[0]
	b := s.image.Bounds()
	page := gray(b.Dx()+40, b.Dy()+60, 0)
	at := image.Rect(17, 23, 17+b.Dx(), 23+b.Dy())
	draw.Draw(page, at, s.image, b.Min, draw.Src)
	want := fmt.Sprint(reading.Numbers().Read(s.image, s.Digit))
	if got := fmt.Sprint(reading.Numbers().Read(page.SubImage(at).(*image.Gray), s.Digit)); got != want {
		t.Errorf("read %s, alone %s", got, want)
	}
}

func TestReadConcurrently(t *testing.T) {
	all := samples(t, "numbers")
	want := make([]string, len(all))
	for i, s := range all {
		want[i] = fmt.Sprint(reading.Numbers().Read(s.image, s.Digit))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, s := range all {
				if got := fmt.Sprint(reading.Numbers().Read(s.image, s.Digit)); got != want[i] {
					t.Errorf("%s: read %s, alone %s", s.File, got, want[i])
				}
			}
		})
	}
	wg.Wait()
}

func TestRunes(t *testing.T) {
	for _, s := range samples(t, "numbers") {
		runes := reading.Numbers().Runes(s.image, s.Digit)
		if got := reading.Text(runes); got != s.Printed {
			t.Errorf("%s: read %q, printed %q", s.File, got, s.Printed)
		}
		for _, r := range runes {
			if !(r.Probability > 0 && r.Probability <= 1) {
				t.Errorf("%s: %q has %v", s.File, r.Rune, r.Probability)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(uint8(20), []byte("0123456789abcdefghijklmnopqrstuvwxyz"), 9.0)
	f.Add(uint8(1), []byte{0, 255, 0, 255}, 0.0)
	f.Fuzz(func(t *testing.T, width uint8, pix []byte, digit float64) {
		w := int(width)
		if w == 0 || len(pix) < w || len(pix) > 4096 {
			return
		}
		m := &image.Gray{Pix: pix, Stride: w, Rect: image.Rect(0, 0, w, len(pix)/w)}
		got := reading.Numbers().Read(m, digit)
		if len(got) == 0 {
			t.Fatal("no reading")
		}
		for _, c := range got {
			if !(c.Probability >= 0 && c.Probability <= 1) {
				t.Fatalf("%q: %v", c.Text, c.Probability)
			}
		}
	})
}

func BenchmarkNumbers(b *testing.B) {
	all := samples(b, "numbers")
	for _, digits := range []int{1, 3, 6} {
		var pick *sample
		for i, s := range all {
			if d := len(s.Printed); pick == nil || abs(d-digits) < abs(len(pick.Printed)-digits) {
				pick = &all[i]
			}
		}
		b.Run(fmt.Sprintf("%dcharacters", len(pick.Printed)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				reading.Numbers().Read(pick.image, pick.Digit)
			}
		})
	}
}

func BenchmarkLabels(b *testing.B) {
	all := samples(b, "labels")
	pick := &all[0]
	for i, s := range all {
		if len(s.Printed) > len(pick.Printed) {
			pick = &all[i]
		}
	}
	runes := len([]rune(pick.Printed))
	b.Run(fmt.Sprintf("read%dcharacters", runes), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			reading.Labels().Read(pick.image, pick.Digit)
		}
	})
	b.Run(fmt.Sprintf("runes%dcharacters", runes), func(b *testing.B) {
		for b.Loop() {
			reading.Labels().Runes(pick.image, pick.Digit)
		}
	})
}

func abs(v int) int { return max(v, -v) }
