package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Tables are the values of a report, by JSON pointer, in the order of the form. Keys holds the
// tables in order; a table that the report lacks has no values and is written as null.
type Tables struct {
	Keys   []string
	values []entry
	index  map[string]int
}

type entry struct {
	path  string
	value Value
}

// Set puts a value at a path such as /tables/requests/received/total, or
// /tables/local/3/value for a list of objects.
func (t *Tables) Set(path string, v Value) {
	if t.index == nil {
		t.index = map[string]int{}
	}
	if i, ok := t.index[path]; ok {
		t.values[i].value = v
		return
	}
	t.index[path] = len(t.values)
	t.values = append(t.values, entry{path, v})
	if k := strings.SplitN(path, "/", 4); len(k) == 4 {
		t.Add(k[2])
	}
}

// Add names a table, which stays null until a value is set in it.
func (t *Tables) Add(key string) {
	for _, k := range t.Keys {
		if k == key {
			return
		}
	}
	t.Keys = append(t.Keys, key)
}

// Value at a path, and whether the path exists.
func (t *Tables) Value(path string) (Value, bool) {
	i, ok := t.index[path]
	if !ok {
		return Value{}, false
	}
	return t.values[i].value, true
}

// Paths of all values in order.
func (t *Tables) Paths() []string {
	out := make([]string, len(t.values))
	for i, e := range t.values {
		out[i] = e.path
	}
	return out
}

// Has says whether a table is there with values.
func (t *Tables) Has(key string) bool {
	for _, e := range t.values {
		if strings.HasPrefix(e.path, "/tables/"+key+"/") {
			return true
		}
	}
	return false
}

// node is a JSON object or list in order of insertion.
type node struct {
	keys []string
	kids map[string]*node
	leaf *Value
}

func (n *node) child(key string) *node {
	if n.kids == nil {
		n.kids = map[string]*node{}
	}
	k, ok := n.kids[key]
	if !ok {
		k = &node{}
		n.kids[key] = k
		n.keys = append(n.keys, key)
	}
	return k
}

func (n *node) write(b *bytes.Buffer, root bool) error {
	if n.leaf != nil {
		j, err := n.leaf.MarshalJSON()
		b.Write(j)
		return err
	}
	list := !root
	for i, k := range n.keys {
		list = list && k == strconv.Itoa(i)
	}
	if len(n.keys) == 0 {
		b.WriteString("null")
		return nil
	}
	open, shut := "{", "}"
	if list {
		open, shut = "[", "]"
	}
	b.WriteString(open)
	for i, k := range n.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		if !list {
			name, err := Value{Text: &k}.MarshalJSON()
			if err != nil {
				return err
			}
			b.Write(name)
			b.WriteByte(':')
		}
		if err := n.kids[k].write(b, false); err != nil {
			return err
		}
	}
	b.WriteString(shut)
	return nil
}

// MarshalJSON nests the values by their paths, in order.
func (t Tables) MarshalJSON() ([]byte, error) {
	root := &node{}
	for _, k := range t.Keys {
		root.child(k)
	}
	for i := range t.values {
		e := &t.values[i]
		at := root
		for _, k := range strings.Split(strings.TrimPrefix(e.path, "/tables/"), "/") {
			at = at.child(unescape(k))
		}
		at.leaf = &e.value
	}
	var b bytes.Buffer
	if len(root.keys) == 0 {
		return []byte("{}"), nil
	}
	err := root.write(&b, true)
	return b.Bytes(), err
}

// maxDepth bounds the nesting of tables: the contract needs three.
const maxDepth = 8

// UnmarshalJSON reads nested values and keeps their order.
func (t *Tables) UnmarshalJSON(b []byte) error {
	*t = Tables{}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	tok, err := d.Token()
	if err != nil {
		return err
	}
	if tok == nil {
		return nil
	}
	if tok != json.Delim('{') {
		return errors.New("tables: not an object")
	}
	return t.members(d, "/tables", '}', 0)
}

func (t *Tables) members(d *json.Decoder, at string, end json.Delim, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: nested too deep", at)
	}
	for i := 0; d.More(); i++ {
		key := strconv.Itoa(i)
		if end == '}' {
			tok, err := d.Token()
			if err != nil {
				return err
			}
			key = escape(tok.(string))
		}
		path := at + "/" + key
		if depth == 0 {
			t.Add(key)
		}
		tok, err := d.Token()
		if err != nil {
			return err
		}
		switch x := tok.(type) {
		case json.Delim:
			shut := json.Delim('}')
			if x == '[' {
				shut = ']'
			}
			if err := t.members(d, path, shut, depth+1); err != nil {
				return err
			}
		case json.Number:
			var n Number
			if err := n.UnmarshalJSON([]byte(x)); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			t.Set(path, Value{Number: &n})
		case string:
			t.Set(path, Value{Text: &x})
		case nil:
			if depth > 0 {
				t.Set(path, Value{})
			}
		default:
			return fmt.Errorf("%s: a number, a text or null is expected", path)
		}
	}
	_, err := d.Token()
	return err
}

// JSON pointers write ~ as ~0 and / as ~1 (RFC 6901).
func escape(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

func unescape(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}
