package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/worker"
)

// workerOptions are the settings that a child needs, given to it as flags.
type workerOptions struct {
	memory     int64
	tablesOnly bool
	describe   bool
}

// newWorkerCommand is the child process of convert and batch.
func newWorkerCommand(e *env) *cobra.Command {
	var o workerOptions
	c := &cobra.Command{
		Use:    "worker",
		Short:  "Convert what the parent process sends (used by convert and batch)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE:   func(cmd *cobra.Command, _ []string) error { return runWorker(cmd.Context(), e, o) },
	}
	c.Flags().Int64Var(&o.memory, "memory", 2<<30, "bytes of memory")
	c.Flags().BoolVar(&o.tablesOnly, "tables-only", false, "leave the prose of scanned pages unread")
	c.Flags().BoolVar(&o.describe, "describe", false, "print the producer and end")
	return c
}

func runWorker(ctx context.Context, e *env, o workerOptions) error {
	if o.describe {
		conv, closer, err := e.converter()
		if err != nil {
			return err
		}
		defer closer()
		return json.NewEncoder(e.stdout).Encode(conv.Producer)
	}
	results, err := worker.Confine(o.memory)
	if err != nil {
		return err
	}
	conv, closer, err := e.converter()
	if err != nil {
		return err
	}
	defer closer()
	conv.TablesOnly = o.tablesOnly
	pages := &extract.Opener{}
	pages.PDF.CacheDir = e.cacheDir()
	defer pages.PDF.Close()
	return worker.Serve(ctx, e.stdin, results, func(ctx context.Context, doc worker.Document, page func(n, of int)) ([]byte, error) {
		c := *conv
		c.Page = page
		r, err := convertDocument(ctx, &c, pages, doc)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = report.Encode(&b, r, true)
		return b.Bytes(), err
	})
}

// convertDocument converts a file, or files that are the pages of one document.
func convertDocument(ctx context.Context, c *nianbao.Converter, o *extract.Opener, doc worker.Document) (*report.Report, error) {
	if len(doc.Pages) == 1 {
		return c.Convert(ctx, doc.Name, doc.Pages[0].Data)
	}
	var files []extract.File
	for _, p := range doc.Pages {
		files = append(files, extract.File{Name: p.Name, Data: p.Data})
	}
	c.Open = func(ctx context.Context, name string, _ []byte) (*layout.Document, []diag.Warning, error) {
		return o.OpenPages(ctx, name, files)
	}
	return c.Convert(ctx, doc.Name, nil)
}

// limitOptions are the flags of every command that converts in a child process.
type limitOptions struct {
	base, page            time.Duration
	memory, input, output size
	recycle               int
}

func (o *limitOptions) add(f *pflag.FlagSet) {
	o.memory, o.input, o.output = 2<<30, 1<<30, 64<<20
	f.DurationVar(&o.base, "timeout", 2*time.Minute, "longest time for a document, without its pages")
	f.DurationVar(&o.page, "page-timeout", time.Minute, "time added for each page")
	f.Var(&o.memory, "memory", "most memory of a worker and the programs that it starts")
	f.Var(&o.input, "max-input", "largest file that is read")
	f.Var(&o.output, "max-output", "largest JSON of one report")
}

func (o *limitOptions) check() error {
	const least = 128 << 20
	switch {
	case o.base <= 0, o.page < 0:
		return usageError{fmt.Errorf("--timeout must be more than 0, --page-timeout at least 0")}
	case o.memory < least:
		return usageError{fmt.Errorf("--memory must be at least %v", size(least))}
	case o.input <= 0, o.output <= 0:
		return usageError{fmt.Errorf("--max-input and --max-output must be more than 0")}
	}
	return nil
}

// worker makes a worker that converts in a child process of this program.
func (o *limitOptions) worker(tablesOnly bool, temp string) *worker.Worker {
	args := []string{"worker", "--memory", strconv.FormatInt(int64(o.memory), 10)}
	if tablesOnly {
		args = append(args, "--tables-only")
	}
	page := o.page
	if page == 0 {
		page = time.Nanosecond // 0 would be the default
	}
	return worker.New(worker.Config{
		Args: args,
		// A slot is one core: more of them are had with --jobs.
		Env:  []string{"GOMAXPROCS=1", "OMP_THREAD_LIMIT=1"},
		Temp: temp,
		Limits: worker.Limits{
			Base: o.base, PerPage: page, Memory: int64(o.memory), Input: int64(o.input), Output: int64(o.output), Documents: o.recycle,
		},
	})
}

// identity is what decides results beside their input: the version, and a hash of the engines, the
// program's revision and the flags that change results.
func (e *env) identity(ctx context.Context, tablesOnly bool) (batch.Identity, error) {
	described, err := worker.Output(ctx, "worker", "--describe")
	if err != nil {
		return batch.Identity{}, err
	}
	var p report.Producer
	if err := json.Unmarshal(described, &p); err != nil {
		return batch.Identity{}, fmt.Errorf("%w: %w", worker.ErrStart, err)
	}
	b, err := json.Marshal(struct {
		Producer   report.Producer
		Revision   string
		TablesOnly bool
	}{p, revision(), tablesOnly})
	if err != nil {
		return batch.Identity{}, err
	}
	h := sha256.Sum256(b)
	return batch.Identity{Version: p.Version, Settings: hex.EncodeToString(h[:8])}, nil
}

// revision tells builds apart that have no version of their own.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	s := []string{commit}
	for _, kv := range info.Settings {
		switch kv.Key {
		case "vcs.revision", "vcs.modified", "CGO_ENABLED":
			s = append(s, kv.Value)
		}
	}
	return strings.Join(s, " ")
}

// size is a flag's number of bytes: 512M, 2G.
type size int64

var units = []struct {
	letter string
	bytes  size
}{{"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}}

func (s size) String() string {
	for _, u := range units {
		if s >= u.bytes && s%u.bytes == 0 {
			return strconv.FormatInt(int64(s/u.bytes), 10) + u.letter
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

// Type is the flag's placeholder in the help.
func (*size) Type() string { return "size" }

// Set reads the flag.
func (s *size) Set(text string) error {
	digits, by := strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(text), "B"), "I"), size(1)
	for _, u := range units {
		if d, ok := strings.CutSuffix(digits, u.letter); ok {
			digits, by = d, u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(digits, 10, 40)
	if err != nil || n < 0 {
		return fmt.Errorf("a size such as 512M or 2G is expected")
	}
	*s = size(n) * by
	return nil
}

// contentOf is a part whose bytes are at hand.
func contentOf(name string, data []byte) worker.Part {
	return worker.Part{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}
