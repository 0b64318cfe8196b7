package service

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/dev/golden"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/report"
)

func TestMain(m *testing.M) {
	nianbao.WorkerMain()
	if folder := os.Getenv(childFolder); folder != "" {
		child(folder)
	}
	os.Exit(m.Run())
}

const token = "the-token-of-the-tests"

// newConverter is one with isolation, as the program has it.
func newConverter(t testing.TB, processes int) *nianbao.Converter {
	t.Helper()
	c, err := nianbao.New(nianbao.Options{Version: "test", Isolate: &nianbao.Isolation{Processes: processes, Limits: nianbao.Limits{Base: time.Minute}, Temp: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func newService(t testing.TB, change func(*Options)) *Service {
	t.Helper()
	o := Options{Converter: nil, Processes: 2, Folder: t.TempDir(), Version: "test"}
	if change != nil {
		change(&o)
	}
	if o.Converter == nil {
		o.Converter = newConverter(t, o.Processes)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask sends a request to a service, from this machine.
func ask(h http.Handler, method, path string, body []byte, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, bytes.NewReader(body))
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func broken(seed uint64) *synth.Report {
	return synth.Make(seed, synth.Options{Form: "2021", BreakOne: true})
}

func docx(seed uint64) []byte { return broken(seed).DOCX(synth.MakeStyle(seed)) }

func pdf(seed uint64) []byte { return synth.LayOut(broken(seed), synth.MakeStyle(seed)).PDF() }

// problemIn is what a refusal says; it fails the test where it says nothing.
func problemIn(t *testing.T, w *httptest.ResponseRecorder) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Header().Get("Content-Type") != "application/problem+json" || p.Status != w.Code || p.Code == "" || p.Detail == "" {
		t.Errorf("%d is no problem: %v %.200s", w.Code, err, w.Body)
	}
	return p
}

// multi is a body with files.
func multi(t *testing.T, files ...[]byte) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i, f := range files {
		w, err := m.CreateFormFile("file", fmt.Sprintf("../页 %d.docx", i+1))
		if err == nil {
			_, err = w.Write(f)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m.FormDataContentType()
}

// TestConvert: the answer is what the program prints, in each type, and nothing of the document stays.
func TestConvert(t *testing.T) {
	s := newService(t, nil)
	data := docx(1)
	res, err := s.Converter.Convert(t.Context(), nianbao.Bytes("a.docx", data))
	if err != nil {
		t.Fatal(err)
	}
	want, err := res.JSON()
	if err != nil {
		t.Fatal(err)
	}
	w := ask(s, "POST", "/v1/convert?name=a.docx", data, nil)
	if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), want) {
		t.Errorf("%d, not as by Convert: %.200s", w.Code, w.Body)
	}
	tag := w.Header().Get("ETag")
	if again := ask(s, "POST", "/v1/convert?name=a.docx", data, with("Content-Type", "application/pdf")); again.Header().Get("ETag") != tag || tag == "" {
		t.Errorf("%q, then %q for the same", tag, again.Header().Get("ETag"))
	}
	if other := ask(s, "POST", "/v1/convert?name=a.docx", docx(2), nil); other.Header().Get("ETag") == tag {
		t.Error("another document has the same ETag")
	}
	body, kind := multi(t, data)
	w = ask(s, "POST", "/v1/convert", body, with("Content-Type", kind))
	r, err := report.Decode(w.Body.Bytes())
	if err != nil || w.Code != 200 || r.Source.Name != "页 1.docx" {
		t.Errorf("as a form: %d %v %.100s", w.Code, err, w.Body)
	}
	w = ask(s, "POST", "/v1/convert?name=a.docx&labels=true&bom=true", data, with("Accept", "text/csv"))
	if lines := strings.Split(w.Body.String(), "\r\n"); w.Code != 200 || len(lines) < 150 || !strings.HasPrefix(lines[0], "\ufeff") || !strings.Contains(lines[0], "发布单位") && !strings.Contains(lines[0], "单位") {
		t.Errorf("as CSV: %d %.200s", w.Code, w.Body)
	}
	if d := w.Header().Get("Content-Disposition"); d != "attachment; filename=a.csv" {
		t.Errorf("as CSV: %s", d)
	}
	w = ask(s, "POST", "/v1/convert?name=a.docx", data, with("Accept", "text/html, "+typeXLSX+";q=0.5"))
	if f, err := excelize.OpenReader(w.Body); err != nil || w.Code != 200 || len(f.GetSheetList()) < 2 {
		t.Errorf("as XLSX: %d %v", w.Code, err)
	}
	w = ask(s, "POST", "/v1/convert?name=a.docx", data, with("Accept", typeLines))
	if w.Code != 200 || strings.Count(w.Body.String(), "\n") != 1 {
		t.Errorf("as lines: %d %.100s", w.Code, w.Body)
	}
	if left, err := os.ReadDir(s.taken()); err != nil || len(left) > 0 {
		t.Errorf("%v %v is left", err, left)
	}
}

// TestSeveralFiles: the files of a form are the pages of one document.
func TestSeveralFiles(t *testing.T) {
	s := newService(t, nil)
	pages := [][]byte{pdf(1), pdf(1)}
	body, kind := multi(t, pages...)
	w := ask(s, "POST", "/v1/tables", body, with("Content-Type", kind))
	one := ask(s, "POST", "/v1/tables", pages[0], nil)
	var a, b []any
	if err := errors.Join(json.Unmarshal(w.Body.Bytes(), &a), json.Unmarshal(one.Body.Bytes(), &b)); err != nil || len(b) == 0 || len(a) != 2*len(b) {
		t.Errorf("%v: %d tables of two files, %d of one", err, len(a), len(b))
	}
}

// TestTables: the tables of anything, in each type, of the pages asked for.
func TestTables(t *testing.T) {
	s := newService(t, nil)
	page := []byte("<html><body><table><tr><td>甲</td><td>1</td></tr></table></body></html>")
	for kind, want := range map[string]string{typeJSON: `"甲"`, typeCSV: "甲,1", typeMarkdown: "| 甲 | 1 |", typeHTML: "<td>甲</td>"} {
		if w := ask(s, "POST", "/v1/tables", page, with("Accept", kind)); w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %.300s", kind, w.Code, w.Body)
		}
	}
	if w := ask(s, "POST", "/v1/tables?pages=2-1", page, nil); problemIn(t, w).Code != "wrong" {
		t.Errorf("pages turned round: %d", w.Code)
	}
}

// TestCheckAndApply: a report is tested as it stands, and answers are laid over it.
func TestCheckAndApply(t *testing.T) {
	s := newService(t, nil)
	data := ask(s, "POST", "/v1/convert?name=a.docx", docx(1), nil).Body.Bytes()
	isJSON := with("Content-Type", "application/json")
	type examined struct {
		Valid  bool
		Checks []struct{ Status string }
	}
	count := func(data []byte) (n int) {
		t.Helper()
		var x examined
		w := ask(s, "POST", "/v1/check", data, isJSON)
		if err := json.Unmarshal(w.Body.Bytes(), &x); err != nil || w.Code != 200 || !x.Valid || len(x.Checks) < 40 {
			t.Fatalf("%d %v %.200s", w.Code, err, w.Body)
		}
		for _, c := range x.Checks {
			if c.Status == "fail" {
				n++
			}
		}
		return n
	}
	if count(data) == 0 {
		t.Error("the sum that was broken is not found")
	}
	r, err := report.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	path := r.Review[0].Path
	body, err := json.Marshal(map[string]any{"report": json.RawMessage(data), "answers": []any{map[string]any{"path": path, "value": 7, "who": "甲"}}})
	if err != nil {
		t.Fatal(err)
	}
	w := ask(s, "POST", "/v1/apply", body, isJSON)
	if r, err = report.Decode(w.Body.Bytes()); err != nil || w.Code != 200 || len(r.Patches) != 1 || r.Cell(path).Verdict != report.Confirmed {
		t.Errorf("%d %v %.200s", w.Code, err, w.Body)
	}
	for name, x := range map[string]struct {
		path, body, kind string
		status           int
	}{
		"no JSON":                     {"/v1/check", "{", "application/json", 422},
		"no report":                   {"/v1/check", "{}", "application/json", 200},
		"another type":                {"/v1/check", "{}", "text/plain", 415},
		"nothing":                     {"/v1/apply", "", "application/json", 400},
		"no report to apply":          {"/v1/apply", `{"report": {}, "answers": []}`, "application/json", 422},
		"an answer that does not fit": {"/v1/apply", strings.ReplaceAll(string(body), path+`"`, `/tables/none"`), "application/json", 422},
	} {
		if w := ask(s, "POST", x.path, []byte(x.body), with("Content-Type", x.kind)); w.Code != x.status {
			t.Errorf("%s: %d %.300s", name, w.Code, w.Body)
		} else if w.Code != 200 {
			problemIn(t, w)
		}
	}
}

// bomb is an office file of one kind that unpacks to a gigabyte.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 1024 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// endless is a body without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestRefusals: what cannot be converted is refused as such, and the advice is of its kind.
func TestRefusals(t *testing.T) {
	s := newService(t, func(o *Options) { o.Limits = Limits{Body: 4 << 20, Pages: 2} })
	for _, x := range []struct {
		name, path string
		body       []byte
		change     func(*http.Request)
		status     int
		code       string
	}{
		{"nothing", "/v1/convert", nil, nil, 422, "empty"},
		{"noise", "/v1/convert", []byte("\x00\x01\x02\x03 noise \xff\xfe"), nil, 415, "unsupported_format"},
		{"a letter", "/v1/convert?name=a.txt", []byte("尊敬的先生：\n\n您好。\n"), nil, 422, "not_a_report"},
		{"a damaged office file", "/v1/convert", []byte("PK\x05\x06" + strings.Repeat("\x00", 18)), nil, 415, ""},
		{"a bomb", "/v1/convert?name=a.docx", bomb(t), nil, 0, ""},
		{"too many pages", "/v1/convert", pdf(1), nil, 413, "too_many_pages"},
		{"two gigabytes, as declared", "/v1/convert", nil, func(r *http.Request) { r.ContentLength, r.Body = 2<<30, io.NopCloser(endless{}) }, 413, "too_large"},
		{"two gigabytes, not declared", "/v1/convert", nil, func(r *http.Request) { r.ContentLength, r.Body = -1, io.NopCloser(endless{}) }, 413, "too_large"},
		{"a form without a file", "/v1/convert", []byte("--x--\r\n"), with("Content-Type", "multipart/form-data; boundary=x"), 400, "wrong"},
		{"a form that breaks off", "/v1/convert", []byte("--x\r\nContent-"), with("Content-Type", "multipart/form-data; boundary=x"), 400, "wrong"},
		{"a form without a boundary", "/v1/convert", []byte("--x--\r\n"), with("Content-Type", "multipart/form-data"), 400, "wrong"},
		{"a type that there is not", "/v1/convert", docx(1), with("Accept", "image/png"), 406, "not_acceptable"},
		{"a parameter of another kind", "/v1/convert?tables_only=perhaps", docx(1), nil, 400, "wrong"},
		{"a long name", "/v1/convert?name=" + strings.Repeat("x", 300), docx(1), nil, 400, "wrong"},
	} {
		w := ask(s, "POST", x.path, x.body, x.change)
		p := problemIn(t, w)
		if x.status != 0 && w.Code != x.status || w.Code < 400 || w.Code >= 500 || x.code != "" && p.Code != x.code {
			t.Errorf("%s: %d %s", x.name, w.Code, w.Body)
		}
	}
	if w := ask(s, "POST", "/v1/convert?any=true&name=a.txt", []byte("尊敬的先生：\n\n您好。\n"), nil); w.Code != 200 {
		t.Errorf("any=true: %d %s", w.Code, w.Body)
	}
	if w := ask(s, "POST", "/v1/convert?name=a.docx", docx(1), nil); w.Code != 200 {
		t.Errorf("after all of them: %d %s", w.Code, w.Body)
	}
	if left, err := os.ReadDir(s.taken()); err != nil || len(left) > 0 {
		t.Errorf("%v %v is left", err, left)
	}
}

// TestDoor: nobody comes in without the token, under another name or from another site.
func TestDoor(t *testing.T) {
	s := newService(t, func(o *Options) { o.Token, o.Hosts = token, []string{"archive.example"} })
	bearer := with("Authorization", "Bearer "+token)
	for _, x := range []struct {
		name, path string
		change     func(*http.Request)
		status     int
	}{
		{"with it", "/v1/forms", bearer, 200},
		{"without", "/v1/forms", nil, 401},
		{"a wrong one", "/v1/forms", with("Authorization", "Bearer x"), 401},
		{"an empty one", "/v1/forms", with("Authorization", "Bearer "), 401},
		{"another scheme", "/v1/forms", with("Authorization", "Basic "+token), 401},
		{"in a cookie", "/v1/forms", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: cookie, Value: token}) }, 200},
		{"a wrong cookie", "/v1/forms", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: cookie, Value: "x"}) }, 401},
		{"in the address", "/v1/forms?token=" + token, nil, 303},
		{"wrong in the address", "/v1/forms?token=x", nil, 401},
		{"the description", "/openapi.json", nil, 401},
		{"a path that there is not", "/etc/passwd", nil, 401},
		{"the watchdog", "/healthz", nil, 200},
		{"the balancer", "/readyz", nil, 200},
		{"another host", "/v1/forms", func(r *http.Request) { bearer(r); r.Host = "evil.example:8080" }, 421},
		{"another host that watches", "/healthz", func(r *http.Request) { r.Host = "evil.example" }, 421},
		{"another address", "/v1/forms", func(r *http.Request) { bearer(r); r.Host = "192.0.2.1:8080" }, 421},
		{"no host", "/v1/forms", func(r *http.Request) { bearer(r); r.Host = "" }, 421},
		{"a host that was allowed", "/v1/forms", func(r *http.Request) { bearer(r); r.Host = "archive.example" }, 200},
		{"localhost", "/v1/forms", func(r *http.Request) { bearer(r); r.Host = "localhost:1" }, 200},
		{"the loopback of IPv6", "/v1/forms", func(r *http.Request) { bearer(r); r.Host = "[::1]:8080" }, 200},
		{"another site", "/v1/forms", func(r *http.Request) { bearer(r); r.Header.Set("Origin", "https://evil.example") }, 403},
		{"a page without an origin", "/v1/forms", func(r *http.Request) { bearer(r); r.Header.Set("Origin", "null") }, 403},
		{"this site", "/v1/forms", func(r *http.Request) { bearer(r); r.Header.Set("Origin", "http://127.0.0.1:8080") }, 200},
		{"a path up", "/v1/../../etc/passwd", bearer, 404},
		{"nothing there", "/v2/convert", bearer, 404},
		{"another method", "/v1/convert", bearer, 405},
	} {
		w := ask(s, "GET", x.path, nil, x.change)
		if w.Code != x.status {
			t.Errorf("%s: %d, want %d: %.200s", x.name, w.Code, x.status, w.Body)
		}
		if w.Code >= 400 {
			problemIn(t, w)
		}
		if p := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'") || strings.Contains(p, "unsafe") {
			t.Errorf("%s: policy %q", x.name, p)
		}
	}
}

// TestFull: who comes when all places are taken is told when to come back; who comes when the service ends, to go
// elsewhere.
func TestFull(t *testing.T) {
	s := newService(t, func(o *Options) { o.Processes, o.Limits.Queue = 1, 1 })
	for range 2 {
		leave, err := s.seat()
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
	}
	w := ask(s, "POST", "/v1/convert", docx(1), nil)
	if w.Code != 429 || w.Header().Get("Retry-After") == "" || problemIn(t, w).Code != "full" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w = ask(s, "GET", "/readyz", nil, nil); w.Code != 503 {
		t.Errorf("ready: %d %s", w.Code, w.Body)
	}
	s.Leave()
	if w = ask(s, "POST", "/v1/convert", docx(1), nil); w.Code != 503 || problemIn(t, w).Code != "ending" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w = ask(s, "GET", "/healthz", nil, nil); w.Code != 200 {
		t.Errorf("alive: %d %s", w.Code, w.Body)
	}
}

// listening serves on a port of this machine and gives its address.
func listening(t *testing.T, s *Service) (address string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { ended <- s.Serve(ctx, l) }()
	once := sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() {
		if err := once(); err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), once
}

// TestSlowClients: who sends a byte now and then, in the body or in the headers, is not waited for.
func TestSlowClients(t *testing.T) {
	s := newService(t, func(o *Options) { o.Limits = Limits{Grace: 300 * time.Millisecond, Header: 300 * time.Millisecond} })
	address, _ := listening(t, s)
	for name, head := range map[string]string{
		"the body":    "POST /v1/convert HTTP/1.1\r\nHost: " + address + "\r\nContent-Length: 1000\r\n\r\n",
		"a form":      "POST /v1/convert HTTP/1.1\r\nHost: " + address + "\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n",
		"JSON":        "POST /v1/check HTTP/1.1\r\nHost: " + address + "\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
		"for nobody":  "POST /nowhere HTTP/1.1\r\nHost: " + address + "\r\nContent-Length: 1000\r\n\r\n",
		"the headers": "POST /v1/convert HTTP/1.1\r\n",
	} {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, head); err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				if _, err := c.Write([]byte("x")); err != nil {
					return // it was closed
				}
				time.Sleep(50 * time.Millisecond)
			}
		}()
		answer, err := io.ReadAll(c) // it may be reset, for what was sent after the answer
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: it is waited for", name)
		}
		if want := map[bool]string{true: "HTTP/1.1 404", false: "HTTP/1.1 408"}[name == "for nobody"]; name != "the headers" && len(answer) > 0 && !strings.HasPrefix(string(answer), want) {
			t.Errorf("%s: %.200s", name, answer)
		}
		_ = c.Close()
	}
}

// TestManyConnections: a thousand connections that say nothing keep nobody out for long.
func TestManyConnections(t *testing.T) {
	s := newService(t, func(o *Options) { o.Limits = Limits{Connections: 64, Header: 300 * time.Millisecond} })
	address, _ := listening(t, s)
	var open []net.Conn
	defer func() {
		for _, c := range open {
			_ = c.Close()
		}
	}()
	for range 1000 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	client := &http.Client{Timeout: time.Minute}
	r, err := client.Post("http://"+address+"/v1/convert?name=a.docx", "application/octet-stream", bytes.NewReader(docx(1)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != 200 {
		t.Errorf("%s", r.Status)
	}
}

// TestEnd: a request that is being worked on when the service ends is answered.
func TestEnd(t *testing.T) {
	s := newService(t, nil)
	address, stop := listening(t, s)
	answered := make(chan int, 1)
	data := pdf(3)
	go func() {
		r, err := http.Post("http://"+address+"/v1/convert", "application/pdf", bytes.NewReader(data))
		if err != nil {
			answered <- 0
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
		answered <- r.StatusCode
	}()
	for len(s.seats) == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if got := <-answered; got != 200 {
		t.Errorf("answered with %d", got)
	}
}

// clientsFor is how long TestManyClients goes on: go test ./internal/web/service -run TestManyClients -for 5m -v
var clientsFor = flag.Duration("for", 0, "how long the service has many clients; more files, and its memory over that time, with it")

// TestManyClients: thirty-two clients at a time, with good files and hostile ones, get no 5xx, and each good file is
// converted as the library does it.
func TestManyClients(t *testing.T) {
	s := newService(t, nil)
	address, _ := listening(t, s)
	good := [][]byte{docx(1), pdf(2), docx(3)}
	hostile := [][]byte{[]byte("PK\x03\x04 no archive"), []byte("%PDF-1.7 nothing"), bytes.Repeat([]byte("<table>"), 2000), pdf(4)[:9000]}
	if *clientsFor > 0 {
		fax, err := os.ReadFile("../../../testdata/reports/broken_2021form.fax.tif")
		if err != nil {
			t.Fatal(err)
		}
		good, hostile = append(good, fax), append(hostile, bomb(t), fax[:2000])
	}
	var want [][]byte
	for _, f := range good {
		res, err := s.Converter.Convert(t.Context(), nianbao.Bytes("a", f))
		if err != nil {
			t.Fatal(err)
		}
		b, err := res.JSON()
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, b)
	}
	files := append(slices.Clone(good), hostile...)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	begun, ended := time.Now(), make(chan struct{})
	for client := range 32 {
		wg.Go(func() {
			for n := 0; n < 4 || time.Since(begun) < *clientsFor; n++ {
				i, sent := (client+n)%len(files), time.Now()
				r, err := http.Post("http://"+address+"/v1/convert?name=a", "application/octet-stream", bytes.NewReader(files[i]))
				if err != nil {
					t.Error(err)
					return
				}
				got, err := io.ReadAll(r.Body)
				_ = r.Body.Close()
				mu.Lock()
				took = append(took, time.Since(sent))
				mu.Unlock()
				switch {
				case err != nil || r.StatusCode >= 500:
					t.Errorf("file %d: %s %v %.200s", i, r.Status, err, got)
				case i < len(want) && (r.StatusCode != 200 || !bytes.Equal(got, want[i])):
					t.Errorf("file %d: %s, not as by Convert: %.200s", i, r.Status, got)
				case i >= len(want) && r.StatusCode < 400:
					t.Errorf("file %d: %s", i, r.Status)
				}
			}
		})
	}
	peaks := s.peaks(begun, ended)
	wg.Wait()
	close(ended)
	memory := <-peaks
	if *clientsFor == 0 {
		return
	}
	slices.Sort(took)
	t.Logf("%d requests: p50 %v, p99 %v; memory of the service and its workers by quarter %d MB", len(took), took[len(took)/2], took[len(took)*99/100], memory)
	if memory[3] > memory[1]+memory[1]/4 {
		t.Errorf("memory grows: %d MB by quarter", memory)
	}
}

// peaks gives, at the end, the most memory in MB that the service and its workers had in each quarter of the time.
func (s *Service) peaks(begun time.Time, ended <-chan struct{}) <-chan [4]int64 {
	out := make(chan [4]int64, 1)
	go func() {
		var most [4]int64
		for tick := time.NewTicker(200 * time.Millisecond); ; {
			select {
			case <-ended:
				out <- most
				return
			case <-tick.C:
			}
			var own runtime.MemStats
			runtime.ReadMemStats(&own)
			q := min(3, 4*time.Since(begun)/max(*clientsFor, 1))
			most[q] = max(most[q], (s.Converter.Memory()+int64(own.HeapInuse+own.StackInuse))>>20)
		}
	}()
	return out
}

// TestOpenAPI keeps the description in the repository: who changes the API sees it in the diff.
func TestOpenAPI(t *testing.T) {
	s := newService(t, nil)
	w := ask(s, "GET", "/openapi.json", nil, nil)
	golden.Equal(t, filepath.Join("testdata", "openapi.json"), w.Body.Bytes())
}

// TestFacts: the schema and the forms are those of the program, and are not sent twice.
func TestFacts(t *testing.T) {
	s := newService(t, nil)
	w := ask(s, "GET", "/v1/schema", nil, nil)
	if !bytes.Equal(w.Body.Bytes(), report.SchemaJSON()) {
		t.Error("not the schema")
	}
	if again := ask(s, "GET", "/v1/schema", nil, with("If-None-Match", w.Header().Get("ETag"))); again.Code != 304 || again.Body.Len() > 0 {
		t.Errorf("sent again: %d", again.Code)
	}
	var forms []struct{ Name string }
	if err := json.Unmarshal(ask(s, "GET", "/v1/forms", nil, nil).Body.Bytes(), &forms); err != nil || len(forms) < 3 || forms[0].Name != "2021" {
		t.Errorf("%v %v", err, forms)
	}
}

// TestUnknownParameters: a mistyped parameter is refused and named; those who watch may add what they like.
func TestUnknownParameters(t *testing.T) {
	s := newService(t, nil)
	for path, want := range map[string]int{"/v1/convert?tablesonly=true": 400, "/v1/tables?format=csv": 400, "/v1/jobs?nme=a": 400} {
		if w := ask(s, "POST", path, []byte("x"), nil); w.Code != want || !strings.Contains(w.Body.String(), "unknown query parameter") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/healthz?probe=1", "/readyz?probe=1"} {
		if w := ask(s, "GET", path, nil, nil); w.Code != 200 {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// TestNames: what is called like a path or holds what a terminal acts upon is only a name.
func TestNames(t *testing.T) {
	for in, want := range map[string]string{
		"a.pdf": "a.pdf", "../../etc/passwd": "passwd", `C:\x\报告.doc`: "报告.doc", "": "document", "..": "document", "/": "document",
		"a\x1b[31m\n.pdf": "a[31m.pdf", "a\u202efdp.exe": "afdp.exe", "\xff.pdf": "�.pdf", strings.Repeat("长", 100) + ".pdf": strings.Repeat("长", 83) + ".pdf",
	} {
		if got := plainName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestAccept: the type that is wanted most, and what names it closest, count.
func TestAccept(t *testing.T) {
	for header, want := range map[string]string{
		"": typeJSON, "*/*": typeJSON, "text/csv": typeCSV, "text/*": typeCSV, "text/csv;q=0.4, application/json;q=0.5": typeJSON,
		"application/json;q=0, */*": typeLines, "image/png": "", "text/html,*/*;q=0.1": typeJSON, "text/csv;q=x": "", ";;;": "",
	} {
		if got := accepted(&http.Request{Header: http.Header{"Accept": {header}}}, reportTypes); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}
