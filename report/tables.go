package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
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
	// A path is /tables/key/…
	if _, rest, ok := strings.Cut(path[min(1, len(path)):], "/"); ok {
		if key, _, ok := strings.Cut(rest, "/"); ok {
			t.Add(key)
		}
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
		root.child(unescape(k))
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

// UnmarshalJSON reads nested values and keeps their order. A batch's results are read by the ten thousand, and a report has some 200
// values, so this goes over the bytes itself.
func (t *Tables) UnmarshalJSON(b []byte) error {
	*t = Tables{}
	if !json.Valid(b) { // what follows trusts it
		return errors.New("tables: not JSON")
	}
	r := tokens{b}
	switch r.next() {
	case 'n':
		return nil
	case '{':
		t.index = make(map[string]int, bytes.Count(b, []byte{','})+1)
		return t.members(&r, "/tables", '}', 0)
	}
	return errors.New("tables: not an object")
}

// tokens goes over valid JSON.
type tokens struct{ rest []byte }

// next is the first byte of what comes next, past white space, commas and colons.
func (r *tokens) next() byte {
	for i, c := range r.rest {
		switch c {
		case ' ', '\t', '\n', '\r', ',', ':':
		default:
			r.rest = r.rest[i:]
			return c
		}
	}
	r.rest = nil
	return 0
}

// text takes a string, which comes next.
func (r *tokens) text() (s string, err error) {
	plain, end := true, 1
	for ; r.rest[end] != '"'; end++ {
		if r.rest[end] == '\\' {
			plain = false
			end++
		}
	}
	quoted := r.rest[:end+1]
	r.rest = r.rest[end+1:]
	if in := quoted[1:end]; plain && utf8.Valid(in) {
		return string(in), nil
	}
	err = json.Unmarshal(quoted, &s)
	return s, err
}

// word takes a number, true, false or null, which comes next.
func (r *tokens) word() []byte {
	end := bytes.IndexAny(r.rest, " \t\n\r,]}")
	if end < 0 {
		end = len(r.rest)
	}
	w := r.rest[:end]
	r.rest = r.rest[end:]
	return w
}

func (t *Tables) members(r *tokens, at string, end byte, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: nested too deep", at)
	}
	r.rest = r.rest[1:] // the bracket
	for i := 0; r.next() != end; i++ {
		key := strconv.Itoa(i)
		if end == '}' {
			k, err := r.text()
			if err != nil {
				return err
			}
			key = escape(k)
		}
		path := at + "/" + key
		if depth == 0 {
			t.Add(key)
		}
		switch c := r.next(); c {
		case '{', '[':
			if err := t.members(r, path, c+2, depth+1); err != nil { // in ASCII, a closing bracket is the second after its opening one
				return err
			}
		case '"':
			x, err := r.text()
			if err != nil {
				return err
			}
			t.Set(path, Value{Text: &x})
		case 'n':
			r.word()
			if depth > 0 {
				t.Set(path, Value{})
			}
		case 't', 'f':
			return fmt.Errorf("%s: a number, a text or null is expected", path)
		default:
			n := new(Number)
			if err := n.UnmarshalJSON(r.word()); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			t.Set(path, Value{Number: n})
		}
	}
	r.rest = r.rest[1:]
	return nil
}

// JSON pointers write ~ as ~0 and / as ~1 (RFC 6901).
func escape(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

func unescape(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}
