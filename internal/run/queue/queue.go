// Package queue spreads a batch over as many machines as there are. PostgreSQL holds the queue, with River, and the
// book of what became of each content; documents and results lie in folders that all machines see, or in a store of
// objects.
//
// What a worker does with a document is the step of package batch, so the results are the same to the byte. A job is
// a content; with the version and the settings that are wanted now it is there once. Its end, the result's counts, what
// is to be reviewed and what is compared over the years are one transaction, and the result is written while that
// transaction holds the content's row: whoever lost the job cannot write any more.
//
// That a document waits stands in its row. Jobs follow from that: what waits and has none is given a new one, whatever
// became of the old.
//
// A worker gives a sign of life every few seconds. The jobs of one that gives none go to others as new jobs, so that
// nothing which the old one may still do to its job matters. A content that several workers died with is given up.
package queue

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/folder"
)

// IsURL says that an argument names a queue and no folder.
func IsURL(s string) bool {
	return strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}

// Queue is the database of a batch.
type Queue struct {
	pool   *pgxpool.Pool
	logger *slog.Logger
	schema string
	name   string // for messages, without a password
	// How long a worker may be silent, and how many may die with a document.
	silence time.Duration
	tries   int
}

// Options of a batch that decide its results, as the workers need them.
type Options struct {
	TablesOnly bool         `json:"tables_only"`
	Forms      []*form.Form `json:"forms,omitempty"`
}

// Batch is what a queue is for.
type Batch struct {
	Output   string
	Identity batch.Identity
	Options  Options
	queue    string
}

// ErrNoBatch means that nothing was ever submitted.
var ErrNoBatch = errors.New("nothing has been submitted to this queue yet: nianbao submit IN… --queue URL -o OUT")

// Open connects to the database; connections is how many are wanted at a time. A schema that the URL names
// (?search_path=…) keeps batches apart.
func Open(ctx context.Context, url string, connections int, logger *slog.Logger) (*Queue, error) {
	return open(ctx, url, connections, logger, "on")
}

// OpenForWork connects a worker: a connection for each document that ends just now, and some for signs of life and
// to listen. Its commits are not waited for until they are on the disk: should the database crash and forget the last
// half second, the documents of that time are queued again (restore) and give the same.
func OpenForWork(ctx context.Context, url string, jobs int, logger *slog.Logger) (*Queue, error) {
	const others = 4
	return open(ctx, url, jobs+others, logger, "off")
}

func open(ctx context.Context, url string, connections int, logger *slog.Logger, synchronous string) (*Queue, error) {
	if !IsURL(url) {
		return nil, fmt.Errorf("%q is no queue: postgres://user@host/database is expected; the password can be in PGPASSWORD or ~/.pgpass", redact(url))
	}
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("queue %s: %w", redact(url), err)
	}
	c.MaxConns = int32(connections)
	if c.ConnConfig.ConnectTimeout == 0 {
		c.ConnConfig.ConnectTimeout = 10 * time.Second
	}
	c.ConnConfig.DialFunc = patient().DialContext
	c.ConnConfig.RuntimeParams["synchronous_commit"] = synchronous
	if c.ConnConfig.RuntimeParams["application_name"] == "" {
		c.ConnConfig.RuntimeParams["application_name"] = "nianbao"
	}
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("queue %s: %w", redact(url), err)
	}
	q := &Queue{pool: pool, logger: logger, schema: c.ConnConfig.RuntimeParams["search_path"], name: redact(url), silence: Silence, tries: tries}
	if err := q.greet(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("queue %s cannot be reached: %w", q.name, err)
	}
	return q, nil
}

// patient dials a database. One whose machine lost its power, or whose network is gone, says nothing, and by itself the
// system waits a quarter of an hour for it: so long a worker would take no job, and end none, though another
// database has taken the place of the first.
func patient() *net.Dialer {
	return &net.Dialer{
		Control:         giveUpAfter(Silence),
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: Silence / 3, Interval: Silence / 6, Count: 4},
	}
}

// ask asks for one value.
func (q *Queue) ask(ctx context.Context, answer any, query string, args ...any) error {
	if err := q.pool.QueryRow(ctx, query, args...).Scan(answer); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return nil
}

// greet waits for a database that is just starting, as where all start together.
func (q *Queue) greet(ctx context.Context) error {
	const longest = 30 * time.Second
	for begun := time.Now(); ; {
		err := q.pool.Ping(ctx)
		var said *pgconn.PgError
		if !errors.As(err, &said) || said.Code != starting || time.Since(begun) > longest {
			return err
		}
		select {
		case <-time.After(time.Second / 5):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// redact is a URL as it may be printed.
func redact(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	if i := strings.LastIndex(rest, "@"); i >= 0 {
		user, _, _ := strings.Cut(rest[:i], ":")
		rest = user + rest[i:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	return scheme + "://" + rest
}

// Close closes the connections.
func (q *Queue) Close() { q.pool.Close() }

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is held while tables are made or changed: the letters "nianbao" of 2026.
const migrationLock = 0x6e69616e_62616f

// Migrate brings the tables to this version's, River's and ours, whoever else is just doing it. River's migrations are
// transactions of their own.
func (q *Queue) Migrate(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("queue %s: its tables: %w", q.name, err)
		}
	}()
	c, err := q.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	if _, err := c.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return err
	}
	defer func() {
		_, uerr := c.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
		err = errors.Join(err, uerr)
	}()
	if q.schema != "" {
		if _, err := c.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+pgx.Identifier{q.schema}.Sanitize()); err != nil {
			return err
		}
	}
	m, err := rivermigrate.New(riverpgxv5.New(q.pool), &rivermigrate.Config{Logger: quiet(q.logger)})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error { return migrate(ctx, tx) })
}

// migrate runs those migrations of ours that the database has not seen.
func migrate(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, "CREATE TABLE IF NOT EXISTS nianbao_migration (version integer PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())"); err != nil {
		return err
	}
	var have int
	if err := tx.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM nianbao_migration").Scan(&have); err != nil {
		return err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	if have > len(names) {
		return fmt.Errorf("the queue's tables are of a newer version of nianbao (%d, this one knows %d)", have, len(names))
	}
	slices.Sort(names)
	for i, n := range names {
		if i < have {
			continue
		}
		text, err := migrations.ReadFile(n)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", n, err)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO nianbao_migration (version) VALUES ($1)", i+1); err != nil {
			return err
		}
	}
	return nil
}

// tx does something in a transaction, again where two stood in each other's way.
func (q *Queue) tx(ctx context.Context, do func(pgx.Tx) error) error {
	const most = 5
	for n := 1; ; n++ {
		err := pgx.BeginFunc(ctx, q.pool, do)
		var said *pgconn.PgError
		if errors.As(err, &said) && (said.Code == deadlock || said.Code == serialization) && n < most {
			continue
		}
		if err != nil {
			return fmt.Errorf("queue: %w", err)
		}
		return nil
	}
}

// Error codes of PostgreSQL.
const (
	deadlock       = "40P01"
	serialization  = "40001"
	undefinedTable = "42P01"
	starting       = "57P03"
)

// Batch gives what the queue is for.
func (q *Queue) Batch(ctx context.Context) (Batch, error) {
	var b Batch
	var options string
	err := q.pool.QueryRow(ctx, "SELECT output, version, settings, options, queue FROM nianbao_batch").
		Scan(&b.Output, &b.Identity.Version, &b.Identity.Settings, &options, &b.queue)
	var said *pgconn.PgError
	switch {
	case errors.Is(err, pgx.ErrNoRows), errors.As(err, &said) && said.Code == undefinedTable:
		return b, ErrNoBatch
	case err != nil:
		return b, fmt.Errorf("queue %s: %w", q.name, err)
	}
	if err := b.Options.parse([]byte(options)); err != nil {
		return b, fmt.Errorf("queue %s: %w", q.name, err)
	}
	return b, nil
}

// parse reads options as they were kept.
func (o *Options) parse(kept []byte) error {
	var raw struct {
		TablesOnly bool              `json:"tables_only"`
		Forms      []json.RawMessage `json:"forms"`
	}
	if err := json.Unmarshal(kept, &raw); err != nil {
		return err
	}
	o.TablesOnly = raw.TablesOnly
	for _, text := range raw.Forms {
		f, err := form.Parse(text)
		if err != nil {
			return err
		}
		o.Forms = append(o.Forms, f)
	}
	return nil
}

// queueName is River's queue for an identity, readable in its UI.
func queueName(id batch.Identity) string {
	version := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, id.Version)
	const most = 40
	return "nianbao-" + version[:min(len(version), most)] + "-" + id.Settings
}

// Output gives the output of the batch, for those who read it and answer in it.
func (q *Queue) Output(ctx context.Context, b Batch) (*batch.Output, error) {
	f, err := folder.Open(ctx, b.Output, "")
	if err != nil {
		return nil, err
	}
	return batch.Shared(f, &ledger{ctx: ctx, q: q}), nil
}

// text makes a string fit for PostgreSQL, which takes UTF-8 without NUL: other bytes become code points of a private
// area, and untext finds them again. Names of a Chinese Windows need it.
func text(s string) string {
	if valid(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == 0:
			b.WriteRune(privateBytes)
		case r == '\uFFFD' && !strings.HasPrefix(s[i:], "\uFFFD"):
			b.WriteRune(privateBytes + rune(s[i]))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func untext(s string) string {
	if !strings.ContainsFunc(s, isPrivate) {
		return s
	}
	var b []byte
	for _, r := range s {
		if isPrivate(r) {
			b = append(b, byte(r-privateBytes))
		} else {
			b = append(b, string(r)...)
		}
	}
	return string(b)
}

const privateBytes = 0x10FE00

func isPrivate(r rune) bool { return r >= privateBytes && r < privateBytes+256 }

func valid(s string) bool { return strings.ToValidUTF8(s, "") == s && !strings.Contains(s, "\x00") }

// quiet gives River a logger that passes on its errors and warnings only: it tells more than people want to know.
func quiet(l *slog.Logger) *slog.Logger { return slog.New(&warnings{l.Handler()}) }

type warnings struct{ slog.Handler }

func (w *warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

func (w *warnings) Handle(ctx context.Context, r slog.Record) error {
	r2 := slog.NewRecord(r.Time, r.Level, "queue: "+r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "error" || a.Key == "err" {
			r2.Message += ": " + a.Value.String()
		}
		return true
	})
	return w.Handler.Handle(ctx, r2)
}

func (w *warnings) WithAttrs(a []slog.Attr) slog.Handler { return &warnings{w.Handler.WithAttrs(a)} }
func (w *warnings) WithGroup(n string) slog.Handler      { return &warnings{w.Handler.WithGroup(n)} }

// seconds is a duration as an interval of PostgreSQL.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) + " seconds"
}
