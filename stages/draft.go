package stages

import (
	"context"
	"errors"
	"image"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/report"
)

// Draft is a report as it was read, and the door through which package check has its cells read again: it
// is a check.Reader. Cells of scans are read from their kept pixels, those of a text layer from the page
// as it is drawn. It is not for concurrent use.
type Draft struct {
	Report *report.Report

	parts      []drafted // that follow
	doc        *layout.Document
	cells      map[string]*layout.Cell // that the values were taken from, by path
	prints     ocr.Prints
	recognizer ocr.Recognizer
	drawn      drawing
}

// drafted is a report as it was read, and the cells that its values were taken from, by path.
type drafted struct {
	report *report.Report
	cells  map[string]*layout.Cell
}

// Next goes on to the file's next report, and says no where there is none.
func (d *Draft) Next() bool {
	if len(d.parts) == 0 {
		return false
	}
	d.Report, d.cells, d.parts = d.parts[0].report, d.parts[0].cells, d.parts[1:]
	return true
}

// drawing is the page that was drawn last; pages are asked for one after the other.
type drawing struct {
	page  int
	image image.Image // nil where the page cannot be drawn
}

// Close frees what the draft holds open. Nothing can be read from it afterwards.
func (d *Draft) Close() error {
	err := d.prints.Close()
	if d.doc.Close != nil {
		err = errors.Join(err, d.doc.Close())
	}
	return err
}

// Print gives the pixels that a value was read from; it has no lines where there are none.
func (d *Draft) Print(path string) (ocr.Print, error) {
	cell := d.cells[path]
	if cell == nil || cell.Reading == nil {
		return ocr.Print{}, nil
	}
	return d.prints.Get(cell.Reading.Print)
}

// Second has the general recogniser read a cell of a scan. Of a text layer's cell it says what the drawn
// page shows, where that surely is another number.
func (d *Draft) Second(ctx context.Context, path string) (text string, ok bool, err error) {
	cell := d.cells[path]
	if cell == nil {
		return "", false, nil
	}
	if cell.Reading == nil {
		text, ok = d.shown(cell)
		return text, ok, nil
	}
	print, err := d.prints.Get(cell.Reading.Print)
	if err != nil {
		return "", false, err
	}
	text, err = ocr.Second(ctx, print, cell.Reading, d.recognizer)
	return text, err == nil, err
}

// Third has the network for labels read a cell of a scan as a number.
func (d *Draft) Third(_ context.Context, path string) (text string, ok bool, err error) {
	print, err := d.Print(path)
	if err != nil || len(print.Lines) == 0 {
		return "", false, err
	}
	return ocr.ByLabels(print), true, nil
}

// Again reads a cell of a scan in other ways.
func (d *Draft) Again(_ context.Context, path string, asked []string) ([]report.Candidate, error) {
	print, err := d.Print(path)
	if err != nil {
		return nil, err
	}
	var out []report.Candidate
	for _, c := range ocr.Again(print, asked) {
		out = append(out, report.Candidate{Raw: c.Text, Probability: c.Probability})
	}
	return out, nil
}

const (
	// drawnPixels is what a page is drawn with to be held against its text layer: A4 at 200 dpi.
	drawnPixels = 1654 * 2339
	// sureShown is the probability from which a drawn number may contradict the text layer.
	sureShown = 0.995
	// smallPrint is the height of small print on a page, in parts of the page's width: 9 of 595 pt.
	smallPrint = 9.0 / 595
)

// shown says whether a page surely shows another number in a cell than its text layer says, and which.
func (d *Draft) shown(cell *layout.Cell) (text string, differs bool) {
	for i := range d.doc.Pages {
		p := &d.doc.Pages[i]
		if p.Number != cell.Page || p.Source == nil || p.Width <= 0 {
			continue
		}
		if marked(cell, p.Unsaid, p.Struck) {
			return "", false // the page shows more than the cell's number, as it should
		}
		if d.drawn.page != p.Number {
			img, err := p.Source.Pixels(drawnPixels)
			if err != nil {
				img = nil // what cannot be drawn proves nothing
			}
			d.drawn = drawing{p.Number, img}
		}
		img := d.drawn.image
		if img == nil {
			return "", false
		}
		k := float64(img.Bounds().Dx()) / p.Width
		box := image.Rect(int(cell.Box.X0*k)+1, int(cell.Box.Y0*k)+1, int(cell.Box.X1*k), int(cell.Box.Y1*k))
		text, sure := ocr.Shown(img, box, smallPrint*min(p.Width, p.Height)*k)
		a, b := report.ParseFigure(text), report.ParseFigure(cell.Text)
		switch {
		case sure < sureShown || b.Number == nil:
			return "", false // marks and notes are read in other words
		case text == "":
			return "", true
		case a.Number == nil:
			return "", false
		}
		return text, !a.Number.Equal(b.Number.Decimal)
	}
	return "", false
}

// marked says that more stands in a cell than its number: the mark of a note, or what is struck out or not shown.
func marked(cell *layout.Cell, unsaid ...[]layout.Rect) bool {
	return strings.ContainsAny(cell.Text, "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉") ||
		slices.ContainsFunc(slices.Concat(unsaid...), func(r layout.Rect) bool { return cell.Box.Contains(r.Center()) })
}
