package batch

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/worker"
)

// Fate says in one word what became of an input.
type Fate string

// The fates. Every input has one.
const (
	FateComplete    Fate = "complete"     // a complete report
	FatePartial     Fate = "partial"      // a report of which something is missing
	FateNoNumbers   Fate = "no_numbers"   // a report that gave no number
	FateNotAReport  Fate = "not_a_report" // read, and no annual report
	FateQuarantined Fate = "quarantined"  // no result; Reason says why
	FateDuplicate   Fate = "duplicate"    // the content of another input, which has the result
	FateWaiting     Fate = "waiting"      // not converted yet
)

// Fates are all fates, in the order of a summary.
var Fates = []Fate{FateComplete, FatePartial, FateNoNumbers, FateNotAReport, FateQuarantined, FateDuplicate, FateWaiting}

// Line is one input that a batch has found, and what became of it.
type Line struct {
	// Input is its path below the inputs; Place where it is on disk, Inside the path within the archive that Place is.
	Input  string `json:"input"`
	Place  string `json:"place"`
	Inside string `json:"inside"`
	// Files is how many it has: those of the pages of one report, else one. Bytes is the size of all.
	Files  int    `json:"files"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // "" where it could not be read
	Fate   Fate   `json:"outcome"`
	// Result is the path below the output folder of the result, or of the reason why there is none.
	Result       string `json:"result"`
	ResultSHA256 string `json:"result_sha256"`
	DuplicateOf  string `json:"duplicate_of"`
	// Reason and Message are those of an input without a result.
	Reason  worker.Reason `json:"reason"`
	Message string        `json:"message"`
	// Of the result: its pages, the numbers that have a value or a mark, the entries of its review, and the
	// equations that fail in print.
	Pages      int `json:"pages"`
	Numbers    int `json:"numbers"`
	Review     int `json:"review"`
	FailedSums int `json:"failed_sums"`
	// Found says that the last run has found it; else it was found before.
	Found bool `json:"found"`
}

// Manifest is every input of an output folder.
type Manifest struct {
	Lines []Line `json:"lines"`
	// Totals counts the inputs that the last run has found by their fates: they add up to Found. Gone are those that it
	// has not found any more.
	Totals map[Fate]int `json:"totals"`
	Found  int          `json:"found"`
	Gone   int          `json:"gone"`
}

// ReadManifest lists the inputs of an output folder, of all shards, in natural order of their paths.
func ReadManifest(out string) (*Manifest, error) {
	dir, err := resolve(out)
	if err != nil {
		return nil, err
	}
	names, err := batchLedgers(dir, out)
	if err != nil {
		return nil, err
	}
	m := &Manifest{Lines: []Line{}, Totals: map[Fate]int{}}
	for _, n := range names {
		if err := m.read(n); err != nil && !errors.Is(err, errUnborn) {
			return nil, err
		}
	}
	m.sum()
	return m, nil
}

// ManifestOf lists inputs, and what became of their contents.
func ManifestOf(inputs []Seen, contents map[string]*Row) *Manifest {
	m := &Manifest{Lines: []Line{}, Totals: map[Fate]int{}}
	m.add(inputs, contents, func(Seen) bool { return true })
	m.sum()
	return m
}

// sum puts the list in order and counts it.
func (m *Manifest) sum() {
	slices.SortFunc(m.Lines, func(a, b Line) int { return cmp.Or(natural(a.Input, b.Input), strings.Compare(a.Place, b.Place)) })
	for _, l := range m.Lines {
		if !l.Found {
			m.Gone++
			continue
		}
		m.Found++
		m.Totals[l.Fate]++
	}
}

// read adds the inputs of one ledger.
func (m *Manifest) read(name string) (err error) {
	all, err := rows(name)
	if err != nil {
		return err
	}
	contents := map[string]*Row{}
	for i := range all {
		contents[all[i].Hash] = &all[i]
	}
	db, err := openReading(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var state string
	var started, last int64
	err = db.QueryRow("SELECT state, started FROM run").Scan(&state, &started)
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		err = db.QueryRow("SELECT coalesce(max(seen), 0) FROM input").Scan(&last)
	}
	if err != nil {
		return fmt.Errorf("ledger %s: %w", name, err)
	}
	rs, err := db.Query("SELECT path, rel, hash, size, files, archive, seen FROM input")
	if err != nil {
		return fmt.Errorf("ledger %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, rs.Close()) }()
	var inputs []Seen
	for rs.Next() {
		var s Seen
		if err := rs.Scan(&s.Path, &s.Rel, &s.Hash, &s.Size, &s.Files, &s.Archive, &s.run); err != nil {
			return fmt.Errorf("ledger %s: %w", name, err)
		}
		inputs = append(inputs, s)
	}
	// A run that did not come to its end has not looked for all.
	m.add(inputs, contents, func(s Seen) bool { return s.run == last && s.run/1e9 >= started || state != "finished" })
	return rs.Err()
}

// add adds inputs.
func (m *Manifest) add(inputs []Seen, contents map[string]*Row, found func(Seen) bool) {
	firsts := map[string]string{} // content → the input that was converted
	at := len(m.Lines)
	for _, s := range inputs {
		l := lineOf(s, contents[s.Hash])
		l.Found = found(s)
		if r := contents[s.Hash]; r != nil && (r.Path == s.Path || firsts[s.Hash] == "") {
			firsts[s.Hash] = s.Rel
		}
		m.Lines = append(m.Lines, l)
	}
	for i := range m.Lines[at:] {
		l := &m.Lines[at+i]
		hash := l.SHA256
		first := firsts[hash]
		if hash != "" && first != "" && l.Input != first && l.Fate != FateWaiting {
			l.Fate, l.DuplicateOf = FateDuplicate, first
			l.Pages, l.Numbers, l.Review, l.FailedSums = 0, 0, 0, 0 // they are counted with the first
		}
	}
}

func lineOf(s Seen, r *Row) Line {
	l := Line{Input: s.Rel, Place: s.Path, Files: s.Files, Bytes: s.Size, SHA256: s.Hash, Fate: FateWaiting}
	if strings.HasPrefix(s.Hash, pathHash) {
		l.SHA256 = ""
	}
	if s.Archive != "" {
		l.Place = s.Archive
		if rel, err := filepath.Rel(s.Archive, s.Path); err == nil {
			l.Inside = filepath.ToSlash(rel)
		}
	}
	switch {
	case r == nil:
	case r.State == Done:
		l.Fate = fateOf(r.Outcome)
		l.Result, l.ResultSHA256 = resultName(r.Output), r.Made
		l.Pages, l.Numbers = r.Counts.PagesByOCR+r.Counts.PagesByText, r.Counts.Cells-r.Counts.Missing
		if l.Fate == FateNoNumbers {
			l.Numbers = 0 // what its cells have is marks: a blank form has two hundred
		}
		l.Review, l.FailedSums = r.Counts.Review, r.Counts.FailedSums
	case r.State == Failed:
		l.Fate, l.Reason, l.Message = FateQuarantined, r.Reason, r.Message
		if r.Reason == worker.NotAReport {
			l.Fate = FateNotAReport
		}
		l.Result = quarantineName(r.Output, reasonExt)
	}
	return l
}

func fateOf(o report.Outcome) Fate {
	switch o {
	case report.Complete:
		return FateComplete
	case report.NoNumbers:
		return FateNoNumbers
	}
	return FatePartial
}

// Fault is something that is not as a list says.
type Fault struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// Verify holds an output folder against a list of it: that every result is there and as it was written, every reason
// is there, and nothing else is among the results; with originals, that these are there and what they were. It gives how many files it has looked at.
func Verify(out folder.Folder, lines []Line, originals bool) (faults []Fault, looked int, err error) {
	known := map[string]bool{}
	at := &sources{}
	defer at.open.close()
	for _, l := range lines {
		if l.Result != "" && !known[l.Result] {
			known[l.Result] = true
			looked++
			if !filepath.IsLocal(filepath.FromSlash(l.Result)) {
				faults = append(faults, Fault{l.Result, "leads out of the folder"})
			} else if f := verifyFile(out, l.Result, l.ResultSHA256); f != "" {
				faults = append(faults, Fault{l.Result, f})
			}
		}
		if originals && l.SHA256 != "" && l.Found { // of the others the list itself says that they were gone
			looked++
			if f := at.verify(l); f != "" {
				faults = append(faults, Fault{l.Input, f})
			}
		}
	}
	for _, room := range []struct{ dir, ext string }{{resultsDir, resultExt}, {quarantineDir, reasonExt}} {
		err := out.List(room.dir, func(f folder.Entry) error {
			if strings.HasSuffix(f.Name, room.ext) && !known[f.Name] {
				faults = append(faults, Fault{f.Name, "is not in the list"})
			}
			return nil
		})
		if err != nil {
			return nil, looked, err
		}
	}
	return faults, looked, nil
}

// verifyFile says what is wrong with a file, and nothing where it is as it should be.
func verifyFile(out folder.Folder, name, sum string) string {
	data, err := out.Read(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "is missing"
	case err != nil:
		return err.Error()
	case sum != "" && fileHash(data) != sum:
		return "is not as it was written"
	}
	return ""
}

// sources finds originals, those of one archive together.
type sources struct {
	open  archives
	place string
	docs  map[string]*Document // of the archive at place
}

// verify says the same of an input.
func (s *sources) verify(l Line) string {
	d, err := s.find(l)
	if err != nil {
		return "the original is not where it was"
	}
	sum, err := d.hash()
	switch {
	case err != nil:
		return err.Error()
	case sum != l.SHA256:
		return "the original is not what it was"
	}
	return ""
}

func (s *sources) find(l Line) (*Document, error) {
	if l.Inside == "" {
		return documentAt(l.Place, &s.open)
	}
	if s.place != l.Place {
		tree, at, err := folder.TreeOf(context.Background(), l.Place)
		if err != nil {
			return nil, err
		}
		s.place, s.docs = l.Place, map[string]*Document{}
		for _, pages := range []PageFolders{PagesAuto, PagesAlways, PagesNever} {
			for _, d := range documentsIn(tree, at, pages, &s.open) {
				if s.docs[d.Path] == nil {
					s.docs[d.Path] = &d
				}
			}
		}
	}
	path := l.Place + string(filepath.Separator) + filepath.FromSlash(l.Inside)
	if d := s.docs[path]; d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("%s: %w", path, ErrMoved)
}
