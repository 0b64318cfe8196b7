package seen

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// places are where in a package stands what is drawn and not read, or read and not drawn: the first that explains a difference is its cause.
var places = []struct {
	cause string
	in    func(part string) bool
	// inside are the elements whose text is meant; none: all of the part.
	inside []string
}{
	{"header or footer", within("header", "footer"), nil},
	{"header or footer", within("styles.xml"), []string{"header", "footer", "header-left", "footer-left", "header-first", "footer-first"}},
	{"footnote or endnote", within("footnotes", "endnotes"), nil},
	{"footnote or endnote", within("content.xml"), []string{"note"}},
	{"comment", within("comments"), nil},
	{"comment", within("content.xml"), []string{"annotation"}},
	{"deleted text", within("document.xml"), []string{"del", "moveFrom"}},
	{"deleted text", within("content.xml"), []string{"tracked-changes"}},
	{"invitation of a content control", within("document.xml"), []string{"sdtContent"}},
	{"chart", within("chart"), nil},
	{"drawing", within("drawing", "diagrams"), nil},
	{"text box", within("document.xml", "content.xml"), []string{"txbxContent", "text-box", "custom-shape"}},
	{"field", within("document.xml"), []string{"fldSimple", "instrText"}},
	{"format of numbers", within("styles.xml"), nil},
}

// within says that the name of a part, or of a folder above it, begins so.
func within(names ...string) func(string) bool {
	return func(part string) bool {
		return slices.ContainsFunc(strings.Split(part, "/"), func(p string) bool {
			return slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(p, n) })
		})
	}
}

// Cause says where in a file stands what a comparison finds on one side alone: in a part or an element that the rules of reading leave out.
// "" where no such place explains all of it; "no package" and the kind for files that have no parts.
func Cause(name string, data []byte, d Difference) string {
	left := Bag{}
	for _, w := range slices.Concat(d.Unread, d.Unseen) {
		left[w]++
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "no package: " + strings.TrimPrefix(strings.ToLower(filepath.Ext(name)), ".")
	}
	var causes []string
	for _, p := range places {
		held := Bag{}
		for _, f := range z.File {
			if p.in(strings.ToLower(f.Name)) && path.Ext(f.Name) == ".xml" {
				texts(f, p.inside, held)
			}
		}
		before := len(left)
		for w := range held {
			delete(left, w)
		}
		if len(left) < before && !slices.Contains(causes, p.cause) {
			causes = append(causes, p.cause)
		}
		if len(left) == 0 {
			return strings.Join(causes, ", ")
		}
	}
	return ""
}

// texts adds the words of a part that stand inside elements of some names, or all.
func texts(f *zip.File, inside []string, to Bag) {
	r, err := f.Open()
	if err != nil {
		return
	}
	defer func() { _ = r.Close() }()
	const most = 32 << 20
	d := xml.NewDecoder(io.LimitReader(r, most))
	depth := 0
	for {
		token, err := d.Token()
		if err != nil {
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			if slices.Contains(inside, t.Name.Local) {
				depth++
			}
			for _, a := range t.Attr {
				if depth > 0 || len(inside) == 0 {
					to.Add(a.Value)
				}
			}
		case xml.EndElement:
			if slices.Contains(inside, t.Name.Local) {
				depth--
			}
		case xml.CharData:
			if depth > 0 || len(inside) == 0 {
				to.Add(string(t))
			}
		}
	}
}
