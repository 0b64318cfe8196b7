// Compareseen holds what nianbao reads of all files of a folder against what is seen on their pages as other programs draw them:
//
//	go run ./internal/dev/seen/compareseen -drawn /tmp/drawn FOLDER
//	go run ./internal/dev/seen/compareseen -drawn /tmp/drawn -list docs/seen.csv FOLDER
//
// LibreOffice draws office documents, Chromium web pages, and Poppler says which words are on a page and whether there is ink
// where they stand. A line of a file says which numbers and words are shown and not read, and which are read and not shown, the
// numbers first; the last lines count. Nothing is fetched, and no text of the files is kept. Pages that are pictures alone are left out.
//
// A list names files by the sums of their blobs, and holds what became of each and why. It is written anew: what a rule explains is said by
// the rule, and what somebody wrote of a difference stays while the difference is the same. A difference without a cause is an error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
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
	record := flag.String("list", "", "compare the files of a list, FOLDER/BLOB.KIND, and write into it what became of each and why")
	pages := flag.Int("pages", 40, "leave out documents of more pages") // a report has 12
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: compareseen [-drawn DIR] [-only PART] [-list CSV] FOLDER")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *drawn, *only, *record, *most, *pages); err != nil {
		fmt.Fprintln(os.Stderr, "compareseen:", err)
		os.Exit(1)
	}
}

func run(folder, drawn, only, record string, most, pages int) error {
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
	var entries []entry
	if record == "" {
		entries, err = files(folder)
	} else {
		entries, err = load(record)
	}
	if err != nil {
		return err
	}
	w := work{c: c, folder: folder, drawn: drawn, most: most, pages: pages}
	for i := range entries {
		if !strings.Contains(entries[i].file(), only) {
			continue
		}
		if line := w.compare(&entries[i]); line != "" {
			fmt.Printf("%s: %s\n", entries[i].file(), line)
		}
	}
	unexplained := summary(entries, only)
	if record == "" {
		return nil
	}
	if err := save(record, entries); err != nil {
		return err
	}
	if unexplained > 0 {
		return fmt.Errorf("%d files differ without a cause: read them, and write the cause into %s", unexplained, record)
	}
	return nil
}

// work is what the files are compared with.
type work struct {
	c             *nianbao.Converter
	folder, drawn string
	most, pages   int
}

// compare gives the line of a file, "" where nothing differs, and fills in its entry.
func (w *work) compare(e *entry) string {
	ctx, cancel := context.WithTimeout(context.Background(), 3*patience)
	defer cancel()
	before, mark := e.cause, e.mark
	e.outcome, e.cause, e.by, e.mark, e.unread, e.unseen = same, "", "", "", 0, 0
	path := filepath.Join(w.folder, e.file())
	doc, err := w.c.Tables(ctx, nianbao.File(path), nianbao.TableOptions{Structure: true})
	if err != nil {
		e.outcome, e.cause, e.by = refused, err.Error(), byRule
		if errors.Is(err, nianbao.ErrLimit) || errors.Is(err, context.DeadlineExceeded) {
			e.outcome, e.by = ended, ""
		}
		return e.outcome + ": " + err.Error()
	}
	if doc.Close != nil {
		defer func() { _ = doc.Close() }()
	}
	undrawn := func(err error) string {
		e.outcome, e.cause, e.by = notDrawn, "the drawing program gives no page", byRule
		return err.Error()
	}
	pdf, err := seen.Draw(ctx, path, w.drawn)
	if err != nil {
		return undrawn(err)
	}
	found, err := seen.Look(ctx, pdf, w.pages+1)
	if err != nil {
		return undrawn(err)
	}
	if found.Pages() > w.pages {
		e.outcome, e.cause, e.by = long, "", byRule
		return ""
	}
	shown, read := found.Words(), seen.Document(doc)
	blank, err := found.Blank(ctx, seen.Compare(shown, read).Unread)
	if err != nil {
		return undrawn(err)
	}
	for t, k := range blank {
		shown[t] -= k
	}
	d := seen.Compare(shown, read)
	e.unread, e.unseen = len(d.Unread), len(d.Unseen)
	unread, unseen := seen.Numbers(d.Unread), seen.Numbers(d.Unseen)
	switch {
	case len(d.Unread)+len(d.Unseen) == 0:
		return ""
	case len(unread)+len(unseen) > 0:
		e.outcome = numbers
	default:
		e.outcome = words
	}
	evidence := seen.Gather(ctx, path, w.drawn)
	evidence.Pages, evidence.Pictures = found.Pages(), found.Pictured(doc)
	if slices.Contains([]string{"pdf", "doc", "rtf"}, e.kind) { // of packages, headers are known
		evidence.Edges = found.Edges()
	}
	reasons, left := seen.Cause(d, evidence)
	if len(left.Unread)+len(left.Unseen) == 0 {
		e.cause, e.by = said(reasons), byRule
	} else if e.mark = d.Mark(); e.mark == mark && before != "" {
		e.cause, e.by = before, byHand
	}
	return fmt.Sprintf("%s [%s]; left: %s | %s; shown, not read: %s; read, not shown: %s; words: %s; %s",
		e.by, said(reasons), list(left.Unread, w.most), list(left.Unseen, w.most), list(unread, w.most), list(unseen, w.most), list(without(d.Unread), w.most), list(without(d.Unseen), w.most))
}

// said puts causes into words, each with how many words it explains.
func said(reasons []seen.Reason) string {
	var out []string
	for _, r := range reasons {
		out = append(out, fmt.Sprintf("%s (%d)", r.Cause, r.Words))
	}
	return strings.Join(out, ", ")
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
