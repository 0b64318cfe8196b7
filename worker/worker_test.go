package worker_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/worker"
)

// The test binary is its own child: a document's content says what to do.
func TestMain(m *testing.M) {
	if os.Getenv("WORKER_TEST_CHILD") == "" {
		os.Exit(m.Run())
	}
	out, err := worker.Confine(memoryLimit)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if os.Getenv("WORKER_TEST_LOCKED") != "" {
		lockedIn = worker.LockIn(worker.Rooms{Read: []string{"/lib", "/lib64", "/usr/lib", "/usr/share"}, Write: []string{os.TempDir()}, Run: []string{"/usr/bin/true"}})
	}
	served := 0
	err = worker.Serve(context.Background(), os.Stdin, out, func(_ context.Context, doc worker.Document, page func(n, of int)) ([]byte, error) {
		served++
		text := string(doc.Pages[0].Data[:min(len(doc.Pages[0].Data), 100)])
		what, arg, _ := strings.Cut(text[:min(len(text), 100)], " ")
		switch what {
		case "try":
			return try(arg)
		case "panic":
			panic("a bug")
		case "hang":
			time.Sleep(time.Hour)
		case "spawn": // a program in a group of its own, as soffice is started, that holds stderr open
			cmd := exec.Command("sleep", "300")
			cmd.Stderr = os.Stderr
			setGroup(cmd)
			if err := cmd.Start(); err != nil {
				return nil, err
			}
			page(cmd.Process.Pid, 1)
			time.Sleep(time.Hour)
		case "leave":
			cmd := exec.Command("sleep", "300")
			cmd.Stderr = os.Stderr
			setGroup(cmd)
			if err := cmd.Start(); err != nil {
				return nil, err
			}
			os.Exit(7)
		case "eat":
			var hoard [][]byte
			for {
				hoard = append(hoard, bytes.Repeat([]byte{1}, 1<<20))
				runtime.KeepAlive(hoard)
			}
		case "claim":
			return make([]byte, 10<<30), nil
		case "long":
			return make([]byte, outputLimit+1), nil
		case "pages":
			for n := range 4 {
				page(n+1, 4)
				time.Sleep(300 * time.Millisecond)
			}
		case "times":
			doc.Times["a"], doc.Times["b"] = 2, time.Hour
		case "lies": // a document may have taken the child over
			for i := range 100 {
				doc.Times[fmt.Sprint(i)] = 1
			}
		case "back":
			doc.Times["a"] = -1
		case "print":
			fmt.Println("a library prints to stdout")
		case "killed-once": // and again where the mark cannot be made
			if _, err := os.Stat(arg); err == nil {
				return []byte("done"), nil
			}
			_ = os.WriteFile(arg, nil, 0o600)
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		case "worn":
			if served > 1 {
				os.Exit(3)
			}
		case "encrypted":
			return nil, fmt.Errorf("a.pdf: %w", diag.ErrEncrypted)
		case "pid":
			return fmt.Append(nil, os.Getpid()), nil
		case "temp":
			return []byte(os.TempDir()), nil
		case "sum":
			h := sha256.New()
			for c := range slices.Chunk(doc.Pages[0].Data, 1<<20) {
				h.Write(c)
			}
			left, err := os.ReadDir(os.TempDir())
			return fmt.Appendf(nil, "%x %d", h.Sum(nil), len(left)), err
		case "homeless":
			return nil, os.RemoveAll(os.TempDir()) //nolint:staticcheck // the child's own folder, which Config.Temp gave it
		}
		return []byte(doc.Name + ":" + arg + fmt.Sprint(len(doc.Pages))), nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const (
	memoryLimit = 200 << 20
	outputLimit = 1 << 20
	base        = slower * time.Second
)

func newWorker(t *testing.T, change func(*worker.Config)) *worker.Worker {
	t.Helper()
	c := worker.Config{
		Env: []string{"WORKER_TEST_CHILD=1", "GOMEMLIMIT=off"},
		Limits: worker.Limits{
			Base: base, PerPage: 2 * time.Second, Memory: memoryLimit, Output: outputLimit, Input: 1 << 20,
		},
		Temp: t.TempDir(),
	}
	if change != nil {
		change(&c)
	}
	w := worker.New(c)
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func job(content ...string) worker.Job {
	j := worker.Job{Name: "a"}
	for _, c := range content {
		j.Parts = append(j.Parts, worker.Part{Name: "p", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(c)), nil
		}})
	}
	return j
}

func TestEveryEndHasItsReason(t *testing.T) {
	tests := []struct {
		content, want string
		reason        worker.Reason
		why           string
	}{
		{"say hello", "a:hello1", "", "a good document"},
		{"pages", "a:1", "", "pages add to the time"},
		{"print", "a:1", "", "what libraries print is no frame"},
		{"panic", "", worker.Crashed, "a bug of ours or of a library"},
		{"lies", "", worker.Crashed, "more stages than there are"},
		{"back", "", worker.Crashed, "a stage that took less than no time"},
		{"hang", "", worker.Timeout, ""},
		{"spawn", "", worker.Timeout, "a program it started hangs"},
		{"leave", "", worker.Crashed, "a program it started outlives it"},
		{"eat", "", worker.OutOfMemory, "grows step by step"},
		{"claim", "", worker.OutOfMemory, "asks for everything at once"},
		{"long", "", worker.OutputTooLarge, ""},
		{"encrypted", "", worker.Encrypted, "an error of the handler keeps its kind"},
		{strings.Repeat("x", 2<<20), "", worker.TooLarge, "larger than the input may be"},
	}
	hasty := newWorker(t, nil)
	w := newWorker(t, func(c *worker.Config) { c.Limits.Base = time.Minute }) // on a busy machine all takes its time
	for _, tt := range tests {
		do := w.Do
		if tt.reason == worker.Timeout || tt.content == "pages" {
			do = hasty.Do
		}
		got, err := do(t.Context(), job(tt.content), nil)
		var f *worker.Failure
		errors.As(err, &f)
		switch {
		case tt.reason == "" && (err != nil || string(got) != tt.want):
			t.Errorf("%.20s: got %.40q, %v (%s)", tt.content, got, err, tt.why)
		case tt.reason != "" && (f == nil || f.Reason != tt.reason):
			t.Errorf("%.20s: got %+v, %v, want %s (%s)", tt.content, f, err, tt.reason, tt.why)
		}
	}
	if _, err := w.Do(t.Context(), job("encrypted"), nil); !errors.Is(err, diag.ErrEncrypted) {
		t.Errorf("%v does not match diag.ErrEncrypted", err)
	}
	if _, err := w.Do(t.Context(), job("panic"), nil); err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Errorf("%v does not say what the child said", err)
	}
}

func TestTimes(t *testing.T) {
	w := newWorker(t, nil)
	for _, content := range []string{"times", "say nothing", "times"} {
		j := job(content)
		var got worker.Times
		j.Times = func(t worker.Times) { got = t }
		_, err := w.Do(t.Context(), j, nil)
		if want := content == "times"; err != nil || want != (len(got) == 2 && got["a"] == 2 && got["b"] == time.Hour) || !want && got != nil {
			t.Errorf("%s: %v, %v", content, got, err)
		}
	}
}

func TestProgramsOfTheChildDieWithIt(t *testing.T) {
	w := newWorker(t, nil)
	pid := 0
	if _, err := w.Do(t.Context(), job("spawn"), func(n, _ int) { pid = n }); err == nil || pid == 0 {
		t.Fatalf("no program was started: %v", err)
	}
	for range 50 {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(b), ") Z ") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("process %d lives on", pid)
}

func TestChildIsKeptAndReplaced(t *testing.T) {
	pid := func(w *worker.Worker) string {
		t.Helper()
		b, err := w.Do(t.Context(), job("pid"), nil)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	w := newWorker(t, func(c *worker.Config) { c.Limits.Documents = 3 })
	a, b, c, d := pid(w), pid(w), pid(w), pid(w)
	if a != b || b != c {
		t.Error("a healthy child was replaced early")
	}
	if c == d {
		t.Error("the child was not replaced after its documents")
	}
	if _, err := w.Do(t.Context(), job("panic"), nil); err == nil {
		t.Error("no failure")
	}
	if pid(w) == d {
		t.Error("a dead child answered")
	}
}

func TestWornChildIsNoDocumentsFault(t *testing.T) {
	w := newWorker(t, nil)
	for range 2 {
		if got, err := w.Do(t.Context(), job("worn"), nil); err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	}
}

func TestUnreadablePartLeavesTheChildWell(t *testing.T) {
	w := newWorker(t, nil)
	bad := job("x")
	bad.Parts = append(bad.Parts, worker.Part{Name: "q", Open: func() (io.ReadCloser, error) { return os.Open("/nowhere/at/all") }})
	_, err := w.Do(t.Context(), bad, nil)
	var f *worker.Failure
	if !errors.As(err, &f) || f.Reason != worker.Unreadable {
		t.Errorf("got %v", err)
	}
	if got, err := w.Do(t.Context(), job("say it", "second"), nil); err != nil || string(got) != "a:it2" {
		t.Errorf("afterwards: %q, %v", got, err)
	}
}

// endless is a document that begins with a word and goes on with its letters.
type endless struct {
	word string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.word[(e.at+i)%len(e.word)]
	}
	e.at = (e.at + len(p)) % len(e.word)
	return len(p), nil
}

func large(size int64) worker.Job {
	return worker.Job{Name: "a", Parts: []worker.Part{{Name: "p", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(&endless{word: "sum "}, size)), nil
	}}}}
}

// TestLargeDocument: a document may be larger than what a child may take of memory, where files can be
// mapped, and leaves no file.
func TestLargeDocument(t *testing.T) {
	size := int64(20 << 20)
	if runtime.GOOS == "linux" {
		size = memoryLimit * 5 / 4
	}
	w := newWorker(t, func(c *worker.Config) { c.Limits.Input, c.Limits.Base = size, time.Minute })
	h := sha256.New()
	if _, err := io.CopyN(h, &endless{word: "sum "}, size); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%x 0", h.Sum(nil))
	for range 2 {
		got, err := w.Do(t.Context(), large(size), nil)
		if err != nil || string(got) != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
}

// TestNoRoomForTheDocument: a document that cannot be kept fails, and neither it nor the child is to blame.
func TestNoRoomForTheDocument(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("documents are held in memory")
	}
	w := newWorker(t, func(c *worker.Config) { c.Limits.Input, c.Limits.Base = 10<<20, time.Minute })
	if _, err := w.Do(t.Context(), job("homeless"), nil); err != nil {
		t.Fatal(err)
	}
	_, err := w.Do(t.Context(), large(10<<20), nil)
	var f *worker.Failure
	if !errors.As(err, &f) || f.Reason != worker.Failed || !strings.Contains(f.Message, "temporary file") {
		t.Errorf("got %v", err)
	}
	if got, err := w.Do(t.Context(), job("say it"), nil); err != nil || string(got) != "a:it1" {
		t.Errorf("afterwards: %q, %v", got, err)
	}
}

func TestContextEndsTheJob(t *testing.T) {
	w := newWorker(t, func(c *worker.Config) { c.Limits.Base = time.Hour })
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := w.Do(ctx, job("hang"), nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestTemporaryFilesGoWithTheChild(t *testing.T) {
	var base string
	w := newWorker(t, func(c *worker.Config) { base = c.Temp })
	dir, err := w.Do(t.Context(), job("temp"), nil)
	if err != nil || !strings.HasPrefix(string(dir), base) {
		t.Fatalf("temporary files at %q, %v", dir, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(string(dir)); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", dir, err)
	}
}

// TestFoldersOfTheDead are removed, those of the living and of strangers stay.
func TestFoldersOfTheDead(t *testing.T) {
	var base string
	w := newWorker(t, func(c *worker.Config) { base = c.Temp })
	own, err := w.Do(t.Context(), job("temp"), nil)
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	for _, name := range []string{filepath.Join(base, "nianbao-child-1"), filepath.Join(base, "nianbao-other"), string(own)} {
		if err := errors.Join(os.MkdirAll(filepath.Join(name, "x"), 0o755), os.Chtimes(name, old, old)); err != nil {
			t.Fatal(err)
		}
	}
	other := newWorker(t, func(c *worker.Config) { c.Temp = base })
	if _, err := other.Do(t.Context(), job("temp"), nil); err != nil {
		t.Fatal(err)
	}
	for name, stays := range map[string]bool{"nianbao-child-1": false, "nianbao-other": true, filepath.Base(string(own)): true} {
		if _, err := os.Stat(filepath.Join(base, name)); (err == nil) != stays {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKilledFromOutside: a document whose child is killed by somebody gets one more try, also in a fresh child.
func TestKilledFromOutside(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("another system does not say so")
	}
	mark := filepath.Join(t.TempDir(), "killed")
	w := newWorker(t, nil)
	if got, err := w.Do(t.Context(), job("killed-once "+mark), nil); err != nil || string(got) != "done" {
		t.Errorf("got %q, %v", got, err)
	}
	_, err := newWorker(t, nil).Do(t.Context(), job("killed-once /nowhere/x"), nil)
	var f *worker.Failure
	if !errors.As(err, &f) || f.Reason != worker.OutOfMemory {
		t.Errorf("killed always: %v", err)
	}
}

func TestNoChild(t *testing.T) {
	for _, program := range []string{"/nowhere/at/all", "/bin/true"} {
		w := newWorker(t, func(c *worker.Config) { c.Program = program })
		if _, err := w.Do(t.Context(), job("x"), nil); !errors.Is(err, worker.ErrStart) {
			t.Errorf("%s: got %v", program, err)
		}
	}
}

func BenchmarkDo(b *testing.B) {
	w := worker.New(worker.Config{Env: []string{"WORKER_TEST_CHILD=1"}, Temp: b.TempDir(), Limits: worker.Limits{Documents: 1 << 30}})
	defer w.Close()
	j := job("say " + strings.Repeat("x", 300<<10))
	b.SetBytes(300 << 10)
	for b.Loop() {
		if _, err := w.Do(b.Context(), j, nil); err != nil {
			b.Fatal(err)
		}
	}
}
