package batch

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
)

// formsDir holds the forms of the user's own that the results were made with, so that whoever reads the
// results later has them.
const formsDir = "forms"

// putForms keeps the forms of the user's own, and no others.
func (s *store) putForms(own []*form.Form) error {
	dir := filepath.Join(s.out, formsDir)
	var keep []string
	for _, f := range own {
		b, err := encode(f)
		if err != nil {
			return err
		}
		name := filepath.Join(dir, f.Name+resultExt)
		keep = append(keep, name)
		if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, b) {
			continue
		}
		if err := s.write(name, b); err != nil {
			return err
		}
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"+resultExt))
	if err != nil {
		return err
	}
	for _, n := range names {
		if !slices.Contains(keep, n) {
			if err := os.Remove(n); err != nil {
				return err
			}
		}
	}
	if len(own) == 0 {
		_ = os.Remove(dir) // it may not be there
	}
	return nil
}

// OwnForms are the forms of the user's own that the results in an output folder were made with.
func OwnForms(out string) ([]*form.Form, error) {
	entries, err := os.ReadDir(filepath.Join(out, formsDir))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []*form.Form
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), resultExt) {
			continue
		}
		name := filepath.Join(out, formsDir, e.Name())
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := form.Parse(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, f)
	}
	return all, nil
}
