// Package batch converts folders of reports, so that it can be left alone: every input gets exactly
// one result or one reason, whatever it does to the worker that converts it, and a run that was
// killed goes on where it stopped.
//
// An output folder holds json/ with a result for each content, named after the path of the first
// input that has it; quarantine/ with a reason for each input that has no result; answers/ with what people
// said of each content, which is laid over every result of it; and a ledger for each shard. Results are written to a temporary name, synced and renamed, and only then noted: they
// are the truth, and a ledger that is lost or damaged is made again from them. Inputs are read and
// never changed.
//
// The package knows nothing of what a report is converted by: it is given Converters, of which a
// worker.Worker is one.
package batch

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/series"
	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/worker"
)

// Converter turns one document after the other into the JSON of a report.
type Converter interface {
	// Do converts a document and gives a *worker.Failure when it has no result. Any other error ends
	// the batch.
	Do(ctx context.Context, job worker.Job, page func(n, of int)) ([]byte, error)
	Close() error
}

// Options are a batch.
type Options struct {
	// In are files, folders and patterns. Out must not overlap with them.
	In     []string
	Out    string
	Filter Filter
	Shard  Shard
	// Jobs is how many documents are converted at a time, at least one.
	Jobs int
	// Retry converts again what failed before.
	Retry bool
	// Watch goes on until Finish, looking for new documents each Poll and taking those that have not
	// changed for Stable.
	Watch        bool
	Poll, Stable time.Duration
	Identity     Identity
	// Forms are those that the converters look for: the years of one issuer are compared by their rules, and
	// answers laid over results with their equations.
	Forms form.Set
	// New makes the converter of one slot. Its temporary files belong into temp.
	New func(temp string) Converter
	// Notify, if set, is told what happens, one event after the other.
	Notify func(Event)
	// Finish, when closed, lets the documents in flight come to an end and starts no more.
	Finish <-chan struct{}
}

// Kind of an event.
type Kind string

// The events. Found comes once for each look at the inputs, before anything else.
const (
	Found     Kind = "found"     // Counts.Total is known
	Planned   Kind = "planned"   // an input was looked at and needs no work: it has its result or its reason
	Started   Kind = "started"   // a document goes to a converter
	Page      Kind = "page"      // it is at page N of Of
	Converted Kind = "converted" // it has a result
	Rejected  Kind = "failed"    // it has none, and Reason says why
	Grouped   Kind = "grouped"   // N files are taken for the pages of one report; Message says which
	Trouble   Kind = "trouble"   // something is not as it should be, and the batch goes on
)

// Event is something that happened.
type Event struct {
	Kind    Kind
	Input   string // path below the inputs
	Slot    int
	N, Of   int
	Reason  worker.Reason
	Message string
	Seconds float64
	Review  int
	Counts  Progress
}

// Progress counts inputs.
type Progress struct {
	Total int `json:"total"` // all inputs of this shard
	// Planned are those that have been looked at; Skipped of them had a result already, KnownFailed a
	// reason already, Duplicates the content of another input.
	Planned     int `json:"planned"`
	Skipped     int `json:"skipped"`
	KnownFailed int `json:"known_failed"`
	Duplicates  int `json:"duplicates"`
	// Converted and Failed are the work of this run.
	Converted int `json:"converted"`
	Failed    int `json:"failed"`
}

// Finished is how many inputs need nothing more.
func (p Progress) Finished() int {
	return p.Skipped + p.KnownFailed + p.Duplicates + p.Converted + p.Failed
}

// Summary is the end of a run.
type Summary struct {
	Progress
	// Review is how many reports have cells to review, and Series how many contradictions there are
	// between reports. Partial and NoNumbers are how many reports are not complete.
	Review    int `json:"review"`
	Series    int `json:"series"`
	Partial   int `json:"partial"`
	NoNumbers int `json:"no_numbers"`
	// Interrupted says that inputs are left.
	Interrupted bool `json:"interrupted"`
}

// ErrLocked means that the same shard is being converted into the same folder by another process.
var ErrLocked = errors.New("another batch is writing this output folder")

// Run converts what has no result yet. The error is non-nil when the batch could not go on, never for
// a document.
func Run(ctx context.Context, o Options) (Summary, error) {
	o.Jobs = max(o.Jobs, 1)
	if o.Poll <= 0 {
		o.Poll = 2 * time.Second
	}
	// Inputs are looked at first, so that a mistake makes no folder.
	memory := newMemory()
	defer memory.archives.close()
	docs, refused, err := find(o.In, o.Out, o.Filter, memory)
	if err != nil {
		return Summary{}, err
	}
	if o.Out, err = resolve(o.Out); err != nil {
		return Summary{}, err
	}
	if err := ours(o.Out); err != nil {
		return Summary{}, err
	}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return Summary{}, fmt.Errorf("output folder: %w", err)
	}
	unlock, err := lock(filepath.Join(o.Out, "ledger"+o.Shard.suffix()+".lock"))
	if err != nil {
		return Summary{}, err
	}
	defer unlock()
	b := &run{Options: o, memory: memory, rules: series.RulesOf(o.Forms), started: time.Now(), seen: map[string]string{}, claimed: map[string]string{}, handled: map[string]string{}}
	if b.store, err = newStore(o.Out, o.Shard); err == nil {
		err = b.store.putForms(o.Forms.Own())
	}
	if err != nil {
		return Summary{}, fmt.Errorf("output folder: %w", err)
	}
	if b.ledger, err = openLedger(filepath.Join(o.Out, "ledger"+o.Shard.suffix()+".db")); err != nil {
		return Summary{}, err
	}
	err = b.run(ctx, docs, refused)
	sum := Summary{Progress: b.progress(), Interrupted: b.stopping(ctx)}
	if err == nil {
		err = b.conclude(&sum)
	}
	return sum, errors.Join(err, b.ledger.close(), b.store.close())
}

type run struct {
	Options
	rules   *series.Rules
	store   *store
	ledger  *ledger
	memory  *memory
	started time.Time
	adopt   bool // results found without a row were made with these settings

	// Of the planner alone.
	known   map[string]known  // input path → as last seen
	seen    map[string]string // hash → first input of this run
	claimed map[string]string // output → hash, in this run
	handled map[string]string // input path → stamp, in this run

	mu     sync.Mutex
	counts Progress
}

func (b *run) progress() Progress {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.counts
}

// notify counts and tells.
func (b *run) notify(e Event, count func(*Progress)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if count != nil {
		count(&b.counts)
	}
	e.Counts = b.counts
	if b.Notify != nil {
		b.Notify(e)
	}
}

// stopping says that nothing new is to be started.
func (b *run) stopping(ctx context.Context) bool {
	select {
	case <-b.Finish:
		return true
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

func (b *run) run(ctx context.Context, docs []Document, refused []Refused) error {
	var err error
	if b.known, err = b.ledger.inputs(); err != nil {
		return err
	}
	had := b.store.readSettings(b.Shard)
	empty, err := isEmpty(filepath.Join(b.Out, resultsDir))
	if err != nil {
		return err
	}
	b.adopt = had.Complete && had.Settings == b.Identity.Settings
	now := settingsFile{b.Identity.Settings, b.adopt || empty}
	if had != now {
		if err := b.store.writeSettings(b.Shard, now); err != nil {
			return err
		}
	}
	if err := b.saveRun("running"); err != nil {
		return err
	}

	work, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tasks := make(chan task)
	var slots sync.WaitGroup
	for i := range b.Jobs {
		slots.Go(func() {
			if err := b.slot(work, i, tasks); err != nil {
				cancel(err)
			}
		})
	}
	beat := make(chan struct{})
	slots.Go(func() {
		t := time.NewTicker(2 * time.Second)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				if err := b.saveRun("running"); err != nil {
					cancel(err)
				}
			case <-beat:
				return
			}
		}
	})
	err = b.plan(work, docs, refused, tasks)
	close(tasks)
	close(beat)
	slots.Wait()
	if cause := context.Cause(work); cause != nil && ctx.Err() == nil {
		err = cause // what a slot gave up for
	}
	state := "finished"
	switch {
	case errors.Is(err, errStopped), ctx.Err() != nil:
		state, err = "interrupted", nil
	case err == nil && !now.Complete && !b.stopping(ctx):
		err = b.store.writeSettings(b.Shard, settingsFile{b.Identity.Settings, true})
	case err != nil:
		state = "failed"
	}
	return errors.Join(err, b.saveRun(state))
}

func isEmpty(dir string) (bool, error) {
	d, err := os.Open(dir)
	if err != nil {
		return false, err
	}
	defer func() { _ = d.Close() }() // it was only read
	names, err := d.Readdirnames(1)
	if len(names) == 0 {
		return true, nil
	}
	return false, err
}

func (b *run) saveRun(state string) error {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	p := b.progress()
	return b.ledger.setRun(runState{
		State: state, Host: host, PID: os.Getpid(), Jobs: b.Jobs, Started: b.started, Updated: time.Now(),
		Total: p.Total, Planned: p.Planned, Converted: p.Converted, Failed: p.Failed + p.KnownFailed,
		Skipped: p.Skipped, Duplicates: p.Duplicates,
	})
}

// task is a document that needs converting.
type task struct {
	doc Document
	row row
}

var errStopped = errors.New("stopped")

// plan looks at every input and sends what needs work to the slots. With Watch it goes on until it is
// stopped.
func (b *run) plan(ctx context.Context, docs []Document, refused []Refused, tasks chan<- task) error {
	type sight struct {
		stamp string
		since time.Time
	}
	sights := map[string]sight{}
	for {
		var ready []Document
		now := time.Now()
		for _, d := range docs {
			stamp := d.stamp()
			if b.handled[d.Path] == stamp {
				continue
			}
			if b.Watch {
				s := sights[d.Path]
				if s.stamp != stamp {
					s = sight{stamp, now}
					sights[d.Path] = s
				}
				if now.Sub(s.since) < b.Stable {
					continue
				}
				delete(sights, d.Path)
			}
			mine, err := b.Shard.has(&d)
			if err != nil { // it cannot be read: one of the shards has to say so
				mine = b.Shard.hasName(d.Rel)
			}
			b.handled[d.Path] = stamp
			if mine {
				ready = append(ready, d)
			}
		}
		var no []Refused
		for _, r := range refused {
			if b.handled[r.Path] == "" && b.Shard.hasName(r.Rel) {
				no = append(no, r)
			}
			b.handled[r.Path] = "refused"
		}
		if len(ready)+len(no) > 0 || !b.Watch {
			b.notify(Event{Kind: Found}, func(p *Progress) { p.Total += len(ready) + len(no) })
		}
		if err := b.planAll(ctx, ready, no, tasks); err != nil {
			return err
		}
		if !b.Watch {
			return nil
		}
		select {
		case <-time.After(b.Poll):
		case <-b.Finish:
			return errStopped
		case <-ctx.Done():
			return errStopped
		}
		var err error
		if docs, refused, err = find(b.In, b.Out, b.Filter, b.memory); err != nil {
			// A network mount may be gone for a while; it is looked for again at the next poll.
			b.notify(Event{Kind: Trouble, Message: err.Error()}, nil)
		}
	}
}

func (b *run) planAll(ctx context.Context, docs []Document, refused []Refused, tasks chan<- task) error {
	for _, r := range refused {
		if b.stopping(ctx) {
			return errStopped
		}
		if err := b.refuse(Document{Rel: r.Rel, Path: r.Path}, &worker.Failure{Reason: r.Reason, Message: r.Message}); err != nil {
			return err
		}
	}
	var noted []seen
	defer func() { _ = b.ledger.note(noted) }() // what is not noted is read again, and waits in the manifest
	for _, d := range docs {
		if b.stopping(ctx) {
			return errStopped
		}
		if n := len(d.Parts); n > 1 {
			b.notify(Event{Kind: Grouped, Input: d.Rel, N: n, Message: d.Parts[0].Name + " … " + d.Parts[n-1].Name}, nil)
		}
		hash, err := b.hash(&d, &noted)
		if err != nil {
			if err := b.refuse(d, worker.FailureOf(err)); err != nil {
				return err
			}
			continue
		}
		if len(noted) >= 100 {
			if err := b.ledger.note(noted); err != nil {
				return err
			}
			noted = noted[:0]
		}
		t, err := b.decide(d, hash)
		if err != nil {
			return err
		}
		if t == nil {
			continue
		}
		select {
		case tasks <- *t:
		case <-b.Finish:
			return errStopped
		case <-ctx.Done():
			return errStopped
		}
	}
	return nil
}

// hash gives the content's hash, from the ledger when the file has not been touched since.
func (b *run) hash(d *Document, noted *[]seen) (string, error) {
	stamp := d.stamp()
	if k, ok := b.known[d.Path]; ok && k.stamp == stamp {
		*noted = append(*noted, b.sight(d, stamp, k.hash))
		return k.hash, nil
	}
	hash, err := d.hash()
	if err != nil {
		return "", err
	}
	// A file that is this young may change once more without its time changing.
	const grain = 3 * time.Second
	for _, p := range d.Parts {
		if info, err := os.Stat(p.file); err != nil || time.Since(info.ModTime()) < grain {
			stamp = ""
			break
		}
	}
	*noted = append(*noted, b.sight(d, stamp, hash))
	b.known[d.Path] = known{stamp, hash}
	return hash, nil
}

// sight is what the ledger notes of an input that this run has found.
func (b *run) sight(d *Document, stamp, hash string) seen {
	s := seen{path: d.Path, rel: d.Rel, stamp: stamp, hash: hash, files: len(d.Parts), run: b.started.UnixNano()}
	for _, p := range d.Parts {
		s.size += p.Size
		if p.member >= 0 {
			s.archive = p.file
		}
	}
	return s
}

// decide says whether a content needs work.
func (b *run) decide(d Document, hash string) (*task, error) {
	if _, again := b.seen[hash]; again {
		b.notify(Event{Kind: Planned, Input: d.Rel}, func(p *Progress) { p.Planned++; p.Duplicates++ })
		return nil, nil
	}
	b.seen[hash] = d.Rel
	r, err := b.ledger.byHash(hash)
	if err != nil {
		return nil, err
	}
	if r == nil {
		if r, err = b.adopted(d, hash); err != nil {
			return nil, err
		}
	}
	if r != nil && b.claimed[strings.ToLower(r.Output)] != "" {
		r = nil // its name has gone to what replaced it
	}
	if r != nil {
		b.claimed[strings.ToLower(r.Output)] = hash
		if r.Identity == b.Identity {
			switch {
			case r.State == Done && b.intact(r):
				b.notify(Event{Kind: Planned, Input: d.Rel}, func(p *Progress) { p.Planned++; p.Skipped++ })
				return nil, nil
			case r.State == Failed && !b.Retry && r.Reason != worker.NoRoom && exists(b.store.quarantined(r.Output, reasonExt)):
				b.notify(Event{Kind: Planned, Input: d.Rel, Reason: r.Reason, Message: r.Message}, func(p *Progress) { p.Planned++; p.KnownFailed++ })
				return nil, nil
			}
		}
	} else {
		r = &row{Hash: hash}
		if r.Output, err = b.claim(d, hash); err != nil {
			return nil, err
		}
	}
	r.Path = d.Path
	b.notify(Event{Kind: Planned, Input: d.Rel}, func(p *Progress) { p.Planned++ })
	return &task{d, *r}, nil
}

// intact says that a result is as it was written. One that was changed since, by a failing disk or by hand, is put
// aside and made again.
func (b *run) intact(r *row) bool {
	data, err := os.ReadFile(b.store.result(r.Output))
	if err == nil && (r.Made == "" || fileHash(data) == r.Made) {
		return true
	}
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		aside := b.store.quarantined(r.Output, alteredExt)
		e := Event{Kind: Trouble, Input: r.Output, Message: "the result is not as it was written: it is made again, and kept as " + aside}
		if err := whole.Move(b.store.result(r.Output), aside); err != nil {
			e.Message = "the result is not as it was written: it is made again"
		}
		b.notify(e, nil)
	}
	return false
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// adopted finds the result or the reason of a content that the ledger has lost.
func (b *run) adopted(d Document, hash string) (*row, error) {
	for _, output := range []string{outputName(d.Rel, ""), outputName(d.Rel, hash), spareName(hash)} {
		r := &row{Hash: hash, Output: output, Path: d.Path, Attempts: 1}
		if data, err := os.ReadFile(b.store.result(output)); err == nil {
			rep, err := report.Decode(data)
			if err != nil || rep.Source.SHA256 != hash {
				continue
			}
			r.State, r.Made = Done, fileHash(data)
			r.Identity.Version = rep.Producer.Version
			if b.adopt {
				r.Identity.Settings = b.Identity.Settings
			}
			if err := r.take(rep, b.rules); err != nil {
				return nil, err
			}
			return r, b.ledger.put(r)
		}
		if q, err := b.store.readQuarantined(output); err == nil && q.SHA256 == hash {
			r.State, r.Reason, r.Message, r.Attempts, r.Seconds = Failed, q.Reason, q.Message, q.Attempts, q.Seconds
			r.Identity = Identity{q.Version, q.Settings}
			return r, b.ledger.put(r)
		}
	}
	return nil, nil
}

// claim finds the output's name for a content that has none yet.
func (b *run) claim(d Document, hash string) (string, error) {
	plain, other := outputName(d.Rel, ""), outputName(d.Rel, hash)
	if old, ok := b.claimed[strings.ToLower(plain)]; ok && old != hash {
		return b.take(other, hash), nil
	}
	owner, mine, err := b.owner(plain)
	switch {
	case err != nil:
		return "", err
	case owner == nil && (exists(b.store.result(plain)) || exists(b.store.quarantined(plain, reasonExt))) && !b.ownReason(plain):
		// A result that no ledger knows, of another content. Nothing is lost by leaving it.
		return b.take(other, hash), nil
	case owner == nil || owner.Hash == hash:
		return b.take(plain, hash), nil
	case owner.Path != d.Path:
		return b.take(other, hash), nil
	case mine:
		// The input's content has changed. The old result is replaced, unless the old content is
		// still there under another path: then it moves to a name of its own. The row goes when that of
		// the new content takes the name.
		if _, still := b.seen[owner.Hash]; still {
			moved := outputName(d.Rel, owner.Hash)
			if err := whole.Move(b.store.result(plain), b.store.result(moved)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return b.take(other, hash), nil // it stays where it is
			}
			owner.Output = b.take(moved, owner.Hash)
			if err := b.ledger.put(owner); err != nil {
				return "", err
			}
		}
	}
	return b.take(plain, hash), nil
}

func (b *run) take(output, hash string) string {
	b.claimed[strings.ToLower(output)] = hash
	return output
}

// ownReason says that a quarantined name belongs to an input that could not be read and now can.
func (b *run) ownReason(output string) bool {
	q, err := b.store.readQuarantined(output)
	return err == nil && q.SHA256 == "" && !exists(b.store.result(output))
}

// owner finds who has an output's name, in this ledger or in another shard's.
func (b *run) owner(output string) (r *row, mine bool, err error) {
	if r, err = b.ledger.byOutput(output); r != nil || err != nil {
		return r, true, err
	}
	names, err := ledgers(b.Out)
	if err != nil {
		return nil, false, err
	}
	own := filepath.Join(b.Out, "ledger"+b.Shard.suffix()+".db")
	for _, name := range names {
		if name == own {
			continue
		}
		db, err := openReading(name)
		if err != nil {
			continue // it is just being made, or damaged, which its own shard will mend
		}
		r, err := (&ledger{db}).byOutput(output)
		if cerr := db.Close(); err == nil {
			err = cerr
		}
		if r != nil || err != nil {
			return r, false, err
		}
	}
	return nil, false, nil
}

// refuse puts an input in quarantine that has no content to go by. It is looked at anew in each run.
func (b *run) refuse(d Document, f *worker.Failure) error {
	path, rel := d.Path, d.Rel
	r := &row{Hash: "path:" + shortHash(path), Path: path}
	old, err := b.ledger.byHash(r.Hash)
	if err != nil {
		return err
	}
	if old != nil {
		r.Output, r.Attempts = old.Output, old.Attempts
	} else if r.Output, err = b.claim(Document{Rel: rel, Path: path}, strings.TrimPrefix(r.Hash, "path:")); err != nil {
		return err
	}
	b.claimed[strings.ToLower(r.Output)] = r.Hash
	r.State, r.Reason, r.Message, r.Identity = Failed, f.Reason, f.Message, b.Identity
	r.Attempts++
	if err := b.quarantine(rel, r, f); err != nil {
		return err
	}
	if err := b.ledger.note([]seen{b.sight(&d, "", r.Hash)}); err != nil {
		return err
	}
	b.notify(Event{Kind: Rejected, Input: rel, Reason: f.Reason, Message: f.Message}, func(p *Progress) { p.Planned++; p.Failed++ })
	return nil
}

func (b *run) quarantine(rel string, r *row, f *worker.Failure) error {
	q := Quarantined{
		Input: rel, Path: r.Path, Reason: f.Reason, Message: f.Message, Attempts: r.Attempts, Seconds: r.Seconds,
		Version: b.Identity.Version, Settings: b.Identity.Settings, Stderr: f.Stderr,
	}
	if !strings.HasPrefix(r.Hash, "path:") {
		q.SHA256 = r.Hash
	}
	err := b.write(r, func(output string) error { return b.store.putQuarantined(output, q) })
	if err != nil {
		return fmt.Errorf("quarantine %s: %w", rel, err)
	}
	return b.ledger.put(r)
}

// write has put write what becomes of a content under its name, or under the spare one where the file system
// refuses that: a name must not cost more than itself.
func (b *run) write(r *row, put func(output string) error) error {
	err := put(r.Output)
	spare := spareName(r.Hash)
	if err == nil || noRoom(err) || r.Output == spare {
		return err
	}
	if serr := put(spare); serr != nil {
		return errors.Join(err, serr)
	}
	r.Output = spare
	return nil
}

// slot converts tasks with a converter of its own. The error is what the batch cannot go on with.
func (b *run) slot(ctx context.Context, n int, tasks <-chan task) (err error) {
	c := b.New(b.store.temp)
	defer func() { err = errors.Join(err, c.Close()) }()
	for t := range tasks {
		if ctx.Err() != nil {
			continue // the planner stops as well
		}
		if err := b.convert(ctx, n, c, t); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
	}
	return nil
}

func (b *run) convert(ctx context.Context, n int, c Converter, t task) error {
	r := t.row
	r.State, r.Reason, r.Message, r.Identity = Running, "", "", b.Identity
	r.Attempts++
	if err := b.ledger.put(&r); err != nil {
		return err
	}
	b.notify(Event{Kind: Started, Input: t.doc.Rel, Slot: n}, nil)
	begun := time.Now()
	data, err := c.Do(ctx, t.doc.Job(), func(page, of int) {
		b.notify(Event{Kind: Page, Input: t.doc.Rel, Slot: n, N: page, Of: of}, nil)
	})
	var rep *report.Report
	if err == nil {
		rep, err = b.verify(data, r.Hash)
	}
	r.Seconds = time.Since(begun).Seconds()
	var f *worker.Failure
	switch {
	case err == nil:
		r.State = Done
		if err := b.keep(&r, rep, data); err != nil {
			return fmt.Errorf("result of %s: %w", t.doc.Rel, err)
		}
		b.notify(Event{Kind: Converted, Input: t.doc.Rel, Slot: n, Seconds: r.Seconds, Review: r.Counts.Review}, func(p *Progress) { p.Converted++ })
		return nil
	case errors.As(err, &f):
		r.State, r.Reason, r.Message, r.Counts, r.Outcome, r.Entry = Failed, f.Reason, f.Message, Counts{}, "", nil
		if err := b.quarantine(t.doc.Rel, &r, f); err != nil {
			return err
		}
		b.notify(Event{Kind: Rejected, Input: t.doc.Rel, Slot: n, Reason: f.Reason, Message: f.Message, Seconds: r.Seconds}, func(p *Progress) { p.Failed++ })
		return nil
	default:
		return fmt.Errorf("%s: %w", t.doc.Rel, err)
	}
}

// verify makes sure that the result is one, and of the content that was asked for. A document that is no
// report has none.
func (b *run) verify(data []byte, hash string) (*report.Report, error) {
	rep, err := report.Decode(data)
	if err != nil {
		return nil, &worker.Failure{Reason: worker.Crashed, Message: "the worker's result is no report: " + err.Error()}
	}
	if rep.Source.SHA256 != hash {
		return nil, &worker.Failure{Reason: worker.Changed, Message: "the file changed while it was converted"}
	}
	if rep.Outcome == report.NotAReport {
		return nil, &worker.Failure{Reason: worker.NotAReport, Message: diag.ErrNotReport.Error()}
	}
	return rep, nil
}

// take notes what the ledger keeps of a report.
func (r *row) take(rep *report.Report, rules *series.Rules) error {
	c := Counts{Review: len(rep.Review)}
	for i := range rep.Cells {
		if report.IsMeta(rep.Cells[i].Path) {
			continue
		}
		c.Cells++
		switch rep.Cells[i].Verdict {
		case report.Proven:
			c.Proven++
		case report.Supported:
			c.Supported++
		case report.Read:
			c.Read++
		case report.Repaired:
			c.Repaired++
		case report.Conflict:
			c.Conflict++
		case report.Missing:
			c.Missing++
		case report.Confirmed:
			c.Confirmed++
		}
	}
	for _, k := range rep.Checks {
		if k.Status == report.Fail && k.Severity == "error" {
			c.FailedSums++
		}
	}
	for _, p := range rep.Source.Pages {
		if p.Route == "ocr" {
			c.PagesByOCR++
		} else {
			c.PagesByText++
		}
	}
	r.Counts, r.Outcome = c, rep.Outcome
	var err error
	r.Entry, err = json.Marshal(rules.Entry(rep, r.Output))
	return err
}

// conclude looks at all that there is by now, other shards' reports included: how many reports have
// cells to review or are not complete, and what they say about one another, which goes to series.json.
func (b *run) conclude(sum *Summary) error {
	all, err := readAll(b.Out)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(r row) bool { return r.State != Done || !exists(b.store.result(r.Output)) })
	for _, r := range all {
		if r.Counts.Review > 0 {
			sum.Review++
		}
		switch r.Outcome {
		case report.Complete:
		case report.NoNumbers:
			sum.NoNumbers++
		default:
			sum.Partial++
		}
	}
	s, err := across(all, b.rules)
	if err != nil {
		return err
	}
	data, err := encode(s)
	if err != nil {
		return err
	}
	for _, f := range s.Findings {
		if f.Severity == "error" {
			sum.Series++
		}
	}
	return b.store.write(filepath.Join(b.Out, seriesName), data)
}

// across compares the reports of each issuer. There may be very many reports, so only those of one
// issuer are held at a time.
func across(all []row, rules *series.Rules) (*series.Series, error) {
	slices.SortFunc(all, func(x, y row) int { return strings.Compare(x.issuer, y.issuer) })
	books := map[string]*ledger{}
	defer func() {
		for _, l := range books {
			_ = l.close() // it was only read
		}
	}()
	s := rules.New()
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].issuer == all[0].issuer {
			n++
		}
		var group []series.Entry
		for _, r := range all[:n] {
			if books[r.ledger] == nil {
				db, err := openReading(r.ledger)
				if err != nil {
					return nil, err
				}
				books[r.ledger] = &ledger{db}
			}
			full, err := books[r.ledger].byHash(r.Hash)
			if err != nil {
				return nil, err
			}
			if full == nil || full.State != Done {
				continue // its shard has begun it again
			}
			var e series.Entry
			if err := json.Unmarshal(full.Entry, &e); err != nil {
				return nil, fmt.Errorf("ledger: %s: %w", r.Output, err)
			}
			e.Name = r.Output
			group = append(group, e)
		}
		s.Add(group)
		all = all[n:]
	}
	return s, nil
}

func sum(s string) [sha256.Size]byte { return sha256.Sum256([]byte(s)) }

// hasName says whether an input without content is one of this shard; the name decides.
func (s Shard) hasName(rel string) bool {
	if s.Count <= 1 {
		return true
	}
	h := sum(rel)
	return int(h[0])%s.Count+1 == s.Index
}
