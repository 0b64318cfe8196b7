package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/internal/run/queue"
)

type batchOptions struct {
	locks []nianbao.Lock // of the workers, as identity met them
	limitOptions
	formOptions
	out              string
	include, exclude []string
	pages            string
	jobs             int
	retry            bool
	watch            bool
	stable           time.Duration
	shard            string
	shards           int
	tablesOnly       bool
	noReviewExit     bool
	queue            string
	own              []*form.Form // what formOptions load
}

const exitInterrupted = 130

// shardsVariable says how many shards there are, for schedulers that tell only the index.
const shardsVariable = "NIANBAO_SHARDS"

func newBatchCommand(e *env) *cobra.Command {
	var o batchOptions
	c := &cobra.Command{
		Use:   "batch IN... -o OUT",
		Short: "Convert folders of reports, and go on where the last run stopped",
		Long: `Convert every report below the inputs: files, folders, patterns in quotes, ZIP files of reports. A folder
whose files are page images (001.jpg, 002.jpg, ...) is one report. Each document is converted in a
process of its own, with limits; one that crashes, hangs or runs out of memory costs only itself.

OUT holds json/ with one result for each different content, quarantine/ with a reason for each input
that has none, series.json with contradictions between the years of one issuer, and the ledger.
Originals are never touched. Run again to resume: only new, changed and interrupted inputs are
converted, and all of them when the version or the settings have changed. Ctrl-C finishes the files in
flight, a second one stops at once; both resume.

With --queue URL the documents go through a queue in PostgreSQL, from which workers on other machines take them,
too (nianbao work); IN and OUT may then be in a store (s3://bucket/prefix). See docs/scale.md.

A scheduler can spread one batch over machines that share IN and OUT: with --shard i/n, or by the
variables of Slurm job arrays, Kubernetes Indexed Jobs and GNU parallel (see docs/batch.md).

Exit status:
  0    all well
  1    an input is in quarantine, or the batch could not go on
  2    wrong usage
  3    all converted, but reports are not complete, cells are to be reviewed, or reports contradict
       one another (with --no-review-exit: 0)
  130  interrupted; run again to resume`,
		Example: `  nianbao batch cabinets -o out
  nianbao batch cabinets -o out --retry --timeout 10m
  nianbao batch '/mnt/scans/20??' -o out -j 4 --exclude '*.html' --exclude old
  nianbao batch incoming -o out --watch
  nianbao status out`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runBatch(cmd.Context(), e, o, args) },
	}
	f := c.Flags()
	o.addInputs(f)
	addQueue(f, &o.queue)
	f.IntVarP(&o.jobs, "jobs", "j", runtime.NumCPU(), "documents converted at a time")
	f.BoolVar(&o.watch, "watch", false, "go on and convert what arrives, until interrupted")
	f.DurationVar(&o.stable, "stable", 5*time.Second, "with --watch: how long a file must not have changed")
	f.StringVar(&o.shard, "shard", "", "convert part `i/n` of the inputs")
	f.IntVar(&o.shards, "shards", 0, "how many shards there are, when a scheduler gives the index")
	f.BoolVar(&o.noReviewExit, "no-review-exit", false, "exit 0 even when something is to be reviewed")
	f.IntVar(&o.recycle, "recycle", 100, "replace a worker after this many documents")
	return c
}

// addInputs adds the flags that choose inputs and decide their results.
func (o *batchOptions) addInputs(f *pflag.FlagSet) {
	f.StringVarP(&o.out, "output", "o", "", "output `folder`, outside the inputs (required)")
	f.StringArrayVar(&o.include, "include", nil, "convert only files that match `pattern` (*, ?, **; repeatable)")
	f.StringArrayVar(&o.exclude, "exclude", nil, "leave out files and folders that match `pattern` (repeatable)")
	f.StringVar(&o.pages, "page-folders", "auto", "pictures of a folder are the pages of one report: auto, always or never")
	f.BoolVar(&o.retry, "retry", false, "convert again what is in quarantine")
	f.BoolVar(&o.tablesOnly, "tables-only", false, "leave the prose of scanned pages unread")
	o.limitOptions.add(f)
	o.formOptions.add(f)
	o.jobs, o.recycle = 1, 1 // of commands that have no flags for them
}

func addQueue(f *pflag.FlagSet, url *string) {
	f.StringVar(url, "queue", "", "`URL` of the queue: postgres://user@host/database (the password in PGPASSWORD or ~/.pgpass)")
}

func (o *batchOptions) filter() batch.Filter {
	return batch.Filter{Include: o.include, Exclude: o.exclude, Pages: batch.PageFolders(o.pages)}
}

func runBatch(ctx context.Context, e *env, o batchOptions, in []string) error {
	switch {
	case o.queue == "" && folder.InStore(o.out):
		return usageError{errors.New("an output in a store needs --queue: without one the ledger is a file beside the results")}
	case o.queue != "" && (o.watch || o.shard != "" || o.shards != 0):
		return usageError{errors.New("--queue needs no --shard, and --watch is for folders of one machine")}
	}
	if err := o.check(); err != nil {
		return err
	}
	shard, from, err := o.whichShard(e)
	if err != nil {
		return usageError{err}
	}
	p := newProgress(e.stderr, e.log)
	if from != "" {
		p.log.Info(fmt.Sprintf("shard %d of %d, from %s", shard.Index, shard.Count, from))
	}
	if o.own, err = o.load(e); err != nil {
		return err
	}
	var s batch.Summary
	if o.queue != "" {
		s, err = runQueued(ctx, e, o, p, in)
	} else {
		s, err = runHere(ctx, o, p, shard, in)
	}
	p.end(s)
	if o.queue == "" && err == nil && !s.Interrupted && s.Total > 0 {
		out := typed(o.out)
		e.tell("results are in %s; next: nianbao review %s (answer what is in doubt), nianbao report %s (one page about all), nianbao manifest %s (what became of each input)", out, out, out, out)
	}
	switch {
	case errors.Is(err, batch.ErrInput), errors.Is(err, queue.ErrOtherOutput):
		return usageError{err}
	case err != nil:
		return err
	case s.Interrupted && !o.watch:
		return statusError{exitInterrupted}
	case s.Failed+s.KnownFailed > 0:
		return statusError{exitFailed}
	case s.Review+s.Series+s.Partial+s.NoNumbers > 0 && !o.noReviewExit:
		return statusError{exitReview}
	}
	return nil
}

// runHere is a batch of this machine.
func runHere(ctx context.Context, o batchOptions, p *progress, shard batch.Shard, in []string) (batch.Summary, error) {
	forms, err := form.Official().With(o.own...)
	if err != nil {
		return batch.Summary{}, err
	}
	identity, err := o.identity(ctx)
	if err != nil {
		return batch.Summary{}, err
	}
	warnOfMissingLocks(p.log, o.locks)
	work, stop := p.interrupts(ctx)
	defer stop()
	return batch.Run(work, batch.Options{
		In: in, Out: o.out, Shard: shard, Jobs: o.jobs, Retry: o.retry, Watch: o.watch, Stable: o.stable,
		Filter: o.filter(), Identity: identity, Forms: forms, New: o.newSlot, Notify: p.event, Finish: ctx.Done(),
	})
}

// interrupts gives the context of the work: ctx ends with the first interrupt, which lets the files in flight
// finish; work with the second.
func (p *progress) interrupts(ctx context.Context) (work context.Context, end func()) {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	again := make(chan os.Signal, 2)
	signal.Notify(again, interrupts()...)
	ended := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
		case <-ended:
			return
		}
		p.log.Warn("interrupted: finishing the files in flight; interrupt again to stop now")
		for n := 0; n < 2; n++ { // the first signal is the one that ended ctx
			select {
			case <-again:
			case <-ended:
				return
			}
		}
		stop()
	}()
	return work, func() {
		close(ended)
		signal.Stop(again)
		stop()
	}
}

// interrupts are the signals that end the program in order: a terminal that is closed ends it, too, unless nohup had it
// ignored.
func interrupts() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

func (o *batchOptions) check() error {
	switch {
	case o.out == "":
		return usageError{errors.New("-o is missing: the output folder")}
	case o.jobs < 1:
		return usageError{errors.New("--jobs must be at least 1")}
	case o.recycle < 1:
		return usageError{errors.New("--recycle must be at least 1")}
	case o.stable < 0:
		return usageError{errors.New("--stable must not be negative")}
	case o.shards < 0:
		return usageError{errors.New("--shards must not be negative")}
	}
	switch batch.PageFolders(o.pages) {
	case batch.PagesAuto, batch.PagesAlways, batch.PagesNever:
	default:
		return usageError{fmt.Errorf("unknown --page-folders %q: auto, always or never", o.pages)}
	}
	return o.limitOptions.check()
}

// whichShard is the flag's, else the scheduler's.
func (o *batchOptions) whichShard(e *env) (batch.Shard, string, error) {
	if o.shard != "" {
		s, err := batch.ParseShard(o.shard)
		return s, "", err
	}
	count := o.shards
	if v := e.getenv(shardsVariable); v != "" && count == 0 {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return batch.Shard{}, "", fmt.Errorf("%s=%q: a number of shards is expected", shardsVariable, v)
		}
		count = n
	}
	return batch.ShardFromEnv(e.getenv, count)
}
