package draft

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/nianbao/nianbao/form"
)

// Write writes a form as JSON that a person can work on: a line for each row, column and equation.
func Write(w io.Writer, f *form.Form) error {
	p := printer{}
	p.line(0, "{")
	p.member(1, "name", f.Name, false)
	p.member(1, "title", f.Title, false)
	if f.Source != "" {
		p.member(1, "source", f.Source, false)
	}
	p.line(1, `"tables": [`)
	for i := range f.Tables {
		t := &f.Tables[i]
		p.line(2, "{")
		p.member(3, "key", t.Key, false)
		p.member(3, "title", t.Title, false)
		list(&p, "columns", t.Columns, false)
		list(&p, "rows", t.Rows, false)
		list(&p, "equations", t.Equations, true)
		p.line(2, "}"+comma(i == len(f.Tables)-1))
	}
	p.line(1, "]")
	p.line(0, "}")
	if p.err != nil {
		return p.err
	}
	_, err := w.Write(p.Bytes())
	return err
}

func comma(last bool) string {
	if last {
		return ""
	}
	return ","
}

type printer struct {
	bytes.Buffer
	err error
}

func (p *printer) line(depth int, text string) { fmt.Fprintf(&p.Buffer, "%*s%s\n", 2*depth, "", text) }

// json is a value on one line, with blanks after its commas and colons.
func (p *printer) json(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		p.err = err
	}
	var out bytes.Buffer
	quoted, escaped := false, false
	for _, c := range bytes.TrimSpace(b.Bytes()) {
		if c == '"' && !escaped {
			quoted = !quoted
		}
		escaped = c == '\\' && !escaped
		out.WriteByte(c)
		if !quoted && (c == ',' || c == ':') {
			out.WriteByte(' ')
		}
	}
	return out.String()
}

func (p *printer) member(depth int, name string, v any, last bool) {
	p.line(depth, fmt.Sprintf("%q: %s%s", name, p.json(v), comma(last)))
}

func list[T any](p *printer, name string, all []T, last bool) {
	if len(all) == 0 {
		p.line(3, fmt.Sprintf("%q: []%s", name, comma(last)))
		return
	}
	p.line(3, fmt.Sprintf("%q: [", name))
	for i, x := range all {
		p.line(4, p.json(x)+comma(i == len(all)-1))
	}
	p.line(3, "]"+comma(last))
}
