package batch

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nianbao/nianbao/internal/run/series"
	"github.com/nianbao/nianbao/internal/sqlite"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/worker"
)

// State of a document.
type State string

// The states. A document that is running in no living process was interrupted and is converted again.
const (
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
)

// Row is what the ledger knows of one content.
type Row struct {
	Hash     string
	State    State
	Attempts int
	Reason   worker.Reason
	Message  string
	Seconds  float64
	// Outcome of a result; "" where there is none, or where an older version wrote it.
	Outcome report.Outcome
	// Output is the result's path below json/, Path the input that it was made from.
	Output, Path string
	Counts       Counts
	Identity     Identity
	Entry        []byte // series.Entry as JSON
	// Made is the SHA-256 of the result's bytes as they were written; "" where an older version wrote them.
	Made string

	// Fresh says that neither the content nor its output's name have been in the output folder before. It is not kept.
	Fresh bool
	// Reviews are what a person must look at. SQLite ledgers only count them.
	Reviews []report.Review
	// Of rows that were read in bulk, without their entries: the issuer, and the ledger's file.
	issuer, ledger string
}

// Ledger is the book of what became of each content: a file beside the results, or the database of a queue.
type Ledger interface {
	// Inputs gives what is known of every input, by path, and Note adds to it.
	Inputs() (map[string]Known, error)
	Note([]Seen) error
	// ByHash gives the row of a content, ByOutput the one that has an output's name, whatever its case; nil where there is none.
	ByHash(hash string) (*Row, error)
	ByOutput(output string) (*Row, error)
	// Put writes rows in one transaction.
	Put(...*Row) error
	// Keep has a content's result or reason written while nobody else writes it or answers for it, and notes the row as
	// it is then.
	Keep(r *Row, write func() error) error
}

// Counts are what the ledger keeps of a result.
type Counts struct {
	Cells       int `json:"cells"`
	Proven      int `json:"proven"`
	Supported   int `json:"supported"`
	Read        int `json:"read"`
	Repaired    int `json:"repaired"`
	Conflict    int `json:"conflict"`
	Missing     int `json:"missing"`
	Confirmed   int `json:"confirmed"`
	Review      int `json:"review"`
	FailedSums  int `json:"failed_sums"`
	PagesByOCR  int `json:"pages_by_ocr"`
	PagesByText int `json:"pages_by_text"`
}

// Identity is what decides a result beside the content: the program and the settings.
type Identity struct {
	// Version is the one that stands in the report's producer.
	Version string
	// Settings is a hash of all else: flags that change results, engines, models.
	Settings string
}

// ledgerVersion is the version of ledgerSchema; laterColumns says what older ones lack.
const ledgerVersion = 4

// The tables. document has one row for each content, input one for each place where it was found.
// Several inputs with one hash are duplicates.
const ledgerSchema = `
CREATE TABLE document (
  hash TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  seconds REAL NOT NULL,
  output TEXT NOT NULL,
  path TEXT NOT NULL,
  cells INTEGER NOT NULL, proven INTEGER NOT NULL, supported INTEGER NOT NULL, "read" INTEGER NOT NULL,
  repaired INTEGER NOT NULL, conflict INTEGER NOT NULL, missing INTEGER NOT NULL, confirmed INTEGER NOT NULL,
  review INTEGER NOT NULL, failed_sums INTEGER NOT NULL, pages_by_ocr INTEGER NOT NULL, pages_by_text INTEGER NOT NULL,
  version TEXT NOT NULL,
  settings TEXT NOT NULL,
  entry BLOB,
  updated INTEGER NOT NULL,
  outcome TEXT NOT NULL DEFAULT '',
  made TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX document_output ON document (output COLLATE NOCASE);
CREATE TABLE input (
  path TEXT PRIMARY KEY,
  rel TEXT NOT NULL,
  stamp TEXT NOT NULL,
  hash TEXT NOT NULL,
  size INTEGER NOT NULL DEFAULT 0,
  files INTEGER NOT NULL DEFAULT 0,
  archive TEXT NOT NULL DEFAULT '',
  seen INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX input_hash ON input (hash);
CREATE TABLE run (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  state TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, jobs INTEGER NOT NULL,
  started INTEGER NOT NULL, updated INTEGER NOT NULL,
  total INTEGER NOT NULL, planned INTEGER NOT NULL, converted INTEGER NOT NULL, failed INTEGER NOT NULL,
  skipped INTEGER NOT NULL, duplicates INTEGER NOT NULL
);`

// laterColumns are those that each version of the ledger after the first added, and to which table. size is that of an
// input in bytes, files how many it has, archive the ZIP that it is in, seen the run that found it, by its start
// in nanoseconds.
var laterColumns = []struct {
	version       int
	table, column string
	text          bool
}{
	{2, "document", "outcome", true}, {3, "document", "made", true},
	{4, "input", "size", false}, {4, "input", "files", false}, {4, "input", "archive", true}, {4, "input", "seen", false},
}

// ledger is the book of one shard. The results are the truth; the ledger only saves looking at them,
// and a lost or damaged one is written anew from them. It does without a write-ahead log, which needs
// memory that processes share and so cannot be on a network mount.
type ledger struct {
	db  *sql.DB
	out string // the output folder
}

func openDB(name string, readOnly bool) (*sql.DB, error) {
	options := "_pragma=busy_timeout(20000)"
	if readOnly {
		options += "&mode=ro"
	} else {
		options += "&_pragma=journal_mode(TRUNCATE)&_pragma=synchronous(NORMAL)&_txlock=immediate"
	}
	return sqlite.Open(name, options)
}

// openLedger opens or makes the ledger. A damaged one is put aside under another name.
func openLedger(name string) (*ledger, error) {
	l, err := tryLedger(name)
	if err == nil || errors.Is(err, errNewer) {
		return l, err
	}
	if _, serr := os.Stat(name); serr != nil {
		return nil, fmt.Errorf("ledger %s: %w", name, err)
	}
	for i := 1; ; i++ {
		aside := fmt.Sprintf("%s.damaged-%d", name, i)
		if _, serr := os.Lstat(aside); serr == nil {
			continue
		}
		if rerr := os.Rename(name, aside); rerr != nil {
			return nil, fmt.Errorf("ledger %s: %w", name, errors.Join(err, rerr))
		}
		break
	}
	_ = os.Remove(name + "-journal") // it belongs to the damaged one
	l, err = tryLedger(name)
	if err != nil {
		return nil, fmt.Errorf("ledger %s: %w", name, err)
	}
	return l, nil
}

var errNewer = errors.New("it was written by a newer version of nianbao")

func tryLedger(name string) (*ledger, error) {
	db, err := openDB(name, false)
	if err != nil {
		return nil, err
	}
	l := &ledger{db, filepath.Dir(name)}
	var version int
	var check string
	if err = db.QueryRow("PRAGMA quick_check(1)").Scan(&check); err == nil && check != "ok" {
		err = errors.New(check)
	}
	if err == nil {
		err = db.QueryRow("PRAGMA user_version").Scan(&version)
	}
	switch {
	case err != nil:
	case version > ledgerVersion:
		err = fmt.Errorf("ledger %s: %w", name, errNewer)
	case version == 0:
		err = l.update(func(tx *sql.Tx) error {
			_, err := tx.Exec(ledgerSchema + fmt.Sprintf("PRAGMA user_version = %d;", ledgerVersion))
			return err
		})
	case version < ledgerVersion:
		err = l.update(func(tx *sql.Tx) error {
			for _, c := range laterColumns {
				if c.version <= version {
					continue
				}
				kind := " INTEGER NOT NULL DEFAULT 0"
				if c.text {
					kind = " TEXT NOT NULL DEFAULT ''"
				}
				if _, err := tx.Exec("ALTER TABLE " + c.table + " ADD COLUMN " + c.column + kind); err != nil {
					return err
				}
			}
			_, err := tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", ledgerVersion))
			return err
		})
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return l, nil
}

// Close closes the ledger.
func (l *ledger) Close() error { return l.db.Close() }

func (l *ledger) update(do func(*sql.Tx) error) error {
	tx, err := l.db.Begin()
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if err := do(tx); err != nil {
		return fmt.Errorf("ledger: %w", errors.Join(err, tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

var documentColumns = strings.Fields(`hash state attempts reason message seconds output path
	cells proven supported read repaired conflict missing confirmed review failed_sums pages_by_ocr pages_by_text
	version settings entry outcome made`)

func (r *Row) fields() []any {
	c := &r.Counts
	return []any{
		&r.Hash, &r.State, &r.Attempts, &r.Reason, &r.Message, &r.Seconds, &r.Output, &r.Path,
		&c.Cells, &c.Proven, &c.Supported, &c.Read, &c.Repaired, &c.Conflict, &c.Missing, &c.Confirmed,
		&c.Review, &c.FailedSums, &c.PagesByOCR, &c.PagesByText,
		&r.Identity.Version, &r.Identity.Settings, &r.Entry, &r.Outcome, &r.Made,
	}
}

var (
	selectDocument = `SELECT "` + strings.Join(documentColumns, `","`) + `" FROM document `
	upsertDocument = `INSERT OR REPLACE INTO document ("` + strings.Join(documentColumns, `","`) + `", updated) VALUES (` +
		strings.Repeat("?,", len(documentColumns)) + `?)`
)

// document gives the row that a condition chooses, or nil.
func (l *ledger) document(where string, args ...any) (*Row, error) {
	r := new(Row)
	err := l.db.QueryRow(selectDocument+where, args...).Scan(r.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	if !r.sound() {
		return nil, nil
	}
	return r, nil
}

// sound says that a row names a result within the output folder. A ledger is a file that anybody may have edited: a
// row that leads elsewhere is as if it were not there.
func (r *Row) sound() bool {
	return filepath.IsLocal(filepath.FromSlash(r.Output)) && strings.HasSuffix(r.Output, resultExt)
}

// ByHash gives the row of a content.
func (l *ledger) ByHash(hash string) (*Row, error) { return l.document("WHERE hash = ?", hash) }

// ByOutput gives the row that has an output's name.
func (l *ledger) ByOutput(output string) (*Row, error) {
	return l.document("WHERE output = ? COLLATE NOCASE", output)
}

// Keep has a result written while no answer is laid over any, and notes it.
func (l *ledger) Keep(r *Row, write func() error) error {
	unlock, err := lockResults(l.out)
	if err != nil {
		return err
	}
	defer unlock()
	if err := write(); err != nil {
		return err
	}
	return l.Put(r)
}

// Put writes rows in one transaction.
func (l *ledger) Put(rows ...*Row) error {
	return l.update(func(tx *sql.Tx) error {
		for _, r := range rows {
			args := append(r.fields(), time.Now().Unix())
			if _, err := tx.Exec(upsertDocument, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Known is an input as it was last seen.
type Known struct{ Stamp, Hash string }

// Inputs gives what is known of every input.
func (l *ledger) Inputs() (map[string]Known, error) {
	out := map[string]Known{}
	rows, err := l.db.Query("SELECT path, stamp, hash FROM input")
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p string
		var k Known
		if err := rows.Scan(&p, &k.Stamp, &k.Hash); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		out[p] = k
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return out, nil
}

// Seen is an input to be noted: what it is, and which run has found it.
type Seen struct {
	Path, Rel, Stamp, Hash string
	Archive                string // that it lies in
	Size                   int64
	Files                  int

	run int64
}

// Note keeps what was seen of inputs.
func (l *ledger) Note(inputs []Seen) error {
	if len(inputs) == 0 {
		return nil
	}
	return l.update(func(tx *sql.Tx) error {
		for _, s := range inputs {
			if _, err := tx.Exec("INSERT OR REPLACE INTO input (path, rel, stamp, hash, size, files, archive, seen) VALUES (?,?,?,?,?,?,?,?)", s.Path, s.Rel, s.Stamp, s.Hash, s.Size, s.Files, s.Archive, s.run); err != nil {
				return err
			}
		}
		return nil
	})
}

// setRun writes how the run stands, for status.
func (l *ledger) setRun(s runState) error {
	return l.update(func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT OR REPLACE INTO run (one, state, host, pid, jobs, started, updated, total, planned, converted, failed, skipped, duplicates)
			VALUES (1,?,?,?,?,?,?,?,?,?,?,?,?)`,
			s.State, s.Host, s.PID, s.Jobs, s.Started.Unix(), s.Updated.Unix(), s.Total, s.Planned, s.Converted, s.Failed, s.Skipped, s.Duplicates)
		return err
	})
}

// runState is the last run of a shard.
type runState struct {
	State            string    `json:"state"` // running, interrupted, finished
	Host             string    `json:"host"`
	PID              int       `json:"pid"`
	Jobs             int       `json:"jobs"`
	Started, Updated time.Time `json:"-"`
	Total            int       `json:"total"`
	Planned          int       `json:"planned"`
	Converted        int       `json:"converted"`
	Failed           int       `json:"failed"`
	Skipped          int       `json:"skipped"`
	Duplicates       int       `json:"duplicates"`
}

// ledgers lists the ledgers below an output folder, in order of name.
func ledgers(out string) ([]string, error) {
	names, err := filepath.Glob(filepath.Join(escapeGlob(out), "ledger*.db"))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(names, natural)
	return names, nil
}

// batchLedgers lists the ledgers of a folder that must be the output of a batch: ErrNoLedger else. said is the folder as
// the user named it.
func batchLedgers(dir, said string) ([]string, error) {
	names, err := ledgers(dir)
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s: %w", said, ErrNoLedger)
	}
	return names, err
}

// IsOutput says that a folder is the output folder of a batch of this machine, with its ledger.
func IsOutput(dir string) bool {
	names, err := ledgers(dir)
	return err == nil && len(names) > 0
}

func escapeGlob(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(s)
}

// rows reads every document of a ledger that other processes may be writing, without the entries.
func rows(name string) ([]Row, error) {
	db, err := openReading(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // it was only read
	rs, err := db.Query(selectDocument + "ORDER BY output")
	if err != nil {
		return nil, fmt.Errorf("ledger %s: %w", name, err)
	}
	defer rs.Close()
	var out []Row
	for rs.Next() {
		var r Row
		if err := rs.Scan(r.fields()...); err != nil {
			return nil, fmt.Errorf("ledger %s: %w", name, err)
		}
		if !r.sound() {
			continue
		}
		var who struct{ Issuer string }
		if len(r.Entry) > 0 {
			if err := json.Unmarshal(r.Entry, &who); err != nil {
				return nil, fmt.Errorf("ledger %s: %s: %w", name, r.Output, err)
			}
		}
		r.issuer, r.ledger, r.Entry = series.Issuer(who.Issuer), name, nil
		out = append(out, r)
	}
	if err := rs.Err(); err != nil {
		return nil, fmt.Errorf("ledger %s: %w", name, err)
	}
	return out, nil
}

// errUnborn says that a ledger has no tables yet, because another shard is just making it.
var errUnborn = errors.New("the ledger is empty")

// openReading opens a ledger to read it. One whose writer was killed in the middle of a change must be
// set right before it can be read, which needs the right to write.
func openReading(name string) (*sql.DB, error) {
	var errs []error
	for _, readOnly := range []bool{false, true} {
		db, err := openDB(name, readOnly)
		if err == nil {
			var n int
			if err = db.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&n); err == nil && n == 0 {
				return nil, errors.Join(errUnborn, db.Close())
			}
			if err == nil {
				err = asNow(db)
			}
			if err == nil {
				return db, nil
			}
			err = errors.Join(err, db.Close())
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("ledger %s: %w", name, errors.Join(errs...))
}

// asNow makes a ledger of an older version look like one of this version to queries, without changing
// it.
func asNow(db *sql.DB) error {
	var version int
	err := db.QueryRow("PRAGMA user_version").Scan(&version)
	if err != nil || version < 1 || version >= ledgerVersion {
		return err
	}
	views := map[string]string{}
	for _, c := range laterColumns {
		if c.version <= version {
			continue
		}
		value := "0"
		if c.text {
			value = "''"
		}
		views[c.table] += ", " + value + " AS " + c.column
	}
	for table, columns := range views {
		if _, err := db.Exec("CREATE TEMP VIEW " + table + " AS SELECT *" + columns + " FROM main." + table); err != nil {
			return err
		}
	}
	return nil
}
