package report

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed schema.json
var schemaJSON []byte

// SchemaJSON is the contract as a JSON Schema, draft 2020-12.
func SchemaJSON() []byte { return bytes.Clone(schemaJSON) }

var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaJSON))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("schema.json")
})

// Fault is one way in which a JSON document breaks the contract.
type Fault struct {
	Path    string // JSON pointer into the document
	Message string
}

// Validate tests a JSON document against the schema. The error is non-nil only when the document
// is no JSON at all.
func Validate(data []byte) ([]Fault, error) {
	s, err := compiled()
	if err != nil {
		return nil, fmt.Errorf("the schema itself: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	var invalid *jsonschema.ValidationError
	if err := s.Validate(doc); !errors.As(err, &invalid) {
		return nil, err
	}
	var faults []Fault
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 {
			path := ""
			for _, k := range e.InstanceLocation {
				path += "/" + escape(k)
			}
			faults = append(faults, Fault{path, e.ErrorKind.LocalizedString(printer)})
		}
		for _, c := range e.Causes {
			walk(c)
		}
	}
	walk(invalid)
	return faults, nil
}

var printer = message.NewPrinter(language.English)
