package nianbao

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/nianbao/nianbao/extract/office"
	"github.com/nianbao/nianbao/worker"
)

// local does tasks in this process.
type local struct{ opened *tools }

func (l *local) do(ctx context.Context, t task, in Input, page func(n, of int)) ([]byte, error) {
	doc, err := in.read()
	if err != nil {
		return nil, err
	}
	doc.Times = worker.Times{}
	b, err := l.opened.run(ctx, t, doc, page)
	if in.times != nil {
		in.times(doc.Times)
	}
	return b, err
}

func (l *local) close() error { return l.opened.close() }

// workerVariable tells a process that it is a worker; its value is the memory that it may use, in bytes.
const workerVariable = "NIANBAO_WORKER"

// isolated does tasks in worker processes, each of which does one at a time.
type isolated struct {
	idle chan *worker.Worker
	size int
	all  []*worker.Worker
}

func (p *isolated) memory() (sum int64) {
	for _, w := range p.all {
		sum += w.Memory()
	}
	return sum
}

func isolate(o Options) *isolated {
	limits := o.Isolate.Limits.OrDefaults()
	p := &isolated{size: max(1, o.Isolate.Processes)}
	p.idle = make(chan *worker.Worker, p.size)
	for range p.size {
		w := worker.New(worker.Config{
			Args: []string{"worker"}, // for who lists the processes; WorkerMain asks the variable
			Env: []string{
				workerVariable + "=" + strconv.FormatInt(limits.Memory, 10),
				cacheVariable + "=" + o.Cache, officeVariable + "=" + o.Office, tessdataVariable + "=" + o.Tessdata,
				// A process is one core: more of them are had with more processes.
				"GOMAXPROCS=1", "OMP_THREAD_LIMIT=1",
			},
			Temp:   o.Isolate.Temp,
			Ended:  office.Sweep,
			Limits: limits,
		})
		p.all = append(p.all, w)
		p.idle <- w
	}
	return p
}

func (p *isolated) do(ctx context.Context, t task, in Input, page func(n, of int)) ([]byte, error) {
	b, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	select {
	case w, ok := <-p.idle:
		if !ok {
			return nil, errClosed
		}
		defer func() { p.idle <- w }()
		return w.Do(ctx, worker.Job{Name: in.name, Task: b, Parts: in.parts, Times: in.times}, page)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

var errClosed = errors.New("the converter is closed")

// close waits for what is being done, and ends the processes.
func (p *isolated) close() error {
	var errs []error
	for range p.size {
		w, ok := <-p.idle
		if !ok {
			return nil // it was closed before
		}
		errs = append(errs, w.Close())
	}
	close(p.idle)
	return errors.Join(errs...)
}

// WorkerMain makes this process a worker if a Converter started it as one, and then does not return.
// A program whose Options ask for isolation calls it first thing in main, and its tests in TestMain.
func WorkerMain() {
	value, ok := os.LookupEnv(workerVariable)
	if !ok {
		return
	}
	memory, err := strconv.ParseInt(value, 10, 64)
	if err == nil {
		err = os.Unsetenv(workerVariable) // programs that this one starts are no workers
	}
	if err == nil {
		err = serve(memory)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// system is what of the machine any program needs to read that was linked to libraries, draws text or tells the time. The
// folders of programs, of users and of settings are not in it.
var system = []string{
	"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/nix/store",
	"/usr/share", "/usr/local/share", "/etc/fonts", "/var/cache/fontconfig", "/etc/localtime",
	"/sys/devices/system/cpu",
}

func serve(memory int64) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	results, err := worker.Confine(memory)
	if err != nil {
		return err
	}
	opened := open(Options{}.orEnvironment())
	rooms := opened.rooms
	for _, dir := range rooms.Write {
		_ = os.MkdirAll(dir, 0o755) // what cannot be made is done without
	}
	rooms.Read = append(rooms.Read, system...)
	if len(rooms.Run) > 0 {
		rooms.Sockets = []string{office.Pipes}
	}
	rooms.Write = append(rooms.Write, os.TempDir()) // that of this worker alone
	opened.locks = worker.LockIn(rooms)
	err = worker.Serve(ctx, os.Stdin, results, func(ctx context.Context, doc worker.Document, page func(n, of int)) ([]byte, error) {
		var t task
		if err := json.Unmarshal(doc.Task, &t); err != nil {
			return nil, fmt.Errorf("the parent's task: %w", err)
		}
		return opened.run(ctx, t, doc, page)
	})
	opened.opener.PDF.Close() // Tesseract's memory goes with the process, in less time
	return err
}
