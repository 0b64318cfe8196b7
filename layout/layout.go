// Package layout says what is on a page and where: the one tree that every stage takes and gives.
//
// It is a leaf of plain data, but for the Sources, which give pixels when they are asked. Coordinates are in the unit of the page that they are on (points for
// PDF and OFD, pixels for images), origin at the top left, y down. Confidences are probabilities,
// 0 to 1. How much a source tells decides how much is left to find out:
//
//	DOCX, HTML, text   Blocks
//	digital PDF, OFD   Rulings and Words; package tables makes the Blocks
//	scan, photograph   Source; package raster finds the Rulings, package ocr the Words
package layout

import (
	"cmp"
	"image"
	"math"
	"slices"
	"strings"
)

// Unit is the unit of a page's coordinates.
type Unit string

// The units that pages come in.
const (
	Points Unit = "pt"
	Pixels Unit = "px"
)

// Route says how the content of a page was had.
type Route string

// The routes: from the document's own structure, from a text layer, or by reading pixels.
const (
	RouteCells Route = "cells"
	RouteText  Route = "text"
	RouteOCR   Route = "ocr"
)

// Document is one file as an extractor saw it.
type Document struct {
	Name      string // base name, never a path
	SHA256    string // of the file's bytes, lower-case hex
	MediaType string
	// Names are what the file says outside of its text that it is, the most telling first.
	Names []Name
	// Pages in order. A format without pages (DOCX, HTML, text) gives one page with Number 0.
	Pages []Page
	// Close frees what the Sources hold open; nil when there is nothing to free.
	Close func() error `json:"-"`
}

// Name is something that a file says of itself outside of its text.
type Name struct {
	Of   NameOf
	Text string
}

// NameOf says whose name a name is.
type NameOf string

// The names: of the article that a web page shows (its meta elements), of the page (its title, which often
// goes on with the site's name), of a file's properties (which often are another document's, that it was made
// from), and of who published it.
const (
	ArticleName   NameOf = "article"
	PageName      NameOf = "page"
	PropertyName  NameOf = "property"
	PublisherName NameOf = "publisher"
)

// Page is one page. Number is 1-based, or 0 for a format without pages.
type Page struct {
	Number        int
	Width, Height float64
	Unit          Unit
	Route         Route
	// Turn is by how many degrees clockwise the page must be turned for its print to stand upright: 0, 90,
	// 180 or 270. Coordinates are those of the page as it is.
	Turn    int
	Rulings []Ruling
	Words   []Word
	// Unsaid are places of text that is not shown, Struck of text that is struck out or covered: no words, but a cell that holds nothing
	// else is not blank.
	Unsaid, Struck []Rect `json:"-"`
	// Doubtful are places where a file says one thing and shows another: nobody knows what a cell there says.
	Doubtful []Rect `json:"-"`
	// Source gives the page's pixels: those that must be read (RouteOCR), or the page as a viewer shows
	// it, so that a text layer can be held against what is printed. Nil when there are none, or when the
	// page cannot be drawn faithfully.
	Source *Source `json:"-"`
	// Pictures are those on a page with a text layer that are large enough to hold a table.
	Pictures []*Source `json:"-"`
	// Blocks in reading order; nil until they are known.
	Blocks []Block
}

// Source is where pixels are had from: a picture as the file stores it, or a page as it is drawn. It
// holds none; whoever asks drops what he gets soon, since pages are many and large.
type Source struct {
	// Box is where the pixels lie on the page, in the page's unit.
	Box Rect
	// Pixels gives them. What is drawn has at most so many, or as many as reading takes where most is
	// 0; what is stored has as many as it has.
	Pixels func(most int) (image.Image, error)
}

// Point is a place on a page.
type Point struct{ X, Y float64 }

// Rect is a box with X0 <= X1 and Y0 <= Y1.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Empty says that r has no area.
func (r Rect) Empty() bool { return r.X1 <= r.X0 || r.Y1 <= r.Y0 }

// Width of r.
func (r Rect) Width() float64 { return r.X1 - r.X0 }

// Height of r.
func (r Rect) Height() float64 { return r.Y1 - r.Y0 }

// Center of r.
func (r Rect) Center() Point { return Point{(r.X0 + r.X1) / 2, (r.Y0 + r.Y1) / 2} }

// Contains says whether p lies in r, edges included.
func (r Rect) Contains(p Point) bool {
	return p.X >= r.X0 && p.X <= r.X1 && p.Y >= r.Y0 && p.Y <= r.Y1
}

// Union is the smallest box around r and s; an empty box adds nothing.
func (r Rect) Union(s Rect) Rect {
	if r.Empty() {
		return s
	}
	if s.Empty() {
		return r
	}
	return Rect{math.Min(r.X0, s.X0), math.Min(r.Y0, s.Y0), math.Max(r.X1, s.X1), math.Max(r.Y1, s.Y1)}
}

// Ruling is a drawn line, horizontal or vertical: From is its left or upper end.
type Ruling struct {
	From, To Point
	// Thickness in the page's unit; 0 when unknown.
	Thickness float64
}

// Horizontal says that the ruling is wider than it is high.
func (r Ruling) Horizontal() bool {
	return math.Abs(r.To.X-r.From.X) >= math.Abs(r.To.Y-r.From.Y)
}

// Word is a run of characters that no ruling and no wide gap divides.
type Word struct {
	Text string
	Box  Rect
	// Size is the font size (text layers) or the height of a full-width character (scans).
	Size float64
	// Vertical is set when the characters stand one under the other.
	Vertical bool
	// Up is set where vertical text is turned so that it is read upwards, its lines from left to right.
	Up bool
	// Confidence is 1 for text that was not recognised from pixels.
	Confidence float64
}

// Block is a paragraph or a table: exactly one is set.
type Block struct {
	Paragraph *Paragraph
	Table     *Table
}

// Paragraph is a run of prose.
type Paragraph struct {
	Text string
	Page int // 0 where the format has no pages
	Box  Rect
	// Heading is the level the source itself gives (1 is the topmost), 0 when it is plain text or
	// the source does not tell.
	Heading int
	// Confidence is 1 for text that was not recognised from pixels.
	Confidence float64
}

// Table is a grid of cells.
type Table struct {
	Rows, Cols int
	// Cells by row, then column; no two cover the same grid position. A position may be uncovered
	// in tables without rulings.
	Cells []Cell
	// White is set when white space makes the columns, where rulings do not. Ruled says that rulings make the rows there.
	White, Ruled bool
	// Picture is set when the source holds the table only as a picture that could not be read; it
	// names the picture, and Cells is empty.
	Picture string
	// Source gives that picture when its pixels are at hand, else nil.
	Source *Source `json:"-"`
}

// WhiteRows says that white space makes the rows of a table, so that a cell may hold the figures of several.
func (t *Table) WhiteRows() bool { return t.White && !t.Ruled }

// SortCells puts the cells in their order: row by row, from left to right.
func (t *Table) SortCells() {
	slices.SortStableFunc(t.Cells, func(a, b Cell) int { return cmp.Or(a.Row-b.Row, a.Col-b.Col) })
}

// At gives the cell that covers a grid position, or nil.
func (t *Table) At(row, col int) *Cell {
	for i := range t.Cells {
		c := &t.Cells[i]
		if row >= c.Row && row < c.Row+c.RowSpan && col >= c.Col && col < c.Col+c.ColSpan {
			return c
		}
	}
	return nil
}

// Cell is one box of a table.
type Cell struct {
	Row, Col         int
	RowSpan, ColSpan int // at least 1
	Page             int // 0 where the format has no pages
	Box              Rect
	// Text as it stands, lines joined by "\n"; "" when the cell is blank.
	Text string
	// Lost is set when the source does not tell what the cell holds: Text is then of the cells of a row, and
	// nobody knows which of it is whose.
	Lost bool
	// Why nobody knows what a lost cell says, where that is another reason.
	Why string
	// Struck is set when something beside the text is struck out or covered.
	Struck bool
	// Reading is how the text was read from pixels; nil for text that was not recognised.
	Reading *Reading
	// Tables nested in the cell, in order.
	Tables []Table
}

// Reading is what recognisers made of one cell's pixels.
type Reading struct {
	// Ink says that the cell is not blank. Ink without candidates is ink that nobody could read.
	Ink bool
	// Candidates are readings with calibrated probabilities, best first; what is left to 1 is the
	// probability of something else.
	Candidates []Candidate
	// Seal is set when the ink of a seal or a pen touched the cell's print, or a seal's a cell without print.
	Seal bool
	// Walls says that with and without the ink near the cell's walls another number was read. All looks at that ink may err alike.
	Walls bool `json:"-"`
	// Adrift says that print of the table runs over where its columns were taken to part: what was read may be another column's.
	Adrift bool `json:"-"`
	// Print is the number under which package ocr keeps the pixels that were read, for another look;
	// 0 where it keeps none.
	Print int64 `json:"-"`
}

// Candidate is one reading of some pixels.
type Candidate struct {
	Text        string
	Probability float64
}

// Confidence of the cell's text: 1 for text that was not recognised.
func (c *Cell) Confidence() float64 {
	if c.Reading == nil {
		return 1
	}
	for _, r := range c.Reading.Candidates {
		if r.Text == c.Text {
			return r.Probability
		}
	}
	return 0
}

// Line is the cell's text on one line, runs of white space as one blank.
func (c *Cell) Line() string { return strings.Join(strings.Fields(c.Text), " ") }
