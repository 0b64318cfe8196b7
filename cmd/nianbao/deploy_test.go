//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.yaml.in/yaml/v3"

	"github.com/nianbao/nianbao/internal/dev/servers"
)

// composed is what the tests start of a service of compose.yaml.
type composed struct {
	Image       string
	Command     []string
	Environment map[string]string
	Secrets     []string
}

// TestCompose runs the commands of deploy/compose.yaml, as it names them, on this machine: only names of hosts, ports and
// folders are those of the test.
func TestCompose(t *testing.T) {
	ui := servers.Program(t, "riverui")
	db := servers.Database(t, "fsync=off")
	text, err := os.ReadFile("../../deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]composed
		Secrets  map[string]struct{ File string }
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	in, out, token := cabinet(t), filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte(strings.Repeat("t", 40)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	port := map[string]string{"service": free(t), "ui": free(t)}
	_, address, _ := strings.Cut(db.URL, "@")
	here := strings.NewReplacer("postgres:5432/nianbao", address, "/in", in, "/out", out, "/run/secrets/token", token, "/state", t.TempDir(),
		"${POSTGRES_PASSWORD:?set it in .env}", "x", "0.0.0.0:8080", "127.0.0.1:"+port["service"])
	start := func(name string, program ...string) *exec.Cmd {
		s, ok := file.Services[name]
		if !ok {
			t.Fatalf("compose.yaml has no service %s", name)
		}
		var args []string
		for _, a := range s.Command {
			args = append(args, here.Replace(a))
		}
		cmd := exec.Command(program[0], append(program[1:], args...)...)
		cmd.Env = append(os.Environ(), "PORT="+port[name])
		for k, v := range s.Environment {
			if k != "PORT" {
				cmd.Env = append(cmd.Env, k+"="+here.Replace(v))
			}
		}
		cmd.Stderr = &bytes.Buffer{}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	for name, s := range file.Services {
		switch {
		case name == "postgres", name == "ui" && strings.HasPrefix(s.Image, "ghcr.io/riverqueue/riverui:0.22"):
		case s.Image != "nianbao:slim":
			t.Errorf("service %s has the image %q", name, s.Image)
		}
	}
	self := "/proc/self/exe"
	running := []*exec.Cmd{start("service", self)}
	defer func() {
		for _, c := range running {
			_ = c.Process.Signal(os.Interrupt) // it may have ended
		}
		for _, c := range running {
			_ = c.Wait() // they are interrupted
		}
	}()
	bearer := strings.Repeat("t", 40)
	soon(t, func() error { return responds(port["service"], "/healthz", "", http.StatusOK, "") })
	soon(t, func() error {
		return responds(port["service"], "/desk/api/list", bearer, http.StatusServiceUnavailable, "nothing has been submitted")
	})
	if cmd := start("submit", self); cmd.Wait() != nil {
		t.Fatalf("submit: %s", cmd.Stderr)
	}
	running = append(running, start("worker", self), start("worker", self), start("ui", ui))
	soon(t, func() error {
		stdout, stderr, _ := inProcess(t, "", "status", db.URL)
		if !strings.Contains(stdout, "0 waiting, 0 being converted") || strings.Count(stdout, "working, 2 at a time") != 2 {
			return fmt.Errorf("%s%s", stdout, stderr)
		}
		return nil
	})
	if got := len(contents(t, filepath.Join(out, "json"))); got != 3 {
		t.Errorf("%d results, want 3", got)
	}
	soon(t, func() error { return responds(port["service"], "/desk/api/list", bearer, http.StatusOK, `"total":5`) })
	soon(t, func() error { return responds(port["service"], "/desk/", "", http.StatusUnauthorized, "") })
	soon(t, func() error {
		return responds(port["ui"], "/api/jobs?state=completed", "", http.StatusOK, `"kind":"nianbao"`)
	})
	soon(t, func() error { return responds(port["ui"], "/", "", http.StatusOK, "<html") })
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// soon tries for a while.
func soon(t *testing.T, do func() error) {
	t.Helper()
	var err error
	for range 120 {
		if err = do(); err == nil {
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
	t.Error(err)
}

func responds(port, path, token string, status int, with string) error {
	q, err := http.NewRequest(http.MethodGet, "http://127.0.0.1:"+port+path, nil)
	if err != nil {
		return err
	}
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return err
	}
	if r.StatusCode != status || !strings.Contains(strings.ToLower(string(b)), with) {
		return fmt.Errorf("%s: status %d: %.500s", path, r.StatusCode, b)
	}
	return nil
}

// TestKubernetes runs what the containers of deploy/kubernetes are told to, with their variables, and asks the database what
// KEDA asks it.
func TestKubernetes(t *testing.T) {
	db := servers.Database(t, "fsync=off")
	store := servers.Store(t, "archive", "results")
	in := cabinet(t)
	put(t, in, "s3://archive/2023")
	objects := map[string]map[string]any{}
	for _, name := range []string{"nianbao", "submit", "keda"} {
		f, err := os.Open("../../deploy/kubernetes/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		for d := yaml.NewDecoder(f); ; {
			var o map[string]any
			err := d.Decode(&o)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			objects[fmt.Sprint(o["kind"])] = o
		}
		_ = f.Close() // it was only read
	}
	secret := map[string]string{"queue": db.URL, "access-key": servers.AccessKey, "secret-key": servers.SecretKey}
	here := strings.NewReplacer("ARCHIVE", "archive", "RESULTS", "results", "https://STORE.EXAMPLE.ORG", store.URL)
	container := func(kind string, more ...string) *exec.Cmd {
		c := dig(t, objects[kind], "spec", "template", "spec", "containers", 0)
		var args []string
		for _, a := range dig(t, c, "args").([]any) {
			args = append(args, here.Replace(fmt.Sprint(a)))
		}
		cmd := exec.Command("/proc/self/exe", append(args, more...)...)
		cmd.Env = []string{programVariable + "=1", "OMP_THREAD_LIMIT=1", "HOME=" + os.Getenv("HOME"), "PATH=" + os.Getenv("PATH"), "NIANBAO_CACHE=" + os.Getenv("NIANBAO_CACHE")}
		for k, v := range dig(t, objects["ConfigMap"], "data").(map[string]any) {
			cmd.Env = append(cmd.Env, k+"="+here.Replace(fmt.Sprint(v)))
		}
		for _, e := range dig(t, c, "env").([]any) {
			cmd.Env = append(cmd.Env, fmt.Sprint(dig(t, e, "name"))+"="+secret[fmt.Sprint(dig(t, e, "valueFrom", "secretKeyRef", "key"))])
		}
		return cmd
	}
	if out, err := container("Job").CombinedOutput(); err != nil {
		t.Fatalf("submit: %v\n%s", err, out)
	}
	depth := func() (n int) {
		c, err := pgx.Connect(t.Context(), db.URL)
		if err == nil {
			err = c.QueryRow(t.Context(), fmt.Sprint(dig(t, objects["ScaledObject"], "spec", "triggers", 0, "metadata", "query"))).Scan(&n)
			err = errors.Join(err, c.Close(t.Context()))
		}
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := depth(); n != 5 {
		t.Errorf("KEDA sees %d documents in the queue, want 5", n)
	}
	if out, err := container("Deployment", "--drain").CombinedOutput(); err != nil {
		t.Fatalf("work: %v\n%s", err, out)
	}
	if n, got := depth(), len(storedIn(t, "s3://results/2023")); n != 0 || got != 3 {
		t.Errorf("%d documents left and %d results, want 0 and 3", n, got)
	}
}

// dig goes down into what YAML says.
func dig(t *testing.T, at any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch key := p.(type) {
		case string:
			m, _ := at.(map[string]any)
			at = m[key]
		case int:
			l, _ := at.([]any)
			if key >= len(l) {
				t.Fatalf("%v is not there", path)
			}
			at = l[key]
		}
		if at == nil {
			t.Fatalf("%v is not there", path)
		}
	}
	return at
}
