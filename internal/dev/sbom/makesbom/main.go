// Command makesbom prints the bill of materials of a program or an image. It runs in the source tree
// that the program was built from. SOURCE_DATE_EPOCH, when set, is the date it bears.
//
//	makesbom -name NAME -binary FILE [-version V] [-root DIR]
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/nianbao/nianbao/internal/dev/notices"
	"github.com/nianbao/nianbao/internal/dev/sbom"
)

func main() {
	name := flag.String("name", "nianbao", "`name` of the whole")
	version := flag.String("version", "devel", "its `version`")
	binary := flag.String("binary", "", "the program, a `file`")
	root := flag.String("root", "", "`folder` with the image's root")
	flag.Parse()
	if err := run(*name, *version, *binary, *root); err != nil {
		fmt.Fprintf(os.Stderr, "makesbom: %v\n", err)
		os.Exit(1)
	}
}

func run(name, version, binary, root string) error {
	created := time.Now()
	if s := os.Getenv("SOURCE_DATE_EPOCH"); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
		}
		created = time.Unix(n, 0)
	}
	b, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	files, err := embedded()
	if err != nil {
		return err
	}
	in := sbom.Input{Name: name, Version: version, Created: created, Binary: bytes.NewReader(b), Notices: notices.All(), Embedded: files}
	if root != "" {
		in.Root = os.DirFS(root)
	}
	d, err := sbom.Make(in)
	if err != nil {
		return err
	}
	return d.Write(os.Stdout)
}

// embedded gives the project's own files inside the program: weights, forms, schema.
func embedded() ([]sbom.File, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=Dir,EmbedFiles,Module", "./cmd/nianbao")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var names []string
	base := ""
	d := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct {
			Dir        string
			EmbedFiles []string
			Module     *struct {
				Main bool
				Dir  string
			}
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Module == nil || !p.Module.Main {
			continue
		}
		base = p.Module.Dir
		for _, f := range p.EmbedFiles {
			names = append(names, filepath.Join(p.Dir, f))
		}
	}
	slices.Sort(names)
	var files []sbom.File
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(base, n)
		if err != nil {
			return nil, err
		}
		files = append(files, sbom.File{Name: filepath.ToSlash(rel), Data: b})
	}
	return files, nil
}
