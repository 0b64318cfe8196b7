package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
)

type inspectOptions struct {
	limitOptions
	png    string
	report string
	pages  string
}

func newInspectCommand(e *env) *cobra.Command {
	var o inspectOptions
	c := &cobra.Command{
		Use:   "inspect FILE",
		Short: "Print what was seen: pages, rulings, words, tables and cells with their boxes",
		Long: `Print what was seen on each page, as JSON, before anything is taken for a report's number. With --png
each page is drawn with its rulings (red), words (blue) and cells (green), and what a report of it has in review (orange, with --report); for scanned pages, the stages
that led there are drawn too.
` + seenHelp,
		Example: `  nianbao inspect scan.pdf | jq '.pages[0].tables[0].cells[0]'
  nianbao inspect scan.pdf --png seen/`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runInspect(cmd.Context(), e, o, args[0]) },
	}
	o.add(c.Flags())
	c.Flags().StringVar(&o.png, "png", "", "draw each page into `DIR`")
	c.Flags().StringVar(&o.report, "report", "", "with --png: mark what the report `FILE.json` of this document has in its review (orange)")
	c.Flags().StringVar(&o.pages, "pages", "", "pages to look at: 2-4,7")
	return c
}

type seenDocument struct {
	Name      string     `json:"name"`
	SHA256    string     `json:"sha256"`
	MediaType string     `json:"media_type"`
	Pages     []seenPage `json:"pages"`
}

type box [4]float64

type seenPage struct {
	Number     int             `json:"number"`
	Width      float64         `json:"width"`
	Height     float64         `json:"height"`
	Unit       string          `json:"unit"`
	Route      string          `json:"route"`
	Rulings    []box           `json:"rulings"` // x0 y0 x1 y1
	Words      []seenWord      `json:"words"`
	Paragraphs []seenParagraph `json:"paragraphs"`
	Tables     []seenTable     `json:"tables"`
}

type seenWord struct {
	Text       string  `json:"text"`
	Box        box     `json:"box"`
	Confidence float64 `json:"confidence"`
}

type seenParagraph struct {
	Text    string `json:"text"`
	Box     box    `json:"box"`
	Heading int    `json:"heading,omitempty"`
}

type seenTable struct {
	Rows  int        `json:"rows"`
	Cols  int        `json:"cols"`
	Cells []seenCell `json:"cells"`
}

type seenCell struct {
	Row        int             `json:"row"`
	Col        int             `json:"col"`
	RowSpan    int             `json:"row_span"`
	ColSpan    int             `json:"col_span"`
	Page       int             `json:"page"`
	Box        box             `json:"box"`
	Text       string          `json:"text"`
	Ink        *bool           `json:"ink,omitempty"`
	Seal       bool            `json:"seal,omitempty"`
	Candidates []seenCandidate `json:"candidates,omitempty"`
}

type seenCandidate struct {
	Text        string  `json:"text"`
	Probability float64 `json:"probability"`
}

func runInspect(ctx context.Context, e *env, o inspectOptions, file string) error {
	log := e.logger().With("file", file)
	if o.report != "" && o.png == "" {
		return usageError{errors.New("--report is for --png: it is drawn there")}
	}
	doubted, err := o.doubted(e)
	if err != nil {
		return err
	}
	want, err := layout.ParsePages(o.pages)
	if err != nil {
		return usageError{err}
	}
	if err := o.check(); err != nil {
		return err
	}
	err = e.see(ctx, nianbao.Options{Logger: log}, &o.limitOptions, file, func(c *nianbao.Converter, in nianbao.Input, doc *layout.Document) error {
		if o.png != "" {
			draw := func(page int) (image.Image, error) { return c.Page(ctx, in, page, 0) }
			if err := drawPages(doc, draw, o.png, want, doubted); err != nil {
				return err
			}
		}
		found := seen(doc, want)
		if len(found.Pages) == 0 && len(doc.Pages) > 0 {
			log.Warn(fmt.Sprintf("none of these pages is in it: it has %d", len(doc.Pages)))
		}
		j := json.NewEncoder(e.stdout)
		j.SetEscapeHTML(false)
		j.SetIndent("", " ")
		return j.Encode(found)
	})
	if err != nil {
		logError(e.logger(), file, err)
		return statusError{exitFailed}
	}
	return nil
}

// doubted are the places, by page, of what a report of the document has in its review.
func (o *inspectOptions) doubted(e *env) (map[int][]layout.Rect, error) {
	if o.report == "" {
		return nil, nil
	}
	r, err := e.readReport(o.report)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.report, err)
	}
	out := map[int][]layout.Rect{}
	for _, x := range r.Review {
		if c := r.Cell(x.Path); c != nil && c.Page != nil && c.Box != nil {
			b := *c.Box
			out[*c.Page] = append(out[*c.Page], layout.Rect{X0: b[0], Y0: b[1], X1: b[2], Y1: b[3]})
		}
	}
	return out, nil
}

func boxOf(r layout.Rect) box {
	return box{hundredth(r.X0), hundredth(r.Y0), hundredth(r.X1), hundredth(r.Y1)}
}

// hundredth rounds to 0.01: finer is no place on a page.
func hundredth(x float64) float64 {
	if x < 0 {
		return -hundredth(-x)
	}
	return float64(int64(x*100+0.5)) / 100
}

func seen(doc *layout.Document, want layout.Pages) seenDocument {
	out := seenDocument{doc.Name, doc.SHA256, doc.MediaType, []seenPage{}}
	for _, p := range doc.Pages {
		if !want.Has(p.Number) {
			continue
		}
		s := seenPage{
			Number: p.Number, Width: hundredth(p.Width), Height: hundredth(p.Height), Unit: string(p.Unit), Route: string(p.Route),
			Rulings: []box{}, Words: []seenWord{}, Paragraphs: []seenParagraph{}, Tables: []seenTable{},
		}
		for _, r := range p.Rulings {
			s.Rulings = append(s.Rulings, boxOf(layout.Rect{X0: r.From.X, Y0: r.From.Y, X1: r.To.X, Y1: r.To.Y}))
		}
		for _, w := range p.Words {
			s.Words = append(s.Words, seenWord{w.Text, boxOf(w.Box), w.Confidence})
		}
		for _, b := range p.Blocks {
			if b.Paragraph != nil {
				s.Paragraphs = append(s.Paragraphs, seenParagraph{b.Paragraph.Text, boxOf(b.Paragraph.Box), b.Paragraph.Heading})
				continue
			}
			t := seenTable{b.Table.Rows, b.Table.Cols, []seenCell{}}
			for _, c := range b.Table.Cells {
				x := seenCell{Row: c.Row, Col: c.Col, RowSpan: c.RowSpan, ColSpan: c.ColSpan, Page: c.Page, Box: boxOf(c.Box), Text: c.Text}
				if rd := c.Reading; rd != nil {
					x.Ink, x.Seal = &rd.Ink, rd.Seal
					for _, k := range rd.Candidates {
						x.Candidates = append(x.Candidates, seenCandidate{k.Text, k.Probability})
					}
				}
				t.Cells = append(t.Cells, x)
			}
			s.Tables = append(s.Tables, t)
		}
		out.Pages = append(out.Pages, s)
	}
	return out
}

var (
	rulingColour = color.RGBA{220, 30, 30, 255}
	wordColour   = color.RGBA{40, 90, 220, 255}
	cellColour   = color.RGBA{20, 150, 60, 255}
	doubtColour  = color.RGBA{240, 130, 0, 255}
)

// drawPages draws every wanted page that has a picture. Cells of a table that goes on over pages
// are drawn on the page that they stand on.
func drawPages(doc *layout.Document, draw func(page int) (image.Image, error), dir string, want layout.Pages, doubted map[int][]layout.Rect) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	cells := map[int][]layout.Rect{}
	for _, p := range doc.Pages {
		for _, b := range p.Blocks {
			if b.Table != nil {
				for _, c := range b.Table.Cells {
					cells[c.Page] = append(cells[c.Page], c.Box)
				}
			}
		}
	}
	drawn := 0
	for i := range doc.Pages {
		p := &doc.Pages[i]
		if !want.Has(p.Number) {
			continue
		}
		img, err := draw(p.Number)
		if errors.Is(err, nianbao.ErrNoPages) {
			continue
		}
		if err != nil {
			return fmt.Errorf("page %d: %w", p.Number, err)
		}
		box := layout.Rect{X1: p.Width, Y1: p.Height}
		if err := drawPage(filepath.Join(dir, fmt.Sprintf("page-%03d.png", p.Number)), img, box, p, cells[p.Number], doubted[p.Number]); err != nil {
			return err
		}
		if p.Route == layout.RouteOCR {
			if err := drawStages(dir, p.Number, img); err != nil {
				return fmt.Errorf("page %d: %w", p.Number, err)
			}
		}
		drawn++
	}
	if drawn == 0 {
		return fmt.Errorf("--png: a %s has no pages that could be drawn", doc.MediaType)
	}
	return nil
}

// drawStages draws what was seen of a scanned page on the way to its rulings.
func drawStages(dir string, page int, img image.Image) error {
	stages, err := raster.Stages(img)
	if err != nil {
		return err
	}
	for i, s := range stages {
		if err := writePNG(filepath.Join(dir, fmt.Sprintf("page-%03d-%d-%s.png", page, i+1, s.Name)), s.Image); err != nil {
			return err
		}
	}
	return nil
}

func drawPage(path string, img image.Image, on layout.Rect, p *layout.Page, cells, doubted []layout.Rect) error {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, img, b.Min, draw.Src)
	kx, ky := float64(b.Dx())/on.Width(), float64(b.Dy())/on.Height()
	at := func(r layout.Rect) image.Rectangle {
		return image.Rect(int((r.X0-on.X0)*kx), int((r.Y0-on.Y0)*ky), int((r.X1-on.X0)*kx), int((r.Y1-on.Y0)*ky))
	}
	for _, w := range p.Words {
		frame(out, at(w.Box), 1, wordColour)
	}
	for _, c := range cells {
		frame(out, at(c).Inset(2), 2, cellColour)
	}
	for _, c := range doubted {
		frame(out, at(c), 5, doubtColour)
	}
	for _, r := range p.Rulings {
		stroke(out, (r.From.X-on.X0)*kx, (r.From.Y-on.Y0)*ky, (r.To.X-on.X0)*kx, (r.To.Y-on.Y0)*ky, rulingColour)
	}
	return writePNG(path, out)
}

// stroke draws a line one pixel wide; on a page that lies askew, rulings lean.
func stroke(img draw.Image, x0, y0, x1, y1 float64, c color.Color) {
	n := max(1, int(max(math.Abs(x1-x0), math.Abs(y1-y0))))
	for i := range n + 1 {
		k := float64(i) / float64(n)
		img.Set(int(x0+(x1-x0)*k), int(y0+(y1-y0)*k), c)
	}
}

func writePNG(path string, img image.Image) error {
	var buf bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&buf, img); err != nil {
		return err
	}
	return whole.Write(path, buf.Bytes(), "")
}

// frame draws the border of a box, width pixels to its inside.
func frame(img draw.Image, r image.Rectangle, width int, c color.Color) {
	u := image.NewUniform(c)
	for _, side := range []image.Rectangle{
		{r.Min, image.Pt(r.Max.X, r.Min.Y+width)},
		{image.Pt(r.Min.X, r.Max.Y-width), r.Max},
		{r.Min, image.Pt(r.Min.X+width, r.Max.Y)},
		{image.Pt(r.Max.X-width, r.Min.Y), r.Max},
	} {
		draw.Draw(img, side, u, image.Point{}, draw.Over)
	}
}
