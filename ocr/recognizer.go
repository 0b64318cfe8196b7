// Package ocr reads the pixels of scanned pages: which parts to read, by which reader, and again
// where a reading is in doubt.
//
// Cells come first: package raster flattens the page and package tables finds the cells from its
// rulings, so that each cell is read on its own, with nothing of its neighbours. A cell's number and
// label are read by the networks of package reading; a general recogniser (Tesseract, behind
// Recognizer) is the second reader where the first is unsure, and reads the prose between tables.
package ocr

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"io"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/lstm"
)

// Mode says what a picture holds.
type Mode int

// The modes, each with Tesseract's page segmentation mode.
const (
	Block Mode = 6 // a uniform block of lines
	Line  Mode = 7 // one line
)

// Task is one picture to be recognised.
type Task struct {
	Image *image.Gray
	// Language is "chi_sim" for prose and labels, "eng" for numbers.
	Language string
	Mode     Mode
}

// TextLine is a recognised line; boxes are in pixels of the task's image, origin top left.
type TextLine struct {
	Words []layout.Word
	Box   layout.Rect
	// Paragraph numbers the paragraph that the line belongs to, as the recogniser saw it.
	Paragraph int
}

// Recognizer is a general recogniser. It is safe for concurrent use.
type Recognizer interface {
	Recognize(ctx context.Context, t Task) ([]TextLine, error)
}

// LineReader is a Recognizer that reads pictures of single lines of prose in a fraction of the time.
type LineReader interface {
	// LineHeight is how high the pictures of lines must be, in pixels; 0 where the model is not one that can be read so.
	LineHeight() int
	// ReadLines reads dark print on light paper, one line a picture, with a little paper around it.
	ReadLines(ctx context.Context, lines []*image.Gray) ([][]lstm.Char, error)
}

// ErrHOCR says that a recogniser's answer could not be understood.
var ErrHOCR = errors.New("malformed hOCR")

// ParseHOCR reads the lines and words of an hOCR document (https://kba.github.io/hocr-spec/1.2/).
func ParseHOCR(r io.Reader) ([]TextLine, error) {
	d := xml.NewDecoder(r)
	d.Strict = false
	d.AutoClose = xml.HTMLAutoClose
	d.Entity = xml.HTMLEntity
	var lines []TextLine
	var word *layout.Word
	depth, wordDepth, par := 0, 0, 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrHOCR, err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			class, title := attribute(t, "class"), attribute(t, "title")
			switch class {
			case "ocr_par":
				par++
			case "ocr_line", "ocr_textfloat", "ocr_header", "ocr_caption":
				box, _ := properties(title)
				lines = append(lines, TextLine{Box: box, Paragraph: par})
			case "ocrx_word":
				box, conf := properties(title)
				word, wordDepth = &layout.Word{Box: box, Confidence: conf, Size: box.Height()}, depth
			}
		case xml.CharData:
			if word != nil {
				word.Text += string(t)
			}
		case xml.EndElement:
			if word != nil && depth == wordDepth {
				word.Text = strings.TrimSpace(word.Text)
				if word.Text != "" && len(lines) > 0 {
					l := &lines[len(lines)-1]
					l.Words = append(l.Words, *word)
				}
				word = nil
			}
			depth--
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// properties reads "bbox 1 2 3 4; x_wconf 90". A box that is none (its ends the wrong way round, not a number, beyond
// all pages) is empty.
func properties(title string) (box layout.Rect, confidence float64) {
	for _, p := range strings.Split(title, ";") {
		f := strings.Fields(p)
		switch {
		case len(f) == 5 && f[0] == "bbox":
			var v [4]float64
			for i := range v {
				v[i], _ = strconv.ParseFloat(f[i+1], 64)
			}
			const far = 1 << 24 // dots
			if v[0] <= v[2] && v[1] <= v[3] && min(v[0], v[1]) >= -far && max(v[2], v[3]) <= far {
				box = layout.Rect{X0: v[0], Y0: v[1], X1: v[2], Y1: v[3]}
			}
		case len(f) == 2 && f[0] == "x_wconf":
			if c, err := strconv.ParseFloat(f[1], 64); err == nil && c >= 0 {
				confidence = min(1, c/100)
			}
		}
	}
	return box, confidence
}

// Text of the lines: no blank between words that are not both Latin, a line end between lines.
func Text(lines []TextLine) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.Text())
	}
	return b.String()
}

// Text of the line.
func (l TextLine) Text() string {
	var b strings.Builder
	last := rune(0)
	for _, w := range l.Words {
		rs := []rune(w.Text)
		if len(rs) == 0 {
			continue
		}
		if last != 0 && last < 128 && rs[0] < 128 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
		last = rs[len(rs)-1]
	}
	return b.String()
}
