// Package notices names everything that is inside the program, with its licence: the Go modules, what
// is compiled into PDFium, Go itself. Its list is made from the modules' own files by makenotices;
// a test holds it to what is linked.
package notices

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

//go:generate go run ./makenotices notices.json

//go:embed notices.json
var data []byte

// Component is one thing inside the program.
type Component struct {
	// Name is the module path, or the name of a part.
	Name string `json:"name"`
	// Version of a module; "" where nothing tells it.
	Version string `json:"version,omitempty"`
	// Sum of a module as in go.sum ("h1:…"), or of a file ("sha256:…").
	Sum string `json:"sum,omitempty"`
	// Licence is an SPDX expression.
	Licence string `json:"licence"`
	// In names the component that carries a part; "" for what is linked directly.
	In string `json:"in,omitempty"`
	// Cgo is true when only builds with cgo have it.
	Cgo bool `json:"cgo,omitempty"`
	// Texts are keys of List.Texts.
	Texts []string `json:"texts"`
}

// List is all that is inside. Components are ordered as they are to be printed.
type List struct {
	Components []Component       `json:"components"`
	Texts      map[string]string `json:"texts"`
}

// All gives the list of this program. It panics when the embedded file cannot be read, which its
// test rules out.
func All() *List {
	var l List
	if err := json.Unmarshal(data, &l); err != nil {
		panic(fmt.Sprintf("notices.json: %v", err))
	}
	return &l
}

// Write prints a table of the components, and then every licence text once, under the names of those
// that it is for.
func (l *List) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	t := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	for _, c := range l.Components {
		name := c.Name
		if c.In != "" {
			name = "  " + name + " (in " + c.In + ")"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", name, c.Version, c.Licence)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	written := map[string]bool{}
	for _, c := range l.Components {
		for _, key := range c.Texts {
			if written[key] {
				continue
			}
			written[key] = true
			var names []string
			for _, o := range l.Components {
				for _, k := range o.Texts {
					if k == key {
						names = append(names, o.Name)
						break
					}
				}
			}
			fmt.Fprintf(out, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 80), strings.Join(names, ", "), strings.TrimRight(l.Texts[key], "\n"))
		}
	}
	return out.Flush()
}
