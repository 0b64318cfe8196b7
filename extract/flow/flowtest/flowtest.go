// Package flowtest writes blocks as text, so that tests of readers show what they expect at a glance.
package flowtest

import (
	"fmt"
	"strings"

	"github.com/nianbao/nianbao/layout"
)

// Show writes one block a line: a paragraph as its text, with as many # as its heading's level; a
// table as one line a row, cells between pipes, a cell's place before its text (column:), its spans
// after it ({rows,columns}), ▮ for a cell with ink but no text, and nested tables in square brackets.
func Show(blocks []layout.Block) string {
	var b strings.Builder
	for _, block := range blocks {
		switch p := block.Paragraph; {
		case p != nil && block.Table == nil:
			b.WriteString(strings.TrimSpace(strings.Repeat("#", p.Heading)+" "+line(p.Text)) + "\n")
		case p == nil && block.Table != nil:
			b.WriteString(table(block.Table, "\n"))
		default:
			b.WriteString("!! a block is a paragraph or a table\n")
		}
	}
	return b.String()
}

func line(s string) string { return strings.ReplaceAll(s, "\n", "⏎") }

func table(t *layout.Table, end string) string {
	if t.Picture != "" {
		s := "<" + t.Picture
		if t.Source != nil {
			s += fmt.Sprintf(" %gx%g", t.Source.Box.X1, t.Source.Box.Y1)
		}
		return s + ">" + end
	}
	var b strings.Builder
	for r := range t.Rows {
		b.WriteString("|")
		for i := range t.Cells {
			c := &t.Cells[i]
			if c.Row != r {
				continue
			}
			fmt.Fprintf(&b, "%d:%s", c.Col, line(c.Text))
			if c.Reading != nil && c.Reading.Ink {
				b.WriteString("▮")
			}
			if c.RowSpan != 1 || c.ColSpan != 1 {
				fmt.Fprintf(&b, "{%d,%d}", c.RowSpan, c.ColSpan)
			}
			for j := range c.Tables {
				b.WriteString("[" + table(&c.Tables[j], "") + "]")
			}
			b.WriteString("|")
		}
		b.WriteString(end)
	}
	return b.String()
}

// Check reports a grid that breaks the promises of layout.Table: cells in order, inside the grid,
// none over another.
func Check(t *layout.Table) error {
	type place struct{ row, col int }
	taken := map[place]bool{}
	last := place{-1, -1}
	for i := range t.Cells {
		c := &t.Cells[i]
		at := place{c.Row, c.Col}
		if c.RowSpan < 1 || c.ColSpan < 1 || c.Row < 0 || c.Col < 0 || c.Row+c.RowSpan > t.Rows || c.Col+c.ColSpan > t.Cols {
			return fmt.Errorf("cell %+v lies outside %dx%d", at, t.Rows, t.Cols)
		}
		if at.row < last.row || at.row == last.row && at.col <= last.col {
			return fmt.Errorf("cell %+v comes after %+v", at, last)
		}
		last = at
		for r := range c.RowSpan {
			for k := range c.ColSpan {
				p := place{c.Row + r, c.Col + k}
				if taken[p] {
					return fmt.Errorf("%+v is covered twice", p)
				}
				taken[p] = true
			}
		}
		for j := range c.Tables {
			if err := Check(&c.Tables[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

// CheckAll is Check for every table of a document.
func CheckAll(d *layout.Document) error {
	for _, p := range d.Pages {
		for _, b := range p.Blocks {
			if b.Table != nil {
				if err := Check(b.Table); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
