package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

const listExpected = "a list of {path, value, note} is expected"

// DecodePatches reads a JSON list of answers. Each must have a path and a value: null says that the original is blank, and is not what
// a forgotten value means.
func DecodePatches(data []byte) ([]Patch, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		return nil, fmt.Errorf(listExpected+": %w", err)
	}
	if items == nil {
		return nil, errors.New(listExpected)
	}
	out := make([]Patch, len(items))
	for i, item := range items {
		d := json.NewDecoder(bytes.NewReader(item))
		d.DisallowUnknownFields()
		if err := d.Decode(&out[i]); err != nil {
			return nil, fmt.Errorf(listExpected+": %w", err)
		}
		var has map[string]json.RawMessage
		if err := json.Unmarshal(item, &has); err != nil {
			return nil, fmt.Errorf(listExpected+": %w", err)
		}
		for _, name := range []string{"path", "value"} {
			found := false
			for k := range has {
				found = found || strings.EqualFold(k, name)
			}
			if !found {
				return nil, fmt.Errorf("answer %d has no %s; null says that the original is blank", i+1, name)
			}
		}
	}
	return out, nil
}
