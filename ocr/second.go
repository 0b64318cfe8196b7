package ocr

import (
	"context"
	"fmt"
	"image"
	"strings"

	"golang.org/x/image/draw"

	"github.com/nianbao/nianbao/layout"
)

// secondHeight is the height of a digit, in pixels, at which Tesseract reads numbers best.
const secondHeight = 22

// secondMargin is the white around a line, in pixels: without it the recogniser loses what touches
// the border.
const secondMargin = 10

// Second reads a cell's lines again with a recogniser that shares nothing with the first: the
// general one, one line a call, in its language for numbers. Its text is brought to the characters
// that the first reader uses.
func Second(ctx context.Context, r *layout.Reading, rec Recognizer) (string, error) {
	var b strings.Builder
	for _, l := range r.Lines {
		h := r.Height
		if h <= 0 {
			h = secondHeight
		}
		lines, err := rec.Recognize(ctx, Task{Image: scaled(l, secondHeight/h, secondMargin), Language: "eng", Mode: Line})
		if err != nil {
			return "", fmt.Errorf("second reading: %w", err)
		}
		b.WriteString(Text(lines))
	}
	return asNumber(b.String()), nil
}

// scaled draws a line k times as large, with a white margin.
func scaled(src *image.Gray, k float64, margin int) *image.Gray {
	w, h := max(1, int(float64(src.Rect.Dx())*k)), max(1, int(float64(src.Rect.Dy())*k))
	out := image.NewGray(image.Rect(0, 0, w+2*margin, h+2*margin))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	draw.BiLinear.Scale(out, image.Rect(margin, margin, margin+w, margin+h), src, src.Rect, draw.Src, nil)
	return out
}

// asNumber brings a general recogniser's text for a number to the number readers' characters:
// letters that stand for digits on such a page, one kind of dash, no blanks.
func asNumber(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '|', '\'', '`', '‘', '’', '“', '”':
			return -1
		case 'O', 'o', 'Q', 'D', '〇', '°':
			return '0'
		case 'l', 'I', 'i', '!', ']', '[':
			return '1'
		case 'S', 's':
			return '5'
		case 'B':
			return '8'
		case 'Z', 'z':
			return '2'
		case '–', '—', '―', '_', '~', '=':
			return '-'
		case '，':
			return ','
		case '（':
			return '('
		case '）':
			return ')'
		}
		return r
	}, strings.TrimSpace(s))
}

// Agree says that two readings of a cell say the same.
func Agree(a, b string) bool { return asNumber(a) == asNumber(b) }
