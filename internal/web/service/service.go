// Package service is the library over HTTP: convert a document, check a report, lay answers over one, take the tables
// of anything. Documents are opened in worker processes with limits; what the service takes in is bounded before it
// is read, and no request can make it fetch anything.
//
// The API is described by /openapi.json, which is made from this code.
package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/form"
)

// Options of a service. Converter and Folder must be given.
type Options struct {
	// Converter with isolation; Processes is how many documents it converts at a time.
	Converter *nianbao.Converter
	Processes int
	// Forms that the converter knows.
	Forms form.Set
	// Folder is where documents lie while they are worked on.
	Folder string
	// Token that every request must show; empty asks for none. Hosts are the names under which the service may be
	// asked for, beside those of the loopback interface; Open says that it is listening beyond that, where any
	// address in figures is a name of this machine, too.
	Token string
	Hosts []string
	Open  bool
	// Version is the program's, which is a part of every ETag.
	Version string
	Limits  Limits
	// Desk is where a batch is reviewed, under /desk/; nil where there is none. It has a guard of its own.
	Desk http.Handler
	// Webhook is told of ends of jobs; one without an address is not.
	Webhook Webhook
	Logger  *slog.Logger
	// Now tells the time; nil is time.Now.
	Now func() time.Time
}

// Limits bound what requests may take. A field that is zero takes its default.
type Limits struct {
	// Body is the largest document, in bytes (256 MiB); Report the largest JSON of a report (64 MiB).
	Body, Report int64
	// Pages of one document (200).
	Pages int
	// Answer is how long /v1/convert and /v1/tables may take over one document, waiting included (5 minutes).
	Answer time.Duration
	// Queue is how many requests may wait while all processes are busy (64); one more is told to come back.
	Queue int
	// Jobs is how many may wait (1,000), Stored the bytes of the documents of all jobs that are kept (16 GiB), Keep
	// how long a job is kept after its end, document and result (an hour).
	Jobs   int
	Stored int64
	Keep   time.Duration
	// Grace is how long a body may take before its pace counts (10 seconds), Pace how many bytes a second it must
	// have on average from then on (16 KiB): a body of a gigabyte may take a day at that, and one byte a second
	// ends after the grace.
	Grace time.Duration
	Pace  int64
	// Header is how long a client may take for its headers (10 seconds).
	Header time.Duration
	// Connections that may be open (256); others wait until one ends. Leave is how long what is being done may take
	// when the service ends (30 seconds).
	Connections int
	Leave       time.Duration
}

func (l Limits) orDefaults() Limits {
	pick(&l.Body, 256<<20)
	pick(&l.Report, 64<<20)
	pick(&l.Pages, 200)
	pick(&l.Answer, 5*time.Minute)
	pick(&l.Queue, 64)
	pick(&l.Jobs, 1000)
	pick(&l.Stored, 16<<30)
	pick(&l.Keep, time.Hour)
	pick(&l.Grace, 10*time.Second)
	pick(&l.Pace, 16<<10)
	pick(&l.Header, 10*time.Second)
	pick(&l.Connections, 256)
	pick(&l.Leave, 30*time.Second)
	return l
}

func pick[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

// Service is the handler.
type Service struct {
	Options
	handler http.Handler
	api     huma.API
	openAPI []byte
	short   *nianbao.Converter // leaves the prose of scans unread
	seats   chan struct{}      // one for each request that is being worked on or waits
	leave   atomic.Bool        // the service ends: it takes nothing new
	ending  chan struct{}      // closed then
	mux     *http.ServeMux
	jobs    *jobs
	metrics *metrics
}

// New makes a service. Close it after the last request.
func New(o Options) (*Service, error) {
	o.Limits = o.Limits.orDefaults()
	o.Processes = max(1, o.Processes)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Service{Options: o, short: o.Converter.TablesOnly(), seats: make(chan struct{}, o.Processes+o.Limits.Queue), ending: make(chan struct{}), mux: http.NewServeMux()}
	// What lies there is of requests that an earlier process did not end.
	if err := os.RemoveAll(s.taken()); err != nil {
		return nil, fmt.Errorf("the folder of the service: %w", err)
	}
	if err := os.MkdirAll(s.taken(), 0o700); err != nil {
		return nil, fmt.Errorf("the folder of the service: %w", err)
	}
	s.metrics = s.openMetrics()
	if err := s.routes(); err != nil {
		return nil, err
	}
	s.handler = s.guarded(http.HandlerFunc(s.found))
	var err error
	s.jobs, err = s.openJobs()
	return s, err
}

// taken is the folder of the documents that requests brought.
func (s *Service) taken() string { return filepath.Join(s.Folder, "taken") }

// ServeHTTP answers a request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Leave has the service refuse new work, so that what is being done can end.
func (s *Service) Leave() {
	if !s.leave.Swap(true) {
		close(s.ending)
	}
}

// Close ends what is left: jobs that run may finish until the context ends, and are begun anew by the next service
// otherwise. The converter is its maker's.
func (s *Service) Close(ctx context.Context) error {
	s.Leave()
	return errors.Join(s.jobs.close(ctx), os.RemoveAll(s.taken()))
}

// errFull and errLeaving are why nothing new is taken.
var (
	errFull    = errors.New("as many documents are waiting as may wait: come back after the seconds of Retry-After")
	errLeaving = errors.New("the service is ending: send it again to one that runs")
)

// seat takes a place among those who are worked for or wait. The function it gives leaves it.
func (s *Service) seat() (func(), error) {
	if s.leave.Load() {
		return nil, errLeaving
	}
	select {
	case s.seats <- struct{}{}:
		return func() { <-s.seats }, nil
	default:
		return nil, errFull
	}
}
