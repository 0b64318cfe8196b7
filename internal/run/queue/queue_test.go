//go:build unix

package queue

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/servers"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/worker"
)

// The test binary is also a worker that can be killed.
func TestMain(m *testing.M) {
	url := os.Getenv("QUEUE_TEST_WORK")
	if url == "" {
		os.Exit(m.Run())
	}
	q, err := OpenForWork(context.Background(), url, 2, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err == nil {
		q.silence, q.tries = time.Second, 3
		err = q.Do(context.Background(), work(2, "1"))
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// convert makes a small report of a document whose content says what is to happen.
type converter struct{ version string }

func (c converter) Do(ctx context.Context, job worker.Job, page func(n, of int)) ([]byte, error) {
	var sums [][sha256.Size]byte
	text := ""
	r := &report.Report{Schema: report.Schema, Outcome: report.Complete, Form: "2021"}
	for i, p := range job.Parts {
		f, err := p.Open()
		if err != nil {
			return nil, worker.FailureOf(err)
		}
		b, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, worker.FailureOf(err)
		}
		sums = append(sums, sha256.Sum256(b))
		text += string(b)
		r.Source.Pages = append(r.Source.Pages, report.Page{Number: i + 1})
		page(i+1, len(job.Parts))
	}
	switch {
	case text == "":
		return nil, &worker.Failure{Reason: worker.Empty, Message: "the file is empty"}
	case strings.HasPrefix(text, "cut"):
		return nil, &worker.Failure{Reason: worker.Damaged, Message: "the file is damaged"}
	case strings.HasPrefix(text, "poison"):
		os.Exit(9) // the whole worker, as when the machine's memory runs out
	case strings.HasPrefix(text, "fault"):
		panic("a fault of ours")
	case strings.HasPrefix(text, "slow"):
		time.Sleep(300 * time.Millisecond)
	}
	year := 2020 + len(text)%3
	r.Meta = report.Meta{Title: text, Issuer: "县" + strings.Fields(text + " x")[0], Year: &year}
	r.Source.Name, r.Source.SHA256 = job.Name, worker.Digest(sums)
	n := report.Int(int64(len(text)))
	r.Tables.Set("/tables/requests/received/total", report.Value{Number: &n})
	r.Cells = []report.Cell{{Path: "/tables/requests/received/total", Verdict: report.Read}}
	r.Review = []report.Review{{Path: "/tables/requests/received/total", Reason: report.LowConfidence, Detail: "看"}}
	r.Producer.Version = c.version
	var b bytes.Buffer
	err := report.Encode(&b, r, true)
	return b.Bytes(), err
}

func (converter) Close() error { return nil }

func identity(version string) batch.Identity {
	return batch.Identity{Version: version, Settings: "0123456789abcdef"}
}

// work is that of a program of a version, which ends when nothing is left.
func work(jobs int, version string) Work {
	return Work{Jobs: jobs, Make: func(context.Context, Options) (batch.Identity, func(string) batch.Converter, error) {
		return identity(version), func(string) batch.Converter { return converter{version} }, nil
	}}
}

func drain(t testing.TB, q *Queue, w Work) {
	t.Helper()
	w.Drain = true
	if err := q.Do(t.Context(), w); err != nil {
		t.Fatal(err)
	}
}

func connect(t testing.TB, url string) *Queue {
	t.Helper()
	q, err := OpenForWork(t.Context(), url, 8, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	q.silence, q.tries = time.Second, 3
	t.Cleanup(q.Close)
	return q
}

// in gives a schema of its own on a database.
var schemas atomic.Int64

func fresh(t testing.TB, db *servers.Server) *Queue {
	t.Helper()
	return connect(t, db.URL+"?search_path=s"+strconv.FormatInt(schemas.Add(1), 10))
}

func submit(t testing.TB, q *Queue, in, out, version string) *Submission {
	t.Helper()
	s, err := q.Submit(t.Context(), batch.Options{In: []string{in}, Out: out, Identity: identity(version)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mixed are inputs of all kinds, by path.
func mixed() map[string]string {
	files := map[string]string{
		"a/县 2021.txt": "甲 2021", "a/县 2022.txt": "甲 20221", "b/same.txt": "甲 2021", "b/cut.pdf": "cut off", "b/empty.txt": "",
		"c/scan/001.png": "\x89PNG\r\n\x1a\n1", "c/scan/002.png": "\x89PNG\r\n\x1a\n2", "c/Name.TXT": "乙 1", "C/name.txt": "乙 22",
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"one.txt", "里/two.txt", "alone.png"} {
		w, err := z.Create(name)
		if err != nil {
			panic(err)
		}
		content := "丙 " + name
		if strings.HasSuffix(name, "png") {
			content = "\x89PNG\r\n\x1a\nz"
		}
		if _, err := io.WriteString(w, content); err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	files["d/many.zip"] = b.String()
	for i := range 40 {
		files[fmt.Sprintf("e/%02d.txt", i)] = fmt.Sprintf("丁%d 年报 %d", i%7, i)
	}
	return files
}

func put(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	f, err := folder.Open(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := f.Write(name, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
}

// tree reads what an output holds, apart from what tells of one machine or one moment.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	f, err := folder.Open(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	err = f.List("", func(e folder.Entry) error {
		top, _, _ := strings.Cut(e.Name, "/")
		switch top {
		case "json", "forms", "settings.json", "series.json":
			b, err := f.Read(e.Name)
			all[e.Name] = string(b)
			return err
		case "ledger.db", "ledger.db-journal", "ledger.lock", "results.lock":
		case "quarantine":
			all[e.Name] = ""
		default:
			all[e.Name] = "what is this?"
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := batch.Reasons(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range reasons {
		all["reason of "+q.Input] = fmt.Sprint(q.SHA256, q.Reason, q.Message, q.Version, q.Settings, q.Attempts)
	}
	return all
}

func same(t testing.TB, got, want map[string]string) {
	t.Helper()
	for name, w := range want {
		if g, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if g != w {
			t.Errorf("%s is\n%.600s\nwant\n%.600s", name, g, w)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is too much", name)
		}
	}
}

// byBatch is what a batch of one machine gives for the same inputs.
func byBatch(t testing.TB, files map[string]string, version string) map[string]string {
	t.Helper()
	in, out := t.TempDir(), t.TempDir()
	put(t, in, files)
	_, err := batch.Run(t.Context(), batch.Options{
		In: []string{in}, Out: out, Jobs: 2, Identity: identity(version), New: func(string) batch.Converter { return converter{version} },
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree(t, out)
}

func TestWhatABatchGives(t *testing.T) {
	db := servers.Database(t, "fsync=off")
	want := byBatch(t, mixed(), "1")
	if len(want) < 50 {
		t.Fatalf("the batch gave %d files", len(want))
	}
	t.Run("folders", func(t *testing.T) {
		in, out := t.TempDir(), t.TempDir()
		put(t, in, mixed())
		whole(t, fresh(t, db), in, out, want)
	})
	t.Run("store", func(t *testing.T) {
		servers.Store(t, "inputs", "results")
		put(t, "s3://inputs/cabinet", mixed())
		whole(t, fresh(t, db), "s3://inputs/cabinet", "s3://results/of/it", want)
	})
}

// whole submits, works, and does both again where nothing is left to do.
func whole(t *testing.T, q *Queue, in, out string, want map[string]string) {
	t.Helper()
	sent := submit(t, q, in, out, "1")
	if sent.Total != 51 || sent.Duplicates != 1 || len(sent.Queued) != 50 {
		t.Errorf("submitted %+v, %d queued", sent.Progress, len(sent.Queued))
	}
	drain(t, q, work(3, "1"))
	same(t, tree(t, out), want)
	sum, err := q.Follow(t.Context(), sent, nil, func(batch.Event) {})
	if err != nil || sum.Converted != 48 || sum.Failed != 2 || sum.Review != 48 {
		t.Errorf("followed: %+v, %v", sum, err)
	}
	st, err := q.Status(t.Context())
	if err != nil || st.Done != 48 || st.Failed != 2 || st.Reasons[worker.Damaged] != 1 || st.Counts.Review != 48 || st.Queue.Waiting+st.Queue.Running != 0 {
		t.Errorf("status: %+v, %v", st, err)
	}
	m, err := q.Manifest(t.Context())
	if err != nil || m.Found != 51 || m.Totals[batch.FateComplete] != 48 || m.Totals[batch.FateQuarantined] != 2 || m.Totals[batch.FateDuplicate] != 1 {
		t.Errorf("the list: %+v, %v", m, err)
	}
	for _, l := range m.Lines {
		if inside, ok := strings.CutPrefix(l.Input, "d/many.zip/"); ok && (l.Inside != inside || l.Place != strings.TrimSuffix(in, "/")+"/d/many.zip") {
			t.Errorf("%s is %q in %q", l.Input, l.Inside, l.Place)
		}
		if l.Input == "c/scan" && (l.Files != 2 || l.Bytes != 18) {
			t.Errorf("pages: %+v", l)
		}
	}
	o, err := folder.Open(t.Context(), out, "")
	if err != nil {
		t.Fatal(err)
	}
	if faults, looked, err := batch.Verify(o, m.Lines, true); err != nil || len(faults) > 0 || looked != 50+51 {
		t.Errorf("%d files looked at: %v, %v", looked, faults, err)
	}
	var reviews int
	if err := q.pool.QueryRow(t.Context(), "SELECT count(*) FROM nianbao_review WHERE detail = '看'").Scan(&reviews); err != nil || reviews != 48 {
		t.Errorf("%d review entries, %v", reviews, err)
	}
	if sent = submit(t, q, in, out, "1"); len(sent.Queued) != 0 || sent.Skipped != 48 || sent.KnownFailed != 2 {
		t.Errorf("submitted again: %+v, %d queued", sent.Progress, len(sent.Queued))
	}
	if _, err := q.Submit(t.Context(), batch.Options{In: []string{in}, Out: t.TempDir(), Identity: identity("1")}, Options{}); !errors.Is(err, ErrOtherOutput) {
		t.Errorf("another output: %v", err)
	}
}

// TestNewVersion submits with another version while one has done a part.
func TestNewVersion(t *testing.T) {
	q := fresh(t, servers.Database(t, "fsync=off"))
	in, out := t.TempDir(), t.TempDir()
	files := mixed()
	put(t, in, files)
	submit(t, q, in, out, "1")
	drain(t, q, work(2, "1"))
	files["f/late.txt"], files["a/县 2021.txt"] = "slow and late", "甲 2021 anew"
	put(t, in, files)
	if sent := submit(t, q, in, out, "1"); len(sent.Queued) != 3 { // the old content of a/县 2021.txt is b/same.txt now
		t.Errorf("%d queued, want 3: %v", len(sent.Queued), sent.Queued)
	}
	if sent := submit(t, q, in, out, "2"); len(sent.Queued) != 52 {
		t.Errorf("%d queued for a new version, want 52", len(sent.Queued))
	}
	old := work(2, "1")
	old.Drain = true
	if err := q.Do(t.Context(), old); err == nil || !strings.Contains(err.Error(), "version 2") {
		t.Errorf("a worker of the old version: %v", err)
	}
	drain(t, q, work(2, "2"))
	want := byBatch(t, files, "2")
	got := tree(t, out)
	for name, w := range want {
		if strings.HasPrefix(name, "json/") && !strings.Contains(got[name], `"version": "2"`) {
			t.Errorf("%s is not of the new version: %.100s, want %.100s", name, got[name], w)
		}
	}
	var jobs int
	if err := q.pool.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE state NOT IN ('completed', 'discarded')").Scan(&jobs); err != nil || jobs != 0 {
		t.Errorf("%d jobs are left, %v", jobs, err)
	}
}

// TestLate has a worker end its job after the batch has become one of a new version: its result is not written.
func TestLate(t *testing.T) {
	q := fresh(t, servers.Database(t, "fsync=off"))
	in, out := t.TempDir(), t.TempDir()
	put(t, in, map[string]string{"a.txt": "甲", "b.txt": "乙"})
	submit(t, q, in, out, "1")
	begun, goOn := make(chan struct{}, 2), make(chan struct{})
	old := work(2, "1")
	old.Make = func(context.Context, Options) (batch.Identity, func(string) batch.Converter, error) {
		return identity("1"), func(string) batch.Converter { return held{converter{"1"}, begun, goOn} }, nil
	}
	finish := make(chan struct{})
	old.Finish = finish
	var ended sync.WaitGroup
	ended.Go(func() {
		if err := q.Do(t.Context(), old); err != nil {
			t.Error(err)
		}
	})
	<-begun
	<-begun
	submit(t, q, in, out, "2")
	close(finish)
	close(goOn)
	ended.Wait()
	if n := len(tree(t, out)); n != 1 { // settings.json
		t.Errorf("there are %d files, want none: %v", n, tree(t, out))
	}
	drain(t, q, work(1, "2"))
	same(t, tree(t, out), byBatch(t, map[string]string{"a.txt": "甲", "b.txt": "乙"}, "2"))
}

// held converts when it may.
type held struct {
	converter
	begun chan<- struct{}
	goOn  <-chan struct{}
}

func (h held) Do(ctx context.Context, job worker.Job, page func(n, of int)) ([]byte, error) {
	h.begun <- struct{}{}
	<-h.goOn
	return h.converter.Do(ctx, job, page)
}

// process is a worker that can be killed.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

func newProcess(t testing.TB, at string) *process {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "QUEUE_TEST_WORK="+at)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{c, make(chan struct{})}
	go func() { _ = c.Wait(); close(p.ended) }()
	t.Cleanup(p.kill)
	return p
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

func (p *process) gone() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// TestDeaths kills workers, the database and the store, and wants every content once, as by a batch.
func TestDeaths(t *testing.T) {
	db := servers.Database(t)
	store := servers.Store(t, "inputs", "results")
	url := db.URL + "?search_path=deaths"
	q := connect(t, url)
	files := mixed()
	for i := range 100 {
		files[fmt.Sprintf("g/%03d.txt", i)] = fmt.Sprintf("slow %d", i)
	}
	files["h/poison.txt"] = "poison"
	put(t, "s3://inputs/x", files)
	sent := submit(t, q, "s3://inputs/x", "s3://results/y", "1")
	workers := make([]*process, 3)
	for i := range workers {
		workers[i] = newProcess(t, url)
	}
	again := func(i int) { workers[i].kill(); workers[i] = newProcess(t, url) }
	done := make(chan error, 1)
	go func() {
		ended := make(chan struct{})
		_, err := q.Follow(t.Context(), sent, ended, func(batch.Event) {})
		done <- err
	}()
	begun := time.Now()
	for step := 0; ; step++ {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			drainRest(t, q)
			delete(files, "h/poison.txt")
			want := byBatch(t, files, "1")
			got := tree(t, "s3://results/y")
			if r := got["reason of h/poison.txt"]; !strings.Contains(r, "crashed3 workers died") {
				t.Errorf("the poison is %q", r)
			}
			delete(got, "reason of h/poison.txt")
			delete(got, "quarantine/h/poison.txt.reason.json")
			same(t, got, want)
			if step < 8 {
				t.Errorf("it ended after %d steps: nothing was killed", step)
			}
			t.Logf("took %v, %d steps", time.Since(begun), step)
			return
		case <-time.After(700 * time.Millisecond):
		}
		// The poison takes workers along, too: whoever is gone comes back, as under Kubernetes.
		for i, w := range workers {
			if w.gone() {
				again(i)
			}
		}
		switch step {
		case 1, 2, 6, 9:
			again(step % 3)
		case 4:
			db.Kill()
			if err := db.Start(); err != nil {
				t.Fatal(err)
			}
		case 7:
			store.Kill()
		case 8:
			if err := store.Start(); err != nil {
				t.Fatal(err)
			}
		}
		if time.Since(begun) > 2*time.Minute {
			st, err := q.Status(t.Context())
			t.Fatalf("it does not end: %+v, %v", st, err)
		}
	}
}

// drainRest waits until the last worker has compared the years.
func drainRest(t *testing.T, q *Queue) {
	t.Helper()
	b, err := q.Batch(t.Context())
	if err == nil {
		err = q.conclude(t.Context(), b)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestRequests counts what a document costs at the store.
func TestRequests(t *testing.T) {
	db := servers.Database(t, "fsync=off")
	store := servers.Store(t, "inputs", "results")
	files := map[string]string{}
	for i := range 20 {
		files[fmt.Sprintf("%d/年报%02d.txt", i%2, i)] = fmt.Sprintf("甲 %d", i)
	}
	put(t, "s3://inputs/x", files)
	at, err := url.Parse(store.URL)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	asked := map[string]int{}
	through := httputil.NewSingleHostReverseProxy(at)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		what := r.Method
		if r.URL.Query().Get("list-type") != "" {
			what = "LIST"
		}
		mu.Lock()
		asked[what]++
		mu.Unlock()
		through.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	t.Setenv("AWS_ENDPOINT_URL", proxy.URL)
	q := fresh(t, db)
	for _, step := range []struct {
		name string
		do   func()
		want map[string]int // at most
	}{
		{"submit", func() { submit(t, q, "s3://inputs/x", "s3://results/y", "1") }, map[string]int{"GET": 24, "LIST": 10, "HEAD": 3, "PUT": 1}},
		{"work", func() { drain(t, q, work(2, "1")) }, map[string]int{"GET": 42, "LIST": 0, "HEAD": 0, "PUT": 22}},
		{"submit again", func() { submit(t, q, "s3://inputs/x", "s3://results/y", "1") }, map[string]int{"GET": 4, "LIST": 10, "HEAD": 3, "PUT": 0}},
	} {
		mu.Lock()
		clear(asked)
		mu.Unlock()
		step.do()
		mu.Lock()
		for what, n := range asked {
			if n > step.want[what] {
				t.Errorf("%s of 20 documents: %d %s, want %d at most", step.name, n, what, step.want[what])
			}
		}
		t.Log(step.name, asked)
		mu.Unlock()
	}
}

// TestFault lets a converter panic: the document goes to quarantine, the others on.
func TestFault(t *testing.T) {
	q := fresh(t, servers.Database(t, "fsync=off"))
	in, out := t.TempDir(), t.TempDir()
	put(t, in, map[string]string{"a.txt": "fault", "b.txt": "乙"})
	submit(t, q, in, out, "1")
	drain(t, q, work(1, "1"))
	got := tree(t, out)
	if r := got["reason of a.txt"]; !strings.Contains(r, "a fault of ours") || got["json/b.txt.json"] == "" {
		t.Errorf("%q", got)
	}
}

// TestAnswers answers through the queue: the result and the row change, and a new conversion keeps the answer.
func TestAnswers(t *testing.T) {
	q := fresh(t, servers.Database(t, "fsync=off"))
	servers.Store(t, "all")
	put(t, "s3://all/in", map[string]string{"a.txt": "甲 1", "cut.txt": "cut"})
	submit(t, q, "s3://all/in", "s3://all/out", "1")
	drain(t, q, work(1, "1"))
	b, err := q.Batch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := q.Output(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	book, err := batch.NewBook(out, form.Official())
	if err != nil {
		t.Fatal(err)
	}
	l, err := book.List(batch.Wanted{Limit: 10})
	if err != nil || l.Total != 2 || l.Counts["failed"] != 1 || l.Counts["review"] != 1 {
		t.Fatalf("%+v, %v", l, err)
	}
	n := report.Int(7)
	say := answers.Entry{Patch: report.Patch{Path: "/tables/requests/received/total", Value: report.Value{Number: &n}, Who: "甲", When: "2026-01-02T03:04:05Z"}}
	if _, _, err := book.Answer("a.txt.json", form.Official(), 0, say); err != nil {
		t.Fatal(err)
	}
	if _, _, err := book.Answer("a.txt.json", form.Official(), 0, say); !errors.Is(err, answers.ErrConflict) {
		t.Errorf("a second answer by who has not seen the first: %v", err)
	}
	for _, version := range []string{"1", "2"} {
		r, err := book.Result("a.txt.json")
		if err != nil || len(r.Review) != 0 || len(r.Patches) != 1 {
			t.Errorf("version %s: %+v, %v", version, r, err)
		}
		i, err := book.Item("a.txt.json")
		if err != nil || i.Review != 0 || i.Confirmed != 1 {
			t.Errorf("version %s: %+v, %v", version, i, err)
		}
		submit(t, q, "s3://all/in", "s3://all/out", "2")
		drain(t, q, work(1, "2"))
	}
	if book.Answers().On("2026-01-02") != 1 {
		t.Error("the answer of the day is not counted")
	}
	job, err := book.Original("a.txt.json")
	if err != nil || len(job.Parts) != 1 {
		t.Fatalf("%+v, %v", job, err)
	}
	// A failed one, once more.
	ctx, stop := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { _ = q.Do(ctx, work(1, "2")) })
	if i, err := q.Again(ctx, book, "cut.txt.json"); err != nil || i.State != batch.Failed {
		t.Errorf("again: %+v, %v", i, err)
	}
	stop()
	ended.Wait()
	if r, err := (&ledger{t.Context(), q}).ByOutput("cut.txt.json"); err != nil || r.Attempts != 3 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestMigrate makes the tables from several sides at a time, and refuses those of a newer version.
func TestMigrate(t *testing.T) {
	db := servers.Database(t, "fsync=off")
	q := fresh(t, db)
	if _, err := q.Batch(t.Context()); !errors.Is(err, ErrNoBatch) {
		t.Errorf("an empty database: %v", err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := q.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	const before = "ALTER TABLE nianbao_input DROP COLUMN size, DROP COLUMN files, DROP COLUMN archive; DELETE FROM nianbao_migration WHERE version = 2"
	if _, err := q.pool.Exec(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(q.Migrate(t.Context()), (&ledger{t.Context(), q}).Note([]batch.Seen{{Path: "a", Size: 1, Files: 1}})); err != nil {
		t.Errorf("tables of an older version: %v", err)
	}
	if _, err := q.pool.Exec(t.Context(), "INSERT INTO nianbao_migration (version) VALUES (99)"); err != nil {
		t.Fatal(err)
	}
	if err := q.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Errorf("tables of a newer version: %v", err)
	}
}

func TestText(t *testing.T) {
	for _, s := range []string{"", "县/年报.pdf", "a\x00b", "\xb9\xab\xbf\xaa.doc", "a\uFFFDb", "ok\xff\xfe"} {
		got := text(s)
		if !valid(got) || untext(got) != s {
			t.Errorf("%q became %q and %q", s, got, untext(got))
		}
	}
}

func TestWhatAURLShows(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://me:secret@db/x?password=secret": "postgres://me@db/x",
		"postgres://db/x":                   "postgres://db/x",
		"postgresql://me:se@cret@db:5432/x": "postgresql://me@db:5432/x",
	} {
		if got := redact(url); got != want {
			t.Errorf("%s is shown as %s", url, got)
		}
	}
	if _, err := Open(t.Context(), "mysql://me:secret@x/y", 1, slog.Default()); err == nil || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

// BenchmarkQueue is what the queue adds to a job that converts nothing: with one worker, and how many it does in a
// second with several.
func BenchmarkQueue(b *testing.B) {
	db := servers.Database(b)
	for _, workers := range []int{1, 2, 4} {
		for _, kind := range []string{"memory", "disk", "store"} {
			b.Run(fmt.Sprintf("%s/%d", kind, workers), func(b *testing.B) {
				in, out := b.TempDir(), b.TempDir()
				switch kind {
				case "memory": // without what it costs to have a file on the disk, which is no business of the queue
					var err error
					if out, err = os.MkdirTemp("/dev/shm", "nianbao-"); err != nil {
						b.Skip(err)
					}
					b.Cleanup(func() { _ = os.RemoveAll(out) })
				case "store":
					servers.Store(b, "inputs", "results")
					in, out = "s3://inputs/x", "s3://results/y"
				}
				files := map[string]string{}
				for i := range b.N {
					files[path.Join(strconv.Itoa(i/1000), strconv.Itoa(i)+".txt")] = strconv.Itoa(i)
				}
				put(b, in, files)
				q := fresh(b, db)
				begun := time.Now()
				submit(b, q, in, out, "1")
				b.ReportMetric(time.Since(begun).Seconds()*1000/float64(b.N), "submit-ms/job")
				ctx, stop := context.WithCancel(b.Context())
				var all sync.WaitGroup
				done := make(chan struct{}, b.N)
				w := work(1, "1")
				w.Notify = func(e batch.Event) {
					if e.Kind == batch.Converted {
						done <- struct{}{}
					}
				}
				b.ResetTimer()
				for range workers {
					all.Go(func() { _ = connect(b, q.pool.Config().ConnString()).Do(ctx, w) })
				}
				for range b.N {
					<-done
				}
				b.StopTimer()
				stop()
				all.Wait()
			})
		}
	}
}
