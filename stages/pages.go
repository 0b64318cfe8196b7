package stages

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/tables"
)

// scanned is what reading leaves of a scanned page: all of it is data, and none of it pixels.
type scanned struct {
	page   layout.Page // laid flat, in the sheet's pixels, with its words and rulings
	tables []layout.Table
	way    raster.Transform // back to the page as it is
}

// readPages finds the blocks of every page that the source did not give. Pages are read one after the other.
func (c *Converter) readPages(ctx context.Context, doc *layout.Document, prints *ocr.Prints) ([]diag.Warning, error) {
	var warnings []diag.Warning
	flat := make([]layout.Page, len(doc.Pages))
	found := make([][]layout.Table, len(doc.Pages))
	ways := map[int]raster.Transform{} // from flat pages to those of the document, by number
	readable := 0
	var unread error // why the first page that cannot be read cannot
	for i := range doc.Pages {
		p := &doc.Pages[i]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if c.Page != nil {
			c.Page(i+1, len(doc.Pages))
		}
		switch {
		case !c.Pages.Has(p.Number):
			p.Words, p.Rulings, p.Pictures = nil, nil, nil
		case p.Blocks != nil:
			w, err := c.pictures(ctx, p, prints)
			if err != nil {
				return nil, err
			}
			warnings = append(warnings, w...)
		case p.Route != layout.RouteOCR:
			found[i] = c.digital(p)
		default:
			s, w, err := c.readScan(ctx, p, prints, c.prose(i, len(doc.Pages), found))
			warnings = append(warnings, w...)
			if err != nil {
				var bad pageError
				if !errors.As(err, &bad) {
					return nil, fmt.Errorf("page %d: %w", p.Number, err)
				}
				warnings = append(warnings, diag.Warning{Code: diag.PageUnreadable, Message: err.Error(), Page: p.Number})
				if unread == nil {
					unread = err
				}
				flat[i] = *p
				continue
			}
			flat[i], found[i], ways[p.Number] = s.page, s.tables, s.way
			p.Turn = s.way.Turn(layout.Point{X: s.page.Width / 2, Y: s.page.Height / 2})
			readable++
			continue
		}
		flat[i] = *p
		readable++
	}
	if readable == 0 && len(doc.Pages) > 0 {
		return nil, nothingRead(unread)
	}
	end := c.during(stageTables)
	for i := 0; i < len(flat); i++ {
		begin := i
		for i < len(flat) && c.Pages.Has(flat[i].Number) {
			i++
		}
		flow(flat[begin:i], found[begin:i])
	}
	end()
	for i := range doc.Pages {
		p := &doc.Pages[i]
		p.Blocks, p.Words, p.Rulings = flat[i].Blocks, flat[i].Words, flat[i].Rulings
		place(p, ways)
		if len(p.Pictures) == 0 {
			continue
		}
		w, err := c.pictures(ctx, p, prints)
		if err != nil {
			return nil, err
		}
		for _, x := range w {
			x.Page = p.Number
			warnings = append(warnings, x)
		}
	}
	return warnings, nil
}

// prose is what of a scanned page's prose is read.
type prose int

const (
	allProse   prose = iota
	aroundEnds       // what tells whether a table goes on over a page break: head and foot of the page, and the lines next to its tables
	afterTable       // of a page without tables, all, since there is a table on the page before; else around its ends
	noProse
)

// prose says what of page i's is read.
func (c *Converter) prose(i, of int, found [][]layout.Table) prose {
	switch {
	case c.TablesOnly || c.AnyTables && of == 1:
		return noProse
	case !c.AnyTables:
		return allProse
	case i > 0 && len(found[i-1]) > 0:
		return afterTable
	}
	return aroundEnds
}

// digital finds the tables of a page with a text layer.
func (c *Converter) digital(p *layout.Page) []layout.Table {
	defer c.during(stageTables)()
	if c.AnyTables {
		return tables.Any(p)
	}
	return tables.Digital(p)
}

// place brings what was found on flat pages to where it is on the document's; a table may go over several.
func place(p *layout.Page, ways map[int]raster.Transform) {
	if way, ok := ways[p.Number]; ok {
		for i := range p.Words {
			p.Words[i].Box = way.Box(p.Words[i].Box)
		}
		for i := range p.Rulings {
			r := &p.Rulings[i]
			r.From, r.To = way.Point(r.From), way.Point(r.To)
		}
	}
	move := func(page int, box *layout.Rect) {
		if way, ok := ways[page]; ok {
			*box = way.Box(*box)
		}
	}
	var table func(t *layout.Table)
	table = func(t *layout.Table) {
		for i := range t.Cells {
			c := &t.Cells[i]
			move(c.Page, &c.Box)
			for j := range c.Tables {
				table(&c.Tables[j])
			}
		}
	}
	for _, b := range p.Blocks {
		if b.Paragraph != nil {
			move(b.Paragraph.Page, &b.Paragraph.Box)
		} else {
			table(b.Table)
		}
	}
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
func upright(ctx context.Context, sheet *raster.Sheet, words *ocr.Vocabulary, rec ocr.Recognizer) ([]layout.Table, error) {
	find := func() (found []layout.Table, figures bool) {
		found = tables.Find(sheet.Rulings, gridTolerance*sheet.TextHeight)
		words := ocr.Loose(sheet, found)
		figures = words != nil
		if figures {
			found, words = tables.WithOuterRows(found, words, sheet.TextHeight)
			found = tables.WithWhite(found, words, sheet.Rulings, sheet.TextHeight)
		}
		return found, figures
	}
	found, figures := find()
	if sheet.Upright >= sureUpright {
		return found, nil
	}
	legible := ocr.Legible(sheet, found, someCells) // 0 without cells
	if legible >= surelyLegible {
		return found, nil
	}
	if by, ok := rec.(ocr.LineReader); ok && by.LineHeight() > 0 {
		up, down, err := ocr.Sides(ctx, sheet, by)
		switch {
		case err != nil:
			return nil, err
		case max(up, down) < leastClear:
		case up > clearSide*down:
			return found, nil
		case down > clearSide*up:
			sheet.Rotate180()
			found, _ = find()
			return found, nil
		}
	}
	if len(found) == 0 && (!figures || sheet.Upright > doubtUpright) {
		return found, nil
	}
	sheet.Rotate180()
	turned, _ := find()
	if moreLegible(sheet, turned, found, legible, words) {
		return turned, nil
	}
	sheet.Rotate180()
	return found, nil
}

// moreLegible says whether the labels of a sheet that was turned over are more legible than they were before, and how well a few of them were
// is known.
func moreLegible(sheet *raster.Sheet, turned, found []layout.Table, before float64, words *ocr.Vocabulary) bool {
	after := ocr.Legible(sheet, turned, someCells)
	if max(before, after) < clearlyLegible*min(before, after) {
		after = ocr.Legible(sheet, turned, manyCells)
		told := ocr.Told(sheet, turned, words, manyCells)
		sheet.Rotate180()
		before = ocr.Legible(sheet, found, manyCells)
		told -= ocr.Told(sheet, found, words, manyCells)
		sheet.Rotate180()
		if told != 0 { // print so worn that it reads as well upside down
			before, after = 0, float64(told)
		}
	}
	return after > before
}

// clearSide is how many times as legible a page's lines are the right way up as the wrong way, or more: 0.75 and more against 0.2 to 0.45. Where
// they are less than leastClear either way, what was read are figures: of 100 pages five, of which it was one way or the other by chance.
const clearSide, leastClear = 1.4, 0.7

// someCells mostly tell which way a page is legible, being it surely (0.96 to 1 upright, 0.3 to 0.9 upside down)
// or clearly better than the other way. Else manyCells do.
const (
	someCells, manyCells = 5, 16
	surelyLegible        = 0.96
	clearlyLegible       = 1.5
)

// gridTolerance is how far rulings that belong together may be apart, in heights of a character.
const gridTolerance = 0.25

// nothingRead is the error of a document of which no page can be read, for the reason of the first: that the file is
// damaged where nothing else is known.
func nothingRead(first error) error {
	if errors.Is(first, raster.ErrEmpty) {
		return fmt.Errorf("%w: %w", diag.ErrNotReport, first)
	}
	for _, known := range []error{diag.ErrDamaged, diag.ErrFormat, diag.ErrTooLarge} {
		if errors.Is(first, known) {
			return fmt.Errorf("no page can be read: %w", first)
		}
	}
	if first == nil {
		return fmt.Errorf("no page can be read: %w", diag.ErrDamaged)
	}
	return fmt.Errorf("no page can be read: %w: %w", diag.ErrDamaged, first)
}

// pageError is a page that cannot be read; the document goes on without it.
type pageError struct{ error }

func (e pageError) Unwrap() error { return e.error }

// readScan lays a scanned page flat and reads it: cells first, then, where that is wanted, the prose between them.
func (c *Converter) readScan(ctx context.Context, p *layout.Page, prints *ocr.Prints, prose prose) (s scanned, warnings []diag.Warning, err error) {
	if p.Source == nil {
		return s, nil, pageError{errors.New("its pixels are not in the file")}
	}
	end := c.during(stageExtract)
	img, err := p.Source.Pixels(0)
	end()
	if err != nil {
		return s, nil, pageError{err}
	}
	end = c.during(stageOCR)
	sheet, err := raster.Flatten(img)
	end()
	if err != nil {
		return s, nil, pageError{err}
	}
	end = c.during(stageTables)
	if c.Structure {
		s.tables = tables.Find(sheet.Rulings, gridTolerance*sheet.TextHeight)
	} else {
		s.tables, err = upright(ctx, sheet, c.vocabulary(), c.Recognizer)
	}
	end()
	if err != nil {
		return s, nil, err
	}
	onPage(s.tables, p.Number)
	s.page = layout.Page{Number: p.Number, Width: sheet.Width, Height: sheet.Height, Unit: layout.Pixels, Route: p.Route, Rulings: sheet.Rulings}
	s.way = sheet.Onto(p.Source.Box)
	if c.Structure {
		return s, nil, nil
	}
	defer c.during(stageOCR)()
	means := ocr.Means{Recognizer: c.Recognizer, Spell: c.Spell || len(c.Forms.Own()) > 0, Labels: c.vocabulary(), Prints: prints}
	if err := ocr.Cells(ctx, sheet, s.tables, means); err != nil {
		return s, nil, err
	}
	if s.tables, err = withoutWalls(ctx, sheet, s.tables, p.Number, means); err != nil {
		return s, nil, err
	}
	switch {
	case prose == aroundEnds && len(s.tables) == 0, c.AnyTables && prose == noProse:
	case prose == noProse:
		warnings = append(warnings, diag.Warning{Code: diag.ProseSkipped, Message: "the prose of this page was not read (--tables-only)", Page: p.Number})
	case c.Recognizer == nil:
		return s, nil, c.missing()
	default:
		if s.page.Words, err = ocr.Prose(ctx, sheet, s.tables, prose != allProse, c.Recognizer); err != nil {
			return s, nil, err
		}
	}
	return s, warnings, nil
}

// onPage says of cells on which page they are.
func onPage(found []layout.Table, page int) {
	for i := range found {
		for j := range found[i].Cells {
			found[i].Cells[j].Page = page
		}
	}
}

// leastUnparted is how many cells of several figures show that a table lost its walls: a row of them. Of one or two, dirt may be part.
const leastUnparted = 4

// withoutWalls takes a table whose rulings a scan lost in part as white space parts it, where the walls that are left part it worse: where there are
// more cells of several figures, which are read as none, than of one.
func withoutWalls(ctx context.Context, sheet *raster.Sheet, found []layout.Table, page int, by ocr.Means) ([]layout.Table, error) {
	for i := range found {
		figures, several := ocr.Parted(&found[i])
		if found[i].White || several < max(leastUnparted, figures) {
			continue
		}
		rest := slices.Delete(slices.Clone(found), i, i+1)
		words := ocr.Loose(sheet, rest)
		if words == nil {
			continue
		}
		box := tables.Box(&found[i])
		var parted []layout.Table
		for _, t := range tables.WithWhite(rest, words, sheet.Rulings, sheet.TextHeight) {
			if t.White && box.Contains(tables.Box(&t).Center()) {
				parted = append(parted, t)
			}
		}
		if len(parted) != 1 {
			continue
		}
		onPage(parted, page)
		if err := ocr.Cells(ctx, sheet, parted, by); err != nil {
			return nil, err
		}
		if more, left := ocr.Parted(&parted[0]); more >= figures+2*several && left < several {
			found = slices.Clone(found)
			found[i] = parted[0]
		}
	}
	return found, nil
}

// pictures reads the tables that a page with a text layer, or a document without pages, holds as
// pictures.
func (c *Converter) pictures(ctx context.Context, p *layout.Page, prints *ocr.Prints) ([]diag.Warning, error) {
	var warnings []diag.Warning
	var out []layout.Block
	for _, b := range p.Blocks {
		if b.Table == nil || b.Table.Picture == "" {
			out = append(out, b)
			continue
		}
		blocks, err := c.picture(ctx, b.Table, prints)
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

// legible says that a picture holds a table, and no chart whose lines cross: at least half of its cells are filled, and three in four of those read
// surely, which are more than three (those of charts are rows of 8 and of strokes, at probabilities below 0.4).
func legible(t *layout.Table) bool {
	filled, sure := 0, 0
	for i := range t.Cells {
		if c := &t.Cells[i]; c.Text != "" {
			filled++
			if c.Confidence() >= 0.5 {
				sure++
			}
		}
	}
	return sure > 3 && 2*filled >= len(t.Cells) && 4*sure >= 3*filled
}

// picture reads the tables of one picture in a document as of a page of its own. Its cells have no place: the
// document has no pages.
func (c *Converter) picture(ctx context.Context, t *layout.Table, prints *ocr.Prints) ([]layout.Block, error) {
	read, _, err := c.readScan(ctx, &layout.Page{Route: layout.RouteOCR, Source: t.Source}, prints, noProse)
	if err != nil {
		return nil, err
	}
	pages := []layout.Page{read.page}
	tables.Flow(pages, [][]layout.Table{read.tables})
	var out []layout.Block
	for _, b := range pages[0].Blocks {
		if b.Table != nil && (!c.AnyTables || legible(b.Table)) {
			for i := range b.Table.Cells {
				b.Table.Cells[i].Page, b.Table.Cells[i].Box = 0, layout.Rect{}
			}
			out = append(out, b)
		}
	}
	return out, nil
}
