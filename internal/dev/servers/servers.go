//go:build unix

// Package servers starts the servers that tests need, real ones: PostgreSQL as Debian packages it, and a store of
// objects. Each can be killed and started again.
package servers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Server is a process that listens on a port of this machine.
type Server struct {
	// URL is where it is reached.
	URL string

	command func() *exec.Cmd
	ready   func() bool // beyond taking connections
	address string
	log     *os.File
	mu      sync.Mutex
	cmd     *exec.Cmd
	ended   chan struct{}
}

// Database starts an empty PostgreSQL. The test is skipped where there is none: apt-get install postgresql. Settings
// are those of postgresql.conf, as name=value.
func Database(t testing.TB, settings ...string) *Server {
	t.Helper()
	bin := postgres(t)
	// Not below the test's own folder, which another user cannot enter.
	dir, err := os.MkdirTemp("", "nianbao-postgresql-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	as := unprivileged(t, dir)
	data := filepath.Join(dir, "data")
	init := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "nianbao", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	init.SysProcAttr, init.Dir = as, dir
	if out, err := init.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	port := freePort(t)
	args := []string{"-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	s := &Server{
		URL: "postgres://nianbao@127.0.0.1:" + port + "/postgres", address: "127.0.0.1:" + port,
		command: func() *exec.Cmd {
			c := exec.Command(filepath.Join(bin, "postgres"), args...)
			c.SysProcAttr, c.Dir = as, dir
			return c
		},
	}
	s.ready = func() bool {
		return exec.Command(filepath.Join(bin, "pg_isready"), "-h", "127.0.0.1", "-p", port, "-U", "nianbao", "-q").Run() == nil
	}
	s.begin(t, dir)
	return s
}

// postgres finds the programs of PostgreSQL, which Debian keeps out of the path.
func postgres(t testing.TB) string {
	t.Helper()
	if p, err := exec.LookPath("postgres"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(p)
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		t.Skip("PostgreSQL is not installed: ./scripts/setup.sh postgresql")
	}
	return filepath.Dir(found[len(found)-1])
}

// unprivileged gives a folder to a user other than root, as whom PostgreSQL insists on running.
func unprivileged(t testing.TB, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	var u *user.User
	var err error
	for _, name := range []string{"postgres", "nobody"} {
		if u, err = user.Lookup(name); err == nil {
			break
		}
	}
	if err != nil {
		t.Skip("PostgreSQL does not run as root, and there is no other user")
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2, os.Chown(dir, uid, gid)); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// The keys of the store.
const (
	AccessKey = "nianbao"
	SecretKey = "nianbao-secret"
)

// Store starts a store of objects that speaks S3 (versitygw, which scripts/versitygw.sh builds), with these buckets, and
// sets the variables by which it is found. The test is skipped where there is none.
func Store(t testing.TB, buckets ...string) *Server {
	t.Helper()
	bin := Program(t, "versitygw")
	dir := t.TempDir()
	root, side := filepath.Join(dir, "root"), filepath.Join(dir, "side")
	for _, b := range buckets {
		if err := os.MkdirAll(filepath.Join(root, b), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(side, 0o755); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	s := &Server{URL: "http://127.0.0.1:" + port, address: "127.0.0.1:" + port, command: func() *exec.Cmd {
		c := exec.Command(bin, "--port", "127.0.0.1:"+port, "--quiet", "posix", "--sidecar", side, root)
		c.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+AccessKey, "ROOT_SECRET_KEY="+SecretKey)
		return c
	}}
	s.begin(t, dir)
	for _, v := range [][2]string{
		{"AWS_ENDPOINT_URL", s.URL}, {"AWS_ACCESS_KEY_ID", AccessKey}, {"AWS_SECRET_ACCESS_KEY", SecretKey}, {"AWS_REGION", "us-east-1"},
	} {
		t.Setenv(v[0], v[1])
	}
	return s
}

// Program finds a program that a script has built for the tests, and skips the test where it has not run.
func Program(t testing.TB, name string) string {
	t.Helper()
	for dir := "."; ; dir = filepath.Join("..", dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
			if abs, err := filepath.Abs(dir); err != nil || abs == filepath.Dir(abs) {
				t.Fatal("no go.mod above the test")
			}
			continue
		}
		p, err := filepath.Abs(filepath.Join(dir, "internal", "dev", "servers", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(p); err != nil {
			t.Skipf("%s is not there: ./scripts/servers.sh builds it", name)
		}
		return p
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err = errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	return port
}

func (s *Server) begin(t testing.TB, dir string) {
	t.Helper()
	var err error
	if s.log, err = os.CreateTemp(dir, "server-*.log"); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Kill()
		if t.Failed() {
			if _, err := s.log.Seek(0, io.SeekStart); err == nil {
				b, _ := io.ReadAll(io.LimitReader(s.log, 20<<10)) // what there is
				t.Logf("the server said:\n%s", b)
			}
		}
		_ = s.log.Close()
	})
}

// Start starts the server, at first or again, and waits until it answers.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		answers, err := s.try(ctx)
		if answers || err != nil {
			return err
		}
		// What the last one started, such as PostgreSQL's backends, may still be on its way out.
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("%s does not start", s.cmd.Path)
		}
	}
}

// try starts the server once. It says whether the server answers; it may have ended at once.
func (s *Server) try(ctx context.Context) (answers bool, err error) {
	cmd := s.command()
	cmd.Stdout, cmd.Stderr = s.log, s.log
	if err := cmd.Start(); err != nil {
		return false, err
	}
	s.cmd, s.ended = cmd, make(chan struct{})
	ended := s.ended
	go func() {
		_ = cmd.Wait() // it is killed
		close(ended)
	}()
	for {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.address)
		if err == nil {
			err = c.Close()
		}
		if err == nil && (s.ready == nil || s.ready()) {
			return true, nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ended:
			return false, nil
		case <-ctx.Done():
			return false, fmt.Errorf("%s does not answer: %w", cmd.Path, err)
		}
	}
}

// Kill ends the server as if its machine had lost power.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.ended
}
