package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/folder"
)

// job is a content that waits for a worker. All else stands in its row.
type job struct {
	Hash  string `json:"hash" river:"unique"`
	Input string `json:"input"` // for people who look at the queue
}

// Kind names the jobs in River's tables.
func (job) Kind() string { return "nianbao" }

// unfinished are the states in which a content has a job: it has one at most.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// Submission is what became of the inputs.
type Submission struct {
	batch.Progress
	// Queued are the contents that wait now because of this submission.
	Queued map[string]string // hash → input

	begun string // the database's time, as ledger.Changed takes it
}

// ErrOtherOutput means that a queue is for another output folder.
var ErrOtherOutput = errors.New("this queue is for another output")

// At how many rows the waiting ones are written, and how many inputs are read at a time: a request to a store takes
// some 10 ms, of which the machine does nothing.
const (
	sendMany    = 500
	readStored  = 16
	readMounted = 4
)

// Submit looks at the inputs and queues every content that has no result of this identity yet. What waits already for
// an older version is converted by this one.
func (q *Queue) Submit(ctx context.Context, o batch.Options, options Options) (*Submission, error) {
	if err := q.Migrate(ctx); err != nil {
		return nil, err
	}
	if !folder.InStore(o.Out) {
		abs, err := filepath.Abs(o.Out)
		if err != nil {
			return nil, err
		}
		o.Out = abs
	}
	unlock, err := q.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	out, err := folder.Open(ctx, o.Out, "")
	if err != nil {
		return nil, err
	}
	s := batch.Sending{Out: out, Ledger: &ledger{ctx, q}, Distrust: true, Hashing: readMounted}
	if folder.InStore(o.Out) {
		// The ledger is believed, for to ask the store costs a request for each; a new ledger may have lost its memory.
		s.Hashing = readStored
		if err := q.ask(ctx, &s.Distrust, "SELECT NOT EXISTS (SELECT FROM nianbao_document)"); err != nil {
			return nil, err
		}
		if s.Distrust {
			if s.Distrust, err = batch.HasResults(out); err != nil {
				return nil, err
			}
		}
	}
	client, err := river.NewClient(riverpgxv5.New(q.pool), &river.Config{Logger: quiet(q.logger)})
	if err != nil {
		return nil, err
	}
	var b Batch
	s.Begin = func() error {
		b, err = q.setBatch(ctx, o, options)
		return err
	}
	sent := &Submission{Queued: map[string]string{}}
	var now time.Time
	if err := q.ask(ctx, &now, "SELECT clock_timestamp()"); err != nil {
		return nil, err
	}
	sent.begun = now.Format(time.RFC3339Nano)
	var waiting []batch.Task
	s.Flush = func() error {
		if len(waiting) == 0 {
			return nil
		}
		err := q.enqueue(ctx, client, b, waiting)
		waiting = waiting[:0]
		return err
	}
	s.Send = func(t batch.Task) error {
		t.Row.State, t.Row.Identity, t.Row.Reason, t.Row.Message = Queued, o.Identity, "", ""
		waiting = append(waiting, t)
		sent.Queued[t.Row.Hash] = t.Doc.Rel
		if len(waiting) < sendMany {
			return nil
		}
		return s.Flush()
	}
	sent.Progress, err = batch.Submit(ctx, o, s)
	return sent, err
}

// lock makes sure that one process submits at a time.
func (q *Queue) lock(ctx context.Context) (unlock func(), err error) {
	c, err := q.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	var got bool
	if err := c.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, hashtext(current_schema()))", submitLock).Scan(&got); err != nil {
		c.Release()
		return nil, fmt.Errorf("queue: %w", err)
	}
	if !got {
		c.Release()
		return nil, fmt.Errorf("%w: somebody else is submitting to %s; try again when that has ended", batch.ErrLocked, q.name)
	}
	return func() {
		const longest = 2 * time.Second
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longest)
		defer cancel()
		if _, err := c.Exec(ctx, "SELECT pg_advisory_unlock($1, hashtext(current_schema()))", submitLock); err != nil {
			_ = c.Conn().Close(ctx) // the lock ends with the connection, if a little later
		}
		c.Release()
	}, nil
}

// Advisory locks of a schema: one submits, one compares the years.
const (
	submitLock   = 0x6e62_01
	concludeLock = 0x6e62_02
)

// setBatch notes what the queue is for, and turns what waits to the version that is wanted now.
func (q *Queue) setBatch(ctx context.Context, o batch.Options, options Options) (Batch, error) {
	b := Batch{Output: o.Out, Identity: o.Identity, Options: options, queue: queueName(o.Identity)}
	text, err := json.Marshal(options)
	if err != nil {
		return b, err
	}
	old, err := q.Batch(ctx)
	switch {
	case errors.Is(err, ErrNoBatch):
	case err != nil:
		return b, err
	case old.Output != o.Out:
		return b, fmt.Errorf("%w: %s has the results of %s; name that, or another database or schema (…?search_path=NAME)", ErrOtherOutput, q.name, old.Output)
	}
	return b, q.tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO nianbao_batch (output, version, settings, options, queue) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (one) DO UPDATE SET version = excluded.version, settings = excluded.settings, options = excluded.options,
				queue = excluded.queue, submitted = now()`, b.Output, b.Identity.Version, b.Identity.Settings, string(text), b.queue)
		if err != nil || old.Identity == b.Identity {
			return err
		}
		if _, err = tx.Exec(ctx, "UPDATE nianbao_document SET version = $1, settings = $2 WHERE state = 'queued'", b.Identity.Version, b.Identity.Settings); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE river_job SET queue = $1 WHERE kind = $2 AND queue <> $1 AND state IN ('available', 'pending', 'retryable', 'scheduled')", b.queue, job{}.Kind())
		return err
	})
}

// enqueue writes rows and jobs in one transaction.
func (q *Queue) enqueue(ctx context.Context, client *river.Client[pgx.Tx], b Batch, tasks []batch.Task) error {
	return q.tx(ctx, func(tx pgx.Tx) error {
		rows, jobs := new(pgx.Batch), make([]river.InsertManyParams, len(tasks))
		for i := range tasks {
			packed, err := json.Marshal(tasks[i].Doc.Pack())
			if err != nil {
				return err
			}
			putRow(rows, &tasks[i].Row)
			rows.Queue("UPDATE nianbao_document SET packed = $2, deaths = 0 WHERE hash = $1", tasks[i].Row.Hash, string(packed))
			jobs[i] = river.InsertManyParams{Args: job{tasks[i].Row.Hash, text(tasks[i].Doc.Rel)}, InsertOpts: b.insert(time.Time{})}
		}
		if err := tx.SendBatch(ctx, rows).Close(); err != nil {
			return err
		}
		_, err := client.InsertManyTx(ctx, tx, jobs)
		return err
	})
}

// mostAttempts keeps River from giving up a job: how often one is tried is told from the workers that died with it.
const mostAttempts = 10_000

// insert says how a job enters the queue.
func (b Batch) insert(at time.Time) *river.InsertOpts {
	return &river.InsertOpts{
		Queue: b.queue, MaxAttempts: mostAttempts, ScheduledAt: at,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished},
	}
}

// requeue queues a content that has its result or its reason once more.
func (q *Queue) requeue(ctx context.Context, b Batch, hash string) error {
	client, err := river.NewClient(riverpgxv5.New(q.pool), &river.Config{Logger: quiet(q.logger)})
	if err != nil {
		return err
	}
	return q.tx(ctx, func(tx pgx.Tx) error {
		var rel string
		err := tx.QueryRow(ctx, `UPDATE nianbao_document SET state = 'queued', version = $2, settings = $3, deaths = 0, fresh = false
			WHERE hash = $1 AND packed IS NOT NULL RETURNING packed::jsonb->>'rel'`, hash, b.Identity.Version, b.Identity.Settings).Scan(&rel)
		if errors.Is(err, pgx.ErrNoRows) {
			return errors.New("it could not be read when it was submitted: submit it again")
		}
		if err != nil {
			return err
		}
		_, err = client.InsertTx(ctx, tx, job{hash, rel}, b.insert(time.Time{}))
		return err
	})
}
