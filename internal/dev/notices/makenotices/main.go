// Command makenotices writes the list of what is inside the program, from what is linked into
// ../../cmd/nianbao: with cgo for Linux, and without for each system that releases are built for. Usage: makenotices FILE
//
// It stops at a module without a licence text, at a text that it does not know, and at a licence
// that is not permissive.
package main

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/internal/dev/notices"
)

const (
	program = "github.com/nianbao/nianbao/cmd/nianbao"
	engine  = "github.com/klippa-app/go-pdfium"
	// sandbox is the file that holds PDFium, in the engine's module.
	sandbox = "internal/pdfium_wasm/pdfium.wasm"
)

// parts is what PDFium's WebAssembly holds: PDFium and the libraries that the file shows traces of,
// the compiler's included.
var parts = []notices.Component{
	{Name: "PDFium", Licence: "BSD-3-Clause AND Apache-2.0", Texts: []string{"pdfium", "apache-2.0"}},
	{Name: "Abseil", Licence: "Apache-2.0", Texts: []string{"apache-2.0"}},
	{Name: "Anti-Grain Geometry", Version: "2.3", Licence: "LicenseRef-AGG-2.3", Texts: []string{"agg23"}},
	{Name: "dragonbox", Licence: "BSL-1.0", Texts: []string{"dragonbox"}},
	{Name: "fast_float", Licence: "MIT", Texts: []string{"fast_float"}},
	{Name: "FreeType", Licence: "FTL", Texts: []string{"freetype"}},
	{Name: "ICU", Version: "78", Licence: "Unicode-3.0", Texts: []string{"icu"}},
	{Name: "libjpeg-turbo", Version: "3.1.0", Licence: "IJG AND BSD-3-Clause AND Zlib", Texts: []string{"libjpeg-turbo", "ijg"}},
	{Name: "Little CMS", Licence: "MIT", Texts: []string{"lcms"}},
	{Name: "LLVM libc++, libc and compiler-rt", Licence: "Apache-2.0 WITH LLVM-exception", Texts: []string{"llvm"}},
	{Name: "musl", Licence: "MIT", Texts: []string{"musl"}},
	{Name: "OpenJPEG", Licence: "BSD-2-Clause", Texts: []string{"openjpeg"}},
	{Name: "simdutf", Licence: "MIT", Texts: []string{"simdutf"}},
	{Name: "zlib", Licence: "Zlib", Texts: []string{"zlib"}},
}

//go:embed texts/*.txt
var texts embed.FS

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: makenotices FILE")
		os.Exit(2)
	}
	b, err := generate()
	if err == nil {
		err = os.WriteFile(os.Args[1], b, 0o644)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "makenotices: %v\n", err)
		os.Exit(1)
	}
}

// module is what go list tells of one.
type module struct {
	Path, Version, Dir, Sum string
	Main                    bool
	Replace                 *module
}

// generate gives the file's content.
func generate() ([]byte, error) {
	all, err := linked("linux", true)
	if err != nil {
		return nil, err
	}
	pure := map[string]*module{}
	for _, system := range systems {
		found, err := linked(system, false)
		if err != nil {
			return nil, err
		}
		maps.Copy(pure, found)
	}
	maps.Copy(all, pure)
	l := &notices.List{Texts: map[string]string{}}
	for _, path := range slices.Sorted(maps.Keys(all)) { // of two texts that differ in blanks, the first stays
		m := all[path]
		c, err := component(m, l.Texts)
		if err != nil {
			return nil, err
		}
		c.Cgo = pure[m.Path] == nil
		l.Components = append(l.Components, c)
	}
	own, err := own(all, l.Texts)
	if err != nil {
		return nil, err
	}
	l.Components = slices.Concat(own[:1], l.Components, own[1:])
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(l); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// systems are those that scripts/dist.sh builds for: each links modules of its own.
var systems = []string{"linux", "darwin", "windows"}

// linked gives the modules of the program for a system, by path.
func linked(system string, cgo bool) (map[string]*module, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=Module", program)
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
	if cgo {
		cmd.Env = append(cmd.Env, "CGO_ENABLED=1")
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, said.String())
	}
	found := map[string]*module{}
	d := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct{ Module *module }
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if m := p.Module; m != nil && !m.Main {
			if m.Replace != nil {
				m.Replace.Path = m.Path
				m = m.Replace
			}
			found[m.Path] = m
		}
	}
}

// licenceFile is the names under which modules keep licences; noticeFile, those of texts that go with
// them and name no licence of their own. A logo is not linked.
var (
	licenceFile = regexp.MustCompile(`(?i)^(licen[cs]es?|copying)([-.].*)?$`)
	noticeFile  = regexp.MustCompile(`(?i)^(notice|patents|licen[cs]e-3rd-party)(\..*)?$`)
	noFile      = regexp.MustCompile(`(?i)(-logo|\.go)$`)
)

// component reads a module's licence from its files.
func component(m *module, texts map[string]string) (notices.Component, error) {
	c := notices.Component{Name: m.Path, Version: m.Version, Sum: m.Sum}
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		return c, fmt.Errorf("%s: %w (go mod download gets it)", m.Path, err)
	}
	var ids []string
	for _, e := range entries {
		notice := noticeFile.MatchString(e.Name())
		if e.IsDir() || !notice && !licenceFile.MatchString(e.Name()) || noFile.MatchString(e.Name()) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(m.Dir, e.Name()))
		if err != nil {
			return c, err
		}
		text := string(b)
		c.Texts = append(c.Texts, keep(texts, text))
		if notice {
			continue
		}
		id, err := identify(text)
		if err != nil {
			return c, fmt.Errorf("%s %s: %w", m.Path, e.Name(), err)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return c, fmt.Errorf("%s: no licence file in its root", m.Path)
	}
	c.Licence = strings.Join(ids, " AND ")
	return c, nil
}

// own gives what is no module, with the program first.
func own(modules map[string]*module, kept map[string]string) ([]notices.Component, error) {
	m := modules[engine]
	if m == nil {
		return nil, fmt.Errorf("the program does not link %s any more: mend the list of parts", engine)
	}
	b, err := os.ReadFile(filepath.Join(m.Dir, sandbox))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	list := []notices.Component{
		{Name: "nianbao", Licence: "Apache-2.0", Texts: []string{"apache-2.0"}},
		{Name: "Go", Licence: "BSD-3-Clause", Texts: []string{"go"}},
		{Name: "OpenCC's dictionaries", Version: "1.4.1", Licence: "Apache-2.0", In: "nianbao", Texts: []string{"apache-2.0"}}, // normalize/simplified/data
	}
	for _, p := range parts {
		p.In = engine
		if p.Name == "PDFium" {
			p.Sum = "sha256:" + hex.EncodeToString(sum[:])
		} else {
			p.In = "PDFium"
		}
		list = append(list, p)
	}
	for i := range list {
		keys := list[i].Texts
		list[i].Texts = nil
		for _, name := range keys {
			b, err := texts.ReadFile("texts/" + name + ".txt")
			if err != nil {
				return nil, err
			}
			list[i].Texts = append(list[i].Texts, keep(kept, string(b)))
		}
	}
	return list, nil
}

// keep stores a text once and gives its key.
func keep(texts map[string]string, text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	key := hex.EncodeToString(sum[:6])
	if _, ok := texts[key]; !ok {
		texts[key] = text
	}
	return key
}

// clauses tells licences by words that only they have, the more particular first.
var clauses = []struct {
	id    string
	words []string
}{
	{"Apache-2.0 WITH LLVM-exception", []string{"apache license", "llvm exceptions"}},
	{"Apache-2.0", []string{"apache license", "version 2.0, january 2004"}},
	{"MIT", []string{"permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files", "without warranty of any kind"}},
	{"BSD-3-Clause", []string{"redistribution and use in source and binary forms", "names of its contributors may be used to endorse"}},
	{"BSD-3-Clause", []string{"redistribution and use in source and binary forms", "contributors may be used to endorse"}},
	{"BSD-2-Clause", []string{"redistribution and use in source and binary forms", "redistributions in binary form must reproduce"}},
	{"blessing", []string{"sqlite", "public domain"}},
	{"ISC", []string{"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted"}},
	{"ISC", []string{"permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted"}},
}

// identify gives the SPDX identifier of a permissive licence's text, or of the Mozilla Public License, whose copyleft
// ends at its own files. The words of licences that are not permissive make it refuse.
func identify(text string) (string, error) {
	words := strings.ToLower(strings.Join(strings.Fields(text), " "))
	// Its whole text speaks of the GNU licences, and its last exhibit is the standard one.
	if strings.HasPrefix(words, "mozilla public license version 2.0 ") && strings.HasSuffix(words, `this source code form is "incompatible with secondary licenses", as defined by the mozilla public license, v. 2.0.`) {
		return "MPL-2.0", nil
	}
	// libcap's offers two licences, and the permissive one is taken.
	if strings.HasPrefix(words, "/* spdx-license-identifier: bsd-3-clause or gpl-2.0-only */") {
		return "BSD-3-Clause", nil
	}
	for _, stop := range []string{"gnu general public license", "gnu affero", "gnu lesser", "mozilla public license", "server side public license", "business source license", "commons clause"} {
		if strings.Contains(words, stop) {
			return "", fmt.Errorf("the licence speaks of %q: it is not permissive, or must be read by a person", stop)
		}
	}
	for _, c := range clauses {
		if !slices.ContainsFunc(c.words, func(w string) bool { return !strings.Contains(words, w) }) {
			return c.id, nil
		}
	}
	return "", errors.New("the licence's text is not known")
}
