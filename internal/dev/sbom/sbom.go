// Package sbom makes a software bill of materials: SPDX 2.3 as JSON.
//
// It lists what a binary says of itself (its Go modules), what package notices says is inside, and
// what Debian's package database says is around it. Licences of Debian packages are those of their
// machine-readable copyright files; where a file is not machine-readable, the bill says so and the
// text stays in the image.
package sbom

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nianbao/nianbao/internal/dev/notices"
)

const unknown = "NOASSERTION"

// Document is an SPDX 2.3 document, as far as this project fills one.
type Document struct {
	Version       string         `json:"spdxVersion"`
	DataLicence   string         `json:"dataLicense"`
	ID            string         `json:"SPDXID"`
	Name          string         `json:"name"`
	Namespace     string         `json:"documentNamespace"`
	Creation      Creation       `json:"creationInfo"`
	Packages      []Package      `json:"packages"`
	Relationships []Relationship `json:"relationships"`
	Licences      []Licence      `json:"hasExtractedLicensingInfos,omitempty"`

	licences map[string]bool
}

// Creation says who made the document, and when.
type Creation struct {
	Created  string   `json:"created"`
	Creators []string `json:"creators"`
}

// Package is one thing: the image, the program, a module, a Debian package, a data file.
type Package struct {
	ID             string     `json:"SPDXID"`
	Name           string     `json:"name"`
	Version        string     `json:"versionInfo,omitempty"`
	Purpose        string     `json:"primaryPackagePurpose,omitempty"`
	Supplier       string     `json:"supplier,omitempty"`
	Download       string     `json:"downloadLocation"`
	FilesAnalyzed  bool       `json:"filesAnalyzed"`
	SourceInfo     string     `json:"sourceInfo,omitempty"`
	Concluded      string     `json:"licenseConcluded"`
	Declared       string     `json:"licenseDeclared"`
	LicenceComment string     `json:"licenseComments,omitempty"`
	Copyright      string     `json:"copyrightText"`
	Checksums      []Checksum `json:"checksums,omitempty"`
	References     []Ref      `json:"externalRefs,omitempty"`
}

// Checksum of a file.
type Checksum struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"checksumValue"`
}

// Ref names a package to the tools that look for vulnerabilities.
type Ref struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

// Relationship of two elements.
type Relationship struct {
	Element string `json:"spdxElementId"`
	Type    string `json:"relationshipType"`
	Related string `json:"relatedSpdxElement"`
}

// Licence is one that SPDX's list does not have.
type Licence struct {
	ID   string `json:"licenseId"`
	Name string `json:"name"`
	Text string `json:"extractedText"`
}

// Input is what there is to tell of.
type Input struct {
	// Name and Version of the whole; Created is when it was made.
	Name, Version string
	Created       time.Time
	// Binary is the program.
	Binary interface {
		io.Reader
		io.ReaderAt
	}
	// Notices is what the program says is inside it.
	Notices *notices.List
	// Embedded are the project's own files inside the program, by path in its source.
	Embedded []File
	// Root is an image's root; nil for a program alone.
	Root fs.FS
}

// File is a file by name, with its content.
type File struct {
	Name string
	Data []byte
}

// Make gives the document. The error tells of a binary or package database that cannot be read, or
// of a module in the binary that the notices do not know.
func Make(in Input) (*Document, error) {
	info, err := buildinfo.Read(in.Binary)
	if err != nil {
		return nil, fmt.Errorf("binary: %w", err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, in.Binary); err != nil {
		return nil, fmt.Errorf("binary: %w", err)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	d := &Document{
		Version: "SPDX-2.3", DataLicence: "CC0-1.0", ID: "SPDXRef-DOCUMENT", Name: in.Name,
		Creation: Creation{in.Created.UTC().Format(time.RFC3339), []string{"Tool: nianbao-makesbom"}},
		licences: map[string]bool{},
	}
	program := Package{ID: "SPDXRef-nianbao", Name: "nianbao", Version: in.Version, Purpose: "APPLICATION",
		Declared: "Apache-2.0", Checksums: []Checksum{{"SHA256", sum}}}
	whole := program.ID
	if in.Root != nil {
		whole = "SPDXRef-image"
		d.add(Package{ID: whole, Name: in.Name, Version: in.Version, Purpose: "CONTAINER",
			LicenceComment: "each package has its own"})
		d.relate(whole, "CONTAINS", program.ID)
	}
	d.add(program)
	d.relate(d.ID, "DESCRIBES", whole)
	if err := d.addLinked(program.ID, info, in.Notices); err != nil {
		return nil, err
	}
	for _, f := range in.Embedded {
		d.relate(program.ID, "CONTAINS", d.addFile(f, "Apache-2.0"))
	}
	if in.Root != nil {
		if err := d.addDebian(whole, program.ID, in.Root); err != nil {
			return nil, err
		}
	}
	// The same content has the same name.
	b, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	id := sha256.Sum256(b)
	d.Namespace = "https://github.com/nianbao/nianbao/spdx/" + in.Name + "-" + hex.EncodeToString(id[:16])
	return d, nil
}

// Write writes the document as JSON.
func (d *Document) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(d)
}

func (d *Document) add(p Package) string {
	p.Download, p.Copyright, p.Concluded = unknown, unknown, unknown
	if p.Declared == "" {
		p.Declared = unknown
	}
	d.Packages = append(d.Packages, p)
	return p.ID
}

func (d *Document) relate(a, kind, b string) {
	d.Relationships = append(d.Relationships, Relationship{a, kind, b})
}

func (d *Document) addFile(f File, licence string) string {
	sum := sha256.Sum256(f.Data)
	return d.add(Package{ID: id("file", f.Name), Name: f.Name, Purpose: "FILE", Declared: licence,
		Checksums: []Checksum{{"SHA256", hex.EncodeToString(sum[:])}}})
}

// addLicence keeps the text of a licence that SPDX's list does not have, once.
func (d *Document) addLicence(id, name, text string) {
	if !d.licences[id] {
		d.licences[id] = true
		d.Licences = append(d.Licences, Licence{id, name, text})
	}
}

// addLinked adds what is inside the program.
func (d *Document) addLinked(program string, info *buildinfo.BuildInfo, list *notices.List) error {
	known := map[string]notices.Component{}
	for _, c := range list.Components {
		known[c.Name] = c
	}
	version := strings.TrimPrefix(info.GoVersion, "go")
	ids := map[string]string{"nianbao": program} // the program and what is linked, by the notices' names
	ids["Go"] = d.add(Package{ID: id("go", "std"), Name: "Go standard library", Version: version, Purpose: "LIBRARY",
		Declared: known["Go"].Licence, References: purl("golang/std@" + version)})
	d.relate(program, "STATIC_LINK", ids["Go"])
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		c, ok := known[m.Path]
		if !ok || c.Version != m.Version {
			return fmt.Errorf("the notices do not know %s %s: run go generate ./internal/dev/notices", m.Path, m.Version)
		}
		ids[m.Path] = d.add(Package{ID: id("go", m.Path), Name: m.Path, Version: m.Version, Purpose: "LIBRARY",
			Declared: c.Licence, SourceInfo: "go.sum " + m.Sum, References: purl("golang/" + m.Path + "@" + m.Version)})
		d.relate(program, "STATIC_LINK", ids[m.Path])
	}
	for _, c := range list.Components {
		in, linked := ids[c.In]
		if !linked {
			continue
		}
		p := Package{ID: id("part", c.Name), Name: c.Name, Version: c.Version, Purpose: "LIBRARY", Declared: c.Licence}
		if sum, ok := strings.CutPrefix(c.Sum, "sha256:"); ok {
			p.Checksums = []Checksum{{"SHA256", sum}}
			p.SourceInfo = "compiled to WebAssembly; the sum is that file's"
		}
		if strings.HasPrefix(c.Licence, "LicenseRef-") {
			d.addLicence(c.Licence, c.Name, list.Texts[c.Texts[0]])
		}
		ids[c.Name] = d.add(p)
		d.relate(in, "CONTAINS", ids[c.Name])
	}
	return nil
}

// addDebian adds the packages that are installed below root, and Tesseract's models.
func (d *Document) addDebian(image, program string, root fs.FS) error {
	system, err := osRelease(root)
	if err != nil {
		return err
	}
	packages, err := installed(root)
	if err != nil {
		return err
	}
	for _, p := range packages {
		c, err := copyright(root, p.name)
		if err != nil {
			return err
		}
		for _, l := range c.own {
			d.addLicence(l.ID, l.Name, l.Text)
		}
		id := d.add(Package{ID: id("deb", p.name), Name: p.name, Version: p.version, Purpose: "LIBRARY", Supplier: "Organization: Debian",
			Declared: c.expression, LicenceComment: c.comment, SourceInfo: p.sourceInfo(),
			References: purl(fmt.Sprintf("deb/debian/%s@%s?arch=%s&distro=%s", escape(p.name), escape(p.version), p.arch, system))})
		d.relate(image, "CONTAINS", id)
		if p.name == "libtesseract5" {
			d.relate(program, "DYNAMIC_LINK", id)
		}
	}
	models, err := fs.Glob(root, "usr/share/tesseract-ocr/5/tessdata/*.traineddata")
	if err != nil {
		return err
	}
	if len(models) == 0 {
		return fmt.Errorf("no Tesseract models: %w", fs.ErrNotExist)
	}
	for _, m := range models {
		b, err := fs.ReadFile(root, m)
		if err != nil {
			return err
		}
		d.relate(image, "CONTAINS", d.addFile(File{path.Base(m), b}, "Apache-2.0"))
	}
	return nil
}

var notInID = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// id gives an SPDX identifier: letters, digits, full stops and hyphens. "+" is spelt out, since
// names differ by it alone.
func id(kind, name string) string { return "SPDXRef-" + kind + "-" + idString(name) }

func idString(s string) string {
	return notInID.ReplaceAllString(strings.ReplaceAll(s, "+", "-plus"), "-")
}

// escape is a purl's percent encoding, for the characters that Debian's names and versions have.
func escape(s string) string {
	return strings.NewReplacer("%", "%25", "+", "%2B", ":", "%3A").Replace(s)
}

func purl(s string) []Ref { return []Ref{{"PACKAGE-MANAGER", "purl", "pkg:" + s}} }

// sorted gives the keys of a set in order.
func sorted(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
