package ocr

import (
	"context"
	"fmt"
	"image"
	"strings"

	"golang.org/x/image/draw"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr/reading"
)

// secondHeight is the height of a digit, in pixels, at which Tesseract reads numbers best.
const secondHeight = 22

// secondMargin is the white around a line, in pixels: without it the recogniser loses what touches
// the border.
const secondMargin = 10

// sureFirst is the probability of the first reading from which the label network alone may confirm it.
const sureFirst = 0.999

// Second reads a cell's lines with another reader than the first one, which made r of them. Where the first reader is
// sure, the label network may confirm it, which was trained apart and on other text; that costs next to nothing. The
// same goes for marks, which Tesseract cannot read; ink as flat and wide as a dash needs no other reader. Else Tesseract reads the cell, which shares nothing with our
// networks, one line a call, in its language for numbers. Where it gives no figure, or rec is nil, the label network's
// reading is the result. The text has the characters that the first reader uses.
func Second(ctx context.Context, p Print, r *layout.Reading, rec Recognizer) (string, error) {
	if rec == nil {
		return ByLabels(p), nil
	}
	if !r.Seal && len(r.Candidates) > 0 && figure.Stroke(r.Candidates[0].Text) && flat(p) {
		return r.Candidates[0].Text, nil
	}
	labels, read := "", false
	if !r.Seal && len(r.Candidates) > 0 {
		if first := r.Candidates[0]; first.Probability >= sureFirst || figure.Stroke(first.Text) {
			labels, read = ByLabels(p), true
			if labels == first.Text || figure.Stroke(labels) && figure.Stroke(first.Text) {
				return labels, nil
			}
		}
	}
	text, err := General(ctx, p, rec)
	if err != nil {
		return "", err
	}
	if figure.Written(text) {
		return text, nil
	}
	if !read {
		labels = ByLabels(p)
	}
	return labels, nil
}

// flatHigh and flatWide are the greatest height and the least width of a dash, in heights of a digit: what is left of a worn 0 is narrower.
const flatHigh, flatWide = 0.3, 0.8

// flat says that all ink of a print is one dash.
func flat(p Print) bool {
	if len(p.Lines) != 1 {
		return false
	}
	tr := tracers.Get().(*tracer)
	defer tracers.Put(tr)
	paper, ink := levels(p.Lines[0], p.digit()/digitPart)
	if paper-ink < minContrast {
		return false
	}
	var all image.Rectangle
	for _, x := range tr.pieces(p.Lines[0], inkLimit(paper, ink)) {
		if float64(x.area) > speckSide*speckSide*p.digit()*p.digit() {
			all = all.Union(x.box)
		}
	}
	return float64(all.Dy()) <= flatHigh*p.digit() && float64(all.Dx()) >= flatWide*p.digit()
}

// ByLabels reads a cell's lines as a number by the label network alone.
func ByLabels(p Print) string {
	var b strings.Builder
	for _, l := range p.Lines {
		b.WriteString(reading.Text(reading.Labels().Runes(l, p.digit()/digitPart)))
	}
	return asNumber(b.String())
}

// digit is the height of a digit, in pixels.
func (p Print) digit() float64 {
	if p.Height > 0 {
		return p.Height
	}
	return secondHeight
}

// General reads a cell's lines as a number by the general recogniser alone, one line a call, in its
// language for numbers and at the height at which it reads best. The text is brought to the number
// readers' characters.
func General(ctx context.Context, p Print, rec Recognizer) (string, error) {
	var b strings.Builder
	for _, l := range p.Lines {
		lines, err := rec.Recognize(ctx, Task{Image: scaled(l, secondHeight/p.digit(), secondMargin), Language: "eng", Mode: Line})
		if err != nil {
			return "", fmt.Errorf("second reading: %w", err)
		}
		b.WriteString(Text(lines))
	}
	return asNumber(b.String()), nil
}

// scaled draws a line k times as large, its paper white, with a white margin.
func scaled(src *image.Gray, k float64, margin int) *image.Gray {
	w, h := max(1, int(float64(src.Rect.Dx())*k)), max(1, int(float64(src.Rect.Dy())*k))
	out := image.NewGray(image.Rect(0, 0, w+2*margin, h+2*margin))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	part := out.SubImage(image.Rect(margin, margin, margin+w, margin+h)).(*image.Gray)
	draw.BiLinear.Scale(part, part.Rect, src, src.Rect, draw.Src, nil)
	// Without this the margin would be whiter than the paper, and its edge would be read as print.
	paper, ink := levels(src, float64(src.Rect.Dy()))
	if paper <= ink {
		return out
	}
	var stretch [256]uint8
	for v := range stretch {
		stretch[v] = uint8(min(255, max(0, (v-ink)*255/(paper-ink))))
	}
	for y := part.Rect.Min.Y; y < part.Rect.Max.Y; y++ {
		row := part.Pix[part.PixOffset(part.Rect.Min.X, y):][:w]
		for x, v := range row {
			row[x] = stretch[v]
		}
	}
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
		case '–', '—', '―', '_', '~', '=', '一':
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
