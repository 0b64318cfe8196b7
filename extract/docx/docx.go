// Package docx reads DOCX and DOCM documents: paragraphs with the numbers that the program generates,
// headings, and tables with their merged cells.
//
// It is a reader of its own on archive/zip and encoding/xml. The libraries at hand each drop content
// that these reports have: tracked insertions, content controls, fields, rows before which the grid
// is indented, horizontal merges, deleted rows, or documents whose main part is not word/document.xml.
// nguyenthenguyen/docx hands out the raw XML of word/document.xml only, which is what archive/zip
// does, without a limit on size.
//
// The rule is to give what a reader of the finished document sees: tracked changes are accepted,
// fields show their result, hidden text and ruby are left out, text boxes are read once. Macros are
// never looked at, and nothing outside the file is fetched.
package docx

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/ole"
	"github.com/nianbao/nianbao/extract/parts"
	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

// prefixes of the namespaces, transitional and strict.
var prefixes = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":           "w",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                       "w",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":    "r",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                "r",
	"http://schemas.openxmlformats.org/package/2006/relationships":           "",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":            "mc",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                  "a",
	"http://purl.oclc.org/ooxml/drawingml/main":                              "a",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
	"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing":             "wp",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":             "m",
	"http://purl.oclc.org/ooxml/officeDocument/math":                         "m",
	"http://schemas.microsoft.com/office/word/2010/wordml":                   "w14",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingShape":      "wps",
	"urn:schemas-microsoft-com:vml":                                          "v",
	"urn:schemas-microsoft-com:office:office":                                "o",
}

// Limits.
const (
	// maxNesting of documents inside documents (altChunk).
	maxNesting = 3
	// emu is the number of drawing units in a point.
	emu = 12700
	// minWidth and minHeight in points of a picture outside tables that may hold a table: wider than
	// a seal, which has 42 mm at most.
	minWidth, minHeight = 142, 57
)

// Read gives the blocks of a document. Errors wrap diag.ErrEmpty, ErrDamaged, ErrEncrypted,
// ErrTooLarge or ErrFormat.
func Read(data []byte) (*layout.Document, []diag.Warning, error) {
	blocks, warnings, err := read(data, 0)
	if err != nil {
		return nil, nil, err
	}
	return flow.Document(blocks), warnings, nil
}

func read(data []byte, depth int) ([]layout.Block, []diag.Warning, error) {
	if len(data) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	if ole.Is(data) {
		f, err := ole.Open(data)
		if err == nil && !f.Has("EncryptedPackage") {
			return nil, nil, fmt.Errorf("%w: a compound file that holds no DOCX", diag.ErrFormat)
		}
		return nil, nil, fmt.Errorf("DOCX: %w", diag.ErrEncrypted)
	}
	pkg, err := parts.Open(data)
	if err != nil {
		return nil, nil, fmt.Errorf("DOCX: %w", err)
	}
	r := &reader{pkg: pkg, depth: depth, ground: flow.White, white: flow.Paper}
	r.main = r.mainPart()
	doc, err := r.tree(r.main)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%w: an archive without a Word document (%w)", diag.ErrFormat, err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("DOCX: %w", err)
	}
	body := doc.Kid("w:body")
	if body == nil {
		return nil, nil, fmt.Errorf("%w: DOCX without a body", diag.ErrDamaged)
	}
	r.rels = r.relationships(r.main)
	if err := r.loadStyles(); err != nil {
		return nil, nil, fmt.Errorf("DOCX: %w", err)
	}
	r.loadTheme()
	if err := r.loadNumbering(); err != nil {
		return nil, nil, fmt.Errorf("DOCX: %w", err)
	}
	var s story
	r.content(body, &s)
	s.join()
	return s.out, r.warnings, nil
}

// reader holds what is shared by all parts of one document.
type reader struct {
	pkg      *parts.Archive
	main     string // name of the main part
	depth    int
	rels     []relation
	styles   map[string]*style
	standard string // the style of paragraphs that name none
	lists    lists
	ground   flow.Ground     // of what is being read
	shades   map[string]bool // what is known of styles: whether they shade something
	defaults *xmltree.Node   // of all runs
	cell     []*xmltree.Node // what the table's style says of the runs of the cell that is being read, the weightiest first
	white    flow.Color      // of the theme: its light color and its dark one
	black    flow.Color
	fields   []field // that are open, innermost last
	warnings []diag.Warning
}

// field is a field that is being read.
type field struct {
	instruction bool // what comes belongs to the instruction, which is not seen
	code        string
	before      int // length of the paragraph's text before the field
}

type relation struct {
	id, kind, target string
	external         bool
}

func (r *reader) tree(part string) (*xmltree.Node, error) {
	data, err := r.pkg.Read(part)
	if err != nil {
		return nil, err
	}
	n, err := xmltree.Parse(data, prefixes)
	if err != nil {
		return nil, fmt.Errorf("part %q: %w", part, err)
	}
	return n, nil
}

// relationships of a part; what cannot be read leaves the document without them.
func (r *reader) relationships(part string) []relation {
	dir, base := path.Split(part)
	n, err := r.tree(dir + "_rels/" + base + ".rels")
	if err != nil {
		return nil
	}
	var out []relation
	for _, k := range n.Kids {
		if k.Name != "Relationship" {
			continue
		}
		rel := relation{
			id: k.Attr("Id"), kind: path.Base(k.Attr("Type")), external: k.Attr("TargetMode") == "External",
			target: strings.ReplaceAll(k.Attr("Target"), `\`, "/"),
		}
		if !rel.external && !strings.HasPrefix(rel.target, "/") {
			rel.target = path.Join(dir, rel.target)
		}
		out = append(out, rel)
	}
	return out
}

// relation of the main part by its id.
func (r *reader) relation(id string) (relation, bool) {
	for _, rel := range r.rels {
		if rel.id == id && id != "" {
			return rel, true
		}
	}
	return relation{}, false
}

// mainPart follows the package's relationships to the document.
func (r *reader) mainPart() string {
	for _, rel := range r.relationships("") {
		if rel.kind == "officeDocument" && r.pkg.Has(rel.target) {
			return strings.TrimPrefix(rel.target, "/")
		}
	}
	return "word/document.xml"
}

// related reads the part of a kind that the main part names, nil when it names none that exists.
func (r *reader) related(kind string) (*xmltree.Node, error) {
	for _, rel := range r.rels {
		if rel.kind == kind && !rel.external && r.pkg.Has(rel.target) {
			return r.tree(rel.target)
		}
	}
	return nil, nil
}

// val is the value of a property element, "" when there is none.
func val(n *xmltree.Node) string {
	if n == nil {
		return ""
	}
	return n.Attr("w:val", "val")
}

// number is the value of a property element as a number, or what to take when there is none.
func number(n *xmltree.Node, otherwise int) int {
	v, err := strconv.Atoi(strings.TrimSpace(val(n)))
	if err != nil {
		return otherwise
	}
	return v
}

// on says that a property element is there and not switched off.
func on(n *xmltree.Node) bool {
	switch val(n) {
	case "0", "false", "off", "none":
		return false
	}
	return n != nil
}

// style is a paragraph or character style, as far as it matters here.
type style struct {
	name, based string
	paragraph   *xmltree.Node // w:pPr
	run         *xmltree.Node // w:rPr
	whole       *xmltree.Node
}

func (r *reader) loadStyles() error {
	r.styles, r.shades = map[string]*style{}, map[string]bool{}
	n, err := r.related("styles")
	if n == nil || err != nil {
		return err
	}
	r.defaults = n.Kid("w:docDefaults").Kid("w:rPrDefault").Kid("w:rPr")
	for _, k := range n.Kids {
		if k.Name != "w:style" {
			continue
		}
		id := k.Attr("w:styleId")
		r.styles[id] = &style{strings.ToLower(val(k.Kid("w:name"))), val(k.Kid("w:basedOn")), k.Kid("w:pPr"), k.Kid("w:rPr"), k}
		if d := k.Attr("w:default"); k.Attr("w:type") == "paragraph" && (d == "1" || d == "true" || d == "on") {
			r.standard = id
		}
	}
	return nil
}

// chain calls f for a style and those that it is based on until f says true.
func (r *reader) chain(id string, f func(id string, s *style) bool) {
	const longest = 32 // a chain may be a circle
	for range longest {
		s := r.styles[id]
		if s == nil || f(id, s) {
			return
		}
		id = s.based
	}
}

// heading gives the level of a paragraph in the document's outline, 0 for body text.
func (r *reader) heading(props *xmltree.Node) int {
	const body = 9
	level := number(props.Kid("w:outlineLvl"), -1)
	r.chain(r.styleOf(props), func(_ string, s *style) bool {
		if level < 0 {
			level = number(s.paragraph.Kid("w:outlineLvl"), -1)
		}
		if level < 0 {
			for _, name := range []string{"heading ", "标题 "} {
				if n, err := strconv.Atoi(strings.TrimPrefix(s.name, name)); err == nil && strings.HasPrefix(s.name, name) {
					level = n - 1
				}
			}
			if s.name == "title" {
				level = 0
			}
		}
		return level >= 0
	})
	if level < 0 || level >= body {
		return 0
	}
	return level + 1
}

func (r *reader) styleOf(props *xmltree.Node) string {
	if id := val(props.Kid("w:pStyle")); id != "" {
		return id
	}
	return r.standard
}
