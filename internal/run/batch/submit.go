package batch

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/worker"
)

// Sending is a batch of which others convert the documents: where the results are to go, who keeps the book, and
// what takes the tasks.
type Sending struct {
	Out    folder.Folder
	Ledger Ledger
	// Distrust asks the output folder for what the ledger knows, and looks there for what it does not know: where a
	// look is cheap, or the ledger is new.
	Distrust bool
	// Hashing is how many inputs are read at a time.
	Hashing int
	// Begin is called when the inputs have been looked at and there is no mistake in their choice.
	Begin func() error
	// Send takes a task. It may keep it until Flush.
	Send  func(Task) error
	Flush func() error
}

// Submit looks at the inputs and sends what has no result yet.
func Submit(ctx context.Context, o Options, s Sending) (Progress, error) {
	memory := newMemory()
	defer memory.archives.close()
	docs, refused, err := find(ctx, o.In, s.Out.String(), o.Filter, memory)
	if err != nil {
		return Progress{}, err
	}
	if dir, ok := s.Out.(folder.Dir); ok {
		if err := ours(dir.Root); err != nil {
			return Progress{}, err
		}
		for _, d := range []string{resultsDir, quarantineDir} { // by which it is known again
			if err := os.MkdirAll(dir.Path(d), 0o755); err != nil {
				return Progress{}, fmt.Errorf("output folder: %w", err)
			}
		}
	}
	if err := s.Begin(); err != nil {
		return Progress{}, err
	}
	b := newRun(o)
	b.memory = memory
	b.store, b.said, b.ledger = &store{folder: s.Out}, answers.Under(s.Out), s.Ledger
	b.lookups, b.hashing = s.Distrust, s.Hashing
	if err := b.store.putForms(o.Forms.Own()); err != nil {
		return Progress{}, fmt.Errorf("output folder: %w", err)
	}
	if _, err := b.begin(); err != nil {
		return Progress{}, err
	}
	err = b.plan(ctx, docs, refused, s.Send)
	if errors.Is(err, errStopped) {
		err = nil
	}
	return b.progress(), errors.Join(err, s.Flush())
}

// HasResults says that an output folder holds some.
func HasResults(out folder.Folder) (bool, error) {
	empty, err := (&store{folder: out}).isEmpty()
	return !empty && err == nil, err
}

// Finished notes in the output folder that all its results are made with one setting.
func Finished(out folder.Folder, settings string) error {
	s := &store{folder: out}
	now := settingsFile{settings, true}
	if s.readSettings(Shard{}) == now {
		return nil
	}
	return s.writeSettings(Shard{}, now)
}

// Step converts single documents into an output folder as a batch does, for the workers of a queue.
type Step struct{ run *run }

// NewStep gives the step of a batch with these options: Identity, Forms and Notify.
func NewStep(o Options, out folder.Folder) *Step {
	b := newRun(o)
	b.store, b.said, b.memory = &store{folder: out}, answers.Under(out), newMemory()
	return &Step{b}
}

// Close closes what is open of the documents.
func (s *Step) Close() { s.run.memory.archives.close() }

// Convert converts a document with a slot's converter, and keeps the result or the reason. The error is what the
// document is not to blame for.
func (s *Step) Convert(ctx context.Context, slot int, c Converter, l Ledger, t Task) error {
	return s.with(l).convert(ctx, slot, c, t)
}

// GiveUp ends the tries of a document: it goes to quarantine for a reason that others have.
func (s *Step) GiveUp(l Ledger, t Task, f *worker.Failure) error {
	b, r := s.with(l), t.Row
	r.State, r.Reason, r.Message, r.Identity = Failed, f.Reason, f.Message, b.Identity
	r.Counts, r.Outcome, r.Entry, r.Reviews = Counts{}, "", nil, nil
	if err := b.quarantine(t.Doc.Rel, &r, f); err != nil {
		return err
	}
	b.notify(Event{Kind: Rejected, Input: t.Doc.Rel, Reason: f.Reason, Message: f.Message}, func(p *Progress) { p.Failed++ })
	return nil
}

// with is the step with the ledger of one job.
func (s *Step) with(l Ledger) *run {
	return &run{Options: s.run.Options, rules: s.run.rules, store: s.run.store, said: s.run.said, ledger: l}
}

// Packed is a document as a job carries it.
type Packed struct {
	Name string `json:"name"`
	Rel  string `json:"rel"`
	Path string `json:"path"`
	// Tree is that of the parts: s3://bucket, or "" for the file system.
	Tree  string       `json:"tree,omitempty"`
	Parts []PackedPart `json:"parts"`
}

// PackedPart is a file, or a member of an archive.
type PackedPart struct {
	Name   string `json:"name"`
	File   string `json:"file"`
	Member int    `json:"member"` // -1 for a file
	Size   int64  `json:"size"`
}

// Pack makes a document ready to travel.
func (d *Document) Pack() Packed {
	p := Packed{Name: d.Name, Rel: d.Rel, Path: d.Path}
	for _, q := range d.Parts {
		if tree, ok := q.tree.(fmt.Stringer); ok {
			p.Tree = tree.String()
		}
		p.Parts = append(p.Parts, PackedPart{q.Name, q.file, q.member, q.Size})
	}
	return p
}

// Unpack gives the document, to be read from a tree. Archives stay open for the next of their members.
func (s *Step) Unpack(p Packed, tree folder.Tree) Document {
	d := Document{Name: p.Name, Rel: p.Rel, Path: p.Path}
	for _, q := range p.Parts {
		d.Parts = append(d.Parts, Part{Name: q.Name, Size: q.Size, tree: tree, file: q.File, member: q.Member, archives: s.run.memory.archives})
	}
	return d
}
