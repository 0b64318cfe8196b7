package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/google/jsonschema-go/jsonschema"
)

//go:embed schema.json
var schemaJSON []byte

// SchemaJSON is the contract as a JSON Schema, draft 2020-12.
func SchemaJSON() []byte { return bytes.Clone(schemaJSON) }

// Fault is one way in which a JSON document breaks the contract.
type Fault struct {
	Path    string `json:"path"` // JSON pointer into the document
	Message string `json:"message"`
}

// Validate tests a JSON document against the schema. The error is non-nil only when the document
// is no JSON at all.
func Validate(data []byte) ([]Fault, error) {
	r, err := rules()
	if err != nil {
		return nil, fmt.Errorf("the schema itself: %w", err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	return r.faults(nil, doc, ""), nil
}

// rule is what the schema wants of one place of a document. The library that validates stops at the first fault
// and does not say where in the document it is, so it is asked of every place alone.
type rule struct {
	own        *jsonschema.Resolved // without what is in an object's properties or a list's items
	properties map[string]*rule
	others     *rule // of the properties that have no rule of their own; nil where they have none
	items      *rule
}

var rules = sync.OnceValues(func() (*rule, error) {
	var root map[string]any
	if err := json.Unmarshal(schemaJSON, &root); err != nil {
		return nil, err
	}
	c := ruler{defs: root["$defs"], known: map[string]*rule{}}
	return c.rule(root)
})

// ruler makes rules of parts of a schema.
type ruler struct {
	defs  any
	known map[string]*rule // by reference
}

func (c *ruler) rule(part map[string]any) (*rule, error) {
	if ref, ok := part["$ref"].(string); ok {
		if r := c.known[ref]; r != nil {
			return r, nil
		}
		all, _ := c.defs.(map[string]any)
		def, ok := all[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s is nowhere", ref)
		}
		r := &rule{}
		c.known[ref] = r // it may be about itself
		return r, c.fill(r, def)
	}
	r := &rule{}
	return r, c.fill(r, part)
}

func (c *ruler) fill(r *rule, part map[string]any) (err error) {
	own := maps.Clone(part)
	delete(own, "$id")
	own["$defs"] = c.defs
	if p, ok := part["properties"].(map[string]any); ok {
		r.properties = map[string]*rule{}
		known := map[string]any{}
		for k, v := range p {
			known[k] = true
			if r.properties[k], err = c.rule(v.(map[string]any)); err != nil {
				return err
			}
		}
		own["properties"] = known
	}
	if p, ok := part["additionalProperties"].(map[string]any); ok {
		delete(own, "additionalProperties")
		if r.others, err = c.rule(p); err != nil {
			return err
		}
	}
	if p, ok := part["items"].(map[string]any); ok {
		delete(own, "items")
		if r.items, err = c.rule(p); err != nil {
			return err
		}
	}
	text, err := json.Marshal(own)
	if err != nil {
		return err
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	r.own, err = s.Resolve(nil)
	return err
}

// faults adds those of a part of a document, in the order of its pointers.
func (r *rule) faults(list []Fault, v any, path string) []Fault {
	if err := r.own.Validate(v); err != nil {
		message, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "validating root: "), "\n")
		list = append(list, Fault{path, strings.TrimSuffix(message, ":")})
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			p := r.properties[k]
			if p == nil {
				p = r.others
			}
			if p != nil {
				list = p.faults(list, v[k], path+"/"+escape(k))
			}
		}
	case []any:
		for i, x := range v {
			if r.items != nil {
				list = r.items.faults(list, x, path+"/"+strconv.Itoa(i))
			}
		}
	}
	return list
}
