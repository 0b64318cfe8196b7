package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/queue"
	"github.com/nianbao/nianbao/internal/web/desk"
	"github.com/nianbao/nianbao/internal/web/service"
	"github.com/nianbao/nianbao/internal/wording"
)

// The variables of the environment that hold the token of the service, and the secret of its webhook.
const (
	tokenVariable   = "NIANBAO_TOKEN"
	webhookVariable = "NIANBAO_WEBHOOK_SECRET"
)

// leastSecret is how many characters they must have: 16 at random are out of anyone's reach.
const leastSecret = 16

type serveOptions struct {
	limitOptions
	formOptions
	listen, tokenFile, folder      string
	hosts                          []string
	jobs, queue, pages, connection int
	waiting                        int
	answer, keep                   time.Duration
	webhook, webhookSecretFile     string
	out                            string
}

func newServeCommand(e *env) *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve",
		Short: "Convert over HTTP, for programs and for browsers",
		Long: `Serve the conversion over HTTP, for programs: POST /v1/convert with a document as its body gives the report,
POST /v1/jobs takes one for later: jobs outlive the service. A browser gets a page to drop documents on.
/openapi.json describes the whole; docs/service.md and docs/clients.md explain it.

The service listens on this machine alone. Beyond it, it asks for a token, which is read from a file or from the
variable ` + tokenVariable + ` and must be sent as "Authorization: Bearer TOKEN". Documents are converted in processes with
limits; a request never makes the service fetch anything. Ctrl-C ends it when what is being done is done.` + "\n" + `
Exit status:
  0  ended
  1  the service cannot be started
  2  wrong usage`,
		Example: `  nianbao serve
  nianbao serve --out out
  nianbao serve --listen :8080 --token-file /run/secrets/nianbao --host archive.example.org
  curl --data-binary @report.pdf 'http://127.0.0.1:8080/v1/convert?name=report.pdf'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runServe(cmd.Context(), e, o) },
	}
	f := c.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8080", "`address` and port to listen on; port 0 is a free one")
	f.StringVar(&o.tokenFile, "token-file", "", "`file` with the token that requests must have")
	f.StringArrayVar(&o.hosts, "host", nil, "a further `name` that the service may be asked for under (repeatable)")
	f.StringVar(&o.folder, "state", "", "`folder` for documents while they are worked on (default: the user's, for state)")
	f.StringVar(&o.out, "out", "", "serve the review desk of a batch, too, under /desk/: its output `folder`, or the URL of its queue")
	f.IntVarP(&o.jobs, "jobs", "j", max(1, runtime.NumCPU()), "documents to convert at a time, one process each")
	f.IntVar(&o.queue, "queue", 64, "requests that may wait; one more is answered 429")
	f.IntVar(&o.pages, "max-pages", 200, "most pages of one document")
	f.IntVar(&o.connection, "max-connections", 256, "connections that may be open")
	f.IntVar(&o.waiting, "max-jobs", 1000, "jobs that may wait; one more is answered 429")
	f.DurationVar(&o.keep, "keep", time.Hour, "longest time that a job's document and result are kept after its end")
	f.StringVar(&o.webhook, "webhook", "", "`URL` that is told of the end of each job")
	f.StringVar(&o.webhookSecretFile, "webhook-secret-file", "", "`file` with the secret that signs what is told")
	f.DurationVar(&o.answer, "answer-time", 5*time.Minute, "longest time for a document that is answered at once")
	o.limitOptions.add(f)
	o.input = 256 << 20
	f.Lookup("max-input").DefValue = o.input.String()
	o.formOptions.add(f)
	return c
}

func (o *serveOptions) check() error {
	switch {
	case o.jobs < 1, o.queue < 1, o.pages < 1, o.connection < 1:
		return usageError{errors.New("--jobs, --queue, --max-pages and --max-connections must be at least 1")}
	case o.waiting < 1, o.answer <= 0, o.keep <= 0:
		return usageError{errors.New("--max-jobs, --answer-time and --keep must be more than 0")}
	}
	return o.limitOptions.check()
}

func runServe(ctx context.Context, e *env, o serveOptions) (err error) {
	log := e.logger()
	if err := o.check(); err != nil {
		return err
	}
	token, err := secret(e, tokenVariable, "--token-file", o.tokenFile)
	if err != nil {
		return err
	}
	hook, err := o.hook(e)
	if err != nil {
		return err
	}
	beyond, err := beyondLoopback(o.listen)
	if err != nil {
		return usageError{fmt.Errorf("--listen %s: %w", o.listen, err)}
	}
	if beyond && token == "" {
		return usageError{fmt.Errorf("--listen %s can be reached from other machines: give a token (--token-file FILE, or the variable %s)", o.listen, tokenVariable)}
	}
	own, err := o.load(e)
	if err != nil {
		return err
	}
	forms, err := form.Official().With(own...)
	if err != nil {
		return err
	}
	folder, err := o.stateFolder(e)
	if err != nil {
		return err
	}
	limits := o.limits()
	limits.Pages = o.pages
	c, err := nianbao.New(nianbao.Options{Version: programVersion(), Forms: own, Logger: nil, Isolate: &nianbao.Isolation{Processes: o.jobs, Limits: limits}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	reviewed, deskToken, err := o.desk(ctx, e, c, token, log)
	if err != nil {
		return err
	}
	defer reviewed.close()
	s, err := service.New(service.Options{
		Converter: c, Processes: o.jobs, Forms: forms, Folder: folder, Token: token, Hosts: o.hosts, Open: beyond, Version: programVersion() + revision(), Logger: log,
		Limits:  service.Limits{Body: int64(o.input), Pages: o.pages, Answer: o.answer, Queue: o.queue, Connections: o.connection, Jobs: o.waiting, Keep: o.keep},
		Webhook: hook, Desk: reviewed.handler(),
	})
	if err != nil {
		return err
	}
	defer func() {
		leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
		defer cancel()
		err = errors.Join(err, s.Close(leave))
	}()
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	address := fmt.Sprintf("http://%s/\n", listener.Addr())
	if deskToken != "" {
		address += fmt.Sprintf("http://%s/desk/?token=%s\n", listener.Addr(), deskToken)
	}
	if _, err := fmt.Fprint(e.stdout, address); err != nil {
		return errors.Join(err, listener.Close())
	}
	if _, err := c.Producer(ctx); err != nil {
		log.Warn(oneLine(err)) // all but scans can be read
	}
	all, err := c.Locks(ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if held := warnOfLocks(log, all); len(held) > 0 {
		log.Info("workers are locked in: " + strings.Join(held, ", "))
	}
	return s.Serve(ctx, listener)
}

// desk is the review desk of a batch. Where the service has no token, the desk has one of its own: what is answered
// there stays.
func (o *serveOptions) desk(ctx context.Context, e *env, c *nianbao.Converter, token string, log *slog.Logger) (d *reviewed, own string, err error) {
	if o.out == "" {
		return nil, "", nil
	}
	if token == "" {
		own = rand.Text()
	}
	r := reviewOptions{limitOptions: o.limitOptions}
	d = &reviewed{words: e.words, open: func() (*place, http.Handler, error) {
		at, err := o.at(ctx, e, log, o.out)
		if err != nil {
			return nil, nil, err
		}
		book, err := at.book()
		if err != nil {
			at.close()
			return nil, nil, err
		}
		return at, desk.New(desk.Options{
			Book: book, Converter: c, Again: r.againIn(book, at.queue), Token: own, Hosts: o.hosts, Inside: token != "", Who: r.name(), Logger: log,
		}), nil
	}}
	if queue.IsURL(o.out) {
		return d, own, nil
	}
	return d, own, d.opened()
}

// reviewed is the desk of a batch. That of a queue is opened when it is asked for: what starts with the database, such
// as the services of a composition, finds nothing submitted yet, or no database.
type reviewed struct {
	open  func() (*place, http.Handler, error)
	words *wording.Words

	mu   sync.Mutex
	at   *place
	desk http.Handler
}

func (d *reviewed) opened() (err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.desk == nil {
		d.at, d.desk, err = d.open()
	}
	return err
}

// handler is the desk, nil where there is none.
func (d *reviewed) handler() http.Handler {
	if d == nil {
		return nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := d.opened(); err != nil {
			http.Error(w, d.words.Text(err.Error()), http.StatusServiceUnavailable)
			return
		}
		d.desk.ServeHTTP(w, r)
	})
}

func (d *reviewed) close() {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at.close()
}

// secret is that of the file, else the environment's: what is a flag's value can be seen in the list of processes.
func secret(e *env, variable, flag, file string) (string, error) {
	s, from := e.getenv(variable), "the variable "+variable
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return "", usageError{fmt.Errorf("%s: %w", flag, err)}
		}
		s, from = string(b), "the file "+file
	}
	s = strings.TrimSpace(s)
	switch {
	case s == "" && file == "":
		return "", nil
	case len(s) < leastSecret:
		return "", usageError{fmt.Errorf("%s holds %d characters: at least %d are needed, such as openssl rand -hex 16 prints", from, len(s), leastSecret)}
	case strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`";,\`, r) }):
		return "", usageError{fmt.Errorf("%s holds characters that a header cannot carry: use letters and digits", from)}
	}
	return s, nil
}

// hook is where ends of jobs are told.
func (o *serveOptions) hook(e *env) (service.Webhook, error) {
	if o.webhook == "" {
		return service.Webhook{}, nil
	}
	u, err := url.Parse(o.webhook)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return service.Webhook{}, usageError{errors.New("--webhook must be the address of a web server: https://…")}
	}
	s, err := secret(e, webhookVariable, "--webhook-secret-file", o.webhookSecretFile)
	if err == nil && s == "" {
		err = usageError{fmt.Errorf("--webhook needs a secret that signs what is told: --webhook-secret-file FILE, or the variable %s", webhookVariable)}
	}
	return service.Webhook{URL: o.webhook, Secret: s}, err
}

// beyondLoopback says that an address can be reached from other machines.
func beyondLoopback(listen string) (bool, error) {
	a, err := net.ResolveTCPAddr("tcp", listen)
	if err != nil {
		return false, err
	}
	return a.IP == nil || !a.IP.IsLoopback(), nil
}

// stateFolder is the folder given, else the user's for state (XDG).
func (o *serveOptions) stateFolder(e *env) (string, error) {
	dir := o.folder
	if dir == "" {
		base := e.getenv("XDG_STATE_HOME")
		if base == "" {
			home, err := os.UserHomeDir()
			if err != nil {
				return "", usageError{fmt.Errorf("there is no home for the state of the service (%w): give a folder (--state DIR)", err)}
			}
			base = filepath.Join(home, ".local", "state")
		}
		dir = filepath.Join(base, "nianbao", "serve")
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return "", fmt.Errorf("the folder for the state of the service: %w", err)
	}
	return dir, nil
}
