package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// What became of a file.
const (
	same     = "the same"
	numbers  = "other numbers"
	words    = "other words alone"
	long     = "too long"
	refused  = "refused"
	notDrawn = "not drawn"
	ended    = "ended a worker"
)

// Who says the cause of a difference.
const byRule, byHand = "rule", "read"

// entry is a file's row of a list: whose it is, how many words differ, and why. Its mark is that of a difference that somebody read.
type entry struct {
	kind, outcome  string
	unread, unseen int
	cause, by      string
	mark           string
	blob           string
	repository     string
	path           string
}

// file is its name in the folder of the files.
func (e *entry) file() string {
	if e.blob == "" {
		return e.path
	}
	return e.blob + "." + e.kind
}

var head = []string{"kind", "outcome", "shown, not read", "read, not shown", "cause", "by", "mark", "blob", "repository", "path"}

// files gives an entry for each file of a folder.
func files(folder string) ([]entry, error) {
	var out []entry
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		out = append(out, entry{kind: strings.ToLower(strings.TrimPrefix(filepath.Ext(path), ".")), path: name})
		return err
	})
	return out, err
}

// load reads a list.
func load(path string) (out []entry, err error) {
	f, err := os.Open(path) //nolint:gosec // the path is what the caller asks for
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := csv.NewReader(f)
	r.FieldsPerRecord = len(head)
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, row := range rows[min(1, len(rows)):] {
		e := entry{kind: row[0], outcome: row[1], cause: row[4], by: row[5], mark: row[6], blob: row[7], repository: row[8], path: row[9]}
		for i, n := range []*int{&e.unread, &e.unseen} {
			if *n, err = strconv.Atoi(cmp.Or(row[2+i], "0")); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// save writes a list, sorted by kind, outcome and cause.
func save(path string, entries []entry) (err error) {
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.outcome, b.outcome), cmp.Compare(a.cause, b.cause), cmp.Compare(a.blob, b.blob))
	})
	f, err := os.Create(path) //nolint:gosec // the path is what the caller asks for
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := csv.NewWriter(f)
	rows := [][]string{head}
	for _, e := range entries {
		rows = append(rows, []string{e.kind, e.outcome, strconv.Itoa(e.unread), strconv.Itoa(e.unseen), e.cause, e.by, e.mark, e.blob, e.repository, e.path})
	}
	return w.WriteAll(rows)
}

// summary prints what became of the files of each kind, and gives how many differ without a cause.
func summary(entries []entry, only string) (unexplained int) {
	outcomes := []string{same, numbers, words, long, refused, notDrawn, ended}
	counts, kinds := map[string]map[string]int{}, []string{}
	for i := range entries {
		e := &entries[i]
		if !strings.Contains(e.file(), only) {
			continue
		}
		if counts[e.kind] == nil {
			counts[e.kind] = map[string]int{}
			kinds = append(kinds, e.kind)
		}
		counts[e.kind][e.outcome]++
		counts[e.kind][""]++
		if (e.outcome == numbers || e.outcome == words || e.outcome == ended) && e.cause == "" {
			unexplained++
		}
	}
	fmt.Println("| kind | files |", strings.Join(outcomes, " | "), "|")
	for _, k := range kinds {
		fmt.Printf("| %s | %d |", strings.ToUpper(k), counts[k][""])
		for _, o := range outcomes {
			fmt.Printf(" %d |", counts[k][o])
		}
		fmt.Println()
	}
	return unexplained
}
