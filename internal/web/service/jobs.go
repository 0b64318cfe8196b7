package service

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/report"
)

// conversion is a job in River's queue. Of the document it has nothing: a record that is removed leaves no trace.
type conversion struct {
	ID string `json:"id"`
}

// Kind is how River knows it.
func (conversion) Kind() string { return "convert" }

// tries is how often a conversion is begun that fails for reasons of this machine; a document's own failure is final.
const tries = 3

// jobs are what is done later: a queue, and what is known of each job while it runs.
type jobs struct {
	service *Service
	store   *store
	client  *river.Client[*sql.Tx]

	mu      sync.Mutex
	running map[string]*run
	// changed is closed, and replaced, each time that something about any job changes.
	changed chan struct{}
	stop    context.CancelFunc // ends the sweeper
	swept   chan struct{}      // closed when it has ended
}

// run is a job that is being worked on.
type run struct {
	page, of int
	cancel   context.CancelCauseFunc
}

func (s *Service) openJobs() (_ *jobs, err error) {
	ctx := context.Background()
	j := &jobs{service: s, running: map[string]*run{}, changed: make(chan struct{}), swept: make(chan struct{})}
	if j.store, err = openStore(ctx, s.Folder); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, j.store.db.Close())
		}
	}()
	if err := j.tidy(ctx); err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(j.work))
	river.AddWorker(workers, river.WorkFunc(j.tell))
	j.client, err = river.NewClient(riversqlite.New(j.store.db), &river.Config{
		Workers: workers,
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: s.Processes}, tellQueue: {MaxWorkers: 2}},
		// SQLite tells nobody of new rows.
		FetchCooldown: 20 * time.Millisecond, FetchPollInterval: 100 * time.Millisecond,
		// The worker process has limits of its own; nothing here is stuck, since what a process left is taken up
		// again when the next one starts.
		JobTimeout: -1, RescueStuckJobsAfter: 1 << 50,
		CompletedJobRetentionPeriod: time.Minute, CancelledJobRetentionPeriod: time.Minute, DiscardedJobRetentionPeriod: time.Minute,
		RetryPolicy: retrying{}, Logger: slog.New(warnings{s.Logger.Handler()}),
	})
	if err != nil {
		return nil, err
	}
	if err := j.client.Start(ctx); err != nil {
		return nil, err
	}
	sweeping, stop := context.WithCancel(ctx)
	j.stop = stop
	go j.sweep(sweeping)
	return j, nil
}

// warnings keeps what River says of its daily work out of the log.
type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

// close ends the queue: what runs may finish until the context ends, what does not is begun anew by the next process.
func (j *jobs) close(ctx context.Context) error {
	j.stop()
	<-j.swept
	err := j.client.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = j.client.StopAndCancel(context.WithoutCancel(ctx))
	}
	return errors.Join(err, j.store.db.Close())
}

// folder of a job: its files, and its result.
func (j *jobs) folder(id string) string { return filepath.Join(j.service.Folder, "jobs", id) }

func (j *jobs) result(id string) string { return filepath.Join(j.folder(id), "result.json") }

// tidy removes folders of jobs that there are no more.
func (j *jobs) tidy(ctx context.Context) error {
	ids, err := j.store.ids(ctx, time.Time{})
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, id := range ids {
		known[id] = true
	}
	all := filepath.Dir(j.folder("x"))
	if err := os.MkdirAll(all, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(all)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !known[e.Name()] {
			err = errors.Join(err, os.RemoveAll(filepath.Join(all, e.Name())))
		}
	}
	return err
}

// sweepTime is how often it is asked whether a job's time is over.
const sweepTime = time.Second

func (j *jobs) sweep(ctx context.Context) {
	defer close(j.swept)
	tick := time.NewTicker(sweepTime)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		ids, err := j.store.ids(ctx, j.service.Now())
		for _, id := range ids {
			_, e := j.forget(ctx, id)
			err = errors.Join(err, e)
		}
		if len(ids) > 0 {
			err = errors.Join(err, j.store.wipe(ctx))
		}
		if err != nil && ctx.Err() == nil {
			j.service.Logger.Error("jobs whose time is over cannot be removed: " + err.Error())
		}
	}
}

// forget removes a job with all that there is of it, and says whether there was one.
func (j *jobs) forget(ctx context.Context, id string) (bool, error) {
	was, err := j.store.remove(ctx, id)
	if err != nil || !was {
		return was, err
	}
	j.mu.Lock()
	if r := j.running[id]; r != nil {
		r.cancel(errNoJob)
	}
	j.mu.Unlock()
	err = os.RemoveAll(j.folder(id))
	j.notify()
	return true, err
}

// notify wakes all who wait for a change.
func (j *jobs) notify() {
	j.mu.Lock()
	defer j.mu.Unlock()
	close(j.changed)
	j.changed = make(chan struct{})
}

// change is closed with the next change.
func (j *jobs) change() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.changed
}

// Job is a job as clients see it.
type Job struct {
	ID    string `json:"id"`
	Name  string `json:"name" doc:"The document's name."`
	State State  `json:"state" enum:"queued,running,done,failed" doc:"done has a result, failed a problem."`
	Page  int    `json:"page,omitempty" doc:"The page that is being read, where that is known."`
	Of    int    `json:"of,omitempty" doc:"How many pages there are."`
	// Outcome and Review are the report's.
	Outcome string     `json:"outcome,omitempty" doc:"The status of the report: complete, partial, no_numbers, not_a_report."`
	Review  *int       `json:"review,omitempty" doc:"How many entries the report's review has."`
	Problem *Problem   `json:"problem,omitempty" doc:"Why there is no result, and what to do about it."`
	Created time.Time  `json:"created"`
	Ended   *time.Time `json:"ended,omitempty"`
	Expires *time.Time `json:"expires,omitempty" doc:"When the job and all of its document are removed."`
}

// seen is a record as clients see it.
func (j *jobs) seen(r *record) Job {
	out := Job{ID: r.ID, Name: r.Name, State: r.State, Outcome: r.Outcome, Problem: r.Problem, Created: r.Created}
	if !r.Ended.IsZero() {
		out.Ended, out.Expires = &r.Ended, &r.Expires
	}
	if r.State == Done {
		out.Review = &r.Review
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if run := j.running[r.ID]; run != nil && r.State == Queued {
		out.State, out.Page, out.Of = Running, run.page, run.of
	}
	return out
}

// document of a record.
func (j *jobs) document(r *record) *document {
	return &document{name: r.Name, dir: j.folder(r.ID), files: r.Files, size: r.Size}
}

// add takes a job for a document that a request brought. It moves the document's folder.
func (j *jobs) add(ctx context.Context, d *document, with Settings, keep time.Duration, key string) (*record, error) {
	s := j.service
	r := &record{ID: rand.Text(), Name: d.name, Files: d.files, Size: d.size, Settings: with, Key: key, State: Queued, Created: s.Now().UTC().Truncate(time.Millisecond), Keep: keep}
	if key != "" {
		var err error
		if r.Digest, err = d.digest(with, keep); err != nil {
			return nil, err
		}
		if old, err := j.store.byKey(ctx, key); err == nil {
			return old.as(r)
		} else if !errors.Is(err, errNoJob) {
			return nil, err
		}
	}
	queued, _, size, err := j.store.count(ctx)
	switch {
	case err != nil:
		return nil, err
	case queued >= s.Limits.Jobs:
		return nil, errFull
	case size+d.size > s.Limits.Stored:
		return nil, problem(http.StatusTooManyRequests, "full", "the documents of the jobs that are kept fill the room there is: remove jobs (DELETE /v1/jobs/ID), or come back after the seconds of Retry-After")
	}
	if err := d.settle(j.folder(r.ID)); err != nil {
		return nil, err
	}
	err = j.store.within(ctx, func(tx *sql.Tx) error {
		in, err := j.client.InsertTx(ctx, tx, conversion{r.ID}, &river.InsertOpts{MaxAttempts: tries})
		if err != nil {
			return err
		}
		r.River = in.Job.ID
		return put(ctx, tx, r)
	})
	if err != nil {
		if old, e := j.store.byKey(ctx, key); key != "" && e == nil { // another one with the key was faster
			return old.as(r)
		}
		return nil, err
	}
	j.notify()
	return r, nil
}

// as gives the job that was taken earlier under the same key, if it was asked for in the same way.
func (r *record) as(wanted *record) (*record, error) {
	if r.Digest != wanted.Digest {
		return nil, problem(http.StatusUnprocessableEntity, "key_used", "another job was asked for with this Idempotency-Key: take a new key for each job")
	}
	return r, nil
}

// digest is a hash of all that a request asked for.
func (d *document) digest(with Settings, keep time.Duration) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%+v %d %q\n", with, keep, d.files)
	for i := range d.files {
		f, err := os.Open(d.file(i))
		if err != nil {
			return "", err
		}
		n, err := io.Copy(h, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return "", err
		}
		fmt.Fprintf(h, "\n%d\n", n)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// settle moves a document to another folder, where it stays when the power fails.
func (d *document) settle(dir string) error {
	for i := range d.files {
		f, err := os.OpenFile(d.file(i), os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		if err = errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	if err := whole.Move(d.dir, dir); err != nil {
		return err
	}
	d.dir = dir
	return nil
}

// work is River's: it does one conversion.
func (j *jobs) work(ctx context.Context, job *river.Job[conversion]) error {
	s, id := j.service, job.Args.ID
	r, err := j.store.get(ctx, id)
	if errors.Is(err, errNoJob) {
		return nil // it was removed
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	now := &run{cancel: cancel}
	j.mu.Lock()
	j.running[id] = now
	j.mu.Unlock()
	j.notify()
	defer func() {
		j.mu.Lock()
		delete(j.running, id)
		j.mu.Unlock()
		j.notify()
	}()
	res, err := s.convert(ctx, j.document(r), r.Settings, func(n, of int) {
		j.mu.Lock()
		now.page, now.of = n, of
		j.mu.Unlock()
		j.notify()
	})
	switch {
	case errors.Is(context.Cause(ctx), errNoJob):
		return nil // it was removed meanwhile
	case err != nil && ctx.Err() != nil:
		return river.JobSnooze(0) // the service ends: it is begun anew by the next one
	case err == nil:
		err = j.keep(r, res)
	}
	if err != nil {
		p := s.problemOf(ctx, err)
		if p == nil || p.Status == http.StatusInternalServerError && job.Attempt < job.MaxAttempts {
			return err
		}
		r.State, r.Problem = Failed, p
	}
	return j.end(ctx, r, job)
}

// keep writes the result of a job.
func (j *jobs) keep(r *record, res *result) error {
	var b bytes.Buffer
	for _, x := range res.all {
		if err := report.Encode(&b, x, true); err != nil {
			return err
		}
	}
	r.State, r.Outcome, r.Review = Done, string(res.all[0].Outcome), len(res.all[0].Review)
	return whole.Write(j.result(r.ID), b.Bytes(), "")
}

// end writes that a job has ended, with River's own end of it and the telling of it, in one transaction.
func (j *jobs) end(ctx context.Context, r *record, job *river.Job[conversion]) error {
	r.Ended = j.service.Now().UTC().Truncate(time.Millisecond)
	r.Expires = r.Ended.Add(r.Keep)
	err := j.store.within(ctx, func(tx *sql.Tx) error {
		var there bool
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM service_job WHERE id = ?", r.ID).Scan(&there); err != nil || !there {
			return errors.Join(err, os.RemoveAll(j.folder(r.ID))) // it was removed meanwhile
		}
		if err := put(ctx, tx, r); err != nil {
			return err
		}
		if err := j.announce(ctx, tx, r); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riversqlite.Driver](ctx, tx, job)
		return err
	})
	return err
}

// kept is the result of a job that is done.
func (j *jobs) kept(r *record) (*result, error) {
	switch r.State {
	case Failed:
		return nil, r.Problem
	case Done:
	default:
		return nil, problem(http.StatusConflict, "not_done", "the job is not done: ask for GET /v1/jobs/"+r.ID+" until its state is done, or follow its events")
	}
	b, err := os.ReadFile(j.result(r.ID))
	if errors.Is(err, os.ErrNotExist) {
		return nil, errNoJob // it was removed just now
	}
	if err != nil {
		return nil, err
	}
	all, err := report.DecodeAll(b)
	if err != nil {
		return nil, err
	}
	return resultFrom(b, all)
}

// retrying has jobs that failed for reasons of this machine tried again soon.
type retrying struct{}
