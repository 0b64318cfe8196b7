package batch

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/internal/run/series"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/worker"
)

// Item is one content of an output folder, as a list shows it.
type Item struct {
	Output string `json:"output"` // the result's path below json/, which is the item's name
	Hash   string `json:"sha256"`
	State  State  `json:"state"` // done or failed

	Title   string         `json:"title,omitempty"`
	Issuer  string         `json:"issuer,omitempty"`
	Year    int            `json:"year,omitempty"`
	Form    string         `json:"form,omitempty"`
	Outcome report.Outcome `json:"status,omitempty"`
	// Review and FailedSums are what is left to look at, Confirmed what people have answered.
	Review     int `json:"review"`
	FailedSums int `json:"failed_sums"`
	Confirmed  int `json:"confirmed"`

	Reason  worker.Reason `json:"reason,omitempty"`
	Message string        `json:"message,omitempty"`

	path string // of the original
	text string // what a search looks through, in lower case
	need int
}

// Wanted says what a list is to hold, and in which order.
type Wanted struct {
	// Text is looked for in the issuer, the title, the year and the output's path; blanks part several.
	Text string
	// Kind is "" for all, "review" for what has entries in its review, "sums" for failing sums, "partial" for
	// what is not complete, "failed" for what has no result, "done" for what needs nothing more.
	Kind string
	// Sort is "need" for what most needs eyes first, or "name".
	Sort          string
	Offset, Limit int
}

// Listing is a part of a list and the counts of all of it.
type Listing struct {
	Items []Item `json:"items"`
	// Total is how many items are wanted; Counts are those of each kind, whatever is wanted.
	Total  int            `json:"total"`
	Counts map[string]int `json:"counts"`
}

// Book is an output folder that people look at and answer in, while batches may be writing it. It is safe for
// concurrent use.
type Book struct {
	*Output
	Forms form.Set

	mu     sync.Mutex
	items  map[string]*Item // by output in lower case
	sorted []*Item          // by name
	mark   string           // how far the records were read

	archives archives // of the originals
}

// Close closes what is open of the originals.
func (b *Book) Close() { b.archives.close() }

// ledgerRead is how far a ledger was read.
type ledgerRead struct {
	Stamp   string
	Updated int64
}

// OpenBook opens an output folder, and brings its results to the answers that were kept for them.
func OpenBook(out string, forms form.Set) (*Book, error) {
	dir, err := resolve(out)
	if err != nil {
		return nil, err
	}
	if _, err := batchLedgers(dir, out); err != nil {
		return nil, err
	}
	return NewBook(Local(dir), forms)
}

// NewBook opens an output, and brings its results to the answers that were kept for them.
func NewBook(o *Output, forms form.Set) (*Book, error) {
	if _, err := o.SettleAll(forms); err != nil {
		return nil, err
	}
	b := &Book{Output: o, Forms: forms, items: map[string]*Item{}}
	return b, b.refresh()
}

// refresh reads what has changed in the ledgers.
func (b *Book) refresh() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := len(b.items)
	next, err := b.Records.Changed(b.mark, func(r *Row) error {
		if r.State != Done && r.State != Failed {
			return nil // what it was before still stands
		}
		i, key := itemOf(r), strings.ToLower(r.Output)
		if old := b.items[key]; old != nil {
			*old = i
		} else {
			b.items[key] = &i
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.mark = next
	if len(b.items) != before {
		b.sorted = b.sorted[:0]
		for _, i := range b.items {
			b.sorted = append(b.sorted, i)
		}
		slices.SortFunc(b.sorted, func(x, y *Item) int { return natural(x.Output, y.Output) })
	}
	return nil
}

// fileStamp changes when a ledger does.
func fileStamp(name string) string {
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Size())
}

// readLedger reads the rows that were written since a time, and says when the last was. That second is read again
// the next time, since more rows may come in it.
func readLedger(name string, since int64, each func(*Row) error) (updated int64, err error) {
	db, err := openReading(name)
	if err != nil {
		return since, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rs, err := db.Query(`SELECT "`+strings.Join(documentColumns, `","`)+`", updated FROM document WHERE updated >= ?`, since)
	if err != nil {
		return since, fmt.Errorf("ledger %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, rs.Close()) }()
	updated = since
	for rs.Next() {
		var r Row
		var at int64
		if err := rs.Scan(append(r.fields(), &at)...); err != nil {
			return since, fmt.Errorf("ledger %s: %w", name, err)
		}
		updated = max(updated, at)
		if !r.sound() {
			continue
		}
		if err := each(&r); err != nil {
			return since, err
		}
	}
	return updated, rs.Err()
}

func itemOf(r *Row) Item {
	i := Item{
		Output: r.Output, Hash: r.Hash, State: r.State, Outcome: r.Outcome, Review: r.Counts.Review, FailedSums: r.Counts.FailedSums,
		Confirmed: r.Counts.Confirmed, Reason: r.Reason, Message: r.Message, path: r.Path,
	}
	var e series.Entry
	if len(r.Entry) > 0 && json.Unmarshal(r.Entry, &e) == nil {
		i.Title, i.Issuer, i.Year, i.Form = e.Title, e.Issuer, e.Year, e.Form
	}
	i.text = strings.ToLower(fmt.Sprintf("%s\x00%s\x00%d\x00%s", i.Issuer, i.Title, i.Year, i.Output))
	i.need = i.urgency()
	return i
}

// kinds that an item is of.
func (i *Item) kinds() []string {
	if i.State == Failed {
		return []string{"failed"}
	}
	var out []string
	if i.Review > 0 {
		out = append(out, "review")
	}
	if i.FailedSums > 0 {
		out = append(out, "sums")
	}
	switch {
	case i.Outcome != report.Complete:
		out = append(out, "partial")
	case i.Review == 0:
		out = append(out, "done")
	}
	return out
}

// urgency is how much an item needs eyes: failing sums before doubts, both before what has no numbers.
func (i *Item) urgency() int {
	n := 0
	if i.State == Failed {
		return 1
	}
	if i.Review > 0 {
		n += 2 + min(i.Review, 1000)
	}
	if i.FailedSums > 0 && i.Review > 0 {
		n += 10_000
	}
	return n
}

// List gives a part of the list.
func (b *Book) List(w Wanted) (Listing, error) {
	if err := b.refresh(); err != nil {
		return Listing{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	out := Listing{Items: []Item{}, Counts: map[string]int{"all": len(b.sorted)}}
	words := strings.Fields(strings.ToLower(w.Text))
	var found []*Item
	for _, i := range b.sorted {
		ok := w.Kind == ""
		for _, k := range i.kinds() {
			out.Counts[k]++
			ok = ok || k == w.Kind
		}
		if ok && i.has(words) {
			found = append(found, i)
		}
	}
	if w.Sort != "name" {
		slices.SortStableFunc(found, func(x, y *Item) int { return cmp.Compare(y.need, x.need) })
	}
	out.Total = len(found)
	from := min(max(w.Offset, 0), len(found))
	for _, i := range found[from:min(from+max(w.Limit, 0), len(found))] {
		out.Items = append(out.Items, *i)
	}
	return out, nil
}

func (i *Item) has(words []string) bool {
	for _, w := range words {
		if !strings.Contains(i.text, w) {
			return false
		}
	}
	return true
}

// ErrNoItem means that the output folder has no such result.
var ErrNoItem = errors.New("the batch has no such result")

// Item gives one item of the list by its name.
func (b *Book) Item(output string) (Item, error) {
	if err := b.refresh(); err != nil {
		return Item{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	i := b.items[strings.ToLower(output)]
	if i == nil {
		return Item{}, fmt.Errorf("%s: %w", output, ErrNoItem)
	}
	return *i, nil
}

// Original finds the document that an item was made of: its name and its parts.
func (b *Book) Original(output string) (worker.Job, error) {
	i, err := b.Item(output)
	if err != nil {
		return worker.Job{}, err
	}
	d, err := documentAt(i.path, &b.archives)
	if err != nil {
		return worker.Job{}, err
	}
	return d.Job(), nil
}

// ErrMoved means that the original is not where it was when it was converted.
var ErrMoved = errors.New("the original is no longer where it was")

// documentAt is the document at a place that find gave: a file, a folder of page images, some pictures of one, a
// member of an archive.
func documentAt(place string, from *archives) (*Document, error) {
	tree, p, err := folder.TreeOf(context.Background(), place)
	if err != nil {
		return nil, err
	}
	at := p
	info, err := tree.Stat(at)
	for err != nil && filepath.Dir(at) != at {
		at = filepath.Dir(at)
		info, err = tree.Stat(at)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", place, ErrMoved)
	}
	for _, pages := range []PageFolders{PagesAlways, PagesAuto, PagesNever} {
		if info.IsDir() && at != p && at != filepath.Dir(p) {
			continue
		}
		for _, d := range documentsIn(tree, at, pages, from) {
			if d.Path == place {
				return &d, nil
			}
		}
	}
	return nil, fmt.Errorf("%s: %w", place, ErrMoved)
}

// documentsIn are those of a file, an archive or a folder, without the folders below it.
func documentsIn(tree folder.Tree, at string, pages PageFolders, from *archives) []Document {
	w := finder{tree: tree, pages: pages, base: filepath.Dir(at), flat: true, memory: &memory{archives: from, files: map[string]look{}}}
	if info, err := tree.Stat(at); err == nil && info.IsDir() {
		w.dir(at)
	} else if err == nil {
		w.file(at, info)
	}
	return w.docs
}

// ErrSeveral means that a folder is not one document.
var ErrSeveral = errors.New("is a directory, and not of the pages of one document: nianbao batch converts folders")

// Documents are those that a path stands for where a file is expected: the file itself, the page images of a folder,
// the members of an archive, or one of them (a.zip/b.pdf). What of an archive is not read is refused. done is called
// when no part of them is needed any more.
func Documents(path string) (docs []Document, refused []Refused, done func(), err error) {
	open := new(archives)
	real, err := resolve(path)
	if err != nil { // it may lead into an archive, which is no folder
		if real, err = filepath.Abs(path); err != nil {
			return nil, nil, nil, err
		}
	}
	info, err := os.Stat(real)
	if err != nil {
		d, derr := documentAt(real, open)
		if derr != nil {
			return nil, nil, nil, err
		}
		return []Document{*d}, nil, open.close, nil
	}
	w := finder{tree: folder.Local{}, pages: PagesAuto, base: filepath.Dir(real), flat: true, memory: &memory{archives: open, files: map[string]look{}}}
	if !info.IsDir() {
		w.file(real, info)
		slices.SortFunc(w.docs, func(a, b Document) int { return natural(a.Rel, b.Rel) })
		return w.docs, w.refused, open.close, nil
	}
	w.pages = PagesAlways // who names a folder means its pages
	w.dir(real)
	if len(w.docs) != 1 || w.docs[0].Path != real {
		return nil, nil, nil, ErrSeveral
	}
	return w.docs, nil, open.close, nil
}

// Again converts one input of the output folder anew, such as one in quarantine, and gives the item as it then is.
// The error is ErrLocked while a batch is writing the folder.
func (b *Book) Again(ctx context.Context, output string, identity Identity, converter func(temp string) Converter) (Item, error) {
	i, err := b.Item(output)
	if err != nil {
		return i, err
	}
	d, err := documentAt(i.path, &b.archives)
	if err != nil {
		return i, err
	}
	own, ok := b.Records.(shards)
	if !ok {
		return i, fmt.Errorf("%s: what is in a queue is converted by its workers", output)
	}
	out := own.out
	unlock, err := lock(filepath.Join(out, "ledger.lock"))
	if err != nil {
		return i, err
	}
	defer unlock()
	r := newRun(Options{Out: out, Identity: identity, Forms: b.Forms})
	r.said, r.lookups = b.Answers(), true
	if r.store, err = newStore(out, Shard{}); err != nil {
		return i, err
	}
	if r.own, err = openLedger(filepath.Join(out, "ledger.db")); err != nil {
		return i, errors.Join(err, r.store.close())
	}
	r.ledger = r.own
	err = r.again(ctx, d, i.Output, converter)
	if err = errors.Join(err, r.own.Close(), r.store.close()); err != nil {
		return i, err
	}
	return b.Item(output)
}

func (b *run) again(ctx context.Context, d *Document, output string, converter func(temp string) Converter) error {
	hash, err := d.hash()
	if err != nil {
		return err
	}
	r, err := b.ledger.ByOutput(output)
	if err != nil {
		return err
	}
	if r == nil {
		return fmt.Errorf("%s is of another shard: run that batch with --retry", output)
	}
	r.Hash, r.Path = hash, d.Path
	c := converter(b.store.temp)
	return errors.Join(b.convert(ctx, 0, c, Task{*d, *r}), c.Close())
}
