package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/report"
)

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

// limits of each document in the child process.
func (o *limitOptions) limits() nianbao.Limits {
	page := o.page
	if page == 0 {
		page = time.Nanosecond // 0 would be the default
	}
	return nianbao.Limits{
		Base: o.base, PerPage: page, Memory: int64(o.memory), Input: int64(o.input), Output: int64(o.output), Documents: o.recycle,
	}
}

// identity is what decides results beside their input: the version, and a hash of the engines, the
// program's revision and the flags that change results.
func (o *batchOptions) identity(ctx context.Context) (batch.Identity, error) {
	c, err := o.converter(nianbao.Options{}, "")
	if err != nil {
		return batch.Identity{}, err
	}
	defer c.Close()
	p, err := c.Producer(ctx)
	if err != nil && !errors.Is(err, nianbao.ErrMissingProgram) {
		return batch.Identity{}, err
	}
	if o.locks, err = c.Locks(ctx); err != nil {
		return batch.Identity{}, err
	}
	b, err := json.Marshal(struct {
		Producer   report.Producer
		Revision   string
		TablesOnly bool
		Forms      []*form.Form `json:",omitempty"`
	}{p, revision(), o.tablesOnly, o.own})
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
