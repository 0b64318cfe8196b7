package sbom_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nianbao/nianbao/internal/dev/notices"
	"github.com/nianbao/nianbao/internal/dev/sbom"
)

const status = `Package: libtesseract5
Status: install ok installed
Architecture: amd64
Version: 5.3.0-2
Source: tesseract
Description: library
 more of it
Maintainer: somebody

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: libstdc++6
Status: install ok installed
Architecture: amd64
Version: 12.2.0-14+deb12u1

Package: tool
Status: install ok installed
Architecture: all
Version: 1:2~rc1
`

const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2020 Somebody
License: GPL-2+ or Artistic

Files: b
License: Expat
 Permission is hereby granted

Files: c
License: odd-one

License: odd-one
 Do as you like.

License: GPL-3
 named by no files
`

func image() fstest.MapFS {
	f := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"etc/os-release":                                      f("ID=debian\nVERSION_ID=\"12\"\n"),
		"var/lib/dpkg/status":                                 f(status),
		"usr/share/doc/libtesseract5/copyright":               f("Written by hand: Apache."),
		"usr/share/doc/tool/copyright":                        f(copyright),
		"usr/share/tesseract-ocr/5/tessdata/eng.traineddata":  f("model"),
		"usr/share/tesseract-ocr/5/tessdata/configs/anything": f(""),
	}
}

// list is of a program that links Go alone.
var list = &notices.List{
	Components: []notices.Component{
		{Name: "Go", Licence: "BSD-3-Clause", Texts: []string{"go"}},
		{Name: "Engine", Licence: "MIT", In: "Go", Sum: "sha256:00", Texts: []string{"go"}},
		{Name: "Part", Licence: "LicenseRef-own", In: "Engine", Texts: []string{"own"}},
		{Name: "Part of a module that is not linked", Licence: "MIT", In: "example.org/m", Texts: []string{"go"}},
	},
	Texts: map[string]string{"go": "Go's terms", "own": "its own terms"},
}

// input is the test's own binary in an image.
func input(t *testing.T) sbom.Input {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return sbom.Input{Name: "sample", Version: "v1", Created: time.Unix(0, 0), Binary: bytes.NewReader(b), Notices: list,
		Embedded: []sbom.File{{Name: "form/data/x.json", Data: []byte("{}")}}, Root: image()}
}

func TestMake(t *testing.T) {
	d, err := sbom.Make(input(t))
	if err != nil {
		t.Fatal(err)
	}
	packages := map[string]sbom.Package{}
	for _, p := range d.Packages {
		if _, twice := packages[p.ID]; twice {
			t.Errorf("%s is there twice", p.ID)
		}
		packages[p.ID] = p
	}
	for _, r := range d.Relationships {
		_, a := packages[r.Element]
		_, b := packages[r.Related]
		if (!a && r.Element != d.ID) || !b {
			t.Errorf("%v is of packages that are not there", r)
		}
	}
	for _, c := range []struct {
		reason, id, version, licence, purl string
	}{
		{"a copyright file that is prose", "SPDXRef-deb-libtesseract5", "5.3.0-2", "NOASSERTION", "pkg:deb/debian/libtesseract5@5.3.0-2?arch=amd64&distro=debian-12"},
		{"a plus in the name", "SPDXRef-deb-libstdc-plus-plus6", "12.2.0-14+deb12u1", "NOASSERTION", "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12"},
		{"licences in paragraphs", "SPDXRef-deb-tool", "1:2~rc1", "(GPL-2.0-or-later OR Artistic-1.0-Perl) AND LicenseRef-tool-odd-one AND MIT", "pkg:deb/debian/tool@1%3A2~rc1?arch=all&distro=debian-12"},
		{"a part of a part", "SPDXRef-part-Part", "", "LicenseRef-own", ""},
		{"a model", "SPDXRef-file-eng.traineddata", "", "Apache-2.0", ""},
		{"an embedded file", "SPDXRef-file-form-data-x.json", "", "Apache-2.0", ""},
	} {
		p, ok := packages[c.id]
		if !ok {
			t.Errorf("%s: %s is missing", c.reason, c.id)
			continue
		}
		locator := ""
		if len(p.References) > 0 {
			locator = p.References[0].Locator
		}
		if p.Version != c.version || p.Declared != c.licence || locator != c.purl {
			t.Errorf("%s: %s %s %s, want %s %s %s", c.reason, p.Version, p.Declared, locator, c.version, c.licence, c.purl)
		}
	}
	for id, reason := range map[string]string{"SPDXRef-deb-gone": "a removed package", "SPDXRef-part-Part-of-a-module-that-is-not-linked": "what is not linked"} {
		if _, ok := packages[id]; ok {
			t.Errorf("%s is listed", reason)
		}
	}
	texts := map[string]string{}
	for _, l := range d.Licences {
		texts[l.ID] = l.Text
	}
	for id, want := range map[string]string{"LicenseRef-tool-odd-one": "Do as you like.", "LicenseRef-own": "its own terms"} {
		if texts[id] != want {
			t.Errorf("text of %s: %q, want %q", id, texts[id], want)
		}
	}
}

// TestMakeSame holds that the same input gives the same bytes, which are JSON.
func TestMakeSame(t *testing.T) {
	var first []byte
	for range 3 {
		d, err := sbom.Make(input(t))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(b.Bytes()) {
			t.Fatal("no JSON")
		}
		if first == nil {
			first = b.Bytes()
		}
		if !bytes.Equal(first, b.Bytes()) {
			t.Fatal("the same input gave different bytes")
		}
	}
}

func TestMakeFails(t *testing.T) {
	for _, c := range []struct {
		reason, remove, want string
	}{
		{"no package database", "var/lib/dpkg/status", "packages"},
		{"no distribution", "etc/os-release", "distribution"},
		{"no models", "usr/share/tesseract-ocr/5/tessdata/eng.traineddata", "models"},
	} {
		root := image()
		delete(root, c.remove)
		in := input(t)
		in.Root = root
		if _, err := sbom.Make(in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.reason, err)
		}
	}
	in := input(t)
	in.Binary = bytes.NewReader([]byte("no program"))
	if _, err := sbom.Make(in); err == nil {
		t.Error("bytes that are no program were taken for one")
	}
}
