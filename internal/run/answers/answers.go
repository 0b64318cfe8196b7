// Package answers keeps for good what people said of a document: one file for each content, named by its
// SHA-256, beside the results of a batch and independent of them. Whatever version or setting converts the
// same bytes again, the answers are laid over the new result.
//
// A file is a history that only grows: an answer, a later one for the same value, and an undo are entries of
// it, each with who and when. What counts now is told from the history, so that nothing but a person's own
// undo takes an answer back.
package answers

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/report"
)

// Folder is the name of the folder of answers in a batch's output folder.
const Folder = "answers"

// Entry is one thing that a person said.
type Entry struct {
	// N counts the entries of a history from 1.
	N int `json:"n"`
	// The answer. Of an undo only the path, and who and when, are set.
	report.Patch
	// Undo is the number of the entry that is taken back, 0 in an answer.
	Undo int `json:"undo,omitempty"`
	// Before is what stood there: the value, and the evidence where there was some.
	Before *Before `json:"before,omitempty"`
}

// Before is what an answer took the place of.
type Before struct {
	Value report.Value `json:"value"`
	Cell  *report.Cell `json:"cell,omitempty"`
}

// History is everything that was said of one content, oldest first.
type History struct {
	SHA256  string  `json:"sha256"`
	Name    string  `json:"name"` // base name of the document when it was first answered
	Entries []Entry `json:"entries"`
}

// Current are the answers that count now, in the order in which their values were first answered: of each
// value the last one that nobody took back.
func (h *History) Current() []report.Patch {
	var out []report.Patch
	for _, e := range h.standing() {
		out = append(out, e.Patch)
	}
	return out
}

// Last is the entry that counts now for a value, nil where there is none.
func (h *History) Last(path string) *Entry {
	for _, e := range h.standing() {
		if e.Path == path {
			return e
		}
	}
	return nil
}

func (h *History) standing() []*Entry {
	undone := map[int]bool{}
	for _, e := range h.Entries {
		undone[e.Undo] = true
	}
	at := map[string]int{}
	var out []*Entry
	for i := range h.Entries {
		e := &h.Entries[i]
		if e.Undo != 0 || undone[e.N] {
			continue
		}
		if k, ok := at[e.Path]; ok {
			out[k] = e
			continue
		}
		at[e.Path] = len(out)
		out = append(out, e)
	}
	return out
}

// Store is a folder of histories. Several processes may use it at a time.
type Store struct {
	in    folder.Folder
	below string // the folder of histories within it
	lock  func() (unlock func(), err error)
}

// Open gives the store in a folder of the file system, which is made when the first answer is kept.
func Open(dir string) *Store {
	return &Store{folder.Dir{Root: dir}, "", func() (func(), error) {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		return Lock(filepath.Join(dir, ".lock"))
	}}
}

// InOutput gives the store of a batch's output folder.
func InOutput(out string) *Store { return Open(filepath.Join(out, Folder)) }

// Under gives the store of an output folder of any kind, for one who holds a lock of his own over each content while
// he adds to its history.
func Under(out folder.Folder) *Store {
	return &Store{out, Folder, func() (func(), error) { return func() {}, nil }}
}

var hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// ErrConflict means that a value was answered by somebody else since the history was looked at.
var ErrConflict = errors.New("answered meanwhile")

// Load reads what was said of a content; an empty history where nothing was.
func (s *Store) Load(sha256 string) (*History, error) {
	name, err := s.file(sha256)
	if err != nil {
		return nil, err
	}
	b, err := s.in.Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &History{SHA256: sha256}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	h := new(History)
	if err := json.Unmarshal(b, h); err != nil {
		return nil, fmt.Errorf("answers: %s is damaged and is left as it is: %w", name, err)
	}
	if h.SHA256 != sha256 {
		return nil, fmt.Errorf("answers: %s says that it is of another document, %s", name, h.SHA256)
	}
	return h, nil
}

// Add appends entries to a content's history and numbers them. seen is how many entries the person had seen;
// where one of the values was answered or undone after that, nothing is kept and the error is ErrConflict.
// A negative seen asks for no such test. When Add gives no error the answers are on the disk.
func (s *Store) Add(sha256, name string, seen int, entries ...Entry) (*History, error) {
	file, err := s.file(sha256)
	if err != nil {
		return nil, err
	}
	unlock, err := s.lock()
	if err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	defer unlock()
	h, err := s.Load(sha256)
	if err != nil {
		return nil, err
	}
	if h.Name == "" {
		h.Name = name
	}
	if seen >= 0 {
		for _, old := range h.Entries[min(seen, len(h.Entries)):] {
			for _, e := range entries {
				if old.Path == e.Path {
					return h, fmt.Errorf("%s: %w", e.Path, ErrConflict)
				}
			}
		}
	}
	for _, e := range entries {
		e.N = len(h.Entries) + 1
		h.Entries = append(h.Entries, e)
	}
	b, err := json.MarshalIndent(h, "", " ")
	if err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	if err := s.in.Write(file, append(b, '\n')); err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	return h, nil
}

// Adopt keeps the patches of a result that was made before there were histories, as they are, once: nothing is
// done where there is a history. It says whether there was something to adopt.
func (s *Store) Adopt(r *report.Report) (bool, error) {
	if len(r.Patches) == 0 {
		return false, nil
	}
	h, err := s.Load(r.Source.SHA256)
	if err != nil || len(h.Entries) > 0 {
		return false, err
	}
	var entries []Entry
	for _, p := range r.Patches {
		entries = append(entries, Entry{Patch: p})
	}
	_, err = s.Add(r.Source.SHA256, r.Source.Name, 0, entries...)
	if errors.Is(err, ErrConflict) {
		return false, nil // another process did it meanwhile
	}
	return err == nil, err
}

// On counts what was said on a day, written 2006-01-02. Histories that cannot be read count nothing.
func (s *Store) On(day string) int {
	n := 0
	err := s.each(func(sha string, modified time.Time) error {
		if modified.Format(time.DateOnly) < day {
			return nil // nothing was added to it since
		}
		h, err := s.Load(sha)
		if err != nil {
			return nil
		}
		for _, e := range h.Entries {
			if strings.HasPrefix(e.When, day) {
				n++
			}
		}
		return nil
	})
	if err != nil {
		return 0
	}
	return n
}

// Contents lists the contents that have a history.
func (s *Store) Contents() ([]string, error) {
	var all []string
	err := s.each(func(sha string, _ time.Time) error {
		all = append(all, sha)
		return nil
	})
	return all, err
}

func (s *Store) each(do func(sha string, modified time.Time) error) error {
	return s.in.List(s.below, func(f folder.Entry) error {
		if sha, ok := strings.CutSuffix(path.Base(f.Name), ".json"); ok && hash.MatchString(sha) {
			return do(sha, f.Modified)
		}
		return nil
	})
}

func (s *Store) file(sha256 string) (string, error) {
	if !hash.MatchString(sha256) {
		return "", fmt.Errorf("answers: %q is no SHA-256", sha256)
	}
	return path.Join(s.below, sha256+".json"), nil
}
