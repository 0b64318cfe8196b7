package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/browser"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/worker"
)

func TestMain(m *testing.M) {
	nianbao.WorkerMain()
	os.Exit(m.Run())
}

// here converts in this process.
type here struct{ c *nianbao.Converter }

func (h here) Do(ctx context.Context, job worker.Job, _ func(n, of int)) ([]byte, error) {
	res, err := h.c.Convert(ctx, nianbao.Pages(job.Name, job.Parts...))
	if err != nil {
		return nil, worker.FailureOf(err)
	}
	return res.JSON()
}

func (here) Close() error { return nil }

const token = "the-token"

// cabinet is a batch of reports in several formats, half of them with a sum that was broken in print, and one file
// that is no report.
type cabinet struct {
	in, out string
	book    *batch.Book
	handler http.Handler
}

func newConverter(t testing.TB) *nianbao.Converter {
	t.Helper()
	c, err := nianbao.New(nianbao.Options{TablesOnly: true})
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

func newCabinet(t testing.TB, files map[string][]byte) *cabinet {
	t.Helper()
	c := newConverter(t)
	k := &cabinet{in: t.TempDir(), out: t.TempDir()}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(k.in, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	identity := batch.Identity{Version: "1", Settings: "s"}
	convert := func(string) batch.Converter { return here{c} }
	if _, err := batch.Run(t.Context(), batch.Options{In: []string{k.in}, Out: k.out, Jobs: 2, Identity: identity, New: convert}); err != nil {
		t.Fatal(err)
	}
	var err error
	if k.book, err = batch.OpenBook(k.out, form.Set{}); err != nil {
		t.Fatal(err)
	}
	k.handler = New(Options{
		Book: k.book, Converter: c, Token: token, Who: "管理员",
		Again: func(ctx context.Context, o string) (batch.Item, error) {
			return k.book.Again(ctx, o, identity, convert)
		},
	})
	return k
}

func broken(seed uint64) *synth.Report {
	return synth.Make(seed, synth.Options{Form: "2021", BreakOne: true})
}

func sample(t testing.TB) *cabinet {
	t.Helper()
	return newCabinet(t, map[string][]byte{
		"a.docx":                         broken(1).DOCX(synth.MakeStyle(1)),
		"b.docx":                         broken(2).DOCX(synth.MakeStyle(2)),
		"whole.docx":                     synth.Make(3, synth.Options{Form: "2021"}).DOCX(synth.MakeStyle(3)),
		"<img src=x onerror=alert(1)>.x": []byte("PK\x05\x06" + strings.Repeat("\x00", 18)),
	})
}

// ask sends a request with the token, unless change takes it away.
func (k *cabinet) ask(method, path string, body any, change func(*http.Request)) *httptest.ResponseRecorder {
	var b bytes.Buffer
	if s, ok := body.(string); ok {
		b.WriteString(s)
	} else if body != nil {
		_ = json.NewEncoder(&b).Encode(body) // what a test sends can be encoded
	}
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, &b)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	k.handler.ServeHTTP(w, r)
	return w
}

func (k *cabinet) open(t *testing.T, output string) view {
	t.Helper()
	w := k.ask("GET", "/api/report?o="+output, nil, nil)
	var v view
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	return v
}

// saying is an answer as the browser sends it.
func saying(output, path string, value any, seen int) map[string]any {
	return map[string]any{"o": output, "seen": seen, "who": "甲", "answers": []any{map[string]any{"path": path, "value": value}}}
}

// TestDoor: nobody comes in without the token, under another name or from another site, and nothing can be asked for
// that is outside.
func TestDoor(t *testing.T) {
	k := sample(t)
	const total = "/tables/requests/received/total"
	tests := []struct {
		name, method, path string
		body               any
		change             func(*http.Request)
		want               int
	}{
		{"the list", "GET", "/api/list", nil, nil, 200},
		{"no token", "GET", "/api/list", nil, func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		{"a wrong token", "GET", "/api/list", nil, func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, 401},
		{"a wrong cookie", "GET", "/", nil, func(r *http.Request) {
			r.Header.Del("Authorization")
			r.AddCookie(&http.Cookie{Name: (&desk{Options: Options{Token: token}}).cookie(), Value: "x"})
		}, 401},
		{"a wrong address", "GET", "/?token=x", nil, nil, 401},
		{"the address", "GET", "/?token=" + token, nil, func(r *http.Request) { r.Header.Del("Authorization") }, 303},
		{"another host", "GET", "/api/list", nil, func(r *http.Request) { r.Host = "evil.example:8080" }, 421},
		{"localhost", "GET", "/api/list", nil, func(r *http.Request) { r.Host = "localhost:8080" }, 200},
		{"another site", "POST", "/api/answer", saying("a.docx.json", total, 1, 0), func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		{"a form of another site", "POST", "/api/answer", saying("a.docx.json", total, 1, 0), func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 400},
		{"no such result", "GET", "/api/report?o=none.json", nil, nil, 404},
		{"a way up", "GET", "/api/report?o=../ledger.db", nil, nil, 404},
		{"a way up in a page", "GET", "/api/page?o=..%2F..%2Fetc%2Fpasswd&n=1", nil, nil, 404},
		{"a file of the program", "GET", "/desk.go", nil, nil, 404},
		{"a page of what has none", "GET", "/api/page?o=a.docx.json&n=1", nil, nil, 404},
		{"a crop of nothing", "GET", "/api/crop?o=a.docx.json&path=/x", nil, nil, 404},
		{"an answer to nothing", "POST", "/api/answer", saying("a.docx.json", "/tables/none", 1, 0), nil, 400},
		{"a text for a number", "POST", "/api/answer", saying("a.docx.json", total, "x", 0), nil, 400},
		{"no JSON", "POST", "/api/answer", "{", nil, 400},
		{"more than is known", "POST", "/api/answer", `{"o": "a.docx.json", "evil": 1}`, nil, 400},
		{"a large body", "POST", "/api/answer", strings.Repeat(" ", maxBody+10) + "{}", nil, 413},
		{"another method", "DELETE", "/api/answer", nil, nil, 405},
	}
	for _, x := range tests {
		w := k.ask(x.method, x.path, x.body, x.change)
		if w.Code != x.want {
			t.Errorf("%s: %d, want %d: %.200s", x.name, w.Code, x.want, w.Body)
		}
		if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", x.name, csp)
		}
	}
	if h, err := os.ReadDir(filepath.Join(k.out, answers.Folder)); err == nil && len(h) > 0 {
		t.Errorf("a request that was refused left %v", h)
	}
}

// TestTwoDesks: a browser that has opened the desks of two batches, one after the other, is let in by both.
func TestTwoDesks(t *testing.T) {
	k := sample(t)
	other := New(Options{Book: k.book, Converter: newConverter(t), Token: token + "2"})
	var held []*http.Cookie
	for x, h := range map[string]http.Handler{token: k.handler, token + "2": other} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1:8090/?token="+x, nil))
		held = append(held, w.Result().Cookies()...)
	}
	names := map[string]*http.Cookie{}
	for _, c := range held {
		names[c.Name] = c // as a browser does, for which the host counts and not the port
	}
	for i, h := range []http.Handler{k.handler, other} {
		r := httptest.NewRequest("GET", "http://127.0.0.1:8090/api/list", nil)
		for _, c := range names {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != http.StatusOK {
			t.Errorf("desk %d: %d %s", i+1, w.Code, w.Body)
		}
	}
}

// TestManyAtOnce: a thousand requests at a time are all answered.
func TestManyAtOnce(t *testing.T) {
	k := sample(t)
	var wg sync.WaitGroup
	for i := range 1000 {
		wg.Go(func() {
			if w := k.ask("GET", "/api/list?limit=10", nil, nil); w.Code != http.StatusOK {
				t.Errorf("%d: %d", i, w.Code)
			}
		})
	}
	wg.Wait()
}

// TestNamesAreData: a name that is markup goes out as JSON, typed as such.
func TestNamesAreData(t *testing.T) {
	w := sample(t).ask("GET", "/api/list?kind=failed", nil, nil)
	if ct := w.Header().Get("Content-Type"); !strings.HasPrefix(ct, "application/json") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("sent as %s", ct)
	}
	var l batch.Listing
	if err := json.Unmarshal(w.Body.Bytes(), &l); err != nil || l.Total != 1 || !strings.HasPrefix(l.Items[0].Output, "<img") {
		t.Errorf("%v %+v", err, l)
	}
}

// TestAnswerAndUndo: an answer settles its question, a second person is told, an undo brings the question back.
func TestAnswerAndUndo(t *testing.T) {
	k := sample(t)
	v := k.open(t, "a.docx.json")
	if len(v.Report.Review) == 0 || len(v.Tables) != 3 || len(v.Relations) == 0 {
		t.Fatalf("%d questions, %d tables", len(v.Report.Review), len(v.Tables))
	}
	path := v.Report.Review[0].Path
	before, _ := v.Report.Value(path)
	w := k.ask("POST", "/api/answer", saying("a.docx.json", path, before, 0), nil)
	var after view
	if err := json.Unmarshal(w.Body.Bytes(), &after); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, r := range after.Report.Review {
		if r.Path == path {
			t.Errorf("%s is still asked", path)
		}
	}
	if len(after.History) != 1 || after.History[0].Who != "甲" || after.History[0].When == "" || after.Today != 1 || after.Item.Confirmed != 1 {
		t.Errorf("history %+v, today %d, item %+v", after.History, after.Today, after.Item)
	}
	// Somebody who has not seen it is told, and nothing changes.
	w = k.ask("POST", "/api/answer", saying("a.docx.json", path, 999, 0), nil)
	var second conflict
	if err := json.Unmarshal(w.Body.Bytes(), &second); err != nil || w.Code != http.StatusConflict || second.Code != "conflict" || len(second.View.History) != 1 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	undo := map[string]any{"o": "a.docx.json", "seen": 1, "answers": []any{map[string]any{"path": path, "value": nil, "undo": 1}}}
	if w = k.ask("POST", "/api/answer", undo, nil); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	back := k.open(t, "a.docx.json")
	was, err := json.Marshal([]any{v.Report.Tables, v.Report.Review, v.Report.Checks, v.Report.Cells})
	if err != nil {
		t.Fatal(err)
	}
	is, err := json.Marshal([]any{back.Report.Tables, back.Report.Review, back.Report.Checks, back.Report.Cells})
	if err != nil || !bytes.Equal(was, is) {
		t.Error("taken back, the report is not what it was")
	}
	if back.History[1].Who != "管理员" {
		t.Errorf("who gave no name is %q", back.History[1].Who)
	}
}

// TestAgreement: after an answer, ledger, list and result say the same.
func TestAgreement(t *testing.T) {
	k := sample(t)
	v := k.open(t, "b.docx.json")
	for i, r := range v.Report.Review {
		value, _ := v.Report.Value(r.Path)
		if w := k.ask("POST", "/api/answer", saying("b.docx.json", r.Path, value, i), nil); w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	r, err := batch.Local(k.out).Result("b.docx.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := batch.ReadStatus(k.out)
	if err != nil {
		t.Fatal(err)
	}
	item, err := k.book.Item("b.docx.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Review) != 0 || item.Review != 0 || s.Review != 1 || s.Counts.Confirmed != item.Confirmed || item.Confirmed != len(v.Report.Review) {
		t.Errorf("result %d, list %+v, status %+v", len(r.Review), item, s)
	}
}

// TestAgain: what is in quarantine is tried once more, and comes out when it can be read.
func TestAgain(t *testing.T) {
	k := newCabinet(t, map[string][]byte{"a.docx": []byte("PK\x05\x06" + strings.Repeat("\x00", 18))})
	try := func() (i batch.Item) {
		t.Helper()
		w := k.ask("POST", "/api/again", map[string]any{"o": "a.docx.json"}, nil)
		if err := json.Unmarshal(w.Body.Bytes(), &i); err != nil || w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return i
	}
	if i := try(); i.State != batch.Failed {
		t.Errorf("%+v", i)
	}
	if err := os.WriteFile(filepath.Join(k.in, "a.docx"), broken(1).DOCX(synth.MakeStyle(1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if i := try(); i.State != batch.Done || i.Review == 0 {
		t.Errorf("%+v", i)
	}
}

// TestPictures: pages and cells come from the original, at any place, and the desk says where there is none.
func TestPictures(t *testing.T) {
	r := broken(1)
	k := newCabinet(t, map[string][]byte{"a.pdf": synth.LayOut(r, synth.MakeStyle(1)).PDF()})
	path := k.open(t, "a.pdf.json").Report.Review[0].Path
	for range 2 {
		for _, p := range []string{"/api/page?o=a.pdf.json&n=1", "/api/crop?o=a.pdf.json&path=" + path} {
			if w := k.ask("GET", p, nil, nil); w.Code != 200 || !bytes.HasPrefix(w.Body.Bytes(), []byte("\x89PNG")) {
				t.Errorf("%s: %d %.100s", p, w.Code, w.Body)
			}
		}
	}
	for name, do := range map[string]func() error{
		"changed": func() error { return os.WriteFile(filepath.Join(k.in, "a.pdf"), []byte("%PDF-1.4 other"), 0o644) },
		"moved":   func() error { return os.Remove(filepath.Join(k.in, "a.pdf")) },
	} {
		fresh := New(Options{Book: k.book, Converter: newConverter(t), Token: token})
		if err := do(); err != nil {
			t.Fatal(err)
		}
		k.handler = fresh
		if w := k.ask("GET", "/api/page?o=a.pdf.json&n=2", nil, nil); w.Code != http.StatusGone || !strings.Contains(w.Body.String(), `"code"`) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// TestSource: a format without pages shows its own tables, escaped.
func TestSource(t *testing.T) {
	page := `<html><body><h1>东川区人民政府2024年政府信息公开工作年度报告</h1><table><tr><td>&lt;script&gt;alert(1)&lt;/script&gt;</td></tr></table></body></html>`
	k := newCabinet(t, map[string][]byte{"a.html": []byte(page)})
	w := k.ask("GET", "/api/source?o=a.html.json", nil, nil)
	if w.Code != 200 || !strings.Contains(w.Body.String(), "&lt;script&gt;") || strings.Contains(w.Body.String(), "<script>") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestWordsAreWhole: Chinese and English have the same words.
func TestWordsAreWhole(t *testing.T) {
	b, err := assets.ReadFile("assets/words.js")
	if err != nil {
		t.Fatal(err)
	}
	browser.Words(t, string(b), 60)
}
