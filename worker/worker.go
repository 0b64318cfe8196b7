// Package worker converts documents in a child process of the same program, so that a document that
// crashes, hangs or eats memory costs itself and nothing else.
//
// A Worker keeps one long-lived child, which starts with the first document and is replaced after
// each failure and after a number of documents. Documents go in and results come back as frames over
// the child's stdin and stdout. The parent watches the clock, the memory of everything in the child's
// session and the size of the result; what breaks a limit is killed with its whole session. The child
// dies with its parent. A failure counts only in a fresh child: a child that has served before may
// have been worn out by earlier documents, so the document gets one more try in a new one.
//
// Limits on memory are enforced on Linux only.
package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Limits bound one document. A field that is zero takes its default.
type Limits struct {
	// Base is the wall time of any document (2 minutes), PerPage what each page adds once the child
	// has said how many there are (1 minute), for at most Pages pages (1,000).
	Base, PerPage time.Duration
	Pages         int
	// Memory is the resident size in bytes of the child and the programs that it starts (2 GiB).
	Memory int64
	// Input and Output are the largest document and result, in bytes (1 GiB and 64 MiB).
	Input, Output int64
	// Documents is after how many a child is replaced (100).
	Documents int
}

// OrDefaults fills the fields that are zero.
func (l Limits) OrDefaults() Limits {
	pick(&l.Base, 2*time.Minute)
	pick(&l.PerPage, time.Minute)
	pick(&l.Pages, 1000)
	pick(&l.Memory, 2<<30)
	pick(&l.Input, 1<<30)
	pick(&l.Output, 64<<20)
	pick(&l.Documents, 100)
	return l
}

func pick[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

const (
	// startTime is how long a child may take to say that it is ready.
	startTime = time.Minute
	// childTick is how often the child's own memory is measured. A process can take a few GB a second
	// at most, so it cannot get far beyond the limit in between. sessionTick is how often the memory
	// of all processes of its session is measured, which is dearer, because every process of the
	// machine must be looked at.
	childTick   = 50 * time.Millisecond
	sessionTick = time.Second
	// chunk is how much of a document is sent at once.
	chunk = 256 << 10
	// tempPrefix begins the names of the children's temporary folders. It is not that of versions that put no claim on
	// theirs.
	tempPrefix = "nianbao-child-"
)

// Config says what a child is.
type Config struct {
	// Program is the child's executable; "" is this program itself. It must call Serve.
	Program string
	Args    []string
	// Env is added to the environment.
	Env    []string
	Limits Limits
	// Temp is the folder for the children's temporary files, each in one of its own that is removed
	// with it; "" is the system's.
	Temp string
	// Ended, if set, is called after each child's end, for what programs of a child leave that may remove nothing.
	Ended func()
}

// Job is one document, a file or the files of its pages in order, and what to do with it: Task is for
// the child's handler alone. Times, if set, is told how long the stages took before Do returns, unless the child died.
type Job struct {
	Name  string
	Task  []byte
	Parts []Part
	Times func(Times)
}

// Times are how long each stage of a job took, by names that the child's handler gives.
type Times map[string]time.Duration

// sound says that times are what a child of ours says: one that a document has taken over says anything.
func (t Times) sound() bool {
	const most = 16
	for name, d := range t {
		if len(name) > most || d < 0 {
			return false
		}
	}
	return len(t) <= most
}

// Part is one file. Open is called once for each try.
type Part struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Worker runs one job at a time. Its methods are not for concurrent use, Memory excepted.
type Worker struct {
	config Config
	child  *child
	pid    atomic.Int64 // of the child, for who asks from elsewhere; 0 without one
}

// New makes a worker; nothing is started before the first job.
func New(c Config) *Worker {
	c.Limits = c.Limits.OrDefaults()
	return &Worker{config: c}
}

// ErrStart means that the child could not be started at all, which is no document's fault.
var ErrStart = errors.New("the worker process does not start")

// Do runs a job and gives the child's result. page, if not nil, is told which page of how many is
// being read. The error is a *Failure when it is the document's, ErrStart or the context's otherwise.
func (w *Worker) Do(ctx context.Context, job Job, page func(n, of int)) ([]byte, error) {
	for tries := 0; ; tries++ {
		fresh := w.child == nil
		out, err := w.try(ctx, job, page)
		var f *Failure
		if err == nil || !errors.As(err, &f) || !f.Reason.worn() || fresh && (!f.killed || tries > 0) {
			return out, err
		}
	}
}

// Memory is how many resident bytes the child and the programs that it started have now.
func (w *Worker) Memory() int64 {
	pid := int(w.pid.Load())
	if pid == 0 {
		return 0
	}
	_, m := session(pid)
	return m
}

// Close ends the child.
func (w *Worker) Close() error {
	if c := w.child; c != nil {
		w.let()
		c.end()
	}
	return nil
}

func (w *Worker) try(ctx context.Context, job Job, page func(n, of int)) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if w.child == nil {
		c, err := start(ctx, &w.config)
		if err != nil {
			return nil, err
		}
		w.child = c
		w.pid.Store(int64(c.pid))
	}
	c := w.child
	out, err := c.do(ctx, job, page)
	c.served++
	if c.dead || c.served >= w.config.Limits.Documents {
		w.let()
		c.end()
	}
	return out, err
}

// let forgets the child.
func (w *Worker) let() {
	w.child = nil
	w.pid.Store(0)
}

// child is a running process.
type child struct {
	limits Limits
	pid    int
	in     io.WriteCloser
	frames chan frame
	exited chan struct{} // closed after the process was reaped
	state  *os.ProcessState
	stderr *tail
	temp   string
	claim  io.Closer // of temp
	ended  func()
	served int
	dead   bool
}

func start(ctx context.Context, conf *Config) (*child, error) {
	sweep(conf.Temp)
	temp, claim, err := claim(conf.Temp)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStart, err)
	}
	program := conf.Program
	if program == "" {
		program = self()
	}
	cmd := exec.Command(program, conf.Args...)
	// The C library keeps what it frees in several arenas, one for each thread that asked: after some hundred pages
	// these hold 20 to 30 MB more than one does. A child does one thing at a time.
	cmd.Env = append(append(harmless(os.Environ()), "MALLOC_ARENA_MAX=1"), append(conf.Env, "TMPDIR="+temp)...)
	c := &child{limits: conf.Limits, temp: temp, claim: claim, ended: conf.Ended, stderr: &tail{}, frames: make(chan frame), exited: make(chan struct{})}
	cmd.Stderr = c.stderr
	cmd.WaitDelay = 5 * time.Second // a program that the child left behind may hold its stderr open
	detach(cmd)
	in, err := cmd.StdinPipe()
	if err == nil {
		var out *os.File
		var theirs *os.File
		if out, theirs, err = os.Pipe(); err == nil {
			cmd.Stdout = theirs
			err = c.run(cmd)
			_ = theirs.Close() // ours holds the pipe open, and reads what there is
			if err == nil {
				c.in = in
				go c.read(out)
			} else {
				_ = out.Close() // nothing came
			}
		}
	}
	if err != nil {
		_ = os.RemoveAll(temp) // empty; why no child started is what matters
		_ = claim.Close()
		return nil, fmt.Errorf("%w: %w", ErrStart, err)
	}
	timer := time.NewTimer(startTime)
	defer timer.Stop()
	select {
	case f, ok := <-c.frames:
		if ok && f.kind == frameReady {
			return c, nil
		}
		err = errors.New("it ended at once")
	case <-timer.C:
		err = fmt.Errorf("no answer within %v", startTime)
	case <-ctx.Done():
		c.end()
		return nil, ctx.Err()
	}
	c.end()
	return nil, fmt.Errorf("%w: %w: %s", ErrStart, err, c.stderr)
}

// needed are the variables that a child has of its parent's: all else may be a secret of the parent, such as a token or
// the address of a database, and a document that takes the child over shall not find it.
var needed = regexp.MustCompile(`^(PATH|HOME|USER|LANG|LANGUAGE|LC_\w+|TZ|LD_LIBRARY_PATH|FONTCONFIG_\w+|XDG_\w+|GO[A-Z]+|OMP_\w+|SAL_\w+|TESSDATA_PREFIX|NIANBAO_(CACHE|SOFFICE)|` +
	`SYSTEMROOT|WINDIR|SYSTEMDRIVE|COMSPEC|PATHEXT|TEMP|TMP|APPDATA|LOCALAPPDATA|USERPROFILE|PROGRAM\w+)$`)

// harmless leaves of an environment what a child needs.
func harmless(env []string) []string {
	return slices.DeleteFunc(env, func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return !needed.MatchString(strings.ToUpper(name))
	})
}

// read turns the child's output into frames until it ends.
func (c *child) read(out *os.File) {
	defer func() { _ = out.Close() }() // it was only read
	defer close(c.frames)
	for {
		f, err := readFrame(out, c.limits.Output)
		if err != nil && !errors.Is(err, errTooLong) {
			return
		}
		select {
		case c.frames <- f:
		case <-c.exited:
			return
		}
		if err != nil {
			return
		}
	}
}

func (c *child) do(ctx context.Context, job Job, page func(n, of int)) ([]byte, error) {
	begun := time.Now()
	budget := c.limits.Base
	deadline := time.NewTimer(budget)
	defer deadline.Stop()
	own, all := time.NewTicker(childTick), time.NewTicker(sessionTick)
	defer own.Stop()
	defer all.Stop()

	sent := make(chan error, 1)
	go func() { sent <- c.send(job) }()

	kill := func(reason Reason, format string, args ...any) error {
		c.kill()
		return &Failure{Reason: reason, Message: fmt.Sprintf(format, args...), Stderr: c.stderr.String()}
	}
	var unsent error
	for {
		select {
		case err := <-sent:
			sent = nil
			// A failure was told to the child, which answers to it; any other error means that the
			// child is gone, which its frames will tell.
			unsent = err
		case f, ok := <-c.frames:
			if !ok {
				return nil, c.post()
			}
			switch f.kind {
			case framePage:
				n, of := f.page()
				budget = c.limits.Base + time.Duration(min(max(of, 0), c.limits.Pages))*c.limits.PerPage
				deadline.Reset(time.Until(begun.Add(budget)))
				if page != nil {
					page(n, of)
				}
			case frameTimes:
				var t Times
				if err := json.Unmarshal(f.data, &t); err != nil || !t.sound() {
					return nil, kill(Crashed, "the worker answered nonsense")
				}
				if job.Times != nil {
					job.Times(t)
				}
			case frameResult:
				if f.long {
					return nil, kill(OutputTooLarge, "the result is larger than %d MB", c.limits.Output>>20)
				}
				return f.data, nil
			case frameAborted:
				if sent != nil {
					unsent = <-sent
				}
				return nil, FailureOf(unsent)
			case frameFailure:
				fail := new(Failure)
				if err := json.Unmarshal(f.data, fail); err != nil {
					return nil, kill(Crashed, "the worker answered nonsense")
				}
				return nil, fail
			default:
				return nil, kill(Crashed, "the worker answered nonsense")
			}
		case <-deadline.C:
			return nil, kill(Timeout, "not done within %v", max(budget.Round(time.Millisecond), time.Millisecond))
		case <-own.C:
			if m := residentOf(c.pid); m > c.limits.Memory {
				return nil, kill(OutOfMemory, "more than %d MB of memory in use", c.limits.Memory>>20)
			}
		case <-all.C:
			if _, m := session(c.pid); m > c.limits.Memory {
				return nil, kill(OutOfMemory, "more than %d MB of memory in use", c.limits.Memory>>20)
			}
		case <-ctx.Done():
			c.kill()
			return nil, ctx.Err()
		}
	}
}

// send writes the job. A *Failure means that the document could not be read; the child was told.
func (c *child) send(job Job) error {
	head := jobHead{Name: job.Name, Task: job.Task}
	for _, p := range job.Parts {
		head.Parts = append(head.Parts, p.Name)
	}
	b, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if err := writeFrame(c.in, frameJob, b); err != nil {
		return err
	}
	var total int64
	buf := make([]byte, chunk)
	for _, p := range job.Parts {
		if err := c.sendPart(p, buf, &total); err != nil {
			var f *Failure
			if errors.As(err, &f) {
				if werr := writeFrame(c.in, frameAbort, nil); werr != nil {
					return werr
				}
			}
			return err
		}
	}
	return nil
}

func (c *child) sendPart(p Part, buf []byte, total *int64) error {
	r, err := p.Open()
	if err != nil {
		return FailureOf(err)
	}
	defer func() { _ = r.Close() }() // it was only read
	for {
		n, err := io.ReadFull(r, buf)
		*total += int64(n)
		if *total > c.limits.Input {
			return &Failure{Reason: TooLarge, Message: fmt.Sprintf("larger than %d MB, the largest input", c.limits.Input>>20)}
		}
		if n > 0 {
			if werr := writeFrame(c.in, frameData, buf[:n]); werr != nil {
				return werr
			}
		}
		switch {
		case err == io.EOF, err == io.ErrUnexpectedEOF:
			return writeFrame(c.in, framePartEnd, nil)
		case err != nil:
			return FailureOf(err)
		}
	}
}

// kill ends the child's whole session at once.
func (c *child) kill() {
	c.dead = true
	killSession(c.pid)
}

// post says what a child died of that was not killed by us.
func (c *child) post() error {
	c.dead = true
	select {
	case <-c.exited:
	case <-time.After(time.Second): // it lives on, or a program that it started holds its stderr open
	}
	c.kill()
	<-c.exited
	said := c.stderr.String()
	f := &Failure{Reason: Crashed, Message: "the worker process died: " + c.state.String(), Stderr: said}
	ws, _ := c.state.Sys().(syscall.WaitStatus)
	switch {
	case outOfMemory(said):
		f.Reason, f.Message = OutOfMemory, fmt.Sprintf("memory ran out (limit %d MB)", c.limits.Memory>>20)
	case ws.Signaled() && ws.Signal() == syscall.SIGKILL:
		f.Reason, f.Message, f.killed = OutOfMemory, "killed by the system, most likely because the machine's memory ran out", true
	case firstLine(said) != "":
		f.Message += ": " + firstLine(said)
	}
	return f
}

// outOfMemory knows how Go, C, C++ and the race detector say that an allocation failed.
func outOfMemory(stderr string) bool {
	for _, s := range []string{"out of memory", "cannot allocate memory", "Cannot allocate memory", "std::bad_alloc", "failed to allocate"} {
		if strings.Contains(stderr, s) {
			return true
		}
	}
	return false
}

func firstLine(s string) string {
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			return l
		}
	}
	return ""
}

// end closes the child's input, which ends a healthy child, and kills what does not end.
func (c *child) end() {
	_ = c.in.Close() // the child may have gone first
	if !c.dead {
		select {
		case <-c.exited:
		case <-time.After(2 * time.Second):
		}
	}
	c.kill()
	<-c.exited
	_ = os.RemoveAll(c.temp) // in the temporary folder, which the system empties; the document is done
	_ = c.claim.Close()
	if c.ended != nil {
		c.ended()
	}
}

// tail keeps the beginning and the end of what is written to it. A Go panic gives its reason in its
// first lines, a failing library in its last.
type tail struct {
	mu         sync.Mutex
	head, last []byte
	cut        bool
}

const tailSize = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(p)
	if room := tailSize - len(t.head); room > 0 {
		k := min(room, len(p))
		t.head = append(t.head, p[:k]...)
		p = p[k:]
	}
	t.last = append(t.last, p...)
	if over := len(t.last) - tailSize; over > 0 {
		t.last = append(t.last[:0], t.last[over:]...)
		t.cut = true
	}
	return n, nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b bytes.Buffer
	b.Write(t.head)
	if t.cut {
		b.WriteString("\n…\n")
	}
	b.Write(t.last)
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}
