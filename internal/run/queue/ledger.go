package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/series"
)

// Queued is the state of a document that waits or is being converted; River knows which.
const Queued batch.State = "queued"

// ledger is the book in the database, as packages batch and desk ask for it. What it asks ends with its context.
type ledger struct {
	ctx context.Context
	q   *Queue
}

const documentColumns = `hash, state, attempts, reason, message, seconds, output, path,
	cells, proven, supported, read, repaired, conflict, missing, confirmed, review, failed_sums, pages_by_ocr, pages_by_text,
	version, settings, outcome, made, fresh, entry`

func scanRow(s pgx.Row, more ...any) (*batch.Row, error) {
	r := new(batch.Row)
	c := &r.Counts
	err := s.Scan(append([]any{
		&r.Hash, &r.State, &r.Attempts, &r.Reason, &r.Message, &r.Seconds, &r.Output, &r.Path,
		&c.Cells, &c.Proven, &c.Supported, &c.Read, &c.Repaired, &c.Conflict, &c.Missing, &c.Confirmed, &c.Review, &c.FailedSums,
		&c.PagesByOCR, &c.PagesByText, &r.Identity.Version, &r.Identity.Settings, &r.Outcome, &r.Made, &r.Fresh, &r.Entry,
	}, more...)...)
	if err != nil {
		return nil, err
	}
	r.Path, r.Output = untext(r.Path), untext(r.Output)
	return r, nil
}

func (l *ledger) row(where string, args ...any) (*batch.Row, error) {
	r, err := scanRow(l.q.pool.QueryRow(l.ctx, "SELECT "+documentColumns+" FROM nianbao_document "+where, args...))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return r, nil
}

func (l *ledger) ByHash(hash string) (*batch.Row, error) { return l.row("WHERE hash = $1", hash) }

func (l *ledger) Lookup(hash string) (*batch.Row, error) { return l.ByHash(hash) }

func (l *ledger) ByOutput(output string) (*batch.Row, error) {
	return l.row("WHERE lower(output) = lower($1)", text(output))
}

func (l *ledger) Inputs() (map[string]batch.Known, error) {
	rows, err := l.q.pool.Query(l.ctx, "SELECT path, stamp, hash FROM nianbao_input")
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	out := map[string]batch.Known{}
	var path string
	var k batch.Known
	_, err = pgx.ForEachRow(rows, []any{&path, &k.Stamp, &k.Hash}, func() error {
		out[untext(path)] = k
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return out, nil
}

func (l *ledger) Note(inputs []batch.Seen) error {
	if len(inputs) == 0 {
		return nil
	}
	at := map[string]int{}
	var path, rel, stamp, hash, archive []string
	var size, files []int64
	for _, s := range inputs {
		if i, ok := at[s.Path]; ok { // a statement may write a row once
			stamp[i], hash[i], size[i] = s.Stamp, s.Hash, s.Size
			continue
		}
		at[s.Path] = len(path)
		path, rel, stamp, hash = append(path, text(s.Path)), append(rel, text(s.Rel)), append(stamp, s.Stamp), append(hash, s.Hash)
		archive, size, files = append(archive, text(s.Archive)), append(size, s.Size), append(files, int64(s.Files))
	}
	_, err := l.q.pool.Exec(l.ctx, `INSERT INTO nianbao_input AS d (path, rel, stamp, hash, size, files, archive)
		SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::integer[], $7::text[])
		ON CONFLICT (path) DO UPDATE SET rel = excluded.rel, stamp = excluded.stamp, hash = excluded.hash,
				size = excluded.size, files = excluded.files, archive = excluded.archive
			WHERE (d.rel, d.stamp, d.hash, d.size, d.files, d.archive) <> (excluded.rel, excluded.stamp, excluded.hash, excluded.size, excluded.files, excluded.archive)`,
		path, rel, stamp, hash, size, files, archive)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return nil
}

func (l *ledger) Put(rows ...*batch.Row) error {
	return l.q.tx(l.ctx, func(tx pgx.Tx) error {
		b := new(pgx.Batch)
		for _, r := range rows {
			putRow(b, r)
		}
		return tx.SendBatch(l.ctx, b).Close()
	})
}

// putRow writes a row and what is to be reviewed of it. A row of another content that has the output's name gives
// way, as in the ledgers of folders.
func putRow(b *pgx.Batch, r *batch.Row) {
	c := &r.Counts
	var entry, issuer any = nil, ""
	if len(r.Entry) > 0 {
		var who struct{ Issuer string }
		if json.Unmarshal(r.Entry, &who) == nil {
			issuer = text(series.Issuer(who.Issuer))
		}
		entry = strings.ReplaceAll(string(r.Entry), `\u0000`, `\ufffd`) // JSON in PostgreSQL has no NUL
	}
	b.Queue("DELETE FROM nianbao_document WHERE lower(output) = lower($1) AND hash <> $2", text(r.Output), r.Hash)
	b.Queue(`INSERT INTO nianbao_document AS d (hash, state, attempts, reason, message, seconds, output, path,
			cells, proven, supported, read, repaired, conflict, missing, confirmed, review, failed_sums, pages_by_ocr, pages_by_text,
			version, settings, outcome, made, fresh, entry, issuer)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26::jsonb, $27)
		ON CONFLICT (hash) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, reason = excluded.reason,
			message = excluded.message, seconds = excluded.seconds, output = excluded.output, path = excluded.path,
			cells = excluded.cells, proven = excluded.proven, supported = excluded.supported, read = excluded.read,
			repaired = excluded.repaired, conflict = excluded.conflict, missing = excluded.missing, confirmed = excluded.confirmed,
			review = excluded.review, failed_sums = excluded.failed_sums, pages_by_ocr = excluded.pages_by_ocr,
			pages_by_text = excluded.pages_by_text, version = excluded.version, settings = excluded.settings,
			outcome = excluded.outcome, made = excluded.made, fresh = excluded.fresh, entry = excluded.entry, issuer = excluded.issuer, updated = clock_timestamp()`,
		r.Hash, string(r.State), r.Attempts, string(r.Reason), text(r.Message), r.Seconds, text(r.Output), text(r.Path),
		c.Cells, c.Proven, c.Supported, c.Read, c.Repaired, c.Conflict, c.Missing, c.Confirmed, c.Review, c.FailedSums, c.PagesByOCR, c.PagesByText,
		r.Identity.Version, r.Identity.Settings, string(r.Outcome), r.Made, r.Fresh, entry, issuer)
	if r.State == Queued {
		return
	}
	if !r.Fresh {
		b.Queue("DELETE FROM nianbao_review WHERE hash = $1", r.Hash)
	}
	if len(r.Reviews) == 0 {
		return
	}
	path, reason, detail := make([]string, len(r.Reviews)), make([]string, len(r.Reviews)), make([]string, len(r.Reviews))
	for i, v := range r.Reviews {
		path[i], reason[i], detail[i] = text(v.Path), string(v.Reason), text(v.Detail)
	}
	b.Queue(`INSERT INTO nianbao_review (hash, n, path, reason, detail)
		SELECT $1, n, path, reason, detail FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS v (path, reason, detail, n)`,
		r.Hash, path, reason, detail)
}

// Keep is for what needs no job: inputs that cannot be read.
func (l *ledger) Keep(r *batch.Row, write func() error) error {
	if err := write(); err != nil {
		return err
	}
	return l.Put(r)
}

// overlap is how far back rows are read again: a transaction commits later than the time that its rows have. The
// longest is as long as the store takes to write a result, with all tries.
const overlap = 30 * time.Second

func (l *ledger) Changed(mark string, each func(*batch.Row) error) (string, error) {
	var since time.Time
	if mark != "" {
		var err error
		if since, err = time.Parse(time.RFC3339Nano, mark); err != nil {
			return mark, err
		}
		since = since.Add(-overlap)
	}
	rows, err := l.q.pool.Query(l.ctx, "SELECT "+documentColumns+", updated FROM nianbao_document WHERE updated >= $1", since)
	if err != nil {
		return mark, fmt.Errorf("queue: %w", err)
	}
	defer rows.Close()
	last := since.Add(overlap)
	for rows.Next() {
		var at time.Time
		r, err := scanRow(rows, &at)
		if err != nil {
			return mark, fmt.Errorf("queue: %w", err)
		}
		if at.After(last) {
			last = at
		}
		if err := each(r); err != nil {
			return mark, err
		}
	}
	if err := rows.Err(); err != nil {
		return mark, fmt.Errorf("queue: %w", err)
	}
	if last.Before(since) || last.IsZero() {
		return mark, nil
	}
	return last.Format(time.RFC3339Nano), nil
}

// Revise holds the row of a result while it is changed.
func (l *ledger) Revise(output string, rules *series.Rules, do func() (*batch.Revised, error)) error {
	var wrong error
	err := l.q.tx(l.ctx, func(tx pgx.Tx) error {
		row, err := scanRow(tx.QueryRow(l.ctx, "SELECT "+documentColumns+" FROM nianbao_document WHERE lower(output) = lower($1) FOR UPDATE", text(output)))
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		v, err := do()
		if err != nil {
			wrong = err
			return nil
		}
		if v == nil || row == nil || row.State != batch.Done {
			return nil
		}
		if err := v.Note(row, rules); err != nil {
			return err
		}
		row.Fresh = false
		b := new(pgx.Batch)
		putRow(b, row)
		return tx.SendBatch(l.ctx, b).Close()
	})
	return errors.Join(wrong, err)
}
