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
	"strings"
	"sync"
	"time"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/internal/run/series"
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
	Times   worker.Times // of the stages
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
	docs, refused, err := find(ctx, o.In, o.Out, o.Filter, memory)
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
	b := newRun(o)
	b.memory, b.said, b.lookups = memory, answers.InOutput(o.Out), true
	if b.store, err = newStore(o.Out, o.Shard); err == nil {
		err = b.store.putForms(o.Forms.Own())
	}
	if err != nil {
		return Summary{}, fmt.Errorf("output folder: %w", err)
	}
	if b.own, err = openLedger(filepath.Join(o.Out, "ledger"+o.Shard.suffix()+".db")); err != nil {
		return Summary{}, err
	}
	b.ledger = b.own
	err = b.run(ctx, docs, refused)
	sum := Summary{Progress: b.progress(), Interrupted: b.stopping(ctx)}
	if err == nil {
		err = shards{o.Out}.conclude(&sum, b.rules)
	}
	return sum, errors.Join(err, b.own.Close(), b.store.close())
}

func newRun(o Options) *run {
	return &run{Options: o, rules: series.RulesOf(o.Forms), started: time.Now(), seen: map[string]string{}, claimed: map[string]string{}, handled: map[string]string{}}
}

type run struct {
	Options
	rules   *series.Rules
	store   *store
	said    *answers.Store
	ledger  Ledger
	own     *ledger // the same, where it is a file of this machine
	memory  *memory
	started time.Time
	// lookups says that the output folder may hold what the ledger does not know, or no longer hold what it knows.
	lookups bool
	adopt   bool // results found without a row were made with these settings
	hashing int  // how many inputs are read at a time to be hashed, at least one

	// Of the planner alone.
	known   map[string]Known  // input path → as last seen
	seen    map[string]string // hash → first input of this run
	claimed map[string]string // output → hash, in this run
	handled map[string]string // input path → stamp, in this run

	mu     sync.Mutex
	counts Progress
	noted  []Seen // not in the ledger yet

	flushing sync.Mutex
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
	complete, err := b.begin()
	if err != nil {
		return err
	}
	if err := b.saveRun("running"); err != nil {
		return err
	}

	work, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tasks := make(chan Task)
	var slots sync.WaitGroup
	for i := range b.Jobs {
		slots.Go(func() {
			if err := b.slot(work, i, tasks); err != nil {
				cancel(err)
			}
		})
	}
	beat := make(chan struct{})
	var beats sync.WaitGroup
	beats.Go(func() {
		t := time.NewTicker(2 * time.Second)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				if err := errors.Join(b.flush(), b.saveRun("running")); err != nil {
					cancel(err)
				}
			case <-beat:
				return
			}
		}
	})
	err = b.plan(work, docs, refused, func(t Task) error {
		select {
		case tasks <- t:
			return nil
		case <-b.Finish:
			return errStopped
		case <-work.Done():
			return errStopped
		}
	})
	close(tasks)
	slots.Wait()
	close(beat) // not before: the last documents may take minutes, and a run that gives no sign counts as killed
	beats.Wait()
	if cause := context.Cause(work); cause != nil && ctx.Err() == nil {
		err = cause // what a slot gave up for
	}
	state := "finished"
	switch {
	case errors.Is(err, errStopped), ctx.Err() != nil:
		state, err = "interrupted", nil
	case err == nil && !complete && !b.stopping(ctx):
		err = b.store.writeSettings(b.Shard, settingsFile{b.Identity.Settings, true})
	case err != nil:
		state = "failed"
	}
	return errors.Join(err, b.saveRun(state))
}

// begin reads what is known of the inputs, and says with which settings results are made from now on. complete says
// that there are no others.
func (b *run) begin() (complete bool, err error) {
	if b.known, err = b.ledger.Inputs(); err != nil {
		return false, err
	}
	had := b.store.readSettings(b.Shard)
	empty, err := b.store.isEmpty()
	if err != nil {
		return false, err
	}
	b.adopt = had.Complete && had.Settings == b.Identity.Settings
	now := settingsFile{b.Identity.Settings, b.adopt || empty}
	if had != now {
		err = b.store.writeSettings(b.Shard, now)
	}
	return now.Complete, err
}

func (b *run) saveRun(state string) error {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	p := b.progress()
	return b.own.setRun(runState{
		State: state, Host: host, PID: os.Getpid(), Jobs: b.Jobs, Started: b.started, Updated: time.Now(),
		Total: p.Total, Planned: p.Planned, Converted: p.Converted, Failed: p.Failed + p.KnownFailed,
		Skipped: p.Skipped, Duplicates: p.Duplicates,
	})
}

// Task is a document that needs converting.
type Task struct {
	Doc Document
	Row Row
}

var errStopped = errors.New("stopped")

// plan looks at every input and sends on what needs work. With Watch it goes on until it is stopped.
func (b *run) plan(ctx context.Context, docs []Document, refused []Refused, send func(Task) error) error {
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
		if err := b.planAll(ctx, ready, no, send); err != nil {
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
		if docs, refused, err = find(ctx, b.In, b.Out, b.Filter, b.memory); err != nil {
			// A network mount may be gone for a while; it is looked for again at the next poll.
			b.notify(Event{Kind: Trouble, Message: err.Error()}, nil)
		}
	}
}

func (b *run) planAll(ctx context.Context, docs []Document, refused []Refused, send func(Task) error) error {
	for _, r := range refused {
		if b.stopping(ctx) {
			return errStopped
		}
		if err := b.refuse(Document{Rel: r.Rel, Path: r.Path}, &worker.Failure{Reason: r.Reason, Message: r.Message}); err != nil {
			return err
		}
	}
	defer func() { _ = b.flush() }() // what is not noted is read again, and waits in the manifest
	if b.own != nil {
		if err := b.foresee(docs); err != nil {
			return err
		}
	}
	hashes := b.ahead(docs)
	for i, d := range docs {
		if b.stopping(ctx) {
			return errStopped
		}
		if n := len(d.Parts); n > 1 {
			b.notify(Event{Kind: Grouped, Input: d.Rel, N: n, Message: d.Parts[0].Name + " … " + d.Parts[n-1].Name}, nil)
		}
		hash, err := hashes(i)
		if errors.Is(err, folder.ErrUnavailable) && b.own == nil {
			return err // it is the store's fault, and to submit again costs little
		}
		if err != nil {
			if err := b.refuse(d, worker.FailureOf(err)); err != nil {
				return err
			}
			continue
		}
		t, err := b.decide(d, hash)
		if err != nil {
			return err
		}
		if t == nil {
			continue
		}
		if err := send(*t); err != nil {
			return err
		}
	}
	return nil
}

// foresee notes all inputs before the first is read, so that the list of a batch that runs, was interrupted or was killed has
// those too that wait. What is not known of one stays open until it is read.
func (b *run) foresee(docs []Document) error {
	for i := range docs {
		d := &docs[i]
		s := b.sight(d, "", "")
		if k, ok := b.known[d.Path]; ok && k.Stamp == d.stamp() {
			s.Stamp, s.Hash = k.Stamp, k.Hash
		}
		if err := b.note(s); err != nil {
			return err
		}
	}
	return errors.Join(b.flush(), b.saveRun("running"))
}

// note keeps what the ledger is to know of an input until there are some, or until the next sign of life.
func (b *run) note(s Seen) error {
	const some = 100
	b.mu.Lock()
	b.noted = append(b.noted, s)
	full := len(b.noted) >= some
	b.mu.Unlock()
	if full {
		return b.flush()
	}
	return nil
}

// flush writes what was noted.
func (b *run) flush() error {
	b.flushing.Lock() // an older note may not come after a newer one
	defer b.flushing.Unlock()
	b.mu.Lock()
	noted := b.noted
	b.noted = nil
	b.mu.Unlock()
	return b.ledger.Note(noted)
}

// ahead gives the hashes of documents, to be asked for in order; those that must be read are read some at a time.
func (b *run) ahead(docs []Document) func(i int) (string, error) {
	type reading struct {
		hash string
		err  error
	}
	window := max(b.hashing, 1)
	read := make([]chan reading, window)
	next := 0
	return func(i int) (string, error) {
		for ; next < len(docs) && next < i+window; next++ {
			d, c := &docs[next], make(chan reading, 1)
			read[next%window] = c
			if k, ok := b.known[d.Path]; ok && k.Stamp == d.stamp() {
				c <- reading{k.Hash, nil}
				continue
			}
			go func() {
				hash, err := d.hash()
				c <- reading{hash, err}
			}()
		}
		r := <-read[i%window]
		if r.err == nil {
			r.err = b.see(&docs[i], r.hash)
		}
		return r.hash, r.err
	}
}

// see notes a document and its hash.
func (b *run) see(d *Document, hash string) error {
	stamp := d.stamp()
	if b.known[d.Path] == (Known{stamp, hash}) {
		if b.own != nil {
			return nil // it was foreseen
		}
		return b.note(b.sight(d, stamp, hash))
	}
	// A file that is this young may change once more without its time changing.
	const grain = 3 * time.Second
	for _, p := range d.Parts {
		if p.fixed {
			continue
		}
		if info, err := p.tree.Stat(p.file); err != nil || time.Since(info.ModTime()) < grain {
			stamp = ""
			break
		}
	}
	b.known[d.Path] = Known{stamp, hash}
	return b.note(b.sight(d, stamp, hash))
}

// sight is what the ledger notes of an input that this run has found.
func (b *run) sight(d *Document, stamp, hash string) Seen {
	s := Seen{Path: d.Path, Rel: d.Rel, Stamp: stamp, Hash: hash, Files: len(d.Parts), run: b.started.UnixNano()}
	for _, p := range d.Parts {
		s.Size += p.Size
		if p.member >= 0 {
			s.Archive = p.tree.Show(p.file)
		}
	}
	return s
}

// decide says whether a content needs work.
func (b *run) decide(d Document, hash string) (*Task, error) {
	if _, again := b.seen[hash]; again {
		b.notify(Event{Kind: Planned, Input: d.Rel}, func(p *Progress) { p.Planned++; p.Duplicates++ })
		return nil, nil
	}
	b.seen[hash] = d.Rel
	r, err := b.ledger.ByHash(hash)
	if err != nil {
		return nil, err
	}
	if r == nil && b.lookups {
		if r, err = b.adopted(d, hash); err != nil {
			return nil, err
		}
	}
	if r != nil && b.claimed[strings.ToLower(r.Output)] != "" {
		r = nil // its name has gone to what replaced it
	}
	if r != nil {
		b.claimed[strings.ToLower(r.Output)] = hash
		planned, err := b.finished(d, r)
		if planned || err != nil {
			return nil, err
		}
	} else {
		r = &Row{Hash: hash}
		if err := b.claim(d, r); err != nil {
			return nil, err
		}
	}
	r.Path = d.Path
	b.notify(Event{Kind: Planned, Input: d.Rel}, func(p *Progress) { p.Planned++ })
	return &Task{d, *r}, nil
}

// finished says that a content has its result or its reason, made by this version with these settings.
func (b *run) finished(d Document, r *Row) (bool, error) {
	if r.Identity != b.Identity {
		return false, nil
	}
	switch {
	case r.State == Done:
		if ok, err := b.intact(r); !ok || err != nil {
			return false, err
		}
		b.notify(Event{Kind: Planned, Input: d.Rel}, func(p *Progress) { p.Planned++; p.Skipped++ })
	case r.State == Failed && !b.Retry && r.Reason != worker.NoRoom:
		if b.lookups {
			if there, err := b.store.folder.Has(quarantineName(r.Output, reasonExt)); err != nil || !there {
				return false, err
			}
		}
		b.notify(Event{Kind: Planned, Input: d.Rel, Reason: r.Reason, Message: r.Message}, func(p *Progress) { p.Planned++; p.KnownFailed++ })
	default:
		return false, nil
	}
	return true, nil
}

// intact says that a result is as it was written. One that was changed since, by a failing disk or by hand, is put
// aside and made again.
func (b *run) intact(r *Row) (bool, error) {
	if !b.lookups {
		return true, nil
	}
	data, err := b.store.folder.Read(resultName(r.Output))
	switch {
	case err == nil && (r.Made == "" || fileHash(data) == r.Made):
		return true, nil
	case errors.Is(err, folder.ErrUnavailable):
		return false, err
	case err == nil || !errors.Is(err, fs.ErrNotExist):
		aside := quarantineName(r.Output, alteredExt)
		e := Event{Kind: Trouble, Input: r.Output, Message: "the result is not as it was written: it is made again, and kept as " + aside}
		if err := b.store.folder.Move(resultName(r.Output), aside); err != nil {
			e.Message = "the result is not as it was written: it is made again"
		}
		b.notify(e, nil)
	}
	return false, nil
}

// adopted finds the result or the reason of a content that the ledger has lost.
func (b *run) adopted(d Document, hash string) (*Row, error) {
	for _, output := range []string{outputName(d.Rel, ""), outputName(d.Rel, hash), spareName(hash)} {
		r := &Row{Hash: hash, Output: output, Path: d.Path, Attempts: 1}
		data, err := b.store.folder.Read(resultName(output))
		if errors.Is(err, folder.ErrUnavailable) {
			return nil, err
		}
		if err == nil {
			rep, err := report.Decode(data)
			if err != nil || rep.Source.SHA256 != hash {
				continue
			}
			r.State, r.Made = Done, fileHash(data)
			r.Identity.Version = rep.Producer.Version
			if b.adopt {
				r.Identity.Settings = b.Identity.Settings
			}
			if err := r.Take(rep, b.rules); err != nil {
				return nil, err
			}
			return r, b.ledger.Put(r)
		}
		if q, err := b.store.readQuarantined(output); err == nil && q.SHA256 == hash {
			r.State, r.Reason, r.Message, r.Attempts, r.Seconds = Failed, q.Reason, q.Message, q.Attempts, q.Seconds
			r.Identity = Identity{q.Version, q.Settings}
			return r, b.ledger.Put(r)
		}
	}
	return nil, nil
}

// claim finds the output's name for a content that has none yet.
func (b *run) claim(d Document, r *Row) error {
	plain, other := outputName(d.Rel, ""), outputName(d.Rel, strings.TrimPrefix(r.Hash, pathHash))
	if old, ok := b.claimed[strings.ToLower(plain)]; ok && old != r.Hash {
		r.Output = b.take(other, r.Hash)
		return nil
	}
	owner, mine, err := b.owner(plain)
	if err != nil {
		return err
	}
	stranger := false // a result that no ledger knows, of another content: nothing is lost by leaving it
	if owner == nil && b.lookups {
		if stranger, err = b.stranger(plain); err != nil {
			return err
		}
	}
	switch {
	case stranger:
		r.Output = b.take(other, r.Hash)
		return nil
	case owner == nil:
		r.Fresh = !b.lookups
	case owner.Hash == r.Hash:
	case owner.Path != d.Path:
		r.Output = b.take(other, r.Hash)
		return nil
	case mine:
		// The input's content has changed. The old result is replaced, unless the old content is
		// still there under another path: then it moves to a name of its own. The row goes when that of
		// the new content takes the name.
		if _, still := b.seen[owner.Hash]; still {
			moved := outputName(d.Rel, owner.Hash)
			if err := b.store.folder.Move(resultName(plain), resultName(moved)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				r.Output = b.take(other, r.Hash) // it stays where it is
				return nil
			}
			owner.Output = b.take(moved, owner.Hash)
			if err := b.ledger.Put(owner); err != nil {
				return err
			}
		}
	}
	r.Output = b.take(plain, r.Hash)
	return nil
}

// stranger says that a name has a result or a reason in the output folder, other than that of an input that could
// not be read and now can.
func (b *run) stranger(output string) (bool, error) {
	there, err := b.store.folder.Has(resultName(output))
	if there || err != nil {
		return there, err
	}
	if there, err = b.store.folder.Has(quarantineName(output, reasonExt)); !there || err != nil {
		return there, err
	}
	q, err := b.store.readQuarantined(output)
	return err != nil || q.SHA256 != "", nil
}

func (b *run) take(output, hash string) string {
	b.claimed[strings.ToLower(output)] = hash
	return output
}

// owner finds who has an output's name, in this ledger or in another shard's.
func (b *run) owner(output string) (r *Row, mine bool, err error) {
	if r, err = b.ledger.ByOutput(output); r != nil || err != nil || b.own == nil {
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
		r, err := (&ledger{db: db}).ByOutput(output)
		if cerr := db.Close(); err == nil {
			err = cerr
		}
		if r != nil || err != nil {
			return r, false, err
		}
	}
	return nil, false, nil
}

// pathHash begins the hash of what has no content to go by; the rest is of its path.
const pathHash = "path:"

// refuse puts an input in quarantine that has no content to go by. It is looked at anew in each run.
func (b *run) refuse(d Document, f *worker.Failure) error {
	path, rel := d.Path, d.Rel
	r := &Row{Hash: pathHash + shortHash(path), Path: path}
	old, err := b.ledger.ByHash(r.Hash)
	if err != nil {
		return err
	}
	if old != nil {
		r.Output, r.Attempts = old.Output, old.Attempts
	} else if err := b.claim(Document{Rel: rel, Path: path}, r); err != nil {
		return err
	}
	b.claimed[strings.ToLower(r.Output)] = r.Hash
	r.State, r.Reason, r.Message, r.Identity = Failed, f.Reason, f.Message, b.Identity
	r.Attempts++
	if err := b.quarantine(rel, r, f); err != nil {
		return err
	}
	if err := b.ledger.Note([]Seen{b.sight(&d, "", r.Hash)}); err != nil {
		return err
	}
	b.notify(Event{Kind: Rejected, Input: rel, Reason: f.Reason, Message: f.Message}, func(p *Progress) { p.Planned++; p.Failed++ })
	return nil
}

func (b *run) quarantine(rel string, r *Row, f *worker.Failure) error {
	q := Quarantined{
		Input: rel, Path: r.Path, Reason: f.Reason, Message: f.Message, Attempts: r.Attempts, Seconds: r.Seconds,
		Version: b.Identity.Version, Settings: b.Identity.Settings, Stderr: f.Stderr,
	}
	if !strings.HasPrefix(r.Hash, pathHash) {
		q.SHA256 = r.Hash
	}
	err := b.ledger.Keep(r, func() error { return b.write(r, func() error { return b.store.putQuarantined(r, q) }) })
	if err != nil {
		return fmt.Errorf("quarantine %s: %w", rel, err)
	}
	return nil
}

// write has put write what becomes of a content under its name, or under the spare one where the file system
// refuses that: a name must not cost more than itself.
func (b *run) write(r *Row, put func() error) error {
	err := put()
	name, spare := r.Output, spareName(r.Hash)
	if err == nil || noRoom(err) || errors.Is(err, folder.ErrUnavailable) || name == spare {
		return err
	}
	r.Output = spare
	if serr := put(); serr != nil {
		r.Output = name
		return errors.Join(err, serr)
	}
	return nil
}

// slot converts tasks with a converter of its own. The error is what the batch cannot go on with.
func (b *run) slot(ctx context.Context, n int, tasks <-chan Task) (err error) {
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

func (b *run) convert(ctx context.Context, n int, c Converter, t Task) error {
	r := t.Row
	r.State, r.Reason, r.Message, r.Identity = Running, "", "", b.Identity
	r.Attempts++
	if err := b.ledger.Put(&r); err != nil {
		return err
	}
	b.notify(Event{Kind: Started, Input: t.Doc.Rel, Slot: n}, nil)
	begun := time.Now()
	job := t.Doc.Job()
	var times worker.Times
	job.Times = func(t worker.Times) { times = t }
	data, err := c.Do(ctx, job, func(page, of int) {
		b.notify(Event{Kind: Page, Input: t.Doc.Rel, Slot: n, N: page, Of: of}, nil)
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
			return fmt.Errorf("result of %s: %w", t.Doc.Rel, err)
		}
		b.notify(Event{Kind: Converted, Input: t.Doc.Rel, Slot: n, Seconds: r.Seconds, Times: times, Review: r.Counts.Review}, func(p *Progress) { p.Converted++ })
		return nil
	case errors.As(err, &f):
		r.State, r.Reason, r.Message, r.Counts, r.Outcome, r.Entry = Failed, f.Reason, f.Message, Counts{}, "", nil
		r.Reviews = nil
		if err := b.quarantine(t.Doc.Rel, &r, f); err != nil {
			return err
		}
		b.notify(Event{Kind: Rejected, Input: t.Doc.Rel, Slot: n, Reason: f.Reason, Message: f.Message, Seconds: r.Seconds, Times: times}, func(p *Progress) { p.Failed++ })
		return nil
	default:
		return fmt.Errorf("%s: %w", t.Doc.Rel, err)
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

// Take notes what the ledger keeps of a report.
func (r *Row) Take(rep *report.Report, rules *series.Rules) error {
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
	r.Counts, r.Outcome, r.Reviews = c, rep.Outcome, rep.Review
	var err error
	r.Entry, err = json.Marshal(rules.Entry(rep, r.Output))
	return err
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
