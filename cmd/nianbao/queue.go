package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/internal/run/queue"
	"github.com/nianbao/nianbao/report"
)

// queueVariable names the queue where no flag does, so that its password need not be among the arguments.
const queueVariable = "NIANBAO_QUEUE"

// fewConnections are enough for a command that only asks.
const fewConnections = 4

func newSubmitCommand(e *env) *cobra.Command {
	var o batchOptions
	c := &cobra.Command{
		Use:   "submit IN... --queue URL -o OUT",
		Short: "Queue folders of reports for workers on as many machines as there are",
		Long: `Look at every report below the inputs, as batch does, and queue those that have no result yet in a PostgreSQL
database, from which workers take them (nianbao work). IN and OUT are folders that all machines see under the
same path, or s3://bucket/prefix in any S3-compatible store; its address and keys are taken from the usual
variables (AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...).

A content is queued once, wherever it lies. Submit again to go on: only new and changed inputs are queued, and
all of them when the version or the settings have changed. One database is for one OUT; ?search_path=NAME in the
URL keeps several apart.

Exit status:
  0    all queued, or nothing to do
  1    an input cannot be read, or the queue cannot be reached
  2    wrong usage
  130  interrupted; submit again to go on`,
		Example: `  nianbao submit /mnt/cabinets --queue postgres://nianbao@db/nianbao -o /mnt/out
  nianbao submit s3://archive/2023 --queue postgres://nianbao@db/nianbao -o s3://results/2023
  nianbao status postgres://nianbao@db/nianbao`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runSubmit(cmd.Context(), e, o, args) },
	}
	f := c.Flags()
	o.addInputs(f)
	addQueue(f, &o.queue)
	return c
}

func runSubmit(ctx context.Context, e *env, o batchOptions, in []string) error {
	if err := o.check(); err != nil {
		return err
	}
	p := newProgress(e.stderr, e.log)
	sent, err := o.submit(ctx, e, p, in)
	if sent != nil {
		p.end(batch.Summary{Progress: sent.Progress})
	}
	switch {
	case errors.Is(err, batch.ErrInput), errors.Is(err, queue.ErrOtherOutput):
		return usageError{err}
	case err != nil:
		return err
	}
	p.log.Info(fmt.Sprintf("%d queued", len(sent.Queued)))
	switch {
	case ctx.Err() != nil:
		return statusError{exitInterrupted}
	case sent.Failed > 0:
		return statusError{exitFailed}
	}
	return nil
}

// submit queues the inputs.
func (o *batchOptions) submit(ctx context.Context, e *env, p *progress, in []string) (*queue.Submission, error) {
	var err error
	if o.own, err = o.load(e); err != nil {
		return nil, err
	}
	q, err := openQueue(e, o.queue, asking(ctx, p.log))
	if err != nil {
		return nil, err
	}
	defer q.Close()
	return o.submitTo(ctx, q, p, in)
}

func (o *batchOptions) submitTo(ctx context.Context, q *queue.Queue, p *progress, in []string) (*queue.Submission, error) {
	forms, err := form.Official().With(o.own...)
	if err != nil {
		return nil, err
	}
	identity, err := o.identity(ctx)
	if err != nil {
		return nil, err
	}
	return q.Submit(ctx, batch.Options{
		In: in, Out: o.out, Retry: o.retry, Filter: o.filter(), Identity: identity, Forms: forms, Notify: p.event, Finish: ctx.Done(),
	}, queue.Options{TablesOnly: o.tablesOnly, Forms: o.own})
}

// openQueue opens the queue of a flag, or of the variable where there is no flag.
func openQueue(e *env, url string, open func(url string) (*queue.Queue, error)) (*queue.Queue, error) {
	if url == "" {
		url = e.getenv(queueVariable)
	}
	if url == "" {
		return nil, usageError{fmt.Errorf("--queue is missing: postgres://user@host/database, here or in %s", queueVariable)}
	}
	if !queue.IsURL(url) {
		return nil, usageError{fmt.Errorf("--queue %q: postgres://user@host/database is expected", url)}
	}
	return open(url)
}

// asking opens a queue for a command that only asks and submits.
func asking(ctx context.Context, log *slog.Logger) func(string) (*queue.Queue, error) {
	return func(url string) (*queue.Queue, error) { return queue.Open(ctx, url, fewConnections, log) }
}

type workOptions struct {
	batchOptions
	drain bool
}

func newWorkCommand(e *env) *cobra.Command {
	var o workOptions
	c := &cobra.Command{
		Use:   "work --queue URL",
		Short: "Convert what is queued, on any machine that reaches the queue",
		Long: `Take documents from a queue (nianbao submit) and convert them, until interrupted. Any number of workers on
any machines may do so; each must see IN and OUT under the paths that submit was given, and be of the version,
with the engines, that submit ran with: else it waits until that changes. Ctrl-C finishes the documents in flight.

A worker that dies gives its documents back within a minute. One that five workers died with goes to quarantine.

Exit status:
  0    ended, or with --drain: nothing is left
  1    the queue or the output cannot be reached
  2    wrong usage
  130  interrupted`,
		Example: `  nianbao work --queue postgres://nianbao@db/nianbao -j 8
  NIANBAO_QUEUE=postgres://nianbao@db/nianbao nianbao work --drain`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runWork(cmd.Context(), e, o) },
	}
	f := c.Flags()
	addQueue(f, &o.queue)
	f.IntVarP(&o.jobs, "jobs", "j", runtime.NumCPU(), "documents converted at a time")
	f.BoolVar(&o.drain, "drain", false, "end when nothing is left")
	o.limitOptions.add(f)
	f.IntVar(&o.recycle, "recycle", 100, "replace a worker process after this many documents")
	return c
}

func runWork(ctx context.Context, e *env, o workOptions) error {
	switch {
	case o.jobs < 1:
		return usageError{errors.New("--jobs must be at least 1")}
	case o.recycle < 1:
		return usageError{errors.New("--recycle must be at least 1")}
	}
	if err := o.limitOptions.check(); err != nil {
		return err
	}
	p := newProgress(e.stderr, e.log)
	q, err := openQueue(e, o.queue, func(url string) (*queue.Queue, error) { return queue.OpenForWork(ctx, url, o.jobs, p.log) })
	if err != nil {
		return err
	}
	defer q.Close()
	work, stop := p.interrupts(ctx)
	defer stop()
	var last batch.Progress
	w := o.work(ctx, func(e batch.Event) { last = e.Counts; p.event(e) })
	w.Drain = o.drain
	err = q.Do(work, w)
	p.end(batch.Summary{Progress: last})
	if err == nil && ctx.Err() != nil {
		return statusError{exitInterrupted}
	}
	return err
}

// work is how this program converts what is queued.
func (o *batchOptions) work(ctx context.Context, notify func(batch.Event)) queue.Work {
	return queue.Work{
		Jobs: o.jobs, Notify: notify, Finish: ctx.Done(),
		Make: func(ctx context.Context, with queue.Options) (batch.Identity, func(string) batch.Converter, error) {
			b := *o
			b.tablesOnly, b.own = with.TablesOnly, with.Forms
			id, err := b.identity(ctx)
			return id, b.newSlot, err
		},
	}
}

// runQueued is a batch that goes through a queue: this machine submits, works and follows.
func runQueued(ctx context.Context, e *env, o batchOptions, p *progress, in []string) (batch.Summary, error) {
	q, err := openQueue(e, o.queue, asking(ctx, p.log))
	if err != nil {
		return batch.Summary{}, err
	}
	defer q.Close()
	worker, err := queue.OpenForWork(ctx, o.queue, o.jobs, p.log)
	if err != nil {
		return batch.Summary{}, err
	}
	defer worker.Close()
	sent, err := o.submitTo(ctx, q, p, in)
	if err != nil || ctx.Err() != nil {
		s := batch.Summary{Interrupted: err == nil}
		if sent != nil {
			s.Progress = sent.Progress
		}
		return s, err
	}
	work, stop := p.interrupts(ctx)
	defer stop()
	finish, end := context.WithCancel(ctx)
	worked := make(chan error, 1)
	go func() {
		w := o.work(finish, nil)
		worked <- worker.Do(work, w)
	}()
	s, err := q.Follow(work, sent, finish.Done(), p.event)
	end()
	return s, errors.Join(err, <-worked)
}

// place is where the results of a batch are and who keeps its book: an output folder, or a queue. Reports without
// a batch are files.
type place struct {
	args  []string
	out   *batch.Output
	dir   string // "" where it is no folder of this machine
	forms form.Set
	queue *queue.Queue
}

// at opens an output folder, the queue of a batch, or files.
func (o *formOptions) at(ctx context.Context, e *env, log *slog.Logger, args ...string) (*place, error) {
	if !slices.ContainsFunc(args, queue.IsURL) {
		forms, err := o.set(e, args...)
		return &place{args: args, out: batch.Local(args[0]), dir: args[0], forms: forms}, err
	}
	if len(args) > 1 {
		return nil, usageError{errors.New("a queue is given alone")}
	}
	q, err := queue.Open(ctx, args[0], fewConnections, log)
	if err != nil {
		return nil, err
	}
	p := &place{args: args, queue: q}
	if err := o.queued(ctx, e, p); err != nil {
		q.Close()
		return nil, err
	}
	return p, nil
}

func (o *formOptions) queued(ctx context.Context, e *env, p *place) error {
	b, err := p.queue.Batch(ctx)
	if err != nil {
		return err
	}
	own, err := o.load(e)
	if err != nil {
		return err
	}
	if p.forms, err = form.Official().With(append(own, missing(b.Options.Forms, own)...)...); err != nil {
		return err
	}
	if !folder.InStore(b.Output) {
		p.dir = b.Output
	}
	p.out, err = p.queue.Output(ctx, b)
	return err
}

// close ends what was opened.
func (p *place) close() {
	if p != nil && p.queue != nil {
		p.queue.Close()
	}
}

// book opens the results to be looked at.
func (p *place) book() (*batch.Book, error) {
	switch {
	case len(p.args) != 1:
		return nil, usageError{errors.New("one output folder of a batch is expected, or a queue")}
	case p.queue == nil:
		return batch.OpenBook(p.dir, p.forms)
	}
	return batch.NewBook(p.out, p.forms)
}

// files lists the results as export reads them.
func (p *place) files() ([]export.File, error) {
	if p.queue == nil {
		return reportFiles(p.args)
	}
	outputs, err := p.out.Results()
	if err != nil {
		return nil, err
	}
	files := make([]export.File, len(outputs))
	for i, name := range outputs {
		files[i] = export.File{Path: name, Name: name, Read: func() ([]byte, error) { return p.out.Read(name) }}
	}
	if len(files) == 0 {
		return nil, errors.New("there are no results yet")
	}
	return files, nil
}

// result is one report, and the batch whose result it is; a nil place where it is a file of its own.
type result struct {
	*place
	name   string // below json/
	report *report.Report
	forms  form.Set
}

// addOf is the flag that names the batch of a result.
func addOf(f *pflag.FlagSet, of *string) {
	f.StringVar(of, "of", "", "`OUT|URL`: the output folder, or the queue, of the batch that FILE.json is a result of")
}

// result reads a report: a file, which may be a result of a batch, or a result of one by its name.
func (o *formOptions) result(ctx context.Context, e *env, log *slog.Logger, of, file string) (r *result, err error) {
	r = &result{name: file}
	if of != "" {
		if r.place, err = o.at(ctx, e, log, of); err != nil {
			return nil, err
		}
		r.forms = r.place.forms
		if r.report, err = r.out.Result(file); err != nil {
			r.close()
			return nil, err
		}
		return r, nil
	}
	if r.report, err = e.readReport(file); err != nil {
		return nil, err
	}
	if r.forms, err = o.set(e, file); err != nil {
		return nil, err
	}
	if out, output, ok := batch.Place(file); ok {
		r.place, r.name = &place{args: []string{out}, out: batch.Local(out), dir: out, forms: r.forms}, output
	}
	return r, nil
}

// manifest lists the inputs; nil where nobody has: a folder of reports has no list.
func (p *place) manifest(ctx context.Context) (*batch.Manifest, error) {
	if p.queue != nil {
		return p.queue.Manifest(ctx)
	}
	list, err := batch.ReadManifest(p.dir)
	if errors.Is(err, batch.ErrNoLedger) {
		return nil, nil
	}
	return list, err
}

// beside is the default name of a file about a batch: in its output folder.
func (p *place) beside(name string) (string, error) {
	if p.dir == "" {
		return "", usageError{errors.New("-o is missing: the output of this batch is in a store")}
	}
	if info, err := os.Stat(p.dir); p.queue != nil && (err != nil || !info.IsDir()) {
		return "", usageError{fmt.Errorf("-o is missing: this machine does not see %s", p.dir)}
	}
	return filepath.Join(p.dir, name), nil
}
