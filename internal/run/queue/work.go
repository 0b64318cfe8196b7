package queue

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/worker"
)

// Work is how a worker converts.
type Work struct {
	// Jobs is how many documents are converted at a time.
	Jobs int
	// Make gives what this program would make of a batch's options: its identity, and the converters.
	Make func(context.Context, Options) (batch.Identity, func(temp string) batch.Converter, error)
	// Drain ends the work when nothing is left to do.
	Drain bool
	// Notify, if set, is told what happens, one event after the other. Counts are those of this worker; their total is
	// what waits and what it has done.
	Notify func(batch.Event)
	// Finish, when closed, lets the documents in flight come to an end and takes no more.
	Finish <-chan struct{}
}

const (
	// beatEvery is how often a worker gives a sign of life, at least.
	beatEvery = 2 * time.Second
	// tries is how many workers may die with a document until it is given up: workers are also killed for other reasons.
	tries = 5
)

// Silence is how long a worker may give no sign of life until its jobs go to others: longer than a database takes to start
// again, and with beatEvery still within a minute. Only tests have another.
var Silence = 30 * time.Second

// Do works until ctx ends, which stops at once, or w.Finish is closed.
func (q *Queue) Do(ctx context.Context, w Work) error {
	if err := q.Migrate(ctx); err != nil {
		return err
	}
	told := ""
	for {
		b, err := q.Batch(ctx)
		if err == nil {
			var id batch.Identity
			var makes func(string) batch.Converter
			if id, makes, err = w.Make(ctx, b.Options); err != nil {
				return err
			}
			if id == b.Identity {
				again, err := q.shift(ctx, w, b, makes)
				if err != nil || !again {
					return err
				}
				continue
			}
			err = fmt.Errorf("the queue is for version %s with settings %s, and this is %s with %s: submit again with this version, or run that one here",
				b.Identity.Version, b.Identity.Settings, id.Version, id.Settings)
		}
		if w.Drain {
			return err
		}
		if err.Error() != told {
			told = err.Error()
			q.logger.Warn(told + "; waiting")
		}
		select {
		case <-time.After(beatEvery):
		case <-w.Finish:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

// shift is the work on one version and settings.
type shift struct {
	q     *Queue
	w     Work
	b     Batch
	id    string
	step  *batch.Step
	slots chan *slot

	countAgain time.Time // when what waits may be counted

	alone sync.RWMutex // held for writing while a document is converted with no other beside

	mu       sync.Mutex
	counts   batch.Progress
	inFlight map[int64]bool
	trees    map[string]folder.Tree
	client   *river.Client[pgx.Tx]
}

// slot is a converter, which is made when it is first needed.
type slot struct {
	n int
	c batch.Converter
}

// shift works until the batch is another one, which it says, or there is no more to do.
func (q *Queue) shift(ctx context.Context, w Work, b Batch, makes func(string) batch.Converter) (again bool, err error) {
	forms, err := form.Official().With(b.Options.Forms...)
	if err != nil {
		return false, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	s := &shift{
		q: q, w: w, b: b, id: fmt.Sprintf("%s-%d-%s", host, os.Getpid(), rand.Text()[:6]),
		slots: make(chan *slot, w.Jobs), inFlight: map[int64]bool{}, trees: map[string]folder.Tree{},
	}
	// Results on their way lie in the output folder, so that they can be put in their place at once. What dead workers
	// left there goes when they are buried.
	onTheWay := ""
	if !folder.InStore(b.Output) {
		onTheWay = folder.Dir{Root: b.Output}.Path(wayDir + s.id)
		if err := os.MkdirAll(onTheWay, 0o755); err != nil {
			return false, fmt.Errorf("output folder: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(onTheWay)) }()
	}
	out, err := folder.Open(ctx, b.Output, onTheWay)
	if err != nil {
		return false, err
	}
	s.step = batch.NewStep(batch.Options{Identity: b.Identity, Forms: forms, Notify: s.notify}, out)
	defer s.step.Close()
	for n := range w.Jobs {
		s.slots <- &slot{n, makes("")}
	}
	defer func() {
		for range w.Jobs {
			err = errors.Join(err, (<-s.slots).c.Close())
		}
	}()
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &converting{s: s}); err != nil {
		return false, err
	}
	s.client, err = river.NewClient(riverpgxv5.New(q.pool), &river.Config{
		ID: s.id, Logger: quiet(q.logger), Workers: workers,
		Queues: map[string]river.QueueConfig{b.queue: {MaxWorkers: w.Jobs}},
		// A free slot looks for work at once; that bounds the overhead of a job.
		FetchCooldown: river.FetchCooldownMin, FetchPollInterval: time.Second,
		// The converters have limits of their own. Whose worker died is told from its signs of life, not from time.
		JobTimeout: -1, RescueStuckJobsAfter: 365 * 24 * time.Hour,
		CompletedJobRetentionPeriod: time.Hour, DiscardedJobRetentionPeriod: 24 * time.Hour,
	})
	if err != nil {
		return false, err
	}
	return s.run(ctx)
}

// wayDir begins the names of folders for results on their way.
const wayDir = "tmp/work-"

func (s *shift) run(ctx context.Context) (again bool, err error) {
	if err := s.beat(ctx); err != nil {
		return false, err
	}
	running := context.WithoutCancel(ctx) // River is stopped by name
	if err := s.client.Start(running); err != nil {
		return false, fmt.Errorf("queue: %w", err)
	}
	defer func() {
		leave, cancel := context.WithTimeout(running, beatEvery)
		defer cancel()
		_, _ = s.q.pool.Exec(leave, "DELETE FROM nianbao_worker WHERE id = $1", s.id) // else it is buried
	}()
	tick := time.NewTicker(s.q.beat())
	defer tick.Stop()
	well := time.Now() // since when every sign of life was taken
	for {
		select {
		case <-tick.C:
			if err := s.beat(ctx); err != nil {
				if well != (time.Time{}) && ctx.Err() == nil {
					s.q.logger.Warn(err.Error())
				}
				well = time.Time{}
				continue
			}
			if well.IsZero() {
				well = time.Now()
			}
			if again, done := s.look(ctx, well); again || done {
				return again, s.stop(ctx)
			}
		case <-s.w.Finish:
			return false, s.stop(ctx)
		case <-ctx.Done():
			return false, s.client.StopAndCancel(running)
		}
	}
}

// stop lets what is in flight come to an end, unless ctx ends first.
func (s *shift) stop(ctx context.Context) error {
	err := s.client.Stop(ctx)
	if ctx.Err() != nil {
		return s.client.StopAndCancel(context.WithoutCancel(ctx))
	}
	return err
}

// look sees to what is not the business of one job. again says that the batch has become another one, done that
// there is nothing left and nothing is waited for.
func (s *shift) look(ctx context.Context, well time.Time) (again, done bool) {
	trouble := func(err error) bool {
		if err != nil && ctx.Err() == nil {
			s.q.logger.Warn(err.Error())
		}
		return err != nil
	}
	b, err := s.q.Batch(ctx)
	if trouble(err) {
		return false, false
	}
	if b.Identity != s.b.Identity || b.Output != s.b.Output {
		return true, false
	}
	// When the database was away, every worker was silent: nobody is dead before all had time to speak.
	if time.Since(well) > s.q.silence {
		trouble(s.bury(ctx))
	}
	for _, see := range []func(context.Context) error{s.wake, s.recover, s.restore, s.count} {
		trouble(see(ctx))
	}
	var left bool
	if trouble(s.q.ask(ctx, &left, "SELECT EXISTS (SELECT FROM nianbao_document WHERE state = 'queued')")) || left {
		return false, false
	}
	trouble(s.q.conclude(ctx, s.b))
	return false, s.w.Drain
}

// left is how many documents wait or are being converted.
func (q *Queue) left(ctx context.Context) (n int, err error) {
	return n, q.ask(ctx, &n, "SELECT count(*) FROM nianbao_document WHERE state = 'queued'")
}

// count brings the total up to date. Where many millions wait it takes a second, which a hundred workers must not ask
// for at every sign of life.
func (s *shift) count(ctx context.Context) error {
	if time.Now().Before(s.countAgain) {
		return nil
	}
	begun := time.Now()
	left, err := s.q.left(ctx)
	const rest = 100 // times what it took
	s.countAgain = time.Now().Add(rest * time.Since(begun))
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.counts.Total = left + s.counts.Converted + s.counts.Failed
	}
	return err
}

// beat is how often a worker gives a sign of life: several times in the time after which it counts as dead.
func (q *Queue) beat() time.Duration { return min(beatEvery, q.silence/4) }

// beat gives a sign of life.
func (s *shift) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beatEvery)
	defer cancel()
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	s.mu.Lock()
	c := s.counts
	s.mu.Unlock()
	_, err = s.q.pool.Exec(ctx, `INSERT INTO nianbao_worker (id, host, pid, jobs, version, settings, converted, failed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET converted = excluded.converted, failed = excluded.failed, seen = now()`,
		s.id, host, os.Getpid(), s.w.Jobs, s.b.Identity.Version, s.b.Identity.Settings, c.Converted, c.Failed)
	if err != nil {
		return fmt.Errorf("no sign of life could be given: %w", err)
	}
	return nil
}

// notify counts and passes on what happens.
func (s *shift) notify(e batch.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e.Kind {
	case batch.Converted:
		s.counts.Converted++
	case batch.Rejected:
		s.counts.Failed++
	}
	s.counts.Total = max(s.counts.Total, s.counts.Converted+s.counts.Failed)
	e.Counts = s.counts
	if s.w.Notify != nil {
		s.w.Notify(e)
	}
}

// converting is the worker of River.
type converting struct {
	river.WorkerDefaults[job]
	s *shift
}

// Work converts a document. It never gives River an error: what a document is to blame for goes to quarantine, and
// whatever else goes wrong is tried again for as long as it takes.
func (c *converting) Work(ctx context.Context, j *river.Job[job]) (err error) {
	s := c.s
	s.mu.Lock()
	s.inFlight[j.ID] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.inFlight, j.ID)
		s.mu.Unlock()
	}()
	l := &jobLedger{ledger: ledger{ctx, s.q}, s: s, job: j}
	err = s.convert(ctx, l)
	switch {
	case err == nil, errors.Is(err, errLost):
		return nil
	case ctx.Err() != nil:
		return river.JobSnooze(0)
	}
	s.q.logger.Warn(fmt.Sprintf("%s: %v; it is tried again", untext(j.Args.Input), err))
	return river.JobSnooze(patience(j.Metadata))
}

// patience is how long to wait before a document is tried again, by how often that was done before.
func patience(metadata []byte) time.Duration {
	var m struct {
		Snoozes int `json:"snoozes"`
	}
	_ = json.Unmarshal(metadata, &m) // none were counted
	const least = 2 * time.Second
	return min(least<<min(m.Snoozes, 5), longestPause)
}

// longestPause is the longest that a job is put off for.
const longestPause = time.Minute

func (s *shift) convert(ctx context.Context, l *jobLedger) error {
	var packed string
	var deaths int
	row, err := scanRow(s.q.pool.QueryRow(ctx, "SELECT "+documentColumns+", packed, deaths FROM nianbao_document WHERE hash = $1", l.job.Args.Hash), &packed, &deaths)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil // another content has its place
	case err != nil:
		return err
	case row.State != Queued:
		return nil // it is done
	}
	var p batch.Packed
	if err := json.Unmarshal([]byte(packed), &p); err != nil {
		return err
	}
	tree, err := s.tree(p.Tree)
	if err != nil {
		return err
	}
	t := batch.Task{Doc: s.step.Unpack(p, tree), Row: *row}
	if deaths >= s.q.tries {
		t.Row.Attempts += deaths
		return s.step.GiveUp(l, t, &worker.Failure{
			Reason: worker.Crashed, Message: fmt.Sprintf("%d workers died while they converted it", deaths),
		})
	}
	leave, err := s.enter(ctx, l.job.ID, deaths > 0)
	if err != nil {
		return err
	}
	defer leave()
	slot := <-s.slots
	defer func() { s.slots <- slot }()
	defer func() {
		if p := recover(); p != nil {
			err = s.step.GiveUp(l, t, &worker.Failure{Reason: worker.Crashed, Message: fmt.Sprintf("a fault of this program: %v", p)})
		}
	}()
	return s.step.Convert(ctx, slot.n, watched{slot.c, l.notice}, l, t)
}

// enter begins a conversion. A worker that dies takes the documents of its other slots along; so a document with which
// one died is converted alone from then on, and none pays for another. What waits for that is marked, for it is not to
// blame either.
func (s *shift) enter(ctx context.Context, job int64, alone bool) (leave func(), err error) {
	try, wait, leave := s.alone.TryRLock, s.alone.RLock, s.alone.RUnlock
	if alone {
		try, wait, leave = s.alone.TryLock, s.alone.Lock, s.alone.Unlock
	}
	if try() {
		return leave, nil
	}
	if _, err := s.q.pool.Exec(ctx, `UPDATE river_job SET metadata = metadata || '{"waits": true}' WHERE id = $1`, job); err != nil {
		return nil, err
	}
	wait()
	if _, err := s.q.pool.Exec(ctx, `UPDATE river_job SET metadata = metadata - 'waits' WHERE id = $1`, job); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

// tree opens a store once.
func (s *shift) tree(name string) (folder.Tree, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.trees[name]; t != nil {
		return t, nil
	}
	t, _, err := folder.TreeOf(context.Background(), name)
	if err == nil {
		s.trees[name] = t
	}
	return t, err
}

// watched notices when a store or a mount goes away while a document is read.
type watched struct {
	batch.Converter
	notice func(error) error
}

// Do converts a document whose parts are watched.
func (w watched) Do(ctx context.Context, j worker.Job, page func(n, of int)) ([]byte, error) {
	for i, p := range j.Parts {
		j.Parts[i].Open = func() (io.ReadCloser, error) {
			r, err := p.Open()
			if err != nil {
				return nil, w.notice(err)
			}
			return watchedPart{r, w.notice}, nil
		}
	}
	return w.Converter.Do(ctx, j, page)
}

type watchedPart struct {
	io.ReadCloser
	notice func(error) error
}

func (p watchedPart) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	return n, p.notice(err)
}

// errLost means that the job is another worker's by now.
var errLost = errors.New("the job was given to another worker")

// jobLedger is the book as the step of one job writes it.
type jobLedger struct {
	ledger
	s   *shift
	job *river.Job[job]

	mu      sync.Mutex
	trouble error
}

// notice keeps the error of a store that cannot be reached, so that the document is not blamed for it.
func (l *jobLedger) notice(err error) error {
	if errors.Is(err, folder.ErrUnavailable) {
		l.mu.Lock()
		l.trouble = err
		l.mu.Unlock()
	}
	return err
}

// Put has nothing to do: that the document is being converted is in River's row.
func (l *jobLedger) Put(...*batch.Row) error { return nil }

// Keep ends the job: the result, the row and the end are one, and only for him who still has the job.
func (l *jobLedger) Keep(r *batch.Row, write func() error) error {
	l.mu.Lock()
	trouble := l.trouble
	l.mu.Unlock()
	switch {
	case trouble != nil:
		return trouble
	case r.Reason == worker.NoRoom: // the machine's fault
		return errors.New(r.Message)
	}
	err := l.q.tx(l.ctx, func(tx pgx.Tx) error {
		var mine bool
		var state batch.State
		var id batch.Identity
		locks := new(pgx.Batch)
		locks.Queue("SELECT state = 'running' FROM river_job WHERE id = $1 FOR UPDATE", l.job.ID).
			QueryRow(func(row pgx.Row) error { return row.Scan(&mine) })
		locks.Queue("SELECT state, version, settings, output FROM nianbao_document WHERE hash = $1 FOR UPDATE", r.Hash).
			QueryRow(func(row pgx.Row) error { return row.Scan(&state, &id.Version, &id.Settings, &r.Output) })
		err := tx.SendBatch(l.ctx, locks).Close()
		switch {
		case errors.Is(err, pgx.ErrNoRows), err == nil && !mine:
			return errLost
		case err != nil:
			return err
		}
		r.Output = untext(r.Output)
		if _, err := river.JobCompleteTx[*riverpgxv5.Driver](l.ctx, tx, l.job); err != nil {
			return err
		}
		if state != Queued {
			return nil
		}
		if id != l.s.b.Identity { // it is wanted of another version by now
			return l.s.insert(l.ctx, tx, []job{l.job.Args}, nil)
		}
		if err := write(); err != nil {
			return err
		}
		b := new(pgx.Batch)
		putRow(b, r)
		return tx.SendBatch(l.ctx, b).Close()
	})
	return err
}

// insert queues contents anew, for the version that is wanted now.
func (s *shift) insert(ctx context.Context, tx pgx.Tx, jobs []job, at func(job) time.Time) error {
	var b Batch
	if err := tx.QueryRow(ctx, "SELECT queue FROM nianbao_batch").Scan(&b.queue); err != nil {
		return err
	}
	params := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		var when time.Time
		if at != nil {
			when = at(j)
		}
		params[i] = river.InsertManyParams{Args: j, InsertOpts: b.insert(when)}
	}
	_, err := s.client.InsertManyTx(ctx, tx, params)
	return err
}

// bury gives the jobs of silent workers to others.
func (s *shift) bury(ctx context.Context) error {
	rows, err := s.q.pool.Query(ctx, `SELECT id FROM river_job WHERE state = 'running' AND kind = $1
		AND attempted_by[array_upper(attempted_by, 1)] NOT IN (SELECT id FROM nianbao_worker WHERE seen >= now() - $2::interval)`,
		job{}.Kind(), seconds(s.q.silence))
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if err := s.giveBack(ctx, ids, "its worker died", 1); err != nil {
		return err
	}
	rows, err = s.q.pool.Query(ctx, "DELETE FROM nianbao_worker WHERE seen < now() - $1::interval RETURNING id", seconds(s.q.silence))
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	dead, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, id := range dead {
		if !folder.InStore(s.b.Output) {
			err = errors.Join(err, os.RemoveAll(folder.Dir{Root: s.b.Output}.Path(wayDir+id)))
		}
		s.q.logger.Warn(fmt.Sprintf("worker %s has given no sign of life for %v; its documents go to others", id, s.q.silence))
	}
	return err
}

// wake makes available what nobody would take: jobs that should have been woken, for River goes by the clock of the
// worker that it elects, which may be slow or gone; jobs put off by a worker whose clock is fast; and those that a worker
// of an older version put back into its own queue, when the others had been moved.
func (s *shift) wake(ctx context.Context) error {
	// Each of the parts is found in River's index for fetching; millions may wait.
	_, err := s.q.pool.Exec(ctx, `UPDATE river_job SET state = 'available', scheduled_at = now(), queue = (SELECT queue FROM nianbao_batch)
		WHERE kind = $1 AND state IN ('available', 'scheduled', 'retryable') AND id IN (
			SELECT id FROM river_job WHERE state IN ('scheduled', 'retryable') AND queue = $2 AND priority = 1 AND scheduled_at < now() - $3::interval
			UNION ALL SELECT id FROM river_job WHERE state IN ('available', 'scheduled', 'retryable') AND queue = $2 AND priority = 1 AND scheduled_at > now() + $4::interval
			UNION ALL SELECT id FROM river_job WHERE state IN ('available', 'scheduled', 'retryable') AND queue < $2
			UNION ALL SELECT id FROM river_job WHERE state IN ('available', 'scheduled', 'retryable') AND queue > $2)`,
		job{}.Kind(), s.b.queue, seconds(s.q.silence), seconds(longestPause+s.q.silence))
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return nil
}

// restore queues documents anew that have no job. A crash of the database forgets the last commits of workers
// (OpenForWork), and when it has forgotten the end of a document, which was one commit with the end of its job, River
// still remembers that the job came to its end, and notes only that. In River's UI jobs can be ended, too. Where jobs
// wait, there is time: it is looked for when nothing else is to be done, and few documents are left.
func (s *shift) restore(ctx context.Context) error {
	rows, err := s.q.pool.Query(ctx, `SELECT hash, packed::jsonb->>'rel' FROM nianbao_document d WHERE d.state = 'queued'
		AND NOT EXISTS (SELECT FROM river_job WHERE state = 'available' AND queue = (SELECT queue FROM nianbao_batch) AND scheduled_at <= now())
		AND NOT EXISTS (SELECT FROM river_job j WHERE j.state IN ('available', 'pending', 'retryable', 'running', 'scheduled') AND j.args->>'hash' = d.hash)
		LIMIT $1`, sendMany)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	lost, err := pgx.CollectRows(rows, pgx.RowToStructByPos[job])
	if err != nil || len(lost) == 0 {
		return err
	}
	s.q.logger.Warn(fmt.Sprintf("%d documents wait without a job; they are queued again", len(lost)))
	return s.q.tx(ctx, func(tx pgx.Tx) error { return s.insert(ctx, tx, lost, nil) })
}

// recover gives back jobs that this worker no longer has, though River's row says so: the database was away when it
// was to hear of their end.
func (s *shift) recover(ctx context.Context) error {
	rows, err := s.q.pool.Query(ctx, `SELECT id FROM river_job WHERE state = 'running' AND kind = $1
		AND attempted_by[array_upper(attempted_by, 1)] = $2 AND attempted_at < now() - $3::interval`, job{}.Kind(), s.id, seconds(s.q.silence))
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	s.mu.Lock()
	var lost []int64
	for _, id := range ids {
		if !s.inFlight[id] {
			lost = append(lost, id)
		}
	}
	s.mu.Unlock()
	return s.giveBack(ctx, lost, "its end could not be noted", 0)
}

// giveBack ends jobs that nobody works on and makes new ones of them, so that whatever their old workers may still do
// to the old ones matters to nobody.
func (s *shift) giveBack(ctx context.Context, ids []int64, why string, deaths int) error {
	if len(ids) == 0 {
		return nil
	}
	said, err := json.Marshal(map[string]any{"at": time.Now().UTC(), "attempt": 1, "error": why, "trace": ""})
	if err != nil {
		return err
	}
	return s.q.tx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `UPDATE river_job SET state = 'discarded', finalized_at = now(), errors = array_append(coalesce(errors, '{}'), $2::jsonb)
			WHERE id IN (SELECT id FROM river_job WHERE id = ANY($1) AND state = 'running' FOR UPDATE SKIP LOCKED) RETURNING args, metadata ? 'waits'`, ids, said)
		if err != nil {
			return err
		}
		var jobs []job
		var hashes []string // of those that were being converted
		var args []byte
		var waited bool
		_, err = pgx.ForEachRow(rows, []any{&args, &waited}, func() error {
			var j job
			err := json.Unmarshal(args, &j)
			if jobs = append(jobs, j); !waited {
				hashes = append(hashes, j.Hash)
			}
			return err
		})
		if err != nil || len(jobs) == 0 {
			return err
		}
		died := map[string]int{}
		rows, err = tx.Query(ctx, "UPDATE nianbao_document SET deaths = deaths + $2 WHERE hash = ANY($1) AND state = 'queued' RETURNING hash, deaths", hashes, deaths)
		if err != nil {
			return err
		}
		var hash string
		var n int
		if _, err := pgx.ForEachRow(rows, []any{&hash, &n}, func() error { died[hash] = n; return nil }); err != nil {
			return err
		}
		return s.insert(ctx, tx, jobs, func(j job) time.Time { return after(died[j.Hash]) })
	})
}

// after is when a document is tried again that workers died with: at once the first time, then later and later, so
// that its like do not fall upon all workers together.
func after(deaths int) time.Time {
	if deaths < 2 {
		return time.Time{}
	}
	const step = 2 * time.Second
	return time.Now().Add(time.Duration((deaths-1)*(deaths-1)) * step)
}
