package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"path"
	"strings"

	"github.com/nianbao/nianbao/extract/parts"
	"github.com/nianbao/nianbao/layout/diag"
)

const (
	relsPart = "xl/_rels/workbook.xml.rels"
	bookPart = "xl/workbook.xml"
)

// named gives the package with its parts named as the workbook names them: names of parts are the
// same in either case, which the library does not know. It reads all parts, since the library
// unpacks them at once, and a sheet whose part is missing is an error.
func named(pkg *parts.Archive, data []byte) ([]byte, error) {
	held := map[string][]byte{}
	for _, name := range pkg.Names() {
		content, err := pkg.Read(name)
		if err != nil {
			return nil, err
		}
		held[name] = content
	}
	right := map[string]string{}
	for _, name := range []string{relsPart, bookPart, "_rels/.rels", "[Content_Types].xml", "xl/styles.xml", "xl/sharedStrings.xml"} {
		right[strings.ToLower(name)] = name
	}
	var rels struct {
		Relationship []struct {
			Type, Target string `xml:",attr"`
			TargetMode   string `xml:",attr"`
		}
	}
	for name, content := range held {
		if strings.EqualFold(name, relsPart) {
			if err := xml.Unmarshal(content, &rels); err != nil {
				return nil, fmt.Errorf("part %q: %w (%w)", relsPart, diag.ErrDamaged, err)
			}
		}
	}
	for _, r := range rels.Relationship {
		target := strings.TrimPrefix(r.Target, "/")
		if target == r.Target {
			target = path.Join("xl", target)
		}
		switch path.Base(r.Type) {
		case "worksheet":
			if !pkg.Has(target) {
				return nil, fmt.Errorf("%w: part %q of a sheet is missing", diag.ErrDamaged, target)
			}
			right[strings.ToLower(target)] = target
		case "styles", "sharedStrings":
			if !pkg.Has(target) {
				return nil, fmt.Errorf("%w: part %q is missing", diag.ErrDamaged, target)
			}
		}
	}
	renamed := false
	for _, name := range pkg.Names() {
		to, ok := right[strings.ToLower(name)]
		renamed = renamed || ok && to != name
	}
	if !renamed {
		return data, nil
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range pkg.Names() {
		to, ok := right[strings.ToLower(name)]
		if !ok {
			to = name
		}
		part, err := w.CreateHeader(&zip.FileHeader{Name: to, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(held[name]); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
