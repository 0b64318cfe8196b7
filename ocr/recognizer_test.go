package ocr_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/ocr"
)

// FuzzParseHOCR: what is not understood is an error of its own; what is gives words that have text and a place,
// and no text that the answer does not hold.
func FuzzParseHOCR(f *testing.F) {
	f.Add(`<p class='ocr_par'><span class='ocr_line' title="bbox 1 2 30 40; baseline 0 0"><span class='ocrx_word' title='bbox 1 2 9 4; x_wconf 96'>申请</span> ` +
		`<span class='ocrx_word' title='bbox 10 2 30 4; x_wconf 0'><strong>12</strong>&nbsp;&lt;</span></span></p>`)
	f.Add(`<span class='ocr_line' title='bbox -Inf 0 Inf 9'><span class='ocrx_word' title='bbox NaN Inf -Inf 1e400; x_wconf NaN'>1</span></span>`)
	f.Add(`<span class='ocr_line' title='bbox 9 9 1 1'><span class='ocrx_word' title='bbox 9 9 1 1; x_wconf 200'>1<br>2`)
	f.Fuzz(func(t *testing.T, s string) {
		lines, err := ocr.ParseHOCR(strings.NewReader(s))
		if err != nil {
			if !errors.Is(err, ocr.ErrHOCR) || lines != nil {
				t.Fatalf("%d lines, error %v", len(lines), err)
			}
			return
		}
		text := 0
		for _, l := range lines {
			for _, w := range l.Words {
				text += len(w.Text)
				if w.Text == "" || w.Text != strings.TrimSpace(w.Text) || !(w.Confidence >= 0 && w.Confidence <= 1) {
					t.Errorf("word %+v", w)
				}
				if b := w.Box; !(b.X0 <= b.X1 && b.Y0 <= b.Y1) || math.IsInf(b.Width()+b.Height(), 0) {
					t.Errorf("word %q has box %+v", w.Text, b)
				}
			}
			if b := l.Box; !(b.X0 <= b.X1 && b.Y0 <= b.Y1) || math.IsInf(b.Width()+b.Height(), 0) {
				t.Errorf("a line has box %+v", b)
			}
		}
		if text > len(s) {
			t.Errorf("%d bytes of text out of %d", text, len(s))
		}
	})
}
