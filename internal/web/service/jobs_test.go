package service

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/report"
)

// send sends a document as a job and gives the job.
func sendJob(t *testing.T, s http.Handler, query string, data []byte, change func(*http.Request)) Job {
	t.Helper()
	w := ask(s, "POST", "/v1/jobs"+query, data, change)
	var j Job
	if err := json.Unmarshal(w.Body.Bytes(), &j); err != nil || w.Code != 202 || w.Header().Get("Location") != "/v1/jobs/"+j.ID {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	return j
}

// ended waits for the end of a job.
func ended(t *testing.T, s http.Handler, id string) Job {
	t.Helper()
	for range 1200 {
		w := ask(s, "GET", "/v1/jobs/"+id, nil, nil)
		var j Job
		if err := json.Unmarshal(w.Body.Bytes(), &j); err != nil || w.Code != 200 {
			t.Fatalf("%d %v %s", w.Code, err, w.Body)
		}
		if j.State == Done || j.State == Failed {
			return j
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("job %s does not end", id)
	return Job{}
}

// TestJob: a job gives what /v1/convert gives, shows its document, and is gone when it is removed.
func TestJob(t *testing.T) {
	s := newService(t, nil)
	data := pdf(1)
	want := ask(s, "POST", "/v1/convert?name=a.pdf", data, nil).Body.Bytes()
	j := sendJob(t, s, "?name=a.pdf", data, nil)
	if w := ask(s, "GET", "/v1/jobs/"+j.ID+"/result", nil, nil); w.Code != 409 && w.Code != 200 {
		t.Errorf("before the end: %d %s", w.Code, w.Body)
	}
	j = ended(t, s, j.ID)
	if j.State != Done || j.Name != "a.pdf" || j.Outcome != "complete" || j.Review == nil || *j.Review == 0 || j.Expires == nil || j.Expires.Sub(*j.Ended) != time.Hour {
		t.Errorf("%+v", j)
	}
	at := "/v1/jobs/" + j.ID
	w := ask(s, "GET", at+"/result", nil, nil)
	if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), want) {
		t.Errorf("%d, not as by /v1/convert: %.200s", w.Code, w.Body)
	}
	if again := ask(s, "GET", at+"/result", nil, with("If-None-Match", w.Header().Get("ETag"))); again.Code != 304 || again.Body.Len() > 0 {
		t.Errorf("sent again: %d", again.Code)
	}
	if w := ask(s, "GET", at+"/result", nil, with("Accept", "text/csv")); w.Code != 200 || !strings.Contains(w.Body.String(), "a.pdf") {
		t.Errorf("as CSV: %d %.200s", w.Code, w.Body)
	}
	r, err := report.Decode(want)
	if err != nil {
		t.Fatal(err)
	}
	path := r.Review[0].Path
	for what, address := range map[string]string{
		"a page": "/pages/1.png", "a page, small": "/pages/1.png?dpi=40", "a cell": "/crops" + path + ".png", "a cell, encoded": "/crops/" + url.PathEscape(path) + ".png",
		"the title": "/crops/report/title.png",
	} {
		w := ask(s, "GET", at+address, nil, nil)
		if what == "the title" && w.Code == 404 {
			continue // it has no place where the report prints none
		}
		if _, err := png.Decode(w.Body); err != nil || w.Code != 200 || w.Header().Get("Content-Type") != "image/png" {
			t.Errorf("%s: %d %v", what, w.Code, err)
		}
		if again := ask(s, "GET", at+address, nil, with("If-None-Match", w.Header().Get("ETag"))); again.Code != 304 {
			t.Errorf("%s, again: %d", what, again.Code)
		}
	}
	if w := ask(s, "GET", at+"/source", nil, nil); w.Code != 200 || !strings.Contains(w.Body.String(), "<table") {
		t.Errorf("the source: %d %.200s", w.Code, w.Body)
	}
	for address, status := range map[string]int{
		"/pages/9999.png": 404, "/pages/0.png": 400, "/pages/x.png": 400, "/pages/1.png?dpi=100000": 400, "/crops/tables/none.png": 404, "/crops/x": 400, "/nothing": 404,
	} {
		if w := ask(s, "GET", at+address, nil, nil); w.Code != status {
			t.Errorf("%s: %d %s", address, w.Code, w.Body)
		}
	}
	if w := ask(s, "DELETE", at, nil, nil); w.Code != 204 {
		t.Errorf("removed: %d %s", w.Code, w.Body)
	}
	for _, address := range []string{"", "/result", "/events", "/pages/1.png", "/crops/tables/x.png", "/source"} {
		if w := ask(s, "GET", at+address, nil, nil); w.Code != 404 || problemIn(t, w).Code != "no_such_job" {
			t.Errorf("%s of what was removed: %d", address, w.Code)
		}
	}
	if w := ask(s, "DELETE", at, nil, nil); w.Code != 404 {
		t.Errorf("removed twice: %d", w.Code)
	}
	leftNothing(t, s, "a.pdf")
}

// leftNothing looks for files of jobs, and for a name in the database.
func leftNothing(t *testing.T, s *Service, name string) {
	t.Helper()
	for _, dir := range []string{s.taken(), filepath.Dir(s.jobs.folder("x"))} {
		left, err := os.ReadDir(dir)
		for range 100 { // the record goes first, then the files
			if len(left) == 0 {
				break
			}
			time.Sleep(20 * time.Millisecond)
			left, err = os.ReadDir(dir)
		}
		if err != nil || len(left) > 0 {
			t.Errorf("%v %v is left in %s", err, left, dir)
		}
	}
	var n int
	if err := s.jobs.store.db.QueryRow("SELECT (SELECT count(*) FROM service_job) + (SELECT count(*) FROM river_job WHERE instr(args, ?))", name).Scan(&n); err != nil || n > 0 {
		t.Errorf("%v: %d rows are left", err, n)
	}
}

// TestJobOfARefused: a job whose document cannot be converted says why, as /v1/convert does.
func TestJobOfARefused(t *testing.T) {
	s := newService(t, nil)
	data := []byte("PK\x03\x04 no archive")
	j := ended(t, s, sendJob(t, s, "", data, nil).ID)
	w := ask(s, "POST", "/v1/convert", data, nil)
	var want Problem
	if err := json.Unmarshal(w.Body.Bytes(), &want); err != nil {
		t.Fatal(err)
	}
	if j.State != Failed || j.Problem == nil || j.Problem.Code != want.Code || j.Problem.Detail != want.Detail {
		t.Errorf("%+v, want %+v", j, want)
	}
	if w := ask(s, "GET", "/v1/jobs/"+j.ID+"/pages/1.png", nil, nil); w.Code != 409 || problemIn(t, w).Code != "no_result" {
		t.Errorf("its page: %d %s", w.Code, w.Body)
	}
	if again := ask(s, "GET", "/v1/jobs/"+j.ID+"/result", nil, nil); again.Code != w.Code || again.Body.String() != w.Body.String() {
		t.Errorf("%d %s", again.Code, again.Body)
	}
}

// TestIdempotency: the same request with the same key is one job, and another request with it is refused.
func TestIdempotency(t *testing.T) {
	s := newService(t, nil)
	key := with("Idempotency-Key", "k1")
	one := sendJob(t, s, "?name=a", docx(1), key)
	if again := sendJob(t, s, "?name=a", docx(1), key); again.ID != one.ID {
		t.Errorf("%s and %s", one.ID, again.ID)
	}
	for what, w := range map[string]*httptest.ResponseRecorder{
		"another document": ask(s, "POST", "/v1/jobs?name=a", docx(2), key),
		"another setting":  ask(s, "POST", "/v1/jobs?name=a&tables_only=true", docx(1), key),
	} {
		if w.Code != 422 || problemIn(t, w).Code != "key_used" {
			t.Errorf("%s: %d %s", what, w.Code, w.Body)
		}
	}
	if other := sendJob(t, s, "?name=a", docx(1), with("Idempotency-Key", "k2")); other.ID == one.ID {
		t.Error("another key gives the same job")
	}
	if left, err := os.ReadDir(s.taken()); err != nil || len(left) > 0 {
		t.Errorf("%v %v is left", err, left)
	}
}

// TestKeep: a job is gone when its time is over, and nobody keeps one for longer than the service does.
func TestKeep(t *testing.T) {
	s := newService(t, func(o *Options) { o.Limits.Keep = 2 * time.Second })
	short, long := sendJob(t, s, "?name=secret.docx&keep=1", docx(1), nil), sendJob(t, s, "?name=secret.docx&keep=99999", docx(2), nil)
	if j := ended(t, s, long.ID); j.Expires.Sub(*j.Ended) != 2*time.Second {
		t.Errorf("%+v", j)
	}
	for _, id := range []string{short.ID, long.ID} {
		for range 100 {
			if w := ask(s, "GET", "/v1/jobs/"+id, nil, nil); w.Code == 404 {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if w := ask(s, "GET", "/v1/jobs/"+id, nil, nil); w.Code != 404 {
			t.Errorf("%s is still there", id)
		}
	}
	leftNothing(t, s, "secret")
}

// TestJobsAreBounded: neither more jobs nor more bytes are kept than may be.
func TestJobsAreBounded(t *testing.T) {
	data := docx(1)
	s := newService(t, func(o *Options) { o.Limits.Stored = int64(len(data)) + 1 })
	sendJob(t, s, "", data, nil)
	if w := ask(s, "POST", "/v1/jobs", data, nil); w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	s = newService(t, func(o *Options) { o.Limits.Jobs = -1 }) // none may wait
	if w := ask(s, "POST", "/v1/jobs", data, nil); w.Code != 429 || problemIn(t, w).Code != "full" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestEvents: who follows a job sees its pages go by and its end, and the stream ends.
func TestEvents(t *testing.T) {
	s := newService(t, nil)
	address, _ := listening(t, s)
	j := sendJob(t, s, "?name=a.pdf", pdf(1), nil)
	r, err := http.Get("http://" + address + "/v1/jobs/" + j.ID + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var names []string
	var last Job
	lines := bufio.NewScanner(r.Body)
	for lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			names = append(names, name)
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if err := json.Unmarshal([]byte(data), &last); err != nil {
				t.Errorf("%v: %s", err, data)
			}
		}
	}
	if err := lines.Err(); err != nil || len(names) < 2 || names[len(names)-1] != "done" || last.State != Done {
		t.Errorf("%v %v %+v", err, names, last)
	}
}

// TestRemovedWhileItRuns: a job that is removed is ended.
func TestRemovedWhileItRuns(t *testing.T) {
	s := newService(t, func(o *Options) { o.Processes = 1 })
	leave, err := s.seat()
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	j := sendJob(t, s, "?name=a.pdf", pdf(1), nil)
	for range 1000 {
		s.jobs.mu.Lock()
		n := len(s.jobs.running)
		s.jobs.mu.Unlock()
		if n > 0 {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	if w := ask(s, "DELETE", "/v1/jobs/"+j.ID, nil, nil); w.Code != 204 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for range 200 {
		s.jobs.mu.Lock()
		n := len(s.jobs.running)
		s.jobs.mu.Unlock()
		if n == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	leftNothing(t, s, "a.pdf")
	if j := ended(t, s, sendJob(t, s, "", docx(1), nil).ID); j.State != Done {
		t.Errorf("the next one: %+v", j)
	}
}

// TestWebhook: an end is told with a signature, again where nobody took it, and nothing of the document with it.
func TestWebhook(t *testing.T) {
	const secret = "the-secret-of-the-tests"
	told, refused := make(chan ending, 4), false
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		h := r.Header
		if err != nil || h.Get("webhook-signature") != signature(secret, h.Get("webhook-id"), h.Get("webhook-timestamp"), b) {
			t.Errorf("%v: signature %q", err, h.Get("webhook-signature"))
		}
		if bytes.Contains(b, []byte("secret.docx")) {
			t.Errorf("the name goes out: %s", b)
		}
		if !refused {
			refused = true
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		var e ending
		if err := json.Unmarshal(b, &e); err != nil {
			t.Error(err)
		}
		told <- e
	}))
	defer receiver.Close()
	s := newService(t, func(o *Options) { o.Webhook = Webhook{receiver.URL, secret} })
	j := sendJob(t, s, "?name=secret.docx", docx(1), nil)
	select {
	case e := <-told:
		if e.ID != j.ID || e.State != Done || e.Outcome != "complete" {
			t.Errorf("%+v", e)
		}
	case <-time.After(time.Minute):
		t.Fatal("nobody was told")
	}
	if got := signature("s", "i", "1", []byte("{}")); got != "v1,xyNKG0HIKIplRe4hVMS8Lt+AQdZqyfUUi3bDckXv5mg=" && len(got) != 47 {
		t.Errorf("signature %s", got)
	}
}

// TestOneProcessAFolder: a second service in the folder does not start.
func TestOneProcessAFolder(t *testing.T) {
	s := newService(t, nil)
	if _, err := New(s.Options); !errors.Is(err, errInUse) {
		t.Errorf("got %v", err)
	}
}

// TestMetrics: Prometheus is told what became of documents, and what they took.
func TestMetrics(t *testing.T) {
	s := newService(t, nil)
	ask(s, "POST", "/v1/convert?name=a", pdf(1), nil)
	ask(s, "POST", "/v1/convert?name=a", []byte("PK\x03\x04"), nil)
	ended(t, s, sendJob(t, s, "", docx(1), nil).ID)
	w := ask(s, "GET", "/metrics", nil, nil)
	for _, want := range []string{
		`nianbao_documents_total{outcome="complete"} 2`, `nianbao_documents_total{outcome="`, `nianbao_stage_seconds_count{stage="convert"} 3`, `nianbao_stage_seconds_count{stage="receive"} 3`,
		`nianbao_stage_seconds_count{stage="extract"} 3`, `nianbao_stage_seconds_count{stage="tables"} 2`, `nianbao_stage_seconds_count{stage="normalize"} 2`,
		`nianbao_stage_seconds_count{stage="check"} 2`,
		`nianbao_cells_total{verdict="proven"} `, `nianbao_queue_depth{queue="jobs"} 0`, `nianbao_queue_depth{queue="requests"} 0`, "nianbao_worker_memory_bytes ", "go_goroutines ",
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s is missing in %s", want, w.Body)
		}
	}
	if runtime.GOOS == "linux" && strings.Contains(w.Body.String(), "nianbao_worker_memory_bytes 0\n") {
		t.Error("the workers take no memory")
	}
}

const childFolder = "SERVICE_TEST_FOLDER"

// child is a service in a process of its own, until it is killed.
func child(folder string) {
	c, err := nianbao.New(nianbao.Options{Version: "test", Isolate: &nianbao.Isolation{Processes: 2}})
	if err == nil {
		var s *Service
		if s, err = New(Options{Converter: c, Processes: 2, Folder: folder, Version: "test"}); err == nil {
			var l net.Listener
			if l, err = net.Listen("tcp", "127.0.0.1:0"); err == nil {
				fmt.Println(l.Addr())
				err = s.Serve(context.Background(), l)
			}
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// start starts one and gives its address.
func start(t *testing.T, folder string) (address string, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+folder)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the service does not start: %v", err)
	}
	return strings.TrimSpace(line), func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}
}

// TestJobsOutliveKill: fifty jobs, a service that is killed while it works on them, and another one: fifty results,
// each as the library gives it.
func TestJobsOutliveKill(t *testing.T) {
	folder := t.TempDir()
	address, kill := start(t, folder)
	defer func() { kill() }()
	const n = 50
	var ids []string
	for i := range n {
		r, err := http.Post(fmt.Sprintf("http://%s/v1/jobs?name=%d.docx", address, i), "application/octet-stream", bytes.NewReader(docx(uint64(i%3+1))))
		if err != nil {
			t.Fatal(err)
		}
		var j Job
		err = json.NewDecoder(r.Body).Decode(&j)
		_ = r.Body.Close()
		if err != nil || r.StatusCode != 202 {
			t.Fatalf("%v %s", err, r.Status)
		}
		ids = append(ids, j.ID)
	}
	done := 0
	get := func(path string) (int, []byte) {
		r, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, b
	}
	for range 3 { // killed three times, at whatever it is doing
		time.Sleep(300 * time.Millisecond)
		kill()
		address, kill = start(t, folder)
	}
	c := newConverter(t, 1)
	for i, id := range ids {
		for range 600 {
			_, b := get("/v1/jobs/" + id)
			if bytes.Contains(b, []byte(`"state":"done"`)) {
				done++
				break
			}
			if bytes.Contains(b, []byte(`"state":"failed"`)) {
				t.Fatalf("%s", b)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if i%10 != 0 {
			continue
		}
		res, err := c.Convert(t.Context(), nianbao.Bytes(fmt.Sprintf("%d.docx", i), docx(uint64(i%3+1))))
		if err != nil {
			t.Fatal(err)
		}
		want, err := res.JSON()
		if status, b := get("/v1/jobs/" + id + "/result"); err != nil || status != 200 || !bytes.Equal(b, want) {
			t.Errorf("job %d: %d %v, not as by Convert", i, status, err)
		}
	}
	if done != n {
		t.Errorf("%d results of %d jobs", done, n)
	}
}
