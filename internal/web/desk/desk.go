// Package desk is where people look at a batch in a browser and answer for its numbers: the list of its
// reports, the page beside the official table, and the questions, the most telling first.
//
// It is a handler over an output folder. Whoever has the token may use it, and nobody else: the address that is
// printed has it, the browser keeps it in a cookie that no other site can make it send, and the host that is
// asked for must be this machine. Nothing is loaded from outside.
package desk

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/report"
)

//go:embed assets
var assets embed.FS

// Assets are the files of the desk's pages, some of which other pages share.
func Assets() fs.FS {
	static, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return static
}

// Options of a desk.
type Options struct {
	Book *batch.Book
	// Converter draws pages and cells.
	Converter *nianbao.Converter
	// Again converts one input anew; nil where that is not offered.
	Again func(ctx context.Context, output string) (batch.Item, error)
	// Token must be in the address of the first request. Hosts are the names under which the desk may be asked
	// for, beside those of the loopback interface.
	Token string
	Hosts []string
	// Inside says that whoever serves the desk guards it, and it need not itself.
	Inside bool
	// Who answers where the browser gives no name.
	Who    string
	Logger *slog.Logger
	// Now tells the time of an answer; nil is time.Now.
	Now func() time.Time
}

// desk is the handler.
type desk struct {
	Options
	pictures *pictures
	counts   *dayCount
}

// maxBody bounds a request's body, in bytes: a few answers.
const maxBody = 1 << 20

// New makes the handler of a desk.
func New(o Options) http.Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	d := &desk{Options: o, pictures: newPictures(o.Converter, o.Book), counts: &dayCount{}}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(Assets()))
	mux.HandleFunc("GET /api/list", d.list)
	mux.HandleFunc("GET /api/report", d.report)
	mux.HandleFunc("GET /api/page", d.page)
	mux.HandleFunc("GET /api/crop", d.crop)
	mux.HandleFunc("GET /api/source", d.source)
	mux.HandleFunc("POST /api/answer", d.answer)
	mux.HandleFunc("POST /api/again", d.again)
	bounded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		mux.ServeHTTP(w, r)
	})
	if o.Inside {
		return bounded
	}
	return d.guarded(bounded)
}

// cookie is the name under which a browser keeps the token. Browsers tell no ports apart: with one name for all, the desk of a second
// batch would shut out the first.
func (d *desk) cookie() string {
	sum := sha256.Sum256([]byte(d.Token))
	return "nianbao-" + hex.EncodeToString(sum[:4])
}

// guarded lets in who has the token, asks under a name of this machine and comes from no other site.
func (d *desk) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !d.ours(r.Host) {
			refuse(w, http.StatusMisdirectedRequest, "host", "this address is not the desk's")
			return
		}
		if o := r.Header.Get("Origin"); o != "" && o != "http://"+r.Host && o != "https://"+r.Host {
			refuse(w, http.StatusForbidden, "origin", "another site may not ask")
			return
		}
		if t := r.URL.Query().Get("token"); t != "" && r.Method == http.MethodGet {
			if !d.is(t) {
				refuse(w, http.StatusUnauthorized, "token", "the token is wrong: use the address that nianbao review printed")
				return
			}
			// Without a path, the cookie is that of the folder under which the desk is served.
			http.SetCookie(w, &http.Cookie{Name: d.cookie(), Value: t, HttpOnly: true, SameSite: http.SameSiteStrictMode})
			// The token does not stay in the address, where it would be seen and kept.
			w.Header().Set("Location", "./")
			w.WriteHeader(http.StatusSeeOther)
			return
		}
		c, err := r.Cookie(d.cookie())
		if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && d.is(bearer) {
			err = nil
		} else if err == nil && !d.is(c.Value) {
			err = http.ErrNoCookie
		}
		if err != nil {
			refuse(w, http.StatusUnauthorized, "token", "open the address that nianbao review printed: it has the token")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (d *desk) is(token string) bool {
	return d.Token != "" && subtle.ConstantTimeCompare([]byte(token), []byte(d.Token)) == 1
}

// ours says that a host is a name of the loopback interface or one of those that were given.
func (d *desk) ours(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	if ip := net.ParseIP(strings.Trim(name, "[]")); ip != nil && ip.IsLoopback() {
		return true
	}
	return name == "localhost" || slices.Contains(d.Hosts, name)
}

// problem is an error as the browser gets it (RFC 9457).
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func refuse(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(problem{status, code, detail}) // nobody listens any more
}

// fail answers with an error.
func (d *desk) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, code := http.StatusInternalServerError, "failed"
	var large *http.MaxBytesError
	switch {
	case errors.Is(err, batch.ErrNoItem), errors.Is(err, fs.ErrNotExist) && !errors.Is(err, batch.ErrMoved):
		status, code = http.StatusNotFound, "no_result"
	case errors.Is(err, batch.ErrMoved):
		status, code = http.StatusGone, "moved"
	case errors.Is(err, nianbao.ErrChanged):
		status, code = http.StatusGone, "changed"
	case errors.Is(err, nianbao.ErrNoPages), errors.Is(err, nianbao.ErrNoPlace):
		status, code = http.StatusNotFound, "no_pages"
	case errors.Is(err, batch.ErrLocked):
		status, code = http.StatusLocked, "locked"
	case errors.As(err, &large):
		status, code = http.StatusRequestEntityTooLarge, "too_large"
	case errors.Is(err, errWrong):
		status, code = http.StatusBadRequest, "wrong"
	case errors.Is(err, context.Canceled):
		return
	default:
		d.Logger.ErrorContext(r.Context(), err.Error(), "path", r.URL.Path)
	}
	refuse(w, status, code, err.Error())
}

// errWrong is a request that makes no sense.
var errWrong = errors.New("wrong request")

func (d *desk) send(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // nobody listens any more
}

func (d *desk) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	l, err := d.Book.List(batch.Wanted{Text: q.Get("q"), Kind: q.Get("kind"), Sort: q.Get("sort"), Offset: number(q, "offset", 0), Limit: min(number(q, "limit", 50), 200)})
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.send(w, struct {
		batch.Listing
		Who   string `json:"who"`
		Today int    `json:"today"`
		Again bool   `json:"again"`
	}{l, d.Who, d.counts.today(d.Book.Answers(), d.Now()), d.Again != nil})
}

func number(q url.Values, name string, otherwise int) int {
	var n int
	if _, err := fmt.Sscanf(q.Get(name), "%d", &n); err != nil {
		return otherwise
	}
	return n
}

// view is a report as the desk shows it.
type view struct {
	Item   batch.Item     `json:"item"`
	Report *report.Report `json:"report"`
	// Tables are the form's tables that the report has, in its order.
	Tables []form.Table `json:"tables"`
	// Relations are their equations, in words, for the checks with the same rule and scope.
	Relations []relation `json:"relations"`
	// History is what was said, without what stood there before; its length is what the browser has seen.
	History []said `json:"history"`
	Today   int    `json:"today"`
}

type relation struct {
	Rule  string `json:"rule"`
	Words string `json:"words"`
}

type said struct {
	N int `json:"n"`
	report.Patch
	Undo int `json:"undo,omitempty"`
}

func (d *desk) report(w http.ResponseWriter, r *http.Request) {
	output := r.URL.Query().Get("o")
	item, err := d.Book.Item(output)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	rep, err := d.Book.Result(item.Output)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	h, err := d.Book.Answers().Load(rep.Source.SHA256)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.send(w, d.view(item, rep, h))
}

func (d *desk) view(item batch.Item, rep *report.Report, h *answers.History) view {
	v := view{Item: item, Report: rep, Tables: []form.Table{}, Relations: []relation{}, History: []said{}, Today: d.counts.today(d.Book.Answers(), d.Now())}
	rules := map[string]bool{}
	for _, key := range rep.Tables.Keys {
		t := d.Book.Forms.Table(rep.Forms[key], key)
		if t == nil {
			continue
		}
		v.Tables = append(v.Tables, *t)
		for _, e := range t.Equations {
			if e.Words != "" && !rules[e.Rule] {
				rules[e.Rule] = true
				v.Relations = append(v.Relations, relation{e.Rule, e.Words})
			}
		}
	}
	for _, e := range h.Entries {
		v.History = append(v.History, said{e.N, e.Patch, e.Undo})
	}
	return v
}

// answering is what the browser sends: answers or undos, and how much of the history it has seen.
type answering struct {
	Output  string `json:"o"`
	Seen    int    `json:"seen"`
	Who     string `json:"who"`
	Answers []struct {
		Path  string       `json:"path"`
		Value report.Value `json:"value"`
		Note  string       `json:"note"`
		Undo  int          `json:"undo"`
	} `json:"answers"`
}

// conflict is the answer to who comes second.
type conflict struct {
	problem
	View view `json:"view"`
}

func (d *desk) answer(w http.ResponseWriter, r *http.Request) {
	var in answering
	if err := decode(r, &in); err != nil {
		d.fail(w, r, err)
		return
	}
	item, err := d.Book.Item(in.Output)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	now := d.Now()
	var entries []answers.Entry
	for _, a := range in.Answers {
		who := strings.TrimSpace(in.Who)
		if who == "" {
			who = d.Who
		}
		entries = append(entries, answers.Entry{
			Patch: report.Patch{Path: a.Path, Value: a.Value, Note: a.Note, Who: who, When: now.Format(time.RFC3339)}, Undo: a.Undo,
		})
	}
	rep, h, err := d.Book.Answer(item.Output, d.Book.Forms, max(in.Seen, 0), entries...)
	switch {
	case errors.Is(err, answers.ErrConflict):
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusConflict)
		_ = json.NewEncoder(w).Encode(conflict{problem{http.StatusConflict, "conflict", err.Error()}, d.view(item, rep, h)}) // nobody listens any more
		return
	case errors.Is(err, check.ErrUnfit):
		err = fmt.Errorf("%w: %w", errWrong, err)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.counts.add(now, len(entries))
	if item, err = d.Book.Item(item.Output); err != nil {
		d.fail(w, r, err)
		return
	}
	d.send(w, d.view(item, rep, h))
}

func decode(r *http.Request, v any) error {
	if t := r.Header.Get("Content-Type"); !strings.HasPrefix(t, "application/json") {
		return fmt.Errorf("%w: the body must be application/json", errWrong)
	}
	j := json.NewDecoder(r.Body)
	j.DisallowUnknownFields()
	if err := j.Decode(v); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return err
		}
		return fmt.Errorf("%w: %w", errWrong, err)
	}
	return nil
}

func (d *desk) again(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Output string `json:"o"`
	}
	if err := decode(r, &in); err != nil {
		d.fail(w, r, err)
		return
	}
	if d.Again == nil {
		d.fail(w, r, fmt.Errorf("%w: nothing can be converted here", errWrong))
		return
	}
	item, err := d.Again(r.Context(), in.Output)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.send(w, item)
}
