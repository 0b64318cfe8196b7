package service

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/nianbao/nianbao/internal/sqlite"
)

// State of a job.
type State string

// The states.
const (
	Queued  State = "queued"
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
)

// record is what the database knows of a job. Running is no state there: what runs dies with the process, and is
// queued.
type record struct {
	ID       string
	Name     string
	Files    []string
	Size     int64
	Settings Settings
	// Key is what the client sent as Idempotency-Key, Digest the hash of all else that it sent with it.
	Key, Digest string
	State       State
	Outcome     string
	Review      int
	Problem     *Problem
	Created     time.Time
	Ended       time.Time
	// Keep is how long the job is kept after its end; Expires is when that is over, zero before the end.
	Keep    time.Duration
	Expires time.Time
	River   int64
}

// storeSchema has one row for each job.
const storeSchema = `
CREATE TABLE IF NOT EXISTS service_job (
  id TEXT PRIMARY KEY,
  key TEXT UNIQUE,
  state TEXT NOT NULL,
  size INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  record TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS service_job_state ON service_job (state);
CREATE INDEX IF NOT EXISTS service_job_expires ON service_job (expires);
`

// store is the jobs' database: their records, and the queue of River beside them.
type store struct{ db *sql.DB }

// errInUse says that another process has the folder.
var errInUse = errors.New("the folder for the state of the service is used by another nianbao serve: give each one of its own (--state DIR)")

func openStore(ctx context.Context, folder string) (*store, error) {
	// What is removed is overwritten. The lock keeps other processes out; it ends with this one, however that ends.
	db, err := sqlite.Open(filepath.Join(folder, "jobs.db"), "_pragma=locking_mode(EXCLUSIVE)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	s := &store{db}
	if err := s.prepare(ctx); err != nil {
		if strings.Contains(err.Error(), "SQLITE_BUSY") {
			err = errInUse
		}
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *store) prepare(ctx context.Context) error {
	if _, err := s.db.ExecContext(ctx, storeSchema); err != nil {
		return err
	}
	m, err := rivermigrate.New(riversqlite.New(s.db), nil)
	if err != nil {
		return err
	}
	if _, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	// What was running in a process that is gone runs again. River itself would wait an hour, since it cannot know
	// that there is no other process.
	_, err = s.db.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'")
	return err
}

// wipe empties the log of changes, which has what was removed.
func (s *store) wipe(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// row is what QueryRow gives.
type row interface{ Scan(...any) error }

func scan(r row) (*record, error) {
	var text string
	err := r.Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoJob
	}
	if err != nil {
		return nil, err
	}
	out := new(record)
	return out, json.Unmarshal([]byte(text), out)
}

// errNoJob is said of jobs that never were, and of those that are no longer kept.
var errNoJob = problem(404, "no_such_job", "there is no such job: it was removed, or its time to be kept is over; send the document again")

func (s *store) get(ctx context.Context, id string) (*record, error) {
	return scan(s.db.QueryRowContext(ctx, "SELECT record FROM service_job WHERE id = ?", id))
}

func (s *store) byKey(ctx context.Context, key string) (*record, error) {
	return scan(s.db.QueryRowContext(ctx, "SELECT record FROM service_job WHERE key = ?", key))
}

// put writes a record, in a transaction where there is one.
func put(ctx context.Context, tx *sql.Tx, r *record) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	var key, expires any
	if r.Key != "" {
		key = r.Key
	}
	expires = int64(0)
	if !r.Expires.IsZero() {
		expires = r.Expires.UnixMilli()
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO service_job (id, key, state, size, expires, record) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, expires = excluded.expires, record = excluded.record`, r.ID, key, string(r.State), r.Size, expires, string(b))
	return err
}

// remove forgets a job, and says whether there was one.
func (s *store) remove(ctx context.Context, id string) (bool, error) {
	res, err := s.db.ExecContext(ctx, "DELETE FROM service_job WHERE id = ?", id)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// count gives how many jobs wait or run, how many there are, and the bytes of their documents.
func (s *store) count(ctx context.Context) (queued, all int, size int64, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT coalesce(sum(state = 'queued'), 0), count(*), coalesce(sum(size), 0) FROM service_job").Scan(&queued, &all, &size)
	return queued, all, size, err
}

// ids lists jobs: those whose time is over at a moment, or all where that is zero.
func (s *store) ids(ctx context.Context, at time.Time) (out []string, err error) {
	q, args := "SELECT id FROM service_job", []any{}
	if !at.IsZero() {
		q, args = q+" WHERE expires > 0 AND expires <= ?", []any{at.UnixMilli()}
	}
	rows, err := s.db.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// within does something in a transaction.
func (s *store) within(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("keep the job: %w", err)
	}
	return nil
}
