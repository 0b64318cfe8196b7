// Compareseen holds what nianbao reads of all files of a folder against what is seen on their pages as other programs draw them:
//
//	go run ./internal/dev/seen/compareseen -drawn /tmp/drawn FOLDER
//
// LibreOffice draws office documents, Chromium web pages, and Poppler says which words are on a page and whether there is ink
// where they stand. A line of a file says which numbers and words are shown and not read, and which are read and not shown, the
// numbers first; the last lines count. Nothing is fetched, and no text of the files is kept. Pages that are pictures alone are left out.
package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/dev/seen"
)

// patience is how long the reading of a document may take.
const patience = 2 * time.Minute

func main() {
	nianbao.WorkerMain()
	drawn := flag.String("drawn", "", "folder where drawn pages stay (default: a new one, removed at the end)")
	only := flag.String("only", "", "compare files alone whose path has this in it")
	most := flag.Int("words", 40, "how many words of a difference are printed")
	table := flag.String("table", "", "write a CSV file with a row for each file: its kind, what became of it, where its differences stand")
	pages := flag.Int("pages", 40, "leave out documents of more pages") // a report has 12
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: compareseen [-drawn DIR] [-only PART] [-table CSV] FOLDER")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *drawn, *only, *table, *most, *pages); err != nil {
		fmt.Fprintln(os.Stderr, "compareseen:", err)
		os.Exit(1)
	}
}

// counts is what became of the files.
type counts struct{ files, same, numbers, words, long, refused, undrawn, ended int }

// entry is a file's row of the table.
type entry struct{ kind, file, outcome, cause, unread, unseen string }

// save writes the table, sorted by kind, outcome and cause.
func save(path string, table []entry) (err error) {
	slices.SortFunc(table, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.outcome, b.outcome), cmp.Compare(a.cause, b.cause), cmp.Compare(a.file, b.file))
	})
	f, err := os.Create(path) //nolint:gosec // the path is what the caller asks for
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := csv.NewWriter(f)
	rows := [][]string{{"kind", "file", "outcome", "where it stands", "shown, not read", "read, not shown"}}
	for _, e := range table {
		rows = append(rows, []string{e.kind, e.file, e.outcome, e.cause, e.unread, e.unseen})
	}
	return w.WriteAll(rows)
}

func run(folder, drawn, only, table string, most, pages int) error {
	if drawn == "" {
		dir, err := os.MkdirTemp("", "drawn")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		drawn = dir
	}
	if err := os.MkdirAll(drawn, 0o750); err != nil {
		return err
	}
	c, err := nianbao.New(nianbao.Options{Isolate: &nianbao.Isolation{Limits: nianbao.Limits{Base: patience}}})
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	var n counts
	var rows []entry
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(path, only) {
			return err
		}
		n.files++
		e := entry{kind: strings.ToLower(strings.TrimPrefix(filepath.Ext(path), ".")), file: filepath.Base(path), outcome: "the same"}
		line := n.compare(c, path, drawn, most, pages, &e)
		if line != "" {
			fmt.Printf("%s: %s\n", path, line)
		}
		rows = append(rows, e)
		return nil
	})
	fmt.Printf("%d files: %d the same, %d differ in numbers, %d in words alone, %d longer than %d pages, %d refused, %d not drawn, %d ended a worker\n", n.files, n.same, n.numbers, n.words, n.long, pages, n.refused, n.undrawn, n.ended)
	if table != "" {
		err = errors.Join(err, save(table, rows))
	}
	return err
}

// compare gives the line of a file, "" where nothing differs, and fills in its row.
func (n *counts) compare(c *nianbao.Converter, path, drawn string, most, pages int, e *entry) string {
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	doc, err := c.Tables(ctx, nianbao.File(path), true)
	if err != nil {
		if errors.Is(err, nianbao.ErrLimit) || errors.Is(err, context.DeadlineExceeded) {
			n.ended++
			e.outcome = "ended a worker"
			return "ENDED: " + err.Error()
		}
		n.refused++
		e.outcome, e.cause = "refused", err.Error()
		return "refused: " + err.Error()
	}
	if doc.Close != nil {
		defer func() { _ = doc.Close() }()
	}
	pdf, err := seen.Draw(ctx, path, drawn)
	if err != nil {
		n.undrawn++
		e.outcome = "not drawn"
		return err.Error()
	}
	found, err := seen.Look(ctx, pdf, pages+1)
	if err != nil {
		n.undrawn++
		return err.Error()
	}
	if found.Pages() > pages {
		n.long++
		e.outcome = "too long"
		return ""
	}
	shown, read := found.Words(), seen.Document(doc)
	blank, err := found.Blank(ctx, seen.Compare(shown, read).Unread)
	if err != nil {
		n.undrawn++
		return err.Error()
	}
	for w, k := range blank {
		shown[w] -= k
	}
	d := seen.Compare(shown, read)
	unread, unseen := seen.Numbers(d.Unread), seen.Numbers(d.Unseen)
	switch {
	case len(d.Unread)+len(d.Unseen) == 0:
		n.same++
		return ""
	case len(unread)+len(unseen) > 0:
		n.numbers++
		e.outcome = "other numbers"
	default:
		n.words++
		e.outcome = "other words alone"
	}
	if data, err := os.ReadFile(path); err == nil { //nolint:gosec // a file of the folder that is compared
		e.cause = seen.Cause(path, data, d)
	}
	e.unread, e.unseen = list(d.Unread, most), list(d.Unseen, most)
	return fmt.Sprintf("shown, not read: %s; read, not shown: %s; words: %s; %s",
		list(unread, most), list(unseen, most), list(without(d.Unread), most), list(without(d.Unseen), most))
}

func without(words []string) []string {
	var out []string
	for _, w := range words {
		if len(seen.Numbers([]string{w})) == 0 {
			out = append(out, w)
		}
	}
	return out
}

func list(words []string, most int) string {
	if len(words) > most {
		return fmt.Sprintf("%s … %d", strings.Join(words[:most], " "), len(words))
	}
	return strings.Join(words, " ")
}
