package sbom

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// debian is an installed package.
type debian struct{ name, version, arch, source string }

func (p debian) sourceInfo() string {
	if p.source == "" {
		return ""
	}
	return "Debian source " + p.source
}

// installed reads dpkg's database.
func installed(root fs.FS) ([]debian, error) {
	b, err := fs.ReadFile(root, "var/lib/dpkg/status")
	if err != nil {
		return nil, fmt.Errorf("packages: %w", err)
	}
	var out []debian
	for _, p := range paragraphs(b) {
		if strings.HasSuffix(p["status"], " installed") {
			out = append(out, debian{p["package"], p["version"], p["architecture"], p["source"]})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("packages: none is installed: %w", fs.ErrNotExist)
	}
	return out, nil
}

// osRelease gives the distribution as purls name it: debian-12.
func osRelease(root fs.FS) (string, error) {
	b, err := fs.ReadFile(root, "etc/os-release")
	if err != nil {
		return "", fmt.Errorf("distribution: %w", err)
	}
	v := map[string]string{}
	for _, line := range strings.Split(string(b), "\n") {
		if k, val, ok := strings.Cut(line, "="); ok {
			v[k] = strings.Trim(val, `"`)
		}
	}
	return v["ID"] + "-" + v["VERSION_ID"], nil
}

// paragraphs reads Debian's control format: fields, by lower-case name, in paragraphs.
func paragraphs(b []byte) []map[string]string {
	var out []map[string]string
	var p map[string]string
	last := ""
	for _, line := range strings.Split(string(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))), "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			p, last = nil, ""
		case line[0] == ' ' || line[0] == '\t':
			if last != "" {
				p[last] += "\n" + line
			}
		case line[0] == '#':
		default:
			name, value, ok := strings.Cut(line, ":")
			if !ok {
				continue
			}
			if p == nil {
				p = map[string]string{}
				out = append(out, p)
			}
			last = strings.ToLower(name)
			p[last] = strings.TrimSpace(value)
		}
	}
	return out
}

// terms is what a package's copyright file says.
type terms struct {
	expression, comment string
	own                 []Licence
}

// copyright reads /usr/share/doc/NAME/copyright.
func copyright(root fs.FS, name string) (terms, error) {
	file := "usr/share/doc/" + name + "/copyright"
	b, err := fs.ReadFile(root, file)
	if err != nil {
		return terms{expression: unknown, comment: "the package has no copyright file of its own"}, nil
	}
	all := paragraphs(b)
	if len(all) == 0 || !strings.Contains(all[0]["format"], "copyright-format") {
		return terms{expression: unknown, comment: "see /" + file + ", which no program can read"}, nil
	}
	texts := map[string]string{} // of stand-alone paragraphs, by short name
	named := map[string]bool{}
	for i, p := range all {
		short, text, _ := strings.Cut(p["license"], "\n")
		short = strings.TrimSpace(short)
		if short == "" {
			continue
		}
		if text != "" && texts[short] == "" {
			texts[short] = strings.TrimSpace(text)
		}
		if i == 0 || p["files"] != "" {
			named[short] = true
		}
	}
	t := terms{comment: "see /" + file}
	own := map[string]Licence{}
	expressions := map[string]bool{}
	for _, short := range sorted(named) {
		e, refs := expression(name, short)
		expressions[e] = true
		for ref, called := range refs {
			text := texts[called]
			if text == "" {
				text = "See /" + file + " in the image."
			}
			own[ref] = Licence{ref, called, text}
		}
	}
	if len(expressions) == 0 {
		return terms{expression: unknown, comment: "see /" + file}, nil
	}
	parts := sorted(expressions)
	if len(parts) > 1 {
		for i, p := range parts {
			if strings.Contains(p, " OR ") {
				parts[i] = "(" + p + ")"
			}
		}
	}
	t.expression = strings.Join(parts, " AND ")
	refs := map[string]bool{}
	for ref := range own {
		refs[ref] = true
	}
	for _, ref := range sorted(refs) {
		t.own = append(t.own, own[ref])
	}
	return t, nil
}

// spdx is SPDX's names for Debian's, in lower case.
var spdx = map[string]string{
	"apache-2.0": "Apache-2.0", "artistic": "Artistic-1.0-Perl", "artistic-2.0": "Artistic-2.0", "bsd-2-clause": "BSD-2-Clause",
	"bsd-3-clause": "BSD-3-Clause", "bsd-4-clause": "BSD-4-Clause", "bsl-1.0": "BSL-1.0", "cc0-1.0": "CC0-1.0", "cc0": "CC0-1.0",
	"cc-by-4.0": "CC-BY-4.0", "cc-by-sa-3.0": "CC-BY-SA-3.0", "cc-by-sa-4.0": "CC-BY-SA-4.0", "expat": "MIT", "mit": "MIT",
	"ftl": "FTL", "isc": "ISC", "mpl-1.1": "MPL-1.1", "mpl-2.0": "MPL-2.0", "openssl": "OpenSSL", "unlicense": "Unlicense", "zlib": "Zlib",
	"unicode-dfs-2016": "Unicode-DFS-2016", "x11": "X11", "bzip2": "bzip2-1.0.6", "curl": "curl", "ijg": "IJG", "libpng": "Libpng", "zpl-2.1": "ZPL-2.1",
	"gfdl-1.3": "GFDL-1.3-only", "gfdl-1.3+": "GFDL-1.3-or-later", "gfdl-1.2": "GFDL-1.2-only", "gfdl-1.2+": "GFDL-1.2-or-later",
	"gpl-1": "GPL-1.0-only", "gpl-1+": "GPL-1.0-or-later", "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later",
	"gpl-3": "GPL-3.0-only", "gpl-3+": "GPL-3.0-or-later", "lgpl-2": "LGPL-2.0-only", "lgpl-2+": "LGPL-2.0-or-later",
	"lgpl-2.1": "LGPL-2.1-only", "lgpl-2.1+": "LGPL-2.1-or-later", "lgpl-3": "LGPL-3.0-only", "lgpl-3+": "LGPL-3.0-or-later",
	"gpl-2.0": "GPL-2.0-only", "gpl-2.0+": "GPL-2.0-or-later", "gpl-3.0": "GPL-3.0-only", "gpl-3.0+": "GPL-3.0-or-later",
	"lgpl-2.0": "LGPL-2.0-only", "lgpl-2.0+": "LGPL-2.0-or-later", "lgpl-3.0": "LGPL-3.0-only", "lgpl-3.0+": "LGPL-3.0-or-later",
	"afl-2.1": "AFL-2.1", "beerware": "Beerware", "bsd-1-clause": "BSD-1-Clause", "fsfap": "FSFAP", "fsful": "FSFUL", "fsfullr": "FSFULLR",
	"ofl-1.1": "OFL-1.1", "postgresql": "PostgreSQL",
	"agpl-3": "AGPL-3.0-only", "agpl-3+": "AGPL-3.0-or-later",
}

var operator = regexp.MustCompile(`(?i)[,\s]+(and/or|and|or)\s+|\s*,\s*`)

// expression turns a short name of Debian's copyright format into SPDX: "GPL-2+ or Artistic". The
// names that SPDX does not have come back as references of the package's own (one short name means
// other words in other packages), with what they stand for. "and" binds closer than "or" in both.
func expression(pkg, short string) (string, map[string]string) {
	refs := map[string]string{}
	var b strings.Builder
	rest := short
	for {
		loc := operator.FindStringSubmatchIndex(rest)
		name := rest
		if loc != nil {
			name = rest[:loc[0]]
		}
		name = strings.TrimSpace(name)
		if s, ok := spdx[strings.ToLower(name)]; ok {
			b.WriteString(s)
		} else {
			ref := "LicenseRef-" + strings.TrimRight(idString(pkg+"-"+name), "-")
			refs[ref] = name
			b.WriteString(ref)
		}
		if loc == nil {
			return b.String(), refs
		}
		word := "and" // a comma alone
		if loc[2] >= 0 {
			word = strings.ToLower(rest[loc[2]:loc[3]])
		}
		if word == "and/or" {
			word = "or"
		}
		b.WriteString(" " + strings.ToUpper(word) + " ")
		rest = rest[loc[1]:]
	}
}
