package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"

	"github.com/nianbao/nianbao/report"
)

// CSVOptions are for spreadsheets.
type CSVOptions struct {
	// BOM puts a byte order mark first, without which Excel takes UTF-8 for the system's encoding.
	BOM bool
	// Labels heads the columns in Chinese instead of by key.
	Labels bool
}

// CSV writes a table as RFC 4180 asks for, in UTF-8. A text that a spreadsheet would take for a
// formula gets an apostrophe before it.
func (s *Set) CSV(w io.Writer, shape Shape, o CSVOptions) error {
	if o.BOM {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
	}
	c := &csvWriter{w: csv.NewWriter(w)}
	c.w.UseCRLF = true
	var head []string
	for _, col := range s.columns(shape) {
		if o.Labels {
			head = append(head, col.label)
		} else {
			head = append(head, col.key)
		}
	}
	if err := c.w.Write(head); err != nil {
		return err
	}
	return s.rows(shape, c)
}

type csvWriter struct {
	w      *csv.Writer
	fields []string
}

func (c *csvWriter) row(values []any) error {
	c.fields = c.fields[:0]
	for _, v := range values {
		text := plain(v)
		if s, ok := v.(string); ok {
			text = harmless(s)
		}
		c.fields = append(c.fields, text)
	}
	return c.w.Write(c.fields)
}

func (c *csvWriter) close() error {
	c.w.Flush()
	return c.w.Error()
}

// harmless keeps a spreadsheet from running a text as a formula: =, + and - begin one, and so do @
// (Lotus), a tab and a line end before them. Numbers and the dashes that stand for nothing are what
// they are.
func harmless(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return s
	}
	if _, err := report.ParseNumber(s); err == nil || strings.Trim(s, "-－—") == "" {
		return s
	}
	return "'" + s
}

// JSONL writes one JSON object a line; numbers are exact.
func (s *Set) JSONL(w io.Writer, shape Shape) error {
	return s.rows(shape, &jsonWriter{w: w, columns: s.columns(shape)})
}

type jsonWriter struct {
	w       io.Writer
	columns []column
	b       bytes.Buffer
}

func (j *jsonWriter) row(values []any) error {
	j.b.Reset()
	e := json.NewEncoder(&j.b)
	e.SetEscapeHTML(false)
	for i, c := range j.columns {
		j.b.WriteByte(",{"[boolean(i == 0)])
		for k, v := range []any{c.key, values[i]} {
			if err := e.Encode(v); err != nil {
				return err
			}
			j.b.Truncate(j.b.Len() - 1) // the encoder's line end
			if k == 0 {
				j.b.WriteByte(':')
			}
		}
	}
	j.b.WriteString("}\n")
	_, err := j.w.Write(j.b.Bytes())
	return err
}

func (*jsonWriter) close() error { return nil }

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}
