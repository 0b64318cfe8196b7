// Package browser drives a headless Chromium for the tests of pages.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromium finds the browser that scripts/setup.sh installs.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("there is no Chromium: scripts/setup.sh installs it")
	}
	t.Skip("there is no Chromium: scripts/setup.sh installs it")
	return ""
}

// Start starts one, without a look at any network but this machine's.
func Start(t *testing.T) context.Context {
	t.Helper()
	o := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), o...)
	t.Cleanup(cancel)
	// A machine that does much else is slow; what never comes ends the test.
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// Do does some things, of which the test is told when one fails.
func Do(t *testing.T, ctx context.Context, what string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// JS gives what a script gives.
func JS[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v
}

// Text is what an element says.
func Text(t *testing.T, ctx context.Context, selector string) string {
	t.Helper()
	return JS[string](t, ctx, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// Until waits until a script gives true.
func Until(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for {
			ok, err := chromedp.Evaluate[bool]("Boolean("+script+")")(ctx, target)
			if ok || err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("%s: %w", script, ctx.Err())
			case <-time.After(30 * time.Millisecond):
			}
		}
	})
}

// Run runs a script for what it does.
func Run(script string) chromedp.Action[chromedp.Void] {
	return Until("(" + script + ", true)")
}

// screens is where screenshots stay after a test, under an ignored folder.
const screens = "screens"

// Shoot keeps a screenshot.
func Shoot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(root(t), screens)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// root is the module's folder, above that of the test.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	t.Fatalf("the module's folder is not found: %v", err)
	return ""
}
