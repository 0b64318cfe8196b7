// Package ofd reads OFD documents (GB/T 33190-2016), the fixed layout that Chinese offices sign and
// archive.
//
// An OFD file is a zip archive of XML parts. A page lists text runs with the place of every glyph,
// paths, and images; what they say goes through package vector into words and rulings, as with PDF.
// A page that is a picture, or a picture with a hidden text layer over it ("双层OFD"), gives its pixels alone.
//
// Rules:
//   - millimetres become points; boundaries, CTMs, templates, layers and composite units are applied
//     as the standard has them, in the order in which they are painted;
//   - parts are found by absolute, relative and backslash names alike;
//   - the text of notes is read, seals and signatures are not; what notes strike out or cover is not;
//   - text that a viewer does not show (without opacity, of the color of its ground, under a shape or a picture) is no text;
//   - a page that cannot be read is a warning, a document without one is an error.
package ofd

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/image/font/sfnt"

	"github.com/nianbao/nianbao/extract/parts"
	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

const (
	// maxPages: the longest annual report seen has 60 pages.
	maxPages = 2000
	// maxBodies bounds the documents in one file; one is the rule.
	maxBodies = 50
	// maxSide bounds a page, in points.
	maxSide = 20_000
	// headWithin is where a part's namespace is declared.
	headWithin = 2048
	// maxWarnings bounds those about attachments.
	maxWarnings = 50
)

// millimetre in points.
const millimetre = 72 / 25.4

// namespaces of the standard and of what was in use before it.
var namespaces = map[string]string{
	"http://www.ofdspec.org/2016": "",
	"http://www.ofdspec.org":      "",
}

// Read reads an OFD file. Errors wrap diag.ErrEmpty, ErrDamaged, ErrEncrypted, ErrTooLarge or ErrFormat.
func Read(data []byte) (*layout.Document, []diag.Warning, error) {
	if len(data) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	archive, err := parts.Open(data)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range archive.Names() {
		if base := strings.ToLower(path.Base(name)); base == "encryptions.xml" || base == "encryptinfo.xml" || base == "decryptseed.dat" {
			return nil, nil, diag.ErrEncrypted
		}
	}
	root, err := parse(archive, "OFD.xml")
	if err != nil {
		return nil, nil, fmt.Errorf("no readable OFD.xml: %w", orDamaged(err))
	}
	doc := &layout.Document{MediaType: "application/ofd"}
	var warnings []diag.Warning
	var failed error
	bodies, unreadable := 0, 0
	for _, body := range root.Kids {
		if body.Name != "DocBody" {
			continue
		}
		if bodies++; bodies > maxBodies {
			return nil, nil, fmt.Errorf("%w: more than %d documents in one file", diag.ErrTooLarge, maxBodies)
		}
		r := &reader{archive: archive, main: clean("", strings.TrimSpace(body.Kid("DocRoot").Content()))}
		if r.document, err = parse(archive, r.main); err != nil {
			failed = err
			warnings = append(warnings, diag.Warning{Code: diag.Truncated, Message: fmt.Sprintf("document %d of the file cannot be read: %v", bodies, err)})
			continue
		}
		r.resources()
		warnings = append(warnings, r.attachments()...)
		var pages []*xmltree.Node
		if list := r.document.Kid("Pages"); list != nil {
			for _, p := range list.Kids {
				if p.Name == "Page" {
					pages = append(pages, p)
				}
			}
		}
		if len(doc.Pages)+len(pages) > maxPages {
			return nil, nil, fmt.Errorf("%w: more than %d pages", diag.ErrTooLarge, maxPages)
		}
		for _, p := range pages {
			page, found, err := r.page(p)
			if err != nil {
				unreadable++
				failed = err
				found = append(found, diag.Warning{Code: diag.PageUnreadable, Message: err.Error()})
				page = layout.Page{Unit: layout.Points, Route: layout.RouteText}
			}
			page.Number = len(doc.Pages) + 1
			for _, w := range found {
				w.Page = page.Number
				warnings = append(warnings, w)
			}
			doc.Pages = append(doc.Pages, page)
		}
	}
	switch {
	case unreadable == len(doc.Pages) && failed != nil:
		return nil, nil, fmt.Errorf("no page can be read: %w", orDamaged(failed))
	case len(doc.Pages) == 0:
		return nil, nil, fmt.Errorf("%w: no pages", diag.ErrDamaged)
	}
	return doc, warnings, nil
}

// orDamaged keeps an error that a user can act upon, and calls others damage.
func orDamaged(err error) error {
	for _, known := range []error{diag.ErrDamaged, diag.ErrEncrypted, diag.ErrTooLarge} {
		if errors.Is(err, known) {
			return err
		}
	}
	return fmt.Errorf("%w: %w", diag.ErrDamaged, err)
}

func parse(a *parts.Archive, name string) (*xmltree.Node, error) {
	data, err := a.Read(name)
	if err != nil {
		return nil, err
	}
	known := namespaces
	if m := declared.FindSubmatch(data[:min(len(data), headWithin)]); m != nil {
		known = maps.Clone(namespaces)
		known[string(m[1])] = ""
	}
	return xmltree.Parse(data, known)
}

// declared is the first namespace of a part: writers put theirs where the standard's belongs.
var declared = regexp.MustCompile(`xmlns(?::\w+)?\s*=\s*["']([^"'<&]+)["']`)

// clean gives the name of a part that another part, in folder, refers to.
func clean(folder, ref string) string {
	ref = strings.ReplaceAll(strings.TrimSpace(ref), `\`, "/")
	if strings.HasPrefix(ref, "/") {
		return path.Clean(ref)[1:]
	}
	return strings.TrimPrefix(path.Join("/", folder, ref), "/")
}

// reader reads one document of a file.
type reader struct {
	archive  *parts.Archive
	main     string // the document's own part
	document *xmltree.Node

	widths     map[string]float64       // line widths in millimetres by DrawParam
	fills      map[string]*xmltree.Node // colors by DrawParam
	media      map[string]string        // part names by resource
	composites map[string]*xmltree.Node // by resource
	templates  map[string]*xmltree.Node // the CommonData entries by ID
	parsed     map[string]*xmltree.Node // templates by part name
	notes      map[string]string        // part names of annotations by page
	fonts      map[string]string        // part names of fonts by resource
	opened     map[string]*sfnt.Font    // those that were asked for

	work int // what was painted, as spend counts it
}

// maxWork bounds what one document may have painted, in bytes of XML; what is painted again, such as a template or a
// composite unit, counts again. A report of 100 pages has some 10 MB.
const maxWork = 200 << 20

// spend says whether there is so much work left.
func (r *reader) spend(n int) bool {
	r.work += n
	return r.work <= maxWork
}

// find gives the part that a reference in part from means: as the standard has it, or else from the
// document's folder or the root, as some writers have it.
func (r *reader) find(from, ref string) string {
	for _, folder := range []string{path.Dir(from), path.Dir(r.main), ""} {
		if name := clean(folder, ref); r.archive.Has(name) {
			return name
		}
	}
	return clean(path.Dir(from), ref)
}

// resources reads what pages refer to by number. What is missing or broken here shows where it is used.
func (r *reader) resources() {
	r.widths, r.media, r.composites = map[string]float64{}, map[string]string{}, map[string]*xmltree.Node{}
	r.fills = map[string]*xmltree.Node{}
	r.templates, r.parsed, r.notes, r.fonts = map[string]*xmltree.Node{}, map[string]*xmltree.Node{}, map[string]string{}, map[string]string{}
	if common := r.document.Kid("CommonData"); common != nil {
		for _, k := range common.Kids {
			switch k.Name {
			case "PublicRes", "DocumentRes":
				name := r.find(r.main, k.Content())
				if res, err := parse(r.archive, name); err == nil {
					r.resource(name, res)
				}
			case "TemplatePage":
				r.templates[k.Attr("ID")] = k
			}
		}
	}
	if k := r.document.Kid("Annotations"); k != nil {
		name := r.find(r.main, k.Content())
		if list, err := parse(r.archive, name); err == nil {
			for _, p := range list.Kids {
				if p.Name == "Page" {
					r.notes[p.Attr("PageID")] = r.find(name, p.Kid("FileLoc").Content())
				}
			}
		}
	}
}

func (r *reader) resource(name string, res *xmltree.Node) {
	base := clean(path.Dir(name), res.Attr("BaseLoc"))
	relative := map[string]string{} // DrawParams that take the width of another
	for _, list := range res.Kids {
		for _, k := range list.Kids {
			id := k.Attr("ID")
			switch k.Name {
			case "DrawParam":
				if c := k.Kid("FillColor"); c != nil {
					r.fills[id] = c
				}
				if w, err := strconv.ParseFloat(k.Attr("LineWidth"), 64); err == nil {
					r.widths[id] = w
				} else if other := k.Attr("Relative"); other != "" {
					relative[id] = other
				}
			case "MultiMedia", "Font":
				ref := k.Kid("MediaFile").Content()
				if k.Name == "Font" {
					ref = k.Kid("FontFile").Content()
				}
				file := clean(base, ref)
				if !r.archive.Has(file) {
					file = r.find(name, ref)
				}
				if k.Name == "Font" {
					r.fonts[id] = file
				} else {
					r.media[id] = file
				}
			case "CompositeGraphicUnit", "CompositeGraphUnit", "VectorG":
				r.composites[id] = k
			}
		}
	}
	for id := range relative {
		other, ok := relative[id]
		for n := 0; ok && n < len(relative); n++ { // one may take it of another that takes it of a third
			if w, known := r.widths[other]; known {
				r.widths[id] = w
				break
			}
			other, ok = relative[other]
		}
	}
}

// attachments names the files inside the file.
func (r *reader) attachments() []diag.Warning {
	k := r.document.Kid("Attachments")
	if k == nil {
		return nil
	}
	list, err := parse(r.archive, r.find(r.main, k.Content()))
	if err != nil {
		return nil
	}
	var out []diag.Warning
	for _, a := range list.Kids {
		if a.Name == "Attachment" && len(out) < maxWarnings {
			out = append(out, diag.Warning{
				Code:    diag.Attachment,
				Message: fmt.Sprintf("the OFD holds the file %q, which was not read; save it and convert it by itself", a.Attr("Name", "ID")),
			})
		}
	}
	return out
}
