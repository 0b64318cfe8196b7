package batch

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/folder"
)

// formsDir holds the forms of the user's own that the results were made with, so that whoever reads the
// results later has them.
const formsDir = "forms"

// putForms keeps the forms of the user's own, and no others.
func (s *store) putForms(own []*form.Form) error {
	var keep []string
	for _, f := range own {
		b, err := encode(f)
		if err != nil {
			return err
		}
		name := formsDir + "/" + f.Name + resultExt
		keep = append(keep, name)
		if old, err := s.folder.Read(name); err == nil && bytes.Equal(old, b) {
			continue
		}
		if err := s.folder.Write(name, b); err != nil {
			return err
		}
	}
	var stale []string
	err := s.folder.List(formsDir, func(f folder.Entry) error {
		if strings.HasSuffix(f.Name, resultExt) && !slices.Contains(keep, f.Name) {
			stale = append(stale, f.Name)
		}
		return nil
	})
	for _, n := range stale {
		err = errors.Join(err, s.folder.Remove(n))
	}
	return err
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
