package batch

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/nianbao/nianbao/internal/whole"
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
)

// store is an output folder.
type store struct{ out, temp string }

func newStore(out string, s Shard) (*store, error) {
	st := &store{out: out, temp: filepath.Join(out, tempDir, "run"+s.suffix())}
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

// close removes the temporary files.
func (s *store) close() error {
	err := os.RemoveAll(s.temp)
	_ = os.Remove(filepath.Dir(s.temp)) // other shards may have theirs in it
	return err
}

func (s *store) write(name string, data []byte) error { return whole.Write(name, data, s.temp) }

func (s *store) result(output string) string {
	return filepath.Join(s.out, resultsDir, filepath.FromSlash(output))
}

func (s *store) quarantined(output, ext string) string {
	return filepath.Join(s.out, quarantineDir, filepath.FromSlash(strings.TrimSuffix(output, resultExt)+ext))
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

func (s *store) putQuarantined(output string, q Quarantined) error {
	b, err := encode(q)
	if err != nil {
		return err
	}
	if err := s.write(s.quarantined(output, reasonExt), b); err != nil {
		return err
	}
	// A result of an earlier version is kept, but beside the reason and no longer as a result.
	err = whole.Move(s.result(output), s.quarantined(output, lastExt))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (s *store) putResult(output string, data []byte) error {
	if err := s.write(s.result(output), data); err != nil {
		return err
	}
	return s.release(output)
}

// release takes an input out of quarantine.
func (s *store) release(output string) error {
	for _, ext := range []string{reasonExt, lastExt} {
		if err := os.Remove(s.quarantined(output, ext)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (s *store) readQuarantined(output string) (*Quarantined, error) {
	return readQuarantined(s.quarantined(output, reasonExt))
}

func readQuarantined(name string) (*Quarantined, error) {
	b, err := os.ReadFile(name)
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

func (s *store) settingsName(sh Shard) string {
	return filepath.Join(s.out, "settings"+sh.suffix()+".json")
}

func (s *store) readSettings(sh Shard) settingsFile {
	var f settingsFile
	b, err := os.ReadFile(s.settingsName(sh))
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
	return s.write(s.settingsName(sh), b)
}

// outputName is the result's path below json/ for a path below the inputs: the same with .json after
// it. Elements that are too long for a file system are cut and get a hash, and so does the name when
// it is taken by another content.
func outputName(rel, taken string) string {
	const longest = 255 - len(reasonExt)
	elements := strings.Split(rel, "/")
	for i, e := range elements {
		if e == "" || e == "." || e == ".." {
			e = "_"
		}
		last := i == len(elements)-1
		tail := ""
		if last && taken != "" {
			tail = "~" + taken[:min(12, len(taken))]
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

func shortHash(s string) string {
	h := sum(s)
	return hex.EncodeToString(h[:6])
}
