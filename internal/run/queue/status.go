package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/internal/run/series"
	"github.com/nianbao/nianbao/worker"
)

// Status says how the batch stands.
func (q *Queue) Status(ctx context.Context) (*batch.Status, error) {
	if _, err := q.Batch(ctx); err != nil {
		return nil, err
	}
	s := &batch.Status{Reasons: map[worker.Reason]int{}, Shards: []batch.ShardStatus{}, Queue: &batch.QueueStatus{Workers: []batch.WorkerStatus{}}}
	c := &s.Counts
	err := q.pool.QueryRow(ctx, `SELECT count(*) FILTER (WHERE state = 'done' AND outcome = 'complete'), count(*) FILTER (WHERE state = 'done' AND outcome = 'no_numbers'),
			count(*) FILTER (WHERE state = 'done' AND outcome NOT IN ('complete', 'no_numbers')), count(*) FILTER (WHERE state = 'failed'),
			count(*) FILTER (WHERE state = 'done' AND review > 0), coalesce(sum(seconds), 0),
			coalesce(sum(cells), 0), coalesce(sum(proven), 0), coalesce(sum(supported), 0), coalesce(sum(read), 0), coalesce(sum(repaired), 0),
			coalesce(sum(conflict), 0), coalesce(sum(missing), 0), coalesce(sum(confirmed), 0), coalesce(sum(review), 0), coalesce(sum(failed_sums), 0),
			coalesce(sum(pages_by_ocr), 0), coalesce(sum(pages_by_text), 0)
		FROM nianbao_document WHERE state <> 'queued'`).
		Scan(&s.Done, &s.NoNumbers, &s.Partial, &s.Failed, &s.Review, &s.Seconds, &c.Cells, &c.Proven, &c.Supported, &c.Read, &c.Repaired,
			&c.Conflict, &c.Missing, &c.Confirmed, &c.Review, &c.FailedSums, &c.PagesByOCR, &c.PagesByText)
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	rows, err := q.pool.Query(ctx, "SELECT reason, count(*) FROM nianbao_document WHERE state = 'failed' GROUP BY reason")
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	var reason worker.Reason
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&reason, &n}, func() error { s.Reasons[reason] = n; return nil }); err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return s, q.working(ctx, s.Queue)
}

// working says what waits, what is being converted, and by whom.
func (q *Queue) working(ctx context.Context, s *batch.QueueStatus) error {
	left, err := q.left(ctx)
	if err != nil {
		return err
	}
	rows, err := q.pool.Query(ctx, `SELECT id, host, pid, jobs, version, converted, failed, started, seen, seen >= now() - $1::interval,
			ARRAY(SELECT args->>'input' FROM river_job WHERE state = 'running' AND kind = $2 AND attempted_by[array_upper(attempted_by, 1)] = w.id ORDER BY attempted_at)
		FROM nianbao_worker w ORDER BY started`, seconds(q.silence), job{}.Kind())
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	s.Workers, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (w batch.WorkerStatus, err error) {
		var started, seen time.Time
		err = row.Scan(&w.ID, &w.Host, &w.PID, &w.Jobs, &w.Version, &w.Converted, &w.Failed, &started, &seen, &w.Alive, &w.InFlight)
		w.StartedAt, w.SeenAt = started.Format(time.RFC3339), seen.Format(time.RFC3339)
		if d := seen.Sub(started).Minutes(); d > 0 {
			w.Rate = float64(w.Converted+w.Failed) / d
		}
		for i := range w.InFlight {
			w.InFlight[i] = untext(w.InFlight[i])
		}
		return w, err
	})
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	rate := 0.0
	for _, w := range s.Workers {
		s.Running += len(w.InFlight)
		if w.Alive {
			rate += w.Rate
		}
	}
	s.Waiting = max(0, left-s.Running)
	if rate > 0 {
		s.Remaining = float64(left) / rate * 60
	}
	return nil
}

// Manifest lists all inputs that were ever submitted, and what became of them.
func (q *Queue) Manifest(ctx context.Context) (*batch.Manifest, error) {
	contents := map[string]*batch.Row{}
	_, err := (&ledger{ctx, q}).Changed("", func(r *batch.Row) error {
		r.Entry = nil // there may be very many
		contents[r.Hash] = r
		return nil
	})
	if err != nil {
		return nil, err
	}
	rows, err := q.pool.Query(ctx, "SELECT path, rel, hash, size, files, archive FROM nianbao_input")
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	inputs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s batch.Seen, err error) {
		err = row.Scan(&s.Path, &s.Rel, &s.Hash, &s.Size, &s.Files, &s.Archive)
		s.Path, s.Rel, s.Archive = untext(s.Path), untext(s.Rel), untext(s.Archive)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return batch.ManifestOf(inputs, contents), nil
}

// conclude compares the years of each issuer when nothing is left to convert, once after each change.
func (q *Queue) conclude(ctx context.Context, b Batch) error {
	var due bool
	const isDue = `SELECT coalesce((SELECT max(updated) FROM nianbao_document) > coalesce(concluded, '-infinity'), concluded IS NULL) FROM nianbao_batch`
	if err := q.pool.QueryRow(ctx, isDue).Scan(&due); err != nil || !due {
		return err
	}
	return q.tx(ctx, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock($1, hashtext(current_schema()))", concludeLock).Scan(&due); err != nil || !due {
			return err // another worker does it
		}
		now := time.Time{}
		if err := tx.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&now); err != nil {
			return err
		}
		if _, err := q.series(ctx, b); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE nianbao_batch SET concluded = $1", now)
		return err
	})
}

// series writes what the reports of each issuer contradict each other in, and gives the number of contradictions.
func (q *Queue) series(ctx context.Context, b Batch) (int, error) {
	forms, err := form.Official().With(b.Options.Forms...)
	if err != nil {
		return 0, err
	}
	out, err := folder.Open(ctx, b.Output, "")
	if err != nil {
		return 0, err
	}
	var all bool
	if err = q.ask(ctx, &all, "SELECT NOT EXISTS (SELECT FROM nianbao_document WHERE version <> $1 OR settings <> $2)", b.Identity.Version, b.Identity.Settings); err != nil {
		return 0, err
	}
	if all {
		if err := batch.Finished(out, b.Identity.Settings); err != nil {
			return 0, err
		}
	}
	return batch.PutSeries(out, series.RulesOf(forms), func(add func([]series.Entry)) error {
		rows, err := q.pool.Query(ctx, "SELECT output, issuer, entry FROM nianbao_document WHERE state = 'done' ORDER BY issuer, output")
		if err != nil {
			return fmt.Errorf("queue: %w", err)
		}
		var group []series.Entry
		var output, issuer, last string
		var entry []byte
		_, err = pgx.ForEachRow(rows, []any{&output, &issuer, &entry}, func() error {
			var e series.Entry
			if err := json.Unmarshal(entry, &e); err != nil {
				return fmt.Errorf("%s: %w", output, err)
			}
			if issuer != last && len(group) > 0 {
				add(group)
				group = nil
			}
			e.Name, last = untext(output), issuer
			group = append(group, e)
			return nil
		})
		if err != nil {
			return fmt.Errorf("queue: %w", err)
		}
		if len(group) > 0 {
			add(group)
		}
		return nil
	})
}

// Follow tells what becomes of a submission until all of it has come to an end, and sums up as a batch of one machine
// does. It goes on while the database is away.
func (q *Queue) Follow(ctx context.Context, sent *Submission, finish <-chan struct{}, notify func(batch.Event)) (batch.Summary, error) {
	sum := batch.Summary{Progress: sent.Progress}
	l := &ledger{ctx, q}
	mark := sent.begun
	told := false
	for len(sent.Queued) > 0 {
		next, err := l.Changed(mark, func(r *batch.Row) error {
			input, ours := sent.Queued[r.Hash]
			if !ours || r.State != batch.Done && r.State != batch.Failed {
				return nil
			}
			delete(sent.Queued, r.Hash)
			e := batch.Event{Kind: batch.Converted, Input: input, Seconds: r.Seconds, Review: r.Counts.Review}
			if r.State == batch.Failed {
				sum.Failed++
				e.Kind, e.Reason, e.Message = batch.Rejected, r.Reason, r.Message
			} else {
				sum.Converted++
			}
			e.Counts = sum.Progress
			notify(e)
			return nil
		})
		switch {
		case ctx.Err() != nil:
		case err != nil && !told:
			q.logger.Warn(err.Error() + "; waiting")
			told = true
		case err == nil:
			mark, told = next, false
		}
		if len(sent.Queued) == 0 {
			break
		}
		select {
		case <-time.After(time.Second / 2):
		case <-finish:
			sum.Interrupted = true
			return sum, nil
		case <-ctx.Done():
			sum.Interrupted = true
			return sum, nil
		}
	}
	b, err := q.Batch(ctx)
	if err != nil {
		return sum, err
	}
	st, err := q.Status(ctx)
	if err != nil {
		return sum, err
	}
	sum.Review, sum.Partial, sum.NoNumbers = st.Review, st.Partial, st.NoNumbers
	sum.Series, err = q.series(ctx, b)
	return sum, err
}

// Again converts one content anew, such as one in quarantine, and waits for a worker to do it.
func (q *Queue) Again(ctx context.Context, book *batch.Book, output string) (batch.Item, error) {
	i, err := book.Item(output)
	if err != nil {
		return i, err
	}
	b, err := q.Batch(ctx)
	if err != nil {
		return i, err
	}
	if err := q.requeue(ctx, b, i.Hash); err != nil {
		return i, err
	}
	l := &ledger{ctx, q}
	for {
		r, err := l.ByHash(i.Hash)
		if err != nil {
			return i, err
		}
		if r == nil || r.State == batch.Done || r.State == batch.Failed {
			return book.Item(output)
		}
		select {
		case <-time.After(time.Second / 4):
		case <-ctx.Done():
			return i, errors.New("it waits in the queue, and no worker has taken it yet")
		}
	}
}
