package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestServeAsks: beyond this machine there is a token or no service, and secrets come from files and variables.
func TestServeAsks(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, x := range []struct {
		name string
		args []string
		want string
	}{
		{"beyond without a token", []string{"--listen", ":0"}, "--token-file"},
		{"an address of another", []string{"--listen", "192.0.2.1:0"}, "--token-file"},
		{"a short token", []string{"--token-file", file("short", "abc")}, "16"},
		{"no file", []string{"--token-file", filepath.Join(dir, "none")}, "no such file"},
		{"a token with a blank", []string{"--token-file", file("blank", "abcdefgh abcdefgh")}, "header"},
		{"a webhook without a secret", []string{"--webhook", "https://example.org/"}, "secret"},
		{"a webhook that is no address", []string{"--webhook", "file:///etc/passwd"}, "web server"},
		{"no processes", []string{"--jobs", "0"}, "--jobs"},
		{"no port", []string{"--listen", "127.0.0.1"}, "--listen"},
		{"no such flag", []string{"--token", "x"}, "unknown flag"},
	} {
		args := append([]string{"serve", "--state", dir}, x.args...)
		if _, stderr, status := inProcess(t, "", args...); status != exitUsage || !strings.Contains(stderr, x.want) {
			t.Errorf("%s: exit %d: %s", x.name, status, stderr)
		}
	}
}

// TestServe: the command serves, and ends when it is told to.
func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	var said bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--state", t.TempDir(), "-j", "1"}, &env{stdin: strings.NewReader(""), stdout: w, stderr: &said, getenv: func(name string) string {
			return map[string]string{tokenVariable: "a-token-of-the-tests"}[name]
		}})
		_ = w.Close()
	}()
	address, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		cancel()
		t.Fatalf("exit %d: %v: %s", <-ended, err, said.String())
	}
	address = strings.TrimSpace(address)
	data, err := os.ReadFile(samples + "county_2021form.docx")
	if err != nil {
		t.Fatal(err)
	}
	q, err := http.NewRequest("POST", address+"v1/convert?name=county_2021form.docx", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer a-token-of-the-tests")
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(a.Body)
	_ = a.Body.Close()
	want, _, _ := inProcess(t, "", "convert", "--no-review-exit", samples+"county_2021form.docx")
	if err != nil || a.StatusCode != 200 || string(got) != want {
		t.Errorf("%s %v, not as by convert: %.200s", a.Status, err, got)
	}
	cancel()
	if status := <-ended; status != exitOK {
		t.Errorf("exit %d", status)
	}
	if !strings.Contains(said.String(), "locked in") {
		t.Errorf("the log does not say how workers are locked in: %s", said.String())
	}
}

// TestVersionSecurity: the locks are named, each with what it means.
func TestVersionSecurity(t *testing.T) {
	out, _, status := inProcess(t, "", "version", "--security")
	if status != exitOK || !strings.Contains(out, "hold") && !strings.Contains(out, "HOLD") || strings.Count(out, "\n") < 1 {
		t.Errorf("exit %d: %s", status, out)
	}
}
