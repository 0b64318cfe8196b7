// Package paper sets a scanned document as what an archive files away: a searchable PDF/A of the original images, and ALTO and hOCR of
// what was read in them. Text stands where it stands in the image; where a person has confirmed or mended a number, the number says so.
package paper

import (
	"fmt"
	"io"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/tables/text"
)

// Kind is a kind of paper.
type Kind string

// The kinds: PDF/A-2b (PDF/A-3b with the report attached), ALTO 4 and hOCR 1.2.
const (
	PDF  Kind = "pdf"
	ALTO Kind = "alto"
	HOCR Kind = "hocr"
)

// Kinds are all kinds; each is the ending of its file's name too, but for ALTO, which is XML.
var Kinds = []Kind{PDF, ALTO, HOCR}

// Extension is how the names of such files end.
func (k Kind) Extension() string {
	if k == ALTO {
		return ".alto.xml"
	}
	return "." + string(k)
}

// Document is what a paper is made of.
type Document struct {
	// Layout is what was read, with the places of all words and cells.
	Layout *layout.Document
	// Files are the bytes that it was read from: one file, or one for each page.
	Files [][]byte
	// Report says what the numbers are; nil where the document is none.
	Report *report.Report
	// Attach is the JSON that a PDF carries along; nil for none.
	Attach []byte
}

// Scanned says whether any page of a document was read from pixels: no other has papers.
func Scanned(d *layout.Document) bool {
	for i := range d.Pages {
		if d.Pages[i].Route == layout.RouteOCR && d.Pages[i].Number > 0 {
			return true
		}
	}
	return false
}

// Write writes the paper of a kind.
func Write(w io.Writer, k Kind, d Document) error {
	pages := pagesOf(d)
	switch k {
	case PDF:
		return writePDF(w, d, pages)
	case ALTO:
		return writeALTO(w, d, pages)
	case HOCR:
		return writeHOCR(w, d, pages)
	}
	return fmt.Errorf("unknown kind of paper %q", k)
}

// page is what was read on one page.
type page struct {
	*layout.Page
	lines  []line // outside of tables
	tables []grid
}

// grid is a table's part on one page.
type grid struct {
	box   layout.Rect
	cells []cell
}

// cell is a cell with text.
type cell struct {
	layout.Cell
	path  string // of the value of the report, "" where it has none
	lines []line
}

// line is a line of text with its words.
type line struct {
	box   layout.Rect
	words []word
	whole string // its text, with blanks where the words leave them
}

type word struct {
	text       string
	box        layout.Rect
	confidence float64
}

// pagesOf gathers the lines and cells of each page.
func pagesOf(d Document) []page {
	pages := make([]page, len(d.Layout.Pages))
	at := map[int]*page{}
	for i := range d.Layout.Pages {
		pages[i].Page = &d.Layout.Pages[i]
		at[d.Layout.Pages[i].Number] = &pages[i]
	}
	told := valuesOf(d.Report)
	for i := range d.Layout.Pages {
		for _, b := range d.Layout.Pages[i].Blocks {
			if b.Table != nil {
				addTable(at, b.Table, told)
			}
		}
	}
	for i := range pages {
		pages[i].lines = loose(&pages[i])
	}
	return pages
}

// addTable puts the cells of a table, which may go over several pages, on their pages.
func addTable(at map[int]*page, t *layout.Table, told values) {
	on := map[*page]int{} // its grid there
	for _, c := range t.Cells {
		p := at[c.Page]
		if p == nil {
			continue
		}
		k, ok := on[p]
		if !ok {
			k = len(p.tables)
			on[p] = k
			p.tables = append(p.tables, grid{})
		}
		g := &p.tables[k]
		g.box = g.box.Union(c.Box)
		if filled := cellOf(c, told); filled.Text != "" {
			g.cells = append(g.cells, filled)
		}
		for i := range c.Tables {
			addTable(at, &c.Tables[i], told)
		}
	}
}

// cellOf sets the lines of a cell's text one under another in its box.
func cellOf(c layout.Cell, told values) cell {
	confidence := c.Confidence()
	out := cell{Cell: c}
	if v, ok := told.at(c.Page, c.Box.Center()); ok {
		out.path, confidence = v.path, v.confidence
		if v.text != "" {
			out.Text = v.text
		}
	}
	lines := strings.Split(out.Text, "\n")
	height := c.Box.Height() / float64(len(lines))
	for i, l := range lines {
		box := layout.Rect{X0: c.Box.X0, Y0: c.Box.Y0 + float64(i)*height, X1: c.Box.X1, Y1: c.Box.Y0 + float64(i+1)*height}
		box = inset(box, len([]rune(l)))
		out.lines = append(out.lines, line{box, []word{{strings.TrimSpace(l), box, confidence}}, strings.TrimSpace(l)})
	}
	return out
}

// inset is the box of a text of so many characters in the middle of a cell's line: its print is not known more closely. It leaves room on
// both sides, and no character is more than twice as high as wide: who takes text out of a PDF tells words apart by gaps that are wide for
// the height of the print.
func inset(box layout.Rect, n int) layout.Rect {
	n = max(n, 1)
	h := box.Height() * 0.6
	w := min(box.Width()*0.7, h*float64(n))
	h = min(h, 2*w/float64(n))
	c := box.Center()
	return layout.Rect{X0: c.X - w/2, Y0: c.Y - h/2, X1: c.X + w/2, Y1: c.Y + h/2}
}

// loose are the lines of text outside of tables.
func loose(p *page) []line {
	var words []layout.Word
	for _, w := range p.Words {
		inside := false
		for _, g := range p.tables {
			inside = inside || g.box.Contains(w.Box.Center())
		}
		if !inside && strings.TrimSpace(w.Text) != "" {
			w.Box = turned(w.Box, p.Turn, p.Width, p.Height) // lines are read as the print stands
			words = append(words, w)
		}
	}
	width, height := p.Width, p.Height
	if p.Turn%180 != 0 {
		width, height = height, width
	}
	var out []line
	for _, l := range text.Lines(words) {
		n := line{box: turned(l.Box, 360-p.Turn, width, height), whole: l.Text()}
		for _, w := range l.Words {
			n.words = append(n.words, word{strings.TrimSpace(w.Text), turned(w.Box, 360-p.Turn, width, height), w.Confidence})
		}
		out = append(out, n)
	}
	return out
}

// turned is a box on a page of that size when the page is turned clockwise by some degrees.
func turned(b layout.Rect, degrees int, width, height float64) layout.Rect {
	switch degrees % 360 {
	case 90:
		return layout.Rect{X0: height - b.Y1, Y0: b.X0, X1: height - b.Y0, Y1: b.X1}
	case 180:
		return layout.Rect{X0: width - b.X1, Y0: height - b.Y1, X1: width - b.X0, Y1: height - b.Y0}
	case 270:
		return layout.Rect{X0: b.Y0, Y0: width - b.X1, X1: b.Y1, Y1: width - b.X0}
	}
	return b
}

// value is a number of the report, where it was read.
type value struct {
	path       string
	text       string // what is printed there, where a person or the sums have said otherwise than was read
	box        layout.Rect
	confidence float64
}

type values map[int][]value // by page

// valuesOf are the numbers of a report with a place.
func valuesOf(r *report.Report) values {
	out := values{}
	if r == nil {
		return out
	}
	for _, c := range r.Cells {
		if c.Page == nil || c.Box == nil {
			continue
		}
		v := value{path: c.Path, confidence: c.Confidence, box: layout.Rect{X0: c.Box[0], Y0: c.Box[1], X1: c.Box[2], Y1: c.Box[3]}}
		if n, ok := r.Tables.Value(c.Path); ok && n.Number != nil && (c.Verdict == report.Confirmed || c.Verdict == report.Repaired) {
			v.text = n.Number.String()
		}
		out[*c.Page] = append(out[*c.Page], v)
	}
	return out
}

func (vs values) at(page int, p layout.Point) (value, bool) {
	for _, v := range vs[page] {
		if v.box.Contains(p) {
			return v, true
		}
	}
	return value{}, false
}
