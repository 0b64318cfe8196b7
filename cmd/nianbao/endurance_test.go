//go:build linux

package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/run/batch"
)

// go test ./cmd/nianbao -run TestEndurance -long -timeout 2h -v
var (
	long    = flag.Bool("long", false, "the endurance tests at full length: 2,000 reports, 20 kills, memory over time; half an hour")
	keep    = flag.String("keep", "", "folder in which the endurance test leaves its inputs and results")
	reports = flag.Int("reports", 2000, "how many reports the endurance tests draw")
	seed    = flag.Uint64("seed", rand.Uint64(), "of what the queue's endurance test kills when")
)

// program starts the program in a process group of its own.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stderr = &bytes.Buffer{}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// wait gives the exit status of a program that ended by itself.
func wait(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	_ = cmd.Wait() // the status says it
	status := cmd.ProcessState.ExitCode()
	if status != exitOK && status != exitReview {
		t.Fatalf("status %d: %s", status, cmd.Stderr)
	}
	return status
}

// TestEndurance converts thousands of reports, once in peace and once with kill -9 again and again,
// and wants the same bytes and a flat memory.
func TestEndurance(t *testing.T) {
	if !*long {
		t.Skip("with -long only")
	}
	dir := *keep
	if dir == "" {
		dir = t.TempDir()
	}
	in, whole, out := filepath.Join(dir, "in"), filepath.Join(dir, "whole"), filepath.Join(dir, "killed")
	for i := range uint64(*reports) {
		r := synth.Make(i, synth.Options{Form: []string{"2021", "2019", "2014"}[i%3], BreakOne: i%10 == 0})
		name := filepath.Join(in, fmt.Sprint(i%40), fmt.Sprintf("%d-%s.docx", i, r.Title))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, r.DOCX(synth.MakeStyle(i)), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	begun := time.Now()
	cmd := program(t, "batch", in, "-o", whole, "-j", "2", "-q")
	var parent, child [4]int64 // peaks by quarter of the work
	ended := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-ended:
				return
			case <-time.After(300 * time.Millisecond):
			}
			s, err := batch.ReadStatus(whole)
			if err != nil || s.Shards[0].Total == 0 {
				continue
			}
			q := min(3, 4*s.Done/s.Shards[0].Total)
			parent[q] = max(parent[q], resident(cmd.Process.Pid))
			for _, c := range children(cmd.Process.Pid) {
				child[q] = max(child[q], resident(c))
			}
		}
	}()
	wait(t, cmd)
	took := time.Since(begun)
	close(ended)
	<-watched
	t.Logf("%d reports in %v: parent's peak by quarter %d MB, workers' %d MB", *reports, took.Round(time.Second), megabytes(parent), megabytes(child))
	if first, last := parent[0], parent[3]; last > first+first/4+16<<20 {
		t.Errorf("the parent grows: %d MB in the last quarter, %d in the first", last>>20, first>>20)
	}
	if peak := max(child[0], child[1], child[2], child[3]); peak > 400<<20 {
		t.Errorf("a worker took %d MB", peak>>20)
	}

	const kills = 20
	hit := 0
	for range kills {
		cmd := program(t, "batch", in, "-o", out, "-j", "2", "-q")
		time.Sleep(time.Duration(rand.Int64N(int64(took) / kills * 2)))
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // unless it is done
		if cmd.Wait() != nil && cmd.ProcessState.ExitCode() < 0 {
			hit++
		}
	}
	wait(t, program(t, "batch", in, "-o", out, "-j", "2", "-q"))
	a, b := contents(t, filepath.Join(whole, "json")), contents(t, filepath.Join(out, "json"))
	differ := 0
	for name, data := range a {
		if !bytes.Equal(b[name], data) {
			differ++
			t.Errorf("%s differs or is missing", name)
		}
	}
	if len(a) != *reports || len(b) != *reports {
		t.Errorf("%d and %d results of %d reports", len(a), len(b), *reports)
	}
	t.Logf("%d kills, %d of them hit: %d results, %d differ from an uninterrupted run", kills, hit, len(b), differ)
}

func megabytes(q [4]int64) (mb [4]int64) {
	for i := range q {
		mb[i] = q[i] >> 20
	}
	return mb
}

func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		out[rel], err = os.ReadFile(p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// resident is a process's memory in bytes, 0 when it is gone.
func resident(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b))
	if len(f) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(f[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

func children(pid int) []int {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	var out []int
	for _, l := range lists {
		b, err := os.ReadFile(l)
		if err != nil {
			continue
		}
		for _, f := range strings.Fields(string(b)) {
			if n, err := strconv.Atoi(f); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}
