package normalize

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/report"
)

// sound says that all rows of a found table stand in grids already, one or the bands of one, which give as
// many numbers.
func (st *stream) sound(f *streamed, blocks []layout.Block, forms form.Set) bool {
	var old []layout.Block
	for _, r := range f.rows {
		if r.row < 0 && len(f.table.Columns) > 1 {
			continue // no row of the form
		}
		for _, a := range r.values {
			b := blocks[a.block]
			if b.Table == nil {
				return false
			}
			if !slices.ContainsFunc(old, func(o layout.Block) bool { return o.Table == b.Table }) {
				old = append(old, b)
			}
		}
	}
	if len(old) == 0 {
		return false
	}
	known, read := 0, 0
	for _, r := range f.rows {
		for _, x := range r.cells {
			if report.ParseFigure(x).Number != nil {
				known++
				if len(f.table.Columns) == 1 {
					break // of statistics one column is the form's
				}
			}
		}
	}
	for _, x := range findTables(old, forms, func() int { return 0 }).fits {
		for _, h := range x.fit.hits {
			if report.ParseFigure(h.cell.Text).Number != nil {
				read++
			}
		}
		read += len(x.fit.local)
	}
	return read >= known
}

// replaced gives the blocks with tables in the places of the cuts. Lines of pipes alone are dropped.
func replaced(blocks []layout.Block, cuts []cut) []layout.Block {
	slices.SortFunc(cuts, func(a, b cut) int {
		return cmp.Or(cmp.Compare(a.fromBlock, b.fromBlock), cmp.Compare(a.from, b.from))
	})
	var out []layout.Block
	block, at := 0, 0 // what is not yet given
	upTo := func(i, to int) {
		for ; block < i; block, at = block+1, 0 {
			out = append(out, rest(blocks[block], at, -1)...)
		}
		if i < len(blocks) {
			out = append(out, rest(blocks[i], at, to)...)
		}
	}
	for _, c := range cuts {
		if c.fromBlock < block || c.fromBlock == block && c.from < at {
			continue
		}
		upTo(c.fromBlock, c.from)
		out = append(out, layout.Block{Table: c.table})
		block, at = c.toBlock, c.to
		if blocks[block].Table != nil {
			at++
		}
	}
	upTo(len(blocks), 0)
	return out
}

// rest gives part of a block: of a paragraph the text from one offset to another, of a table the rows;
// to is -1 for all that follows.
func rest(b layout.Block, from, to int) []layout.Block {
	if p := b.Paragraph; p != nil {
		if to < 0 {
			to = len(p.Text)
		}
		if text := strings.Trim(p.Text[from:to], " |\t\n"); text != "" {
			if text == p.Text {
				return []layout.Block{b}
			}
			q := *p
			q.Text = text
			return []layout.Block{{Paragraph: &q}}
		}
		return nil
	}
	t := b.Table
	if from == 0 && to < 0 {
		return []layout.Block{b}
	}
	if to < 0 {
		to = t.Rows
	}
	u := *t
	u.Rows, u.Cells = to-from, nil
	for _, c := range t.Cells {
		if c.Row >= from && c.Row < to {
			c.Row -= from
			u.Cells = append(u.Cells, c)
		}
	}
	if len(u.Cells) == 0 {
		return nil
	}
	return []layout.Block{{Table: &u}}
}
