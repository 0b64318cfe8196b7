package stages

import (
	"context"
	"errors"
	"fmt"
	"image"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/tables"
)

// flat is a scanned page laid flat, and the way back to the page as it is.
type flat struct {
	sheet *raster.Sheet
	// width and height of the page, and the box of the picture on it, in the page's unit.
	width, height float64
	box           layout.Rect
	pixels        image.Rectangle
}

// readPages finds the blocks of every page that the source did not give.
func (c *Converter) readPages(ctx context.Context, doc *layout.Document) ([]diag.Warning, error) {
	var warnings []diag.Warning
	found := make([][]layout.Table, len(doc.Pages))
	flats := make([]*flat, len(doc.Pages))
	readable := 0
	for i := range doc.Pages {
		p := &doc.Pages[i]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if c.Page != nil {
			c.Page(i+1, len(doc.Pages))
		}
		switch {
		case p.Blocks != nil:
			w, err := c.pictures(ctx, p)
			if err != nil {
				return nil, err
			}
			warnings = append(warnings, w...)
		case p.Scan == nil:
			found[i] = tables.Digital(p)
		default:
			f, t, w, err := c.readScan(ctx, p)
			warnings = append(warnings, w...)
			if err != nil {
				var bad pageError
				if !errors.As(err, &bad) {
					return nil, fmt.Errorf("page %d: %w", p.Number, err)
				}
				warnings = append(warnings, diag.Warning{Code: diag.PageUnreadable, Message: err.Error(), Page: p.Number})
				continue
			}
			flats[i], found[i] = f, t
		}
		readable++
	}
	if readable == 0 && len(doc.Pages) > 0 {
		return nil, fmt.Errorf("no page can be read: %w", diag.ErrDamaged)
	}
	flow(doc.Pages, found)
	for i := range doc.Pages {
		if p := &doc.Pages[i]; len(p.Pictures) > 0 {
			w, err := c.pictures(ctx, p)
			if err != nil {
				return nil, err
			}
			for _, x := range w {
				x.Page = p.Number
				warnings = append(warnings, x)
			}
		}
	}
	for i, f := range flats {
		if f != nil {
			p := &doc.Pages[i]
			p.Width, p.Height = f.width, f.height
		}
	}
	place := func(page int, r layout.Rect) layout.Rect {
		for i := range doc.Pages {
			if doc.Pages[i].Number == page && flats[i] != nil {
				return flats[i].source(r)
			}
		}
		return r
	}
	for i := range doc.Pages {
		restore(&doc.Pages[i], flats[i], place)
	}
	return warnings, nil
}

// flow orders the blocks of pages that have none; pages of formats without pages have theirs.
func flow(pages []layout.Page, found [][]layout.Table) {
	open := true
	for i := range pages {
		open = open && pages[i].Blocks == nil
	}
	if open {
		tables.Flow(pages, found)
	}
}

// sureUpright is from where the page's own look says that it is not upside down; up to doubtUpright it says so
// little that a page with figures and no table is looked at the other way, too.
const sureUpright, doubtUpright = 2, 1

// upright finds the tables of a sheet. Where the page does not look surely upright, the labels
// decide: they are read both ways.
func upright(sheet *raster.Sheet) []layout.Table {
	find := func() (found []layout.Table, figures bool) {
		found = tables.Find(sheet.Rulings, gridTolerance*sheet.TextHeight)
		words := ocr.Loose(sheet, found)
		if words != nil {
			found = tables.WithWhite(found, words, sheet.Rulings, sheet.TextHeight)
		}
		return found, words != nil
	}
	found, figures := find()
	if sheet.Upright >= sureUpright || len(found) == 0 && (!figures || sheet.Upright > doubtUpright) {
		return found
	}
	before := ocr.Legible(sheet, found, someCells)
	if before >= surelyLegible {
		return found
	}
	sheet.Rotate180()
	turned, _ := find()
	after := ocr.Legible(sheet, turned, someCells)
	if max(before, after) < clearlyLegible*min(before, after) {
		after = ocr.Legible(sheet, turned, manyCells)
		sheet.Rotate180()
		before = ocr.Legible(sheet, found, manyCells)
		sheet.Rotate180()
	}
	if after > before {
		return turned
	}
	sheet.Rotate180()
	return found
}

// someCells mostly tell which way a page is legible, being it surely (0.96 to 1 upright, 0.3 to 0.9 upside down)
// or clearly better than the other way. Else manyCells do.
const (
	someCells, manyCells = 5, 16
	surelyLegible        = 0.96
	clearlyLegible       = 1.5
)

// gridTolerance is how far rulings that belong together may be apart, in heights of a character.
const gridTolerance = 0.25

// pageError is a page that cannot be read; the document goes on without it.
type pageError struct{ error }

// readScan lays a scanned page flat and reads it: cells first, then what stands between them. The
// page then has the flat sheet's coordinates.
func (c *Converter) readScan(ctx context.Context, p *layout.Page) (*flat, []layout.Table, []diag.Warning, error) {
	img, err := p.Scan.Decode()
	if err != nil {
		return nil, nil, nil, pageError{err}
	}
	sheet, err := raster.Flatten(img)
	if err != nil {
		return nil, nil, nil, pageError{err}
	}
	f := &flat{sheet, p.Width, p.Height, p.Scan.Box, img.Bounds()}
	t := upright(sheet)
	for i := range t {
		for j := range t[i].Cells {
			t[i].Cells[j].Page = p.Number
		}
	}
	var warnings []diag.Warning
	if err := ocr.Cells(ctx, sheet, t, c.Recognizer); err != nil {
		return nil, nil, nil, err
	}
	switch {
	case c.TablesOnly:
		warnings = append(warnings, diag.Warning{Code: diag.ProseSkipped, Message: "the prose of this page was not read (--tables-only)", Page: p.Number})
	case c.Recognizer == nil:
		return nil, nil, nil, c.missing()
	default:
		p.Words, err = ocr.Prose(ctx, sheet, t, c.Recognizer)
		if err != nil {
			return nil, nil, nil, err
		}
	}
	p.Width, p.Height, p.Rulings = sheet.Width, sheet.Height, sheet.Rulings
	return f, t, warnings, nil
}

// source maps a box of the flat sheet to the page.
func (f *flat) source(r layout.Rect) layout.Rect {
	s := f.sheet.SourceBox(r)
	kx, ky := f.box.Width()/float64(f.pixels.Dx()), f.box.Height()/float64(f.pixels.Dy())
	return layout.Rect{X0: f.box.X0 + s.X0*kx, Y0: f.box.Y0 + s.Y0*ky, X1: f.box.X0 + s.X1*kx, Y1: f.box.Y0 + s.Y1*ky}
}

// restore brings everything on a page back to the page's own coordinates.
func restore(p *layout.Page, f *flat, place func(page int, r layout.Rect) layout.Rect) {
	if f != nil {
		for i := range p.Words {
			p.Words[i].Box = f.source(p.Words[i].Box)
		}
		for i := range p.Rulings {
			r := &p.Rulings[i]
			a := f.source(layout.Rect{X0: r.From.X, Y0: r.From.Y, X1: r.From.X, Y1: r.From.Y})
			b := f.source(layout.Rect{X0: r.To.X, Y0: r.To.Y, X1: r.To.X, Y1: r.To.Y})
			r.From, r.To = layout.Point{X: a.X0, Y: a.Y0}, layout.Point{X: b.X0, Y: b.Y0}
		}
	}
	var table func(t *layout.Table)
	table = func(t *layout.Table) {
		for i := range t.Cells {
			c := &t.Cells[i]
			c.Box = place(c.Page, c.Box)
			for j := range c.Tables {
				table(&c.Tables[j])
			}
		}
	}
	for _, b := range p.Blocks {
		if b.Paragraph != nil {
			b.Paragraph.Box = place(b.Paragraph.Page, b.Paragraph.Box)
		} else {
			table(b.Table)
		}
	}
}

// pictures reads the tables that a page with a text layer, or a document without pages, holds as
// pictures.
func (c *Converter) pictures(ctx context.Context, p *layout.Page) ([]diag.Warning, error) {
	var warnings []diag.Warning
	var out []layout.Block
	for _, b := range p.Blocks {
		if b.Table == nil || b.Table.Picture == "" {
			out = append(out, b)
			continue
		}
		blocks, err := c.picture(ctx, b.Table)
		if err != nil {
			var bad pageError
			if !errors.As(err, &bad) && !errors.Is(err, diag.ErrMissingProgram) {
				return nil, err
			}
			warnings = append(warnings, diag.Warning{Code: diag.PictureTable, Message: fmt.Sprintf("the picture %s was not read: %v", b.Table.Picture, err)})
			continue
		}
		if len(blocks) == 0 {
			warnings = append(warnings, diag.Warning{Code: diag.PictureTable, Message: fmt.Sprintf("the picture %s holds no table that could be read", b.Table.Picture)})
		}
		out = append(out, blocks...)
	}
	p.Blocks = out
	return warnings, nil
}

// picture reads one picture in a document as a page of its own. Its cells have no place: the
// document has no pages.
func (c *Converter) picture(ctx context.Context, t *layout.Table) ([]layout.Block, error) {
	if t.Scan == nil {
		return nil, pageError{errors.New("its pixels are not in the file")}
	}
	page := layout.Page{Unit: layout.Pixels, Route: layout.RouteOCR, Scan: t.Scan}
	_, found, _, err := c.readScan(ctx, &page)
	if err != nil {
		return nil, err
	}
	pages := []layout.Page{page}
	tables.Flow(pages, [][]layout.Table{found})
	var out []layout.Block
	for _, b := range pages[0].Blocks {
		if b.Table != nil {
			for i := range b.Table.Cells {
				b.Table.Cells[i].Page, b.Table.Cells[i].Box = 0, layout.Rect{}
			}
			out = append(out, b)
		}
	}
	return out, nil
}
