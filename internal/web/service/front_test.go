package service

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/internal/dev/browser"
	"github.com/nianbao/nianbao/internal/web/desk"
)

// shownFront is a service with a browser that stands on its front page.
func shownFront(t *testing.T, change func(*Options)) (s *Service, address string, ctx context.Context) {
	t.Helper()
	ctx = browser.Start(t)
	s = newService(t, change)
	host, _ := listening(t, s)
	address = "http://" + host
	// What the policy stops, the page counts.
	browser.Do(t, ctx, "open", chromedp.EmulateViewport(1280, 800), chromedp.Navigate(address+"/"), chromedp.WaitVisible(chromedp.CSS(".drop, .enter")),
		browser.Run(`(window.stopped = 0, addEventListener("securitypolicyviolation", () => window.stopped++))`))
	return s, address, ctx
}

// files writes documents to send, and gives their paths.
func files(t *testing.T, content map[string][]byte, names ...string) (out []string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, content[name], 0o644); err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

// TestFrontPage: a fax is dropped, watched, seen beside its table, and taken away as a workbook; then it is removed.
func TestFrontPage(t *testing.T) {
	fax, err := os.ReadFile("../../../testdata/reports/broken_2021form.fax.tif")
	if err != nil {
		t.Fatal(err)
	}
	content := map[string][]byte{"传真.tif": fax, "<img src=x onerror=alert(1)>.docx": docx(2), "坏.pdf": []byte("PK\x03\x04 no archive")}
	s, address, ctx := shownFront(t, nil)
	browser.Do(t, ctx, "send", chromedp.SetUploadFiles(chromedp.CSS("#files"), files(t, content, "传真.tif", "<img src=x onerror=alert(1)>.docx", "坏.pdf")),
		browser.Until(`document.querySelectorAll(".doc").length === 3`))
	browser.Do(t, ctx, "read", browser.Until(`document.querySelectorAll(".doc a.name").length === 2 && document.querySelectorAll(".doc .why").length === 1`))
	browser.Shoot(t, ctx, "front-list")
	if n := browser.JS[int](t, ctx, `document.querySelectorAll(".doc img").length`); n > 0 {
		t.Error("a name is taken for markup")
	}
	browser.Do(t, ctx, "look", browser.Run(`[...document.querySelectorAll(".doc a.name")].find(a => a.textContent === "传真.tif").click()`), chromedp.WaitVisible(chromedp.CSS(".box.now")),
		browser.Until(`document.querySelector(".sheet img").complete && document.querySelector(".sheet img").naturalWidth > 500`))
	browser.Shoot(t, ctx, "front-reading")
	if text := browser.Text(t, ctx, ".ask"); !strings.Contains(text, "≠") || !strings.Contains(text, "2 式不符") || !strings.Contains(text, "原文本身勾稽不符") {
		t.Errorf("the sum that fails is not shown: %s", text)
	}
	if n := browser.JS[int](t, ctx, `[...document.querySelectorAll(".official td button")].filter(b => b.textContent !== "").length`); n < 150 {
		t.Errorf("only %d numbers are shown", n)
	}
	// Pointing at a value lights its place, and the other way round.
	browser.Do(t, ctx, "point", browser.Run(`document.querySelector(".official td.now").dispatchEvent(new Event("mouseenter"))`), browser.Until(`document.querySelectorAll(".box.at").length === 1`))
	for _, kind := range []string{"XLSX", "CSV", "JSON"} {
		// The browser keeps what is made an address of; here it is looked at.
		browser.Do(t, ctx, kind, browser.Run(`(window.taken = null, URL.createObjectURL = b => { b.arrayBuffer().then(x => { window.taken = btoa(new Uint8Array(x).reduce((s, c) => s + String.fromCharCode(c), "")); }); return "#/"+location.hash.slice(2); })`),
			browser.Run(`[...document.querySelectorAll(".take button")].find(b => b.textContent === "`+kind+`").click()`), browser.Until(`window.taken`))
		b, err := base64.StdEncoding.DecodeString(browser.JS[string](t, ctx, `window.taken`))
		if err != nil {
			t.Fatal(err)
		}
		switch kind {
		case "XLSX":
			f, err := excelize.OpenReader(bytes.NewReader(b))
			if err != nil || len(f.GetSheetList()) < 2 {
				t.Errorf("%s: %v", kind, err)
			}
		case "CSV":
			if !bytes.HasPrefix(b, []byte("\ufeff")) || !bytes.Contains(b, []byte("传真.tif")) {
				t.Errorf("%s: %.200s", kind, b)
			}
		case "JSON":
			if !bytes.HasPrefix(b, []byte("{\n  \"schema\"")) {
				t.Errorf("%s: %.200s", kind, b)
			}
		}
	}
	browser.Do(t, ctx, "reload", chromedp.Navigate(address+"/"), browser.Until(`document.querySelectorAll(".doc").length === 3`),
		browser.Run(`[...document.querySelectorAll(".doc button")].forEach(b => b.click())`), browser.Until(`document.querySelectorAll(".doc").length === 0`))
	leftNothing(t, s, "传真")
	for _, e := range browser.JS[[]string](t, ctx, `performance.getEntriesByType("resource").map(e => e.name)`) {
		if !strings.HasPrefix(e, address+"/") {
			t.Errorf("loaded %s", e)
		}
	}
	if n := browser.JS[int](t, ctx, `window.stopped ?? 0`); n > 0 {
		t.Errorf("the policy stopped %d things", n)
	}
}

// TestFrontAtEveryWidth: nothing runs out of the window, in both languages, and a document without pages shows its own
// tables.
func TestFrontAtEveryWidth(t *testing.T) {
	_, _, ctx := shownFront(t, nil)
	browser.Do(t, ctx, "send", chromedp.SetUploadFiles(chromedp.CSS("#files"), files(t, map[string][]byte{"a.docx": docx(1), "b.pdf": pdf(2)}, "a.docx", "b.pdf")), browser.Until(`document.querySelectorAll(".doc a.name").length === 2`))
	places := append([]string{"#/"}, browser.JS[[]string](t, ctx, `[...document.querySelectorAll(".doc a.name")].map(a => a.getAttribute("href"))`)...)
	for i, place := range places {
		for _, width := range []int64{375, 1280, 2560} {
			browser.Do(t, ctx, place, chromedp.EmulateViewport(width, 800), browser.Run(`location.hash = "`+place+`"`), chromedp.WaitVisible(chromedp.CSS(map[bool]string{true: ".drop", false: ".ask h2"}[i == 0])), browser.Until(`!document.querySelector(".source")?.textContent.includes("…")`))
			if wide := browser.JS[int64](t, ctx, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s is %d pixels wide in a window of %d", place, wide, width)
			}
			browser.Shoot(t, ctx, fmt.Sprintf("front-%d-%d", i, width))
		}
	}
	browser.Do(t, ctx, "English", chromedp.Click(chromedp.CSS("#lang")), browser.Until(`document.documentElement.lang === "en"`), browser.Until(`document.querySelector(".ask")?.textContent.includes("sums hold")`))
	browser.Do(t, ctx, "back by keyboard", chromedp.Focus(chromedp.CSS("#home")), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(".drop")))
	if !strings.Contains(browser.Text(t, ctx, ".drop"), "Drop reports here") {
		t.Error("not in English")
	}
	axe, err := os.ReadFile("../desk/testdata/axe/package/axe.min.js")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("there is no axe-core: scripts/axe.sh fetches it: %v", err)
		}
		t.Log("there is no axe-core: scripts/axe.sh fetches it")
		return
	}
	for _, place := range places {
		browser.Do(t, ctx, place, chromedp.EmulateViewport(1280, 800), browser.Run(`location.hash = "`+place+`"`), chromedp.WaitVisible(chromedp.CSS(".drop, .ask h2")))
		if _, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[chromedp.Void](string(axe))); err != nil {
			t.Fatal(err)
		}
		found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(document, { resultTypes: ["violations"] }).then(r => r.violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 3).join(", ")))`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range found {
			t.Errorf("%s: %s", place, v)
		}
	}
}

// TestEnterWithToken: a browser without the token gets a form for it, and nothing else.
func TestEnterWithToken(t *testing.T) {
	_, _, ctx := shownFront(t, func(o *Options) { o.Token = token })
	browser.Do(t, ctx, "a wrong one", browser.Run(`window.before = true`), chromedp.SendKeys(chromedp.CSS("#token"), "wrong"+kb.Enter), browser.Until(`!window.before && document.readyState === "complete" && document.querySelector(".enter")`))
	browser.Shoot(t, ctx, "front-enter")
	browser.Do(t, ctx, "the right one", chromedp.SendKeys(chromedp.CSS("#token"), token+kb.Enter), chromedp.WaitVisible(chromedp.CSS(".drop")))
}

// TestDeskUnderTheRoof: the review desk of a batch is served beside the API, to who has the token.
func TestDeskUnderTheRoof(t *testing.T) {
	s := newService(t, func(o *Options) { o.Token, o.Desk = token, desk.New(desk.Options{Inside: true}) })
	if w := ask(s, "GET", "/desk/", nil, nil); w.Code != 401 {
		t.Errorf("without the token: %d", w.Code)
	}
	if w := ask(s, "GET", "/desk/api/list", nil, nil); w.Code != 401 {
		t.Errorf("without the token: %d", w.Code)
	}
	w := ask(s, "GET", "/desk/", nil, with("Authorization", "Bearer "+token))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "年报核对台") {
		t.Errorf("%d %.100s", w.Code, w.Body)
	}
	// Without a token of the service, the desk asks for its own.
	s = newService(t, func(o *Options) { o.Desk = desk.New(desk.Options{Token: token}) })
	if w := ask(s, "GET", "/desk/", nil, nil); w.Code != 401 {
		t.Errorf("without the desk's token: %d", w.Code)
	}
	server := httptest.NewServer(s)
	defer server.Close()
	r, err := server.Client().Do(must(http.NewRequest("GET", server.URL+"/desk/?token="+token, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.Request.URL.Path != "/desk/" || r.Request.URL.RawQuery != "" {
		t.Errorf("led to %s", r.Request.URL)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestWordsAreWhole: Chinese and English have the same words.
func TestWordsAreWhole(t *testing.T) {
	b, err := assets.ReadFile("assets/words.js")
	if err != nil {
		t.Fatal(err)
	}
	browser.Words(t, string(b), 20)
}
