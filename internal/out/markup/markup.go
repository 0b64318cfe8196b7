// Package markup writes tables of any document as JSON, CSV, Markdown or HTML.
//
// HTML and JSON keep spans. CSV and Markdown have none: a cell that spans stands at its first
// position and the others are empty.
package markup

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/nianbao/nianbao/layout"
)

// Format names a way of writing tables.
type Format string

// The formats.
const (
	JSON     Format = "json"
	CSV      Format = "csv"
	Markdown Format = "md"
	HTML     Format = "html"
)

// ErrFormat says that there is no such format.
var ErrFormat = errors.New("unknown format")

// Table is a table with its place among those of the document.
type Table struct {
	Number int // from 1
	Page   int // where it begins; 0 where the format has no pages
	Table  *layout.Table
}

// Write writes the tables in order, divided by a blank line in CSV and Markdown.
func Write(w io.Writer, f Format, ts []Table) error {
	switch f {
	case JSON:
		return writeJSON(w, ts)
	case CSV:
		return writeCSV(w, ts)
	case Markdown:
		return writeMarkdown(w, ts)
	case HTML:
		return writeHTML(w, ts)
	}
	return fmt.Errorf("%w %q: json, csv, md or html", ErrFormat, f)
}

type jsonTable struct {
	Number int        `json:"number"`
	Page   *int       `json:"page"`
	Rows   int        `json:"rows"`
	Cols   int        `json:"cols"`
	Cells  []jsonCell `json:"cells"`
}

type jsonCell struct {
	Row     int         `json:"row"`
	Col     int         `json:"col"`
	RowSpan int         `json:"row_span"`
	ColSpan int         `json:"col_span"`
	Text    string      `json:"text"`
	Page    *int        `json:"page"`
	Box     *[4]float64 `json:"box"`
}

func pageOf(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

func writeJSON(w io.Writer, ts []Table) error {
	out := []jsonTable{}
	for _, t := range ts {
		j := jsonTable{t.Number, pageOf(t.Page), t.Table.Rows, t.Table.Cols, []jsonCell{}}
		for _, c := range t.Table.Cells {
			k := jsonCell{c.Row, c.Col, c.RowSpan, c.ColSpan, c.Text, pageOf(c.Page), nil}
			if c.Page > 0 {
				k.Box = &[4]float64{c.Box.X0, c.Box.Y0, c.Box.X1, c.Box.Y1}
			}
			j.Cells = append(j.Cells, k)
		}
		out = append(out, j)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(out)
}

// rows lays the cells out on a plain grid.
func rows(t *layout.Table) [][]string {
	out := make([][]string, t.Rows)
	for r := range out {
		out[r] = make([]string, t.Cols)
	}
	for i := range t.Cells {
		c := &t.Cells[i]
		if c.Row >= 0 && c.Row < t.Rows && c.Col >= 0 && c.Col < t.Cols {
			out[c.Row][c.Col] = c.Line()
		}
	}
	return out
}

func writeCSV(w io.Writer, ts []Table) error {
	for i, t := range ts {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		cw := csv.NewWriter(w)
		if err := cw.WriteAll(rows(t.Table)); err != nil {
			return err
		}
	}
	return nil
}

func writeMarkdown(w io.Writer, ts []Table) error {
	var b strings.Builder
	escape := strings.NewReplacer("|", `\|`, "\\", `\\`)
	for i, t := range ts {
		if i > 0 {
			b.WriteByte('\n')
		}
		for r, row := range rows(t.Table) {
			for _, s := range row {
				b.WriteString("| " + escape.Replace(s) + " ")
			}
			b.WriteString("|\n")
			if r == 0 {
				b.WriteString(strings.Repeat("| --- ", t.Table.Cols) + "|\n")
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeHTML(w io.Writer, ts []Table) error {
	var b strings.Builder
	b.WriteString("<!doctype html>\n<meta charset=\"utf-8\">\n")
	for _, t := range ts {
		writeHTMLTable(&b, t.Table)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteTable writes one table as HTML: its spans, its texts escaped, nested tables within their cells.
func WriteTable(w io.Writer, t *layout.Table) error {
	var b strings.Builder
	writeHTMLTable(&b, t)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeHTMLTable(b *strings.Builder, t *layout.Table) {
	b.WriteString("<table border=\"1\">\n")
	for r := range t.Rows {
		b.WriteString("<tr>")
		for i := range t.Cells {
			c := &t.Cells[i]
			if c.Row != r {
				continue
			}
			b.WriteString("<td")
			if c.RowSpan > 1 {
				fmt.Fprintf(b, " rowspan=\"%d\"", c.RowSpan)
			}
			if c.ColSpan > 1 {
				fmt.Fprintf(b, " colspan=\"%d\"", c.ColSpan)
			}
			b.WriteString(">" + strings.ReplaceAll(html.EscapeString(c.Text), "\n", "<br>"))
			for j := range c.Tables {
				writeHTMLTable(b, &c.Tables[j])
			}
			b.WriteString("</td>")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
}
