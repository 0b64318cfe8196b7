// Package xmltree reads XML into a small tree within limits, for the office formats whose elements
// must be looked at more than once.
//
// Names are "prefix:local" with the prefixes that the caller gives to namespaces, so that a document
// may call them what it likes. Names in other namespaces get the prefix "?", names in none have no
// prefix. Entities beyond XML's own five are refused, so there is nothing to expand.
package xmltree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nianbao/nianbao/layout/diag"
)

// Limits of one tree.
const (
	maxNodes = 3_000_000
	maxDepth = 600
)

// Node is an element, or a run of text when Name is "".
type Node struct {
	Name  string
	Text  string // of a run of text
	Attrs []Attr
	Kids  []*Node
}

// Attr is an attribute of an element.
type Attr struct{ Name, Value string }

// Attr gives the value of the first of these attributes that there is, or "". It may be called on nil, as Kid may.
func (n *Node) Attr(names ...string) string {
	if n == nil {
		return ""
	}
	for _, name := range names {
		for _, a := range n.Attrs {
			if a.Name == name {
				return a.Value
			}
		}
	}
	return ""
}

// Kid gives the first child of a name, or nil. It may be called on nil, so that paths can be chained.
func (n *Node) Kid(name string) *Node {
	if n != nil {
		for _, k := range n.Kids {
			if k.Name == name {
				return k
			}
		}
	}
	return nil
}

// All gives the children. It may be called on nil, as Kid may.
func (n *Node) All() []*Node {
	if n == nil {
		return nil
	}
	return n.Kids
}

// Content gives all text below the node.
func (n *Node) Content() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.content(&b)
	return b.String()
}

func (n *Node) content(b *strings.Builder) {
	b.WriteString(n.Text)
	for _, k := range n.Kids {
		k.content(b)
	}
}

// Find calls f for every element below the node that has one of the names, outermost first, and does
// not look into those it found.
func (n *Node) Find(f func(*Node), names ...string) {
	for _, k := range n.Kids {
		found := false
		for _, name := range names {
			found = found || k.Name == name
		}
		if found {
			f(k)
		} else {
			k.Find(f, names...)
		}
	}
}

// Parse reads a document and gives its root. The error wraps diag.ErrDamaged or diag.ErrTooLarge.
func Parse(data []byte, prefixes map[string]string) (*Node, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		// XML parts of office formats are UTF-8; the label alone is sometimes wrong.
		return in, nil
	}
	names := names{prefixes: prefixes, known: map[xml.Name]string{}}
	var nodes slab
	root := &Node{}
	stack := []*Node{root}
	for count := 0; ; count++ {
		if count > maxNodes || len(stack) > maxDepth {
			return nil, fmt.Errorf("%w: XML of %d nodes, %d deep", diag.ErrTooLarge, count, len(stack))
		}
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", diag.ErrDamaged, err)
		}
		top := stack[len(stack)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			n := nodes.node()
			n.Name = names.of(t.Name)
			if len(t.Attr) > 0 {
				n.Attrs = make([]Attr, len(t.Attr))
				for i, a := range t.Attr {
					n.Attrs[i] = Attr{names.of(a.Name), a.Value}
				}
			}
			top.Kids = append(top.Kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			n := nodes.node()
			n.Text = string(t)
			top.Kids = append(top.Kids, n)
		}
	}
	for _, k := range root.Kids {
		if k.Name != "" {
			return k, nil
		}
	}
	return nil, fmt.Errorf("%w: XML without an element", diag.ErrDamaged)
}

// names gives elements and attributes their names in the tree. A document has few, and each of them often.
type names struct {
	prefixes map[string]string
	known    map[xml.Name]string
}

func (ns *names) of(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	if s, ok := ns.known[n]; ok {
		return s
	}
	s := n.Local
	if p, ok := ns.prefixes[n.Space]; !ok {
		s = "?:" + s
	} else if p != "" {
		s = p + ":" + s
	}
	ns.known[n] = s
	return s
}

// slab hands out nodes, which it makes many at a time.
type slab []Node

func (s *slab) node() *Node {
	if len(*s) == 0 {
		*s = make([]Node, 64)
	}
	n := &(*s)[0]
	*s = (*s)[1:]
	return n
}
