package desk

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/nianbao/nianbao/internal/dev/browser"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/run/answers"
)

// left is how many questions a report has left, as the page says.
const left = `Number(document.querySelector(".left b")?.textContent ?? 0)`

// shownDesk serves a cabinet to a browser that stands on its list.
func shownDesk(t *testing.T, files map[string][]byte) (*cabinet, *httptest.Server, context.Context) {
	t.Helper()
	ctx := browser.Start(t)
	k := newCabinet(t, files)
	server := httptest.NewServer(k.handler)
	t.Cleanup(server.Close)
	browser.Do(t, ctx, "open", chromedp.EmulateViewport(1280, 800), chromedp.Navigate(server.URL+"/?token="+token), chromedp.WaitVisible(chromedp.CSS(".row")), browser.Until(`document.activeElement.classList.contains("row")`))
	return k, server, ctx
}

func pdfs(seeds ...uint64) map[string][]byte {
	out := map[string][]byte{}
	for _, s := range seeds {
		out[fmt.Sprintf("%d.pdf", s)] = synth.LayOut(broken(s), synth.MakeStyle(s)).PDF()
	}
	return out
}

// TestDeskByKeyboard: two keys from the list to the first answer; a sum turns, an undo turns it back, and what was
// answered is there after a reload.
func TestDeskByKeyboard(t *testing.T) {
	k, _, ctx := shownDesk(t, pdfs(1))
	browser.Do(t, ctx, "first key", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(".ask h2")), chromedp.WaitVisible(chromedp.CSS(".box.now")),
		browser.Until(`document.querySelector(".sheet img").complete && document.querySelector(".sheet img").naturalWidth > 500`))
	browser.Shoot(t, ctx, "desk-1280")
	browser.Do(t, ctx, "point", browser.Run(`document.querySelector(".official td.now").dispatchEvent(new Event("mouseenter"))`), browser.Until(`document.querySelectorAll(".box.at").length === 1`))
	v := k.open(t, "1.pdf.json")
	before := browser.JS[int](t, ctx, left)
	if before != len(v.Report.Review) {
		t.Errorf("%d left, the review has %d", before, len(v.Report.Review))
	}
	if !strings.Contains(browser.Text(t, ctx, ".ask .sums"), "≠") {
		t.Errorf("the sum that fails is not shown: %s", browser.Text(t, ctx, ".ask"))
	}
	browser.Do(t, ctx, "second key", chromedp.KeyEvent(kb.Enter), browser.Until(fmt.Sprintf("!document.querySelector('.ask h2') || %s < %d || document.querySelector('.done')", left, before)))
	h, err := answers.InOutput(k.out).Load(v.Item.Hash)
	if err != nil || len(h.Entries) != 1 || h.Entries[0].Note != "原文如此" {
		t.Fatalf("%v %+v", err, h)
	}
	browser.Do(t, ctx, "undo", chromedp.KeyEvent("u"), browser.Until(fmt.Sprintf("%s === %d", left, before)))
	if h, err = answers.InOutput(k.out).Load(v.Item.Hash); err != nil || len(h.Current()) != 0 {
		t.Errorf("after u: %v %+v", err, h.Current())
	}
	// The number that the sums ask for makes them hold. Typed as a person would, in the field.
	path := v.Report.Review[0].Path
	value, _ := v.Report.Value(path)
	if value.Number == nil {
		t.Fatalf("%s has no number", path)
	}
	diff := ""
	for _, c := range v.Report.Checks {
		last := len(c.Cells) - 1
		switch {
		case c.Status != "fail" || c.Relation != "=" || !slices.Contains(c.Cells, path):
		case c.Cells[last] == path:
			diff = c.Left.String()
		default:
			diff = value.Number.Add(c.Right.Sub(c.Left.Decimal)).String()
		}
	}
	if diff != "" {
		browser.Do(t, ctx, "another number", chromedp.KeyEvent("n"), browser.Until(`document.activeElement.tagName === "INPUT"`),
			browser.Run(`document.activeElement.value = ""`), // the driver sends the letter, too, which a keyboard does not
			chromedp.SendKeys(chromedp.CSS(".choices input"), diff+kb.Enter))
		browser.Do(t, ctx, "saved", browser.Until(`document.querySelector("#notice").textContent === "已保存：`+diff+`"`))
		now := k.open(t, "1.pdf.json")
		fails := func(v view) (n int) {
			for _, c := range v.Report.Checks {
				if c.Status == "fail" {
					n++
				}
			}
			return n
		}
		if fails(now) >= fails(v) {
			t.Errorf("%d sums fail after %s = %s, %d before", fails(now), path, diff, fails(v))
		}
	}
	count := len(k.open(t, "1.pdf.json").History)
	browser.Do(t, ctx, "reload", chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS(".ask")))
	if got := len(k.open(t, "1.pdf.json").History); got != count {
		t.Errorf("after a reload the history has %d entries, %d before", got, count)
	}
	browser.Do(t, ctx, "back", browser.Run(`location.hash = "#/"`), chromedp.WaitVisible(chromedp.CSS(".list")))
}

// typed puts a number into the field and sends it, in a window that need not be in front.
func typed(number string) chromedp.Action[chromedp.Void] {
	return browser.Run(`(f => { f.querySelector("input").value = "` + number + `"; f.requestSubmit(); })(document.querySelector(".choices form"))`)
}

// TestDeskOfTwo: who comes second is shown what the first did, and overwrites nothing.
func TestDeskOfTwo(t *testing.T) {
	k, server, one := shownDesk(t, pdfs(2))
	two, cancel := chromedp.NewContext(one)
	defer cancel()
	browser.Do(t, one, "one opens", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(".ask h2")))
	browser.Do(t, two, "two opens", chromedp.Navigate(server.URL+"/?token="+token), chromedp.WaitVisible(chromedp.CSS(".row")), browser.Until(`document.activeElement.classList.contains("row")`), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(".ask h2")))
	path := k.open(t, "2.pdf.json").Report.Review[0].Path
	browser.Do(t, one, "one answers", typed("777"), browser.Until(`document.querySelector("#notice").textContent.includes("777")`))
	browser.Do(t, two, "two answers", typed("888"), browser.Until(`document.querySelector("#notice").textContent.includes("777")`))
	v := k.open(t, "2.pdf.json")
	if value, _ := v.Report.Value(path); value.Number == nil || value.Number.String() != "777" || len(v.History) != 1 {
		t.Errorf("%v, %+v", value.Number, v.History)
	}
}

// TestDeskOutlivesItsServer: an answer that nobody kept is said not to be saved.
func TestDeskOutlivesItsServer(t *testing.T) {
	k, server, ctx := shownDesk(t, pdfs(3))
	browser.Do(t, ctx, "open", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(".ask h2")))
	server.CloseClientConnections()
	server.Close()
	browser.Do(t, ctx, "answer", chromedp.KeyEvent(kb.Enter), browser.Until(`document.querySelector("#notice").textContent.includes("没有保存")`))
	if _, err := os.Stat(filepath.Join(k.out, answers.Folder)); err == nil {
		t.Error("something was kept")
	}
}

// TestDeskAtEveryWidth: nothing runs out of the window, on a telephone, a notebook or a large screen, in both languages.
func TestDeskAtEveryWidth(t *testing.T) {
	files := pdfs(4)
	files["docx.docx"] = broken(5).DOCX(synth.MakeStyle(5))
	_, _, ctx := shownDesk(t, files)
	for _, width := range []int64{375, 1280, 2560} {
		for _, place := range []string{"#/", "#/r/4.pdf.json", "#/r/docx.docx.json"} {
			browser.Do(t, ctx, place, chromedp.EmulateViewport(width, 800), browser.Run(`location.hash = "`+place+`"`), chromedp.WaitVisible(chromedp.CSS(".row, .ask h2")), chromedp.Sleep(300*time.Millisecond))
			if wide := browser.JS[int64](t, ctx, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s is %d pixels wide in a window of %d", place, wide, width)
			}
			browser.Shoot(t, ctx, fmt.Sprintf("width-%d-%s", width, strings.NewReplacer("#/", "", "/", "-").Replace(place)+"x"))
		}
	}
	browser.Do(t, ctx, "English", chromedp.Click(chromedp.CSS("#lang")), browser.Until(`document.documentElement.lang === "en"`), chromedp.WaitVisible(chromedp.CSS(".ask h2, .row")))
	if s := browser.Text(t, ctx, "header"); !strings.Contains(s, "nianbao review") {
		t.Errorf("in English: %s", s)
	}
}

// TestDeskLoadsNothingFromOutside: all that a page asks for is the desk's own, and its policy stops nothing of it.
func TestDeskLoadsNothingFromOutside(t *testing.T) {
	files := pdfs(6)
	files["<img src=x onerror=alert(1)>.pdf"] = []byte("PK\x05\x06" + strings.Repeat("\x00", 18))
	_, server, ctx := shownDesk(t, files)
	browser.Do(t, ctx, "all", browser.Run(`document.querySelectorAll(".kinds button")[0].click()`), browser.Until(`document.querySelectorAll(".row").length === 2`),
		browser.Until(`document.querySelectorAll(".row img").length === 0`),
		browser.Run(`location.hash = "#/r/6.pdf.json"`), chromedp.WaitVisible(chromedp.CSS(".box.now")))
	seen := browser.JS[[]string](t, ctx, `performance.getEntriesByType("resource").map(e => e.name)`)
	for _, s := range seen {
		if !strings.HasPrefix(s, server.URL+"/") {
			t.Errorf("loaded %s", s)
		}
	}
	if len(seen) < 5 {
		t.Errorf("only %v", seen)
	}
}

// TestDeskIsAccessible: axe-core finds nothing to object to in the list and on the desk, in either width.
func TestDeskIsAccessible(t *testing.T) {
	axe, err := os.ReadFile("testdata/axe/package/axe.min.js")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("there is no axe-core: scripts/axe.sh fetches it: %v", err)
		}
		t.Skip("there is no axe-core: scripts/axe.sh fetches it")
	}
	files := pdfs(7)
	files["docx.docx"] = broken(8).DOCX(synth.MakeStyle(8))
	_, _, ctx := shownDesk(t, files)
	for _, width := range []int64{375, 1280} {
		for _, place := range []string{"#/", "#/r/7.pdf.json", "#/r/docx.docx.json"} {
			browser.Do(t, ctx, place, chromedp.EmulateViewport(width, 800), browser.Run(`location.hash = "`+place+`"`), chromedp.WaitVisible(chromedp.CSS(".row, .ask h2")), chromedp.Sleep(500*time.Millisecond))
			if _, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[chromedp.Void](string(axe))); err != nil {
				t.Fatal(err)
			}
			found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(document, { resultTypes: ["violations"] }).then(r => r.violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 3).join(", ")))`, chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range found {
				t.Errorf("%s at %d pixels: %s", place, width, v)
			}
		}
	}
}

// TestDeskByTab: everything that a mouse reaches, the keyboard reaches, and one sees where it is.
func TestDeskByTab(t *testing.T) {
	_, _, ctx := shownDesk(t, pdfs(9))
	browser.Do(t, ctx, "open", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(".ask h2")))
	seen := map[string]bool{}
	for range 45 {
		browser.Do(t, ctx, "tab", chromedp.KeyEvent(kb.Tab))
		at := browser.JS[[]string](t, ctx, `(e => [e.textContent.trim() || e.ariaLabel || e.id || e.tagName, getComputedStyle(e).outlineStyle])(document.activeElement)`)
		seen[at[0]] = true
		if at[1] == "none" && at[0] != "BODY" && !strings.HasPrefix(at[0], "/tables/") && len(at[0]) < 40 {
			t.Errorf("%q has the focus and does not show it", at[0])
		}
	}
	for _, want := range []string{"保存", "按键", "适合宽度", "原件空白", "年报核对台", "English"} {
		found := false
		for s := range seen {
			found = found || strings.Contains(s, want)
		}
		if !found {
			t.Errorf("the keyboard does not reach %q: %v", want, seen)
		}
	}
}
