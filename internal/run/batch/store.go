package batch

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/worker"
)

// The folders within an output folder.
const (
	resultsDir    = "json"
	quarantineDir = "quarantine"
	tempDir       = "tmp"
	seriesName    = "series.json"
	resultExt     = ".json"
	reasonExt     = ".reason.json"
	lastExt       = ".last.json"
	alteredExt    = ".altered.json"
)

// store is an output folder.
type store struct {
	folder folder.Folder
	temp   string // of converters
}

// newStore opens an output folder of this machine.
func newStore(out string, s Shard) (*store, error) {
	temp := filepath.Join(out, tempDir, "run"+s.suffix())
	st := &store{folder.Dir{Root: out, Temp: temp}, temp}
	// What a killed run left behind. The caller holds the shard's lock.
	if err := os.RemoveAll(st.temp); err != nil {
		return nil, err
	}
	for _, d := range []string{resultsDir, quarantineDir} {
		if err := os.MkdirAll(filepath.Join(out, d), 0o755); err != nil {
			return nil, err
		}
	}
	return st, os.MkdirAll(st.temp, 0o755)
}

// ours says that a folder may be written into: there is none, it is empty, or it is a batch's. A batch removes and
// replaces files by name, which in any other folder would be somebody else's.
func ours(out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	has, strange := map[string]bool{}, ""
	for _, e := range entries {
		name := e.Name()
		switch {
		case strings.HasPrefix(name, "ledger") && (strings.HasSuffix(name, ".db") || strings.HasSuffix(name, ".lock")):
			return nil
		case name == answers.Folder, junk(name):
		case strange == "":
			strange = name
		}
		has[name] = e.IsDir()
	}
	if strange == "" || has[resultsDir] && has[quarantineDir] {
		return nil
	}
	return fmt.Errorf("%w: the output folder %s is not empty and not of a batch (there is %q in it): choose a new folder", ErrInput, out, strange)
}

// close removes the temporary files.
func (s *store) close() error {
	err := os.RemoveAll(s.temp)
	_ = os.Remove(filepath.Dir(s.temp)) // other shards may have theirs in it
	return err
}

func resultName(output string) string { return resultsDir + "/" + output }

func quarantineName(output, ext string) string {
	return quarantineDir + "/" + strings.TrimSuffix(output, resultExt) + ext
}

// Quarantined is the reason file of an input without a result.
type Quarantined struct {
	Input    string        `json:"input"` // path below the inputs
	Path     string        `json:"path"`
	SHA256   string        `json:"sha256,omitempty"`
	Reason   worker.Reason `json:"reason"`
	Message  string        `json:"message"`
	Attempts int           `json:"attempts"`
	Seconds  float64       `json:"seconds"`
	Version  string        `json:"version"`
	Settings string        `json:"settings"`
	Stderr   string        `json:"stderr,omitempty"`
}

func (s *store) putQuarantined(r *Row, q Quarantined) error {
	b, err := encode(q)
	if err != nil {
		return err
	}
	if err := s.folder.Write(quarantineName(r.Output, reasonExt), b); err != nil {
		return err
	}
	if r.Fresh {
		return nil
	}
	// A result of an earlier version is kept, but beside the reason and no longer as a result.
	err = s.folder.Move(resultName(r.Output), quarantineName(r.Output, lastExt))
	if there, herr := s.folder.Has(resultName(r.Output)); err != nil && herr == nil && !there {
		return nil
	}
	return err
}

func (s *store) putResult(r *Row, data []byte) error {
	if err := s.folder.Write(resultName(r.Output), data); err != nil || r.Fresh {
		return err
	}
	return s.release(r.Output)
}

// isEmpty says that there are no results.
func (s *store) isEmpty() (bool, error) {
	some := errors.New("some")
	err := s.folder.List(resultsDir, func(folder.Entry) error { return some })
	if errors.Is(err, some) {
		return false, nil
	}
	return err == nil, err
}

// release takes an input out of quarantine.
func (s *store) release(output string) error {
	for _, ext := range []string{reasonExt, lastExt} {
		if err := s.folder.Remove(quarantineName(output, ext)); err != nil {
			return err
		}
	}
	return nil
}

func (s *store) readQuarantined(output string) (*Quarantined, error) {
	return readQuarantined(s.folder, quarantineName(output, reasonExt))
}

func readQuarantined(f folder.Folder, name string) (*Quarantined, error) {
	b, err := f.Read(name)
	if err != nil {
		return nil, err
	}
	q := new(Quarantined)
	if err := json.Unmarshal(b, q); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return q, nil
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

// settings.json says which settings the results were made with, for a ledger that was lost. It is
// complete when no result of other settings is left.
type settingsFile struct {
	Settings string `json:"settings"`
	Complete bool   `json:"complete"`
}

func settingsName(sh Shard) string { return "settings" + sh.suffix() + ".json" }

func (s *store) readSettings(sh Shard) settingsFile {
	var f settingsFile
	b, err := s.folder.Read(settingsName(sh))
	if err != nil || json.Unmarshal(b, &f) != nil {
		return settingsFile{}
	}
	return f
}

func (s *store) writeSettings(sh Shard, f settingsFile) error {
	b, err := encode(f)
	if err != nil {
		return err
	}
	return s.folder.Write(settingsName(sh), b)
}

// outputName is the result's path below json/ for a path below the inputs: the same with .json after
// it. Folders whose names end like a result's get a stroke, so that no result takes the name of a folder; control
// characters become strokes. Elements that are too long for a file system are cut and get a hash, and so does the
// name when it is taken by another content; of a path that is too long only the last element is left.
func outputName(rel, taken string) string {
	const longest = 230      // bytes: 255 without the longest extension and what a temporary name adds
	const longestPath = 1000 // bytes: the least that the systems allow is 1,024 for a whole path, on macOS
	elements := strings.Split(rel, "/")
	if len(rel) > longestPath {
		if taken == "" {
			taken = shortHash(rel)
		}
		elements = elements[len(elements)-1:]
	}
	for i, e := range elements {
		if e == "" || e == "." || e == ".." {
			e = "_"
		}
		e = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return '_'
			}
			return r
		}, e)
		last := i == len(elements)-1
		tail := ""
		switch {
		case last && taken != "":
			tail = "~" + taken[:min(12, len(taken))]
		case !last && len(e) >= len(resultExt) && strings.EqualFold(e[len(e)-len(resultExt):], resultExt):
			tail = "_"
		}
		if len(e)+len(tail) > longest {
			if tail == "" {
				tail = "~" + shortHash(e)
			}
			cut := longest - len(tail)
			for cut > 0 && !utf8.RuneStart(e[cut]) {
				cut--
			}
			e = e[:cut]
		}
		elements[i] = e + tail
	}
	return strings.Join(elements, "/") + resultExt
}

// spareName is what a result is called where the file system refuses the name that it should have. Nothing in it
// can be refused.
func spareName(hash string) string { return "_/" + strings.ReplaceAll(hash, ":", "-") + resultExt }

func shortHash(s string) string {
	h := sum(s)
	return hex.EncodeToString(h[:6])
}

// noRoom says that a disk is full or does not take anything: no other name would help.
func noRoom(err error) bool {
	for _, e := range []error{syscall.ENOSPC, syscall.EROFS, syscall.EIO} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func fileHash(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}
